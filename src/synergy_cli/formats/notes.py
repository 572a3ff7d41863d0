"""Reads one question after the other, and says what each loses or why it is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.formats.format import Item
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from synergy_cli.formats.markup import Converted
    from synergy_cli.formats.transfer import Transfer


class UnreadableError(Exception):
    """A question cannot be read; the text says why."""


class Notes:
    """What one question loses and what gets another form, each in a few words."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.pictures: dict[str, bytes] = {}
        """The pictures that came with the question and are shown, by the paths that they get in a course."""
        self._lost: dict[str, None] = {}
        self._changed: dict[str, None] = {}

    def lose(self, what: str) -> None:
        """Note a part that is left out, such as `feedback`."""
        self._lost[what] = None

    def change(self, what: str) -> None:
        """Note in a clause what has another form."""
        self._changed[what] = None

    def take(self, converted: Converted) -> str:
        """Return a text that was converted, and note what that took."""
        self._lost |= dict.fromkeys(converted.lost)
        self._changed |= dict.fromkeys(converted.changed)
        return converted.text

    def report(self, transfer: Transfer, name: str, line: int = 0) -> None:
        """Record it."""
        if self._lost:
            transfer.reduce(name, f"without {', '.join(self._lost)}", line)
        if self._changed:
            transfer.change(name, "; ".join(self._changed), line)


class Draft(NamedTuple):
    """A question of a file, before it is known whether a course can hold it.

    Attributes:
        line: where it begins, counted from 1.
        name: what to call it in a remark.
        read: returns its fields, or raises UnreadableError.
        topic: as that of an `Item`.
        id: likewise.
    """

    line: int
    name: str
    read: Callable[[Notes], dict[str, Any]]
    topic: tuple[str, ...] = ()
    id: str = ""


def items(drafts: Iterable[Draft], transfer: Transfer) -> Iterator[Item]:
    """Yield the questions that can be read; record those that cannot, and what the others lose."""
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
