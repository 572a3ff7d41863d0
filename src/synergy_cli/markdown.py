"""A page's file read: its front matter, and its Markdown as blocks. markdown-it-py parses, this room translates."""

from __future__ import annotations

import re
from html import unescape
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from synergy_cli.pages import (
    CALLOUTS,
    GRADES,
    Callout,
    Cite,
    Code,
    Diagram,
    Divider,
    Grid,
    Heading,
    Listing,
    Paragraph,
    Span,
    plain,
)
from synergy_cli.schema import SOURCE, SOURCE_KEY, Field, ListOf, Place, Record, Report, Text, Word
from synergy_cli.text import dangerous, describe, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.pages import Block, Inline

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

DEEPEST = 80
"""Levels of markdown-it's tokens; a list in a list takes two. Beyond them it drops text, so that they are a fault."""

_ENTITY = re.compile(r"&#?\w+;")
_KEY_ENDS = r"(?![\w:.+/-]*\w)"
_CITATION = re.compile(r"\[(@[^\[\]]+)\]")
_KEY = re.compile(r"@(" + SOURCE_KEY.pattern + r")")
_ALERT = re.compile(r"\[!([A-Za-z]+)\]\s*")
_DIAGRAM = re.compile(r"\{\s*\.diagram\s+title=\"([^\"]+)\"\s*\}")
_LINK = re.compile(r"(?:https?://|doi:10\.)[!-~]+")
_PAGE_LINK = re.compile(r"(?:\d+-([a-z0-9._-]+)\.md)?(?:#([\w-]+))?")


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
    tokens = _parser().parse(source)
    deep = next((token for token in tokens if token.level >= DEEPEST - 1 and token.map), None)
    if deep is not None and deep.map is not None:
        report.at(Place(first_line + deep.map[0], 1), f"nested more than {DEEPEST // 2} levels deep")
    return _Reader(source, report, first_line).blocks(SyntaxTreeNode(tokens).children)


