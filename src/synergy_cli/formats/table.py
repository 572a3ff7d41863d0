"""Tables: CSV for spreadsheets, TSV for two-sided cards; both are read with any known column names."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from synergy_cli.course.arrangements import Match, Order
from synergy_cli.course.choices import Choice, Multiple, TrueFalse
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.errors import SynergyError
from synergy_cli.formats.format import MAX_QUESTIONS, Format
from synergy_cli.formats.markup import plain_text
from synergy_cli.formats.moodle_answers import tags_of
from synergy_cli.formats.notes import Draft, items
from synergy_cli.formats.options import listed
from synergy_cli.formats.paper import sheet_of
from synergy_cli.formats.row import COLUMNS, LETTERS, NUMBERED, Row, is_formula, question_of, series_of, squeezed
from synergy_cli.formats.transfer import report_losses
from synergy_cli.records import NamedTuple
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from synergy_cli.course.question import Part, Question
    from synergy_cli.formats.format import Bank, Item, Source
    from synergy_cli.formats.transfer import Transfer

_ALWAYS = ("id", "type", "stem")
_BEFORE = ("id", "type", "topic", "passage", "context", "stem")
_AFTER = (
    "key",
    "accept",
    "tolerance",
    "unit",
    "units",
    "exact",
    "shuffle",
    "last",
    "rationale",
    "hint",
    "level",
    "tags",
)
_END = ("sources", "revision")
"""The columns in order; the option columns come after `_BEFORE`."""
_ON_A_CARD = ("context", "rationale", "level", "tags", "fixed order")
_FOR_ANKI = (
    "separator:tab",
    "html:false",
    "guid column:1",
    "tags column:5",
    "columns:guid\tfront\tback\trationale\ttags",
)
"""Directives for Anki; other programs may treat them as comments."""
_DIRECTIVE = re.compile(r"#([a-z][a-z ]*):(.*)")
_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "colon": ":", "space": " "}
_CANDIDATES = "\t;,|"
_FEW = 2


def write(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the column names and a line for each question; empty columns are left out."""
    del transfer  # everything has a column
    rows = [{**_cells(question), "topic": bank.topic(question)} for question in bank.questions]
    used = {name for row in rows for name, cell in row.items() if cell}
    most = max([0, *(int(name.rpartition("_")[2]) for name in used if name.startswith(NUMBERED))])
    options = [f"{name}{number}" for number in range(1, most + 1) for name in NUMBERED]
    names = [name for name in (*_BEFORE, *options, *_AFTER, *_END) if name in used or name in _ALWAYS]
    yield _line(names)
    for row in rows:
        yield _line([_guarded(row.get(name, "")) for name in names])


def _cells(question: Question) -> dict[str, str]:
    """Return the cells of a question."""
    cells = {
        "id": question.id,
        "type": question.type,
        "passage": question.passage,
        "context": question.context,
        "stem": question.stem,
        "rationale": question.rationale,
        "hint": question.hint,
        "level": question.level if question.level != type(question).level else "",
        "tags": _tags(question.tags),
        "sources": " ".join(question.sources),
        "revision": str(question.revision) if question.revision > 1 else "",
        **_answers(question),
    }
    return {name: cell for name, cell in cells.items() if cell}


def _answers(question: Question) -> dict[str, str]:
    """Return the cells that depend on the type."""
    cells: dict[str, str] = {}
    match question:
        case Choice() | Multiple():
            cells = _options(question)
        case TrueFalse():
            cells = {"key": str(question.key).lower()}
        case Order():
            cells = _numbered("option", question.order)
        case Cloze():
            cells = _numbered("option", map(_lines, question.gaps)) | {"exact": "yes" if question.exact else ""}
        case Match():
            cells = _pairs(question)
        case Number() | Short():
            cells = _typed(question)
    return cells


def _pairs(question: Match) -> dict[str, str]:
    rights = [right for _, right in question.pairs] + [wrong.text for wrong in question.distractors]
    feedback = [*("" for _ in question.pairs), *(wrong.feedback for wrong in question.distractors)]
    lefts = _numbered("option", [left for left, _ in question.pairs])
    return lefts | _numbered("match", rights) | _numbered("feedback", feedback)


def _options(question: Choice | Multiple) -> dict[str, str]:
    options = listed(question)
    last = {named.text for named in question.wrong if named.fixed}
    letters = list(zip(LETTERS, options, strict=False))
    cells = _numbered("option", [option.text for option in options])
    cells |= _numbered("feedback", [option.feedback for option in options])
    cells["key"] = " ".join(letter for letter, option in letters if option.right)
    if not question.shuffle:
        return {**cells, "shuffle": "no"}
    return {**cells, "last": " ".join(letter for letter, option in letters if option.text in last)}


