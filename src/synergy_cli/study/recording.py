"""Recorders save the answers of a session, or discard them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.course.course import key_of
from synergy_cli.errors import NextCommand, SynergyError, UsageError
from synergy_cli.history.events import LONGEST_ANSWER, Answer, Finish, Flag, Overrule, Pause, QuestionReport, Suspend
from synergy_cli.history.log import NotSavedError, today
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.course.question import Question
    from synergy_cli.history.events import Event, Start
    from synergy_cli.history.history import History
    from synergy_cli.history.log import Moment
    from synergy_cli.history.scheduler import Card
    from synergy_cli.history.sessions import PastSession
    from synergy_cli.study.attempts import Attempt
    from synergy_cli.study.prompts import Prompts


class Recorder:
    """Records a session. This base class saves nothing; it has the number of answers saved before, and the time.

    In a subclass that saves, methods raise NotSavedError if that fails.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        """Take a clock that returns the time in seconds."""
        self.seconds = seconds
        self.session = ""
        """The id under which the session can be resumed; empty unless part of it is saved."""
        self._events: list[Event] = []

    @property
    def count(self) -> int:
        """The number of answers saved."""
        return len(self._events)

    def begin(self, start: Start) -> None:
        """Record the start of a session; it is saved together with the first event."""

    def resume(self, past: PastSession) -> None:
        """Continue a session that was interrupted."""
        self._events = [answer.event for answer in past.answers]

    def keep(self, attempt: Attempt) -> None:
        """Record an answer."""

    def take_back(self) -> None:
        """Undo the last answer."""

    def overrule(self, attempt: Attempt) -> None:
        """Record that the last answer was right; `attempt` is the answer as it now counts."""

    def flag(self, question: str, *, flagged: bool) -> None:
        """Record that a question of an exam, given by id, was flagged or not."""

    def finish(self, *, late: bool) -> None:
        """Record that the exam was finished, or that its time was up."""

    def pause(self, seconds: float) -> None:
        """Record that the learner left an exam, and the seconds that no answer accounts for."""

    def suspend(self, question: Question, *, suspended: bool) -> None:
        """Record that a question was set aside or brought back."""

    def fault(self, question: Question, text: str) -> None:
        """Record what is wrong with a question."""


class HistoryRecorder(Recorder):
    """Saves a session in the history: an event is on disk when its method returns."""

    def __init__(self, history: History, course: str, mode: str) -> None:
        """Record for a course, given by id, in one of `events.MODES`."""
        super().__init__(history.seconds)
        self._history = history
        self._course = course
        self._mode = mode
        self._start: Start | None = None

    def begin(self, start: Start) -> None:
        """Keep the start until something is saved."""
        self._start = start

    def resume(self, past: PastSession) -> None:
        """Continue a session, and undo answers that were replaced before the interruption."""
        super().resume(past)
        self.session = past.id
        with suppress(NotSavedError):  # it only counts twice in the statistics
            for event in past.replaced:
                self._history.undo(event)

    def keep(self, attempt: Attempt) -> None:
        """Save an answer. In an exam it replaces an earlier answer to the question."""
        self._events.append(self._save(attempt.act(self._mode)))
        if self._mode == "exam":
            self._drop_earlier(attempt.question.id)

    def flag(self, question: str, *, flagged: bool) -> None:
        """Save that a question was flagged or not."""
        if self.session or self._start is not None:
            self._save(Flag(question, flagged, ""))

    def finish(self, *, late: bool) -> None:
        """Save that the exam was finished, or its time was up."""
        if self.session:
            self._history.save(self._course, Finish(late, self.session))

    def pause(self, seconds: float) -> None:
        """Save that the learner left an exam, and the seconds that no answer accounts for."""
        if self.session:
            self._history.save(self._course, Pause(seconds, self.session))

    def _save(self, act: Answer | Flag) -> Event:
        """Save something that belongs to the session, after its start."""
        if self._start is None:
            return self._history.save(self._course, act._replace(session=self.session))
        self.session, event = self._history.start(self._course, self._start, act)
        self._start = None
        return event

    def _drop_earlier(self, question: str) -> None:
        for event in [e for e in self._events[:-1] if isinstance(e.act, Answer) and e.act.question == question]:
            self._history.undo(event)
            self._events.remove(event)

    def overrule(self, attempt: Attempt) -> None:
        """Record that the last answer saved was right."""
        act = attempt.act(self._mode)
        self._history.save(self._course, Overrule(act.question, act.revision, self._events[-1].id, act.rating))

    def take_back(self) -> None:
        """Undo the last answer saved."""
        if self._events:
            self._history.undo(self._events[-1])
            self._events.pop()

    def suspend(self, question: Question, *, suspended: bool) -> None:
        """Save that a question was set aside or brought back."""
        self._history.save(self._course, Suspend(question.id, question.revision, suspended))

    def fault(self, question: Question, text: str) -> None:
        """Save what is wrong with a question."""
        self._history.save(self._course, QuestionReport(question.id, question.revision, text[:LONGEST_ANSWER]))


class LearnerState(NamedTuple):
    """What the history knows about the learner.

    Attributes:
        history: None when it cannot be opened.
        cards: by question and revision.
        today: the study day.
        trouble: why answers cannot be saved; empty when they can.
        aside: the questions that are set aside, by question and revision.
    """

    history: History | None
    cards: Mapping[tuple[str, int], Card]
    today: int
    trouble: str
    aside: Collection[tuple[str, int]] = ()

    def without_aside(self, items: Iterable[QuestionOutline]) -> list[QuestionOutline]:
        """Return the questions that are not set aside."""
        return [item for item in items if key_of(item) not in self.aside]


def load_state(
    course: Course, history: Callable[[], History], now: Callable[[], Moment], *, saves: bool
) -> LearnerState:
    """Load the learner's state; with `saves`, also check that answers can be saved.

    A SynergyError from opening the history becomes `LearnerState.trouble`.

    Raises:
        UsageError: an invalid SYNERGY_RETENTION.
    """
    opened, cards, trouble = None, {}, ""
    aside: Collection[tuple[str, int]] = ()
    try:
        opened = history()
        cards = opened.cards(course.manifest.id)
        aside = opened.aside(course.manifest.id)
        if saves:
            opened.log.check_writable()
    except UsageError:
        raise
    except SynergyError as error:
        trouble = str(error)
    return LearnerState(opened, cards, today(now), trouble, aside)


def make_recorder(state: LearnerState, course: Course, prompts: Prompts, now: Callable[[], Moment]) -> Recorder:
    """Return the recorder for the mode of the prompts.

    If answers cannot be saved, the learner is asked whether to continue without saving.

    Raises:
        NotSavedError: answers cannot be saved, and the learner declines to continue.
    """
    if prompts.mode and state.history is not None and not state.trouble:
        return HistoryRecorder(state.history, course.manifest.id, prompts.mode)
    if not prompts.unsaved and not prompts.confirm_unsaved(state.trouble):
        raise NotSavedError(state.trouble, NextCommand("Without a history", "quiz --unsaved"))
    return Recorder(lambda: now().at / 1_000_000)
