"""A learner who acts in three ways: at a scripted terminal, through a pipe, and in a real terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness import Screen, in_process
from synergy_cli import quiz
from synergy_cli.cache import Cache
from synergy_cli.choosing import draw
from synergy_cli.content import Course
from synergy_cli.desk import TerminalDesk
from synergy_cli.theme import Look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.text import Text


BETWEEN = ("e", "u")
"""What can be done while feedback is read."""


class ScriptedTerminal:
    """A terminal whose keys and lines are written down beforehand; what it does not know, it cannot do."""

    interactive = True
    single_keys = False
    look = Look(80)

    def __init__(self, acts: Sequence[str]) -> None:
        self._acts = list(acts)
        self.shown = ""

    def show(self, lines: Sequence[Text]) -> None:
        self.shown += "".join(f"{line.plain}\n" for line in lines)

    def page(self, lines: Sequence[Text], title: str) -> None:
        self.show(lines)

    def line(self, prompt: str) -> str:
        keys = self.shown.rstrip().split("\n")[-1]
        if "Enter done" in keys or ("Enter next" in keys and (not self._acts or self._acts[0] not in BETWEEN)):
            return ""
        if not self._acts:
            raise EOFError
        self.shown += f"{prompt}{self._acts[0]}\n"
        return self._acts.pop(0)


class Unkept:
    """Keeps nothing, and has a clock that stands still."""

    count = 0

    def keep(self, attempt: quiz.Attempt) -> None:
        self.count += 1

    def take_back(self) -> None:
        self.count -= 1

    def seconds(self) -> float:
        return 0.0


def scripted(course: Path, seed: int, acts: Sequence[str]) -> str:
    terminal = ScriptedTerminal(acts)
    opened = Course(course, Cache(None))
    chosen = draw(opened.outline, 10, seed)
    session = quiz.Session(opened.pick(chosen), TerminalDesk(terminal, opened), Unkept(), seed, quiz.AT_A_SCREEN)
    session.run()
    right, asked = session.outcome.score
    return f"{terminal.shown}Result: {right} of {asked} right"


def piped(course: Path, seed: int, acts: Sequence[str]) -> str:
    stdin = "".join(f"{act}\n" for act in acts if act != "e")
    return in_process("--course", course, "quiz", "--seed", str(seed), stdin=stdin).stdout


def at_a_terminal(course: Path, seed: int, acts: Sequence[str]) -> str:
    left = list(acts)
    with Screen("--course", course, "quiz", "--seed", str(seed), lines=60) as screen:
        for _ in range(100):
            if "Result:" in screen.prompt():
                screen.press("\r")
                break
            keys = screen.last_line_above()
            if "Enter next" in keys:
                screen.press(left.pop(0) if left and left[0] in BETWEEN else "\r")
            elif left:
                act = left.pop(0)
                screen.press(f"{act}\r" if keys.startswith("Type") else act)
            else:
                screen.press("\x04")
        assert screen.end() == 0
        assert screen.restored
        return screen.text


WAYS = (scripted, piped, at_a_terminal)
