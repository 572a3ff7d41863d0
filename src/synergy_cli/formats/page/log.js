// The learner's answers in the format of the program's history: one JSON line per event, with a CRC-32.

import { schedule as rules } from "./rules.js";
import { cardKey, replay, studyDay } from "./schedule.js";

const SEALED = /^(.*),"crc":"([0-9a-f]{8})"\}$/;
const IDENTITY = /^[0-9a-f]{16}$/;
const MOMENT = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const LONGEST_LINE = 64 * 1024;
const DAY = 86_400_000_000;
const ACTS = new Set(["answer", "overrule", "undo", "suspend", "fit"]);

/** Return an event, given by its members, as a line. */
export function encode(members) {
  const written = Object.entries(members).map(([name, value]) => `"${name}":${json(name, value)}`);
  const body = `{${written.join(",")}`;
  return `${body},"crc":"${crc32(body).toString(16).padStart(8, "0")}"}`;
}

/** Write a value in ASCII; the program expects a decimal point in seconds. */
function json(name, value) {
  const plain = name === "seconds" ? value.toFixed(1) : JSON.stringify(value);
  return plain.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Return the event of a line, or null if the line is damaged. */
export function decode(line) {
  const [, body, seal] = (line.length < LONGEST_LINE && SEALED.exec(line)) || [];
  if (body === undefined || crc32(body) !== parseInt(seal, 16)) {
    return null;
  }
  try {
    const event = JSON.parse(line);
    return isValid(event) ? event : null;
  } catch {
    return null;
  }
}

/** Whether an event has the members the schedule needs; an unknown act need not. */
function isValid({ v, id, at, offset, act, question, revision, rating, weights }) {
  const isRated = act === "answer" || act === "overrule";
  return (
    v === 1 &&
    IDENTITY.test(id) &&
    MOMENT.test(at) &&
    Number.isInteger(offset) &&
    (!ACTS.has(act) || act === "fit" || (typeof question === "string" && Number.isInteger(revision))) &&
    (!isRated || [1, 2, 3, 4].includes(rating)) &&
    (act !== "fit" || areWeights(weights))
  );
}

/** Whether these are FSRS weights, or an empty list, which stands for the defaults. */
function areWeights(weights) {
  const isWithin = (weight, place) => rules.least[place] <= weight && weight <= rules.most[place];
  const isWhole = [0, rules.weights.length].includes(weights?.length);
  return Array.isArray(weights) && isWhole && weights.every(isWithin);
}

function crc32(text) {
  let rest = -1;
  for (const sign of text) {
    rest ^= sign.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) {
      rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
    }
  }
  return ~rest >>> 0;
}

/** The log of a course in this browser. Without storage it lasts as long as the page. */
export class Log {
  #lines = [];
  #events = [];
  #known = new Set();

  /** Open the log of a course, given by id; `storage` is that of the browser, or null. */
  constructor(course, storage, now = () => Date.now()) {
    this.course = course;
    this.storage = storage;
    this.now = now;
    this.device = this.#stored("device") ?? randomHex(4);
    this.#read();
    this.kept = this.#keep("device", this.device);
  }

  /** Append an act, given by its word and its members; return the id of its event. */
  append(act, members) {
    this.#read(); // another tab may have written since
    const latest = this.#events.at(-1)?.micros ?? 0;
    const micros = Math.max(this.now() * 1000, latest + 1);
    const event = {
      v: 1,
      id: randomHex(8),
      at: written(micros),
      offset: this.#offset(),
      course: this.course,
      act,
      ...members,
      ...(act === "answer" ? { policy: rules.policy, algorithm: rules.algorithm, session: "" } : {}),
    };
    this.#add(encode(event), event);
    this.kept = this.#keep("log", this.text);
    return event.id;
  }

