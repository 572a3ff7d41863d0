"""The question types: one class each, listed in `QUESTION_TYPES`."""

from __future__ import annotations

import re
from decimal import Decimal
from math import factorial, perm
from typing import TYPE_CHECKING, Any

from synergy_cli.course.answers import pick, pick_all
from synergy_cli.course.gaps import BETWEEN, count_gaps, numbered, split_answers
from synergy_cli.course.page import Paragraph, Span
from synergy_cli.course.question import (
    LETTERS,
    MOST_OPTIONS,
    Distractor,
    InputMode,
    MarkedPart,
    Marking,
    Named,
    Part,
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
    OneOrMore,
    Text,
    Whole,
)
from synergy_cli.text import fold, plural, strict, unify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from fractions import Fraction
    from random import Random

    from synergy_cli.course.numbers import Reading
    from synergy_cli.course.page import Block
    from synergy_cli.course.wording import Comparison
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
    ),
    brief="text",
)
_LAST = Field(
    "last",
    Flag(),
    "Whether it is listed after the options that are shuffled",
    required=False,
    default=False,
    aliases=("pinned", "fixed"),
)
_OPTION = _DISTRACTOR._replace(fields=(*_DISTRACTOR.fields, _LAST))
_SHUFFLE = Field(
    "shuffle",
    Flag(),
    "Whether the order of the options changes",
    required=False,
    default=True,
    aliases=("shuffled", "shuffle_options", "shuffleanswers", "shuffleAnswers", "randomize", "random"),
)
_EXACT = Field(
    "exact",
    Flag(),
    "Whether every character counts",
    required=False,
    default=False,
    aliases=("case_sensitive", "caseSensitive", "usecase"),
)
_NONE = frozenset({"0", "none", "none of them", "none of these"})
"""What is typed if no option is right, folded, besides the words of the course's language."""
"""What a learner types, folded, who holds that no option is right."""
FEWEST_OPTIONS = 2
_PLACE = Whole(1, MOST_OPTIONS)
_KEY_NAMES = ("answer", "correct", "correct_answer", "correctanswer", "correctAnswer", "answer_key", "answerIndex")
_WRONG_NAMES = ("wrong_answers", "incorrect_answers", "alternatives", "wrong", "false_statements")
_ACCEPT_NAMES = ("accepted_answers", "alternatives", "answers", "accepted", "also")
LISTS = ("options", "choices", "possibilities", "answers")
_KNOWN_MISSES = Field(
    "distractors", ListOf(_DISTRACTOR), "Wrong answers that people give, with the reason", required=False, default=()
)


def _shuffled(items: Iterable[str], rng: Random) -> tuple[str, ...]:
    listed = list(items)
    rng.shuffle(listed)
    return tuple(listed)


def _laid_out(
    keys: Sequence[str], distractors: Sequence[Distractor], rng: Random | None, places: Iterable[int] = ()
) -> tuple[str, ...]:
    """Return the options as they are listed; those marked `last` stay behind the others.

    With `rng`, the rest is shuffled. Without, it is in the order of the author, with each key at its place of `places`,
    counted from 1, or first.
    """
    others = [wrong.text for wrong in distractors if not wrong.last]
    last = [wrong.text for wrong in distractors if wrong.last]
    if rng is not None:
        return (*_shuffled([*keys, *others], rng), *last)
    options = [*others, *last]
    for place, key in sorted(zip(places or range(1, len(keys) + 1), keys, strict=True)):
        options.insert(place - 1, key)
    return tuple(options)


def _check_places(node: Node, data: dict[str, Any], name: str, options: int, report: Report) -> None:
    """Check the places of keys: one of its own for each, and none in a list that is shuffled."""
    entry, keys = node.value.get(name), len(data.get("keys", (1,)))
    places = data[name] if name == "places" else [data[name]]
    if entry is None:
        if not data["shuffle"] and 0 < keys < options:
            message = f"options that are not shuffled start with what is right; say where it stands under `{name}`"
            report.at(node.value["shuffle"].node, "key-first", message)
    elif data["shuffle"]:
        report.at(entry, "contradiction", f"`{name}` needs `shuffle: false`, because the options are shuffled")
    elif max(places, default=0) > options:
        report.at(entry.node, "contradiction", f"found place {max(places)}, but there are {options} options")
    elif not len(set(places)) == len(places) == keys:
        report.at(entry.node, "contradiction", f"expected {plural(keys, 'place')}, one for each key")


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


