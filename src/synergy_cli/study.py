"""A study session from beginning to end: what is due is looked up, asked, kept, and summed up."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from synergy_cli import quiz, views
from synergy_cli.choosing import COUNT, NEW_A_DAY, choose, draw, line_up, spread
from synergy_cli.desk import NEXT
from synergy_cli.errors import StoppedError, SynergyError, UsageError
from synergy_cli.journal import NotSavedError
from synergy_cli.scheduler import study_day
from synergy_cli.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from synergy_cli.choosing import Queue
    from synergy_cli.content import Course, Item
    from synergy_cli.desk import TerminalDesk
    from synergy_cli.history import History
    from synergy_cli.journal import Moment
    from synergy_cli.scheduler import Card
    from synergy_cli.terminal import Terminal
    from synergy_cli.theme import Look


ASKED_FIRST = 2
PRETEST = quiz.Rules(repeats=0, second_try=False, strays=quiz.FROM_A_PIPE.strays, undo=False)


class Wanted(NamedTuple):
    """What was asked for.

    Attributes:
        items: the questions that may be asked.
        most: how many.
        new: how many may be begun in a day.
        mode: one of `events.MODES`.
        seed: for all that is shuffled.
        drawn: whether questions are drawn by the seed alone, without a look at the history.
        words: the arguments that name the sections, to be called again with.
        program: how the program is called here.
        unsaved: whether the history stays as it is.
    """

    items: Sequence[Item]
    most: int
    new: int
    mode: str
    seed: int
    drawn: bool
    words: str
    program: str
    unsaved: bool = False


class Memory(NamedTuple):
    """What is known of the learner.

    Attributes:
        history: None when there is no place for it.
        cards: by question and revision.
        today: the study day.
        trouble: why nothing can be saved; empty when it can.
    """

    history: History | None
    cards: Mapping[tuple[str, int], Card]
    today: int
    trouble: str


class Nowhere:
    """Keeps no answers."""

    count = 0

    def __init__(self, now: Callable[[], Moment]) -> None:
        """Use a clock."""
        self._now = now

    def keep(self, attempt: quiz.Attempt) -> None:
        """Let it go."""

    def take_back(self) -> None:
        """Have nothing to take back."""

    def seconds(self) -> float:
        """Give the clock in seconds."""
        return self._now().at / 1_000_000


def remember(course: Course, history: Callable[[], History], now: Callable[[], Moment], *, saves: bool) -> Memory:
    """Look up what is known of the learner, and whether more can be kept.

    Args:
        course: that is studied.
        history: opens it; a SynergyError says why it cannot be opened.
        now: the clock.
        saves: whether answers are to be kept.

    Raises:
        UsageError: SYNERGY_RETENTION is none.
    """
    moment = now()
    today = study_day(moment.at, moment.offset)
    opened, cards, trouble = None, {}, ""
    try:
        opened = history()
        cards = opened.cards(course.manifest.id)
        if saves:
            opened.journal.check_writable()
    except UsageError:
        raise
    except SynergyError as error:
        trouble = str(error)
    return Memory(opened, cards, today, trouble)


def keeper(memory: Memory, course: Course, desk: TerminalDesk, now: Callable[[], Moment], mode: str) -> quiz.Keeper:
    """Choose where answers go.

    Args:
        memory: with the history.
        course: that is studied.
        desk: where the learner is asked whether to go on when answers cannot be saved.
        now: the clock.
        mode: one of `events.MODES`; empty when nothing is to be kept.

    Raises:
        NotSavedError: they cannot be saved, and the learner does not go on without.
    """
    if not mode:
        return Nowhere(now)
    if memory.trouble or memory.history is None:
        if not desk.unsaved and not desk.goes_on_unsaved(memory.trouble):
            message = f"{memory.trouble}\nWithout a history: {desk.program} quiz --unsaved"
            raise NotSavedError(message)
        return Nowhere(now)
    return quiz.Record(memory.history, course.manifest.id, mode)


class Study:
    """One session."""

    def __init__(self, course: Course, memory: Memory, desk: TerminalDesk, kept: quiz.Keeper, wanted: Wanted) -> None:
        """Prepare it.

        Args:
            course: that is studied.
            memory: of the learner.
            desk: where it happens.
            kept: keeps the answers.
            wanted: what was asked for.
        """
        self._course = course
        self._memory = memory
        self._desk = desk
        self._kept = kept
        self._wanted = wanted
        self._looked_again = False

    @cached_property
    def queue(self) -> Queue:
        """Sort out what may be asked, as things stand."""
        return line_up(self._wanted.items, self._memory.cards, self._memory.today, self._wanted.new)

    def chosen(self) -> list[Item]:
        """Choose what is asked; nothing when nothing is due and nothing new may be begun."""
        wanted = self._wanted
        if wanted.drawn:
            return draw(wanted.items, wanted.most, wanted.seed)
        return choose(self.queue, wanted.most)

    def hold(self, rules: quiz.Rules, out: Terminal | None) -> quiz.Outcome:
        """Hold the session.

        Args:
            rules: how patient it is.
            out: where the summary is shown; None for nowhere.

        Returns:
            What it came to.

        Raises:
            StoppedError: Ctrl-C.
            NotSavedError: an answer could not be saved, and the learner does not go on without.
        """
        chosen = self.chosen()
        if not chosen:
            if out is not None:
                out.show(self._nothing(out.look))
            return quiz.Outcome((), 0, self._wanted.seed)
        session = quiz.Session(self._course.pick(chosen), self._desk, self._kept, self._wanted.seed, rules)
        try:
            finished = session.run()
            while out is not None:
                out.show(self._end(session, out.look))
                if not finished or self._desk.leave() == NEXT:
                    break
                session.take_back()
                finished = session.run()
        except EOFError:
            pass
        except KeyboardInterrupt:
            raise StoppedError(self._stopped(session.saved)) from None
        except NotSavedError as error:
            message = f"{error}\n{session.saved} Without a history: {self._quiz_again} --unsaved"
            raise NotSavedError(message) from error
        return session.outcome

    def _end(self, session: quiz.Session, look: Look) -> views.Lines:
        self._look_again()
        parts = [quiz.summary(session.outcome, self._course, look)]
        if session.outcome.attempts or self._kept.count:
            parts.append(views.paragraph(session.saved, look))
        if self._wanted.drawn:
            parts.append(views.commands([("The same again:", self._again())], look))
        else:
            parts.append(self._outlook(look))
        return views.joined(parts)

    def _nothing(self, look: Look) -> views.Lines:
        return views.joined([views.paragraph("Nothing is due now.", look), self._outlook(look)])

    def _outlook(self, look: Look) -> views.Lines:
        """Say what comes next, and when."""
        queue, today = self.queue, self._memory.today
        quiz_again = self._quiz_again
        here = f" in{self._wanted.words}" if self._wanted.words else ""
        said: list[str] = []
        ways: list[tuple[str, str]] = []
        if queue.due:
            said.append(f"{len(queue.due)} more {'is' if len(queue.due) == 1 else 'are'} due now{here}.")
            ways.append(("Go on:", quiz_again))
        elif queue.new:
            said.append(f"{counted(len(queue.new), 'new question')} left for today{here}.")
            ways.append(("Go on:", quiz_again if self._wanted.new == NEW_A_DAY else self._begin(self._wanted.new)))
        if queue.next_due is not None:
            when = views.day_name(queue.next_due, today)
            said.append(f"The next review{here} is {when}: {counted(queue.next_count, 'question')}.")
        if queue.held_back and not queue.new:
            begun = sum(card.first == today for card in self._memory.cards.values())
            wait = counted(queue.held_back, "new question")
            said.append(f"{wait}{here} left for other days: {begun} begun today, of {self._wanted.new}.")
            ways.append(("More today:", self._begin(begun + COUNT)))
        if not queue.due and not queue.new:
            ways.append(("Meanwhile:", f"{quiz_again} --practice"))
        return views.joined([views.paragraph(" ".join(said), look) if said else [], views.commands(ways, look)])

    def _begin(self, new: int) -> str:
        """Give the call that lets so many questions be begun today."""
        return f"{self._quiz_again} --new {new}"

    def _look_again(self) -> None:
        """Take the session's own answers into account."""
        history = self._memory.history
        if history is None or self._memory.trouble or not (self._kept.count or self._looked_again):
            return
        try:
            history.refresh()
            self._memory = self._memory._replace(cards=history.cards(self._course.manifest.id))
        except SynergyError as error:  # the summary is shown all the same
            self._memory = self._memory._replace(trouble=str(error))
            return
        self.__dict__.pop("queue", None)
        self._looked_again = True

    @property
    def _quiz_again(self) -> str:
        unsaved = " --unsaved" if self._wanted.unsaved else ""
        return f"{self._wanted.program} quiz{self._wanted.words}{unsaved}"

    def _stopped(self, saved: str) -> str:
        if self._wanted.drawn:
            return f"stopped. {saved} The same again: {self._again()}"
        return f"stopped. {saved} Go on: {self._quiz_again}"

    def _again(self) -> str:
        practice = " --practice" if self._wanted.mode == "practice" else ""
        return f"{self._quiz_again}{practice} --seed {self._wanted.seed} -n {self._wanted.most}"


