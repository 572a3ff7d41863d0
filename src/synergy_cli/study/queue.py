"""Choose and order questions: due ones first, then new ones, with questions on one passage kept apart.

Half of a session is new questions while there are any. When nothing is due or new, other questions come early. A missed
question is repeated in a session only if no other question waits; otherwise the other question is worth the time more.
Due and early questions are sorted by how long ago they were asked: putting first what is most overdue for its
stability, or least likely to be recalled, spends the time on few questions. `docs/learning.md` compares policies.
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from random import Random
from typing import TYPE_CHECKING

from synergy_cli.course.course import key_of
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from synergy_cli.course.course import QuestionOutline
    from synergy_cli.history.scheduler import Card


COUNT = 10
NEW_A_DAY = 15
ANY_NEW = 1_000_000
"""No limit on new questions a day."""
APART = 3
"""The number of questions between two on the same passage, where possible."""
_WINDOW = 64
"""How far ahead to look for a question that fits; limits the work for many questions."""


class Queue(NamedTuple):
    """The questions that can be asked today.

    Attributes:
        due: sorted by last answer, oldest first.
        new: never asked, up to the daily limit; questions on pages already read come first, then page order.
        held_back: how many new questions exceed that limit.
        next_due: the study day of the next review that is not due yet, if any.
        next_count: how many reviews fall on that day.
        early: if nothing is due or new, questions asked before today, oldest first.
    """

    due: tuple[QuestionOutline, ...]
    new: tuple[QuestionOutline, ...]
    held_back: int
    next_due: int | None
    next_count: int
    early: tuple[QuestionOutline, ...] = ()


class Turn(NamedTuple):
    """A question to ask, by id, and how often the session has asked it before."""

    question: str
    round: int = 0


def settle(turns: Sequence[Turn], turn: Turn, repeats: int, *, right: bool) -> list[Turn]:
    """Return the turns that remain after one; a missed question is repeated, at most `repeats` times."""
    left = [other for other in turns if other != turn]
    return left if right or turn.round >= repeats else [*left, Turn(turn.question, turn.round + 1)]


def waits(
    items: Iterable[QuestionOutline],
    cards: Mapping[tuple[str, int], Card],
    today: int,
    others: Collection[tuple[str, int]],
) -> bool:
    """Whether one of `items` is due or new, even beyond the daily limit; `others`, by key, do not count."""
    left = (cards.get(item.key) for item in items if item.key not in others)
    return any(card is None or card.due <= today for card in left)


def build_queue(
    items: Sequence[QuestionOutline],
    cards: Mapping[tuple[str, int], Card],
    today: int,
    new_a_day: int = NEW_A_DAY,
    read: Collection[str] = (),
) -> Queue:
    """Sort questions, given in page order, into due, new and later ones.

    `cards` has the whole course, by question and revision, even if `items` is a part of it; `read` has the ids of the
    pages that were read.
    """
    due: list[tuple[int, QuestionOutline]] = []
    new: list[QuestionOutline] = []
    later: list[tuple[Card, QuestionOutline]] = []
    for item, card in zip(items, map(cards.get, map(key_of, items)), strict=True):
        if card is None:
            new.append(item)
        elif card.due <= today:
            due.append((card.last, item))
        else:
            later.append((card, item))
    due.sort(key=itemgetter(0))
    new.sort(key=lambda item: item.topic not in read)
    started = sum(card.first == today for card in cards.values()) if new else 0
    allowed = max(0, new_a_day - started)
    next_due = min((card.due for card, _ in later), default=None)
    next_count = sum(card.due == next_due for card, _ in later)
    early = [] if due or new else [(card.last, item) for card, item in later if card.last < today]  # today: no effect
    early.sort(key=itemgetter(0))
    return Queue(
        tuple(item for _, item in due),
        tuple(new[:allowed]),
        len(new[allowed:]),
        next_due,
        next_count,
        tuple(item for _, item in early),
    )


def choose(queue: Queue, count: int = COUNT) -> list[QuestionOutline]:
    """Choose at most `count` questions: due ones with pages mixed, then new ones, which get half of the session.

    If there are neither, other questions come early. Questions on one passage are kept apart where possible.
    """
    if queue.early:
        return spread(queue.early[:count], pages=True)
    new = min(len(queue.new), (count + 1) // 2)
    due = spread(queue.due[: count - new], pages=True)
    return due + spread(queue.new[: count - len(due)], after=due)


def sample(items: Sequence[QuestionOutline], count: int, seed: int) -> list[QuestionOutline]:
    """Sample at most `count` questions evenly over the pages, ignoring the history; a seed repeats its sample.

    Questions on one passage are kept apart where possible.
    """
    rng = Random(seed)  # noqa: S311  a repeatable shuffle, not a secret
    groups: dict[str, list[QuestionOutline]] = {}
    for item in items:
        groups.setdefault(item.topic, []).append(item)
    rows = list(groups.values())
    for row in rows:
        rng.shuffle(row)
    rng.shuffle(rows)
    drawn = [row[turn] for turn in range(max(map(len, rows), default=0)) for row in rows if turn < len(row)]
    return spread(drawn[:count])


def spread(
    items: Sequence[QuestionOutline], *, pages: bool = False, after: Sequence[QuestionOutline] = ()
) -> list[QuestionOutline]:
    """Reorder questions so that those on one passage are apart, moving each as little as possible.

    With `pages`, neighbours also come from different pages. `after` has the questions asked before these.
    """
    left = list(items)
    placed = list(after)
    while left:
        nearness = {item.passage: number for number, item in enumerate(placed[-APART:], start=1)}
        page = placed[-1].topic if placed and pages else None
        few = left if len(left) <= _WINDOW else []
        passages = _urgent([item.passage for item in few], APART)
        others = _urgent([item.topic for item in few], 1) if pages else set()
        ahead = [
            (nearness.get(item.passage, 0), item.passage not in passages, item.topic == page, item.topic not in others)
            for item in left[:_WINDOW]
        ]
        placed.append(left.pop(ahead.index(min(ahead))))
    return placed[len(after) :]


def _urgent(left: Sequence[str], apart: int) -> set[str]:
    """Return the groups from which the next question must come to keep the rest apart; empty if that is impossible."""
    latest = sorted((len(left) - 1 - (count - 1) * (apart + 1), name) for name, count in Counter(left).items())
    room = [turn - index for index, (turn, _) in enumerate(latest)]
    return {name for _, name in latest[: room.index(0) + 1]} if room and min(room) == 0 else set()
