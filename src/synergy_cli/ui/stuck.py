"""Views of questions that are stuck or set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.history.scheduler import ASIDE_AFTER, FREE_AFTER, STUCK_AFTER
from synergy_cli.ui.elements import commands, fields, fitted, heading, joined, labelled_command, paragraph
from synergy_cli.ui.layout import flow, styled, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.history.stuck import Sticking
    from synergy_cli.ui.elements import Lines
    from synergy_cli.ui.theme import Look


NEXT = {STUCK_AFTER: "its passage comes first", STUCK_AFTER + 1: "another question on its passage comes first"}
"""What happens next time, by strikes."""


def stuck(found: Sequence[Sticking], look: Look) -> Lines:
    """Render the stuck questions, then those set aside, with the numbers that bring them back.

    With `plain`, one line per question, its fields separated by tabs: the label `aside` or `stuck`, the id, how often
    it was missed, its stem, and the next commands.
    """
    if not found:
        rule = f"missed on {STUCK_AFTER} days without being right on {FREE_AFTER} in a row"
        return paragraph(f"No question is set aside or stuck. (Stuck: {rule}.)", look)
    if look.plain:
        return [_in_words(one, look) for one in found]
    aside = [_question(one, f"{number}. ", look) for number, one in enumerate((o for o in found if o.aside), start=1)]
    others = [_question(one, f"{look.glyphs.bullet} ", look) for one in found if not one.aside]
    back = [("Bring one back:", f"{look.program} history resume QUESTION")] if aside else []
    return joined(
        [
            *([heading("Stuck", look.width, look), *others] if others else []),
            *([heading("Set aside", look.width, look), *aside] if aside else []),
            commands(back, look),
        ]
    )


def numbered(aside: Sequence[Sticking], look: Look) -> Lines:
    """Render questions that are set aside, one per line, with the numbers that bring them back."""
    marks = [f"{number}. " for number in range(1, len(aside) + 1)]
    rows = [fitted(mark + " ".join(one.stem.split()), look.width, look) for mark, one in zip(marks, aside, strict=True)]
    return [Text(row) for row in rows]


def _question(one: Sticking, mark: str, look: Look) -> Lines:
    rest = " " * len(mark)
    facts = styled(f" {look.glyphs.separator} ".join([one.item.id, *_facts(one)]), "muted")
    lines = written(Text(one.stem), look.width, mark, rest, look.glyphs.continued) + flow(facts, look.width, rest)
    for call in _passage(one, look):
        lines += labelled_command("Read:", call, look, rest, f"{rest}  ")
    return lines


def _facts(one: Sticking) -> list[str]:
    facts = [f"missed on {one.strikes} days"] if one.strikes >= STUCK_AFTER else []
    if not one.aside:
        return [*facts, NEXT[one.strikes]]
    return facts if one.strikes >= ASIDE_AFTER else [*facts, "set aside by you"]


def _passage(one: Sticking, look: Look) -> list[str]:
    return [f"{look.program} explain {one.item.passage}"] if one.item.passage else []


def _in_words(one: Sticking, look: Look) -> Text:
    back = [f"{look.program} history resume {one.item.id}"] if one.aside else []
    label = "aside" if one.aside else "stuck"
    return fields(label, one.item.id, ", ".join(_facts(one)), one.stem, *_passage(one, look), *back)
