"""Reads GIFT as Moodle does, and says what Moodle would refuse."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from synergy_cli.formats import moodle_answers as moodle
from synergy_cli.formats.markup import converted
from synergy_cli.formats.notes import Draft, UnreadableError, items
from synergy_cli.records import NamedTuple
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.formats.format import Item, Source
    from synergy_cli.formats.notes import Notes
    from synergy_cli.formats.transfer import Transfer

_ESCAPES = "\\:#={}~n"
_CODES = {char: chr(number) for number, char in enumerate(_ESCAPES, start=1)}
"""What stands for an escaped character while unescaped ones are looked for: controls, which no text has."""
_DECODED = str.maketrans({code: "\n" if char == "n" else char for char, code in _CODES.items()})
_CONTROL = re.compile("[\x01-\x08]")
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_LABEL = re.compile(r"\[(id|tag):((?:\\\]|[^\[\]]){1,200})\]")
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_CLOZE = re.compile(r"\{\d*:[A-Z_]+:")
_PLUGIN = re.compile(r"\{\s*[<>]")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,9})?)%")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_GAP = "___"


class _Block(NamedTuple):
    """The lines between two blank lines.

    Attributes:
        line: the number of its first line that is no comment.
        text: without comments.
        labels: the ids and tags in its comments.
    """

    line: int
    text: str
    labels: list[tuple[str, str]]


def read(source: Source, transfer: Transfer) -> Iterator[Item]:
    """Yield the questions of a file."""
    return items(_drafts(source.text), transfer)


def _drafts(text: str) -> Iterator[Draft]:
    topic: tuple[str, ...] = ()
    for block in _blocks(text):
        category = _CATEGORY.match(block.text)
        if category:
            topic = moodle.category_path(category[1])
            block = block._replace(line=block.line + 1, text=block.text[category.end() :])  # noqa: PLW2901  the rest of it
        if block.text.strip():
            question = _Question(block)
            identity = next((text for name, text in block.labels if name == "id"), "")
            yield Draft(block.line, identity or shorten(question.name), question.data, topic, identity)


def holds(start: bytes) -> bool:
    """Whether the beginning of a file looks like GIFT."""
    return re.search(rb"(?m)^(?:\s*::[^\n]*::|\$CATEGORY:|[^{}\n]*[^\\{}\n]\{(?:[^{}]*[^\\{}])?\})", start) is not None


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the blocks of a file. A comment is as good as a blank, but no blank line."""
    lines: list[str] = []
    labels: list[tuple[str, str]] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            labels += [(name, value.replace("\\]", "]").strip()) for name, value in _LABEL.findall(stripped)]
            lines += [" "] if lines else []
        elif stripped:
            first = first if any(map(str.strip, lines)) else number
            lines.append(line)
        elif lines or labels:
            yield _Block(first, "\n".join(lines), labels)
            lines, labels = [], []


