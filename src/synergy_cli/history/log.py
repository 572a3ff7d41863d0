"""The log: one file per device; lines are only appended, never changed or removed.

A line is appended in one write, and is on disk before the caller continues. Several processes may append to a file
without a lock: the system puts each write at the end, and a process that finds an incomplete line before its own writes
its line again.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING

from synergy_cli.days import study_day
from synergy_cli.errors import SynergyError
from synergy_cli.folders import make_private
from synergy_cli.history.events import (
    LONGEST_LINE,
    Answer,
    DamagedError,
    Event,
    NewerError,
    Overrule,
    Undo,
    decode,
    encode,
    format_time,
    parts,
)
from synergy_cli.records import NamedTuple
from synergy_cli.replay import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from synergy_cli.history.events import Act, Flag, Start

    ProgressBar = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
    """Shows a progress bar, given a word for the work and its amount; gives what is told the amount done."""


SUFFIX = ".jsonl"
BLOCK = 4096
"""The number of bytes written together: SIGKILL and a full disk only cut a write between two blocks."""
_DEVICE = re.compile(r"[0-9a-f]{8}")


class NotSavedError(SynergyError):
    """The history could not be written; the message says what failed and why."""


class Line(NamedTuple):
    """One line of a log.

    Attributes:
        number: counted from 1, starting where reading began.
        start: its offset in the file, in bytes.
        end: the offset of the next line.
        data: without the newline; cut if longer than an event can be.
        torn: whether the file ends before a newline.
    """

    number: int
    start: int
    end: int
    data: bytes
    torn: bool


class Log:
    """The folder with the logs of all devices; this device writes only its own."""

    def __init__(self, folder: Path, device_file: Path | None, random: Callable[[int], bytes]) -> None:
        """Use a folder, which need not exist, with a file `<device>.jsonl` for each device.

        `device_file` stores the name of this device, and must not be shared between devices; it is None without a home
        folder. `random` returns a number of random bytes.
        """
        self.folder = folder
        self._device_file = device_file
        self._random = random

    @cached_property
    def own(self) -> Path:
        """The log of this device; raises NotSavedError if the device has no name and cannot get one."""
        return self.folder / f"{self._device()}{SUFFIX}"

    @property
    def taken_in(self) -> Path:
        """The log of events that this device imported."""
        return self.own.with_name(f"{self.own.stem}-merged{SUFFIX}")

    def files(self) -> list[Path]:
        """Return all logs by name, including copies made by a sync tool.

        Raises OSError if the folder cannot be read.
        """
        return [path for path in self._named() if reads.file(path) and path.is_file()]

    def strangers(self) -> list[Path]:
        """Return entries that are named like a log but are not files; raises OSError if the folder cannot be read."""
        return [path for path in self._named() if not path.is_file()]

    def _named(self) -> list[Path]:
        with suppress(FileNotFoundError):
            reads.file(self.folder)
            paths = self.folder.iterdir()
            return sorted(path for path in paths if path.suffix == SUFFIX and not path.name.startswith("."))
        return []

    def append(self, lines: Iterable[bytes], path: Path | None = None) -> None:
        """Append lines, each with its newline, to a log of this device (by default `own`), and sync it to disk.

        Raises:
            NotSavedError: they may not be on disk. Existing content has not changed.
        """
        path = path or self.own
        reads.once()
        with _saving(path):
            _make_folder(self.folder)
            file, created = _open(path)
            try:
                before = os.fstat(file).st_size
                for line in lines:
                    _add(file, line)
                if os.fstat(file).st_size != before:
                    os.fsync(file)
                if created:
                    _sync_folder(self.folder)
            finally:
                os.close(file)

    def check_writable(self) -> None:
        """Raise NotSavedError if an answer could not be saved; a missing log is created, without an event."""
        self.append([])

    def _device(self) -> str:
        """Return the name of this device; the first call creates it."""
        if self._device_file is None:
            raise NotSavedError("there is no home folder; set HOME, or SYNERGY_HISTORY and XDG_STATE_HOME")
        with _saving(self._device_file):
            reads.file(self._device_file)
            name = _first_line(self._device_file)
            if name is None:
                _make_folder(self._device_file.parent)
                _create(self._device_file, self._random(4).hex())
                name = _first_line(self._device_file)
        if name is None or not _DEVICE.fullmatch(name):
            raise NotSavedError(
                f"{self._device_file}: invalid device name, expected 8 hexadecimal digits; remove the file"
            )
        return name


@contextmanager
def _saving(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotSavedError(f"{path}: {error.strerror or error}") from error


def _make_folder(folder: Path) -> None:
    try:
        make_private(folder)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def _open(path: Path) -> tuple[int, bool]:
    """Open a log for appending, and return whether it is new; raise OSError, without blocking, if it is not a file."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
    try:
        return _regular(os.open(path, flags)), False
    except FileNotFoundError:
        return _regular(os.open(path, flags | os.O_CREAT, 0o600)), True


