"""What a command works with: the terminal, the course, the history, each built on demand."""

from __future__ import annotations

import os
import shlex
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synergy_cli.cli.environment import cache_folder, clock, course_here, device_file, history_folder, retention
from synergy_cli.errors import NextCommand, SynergyError, UsageError
from synergy_cli.replay import reads
from synergy_cli.replay.entries import OFF
from synergy_cli.ui.terminal import DisplayOptions, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.text import Text

    from synergy_cli.course.course import Course
    from synergy_cli.course.files import Files
    from synergy_cli.course.page import Marks
    from synergy_cli.history.history import History
    from synergy_cli.history.index import PageProgress
    from synergy_cli.history.log import Log, LogWriter, Moment
    from synergy_cli.study.bookmarks import Bookmarks
    from synergy_cli.ui.leaf import Leaf
    from synergy_cli.ui.reader import Library
    from synergy_cli.ui.theme import Look

SEEDS = 1_000_000


class Context:
    """What a command works with: the options that all commands share, and what is built from them on demand."""

    def __init__(self, options: dict[str, Any], subcommand: str | None = None, usage: Callable[[], str] = str) -> None:
        """Take the options.

        Args:
            options: the values of `COMMON`, by name.
            subcommand: the subcommand that follows, if any.
            usage: returns the command's help.
        """
        self.options = options
        self.subcommand = subcommand
        self.usage = usage
        self.enter = False

    @property
    def as_json(self) -> bool:
        """Whether the output is one JSON document."""
        return bool(self.options["as_json"])

    @cached_property
    def display(self) -> DisplayOptions:
        """The display options."""
        options = self.options
        color = "never" if options["no_color"] else None if options["color"] == "auto" else options["color"]
        course = options["course"]
        program = f"synergy --course {shlex.quote(str(course))}" if course else "synergy"
        return DisplayOptions(
            color=color,
            plain=options["plain"],
            width=options["width"],
            pager=options["pager"],
            enter=self.enter,
            quiet=options["quiet"],
            no_input=options["no_input"],
            program=program,
        )

    @cached_property
    def terminal(self) -> Terminal:
        """The terminal, or the streams used instead."""
        return Terminal(sys.stdin, sys.stdout, sys.stderr, os.environ, self.display)

    @property
    def course_terminal(self) -> Terminal:
        """The terminal, set to the language of the course."""
        self.terminal.language = self.course.manifest.language
        return self.terminal

    @cached_property
    def course(self) -> Course:
        """The course that the options or the environment name."""
        from synergy_cli.course.cache import Cache
        from synergy_cli.course.course import Course

        return Course(self.files, Cache(self.cache))

    @property
    def cache(self) -> Path | None:
        """The cache folder; None if there is no cache folder or the cache is off."""
        unwanted = self.options["no_cache"] or os.environ.get(OFF, "") not in ("", "0")
        return None if unwanted else cache_folder()

    def report_left_out(self) -> None:
        """Report on stderr which parts of the course were left out because of errors, if any."""
        course = self.__dict__.get("course")
        if course is not None and course.left_out:
            names = ", ".join(course.left_out)
            self.terminal.note(f"left out because of errors: {names}.", NextCommand("See", "check"))

    def report_namesakes(self, identity: str, folder: Path, *, used: bool) -> None:
        """Report on stderr which used courses share an id with another; for the course at `used`, only once."""
        from synergy_cli.course.namesakes import namesakes, remember

        device = device_file()
        find = remember if used else namesakes
        for other in find(device and device.parent, identity, folder):
            self.terminal.note(
                f"the course in {other} has the id `{identity}` too, so both share one history. "
                "Give one of them a different id."
            )

    @cached_property
    def files(self) -> Files:
        """The files of the course in `folder`, or of the built-in course.

        Raises:
            SynergyError: there is no course.
        """
        from synergy_cli.course.files import Files, built_in

        folder = self.folder or built_in()
        if self.options["course"] is None and os.environ.get("SYNERGY_COURSE"):
            try:
                return Files(folder)
            except SynergyError as error:
                error.prefix += "SYNERGY_COURSE: "
                raise
        return Files(folder)

    @cached_property
    def folder(self) -> Path | None:
        """The folder of the course that the options, the environment or the current folder selects; None if none does.

        A course found only through the current folder is reported.
        """
        named = self.options["course"] or os.environ.get("SYNERGY_COURSE")
        if named:
            return Path(named)
        found = course_here()
        if found is not None:
            self.terminal.note(f"using the course in {found}")
        return found

    @cached_property
    def log(self) -> Log:
        """The log of all events.

        Raises:
            SynergyError: there is no folder for it.
        """
        from synergy_cli.history.log import Log

        folder = history_folder()
        if folder is None:
            raise SynergyError("There is no folder for the history. Set HOME, or set SYNERGY_HISTORY to a folder.")
        return Log(folder, device_file(), os.urandom)

    @cached_property
    def history(self) -> History:
        """The learner's history.

        Raises:
            SynergyError: there is no folder for it.
            UsageError: SYNERGY_RETENTION or SYNERGY_NOW is invalid.
        """
        from synergy_cli.history.history import History

        return History(
            self.log,
            self.cache,
            retention(),
            now=self.clock,
            random=os.urandom,
            tell=self.terminal.note,
            bar=self.terminal.bar,
        )

    @cached_property
    def recorder(self) -> LogWriter:
        """Appends events to the log: the history, or a writer that loads faster if the history is not loaded.

        Raises:
            SynergyError: there is no folder for it.
        """
        if self.anything_learnt:
            return self.history
        from synergy_cli.history.log import LogWriter

        return LogWriter(self.log, self.clock, os.urandom)

    @cached_property
    def anything_learnt(self) -> bool:
        """Whether there is any history; an unreadable one is reported and ignored."""
        from synergy_cli.history.log import reading

        try:
            with reading(self.log):
                return any(path.stat().st_size for path in self.log.files())
        except SynergyError as error:
            self.terminal.note(str(error))
        return False

    @cached_property
    def marks(self) -> dict[str, Marks]:
        """The learner's progress on each page; empty if the history cannot be read."""
        from synergy_cli.study.reading import marks

        if self.anything_learnt:
            try:
                return marks(self.course, self.history)
            except UsageError:
                raise
            except SynergyError as error:
                self.terminal.note(str(error))
        return marks(self.course, None)

    @cached_property
    def bookmarks(self) -> Bookmarks:
        """Where the learner stopped reading; kept only in memory without a history, or if nobody sees the text.

        In a pipe, `study` shows the text, except with a document for programs.
        """
        from synergy_cli.study.bookmarks import Bookmarks

        known: dict[str, PageProgress] = {}
        course, log = self.course.manifest.id, None
        try:
            log = None if self.as_json and not self.terminal.is_screen else self.recorder
            known = self.history.reading(course) if self.anything_learnt else {}
        except UsageError:
            raise
        except SynergyError as error:
            self.terminal.note(str(error))
        return Bookmarks(log, course, known)

    def page(self, view: Callable[[Look], Sequence[Text]], title: str) -> None:
        """Show a list; in the reader, its entries can be opened too."""

        def shelved(leaf: Callable[[Look], Leaf]) -> Library:
            from synergy_cli.study.shelf import LinkedText

            return LinkedText(self.course, leaf, self.bookmarks, asks=False)

        self.course_terminal.page(view, title, shelved)
        self.report_unkept()

    def report_unkept(self) -> None:
        """Report on stderr why reading progress could not be recorded, if it could not."""
        bookmarks = self.__dict__.get("bookmarks")
        if bookmarks is not None and bookmarks.trouble:
            self.terminal.note(f"cannot record how far you read: {bookmarks.trouble}")

    @staticmethod
    def new_seed() -> int:
        """Return a new random seed."""
        reads.once()
        return int.from_bytes(os.urandom(4), "big") % SEEDS

    @cached_property
    def clock(self) -> Callable[[], Moment]:
        """The clock."""
        return clock()
