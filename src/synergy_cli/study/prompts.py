"""Prompts of a session on a terminal; output only scrolls, and nothing is redrawn."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.course.question import InputMode
from synergy_cli.history.events import CONFIDENCES
from synergy_cli.study.attempts import NEXT, OVERRULE, PASSAGE, STOP, UNDO
from synergy_cli.text import unify
from synergy_cli.ui import elements, pages, quiz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.question import Marking, Question, Sheet
    from synergy_cli.study.attempts import Attempt, Position
    from synergy_cli.ui.terminal import Terminal


class Prompts:
    """Shows questions and feedback, and reads answers."""

    def __init__(self, terminal: Terminal, course: Course) -> None:
        """Prompt on a terminal, with the titles, sources and passages of a course."""
        self._terminal = terminal
        self._terminal.language = course.manifest.language
        self._course = course
        self._titles = course.titles
        self.unsaved = False
        """Whether the learner continues although answers cannot be saved."""

    def show_question(self, sheet: Sheet, position: Position) -> None:
        """Show a question: progress, stem and options."""
        look = self._terminal.look
        place = [look.say("Question {number} of {total}", number=position.number, total=position.total)]
        if position.round:
            left = look.say_count("{number} question left", "{number} questions left", position.number)
            place = [look.say("Second try") if position.round == 1 else look.say("Third try"), left]
        where = [*place, self._titles.get(sheet.question.topic, ""), look.say(sheet.question.level)]
        self._terminal.show([*quiz.question(sheet, [fact for fact in where if fact], look), *elements.blank()])

    def read(self, sheet: Sheet, commands: Sequence[tuple[str, str]]) -> str:
        """Read a key if one key is an answer, else a line, after a list of the keys that work now."""
        question = sheet.question
        by_key = self._terminal.single_keys and question.entry is InputMode.KEY
        if not self._terminal.interactive:
            return self._terminal.line("> ")
        expected = question.expects(sheet)
        look = self._terminal.look
        answer = (expected, look.say("answer")) if by_key else ("", look.say("Type {answer}", answer=expected))
        pairs = [answer, *((key, look.say(meaning)) for key, meaning in commands)]
        self._terminal.show(quiz.keys(pairs if by_key else [*pairs, ("Enter", look.say("submit"))], look))
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
        look = self._terminal.look
        pairs = [*((word[0], look.say(word)) for word in CONFIDENCES), ("Enter", look.say("rather not say"))]
        self._terminal.show(elements.blank())
        while True:
            self._terminal.show(quiz.keys([("", look.say("How sure?")), *pairs], look))
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
            look = self._terminal.look
            passage = [(PASSAGE, look.say("passage"))] if question.passage else []
            overrule = [(OVERRULE, look.say("I was right"))] if attempt.disputable else []
            ends = [(UNDO, look.say("undo")), (STOP, look.say("stop"))]
            self._terminal.show(quiz.keys([("Enter", look.say("next")), *passage, *overrule, *ends], look))
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
            look = self._terminal.look
            pairs = [("Enter", look.say("done")), (UNDO, look.say("undo"))]
            self._terminal.show([*elements.blank(), *quiz.keys(pairs, look)])
            key = self._typed()
            if key == UNDO:
                return UNDO
            if key in ("", STOP):
                break
        return NEXT

    def wait_for_page(self) -> None:
        """Wait for Enter, which leads back to the page; a pipe does not wait."""
        while self._terminal.interactive:
            look = self._terminal.look
            self._terminal.show([*elements.blank(), *quiz.keys([("Enter", look.say("back to the page"))], look)])
            with suppress(EOFError):
                if self._typed() not in ("", STOP):
                    continue
            break

    def show_overruled(self) -> None:
        """Show that an answer counts as right because the learner says so."""
        look = self._terminal.look
        note = elements.note(look.say("Counted as right."), look)
        self._terminal.show([*elements.blank(), *note, *elements.blank()])

    def show_undone(self) -> None:
        """Show that an answer was taken back."""
        look = self._terminal.look
        note = elements.note(look.say("Answer taken back. Here is the question again."), look)
        self._terminal.show([*elements.blank(), *note, *elements.blank()])

    def confirm_unsaved(self, reason: str) -> bool:
        """Show why answers cannot be saved, and ask whether to continue; a pipe does not continue."""
        if not self._terminal.interactive:
            return False
        look = self._terminal.look
        lines = elements.note(look.say("Answers cannot be saved: {reason}", reason=reason), look)
        pairs = [("y", look.say("continue without saving")), ("n", look.say("stop"))]
        self._terminal.show([*elements.blank(), *lines, *quiz.keys(pairs, look)])
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