def _regular(file: int) -> int:
    """Return an open file if it is a regular file; otherwise close it and raise OSError."""
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(0, "not a regular file")
    return file


def _add(file: int, line: bytes) -> None:
    """Append a line within one block, separate from anything appended at the same time."""
    size = os.fstat(file).st_size
    above = b"\n" if size > 0 and os.pread(file, 1, size - 1) != b"\n" else b""
    room = -(size + len(above)) % BLOCK
    if 0 < room < len(line) <= BLOCK:
        above += b" " * (room - 1) + b"\n"
    if not _write(file, above + line) and not _write(file, b"\n" + line):
        raise OSError(0, "only part of it was written; is the disk full?")


def _write(file: int, line: bytes) -> bool:
    """Write a line in one write; return whether all of it is in the file, after a newline."""
    written = os.write(file, line)
    start = os.lseek(file, 0, os.SEEK_CUR) - written
    alone = b"\n" in line[:-1] or start == 0 or os.pread(file, 1, start - 1) == b"\n"
    return written == len(line) and alone


def _sync_folder(folder: Path) -> None:
    """Sync the folder, so that the name of a new file is on disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _first_line(path: Path) -> str | None:
    """Read a short file; return None if it is missing or empty."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    try:
        return os.read(file, 100).decode("ascii", "replace").strip() or None
    finally:
        os.close(file)


def _create(path: Path, text: str) -> None:
    """Write a short file atomically, unless another process has written it in the meantime."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.write_text(f"{text}\n", encoding="ascii")
        try:
            path.hardlink_to(fresh)
        except OSError:  # the file exists by now, or the file system has no hard links
            if _first_line(path) is None:
                fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def read_lines(path: Path, start: int = 0) -> Iterator[Line]:
    """Read the non-empty lines of a log from an offset in bytes, in constant memory.

    The intact parts of a damaged line are separate lines. Raises OSError if the file cannot be read, or is not regular.
    """
    with open(path, "rb", opener=_for_reading) as file:
        file.seek(start)
        number = 0
        while data := file.readline(LONGEST_LINE):
            number += 1
            end = start + len(data)
            ended = data.endswith(b"\n")
            while not ended and (more := file.readline(LONGEST_LINE)):
                end, ended = end + len(more), more.endswith(b"\n")
            *pieces, last = parts(data.rstrip(b"\n")) or [b""]
            for piece in pieces:
                yield Line(number, start, start + len(piece), piece, torn=False)
                start += len(piece)
            if last.strip():
                yield Line(number, start, end, last, not ended)
            start = end


def lines_from_the_end(path: Path) -> Iterator[bytes]:
    """Read the lines of a log backwards, without newlines; a line longer than an event can be comes in parts.

    Raises OSError if the file cannot be read or is not regular.
    """
    with open(path, "rb", opener=_for_reading) as file:
        place = file.seek(0, os.SEEK_END)
        rest = b""
        while place > 0:
            step = min(LONGEST_LINE, place)
            place -= step
            file.seek(place)
            rest, *lines = (file.read(step) + rest[: 2 * LONGEST_LINE]).split(b"\n")
            for line in reversed(lines):
                yield from reversed(parts(line))
        yield from reversed(parts(rest))


def _for_reading(path: str, flags: int) -> int:
    try:
        return _regular(os.open(path, flags | getattr(os, "O_NONBLOCK", 0)))
    except OSError as error:
        error.filename = path
        raise


class Moment(NamedTuple):
    """A time in microseconds since 1970 UTC, and the offset of local time in seconds east of UTC."""

    at: int
    offset: int


def today(now: Callable[[], Moment]) -> int:
    """Return the study day, which is the only part of the clock's time that matters here."""
    day = study_day(*now())
    reads.only_day(day)
    return day


