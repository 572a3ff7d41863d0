"""Reads tables of questions, whatever their columns are called: of spreadsheets, of Quizlet, of Anki's text export."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from synergy_cli.errors import SynergyError
from synergy_cli.formats.format import MAX_QUESTIONS
from synergy_cli.formats.notes import Draft, items
from synergy_cli.formats.row import COLUMNS, Row, question_of, series_of, squeezed, topic_of
from synergy_cli.records import NamedTuple
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from synergy_cli.formats.format import Item, Source
    from synergy_cli.formats.transfer import Transfer

_DIRECTIVE = re.compile(r"#([a-z][a-z ]*):(.*)")
_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "colon": ":", "space": " "}
_CANDIDATES = "\t;,|"
_FEW = 2


class _Table(NamedTuple):
    """A table: how its texts are written, the names of its columns, and its rows with the lines they begin in."""

    form: str
    columns: list[str]
    rows: list[tuple[int, list[str]]]


def read(source: Source, transfer: Transfer) -> Iterator[Item]:
    """Yield the questions of a table.

    Raises SynergyError if it is no table.
    """
    table = _table(source)
    _report_unread(table, transfer)
    return items(_drafts(table), transfer)


def _drafts(table: _Table) -> Iterator[Draft]:
    for line, cells in table.rows:
        row = Row(table.columns, cells)
        name = row.cells.get("id") or shorten(row.cells.get("stem", ""))
        yield Draft(line, name, partial(question_of, row, table.form), topic_of(row), row.cells.get("id", "").strip())


def holds(start: bytes) -> bool:
    """Whether the beginning of a file looks like a table of questions."""
    first = start.partition(b"\n")[0].decode("utf-8-sig", "replace")
    names = {COLUMNS.get(squeezed(name)) for name in re.split(r"[,;\t|]", first)}
    return _DIRECTIVE.match(first) is not None or len(names & {"stem", "key", "term", "definition"}) == _FEW


def _table(source: Source) -> _Table:
    """Split a file into rows.

    Raises SynergyError if it cannot be split.
    """
    directives, text, above = _directives(source.text)
    separator = _SEPARATORS.get(directives.get("separator", "").lower(), directives.get("separator", ""))
    first = text.partition("\n")[0]
    separator = separator if len(separator) == 1 else max(_CANDIDATES, key=first.count)
    rows = list(islice(_rows(source.path, text, separator, above), MAX_QUESTIONS + 2))  # the names, and one too many
    columns = directives["columns"].split(separator) if "columns" in directives else []
    if not columns and rows and not directives and _names_sides(rows[0][1]):
        columns = rows.pop(0)[1]
    form = {"true": "html", "false": "plain"}.get(directives.get("html", "").lower(), "markdown")
    return _Table(form, _completed(columns, directives, rows), rows)


def _directives(text: str) -> tuple[dict[str, str], str, int]:
    """Return the lines above a table that say how to read it, the table, and the number of lines above it."""
    found, at, above = {}, 0, 0
    while match := _DIRECTIVE.match(text, at):
        found[match[1].strip()] = match[2].rstrip(",;") if match[1] != "columns" else match[2].strip('"')
        at = match.end() + 1
        above += 1
    return found, text[at:], above


def _rows(path: str, text: str, separator: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begin = above + 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield begin, cells
            begin = above + reader.line_num + 1
    except csv.Error as error:
        raise SynergyError(f"{path}:{begin}: this row cannot be read: {error}.") from error


def _names_sides(cells: Sequence[str]) -> bool:
    """Whether a row names columns: at least what is asked."""
    return not {COLUMNS.get(squeezed(cell)) for cell in cells}.isdisjoint({"stem", "definition"})


def _completed(columns: list[str], directives: Mapping[str, str], rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    """Return the names of all columns: those that directives name, and for cards without names their two sides.

    Of the two sides, the one with the shorter texts is typed, unless Anki says which is the front.
    """
    width = max((len(cells) for _, cells in rows), default=0)
    names = columns or [""] * width
    for kind, name in (("guid", "guid"), ("tags", "tags (Anki)"), ("deck", "deck"), ("notetype", "notetype")):
        number = directives.get(f"{kind} column", "")
        if number.isdecimal() and 0 < int(number[:3]) <= len(names):
            names[int(number) - 1] = name
    free = [place for place, name in enumerate(names) if not name][:_FEW]
    if columns or len(free) < _FEW:
        return names
    lengths = [sum(len(cells[place]) for _, cells in rows if place < len(cells)) for place in free]
    front, back = free[::-1] if lengths[0] < lengths[1] and not directives else free
    names[front], names[back] = "stem", "key"
    return names


def _report_unread(table: _Table, transfer: Transfer) -> None:
    """Record the columns that mean nothing here and are not empty."""
    for place, name in enumerate(table.columns):
        known = COLUMNS.get(squeezed(name)) or series_of(name)[0] or name == "notetype"
        if not known and any(cells[place].strip() for _, cells in table.rows if place < len(cells)):
            transfer.reduce(name.strip() or f"column {place + 1}", "a column that is not read", 1)
