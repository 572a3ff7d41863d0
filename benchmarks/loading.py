"""What a bank costs to load with all checks, next to the bare load of PyYAML's C loader, and how both grow.

    python benchmarks/loading.py [ROUNDS]

Banks of 1,000 and 10,000 questions in one file, and of 100,000 in twelve, are made in a temporary folder. A question is
that of `growth.py`: choice, three wrong options, each with its reason, a rationale of two lines and a hint; 0.7 KB and
32 values. The course has one page of five parts, which is read and checked too.

First, each way to load a bank runs in a process of its own, ROUNDS times (9) in random order: CSafeLoader as Python
starts, with the garbage collector on; the others as the program runs, with it off. Then the installed program runs:
`cold` without a cache, `warm` with it. The largest bank runs in every third round only. Figures are medians, of the
time that the load alone takes, or of the wall time of a command; memory is the peak of the process alone. A round with
the largest bank takes some five minutes, the others take one.
"""

from __future__ import annotations

import gc
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import growth
import yaml

from synergy_cli.course.compiler import Compiler
from synergy_cli.course.files import BANK, Files, read_text
from synergy_cli.parsing import yaml as documents
from synergy_cli.parsing.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = 1
SIZES = {1_000: 1, 10_000: 1, 100_000: 12}
"""Questions, and over how many files they are spread."""
LARGEST = max(SIZES)
BUILT_IN = 0
"""Stands for the built-in course where others are named by their size."""


class Command(NamedTuple):
    """A command of the program, what it is called here, and whether the cache is cleared before it."""

    label: str
    arguments: tuple[str, ...]
    cold: bool = False


COMMANDS = (
    Command("check", ("check",)),
    Command("first question, cold", ("quiz",), cold=True),
    Command("first question, warm", ("quiz",)),
    Command("contents, cold", ("explain",), cold=True),
    Command("contents, warm", ("explain",)),
    Command("a page, cold", ("explain", "1"), cold=True),
    Command("a page, warm", ("explain", "1")),
)


def make_course(folder: Path, questions: int, files: int) -> None:
    """Write a course with a bank that is spread over some files."""
    (folder / "pages").mkdir(parents=True)
    (folder / "questions").mkdir()
    parts = "".join(f"## Part {number}\n\nMore.\n\n" for number in range(5))
    for number in range(1, PAGES + 1):
        text = f"---\ntitle: Page {number}\n---\n\nSome text.\n\n{parts}"
        (folder / "pages" / f"{number:02}-p{number}.md").write_text(text, encoding="utf-8")
    for part in range(files):
        head = "format: 1\nid: big\ntitle: A large course\n" if part == 0 else ""
        items = "".join(question(number) for number in range(part, questions, files))
        path = folder / "questions" / f"{part:02}.yaml" if part else folder / BANK
        path.write_text(f"{head}questions:\n{items}", encoding="utf-8")


def question(number: int) -> str:
    """Write a question about one of the pages that there are."""
    there, here = (f"passage: p{number % pages + 1}#" for pages in (growth.PAGES, PAGES))
    return growth.item(number).replace(there, here)


def csafe(text: str) -> None:
    """Load a text as most programs do."""
    yaml.load(text, Loader=yaml.CSafeLoader)  # noqa: TID251  what we compare with


def events(text: str) -> None:
    """Go through the events of a text, and do nothing."""
    for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
        pass


def parse(text: str) -> None:
    """Read a text into nodes."""
    documents.parse(text, Report(BANK))


def load(files: Files) -> None:
    """Read and check a bank, and all that it refers to."""
    compiler = Compiler(files)
    if not compiler.bank or compiler.found:
        sys.exit("the bank is not as it should be")


WAYS: dict[str, Callable[[str], None]] = {"CSafeLoader": csafe, "events": events, "parse": parse}
CHECKED = "all checks"


def measure(way: str, folder: Path) -> None:
    """Load a bank in one way; print the seconds that it took, and the peak memory in KiB."""
    files = Files(folder)
    texts = [read_text(folder, path) for path in files.bank] if way in WAYS else []
    if way == CHECKED:
        Compiler(files).entries()  # loads the parser of Markdown, as PyYAML is loaded for all
    if way != "CSafeLoader":
        gc.disable()
    start = time.perf_counter()
    for text in texts:
        WAYS[way](text)
    if way == CHECKED:
        load(files)
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(seconds, status.partition("VmHWM:")[2].split()[0])


