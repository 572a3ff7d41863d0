"""The program's folders, after the XDG base directory specification, and their permissions."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


def xdg(variable: str, below_home: str) -> str | None:
    """Return the program's folder below the one in a variable, else below the home folder; None without a home.

    Relative values are ignored, as the specification says.
    """
    value, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
    if os.path.isabs(value):
        return os.path.join(value, "synergy")
    return os.path.join(home, below_home, "synergy") if os.path.isabs(home) else None


def make_private(folder: Path) -> None:
    """Create a folder and its missing parents, accessible only to the owner (0700); OSError if that fails."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def read_private(path: str, most: int) -> bytes:
    """Read a file that no other user can have written, up to a number of bytes.

    Raises OSError if another user owns or may change it or its folder, or if it is a link or not a file.
    """
    flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
    folder = os.stat(os.path.dirname(path))
    file = os.open(path, os.O_RDONLY | sum(flags))
    try:
        found = os.fstat(file)
        others = (folder.st_mode | found.st_mode) & (stat.S_IWGRP | stat.S_IWOTH)
        is_ours = not hasattr(os, "getuid") or (not others and {folder.st_uid, found.st_uid} == {os.getuid()})
        if not is_ours or not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise PermissionError
        return os.read(file, found.st_size)
    finally:
        os.close(file)


def read_regular(path: str | os.PathLike[str], most: int) -> bytes:
    """Read at most so many bytes of a file; OSError if there is none, or if it is not regular: a pipe has no end."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise PermissionError
        return opened.read(most)


def create_private(path: Path) -> BinaryIO:
    """Create a file accessible only to the owner; OSError if a file or link exists."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NOFOLLOW", 0), 0o600))
