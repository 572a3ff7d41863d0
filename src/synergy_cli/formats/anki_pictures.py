"""Pictures of a package on their way into a course: none gets a name or a place that the package chooses freely."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

from synergy_cli.course.files import MAX_BYTES, PICTURES
from synergy_cli.errors import SynergyError
from synergy_cli.formats.anki_notes import media_name

if TYPE_CHECKING:
    from synergy_cli.formats.anki_package import Package

_FOLDER = "pictures"
_MAX_ALL = 32 * 1024 * 1024
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_PATH = re.compile(rf"(?:{_PART}/){{0,8}}{_PART}")
"""A path that stays in a folder and leads to nothing hidden."""


class Pictures:
    """Takes pictures out of a package when a question shows them."""

    def __init__(self, package: Package, taken: dict[str, bytes]) -> None:
        """Take pictures from a package; their contents are put into `taken`, by their paths in a course."""
        self._package, self._taken = package, taken
        self._paths: dict[str, str] = {}
        self._size = 0

    def path(self, address: str) -> str:
        """Return the path in a course of the picture that HTML names so; empty if it cannot be had."""
        name = unquote(address)
        if name not in self._paths:
            data = self._content(name)
            path = f"{_FOLDER}/{media_name(name, data)}" if data else ""
            self._paths[name] = path if self._take(path, data) else ""
        return self._paths[name]

    def place(self, name: str, path: str) -> bool:
        """Take the picture of this name for a path in a course; return whether it can be had and may be there."""
        return path in self._taken or self._take(path, self._content(name))

    def _content(self, name: str) -> bytes:
        with suppress(SynergyError):  # one that is damaged or too large is lost, and not the whole package
            return self._package.media(name, MAX_BYTES)
        return b""

    def _take(self, path: str, data: bytes) -> bool:
        self._size += len(data)
        ending = f".{path.lower().rpartition('.')[2]}"
        if not data or self._size > _MAX_ALL or ending not in PICTURES or not _PATH.fullmatch(path):
            return False
        self._taken[path] = data
        return True