def compare(courses: dict[int, Path], rounds: int) -> None:
    """Print what the ways to load a bank cost."""
    times: dict[tuple[int, str], list[float]] = defaultdict(list)
    peaks: dict[tuple[int, str], float] = {}
    for turn in range(rounds):
        cases = [(size, way) for size in in_turn(turn) for way in (*WAYS, CHECKED)]
        for case in random.sample(cases, len(cases)):
            size, way = case
            command = [sys.executable, __file__, way, str(courses[size])]
            seconds, memory = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
            times[case].append(float(seconds))
            peaks[case] = int(memory) / 1024
    print(f"{'µs a question':14}" + "".join(f"{way:>13}" for way in (*WAYS, CHECKED)) + "  of CSafeLoader   peaks, MiB")
    for size in SIZES:
        cost = {way: statistics.median(times[size, way]) / size * 1e6 for way in (*WAYS, CHECKED)}
        cells = "".join(f"{cost[way]:13.1f}" for way in cost)
        memory = " / ".join(f"{peaks[size, way]:.0f}" for way in cost)
        print(f"{size:<14,}{cells}{cost[CHECKED] / cost['CSafeLoader']:16.2f}   {memory}")


def in_turn(turn: int) -> list[int]:
    """Give the sizes that are measured in a round."""
    return [size for size in SIZES if size != LARGEST or turn % 3 == 0]


def use(courses: dict[int, Path], homes: Path, rounds: int) -> None:
    """Print what the program's commands cost on each course, and on the built-in one."""
    times: dict[tuple[int, Command], list[float]] = defaultdict(list)
    for turn in range(rounds):
        cases = [(size, command) for size in (BUILT_IN, *in_turn(turn)) for command in COMMANDS]
        for size, command in random.sample(cases, len(cases)):
            home = ready(homes, size, command, courses)
            times[size, command].append(growth.run(home, *words(courses, size, command)))
    print(f"\n{'':22}{'built-in':>10}" + "".join(f"{f'{size:,}':>18}" for size in SIZES) + "   peaks, MiB")
    for command in COMMANDS:
        base, *others = (statistics.median(times[size, command]) for size in (BUILT_IN, *SIZES))
        cells = "".join(f"{seconds * 1000:8.0f} ms {seconds / base:6.2f}" for seconds in others)
        peaks = [
            growth.peak(ready(homes, size, command, courses), *words(courses, size, command))
            for size in (BUILT_IN, *SIZES)
        ]
        print(f"{command.label:22}{base * 1000:7.0f} ms{cells}   {' / '.join(f'{peak:.0f}' for peak in peaks)}")


def words(courses: dict[int, Path], size: int, command: Command) -> list[str]:
    """Give a command's words for a course."""
    return [*(("--course", str(courses[size])) if size in courses else ()), *command.arguments]


def ready(homes: Path, size: int, command: Command, courses: dict[int, Path]) -> Path:
    """Give a home folder with the cache of a course, or without; what begins cold leaves half a cache behind."""
    home = homes / f"{size}-{'cold' if command.cold else 'warm'}"
    cache = home / ".cache"
    home.mkdir(exist_ok=True)
    if command.cold:
        shutil.rmtree(cache, ignore_errors=True)
    elif not cache.exists():
        growth.run(home, *words(courses, size, COMMANDS[1]))
        growth.run(home, *words(courses, size, COMMANDS[-1]))
    return home


def main() -> None:
    """Make the courses and print both tables."""
    if len(sys.argv) > 2:  # noqa: PLR2004  a way and a folder: one of the processes that are measured
        measure(sys.argv[1], Path(sys.argv[2]))
        return
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as name:
        courses = {size: Path(name, f"course-{size}") for size in SIZES}
        for size, files in SIZES.items():
            make_course(courses[size], size, files)
        compare(courses, rounds)
        use(courses, Path(name), rounds)


if __name__ == "__main__":
    main()
