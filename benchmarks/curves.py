"""Draw curves over a logarithmic scale, as SVG that needs nothing from elsewhere and suits light and dark pages."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 270, 210
"""The room for a panel, in pixels."""
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 46, 42
"""The margins of a panel, in pixels."""
ACROSS = 3
"""Panels in a row."""
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; font-size: 13px; }
.small { font-size: 11px; fill: #59636e; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.line { fill: none; stroke-width: 2; }
.a { stroke: #0969da; } .b { stroke: #bc4c00; } .c { stroke: #8250df; }
.b.line { stroke-dasharray: 7 3; } .c.line { stroke-dasharray: 2 3; }
circle { fill: #fff; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .small { fill: #9198a1; } .grid { stroke: #3d444d; } circle { fill: #0d1117; }
  .a { stroke: #58a6ff; } .b { stroke: #f0883e; } .c { stroke: #bc8cff; }
}
"""
CLASSES = "abc"
TEN, MILLION = 10, 1_000_000
WIDE = 100
"""The ratio from which on a range is wide."""


class Curve(NamedTuple):
    """A name and its points, from left to right; both coordinates are above 0."""

    name: str
    points: Sequence[tuple[float, float]]


class Panel(NamedTuple):
    """Curves over one pair of axes: what they show, and the unit of the upright one."""

    title: str
    unit: str
    curves: Sequence[Curve]


def picture(panels: Sequence[Panel], title: str, across: str, each: str) -> str:
    """Draw panels beside and below one another, and a legend.

    Args:
        panels: with the same curves in the same order.
        title: what the picture shows.
        across: what the level axis counts.
        each: what the names of the curves count.
    """
    rows = ceil((len(panels) + 1) / ACROSS)
    drawn = [*(_panel(panel, across) for panel in panels), _legend([f"{one.name} {each}" for one in panels[0].curves])]
    corners = [(WIDTH * (place % ACROSS), HEIGHT * (place // ACROSS)) for place in range(len(drawn))]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * ACROSS} {HEIGHT * rows}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(in_words(panels, across, each))}</desc>",
            f"<style>{STYLE}</style>",
            *(f'<g transform="translate({x} {y})">\n{part}\n</g>' for (x, y), part in zip(corners, drawn, strict=True)),
            "</svg>",
            "",
        ]
    )


def in_words(panels: Sequence[Panel], across: str, each: str) -> str:
    """Say the first and the last point of each curve."""
    sentences = []
    for panel in panels:
        parts = []
        for curve in panel.curves:
            (begin, low), (end, high) = curve.points[0], curve.points[-1]
            parts.append(
                f"with {curve.name} {each} {_figure(low)} at {begin:,} {across} and {_figure(high)} at {end:,}"
            )
        sentences.append(f"{panel.title}, {panel.unit}: {'; '.join(parts)}.")
    return " ".join(sentences)


def _panel(panel: Panel, across: str) -> str:
    """Draw one panel at the origin."""
    values = [value for curve in panel.curves for _, value in curve.points]
    places = [place for place, _ in panel.curves[0].points]
    lowest, highest = _ticks(min(values), max(values))[0], _ticks(min(values), max(values))[-1]

    def x(place: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(place / places[0]) / log10(places[-1] / places[0])

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * log10(value / lowest) / log10(highest / lowest)

    rows = [
        f'<text class="title" x="{LEFT}" y="18">{escape(panel.title)}</text>',
        f'<text class="small" x="{LEFT}" y="34">{escape(panel.unit)}</text>',
    ]
    for tick in _ticks(min(values), max(values)):
        rows.append(f'<path class="grid" d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}"/>')
        rows.append(
            f'<text class="small" x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{_figure(tick)}</text>'
        )
    rows += [
        f'<text class="small" x="{x(place):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{_short(place)}</text>'
        for place in places
    ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    rows.append(f'<text class="small" x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>')
    for name, curve in zip(CLASSES, panel.curves, strict=False):
        path = "L".join(f"{x(place):.1f} {y(value):.1f}" for place, value in curve.points)
        rows.append(f'<path class="{name} line" d="M{path}"/>')
        rows += [
            f'<circle class="{name}" cx="{x(place):.1f}" cy="{y(value):.1f}" r="3"/>' for place, value in curve.points
        ]
    return "\n".join(rows)


def _legend(names: Sequence[str]) -> str:
    """Draw a line of each kind with its name."""
    rows = []
    for place, (kind, name) in enumerate(zip(CLASSES, names, strict=False)):
        height = TOP + 24 * (place + 1)
        rows.append(f'<path class="{kind} line" d="M{LEFT} {height}h36"/>')
        rows.append(f'<circle class="{kind}" cx="{LEFT + 18}" cy="{height}" r="3"/>')
        rows.append(f'<text x="{LEFT + 46}" y="{height + 4}">{escape(name)}</text>')
    return "\n".join(rows)


def _ticks(least: float, most: float) -> list[float]:
    """Return 1, 2, 5, 10 and so on, from the last one that is not above all values to the first that is not below.

    Over a wide range they are powers of ten.
    """
    digits = (1,) if most > WIDE * least else (1, 2, 5)
    powers = range(floor(log10(least)) - 1, ceil(log10(most)) + 2)
    steps = [digit * 10.0**power for power in powers for digit in digits]
    below = max(place for place, step in enumerate(steps) if step <= least)
    above = min(place for place, step in enumerate(steps) if step >= most)
    return steps[below : max(above, below + 1) + 1]


def _figure(value: float) -> str:
    """Write a value with two digits that count."""
    return f"{value:.2g}" if value < TEN else f"{value:,.0f}"


def _short(count: float) -> str:
    """Write a large number in little room."""
    return f"{count / MILLION:g} M" if count >= MILLION else f"{count / 1_000:g} k"
