"""The `study` workflow: passage by passage, each with its questions; each section begins with a few due questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.errors import NextCommand, StoppedError
from synergy_cli.history.log import NotSavedError
from synergy_cli.records import NamedTuple
from synergy_cli.study.attempts import NEXT, STOP, Outcome
from synergy_cli.study.bookmarks import PAGE
from synergy_cli.study.passages import first_unread, passages, to_ask
from synergy_cli.study.pretest import PRETEST
from synergy_cli.study.prompts import Prompts
from synergy_cli.study.queue import build_queue, spread
from synergy_cli.study.session import Session
from synergy_cli.study.stuck import stuck, with_siblings
from synergy_cli.ui import elements, pages, session_end
from synergy_cli.ui.leaf import Spot
from synergy_cli.ui.reader import Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.course.page import ContentsEntry, Page
    from synergy_cli.course.sources import Source
    from synergy_cli.study.attempts import Attempt, Rules
    from synergy_cli.study.bookmarks import Bookmarks
    from synergy_cli.study.passages import Passage
    from synergy_cli.study.pretest import Pretest
    from synergy_cli.study.recording import LearnerState, Recorder
    from synergy_cli.ui.theme import Look


PORTION = 3
"""The maximum number of due questions before a section."""


class PassageView(NamedTuple):
    """A passage as displayed."""

    page: Page
    sources: dict[str, Source]
    entries: Sequence[ContentsEntry]
    passage: Passage

    def title(self, look: Look) -> elements.Lines:
        """Render the title of the page, and the position of the passage in the course."""
        place = look.say("{number} of {total}", number=self.page.number, total=len(self.entries))
        part = look.say("passage {number} of {total}", number=self.passage.number, total=self.passage.total)
        return elements.title_lines(self.page.title, place, self.page.id, part, look=look)

    def lines(self, look: Look) -> elements.Lines:
        """Render the passage below its title."""
        text = pages.part(self.passage.blocks, self.page, self.sources, look)
        return elements.joined([self.title(look), *text])


class StudyPrompts(Prompts):
    """Prompts that show passages too."""

    @property
    def interactive(self) -> bool:
        """Whether a person answers."""
        return self._terminal.interactive

    def passage(self, view: PassageView, count: int) -> str:
        """Show a passage, on a terminal in the reader, and wait; return `NEXT` or `STOP`.

        `count` is the number of questions that follow. A pipe does not wait.
        """
        look = self._terminal.look
        one, many = "answer {number} question", "answer {number} questions"
        on = look.say_count(one, many, count) if count else look.say("continue")
        return self.read_first(view.page.title, view.lines, view.title, on, asks=count > 0)

    def due_first(self, number: int) -> None:
        """Announce that due questions come before the text."""
        look = self._terminal.look
        one, many = "First, {number} question that is due.", "First, {number} questions that are due."
        self.show([*elements.paragraph(look.say_count(one, many, number), look), *elements.blank()])

    def section_read(self, entry: ContentsEntry, following: ContentsEntry | None) -> str:
        """Announce that a section is read, and offer the next; return `NEXT` or `STOP`. A pipe does not wait."""
        look = self._terminal.look
        self.begin(None, lambda: elements.paragraph(look.say("Finished: {title}", title=entry.title), look))
        if following is None or not self._terminal.interactive:
            return NEXT
        on = look.say("next section: {id} ({minutes} min)", id=following.id, minutes=following.minutes)
        return self._wait_for_enter(on)


class StudyPlan(NamedTuple):
    """What to study.

    Attributes:
        sections: in reading order.
        items: the questions that may be asked.
        bookmarks: where reading stopped before, and where it stops this time.
        seed: for the order of options.
        rules: for repeats and retries.
        pretest: also asks the questions of a passage before it, if given.
    """

    sections: Sequence[ContentsEntry]
    items: Sequence[QuestionOutline]
    bookmarks: Bookmarks
    seed: int
    rules: Rules
    pretest: Pretest | None = None


class Study:
    """Goes through sections: each passage is read, and its questions are answered."""

    def __init__(
        self,
        course: Course,
        state: LearnerState,
        prompts: StudyPrompts,
        recorder: Recorder,
        plan: StudyPlan,
    ) -> None:
        """Prepare to go through the sections of a plan."""
        self._course = course
        self._state = state
        self._prompts = prompts
        self._recorder = recorder
        self._plan = plan
        self._attempts: list[Attempt] = []
        self._done: set[str] = set()
        self._silent = False
        self._missed_before = self._missed_earlier()
        self.read: list[str] = []
        """The ids of the sections that were read to their end."""

    def _missed_earlier(self) -> set[str]:
        """Return the ids of the questions that were missed in an earlier run and are not due yet."""
        cards, today, history = self._state.cards, self._state.today, self._state.history
        if history is None or self._state.trouble:
            return set()
        missed = history.missed(self._course.manifest.id)
        return {item.id for item in self._plan.items if item.key in missed and cards[item.key].due > today}

    @property
    def outcome(self) -> Outcome:
        """The result, without the answers given before a passage."""
        return Outcome(tuple(self._attempts), len(self._done), self._plan.seed)

    @property
    def _pretested(self) -> int:
        """The number of answers saved that were given before a passage."""
        return self._plan.pretest.recorder.count if self._plan.pretest is not None else 0

    def _saved(self, language: str = "en") -> str:
        """Return a sentence: how many answers are saved."""
        return session_end.saved(self._recorder.count + self._pretested, len(self._attempts), language)

    def run(self) -> bool:
        """Go through the sections until the end, or a stop or Ctrl-D; return whether the end was reached.

        Raises:
            StoppedError: Ctrl-C.
            NotSavedError: an answer cannot be saved, and the learner declines to continue.
        """
        try:
            return self._go_through()
        except EOFError:
            return False
        except KeyboardInterrupt:
            raise StoppedError(f"stopped. {self._saved()}", NextCommand("Continue", "study")) from None
        except NotSavedError as error:
            raise NotSavedError(f"{error}\n{self._saved()}") from error

    def end(self, look: Look, *, finished: bool) -> elements.Lines:
        """Render the result and how to continue; below a blank line unless finished: feedback ends with one."""
        parts = []
        if self.outcome.first:
            parts.append(session_end.summary(self.outcome.totals(self._course.titles), look))
        if self._attempts or self._pretested:
            parts.append(elements.paragraph(self._saved(look.language), look))
        parts.append(session_end.go_on_studying(look))
        return [*([] if finished else elements.blank()), *elements.joined(parts)]

    def _go_through(self) -> bool:
        """Go through the sections; return whether the end was reached."""
        for number, entry in enumerate(self._plan.sections):
            before = len(self._attempts)
            started = self._plan.bookmarks.spot(entry.id) is not None
            if not ((started or self._due()) and self._section(entry, before)):
                return False
            self.read += [] if self._silent else [entry.id]
            following = self._plan.sections[number + 1] if number + 1 < len(self._plan.sections) else None
            if self._silent or self._prompts.section_read(entry, following) == STOP:
                return False
        return True

    def _due(self) -> bool:
        """Ask a few due questions; return whether to continue."""
        left = [item for item in self._plan.items if item.id not in self._done]
        due = build_queue(left, self._state.cards, self._state.today).due
        portion = with_siblings(spread(due[:PORTION], pages=True), left, self._state.cards, PORTION)
        if portion and not self._silent:
            self._prompts.due_first(len(portion))
        return self._ask(portion)

    def _section(self, entry: ContentsEntry, before: int) -> bool:
        """Go through the unread passages of a section and the missed questions; return whether to continue.

        `before` is the number of answers given before the section and its due questions.
        """
        page, sources = self._course.page(entry.id)
        parts = passages(page, [item for item in self._plan.items if item.page == entry.id])
        spot = self._plan.bookmarks.spot(entry.id)
        for part in parts[first_unread(parts, spot.heading) if spot is not None else 0 :]:
            items = [] if self._silent else to_ask(part, self._state.cards, self._state.today, self._done)
            goes_on = self._passage(PassageView(page, sources, self._course.entries, part), items)
            if goes_on or (items and self._done.issuperset(item.id for item in items)):
                self._mark_read(entry, part)
            if not goes_on:
                return False
        return self._ask(self._missed(entry.id, before), again=True)

    def _mark_read(self, entry: ContentsEntry, part: Passage) -> None:
        """Record that a passage was read, except when a pipe shows it after its answers have run out."""
        if self._silent:
            return
        self._plan.bookmarks.keep(Visit(f"{PAGE}{entry.id}", Spot(part.headings, 0, 0), part.share))

    def _passage(self, view: PassageView, items: Sequence[QuestionOutline]) -> bool:
        """Show a passage and ask questions on it; return whether to continue."""
        if items and self._plan.pretest is not None and not self._ask_first(items, self._plan.pretest):
            return False
        if self._prompts.passage(view, len(items)) == STOP:
            return False
        return self._ask(items, read=True)

    def _ask_first(self, items: Sequence[QuestionOutline], pretest: Pretest) -> bool:
        """Ask questions before their passage (Richland, Kornell & Kao 2009: even a wrong guess helps)."""
        rules = PRETEST._replace(max_inputs=self._plan.rules.max_inputs)
        questions = self._course.pick(items)
        session = Session(questions, pretest.prompts, pretest.recorder, self._plan.seed + 1, rules)
        return session.run() or self._shows_the_rest(session)

    def _ask(self, items: Sequence[QuestionOutline], *, again: bool = False, read: bool = False) -> bool:
        """Ask questions for the first time, or once more; return whether to continue.

        `read` says whether their passage has just been shown.
        """
        if not items or self._silent:
            return True
        rules = self._plan.rules._replace(repeats=0)
        session = Session(self._course.pick(items), self._prompts, self._recorder, self._plan.seed, rules)
        sticking = stuck(items, self._state.cards, self._state.today)
        session.prepare({name: one._replace(passage=one.passage and not read) for name, one in sticking.items()})
        if again:
            session.ask_again()
        try:
            return session.run() or self._shows_the_rest(session)
        finally:
            self._attempts += session.outcome.attempts
            self._done.update(attempt.question.id for attempt in session.outcome.attempts)

    def _shows_the_rest(self, session: Session) -> bool:
        """Whether the rest of the section is shown without questions, because a pipe has no more answers."""
        self._silent = session.input_ended and not self._prompts.interactive
        return self._silent

    def _missed(self, page: str, before: int) -> list[QuestionOutline]:
        """Return the questions on a page to ask again: missed after `before` answers, or in an earlier run."""
        now = {attempt.question.id for attempt in self._attempts[before:] if not (attempt.right or attempt.aside)}
        earlier = {item.id for item in self._plan.items if item.page == page} & self._missed_before - self._done
        return [item for item in self._plan.items if item.id in now | earlier]
