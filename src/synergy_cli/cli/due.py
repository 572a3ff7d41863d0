"""The command `due`."""

import typer

from synergy_cli.cli.context import Context
from synergy_cli.cli.options import replayed


@replayed
def due(context: Context) -> None:
    """Print how many reviews are due now.

    Counts the questions of this course that are due today or earlier. New questions and those set aside do not count.
    Exits with 1 if nothing is due. Fast enough for a shell prompt.

    \b
    Examples:
      synergy due && synergy quiz
      synergy due --json
    """
    quiet = Context({**context.options, "quiet": True})
    manifest, history = quiet.course.manifest, quiet.history
    cards, aside = history.cards(manifest.id), history.aside(manifest.id)
    scheduled = (cards[item.key] for item in quiet.course.outline if item.key in cards and item.key not in aside)
    count = sum(card.due <= history.today for card in scheduled)
    if context.as_json:
        context.terminal.write_json({"course": {"id": manifest.id, "title": manifest.title}, "due": count})
    else:
        context.terminal.write(f"{count}\n")
    raise typer.Exit(0 if count else 1)
