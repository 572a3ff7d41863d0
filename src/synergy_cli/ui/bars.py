"""Bars: counts that divide a length, and shares."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.history.scheduler import STEP_WORDS, STEPS
from synergy_cli.ui.layout import GLUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.ui.theme import Look


def stack(tally: Sequence[int], length: int, look: Look) -> Text:
    """Draw counts by step, in the order of `STEPS` and not all 0, as one bar with a length in cells."""
    bar = Text()
    for glyph, name, size in zip(look.glyphs.steps, STEPS, apportion(tally, length), strict=True):
        bar.append(glyph * size, name)
    return bar


def legend(tally: Sequence[int], look: Look) -> Text:
    """Return the legend of a stack: its steps with their counts."""
    text = Text()
    for glyph, name, count in zip(look.glyphs.steps, STEPS, tally, strict=True):
        words = f" {count} {STEP_WORDS[name]}".replace(" ", GLUE)
        text.append("  " if text else "").append(glyph, name).append(words)
    return text


def apportion(counts: Sequence[int], length: int) -> list[int]:
    """Divide a length in cells in proportion to counts, not all 0.

    The parts add up to the length. Each non-zero count gets at least one cell if there are enough.
    """
    total = sum(counts)
    ends = [round(length * end / total) for end in accumulate(counts)]
    sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    for index, count in enumerate(counts):
        largest = sizes.index(max(sizes))
        if count and not sizes[index] and sizes[largest] > 1:
            sizes[index], sizes[largest] = 1, sizes[largest] - 1
    return sizes


def share(part: float, length: int, look: Look, style: str = "chart") -> Text:
    """Draw a share between 0 and 1 as a bar on a track, which only a share of 1 fills."""
    full = int(part * length)
    return Text.assemble((look.glyphs.line * full, style), (look.glyphs.track * (length - full), "muted"))
