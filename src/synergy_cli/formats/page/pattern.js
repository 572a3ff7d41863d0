// Regular expressions in the notation and with the operations of Python, in which the rules of marking are written.
//
// JavaScript means something else by \w, \d, \s, \b and the dot as soon as a text is not ASCII.

const WORD = "\\p{L}\\p{N}_";
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const MEMBERS = { w: WORD, d: "\\p{Nd}", s: SPACE };
const BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const KEPT = /[\^$\\.*+?()[\]{}|/\-\dnrtux]/;

/** An expression; its operations are called as in Python. */
export class Pattern {
  #compiled = new Map();

  /** Take an expression as Python writes it; `flags` may be "i". */
  constructor(source, flags = "") {
    this.source = source.replace(/\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|\./gs, translated);
    this.flags = `${flags}u`;
  }

  /** Return the first match, or null. */
  search(text) {
    return this.#as("", "", "").exec(text);
  }

  /** Return the match at the beginning, or null. */
  match(text) {
    return this.#as("^(?:", ")", "").exec(text);
  }

  /** Return the match of the whole text, or null. */
  fullmatch(text) {
    return this.#as("^(?:", ")$", "").exec(text);
  }

  /** Return the text with each match replaced; groups are `$1`, `$2`. */
  sub(replacement, text) {
    return text.replace(this.#as("", "", "g"), replacement);
  }

  /** Return all matches. */
  findall(text) {
    return [...text.matchAll(this.#as("", "", "g"))];
  }

  /** Return what is between the matches. */
  split(text) {
    return text.split(this.#as("", "", ""));
  }

  #as(before, after, flags) {
    const name = before + after + flags;
    if (!this.#compiled.has(name)) {
      this.#compiled.set(name, new RegExp(before + this.source + after, this.flags + flags));
    }
    return this.#compiled.get(name);
  }
}

/** Translate a part of Python's notation into JavaScript's. */
function translated(whole, escape, negated, members) {
  if (whole === ".") {
    return "[^\\n]";
  }
  if (escape !== undefined) {
    return outside(escape);
  }
  const inside = members.replace(/\\(.)/gs, (_, sign) => MEMBERS[sign] ?? (sign === "W" ? "" : kept(sign)));
  if (!members.includes("\\W")) {
    return `[${negated}${inside}]`;
  }
  return negated ? `(?:(?![${inside}])[${WORD}])` : `(?:[^${WORD}]|[${inside}])`;
}

function outside(sign) {
  if (sign === "b") {
    return BOUNDARY;
  }
  const lower = sign.toLowerCase();
  return lower in MEMBERS ? `[${sign === lower ? "" : "^"}${MEMBERS[lower]}]` : kept(sign);
}

/** Return an escaped character; JavaScript rejects an unnecessary backslash. */
function kept(sign) {
  return KEPT.test(sign) ? `\\${sign}` : sign;
}

/** Return an expression that matches a text literally. */
export function quoted(text) {
  return text.replace(/[\^$\\.*+?()[\]{}|]/g, "\\$&");
}
