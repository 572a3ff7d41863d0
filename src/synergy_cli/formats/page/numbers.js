// Reads typed numbers and their units. A port of the program's module `numbers`, which says why.

import { Pattern } from "./pattern.js";
import { ONE, add, compare, divide, multiply, negate, rational, written } from "./rational.js";
import { numbers as R } from "./rules.js";
import { casefold, strip, unify, words } from "./text.js";
import { slips } from "./wording.js";

const WORDS = new Pattern(String.raw`\w+`);
const HYPHENATED = new Pattern(String.raw`(?=(\b\w+(?:-\w+)+))`);
const TIMES = new Pattern(String.raw`^[x×]\s*(?=\d)(?!10\s*\^)`);
const PER = new Pattern(String.raw`\s+per\s+(?!cent\b)`);
const GAPS = new Pattern(String.raw`[\s-]`);
const ENDS = /[ .,;!?\u3002]+$/;
const SHORTEST_NAME = 5;
let units;
let unitsByName;

/** Read a typed number with its unit: none, one or two readings, the one of the language first. */
export function readings(answer, base) {
  const text = bare(answer);
  for (const [form, read] of [
    [R.FRACTION, fraction],
    [R.POWER, power],
    [R.PLAIN, plain],
    [R.WORD, word],
  ]) {
    const match = form.fullmatch(text);
    const found = match ? read(match, base) : [];
    if (found.length > 0) {
      return found;
    }
  }
  return [];
}

/** Yield an answer as typed, then without the words around its number, then what follows the last `=`. */
export function* spellings(answer, stem) {
  yield answer;
  yield withoutWords(answer, stem);
  yield withoutWords(withoutBound(answer, stem), stem);
  const equation = R.EQUATION.fullmatch(start(answer));
  const known = stemWords(stem);
  if (equation) {
    const labels = R.LABEL.findall(equation[1]).map(([label]) => label);
    if (labels.every((label) => R.OPERATIONS.has(label) || label in R.VALUES || known.has(singular(label)))) {
      yield equation[2];
    }
  }
  const [before, since] = R.ERAS;
  yield withoutWords((before.search(stem) ? before : since).sub("", answer), stem);
  yield* minutes(bare(answer));
}

/** Return an answer without its minus if the stem asks by how much something fell. */
export function withoutMinus(answer, stem) {
  const isFall = R.HOW_MUCH.search(stem) && sameDirection(stemWords(stem)) === R.DOWN;
  return isFall ? R.SIGN.sub("", unify(answer)) : answer;
}

/** Return the part of an answer that is read: four times as many characters as a number may have. */
function start(answer) {
  return Array.from(answer)
    .slice(0, 4 * R.LONGEST_NUMBER)
    .join("");
}

function* minutes(text) {
  const match = R.HOURS.fullmatch(text);
  if (match && isUnit(match[2], "h") && isUnit(match[4] || "min", "min")) {
    yield `${60 * Number(rational(match[1]).above) + Number(rational(match[3]).above)} min`;
  }
}

function isUnit(typed, name) {
  const [mine, own] = [measure(typed), measure(name)];
  return mine !== null && isSame(mine, own);
}

function isSame(one, other) {
  return one.dimension === other.dimension && compare(one.size, other.size) === 0;
}

function withoutBound(answer, stem) {
  let text = answer;
  for (const [asked, typed] of R.BOUNDS) {
    if (asked.search(stem)) {
      const unified = unify(text);
      const match = typed.search(unified);
      text = match ? unified.slice(0, match.index) + unified.slice(match.index + match[0].length) : unified;
    }
  }
  return text;
}

function withoutWords(answer, stem) {
  const known = stemWords(stem);
  const past = [...known].map((word) => `${word.replace(/e$/, "")}ed`);
  const usual = new Set(
    [...known, ...past, ...sameDirection(known)].filter(
      (word) => Array.from(word).length > 3 && !/^\p{Nd}/u.test(word),
    ),
  );
  const said = words(answer);
  while (said.length > 0) {
    const word = casefold(said[0]).replace(/^[,:]+|[,:]+$/g, "");
    const matters =
      !usual.has(singular(word)) || R.TURNING.has(word) || word in R.VALUES || measure(word) !== null;
    if (!R.GLUE.has(word) && matters) {
      break;
    }
    said.shift();
  }
  return said.join(" ");
}

