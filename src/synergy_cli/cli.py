"""The commands: read options, build the parts, call, turn errors into exit statuses."""

import contextlib
import inspect
import io
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from synergy_cli import reading, studying
from synergy_cli.errors import ContentError, StoppedError, SynergyError, UsageError
from synergy_cli.options import (
    Here,
    cache_folder,
    complete_keys,
    complete_terms,
    completing,
    device_file,
    history_folder,
    one_of,
    shared,
    version_asked,
)
from synergy_cli.terminal import Terminal, Wishes, end_on_signals

SHELLS = ("bash", "zsh", "fish")
SOURCE_FORMS = ("text", "csl")
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
app.command()(reading.explain)
app.command()(studying.quiz)
app.command(name="progress")(studying.progress_)
app.add_typer(studying.history_app, name="history")


@app.callback(invoke_without_command=True)
@shared
def main(
    here: Here,
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
    if here.subcommand is not None:
        return
    if here.as_json:
        from synergy_cli import reader

        here.terminal.write_json(reader.contents_document(here.course, here.marks))
    elif here.terminal.is_screen:
        _welcome(here)
    else:
        here.terminal.write(_short_help())


def _welcome(here: Here) -> None:
    """Say where the learner stands, and the one thing to do next."""
    from synergy_cli import __version__, views
    from synergy_cli.study import Memory, advise, remember

    course = here.course
    memory, read = Memory(None, {}, 0, ""), {}
    if here.anything_learnt:
        memory = remember(course, lambda: here.history, here.clock, saves=False)
        if memory.trouble:
            here.terminal.note(f"synergy: {memory.trouble}")
        read = memory.history.pages(course.manifest.id) if memory.history is not None and not memory.trouble else {}
    advice = advise(course, memory, read)
    here.terminal.show(views.welcome(course.manifest, course.entries, __version__, advice, here.terminal.look))


def _short_help() -> str:
    """Give the short help of a bare `synergy` in a pipe: one sentence, examples, the commands."""
    lines = inspect.cleandoc(main.__doc__ or "").replace("\b\n", "").split("\n")
    group = typer.main.get_command(app)
    commands = [(name, command.get_short_help_str(60)) for name, command in getattr(group, "commands", {}).items()]
    lines += ["", "Commands:", *(f"  {name:<11} {doc}" for name, doc in commands), "", "More: synergy COMMAND --help"]
    return "\n".join([*lines, ""])


@app.command()
@shared
def search(
    here: Here,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="All of them must occur.")],
) -> None:
    """Search passages, glossary and sources.

    The exit status is 1 when nothing matches.

    \b
    Example:
      synergy search natto
    """
    from synergy_cli import views
    from synergy_cli.search import search as find
    from synergy_cli.text import nearest

    course, terminal = here.course, here.terminal
    split = [word for part in words for word in part.split()]
    if not split:
        text = "Search for what? Give one word or several: synergy search natto"
        raise UsageError(text)
    pages = (course.page(entry.id)[0] for entry in course.entries)
    hits = find(split, pages, course.terms, course.sources.values())
    if here.as_json:
        terminal.write_json({"schema": 1, "words": split, "hits": [hit._asdict() for hit in hits]})
    elif hits:
        terminal.page(views.search_results(hits, split, terminal.look), f"search: {' '.join(split)}")
    else:
        sought = " ".join(split)[:60]
        near = nearest(sought, [name for term in course.terms for name in (term.name, *term.also)], most=1)
        asked = f" Did you mean {near[0]}?" if near else ""
        terminal.note(f"Nothing matches `{sought}`.{asked} Fewer or shorter words find more.")
    if not hits:
        raise typer.Exit(1)


