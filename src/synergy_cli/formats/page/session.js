// A session: which question is next, the effect of an answer, what is recorded. It is independent of the screen.

import { mark } from "./marking.js";
import { AGAIN, rating } from "./schedule.js";

/** Asks questions one after another. */
export class Session {
  /**
   * Prepare; `mode` is "review", or "practice", which the schedule ignores, `repeats` says how often a miss
   * comes again unless it is set aside, and `stuck` has the stuck questions, by id.
   */
  constructor(questions, log, mode, repeats = 1, stuck = new Map()) {
    this.log = log;
    this.mode = mode;
    this.repeats = repeats;
    this.stuck = stuck;
    this.moved = new Map();
    this.turns = questions.map((question) => ({ question, round: 0 }));
    this.total = questions.length;
    this.outcomes = [];
  }

  /** The question that is asked, and how often it was asked before; undefined at the end. */
  get turn() {
    return this.turns[0];
  }

  /** The state of the question if it is stuck and is asked for the first time. */
  get help() {
    return this.turn.round === 0 ? this.stuck.get(this.turn.question.id) : undefined;
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
    this.outcomes.pop();
    this.#settle({ ...this.last, verdict: "right", rating: rated });
  }

  /** Set the last question aside, so that it is not asked again, or bring it back. */
  move() {
    const { question, aside } = this.last;
    this.log.append("suspend", { question: question.id, revision: question.revision, suspended: !aside });
    this.moved.set(question, !aside);
    this.outcomes.pop();
    this.#settle(this.last);
  }

  /** Move on to the next question. */
  next() {
    this.turns = this.turns.slice(1);
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

  /** Begin to wait for an answer; a passage that came first helped as a hint does. */
  begin() {
    this.began = performance.now();
    this.tries = 0;
    this.hinted = Boolean(this.help?.passage);
  }

  #record(verdict, given, typed, confidence) {
    const { question, round } = this.turn;
    const rated = rating(verdict, confidence, this.helped);
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
      rating: rated,
    });
    this.#settle({ question, round, verdict, event, confidence, rating: rated });
  }

  /** Take the last answer into account, as it is now: a miss comes again, unless its question is set aside. */
  #settle(outcome) {
    const { question, round, verdict } = outcome;
    this.last = { ...outcome, aside: this.moved.get(question) ?? this.#isLastStrike(outcome) };
    this.outcomes.push(this.last);
    this.turns = this.turns.filter((turn) => turn.question !== question || turn.round <= round);
    if (verdict !== "right" && !this.last.aside && round < this.repeats) {
      this.turns = [...this.turns, { question, round: round + 1 }];
    }
  }

  #isLastStrike({ question, round, rating: rated }) {
    return round === 0 && rated === AGAIN && Boolean(this.stuck.get(question.id)?.isLast);
  }
}
