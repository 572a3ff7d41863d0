"""The learner's own FSRS weights, fitted to their reviews; adopted only if they predict later reviews better.

The fit finds the weights with the best posterior, starting from the default weights and leaving them only as far as the
reviews support it. It uses natural gradient descent (Amari 1998): each step is the slope divided by the Fisher
information, halved until the posterior grows.
"""

from __future__ import annotations

from itertools import chain
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any

from synergy_cli.history.memory import AGAIN, LEAST, MOST, WEIGHTS, Model
from synergy_cli.history.scheduler import DEFAULT, date_of
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.history.scheduler import Review


ENOUGH = 400
"""The minimum number of reviews."""
MANY = 10_000
"""The maximum number of reviews used; if there are more, only every second question counts, or every third, and so
on."""
TRAINED = 0.75
"""The share of reviews, the earliest ones, to fit weights to; the others are predicted with these weights."""
SURE = 2.0
"""The number of standard errors by which predictions of later reviews must improve."""
SPREAD = {
    **dict.fromkeys((0, 1, 2), 0.5),
    **dict.fromkeys((4, 5, 6), 0.1),
    **dict.fromkeys((8, 9, 10, 11, 12, 13, 14, 15, 20), 0.2),
}
"""How far a weight, by number, may be from the default: the standard deviation of its logarithm between learners.

A judgement call: the first stabilities differ most, difficulty least. The other weights are for Easy, a rating never
given, and for several reviews on one day, or hardly matter; they are not fitted.
"""
STEPS = 12
"""The maximum number of descent steps."""
TINY = 1e-4
"""The difference for a numeric slope, and the gain in log likelihood per review below which descent ends."""


class FitResult(NamedTuple):
    """Weights, and how well they predict later reviews.

    Attributes:
        weights: fitted to the earlier reviews.
        reviews: the number of reviews used.
        later: the number of them that were predicted.
        first: the study day of the first of these.
        loss: the log loss with these weights: the mean of -log of the probability assigned to what happened.
        loss_before: the same with the weights in use.
        adopted: whether these weights are better by more than luck.
    """

    weights: tuple[float, ...]
    reviews: int
    later: int
    first: int
    loss: float
    loss_before: float
    adopted: bool


class _Reviews(NamedTuple):
    """Reviews by question, as study day and rating, and whether each review that can be predicted was right."""

    histories: list[list[tuple[int, int]]]
    right: list[bool]

    def chances(self, weights: Sequence[float]) -> list[float]:
        """Return the predicted recall for each review except first ones."""
        model = Model(weights)
        return [trace.chance for history in self.histories for trace in model.trace(history) if trace.gap]


