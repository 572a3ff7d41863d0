"""Renders faults as compilers do: the position, then the line with the fault marked."""

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
_CHARS_IN_A_CELL = 2
_STYLES = {"error": "wrong", "warning": "warning", "note": "note"}


def listing(faults: Sequence[Fault], line_of: Callable[[Fault], str], look: Look) -> list[Text]:
    """Render faults in the given order, each with its line in the file unless the look is plain.

    `line_of` returns the text of that line, empty if it cannot be shown. The headline of a fault is never wrapped:
    editors and scripts look for it.
    """
    lines: list[Text] = []
    for fault in faults:
        lines.append(_headline(fault))
        if not look.plain:
            lines.extend(quotation(fault.line, fault.column, line_of(fault), fault.severity, look))
    return lines


def conclusion(faults: Sequence[Fault], facts: Sequence[str], look: Look) -> list[Text]:
    """Render the result of a check; `facts` are the title of the course and the numbers of its parts, as text."""
    title, *amounts = facts
    result = Text(f"{counts(faults)}." if faults else f"{title}: no faults ({', '.join(amounts)}).")
    if look.plain:
        return [result]
    return [*([Text()] if faults else []), *flow(result, look.width)]


def document(faults: Sequence[Fault]) -> dict[str, Any]:
    """Return faults as data for `--json`."""
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
    """Quote a line of a file, and mark a column (counted from 1, in characters) in the style of the severity.

    Of a long line, the part around the column is shown. Returns two lines, neither wider than the look (at least 16
    cells), or nothing if there is only white space.
    """
    gutter = f"{number:>5} {look.glyphs.bar} "
    room = max(_NARROWEST, look.width - cells(gutter))
    offset = min(column - 1, len(line))
    most = room * _CHARS_IN_A_CELL  # a line may have millions of characters: the rest cannot be shown
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
    """Return a text as it is displayed, so that the mark below it can be aligned."""
    return clean(text) if look.boxes else clean(text).translate(_SPELLED_OUT)


def _first_cells(text: str, most: int) -> str:
    """Return as much of the start of a text as fits."""
    kept = text
    while kept and cells(kept) > most:
        kept = kept[: -max(1, (cells(kept) - most) // 2)]
    return kept


def _last_cells(text: str, most: int) -> str:
    """Return as much of the end of a text as fits, without leading zero-width characters."""
    kept = text
    while kept and cells(kept) > most:
        kept = kept[max(1, (cells(kept) - most) // 2) :]
    return kept[next((place for place, char in enumerate(kept) if cells(char)), len(kept)) :]
