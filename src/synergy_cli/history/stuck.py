"""Questions that are stuck or set aside, for the learner to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.history.scheduler import STUCK_AFTER
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.history.history import History
    from synergy_cli.history.scheduler import Card


class Sticking(NamedTuple):
    """A question that is stuck or set aside.

    Attributes:
        strikes: as in `Card`; 0 if it was never reviewed.
        aside: whether it is set aside.
    """

    item: QuestionOutline
    stem: str
    strikes: int
    aside: bool


def sticking(course: Course, history: History) -> list[Sticking]:
    """Return the questions that are set aside, then those that are stuck, in course order.

    Raises SynergyError if the history or the course cannot be read.
    """
    cards, aside = history.cards(course.manifest.id), history.aside(course.manifest.id)
    items = [item for item in course.outline if item.key in aside or strikes(item, cards) >= STUCK_AFTER]
    found = [
        Sticking(item, question.stem, strikes(item, cards), item.key in aside)
        for item, question in zip(items, course.pick(items) if items else [], strict=True)
    ]
    return sorted(found, key=lambda one: not one.aside)


def strikes(item: QuestionOutline, cards: Mapping[tuple[str, int], Card]) -> int:
    """Return the strikes of a question, as in `Card`; 0 if it was never reviewed."""
    card = cards.get(item.key)
    return card.strikes if card is not None else 0


def document(found: Sequence[Sticking]) -> dict[str, Any]:
    """Return the questions that are stuck or set aside as a JSON document."""
    rows = [
        {
            "id": one.item.id,
            "revision": one.item.revision,
            "passage": one.item.passage or None,
            "stem": one.stem,
            "days_missed": one.strikes,
            "set_aside": one.aside,
        }
        for one in found
    ]
    return {"questions": rows}