def fit(histories: Iterable[Sequence[Review]], used: Sequence[float] = WEIGHTS) -> FitResult | None:
    """Fit weights to reviews by question, in order of time; `used` has the weights in use.

    None with too few reviews.
    """
    days = [[(trace.day, trace.rating) for trace in DEFAULT.trace(history)] for history in histories]
    if sum(map(len, days)) < ENOUGH:
        return None
    days = days[:: -(-sum(map(len, days)) // MANY)]
    repeated = sorted(chain.from_iterable([day for day, _ in history[1:]] for history in days))
    if not repeated:
        return None
    border = repeated[int(len(repeated) * TRAINED)]
    weights = _best(_reviews([[review for review in history if review[0] < border] for history in days]))
    everything = _reviews(days)
    later = [day >= border for history in days for day, _ in history[1:]]
    before, after = (_losses(everything, chosen, later) for chosen in (used, weights))
    gains = [old - new for old, new in zip(before, after, strict=True)]
    mean = sum(gains) / len(gains)
    error = sqrt(sum((gain - mean) ** 2 for gain in gains)) / len(gains)
    count = sum(map(len, days))
    losses = (sum(after) / len(after), sum(before) / len(before))
    return FitResult(weights, count, len(gains), border, *losses, adopted=mean > SURE * error)


def _reviews(histories: list[list[tuple[int, int]]]) -> _Reviews:
    return _Reviews(histories, [rating > AGAIN for history in histories for _, rating in history[1:]])


def _losses(reviews: _Reviews, weights: Sequence[float], later: Sequence[bool]) -> list[float]:
    """Return the log loss of each later review."""
    rows = zip(reviews.chances(weights), reviews.right, later, strict=True)
    return [_loss(chance, right) for chance, right, counts in rows if counts]


def _loss(chance: float, right: bool) -> float:  # noqa: FBT001  what happened
    return -log(chance if right else 1 - chance)


def _best(reviews: _Reviews) -> tuple[float, ...]:
    """Return the weights with the best posterior."""
    place = [0.0] * len(SPREAD)
    chances, cost = _cost(reviews, place)
    for _ in range(STEPS):
        step = _solved(*_slope(reviews, place, chances))
        for _ in range(STEPS):
            there = [at - move for at, move in zip(place, step, strict=True)]
            new_chances, new_cost = _cost(reviews, there)
            if new_cost < cost:
                break
            step = [move / 2 for move in step]
        else:
            break
        gain, (place, chances, cost) = cost - new_cost, (there, new_chances, new_cost)
        if gain < TINY * len(chances):
            break
    return _weights(place)


def _weights(place: Sequence[float]) -> tuple[float, ...]:
    """Return weights from a position: the distance of each fitted weight from its default in standard deviations."""
    weights = list(WEIGHTS)
    for (number, spread), at in zip(SPREAD.items(), place, strict=True):
        weights[number] = min(max(WEIGHTS[number] * exp(spread * at), LEAST[number]), MOST[number])
    return tuple(weights)


def _cost(reviews: _Reviews, place: Sequence[float]) -> tuple[list[float], float]:
    """Return the predicted recalls at a position, and the negative logarithm of its posterior."""
    chances = reviews.chances(_weights(place))
    return chances, sum(map(_loss, chances, reviews.right)) + sum(at * at for at in place) / 2


def _slope(
    reviews: _Reviews, place: Sequence[float], chances: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """Return the Fisher information and the slope of the cost."""
    scales = [1 / sqrt(chance * (1 - chance)) for chance in chances]
    errors = [(chance - right) * scale for chance, right, scale in zip(chances, reviews.right, scales, strict=True)]
    rows = []
    for number in range(len(place)):
        there = [at + TINY * (number == other) for other, at in enumerate(place)]
        moved = reviews.chances(_weights(there))
        rows.append([(new - old) / TINY * scale for new, old, scale in zip(moved, chances, scales, strict=True)])
    known = [[sum(map(float.__mul__, one, other)) + (one is other) for other in rows] for one in rows]
    return known, [sum(map(float.__mul__, row, errors)) + at for row, at in zip(rows, place, strict=True)]


def _solved(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
    """Solve linear equations by elimination; the matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for number, pivot in enumerate(rows):
        for row in rows[number + 1 :]:
            factor = row[number] / pivot[number]
            row[number:] = [value - factor * other for value, other in zip(row[number:], pivot[number:], strict=True)]
    found: list[float] = []
    for number, row in reversed(list(enumerate(rows))):
        rest = sum(map(float.__mul__, row[number + 1 : -1], found))
        found.insert(0, (row[-1] - rest) / row[number])
    return found


def document(fitted: FitResult) -> dict[str, Any]:
    """Return the result as a JSON document; log loss is in nats per review."""
    return {
        "changed": fitted.adopted,
        "weights": list(fitted.weights),
        "reviews": fitted.reviews,
        "later_reviews": fitted.later,
        "later_from": date_of(fitted.first).isoformat(),
        "log_loss": round(fitted.loss, 6),
        "log_loss_before": round(fitted.loss_before, 6),
    }
