"""The parts of every view: titles, headings, paragraphs, commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from synergy_cli.history.scheduler import date_of
from synergy_cli.languages import say
from synergy_cli.ui.layout import GLUE, cells, flow, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.sources import Source
    from synergy_cli.ui.theme import Look


Lines = list[Text]
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NARROW = 60
_ROUNDING = 1e-9
"""More than the rounding error of a product of floats, so that 0.29 is 29 %, and less than one question in a
million."""


def fields(*values: object) -> Text:
    """Return one line for programs, its fields separated by tabs."""
    return Text("\t".join(" ".join(str(value).split()) for value in values))


def unbroken(text: str) -> Text:
    """Return one line that never wraps, so that editors and scripts can parse a position in a file."""
    return Text(" ".join(text.split()))


def command(text: str) -> Text:
    """Return a command to copy: it stays on one line if it fits."""
    return styled(text.replace(" ", GLUE), "command")


def heading(text: str, width: int, look: Look) -> Lines:
    """Render a heading after a glyph that a pager can search for."""
    return [_in_style(line, "heading") for line in flow(Text(text), width, f"{look.glyphs.section} ")]


def _in_style(line: Text, style: str) -> Text:
    line.stylize(style)
    return line


def source_text(source: Source, look: Look) -> Text:
    """Render a source: its reference and its full URL."""
    return _with_url(Text(source.reference), Text(" "), source.url, look)


def brief_source(source: Source, look: Look) -> Text:
    """Render a source as its label and its URL."""
    return _with_url(styled(source.label, "muted"), styled(", ", "muted"), source.url, look)


def cited(label: str, url: str, look: Look) -> Text:
    """Render a source as its label alone, which is a link if the terminal supports it."""
    text = styled(label, "muted")
    if look.links and url:
        text.stylize(Style(link=url))
    return text


def _with_url(text: Text, separator: Text, url: str, look: Look) -> Text:
    if url:
        text.append_text(separator)
        start = len(text)
        text.append(url, "link")
        if look.links:
            text.stylize(Style(link=url), start)
    return text


def blank() -> Lines:
    """Return one blank line."""
    return [Text()]


def joined(parts: Iterable[Lines]) -> Lines:
    """Join parts with a blank line between them; empty parts are left out."""
    lines: Lines = []
    for part in parts:
        if part:
            lines.extend([Text(), *part] if lines else part)
    return lines


def title_lines(title: str, *facts: str, look: Look) -> Lines:
    """Render a title with a line of facts below it."""
    below = flow(styled(f" {look.glyphs.separator} ".join(facts), "muted"), look.width) if facts else []
    return [*(_in_style(line, "title") for line in flow(Text(title), look.width)), *below]


def commands(labelled: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Render commands with their labels, one per line, aligned if the width allows."""
    room = max((cells(label) for label, _ in labelled), default=0)
    lines: Lines = []
    for label, call in labelled:
        if cells(label) > look.width // 2:
            lines += [*flow(Text(label), look.width), *own_line(call, look, "  ")]
        else:
            lines += labelled_command(label.ljust(room) if look.width >= NARROW else label, call, look)
    return lines


def labelled_command(label: str, call: str, look: Look, first: str = "", rest: str = "  ") -> Lines:
    """Render a command after its label, or below it if it fits on a line only there; margins are as in `flow`."""
    if cells(f"{first}{label} {call}") > look.width >= cells(call):
        return [*flow(Text(label), look.width, first), *own_line(call, look, rest)]
    return flow(Text(f"{label} ").append_text(command(call)), look.width, first, rest)


def own_line(call: str, look: Look, margin: str) -> Lines:
    """Render a command on a separate line, with a smaller margin if that keeps it whole, so that it can be copied."""
    room = look.width - cells(call)
    return flow(command(call), look.width, margin[:room] if room >= 0 else margin)


def paragraph(text: str, look: Look) -> Lines:
    """Render plain running text."""
    return flow(Text(text), look.width)


def day_name(day: int, today: int, language: str = "en") -> str:
    """Return `today`, `tomorrow` or `on Tue 24 Nov`, with the year if it differs; both days count from 1970."""
    if day == today:
        return say("today", language)
    if day == today + 1:
        return say("tomorrow", language)
    then, now = (date_of(number) for number in (day, today))
    year = f" {then.year}" if then.year != now.year else ""
    weekday, month = (say(word, language) for word in (WEEKDAYS[then.weekday()], MONTHS[then.month - 1]))
    return say("on {weekday} {day} {month}{year}", language, weekday=weekday, day=then.day, month=month, year=year)


def whole_percent(share: float) -> int:
    """Return a share from 0 to 1 in whole percent, rounded down: 100 means everything, and 0 only nothing.

    So a score below a pass mark is never shown as reaching it.
    """
    return max(int(share > 0), int(100 * share + _ROUNDING))


def percent(share: float) -> str:
    """Format a share from 0 to 1, as `whole_percent` does."""
    return f"{whole_percent(share)}%"


def fitted(text: str, room: int, look: Look) -> str:
    """Return a text, cut to the words that fit into a number of cells, with an ellipsis; empty if none fits."""
    if cells(text) <= room:
        return text
    if cells(look.glyphs.ellipsis) > room:
        return ""
    kept = text
    while cells(kept) + cells(look.glyphs.ellipsis) > room:
        before = kept.rpartition(" ")[0]
        kept = before if cells(before) > room // 2 else kept[:-1]
    return f"{kept.rstrip(' ,:;')}{look.glyphs.ellipsis}"


def note(text: str, look: Look) -> Lines:
    """Render a note."""
    return flow(styled(text, "near"), look.width)
