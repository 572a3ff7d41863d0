"""Views of the results of `history check`, `merge`, `fit` and `undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.history.events import format_time
from synergy_cli.history.scheduler import date_of
from synergy_cli.text import plural
from synergy_cli.ui import elements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.history.events import Answer, Event, Overrule
    from synergy_cli.history.fit import FitResult
    from synergy_cli.history.history import HistoryReport, LogReport, Merged
    from synergy_cli.ui.theme import Look


def check_lines(report: HistoryReport, look: Look) -> elements.Lines:
    """Render the result of `history check`: a line `file:line: fault` for each fault, then a summary."""
    faults = [fault for log in report.logs for fault in _log_faults(log)]
    faults += [f"{identity}: two different events have this id" for identity in report.clashing]
    faults += [f"{path}: not a regular file, skipped; please move it" for path in report.strangers]
    events = sum(log.events for log in report.logs)
    damaged = sum(len(log.damaged) for log in report.logs)
    sentences = [f"{plural(len(report.logs), 'log')}, {plural(events, 'event')}."]
    if report.repeated:
        sentences.append(f"{plural(report.repeated, 'event')} in several logs (harmless).")
    sentences.append(f"{plural(damaged, 'damaged line')}; all others are used." if damaged else "No damage.")
    mended = f"The index was out of date ({plural(report.mended, 'row')}) and has been rebuilt."
    sentences.append(mended if report.mended else "The index matches the logs.")
    return [*map(elements.unbroken, faults), *elements.paragraph(" ".join(sentences), look)]


def _log_faults(log: LogReport) -> Iterator[str]:
    for number, fault in log.damaged:
        yield f"{log.path}:{number}: damaged, ignored: {fault}"
    if log.torn is not None:
        yield f"{log.path}:{log.torn}: incomplete last line, ignored"
    if log.newer:
        yield f"{log.path}: {plural(log.newer, 'event')} written by a newer version, kept but not used"
    if log.backwards:
        events = plural(log.backwards, "event")
        yield f"{log.path}: {events} earlier than the one above: clock set back, or logs merged (harmless)"
    if log.ahead:
        events = plural(log.ahead, "event")
        yield f"{log.path}: {events} more than a day ahead of the clock, not used until then; is the clock right?"


def merge_lines(merged: Sequence[Merged], look: Look) -> elements.Lines:
    """Render what `history merge` imported, with the lines left out; of a file that failed, only if it is something."""
    lines: elements.Lines = []
    for file in (file for file in merged if file.taken or not file.trouble):
        lines += [elements.unbroken(f"{file.path}:{number}: left out: {fault}") for number, fault in file.damaged]
        counts = f"{file.path}: {plural(file.taken, 'event')} imported, {file.known} already known."
        lines += elements.paragraph(counts, look)
    return lines


def fit_lines(fitted: FitResult, look: Look) -> elements.Lines:
    """Render the result of `history fit`."""
    later = f"{plural(fitted.later, 'review')} from {date_of(fitted.first).isoformat()} on"
    losses = f"log loss {fitted.loss:.4f} instead of {fitted.loss_before:.4f}; less is better"
    facts = f"Weights fitted to the earlier part of {fitted.reviews} reviews predict {later} with a {losses}."
    if not fitted.adopted:
        kept = "The difference may be luck, so the weights in use stay. Try again after more reviews."
        return elements.paragraph(f"{facts} {kept}", look)
    lines = elements.paragraph(f"{facts} They are in use from now on: what is due may change.", look)
    return lines + elements.commands([("Undo:", f"{look.program} history fit --default")], look)


def undo_lines(event: Event, act: Answer | Overrule, stem: str, today: str, look: Look) -> elements.Lines:
    """Render the result of `history undo`: which answer it was, and the first line of its stem, if that is known."""
    day, _, time = format_time(event.at, event.offset).partition(" ")
    when = f"{time} today" if day == today else f"{day} {time}"
    first, *more = stem.strip().split("\n")
    dots = f" {look.glyphs.ellipsis}" if more else ""
    facts = f"course {event.course}, {act.verdict}, {when}"
    lines = elements.paragraph(f"Taken back: the answer to {act.question} ({facts}).", look)
    return lines + (elements.paragraph(f"{first}{dots}", look) if stem else [])
