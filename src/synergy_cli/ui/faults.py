"""Faults as their author sees them: the place as compilers write it, the line quoted, the spot marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rich.text import Text

from synergy_cli.parsing.faults import CODES
from synergy_cli.text import clean, plural
from synergy_cli.ui.layout import cells, flow, styled
from synergy_cli.ui.theme import GLYPHS_TO_ASCII

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.parsing.faults import Fault
    from synergy_cli.ui.theme import Look


SEVERITIES = ("error", "warning", "note")
_SPOT = re.compile(r"""\[@[^\]]*\]|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,\]}:]+|.""")
_SPELLED_OUT = str.maketrans(GLYPHS_TO_ASCII)
_NARROWEST = 8
_SIGNS_IN_A_CELL = 2
_STYLES = {"error": "wrong", "warning": "warning", "note": "note"}


def listing(faults: Sequence[Fault], line_of: Callable[[Fault], str], look: Look) -> list[Text]:
    """Draw faults, each with the line in which it stands.

    Args:
        faults: in the order in which they are shown.
        line_of: gives the line of a fault; empty when there is none to show.
        look: what can be drawn; when it is plain, each fault is one line and nothing else.

    Returns:
        The lines. The first of each fault is never broken: editors and scripts look for it.
    """
    lines: list[Text] = []
    for fault in faults:
        lines.append(_headline(fault))
        if not look.plain:
            lines.extend(quotation(fault.line, fault.column, line_of(fault), fault.severity, look))
    return lines


def conclusion(faults: Sequence[Fault], facts: Sequence[str], look: Look) -> list[Text]:
    """Say what a check came to.

    Args:
        faults: that were found.
        facts: what was looked over: the course's title, and how much there is of what.
        look: what can be drawn.

    Returns:
        The lines, below faults after a blank one; a single line when the look is plain.
    """
    title, *rest = facts
    told = Text(f"{counts(faults)}." if faults else f"{title}: no faults ({', '.join(rest)}).")
    if look.plain:
        return [told]
    return [*([Text()] if faults else []), *flow(told, look.width)]


def document(faults: Sequence[Fault]) -> dict[str, Any]:
    """Return faults as data for programs."""
    totals = {f"{word}s": sum(fault.severity == word for fault in faults) for word in SEVERITIES}
    listed = [{**fault._asdict(), "severity": fault.severity, "family": CODES[fault.code].family} for fault in faults]
    return {**totals, "faults": listed}


def counts(faults: Sequence[Fault]) -> str:
    """Count faults by severity: `2 errors, 1 warning in 3 files`."""
    totals = [(word, sum(fault.severity == word for fault in faults)) for word in SEVERITIES]
    files = len({fault.path for fault in faults})
    return f"{', '.join(plural(count, word) for word, count in totals if count)} in {plural(files, 'file')}"


def _headline(fault: Fault) -> Text:
    text = Text(str(fault).replace("\n", " "))
    end = len(text.plain) - len(fault.message) - len(": ")
    text.stylize(_STYLES[fault.severity], end - len(f"{fault.severity}[{fault.code}]"), end)
    return text


def quotation(number: int, column: int, line: str, severity: str, look: Look) -> list[Text]:
    """Quote a line of a file and mark a spot in it.

    Args:
        number: of the line.
        column: of the spot, counted from 1, in characters.
        line: the whole line; of a long one the part round the spot is shown.
        severity: gives the mark its colour.
        look: what can be drawn.

    Returns:
        Two lines, none wider than the look (at least 16 cells); nothing when there is no more than white space.
    """
    gutter = f"{number:>5} {look.glyphs.bar} "
    room = max(_NARROWEST, look.width - cells(gutter))
    offset = min(column - 1, len(line))
    most = room * _SIGNS_IN_A_CELL  # a line may have millions: what cannot be shown is not looked at
    start = max(0, offset - most)
    head, tail = line[start:offset], line[offset : offset + most]
    if not (head + tail).strip():
        return []
    before, after, dots = _drawn(head, look), _drawn(tail, look), look.glyphs.ellipsis
    if start or cells(before) + min(max(1, cells(after)), room // 2) > room:
        before = dots + _last_cells(before, room // 2 - cells(dots))
    left = room - cells(before)
    if offset + most < len(line) or cells(after) > left:
        after = _first_cells(after, left - cells(dots)) + dots
    match = _SPOT.match(tail)
    marks = max(1, min(cells(_drawn(match[0] if match else "", look)), cells(after)))
    quoted = styled(gutter, "muted").append(before + after)
    below = styled(" " * (cells(gutter) - 2) + look.glyphs.bar + " ", "muted")
    return [quoted, below.append(" " * cells(before)).append("^" * marks, style=_STYLES[severity])]


def _drawn(text: str, look: Look) -> str:
    """Return a text as it will be seen, so that what stands below it can be set by its width."""
    return clean(text) if look.boxes else clean(text).translate(_SPELLED_OUT)


def _first_cells(text: str, most: int) -> str:
    """Return as much of the beginning of a text as fits."""
    kept = text
    while kept and cells(kept) > most:
        kept = kept[: -max(1, (cells(kept) - most) // 2)]
    return kept


def _last_cells(text: str, most: int) -> str:
    """Return as much of the end of a text as fits; what would be drawn into the sign before it is left out."""
    kept = text
    while kept and cells(kept) > most:
        kept = kept[max(1, (cells(kept) - most) // 2) :]
    return kept[next((place for place, char in enumerate(kept) if cells(char)), len(kept)) :]
