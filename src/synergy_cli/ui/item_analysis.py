"""Answer statistics of questions, drawn for `check --with-history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.ui.layout import flow, records, styled, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.authoring.item_analysis import ItemStats
    from synergy_cli.course.question import Question
    from synergy_cli.ui.theme import Look


_HEADER = ("question", "answers", "right", "chance", "sure", "sure and wrong")


def lines(questions: Sequence[Question], tallies: Mapping[str, ItemStats], look: Look) -> list[Text]:
    """Draw the tallies, the least often right first.

    Args:
        questions: of the course.
        tallies: by id.
        look: what can be drawn.

    Returns:
        The lines, the first one blank; one that says so, when there is no answer yet.
    """
    if not tallies:
        return [Text(), *flow(Text("No answer to a question of this course is on record here."), look.width)]
    chances = {question.id: question.chance for question in questions}
    rows = [
        (
            identity,
            str(each.answers),
            _percent(each.share),
            _percent(chances[identity]) if chances[identity] else "-",
            str(each.sure),
            str(each.sure_wrong),
        )
        for identity, each in sorted(tallies.items(), key=lambda pair: pair[1].share)
    ]
    if look.plain:
        return [Text("\t".join(row)) for row in (_HEADER, *rows)]
    header, body = [styled(name, "strong") for name in _HEADER], [[Text(cell) for cell in row] for row in rows]
    return [Text(), *(table(header, body, look.width, look.glyphs.rule) or records(header, body, look.width))]


def _percent(share: float) -> str:
    return f"{share:.0%}"
