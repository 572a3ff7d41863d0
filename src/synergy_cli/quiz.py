"""A quiz session: its questions one after the other, each until it is answered; what the session came to."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from synergy_cli import views
from synergy_cli.desk import HINT, SKIP, STOP, UNDO, titles
from synergy_cli.events import CONFIDENCES, LONGEST_ANSWER, Answer
from synergy_cli.journal import NotSavedError
from synergy_cli.questions import Verdict
from synergy_cli.scheduler import ALGORITHM, POLICY, rating
from synergy_cli.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from synergy_cli.content import Course
    from synergy_cli.events import Event
    from synergy_cli.history import History
    from synergy_cli.questions import Marking, Question, Sheet
    from synergy_cli.theme import Look

SCHEMA = 1


class Rules(NamedTuple):
    """How patient a session is.

    Attributes:
        repeats: how often a missed question comes again at most.
        second_try: whether a near miss may be typed once more.
        strays: after how many readings that settle nothing the question counts as skipped; 0 for never.
        undo: whether the last answer can be taken back.
        confidence: whether the learner may say how sure an answer is.
    """

    repeats: int = 2
    second_try: bool = True
    strays: int = 0
    undo: bool = True
    confidence: bool = False


AT_A_SCREEN = Rules()
FROM_A_PIPE = Rules(strays=5)
FROM_A_FILE = Rules(repeats=0, second_try=False, strays=1, undo=False)


class Attempt(NamedTuple):
    """One question, answered or skipped.

    Attributes:
        question: which.
        marking: of the answer; None when it was skipped.
        round: 0 when it was asked for the first time in the session.
        hinted: whether the hint was shown before.
        tries: how often it was typed; more than one after a near miss.
        typed: what was typed.
        confidence: how sure the learner was, or empty.
        seconds: from its showing to the answer.
    """

    question: Question
    marking: Marking | None
    round: int = 0
    hinted: bool = False
    tries: int = 0
    typed: str = ""
    confidence: str = ""
    seconds: float = 0.0

    @property
    def unreadable(self) -> bool:
        """Tell whether what was typed was no answer to this question."""
        return self.marking is not None and self.marking.verdict is Verdict.UNREADABLE

    @property
    def right(self) -> bool:
        """Tell whether it was answered rightly."""
        return self.marking is not None and self.marking.verdict is Verdict.RIGHT

    def act(self, mode: str) -> Answer:
        """Give what goes on record.

        Args:
            mode: one of `events.MODES`.
        """
        verdict = "right" if self.right else "wrong" if self.marking is not None else "skipped"
        return Answer(
            question=self.question.id,
            revision=self.question.revision,
            mode=mode,
            typed=self.typed[:LONGEST_ANSWER],
            given=tuple(text[:LONGEST_ANSWER] for text in self.marking.given) if self.marking is not None else (),
            verdict=verdict,
            confidence=self.confidence,
            hinted=self.hinted,
            tries=self.tries,
            seconds=round(max(0.0, self.seconds), 1),
            rating=rating(verdict, self.confidence, helped=self.hinted or self.tries > 1),
            policy=POLICY,
            algorithm=ALGORITHM,
        )


class Position(NamedTuple):
    """Where a session stands: which question of how many; or, for one that comes again, how many are left."""

    number: int
    total: int
    round: int


class Desk(Protocol):
    """What a session needs of the outside."""

    def put(self, sheet: Sheet, position: Position) -> None:
        """Show a question."""

    def read(self, sheet: Sheet, commands: Sequence[tuple[str, str]]) -> str:
        """Read an answer or a command; EOFError when nothing more comes."""

    def hint(self, question: Question) -> None:
        """Show a question's hint."""

    def remark(self, marking: Marking) -> None:
        """Say why something typed is not marked yet."""

    def confidence(self) -> str:
        """Ask how sure the learner is; empty when it is not said."""

    def verdict(self, attempt: Attempt) -> None:
        """Show how it went, and why."""

    def rest(self, question: Question) -> str:
        """Let the feedback be read, the passage with it; give `NEXT`, `STOP` or `UNDO`."""

    def undone(self, question: Question) -> None:
        """Say that an answer was taken back."""

    def goes_on_unsaved(self, reason: str) -> bool:
        """Ask whether to go on although answers cannot be saved."""


