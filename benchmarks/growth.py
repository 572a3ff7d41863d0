"""What a long history and a large bank cost, as ratios to the built-in course with an empty history.

    python benchmarks/growth.py [EVENTS [QUESTIONS [ROUNDS]]]
    python benchmarks/growth.py --picture [ROUNDS]

A bank of QUESTIONS choice questions on 100 pages and a log of EVENTS answers over ten years are made in a temporary
folder (1,000,000 and 10,000 unless said otherwise; about 350 MB and some minutes). The run that makes the index is
timed apart; then all commands run interleaved for ROUNDS rounds (15), each in a new random order, and the figures are
medians of wall time. No output is printed again from before. One answer is the first of a session, from its key to its
feedback on the screen of a terminal, when it is on disk. Memory is the peak of the process alone.

`--picture` does the same for each of three banks with each of four logs, and draws docs/growth.svg (5 rounds; 3 GB, and
up to an hour).
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
from math import ceil
from pathlib import Path
from typing import NamedTuple

from curves import Curve, Panel, picture
from latency import PROMPT, VERDICT, Window

from synergy_cli.history.events import Answer, Event, encode

BIN = Path(sys.executable).parent
PICTURE = Path(__file__).parents[1] / "docs" / "growth.svg"
BANKS = (1_000, 10_000, 100_000)
LOGS = (1_000, 10_000, 100_000, 1_000_000)
KEY = "one answer"
ANSWERS = 3
"""How many are timed in a round: they are short."""
FOUR = b"1-4"
"""What the screen says of a question with four options."""
RUNS: dict[str, tuple[tuple[str, ...], str]] = {
    "session start": (("quiz",), ""),
    "session of one answer": (("quiz", "-n", "1"), "1\n"),
    "contents": (("explain",), ""),
    "progress": (("progress",), ""),
}
DRAWN = ("session start", KEY, "progress", "contents")
PAGES = 100
A_FILE = 2_500
"""Questions in a file of a bank."""
LOG = Path(".local/share/synergy/history/0badcafe.jsonl")
SHARE_RIGHT = 0.85
LAST = time.time_ns() // 1000 - 3_600_000_000
"""The moment of the last answer, in microseconds: an hour ago."""
TEN_YEARS = 3652 * 86_400_000_000
PEAK = """
import sys
from synergy_cli.cli import app as cli
cli.call(sys.argv[1:])
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0], file=sys.stderr)
"""


def make_course(folder: Path, questions: int) -> None:
    """Write a course with a large bank."""
    (folder / "pages").mkdir(parents=True)
    for number in range(1, PAGES + 1):
        text = f"---\ntitle: Page {number}\n---\n\nSome text.\n\n" + "".join(
            f"## Part {n}\n\nMore.\n\n" for n in range(5)
        )
        (folder / "pages" / f"{number:03}-p{number}.md").write_text(text, encoding="utf-8")
    parts = ceil(questions / A_FILE)
    for part in range(parts):
        items = [item(number) for number in range(questions) if number % parts == part]
        head = "format: 1\nid: big\ntitle: A large course\n" if part == 0 else ""
        path = folder / "questions.yaml" if part == 0 else folder / "questions" / f"{part}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{head}questions:\n{''.join(items)}", encoding="utf-8")


def item(number: int) -> str:
    """Write a question of common length."""
    wrong = "".join(
        f"  - text: A wrong option {n} to question {number}\n"
        f"    feedback: It is wrong for a reason that takes a line to say, {n}.\n"
        for n in range(3)
    )
    return (
        f"- id: q{number}\n  type: choice\n  passage: p{number % PAGES + 1}#part-{number % 5}\n"
        f"  stem: What is asked by the question with the number {number}, which is as long as most?\n"
        f"  key: The right option to question {number}\n  distractors:\n{wrong}"
        f"  rationale: >-\n    It is right because of something that takes two lines to explain, as authors do\n"
        f"    who wants to be understood by a learner of question {number}.\n  hint: Think of {number}.\n"
    )


def make_log(path: Path, events: int, questions: int) -> None:
    """Write a log of answers, evenly over ten years."""
    rng = random.Random(1)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        for number in range(events):
            right, sure = rng.random() < SHARE_RIGHT, rng.choice(("", "", "", "guess", "unsure", "sure"))
            at = LAST - TEN_YEARS + number * TEN_YEARS // events
            answer = Answer(
                question=f"q{rng.randrange(questions)}",
                revision=1,
                mode="review",
                typed="2",
                given=("The right option",),
                verdict="right" if right else "wrong",
                confidence=sure,
                hinted=False,
                tries=1,
                seconds=4.2,
                rating=3 if right and sure != "guess" else 1,
                policy="1",
                algorithm="FSRS-6",
            )
            file.write(encode(Event(f"{rng.getrandbits(64):016x}", at, 3600, "big", answer)))


class Learner(NamedTuple):
    """A home folder, and the course that is studied in it; None for the built-in one."""

    home: Path
    course: Path | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The options that name the course."""
        return ("--course", str(self.course)) if self.course else ()

    @property
    def environment(self) -> dict[str, str]:
        """A clean environment."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "TERM": "dumb", "LC_ALL": "C.UTF-8"}

    def run(self, *arguments: str, stdin: str = "") -> float:
        """Run a command, whose output is not printed again from before; give its seconds."""
        command = [str(BIN / "synergy"), *self.options, *arguments]
        shutil.rmtree(self.home / ".cache" / "synergy" / "replay", ignore_errors=True)
        start = time.perf_counter()
        subprocess.run(command, env=self.environment, input=stdin.encode(), capture_output=True, check=False)
        return time.perf_counter() - start

    def answer(self) -> float:
        """Answer the first question of a session; give the seconds from the key to the feedback."""
        if self.course is None:  # its first question takes one key
            shutil.rmtree(self.home / ".local", ignore_errors=True)
        window = Window(self.home, *self.options, "quiz")
        while FOUR not in window.until(PROMPT):  # a passage comes first
            os.write(window.terminal, b"\r")
        time.sleep(0.05)
        start = time.perf_counter()
        os.write(window.terminal, b"1")
        window.until(VERDICT)
        seconds = time.perf_counter() - start
        window.press(b"q")
        window.end()
        return seconds

    def index(self) -> float:
        """Give the seconds of a command that makes the index first."""
        for path in (self.home / ".cache" / "synergy").glob("history-*"):
            path.unlink()
        return self.run("progress")

    def peak(self, *arguments: str) -> float:
        """Run a command; give its peak memory in MiB."""
        command = [sys.executable, "-c", PEAK, *self.options, *arguments]
        done = subprocess.run(command, env=self.environment, input=b"", capture_output=True, check=False)
        return int(done.stderr.split()[-1]) / 1024


def measure(folder: Path, large: Learner, rounds: int) -> dict[str, tuple[float, float]]:
    """Run everything for both learners, interleaved; give the medians in seconds, the small one's first."""
    small, fresh = Learner(folder / "empty"), Learner(folder / "fresh")
    small.home.mkdir(exist_ok=True)
    fresh.home.mkdir(exist_ok=True)
    times: dict[tuple[str, Learner], list[float]] = {(name, who): [] for name in (*RUNS, KEY) for who in (small, large)}
    for turn in range(rounds + 2):
        for name, who in random.sample(list(times), len(times)):
            if name == KEY:
                found = [(who if who.course else fresh).answer() for _ in range(ANSWERS)]
            else:
                arguments, stdin = RUNS[name]
                found = [who.run(*arguments, stdin=stdin)]
            times[name, who] += found if turn > 1 else []
    medians = {key: statistics.median(all_of_them) for key, all_of_them in times.items()}
    return {name: (medians[name, small], medians[name, large]) for name in (*RUNS, KEY)}


