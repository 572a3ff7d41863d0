"""Folders, the clock and settings from environment variables."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic_ns
from typing import TYPE_CHECKING

from synergy_cli.errors import SynergyError, UsageError
from synergy_cli.folders import xdg
from synergy_cli.replay import reads

if TYPE_CHECKING:
    from collections.abc import Callable

    from synergy_cli.history.log import Moment

FIRST_YEAR, LAST_YEAR = 2000, 2099


def course_here() -> Path | None:
    """Return the course that the current folder is in, if any."""
    from synergy_cli.course.nearest import nearest_course

    with contextlib.suppress(OSError):  # the current folder may have been removed
        found = nearest_course(str(Path.cwd()), os.environ.get("HOME", ""))
        return Path(found) if found is not None else None
    return None


def history_folder() -> Path | None:
    """Return the folder of the history: SYNERGY_HISTORY, or `synergy/history` in the XDG data folder.

    Raises UsageError if SYNERGY_HISTORY is relative: each working folder would have a separate history.
    """
    given = os.environ.get("SYNERGY_HISTORY")
    if given:
        path = Path(os.path.expanduser(given))  # noqa: PTH111  without a home it leaves `~`, and raises nothing
        if path.is_absolute():
            return path
        raise UsageError(f"SYNERGY_HISTORY={given}: expected an absolute path, or one that starts with ~/.")
    data = _xdg("XDG_DATA_HOME", ".local/share")
    return data / "history" if data is not None else None


def device_file() -> Path | None:
    """Return the file with this device's name: in the XDG state folder, which machines do not share."""
    state = _xdg("XDG_STATE_HOME", ".local/state")
    return state / "device" if state is not None else None


def retention() -> float:
    """Return the target probability of a right answer when a review is due: SYNERGY_RETENTION, 0.70 to 0.97."""
    from synergy_cli.history.scheduler import LEAST_RETENTION, MOST_RETENTION, RETENTION

    given = os.environ.get("SYNERGY_RETENTION")
    if not given:
        return RETENTION
    with contextlib.suppress(ValueError):
        if LEAST_RETENTION <= float(given) <= MOST_RETENTION:
            return float(given)
    raise UsageError(
        f"SYNERGY_RETENTION={given}: expected a number from {LEAST_RETENTION:.2f} to {MOST_RETENTION:.2f}."
    )


def clock() -> Callable[[], Moment]:
    """Return the clock; it starts at SYNERGY_NOW, a time with its UTC offset, if that is set.

    Raises:
        UsageError: SYNERGY_NOW is invalid.
    """
    given = os.environ.get("SYNERGY_NOW")
    if not given:
        return lambda: _moment(datetime.now(UTC).astimezone())  # noqa: TID251  the clock enters here
    try:
        start = datetime.fromisoformat(given)
    except ValueError:
        start = datetime.min  # noqa: DTZ901  refused below, like any time without an offset
    if start.utcoffset() is None:
        raise UsageError(
            f"SYNERGY_NOW={given}: expected a time with its UTC offset, such as 2026-11-22T09:00:00+01:00."
        )
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise UsageError(f"SYNERGY_NOW={given}: expected a year from {FIRST_YEAR} to {LAST_YEAR}.")
    begun = monotonic_ns()
    return lambda: _moment(start + timedelta(microseconds=(monotonic_ns() - begun) // 1000))


def _moment(now: datetime) -> Moment:
    from synergy_cli.history.log import Moment

    reads.moment()
    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        raise SynergyError(f"The clock says {now.year}. Set it: every answer is stored with its date.")
    offset = now.utcoffset() or timedelta()
    return Moment(round(now.timestamp() * 1_000_000), round(offset.total_seconds()))


def cache_folder() -> Path | None:
    """Return the cache folder: `synergy` in the XDG cache folder; None without a home."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def _xdg(variable: str, below_home: str) -> Path | None:
    found = xdg(variable, below_home)
    return Path(found) if found is not None else None
