"""Records a run, what it reads and what it writes, so that it can be replayed."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from time import sleep, time_ns
from typing import TYPE_CHECKING, Any

from synergy_cli.folders import create_private, make_private
from synergy_cli.replay import entries, first_screen, reads

if TYPE_CHECKING:
    from collections.abc import Callable

    from synergy_cli.replay.entries import Chunk, Place

ROOM = 16 * entries.LARGEST
"""The maximum size of all entries in bytes; the oldest are removed."""


class Recording:
    """Captures what this process writes to its standard streams."""

    def __init__(self, place: Place) -> None:
        """Start capturing, for an entry."""
        self._place = place
        self._streams = [(1, "stdout", sys.stdout), (2, "stderr", sys.stderr)]
        self._begin(reads.so_far())

    def keep(self, status: int) -> None:
        """Store the output, or, after the reader closed, what it would show first if opened again.

        This only happens if another run would write the same; an unwritable cache is ignored.
        """
        again = self._run.again
        if self._run.was_in_reader and again is not None:
            status = self._rehearsed(again) if status == 0 else status
        if not self._repeatable:
            return
        reads.program()
        run, (path, key) = self._run, self._place
        variables = [name if value is None else f"{name}={value}" for name, value in run.variables.items()]
        entry = entries.joined(
            [
                key,
                b"\0".join(map(os.fsencode, variables)),
                b"\0".join(part for row in run.files.items() for part in row),
                b" ".join(b"%d" % day for day in run.days),
                b"%d" % status,
                bytes(stream for stream, _ in self._chunks),
                *(data for _, data in self._chunks),
            ]
        )
        if run.repeatable and len(entry) <= entries.LARGEST:
            with suppress(OSError):
                _store(Path(path), entry, run.files, self._begun)

    @property
    def _repeatable(self) -> bool:
        """Whether another run writes the same; not if the window was resized in the meantime."""
        windows = (str(os.terminal_size(size)).encode() for size in self._run.windows)
        return self._run.repeatable and all(window in self._place[1] for window in windows)

    def _begin(self, run: reads.Reads) -> None:
        """Start capturing; the output of a rehearsal is not written."""
        self._run = run
        self._begun = time_ns()
        self._chunks: list[Chunk] = []
        for number, name, stream in self._streams:
            if isinstance(stream, io.TextIOWrapper):
                tee: Any = _Tee(stream, number, self._chunks, run)
                text = io.TextIOWrapper(tee, stream.encoding, stream.errors, line_buffering=stream.line_buffering)
                setattr(sys, name, text)

    def _rehearsed(self, again: Callable[[], None]) -> int:
        """Repeat what opened the reader, up to its first screen; return `SCREEN`, its status in an entry."""
        sleep(reads.TOO_FRESH / 1e9)  # until what was recorded in the reader is no longer fresh
        self._begin(reads.rehearse())
        screen = b""
        try:
            again()
        except reads.RehearsedError as end:
            screen = end.screen
        except Exception:  # noqa: BLE001, S110  whatever is wrong, the next run says it
            pass
        self._run.unique |= not screen
        self._chunks.append((1, screen))
        return entries.SCREEN


class _Tee(io.BufferedIOBase):
    """Passes on what is written, and captures it while that is useful."""

    def __init__(self, stream: io.TextIOWrapper, number: int, chunks: list[Chunk], run: reads.Reads) -> None:
        self._stream = stream  # it would close the file when nothing refers to it
        self._to = stream.buffer
        self._number = number
        self._chunks = chunks
        self._run = run
        self._size = 0

    def write(self, data: Any) -> int:  # noqa: ANN401  whatever has bytes
        written = len(data)
        chunk = self._number, bytes(data)
        if not self._run.is_rehearsal and not first_screen.is_printed(chunk):
            self._to.write(data)
        self._size += written
        if self._size > entries.LARGEST or not self._run.repeatable:
            self._run.unique = True
            self._chunks.clear()
        else:
            self._chunks.append(chunk)
        return written

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        self._to.flush()

    def fileno(self) -> int:
        return self._to.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()


def _store(path: Path, entry: bytes, files: dict[bytes, bytes], begun: int) -> None:
    """Write an entry, unless a file it depends on changed after the run began, or just before.

    Raises OSError if that fails.
    """
    make_private(path.parent)
    _make_room(path.parent, len(entry))
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with create_private(fresh) as file:
            file.write(entry)
        unchanged = all(entries.state(name) == state for name, state in files.items())
        if unchanged and reads.settled(files.values(), begun):
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _make_room(folder: Path, size: int) -> None:
    """Remove the oldest entries until a new one of this size fits; OSError if that fails."""
    with os.scandir(folder) as listed:
        found = [(entry.stat(follow_symlinks=False), entry.path) for entry in listed if not entry.is_dir()]
    sizes = {path: info.st_size for info, path in sorted(found, key=lambda pair: pair[0].st_mtime_ns)}
    excess = sum(sizes.values()) + size - ROOM
    for path, freed in sizes.items():
        if excess > 0:
            os.unlink(path)
            excess -= freed
