"""Reviews that another program logged, as events of the history."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from synergy_cli.history.events import Answer, Event
from synergy_cli.history.memory import AGAIN
from synergy_cli.history.scheduler import ALGORITHM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from synergy_cli.formats.format import Past

_POLICY = "button"
"""The learner chose the rating."""
_ID = 16
"""Hexadecimal digits."""


def events_of(
    course: str, revisions: Mapping[str, int], reviews: Mapping[str, Sequence[Past]], offset: int
) -> Iterator[Event]:
    """Yield the reviews of questions as events, which have the same ids whenever they are read.

    Args:
        course: the course's id.
        revisions: the revision of each question in the course; those of others are left out.
        reviews: the reviews by question id.
        offset: of local time, in seconds east of UTC.
    """
    for question, revision in revisions.items():
        for past in reviews.get(question, ()):
            identity = sha256(f"{course}:{question}:{past.at}".encode()).hexdigest()[:_ID]
            verdict = "right" if past.rating > AGAIN else "wrong"
            answer = Answer(
                question,
                revision,
                mode="review",
                typed="",
                given=(),
                verdict=verdict,
                confidence="",
                hinted=False,
                tries=1,
                seconds=past.seconds,
                rating=past.rating,
                policy=_POLICY,
                algorithm=ALGORITHM,
            )
            yield Event(identity, past.at, offset, course, answer)
