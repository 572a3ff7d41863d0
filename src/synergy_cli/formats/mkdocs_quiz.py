"""mkdocs-quiz: questions in the Markdown pages of MkDocs, each between `<quiz>` and `</quiz>`.

Markdown that question texts do not support is converted, or left out and reported.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import chain, takewhile
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from synergy_cli.course.typed import Cloze
from synergy_cli.formats import moodle_answers as moodle
from synergy_cli.formats.format import Format
from synergy_cli.formats.html_text import read_html
from synergy_cli.formats.markup import overloaded, words_of
from synergy_cli.formats.notes import Draft, UnreadableError, reader
from synergy_cli.formats.pictures import at_address
from synergy_cli.records import NamedTuple
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.formats.format import Source
    from synergy_cli.formats.notes import Notes

_OPTION = re.compile(r"\s*[-*]\s*\[([xX ]?)\]\s*(.*)")
_FEEDBACK = re.compile(r"^\s*> ?")
_GAP = re.compile(r"\[\[([^\[\]\n]{1,500})\]\]")
_HEADING = re.compile(r"(##?) +(.*?)(?:\s+#+)?(?:\s*\{[^{}]*\})?\s*")
_START, _END = "<quiz>", "</quiz>"
_OLD_START, _OLD_END = "<?quiz?>", "<?/quiz?>"
_RULE = "---"
_FENCE = re.compile(r"\s*(`{3,}|~{3,})([^`]*)")
_CODE = re.compile(r"(`+[^`]+`+)")
_SHEBANG = re.compile(r"(`+)#!\w+ ")
_ANY_HEADING = re.compile(r" {0,3}#{1,6} +(.*?)(?:\s+#+)?\s*")
_CALLOUT = re.compile(r"(?:!!!|\?\?\?\+?|===[!+]?)\s*([\w-]*)[^\"]*(?:\"([^\"]*)\")?\s*")
_QUOTATION = re.compile(r" {0,3}> ?")
_ROW = re.compile(r"\s*\|(.*)\|\s*")
_RULER = re.compile(r"\s*\|[\s|:-]*-[\s|:-]*")
_COMMENT = re.compile(r"<!--.*?-->")
_PICTURE = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)")
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]*)[^()]*\)")
_SMALL = re.compile(r"<(su[bp])>[^<>]*</\1>")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>")
_ATTRIBUTES = re.compile(r"\{:?\s*[.#:][^{}]*\}")
_INDENT = "    "


class _Block(NamedTuple):
    """The lines of a question, the number of the first, the headings above it; or why it is invalid."""

    line: int
    lines: list[str]
    topic: tuple[str, ...]
    fault: str = ""

    @property
    def name(self) -> str:
        """The start of its text."""
        return shorten(" ".join(takewhile(lambda line: not _OPTION.match(line), self.lines)))

    def data(self, notes: Notes) -> dict[str, Any]:
        """Return its fields. Raises UnreadableError if it is not a question."""
        if self.fault:
            raise UnreadableError(self.fault)
        lines = dedent("\n".join(self.lines)).strip("\n").split("\n")
        return _gaps(lines, notes) if any(map(_GAP.search, lines)) else _choice(lines, notes)


def _drafts(source: Source) -> Iterator[Draft]:
    return (Draft(block.line, block.name, block.data, block.topic) for block in _blocks(source.text))


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the content of the tags, except in code blocks, where they only show how to write a question."""
    headings: dict[int, str] = {}
    fence, end, block = "", "", _Block(0, [], ())
    for number, line in enumerate(text.split("\n"), start=1):
        for start, stop in ((_START, _END), (_OLD_START, _OLD_END)):
            if not end and not fence and line.lstrip().startswith(start):
                end, block, line = stop, _Block(number, [], tuple(headings.values())), line.partition(start)[2]  # noqa: PLW2901
        if end:
            before, found, _ = line.partition(end)
            block.lines.append(before)
            if found:
                old = "the syntax of mkdocs-quiz before 1.0; run `mkdocs-quiz migrate` first"
                yield block if end == _END else block._replace(fault=old)
                end = ""
            continue
        fence = _fence_after(line, fence)
        heading = None if fence else _HEADING.fullmatch(line)
        if heading:
            headings = {level: title for level, title in headings.items() if level < len(heading[1])}
            headings[len(heading[1])] = heading[2]
    if end:
        yield block._replace(fault=f"`{end}` is missing")


