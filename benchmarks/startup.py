"""How long the program takes to answer, as ratios to a bare `python -c pass` of the same environment.

    python benchmarks/startup.py [ROUNDS]

All commands run in every round, in a new random order; the figures are medians of wall time over all rounds (31 unless
said otherwise, two more are thrown away). Where rich-cli and tldr are installed, they run too; rich-cli wants an older
Rich, so they may live in another environment: `PEERS=/path/to/bin` names its folder of commands.
Read ratios, not milliseconds. `PYTHONDONTWRITEBYTECODE` must not be set. The first screen of the reader, in a terminal
of its own, is there when its last row is; `python -c pass` has ended when it is measured.
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import re
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

BIN = Path(sys.executable).parent
PEERS = Path(os.environ.get("PEERS", BIN))
BASE = "python -c pass"
GOALS = {
    "synergy --version": 2,
    "synergy due": 2,
    "synergy --help": 1.8,
    "synergy explain d3": 1.8,
    "synergy explain (contents)": 1.8,
    "synergy search natto": 1.8,
    "completion of a section id": 1.8,
    "synergy quiz (first question)": 9,
    "first screen, again": 2.5,
    "first screen, not kept": 9,
}
READER = ("first screen, again", "first screen, not kept")
ROWS = 24
SCREEN = re.compile(rb"\x1b\[H(?:[^\n]*\n){%d}.*?\x1b\[K" % (ROWS - 1), re.DOTALL)


def commands(page: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Give each command's argument list and what it adds to the environment."""
    synergy = str(BIN / "synergy")
    found = {
        BASE: ([sys.executable, "-c", "pass"], {}),
        "synergy --version": ([synergy, "--version"], {}),
        "synergy due": ([synergy, "due"], {}),
        "synergy --help": ([synergy, "--help"], {}),
        "synergy explain d3": ([synergy, "explain", "d3"], {}),
        "synergy explain d3 (colour)": ([synergy, "--color=always", "explain", "d3"], {}),
        "synergy explain (contents)": ([synergy, "explain"], {}),
        "synergy quiz (first question)": ([synergy, "quiz"], {}),
        "synergy progress": ([synergy, "progress"], {}),
        "synergy": ([synergy, "--color=never"], {}),
        "synergy search natto": ([synergy, "search", "natto"], {}),
        "completion of a section id": ([synergy, "--", "explain", "an"], {"_SYNERGY_COMPLETE": "1"}),
        "unknown command": ([synergy, "explian"], {}),
        "synergy explain d3 (no cache)": ([synergy, "explain", "d3"], {"XDG_CACHE_HOME": "/dev/null"}),
    }
    for peer, arguments in (("rich", [str(page)]), ("tldr", ["--version"])):
        if shutil.which(peer, path=str(PEERS)):
            found[" ".join([peer, arguments[0] if arguments[0].startswith("-") else "PAGE"])] = (
                [str(PEERS / peer), *arguments],
                {},
            )
    return found


def first_screen(env: dict[str, str], *, again: bool) -> float:
    """Open a page in a terminal; give the seconds until its last row is there."""
    if not again:
        shutil.rmtree(Path(env["HOME"], ".cache", "synergy", "replay"), ignore_errors=True)
    start, shown = time.perf_counter(), b""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, 80, 0, 0))
        os.execve(BIN / "synergy", ["synergy", "explain", "d3"], env)  # noqa: S606  our own program
    while not SCREEN.search(shown):
        if not select.select([terminal], [], [], 10)[0]:
            message = f"no screen came, but {shown!r}"
            raise SystemExit(message)
        shown += os.read(terminal, 65536)
    taken = time.perf_counter() - start
    os.write(terminal, b"q")
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:  # it has ended
        pass
    os.waitpid(pid, 0)
    os.close(terminal)
    return taken


def timed(arguments: list[str], env: dict[str, str]) -> float:
    """Run a command; give its seconds."""
    start = time.perf_counter()
    subprocess.run(
        arguments,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - start


def measure(rounds: int) -> dict[str, list[float]]:
    """Run everything, interleaved, and give the seconds of each run."""
    with tempfile.TemporaryDirectory() as home:
        page = Path(home, "page.md")
        page.write_text("# A page\n\n" + "Some *words* to read. " * 100, encoding="utf-8")
        env = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
        }
        runs = commands(page)
        times: dict[str, list[float]] = {name: [] for name in (*runs, *READER)}
        apart = env | {"HOME": f"{home}/reader"}  # what is read is recorded, and changes what the others print
        Path(apart["HOME"]).mkdir()
        for turn in range(rounds + 2):
            for name in random.sample(list(times), len(times)):
                if name in READER:
                    again = name == READER[0]
                    if again:
                        first_screen(apart, again=True)
                    seconds = first_screen(apart, again=again)
                else:
                    arguments, more = runs[name]
                    seconds = timed(arguments, env | more)
                if turn > 1:
                    times[name].append(seconds)
        return times


def main() -> None:
    """Print the table."""
    times = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 31)
    base = statistics.median(times[BASE])
    print(f"{'command':34} {'ms':>7} {'ratio':>6}  goal")
    for name, runs in times.items():
        middle = statistics.median(runs)
        goal = GOALS.get(name)
        said = "" if goal is None else f"{goal:>4}  {'reached' if middle / base <= goal else 'NOT reached'}"
        print(f"{name:34} {middle * 1000:7.1f} {middle / base:6.2f}  {said}")


if __name__ == "__main__":
    main()
