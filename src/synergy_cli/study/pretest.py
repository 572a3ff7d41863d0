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
    from synergy_cli.study.attempts import Attempt
    from synergy_cli.study.recording import LearnerState
    from synergy_cli.ui.terminal import Terminal


class PretestPrompts(Prompts):
    """Prompts for questions before a page: no verdict, because the page has the answer."""

    def verdict(self, attempt: Attempt) -> None:
        """Confirm that the answer is noted."""
        del attempt
        look = self._terminal.look
        noted = look.say("Noted. The page has the answer.")
        self._terminal.show([*elements.blank(), *elements.paragraph(noted, look)])

    def pause(self, attempt: Attempt) -> str:
        """Continue at once."""
        del attempt
        self._terminal.show(elements.blank())
        return NEXT


ASKED_FIRST = 2
PRETEST = Rules(repeats=0, second_try=False, max_unreadable=FROM_A_PIPE.max_unreadable, undo=False)


def chosen_to_pretest(items: Sequence[QuestionOutline], state: LearnerState) -> list[QuestionOutline]:
    """Choose one or two questions to ask before and after a page; questions never asked come first."""
    new = [item for item in items if item.key not in state.cards]
    known = [item for item in items if item.key in state.cards]
    return spread([*new, *known])[:ASKED_FIRST]


def ask_around(show_page: Callable[[], None], before: Session, after: Session, course: Course, out: Terminal) -> None:
    """Ask questions, show a page, and ask the same questions again (Richland, Kornell & Kao 2009: a guess helps).

    Stopping before the page skips the rest. A pipe without answers gets only the page.

    Raises:
        StoppedError: Ctrl-C.
        NotSavedError: an answer cannot be saved, and the learner declines to continue.
    """
    try:
        if not before.run() and out.interactive:
            return
        show_page()
        if len(before.outcome.attempts) == before.outcome.planned:
            finished = after.run()
            lines = summary(after.outcome, course, out.look, finished=finished)
            out.show(
                elements.joined([lines, elements.paragraph(saved_in(before, after, language=out.language), out.look)])
            )
    except KeyboardInterrupt:
        raise StoppedError(f"stopped. {saved_in(before, after)}") from None
