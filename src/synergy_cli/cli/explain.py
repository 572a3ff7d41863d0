"""The command `explain`."""

from typing import Annotated, Any

import typer

from synergy_cli.cli.completion import complete_sections
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import completing, one_of, replayed
from synergy_cli.errors import NextCommand, SynergyError, UsageError
from synergy_cli.replay import reads

PAGE_FORMS = ("text", "md")

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


@replayed
def explain(
    context: Context,
    sections: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SECTION]...",
            help="Id, number or title, or the start of one; `ID#HEADING` for one passage.",
            autocompletion=complete_sections,
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show all sections.")] = False,
    following: Annotated[bool, typer.Option("--next", help="Show the first section you have not read.")] = False,
    form: _PAGE_FORM = "text",
) -> None:
    """Show the table of contents, or read sections.

    \b
    Examples:
      synergy explain            the contents
      synergy explain 1 2        the first two sections
      synergy explain --next     the first one you have not read
      synergy explain --all --format md | pandoc --citeproc -s -o course.html

    On a terminal, a section opens in a reader; ? lists its keys.
    """
    from synergy_cli.course.lookup import targets
    from synergy_cli.study.reading import contents_document, pages_document

    one_of("--format", form, PAGE_FORMS)
    if form == "md" and context.as_json:
        raise UsageError("--json and --format md cannot be combined; choose one.")
    entries = context.course.entries
    wanted = [entry.id for entry in entries] if everything else sections or []
    chosen = targets(context.course.topics, [*wanted, *(_next(context) if following else [])])
    for target in chosen:
        if not target.entry.number:
            about = NextCommand("Questions about it", f"quiz {target.entry.id}")
            raise SynergyError(f"`{target.entry.id}` has questions, but nothing to read.", about)
    if form == "md":
        from synergy_cli.course.pandoc import markdown

        whole = chosen or targets(entries, [entry.id for entry in entries])
        context.terminal.write(markdown(context.course, whole))
    elif context.as_json:
        context.terminal.write_json(
            pages_document(context.course, chosen)
            if chosen or following
            else contents_document(context.course, context.marks)
        )
    else:
        _read(context, chosen, nothing_left=following)


def _read(context: Context, chosen: Any, *, nothing_left: bool) -> None:
    """Show sections, or the contents if none is named."""
    from synergy_cli.study.reading import show
    from synergy_cli.ui import lists

    if chosen and context.terminal.reads_pages:
        _open_reader(context, chosen)
    elif chosen:
        if show(context.course, chosen, context.course_terminal):
            _mark_as_read(context, _whole(chosen))
    elif nothing_left:
        context.terminal.write(f"You have read every section. Quiz yourself: {context.terminal.look.program} quiz\n")
    else:
        course, marks = context.course, context.marks
        context.page(lambda look: lists.contents(course.manifest, course.topics, marks, look), course.manifest.title)


def _open_reader(context: Context, chosen: Any) -> None:
    """Show sections in the reader, and ask questions each time the learner leaves it for them."""
    from synergy_cli.study.bookmarks import PAGE
    from synergy_cli.study.shelf import LinkedText, Shelf
    from synergy_cli.ui.reader import TEXT

    bookmarks, spot = context.bookmarks, None
    shelf = Shelf(context.course, bookmarks)
    place = f"{PAGE}{chosen[0].entry.id}{'#' if chosen[0].heading else ''}{chosen[0].heading}"
    if len(chosen) > 1:
        pages = shelf
        shelf = LinkedText(context.course, lambda look: pages.several(chosen, look), bookmarks)
        place = TEXT
        reads.repeated(None)  # it is laid out whole, which may take long
    while True:
        try:
            left = context.course_terminal.read(shelf, place, spot)
        except EOFError:  # the terminal was closed
            return
        finally:
            context.report_unkept()
        if not left.wants_questions:
            return
        _answer(context, left.place.removeprefix(PAGE))
        place, spot = left.place, left.spot


def _answer(context: Context, section: str) -> None:
    """Ask the questions of a section, and wait before the reader is shown again."""
    from synergy_cli.cli.quiz import quiz_section
    from synergy_cli.study.prompts import Prompts

    quiz_section(context, section)
    Prompts(context.course_terminal, context.course).wait_for_page()


def _next(context: Context) -> list[str]:
    """Return the id of the first unread section, if any."""
    from synergy_cli.study.reading import next_unread

    if not context.anything_learnt:
        return [entry.id for entry in context.course.entries[:1]]
    entry = next_unread(context.course, context.history)
    return [entry.id] if entry is not None else []


def _whole(chosen: Any) -> list[str]:
    """Return the ids of the sections shown in full."""
    return [target.entry.id for target in chosen if not target.heading]


def _mark_as_read(context: Context, pages: list[str]) -> None:
    """Record which sections a person has seen. A failure is only reported."""
    from synergy_cli.history.events import Read

    if not pages or not context.terminal.is_screen or not context.course.manifest.id:
        return
    try:
        for page in pages:
            context.recorder.save(context.course.manifest.id, Read(page))
    except SynergyError as error:
        context.terminal.note(f"cannot record the section as read: {error}")
