"""How things look, by what they mean. No other room names a colour or a sign."""

from __future__ import annotations

from typing import NamedTuple

STYLES = {
    "title": "bold",
    "heading": "bold cyan",
    "muted": "bright_black",
    "strong": "bold",
    "emphasis": "italic",
    "code": "cyan",
    "link": "blue underline",
    "citation": "blue",
    "command": "bold green",
    "right": "bold green",
    "wrong": "bold red",
    "near": "bold yellow",
    "hint": "yellow",
    "key": "bold cyan",
    "match": "bold yellow",
    "standing": "cyan",
    "note": "bold blue",
    "tip": "bold green",
    "important": "bold magenta",
    "warning": "bold yellow",
    "caution": "bold red",
    "established": "bold green",
    "guideline": "green",
    "trials": "cyan",
    "observational": "yellow",
    "early": "yellow",
    "contested": "bold red",
    "held": "green",
    "learning": "cyan",
    "slipping": "yellow",
    "untested": "bright_black",
    "chart": "cyan",
    "now": "bold yellow",
    "heat": "green",
}


class Glyphs(NamedTuple):
    """The few signs that are drawn; each also stands beside a word, never alone.

    The last are drawn in pictures: `standings` has a sign for each standing, from firm to none; `heat` one for no
    answer and for each level; `levels` are the heights of a column's top, lowest first; `line` and `track` make a bar.
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
    full: str
    empty: str
    standings: str
    heat: str
    levels: str
    line: str
    track: str


UNICODE = Glyphs("§", "✓", "✗", "≈", "•", "│", "─", "→", "·", "…", "█", "░", "█▓▒░", "·░▒▓█", "▁▂▃▄▅▆▇█", "━", "─")
ASCII = Glyphs("#", "+", "x", "~", "*", "|", "-", "->", "-", "...", "#", ".", "#o~.", ".-+*#", ".:#", "=", "-")

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
"""Where a dose may not become a question mark: what an encoding lacks is written so that it is understood."""

BOX_TO_ASCII = str.maketrans(_BOX, _TWIN)


class Look(NamedTuple):
    """What can be drawn where the text is going.

    Attributes:
        width: of a line, in cells.
        signs: the set of signs.
        boxes: whether box characters may be drawn; their ASCII twins are, where not.
        plain: one stable layout, without columns, for programs and screen readers.
        links: whether a link may be made of any text; its address is written out, where not.
        program: how the program is called here, in the commands that are shown.
    """

    width: int
    glyphs: Glyphs = UNICODE
    boxes: bool = True
    plain: bool = False
    links: bool = False
    program: str = "synergy"
