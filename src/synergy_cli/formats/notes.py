"""Reads one question after another, and reports what each loses or why it is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.formats.format import Item
from synergy_cli.formats.pictures import at_address
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from synergy_cli.formats.format import Read, Source
    from synergy_cli.formats.transfer import Transfer


class UnreadableError(Exception):
    """A question cannot be read; the text says why."""


class Notes:
    """What one question loses and what is converted, each in a few words, and the pictures it shows.

    Attributes:
        lost: what is left out, as keys in order.
        changed: what is converted, likewise.
        pictures: those that came with the question and are shown, by their new paths in a course.
        place: returns the path or address of a picture by its source; empty if it cannot be shown.
    """

    def __init__(self) -> None:
        """Start empty; only pictures on the web are shown."""
        self.lost: dict[str, None] = {}
        self.changed: dict[str, None] = {}
        self.pictures: dict[str, bytes] = {}
        self.place: Callable[[str], str] = at_address

    def lose(self, what: str) -> None:
        """Record a part that is left out, such as `feedback`."""
        self.lost[what] = None

    def change(self, what: str) -> None:
        """Record, as a clause, what is converted."""
        self.changed[what] = None

    def report(self, transfer: Transfer, name: str, line: int = 0) -> None:
        """Report it."""
        transfer.lose(name, self.lost, line)
        if self.changed:
            transfer.change(name, "; ".join(self.changed), line)


class Draft(NamedTuple):
    """A question in a file, before it is known whether a course can hold it.

    Attributes:
        line: where it begins, counted from 1.
        name: its name in remarks.
        read: returns its fields, or raises UnreadableError.
        topic: as in `Item`.
        id: likewise.
    """

    line: int
    name: str
    read: Callable[[Notes], dict[str, Any]]
    topic: tuple[str, ...] = ()
    id: str = ""


def reader(drafts: Callable[[Source], Iterable[Draft]]) -> Read:
    """Return a `read` function for a file, given a function that yields drafts."""
    return lambda source, transfer: items(drafts(source), transfer)


def items(drafts: Iterable[Draft], transfer: Transfer) -> Iterator[Item]:
    """Yield the readable questions; record unreadable ones, and what the others lose."""
    for draft in drafts:
        transfer.found += 1
        notes = Notes()
        try:
            data = draft.read(notes)
        except UnreadableError as error:
            transfer.skip(draft.name, str(error), draft.line)
            continue
        notes.report(transfer, draft.name, draft.line)
        yield Item(draft.line, data, draft.topic, draft.id, pictures=notes.pictures)
