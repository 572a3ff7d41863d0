"""Pictures of a package of Anki on their way into a course, each taken out when a text shows it."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from synergy_cli.course.files import MAX_BYTES
from synergy_cli.errors import SynergyError
from synergy_cli.formats.incoming import with_texts
from synergy_cli.formats.notes import Notes
from synergy_cli.formats.pictures import at_address, received

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synergy_cli.formats.anki_package import Package
    from synergy_cli.formats.pictures import Received

_MAX_ALL = 32 * 1024 * 1024
"""Bytes of all pictures together; of what is more, only the descriptions come along."""
_MOST_DAMAGED = 100
"""Pictures that cannot be had until no more are tried."""
_SHOWN = re.compile(r"(?<=\]\()[^\s()<>]+(?=\))")


class Pictures:
    """The pictures of a package."""

    def __init__(self, package: Package) -> None:
        """Take out nothing yet."""
        self._package = package
        self._found: dict[str, Received | None] = {}
        self._left = _MAX_ALL

    def notes(self) -> Notes:
        """Return notes on a question whose texts may show these pictures."""
        notes = Notes()

        def place(source: str) -> str:
            found = None if at_address(source) else self._picture(unquote(source))
            if found is None:
                return at_address(source)
            notes.pictures[found.path] = found.data
            return found.path

        notes.place = place
        return notes

    def moved(self, data: Mapping[str, Any], names: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
        """Return a question of ours whose pictures have come along; `names` has their names in Anki by their paths."""

        def path(match: re.Match[str]) -> str:
            name = names.get(normpath(unquote(match[0])))
            found = notes.place(str(name)) if name is not None else match[0]
            if not found:
                notes.lose("a picture")
            return found or match[0]

        return with_texts(data, lambda text: _SHOWN.sub(path, text)) if names else dict(data)

    def _picture(self, name: str) -> Received | None:
        if name not in self._found and self._left > 0:
            try:
                data = self._package.media(name, min(MAX_BYTES, self._left))
                self._left -= len(data)
            except SynergyError:  # one that is damaged or too large is lost, and not the whole package
                data = b""
                self._left -= _MAX_ALL // _MOST_DAMAGED
            self._found[name] = received(name, data)
        return self._found.get(name)
