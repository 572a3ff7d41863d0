"""Styles and glyphs, named by meaning. No other module names a colour or a glyph."""

from __future__ import annotations

from synergy_cli.languages import say, say_count
from synergy_cli.records import NamedTuple

STYLES = {
    "title": "bold",
    "heading": "bold bright_magenta",
    "muted": "dim",
    "strong": "bold",
    "emphasis": "italic",
    "code": "bright_magenta",
    "link": "underline",
    "citation": "none",
    "command": "bold",
    "right": "bold green",
    "wrong": "bold bright_red",
    "near": "bold bright_magenta",
    "hint": "italic",
    "key": "bold bright_magenta",
    "match": "bold underline",
    "chosen": "reverse",
    "status": "reverse",
    "steps": "none",
    "note": "bold",
    "tip": "bold green",
    "important": "bold bright_magenta",
    "warning": "bold bright_magenta",
    "caution": "bold bright_red",
    "established": "bold green",
    "guideline": "green",
    "trials": "none",
    "observational": "none",
    "early": "italic",
    "contested": "bold bright_red",
    "held": "green",
    "right_twice": "none",
    "right_once": "none",
    "seen": "bright_magenta",
    "new": "dim",
    "low": "bright_magenta",
    "chart": "none",
    "now": "bold bright_magenta",
    "heat": "green",
}
"""Only colours that are readable in common palettes, on dark and light backgrounds; each also has a word or glyph."""


FOLLOW = "follow:"
"""The prefix of link styles; the target follows. These styles have no effect on the look."""


class Glyphs(NamedTuple):
    """The glyphs; each appears with a word, never alone.

    `continued` precedes the rest of a long line of code. The last ones are for charts: `steps` has a glyph for each
    step, from held to new; `heat` has one for no answers and one for each level; `levels` are the heights of a column's
    top, lowest first; `line` and `track` make a bar.
    """

    section: str
    right: str
    wrong: str
    near: str
    bullet: str
    bar: str
    rule: str
    arrow: str
    separator: str
    ellipsis: str
    continued: str
    full: str
    steps: str
    heat: str
    levels: str
    line: str
    track: str


UNICODE = Glyphs("§", "✓", "✗", "≈", "•", "│", "─", "→", "·", "…", "↳ ", "█", "█▓▒░·", "·░▒▓█", "▁▂▃▄▅▆▇█", "━", "─")
ASCII = Glyphs("#", "+", "x", "~", "*", "|", "-", "->", "-", "...", ">> ", "#", "#*o~.", ".-+*#", ".:#", "=", "-")

_BOX = "─━│┃┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬╭╮╰╯▲▼◄►△▽◁▷↑↓←→×●○■□"
_TWIN = "--||+++++++++=|+++++++++++++^v<>^v<>^v<>xo.#."
GLYPHS_TO_ASCII = {
    "\N{MICRO SIGN}": "u",
    "\N{GREEK SMALL LETTER MU}": "u",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{MIDDLE DOT}": "-",
    "\N{NO-BREAK SPACE}": " ",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{SECTION SIGN}": "#",
}
"""Readable replacements for characters that an encoding lacks: a dose must not become a question mark."""

BOX_TO_ASCII = str.maketrans(_BOX, _TWIN)


class Look(NamedTuple):
    """What the output supports.

    Attributes:
        width: of a line, in cells.
        glyphs: Unicode or ASCII.
        boxes: whether box-drawing characters can be shown; otherwise ASCII replaces them.
        plain: one stable layout without columns, for programs and screen readers.
        links: whether text can be a hyperlink; otherwise URLs are written out.
        program: the name the program was called by, for the commands shown.
        follows: whether citations and links can be followed with a key.
        language: the tag of the course's language, for the program's words around its text.
    """

    width: int
    glyphs: Glyphs = UNICODE
    boxes: bool = True
    plain: bool = False
    links: bool = False
    program: str = "synergy"
    follows: bool = False
    language: str = "en"

    def say(self, text: str, **values: object) -> str:
        """Return a text in the course's language, as `languages.say` does."""
        return say(text, self.language, **values)

    def say_count(self, one: str, many: str, number: int, **values: object) -> str:
        """Return one of two texts in the course's language, as `languages.say_count` does."""
        return say_count(one, many, self.language, number, **values)
