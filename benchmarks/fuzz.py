"""Courses that nobody meant to write: mutated ones by the thousand, and files of others in the place of ours.

    python benchmarks/fuzz.py [CASES [SEED]]
    python benchmarks/fuzz.py --files FOLDER
    python benchmarks/fuzz.py --case SEED NUMBER FOLDER

A case is the course that `synergy new` makes, or the built-in course cut small, in which one to four things are
changed: a bit, a line, a stretch of bytes, a piece of another file, a fragment that means something to YAML, Markdown
or a terminal. `check` and one other command run on it in this process. What must not happen: an exception that is not
ours, a status but 0, 1 and 2, a message without its place, a sign that could steer a terminal, more than LIMIT seconds.
Each such case is printed, and the exit status is 1. With `--files`, each file in a folder, such as a test suite of YAML
or of Markdown, stands in the place of each file of the course in turn. `--case` writes one case to a folder.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import io
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer.main

from synergy_cli.authoring.new import files_for
from synergy_cli.cli import app as cli
from synergy_cli.course.files import built_in
from synergy_cli.text import is_dangerous, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIMIT = 2
"""Seconds of the processor's time that a command may take."""
PATIENCE = 10
"""How many times as long it may take by the clock, on a machine that does other things too."""
CHUNK = 50
FEW, LENGTH = 5, 1200
"""Questions and terms of the built-in course, and characters of a page: a case is to be soon done."""
COMMANDS = (
    ("explain",),
    ("explain", "--all", "--width", "40"),
    ("explain", "1", "--format", "md"),
    ("quiz", "-n", "7", "--unsaved", "--seed", "1"),
    ("search", "a"),
    ("glossary",),
    ("sources",),
    ("check", "--json"),
    ("check", "--strict", "--width", "20"),
)
ANSWERS = "1\n2\n13\nab\ntrue\n48\ns\n" * 6
HEADLINE = re.compile(r".*?:\d+:\d+: (error|warning|note)\[[a-z0-9-]+\]: .+|\d+ .* in \d+ files?\.|.*no faults .*")
FRAGMENTS = (
    *("!!python/object/apply:os.system [id]", "!!binary x", "&a ", "*a", "<<: {a: b}", "---\n", "...\n", "%YAML 1.2\n"),
    *("[" * 40, "{a: " * 20, "- " * 40, "? ", "|\n", ">-\n", "'", '"', "\t", ": ", " #", "#", "@", "`", "!", "%", "~"),
    *("\x00", "\x1b[2J", "\x9b", "\u202e", "\ufeff", "\u2028", "\xad", "\ud7ff", '"\\e[2J"', '"\\u202e"', "\r", "\r\n"),
    *("[[[[[[[[", "![", "](", "[a](javascript:x)", "[@", "[@x]", "[@x;@y]", "```\n", "~~~\n", "> " * 20, "> [!", "***"),
    *(
        '``` {.diagram title="',
        "|a|b|\n|-|-|\n",
        "&#x202e;",
        "&#27;",
        "<script>",
        "1. ",
        "\n\n# ",
        "---",
        "![a](../../x.png)",
    ),
    *(
        "x" * 10_000,
        "e\u0301" * 2000,
        "\u754c" * 3000,
        "\u200d" * 300,
        "0" * 400,
        "1_000",
        "0o17",
        "2024-13-45",
        "No",
        "~\n",
    ),
    *(
        "format: 2\n",
        "questions: []\n",
        "type: order\n",
        "key: true\n",
        "key: -1e999\n",
        "distractors: {}\n",
        "pairs: [a]\n",
    ),
)


def courses() -> list[dict[str, bytes]]:
    """Give the courses that are mutated, texts by path: a new one, and a part of the built-in one, both cut small."""
    data = built_in()
    pages = sorted((data / "pages").iterdir())[:2]
    part = {f"pages/{path.name}": path.read_text("utf-8") for path in pages}
    header, *bank = (data / "questions.yaml").read_text("utf-8").split("\n- id: ")
    asked = [item for item in bank if re.search(rf"\n  passage: ({pages[0].stem[3:]}|{pages[1].stem[3:]})\b", item)]
    part["questions.yaml"] = "\n- id: ".join([header, *asked[:FEW]]) + "\n"
    terms = re.split(r"\n(?=\w)", (data / "glossary.yaml").read_text("utf-8"))[:FEW]
    part["glossary.yaml"] = re.sub(r"\n  see: .*", "", "\n".join(terms)) + "\n"
    part["references.yaml"] = (data / "references.yaml").read_text("utf-8")
    new = {name: text for name, text in files_for("fuzz").items() if not name.startswith(".")}
    return [{name: text.encode() for name, text in _small(course).items()} for course in (new, part)]


