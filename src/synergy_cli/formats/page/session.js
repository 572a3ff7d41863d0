// A session: which question is next, what an answer leads to, what is recorded. It knows nothing of the screen.

import { mark } from "./marking.js";
import { rating } from "./schedule.js";

/** Asks questions one after the other. */
export class Session {
  /**
   * Begin; `mode` is "review", or "practice", which the schedule takes no note of; `repeats` says how often a miss
   * comes again.
   */
  constructor(questions, log, mode, repeats) {
    this.log = log;
    this.mode = mode;
    this.repeats = repeats;
    this.turns = questions.map((question) => ({ question, round: 0 }));
    this.total = questions.length;
    this.outcomes = [];
    this.#begin();
  }

  /** The question that is asked, and how often it was asked before; undefined at the end. */
  get turn() {
    return this.turns[0];
  }

  /** Mark an answer. Nothing is recorded if it cannot be read, or if it is a near miss, which has a second try. */
  answer(given, typed, confidence) {
    const marking = mark(this.turn.question, given);
    if (marking.verdict === "unreadable") {
      return marking;
    }
    this.tries += 1;
    if (marking.verdict === "near" && this.tries === 1) {
      return marking;
    }
    const verdict = marking.verdict === "right" ? "right" : "wrong";
    this.#record(verdict, marking.given, typed, confidence);
    return { ...marking, verdict };
  }

  /** Pass over the question. */
  skip() {
    this.#record("skipped", [], "", "");
  }

  /** Count the last answer as right after all. */
  overrule() {
    const { question, event, confidence } = this.last;
    const rated = rating("right", confidence, this.helped);
    this.log.append("overrule", { question: question.id, revision: question.revision, event, rating: rated });
    this.last.verdict = "right";
    this.turns = this.turns.filter((turn) => turn.question !== question || turn === this.turn);
  }

  /** Go on to the next question. */
  next() {
    this.turns = this.turns.slice(1);
    this.#begin();
  }

  /** Return how many questions were right when they were asked first, and those that were not. */
  result() {
    const first = this.outcomes.filter(({ round }) => round === 0);
    const missed = first.filter(({ verdict }) => verdict !== "right").map(({ question }) => question);
    return { right: first.length - missed.length, asked: first.length, missed };
  }

  get helped() {
    return this.hinted || this.tries > 1;
  }

  #begin() {
    this.began = performance.now();
    this.tries = 0;
    this.hinted = false;
  }

  #record(verdict, given, typed, confidence) {
    const { question, round } = this.turn;
    const event = this.log.append("answer", {
      question: question.id,
      revision: question.revision,
      mode: this.mode,
      typed: typed.slice(0, 2000),
      given: given.map((text) => text.slice(0, 2000)),
      verdict,
      confidence,
      hinted: this.hinted,
      tries: this.tries,
      seconds: (performance.now() - this.began) / 1000,
      rating: rating(verdict, confidence, this.helped),
    });
    this.last = { question, round, verdict, event, confidence };
    this.outcomes.push(this.last);
    if (verdict !== "right" && round < this.repeats) {
      this.turns = [...this.turns, { question, round: round + 1 }];
    }
  }
}
