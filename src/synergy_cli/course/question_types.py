"""The question types: one class each, listed in `QUESTION_TYPES`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import factorial
from typing import TYPE_CHECKING, Any, ClassVar

from synergy_cli.course.answers import digits, nearly, pick, split_number, unit_name
from synergy_cli.course.question import (
    LETTERS,
    MOST_OPTIONS,
    Distractor,
    InputMode,
    Marking,
    Named,
    Question,
    Sheet,
    Verdict,
)
from synergy_cli.parsing.schema import (
    Amount,
    Field,
    Flag,
    ListOf,
    MapOf,
    Object,
    Text,
)
from synergy_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.yaml import Node


_DISTRACTOR = Object(
    (
        Field("text", Text(), "The wrong answer", aliases=("option", "answer", "choice", "value")),
        Field(
            "feedback",
            Text(),
            "Why it is wrong",
            required=False,
            default="",
            aliases=("explanation", "reason", "rationale", "why", "comment"),
        ),
    )
)
_KEY_NAMES = ("answer", "correct", "correct_answer", "correctanswer", "correctAnswer", "answer_key", "answerIndex")
_WRONG_NAMES = ("wrong_answers", "incorrect_answers", "alternatives", "wrong", "false_statements")
LISTS = ("options", "choices", "possibilities", "answers")
_KNOWN_MISSES = Field(
    "distractors", ListOf(_DISTRACTOR), "Wrong answers that people give, with the reason", required=False, default=()
)


def _shuffled(items: Iterable[str], rng: Random) -> tuple[str, ...]:
    listed = list(items)
    rng.shuffle(listed)
    return tuple(listed)


def _spots(node: Node, *names: str) -> list[Node]:
    """Return the nodes of all answers under the given keys of a question, in order."""
    found: list[Node] = []
    for entry in (node.value[name] for name in names if name in node.value):
        value = entry.node.value
        if isinstance(value, dict):
            found += [item.node for item in value.values()]
        elif isinstance(value, list):
            found += [item.value["text"].node if isinstance(item.value, dict) else item for item in value]
        else:
            found.append(entry.node)
    return found


def _refuse_repeats(spots: Iterable[Node], report: Report) -> None:
    seen: set[str] = set()
    for spot in spots:
        folded = fold(spot.value)
        if folded in seen:
            report.at(spot, "duplicate-answer", f"`{spot.value.strip()}` is listed twice among the answers")
        seen.add(folded)


def _warn_of_digits(spots: Iterable[Node], report: Report) -> None:
    """Report an option that looks like the number of an option: typing it would be ambiguous."""
    for spot in spots:
        text = spot.value.strip()
        if len(text) == 1 and text.isdecimal():
            message = f"`{text}` looks like an option's number; give descriptive text, such as `{text} bits` or `two`"
            report.at(spot, "digit-option", message)


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice(Question):
    """One right option among several."""

    type = "choice"
    names = (
        "single",
        "single-choice",
        "single_choice",
        "multiple-choice",
        "multiple_choice",
        "multichoice",
        "mcq",
        "mc",
    )
    entry = InputMode.KEY
    offers = True
    fields = (
        Field("key", Text(), "The right option", aliases=_KEY_NAMES),
        Field("distractors", ListOf(_DISTRACTOR, 1, MOST_OPTIONS - 1), "The wrong options", aliases=_WRONG_NAMES),
    )

    key: str
    distractors: tuple[Distractor, ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """The right option."""
        return (self.key,)

    @property
    def right(self) -> tuple[Named, ...]:
        """The key."""
        return (Named(self.key, ("key",)),)

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors."""
        return _named(self.distractors)

    @property
    def chance(self) -> float:
        """The chance of one option among all."""
        return 1 / (1 + len(self.distractors))

    def expects(self, sheet: Sheet) -> str:
        """Return the keys that answer."""
        return f"1-{len(sheet.options)}"

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the options."""
        return Sheet(self, _shuffled([self.key, *(wrong.text for wrong in self.distractors)], rng))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the chosen option with the key."""
        place = pick(answer, sheet.options)
        if place is None:
            return Marking(Verdict.UNREADABLE, (answer,), (f"Expected a number from 1 to {len(sheet.options)}.",))
        chosen = sheet.options[place]
        if chosen == self.key:
            return Marking(Verdict.RIGHT, (chosen,))
        return Marking(Verdict.WRONG, (chosen,), _feedback(self.distractors, chosen))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an option that is listed twice."""
        del data
        spots = _spots(node, "key", "distractors")
        _refuse_repeats(spots, report)
        _warn_of_digits(spots, report)


@dataclass(frozen=True, eq=False, kw_only=True)
class Multiple(Question):
    """Several right options among others."""

    type = "multiple"
    names = ("multi", "multiple-answer", "multiple_answer", "multiple-response", "checkbox", "select-all")
    offers = True
    fields = (
        Field("keys", ListOf(Text(), 1, MOST_OPTIONS - 1), "The right options", aliases=("key", *_KEY_NAMES)),
        Field("distractors", ListOf(_DISTRACTOR, 1, MOST_OPTIONS - 1), "The wrong options", aliases=_WRONG_NAMES),
    )

    keys: tuple[str, ...]
    distractors: tuple[Distractor, ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """The right options."""
        return self.keys

    @property
    def right(self) -> tuple[Named, ...]:
        """The keys."""
        return tuple(Named(text, ("keys", place)) for place, text in enumerate(self.keys))

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors."""
        return _named(self.distractors)

    @property
    def chance(self) -> float:
        """The chance of one selection among all that are not empty."""
        return 1 / ((1 << len(self.keys) + len(self.distractors)) - 1)

    def expects(self, sheet: Sheet) -> str:
        """Return how several options are given."""
        return f"all right numbers of 1-{len(sheet.options)}"

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the options."""
        return Sheet(self, _shuffled([*self.keys, *(wrong.text for wrong in self.distractors)], rng))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the chosen options with the keys: all of them and no other is right."""
        places = digits(answer, len(sheet.options))
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
        """Refuse an option that is listed twice, and more options than there are keys to press."""
        del data
        spots = _spots(node, "keys", "distractors")
        _refuse_repeats(spots, report)
        _warn_of_digits(spots, report)
        if len(spots) > MOST_OPTIONS:
            report.at(node, "wrong-length", f"{len(spots)} options, expected at most {MOST_OPTIONS}")


