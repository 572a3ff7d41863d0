"""When to ask again: study days, ratings, and a question's memory state, by FSRS-6 as py-fsrs computes it.

Time is counted in study days: local days that begin at four in the morning, numbered from 1970. py-fsrs is handed
midnight UTC of such a day, so that nights count as Anki counts them and not in blocks of 24 hours.
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
"""Days until a question is asked again, at most."""
AGAIN, HARD, GOOD = 1, 2, 3
HELD_AFTER = 3
"""Separate days on which a question was right, with no miss since, until it is held (Rawson & Dunlosky 2011)."""
SLIPPING_BELOW = 0.80
"""Predicted recall below which a question that was once right counts as slipping."""
STANDINGS = ("held", "learning", "slipping", "untested")

_DAY = 86_400_000_000
_DAY_STARTS = 4 * 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def study_day(at: int, offset: int) -> int:
    """Tell on which study day a moment lies.

    Args:
        at: in microseconds since 1970 UTC.
        offset: of local time, in seconds east of UTC.

    Returns:
        Local days since 1970, each beginning at 4 a.m.
    """
    return (at + (offset - _DAY_STARTS) * 1_000_000) // _DAY


def rating(verdict: str, confidence: str, *, helped: bool) -> int:
    """Turn an answer into the rating that FSRS takes, by policy 1.

    Args:
        verdict: `right`, `wrong` or `skipped`.
        confidence: `guess`, `unsure`, `sure`, or empty.
        helped: whether a hint, or the word that the answer was nearly right, came first.

    Returns:
        1 Again, 2 Hard or 3 Good; never 4, since Easy is nothing that an answer shows. Hard is a pass: what was only
        guessed is Again, because a right guess says nothing about memory.
    """
    if verdict != "right" or confidence == "guess":
        return AGAIN
    return HARD if helped or confidence == "unsure" else GOOD


class Card(NamedTuple):
    """What is known of the memory of one question, in one revision.

    Attributes:
        question: its id.
        revision: of the question.
        first: the study day of its first review.
        last: the study day of its last review.
        due: the study day on which it should be asked again.
        stability: days until predicted recall has fallen to 90 %.
        difficulty: from 1 to 10.
        reviews: how many days' first answers were counted.
        lapses: how many of these were Again after one had been right.
        passes: how many of these were right, and not guessed.
        streak: how many of these in a row, the last included.
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
        """Tell how long past due it is, relative to its stability; negative before."""
        return (today - self.due) / self.stability


class Review(NamedTuple):
    """An answer as the schedule sees it: the study day and the rating."""

    day: int
    rating: int


def replay(question: str, revision: int, reviews: Iterable[Review], retention: float = RETENTION) -> Card | None:
    """Fold the answers to one question into its card.

    The first answer of a study day counts; later ones of that day do not. A day before the last one, which clocks that
    disagree can bring about, is taken for that last one.

    Args:
        question: its id.
        revision: of the question.
        reviews: in the order of their moments.
        retention: the share that should be remembered when a review is due, 0.70 to 0.97.

    Returns:
        The card, or None when there is no answer.
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
    """Predict how likely a question would be right.

    Args:
        card: its memory.
        today: the study day.

    Returns:
        A probability: the FSRS-6 forgetting curve over the days since the last review.
    """
    from fsrs import Card as Memory  # noqa: PLC0415
    from fsrs import State  # noqa: PLC0415

    memory = Memory(card_id=0, state=State.Review, stability=card.stability, last_review=_moment(card.last))
    return _fsrs(RETENTION).get_card_retrievability(memory, _moment(max(today, card.last)))


def standing(card: Card | None, today: int) -> str:
    """Say how a question stands.

    Args:
        card: its memory; None when it was never asked.
        today: the study day.

    Returns:
        `untested`; `held` when it was right on three separate days in a row; `slipping` when it was right once and was
        missed since, or its predicted recall is below 80 %; `learning` otherwise.
    """
    return "untested" if card is None else standing_at(card, recall(card, today))


def standing_at(card: Card, chance: float) -> str:
    """Say how a question that was asked stands, its predicted recall being known."""
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
    """Return the date of a study day.

    Args:
        day: local days since 1970.
    """
    return (_EPOCH + timedelta(days=day)).date()
