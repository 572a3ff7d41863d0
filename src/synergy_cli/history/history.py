"""The learner's history: the log holds every event, the index answers queries about them."""

from __future__ import annotations

from binascii import crc32
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from synergy_cli.days import DAY
from synergy_cli.history import pace
from synergy_cli.history.events import (
    SUPERSEDING,
    Answer,
    DamagedError,
    Fit,
    NewerError,
    QuestionReport,
    decode,
    encode,
)
from synergy_cli.history.index import MANY, IndexDamagedError, open_index, rebuild
from synergy_cli.history.log import LogWriter, NotSavedError, decoded, no_bar, read_lines, reading, today
from synergy_cli.history.memory import Model
from synergy_cli.history.scheduler import DEFAULT, Fitted, Learnt, date_of
from synergy_cli.records import NamedTuple
from synergy_cli.replay import reads
from synergy_cli.text import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from synergy_cli.history.events import Act, Event
    from synergy_cli.history.index import Counts, Index, News, PageProgress
    from synergy_cli.history.log import Line, Log, Moment, ProgressBar
    from synergy_cli.history.scheduler import Card, Measured, Review


MANY_LINES = 10_000
"""Lines that a merge writes at once."""
_SECOND = 1_000_000
_Result = TypeVar("_Result")


class LogReport(NamedTuple):
    """The result of checking one log.

    Attributes:
        events: the number of valid events.
        damaged: line number and fault of each damaged line.
        torn: the number of the last line if it is incomplete.
        newer: how many lines were written by a newer version of the program.
        backwards: how many events are earlier than the one above: the clock was set back.
        ahead: how many answers and pages read are more than a day in the future: they do not count until then.
    """

    path: Path
    events: int
    damaged: tuple[tuple[int, str], ...]
    torn: int | None
    newer: int
    backwards: int
    ahead: int


class HistoryReport(NamedTuple):
    """The result of `history check`.

    Attributes:
        logs: a report for each log.
        repeated: how many events are copies of others, as when logs are copied.
        clashing: ids shared by two different events.
        strangers: what is named like a log but is not a file.
        mended: how many rows of the index disagreed with the logs, before it was rebuilt.
    """

    logs: tuple[LogReport, ...]
    repeated: int
    clashing: tuple[str, ...]
    strangers: tuple[Path, ...]
    mended: int

    @property
    def sound(self) -> bool:
        """Whether every complete event can be used."""
        return not self.clashing and not self.strangers and not any(log.damaged for log in self.logs)


class Merged(NamedTuple):
    """The result of merging a file.

    Attributes:
        taken: how many new events were imported.
        known: how many events are here already.
        damaged: line number and fault of each line left out.
        trouble: why the file, or the rest of it, could not be merged; empty if it was.
    """

    path: Path
    taken: int
    known: int
    damaged: tuple[tuple[int, str], ...]
    trouble: str = ""