def _small(course: dict[str, str]) -> dict[str, str]:
    """Cut a course's pages short, and all that they then do not have out of the rest."""
    small = {name: _short(text) if name.endswith(".md") else text for name, text in course.items()}
    headings = {slug(line.lstrip("#")) for text in small.values() for line in text.split("\n") if line.startswith("#")}

    def passage(match: re.Match[str]) -> str:
        return match[0] if match[2] in headings else match[1]

    small["questions.yaml"] = re.sub(r"(passage: [\w-]+)#(\S+)", passage, small["questions.yaml"])
    cited = set(re.findall(r"[\w-]+", "".join(text for name, text in small.items() if name != "references.yaml")))
    header, *sources = small["references.yaml"].split("- id: ")
    kept = [text for text in sources if text.split("\n")[0] in cited]
    return {**small, "references.yaml": "- id: ".join([header, *kept])}


def _short(page: str) -> str:
    """Give the beginning of a page, its links to other pages led elsewhere, so that it stands by itself."""
    whole = re.sub(r"\]\((\d\d-|#)[^)]*\)", "](https://example.org)", page)
    front, _, text = whole[4:].partition("\n---\n")
    claim = "\n  - claim"
    front = claim.join(front.split(claim)[:2])
    return f"---\n{front}\n---\n{text[: text.rindex('.', 0, LENGTH)]}.\n"


def mutated(course: dict[str, bytes], rng: random.Random) -> dict[str, bytes]:
    """Change one to four things in a course."""
    course = dict(course)
    for _ in range(rng.randint(1, 4)):
        name = rng.choice(sorted(course))
        course[name] = rng.choice(MUTATIONS)(course[name], course, rng)
    return course


def _flip(data: bytes, _: dict[str, bytes], rng: random.Random) -> bytes:
    place = rng.randrange(len(data) or 1)
    return data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]


