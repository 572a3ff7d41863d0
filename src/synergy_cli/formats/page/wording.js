// Compares typed words with right answers by meaning. A port of the program's module `wording`, which says why.

import { Pattern, quoted } from "./pattern.js";
import { wording as R } from "./rules.js";
import { fold, strict, strip, words } from "./text.js";

const PLURAL = new Pattern(String.raw`(?<=[^\W\d_]{2})\(e?s\)`);
const AND = new Pattern(String.raw`\s&\s`);
const JOINTS = new Pattern(String.raw`[\s-]+`);
const PARTS = new Pattern(String.raw`[\s/-]+`);
const LETTERS = new Pattern(String.raw`[^\W\d_]+`);
const LONG_WORDS = new Pattern(String.raw`\w{6,}`);
const DIGITS = new Pattern(String.raw`\d`);
const ABBREVIATED = new Pattern(String.raw`(?<=\0)\.(?=\s)`);
const SHORTEST_SLIP = 5;
const LONG = 8;
const phrases = new Map();

/** How the answers to one question are compared. */
export class Comparison {
  /** Take what the export knows about the question; see the class of the same name in the program. */
  constructor(base, { equal, exact, loose, forgiving, others, plus, minus, light }) {
    this.base = base;
    Object.assign(this, { equal, exact, loose, forgiving });
    this.others = new Set(others);
    this.idle = new Set([...[...R.FUNCTION].filter((word) => !minus.includes(word)), ...plus]);
    this.light = new Set([...this.idle, ...light]);
  }

  sameSpelling(typed, key) {
    return this.exact ? strict(typed) === strict(key) : fold(typed) === fold(key);
  }

  same(typed, key) {
    if (this.sameSpelling(typed, key)) {
      return true;
    }
    if (!this.loose || this.exact || isLong(typed)) {
      return false;
    }
    const keys = isCode(key) ? [key] : [folded(key), withoutUmlauts(folded(key))];
    const own = keys.flatMap((text) => this.forms(text, true));
    const right = new Set([...own, ...(isCode(key) ? [] : own.map(inverted))].map(joined));
    const said = isCode(key)
      ? [bare(typed, this.base, false)]
      : [typed, ...heads(typed, this.base)].flatMap((part) => this.forms(part));
    return said.some((mine) =>
      [
        mine,
        inverted(mine),
        R.COMMA.sub("$2 $1", mine),
        ...this.shorter(mine).map((form) => this.unified(form)),
      ].some((form) => right.has(joined(form))),
    );
  }

  sameAll(typed, keys) {
    if (this.exact || !this.loose || isLong(typed)) {
      return false;
    }
    const known = keys.filter((key) => !isCode(key));
    const [first, ...others] = R.ALTERNATIVES.split(folded(typed));
    const start = first.slice(0, Math.max(0, first.lastIndexOf(" ")));
    const named = others.map((other) =>
      words(other).some((word) => R.POLAR.has(word)) ? [other] : [other, `${start} ${other}`],
    );
    const isKnown = (name) => known.some((key) => this.same(name, key));
    return others.length > 0 && [[first], ...named].every((pair) => pair.some(isKnown));
  }

  names(key) {
    const text = folded(key);
    const swaps = this.equal.flatMap((group) =>
      group.flatMap((one) =>
        group.filter((other) => other !== one).map((other) => phrase(one).split(text).join(other)),
      ),
    );
    return [...new Set([text, ...swaps])];
  }

  holds(typed, key) {
    if (!this.loose || this.exact || isLong(typed) || isCode(key) || R.DOTS.search(typed)) {
      return false;
    }
    const owns = this.forms(key, true);
    for (const mine of this.forms(typed)) {
      for (const own of owns) {
        const match = phrase(own).search(mine);
        if (match) {
          const rest = `${mine.slice(0, match.index)} ${mine.slice(match.index + match[0].length)}`;
          const [, , turning] = around(this.base);
          return !LETTERS.findall(rest).some(([word]) => turning.has(word)) && !R.COUNTED.search(rest);
        }
      }
    }
    return false;
  }

  misspelt(typed, key) {
    const careful = !this.forgiving || !this.loose || this.exact || this.base !== "en";
    if (careful || isLong(typed) || isCode(key)) {
      return "";
    }
    const plain = bare(typed, "en", false);
    const said = [plain, ...this.shorter(plain)].map((text) => JOINTS.split(text));
    const meant = this.names(key).find((name) => {
      const own = JOINTS.split(bare(name, "en", true));
      return said.some(
        (mine) =>
          mine.length === own.length &&
          mine.some((word, place) => word !== own[place]) &&
          mine.every((word, place) => this.passes(word, own[place])),
      );
    });
    return meant === folded(key) ? key : (meant ?? "");
  }

