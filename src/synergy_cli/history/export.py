"""Exports of the history: CSV, JSON Lines and JSON documents."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from synergy_cli import __version__
from synergy_cli.history.events import WORDS, Answer, Overrule, QuestionReport, Undo, format_time
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from synergy_cli.course.course import Manifest
    from synergy_cli.course.question import Question
    from synergy_cli.history.events import Event
    from synergy_cli.history.history import History, HistoryReport, LogReport, Merged


_NUMBER = re.compile(r"[+-]?\s*\d[\d.,]*(?:[eE][+-]?\d+)?")
COLUMNS = ("id", "utc", "local", "course", "act", "undone", *Answer._fields, "event", "page", "suspended", "text")
LINES_AT_A_TIME = 1000
FORMULA_SIGNS = tuple("=+-@\t\r\n") + tuple(chr(ord(char) + 0xFEE0) for char in "=+-@")
"""A spreadsheet treats a cell that starts with one of these as a formula, full-width characters included."""


def check_document(report: HistoryReport) -> dict[str, Any]:
    """Return the result of `history check` as a JSON document."""
    return {
        "sound": report.sound,
        "logs": [_file_document(log) for log in report.logs],
        "repeated": report.repeated,
        "clashing": list(report.clashing),
        "strangers": [str(path) for path in report.strangers],
        "index_rows_mended": report.mended,
    }


def merge_document(merged: Sequence[Merged]) -> dict[str, Any]:
    """Return the result of `history merge` as a JSON document."""
    return {"files": [_file_document(file) for file in merged]}


def undo_document(event: Event, act: Answer | Overrule, stem: str) -> dict[str, Any]:
    """Return the result of `history undo` as a JSON document; an empty stem means unknown."""
    when = format_time(event.at, event.offset)
    return {
        "undone": act.question,
        "at": when,
        "verdict": act.verdict,
        "course": event.course,
        "stem": stem or None,
    }


class ReportedQuestion(NamedTuple):
    """The reports on one question.

    Attributes:
        question: None if the course no longer has it.
        told: the days, as ISO dates, and the report of each day.
    """

    id: str
    revision: int
    question: Question | None
    told: tuple[tuple[str, str], ...]


def reports(events: Iterable[Event], questions: Mapping[str, Question]) -> list[ReportedQuestion]:
    """Return the reports on each question, from their events; `questions` has the questions of the course."""
    told: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for event in events:
        if isinstance(event.act, QuestionReport):
            day = format_time(event.at, event.offset).partition(" ")[0]
            told.setdefault((event.act.question, event.act.revision), []).append((day, event.act.text))
    return [ReportedQuestion(*key, questions.get(key[0]), tuple(lines)) for key, lines in told.items()]


def report_text(found: Sequence[ReportedQuestion], manifest: Manifest) -> str:
    """Return the reports on a course as Markdown, ready to send to its author."""
    version = f", version {manifest.version}" if manifest.version else ""
    parts = [f"# Faulty questions: {manifest.title}", f"Course `{manifest.id}`{version}; synergy {__version__}."]
    for report in found:
        parts += [f"## {report.id}", " ".join([f"Revision {report.revision}.", *_since(report)])]
        if report.question is not None:
            parts.append("\n".join(f"> {line}".rstrip() for line in report.question.stem.strip().split("\n")))
        parts.append("\n".join(f"- {day}: {text}" for day, text in report.told))
    return "\n\n".join(parts) + "\n"


def _since(report: ReportedQuestion) -> list[str]:
    """Return what has happened to a question since, and which passage answers it."""
    if report.question is None:
        return ["The course no longer has it."]
    newer = report.question.revision != report.revision
    changed = [f"The course has revision {report.question.revision}."] if newer else []
    return [*changed, *([f"Passage `{report.question.passage}`."] if report.question.passage else [])]


def report_document(found: Sequence[ReportedQuestion], manifest: Manifest) -> dict[str, Any]:
    """Return the reports on a course as a JSON document."""
    rows = [
        {
            "id": report.id,
            "revision": report.revision,
            "current_revision": report.question.revision if report.question is not None else None,
            "passage": (report.question.passage or None) if report.question is not None else None,
            "stem": report.question.stem if report.question is not None else None,
            "told": [{"day": day, "text": text} for day, text in report.told],
        }
        for report in found
    ]
    course = {"id": manifest.id, "title": manifest.title, "version": manifest.version}
    return {"course": course, "questions": rows}


def _file_document(file: LogReport | Merged) -> dict[str, Any]:
    damaged = [{"line": number, "fault": fault} for number, fault in file.damaged]
    return {**file._asdict(), "path": str(file.path), "damaged": damaged}


def export(history: History, form: str) -> Iterator[str]:
    """Yield all events, each once, log by log, as text in chunks of lines.

    The form is `jsonl`, the lines as stored, or `csv`, a row per event with the same columns for every act.
    """
    rows = _csv_rows(history) if form == "csv" else (line.decode("ascii") + "\n" for _, line in history.events())
    while part := "".join(islice(rows, LINES_AT_A_TIME)):
        yield part


def export_document(history: History) -> dict[str, Any]:
    """Return all events, as stored, as a JSON document."""
    return {"events": [json.loads(line) for _, line in history.events()]}


def _csv_rows(history: History) -> Iterator[str]:
    undone = {event.act.event for event, _ in history.events() if isinstance(event.act, Undo)}
    yield _csv_line(COLUMNS)
    for event, _ in history.events():
        yield _csv_line([_cell(value) for value in _row(event, undone)])


def _row(event: Event, undone: set[str]) -> list[Any]:
    """Return the cells of an event; cells that its act does not have are empty."""
    values = event.act._asdict()
    if "given" in values:
        values["given"] = "; ".join(values["given"])
    act = WORDS[type(event.act)]
    moments = format_time(event.at), format_time(event.at, event.offset)
    own = [event.id, *moments, event.course, act, event.id in undone]
    return own + [values.get(name, "") for name in COLUMNS[len(own) :]]


def _cell(value: Any) -> str:  # noqa: ANN401  text, a number or a truth value
    """Return a cell that a spreadsheet reads as text: a would-be formula gets an apostrophe."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text[:1] in FORMULA_SIGNS and not _NUMBER.fullmatch(text) else text


def _csv_line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return text.getvalue()
