"""The log on disk: one append-only file per device.

Each line is added by one write and is on disk before the program reports it. Several programs can append to one file
without a lock: the system puts each write at the end, and a program that finds a torn line before its own writes its
line again.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from synergy_cli.course.files import make_private
from synergy_cli.errors import SynergyError
from synergy_cli.history.events import (
    LONGEST_LINE,
    Answer,
    DamagedError,
    Event,
    NewerError,
    Undo,
    decode,
    encode,
    format_time,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from synergy_cli.history.events import Read


SUFFIX = ".jsonl"
BLOCK = 4096
"""Bytes that are written together: SIGKILL and a full disk cut a write only between two blocks."""
_DEVICE = re.compile(r"[0-9a-f]{8}")


class NotSavedError(SynergyError):
    """Something could not be written to the history; the text says what and why."""


class Line(NamedTuple):
    """One line of a log.

    Attributes:
        number: counted from 1 where reading started.
        start: its offset in the file, in bytes.
        end: the offset of the next line.
        data: without the newline; cut off if longer than any event.
        torn: whether the file ends without a newline after it.
    """

    number: int
    start: int
    end: int
    data: bytes
    torn: bool


class Log:
    """The folder with the logs of all devices; this device writes to one of them."""

    def __init__(self, folder: Path, device_file: Path | None, random: Callable[[int], bytes]) -> None:
        """Use a folder, which need not exist, with a file `<device>.jsonl` for each device.

        `device_file` holds this device's name, outside of what machines share; None if there is no place for it.
        `random` returns random bytes, for the name.
        """
        self.folder = folder
        self._device_file = device_file
        self._random = random

    @cached_property
    def own(self) -> Path:
        """The log of this device; NotSavedError if it has no name and none can be stored."""
        return self.folder / f"{self._device()}{SUFFIX}"

    @property
    def taken_in(self) -> Path:
        """The log of this device for events imported from elsewhere."""
        return self.own.with_name(f"{self.own.stem}-merged{SUFFIX}")

    def files(self) -> list[Path]:
        """Return all logs, sorted by name, copies made by sync tools included; OSError if the folder cannot be read."""
        return [path for path in self._named() if path.is_file()]

    def strangers(self) -> list[Path]:
        """Return what has a log's name but is not a file; OSError if the folder cannot be read."""
        return [path for path in self._named() if not path.is_file()]

    def _named(self) -> list[Path]:
        try:
            found = [path for path in self.folder.iterdir() if path.suffix == SUFFIX and not path.name.startswith(".")]
        except FileNotFoundError:
            return []
        return sorted(found)

    def append(self, lines: Iterable[bytes], path: Path | None = None) -> None:
        """Append lines, each with its newline, to a log of this device (by default `own`), and wait for the disk.

        Raises NotSavedError if they are not, or not certainly, on disk; nothing that was there before has changed.
        """
        path = path or self.own
        try:
            _make_folder(self.folder)
            file, created = _open(path)
        except OSError as error:
            raise NotSavedError(_reason(path, error)) from error
        try:
            before = os.fstat(file).st_size
            for line in lines:
                _add(file, line)
            if os.fstat(file).st_size != before:
                os.fsync(file)
            if created:
                _sync_folder(self.folder)
        except OSError as error:
            raise NotSavedError(_reason(path, error)) from error
        finally:
            os.close(file)

    def check_writable(self) -> None:
        """Find out whether an answer could be saved, without writing one; NotSavedError if not."""
        self.append([])

    def _device(self) -> str:
        """Return this device's name; the first call creates it."""
        if self._device_file is None:
            raise NotSavedError("there is no home folder; set HOME, or SYNERGY_HISTORY and XDG_STATE_HOME")
        try:
            name = _first_line(self._device_file)
            if name is None:
                _make_folder(self._device_file.parent)
                _create(self._device_file, self._random(4).hex())
                name = _first_line(self._device_file)
        except OSError as error:
            raise NotSavedError(_reason(self._device_file, error)) from error
        if name is None or not _DEVICE.fullmatch(name):
            message = f"{self._device_file}: not a device name; expected 8 hexadecimal digits. Remove the file"
            raise NotSavedError(message)
        return name


