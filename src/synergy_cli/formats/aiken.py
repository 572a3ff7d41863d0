"""Aiken: questions with one right option, as plain lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from synergy_cli.course.choices import FEWEST_OPTIONS, Choice, TrueFalse
from synergy_cli.formats.format import Format
from synergy_cli.formats.markup import is_plain
from synergy_cli.formats.notes import Draft, UnreadableError, reader
from synergy_cli.formats.options import Option, choice_data, listed, present
from synergy_cli.formats.transfer import report_losses
from synergy_cli.records import NamedTuple
from synergy_cli.text import plural, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.course.question import Question
    from synergy_cli.formats.format import Bank
    from synergy_cli.formats.notes import Notes
    from synergy_cli.formats.transfer import Transfer

_LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_END = "ANSWER"
_OPTION = re.compile(r"([A-Z])[.)](?=\s*\S)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)
_LETTER = re.compile(r"\(?([A-Z])(?![A-Z])", re.IGNORECASE)
_SEVERAL = re.compile(r"[A-Z](?:\s*(?:,|;|&|\band\b)\s*[A-Z])+\.?", re.IGNORECASE)
_REASON = re.compile(r"(?:ANSWER_)?EXPLANATION\s*:\s*(.*)")
_SHORTEST = 2
"""Moodle ignores a line with fewer characters."""


def write(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the questions that have options, exactly one of them right."""
    for question in bank.questions:
        if not isinstance(question, Choice | TrueFalse):
            transfer.skip(question.id, f"Aiken has no questions of the type `{question.type}`")
            continue
        options = listed(question)
        texts = ["\n".join(filter(None, (question.context, question.stem))), *(option.text for option in options)]
        stem, *lines = _on_one_line(question, texts, transfer)
        if len(stem) < _SHORTEST or _OPTION.match(stem) or _ANSWER.match(stem) or not all(lines):
            transfer.skip(question.id, f"Aiken would read `{shorten(stem)}` as a different line")
            continue
        report_losses(question, (), transfer)
        if question.judged:
            transfer.change(question.id, "true and false became options")
        key = next(label for label, option in zip(_LABELS, options, strict=False) if option.right)
        listing = [f"{label}. {line}" for label, line in zip(_LABELS, lines, strict=False)]
        yield "\n".join([stem, *listing, f"ANSWER: {key}", "", ""])


def _on_one_line(question: Question, texts: Sequence[str], transfer: Transfer) -> list[str]:
    """Return texts of a question without markup, each on one line; losses are recorded."""
    blocks = [question.blocks(text) for text in texts]
    lost = ["line breaks"] if any("\n" in text.strip() for text in texts) else []
    lost += [] if all(map(is_plain, blocks)) else ["markup"]
    if lost:
        transfer.reduce(question.id, f"without {' and '.join(lost)}")
    return [question.displayed(text) for text in texts]


class _Line(NamedTuple):
    """A line that is not blank.

    Attributes:
        number: counted from 1.
        text: without surrounding blanks.
        mark: the label of an option, `_END` for the line that names the right one, or empty.
    """

    number: int
    text: str
    mark: str = ""


class _Block(NamedTuple):
    """The lines of a question; `end` names the right option."""

    stem: list[_Line]
    options: list[list[_Line]]
    reasons: list[str]
    end: _Line | None = None

    @property
    def line(self) -> int:
        """The number of its first line."""
        lines = [*self.stem, *(line for option in self.options for line in option)]
        return (lines[0] if lines else self.end or _Line(0, "")).number

    @property
    def name(self) -> str:
        """The start of its text."""
        return shorten(" ".join(line.text for line in self.stem))

    def data(self, _: Notes) -> dict[str, Any]:
        """Return its fields. Raises UnreadableError if it is not a question."""
        rights = _rights(self)
        fault = _fault(self, rights)
        if fault:
            raise UnreadableError(fault)
        options = [
            Option("\n".join([first.text[2:].lstrip(), *(line.text for line in more)]), first.mark in rights)
            for first, *more in self.options
        ]
        stem = "\n".join(line.text for line in self.stem)
        return {"stem": stem, **choice_data(options), **present(rationale="\n".join(self.reasons))}


def _lines(text: str) -> list[_Line]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped:
            option = _OPTION.match(stripped)
            mark = _END if _ANSWER.match(stripped) else option[1] if option else ""
            found.append(_Line(number, stripped, mark))
    return found


def _blocks(lines: list[_Line]) -> Iterator[_Block]:
    """Split lines into questions: each ends at the line that names the right option, or where another must begin."""
    following = _following(lines)
    block, last = _Block([], [], []), None
    for index, line in enumerate(lines):
        reason = _REASON.match(line.text)
        if reason and last is not None and not block.stem and not block.options:
            last.reasons.append(reason[1])
            continue
        if line.mark == _LABELS[0] and len(block.options) == 1:  # the one before was the stem, as in `A. Lincoln was`
            block.stem.extend(block.options.pop())
        if line.mark == _END:
            if last is not None:
                yield last
            block, last = _Block([], [], []), block._replace(end=line)
        elif line.mark and line.mark == _LABELS[len(block.options) : len(block.options) + 1]:
            block.options.append([line])
        elif block.options and following[index] == _LABELS[0]:
            yield from (each for each in (last, block) if each is not None)
            block, last = _Block([line], [], []), None
        elif block.options:
            block.options[-1].append(line)
        else:
            block.stem.append(line)
    yield from (each for each in (last, block) if each is not None and (each.stem or each.options))


def _following(lines: list[_Line]) -> list[str]:
    """Return for each line the mark of the next line that has one."""
    found, mark = [], ""
    for line in reversed(lines):
        found.append(mark)
        mark = line.mark or mark
    return found[::-1]


def _rights(block: _Block) -> set[str]:
    """Return the labels of the right options."""
    text = _ANSWER.sub(r"\1", block.end.text) if block.end else ""
    if _SEVERAL.fullmatch(text):
        return set(re.findall(r"\b[A-Z]\b", text.upper()))
    first = _LETTER.match(text)
    return {first[1].upper()} if first else set()


def _fault(block: _Block, rights: set[str]) -> str:
    """Return why a block is not a question; empty if it is."""
    if not block.stem:
        return "there is no text before the options"
    if len(block.options) < FEWEST_OPTIONS:
        return f"{plural(len(block.options), 'option')}, expected at least {FEWEST_OPTIONS}"
    if block.end is None:
        return "there is no line `ANSWER:` after the options"
    labels = {first.mark for first, *_ in block.options}
    if not rights or not rights <= labels:
        return f"`{shorten(block.end.text)}` does not name an option; expected a letter from A to {max(labels)}"
    return ""


AIKEN = Format(
    "aiken",
    "Aiken",
    (".aiken",),
    write,
    reader(lambda source: (Draft(block.line, block.name, block.data) for block in _blocks(_lines(source.text)))),
    re.compile(rb"(?m)^[ \t]*[B-Z][.)].*\n\s*ANSWER:").search,
)
"""The reader accepts more than Moodle: a stem or an option may have several lines, options need no blank after the
label, and several letters may be right."""
