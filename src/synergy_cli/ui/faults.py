"""Renders faults as compilers do, with the position and the marked line, and for other programs."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
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
_TIED = "\N{NO-BREAK SPACE}"
_CHARS_IN_A_CELL = 2
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
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


def conclusion(
    faults: Sequence[Fault], facts: Sequence[str], look: Look, ignored: int = 0, name: str = ""
) -> list[Text]:
    """Render the result of a check.

    `facts` are the title of the course and the numbers of its parts, as text; `name` identifies one of several courses.
    """
    title, *amounts = facts
    told = f"{name}: {counts(faults)}" if name else counts(faults)
    result = told if faults else f"{title}: no faults ({', '.join(amounts)})"
    text = f"{result}{f'; {ignored} ignored' if ignored else ''}."
    return _below([] if name else faults, text, look, apart=bool(faults))


def total(found: Sequence[Sequence[Fault]], look: Look) -> list[Text]:
    """Render the combined result for several courses."""
    faults = [fault for each in found for fault in each]
    result = f"{len(found)} courses: {counts(faults) if faults else 'no faults'}."
    return _below(faults, result, look, apart=True)


def _code_counts(faults: Sequence[Fault], width: int) -> list[Text]:
    """Render how often each code occurs, if there are several and one is repeated; codes do not break at hyphens."""
    codes = by_code(faults)
    if not 1 < len(codes) < len(faults):
        return []
    text = f"By code: {', '.join(f'{count}{_TIED}{code}' for code, count in codes.items())}."
    return [Text(row.replace(_TIED, " ")) for row in textwrap.wrap(text, width, break_on_hyphens=False)]


def _below(faults: Sequence[Fault], text: str, look: Look, *, apart: bool) -> list[Text]:
    """Render the counts of codes, then a result: the last line says whether all is well."""
    if look.plain:
        return [Text(text)]
    return [*([Text()] if apart else []), *_code_counts(faults, look.width), *flow(Text(text), look.width)]


def by_code(faults: Sequence[Fault]) -> dict[str, int]:
    """Count faults by code, the most frequent first."""
    return dict(Counter(sorted(fault.code for fault in faults)).most_common())


def document(faults: Sequence[Fault]) -> dict[str, Any]:
    """Return faults as data for `--json`."""
    listed = [
        {
            **fault._asdict(),
            "severity": fault.severity,
            "family": CODES[fault.code].family,
            "docs": f"docs/faults.md#{fault.code}",
        }
        for fault in faults
    ]
    return {**totals(faults), "codes": by_code(faults), "faults": listed}


def totals(faults: Sequence[Fault]) -> dict[str, int]:
    """Count faults by severity, as data for `--json`."""
    return {f"{word}s": sum(fault.severity == word for fault in faults) for word in SEVERITIES}


def workflow_commands(faults: Sequence[Fault]) -> str:
    """Return faults as GitHub Actions workflow commands, which GitHub shows next to the changed lines."""
    return "".join(
        f"::{_LEVELS[fault.severity]} file={_property(fault.path)},line={fault.line},col={fault.column},"
        f"title={_property(fault.code)}::{_escaped(fault.message)}\n"
        for fault in faults
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def counts(faults: Sequence[Fault]) -> str:
    """Count faults by severity: `2 errors, 1 warning in 3 files`."""
    files = len({fault.path for fault in faults})
    found = ", ".join(plural(count, name.removesuffix("s")) for name, count in totals(faults).items() if count)
    return f"{found} in {plural(files, 'file')}"


def _headline(fault: Fault) -> Text:
    text = Text(str(fault).replace("\n", " "))
    end = len(text.plain) - len(fault.message) - len(": ")
    text.stylize(_STYLES[fault.severity], end - len(f"{fault.severity}[{fault.code}]"), end)
    return text


def quotation(number: int, column: int, line: str, severity: str, look: Look) -> list[Text]:
    """Quote a line of a file, and mark a column (counted from 1, in characters) in the style of the severity.

    If the line is long, only the part around the column is shown. Returns two lines, neither wider than the look (at
    least 16 cells), or nothing if there is only white space.
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
    """Return a text as displayed, so that the mark below it can be aligned."""
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
    return kept[next((index for index, char in enumerate(kept) if cells(char)), len(kept)) :]
