"""Prompts of a session on a terminal; output only scrolls, and nothing is redrawn."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.course.question import InputMode
from synergy_cli.history.events import CONFIDENCES
from synergy_cli.study.attempts import NEXT, OVERRULE, PASSAGE, STOP, UNDO
from synergy_cli.text import plural, unify
from synergy_cli.ui import elements, pages, quiz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.question import Marking, Question, Sheet
    from synergy_cli.study.attempts import Attempt, Position
    from synergy_cli.ui.terminal import Terminal


_RETRIES = ("Second try", "Third try")


class Prompts:
    """Shows questions and feedback, and reads answers."""

    def __init__(self, terminal: Terminal, course: Course) -> None:
        """Prompt on a terminal, with the titles, sources and passages of a course."""
        self._terminal = terminal
        self._course = course
        self._titles = course.titles
        self.unsaved = False
        """Whether the learner continues although answers cannot be saved."""

    def show_question(self, sheet: Sheet, position: Position) -> None:
        """Show a question: progress, stem and options."""
        look = self._terminal.look
        place = [f"Question {position.number} of {position.total}"]
        if position.round:
            place = [_RETRIES[position.round - 1], f"{plural(position.number, 'question')} left"]
        where = [*place, self._titles.get(sheet.question.topic, ""), sheet.question.level]
        self._terminal.show([*quiz.question(sheet, [fact for fact in where if fact], look), *elements.blank()])

    def read(self, sheet: Sheet, commands: Sequence[tuple[str, str]]) -> str:
        """Read a key if one key is an answer, else a line, after a list of the keys that work now."""
        question = sheet.question
        by_key = self._terminal.single_keys and question.entry is InputMode.KEY
        if not self._terminal.interactive:
            return self._terminal.line("> ")
        expected = question.expects(sheet)
        answer = (expected, "answer") if by_key else ("", f"Type {expected}")
        pairs = [answer, *commands] if by_key else [answer, *commands, ("Enter", "submit")]
        self._terminal.show(quiz.keys(pairs, self._terminal.look))
        return self._press() if by_key else self._terminal.line("> ")

    def hint(self, question: Question) -> None:
        """Show the hint."""
        self._terminal.show([*quiz.hint(question, self._terminal.look), *elements.blank()])

    def explain_unreadable(self, marking: Marking) -> None:
        """Show why an input cannot be marked."""
        self._terminal.show([*quiz.remarks(marking.remarks, self._terminal.look), *elements.blank()])

    def verdict(self, attempt: Attempt) -> None:
        """Show the verdict, the rationale and the sources."""
        look = self._terminal.look
        lines = quiz.feedback(attempt.question, attempt.marking, self._course.sources, look, right=attempt.right)
        self._terminal.show([*elements.blank(), *lines, *elements.blank()])

    def confidence(self) -> str:
        """Ask how sure the learner is; return one of `events.CONFIDENCES`, or empty (always in a pipe)."""
        if not self._terminal.interactive:
            return ""
        pairs = [*((word[0], word) for word in CONFIDENCES), ("Enter", "rather not say")]
        self._terminal.show(elements.blank())
        while True:
            self._terminal.show(quiz.keys([("", "How sure?"), *pairs], self._terminal.look))
            typed = self._typed()
            confidence = next((word for word in CONFIDENCES if typed and word.startswith(typed)), "")
            if confidence or not typed:
                return confidence

    def pause(self, attempt: Attempt) -> str:
        """Wait after the feedback, and show the passage on request; return `NEXT`, `STOP`, `UNDO` or `OVERRULE`.

        A pipe does not wait.
        """
        while self._terminal.interactive:
            question = attempt.question
            passage = [(PASSAGE, "passage")] if question.passage else []
            overrule = [(OVERRULE, "I was right")] if attempt.disputable else []
            pairs = [("Enter", "next"), *passage, *overrule, (UNDO, "undo"), (STOP, "stop")]
            self._terminal.show(quiz.keys(pairs, self._terminal.look))
            key = self._typed()
            if key in (STOP, UNDO) or (key == OVERRULE and overrule):
                return key
            if not key:
                break
            if key == PASSAGE and passage:
                self._terminal.show([*elements.blank(), *self._passage(question), *elements.blank()])
        if self._terminal.interactive:
            self._terminal.show(elements.blank())
        return NEXT

    def confirm_end(self) -> str:
        """Offer to take the last answer back after the summary; return `NEXT` (always in a pipe) or `UNDO`."""
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

    def wait(self, next_step: str) -> None:
        """Wait for Enter, which leads to the next step; a pipe does not wait."""
        while self._terminal.interactive:
            self._terminal.show([*elements.blank(), *quiz.keys([("Enter", next_step)], self._terminal.look)])
            with suppress(EOFError):
                if self._typed() not in ("", STOP):
                    continue
            break

    def show_overruled(self) -> None:
        """Show that an answer counts as right because the learner says so."""
        note = elements.note("Counted as right.", self._terminal.look)
        self._terminal.show([*elements.blank(), *note, *elements.blank()])

    def show_undone(self) -> None:
        """Show that an answer was taken back."""
        note = elements.note("Answer taken back. Here is the question again.", self._terminal.look)
        self._terminal.show([*elements.blank(), *note, *elements.blank()])

    def confirm_unsaved(self, reason: str) -> bool:
        """Show why answers cannot be saved, and ask whether to continue; a pipe does not continue."""
        if not self._terminal.interactive:
            return False
        look = self._terminal.look
        lines = elements.note(f"Answers cannot be saved: {reason}", look)
        self._terminal.show(
            [*elements.blank(), *lines, *quiz.keys([("y", "continue without saving"), ("n", "stop")], look)]
        )
        typed = ""
        with suppress(EOFError):  # Ctrl-D stops, as everywhere
            while typed not in ("y", "n", STOP):
                typed = self._typed()
        self.unsaved = typed == "y"
        return self.unsaved

    def _passage(self, question: Question) -> elements.Lines:
        page, sources = self._course.page(question.page)
        return pages.passage(page.passage(question.heading), page, sources, self._terminal.look)

    def _typed(self) -> str:
        """Return a key, pasted text, or the first letter of a line; empty for Enter or a space."""
        if self._terminal.single_keys:
            return unify(self._press()).lower()
        return unify(self._terminal.line("> ")).lower()[:1]

    def _press(self) -> str:
        try:
            key = self._terminal.key("> ")
        except BaseException:
            with suppress(OSError):  # the terminal may be closed
                self._terminal.write("\n")
            raise
        shown = " ".join(key.split())
        self._terminal.write(f"{shown if shown.isprintable() else ''}\n")
        return key
