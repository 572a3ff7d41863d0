"""A cache of parsed course data, tied to the files it was made from; safe to delete at any time."""

from __future__ import annotations

import contextlib
import json
import os
from binascii import crc32
from time import time_ns
from typing import TYPE_CHECKING, Any

from synergy_cli import __version__
from synergy_cli.folders import create_private, make_private, read_private
from synergy_cli.replay import reads
from synergy_cli.replay.reads import TOO_FRESH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


FORM = f"{__version__}/9"
LARGEST = 256 * 1024 * 1024
"""The most bytes of a cached file."""


class Cache:
    """A folder of JSON files; the first line of each identifies the files it was made from."""

    def __init__(self, folder: Path | None) -> None:
        """Use a folder, which need not exist; None disables the cache."""
        self._folder = folder

    def fetch(self, name: str, inputs: Sequence[Path], build: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return cached data, or build and cache it; the data has been through JSON.

        Path, size, times and inode of each input file are part of the key. A damaged, outdated or foreign cache file is
        rebuilt; an unwritable folder only costs time. Exceptions from `build` are not caught.
        """
        return self.fetch_part(name, inputs, 0, lambda: [build()])

    def fetch_part(self, name: str, inputs: Sequence[Path], part: int, build: Callable[[], Sequence[Any]]) -> Any:  # noqa: ANN401
        """Return one part of cached data, counted from 0, or build all parts and cache each in a separate file."""
        if self._folder is None or not inputs:
            return build()[part]
        begun, state = time_ns(), _state(inputs)
        kept = _read(self._path(name, inputs, part), [f"{name} {part}", *state])
        if kept is not None:
            return kept[0]
        parts = build()
        newest = max((int(row[1].split()[2]) for row in state if row[1]), default=0)
        if _state(inputs) == state and begun - newest > TOO_FRESH:
            with contextlib.suppress(OSError):
                for number, data in enumerate(parts):
                    _write(self._path(name, inputs, number), [f"{name} {number}", *state], data)
        return parts[part]

    def _path(self, name: str, inputs: Sequence[Path], part: int) -> Path:
        folder = self._folder or inputs[0].parent
        return folder / f"{crc32(os.fsencode(inputs[0]) + f'{name} {part}'.encode()):08x}.json"


def _state(inputs: Sequence[Path]) -> list[list[Any]]:
    """Return the path and the state of each file, and record the first state of each."""
    return [[str(path), reads.file(path).decode()] for path in inputs]


def _read(path: Path, state: list[Any]) -> list[Any] | None:
    try:
        head, _, body = read_private(str(path), LARGEST).partition(b"\n")
        if head != _head(state, body):
            return None
        return [json.loads(body)]
    except (OSError, ValueError, RecursionError):
        return None


def _head(state: list[Any], body: bytes) -> bytes:
    return json.dumps([FORM, crc32(body), state]).encode()


def _write(path: Path, state: list[Any], data: Any) -> None:  # noqa: ANN401
    make_private(path.parent)
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with create_private(fresh) as file:
            file.write(_head(state, body) + b"\n" + body)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
