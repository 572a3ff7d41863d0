"""Whether an answer is ever lost: sessions that are killed at any moment, and programs that write side by side.

    python benchmarks/durability.py [SESSIONS]

So many sessions (500 unless said otherwise) answer questions in one home and are killed with SIGKILL at random moments,
from their start to their last answer. Every verdict that could still be read from their standard output must be on
record, in its order, and `synergy history check` must find nothing wrong after each. Then eight programs answer 200
questions each at the same time; all 1,600 answers must be on record, and the index must be the one that the logs come
to. The exit status is 1 when anything is missing.
"""

from __future__ import annotations

import json
import os
import random
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from binascii import crc32
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SYNERGY = Path(sys.executable).with_name("synergy")
SESSIONS, PROGRAMS, EACH = 500, 8, 200
WAYS = (
    ["--practice", "-n", "98"],
    ["--seed", "7", "-n", "98"],
    ["-n", "98", "--new", "98"],
    ["-n", "98", "--new", "98", "--confidence"],
)
GUESSES = ("1", "2", "3", "true", "5", "vitamin", "1 2", "2 1 3 4", "s", "?", "u", "2\tsure", "", "µ\udc80")
ANSWERS = 80
SPAN = 30_000
"""Bytes that a session says about so many answers, more or less: it is killed when a part of them was read."""
VERDICT = re.compile(rb"^(?:\S+ )?(Right|Wrong|Skipped|Answer taken back)[.]", re.MULTILINE)
SEAL = re.compile(rb',"crc":"([0-9a-f]{8})"\}$')
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Each session is held a day later: then there is always something due."""
NOT_CHECKED: dict[str, Any] = {"logs": [], "index_rows_mended": 0}
PATIENCE = 60.0


class Killed(NamedTuple):
    """What became of sessions that were killed.

    Attributes:
        sessions: how many there were.
        alive: how many were running when they were killed.
        starting: how many of these had not asked anything yet.
        shown: verdicts that were read.
        recorded: acts on record.
        lost: sessions of which a verdict is not on record, or more than one act was not yet shown.
        unsound: checks that failed.
        torn: checks that named a torn last line.
        mended: rows of the index that a check had to mend.
    """

    sessions: int
    alive: int
    starting: int
    shown: int
    recorded: int
    lost: int
    unsound: int
    torn: int
    mended: int

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost."""
        return not (self.lost or self.unsound or self.mended) and self.shown <= self.recorded


class Together(NamedTuple):
    """What became of programs that ran at the same time.

    Attributes:
        expected: how many answers they gave.
        recorded: how many are on record.
        logs: how many logs hold them.
        statuses: all exit statuses but 0.
        said: what stood on standard error.
        sound: whether the check of the history passed, and found the index as it should be.
        same: whether the index is the same when it is made anew.
    """

    expected: int
    recorded: int
    logs: int
    statuses: list[int]
    said: str
    sound: bool
    same: bool

    @property
    def good(self) -> bool:
        """Tell whether all went well."""
        return self.expected == self.recorded and not self.statuses and not self.said and self.sound and self.same