class Keeper(Protocol):
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


class Record:
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


class Session:
    """Goes through questions. A missed one comes again; the last answer can be taken back."""

    def __init__(self, questions: Sequence[Question], desk: Desk, keeper: Keeper, seed: int, rules: Rules) -> None:
        """Prepare a session.

        Args:
            questions: in the order in which they are asked.
            desk: shows and reads.
            keeper: keeps the answers.
            seed: shuffles the options; how one question is shuffled does not depend on the answers to others.
            rules: how patient it is.
        """
        self._questions = list(questions)
        self._numbers = {question.id: number for number, question in enumerate(questions, start=1)}
        self._queue = deque((question, 0) for question in questions)
        self._desk = desk
        self._keeper = keeper
        self._saves = True
        self._seed = seed
        self._rules = rules
        self._attempts: list[Attempt] = []

    @property
    def kept(self) -> int:
        """Count its answers that are saved."""
        return self._keeper.count

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
        self._saves = self._saves or len(self._attempts) <= self._keeper.count  # what is on record is taken back there
        self._save(self._keeper.take_back)
        last = self._attempts.pop()
        again = (last.question, last.round + 1)
        if again in self._queue:
            self._queue.remove(again)
        self._queue.appendleft((last.question, last.round))
        self._desk.undone(last.question)

    def _ask_next(self) -> str:
        """Ask the next question; give the command that ended it: `NEXT`, `STOP` or `UNDO`."""
        question, again = self._queue[0]
        sheet = question.sheet(Random(f"{self._seed}/{question.id}/{again}"))  # noqa: S311  repeatable, no secret
        left = sum(other == again for _, other in self._queue)
        number = self._numbers[question.id] if again == 0 else left
        self._desk.put(sheet, Position(number, len(self._questions), again))
        begun = self._keeper.seconds()
        attempt = ask(sheet, self._desk, self._rules, again, undo=bool(self._attempts))
        if isinstance(attempt, str):
            return attempt
        attempt = self._kept(attempt._replace(seconds=self._keeper.seconds() - begun))
        self._queue.popleft()
        self._attempts.append(attempt)
        if not attempt.right and again < self._rules.repeats:
            self._queue.append((question, again + 1))
        self._desk.verdict(attempt)
        return self._desk.rest(question)

    def _kept(self, attempt: Attempt) -> Attempt:
        """Ask how sure an answer is, and save it: it was given, whatever becomes of that question."""
        answered = attempt.marking is not None and not attempt.unreadable
        try:
            if self._rules.confidence and answered and not attempt.confidence:
                attempt = attempt._replace(confidence=self._desk.confidence())
        finally:
            self._save(lambda: self._keeper.keep(attempt))
        return attempt

    def _save(self, save: Callable[[], None]) -> None:
        """Save something before anything is shown of it; go on without only when the learner says so."""
        if not self._saves:
            return
        try:
            save()
        except NotSavedError as error:
            if not self._desk.goes_on_unsaved(str(error)):
                raise
            self._saves = False


def saved_in(*sessions: Session) -> str:
    """Say how many answers of some sessions are saved."""
    return saved(sum(one.kept for one in sessions), sum(len(one.outcome.attempts) for one in sessions))


def saved(kept: int, given: int) -> str:
    """Say how many answers are saved.

    Args:
        kept: so many are.
        given: of so many.
    """
    if not kept:
        return "No answer is saved."
    return f"{f'{kept} of ' if kept < given else ''}{counted(max(kept, given), 'answer')} saved."


