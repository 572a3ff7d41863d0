"""Questions before a passage; their answers are noted but not marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.records import NamedTuple
from synergy_cli.study.attempts import FROM_A_PIPE, NEXT, Rules
from synergy_cli.study.prompts import Prompts
from synergy_cli.ui import elements

if TYPE_CHECKING:
    from synergy_cli.study.attempts import Attempt
    from synergy_cli.study.recording import Recorder


PRETEST = Rules(repeats=0, second_try=False, max_inputs=FROM_A_PIPE.max_inputs, undo=False)


class PretestPrompts(Prompts):
    """Prompts for questions before a passage: no verdict, because the passage has the answer."""

    def verdict(self, attempt: Attempt) -> None:
        """Confirm that the answer is noted."""
        del attempt
        look = self._terminal.look
        self.show([*elements.blank(), *elements.paragraph(look.say("Noted. The passage has the answer."), look)])

    def pause(self, attempt: Attempt) -> str:
        """Continue at once."""
        del attempt
        self.show(elements.blank())
        return NEXT


class Pretest(NamedTuple):
    """How questions are asked before a passage, and where their answers go."""

    prompts: PretestPrompts
    recorder: Recorder
