"""The commands: read options, build the parts, call, turn errors into exit statuses."""

import contextlib
import inspect
import io
import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, NamedTuple, NoReturn

import typer

from synergy_cli.errors import ContentError, StoppedError, SynergyError, UsageError
from synergy_cli.options import (
    Here,
    cache_folder,
    complete_keys,
    complete_sections,
    complete_terms,
    completing,
    device_file,
    history_folder,
    one_of,
    shared,
    version_asked,
)
from synergy_cli.terminal import Terminal, Wishes, end_on_signals

SEEDS = 1_000_000
SHELLS = ("bash", "zsh", "fish")
PAGE_FORMS = ("text", "md")
SOURCE_FORMS = ("text", "csl")
HISTORY_FORMS = ("csv", "jsonl")
COMPLETE_VARIABLE = "_SYNERGY_COMPLETE"
REPORT = "This is a fault of the program itself. SYNERGY_DEBUG=1 shows its trace."

app = typer.Typer(
    name="synergy",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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

        here.terminal.write_json(reader.contents_document(here.course, _marks(here)))
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
    if _anything_learnt(here):
        memory = remember(course, lambda: here.history, here.clock, saves=False)
        read = memory.history.pages(course.manifest.id) if memory.history is not None and not memory.trouble else {}
    advice = advise(course, memory, read)
    here.terminal.show(views.welcome(course.manifest, course.entries, __version__, advice, here.terminal.look))


def _anything_learnt(here: Here) -> bool:
    """Tell whether there is a history to look into; one that cannot be read is named, and passed over."""
    try:
        return any(path.stat().st_size for path in here.journal.files())
    except (SynergyError, OSError) as error:
        here.terminal.note(f"synergy: {here.journal.folder}: the history cannot be read: {_why(error)}")
        return False


def _marks(here: Here) -> Any:
    """Look up how the learner stands with each page; at the start when no history can be read."""
    from synergy_cli import reader

    if _anything_learnt(here):
        try:
            return reader.marks(here.course, here.history)
        except UsageError:
            raise
        except SynergyError as error:
            here.terminal.note(f"synergy: {error}")
    return reader.marks(here.course, None)


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _short_help() -> str:
    """Give the short help of a bare `synergy` in a pipe: one sentence, examples, the commands."""
    lines = inspect.cleandoc(main.__doc__ or "").replace("\b\n", "").split("\n")
    group = typer.main.get_command(app)
    commands = [(name, command.get_short_help_str(60)) for name, command in getattr(group, "commands", {}).items()]
    lines += ["", "Commands:", *(f"  {name:<11} {doc}" for name, doc in commands), "", "More: synergy COMMAND --help"]
    return "\n".join([*lines, ""])


_PAGE_FORM = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORM",
        autocompletion=completing(PAGE_FORMS),
        help="text, or md for Pandoc Markdown.",
        show_default=False,
    ),
]


@app.command()
@shared
def explain(
    here: Here,
    sections: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SECTION]...",
            help="Id, number, title, or the beginning of one; `d3#heading` for one passage.",
            autocompletion=complete_sections,
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All sections.")] = False,
    following: Annotated[bool, typer.Option("--next", help="The first section you have not read.")] = False,
    ask_first: Annotated[
        bool, typer.Option("--ask-first", help="Be asked before the section, and again after it.")
    ] = False,
    form: _PAGE_FORM = "text",
) -> None:
    """Read: the contents, or sections as pages.

    \b
    Examples:
      synergy explain            the contents
      synergy explain d3 k2      two sections
      synergy explain --next     the first one you have not read
      synergy explain 8 --ask-first
      synergy explain --all --format md | pandoc --citeproc -s -o course.html

    In the pager, /§ and then n jump from heading to heading.
    """
    from synergy_cli import reader

    one_of("--format", form, PAGE_FORMS)
    if (form == "md") + here.as_json + ask_first > 1:
        text = "--json, --format md and --ask-first are three forms of reading; choose one."
        raise UsageError(text)
    entries = here.course.entries
    wanted = [entry.id for entry in entries] if everything else sections or []
    chosen = reader.targets(entries, [*wanted, *(_next(here) if following else [])])
    if form == "md":
        whole = chosen or reader.targets(entries, [entry.id for entry in entries])
        here.terminal.write(reader.markdown(here.course, whole))
    elif here.as_json:
        here.terminal.write_json(
            reader.pages_document(here.course, chosen)
            if chosen or following
            else reader.contents_document(here.course, _marks(here))
        )
    elif ask_first:
        _ask_first(here, chosen)
    else:
        _read(here, chosen, nothing_left=following)