  passes(typed, right) {
    return (
      typed === right ||
      (isSlip(typed, right) && !this.others.has(typed) && !this.others.has(typed.replace(/s$/, "")))
    );
  }

  shorter(text) {
    const said = words(text);
    return [this.idle, this.light]
      .map((extra) => said.filter((word) => !isExtra(word.replace(/^[,:=]+|[,:=]+$/g, ""), extra)))
      .filter((kept) => kept.length > 0 && kept.length < said.length)
      .map((kept) => withoutArticle(kept.join(" "), this.base));
  }

  forms(text, isKey = false) {
    if (isKey && isCode(text)) {
      return [folded(text)];
    }
    const without = bare(text, this.base, isKey);
    if (this.base === "en") {
      return [this.unified(without)];
    }
    const whole = withoutFrame(text, this.base, isKey);
    return [...new Set(isKey ? [whole] : [whole, without])].map((part) => this.unified(part));
  }

  unified(text) {
    let result = text;
    this.equal.forEach((members, number) => {
      for (const name of members) {
        result = phrase(name).sub(`\0${number}\0`, result);
      }
    });
    result = ABBREVIATED.sub("", result);
    return this.base === "en" ? inEnglish(result) : result;
  }
}

/** Return an English text with one form for variants of spelling, numbers, dates and frequencies. */
function inEnglish(said) {
  const replaced = (text, [variant, plain]) => variant.sub(plain.replace(/\\(\d)/g, "$$$1"), text);
  let text = R.VARIANTS.reduce(replaced, said);
  text = R.IN_WORDS.sub((word) => R.FIGURES[word], text);
  text = R.DATE.sub(dated, romanInFigures(text));
  text = R.FREQUENCIES.reduce(replaced, text);
  return strip(R.ENDINGS.sub("$1", R.NUMERO.sub("", text)));
}

function romanInFigures(text) {
  return R.ROMAN.sub((_, tens, ones) => String(10 * tens.length + R.ROMAN_ONES.indexOf(ones)), text);
}

function dated(_, day, month, monthFirst, dayLast, year, alone, full) {
  const name = month ?? monthFirst ?? alone ?? full;
  const number = R.MONTHS.indexOf(name.slice(0, 3)) + 1;
  return `${day ?? dayLast ?? ""} /${number}${year ? ` /${year}` : ""}`;
}

function isExtra(word, extra) {
  return word === "" || extra.has(word);
}

function folded(text) {
  return fold(R.INITIALS.sub((initials) => initials.replaceAll(".", ""), text));
}

function isLong(text) {
  return Array.from(text).length > R.LONGEST;
}

function isCode(key) {
  return R.CODE.search(folded(key)) !== null;
}

function joined(text) {
  return R.JOINT.sub("", text);
}

function phrase(name) {
  if (!phrases.has(name)) {
    const parts = JOINTS.split(name)
      .map(quoted)
      .join(String.raw`[\s-]?`);
    phrases.set(name, new Pattern(String.raw`(?<!\w)${parts}(?!\w)`));
  }
  return phrases.get(name);
}

function heads(text, base) {
  const whole = folded(text);
  const [, , , denials] = around(base);
  return [...R.EXPLAINED.findall(whole), ...denials.findall(whole)]
    .map((match) => whole.slice(0, match.index))
    .filter((head) => head && !R.VERB_LAST.search(head));
}

function inverted(text) {
  return R.OF.sub("$2 $1", text);
}

function bare(text, base, isKey) {
  return withoutArticle(withoutFrame(text, base, isKey), base);
}

function around(base) {
  return R.LANGUAGES[base] ?? R.LANGUAGES.en;
}

function withoutArticle(text, base) {
  const [, articles] = around(base);
  return cached(String.raw`^(?:${articles})\s*\b(?=.)`).sub("", text);
}

function withoutFrame(text, base, isKey) {
  const [openings] = around(base);
  const whole = folded(text);
  return unwrapped(isKey ? whole : R.COPULA.sub("", R.INNER_BRACKETS.sub("", whole)), openings);
}

function cached(source) {
  if (!phrases.has(source)) {
    phrases.set(source, new Pattern(source));
  }
  return phrases.get(source);
}

function unwrapped(said, openings) {
  const opening = cached(String.raw`^${openings}[\s,:]+(?=\S)`);
  let text = AND.sub(" and ", R.QUOTED_WORD.sub("$1", R.SHORTENED.sub("$1 not", said)));
  text = PLURAL.sub("s", text);
  for (let before; text !== before;) {
    before = text;
    const inside = R.QUOTED.fullmatch(text);
    text = inside ? inside[2] || inside[3] : text;
    text = R.AFTER.sub("", R.LAST_BRACKETS.sub("", R.FINAL.sub("", text))) || text;
    text = opening.sub("", text);
  }
  return text;
}

