"""Writes the blocks of a page in Pandoc Markdown.

Plain text on a page is escaped, so that Pandoc shows it as plain text too: no raw HTML or TeX gets through.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from synergy_cli.course.page import (
    Callout,
    Cite,
    Code,
    Diagram,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Span,
    TableBlock,
)
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from synergy_cli.course.page import Block, Inline


_SPECIAL = re.compile(r"""[\\`*_{}\[\]<>#|$^~@"']|&(?=#?\w+;)|-(?=-)|\.(?=\.\.)|!\Z|\A[(:]""")
"""Markup, characters that Pandoc replaces, and characters that would continue a link or citation ending here."""
_START = re.compile(
    r"^(?:(?=[-+=:%])|\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+)(?=[.)](?:\s|$))|[Tt]able(?=:))", re.MULTILINE
)
"""The text before the backslash in a line that would otherwise start a list, a rule, a definition or a caption."""
_SHORT_ID = re.compile(r"[A-Za-z][A-Za-z0-9:._-]*")
_MARKS = {"strong": ("**", "**"), "emphasis": ("*", "*")}
_RULES = {"left": ":---", "right": "---:", "center": ":---:"}
_MOST = 999_999_999
"""The highest item number that CommonMark allows."""
_FENCE = 3


class _InlineText(NamedTuple):
    """A part of running text.

    Attributes:
        text: in Markdown, without its marks.
        marks: the marks before and after it; None if any are allowed.
        solid: whether marks may begin and end at it; not at blanks and citations.
    """

    text: str
    marks: tuple[tuple[str, str], ...] | None
    solid: bool


class PandocWriter:
    """Writes the blocks of a page in Pandoc Markdown."""

    def __init__(self, links: Mapping[str, str], prefix: str, address: Callable[[str], str], fence: str = "`") -> None:
        """Prepare to write a page as part of a document.

        `links` has the targets of links to pages; other links become plain words. `prefix` starts the id of each
        heading. `address` turns the path of a picture into its address; `fence` is the character around code.
        """
        self._links, self._prefix, self._address, self._fence = links, prefix, address, fence

    def blocks(self, blocks: Sequence[Block], *, in_item: bool = False) -> str:
        """Write blocks with a blank line between them; with `in_item`, there is none before an inner list."""
        written, last, other = "", None, False
        for block in blocks:
            other = isinstance(block, ListBlock) and isinstance(last, ListBlock) and not other  # or they would be one
            text = self._list(block, other=other) if isinstance(block, ListBlock) else self._block(block)
            near = in_item and isinstance(last, Paragraph) and text.startswith(("- ", "1. "))
            written += (("\n" if near else "\n\n") if written and text else "") + text
            last = block if text else last
        return written

    def _block(self, block: Block) -> str:
        written = "___"
        match block:
            case Paragraph(inlines):
                written = _lines(self._text(inlines))
            case Heading(level, identity, text):
                written = f"{'#' * level} {literal(text)}{attribute(self._prefix + identity) if identity else ''}"
            case TableBlock(header, rows, sides):
                lines = [map(self._cell, header), (_RULES[side] for side in sides), *(map(self._cell, r) for r in rows)]
                written = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
            case Callout(kind, blocks):
                title = f"**{kind.capitalize()}**\n\n" if kind else ""
                written = _each_line("> ", f"{title}{self.blocks(blocks)}".rstrip("\n"))
            case Diagram(title, lines):
                quoted = "".join(f"&#{ord(char)};" if char in "\\&`" else char for char in title)
                written = _fenced(lines, self._fence, f' {{.diagram title="{quoted}"}}')
            case Code(lines):
                written = _fenced(lines, self._fence)
        return written

    def _list(self, block: ListBlock, *, other: bool) -> str:
        items = []
        # in a list, Pandoc takes a line with backticks for code that goes on
        writer = PandocWriter(self._links, self._prefix, self._address, "~")
        for number, item in enumerate(block.items, block.first or 0):
            mark = "-*"[other] if block.first is None else f"{min(number, _MOST)}{'.)'[other]}"
            text = writer.blocks(item, in_item=True)
            body = _each_line(" " * (len(mark) + 1), text)
            items.append(mark + body[len(mark) :])
        return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)

    def _cell(self, inlines: Sequence[Inline]) -> str:
        return self._text(inlines).replace("\n", " ").strip()

    def _text(self, inlines: Sequence[Inline]) -> str:
        return _marked(list(self._parts(inlines)))

    def _parts(self, inlines: Sequence[Inline]) -> Iterator[_InlineText]:
        for (kind, code, marks), group in groupby(inlines, self._kind):
            if kind is not Span:
                yield from (self._single(inline, marks) for inline in group)
                continue
            text = "".join(inline.text for inline in group if isinstance(inline, Span))
            core = text if code or not marks else text.strip()
            before, _, after = text.partition(core) if core else (text, "", "")
            yield _InlineText(before, marks, solid=False)
            yield _InlineText(_code(core) if code else escaped(core), marks, solid=bool(core))
            yield _InlineText(after, marks, solid=False)

    def _single(self, inline: Inline, marks: tuple[tuple[str, str], ...]) -> _InlineText:
        if isinstance(inline, Picture):
            return _InlineText(f"![{escaped(inline.alt)}{_to(self._address(inline.path))}", marks, solid=True)
        keys = inline.keys if isinstance(inline, Cite) else ()
        return _InlineText(f"[{'; '.join(f'@{key}' for key in keys)}]", None, solid=False)

    def _kind(self, inline: Inline) -> tuple[type, bool, tuple[tuple[str, str], ...]]:
        """Return what neighbours must share to be joined; links come first, so that they are the outer mark."""
        if isinstance(inline, Cite):
            return Cite, False, ()
        styles = inline.style.split()
        link = inline.link if "://" in inline.link else self._links.get(inline.link, "")
        marks = [_MARKS[name] for name in _MARKS if name in styles]
        return type(inline), "code" in styles, (("[", _to(link)), *marks) if link else tuple(marks)


