"""Moodle XML: questions for Moodle with everything that it can mark."""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape
from itertools import count
from typing import TYPE_CHECKING

from synergy_cli.course.arrangements import Match, Order
from synergy_cli.course.choices import Choice, Multiple, TrueFalse
from synergy_cli.course.question_text import blocks_of
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.formats import moodle_answers as moodle
from synergy_cli.formats import pictures
from synergy_cli.formats.format import Format
from synergy_cli.formats.markup import local_pictures, plain_text, to_html, with_pictures
from synergy_cli.formats.moodle_xml_reader import drafts
from synergy_cli.formats.notes import reader
from synergy_cli.formats.options import listed
from synergy_cli.formats.transfer import report_losses
from synergy_cli.parsing.report import ContentError
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from synergy_cli.course.question import Question
    from synergy_cli.formats.format import Bank
    from synergy_cli.formats.transfer import Transfer

_TYPES = {
    Choice: "multichoice",
    Multiple: "multichoice",
    TrueFalse: "truefalse",
    Short: "shortanswer",
    Number: "numerical",
    Match: "matching",
    Order: "ordering",
    Cloze: Cloze.type,  # Moodle has the same word
}
_HELD = ("feedback", "rationale", "hint", "level", "tags", "exactness", "other units")
_ORDERING = {
    "layouttype": "VERTICAL",
    "selecttype": "ALL",
    "selectcount": "0",
    "gradingtype": "ABSOLUTE_POSITION",
    "showgrading": "SHOW",
    "numberingstyle": "none",
}
_OPTIONAL_UNITS, _NO_UNITS = 0, 3
_GAP = re.compile(r"_{3,}")
_IN_GAP = re.compile(r"[\\}#~/\"=]")


