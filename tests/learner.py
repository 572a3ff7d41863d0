"""A learner who acts in three ways: at a scripted terminal, through a pipe, and in a real terminal."""

from __future__ import annotations

import json
import termios
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from harness import PATIENCE, Screen, in_process
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.errors import PREFIX, with_commands
from synergy_cli.history.log import no_bar
from synergy_cli.study import attempts, session
from synergy_cli.study.prompts import Prompts
from synergy_cli.study.queue import sample
from synergy_cli.study.recording import Recorder
from synergy_cli.ui.terminal import TimeUpError
from synergy_cli.ui.theme import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rich.text import Text

    from synergy_cli.errors import NextCommand


BETWEEN = ("e", "o", "r", "u", "!", "a")
"""What can be done while feedback is read."""
NEXT = ""
"""Goes on from feedback, where what follows would else be done there and then."""
ENTER = "\r"
"""Does the same where nothing else is done with it; typed, it is Enter alone."""
GONE = "time is up"
"""Not typed: the time that an exam may take ends while it waits."""
HUNG_UP = "the line is dead"
"""Not typed: the terminal hangs up while it waits."""


class ScriptedTerminal:
    """A terminal whose keys and lines are written down beforehand; what it does not know, it cannot do."""

    interactive = True
    is_screen = True
    single_keys = False
    reads_pages = False
    rows = None
    look = Look(80)
    bar = staticmethod(no_bar)

    def __init__(self, acts: Sequence[str]) -> None:
        self._acts = list(acts)
        self.shown = ""

    def show(self, lines: Sequence[Text]) -> None:
        self.shown += "".join(f"{line.plain}\n" for line in lines)

    def page(self, view: Callable[[Look], Sequence[Text]], title: str, shelved: object = None) -> bool:
        self.show(view(self.look))
        return True

    def line(self, prompt: str) -> str:
        if waits_for_little(self.shown.rstrip().split("\n")[-1], self._acts):
            return ""
        if not self._acts:
            raise EOFError
        if self._acts[0] == GONE:
            self._acts.pop(0)
            raise TimeUpError
        if self._acts[0] == HUNG_UP:
            raise SystemExit(129)
        self.shown += f"{prompt}{self._acts[0]}\n"
        return self._acts.pop(0)

    def write(self, text: str) -> None:
        self.shown += text

    def note(self, text: str, *next_commands: NextCommand) -> None:
        self.say(with_commands(f"{PREFIX}{text}", "synergy", next_commands))

    def say(self, text: str) -> None:
        self.shown += f"{text}\n"

    @contextmanager
    def limit(self, seconds: float | None) -> Iterator[None]:
        del seconds
        yield


def waits_for_little(keys: str, acts: Sequence[str]) -> bool:
    """Tell whether Enter is all that a prompt gets: the acts that are left are not meant for it."""
    if "Enter finish" in keys:
        return not acts
    ends = "Enter done" in keys and "bring back" not in keys
    between = [*BETWEEN, NEXT] if "Enter next" in keys else ["u"] if ends else None
    return between is not None and (not acts or acts[0] not in between)


def scripted(course: Path, seed: int, acts: Sequence[str]) -> str:
    terminal = ScriptedTerminal(acts)
    opened = Course(Files(course), Cache(None))
    chosen = sample(opened.outline, 10, seed)
    recorder = Recorder(float)  # saves nothing, and its clock stands still at 0.0
    quiz = session.Session(opened.pick(chosen), Prompts(terminal, opened), recorder, seed, attempts.AT_A_SCREEN)
    quiz.run()
    right, asked = quiz.outcome.score
    return f"{terminal.shown}Result: {right} of {asked} right"


def piped(course: Path, seed: int, acts: Sequence[str]) -> str:
    stdin = "".join(f"{act}\n" for act in acts if act not in ("e", "o"))
    return in_process("--course", course, "quiz", "--seed", str(seed), stdin=stdin).stdout


def press_key(screen: Screen, key: str) -> None:
    """Press one key, once the program waits for keys: what comes earlier is dropped when it changes to them."""
    end = monotonic() + PATIENCE
    while termios.tcgetattr(screen._master)[3] & termios.ICANON and monotonic() < end:
        screen._read(0.001)
    screen.press(key)


def at_a_terminal(course: Path, seed: int, acts: Sequence[str]) -> str:
    left, keys = list(acts), ""
    with Screen("--course", course, "quiz", "--seed", str(seed), lines=60) as screen:
        for _ in range(100):
            if "Result:" in screen.prompt():
                if screen._asks():
                    press_key(screen, "\r")
                break
            above = screen.last_line_above()
            keys = keys if above.startswith("≈") else above  # a remark does not say the keys again
            if "Enter next" in keys:
                press_key(screen, left.pop(0) if left and left[0] in BETWEEN else "\r")
            elif keys.startswith("Type") or keys.endswith("Enter submit"):
                screen.press(f"{left.pop(0)}\r" if left else "\x04")
            else:
                press_key(screen, left.pop(0) if left else "\x04")
        assert screen.end() == 0
        assert screen.restored
        return screen.text


def first_or_deep(first: object, *others: object) -> list[object]:
    """Give the ways a test acts in: the first always, the others where the deep tests run."""
    return [first, *(pytest.param(other, marks=pytest.mark.deep) for other in others)]


WAYS = first_or_deep(scripted, piped, at_a_terminal)


def scripted_call(arguments: Sequence[str | Path], acts: Sequence[str]) -> str:
    """Call the program at a scripted terminal; an act with a tab in it is two."""
    terminal = ScriptedTerminal([part for act in acts for part in act.split("\t")])
    with patch("synergy_cli.cli.context.Terminal", lambda *_: terminal):
        done = in_process(*arguments)
    return f"{terminal.shown}{done.stdout}{done.stderr}"


def piped_call(arguments: Sequence[str | Path], acts: Sequence[str]) -> str:
    """Call the program with a line for each act in a pipe."""
    return in_process(*arguments, stdin="".join(f"{act}\n" for act in acts if act not in ("e", "o", NEXT))).stdout


def typed_call(arguments: Sequence[str | Path], acts: Sequence[str]) -> str:
    """Call the program in a real terminal, where each act is a line and Enter; an act with a tab in it is two."""
    left = [part for act in acts for part in act.split("\t")]
    with Screen(*arguments, lines=60, env={"ACCESSIBLE": "1"}) as screen:
        while True:
            screen.prompt()
            if not screen._asks():
                break
            if waits_for_little(screen.last_line_above(), left):
                screen.press("\r")
            else:
                screen.press(f"{left.pop(0).removesuffix(ENTER)}\r" if left else "\x04")
        assert screen.end() in (0, 1)
        assert screen.restored
        return screen.text


CALLS = first_or_deep(scripted_call, piped_call, typed_call)


def at(day: int, time: str = "09:00:00") -> str:
    """Write a moment of November 2026 for SYNERGY_NOW."""
    return f"2026-11-{day:02}T{time}+01:00"


def logged() -> list[dict[str, object]]:
    """Give what is on record, as `history export` gives it, without what frames a session."""
    lines = in_process("history", "export", "--format", "jsonl").stdout.splitlines()
    return [one for one in map(json.loads, lines) if one["act"] not in ("start", "flag", "finish")]


def progress(course: Path) -> dict[str, object]:
    """Give a learner's progress in a course."""
    done = in_process("--course", course, "progress", "--json")
    assert done.status == 0
    return json.loads(done.stdout)
