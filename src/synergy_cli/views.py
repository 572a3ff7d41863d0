"""Everything that is drawn: our records become lines of Rich text. No line is printed here."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from synergy_cli.layout import GLUE, cells, flow, indent, records, styled, table
from synergy_cli.pages import (
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
)
from synergy_cli.text import counted
from synergy_cli.theme import BOX_TO_ASCII

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from synergy_cli.content import Manifest
    from synergy_cli.glossary import Term
    from synergy_cli.pages import Block, Entry, Inline, Marks, Page
    from synergy_cli.questions import Marking, Question, Sheet
    from synergy_cli.references import Source
    from synergy_cli.theme import Look

Lines = list[Text]
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = date(1970, 1, 1).toordinal()
NARROW = 60
LAST_SECONDS = 90
STANDING_WORDS = {"held": "holding", "learning": "learning", "slipping": "slipping", "untested": "untested"}
_BOX_TOP = re.compile("┌[─┬┴┼]*┐")


def fields(*values: object) -> Text:
    """Give one line for programs, its fields parted by tabs."""
    return Text("\t".join(" ".join(str(value).split()) for value in values))


def unbroken(text: str) -> Text:
    """Give one line that is not broken, however long: a place in a file is for editors and scripts to find."""
    return Text(" ".join(text.split()))


def command(text: str) -> Text:
    """Give a command that can be typed as it stands: it is kept on one line where it fits one."""
    return styled(text.replace(" ", GLUE), "command")


class PageView:
    """Draws the text of one page: its blocks, with the numbers of its citations."""

    def __init__(self, page: Page, citations: Sequence[str], sources: Mapping[str, Source], look: Look) -> None:
        """Prepare to draw.

        Args:
            page: to which the text belongs.
            citations: the keys in the order of their numbers.
            sources: by key.
            look: what can be drawn.
        """
        self._page = page.id
        self._numbers = {key: number for number, key in enumerate(citations, start=1)}
        self._sources = sources
        self._look = look
        self._drawers: dict[type, Callable[..., Lines]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            Listing: self._listing,
            Grid: self._grid,
            Callout: self._callout,
            Diagram: self._diagram,
            Code: self._code,
            Divider: self._divider,
        }

    def blocks(self, blocks: Iterable[Block], width: int, *, inside_list: bool = False) -> Lines:
        """Draw blocks, a blank line between them.

        Args:
            blocks: of a page.
            width: in cells.
            inside_list: whether they are an item of a list, where an inner list follows closely.

        Returns:
            The lines.
        """
        lines: Lines = []
        for block in blocks:
            drawn = self._drawers[type(block)](block, width)
            lines.extend([Text(), *drawn] if lines and not (inside_list and isinstance(block, Listing)) else drawn)
        return lines

    def text(self, inlines: Iterable[Inline]) -> Text:
        """Draw running text, citations as numbers and links as the terminal can have them."""
        text = Text()
        for inline in inlines:
            if isinstance(inline, Cite):
                text.append_text(self.citation(inline.keys))
                continue
            start = len(text)
            text.append(inline.text)
            for style in inline.style.split():
                text.stylize(style, start)
            if inline.link:
                self._link(text, start, inline.link)
        text.rstrip()
        return text

    def citation(self, keys: Iterable[str]) -> Text:
        """Draw a citation, `[1, 2]`, each number a link to its source where links can be made."""
        text = Text("[")
        for place, key in enumerate(sorted(keys, key=lambda key: self._numbers.get(key, 0))):
            text.append(f",{GLUE}" if place else "")
            start = len(text)
            text.append(str(self._numbers.get(key, key)), "citation")
            if self._look.links and key in self._sources and self._sources[key].url:
                text.stylize(Style(link=self._sources[key].url), start)
        return text.append("]")

    def references(self, width: int) -> Lines:
        """Draw the numbered list of sources."""
        lines: Lines = []
        room = len(str(len(self._numbers))) + 3
        for key, number in self._numbers.items():
            if key in self._sources:
                lines.extend(flow(source_text(self._sources[key], self._look), width, f"[{number}]".ljust(room)))
        return lines

    def claims(self, page: Page, width: int) -> Lines:
        """Draw what the page claims, how firm each claim is, and what the grades mean."""
        header = [Text("Claim"), Text("Evidence"), Text("Sources")]
        rows = [
            [Text(claim.claim), styled(claim.grade.capitalize(), claim.grade), self.citation(claim.sources)]
            for claim in page.claims
        ]
        lines = self._table(header, rows, width)
        lines.append(Text())
        for grade in (grade for grade in GRADES if any(grade == claim.grade for claim in page.claims)):
            lines.extend(flow(styled(f"{grade.capitalize()}: {GRADES[grade]}.", "muted"), width, "", "  "))
        return lines

    def _link(self, text: Text, start: int, link: str) -> None:
        text.stylize("link", start)
        if not link.startswith("http"):
            text.append(" (")
            target = f"{self._page}{link}" if link.startswith("#") else link
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

    def _listing(self, block: Listing, width: int) -> Lines:
        lines: Lines = []
        for place, item in enumerate(block.items):
            mark = f"{self._look.signs.bullet} " if block.first is None else f"{block.first + place}. "
            inner = self.blocks(item, max(2, width - cells(mark)), inside_list=True)
            margin = " " * cells(mark)
            lines.extend(
                Text(mark if number == 0 else margin if line.plain else "").append_text(line)
                for number, line in enumerate(inner)
            )
        return lines

    def _grid(self, block: Grid, width: int) -> Lines:
        return self._table(
            [self.text(cell) for cell in block.header], [[*map(self.text, r)] for r in block.rows], width, block.sides
        )

    def _table(
        self, header: Sequence[Text], rows: Sequence[Sequence[Text]], width: int, sides: Sequence[str] = ()
    ) -> Lines:
        columns = None if self._look.plain else table(header, rows, width, self._look.signs.rule, sides)
        return columns or records(header, rows, width)

    def _callout(self, block: Callout, width: int) -> Lines:
        margin = styled("| " if self._look.plain else f"{self._look.signs.bar} ", block.kind or "muted")
        inner = self.blocks(block.blocks, max(2, width - 2))
        title = [styled(block.kind.capitalize(), block.kind)] if block.kind else []
        return indent([*title, *inner], margin)

    def _diagram(self, block: Diagram, width: int) -> Lines:
        title = flow(styled(f"Diagram: {block.title}", "emphasis"), width)
        if max(cells(line) for line in block.lines) > width:
            bullet = f"{self._look.signs.bullet} "
            shown = [line for text in box_texts(block.lines) for line in flow(Text(text), width, bullet)]
        elif self._look.boxes and not self._look.plain:
            shown = [Text(line) for line in block.lines]
        else:
            shown = [Text(line.translate(BOX_TO_ASCII)) for line in block.lines]
        return [*title, Text(), *shown]

    def _code(self, block: Code, width: int) -> Lines:
        return [part for line in block.lines for part in flow(styled(line, "code"), width)]

    def _divider(self, _block: Divider, width: int) -> Lines:
        return [styled(self._look.signs.rule * min(3, width), "muted")]


def box_texts(lines: Sequence[str]) -> list[str]:
    """Take a drawing apart that is too wide to be shown.

    Args:
        lines: the drawing.

    Returns:
        What each box says, from the top and the left, then what stands outside of boxes.
    """
    rows = [list(line) for line in lines]
    found = []
    for top, line in enumerate(lines):
        for match in _BOX_TOP.finditer(line):
            left, right = match.start(), match.end() - 1
            said = []
            for row in rows[top + 1 :]:
                if "".join(row[left : left + 1]) not in ("│", "├", "┤", "┼"):
                    break
                said.append("".join(row[left + 1 : right]))
                row[left : right + 1] = " " * (right + 1 - left)
            found.append(" ".join(" ".join(said).split()))
    outside = " ".join(
        "".join(" " if ord(sign) in BOX_TO_ASCII else sign for row in rows for sign in [*row, " "]).split()
    )
    return [text for text in (*found, outside) if text]


def heading(text: str, width: int, look: Look) -> Lines:
    """Draw a heading with its sign at the edge, by which a pager can jump."""
    return [_in_style(line, "heading") for line in flow(Text(text), width, f"{look.signs.section} ")]


def _in_style(line: Text, style: str) -> Text:
    line.stylize(style)
    return line


def source_text(source: Source, look: Look) -> Text:
    """Draw a source: its reference, and its address in full."""
    text = Text(source.reference)
    if source.url:
        text.append(" ")
        start = len(text)
        text.append(source.url, "link")
        if look.links:
            text.stylize(Style(link=source.url), start)
    return text


def page(
    page: Page, sources: Mapping[str, Source], entries: Sequence[Entry], look: Look, *, asked: bool = True
) -> Lines:
    """Draw a whole page.

    Args:
        page: the page.
        sources: those that it cites, by key.
        entries: the contents, for the way back and on.
        look: what can be drawn.
        asked: whether there are questions about it.

    Returns:
        The lines: title, text, evidence, references, and the next commands.
    """
    view = PageView(page, page.citations, sources, look)
    parts = [
        title_lines(page.title, f"{page.number} of {len(entries)}", page.id, f"{page.minutes} min", look=look),
        flow(styled(page.summary, "emphasis"), look.width) if page.summary else [],
        view.blocks(page.blocks, look.width),
    ]
    if page.claims:
        parts += [heading("Evidence", look.width, look), view.claims(page, look.width)]
    if page.citations:
        parts += [heading("References", look.width, look), view.references(look.width)]
    return joined([*parts, page_footer(page, entries, look, asked=asked)])


def passage(blocks: Sequence[Block], page: Page, sources: Mapping[str, Source], look: Look) -> Lines:
    """Draw one passage of a page, its sources named briefly.

    Args:
        blocks: the passage.
        page: whose passage it is; its title stands above, the way to the whole of it below.
        sources: by key.
        look: what can be drawn.

    Returns:
        The lines.
    """
    part = page._replace(claims=(), blocks=tuple(blocks))
    view = PageView(page, part.citations, sources, look)
    named = [
        line
        for number, key in enumerate(part.citations, start=1)
        if key in sources
        for line in flow(_brief(sources[key], look), look.width, f"[{number}] ")
    ]
    parts = [title_lines(page.title, page.id, look=look), view.blocks(blocks, look.width), named]
    return joined([*parts, commands([("Whole section:", f"{look.program} explain {page.id}")], look)])


def blank() -> Lines:
    """Give one blank line."""
    return [Text()]


def chapters(parts: Sequence[Lines], look: Look) -> Lines:
    """Put pages one below the other, a rule between them."""
    rule = [styled(look.signs.rule * look.width, "muted")]
    return joined(part for number, lines in enumerate(parts) for part in (rule if number else [], lines))


def joined(parts: Iterable[Lines]) -> Lines:
    """Put parts one below the other, a blank line between them; empty parts are left out."""
    lines: Lines = []
    for part in parts:
        if part:
            lines.extend([Text(), *part] if lines else part)
    return lines


def title_lines(title: str, *facts: str, look: Look) -> Lines:
    """Draw a title, with a line of facts below it."""
    below = flow(styled(f" {look.signs.separator} ".join(facts), "muted"), look.width) if facts else []
    return [*(_in_style(line, "title") for line in flow(Text(title), look.width)), *below]


def page_footer(page: Page, entries: Sequence[Entry], look: Look, *, asked: bool) -> Lines:
    """Draw the commands that lead on from a page."""
    place = next((number for number, entry in enumerate(entries) if entry.id == page.id), 0)
    ways = [
        ("Next:", f"{look.program} explain {entries[place + 1].id}" if place + 1 < len(entries) else ""),
        ("Previous:", f"{look.program} explain {entries[place - 1].id}" if place else ""),
        ("Quiz:", f"{look.program} quiz {page.id}" if asked else ""),
    ]
    return commands([(label, way) for label, way in ways if way], look)


def commands(ways: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Draw labelled commands below each other, aligned where there is room."""
    room = max((cells(label) for label, _ in ways), default=0) + 1
    lines: Lines = []
    for label, way in ways:
        lines.extend(flow(command(way), look.width, label.ljust(room) if look.width >= NARROW else f"{label} ", "  "))
    return lines


