"""A text laid out for the reader: its lines, headings and links."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.records import NamedTuple
from synergy_cli.ui.layout import cells, styled
from synergy_cli.ui.theme import FOLLOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.ui.theme import Look


_MOST_INDENT = 8
"""A broken link continues at most this far to the right."""


class Target(NamedTuple):
    """A link on the screen: its line, its first and last column in characters, and its target."""

    line: int
    start: int
    end: int
    place: str


class Match(NamedTuple):
    """A search match: the line it begins on, and its part of each line as line, start and end."""

    line: int
    parts: tuple[tuple[int, int, int], ...]


class Spot(NamedTuple):
    """A position in a text that survives a new layout.

    Attributes:
        heading: the number of the heading above it, counted from 0; -1 if there is no heading.
        words: the number of words after that heading.
        blank: the number of lines without words before the next word.
    """

    heading: int
    words: int
    blank: int


BEGINNING = Spot(-1, 0, 0)


class Leaf:
    """A text laid out for one width."""

    def __init__(self, title: str, lines: Sequence[Text], look: Look, headings: int | None = None) -> None:
        """Take lines laid out for a look; wider ones, such as a long address, continue below.

        `headings` counts those of the text, by default all; what follows, such as the references, need not be read.
        """
        self.title = title
        self.ends: dict[int, str] = {}
        """Other places whose text is part of this one, by the line where they end."""
        self._titles: list[tuple[int, str]] = []
        self._own_headings = headings
        self.lines = [part for line in lines for part in _folded(line, look.width)]
        self._mark = look.glyphs.section

    @classmethod
    def joined(cls, title: str, parts: Sequence[tuple[str, Leaf]], look: Look) -> Leaf:
        """Lay out texts one below the other, with a rule between them.

        Each comes with its place, which may be empty.
        """
        lines: list[Text] = []
        titles: list[tuple[int, str]] = []
        ends: dict[int, str] = {}
        for place, part in parts:
            lines += [Text(), styled(look.glyphs.rule * look.width, "muted"), Text()] if lines else []
            titles.append((len(lines), part.title))
            ends |= {len(lines) + part.end - 1: place} if place else {}
            lines += part.lines
        whole = cls(title, lines, look)
        whole._titles, whole.ends = titles, ends
        return whole

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """The line and the text of each heading; a broken heading continues in indented lines."""
        found: list[tuple[int, str]] = []
        for number, line in enumerate(self.lines):
            if any(span.style == "heading" for span in line.spans):
                if line.plain.startswith(self._mark):
                    found.append((number, line.plain[len(self._mark) :].strip()))
                elif found:
                    found[-1] = (found[-1][0], f"{found[-1][1]} {line.plain.strip()}")
        return found

    @property
    def outline(self) -> list[tuple[int, str]]:
        """The headings; if there are several texts, below the title of each."""
        if not self._titles:
            return self.headings
        return sorted([*self._titles, *((line, f"  {text}") for line, text in self.headings)])

    @property
    def end(self) -> int:
        """The number of lines of the text, without what follows it."""
        own = self._own_headings
        return len(self.lines) if own is None or own >= len(self.headings) else self.headings[own][0]

    @cached_property
    def targets(self) -> list[Target]:
        """The links, in order; a broken link is listed once, on its first line."""
        found: list[Target] = []
        for number, line in enumerate(self.lines):
            for span in sorted(line.spans, key=lambda span: span.start):
                target = Target(number, span.start, span.end, str(span.style).partition(FOLLOW)[2])
                if target.place and span.end > span.start and not _goes_on(found, target):
                    found.append(target)
        return found

    def spot(self, line: int) -> Spot:
        """Return the spot of a line."""
        heading = self._heading_above(line)
        start = self.headings[heading][0] if heading >= 0 else 0
        blank = next((count for count, words in enumerate(self._words[line:]) if words), 0)
        return Spot(heading, sum(self._words[start:line]), blank)

    def line_of(self, spot: Spot) -> int:
        """Return the line of a spot in this layout."""
        start = self.headings[spot.heading][0] if 0 <= spot.heading < len(self.headings) else 0
        left = spot.words
        for line in range(start, len(self.lines)):
            left -= self._words[line]
            if left < 0:
                blank = next((count for count in range(spot.blank) if self._words[line - count - 1]), spot.blank)
                return line - blank
        return max(0, len(self.lines) - 1)

    def matches(self, wanted: str) -> list[Match]:
        """Return all matches of some words, ignoring case and line breaks between them."""
        words = wanted.split()
        if not words:
            return []
        pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
        return [Match(parts[0][0], parts) for parts in map(self._parts, pattern.finditer(self._whole)) if parts]

    def _heading_above(self, line: int) -> int:
        return sum(place <= line for place, _ in self.headings) - 1

    @cached_property
    def _words(self) -> list[int]:
        return [len(line.plain.split()) for line in self.lines]

    @cached_property
    def _whole(self) -> str:
        return "\n".join(line.plain for line in self.lines)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line.plain) + 1
        return starts

    def _parts(self, match: re.Match[str]) -> tuple[tuple[int, int, int], ...]:
        """Return the part of each line that a match covers."""
        return tuple(self._cut(match.start(), match.end()))

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        line = bisect_right(self._starts, start) - 1
        while line < len(self.lines) and self._starts[line] < end:
            first = max(0, start - self._starts[line])
            last = min(len(self.lines[line].plain), end - self._starts[line])
            if first < last:
                yield line, first, last
            line += 1


def _folded(line: Text, width: int) -> Iterator[Text]:
    """Cut a line that does not fit into parts that do; a character wider than the window gets its own line."""
    while cells(line.plain) > width and len(line.plain) > 1:
        ends = range(min(width, len(line.plain)), 0, -1)
        end = next((end for end in ends if cells(line.plain[:end]) <= width), 1)
        yield line[:end]
        line = line[end:]
    yield line


def _goes_on(found: Sequence[Target], target: Target) -> bool:
    """Whether a link continues the last one, broken at the end of the previous line."""
    return (
        bool(found)
        and (found[-1].place, found[-1].line) == (target.place, target.line - 1)
        and target.start <= _MOST_INDENT
    )
