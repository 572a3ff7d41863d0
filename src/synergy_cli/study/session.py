"""A session: ask questions one at a time, each until it is answered or skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.history.log import NotSavedError
from synergy_cli.history.memory import AGAIN
from synergy_cli.study.attempts import (
    ASIDE,
    FAULT,
    HINT,
    OVERRULE,
    SKIP,
    STOP,
    UNDO,
    Attempt,
    Outcome,
    Position,
    Rules,
    sheet_of,
)
from synergy_cli.study.inputs import inputs
from synergy_cli.study.queue import Turn, settle
from synergy_cli.ui.session_end import saved

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from synergy_cli.course.question import Question, Sheet
    from synergy_cli.study.prompts import Prompts
    from synergy_cli.study.recording import Recorder
    from synergy_cli.study.stuck import Stuck


class Session:
    """Asks questions in order, repeats missed ones, and can take the last answer back."""

    def __init__(
        self, questions: Sequence[Question], prompts: Prompts, recorder: Recorder, seed: int, rules: Rules
    ) -> None:
        """Prepare to ask questions in this order; the seed shuffles the options."""
        self._questions = {question.id: question for question in questions}
        self._numbers = {question.id: number for number, question in enumerate(questions, start=1)}
        self._turns = [Turn(question.id) for question in questions]
        self._prompts = prompts
        self._recorder = recorder
        self._saved_before = recorder.count
        self._seed = seed
        self._rules = rules
        self._attempts: list[Attempt] = []
        self._stuck: Mapping[str, Stuck] = {}
        self._set_aside: dict[str, bool] = {}
        """Whether a question is set aside, by id, for questions that the learner set aside or brought back."""
        self.input_ended = False
        """Whether the session ended because input ended."""

    def resume(self, attempts: Sequence[Attempt], aside: Collection[str]) -> None:
        """Restore the answers from before the interruption, and the ids of questions set aside."""
        for attempt in attempts:
            self._settle(attempt)
        self._set_aside = dict.fromkeys(aside, True)
        self._turns = [turn for turn in self._turns if turn.round == 0 or turn.question not in aside]

    def prepare(self, stuck: Mapping[str, Stuck]) -> None:
        """Set which questions are stuck, by id."""
        self._stuck = stuck

    def ask_again(self) -> None:
        """Ask every question as a second try."""
        self._turns = [Turn(turn.question, 1) for turn in self._turns]

    def saved(self, language: str = "en") -> str:
        """Return a sentence on how many answers are saved."""
        return saved(self._recorder.count, len(self._attempts), language)

    @property
    def resumable(self) -> bool:
        """Whether part of the session is saved and questions are left."""
        return bool(self._recorder.session and self._turns)

    @property
    def question_ids(self) -> Collection[str]:
        """The ids of all questions of the session."""
        return self._questions.keys()

    @property
    def outcome(self) -> Outcome:
        """The result so far."""
        return Outcome(tuple(self._attempts), len(self._questions), self._seed)

    def run(self) -> bool:
        """Ask until every question is settled, the learner stops, or input ends; return whether all are settled.

        Raises:
            NotSavedError: an answer cannot be saved, and the learner declines to continue.
        """
        while self._turns:
            try:
                command = self._ask_next()
            except EOFError:
                self.input_ended = True
                return False
            if command == STOP:
                return False
            if command == UNDO:
                self.take_back()
        return True

    def take_back(self) -> None:
        """Undo the last answer, and ask its question again next."""
        if not self._attempts:
            return
        if self._is_saved:
            before = self._recorder.count
            self._save(self._recorder.take_back, always=True)
            if self._recorder.count < before:  # it is undone in the history, so answers can be saved again
                self._prompts.unsaved = False
        last = self._attempts.pop()
        self._turns = [Turn(last.question.id, last.round), *self._without_repeat(last)]
        self._prompts.show_undone()

    def _ask_next(self) -> str:
        """Ask the next question; return the command that ended it: `NEXT`, `STOP` or `UNDO`."""
        turn = self._turns[0]
        stuck = self._stuck.get(turn.question) if turn.round == 0 else None
        first = stuck.passage if stuck is not None else False
        if first and self._prompts.passage_first(self._questions[turn.question]) == STOP:
            return STOP
        attempt = self._answered(turn, stuck.strikes if stuck is not None else 0)
        if isinstance(attempt, str):
            return attempt
        attempt = self._recorded(attempt._replace(hinted=attempt.hinted or first))
        self._settle(attempt)
        self._prompts.verdict(attempt)
        if self._attempts[-1].aside and stuck is not None and turn.question not in self._set_aside:
            self._prompts.show_last_strike(attempt.question, stuck.strikes + 1)
        elif self._attempts[-1].aside:
            self._prompts.show_aside(aside=True)
        acts = {OVERRULE: self._overrule, FAULT: self._report, ASIDE: self._toggle_aside}
        while (command := self._prompts.pause(self._attempts[-1])) in acts:
            acts[command]()
        return command

    def _answered(self, turn: Turn, strikes: int) -> Attempt | str:
        """Ask a question; return the attempt, or the command that ended it."""
        question = self._questions[turn.question]
        sheet = sheet_of(question, self._seed, turn.round)
        left = sum(other.round == turn.round for other in self._turns)
        number = self._numbers[turn.question] if turn.round == 0 else left
        self._prompts.show_question(sheet, Position(number, len(self._questions), turn.round, strikes))
        started = self._recorder.seconds()
        one_line = self._rules.max_inputs == 1  # a file has one for each question
        report = (lambda: self._report(question)) if self._prompts.reports and not one_line else None
        attempt = ask(sheet, self._prompts, self._rules, undo=bool(self._attempts), report=report)
        if isinstance(attempt, str):
            return attempt
        return attempt._replace(round=turn.round, seconds=self._recorder.seconds() - started)

    def _overrule(self) -> None:
        """Count the last answer as right, because the learner says so, and do not repeat its question."""
        last = self._attempts[-1]._replace(overruled=True)
        if self._is_saved:
            self._save(lambda: self._recorder.overrule(last))
        self._attempts[-1] = last._replace(aside=self._is_aside(last))
        self._turns = self._without_repeat(last)
        self._prompts.show_overruled()

    def _report(self, question: Question | None = None) -> None:
        """Ask what is wrong with a question, by default the last one, and save it."""
        faulty = question or self._attempts[-1].question
        text = self._prompts.fault()
        if text and self._save(lambda: self._recorder.fault(faulty, text)):
            self._prompts.show_reported()

    def _toggle_aside(self) -> None:
        """Set the last question aside, so that it is not asked again, or bring it back."""
        last = self._attempts[-1]
        aside = not last.aside
        if not self._save(lambda: self._recorder.suspend(last.question, suspended=aside)):
            return
        self._set_aside[last.question.id] = aside
        self._attempts.pop()
        self._turns = self._without_repeat(last)
        self._settle(last)
        self._prompts.show_aside(aside=aside)

    def _is_aside(self, attempt: Attempt) -> bool:
        """Whether a question is set aside after an attempt, by the learner or by the last strike."""
        stuck = self._stuck.get(attempt.question.id)
        last = stuck is not None and stuck.is_last and attempt.round == 0
        return self._set_aside.get(attempt.question.id, last and attempt.act("review").rating == AGAIN)

    def _settle(self, attempt: Attempt) -> None:
        """Apply an attempt."""
        aside = self._is_aside(attempt)
        self._attempts.append(attempt._replace(aside=aside))
        turn = Turn(attempt.question.id, attempt.round)
        self._turns = settle(self._turns, turn, self._rules.repeats, right=attempt.right or aside)

    def _without_repeat(self, attempt: Attempt) -> list[Turn]:
        """Return the turns without the repeat that this attempt caused."""
        return [turn for turn in self._turns if turn != (attempt.question.id, attempt.round + 1)]

    def _recorded(self, attempt: Attempt) -> Attempt:
        """Ask how sure the learner is, and save the answer even if that prompt is interrupted."""
        answered = attempt.marking is not None and not attempt.unreadable
        try:
            if self._rules.confidence and answered and not attempt.confidence:
                attempt = attempt._replace(confidence=self._prompts.confidence())
        finally:
            self._save(lambda: self._recorder.keep(attempt))
        return attempt

    @property
    def _is_saved(self) -> bool:
        """Whether the last answer is saved, as it is unless saving failed before it."""
        return len(self._attempts) <= self._recorder.count - self._saved_before

    def _save(self, save: Callable[[], None], *, always: bool = False) -> bool:
        """Save before showing the result; return whether it is saved. Continue unsaved only if the learner agrees.

        After that, only what is `always` is saved.
        """
        if self._prompts.unsaved and not always:
            return False
        try:
            save()
        except NotSavedError as error:
            if not self._prompts.confirm_unsaved(str(error)):
                raise
            return False
        return True


def ask(
    sheet: Sheet, prompts: Prompts, rules: Rules, *, undo: bool = False, report: Callable[[], None] | None = None
) -> Attempt | str:
    """Ask one question until it is answered or skipped; return the attempt, `STOP` or `UNDO`.

    `undo` says whether there is an answer to take back; `report` asks what is wrong with the question, and is None if
    reports cannot be saved.

    Raises:
        EOFError: end of input.
    """
    question = sheet.question
    hinted = False

    def commands() -> list[tuple[str, str]]:
        hint = [(HINT, "hint")] if question.hint and not hinted else []
        faulty = [(FAULT, "faulty")] if report is not None else []
        back = [(UNDO, "undo")] if undo and rules.undo else []
        return [*hint, (SKIP, "skip"), *faulty, *back, (STOP, "stop")]

    for given in inputs(sheet, rules, prompts.read, commands, [HINT]):
        if given.command in (STOP, UNDO):
            return given.command
        if given.command == SKIP:
            break
        if given.command == FAULT and report is not None:
            report()
        elif given.command == HINT:
            hinted = hinted or bool(question.hint)
            prompts.hint(question)
        elif given.again:
            prompts.explain_unreadable(given.marking)
        else:
            return Attempt(question, given.answer, 0, hinted, given.tries, given.typed, given.confidence)
    return Attempt(question, None, hinted=hinted)
