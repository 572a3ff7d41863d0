"""The commands `quiz`, `progress` and `history`: their options, and what they do with them."""

import io
import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from synergy_cli.errors import StoppedError, SynergyError, UsageError
from synergy_cli.options import Here, complete_sections, completing, one_of, shared
from synergy_cli.terminal import Terminal
from synergy_cli.text import counted

HISTORY_FORMS = ("csv", "jsonl")

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
        text = f"the exam was stopped and has no result. {counted(kept.count, 'answer')} saved."
        raise StoppedError(text) from None
    if asked.answers is not None:
        _note_unused(result.outcome, terminal)
    if here.as_json:
        here.terminal.write_json({**result.document(mark), "saved": kept.count})
    else:
        here.terminal.show(result.scores(here.course, mark, here.terminal.look))
        here.terminal.page(result.feedback(here.course, here.terminal.look), "exam")
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
    seed = here.seed if asked.seed is None else asked.seed
    drawn = asked.seed is not None or asked.mode != "review"
    words = "".join(f" {shlex.quote(section)}" for section in asked.sections)
    return Wanted(items, asked.most, asked.new, asked.mode, seed, drawn, words, here.wishes.program, asked.unsaved)


def _note_unused(outcome: Any, terminal: Terminal) -> None:
    """Say what in a file of answers was no answer, and what was missing."""
    for number, attempt in enumerate(outcome.attempts, start=1):
        if attempt.marking is not None and attempt.marking.remarks and attempt.unreadable:
            terminal.note(f"synergy: answer {number} ({attempt.question.id}): {attempt.marking.remarks[0]}")
    if len(outcome.first) < outcome.planned:
        asked = counted(outcome.planned, "question")
        terminal.note(f"synergy: {counted(len(outcome.first), 'answer')} for {asked}.")


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
        typer.echo(here.usage())


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
