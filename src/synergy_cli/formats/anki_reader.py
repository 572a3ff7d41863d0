"""Reads the notes of an Anki package as questions: our own notes unchanged, others as typed answers or gaps."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from synergy_cli.course.files import MAX_BYTES
from synergy_cli.errors import SynergyError
from synergy_cli.formats.anki_notes import FIELDS, SEALED, gaps_of, has_gaps, own_of, seal
from synergy_cli.formats.anki_package import Package
from synergy_cli.formats.format import Item, Past
from synergy_cli.formats.incoming import with_paths
from synergy_cli.formats.markup import from_html, words_in
from synergy_cli.formats.notes import Notes, UnreadableError
from synergy_cli.formats.pictures import Received, at_address, received
from synergy_cli.formats.row import COLUMNS, Row, question_of, series_of, squeezed
from synergy_cli.parsing.schema import IDENTIFIER
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from synergy_cli.formats.anki_package import RawNote
    from synergy_cli.formats.format import Source
    from synergy_cli.formats.transfer import Transfer

_MOST_FIELDS = 100
_SOUND = re.compile(r"\[(?:sound|anki):[^\]\n]*\]")
_FORMULA = re.compile(r"\\[(\[]|\[/?(?:latex|\$\$?)\]")
_MORE = ("rationale", "hint")
_READ = frozenset({"stem", "definition", "key", "term", "options", *_MORE})
"""The meanings of field names; names such as `Type` or `Source` are too ambiguous."""
_FILTERED, _BY_HAND = 3, 4
_BUTTONS = (1, 2, 3, 4)
_FIRST_MOMENT, _LAST_MOMENT = 946_684_800_000, 4_102_444_800_000
"""The years 2000 to 2099, in milliseconds since 1970."""
_LONGEST = 3_600_000
_DEFAULT_DECK = "Default"
_EDITABLE = {"Stem": "stem", "Rationale": "rationale", "Hint": "hint"}
_MAX_ALL = 32 * 1024 * 1024
"""The maximum size of all pictures in bytes; beyond it, only descriptions are imported."""
_MOST_DAMAGED = 100
"""After this many failed pictures, no more are tried."""


def read(source: Source, transfer: Transfer) -> Iterator[Item]:
    """Yield the questions of a package; the number of each note stands for its line."""
    package = Package(source)
    kinds, pictures = package.kinds, _Pictures(package)
    for raw in package.notes():
        transfer.found += 1
        notes, name = pictures.notes(), shorten(_words(raw.fields.partition("\x1f")[0][:1000]))
        try:
            item = _item(raw, kinds.get(raw.kind), pictures, notes)
        except UnreadableError as error:
            transfer.skip(name, str(error), raw.number)
            continue
        notes.report(transfer, item.id if IDENTIFIER.fullmatch(item.id) else name, raw.number)
        yield item._replace(pictures=notes.pictures)


def _item(raw: RawNote, names: Sequence[str] | None, pictures: _Pictures, notes: Notes) -> Item:
    """Return a note as a question. Raises UnreadableError if a course cannot hold it."""
    fields = raw.fields.split("\x1f", _MOST_FIELDS)
    if names is None or len(fields) > _MOST_FIELDS:
        raise UnreadableError(
            "its note type is missing" if names is None else f"it has more than {_MOST_FIELDS} fields"
        )
    cells = dict(zip(names, fields, strict=False))
    topic = () if raw.deck == (_DEFAULT_DECK,) else raw.deck
    own = own_of(cells) if cells.keys() >= set(FIELDS) else None
    if own is not None:
        return Item(raw.number, _as_it_was(own, cells, pictures, notes), topic, _words(cells["ItemID"]), _reviews(raw))
    if len(fields) > len(names):
        notes.lose("fields that its note type does not have")
    fields = [_without_sound(field, notes) for field in fields[: len(names)]]
    row = Row([*_columns(names[: len(fields)], fields, notes), "guid", "tags (Anki)"], [*fields, raw.guid, raw.tags])
    data, reviews = question_of(row, "html", notes), _reviews(raw)
    if raw.cards > 1:
        several = "gaps" in data
        lost = ["reviews of single gaps"] if several and reviews else [] if several else ["its other cards"]
        reviews = () if several else reviews
        for what in lost:
            notes.lose(what)
    return Item(raw.number, data, topic, row.cells.get("id", ""), reviews)


def _reviews(raw: RawNote) -> tuple[Past, ...]:
    """Return the reviews that count for Anki's scheduler: those since the card was last reset, except cramming."""
    found: list[Past] = []
    for review in raw.reviews:
        if review.type == _BY_HAND and review.ease == 0:
            found.clear()
        counts = review.type < _FILTERED or (review.type == _FILTERED and review.ease != 0)
        if counts and review.button in _BUTTONS and _FIRST_MOMENT <= review.at < _LAST_MOMENT:
            found.append(Past(review.at * 1000, review.button, min(max(review.taken, 0), _LONGEST) / 1000))
    return tuple(found)


