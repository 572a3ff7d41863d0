"""What a session or an exam that was interrupted still asks, and what was answered before."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from synergy_cli.course.question import Marking, Verdict
from synergy_cli.history.sessions import past_sessions
from synergy_cli.study.advice import Advice
from synergy_cli.study.attempts import Attempt, sheet_of
from synergy_cli.study.queue import turns_left
from synergy_cli.text import plural
from synergy_cli.ui import elements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.course.question import Question
    from synergy_cli.history.log import Log
    from synergy_cli.history.sessions import PastAnswer, PastSession
    from synergy_cli.ui.theme import Look


OFFERED = 7 * 86_400_000_000
"""Microseconds for which a session that was interrupted is offered again, unless another was started."""


def last_session(log: Log, course: str, mode: str = "", since: int = 0) -> PastSession | None:
    """Return the last session of a course, given by id, on this device, or None; `mode` can be one of `events.MODES`.

    For `since` and errors, see `past_sessions`.
    """
    return next((past for past in past_sessions(log, course, since) if mode in ("", past.start.mode)), None)


def is_open(past: PastSession) -> bool:
    """Whether a session can be resumed: questions are left, or it is an exam that was not finished."""
    return past.finished is None if past.start.mode == "exam" else any(left(past))


def left(past: PastSession) -> tuple[int, int]:
    """Return how many questions were not answered yet, and how many were missed and come again."""
    repeats = 0 if past.start.mode == "exam" else past.start.repeats
    results = [(answer.act.question, answer.right) for answer in past.answers]
    turns = turns_left(past.start.questions, results, repeats)
    missed = sum(turn.round > 0 for turn in turns)
    return len(turns) - missed, missed


def advice(past: PastSession) -> Advice:
    """Return the step of resuming a session."""
    name = "exam" if past.start.mode == "exam" else "session"
    fresh, missed = left(past)
    parts = [f"{plural(fresh, 'question')} left"] if fresh or not missed else []
    parts += [f"{missed} missed before"] if missed else []
    return Advice("", f"resume the last {name} ({', '.join(parts)})", "quiz --resume")


def resumed(past: PastSession, look: Look) -> elements.Lines:
    """Render that a session is resumed, and what is left of it."""
    fresh, missed = left(past)
    sentences = [look.say("Resumed.")]
    if fresh:
        sentences.append(look.say_count("{number} question left.", "{number} questions left.", fresh))
    if missed:
        sentences.append(look.say_count("{number} missed one comes again.", "{number} missed ones come again.", missed))
    return [*elements.paragraph(" ".join(sentences), look), *elements.blank()]


def in_course(past: PastSession, course: Course) -> PastSession:
    """Return a session without the questions that the course no longer has."""
    known = {item.id for item in course.outline}
    questions = tuple(question for question in past.start.questions if question in known)
    answers = tuple(answer for answer in past.answers if answer.act.question in known)
    return past._replace(start=past.start._replace(questions=questions), answers=answers)


def items(past: PastSession, course: Course) -> list[QuestionOutline]:
    """Return the questions of a session, all of which the course has."""
    known = {item.id: item for item in course.outline}
    return [known[question] for question in past.start.questions]


def attempts(past: PastSession, asked: Sequence[Question]) -> list[Attempt]:
    """Return what was answered of the questions of a session, marked again."""
    questions = {question.id: question for question in asked}
    rounds: Counter[str] = Counter()
    found = []
    for answer in past.answers:
        identity = answer.act.question
        found.append(_attempt(answer, questions[identity], past.start.seed, rounds[identity]))
        rounds[identity] += 1
    return found


def _attempt(answer: PastAnswer, question: Question, seed: int, again: int) -> Attempt:
    """Return an answer as it was given; if its question has changed since then, as it was marked."""
    act = answer.act
    marking = None if act.verdict == "skipped" else sheet_of(question, seed, again).mark(act.typed)
    attempt = Attempt(question, marking, again, act.hinted, act.tries, act.typed, act.confidence, act.seconds)
    now = attempt.act(act.mode)
    if (now.verdict, now.given) != (act.verdict, act.given):
        right = act.verdict == "right"
        attempt = attempt._replace(marking=Marking(Verdict(act.verdict), act.given, share=float(right)))
    return attempt._replace(overruled=answer.overruled)
