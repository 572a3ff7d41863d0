// Marks answers by the rules of the program's modules `choices`, `typed` and `arrangements`.
//
// An option is given by its index in the list of the page, from 0 on. A marking has the verdict ("right", "wrong",
// "near" or "unreadable"), the answer in words, the share that is right, remarks, the parts if there are several and not
// all are right, and the wrong answers whose feedback is to be shown.

import { factor, isPercent, readings, spellings, withoutMinus } from "./numbers.js";
import { ONE, absolute, add, compare, multiply, negate, rational, written } from "./rational.js";
import { language } from "./rules.js";
import { say, sayCount } from "./say.js";
import { strip } from "./text.js";
import { Comparison, nearly } from "./wording.js";

const HUNDRED = rational("100");
const NONE = rational("0");

/** Mark an answer: places of options or partners, a text, or a text for each gap. */
export function mark(question, answer) {
  return MARKERS[question.type](question, answer);
}

export const MARKERS = {
  choice: markChoice,
  "true-false": markChoice,
  multiple: markMultiple,
  order: markOrder,
  match: markMatch,
  short: markShort,
  number: markNumber,
  cloze: markCloze,
};

function marking(verdict, given, more = {}) {
  return {
    verdict,
    given,
    share: verdict === "right" ? 1 : 0,
    remarks: [],
    parts: [],
    feedback: [],
    ...more,
  };
}

function markChoice({ options, key }, [place]) {
  const given = [options[place]];
  return place === key[0] ? marking("right", given) : marking("wrong", given, { feedback: [place] });
}

function markMultiple({ options, key }, places) {
  const chosen = [...places].sort((a, b) => a - b);
  const given = chosen.length > 0 ? chosen.map((place) => options[place]) : [say("none of them")];
  const missing = key.filter((place) => !chosen.includes(place));
  const found = key.length - missing.length;
  const others = chosen.length - found;
  if (missing.length === 0 && others === 0) {
    return marking("right", given);
  }
  const parts = [
    ...chosen.map((place) => ({ text: options[place], right: key.includes(place), feedback: place })),
    ...missing.map((place) => ({ text: options[place], right: false, leftOut: true })),
  ];
  const share = Math.max(0, found - others) / (key.length || 1);
  return marking("wrong", given, { remarks: [countOf(key.length, found, others)], parts, share });
}

function countOf(number, found, others) {
  if (number === 0) {
    return say("No option is right.");
  }
  const one = "You chose {found} of the {number} right option.";
  const told = sayCount(one, "You chose {found} of the {number} right options.", number, { found });
  return others === 0
    ? told
    : `${told} ${sayCount("{number} other is wrong.", "{number} others are wrong.", others)}`;
}

function markOrder({ options, key }, places) {
  const given = places.map((place) => options[place]);
  const parts = places.map((place, at) => ({
    label: `${at + 1}. `,
    text: options[place],
    right: place === key[at],
  }));
  const one = "{number} of {all} is in the right place.";
  return partly(given, parts, one, "{number} of {all} are in the right place.");
}

function markMatch({ options, partners, key }, places) {
  const parts = places.map((place, at) => ({
    label: `${options[at]}: `,
    text: partners[place],
    right: place === key[at],
    correction: partners[key[at]],
    feedback: place,
  }));
  const given = parts.map(({ label, text }) => label + text);
  return partly(given, parts, "{number} of {all} pairs is right.", "{number} of {all} pairs are right.");
}

function partly(given, parts, one, many) {
  const kept = parts.filter(({ right }) => right).length;
  if (kept === parts.length) {
    return marking("right", given);
  }
  const remarks = [sayCount(one, many, kept, { all: parts.length })];
  return marking("wrong", given, { remarks, parts, share: kept / parts.length });
}

function markShort(question, answer) {
  const { key, accept, wrong } = question;
  const comparison = new Comparison(language.base, question);
  const given = [strip(answer)];
  const accepted = [key, ...accept];
  const places = (same) => wrong.flatMap((text, place) => (same(text) ? [place] : []));
  let known = places((text) => comparison.sameSpelling(answer, text));
  if (known.length === 0 && isAccepted(answer, accepted, comparison)) {
    return marking("right", given);
  }
  known = known.length > 0 ? known : places((text) => comparison.same(answer, text));
  known = known.length > 0 ? known : alsoGiven(answer, accepted, wrong, comparison);
  if (known.length > 0) {
    return marking("wrong", given, { feedback: known });
  }
  const meant = accepted.map((right) => comparison.misspelt(answer, right)).find(Boolean);
  if (meant && !wrong.some((text) => nearly(answer, text, comparison))) {
    return marking("right", given, { remarks: [say("Spelling: {right}", { right: meant })] });
  }
  if (!hasWord(answer) && (hasWord(key) || !given[0])) {
    return unreadable(answer, say("Expected a word or two, for example `blue sky`."));
  }
  if (accepted.some((right) => nearly(answer, right, comparison))) {
    return marking("near", given, { remarks: [say("Almost: check the spelling.")] });
  }
  if (accepted.some((right) => comparison.holds(answer, right))) {
    return marking("near", given, { remarks: [say("Almost: give only the answer, without other words.")] });
  }
  return marking("wrong", given);
}

/** Return the places of the wrong answers in an answer that consists of them and right answers. */
function alsoGiven(answer, accepted, wrong, comparison) {
  const names = [...accepted, ...wrong];
  const isAll = (known) => comparison.sameAll(answer, known);
  return isAll(names)
    ? wrong.flatMap((text, place) => (isAll(names.filter((name) => name !== text)) ? [] : [place]))
    : [];
}