def _read(here: Here, chosen: Any, *, nothing_left: bool) -> None:
    """Show sections, or the contents when none is asked for."""
    from synergy_cli import reader

    if chosen:
        reader.show(here.course, chosen, here.terminal)
        _mark_as_read(here, chosen)
    elif nothing_left:
        here.terminal.write(f"Every section is read. Be asked: {here.terminal.look.program} quiz\n")
    else:
        reader.show_contents(here.course, _marks(here), here.terminal)


def _next(here: Here) -> list[str]:
    """Find the first section that was not read."""
    from synergy_cli import reader

    if not _anything_learnt(here):
        return [entry.id for entry in here.course.entries[:1]]
    entry = reader.next_unread(here.course, here.history)
    return [entry.id] if entry is not None else []


def _mark_as_read(here: Here, chosen: Any) -> None:
    """Remember which whole sections a person has seen; what cannot be remembered is said, and changes nothing."""
    from synergy_cli.events import Read

    pages = [target.entry.id for target in chosen if not target.heading]
    if not pages or not here.terminal.is_screen:
        return
    try:
        for page in pages:
            here.recorder.save(here.course.manifest.id, Read(page))
    except SynergyError as error:
        here.terminal.note(f"synergy: not remembered as read: {error}")


def _ask_first(here: Here, chosen: Any) -> None:
    """Ask before a section, show it, and ask again."""
    from synergy_cli import quiz as session
    from synergy_cli import reader
    from synergy_cli.desk import PretestDesk, TerminalDesk
    from synergy_cli.study import PRETEST, ask_around, chosen_to_pretest, keeper, remember

    if len(chosen) != 1:
        text = "--ask-first goes with one section: synergy explain d3 --ask-first"
        raise UsageError(text)
    course, terminal = here.course, here.terminal
    memory = remember(course, lambda: here.history, here.clock, saves=True)
    desk = TerminalDesk(terminal, course)
    kept = [keeper(memory, course, desk, here.clock, mode) for mode in ("pretest", "review")]
    items = [item for item in course.outline if chosen[0].holds(item.passage)]
    questions = course.pick(chosen_to_pretest(items, memory))
    rules = session.AT_A_SCREEN if terminal.interactive else session.FROM_A_PIPE
    seed = int.from_bytes(os.urandom(4), "big") % SEEDS

    def show_page() -> None:
        reader.show(course, chosen, terminal)
        _mark_as_read(here, chosen)

    before = session.Session(questions, PretestDesk(terminal, course), kept[0], seed, PRETEST)
    after = session.Session(questions, desk, kept[1], seed + 1, rules)
    ask_around(show_page, before, after, course, terminal)


_SECTIONS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SECTION]...",
        help="Ask about these sections only.",
        autocompletion=complete_sections,
        show_default=False,
    ),
]
_MINUTES = Annotated[float | None, typer.Option("--minutes", metavar="N", min=0.1, help="How long the exam may take.")]
_PASS = Annotated[
    int | None, typer.Option("--pass", metavar="PERCENT", min=1, max=100, help="Exit status 1 for an exam below it.")
]
_SEED = Annotated[
    int | None, typer.Option("--seed", metavar="N", min=0, help="Repeat a session: same questions, same order.")
]
_ANSWERS = Annotated[
    Path | None, typer.Option("--answers", metavar="FILE", help="Answers, a line a question; `-` for stdin.")
]