def _refuse_repeats(
    spots: Iterable[Node], report: Report, form: Callable[[str], str] = strict, near: Callable[[str], str] = fold
) -> None:
    """Report answers that are the same, as `form` normalises them, and warn of those that `near` makes the same."""
    seen: dict[str, str] = {}
    alike: dict[str, str] = {}
    for spot in spots:
        text, folded = spot.value.strip(), near(spot.value)
        if form(text) in seen:
            report.at(spot, "duplicate-answer", f"`{text}` is listed twice among the answers")
        elif folded in alike:
            message = f"`{text}` differs from `{alike[folded]}` only in case, marks or spaces; is that meant?"
            report.at(spot, "alike-answers", message)
        seen[form(text)] = alike[folded] = text


def _check_words(right: Sequence[Node], wrong: Sequence[Node], form: Callable[[str], str], report: Report) -> None:
    """Refuse a wrong answer that is accepted or listed twice, and warn of one that is accepted anyway.

    Args:
        right: the key, then what else is accepted.
        wrong: the distractors.
        form: makes the same of answers that are marked alike.
        report: takes the faults.
    """
    known: dict[str, Node] = {}
    for spot in right:
        first = known.setdefault(form(spot.value), spot)
        if first is not spot:
            message = f"`{spot.value.strip()}` is accepted anyway, as `{first.value.strip()}` is; leave it out"
            report.at(spot, "redundant-answer", message)
    _refuse_repeats([*known.values(), *wrong], report, form, form)


def _warn_of_digits(spots: Iterable[Node], report: Report) -> None:
    """Report an option that looks like the number of an option: typing it would be ambiguous."""
    for spot in spots:
        text = spot.value.strip(" \n`")
        if len(text) == 1 and text.isdecimal():
            message = f"`{text}` looks like an option's number; give descriptive text, such as `{text} bits` or `two`"
            report.at(spot, "digit-option", message)


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
        Field("distractors", ListOf(_OPTION, 1, MOST_OPTIONS - 1), "The wrong options", aliases=_WRONG_NAMES),
        _SHUFFLE,
        Field("place", _PLACE, "The number of the key if the options are not shuffled", required=False, default=1),
    )

    key: str
    distractors: tuple[Distractor, ...]
    shuffle: bool = True
    place: int = 1

    @property
    def solution(self) -> tuple[Part, ...]:
        """The right option."""
        return (Part(self.key),)

    @property
    def right(self) -> tuple[Named, ...]:
        """The key."""
        return (Named(self.key, ("key",), fixed=not self.shuffle),)

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors."""
        return _named(self.distractors, fixed=not self.shuffle)

    @property
    def chance(self) -> float:
        """The chance of one option among all."""
        return 1 / (1 + len(self.distractors))

    def expects(self, sheet: Sheet) -> str:
        """Return the keys that answer."""
        return f"1-{len(sheet.options)}"

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the options, unless their order is fixed."""
        return Sheet(self, _laid_out([self.key], self.distractors, rng if self.shuffle else None, [self.place]))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the chosen option with the key."""
        place = pick(answer, self.spellings(sheet.options))
        if place is None:
            remark = self.say("Expected a number from 1 to {last}, for example 2.", last=len(sheet.options))
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        chosen = sheet.options[place]
        if chosen == self.key:
            return Marking(Verdict.RIGHT, (chosen,), share=1.0)
        return Marking(Verdict.WRONG, (chosen,), _feedback(self.distractors, chosen))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an option that is listed twice, and a place that the key cannot have."""
        spots = _spots(node, "key", "distractors")
        _refuse_repeats(spots, report)
        _warn_of_digits(spots, report)
        _check_places(node, data, "place", len(spots), report)


