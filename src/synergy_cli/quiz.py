"""A quiz session: which questions, in which order; a question until it is answered; what the session came to."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from synergy_cli import views
from synergy_cli.questions import Entry, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.content import Course
    from synergy_cli.questions import Marking, Question, Sheet
    from synergy_cli.terminal import Terminal
    from synergy_cli.theme import Look

SCHEMA = 1
HINT, SKIP, STOP, NEXT, PASSAGE = "?", "s", "q", "\n", "e"


class Rules(NamedTuple):
    """How patient a session is.

    Attributes:
        repeats: how often a missed question comes again at most.
        second_try: whether a near miss may be typed once more.
        strays: after how many readings that settle nothing the question counts as skipped; 0 for never.
    """

    repeats: int = 2
    second_try: bool = True
    strays: int = 0


AT_A_SCREEN = Rules()
FROM_A_PIPE = Rules(strays=5)
FROM_A_FILE = Rules(repeats=0, second_try=False, strays=1)


class Attempt(NamedTuple):
    """One question, answered or skipped.

    Attributes:
        question: which.
        marking: of the answer; None when it was skipped.
        round: 0 when it was asked for the first time in the session.
        hinted: whether the hint was shown before.
    """

    question: Question
    marking: Marking | None
    round: int = 0
    hinted: bool = False

    @property
    def unreadable(self) -> bool:
        """Tell whether what was typed was no answer to this question."""
        return self.marking is not None and self.marking.verdict is Verdict.UNREADABLE

    @property
    def right(self) -> bool:
        """Tell whether it was answered rightly."""
        return self.marking is not None and self.marking.verdict is Verdict.RIGHT


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

    def verdict(self, attempt: Attempt) -> None:
        """Show how it went, and why."""

    def rest(self, question: Question) -> bool:
        """Let the feedback be read, the passage with it; False to stop the session here."""


def choose(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """Choose what to ask.

    Args:
        questions: those that may be asked.
        count: how many, at most.
        seed: the same seed chooses the same.

    Returns:
        Questions drawn evenly over the pages; two on one passage do not follow each other where that can be helped.
    """
    rng = Random(seed)  # noqa: S311  a shuffle that can be repeated, no secret
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.page, []).append(question)
    rows = list(groups.values())
    for row in rows:
        rng.shuffle(row)
    rng.shuffle(rows)
    drawn = [row[turn] for turn in range(max(map(len, rows), default=0)) for row in rows if turn < len(row)]
    return _spaced(drawn[:count])


def _spaced(questions: Sequence[Question]) -> list[Question]:
    left = list(questions)
    spaced: list[Question] = []
    while left:
        last = spaced[-1].passage if spaced else None
        place = next((i for i, question in enumerate(left) if question.passage != last), 0)
        spaced.append(left.pop(place))
    return spaced


def sit(questions: Sequence[Question], desk: Desk, seed: int, rules: Rules) -> list[Attempt]:
    """Go through a session.

    Args:
        questions: in the order in which they are asked.
        desk: shows and reads.
        seed: shuffles the options; how one question is shuffled does not depend on the answers to others.
        rules: how patient it is.

    Returns:
        All attempts in order. The session ends when every question was right or came again often enough, when the
        desk says stop, or when nothing more can be read.
    """
    queue = deque((question, 0) for question in questions)
    numbers = {question.id: number for number, question in enumerate(questions, start=1)}
    attempts: list[Attempt] = []
    while queue:
        question, again = queue.popleft()
        sheet = question.sheet(Random(f"{seed}/{question.id}/{again}"))  # noqa: S311  repeatable, no secret
        left = 1 + sum(other == again for _, other in queue)
        number = numbers[question.id] if again == 0 else left
        desk.put(sheet, Position(number, len(questions), again))
        try:
            attempt = ask(sheet, desk, rules, again)
            if attempt is None:
                break
            attempts.append(attempt)
            if not attempt.right and again < rules.repeats:
                queue.append((question, again + 1))
            desk.verdict(attempt)
            if not desk.rest(question):
                break
        except EOFError:
            break
    return attempts


def ask(sheet: Sheet, desk: Desk, rules: Rules, again: int = 0) -> Attempt | None:
    """Ask one question until it is answered, skipped, or the session is stopped.

    Args:
        sheet: the question.
        desk: shows and reads.
        rules: how patient to be.
        again: how often it was asked before.

    Returns:
        The attempt, or None to stop.

    Raises:
        EOFError: nothing more can be read.
    """
    question = sheet.question
    hinted = near = False
    strays = 0
    while True:
        commands = [(HINT, "hint")] if question.hint and not hinted else []
        typed = desk.read(sheet, [*commands, (SKIP, "skip"), (STOP, "stop")])
        marking = sheet.mark(typed)
        word = _command(typed, marking)
        if word == STOP:
            return None
        second_try = rules.second_try and not near
        if word == HINT:
            hinted = hinted or bool(question.hint)
            desk.hint(question)
        elif word == SKIP:
            return Attempt(question, None, again, hinted)
        elif marking.verdict in (Verdict.RIGHT, Verdict.WRONG) or (marking.verdict is Verdict.NEAR and not second_try):
            return Attempt(question, marking, again, hinted)
        else:
            near = near or marking.verdict is Verdict.NEAR
            desk.remark(marking)
        strays += 1
        if strays == rules.strays:
            return Attempt(question, marking if typed.strip() and word != HINT else None, again, hinted)


def _command(typed: str, marking: Marking) -> str:
    """Give the command that was typed, if any; a right answer is never taken for one."""
    word = typed.strip().lower()
    return word if word in (HINT, SKIP, STOP) and marking.verdict is not Verdict.RIGHT else ""


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
    def missed(self) -> list[Question]:
        """Give the questions that were not right at the first try."""
        return [attempt.question for attempt in self.first if not attempt.right]

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
                    "answer": list(attempt.marking.given) if attempt.marking else [],
                    "key": list(attempt.question.solution),
                }
                for attempt in self.attempts
            ],
        }


def titles(course: Course) -> dict[str, str]:
    """Give the titles of a course's pages, by id, in order."""
    return {entry.id: entry.title for entry in course.entries}


