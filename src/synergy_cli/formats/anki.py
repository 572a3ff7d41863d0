"""Anki packages: written with a card for each question, which Anki updates on a second import, and read.

The layout is the oldest that Anki still reads, and everything that a second import relies on is permanent: a note is
identified by its GUID, which only depends on the ids of course and question, and is updated only if its last change is
later than the one known to Anki.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from binascii import crc32
from contextlib import suppress
from itertools import count
from posixpath import basename
from typing import TYPE_CHECKING, Any

from synergy_cli.course.files import read_bytes
from synergy_cli.days import study_day
from synergy_cli.formats.anki_moments import content_digest
from synergy_cli.formats.anki_notes import FIELDS, NOTE_TYPES, note_of, sources
from synergy_cli.formats.anki_reader import read
from synergy_cli.formats.format import Format
from synergy_cli.formats.moodle_answers import tags_of
from synergy_cli.formats.notes import UnreadableError
from synergy_cli.formats.pictures import received
from synergy_cli.formats.transfer import report_losses
from synergy_cli.parsing.report import ContentError
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from synergy_cli.course.question import Question
    from synergy_cli.formats.anki_notes import Note, NoteType
    from synergy_cli.formats.format import Bank
    from synergy_cli.formats.transfer import Transfer
    from synergy_cli.history.scheduler import Fitted, Learnt

_HELD = ("feedback", "rationale", "hint", "level", "tags", "fixed order", "exactness", "other units")
_FIRST_ID = 1_767_225_600_000
"""The first id of notes, cards and decks: Anki treats ids as milliseconds since 1970, and this one is in 2026."""
_SPREAD = 10**9
_CREATED = 1_577_851_200
"""The start of the first day in the package: 1 January 2020, 4:00 UTC."""
_DESIGNED = 1_767_225_600
"""When the note types last changed, in seconds since 1970; raise it with every change, otherwise Anki keeps the old
ones."""
_FIRST_DAY = study_day(_CREATED * 1_000_000, 0)
_NEW, _REVIEW = 0, 2
_LEARNED, _REVIEWED = 0, 1
_EASE = 2500
_SCHEMA = """
create table col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,
  ivl integer not null, factor integer not null, reps integer not null, lapses integer not null,
  left integer not null, odue integer not null, odid integer not null, flags integer not null, data text not null);
create table revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
  type integer not null);