  /** Import the lines of another log; return how many were new, known, damaged and irrelevant here. */
  take(text) {
    const counts = { taken: 0, known: 0, damaged: 0, other: 0 };
    for (const line of text.split("\n").filter(Boolean)) {
      counts[this.#taken(line)] += 1;
    }
    this.kept = this.#keep("log", this.text);
    return counts;
  }

  /** All lines, as they are saved. */
  get text() {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** The study day. */
  get today() {
    return studyDay(this.now(), this.#offset());
  }

  /** Return the cards by question and revision, and the names of those that are set aside. */
  cards() {
    const grouped = new Map();
    const sorted = [...this.#events].sort(byTime);
    for (const event of sorted.filter(({ act }) => act !== "fit")) {
      const key = cardKey({ id: event.question, revision: event.revision });
      grouped.set(key, grouped.get(key) ?? []);
      grouped.get(key).push(event);
    }
    const horizon = this.now() * 1000 + DAY; // what is dated later, because a wrong clock wrote it, must wait
    const fit = sorted.findLast(({ act, micros }) => act === "fit" && micros <= horizon);
    const weights = fit?.weights.length ? fit.weights : rules.weights;
    const folded = [...grouped].map(([key, events]) => [key, ...foldedUp(events, horizon, weights)]);
    return {
      cards: new Map(folded.filter(([, card]) => card)),
      aside: new Set(folded.filter(([, , isAside]) => isAside).map(([key]) => key)),
    };
  }

  /** Read what is stored, if it is not what is known. */
  #read() {
    const text = this.#stored("log") ?? "";
    if (text !== this.text) {
      text.split("\n").filter(Boolean).forEach((line) => this.#taken(line));
    }
  }

  #taken(line) {
    const event = decode(line);
    if (event === null) {
      return "damaged";
    }
    if (event.course !== this.course || !ACTS.has(event.act)) {
      return "other";
    }
    if (this.#known.has(event.id)) {
      return "known";
    }
    this.#add(line, event);
    return "taken";
  }

  #add(line, event) {
    this.#known.add(event.id);
    this.#lines.push(line);
    this.#events.push({ ...event, micros: microsOf(event.at) });
  }

  #offset() {
    return -60 * new Date(this.now()).getTimezoneOffset();
  }

  #stored(name) {
    try {
      return this.storage?.getItem(`synergy/${this.course}/${name}`) ?? null;
    } catch {
      return null;
    }
  }

  #keep(name, value) {
    try {
      this.storage.setItem(`synergy/${this.course}/${name}`, value);
      return true;
    } catch {
      return false; // there is no storage, or it is full
    }
  }
}

/** Return the card that events lead to, and whether its question is set aside: by the learner, or by its strikes. */
function foldedUp(events, horizon, weights) {
  const moves = events.filter(({ act, micros }) => act === "suspend" && micros <= horizon);
  const back = Math.max(-1, ...moves.filter(({ suspended }) => !suspended).map(dayOf));
  const card = replay(reviewsOf(events, horizon), back, weights);
  return [card, Boolean(moves.at(-1)?.suspended) || (card?.strikes ?? 0) >= rules.asideAfter];
}

function dayOf({ micros, offset }) {
  return studyDay(micros / 1000, offset);
}

/** Return what steers the schedule among the events of a card: answers in order, as amended later. */
function reviewsOf(events, horizon) {
  const undone = new Set(events.filter(({ act }) => act === "undo").map(({ event }) => event));
  const overrules = events.filter(({ act, id }) => act === "overrule" && !undone.has(id));
  const amended = new Map(overrules.map(({ event, rating }) => [event, rating]));
  return events
    .filter(({ act, mode, micros }) => act === "answer" && mode === "review" && micros <= horizon)
    .filter(({ id }) => !undone.has(id))
    .map((event) => ({ day: dayOf(event), rating: amended.get(event.id) ?? event.rating }));
}

function byTime(a, b) {
  return a.micros - b.micros || (a.id < b.id ? -1 : 1);
}

function written(micros) {
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros - millis * 1000).padStart(3, "0")}Z`;
}

function microsOf(at) {
  return Date.parse(`${at.slice(0, 23)}Z`) * 1000 + Number(at.slice(23, 26));
}

function randomHex(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
