"""What reading one question loses or changes, until it is known whether the question is read at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synergy_cli.formats.markup import Converted
    from synergy_cli.formats.transfer import Transfer


class UnreadableError(Exception):
    """A question cannot be read; the text says why."""


class Notes:
    """What one question loses and what gets another form, each in a few words."""

    def __init__(self) -> None:
        """Start with nothing."""
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
