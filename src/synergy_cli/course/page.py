"""A page: one section of the article, as blocks of text independent of any screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


GRADES = {
    "established": "settled knowledge",
    "guideline": "stated by an authority",
    "trials": "tested in controlled trials, or pooled from them",
    "observational": "observed, not put to the test",
    "early": "mechanism, model, small study or hypothesis",
    "contested": "good sources disagree",
}
CALLOUTS = ("note", "tip", "important", "warning", "caution")
WORDS_PER_MINUTE = 230
LINK = re.compile(r"(?:https?://|doi:10\.)[!-~]+")
"""An address that a text may link to, besides the pages of the course."""

_FILE_NAME = re.compile(r"(\d+)-([a-z0-9]+(?:[-._][a-z0-9]+)*)\.md")


class Span(NamedTuple):
    """A run of text: its style (`strong`, `emphasis`, `code`, several, or none) and its link target, if any."""

    text: str
    style: str = ""
    link: str = ""


class Cite(NamedTuple):
    """A citation: the keys of one or more sources."""

    keys: tuple[str, ...]


class Picture(NamedTuple):
    """A picture: description, path from the course's folder or address, and style and link as in a `Span`."""

    alt: str
    path: str
    style: str = ""
    link: str = ""

    @property
    def text(self) -> str:
        """The text shown instead where pictures cannot be shown."""
        return f"Picture: {self.alt} ({self.path})" if self.alt else f"Picture ({self.path})"


Inline = Span | Cite | Picture


class Paragraph(NamedTuple):
    """Inline text."""

    inlines: tuple[Inline, ...]


class Heading(NamedTuple):
    """A heading with its id."""

    level: int
    id: str
    text: str


class ListBlock(NamedTuple):
    """A list; `first` is the first number, or None for bullets. Each item is a sequence of blocks."""

    first: int | None
    items: tuple[tuple[Block, ...], ...]


class TableBlock(NamedTuple):
    """A table: a header and rows of cells, each cell a sequence of inlines.

    Attributes:
        sides: the alignment of each column: `left`, `right` or `center`.
    """

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    sides: tuple[str, ...]


class Callout(NamedTuple):
    """A GitHub alert, or a plain quotation when `kind` is empty."""

    kind: str
    blocks: tuple[Block, ...]


class Diagram(NamedTuple):
    """A drawing in box characters, and a sentence on what it shows."""

    title: str
    lines: tuple[str, ...]


class Code(NamedTuple):
    """Text shown verbatim, line by line."""

    lines: tuple[str, ...]


class Divider(NamedTuple):
    """A horizontal rule."""


Block = Paragraph | Heading | ListBlock | TableBlock | Callout | Diagram | Code | Divider


class Claim(NamedTuple):
    """One statement of a page, with its grade of evidence and its sources' keys."""

    claim: str
    grade: str
    sources: tuple[str, ...]


class Page(NamedTuple):
    """One section of the article.

    Attributes:
        id: permanent, from the file name.
        number: its position in the course, counted from 1.
        summary: one sentence.
    """

    id: str
    number: int
    title: str
    summary: str
    claims: tuple[Claim, ...]
    blocks: tuple[Block, ...]

    @property
    def words(self) -> int:
        """Count the words of the text, without diagrams."""
        return sum(len(text.split()) for text in plain_texts(self.blocks))

    @property
    def minutes(self) -> int:
        """The reading time in whole minutes, at least 1 (230 words a minute)."""
        return max(1, round(self.words / WORDS_PER_MINUTE))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in order."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    @property
    def sections(self) -> tuple[tuple[str, str, tuple[Block, ...]], ...]:
        """Split the page at its headings into id, title and blocks; the opening has no id and no title."""
        parts: list[tuple[str, str, list[Block]]] = [("", "", [])]
        for block in self.blocks:
            if isinstance(block, Heading):
                parts.append((block.id, block.text, []))
            else:
                parts[-1][2].append(block)
        return tuple((identity, title, tuple(blocks)) for identity, title, blocks in parts if blocks or title)

    @property
    def citations(self) -> tuple[str, ...]:
        """Each cited key once, in reading order, which determines the displayed numbers."""
        in_text = [key for cite in cites(self.blocks) for key in cite.keys]
        return tuple(dict.fromkeys(in_text + [key for claim in self.claims for key in claim.sources]))

    def passage(self, heading: str) -> tuple[Block, ...]:
        """Return a heading and its text up to the next heading of the same or a higher level.

        Empty if it does not exist.

        An empty `heading` means the text above the first heading.
        """
        level = 0 if heading else 7
        found: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Heading):
                if level and block.level <= level:
                    break
                if block.id == heading:
                    level = block.level
            if level:
                found.append(block)
        return tuple(found)


