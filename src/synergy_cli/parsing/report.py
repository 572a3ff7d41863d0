"""Faults and mentions collected while a file is read, with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from synergy_cli.errors import SynergyError
from synergy_cli.parsing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable


class ContentError(SynergyError):
    """A course cannot be used as it is; `faults` says where and why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults, each once, in the order of the files."""
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


MOST_FAULTS = 1000
"""A file with more is not looked at further: what comes after so many helps nobody."""


class Located(Protocol):
    """Anything with a place in a file: a value, a key or a position."""

    @property
    def line(self) -> int:
        """The line, counted from 1."""

    @property
    def column(self) -> int:
        """The column in characters, counted from 1."""


class Mention(NamedTuple):
    """A place that names something which must exist elsewhere: a source, a page, a passage, a term."""

    what: str
    name: str
    line: int
    column: int


class Report:
    """Collects what reading one file brings to light.

    Attributes:
        path: the file, as the author would type it.
        faults: what is wrong.
        errors: how many of the faults leave nothing to use.
        mentions: what it names that must exist elsewhere.
    """

    def __init__(self, path: str) -> None:
        """Begin with nothing found.

        Args:
            path: the file, as the author would type it.
        """
        self.path = path
        self.faults: list[Fault] = []
        self.errors = 0
        self.mentions: list[Mention] = []

    def at(self, place: Located, code: str, message: str) -> None:
        """Add a fault.

        Args:
            place: where it is.
            code: one of `faults.CODES`.
            message: what is wrong, and what was expected.

        Raises:
            ContentError: there are `MOST_FAULTS` already.
        """
        full = len(self.faults) >= MOST_FAULTS
        if full:
            code, message = "too-many-faults", f"more than {MOST_FAULTS:,} faults in this file; mend those above first"
        fault = Fault(self.path, place.line, place.column, code, message)
        self.faults.append(fault)
        self.errors += fault.severity == "error"
        if full:
            raise ContentError(self.faults)

    def mention(self, what: str, name: str, place: Located) -> None:
        """Note that something which must exist elsewhere is named here.

        Args:
            what: `source`, `page`, `passage` or `term`.
            name: its key or id.
            place: where it is named.
        """
        self.mentions.append(Mention(what, name, place.line, place.column))

    def stop_on_faults(self) -> None:
        """End here when anything was found.

        Raises:
            ContentError: with all faults so far.
        """
        if self.errors:
            raise ContentError(self.faults)


class SourcePos(NamedTuple):
    """A place in a file, both counted from 1."""

    line: int
    column: int