function stemWords(stem) {
  const joined = HYPHENATED.findall(stem).map((match) => match[1]);
  return new Set([...joined, ...WORDS.findall(stem).map(([word]) => word)].map(singular));
}

function sameDirection(known) {
  const names = (set) => [...set].some((word) => known.has(word));
  if (names(R.OVER) && !known.has("under") && !known.has("below")) {
    return new Set([...R.OVER, "over", "more", "too", "much"]);
  }
  const [down, up] = [names(R.DOWN), names(R.UP) || known.has("better")];
  return down === up ? new Set() : down ? R.DOWN : R.UP;
}

function bare(answer) {
  const spaced = Array.from(start(answer), (sign) => (isFraction(sign) ? ` ${sign}` : sign)).join("");
  let text = unify(spaced.replaceAll("\u00ba", "\u00b0")).replaceAll("\u2044", "/");
  text = R.AND_A_HALF.sub("$1 1/2", R.POINT.sub(pointed, text));
  text = TIMES.sub("", text);
  const about = R.ABOUT.match(text);
  text = R.SIGN.sub("-", about ? text.slice(about[0].length) : text);
  text = R.ORDINAL.sub("", R.CROSS.sub(" x", R.CURRENCY.sub("$1$3 $2", text)));
  const place = R.PLACE.match(text);
  text = place ? `${R.ORDINALS.indexOf(place[1].toLowerCase()) + 1}${text.slice(place[0].length)}` : text;
  text = R.NO.sub("0 ", text);
  text = R.UNIT_IN_BRACKETS.sub((whole, unit) => (measure(unit) ? ` ${unit}` : whole), text);
  return R.BRACKETS.sub("", R.TRAILER.sub("", text)).replace(ENDS, "");
}

function pointed(_, whole, digits) {
  const units = R.VALUES[(whole ?? "nought").toLowerCase()];
  const parts = words(digits.toLowerCase()).map((digit) => R.WORDS.indexOf(digit));
  return `${units}.${parts.join("")} `;
}

/** Whether a character is a fraction, such as ½. */
function isFraction(sign) {
  return sign !== "\u2044" && sign.normalize("NFKD").includes("\u2044");
}

function fraction([, sign, whole, above, below, unit]) {
  if (rational(below).above === 0n) {
    return [];
  }
  const part = divide(rational(above), rational(below));
  const value = whole ? add(rational(whole), part) : part;
  return [{ ...reading(sign === "-" ? negate(value) : value, unit), isRatio: !whole && !R.PERCENT.search(unit) }];
}

function power([, sign, digits, exponent, unit], base) {
  const scale = rational(`1e${exponent}`);
  return (digits ? values(digits, base) : [ONE]).map((value) =>
    reading(multiply(sign === "-" ? negate(value) : value, scale), unit),
  );
}

function plain([, sign, digits, unit], base) {
  return values(digits, base).map((value) => reading(sign === "-" ? negate(value) : value, unit));
}

function word([, sign, said, unit]) {
  const none = rational("0");
  let [total, value, count] = [none, none, none];
  for (const [name] of said.toLowerCase().matchAll(/[a-z]+/g)) {
    const size = rational(R.VALUES[name] ?? "0");
    const isPart = size.above > 0n && compare(size, ONE) < 0;
    if (name in R.SCALES) {
      value = multiply(value.above ? value : ONE, size);
      [total, value] = R.SCALES[name] >= R.SCALES.thousand ? [add(total, value), none] : [total, value];
    } else if (isPart && compare(count, rational(R.VALUES.twelve)) > 0) {
      return [];
    } else {
      value = add(value, isPart ? add(multiply(count.above ? count : ONE, size), negate(count)) : size);
    }
    count = compare(size, ONE) >= 0 && !(name in R.SCALES) ? size : none;
  }
  const amount = add(total, value);
  const isRatio = amount.above > 0n && compare(amount, ONE) < 0 && !R.PERCENT.search(unit);
  return [{ ...reading(sign === "-" ? negate(amount) : amount, unit), isRatio }];
}

function reading(value, unit) {
  return { value, unit: strip(unit), written: written(value), isRatio: false };
}