def kill_sessions(env: Mapping[str, str], sessions: int, seed: int = 1, checked: int = 1) -> Killed:
    """Kill sessions, one after the other, in the home that the environment names.

    Args:
        env: of the program; XDG_DATA_HOME is where the history goes.
        sessions: how many.
        seed: for all that is random, but for how fast the machine is.
        checked: the history is checked after each so many sessions.

    Returns:
        What became of them.
    """
    rng = random.Random(seed)
    total = Killed(sessions, 0, 0, 0, 0, 0, 0, 0, 0)
    for day in range(1, sessions + 1):
        env = {**env, "SYNERGY_NOW": f"{START + timedelta(days=day):%Y-%m-%dT%H:%M:%S+00:00}"}
        sizes = {path: path.stat().st_size for path in logs(env)}
        output, alive = _kill_one(env, rng)
        messages = [word.decode().lower() for word in VERDICT.findall(output)]
        shown = ["undone" if word == "answer taken back" else word for word in messages]
        recorded = [word for path in logs(env) for word in words(path.read_bytes()[sizes.get(path, 0) :])]
        lost = recorded[: len(shown)] != shown or len(recorded) > len(shown) + 1
        report, sound = check(env) if day % checked == 0 else (NOT_CHECKED, True)
        total = total._replace(
            alive=total.alive + alive,
            starting=total.starting + (alive and not output),
            shown=total.shown + len(shown),
            recorded=total.recorded + len(recorded),
            lost=total.lost + lost,
            unsound=total.unsound + (not sound),
            torn=total.torn + sum(log["torn"] is not None for log in report["logs"]),
            mended=total.mended + report["index_rows_mended"],
        )
    return total


def _kill_one(env: Mapping[str, str], rng: random.Random) -> tuple[bytes, bool]:
    """Let a session answer, and kill it; give all that it said, and whether it was still running."""
    answers = "".join(f"{rng.choice(GUESSES)}\n" for _ in range(ANSWERS)).encode(errors="surrogateescape")
    command = [str(SYNERGY), "quiz", *rng.choice(WAYS)]
    starting = rng.random() < 0.2  # noqa: PLR2004  one in five is killed before it has said much
    wanted, pause = (1, rng.random() * 0.4) if starting else (rng.randrange(SPAN), rng.random() * 0.005)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
    ) as process:
        streams = process.stdin, process.stdout
        assert streams[0] is not None  # noqa: S101
        assert streams[1] is not None  # noqa: S101
        streams[0].write(answers)
        streams[0].flush()  # and left open: it waits for more
        output = b"" if starting else b"".join(_read(streams[1].fileno(), wanted))
        time.sleep(pause)
        alive = process.poll() is None
        process.kill()
        output += streams[1].read()
        streams[0].close()
    return output, alive


def _read(file: int, wanted: int) -> Iterator[bytes]:
    """Read so many bytes, or until nothing comes any more: all answers were read."""
    patience = PATIENCE
    while wanted > 0 and select.select([file], [], [], patience)[0]:
        piece = os.read(file, 512)
        if not piece:
            return
        wanted -= len(piece)
        patience = 0.3
        yield piece


def answer_side_by_side(env: Mapping[str, str], folder: Path, programs: int, each: int) -> Together:
    """Let programs answer at the same time, half of them from a pipe, half from a file, half of them for practice.

    Args:
        env: of the programs, with a home in which nothing was answered yet.
        folder: for a course and for what they say.
        programs: how many.
        each: how many questions each answers.

    Returns:
        What became of them.
    """
    course = write_course(folder / "course", each)
    answers = folder / "answers"
    answers.write_text("false\n" * each, "utf-8")
    with ExitStack() as opened:
        running = []
        for number in range(programs):
            command = [SYNERGY, "--course", course, "quiz", "-n", str(each), "--seed", str(number)]
            command += ["--answers", answers] if number % 2 else []
            command += ["--practice"] if number // 2 % 2 else []
            out = opened.enter_context((folder / f"out-{number}").open("wb"))
            err = opened.enter_context((folder / f"err-{number}").open("wb"))
            stdin = subprocess.DEVNULL if number % 2 else subprocess.PIPE
            running.append(subprocess.Popen(command, stdin=stdin, stdout=out, stderr=err, env=env))
        for process in running:
            process.communicate(None if process.stdin is None else b"true\n" * each, timeout=PATIENCE * 2)
    recorded = [word for path in logs(env) for word in words(path.read_bytes())]
    report, sound = check(env)
    before = index_rows(env) if sound else None
    shutil.rmtree(Path(env["XDG_CACHE_HOME"], "synergy"))
    subprocess.run([SYNERGY, "--course", course, "progress"], env=env, stdout=subprocess.DEVNULL, check=True)
    return Together(
        expected=programs * each,
        recorded=len(recorded),
        logs=len(logs(env)),
        statuses=[process.returncode for process in running if process.returncode],
        said="".join((folder / f"err-{number}").read_text("utf-8") for number in range(programs)),
        sound=sound and not report["index_rows_mended"] and not any(log["torn"] for log in report["logs"]),
        same=before == index_rows(env),
    )