def chosen_to_pretest(items: Sequence[Item], memory: Memory) -> list[Item]:
    """Choose what to ask before a page and again after it: one or two questions, those first that were never asked."""
    new = [item for item in items if item.key not in memory.cards]
    known = [item for item in items if item.key in memory.cards]
    return spread([*new, *known])[:ASKED_FIRST]


def ask_around(
    show_page: Callable[[], None], before: quiz.Session, after: quiz.Session, course: Course, out: Terminal
) -> None:
    """Ask before a page, show it, and ask the same again after it (Richland, Kornell & Kao 2009: a guess helps).

    Who stops before the page stops altogether. A pipe that has no answer gets the page alone.

    Args:
        show_page: shows it.
        before: the session whose answers are only noted.
        after: the session with feedback.
        course: whose page it is.
        out: where the summary is shown.

    Raises:
        StoppedError: Ctrl-C.
        NotSavedError: an answer could not be saved, and the learner does not go on without.
    """
    try:
        if not before.run() and out.interactive:
            return
        show_page()
        if len(before.outcome.attempts) == before.outcome.planned:
            after.run()
            summary = quiz.summary(after.outcome, course, out.look)
            out.show(views.joined([summary, views.paragraph(quiz.saved_in(before, after), out.look)]))
    except KeyboardInterrupt:
        message = f"stopped. {quiz.saved_in(before, after)}"
        raise StoppedError(message) from None


