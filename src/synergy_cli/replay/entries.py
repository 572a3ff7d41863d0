"""Output that was printed before, printed again while everything it was made from is as it was.

An entry is one file in the cache, data alone. Its name says what was asked: the arguments, the current folder, and what
the streams are. It holds what the run read, as `reads` noted it, and what it wrote. An entry that is damaged, too large
or someone else's is not used, and all may be deleted at any time.
"""

from __future__ import annotations

import os
import sys
from binascii import crc32
from time import localtime, time_ns

from synergy_cli import __version__
from synergy_cli.days import study_day
from synergy_cli.folders import read_private, xdg
from synergy_cli.replay import output, reads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    Place = tuple[str, bytes]
    """The path of an entry, and its key."""

OFF, OPTION = "SYNERGY_NO_CACHE", "--no-cache"
LARGEST = 1024 * 1024
"""Bytes of an entry."""
_VARIANTS = ("SYNERGY_COURSE", "TERM", "COLUMNS")
"""Variables that often differ from call to call: each value has an entry of its own."""
SCREEN = 256
"""In the place of an exit status: what was written last is the first screen of the reader."""


def place(arguments: Sequence[str]) -> Place | None:
    """Return the file for the entry of a call, and its key; None where nothing is kept.

    It is to be called before anything has changed the streams.
    """
    folder = xdg("XDG_CACHE_HOME", ".cache")
    is_off = os.environ.get(OFF, "") not in ("", "0") or OPTION in arguments or not hasattr(os, "getuid")
    if is_off or folder is None or sys.stdout is None:
        return None
    variants = (os.environ.get(name, "") for name in _VARIANTS)
    try:
        streams = map(_kind, (sys.stdin, sys.stdout, sys.stderr))
        where = (__version__, sys.version, sys.prefix, __file__, os.getcwd())
        key = os.fsencode("\0".join((*where, *streams, *variants, *arguments)))
    except (OSError, ValueError):  # the folder has been removed, or a stream is closed
        return None
    return os.path.join(folder, "replay", f"{crc32(key):08x}"), key


def replayed(place: Place) -> int | None:
    """Print again what the same call printed before; return its exit status, or None if the program is to be run.

    It is to be run too after the first screen of the reader.
    """
    try:
        path, key = place
        known, variables, files, day, status, streams, *data = _parts(read_private(path, LARGEST))
        current = known == key and _same_variables(variables) and _same_files(files) and _same_day(day)
        ended, chunks = int(status), list(zip(streams, data, strict=True))
        if streams.strip(b"\1\2") or (ended == SCREEN and not chunks):
            return None
    except (OSError, ValueError):
        return None
    if not current:
        return None
    if ended != SCREEN:
        return output.written(chunks, ended)
    output.show(chunks[:-1], chunks[-1][1])
    return None


def _kind(stream: TextIO | None) -> str:
    """Return what output may depend on in a stream."""
    if stream is None:
        return "closed"
    size = os.get_terminal_size(stream.fileno()) if stream.isatty() and stream is not sys.stdin else ""
    return f"{stream.isatty()} {size} {stream.encoding} {stream.errors}"


def joined(parts: Sequence[bytes]) -> bytes:
    """Return what the file of an entry holds: a checksum, the sizes of the parts, the parts."""
    entry = b" ".join(b"%d" % len(part) for part in parts) + b"\n" + b"".join(parts)
    return b"%08x\n" % crc32(entry) + entry


def _parts(data: bytes) -> list[bytes]:
    """Take an entry apart; ValueError if it is damaged."""
    checksum, _, entry = data.partition(b"\n")
    if checksum != b"%08x" % crc32(entry):
        raise ValueError
    sizes, _, rest = entry.partition(b"\n")
    parts, start = [], 0
    for size in map(int, sizes.split()):
        parts.append(rest[start : start + size])
        start += size
    return parts


def _same_variables(listed: bytes) -> bool:
    for item in filter(None, listed.split(b"\0")):
        name, is_set, value = item.partition(b"=")
        if os.environb.get(name) != (value if is_set else None):
            return False
    return True


def _same_files(listed: bytes) -> bool:
    names = listed.split(b"\0")
    return all(reads.state(name) == before for name, before in zip(names[::2], names[1::2], strict=True))


def _same_day(day: bytes) -> bool:
    if not day:
        return True
    now = time_ns()
    return study_day(now // 1000, localtime(now // 1_000_000_000).tm_gmtoff) == int(day)
