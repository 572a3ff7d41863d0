"""How long from a key press to what comes of it, in a terminal of its own: feedback, on disk and on screen, and pages.

    python benchmarks/latency.py [SESSIONS]

Each session answers ten questions of one key, with the answer on disk before its feedback. The first answer of a
session loads what marking needs and is counted like the others. Beside it stands what the disk alone takes to add a
line and wait for it. In the reader, a screen is there when its last row is.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from contextlib import suppress
from pathlib import Path

SYNERGY = Path(sys.executable).parent / "synergy"
QUESTIONS = 10
VERDICT = re.compile(rb"Right\.|Wrong\.|Skipped\.")
PROMPT = re.compile(rb"\n> ")
ROWS = 24
SCREEN = re.compile(rb"(?:[^\n]*\n){%d}.*?\x1b\[K" % (ROWS - 1), re.DOTALL)
KEYS = [
    b" ",
    b"b",
    b"j",
    b"k",
    b"]",
    b"[",
    b"G",
    b"g",
    b"\t",
    b"n",
    b"N",
    b"\x1b[C",
    b" ",
    b"\x1b[D",
    b"o",
    b"\x1b",
    b"?",
    b"q",
]
GOAL = 20
BANK = "format: 1\nid: keys\ntitle: One key each\nquestions:\n" + "".join(
    f"- {{id: q{number}, type: true-false, stem: 'Is {number} a number?', key: true, rationale: 'It is one.'}}\n"
    for number in range(200)
)


class Window:
    """The program in a terminal."""

    def __init__(self, home: Path, *arguments: str) -> None:
        """Start it with some arguments."""
        self.shown = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, 80, 0, 0))
            env = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
            os.execve(SYNERGY, [str(SYNERGY), *arguments], env)  # noqa: S606  our own program

    def until(self, wanted: re.Pattern[bytes]) -> bytes:
        """Read until something was shown; return what was shown up to there, and forget it."""
        while not (found := wanted.search(self.shown)):
            if not select.select([self.terminal], [], [], 10)[0]:
                message = f"nothing more came after {self.shown[-200:]!r}"
                raise SystemExit(message)
            self.shown += os.read(self.terminal, 65536)
        before, self.shown = self.shown[: found.end()], self.shown[found.end() :]
        return before

    def press(self, key: bytes) -> None:
        """Type a key at the next prompt, when the program has come to read it."""
        self.until(PROMPT)
        time.sleep(0.05)
        os.write(self.terminal, key)

    def end(self) -> None:
        """Wait until the program has ended."""
        with suppress(OSError):  # the terminal is gone
            while os.read(self.terminal, 65536):
                pass
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def session(home: Path, course: Path) -> list[float]:
    """Answer ten questions; give the seconds from each key to its feedback."""
    window = Window(home, "--course", str(course), "quiz", "--new", "1000", "-n", str(QUESTIONS))
    times = []
    for _ in range(QUESTIONS):
        window.press(b"1")
        start = time.perf_counter()
        window.until(VERDICT)
        times.append(time.perf_counter() - start)
        window.press(b"\r")
    window.press(b"\r")
    window.end()
    return times


def reading(home: Path) -> list[float]:
    """Press each key in the reader; give the seconds from it to the screen."""
    window = Window(home, "explain", "anticoagulants")
    window.until(SCREEN)
    os.write(window.terminal, b"g")
    window.until(SCREEN)  # the first screen may be there before the program is loaded, which `startup.py` times
    times = []
    for key in KEYS:
        time.sleep(0.05)
        while select.select([window.terminal], [], [], 0)[0]:
            os.read(window.terminal, 65536)
        window.shown = b""
        start = time.perf_counter()
        os.write(window.terminal, key)
        window.until(SCREEN)
        times.append(time.perf_counter() - start)
    os.write(window.terminal, b"q")
    window.end()
    return times


def disk(folder: Path) -> float:
    """Give the seconds that a line and its fsync take, as a median."""
    times = []
    with (folder / "line").open("ab", buffering=0) as file:
        for _ in range(200):
            start = time.perf_counter()
            file.write(b"x" * 350 + b"\n")
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as name:
        home, course = Path(name, "home"), Path(name, "course")
        home.mkdir()
        course.mkdir()
        (course / "questions.yaml").write_text(BANK, encoding="utf-8")
        reading(home)  # compiles the course
        found = {
            "answers": sorted(1000 * seconds for _ in range(sessions) for seconds in session(home, course)),
            "keys in the reader": sorted(1000 * seconds for _ in range(sessions) for seconds in reading(home)),
        }
        for what, times in found.items():
            p99 = times[max(0, round(0.99 * len(times)) - 1)]
            reached = "reached" if p99 <= GOAL else "NOT reached"
            middle = statistics.median(times)
            print(f"{len(times)} {what}: median {middle:.1f} ms, p99 {p99:.1f} ms, most {times[-1]:.1f} ms")
            print(f"goal for p99: {GOAL} ms, {reached}")
        print(f"one line and its fsync: {1000 * disk(home):.2f} ms")


if __name__ == "__main__":
    main()
