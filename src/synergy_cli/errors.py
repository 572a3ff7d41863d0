"""What can go wrong in a way that the person at the terminal can mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from synergy_cli.faults import Fault


class SynergyError(Exception):
    """The program could not do it. The text says what, why, and the next command."""

    exit_status = 1


class UsageError(SynergyError):
    """The command was called with something that does not exist or does not fit."""

    exit_status = 2


class StoppedError(SynergyError):
    """Ctrl-C ended what was going on; the text says how to go on with it."""

    exit_status = 130


class ContentError(SynergyError):
    """A course cannot be used as it is; `faults` says where and why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults, each once, in the order of the files."""
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