class Multiple(Question):
    """Any number of right options among others: some, all or none."""

    type = "multiple"
    names = ("multi", "multiple-answer", "multiple_answer", "multiple-response", "checkbox", "select-all")
    offers = True
    fields = (
        Field("keys", ListOf(Text(), 0, MOST_OPTIONS), "The right options, if any", aliases=("key", *_KEY_NAMES)),
        Field("distractors", ListOf(_OPTION, 0, MOST_OPTIONS), "The wrong options, if any", aliases=_WRONG_NAMES),
        _SHUFFLE,
        Field(
            "places",
            ListOf(_PLACE),
            "The number of each key if the options are not shuffled",
            required=False,
            default=(),
            aliases=("place",),
        ),
    )

    keys: tuple[str, ...]
    distractors: tuple[Distractor, ...]
    shuffle: bool = True
    places: tuple[int, ...] = ()

    @property
    def solution(self) -> tuple[Part, ...]:
        """The right options."""
        return tuple(map(Part, self.keys)) or (Part(self.say("none of them")),)

    @property
    def right(self) -> tuple[Named, ...]:
        """The keys."""
        return tuple(Named(text, ("keys", at), fixed=not self.shuffle) for at, text in enumerate(self.keys))

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors."""
        return _named(self.distractors, fixed=not self.shuffle)

    @property
    def chance(self) -> float:
        """The chance of one selection among all, the empty one included."""
        return 1 / (1 << len(self.keys) + len(self.distractors))

    def expects(self, sheet: Sheet) -> str:
        """Return how several options are given."""
        del sheet
        return self.say("all right numbers, 0 for none")

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the options, unless their order is fixed."""
        return Sheet(self, _laid_out(self.keys, self.distractors, rng if self.shuffle else None, self.places))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the chosen options with the keys: all of them and no other is right."""
        places = pick_all(answer, self.spellings(sheet.options))
        if places is None and fold(answer) in _NONE | {fold(self.say("none of them")), fold(self.say("none"))}:
            places = []
        if places is None:
            remark = self.say("Expected different numbers from 1 to {last}, for example 1 2.", last=len(sheet.options))
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        chosen = tuple(sheet.options[place] for place in sorted(places))
        given = chosen or (self.say("none of them"),)
        if set(chosen) == set(self.keys):
            return Marking(Verdict.RIGHT, given, share=1.0)
        why = {wrong.text: wrong.feedback for wrong in self.distractors}
        parts = [MarkedPart(Part(text), right=text in self.keys, remark=why.get(text, "")) for text in chosen]
        parts += [MarkedPart(Part(key), right=False, left_out=True) for key in self.keys if key not in chosen]
        found = sum(part.right for part in parts)
        share = max(0, 2 * found - len(chosen)) / (len(self.keys) or 1)
        return Marking(Verdict.WRONG, given, (self._count(found, len(chosen) - found),), tuple(parts), share)

    def _count(self, found: int, others: int) -> str:
        """Return how many of the right options were chosen, and how many others."""
        if not self.keys:
            return self.say("No option is right.")
        one, many = (
            "You chose {found} of the {number} right option.",
            "You chose {found} of the {number} right options.",
        )
        told = self.say_count(one, many, len(self.keys), found=found)
        if not others:
            return told
        return f"{told} {self.say_count('{number} other is wrong.', '{number} others are wrong.', others)}"

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an option that is listed twice, more options than can be numbered, and places no key can have."""
        spots = _spots(node, "keys", "distractors")
        _refuse_repeats(spots, report)
        _warn_of_digits(spots, report)
        if not FEWEST_OPTIONS <= len(spots) <= MOST_OPTIONS:
            found, expected = plural(len(spots), "option"), f"{FEWEST_OPTIONS} to {MOST_OPTIONS}"
            report.at(node, "wrong-length", f"{found} under `keys` and `distractors`, expected {expected}")
        _check_places(node, data, "places", len(spots), report)


def _named(distractors: Sequence[Distractor], *, fixed: bool = False) -> tuple[Named, ...]:
    return tuple(
        Named(wrong.text, ("distractors", place, "text"), wrong.feedback, fixed or wrong.last)
        for place, wrong in enumerate(distractors)
    )


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _feedback(distractors: Sequence[Distractor], chosen: str) -> tuple[str, ...]:
    return tuple(wrong.feedback for wrong in distractors if wrong.text == chosen and wrong.feedback)


