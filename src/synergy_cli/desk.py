"""A desk at a terminal, where questions are put and answered, one below the other, nothing ever drawn again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli import views
from synergy_cli.events import CONFIDENCES
from synergy_cli.questions import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.content import Course
    from synergy_cli.questions import Marking, Question, Sheet
    from synergy_cli.quiz import Attempt, Position
    from synergy_cli.terminal import Terminal

HINT, SKIP, STOP, UNDO, NEXT, PASSAGE = "?", "s", "q", "u", "\n", "e"


def titles(course: Course) -> dict[str, str]:
    """Give the titles of a course's pages, by id, in order."""
    return {entry.id: entry.title for entry in course.entries}


class TerminalDesk:
    """Shows and reads what a session needs."""

    def __init__(self, terminal: Terminal, course: Course) -> None:
        """Set the desk up.

        Args:
            terminal: where.
            course: whose questions are asked; its pages' titles, sources and passages are shown with them.
        """
        self._terminal = terminal
        self._course = course
        self._titles = titles(course)
        self.unsaved = False
        """Whether the learner goes on although answers cannot be saved."""

    @property
    def program(self) -> str:
        """Say how the program is called here."""
        return self._terminal.look.program

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

    def confidence(self) -> str:
        """Ask how sure the learner is; a pipe is not asked.

        Returns:
            One of `events.CONFIDENCES`, or empty when it was not said.
        """
        if not self._terminal.interactive:
            return ""
        pairs = [*((word[0], word) for word in CONFIDENCES), ("Enter", "not said")]
        self._terminal.show(views.blank())
        while True:
            self._terminal.show(views.keys([("How sure?", ""), *pairs], self._terminal.look))
            typed = self._typed()
            found = next((word for word in CONFIDENCES if typed and word.startswith(typed)), "")
            if found or not typed:
                return found

    def rest(self, question: Question) -> str:
        """Let the feedback be read, the passage with it. A pipe does not wait.

        Returns:
            `NEXT`, `STOP` or `UNDO`.
        """
        while self._terminal.interactive:
            way = [(PASSAGE, "passage")] if question.passage else []
            pairs = [("Enter", "next"), *way, (UNDO, "undo"), (STOP, "stop")]
            self._terminal.show(views.keys(pairs, self._terminal.look))
            key = self._typed()
            if key in (STOP, UNDO):
                return key
            if not key:
                break
            if key == PASSAGE and way:
                self._terminal.show([*views.blank(), *self._passage(question), *views.blank()])
        if self._terminal.interactive:
            self._terminal.show(views.blank())
        return NEXT

    def leave(self) -> str:
        """Ask, below the summary, whether the last answer should be taken back; a pipe is not asked.

        Returns:
            `NEXT` or `UNDO`.
        """
        while self._terminal.interactive:
            self._terminal.show([*views.blank(), *views.keys([("Enter", "done"), (UNDO, "undo")], self._terminal.look)])
            key = self._typed()
            if key == UNDO:
                return UNDO
            if key in ("", STOP):
                break
        return NEXT

    def undone(self, question: Question) -> None:
        """Say that an answer was taken back."""
        note = f"Undone: the answer to `{question.id}`. Here it is again."
        self._terminal.show([*views.blank(), *views.note(note, self._terminal.look), *views.blank()])

    def goes_on_unsaved(self, reason: str) -> bool:
        """Say why answers cannot be saved, and ask whether to go on all the same; a pipe does not."""
        if not self._terminal.interactive:
            return False
        look = self._terminal.look
        lines = views.note(f"Answers cannot be saved: {reason}", look)
        self._terminal.show([*views.blank(), *lines, *views.keys([("y", "go on unsaved"), ("n", "stop")], look)])
        typed = ""
        with suppress(EOFError):  # Ctrl-D stops here as everywhere
            while typed not in ("y", "n", STOP):
                typed = self._typed()
        self.unsaved = typed == "y"
        return self.unsaved

    def _passage(self, question: Question) -> views.Lines:
        page, sources = self._course.page(question.page)
        return views.passage(page.passage(question.heading), page, sources, self._terminal.look)

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


class PretestDesk(TerminalDesk):
    """A desk at which questions are asked before the page was read: the page gives the answer."""

    def verdict(self, attempt: Attempt) -> None:
        """Say that the answer is noted."""
        del attempt
        self._terminal.show([*views.blank(), *views.paragraph("Noted. The page answers it.", self._terminal.look)])

    def rest(self, question: Question) -> str:
        """Go on at once."""
        del question
        self._terminal.show(views.blank())
        return NEXT
