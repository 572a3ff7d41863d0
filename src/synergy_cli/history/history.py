"""The learner's history: the log holds every event, the index answers questions about them."""

from __future__ import annotations

from binascii import crc32
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli.errors import SynergyError
from synergy_cli.history.events import DamagedError, NewerError, decode
from synergy_cli.history.index import IndexDamagedError, open_index, rebuild
from synergy_cli.history.log import Environment, LogWriter, decoded, read_lines, unreadable
from synergy_cli.history.scheduler import study_day
from synergy_cli.text import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from synergy_cli.history.events import Event
    from synergy_cli.history.index import Counts, Index
    from synergy_cli.history.log import Log
    from synergy_cli.history.scheduler import Card


MANY_LINES = 10_000
"""Lines written in one go during a merge."""


class LogReport(NamedTuple):
    """What `history check` found in one log.

    Attributes:
        events: the number of intact events.
        damaged: line number and fault of each damaged line.
        torn: the number of the last line if it is incomplete, else None.
        newer: the number of lines of a newer version.
        backwards: how often an event is earlier than the one before it: the clock was set back.
        ahead: how many are more than a day in the future.
    """

    path: Path
    events: int
    damaged: tuple[tuple[int, str], ...]
    torn: int | None
    newer: int
    backwards: int
    ahead: int


class HistoryReport(NamedTuple):
    """What `history check` found.

    Attributes:
        logs: a report on each.
        repeated: how many events occur more than once, as they do after logs are copied.
        clashing: ids shared by different events.
        strangers: names of logs that are not files.
        mended: how many rows of the index disagreed with the logs; it has been rebuilt.
    """

    logs: tuple[LogReport, ...]
    repeated: int
    clashing: tuple[str, ...]
    strangers: tuple[Path, ...]
    mended: int

    @property
    def sound(self) -> bool:
        """Whether every line that was completely written is intact."""
        return not self.clashing and not self.strangers and not any(log.damaged for log in self.logs)


class Merged(NamedTuple):
    """The result of merging a file: new events, known ones, and line number and fault of rejected lines."""

    path: Path
    taken: int
    known: int
    damaged: tuple[tuple[int, str], ...]