class TrueFalse(Question):
    """A statement that holds or does not."""

    type = "true-false"
    names = ("truefalse", "true_false", "true/false", "boolean", "bool", "tf")
    entry = InputMode.KEY
    judged = True
    asks = "A statement"
    fields = (Field("key", Flag(), "Whether it holds", aliases=_KEY_NAMES),)

    key: bool

    @property
    def _words(self) -> tuple[str, str]:
        return self.say("True"), self.say("False")

    @property
    def solution(self) -> tuple[Part, ...]:
        """The right word."""
        return (Part(self._words[0] if self.key else self._words[1]),)

    @property
    def right(self) -> tuple[Named, ...]:
        """The right word."""
        return (Named(self.solution[0].text, ("key",)),)

    @property
    def chance(self) -> float:
        """The chance of one word of two."""
        return 1 / len(self._words)

    def expects(self, sheet: Sheet) -> str:
        """Return the keys that answer."""
        del sheet
        return "1-2"

    def sheet(self, rng: Random) -> Sheet:
        """List both words, always in the same order."""
        del rng
        return Sheet(self, self._words)

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the word with the key; yes, no and first letters do as well."""
        from synergy_cli.course.wording import truth  # noqa: PLC0415  an answer needs it, a question does not

        place = pick(answer, self.spellings(sheet.options))
        place = truth(answer, self.language) if place is None else place
        if place is None:
            remark = self.say("Expected 1 for true or 2 for false, for example 1.")
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        chosen = sheet.options[place]
        right = chosen == self.solution[0].text
        return Marking(Verdict.RIGHT if right else Verdict.WRONG, (chosen,), share=float(right))


class Short(Question):
    """A word or a few, typed."""

    type = "short"
    typed = True
    names = ("typed", "text", "string", "short-answer", "short_answer", "shortanswer", "fill-in")
    fields = (
        Field("key", Text(), "The right answer", aliases=_KEY_NAMES),
        Field(
            "accept",
            ListOf(Text()),
            "Other right answers",
            required=False,
            default=(),
            aliases=_ACCEPT_NAMES,
        ),
        _EXACT,
        _KNOWN_MISSES,
    )

    key: str
    accept: tuple[str, ...] = ()
    exact: bool = False
    distractors: tuple[Distractor, ...] = ()

    @property
    def solution(self) -> tuple[Part, ...]:
        """The key."""
        return (Part(self.key),)

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
        return self.say("your answer")

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare with all right answers; a near miss is reported as such and never passes."""
        from synergy_cli.course.wording import nearly  # noqa: PLC0415  an answer needs it, a question does not

        del sheet
        given, accepted, comparison = (answer.strip(),), (self.key, *self.accept), self.comparison
        known = [wrong for wrong in self.distractors if comparison.same_spelling(answer, wrong.text)]
        if not known and any(comparison.same(answer, key) for key in accepted):
            return Marking(Verdict.RIGHT, given, share=1.0)
        known = known or [wrong for wrong in self.distractors if comparison.same(answer, wrong.text)]
        if not known and not _has_word(answer) and (_has_word(self.key) or not answer.strip()):
            remark = self.say("Expected a word or two, for example `blue sky`.")
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        if not known and any(nearly(answer, key, comparison) for key in accepted):
            return Marking(Verdict.NEAR, given, (self.say("Nearly: look at the spelling."),))
        if not known and any(comparison.holds(answer, key) for key in accepted):
            return Marking(Verdict.NEAR, given, (self.say("Nearly: give the answer alone, without other words."),))
        return Marking(Verdict.WRONG, given, tuple(wrong.feedback for wrong in known if wrong.feedback))

    @property
    def comparison(self) -> Comparison:
        """How answers are compared: strictly where anything less would make a wrong answer right."""
        from synergy_cli.course.wording import Comparison, idle_words  # noqa: PLC0415  as above

        keys, wrong = (self.key, *self.accept), [wrong.text for wrong in self.distractors]
        idle = idle_words(self.stem, [*keys, *wrong], self.language)
        loose = Comparison(self.language, self.equal, self.exact, idle=idle)
        pairs = ((text, key) for text in wrong for key in keys)
        return loose._replace(loose=False) if any(loose.same(*pair) for pair in pairs) else loose

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a wrong answer that is accepted too, and an answer that is listed twice."""
        form = strict if data["exact"] else fold
        _check_words(_spots(node, "key", "accept"), _spots(node, "distractors"), form, report)


class Number(Question):
    """A number, or one of a range or of several, within a tolerance, in a unit."""

    type = "number"
    typed = True
    names = ("numeric", "numerical", "integer")
    fields = (
        Field("key", Amount(ranged=True), "The right number or range", aliases=_KEY_NAMES),
        Field(
            "accept",
            ListOf(Amount(ranged=True)),
            "Other right numbers or ranges",
            required=False,
            default=(),
            aliases=_ACCEPT_NAMES,
        ),
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
    accept: tuple[str, ...] = ()
    tolerance: str = "0"
    unit: str = ""
    units: tuple[tuple[str, str], ...] = ()
    distractors: tuple[Distractor, ...] = ()

    @property
    def solution(self) -> tuple[Part, ...]:
        """The number, or all that are right, with unit and tolerance."""
        numbers = self.say(" or ").join(map(self._written, (self.key, *self.accept)))
        whole = f"{numbers} {self.unit}".strip()
        if not Decimal(self.tolerance):
            return (Part(whole),)
        return (Part(self.say("{numbers} (within {tolerance})", numbers=whole, tolerance=self._point(self.tolerance))),)

    def _written(self, number: str) -> str:
        """Return a number, or both ends of a range, as it is written in the course's language."""
        first, _, last = self._point(number).partition("..")
        return self.say("{first} to {last}", first=first, last=last) if last else first

    def _grouped(self, number: str) -> str:
        """Return a number with commas between its thousands as it is written in the course's language."""
        point = self.say(".")
        return number if point == "." else number.translate({ord("."): point, ord(","): "."})

    def _point(self, number: str) -> str:
        return "..".join(end.replace(".", self.say(".")) for end in number.split(".."))

    @property
    def right(self) -> tuple[Named, ...]:
        """The numbers, of a range both ends, with their unit."""
        places = [(self.key, ("key",)), *((number, ("accept", at)) for at, number in enumerate(self.accept))]
        ends = ((end, where) for number, where in places for end in number.split(".."))
        return tuple(Named(f"{end} {self.unit}".strip(), where) for end, where in ends)

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors, each with its unit."""
        bare = [all(not reading.unit for reading in self._readings(wrong.text)) for wrong in self.distractors]
        named = zip(_named(self.distractors), bare, strict=True)
        return tuple(
            wrong._replace(text=f"{wrong.text} {self.unit}".strip()) if is_bare else wrong for wrong, is_bare in named
        )

    def expects(self, sheet: Sheet) -> str:
        """Return which unit is assumed."""
        del sheet
        return self.say("a number in {unit}", unit=self.unit) if self.unit else self.say("a number")

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the amount, brought to the question's unit, with the key; ask again if it can be read in two ways."""
        del sheet
        given, amounts = (answer.strip(),), self.amounts(answer)
        if not amounts:
            return Marking(Verdict.UNREADABLE, (answer,), (self._form(),))
        right = [self._is_right(amount) for _, amount in amounts]
        if right[0] and (len(right) == 1 or all(right) or self.language.startswith("en")):
            return Marking(Verdict.RIGHT, given, share=1.0)
        if any(right):
            written = [reading.written for reading, _ in amounts]
            plain = self.say(" or ").join(self._point(part.replace(",", "")) for part in written)
            first, second = map(self._grouped, written)
            remark = self.say("{first} or {second}? Type {plain}.", first=first, second=second, plain=plain)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        known = [wrong for wrong in self.distractors if amounts[0][1] in [own for _, own in self.amounts(wrong.text)]]
        return Marking(Verdict.WRONG, given, tuple(wrong.feedback for wrong in known if wrong.feedback))

    def _is_right(self, amount: Fraction) -> bool:
        from fractions import Fraction  # noqa: PLC0415  most questions have no numbers

        spread = abs(Fraction(self.tolerance))
        ranges = (number.split("..") for number in (self.key, *self.accept))
        return any(Fraction(ends[0]) - spread <= amount <= Fraction(ends[-1]) + spread for ends in ranges)

    def amounts(self, answer: str) -> list[tuple[Reading, Fraction]]:
        """Return each reading of an answer with its amount in the question's unit; none for an unknown unit."""
        from synergy_cli.course.numbers import factor, is_percent  # noqa: PLC0415  most questions have no numbers

        found = [(one, factor(one.unit, self.unit, dict(self.units), self.stem)) for one in self._readings(answer)]
        hundred = 100 if is_percent(self.unit) else 1
        return [(one, one.value * size * (hundred if one.is_ratio else 1)) for one, size in found if size is not None]

    def _readings(self, answer: str) -> list[Reading]:
        from synergy_cli.course.numbers import readings  # noqa: PLC0415  most questions have no numbers

        return readings(answer, self.language, self.stem)

    def _form(self) -> str:
        if self.unit:
            return self.say("Expected a number in {unit}, for example 12 {unit}.", unit=self.unit)
        return self.say("Expected a number without a unit, for example 12.")

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a number that is listed twice, and a wrong answer that is right or no number in a known unit."""
        from synergy_cli.course.numbers import same_unit  # noqa: PLC0415  most questions have no numbers

        known = {"": "1", data["unit"]: "1"}
        for name, size in data["units"].items():
            if any(same_unit(name, other) and Decimal(size) != Decimal(known[other]) for other in known):
                message = f"the unit `{name}` has two values, {size} is one; give one for each unit"
                report.at(node, "contradiction", message)
            known[name] = size
        _refuse_repeats(_spots(node, "key", "accept"), report)
        question = cls.build(data)
        for wrong, spot in zip(question.distractors, _spots(node, "distractors"), strict=True):
            verdict = question.mark(Sheet(question), wrong.text).verdict
            if verdict is not Verdict.WRONG:
                fault = "would be marked right" if verdict is Verdict.RIGHT else "cannot be read"
                message = f"the distractor `{wrong.text}` {fault}; expected a wrong number"
                report.at(spot, "contradiction", message)


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
    def solution(self) -> tuple[Part, ...]:
        """The things in order, numbered."""
        return _numbered(self.order)

    @property
    def chance(self) -> float:
        """The chance of one order among all."""
        return 1 / factorial(len(self.order))

    def expects(self, sheet: Sheet) -> str:
        """Return how an order is typed."""
        return self.say("the numbers 1-{last} in order", last=len(sheet.options))

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the things, and not into the right order."""
        options = _shuffled(self.order, rng)
        return Sheet(self, options if options != self.order else options[1:] + options[:1])

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare place by place."""
        places = pick_all(answer, self.spellings(sheet.options))
        if places is None or len(places) != len(sheet.options):
            count = len(sheet.options)
            example = " ".join(map(str, (2, 1, *range(3, count + 1))))
            told = "Expected each number from 1 to {last} once, in order, for example {example}."
            remark = self.say(told, last=count, example=example)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        given = tuple(sheet.options[place] for place in places)
        if given == self.order:
            return Marking(Verdict.RIGHT, given, share=1.0)
        rows = zip(_numbered(given), self.order, strict=True)
        parts = tuple(MarkedPart(part, part.text == right) for part, right in rows)
        kept = sum(row.right for row in parts)
        one, many = "{number} of {all} is in the right place.", "{number} of {all} are in the right place."
        remark = self.say_count(one, many, kept, all=len(given))
        return Marking(Verdict.WRONG, given, (remark,), parts, kept / len(parts))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an item that is listed twice."""
        del data
        spots = _spots(node, "order")
        _refuse_repeats(spots, report)
        _warn_of_digits(spots, report)


