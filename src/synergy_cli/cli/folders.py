"""Where the program keeps its files, by the XDG base directory specification."""

from __future__ import annotations

import os


def xdg(variable: str, below_home: str) -> str | None:
    """Return the program's folder in the one that a variable names, else below the home folder; None without a home.

    Relative values are ignored, as the specification says.
    """
    value, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
    if os.path.isabs(value):
        return os.path.join(value, "synergy")
    return os.path.join(home, below_home, "synergy") if os.path.isabs(home) else None
