"""Records what a run reads: each file, folder and variable where it is read, and anything that cannot be read twice.

Output can only be replayed if nothing it depends on has changed. Code that reads something reports it here, so there is
no list of dependencies that could be incomplete.
"""

from __future__ import annotations

import os
import sys

from synergy_cli.replay.entries import state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TOO_FRESH = 20_000_000
"""Nanoseconds. A file may change twice within one tick of its clock, so output is not kept if a file it depends on was
younger than this when reading began."""
_SECOND = 1_000_000_000
COARSE = 2 * _SECOND
"""Nanoseconds of a tick where times are whole seconds: one on old Unix file systems and over sshfs, two on FAT."""


class RehearsedError(BaseException):
    """A rehearsal has ended.

    Attributes:
        screen: the first drawing; empty if the rehearsal reached something that another run may not repeat.
    """

    def __init__(self, screen: bytes = b"") -> None:
        """Take the first drawing."""
        super().__init__()
        self.screen = screen


class Reads:
    """Everything one run has read.

    Attributes:
        files: the state of each file and folder from before it was read, by path, which may be relative.
        variables: the value of each environment variable that was looked up, or None.
        days: the study days that something depended on: one, unless a day ended in the meantime.
        moments: how often more than the study day was read from the clock.
        windows: the window sizes that something depended on, in columns and rows.
        unique: whether something happened that a second run may not repeat.
        again: repeats everything this run does, up to the reader; None if its output is not kept.
        is_rehearsal: whether this is a repetition, to find out the first drawing.
        was_in_reader: whether a reader was opened.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.files: dict[bytes, bytes] = {}
        self.variables: dict[str, str | None] = {}
        self.days: set[int] = set()
        self.moments = 0
        self.windows: set[tuple[int, int]] = set()
        self.unique = False
        self.again: Callable[[], None] | None = None
        self.is_rehearsal = False
        self.was_in_reader = False

    @property
    def repeatable(self) -> bool:
        """Whether another run that reads the same prints the same."""
        return not self.unique and self.moments <= 0 and len(self.days) <= 1


_run = Reads()


def so_far() -> Reads:
    """Return the notes of this run, including what was read while the program loaded."""
    return _run


def begin() -> Reads:
    """Start recording what is read, and return the notes."""
    global _run  # noqa: PLW0603  there is one environment and one disk, and every layer reads them
    _run = Reads()
    return _run


def rehearse() -> Reads:
    """Record what a repetition reads; files are read again in their current state."""
    before, run = _run, begin()
    run.is_rehearsal = True
    run.variables = before.variables
    run.files = {name: state(name) for name in before.files}
    return run


def file(path: str | os.PathLike[str]) -> bytes:
    """Record a file about to be read or looked for, or a folder about to be listed; return its state."""
    name = os.fsencode(path)
    current = state(name)
    _run.files.setdefault(name, current)
    return current


def settled(states: Iterable[bytes], begun: int) -> bool:
    """Whether files that were in these states at a moment, in nanoseconds since 1970, can't change unseen after it."""
    times = [(int(state.split()[1]), int(state.split()[2])) for state in states if state]
    return all(
        begun - changed > TOO_FRESH if changed % _SECOND else begun - max(modified, changed) > COARSE
        for modified, changed in times  # FAT has no time of the last change of an inode
    )


def moment() -> None:
    """Record that the clock is read."""
    _run.moments += 1


def only_day(*days: int) -> None:
    """Record that only the study day of the time read last matters, if at all."""
    _run.moments -= 1
    _run.days.update(days)


def window(columns: int, rows: int) -> None:
    """Record that the size of the window is read."""
    _run.windows.add((columns, rows))


def once() -> None:
    """Record something that a second run may not repeat: input, a random number, a saved event.

    Call it before doing that: a rehearsal ends here.
    """
    if _run.is_rehearsal:
        raise RehearsedError
    _run.unique = True


def reader() -> bool:
    """Record that the reader opens, where a person acts in ways no other run repeats.

    Return whether this is a rehearsal.
    """
    if not _run.is_rehearsal:
        once()
        _run.was_in_reader = True
    return _run.is_rehearsal


def repeated(again: Callable[[], None] | None) -> None:
    """Record the function that repeats the run up to the reader; None if that is not worth it."""
    _run.again = again


def program() -> None:
    """Record the loaded modules of this program, and other packages."""
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) or ""
        if (name.startswith("synergy_cli") or ("." not in name and "site-packages" in path)) and not file(path):
            once()  # it is inside a zip file


class Environ(os._Environ[str]):  # noqa: SLF001  it is what `os.environ` is
    """The environment variables; each lookup is recorded."""

    def __init__(self) -> None:
        """Share the variables of `os.environ`."""
        self.__dict__.update(vars(os.environ))

    def __getitem__(self, name: str) -> str:
        """Look up a variable; KeyError if it is not set."""
        _run.variables[name] = None
        _run.variables[name] = value = super().__getitem__(name)
        return value

    def __iter__(self) -> Iterator[str]:
        """List all variables, as for another program."""
        once()
        return super().__iter__()