def write(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the questions, and a category wherever another topic begins."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
    category = ""
    for question in bank.questions:
        if isinstance(question, Multiple) and not question.keys:
            transfer.skip(question.id, "Moodle needs a right option")
            continue
        path = moodle.category_name(bank, question)
        if path != category:
            category = path
            yield f'<question type="category"><category>{_text(path)}</category></question>\n'
        _report(question, transfer)
        writer = _Writer(question, bank.folder)
        inside = "".join(f"  {part}\n" for part in writer.parts())
        if writer.missing:
            transfer.reduce(question.id, f"without `{shorten(writer.missing[0])}`, which cannot be read")
        yield f'<question type="{_TYPES[type(question)]}">\n{inside}</question>\n'
    yield "</quiz>\n"


def _report(question: Question, transfer: Transfer) -> None:
    """Record what is left out or gets another form."""
    keeps_order = isinstance(question, Choice | Multiple) and not question.shuffle
    report_losses(question, (*_HELD, "fixed order") if keeps_order else _HELD, transfer)
    transfer.lose(question.id, moodle.partner_losses(question))
    if isinstance(question, Number) and any(".." in number for number in (question.key, *question.accept)):
        transfer.change(question.id, "a range became a number with a tolerance")


class _Writer:
    """Writes one question."""

    def __init__(self, question: Question, folder: Path) -> None:
        self._question = question
        self._folder = folder
        self.missing: list[str] = []
        """The pictures that cannot be read."""

    def _html(self, text: str) -> str:
        """Return a text of the question, with the pictures that it shows."""
        return f"{_cdata(self._markup(text))}{self._files(text)}"

    def _markup(self, text: str) -> str:
        return to_html(with_pictures(blocks_of(text), pictures.address)) if text else ""

    def _files(self, *texts: str) -> str:
        """Return the pictures of the course that texts show."""
        found = ""
        for path in dict.fromkeys(path for text in texts for path in local_pictures(blocks_of(text))):
            try:
                found += pictures.element(self._folder, path)
            except ContentError:
                self.missing.append(path)
        return found

    def parts(self) -> Iterator[str]:
        """Yield the elements of the question."""
        question = self._question
        stem, context = self._markup(question.stem), self._markup(question.context)
        if isinstance(question, Cloze):
            stem = _with_gaps(stem, question)
        whole = _cdata(f"{context}<br><br>{stem}" if context else stem) + self._files(question.context, question.stem)
        yield f"<name>{_text(question.id)}</name>"
        yield f'<questiontext format="html">{whole}</questiontext>'
        yield f'<generalfeedback format="html">{self._html(question.rationale)}</generalfeedback>'
        yield f"<idnumber>{escape(question.id)}</idnumber>"
        yield from self._answers()
        if question.hint:
            yield f'<hint format="html">{self._html(question.hint)}</hint>'
        tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in moodle.tags_of(question) if len(tag) <= moodle.LONGEST_TAG)
        if tags:
            yield f"<tags>{tags}</tags>"

    def _answers(self) -> Iterator[str]:
        """Yield the elements that depend on the type."""
        question = self._question
        match question:
            case Choice() | Multiple():
                yield from self._options(question)
            case TrueFalse():
                for word in (True, False):
                    worth = "100" if word is question.key else "0"
                    yield f'<answer fraction="{worth}" format="plain_text">{_text(str(word).lower())}</answer>'
            case Short():
                yield f"<usecase>{int(question.exact)}</usecase>"
                yield from (self._typed(right.text, "100", "") for right in question.right)
                yield from (self._typed(wrong.text, "0", wrong.feedback) for wrong in question.wrong)
            case Number():
                yield from self._numbers(question)
            case Match():
                yield "<shuffleanswers>true</shuffleanswers>"
                pairs = [*question.pairs, *(("", wrong.text) for wrong in question.distractors)]
                for left, right in pairs:
                    partner = f"<answer>{_text(plain_text(question, right))}</answer>"
                    yield f'<subquestion format="html">{self._html(left)}{partner}</subquestion>'
            case Order():
                yield from (f"<{name}>{value}</{name}>" for name, value in _ORDERING.items())
                for place, text in zip(count(1), question.order, strict=False):
                    yield f'<answer fraction="{place}" format="html">{self._html(text)}</answer>'

    def _options(self, question: Choice | Multiple) -> Iterator[str]:
        single = isinstance(question, Choice)
        right = "100" if single else moodle.weight(len(question.right))
        options = (
            listed(question) if not question.shuffle else sorted(listed(question), key=lambda option: not option.right)
        )
        yield f"<single>{str(single).lower()}</single>"
        yield f"<shuffleanswers>{str(question.shuffle).lower()}</shuffleanswers>"
        yield "<answernumbering>123</answernumbering>"
        for option in options:
            worth = right if option.right else "0" if single else "-100"
            yield _answer(self._html(option.text), worth, "html", self._html(option.feedback))

    def _typed(self, text: str, worth: str, feedback: str) -> str:
        return _answer(_text(text.replace("*", "\\*")), worth, "plain_text", self._html(feedback))

    def _numbers(self, question: Number) -> Iterator[str]:
        for amount in moodle.amounts_of(question):
            number, tolerance = amount.text, amount.tolerance
            if ".." in number:
                first, last = map(Decimal, number.split(".."))
                number, tolerance = f"{(first + last) / 2:f}", f"{(last - first) / 2:f}"
            more = f'<feedback format="html">{self._html(amount.feedback)}</feedback><tolerance>{tolerance}</tolerance>'
            worth = f"{amount.worth:f}"
            yield f'<answer fraction="{worth}" format="plain_text">{_text(number)}{more}</answer>'
        units = {question.unit: "1"} if question.unit else {}
        units |= {name: f"{1 / Decimal(size):.15g}" for name, size in question.units}
        listed_units = (
            f"<unit><multiplier>{size}</multiplier><unit_name>{escape(name)}</unit_name></unit>"
            for name, size in units.items()
        )
        if units:
            yield f"<units>{''.join(listed_units)}</units>"
        shown = _OPTIONAL_UNITS if units else _NO_UNITS
        yield f"<unitgradingtype>0</unitgradingtype><unitpenalty>0.1</unitpenalty><showunits>{shown}</showunits>"


def _with_gaps(stem: str, question: Cloze) -> str:
    """Return a stem with what is right in each gap in its place."""
    sort = "SHORTANSWER_C" if question.exact else "SHORTANSWER"
    gaps = iter(question.gaps)

    def gap(_: re.Match[str]) -> str:
        accepted = "~".join(f"={_coded(text)}" for text in next(gaps))
        return f"{{1:{sort}:{accepted}}}"

    return _GAP.sub(gap, stem.replace("{", "&#123;"))


def _coded(text: str) -> str:
    """Return an answer in a gap: each sign that means something there is a number."""
    return _IN_GAP.sub(lambda match: f"&#{ord(match[0])};", escape(text.replace("*", "\\*"), quote=False))


def _answer(text: str, worth: str, form: str, feedback: str) -> str:
    return f'<answer fraction="{worth}" format="{form}">{text}<feedback format="html">{feedback}</feedback></answer>'


def _cdata(html: str) -> str:
    """Return HTML of our own, in which `]]>` does not occur, as a text."""
    return f"<text><![CDATA[{html}]]></text>" if html else "<text></text>"


def _text(text: str) -> str:
    return f"<text>{escape(text, quote=False)}</text>"


_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<quiz\b", re.DOTALL)
MOODLE = Format("moodle", "Moodle XML", (".xml",), write, reader(drafts), _BEGINNING.match)