def welcome(
    manifest: Manifest, entries: Sequence[Entry], version: str, advice: tuple[str, str, str], look: Look
) -> Lines:
    """Draw what a bare `synergy` shows on a terminal: where the learner stands, and the one thing to do next.

    Args:
        manifest: of the course.
        entries: its pages.
        version: of the program.
        advice: where the learner stands, a label, and the arguments of the command to call next; empty at the start.
        look: what can be drawn.
    """
    minutes = sum(entry.minutes for entry in entries)
    facts = (counted(len(entries), "section"), counted(minutes, "minute"), counted(manifest.questions, "question"))
    call = look.program
    stands, label, words = advice
    ways = [(label, f"{call} {words}")] if words else []
    ways += [("Contents:", f"{call} explain"), ("Be asked:", f"{call} quiz"), ("Commands:", "synergy help")]
    return joined(
        [
            flow(styled(f"synergy {version}", "muted"), look.width),
            title_lines(manifest.title, *facts, look=look),
            paragraph(stands, look) if stands else [],
            commands([way for place, way in enumerate(ways) if way[1] not in [seen for _, seen in ways[:place]]], look),
        ]
    )


def contents(manifest: Manifest, entries: Sequence[Entry], marks: Mapping[str, Marks], look: Look) -> Lines:
    """Draw the contents.

    Args:
        manifest: of the course.
        entries: its pages.
        marks: how the learner stands with each page, by its id.
        look: what can be drawn.

    Returns:
        The lines; under `plain`, one line a page with tabs between number, id, title, minutes, questions, grades, read
        mark and standings.
    """
    if look.plain:
        return [fields(*_facts(entry, manifest), *_mark_facts(marks[entry.id])) for entry in entries]
    minutes = sum(entry.minutes for entry in entries)
    room = max((cells(entry.id) for entry in entries), default=0)
    facts = (counted(len(entries), "section"), counted(minutes, "minute"), counted(manifest.questions, "question"))
    return joined(
        [
            title_lines(manifest.title, *facts, look=look),
            [line for entry in entries for line in _contents_item(entry, manifest, marks[entry.id], room, look)],
            commands([*_first_unread(entries, marks, look), ("Quiz:", f"{look.program} quiz")], look),
        ]
    )