def summary(outcome: Outcome, course: Course, again: str, look: Look) -> views.Lines:
    """Draw the end of a session.

    Args:
        outcome: what it came to.
        course: whose questions were asked.
        again: with what the program is called to repeat it.
        look: what can be drawn.

    Returns:
        The lines, a blank one first.
    """
    lines = views.summary(outcome.score, outcome.by_page(titles(course)), outcome.missed, look)
    way = views.commands([("The same again:", f"{look.program} {again}")], look)
    return views.blank() + views.joined([lines, way])


class TerminalDesk:
    """A desk at a terminal: question by question below each other, nothing ever drawn again."""

    def __init__(self, terminal: Terminal, course: Course) -> None:
        """Set the desk up.

        Args:
            terminal: where.
            course: whose questions are asked; its pages' titles, sources and passages are shown with them.
        """
        self._terminal = terminal
        self._course = course
        self._titles = titles(course)

    def put(self, sheet: Sheet, position: Position) -> None:
        """Show a question: where we are, the stem, the options."""
        look = self._terminal.look
        place = f"Question {position.number} of {position.total}"
        if position.round:
            place = f"Asked again, {position.number} left"
        where = [place, self._titles.get(sheet.question.page, ""), sheet.question.level]
        self._terminal.show([*views.question(sheet, [fact for fact in where if fact], look), *views.blank()])

    def read(self, sheet: Sheet, commands: Sequence[tuple[str, str]]) -> str:
        """Read a key where one key answers, a line elsewhere; the keys that work now stand above it."""
        question = sheet.question
        by_key = self._terminal.single_keys and question.entry is Entry.KEY
        if not self._terminal.interactive:
            return self._terminal.line("> ")
        expected = question.expects(sheet)
        pairs = [(expected, "answer"), *commands] if by_key else [("Type", expected), *commands, ("Enter", "sends")]
        self._terminal.show(views.keys(pairs, self._terminal.look))
        return self._press() if by_key else self._terminal.line("> ")

    def hint(self, question: Question) -> None:
        """Show the hint."""
        text = question.hint or "There is none for this question."
        self._terminal.show([*views.hint(text, self._terminal.look), *views.blank()])

    def remark(self, marking: Marking) -> None:
        """Say what was expected."""
        self._terminal.show([*views.remarks(marking.remarks, self._terminal.look), *views.blank()])

    def verdict(self, attempt: Attempt) -> None:
        """Show the verdict, the reasons and the sources."""
        look = self._terminal.look
        lines = views.feedback(attempt.question, attempt.marking, self._course.sources, look, right=attempt.right)
        self._terminal.show([*views.blank(), *lines, *views.blank()])

    def rest(self, question: Question) -> bool:
        """Wait until the feedback was read; show the passage when it is asked for. A pipe does not wait."""
        while self._terminal.interactive:
            way = [(PASSAGE, "passage")] if question.passage else []
            self._terminal.show(views.keys([("Enter", "next"), *way, (STOP, "stop")], self._terminal.look))
            key = self._press() if self._terminal.single_keys else f"{self._terminal.line('> ').strip()}\n"[:1]
            if key == STOP:
                return False
            if key in (NEXT, " "):
                break
            if key == PASSAGE and way:
                self._terminal.show([*views.blank(), *self._passage(question), *views.blank()])
        if self._terminal.interactive:
            self._terminal.show(views.blank())
        return True

    def _passage(self, question: Question) -> views.Lines:
        page, sources = self._course.page(question.page)
        return views.passage(page.passage(question.heading), page, sources, self._terminal.look)

    def _press(self) -> str:
        self._terminal.write("> ")
        try:
            key = self._terminal.key()
        except BaseException:
            with suppress(OSError):  # the window may be gone
                self._terminal.write("\n")
            raise
        self._terminal.write(f"{key if key.isprintable() else ''}\n")
        return key
