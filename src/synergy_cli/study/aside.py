"""Setting questions aside and bringing them back, outside a session."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.history.events import Suspend
from synergy_cli.study.prompts import Prompts
from synergy_cli.ui import elements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.history.log import LogWriter


def set_aside(log: LogWriter, course: Course, items: Sequence[QuestionOutline], *, aside: bool) -> None:
    """Record that questions are set aside, or brought back; raises NotSavedError if that fails."""
    for item in items:
        log.save(course.manifest.id, Suspend(item.id, item.revision, aside))


class AsidePrompts(Prompts):
    """Prompts below the list of what is set aside."""

    def bring_back(self, aside: Sequence[QuestionOutline], log: LogWriter) -> None:
        """Bring back one question after another, by its number, until the learner is done.

        In a pipe, and in the plain layout, which has a command for each instead of numbers, nothing is asked.

        Raises NotSavedError if that fails.
        """
        look = self._terminal.look
        if not self._terminal.interactive or look.plain or not aside:
            return
        self.show(elements.blank())
        with suppress(EOFError):
            while number := self._number(len(aside), look.say("bring back"), look.say("done")):
                set_aside(log, self._course, [aside[number - 1]], aside=False)
                self._remark([f"{look.say('Brought back.')} {aside[number - 1].id}"])
