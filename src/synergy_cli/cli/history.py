"""The commands `progress` and `history`."""

from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from synergy_cli.cli.completion import complete_questions, complete_sections
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import complete_paths, completing, one_of, path_from, replayed, shared
from synergy_cli.errors import NextCommand, SynergyError, UsageError

HISTORY_FORMS = ("csv", "jsonl")


@replayed
def progress(
    context: Context,
    stuck: Annotated[
        bool, typer.Option("--stuck", help="Only questions that are stuck or set aside; offers to bring them back.")
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="DATE", help="Plan for a date: how many a day, what you will recall.", show_default=False
        ),
    ] = None,
) -> None:
    """Show how far you are, what is due when, and what needs help.

    \b
    Examples:
      synergy progress --plain
      synergy progress --stuck           what you keep missing, or set aside
      synergy progress --by 2027-06-30   a plan until then
    """
    if stuck and by is not None:
        raise UsageError("--stuck and --by cannot be combined; choose one.")
    if stuck:
        _stuck(context)
        return
    if by is not None:
        _plan(context, by)
        return
    from synergy_cli.history.progress import document, gather
    from synergy_cli.ui.progress import show

    made = gather(context.course, context.history)
    if context.as_json:
        context.terminal.write_json(document(made))
    else:
        show(made, context.terminal)


def _plan(context: Context, by: str) -> None:
    """Show a plan for a date."""
    from synergy_cli.history.plan import document, gather, plan
    from synergy_cli.ui import plan as views

    course, terminal = context.course, context.terminal
    day = _future(by, context.history.today)
    bank = gather(course, context.history)
    made = plan(bank, day) if day > bank.today else None
    title = course.manifest.title
    if context.as_json:
        terminal.write_json({"course": {"id": course.manifest.id, "title": title}, **document(bank, made)})
    elif made is None:
        terminal.show(views.today(bank, title, terminal.look))
    else:
        terminal.show(views.plan(made, title, terminal.look))


def _future(text: str, today: int) -> int:
    """Return the study day of a date such as 2027-06-30, which is today or later."""
    from datetime import date

    from synergy_cli.history.plan import FARTHEST
    from synergy_cli.history.scheduler import date_of

    now = date_of(today)
    try:
        day = (date.fromisoformat(text) - now).days
    except ValueError:
        form = "write it as year-month-day, for example 2030-01-31"
        raise UsageError(f"--by: `{text}` is not a date; {form}.") from None
    if day < 0:
        raise UsageError(f"--by: {text} is in the past; today is {now.isoformat()}.")
    if day > FARTHEST:
        raise UsageError(f"--by: {text} is more than {FARTHEST // 365} years ahead.")
    return today + day


def _stuck(context: Context) -> None:
    """Show what is stuck or set aside, and bring questions back."""
    from synergy_cli.history.stuck import document, sticking
    from synergy_cli.study.aside import AsidePrompts
    from synergy_cli.ui.stuck import stuck

    course, terminal = context.course, context.terminal
    found = sticking(course, context.history)
    if context.as_json:
        terminal.write_json(document(found))
        return
    listed = terminal.page(lambda look: stuck(found, look), "stuck and set aside")
    aside = [one for one in found if one.aside]
    AsidePrompts(context.course_terminal, course).bring_back(aside, context.recorder, listed=listed)


history_app = typer.Typer(name="history", add_completion=False, rich_markup_mode=None)


@history_app.callback(invoke_without_command=True)
@shared
def history(context: Context) -> None:
    """Manage what you recorded: answers, sections read, questions set aside, the schedule.

    \b
    Examples:
      synergy history check
      synergy history export > answers.csv
    """
    if context.subcommand is None:
        typer.echo(context.usage())


@history_app.command(name="check")
@shared
def history_check(context: Context) -> None:
    """Verify every line; rebuild the index if needed.

    The index is rebuilt if it disagrees with the log. Exits with 1 if a line is damaged.
    """
    from synergy_cli.history import export
    from synergy_cli.ui import history

    report = context.history.check()
    if context.as_json:
        context.terminal.write_json(export.check_document(report))
    else:
        context.terminal.show(history.check_lines(report, context.terminal.look))
    if not report.sound:
        raise typer.Exit(1)


@history_app.command(name="merge")
@shared
def history_merge(
    context: Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", parser=path_from, autocompletion=complete_paths, help="Logs of other devices."
        ),
    ],
) -> None:
    """Import answers from other devices.

    Answers you already have are skipped, so nothing counts twice. Exits with 1 if a file or a line had to be left out.

    \b
    Example:
      synergy history merge /media/stick/*.jsonl
    """
    from synergy_cli.history import export
    from synergy_cli.ui import history

    merged = context.history.merge(files)
    if context.as_json:
        context.terminal.write_json(export.merge_document(merged))
    else:
        context.terminal.show(history.merge_lines(merged, context.terminal.look))
    troubles = dict.fromkeys(file.trouble for file in merged if file.trouble)
    if troubles:
        raise SynergyError("\n".join(troubles))
    if any(file.damaged for file in merged):
        raise typer.Exit(1)


