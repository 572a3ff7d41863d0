"""The options that all commands share, what is built from them, and what a shell completes.

The environment, the clock and randomness enter here and nowhere else.
"""

import contextlib
import functools
import inspect
import os
import re
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic_ns
from typing import Any

import typer

from synergy_cli.errors import SynergyError, UsageError
from synergy_cli.terminal import NARROWEST, WIDEST, Terminal, Wishes

COLORS = ("auto", "always", "never")
SEEDS = 1_000_000
_NEXT_COMMAND = re.compile(r": synergy (?=[a-z])")
"""How a message names the next command; where the course was named, the command must name it too."""
FIRST_YEAR, LAST_YEAR = 2000, 2099


def one_of(name: str, value: str | None, words: tuple[str, ...]) -> str | None:
    """Refuse a value that is none of a few words."""
    if value is not None and value not in words:
        text = f"{name} {value}: expected one of: {', '.join(words)}."
        raise UsageError(text)
    return value


def _color(value: str | None) -> str | None:
    return one_of("--color", value, COLORS)


def completing(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    """Give what completes one of a few words."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def version_asked(value: bool) -> None:
    """Print the version and end, when it is asked for."""
    if value:
        from synergy_cli import __version__

        typer.echo(f"synergy {__version__}")
        raise typer.Exit


def _option(name: str, kind: Any, default: Any, *words: str, **settings: Any) -> inspect.Parameter:
    """Declare an option of all commands; as a default it costs Typer less than in an annotation, which it copies."""
    option = typer.Option(default, *words, **settings)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=kind)


COMMON = (
    _option("course", Path | None, None, "--course", metavar="DIR", help="A course's folder (or SYNERGY_COURSE)."),
    _option("plain", bool, False, "--plain", help="One stable layout, no colour, no columns."),
    _option("as_json", bool, False, "--json", help="One JSON document instead of text."),
    _option(
        "color",
        str | None,
        None,
        "--color",
        metavar="WHEN",
        callback=_color,
        autocompletion=completing(COLORS),
        help="auto, always or never.",
    ),
    _option("no_color", bool, False, "--no-color", help="The same as --color never."),
    _option(
        "width",
        int | None,
        None,
        "--width",
        "-w",
        metavar="N",
        min=NARROWEST,
        max=WIDEST,
        help="Cells in a line.",
    ),
    _option("pager", bool | None, None, "--pager/--no-pager", help="Page long text, or never."),
)
DEFAULTS = {option.name: option.default.default for option in COMMON}


class Here:
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
    def wishes(self) -> Wishes:
        """Give what was asked for about the screen."""
        options = self.options
        color = "never" if options["no_color"] else None if options["color"] == "auto" else options["color"]
        course = options["course"]
        program = f"synergy --course {shlex.quote(str(course))}" if course else "synergy"
        return Wishes(color, options["plain"], options["width"], options["pager"], self.enter, program)

    @cached_property
    def terminal(self) -> Terminal:
        """Give the terminal."""
        return Terminal(sys.stdin, sys.stdout, sys.stderr, os.environ, self.wishes)

    @cached_property
    def course(self) -> Any:
        """Open the course that is asked for."""
        from synergy_cli.cache import Cache
        from synergy_cli.content import Course

        return Course(self.files, Cache(cache_folder()))

    @cached_property
    def files(self) -> Any:
        """Find the files of the course that is asked for.

        Raises:
            SynergyError: there is no course.
        """
        from synergy_cli.files import Files, built_in

        folder = self.options["course"] or os.environ.get("SYNERGY_COURSE")
        return Files(Path(folder) if folder else built_in())

    @cached_property
    def journal(self) -> Any:
        """Open the log of what was learnt.

        Raises:
            SynergyError: there is no place for it.
        """
        from synergy_cli.journal import Journal

        folder = history_folder()
        if folder is None:
            text = "There is no place for the history: set HOME, or SYNERGY_HISTORY to a folder."
            raise SynergyError(text)
        return Journal(folder, device_file(), os.urandom)

    @cached_property
    def history(self) -> Any:
        """Open the learner's history.

        Raises:
            SynergyError: there is no place for it.
            UsageError: SYNERGY_RETENTION or SYNERGY_NOW is none.
        """
        from synergy_cli.history import History
        from synergy_cli.journal import Outside

        def tell(text: str) -> None:
            self.terminal.note(f"synergy: {text}")

        return History(self.journal, cache_folder(), retention(), Outside(self.clock, os.urandom, tell))

    @cached_property
    def recorder(self) -> Any:
        """Open what puts acts on record, without the history before them.

        Raises:
            SynergyError: there is no place for it.
        """
        from synergy_cli.journal import Outside, Recorder

        return Recorder(self.journal, Outside(self.clock, os.urandom, self.terminal.note))

    @property
    def anything_learnt(self) -> bool:
        """Tell whether there is a history to look into; one that cannot be read is named, and passed over."""
        try:
            return any(path.stat().st_size for path in self.journal.files())
        except SynergyError as error:
            self.terminal.note(f"synergy: {error}")
        except OSError as error:
            where = error.filename or history_folder()
            self.terminal.note(f"synergy: {where}: the history cannot be read: {error.strerror or error}")
        return False

    @cached_property
    def marks(self) -> Any:
        """Look up how the learner stands with each page; at the start when no history can be read."""
        from synergy_cli import reader

        if self.anything_learnt:
            try:
                return reader.marks(self.course, self.history)
            except UsageError:
                raise
            except SynergyError as error:
                self.terminal.note(f"synergy: {error}")
        return reader.marks(self.course, None)

    @property
    def seed(self) -> int:
        """Give a random seed."""
        return int.from_bytes(os.urandom(4), "big") % SEEDS

    @cached_property
    def clock(self) -> Callable[[], Any]:
        """Give the clock."""
        return clock()


def shared(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that all commands share; they may stand before the command or after it.

    Args:
        function: takes `Here` first, then its own parameters.

    Returns:
        The command for Typer.
    """
    own = list(inspect.signature(function).parameters.values())[1:]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @functools.wraps(function)
    def command(ctx: typer.Context, **values: Any) -> None:
        given = {name: values.pop(name) for name in DEFAULTS}
        before = ctx.obj or DEFAULTS
        ctx.obj = {name: before[name] if given[name] == default else given[name] for name, default in DEFAULTS.items()}
        here = Here(ctx.obj, ctx.invoked_subcommand, ctx.get_help)
        try:
            function(here, **values)
        except UsageError as error:
            raise UsageError(_NEXT_COMMAND.sub(lambda _: f": {here.wishes.program} ", str(error))) from error

    parameters = [context, *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own), *COMMON]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def history_folder() -> Path | None:
    """Find where the history is kept: SYNERGY_HISTORY, or `synergy/history` in the XDG data folder."""
    given = os.environ.get("SYNERGY_HISTORY")
    if given:
        return Path(given)
    data = _xdg("XDG_DATA_HOME", ".local/share")
    return data / "history" if data is not None else None


