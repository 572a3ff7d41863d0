"""Parses pages: front matter, and Markdown as blocks. markdown-it-py parses; this module translates its tree."""

from __future__ import annotations

import posixpath
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from synergy_cli.course.markdown_tokens import MAX_STEPS, Definitions, Effort, TooMuchError, Work, tokenize
from synergy_cli.course.page import (
    CALLOUTS,
    GRADES,
    LINK,
    Callout,
    Cite,
    Code,
    Diagram,
    Divider,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Span,
    TableBlock,
    plain,
)
from synergy_cli.course.uncited import CITED, HIDDEN, LINKED, Figures
from synergy_cli.parsing.report import ContentError, Report, SourcePos
from synergy_cli.parsing.schema import SOURCE, SOURCE_KEY, Field, ListOf, Object, Text, Word
from synergy_cli.records import NamedTuple
from synergy_cli.text import dangerous, describe, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from synergy_cli.course.page import Block, Inline
    from synergy_cli.parsing.yaml import Node


def _refuse_unsourced(node: Node, data: dict[str, Any], report: Report) -> None:
    if not data["sources"]:
        message = "this claim names no source; expected `sources: [key]`, with a key from references.yaml"
        report.at(node.value["sources"].node if "sources" in node.value else node, "claim-without-source", message)


FRONT_MATTER = Object(
    (
        Field("title", Text(), "The page's title"),
        Field("summary", Text(), "One sentence for the contents", required=False, default=""),
        Field(
            "claims",
            ListOf(
                Object(
                    (
                        Field("claim", Text(), "One statement that can be checked"),
                        Field("grade", Word(tuple(GRADES)), "How firm the evidence is"),
                        Field("sources", ListOf(SOURCE), "The sources' keys", required=False, default=()),
                    ),
                    _refuse_unsourced,
                )
            ),
            "The claims of the page, with grades",
            required=False,
            default=(),
        ),
    )
)
TAB = 4
"""Columns between the tab stops of code."""
MOST_FIGURES = 100
"""The most figures without a citation that are reported for one page."""

_CITATION = re.compile(r"\[(@[^\[\]]+)\]")
_KEY = re.compile(r"@(" + SOURCE_KEY.pattern + r")")
_ALERT = re.compile(r"\[!([A-Za-z]+)\]\s*")
_DIAGRAM = re.compile(r"\{\s*\.diagram\s+title=\"([^\"]+)\"\s*\}")
_PAGE_LINK = re.compile(r"(?:\d+-([a-z0-9._-]+)\.md)?(?:#([\w-]+))?")
_BEFORE_TARGET = re.compile(r"\]\(\s*<?")
_ATX = re.compile(r"#+[ \t]*")
_BAR = re.compile(r"(?<!\\)\|")
_CONTAINERS = re.compile(r"[ \t>]*+(?:(?:[-+*]|\d{1,9}[.)])[ \t>]++)*+")
_ALIGNED, _LEFT = "text-align:", "left"
_OPENED = {"strong_open": "strong", "em_open": "emphasis"}
_LITERAL = re.compile(
    r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|\\[^\w\s()\[\]]|\]\(\s*(?:<[^<>\n]*>|[^()\s]*)\s*\)"
    r"|<(?:https?|doi):[^<>\s]*>|<!--.*?-->",
    re.DOTALL,
)
"""Code, escaped characters, addresses and comments, which hold no markup."""
_UNSUPPORTED = {
    "html": (
        r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,200})?/?>|<!--|<\?|<!\[CDATA\[|<![A-Za-z]",
        "HTML",
        "use Markdown",
    ),
    "raw": (r"\{=\w{1,20}\}", "a raw block of another format", "remove it"),
    "footnote": (r"\[\^[\w-]{1,40}\]|\^\[", "a footnote", "put it into the text"),
    "embed": (r"!\[\[[^\[\]\n]{1,200}\]\]", "an embedded file", "write ![text](path)"),
    "wiki": (r"(?<!!)\[\[[^\[\]\n]{1,200}\]\]", "a wiki link", "write [text](NN-page.md)"),
    "math": (
        r"\$\$(?=[^$]{1,500}\$\$)|\\\((?=[^\n]*[\\^_{=+][^\n]*\\\))|\\\[(?=[^\n]*[\\^_{=][^\n]*\\\])|\\begin\{|(?<![\w$])\$(?=\S)[^$\n]{0,200}(?:[\\^_{]|(?<!\0)\0\0(?!\0))[^$\n]{0,200}(?<=\S)\$(?!\d)",
        "a formula",
        "write it in plain characters, or as code",
    ),
    "definition": (r"(?<=\n): +(?=\S)", "a definition list", "write a list, or a term of the glossary"),
    "container": (
        r"(?:(?<=\n)|(?<![\s\S]))(?::::|!!!|\?\?\?\+?)(?=[ \t]*[\w{])",
        "a container",
        "write `> [!NOTE]` above it",
    ),
    "hidden": (r"(?<![\w%])%%(?=[^\s%])[^%\n]{1,500}(?<=\S)%%", "a comment of another program", "write <!-- words -->"),
    "struck": (r"(?<!\w)~~(?=\w)", "strikethrough", "remove the words"),
    "marked": (r"(?<![\w=])==(?=\w)[^=\n]{1,200}(?<=\w)==(?![\w=])", "a highlight", "write **words**"),
    "raised": (r"(?<=\w)\^[^\s^]{1,20}\^|(?<=\w)~[^\s~]{1,20}~(?!~)", "a superscript or subscript", "write ² or ₂"),
    "attribute": (r"(?<=[\]\s`*_)\0])\{[.#][\w-]+[^{}\n]{0,100}\}", "an attribute list", "remove it"),
    "spaced": (
        r"(?<=\])\((?![<\s])[^()<>\s\"']+ +[^()<>\"'\n]{1,200}\)",
        "an address with a space",
        "write %20 for the space",
    ),
    "rule": (
        r"\|[ \t]*:?-{3,}:?[ \t]*\|",
        "a table whose delimiter row does not match its header",
        "give both the same number of columns",
    ),
}
"""Markdown that pages show literally: its pattern, its name, and what to write instead."""
_SIGN = re.compile(r"[<>{\[\]$\\%~=^|#&]|^(?::|!!!|\?\?\?)", re.MULTILINE)
"""All unsupported Markdown has one of these characters; most texts of questions have none and need no closer look."""
_TASK = re.compile(r"\[[ xX]\](?=\s)")
_FOLD = re.compile(r"[-+](?=\s|$)")
_NO_HEADING = re.compile(r"#{2,6}(?=[^\W\d])")


