"""The commands: read options, build the parts, call, turn errors into exit statuses.

The clock, the environment and randomness enter here and nowhere else.
"""

import contextlib
import functools
import inspect
import io
import os
import shlex
import signal
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from synergy_cli.errors import ContentError, StoppedError, SynergyError, UsageError
from synergy_cli.terminal import NARROWEST, WIDEST, Terminal, Wishes, end_on_signals

SEEDS = 1_000_000
SHELLS = ("bash", "zsh", "fish")
COLORS = ("auto", "always", "never")
PAGE_FORMS = ("text", "md")
SOURCE_FORMS = ("text", "csl")
COMPLETE_VARIABLE = "_SYNERGY_COMPLETE"
REPORT = "This is a fault of the program itself. SYNERGY_DEBUG=1 shows its trace."

app = typer.Typer(
    name="synergy",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _one_of(name: str, value: str | None, words: tuple[str, ...]) -> str | None:
    """Refuse a value that is none of a few words."""
    if value is not None and value not in words:
        text = f"{name} {value}: expected one of: {', '.join(words)}."
        raise UsageError(text)
    return value


def _color(value: str | None) -> str | None:
    return _one_of("--color", value, COLORS)


def _completing(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def _version(value: bool) -> None:
    if value:
        from synergy_cli import __version__

        typer.echo(f"synergy {__version__}")
        raise typer.Exit


COMMON = {
    "course": Annotated[
        Path | None, typer.Option("--course", metavar="DIR", help="A course's folder (or SYNERGY_COURSE).")
    ],
    "plain": Annotated[bool, typer.Option("--plain", help="One stable layout, no colour, no columns.")],
    "as_json": Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")],
    "color": Annotated[
        str | None,
        typer.Option(
            "--color",
            metavar="WHEN",
            callback=_color,
            autocompletion=_completing(COLORS),
            help="auto, always or never.",
        ),
    ],
    "no_color": Annotated[bool, typer.Option("--no-color", help="The same as --color never.")],
    "width": Annotated[
        int | None,
        typer.Option("--width", "-w", metavar="N", min=NARROWEST, max=WIDEST, help="Cells in a line."),
    ],
    "pager": Annotated[bool | None, typer.Option("--pager/--no-pager", help="Page long text, or never.")],
}
DEFAULTS: dict[str, Any] = {"plain": False, "as_json": False, "no_color": False}


class Here:
    """What a command works with: the options that all commands share, and what is built from them on demand."""

    def __init__(self, options: dict[str, Any], subcommand: str | None = None) -> None:
        """Take the options.

        Args:
            options: by name, as in `COMMON`.
            subcommand: which follows; None when none was given.
        """
        self.options = options
        self.subcommand = subcommand
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
        from synergy_cli.files import built_in

        folder = self.options["course"] or os.environ.get("SYNERGY_COURSE")
        return Course(Path(folder) if folder else built_in(), Cache(cache_folder()))


def shared(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that all commands share; they may stand before the command or after it.

    Args:
        function: takes `Here` first, then its own parameters.

    Returns:
        The command for Typer.
    """
    own = list(inspect.signature(function).parameters.values())[1:]
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=DEFAULTS.get(name), annotation=kind)
        for name, kind in COMMON.items()
    ]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @functools.wraps(function)
    def command(ctx: typer.Context, **values: Any) -> None:
        given = {name: values.pop(name) for name in COMMON}
        before = ctx.obj or {}
        options = {name: before.get(name) if given[name] == DEFAULTS.get(name) else given[name] for name in COMMON}
        ctx.obj = {name: DEFAULTS.get(name) if value is None else value for name, value in options.items()}
        function(Here(ctx.obj, ctx.invoked_subcommand), **values)

    parameters = [context, *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own), *common]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


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
    return Here({**dict.fromkeys(COMMON), **DEFAULTS, "course": folder}).course


def _sections(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a section's id, with its title, and after `#` its passages; a course at fault completes nothing."""
    with contextlib.suppress(SynergyError, OSError):
        entries = _course_on_the_line(ctx).entries
        if "#" in incomplete:
            found = [(f"{entry.id}#{name}", title) for entry in entries for name, title in entry.headings]
        else:
            found = [(entry.id, entry.title) for entry in entries]
        return [(name, title) for name, title in found if name.startswith(incomplete)]
    return []


def _terms(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a term of the glossary."""
    with contextlib.suppress(SynergyError, OSError):
        names = [name for term in _course_on_the_line(ctx).terms for name in (term.name, *term.also)]
        return [name for name in names if name.lower().startswith(incomplete.lower())]
    return []


def _keys(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a source's key, with what it stands for."""
    with contextlib.suppress(SynergyError, OSError):
        sources = _course_on_the_line(ctx).sources.values()
        return [(source.key, source.label) for source in sources if source.key.startswith(incomplete)]
    return []


@app.callback(invoke_without_command=True)
@shared
def main(
    here: Here,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version.")
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
    from synergy_cli import __version__, views

    if here.as_json:
        from synergy_cli import reader

        here.terminal.write_json(reader.contents_document(here.course))
    elif here.terminal.is_screen:
        here.terminal.show(views.welcome(here.course.manifest, here.course.entries, __version__, here.terminal.look))
    else:
        here.terminal.write(_short_help())


def _short_help() -> str:
    """Give the short help of a bare `synergy` in a pipe: one sentence, examples, the commands."""
    lines = inspect.cleandoc(main.__doc__ or "").replace("\b\n", "").split("\n")
    commands = [
        (info.name or info.callback.__name__, (info.callback.__doc__ or "").split("\n")[0])
        for info in app.registered_commands
        if info.callback is not None
    ]
    lines += ["", "Commands:", *(f"  {name:<11} {doc}" for name, doc in commands), "", "More: synergy COMMAND --help"]
    return "\n".join([*lines, ""])


@app.command()
@shared
def explain(
    here: Here,
    sections: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SECTION]...",
            help="Id, number, title, or the beginning of one; `d3#heading` for one passage.",
            autocompletion=_sections,
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All sections.")] = False,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            autocompletion=_completing(PAGE_FORMS),
            help="text, or md for Pandoc Markdown.",
            show_default=False,
        ),
    ] = "text",
) -> None:
    """Read: the contents, or sections as pages.

    \b
    Examples:
      synergy explain            the contents
      synergy explain d3 k2      two sections
      synergy explain 8          by number
      synergy explain --all --format md | pandoc --citeproc -s -o course.html

    In the pager, /§ and then n jump from heading to heading.
    """
    from synergy_cli import reader

    _one_of("--format", form, PAGE_FORMS)
    if form == "md" and here.as_json:
        text = "--json and --format md are two forms; choose one."
        raise UsageError(text)
    course, terminal = here.course, here.terminal
    wanted = [entry.id for entry in course.entries] if everything else sections or []
    chosen = reader.targets(course.entries, wanted)
    if here.as_json:
        terminal.write_json(reader.pages_document(course, chosen) if chosen else reader.contents_document(course))
    elif form == "md":
        whole = chosen or reader.targets(course.entries, [entry.id for entry in course.entries])
        terminal.write(reader.markdown(course, whole))
    elif chosen:
        reader.show(course, chosen, terminal)
    else:
        reader.show_contents(course, terminal)


@app.command()
@shared
def quiz(
    here: Here,
    sections: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SECTION]...",
            help="Ask about these sections only.",
            autocompletion=_sections,
            show_default=False,
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", metavar="N", min=1, help="How many questions.")] = 10,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", min=0, help="Repeat a session: same questions, same order.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="Answers, a line a question; `-` for stdin.")
    ] = None,
    enter: Annotated[bool, typer.Option("--enter", help="Answer with a line and Enter, never one key.")] = False,
) -> None:
    """Be asked, and see why.

    \b
    Examples:
      synergy quiz               ten questions from all sections
      synergy quiz d3 k2 -n 5    five about these
      synergy quiz --seed 7      a session that can be repeated
    """
    from synergy_cli import quiz as session
    from synergy_cli import reader

    here.enter = enter
    course = here.course
    wanted = reader.targets(course.entries, sections or [])
    asked = [q for q in course.questions if not wanted or any(target.holds(q.passage) for target in wanted)]
    if not asked:
        text = "There is no question about these sections.\nAll sections: synergy explain"
        raise SynergyError(text)
    seed = int.from_bytes(os.urandom(4), "big") % SEEDS if seed is None else seed
    again = shlex.join(["quiz", *(sections or []), "--seed", str(seed), "-n", str(count)])
    chosen = session.choose(asked, count, seed)
    terminal, rules = _quiz_terminal(here, answers)
    desk = session.TerminalDesk(terminal, course)
    try:
        outcome = session.Outcome(tuple(session.sit(chosen, desk, seed, rules)), len(chosen), seed)
    except KeyboardInterrupt:
        text = f"stopped. The same again: {terminal.look.program} {again}"
        raise StoppedError(text) from None
    if answers is not None:
        _note_unused(outcome, terminal)
    if here.as_json:
        here.terminal.write_json(outcome.document())
    else:
        here.terminal.show(session.summary(outcome, course, again, here.terminal.look))


