"""Renders the results of `history check` and `history merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.text import plural
from synergy_cli.ui import elements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.history.history import HistoryReport, LogReport, Merged
    from synergy_cli.ui.theme import Look


def check_lines(report: HistoryReport, look: Look) -> elements.Lines:
    """Render a line for each fault, as `file:line: fault`, and a summary."""
    faults = [fault for log in report.logs for fault in _log_faults(log)]
    faults += [f"{identity}: two different events have this id" for identity in report.clashing]
    faults += [f"{path}: not a regular file, skipped; please move it" for path in report.strangers]
    events = sum(log.events for log in report.logs)
    said = [f"{plural(len(report.logs), 'log')}, {plural(events, 'event')}."]
    if report.repeated:
        said.append(f"{plural(report.repeated, 'event')} in several logs (harmless).")
    damaged = sum(len(log.damaged) for log in report.logs)
    said.append(f"{plural(damaged, 'damaged line')}; all others are used." if damaged else "No damage.")
    mended = f"The index was out of date ({plural(report.mended, 'row')}) and has been rebuilt."
    said.append(mended if report.mended else "The index agrees with them.")
    return [elements.unbroken(fault) for fault in faults] + elements.paragraph(" ".join(said), look)


def _log_faults(log: LogReport) -> Iterator[str]:
    for number, fault in log.damaged:
        yield f"{log.path}:{number}: damaged, ignored: {fault}"
    if log.torn is not None:
        yield f"{log.path}:{log.torn}: torn and not used: the last line was not written to its end"
    if log.newer:
        yield f"{log.path}: {plural(log.newer, 'event')} of a newer version, kept and not used here"
    if log.backwards:
        events = plural(log.backwards, "event")
        yield f"{log.path}: {events} earlier than the one above: the clock was set back, or logs were merged; no harm"
    if log.ahead:
        yield f"{log.path}: {plural(log.ahead, 'event')} more than a day ahead of the clock; is it right?"


def merge_lines(merged: Sequence[Merged], look: Look) -> elements.Lines:
    """Render what was imported and which lines were rejected."""
    lines: elements.Lines = []
    for file in merged:
        for number, fault in file.damaged:
            lines.append(elements.unbroken(f"{file.path}:{number}: left out: {fault}"))
        said = f"{file.path}: {plural(file.taken, 'event')} imported, {file.known} already known."
        lines += elements.paragraph(said, look)
    return lines
