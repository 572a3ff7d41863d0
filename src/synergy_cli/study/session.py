"""A quiz session: one question after the other, each until it is answered."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import TYPE_CHECKING

from synergy_cli.course.question import Verdict
from synergy_cli.history.events import CONFIDENCES
from synergy_cli.history.log import NotSavedError
from synergy_cli.study.attempts import HINT, SKIP, STOP, UNDO, Attempt, Outcome, Position, Rules, saved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.question import Marking, Question, Sheet
    from synergy_cli.study.prompts import Prompts
    from synergy_cli.study.recording import AnswerRecorder


class Session:
    """Goes through questions. A missed one comes again; the last answer can be taken back."""

    def __init__(
        self, questions: Sequence[Question], prompts: Prompts, recorder: AnswerRecorder, seed: int, rules: Rules
    ) -> None:
        """Prepare a session.

        Args:
            questions: in the order in which they are asked.
            prompts: shows and reads.
            recorder: keeps the answers.
            seed: shuffles the options; how one question is shuffled does not depend on the answers to others.
            rules: how patient it is.
        """
        self._questions = list(questions)
        self._numbers = {question.id: number for number, question in enumerate(questions, start=1)}
        self._queue = deque((question, 0) for question in questions)
        self._prompts = prompts
        self._recorder = recorder
        self._saves = True
        self._seed = seed
        self._rules = rules
        self._attempts: list[Attempt] = []

    @property
    def kept(self) -> int:
        """Count its answers that are saved."""
        return self._recorder.count

    @property
    def saved(self) -> str:
        """Say how many of its answers are saved."""
        return saved_in(self)

    @property
    def outcome(self) -> Outcome:
        """Give what it came to so far."""
        return Outcome(tuple(self._attempts), len(self._questions), self._seed)

    def run(self) -> bool:
        """Ask until every question was right or came again often enough, or the desk says stop, or nothing more comes.

        Returns:
            Whether it went to its end.

        Raises:
            NotSavedError: an answer could not be saved, and the learner does not go on without.
        """
        while self._queue:
            try:
                word = self._ask_next()
            except EOFError:
                return False
            if word == STOP:
                return False
            if word == UNDO:
                self.take_back()
        return True

    def take_back(self) -> None:
        """Let the last answer count no longer, and ask its question again next."""
        if not self._attempts:
            return
        self._saves = (
            self._saves or len(self._attempts) <= self._recorder.count
        )  # what is on record is taken back there
        self._save(self._recorder.take_back)
        last = self._attempts.pop()
        again = (last.question, last.round + 1)
        if again in self._queue:
            self._queue.remove(again)
        self._queue.appendleft((last.question, last.round))
        self._prompts.show_undone()

    def _ask_next(self) -> str:
        """Ask the next question; give the command that ended it: `NEXT`, `STOP` or `UNDO`."""
        question, again = self._queue[0]
        sheet = question.sheet(Random(f"{self._seed}/{question.id}/{again}"))  # noqa: S311  repeatable, no secret
        left = sum(other == again for _, other in self._queue)
        number = self._numbers[question.id] if again == 0 else left
        self._prompts.show_question(sheet, Position(number, len(self._questions), again))
        begun = self._recorder.seconds()
        attempt = ask(sheet, self._prompts, self._rules, again, undo=bool(self._attempts))
        if isinstance(attempt, str):
            return attempt
        attempt = self._kept(attempt._replace(seconds=self._recorder.seconds() - begun))
        self._queue.popleft()
        self._attempts.append(attempt)
        if not attempt.right and again < self._rules.repeats:
            self._queue.append((question, again + 1))
        self._prompts.verdict(attempt)
        return self._prompts.pause(question)

    def _kept(self, attempt: Attempt) -> Attempt:
        """Ask how sure an answer is, and save it: it was given, whatever becomes of that question."""
        answered = attempt.marking is not None and not attempt.unreadable
        try:
            if self._rules.confidence and answered and not attempt.confidence:
                attempt = attempt._replace(confidence=self._prompts.confidence())
        finally:
            self._save(lambda: self._recorder.keep(attempt))
        return attempt

    def _save(self, save: Callable[[], None]) -> None:
        """Save something before anything is shown of it; go on without only when the learner says so."""
        if not self._saves:
            return
        try:
            save()
        except NotSavedError as error:
            if not self._prompts.confirm_unsaved(str(error)):
                raise
            self._saves = False


def saved_in(*sessions: Session) -> str:
    """Say how many answers of some sessions are saved."""
    return saved(sum(one.kept for one in sessions), sum(len(one.outcome.attempts) for one in sessions))


def ask(sheet: Sheet, prompts: Prompts, rules: Rules, again: int = 0, *, undo: bool = False) -> Attempt | str:
    """Ask one question until it is answered, skipped, or something else is wanted.

    Args:
        sheet: the question.
        prompts: shows and reads.
        rules: how patient to be.
        again: how often it was asked before.
        undo: whether there is an answer that could be taken back.

    Returns:
        The attempt, or `STOP` or `UNDO`.

    Raises:
        EOFError: nothing more can be read.
    """
    question = sheet.question
    hinted = False
    unreadable = tries = 0
    while True:
        commands = [(HINT, "hint")] if question.hint and not hinted else []
        commands += [(SKIP, "skip"), *([(UNDO, "undo")] if undo and rules.undo else []), (STOP, "stop")]
        typed, said = split_confidence(prompts.read(sheet, commands), rules)
        marking = sheet.mark(typed)
        word = _command(typed, marking, [HINT, *(key for key, _ in commands)])
        if word in (STOP, UNDO):
            return word
        if word == SKIP:
            return Attempt(question, None, again, hinted)
        if word == HINT:
            hinted = hinted or bool(question.hint)
            prompts.hint(question)
        else:
            tries += marking.verdict is not Verdict.UNREADABLE
            nearly = marking.verdict is Verdict.NEAR and rules.second_try and tries == 1
            if marking.verdict is not Verdict.UNREADABLE and not nearly:
                return Attempt(question, marking, again, hinted, tries, typed, said)
            prompts.explain_unreadable(marking)
        unreadable += 1
        if unreadable == rules.max_unreadable:
            given = marking if typed.strip() and word != HINT else None
            return Attempt(question, given, again, hinted, tries, typed)


def split_confidence(typed: str, rules: Rules) -> tuple[str, str]:
    """Part an answer from the confidence that may stand after a tab.

    Args:
        typed: as it was read.
        rules: say whether a confidence may be given at all.

    Returns:
        The answer, and one of `events.CONFIDENCES`, or empty.
    """
    answer, tab, word = typed.partition("\t")
    word = word.strip().lower()
    said = next((name for name in CONFIDENCES if word and name.startswith(word)), "") if rules.confidence else ""
    return (answer, said) if tab and rules.confidence else (typed, "")


def _command(typed: str, marking: Marking, commands: Sequence[str]) -> str:
    """Give the command that was typed, if any; a right answer is never taken for one."""
    word = typed.strip().lower()
    return word if word in commands and marking.verdict is not Verdict.RIGHT else ""
