"""The parts of a session: rules, keys, attempts and outcome."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from synergy_cli.course.question import Marking, Verdict
from synergy_cli.history.events import CONFIDENCES, LONGEST_ANSWER, Answer
from synergy_cli.history.scheduler import ALGORITHM, POLICY, rating
from synergy_cli.records import NamedTuple
from synergy_cli.ui.session_end import Score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.question import Question, Sheet
    from synergy_cli.history.sessions import PastAnswer, PastSession


HINT, SKIP, STOP, UNDO, NEXT, PASSAGE, SOURCES, OVERRULE = "?", "s", "q", "u", "\n", "e", "o", "r"
FAULT, ASIDE, MORE = "!", "a", "m"
"""The command keys, as prompts list them: at a question, and after its feedback."""
CONFIDENCE_KEYS = {str(number): word for number, word in enumerate(CONFIDENCES, start=1)}
"""Confidence levels by key; no key is also a command."""


class Rules(NamedTuple):
    """The rules of a session: repeats, retries and limits.

    Attributes:
        repeats: how often a missed question is asked again.
        second_try: whether a near miss may be retyped once.
        max_inputs: this many inputs are read at most, of which the last one counts; 0 for no limit.
        undo: whether the last answer can be taken back.
        confidence: whether the learner may rate their confidence.
        by_key: whether a single key press answers where possible.
    """

    repeats: int = 1
    second_try: bool = True
    max_inputs: int = 0
    undo: bool = True
    confidence: bool = False
    by_key: bool = False


AT_A_SCREEN = Rules()
FROM_A_PIPE = Rules(max_inputs=10)
FROM_A_FILE = Rules(repeats=0, second_try=False, max_inputs=1, undo=False)


def sheet_of(question: Question, seed: int, again: int = 0) -> Sheet:
    """Return a question as a session asks it; `again` is how often it was asked before.

    The order of its options does not depend on the answers to other questions.
    """
    return question.sheet(Random(f"{seed}/{question.id}/{again}"))  # noqa: S311  repeatable, not a secret


class Attempt(NamedTuple):
    """One question, answered or skipped.

    Attributes:
        marking: None when the question was skipped.
        round: how often the question was asked before in the same session.
        hinted: whether the hint or the passage was shown first.
        tries: how many answers were typed; more than one after a near miss.
        typed: the raw input.
        confidence: one of `events.CONFIDENCES`, or empty.
        seconds: from showing the question to the answer.
        overruled: whether it was marked wrong but the learner says that it was right.
        aside: whether the question is set aside.
    """

    question: Question
    marking: Marking | None
    round: int = 0
    hinted: bool = False
    tries: int = 0
    typed: str = ""
    confidence: str = ""
    seconds: float = 0.0
    overruled: bool = False
    aside: bool = False

    @property
    def unreadable(self) -> bool:
        """Whether the input could not be read as an answer to this question."""
        return self.marking is not None and self.marking.verdict is Verdict.UNREADABLE

    @property
    def near(self) -> bool:
        """Whether the answer is nearly right, which a session asks again once."""
        return self.marking is not None and self.marking.verdict is Verdict.NEAR and not self.overruled

    @property
    def right(self) -> bool:
        """Whether the answer was right."""
        return self.overruled or (self.marking is not None and self.marking.verdict is Verdict.RIGHT)

    @property
    def disputable(self) -> bool:
        """Whether the learner may claim that it was right: a typed answer that was marked wrong."""
        return self.question.typed and self.marking is not None and not self.unreadable and not self.right

    def act(self, mode: str) -> Answer:
        """Return the event to record; `mode` is one of `events.MODES`."""
        verdict = "right" if self.right else "wrong" if self.marking is not None else "skipped"
        return Answer(
            question=self.question.id,
            revision=self.question.revision,
            mode=mode,
            typed=self.typed[:LONGEST_ANSWER],
            given=tuple(text[:LONGEST_ANSWER] for text in self.marking.given) if self.marking is not None else (),
            verdict=verdict,
            confidence=self.confidence,
            hinted=self.hinted,
            tries=self.tries,
            seconds=round(max(0.0, self.seconds), 1),
            rating=rating(verdict, self.confidence, helped=self.hinted or self.tries > 1),
            policy=POLICY,
            algorithm=ALGORITHM,
        )


def confidence_of(word: str) -> str:
    """Return one of `events.CONFIDENCES` by its key or the start of its name; empty if none matches."""
    word = word.strip().lower()
    named = (name for name in CONFIDENCE_KEYS.values() if word and name.startswith(word))
    return CONFIDENCE_KEYS.get(word) or next(named, "")


def past_attempts(past: PastSession, questions: Sequence[Question]) -> list[Attempt]:
    """Return the answers to questions of a past session, marked again."""
    by_id = {question.id: question for question in questions}
    rounds: Counter[str] = Counter()
    found = []
    for answer in past.answers:
        identity = answer.act.question
        found.append(_attempt(answer, by_id[identity], past.start.seed, rounds[identity]))
        rounds[identity] += 1
    return found


def _attempt(answer: PastAnswer, question: Question, seed: int, again: int) -> Attempt:
    """Return an answer as it was given; if the question has changed since, as it was marked then."""
    act = answer.act
    marking = None if act.verdict == "skipped" else sheet_of(question, seed, again).mark(act.typed)
    attempt = Attempt(question, marking, again, act.hinted, act.tries, act.typed, act.confidence, act.seconds)
    now = attempt.act(act.mode)
    if (now.verdict, now.given) != (act.verdict, act.given):
        right = act.verdict == "right"
        attempt = attempt._replace(marking=Marking(Verdict(act.verdict), act.given, share=float(right)))
    return attempt._replace(overruled=answer.overruled)


class Position(NamedTuple):
    """Progress of a session.

    Attributes:
        number: of the question, or how many questions are left in a later round.
        strikes: as in `Card`, if the question is stuck; else 0.
    """

    number: int
    total: int
    round: int
    strikes: int = 0


class Outcome(NamedTuple):
    """The result of a session.

    Attributes:
        attempts: in order of time.
        planned: how many questions were chosen.
        seed: repeats the session.
    """

    attempts: tuple[Attempt, ...]
    planned: int
    seed: int

    @property
    def first(self) -> list[Attempt]:
        """The first attempt at each question."""
        return [attempt for attempt in self.attempts if attempt.round == 0]

    @property
    def score(self) -> tuple[int, int]:
        """The number of questions right on the first try, and the number asked."""
        return sum(attempt.right for attempt in self.first), len(self.first)

    @property
    def sure_and_wrong(self) -> list[Question]:
        """The questions answered wrong although the learner was sure, which deserve attention first."""
        return [a.question for a in self.first if a.marking is not None and not a.right and a.confidence == "sure"]

    @property
    def missed(self) -> list[Question]:
        """The other questions that were not right on the first try."""
        sure = {question.id for question in self.sure_and_wrong}
        return [attempt.question for attempt in self.first if not attempt.right and attempt.question.id not in sure]

    def by_page(self, titles: Mapping[str, str]) -> list[tuple[str, str, int, int]]:
        """Count by topic: id, title, right on the first try, asked; empty if no question has a topic."""
        rows = []
        for page in dict.fromkeys([*titles, *(attempt.question.topic for attempt in self.first)]):
            own = [attempt.right for attempt in self.first if attempt.question.topic == page]
            if own:
                rows.append((page, titles.get(page, ""), sum(own), len(own)))
        return rows if any(page for page, *_ in rows) else []

    def totals(self, titles: Mapping[str, str]) -> Score:
        """Return the totals to show, with the titles of topics by id."""
        return Score(*self.score, self.by_page(titles), self.sure_and_wrong, self.missed)

    def document(self) -> dict[str, Any]:
        """Return the session as a JSON document."""
        right, asked = self.score
        return {
            "seed": self.seed,
            "planned": self.planned,
            "asked": asked,
            "right": right,
            "attempts": [
                {
                    "id": attempt.question.id,
                    "type": attempt.question.type,
                    "context": attempt.question.context,
                    "stem": attempt.question.stem,
                    "revision": attempt.question.revision,
                    "passage": attempt.question.passage,
                    "topic": attempt.question.topic,
                    "tags": list(attempt.question.tags),
                    "round": attempt.round,
                    "right": attempt.right,
                    "overruled": attempt.overruled,
                    "skipped": attempt.marking is None,
                    "unreadable": attempt.unreadable,
                    "near": attempt.near,
                    "hinted": attempt.hinted,
                    "confidence": attempt.confidence or None,
                    "seconds": round(attempt.seconds, 1),
                    "answer": list(attempt.marking.given) if attempt.marking else [],
                    "key": [str(part) for part in attempt.question.solution],
                }
                for attempt in self.attempts
            ],
        }
