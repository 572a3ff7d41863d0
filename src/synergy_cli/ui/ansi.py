"""Styled lines as text with escape sequences, as from Rich's console, which takes 7 % of start-up to load."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.errors import StyleSyntaxError
from rich.style import Style

from synergy_cli.ui.theme import STYLES

if TYPE_CHECKING:
    from rich.text import Text


def rendered(line: Text, *, colour: bool) -> str:
    """Return a line with the escape sequences of its styles; without `colour`, colours are left out."""
    edges = {0, len(line.plain)}
    for span in line.spans:
        edges |= {span.start, span.end}
    parts = []
    for start, end in pairwise(sorted(edges)):
        styles = [span.style for span in line.spans if span.start <= start < span.end]
        style = Style.combine(map(_style, [line.style, *styles]))
        look = style if colour else style.without_color
        parts.append(look.render(line.plain[start:end], color_system=ColorSystem.STANDARD))
    return "".join(parts)


@cache
def _style(style: str | Style) -> Style:
    """Return a style by its name in `theme.STYLES`, or by its definition; unknown styles have no effect."""
    if isinstance(style, Style):
        return style
    try:
        return Style.parse(STYLES.get(style, style))
    except StyleSyntaxError:
        return Style.null()
