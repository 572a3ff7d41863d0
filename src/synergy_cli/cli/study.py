"""The command `study`."""

from typing import TYPE_CHECKING, Annotated

import typer

from synergy_cli.cli.completion import complete_sections
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import shared
from synergy_cli.cli.quiz import QuizOptions, quiz_everything, quiz_terminal, state_and_recorder
from synergy_cli.errors import NextCommand, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.page import ContentsEntry


@shared
def study(
    context: Context,
    sections: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SECTION]...", help="Only these sections.", autocompletion=complete_sections, show_default=False
        ),
    ] = None,
    ask_first: Annotated[
        bool, typer.Option("--ask-first", help="Also ask the questions on a passage before you read it.")
    ] = False,
    confidence: Annotated[bool, typer.Option("--confidence", help="Say how sure you are of each answer.")] = False,
    unsaved: Annotated[bool, typer.Option("--unsaved", help="Do not save answers to the history.")] = False,
    enter: Annotated[bool, typer.Option("--enter", help="Confirm every answer with Enter.")] = False,
) -> None:
    """Read passage by passage, and answer questions on each.

    Continues where you stopped. Each section begins with a few questions that are due.

    \b
    Examples:
      synergy study              continue where you stopped
      synergy study 3            the third section
      synergy study --ask-first  guess before you read
    """
    context.enter = enter
    options = QuizOptions(sections or [], [], 0, 0, "review", unsaved=unsaved, confidence=confidence)
    chosen = _sections(context, options.sections)
    if chosen:
        _study(context, options, chosen, ask_first=ask_first)
    else:
        context.terminal.note("you have read every section; here are questions.")
        quiz_everything(context, unsaved=unsaved, confidence=confidence)


def _sections(context: Context, wanted: list[str]) -> "Sequence[ContentsEntry]":
    """Return the requested sections, or the unread ones."""
    from synergy_cli.course.lookup import targets
    from synergy_cli.study.advice import next_sections

    entries = context.course.entries
    if not wanted:
        known = context.history.reading(context.course.manifest.id) if context.anything_learnt else {}
        return next_sections(context.course, known)
    found = targets(entries, wanted)
    for target in found:
        if target.heading:
            whole = NextCommand("The whole section", f"study {target.entry.id}")
            raise UsageError("`study` goes through whole sections.", whole)
    return [target.entry for target in found]


def _study(context: Context, options: QuizOptions, sections: "Sequence[ContentsEntry]", *, ask_first: bool) -> None:
    """Go through sections, and show the result."""
    from synergy_cli.study.bookmarks import Bookmarks
    from synergy_cli.study.pretest import Pretest, PretestPrompts
    from synergy_cli.study.recording import make_recorder
    from synergy_cli.study.study import Study, StudyPlan, StudyPrompts

    course = context.course
    terminal, rules = quiz_terminal(context, options)
    prompts = StudyPrompts(terminal, course, options.saved_mode)
    state, recorder = state_and_recorder(context, options, prompts)
    pretest = None
    if ask_first:
        first = PretestPrompts(terminal, course, "" if prompts.unsaved else "pretest")
        pretest = Pretest(first, make_recorder(state, course, first, context.clock))
    identities = {entry.id for entry in sections} if options.sections else None
    items = [item for item in course.outline if identities is None or item.topic in identities]
    bookmarks = Bookmarks(None, "", {}) if options.unsaved else context.bookmarks
    plan = StudyPlan(sections, state.without_aside(items), bookmarks, context.new_seed(), rules, pretest)
    session = Study(course, state, prompts, recorder, plan)
    try:
        finished = session.run()
    finally:
        context.report_unkept()
    if context.as_json:
        document = {**session.outcome.document(), "mode": "study", "read": session.read, "saved": recorder.count}
        context.terminal.write_json(document)
    else:
        context.terminal.show(session.end(context.terminal.look, finished=finished))
