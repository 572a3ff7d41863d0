"""A page: one section of the article, as blocks of text that know nothing of screens."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

from synergy_cli.errors import UsageError
from synergy_cli.schema import IDENTIFIER, SOURCE, SOURCE_KEY, Field, ListOf, Place, Record, Report, Text, Word
from synergy_cli.text import fold, nearest, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.tree import SyntaxTreeNode

GRADES = {
    "established": "settled biochemistry or pharmacology",
    "guideline": "stated by an authority",
    "trials": "randomised trials or their pooled analysis",
    "observational": "seen in populations, not tested",
    "early": "mechanism, animals, cells, small studies, hypothesis",
    "contested": "good sources disagree",
}
CALLOUTS = ("note", "tip", "important", "warning", "caution")
WORDS_PER_MINUTE = 200

FRONT_MATTER = Record(
    (
        Field("title", Text(), "The page's title"),
        Field("summary", Text(), "One sentence for the contents", required=False, default=""),
        Field(
            "claims",
            ListOf(
                Record(
                    (
                        Field("claim", Text(), "One statement that can be checked"),
                        Field("grade", Word(tuple(GRADES)), "How firm the evidence is"),
                        Field("sources", ListOf(SOURCE, least=1), "The sources' keys"),
                    )
                )
            ),
            "What the page claims, graded",
            required=False,
            default=(),
        ),
    )
)

_FILE_NAME = re.compile(r"(\d+)-(.+)\.md")
_CITATION = re.compile(r"\[(@[^\[\]]+)\]")
_KEY = re.compile(r"@(" + SOURCE_KEY.pattern + r")")
_ALERT = re.compile(r"\[!([A-Za-z]+)\]\s*")
_DIAGRAM = re.compile(r"\{\s*\.diagram\s+title=\"([^\"]+)\"\s*\}")
_LINK = re.compile(r"(?:https?://|doi:10\.)[!-~]+")
_PAGE_LINK = re.compile(r"(?:\d+-([a-z0-9._-]+)\.md)?(?:#([\w-]+))?")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text: its style (`strong`, `emphasis`, `code`, several, or none) and where it links to, if anywhere."""

    text: str
    style: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation: the keys of one or more sources."""

    keys: tuple[str, ...]


Inline = Span | Cite


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, with its id."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `first` is the first number, or None for bullets. Each item is a row of blocks."""

    first: int | None
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a header and rows of cells, each cell a row of inlines."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A GitHub alert, or a plain quotation when `kind` is empty."""

    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing in box characters, and the line that says what it shows."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be shown as it is, line by line."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A break between thoughts."""


Block = Paragraph | Heading | Listing | Grid | Callout | Diagram | Code | Divider


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a page, with its grade of evidence and its sources' keys."""

    claim: str
    grade: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One section of the article.

    Attributes:
        id: permanent, from the file name.
        number: its place in the course, counted from 1.
        title: its heading.
        summary: one sentence.
        claims: what it claims, graded.
        blocks: its text.
    """

    id: str
    number: int
    title: str
    summary: str
    claims: tuple[Claim, ...]
    blocks: tuple[Block, ...]

    @property
    def words(self) -> int:
        """Count the words of the text, diagrams left out."""
        return sum(len(text.split()) for text in plain_texts(self.blocks))

    @property
    def minutes(self) -> int:
        """Give the reading time in whole minutes, at least 1 (200 words a minute)."""
        return max(1, round(self.words / WORDS_PER_MINUTE))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Give the headings in order."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    @property
    def sections(self) -> tuple[tuple[str, str, tuple[Block, ...]], ...]:
        """Part the page at its headings: id, title and blocks of each part; the opening has no id and no title."""
        parts: list[tuple[str, str, list[Block]]] = [("", "", [])]
        for block in self.blocks:
            if isinstance(block, Heading):
                parts.append((block.id, block.text, []))
            else:
                parts[-1][2].append(block)
        return tuple((identity, title, tuple(blocks)) for identity, title, blocks in parts if blocks or title)

    @property
    def citations(self) -> tuple[str, ...]:
        """Give each cited key once, in the order in which a reader meets it; their places are the numbers shown."""
        in_text = [key for cite in cites(self.blocks) for key in cite.keys]
        return tuple(dict.fromkeys(in_text + [key for claim in self.claims for key in claim.sources]))

    def passage(self, heading: str) -> tuple[Block, ...]:
        """Cut out one passage.

        Args:
            heading: the id of a heading, or an empty text for what stands above the first heading.

        Returns:
            The heading and its text up to the next heading of its level or above; empty when there is none.
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


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as the contents list it: all that is known of it without its text."""

    number: int
    id: str
    title: str
    summary: str
    minutes: int
    grades: tuple[str, ...]
    headings: tuple[tuple[str, str], ...]


def entry_of(page: Page) -> Entry:
    """List a page.

    Args:
        page: the page.

    Returns:
        Its line in the contents; grades are those that occur, firmest first.
    """
    found = {claim.grade for claim in page.claims}
    return Entry(
        number=page.number,
        id=page.id,
        title=page.title,
        summary=page.summary,
        minutes=page.minutes,
        grades=tuple(grade for grade in GRADES if grade in found),
        headings=tuple((heading.id, heading.text) for heading in page.headings),
    )


def find(entries: Sequence[Entry], wanted: str) -> Entry:
    """Look a section up: exact id, number, exact title, unique prefix of an id, unique prefix of a title.

    Args:
        entries: the contents.
        wanted: what was typed.

    Returns:
        The one page that is meant.

    Raises:
        UsageError: none, or more than one, is meant; the text names the nearest.
    """
    key = fold(wanted)
    if key.isdecimal() and all(entry.id != key for entry in entries):
        return _by_number(entries, key)
    rules = (
        [entry for entry in entries if entry.id == key],
        [entry for entry in entries if fold(entry.title) == key],
        [entry for entry in entries if key and entry.id.startswith(key)],
        [entry for entry in entries if key and fold(entry.title).startswith(key)],
    )
    for matches in rules:
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = "\n".join(f"  {entry.id:<16} {entry.title}" for entry in matches)
            text = f"`{wanted}` could be any of these sections:\n{listed}"
            raise UsageError(text)
    raise UsageError(_unknown(entries, wanted))


def _by_number(entries: Sequence[Entry], key: str) -> Entry:
    for entry in entries:
        if len(key) < 10 and entry.number == int(key):  # noqa: PLR2004  no page has a number of ten digits
            return entry
    known = f"{entries[0].number} to {entries[-1].number}" if entries else "none"
    text = f"There is no section {key}; the numbers are {known}.\nAll sections: synergy explain"
    raise UsageError(text)


def _unknown(entries: Sequence[Entry], wanted: str) -> str:
    names = {entry.id: entry for entry in entries} | {fold(entry.title): entry for entry in entries}
    words = {word: entry for name, entry in names.items() for word in name.split()}
    near = nearest(fold(wanted), [*names, *words])
    meant = list(dict.fromkeys((names | words)[name].id for name in near))[:3]
    titles = {entry.id: entry.title for entry in entries}
    suggestion = "".join(f"\n  {found:<16} {titles[found]}" for found in meant)
    asked = "\nDid you mean:" + suggestion if meant else ""
    return f"There is no section `{wanted}`.{asked}\nAll sections: synergy explain"


def file_identity(name: str) -> tuple[int, str] | None:
    """Read number and id out of a page's file name.

    Args:
        name: such as `02-d3.md`.

    Returns:
        Number and id, or None when the name is not a page's.
    """
    match = _FILE_NAME.fullmatch(name)
    if match is None or not IDENTIFIER.fullmatch(match[2]):
        return None
    return int(match[1]), match[2]


def inlines_of(blocks: Sequence[Block]) -> Iterator[tuple[Inline, ...]]:
    """Walk through all running text, callouts, lists and tables included.

    Args:
        blocks: any blocks.

    Yields:
        The inlines of each paragraph and table cell, in reading order.
    """
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.inlines
        elif isinstance(block, Grid):
            for row in (block.header, *block.rows):
                yield from row
        elif isinstance(block, Listing):
            for item in block.items:
                yield from inlines_of(item)
        elif isinstance(block, Callout):
            yield from inlines_of(block.blocks)


def cites(blocks: Sequence[Block]) -> Iterator[Cite]:
    """Give all citations in reading order."""
    for inlines in inlines_of(blocks):
        yield from (inline for inline in inlines if isinstance(inline, Cite))


def plain_texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Give the text of each heading, paragraph and cell, without marks and citations."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        else:
            yield from (plain(inlines) for inlines in inlines_of([block]))


def plain(inlines: Sequence[Inline]) -> str:
    """Give running text without marks and citations."""
    text = "".join(inline.text for inline in inlines if isinstance(inline, Span))
    return re.sub(r"\s+([.,;:])", r"\1", text).strip()


def split_front_matter(source: str) -> tuple[str, str, int]:
    """Part a page's file.

    Args:
        source: the file's text.

    Returns:
        The YAML of its front matter (which begins on line 2), its Markdown, and the line on which the Markdown begins.
        The YAML is empty when the file has no front matter.
    """
    lines = source.split("\n")
    if lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], start=1):
            if line.rstrip() in ("---", "..."):
                return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return "", source, 1


def parse_markdown(source: str, report: Report, first_line: int = 1) -> tuple[Block, ...]:
    """Read a page's Markdown.

    Args:
        source: Pandoc-flavoured Markdown.
        report: takes the faults.
        first_line: the line of the file on which the text begins.

    Returns:
        The page's blocks.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415  a page from the cache does not need it
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    parser = MarkdownIt("commonmark").enable("table").disable(["html_block", "html_inline", "reference"])
    return _Reader(source, report, first_line).blocks(SyntaxTreeNode(parser.parse(source)).children)