function values(digits, base) {
  if (Array.from(digits).length > R.LONGEST_NUMBER) {
    return [];
  }
  const found = [];
  const groups = R.GROUPS.fullmatch(digits);
  if (groups && !(groups[3] ?? "").startsWith(groups[2])) {
    found.push(rational(groups[1].replaceAll(groups[2], "") + (groups[3] ?? "").replaceAll(",", ".")));
  }
  const decimal = digits.replaceAll(",", ".");
  if (/^(?:\p{Nd}+|\p{Nd}*\.\p{Nd}+)$/u.test(decimal)) {
    found.push(rational(decimal));
  }
  if (found.length > 1 && digits.includes(base === "en" ? "." : ",")) {
    found.reverse();
  }
  return found;
}

/** Whether a unit is percent. */
export function isPercent(unit) {
  return measure(unify(unit))?.dimension === "%";
}

/** Return how many of a question's unit one of the typed unit is; null if that is unknown. */
export function factor(typedUnit, ownUnit, others, stem) {
  const [typed, unit] = [unify(typedUnit), unify(ownUnit)];
  const found = ratio(typed, unit, others);
  if (found) {
    return found;
  }
  const known = stemWords(stem);
  const directions = sameDirection(known);
  const after = unit ? R.AFTER : ["of", "x", "time", "fold", "-fold"];
  const tails = new Set(
    [...known, ...after, ...directions, ...R.LOOSE].filter((word) => !R.JOINING.has(word)),
  );
  const [amount, rate] = splitRate(typed);
  for (const text of isAsked(rate, unit, known) ? [typed, amount] : [typed]) {
    const size = withTail(text, unit, others, { known, directions, tails });
    if (size) {
      return size;
    }
  }
  return multiple(typed, unit, others, stem);
}

/** Return the size of a unit with a word such as `million` before it; null if there is none. */
function multiple(typed, unit, others, stem) {
  const [scale] = typed.split(" ", 1);
  const rest = typed.slice(scale.length + 1);
  const size = R.MULTIPLES[scale] ?? R.MULTIPLES[casefold(scale).replace(/\.+$/, "")];
  const found = size && (rest || !unit || Array.from(scale).length > 2) && factor(rest, unit, others, stem);
  return found ? multiply(found, rational(String(size))) : null;
}

function withTail(text, unit, others, { known, directions, tails }) {
  let said = text.split(" ");
  while (said.length > 1 && (tails.has(said[0]) || said[0] === "such") && !ratio(said[0], unit, others)) {
    said = said.slice(1);
  }
  const isLoose = (word) => directions.has(singular(word)) || R.LOOSE.has(singular(word));
  const least = !unit || said.every(isLoose) ? 0 : 1;
  for (let count = said.length; count >= least; count -= 1) {
    const rest = said.slice(count).join(" ");
    const isKnown = () => words(R.PER.sub("", rest)).every((word) => tails.has(singular(word)));
    if (R.PROSE.fullmatch(rest) && isKnown()) {
      const size = per(said.slice(0, count).join(" "), unit, others, known);
      if (size) {
        return size;
      }
    }
  }
  return null;
}

function per(typed, unit, others, known) {
  const [amount, rate] = splitRate(typed);
  return !rate || isAsked(rate, unit, known) ? ratio(amount, splitRate(unit)[0], others) : null;
}

function isAsked(rate, unit, known) {
  const own = splitRate(unit)[1];
  return rate !== "" && (rate === own || (own === "" && [...known].some((word) => R.RATES[word] === rate)));
}

function splitRate(unit) {
  const match = R.RATE.search(unit);
  const rate = match ? (R.RATES[match[1].toLowerCase()] ?? "") : "";
  return rate ? [strip(unit.slice(0, match.index)), rate] : [unit, ""];
}

function ratio(typed, unit, others) {
  const names = new Map([["", "1"], [unit, "1"], ...others.map(([name, size]) => [unify(name), size])]);
  if (names.has(typed)) {
    return rational(names.get(typed));
  }
  const [mine, own] = [measure(typed), measure(unit)];
  const isDegree = (one, other) => one.dimension === "\u00b0" && /^\u00b0[CF]$/.test(other.dimension);
  if (mine && own && (mine.dimension === own.dimension || isDegree(mine, own))) {
    return divide(mine.size, own.size);
  }
  const alike = likeNames(typed, mine, names);
  if (alike.length > 0 || mine || !own) {
    return alike.length > 0 ? rational(alike[0]) : null;
  }
  const sizes = [];
  for (const [name, [dimension, size]] of allUnits()) {
    if (
      dimension === own.dimension &&
      isMisspelt(typed, name) &&
      !sizes.some((other) => !compare(size, other))
    ) {
      sizes.push(size);
    }
  }
  return sizes.length === 1 ? divide(sizes[0], own.size) : null;
}

