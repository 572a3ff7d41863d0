"""The history as files: what a check found, what was taken in, and all of it given out again."""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from synergy_cli import views
from synergy_cli.answers import split_number
from synergy_cli.events import Answer, Undo, written
from synergy_cli.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.events import Event
    from synergy_cli.history import History, HistoryReport, LogReport, Merged
    from synergy_cli.theme import Look

SCHEMA = 1
COLUMNS = ("id", "utc", "local", "course", "act", "undone", *Answer._fields, "event", "page")
LINES_AT_A_TIME = 1000
FORMULA_SIGNS = tuple("=+-@\t\r\n") + tuple(chr(ord(sign) + 0xFEE0) for sign in "=+-@")
"""What makes a spreadsheet take a cell for a formula, in full width too."""


def check_lines(report: HistoryReport, look: Look) -> views.Lines:
    """Draw what a check of the history found.

    Args:
        report: of the check.
        look: what can be drawn.

    Returns:
        A line for each fault, as `file:line: fault`, and what it all comes to.
    """
    faults = [fault for log in report.logs for fault in _log_faults(log)]
    faults += [f"{identity}: two different events have this id" for identity in report.clashing]
    faults += [f"{path}: no regular file, and not read; move it away" for path in report.strangers]
    events = sum(log.events for log in report.logs)
    said = [f"{counted(len(report.logs), 'log')}, {counted(events, 'event')}."]
    if report.repeated:
        said.append(f"{counted(report.repeated, 'event')} in more than one log, which does no harm.")
    damaged = sum(len(log.damaged) for log in report.logs)
    said.append(f"{counted(damaged, 'damaged line')}; all others are used." if damaged else "No damage.")
    mended = f"The index differed from them in {counted(report.mended, 'row')} and was made anew."
    said.append(mended if report.mended else "The index agrees with them.")
    return [views.unbroken(fault) for fault in faults] + views.paragraph(" ".join(said), look)


def _log_faults(log: LogReport) -> Iterator[str]:
    for number, fault in log.damaged:
        yield f"{log.path}:{number}: damaged and not used: {fault}"
    if log.torn is not None:
        yield f"{log.path}:{log.torn}: torn and not used: the last line was not written to its end"
    if log.newer:
        yield f"{log.path}: {counted(log.newer, 'event')} of a newer version, kept and not used here"
    if log.backwards:
        events = counted(log.backwards, "event")
        yield f"{log.path}: {events} earlier than the one above: the clock was set back, or logs were merged; no harm"
    if log.ahead:
        yield f"{log.path}: {counted(log.ahead, 'event')} more than a day ahead of the clock; is it right?"


def check_document(report: HistoryReport) -> dict[str, Any]:
    """Give what a check found as a document for programs."""
    return {
        "schema": SCHEMA,
        "sound": report.sound,
        "logs": [
            {
                "path": str(log.path),
                "events": log.events,
                "damaged": [{"line": number, "fault": fault} for number, fault in log.damaged],
                "torn": log.torn,
                "newer": log.newer,
                "backwards": log.backwards,
                "ahead": log.ahead,
            }
            for log in report.logs
        ],
        "repeated": report.repeated,
        "clashing": list(report.clashing),
        "strangers": [str(path) for path in report.strangers],
        "index_rows_mended": report.mended,
    }


def merge_lines(merged: Sequence[Merged], look: Look) -> views.Lines:
    """Draw what was taken in, and which lines were left out."""
    lines: views.Lines = []
    for file in merged:
        for number, fault in file.damaged:
            lines.append(views.unbroken(f"{file.path}:{number}: left out: {fault}"))
        said = f"{file.path}: {counted(file.taken, 'event')} taken in, {file.known} known already."
        lines += views.paragraph(said, look)
    return lines


def merge_document(merged: Sequence[Merged]) -> dict[str, Any]:
    """Give what was taken in as a document for programs."""
    files = [
        {
            "path": str(file.path),
            "taken": file.taken,
            "known": file.known,
            "damaged": [{"line": number, "fault": fault} for number, fault in file.damaged],
        }
        for file in merged
    ]
    return {"schema": SCHEMA, "files": files}


def export(history: History, form: str) -> Iterator[str]:
    """Give all events, each once, log by log.

    Args:
        history: whose they are.
        form: `jsonl` gives the lines as they stand in the logs; `csv` a row each, with all columns for every act.

    Yields:
        Text, some lines at a time.
    """
    rows = _csv_rows(history) if form == "csv" else (line.decode("ascii") + "\n" for _, line in history.events())
    while part := "".join(islice(rows, LINES_AT_A_TIME)):
        yield part


def export_document(history: History) -> dict[str, Any]:
    """Give all events as a document for programs, each as it stands in its log."""
    return {"schema": SCHEMA, "events": [json.loads(line) for _, line in history.events()]}


def _csv_rows(history: History) -> Iterator[str]:
    undone = {event.act.event for event, _ in history.events() if isinstance(event.act, Undo)}
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    yield _written(writer, text, COLUMNS)
    for event, _ in history.events():
        yield _written(writer, text, [_cell(value) for value in _row(event, undone)])


def _row(event: Event, undone: set[str]) -> list[Any]:
    """Give an event's cells; those that its act does not have are empty."""
    values = event.act._asdict()
    if "given" in values:
        values["given"] = "; ".join(values["given"])
    word = type(event.act).__name__.lower()
    moments = written(event.at), written(event.at, event.offset)
    own = [event.id, *moments, event.course, word, event.id in undone]
    return own + [values.get(name, "") for name in COLUMNS[len(own) :]]


def _cell(value: Any) -> str:  # noqa: ANN401  text, a number or a truth value
    """Write a cell so that a spreadsheet takes it for text: what would be a formula gets an apostrophe."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    number, rest = split_number(text)
    return f"'{text}" if text[:1] in FORMULA_SIGNS and (number is None or rest) else text


def _written(writer: Any, text: io.StringIO, cells: Sequence[str]) -> str:  # noqa: ANN401  csv names no type
    text.seek(0)
    text.truncate()
    writer.writerow(cells)
    return text.getvalue()