create table graves (usn integer not null, oid integer not null, type integer not null);
"""
_CSS = """\
.card { font: 1.2em/1.5 sans-serif; max-width: 40em; margin: 0 auto; padding: 0 0.5em; }
.card ol, .card ul { padding-left: 1.5em; }
.card pre { overflow-x: auto; }
.card img { max-width: 100%; }
.key, .cloze { font-weight: bold; }
.source, .hint { font-size: 0.85em; }
"""


def write(bank: Bank, transfer: Transfer) -> Iterator[bytes]:
    """Return a package, with the same bytes for the same questions."""
    package = _Package(bank)
    for question in bank.questions:
        report_losses(question, _HELD, transfer)
        try:
            package.add(question)
        except UnreadableError as error:
            transfer.skip(question.id, str(error))
    yield package.content()


class _Row(NamedTuple):
    """A note to be written."""

    question: Question
    note: Note
    guid: str
    tags: str
    changed: int


class _Package:
    """Gathers notes and pictures, and writes them."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._rows: list[_Row] = []
        self._source = sources(bank, self._shown)
        self._media: dict[str, bytes] = {}
        self._moments: set[int] = set()
        self._first = _FIRST_ID + crc32(bank.id.encode()) % _SPREAD * 1000
        self._preset = _preset(bank.title, self._first, bank.fitted) if bank.fitted is not None else _PRESET

    def add(self, question: Question) -> None:
        """Add a question."""
        note, guid = note_of(question, self._source(question), self._named), self._bank.guid(question)
        tags = "".join(f" {'_'.join(tag.split())}" for tag in tags_of(question))
        changed = self._bank.changed(guid, content_digest(note.type.id, tags, "\x1f".join(note.fields)))
        self._rows.append(_Row(question, note, guid, f"{tags} " if tags else "", changed))

    def _named(self, path: str) -> str:
        """Add a picture of the course; return its name among the media."""
        try:
            data = read_bytes(self._bank.folder, self._bank.folder / path)
        except ContentError as error:
            raise UnreadableError(f"the picture `{path}` cannot be read") from error
        found = received(basename(path), data)
        if found is None:
            raise UnreadableError(f"the file `{path}` is not a picture, or has active content")
        self._media[basename(found.path)] = data
        return basename(found.path)

    def _shown(self, path: str) -> str:
        """Add a picture of a passage; return its name among the media, or an empty text if it is not in the course."""
        with suppress(UnreadableError):
            return self._named(path) if "://" not in path else ""
        return ""

    def content(self) -> bytes:
        """Return the package."""
        file = io.BytesIO()
        names = {str(number): name for number, name in enumerate(self._media)}
        with zipfile.ZipFile(file, "w") as archive:
            _store(archive, "collection.anki2", self._collection())
            _store(archive, "media", json.dumps(names).encode())
            for number, name in names.items():
                _store(archive, number, self._media[name])
        return file.getvalue()

    def _collection(self) -> bytes:
        db = sqlite3.connect(":memory:")
        try:
            db.executescript(_SCHEMA)
            decks = {name: self._first + index for index, name in enumerate(dict.fromkeys(map(self._deck, self._rows)))}
            last = max((row.changed for row in self._rows), default=0)
            _insert(db, "col", (1, *_about(last, decks, self._preset)))
            for index, row in enumerate(self._rows):
                self._add(db, index, row, decks[self._deck(row)])
            db.commit()
            return db.serialize()
        finally:
            db.close()

    def _deck(self, row: _Row) -> str:
        """Return the name of a note's deck: the topic's subdeck of the course's deck."""
        parts = (self._bank.title, self._bank.topic(row.question))
        return "::".join(" ".join(re.sub(":{2,}", ":", part).split()) for part in parts if part)

    def _add(self, db: sqlite3.Connection, place: int, row: _Row, deck: int) -> None:
        """Write a note, its card, and the learner's memory state."""
        identity = self._first + place
        fields = row.note.fields
        note = (row.guid, row.note.type.id, row.changed, -1, row.tags, "\x1f".join(fields), fields[0], 0, 0, "")
        learnt = self._bank.learnt.get((row.question.id, row.question.revision))
        schedule = _schedule(learnt) if learnt else (_NEW, _NEW, place, 0, 0, 0, 0, 0, 0, 0, 0, "")
        _insert(db, "notes", (identity, *note))
        _insert(db, "cards", (identity, identity, deck, 0, row.changed, -1, *schedule))
        for at, *line in _log(identity, learnt) if learnt else ():
            moment = next(each for each in count(at) if each not in self._moments)  # it is the id of the line
            self._moments.add(moment)
            _insert(db, "revlog", (moment, *line))


def _insert(db: sqlite3.Connection, table: str, row: tuple[Any, ...]) -> None:
    db.execute(f"insert into {table} values (?{', ?' * (len(row) - 1)})", row)  # noqa: S608  our own names