def table(folder: Path, events: int, questions: int, rounds: int) -> None:
    """Print what one bank and one log cost."""
    large = Learner(folder / "full", folder / "course")
    make_course(folder / "course", questions)
    make_log(large.home / LOG, events, questions)
    print(f"course compiled and index made: {large.run('quiz', '--unsaved'):.1f} s")
    print(f"index of {events:,} events made: {large.index():.1f} s")
    found = measure(folder, large, rounds)
    print(f"{'':26} {'empty':>8} {'large':>8} {'ratio':>6}   peak memory, large")
    for name, (small, big) in found.items():
        memory = f"   {large.peak(*RUNS[name][0]):.0f} MiB" if name in RUNS else ""
        print(f"{name:26} {small * 1000:5.0f} ms {big * 1000:5.0f} ms {big / small:6.2f}{memory}")


def draw(folder: Path, rounds: int = 5) -> None:
    """Measure each bank with each log, print the figures, and draw them."""
    costs: dict[str, dict[int, list[float]]] = {name: {bank: [] for bank in BANKS} for name in (*DRAWN, "index")}
    for bank in BANKS:
        course, cache = folder / f"course-{bank}", folder / f"cache-{bank}"
        author = Learner(folder / f"author-{bank}", course)
        make_course(course, bank)
        for path in (cache, author.home):
            path.mkdir()
        (author.home / ".cache").symlink_to(cache)
        author.run("quiz", "--unsaved")  # compiles the course
        for log in LOGS:
            learner = Learner(folder / f"{bank}-{log}", course)
            make_log(learner.home / LOG, log, bank)
            (learner.home / ".cache").symlink_to(cache)
            costs["index"][bank].append(learner.index())
            found = measure(folder, learner, rounds)
            for name in DRAWN:
                small, big = found[name]
                costs[name][bank].append(big / small)
            figures = ", ".join(
                f"{name} {found[name][1] * 1000:.0f} ms ({costs[name][bank][-1]:.2f})" for name in DRAWN
            )
            print(f"{bank:,} questions, {log:,} events: {figures}, index {costs['index'][bank][-1]:.1f} s", flush=True)
            shutil.rmtree(learner.home)
    panels = [
        Panel(
            name if name != "index" else "making the index",
            "seconds" if name == "index" else "times an empty history",
            [Curve(f"{bank:,}", list(zip(LOGS, values, strict=True))) for bank, values in by_bank.items()],
        )
        for name, by_bank in costs.items()
    ]
    PICTURE.write_text(picture(panels, "What long histories and large courses cost", "events", "questions"), "utf-8")


def main() -> None:
    """Print the table, or draw the picture."""
    with tempfile.TemporaryDirectory() as name:
        if sys.argv[1:2] == ["--picture"]:
            draw(Path(name), *map(int, sys.argv[2:]))
        else:
            events, questions, rounds = (*map(int, sys.argv[1:]), *(1_000_000, 10_000, 15)[len(sys.argv) - 1 :])
            table(Path(name), events, questions, rounds)


if __name__ == "__main__":
    main()
