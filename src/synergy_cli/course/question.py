"""A question: what all types share, and the records for asking and marking it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from synergy_cli.course.page import Code, from_plain, plain_texts
from synergy_cli.course.question_text import blocks_of
from synergy_cli.languages import say, say_count
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from random import Random

    from synergy_cli.course.page import Block
    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.schema import Field
    from synergy_cli.parsing.yaml import Node


LEVELS = ("recall", "understand", "apply")
MOST_OPTIONS = 9
LETTERS = "abcdefghi"


class Verdict(Enum):
    """The result of marking an answer."""

    RIGHT = "right"
    WRONG = "wrong"
    NEAR = "near"
    UNREADABLE = "unreadable"


class InputMode(Enum):
    """How an answer is given: with a single key or on a line."""

    KEY = "key"
    LINE = "line"


class Part(NamedTuple):
    """One part of an answer: an option, a step in its place, a pair.

    Attributes:
        label: shown before it: the number of the step, or the left-hand side of the pair.
        joint: shown between the label and the text.
    """

    text: str
    label: str = ""
    joint: str = ""

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{self.label}{self.joint}{self.text}"


class MarkedPart(NamedTuple):
    """A marked part of an answer with several parts.

    Attributes:
        part: what was given, or what was left out.
        right: whether it is right.
        remark: why it is wrong, or what is right instead; may be empty.
        left_out: whether it was not given, though it should have been.
    """

    part: Part
    right: bool
    remark: str = ""
    left_out: bool = False


class Marking(NamedTuple):
    """A marked answer.

    Attributes:
        given: the answer, in the bank's words if possible.
        remarks: sentences on why it is wrong, or on what was expected.
        parts: each part, if there are several and not all are right.
        share: the part of the answer that is right, from 0 to 1; an exam gives partial credit for it.
    """

    verdict: Verdict
    given: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    parts: tuple[MarkedPart, ...] = ()
    share: float = 0.0


class Distractor(NamedTuple):
    """A common wrong answer, and why it is wrong, if the author gives the reason.

    `last` says whether it comes after the shuffled options.
    """

    text: str
    feedback: str
    last: bool = False


class Named(NamedTuple):
    """A right or wrong answer listed in the question.

    Attributes:
        text: the answer, as a learner would give it.
        where: its path in the question's mapping: keys and list indexes.
        feedback: why it is wrong; empty if it is right or no reason is given.
        fixed: whether it is an option that keeps its position when others are shuffled.
    """

    text: str
    where: tuple[str | int, ...]
    feedback: str = ""
    fixed: bool = False


class Sheet(NamedTuple):
    """A question as asked once, with its options in this order.

    Attributes:
        options: listed under 1, 2, 3 …; may be empty.
        partners: listed under a, b, c …; may be empty.
    """

    question: Question
    options: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()

    @property
    def listed(self) -> list[tuple[str, str]]:
        """Return the listed options and partners, each with its number or letter."""
        numbered = [(str(number), text) for number, text in enumerate(self.options, start=1)]
        return numbered + list(zip(LETTERS, self.partners, strict=False))

    def code(self, part: Part) -> str:
        """Return the number and letter of a listed part of an answer, such as `2` or `1b`; empty if not listed."""
        left, right = (part.label, part.text) if self.partners else (part.text, "")
        numbers = {text: label for label, text in self.listed[: len(self.options)]}
        letters = dict(zip(self.partners, LETTERS, strict=False))
        return numbers.get(left, "") + letters.get(right, "")

    def mark(self, answer: str) -> Marking:
        """Mark an answer as typed; `UNREADABLE` if it does not answer this type of question."""
        return self.question.mark(self, answer)


class Question(ABC):
    """What all types of question share. It is immutable.

    A dataclass would do the same, but creating nine of them takes a tenth of the start-up time.

    Attributes:
        id: permanent; the history refers to it.
        rationale: why the key is right; may be empty.
        passage: page id, and after `#` the heading id of the text that answers it; empty if the course has no pages.
        file_topic: the topic from the name of its file; empty for `questions.yaml`.
        tags: its author's labels.
        context: a text shared with other questions and shown before its stem; may be empty.
        hint: may be empty.
        level: one of `LEVELS`.
        sources: their keys.
        cited: the label and the address of each source; an address may be empty.
        revision: raised when the meaning changes.
        markup: the parsed blocks of each of its texts with markup.
        language: the tag of the course's language.
        equal: groups of words that mean the same in its answers, from the course and its glossary.
        alike: words of the course that are one typo away from a word in its answers.
    """

    type: ClassVar[str]
    names: ClassVar[tuple[str, ...]] = ()
    entry: ClassVar[InputMode] = InputMode.LINE
    offers: ClassVar[bool] = False
    """Whether its right and wrong answers are listed as options."""
    judged: ClassVar[bool] = False
    """Whether its stem is a statement, true or false."""
    typed: ClassVar[bool] = False
    """Whether its answers are typed as text, and so are literal, not Markdown."""
    fields: ClassVar[tuple[Field, ...]] = ()
    asks: ClassVar[str] = "The question text"
    """The stem that an editor fills in for a new question."""

    id: str
    stem: str
    rationale: str = ""
    passage: str = ""
    file_topic: str = ""
    tags: tuple[str, ...] = ()
    context: str = ""
    hint: str = ""
    level: str = "recall"
    sources: tuple[str, ...] = ()
    cited: tuple[tuple[str, str], ...] = ()
    revision: int = 1
    markup: dict[str, tuple[Block, ...]] = {}  # noqa: RUF012  never changed
    language: str = "en"
    equal: tuple[tuple[str, ...], ...] = ()
    alike: tuple[str, ...] = ()

    def __init__(self, **values: Any) -> None:  # noqa: ANN401  the types are those of the fields
        """Take the values of its fields, by name."""
        vars(self).update(values)

    def say(self, text: str, **values: object) -> str:
        """Return a text in the course's language, as `languages.say` does."""
        return say(text, self.language, **values)

    def say_count(self, one: str, many: str, number: int, **values: object) -> str:
        """Return one of two texts in the course's language, as `languages.say_count` does."""
        return say_count(one, many, self.language, number, **values)

    def blocks(self, text: str) -> tuple[Block, ...]:
        """Return one of its texts as paragraphs and code."""
        return self.markup.get(text) or blocks_of(text)

    def displayed(self, text: str) -> str:
        """Return one of its texts as displayed, without markup and on one line."""
        parts = [block.lines if isinstance(block, Code) else plain_texts([block]) for block in self.blocks(text)]
        return " ".join(" ".join(line for part in parts for line in part).split())

    def spellings(self, options: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return options as written, and as displayed if that differs."""
        return list(dict.fromkeys((options, tuple(map(self.displayed, options)))))

    @property
    def page(self) -> str:
        """The id of its page."""
        return self.passage.partition("#")[0]

    @property
    def topic(self) -> str:
        """The id of its page, or else of its file's topic; empty without either."""
        return self.page or self.file_topic

    @property
    def heading(self) -> str:
        """The id of the heading above its passage; empty for the page's opening."""
        return self.passage.partition("#")[2]

    @property
    @abstractmethod
    def solution(self) -> tuple[Part, ...]:
        """The right answer, part by part."""

    @property
    def right(self) -> tuple[Named, ...]:
        """The right answers it lists; empty if an answer has several parts."""
        return ()

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The wrong answers it lists."""
        return ()

    @property
    def chance(self) -> float:
        """The probability that a blind guess is right; 0 if answers are typed freely."""
        return 0.0

    @abstractmethod
    def expects(self, sheet: Sheet) -> str:
        """Return in a few words how to answer."""

    def sheet(self, rng: Random) -> Sheet:
        """Return the question as asked once; `rng` shuffles what may be shuffled."""
        del rng
        return Sheet(self)

    @abstractmethod
    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Mark an answer to a sheet of this question."""

    @classmethod  # noqa: B027  a type may have nothing to add
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Report contradictions between the fields of a question."""

    @classmethod
    def build(cls, data: dict[str, Any]) -> Self:
        """Build the question from plain data with all its fields."""
        own = {name: _frozen(value) for name, value in data.items() if name not in ("type", "markup")}
        return cls(**own, markup={text: from_plain(blocks) for text, blocks in data.get("markup", {}).items()})


def _frozen(value: Any) -> Any:  # noqa: ANN401  text, a number, a truth value, a list or a mapping
    if isinstance(value, dict):
        return tuple(value.items())
    if isinstance(value, list | tuple):
        return tuple(
            Distractor(**item) if isinstance(item, dict) else tuple(item) if isinstance(item, list) else item
            for item in value
        )
    return value