/** Whether an answer is a typo away from a key, and means the same. */
export function nearly(typed, key, comparison) {
  if (comparison.exact || isLong(typed)) {
    return false;
  }
  const whole = folded(typed);
  const owns = comparison.forms(key, true);
  return (
    comparison.names(key).some((name) => isNear(whole, name)) ||
    comparison.forms(typed).some((mine) => owns.some((own) => isNear(mine, own)))
  );
}

function isNear(said, right) {
  const plain = withoutAccents(right);
  if (said !== right && joined(withoutAccents(said)) === joined(plain)) {
    return true;
  }
  const typed = right === plain ? withoutAccents(said) : said;
  if (
    digitsOf(typed) !== digitsOf(right) ||
    isNegated(typed, right) ||
    isTurned(typed, right) ||
    hasAnotherWord(typed, right)
  ) {
    return false;
  }
  if (typed !== right && skeleton(typed) === skeleton(right)) {
    return true;
  }
  const allowed = allowedSlips(typed, right);
  const found = slips(typed, right, allowed + 1);
  return found > 0 && found <= allowed;
}

function isNegated(typed, right) {
  const [mine, own] = [new Set(words(typed)), new Set(words(right))];
  return [...R.NEGATIONS].some((word) => mine.has(word) !== own.has(word));
}

function hasAnotherWord(typed, right) {
  const [mine, own] = [JOINTS.split(typed), JOINTS.split(right)];
  const isAnother = (word, other) => {
    const most = Math.max(1, allowedSlips(word, other));
    const isLetter = Array.from(word).length === 1 && Array.from(other).length === 1;
    return word !== other && (isLetter || slips(word, other, most + 1) > most);
  };
  return mine.length === own.length && mine.some((word, index) => isAnother(word, own[index]));
}

function digitsOf(text) {
  return DIGITS.findall(romanInFigures(text)).join();
}

function withoutUmlauts(text) {
  return Array.from(text, (letter) => R.DIGRAPHS[letter] ?? letter).join("");
}

function allowedSlips(typed, right) {
  const [mine, own] = [Array.from(typed), Array.from(right)];
  const shorter = Math.min(mine.length, own.length);
  const swapped = shorter > 2 && mine[0] === own[0] && sorted(mine) === sorted(own);
  return (shorter < 4 ? 0 : shorter < LONG ? 1 : 2) + (swapped && shorter < LONG ? 1 : 0);
}

function sorted(signs) {
  return [...signs].sort().join(" ");
}

/** Whether a word is another with one common typo, of a kind that rarely spells another word. */
function isSlip(typed, right) {
  if (!/^\p{L}+$/u.test(typed) || !/^[A-Za-z]+$/.test(right) || right.length < SHORTEST_SLIP) {
    return false;
  }
  if (typed[0] !== right[0] || R.POLAR.has(typed) || isTurned(typed, right) || slips(typed, right, 2) !== 1) {
    return false;
  }
  const mine = Array.from(typed);
  if (mine.length !== right.length) {
    const single = (text) => R.DOUBLED.sub("$1", text);
    return single(typed) === single(right) || (right.length > SHORTEST_SLIP && mine.at(-1) === right.at(-1));
  }
  const place = mine.findIndex((sign, at) => sign !== right[at]);
  const vowels = "aeiouy".includes(mine[place]) && "aeiouy".includes(right[place]);
  return sorted(mine) === sorted(right) || (vowels && right.length >= LONG && place < right.length - 4);
}

function withoutAccents(text) {
  return text.normalize("NFD").replace(/(?<=[a-z])[\u0300-\u036f]+/g, "");
}

function skeleton(text) {
  return LONG_WORDS.sub(
    (word) => word[0] + word.slice(1).replace(/[aeiouy]+/g, "_"),
    R.DOUBLED.sub("$1", text),
  );
}

function isTurned(typed, right) {
  const prefixes = (text) =>
    sorted(
      PARTS.split(text)
        .map((word) => R.OPPOSITES.find((prefix) => word.startsWith(prefix)))
        .filter(Boolean),
    );
  return prefixes(typed) !== prefixes(right);
}

/** Count the typos between two words, up to `most`: the optimal string alignment distance (Damerau 1964). */
export function slips(first, second, most) {
  const [a, b] = [Array.from(first), Array.from(second)];
  if (Math.abs(a.length - b.length) >= most) {
    return most;
  }
  let last = [];
  let before = [];
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  a.forEach((sign, i) => {
    [last, before, row] = [before, row, [i + 1]];
    b.forEach((other, j) => {
      let cost = Math.min(before[j + 1] + 1, row[j] + 1, before[j] + (sign === other ? 0 : 1));
      if (i > 0 && j > 0 && sign === b[j - 1] && a[i - 1] === other) {
        cost = Math.min(cost, last[j - 1] + 1);
      }
      row.push(cost);
    });
  });
  return Math.min(row.at(-1), most);
}