def split_front_matter(source: str) -> tuple[str, str, int]:
    """Split a page's file into YAML (from line 2 on), Markdown, and the line number on which the Markdown starts.

    The YAML is empty if the file has no front matter.
    """
    lines = source.split("\n")
    if lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], start=1):
            if line.rstrip() in ("---", "..."):
                return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return "", source, 1


def parse_markdown(source: str, report: Report, first_line: int = 1, effort: Effort | None = None) -> tuple[Block, ...]:
    """Parse the Markdown of a page, which starts on line `first_line` of its file, into blocks.

    `effort` is the budget that all pages share. Raises ContentError if the page exceeds a limit or has too many faults.
    """
    work, definitions = Work(min(MAX_STEPS, effort.left) if effort else MAX_STEPS), Definitions()
    try:
        tokens = tokenize(source, work, definitions)
    except TooMuchError as error:
        report.at(SourcePos(first_line + error.line, 1), "too-large", f"{error}; split the page")
        raise ContentError(report.faults) from None
    finally:
        if effort is not None:
            effort.left -= min(effort.left, work.steps)
    reader = PageParser(source, report, first_line)
    blocks = reader.blocks(SyntaxTreeNode(tokens).children)
    reader.report_figures()
    for line in definitions.repeated:
        message = "an earlier definition has the same label, so this one is ignored; remove it"
        report.at(SourcePos(first_line + line, 1), "unsupported-markdown", message)
    for line in definitions.unused_lines:
        message = "no link on this page uses this definition; remove it"
        report.at(SourcePos(first_line + line, 1), "unsupported-markdown", message)
    return blocks


def unsupported(text: str, more: dict[str, tuple[str, str, str]]) -> list[tuple[int, str, str, str]]:
    """Find unsupported Markdown, the first of each type: its offset, its text, its name, and what to write instead.

    `more` adds types to those of `_UNSUPPORTED`.
    """
    if not _SIGN.search(text):
        return []
    plain = _LITERAL.sub(lambda match: "\0" * len(match[0]), text)
    types = _UNSUPPORTED | more
    pattern = re.compile("|".join(f"(?P<{sort}>{types[sort][0]})" for sort in types), re.MULTILINE)
    found = {match.lastgroup or "": match for match in reversed(list(pattern.finditer(plain)))}
    places = sorted((match.start(), match.end(), sort) for sort, match in found.items())
    return [(start, text[start:end][:60], *types[sort][1:]) for start, end, sort in places]


