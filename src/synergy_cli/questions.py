"""Questions and their kinds. A kind is one class and one word in `KINDS`; no other room names a kind."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from math import factorial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from synergy_cli.schema import (
    DECIMAL,
    IDENT,
    SOURCE,
    Amount,
    Field,
    Flag,
    ListOf,
    Record,
    Reference,
    Report,
    Table,
    Text,
    Whole,
    Word,
)
from synergy_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from synergy_cli.documents import Node

LEVELS = ("recall", "understand", "apply")
MOST_OPTIONS = 9
LETTERS = "abcdefghi"
COMMANDS = ("?", "s", "q", "e", "u", "f", "b")

_PASSAGE = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*(?:#[\w-]+)?")


class Verdict(Enum):
    """What an answer was found to be."""

    RIGHT = "right"
    WRONG = "wrong"
    NEAR = "near"
    UNREADABLE = "unreadable"


class Entry(Enum):
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
    """A wrong answer that people give, and why it is wrong."""

    text: str
    feedback: str


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
        """Give what is listed, each with the sign that stands for it in an answer."""
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
    entry: ClassVar[Entry] = Entry.LINE
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
        """Give the id of its page, which is its topic."""
        return self.passage.partition("#")[0]

    @property
    def heading(self) -> str:
        """Give the id of the heading above its passage; empty for the page's opening."""
        return self.passage.partition("#")[2]

    @property
    @abstractmethod
    def solution(self) -> tuple[str, ...]:
        """Give the right answer, a line each part."""

    @property
    def chance(self) -> float:
        """Give the probability that a blind guess is right; 0 where an answer is typed freely."""
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


_DISTRACTOR = Record(
    (
        Field("text", Text(), "The wrong answer"),
        Field("feedback", Text(), "Why it is wrong"),
    )
)
_KNOWN_MISSES = Field(
    "distractors", ListOf(_DISTRACTOR), "Wrong answers that people give, with the reason", required=False, default=()
)
_COMMON = (
    Field("id", IDENT, "A permanent id"),
    Field("type", Text(), "The kind of question"),
    Field("stem", Text(), "What is asked"),
    Field("rationale", Text(), "Why the key is right"),
    Field(
        "passage",
        Reference("passage", Text(_PASSAGE, "page or page#heading")),
        "The text that answers it",
        required=False,
        default="",
    ),
    Field("hint", Text(), "A nudge that does not give the key away", required=False, default=""),
    Field("level", Word(LEVELS), "What it asks for", required=False, default="recall"),
    Field("sources", ListOf(SOURCE), "Its sources", required=False, default=()),
    Field("revision", Whole(1), "Raised when the meaning changes", required=False, default=1),
)


def _pick(answer: str, options: Sequence[str]) -> int | None:
    """Read one option: its number, or its text."""
    typed = fold(answer)
    if typed.isdecimal() and len(typed) == 1 and 1 <= int(typed) <= len(options):
        return int(typed) - 1
    return next((place for place, option in enumerate(options) if fold(option) == typed), None)


def _digits(answer: str, count: int) -> list[int] | None:
    """Read several option numbers, `13`, `1 3` or `1,3`; None when that is not what it is."""
    typed = re.sub(r"[\s,;]+", "", fold(answer))
    numbers = [int(digit) - 1 for digit in typed if digit.isascii() and digit.isdecimal()]
    sound = typed and len(numbers) == len(typed) and all(0 <= number < count for number in numbers)
    return numbers if sound and len(set(numbers)) == len(numbers) else None


def _shuffled(items: Iterable[str], rng: Random) -> tuple[str, ...]:
    listed = list(items)
    rng.shuffle(listed)
    return tuple(listed)


