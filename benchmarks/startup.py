"""How long the program and its peers take to answer, as ratios to a bare `python -c pass` of the same environment.

    python benchmarks/startup.py [ROUNDS]

All commands run in every round, in a new random order; the figures are medians of wall time over all rounds (31 unless
said otherwise, two more are thrown away). Peers run too where they are installed, on the same page, and the table names
those that are absent: `apt-get install bat man-db` and `pip install rich-cli tldr` bring some. rich-cli wants an older
Rich, so it may live in another environment: `PEERS=/path/to/bin` names its folder of commands.
Read ratios, not milliseconds. `PYTHONDONTWRITEBYTECODE` must not be set.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from latency import SCREEN, Window

ROOT = Path(__file__).resolve().parents[1]
SYNERGY = str(Path(sys.executable).parent / "synergy")
BASE = "python -c pass"
PAGE = ROOT / "data" / "pages" / "02-d3.md"
COMPLETION = {"_SYNERGY_COMPLETE": "1"}


class Run(NamedTuple):
    """A command to time.

    Attributes:
        goal: the ratio to stay below, if there is one.
        more: what it adds to the environment.
        anew: whether nothing that was printed before may be printed again.
        screen: whether it is timed until its first screen is there, in a terminal of its own.
    """

    command: list[str]
    goal: float | None = None
    more: dict[str, str] = {}  # noqa: RUF012  nobody changes it
    anew: bool = False
    screen: bool = False


OURS = {
    "synergy explain d3": Run(["explain", "d3"], 1.8),
    "synergy explain d3 (colour)": Run(["--color=always", "explain", "d3"], 1.8),
    "synergy explain (contents)": Run(["explain"], 1.8),
    "synergy --help": Run(["--help"], 1.8),
    "synergy search natto": Run(["search", "natto"], 1.8),
    "completion of a section": Run(["--", "explain", "an"], 1.8, COMPLETION),
    "synergy --version": Run(["--version"], 2),
    "synergy due": Run(["due"], 2),
    "first screen of the reader": Run(["explain", "d3"], 2.5, screen=True),
    "synergy quiz (first question)": Run(["quiz"], 9),
    "synergy progress": Run(["progress"]),
    "synergy": Run(["--color=never"]),
    "unknown command": Run(["explian"]),
    "explain d3, the first time": Run(["explain", "d3"], 9, anew=True),
    "completion, the first time": Run(["--", "explain", "an"], 6, COMPLETION, anew=True),
    "first screen, the first time": Run(["explain", "d3"], 9, anew=True, screen=True),
    "explain d3, without any cache": Run(["explain", "d3"], None, {"XDG_CACHE_HOME": "/dev/null"}),
}
PEERS = {
    "bat PAGE": ("bat", "batcat", "--color=always", "--paging=never", str(PAGE)),
    "glow PAGE": ("glow", "glow", str(PAGE)),
    "man synergy": ("man", "man", "--local-file", str(ROOT / "man" / "synergy.1")),
    "rich PAGE": ("rich", "rich", str(PAGE)),
    "tldr --version": ("tldr", "tldr", "--version"),
}
"""Each with two names of the command, because Debian renames some, and its arguments."""


def peers() -> dict[str, Run]:
    """Return the peers that are installed."""
    places = os.pathsep.join(filter(None, (os.environ.get("PEERS"), str(Path(SYNERGY).parent), os.environ["PATH"])))
    found = {}
    for name, (command, other, *arguments) in PEERS.items():
        path = shutil.which(command, path=places) or shutil.which(other, path=places)
        if path:
            found[name] = Run([path, *arguments])
    return found


def seconds(run: Run, folder: Path) -> float:
    """Run a command once, at home in a folder; give its seconds.

    Where the reader opens has a home apart, because what is read is recorded, and changes what the others print.
    """
    home = folder / f"{'anew' if run.anew else 'again'}{'-reader' if run.screen else ''}"
    home.mkdir(exist_ok=True)
    if run.anew:
        shutil.rmtree(home / ".cache" / "synergy" / "replay", ignore_errors=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | run.more
    start = time.perf_counter()
    if not run.screen:
        subprocess.run(run.command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return time.perf_counter() - start
    window = Window(home, *run.command[1:])
    window.until(SCREEN)
    taken = time.perf_counter() - start
    os.write(window.terminal, b"q")
    window.end()
    return taken


def measure(runs: dict[str, Run], rounds: int) -> dict[str, float]:
    """Run everything, interleaved, and give the median of each in seconds."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds + 2):
            for name in random.sample(list(runs), len(runs)):
                taken = seconds(runs[name], Path(folder))
                if turn > 1:
                    times[name].append(taken)
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> None:
    """Print the table."""
    ours = {name: run._replace(command=[SYNERGY, *run.command]) for name, run in OURS.items()}
    runs = {BASE: Run([sys.executable, "-c", "pass"])} | ours | peers()
    medians = measure(runs, int(sys.argv[1]) if len(sys.argv) > 1 else 31)
    print(f"{'command':34} {'ms':>7} {'ratio':>6}  goal")
    for name, run in runs.items():
        ratio = medians[name] / medians[BASE]
        goal = "" if run.goal is None else f"{run.goal:>4}  {'reached' if ratio <= run.goal else 'NOT reached'}"
        print(f"{name:34} {medians[name] * 1000:7.1f} {ratio:6.2f}  {goal}".rstrip())
    for name in PEERS.keys() - runs.keys():
        print(f"{name:34}  absent")


if __name__ == "__main__":
    main()