def _numbered(steps: Sequence[str]) -> tuple[Part, ...]:
    return tuple(Part(text, str(place), ". ") for place, text in enumerate(steps, start=1))


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
        Field(
            "distractors",
            ListOf(_DISTRACTOR, 0, MOST_OPTIONS - 2),
            "Partners of nothing, listed among the others",
            required=False,
            default=(),
            aliases=("extra", "extras", *_WRONG_NAMES),
        ),
    )

    pairs: tuple[tuple[str, str], ...]
    distractors: tuple[Distractor, ...] = ()

    @property
    def solution(self) -> tuple[Part, ...]:
        """The pairs."""
        return tuple(Part(right, left, ": ") for left, right in self.pairs)

    @property
    def chance(self) -> float:
        """The chance of one pairing among all."""
        return 1 / perm(len(self.pairs) + len(self.distractors), len(self.pairs))

    def expects(self, sheet: Sheet) -> str:
        """Return how partners are typed."""
        return self.say("a letter for each of 1-{last} in turn", last=len(sheet.options))

    def sheet(self, rng: Random) -> Sheet:
        """Keep the left side, shuffle the right, and not into the right order."""
        partners = tuple(right for _, right in self.pairs)
        shuffled = _shuffled([*partners, *(wrong.text for wrong in self.distractors)], rng)
        in_order = shuffled[: len(partners)] == partners
        shuffled = shuffled[1:] + shuffled[:1] if in_order else shuffled
        return Sheet(self, tuple(left for left, _ in self.pairs), shuffled)

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare pair by pair; numbers before the letters (`1b 2a`) are allowed."""
        places = self._places(answer, sheet)
        if places is None:
            example = " ".join((LETTERS[1], LETTERS[0], *LETTERS[2 : len(sheet.options)]))
            told = "Expected each letter from a to {last} once, for example {example}."
            if self.distractors:
                told = "Expected {number} different letters from a to {last}, for example {example}."
            last = LETTERS[len(sheet.partners) - 1]
            remark = self.say(told, number=len(sheet.options), last=last, example=example)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        given = tuple(Part(sheet.partners[at], left, ": ") for at, left in zip(places, sheet.options, strict=True))
        texts = tuple(map(str, given))
        if given == self.solution:
            return Marking(Verdict.RIGHT, texts, share=1.0)
        parts = tuple(
            MarkedPart(mine, mine == right, "" if mine == right else self._cure(mine, right))
            for mine, right in zip(given, self.solution, strict=True)
        )
        kept = sum(row.right for row in parts)
        one, many = "{number} of {all} pairs is right.", "{number} of {all} pairs are right."
        remark = self.say_count(one, many, kept, all=len(parts))
        return Marking(Verdict.WRONG, texts, (remark,), parts, kept / len(parts))

    def _cure(self, given: Part, right: Part) -> str:
        """Return what is right in place of a wrong partner, and why that one is wrong if the author says so."""
        return "\n".join((right.text, *_feedback(self.distractors, given.text)))

    def _places(self, answer: str, sheet: Sheet) -> list[int] | None:
        """Return for each thing the index of its partner; None unless each has one of its own."""
        count = len(sheet.options)
        typed = re.sub(r"[\s,;:.=>()\N{RIGHTWARDS ARROW}\N{IDEOGRAPHIC COMMA}-]", "", unify(answer).casefold())
        if re.fullmatch(r"(?:\d[a-z])+", typed):
            numbered = {typed[place]: typed[place + 1] for place in range(0, len(typed), 2)}
            typed = "".join(numbered.get(str(place), "?") for place in range(1, count + 1))
        spellings = self.spellings(sheet.partners)
        places = pick_all(typed, spellings, LETTERS) or pick_all(answer, spellings, LETTERS)
        return places if places and len(places) == count else None

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a partner that is listed twice, because it could go to either, and more than there are letters for."""
        del data
        spots = _spots(node, "pairs", "distractors")
        _refuse_repeats(spots, report)
        if len(spots) > MOST_OPTIONS:
            message = f"{len(spots)} partners under `pairs` and `distractors`, expected at most {MOST_OPTIONS}"
            report.at(node, "wrong-length", message)


