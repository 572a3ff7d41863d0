"""Exports the history: CSV, JSON Lines and JSON documents."""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from synergy_cli.course.answers import split_number
from synergy_cli.history.events import Answer, Undo, format_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.history.events import Event
    from synergy_cli.history.history import History, HistoryReport, Merged


SCHEMA = 1
COLUMNS = ("id", "utc", "local", "course", "act", "undone", *Answer._fields, "event", "page")
LINES_AT_A_TIME = 1000
FORMULA_SIGNS = tuple("=+-@\t\r\n") + tuple(chr(ord(char) + 0xFEE0) for char in "=+-@")
"""Characters that make a spreadsheet treat a cell as a formula, full-width ones included."""


def check_document(report: HistoryReport) -> dict[str, Any]:
    """Return the result of a check as a document for programs."""
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


def merge_document(merged: Sequence[Merged]) -> dict[str, Any]:
    """Return the result of a merge as a document for programs."""
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
    """Yield all events, each once, log by log: with `jsonl` the lines as in the logs, with `csv` one row each."""
    rows = _csv_rows(history) if form == "csv" else (line.decode("ascii") + "\n" for _, line in history.events())
    while part := "".join(islice(rows, LINES_AT_A_TIME)):
        yield part


def export_document(history: History) -> dict[str, Any]:
    """Return all events, as they are in the logs, as one document for programs."""
    return {"schema": SCHEMA, "events": [json.loads(line) for _, line in history.events()]}


def _csv_rows(history: History) -> Iterator[str]:
    undone = {event.act.event for event, _ in history.events() if isinstance(event.act, Undo)}
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    yield _time_text(writer, text, COLUMNS)
    for event, _ in history.events():
        yield _time_text(writer, text, [_cell(value) for value in _row(event, undone)])


def _row(event: Event, undone: set[str]) -> list[Any]:
    """Return the cells of an event; those that do not apply are empty."""
    values = event.act._asdict()
    if "given" in values:
        values["given"] = "; ".join(values["given"])
    word = type(event.act).__name__.lower()
    moments = format_time(event.at), format_time(event.at, event.offset)
    own = [event.id, *moments, event.course, word, event.id in undone]
    return own + [values.get(name, "") for name in COLUMNS[len(own) :]]


def _cell(value: Any) -> str:  # noqa: ANN401  text, a number or a truth value
    """Return a cell that a spreadsheet treats as text: a formula gets an apostrophe."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    number, rest = split_number(text)
    return f"'{text}" if text[:1] in FORMULA_SIGNS and (number is None or rest) else text


def _time_text(writer: Any, text: io.StringIO, cells: Sequence[str]) -> str:  # noqa: ANN401  csv names no type
    text.seek(0)
    text.truncate()
    writer.writerow(cells)
    return text.getvalue()