class _Reader:
    """Turns markdown-it's tree into blocks."""

    _STYLES: ClassVar = {"strong": "strong", "em": "emphasis"}

    def __init__(self, source: str, report: Report, first_line: int) -> None:
        self._lines = source.split("\n")
        self._report = report
        self._first_line = first_line
        self._slugs: dict[str, int] = {}
        self._map = (0, 1)
        self._found: dict[tuple[int, str], tuple[int, int]] = {}

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        found = []
        for node in nodes:
            if node.map is not None:
                self._map = node.map
            found.append(getattr(self, f"_{node.type}", self._unsupported)(node))
        return tuple(found)

    def _place(self, wanted: str) -> Place:
        """Find where a text stands next in the lines of the current block; the block's beginning when it does not."""
        first, last = self._map
        after, start = self._found.get((first, wanted), (first, 0))
        whole = re.compile(re.escape(wanted) + (_KEY_ENDS if wanted.startswith("@") else ""))
        for number in range(after, min(last, len(self._lines)) if wanted else after):
            match = whole.search(self._lines[number], start if number == after else 0)
            if match:
                self._found[first, wanted] = (number, match.end())
                return Place(self._first_line + number, match.start() + 1)
        return Place(self._first_line + first, 1)

    def _fault(self, wanted: str, message: str) -> None:
        self._report.at(self._place(wanted), message)

    def _unsupported(self, node: SyntaxTreeNode) -> Block:
        self._fault(
            "", f"`{node.type}` is not understood on a page; expected text, lists, tables, callouts or diagrams"
        )
        return Divider()

    def _paragraph(self, node: SyntaxTreeNode) -> Block:
        return Paragraph(self._inlines(node))

    def _heading(self, node: SyntaxTreeNode) -> Block:
        text = plain(self._inlines(node))
        return Heading(int(node.tag[1]), self._own_slug(slug(text)), text)

    def _own_slug(self, base: str) -> str:
        """Tell repeated headings apart, as github-slugger does."""
        found = base
        while found in self._slugs:
            self._slugs[base] += 1
            found = f"{base}-{self._slugs[base]}"
        self._slugs[found] = 0
        return found

    def _bullet_list(self, node: SyntaxTreeNode) -> Block:
        return Listing(None, tuple(self.blocks(item.children) for item in node.children))

    def _ordered_list(self, node: SyntaxTreeNode) -> Block:
        first = int(node.attrs.get("start", 1))
        return Listing(first, tuple(self.blocks(item.children) for item in node.children))

    def _table(self, node: SyntaxTreeNode) -> Block:
        rows = [tuple(self._inlines(cell) for cell in row.children) for part in node.children for row in part.children]
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
            self._map = node.map or self._map
            self._fault(match[0].strip(), f"`{match[1]}` is no callout; expected one of: {', '.join(CALLOUTS)}")
        rest = Span(first.inlines[0].text[match.end() :], first.inlines[0].style)
        inlines = (rest, *first.inlines[1:]) if rest.text else first.inlines[1:]
        return Callout(kind, (Paragraph(inlines), *blocks[1:]) if inlines else blocks[1:])

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
        runs: list[_Run] = []
        for inline in node.children:
            self._walk(inline, "", "", runs)
        for run in runs:
            for offset in dangerous(run.text):
                sign = run.text[offset]
                self._fault(self._entity(sign), f"{describe(sign)} is not allowed in a course, not even as an entity")
        parts = [part for run in _merged(runs) for part in self._cited(run)]
        return tuple(_joined(parts))

    def _entity(self, sign: str) -> str:
        """Find how a sign is written as an entity in the lines of the current block."""
        lines = "\n".join(self._lines[slice(*self._map)])
        return next((match[0] for match in _ENTITY.finditer(lines) if sign in unescape(match[0])), "&")

    def _walk(self, node: SyntaxTreeNode, style: str, link: str, runs: list[_Run]) -> None:
        if node.type in ("text", "softbreak", "hardbreak"):
            runs.append(_Run(node.content if node.type == "text" else " ", style, link))
        elif node.type == "text_special":
            runs.append(_Run(node.content, style, link, literal=True))
        elif node.type == "code_inline":
            runs.append(_Run(node.content, f"{style} code".strip(), link, literal=True))
        elif node.type == "image":
            runs.append(_Run(node.content or "picture", style, link, literal=True))
        else:
            here = f"{style} {self._STYLES.get(node.type, '')}".strip()
            target = self._target(str(node.attrs.get("href", ""))) if node.type == "link" else link
            for child in node.children:
                self._walk(child, here, target, runs)

    def _target(self, href: str) -> str:
        written = unquote(href)
        match = _PAGE_LINK.fullmatch(written)
        if href and match:
            name = f"{match[1] or ''}#{match[2]}" if match[2] else match[1] or ""
            self._report.mention("passage", name, self._place(written))
            return name
        if not _LINK.fullmatch(href):
            self._fault(href, f"`{href[:60]}` is no link a page may have; expected https://, doi:10. or NN-page.md")
            return ""
        return href.replace("doi:", "https://doi.org/", 1) if href.startswith("doi:") else href

    def _cited(self, run: _Run) -> Iterator[Inline]:
        """Find the citations in a run of text."""
        end = 0
        for match in _CITATION.finditer(run.text) if not run.literal else ():
            keys = [part.strip() for part in match[1].split(";")]
            if not all(_KEY.fullmatch(key) for key in keys):
                self._fault(match[0], f"`{match[0]}` is not understood; expected [@key] or [@key; @key]")
                continue
            if match.start() > end:
                yield Span(run.text[end : match.start()], run.style, run.link)
            for key in keys:
                self._report.mention("source", key[1:], self._place(key))
            yield Cite(tuple(key[1:] for key in keys))
            end = match.end()
        if end < len(run.text):
            yield Span(run.text[end:], run.style, run.link)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.disable(["html_block", "html_inline", "reference", "text_join"])
    parser.validateLink = _leave_links_to_us  # type: ignore[method-assign]
    parser.options["maxNesting"] = DEEPEST
    return parser


def cut(source: str, heading: str) -> str:
    """Cut one passage out of a page's Markdown.

    Args:
        source: the Markdown.
        heading: the id of the heading above the passage.

    Returns:
        The lines from the heading to the next of its level or above.
    """
    reader = _Reader(source, Report(""), 1)
    starts: list[tuple[int, int, str]] = []
    for node in SyntaxTreeNode(_parser().parse(source)).children:
        (block,) = reader.blocks([node])  # headings inside of others count for the ids of those that follow
        if isinstance(block, Heading) and node.map is not None:
            starts.append((node.map[0], block.level, block.id))
    place = next(number for number, start in enumerate(starts) if start[2] == heading)
    first, level, _ = starts[place]
    last = next((line for line, other, _ in starts[place + 1 :] if other <= level), None)
    return "\n".join(source.split("\n")[first:last])


def _leave_links_to_us(url: str) -> bool:
    """Let markdown-it make a link of every link, so that a bad one is a fault and not text."""
    del url
    return True


class _Run(NamedTuple):
    """Text that looks alike; `literal` when its brackets are no citation."""

    text: str
    style: str
    link: str
    literal: bool = False


def _merged(runs: list[_Run]) -> Iterator[_Run]:
    """Merge neighbouring runs that are alike, so that a citation may stand on two lines."""
    for key, group in groupby(runs, key=lambda run: run[1:]):
        yield _Run("".join(run.text for run in group), *key)


def _joined(inlines: list[Inline]) -> Iterator[Inline]:
    """Merge neighbouring spans that look alike."""
    for key, group in groupby(inlines, key=lambda part: part[1:] if isinstance(part, Span) else part):
        if isinstance(key, Cite):
            yield from group
        else:
            yield Span("".join(part.text for part in group if isinstance(part, Span)), *key)
