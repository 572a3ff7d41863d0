"""The command `study`."""

from typing import Annotated, Any

import typer

from synergy_cli.cli.completion import complete_sections
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import shared
from synergy_cli.cli.quiz import QuizOptions, quiz_terminal, review, state_and_recorder
from synergy_cli.errors import NextCommand, UsageError


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
        bool, typer.Option("--ask-first", help="Ask the questions of a passage before it too.")
    ] = False,
    confidence: Annotated[bool, typer.Option("--confidence", help="Say how sure you are of each answer.")] = False,
    unsaved: Annotated[bool, typer.Option("--unsaved", help="Do not save answers to the history.")] = False,
    enter: Annotated[bool, typer.Option("--enter", help="Confirm every answer with Enter.")] = False,
) -> None:
    """Read passage by passage, and answer questions on each.

    Goes on where you stopped. Each section begins with a few questions that are due.

    \b
    Examples:
      synergy study              go on where you stopped
      synergy study 3            the third section
      synergy study --ask-first  guess before you read
    """
    context.enter = enter
    asked = QuizOptions(sections or [], [], 0, 0, "review", unsaved=unsaved, confidence=confidence)
    chosen = _sections(context, asked.sections)
    if chosen:
        _study(context, asked, chosen, ask_first=ask_first)
    else:
        context.terminal.note("you have read every section; here are questions.")
        review(context, unsaved=unsaved, confidence=confidence)


def _sections(context: Context, wanted: list[str]) -> Any:
    """Return the sections that are wanted, or those that are not read yet."""
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


def _study(context: Context, asked: QuizOptions, sections: Any, *, ask_first: bool) -> None:
    """Go through sections, and show what came of it."""
    from synergy_cli.study.bookmarks import Bookmarks
    from synergy_cli.study.pretest import PretestPrompts
    from synergy_cli.study.recording import make_recorder
    from synergy_cli.study.thread import Pretest, Thread, ThreadPlan, ThreadPrompts

    course = context.course
    context.terminal.language = course.manifest.language
    terminal, rules = quiz_terminal(context, asked)
    prompts = ThreadPrompts(terminal, course)
    state, recorder = state_and_recorder(context, asked, prompts)
    before = None
    if ask_first:
        mode = "" if prompts.unsaved else "pretest"
        first = PretestPrompts(terminal, course)
        before = Pretest(first, make_recorder(state, course, first, context.clock, mode))
    identities = {entry.id for entry in sections} if asked.sections else None
    items = [item for item in course.outline if identities is None or item.topic in identities]
    bookmarks = Bookmarks(None, "", {}) if asked.unsaved else context.bookmarks
    plan = ThreadPlan(
        sections, state.asked(items), bookmarks, context.new_seed(), rules, context.display.program, before
    )
    thread = Thread(course, state, prompts, recorder, plan)
    try:
        finished = thread.run()
    finally:
        if bookmarks.trouble:
            context.terminal.note(f"cannot record how far you read: {bookmarks.trouble}")
    if context.as_json:
        document = {**thread.outcome.document(), "mode": "study", "read": thread.read, "saved": recorder.count}
        context.terminal.write_json(document)
    else:
        context.terminal.show(thread.end(context.terminal.look, finished=finished))
