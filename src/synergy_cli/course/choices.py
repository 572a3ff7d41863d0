"""Questions answered by choosing: one option, several options, true or false."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.course.answers import is_range, pick, pick_all
from synergy_cli.course.question import (
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
from synergy_cli.course.question_parts import (
    DISTRACTOR,
    KEY_NAMES,
    WRONG_NAMES,
    answer_nodes,
    feedback_on,
    named_distractors,
    refuse_repeats,
    shuffled,
    warn_of_digits,
)
from synergy_cli.languages import base_language
from synergy_cli.parsing.schema import Boolean, Field, ListOf, Text, WholeNumber
from synergy_cli.text import fold, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.yaml import Node

_LAST = Field(
    "last",
    Boolean(),
    "Whether it comes after the shuffled options",
    required=False,
    default=False,
    aliases=("pinned", "fixed"),
)
_OPTION = DISTRACTOR._replace(fields=(*DISTRACTOR.fields, _LAST))
_SHUFFLE = Field(
    "shuffle",
    Boolean(),
    "Whether to shuffle the options",
    required=False,
    default=True,
    aliases=("shuffled", "shuffle_options", "shuffleanswers", "shuffleAnswers", "randomize", "random"),
)
_NONE = frozenset({"0", "none", "none of them", "none of these"})
"""What a learner types, folded, if no option is right, in addition to the words of the course's language."""
_ALL = frozenset(
    ("all", "all of them", "all of these", "all of the above", "everything", "alle", "tous", "toutes", "todos", "todas")
)
"""The same if all options are right."""
FEWEST_OPTIONS = 2
_PLACE = WholeNumber(1, MOST_OPTIONS)


def _laid_out(
    keys: Sequence[str], distractors: Sequence[Distractor], rng: Random | None, places: Iterable[int] = ()
) -> tuple[str, ...]:
    """Return the options in display order; those marked `last` come last.

    With `rng`, the others are shuffled. Without it, they keep the author's order, with each key at its position in
    `places`, counted from 1, or first.
    """
    others = [wrong.text for wrong in distractors if not wrong.last]
    last = [wrong.text for wrong in distractors if wrong.last]
    if rng is not None:
        return (*shuffled([*keys, *others], rng), *last)
    options = [*others, *last]
    for place, key in sorted(zip(places or range(1, len(keys) + 1), keys, strict=True)):
        options.insert(place - 1, key)
    return tuple(options)


def _check_places(node: Node, data: dict[str, Any], name: str, options: int, report: Report) -> None:
    """Check the positions of keys: they must differ, and may only be given if the options are not shuffled."""
    entry, keys = node.value.get(name), len(data.get("keys", (1,)))
    places = data[name] if name == "places" else [data[name]]
    if entry is None:
        if not data["shuffle"] and 0 < keys < options:
            message = f"options in a fixed order start with the key; give its position under `{name}`"
            report.at(node.value["shuffle"].node, "key-first", message)
    elif data["shuffle"]:
        report.at(entry, "contradiction", f"`{name}` needs `shuffle: false`; these options are shuffled")
    elif max(places, default=0) > options:
        report.at(entry.node, "contradiction", f"found position {max(places)}, but there are {options} options")
    elif not len(set(places)) == len(places) == keys:
        report.at(entry.node, "contradiction", f"expected {plural(keys, 'position')}, one for each key")


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
        Field("key", Text(), "The right option", aliases=KEY_NAMES),
        Field("distractors", ListOf(_OPTION, 1, MOST_OPTIONS - 1), "The wrong options", aliases=WRONG_NAMES),
        _SHUFFLE,
        Field("place", _PLACE, "The position of the key if the options are not shuffled", required=False, default=1),
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
        return named_distractors(self.distractors, fixed=not self.shuffle)

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
        return Marking(Verdict.WRONG, (chosen,), feedback_on(self.distractors, chosen))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an option that is listed twice, and an impossible position of the key."""
        spots = answer_nodes(node, "key", "distractors")
        refuse_repeats(spots, report)
        warn_of_digits(spots, report)
        _check_places(node, data, "place", len(spots), report)


class Multiple(Question):
    """Any number of right options: some, all or none."""

    type = "multiple"
    names = ("multi", "multiple-answer", "multiple_answer", "multiple-response", "checkbox", "select-all")
    offers = True
    fields = (
        Field("keys", ListOf(Text(), 0, MOST_OPTIONS), "The right options, if any", aliases=("key", *KEY_NAMES)),
        Field("distractors", ListOf(_OPTION, 0, MOST_OPTIONS), "The wrong options, if any", aliases=WRONG_NAMES),
        _SHUFFLE,
        Field(
            "places",
            ListOf(_PLACE),
            "The position of each key if the options are not shuffled",
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
        return named_distractors(self.distractors, fixed=not self.shuffle)

    @property
    def chance(self) -> float:
        """The chance of one selection among all, including the empty one."""
        return 1 / (1 << len(self.keys) + len(self.distractors))

    def expects(self, sheet: Sheet) -> str:
        """Return how to choose several options."""
        del sheet
        return self.say("all right numbers, 0 for none")

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the options, unless their order is fixed."""
        return Sheet(self, _laid_out(self.keys, self.distractors, rng if self.shuffle else None, self.places))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the chosen options with the keys: right means all keys and nothing else."""
        places = pick_all(answer, self.spellings(sheet.options))
        if places is None and fold(answer) in _ALL:
            places = list(range(len(sheet.options)))
        if places is None and fold(answer) in _NONE | {fold(self.say("none of them")), fold(self.say("none"))}:
            places = []
        may_be_more = is_range(answer) and {sheet.options[place] for place in places or ()} != set(self.keys)
        if places is None or may_be_more:
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
        chosen = self.say_count(one, many, len(self.keys), found=found)
        if not others:
            return chosen
        return f"{chosen} {self.say_count('{number} other is wrong.', '{number} others are wrong.', others)}"

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an option that is listed twice, too many or too few options, and impossible positions of keys."""
        spots = answer_nodes(node, "keys", "distractors")
        refuse_repeats(spots, report)
        warn_of_digits(spots, report)
        if not FEWEST_OPTIONS <= len(spots) <= MOST_OPTIONS:
            found, expected = plural(len(spots), "option"), f"{FEWEST_OPTIONS} to {MOST_OPTIONS}"
            report.at(node, "wrong-length", f"{found} under `keys` and `distractors`, expected {expected}")
        _check_places(node, data, "places", len(spots), report)


class TrueFalse(Question):
    """A statement that is true or false."""

    type = "true-false"
    names = ("truefalse", "true_false", "true/false", "boolean", "bool", "tf")
    entry = InputMode.KEY
    judged = True
    asks = "A statement"
    fields = (Field("key", Boolean(), "Whether the statement is true", aliases=KEY_NAMES),)

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
        """Compare the word with the key; yes, no and first letters count too."""
        from synergy_cli.course.wording import truth  # noqa: PLC0415  an answer needs it, a question does not

        place = pick(answer, self.spellings(sheet.options))
        place = truth(answer, base_language(self.language)) if place is None else place
        if place is None:
            remark = self.say("Expected 1 for true or 2 for false, for example 1.")
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        chosen = sheet.options[place]
        right = chosen == self.solution[0].text
        return Marking(Verdict.RIGHT if right else Verdict.WRONG, (chosen,), share=float(right))