def _first_unread(entries: Sequence[Entry], marks: Mapping[str, Marks], look: Look) -> list[tuple[str, str]]:
    unread = [entry.id for entry in entries if not marks[entry.id].read]
    return [("Read:", f"{look.program} explain {identity}") for identity in unread[:1]]


def _facts(entry: Entry, manifest: Manifest) -> list[str]:
    count = manifest.counts.get(entry.id, 0)
    return [
        str(entry.number),
        entry.id,
        entry.title,
        str(entry.minutes),
        str(count),
        ", ".join(entry.grades),
    ]


def _mark_facts(marks: Marks) -> list[str]:
    """Say how a page stands: whether it was read, and its questions' standings, none that is nought."""
    counts = [f"{count} {STANDING_WORDS[name]}" for name, count in marks.standings.items() if count]
    return ["read" if marks.read else "unread", ", ".join(counts)]


def _contents_item(entry: Entry, manifest: Manifest, marks: Marks, room: int, look: Look) -> Lines:
    number, name, title, minutes, count, grades = _facts(entry, manifest)
    facts = [f"{minutes} min", counted(int(count), "question"), *([grades] if grades else [])]
    below = [styled(f" {look.signs.separator} ".join(facts), "muted")]
    if marks.touched:
        below.append(styled(f" {look.signs.separator} ".join(filter(None, _mark_facts(marks))), "standing"))
    if look.width < NARROW:
        head = Text.assemble((name, "key"), "  ", title)
        lines = flow(head, look.width, f"{number:>2}  ")
        margin = " " * 4
    else:
        lines = flow(Text(title), look.width, f"{number:>2}  {name:<{room}}  ")
        lines[0].stylize("key", 4, 4 + len(name))
        margin = " " * (room + 6)
    return lines + [line for text in below for line in flow(text, look.width, margin)]