def _schedule(learnt: Learnt) -> tuple[Any, ...]:
    """Return the scheduling columns of a card, from its type to its data, where Anki stores the memory state."""
    card = learnt.card
    memory = {"s": card.stability, "d": card.difficulty, "decay": card.decay}
    state = json.dumps({**memory, "lrt": learnt.reviews[-1][0] // 1_000_000})
    days = max(1, card.due - card.last)
    return (_REVIEW, _REVIEW, card.due - _FIRST_DAY, days, _EASE, card.reviews, card.lapses, 0, 0, 0, 0, state)


def _log(identity: int, learnt: Learnt) -> Iterator[tuple[int, ...]]:
    """Yield the reviews of a card as Anki logs them; the first has the type "learn", which marks the start for Anki."""
    before = 0
    for index, (at, review) in enumerate(learnt.reviews):
        passed, kind = (review.day - before, _REVIEWED) if index else (0, _LEARNED)
        yield at // 1000, identity, -1, review.rating, max(1, passed), passed, _EASE, 0, kind
        before = review.day


def _about(last: int, decks: Mapping[str, int], preset: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the row that describes the collection, given the time of its last change in seconds."""
    conf = {"schedVer": 2, "sched2021": True, "rollover": 4, "creationOffset": 0, "nextPos": 1, "curDeck": 1}
    named = {"Default": 1, **decks}
    models = {kind.id: _model(kind) for kind in NOTE_TYPES}
    texts: tuple[Any, ...] = (
        conf,
        models,
        {number: _deck(name, number, preset["id"] if name in decks else 1) for name, number in named.items()},
        {each["id"]: each for each in (_PRESET, preset)},
        {},
    )
    return (_CREATED, last * 1000, _DESIGNED * 1000, 11, 0, 0, 0, *map(json.dumps, texts))


def _model(kind: NoteType) -> dict[str, Any]:
    """Return a note type in Anki's format."""
    shown = {"font": "Arial", "size": 20, "sticky": False, "rtl": False, "media": []}
    hidden = {"collapsed": True, "plainText": True, "excludeFromSearch": True}
    fields = [
        {"name": name, "ord": index, **shown, **(hidden if name == FIELDS[-1] else {})}
        for index, name in enumerate(FIELDS)
    ]
    sides = {"qfmt": kind.front, "afmt": kind.back, "bqfmt": "", "bafmt": "", "did": None}
    return {
        "id": kind.id,
        "name": kind.name,
        "type": int(kind.has_gaps),
        "mod": _DESIGNED,
        "usn": -1,
        "sortf": 0,
        "did": 1,
        "flds": fields,
        "tmpls": [{"name": "Card", "ord": 0, **sides}],
        "css": _CSS,
        "latexPre": "\\documentclass{article}\n\\begin{document}\n",
        "latexPost": "\\end{document}",
        "req": [[0, "any", [0]]],
        "vers": [],
        "tags": [],
    }


_PRESET = {
    "id": 1,
    "name": "Default",
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "autoplay": True,
    "timer": 0,
    "replayq": True,
    "dyn": False,
    "new": {"delays": [1, 10], "ints": [1, 4, 0], "initialFactor": _EASE, "order": 1, "perDay": 20, "bury": False},
    "rev": {"perDay": 200, "ease4": 1.3, "ivlFct": 1, "maxIvl": 36500, "bury": False, "hardFactor": 1.2},
    "lapse": {"delays": [10], "mult": 0, "minInt": 1, "leechFails": 8, "leechAction": 1},
}


def _preset(title: str, first: int, fitted: Fitted) -> dict[str, Any]:
    """Return deck options with a learner's weights.

    Anki keeps existing options with the same id, so different options get a different id.
    """
    weights, retention = fitted
    identity = first + crc32(json.dumps(fitted).encode()) % _SPREAD
    return {**_PRESET, "id": identity, "name": title, "fsrsParams6": weights, "desiredRetention": retention}


def _deck(name: str, number: int, preset: int) -> dict[str, Any]:
    """Return a deck in Anki's format, with its options by id."""
    today = {f"{what}Today": [0, 0] for what in ("new", "rev", "lrn", "time")}
    about = {"desc": "", "dyn": 0, "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0}
    return {"id": number, "name": name, "mod": 0, "usn": -1, "conf": preset, **about, **today}


def _store(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file to an archive, with a constant timestamp."""
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


ANKI = Format("anki", "Anki packages", (".apkg",), write, read, lambda start: start.startswith(b"PK"), packed=True)
