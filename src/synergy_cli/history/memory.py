"""FSRS-6 in plain floats: how long a memory lasts, and how a review changes it.

The formulas are from https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm. py-fsrs gives the same
results bit for bit, but takes 30 ms to load and several times as long per review. Reviews are whole days apart, at most
one per day, so the FSRS rules for several reviews on one day are left out.
"""

from __future__ import annotations

from math import e
from typing import TYPE_CHECKING

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


WEIGHTS = (
    *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
    *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
)
"""The default weights of FSRS-6, fitted by its authors to the reviews of many people."""
LEAST = (0.001, 0.001, 0.001, 0.001, 1, 0.001, 0.001, 0.001, 0, 0, 0.001, 0.001, 0.001, 0.001, 0, 0, 1, 0, 0, 0, 0.1)
MOST = (100, 100, 100, 100, 10, 4, 4, 0.75, 4.5, 0.8, 3.5, 5, 0.25, 0.9, 4, 1, 6, 2, 2, 0.8, 0.8)
"""The bounds of each weight, as in FSRS."""
SHORTEST = 0.001
"""The minimum stability, in days."""
EASIEST, HARDEST = 1.0, 10.0
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
KNOWN = 0.9
"""Predicted recall when the days since a review equal the stability."""


class Trace(NamedTuple):
    """The effect of a review on a memory.

    Attributes:
        day: the study day.
        rating: of the answer.
        gap: days since the previous review; 0 for the first.
        chance: predicted recall; 0 for the first.
        stability: afterwards, in days.
        difficulty: afterwards, from 1 to 10.
    """

    day: int
    rating: int
    gap: int
    chance: float
    stability: float
    difficulty: float


class Model:
    """FSRS-6 with weights."""

    def __init__(self, weights: Sequence[float] = WEIGHTS) -> None:
        """Take the 21 weights, in the order and within the bounds of FSRS."""
        self.weights = tuple(weights)
        self.decay = weights[20]
        self._factor = _factor(self.decay)
        self._growth = e ** weights[8]
        self._least_loss = e ** (weights[17] * weights[18])
        self._easy = weights[4] - e ** (weights[5] * (EASY - 1)) + 1

    def trace(self, reviews: Iterable[tuple[int, int]]) -> Iterator[Trace]:
        """Yield the trace of each review of one question, given by study day and rating in order of time.

        Only the first review of a study day counts. A day before the previous review's day, which is possible if clocks
        disagree, counts as the same day.
        """
        last, stability, difficulty = None, 0.0, 0.0
        for day, rating in reviews:
            if last is None:
                gap, chance = 0, 0.0
                stability, difficulty = self.first(rating)
            elif day > last:
                gap = day - last
                chance = self.recall(stability, gap)
                stability, difficulty = self.after(stability, difficulty, chance, rating)
            else:
                continue
            last = day
            yield Trace(day, rating, gap, chance, stability, difficulty)

    def first(self, rating: int) -> tuple[float, float]:
        """Return stability and difficulty after the first review."""
        w = self.weights
        return max(w[rating - 1], SHORTEST), _bounded(w[4] - e ** (w[5] * (rating - 1)) + 1)

    def after(self, stability: float, difficulty: float, chance: float, rating: int) -> tuple[float, float]:
        """Return stability and difficulty after a later review, for which recall was predicted as `chance`."""
        w = self.weights
        if rating == AGAIN:
            kept = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * e ** ((1 - chance) * w[14])
            firmness = min(kept, stability / self._least_loss)
        else:
            penalty = w[15] if rating == HARD else 1
            bonus = w[16] if rating == EASY else 1
            gain = self._growth * (11 - difficulty) * stability ** -w[9] * (e ** ((1 - chance) * w[10]) - 1)
            firmness = stability * (1 + gain * penalty * bonus)
        change = -(w[6] * (rating - GOOD))
        moved = difficulty + (10.0 - difficulty) * change / 9.0
        return max(firmness, SHORTEST), _bounded(w[7] * self._easy + (1 - w[7]) * moved)

    def recall(self, stability: float, days: int) -> float:
        """Return the predicted probability of a right answer so many days after a review."""
        return float((1 + self._factor * days / stability) ** -self.decay)

    def interval(self, stability: float, retention: float, longest: int) -> int:
        """Return the days until predicted recall falls to `retention`: at least 1, and at most `longest`."""
        days: float = (stability / self._factor) * (retention ** (1 / -self.decay) - 1)
        return min(max(round(days), 1), longest)


def recall(stability: float, days: int, decay: float) -> float:
    """Return the predicted probability of a right answer; the forgetting curve only needs the last weight."""
    return float((1 + _factor(decay) * days / stability) ** -decay)


def _factor(decay: float) -> float:
    return float(KNOWN ** (1 / -decay) - 1)


def _bounded(difficulty: float) -> float:
    return min(max(difficulty, EASIEST), HARDEST)
