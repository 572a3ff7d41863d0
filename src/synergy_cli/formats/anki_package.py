"""Opens a package of Anki, whoever made it: a zip with a database, of which nothing is believed.

Nothing is unpacked to disk, and no name in the archive is used as a path. The database is opened in memory and read
only; views, virtual tables and whatever else runs code of its own are refused, and so is what takes too long.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any
from weakref import finalize

from synergy_cli.errors import SynergyError
from synergy_cli.formats.format import MAX_QUESTIONS
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from synergy_cli.formats.format import Source

_MAX_DATABASE = 48 * 1024 * 1024
_MAX_TEXT = 16 * 1024 * 1024
"""Bytes of all notes together, as of a file of any other format."""
_MAX_JSON = 4 * 1024 * 1024
_MAX_MEMBERS = 20_000
_MAX_CARDS = 100_000
_MAX_REVIEWS = 300_000
_MAX_STEPS = 500
"""Times that SQLite may do `_STEP` operations: for a collection of the largest size it needs a tenth of that."""
_STEP = 100_000
_NEWEST, *_OLDER = ("collection.anki21b", "collection.anki21", "collection.anki2")
_ENTRY = b"PK\x01\x02"
_LONGEST_NUMBER = 64
"""Bits."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TABLES = ("col", "notes", "cards", "revlog", "notetypes", "fields", "decks")
_READS = frozenset({*_TABLES, "sqlite_master"})
_JOURNAL = slice(18, 20)
"""The bytes in which a database says that it needs a log beside it, which a package never has."""
_ZSTD = ("compression.zstd", "backports.zstd")
"""Python 3.14 has the first, and the second is the same for older ones."""


class RawReview(NamedTuple):
    """A line of Anki's log of reviews: milliseconds since 1970, the button, milliseconds taken, type, ease."""

    at: int
    button: int
    taken: int
    type: int
    ease: int


class RawNote(NamedTuple):
    """A note as the database has it.

    Attributes:
        number: its place among the notes, counted from 1.
        kind: the id of its note type.
        changed: when it last changed, in seconds since 1970.
        tags: with blanks between them.
        fields: with the character 0x1f between them.
        deck: the parts of the name of the deck that its first card is in.
        cards: how many it has.
        reviews: those of its first card, in order of time.
    """

    number: int
    guid: str
    kind: int
    changed: int
    tags: str
    fields: str
    deck: tuple[str, ...]
    cards: int
    reviews: tuple[RawReview, ...]