def write_course(folder: Path, questions: int) -> Path:
    """Write a course of questions that are all true."""
    folder.mkdir()
    rows = (
        f"- {{id: q{n}, type: true-false, stem: 'Is {n} a number?', key: true, rationale: It is.}}\n"
        for n in range(questions)
    )
    text = f"format: 1\nid: numbers\ntitle: Numbers\nquestions:\n{''.join(rows)}"
    (folder / "questions.yaml").write_text(text, "utf-8")
    return folder


def logs(env: Mapping[str, str]) -> list[Path]:
    """Give the logs."""
    return sorted(Path(env["XDG_DATA_HOME"], "synergy", "history").glob("*.jsonl"))


def words(data: bytes) -> list[str]:
    """Give the answers and undos in a part of a log: the verdict, or `undone`; only lines that are whole count."""
    found = []
    for line in data.split(b"\n")[:-1]:
        seal = SEAL.search(line)
        if seal and crc32(line[: seal.start()]) == int(seal[1], 16):
            event = json.loads(line)
            if event["act"] in {"answer", "undo"}:
                found.append(str(event["verdict"]) if event["act"] == "answer" else "undone")
    return found


def check(env: Mapping[str, str]) -> tuple[dict[str, Any], bool]:
    """Let the program check the history; give its report, and whether it found all well; if not, print what it said."""
    done = subprocess.run(
        [SYNERGY, "history", "check", "--json"], env=env, capture_output=True, check=False, timeout=PATIENCE
    )
    if (done.returncode, done.stderr) == (0, b""):
        return json.loads(done.stdout), True
    sys.stderr.write(f"history check ended with {done.returncode}: {done.stderr.decode()}{done.stdout.decode()}\n")
    return NOT_CHECKED, False


def index_rows(env: Mapping[str, str]) -> list[Any]:
    """Give all that the index holds, in an order that does not depend on the order of arrival."""
    (path,) = Path(env["XDG_CACHE_HOME"], "synergy").glob("history-*.sqlite")
    with closing(sqlite3.connect(path)) as db:
        cards = {row[0]: row[1:] for row in db.execute("select * from cards")}
        events = [(*cards[row[0]][:3], *row[1:]) for row in db.execute("select * from events")]
        files = db.execute("select * from files order by 1").fetchall()
        pages = db.execute("select * from reading order by 1, 2, 3, 4, 5").fetchall()
    return [files, pages, sorted(cards.values()), sorted(events, key=repr)]


def clean_environment(home: Path) -> dict[str, str]:
    """Give the environment for a home of its own."""
    home.mkdir()
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "CONFIG", "DATA", "STATE")}
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", **folders}


def main() -> int:
    """Print the figures; give the exit status."""
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS
    with tempfile.TemporaryDirectory() as folder:
        killed = kill_sessions(clean_environment(Path(folder, "killed")), sessions)
        together = answer_side_by_side(clean_environment(Path(folder, "together")), Path(folder), PROGRAMS, EACH)
    print(f"{sessions} sessions killed with SIGKILL at random moments")
    for name, value in killed._asdict().items():
        print(f"  {name:9} {value:7}")
    print(f"{PROGRAMS} programs with {EACH} answers each at the same time")
    for name, value in together._asdict().items():
        print(f"  {name:9} {value!r:>7}")
    good = killed.good and together.good
    print("Nothing was lost." if good else "NOT as it should be.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
