"""Spaced repetition: study days, ratings, and the memory state of a question, by FSRS-6 as py-fsrs computes it.

py-fsrs is given midnight UTC of a study day, so that intervals are counted in nights, as in Anki, and not in blocks of
24 hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsrs import Scheduler


POLICY = "2"
"""The version of the rules that choose what is asked (`study/queue`) and rate its answers; each answer names it.

1, as in 0.1.0: what is due fills a session, the most overdue first, and a miss comes again twice. 2: half the places
are for new questions, a miss comes again once, and what was asked longest ago comes first, and early when nothing is
due or new. Ratings are the same.
"""
ALGORITHM = "FSRS-6"
RETENTION = 0.90
LEAST_RETENTION, MOST_RETENTION = 0.70, 0.97
LONGEST = 36500
"""The longest interval, in days."""
AGAIN, HARD, GOOD = 1, 2, 3
STUCK_AFTER = 4
"""A question is stuck after this many strikes."""
ASIDE_AFTER = STUCK_AFTER + 2
"""It is set aside after this many: help came first two times."""
FREE_AFTER = 2
"""Its strikes are forgotten once it was right on this many separate days in a row."""
STEPS = ("held", "right_twice", "right_once", "seen", "new")
"""The steps of a question, the last one first; see `step`."""
STEP_WORDS = {
    "held": "held",
    "right_twice": "right on two days",
    "right_once": "right once",
    "seen": "seen",
    "new": "new",
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rating(verdict: str, confidence: str, *, helped: bool) -> int:
    """Return the FSRS rating of an answer: `AGAIN`, `HARD` or `GOOD`, never Easy, which no answer shows.

    `helped` says whether a hint or a near miss came first. A guess is rated Again even if right, because it says
    nothing about memory. Hard counts as a pass.
    """
    if verdict != "right" or confidence == "guess":
        return AGAIN
    return HARD if helped or confidence == "unsure" else GOOD


class Card(NamedTuple):
    """The memory state of one revision of a question.

    Attributes:
        question: the id of the question.
        first: the study day of the first review.
        last: the study day of the last review.
        due: the study day of the next review.
        stability: days until predicted recall falls to 90 %.
        difficulty: from 1 to 10.
        reviews: how many reviews counted, at most one per day.
        lapses: how many of them were Again after one was right.
        passes: how many of them were right, and not guessed.
        streak: how many passes in a row up to the last review.
        strikes: how many reviews were Again since `FREE_AFTER` in a row were not, or since it was brought back.
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
    strikes: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """The question's id and revision."""
        return self.question, self.revision


class Review(NamedTuple):
    """The study day and the rating of an answer."""

    day: int
    rating: int


def replay(
    question: str, revision: int, reviews: Iterable[Review], retention: float = RETENTION, back: int = -1
) -> Card | None:
    """Compute the card of a question from its reviews in order of time; None without any.

    Only the first review of a study day counts. A day earlier than the previous one, which is possible if clocks
    disagree, counts as that one. `retention` is the predicted recall at which a review is due, from 0.70 to 0.97.
    `back` is the study day on which the question was last brought back: only what is missed after it is a strike.
    """
    from fsrs import Card as Memory  # noqa: PLC0415
    from fsrs import Rating  # noqa: PLC0415

    memory = Memory(card_id=0)
    first = last = -1
    count = lapses = passes = streak = strikes = 0
    for review in reviews:
        if count and review.day <= last:
            continue
        first, last = (first if count else review.day), review.day
        memory, _ = _fsrs(retention).review_card(memory, Rating(review.rating), _moment(last))
        passed = review.rating > AGAIN
        lapses += passes > 0 and not passed
        count, passes, streak = count + 1, passes + passed, (streak + 1) * passed
        strikes = 0 if last <= back or streak >= FREE_AFTER else strikes + (not passed)
    if not count or memory.stability is None or memory.difficulty is None:
        return None
    due = (memory.due - _EPOCH).days
    stability, difficulty = memory.stability, memory.difficulty
    return Card(question, revision, first, last, due, stability, difficulty, count, lapses, passes, streak, strikes)


def recall(card: Card, today: int) -> float:
    """Return the predicted probability of a right answer: the FSRS-6 forgetting curve since the last review."""
    from fsrs import Card as Memory  # noqa: PLC0415
    from fsrs import State  # noqa: PLC0415

    memory = Memory(card_id=0, state=State.Review, stability=card.stability, last_review=_moment(card.last))
    return _fsrs(RETENTION).get_card_retrievability(memory, _moment(max(today, card.last)))


def has_come_due(card: Card, today: int) -> bool:
    """Whether a card was ever due: before, its predicted recall says no more than how long ago the first answer was."""
    return card.reviews > 1 or card.due <= today


def step(card: Card | None) -> str:
    """Return the step of a question, one of `STEPS`; the card is None if it was never reviewed.

    It is `new`; then `seen`, `right_once`, `right_twice` and `held`, by the number of study days on which it was right
    since it was last missed: 0, 1, 2, and 3 or more (Rawson & Dunlosky 2011). So held means right on three study days,
    and not missed since. It says nothing about how long ago that was: predicted recall does.
    """
    return "new" if card is None else STEPS[max(0, len(STEPS) - 2 - card.streak)]


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
    return _moment(day).date()
