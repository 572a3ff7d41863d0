"""Stuck questions: what comes before one when it is asked again.

After four strikes its passage is shown first; after five, another question on the passage is asked first; after six it
is set aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.history.scheduler import ASIDE_AFTER, STUCK_AFTER
from synergy_cli.history.stuck import strikes
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.course import QuestionOutline
    from synergy_cli.history.scheduler import Card

    Cards = Mapping[tuple[str, int], Card]


class Stuck(NamedTuple):
    """A question that is stuck.

    Attributes:
        strikes: as in `Card`, before it is asked.
        passage: whether its passage is shown before it.
    """

    strikes: int
    passage: bool

    @property
    def is_last(self) -> bool:
        """Whether another miss sets it aside."""
        return self.strikes + 1 >= ASIDE_AFTER


def with_siblings(
    chosen: Sequence[QuestionOutline], items: Sequence[QuestionOutline], cards: Cards, most: int
) -> list[QuestionOutline]:
    """Put another question on the same passage before each one that was missed although its passage came first.

    The other question is the one among `items` with the most right answers in a row, or one already chosen. If this
    makes more than `most` questions, the last one that needs no help is left out; if all need help, nothing changes.
    """
    found = list(chosen)
    for item in chosen:
        if item.passage and strikes(item, cards) > STUCK_AFTER:
            sibling = _sibling(item, [*found, *(other for other in items if other.key in cards)], cards)
            if sibling is not None:
                found = _before(found, item, sibling, cards, most)
    return found


def stuck(chosen: Sequence[QuestionOutline], cards: Cards, today: int) -> dict[str, Stuck]:
    """Return the stuck questions by id, among questions asked in this order on a study day, unless asked today."""
    found = {}
    before = ""
    for item in chosen:
        count = strikes(item, cards)
        if count >= STUCK_AFTER and cards[item.key].last < today:
            prepared = count > STUCK_AFTER and before == item.passage
            found[item.id] = Stuck(count, bool(item.passage) and not prepared)
        before = item.passage
    return found


def _sibling(item: QuestionOutline, others: Sequence[QuestionOutline], cards: Cards) -> QuestionOutline | None:
    """Return the question on the same passage that helps most, if any is not stuck itself."""
    near = [other for other in others if other.passage == item.passage and other.id != item.id]
    candidates = [other for other in near if strikes(other, cards) < STUCK_AFTER]
    return max(candidates, key=lambda other: cards[other.key].streak if other.key in cards else -1, default=None)


def _before(
    found: Sequence[QuestionOutline], item: QuestionOutline, sibling: QuestionOutline, cards: Cards, most: int
) -> list[QuestionOutline]:
    """Move or insert a question before another; leave out one that needs no help if there are too many."""
    rest = [other for other in found if other != sibling]
    place = rest.index(item)
    after = [*rest[:place], sibling, *rest[place:]]
    spare = [other for other in after if other not in (item, sibling) and strikes(other, cards) < STUCK_AFTER]
    if len(after) <= most:
        return after
    return [other for other in after if other != spare[-1]] if spare else list(found)