def _note_unused(outcome: Any, terminal: Terminal) -> None:
    """Say what in a file of answers was no answer, and what was missing."""
    for number, attempt in enumerate(outcome.attempts, start=1):
        if attempt.marking is not None and attempt.marking.remarks and attempt.unreadable:
            terminal.note(f"synergy: answer {number} ({attempt.question.id}): {attempt.marking.remarks[0]}")
    if len(outcome.first) < outcome.planned:
        terminal.note(f"synergy: {len(outcome.first)} answers for {outcome.planned} questions.")


def _quiz_terminal(here: Here, answers: Path | None) -> tuple[Terminal, Any]:
    """Say where the dialogue happens: on the screen; beside JSON on stderr; nowhere when the answers are in a file."""
    from synergy_cli import quiz as session

    if answers is not None:
        nowhere = io.StringIO()
        return Terminal(_answers(answers), nowhere, sys.stderr, os.environ, here.wishes), session.FROM_A_FILE
    if here.as_json:
        person = sys.stdin is not None and sys.stdin.isatty()
        out = sys.stderr if person else io.StringIO()
        terminal = Terminal(sys.stdin, out, sys.stderr, os.environ, here.wishes)
    else:
        terminal = here.terminal
    return terminal, session.AT_A_SCREEN if terminal.interactive else session.FROM_A_PIPE


