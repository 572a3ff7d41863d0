"""The learner's own data: checked, joined with that of other devices, and given out, as a person asks for it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing

import pytest

from harness import EXAMPLE, in_process
from learner import at, logged, piped_call, progress
from records import event, seal, write_log
from synergy_cli.history.events import Forget, Pause, QuestionReport
from synergy_cli.history.export import COLUMNS


@pytest.fixture
def own(tmp_path):
    """Give the folder with the logs."""
    return tmp_path / "home" / ".local" / "share" / "synergy" / "history"


@pytest.fixture
def on(monkeypatch):
    return lambda day: monkeypatch.setenv("SYNERGY_NOW", at(day))


@pytest.fixture
def learnt(small, on, own):
    """Give the log of someone who answered four questions on two days: six lines, with the starts of two sessions."""
    on(22)
    piped_call(["--course", small, "quiz"], ["Green", "Stars", "Blue"])
    on(24)
    piped_call(["--course", small, "quiz"], ["Blue"])
    (log,) = own.iterdir()
    return log


@pytest.fixture
def at_home(monkeypatch, tmp_path):
    """Move to another home, with its own history, device and cache."""

    def move(name):
        home = tmp_path / name
        home.mkdir(exist_ok=True)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        return home / ".local" / "share" / "synergy" / "history"

    return move


def run(*arguments, status=0):
    done = in_process("history", *arguments)
    assert done.status == status, done
    return done


def document(*arguments, status=0):
    return json.loads(run(*arguments, "--json", status=status).stdout)


def said(done):
    return " ".join(done.stdout.split())


# Check


def test_a_sound_history_has_no_damage(learnt):
    assert run("check").stdout == "1 log, 6 events. No damage. The index matches the logs.\n"


def test_no_history_is_a_sound_one(own):
    assert run("check").stdout.startswith("0 logs, 0 events. No damage.")
    assert not own.exists()


def test_the_findings_come_as_a_document_too(learnt):
    assert document("check") == {
        "schema": 1,
        "sound": True,
        "logs": [
            {"path": str(learnt), "events": 6, "damaged": [], "torn": None, "newer": 0, "backwards": 0, "ahead": 0}
        ],
        "repeated": 0,
        "clashing": [],
        "strangers": [],
        "index_rows_mended": 0,
    }


def spoil(log, number):
    """Change one letter of a line."""
    lines = log.read_bytes().splitlines(keepends=True)
    assert b"right" in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(b"right", b"wrong")
    log.write_bytes(b"".join(lines))


def test_a_damaged_line_is_named_by_file_and_line_and_costs_only_itself(learnt, small):
    spoil(learnt, 3)
    done = run("--width", "200", "check", status=1)
    assert f"{learnt}:3: damaged, ignored: the checksum does not match" in done.stdout
    assert "5 events. 1 damaged line; all others are used." in said(done)
    assert progress(small)["totals"]["new"] == 1
    assert document("check", status=1)["logs"][0]["damaged"] == [{"line": 3, "fault": "the checksum does not match"}]


def test_a_line_that_is_something_else_is_named(learnt):
    with learnt.open("ab") as file:
        file.write(b"a shopping list\n")
    assert document("check", status=1)["logs"][0]["damaged"] == [{"line": 7, "fault": "not an event"}]


def test_a_torn_last_line_is_named_and_does_no_harm(learnt, small):
    learnt.write_bytes(learnt.read_bytes()[:-20])
    done = run("--width", "200", "check")
    assert f"{learnt}:6: incomplete last line, ignored" in done.stdout
    assert "5 events. No damage." in said(done)
    assert document("check")["logs"][0]["torn"] == 6


def test_after_a_torn_line_the_next_answer_stands_on_its_own(learnt, small, on):
    learnt.write_bytes(learnt.read_bytes()[:-20])
    on(24)
    piped_call(["--course", small, "quiz"], ["Blue"])
    assert [one["verdict"] for one in logged()] == ["wrong", "right", "right", "right"]
    assert document("check", status=1)["logs"][0]["events"] == 7


def test_an_index_that_was_tampered_with_is_mended(learnt, small, warm_cache):
    truth = progress(small)
    mended = 0
    for index in (warm_cache / "synergy").glob("history-*.sqlite"):
        with closing(sqlite3.connect(index)) as db:
            mended += db.execute("update cards set due = due + 100").rowcount
            db.commit()
    assert mended
    assert progress(small) != truth
    done = run("check")
    assert "The index was out of date (" in said(done)
    assert progress(small) == truth
    assert "The index matches the logs." in run("check").stdout


@pytest.mark.parametrize("content", [b"", b"no database at all" * 999])
def test_an_index_that_is_none_is_made_anew(learnt, small, warm_cache, content):
    truth = progress(small)
    for index in (warm_cache / "synergy").glob("history-*"):
        index.write_bytes(content)
    assert progress(small) == truth
    assert "The index matches the logs." in run("check").stdout


def test_a_line_of_a_newer_version_is_kept_and_not_called_damaged(learnt):
    with learnt.open("ab") as file:
        file.write(seal(b'{"v":2,"id":"x","act":"dream"') + b"\n")
    done = run("--width", "200", "check")
    assert f"{learnt}: 1 event written by a newer version, kept but not used" in done.stdout


def test_a_clock_that_was_wrong_is_mentioned(small, on, own):
    on(28)
    piped_call(["--course", small, "quiz"], ["Blue"])
    on(22)
    assert "Question 1 of 2" in piped_call(["--course", small, "quiz"], ["Blue"])
    told = run("--width", "200", "check").stdout
    assert "1 event earlier than the one above" in told
    assert "1 event more than a day ahead of the clock, not used until then; is the clock right?" in told


# Merge


def answers_at(at_home, small, name, *acts):
    folder = at_home(name)
    piped_call(["--course", small, "quiz"], acts)
    return folder


def test_two_homes_that_exchange_their_logs_come_to_the_same(small, on, at_home):
    on(22)
    one = answers_at(at_home, small, "one", "Green")
    on(23)
    other = answers_at(at_home, small, "other", "Blue", "Stars")
    theirs = list(other.iterdir())
    at_home("one")
    assert "3 events imported, 0 already known." in said(run("merge", *theirs))
    here = progress(small)
    at_home("other")
    assert "2 events imported, 0 already known." in said(run("merge", next(iter(one.glob("????????.jsonl")))))
    assert progress(small) == here
    assert here["totals"]["answers"] == 3


def test_merging_again_takes_nothing_in(small, on, at_home, learnt):
    here = at_home("here")
    made = document("merge", learnt, learnt)
    assert [(file["taken"], file["known"]) for file in made["files"]] == [(6, 0), (0, 6)]
    before = {path: path.read_bytes() for path in here.iterdir()}
    made = document("merge", learnt, learnt)
    assert [(file["taken"], file["known"]) for file in made["files"]] == [(0, 6), (0, 6)]
    assert {path: path.read_bytes() for path in here.iterdir()} == before


def test_merging_ones_own_log_takes_nothing_in(learnt):
    assert "0 events imported, 6 already known." in said(run("merge", learnt))


def test_an_undo_of_elsewhere_is_taken_in_too(small, on, at_home):
    on(22)
    there = answers_at(at_home, small, "there", "Green", "u", "Blue")
    at_home("here")
    run("merge", *there.iterdir())
    assert progress(small)["totals"]["answers"] == 1
    assert progress(small)["totals"]["right"] == 1


def test_what_was_merged_is_not_this_devices_to_undo(small, at_home, learnt):
    at_home("here")
    run("merge", learnt)
    assert in_process("--course", small, "history", "undo").status == 1


def test_damaged_lines_are_left_out_and_named_and_the_others_taken_in(at_home, learnt):
    spoil(learnt, 3)
    at_home("here")
    done = run("--width", "200", "merge", learnt, status=1)
    assert f"{learnt}:3: left out: the checksum does not match" in done.stdout
    assert "5 events imported, 0 already known." in said(done)
    assert document("check")["sound"]


@pytest.mark.parametrize("what", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path, what):
    done = run("merge", tmp_path / what, status=1)
    assert str(tmp_path / what) in done.stderr
    assert "Traceback" not in done.stderr


def test_merge_wants_a_file():
    assert run("merge", status=2).stdout == ""


# Export


def rows():
    """Give the table without the starts of sessions."""
    made = csv.DictReader(io.StringIO(run("export").stdout))
    return [row for row in made if row["act"] != "start"]


def test_the_export_is_a_table_with_a_row_for_each_act(learnt):
    made = rows()
    assert tuple(made[0]) == COLUMNS
    assert [(row["question"], row["verdict"], row["rating"]) for row in made] == [
        ("colour", "wrong", "1"),
        ("stars", "right", "3"),
        ("colour", "right", "3"),
        ("colour", "right", "3"),
    ]
    assert {row["course"] for row in made} == {"small"}
    assert [row["local"] for row in made] == ["2026-11-22 09:00"] * 3 + ["2026-11-24 09:00"]
    assert made[0]["utc"].startswith("2026-11-22T08:00:0")
    assert made[0]["typed"] == made[0]["given"] == "Green"


def test_the_table_has_the_words_of_the_log(own):
    acts = [QuestionReport("colour", 1, "Two are right."), Pause(2.5, "0" * 16), Forget("sky")]
    write_log(own / "d0000000.jsonl", [event(act) for act in acts])
    assert [(row["act"], row["seconds"], row["text"]) for row in rows()] == [
        ("fault", "", "Two are right."),
        ("pause", "2.5", ""),
        ("forget", "", ""),
    ]


def test_csv_is_the_form_one_gets_unasked(learnt):
    assert run("export").stdout == run("export", "--format", "csv").stdout


def test_what_was_taken_back_is_there_and_marked(small, on):
    on(22)
    piped_call(["--course", small, "quiz"], ["Green", "u", "Blue"])
    made = rows()
    assert [(row["act"], row["verdict"], row["undone"]) for row in made] == [
        ("answer", "wrong", "true"),
        ("undo", "", "false"),
        ("answer", "right", "false"),
    ]
    assert made[1]["event"] == made[0]["id"]


FORMULAS = (
    '=HYPERLINK("http://example.org")',
    "+1+cmd|' /C calc'!A0",
    "-3+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "= 1",
    "+a",
    "-1 mg",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_an_answer_that_looks_like_a_formula_is_none_in_a_spreadsheet(small, on, text):
    on(22)
    piped_call(["--course", small, "quiz"], ["Blue", text])
    assert rows()[1]["typed"] == f"'{text}"
    assert rows()[1]["given"] == f"'{text}"
    assert logged()[1]["typed"] == text


@pytest.mark.parametrize("text", ["-3", "+1,5", "- 2", "-1e3", "a=b", "1-2", "'=1", 'say "x", y;z', "naïve µ"])
def test_another_answer_stays_as_it_was_typed(small, on, text):
    on(22)
    piped_call(["--course", small, "quiz"], ["Blue", text])
    assert rows()[1]["typed"] == text


def test_jsonl_gives_each_line_as_it_stands_in_the_log(learnt):
    assert run("export", "--format", "jsonl").stdout.encode() == learnt.read_bytes()


def test_the_export_comes_as_one_document_too(learnt):
    made = document("export")
    assert made["schema"] == 1
    assert made["events"] == [json.loads(line) for line in learnt.read_text("ascii").splitlines()]


def test_what_stands_in_two_logs_is_given_once(learnt):
    learnt.with_name("copy.jsonl").write_bytes(learnt.read_bytes())
    assert len(logged()) == len(rows()) == 4
    assert "6 events in several logs (harmless)." in said(run("check"))


def test_an_export_can_be_merged_into_an_empty_history(learnt, small, at_home, tmp_path):
    truth = progress(small)
    file = tmp_path / "mine.jsonl"
    file.write_text(run("export", "--format", "jsonl").stdout, encoding="ascii")
    at_home("new")
    run("merge", file)
    assert progress(small) == truth


def test_an_empty_history_exports_a_head_or_nothing(own):
    assert run("export").stdout == ",".join(f'"{name}"' for name in COLUMNS) + "\n"
    assert run("export", "--format", "jsonl").stdout == ""
    assert not own.exists()


def test_the_acts_of_all_courses_are_exported(learnt, on):
    on(24)
    in_process("--course", EXAMPLE, "quiz", "-n", "1", stdin="s\n" * 3)
    assert {row["course"] for row in rows()} == {"small", "binary-numbers"}


def test_another_form_is_wrong_usage():
    done = run("export", "--format", "xlsx", status=2)
    assert "csv, jsonl" in done.stderr


# Undo


def test_undo_as_a_document_says_what_was_undone(learnt, small):
    done = in_process("--course", small, "history", "undo", "--json")
    made = json.loads(done.stdout)
    assert (made["undone"], made["verdict"]) == (logged()[3]["question"], "right")
    assert [one["act"] for one in logged()] == ["answer"] * 4 + ["undo"]


def test_a_folder_in_a_logs_place_is_named_by_the_check(learnt):
    (learnt.parent / "0badcafe.jsonl").mkdir()
    done = run("check", status=1)
    assert f"{learnt.parent}/0badcafe.jsonl: not a regular file, skipped" in done.stdout
    assert document("check", status=1)["strangers"] == [f"{learnt.parent}/0badcafe.jsonl"]