class PageParser:
    """Turns markdown-it's tree into blocks."""

    def __init__(self, source: str, report: Report, first_line: int) -> None:
        """Take a page's Markdown, which starts on line `first_line` of its file."""
        self._lines = source.split("\n")
        self._report = report
        self._first_line = first_line
        self._slugs: dict[str, int] = {}
        self._line = 0
        self._origin = _Origin("", 0)
        self._spots: list[int] = []
        self._figures = Figures()

    def blocks(self, nodes: Sequence[SyntaxTreeNode], *, in_item: bool = False) -> tuple[Block, ...]:
        """Turn syntax nodes into blocks, collecting faults and uncited figures."""
        found = []
        outer, notes = self._figures, []
        for node in nodes:
            self._line = node.map[0] if node.map else self._line
            self._figures = Figures()
            found.append(getattr(self, f"_{node.type}", self._unsupported)(node))
            notes.append((node.type, self._figures))
        self._figures = outer
        outer.take(notes, in_item=in_item)
        return tuple(found)

    def report_figures(self) -> None:
        """Report the figures without a citation."""
        for place, words, _ in self._figures.bare[:MOST_FIGURES]:
            message = f"`{words}` is stated without a source; cite one in this sentence, such as [@key]"
            self._report.at(place, "figure-without-citation", message)

    def _place(self, offset: int) -> SourcePos:
        """Return the position in the file of a character of the current inline text."""
        content, line, column, raw = self._origin
        if column is not None:
            return SourcePos(self._first_line + line, column + _as_written(raw, offset) + 1)
        line += content.count("\n", 0, offset)
        end = content.find("\n", offset)
        rest = content[offset : len(content) if end < 0 else end]
        return SourcePos(self._first_line + line, len(self._lines[line].rstrip()) - len(rest.rstrip()) + 1)

    def _fault(self, offset: int, code: str, message: str) -> None:
        self._report.at(self._place(offset), code, message)

    def _unsupported(self, node: SyntaxTreeNode) -> Block:
        self._report.at(
            SourcePos(self._first_line + self._line, 1),
            "unsupported-markdown",
            f"`{node.type}` is not supported on a page; expected text, lists, tables, callouts or diagrams",
        )
        return Divider()

    def _paragraph(self, node: SyntaxTreeNode) -> Block:
        return Paragraph(self._inlines(node, _Origin(node.children[0].content, self._line)))

    def _heading(self, node: SyntaxTreeNode) -> Block:
        start = _ATX.search(self._lines[self._line])
        column = start.end() if start and node.markup.startswith("#") else None
        kept = self._figures
        inlines = self._inlines(node, _Origin(node.children[0].content, self._line, column))
        if any(isinstance(part, Span) and part.link for part in inlines):
            place = SourcePos(self._first_line + self._line, 1)
            message = "a heading shows only the words of a link; move the link to the text below"
            self._report.at(place, "unsupported-markdown", message)
        if node.tag == "h1":
            message = "the title of a page is in its front matter; write `##` for a heading, or remove this one"
            self._report.at(SourcePos(self._first_line + self._line, 1), "title-heading", message)
        text = " ".join(plain(inlines).split())
        kept.bare.clear()
        return Heading(int(node.tag[1]), self._own_slug(slug(text)), text)

    def _own_slug(self, base: str) -> str:
        """Number repeated headings as github-slugger does."""
        found = base
        while found in self._slugs:
            self._slugs[base] += 1
            found = f"{base}-{self._slugs[base]}"
        self._slugs[found] = 0
        return found

    def _bullet_list(self, node: SyntaxTreeNode) -> Block:
        return ListBlock(None, self._items(node))

    def _ordered_list(self, node: SyntaxTreeNode) -> Block:
        return ListBlock(int(node.attrs.get("start", 1)), self._items(node))

    def _items(self, node: SyntaxTreeNode) -> tuple[tuple[Block, ...], ...]:
        self._warn_of_box(node)
        return tuple(self.blocks(item.children, in_item=True) for item in node.children)

    def _warn_of_box(self, node: SyntaxTreeNode) -> None:
        """Report the first box of a task list."""
        for text in (item.children[0] for item in node.children if item.children):
            box = _TASK.match(text.children[0].content) if text.type == "paragraph" else None
            if box is not None:
                message = f"`{box[0]}` is a task list, which a page shows literally; remove the box"
                self._at_text(text, box[0], "unsupported-markdown", message)
                return

    def _at_text(self, node: SyntaxTreeNode, text: str, code: str, message: str) -> None:
        """Report a fault at a text in the first line of a block."""
        line = (node.map or (self._line, 0))[0]
        self._report.at(SourcePos(self._first_line + line, max(1, self._lines[line].find(text) + 1)), code, message)

    def _table(self, node: SyntaxTreeNode) -> Block:
        header, *rows = (row for part in node.children for row in part.children)
        top = self._row(header)
        self._figures.bare.clear()
        covered = self._figures.cited
        sides = tuple(str(cell.attrs.get("style", _LEFT)).removeprefix(_ALIGNED) for cell in header.children)
        return TableBlock(top, tuple(self._row(row, covered=covered) for row in rows), sides)

    def _row(self, node: SyntaxTreeNode, *, covered: bool = False) -> tuple[tuple[Inline, ...], ...]:
        """Read a row of a table; a citation in one cell covers the figures of all."""
        outer, self._figures = self._figures, Figures()
        self._line = node.map[0] if node.map else self._line
        places = _cells(self._lines[self._line])
        cells = []
        for number, cell in enumerate(node.children):
            column, raw = places[number] if number < len(places) else (0, "")
            cells.append(self._inlines(cell, _Origin(cell.children[0].content, self._line, column, raw)))
        if len(places) > len(cells):
            cells[-1] = (*cells[-1], Span("".join(f" | {raw}" for _, raw in places[len(cells) :])))
            message = f"this row has {len(places)} cells, the header {len(cells)}; write `|` inside a cell as \\|"
            self._report.at(SourcePos(self._first_line + self._line, places[len(cells)][0] + 1), "table-row", message)
        row, self._figures = self._figures, outer
        outer.cited |= row.cited
        outer.bare += [] if row.cited or covered else row.bare[:1]
        return tuple(cells)

    def _blockquote(self, node: SyntaxTreeNode) -> Block:
        blocks = self.blocks(node.children)
        first = blocks[0] if blocks else None
        if not isinstance(first, Paragraph) or not first.inlines or not isinstance(first.inlines[0], Span):
            return self._quotation(blocks)
        match = _ALERT.match(first.inlines[0].text)
        if match is None:
            return self._quotation(blocks)
        kind = match[1].lower()
        if kind not in CALLOUTS:
            message = f"`{match[1][:60]}` is not a callout; expected one of: {', '.join(CALLOUTS)}"
            self._at_text(node.children[0], match[0].strip(), "unknown-callout", message)
        elif _FOLD.match(first.inlines[0].text, match.end()):
            message = f"`{match[0]}` cannot be folded on a page; remove the `+` or `-` after it"
            self._at_text(node.children[0], match[0], "unsupported-markdown", message)
        rest = Span(first.inlines[0].text[match.end() :], first.inlines[0].style)
        inlines = (rest, *first.inlines[1:]) if rest.text else first.inlines[1:]
        return Callout(kind, (Paragraph(inlines), *blocks[1:]) if inlines else blocks[1:])

    def _quotation(self, blocks: tuple[Block, ...]) -> Block:
        """Return a quotation; one citation covers all of it."""
        if self._figures.cited:
            self._figures.bare.clear()
        return Callout("", blocks)

    def _fence(self, node: SyntaxTreeNode) -> Block:
        lines = tuple(line.rstrip().expandtabs(TAB) for line in node.content.removesuffix("\n").split("\n"))
        match = _DIAGRAM.fullmatch(node.info.strip())
        written = self._lines[self._line]
        start = max(0, written.find(node.markup))
        if match is None and "diagram" in node.info:
            message = 'invalid diagram; expected {.diagram title="what it shows"}'
            place = SourcePos(self._first_line + self._line, written.find("diagram", start) + 1)
            self._report.at(place, "bad-fence", message)
        if node.info.strip().startswith("{="):
            raw = node.info.strip()[:60]
            message = f"`{raw}` is a raw block of another format, which a page shows as code; remove it"
            place = SourcePos(self._first_line + self._line, max(1, written.find("{=", start) + 1))
            self._report.at(place, "unsupported-markdown", message)
        first, last = node.map or (0, 0)
        inside = node.content.count("\n") + (node.content[-1:] not in ("", "\n"))
        if last - first < inside + 2:
            message = f"this fence is never closed; expected {node.markup[:20]} on a line of its own, where it ends"
            self._report.at(SourcePos(self._first_line + first, start + 1), "bad-fence", message)
        return Diagram(match[1], lines) if match else Code(lines)

    def _code_block(self, node: SyntaxTreeNode) -> Block:
        return Code(tuple(line.rstrip().expandtabs(TAB) for line in node.content.rstrip("\n").split("\n")))

    def _hr(self, _node: SyntaxTreeNode) -> Block:
        return Divider()

    def _inlines(self, node: SyntaxTreeNode, origin: _Origin) -> tuple[Inline, ...]:
        token = node.children[0].token
        self._origin = origin
        self._spots = []
        runs = list(_merged(self._runs(token.meta["inline"] if token is not None else [])))
        for run in runs:
            for offset in dangerous(run.text):
                message = f"{describe(run.text[offset])} is not allowed in a course, not even as an entity"
                self._fault(self._spots[run.start + offset], "character", message)
        self._warn_of_raw(runs)
        self._figures.note("".join(map(_masked, runs)), lambda offset: self._place(self._spots[offset]))
        return tuple(_joined([part for run in runs for part in self._cited(run)]))

    def _warn_of_raw(self, runs: Sequence[_Run]) -> None:
        """Report unsupported Markdown, which a page shows literally: the first of each type in a block."""
        first = runs[0] if runs and not runs[0].literal and not runs[0].hidden else None
        hashes = _NO_HEADING.match(first.text) if first else None
        if hashes:
            message = f"`{hashes[0]}` needs a space after it to start a heading; write `{hashes[0]} ` and the heading"
            self._fault(self._spots[0], "bad-heading", message)
        for offset, written, name, advice in unsupported(self._origin.content, {}):
            message = f"`{written}` is {name}, which a page shows literally; {advice}"
            self._fault(offset, "unsupported-markdown", message)

    def _runs(self, tokens: Sequence[Token]) -> Iterator[_Run]:
        """Turn markdown-it's flat sequence of tokens into runs of text, and record the position of each character."""
        styles: list[str] = []
        link, written = "", False
        for token in tokens:
            kind = token.type
            if kind in _OPENED:
                styles.append(_OPENED[kind])
            elif kind in ("strong_close", "em_close"):
                styles.pop()
            elif kind == "link_open":
                link, written = self._target(token), token.markup == "autolink"
            elif kind == "link_close":
                link, written = "", False
            else:
                picture = _picture_of(token) if kind == "image" else None
                text = picture.text if picture else _text_of(token)
                start, at = len(self._spots), token.meta["at"]
                self._spots += range(at, at + len(text)) if kind == "text" and not written else [at] * len(text)
                if kind == "image":
                    self._image(token)
                code, literal = kind == "code_inline", kind in ("code_inline", "image", "text_special")
                style = " ".join(dict.fromkeys([*styles, "code"] if code else styles)) if styles or code else ""
                if text:
                    hidden = written or code or kind == "image"
                    yield _Run(text, start, style, link, literal, hidden, picture)

    def _target_place(self, token: Token) -> int:
        """Return the offset of a link's or image's target in the current inline text."""
        start, end = token.meta["at"], token.meta["end"]
        match = _BEFORE_TARGET.match(self._origin.content, max(start, self._origin.content.rfind("](", start, end)))
        return match.end() if match else start

    def _target(self, token: Token) -> str:
        href = str(token.attrs["href"])
        written = unquote(href)
        match = _PAGE_LINK.fullmatch(written)
        place = self._target_place(token)
        if href and match:
            name = f"{match[1] or ''}#{match[2]}" if match[2] else match[1] or ""
            self._report.mention("passage", name, self._place(place))
            return name
        if not LINK.fullmatch(href):
            message = f"`{href[:60]}` is not a valid link; expected https://, doi:10. or NN-page.md"
            self._fault(place, "bad-link", message)
            return ""
        return href.replace("doi:", "https://doi.org/", 1) if href.startswith("doi:") else href

    def _image(self, token: Token) -> None:
        """Record the path of a picture, relative to the course's folder; the file must exist, but is never opened."""
        href = str(token.attrs["src"])
        if href.startswith(("https://", "http://")) and LINK.fullmatch(href):
            return
        path = _path(href)
        place = self._target_place(token)
        if not href or ":" in href.partition("/")[0] or path.startswith(("/", "../")) or path == "..":
            message = f"`{href[:60]}` is not a valid picture; expected a file of the course, or https://"
            self._fault(place, "bad-link", message)
            return
        self._report.mention("image", path, self._place(place))

    def _cited(self, run: _Run) -> Iterator[Inline]:
        """Find the citations in a run of text."""
        if run.picture is not None:
            yield run.picture._replace(style=run.style, link=run.link)
            return
        end = 0
        for match in _CITATION.finditer(run.text) if not run.literal else ():
            parts = match[1].split(";")
            if not all(_KEY.fullmatch(part.strip()) for part in parts):
                message = f"`{match[0][:60]}` is not a valid citation; expected [@key] or [@key; @key]"
                self._fault(self._spots[run.start + match.start()], "bad-citation", message)
                continue
            if match.start() > end:
                yield Span(run.text[end : match.start()], run.style, run.link)
            at = run.start + match.start(1)
            for part in parts:
                place = self._place(self._spots[at + len(part) - len(part.lstrip())])
                self._report.mention("source", part.strip()[1:], place)
                at += len(part) + 1
            yield Cite(tuple(part.strip()[1:] for part in parts))
            end = match.end()
        if end < len(run.text):
            yield Span(run.text[end:], run.style, run.link)


