"""Reads the notes of an Anki package as questions: our own as what they were, others as cards to type or to fill."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from synergy_cli.course.typed import Cloze
from synergy_cli.formats.anki_notes import FIELDS, SEALED, own_of, seal
from synergy_cli.formats.anki_package import Package
from synergy_cli.formats.format import Item, Past
from synergy_cli.formats.html_text import read_html
from synergy_cli.formats.markup import from_html, words_of
from synergy_cli.formats.moodle_answers import from_tags
from synergy_cli.formats.notes import Notes, UnreadableError
from synergy_cli.formats.row import COLUMNS, Row, question_of, series_of, squeezed
from synergy_cli.parsing.schema import IDENTIFIER
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from synergy_cli.formats.anki_package import NoteKind, RawNote
    from synergy_cli.formats.format import Source
    from synergy_cli.formats.transfer import Transfer

_MOST_FIELDS = 100
_FEW = 2
_SOUND = re.compile(r"\[(?:sound|anki):[^\]\n]*\]")
_FORMULA = re.compile(r"\\[(\[]|\[/?(?:latex|\$\$?)\]")
_GAP = re.compile(r"\{\{c\d+::((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_OPEN_GAP = re.compile(r"\{\{c\d+::")
_MASK = "image-occlusion:"
_SIDES = ("stem", "definition")
_READ = frozenset({"stem", "definition", "key", "term", "options", "rationale", "hint"})
"""What a field may be by its name; a name such as `Type` or `Source` means too many things."""
_FILTERED, _BY_HAND = 3, 4
_BUTTONS = (1, 2, 3, 4)
_FIRST_MOMENT, _LAST_MOMENT = 946_684_800_000, 4_102_444_800_000
"""The years 2000 to 2099, in milliseconds since 1970."""
_LONGEST = 3_600_000
_DEFAULT_DECK = "Default"
_EDITABLE = {"Stem": "stem", "Rationale": "rationale", "Hint": "hint"}


def holds(start: bytes) -> bool:
    """Whether the beginning of a file looks like a package."""
    return start.startswith(b"PK")


def read(source: Source, transfer: Transfer) -> Iterator[Item]:
    """Yield the questions of a package; its number stands for the line of each.

    Raises SynergyError if it cannot be read.
    """
    package = Package(source.path, source.data)
    kinds = package.kinds
    for raw in package.notes():
        transfer.found += 1
        notes, name = Notes(), shorten(_words(raw.fields.partition("\x1f")[0][:1000]))
        try:
            item = _item(raw, kinds.get(raw.kind), notes)
        except UnreadableError as error:
            transfer.skip(name, str(error), raw.number)
            continue
        notes.report(transfer, item.id if IDENTIFIER.fullmatch(item.id) else name, raw.number)
        yield item


def _item(raw: RawNote, kind: NoteKind | None, notes: Notes) -> Item:
    """Return a note as a question. Raises UnreadableError if a course cannot hold it."""
    fields = raw.fields.split("\x1f", _MOST_FIELDS)
    if kind is None or len(fields) > _MOST_FIELDS:
        raise UnreadableError("its note type is missing" if kind is None else f"it has more than {_MOST_FIELDS} fields")
    cells = dict(zip(kind.fields, fields, strict=False))
    topic = () if raw.deck == (_DEFAULT_DECK,) else raw.deck
    own = own_of(cells) if cells.keys() >= set(FIELDS) else None
    if own is not None:
        return Item(raw.number, _as_it_was(own, cells, notes), topic, _words(cells["ItemID"]), _reviews(raw))
    fields = [_without_sound(field, notes) for field in fields]
    row = Row([*_columns(kind, fields, notes), "guid", "tags (Anki)"], [*fields, raw.guid, raw.tags])
    if raw.cards > 1 and not _OPEN_GAP.search(raw.fields):
        notes.lose("its other cards")
    gaps = next((field for field in fields if _OPEN_GAP.search(field)), "")
    data = _with_gaps(gaps, row, notes) if gaps else question_of(row, "html", notes)
    if gaps and raw.cards > 1 and raw.reviews:
        notes.lose("reviews of single gaps")
    return Item(raw.number, data, topic, row.cells.get("id", ""), () if gaps and raw.cards > 1 else _reviews(raw))


def _reviews(raw: RawNote) -> tuple[Past, ...]:
    """Return the reviews that count for Anki's scheduler: those since the card was last reset, but for cramming."""
    found: list[Past] = []
    for review in raw.reviews:
        if review.type == _BY_HAND and review.ease == 0:
            found.clear()
        counts = review.type < _FILTERED or (review.type == _FILTERED and review.ease != 0)
        if counts and review.button in _BUTTONS and _FIRST_MOMENT <= review.at < _LAST_MOMENT:
            found.append(Past(review.at * 1000, review.button, min(max(review.taken, 0), _LONGEST) / 1000))
    return tuple(found)


