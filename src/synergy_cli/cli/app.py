"""The program: its commands, and how their exceptions become exit statuses."""

import contextlib
import errno
import importlib
import io
import os
import re
import signal
import sys
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from synergy_cli.cli.completion import SHELLS, VARIABLE, candidates, script
from synergy_cli.cli.context import Context
from synergy_cli.cli.environment import cache_folder, device_file, history_folder
from synergy_cli.cli.options import completing, one_of, replayed, version_asked
from synergy_cli.errors import NextCommand, StoppedError, SynergyError, UsageError
from synergy_cli.replay import first_screen, reads
from synergy_cli.replay.recording import Recording
from synergy_cli.signals import end_on_signals
from synergy_cli.text import did_you_mean, nearest
from synergy_cli.ui.terminal import DisplayOptions, Terminal

SIGNALLED = 128
"""Exit statuses above it are those of a signal."""
BUG = "This is a bug in synergy. SYNERGY_DEBUG=1 shows the traceback."
REPORT_A_BUG = "To report a bug, open an issue and include the output of `synergy --version`."
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""Errors that only a write can raise."""
COMMANDS = {
    "study": "study.study",
    "explain": "explain.explain",
    "quiz": "quiz.quiz",
    "due": "due.due",
    "progress": "history.progress",
    "search": "lookup.search",
    "glossary": "lookup.glossary",
    "sources": "lookup.sources",
    "history": "history.history_app",
    "check": "authoring.check",
    "new": "authoring.new",
    "export": "exchange.export",
    "import": "exchange.import_",
    "completion": "app.completion",
    "paths": "app.paths",
    "help": "app.help_",
}
"""The modules and functions of the commands, a learner's first, then an author's. A run loads only what it needs."""


def _function(name: str) -> Any:
    """Import the function of a command, or the Typer app of a group."""
    module, _, function = COMMANDS[name].partition(".")
    return getattr(importlib.import_module(f"synergy_cli.cli.{module}"), function)


@cache
def _command(name: str) -> Any:
    """Build a command, or a group of them."""
    found = _function(name)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(add_completion=False, rich_markup_mode=None)
        found.command(name)(function)
    return typer.main.get_command(found)


def _summaries() -> list[tuple[str, str]]:
    """Return each command with the first line of its help."""
    found = [_function(name) for name in COMMANDS]
    functions = [app.registered_callback.callback if hasattr(app, "registered_callback") else app for app in found]
    return [(name, function.__doc__.partition("\n")[0]) for name, function in zip(COMMANDS, functions, strict=True)]


class _Root(TyperGroup):
    """The root command. It builds a command when it is called, and reports wrong usage in the program's own style."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  as Typer calls it
        """List all commands, built or not."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  as Typer calls it
        """Build a command; None if there is no such command."""
        if cmd_name not in COMMANDS:
            self.commands = dict.fromkeys(COMMANDS, self)  # Typer suggests one of these names
            return None
        return _command(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  as Typer calls it
        """Write the list of commands, without building any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(_summaries())

    def make_context(self, *arguments: Any, **settings: Any) -> Any:
        """Parse the options before the command."""
        with _usage_errors():
            return super().make_context(*arguments, **settings)

    def invoke(self, ctx: Any) -> Any:
        """Parse the options of the command and run it."""
        with _usage_errors():
            return super().invoke(ctx)


_WRONG_USAGE: Any = typer.BadParameter.__base__
"""What Typer raises on wrong usage; it exports no name for this class."""


@contextlib.contextmanager
def _usage_errors() -> Iterator[None]:
    """Turn what Typer raises on wrong usage into our own error, which names the help to read."""
    try:
        yield
    except _WRONG_USAGE as error:
        text = re.sub(r"a valid int\w* range", "a whole number", error.format_message())
        text = text.replace("a valid float range", "a number")
        unknown, possible = getattr(error, "option_name", None), getattr(error, "possibilities", None)
        if unknown:  # how the message lists the nearest depends on Typer's version
            text = f"No such option: {unknown}.{did_you_mean(nearest(unknown, sorted(possible or ())))}"
        if re.search(r"option: -\d", text):
            text += " Section numbers start at 1."
        _, *command = error.ctx.command_path.split() if error.ctx is not None else [""]
        help_ = NextCommand("Help", " ".join([*command, "--help"]))
        raise UsageError(text if text.endswith((".", "?")) else f"{text}.", help_) from None