def ask(sheet: Sheet, desk: Desk, rules: Rules, again: int = 0, *, undo: bool = False) -> Attempt | str:
    """Ask one question until it is answered, skipped, or something else is wanted.

    Args:
        sheet: the question.
        desk: shows and reads.
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
    strays = tries = 0
    while True:
        commands = [(HINT, "hint")] if question.hint and not hinted else []
        commands += [(SKIP, "skip"), *([(UNDO, "undo")] if undo and rules.undo else []), (STOP, "stop")]
        typed, said = parted(desk.read(sheet, commands), rules)
        marking = sheet.mark(typed)
        word = _command(typed, marking, [HINT, *(key for key, _ in commands)])
        if word in (STOP, UNDO):
            return word
        if word == SKIP:
            return Attempt(question, None, again, hinted)
        if word == HINT:
            hinted = hinted or bool(question.hint)
            desk.hint(question)
        else:
            tries += marking.verdict is not Verdict.UNREADABLE
            nearly = marking.verdict is Verdict.NEAR and rules.second_try and tries == 1
            if marking.verdict is not Verdict.UNREADABLE and not nearly:
                return Attempt(question, marking, again, hinted, tries, typed, said)
            desk.remark(marking)
        strays += 1
        if strays == rules.strays:
            given = marking if typed.strip() and word != HINT else None
            return Attempt(question, given, again, hinted, tries, typed)


def parted(typed: str, rules: Rules) -> tuple[str, str]:
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


class Outcome(NamedTuple):
    """What a session came to.

    Attributes:
        attempts: in order.
        planned: how many questions were chosen.
        seed: by which it can be repeated.
    """

    attempts: tuple[Attempt, ...]
    planned: int
    seed: int

    @property
    def first(self) -> list[Attempt]:
        """Give the first attempt at each question."""
        return [attempt for attempt in self.attempts if attempt.round == 0]

    @property
    def score(self) -> tuple[int, int]:
        """Count the questions right at the first try, and those asked."""
        return sum(attempt.right for attempt in self.first), len(self.first)

    @property
    def sure_and_wrong(self) -> list[Question]:
        """Give the questions whose answer was wrong although the learner was sure: what to look at first."""
        return [a.question for a in self.first if a.marking is not None and not a.right and a.confidence == "sure"]

    @property
    def missed(self) -> list[Question]:
        """Give the other questions that were not right at the first try."""
        sure = {question.id for question in self.sure_and_wrong}
        return [attempt.question for attempt in self.first if not attempt.right and attempt.question.id not in sure]

    def by_page(self, titles: Mapping[str, str]) -> list[tuple[str, str, int, int]]:
        """Count by page.

        Args:
            titles: of the pages, by id, in order.

        Returns:
            Page id, title, right at the first try, asked; pages that were not asked about are left out.
        """
        rows = []
        for page in dict.fromkeys([*titles, *(attempt.question.page for attempt in self.first)]):
            own = [attempt.right for attempt in self.first if attempt.question.page == page]
            if own:
                rows.append((page, titles.get(page, ""), sum(own), len(own)))
        return rows

    def document(self) -> dict[str, Any]:
        """Give the session for programs."""
        right, asked = self.score
        return {
            "schema": SCHEMA,
            "seed": self.seed,
            "planned": self.planned,
            "asked": asked,
            "right": right,
            "attempts": [
                {
                    "id": attempt.question.id,
                    "type": attempt.question.kind,
                    "stem": attempt.question.stem,
                    "revision": attempt.question.revision,
                    "passage": attempt.question.passage,
                    "round": attempt.round,
                    "right": attempt.right,
                    "skipped": attempt.marking is None,
                    "unreadable": attempt.unreadable,
                    "hinted": attempt.hinted,
                    "confidence": attempt.confidence or None,
                    "seconds": round(attempt.seconds, 1),
                    "answer": list(attempt.marking.given) if attempt.marking else [],
                    "key": list(attempt.question.solution),
                }
                for attempt in self.attempts
            ],
        }


def summary(outcome: Outcome, course: Course, look: Look) -> views.Lines:
    """Draw the end of a session.

    Args:
        outcome: what it came to.
        course: whose questions were asked.
        look: what can be drawn.

    Returns:
        The lines, a blank one first.
    """
    right, asked = outcome.score
    said = f"{right} of {asked} right at the first try ({round(100 * right / asked)}%)" if asked else "nothing answered"
    by_page = outcome.by_page(titles(course))
    return views.blank() + views.summary(said, by_page, outcome.sure_and_wrong, outcome.missed, look)