class _Origin(NamedTuple):
    """The position of inline text in the file.

    Attributes:
        content: the text, as markdown-it has it.
        line: its first line, counted from 0.
        column: its start in that line, counted from 0; None if its lines end where those of the file end.
        raw: a table cell as written, with a backslash before each bar.
    """

    content: str
    line: int
    column: int | None = None
    raw: str = ""


def _cells(row: str) -> list[tuple[int, str]]:
    """Split a row of a table as written: the column, counted from 0, and the text of each cell."""
    parts, start = [], 0
    for match in _BAR.finditer(row):
        parts.append((start, row[start : match.start()]))
        start = match.end()
    parts.append((start, row[start:]))
    if _CONTAINERS.fullmatch(parts[0][1]):
        del parts[0]
    if len(parts) > 1 and not parts[-1][1].strip():
        del parts[-1]
    return [(column + len(raw) - len(raw.lstrip()), raw.strip()) for column, raw in parts]


def _as_written(raw: str, offset: int) -> int:
    """Return the offset in a cell as written of an offset in its text."""
    at = 0
    for _ in range(offset):
        at += 2 if raw.startswith("\\|", at) else 1
    return at if "\\|" in raw else offset


class _Run(NamedTuple):
    """Text of one style.

    Attributes:
        text: its characters.
        start: how many characters precede it in its block.
        style: as in a `Span`.
        link: as in a `Span`.
        literal: whether its brackets cannot be a citation.
        hidden: whether its figures do not count: in code, pictures and addresses.
        picture: what the text stands for.
    """

    text: str
    start: int
    style: str
    link: str
    literal: bool
    hidden: bool
    picture: Picture | None


