"""The index of the logs: an SQLite database for fast queries, updated from new log lines.

Events dated after a horizon, because of a wrong clock, are stored but do not count until the horizon has passed them.
An undo always counts: it does not depend on a day.

The index is a cache: if it is missing, damaged, older or newer, it is rebuilt from the logs. An error in it could ask a
question too early or too late, but never changes what is recorded.
"""

from __future__ import annotations

import os
import sqlite3
from binascii import crc32
from collections import Counter
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import chain, groupby, zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from weakref import finalize

from synergy_cli.days import study_day
from synergy_cli.errors import SynergyError
from synergy_cli.folders import make_private
from synergy_cli.history.events import (
    CONFIDENCES,
    FULL_MARKS,
    Answer,
    Bookmark,
    DamagedError,
    Fit,
    Forget,
    NewerError,
    Overrule,
    Read,
    Suspend,
    Undo,
    decode,
)
from synergy_cli.history.log import no_bar, read_lines
from synergy_cli.history.memory import LEAST, MOST, Model
from synergy_cli.history.scheduler import ASIDE_AFTER, DEFAULT, GAPS, Card, Measured, Review, card_of, measure
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from synergy_cli.history.events import Event
    from synergy_cli.history.log import Log

    Announce = Callable[[int, str], AbstractContextManager[Callable[[int], object]]]
    """Called with the bytes to read and, unless it is empty, why the index cannot be written; gives a bar."""


VERSION = 8
APPLICATION = 0x53594E31
PATIENCE = 5.0
"""Seconds to wait while another process writes the index."""
BATCH = 5_000
GAUGE = 4096
"""The number of bytes before the end of the part read; their checksum shows whether a log is still the same."""
FARTHEST_DAY = 200_000
"""The first invalid day, counted from 1970: in the year 2517."""
MANY = 8 * 1024 * 1024
"""The number of log bytes from which reading is announced, because it takes a while."""
MANY_IDS = 1000
"""Queries for more ids than this read the whole course; SQLite allows up to 32,766 in a query."""
READING = 0.85
"""The share of time spent reading events; the rest is spent computing cards."""

_MEASURED = [f"{name}_{gap}" for gap in GAPS for name in Measured._fields]
_ASIDE = f"(suspended = 1 or strikes >= {ASIDE_AFTER})"
_SCHEMA = f"""
create table files (
  name text primary key, inode integer, size integer, changed integer, read integer, gauge integer, damaged integer,
  newer integer
) without rowid;
create table cards (
  id integer primary key, course text, question text, revision integer, first integer, last integer, due integer,
  stability real, difficulty real, reviews integer, lapses integer, passes integer, streak integer,
  strikes integer, decay real, suspended integer, answers integer, missed integer, guess_right integer,
  guess_wrong integer, unsure_right integer, unsure_wrong integer, sure_right integer, sure_wrong integer,
  {" integer, ".join(_MEASURED)} integer, latest integer, ahead integer,
  unique (course, question, revision)
);
create index by_latest on cards (latest);
create index by_ahead on cards (ahead) where ahead is not null;
create index by_aside on cards (course) where {_ASIDE};
create table events (
  card integer, at integer, id integer, day integer, steers integer, correct integer, confidence text, rating integer,
  undoes integer, overrules integer, suspends integer, void integer, overruled integer, primary key (card, at, id)
) without rowid;
create index by_day on events (day, card, correct, overruled, void, steers) where void = 0 and steers is not null;
create table reading (
  course text, page text, act text, at integer, id integer, day integer, heading integer, words integer, share integer,
  primary key (course, page, act, at, id)
) without rowid;
create table fits (course text, at integer, id integer, weights text, primary key (course, at, id)) without rowid;
create table models (course text primary key, weights text) without rowid;
"""
_CARD = ", ".join(Card._fields)
_OF_COURSE = "from cards not indexed where course = ?"
"""All cards of a course, in table order: with an SQL index, each row would need a lookup."""
_CARD_WHOLE = ("first", "last", "due", "reviews", "lapses", "passes", "streak", "strikes")
_RATED = [(confidence, right) for confidence in CONFIDENCES for right in (True, False)]
_RATED_COLUMNS = [f"{confidence}_{'right' if right else 'wrong'}" for confidence, right in _RATED]
_FOLDED = (*Card._fields[2:], "suspended", "answers", "missed", *_RATED_COLUMNS, *_MEASURED, "latest", "ahead")
_NO_CARD = f"""
(typeof(question) = 'text' and typeof(revision) = 'integer' and typeof({" + ".join(_CARD_WHOLE)}) = 'integer'
  and stability > 0 and stability < {FARTHEST_DAY} and difficulty between 1 and 10
  and decay between {LEAST[-1]} and {MOST[-1]}
  and {" and ".join(f"{name} between -{FARTHEST_DAY} and {FARTHEST_DAY}" for name in _CARD_WHOLE)}) is not true"""
