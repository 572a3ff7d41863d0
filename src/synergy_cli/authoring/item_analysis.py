"""Item analysis: which questions learners often miss, even when sure, and which options nobody chooses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from synergy_cli.authoring.findings import Finding
from synergy_cli.history.events import Answer, Overrule, Undo
from synergy_cli.records import NamedTuple
from synergy_cli.text import fold, plural, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from synergy_cli.course.question import Question
    from synergy_cli.history.events import Event


FEWEST_ANSWERS = 10
"""A question with fewer answers is not judged, because chance dominates."""
FEWEST_SURE = 3
CLAIMED = "claimed"
"""The verdict of an answer that was marked wrong but that the learner claims is right."""
WRONG_PER_OPTION = 3
"""Wrong answers needed per wrong option before an option that nobody chose is reported."""


class ItemStats(NamedTuple):
    """Answer counts of one question, without skipped ones.

    Attributes:
        answers: all answers.
        right: right answers.
        sure: answers given as sure.
        sure_wrong: wrong answers given as sure.
        given: how often each answer was given, by its folded text.
        claimed: how often each typed answer was marked wrong although the learner claimed that it was right.
    """

    answers: int
    right: int
    sure: int
    sure_wrong: int
    given: Mapping[str, int]
    claimed: Mapping[str, int]

    @property
    def share(self) -> float:
        """The share of right answers, 0 to 1."""
        return self.right / self.answers


def item_stats(events: Iterable[Event], course: str, questions: Iterable[Question]) -> dict[str, ItemStats]:
    """Count the answers to the questions of the course with the id `course`.

    Events are distinct, in any order. Answers that were undone, or given to an earlier revision, do not count. The
    result is by question id, in the order of the questions, without questions that have no answer.
    """
    undone: set[str] = set()
    overrules: list[tuple[str, str]] = []
    kept: list[tuple[str, Answer]] = []
    for event in events:
        act = event.act
        if isinstance(act, Undo):
            undone.add(act.event)
        elif isinstance(act, Overrule):
            overrules.append((event.id, act.event))
        elif isinstance(act, Answer) and event.course == course and act.verdict != "skipped":
            kept.append((event.id, act))
    overruled = {answer for identity, answer in overrules if identity not in undone}
    answers: dict[tuple[str, int], list[Answer]] = {}
    for identity, act in kept:
        if identity not in undone:
            counted = act._replace(verdict=CLAIMED) if identity in overruled else act
            answers.setdefault((act.question, act.revision), []).append(counted)
    listed = ((question, answers.get((question.id, question.revision))) for question in questions)
    return {question.id: _count(own) for question, own in listed if own}


def _count(answers: Sequence[Answer]) -> ItemStats:
    sure = [answer for answer in answers if answer.confidence == "sure"]
    return ItemStats(
        len(answers),
        sum(answer.verdict in ("right", CLAIMED) for answer in answers),
        len(sure),
        sum(answer.verdict == "wrong" for answer in sure),
        Counter(fold(text) for answer in answers for text in answer.given),
        Counter("; ".join(map(str.strip, answer.given)) for answer in answers if answer.verdict == CLAIMED),
    )


def findings(questions: Iterable[Question], tallies: Mapping[str, ItemStats]) -> list[Finding]:
    """Report questions whose answers suggest a flaw; `tallies` is by question id."""
    return [
        finding
        for question in questions
        if (counts := tallies.get(question.id)) is not None
        for finding in _question_findings(question, counts)
    ]


def _question_findings(question: Question, counts: ItemStats) -> Iterator[Finding]:
    key = question.right[0].where if question.right else ("stem",)
    if counts.sure >= FEWEST_SURE and counts.sure_wrong * 2 >= counts.sure:
        message = f"{counts.sure_wrong} of {plural(counts.sure, 'sure answer')} were wrong; check the key"
        yield Finding("sure-and-wrong", question.id, key, message)
    if counts.answers >= FEWEST_ANSWERS and 0 < counts.share < question.chance:
        share = f"{counts.right} of {counts.answers} answers were right"
        message = f"{share}, fewer than guessing would give; check the key and the stem"
        yield Finding("often-missed", question.id, ("stem",), message)
    for text, times in counts.claimed.items():
        often = "once" if times == 1 else f"{times} times"
        fields = [field.name for field in question.fields]
        advice = f"add it under `{'accept' if 'accept' in fields else fields[0]}`"
        advice += ", or under `distractors` with the reason" if "distractors" in fields else ""
        message = f"`{shorten(text)}` was marked wrong {often}, and the learner disagreed; {advice}"
        yield Finding("claimed-answer", question.id, key, message)
    wrong = question.wrong
    enough = counts.answers >= FEWEST_ANSWERS and counts.answers - counts.right >= WRONG_PER_OPTION * len(wrong)
    for option in wrong if enough and question.chance else ():
        if not counts.given.get(fold(option.text)):
            message = f"none of {counts.answers} answers chose this option; remove it, or make it more plausible"
            yield Finding("unchosen-option", question.id, option.where, message)


def document(questions: Iterable[Question], tallies: Mapping[str, ItemStats]) -> list[dict[str, Any]]:
    """Return the statistics, including how often each option was chosen, as data for `--json`."""
    return [
        {
            "question": question.id,
            "answers": counts.answers,
            "right": counts.right,
            "chance": round(question.chance, 4),
            "sure": counts.sure,
            "sure_and_wrong": counts.sure_wrong,
            "claimed": dict(counts.claimed),
            "options": {
                named.text: counts.given.get(fold(named.text), 0) for named in (*question.right, *question.wrong)
            },
        }
        for question in questions
        if (counts := tallies.get(question.id))
    ]