class _Reader:
    """Turns markdown-it's tree into blocks."""

    _STYLES: ClassVar = {"strong": "strong", "em": "emphasis"}

    def __init__(self, source: str, report: Report, first_line: int) -> None:
        self._lines = source.split("\n")
        self._report = report
        self._first_line = first_line
        self._slugs: dict[str, int] = {}
        self._map = (0, 1)

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        found = []
        for node in nodes:
            if node.map is not None:
                self._map = node.map
            found.append(getattr(self, f"_{node.type}", self._unsupported)(node))
        return tuple(found)

    def _place(self, wanted: str) -> Place:
        """Find where a text stands in the lines of the current block; the block's beginning when it does not."""
        first, last = self._map
        for number in range(first, min(last, len(self._lines))):
            column = self._lines[number].find(wanted) if wanted else -1
            if column >= 0:
                return Place(self._first_line + number, column + 1)
        return Place(self._first_line + first, 1)

    def _fault(self, wanted: str, message: str) -> None:
        self._report.at(self._place(wanted), message)

    def _unsupported(self, node: SyntaxTreeNode) -> Block:
        self._fault("", f"`{node.type}` is not understood on a page; expected text, lists, tables, callouts or diagrams")
        return Divider()

    def _paragraph(self, node: SyntaxTreeNode) -> Block:
        return Paragraph(self._inlines(node))

    def _heading(self, node: SyntaxTreeNode) -> Block:
        text = plain(self._inlines(node))
        base = slug(text)
        count = self._slugs.get(base, 0)
        self._slugs[base] = count + 1
        return Heading(int(node.tag[1]), f"{base}-{count}" if count else base, text)

    def _bullet_list(self, node: SyntaxTreeNode) -> Block:
        return Listing(None, tuple(self.blocks(item.children) for item in node.children))

    def _ordered_list(self, node: SyntaxTreeNode) -> Block:
        first = int(node.attrs.get("start", 1))
        return Listing(first, tuple(self.blocks(item.children) for item in node.children))

    def _table(self, node: SyntaxTreeNode) -> Block:
        rows = [
            tuple(self._inlines(cell) for cell in row.children) for part in node.children for row in part.children
        ]
        return Grid(rows[0], tuple(rows[1:]))

    def _blockquote(self, node: SyntaxTreeNode) -> Block:
        blocks = self.blocks(node.children)
        first = blocks[0] if blocks else None
        if not isinstance(first, Paragraph) or not first.inlines or not isinstance(first.inlines[0], Span):
            return Callout("", blocks)
        match = _ALERT.match(first.inlines[0].text)
        if match is None:
            return Callout("", blocks)
        kind = match[1].lower()
        if kind not in CALLOUTS:
            self._fault(match[0].strip(), f"`{match[1]}` is no callout; expected one of: {', '.join(CALLOUTS)}")
        rest = Span(first.inlines[0].text[match.end() :], first.inlines[0].style)
        return Callout(kind, (Paragraph((rest, *first.inlines[1:])), *blocks[1:]))

    def _fence(self, node: SyntaxTreeNode) -> Block:
        lines = tuple(line.rstrip().expandtabs() for line in node.content.rstrip("\n").split("\n"))
        match = _DIAGRAM.fullmatch(node.info.strip())
        if match is None and "diagram" in node.info:
            self._fault("diagram", 'this fence is not understood; expected {.diagram title="what it shows"}')
        return Diagram(match[1], lines) if match else Code(lines)

    def _code_block(self, node: SyntaxTreeNode) -> Block:
        return Code(tuple(line.rstrip().expandtabs() for line in node.content.rstrip("\n").split("\n")))

    def _hr(self, _node: SyntaxTreeNode) -> Block:
        return Divider()

    def _inlines(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        found: list[Inline] = []
        for inline in node.children:
            self._walk(inline, "", "", found)
        return tuple(_join(found))

    def _walk(self, node: SyntaxTreeNode, style: str, link: str, found: list[Inline]) -> None:
        if node.type == "text":
            found.extend(self._text(node.content, style, link))
        elif node.type == "code_inline":
            found.append(Span(node.content, f"{style} code".strip(), link))
        elif node.type in ("softbreak", "hardbreak"):
            found.append(Span(" ", style, link))
        elif node.type == "image":
            found.append(Span(node.content or "picture", style, link))
        else:
            here = f"{style} {self._STYLES.get(node.type, '')}".strip()
            target = self._target(str(node.attrs.get("href", ""))) if node.type == "link" else link
            for child in node.children:
                self._walk(child, here, target, found)

    def _target(self, href: str) -> str:
        match = _PAGE_LINK.fullmatch(href)
        if href and match:
            name = f"{match[1] or ''}#{match[2]}" if match[2] else match[1] or ""
            self._report.mention("passage", name, self._place(href))
            return name
        if not _LINK.fullmatch(href):
            self._fault(href, f"`{href[:60]}` is no link a page may have; expected https://, doi:10. or NN-page.md")
            return ""
        return href.replace("doi:", "https://doi.org/", 1) if href.startswith("doi:") else href

    def _text(self, content: str, style: str, link: str) -> Iterator[Inline]:
        end = 0
        for match in _CITATION.finditer(content):
            keys = [part.strip() for part in match[1].split(";")]
            if not all(_KEY.fullmatch(key) for key in keys):
                self._fault(match[0], f"`{match[0]}` is not understood; expected [@key] or [@key; @key]")
                continue
            if match.start() > end:
                yield Span(content[end : match.start()], style, link)
            for key in keys:
                self._report.mention("source", key[1:], self._place(key))
            yield Cite(tuple(key[1:] for key in keys))
            end = match.end()
        if end < len(content):
            yield Span(content[end:], style, link)


def _join(inlines: list[Inline]) -> Iterator[Inline]:
    """Merge neighbouring runs that look alike."""
    held: Span | None = None
    for inline in inlines:
        if isinstance(inline, Span) and held and (held.style, held.link) == (inline.style, inline.link):
            held = Span(held.text + inline.text, held.style, held.link)
            continue
        if held:
            yield held
        held = inline if isinstance(inline, Span) else None
        if held is None:
            yield inline
    if held:
        yield held


_RECORDS: dict[str, type] = {
    record.__name__: record
    for record in (Span, Cite, Paragraph, Heading, Listing, Grid, Callout, Diagram, Code, Divider, Claim, Page, Entry)
}


def to_plain(value: Any) -> Any:  # noqa: ANN401  any of the records above, or what they hold
    """Turn a record into plain data that JSON can hold: a mapping from its class to its values."""
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    name = type(value).__name__
    if name in _RECORDS:
        return {name: [to_plain(getattr(value, field.name)) for field in fields(value)]}
    return value


def from_plain(data: Any) -> Any:  # noqa: ANN401
    """Turn what `to_plain` gave back into the record."""
    if isinstance(data, list):
        return tuple(from_plain(item) for item in data)
    if isinstance(data, dict):
        ((name, values),) = data.items()
        return _RECORDS[name](*(from_plain(value) for value in values))
    return data