def _as_it_was(own: Mapping[str, Any], cells: Mapping[str, str], pictures: _Pictures, notes: Notes) -> dict[str, Any]:
    """Return the question of one of our notes, with edits made in Anki."""
    data = pictures.moved(own["question"], own["media"], notes)

    edited = [name for name, known in zip(SEALED, own["seals"], strict=False) if seal(cells[name]) != known]
    for name in edited:
        gaps = name == "Stem" and has_gaps(cells[name])
        if name not in _EDITABLE or gaps != ("gaps" in data and name == "Stem"):
            notes.lose(f"your edits in Anki to {name}")
        elif gaps:
            data |= gaps_of(cells[name], lambda html: from_html(html, notes), _words, notes)
        else:
            data[_EDITABLE[name]] = from_html(cells[name], notes)
    return {name: value for name, value in data.items() if value or name not in _EDITABLE.values()}


def _columns(shown: Sequence[str], fields: Sequence[str], notes: Notes) -> list[str]:
    """Return the meaning of each field: by name, if the names identify question and answer, else by position."""
    names = [name if COLUMNS.get(squeezed(name)) in _READ or series_of(name)[0] else "" for name in shown]
    meant = [COLUMNS.get(squeezed(name), "") for name in names]
    gaps = next((place for place, field in enumerate(fields) if has_gaps(field)), -1)
    if gaps >= 0 or not (set(meant) & {"stem", "definition"} and set(meant) & {"key", "term"}):
        names = [name if meaning in _MORE else "" for name, meaning in zip(names, meant, strict=True)]
        sides = [max(gaps, 0), *(place for place in range(len(names)) if place != max(gaps, 0))]
        for place, side in zip(sides, ("stem", "key"), strict=False):
            names[place] = side
    for name, known, field in zip(shown, names, fields, strict=False):
        if field and not known:
            notes.lose(f"the field `{shorten(name)}`")
    return names


def _without_sound(field: str, notes: Notes) -> str:
    """Return a field without sounds, and record formulas, which are shown literally."""
    if _FORMULA.search(field):
        notes.change("a formula is shown literally")
    silent = _SOUND.sub("", field)
    if silent != field:
        notes.lose("sound")
    return silent


def _words(html: str) -> str:
    """Return the text of HTML on one line."""
    return words_in(html, Notes())


class _Pictures:
    """The pictures of a package."""

    def __init__(self, package: Package) -> None:
        """Prepare without reading any picture."""
        self._package = package
        self._found: dict[str, Received | None] = {}
        self._left = _MAX_ALL

    def notes(self) -> Notes:
        """Return notes on a question whose texts may show these pictures."""
        notes = Notes()

        def place(source: str) -> str:
            found = None if at_address(source) else self._picture(unquote(source))
            if found is None:
                return at_address(source)
            notes.pictures[found.path] = found.data
            return found.path

        notes.place = place
        return notes

    def moved(self, data: Mapping[str, Any], names: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
        """Return one of our questions with its pictures imported; `names` has their names in Anki by path."""

        def moved(path: str) -> str:
            name = names.get(normpath(unquote(path)))
            found = notes.place(str(name)) if name is not None else path
            if not found:
                notes.lose("a picture")
            return found or path

        return with_paths(data, moved) if names else dict(data)

    def _picture(self, name: str) -> Received | None:
        if name not in self._found and self._left > 0:
            try:
                data = self._package.media(name, min(MAX_BYTES, self._left))
                self._left -= len(data)
            except SynergyError:  # one that is damaged or too large is lost, and not the whole package
                data = b""
                self._left -= _MAX_ALL // _MOST_DAMAGED
            self._found[name] = received(name, data)
        return self._found.get(name)
