"""A question: what every kind of it has, and the records that go with asking and marking one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

if TYPE_CHECKING:
    from random import Random

    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.schema import Field
    from synergy_cli.parsing.yaml import Node


LEVELS = ("recall", "understand", "apply")
MOST_OPTIONS = 9
LETTERS = "abcdefghi"
COMMANDS = ("?", "s", "q", "e", "u", "f", "b")


class Verdict(Enum):
    """What an answer was found to be."""

    RIGHT = "right"
    WRONG = "wrong"
    NEAR = "near"
    UNREADABLE = "unreadable"


class InputMode(Enum):
    """How an answer is given: by one key, or on a line of its own."""

    KEY = "key"
    LINE = "line"


class Marking(NamedTuple):
    """A marked answer.

    Attributes:
        verdict: what it was found to be.
        given: what was answered, in the bank's words where it has them.
        remarks: why a part of it is wrong, or what was expected, a sentence each.
    """

    verdict: Verdict
    given: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Distractor(NamedTuple):
    """A wrong answer that people give, and why it is wrong, if the author says so."""

    text: str
    feedback: str


class Named(NamedTuple):
    """A right or a wrong answer that a question names itself.

    Attributes:
        text: the answer, as it would be given.
        where: the way to it from the question's mapping: keys, and places in lists counted from 0.
        feedback: why it is wrong; empty when it is right, or when nothing says why.
    """

    text: str
    where: tuple[str | int, ...]
    feedback: str = ""


class Sheet(NamedTuple):
    """A question as it is put once: with its options in the order of this time.

    Attributes:
        question: what is asked.
        options: listed under 1, 2, 3 …; may be empty.
        partners: listed under a, b, c …; may be empty.
    """

    question: Question
    options: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()

    @property
    def listed(self) -> list[tuple[str, str]]:
        """Return what is listed, each with the sign that stands for it in an answer."""
        numbered = [(str(place), text) for place, text in enumerate(self.options, start=1)]
        return numbered + list(zip(LETTERS, self.partners, strict=False))

    def mark(self, answer: str) -> Marking:
        """Mark an answer.

        Args:
            answer: as typed.

        Returns:
            The marking; `UNREADABLE` when it is no answer to this kind of question.
        """
        return self.question.mark(self, answer)


@dataclass(frozen=True, eq=False, kw_only=True)
class Question(ABC):
    """What every kind of question has.

    Attributes:
        id: permanent; history hangs on it.
        stem: what is asked.
        rationale: why the key is right.
        passage: page id, and after `#` the heading id of the text that answers; empty when the course has no pages.
        hint: a nudge, or empty.
        level: one of `LEVELS`.
        sources: keys.
        revision: raised when the meaning changes.
    """

    kind: ClassVar[str]
    names: ClassVar[tuple[str, ...]] = ()
    entry: ClassVar[InputMode] = InputMode.LINE
    offers: ClassVar[bool] = False
    """Whether its right and wrong answers are listed to choose from."""
    judged: ClassVar[bool] = False
    """Whether its stem is a statement that holds or does not."""
    fields: ClassVar[tuple[Field, ...]] = ()

    id: str
    stem: str
    rationale: str
    passage: str = ""
    hint: str = ""
    level: str = "recall"
    sources: tuple[str, ...] = ()
    revision: int = 1

    @property
    def page(self) -> str:
        """The id of its page, which is its topic."""
        return self.passage.partition("#")[0]

    @property
    def heading(self) -> str:
        """The id of the heading above its passage; empty for the page's opening."""
        return self.passage.partition("#")[2]

    @property
    @abstractmethod
    def solution(self) -> tuple[str, ...]:
        """Return the right answer, a line each part."""

    @property
    def right(self) -> tuple[Named, ...]:
        """The right answers that it names one by one; empty when an answer has several parts."""
        return ()

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The wrong answers that it names."""
        return ()

    @property
    def chance(self) -> float:
        """The probability that a blind guess is right; 0 where an answer is typed freely."""
        return 0.0

    @abstractmethod
    def expects(self, sheet: Sheet) -> str:
        """Say in a few words how to answer."""

    def sheet(self, rng: Random) -> Sheet:
        """Put the question once.

        Args:
            rng: shuffles what may be shuffled.

        Returns:
            The sheet.
        """
        del rng
        return Sheet(self)

    @abstractmethod
    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Mark an answer to a sheet of this question."""

    @classmethod  # noqa: B027  a kind may have nothing to add
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Report what is wrong between the fields of a question of this kind."""

    @classmethod
    def build(cls, data: dict[str, Any]) -> Self:
        """Build the question from plain data with all its fields."""
        return cls(**{name: _frozen(value) for name, value in data.items() if name != "type"})


def _frozen(value: Any) -> Any:  # noqa: ANN401  text, a number, a truth value, a list or a mapping
    if isinstance(value, dict):
        return tuple(value.items())
    if isinstance(value, list | tuple):
        return tuple(Distractor(**item) if isinstance(item, dict) else item for item in value)
    return value
