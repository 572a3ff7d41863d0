// Turns the page into one that asks: the text stays as it is, the lists of questions become sessions.

import { button, copied, element, items, passageLink, questionNodes } from "./dom.js";
import { Log } from "./log.js";
import { install } from "./rules.js";
import { say, sayCount } from "./say.js";
import { COUNT, cardKey, choose, queue, waits } from "./schedule.js";
import { Session } from "./session.js";
import { stuckOf, withSiblings } from "./stuck.js";
import { View } from "./view.js";

const data = JSON.parse(document.getElementById("_data").textContent);
install(data.rules);

const texts = (node, list) => items(node, list).map((item) => item.textContent);
const nodes = questionNodes();
const questions = data.questions.map((question, at) => {
  const node = nodes[at];
  const passage = passageLink(node)?.hash ?? "";
  return { node, passage, options: texts(node, "options"), partners: texts(node, "partners"), ...question };
});
const log = new Log(data.course, storage());
const main = document.getElementById("_main");
const quiz = element("section", { id: "_quiz", "aria-label": say("Quiz"), hidden: true });
const state = element("p", { role: "status" });
const setAside = element("details", { hidden: true });
const start = button(say("Start the quiz"), () => ask(questions), { class: "main" });

/** Return the browser's storage; it may be forbidden. */
function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Return the questions that are not set aside. */
function notAside(asked, aside) {
  return asked.filter((question) => !aside.has(cardKey(question)));
}

/**
 * Return a session: of what is due, new or early, or, if nothing is, of all these questions for practice. A miss comes
 * again unless others are due or new.
 */
function sessionOf(asked) {
  const { cards, aside } = log.cards();
  const open = notAside(asked, aside);
  const chosen = withSiblings(choose(queue(open, cards, log.today)), open, cards, COUNT);
  if (chosen.length === 0) {
    return new Session(asked, log, "practice");
  }
  const others = waits(notAside(questions, aside), cards, log.today, chosen);
  return new Session(chosen, log, "review", others ? 0 : 1, stuckOf(chosen, cards, log.today));
}

/** Ask questions. */
function ask(asked) {
  const opener = document.activeElement;
  document.body.classList.add("asking");
  quiz.hidden = false;
  const done = (target) => {
    document.body.classList.remove("asking");
    quiz.hidden = true;
    refresh();
    (target ?? opener).scrollIntoView();
    (target ?? opener).focus();
  };
  new View(quiz, sessionOf(asked), done);
}

/** Show what waits, and what is set aside. */
function refresh() {
  const { cards, aside } = log.cards();
  const { due, fresh } = queue(notAside(questions, aside), cards, log.today);
  const told = [
    due.length > 0
      ? sayCount("{number} question is due.", "{number} questions are due.", due.length)
      : say("Nothing is due now."),
    say("New questions today: {number}.", { number: fresh.length }),
    ...(log.kept
      ? []
      : [say("This browser does not keep your answers. Save them to a file before you close the page.")]),
  ];
  state.textContent = told.join(" ");
  showAside(questions.filter((question) => aside.has(cardKey(question))));
}

/** List what is set aside, each with a button that brings it back. */
function showAside(found) {
  const rows = found.map((question) =>
    element(
      "li",
      {},
      copied(question.node.querySelector(".stem")),
      " ",
      button(say("bring back"), () => bringBack(question)),
    ),
  );
  const many = "{number} questions are set aside{here}.";
  const told = sayCount("{number} question is set aside{here}.", many, rows.length, { here: "" });
  setAside.hidden = rows.length === 0;
  setAside.replaceChildren(element("summary", {}, told), element("ul", {}, ...rows));
}

function bringBack({ id, revision }) {
  log.append("suspend", { question: id, revision, suspended: false });
  refresh();
  state.textContent = `${say("Brought back.")} ${state.textContent}`;
  (setAside.hidden ? start : setAside.querySelector("summary")).focus();
}

/** Save the log as a file that `synergy history merge` takes in. */
function save() {
  const address = URL.createObjectURL(new Blob([log.text], { type: "application/jsonl" }));
  element("a", { href: address, download: `synergy-${log.device}.jsonl` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function load({ target }) {
  const counts = log.take(await target.files[0].text());
  target.value = "";
  refresh();
  const taken = sayCount("{number} answer loaded.", "{number} answers loaded.", counts.taken);
  const damaged =
    counts.damaged > 0
      ? [sayCount("{number} line is damaged.", "{number} lines are damaged.", counts.damaged)]
      : [];
  state.textContent = [taken, ...damaged, state.textContent].join(" ");
}

/** Put a button in place of the questions of each section. */
function replaceLists() {
  for (const section of document.querySelectorAll(".questions")) {
    const asked = questions.filter(({ node }) => section.contains(node));
    const text = sayCount("answer {number} question", "answer {number} questions", asked.length);
    section.querySelector("h3").after(button(text, () => ask(asked)));
  }
}

const file = element("input", { type: "file", accept: ".jsonl", onchange: load, class: "unseen" });
const tools = element(
  "section",
  { class: "tools", "aria-label": say("Quiz") },
  state,
  element(
    "div",
    { class: "actions" },
    start,
    button(say("Save my answers"), save),
    element("label", { class: "button" }, say("Load saved answers"), file),
  ),
  setAside,
);
document.documentElement.classList.add("js");
const header = document.querySelector("header");
header.insertBefore(tools, header.querySelector("nav"));
main.prepend(quiz);
replaceLists();
refresh();
