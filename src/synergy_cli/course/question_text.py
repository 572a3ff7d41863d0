"""The texts of questions: a small subset of Markdown, with line breaks and spaces kept as written.

Code, emphasis, links, pictures and code blocks are markup; lists need none, because line breaks are kept. Everything
else stays as its author typed it, backslashes included: a question may be about Markdown or regular expressions.
"""

from __future__ import annotations

import re
from functools import cache
from posixpath import normpath, splitext
from typing import TYPE_CHECKING, Any

from synergy_cli.course.files import PICTURES
from synergy_cli.course.page import LINK, Code, Paragraph, Picture, Span
from synergy_cli.parsing.report import Report, SourcePos
from synergy_cli.parsing.schema import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

    from synergy_cli.course.page import Block
    from synergy_cli.parsing.yaml import Node


TAB = 4
"""Columns between tab stops."""
_MARKUP = re.compile(r"[`*_\[]|<(?:https?|doi):|^ {0,3}~~~|^(?: {4}|\t)", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*")
_INDENTED = re.compile(r" {4}|\t")
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\(([^\s()<>]+)\)")
_LITERAL_HERE = {
    "heading": (r"^#{1,6} +(?=\S)", "a heading", "remove it, or write it as code"),
    "quotation": (r"^> ?(?=\S)", "a quotation", "remove it, or write it as code"),
    "table": (r"^\|.*\|[ \t]*$", "a table", "write it as a code block"),
    "picture": (r"!\[(?=[^\[\]\0\n]*\0)", "a picture", "name its file, such as `![a loaf](loaf.svg)`"),
    "entity": (
        r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});",
        "an entity",
        "write the character, or write it as code",
    ),
    "citation": (r"\[@(?=[\w-]+[\];])", "a citation", "list the source under `sources`"),
}
"""Markdown of pages that texts of questions show literally."""


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return a text as paragraphs and code; a paragraph keeps its line breaks and blanks."""
    return parse_text(text) if _MARKUP.search(text) else (Paragraph((Span(text.expandtabs(TAB)),)),)


def parse_text(text: str) -> tuple[Block, ...]:
    """Parse a text that may hold markup."""
    blocks: list[Block] = []
    lines: list[str] = []
    fence: list[str] | None = None
    mark = ""
    for line in text.split("\n"):
        opened = _FENCE.fullmatch(line)
        if fence is None and opened:
            blocks += _paragraphs(lines)
            fence, lines, mark = [], [], opened[1]
        elif fence is not None and line.strip().startswith(mark) and not line.strip().strip(mark[0]):
            blocks.append(Code(tuple(fence)))
            fence = None
        elif fence is not None:
            fence.append(line.rstrip().expandtabs(TAB))
        else:
            lines.append(line)
    return (*blocks, *_paragraphs(lines), *([Code(tuple(fence))] if fence is not None else ()))


def _paragraphs(lines: list[str]) -> list[Block]:
    """Return the lines between two code blocks as one paragraph; an indented line is code."""
    spans: list[Span | Picture] = []
    group: list[str] = []
    for line in "\n".join(lines).strip("\n").split("\n"):
        if line.strip() and not _INDENTED.match(line):
            group.append(line)
            continue
        spans += [*_inline("\n".join(group)), Span("\n")] if group else []
        spans += [Span(line.rstrip().expandtabs(TAB), "code"), Span("\n")] if line.strip() else [Span("\n")]
        group = []
    if group:
        spans += _inline("\n".join(group))
    while spans and not spans[-1].text.strip():
        spans.pop()
    return [Paragraph(tuple(spans))] if spans else []


def _inline(text: str) -> Iterator[Span | Picture]:
    styles: list[str] = []
    link = ""
    for token in _parser().parseInline(text)[0].children or ():
        if token.type in ("strong_open", "em_open"):
            styles.append("strong" if token.type == "strong_open" else "emphasis")
        elif token.type in ("strong_close", "em_close"):
            styles.pop()
        elif token.type in ("link_open", "link_close"):
            link = str(token.attrs["href"]) if token.type == "link_open" else ""
            link = link.replace("doi:", "https://doi.org/", 1) if link.startswith("doi:") else link
        elif token.type == "image":
            yield Picture(token.content.strip(), _path(str(token.attrs["src"])), " ".join(styles), link)
        elif token.content:
            code = ["code"] if token.type == "code_inline" else []
            yield Span(token.content.expandtabs(TAB), " ".join([*styles, *code]), link)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415  most texts have no markup

    parser = MarkdownIt("zero").enable(["backticks", "link", "autolink", "emphasis"])
    parser.validateLink = lambda url: bool(LINK.fullmatch(url))  # type: ignore[method-assign]
    parser.inline.ruler.before("emphasis", "literal", _literal_marks)
    parser.inline.ruler.before("link", "picture", _picture)
    return parser


def _path(written: str) -> str:
    """Return a picture's path from the course's folder, or its address."""
    from urllib.parse import unquote  # noqa: PLC0415  few questions have pictures

    return written if LINK.fullmatch(written) else normpath(unquote(written))


def _is_picture(path: str) -> bool:
    return LINK.fullmatch(path) is not None or splitext(path)[1].lower() in PICTURES


def _picture(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Take a picture of the course, by its path in the course's folder, or one with an address."""
    match = _PICTURE.match(state.src, state.pos)
    if match is None or not _is_picture(match[2]):
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.content, token.attrs = match[1], {"src": match[2]}
    state.pos = match.end()
    return True