def _named(distractors: Sequence[Distractor]) -> tuple[Named, ...]:
    places = enumerate(distractors)
    return tuple(Named(wrong.text, ("distractors", place, "text"), wrong.feedback) for place, wrong in places)


def _feedback(distractors: Sequence[Distractor], chosen: str, *, name: bool = False) -> tuple[str, ...]:
    return tuple(
        f"{wrong.text}: {wrong.feedback}" if name else wrong.feedback
        for wrong in distractors
        if fold(wrong.text) == fold(chosen) and wrong.feedback
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class TrueFalse(Question):
    """A statement that holds or does not."""

    type = "true-false"
    names = ("truefalse", "true_false", "true/false", "boolean", "bool", "tf")
    entry = InputMode.KEY
    judged = True
    fields = (Field("key", Flag(), "Whether it holds", aliases=_KEY_NAMES),)
    WORDS: ClassVar = ("True", "False")

    key: bool

    @property
    def solution(self) -> tuple[str, ...]:
        """The right word."""
        return (self.WORDS[0] if self.key else self.WORDS[1],)

    @property
    def right(self) -> tuple[Named, ...]:
        """The right word."""
        return (Named(self.solution[0], ("key",)),)

    @property
    def chance(self) -> float:
        """The chance of one word of two."""
        return 1 / len(self.WORDS)

    def expects(self, sheet: Sheet) -> str:
        """Return the keys that answer."""
        del sheet
        return "1-2"

    def sheet(self, rng: Random) -> Sheet:
        """List both words, always in the same order."""
        del rng
        return Sheet(self, self.WORDS)

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the word with the key; `t` and `f` do as well."""
        typed = {"t": "1", "f": "2"}.get(fold(answer), answer)
        place = pick(typed, sheet.options)
        if place is None:
            return Marking(Verdict.UNREADABLE, (answer,), ("Expected 1 for true or 2 for false.",))
        chosen = sheet.options[place]
        return Marking(Verdict.RIGHT if (chosen,) == self.solution else Verdict.WRONG, (chosen,))


@dataclass(frozen=True, eq=False, kw_only=True)
class Short(Question):
    """A word or a few, typed."""

    type = "short"
    typed = True
    names = ("typed", "text", "string", "short-answer", "short_answer", "shortanswer", "fill-in", "cloze")
    fields = (
        Field("key", Text(), "The right answer", aliases=_KEY_NAMES),
        Field(
            "accept",
            ListOf(Text()),
            "Other right answers",
            required=False,
            default=(),
            aliases=("accepted_answers", "alternatives", "answers", "accepted", "also"),
        ),
        _KNOWN_MISSES,
    )

    key: str
    accept: tuple[str, ...] = ()
    distractors: tuple[Distractor, ...] = ()

    @property
    def solution(self) -> tuple[str, ...]:
        """The key."""
        return (self.key,)

    @property
    def right(self) -> tuple[Named, ...]:
        """All that is accepted."""
        others = (Named(text, ("accept", place)) for place, text in enumerate(self.accept))
        return (Named(self.key, ("key",)), *others)

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors."""
        return _named(self.distractors)

    def expects(self, sheet: Sheet) -> str:
        """Return what to type."""
        del sheet
        return "your answer"

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare with all right answers; a near miss is reported as such and never passes."""
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
        del data
        _refuse_repeats(_spots(node, "key", "accept", "distractors"), report)


@dataclass(frozen=True, eq=False, kw_only=True)
class Number(Question):
    """A number, within a tolerance, in a unit."""

    type = "number"
    typed = True
    names = ("numeric", "numerical", "integer")
    fields = (
        Field("key", Amount(), "The right number", aliases=_KEY_NAMES),
        Field(
            "tolerance",
            Amount(),
            "How far off is still right",
            required=False,
            default="0",
            aliases=("margin", "error", "precision"),
        ),
        Field("unit", Text(most=20), "The unit of key and tolerance", required=False, default=""),
        Field(
            "units",
            MapOf(Amount(positive=True)),
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
        """The number with its unit and tolerance."""
        spread = f" (within {self.tolerance})" if Decimal(self.tolerance) else ""
        return (f"{self.key} {self.unit}".strip() + spread,)

    @property
    def right(self) -> tuple[Named, ...]:
        """The number with its unit."""
        return (Named(f"{self.key} {self.unit}".strip(), ("key",)),)

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors, each with its unit."""
        named = _named(self.distractors)
        return tuple(
            wrong if split_number(wrong.text)[1] else wrong._replace(text=f"{wrong.text} {self.unit}".strip())
            for wrong in named
        )

    def expects(self, sheet: Sheet) -> str:
        """Return which unit is assumed."""
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
        known = [wrong.feedback for wrong in self.distractors if wrong.feedback and self._amount(wrong.text) == amount]
        return Marking(Verdict.WRONG, (answer.strip(),), tuple(known))

    def _amount(self, answer: str) -> Decimal | None:
        number, unit = split_number(answer)
        factors = {unit_name(name): factor for name, factor in (("", "1"), (self.unit, "1"), *self.units)}
        factor = factors.get(unit_name(unit))
        return None if number is None or factor is None else number * Decimal(factor)

    def _form(self) -> str:
        return f"a number in {self.unit}" if self.unit else "a number without a unit"

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a wrong answer that is no number in a known unit, or within the tolerance."""
        known = {unit_name(data["unit"]): Decimal(1)}
        for name, factor in data["units"].items():
            if known.setdefault(unit_name(name), Decimal(factor)) != Decimal(factor):
                report.at(
                    node,
                    "contradiction",
                    f"the unit `{name}` has two values, {factor} is one; give one for each unit",
                )
        question = cls.build(data)
        for wrong, spot in zip(question.distractors, _spots(node, "distractors"), strict=True):
            verdict = question.mark(Sheet(question), wrong.text).verdict
            if verdict is not Verdict.WRONG:
                fault = "would be marked right" if verdict is Verdict.RIGHT else "cannot be read"
                message = f"the distractor `{wrong.text}` {fault}; expected a wrong number"
                report.at(spot, "contradiction", message)


@dataclass(frozen=True, eq=False, kw_only=True)
class Order(Question):
    """Several things to bring into order."""

    type = "order"
    names = ("ordering", "reorder", "sequence", "ranking")
    fields = (
        Field(
            "order",
            ListOf(Text(), 2, MOST_OPTIONS),
            "The things in the right order",
            aliases=("items", "sequence", "steps", *LISTS, *_KEY_NAMES),
        ),
    )

    order: tuple[str, ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """The things in order, numbered."""
        return tuple(f"{place}. {text}" for place, text in enumerate(self.order, start=1))

    @property
    def chance(self) -> float:
        """The chance of one order among all."""
        return 1 / factorial(len(self.order))

    def expects(self, sheet: Sheet) -> str:
        """Return how an order is typed."""
        return f"the numbers 1-{len(sheet.options)} in order"

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the things, and not into the right order."""
        options = _shuffled(self.order, rng)
        return Sheet(self, options if options != self.order else options[1:] + options[:1])

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare place by place."""
        places = digits(answer, len(sheet.options))
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
        """Refuse an item that is listed twice."""
        del data
        spots = _spots(node, "order")
        _refuse_repeats(spots, report)
        _warn_of_digits(spots, report)


@dataclass(frozen=True, eq=False, kw_only=True)
class Match(Question):
    """Things to be paired."""

    type = "match"
    names = ("matching", "pairs", "connect")
    fields = (
        Field(
            "pairs",
            MapOf(Text(), 2, MOST_OPTIONS),
            "Each thing and its partner",
            aliases=("matches", "matching", "answers", *_KEY_NAMES),
        ),
    )

    pairs: tuple[tuple[str, str], ...]

    @property
    def solution(self) -> tuple[str, ...]:
        """The pairs."""
        return tuple(f"{left}: {right}" for left, right in self.pairs)

    @property
    def chance(self) -> float:
        """The chance of one pairing among all."""
        return 1 / factorial(len(self.pairs))

    def expects(self, sheet: Sheet) -> str:
        """Return how partners are typed."""
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
        """Refuse a partner that is listed twice: it could go to either."""
        del data
        _refuse_repeats(_spots(node, "pairs"), report)


QUESTION_TYPES: dict[str, type[Question]] = {
    found.type: found for found in (Choice, Multiple, TrueFalse, Short, Number, Order, Match)
}


def build(data: dict[str, Any]) -> Question:
    """Build a question from the plain data that `read_question` gave."""
    return QUESTION_TYPES[data["type"]].build(data)