def _choice(lines: Sequence[str], notes: Notes) -> dict[str, Any]:
    """Return a question with options, each with the feedback directly after it; the rest is the rationale."""
    first = next((index for index, line in enumerate(lines) if _OPTION.fullmatch(line)), len(lines))
    answers: list[moodle.Answer] = []
    at = first
    while at < len(lines) and (not lines[at].strip() or _OPTION.fullmatch(lines[at])):
        option = _OPTION.fullmatch(lines[at])
        at += 1
        if option:
            said = list(takewhile(_FEEDBACK.match, map(lines.__getitem__, range(at, len(lines)))))
            at += len(said)
            worth = moodle.FULL if option[1].lower() == "x" else -moodle.FULL
            answers.append(
                moodle.Answer(
                    _converted(option[2], notes),
                    worth,
                    _converted("\n".join(_FEEDBACK.sub("", line) for line in said), notes),
                )
            )
    if not answers:
        raise UnreadableError("it has neither options nor gaps")
    if any(map(_OPTION.fullmatch, lines[at:])):
        raise UnreadableError(f"`{shorten(lines[at])}` is in the middle of the options")
    several = sum(answer.worth > 0 for answer in answers) > 1
    data, reasons = moodle.choice_of(answers, notes, single=not several)
    return _whole(lines[:first], data, reasons, lines[at:], notes)


def _gaps(lines: Sequence[str], notes: Notes) -> dict[str, Any]:
    """Return a text with gaps; the text after a rule is the rationale."""
    stem = list(takewhile(lambda line: line.strip() != _RULE, lines))
    gaps = [gap.strip() for gap in chain.from_iterable(map(_GAP.findall, stem))]
    shown = [_GAP.sub("___", line) for line in stem]
    return _whole(shown, {"type": Cloze.type, "gaps": gaps}, [], lines[len(stem) + 1 :], notes)


def _whole(
    stem: Sequence[str], data: dict[str, Any], reasons: Sequence[str], rest: Sequence[str], notes: Notes
) -> dict[str, Any]:
    text = _converted("\n".join(stem), notes)
    if not text:
        raise UnreadableError("it has no text")
    return {"stem": text, **data, **moodle.rationale_of(_converted("\n".join(rest), notes), reasons, notes)}


def _fence_after(line: str, fence: str) -> str:
    """Return the fence of the code block open after a line; empty if none is open."""
    match = _FENCE.fullmatch(line)
    if not fence:
        return match[1] if match else ""
    return "" if match and match[1].startswith(fence) and not match[2].strip() else fence


def _converted(text: str, notes: Notes) -> str:
    """Convert a text to question Markdown, and record changes and losses."""
    if overloaded(text):
        return text
    lines: list[str] = []
    fence, in_callout = "", False
    for line in text.split("\n"):
        before, fence = fence, _fence_after(line, fence)
        callout = None if before or fence else _CALLOUT.fullmatch(line)
        in_callout = bool(callout) or (in_callout and (line.startswith(_INDENT) or not line.strip()))
        if callout:
            notes.change("a callout became a paragraph")
            lines.append(f"**{callout[2] or callout[1].title()}**" if callout[2] or callout[1] else "")
            continue
        plain = line.removeprefix(_INDENT) if in_callout else line
        if before or fence:
            lines.append(plain)
        elif not _RULER.fullmatch(plain):
            lines.append(_line(plain, notes))
    return "\n".join(lines).strip()


def _line(line: str, notes: Notes) -> str:
    """Return a line outside of code blocks."""
    heading, row, quotation = _ANY_HEADING.fullmatch(line), _ROW.fullmatch(line), _QUOTATION.match(line)
    if heading:
        notes.change("headings became bold text")
        line = f"**{heading[1].strip('*')}**"
    elif row:
        notes.change("a table became lines of text")
        line = " | ".join(map(str.strip, row[1].split("|")))
    elif quotation:
        notes.change("a quotation became a paragraph")
        line = line[quotation.end() :]
    parts = _CODE.split(line)
    return "".join(
        _SHEBANG.sub(r"\1", part) if number % 2 else _words(part, notes) for number, part in enumerate(parts)
    )


def _words(text: str, notes: Notes) -> str:
    """Return a part of a line without code in it."""

    def picture(match: re.Match[str]) -> str:
        if at_address(match[2]):
            return f"![{match[1]}]({match[2]})"
        notes.lose("a picture")
        return f"(picture: {match[1] or match[2]})"

    def link(match: re.Match[str]) -> str:
        if at_address(match[2]):
            return f"[{match[1]}]({match[2]})"
        notes.lose("a link")
        return match[1]

    def small(match: re.Match[str]) -> str:
        return words_of(read_html(match[0], notes))

    def tag(_: re.Match[str]) -> str:
        notes.lose("HTML tags")
        return ""

    text = _ATTRIBUTES.sub("", _COMMENT.sub("", text))
    text = re.sub(r"(?<!!)" + _LINK.pattern, link, _PICTURE.sub(picture, text))
    return unescape(_TAG.sub(tag, _SMALL.sub(small, text)))


_BEGINNING = re.compile(rb"(?m)^[ \t]*<(?:quiz|\?quiz\?)>")
MKDOCS_QUIZ = Format(
    "mkdocs-quiz", "Markdown pages of mkdocs-quiz", (".md", ".markdown"), read=reader(_drafts), holds=_BEGINNING.search
)