def device_file() -> Path | None:
    """Find where this device's name is kept: in the XDG state folder, which machines do not share."""
    state = _xdg("XDG_STATE_HOME", ".local/state")
    return state / "device" if state is not None else None


def retention() -> float:
    """Give the share that should be remembered when a review is due: SYNERGY_RETENTION, from 0.70 to 0.97."""
    from synergy_cli.scheduler import LEAST_RETENTION, MOST_RETENTION, RETENTION

    given = os.environ.get("SYNERGY_RETENTION")
    if not given:
        return RETENTION
    with contextlib.suppress(ValueError):
        if LEAST_RETENTION <= float(given) <= MOST_RETENTION:
            return float(given)
    text = f"SYNERGY_RETENTION={given}: expected a number from {LEAST_RETENTION:.2f} to {MOST_RETENTION:.2f}."
    raise UsageError(text)


def clock() -> Callable[[], Any]:
    """Give the clock; SYNERGY_NOW, a moment with its offset, is where it starts instead of now.

    Raises:
        UsageError: SYNERGY_NOW is no such moment.
    """
    given = os.environ.get("SYNERGY_NOW")
    if not given:
        return lambda: _moment(datetime.now(UTC).astimezone())  # noqa: TID251  here the clock enters
    try:
        start = datetime.fromisoformat(given)
    except ValueError:
        start = datetime.min  # noqa: DTZ901  refused below, as every moment without its offset
    if start.utcoffset() is None:
        text = f"SYNERGY_NOW={given}: expected a moment with its offset, such as 2026-11-22T09:00:00+01:00."
        raise UsageError(text)
    begun = monotonic_ns()
    return lambda: _moment(start + timedelta(microseconds=(monotonic_ns() - begun) // 1000))


def _moment(now: datetime) -> Any:
    from synergy_cli.journal import Moment

    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        text = f"The clock says {now.year}. Set it: what is answered is kept with its day."
        raise SynergyError(text)
    offset = now.utcoffset() or timedelta()
    return Moment(round(now.timestamp() * 1_000_000), round(offset.total_seconds()))


def cache_folder() -> Path | None:
    """Find where parsed content may be kept: `synergy` in the XDG cache folder; None when there is no home."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def _xdg(variable: str, below_home: str) -> Path | None:
    """Look a folder up as the XDG base directory specification says: relative values are ignored."""
    value = Path(os.environ.get(variable, ""))
    if value.is_absolute():
        return value / "synergy"
    home = Path(os.environ.get("HOME", ""))
    return home / below_home / "synergy" if home.is_absolute() else None


def _course_on_the_line(ctx: typer.Context) -> Any:
    """Open the course of a command line that is being completed."""
    given = [context.params.get("course") for context in (ctx, ctx.parent) if context is not None]
    folder = next((folder for folder in given if folder), None)
    return Here({**DEFAULTS, "course": folder}).course


def complete_sections(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a section's id, with its title, and after `#` its passages; a course at fault completes nothing."""
    with contextlib.suppress(SynergyError, OSError):
        entries = _course_on_the_line(ctx).entries
        if "#" in incomplete:
            found = [(f"{entry.id}#{name}", title) for entry in entries for name, title in entry.headings]
        else:
            found = [(entry.id, entry.title) for entry in entries]
        return [(name, title) for name, title in found if name.startswith(incomplete)]
    return []


def complete_terms(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a term of the glossary."""
    with contextlib.suppress(SynergyError, OSError):
        names = [name for term in _course_on_the_line(ctx).terms for name in (term.name, *term.also)]
        return [name for name in names if name.lower().startswith(incomplete.lower())]
    return []


def complete_keys(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a source's key, with what it stands for."""
    with contextlib.suppress(SynergyError, OSError):
        sources = _course_on_the_line(ctx).sources.values()
        return [(source.key, source.label) for source in sources if source.key.startswith(incomplete)]
    return []
