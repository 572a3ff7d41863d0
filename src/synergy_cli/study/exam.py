"""An exam: no feedback until the end, questions can be flagged and revisited, and time can be limited."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from synergy_cli.history.log import NotSavedError
from synergy_cli.records import NamedTuple
from synergy_cli.study.attempts import HINT, SKIP, STOP, Attempt, Outcome, past_attempts, sheet_of
from synergy_cli.study.inputs import inputs
from synergy_cli.study.prompts import ENTER, Prompts
from synergy_cli.study.resuming import items
from synergy_cli.ui import elements, quiz, session_end
from synergy_cli.ui.quiz import ExamSlot
from synergy_cli.ui.session_end import ExamScore, saved
from synergy_cli.ui.terminal import TimeUpError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.question import Question, Sheet
    from synergy_cli.history.sessions import PastSession
    from synergy_cli.study.attempts import Rules
    from synergy_cli.study.inputs import Commands
    from synergy_cli.study.recording import Recorder
    from synergy_cli.ui.theme import Look


FLAG, BACK, ON = "f", "b", ""


class Exam:
    """Asks the questions of an exam, in order and then by choice."""

    def __init__(
        self, questions: Sequence[Question], prompts: ExamPrompts, recorder: Recorder, seed: int, rules: Rules
    ) -> None:
        """Prepare to ask questions in this order; the seed shuffles the options."""
        self._prompts = prompts
        self._recorder = recorder
        self._rules = rules
        self._seed = seed
        self._sheets = [sheet_of(question, seed) for question in questions]
        self._answers: list[Attempt | None] = [None] * len(self._sheets)
        self._flags = [False] * len(self._sheets)
        self._end: float | None = None
        self._known = 0.0
        """The time, in seconds, up to which the answers account for the time used."""

    def resume(self, attempts: Sequence[Attempt], flagged: Collection[str]) -> None:
        """Restore the answers and flags, by question id, from before the exam was interrupted."""
        answers = {attempt.question.id: attempt for attempt in attempts}
        self._answers = [answers.get(sheet.question.id) for sheet in self._sheets]
        self._flags = [sheet.question.id in flagged for sheet in self._sheets]

    def run(self, seconds: float | None) -> ExamResult:
        """Ask all questions, then let the learner revisit any of them, until the exam is finished or time is up.

        The end of time is recorded at once; `finish` records that the exam is finished. It ends early when the learner
        leaves it for later, or input ends. If time is limited, the time used is recorded however the exam ends.

        Raises:
            NotSavedError: an answer cannot be saved, and the learner declines to continue.
        """
        self._known = self._recorder.seconds()
        self._end = self._known + seconds if seconds is not None else None
        late = early = False
        try:
            self._go_through()
            early = not self._revisited()
        except TimeUpError:
            late = True
            self._finish(late=True)
        except EOFError:
            early = True
        except (KeyboardInterrupt, SystemExit, NotSavedError):
            self._pause()
            raise
        if early:
            self._pause()
        answers = [
            answer or Attempt(sheet.question, None) for answer, sheet in zip(self._answers, self._sheets, strict=True)
        ]
        outcome = Outcome(tuple(answers), len(answers), self._seed)
        return ExamResult(outcome, late, self._answered, self._recorder.count, early)

    def _revisited(self) -> bool:
        """Let the learner go back to any question; return whether to finish, rather than leave the exam for later."""
        while choice := self._prompts.overview(self._slots, self._left, resumable=bool(self._recorder.session)):
            if choice == STOP:
                return False
            self._ask(int(choice) - 1)
        return True

    def finish(self) -> None:
        """Record that the result was shown, so that the exam can no longer be resumed."""
        self._finish(late=False)

    def _finish(self, *, late: bool) -> None:
        if not self._prompts.unsaved:
            with suppress(NotSavedError):  # it can be resumed, and nothing is lost
                self._recorder.finish(late=late)

    def _pause(self) -> None:
        """Record the time used that no answer accounts for."""
        if not self._prompts.unsaved and self._end is not None:
            with suppress(NotSavedError):  # only this time is given once more
                self._recorder.pause(max(0.0, self._recorder.seconds() - self._known))

    def _go_through(self) -> None:
        """Ask the questions that follow the last one with an answer."""
        index = max((number for number, answer in enumerate(self._answers, start=1) if answer is not None), default=0)
        while index < len(self._sheets):
            command = self._ask(index)
            if command == STOP:
                break
            index = max(0, index - 1) if command == BACK else index + 1

    def _ask(self, index: int) -> str:
        """Ask a question; return the command that ended it: `STOP`, `BACK` or `ON`."""
        sheet = self._sheets[index]
        self._prompts.show_exam_question(sheet, self._slots[index], len(self._sheets), self._left)
        started = self._recorder.seconds()

        def read(sheet: Sheet, commands: Commands) -> str:
            return self._prompts.read_in_time(sheet, commands, self._left)

        hidden = [] if self._rules.max_inputs else [HINT]
        for given in inputs(sheet, self._rules, read, lambda: self._commands(index), hidden):
            if given.command == FLAG:
                self._flag(index)
                self._prompts.show_flag(flagged=self._flags[index])
                continue
            if given.command == HINT:
                self._prompts.show_help()
                continue
            if given.command:
                return ON if given.command == SKIP else given.command
            if given.readable:  # a near miss counts until it is typed again
                attempt = Attempt(sheet.question, given.marking, tries=given.tries, typed=given.typed)
                attempt = attempt._replace(confidence=given.confidence)
                started = self._take(attempt, index, started, final=not given.again)
            elif given.answer is not None and not given.again and self._answers[index] is None:
                self._answers[index] = Attempt(sheet.question, given.marking, typed=given.typed)
            if not given.again:
                return ON
            self._prompts.explain_unreadable(given.marking)
        return ON

    def _take(self, attempt: Attempt, index: int, started: float, *, final: bool) -> float:
        """Save an answer that the learner began at a time in seconds; return the time now.

        If it is final, ask how sure the learner is; the answer is saved even if that prompt is interrupted.
        """
        try:
            if final and self._rules.confidence and not attempt.confidence:
                attempt = attempt._replace(confidence=self._prompts.confidence_in_time(self._left))
        finally:
            now = self._recorder.seconds()
            attempt = attempt._replace(seconds=now - started)
            self._known += now - started
            self._keep(attempt)
            self._answers[index] = attempt
        return now

    def _flag(self, index: int) -> None:
        """Flag a question, or remove its flag."""
        self._flags[index] = not self._flags[index]
        if not self._prompts.unsaved:
            with suppress(NotSavedError):  # the next answer asks whether to continue without saving
                self._recorder.flag(self._sheets[index].question.id, flagged=self._flags[index])

    def _keep(self, attempt: Attempt) -> None:
        """Save an answer before it counts; continue without saving only if the learner agrees."""
        try:
            if not self._prompts.unsaved:
                self._recorder.keep(attempt)
        except NotSavedError as error:
            if not self._prompts.confirm_unsaved(str(error)):
                raise NotSavedError(f"{error}\n{saved(self._recorder.count, self._answered)}") from error

    def _commands(self, index: int) -> list[tuple[str, str]]:
        """Return the commands. A pipe has no overview and so no flags; there, `f` may be an answer."""
        flag = (FLAG, "unflag" if self._flags[index] else "flag")
        flags, back = [] if self._rules.max_inputs else [flag], [(BACK, "back")] if index else []
        return [(SKIP, "later"), *flags, *back, (STOP, "go to the end")]

    @property
    def _answered(self) -> int:
        """The number of questions with an answer."""
        return sum(answer is not None and not answer.unreadable for answer in self._answers)

    @property
    def _left(self) -> float | None:
        """The seconds left, if time is limited; raises TimeUpError when it is up."""
        if self._end is None:
            return None
        left = self._end - self._recorder.seconds()
        if left <= 0:
            raise TimeUpError
        return left

    @property
    def _slots(self) -> list[ExamSlot]:
        rows = zip(self._sheets, self._answers, self._flags, strict=True)
        return [
            ExamSlot(number, sheet.question, _given(answer), flag)
            for number, (sheet, answer, flag) in enumerate(rows, start=1)
        ]


def _given(answer: Attempt | None) -> tuple[str, ...]:
    return answer.marking.given if answer is not None and answer.marking is not None else ()


def past_result(past: PastSession, course: Course) -> ExamResult:
    """Return the result of a past exam on questions that the course still has."""
    questions = course.pick(items(past, course))
    answers = {attempt.question.id: attempt for attempt in past_attempts(past, questions)}
    given = tuple(answers.get(question.id) or Attempt(question, None) for question in questions)
    late = past.finished is not None and past.finished.late
    return ExamResult(Outcome(given, len(given), past.start.seed), late, len(answers), len(answers))


class ExamResult(NamedTuple):
    """The result of an exam.

    Attributes:
        outcome: the answers.
        late: whether time was up before the exam was finished.
        given: the number of answered questions.
        kept: the number of answers that are saved.
        early: whether it ended before it was finished, and can be resumed.
    """

    outcome: Outcome
    late: bool
    given: int = 0
    kept: int = 0
    early: bool = False

    @property
    def percent(self) -> float:
        """The percentage of all questions answered right."""
        right, asked = self.outcome.score
        return 100 * right / asked if asked else 0.0

    @property
    def with_parts(self) -> float:
        """The percentage with partial credit: the share that is right of each answer, as in `Marking.share`."""
        attempts = self.outcome.attempts
        marks = sum(attempt.marking.share for attempt in attempts if attempt.marking is not None)
        return 100 * marks / len(attempts) if attempts else 0.0

    @property
    def corrected(self) -> float:
        """The percentage right, corrected for guessing; never below 0.

        A guess among k options is right once in k times, so each wrong answer cancels 1/(k-1) of a right one; a skipped
        question costs nothing (formula scoring: rights minus wrongs/(k-1)).
        """
        attempts = self.outcome.attempts
        points = sum(
            1.0 if attempt.right else -attempt.question.chance / (1 - attempt.question.chance)
            for attempt in attempts
            if attempt.marking is not None and not attempt.unreadable
        )
        return max(0.0, 100 * points / len(attempts)) if attempts else 0.0

    def passed(self, pass_mark: int | None) -> bool:
        """Whether the pass mark in percent is reached, which needs a finished exam; true without a pass mark."""
        return pass_mark is None or (self.percent >= pass_mark and not self.early)

    def document(self, pass_mark: int | None) -> dict[str, Any]:
        """Return the exam as a JSON document."""
        return {
            **self.outcome.document(),
            "mode": "exam",
            "percent": round(self.percent, 2),
            "part_marks_percent": round(self.with_parts, 2),
            "corrected_percent": round(self.corrected, 2),
            "time_up": self.late,
            "finished": not self.early,
            "pass_mark": pass_mark,
            "passed": self.passed(pass_mark),
        }

    def scores(self, course: Course, pass_mark: int | None, look: Look) -> elements.Lines:
        """Render the scores, in total and by section."""
        shares = (self.percent / 100, self.with_parts / 100, self.corrected / 100)
        unsaved = self._saved(look) if self.kept < self.given else ""
        score = ExamScore(self.outcome.totals(course.titles), shares, pass_mark, self.passed(pass_mark), unsaved)
        return session_end.exam_scores(score, look)

    def so_far(self, look: Look) -> elements.Lines:
        """Render that the exam ended early, and how to resume it; right answers are not shown before its end."""
        return session_end.exam_left(self._saved(look), look)

    def feedback(self, look: Look) -> elements.Lines:
        """Render full feedback on every question."""
        answers = ((attempt.question, attempt.marking, attempt.right) for attempt in self.outcome.attempts)
        return session_end.exam_feedback(answers, look)

    def _saved(self, look: Look) -> str:
        return saved(self.kept, self.given, look.language)


class ExamPrompts(Prompts):
    """Prompts of an exam."""

    def show_exam_question(self, sheet: Sheet, slot: ExamSlot, total: int, seconds_left: float | None) -> None:
        """Show a question with progress, time left and the answer so far."""
        look = self._terminal.look
        number = look.say("Question {number} of {total}", number=slot.number, total=total)
        facts = [number, *self.standing(look), self._titles.get(sheet.question.topic, "")]
        facts += [quiz.time_left(seconds_left, look)] if seconds_left is not None else []
        facts += [look.say("flagged")] if slot.flagged else []
        answer = quiz.brief_answer(sheet.question, slot.answer, look).plain
        facts += [look.say("your answer: {answer}", answer=answer)] if answer else []
        self.begin(sheet, lambda: quiz.question(sheet, [fact for fact in facts if fact], self._terminal.look))

    def read_in_time(self, sheet: Sheet, commands: Sequence[tuple[str, str]], seconds: float | None) -> str:
        """Read an answer or a command; raise TimeUpError when time is up."""
        with self._terminal.limit(seconds):
            return self.read(sheet, commands)

    def confidence_in_time(self, seconds: float | None) -> str:
        """Ask how sure the learner is; return empty when time is up, because the answer itself was in time."""
        with suppress(TimeUpError), self._terminal.limit(seconds):
            return self.confidence()
        return ""

    def show_flag(self, *, flagged: bool) -> None:
        """Confirm that a question is flagged, or no longer."""
        look = self._terminal.look
        self._remark([look.say("Flagged.") if flagged else look.say("No longer flagged.")])

    def time_up(self) -> None:
        """Show that time is up, and wait for Enter, because the result may fill the screen. A pipe does not wait."""
        self.begin(None, lambda: self._time_ran_out(self._terminal.look))
        if self._terminal.interactive:
            with suppress(EOFError):
                self._choice([(ENTER, self._terminal.look.say("see the result"))])

    @staticmethod
    def _time_ran_out(look: Look) -> elements.Lines:
        return [*elements.blank(), *elements.note(look.say("Time ran out."), look)]

    def show_help(self) -> None:
        """Show that there are no hints, and how to leave the exam for later."""
        look = self._terminal.look
        self._remark([look.say("No hints in an exam. To continue later: q at a question, then q at your answers.")])

    def overview(self, slots: Sequence[ExamSlot], seconds: float | None, *, resumable: bool) -> str:
        """List the questions; return the number of one to revisit, `STOP`, or empty to finish, as a pipe always does.

        If questions are unanswered, ask for confirmation before finishing. `resumable` says whether an exam left now
        can be resumed.
        """
        if not self._terminal.interactive:
            return ""
        look = self._terminal.look
        unanswered = sum(not slot.answer for slot in slots)
        finish = look.say("finish")
        if unanswered:
            finish = look.say("finish ({unanswered} unanswered)", unanswered=unanswered)
        keys = [(STOP, look.say("resume later") if resumable else look.say("stop")), (ENTER, finish)]
        self.begin(None, lambda: quiz.exam_slots(slots, look))
        with self._terminal.limit(seconds):
            while (choice := self._numbered(len(slots), look.say("go back to a question"), keys, HINT)) in ("", HINT):
                if choice == HINT:
                    self.show_help()
                elif not unanswered or self._confirms(unanswered):
                    break
        return choice

    def _confirms(self, unanswered: int) -> bool:
        """Ask whether to finish with a number of questions unanswered."""
        look = self._terminal.look
        asked = look.say("Finish with {unanswered} unanswered?", unanswered=unanswered)
        return self._choice([("", asked), ("y", look.say("finish")), ("n", look.say("back"))], STOP) == "y"
