"""Which questions to ask, in which order: what is due first, then what is new; siblings apart, pages mixed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from synergy_cli.content import Item
    from synergy_cli.scheduler import Card

COUNT = 10
NEW_A_DAY = 15
APART = 3
"""How many questions should lie between two on one passage."""
_WINDOW = 64
"""How far ahead one looks for a question that fits; it bounds the work for large numbers."""


class Queue(NamedTuple):
    """What may be asked today.

    Attributes:
        due: what is due, the most overdue first.
        new: what was never asked, in page order, as many as the day still allows.
        held_back: how many more are new.
        next_due: the study day on which the next of the others comes; None when there is none.
        next_count: how many come on that day.
    """

    due: tuple[Item, ...]
    new: tuple[Item, ...]
    held_back: int
    next_due: int | None
    next_count: int


def line_up(
    items: Sequence[Item], cards: Mapping[tuple[str, int], Card], today: int, new_a_day: int = NEW_A_DAY
) -> Queue:
    """Sort out what may be asked.

    Args:
        items: the outline of the bank, in page order, or a part of it.
        cards: the memory of the whole course, by question and revision.
        today: the study day.
        new_a_day: how many questions may be begun in a day.

    Returns:
        The queue. Due questions are ordered by how long they are overdue relative to their stability, since a day late
        matters more to what is remembered for two days than to what is for a hundred.
    """
    known = [(item, cards[item.key]) for item in items if item.key in cards]
    due = sorted(((item, card) for item, card in known if card.due <= today), key=lambda pair: -pair[1].overdue(today))
    new = [item for item in items if item.key not in cards]
    begun = sum(card.first == today for card in cards.values())
    allowed = max(0, new_a_day - begun)
    later = [card.due for _, card in known if card.due > today]
    next_due = min(later, default=None)
    held_back = max(0, len(new) - allowed)
    return Queue(tuple(item for item, _ in due), tuple(new[:allowed]), held_back, next_due, later.count(next_due or 0))


def choose(queue: Queue, count: int = COUNT) -> list[Item]:
    """Choose what a session asks.

    Args:
        queue: what may be asked.
        count: how many, at most.

    Returns:
        Due questions first, their pages mixed, then new ones in page order; questions on one passage lie apart where
        that can be helped.
    """
    due = spread(queue.due[:count], pages=True)
    return due + spread(queue.new[: count - len(due)], after=due)


def draw(items: Sequence[Item], count: int, seed: int) -> list[Item]:
    """Draw questions without looking at the history.

    Args:
        items: those that may be asked.
        count: how many, at most.
        seed: the same seed draws the same.

    Returns:
        Questions drawn evenly over the pages; questions on one passage lie apart where that can be helped.
    """
    rng = Random(seed)  # noqa: S311  a shuffle that can be repeated, no secret
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.page, []).append(item)
    rows = list(groups.values())
    for row in rows:
        rng.shuffle(row)
    rng.shuffle(rows)
    drawn = [row[turn] for turn in range(max(map(len, rows), default=0)) for row in rows if turn < len(row)]
    return spread(drawn[:count])


def spread(items: Sequence[Item], *, pages: bool = False, after: Sequence[Item] = ()) -> list[Item]:
    """Put questions on one passage apart, moving each as little as possible.

    Args:
        items: in the order that is wanted.
        pages: whether neighbours should be of different pages too.
        after: what is asked before them.

    Returns:
        The same questions.
    """
    left = list(items)
    placed = list(after)
    while left:
        siblings = {item.passage for item in placed[-APART:]}
        page: Hashable = placed[-1].page if placed and pages else None
        ahead = range(min(len(left), _WINDOW))
        place = min(ahead, key=lambda place: (left[place].passage in siblings, left[place].page == page))
        placed.append(left.pop(place))
    return placed[len(after) :]
