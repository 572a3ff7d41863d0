"""The pace of a learner: how long a question takes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


SECONDS = 20
"""The default time for a question: about 10 s to read and answer it, and as long to read its feedback."""
ENOUGH = 20
"""The number of times needed for the learner's own pace."""
PAUSE = 300
"""A gap of this many seconds between answers is a pause or another session."""
FILED = 1
"""The minimum seconds between answers for a person: answers closer together come from a file."""
DAYS = 28
"""The number of study days whose answers determine the pace."""
MANY = 200
"""A sufficient number of answers."""
_MICROSECONDS = 1_000_000


def pace(moments: Iterable[int]) -> float | None:
    """Return the median seconds from an answer to the next, given moments in microseconds; None with too few.

    This includes feedback, unlike the time of an answer.
    """
    gaps = [(after - before) / _MICROSECONDS for before, after in pairwise(sorted(moments))]
    known = sorted(gap for gap in gaps if FILED <= gap <= PAUSE)
    return known[len(known) // 2] if len(known) >= ENOUGH else None


def minutes(count: int, pace: float | None) -> int:
    """Return the approximate minutes for a number of questions, at least one; for `pace`, see the function."""
    return max(1, round(count * (pace or SECONDS) / 60))
