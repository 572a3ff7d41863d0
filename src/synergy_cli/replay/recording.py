"""A run that is recorded: what it reads is noted and what it writes is remembered, so that it can be replayed."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synergy_cli.folders import make_private
from synergy_cli.replay import entries, reads

if TYPE_CHECKING:
    from synergy_cli.replay.entries import Chunk, Place

ROOM = 16 * entries.LARGEST
"""Bytes of all entries; the oldest make room."""
TOO_FRESH = 20_000_000
"""Nanoseconds. A file may change twice within one tick of its clock; what is made from one this young is not kept."""


class Recording:
    """Remembers what this process writes to its standard streams."""

    def __init__(self, place: Place) -> None:
        """Begin to remember, for an entry."""
        self._place = place
        self._run = reads.begin()
        self._chunks: list[Chunk] = []
        for number, name in ((1, "stdout"), (2, "stderr")):
            stream = getattr(sys, name)
            if isinstance(stream, io.TextIOWrapper):
                tee: Any = _Tee(stream, number, self._chunks, self._run)
                text = io.TextIOWrapper(tee, stream.encoding, stream.errors, line_buffering=stream.line_buffering)
                setattr(sys, name, text)

    def keep(self, status: int) -> None:
        """Keep what was written, if another run would write the same; do nothing if the cache cannot be written."""
        if not self._run.repeatable:
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
        if self._run.repeatable and len(entry) <= entries.LARGEST:
            with suppress(OSError):
                _store(Path(path), entry, run.files)


class _Tee(io.BufferedIOBase):
    """Passes on what is written, and remembers it while that is of use."""

    def __init__(self, stream: io.TextIOWrapper, number: int, chunks: list[Chunk], run: reads.Reads) -> None:
        self._stream = stream  # it would close the file when nothing refers to it
        self._to = stream.buffer
        self._number = number
        self._chunks = chunks
        self._run = run
        self._size = 0

    def write(self, data: Any) -> int:  # noqa: ANN401  whatever has bytes
        written = len(data)
        self._to.write(data)
        self._size += written
        if self._size > entries.LARGEST or not self._run.repeatable:
            reads.once()
            self._chunks.clear()
        else:
            self._chunks.append((self._number, bytes(data)))
        return written

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        self._to.flush()

    def fileno(self) -> int:
        return self._to.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()


def _store(path: Path, entry: bytes, files: dict[bytes, bytes]) -> None:
    """Write an entry, unless a file it was made from has changed, or only just has; OSError if that fails."""
    make_private(path.parent)
    _make_room(path.parent, len(entry))
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(fresh, "xb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600)) as file:
            file.write(entry)
        latest = max((int(state.split()[2]) for state in files.values() if state), default=0)
        unchanged = all(reads.state(name) == state for name, state in files.items())
        if unchanged and fresh.stat().st_mtime_ns - latest > TOO_FRESH:
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _make_room(folder: Path, size: int) -> None:
    """Remove the oldest entries until another of this size has room; OSError if that fails."""
    with os.scandir(folder) as listed:
        found = [(entry.stat(follow_symlinks=False), entry.path) for entry in listed]
    sizes = {path: info.st_size for info, path in sorted(found, key=lambda pair: pair[0].st_mtime_ns)}
    excess = sum(sizes.values()) + size - ROOM
    for path, freed in sizes.items():
        if excess > 0:
            os.unlink(path)
            excess -= freed