class History(LogWriter):
    """A learner's history."""

    def __init__(self, log: Log, index_folder: Path | None, retention: float, outside: Environment) -> None:
        """Use a log, and keep an index of it in `index_folder`, or in memory for None.

        `retention` is the share of answers that should be right when a review is due, 0.70 to 0.97.
        """
        super().__init__(log, outside)
        self._retention = retention
        self._newer = 0
        name = f"history-{crc32(bytes(log.folder)):08x}-{round(retention * 1000)}.sqlite"
        self.index_path = index_folder / name if index_folder is not None else None

    @property
    def today(self) -> int:
        """The study day."""
        moment = self._environment.now()
        return study_day(moment.at, moment.offset)

    def cards(self, course: str) -> dict[tuple[str, int], Card]:
        """Return the cards of a course, by question and revision."""
        return {card.key: card for card in self._ask(lambda index: index.cards(course))}

    def counts(self, course: str) -> dict[tuple[str, int], Counts]:
        """Return the answers and misses of each question in any mode, by id and revision."""
        counts: dict[tuple[str, int], Counts] = self._ask(lambda index: index.counts(course))
        return counts

    def pages(self, course: str) -> dict[str, int]:
        """Return the study day on which each page was last read, by id."""
        pages: dict[str, int] = self._ask(lambda index: index.pages(course))
        return pages

    def days(self, course: str, since: int) -> dict[int, tuple[int, int]]:
        """Return the number of answers and right ones for each study day, from `first` on."""
        days: dict[int, tuple[int, int]] = self._ask(lambda index: index.days(course, since))
        return days

    def confidences(self, course: str) -> dict[tuple[str, bool], int]:
        """Count the answers with a confidence, by confidence and whether they were right."""
        found: dict[tuple[str, bool], int] = self._ask(lambda index: index.confidences(course))
        return found

    def refresh(self) -> None:
        """Read the logs again before the next query: something was added."""
        if "_index" not in self.__dict__:
            return
        try:
            try:
                self._say(self._index.update(self.log, self._patience))
            except IndexDamagedError:
                self._forget()
                self._index = self._opened()
        except OSError as error:
            raise unreadable(self.log, error) from error

    def check(self) -> HistoryReport:
        """Verify every line of every log, and rebuild the index if it disagrees.

        Raises SynergyError if the logs cannot be read.
        """
        ahead = self._environment.now().at + 86_400_000_000
        seen: dict[str, int] = {}
        clashing: list[str] = []
        try:
            logs = tuple(_check_log(path, seen, clashing, ahead) for path in self.log.files())
            strangers = tuple(self.log.strangers())
            mended = self._mend()
        except OSError as error:
            raise unreadable(self.log, error) from error
        repeated = sum(log.events for log in logs) - len(seen) - len(clashing)
        return HistoryReport(logs, repeated, tuple(clashing), strangers, mended)

    def merge(self, paths: Sequence[Path]) -> list[Merged]:
        """Import the events of other logs that are not known yet, unchanged; return the result for each file.

        Raises:
            NotSavedError: they could not be written.
            SynergyError: a file cannot be read.
        """
        known = {_fingerprint(line.data) for line in self._lines() if not line.torn and _is_event(line.data)}
        return [self._merge(path, known) for path in paths]

    def events(self) -> Iterator[tuple[Event, bytes]]:
        """Yield all events, each once, with its line, log by log; SynergyError if the logs cannot be read."""
        seen: set[str] = set()
        for line in self._lines():
            event = decoded(line.data)
            if event is not None and event.id not in seen:
                seen.add(event.id)
                yield event, line.data

    def _lines(self) -> Iterator[Any]:
        try:
            for path in self.log.files():
                yield from read_lines(path)
        except OSError as error:
            raise unreadable(self.log, error) from error

    def _merge(self, path: Path, known: set[bytes]) -> Merged:
        taken = before = 0
        damaged: list[tuple[int, str]] = []
        fresh: list[bytes] = []
        try:
            for line in read_lines(path):
                fault = _fault(line.data)
                if fault:
                    damaged.append((line.number, fault))
                elif _fingerprint(line.data) in known:
                    before += 1
                else:
                    known.add(_fingerprint(line.data))
                    fresh.append(line.data + b"\n")
                    taken += 1
                if len(fresh) == MANY_LINES:
                    self.log.append(fresh, self.log.taken_in)
                    fresh.clear()
        except OSError as error:
            raise SynergyError(f"{path}: cannot be read: {error.strerror or error}") from error
        if fresh:
            self.log.append(fresh, self.log.taken_in)
        if damaged and not taken and not before:
            raise SynergyError(f"{path}: contains no synergy events; expected a log, such as {self.log.own.name}")
        return Merged(path, taken, before, tuple(damaged))

    def _ask(self, question: Callable[[Index], Any]) -> Any:  # noqa: ANN401  what the question gives
        """Query the index; if it turns out to be damaged, rebuild it and query again."""
        try:
            try:
                return question(self._index)
            except IndexDamagedError:
                self._forget()
                self._index = self._made_anew()
                return question(self._index)
        except OSError as error:
            raise unreadable(self.log, error) from error

    @cached_property
    def _index(self) -> Index:
        return self._opened()

    def _forget(self) -> None:
        """Close an index that cannot be used."""
        index = self.__dict__.pop("_index", None)
        if index is not None:
            index.close()

    def _opened(self) -> Index:
        """Open the index and bring it up to date; rebuild it if that fails."""
        if self.index_path is None:
            return self._made_anew()
        try:
            index = open_index(self.index_path, self._retention)
        except IndexDamagedError:
            return self._made_anew()
        try:
            self._say(index.update(self.log, self._patience))
        except IndexDamagedError:
            index.close()
            return self._made_anew()
        return index

    def _made_anew(self) -> Index:
        index, news = rebuild(self.index_path, self._retention, self.log, self._patience)
        self._say(news)
        return index

    def _mend(self) -> int:
        """Rebuild the index beside the existing one; return the number of rows that differ."""
        self.refresh()
        kept = self._index
        beside = self.index_path.with_name(f"{self.index_path.name}.check") if self.index_path is not None else None
        fresh, _ = rebuild(beside, self._retention, self.log, self._patience)
        try:
            differing = kept.differences(fresh)
        except IndexDamagedError:
            differing = 1
        fresh.close()
        if beside is not None:
            with suppress(OSError):
                beside.unlink()
        if differing:
            self._forget()
            self._index, _ = rebuild(self.index_path, self._retention, self.log, self._patience)
        return differing

    def _patience(self, size: int) -> None:
        self._environment.tell(f"Reading {size // 1024 // 1024} MiB of history once; later starts are quick.")

    def _say(self, news: Any) -> None:  # noqa: ANN401  index.News
        for name, count in news.damaged:
            lines = plural(count, "damaged line")
            self._environment.tell(f"{name}: {lines} ignored. See: synergy history check")
        if news.newer > self._newer:
            self._newer = news.newer
            events, they = ("event is", "it is") if news.newer == 1 else ("events are", "they are")
            self._environment.tell(
                f"{news.newer} {events} of a newer version of synergy; {they} kept, and not used here."
            )


def _fingerprint(line: bytes) -> bytes:
    """Return what identifies a line, to keep a million in memory: its start, which holds the id, and its checksum."""
    return line[:40] + line[-10:]


def _is_event(line: bytes) -> bool:
    return not _fault(line)


def _fault(line: bytes) -> str:
    """Return what is wrong with a line; empty if it is intact, even if it is of a newer version."""
    try:
        decode(line)
    except NewerError:
        return ""
    except DamagedError as error:
        return str(error)
    return ""


def _check_log(path: Path, seen: dict[str, int], clashing: list[str], ahead: int) -> LogReport:
    events = newer = backwards = future = latest = 0
    damaged: list[tuple[int, str]] = []
    torn = None
    for line in read_lines(path):
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
        future += event.at > ahead
        latest = event.at
        if seen.setdefault(event.id, crc32(line.data)) != crc32(line.data):
            clashing.append(event.id)
    return LogReport(path, events, tuple(damaged), torn, newer, backwards, future)