def _literal_marks(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Take marks between letters or digits, and two or more underscores, as text: `2*3*4`, `__init__`."""
    char = state.src[state.pos]
    if char not in "*_":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == char:
        end += 1
    around = state.src[max(0, state.pos - 1) : state.pos] + state.src[end : end + 1]
    if not (len(around) == 2 and around.isalnum()) and not (char == "_" and end - state.pos > 1):  # noqa: PLR2004
        return False
    if not silent:
        state.pending += char * (end - state.pos)
    state.pos = end
    return True


def read_texts(nodes: Iterator[Node], report: Report) -> dict[str, Any]:
    """Return the parsed blocks of each text with markup, and report what is shown literally."""
    found = {}
    for node in nodes:
        text = Text().read(node, Report("")) if isinstance(node.value, str) else ""
        if text and _MARKUP.search(text):
            found[text] = parse_text(text)
            _mention_pictures(found[text], node, report)
        _warn_of_literal(node, text, report)
    return found


def _mention_pictures(blocks: tuple[Block, ...], node: Node, report: Report) -> None:
    for block in blocks:
        for part in block.inlines if isinstance(block, Paragraph) else ():
            if isinstance(part, Picture) and not LINK.fullmatch(part.path):
                report.mention("image", part.path, node)


def _without_code(text: str) -> str:
    """Return a text of the same length in which blocks of code, indented lines and pictures are blank."""
    text = _PICTURE.sub(lambda match: " " * len(match[0]) if _is_picture(match[2]) else match[0], text)
    lines, mark = [], ""
    for line in text.split("\n"):
        opened = _FENCE.fullmatch(line)
        code = bool(mark or opened or _INDENTED.match(line))
        if mark and line.strip().startswith(mark) and not line.strip().strip(mark[0]):
            mark = ""
        elif opened and not mark:
            mark = opened[1]
        lines.append(" " * len(line) if code else line)
    return "\n".join(lines)


def _warn_of_literal(node: Node, text: str, report: Report) -> None:
    from synergy_cli.course.markdown import unsupported  # noqa: PLC0415

    for offset, written, name, advice in unsupported(_without_code(text), _LITERAL_HERE):
        exact = node.plain and "\n" not in node.value
        place = SourcePos(node.line, node.column + offset) if exact else node
        message = f"`{written}` is {name}, which a question shows literally; {advice}"
        report.at(place, "unsupported-markdown", message)