def question(sheet: Sheet, where: Sequence[str], look: Look) -> Lines:
    """Draw a question.

    Args:
        sheet: with its options in this order.
        where: facts for the line above it: how far, which page.
        look: what can be drawn.

    Returns:
        The lines: where we are, the stem, the options under numbers, the partners under letters.
    """
    listed = [_listed(sign, text, look) for sign, text in sheet.listed]
    parts = (listed[: len(sheet.options)], listed[len(sheet.options) :])
    return joined(
        [
            flow(styled(f" {look.signs.separator} ".join(where), "muted"), look.width),
            flow(styled(sheet.question.stem, "strong"), look.width),
            *([line for lines in part for line in lines] for part in parts),
        ]
    )


def stem(mark: str, text: str, look: Look) -> Lines:
    """Draw a question's stem again, after a mark such as its number."""
    return flow(styled(text, "strong"), look.width, mark)


def time_left(seconds: float) -> str:
    """Say how long is left, in minutes, and in seconds at the end."""
    return f"{seconds / 60:.0f} min left" if seconds >= LAST_SECONDS else f"{seconds:.0f} s left"


def exam_places(places: Sequence[tuple[int, str, str, bool]], look: Look) -> Lines:
    """Draw how the questions of an exam stand.

    Args:
        places: number, stem, what was answered or empty, and whether it is flagged.
        look: what can be drawn.

    Returns:
        The lines: those that are open or flagged say so first.
    """
    lines = heading("Your answers", look.width, look)
    for number, text, answer, flagged in places:
        mark = ", ".join([*(["open"] if not answer else []), *(["flagged"] if flagged else [])])
        body = Text.assemble(
            (f"{mark}: " if mark else "", "near"), text, (f" {look.signs.arrow} {answer}", "muted") if answer else ""
        )
        lines += flow(body, look.width, f"{number:>3}  ")
    return lines


