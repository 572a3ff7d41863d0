"""Which questions to ask, in which order: what is due first, then what is new; siblings apart, pages mixed."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.course import QuestionOutline
    from synergy_cli.history.scheduler import Card


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

    due: tuple[QuestionOutline, ...]
    new: tuple[QuestionOutline, ...]
    held_back: int
    next_due: int | None
    next_count: int


def build_queue(
    items: Sequence[QuestionOutline], cards: Mapping[tuple[str, int], Card], today: int, new_a_day: int = NEW_A_DAY
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
    due: list[tuple[float, QuestionOutline]] = []
    new: list[QuestionOutline] = []
    later: dict[int, int] = {}
    for item in items:
        card = cards.get(item.key)
        if card is None:
            new.append(item)
        elif card.due <= today:
            due.append((-card.overdue(today), item))
        else:
            later[card.due] = later.get(card.due, 0) + 1
    due.sort(key=itemgetter(0))
    allowed = max(0, new_a_day - sum(card.first == today for card in cards.values()))
    next_due = min(later, default=None)
    next_count = later[next_due] if next_due is not None else 0
    return Queue(tuple(item for _, item in due), tuple(new[:allowed]), len(new[allowed:]), next_due, next_count)


def choose(queue: Queue, count: int = COUNT) -> list[QuestionOutline]:
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


def sample(items: Sequence[QuestionOutline], count: int, seed: int) -> list[QuestionOutline]:
    """Draw questions without looking at the history.

    Args:
        items: those that may be asked.
        count: how many, at most.
        seed: the same seed draws the same.

    Returns:
        Questions drawn evenly over the pages; questions on one passage lie apart where that can be helped.
    """
    rng = Random(seed)  # noqa: S311  a shuffle that can be repeated, no secret
    groups: dict[str, list[QuestionOutline]] = {}
    for item in items:
        groups.setdefault(item.page, []).append(item)
    rows = list(groups.values())
    for row in rows:
        rng.shuffle(row)
    rng.shuffle(rows)
    drawn = [row[turn] for turn in range(max(map(len, rows), default=0)) for row in rows if turn < len(row)]
    return spread(drawn[:count])


def spread(
    items: Sequence[QuestionOutline], *, pages: bool = False, after: Sequence[QuestionOutline] = ()
) -> list[QuestionOutline]:
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
        nearness = {item.passage: place for place, item in enumerate(placed[-APART:], start=1)}
        page = placed[-1].page if placed and pages else None
        few = left if len(left) <= _WINDOW else []
        passages = _urgent([item.passage for item in few], APART)
        others = _urgent([item.page for item in few], 1) if pages else set()
        ahead = [
            (nearness.get(item.passage, 0), item.passage not in passages, item.page == page, item.page not in others)
            for item in left[:_WINDOW]
        ]
        placed.append(left.pop(ahead.index(min(ahead))))
    return placed[len(after) :]


def _urgent(left: Sequence[str], apart: int) -> set[str]:
    """Find those of which one must come next if all that are left are to lie so far apart; none when they cannot."""
    latest = sorted((len(left) - 1 - (count - 1) * (apart + 1), name) for name, count in Counter(left).items())
    room = [turn - place for place, (turn, _) in enumerate(latest)]
    return {name for _, name in latest[: room.index(0) + 1]} if room and min(room) == 0 else set()
