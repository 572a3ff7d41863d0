"""A desk at a terminal, where questions are put and answered, one below the other, nothing ever drawn again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.course.question import InputMode
from synergy_cli.history.events import CONFIDENCES
from synergy_cli.study.attempts import NEXT, PASSAGE, STOP, UNDO
from synergy_cli.text import plural
from synergy_cli.ui import elements, pages, quiz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.question import Marking, Question, Sheet
    from synergy_cli.study.attempts import Attempt, Position
    from synergy_cli.ui.terminal import Terminal


_RETRIES = ("Second try", "Third try")


class Prompts:
    """Shows and reads what a session needs."""

    def __init__(self, terminal: Terminal, course: Course) -> None:
        """Set the desk up.

        Args:
            terminal: where.
            course: whose questions are asked; its pages' titles, sources and passages are shown with them.
        """
        self._terminal = terminal
        self._course = course
        self._titles = course.titles
        self.unsaved = False
        """Whether the learner goes on although answers cannot be saved."""

    @property
    def program(self) -> str:
        """Say how the program is called here."""
        return self._terminal.look.program

    def show_question(self, sheet: Sheet, position: Position) -> None:
        """Show a question: where we are, the stem, the options."""
        look = self._terminal.look
        place = [f"Question {position.number} of {position.total}"]
        if position.round:
            place = [_RETRIES[position.round - 1], f"{plural(position.number, 'question')} left"]
        where = [*place, self._titles.get(sheet.question.page, ""), sheet.question.level]
        self._terminal.show([*quiz.question(sheet, [fact for fact in where if fact], look), *elements.blank()])

    def read(self, sheet: Sheet, commands: Sequence[tuple[str, str]]) -> str:
        """Read a key where one key answers, a line elsewhere; the keys that work now stand above it."""
        question = sheet.question
        by_key = self._terminal.single_keys and question.entry is InputMode.KEY
        if not self._terminal.interactive:
            return self._terminal.line("> ")
        expected = question.expects(sheet)
        pairs = [(expected, "answer"), *commands] if by_key else [("Type", expected), *commands, ("Enter", "submit")]
        self._terminal.show(quiz.keys(pairs, self._terminal.look))
        return self._press() if by_key else self._terminal.line("> ")

    def hint(self, question: Question) -> None:
        """Show the hint."""
        text = question.hint or "This question has no hint."
        self._terminal.show([*quiz.hint(text, self._terminal.look), *elements.blank()])

    def explain_unreadable(self, marking: Marking) -> None:
        """Say what was expected."""
        self._terminal.show([*quiz.remarks(marking.remarks, self._terminal.look), *elements.blank()])

    def verdict(self, attempt: Attempt) -> None:
        """Show the verdict, the reasons and the sources."""
        look = self._terminal.look
        lines = quiz.feedback(attempt.question, attempt.marking, self._course.sources, look, right=attempt.right)
        self._terminal.show([*elements.blank(), *lines, *elements.blank()])

    def confidence(self) -> str:
        """Ask how sure the learner is; a pipe is not asked.

        Returns:
            One of `events.CONFIDENCES`, or empty when it was not said.
        """
        if not self._terminal.interactive:
            return ""
        pairs = [*((word[0], word) for word in CONFIDENCES), ("Enter", "rather not say")]
        self._terminal.show(elements.blank())
        while True:
            self._terminal.show(quiz.keys([("How sure?", ""), *pairs], self._terminal.look))
            typed = self._typed()
            found = next((word for word in CONFIDENCES if typed and word.startswith(typed)), "")
            if found or not typed:
                return found

    def pause(self, question: Question) -> str:
        """Let the feedback be read, the passage with it. A pipe does not wait.

        Returns:
            `NEXT`, `STOP` or `UNDO`.
        """
        while self._terminal.interactive:
            way = [(PASSAGE, "passage")] if question.passage else []
            pairs = [("Enter", "next"), *way, (UNDO, "undo"), (STOP, "stop")]
            self._terminal.show(quiz.keys(pairs, self._terminal.look))
            key = self._typed()
            if key in (STOP, UNDO):
                return key
            if not key:
                break
            if key == PASSAGE and way:
                self._terminal.show([*elements.blank(), *self._passage(question), *elements.blank()])
        if self._terminal.interactive:
            self._terminal.show(elements.blank())
        return NEXT

    def confirm_end(self) -> str:
        """Ask, below the summary, whether the last answer should be taken back; a pipe is not asked.

        Returns:
            `NEXT` or `UNDO`.
        """
        while self._terminal.interactive:
            self._terminal.show(
                [*elements.blank(), *quiz.keys([("Enter", "done"), (UNDO, "undo")], self._terminal.look)]
            )
            key = self._typed()
            if key == UNDO:
                return UNDO
            if key in ("", STOP):
                break
        return NEXT

    def show_undone(self) -> None:
        """Say that an answer was taken back."""
        note = elements.note("Answer taken back. Here is the question again.", self._terminal.look)
        self._terminal.show([*elements.blank(), *note, *elements.blank()])

    def confirm_unsaved(self, reason: str) -> bool:
        """Say why answers cannot be saved, and ask whether to go on all the same; a pipe does not."""
        if not self._terminal.interactive:
            return False
        look = self._terminal.look
        lines = elements.note(f"Answers cannot be saved: {reason}", look)
        self._terminal.show(
            [*elements.blank(), *lines, *quiz.keys([("y", "continue without saving"), ("n", "stop")], look)]
        )
        typed = ""
        with suppress(EOFError):  # Ctrl-D stops here as everywhere
            while typed not in ("y", "n", STOP):
                typed = self._typed()
        self.unsaved = typed == "y"
        return self.unsaved

    def _passage(self, question: Question) -> elements.Lines:
        page, sources = self._course.page(question.page)
        return pages.passage(page.passage(question.heading), page, sources, self._terminal.look)

    def _typed(self) -> str:
        """Read a key, or the first letter of a line; empty for Enter or a space."""
        typed = self._press() if self._terminal.single_keys else self._terminal.line("> ")
        return typed.strip().lower()[:1]

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
