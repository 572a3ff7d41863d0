"""The options that all commands share."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from synergy_cli.cli.context import Context
from synergy_cli.errors import SynergyError, UsageError
from synergy_cli.replay import reads
from synergy_cli.replay.entries import OPTION
from synergy_cli.ui.terminal import NARROWEST, WIDEST

COLORS = ("auto", "always", "never")


def one_of(name: str, value: str | None, words: tuple[str, ...]) -> str | None:
    """Return the value, or raise UsageError unless it is one of the words."""
    if value is not None and value not in words:
        raise UsageError(f"{name} {value}: expected one of: {', '.join(words)}.")
    return value


def _color(value: str | None) -> str | None:
    return one_of("--color", value, COLORS)


def completing(words: tuple[str, ...]) -> Callable[[], list[str]]:
    """Return a completion function that lists the words."""
    return lambda: list(words)


def path_from(text: str) -> Path:
    """Return the path; an empty text, such as from an unset variable, does not mean the current folder."""
    if not text:
        raise typer.BadParameter("expected a path, found nothing.")
    return Path(text)


complete_paths = completing(("",))
"""An empty value makes the shell complete file names."""


def version_asked(value: bool) -> None:
    """Print the version and exit if `--version` is given."""
    if value:
        from synergy_cli import __version__

        typer.echo(f"synergy {__version__}")
        raise typer.Exit


def _option(name: str, kind: Any, default: Any, *words: str, **settings: Any) -> inspect.Parameter:
    """Declare a common option, as a default value: Typer copies annotations, which costs more."""
    option = typer.Option(default, *words, **settings)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=kind)


COMMON = (
    _option(
        "course",
        Path | None,
        None,
        "--course",
        metavar="DIR",
        parser=path_from,
        autocompletion=complete_paths,
        help="Course folder (or set SYNERGY_COURSE).",
    ),
    _option("plain", bool, False, "--plain", help="Use a plain layout: no colour, no columns."),
    _option("as_json", bool, False, "--json", help="Print one JSON document."),
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
    _option("no_color", bool, False, "--no-color", help="Same as --color never."),
    _option(
        "width",
        int | None,
        None,
        "--width",
        "-w",
        metavar="N",
        min=NARROWEST,
        max=WIDEST,
        help="Line width in columns.",
    ),
    _option("quiet", bool, False, "--quiet", "-q", help="Suppress notes on stderr; print only errors."),
    _option("no_input", bool, False, "--no-input", help="Never prompt for input."),
    _option("no_cache", bool, False, OPTION, help="Do not use the cache (or set SYNERGY_NO_CACHE=1)."),
    _option("pager", bool | None, None, "--pager/--no-pager", help="Use your pager, or print without it."),
)
DEFAULTS = {option.name: option.default.default for option in COMMON}


def shared(function: Callable[..., None], *, replayed: bool = False) -> Callable[..., None]:
    """Add the common options to a command; they work before the command and after it.

    Args:
        function: takes a `Context` first, then its own parameters.
        replayed: whether its output may be replayed as long as nothing it read has changed.
    """
    own = list(inspect.signature(function).parameters.values())[1:]
    ctx = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @functools.wraps(function)
    def command(ctx: typer.Context, **values: Any) -> None:
        given = {name: values.pop(name) for name in DEFAULTS}
        before = ctx.obj or DEFAULTS
        ctx.obj = {name: before[name] if given[name] == default else given[name] for name, default in DEFAULTS.items()}
        context = Context(ctx.obj, ctx.invoked_subcommand, ctx.get_help)
        if context.subcommand is None and not replayed:
            reads.once()
        elif context.subcommand is None:
            reads.repeated(lambda: function(Context(ctx.obj, None, ctx.get_help), **values))
        try:
            function(context, **values)
        except SynergyError as error:
            error.program = context.display.program
            raise
        finally:
            context.report_left_out()

    parameters = [ctx, *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own), *COMMON]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


replayed = functools.partial(shared, replayed=True)
"""Like `shared`, for a command whose output may be replayed as long as nothing it read has changed."""
