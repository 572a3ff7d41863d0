"""Collects faults and mentions, with their positions, while a file is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from synergy_cli.errors import SynergyError
from synergy_cli.parsing.faults import Fault
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class ContentError(SynergyError):
    """A course cannot be used; `faults` says where and why."""

    prefix = ""  # each line starts with the position of its fault

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults without duplicates, sorted by file and line."""
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


MOST_FAULTS = 1000
"""Reading a file stops after this many faults, because more would not help its author."""


class Located(Protocol):
    """Anything with a position in a file: a value, a key or the position itself."""

    @property
    def line(self) -> int:
        """The line, counted from 1."""

    @property
    def column(self) -> int:
        """The column in characters, counted from 1."""


class Mention(NamedTuple):
    """A reference to a source, page, passage or term that must exist elsewhere in the course."""

    what: str
    name: str
    line: int
    column: int


class Report:
    """The findings from reading one file.

    Attributes:
        path: the file as the author would type it.
        faults: all faults so far.
        errors: the number of faults that are errors.
        mentions: the references to check once the whole course is read.
    """

    def __init__(self, path: str) -> None:
        """Start without faults."""
        self.path = path
        self.faults: list[Fault] = []
        self.errors = 0
        self.mentions: list[Mention] = []

    def at(self, place: Located, code: str, message: str) -> None:
        """Add a fault with a code from `faults.CODES`.

        Raises:
            ContentError: the file already has `MOST_FAULTS` faults.
        """
        full = len(self.faults) >= MOST_FAULTS
        if full:
            code, message = "too-many-faults", f"more than {MOST_FAULTS:,} faults in this file; fix those above first"
        fault = Fault(self.path, place.line, place.column, code, message)
        self.faults.append(fault)
        self.errors += fault.severity == "error"
        if full:
            raise ContentError(self.faults)

    def mention(self, what: str, name: str, place: Located) -> None:
        """Record a reference; `what` is `source`, `page`, `passage` or `term`, `name` its key or id."""
        self.mentions.append(Mention(what, name, place.line, place.column))

    def stop_on_faults(self) -> None:
        """Stop if there are errors.

        Raises:
            ContentError: with all faults so far, warnings included.
        """
        if self.errors:
            raise ContentError(self.faults)


class SourcePos(NamedTuple):
    """A position in a file; line and column count from 1."""

    line: int
    column: int