@history_app.command(name="export")
@shared
def history_export(
    context: Context,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            autocompletion=completing(HISTORY_FORMS),
            help="csv, or jsonl as stored.",
            show_default=False,
        ),
    ] = "csv",
) -> None:
    """Print all your answers from all courses.

    \b
    Example:
      synergy history export > answers.csv
    """
    from synergy_cli.history import export

    one_of("--format", form, HISTORY_FORMS)
    if context.as_json:
        context.terminal.write_json(export.export_document(context.history))
        return
    for part in export.export(context.history, form):
        context.terminal.write(part)


@history_app.command(name="undo")
@shared
def history_undo(context: Context) -> None:
    """Take back the last answer.

    Undoes the last answer given on this device; run it again for the one before. Exits with 1 if no answer is left.
    """
    from synergy_cli.history import export
    from synergy_cli.history.events import Answer, Overrule, format_time
    from synergy_cli.ui import history

    event = context.history.last_answer()
    if event is None or not isinstance(event.act, Answer | Overrule):
        raise SynergyError("There is no answer to undo on this device.")
    stem = _stem(context, event.course, (event.act.question, event.act.revision))
    context.history.undo(event)
    if context.as_json:
        context.terminal.write_json(export.undo_document(event, event.act, stem))
    else:
        today, _, _ = format_time(*context.clock()).partition(" ")
        context.terminal.show(history.undo_lines(event, event.act, stem, today, context.terminal.look))


@history_app.command(name="forget")
@shared
def history_forget(
    context: Context,
    sections: Annotated[
        list[str],
        typer.Argument(metavar="SECTION...", autocompletion=complete_sections, help="Sections of this course."),
    ],
) -> None:
    """Forget that you read a section, and where you stopped.

    It counts as unread again. Your answers stay.

    \b
    Example:
      synergy history forget 1
    """
    from synergy_cli.course.lookup import targets
    from synergy_cli.history.events import Forget

    course = context.course
    pages = dict.fromkeys(target.entry.id for target in targets(course.entries, sections))
    begun = context.history.reading(course.manifest.id)
    known, others = [page for page in pages if page in begun], [page for page in pages if page not in begun]
    for page in known:
        context.recorder.save(course.manifest.id, Forget(page))
    if context.as_json:
        context.terminal.write_json({"forgotten": known})
    else:
        _write_names(context, {"Unread again": known, "Not read yet": others})


@history_app.command(name="fit")
@shared
def history_fit(
    context: Context,
    default: Annotated[bool, typer.Option("--default", help="Restore the default weights.")] = False,
) -> None:
    """Fit the schedule of this course to your own reviews.

    Needs at least 400 reviews. Weights are fitted to the earlier three quarters of them, and used from then on if they
    predict the last quarter better than the weights in use. Answers do not change.

    \b
    Examples:
      synergy history fit
      synergy history fit --default   restore the default weights
    """
    from synergy_cli.history.events import Fit
    from synergy_cli.history.fit import ENOUGH, document, fit
    from synergy_cli.history.memory import WEIGHTS
    from synergy_cli.ui import history

    course = context.course.manifest.id
    used = context.history.model(course).weights
    if default:
        if used != WEIGHTS:
            context.history.save(course, Fit((), 0))
        if context.as_json:
            context.terminal.write_json({"course": course, "changed": used != WEIGHTS, "weights": list(WEIGHTS)})
        else:
            context.terminal.write("The default weights are in use.\n")
        return
    reviews = context.history.reviews(course)
    fitted = fit(reviews, used)
    if fitted is None:
        raise SynergyError(f"Fitting needs at least {ENOUGH} reviews; this course has {sum(map(len, reviews))}.")
    if fitted.adopted:
        context.history.save(course, Fit(fitted.weights, fitted.reviews))
    if context.as_json:
        context.terminal.write_json({"course": course, **document(fitted)})
    else:
        context.terminal.show(history.fit_lines(fitted, context.terminal.look))


_QUESTIONS = Annotated[
    list[str],
    typer.Argument(metavar="QUESTION...", autocompletion=complete_questions, help="Questions of this course, by id."),
]


@history_app.command(name="suspend")
@shared
def history_suspend(context: Context, questions: _QUESTIONS) -> None:
    """Set questions aside (suspend them), so that they are not asked.

    In a session, press `a` after an answer. Practice and exams still ask questions that are set aside. `synergy
    history resume` brings a question back.

    \b
    Example:
      synergy history suspend duet-stores
    """
    _move(context, questions, aside=True)


