"""Markdown as MkDocs has it, as a text of a question: what that has not gets another form, or is left out and named."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from synergy_cli.formats.html_text import read_html
from synergy_cli.formats.markup import overloaded, words_of

if TYPE_CHECKING:
    from synergy_cli.formats.notes import Notes

_FENCE = re.compile(r"\s*(`{3,}|~{3,})([^`]*)")
_CODE = re.compile(r"(`+[^`]+`+)")
_SHEBANG = re.compile(r"(`+)#!\w+ ")
_HEADING = re.compile(r" {0,3}#{1,6} +(.*?)(?:\s+#+)?\s*")
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
_ADDRESS = re.compile(r"https?://[^\s()<>]+")
_INDENT = "    "


def fence_after(line: str, fence: str) -> str:
    """Return the fence of the code block that is open after a line; empty if none is."""
    match = _FENCE.fullmatch(line)
    if not fence:
        return match[1] if match else ""
    return "" if match and match[1].startswith(fence) and not match[2].strip() else fence


def converted(text: str, notes: Notes) -> str:
    """Return a text in the Markdown of questions, and note what that takes."""
    if overloaded(text):
        return text
    lines: list[str] = []
    fence, in_callout = "", False
    for line in text.split("\n"):
        before, fence = fence, fence_after(line, fence)
        callout = None if before or fence else _CALLOUT.fullmatch(line)
        in_callout = bool(callout) or (in_callout and (line.startswith(_INDENT) or not line.strip()))
        if callout:
            notes.change("a callout is a paragraph")
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
    heading, row, quotation = _HEADING.fullmatch(line), _ROW.fullmatch(line), _QUOTATION.match(line)
    if heading:
        notes.change("headings are strong words")
        line = f"**{heading[1].strip('*')}**"
    elif row:
        notes.change("a table is lines")
        line = " | ".join(map(str.strip, row[1].split("|")))
    elif quotation:
        notes.change("a quotation is a paragraph")
        line = line[quotation.end() :]
    parts = _CODE.split(line)
    return "".join(
        _SHEBANG.sub(r"\1", part) if number % 2 else _words(part, notes) for number, part in enumerate(parts)
    )


def _words(text: str, notes: Notes) -> str:
    """Return a part of a line without code in it."""

    def picture(match: re.Match[str]) -> str:
        if _ADDRESS.fullmatch(match[2]):
            return f"![{match[1]}]({match[2]})"
        notes.lose("a picture")
        return f"(picture: {match[1] or match[2]})"

    def link(match: re.Match[str]) -> str:
        if _ADDRESS.fullmatch(match[2]):
            return f"[{match[1]}]({match[2]})"
        notes.lose("a link")
        return match[1]

    def small(match: re.Match[str]) -> str:
        return words_of(read_html(match[0], notes))

    def tag(_: re.Match[str]) -> str:
        notes.lose("tags of HTML")
        return ""

    text = _ATTRIBUTES.sub("", _COMMENT.sub("", text))
    text = re.sub(r"(?<!!)" + _LINK.pattern, link, _PICTURE.sub(picture, text))
    return unescape(_TAG.sub(tag, _SMALL.sub(small, text)))
