"""Setting questions aside and bringing them back, outside a session."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.history.events import Suspend
from synergy_cli.study.prompts import Prompts
from synergy_cli.ui import elements
from synergy_cli.ui.stuck import numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.history.log import LogWriter
    from synergy_cli.history.stuck import Sticking


def set_aside(log: LogWriter, course: Course, items: Sequence[QuestionOutline], *, aside: bool) -> None:
    """Record that questions are set aside, or brought back; raises NotSavedError if that fails."""
    for item in items:
        log.save(course.manifest.id, Suspend(item.id, item.revision, aside))


class AsidePrompts(Prompts):
    """Prompts below the list of questions that are set aside."""

    def bring_back(self, aside: Sequence[Sticking], log: LogWriter, *, listed: bool) -> None:
        """Bring back questions by number, one after another, until the learner is done.

        `listed` says whether they are on the screen; the remaining ones are listed again each time. In a pipe, and in
        the plain layout, which shows a command for each instead of a number, nothing is asked.

        Raises NotSavedError if that fails.
        """
        look, left = self._terminal.look, list(aside)
        if not self._terminal.interactive or look.plain:
            return
        with suppress(EOFError):
            while left:
                self.show([*([] if listed else numbered(left, look)), *elements.blank()])
                number = self._number(len(left), look.say("bring back"), look.say("done"))
                if not number:
                    return
                item, listed = left.pop(number - 1).item, False
                set_aside(log, self._course, [item], aside=False)
                self._note(f"{look.say('Brought back.')} {item.id}", look)
