"""What a command works with: the terminal, the course, the history, each built on demand."""

import os
import shlex
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from synergy_cli.cli.environment import cache_folder, clock, device_file, history_folder, retention
from synergy_cli.errors import SynergyError, UsageError
from synergy_cli.ui.terminal import DisplayOptions, Terminal

SEEDS = 1_000_000


class Context:
    """What a command works with: the options that all commands share, and what is built from them on demand."""

    def __init__(self, options: dict[str, Any], subcommand: str | None = None, usage: Callable[[], str] = str) -> None:
        """Take the options.

        Args:
            options: those of `COMMON`, by name.
            subcommand: which follows; None when none was given.
            usage: gives the command's help.
        """
        self.options = options
        self.subcommand = subcommand
        self.usage = usage
        self.enter = False

    @property
    def as_json(self) -> bool:
        """Tell whether one JSON document is wanted."""
        return bool(self.options["as_json"])

    @cached_property
    def display(self) -> DisplayOptions:
        """Give what was asked for about the screen."""
        options = self.options
        color = "never" if options["no_color"] else None if options["color"] == "auto" else options["color"]
        course = options["course"]
        program = f"synergy --course {shlex.quote(str(course))}" if course else "synergy"
        return DisplayOptions(color, options["plain"], options["width"], options["pager"], self.enter, program)

    @cached_property
    def terminal(self) -> Terminal:
        """Give the terminal."""
        return Terminal(sys.stdin, sys.stdout, sys.stderr, os.environ, self.display)

    @cached_property
    def course(self) -> Any:
        """Open the course that is asked for."""
        from synergy_cli.course.cache import Cache
        from synergy_cli.course.course import Course

        return Course(self.files, Cache(cache_folder()))

    @cached_property
    def files(self) -> Any:
        """Find the files of the course that is asked for.

        Raises:
            SynergyError: there is no course.
        """
        from synergy_cli.course.files import Files, built_in

        folder = self.options["course"] or os.environ.get("SYNERGY_COURSE")
        return Files(Path(folder) if folder else built_in())

    @cached_property
    def log(self) -> Any:
        """Open the log of what was learnt.

        Raises:
            SynergyError: there is no place for it.
        """
        from synergy_cli.history.log import Log

        folder = history_folder()
        if folder is None:
            text = "There is no place for the history: set HOME, or SYNERGY_HISTORY to a folder."
            raise SynergyError(text)
        return Log(folder, device_file(), os.urandom)

    @cached_property
    def history(self) -> Any:
        """Open the learner's history.

        Raises:
            SynergyError: there is no place for it.
            UsageError: SYNERGY_RETENTION or SYNERGY_NOW is none.
        """
        from synergy_cli.history.history import History
        from synergy_cli.history.log import Environment

        def tell(text: str) -> None:
            self.terminal.note(f"synergy: {text}")

        return History(self.log, cache_folder(), retention(), Environment(self.clock, os.urandom, tell))

    @cached_property
    def recorder(self) -> Any:
        """Open what puts acts on record, without the history before them.

        Raises:
            SynergyError: there is no place for it.
        """
        from synergy_cli.history.log import Environment, LogWriter

        return LogWriter(self.log, Environment(self.clock, os.urandom, self.terminal.note))

    @property
    def anything_learnt(self) -> bool:
        """Tell whether there is a history to look into; one that cannot be read is named, and passed over."""
        try:
            return any(path.stat().st_size for path in self.log.files())
        except SynergyError as error:
            self.terminal.note(f"synergy: {error}")
        except OSError as error:
            where = error.filename or history_folder()
            self.terminal.note(f"synergy: {where}: the history cannot be read: {error.strerror or error}")
        return False

    @cached_property
    def marks(self) -> Any:
        """Look up how the learner stands with each page; at the start when no history can be read."""
        from synergy_cli.study.reading import marks

        if self.anything_learnt:
            try:
                return marks(self.course, self.history)
            except UsageError:
                raise
            except SynergyError as error:
                self.terminal.note(f"synergy: {error}")
        return marks(self.course, None)

    @property
    def seed(self) -> int:
        """Give a random seed."""
        return int.from_bytes(os.urandom(4), "big") % SEEDS

    @cached_property
    def clock(self) -> Callable[[], Any]:
        """Give the clock."""
        return clock()