def _cut(data: bytes, _: dict[str, bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.choice((1, 5, 50, 5000)) :]


def _repeat(data: bytes, _: dict[str, bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    stretch = data[start : start + rng.choice((1, 20, 400))]
    return data[:start] + stretch * rng.choice((2, 3, 50)) + data[start:]


def _swap(data: bytes, _: dict[str, bytes], rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _indent(data: bytes, _: dict[str, bytes], rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    place = rng.randrange(len(lines))
    lines[place] = rng.choice((b" " + lines[place], b"\t" + lines[place], lines[place].lstrip(), b"- " + lines[place]))
    return b"\n".join(lines)


def _splice(data: bytes, course: dict[str, bytes], rng: random.Random) -> bytes:
    other = course[rng.choice(sorted(course))]
    start, place = rng.randrange(len(other) + 1), rng.randrange(len(data) + 1)
    return data[:place] + other[start : start + rng.choice((10, 100, 1000))] + data[place:]


def _insert(data: bytes, _: dict[str, bytes], rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    if rng.random() < 1 / 2:
        place = data.find(b"\n", place) + 1
    return data[:place] + rng.choice(FRAGMENTS).encode(errors="surrogatepass") + data[place:]


def _replace(data: bytes, _: dict[str, bytes], rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    place = rng.randrange(len(lines))
    key = lines[place].partition(b":")[0]
    lines[place] = key + b": " + rng.choice(FRAGMENTS).encode(errors="surrogatepass")
    return b"\n".join(lines)


MUTATIONS = (_flip, _cut, _repeat, _swap, _indent, _splice, _insert, _insert, _replace)


def case_of(seed: int, number: int) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Give a case: the course, and the command that runs beside `check`."""
    rng = random.Random(f"{seed} {number}")
    return mutated(rng.choice(COURSES), rng), rng.choice(COMMANDS)


def write(course: dict[str, bytes], folder: Path) -> None:
    """Write a course into a folder."""
    for name, data in course.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class _TooLongError(BaseException):
    """A command took more than the limit."""


def _too_long(*_: object) -> None:
    raise _TooLongError


class _Pipe(io.StringIO):
    encoding = "utf-8"


def faults(course: Path, *command: str) -> tuple[str, list[str]]:
    """Run a command on a course; give how it ended, and what must not be."""
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = _Pipe(), _Pipe()
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(ANSWERS), out, err
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    signal.alarm(LIMIT * PATIENCE)
    try:
        status = cli.call(["--course", str(course), *command])
    except _TooLongError:
        return "too late", [f"{' '.join(command)}: more than {LIMIT} s"]
    except BaseException as error:  # noqa: BLE001  whatever comes out is what is looked for
        return "raised", [f"{' '.join(command)}: {error!r}"]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.alarm(0)
        sys.stdin, sys.stdout, sys.stderr = before
    text = out.getvalue() + err.getvalue()
    found = [] if status in (0, 1, 2) else [f"status {status}"]
    found += [line for line in text.split("\n") if "fault of the program" in line or "Error: " in line]
    found += [f"prints {sign!r}" for sign in sorted(set(text)) if is_dangerous(sign)]
    found += ["says nothing"] if status and not text.strip() else []
    if command == ("check", "--plain"):
        found += [f"no place: {line}" for line in out.getvalue().splitlines() if not HEADLINE.fullmatch(line)]
    return f"{command[0]} {status}", [f"{' '.join(command)}: {what}" for what in found]


def run(case: tuple[int, int]) -> tuple[Counter[str], list[str]]:
    """Run a case; give how its commands ended, and what was wrong."""
    course, command = case_of(*case)
    ends: Counter[str] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:  # noqa: S108
        write(course, Path(name))
        for words in (("check", "--plain"), command):
            end, found = faults(Path(name), *words)
            ends[end] += 1
            wrong += [f"--case {case[0]} {case[1]}: {fault[:300]}" for fault in found]
    return ends, wrong


def run_file(path: Path) -> tuple[Counter[str], list[str]]:
    """Put a file in the place of each file of a course; give how the commands ended, and what was wrong."""
    data = path.read_bytes()
    places = {"questions.yaml": data, "references.yaml": data, "glossary.yaml": data}
    places |= {"questions/more.yaml": data, "pages/01-pages.md": b"---\n" + data + b"\n---\n\nText.\n"}
    places |= {"pages/02-questions.md": b"---\ntitle: Questions\n---\n\n" + data}
    ends: Counter[str] = Counter()
    wrong = []
    for place, content in places.items():
        with tempfile.TemporaryDirectory() as name:
            write({**COURSES[0], place: content}, Path(name))
            for command in (("check", "--plain"), ("explain", "--all"), ("quiz", "--unsaved")):
                end, found = faults(Path(name), *command)
                ends[end] += 1
                wrong += [f"{path} as {place}: {fault[:300]}" for fault in found]
    return ends, wrong


def prepare() -> None:
    """Leave nothing of this machine's in the way: no history, no cache; say where the interpreter crashes, if so."""
    faulthandler.enable()
    gc.freeze()
    typer.main.get_command = cache(typer.main.get_command)  # half of a case would be spent on making it anew
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.signal(signal.SIGALRM, _too_long)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "SYNERGY_COURSE", "SYNERGY_HISTORY"):
        os.environ.pop(name, None)


def main() -> int:
    """Run what is asked for."""
    prepare()
    match sys.argv[1:]:
        case ["--case", seed, number, folder]:
            shutil.rmtree(folder, ignore_errors=True)
            course, command = case_of(int(seed), int(number))
            write(course, Path(folder))
            print(f"synergy --course {folder} {' '.join(command)}")
            return 0
        case ["--files", folder]:
            files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
            return report(f"{len(files):,} files", run_file, files)
        case numbers:
            cases, seed = (*map(int, numbers), *(50_000, 1)[len(numbers) :])
            return report(f"{cases:,} cases", run, [(seed, number) for number in range(cases)])


def report(what: str, function: Callable[[Any], tuple[Counter[str], list[str]]], cases: Sequence[Any]) -> int:
    """Run all cases on all processors, and print what came of them; give the exit status."""
    ends: Counter[str] = Counter()
    wrong = []
    begun = time.monotonic()
    with Pool(os.cpu_count(), prepare) as pool:
        for part, found in pool.imap_unordered(function, cases, CHUNK):
            ends += part
            wrong += found
    print(f"{what}, {ends.total():,} runs in {time.monotonic() - begun:.0f} s; commands, and the status of their ends:")
    print("  " + ", ".join(f"{name}: {count:,}" for name, count in sorted(ends.items())))
    with contextlib.suppress(BrokenPipeError):
        print("\n".join([*wrong[:200], f"{len(wrong):,} things wrong"]))
    return 1 if wrong else 0


COURSES = courses()

if __name__ == "__main__":
    sys.exit(main())
