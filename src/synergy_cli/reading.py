"""The command `explain`: its options, and what it does with them."""

from typing import Annotated, Any

import typer

from synergy_cli.errors import SynergyError, UsageError
from synergy_cli.options import Here, complete_sections, completing, one_of, shared

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
            else reader.contents_document(here.course, here.marks)
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
        reader.show_contents(here.course, here.marks, here.terminal)


def _next(here: Here) -> list[str]:
    """Find the first section that was not read."""
    from synergy_cli import reader

    if not here.anything_learnt:
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
    seed = here.seed

    def show_page() -> None:
        reader.show(course, chosen, terminal)
        _mark_as_read(here, chosen)

    pretest = PRETEST._replace(strays=rules.strays)
    before = session.Session(questions, PretestDesk(terminal, course), kept[0], seed, pretest)
    after = session.Session(questions, desk, kept[1], seed + 1, rules)
    ask_around(show_page, before, after, course, terminal)