app = typer.Typer(
    name="synergy",
    cls=_Root,
    epilog=REPORT_A_BUG,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
@replayed
def main(
    context: Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=version_asked, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Study one topic well: read a page, test yourself, see why.

    \b
    Examples:
      synergy                    where you stand, and the next step
      synergy study              read and answer, from where you stopped
      synergy explain            the contents
      synergy quiz               what is due, then new questions
    """
    del version
    if context.subcommand is not None:
        return
    advice = _advice(context)
    if context.as_json:
        from synergy_cli.study.reading import contents_document

        following = {"progress": advice.progress, "step": advice.step, "command": advice.command}
        context.terminal.write_json({**contents_document(context.course, context.marks), "next": following})
        return
    from synergy_cli import __version__
    from synergy_cli.ui import lists

    course = context.course
    context.terminal.show(lists.welcome(course.manifest, course.topics, __version__, advice, context.terminal.look))


def _advice(context: Context) -> Any:
    """Return the learner's progress and the next step."""
    from synergy_cli.study.advice import advise
    from synergy_cli.study.recording import LearnerState, load_state

    course = context.course
    if not context.anything_learnt:
        return advise(course, LearnerState(None, {}, 0, ""), {})
    state = load_state(course, lambda: context.history, context.clock, saves=False)
    if state.trouble or state.history is None:
        context.terminal.note(state.trouble)
        return advise(course, state, {})
    identity = course.manifest.id
    advice = advise(course, state, state.history.reading(identity), state.history.pace(identity))
    past = _unfinished(context, state, state.history)
    if past is None:
        return advice
    from synergy_cli.study.resuming import advice as resume

    return resume(past)._replace(progress=advice.progress)


def _unfinished(context: Context, state: Any, history: Any) -> Any:
    """Return the last session if it should be offered again today, else None."""
    from synergy_cli.days import DAY, study_day
    from synergy_cli.study.resuming import OFFERED, is_offered, last_session, with_aside

    identity = context.course.manifest.id
    with contextlib.suppress(SynergyError):  # a device without a name has no log of its own
        past = last_session(context.log, identity, since=(state.today - OFFERED) * DAY)
        if past is not None:
            past = with_aside(past, context.course, state.aside)
            latest = history.last_answered(identity, study_day(past.at, past.offset))
            return past if is_offered(past, state.today, latest) else None
    return None


@replayed
def completion(
    context: Context,
    shell: Annotated[
        str, typer.Argument(metavar="SHELL", autocompletion=completing(SHELLS), help="bash, zsh or fish.")
    ],
) -> None:
    """Print a completion script for a shell.

    It completes commands, options, sections, terms, sources and files. No file is changed.

    \b
    Example:
      synergy completion bash > ~/.local/share/bash-completion/completions/synergy
    """
    one_of("SHELL", shell, SHELLS)
    context.terminal.write(script(shell))


@replayed
def paths(context: Context) -> None:
    """Print where synergy keeps its files."""
    found = {
        "course": str(context.course.folder),
        "cache": str(cache_folder() or "none"),
        "history": str(history_folder() or "none"),
        "device": str(device_file() or "none"),
    }
    if context.as_json:
        context.terminal.write_json(found)
    else:
        context.terminal.write("".join(f"{name}\t{path}\n" for name, path in found.items()))


@replayed
def help_(
    context: Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="A command, such as `history check`.")
    ] = None,
) -> None:
    """Print the help of a command.

    \b
    Example:
      synergy help history check
    """
    del context
    app([*(command or []), "--help"], prog_name="synergy")


def _start() -> None:
    """Prepare the process: it waits for its streams, and ends silently when a pipe closes, and tidily on a signal."""
    if sys.stdout is None:
        sys.stdout = io.StringIO()
        _stderr().note("standard output is closed; there is nowhere to write to.")
        sys.exit(1)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # an answer that is not UTF-8 is still an answer
    for stream in filter(None, (sys.stdin, sys.stdout, sys.stderr)):
        with contextlib.suppress(OSError, AttributeError):  # another program may have left them so that nobody waits
            os.set_blocking(stream.fileno(), True)
    if hasattr(signal, "SIGPIPE") and not sys.stdout.isatty():
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    end_on_signals(sys.exit)


def run(entry: Any = None) -> NoReturn:
    """Run the program and exit; what it prints may be kept in an entry, to be replayed.

    Exit status: 0 done; 1 could not do what was asked; 2 wrong usage; 130 Ctrl-C; 129 and 143 for SIGHUP and SIGTERM.
    """
    recording = None if entry is None else Recording(entry)
    _start()
    status = call(sys.argv[1:]) if VARIABLE not in os.environ else _complete(sys.argv[2:])
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with contextlib.suppress(OSError):
            stream.flush()
    first_screen.give_back()  # the reader was not opened after all
    if recording is not None:
        recording.keep(status)
    os._exit(status)  # everything is written; an orderly shutdown takes as long as starting the interpreter


def _complete(words: list[str]) -> int:
    """Print completions for a command line; a script from an earlier version passes no words and gets nothing."""
    if words:
        Terminal(None, sys.stdout, None, {}, DisplayOptions()).write(candidates(typer.main.get_command(app), words))
    return 0


def call(arguments: list[str]) -> int:
    """Run a command, report whatever it raises, and return the exit status.

    Args:
        arguments: as on the command line, without the program's name.
    """
    try:
        status = _ended(arguments)
        if status <= SIGNALLED:  # after a signal nobody needs to hear that the output is closed
            sys.stdout.flush()
    except SynergyError as error:
        reads.once()
        _stderr().say(f"{error.prefix}{error}")
        return error.exit_status
    except OSError as error:
        reads.once()
        return _failed(error)
    except Exception as error:
        reads.once()
        if os.environ.get("SYNERGY_DEBUG"):
            raise
        _stderr().note(f"{type(error).__name__}: {error}\n{BUG}")
        return 1
    return status


def _ended(arguments: list[str]) -> int:
    """Run a command, which Typer ends with SystemExit, and return its status."""
    try:
        app(arguments, prog_name="synergy")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if status == StoppedError.exit_status:
            _stderr().say("")
        return status
    return 0


def _failed(error: OSError) -> int:
    """Report an error of the system; a closed pipe is not reported.

    Only errors about files have a file name: without one, the cause is a stream or the current folder.
    """
    if isinstance(error, BrokenPipeError):
        return 141
    reason = error.strerror or error
    if error.filename:
        _stderr().note(f"{error.filename}: {reason}")
    elif error.errno in _FULL:
        _stderr().note(f"cannot write: {reason}")
    elif isinstance(error, FileNotFoundError):
        _stderr().note("the current folder has been removed; change to another one.")
    elif os.environ.get("SYNERGY_DEBUG"):
        raise error
    else:
        _stderr().note(f"{reason}. SYNERGY_DEBUG=1 shows the traceback.")
    return 1


def _stderr() -> Terminal:
    return Terminal(None, None, sys.stderr, {}, DisplayOptions())
