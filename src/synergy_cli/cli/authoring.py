"""The commands `check` and `new`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synergy_cli.cli.context import Context
from synergy_cli.cli.options import complete_paths, completing, one_of, path_from, shared
from synergy_cli.errors import NextCommand, SynergyError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from synergy_cli.authoring.check import Inspection
    from synergy_cli.course.files import Files
    from synergy_cli.history.events import Event
    from synergy_cli.ui.theme import Look

FAILING = ("error", "warning")
"""The severities that fail a check: errors, and with `--strict` warnings too."""


CHECK_FORMS = ("text", "json", "github")


def complete_codes() -> list[tuple[str, str]]:
    """List the codes that can be ignored, with their meanings."""
    from synergy_cli.parsing.faults import CODES

    return [(code, sort.meaning) for code, sort in CODES.items() if sort.severity != "error"]


_IGNORE = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="CODE",
        autocompletion=complete_codes,
        help="Ignore warnings with this code; can be repeated.",
        show_default=False,
    ),
]
_CHECK_FORM = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORM",
        autocompletion=completing(CHECK_FORMS),
        help="text, json, or github for annotations in GitHub Actions.",
    ),
]


@shared
def check(
    context: Context,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[COURSE]...",
            parser=path_from,
            autocompletion=complete_paths,
            help="Course folders; the course in use by default.",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    ignore: _IGNORE = None,
    form: _CHECK_FORM = None,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Include answer statistics, such as often missed questions.")
    ] = False,
) -> None:
    """Find every fault in a course and its questions.

    Exits with 1 on errors, and with --strict on warnings too.

    \b
    Examples:
      synergy check my-course
      synergy check my-course --strict
      synergy check my-course --ignore no-feedback
      synergy check courses/* --format github
      synergy check my-course --with-history
    """
    from synergy_cli.authoring.check import inspect
    from synergy_cli.authoring.ignoring import why_not
    from synergy_cli.ui import faults

    if context.as_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} cannot be combined; choose one.")
    form = one_of("--format", "json" if context.as_json else form or "text", CHECK_FORMS)
    for code in ignore or ():
        if why := why_not(code):
            raise UsageError(f"--ignore: {why}" if why.endswith("?") else f"--ignore: {why}.")
    courses, missing = _courses(context, folders or [])
    found = [inspect(files, _events(context) if with_history else None, ignore or ()) for files in courses]
    failed = [any(fault.severity in FAILING[: 1 + strict] for fault in each.faults) for each in found]
    if form == "json":
        context.terminal.write_json(_check_document(courses, found, failed, passed=not (any(failed) or missing)))
    elif form == "github":
        context.terminal.write(faults.workflow_commands([fault for each in found for fault in each.faults]))
    else:
        context.terminal.show(_check_lines(courses, found, context.terminal.look))
    for files, each in zip(courses, found, strict=True):
        context.report_namesakes(each.course, files.folder, used=False)
    if missing:
        raise missing[0] if len(missing) == 1 else SynergyError("\n".join(map(str, missing)))
    if any(failed):
        raise typer.Exit(1)


def _courses(context: Context, folders: list[Path]) -> "tuple[list[Files], list[SynergyError]]":
    """Return the files of each named course once, or else of the course in use, and why other folders have none.

    Raises SynergyError if there is none at all.
    """
    from synergy_cli.course.files import Files

    if not folders and context.folder is None:
        raise SynergyError(
            "There is no course in this folder or above it.", NextCommand("Name its folder", "check DIR")
        )
    if not folders:
        return [context.files], []
    courses, missing = [], []
    for folder in dict.fromkeys(folders):
        try:
            courses.append(Files(folder))
        except SynergyError as error:
            missing.append(error)
    if len(missing) == 1 and not courses:
        raise missing[0]
    return courses, missing


def _events(context: Context) -> "Iterator[Event]":
    return (event for event, _ in context.history.events())


def _check_lines(courses: "list[Files]", found: "list[Inspection]", look: "Look") -> "list[Text]":
    """Render the faults of each course, then a summary."""
    from synergy_cli.authoring.check import quoted
    from synergy_cli.course.files import display_path
    from synergy_cli.ui import faults, item_analysis

    lines, several = [], len(courses) > 1
    for files, each in zip(courses, found, strict=True):
        name = display_path(files.folder) if several else ""
        lines += faults.listing(each.faults, quoted(files), look)
        lines += faults.conclusion(each.faults, each.facts, look, each.ignored, name)
        lines += [] if each.tallies is None else item_analysis.lines(each.questions, each.tallies, look)
    return lines + (faults.total([each.faults for each in found], look) if several else [])


def _check_document(
    courses: "list[Files]", found: "list[Inspection]", failed: list[bool], *, passed: bool
) -> dict[str, Any]:
    """Return the faults of all courses, and a summary of each course, as data for `--json`."""
    from synergy_cli.authoring.item_analysis import document
    from synergy_cli.course.files import display_path
    from synergy_cli.ui import faults

    listed = [
        {
            "path": display_path(files.folder),
            "title": each.facts[0],
            "passed": not fails,
            **faults.totals(each.faults),
            "ignored": each.ignored,
        }
        for files, each, fails in zip(courses, found, failed, strict=True)
    ]
    answers = [question for each in found for question in document(each.questions, each.tallies or {})]
    tallies = {} if not found or found[0].tallies is None else {"questions": answers}
    together = faults.document([fault for each in found for fault in each.faults])
    return {"passed": passed, **together, "courses": listed, **tallies}


@shared
def new(
    context: Context,
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIRECTORY",
            parser=path_from,
            autocompletion=complete_paths,
            help="A new folder, or one without a course.",
        ),
    ],
) -> None:
    """Create a starter course.

    It has two pages, a question of each type, sources and a glossary, and explains how to write a course.

    \b
    Example:
      synergy new my-course
    """
    from synergy_cli.authoring import new

    made = new.make(directory)
    if context.as_json:
        context.terminal.write_json(made._asdict())
    else:
        context.terminal.write(new.next_steps(made))
