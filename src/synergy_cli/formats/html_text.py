"""Reads HTML of unknown origin as text with emphasis, code and links; what it is beyond that is named and left out."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from synergy_cli.course.page import LINK, Code, Paragraph, Picture, Span
from synergy_cli.course.question_text import TAB
from synergy_cli.text import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from synergy_cli.course.page import Block
    from synergy_cli.formats.notes import Notes

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:]*)")
_REST_OF_TAG = re.compile(r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_LONGEST_TAG = 1_000
_ATTRIBUTE = re.compile(r"""\b(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_HUGE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
_SPACE = re.compile(r"[ \t\n\f\r]+")
_STYLES = {"b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "cite": "emphasis", "var": "emphasis"}
_STYLES |= dict.fromkeys(("code", "kbd", "samp", "tt"), "code")
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "dl", "figure"}
_LINES = {"div", "li", "tr", "section", "article", "header", "footer", "dt", "dd", "figcaption", "caption", "center"}
_HIDDEN = {"script", "style", "head", "template", "noscript", "title"}
_NAMED = {
    **dict.fromkeys(("audio", "video", "iframe", "object", "embed", "canvas", "svg", "math", "form", "script"), ""),
    **dict.fromkeys(("input", "button", "select", "textarea"), "form"),
}
"""Elements whose loss is named, under which name if not their own."""
_SMALL = {
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
    "sup": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
}
_SMALL_WORDS = {"sub": "subscript", "sup": "superscript"}
_ORDER = ("strong", "emphasis", "code")
_NBSP = "\N{NO-BREAK SPACE}"
_HARD_BLANKS = re.compile(f"[ {_NBSP}]{{2,}}")
_APART = 2
"""Line breaks between paragraphs."""
_MOST_BLANKS = 3
"""More at the beginning of a line would make it code."""


def read_html(html: str, notes: Notes, *, keeps_lines: bool = False) -> list[Block]:
    """Parse HTML in time linear in its length; `keeps_lines` if a line break in it is one in the text."""
    builder = _Builder(notes, keeps_lines=keeps_lines)
    for name, text, is_end in _tokens(html):
        if name == "":
            builder.text(_decoded(text))
        elif is_end:
            builder.end(name)
        else:
            builder.start(name, text)
    return builder.result()


def _decoded(text: str) -> str:
    return unescape(_HUGE.sub("\N{REPLACEMENT CHARACTER}", text)) if "&" in text else text


def _tokens(html: str) -> Iterator[tuple[str, str, bool]]:
    """Yield texts, under the name `""`, and tags, each with its name, its source and whether it is an end."""
    at, size = 0, len(html)
    last = html.rfind(">")
    while at < size:
        sign = html.find("<", at)
        tag = _TAG.match(html, sign) if sign >= 0 else None
        if sign < 0 or sign > last:
            yield "", html[at:], False
            return
        if html.startswith(("<!", "<?"), sign):
            yield "", html[at:sign], False
            end = html.find("-->" if html.startswith("<!--", sign) else ">", sign)
            if end < 0:
                return
            at = html.index(">", end) + 1
        elif tag is None:
            yield "", html[at : sign + 1], False
            at = sign + 1
        else:
            yield "", html[at:sign], False
            rest = _REST_OF_TAG.match(html, tag.end(), tag.end() + _LONGEST_TAG)
            at = rest.end() if rest else html.index(">", sign) + 1
            yield tag[1].lower(), html[tag.end() : at], html[sign + 1] == "/"


class _Builder:
    """Puts the text of HTML together: spans of a paragraph, and blocks of code between paragraphs."""

    def __init__(self, notes: Notes, *, keeps_lines: bool) -> None:
        self._notes = notes
        self._keeps_lines = keeps_lines
        self._blocks: list[Block] = []
        self._inlines: list[Span | Picture] = []
        self._breaks = _APART
        """The line breaks at the end of the paragraph so far."""
        self._styles = dict.fromkeys(_ORDER, 0)
        """How many elements of each style are open."""
        self._links: list[str] = []
        self._lists: list[int] = []
        """The number of the last item of each open list; negative if it has bullets."""
        self._hidden = ""
        self._code: list[str] | None = None
        self._small = ""
        self._cells = 0

    def result(self) -> list[Block]:
        """Return what was read."""
        self._close_code()
        self._close_paragraph()
        return self._blocks

    def text(self, text: str) -> None:
        """Take in the text between two tags."""
        if self._hidden:
            return
        if self._code is not None:
            self._code.append(text)
            return
        if self._small:
            text = self._in_small(text)
        lines = text.split("\n") if self._keeps_lines else [text]
        for number, line in enumerate(lines):
            if number:
                self._break(1, at_least=False)
            words = _SPACE.sub(" ", line)
            after_blank = self._breaks or (self._inlines and self._inlines[-1].text.endswith(" "))
            self._add(words.removeprefix(" ") if after_blank else words)

    def _add(self, text: str) -> None:
        if text:
            self._inlines.append(
                Span(text, " ".join(style for style, depth in self._styles.items() if depth), "".join(self._links[-1:]))
            )
            self._breaks = 0

    def _in_small(self, text: str) -> str:
        """Write what is raised or lowered in characters that are."""
        name, small = self._small, text.translate(_SMALL[self._small])
        if small == text and text.strip():
            self._notes.lose(_SMALL_WORDS[name])
        return small

    def _break(self, count: int, *, at_least: bool = True) -> None:
        """Break the line, or see to it that so many breaks are there; nothing begins with one."""
        missing = count - self._breaks if at_least else count
        if missing > 0 and self._inlines:
            self._inlines.append(Span("\n" * missing))
            self._breaks += missing

    def start(self, name: str, source: str) -> None:
        """Take in a start tag."""
        if self._hidden:
            return
        if name in _NAMED:
            self._notes.lose(_NAMED[name] or name)
        if self._code is not None:
            self._code += ["\n"] if name == "br" else []
        elif name in _HIDDEN:
            self._hidden = name
        elif name == "pre":
            self._close_paragraph()
            self._code = []
        elif name in _STYLES:
            self._styles[_STYLES[name]] += 1
        elif name in _SMALL:
            self._small = name
        else:
            self._start_other(name, source)

    def _start_other(self, name: str, source: str) -> None:
        if name == "br":
            self._break(1, at_least=False)
        elif name == "img":
            self._picture(source)
        elif name == "a":
            address = _attributes(source).get("href", "#")
            link = address if LINK.fullmatch(address) else ""
            if not link and not address.startswith("#"):
                self._notes.lose("a link")
            self._links.append(link)
        else:
            self._start_block(name)

    def _start_block(self, name: str) -> None:
        if name in ("ul", "ol"):
            self._break(1 if self._lists else _APART)
            self._lists.append(0 if name == "ol" else -1)
        elif name in _PARAGRAPHS or name in _LINES:
            self._break(_APART if name in _PARAGRAPHS else 1)
        if name == "li" and self._lists:
            number = self._lists[-1] = self._lists[-1] + 1 if self._lists[-1] >= 0 else -1
            indent = "" if len(self._lists) == 1 else _NBSP * 2
            self._add(f"{indent}{f'{number}.' if number > 0 else '-'} ")
        elif name == "tr":
            self._cells = 0
        elif name in ("td", "th"):
            self._notes.change("a table became lines of text")
            self._add(" | " if self._cells else "")
            self._cells += 1

    def end(self, name: str) -> None:
        """Take in an end tag."""
        if self._hidden:
            self._hidden = "" if name == self._hidden else self._hidden
        elif name == "pre":
            self._close_code()
        elif self._code is not None:
            return
        elif name == "a":
            del self._links[-1:]
        elif name in _STYLES:
            self._styles[_STYLES[name]] = max(0, self._styles[_STYLES[name]] - 1)
        elif name in _SMALL:
            self._small = ""
        elif name in _PARAGRAPHS or name in _LINES:
            if name in ("ul", "ol"):
                del self._lists[-1:]
            self._break(_APART if name in _PARAGRAPHS and not self._lists else 1)

    def _picture(self, source: str) -> None:
        """Take in a picture; of one that cannot be shown, only its description."""
        attributes = _attributes(source)
        alt = " ".join(attributes.get("alt", "").replace("[", "(").replace("]", ")").split())
        path = attributes.get("src", "")
        if shown := self._notes.place(path):
            self._inlines.append(Picture(alt, shown, "", "".join(self._links[-1:])))
            self._breaks = 0
        else:
            self._notes.lose("a picture")
            self._add(f"(picture: {alt or path.rpartition('/')[2][:LONGEST_NAME]})")

    def _close_code(self) -> None:
        if self._code is not None:
            lines = "".join(self._code).strip("\n").split("\n")
            self._blocks += (
                [Code(tuple(line.rstrip().expandtabs(TAB) for line in lines))] if any(map(str.strip, lines)) else []
            )
            self._code = None

    def _close_paragraph(self) -> None:
        inlines = _tidied(self._inlines)
        self._blocks += [Paragraph(inlines)] if inlines else []
        self._inlines, self._breaks = [], _APART


def _attributes(source: str) -> dict[str, str]:
    """Return the attributes that matter, decoded; of one that is repeated, the first."""
    found = [(match[1].lower(), match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(source)]
    return {name: _decoded(value).strip() for name, value in reversed(found)}


def _tidied(inlines: Sequence[Span | Picture]) -> tuple[Span | Picture, ...]:
    """Make blanks of hard ones that indent or set apart, join neighbours that look alike, and trim the ends."""
    parts: list[Span | Picture] = []
    at_start = True
    for part in (part for inline in inlines for part in set_apart(inline)):
        tidy = part
        if isinstance(part, Span):
            most = len(part.text) if "code" in part.style else _MOST_BLANKS
            tidy = part._replace(text=_blanks(part.text, at_start=at_start, most=most))
        parts.append(tidy)
        at_start = tidy.text.endswith("\n") or (at_start and not tidy.text)
    found = [part._replace(text=_trimmed(part.text)) if isinstance(part, Span) else part for part in joined(parts)]
    while found and isinstance(found[-1], Span) and not found[-1].text.rstrip():
        found.pop()
    if found and isinstance(found[-1], Span):
        found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
    return tuple(found)


def joined(parts: Iterable[Span | Picture]) -> list[Span | Picture]:
    """Return running text in which neighbours that look alike are one."""
    found: list[Span | Picture] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Span) and isinstance(last, Span) and part[1:] == last[1:]:
            found[-1] = last._replace(text=last.text + part.text)
        elif part.text:
            found.append(part)
    return found


def _trimmed(text: str) -> str:
    """Return a text without blanks at the ends of its lines but the last."""
    *lines, last = text.split("\n")
    return "\n".join([*(line.rstrip(" ") for line in lines), last])


def set_apart(inline: Span | Picture) -> list[Span | Picture]:
    """Return a span of emphasis without the blanks at its ends, which stand beside it; anything else as it is."""
    core = inline.text.strip()
    if isinstance(inline, Picture) or not core or not inline.style or "code" in inline.style:
        return [inline]
    before, _, after = inline.text.partition(core)
    parts = [inline._replace(text=before, style=""), inline._replace(text=core), inline._replace(text=after, style="")]
    return [part for part in parts if part.text]


def _blanks(text: str, *, at_start: bool, most: int) -> str:
    """Return a text with blanks for hard blanks that stand together or begin a line, of which `most` are kept there."""
    lines = _HARD_BLANKS.sub(lambda match: " " * len(match[0]), text).split("\n")
    for number, line in enumerate(lines):
        words = line.lstrip(f" {_NBSP}")
        if (number or at_start) and words:
            lines[number] = " " * min(len(line) - len(words), most) + words
    return "\n".join(lines)
