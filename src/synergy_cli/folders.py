"""Where the program keeps its files, by the XDG base directory specification, and for whom."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def xdg(variable: str, below_home: str) -> str | None:
    """Return the program's folder in the one that a variable names, else below the home folder; None without a home.

    Relative values are ignored, as the specification says.
    """
    value, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
    if os.path.isabs(value):
        return os.path.join(value, "synergy")
    return os.path.join(home, below_home, "synergy") if os.path.isabs(home) else None


def make_private(folder: Path) -> None:
    """Create a folder and its missing parents, each for its owner alone (0700); OSError if that fails."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