@contextmanager
def no_bar(_title: str, _total: int) -> Iterator[Callable[[int], object]]:
    """Show no progress bar."""
    yield lambda _done: None


class LogWriter:
    """Appends what the learner does to the log of this device."""

    def __init__(self, log: Log, now: Callable[[], Moment], random: Callable[[int], bytes]) -> None:
        """Write to a log, with the time of a clock; `random` returns a number of random bytes."""
        self.log = log
        self._now = now
        self._random = random
        self._latest = 0

    def seconds(self) -> float:
        """Return the time in seconds, for measuring durations."""
        return self._now().at / 1_000_000

    def save(self, course: str, act: Act, after: int = 0) -> Event:
        """Record an act in the course with the id `course`; it is on disk when this returns.

        Its time is later than `after`, in microseconds since 1970 UTC, even if the clock is behind.

        Raises:
            NotSavedError: it may not be on disk.
        """
        event, line = self._event(course, act, after)
        self.log.append([line])
        return event

    def start(self, course: str, start: Start, act: Answer | Flag) -> tuple[str, Event]:
        """Record the start of a session and its first act in one write.

        Return the id of the session and the act's event.

        The id is empty if the session has too many questions for its start to fit on a line.

        Raises:
            NotSavedError: they may not be on disk.
        """
        try:
            opening, line = self._event(course, start)
        except NotSavedError:
            return "", self.save(course, act)
        event, first = self._event(course, act._replace(session=opening.id))
        self.log.append([line, first])
        return opening.id, event

    def _event(self, course: str, act: Act, after: int = 0) -> tuple[Event, bytes]:
        """Return a new event and its line; raise NotSavedError if it could not be read back."""
        moment = self._now()
        self._latest = max(moment.at, self._latest + 1)
        at = max(self._latest, after + 1)
        event = Event(self._random(8).hex(), at, moment.offset, course, act)
        line = encode(event)
        if decoded(line[:-1]) is None:
            raise NotSavedError(
                f"the event could not be read again; the clock says {format_time(event.at)}: is it right?"
            )
        return event, line

    def undo(self, event: Event) -> None:
        """Record that an answer or an overrule was undone; raise NotSavedError if that fails."""
        if isinstance(event.act, Answer | Overrule):
            self.save(event.course, Undo(event.act.question, event.act.revision, event.id))

    def last_answer(self) -> Event | None:
        """Return the last answer, or overrule of one, on this device, in any course, that was not undone.

        Answers in exams do not count: they schedule nothing, and an exam's result does not change. Raises SynergyError
        if the log cannot be read.
        """
        undone: set[str] = set()
        with reading(self.log), suppress(FileNotFoundError):
            for line in lines_from_the_end(self.log.own):
                event = decoded(line)
                if event is None:
                    continue
                if isinstance(event.act, Undo):
                    undone.add(event.act.event)
                elif event.id not in undone and _counts(event, undone):
                    return event
        return None


def _counts(event: Event, undone: set[str]) -> bool:
    """Whether an event is an answer outside of exams, or an overrule of an answer that was not undone."""
    if isinstance(event.act, Answer):
        return event.act.mode != "exam"
    return isinstance(event.act, Overrule) and event.act.event not in undone


@contextmanager
def reading(log: Log) -> Iterator[None]:
    """Turn an OSError into a SynergyError that says which log cannot be read, and why; the next run may read it."""
    try:
        yield
    except OSError as error:
        reads.once()
        where = error.filename or log.folder
        raise SynergyError(f"{where}: the history cannot be read: {error.strerror or error}") from error


def decoded(line: bytes) -> Event | None:
    """Return the event on a line, or None if it is damaged or newer."""
    try:
        return decode(line)
    except (NewerError, DamagedError):
        return None
