"""What exports and imports cost as a bank grows: time and memory of each format, and whether both grow with the bank.

    python benchmarks/exchange.py [FORMAT...]

Banks of 1,000, 3,000 and 10,000 questions are made in a temporary folder, written in every format and read again, each
by a process of its own. Times are of the processor, in seconds. `x` is the time for the largest bank divided by ten
times that for the smallest, both without the time for a bank of one question: 1.0 is linear. `MiB` is the peak of the
process, and `KiB/q` what a question adds to it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from growth import item

from synergy_cli.formats.formats import EXPORTS, FORMATS, IMPORTS

SIZES = (1, 1_000, 3_000, 10_000)
MADE = {
    "json": lambda n: json.dumps([_record(number) for number in range(n)], indent=1),
    "yaml": lambda n: "".join(f"- {json.dumps(_record(number))}\n" for number in range(n)),
    "toml": lambda n: "".join(f"[[q]]\nquestion = 'What is {number}?'\nanswer = 'a {number}'\n" for number in range(n)),
    "mkdocs-quiz": lambda n: "".join(
        f"<quiz>\nWhat is {number}?\n- [ ] a {number}\n> No.\n- [x] b {number}\n\nSo it is.\n</quiz>\n\n"
        for number in range(n)
    ),
}
"""Files of the formats that are only read, made for a number of questions."""


class Cost(NamedTuple):
    """The processor's time in seconds and the peak of memory in MiB."""

    seconds: float
    mib: float


def _record(number: int) -> dict[str, object]:
    options = [f"{word} of {number}" for word in ("one", "two", "three", "four")]
    return {"question": f"What is asked by question {number}?", "options": options, "answer": options[number % 4]}


def make_course(folder: Path, questions: int) -> None:
    """Write a course of questions of common length, in files of at most 2,000."""
    (folder / "questions").mkdir(parents=True)
    (folder / "questions.yaml").write_text("format: 1\nid: big\ntitle: A large course\n", encoding="utf-8")
    for start in range(0, questions, 2_000):
        items = (item(number) for number in range(start, min(start + 2_000, questions)))
        text = "".join(
            "".join(line for line in each.splitlines(keepends=True) if "passage:" not in line) for each in items
        )
        (folder / "questions" / f"{start // 2_000 + 1:02}-part.yaml").write_text(
            f"questions:\n{text}", encoding="utf-8"
        )


def cost(home: Path, *arguments: object) -> Cost:
    """Run the program and measure it; it must succeed."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
    with (home / "output").open("w+", encoding="utf-8") as output:
        command = [sys.executable, "-m", "synergy_cli", *map(str, arguments)]
        child = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        if child.returncode:
            sys.exit(f"{' '.join(command)}: {output.read()[-500:]}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def show(name: str, costs: list[Cost]) -> None:
    """Print a row."""
    first, small, *_, large = costs
    growth = (large.seconds - first.seconds) / ((small.seconds - first.seconds) * SIZES[-1] / SIZES[1])
    each = (large.mib - first.mib) * 1024 / SIZES[-1]
    times = "".join(f"{each_cost.seconds:8.2f}" for each_cost in costs)
    print(f"{name:<20}{times}{growth:7.2f}{costs[1].mib:8.0f}{large.mib:8.0f}{each:8.1f}", flush=True)


def main(wanted: list[str]) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in SIZES:
            make_course(folder / f"course-{size}", size)
            cost(folder, "--course", folder / f"course-{size}", "export", "csv")  # compiles it
        print(f"{'':<20}{''.join(f'{size:>8,}' for size in SIZES)}{'x':>7}{'MiB 1k':>8}{'MiB 10k':>8}{'KiB/q':>8}")
        for form in wanted or FORMATS:
            files = {size: folder / f"quiz-{size}{(FORMATS[form].suffixes or ('.txt',))[0]}" for size in SIZES}
            if form in EXPORTS:
                costs = [
                    cost(folder, "--course", folder / f"course-{size}", "export", form, "-o", files[size])
                    for size in SIZES
                ]
                show(f"export {form}", costs)
            if form in MADE:
                for size, file in files.items():
                    file.write_text(MADE[form](size), encoding="utf-8")
            if form in IMPORTS:
                target = f"{form}-{{}}"
                costs = [
                    cost(folder, "import", files[size], "-o", folder / target.format(size), "--format", form)
                    for size in SIZES
                ]
                show(f"import {form}", costs)
                costs = [
                    cost(folder, "import", files[size], "-o", folder / target.format(size), "--format", form)
                    for size in SIZES
                ]
                show("  again", costs)


main(sys.argv[1:])
