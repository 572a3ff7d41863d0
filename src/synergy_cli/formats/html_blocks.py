"""Blocks of a page or a question as HTML: everything in them is escaped.

HTML allows omitting the end tags of items, paragraphs, cells and terms, and quotes around plain values; for a whole
course, this saves a tenth of the file.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from synergy_cli.course.page import Callout, Cite, Code, Diagram, Heading, ListBlock, Paragraph, Picture, TableBlock
from synergy_cli.formats.markup import styled
from synergy_cli.languages import say
from synergy_cli.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from synergy_cli.course.page import Block, Inline

_LOWEST = 6
_BARE = re.compile(r"[\w#:./%+,;()?~@-]*[\w)]")
"""A value that needs no quotes."""


def escaped(text: str) -> str:
    """Escape text for HTML, inside an element or a value in double quotes."""
    return escape(clean(text), quote=False).replace('"', "&quot;")


def value(text: str) -> str:
    """Return text as the value of an attribute, in quotes if it needs them."""
    return text if _BARE.fullmatch(text) else f'"{escaped(text)}"'


def link(address: str, html: str) -> str:
    """Wrap HTML in a link if the address is on the web, an email address or on this page; else return it unchanged."""
    is_safe = address.lower().startswith(("https://", "http://", "mailto:", "#"))
    return f"<a href={value(address)}>{html}</a>" if is_safe else html


class Citations:
    """Writes citations: source numbers, each a link to the list of sources."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        """Number sources, given by key."""
        self._numbers = {key: number for number, key in enumerate(keys, start=1)}
        self._cited: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Whether a source has a number."""
        return key in self._numbers

    def cite(self, keys: Sequence[str]) -> str:
        """Write a citation; the first citation of each source has an id, to which the list of sources links back."""
        written = []
        for key in keys:
            first = f"<a id=c:{self._numbers[key]}" if key not in self._cited else "<a"
            self._cited.add(key)
            written.append(self.number(key).replace("<a", first, 1))
        return f"<sup>[{', '.join(written)}]</sup>"

    def number(self, key: str) -> str:
        """Write the number of a source as a link."""
        number = self._numbers[key]
        return link(f"#:{number}", str(number))

    def place(self, key: str) -> str:
        """Write the id of a source in the list, as an attribute."""
        return f"id=:{self._numbers[key]}"

    def back(self, key: str) -> str:
        """Write a link from a source to the text that cites it first."""
        return f"<a href=#c:{self._numbers[key]} aria-labelledby=_back>↩</a>"


class Writer:
    """Writes blocks as HTML.

    Attributes:
        citations: those of the document.
    """

    def __init__(
        self,
        language: str,
        picture: Callable[[str], str],
        number: int = 0,
        links: Mapping[str, str] | None = None,
        citations: Citations | None = None,
    ) -> None:
        """Prepare to write.

        Args:
            language: the tag of the course's language.
            picture: returns the content of a picture as a `data:` address; empty for one outside the course.
            number: of the page, which prefixes the ids on it.
            links: the targets of links to pages; other links become plain words.
            citations: those of the document.
        """
        self._language, self._picture, self._number = language, picture, number
        self._links = links or {}
        self.citations = Citations() if citations is None else citations

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Write blocks."""
        return "".join(map(self._block, blocks))

    def line(self, blocks: Sequence[Block]) -> str:
        """Write blocks inside an item or a cell: a single paragraph needs no element of its own."""
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return self.inlines(blocks[0].inlines)
        return self.blocks(blocks)

    def inlines(self, inlines: Sequence[Inline]) -> str:
        """Write running text."""
        return "".join(map(self._inline, inlines))

    def _block(self, block: Block) -> str:
        written = "<hr>"
        match block:
            case Paragraph(inlines):
                written = f"<p>{self.inlines(inlines)}"
            case Heading(level, identity, text):
                name = f"h{min(level + 1, _LOWEST)}"
                written = f"<{name} id={value(f'{self._number}:{identity}')}>{escaped(text)}</{name}>"
            case ListBlock(first, items):
                listed = "".join(f"<li>{self.line(item)}" for item in items)
                start = "" if first in (None, 1) else f' start="{first}"'
                written = f"<ul>{listed}</ul>" if first is None else f"<ol{start}>{listed}</ol>"
            case TableBlock():
                written = self._table(block)
            case Callout(kind, blocks):
                written = self._callout(kind, blocks)
            case Diagram(title, lines):
                drawing = escaped("\n".join(lines))
                written = f"<figure tabindex=0><pre aria-hidden=true>{drawing}</pre>"
                written += f"<figcaption>{escaped(title)}</figcaption></figure>"
            case Code(lines):
                written = f"<pre tabindex=0><code>{escaped(chr(10).join(lines))}</code></pre>"
        return written

    def _table(self, block: TableBlock) -> str:
        def row(cells: Sequence[Sequence[Inline]], element: str) -> str:
            sides = (*block.sides, *("left" for _ in cells))
            marks = ("" if side == "left" else f" class=to-{side}" for side in sides)
            shown = (
                (element if cell else "td", mark, self.inlines(cell)) for cell, mark in zip(cells, marks, strict=False)
            )
            return "<tr>" + "".join(f"<{name}{mark}>{html}" for name, mark, html in shown)

        rows = "".join(row(cells, "td") for cells in block.rows)
        return f"<div class=wide tabindex=0><table><thead>{row(block.header, 'th')}<tbody>{rows}</table></div>"

    def _callout(self, kind: str, blocks: Sequence[Block]) -> str:
        if not kind:
            return f"<blockquote>{self.blocks(blocks)}</blockquote>"
        title = say(kind, self._language).capitalize()
        return f"<div role=note class={kind}><p class=kind>{escaped(title)}{self.blocks(blocks)}</div>"

    def _inline(self, inline: Inline) -> str:
        if isinstance(inline, Cite):
            return self.citations.cite(inline.keys)
        if isinstance(inline, Picture):
            html = self._shown(inline)
        else:
            html = styled(escape(clean(inline.text), quote=False).replace("\n", "<br>"), inline.style)
        return link(inline.link if "://" in inline.link else self._links.get(inline.link, ""), html)

    def _shown(self, picture: Picture) -> str:
        """Write a picture; one outside the course becomes a link, because the page loads nothing."""
        content = self._picture(picture.path)
        if content:
            return f'<img src="{escaped(content)}" alt="{escaped(picture.alt)}">'
        words = say("Picture: {alt} ({path})", self._language, alt=picture.alt, path=picture.path)
        return escaped(words) if picture.link else link(picture.path, escaped(words))
