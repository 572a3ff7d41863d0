"""Questions with typed answers: a word, a number, the gaps of a text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from synergy_cli.course.gaps import BETWEEN, chars_before, count_gaps, numbered, split_answers
from synergy_cli.course.page import Paragraph, Span
from synergy_cli.course.question import (
    LETTERS,
    MOST_OPTIONS,
    Distractor,
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
    answer_nodes,
    named_distractors,
    numbered_parts,
    refuse_repeats,
)
from synergy_cli.languages import base_language
from synergy_cli.parsing.schema import Boolean, DecimalNumber, Field, ListOf, MapOf, OneOrMore, Text
from synergy_cli.text import fold, plural, strict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from synergy_cli.course.numbers import NumberReading
    from synergy_cli.course.page import Block
    from synergy_cli.course.wording import Comparison
    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.yaml import Node

_EXACT = Field(
    "exact",
    Boolean(),
    "Whether every character counts",
    required=False,
    default=False,
    aliases=("case_sensitive", "caseSensitive", "usecase"),
)
_ACCEPT_NAMES = ("accepted_answers", "alternatives", "answers", "accepted", "also")
_KNOWN_MISSES = Field(
    "distractors", ListOf(DISTRACTOR), "Common wrong answers, with the reason", required=False, default=()
)


def _check_words(right: Sequence[Node], wrong: Sequence[Node], form: Callable[[str], str], report: Report) -> None:
    """Refuse a wrong answer that is accepted or listed twice, and warn of redundant right answers.

    Args:
        right: the key, then other accepted answers.
        wrong: the distractors.
        form: maps answers that are marked the same to the same text.
        report: receives the faults.
    """
    known: dict[str, Node] = {}
    for spot in right:
        first = known.setdefault(form(spot.value), spot)
        if first is not spot:
            message = f"`{spot.value.strip()}` is accepted already, because `{first.value.strip()}` is; remove it"
            report.at(spot, "redundant-answer", message)
    refuse_repeats([*known.values(), *wrong], report, form, form)


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


class Short(Question):
    """A word or a few, typed."""

    type = "short"
    typed = True
    names = ("typed", "text", "string", "short-answer", "short_answer", "shortanswer", "fill-in")
    fields = (
        Field("key", Text(), "The right answer", aliases=KEY_NAMES),
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
        """All accepted answers."""
        others = (Named(text, ("accept", index)) for index, text in enumerate(self.accept))
        return (Named(self.key, ("key",)), *others)

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors."""
        return named_distractors(self.distractors)

    def expects(self, sheet: Sheet) -> str:
        """Return what to type."""
        del sheet
        return self.say("your answer")

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare with all right answers; a typo passes if it cannot be another word, and is near otherwise."""
        from synergy_cli.course.wording import nearly  # noqa: PLC0415  an answer needs it, a question does not

        del sheet
        given, accepted, comparison = (answer.strip(),), (self.key, *self.accept), self.comparison
        known = [wrong for wrong in self.distractors if comparison.same_spelling(answer, wrong.text)]
        if not known and (comparison.same(answer, *accepted) or comparison.same_all(answer, accepted)):
            return Marking(Verdict.RIGHT, given, share=1.0)
        known = known or [wrong for wrong in self.distractors if comparison.same(answer, wrong.text)]
        known = known or self._also_given(answer, comparison)
        if not known:
            meant = next(filter(None, (comparison.misspelt(answer, key) for key in accepted)), "")
            if meant and not any(nearly(answer, wrong.text, comparison) for wrong in self.distractors):
                return Marking(Verdict.RIGHT, given, (self.say("Spelling: {right}", right=meant),), share=1.0)
        if not known and not _has_word(answer) and (_has_word(self.key) or not answer.strip()):
            remark = self.say("Expected a word or two, for example `blue sky`.")
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        if not known and any(nearly(answer, key, comparison) for key in accepted):
            return Marking(Verdict.NEAR, given, (self.say("Almost: check the spelling."),))
        if not known and any(comparison.holds(answer, key) for key in accepted):
            return Marking(Verdict.NEAR, given, (self.say("Almost: give only the answer, without other words."),))
        return Marking(Verdict.WRONG, given, tuple(dict.fromkeys(wrong.feedback for wrong in known if wrong.feedback)))

    def _also_given(self, answer: str, comparison: Comparison) -> list[Distractor]:
        """Return the distractors in an answer that consists of them and right answers, such as `A and B`."""
        names = [self.key, *self.accept, *(wrong.text for wrong in self.distractors)]
        if not comparison.same_all(answer, names):
            return []
        return [
            wrong
            for wrong in self.distractors
            if not comparison.same_all(answer, [name for name in names if name != wrong.text])
        ]

    @property
    def comparison(self) -> Comparison:
        """How answers are compared: strictly if anything less would make a wrong answer right."""
        from synergy_cli.course.wording import Comparison, idle_words  # noqa: PLC0415  as above

        language = base_language(self.language)
        keys, wrong = (self.key, *self.accept), [wrong.text for wrong in self.distractors]
        idle = idle_words(self.stem, [*keys, *wrong], language)
        forgiving = "`" not in self.stem  # in code, every letter counts
        loose = Comparison(
            language,
            self.equal,
            self.exact,
            idle=idle,
            light=idle_words(self.stem, wrong, language),
            forgiving=forgiving,
            others=frozenset(self.alike),
        )
        return loose._replace(loose=False) if any(loose.same(text, *keys) for text in wrong) else loose

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a wrong answer that is accepted too, and an answer that is listed twice."""
        form = strict if data["exact"] else fold
        _check_words(answer_nodes(node, "key", "accept"), answer_nodes(node, "distractors"), form, report)


