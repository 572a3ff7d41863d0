"""The commands: read options, build the parts, call, turn errors into exit statuses."""

import contextlib
import inspect
import io
import os
import signal
import sys
from typing import Annotated, NoReturn

import typer

from synergy_cli.cli import authoring, explain, history, lookup, quiz
from synergy_cli.cli.context import Context
from synergy_cli.cli.environment import cache_folder, device_file, history_folder
from synergy_cli.cli.options import completing, one_of, shared, version_asked
from synergy_cli.errors import StoppedError, SynergyError
from synergy_cli.parsing.report import ContentError
from synergy_cli.ui.terminal import DisplayOptions, Terminal, end_on_signals

SHELLS = ("bash", "zsh", "fish")
COMPLETE_VARIABLE = "_SYNERGY_COMPLETE"
SIGNALLED = 128
"""Exit statuses above it are those of a signal."""
REPORT = "This is a fault of the program itself. SYNERGY_DEBUG=1 shows its trace."


app = typer.Typer(
    name="synergy",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for learners in (explain.explain, quiz.quiz, history.progress, lookup.search, lookup.glossary, lookup.sources):
    app.command()(learners)
for authors in (authoring.check, authoring.new):
    app.command()(authors)
app.add_typer(history.history_app, name="history")


@app.callback(invoke_without_command=True)
@shared
def main(
    context: Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=version_asked, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Study one topic well: read a page, be asked about it, see why.

    \b
    Examples:
      synergy explain            the contents
      synergy explain d3         one section as a page
      synergy quiz d3            questions about it
    """
    del version
    if context.subcommand is not None:
        return
    if context.as_json:
        from synergy_cli.study.reading import contents_document

        context.terminal.write_json(contents_document(context.course, context.marks))
    elif context.terminal.is_screen:
        _welcome(context)
    else:
        context.terminal.write(_short_help())


def _welcome(context: Context) -> None:
    """Say where the learner stands, and the one thing to do next."""
    from synergy_cli import __version__
    from synergy_cli.study.recording import LearnerState, load_state
    from synergy_cli.study.review import advise
    from synergy_cli.ui import lists

    course = context.course
    memory, read = LearnerState(None, {}, 0, ""), {}
    if context.anything_learnt:
        memory = load_state(course, lambda: context.history, context.clock, saves=False)
        if memory.trouble:
            context.terminal.note(f"synergy: {memory.trouble}")
        read = memory.history.pages(course.manifest.id) if memory.history is not None and not memory.trouble else {}
    advice = advise(course, memory, read)
    context.terminal.show(lists.welcome(course.manifest, course.entries, __version__, advice, context.terminal.look))


def _short_help() -> str:
    """Give the short help of a bare `synergy` in a pipe: one sentence, examples, the commands."""
    lines = inspect.cleandoc(main.__doc__ or "").replace("\b\n", "").split("\n")
    group = typer.main.get_command(app)
    commands = [(name, command.get_short_help_str(60)) for name, command in getattr(group, "commands", {}).items()]
    lines += ["", "Commands:", *(f"  {name:<11} {doc}" for name, doc in commands), "", "More: synergy COMMAND --help"]
    return "\n".join([*lines, ""])


@app.command()
@shared
def completion(
    context: Context,
    shell: Annotated[
        str, typer.Argument(metavar="SHELL", autocompletion=completing(SHELLS), help="bash, zsh or fish.")
    ],
) -> None:
    """Print a completion script for a shell.

    It completes commands, options and sections; no file is touched.

    \b
    Example:
      synergy completion bash > ~/.local/share/bash-completion/completions/synergy
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    one_of("SHELL", shell, SHELLS)
    script = get_completion_script(prog_name="synergy", complete_var=COMPLETE_VARIABLE, shell=shell)
    context.terminal.write(f"{script}\n")


@app.command()
@shared
def paths(context: Context) -> None:
    """Print where files live."""
    found = {
        "course": str(context.course.folder),
        "cache": str(cache_folder() or "none"),
        "history": str(history_folder() or "none"),
        "device": str(device_file() or "none"),
    }
    if context.as_json:
        context.terminal.write_json({"schema": 1, **found})
    else:
        context.terminal.write("".join(f"{name}\t{path}\n" for name, path in found.items()))


@app.command(name="help")
def help_(
    ctx: typer.Context,
    command: Annotated[str | None, typer.Argument(metavar="[COMMAND]", help="Of which command.")] = None,
) -> None:
    """Print help."""
    app([command, "--help"] if command else ["--help"], prog_name=ctx.find_root().info_name)


def _start() -> None:
    """Prepare the process: a closed pipe ends it silently, signals end it tidily."""
    if sys.stdout is None:
        sys.stdout = io.StringIO()
        if sys.stderr is not None:
            sys.stderr.write("synergy: standard output is closed; there is nowhere to write to.\n")
        sys.exit(1)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # an answer that is no UTF-8 is an answer all the same
    if hasattr(signal, "SIGPIPE") and not sys.stdout.isatty():
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    end_on_signals(sys.exit)


def run() -> NoReturn:
    """Run the program and end it with its exit status.

    0 done; 1 could not do it; 2 wrong usage; 130 Ctrl-C; 129 and 143 for SIGHUP and SIGTERM.
    """
    _start()
    if COMPLETE_VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    status = call(sys.argv[1:])
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(status)  # all is written; taking the interpreter down tidily costs as much as starting it


def call(arguments: list[str]) -> int:
    """Run a command and turn what comes out of it into an exit status.

    Args:
        arguments: as on the command line, without the program's name.

    Returns:
        The exit status; what is to be said about it was said.
    """
    try:
        status = _ended(arguments)
        if status <= SIGNALLED:  # who has stopped it, or closed its window, need not be told that nobody reads
            sys.stdout.flush()
    except ContentError as error:
        _say(str(error))
        return error.exit_status
    except SynergyError as error:
        _say(f"synergy: {error}")
        return error.exit_status
    except OSError as error:
        return _failed(error)
    except Exception as error:
        if os.environ.get("SYNERGY_DEBUG"):
            raise
        _say(f"synergy: {type(error).__name__}: {error}\n{REPORT}")
        return 1
    return status


def _ended(arguments: list[str]) -> int:
    """Run a command, which Typer ends with SystemExit, and give the status of that."""
    try:
        app(arguments, prog_name="synergy")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if status == StoppedError.exit_status:
            _say("")
        return status
    return 0


def _failed(error: OSError) -> int:
    """End on what the system refuses: a closed pipe silently, everything else with its reason."""
    if isinstance(error, BrokenPipeError):
        return 141
    what = f"{error.filename}: " if error.filename else "cannot write: "
    _say(f"synergy: {what}{error.strerror or error}")
    return 1


def _say(text: str) -> None:
    Terminal(None, None, sys.stderr, {}, DisplayOptions()).note(text)
