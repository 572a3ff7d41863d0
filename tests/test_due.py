"""`synergy due` counts the reviews that are due."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness import in_process
from records import DAY, SECOND, START, TODAY, answer, event, missed, write_log
from synergy_cli.history.events import Suspend
from synergy_cli.history.log import Moment

HOUR = 3600


@pytest.fixture
def clock(monkeypatch):
    """Give the clock of the program."""
    now = SimpleNamespace(at=START, offset=0)
    monkeypatch.setattr("synergy_cli.cli.context.clock", lambda: lambda: Moment(now.at, now.offset))
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
    assert counted() == 1
    monkeypatch.chdir(small)
    assert counted() == 1


def test_a_day_begins_at_four_where_one_lives(course, clock):
    happened((1, missed()))
    clock.offset = -9 * HOUR
    assert counted() == (0 if START // SECOND % (24 * HOUR) < 13 * HOUR else 1)


def test_what_is_dated_in_the_future_is_waited_for(course, clock):
    happened((9, missed()), (-20, Suspend("colour", 1, suspended=True)))
    assert counted() == 1
    clock.at += 30 * DAY
    assert counted() == 0


def test_a_course_at_fault_is_told_and_not_counted(course, clock):
    (course / "questions.yaml").write_text("format: 1\n", "utf-8")
    done = in_process("due")
    assert (done.stdout, done.status) == ("", 1)
    assert "questions.yaml" in done.stderr


def test_a_start_of_the_clock_that_is_given_counts_from_there(course, monkeypatch):
    happened((9, missed()))
    for day, number in ((TODAY - 9, 0), (TODAY, 1)):
        moment = datetime.fromtimestamp(day * 86400 + 8 * HOUR, UTC).isoformat()
        monkeypatch.setenv("SYNERGY_NOW", moment)
        assert counted() == number
