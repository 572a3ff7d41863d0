"""Errors that the user can fix, each with its exit status and the next commands."""

from __future__ import annotations

from synergy_cli.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class NextCommand(NamedTuple):
    """A next command, such as `All sections: synergy explain`."""

    label: str
    arguments: str
    """Everything after the program's name."""


PREFIX = "synergy: "
"""The prefix of a message on stderr."""


def with_commands(message: str, program: str, next_commands: Iterable[NextCommand]) -> str:
    """Return a message and a line for each next command; `program` is the name it was called by."""
    return "\n".join([message, *(f"{label}: {program} {arguments}" for label, arguments in next_commands)])


class SynergyError(Exception):
    """The program cannot do what was asked. The text says what failed and why, and ends with the next commands."""

    exit_status = 1
    prefix = PREFIX
    program = "synergy"
    """How the program is called, including `--course`. The failing command sets it."""

    def __init__(self, message: str, *next_commands: NextCommand) -> None:
        """Take a message of one or more lines, without the next commands."""
        super().__init__(message)
        self.next_commands = next_commands

    def __str__(self) -> str:
        """Return the message and a line for each next command."""
        return with_commands(super().__str__(), self.program, self.next_commands)


class UsageError(SynergyError):
    """The command was called with something that does not exist or does not fit."""

    exit_status = 2


class StoppedError(SynergyError):
    """Ctrl-C interrupted the command; the message says how to continue."""

    exit_status = 130
