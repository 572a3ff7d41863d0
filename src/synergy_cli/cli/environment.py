"""Folders, the clock and the settings that environment variables hold."""

import contextlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic_ns
from typing import Any

from synergy_cli.errors import SynergyError, UsageError

FIRST_YEAR, LAST_YEAR = 2000, 2099


def history_folder() -> Path | None:
    """Find where the history is kept: SYNERGY_HISTORY, or `synergy/history` in the XDG data folder."""
    given = os.environ.get("SYNERGY_HISTORY")
    if given:
        return Path(given)
    data = _xdg("XDG_DATA_HOME", ".local/share")
    return data / "history" if data is not None else None


def device_file() -> Path | None:
    """Find where this device's name is kept: in the XDG state folder, which machines do not share."""
    state = _xdg("XDG_STATE_HOME", ".local/state")
    return state / "device" if state is not None else None


def retention() -> float:
    """Give the share that should be remembered when a review is due: SYNERGY_RETENTION, from 0.70 to 0.97."""
    from synergy_cli.history.scheduler import LEAST_RETENTION, MOST_RETENTION, RETENTION

    given = os.environ.get("SYNERGY_RETENTION")
    if not given:
        return RETENTION
    with contextlib.suppress(ValueError):
        if LEAST_RETENTION <= float(given) <= MOST_RETENTION:
            return float(given)
    text = f"SYNERGY_RETENTION={given}: expected a number from {LEAST_RETENTION:.2f} to {MOST_RETENTION:.2f}."
    raise UsageError(text)


def clock() -> Callable[[], Any]:
    """Give the clock; SYNERGY_NOW, a moment with its offset, is where it starts instead of now.

    Raises:
        UsageError: SYNERGY_NOW is no such moment.
    """
    given = os.environ.get("SYNERGY_NOW")
    if not given:
        return lambda: _moment(datetime.now(UTC).astimezone())  # noqa: TID251  here the clock enters
    try:
        start = datetime.fromisoformat(given)
    except ValueError:
        start = datetime.min  # noqa: DTZ901  refused below, as every moment without its offset
    if start.utcoffset() is None:
        text = f"SYNERGY_NOW={given}: expected a moment with its offset, such as 2026-11-22T09:00:00+01:00."
        raise UsageError(text)
    begun = monotonic_ns()
    return lambda: _moment(start + timedelta(microseconds=(monotonic_ns() - begun) // 1000))


def _moment(now: datetime) -> Any:
    from synergy_cli.history.log import Moment

    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        text = f"The clock says {now.year}. Set it: what is answered is kept with its day."
        raise SynergyError(text)
    offset = now.utcoffset() or timedelta()
    return Moment(round(now.timestamp() * 1_000_000), round(offset.total_seconds()))


def cache_folder() -> Path | None:
    """Find where parsed content may be kept: `synergy` in the XDG cache folder; None when there is no home."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def _xdg(variable: str, below_home: str) -> Path | None:
    """Look a folder up as the XDG base directory specification says: relative values are ignored."""
    value = Path(os.environ.get(variable, ""))
    if value.is_absolute():
        return value / "synergy"
    home = Path(os.environ.get("HOME", ""))
    return home / below_home / "synergy" if home.is_absolute() else None
