// Stuck questions: what comes before one when it is asked again, as in the program's module `study/stuck`.

import { schedule as rules } from "./rules.js";
import { cardKey } from "./schedule.js";

/**
 * Put another question on its passage before each that was missed although its passage came first: one that was asked
 * before, the one right most often in a row, or one that was chosen anyway. `questions` are those that may be asked.
 */
export function withSiblings(chosen, questions, cards, most) {
  const known = questions.filter((question) => cards.has(cardKey(question)));
  let found = chosen;
  for (const question of chosen) {
    if (question.passage && strikes(question, cards) > rules.stuckAfter) {
      const sibling = siblingOf(question, [...found, ...known], cards);
      found = sibling ? placedBefore(found, question, sibling, cards, most) : found;
    }
  }
  return found;
}

/**
 * Return the stuck questions, asked in this order on a study day, by id: their strikes, whether the passage is shown
 * first, and whether they are set aside if they are missed once more.
 */
export function stuckOf(chosen, cards, today) {
  const found = new Map();
  let before = "";
  for (const question of chosen) {
    const count = strikes(question, cards);
    if (count >= rules.stuckAfter && cards.get(cardKey(question)).last < today) {
      const isPrepared = count > rules.stuckAfter && before === question.passage;
      const passage = Boolean(question.passage) && !isPrepared;
      found.set(question.id, { strikes: count, passage, isLast: count + 1 >= rules.asideAfter });
    }
    before = question.passage;
  }
  return found;
}

function strikes(question, cards) {
  return cards.get(cardKey(question))?.strikes ?? 0;
}

/** Return the question on the same passage that helps most, if any is not stuck itself. */
function siblingOf(question, others, cards) {
  const firm = others.filter(
    (other) =>
      other.passage === question.passage &&
      other.id !== question.id &&
      strikes(other, cards) < rules.stuckAfter,
  );
  const streak = (other) => cards.get(cardKey(other))?.streak ?? -1;
  const most = Math.max(...firm.map(streak));
  return firm.find((other) => streak(other) === most);
}

/** Move or insert a question before another; leave out the last that needs no help if there are too many. */
function placedBefore(found, question, sibling, cards, most) {
  const rest = found.filter((other) => other !== sibling);
  const after = rest.flatMap((other) => (other === question ? [sibling, other] : [other]));
  if (after.length <= most) {
    return after;
  }
  const spare = after.findLast(
    (other) => other !== question && other !== sibling && strikes(other, cards) < rules.stuckAfter,
  );
  return spare ? after.filter((other) => other !== spare) : found;
}