"""Text sorts above any number, and only integers have an integer sum; `typeof` of each takes three times as long."""
_BIAS = 1 << 63


class IndexDamagedError(SynergyError):
    """The index cannot be used and must be rebuilt; if that does not help, the text says why."""

    def __init__(self, reason: str = "it does not match the logs") -> None:
        """Take the reason, as a clause."""
        super().__init__(f"the index of the history cannot be used: {reason}")
        self.reason = reason


class Ahead(NamedTuple):
    """The number of answers after the horizon, and the study days of the first and the last."""

    answers: int = 0
    first: int = 0
    last: int = 0


class News(NamedTuple):
    """The result of an update.

    Attributes:
        damaged: name and number of new damaged lines, for each log that has any.
        newer: the number of lines in all logs written by a newer version of the program.
        ahead: the answers after the horizon, in all logs.
        busy: whether another process kept writing the index, so that nothing could be added.
    """

    damaged: tuple[tuple[str, int], ...] = ()
    newer: int = 0
    ahead: Ahead = Ahead()
    busy: bool = False


class Counts(NamedTuple):
    """How often a question was answered, in any mode, and how often it was missed."""

    answers: int
    missed: int


class PageProgress(NamedTuple):
    """How far a page was read.

    Attributes:
        day: the study day on which it was last read to its end, if ever.
        heading: the number of the heading above the bookmark; -1 before the first.
        words: the number of words after that heading.
        share: how much of the text has been seen, in percent.
    """

    day: int | None
    heading: int
    words: int
    share: int


class _UpdateProgress:
    """Adds up the progress of an update for its bar, in bytes."""

    def __init__(self, total: int, tell: Callable[[int], object]) -> None:
        """Start; `total` is the number of bytes to read."""
        self._total, self._tell, self._read = total, tell, 0

    def read(self, size: int) -> None:
        """Count bytes that were read."""
        self._read += size
        self._tell(round(READING * self._read))

    def computed(self, number: int, cards: int) -> None:
        """Count cards that were computed, out of all."""
        self._tell(round(self._total * (READING + (1 - READING) * number / cards)))


class _PageRow(NamedTuple):
    """The latest act of one kind on a page: its time and study day, then fields as in `PageProgress`."""

    at: int
    day: int
    heading: int
    words: int
    share: int


class _EventRow(NamedTuple):
    at: int
    id: int
    day: int
    steers: int | None
    correct: int
    confidence: str
    rating: int
    undoes: int | None
    overrules: int | None
    suspends: int | None


