"""The `quiz` workflow: choose questions, ask them, save the answers, summarise."""

from __future__ import annotations

import shlex
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from synergy_cli.errors import NextCommand, StoppedError, SynergyError
from synergy_cli.history.events import Start
from synergy_cli.history.log import NotSavedError
from synergy_cli.records import NamedTuple
from synergy_cli.study.attempts import NEXT, Outcome, Rules, past_attempts
from synergy_cli.study.queue import ANY_NEW, COUNT, NEW_A_DAY, build_queue, choose, sample, waits
from synergy_cli.study.session import Session
from synergy_cli.study.stuck import stuck, with_siblings
from synergy_cli.ui import elements, quiz, session_end

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.history.sessions import PastSession
    from synergy_cli.study.prompts import Prompts
    from synergy_cli.study.queue import Queue
    from synergy_cli.study.recording import LearnerState, Recorder
    from synergy_cli.ui.terminal import Terminal
    from synergy_cli.ui.theme import Look


class QuizPlan(NamedTuple):
    """What to ask, and how.

    Attributes:
        items: the questions to choose from.
        most: the number of questions.
        new: the number of new questions per day.
        mode: one of `events.MODES`.
        seed: for every shuffle.
        drawn: whether the seed alone chooses the questions, ignoring the history.
        sections: the sections to choose from, as typed; empty for all.
        tags: each question has at least one of these, as typed; empty for any.
        unsaved: whether answers are discarded.
        confidence: whether the learner is asked how sure they are.
        from_page: whether it starts from a page in the reader, so that unread sections are not mentioned.
        minutes: the time limit of an exam, if it has one.
        pass_mark: its pass mark in percent, if it has one.
        past: the session to resume, if any, with the questions that the course still has.
    """

    items: Sequence[QuestionOutline]
    most: int
    new: int
    mode: str
    seed: int
    drawn: bool
    sections: Sequence[str]
    tags: Sequence[str]
    unsaved: bool = False
    confidence: bool = False
    from_page: bool = False
    minutes: float | None = None
    pass_mark: int | None = None
    past: PastSession | None = None

    @property
    def seconds(self) -> float | None:
        """The seconds left for an exam, if its time is limited."""
        if self.minutes is None:
            return None
        return 60 * self.minutes - (self.past.spent if self.past is not None else 0)

    @property
    def section_arguments(self) -> str:
        """The section arguments, quoted, each after a space."""
        return "".join(f" {shlex.quote(section)}" for section in self.sections)

    @property
    def tag_options(self) -> str:
        """The options that choose tags, quoted, each after a space."""
        return "".join(f" --tag {shlex.quote(label)}" for label in self.tags)

    @property
    def call(self) -> str:
        """The arguments for another quiz on the same sections and tags."""
        confidence = " --confidence" if self.confidence else ""
        unsaved = " --unsaved" if self.unsaved else ""
        return f"quiz{self.section_arguments}{self.tag_options}{confidence}{unsaved}"

    @property
    def again(self) -> str:
        """The arguments that ask the same questions in the same order."""
        options = {"practice": " --practice", "exam": " --exam"}.get(self.mode, "")
        options += f" --minutes {self.minutes:g}" if self.minutes is not None else ""
        options += f" --pass {self.pass_mark}" if self.pass_mark is not None else ""
        return f"{self.call}{options} --seed {self.seed} -n {self.most}"

    def start(self, questions: Sequence[QuestionOutline], rules: Rules) -> Start:
        """Return the event that starts a session with these questions."""
        identities = tuple(question.id for question in questions)
        return Start(
            self.mode,
            self.seed,
            identities,
            tuple(self.sections),
            tuple(self.tags),
            self.drawn,
            rules.repeats,
            rules.confidence,
            float(self.minutes or 0),
            self.pass_mark or 0,
        )