class Package:
    """A package of Anki. Every method raises SynergyError if it cannot be read."""

    def __init__(self, source: Source) -> None:
        """Open it."""
        self._name = source.path
        with self._explained():
            self._archive = _opened(source.data)
            self._db, self._tables = self._opened_database()

    def notes(self) -> Iterator[RawNote]:
        """Yield the notes."""
        size = 0
        with self._explained():
            for _ in self._rows("notes", "id", MAX_QUESTIONS):
                pass  # too many are refused before the first is read
            for number, row in enumerate(self._rows("notes", "id, guid, mid, mod, tags, flds"), start=1):
                identity, guid, kind, changed, tags, fields = row
                size += len(_text(fields))
                if size > _MAX_TEXT:
                    raise _LimitError(f"its notes have more than {_MAX_TEXT // 1024 // 1024} MiB")
                cards = self._cards.get(_whole(identity), [])
                card, deck = min(cards, default=(0, 0, 0))[1:]
                yield RawNote(
                    number,
                    _text(guid),
                    _whole(kind),
                    _whole(changed),
                    _text(tags),
                    _text(fields),
                    self._decks.get(deck, ()),
                    len(cards),
                    tuple(sorted(self._reviews.get(card, ()))),
                )

    def media(self, name: str, most: int) -> bytes:
        """Return a file that notes may show; empty if there is none of the name, or if it is larger than `most`."""
        if name not in self._media:
            return b""
        with self._explained():
            data = self._member(self._media[name], most)
            return _unpacked(data, self._name, most) if self._is_newest else data

    @cached_property
    def _media(self) -> Mapping[str, str]:
        """The names of files in the archive by those that notes have for them; none if the list cannot be read."""
        with suppress(SynergyError), self._explained():
            data = self._member("media", _MAX_JSON)
            if self._is_newest:
                names = islice(_listed(_unpacked(data, self._name, _MAX_JSON)), _MAX_MEMBERS)
                return {name: str(number) for number, name in enumerate(names)}
            return {str(name): str(number) for number, name in json.loads(data).items()}
        return {}

    @cached_property
    def kinds(self) -> Mapping[int, tuple[str, ...]]:
        """The names of the fields of each note type, by its id."""
        with self._explained():
            if "notetypes" not in self._tables:
                models = self._described("models").items()
                return {int(key): tuple(_text(field["name"]) for field in model["flds"]) for key, model in models}
            named: dict[int, list[tuple[int, str]]] = {_whole(kind): [] for (kind,) in self._rows("notetypes", "id")}
            for kind, place, name in self._rows("fields", "ntid, ord, name"):
                if _whole(kind) in named:
                    named[_whole(kind)].append((_whole(place), _text(name)))
            return {kind: tuple(name for _, name in sorted(fields)) for kind, fields in named.items()}

    @cached_property
    def _decks(self) -> Mapping[int, tuple[str, ...]]:
        if "decks" in self._tables:
            named = {_whole(key): _text(name).split("\x1f") for key, name in self._rows("decks", "id, name")}
        else:
            named = {int(key): _text(deck["name"]).split("::") for key, deck in self._described("decks").items()}
        return {key: tuple(filter(None, map(str.strip, parts))) for key, parts in named.items()}

    @cached_property
    def _cards(self) -> Mapping[int, list[tuple[int, int, int]]]:
        """The cards of each note: place, id, and deck, which is the one at home of a card in a filtered deck."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        for row in self._rows("cards", "id, nid, ord, did, odid", _MAX_CARDS):
            identity, note, place, deck, home = map(_whole, row)
            found.setdefault(note, []).append((place, identity, home or deck))
        return found

    @cached_property
    def _reviews(self) -> Mapping[int, list[RawReview]]:
        found: dict[int, list[RawReview]] = {}
        columns = "cid, id, ease, time, type, factor"
        for row in self._rows("revlog", columns, _MAX_REVIEWS) if "revlog" in self._tables else ():
            card, *review = map(_whole, row)
            found.setdefault(card, []).append(RawReview(*review))
        return found

    def _described(self, column: str) -> Mapping[str, Any]:
        """Return what a column of the collection says as JSON."""
        for (text,) in self._rows("col", column):
            found = json.loads(_text(text)) if len(_text(text)) <= _MAX_JSON else None
            if isinstance(found, dict):
                return found
        raise _LimitError(f"its `{column}` cannot be read")

    def _rows(self, table: str, columns: str, most: int = _MAX_CARDS) -> Iterator[tuple[Any, ...]]:
        """Yield columns of a table; the statement is ours, and nothing of the database is in it."""
        for number, row in enumerate(self._db.execute(f"select {columns} from {table}")):  # noqa: S608  our own names
            if number >= most:
                raise _LimitError(f"it has more than {most:,} {table}")
            yield row

    def _opened_database(self) -> tuple[sqlite3.Connection, frozenset[str]]:
        """Return the newest database of the archive, guarded, and the names of its tables."""
        names = self._archive.namelist()
        name = next((each for each in (_NEWEST, *_OLDER) if each in names), None)
        if name is None:
            raise _LimitError(f"it has no {_OLDER[-1]}")
        self._is_newest = name == _NEWEST
        packed = self._member(name, _MAX_DATABASE)
        data = bytearray(_unpacked(packed, self._name, _MAX_DATABASE) if self._is_newest else packed)
        data[_JOURNAL] = b"\x01\x01"
        db = sqlite3.connect(":memory:", cached_statements=0, check_same_thread=False)
        finalize(self, db.close)  # Python 3.13 and later warn about a connection that is left open
        db.deserialize(bytes(data))
        _guard(db)
        listed = db.execute("select name, sql from sqlite_master where type = 'table'")
        usual = {_text(name) for name, sql in listed if not _text(sql).lstrip().lower().startswith("create virtual")}
        missing = [each for each in ("col", "notes", "cards") if each not in usual]
        if missing:
            raise _LimitError(f"it has no table `{missing[0]}`")
        return db, frozenset(usual & set(_TABLES))

    def _member(self, name: str, most: int) -> bytes:
        """Return a file of the archive."""
        if self._archive.namelist().count(name) > 1:
            raise _LimitError(f"it has two files {name}")
        info = self._archive.getinfo(name)
        if info.compress_type not in _METHODS or info.flag_bits & 1:
            raise _LimitError(f"{name} is compressed in a way that Anki does not use")
        if info.file_size > most:  # what is read is never more than it says
            raise _LimitError(f"{name} is larger than {most // 1024 // 1024} MiB")
        with self._archive.open(info) as file:
            return file.read(most)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn whatever a damaged or hostile package causes into an error that names the file."""
        try:
            yield
        except _LimitError as error:
            raise SynergyError(f"{self._name} cannot be read as an Anki package: {error}.") from None
        except _DAMAGE as error:
            raise SynergyError(f"{self._name} is not an Anki package, or is damaged: {_brief(error)}.") from error


