"""Errors that the user can fix, each with its exit status."""

from __future__ import annotations


class SynergyError(Exception):
    """The program could not do it. The text says what, why, and the next command."""

    exit_status = 1


class UsageError(SynergyError):
    """The command was called with something that does not exist or does not fit."""

    exit_status = 2


class StoppedError(SynergyError):
    """Ctrl-C ended what was going on; the text says how to go on with it."""

    exit_status = 130