def _text_of(token: Token) -> str:
    return {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)


def _picture_of(token: Token) -> Picture:
    href = str(token.attrs["src"])
    path = href if href.startswith(("https://", "http://")) else _path(href)
    return Picture(_description(token).replace("\n", " ").strip(), path)


def _description(token: Token) -> str:
    """Return the text of a token, and of a picture its description without marks."""
    return "".join(map(_description, token.children or ())) if token.type == "image" else _text_of(token)


def _path(href: str) -> str:
    return posixpath.normpath(posixpath.join("pages", unquote(href)))


def _merged(runs: Iterator[_Run]) -> Iterator[_Run]:
    """Merge neighbouring runs of the same style, so that a citation may span two lines."""
    for _, group in groupby(runs, key=lambda run: run if run.picture else run[2:]):
        first, *others = group
        yield first._replace(text="".join([first.text, *(run.text for run in others)])) if others else first


def _joined(inlines: list[Inline]) -> Iterator[Inline]:
    """Merge neighbouring spans of the same style."""
    for key, group in groupby(inlines, key=lambda part: part[1:] if isinstance(part, Span) else part):
        if isinstance(key, Cite | Picture):
            yield from group
        else:
            yield Span("".join(part.text for part in group if isinstance(part, Span)), *key)


def _masked(run: _Run) -> str:
    """Return a run character by character, with placeholders for citations and for text whose figures do not count."""
    if run.hidden:
        return HIDDEN * len(run.text)
    if run.link.startswith("http"):
        return LINKED + run.text[1:]
    return run.text if run.literal else _CITATION.sub(lambda match: CITED * len(match[0]), run.text)
