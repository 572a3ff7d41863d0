"""GIFT: questions for Moodle as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from synergy_cli.course.arrangements import Match
from synergy_cli.course.choices import Choice, Multiple, TrueFalse
from synergy_cli.course.gaps import count_gaps
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.formats import moodle_answers as moodle
from synergy_cli.formats.format import Format
from synergy_cli.formats.gift_reader import holds, read
from synergy_cli.formats.markup import is_plain, local_pictures, to_html
from synergy_cli.formats.transfer import report_losses
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.course.question import Named, Question
    from synergy_cli.formats.format import Bank
    from synergy_cli.formats.transfer import Transfer

_ESCAPED = re.compile(r"[\\~=#{}:]")
_PREFIX = re.compile(r"\[(?:html|moodle|plain|markdown)\]")
_TAG = re.compile(rf"[^\[\]<>`]{{1,{moodle.LONGEST_TAG}}}")
_HELD = ("feedback", "rationale", "level", "tags")


def write(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the questions, and a category wherever another topic begins."""
    category = ""
    for question in bank.questions:
        why = _why_not(question)
        if why:
            transfer.skip(question.id, why)
            continue
        path = moodle.category_name(bank, question)
        if path != category:
            category = path
            yield f"$CATEGORY: {path}\n\n"
        _report(question, transfer)
        writer = _Writer(question)
        if writer.pictures:
            transfer.reduce(question.id, f"without the file `{shorten(writer.pictures[0])}`, of which it has the path")
        yield writer.whole()


def _why_not(question: Question) -> str:
    """Return why GIFT cannot hold a question; empty if it can."""
    if not isinstance(question, Choice | Multiple | TrueFalse | Short | Number | Match | Cloze):
        return f"GIFT has no questions of the type `{question.type}`"
    if isinstance(question, Multiple) and not question.keys:
        return "GIFT needs a right option"
    if isinstance(question, Cloze) and count_gaps(question.stem) > 1:
        return "GIFT has one gap in a text"
    if question.typed and any("->" in answer.text for answer in (*question.right, *question.wrong)):
        return "GIFT takes `->` in an answer for a pair"
    return ""


def _report(question: Question, transfer: Transfer) -> None:
    """Record what GIFT leaves out or has in another form."""
    report_losses(question, _HELD, transfer)
    lost = [] if all(map(_TAG.fullmatch, moodle.tags_of(question))) else ["some tags"]
    transfer.lose(question.id, lost + moodle.partner_losses(question))
    if isinstance(question, Number) and question.unit:
        transfer.change(question.id, "its unit is a part of the stem")


class _Writer:
    """Writes one question."""

    def __init__(self, question: Question) -> None:
        """Choose a format for all its texts: plain, or HTML if one has markup or would be misread."""
        self._question = question
        unit = f" ({question.unit})" if isinstance(question, Number) and question.unit else ""
        stem = "\n\n".join(filter(None, (question.context, question.stem))) + unit
        others = [question.rationale, *(wrong.feedback for wrong in question.wrong)]
        if isinstance(question, Choice | Multiple):
            others += [option.text for option in (*question.right, *question.wrong)]
        lefts = [left for left, _ in question.pairs] if isinstance(question, Match) else []
        texts = [stem, *others, *lefts]
        bare = all(is_plain(question.blocks(text)) and text == text.strip() for text in texts)
        self._format = "[plain]" if bare and not any("->" in text for text in texts) else "[html]"
        self._stem = stem
        self.pictures = [path for text in texts for path in local_pictures(question.blocks(text))]
        """The paths of pictures, which GIFT cannot hold."""

    def whole(self) -> str:
        """Return the question with a blank line after it."""
        question = self._question
        tags = "".join(f" [tag:{tag}]" for tag in moodle.tags_of(question) if _TAG.fullmatch(tag))
        general = f"####{self._text(question.rationale)}" if question.rationale else ""
        lines = "\n".join(["{", *self._answers(), *([general] if general else []), "}"])  # a blank line would end it
        return f"// [id:{question.id}]{tags}\n::{question.id}::{self._format}{self._text(self._stem)} {lines}\n\n"

    def _text(self, text: str) -> str:
        """Return a text in the question's format."""
        question = self._question
        return _escaped(to_html(question.blocks(text)).replace("->", "-&gt;") if self._format == "[html]" else text)

    def _answers(self) -> Iterator[str]:
        """Yield the lines of the answers."""
        question = self._question
        match question:
            case Choice():
                yield from (self._option(right, "=", "") for right in question.right)
                yield from (self._option(wrong, "~", "") for wrong in question.wrong)
            case Multiple():
                yield from (
                    self._option(right, "~", f"%{moodle.weight(len(question.keys))}%") for right in question.right
                )
                yield from (self._option(wrong, "~", "%-100%") for wrong in question.wrong)
            case TrueFalse():
                yield "TRUE" if question.key else "FALSE"
            case Number():
                yield "#"
                yield from self._numbers(question)
            case Match():
                yield from (
                    f"={self._guarded(left)} -> {_escaped(question.displayed(right))}" for left, right in question.pairs
                )
                yield from (f"= -> {_escaped(question.displayed(wrong.text))}" for wrong in question.distractors)
            case _:
                yield from (f"={_weighed(_typed(text))}" for text in _accepted(question))
                yield from (f"=%0%{_typed(wrong.text)}{self._feedback(wrong.feedback)}" for wrong in question.wrong)

    def _option(self, option: Named, sign: str, worth: str) -> str:
        text = self._guarded(option.text)
        worth = worth or ("%0%" if sign == "~" and text.startswith("%") else "")
        return f"{sign}{worth}{text}{self._feedback(option.feedback)}"

    def _guarded(self, text: str) -> str:
        """Return a text that is not taken for one with a format of its own."""
        written = self._text(text)
        return f"{self._format}{written}" if _PREFIX.match(written) else written

    def _feedback(self, text: str) -> str:
        return f"#{self._guarded(text)}" if text else ""

    def _numbers(self, question: Number) -> Iterator[str]:
        for amount in moodle.amounts_of(question):
            spread = "" if ".." in amount.text else f":{amount.tolerance}"
            worth = "" if amount.worth else "%0%"
            yield f"={worth}{amount.text}{spread}{self._feedback(amount.feedback)}"


def _accepted(question: Question) -> list[str]:
    """Return the texts that are right."""
    return list(question.gaps[0]) if isinstance(question, Cloze) else [right.text for right in question.right]


def _typed(text: str) -> str:
    """Return an answer that is typed: literal, with a `*` that stands for itself."""
    written = _escaped(text.replace("*", "\\*"))
    return f"[plain]{written}" if _PREFIX.match(written) else written


def _weighed(written: str) -> str:
    """Return a right answer of which no part is taken for what it is worth."""
    return f"%100%{written}" if written.startswith("%") else written


def _escaped(text: str) -> str:
    return _ESCAPED.sub(r"\\\g<0>", text).replace("\n", "\\n")


GIFT = Format("gift", "GIFT, for Moodle", (".gift",), write, read, holds)
