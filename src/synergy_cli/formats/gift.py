"""GIFT: questions for Moodle as text, which is read as Moodle does; what Moodle would refuse is said."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from synergy_cli.course.arrangements import Match
from synergy_cli.course.choices import Choice, Multiple, TrueFalse
from synergy_cli.course.gaps import count_gaps
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.formats import moodle_answers as moodle
from synergy_cli.formats.format import Format
from synergy_cli.formats.markup import converted, is_plain, local_pictures, to_html
from synergy_cli.formats.notes import Draft, Notes, UnreadableError, reader
from synergy_cli.formats.transfer import report_losses
from synergy_cli.records import NamedTuple
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.course.question import Named, Question
    from synergy_cli.formats.format import Bank, Source
    from synergy_cli.formats.transfer import Transfer

_ESCAPED = re.compile(r"[\\~=#{}:]")
_PREFIX = re.compile(r"\[(?:html|moodle|plain|markdown)\]")
_TAG = re.compile(rf"[^\[\]<>`]{{1,{moodle.LONGEST_TAG}}}")
_HELD = ("feedback", "rationale", "level", "tags")
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
            transfer.reduce(question.id, f"without the file `{shorten(writer.pictures[0])}`; only its path is written")
        yield writer.whole()


def _why_not(question: Question) -> str:
    """Return why GIFT cannot hold a question; empty if it can."""
    if not isinstance(question, Choice | Multiple | TrueFalse | Short | Number | Match | Cloze):
        return f"GIFT has no questions of the type `{question.type}`"
    if isinstance(question, Multiple) and not question.keys:
        return "GIFT needs a right option"
    if isinstance(question, Cloze) and count_gaps(question.stem) > 1:
        return "GIFT allows only one gap in a text"
    if question.typed and any("->" in answer.text for answer in (*question.right, *question.wrong)):
        return "GIFT reads `->` in an answer as a pair"
    return ""


def _report(question: Question, transfer: Transfer) -> None:
    """Record what GIFT leaves out or has in another form."""
    report_losses(question, _HELD, transfer)
    lost = [] if all(map(_TAG.fullmatch, moodle.tags_of(question))) else ["some tags"]
    transfer.lose(question.id, lost + moodle.partner_losses(question))
    if isinstance(question, Number) and question.unit:
        transfer.change(question.id, "its unit became part of the stem")


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


def _drafts(source: Source) -> Iterator[Draft]:
    topic: tuple[str, ...] = ()
    for block in _blocks(source.text):
        category = _CATEGORY.match(block.text)
        if category:
            topic = moodle.category_path(category[1])
            block = block._replace(line=block.line + 1, text=block.text[category.end() :])  # noqa: PLW2901  the rest of it
        if block.text.strip():
            question = _Question(block)
            identity = next((text for name, text in block.labels if name == "id"), "")
            yield Draft(block.line, identity or shorten(question.name), question.data, topic, identity)


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
        self._notes = Notes()
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
        self._notes = notes
        stem, answers, general = self._split()
        stem = converted(_plain(stem), self._format, notes)
        if not stem:
            raise UnreadableError("it has no text")
        rationale = self._converted(general)
        head, _, feedback = answers.partition("#")
        if answers.startswith("#"):
            data, reasons = moodle.number_of(self._amounts(answers[1:]), notes)
        elif "~" in answers:
            data, reasons = self._choice(answers)
        elif "=" in answers and "->" in answers:
            data, reasons = moodle.match_of(self._pairs(answers)), []
        elif head.strip() in _TRUTH:
            said = (self._converted(part) for part in feedback.split("#"))
            data, reasons = moodle.truth_of(_TRUTH[head.strip()], said, notes)
        else:
            data, reasons = moodle.typed_of(self._typed(answers), stem, notes)
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
            raise UnreadableError("it is an ordering question of a Moodle plugin")
        answers, tail = text[start + 1 : end].strip(), text[end + 1 :].strip()
        answers, _, general = answers.rpartition("####") if "####" in answers else (answers, "", "")
        if not answers.strip():
            raise UnreadableError("it is an essay: it has no answers")
        return f"{text[:start]}{_GAP}{text[end + 1 :]}" if tail else text[:start], answers.strip(), general

    def _converted(self, text: str) -> str:
        """Return a text in its own format, or else in the question's."""
        form = _FORMAT.match(text)
        source, name = (text[form.end() :], form[1]) if form else (text, self._format)
        return converted(_plain(source), name, self._notes)

    def _choice(self, answers: str) -> tuple[dict[str, Any], list[str]]:
        found = []
        for part in filter(str.strip, answers.replace("=", "~=").split("~")):
            source, worth = (part[1:], moodle.FULL) if part.startswith("=") else _worth_of(part, Decimal(0))
            text, _, feedback = source.partition("#")
            found.append(moodle.Answer(self._converted(text), worth, self._converted(feedback)))
        return moodle.choice_of(found, self._notes, single="=" in answers)

    def _typed(self, answers: str) -> list[moodle.Answer]:
        return [
            answer._replace(
                text=_plain(answer.text[form.end() :] if (form := _FORMAT.match(answer.text)) else answer.text)
            )
            for answer in self._literal(answers)
        ]

    def _literal(self, answers: str) -> Iterator[moodle.Answer]:
        """Yield answers with their texts as they are written."""
        for part in filter(str.strip, answers.split("=")):
            source, worth = _worth_of(part, moodle.FULL)
            text, _, feedback = source.partition("#")
            yield moodle.Answer(text, worth, self._converted(feedback))

    def _amounts(self, answers: str) -> list[moodle.Answer]:
        answers, _, other = answers.partition("~")
        if other.strip("# \n"):
            self._notes.lose("feedback on any other answer")
        found = []
        for answer in self._literal(answers):
            number, _, tolerance = _plain(answer.text).partition(":")
            number = number.replace(" ", "")
            if number == "*":
                self._notes.lose("feedback on any other answer")
            else:
                found.append(answer._replace(text=number, tolerance=tolerance.strip()))
        return found

    def _pairs(self, answers: str) -> list[tuple[str, str]]:
        found = []
        for part in filter(str.strip, answers.split("=")):
            left, arrow, right = part.partition("->")
            if not arrow:
                raise UnreadableError(f"`{shorten(_plain(part))}` has no `->`")
            found.append((self._converted(left), converted(_plain(right), "plain", self._notes)))
        return found


def _worth_of(part: str, usual: Decimal) -> tuple[str, Decimal]:
    """Return an answer without the percentage in front of it, and that, or the usual one."""
    weight = _WEIGHT.match(part)
    return (part[weight.end() :], Decimal(weight[1])) if weight else (part, usual)


def _plain(text: str) -> str:
    """Return a text with its escaped characters and without blanks around it."""
    return text.strip().translate(_DECODED)


_BEGINNING = re.compile(rb"(?m)^(?:\s*::[^\n]*::|\$CATEGORY:|[^{}\n]*[^\\{}\n]\{(?:[^{}]*[^\\{}])?\})")
GIFT = Format("gift", "GIFT, for Moodle", (".gift",), write, reader(_drafts), _BEGINNING.search)