def _as_it_was(own: Mapping[str, Any], cells: Mapping[str, str], notes: Notes) -> dict[str, Any]:
    """Return the question of one of our notes, with what was edited in Anki."""
    data: dict[str, Any] = dict(own["question"])
    edited = [name for name, known in zip(SEALED, own["seals"], strict=False) if seal(cells[name]) != known]
    for name in edited:
        gaps = name == "Stem" and bool(_OPEN_GAP.search(cells[name]))
        if name not in _EDITABLE or gaps != ("gaps" in data and name == "Stem"):
            notes.lose(f"what was edited in Anki under {name}")
        elif gaps:
            data |= _gaps(cells[name], notes)
        else:
            data[_EDITABLE[name]] = notes.take(from_html(cells[name]))
    return {name: value for name, value in data.items() if value or name not in _EDITABLE.values()}


def _columns(kind: NoteKind, fields: Sequence[str], notes: Notes) -> list[str]:
    """Return what each field is: by its name, if the names say what is asked and what is right; else by its place."""
    names = [
        name if COLUMNS.get(squeezed(name)) in _READ or series_of(name)[0] else ""
        for name in kind.fields[: len(fields)]
    ]
    meant = {COLUMNS.get(squeezed(name), "") for name in names}
    if meant.isdisjoint(_SIDES) or meant.isdisjoint(("key", "term")):
        names = [
            "stem",
            "key",
            *("" if COLUMNS.get(squeezed(name)) in ("stem", "key") else name for name in names[_FEW:]),
        ]
    lost = [
        shorten(name) for name, known, field in zip(kind.fields, names, fields, strict=False) if not known and field
    ]
    for name in lost:
        notes.lose(f"the field `{name}`")
    return names[: len(fields)]


def _with_gaps(field: str, row: Row, notes: Notes) -> dict[str, Any]:
    """Return a note with gaps as a question, and what another field says as its rationale."""
    said = [text for text in (row.cells.get("rationale", ""), row.cells.get("key", "")) if text and text != field]
    reasons = [notes.take(from_html(text)) for text in said]
    more: dict[str, Any] = from_tags(filter(None, row.cells.get("tags", "").split("\n")))
    more |= {"rationale": "\n\n".join(filter(None, reasons))} if any(reasons) else {}
    return {"type": Cloze.type, **_gaps(field, notes), **more}


def _gaps(field: str, notes: Notes) -> dict[str, Any]:
    """Return the stem and the gaps of a field. Raises UnreadableError if one is in another, or asks about a picture."""
    gaps: list[list[str]] = []

    def gap(match: re.Match[str]) -> str:
        answer, _, hint = match[1].partition("::")
        if answer.startswith(_MASK):
            raise UnreadableError("it asks about the parts of a picture")
        gaps.append([_words(answer)])
        return f"___ ({hint})" if hint else "___"

    stem = _GAP.sub(gap, field)
    if _OPEN_GAP.search(stem):
        raise UnreadableError("a gap is inside another, or is not closed")
    if len(set(_OPEN_GAP.findall(field))) > 1:
        notes.change("its cards are one question with several gaps")
    return {"stem": notes.take(from_html(stem)), "gaps": gaps}


def _without_sound(field: str, notes: Notes) -> str:
    """Return a field without sounds, and note that a formula is shown as it is written."""
    if _FORMULA.search(field):
        notes.change("a formula is shown as it is written")
    silent = _SOUND.sub("", field)
    if silent != field:
        notes.lose("sound")
    return silent


def _words(html: str) -> str:
    """Return what HTML says, on one line."""
    return " ".join(words_of(read_html(html).blocks).split())
