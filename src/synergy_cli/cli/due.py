"""The command `due`."""

import contextlib
import os
from collections import Counter
from typing import Any

import typer

from synergy_cli.cli import kept
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import shared


@shared
def due(context: Context) -> None:
    """Print how many reviews are due now.

    These are questions of this course that you answered before, that are due today or earlier, and that are not set
    aside; new ones are not among them. Exits with 1 if there is none. It is quick enough for a prompt.

    \b
    Examples:
      synergy due && synergy quiz
      synergy due --json
    """
    quiet = Context({**context.options, "quiet": True})
    paths = _paths(quiet)
    made_from = kept.states(paths)
    manifest, history = quiet.course.manifest, quiet.history
    cards, aside = history.cards(manifest.id), history.aside(manifest.id)
    days = Counter(cards[item.key].due for item in quiet.course.outline if item.key in cards and item.key not in aside)
    count = sum(number for day, number in days.items() if day <= history.today)
    if history.settled:
        kept.keep(str(quiet.folder or ""), history.today, days, made_from)
    if context.as_json:
        context.terminal.write_json({"schema": 1, "course": {"id": manifest.id, "title": manifest.title}, "due": count})
    else:
        context.terminal.write(f"{count}\n")
    raise typer.Exit(0 if count else 1)


def _paths(context: Any) -> list[str]:
    """Return the files and folders that the answer is made from, with those that may come to be."""
    files, log = context.files, context.log
    folders = [files.folder, files.folder / "pages", files.folder / "questions", log.folder]
    with contextlib.suppress(OSError):
        folders += log.files()
    return [os.path.abspath(path) for path in [*folders, *files.all]]