def _answers(path: Path) -> Any:
    from synergy_cli.files import MAX_BYTES

    if str(path) == "-":
        return sys.stdin
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        text = f"--answers {path}: cannot be read: {error.strerror}"
        raise UsageError(text) from error
    if len(data) > MAX_BYTES:
        text = f"--answers {path}: larger than {MAX_BYTES // 1024 // 1024} MiB; expected a line for each question."
        raise UsageError(text)
    return io.StringIO(data.decode("utf-8", errors="replace"), newline=None)


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
        list[str] | None, typer.Argument(metavar="[TERM]", autocompletion=_terms, help="A term, or its beginning.")
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
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", autocompletion=_keys, help="A source's key.")] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            autocompletion=_completing(SOURCE_FORMS),
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
    _one_of("--format", form, SOURCE_FORMS)
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
) -> None:
    """Find every fault of a course.

    The exit status is 1 when there is one.

    \b
    Example:
      synergy check my-course
    """
    here.options["course"] = folder or here.options["course"]
    found = here.course.faults()
    if here.as_json:
        here.terminal.write_json({"schema": 1, "faults": [fault._asdict() for fault in found]})
    elif found:
        here.terminal.write("".join(f"{fault}\n" for fault in found))
    else:
        manifest = here.course.manifest
        facts = (
            f"{len(here.course.entries)} sections, {manifest.questions} questions, {len(here.course.sources)} sources"
        )
        here.terminal.write(f"{manifest.title}: no faults ({facts}).\n")
    if found:
        raise typer.Exit(1)


@app.command()
@shared
def completion(
    here: Here,
    shell: Annotated[
        str, typer.Argument(metavar="SHELL", autocompletion=_completing(SHELLS), help="bash, zsh or fish.")
    ],
) -> None:
    """Print a completion script for a shell.

    It completes commands, options and sections; no file is touched.

    \b
    Example:
      synergy completion bash > ~/.local/share/bash-completion/completions/synergy
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    _one_of("SHELL", shell, SHELLS)
    script = get_completion_script(prog_name="synergy", complete_var=COMPLETE_VARIABLE, shell=shell)
    here.terminal.write(f"{script}\n")


@app.command()
@shared
def paths(here: Here) -> None:
    """Print where files live."""
    found = {"course": str(here.course.folder), "cache": str(cache_folder() or "none")}
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
    try:
        sys.stdout.flush()
    except OSError as error:
        status = _failed(error)
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
    os._exit(status)  # all is written; taking the interpreter down tidily costs as much as starting it


def call(arguments: list[str]) -> int:
    """Run a command and turn what comes out of it into an exit status.

    Args:
        arguments: as on the command line, without the program's name.

    Returns:
        The exit status; what is to be said about it was said.
    """
    try:
        app(arguments, prog_name="synergy")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if status == StoppedError.exit_status:
            _say("")
        return status
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