@app.command()
@shared
def quiz(
    here: Here,
    sections: _SECTIONS = None,
    count: Annotated[int, typer.Option("--count", "-n", metavar="N", min=1, help="How many questions.")] = 10,
    new: Annotated[int, typer.Option("--new", metavar="N", min=0, help="How many new questions a day.")] = 15,
    practice: Annotated[bool, typer.Option("--practice", help="Any questions; the schedule stays as it is.")] = False,
    confidence: Annotated[bool, typer.Option("--confidence", help="Say how sure you are of each answer.")] = False,
    exam: Annotated[bool, typer.Option("--exam", help="No feedback until the end; nothing is scheduled.")] = False,
    minutes: _MINUTES = None,
    passing: _PASS = None,
    seed: _SEED = None,
    answers: _ANSWERS = None,
    unsaved: Annotated[bool, typer.Option("--unsaved", help="Keep nothing in the history.")] = False,
    enter: Annotated[bool, typer.Option("--enter", help="Answer with a line and Enter, never one key.")] = False,
) -> None:
    """Be asked what is due, then what is new, and see why.

    \b
    Examples:
      synergy quiz               what is due, then new questions
      synergy quiz d3 k2 -n 5    five about these
      synergy quiz --confidence  say how sure you are
      synergy quiz --exam --minutes 10 --pass 80
    """
    here.enter = enter
    if not exam and (minutes is not None or passing is not None):
        text = "--minutes and --pass belong to an exam: synergy quiz --exam"
        raise UsageError(text)
    if exam and practice:
        text = "--exam and --practice are two kinds of session; choose one."
        raise UsageError(text)
    mode = "exam" if exam else "practice" if practice else "review"
    asked = _Asked(sections or [], count, new, mode, seed, answers, unsaved, confidence)
    if exam:
        _exam(here, asked, minutes, passing)
    else:
        _quiz(here, asked)


class _Asked(NamedTuple):
    """The options of `quiz`."""

    sections: list[str]
    most: int
    new: int
    mode: str
    seed: int | None
    answers: Path | None
    unsaved: bool
    confidence: bool


def _quiz(here: Here, asked: _Asked) -> None:
    """Hold a session."""
    from synergy_cli.desk import TerminalDesk
    from synergy_cli.study import Study

    wanted = _wanted(here, asked)
    terminal, rules = _quiz_terminal(here, asked)
    desk = TerminalDesk(terminal, here.course)
    memory, kept = _remembered(here, asked, desk)
    outcome = Study(here.course, memory, desk, kept, wanted).hold(rules, None if here.as_json else here.terminal)
    if asked.answers is not None:
        _note_unused(outcome, terminal)
    if here.as_json:
        here.terminal.write_json({**outcome.document(), "mode": wanted.mode, "saved": kept.count})


def _exam(here: Here, asked: _Asked, minutes: float | None, mark: int | None) -> None:
    """Hold an exam."""
    from synergy_cli.choosing import draw
    from synergy_cli.exam import Exam, ExamDesk
    from synergy_cli.quiz import Outcome

    wanted = _wanted(here, asked)
    terminal, rules = _quiz_terminal(here, asked)
    desk = ExamDesk(terminal, here.course)
    _, kept = _remembered(here, asked, desk)
    questions = here.course.pick(draw(wanted.items, wanted.most, wanted.seed))
    exam = Exam(questions, desk, kept, Outcome((), len(questions), wanted.seed), rules)
    try:
        result = exam.run(minutes)
    except KeyboardInterrupt:
        text = f"the exam was stopped and has no result; {kept.count} answers saved."
        raise StoppedError(text) from None
    if here.as_json:
        here.terminal.write_json(result.document(mark))
    else:
        here.terminal.page(result.report(here.course, mark, here.terminal.look), "exam")
    if not result.passed(mark):
        raise typer.Exit(1)


def _remembered(here: Here, asked: _Asked, desk: Any) -> tuple[Any, Any]:
    """Look up what is known of the learner, and where answers go."""
    from synergy_cli.study import keeper, remember

    memory = remember(here.course, lambda: here.history, here.clock, saves=not asked.unsaved)
    return memory, keeper(memory, here.course, desk, here.clock, "" if asked.unsaved else asked.mode)


def _wanted(here: Here, asked: _Asked) -> Any:
    """Look up what is asked for."""
    from synergy_cli import reader
    from synergy_cli.study import Wanted

    course = here.course
    targets = reader.targets(course.entries, asked.sections)
    items = [item for item in course.outline if not targets or any(target.holds(item.passage) for target in targets)]
    if not items:
        text = "There is no question about these sections.\nAll sections: synergy explain"
        raise SynergyError(text)
    seed = int.from_bytes(os.urandom(4), "big") % SEEDS if asked.seed is None else asked.seed
    drawn = asked.seed is not None or asked.mode != "review"
    words = "".join(f" {shlex.quote(section)}" for section in asked.sections)
    return Wanted(items, asked.most, asked.new, asked.mode, seed, drawn, words, here.wishes.program)


