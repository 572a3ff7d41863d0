"""What a session is made of: its rules, its keys, the attempts and the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli.course.question import Verdict
from synergy_cli.history.events import LONGEST_ANSWER, Answer
from synergy_cli.history.scheduler import ALGORITHM, POLICY, rating
from synergy_cli.text import plural
from synergy_cli.ui import elements, quiz

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synergy_cli.course.course import Course
    from synergy_cli.course.question import Marking, Question
    from synergy_cli.ui.theme import Look


SCHEMA = 1


class Rules(NamedTuple):
    """How patient a session is.

    Attributes:
        repeats: how often a missed question comes again at most.
        second_try: whether a near miss may be typed once more.
        max_unreadable: after how many readings that settle nothing the question counts as skipped; 0 for never.
        undo: whether the last answer can be taken back.
        confidence: whether the learner may say how sure an answer is.
    """

    repeats: int = 2
    second_try: bool = True
    max_unreadable: int = 0
    undo: bool = True
    confidence: bool = False


AT_A_SCREEN = Rules()
FROM_A_PIPE = Rules(max_unreadable=5)
FROM_A_FILE = Rules(repeats=0, second_try=False, max_unreadable=1, undo=False)


class Attempt(NamedTuple):
    """One question, answered or skipped.

    Attributes:
        question: which.
        marking: of the answer; None when it was skipped.
        round: 0 when it was asked for the first time in the session.
        hinted: whether the hint was shown before.
        tries: how often it was typed; more than one after a near miss.
        typed: what was typed.
        confidence: how sure the learner was, or empty.
        seconds: from its showing to the answer.
    """

    question: Question
    marking: Marking | None
    round: int = 0
    hinted: bool = False
    tries: int = 0
    typed: str = ""
    confidence: str = ""
    seconds: float = 0.0

    @property
    def unreadable(self) -> bool:
        """Tell whether what was typed was no answer to this question."""
        return self.marking is not None and self.marking.verdict is Verdict.UNREADABLE

    @property
    def right(self) -> bool:
        """Tell whether it was answered rightly."""
        return self.marking is not None and self.marking.verdict is Verdict.RIGHT

    def act(self, mode: str) -> Answer:
        """Give what goes on record.

        Args:
            mode: one of `events.MODES`.
        """
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


class Position(NamedTuple):
    """Where a session stands: which question of how many; or, for one that comes again, how many are left."""

    number: int
    total: int
    round: int


def saved(kept: int, given: int) -> str:
    """Say how many answers are saved.

    Args:
        kept: so many are.
        given: of so many.
    """
    if not kept:
        return "No answers were saved."
    return f"{f'{kept} of ' if kept < given else ''}{plural(max(kept, given), 'answer')} saved."


class Outcome(NamedTuple):
    """What a session came to.

    Attributes:
        attempts: in order.
        planned: how many questions were chosen.
        seed: by which it can be repeated.
    """

    attempts: tuple[Attempt, ...]
    planned: int
    seed: int

    @property
    def first(self) -> list[Attempt]:
        """Give the first attempt at each question."""
        return [attempt for attempt in self.attempts if attempt.round == 0]

    @property
    def score(self) -> tuple[int, int]:
        """Count the questions right at the first try, and those asked."""
        return sum(attempt.right for attempt in self.first), len(self.first)

    @property
    def sure_and_wrong(self) -> list[Question]:
        """Give the questions whose answer was wrong although the learner was sure: what to look at first."""
        return [a.question for a in self.first if a.marking is not None and not a.right and a.confidence == "sure"]

    @property
    def missed(self) -> list[Question]:
        """Give the other questions that were not right at the first try."""
        sure = {question.id for question in self.sure_and_wrong}
        return [attempt.question for attempt in self.first if not attempt.right and attempt.question.id not in sure]

    def by_page(self, titles: Mapping[str, str]) -> list[tuple[str, str, int, int]]:
        """Count by page.

        Args:
            titles: of the pages, by id, in order.

        Returns:
            Page id, title, right at the first try, asked; pages that were not asked about are left out.
        """
        rows = []
        for page in dict.fromkeys([*titles, *(attempt.question.page for attempt in self.first)]):
            own = [attempt.right for attempt in self.first if attempt.question.page == page]
            if own:
                rows.append((page, titles.get(page, ""), sum(own), len(own)))
        return rows

    def document(self) -> dict[str, Any]:
        """Give the session for programs."""
        right, asked = self.score
        return {
            "schema": SCHEMA,
            "seed": self.seed,
            "planned": self.planned,
            "asked": asked,
            "right": right,
            "attempts": [
                {
                    "id": attempt.question.id,
                    "type": attempt.question.kind,
                    "stem": attempt.question.stem,
                    "revision": attempt.question.revision,
                    "passage": attempt.question.passage,
                    "round": attempt.round,
                    "right": attempt.right,
                    "skipped": attempt.marking is None,
                    "unreadable": attempt.unreadable,
                    "hinted": attempt.hinted,
                    "confidence": attempt.confidence or None,
                    "seconds": round(attempt.seconds, 1),
                    "answer": list(attempt.marking.given) if attempt.marking else [],
                    "key": list(attempt.question.solution),
                }
                for attempt in self.attempts
            ],
        }


def summary(outcome: Outcome, course: Course, look: Look) -> elements.Lines:
    """Draw the end of a session.

    Args:
        outcome: what it came to.
        course: whose questions were asked.
        look: what can be drawn.

    Returns:
        The lines, a blank one first.
    """
    right, asked = outcome.score
    said = (
        f"{right} of {asked} right on the first try ({round(100 * right / asked)}%)"
        if asked
        else "no questions answered"
    )
    by_page = outcome.by_page(course.titles)
    return elements.blank() + quiz.summary(said, by_page, outcome.sure_and_wrong, outcome.missed, look)


HINT, SKIP, STOP, UNDO, NEXT, PASSAGE = "?", "s", "q", "u", "\n", "e"