class Index:
    """An open index.

    Attributes:
        horizon: the latest time that counts, in microseconds since 1970 UTC; `update` applies a change to the cards.
    """

    def __init__(self, db: sqlite3.Connection, retention: float, horizon: int) -> None:
        """Use a database with the tables of this version, as from `open_index`; for `retention`, see `card_of`."""
        self.horizon = horizon
        self._db = db
        finalize(self, db.close)  # Python 3.13 and later warn about a connection that is left open
        self._retention = retention
        self._ids: dict[tuple[str, str, int], int] = {}
        self._models: dict[str, Model] = {}

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def update(self, log: Log, announce: Announce, trouble: str = "") -> News:
        """Read new log lines; announce it if there are many. `trouble` is why the result will not be kept.

        Raises:
            IndexDamagedError: the index does not match the logs, or is damaged.
            OSError: the logs cannot be read.
        """
        with _damage():
            todo = sum(size for *_, size in self._tails(log))
            with announce(todo, trouble) if todo > MANY else no_bar("", todo) as tell:
                done = _UpdateProgress(todo, tell)
                damaged = self._take_in(log, done) if todo or self._misplaced() or self._refitted() else ()
            (newer,) = self._db.execute("select coalesce(sum(newer), 0) from files").fetchone()
            return News(damaged or (), _whole(newer), self._ahead(), damaged is None)

    def _misplaced(self) -> set[int]:
        """Return the cards computed up to another horizon, if that makes a difference."""
        sql = "select id from cards where latest > ? union all select id from cards where ahead <= ?"
        return {_whole(card) for (card,) in self._db.execute(sql, (self.horizon, self.horizon))}

    def _refitted(self) -> dict[str, str]:
        """Return the weights of the courses whose cards were computed with other weights; empty for the defaults."""
        fits = self._db.execute("select course, weights from fits where at <= ? order by at, id", (self.horizon,))
        models = self._db.execute("select course, weights from models")
        latest, used = {str(course): str(weights) for course, weights in fits}, dict(models)
        return {
            course: latest.get(course, "") for course in latest | used if latest.get(course, "") != used.get(course, "")
        }

    def _refit(self) -> set[int]:
        """Use the latest fitted weights; return the cards to recompute."""
        changed = self._refitted()
        self._db.executemany("insert or replace into models values (?, ?)", changed.items())
        used = self._db.execute("select course, weights from models where weights <> ''")
        self._models = {str(course): Model(_weights(str(weights))) for course, weights in used}
        sql = "select id from cards where course = ?"
        return {_whole(card) for course in changed for (card,) in self._db.execute(sql, (course,))}

    def _ahead(self) -> Ahead:
        sql = (
            "select count(*), coalesce(min(day), 0), coalesce(max(day), 0) from cards cross join events "
            "on card = cards.id where ahead is not null and at >= ahead and void = 0 and steers is not null"
        )
        return Ahead(*map(_whole, self._db.execute(sql).fetchone()))

    def _tails(self, log: Log) -> list[tuple[Path, int, int]]:
        """Return the logs that have changed, each with the offset to read from and the number of bytes to read."""
        files = log.files()
        rows = self._db.execute("select name, inode, size, changed, read, gauge from files")
        known = {str(name): state for name, *state in rows}
        if set(known) - {_label(path) for path in files}:
            raise IndexDamagedError
        tails = [(path, *_tail(path, known.get(_label(path)))) for path in files]
        return [(path, start, size) for path, start, size in tails if size]

    def _take_in(self, log: Log, done: _UpdateProgress) -> tuple[tuple[str, int], ...] | None:
        """Read new log lines; return the name of each log with damaged lines, and their number.

        None if another process is writing the index.
        """
        try:
            self._db.execute("begin immediate")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return None
            raise
        try:
            touched: set[int] = set()
            tails = self._tails(log)
            counts = [(_label(path), self._take_file(path, start, touched, done)) for path, start, _ in tails]
            self._fold(touched | self._misplaced() | self._refit(), done)
        except BaseException:
            self._ids.clear()
            self._db.rollback()
            raise
        self._db.commit()
        return tuple((name, count) for name, count in counts if count)

    def _take_file(self, path: Path, start: int, touched: set[int], done: _UpdateProgress) -> int:
        """Read one log from an offset; return the number of damaged lines."""
        state = _state(path)
        end, told, damaged, newer = start, start, 0, 0
        batch: list[Event] = []
        for line in read_lines(path, start):
            if line.torn:
                break
            end = line.end
            try:
                batch.append(decode(line.data))
            except NewerError:
                newer += 1
            except DamagedError:
                damaged += 1
            if len(batch) == BATCH:
                self._insert(batch, touched)
                batch.clear()
                done.read(end - told)
                told = end
        self._insert(batch, touched)
        self._db.execute(
            "insert into files values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set inode = excluded.inode, "
            "size = excluded.size, changed = excluded.changed, read = excluded.read, gauge = excluded.gauge, "
            "damaged = damaged + excluded.damaged, newer = newer + excluded.newer",
            (_label(path), *state, end, _tail_crc(path, end), damaged, newer),
        )
        return damaged

    def _insert(self, events: Iterable[Event], touched: set[int]) -> None:
        rows = []
        for event in events:
            act, day = event.act, study_day(event.at, event.offset)
            if isinstance(act, Read | Bookmark | Forget):
                spot = (act.heading, act.words, act.share) if isinstance(act, Bookmark) else (-1, 0, 0)
                row = (event.course, act.page, type(act).__name__, event.at, _number(event.id), day, *spot)
                self._db.execute("insert or ignore into reading values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
                continue
            if isinstance(act, Fit):
                fitted = (event.course, event.at, _number(event.id), " ".join(map(repr, act.weights)))
                self._db.execute("insert or ignore into fits values (?, ?, ?, ?)", fitted)
            if not isinstance(act, Answer | Overrule | Undo | Suspend):
                continue
            card = self._card_id((event.course, act.question, act.revision))
            touched.add(card)
            rows.append((card, event.at, _number(event.id), day, *_columns(act)))
        self._db.executemany("insert or ignore into events values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)", rows)

    def _card_id(self, key: tuple[str, str, int]) -> int:
        if key not in self._ids:
            find = "select id from cards where course = ? and question = ? and revision = ?"
            create = "insert into cards (course, question, revision) values (?, ?, ?) returning id"
            (identity,) = self._db.execute(find, key).fetchone() or self._db.execute(create, key).fetchone()
            self._ids[key] = _whole(identity)
        return self._ids[key]

    def _fold(self, cards: Collection[int], done: _UpdateProgress) -> None:
        """Recompute cards, each from all of its events up to the horizon."""
        update = f"update cards set {', '.join(f'{name} = ?' for name in _FOLDED)} where id = ?"  # noqa: S608  our own
        select = f"select {', '.join(_EventRow._fields)} from events where card = ? order by at, id"  # noqa: S608
        for number, card in enumerate(cards, start=1):
            events = list(map(_EventRow._make, self._db.execute(select, (card,))))
            if any(event.undoes is not None or event.overrules is not None for event in events):
                self._store_amended(card)
            self._db.execute(update, (*_folded(events, self.horizon, self._retention, self._model(card)), card))
            done.computed(number, len(cards))

    def _model(self, card: int) -> Model:
        """Return the memory model for a card, by its course."""
        if not self._models:
            return DEFAULT
        (course,) = self._db.execute("select course from cards where id = ?", (card,)).fetchone()
        return self._models.get(str(course), DEFAULT)

    def _store_amended(self, card: int) -> None:
        """Store which events of a card were undone, and which answers were overruled."""
        amended = "id in (select {0} from events where card = ? and {0} is not null{1})"
        void, overruled = amended.format("undoes", ""), amended.format("overrules", " and void = 0")
        for column, condition in (("void", void), ("overruled", overruled)):
            self._db.execute(f"update events set {column} = {condition} where card = ?", (card, card))  # noqa: S608

    @property
    def settled(self) -> bool:
        """Whether moving the horizon changes nothing."""
        sql = (
            "select 1 from cards where ahead is not null union all select 1 from reading where at > ? "
            "union all select 1 from fits where at > ? limit 1"
        )
        with _damage():
            return self._db.execute(sql, (self.horizon, self.horizon)).fetchone() is None

    def cards(self, course: str, questions: Collection[str] = ()) -> list[Card]:
        """Return the reviewed cards of a course, or of some questions; raises IndexDamagedError if one is invalid."""
        if len(questions) > MANY_IDS:
            wanted = set(questions)
            return [card for card in self.cards(course) if card.question in wanted]
        some = f"from cards where course = ? and question in ({', '.join('?' * len(questions))})"
        reviewed = f"{some if questions else _OF_COURSE} and first is not null"
        with _damage():
            if self._db.execute(f"select 1 {reviewed} and {_NO_CARD} limit 1", (course, *questions)).fetchone():
                raise IndexDamagedError
            return list(map(Card._make, self._db.execute(f"select {_CARD} {reviewed}", (course, *questions))))

    def reviews(self, course: str) -> dict[tuple[str, int], list[tuple[int, Review]]]:
        """Return the first review of each study day with its time, by question and revision, in order of time."""
        found: dict[tuple[str, int], list[tuple[int, Review]]] = {}
        find = "select id, question, revision from cards where course = ? and first is not null"
        select = f"select {', '.join(_EventRow._fields)} from events where card = ? order by at, id"  # noqa: S608  our own
        with _damage():
            for card, question, revision in self._db.execute(find, (course,)):
                by_day: dict[int, tuple[int, Review]] = {}
                for event in _valid(list(map(_EventRow._make, self._db.execute(select, (card,))))):
                    day = max([event.day, *by_day])
                    if event.steers and event.at <= self.horizon:
                        by_day.setdefault(day, (event.at, Review(day, event.rating)))
                found[str(question), _whole(revision)] = list(by_day.values())
        return found

    def answered(self, course: str) -> set[tuple[str, int]]:
        """Return each question of a course with the times, in microseconds, of its events."""
        sql = "select question, at from cards join events on card = cards.id where course = ?"
        with _damage():
            return {(str(question), _whole(at)) for question, at in self._db.execute(sql, (course,))}

    def counts(self, course: str) -> dict[tuple[str, int], Counts]:
        """Count answers and misses, by question and revision."""
        sql = f"select question, revision, answers, missed {_OF_COURSE} and answers > 0"
        with _damage():
            return {
                (str(question), _whole(revision)): Counts(_whole(answers), _whole(missed))
                for question, revision, answers, missed in self._db.execute(sql, (course,))
            }

    def aside(self, course: str) -> list[tuple[str, int]]:
        """Return the id and revision of each question that is set aside: by the learner, or after too many strikes."""
        sql = f"select question, revision from cards indexed by by_aside where course = ? and {_ASIDE}"  # noqa: S608  our own
        with _damage():
            rows = self._db.execute(sql, (course,))
            return [(str(question), _whole(revision)) for question, revision in rows]

    def missed(self, course: str) -> list[tuple[str, int]]:
        """Return the id and revision of each question that was missed in its last review, and not right since."""
        reviews = "from events where card = cards.id and steers = 1 and void = 0 and at <= ?"
        last = f"(select correct or overruled {reviews} order by at desc, id desc limit 1)"
        sql = f"select question, revision {_OF_COURSE} and streak = 0 and not {last}"
        with _damage():
            rows = self._db.execute(sql, (course, self.horizon))
            return [(str(question), _whole(revision)) for question, revision in rows]

    def reading(self, course: str) -> dict[str, PageProgress]:
        """Return how far each page was read, by id, except pages never opened or forgotten."""
        sql = (  # SQLite takes the other columns of a group from the row with the largest moment
            "select page, act, max(at), day, heading, words, share from reading where course = ? and at <= ? "
            "group by page, act"
        )
        with _damage():
            latest: dict[str, dict[str, _PageRow]] = {}
            for page, act, *numbers in self._db.execute(sql, (course, self.horizon)):
                latest.setdefault(str(page), {})[str(act)] = _PageRow(*map(_whole, numbers))
        found = {page: _page_progress(acts) for page, acts in latest.items()}
        return {page: reading for page, reading in found.items() if reading is not None}

    def days(self, course: str, since: int) -> dict[int, tuple[int, int]]:
        """Count answers and right answers, by study day from `since` on."""
        sql = (
            "select day, count(*), sum(correct or overruled) from events indexed by by_day "
            "cross join cards on cards.id = card where void = 0 and steers is not null and day >= ? and at <= ? "
            "and course = ? group by day"
        )
        with _damage():
            rows = self._db.execute(sql, (since, self.horizon, course))
            return {_whole(day): (_whole(answers), _whole(right)) for day, answers, right in rows}

    def moments(self, course: str, since: int, enough: int) -> list[int]:
        """Return the times of the answers of the last days, in microseconds since 1970 UTC.

        Only whole days count, back to `since`, or until there are `enough` answers.
        """
        sql = (
            "select day, at from events indexed by by_day cross join cards on cards.id = card "
            "where void = 0 and steers is not null and day >= ? and at <= ? and course = ? order by day desc"
        )
        with _damage():
            found: list[int] = []
            rows = self._db.execute(sql, (since, self.horizon, course))
            for _, day in groupby(rows, itemgetter(0)):
                found += [_whole(at) for _, at in day]
                if len(found) >= enough:
                    break
            return found

    def confidences(self, course: str) -> dict[tuple[str, bool], int]:
        """Count the answers with a confidence, by confidence and whether they were right."""
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in _RATED_COLUMNS)
        with _damage():
            row = self._db.execute(f"select {sums} {_OF_COURSE}", (course,)).fetchone()
            return dict(zip(_RATED, map(_whole, row), strict=True))

    def weights(self, course: str) -> tuple[float, ...] | None:
        """Return the FSRS weights that a course is scheduled with; None for the defaults."""
        with _damage():
            row = self._db.execute("select weights from models where course = ?", (course,)).fetchone()
            return _weights(str(row[0])) if row is not None and row[0] else None

    def latest(self, course: str, act: Read | Bookmark | Forget | Suspend | Fit) -> int:
        """Return the time of the last event up to the horizon that an act supersedes; 0 without one."""
        if isinstance(act, Suspend):
            key: tuple[str | int, ...] = (course, act.question, act.revision)
            rows = "events join cards on cards.id = card where course = ? and question = ? and revision = ?"
        elif isinstance(act, Fit):
            key, rows = (course,), "fits where course = ?"
        else:
            key, rows = (course, act.page), "reading where course = ? and page = ?"
        with _damage():
            found = self._db.execute(f"select coalesce(max(at), 0) from {rows} and at <= ?", (*key, self.horizon))  # noqa: S608  our own names
            return _whole(found.fetchone()[0])

    def measured(self, course: str) -> tuple[Measured, ...]:
        """Return recall after each of `scheduler.GAPS`."""
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in _MEASURED)
        with _damage():
            row = self._db.execute(f"select {sums} {_OF_COURSE}", (course,)).fetchone()
            return tuple(map(Measured._make, zip(*[map(_whole, row)] * len(Measured._fields), strict=True)))

    def differences(self, other: Index) -> int:
        """Count the rows in which another index of the same logs differs.

        Raises IndexDamagedError if this one is damaged.
        """
        with _damage():
            if self._db.execute("pragma integrity_check(1)").fetchone() != ("ok",):
                raise IndexDamagedError
            return sum(mine != theirs for mine, theirs in zip_longest(self._derived(), other._derived()))

    def _derived(self) -> Iterator[tuple[Any, ...]]:
        """Return everything computed from the logs, in an order that does not depend on the order of arrival."""
        key = "course, question, revision"
        yield from self._db.execute("select name, read, gauge from files order by 1")
        yield from self._db.execute("select * from reading order by 1, 2, 3, 4, 5")
        yield from self._db.execute("select * from fits order by 1, 2, 3")
        yield from self._db.execute("select * from models where weights <> '' order by 1")
        folded = ", ".join(_FOLDED)
        yield from self._db.execute(f"select {key}, {folded} from cards order by 1, 2, 3")  # noqa: S608  our own names
        rows = ", ".join(f"events.{name}" for name in _EventRow._fields)
        yield from self._db.execute(
            f"select {key}, {rows}, void, overruled "  # noqa: S608  our own names
            "from events join cards on cards.id = card order by 1, 2, 3, 4, 5"
        )