class _Question:
    """One question."""

    def __init__(self, block: _Block) -> None:
        self._tags = [text for label, text in block.labels if label == "tag"]
        self._hidden = _CONTROL.search(block.text) is not None
        text = _ESCAPE.sub(lambda match: _CODES[match[1]], block.text.strip())
        title = _TITLE.match(text)
        self._title = _plain(title[1]) if title else ""
        self._text = text[title.end() :] if title else text
        form = _FORMAT.match(self._text)
        self._format = form[1] if form else "moodle"
        self._text = self._text[form.end() :] if form else self._text

    @property
    def name(self) -> str:
        """Its title, or the beginning of its text."""
        return self._title or _plain(self._text.partition("{")[0])

    def data(self, notes: Notes) -> dict[str, Any]:
        """Return its fields. Raises UnreadableError if a course cannot hold it."""
        stem, answers, general = self._split()
        stem = _in_format(stem, self._format, notes)
        if not stem:
            raise UnreadableError("it has no text")
        rationale = self._converted(general, notes)
        head, _, feedback = answers.partition("#")
        if answers.startswith("#"):
            data, reasons = moodle.number_of(self._amounts(answers[1:], notes), notes)
        elif "~" in answers:
            data, reasons = self._choice(answers, notes)
        elif "=" in answers and "->" in answers:
            data, reasons = moodle.match_of(self._pairs(answers, notes)), []
        elif head.strip() in _TRUTH:
            said = (self._converted(part, notes) for part in feedback.split("#"))
            data, reasons = moodle.truth_of(_TRUTH[head.strip()], said, notes)
        else:
            data, reasons = moodle.typed_of(self._typed(answers, notes), stem, notes)
        return {"stem": stem, **data, **moodle.rationale_of(rationale, reasons, notes), **moodle.from_tags(self._tags)}

    def _split(self) -> tuple[str, str, str]:
        """Return the stem, with a gap for answers that do not end it, the answers, and the general feedback."""
        text = self._text
        start, end = text.find("{"), text.find("}")
        if self._hidden:
            raise UnreadableError("it has control characters")
        if _CLOZE.search(text):
            raise UnreadableError("it is Moodle's Cloze text, not GIFT")
        if start < 0 and end < 0:
            raise UnreadableError("it has no answers in braces, so it is a description")
        if start < 0 or end < start:
            raise UnreadableError("a brace is not closed; a blank line inside braces ends the question")
        if _PLUGIN.match(text, start):
            raise UnreadableError("it is a question in order, as a plugin of Moodle has it")
        answers, tail = text[start + 1 : end].strip(), text[end + 1 :].strip()
        answers, _, general = answers.rpartition("####") if "####" in answers else (answers, "", "")
        if not answers.strip():
            raise UnreadableError("it is an essay: it has no answers")
        return f"{text[:start]}{_GAP}{text[end + 1 :]}" if tail else text[:start], answers.strip(), general

    def _converted(self, text: str, notes: Notes) -> str:
        """Return a text in its own format, or else in the question's."""
        form = _FORMAT.match(text)
        return _in_format(text[form.end() :], form[1], notes) if form else _in_format(text, self._format, notes)

    def _choice(self, answers: str, notes: Notes) -> tuple[dict[str, Any], list[str]]:
        found = []
        for part in filter(str.strip, answers.replace("=", "~=").split("~")):
            source, worth = (part[1:], moodle.FULL) if part.startswith("=") else _weighed(part, Decimal(0))
            text, _, feedback = source.partition("#")
            found.append(moodle.Answer(self._converted(text, notes), worth, self._converted(feedback, notes)))
        return moodle.choice_of(found, notes, single="=" in answers)

    def _typed(self, answers: str, notes: Notes) -> list[moodle.Answer]:
        return [
            answer._replace(
                text=_plain(answer.text[form.end() :] if (form := _FORMAT.match(answer.text)) else answer.text)
            )
            for answer in self._literal(answers, notes)
        ]

    def _literal(self, answers: str, notes: Notes) -> Iterator[moodle.Answer]:
        """Yield answers with their texts as they are written."""
        for part in filter(str.strip, answers.split("=")):
            source, worth = _weighed(part, moodle.FULL)
            text, _, feedback = source.partition("#")
            yield moodle.Answer(text, worth, self._converted(feedback, notes))

    def _amounts(self, answers: str, notes: Notes) -> list[moodle.Answer]:
        answers, _, other = answers.partition("~")
        if other.strip("# \n"):
            notes.lose("feedback on any other answer")
        found = []
        for answer in self._literal(answers, notes):
            number, _, tolerance = _plain(answer.text).partition(":")
            number = number.replace(" ", "")
            if number == "*":
                notes.lose("feedback on any other answer")
            else:
                found.append(answer._replace(text=number, tolerance=tolerance.strip()))
        return found

    def _pairs(self, answers: str, notes: Notes) -> list[tuple[str, str]]:
        found = []
        for part in filter(str.strip, answers.split("=")):
            left, arrow, right = part.partition("->")
            if not arrow:
                raise UnreadableError(f"`{shorten(_plain(part))}` has no `->`")
            found.append((self._converted(left, notes), _in_format(right, "plain", notes)))
        return found


def _weighed(part: str, usual: Decimal) -> tuple[str, Decimal]:
    """Return an answer without the percentage in front of it, and that, or the usual one."""
    weight = _WEIGHT.match(part)
    return (part[weight.end() :], Decimal(weight[1])) if weight else (part, usual)


def _in_format(source: str, form: str, notes: Notes) -> str:
    """Return a text in a format."""
    return converted(_plain(source), form, notes)


def _plain(text: str) -> str:
    """Return a text with its escaped characters and without blanks around it."""
    return text.strip().translate(_DECODED)
