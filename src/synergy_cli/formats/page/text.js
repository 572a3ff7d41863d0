// When two texts are the same, as the program's module `text` says.

import { Pattern } from "./pattern.js";
import { text as rules } from "./rules.js";

const SPACES = new Pattern(String.raw`\s+`);
const EDGES = new Pattern(String.raw`^\s+|\s+$`);
const SPACE = new Pattern(String.raw`\s`);
// eslint-disable-next-line no-control-regex -- all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;
const SUPERSCRIPTS = /[\u00b2\u00b3\u00b9\u2070-\u207e]+/gu;
const FOLDED = { "\u0131": "\u0131", "\u1e9e": "ss" };

/** Return the words of a text. */
export function words(text) {
  return SPACES.split(text).filter(Boolean);
}

/** Return a text without the spaces at its ends. */
export function strip(text) {
  return EDGES.sub("", text);
}

/** Return a text with one spelling for the same characters: compatible forms, quotes, dashes, spaces. */
export function unify(text) {
  const plain = Array.from(text.replace(SUPERSCRIPTS, "^$&"), (sign) => rules.LOOKALIKES[sign] ?? sign).join(
    "",
  );
  return words(plain.normalize("NFKC")).join(" ");
}

/** Return a text with one form for what nobody can see. */
export function strict(text) {
  return strip(
    ASCII.test(text) ? text : SPACE.sub((sign) => (sign === "\n" ? sign : " "), text.normalize("NFC")),
  );
}

/** Return a text without case, as Unicode folds it. */
export function casefold(text) {
  return Array.from(text, (sign) => FOLDED[sign] ?? sign.toUpperCase().toLowerCase()).join("");
}

/** Return the same spelling for equal answers: `unify`, case, and a full stop that ends a word. */
export function fold(text) {
  return rules.FINAL_STOP.sub("", casefold(unify(text)));
}