class Number(Question):
    """A number, or one of a range or of several, within a tolerance, in a unit."""

    type = "number"
    typed = True
    names = ("numeric", "numerical", "integer")
    fields = (
        Field("key", DecimalNumber(ranged=True), "The right number or range", aliases=KEY_NAMES),
        Field(
            "accept",
            ListOf(DecimalNumber(ranged=True)),
            "Other right numbers or ranges",
            required=False,
            default=(),
            aliases=_ACCEPT_NAMES,
        ),
        Field(
            "tolerance",
            DecimalNumber(),
            "How far off an answer may be",
            required=False,
            default="0",
            aliases=("margin", "error", "precision"),
        ),
        Field("unit", Text(most=20), "The unit of key and tolerance", required=False, default=""),
        Field(
            "units",
            MapOf(DecimalNumber(positive=True)),
            "Other accepted units, each with its value in `unit`",
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
        """All right numbers, with unit and tolerance."""
        numbers = self.say(" or ").join(map(self._written, (self.key, *self.accept)))
        whole = f"{numbers} {self.unit}".strip()
        if not Decimal(self.tolerance):
            return (Part(whole),)
        return (Part(self.say("{numbers} (within {tolerance})", numbers=whole, tolerance=self._point(self.tolerance))),)

    def _written(self, number: str) -> str:
        """Return a number, or both ends of a range, as written in the course's language."""
        first, _, last = self._point(number).partition("..")
        return self.say("{first} to {last}", first=first, last=last) if last else first

    def _grouped(self, number: str) -> str:
        """Return a number with commas between thousands as written in the course's language."""
        point = self.say(".")
        return number if point == "." else number.translate({ord("."): point, ord(","): "."})

    def _point(self, number: str) -> str:
        return "..".join(end.replace(".", self.say(".")) for end in number.split(".."))

    @property
    def right(self) -> tuple[Named, ...]:
        """The numbers, for a range both ends, with their unit."""
        places = [(self.key, ("key",)), *((number, ("accept", at)) for at, number in enumerate(self.accept))]
        ends = ((end, where) for number, where in places for end in number.split(".."))
        return tuple(Named(f"{end} {self.unit}".strip(), where) for end, where in ends)

    @property
    def wrong(self) -> tuple[Named, ...]:
        """The distractors, each with its unit."""
        bare = [all(not reading.unit for reading in self._readings(wrong.text)) for wrong in self.distractors]
        named = zip(named_distractors(self.distractors), bare, strict=True)
        return tuple(
            wrong._replace(text=f"{wrong.text} {self.unit}".strip()) if is_bare else wrong for wrong, is_bare in named
        )

    def expects(self, sheet: Sheet) -> str:
        """Return which unit is assumed."""
        del sheet
        return self.say("a number in {unit}", unit=self.unit) if self.unit else self.say("a number")

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare the amount, converted to the question's unit, with the key.

        Ask again if it can be read in two ways, or if it is right but for a minus sign, as for how much something fell.
        """
        del sheet
        given, amounts = (answer.strip(),), self.amounts(answer)
        if not amounts:
            return Marking(Verdict.UNREADABLE, (answer,), (self._form(),))
        right = [self._is_right(amount) for _, amount in amounts]
        if right[0] and (len(right) == 1 or all(right) or base_language(self.language) == "en"):
            return Marking(Verdict.RIGHT, given, share=1.0)
        if any(right):
            written = [reading.written for reading, _ in amounts]
            plain = self.say(" or ").join(self._point(part.replace(",", "")) for part in written)
            first, second = map(self._grouped, written)
            remark = self.say("{first} or {second}? Type {plain}.", first=first, second=second, plain=plain)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        known = [wrong for wrong in self.distractors if amounts[0][1] in [own for _, own in self.amounts(wrong.text)]]
        if not known and any(amount < 0 and self._is_right(-amount) for _, amount in amounts):  # it fell by so much
            return Marking(Verdict.NEAR, given, (self.say("Almost: give the number without its sign."),))
        return Marking(Verdict.WRONG, given, tuple(dict.fromkeys(wrong.feedback for wrong in known if wrong.feedback)))

    def _is_right(self, amount: Fraction) -> bool:
        from fractions import Fraction  # noqa: PLC0415  most questions have no numbers

        spread = abs(Fraction(self.tolerance))
        ranges = (number.split("..") for number in (self.key, *self.accept))
        return any(Fraction(ends[0]) - spread <= amount <= Fraction(ends[-1]) + spread for ends in ranges)

    def amounts(self, answer: str) -> list[tuple[NumberReading, Fraction]]:
        """Return each reading of an answer with its amount in the question's unit; none for an unknown unit."""
        from synergy_cli.course.numbers import spellings, without_minus  # noqa: PLC0415  most questions have no numbers

        ends = [end for number in (self.key, *self.accept) for end in number.split("..")]
        is_signed = any(text.lstrip().startswith("-") for text in (*ends, *(wrong.text for wrong in self.distractors)))
        amount = answer if is_signed else without_minus(answer, self.stem)
        return next(filter(None, map(self._amounts, spellings(amount, self.stem))), [])

    def _amounts(self, answer: str) -> list[tuple[NumberReading, Fraction]]:
        from synergy_cli.course.numbers import factor, is_percent  # noqa: PLC0415  most questions have no numbers

        hundred = 100 if is_percent(self.unit) else 1
        units = dict(self.units) if self.unit or not self._is_share else {"%": "0.01", **dict(self.units)}
        found = [(one, factor(one.unit, self.unit, units, self.stem)) for one in self._readings(answer)]
        amounts = [
            (one, one.value * size * (hundred if one.is_ratio else 1)) for one, size in found if size is not None
        ]
        return amounts + [
            (one._replace(written=f"{float(100 * amount):,.12g}"), 100 * amount)
            for one, amount in amounts[:1]
            if hundred > 1 and 0 < amount < 1 and not one.unit and len(amounts) == 1 and not self._is_right(amount)
        ]

    @property
    def _is_share(self) -> bool:
        """Whether all right numbers are from 0 to 1, so that they may be given in percent."""
        ends = (end for number in (self.key, *self.accept) for end in number.split(".."))
        return all(0 <= Decimal(end) <= 1 for end in ends)

    def _readings(self, answer: str) -> list[NumberReading]:
        from synergy_cli.course.numbers import readings  # noqa: PLC0415  most questions have no numbers

        return readings(answer, base_language(self.language))

    def _form(self) -> str:
        if self.unit:
            return self.say("Expected a number in {unit}, for example 12 {unit}.", unit=self.unit)
        return self.say("Expected a number without a unit, for example 12.")

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a number that is listed twice, and a wrong answer that is right or not a number in a known unit."""
        from synergy_cli.course.numbers import same_unit  # noqa: PLC0415  most questions have no numbers

        known = {"": "1", data["unit"]: "1"}
        for name, size in data["units"].items():
            if any(same_unit(name, other) and Decimal(size) != Decimal(known[other]) for other in known):
                message = f"the unit `{name}` has two values, one of them {size}; give each unit one value"
                report.at(node, "contradiction", message)
            known[name] = size
        refuse_repeats(answer_nodes(node, "key", "accept"), report)
        question = cls.build(data)
        for wrong, spot in zip(question.distractors, answer_nodes(node, "distractors"), strict=True):
            verdict = question.mark(Sheet(question), wrong.text).verdict
            if verdict is not Verdict.WRONG:
                fault = "would be marked right" if verdict is Verdict.RIGHT else "cannot be read"
                message = f"the distractor `{wrong.text}` {fault}; expected a wrong number"
                report.at(spot, "contradiction", message)


class Cloze(Question):
    """A text with gaps, each to be filled in with a word or a few.

    Attributes:
        gaps: the right answers for each gap; the first is shown as the right answer.
    """

    type = "cloze"
    typed = True
    asks = "A text with gaps, written ___"
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
            "The right answers for each gap of the stem",
            aliases=("blanks", "answers", *KEY_NAMES),
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
        """The right answer for each gap."""
        first = [accepted[0] for accepted in self.gaps]
        return numbered_parts(first) if len(first) > 1 else (Part(first[0]),)

    @property
    def right(self) -> tuple[Named, ...]:
        """All accepted answers, if there is one gap."""
        accepted = self.gaps[0] if len(self.gaps) == 1 else ()
        return tuple(Named(text, ("gaps", 0, index)) for index, text in enumerate(accepted))

    def expects(self, sheet: Sheet) -> str:
        """Return what to type."""
        del sheet
        if len(self.gaps) == 1:
            return self.say("your answer")
        return self.say("{number} answers separated by {separator}", number=len(self.gaps), separator=BETWEEN)

    def mark(self, sheet: Sheet, answer: str) -> Marking:
        """Compare gap by gap, each as a short answer; only all together are right."""
        if len(self.gaps) == 1:
            return self.gap(0).mark(sheet, answer)
        typed = split_answers(answer, len(self.gaps))
        given = typed or split_answers(answer, len(self.gaps), freely=True) or ()
        marked = [self.gap(place).mark(sheet, part) for place, part in enumerate(given)]
        verdicts = [marking.verdict for marking in marked]
        if set(verdicts) == {Verdict.RIGHT}:
            notes = [f"{place}. {note}" for place, one in enumerate(marked, 1) for note in one.remarks]
            return Marking(Verdict.RIGHT, tuple(given), tuple(notes), share=1.0)
        if typed is None:
            example = f"{BETWEEN} ".join(LETTERS[: len(self.gaps)])
            template = "Expected {number} answers separated by {separator}, for example `{example}`."
            remark = self.say(template, number=len(self.gaps), separator=BETWEEN, example=example)
            return Marking(Verdict.UNREADABLE, (answer,), (remark,))
        parts = tuple(
            MarkedPart(mine, right=verdict is Verdict.RIGHT, remark="" if verdict is Verdict.RIGHT else key.text)
            for mine, verdict, key in zip(
                numbered_parts([part or "-" for part in typed]), verdicts, self.solution, strict=True
            )
        )
        kept = verdicts.count(Verdict.RIGHT)
        near = [f"{place}. {one.remarks[0]}" for place, one in enumerate(marked, 1) if one.verdict is Verdict.NEAR]
        if kept + len(near) == len(parts):
            return Marking(Verdict.NEAR, tuple(typed), tuple(near), parts, kept / len(parts))
        one, many = "{number} of {all} gaps is right.", "{number} of {all} gaps are right."
        remark = self.say_count(one, many, kept, all=len(parts))
        return Marking(Verdict.WRONG, tuple(typed), (remark,), parts, kept / len(parts))

    def gap(self, place: int) -> Short:
        """Return a gap as a separate question; the characters directly before it may be typed with the answer."""
        key, *others = self.gaps[place]
        before = "" if self.exact else chars_before(self.stem)[place]
        others += [f"{before}{text}" for text in self.gaps[place] if before]
        return Short(
            id=self.id,
            stem=self.stem,
            key=key,
            accept=tuple(others),
            exact=self.exact,
            language=self.language,
            equal=self.equal,
            alike=self.alike,
        )

    @classmethod
    def check(cls, node: Node, data: dict[str, Any], report: Report) -> None:
        """Refuse a stem with more or fewer gaps, an answer listed twice, and an answer that looks like several."""
        spot, found, count = node.value["gaps"].node, count_gaps(data["stem"]), len(data["gaps"])
        if found != count:
            has = f"has {plural(found, 'gap')}" if found else "has no gap, written `___`"
            report.at(spot, "contradiction", f"the stem {has}, but `gaps` lists {count}; expected the same number")
        form = strict if data["exact"] else fold
        for gap in spot.value:
            accepted = gap.value if isinstance(gap.value, list) else [gap]
            _check_words(accepted, (), form, report)
            for part in accepted if count > 1 else ():
                if BETWEEN in part.value:
                    message = f"`{BETWEEN}` separates the answers to several gaps; ask this in a question with one gap"
                    report.at(part, "wrong-value", message)
