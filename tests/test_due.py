"""`synergy due` counts the reviews that are due, and what it keeps of its answer is never out of date."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from harness import in_process, process, python
from records import DAY, SECOND, START, TODAY, answer, event, missed, past, write_log
from synergy_cli.cli import kept
from synergy_cli.history.events import Suspend, encode
from synergy_cli.history.log import Moment

HOUR = 3600


@pytest.fixture
def clock(monkeypatch):
    """Give the clock of the program, which both ways to an answer look at."""
    now = SimpleNamespace(at=START, offset=0)
    monkeypatch.setattr("synergy_cli.cli.context.clock", lambda: lambda: Moment(now.at, now.offset))
    monkeypatch.setattr(kept, "time_ns", lambda: now.at * 1000)
    monkeypatch.setattr(kept, "localtime", lambda _seconds: SimpleNamespace(tm_gmtoff=now.offset))
    monkeypatch.setattr(kept, "TOO_FRESH", -DAY * 1000)
    return now


@pytest.fixture
def course(small, monkeypatch):
    """Make the small course the one in use."""
    monkeypatch.setenv("SYNERGY_COURSE", str(small))
    return small


def log_file(device="d0000000"):
    return Path(os.environ["HOME"], f".local/share/synergy/history/{device}.jsonl")


def happened(*acts, device="d0000000", course="small"):
    """Record acts, each with the number of days before the start."""
    write_log(log_file(device), [event(act, START - ago * DAY, course=course) for ago, act in acts])


def add(path, data):
    with path.open("ab") as file:
        file.write(data)


def counted():
    """Give the answer of the whole program."""
    done = in_process("due")
    assert done.stderr == ""
    assert done.status == (0 if int(done.stdout) else 1)
    return int(done.stdout)


@pytest.mark.parametrize(
    ("acts", "number"),
    [
        ([], 0),
        ([(0, missed()), (0, answer("stars"))], 0),
        ([(1, missed()), (1, answer("stars"))], 1),
        ([(2, missed()), (2, answer("stars"))], 2),
        ([(9, missed(revision=2)), (9, answer("gone"))], 0),
        ([(9, answer(mode="practice")), (9, answer("stars", mode="exam"))], 0),
        ([(9, missed()), (8, Suspend("colour", 1, suspended=True))], 0),
        ([(9, missed()), (8, Suspend("colour", 1, suspended=True)), (7, Suspend("colour", 1, suspended=False))], 1),
        ([(day, missed()) for day in range(6, 0, -1)], 0),
    ],
    ids=range(9),
)
def test_it_counts_what_is_due_and_not_set_aside(course, clock, acts, number):
    happened(*acts)
    assert counted() == number
    assert kept.answer() == number
    clock.at += 1000 * DAY
    assert kept.answer() == counted()


def test_another_course_is_not_counted(course, clock):
    happened((9, missed()), course="sea")
    assert counted() == 0


def test_a_document_names_the_course(course, clock):
    happened((9, missed()))
    done = in_process("due", "--json")
    assert json.loads(done.stdout) == {"schema": 1, "course": {"id": "small", "title": "A small course"}, "due": 1}
    assert done.status == 0


def test_nothing_is_written_but_the_cache(course, clock):
    assert counted() == 0
    assert list(Path(os.environ["HOME"]).iterdir()) == []


def test_a_course_around_the_current_folder_is_counted_without_a_note(small, clock, monkeypatch):
    happened((9, missed()))
    (small / "notes").mkdir()
    monkeypatch.chdir(small / "notes")
    assert counted() == kept.answer() == 1
    assert in_process("due").stderr == ""
    monkeypatch.chdir(small)
    assert kept.answer() == 1
    monkeypatch.chdir(small.parent)
    assert kept.answer() is None


def test_a_day_begins_at_four_where_one_lives(course, clock):
    happened((1, missed()))
    counted()
    clock.offset = -9 * HOUR
    assert counted() == kept.answer() == (0 if START // SECOND % (24 * HOUR) < 13 * HOUR else 1)


@pytest.mark.parametrize("seed", range(6))
def test_on_every_later_day_the_kept_answer_is_the_counted_one(small, clock, monkeypatch, seed):
    monkeypatch.setenv("SYNERGY_COURSE", str(small))
    rng = Random(seed)
    questions = "".join(
        f"- {{id: q{number}, type: true-false, stem: s{number}, key: true, rationale: r}}\n" for number in range(12)
    )
    (small / "questions.yaml").write_text(f"format: 1\nid: sky\ntitle: Sky\nquestions:\n{questions}", "utf-8")
    write_log(log_file(), past(60, seed))
    counted()
    first = kept.answer()
    days = sorted(rng.sample(range(1, 400), 4))
    known = []
    for day in days:
        clock.at = START + day * DAY
        known.append(kept.answer())
    assert None not in (first, *known)
    for day, number in zip(days, known, strict=True):
        clock.at = START + day * DAY
        assert counted() == number


CHANGES = {
    "an answer": lambda course: add(log_file(), encode(event(answer("stars"), START - DAY, course="small"))),
    "the log of another device": lambda _: happened((3, missed("stars")), device="e0000000"),
    "a lost log": lambda _: log_file().unlink(),
    "a question": lambda course: add(course / "questions.yaml", b"- {id: new, type: true-false, stem: s, key: true}\n"),
    "another file of questions": lambda course: (
        (course / "questions").mkdir(),
        (course / "questions" / "more.yaml").write_text("questions: []\n", "utf-8"),
    ),
    "a page": lambda course: (course / "pages" / "02-sea.md").write_text("---\ntitle: Sea\n---\n\nWet.\n", "utf-8"),
    "another text of a page": lambda course: add(course / "pages" / "01-sky.md", b"\nMore.\n"),
    "another id of the course": lambda course: (course / "questions.yaml").write_text(
        (course / "questions.yaml").read_text("utf-8").replace("id: small", "id: smell"), "utf-8"
    ),
    "a source": lambda course: (course / "references.yaml").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_the_kept_answer_void(course, clock, change):
    happened((9, missed()))
    counted()
    assert kept.answer() == 1
    change(course)
    assert kept.answer() is None
    assert in_process("due").status in (0, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SYNERGY_RETENTION", "0.95"),
        ("SYNERGY_HISTORY", "/nowhere/at/all"),
        ("XDG_DATA_HOME", "/nowhere/at/all"),
        ("SYNERGY_NOW", "2026-03-02T09:00:00+01:00"),
        ("_SYNERGY_COMPLETE", "1"),
        ("SYNERGY_COURSE", "/nowhere/at/all"),
        ("XDG_CACHE_HOME", "/nowhere/at/all"),
    ],
)
def test_another_setting_has_another_answer(course, clock, monkeypatch, name, value):
    happened((9, missed()))
    counted()
    assert kept.answer() == 1
    monkeypatch.setenv(name, value)
    assert kept.answer() is None


def test_a_clock_that_was_set_back_asks_the_whole_program(course, clock):
    happened((9, missed()))
    counted()
    clock.at -= DAY
    assert kept.answer() is None
    assert counted() == 1


def test_what_is_dated_in_the_future_is_waited_for(course, clock):
    happened((9, missed()), (-20, Suspend("colour", 1, suspended=True)))
    assert counted() == 1
    assert kept.answer() is None
    clock.at += 30 * DAY
    assert counted() == 0


def kept_file(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    happened((9, missed()))
    counted()
    (path,) = (tmp_path / "own" / "synergy").glob("due-*")
    return path


def test_a_damaged_file_is_not_believed(course, clock, monkeypatch, tmp_path):
    path = kept_file(monkeypatch, tmp_path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert kept.answer() is None
        path.write_bytes(whole[:place])
        assert kept.answer() is None
    path.write_bytes(whole)
    assert kept.answer() == 1


def test_another_version_counts_anew(course, clock, monkeypatch, tmp_path):
    kept_file(monkeypatch, tmp_path)
    monkeypatch.setattr(kept, "FORM", "due 99.0 1")
    assert kept.answer() is None


def test_what_changed_a_moment_ago_is_not_kept(course, clock, monkeypatch):
    monkeypatch.setattr(kept, "TOO_FRESH", 10**18)
    happened((9, missed()))
    assert counted() == 1
    assert kept.answer() is None


def test_without_a_cache_it_counts_every_time(course, clock, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    happened((9, missed()))
    assert counted() == 1
    assert kept.answer() is None


def test_a_course_at_fault_is_told_and_not_counted(course, clock):
    (course / "questions.yaml").write_text("format: 1\n", "utf-8")
    done = in_process("due")
    assert (done.stdout, done.status) == ("", 1)
    assert "questions.yaml" in done.stderr


def test_the_program_gives_what_is_kept_and_loads_nothing_for_it(small):
    env = {"SYNERGY_COURSE": str(small)}
    for _ in range(2):
        assert process("due", env=env) == ("0\n", "", 1)
    loaded = python(
        "import os, sys\n"
        f"os.environ |= {env!r}\n"
        "sys.argv = ['synergy', 'due']\n"
        "os._exit = lambda status: (print(status, sorted(sys.modules)), sys.exit())\n"
        "from synergy_cli.__main__ import main\n"
        "main()\n"
    ).stdout.split("\n")
    assert loaded[0] == "0"
    assert loaded[1].startswith("1 ")
    assert [
        name for name in ("typer", "rich", "yaml", "sqlite3", "typing", "pathlib") if f"'{name}'" in loaded[1]
    ] == []


def test_a_start_of_the_clock_that_is_given_counts_from_there(course, monkeypatch):
    happened((9, missed()))
    for day, number in ((TODAY - 9, 0), (TODAY, 1)):
        moment = datetime.fromtimestamp(day * 86400 + 8 * HOUR, UTC).isoformat()
        monkeypatch.setenv("SYNERGY_NOW", moment)
        assert counted() == number