function isAccepted(answer, accepted, comparison) {
  return accepted.some((right) => comparison.same(answer, right)) || comparison.sameAll(answer, accepted);
}

function unreadable(answer, remark) {
  return marking("unreadable", [answer], { remarks: [remark] });
}

function hasWord(text) {
  return /[\p{L}\p{N}]/u.test(text);
}

function markNumber(question, answer) {
  const given = [strip(answer)];
  const amounts = amountsOf(question, answer);
  if (amounts.length === 0) {
    return unreadable(answer, formOf(question.unit));
  }
  const right = amounts.map(({ amount }) => isRight(question, amount));
  if (right[0] && (right.every(Boolean) || language.base === "en")) {
    return marking("right", given);
  }
  if (right.some(Boolean)) {
    const typed = amounts.map((one) => one.written);
    const plain = typed.map((part) => pointed(part.replaceAll(",", ""))).join(say(" or "));
    const [first, second] = typed.map(grouped);
    return unreadable(answer, say("{first} or {second}? Type {plain}.", { first, second, plain }));
  }
  const isSame = (text) =>
    amountsOf(question, text).some(({ amount }) => !compare(amount, amounts[0].amount));
  const feedback = question.wrong.flatMap((text, place) => (isSame(text) ? [place] : []));
  const negated = amounts.map(({ amount }) => negate(amount));
  if (!feedback.length && negated.some((amount) => compare(amount, NONE) > 0 && isRight(question, amount))) {
    return marking("near", given, { remarks: [say("Almost: give the number without its sign.")] });
  }
  return marking("wrong", given, { feedback });
}

/** Return each reading of an answer with its amount in the question's unit. */
function amountsOf(question, answer) {
  const { key, accept, stem, wrong } = question;
  const isSigned = [...[key, ...accept].flatMap((number) => number.split("..")), ...wrong].some((text) =>
    strip(text).startsWith("-"),
  );
  for (const spelling of spellings(isSigned ? answer : withoutMinus(answer, stem), stem)) {
    const found = amountsIn(question, spelling);
    if (found.length > 0) {
      return found;
    }
  }
  return [];
}

function amountsIn(question, spelling) {
  const { unit, units, stem } = question;
  const hundred = isPercent(unit);
  const others = unit || !isShare(question) ? units : [["%", "0.01"], ...units];
  const found = readings(spelling, language.base).flatMap((one) => {
    const size = factor(one.unit, unit, others, stem);
    const amount = size && multiply(one.value, size);
    return amount
      ? [{ ...one, amount: one.isRatio && hundred ? multiply(amount, HUNDRED) : amount }]
      : [];
  });
  const [{ amount, unit: typed } = {}] = found;
  if (!hundred || found.length !== 1 || typed || amount.above <= 0n || compare(amount, ONE) >= 0) {
    return found;
  }
  const times = multiply(amount, HUNDRED);
  return isRight(question, amount) ? found : [...found, { written: written(times), amount: times }];
}

/** Whether all right numbers are from 0 to 1, so that they may be given in percent. */
function isShare({ key, accept }) {
  const ends = [key, ...accept].flatMap((number) => number.split("..")).map(rational);
  return ends.every((end) => end.above >= 0n && compare(end, ONE) <= 0);
}

function isRight({ key, accept, tolerance }, amount) {
  const spread = absolute(rational(tolerance));
  return [key, ...accept].some((number) => {
    const ends = number.split("..").map(rational);
    const [least, most] = [add(ends[0], negate(spread)), add(ends.at(-1), spread)];
    return compare(least, amount) <= 0 && compare(amount, most) <= 0;
  });
}

function formOf(unit) {
  return unit
    ? say("Expected a number in {unit}, for example 12 {unit}.", { unit })
    : say("Expected a number without a unit, for example 12.");
}

/** Write a number with the decimal sign of the language. */
function pointed(number) {
  return number.replaceAll(".", say("."));
}

/** Write a number with its thousands separated as in the language. */
function grouped(number) {
  const point = say(".");
  return point === "." ? number : number.replace(/[.,]/g, (sign) => (sign === "." ? point : "."));
}

function markCloze({ gaps }, answers) {
  if (gaps.length === 1) {
    return markShort(gaps[0], answers[0]);
  }
  const marked = gaps.map((gap, place) => markShort(gap, answers[place]));
  const verdicts = marked.map(({ verdict }) => verdict);
  const remarksOn = (wanted) =>
    marked.flatMap(({ verdict, remarks }, place) =>
      verdict === wanted && remarks.length ? [`${place + 1}. ${remarks[0]}`] : [],
    );
  if (verdicts.every((verdict) => verdict === "right")) {
    return marking("right", answers, { remarks: remarksOn("right") });
  }
  if (!answers.some((answer) => strip(answer))) {
    return unreadable(answers.join("; "), say("your answer"));
  }
  const parts = answers.map((answer, place) => {
    const right = verdicts[place] === "right";
    return {
      label: `${place + 1}. `,
      text: answer || "-",
      right,
      ...(right ? {} : { correction: gaps[place].key }),
    };
  });
  const near = remarksOn("near");
  const found = partly(
    answers,
    parts,
    "{number} of {all} gaps is right.",
    "{number} of {all} gaps are right.",
  );
  const kept = parts.filter(({ right }) => right).length;
  return kept + near.length === parts.length ? { ...found, verdict: "near", remarks: near } : found;
}
