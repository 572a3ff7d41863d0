"""Prompts of a session on a terminal; output only scrolls, and text that has scrolled away is shown again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.course.question import InputMode, Sheet
from synergy_cli.study.attempts import ASIDE, CONFIDENCE_KEYS, FAULT, MORE, NEXT, OVERRULE, PASSAGE, SOURCES, STOP, UNDO
from synergy_cli.text import unify
from synergy_cli.ui import elements, pages, quiz
from synergy_cli.ui.folding import unfolded
from synergy_cli.ui.layout import cells
from synergy_cli.ui.terminal import ResumedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.question import Marking, Question
    from synergy_cli.study.attempts import Attempt, Position
    from synergy_cli.ui.folding import Piece
    from synergy_cli.ui.terminal import Terminal
    from synergy_cli.ui.theme import Look

    Keys = Sequence[tuple[str, str]]
    View = Callable[[Look], elements.Lines]

ENTER = "Enter"
_LAST_DIGIT = 9
_BELOW = 4
"""Rows below a passage: a blank row, one or two rows of keys, and the prompt."""


class Prompts:
    """Shows questions and feedback, and reads answers."""

    def __init__(self, terminal: Terminal, course: Course, mode: str = "review") -> None:
        """Prompt on a terminal, with the titles, sources and passages of a course.

        `mode` is one of `events.MODES`, or empty if the answers are not to be saved.
        """
        self._terminal = terminal
        self.mode = mode
        self._course = course
        self._titles = course.titles
        self.unsaved = not mode
        """Whether answers are discarded, because the learner chose so or because they cannot be saved."""
        self._sheet: Sheet | None = None
        self._view: Callable[[], elements.Lines] = list
        self._rows = 0
        self._apart = True
        self._keys_shown: Keys = ()
        self._shortened = False
        """Whether the feedback on the screen is shortened."""

    def show_question(self, sheet: Sheet, position: Position) -> None:
        """Show a question: progress, stem and options."""

        def view() -> elements.Lines:
            look = self._terminal.look
            place = [look.say("Question {number} of {total}", number=position.number, total=position.total)]
            if position.round:
                left = look.say_count("{number} question left", "{number} questions left", position.number)
                place = [look.say("Second try") if position.round == 1 else look.say("Third try"), left]
            if position.strikes:
                place.append(look.say("missed on {number} days", number=position.strikes))
            where = [*place, *self.standing(look), self._titles.get(sheet.question.topic, "")]
            return quiz.question(sheet, [fact for fact in [*where, look.say(sheet.question.level)] if fact], look)

        self.begin(sheet, view)

    def begin(self, sheet: Sheet | None, view: Callable[[], elements.Lines]) -> None:
        """Show a view above the next question, and keep it to show it again after a suspension."""
        above = [] if self._apart else elements.blank()
        self._sheet, self._view, self._rows = sheet, lambda: [*view(), *elements.blank()], 0
        self.show([*above, *self._view()])

    def standing(self, look: Look) -> list[str]:
        """Return `not saved`, `practice` or nothing, for the line of facts above a question."""
        if self.unsaved:
            return [look.say("not saved")]
        return [look.say("practice")] if self.mode == "practice" else []

    def read(self, sheet: Sheet, commands: Keys) -> str:
        """List the keys that work now, then read a key if a single key can answer, else a line."""
        question = sheet.question
        if not self._terminal.interactive:
            return self._line()
        look = self._terminal.look
        expected = question.expects(sheet)
        keys = [(key, look.say(meaning)) for key, meaning in commands]
        if self._terminal.single_keys and question.entry is InputMode.KEY:
            return self._prompt([(expected, look.say("answer")), *keys], self._press)
        pairs = [("", look.say("Type {answer}", answer=expected)), *keys, (ENTER, look.say("submit"))]
        return self._prompt(pairs, self._line)

    @property
    def reports(self) -> bool:
        """Whether the learner can report a question or set it aside: only if answers are saved."""
        return not self.unsaved

    def passage_first(self, question: Question) -> str:
        """Show the passage of a question before it, and wait; return `NEXT` (always in a pipe) or `STOP`."""

        def why(look: Look) -> elements.Lines:
            return elements.note(look.say("You missed the next question before. First, its passage:"), look)

        def whole(look: Look) -> elements.Lines:
            return elements.joined([why(look), self._passage(question, look)])

        on = self._terminal.look.say("question")
        return self.read_first(self._titles.get(question.page, ""), whole, why, on, asks=True)

    def read_first(self, title: str, whole: View, brief: View, on: str, *, asks: bool) -> str:
        """Show a text, and wait for Enter, which does what `on` says; return `NEXT` (always in a pipe) or `STOP`.

        On a terminal it opens in the reader, so it is gone when questions about it are asked. If the learner leaves it
        early, `brief` is shown instead, and the text can be opened again. `asks` says whether questions follow.
        """
        terminal = self._terminal

        def left() -> elements.Lines:
            look = terminal.look
            return elements.joined([brief(look), elements.paragraph(look.say("You left the passage."), look)])

        while terminal.reads_pages:
            if self._read(title, whole, asks=asks):
                return NEXT
            self.begin(None, left)
            key = self._wait_for_enter(on, (PASSAGE, terminal.look.say("passage")))
            if key != PASSAGE:
                return key
        self.begin(None, lambda: whole(terminal.look))
        return self._wait_for_enter(on) if terminal.interactive else NEXT

    def _read(self, title: str, whole: View, *, asks: bool) -> bool:
        """Show a text in the reader; return whether the learner left it for the questions."""
        from synergy_cli.study.shelf import OnePassage  # noqa: PLC0415  most passages are short
        from synergy_cli.ui.leaf import Leaf  # noqa: PLC0415
        from synergy_cli.ui.reader import TEXT  # noqa: PLC0415

        shelf = OnePassage(self._course, lambda look: Leaf(title, whole(look), look), asks=asks)
        return self._terminal.read(shelf, TEXT).wants_questions

    def _wait_for_enter(self, on: str, *others: tuple[str, str]) -> str:
        """Wait for Enter, which does what `on` says, for one of the other keys, or for the learner to stop."""
        key = self._choice([(ENTER, on), *others, (STOP, self._terminal.look.say("stop"))])
        if key != STOP:
            self.show(elements.blank())
        return key or NEXT

    def fault(self) -> str:
        """Ask what is wrong with a question; a pipe shows no prompt. Return the line, or an empty text."""
        look = self._terminal.look
        with suppress(EOFError):
            if not self._terminal.interactive:
                return " ".join(self._line().split())
            self.show(elements.blank())
            what = look.say("Type {answer}", answer=look.say("what is wrong with it"))
            pairs = [("", what), (ENTER, look.say("submit"))]
            return " ".join(self._prompt(pairs, self._line).split())
        return ""

    def hint(self, question: Question) -> None:
        """Show the hint."""
        self.show([*quiz.hint(question, self._terminal.look), *elements.blank()])

    def explain_unreadable(self, marking: Marking) -> None:
        """Show why an input cannot be marked; the keys that work now are already on the screen."""
        self._remark(marking.remarks)

    def verdict(self, attempt: Attempt) -> None:
        """Show the verdict, the rationale and the sources."""
        self.show(self._feedback(attempt, self._rows))
        self._view = lambda: self._feedback(attempt, None)

    def confidence(self) -> str:
        """Ask how sure the learner is; return one of `events.CONFIDENCES`, or empty (always in a pipe)."""
        if not self._terminal.interactive:
            return ""
        look = self._terminal.look
        pairs = [("", look.say("How sure?")), *((key, look.say(word)) for key, word in CONFIDENCE_KEYS.items())]
        self.show(elements.blank())
        return CONFIDENCE_KEYS.get(self._choice([*pairs, (ENTER, look.say("rather not say"))]), "")

    def pause(self, attempt: Attempt) -> str:
        """Wait after the feedback, and show the passage and the sources on request.

        Return `NEXT` (always in a pipe), `STOP`, `UNDO`, `OVERRULE`, `FAULT` or `ASIDE`.
        """
        if not self._terminal.interactive:
            return NEXT
        while True:
            key = self._choice(self._keys_after(attempt))
            if key == PASSAGE:
                lines = self._passage(attempt.question, self._terminal.look)
                self._open(lines, f"page:{attempt.question.passage}")
            elif key == MORE:
                self._show_whole(attempt)
            elif key == SOURCES:
                self._show_sources(attempt.question)
            else:
                return key or NEXT

    def confirm_end(self) -> str:
        """Offer to take the last answer back after the summary; return `NEXT` (always in a pipe) or `UNDO`."""
        if not self._terminal.interactive:
            return NEXT
        look = self._terminal.look
        self.show(elements.blank())
        return self._choice([(ENTER, look.say("done")), (UNDO, look.say("undo"))], STOP).strip(STOP) or NEXT

    def wait_for_page(self) -> None:
        """Wait for Enter, which leads back to the page; a pipe does not wait."""
        if self._terminal.interactive:
            self.show(elements.blank())
            with suppress(EOFError):
                self._choice([(ENTER, self._terminal.look.say("back to the page"))], STOP)

    def show_overruled(self) -> None:
        """Show that an answer counts as right because the learner says so."""
        look = self._terminal.look
        self._note(look.say("Counted as right."), look)

    def show_reported(self) -> None:
        """Show that the report of a question is saved."""
        look = self._terminal.look
        self._note(look.say("Saved. All reports: {command}", command=f"{look.program} history flags"), look)

    def show_aside(self, *, aside: bool) -> None:
        """Show that the learner set a question aside or brought it back."""
        look = self._terminal.look
        self._note(look.say("Set aside: it is not asked again.") if aside else look.say("Brought back."), look)

    def show_last_strike(self, question: Question, strikes: int) -> None:
        """Show that a question is set aside after misses on too many days, and the command that brings it back."""
        look = self._terminal.look
        why = look.say("Missed on {number} days, so it is set aside: it is not asked again.", number=strikes)
        back = look.say("To bring it back: {command}", command=f"{look.program} history resume {question.id}")
        self._note(f"{why} {back}", look)

    def show_undone(self) -> None:
        """Show that an answer was taken back."""
        look = self._terminal.look
        self._note(look.say("Answer taken back. Here is the question again."), look)

    def confirm_unsaved(self, reason: str) -> bool:
        """Show why answers cannot be saved, and ask whether to continue; a pipe does not continue."""
        if not self._terminal.interactive:
            return False
        look = self._terminal.look
        self.show(
            [
                *elements.blank(),
                *elements.note(look.say("Answers cannot be saved: {reason}", reason=reason), look),
            ]
        )
        with suppress(EOFError):  # Ctrl-D stops, as everywhere
            pairs = [("y", look.say("continue without saving")), ("n", look.say("stop"))]
            self.unsaved = self._choice(pairs, STOP) == "y"
        return self.unsaved

    def show(self, lines: elements.Lines) -> None:
        """Show lines, and count them: the question above may scroll away."""
        self._terminal.show(lines)
        self._rows += len(lines)
        self._apart = bool(lines) and not lines[-1].plain
        self._keys_shown = ()

    def _note(self, text: str, look: Look) -> None:
        above = [] if self._apart else elements.blank()
        self.show([*above, *elements.note(text, look), *elements.blank()])

    def _remark(self, texts: Sequence[str]) -> None:
        """Show remarks below the keys, without repeating the keys."""
        keys = self._keys_shown
        self.show(quiz.remarks(texts, self._terminal.look))
        self._keys_shown = keys

    def _feedback(self, attempt: Attempt, above: int | None) -> elements.Lines:
        """Render the feedback to fit the window; the question is on the rows above, or not on the screen."""
        look, rows = self._terminal.look, self._terminal.rows
        pieces = self._pieces(attempt, look)
        self._shortened = False
        if rows is None:
            return [*elements.blank(), *unfolded(pieces), *elements.blank()]
        lines, whole = self._fitted(attempt, pieces, rows, above)
        if not whole:
            self._shortened = True  # which adds a key
            lines, _ = self._fitted(attempt, pieces, rows, above)
        return lines

    def _pieces(self, attempt: Attempt, look: Look) -> list[Piece]:
        """Render the feedback in pieces; its sources are on one line unless a screen reader or a program reads it."""
        sheet, brief = self._sheet or Sheet(attempt.question), self._terminal.interactive and not look.plain
        return quiz.feedback(sheet, attempt.marking, look, right=attempt.right, folded=brief)

    def _fitted(
        self, attempt: Attempt, pieces: Sequence[Piece], rows: int, above: int | None
    ) -> tuple[elements.Lines, bool]:
        look = self._terminal.look
        room = rows - len(quiz.keys(self._keys_after(attempt), look)) - 1
        return quiz.fitted(attempt.question, pieces, look, room, room if above is None else above)

    def _show_whole(self, attempt: Attempt) -> None:
        """Show a question with all of its feedback, in the reader if there is one."""

        def whole(look: Look) -> elements.Lines:
            return elements.joined([quiz.stem("", attempt.question, look), unfolded(self._pieces(attempt, look))])

        if self._terminal.reads_pages:
            self._read(self._titles.get(attempt.question.topic, ""), whole, asks=False)
        else:
            self.show([*elements.blank(), *whole(self._terminal.look), *elements.blank()])

    def _keys_after(self, attempt: Attempt) -> Keys:
        """Return the keys after the feedback."""
        look, question = self._terminal.look, attempt.question
        more = [(MORE, look.say("more"))] if self._shortened else []
        passage = [(PASSAGE, look.say("passage"))] if question.passage else []
        sources = [(SOURCES, look.say("sources"))] if question.cited else []
        overrule = [(OVERRULE, look.say("I was right"))] if attempt.disputable else []
        move = look.say("bring back") if attempt.aside else look.say("set aside")
        reports = [(FAULT, look.say("faulty")), (ASIDE, move)] if self.reports else []
        ends = [(UNDO, look.say("undo")), (STOP, look.say("stop"))]
        return [(ENTER, look.say("next")), *more, *passage, *sources, *overrule, *reports, *ends]

    def _passage(self, question: Question, look: Look) -> elements.Lines:
        page, sources = self._course.page(question.page)
        return pages.passage(page.passage(question.heading), page, sources, look, folded=True)

    def _show_sources(self, question: Question) -> None:
        from synergy_cli.ui import lists  # noqa: PLC0415  most questions are answered without it

        known = [self._course.sources[key] for key in question.sources if key in self._course.sources]
        lines = elements.joined(lists.source(source, self._terminal.look) for source in known)
        self._open(lines, f"source:{','.join(source.key for source in known)}")

    def _open(self, lines: elements.Lines, place: str) -> None:
        """Show lines; if they exceed the window, show their place in the reader."""
        rows = self._terminal.rows
        if self._terminal.reads_pages and rows is not None and len(lines) + _BELOW > rows:
            from synergy_cli.study.shelf import Shelf  # noqa: PLC0415  most passages are short

            self._terminal.read(Shelf(self._course, asks=False), place)
        else:
            self.show([*elements.blank(), *lines, *elements.blank()])

    def _choice(self, pairs: Keys, *others: str) -> str:
        """Read one of these keys, the word for it, or one of `others`, which are not shown; empty for Enter.

        Anything else gets a remark of one line.
        """
        return self._known(pairs, [*(name for name, _ in pairs), *others], self._typed)

    def _numbered(self, last: int, meaning: str, pairs: Keys, *others: str) -> str:
        """Read a number from 1 to `last`, which does what `meaning` says, or what `_choice` reads; Enter is empty.

        A single key is enough if no number has two digits.
        """
        span = f"1-{last}" if last > 1 else "1"
        by_key = self._terminal.single_keys and last <= _LAST_DIGIT
        shown = [(span if by_key else f"{span} {ENTER}", meaning), *pairs]
        known = [*map(str, range(1, last + 1)), *(name for name, _ in pairs), *others]
        return self._known(shown, known, self._typed if by_key else self._line)

    def _number(self, last: int, meaning: str, otherwise: str) -> int:
        """Read a number from 1 to `last`, which does what `meaning` says, or Enter, which is 0."""
        return int(self._numbered(last, meaning, [(ENTER, otherwise)]) or 0)

    def _known(self, pairs: Keys, known: Sequence[str], read: Callable[[], str]) -> str:
        """Read until the input is a known key, or the word for one; Enter returns an empty text."""
        words = {meaning.lower(): name for name, meaning in pairs if name in known}
        while True:
            typed = self._prompt(pairs, read)
            typed = unify(typed) or typed.strip(" \r\n")  # a space goes on as Enter does, a tab does not
            key = words.get(typed.lower(), typed.lower()).replace(ENTER, "")
            if (key or ENTER) in known:
                return key
            look = self._terminal.look
            remark = look.say("That does nothing here.")
            if len(typed) == 1 and typed.isprintable():
                remark = look.say("{key} does nothing here.", key=typed)
            self._remark([remark])

    def _prompt(self, pairs: Keys, read: Callable[[], str]) -> str:
        """Show the keys that work now, unless the last line shows them, and read; repeat all after a suspension."""
        while True:
            if pairs != self._keys_shown:
                self.show(quiz.keys(pairs, self._terminal.look))
                self._keys_shown = pairs
            try:
                return read()
            except ResumedError:
                self._rows = 0
                self.show(self._view())

    def _typed(self) -> str:
        """Return a key, pasted text, or a line; empty for Enter or a space."""
        return self._press() if self._terminal.single_keys else self._line()

    def _line(self) -> str:
        typed = self._terminal.line("> ").removeprefix("\ufeff")  # a byte-order mark begins files of some editors
        self._apart = False
        self._rows += 1 + (cells(typed) + len("> ")) // self._terminal.look.width
        return typed

    def _press(self) -> str:
        try:
            key = self._terminal.key("> ")
        except BaseException:
            with suppress(OSError):  # the terminal may be closed
                self._terminal.write("\n")
            raise
        shown = " ".join(key.split())
        self._terminal.write(f"{shown if shown.isprintable() else ''}\n")
        self._apart = False
        self._rows += 1
        return key
