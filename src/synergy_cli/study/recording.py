"""Recorders: where a session's answers are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from synergy_cli.errors import SynergyError, UsageError
from synergy_cli.history.log import NotSavedError
from synergy_cli.history.scheduler import study_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from synergy_cli.course.course import Course
    from synergy_cli.history.events import Event
    from synergy_cli.history.history import History
    from synergy_cli.history.log import Moment
    from synergy_cli.history.scheduler import Card
    from synergy_cli.study.attempts import Attempt
    from synergy_cli.study.prompts import Prompts


class AnswerRecorder(Protocol):
    """Where answers are kept."""

    @property
    def count(self) -> int:
        """Count the answers kept."""

    def keep(self, attempt: Attempt) -> None:
        """Keep an answer; NotSavedError when it is not safe."""

    def take_back(self) -> None:
        """Let the last answer count no longer; NotSavedError when that cannot be kept."""

    def seconds(self) -> float:
        """Give a clock in seconds."""


class HistoryRecorder:
    """Keeps answers in the history."""

    def __init__(self, history: History, course: str, mode: str) -> None:
        """Keep answers to a course's questions.

        Args:
            history: where.
            course: its id.
            mode: one of `events.MODES`.
        """
        self._history = history
        self._course = course
        self._mode = mode
        self._events: list[Event] = []

    def keep(self, attempt: Attempt) -> None:
        """Put an answer on record; when this returns, it is on disk. In an exam it takes the place of one before."""
        self._events.append(self._history.save(self._course, attempt.act(self._mode)))
        if self._mode == "exam":
            self._drop_earlier(attempt.question.id)

    def _drop_earlier(self, question: str) -> None:
        earlier = [event for event in self._events[:-1] if event.act[0] == question]
        for event in earlier:
            self._history.undo(event)
            self._events.remove(event)

    def take_back(self) -> None:
        """Undo the last answer that was kept."""
        if self._events:
            self._history.undo(self._events[-1])
            self._events.pop()

    def seconds(self) -> float:
        """Give the history's clock."""
        return self._history.seconds()

    @property
    def count(self) -> int:
        """Count the answers on record."""
        return len(self._events)


class LearnerState(NamedTuple):
    """What is known of the learner.

    Attributes:
        history: None when there is no place for it.
        cards: by question and revision.
        today: the study day.
        trouble: why nothing can be saved; empty when it can.
    """

    history: History | None
    cards: Mapping[tuple[str, int], Card]
    today: int
    trouble: str


class NullRecorder:
    """Keeps no answers."""

    count = 0

    def __init__(self, now: Callable[[], Moment]) -> None:
        """Use a clock."""
        self._now = now

    def keep(self, attempt: Attempt) -> None:
        """Let it go."""

    def take_back(self) -> None:
        """Have nothing to take back."""

    def seconds(self) -> float:
        """Give the clock in seconds."""
        return self._now().at / 1_000_000


def load_state(
    course: Course, history: Callable[[], History], now: Callable[[], Moment], *, saves: bool
) -> LearnerState:
    """Look up what is known of the learner, and whether more can be kept.

    Args:
        course: that is studied.
        history: opens it; a SynergyError says why it cannot be opened.
        now: the clock.
        saves: whether answers are to be kept.

    Raises:
        UsageError: SYNERGY_RETENTION is none.
    """
    moment = now()
    today = study_day(moment.at, moment.offset)
    opened, cards, trouble = None, {}, ""
    try:
        opened = history()
        cards = opened.cards(course.manifest.id)
        if saves:
            opened.log.check_writable()
    except UsageError:
        raise
    except SynergyError as error:
        trouble = str(error)
    return LearnerState(opened, cards, today, trouble)


def make_recorder(
    state: LearnerState, course: Course, prompts: Prompts, now: Callable[[], Moment], mode: str
) -> AnswerRecorder:
    """Choose where answers go.

    Args:
        state: with the history.
        course: that is studied.
        prompts: where the learner is asked whether to go on when answers cannot be saved.
        now: the clock.
        mode: one of `events.MODES`; empty when nothing is to be kept.

    Raises:
        NotSavedError: they cannot be saved, and the learner does not go on without.
    """
    if not mode:
        return NullRecorder(now)
    if state.trouble or state.history is None:
        if not prompts.unsaved and not prompts.confirm_unsaved(state.trouble):
            message = f"{state.trouble}\nWithout a history: {prompts.program} quiz --unsaved"
            raise NotSavedError(message)
        return NullRecorder(now)
    return HistoryRecorder(state.history, course.manifest.id, mode)
