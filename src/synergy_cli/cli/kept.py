"""What `synergy due` answered, kept until a file changes: to give it again, nothing but this is loaded.

A kept answer is one file in the cache: a checksum, what it depends on, the number of reviews that are due by study day,
and each file and folder it was made from, as it was. Folders are among them because a file may be added.
"""

from __future__ import annotations

import os
from binascii import crc32
from time import localtime, time_ns

from synergy_cli import __version__
from synergy_cli.cli.folders import xdg
from synergy_cli.course.nearest import nearest_course
from synergy_cli.history.days import study_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


FORM = f"due {__version__} 1"
SETTINGS = ("SYNERGY_HISTORY", "SYNERGY_RETENTION", "XDG_DATA_HOME", "HOME")
"""The variables that the answer depends on, apart from those that name the course."""
UNUSUAL = ("SYNERGY_NOW", "_SYNERGY_COMPLETE")
"""The variables that need the whole program."""
TOO_FRESH = 20_000_000
"""Nanoseconds. A file may change twice within one tick of its clock, so what is this young is not kept yet."""


def answer() -> int | None:
    """Return how many reviews are due in the course that a call without options means; None if that is not kept."""
    if any(name in os.environ for name in UNUSUAL):
        return None
    try:
        course = os.environ.get("SYNERGY_COURSE") or nearest_course(os.getcwd(), os.environ.get("HOME", ""))
        return _read(course or "")
    except (OSError, ValueError):
        return None


def states(paths: Iterable[str]) -> dict[bytes, bytes]:
    """Return the state of each file and folder: what changes when it does."""
    return {name: _state(name) for name in map(os.fsencode, paths)}


def keep(course: str, today: int, due: Mapping[int, int], made_from: Mapping[bytes, bytes]) -> None:
    """Keep an answer; do nothing if the cache cannot be written.

    Args:
        course: the folder of the course; empty for the built-in one.
        today: the study day.
        due: the number of reviews by the study day on which they are due.
        made_from: the states from before the answer was made.
    """
    from contextlib import suppress

    place = _place(course)
    if place is None or any(name in os.environ for name in UNUSUAL) or states(map(os.fsdecode, made_from)) != made_from:
        return
    counts = " ".join(f"{day}:{count}" for day, count in sorted(due.items()))
    fields = [
        *_head(course),
        *map(os.fsencode, (str(today), counts)),
        *(part for row in made_from.items() for part in row),
    ]
    body = b"\0".join(fields)
    fresh = f"{place}.{os.getpid()}"
    with suppress(OSError):
        try:
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(b"%08x\0" % crc32(body) + body)
            newest = max(int(state.split()[1]) for state in made_from.values() if state)
            if os.stat(fresh).st_mtime_ns - newest > TOO_FRESH:
                os.replace(fresh, place)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(fresh)


def _read(course: str) -> int | None:
    place = _place(course)
    if place is None:
        return None
    with open(place, "rb") as file:
        seal, _, body = file.read().partition(b"\0")
    head = _head(course)
    fields = body.split(b"\0")
    if seal != b"%08x" % crc32(body) or fields[: len(head)] != head:
        return None
    made, counts, *rows = fields[len(head) :]
    now = time_ns()  # the clock enters here too
    today = study_day(now // 1000, localtime(now // 1_000_000_000).tm_gmtoff)
    if today < int(made) or any(_state(name) != state for name, state in zip(rows[::2], rows[1::2], strict=True)):
        return None
    pairs = (pair.split(b":") for pair in counts.split())
    return sum(int(count) for day, count in pairs if int(day) <= today)


def _place(course: str) -> str | None:
    """Return the file of an answer; None without a cache folder."""
    folder = xdg("XDG_CACHE_HOME", ".cache")
    return os.path.join(folder, f"due-{crc32(b'/'.join(_head(course))):08x}") if folder is not None else None


def _head(course: str) -> list[bytes]:
    """Return what an answer depends on besides files."""
    named = os.path.abspath(course) if course else ""
    return list(map(os.fsencode, (FORM, named, *(os.environ.get(name, "") for name in SETTINGS))))


def _state(name: bytes) -> bytes:
    try:
        found = os.stat(name)
    except OSError:
        return b""
    return b"%d %d %d" % (found.st_size, found.st_mtime_ns, found.st_ino)