def open_index(path: Path, retention: float, horizon: int) -> Index:
    """Open an index; raises IndexDamagedError unless it exists and was written by this version of the program."""
    try:
        usable = path.is_file()
    except OSError:  # an invalid file name, or a folder without permission
        usable = False
    if not usable:
        raise IndexDamagedError
    with _damage(), ExitStack() as closing_it:
        db = closing_it.enter_context(closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)))
        marks = [db.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if marks != [APPLICATION, VERSION]:
            raise IndexDamagedError
        closing_it.pop_all()
        return Index(db, retention, horizon)


def rebuild(path: Path | None, retention: float, horizon: int, log: Log, announce: Announce) -> tuple[Index, News]:
    """Build an index from the logs, in memory if the path is None or cannot be written; `announce` gets the reason.

    An existing file is replaced at the end, in one step. Raises OSError if the logs cannot be read.
    """
    log.files()
    trouble = "there is no cache folder"
    if path is not None:
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            make_private(path.parent)
            fresh.unlink(missing_ok=True)
            with closing(_new(fresh, retention, horizon)) as index:
                news = index.update(log, announce)
            path.with_name(f"{path.name}-journal").unlink(missing_ok=True)  # SQLite would apply it to the new file
            fresh.replace(path)
            return open_index(path, retention, horizon), news
        except (sqlite3.Error, IndexDamagedError) as error:
            trouble = f"{path}: {error.reason if isinstance(error, IndexDamagedError) else error}"
        except OSError as error:
            trouble = f"{path}: {error.strerror or error}"
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
    index = _new(None, retention, horizon)
    return index, index.update(log, announce, trouble)


def _new(path: Path | None, retention: float, horizon: int) -> Index:
    db = sqlite3.connect(path or ":memory:", isolation_level=None)
    index = Index(db, retention, horizon)
    db.execute("pragma synchronous = off")  # the file is moved into place when complete
    db.execute("pragma cache_size = -65536")
    db.executescript(f"pragma application_id = {APPLICATION}; pragma user_version = {VERSION}; {_SCHEMA}")
    return index


@contextmanager
def _damage() -> Iterator[None]:
    """Turn any error from a damaged file, in SQLite or because of a wrong type, into IndexDamagedError."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError, TypeError, ValueError, ArithmeticError) as error:
        raise IndexDamagedError(str(error)) from error


def _tail(path: Path, known: Sequence[Any] | None) -> tuple[int, int]:
    """Return the offset to read a log from, and the number of bytes to read; 0 if nothing has changed."""
    state = _state(path)
    size = state[1]
    if known is None:
        return 0, size
    *before, read, gauge = known
    if state == tuple(before):
        return read, 0
    if size < read or _tail_crc(path, read) != gauge:
        raise IndexDamagedError
    return read, size - read


def _state(path: Path) -> tuple[int, int, int]:
    """Return the state of a file, within the range of SQLite integers: inode, size and time."""
    state = path.stat()
    return state.st_ino % _BIAS, state.st_size, state.st_mtime_ns % _BIAS


def _label(path: Path) -> str:
    """Return the name of a log as text that is safe to store and show, whatever its bytes."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")


