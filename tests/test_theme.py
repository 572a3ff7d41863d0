"""Every colour of the program can be read in common palettes, on dark and on light backgrounds."""

from __future__ import annotations

import pytest

from synergy_cli.ui.theme import STYLES

NAMES = ("red", "green", "yellow", "blue", "magenta", "cyan")
PALETTES = {
    "xterm": (
        "cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff",
        "000000",
        "ffffff",
    ),
    "Tango": (
        "cc0000 4e9a06 c4a000 3465a4 75507b 06989a ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2",
        "300a24",
        "ffffff",
    ),
    "Solarized": (
        "dc322f 859900 b58900 268bd2 d33682 2aa198 cb4b16 586e75 657b83 839496 6c71c4 93a1a1",
        "002b36",
        "fdf6e3",
    ),
    "macOS": (
        "990000 00a600 999900 0000b2 b200b2 00a6b2 e50000 00d900 e5e500 0000ff e500e5 00e5e5",
        "000000",
        "ffffff",
    ),
}
READABLE = 3.0
"""The contrast that WCAG 2.2 asks for in large and bold text, and in graphics."""
ON_ITS_GLYPH_ALONE = {("green", "xterm", "ffffff"), ("green", "Solarized", "fdf6e3")}
"""Where green is pale, the words `Right.` and `held`, their glyphs and bold type say it too."""


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


COLOURS = sorted({word for style in STYLES.values() for word in style.split()} - {"none"})
ATTRIBUTES = {"bold", "dim", "italic", "underline", "reverse"}


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("colour", [colour for colour in COLOURS if colour not in ATTRIBUTES])
def test_a_colour_is_readable_on_dark_and_on_light(colour, palette):
    values, *backgrounds = PALETTES[palette]
    place = NAMES.index(colour.removeprefix("bright_")) + len(NAMES) * colour.startswith("bright_")
    for background in backgrounds:
        if (colour, palette, background) not in ON_ITS_GLYPH_ALONE:
            assert contrast(values.split()[place], background) >= READABLE