class Quiz:
    """Chooses questions, asks them and sums up."""

    def __init__(
        self, course: Course, state: LearnerState, prompts: Prompts, recorder: Recorder, plan: QuizPlan
    ) -> None:
        """Prepare a quiz with a plan."""
        self._course = course
        self._state = state
        self._prompts = prompts
        self._recorder = recorder
        self._plan = plan
        self._reloaded = False

    @cached_property
    def queue(self) -> Queue:
        """The questions that can be asked now."""
        return build_queue(self._items, self._state.cards, self._state.today, self._plan.new, self._read)

    @cached_property
    def _items(self) -> list[QuestionOutline]:
        """The questions of the plan that are not set aside."""
        return self._state.without_aside(self._plan.items)

    @cached_property
    def _read(self) -> Collection[str]:
        """The ids of the pages that the learner has read."""
        history = self._state.history
        if history is None or self._state.trouble:
            return ()
        return history.pages(self._course.manifest.id)

    def chosen(self) -> list[QuestionOutline]:
        """Return the questions to ask; may be empty."""
        plan = self._plan
        if plan.past is not None:
            from synergy_cli.study.resuming import items  # noqa: PLC0415  a new session does not need it

            return items(plan.past, self._course)
        if plan.drawn:
            return sample(plan.items, plan.most, plan.seed)
        return with_siblings(choose(self.queue, plan.most), self._items, self._state.cards, plan.most)

    def run(self, rules: Rules, out: Terminal | None) -> Outcome:
        """Run the quiz, and show its opening and its result on `out` if given.

        Raises:
            StoppedError: Ctrl-C.
            NotSavedError: an answer cannot be saved, and the learner declines to continue.
        """
        chosen = self.chosen()
        if not chosen:
            if out is not None:
                out.show(session_end.nothing_due(self._outlook(), out.look))
            return Outcome((), 0, self._plan.seed)
        if out is not None:
            out.show(self._opening(chosen, out.look))
        session = self._session(chosen, self._rules(chosen, rules))
        try:
            finished = session.run()
            while out is not None:
                out.show(self._end(session, out.look, finished=finished))
                if not finished or self._prompts.confirm_end() == NEXT:
                    break
                session.take_back()
                finished = session.run()
        except EOFError:
            pass
        except KeyboardInterrupt:
            raise StoppedError(f"stopped. {session.saved()}", self._way_on(session)) from None
        except NotSavedError as error:
            unsaved = NextCommand("Without a history", f"{self._plan.call} --unsaved")
            raise NotSavedError(f"{error}\n{session.saved()}", unsaved) from error
        return session.outcome

    def _rules(self, chosen: Sequence[QuestionOutline], rules: Rules) -> Rules:
        """Return the rules: a missed question comes again only if no other question of the course is due or new.

        Questions chosen by a seed are always repeated; a resumed session keeps its rules.
        """
        past, state = self._plan.past, self._state
        if past is not None:
            return rules._replace(repeats=past.start.repeats)
        if self._plan.drawn:
            return rules
        others = {*state.aside, *(item.key for item in chosen)}
        return rules._replace(repeats=0) if waits(self._course.outline, state.cards, state.today, others) else rules

    def _session(self, chosen: Sequence[QuestionOutline], rules: Rules) -> Session:
        """Return a session that asks these questions, or the remaining ones."""
        plan, questions = self._plan, self._course.pick(chosen)
        session = Session(questions, self._prompts, self._recorder, plan.seed, rules)
        if plan.mode == "review":
            session.prepare(stuck(chosen, self._state.cards, self._state.today))
        if plan.past is None:
            self._recorder.begin(plan.start(chosen, rules))
        else:
            self._recorder.resume(plan.past)
            session.resume(past_attempts(plan.past, questions), plan.past.aside)
        return session

    def _opening(self, chosen: Sequence[QuestionOutline], look: Look) -> elements.Lines:
        """Render what remains of a resumed session, or which new questions are about unread sections."""
        past = self._plan.past
        if past is not None:
            from synergy_cli.study.resuming import left  # noqa: PLC0415  a new session does not need it

            return quiz.resumed(*left(past), look)
        if self._plan.drawn:
            return []
        if self.queue.early:
            return quiz.early(look)
        if self._plan.from_page:
            return []
        pages = [entry for entry in self._course.entries if entry.id not in self._read]
        counts = Counter(item.topic for item in chosen if item.key not in self._state.cards)
        unread = {entry.id: counts[entry.id] for entry in pages if counts[entry.id]}
        return quiz.unread_first(sum(unread.values()), next(iter(unread)), look) if unread else []

    def _end(self, session: Session, look: Look, *, finished: bool) -> elements.Lines:
        """Render the result and how to continue; below a blank line unless finished: feedback ends with one."""
        self._reload(session.question_ids)
        parts = [session_end.summary(session.outcome.totals(self._course.titles), look)]
        facts = []
        if session.outcome.attempts or self._recorder.count:
            facts.append(session.saved(look.language))
        if not self._plan.drawn:  # else the command that repeats the session says it
            facts.append(look.say("Seed: {seed}.", seed=self._plan.seed))
        parts += [elements.paragraph(" ".join(facts), look)] if facts else []
        if self._plan.drawn:
            parts.append(session_end.repeat(self._plan.again, look, resumable=session.resumable))
        else:
            parts += [session_end.resume(look)] if session.resumable else []
            parts.append(session_end.next_steps(self._outlook(), look))
        return [*([] if finished else elements.blank()), *elements.joined(parts)]

    def _outlook(self) -> session_end.Outlook:
        """Return what can be asked next."""
        queue, plan, today = self.queue, self._plan, self._state.today
        started = sum(card.first == today for card in self._state.cards.values())
        return session_end.Outlook(
            call=plan.call,
            chosen=(plan.section_arguments.strip(), plan.tag_options.strip()),
            today=today,
            due=len(queue.due),
            new=len(queue.new),
            limit=plan.new,
            usual_limit=plan.new in {NEW_A_DAY, ANY_NEW},
            started=started,
            held_back=queue.held_back,
            more=started + COUNT,
            next_due=queue.next_due,
            next_count=queue.next_count,
            early=bool(queue.early),
            aside=len(plan.items) - len(self._items),
        )

    def _reload(self, questions: Collection[str]) -> None:
        """Reload the cards of questions, given by id."""
        history = self._state.history
        if history is None or self._state.trouble or not (self._recorder.count or self._reloaded):
            return
        try:
            history.refresh()
            course = self._course.manifest.id
            others = {key: card for key, card in self._state.cards.items() if key[0] not in questions}
            cards = others | history.cards(course, questions)
            self._state = self._state._replace(cards=cards, aside=history.aside(course))
        except SynergyError as error:  # the summary is still shown
            self._state = self._state._replace(trouble=str(error))
            return
        for outdated in ("queue", "_items"):
            self.__dict__.pop(outdated, None)
        self._reloaded = True

    def _way_on(self, session: Session) -> NextCommand:
        """Return the commands to continue after the session was stopped."""
        if session.resumable:
            return NextCommand("Resume", "quiz --resume")
        if self._plan.drawn:
            return NextCommand("Repeat this session", self._plan.again)
        return NextCommand("Continue", self._plan.call)