def _tail_crc(path: Path, end: int) -> int:
    start = max(0, end - GAUGE)
    with path.open("rb") as file:
        file.seek(start)
        return crc32(file.read(end - start))


def _number(identity: str) -> int:
    """Return the id of an event as a signed integer, as in SQLite."""
    return int(identity, 16) - _BIAS


def _folded(events: Sequence[_EventRow], horizon: int, retention: float, model: Model) -> list[Any]:
    """Return the computed columns of a card from all its events, given in order of time."""
    valid = _valid(events)
    known = [event for event in valid if event.at <= horizon]
    moves = [event for event in known if event.suspends is not None]
    answers = [event for event in known if event.suspends is None]
    reviews = [Review(answer.day, answer.rating) for answer in answers if answer.steers]
    back = max((move.day for move in moves if not move.suspends), default=-1)
    traces = list(model.trace(reviews))
    card = card_of(("", 0), traces, retention, back, model) if traces else None
    rated = Counter((answer.confidence, bool(answer.correct)) for answer in answers)
    missed = sum(not answer.correct for answer in answers)
    state = card[2:] if card else [None] * len(Card._fields[2:])
    suspended = moves[-1].suspends if moves else None
    latest = known[-1].at if known else None
    ahead = valid[len(known)].at if len(valid) > len(known) else None
    counts = (rated[pair] for pair in _RATED)
    return [*state, suspended, len(answers), missed, *counts, *chain(*measure(traces)), latest, ahead]


