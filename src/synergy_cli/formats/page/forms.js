// The form of each type of question: what is shown, and which part of it is the answer.

import { button, copied, element, items } from "./dom.js";
import { say } from "./say.js";

const LETTERS = "abcdefghi";

/** Return the elements of a form, its first field, and `read`: the answer and how one would type it, or null. */
export function formOf(question, node) {
  return FORMS[question.type](question, node);
}

const FORMS = {
  choice: (question, node) => chosen(question, node, "radio"),
  "true-false": (question, node) => chosen(question, node, "radio"),
  multiple: (question, node) => chosen(question, node, "checkbox"),
  short: () => typed([""], ([text]) => text),
  number: ({ unit }) =>
    typed([""], ([text]) => text, unit ? say("a number in {unit}", { unit }) : say("a number")),
  cloze: ({ gaps }) =>
    typed(
      gaps.length > 1 ? gaps.map((_, at) => say("Gap {number}", { number: at + 1 })) : [""],
      (texts) => texts,
    ),
  order: ordered,
  match: matched,
};

function shuffled(items) {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

/** Return places in random order; those from `loose` on keep theirs. */
function mixed(count, loose) {
  const places = Array.from({ length: count }, (_, place) => place);
  return [...shuffled(places.slice(0, loose)), ...places.slice(loose)];
}

function chosen({ options, loose }, node, type) {
  const texts = items(node, "options");
  const places = mixed(options.length, loose);
  const inputs = places.map((place) => element("input", { type, name: "option", value: place }));
  const labels = inputs.map((input, at) =>
    element(
      "label",
      { class: "option" },
      input,
      element("span", {}, `${at + 1}. `),
      element("span", {}, shownOption(texts, options, places[at])),
    ),
  );
  const group = element(
    "div",
    { role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": "_stem" },
    ...labels,
  );
  const read = () => {
    const marked = inputs.filter(({ checked }) => checked);
    if (type === "radio" && marked.length === 0) {
      return null;
    }
    const numbers = marked.map((input) => inputs.indexOf(input) + 1);
    return { answer: marked.map(({ value }) => Number(value)), typed: numbers.join(" ") || "0" };
  };
  return { nodes: [group], read, first: inputs[0], choose: (at) => inputs[at]?.click() };
}

/** Return an option as it is on the page; the page does not list true and false. */
function shownOption(texts, options, place) {
  return texts[place] ? copied(texts[place]) : options[place];
}

/** Make a field for each name; one without a name answers the stem. */
function typed(names, answerOf, hint = "") {
  const inputs = names.map((name) =>
    element("input", {
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      maxlength: 2000,
      ...(name ? {} : { "aria-labelledby": "_stem" }),
      ...(hint ? { "aria-describedby": "_how" } : {}),
    }),
  );
  const fields = inputs.map((input, at) =>
    names[at] ? element("label", { class: "gap" }, names[at], input) : input,
  );
  const told = hint ? [element("small", { id: "_how" }, hint)] : [];
  const read = () => {
    const texts = inputs.map(({ value }) => value);
    return { answer: answerOf(texts), typed: texts.join("; ") };
  };
  return { nodes: [...fields, ...told], read, first: inputs[0] };
}

function ordered({ options, loose }, node) {
  const texts = items(node, "options");
  const places = mixed(options.length, loose);
  const asked = [...places];
  const rows = new Map(places.map((place) => [place, element("li")]));
  const list = element("ol", { class: "ordering", "aria-labelledby": "_stem" }, ...rows.values());
  const moved = element("p", { role: "status", class: "moved" });
  const move = (place, step) => {
    const at = places.indexOf(place);
    [places[at], places[at + step]] = [places[at + step], places[at]];
    list.append(...places.map((each) => rows.get(each)));
    moved.textContent = say("{number} of {total}", { number: at + step + 1, total: places.length });
    lock();
    (
      rows.get(place).querySelector(step < 0 ? ".up:enabled" : ".down:enabled") ??
      rows.get(place).querySelector("button:enabled")
    ).focus();
  };
  const lock = () =>
    places.forEach((place, at) => {
      rows.get(place).querySelector(".up").disabled = at === 0;
      rows.get(place).querySelector(".down").disabled = at === places.length - 1;
    });
  for (const [place, row] of rows) {
    const name = texts[place].textContent;
    row.append(
      element("span", {}, copied(texts[place])),
      button("↑", () => move(place, -1), { class: "up", "aria-label": `${say("Move up")}: ${name}` }),
      button("↓", () => move(place, 1), { class: "down", "aria-label": `${say("Move down")}: ${name}` }),
    );
  }
  lock();
  const read = () => ({ answer: places, typed: places.map((place) => asked.indexOf(place) + 1).join(" ") });
  return { nodes: [list, moved], read, first: list.querySelector("button:enabled") };
}

function matched({ options, partners, loose }, node) {
  const lefts = items(node, "options");
  const rights = items(node, "partners");
  const places = mixed(partners.length, loose);
  const selects = options.map(() =>
    element(
      "select",
      {},
      element("option", { value: "" }, "–"),
      ...places.map((place, at) =>
        element("option", { value: place }, `${LETTERS[at]}. ${rights[place].textContent}`),
      ),
    ),
  );
  const rows = selects.map((select, at) =>
    element("label", { class: "pair" }, element("span", {}, copied(lefts[at])), select),
  );
  const read = () => {
    const answer = selects.map(({ value }) => (value ? Number(value) : -1));
    const isWhole = !answer.includes(-1) && new Set(answer).size === answer.length;
    return isWhole
      ? { answer, typed: answer.map((place) => LETTERS[places.indexOf(place)]).join(" ") }
      : null;
  };
  return {
    nodes: [element("div", { role: "group", "aria-labelledby": "_stem" }, ...rows)],
    read,
    first: selects[0],
  };
}

/** Return what an answer to this type of question must be, for a learner who gave none. */
export function expected({ type, options, partners }) {
  if (type === "match") {
    const told =
      partners.length > options.length
        ? "Choose {number} different partners."
        : "Choose a different partner for each.";
    return say(told, { number: options.length });
  }
  return say("Choose an option.");
}
