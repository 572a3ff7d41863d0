"""Past sessions and exams in the log of this device: what is needed to resume one or show its result."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.history.events import Answer, Finish, Flag, Overrule, Pause, Start, Undo, format_time
from synergy_cli.history.log import decoded, lines_from_the_end, reading
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from synergy_cli.history.events import Event
    from synergy_cli.history.log import Log


_TRACE = re.compile(rb'"session":"[0-9a-f]|"act":"(?:start|undo|overrule)"')
"""Text that a line of a session contains; quotes inside texts are escaped."""
_TIME = re.compile(rb'"at":"([^"]*)"')


class PastAnswer(NamedTuple):
    """An answer that still counts, and whether the learner claims that it was right although it was marked wrong."""

    event: Event
    act: Answer
    overruled: bool

    @property
    def right(self) -> bool:
        """Whether it counts as right."""
        return self.overruled or self.act.verdict == "right"


class PastSession(NamedTuple):
    """A session or an exam.

    Attributes:
        id: of the event that started it.
        at: when it started, in microseconds since 1970 UTC.
        offset: of local time then, in seconds east of UTC.
        start: how it started.
        answers: those that still count, in the order given; in an exam, one per question.
        replaced: in an exam, the events of earlier answers to the same questions that remain after an interruption.
        flagged: the ids of the flagged questions.
        spent: the seconds that an exam was open, complete only if its time is limited; for a run that was killed, only
            the seconds of answers are known. Answers that were taken back or replaced are included.
        finished: how it was finished, if it is a finished exam.
        aside: the ids of the questions now set aside; if missed, they are not repeated.
    """

    id: str
    at: int
    offset: int
    start: Start
    answers: tuple[PastAnswer, ...]
    replaced: tuple[Event, ...]
    flagged: frozenset[str]
    spent: float
    finished: Finish | None
    aside: Collection[str] = ()


def past_sessions(log: Log, course: str, since: int = 0) -> Iterator[PastSession]:
    """Yield the sessions of a course, given by id, that were started on this device, latest first.

    `since` is the earliest time to look at, in microseconds since 1970 UTC. Raises SynergyError if the log cannot be
    read.
    """
    undone: set[str] = set()
    overruled: set[str] = set()
    parts: dict[str, list[Event]] = {}
    for event in _traces(log, course, since):
        act = event.act
        if isinstance(act, Undo):
            undone.add(act.event)
        elif isinstance(act, Overrule) and event.id not in undone:
            overruled.add(act.event)
        elif isinstance(act, Start):
            yield _past_session(event, act, parts.pop(event.id, [])[::-1], undone, overruled)
        elif isinstance(act, Answer | Flag | Finish | Pause):
            parts.setdefault(act.session, []).append(event)


def _past_session(event: Event, start: Start, parts: list[Event], undone: set[str], overruled: set[str]) -> PastSession:
    """Build a session from the events that refer to it, in log order."""
    given = [PastAnswer(part, part.act, part.id in overruled) for part in parts if isinstance(part.act, Answer)]
    counting = [answer for answer in given if answer.event.id not in undone]
    last = {answer.act.question: answer for answer in counting} if start.mode == "exam" else {}
    replaced = [answer for answer in counting if last.get(answer.act.question, answer) is not answer]
    flags = {part.act.question: part.act.flagged for part in parts if isinstance(part.act, Flag)}
    finishes = [part.act for part in parts if isinstance(part.act, Finish)]
    return PastSession(
        event.id,
        event.at,
        event.offset,
        start,
        tuple(last.values()) or tuple(counting),
        tuple(answer.event for answer in replaced),
        frozenset(question for question, flagged in flags.items() if flagged),
        sum(part.act.seconds for part in parts if isinstance(part.act, Answer | Pause)),
        finishes[-1] if finishes else None,
    )


def _traces(log: Log, course: str, since: int) -> Iterator[Event]:
    """Yield the session events of a course, last in the log first, until one is too early."""
    name, earliest = f'"course":"{course}"'.encode(), format_time(since).encode()
    with reading(log), suppress(FileNotFoundError):
        for line in lines_from_the_end(log.own):
            time = _TIME.search(line)
            if time is not None and time[1] < earliest:
                return
            event = decoded(line) if name in line and _TRACE.search(line) else None
            if event is not None and event.course == course:
                yield event