@app.command()
@shared
def glossary(
    here: Here,
    term: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TERM]", autocompletion=complete_terms, help="A term, or its beginning."),
    ] = None,
) -> None:
    """Look a term up, or list them all.

    \b
    Example:
      synergy glossary osteocalcin
    """
    from synergy_cli import views
    from synergy_cli.glossary import look_up

    course, terminal = here.course, here.terminal
    found = look_up(course.terms, " ".join(term)) if term else course.terms
    if here.as_json:
        terminal.write_json({"schema": 1, "terms": [item._asdict() for item in found]})
    else:
        terminal.page(views.glossary(found, course.sources, terminal.look), "glossary")


@app.command()
@shared
def sources(
    here: Here,
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY]", autocompletion=complete_keys, help="A source's key.")
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            autocompletion=completing(SOURCE_FORMS),
            help="text, or csl for CSL-JSON.",
            show_default=False,
        ),
    ] = "text",
) -> None:
    """Look a source up, or list them all.

    \b
    Examples:
      synergy sources bikle2014
      synergy sources --format csl > sources.json
    """
    from synergy_cli import reader, views

    course, terminal = here.course, here.terminal
    one_of("--format", form, SOURCE_FORMS)
    found = reader.find_sources(course.sources, key)
    if form == "csl":
        keys = {source.key for source in found}
        terminal.write_json([item for item in course.references() if item.get("id") in keys])
    elif here.as_json:
        terminal.write_json({"schema": 1, "sources": [reader.source_document(source) for source in found]})
    else:
        terminal.page(views.sources(found, terminal.look), "sources")


@app.command()
@shared
def check(
    here: Here,
    folder: Annotated[Path | None, typer.Argument(metavar="[COURSE]", help="The course's folder.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Take warnings for errors.")] = False,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Look at the answers on record too: which questions are missed.")
    ] = False,
) -> None:
    """Find every fault of a course, and what makes its questions poor.

    Errors end with status 1; with --strict, warnings do too. Codes are explained in docs/faults.md.

    \b
    Examples:
      synergy check my-course
      synergy check my-course --strict
      synergy check my-course --with-history
    """
    from synergy_cli import diagnoses, tallies
    from synergy_cli.inspector import inspect, quoted

    here.options["course"] = folder or here.options["course"]
    files, terminal = here.files, here.terminal
    found = inspect(files, (event for event, _ in here.history.events()) if with_history else None)
    failed = any(fault.severity in (("error", "warning") if strict else ("error",)) for fault in found.faults)
    answers = found.tallies
    if here.as_json:
        items = {} if answers is None else {"questions": tallies.document(found.questions, answers)}
        terminal.write_json({"schema": 1, "passed": not failed, **diagnoses.document(found.faults), **items})
    else:
        look = terminal.look
        lines = diagnoses.listing(found.faults, quoted(files), look)
        lines += diagnoses.conclusion(found.faults, found.facts, look)
        lines += [] if answers is None else tallies.lines(found.questions, answers, look)
        terminal.show(lines)
    if failed:
        raise typer.Exit(1)


@app.command()
@shared
def new(
    here: Here,
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORY", help="An empty folder, or one to be made.")],
) -> None:
    """Make a small course to start from.

    It has two pages, a question of each kind, sources and a glossary, and it teaches how a course is written.

    \b
    Example:
      synergy new my-course
    """
    from synergy_cli import starter

    made = starter.make(directory)
    if here.as_json:
        here.terminal.write_json({"schema": 1, **made._asdict()})
    else:
        here.terminal.write(starter.told(made))


@app.command()
@shared
def completion(
    here: Here,
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
    here.terminal.write(f"{script}\n")


@app.command()
@shared
def paths(here: Here) -> None:
    """Print where files live."""
    found = {
        "course": str(here.course.folder),
        "cache": str(cache_folder() or "none"),
        "history": str(history_folder() or "none"),
        "device": str(device_file() or "none"),
    }
    if here.as_json:
        here.terminal.write_json({"schema": 1, **found})
    else:
        here.terminal.write("".join(f"{name}\t{path}\n" for name, path in found.items()))


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
    Terminal(None, None, sys.stderr, {}, Wishes()).note(text)
