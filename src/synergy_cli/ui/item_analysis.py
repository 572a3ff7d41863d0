"""Renders answer statistics for `check --with-history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.ui.elements import percent
from synergy_cli.ui.layout import flow, records, styled, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.authoring.item_analysis import ItemStats
    from synergy_cli.course.question import Question
    from synergy_cli.ui.theme import Look


_HEADER = ("question", "answers", "right", "chance", "sure", "sure and wrong")


def lines(questions: Sequence[Question], tallies: Mapping[str, ItemStats], look: Look) -> list[Text]:
    """Render the statistics by question id, those least often right first, below a blank line."""
    if not tallies:
        return [Text(), *flow(Text("No answers to this course's questions are recorded yet."), look.width)]
    chances = {question.id: question.chance for question in questions}
    rows = [
        (
            identity,
            str(stats.answers),
            percent(stats.share),
            percent(chances[identity]) if chances[identity] else "-",
            str(stats.sure),
            str(stats.sure_wrong),
        )
        for identity, stats in sorted(tallies.items(), key=lambda pair: pair[1].share)
    ]
    if look.plain:
        return [Text("\t".join(row)) for row in (_HEADER, *rows)]
    header, body = [styled(name, "strong") for name in _HEADER], [[Text(cell) for cell in row] for row in rows]
    return [Text(), *(table(header, body, look.width, look.glyphs.rule) or records(header, body, look.width))]
