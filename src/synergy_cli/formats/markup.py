"""Texts of questions as HTML, and HTML or plain text as texts of questions."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from synergy_cli.course.page import Cite, Code, Paragraph, Picture, Span
from synergy_cli.course.question_text import TAB, blocks_of
from synergy_cli.formats.html_text import joined, read_html, set_apart
from synergy_cli.formats.notes import Notes
from synergy_cli.formats.pictures import at_address
from synergy_cli.parsing.schema import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from synergy_cli.course.page import Block, Inline
    from synergy_cli.course.question import Question

_NBSP = "\N{NO-BREAK SPACE}"
_TAGS = {"strong": "strong", "emphasis": "em", "code": "code"}
_MARKS = {"strong": "**", "emphasis": "*"}
_BLANKS = re.compile(r"^ +| {2,}", re.MULTILINE)
_INNER_BLANKS = re.compile(r"(?<=\n) +| {2,}")
_SIGNS = frozenset("*_`[]<~")
_NO_MARKUP = re.compile(rf"[^*_`\[\]<~&\n{_NBSP}]*")
"""What is the same as HTML, as plain text and as Markdown."""
_MIN_FENCE = 3
MAX_SIGNS = 2_000
"""Signs of markup in one text."""
_CODE_INDENT = "    "


def words_of(blocks: Sequence[Block]) -> str:
    """Return what a text says, without markup."""
    return "\n".join(map(_words, blocks))


def is_plain(blocks: Sequence[Block]) -> bool:
    """Whether a text has no markup."""
    return all(
        isinstance(block, Paragraph) and all(isinstance(part, Span) and not any(part[1:]) for part in block.inlines)
        for block in blocks
    )


def plain_text(question: Question, text: str) -> str:
    """Return a text of a question without its markup, with its line breaks."""
    return words_of(question.blocks(text)) if text else ""


def local_pictures(blocks: Sequence[Block]) -> list[str]:
    """Return the paths of the pictures in a text that are files of the course."""
    pictures = [part for block in blocks for part in _inlines(block) if isinstance(part, Picture)]
    return [part.path for part in pictures if not at_address(part.path)]


def with_pictures(blocks: Sequence[Block], address: Callable[[str], str]) -> list[Block]:
    """Return a text in which the pictures of the course have other addresses."""

    def placed(part: Inline) -> Inline:
        is_local = isinstance(part, Picture) and not at_address(part.path)
        return part._replace(path=address(part.path)) if isinstance(part, Picture) and is_local else part

    return _changed(blocks, lambda inlines: map(placed, inlines))


def _changed(blocks: Sequence[Block], change: Callable[[Sequence[Inline]], Iterable[Inline]]) -> list[Block]:
    """Return blocks in which the running text of each paragraph is changed."""
    return [Paragraph(tuple(change(block.inlines))) if isinstance(block, Paragraph) else block for block in blocks]


def to_html(blocks: Sequence[Block]) -> str:
    """Return a parsed text as HTML: everything in it is escaped, and line breaks and blanks are kept."""
    return "".join(map(_block_html, blocks))


def _block_html(block: Block) -> str:
    if isinstance(block, Code):
        lines = "\n".join(block.lines)
        return f"<pre><code>{escape(lines, quote=False)}</code></pre>"
    html, at_start = "", True
    for part in block.inlines if isinstance(block, Paragraph) else ():
        html += _inline_html(part, at_start=at_start)
        at_start = isinstance(part, Span) and part.text.endswith("\n")
    return html


def _inline_html(part: Inline, *, at_start: bool) -> str:
    """Return a part of a paragraph; at the start of a line, its first blanks are kept."""
    if isinstance(part, Picture):
        html = f'<img src="{escape(part.path)}" alt="{escape(part.alt)}">'
    elif isinstance(part, Span):
        blanks = _BLANKS if at_start else _INNER_BLANKS
        html = escape(blanks.sub(lambda match: _NBSP * len(match[0]), part.text), quote=False)
        html = html.replace(_NBSP, "&nbsp;").replace("\n", "<br>")
        html = styled(html, part.style)
    else:
        return ""
    return f'<a href="{escape(part.link)}">{html}</a>' if part.link else html


def styled(html: str, style: str) -> str:
    """Return HTML in elements for the words of a style."""
    for tag in (_TAGS[word] for word in reversed(style.split())):
        html = f"<{tag}>{html}</{tag}>"
    return html


def count_signs(text: str) -> int:
    """Count the markup characters in a text."""
    return sum(map(text.count, _SIGNS))


def overloaded(text: str) -> bool:
    """Whether a text is too long for a question, or has so many markup characters that parsing it takes too long."""
    return len(text) > MAX_TEXT or (len(text) > MAX_SIGNS and count_signs(text) > MAX_SIGNS)


def from_html(html: str, notes: Notes, *, keeps_lines: bool = False) -> str:
    """Return HTML as a text of a question; `keeps_lines` is that of `read_html`."""
    if _NO_MARKUP.fullmatch(html):
        return " ".join(html.split())
    blocks = read_html(html, notes, keeps_lines=keeps_lines)
    words = "".join(map(_words, blocks))
    return words if overloaded(words) or not words else _written(blocks, notes)


def words_in(html: str, notes: Notes) -> str:
    """Return what HTML says, on one line and without markup; what else it has is lost."""
    own = Notes()
    blocks = read_html(html, own)
    notes.lost |= own.lost
    return " ".join(words_of(blocks).split())


def from_plain(text: str, notes: Notes) -> str:
    """Return plain text as a text of a question in which no sign is markup."""
    if overloaded(text) or "".join(map(_words, blocks_of(text))) == text.expandtabs(TAB):
        return text
    return _written([Paragraph((Span(text),))], notes)


def converted(text: str, form: str, notes: Notes) -> str:
    """Return a text in a format as Moodle names them: `html`, `markdown`, `plain` or `moodle`, or their long names."""
    if form == "markdown":
        return text
    if form.startswith("plain"):
        return from_plain(text, notes)
    return from_html(text, notes, keeps_lines=form.startswith("moodle"))


def _written(blocks: Sequence[Block], notes: Notes) -> str:
    """Write blocks in the Markdown of questions, which has no escapes: what would be markup is written as code."""
    for is_bare in (False, True):
        shown = _changed(blocks, _bare) if is_bare else blocks
        for is_coded in (False, True):
            form = _changed(shown, _coded) if is_coded else shown
            text = _source(form)
            if _joined(blocks_of(text)) == _joined(form):
                if is_bare:
                    notes.lose("markup")
                if is_coded:
                    notes.change("characters that would be markup are written as code")
                return text
    notes.lose("markup")
    return "\n".join(" ".join(_words(block).split()) for block in blocks)


def _source(blocks: Sequence[Block]) -> str:
    """Write blocks as Markdown."""
    return "\n".join(
        _code_source(block.lines) if isinstance(block, Code) else "".join(_linked(block)) for block in blocks
    )


def _linked(block: Block) -> Iterator[str]:
    """Yield what shares a link, or has none."""
    for link, group in groupby(_inlines(block), key=lambda part: "" if isinstance(part, Cite) else part.link):
        text = "".join(map(_inline_source, group))
        yield text if not link else f"<{link}>" if text == link else f"[{text}]({link})"


def _code_source(lines: Sequence[str]) -> str:
    fence = "`" * max(_MIN_FENCE, *(len(run) + 1 for run in re.findall("`+", "\n".join(["", *lines]))), 0)
    return "\n".join([fence, *lines, fence])


def _inlines(block: Block) -> Sequence[Inline]:
    return block.inlines if isinstance(block, Paragraph) else ()


def _inline_source(part: Inline) -> str:
    if isinstance(part, Picture):
        return f"![{part.alt}]({part.path})"
    core = part.text.strip() if isinstance(part, Span) else ""
    if not isinstance(part, Span) or not core or not part.style:
        return part.text if isinstance(part, Span) else ""
    styles = part.style.split()
    if "code" in styles:
        if part.text.startswith(_CODE_INDENT):
            return part.text
        ticks = "`" * (1 + max((len(run) for run in re.findall("`+", core)), default=0))
        pad = " " if "`" in (core[0], core[-1]) else ""
        core = f"{ticks}{pad}{core}{pad}{ticks}"
    for style in reversed([style for style in styles if style in _MARKS]):
        core = f"{_MARKS[style]}{core}{_MARKS[style]}"
    before, _, after = part.text.partition(part.text.strip())
    return f"{before}{core}{after}"


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks in which neighbours that look alike are one, and styles have one order."""
    return _changed(blocks, _merged)


def _merged(inlines: Sequence[Inline]) -> Sequence[Inline]:
    parts = (part for inline in inlines if not isinstance(inline, Cite) for part in set_apart(inline))
    return joined(part._replace(style=" ".join(sorted(part.style.split()))) for part in parts)


def _coded(inlines: Sequence[Inline]) -> Iterator[Inline]:
    """Yield running text in which each word of plain text with a sign of markup is code."""
    for part in inlines:
        if not isinstance(part, Span) or any(part[1:]):
            yield part
        else:
            words = re.split(r"(\s+)", part.text)
            yield from (Span(word, "code" if _SIGNS.intersection(word) else "") for word in words)


def _bare(inlines: Sequence[Inline]) -> Iterator[Inline]:
    """Yield running text without emphasis."""
    for part in inlines:
        yield part._replace(style="code" if "code" in part.style else "") if isinstance(part, Span) else part


def _words(block: Block) -> str:
    return (
        "\n".join(block.lines)
        if isinstance(block, Code)
        else "".join(part.text for part in _inlines(block) if not isinstance(part, Cite))
    )
