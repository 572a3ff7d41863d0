"""Questions that are answered by arranging: things in order, things with their partners."""

from __future__ import annotations

import re
from math import factorial, perm
from typing import TYPE_CHECKING, Any

from synergy_cli.course.answers import pick_all
from synergy_cli.course.question import (
    LETTERS,
    MOST_OPTIONS,
    Distractor,
    MarkedPart,
    Marking,
    Part,
    Question,
    Sheet,
    Verdict,
)
from synergy_cli.course.question_parts import (
    DISTRACTOR,
    KEY_NAMES,
    LISTS,
    WRONG_NAMES,
    answer_nodes,
    feedback_on,
    numbered_parts,
    refuse_repeats,
    shuffled,
    warn_of_digits,
)
from synergy_cli.parsing.schema import Field, ListOf, MapOf, Text
from synergy_cli.text import unify

if TYPE_CHECKING:
    from random import Random

    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.yaml import Node


class Order(Question):
    """Things to put in order."""

    type = "order"
    names = ("ordering", "reorder", "sequence", "ranking")
    fields = (
        Field(
            "order",
            ListOf(Text(), 2, MOST_OPTIONS),
            "The items in the right order",
            aliases=("items", "sequence", "steps", *LISTS, *KEY_NAMES),
        ),
    )

    order: tuple[str, ...]

    @property
    def solution(self) -> tuple[Part, ...]:
        """The things in order, numbered."""
        return numbered_parts(self.order)

    @property
    def chance(self) -> float:
        """One over the number of orders."""
        return 1 / factorial(len(self.order))

    def expects(self, sheet: Sheet) -> str:
        """Return how an order is typed."""
        return self.say("the numbers 1-{last} in order", last=len(sheet.options))

    def sheet(self, rng: Random) -> Sheet:
        """Shuffle the things; the right order is as likely as any other, or it could be ruled out."""
        return Sheet(self, shuffled(self.order, rng))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare place by place."""
        places = pick_all(answer, self.spellings(sheet.options))
        if places is None or len(places) != len(sheet.options):
            count = len(sheet.options)
            example = " ".join(map(str, (2, 1, *range(3, count + 1))))
            template = "Expected each number from 1 to {last} once, in order, for example {example}."
            remark = self.say(template, last=count, example=example)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        given = tuple(sheet.options[place] for place in places)
        if given == self.order:
            return Marking(Verdict.RIGHT, given, share=1.0)
        rows = zip(numbered_parts(given), self.order, strict=True)
        parts = tuple(MarkedPart(part, part.text == right) for part, right in rows)
        kept = sum(row.right for row in parts)
        one, many = "{number} of {all} is in the right place.", "{number} of {all} are in the right place."
        remark = self.say_count(one, many, kept, all=len(given))
        return Marking(Verdict.WRONG, given, (remark,), parts, kept / len(parts))

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse an item that is listed twice."""
        del data
        spots = answer_nodes(node, "order")
        refuse_repeats(spots, report)
        warn_of_digits(spots, report)


class Match(Question):
    """Things to match in pairs."""

    type = "match"
    names = ("matching", "pairs", "connect")
    fields = (
        Field(
            "pairs",
            MapOf(Text(), 2, MOST_OPTIONS),
            "Pairs of left-hand and right-hand sides",
            aliases=("matches", "matching", "answers", *KEY_NAMES),
        ),
        Field(
            "distractors",
            ListOf(DISTRACTOR, 0, MOST_OPTIONS - 2),
            "Right-hand sides that match nothing",
            required=False,
            default=(),
            aliases=("extra", "extras", *WRONG_NAMES),
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
        """One over the number of pairings."""
        return 1 / perm(len(self.pairs) + len(self.distractors), len(self.pairs))

    def expects(self, sheet: Sheet) -> str:
        """Return how partners are typed."""
        return self.say("a letter for each of 1-{last} in turn", last=len(sheet.options))

    def sheet(self, rng: Random) -> Sheet:
        """Keep the left side and shuffle the right; each order is equally likely."""
        partners = [right for _, right in self.pairs] + [wrong.text for wrong in self.distractors]
        return Sheet(self, tuple(left for left, _ in self.pairs), shuffled(partners, rng))

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare pair by pair; numbers before the letters (`1b 2a`) are allowed."""
        places = self._places(answer, sheet)
        if places is None:
            example = " ".join((LETTERS[1], LETTERS[0], *LETTERS[2 : len(sheet.options)]))
            template = "Expected each letter from a to {last} once, for example {example}."
            if self.distractors:
                template = "Expected {number} different letters from a to {last}, for example {example}."
            last = LETTERS[len(sheet.partners) - 1]
            remark = self.say(template, number=len(sheet.options), last=last, example=example)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        given = tuple(Part(sheet.partners[at], left, ": ") for at, left in zip(places, sheet.options, strict=True))
        texts = tuple(map(str, given))
        if given == self.solution:
            return Marking(Verdict.RIGHT, texts, share=1.0)
        parts = tuple(
            MarkedPart(mine, mine == right, "" if mine == right else self._correction(mine, right))
            for mine, right in zip(given, self.solution, strict=True)
        )
        kept = sum(row.right for row in parts)
        one, many = "{number} of {all} pairs is right.", "{number} of {all} pairs are right."
        remark = self.say_count(one, many, kept, all=len(parts))
        return Marking(Verdict.WRONG, texts, (remark,), parts, kept / len(parts))

    def _correction(self, given: Part, right: Part) -> str:
        """Return the right partner, and the author's feedback on the wrong one, if any."""
        return "\n".join((right.text, *feedback_on(self.distractors, given.text)))

    def _places(self, answer: str, sheet: Sheet) -> list[int] | None:
        """Return the index of the partner of each thing; None unless each has its own."""
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
        """Refuse a partner that is listed twice, which would make two answers right, and more partners than letters."""
        del data
        spots = answer_nodes(node, "pairs", "distractors")
        refuse_repeats(spots, report)
        if len(spots) > MOST_OPTIONS:
            message = f"{len(spots)} partners under `pairs` and `distractors`, expected at most {MOST_OPTIONS}"
            report.at(node, "wrong-length", message)