/** Return the sizes of the question's units that a typed unit is another name for. */
function likeNames(typed, mine, names) {
  const sizes = (accepts) => [...names].filter(([name]) => accepts(name)).map(([, size]) => size);
  const alike = sizes((name) => name && isSameUnit(typed, name));
  if (alike.length > 0) {
    return alike;
  }
  if (!mine) {
    return sizes((name) => isMisspelt(typed, name));
  }
  return sizes((name) => {
    const own = ["", "unit"].includes(singular(name)) ? null : measure(name);
    return own !== null && isSame(mine, own);
  });
}

function isMisspelt(typed, name) {
  const [mine, own] = [casefold(typed), casefold(name)];
  const [length, other] = [Array.from(mine).length, Array.from(own).length];
  if (length < SHORTEST_NAME || other < SHORTEST_NAME - 1 || mine[0] !== own[0] || R.DIGIT.search(mine)) {
    return false;
  }
  return [own, `${own}s`].some((right) => slips(mine, right, 2) === 1);
}

function isSameUnit(typedName, ownName) {
  const [typed, name] = [unify(typedName), unify(ownName)];
  const apart = typed !== name && allUnits().has(typed) && allUnits().has(name);
  return !apart && squeezed(typed) === squeezed(name);
}

/** Return the dimension and the size of a unit, such as `ng/ml`; null if it is unknown. */
function measure(unit) {
  const text = PER.sub("/", unit);
  const slash = text.indexOf("/");
  if (slash >= 0) {
    const [above, below] = [measure(strip(text.slice(0, slash))), measure(strip(text.slice(slash + 1)))];
    const both = above && below;
    return both
      ? { dimension: `${above.dimension}/${below.dimension}`, size: divide(above.size, below.size) }
      : null;
  }
  const name = R.DEGREES.sub("", micro(unit));
  const exact = allUnits().get(name);
  const folded = exact
    ? []
    : (namesOfUnits().get(singular(name)) ?? []).map((found) => allUnits().get(found));
  const [first] = exact ? [exact] : folded;
  const one =
    first && folded.every(([dimension, size]) => dimension === first[0] && !compare(size, first[1]));
  return one ? { dimension: first[0], size: first[1] } : null;
}

function micro(unit) {
  return new Pattern(String.raw`^(?:[mM][cC]|[uU]|μ\s)(?=(?:g|G|l|L|m|mol|s)\b)`).sub("μ", unit);
}

function squeezed(name) {
  return GAPS.sub("", micro(singular(name)));
}

function singular(name) {
  const folded = casefold(name);
  return Array.from(folded).length > 3 && /[^s]s$/.test(folded) ? folded.slice(0, -1) : folded;
}

/** Return the dimension and the size of each known unit. */
function allUnits() {
  if (!units) {
    const found = new Map();
    for (const [base, [prefixes, names]] of Object.entries(R.BASES)) {
      for (const prefix of ["", ...prefixes]) {
        const size = [base, rational(R.PREFIXES[prefix])];
        const before = Object.keys(R.PREFIX_WORDS).filter((said) => R.PREFIX_WORDS[said] === prefix);
        found.set(`${prefix}${base}`, size);
        for (const said of prefix ? before : [""]) {
          names.forEach((name) => found.set(`${said}${name}`, size));
        }
      }
    }
    for (const [base, others] of Object.entries(R.OTHERS)) {
      Object.entries(others).forEach(([name, size]) => found.set(name, [base, rational(String(size))]));
    }
    const large = ["l", "ml", "dl", "μl"].map((name) => [name.replace("l", "L"), found.get(name)]);
    units = new Map([...large, ...found]);
  }
  return units;
}

/** Return the known units by their folded names. */
function namesOfUnits() {
  if (!unitsByName) {
    unitsByName = new Map();
    for (const name of allUnits().keys()) {
      unitsByName.set(singular(name), [...(unitsByName.get(singular(name)) ?? []), name]);
    }
  }
  return unitsByName;
}
