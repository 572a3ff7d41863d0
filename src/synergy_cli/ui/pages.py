"""Views of pages and passages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from synergy_cli.course.page import (
    GRADES,
    Callout,
    Cite,
    Code,
    Diagram,
    Divider,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    TableBlock,
)
from synergy_cli.ui.elements import (
    Lines,
    brief_source,
    cited,
    command,
    commands,
    heading,
    joined,
    source_text,
    title_lines,
)
from synergy_cli.ui.layout import GLUE, cells, code_lines, flow, indent, records, styled, table
from synergy_cli.ui.theme import BOX_TO_ASCII, FOLLOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from synergy_cli.course.page import Block, ContentsEntry, Inline, Page
    from synergy_cli.course.sources import Source
    from synergy_cli.ui.theme import Look


_BOX_TOP = re.compile("┌[─┬┴┼]*┐")


class PageView:
    """Renders the blocks of one page, with numbered citations."""

    def __init__(self, page: str, citations: Sequence[str], sources: Mapping[str, Source], look: Look) -> None:
        """Prepare to render the page of this id; `citations` has the keys of sources in the order of their numbers."""
        self._page = page
        self._numbers = {key: number for number, key in enumerate(citations, start=1)}
        self._sources = sources
        self._look = look
        self._drawers: dict[type, Callable[..., Lines]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            ListBlock: self._listing,
            TableBlock: self._grid,
            Callout: self._callout,
            Diagram: self._diagram,
            Code: self._code,
            Divider: self._divider,
        }

    def blocks(self, blocks: Iterable[Block], width: int, *, inside_list: bool = False) -> Lines:
        """Render blocks with a blank line between them; `inside_list`, none comes before an inner list."""
        lines: Lines = []
        for block in blocks:
            drawn = self._drawers[type(block)](block, width)
            apart = lines and drawn and not (inside_list and isinstance(block, ListBlock))
            lines.extend([Text(), *drawn] if apart else drawn)
        return lines

    def text(self, inlines: Iterable[Inline]) -> Text:
        """Render inline text, with citations as numbers, and links as the terminal supports them."""
        text, link = Text(), ("", 0)
        for inline in inlines:
            if isinstance(inline, Cite):
                self._link(text, *link)
                link = "", 0
                text.append_text(self.citation(inline.keys))
                continue
            if inline.link != link[0]:
                self._link(text, *link)
                link = inline.link, len(text)
            start = len(text)
            text.append(self._picture(inline) if isinstance(inline, Picture) else inline.text)
            for style in inline.style.split():
                text.stylize(style, start)
        self._link(text, *link)
        text.rstrip()
        return text

    def _picture(self, picture: Picture) -> str:
        if picture.alt:
            return self._look.say("Picture: {alt} ({path})", alt=picture.alt, path=picture.path)
        return self._look.say("Picture ({path})", path=picture.path)

    def citation(self, keys: Iterable[str]) -> Text:
        """Render a citation, `[1, 2]`; each number links to its source if the terminal supports links."""
        text = Text("[")
        for index, key in enumerate(sorted(keys, key=lambda key: self._numbers.get(key, 0))):
            text.append(f",{GLUE}" if index else "")
            start = len(text)
            text.append(str(self._numbers.get(key, key)), "citation")
            if self._look.follows and key in self._sources:
                text.stylize(f"{FOLLOW}source:{key}", start)
            if self._look.links and key in self._sources and self._sources[key].url:
                text.stylize(Style(link=self._sources[key].url), start)
        return text.append("]")

    def references(self, width: int) -> Lines:
        """Render the numbered list of sources."""
        lines: Lines = []
        room = len(str(len(self._numbers))) + 3
        for key, number in self._numbers.items():
            if key in self._sources:
                lines.extend(flow(source_text(self._sources[key], self._look), width, f"[{number}]".ljust(room)))
        return lines

    def claims(self, page: Page, width: int) -> Lines:
        """Render the claims of a page, the grade of each, and what the grades mean."""
        look = self._look
        header = [Text(look.say("Claim")), Text(look.say("Evidence")), Text(look.say("Sources"))]
        rows = [
            [Text(claim.claim), styled(look.say(claim.grade).capitalize(), claim.grade), self.citation(claim.sources)]
            for claim in page.claims
        ]
        lines = self._table(header, rows, width)
        lines.append(Text())
        for grade in (grade for grade in GRADES if any(grade == claim.grade for claim in page.claims)):
            name, meaning = look.say(grade).capitalize(), look.say(GRADES[grade])
            explained = look.say("{grade}: {meaning}.", grade=name, meaning=meaning)
            lines.extend(flow(styled(explained, "muted"), width, "", "  "))
        return lines

    def _link(self, text: Text, link: str, start: int) -> None:
        """End a link that starts at an offset; its address follows its last word."""
        if not link:
            return
        text.stylize("link", start)
        if not link.startswith("http"):
            target = f"{self._page}{link}" if link.startswith("#") else link
            if self._look.follows:
                text.stylize(f"{FOLLOW}page:{target}", start)
            text.append(" (")
            text.append_text(command(f"{self._look.program} explain {target}"))
            text.append(")")
        elif self._look.links:
            text.stylize(Style(link=link), start)
        elif text.plain[start:] != link:
            text.append(f" ({link})")

    def _paragraph(self, block: Paragraph, width: int) -> Lines:
        return flow(self.text(block.inlines), width)

    def _heading(self, block: Heading, width: int) -> Lines:
        return heading(block.text, width, self._look)

    def _listing(self, block: ListBlock, width: int) -> Lines:
        lines: Lines = []
        for place, item in enumerate(block.items):
            mark = f"{self._look.glyphs.bullet} " if block.first is None else f"{block.first + place}. "
            inner = self.blocks(item, max(2, width - cells(mark)), inside_list=True)
            margin = " " * cells(mark)
            lines.extend(
                Text(mark if number == 0 else margin if line.plain else "").append_text(line)
                for number, line in enumerate(inner or [Text()])
            )
        return lines

    def _grid(self, block: TableBlock, width: int) -> Lines:
        return self._table(
            [self.text(cell) for cell in block.header], [[*map(self.text, r)] for r in block.rows], width, block.sides
        )

    def _table(
        self, header: Sequence[Text], rows: Sequence[Sequence[Text]], width: int, sides: Sequence[str] = ()
    ) -> Lines:
        columns = None if self._look.plain else table(header, rows, width, self._look.glyphs.rule, sides)
        return columns or records(header, rows, width, self._look.say(": "))

    def _callout(self, block: Callout, width: int) -> Lines:
        margin = styled("| " if self._look.plain else f"{self._look.glyphs.bar} ", block.kind or "muted")
        inner = self.blocks(block.blocks, max(2, width - 2))
        title = [styled(self._look.say(block.kind).capitalize(), block.kind)] if block.kind else []
        return indent([*title, *inner], margin)

    def _diagram(self, block: Diagram, width: int) -> Lines:
        title = flow(styled(f"{self._look.say('Diagram:')} {block.title}", "emphasis"), width)
        if max(cells(line) for line in block.lines) > width:
            bullet = f"{self._look.glyphs.bullet} "
            shown = [line for text in box_texts(block.lines) for line in flow(Text(text), width, bullet)]
        elif self._look.boxes and not self._look.plain:
            shown = [Text(line) for line in block.lines]
        else:
            shown = [Text(line.translate(BOX_TO_ASCII)) for line in block.lines]
        return [*title, Text(), *shown]

    def _code(self, block: Code, width: int) -> Lines:
        return [part for line in block.lines for part in code_lines(line, width, self._look.glyphs.continued)]

    def _divider(self, _block: Divider, width: int) -> Lines:
        return [styled(self._look.glyphs.rule * min(3, width), "muted")]


def box_texts(lines: Sequence[str]) -> list[str]:
    """Return the texts of a diagram that is too wide: each box from the top left, then all text outside boxes."""
    rows = [list(line) for line in lines]
    texts = []
    for top, line in enumerate(lines):
        for match in _BOX_TOP.finditer(line):
            left, right = match.start(), match.end() - 1
            inside = []
            for row in rows[top + 1 :]:
                if "".join(row[left : left + 1]) not in ("│", "├", "┤", "┼"):
                    break
                inside.append("".join(row[left + 1 : right]))
                row[left : right + 1] = " " * (right + 1 - left)
            texts.append(" ".join(" ".join(inside).split()))
    outside = " ".join(
        "".join(" " if ord(char) in BOX_TO_ASCII else char for row in rows for char in [*row, " "]).split()
    )
    return [text for text in (*texts, outside) if text]


def page(
    page: Page, sources: Mapping[str, Source], entries: Sequence[ContentsEntry], look: Look, *, asked: bool = True
) -> Lines:
    """Render a full page: title, text, evidence, references, and the next commands.

    `entries` is the contents; `asked` says whether the course has questions about the page.
    """
    view = PageView(page.id, page.citations, sources, look)
    parts = [
        title_lines(page.title, *_facts(page, len(entries), look), look=look),
        flow(styled(page.summary, "emphasis"), look.width) if page.summary else [],
        view.blocks(page.blocks, look.width),
    ]
    if page.claims:
        parts += [heading(look.say("Evidence"), look.width, look), view.claims(page, look.width)]
    if page.citations:
        parts += [heading(look.say("References"), look.width, look), view.references(look.width)]
    return joined([*parts, page_footer(page, entries, look, asked=asked)])


def _facts(page: Page, total: int, look: Look) -> tuple[str, str, str]:
    """Return the number of a page, its id and its reading time."""
    number = look.say("{number} of {total}", number=page.number, total=total)
    return number, page.id, look.say("{minutes} min", minutes=page.minutes)


def passage(
    blocks: Sequence[Block], page: Page, sources: Mapping[str, Source], look: Look, *, folded: bool = False
) -> Lines:
    """Render one passage between the title of its page and the command for the whole page, with brief sources.

    `folded` leaves out the title if the passage has a heading, and the addresses of the sources.
    """
    title = [] if folded and blocks and isinstance(blocks[0], Heading) else title_lines(page.title, page.id, look=look)
    text = part(blocks, page, sources, look, folded=folded)
    return joined([title, *text, commands([(look.say("Whole section:"), f"{look.program} explain {page.id}")], look)])


def part(
    blocks: Sequence[Block], page: Page, sources: Mapping[str, Source], look: Look, *, folded: bool = True
) -> tuple[Lines, Lines]:
    """Render blocks of a page, and the sources that they cite, folded into one line or with their addresses."""
    keys = page._replace(claims=(), blocks=tuple(blocks)).citations
    known = [(f"[{number}] ", sources[key]) for number, key in enumerate(keys, start=1) if key in sources]
    if folded:
        labels = [styled(place, "muted").append_text(cited(source.label, source.url, look)) for place, source in known]
        named = flow(styled(f" {look.glyphs.separator} ", "muted").join(labels), look.width) if labels else []
    else:
        named = [line for number, source in known for line in flow(brief_source(source, look), look.width, number)]
    return PageView(page.id, keys, sources, look).blocks(blocks, look.width), named


def chapters(parts: Sequence[Lines], look: Look) -> Lines:
    """Join pages with a rule between them."""
    rule = [styled(look.glyphs.rule * look.width, "muted")]
    return joined(part for number, lines in enumerate(parts) for part in (rule if number else [], lines))


def page_footer(page: Page, entries: Sequence[ContentsEntry], look: Look, *, asked: bool) -> Lines:
    """Render the commands to continue from a page."""
    place = next((number for number, entry in enumerate(entries) if entry.id == page.id), 0)
    calls = [f"quiz {page.id}"] if asked else []
    calls += [f"explain {entries[place + 1].id}"] if place + 1 < len(entries) else []
    labels = (look.say("Next:"), look.say("Then:"))
    previous = [(look.say("Previous:"), f"{look.program} explain {entries[place - 1].id}")] if place else []
    following = [(label, f"{look.program} {call}") for label, call in zip(labels, calls, strict=False)]
    return commands([*following, *previous], look)