def _valid(events: Sequence[_EventRow]) -> list[_EventRow]:
    """Return the answers that were not undone, with the ratings of overrules, and the suspensions."""
    undone = {event.undoes for event in events if event.undoes is not None}
    overruled = {e.overrules: e.rating for e in events if e.overrules is not None and e.id not in undone}
    valid = [e for e in events if e.suspends is not None or (e.steers is not None and e.id not in undone)]
    return [e._replace(correct=1, rating=overruled[e.id]) if e.id in overruled else e for e in valid]


def _weights(text: str) -> tuple[float, ...]:
    """Parse FSRS weights from text; raises ValueError if it is invalid."""
    return tuple(map(float, text.split()))


def _columns(act: Answer | Overrule | Undo | Suspend) -> tuple[Any, ...]:
    """Return the columns of an act, from `steers` to `suspends`; `steers` is null unless it is an answer."""
    if isinstance(act, Undo):
        return None, 0, "", None, _number(act.event), None, None
    if isinstance(act, Overrule):
        return None, 0, "", act.rating, None, _number(act.event), None
    if isinstance(act, Suspend):
        return None, 0, "", None, None, None, act.suspended
    return act.mode == "review", act.verdict == "right", act.confidence, act.rating, None, None, None


def _page_progress(acts: dict[str, _PageRow]) -> PageProgress | None:
    """Fold the latest act of each kind on a page."""
    never = _PageRow(-1, -1, -1, 0, 0)
    read, mark, forgotten = (acts.get(kind.__name__, never) for kind in (Read, Bookmark, Forget))
    day = read.day if read.at > forgotten.at else None
    if mark.at <= max(forgotten.at, read.at):
        return None if day is None else PageProgress(day, -1, 0, FULL_MARKS)
    return PageProgress(day, mark.heading, mark.words, mark.share if day is None else FULL_MARKS)


def _whole(value: Any) -> int:  # noqa: ANN401  from SQLite
    if type(value) is not int:
        raise IndexDamagedError
    return value
