"""A learner who acts in three ways: at a scripted terminal, through a pipe, and in a real terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness import Screen, in_process
from synergy_cli import quiz
from synergy_cli.cache import Cache
from synergy_cli.content import Course
from synergy_cli.theme import Look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.text import Text


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
        if "Enter next" in self.shown.rstrip().split("\n")[-1] and (not self._acts or self._acts[0] != "e"):
            return ""
        if not self._acts:
            raise EOFError
        self.shown += f"{prompt}{self._acts[0]}\n"
        return self._acts.pop(0)


def scripted(course: Path, seed: int, acts: Sequence[str]) -> str:
    terminal = ScriptedTerminal(acts)
    opened = Course(course, Cache(None))
    chosen = quiz.choose(opened.questions, 10, seed)

    desk = quiz.TerminalDesk(terminal, opened)
    attempts = tuple(quiz.sit(chosen, desk, seed, quiz.AT_A_SCREEN))
    right, asked = quiz.Outcome(attempts, len(chosen), seed).score
    return f"{terminal.shown}Result: {right} of {asked} right"


def piped(course: Path, seed: int, acts: Sequence[str]) -> str:
    stdin = "".join(f"{act}\n" for act in acts if act != "e")
    return in_process("--course", course, "quiz", "--seed", str(seed), stdin=stdin).stdout


def at_a_terminal(course: Path, seed: int, acts: Sequence[str]) -> str:
    left = list(acts)
    with Screen("--course", course, "quiz", "--seed", str(seed), lines=60) as screen:
        for _ in range(100):
            if "Result:" in screen.prompt():
                break
            keys = screen.last_line_above()
            if "Enter next" in keys:
                screen.press(left.pop(0) if left and left[0] == "e" else "\r")
            elif left:
                act = left.pop(0)
                screen.press(f"{act}\r" if keys.startswith("Type") else act)
            else:
                screen.press("\x04")
        assert screen.end() == 0
        assert screen.restored
        return screen.text


WAYS = (scripted, piped, at_a_terminal)