@history_app.command(name="resume")
@shared
def history_resume(context: Context, questions: _QUESTIONS) -> None:
    """Bring questions back that were set aside (suspended).

    Earlier misses no longer count towards setting them aside. `synergy progress --stuck` lists them. To continue
    a session, use `synergy quiz --resume`.

    \b
    Example:
      synergy history resume duet-stores
    """
    _move(context, questions, aside=False)


def _move(context: Context, wanted: list[str], *, aside: bool) -> None:
    """Set questions, given by id, aside or bring them back."""
    from synergy_cli.course.lookup import find_questions
    from synergy_cli.study.aside import set_aside

    course = context.course
    items, before = find_questions(course.outline, wanted), context.history.aside(course.manifest.id)
    to_move = [item for item in items if (item.key in before) is not aside]
    set_aside(context.recorder, course, to_move, aside=aside)
    moved, others = [item.id for item in to_move], [item.id for item in items if item not in to_move]
    if context.as_json:
        context.terminal.write_json({"set_aside" if aside else "brought_back": moved})
    elif aside:
        _write_names(context, {"Set aside": moved, "Already set aside": others})
    else:
        _write_names(context, {"Brought back": moved, "Not set aside": others})


def _write_names(context: Context, named: dict[str, list[str]]) -> None:
    """Write a line for each label that has names."""
    context.terminal.write("".join(f"{label}: {', '.join(names)}.\n" for label, names in named.items() if names))


@history_app.command(name="flags")
@shared
def history_flags(context: Context) -> None:
    """Print your reports of faulty questions, for the author.

    The key `!` in a session marks a question as faulty. The report is Markdown, ready to send to the author.

    \b
    Example:
      synergy history flags > report.md
    """
    from synergy_cli.history import export
    from synergy_cli.history.events import QuestionReport

    course = context.course
    events = context.history.question_reports(course.manifest.id)
    meant = {event.act.question for event in events if isinstance(event.act, QuestionReport)}
    asked = [item for item in course.outline if item.id in meant]
    known = {question.id: question for question in (course.pick(asked) if asked else [])}
    found = export.reports(events, known)
    if context.as_json:
        context.terminal.write_json(export.report_document(found, course.manifest))
    elif found:
        context.terminal.write(export.report_text(found, course.manifest))
    else:
        context.terminal.write("No question is marked as faulty. In a session, the key ! marks one.\n")


@history_app.command(name="exam")
@shared
def history_exam(
    context: Context,
    number: Annotated[int, typer.Argument(metavar="[N]", min=1, help="1 for the last exam, 2 for the one before.")] = 1,
) -> None:
    """Show the result of an exam again, with your answers.

    Shows the last exam in this course that you finished on this device. Exits with 1 if there is none.

    \b
    Example:
      synergy history exam 2
    """
    from synergy_cli.cli.quiz import past_plan
    from synergy_cli.history.events import format_time
    from synergy_cli.history.sessions import past_sessions
    from synergy_cli.study.exam import past_result
    from synergy_cli.study.resuming import in_course
    from synergy_cli.ui import elements
    from synergy_cli.ui.session_end import after_exam

    course, terminal = context.course, context.course_terminal
    finished = (past for past in past_sessions(context.log, course.manifest.id) if past.finished is not None)
    latest = list(islice(finished, number))
    if len(latest) < number:
        were = f"only {len(latest)} were" if len(latest) > 1 else "only one was" if latest else "none was"
        text = f"There is no such exam: {were} finished with an answer in this course, on this device."
        raise SynergyError(text, NextCommand("An exam", "quiz --exam"))
    past = in_course(latest[-1], course)
    plan, result, look = past_plan(context, past), past_result(past, course), terminal.look
    if context.as_json:
        terminal.write_json({**result.document(plan.pass_mark), "at": format_time(past.at)})
        return
    title = look.say("Exam on {when}", when=format_time(past.at, past.offset))
    facts = [look.say("Time ran out.")] if result.late else []

    def view(look: Any) -> Any:
        lines = elements.title_lines(title, *facts, look=look) + result.scores(course, plan.pass_mark, look)
        return lines + after_exam(plan.again, look, reopens=False) + result.feedback(look)

    terminal.page(view, title)


def _stem(context: Context, course: str, key: tuple[str, int]) -> str:
    """Return the text of a question, given by id and revision; empty unless the current course has it."""
    with suppress(SynergyError):  # a course that is missing or has faults is no reason to keep an answer
        if context.course.manifest.id == course:
            asked = [item for item in context.course.outline if item.key == key]
            return "".join(question.stem for question in context.course.pick(asked))
    return ""