def _marked(parts: Sequence[_InlineText]) -> str:
    """Put marks around all adjacent parts that share them."""
    written, at = "", 0
    while at < len(parts):
        part = parts[at]
        if not part.solid or not part.marks:
            written, at = written + part.text, at + 1
            continue
        end, mark = max(((_end(parts, at, mark), mark) for mark in part.marks), key=itemgetter(0))
        inner = [
            p._replace(marks=p.marks and tuple(other for other in p.marks if other != mark)) for p in parts[at:end]
        ]
        written, at = written + mark[0] + _marked(inner) + mark[1], end
    return written


def _end(parts: Sequence[_InlineText], start: int, mark: tuple[str, str]) -> int:
    """Return where a mark that begins at a part must end."""
    end = start
    for at in range(start, len(parts)):
        part = parts[at]
        if part.marks is not None and mark not in part.marks:
            break
        end = at + 1 if part.solid else end
    return end


def _lines(text: str) -> str:
    """Write running text as a block: its line breaks are hard, and no line starts a new block."""
    lines = "\n".join(line.strip(" \t") for line in text.strip(" \t\n").split("\n"))
    return _START.sub(r"\g<0>\\", lines).replace("\n", "\\\n")


def literal(text: str) -> str:
    """Write plain text as a block."""
    return _lines(escaped(text))


def escaped(text: str) -> str:
    """Write plain text so that Pandoc reads it as plain text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _to(address: str) -> str:
    """Return the end of a link or picture."""
    return "](" + re.sub(r"[\\()<>&$|`]", r"\\\g<0>", address) + ")"


def _code(text: str) -> str:
    ticks = _longer(text, "`", 1)
    pad = " " if "`" in (text[0], text[-1]) or (text.strip() and text[0] == text[-1] == " ") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _fenced(lines: Sequence[str], char: str, attributes: str = "") -> str:
    fence = _longer("\n".join(lines), char, _FENCE)
    return "\n".join([f"{fence}{attributes}", *lines, fence])


def _longer(text: str, char: str, least: int) -> str:
    """Return a run of a character that is longer than those in a text."""
    return char * max([least, *(len(run) + 1 for run in re.findall(f"{char}+", text))])


def attribute(identity: str) -> str:
    """Return the attribute that gives a heading its id; Pandoc's short form allows fewer ids."""
    return f" {{#{identity}}}" if _SHORT_ID.fullmatch(identity) else f' {{id="{identity}"}}'


def _each_line(prefix: str, text: str) -> str:
    return "\n".join(f"{prefix}{line}" if line else prefix.rstrip() for line in text.split("\n"))
