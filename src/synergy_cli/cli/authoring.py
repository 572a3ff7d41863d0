"""The commands `check` and `new`."""

from pathlib import Path
from typing import Annotated

import typer

from synergy_cli.cli.context import Context
from synergy_cli.cli.options import complete_paths, shared
from synergy_cli.errors import SynergyError


@shared
def check(
    context: Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[COURSE]", autocompletion=complete_paths, help="The course's folder.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Include answer statistics: which questions are often missed.")
    ] = False,
) -> None:
    """Find every fault in a course and its questions.

    Exits with 1 on errors, and with --strict on warnings too. docs/faults.md explains the codes.

    \b
    Examples:
      synergy check my-course
      synergy check my-course --strict
      synergy check my-course --with-history
    """
    from synergy_cli.authoring.check import inspect, quoted
    from synergy_cli.authoring.item_analysis import document
    from synergy_cli.ui import faults, item_analysis

    context.options["course"] = folder or context.options["course"]
    if context.folder is None:
        raise SynergyError("There is no course in this folder or above it. Name the folder of one: synergy check DIR")
    files, terminal = context.files, context.terminal
    found = inspect(files, (event for event, _ in context.history.events()) if with_history else None)
    failed = any(fault.severity in (("error", "warning") if strict else ("error",)) for fault in found.faults)
    answers = found.tallies
    if context.as_json:
        items = {} if answers is None else {"questions": document(found.questions, answers)}
        terminal.write_json({"schema": 1, "passed": not failed, **faults.document(found.faults), **items})
    else:
        look = terminal.look
        lines = faults.listing(found.faults, quoted(files), look)
        lines += faults.conclusion(found.faults, found.facts, look)
        lines += [] if answers is None else item_analysis.lines(found.questions, answers, look)
        terminal.show(lines)
    if failed:
        raise typer.Exit(1)


@shared
def new(
    context: Context,
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIRECTORY", autocompletion=complete_paths, help="A new folder, or one without a course."
        ),
    ],
) -> None:
    """Create a starter course.

    It has two pages, a question of each type, sources and a glossary, and it teaches how to write a course.

    \b
    Example:
      synergy new my-course
    """
    from synergy_cli.authoring import new

    made = new.make(directory)
    if context.as_json:
        context.terminal.write_json({"schema": 1, **made._asdict()})
    else:
        context.terminal.write(new.next_steps(made))
