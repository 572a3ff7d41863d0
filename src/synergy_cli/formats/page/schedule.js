// When a question is due: FSRS-6 with its default weights or a learner's own, counted in nights, as the program schedules it.

import { schedule as R } from "./rules.js";

export const AGAIN = 1;
const HARD = 2;
const GOOD = 3;
const EASY = 4;
const LONGEST = 36500;
const DAY = 86400;
const DAY_STARTS = 4 * 3600;
/** The number of questions of a session. */
export const COUNT = 10;
const NEW_A_DAY = 15;

/** Return the study day of a moment: milliseconds since 1970 UTC, and the local offset in seconds east of UTC. */
export function studyDay(milliseconds, offset) {
  return Math.floor((milliseconds / 1000 + offset - DAY_STARTS) / DAY);
}

/** Return the rating of an answer; `helped` says whether a hint or a near miss came first. */
export function rating(verdict, confidence, helped) {
  if (verdict !== "right" || confidence === "guess") {
    return AGAIN;
  }
  return helped || confidence === "unsure" ? HARD : GOOD;
}

/**
 * Return the card that reviews lead to, each a day and a rating, in order of time; null without any. Only what is missed
 * after `back`, the study day on which the question was last brought back, is a strike. `w` has the weights of FSRS.
 */
export function replay(reviews, back = -1, w = R.weights) {
  let card = null;
  for (const { day, rating: rated } of reviews) {
    if (card === null) {
      const now = state(day, w[rated - 1], firstDifficulty(rated, w), w);
      card = { first: day, ...now, ...tally({ streak: 0, strikes: 0 }, day, rated, back) };
    } else if (day > card.last) {
      const now = state(day, nextStability(card, day, rated, w), nextDifficulty(card.difficulty, rated, w), w);
      card = { ...card, ...now, ...tally(card, day, rated, back) };
    }
  }
  return card;
}

/** Count passes in a row, and the misses since there were enough of them or the question was brought back. */
function tally({ streak, strikes }, day, rated, back) {
  const passes = rated > AGAIN ? streak + 1 : 0;
  const isFree = day <= back || passes >= R.freeAfter;
  return { streak: passes, strikes: isFree ? 0 : strikes + (rated === AGAIN) };
}

function state(day, stability, difficulty, w) {
  const kept = Math.max(stability, 0.001);
  return { last: day, stability: kept, difficulty: within(difficulty), due: day + interval(kept, w) };
}

function within(difficulty) {
  return Math.min(Math.max(difficulty, 1), 10);
}

function curve(w) {
  return 0.9 ** (1 / -w[20]) - 1;
}

function interval(stability, w) {
  const days = Math.round((stability / curve(w)) * (R.retention ** (1 / -w[20]) - 1));
  return Math.min(Math.max(days, 1), LONGEST);
}

/** Return the predicted probability of a right answer. */
export function recall({ stability, last }, day, w = R.weights) {
  return (1 + (curve(w) * Math.max(0, day - last)) / stability) ** -w[20];
}

function firstDifficulty(rated, w) {
  return w[4] - Math.exp(w[5] * (rated - 1)) + 1;
}

function nextDifficulty(difficulty, rated, w) {
  const change = ((10 - difficulty) * -w[6] * (rated - GOOD)) / 9;
  return w[7] * firstDifficulty(EASY, w) + (1 - w[7]) * (difficulty + change);
}

function nextStability(card, day, rated, w) {
  const { stability: s, difficulty: d } = card;
  const forgotten = 1 - recall(card, day, w);
  if (rated === AGAIN) {
    const long = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * Math.exp(forgotten * w[14]);
    return Math.min(long, s / Math.exp(w[17] * w[18]));
  }
  const factor = rated === HARD ? w[15] : rated === EASY ? w[16] : 1;
  return s * (1 + Math.exp(w[8]) * (11 - d) * s ** -w[9] * (Math.exp(forgotten * w[10]) - 1) * factor);
}

/**
 * Sort questions into those that are due, new ones up to the day's limit, and, if there are neither, those that may be
 * asked early. What was asked longest ago comes first.
 */
export function queue(questions, cards, today) {
  const card = (question) => cards.get(cardKey(question));
  const oldest = (found) => found.sort((a, b) => card(a).last - card(b).last);
  const asked = questions.filter(card);
  const fresh = questions.filter((question) => !card(question));
  const due = asked.filter((question) => card(question).due <= today);
  const startedToday = [...cards.values()].filter(({ first }) => first === today).length;
  const isIdle = due.length === 0 && fresh.length === 0;
  return {
    due: oldest(due),
    fresh: fresh.slice(0, Math.max(0, NEW_A_DAY - startedToday)),
    early: isIdle ? oldest(asked.filter((question) => card(question).last < today)) : [],
  };
}

/** Choose the questions of a session: due ones, then new ones, which get half of the places; or else early ones. */
export function choose({ due, fresh, early }) {
  const news = Math.min(fresh.length, Math.ceil(COUNT / 2));
  const first = due.slice(0, COUNT - news);
  return [...first, ...fresh.slice(0, COUNT - first.length), ...early.slice(0, COUNT)];
}

/** Return whether one of some questions that was not chosen is due or new. */
export function waits(questions, cards, today, chosen) {
  const left = questions.filter((question) => !chosen.includes(question));
  return left.some((question) => !(cards.get(cardKey(question))?.due > today));
}

/** Return the name of a question's card. */
export function cardKey({ id, revision }) {
  return `${id}/${revision}`;
}
