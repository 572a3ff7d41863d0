"""Questions before a page and again after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.errors import StoppedError
from synergy_cli.study.attempts import FROM_A_PIPE, NEXT, Rules, summary
from synergy_cli.study.prompts import Prompts
from synergy_cli.study.queue import spread
from synergy_cli.study.session import Session, saved_in
from synergy_cli.ui import elements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.course.question import Question
    from synergy_cli.study.attempts import Attempt
    from synergy_cli.study.recording import LearnerState
    from synergy_cli.ui.terminal import Terminal


class PretestPrompts(Prompts):
    """A desk at which questions are asked before the page was read: the page gives the answer."""

    def verdict(self, attempt: Attempt) -> None:
        """Say that the answer is noted."""
        del attempt
        self._terminal.show(
            [*elements.blank(), *elements.paragraph("Noted. The page has the answer.", self._terminal.look)]
        )

    def pause(self, question: Question) -> str:
        """Go on at once."""
        del question
        self._terminal.show(elements.blank())
        return NEXT


ASKED_FIRST = 2
PRETEST = Rules(repeats=0, second_try=False, max_unreadable=FROM_A_PIPE.max_unreadable, undo=False)


def chosen_to_pretest(items: Sequence[QuestionOutline], state: LearnerState) -> list[QuestionOutline]:
    """Choose what to ask before a page and again after it: one or two questions, those first that were never asked."""
    new = [item for item in items if item.key not in state.cards]
    known = [item for item in items if item.key in state.cards]
    return spread([*new, *known])[:ASKED_FIRST]


def ask_around(show_page: Callable[[], None], before: Session, after: Session, course: Course, out: Terminal) -> None:
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
            lines = summary(after.outcome, course, out.look)
            out.show(elements.joined([lines, elements.paragraph(saved_in(before, after), out.look)]))
    except KeyboardInterrupt:
        message = f"stopped. {saved_in(before, after)}"
        raise StoppedError(message) from None