def _listed(sign: str, text: str, look: Look) -> Lines:
    lines = flow(Text(text), look.width, f"  {sign}  ")
    lines[0].stylize("key", 2, 2 + len(sign))
    return lines


def keys(pairs: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Draw the keys that work now, `1-4 answer · ? hint`."""
    text = Text()
    for place, (key, meaning) in enumerate(pairs):
        text.append(f" {look.signs.separator} " if place else "", "muted")
        text.append(key.replace(" ", GLUE), "key")
        text.append(f"{GLUE}{meaning.replace(' ', GLUE)}" if meaning else "", "muted")
    return flow(text, look.width)


def paragraph(text: str, look: Look) -> Lines:
    """Draw plain running text."""
    return flow(Text(text), look.width)


def day_name(day: int, today: int) -> str:
    """Name a study day as one would say it.

    Args:
        day: days since 1970.
        today: the same.

    Returns:
        `today`, `tomorrow`, or `on Tue 24 Nov`, with the year when it is another one.
    """
    if day - today in (0, 1):
        return ("today", "tomorrow")[day - today]
    then, now = (date.fromordinal(_EPOCH + number) for number in (day, today))
    year = f" {then.year}" if then.year != now.year else ""
    return f"on {WEEKDAYS[then.weekday()]} {then.day} {MONTHS[then.month - 1]}{year}"


def note(text: str, look: Look) -> Lines:
    """Draw something said beside the matter."""
    return flow(styled(text, "near"), look.width)


def hint(text: str, look: Look) -> Lines:
    """Draw a hint."""
    return flow(styled(text, "hint"), look.width, "Hint: ", "  ")


def remarks(texts: Iterable[str], look: Look) -> Lines:
    """Draw remarks on an answer that is not marked yet."""
    return [line for text in texts for line in flow(styled(text, "near"), look.width, f"{look.signs.near} ")]


def feedback(
    question: Question, marking: Marking | None, sources: Mapping[str, Source], look: Look, *, right: bool
) -> Lines:
    """Draw what follows an answer.

    Args:
        question: that was asked.
        marking: of the answer; None when it was skipped.
        sources: by key.
        look: what can be drawn.
        right: whether it was right.

    Returns:
        The lines: the verdict as a sign and a word, why the given answer is wrong, what is right and why, the sources.
    """
    sign, word, style = (look.signs.right, "Right.", "right") if right else (look.signs.wrong, "Wrong.", "wrong")
    if marking is None:
        sign, word, style = look.signs.arrow, "Skipped.", "near"
    verdict = Text.assemble((f"{sign} {word}", style))
    if marking is not None and not right:
        verdict.append(" Your answer: " + "; ".join(marking.given))
    lines = flow(verdict, look.width, "", "  ")
    for remark in marking.remarks if marking is not None else ():
        lines += flow(Text(remark), look.width, "  ")
    if not right:
        lines += _solution(question, look)
    lines += [Text(), *flow(Text(question.rationale), look.width, "  ")]
    for key in question.sources:
        if key in sources:
            lines += flow(_brief(sources[key], look), look.width, "  Source: ", "    ")
    return lines


def _solution(question: Question, look: Look) -> Lines:
    if len(question.solution) == 1:
        return flow(Text.assemble(("Right answer: ", "right"), question.solution[0]), look.width, "  ", "    ")
    lines = flow(styled("Right answer:", "right"), look.width, "  ")
    return lines + [line for part in question.solution for line in flow(Text(part), look.width, "    ", "      ")]


def _brief(source: Source, look: Look) -> Text:
    text = styled(source.label, "muted")
    if source.url:
        text.append(", ", "muted")
        start = len(text)
        text.append(source.url, "link")
        if look.links:
            text.stylize(Style(link=source.url), start)
    return text


def summary(
    said: str,
    by_page: Sequence[tuple[str, str, int, int]],
    sure: Sequence[Question],
    missed: Sequence[Question],
    look: Look,
) -> Lines:
    """Draw the end of a session.

    Args:
        said: the result in a few words.
        by_page: page id, its title, right, answered.
        sure: the questions that were wrong although the learner was sure; they come first.
        missed: the others that were not right at the first try.
        look: what can be drawn.

    Returns:
        The lines.
    """
    parts = [flow(Text.assemble(("Result: ", "title"), said), look.width)]
    if by_page:
        rows = [[styled(identity, "key"), Text(title), Text(f"{r} of {a}")] for identity, title, r, a in by_page]
        header = [Text("Section"), Text("Title"), Text("Right")]
        drawn = None if look.plain else table(header, rows, look.width, look.signs.rule)
        parts.append(drawn or records(header, rows, look.width))
    for title, questions in (("Sure and wrong", sure), ("Missed", missed)):
        if questions:
            parts.append(heading(title, look.width, look))
            parts += [_miss(question, look) for question in questions]
    return joined(parts)


def _miss(question: Question, look: Look) -> Lines:
    lines = flow(Text(question.stem), look.width, f"{look.signs.bullet} ")
    lines += _solution(question, look)
    if question.passage:
        way = command(f"{look.program} explain {question.passage}")
        lines += flow(Text.assemble("Read: ", way), look.width, "  ", "    ")
    return lines


def search_results(hits: Sequence[tuple[str, str, str, str]], words: Sequence[str], look: Look) -> Lines:
    """Draw what a search found.

    Args:
        hits: for each its kind, its title, the words around the match, and the arguments of the command that shows it.
        words: what was searched for, marked in the text.
        look: what can be drawn.

    Returns:
        The lines; under `plain`, one line a hit with tabs between command, title and text.
    """
    if look.plain:
        return [fields(f"{look.program} {way}", title, around) for _, title, around, way in hits]
    return joined(
        [
            *flow(Text.assemble((title, "title"), (f"  {kind}", "muted")), look.width, "", "  "),
            *flow(_marked(around, words), look.width, "  "),
            *flow(command(f"{look.program} {way}"), look.width, "  "),
        ]
        for kind, title, around, way in hits
    )


def _marked(around: str, words: Sequence[str]) -> Text:
    text = Text(around)
    text.highlight_words(words, "match", case_sensitive=False)
    return text


def term(term: Term, sources: Mapping[str, Source], look: Look) -> Lines:
    """Draw one entry of the glossary."""
    name = Text.assemble((term.name, "title"), f" ({', '.join(term.also)})" if term.also else "")
    lines = flow(name, look.width, "", "  ")
    lines += flow(Text(term.definition), look.width, "  ")
    if term.see:
        lines += flow(styled(f"See also: {', '.join(term.see)}", "muted"), look.width, "  ", "    ")
    for key in term.sources:
        if key in sources:
            lines += flow(_brief(sources[key], look), look.width, "  Source: ", "    ")
    return lines


def glossary(terms: Sequence[Term], sources: Mapping[str, Source], look: Look) -> Lines:
    """Draw the glossary; under `plain`, one line a term with a tab before its meaning."""
    if look.plain:
        return [fields(item.name, item.definition) for item in terms]
    return joined(term(item, sources, look) for item in terms)


def source(source: Source, look: Look) -> Lines:
    """Draw one source with its key, what kind of text it is, and what of it was read."""
    facts = styled(f" {look.signs.separator} ".join(fact for fact in (source.kind, source.note) if fact), "muted")
    lines = flow(styled(source.key, "key"), look.width) + flow(source_text(source, look), look.width, "  ")
    return lines + (flow(facts, look.width, "  ") if facts.plain else [])


def sources(found: Sequence[Source], look: Look) -> Lines:
    """Draw sources; under `plain`, one line each with tabs between key, reference and address."""
    if look.plain:
        return [fields(item.key, item.reference, item.url) for item in found]
    return joined(source(item, look) for item in found)
