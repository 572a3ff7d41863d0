"""What learners' answers show about questions: which are missed, by whom, and which options nobody chooses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli.authoring.item import Finding
from synergy_cli.history.events import Answer, Undo
from synergy_cli.text import fold, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from synergy_cli.course.question import Question
    from synergy_cli.history.events import Event


FEWEST_ANSWERS = 10
"""Answers below which nothing is said of a question: chance has its way with fewer."""
FEWEST_SURE = 3
WRONG_PER_OPTION = 3
"""Wrong answers for each wrong option before one that nobody chose is named."""


class ItemStats(NamedTuple):
    """The answers to one question, skipped ones left out.

    Attributes:
        answers: how many.
        right: how many of them were right.
        sure: how many were given as sure.
        sure_wrong: how many of the sure ones were wrong.
        given: how often each answer was among those given, folded.
    """

    answers: int
    right: int
    sure: int
    sure_wrong: int
    given: Mapping[str, int]

    @property
    def share(self) -> float:
        """The share of right answers, 0 to 1."""
        return self.right / self.answers


def item_stats(events: Iterable[Event], course: str, questions: Iterable[Question]) -> dict[str, ItemStats]:
    """Count the answers to the questions of a course.

    Args:
        events: each once, in any order; what was taken back does not count.
        course: its id.
        questions: as they are now; answers to an earlier revision do not count.

    Returns:
        A tally for each question that has an answer, by id, in the order of the questions.
    """
    undone: set[str] = set()
    kept: list[tuple[str, Answer]] = []
    for event in events:
        act = event.act
        if isinstance(act, Undo):
            undone.add(act.event)
        elif isinstance(act, Answer) and event.course == course and act.verdict != "skipped":
            kept.append((event.id, act))
    answers: dict[tuple[str, int], list[Answer]] = {}
    for identity, act in kept:
        if identity not in undone:
            answers.setdefault((act.question, act.revision), []).append(act)
    listed = ((question, answers.get((question.id, question.revision))) for question in questions)
    return {question.id: _count(found) for question, found in listed if found}


def _count(answers: Sequence[Answer]) -> ItemStats:
    sure = [answer for answer in answers if answer.confidence == "sure"]
    return ItemStats(
        len(answers),
        sum(answer.verdict == "right" for answer in answers),
        len(sure),
        sum(answer.verdict == "wrong" for answer in sure),
        Counter(fold(text) for answer in answers for text in answer.given),
    )


def findings(questions: Iterable[Question], tallies: Mapping[str, ItemStats]) -> list[Finding]:
    """Name the questions whose answers show that something may be wrong with them.

    Args:
        questions: of the course.
        tallies: by id.

    Returns:
        What was found, question by question.
    """
    found = []
    for question in questions:
        counts = tallies.get(question.id)
        if counts is not None:
            found += _of(question, counts)
    return found


def _of(question: Question, counts: ItemStats) -> list[Finding]:
    found = []
    key = question.right[0].where if question.right else ("stem",)
    if counts.sure >= FEWEST_SURE and counts.sure_wrong * 2 >= counts.sure:
        message = (
            f"{counts.sure_wrong} of {plural(counts.sure, 'sure answer')} were wrong; look whether the key is right"
        )
        found.append(Finding("sure-and-wrong", question.id, key, message))
    if counts.answers >= FEWEST_ANSWERS and 0 < counts.share < question.chance:
        message = (
            f"{counts.right} of {counts.answers} answers were right, fewer than chance gives; look at key and stem"
        )
        found.append(Finding("often-missed", question.id, ("stem",), message))
    wrong = question.wrong
    enough = counts.answers >= FEWEST_ANSWERS and counts.answers - counts.right >= WRONG_PER_OPTION * len(wrong)
    for option in wrong if enough and question.chance else ():
        if not counts.given.get(fold(option.text)):
            message = f"none of {counts.answers} answers chose this option; take it out, or make it more likely"
            found.append(Finding("unchosen-option", question.id, option.where, message))
    return found


def document(questions: Iterable[Question], tallies: Mapping[str, ItemStats]) -> list[dict[str, Any]]:
    """Return the tallies as data for programs: how often each option was chosen included."""
    return [
        {
            "question": question.id,
            "answers": counts.answers,
            "right": counts.right,
            "chance": round(question.chance, 4),
            "sure": counts.sure,
            "sure_and_wrong": counts.sure_wrong,
            "options": {
                named.text: counts.given.get(fold(named.text), 0) for named in (*question.right, *question.wrong)
            },
        }
        for question in questions
        if (counts := tallies.get(question.id))
    ]
