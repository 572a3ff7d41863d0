"""When to ask again: study days, ratings, and a question's memory state by FSRS-6, which py-fsrs computes.

Time is counted in study days: local days that start at four in the morning, numbered from 1970. py-fsrs gets midnight
UTC of such a day, so that it counts nights, as Anki does, and not blocks of 24 hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsrs import Scheduler


POLICY = "1"
ALGORITHM = "FSRS-6"
RETENTION = 0.90
LEAST_RETENTION, MOST_RETENTION = 0.70, 0.97
LONGEST = 36500
"""The longest interval, in days."""
AGAIN, HARD, GOOD = 1, 2, 3
HELD_AFTER = 3
"""Separate days on which a question must be right, without a miss, to be held (Rawson & Dunlosky 2011)."""
SLIPPING_BELOW = 0.80
"""Predicted recall below which a question that was once right counts as slipping."""
STANDINGS = ("held", "learning", "slipping", "untested")

_DAY = 86_400_000_000
_DAY_STARTS = 4 * 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def study_day(at: int, offset: int) -> int:
    """Return the study day of a moment: local days since 1970, each starting at 4 a.m.

    `at` is in microseconds since 1970 UTC, `offset` in seconds east of UTC.
    """
    return (at + (offset - _DAY_STARTS) * 1_000_000) // _DAY


def rating(verdict: str, confidence: str, *, helped: bool) -> int:
    """Return the FSRS rating of an answer by policy 1: 1 Again, 2 Hard or 3 Good.

    `helped` means that a hint, or the remark that the answer was nearly right, came first. Never 4: no answer shows
    that it was easy. Hard is a pass, so a guess is Again, because a lucky guess says nothing about memory.
    """
    if verdict != "right" or confidence == "guess":
        return AGAIN
    return HARD if helped or confidence == "unsure" else GOOD


class Card(NamedTuple):
    """The memory state of one revision of a question.

    Attributes:
        first: the study day of its first review.
        last: the study day of its last review.
        due: the study day on which to ask it again.
        stability: days until predicted recall has fallen to 90 %.
        difficulty: 1 to 10.
        reviews: on how many days it was reviewed; the first answer of a day counts.
        lapses: on how many of them it was Again after it had been right before.
        passes: on how many of them it was right and not guessed.
        streak: the passes in a row up to the last review.
    """

    question: str
    revision: int
    first: int
    last: int
    due: int
    stability: float
    difficulty: float
    reviews: int
    lapses: int
    passes: int
    streak: int

    @property
    def key(self) -> tuple[str, int]:
        """The question's id and revision."""
        return self.question, self.revision

    def overdue(self, today: int) -> float:
        """Return how long it is past due, relative to its stability; negative before that."""
        return (today - self.due) / self.stability


class Review(NamedTuple):
    """An answer as the schedule sees it: the study day and the rating."""

    day: int
    rating: int


def replay(question: str, revision: int, reviews: Iterable[Review], retention: float = RETENTION) -> Card | None:
    """Compute the card of a question from its answers in the order of their moments; None without any.

    The first answer of a study day counts. A day before the previous one, which differing clocks can cause, is treated
    as the previous one. `retention` is the share that should be right when a review is due, 0.70 to 0.97.
    """
    from fsrs import Card as Memory  # noqa: PLC0415
    from fsrs import Rating  # noqa: PLC0415

    memory = Memory(card_id=0)
    first = last = -1
    count = lapses = passes = streak = 0
    for review in reviews:
        if count and review.day <= last:
            continue
        first, last = (first if count else review.day), review.day
        memory, _ = _fsrs(retention).review_card(memory, Rating(review.rating), _moment(last))
        passed = review.rating > AGAIN
        lapses += passes > 0 and not passed
        count, passes, streak = count + 1, passes + passed, (streak + 1) * passed
    if not count or memory.stability is None or memory.difficulty is None:
        return None
    due = (memory.due - _EPOCH).days
    return Card(
        question, revision, first, last, due, memory.stability, memory.difficulty, count, lapses, passes, streak
    )


def recall(card: Card, today: int) -> float:
    """Return the predicted recall of a card on a study day, 0 to 1, by the FSRS-6 forgetting curve."""
    from fsrs import Card as Memory  # noqa: PLC0415
    from fsrs import State  # noqa: PLC0415

    memory = Memory(card_id=0, state=State.Review, stability=card.stability, last_review=_moment(card.last))
    return _fsrs(RETENTION).get_card_retrievability(memory, _moment(max(today, card.last)))


def standing(card: Card | None, today: int) -> str:
    """Return the standing of a question on a study day; the card is None if it was never asked.

    `untested`; `held` if it was right on three separate days in a row; `slipping` if it was right once and missed
    since, or if its predicted recall is below 80 %; otherwise `learning`.
    """
    return "untested" if card is None else standing_at(card, recall(card, today))


def standing_at(card: Card, chance: float) -> str:
    """Return the standing of a question with this predicted recall."""
    if card.passes and (card.streak == 0 or chance < SLIPPING_BELOW):
        return "slipping"
    return "held" if card.streak >= HELD_AFTER else "learning"


@lru_cache(maxsize=4)
def _fsrs(retention: float) -> Scheduler:
    from fsrs import Scheduler  # noqa: PLC0415  30 ms that only a review pays

    nothing: Any = ()
    return Scheduler(
        desired_retention=retention,
        learning_steps=nothing,
        relearning_steps=nothing,
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )


def _moment(day: int) -> datetime:
    return _EPOCH + timedelta(days=day)


def date_of(day: int) -> date:
    """Return the date of a study day."""
    return (_EPOCH + timedelta(days=day)).date()
