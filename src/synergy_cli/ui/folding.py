"""Shortens feedback for a small window: the least needed parts are cut first, and the question stays in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.records import NamedTuple
from synergy_cli.ui.elements import fitted
from synergy_cli.ui.layout import cells, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.ui.elements import Lines
    from synergy_cli.ui.theme import Look


class Piece(NamedTuple):
    """Lines that are cut together.

    Attributes:
        kind: `context`, or one of `ORDER`; any other kind is never cut.
        lines: in full.
        apart: whether a blank line comes before them.
    """

    kind: str
    lines: Lines
    apart: bool = False


ORDER = (
    ("sources", 0),
    ("answer", 2),
    ("note", 0),
    ("answer", 1),
    ("stem", 6),
    ("reason", 3),
    ("stem", 2),
    ("reason", 1),
    ("answer", 0),
)
"""The kinds that are cut after the context and all blank lines, first to last, and how many of their lines stay.

A note on a part of an answer is shown in full or not at all: half a reason may say the opposite. A stem keeps its end,
which has the question; everything else keeps its beginning.
"""


def unfolded(pieces: Sequence[Piece]) -> Lines:
    """Return all lines."""
    lines: Lines = []
    for piece in pieces:
        lines += [*([Text()] if lines and piece.apart else []), *piece.lines]
    return lines


def shortened(pieces: Sequence[Piece], rows: int, look: Look) -> tuple[Lines, bool]:
    """Return the lines that fit into a number of rows, and whether they are complete.

    They end with a blank line if there is room.
    """
    kept = [piece for piece in pieces if piece.kind != "context"]
    close = [piece._replace(apart=False) for piece in kept]
    bare = [piece._replace(lines=[line for line in piece.lines if line.plain]) for piece in close]
    whole = [*unfolded(pieces), Text()]
    for some in (whole, [*unfolded(kept), Text()], unfolded(close), unfolded(bare)):
        if len(some) <= rows:
            return some, some is whole or len(kept) == len(pieces)
    heights = _heights(bare, rows)
    return [line for piece, room in zip(bare, heights, strict=True) for line in _cut(piece, room, look)], False


def _heights(pieces: Sequence[Piece], rows: int) -> list[int]:
    """Return how many lines each piece keeps; the tallest of a kind is cut first."""
    heights = [len(piece.lines) for piece in pieces]
    for kind, least in ORDER:
        while sum(heights) > rows:
            tall = [index for index, piece in enumerate(pieces) if piece.kind == kind and heights[index] > least]
            if not tall:
                break
            tallest = max(tall, key=lambda index: (heights[index], index))
            heights[tallest] = 0 if kind == "note" else heights[tallest] - 1
    return heights


def _cut(piece: Piece, room: int, look: Look) -> Lines:
    """Return the lines that a piece keeps, with an ellipsis for the others."""
    if room >= len(piece.lines) or not room:
        return piece.lines[:room]
    if piece.kind == "stem":
        return [styled(look.glyphs.ellipsis, "muted"), *piece.lines[len(piece.lines) - room + 1 :]]
    *before, last = piece.lines[:room]
    return [*before, _with_ellipsis(last, look)]


def _with_ellipsis(line: Text, look: Look) -> Text:
    ellipsis = look.glyphs.ellipsis
    if cells(line.plain) + cells(ellipsis) <= look.width:
        return line.copy().append(ellipsis)
    kept = fitted(f"{line.plain}{'x' * cells(ellipsis)}", look.width, look)
    return line[: len(kept) - len(ellipsis)].append(ellipsis)
