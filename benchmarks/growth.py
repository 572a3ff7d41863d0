"""What a long history and a large bank cost, as ratios to the built-in course with an empty history.

    python benchmarks/growth.py [EVENTS [QUESTIONS [ROUNDS]]]

A bank of QUESTIONS choice questions on 100 pages and a log of EVENTS answers over ten years are made in a temporary
folder (1,000,000 and 10,000 unless said otherwise; about 350 MB and some minutes). The run that makes the index is
timed apart; then all commands run interleaved for ROUNDS rounds (15), each in a new random order, and the figures are
medians of wall time. Memory is the peak of the process alone.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from synergy_cli.history.events import Answer, Event, encode

BIN = Path(sys.executable).parent
PAGES = 100
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
    parts = 4
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


def run(home: Path, *arguments: str, stdin: str = "") -> float:
    """Run a command; give its seconds."""
    start = time.perf_counter()
    subprocess.run(
        [str(BIN / "synergy"), *arguments],
        env=environment(home),
        input=stdin.encode(),
        capture_output=True,
        check=False,
    )
    return time.perf_counter() - start


def environment(home: Path) -> dict[str, str]:
    """Give a clean environment with a home of its own."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def peak(home: Path, *arguments: str) -> float:
    """Run a command; give its peak memory in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *arguments], env=environment(home), input=b"", capture_output=True, check=False
    )
    return int(done.stderr.split()[-1]) / 1024


def main() -> None:
    """Print the table."""
    events, questions, rounds = (*map(int, sys.argv[1:]), *(1_000_000, 10_000, 15)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as name:
        empty, full, course = Path(name, "empty"), Path(name, "full"), Path(name, "course")
        empty.mkdir()
        make_course(course, questions)
        make_log(full / ".local/share/synergy/history/0badcafe.jsonl", events, questions)
        there = ("--course", str(course))
        print(f"course compiled and index made: {run(full, *there, 'quiz', '--unsaved'):.1f} s")
        next((full / ".cache/synergy").glob("history-*")).unlink()
        print(f"index of {events:,} events made: {run(full, *there, 'progress'):.1f} s")
        runs = {
            "session start": ((), ("quiz",), ""),
            "session with one answer": ((), ("quiz", "-n", "1"), "1\n"),
            "contents": ((), ("explain",), ""),
            "progress": ((), ("progress",), ""),
        }
        times: dict[tuple[str, bool], list[float]] = {(label, large): [] for label in runs for large in (False, True)}
        for turn in range(rounds + 2):
            for label, large in random.sample(list(times), len(times)):
                _, arguments, stdin = runs[label]
                seconds = run(full if large else empty, *(there if large else ()), *arguments, stdin=stdin)
                if turn > 1:
                    times[label, large].append(seconds)
        print(f"{'':26} {'empty':>8} {'large':>8} {'ratio':>6}   peak memory, large")
        for label, (_, arguments, _) in runs.items():
            small, big = (statistics.median(times[label, large]) for large in (False, True))
            memory = peak(full, *there, *arguments)
            print(f"{label:26} {small * 1000:5.0f} ms {big * 1000:5.0f} ms {big / small:6.2f}   {memory:.0f} MiB")


if __name__ == "__main__":
    main()