def _make_folder(folder: Path) -> None:
    try:
        make_private(folder)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def _open(path: Path) -> tuple[int, bool]:
    """Open a log to append to; return whether it is new. Anything but a regular file is refused before it can block."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
    try:
        file, created = os.open(path, flags), False
    except FileNotFoundError:
        file, created = os.open(path, flags | os.O_CREAT, 0o600), True
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(0, "no regular file")
    return file, created


def _add(file: int, line: bytes) -> None:
    """Append one line, on a line of its own whatever else is appended at the same time, and not across two blocks."""
    size = os.fstat(file).st_size
    above = b"\n" if size > 0 and os.pread(file, 1, size - 1) != b"\n" else b""
    room = -(size + len(above)) % BLOCK
    if 0 < room < len(line) <= BLOCK:
        above += b" " * (room - 1) + b"\n"
    if not _write(file, above + line) and not _write(file, b"\n" + line):
        raise OSError(0, "only a part of it was written; is the disk full?")


def _write(file: int, line: bytes) -> bool:
    """Write a line in one go; return whether all of it is in the file, after a newline."""
    format_time = os.write(file, line)
    start = os.lseek(file, 0, os.SEEK_CUR) - format_time
    alone = b"\n" in line[:-1] or start == 0 or os.pread(file, 1, start - 1) == b"\n"
    return format_time == len(line) and alone


def _sync_folder(folder: Path) -> None:
    """Make sure that a new file's name is on disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _first_line(path: Path) -> str | None:
    """Return the first line of a short file; None if it is missing or empty."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    try:
        return os.read(file, 100).decode("ascii", "replace").strip() or None
    finally:
        os.close(file)


def _create(path: Path, text: str) -> None:
    """Write a short file completely or not at all; what another program wrote meanwhile stays."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.write_text(f"{text}\n", encoding="ascii")
        try:
            path.hardlink_to(fresh)
        except OSError:  # it exists by now, or the file system has no links
            if _first_line(path) is None:
                fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _reason(path: Path, error: OSError) -> str:
    return f"{path}: {error.strerror or error}"


def read_lines(path: Path, start: int = 0) -> Iterator[Line]:
    """Yield the lines of a log, or of any file, from a byte offset; the memory used does not depend on its size.

    Empty lines are skipped. A damaged line comes in parts if some of them are intact. OSError if it is not a readable
    regular file.
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
    """Yield the lines of a log without newlines, the last one first; a line longer than any event comes in parts.

    OSError if it is not a readable regular file.
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
    file = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(0, "no regular file", path)
    return file


class Moment(NamedTuple):
    """A moment in microseconds since 1970 UTC, and the offset of local time, in seconds east of UTC."""

    at: int
    offset: int


class Environment(NamedTuple):
    """What comes from outside.

    Attributes:
        now: the clock.
        random: returns a number of random bytes.
        tell: shows a line to the person, beside the content.
    """

    now: Callable[[], Moment]
    random: Callable[[int], bytes]
    tell: Callable[[str], None]


class LogWriter:
    """Records what the learner does on this device."""

    def __init__(self, log: Log, outside: Environment) -> None:
        """Write to a log."""
        self.log = log
        self._environment = outside
        self._latest = 0

    def seconds(self) -> float:
        """Return the clock in seconds, to measure durations."""
        return self._environment.now().at / 1_000_000

    def save(self, course: str, act: Answer | Undo | Read) -> Event:
        """Record an act in a course, and return its event; NotSavedError if it is not, or not certainly, on disk."""
        moment = self._environment.now()
        self._latest = max(moment.at, self._latest + 1)
        event = Event(self._environment.random(8).hex(), self._latest, moment.offset, course, act)
        line = encode(event)
        if decoded(line[:-1]) is None:
            text = f"the history could not be read with it; the clock says {format_time(event.at)}: is it right?"
            raise NotSavedError(text)
        self.log.append([line])
        return event

    def undo(self, event: Event) -> None:
        """Undo an answer, by an event; NotSavedError if it cannot be recorded."""
        if isinstance(event.act, Answer):
            self.save(event.course, Undo(event.act.question, event.act.revision, event.id))

    def last_answer(self, course: str) -> Event | None:
        """Return the last answer on this device that still counts; SynergyError if the log cannot be read."""
        undone: set[str] = set()
        try:
            for line in lines_from_the_end(self.log.own):
                event = decoded(line)
                if event is None or event.course != course:
                    continue
                if isinstance(event.act, Undo):
                    undone.add(event.act.event)
                elif isinstance(event.act, Answer) and event.id not in undone:
                    return event
        except FileNotFoundError:
            pass
        except OSError as error:
            raise unreadable(self.log, error) from error
        return None


def unreadable(log: Log, error: OSError) -> SynergyError:
    """Return the error for logs that cannot be read."""
    where = error.filename or log.folder
    text = f"{where}: the history cannot be read: {error.strerror or error}"
    return SynergyError(text)


def decoded(line: bytes) -> Event | None:
    """Decode a line; None if it is damaged or newer."""
    try:
        return decode(line)
    except (NewerError, DamagedError):
        return None
