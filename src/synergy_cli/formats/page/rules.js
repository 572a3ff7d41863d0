// The rules that are data: expressions, lists of words, weights. The export takes them from the program itself.

import { Pattern } from "./pattern.js";

export const wording = {};
export const numbers = {};
export const text = {};
export const language = {};
export const schedule = {};

/** Take the rules, as the export wrote them. */
export function install(data) {
  for (const [name, target] of Object.entries({ wording, numbers, text, language, schedule })) {
    Object.assign(target, revived(data[name]));
  }
}

/** Return a value with expressions and sets in place of what stands for them in JSON. */
function revived(value) {
  if (Array.isArray(value)) {
    return value.map(revived);
  }
  if (typeof value !== "object") {
    return value;
  }
  if ("re" in value) {
    return new Pattern(value.re, value.flags);
  }
  if ("set" in value) {
    return new Set(value.set);
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revived(part)]));
}
