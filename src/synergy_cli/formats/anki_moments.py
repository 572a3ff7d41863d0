"""The time of each question's last change, from which Anki decides whether a note is newer than its own.

It is kept in a file in the state folder, and also read from the package that an export replaces; the later time counts.
File times are useless, because a copy or a checkout changes them.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from synergy_cli.errors import SynergyError
from synergy_cli.folders import make_private, read_regular
from synergy_cli.formats.anki_package import Package
from synergy_cli.formats.imported import decode, digest, encode
from synergy_cli.formats.incoming import MAX_BYTES, source_of
from synergy_cli.formats.outgoing import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from synergy_cli.history.log import Moment

Known = tuple[int, str]
"""A time in seconds since 1970 UTC, and the digest of a question's content since then."""
_FOLDER = "exported"


def content_digest(kind: int, tags: str, fields: str) -> str:
    """Return a digest of the content of a note: its type, tags and fields."""
    return digest(f"{kind}\x1f{tags}\x1f{fields}")


class Moments:
    """Returns and stores the time of each question's last change."""

    def __init__(self, folder: Path | None, course: str, replaced: Path | None, clock: Callable[[], Moment]) -> None:
        """Prepare; nothing is read until a time is needed.

        Args:
            folder: the state folder; None if there is none.
            course: the course's id.
            replaced: the package to overwrite; it need not exist.
            clock: returns the time.
        """
        self._file = folder / _FOLDER / f"{course}.json" if folder is not None else None
        self._replaced, self._clock = replaced, clock
        self._found: dict[str, Known] = {}

    def changed(self, guid: str, content: str) -> int:
        """Return when the content of a question last changed: now, if it differs from the known content."""
        moment, known = self._known.get(guid, (0, ""))
        moment = moment if known == content else max(self._now, moment + 1)
        self._found[guid] = (moment, content)
        return moment

    def keep(self) -> None:
        """Write the record if it has changed. Without it, the next export relies on the package."""
        if self._file is None or not self._found or self._found.items() <= self._kept.items():
            return
        with suppress(OSError, SynergyError):
            make_private(self._file.parent)
            if self._file.exists() and not self._file.is_file():
                return  # a pipe would be waited for
            save(self._file, [encode({**self._kept, **self._found}).encode()])

    @cached_property
    def _now(self) -> int:
        return self._clock().at // 1_000_000

    @cached_property
    def _known(self) -> dict[str, Known]:
        package = self._in_package()
        return {
            guid: max(package.get(guid, (0, "")), self._kept.get(guid, (0, ""))) for guid in {**package, **self._kept}
        }

    @cached_property
    def _kept(self) -> dict[str, Known]:
        """The record in the file; empty if it is missing or damaged."""
        with suppress(OSError, UnicodeDecodeError):
            text = read_regular(self._file, MAX_BYTES).decode() if self._file is not None else ""
            return decode(text, lambda moment, content: (int(moment), str(content)))
        return {}

    def _in_package(self) -> dict[str, Known]:
        """The record in the package to be replaced; empty if it is not a package."""
        if self._replaced is not None:
            with suppress(SynergyError, OSError):
                notes = Package(source_of(self._replaced)).notes()
                return {note.guid: (note.changed, content_digest(note.kind, note.tags, note.fields)) for note in notes}
        return {}