class History(LogWriter):
    """A learner's history."""

    def __init__(  # noqa: PLR0913  the outside world
        self,
        log: Log,
        index_folder: Path | None,
        retention: float,
        *,
        now: Callable[[], Moment],
        random: Callable[[int], bytes],
        tell: Callable[[str], None],
        bar: ProgressBar = no_bar,
    ) -> None:
        """Use logs, with the index in a folder, or in memory if that is None.

        Args:
            log: with the logs of all devices.
            index_folder: need not exist.
            retention: the predicted recall at which a review is due, from 0.70 to 0.97.
            now: the clock.
            random: returns a number of random bytes.
            tell: shows a note to the learner.
            bar: shows a progress bar.
        """
        super().__init__(log, now, random)
        self.retention = retention
        self._tell = tell
        self._bar = bar
        self._newer = self._ahead = self._superseded = 0
        name = f"history-{crc32(bytes(log.folder)):08x}-{round(retention * 1000)}.sqlite"
        self.index_path = index_folder / name if index_folder is not None else None

    @property
    def today(self) -> int:
        """The study day."""
        return today(self._now)

    def cards(self, course: str, questions: Collection[str] = ()) -> dict[tuple[str, int], Card]:
        """Return the cards of a course, or of some questions, by question and revision."""
        return {card.key: card for card in self._query(lambda index: index.cards(course, questions))}

    def learnt(self, course: str) -> dict[tuple[str, int], Learnt]:
        """Return the card of each question of a course with the reviews that counted, by question and revision."""
        cards, reviews = self.cards(course), self._query(lambda index: index.reviews(course))
        return {key: Learnt(card, tuple(reviews[key])) for key, card in cards.items()}

    def aside(self, course: str) -> frozenset[tuple[str, int]]:
        """Return the id and revision of each question that is set aside."""
        return frozenset(self._query(lambda index: index.aside(course)))

    def missed(self, course: str) -> frozenset[tuple[str, int]]:
        """Return the id and revision of each question that was missed in its last review, and not right since."""
        return frozenset(self._query(lambda index: index.missed(course)))

    def counts(self, course: str) -> dict[tuple[str, int], Counts]:
        """Count answers and misses in any mode, by question and revision."""
        return self._query(lambda index: index.counts(course))

    def reading(self, course: str) -> dict[str, PageProgress]:
        """Return how far each page was read, by id, but for those that were never opened or were forgotten."""
        return self._query(lambda index: index.reading(course))

    def pages(self, course: str) -> dict[str, int]:
        """Return the study day on which each page was last read to its end, by id."""
        return {page: reading.day for page, reading in self.reading(course).items() if reading.day is not None}

    def days(self, course: str, since: int) -> dict[int, tuple[int, int]]:
        """Count answers and right answers, by study day from `since` on."""
        return self._query(lambda index: index.days(course, since))

    def pace(self, course: str) -> float | None:
        """Return how many seconds a question takes lately; None if too little is known."""
        since = self.today - pace.DAYS
        return pace.pace(self._query(lambda index: index.moments(course, since, pace.MANY)))

    def last_answered(self, course: str, since: int) -> int:
        """Return the moment of the last answer, in microseconds since 1970 UTC; 0 without any from a study day on."""
        return max(self._query(lambda index: index.moments(course, since, 1)), default=0)

    def confidences(self, course: str) -> dict[tuple[str, bool], int]:
        """Count the answers with a confidence, by confidence and whether they were right."""
        return self._query(lambda index: index.confidences(course))

    def measured(self, course: str) -> tuple[Measured, ...]:
        """Return what was recalled after the days of each of `scheduler.GAPS`."""
        return self._query(lambda index: index.measured(course))

    def model(self, course: str) -> Model:
        """Return the model of memory that a course is scheduled with."""
        weights = self._query(lambda index: index.weights(course))
        return DEFAULT if weights is None else Model(weights)

    def fitted(self, course: str) -> Fitted | None:
        """Return what a course is scheduled with; None if it was never fitted."""
        is_fitted = self._query(lambda index: index.latest(course, Fit((), 0)))
        return Fitted(self.model(course).weights, self.retention) if is_fitted else None

    def save(self, course: str, act: Act, after: int = 0) -> Event:
        """Record an act as `LogWriter` does, but after all that it supersedes: other devices may be ahead of the clock.

        Raises:
            NotSavedError: it may not be on disk.
            SynergyError: the history cannot be read.
        """
        if not isinstance(act, SUPERSEDING):
            return super().save(course, act, after)
        was_open = self._is_open
        latest = self._query(lambda index: index.latest(course, act))
        if not was_open:  # what is asked next is to include this act
            self._close()
        event = super().save(course, act, max(after, latest, self._superseded))
        self._superseded = event.at
        return event

    def reviews(self, course: str) -> list[list[Review]]:
        """Return the reviews of each question of a course in the order of their times."""
        found = self._query(lambda index: index.reviews(course))
        return [[review for _, review in found[key]] for key in sorted(found)]

    def refresh(self) -> None:
        """Update the index, if it is open, with what was added to the logs."""
        if not self._is_open:
            return
        with reading(self.log):
            try:
                self._index.horizon = self._horizon
                self._report(self._index.update(self.log, self._announce))
            except IndexDamagedError:
                self._close()
                self._index = self._opened()

    def check(self) -> HistoryReport:
        """Verify every line of every log, and rebuild the index if it disagrees; raises SynergyError if that fails."""
        horizon = self._horizon
        seen: dict[str, int] = {}
        clashing: list[str] = []
        with reading(self.log):
            files = self.log.files()
            with self._progress("Checking", files) as lines:
                logs = tuple(_check_log(path, lines(path), seen, clashing, horizon) for path in files)
            strangers = tuple(self.log.strangers())
            mended = self._mend()
        repeated = sum(log.events for log in logs) - len(seen) - len(clashing)
        return HistoryReport(logs, repeated, tuple(clashing), strangers, mended)

    def merge(self, paths: Sequence[Path]) -> list[Merged]:
        """Import the events of other logs that are not known here, unchanged; return a result for each file.

        Raises SynergyError if a log of this history cannot be read.
        """
        with reading(self.log):
            files = self.log.files()
        with self._progress("Merging", [*files, *paths]) as lines:
            with reading(self.log):
                here = (line for path in files for line in lines(path))
                known = {_fingerprint(line.data) for line in here if not line.torn and not _fault(line.data)}
            return [self._merge(path, lines(path), known) for path in paths]

    def take_in(self, course: str, events: Iterable[Event]) -> tuple[int, int]:
        """Add the answers of another program to a course; return how many are new, and how many are here already.

        One is here if the same question was answered in the same second or the one before: another program may keep
        less of a moment, or move it a little so that no two are the same. What is dated in the future is left out.

        Raises NotSavedError if they could not be written.
        """
        answered = self._query(lambda index: index.answered(course))
        known = {(question, at // _SECOND + later) for question, at in answered for later in (0, 1)}
        horizon = self._horizon
        past = {
            (event.act.question, event.at // _SECOND): event
            for event in events
            if isinstance(event.act, Answer) and event.at <= horizon
        }
        new = [encode(event) for key, event in past.items() if key not in known]
        for start in range(0, len(new), MANY_LINES):
            self.log.append(new[start : start + MANY_LINES], self.log.taken_in)
        self.refresh()
        return len(new), len(past) - len(new)

    def events(self) -> Iterator[tuple[Event, bytes]]:
        """Return all events, each once, with their lines, log by log; raises SynergyError if a log cannot be read."""
        seen: set[str] = set()
        for line in self._lines():
            event = decoded(line.data)
            if event is not None and event.id not in seen:
                seen.add(event.id)
                yield event, line.data

    def question_reports(self, course: str) -> list[Event]:
        """Return what was said to be wrong with the questions of a course, in the order of time.

        Raises SynergyError if a log cannot be read.
        """
        lines = (line.data for line in self._lines() if b'"act":"fault"' in line.data)
        found = {event.id: event for event in map(decoded, lines) if event is not None and event.course == course}
        return sorted(
            (event for event in found.values() if isinstance(event.act, QuestionReport)), key=lambda event: event.at
        )

    @contextmanager
    def _progress(self, title: str, paths: Sequence[Path]) -> Iterator[Callable[[Path], Iterator[Line]]]:
        """Give what reads the lines of a log; a bar shows how much of some logs is read, if they are long."""
        sizes = {path: _size(path) for path in paths}
        total, done = sum(sizes.values()), 0

        def lines(path: Path) -> Iterator[Line]:
            nonlocal done
            for line in read_lines(path):
                if line.number % MANY_LINES == 0:
                    tell(done + line.end)
                yield line
            done += sizes[path]
            tell(done)

        with self._bar(title, total) if total > MANY else no_bar(title, total) as tell:
            yield lines

    def _lines(self) -> Iterator[Line]:
        with reading(self.log):
            for path in self.log.files():
                yield from read_lines(path)

    def _merge(self, path: Path, lines: Iterable[Line], known: set[bytes]) -> Merged:
        taken = before = 0
        damaged: list[tuple[int, str]] = []
        fresh: dict[bytes, bytes] = {}
        trouble = ""
        try:
            for line in lines:
                fault, fingerprint = _fault(line.data), _fingerprint(line.data)
                if fault:
                    damaged.append((line.number, fault))
                elif fingerprint in known or fingerprint in fresh:
                    before += 1
                else:
                    fresh[fingerprint] = line.data + b"\n"
                if len(fresh) == MANY_LINES:
                    taken += self._import(fresh, known)
            taken += self._import(fresh, known)
            if damaged and not taken and not before:
                damaged.clear()
                trouble = f"{path}: contains no synergy events; expected a log, such as {self.log.own.name}"
        except OSError as error:
            trouble = f"{path}: cannot be read: {error.strerror or error}"
        except NotSavedError as error:
            trouble = str(error)
        return Merged(path, taken, before, tuple(damaged), trouble)

    def _import(self, fresh: dict[bytes, bytes], known: set[bytes]) -> int:
        """Append lines, given by fingerprint, if there are any; from then on they are known. Return how many."""
        count = len(fresh)
        if fresh:
            self.log.append(fresh.values(), self.log.taken_in)
        known.update(fresh)
        fresh.clear()
        return count

    def _query(self, query: Callable[[Index], _Result]) -> _Result:
        """Query the index; if it is damaged, rebuild it and query again."""
        with reading(self.log):
            try:
                return self._settled(query(self._index))
            except IndexDamagedError:
                self._close()
                self._index = self._rebuilt()
                return self._settled(query(self._index))

    def _settled(self, result: _Result) -> _Result:
        """Return a result, once it is noted whether it changes with the clock alone."""
        if not self._index.settled:
            reads.once()
        return result

    @property
    def _horizon(self) -> int:
        """The last moment that counts: a day ahead, because the clocks of several devices may differ a little."""
        horizon = self._now().at + DAY
        reads.only_day()
        return horizon

    @property
    def _is_open(self) -> bool:
        """Whether the index is open; what is appended to the logs is then in it after `refresh`."""
        return "_index" in self.__dict__

    @cached_property
    def _index(self) -> Index:
        return self._opened()

    def _close(self) -> None:
        index = self.__dict__.pop("_index", None)
        if index is not None:
            index.close()

    def _opened(self) -> Index:
        """Open the stored index and update it; rebuild it if that fails."""
        if self.index_path is None:
            return self._rebuilt()
        try:
            index = open_index(self.index_path, self.retention, self._horizon)
        except IndexDamagedError:
            return self._rebuilt()
        try:
            self._report(index.update(self.log, self._announce))
        except IndexDamagedError:
            index.close()
            return self._rebuilt()
        return index

    def _rebuilt(self) -> Index:
        index, news = rebuild(self.index_path, self.retention, self._horizon, self.log, self._announce)
        self._report(news)
        return index

    def _mend(self) -> int:
        """Build a second index; if it differs, rebuild the first. Return the number of different rows."""
        self.refresh()
        kept = self._index
        beside = self.index_path.with_name(f"{self.index_path.name}.check") if self.index_path is not None else None
        fresh, _ = rebuild(beside, self.retention, kept.horizon, self.log, self._read_bar)
        try:
            differing = kept.differences(fresh)
        except IndexDamagedError:
            differing = 1
        fresh.close()
        if beside is not None:
            with suppress(OSError):
                beside.unlink()
        if differing:
            self._close()
            self._index, _ = rebuild(self.index_path, self.retention, kept.horizon, self.log, self._read_bar)
        return differing

    def _announce(self, size: int, trouble: str) -> AbstractContextManager[Callable[[int], object]]:
        """Say that reading so many bytes takes a while, and why it will again; return the bar that shows how many."""
        text = "once; later starts are quick."
        if trouble:
            text = f"again at each start, because the index cannot be written: {trouble}"
        self._tell(f"Reading {size // 1024 // 1024} MiB of history {text}")
        return self._read_bar(size, trouble)

    def _read_bar(self, size: int, _trouble: str) -> AbstractContextManager[Callable[[int], object]]:
        """Show a bar while so many bytes are read."""
        reads.once()
        return self._bar("Reading", size)

    def _report(self, news: News) -> None:
        if news.busy:
            reads.once()  # what was added counts as soon as the other program is done
            self._tell("Another program is writing the index; newer events do not count yet.")
        for name, count in news.damaged:
            self._tell(f"{name}: {plural(count, 'damaged line')} ignored. See: synergy history check")
        if news.newer > self._newer:
            self._newer = news.newer
            were, they = ("was", "it is") if news.newer == 1 else ("were", "they are")
            events = plural(news.newer, "event")
            self._tell(f"{events} {were} written by a newer version of synergy; {they} kept but not used.")
        if news.ahead.answers > self._ahead:
            self._ahead = news.ahead.answers
            are, they = ("is", "it is") if news.ahead.answers == 1 else ("are", "they are")
            answers = plural(news.ahead.answers, "answer")
            days = " to ".join(date_of(day).isoformat() for day in sorted({news.ahead.first, news.ahead.last}))
            self._tell(
                f"{answers} {are} dated in the future ({days}); {they} kept but not used until then. "
                "See: synergy history check"
            )


def _size(path: Path) -> int:
    """Return the size of a file in bytes; 0 if it cannot be found out, as reading it will tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _fingerprint(line: bytes) -> bytes:
    """Return the id and the checksum of a line: a million of them must fit in memory."""
    return line[:40] + line[-10:]


def _fault(line: bytes) -> str:
    """Return what is wrong with a line; empty if it is valid, even if it is newer."""
    try:
        decode(line)
    except DamagedError as error:
        return str(error)
    except NewerError:
        pass
    return ""


def _check_log(path: Path, lines: Iterable[Line], seen: dict[str, int], clashing: list[str], horizon: int) -> LogReport:
    events = newer = backwards = ahead = latest = 0
    damaged: list[tuple[int, str]] = []
    torn = None
    for line in lines:
        if line.torn:
            torn = line.number
            break
        try:
            event = decode(line.data)
        except NewerError:
            newer += 1
            continue
        except DamagedError as error:
            damaged.append((line.number, str(error)))
            continue
        events += 1
        backwards += event.at < latest
        ahead += event.at > horizon and isinstance(event.act, (Answer, *SUPERSEDING))
        latest = event.at
        if seen.setdefault(event.id, crc32(line.data)) != crc32(line.data):
            clashing.append(event.id)
    return LogReport(path, events, tuple(damaged), torn, newer, backwards, ahead)