def _typed(question: Number | Short) -> dict[str, str]:
    cells = {"key": question.key, "accept": _lines(question.accept)}
    cells |= _numbered("option", [wrong.text for wrong in question.distractors])
    cells |= _numbered("feedback", [wrong.feedback for wrong in question.distractors])
    if isinstance(question, Short):
        return cells | {"exact": "yes" if question.exact else ""}
    units = "\n".join(f"{name} = {size}" for name, size in question.units)
    tolerance = question.tolerance if question.tolerance != type(question).tolerance else ""
    return cells | {"tolerance": tolerance, "unit": question.unit, "units": units}


def _numbered(name: str, cells: Iterable[str]) -> dict[str, str]:
    return {f"{name}_{number}": cell for number, cell in enumerate(cells, start=1)}


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts)


def _tags(tags: Sequence[str]) -> str:
    """Return tags separated by semicolons, or by line breaks if a tag contains a separator."""
    return "\n".join([*tags, ""]) if any(set(";,") & set(tag) for tag in tags) else "; ".join(tags)


def _guarded(text: str) -> str:
    """Return a cell that no spreadsheet treats as a formula."""
    return f"'{text}" if is_formula(text) else text


def _line(cells: Sequence[str], separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return text.getvalue()


def write_cards(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield a card for each question: the question with its options, and the right answer."""
    yield "".join(f"#{line}\n" for line in (*_FOR_ANKI, f"deck:{' '.join(bank.title.split())}"))
    for question in bank.questions:
        report_losses(question, _ON_A_CARD, transfer)
        transfer.change(question.id, "a two-sided card, which is not marked")
        front = "\n\n".join(plain_text(question, text) for text in (question.context, question.stem) if text)
        sides = [f"{front}{_listing(question)}", "\n".join(_displayed(question, part) for part in question.solution)]
        tags = " ".join("_".join(tag.split()) for tag in tags_of(question))
        yield _line([bank.guid(question), *sides, plain_text(question, question.rationale), tags], "\t")


def _displayed(question: Question, part: Part) -> str:
    return f"{question.displayed(part.label)}{part.joint}{plain_text(question, part.text)}"


def _listing(question: Question) -> str:
    """Return the list below a stem, always in the same order."""
    sheet = sheet_of(question)
    options = [option.text for option in listed(question)] if question.offers else sheet.options
    lines = [f"{label}. {plain_text(question, text)}" for label, text in zip(LETTERS, options, strict=False)]
    partners = [f"{number}. {plain_text(question, text)}" for number, text in enumerate(sheet.partners, start=1)]
    return "".join("\n".join(["\n", *part]) for part in (lines, partners) if part)


class _Table(NamedTuple):
    """A table: the format of its texts, its column names, and its rows with their first lines."""

    form: str
    columns: list[str]
    rows: list[tuple[int, list[str]]]


def read(source: Source, transfer: Transfer) -> Iterator[Item]:
    """Yield the questions of a table. Raises SynergyError if it is not a table."""
    table = _table(source)
    _report_unread(table, transfer)
    return items(_drafts(table), transfer)


def _drafts(table: _Table) -> Iterator[Draft]:
    for line, cells in table.rows:
        row = Row(table.columns, cells)
        name = row.cells.get("id") or shorten(row.cells.get("stem", ""))
        yield Draft(line, name, partial(question_of, row, table.form), row.topic, row.cells.get("id", "").strip())


def holds(start: bytes) -> bool:
    """Whether the start of a file looks like a table of questions."""
    first = start.partition(b"\n")[0].decode("utf-8-sig", "replace")
    names = {COLUMNS.get(squeezed(name)) for name in re.split(r"[,;\t|]", first)}
    return _DIRECTIVE.match(first) is not None or len(names & {"stem", "key", "term", "definition"}) == _FEW


def _table(source: Source) -> _Table:
    """Split a file into rows. Raises SynergyError if it cannot be split."""
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
    """Return the directives above a table, the table, and the number of lines above it."""
    found, at, above = {}, 0, 0
    while match := _DIRECTIVE.match(text, at):
        found[match[1].strip()] = match[2].rstrip(",;") if match[1] != "columns" else match[2].strip('"')
        at = match.end() + 1
        above += 1
    return found, text[at:], above


def _rows(path: str, text: str, separator: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty rows, each with its first line."""
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
    """Whether a row names columns, including the question column."""
    return not {COLUMNS.get(squeezed(cell)) for cell in cells}.isdisjoint({"stem", "definition"})


def _completed(columns: list[str], directives: Mapping[str, str], rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    """Return the names of all columns: from directives, or the two sides for cards without names.

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
    """Record non-empty columns that have no meaning here."""
    for index, name in enumerate(table.columns):
        known = COLUMNS.get(squeezed(name)) or series_of(name)[0] or name == "notetype"
        if not known and any(cells[index].strip() for _, cells in table.rows if index < len(cells)):
            transfer.reduce(name.strip() or f"column {index + 1}", "a column that is not read", 1)


CSV = Format("csv", "CSV, for spreadsheets", (".csv",), write, read, holds)
TSV = Format("tsv", "TSV, two-sided cards", (".tsv", ".tab"), write_cards, read)
