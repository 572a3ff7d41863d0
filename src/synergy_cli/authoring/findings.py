"""Questions prepared for review, and the findings of a review."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from synergy_cli.authoring.english import content, without_code, words
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.question import Named, Question


COMMON = 0.1
COMMON_AT_LEAST = 3
SAMPLE = 2000


class Finding(NamedTuple):
    """A flaw of a question or of the bank.

    Attributes:
        code: one of `faults.CODES`.
        question: the id of the question; empty for the bank as a whole.
        where: the path from the question to the flaw: keys, and list indexes from 0.
        message: what is wrong, and what to do.
    """

    code: str
    question: str
    where: tuple[str | int, ...]
    message: str


class PreparedQuestion(NamedTuple):
    """A question prepared for several checks. `asked`, `stem` and `echoes` are empty if it is not in English.

    Attributes:
        question: the question.
        right: its right options; empty if it has no options.
        wrong: its wrong options; empty likewise.
        words: the words of each option, right ones first.
        asked: the words of the stem.
        topic: the roots of words too frequent in stems to distinguish them.
        stem: the content words of the stem by root.
        echoes: for each option, the roots of its content words that are in the stem too.
    """

    question: Question
    right: tuple[Named, ...]
    wrong: tuple[Named, ...]
    words: list[list[str]]
    asked: list[str]
    topic: frozenset[str]
    stem: dict[str, str]
    echoes: list[set[str]]

    @property
    def options(self) -> tuple[Named, ...]:
        """All options, right ones first."""
        return self.right + self.wrong


def topic_roots(questions: Sequence[Question]) -> frozenset[str]:
    """Return the roots of words too frequent in the stems of a bank to distinguish them."""
    sample = questions[:: 1 + len(questions) // SAMPLE]
    amount = Counter(word for question in sample for word in content(words(without_code(question.stem))))
    enough = max(COMMON_AT_LEAST, COMMON * len(sample))
    return frozenset(word for word, count in amount.items() if count > enough)


def prepare(question: Question, topic: frozenset[str], *, english: bool) -> PreparedQuestion:
    """Split the stem and the options of a question into words, leaving out code."""
    right, wrong = (question.right, question.wrong) if question.offers else ((), ())
    listed = [words(without_code(option.text)) for option in right + wrong]
    if not english:
        return PreparedQuestion(question, right, wrong, listed, [], topic, {}, [])
    asked = words(without_code(question.stem))
    stem = content(asked) if listed else {}
    echoes = [content(each).keys() & stem.keys() for each in listed]
    return PreparedQuestion(question, right, wrong, listed, asked, topic, stem, echoes)