class ContentsEntry(NamedTuple):
    """A page as listed in the contents: everything except its text."""

    number: int
    id: str
    title: str
    summary: str
    minutes: int
    grades: tuple[str, ...]
    headings: tuple[tuple[str, str], ...]


class Marks(NamedTuple):
    """A learner's progress on a page.

    Attributes:
        read: whether it was read to its end.
        steps: the number of its questions by step.
        share: how much of its text was seen, in percent.
    """

    read: bool
    steps: dict[str, int]
    share: int = 0

    @property
    def answered(self) -> bool:
        """Whether any of its questions was answered."""
        return any(count for name, count in self.steps.items() if name != "new")


def contents_entry(page: Page) -> ContentsEntry:
    """Return a page's entry in the contents, with the grades of its claims, strongest first."""
    found = {claim.grade for claim in page.claims}
    return ContentsEntry(
        number=page.number,
        id=page.id,
        title=page.title,
        summary=page.summary,
        minutes=page.minutes,
        grades=tuple(grade for grade in GRADES if grade in found),
        headings=tuple((heading.id, heading.text) for heading in page.headings),
    )


def file_identity(name: str) -> tuple[int, str] | None:
    """Return the number and id from a page's file name such as `02-d3.md`; None if it is not a page."""
    match = _FILE_NAME.fullmatch(name)
    return (int(match[1]), match[2]) if match else None


def inlines_of(blocks: Sequence[Block]) -> Iterator[tuple[Inline, ...]]:
    """Yield the inlines of each paragraph and table cell in reading order, including callouts and lists."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.inlines
        elif isinstance(block, TableBlock):
            for row in (block.header, *block.rows):
                yield from row
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from inlines_of(item)
        elif isinstance(block, Callout):
            yield from inlines_of(block.blocks)


def cites(blocks: Sequence[Block]) -> Iterator[Cite]:
    """Return all citations in reading order."""
    for inlines in inlines_of(blocks):
        yield from (inline for inline in inlines if isinstance(inline, Cite))


def plain_texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Return the text of each heading, paragraph and cell, without marks and citations."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        else:
            yield from (plain(inlines) for inlines in inlines_of([block]))


def plain(inlines: Sequence[Inline]) -> str:
    """Return running text without marks and citations."""
    text = ""
    for inline in inlines:
        text = text.rstrip() if isinstance(inline, Cite) else text + inline.text
    return text.strip()


_RECORDS: dict[str, type] = {
    record.__name__: record
    for record in (
        Span,
        Cite,
        Picture,
        Paragraph,
        Heading,
        ListBlock,
        TableBlock,
        Callout,
        Diagram,
        Code,
        Divider,
        Claim,
        Page,
        ContentsEntry,
    )
}


def to_plain(value: Any) -> Any:  # noqa: ANN401  any of the records above, or what they hold
    """Turn a record into plain data for JSON: a mapping from its class to its values."""
    name = type(value).__name__
    if name in _RECORDS:
        return {name: [to_plain(part) for part in value]}
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return [to_plain(item) for item in value] if isinstance(value, tuple) else value


def from_plain(data: Any) -> Any:  # noqa: ANN401
    """Turn the result of `to_plain` back into the record."""
    if isinstance(data, list):
        return tuple(from_plain(item) for item in data)
    if isinstance(data, dict):
        ((name, values),) = data.items()
        return _RECORDS[name](*(from_plain(value) for value in values))
    return data