def _refuse_repeats(node: Node, texts: Sequence[str], report: Report) -> None:
    seen: dict[str, str] = {}
    for text in texts:
        if fold(text) in seen:
            report.at(node, f"`{text}` stands among the answers twice; expected each once")
        seen[fold(text)] = text


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice(Question):
    """One right option among several."""

    kind = "choice"
    entry = Entry.KEY
    fields = (
        Field("key", Text(), "The right option"),
        Field("distractors", ListOf(_DISTRACTOR, 1, MOST_OPTIONS - 1), "The wrong options"),
    )

    key: str
    distractors: tuple[Distractor, ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """Give the right option."""
        return (self.key,)

    @property
    def chance(self) -> float:
        """Give the chance of one option among all."""
        return 1 / (1 + len(self.distractors))

    def expects(self, sheet: Sheet) -> str:
        """Say which keys answer."""
        return f"1-{len(sheet.options)}"

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the options."""
        return Sheet(self, _shuffled([self.key, *(wrong.text for wrong in self.distractors)], rng))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the chosen option with the key."""
        place = _pick(answer, sheet.options)
        if place is None:
            return Marking(Verdict.UNREADABLE, (answer,), (f"Expected a number from 1 to {len(sheet.options)}.",))
        chosen = sheet.options[place]
        if chosen == self.key:
            return Marking(Verdict.RIGHT, (chosen,))
        return Marking(Verdict.WRONG, (chosen,), _feedback(self.distractors, chosen))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an option that stands there twice."""
        _refuse_repeats(node, [data["key"], *(wrong["text"] for wrong in data["distractors"])], report)


@dataclass(frozen=True, eq=False, kw_only=True)
class Multiple(Question):
    """Several right options among others."""

    kind = "multiple"
    fields = (
        Field("keys", ListOf(Text(), 1, MOST_OPTIONS - 1), "The right options"),
        Field("distractors", ListOf(_DISTRACTOR, 1, MOST_OPTIONS - 1), "The wrong options"),
    )

    keys: tuple[str, ...]
    distractors: tuple[Distractor, ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """Give the right options."""
        return self.keys

    @property
    def chance(self) -> float:
        """Give the chance of one selection among all that are not empty."""
        return 1 / ((1 << len(self.keys) + len(self.distractors)) - 1)

    def expects(self, sheet: Sheet) -> str:
        """Say how several are given."""
        return f"all right numbers of 1-{len(sheet.options)}"

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the options."""
        return Sheet(self, _shuffled([*self.keys, *(wrong.text for wrong in self.distractors)], rng))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the chosen options with the keys: all of them and no other is right."""
        places = _digits(answer, len(sheet.options))
        if places is None:
            remark = f"Expected different numbers from 1 to {len(sheet.options)}, such as 13."
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        chosen = tuple(sheet.options[place] for place in sorted(places))
        if set(chosen) == set(self.keys):
            return Marking(Verdict.RIGHT, chosen)
        wrong = [remark for option in chosen for remark in _feedback(self.distractors, option, name=True)]
        found = sum(key in chosen for key in self.keys)
        return Marking(Verdict.WRONG, chosen, (*wrong, f"{found} of {len(self.keys)} right ones were chosen."))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an option that stands there twice, and more options than there are keys to press."""
        options = [*data["keys"], *(wrong["text"] for wrong in data["distractors"])]
        _refuse_repeats(node, options, report)
        if len(options) > MOST_OPTIONS:
            report.at(node, f"{len(options)} options, expected at most {MOST_OPTIONS}")


def _feedback(distractors: Sequence[Distractor], chosen: str, *, name: bool = False) -> tuple[str, ...]:
    return tuple(
        f"{wrong.text}: {wrong.feedback}" if name else wrong.feedback
        for wrong in distractors
        if fold(wrong.text) == fold(chosen)
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class TrueFalse(Question):
    """A statement that holds or does not."""

    kind = "true-false"
    entry = Entry.KEY
    fields = (Field("key", Flag(), "Whether it holds"),)
    WORDS: ClassVar = ("True", "False")

    key: bool

    @property
    def solution(self) -> tuple[str, ...]:
        """Give the right word."""
        return (self.WORDS[0] if self.key else self.WORDS[1],)

    @property
    def chance(self) -> float:
        """Give the chance of one word of two."""
        return 1 / len(self.WORDS)

    def expects(self, sheet: Sheet) -> str:
        """Say which keys answer."""
        del sheet
        return "1-2"

    def sheet(self, rng: Random) -> Sheet:
        """List both words, always in the same order."""
        del rng
        return Sheet(self, self.WORDS)

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the word with the key; `t` and `f` do as well."""
        typed = {"t": "1", "f": "2"}.get(fold(answer), answer)
        place = _pick(typed, sheet.options)
        if place is None:
            return Marking(Verdict.UNREADABLE, (answer,), ("Expected 1 for true or 2 for false.",))
        chosen = sheet.options[place]
        return Marking(Verdict.RIGHT if (chosen,) == self.solution else Verdict.WRONG, (chosen,))


@dataclass(frozen=True, eq=False, kw_only=True)
class Short(Question):
    """A word or a few, typed."""

    kind = "short"
    fields = (
        Field("key", Text(), "The right answer"),
        Field("accept", ListOf(Text()), "Other right answers", required=False, default=()),
        _KNOWN_MISSES,
    )

    key: str
    accept: tuple[str, ...] = ()
    distractors: tuple[Distractor, ...] = ()

    @property
    def solution(self) -> tuple[str, ...]:
        """Give the key."""
        return (self.key,)

    def expects(self, sheet: Sheet) -> str:
        """Say what to type."""
        del sheet
        return "your answer"

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare with all right answers; a near miss is told apart, never passed."""
        del sheet
        typed = fold(answer)
        if not typed:
            return Marking(Verdict.UNREADABLE, (answer,), ("Expected a word or two.",))
        accepted = [fold(text) for text in (self.key, *self.accept)]
        if typed in accepted:
            return Marking(Verdict.RIGHT, (answer.strip(),))
        remarks = _feedback(self.distractors, answer)
        if not remarks and any(nearly(typed, text) for text in accepted):
            return Marking(Verdict.NEAR, (answer.strip(),), ("Nearly: look at the spelling.",))
        return Marking(Verdict.WRONG, (answer.strip(),), remarks)

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a wrong answer that is accepted too."""
        right = [data["key"], *data["accept"]]
        _refuse_repeats(node, [*right, *(wrong["text"] for wrong in data["distractors"])], report)


@dataclass(frozen=True, eq=False, kw_only=True)
class Number(Question):
    """A number, within a tolerance, in a unit."""

    kind = "number"
    fields = (
        Field("key", Amount(), "The right number"),
        Field("tolerance", Amount(), "How far off is still right", required=False, default="0"),
        Field("unit", Text(most=20), "The unit of key and tolerance", required=False, default=""),
        Field(
            "units",
            Table(Amount(positive=True)),
            "Other units that may be used, and what one of them is in `unit`",
            required=False,
            default={},
        ),
        _KNOWN_MISSES,
    )

    key: str
    tolerance: str = "0"
    unit: str = ""
    units: tuple[tuple[str, str], ...] = ()
    distractors: tuple[Distractor, ...] = ()

    @property
    def solution(self) -> tuple[str, ...]:
        """Give the number with its unit and tolerance."""
        spread = f" (within {self.tolerance})" if Decimal(self.tolerance) else ""
        return (f"{self.key} {self.unit}".strip() + spread,)

    def expects(self, sheet: Sheet) -> str:
        """Say which unit is taken for granted."""
        del sheet
        return f"a number in {self.unit}" if self.unit else "a number"

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the amount, brought to the question's unit, with the key."""
        del sheet
        amount = self._amount(answer)
        if amount is None:
            return Marking(Verdict.UNREADABLE, (answer,), (f"Expected {self._form()}.",))
        if abs(amount - Decimal(self.key)) <= abs(Decimal(self.tolerance)):
            return Marking(Verdict.RIGHT, (answer.strip(),))
        known = [wrong.feedback for wrong in self.distractors if self._amount(wrong.text) == amount]
        return Marking(Verdict.WRONG, (answer.strip(),), tuple(known))

    def _amount(self, answer: str) -> Decimal | None:
        number, unit = split_number(answer)
        factors = {_unit_name(name): factor for name, factor in (("", "1"), (self.unit, "1"), *self.units)}
        factor = factors.get(_unit_name(unit))
        return None if number is None or factor is None else number * Decimal(factor)

    def _form(self) -> str:
        return f"a number in {self.unit}" if self.unit else "a number without a unit"

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a wrong answer that is no number in a known unit, or within the tolerance."""
        known = {_unit_name(data["unit"]): Decimal(1)}
        for name, factor in data["units"].items():
            if known.setdefault(_unit_name(name), Decimal(factor)) != Decimal(factor):
                report.at(node, f"the unit `{name}` has two values, {factor} is one; expected one for each unit")
        question = cls.build(data)
        for wrong in question.distractors:
            verdict = question.mark(Sheet(question), wrong.text).verdict
            if verdict is not Verdict.WRONG:
                report.at(node, f"the distractor `{wrong.text}` is {verdict.value}, expected a wrong number")


@dataclass(frozen=True, eq=False, kw_only=True)
class Order(Question):
    """Several things to bring into order."""

    kind = "order"
    fields = (Field("order", ListOf(Text(), 2, MOST_OPTIONS), "The things in the right order"),)

    order: tuple[str, ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """Give the things in order, numbered."""
        return tuple(f"{place}. {text}" for place, text in enumerate(self.order, start=1))

    @property
    def chance(self) -> float:
        """Give the chance of one order among all."""
        return 1 / factorial(len(self.order))

    def expects(self, sheet: Sheet) -> str:
        """Say how an order is typed."""
        return f"the numbers 1-{len(sheet.options)} in order"

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the things, and not into the right order."""
        options = _shuffled(self.order, rng)
        return Sheet(self, options if options != self.order else options[1:] + options[:1])

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare place by place."""
        places = _digits(answer, len(sheet.options))
        if places is None or len(places) != len(sheet.options):
            remark = f"Expected each number from 1 to {len(sheet.options)} once, in order."
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        given = tuple(sheet.options[place] for place in places)
        if given == self.order:
            return Marking(Verdict.RIGHT, given)
        kept = sum(mine == right for mine, right in zip(given, self.order, strict=True))
        return Marking(Verdict.WRONG, given, (f"{kept} of {len(given)} are in the right place.",))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a thing that stands there twice."""
        _refuse_repeats(node, data["order"], report)


@dataclass(frozen=True, eq=False, kw_only=True)
class Match(Question):
    """Things to be paired."""

    kind = "match"
    fields = (Field("pairs", Table(Text(), 2, MOST_OPTIONS), "Each thing and its partner"),)

    pairs: tuple[tuple[str, str], ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """Give the pairs."""
        return tuple(f"{left}: {right}" for left, right in self.pairs)

    @property
    def chance(self) -> float:
        """Give the chance of one pairing among all."""
        return 1 / factorial(len(self.pairs))

    def expects(self, sheet: Sheet) -> str:
        """Say how partners are typed."""
        return f"a letter for each of 1-{len(sheet.options)} in turn"

    def sheet(self, rng: Random) -> Sheet:
        """Keep the left side, shuffle the right, and not into the right order."""
        partners = tuple(right for _, right in self.pairs)
        shuffled = _shuffled(partners, rng)
        shuffled = shuffled if shuffled != partners else shuffled[1:] + shuffled[:1]
        return Sheet(self, tuple(left for left, _ in self.pairs), shuffled)

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare pair by pair; digits before the letters (`1b 2a`) are allowed."""
        count = len(sheet.options)
        typed = re.sub(r"[\s,;:.=-]", "", fold(answer))
        if re.fullmatch(r"(?:\d[a-z])+", typed):
            numbered = {typed[place]: typed[place + 1] for place in range(0, len(typed), 2)}
            typed = "".join(numbered.get(str(place), "?") for place in range(1, count + 1))
        if sorted(typed) != list(LETTERS[:count]):
            example = f"{LETTERS[1]}{LETTERS[0]}{LETTERS[2:count]}"
            remark = f"Expected each letter from a to {LETTERS[count - 1]} once, such as {example}."
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        given = tuple(sheet.partners[LETTERS.index(letter)] for letter in typed)
        pairs = tuple(f"{left}: {right}" for left, right in zip(sheet.options, given, strict=True))
        if pairs == self.solution:
            return Marking(Verdict.RIGHT, pairs)
        kept = sum(mine == right for mine, right in zip(pairs, self.solution, strict=True))
        return Marking(Verdict.WRONG, pairs, (f"{kept} of {len(pairs)} pairs are right.",))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a partner that stands there twice: it could go to either."""
        _refuse_repeats(node, list(data["pairs"].values()), report)


KINDS: dict[str, type[Question]] = {
    kind.kind: kind for kind in (Choice, Multiple, TrueFalse, Short, Number, Order, Match)
}

_RECORDS = {word: Record((*_COMMON, *kind.fields), kind.check) for word, kind in KINDS.items()}
_TYPE = Word(tuple(KINDS))


def read_question(node: Node, report: Report) -> dict[str, Any]:
    """Read one question.

    Args:
        node: the mapping in the bank.
        report: takes the faults.

    Returns:
        Plain data from which `build` makes the question; empty when its kind is unknown.
    """
    if not isinstance(node.value, dict):
        report.at(node, f"found {node.kind}, expected a question with `id`, `type` and `stem`")
        return {}
    entry = node.value.get("type")
    if entry is None:
        report.at(node, f"`type` is missing; expected one of: {', '.join(KINDS)}")
        return {}
    before = len(report.faults)
    word = _TYPE.read(entry.node, report)
    return _RECORDS[word].read(node, report) if len(report.faults) == before else {}


def build(data: dict[str, Any]) -> Question:
    """Build a question from the plain data that `read_question` gave."""
    return KINDS[data["type"]].build(data)


def split_number(answer: str) -> tuple[Decimal | None, str]:
    """Part a number from its unit.

    Args:
        answer: such as `4,000 IU`, `0,5 mg`, `-3`, `1e3`.

    Returns:
        The number, or None when there is none, and the unit as typed. Thousands are parted by commas, spaces or
        apostrophes, in threes; any other comma is a decimal one.
    """
    if any(unicodedata.decomposition(sign).startswith("<su") for sign in answer):
        return None, ""  # a power is no digit: 10\N{SUPERSCRIPT TWO} is not 102
    match = re.fullmatch(r"([+-]?\s*(?:\d[\d.,' ]*\d|\d|[.,]\d+)(?:e[+-]?\d{1,3})?)\s*(.*)", fold(answer))
    if match is None:
        return None, ""
    number = re.sub(r"^([+-])\s+", r"\1", match[1])
    grouped = re.fullmatch(r"[+-]?[1-9]\d{0,2}(?:([,' ])\d{3})(?:\1\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?", number)
    number = number.replace(grouped[1], "") if grouped else number.replace(",", ".")
    if not DECIMAL.fullmatch(number) or len(number) > 40:  # noqa: PLR2004  nobody means more digits
        return None, ""
    return Decimal(number), match[2]


def _unit_name(unit: str) -> str:
    """Bring spellings of a unit together: NFKC has made µ and μ one; mc and u are how µ is typed."""
    name = fold(unit).replace(" ", "")
    return re.sub(r"^(?:mc|u)(?=(?:g|l|m|mol)\b)", "\N{GREEK SMALL LETTER MU}", name)


_OPPOSITES = ("anti", "hyper", "hypo", "under", "over", "non", "dis", "de", "un", "in", "im", "a")
_NEGATIONS = {"no", "not", "never", "without", "cannot", "none"}


def nearly(typed: str, right: str) -> bool:
    """Tell a slip of the fingers from another answer.

    Args:
        typed: a folded answer.
        right: a folded right answer.

    Returns:
        True when they differ by one slip (by two from eight letters on), and neither in a digit, nor in a negation, nor
        in a prefix that turns the meaning (hyper-, hypo-, anti-, un- …).
    """
    if re.findall(r"\d", typed) != re.findall(r"\d", right):
        return False
    if _NEGATIONS & (set(typed.split()) ^ set(right.split())):
        return False
    if _turned(typed, right):
        return False
    shorter = min(len(typed), len(right))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2  # noqa: PLR2004  short words have near neighbours
    return 0 < slips(typed, right, allowed + 1) <= allowed


def _turned(typed: str, right: str) -> bool:
    def prefixes(text: str) -> list[str]:
        words = re.split(r"[\s/-]+", text)
        return sorted(filter(None, (next((p for p in _OPPOSITES if word.startswith(p)), "") for word in words)))

    return prefixes(typed) != prefixes(right)


def slips(first: str, second: str, most: int) -> int:
    """Count the slips between two words: letters missing, added, changed, or two neighbours swapped.

    Args:
        first: a word.
        second: another.
        most: stop counting here.

    Returns:
        The optimal string alignment distance (Damerau 1964), or `most` when it is at least that.
    """
    if abs(len(first) - len(second)) >= most:
        return most
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most)
