"""The pace of a learner: how long a question takes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


SECONDS = 20
"""How long a question takes until more is known: about 10 s to read and answer it, and as long to read its feedback."""
ENOUGH = 20
"""Times needed for a pace of the learner's own."""
PAUSE = 300
"""Seconds from one answer to the next that are a pause, or another session."""
FILED = 1
"""Seconds from one answer to the next that no person needs less than: answers closer together come from a file."""
DAYS = 28
"""The study days whose answers tell the pace."""
MANY = 200
"""Answers that tell it well enough."""
_MICROSECONDS = 1_000_000


def pace(moments: Iterable[int]) -> float | None:
    """Return the median seconds from an answer to the next, given moments in microseconds; None with too few.

    So feedback is a part of it, which the time of an answer is not.
    """
    gaps = [(after - before) / _MICROSECONDS for before, after in pairwise(sorted(moments))]
    known = sorted(gap for gap in gaps if FILED <= gap <= PAUSE)
    return known[len(known) // 2] if len(known) >= ENOUGH else None


def minutes(count: int, pace: float | None) -> int:
    """Return about how many minutes a number of questions takes, at least one; for `pace`, see `pace`."""
    return max(1, round(count * (pace or SECONDS) / 60))
