"""Replays earlier output as long as nothing it depends on has changed.

An entry is one file in the cache, with data only. Its name identifies the call: the arguments, the current folder, and
the kinds of streams. It holds what the run read, as noted by `reads`, and what it wrote. An entry that is damaged, too
large or owned by someone else is not used, and all entries may be deleted at any time.
"""

import os
import sys
from _imp import source_hash  # it is importlib.util's, which takes a millisecond to load; binascii half of one
from time import localtime, time_ns

from synergy_cli import __version__
from synergy_cli.folders import read_private, xdg

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

Place = tuple[str, bytes]
"""The path of an entry, and its key."""
Chunk = tuple[int, bytes]
"""The number of a stream, 1 or 2, and bytes written to it."""

OFF, OPTION = "SYNERGY_NO_CACHE", "--no-cache"
LARGEST = 1024 * 1024
"""The maximum size of an entry in bytes."""
_VARIANTS = ("SYNERGY_COURSE", "TERM", "COLUMNS")
"""Variables that often differ between calls: each value gets a separate entry."""
SCREEN = 256
"""Stands in for an exit status if the last chunk written is the first screen of the reader."""
_CLOSED_PIPE = 141


def place(arguments: list[str]) -> Place | None:
    """Return the file for the entry of a call, and its key; None if nothing is kept.

    Call it before anything changes the streams.
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
    return os.path.join(folder, "replay", _checksum(key).decode()), key


def printed_before(place: Place) -> tuple[int, list[Chunk]] | None:
    """Return the status and output of an earlier identical call; None if another run may print something else.

    The status is `SCREEN` if a reader opened.
    """
    try:
        path, key = place
        known, variables, files, day, status, streams, *data = _parts(read_private(path, LARGEST))
        current = known == key and _same_variables(variables) and _same_files(files) and _same_day(day)
        found = int(status), list(zip(streams, data, strict=True))
        if streams.strip(b"\1\2") or (found[0] == SCREEN and not data):
            return None
    except (OSError, ValueError):
        return None
    return found if current else None


def written(chunks: list[Chunk], status: int) -> int:
    """Write the earlier output in the same order; return the exit status."""
    try:
        for stream, data in chunks:
            rest = memoryview(data)
            while rest:
                try:
                    rest = rest[os.write(stream, rest) :]
                except BlockingIOError:
                    os.set_blocking(stream, True)  # as the program does for all its streams
    except BrokenPipeError:
        return _CLOSED_PIPE
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"synergy: cannot write: {error.strerror}\n")
            sys.stderr.flush()
        return 1
    return status


def state(path: bytes) -> bytes:
    """Return the state of a file or folder: size, times and inode; empty if it does not exist.

    The change time of an inode cannot be set, so an edit is noticed even if the modification time was restored.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return b""
    return b"%d %d %d %d" % (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _kind(stream: "TextIO | None") -> str:
    """Return the properties of a stream that output may depend on."""
    if stream is None:
        return "closed"
    size = os.get_terminal_size(stream.fileno()) if stream.isatty() and stream is not sys.stdin else ""
    return f"{stream.isatty()} {size} {stream.encoding} {stream.errors}"


def joined(parts: list[bytes]) -> bytes:
    """Return the content of an entry file: a checksum, the sizes of the parts, the parts."""
    entry = b" ".join(b"%d" % len(part) for part in parts) + b"\n" + b"".join(parts)
    return _checksum(entry) + b"\n" + entry


def _checksum(data: bytes) -> bytes:
    """Return 16 hexadecimal digits."""
    return source_hash(0, data).hex().encode()


def _parts(data: bytes) -> list[bytes]:
    """Split an entry into its parts; ValueError if it is damaged."""
    checksum, _, entry = data.partition(b"\n")
    if checksum != _checksum(entry):
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
    return all(state(name) == before for name, before in zip(names[::2], names[1::2], strict=True))


def _same_day(day: bytes) -> bool:
    if not day:
        return True
    from synergy_cli.days import study_day  # noqa: PLC0415  most that is printed is the same every day

    now = time_ns()
    return study_day(now // 1000, localtime(now // 1_000_000_000).tm_gmtoff) == int(day)
