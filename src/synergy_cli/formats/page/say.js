// The program's words around a course's text, in the course's language. The English text is the key.

import { language } from "./rules.js";

/** Return a text with values for its `{placeholders}`. */
export function say(text, values = {}) {
  return (language.texts[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Return one of two texts, for one thing or for several, with the number for its `{number}`. */
export function sayCount(one, many, number, values = {}) {
  const single = language.fromTwo ? number < 2 : number === 1;
  return say(single ? one : many, { number, ...values });
}