class _LimitError(Exception):
    """A package is not read; the text says why."""


_DAMAGE = (
    sqlite3.Error,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
)
"""What reading a file that is not what it says raises; RecursionError and NotImplementedError are RuntimeErrors."""


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


def _opened(data: bytes) -> zipfile.ZipFile:
    if data.count(_ENTRY) > _MAX_MEMBERS:  # before the list of its files is read, which takes memory for each
        raise _LimitError(f"it has more than {_MAX_MEMBERS:,} files")
    return zipfile.ZipFile(io.BytesIO(data))


def _listed(data: bytes) -> Iterator[str]:
    """Yield the names in the newest kind of list of media: messages, each of which begins with a name."""
    at = 0
    while at < len(data):
        size, at = _varint(data, at + 1)
        length, begin = _varint(data, at + 1)
        yield data[begin : begin + length].decode("utf-8", "replace")
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length, and the place after it."""
    number = shift = 0
    while data[at] & 0x80 and shift < _LONGEST_NUMBER:
        number, shift, at = number | (data[at] & 0x7F) << shift, shift + 7, at + 1
    return number | data[at] << shift, at + 1


def _unpacked(data: bytes, name: str, most: int) -> bytes:
    """Return a file of the newest kind of package, which only some versions of Python can unpack.

    Raises SynergyError if this one cannot.
    """
    for module in _ZSTD:
        try:
            zstd = import_module(module)
        except ImportError:
            continue
        try:
            found: bytes = zstd.ZstdDecompressor().decompress(data, max_length=most + 1)
        except zstd.ZstdError as error:
            raise _LimitError("a file in it is damaged") from error
        if len(found) > most:
            raise _LimitError(f"a file in it is larger than {most // 1024 // 1024} MiB")
        return found
    raise SynergyError(
        f"{name} is compressed with Zstandard, which this Python does not support. In Anki, export it again with "
        f"“Support older Anki versions” ticked; or use Python 3.14, or `pip install {_ZSTD[-1]}`."
    )


def _guard(db: sqlite3.Connection) -> None:
    """Let a database only be read, table by table, and within limits."""
    steps = iter(range(_MAX_STEPS))
    db.execute("pragma trusted_schema = off")
    db.execute("pragma query_only = on")
    db.execute("pragma cell_size_check = on")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_DATABASE)
    db.text_factory = lambda text: text.decode("utf-8", "replace")
    db.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    db.set_progress_handler(lambda: next(steps, None) is None, _STEP)
    db.set_authorizer(_permission)


def _permission(action: int, table: str | None, _column: str | None, _database: str | None, inside: str | None) -> int:
    """Return whether SQLite may do something: only read a table that is known, and not from a view or a trigger."""
    reads = action == sqlite3.SQLITE_READ and table in _READS and inside is None
    return sqlite3.SQLITE_OK if reads or action == sqlite3.SQLITE_SELECT else sqlite3.SQLITE_DENY


def _text(value: Any) -> str:  # noqa: ANN401  from the database
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _whole(value: Any) -> int:  # noqa: ANN401  from the database
    return value if isinstance(value, int) else 0
