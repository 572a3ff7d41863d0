"""Spaced repetition with FSRS-6: ratings, the memory state of a question, its step, and measured recall.

Intervals are counted in study days, and so in nights, as in Anki, not in blocks of 24 hours as in py-fsrs.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from synergy_cli.history import memory
from synergy_cli.history.memory import AGAIN, GOOD, HARD, WEIGHTS, Model
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.history.memory import Trace


POLICY = "3"
"""The version of the rules that choose questions (`study/queue`) and rate answers; each answer records it.

1, as in 0.1.0: due questions fill a session, the most overdue first, and a missed question is repeated twice. 2: half
of a session is new questions, a missed question is repeated once, and questions asked longest ago come first, and early
when nothing is due or new. 3: new questions on pages already read come without due questions, three of which come
before each section; in a quiz, a missed question is repeated only if no other question is due or new. Ratings are the
same in all versions.
"""
ALGORITHM = "FSRS-6"
RETENTION = 0.90
LEAST_RETENTION, MOST_RETENTION = 0.70, 0.97
LONGEST = 36500
"""The longest interval, in days."""
STUCK_AFTER = 4
"""A question is stuck after this many strikes."""
ASIDE_AFTER = STUCK_AFTER + 2
"""It is set aside after this many, having been helped twice."""
FREE_AFTER = 2
"""Its strikes are reset once it was right on this many days in a row."""
GAPS = (4, 15, 60)
"""Recall is measured after at least this many days, and fewer than the next number: about a week, a month, a
quarter."""
MILLION = 1_000_000
STEPS = ("held", "right_twice", "right_once", "seen", "new")
"""The steps of a question, from last to first; see `step`."""
STEP_WORDS = {
    "held": "held",
    "right_twice": "right on two days",
    "right_once": "right once",
    "seen": "seen",
    "new": "new",
}

DEFAULT = Model()
"""FSRS-6 with its default weights."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rating(verdict: str, confidence: str, *, helped: bool) -> int:
    """Return the FSRS rating of an answer: `AGAIN`, `HARD` or `GOOD`, never Easy, which no answer shows.

    `helped` says whether a hint or a near miss preceded it. A guess is rated Again even if right, because it says
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
        reviews: the number of reviews that count, at most one per day.
        lapses: the number of reviews rated Again after a right one.
        passes: the number of reviews that were right and not guessed.
        streak: the number of passes in a row up to the last review.
        strikes: the number of reviews rated Again since the last `FREE_AFTER` passes in a row, or since it was brought
            back.
        decay: the shape of the forgetting curve: the last weight of FSRS.
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
    decay: float = WEIGHTS[-1]

    @property
    def key(self) -> tuple[str, int]:
        """The question's id and revision."""
        return self.question, self.revision


class Review(NamedTuple):
    """The study day and the rating of an answer."""

    day: int
    rating: int


class Learnt(NamedTuple):
    """The card of a question, and each review that counts with its time, in microseconds since 1970 UTC."""

    card: Card
    reviews: tuple[tuple[int, Review], ...]


def card_after(
    question: str, revision: int, reviews: Iterable[Review], retention: float = RETENTION, back: int = -1
) -> Card | None:
    """Compute the card of a question from its reviews in order of time; None without reviews.

    Only the first review of a study day counts, as in `Model.trace`. For `retention` and `back`, see `card_of`.
    """
    traces = list(DEFAULT.trace(reviews))
    return card_of((question, revision), traces, retention, back, DEFAULT) if traces else None


def card_of(key: tuple[str, int], traces: Sequence[Trace], retention: float, back: int, model: Model) -> Card:
    """Compute the card of a question, given by id and revision, from the traces of its reviews.

    `retention` is the predicted recall at which a review is due, from 0.70 to 0.97. `back` is the study day on which
    the question was last brought back: only later misses are strikes.
    """
    lapses = passes = streak = strikes = 0
    for trace in traces:
        passed = trace.rating > AGAIN
        lapses += passes > 0 and not passed
        passes, streak = passes + passed, (streak + 1) * passed
        strikes = 0 if trace.day <= back or streak >= FREE_AFTER else strikes + (not passed)
    last = traces[-1]
    return Card(
        *key,
        first=traces[0].day,
        last=last.day,
        due=last.day + model.interval(last.stability, retention, LONGEST),
        stability=last.stability,
        difficulty=last.difficulty,
        reviews=len(traces),
        lapses=lapses,
        passes=passes,
        streak=streak,
        strikes=strikes,
        decay=model.decay,
    )


class Fitted(NamedTuple):
    """How a course is scheduled since `history fit`: FSRS weights, and the recall at which a review is due."""

    weights: tuple[float, ...]
    retention: float


class Measured(NamedTuple):
    """Measured and predicted recall at reviews after a number of days.

    Attributes:
        reviews: the number of reviews this many days after the previous review of the question.
        right: the number that were right and not guessed.
        predicted: the sum of predicted recall over the reviews, in millionths: the sum of integers does not depend on
            their order.
    """

    reviews: int = 0
    right: int = 0
    predicted: int = 0


def measure(traces: Iterable[Trace]) -> tuple[Measured, ...]:
    """Return recall after each of `GAPS`, given reviews of one question."""
    found = [Measured()] * len(GAPS)
    for trace in traces:
        if trace.gap >= GAPS[0]:
            place = bisect_right(GAPS, trace.gap) - 1
            reviews, right, predicted = found[place]
            found[place] = Measured(
                reviews + 1, right + (trace.rating > AGAIN), predicted + round(trace.chance * MILLION)
            )
    return tuple(found)


def recall(card: Card, today: int) -> float:
    """Return the predicted probability of a right answer: the FSRS-6 forgetting curve since the last review."""
    return memory.recall(card.stability, max(0, today - card.last), card.decay)


def has_come_due(card: Card, today: int) -> bool:
    """Whether a card has ever been due: until then, its recall only says how long ago the first answer was."""
    return card.reviews > 1 or card.due <= today


def step(card: Card | None) -> str:
    """Return the step of a question, one of `STEPS`; the card is None if it was never reviewed.

    It is `new`; then `seen`, `right_once`, `right_twice` and `held`, by the number of study days on which it was right
    since it was last missed: 0, 1, 2, and 3 or more (Rawson & Dunlosky 2011). So held means right on three study days
    and not missed since. How long ago that was only shows in predicted recall.
    """
    return "new" if card is None else STEPS[max(0, len(STEPS) - 2 - card.streak)]


def date_of(day: int) -> date:
    """Return the date of a study day."""
    return (_EPOCH + timedelta(days=day)).date()
