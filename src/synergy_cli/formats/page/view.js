// The screen of a session: a question with its form, the feedback, and the result.

import { button, capital, copied, element, items, passageLink, unbound } from "./dom.js";
import { expected, formOf } from "./forms.js";
import { say, sayCount } from "./say.js";

const CONFIDENCES = ["guess", "unsure", "sure"];
const VERDICTS = { right: "Right.", wrong: "Wrong." };
const OVERRULED = ["short", "number", "cloze"];
const SOURCES = '.sources > a:is([href^="#:"], [href^="http"])';

/** Shows a session in an element until it ends. */
export class View {
  /** Show a session; `done` is called when the learner leaves, with what is to be focused. */
  constructor(place, session, done) {
    this.place = place;
    this.session = session;
    this.done = done;
    this.status = element("div", { role: "status", class: "told" });
    place.addEventListener("keydown", (event) => this.#pressed(event));
    this.#ask();
  }

  #show(title, ...nodes) {
    const heading = element("h2", { tabindex: "-1" }, title);
    this.place.replaceChildren(heading, ...nodes);
    heading.focus();
  }

  #ask() {
    const { session } = this;
    if (!session.turn) {
      this.#end();
      return;
    }
    this.node = session.turn.question.node;
    if (session.help?.passage) {
      this.#passageFirst();
    } else {
      this.#question();
    }
  }

  /** Show the passage of a stuck question, and wait. */
  #passageFirst() {
    const passage = passageAt(target(passageLink(this.node)));
    this.#show(
      this.#title,
      element("p", {}, say("You missed the next question before. First, its passage:")),
      element("div", {}, unbound(...passage.map((node) => node.cloneNode(true)))),
      element(
        "div",
        { class: "actions" },
        button(say("question"), () => this.#question(), { class: "main" }),
        button(say("stop"), () => this.#end()),
      ),
    );
  }

  get #title() {
    const { session } = this;
    if (session.turn.round > 0) {
      return say("Second try");
    }
    const number = new Set(session.outcomes.map(({ question }) => question)).size + 1;
    const place = say("Question {number} of {total}", { number, total: session.total });
    const days = session.help?.strikes;
    return [
      place,
      ...(days ? [say("missed on {number} days", { number: days })] : []),
      ...(session.mode === "practice" ? [say("practice")] : []),
    ].join(" · ");
  }

  #question() {
    const { question } = this.session.turn;
    this.session.begin();
    this.form = formOf(question, this.node);
    this.status = element("div", { role: "status", class: "told" });
    this.stand = element("p", { role: "status", class: "stand" });
    this.after = element("div");
    this.actions = element("div", { class: "actions" }, ...this.#actions());
    const context = this.node.querySelector(".context");
    this.fields = element("fieldset", {}, ...this.form.nodes, this.#confidence());
    this.#show(
      this.#title,
      ...(context ? [element("div", { class: "context" }, copied(context))] : []),
      element("div", { class: "stem", id: "_stem" }, copied(this.node.querySelector(".stem"))),
      element(
        "form",
        { onsubmit: (event) => this.#submit(event) },
        this.fields,
        this.status,
        this.stand,
        this.actions,
      ),
      this.after,
    );
  }

  #actions() {
    const hint = this.node.querySelector(".hint");
    return [
      element("button", { class: "main" }, capital(say("answer"))),
      ...(hint ? [button(say("hint"), () => this.#help(hint))] : []),
      button(say("skip"), () => this.#skip()),
      button(say("stop"), () => this.#end()),
    ];
  }

  #confidence() {
    const choices = [...CONFIDENCES, ""].map((word) =>
      element(
        "label",
        {},
        element("input", { type: "radio", name: "confidence", value: word, checked: word === "" }),
        ` ${capital(say(word || "rather not say"))}`,
      ),
    );
    return element("fieldset", { class: "confidence" }, element("legend", {}, say("How sure?")), ...choices);
  }

  #help(hint) {
    this.session.hinted = true;
    this.#tell(element("p", {}, `${say("Hint:")} `, copied(hint)));
  }

  #tell(...nodes) {
    this.status.replaceChildren(...nodes);
  }

  #submit(event) {
    event.preventDefault();
    const given = this.form.read();
    if (given === null) {
      this.#tell(element("p", {}, expected(this.session.turn.question)));
      this.form.first.focus();
      return;
    }
    const confidence = this.fields.querySelector("[name=confidence]:checked").value;
    const marking = this.session.answer(given.answer, given.typed, confidence);
    if (marking.verdict in VERDICTS) {
      this.#settle(marking);
    } else {
      this.#tell(...marking.remarks.map((remark) => element("p", {}, remark)));
      this.form.first.focus();
    }
  }

  #skip() {
    this.session.skip();
    this.#close(element("p", { class: "verdict" }, say("Skipped.")));
  }

  #settle(marking) {
    const { verdict, remarks, feedback } = marking;
    this.#close(
      element("p", { class: `verdict ${verdict}` }, say(VERDICTS[verdict])),
      ...remarks.map((remark) => element("p", {}, remark)),
      ...feedback.map((place) => this.#feedback(place)).filter(Boolean),
      ...(marking.parts.length > 0
        ? [element("ul", { class: "parts" }, ...marking.parts.map((part) => this.#part(part)))]
        : []),
    );
    const { question } = this.session.turn;
    if (verdict === "wrong" && OVERRULED.includes(question.type)) {
      this.actions.append(button(say("I was right"), (event) => this.#overrule(event.target)));
    }
  }

  /** Return the author's words on a wrong answer; an item of the page's list has the number of its option. */
  #feedback(place) {
    const found = items(this.node, "feedback").find((item) => item.value === place + 1);
    return found ? element("p", {}, copied(found)) : null;
  }

  #part({ label = "", text, right, leftOut, correction, feedback }) {
    const mark = right ? "✓" : leftOut ? "+" : "✗";
    const state = say(right ? "Right." : leftOut ? "Right, but not chosen:" : "Wrong.");
    const told = right || feedback === undefined ? null : this.#feedback(feedback);
    return element(
      "li",
      { class: right ? "right" : "wrong" },
      element("span", { "aria-hidden": "true" }, `${mark} `),
      element("span", { class: "unseen" }, `${state} `),
      label + text,
      ...(correction && !right ? [` → ${correction}`] : []),
      ...(told ? [told] : []),
    );
  }

  /** Show the verdict, the right answer and why, and how to continue. */
  #close(...told) {
    this.fields.disabled = true;
    this.#tell(...told);
    const next = button(say("next"), () => this.#next(), { class: "main" });
    this.mover = button("", () => this.#move());
    this.actions.replaceChildren(next, this.mover);
    this.#showStand("");
    const details = this.node.querySelector("details");
    const shown = [".right", ".rationale"].map((name) => details.querySelector(name)).filter(Boolean);
    this.after.replaceChildren(
      ...shown.map((node) => element("div", { class: node.className }, copied(node))),
      ...this.#folded(capital(say("passage")), passageAt(target(passageLink(this.node)))),
      ...this.#folded(say("Sources"), sourcesOf(details)),
    );
    next.focus();
  }

  /** Return what can be opened, if there is anything. */
  #folded(title, nodes) {
    const copies = nodes.map((node) => node.cloneNode(true));
    return copies.length > 0
      ? [element("details", {}, element("summary", {}, title), unbound(...copies))]
      : [];
  }

  #overrule(pressed) {
    this.session.overrule();
    pressed.remove();
    this.#tell(element("p", { class: "verdict right" }, say("Counted as right.")));
    this.#showStand("");
    this.actions.querySelector("button").focus();
  }

  #move() {
    this.session.move();
    this.#showStand(say("Brought back."));
  }

  /** Say that the question is set aside, or `otherwise`, and offer the opposite. */
  #showStand(otherwise) {
    const { aside } = this.session.last;
    this.stand.textContent = aside ? say("Set aside: it is not asked again.") : otherwise;
    this.mover.textContent = capital(aside ? say("bring back") : say("set aside"));
  }

  #next() {
    this.session.next();
    this.#ask();
  }

  #end() {
    const { right, asked, missed } = this.session.result();
    const share = asked > 0 ? Math.max(Number(right > 0), Math.floor((100 * right) / asked)) : 0;
    const told =
      asked > 0
        ? say("{right} of {asked} right on the first try ({share}%)", { right, asked, share })
        : say("no questions answered");
    const pages = new Set(missed.map(({ node }) => node.closest("article")));
    const links = [...pages].map((page) => page.querySelector("h2")).filter(Boolean);
    const read = links.map((heading) =>
      element(
        "li",
        {},
        element("a", { href: `#${heading.id}`, onclick: () => this.done(heading) }, heading.textContent),
      ),
    );
    this.#show(
      say("Result:").replace(/\s?:$/, ""),
      element("p", {}, capital(told)),
      ...(read.length > 0 ? [element("p", {}, say("Read:")), element("ul", {}, ...read)] : []),
      element(
        "p",
        {},
        sayCount("{number} answer saved.", "{number} answers saved.", this.session.outcomes.length),
      ),
      element(
        "div",
        { class: "actions" },
        button(say("done"), () => this.done(null), { class: "main" }),
      ),
    );
  }

  /** A number key chooses an option. */
  #pressed({ key, target, ctrlKey, metaKey, altKey }) {
    const isText = target.matches("input[type=text], select");
    if (/^[1-9]$/.test(key) && !isText && !ctrlKey && !metaKey && !altKey && this.fields?.disabled === false) {
      this.form.choose?.(Number(key) - 1);
    }
  }
}

/** Return what a link of the page leads to. */
function target(link) {
  return link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
}

/** Return a passage: what is between its heading and the next of that level, or what opens the page. */
function passageAt(heading) {
  const isPart = heading?.closest(".text");
  const start = isPart ? heading : heading?.parentElement.querySelector(".text")?.firstElementChild;
  const isEnd = (node) => /^H[1-6]$/.test(node.tagName) && (!isPart || node.tagName <= heading.tagName);
  const nodes = start ? [start] : [];
  for (let node = start?.nextElementSibling; node && !isEnd(node); node = node.nextElementSibling) {
    nodes.push(node);
  }
  return nodes;
}

/** Return the sources of a question: it has their numbers, the end of the page what is behind these. */
function sourcesOf(details) {
  return [...details.querySelectorAll(SOURCES)].map((link) => {
    const isNumber = link.getAttribute("href").startsWith("#");
    const full = isNumber ? [...target(link).childNodes].slice(0, -1) : [link]; // without the way back
    return element("p", { class: "references" }, ...full.map((node) => node.cloneNode(true)));
  });
}