def _note_unused(outcome: Any, terminal: Terminal) -> None:
    """Say what in a file of answers was no answer, and what was missing."""
    for number, attempt in enumerate(outcome.attempts, start=1):
        if attempt.marking is not None and attempt.marking.remarks and attempt.unreadable:
            terminal.note(f"synergy: answer {number} ({attempt.question.id}): {attempt.marking.remarks[0]}")
    if len(outcome.first) < outcome.planned:
        terminal.note(f"synergy: {len(outcome.first)} answers for {outcome.planned} questions.")


def _quiz_terminal(here: Here, asked: _Asked) -> tuple[Terminal, Any]:
    """Say where the dialogue happens: on the screen; beside JSON on stderr; nowhere when the answers are in a file."""
    from synergy_cli import quiz as session

    terminal = here.terminal
    if asked.answers is not None:
        terminal = Terminal(_answers(asked.answers), io.StringIO(), sys.stderr, os.environ, here.wishes)
        rules = session.FROM_A_FILE
    elif here.as_json:
        person = sys.stdin is not None and sys.stdin.isatty()
        out = sys.stderr if person else io.StringIO()
        terminal = Terminal(sys.stdin, out, sys.stderr, os.environ, here.wishes)
        rules = session.AT_A_SCREEN if terminal.interactive else session.FROM_A_PIPE
    else:
        rules = session.AT_A_SCREEN if terminal.interactive else session.FROM_A_PIPE
    return terminal, rules._replace(confidence=asked.confidence)


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


@app.command(name="progress")
@shared
def progress_(here: Here) -> None:
    """See what holds, what slips, and what is due when.

    \b
    Example:
      synergy progress --plain
    """
    from synergy_cli import progress

    made = progress.gather(here.course, here.history)
    if here.as_json:
        here.terminal.write_json(progress.document(made))
    else:
        progress.show(made, here.terminal)


history_app = typer.Typer(rich_markup_mode=None)
app.add_typer(history_app, name="history")


@history_app.callback(invoke_without_command=True)
@shared
def history(here: Here) -> None:
    """Check, merge, export or undo your own answers.

    \b
    Examples:
      synergy history check
      synergy history export > answers.csv
    """
    if here.subcommand is None:
        app(["history", "--help"], prog_name="synergy")


@history_app.command(name="check")
@shared
def history_check(here: Here) -> None:
    """Check every line; mend the index.

    The index is made anew when it is not what the lines come to. The exit status is 1 when a line is damaged.
    """
    from synergy_cli import archive

    report = here.history.check()
    if here.as_json:
        here.terminal.write_json(archive.check_document(report))
    else:
        here.terminal.show(archive.check_lines(report, here.terminal.look))
    if not report.sound:
        raise typer.Exit(1)


@history_app.command(name="merge")
@shared
def history_merge(
    here: Here,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Logs of other devices.")],
) -> None:
    """Take in what other devices have logged.

    What is known already is passed over, so nothing counts twice. The exit status is 1 when a line was left out.

    \b
    Example:
      synergy history merge /media/stick/*.jsonl
    """
    from synergy_cli import archive

    merged = here.history.merge(files)
    if here.as_json:
        here.terminal.write_json(archive.merge_document(merged))
    else:
        here.terminal.show(archive.merge_lines(merged, here.terminal.look))
    if any(file.damaged for file in merged):
        raise typer.Exit(1)


@history_app.command(name="export")
@shared
def history_export(
    here: Here,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            autocompletion=completing(HISTORY_FORMS),
            help="csv, or jsonl as it is kept.",
            show_default=False,
        ),
    ] = "csv",
) -> None:
    """Print all your answers, of all courses.

    \b
    Example:
      synergy history export > answers.csv
    """
    from synergy_cli import archive

    one_of("--format", form, HISTORY_FORMS)
    if here.as_json:
        here.terminal.write_json(archive.export_document(here.history))
        return
    for part in archive.export(here.history, form):
        here.terminal.write(part)


@history_app.command(name="undo")
@shared
def history_undo(here: Here) -> None:
    """Take back the last answer.

    It is the last one that was given on this device; call it again for the one before. The exit status is 1 when there
    is none.
    """
    from synergy_cli.events import written

    event = here.recorder.last_answer(here.course.manifest.id)
    if event is None:
        text = "There is no answer of this device to undo."
        raise SynergyError(text)
    here.recorder.undo(event)
    when = written(event.at, event.offset)
    if here.as_json:
        here.terminal.write_json({"schema": 1, "undone": event.act.question, "at": when, "verdict": event.act.verdict})
    else:
        here.terminal.write(f"Undone: the answer to {event.act.question} of {when} ({event.act.verdict}).\n")


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