class Cloze(Question):
    """A text with gaps, each to be filled in with a word or a few.

    Attributes:
        gaps: what is right in each gap; the first of it is shown as the right answer.
    """

    type = "cloze"
    typed = True
    asks = "A text with a ___ in it"
    names = (
        "gap",
        "gapfill",
        "gap-fill",
        "fill-in-the-blank",
        "fill-in-the-blanks",
        "fill_in_the_blanks",
        "missing-word",
    )
    fields = (
        Field(
            "gaps",
            ListOf(OneOrMore(Text()), 1, MOST_OPTIONS),
            "What is right in each gap of the stem",
            aliases=("blanks", "answers", *_KEY_NAMES),
        ),
        _EXACT,
    )

    gaps: tuple[tuple[str, ...], ...]
    exact: bool = False

    def blocks(self, text: str) -> tuple[Block, ...]:
        """Return one of its texts as paragraphs and code: gaps in the stem have numbers, and answers are literal."""
        if text not in (self.context, self.stem, self.rationale, self.hint):
            return (Paragraph((Span(text),)),)
        return numbered(super().blocks(text)) if text == self.stem and len(self.gaps) > 1 else super().blocks(text)

    @property
    def solution(self) -> tuple[Part, ...]:
        """What is right in each gap."""
        first = [accepted[0] for accepted in self.gaps]
        return _numbered(first) if len(first) > 1 else (Part(first[0]),)

    @property
    def right(self) -> tuple[Named, ...]:
        """All that is accepted, if there is one gap."""
        accepted = self.gaps[0] if len(self.gaps) == 1 else ()
        return tuple(Named(text, ("gaps", 0, place)) for place, text in enumerate(accepted))

    def expects(self, sheet: Sheet) -> str:
        """Return what to type."""
        del sheet
        if len(self.gaps) == 1:
            return self.say("your answer")
        return self.say("{number} answers with {sign} between them", number=len(self.gaps), sign=BETWEEN)

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare gap by gap, each as a short answer; only all together are right."""
        if len(self.gaps) == 1:
            return self._gap(0).mark(sheet, answer)
        typed = split_answers(answer, len(self.gaps))
        if typed is None:
            example = f"{BETWEEN} ".join(LETTERS[: len(self.gaps)])
            told = "Expected {number} answers with {sign} between them, for example `{example}`."
            remark = self.say(told, number=len(self.gaps), sign=BETWEEN, example=example)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        marked = [self._gap(place).mark(sheet, part) for place, part in enumerate(typed)]
        verdicts = [marking.verdict for marking in marked]
        if set(verdicts) == {Verdict.RIGHT}:
            return Marking(Verdict.RIGHT, tuple(typed), share=1.0)
        parts = tuple(
            MarkedPart(mine, right=verdict is Verdict.RIGHT, remark="" if verdict is Verdict.RIGHT else key.text)
            for mine, verdict, key in zip(
                _numbered([part or "-" for part in typed]), verdicts, self.solution, strict=True
            )
        )
        kept = verdicts.count(Verdict.RIGHT)
        near = [f"{place}. {one.remarks[0]}" for place, one in enumerate(marked, 1) if one.verdict is Verdict.NEAR]
        if kept + len(near) == len(parts):
            return Marking(Verdict.NEAR, tuple(typed), tuple(near), parts, kept / len(parts))
        one, many = "{number} of {all} gaps is right.", "{number} of {all} gaps are right."
        remark = self.say_count(one, many, kept, all=len(parts))
        return Marking(Verdict.WRONG, tuple(typed), (remark,), parts, kept / len(parts))

    def _gap(self, place: int) -> Short:
        """Return a gap as a question of its own."""
        key, *others = self.gaps[place]
        return Short(
            id=self.id,
            stem=self.stem,
            key=key,
            accept=tuple(others),
            exact=self.exact,
            language=self.language,
            equal=self.equal,
        )

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a stem with more or fewer gaps, an answer listed twice, and one that looks like several."""
        spot, found, count = node.value["gaps"].node, count_gaps(data["stem"]), len(data["gaps"])
        if found != count:
            has = f"has {plural(found, 'gap')}" if found else "has no gap, written `___`"
            report.at(spot, "contradiction", f"the stem {has}, but `gaps` lists {count}; expected as many")
        form = strict if data["exact"] else fold
        for gap in spot.value:
            accepted = gap.value if isinstance(gap.value, list) else [gap]
            _check_words(accepted, (), form, report)
            for part in accepted if count > 1 else ():
                if BETWEEN in part.value:
                    message = f"`{BETWEEN}` separates the answers to several gaps; ask this in a question with one gap"
                    report.at(part, "wrong-value", message)


QUESTION_TYPES: dict[str, type[Question]] = {
    found.type: found for found in (Choice, Multiple, TrueFalse, Short, Number, Order, Match, Cloze)
}


def build(data: dict[str, Any]) -> Question:
    """Build a question from the plain data that `read_question` gave."""
    return QUESTION_TYPES[data["type"]].build(data)