def advise(course: Course, memory: Memory, read: Collection[str]) -> tuple[str, str, str]:
    """Say where a learner stands, and the one thing to do next.

    Args:
        course: that is studied.
        memory: of the learner.
        read: the ids of the pages that were read.

    Returns:
        A sentence or two, a label, and the arguments of the command to call.
    """
    first = course.entries[0].id if course.entries else ""
    if not read and not memory.cards:
        return ("", "Start here:", f"explain {first}") if first else ("", "", "")
    queue = line_up(course.outline, memory.cards, memory.today)
    seen = sum(entry.id in read for entry in course.entries)
    begun = sum(item.key in memory.cards for item in course.outline)
    pages = f"{seen} of {counted(len(course.entries), 'section')} read, "
    stands = f"{pages if course.entries else ''}{begun} of {len(course.outline)} questions begun."
    unread = next((entry.id for entry in course.entries if entry.id not in read), None)
    if queue.due:
        are = "question is" if len(queue.due) == 1 else "questions are"
        return f"{stands} {len(queue.due)} {are} due now.", "Next:", "quiz"
    if unread is not None:
        return f"{stands} Nothing is due now.", "Next:", "explain --next"
    if queue.new:
        return f"{stands} {counted(len(queue.new), 'new question')} for today.", "Next:", "quiz"
    when = "" if queue.next_due is None else f" The next review is {views.day_name(queue.next_due, memory.today)}."
    return f"{stands} Nothing is due now.{when}", "Look back:", "progress"
