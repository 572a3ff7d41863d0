// Turns the page into one that asks: the text stays as it is, the lists of questions become sessions.

import { button, element } from "./dom.js";
import { Log } from "./log.js";
import { install } from "./rules.js";
import { say, sayCount } from "./say.js";
import { cardKey, choose, queue, waits } from "./schedule.js";
import { Session } from "./session.js";
import { View } from "./view.js";

const data = JSON.parse(document.getElementById("_data").textContent);
install(data.rules);

const texts = (node, name) => [...node.querySelectorAll(`.${name} > li`)].map((item) => item.textContent);
const questions = data.questions.map((question) => {
  const node = document.getElementById(`q:${question.id}`);
  return { options: texts(node, "options"), partners: texts(node, "partners"), ...question };
});
const log = new Log(data.course, storage());
const main = document.getElementById("_main");
const quiz = element("section", { id: "_quiz", "aria-label": say("Quiz"), hidden: true });
const state = element("p", { role: "status" });
const start = button(say("Start the quiz"), () => ask(questions), { class: "main" });

/** Return the browser's storage; it may be forbidden. */
function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Return which of some questions are due or new today. */
function waiting(asked) {
  return queue(notAside(asked), log.cards().cards, log.today);
}

/** Return those of some questions that are not set aside. */
function notAside(asked) {
  const { aside } = log.cards();
  return asked.filter((question) => !aside.has(cardKey(question)));
}

/**
 * Ask questions: what is due, new or early, or, if nothing is, all of them for practice. A miss comes again unless
 * others are due or new.
 */
function ask(asked) {
  const today = choose(waiting(asked));
  const [chosen, mode] = today.length > 0 ? [today, "review"] : [asked, "practice"];
  const others = mode === "review" && waits(notAside(questions), log.cards().cards, log.today, chosen);
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
  new View(quiz, new Session(chosen, log, mode, others ? 0 : 1), done);
}

/** Show what waits. */
function refresh() {
  const { due, fresh } = waiting(questions);
  const told = [
    due.length > 0
      ? sayCount("{number} question is due.", "{number} questions are due.", due.length)
      : say("Nothing is due now."),
    say("New questions today: {number}.", { number: fresh.length }),
    ...(log.kept
      ? []
      : [say("This browser does not keep your answers. Take them home before you close the page.")]),
  ];
  state.textContent = told.join(" ");
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
    const asked = questions.filter(({ id }) => section.contains(document.getElementById(`q:${id}`)));
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
    button(say("Take my answers home"), save),
    element("label", { class: "button" }, say("Load a log"), file),
  ),
);
document.documentElement.classList.add("js");
const header = document.querySelector("header");
header.insertBefore(tools, header.querySelector("nav"));
main.prepend(quiz);
replaceLists();
refresh();
