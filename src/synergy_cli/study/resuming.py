"""Interrupted sessions and exams: which can be resumed, and what is left of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.days import DAY, study_day
from synergy_cli.history.sessions import past_sessions
from synergy_cli.study.queue import Turn, settle
from synergy_cli.text import plural
from synergy_cli.ui.lists import Advice

if TYPE_CHECKING:
    from collections.abc import Collection

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.history.log import Log
    from synergy_cli.history.sessions import PastAnswer, PastSession


OFFERED = 7
"""The days for which an interrupted exam is offered again."""


def last_session(log: Log, course: str, mode: str = "", since: int = 0) -> PastSession | None:
    """Return the last session of a course, given by id, on this device, or None; `mode` can be one of `events.MODES`.

    For `since` and errors, see `past_sessions`.
    """
    return next((past for past in past_sessions(log, course, since) if mode in ("", past.start.mode)), None)


def resumable(
    log: Log, course: Course, mode: str, aside: Collection[tuple[str, int]], today: int
) -> PastSession | None:
    """Return the last session if something of it is left, or else the last exam if that is open and recent; or None.

    With a `mode`, only its last session counts. `aside` has the id and revision of what is set aside now.
    """
    found = [last_session(log, course.manifest.id, mode)]
    if not mode:
        found.append(last_session(log, course.manifest.id, "exam", since=(today - OFFERED) * DAY))
    known = (with_aside(past, course, aside) for past in found if past is not None)
    return next((past for past in known if is_open(past) and in_course(past, course).start.questions), None)


def with_aside(past: PastSession, course: Course, aside: Collection[tuple[str, int]]) -> PastSession:
    """Return a session with the questions that are now set aside, given by id and revision."""
    return past._replace(aside={item.id for item in course.outline if item.key in aside})


def is_open(past: PastSession) -> bool:
    """Whether a session can be resumed: questions are left, or it is an unfinished exam."""
    return past.finished is None if past.start.mode == "exam" else any(left(past))


def is_offered(past: PastSession, today: int, latest: int) -> bool:
    """Whether to offer the last session again on a study day, given the time of the latest answer in its course.

    A learner who has answered something else has moved on. The open questions of a quiz are due or new on any later
    day; practice leaves none open.
    """
    ended = past.answers[-1].event.at if past.answers else past.at
    fresh = past.start.mode == "exam" or (past.start.mode == "review" and study_day(past.at, past.offset) == today)
    return fresh and latest <= ended and is_open(past)


def left(past: PastSession) -> tuple[int, int]:
    """Return the number of unanswered questions, and of missed questions to be repeated."""
    _, turns = _replayed(past)
    missed = sum(turn.round > 0 for turn in turns)
    return len(turns) - missed, missed


def _replayed(past: PastSession) -> tuple[list[PastAnswer], list[Turn]]:
    """Return the answers that count, and the remaining turns.

    Answers to questions whose turn was over occur when a session was resumed in two terminals at once.
    """
    repeats = 0 if past.start.mode == "exam" else past.start.repeats
    turns = [Turn(question) for question in past.start.questions]
    answers = []
    for answer in past.answers:
        due = [turn for turn in turns if turn.question == answer.act.question]
        if due:
            answers.append(answer)
            turns = settle(turns, due[0], repeats, right=answer.right)
    return answers, [turn for turn in turns if turn.round == 0 or turn.question not in past.aside]


def advice(past: PastSession) -> Advice:
    """Return the step of resuming a session."""
    name = "exam" if past.start.mode == "exam" else "session"
    fresh, missed = left(past)
    parts = [f"{plural(fresh, 'question')} left"] if fresh or not missed else []
    parts += [f"{missed} missed before"] if missed else []
    return Advice("", f"resume the last {name} ({', '.join(parts)})", "quiz --resume")


def in_course(past: PastSession, course: Course) -> PastSession:
    """Return a session with only the questions that the course still has, and their answers."""
    known = {item.id for item in course.outline}
    questions = tuple(question for question in past.start.questions if question in known)
    rest = past._replace(start=past.start._replace(questions=questions))
    return rest._replace(answers=tuple(_replayed(rest)[0]))


def items(past: PastSession, course: Course) -> list[QuestionOutline]:
    """Return the questions of a session; the course must have all of them."""
    known = {item.id: item for item in course.outline}
    return [known[question] for question in past.start.questions]
