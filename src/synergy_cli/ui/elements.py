"""Small parts that every view is drawn from: titles, headings, paragraphs, commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from synergy_cli.history.scheduler import date_of
from synergy_cli.ui.layout import GLUE, cells, flow, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.sources import Source
    from synergy_cli.ui.theme import Look


Lines = list[Text]
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NARROW = 60


def fields(*values: object) -> Text:
    """Give one line for programs, its fields parted by tabs."""
    return Text("\t".join(" ".join(str(value).split()) for value in values))


def unbroken(text: str) -> Text:
    """Give one line that is not broken, however long: a place in a file is for editors and scripts to find."""
    return Text(" ".join(text.split()))


def command(text: str) -> Text:
    """Give a command that can be typed as it stands: it is kept on one line where it fits one."""
    return styled(text.replace(" ", GLUE), "command")


def heading(text: str, width: int, look: Look) -> Lines:
    """Draw a heading with its sign at the edge, by which a pager can jump."""
    return [_in_style(line, "heading") for line in flow(Text(text), width, f"{look.glyphs.section} ")]


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


def blank() -> Lines:
    """Give one blank line."""
    return [Text()]


def joined(parts: Iterable[Lines]) -> Lines:
    """Put parts one below the other, a blank line between them; empty parts are left out."""
    lines: Lines = []
    for part in parts:
        if part:
            lines.extend([Text(), *part] if lines else part)
    return lines


def title_lines(title: str, *facts: str, look: Look) -> Lines:
    """Draw a title, with a line of facts below it."""
    below = flow(styled(f" {look.glyphs.separator} ".join(facts), "muted"), look.width) if facts else []
    return [*(_in_style(line, "title") for line in flow(Text(title), look.width)), *below]


def commands(ways: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Draw labelled commands below each other, aligned where there is room."""
    room = max((cells(label) for label, _ in ways), default=0) + 1
    lines: Lines = []
    for label, way in ways:
        lines.extend(flow(command(way), look.width, label.ljust(room) if look.width >= NARROW else f"{label} ", "  "))
    return lines


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
    then, now = (date_of(number) for number in (day, today))
    year = f" {then.year}" if then.year != now.year else ""
    return f"on {WEEKDAYS[then.weekday()]} {then.day} {MONTHS[then.month - 1]}{year}"


def note(text: str, look: Look) -> Lines:
    """Draw something said beside the matter."""
    return flow(styled(text, "near"), look.width)


def brief_source(source: Source, look: Look) -> Text:
    """Draw a source as its label and its address."""
    text = styled(source.label, "muted")
    if source.url:
        text.append(", ", "muted")
        start = len(text)
        text.append(source.url, "link")
        if look.links:
            text.stylize(Style(link=source.url), start)
    return text
