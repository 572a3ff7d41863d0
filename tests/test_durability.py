"""What was answered is on record whatever happens: kills, several programs at once, disks and folders that refuse."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

import harness
from harness import ROOT, SYNERGY, Screen, in_process, process
from records import past, seal, write_log
from synergy_cli.history.log import BLOCK, read_lines
from test_signals import asked

pytestmark = pytest.mark.sampled


KILLS, CHECKED, PROGRAMS, EACH = 25, 5, 4, 25
NOBODY = 65534
AS_NOBODY = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups"
QUESTIONS = 20
VERDICT = re.compile(r"^. Right\.", re.MULTILINE)
NOT_READ = "the history cannot be read: "
NOWHERE_TO_GO = "Without a history: synergy quiz --unsaved"
NEWER = seal(b'{"v":2,"id":"x","act":"dream","mood":"fine"') + b"\n"
AFTER_A_WORD = {
    "contents": ["explain"],
    "progress": ["progress"],
    "check": ["history", "check"],
    "export": ["history", "export"],
    "undo": ["history", "undo"],
    "merge": ["history", "merge", "other.jsonl"],
    "quiz": ["quiz", "-n", "3"],
    "exam": ["quiz", "--exam", "-n", "3"],
    "before a passage": ["study", "sky", "--ask-first"],
}
READING = ("progress", "check", "export")


@pytest.fixture(scope="module")
def durability():
    """Give the benchmark, of which the tests are a small part."""
    spec = importlib.util.spec_from_file_location("durability", ROOT / "benchmarks" / "durability.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def environment(durability, tmp_path):
    """Give the environment for a home without a history."""
    return {**os.environ, **durability.clean_environment(tmp_path / "clean")}


@pytest.mark.deep
def test_a_verdict_that_was_read_is_on_record_though_the_program_was_killed_right_then(durability, environment):
    killed = durability.kill_sessions(environment, KILLS, checked=CHECKED)
    assert killed.good, killed
    assert killed.alive > KILLS / 2
    assert killed.shown > 5 * KILLS


def test_no_line_lies_where_a_kill_can_cut_a_write(home):
    for _ in range(3):
        assert in_process("quiz", "--practice", "-n", str(QUESTIONS), stdin="1\n" * QUESTIONS).status == 0
    assert home.log.stat().st_size > 4 * BLOCK
    for line in read_lines(home.log):
        assert line.start // BLOCK == (line.end - 1) // BLOCK
    assert in_process("history", "check").stdout.startswith(f"1 log, {3 + 3 * (1 + QUESTIONS)} events. No damage.")


@pytest.mark.deep
def test_programs_that_answer_at_once_lose_nothing_and_agree(durability, environment, tmp_path):
    together = durability.answer_side_by_side(environment, tmp_path, PROGRAMS, EACH)
    assert together.good, together
    assert together.logs == 1


class Home(NamedTuple):
    """A home in which two answers were given, so that three events are on record, with the start of the session."""

    folder: Path
    history: Path
    log: Path
    device: Path

    def everything(self):
        """Give all files and folders, with what is in them, but for the cache and the list of where courses are."""
        found = {path: path.read_bytes() if path.is_file() else None for path in self.folder.rglob("*")}
        kept = (path for path in found if ".cache" not in path.parts and not path.name.startswith("id-"))
        return {path: found[path] for path in kept}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Give a home with two answers, and a course of questions whose first option is right."""
    course = tmp_path / "course"
    (course / "pages").mkdir(parents=True)
    (course / "pages" / "01-sky.md").write_text("---\ntitle: The sky\n---\n\nIt is above.\n", "utf-8")
    rows = "".join(
        f"- {{id: q{n}, type: true-false, passage: sky, stem: Is it {n}?, key: true, rationale: It is.}}\n"
        for n in range(QUESTIONS)
    )
    (course / "questions.yaml").write_text(f"format: 1\nid: sky\ntitle: Sky\nquestions:\n{rows}", "utf-8")
    folder = tmp_path / "home"
    monkeypatch.setenv("SYNERGY_COURSE", str(course))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
    monkeypatch.chdir(tmp_path)
    write_log(tmp_path / "other.jsonl", past(3))
    assert in_process("quiz", "-n", "2", stdin="1\n1\n").status == 0
    history, device = folder / ".local/share/synergy/history", folder / ".local/state/synergy/device"
    (log,) = history.iterdir()
    assert log.stem == device.read_text("ascii").strip()
    return Home(folder, history, log, device)


def run_all(commands, stdin="1\n" * QUESTIONS):
    """Run commands in a pipe; give their results by name."""
    return {name: process(*command, stdin=stdin) for name, command in commands.items()}


def answers(log):
    return log.read_bytes().count(b'"act":"answer"')


@contextlib.contextmanager
def mounted(*arguments):
    """Mount something, or skip the test where one may not."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(arguments[-1])], check=True)


# places that refuse


@contextlib.contextmanager
def folder_for_the_log(home, monkeypatch):
    home.log.unlink()
    home.log.mkdir()
    yield f"{home.log}: Is a directory", ""


@contextlib.contextmanager
def file_for_the_folder(home, monkeypatch):
    shutil.rmtree(home.history)
    home.history.write_text("mine", "utf-8")
    yield (f"{home.history}: {NOT_READ}Not a directory",) * 2


@contextlib.contextmanager
def device_for_the_folder(home, monkeypatch):
    monkeypatch.setenv("SYNERGY_HISTORY", "/dev/null")
    yield (f"/dev/null: {NOT_READ}Not a directory",) * 2


@contextlib.contextmanager
def folder_that_cannot_be_made(home, monkeypatch):
    monkeypatch.setenv("SYNERGY_HISTORY", "/proc/history")
    yield f"/proc/history/{home.log.name}: No such file or directory", ""


@contextlib.contextmanager
def no_name(home, monkeypatch):
    home.device.write_bytes(b"\x1b[2J\xff rubbish\n")
    yield f"{home.device}: invalid device name, expected 8 hexadecimal digits; remove the file", ""


@contextlib.contextmanager
def folder_for_the_name(home, monkeypatch):
    home.device.unlink()
    home.device.mkdir()
    yield f"{home.device}: Is a directory", ""


@contextlib.contextmanager
def no_place_for_the_name(home, monkeypatch):
    (home.folder / "file").write_text("mine", "utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(home.folder / "file"))
    yield f"{home.folder}/file/synergy/device: Not a directory", ""


@contextlib.contextmanager
def read_only(home, monkeypatch):
    with mounted("--bind", home.history, home.history):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(home.history)], check=True)
        yield f"{home.log}: Read-only file system", ""


REFUSALS = (
    *(folder_for_the_log, file_for_the_folder, no_name, read_only),
    *(device_for_the_folder, folder_that_cannot_be_made, folder_for_the_name, no_place_for_the_name),
)


def named(function):
    return function.__name__.replace("_", " ")


def check_refused(results, writing, reading):
    """Hold what commands said, in a pipe, against why nothing can be written, and why not be read."""
    for name, result in results.items():
        assert not re.search("Traceback|fault of the program", result.stdout + result.stderr)
        lines = result.stderr.splitlines()
        if name == "contents":
            assert (result.status, bool(result.stdout)) == (0, True)
            assert lines == ([f"synergy: {reading}"] if reading else [])
        elif name in READING and not reading:
            named_by_it = name == "check" and "jsonl: Is a directory" in writing
            assert (result.status, bool(result.stdout), lines) == (int(named_by_it), True, [])
        else:
            assert (result.status, result.stdout) == (1, "")
            assert lines[0].startswith("synergy: ")
            assert lines[1:] == ([] if name in (*READING, "undo", "merge") else [NOWHERE_TO_GO])
            if name != "undo":  # it reads one log, and says so in its own words
                merged = writing.replace(".jsonl", "-merged.jsonl") if name == "merge" else writing
                assert lines[0] in (f"synergy: {writing}", f"synergy: {merged}", f"synergy: {reading}")


@pytest.mark.parametrize("refusal", REFUSALS, ids=named)
def test_in_a_pipe_nothing_is_asked_that_cannot_be_saved_and_all_else_goes_on(home, monkeypatch, refusal):
    with refusal(home, monkeypatch) as (writing, reading):
        if refusal is folder_for_the_log:
            monkeypatch.setitem(AFTER_A_WORD, "merge", ["progress"])  # what is taken in has a log of its own
            monkeypatch.setattr("test_durability.READING", (*READING, "merge"))
        before = home.everything()
        check_refused(run_all(AFTER_A_WORD), writing, reading)
        assert home.everything() == before


@pytest.mark.parametrize("refusal", REFUSALS[:4], ids=named)
def test_at_a_terminal_one_is_asked_whether_to_go_on_and_reminded_at_the_end(home, monkeypatch, refusal):
    with refusal(home, monkeypatch) as (writing, reading), contextlib.ExitStack() as opened:
        before = home.everything()
        goes_on, stops, exam, around, page, bare = (
            opened.enter_context(Screen(*command, lines=60, columns=200))
            for command in (
                ["quiz", "-n", "1"],
                ["quiz", "-n", "1", "--enter"],
                ["quiz", "-n", "1", "--exam"],
                ["study", "sky", "--ask-first"],
                ["explain", "sky"],
                [],
            )
        )
        for screen, keys in {goes_on: "y1\r\r", exam: "y1\r", around: "y11\r1\r1\r", stops: "n\r"}.items():
            for key in [keys] if screen is stops else keys:
                asked(screen)
                screen.press(key)
        for screen in (goes_on, exam, around):
            assert screen.end() == 0, screen.text
            assert f"Answers cannot be saved: {writing}" in " ".join(screen.text.replace("/\n", "/").split())
            assert screen.text.count("y continue without saving") == 1
            assert "No answers were saved." in screen.text
            assert screen.restored
        assert stops.end() == 1
        assert NOWHERE_TO_GO in stops.text
        assert "Is it" not in stops.text
        assert (page.end(), bare.end()) == (0, 0)
        assert bare.text.count("synergy: ") == (reading != "")
        assert page.text.count("synergy: cannot record the section as read: ") == 1
        assert home.everything() == before


@pytest.fixture
def nobodys(home, monkeypatch):
    """Give the home to nobody, in a place that everybody may pass through."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become somebody else, with setpriv")
    with tempfile.TemporaryDirectory() as place:
        moved = Path(shutil.copytree(home.folder.parent, Path(place, "all"), symlinks=True))
        for path in (Path(place), *Path(place).rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        folder = moved / "home"
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("SYNERGY_COURSE", str(moved / "course"))
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
        monkeypatch.chdir(moved)
        program = Path(place, "synergy")
        program.write_text(f'#!/bin/sh\nexec {AS_NOBODY} {SYNERGY} "$@"\n', "ascii")
        program.chmod(0o755)
        monkeypatch.setattr(harness, "SYNERGY", program)
        if process("--version").status:
            pytest.skip("nobody cannot run the program here")
        yield Home(folder, *(folder / path.relative_to(home.folder) for path in home[1:]))


@pytest.mark.deep
def test_without_permission_it_is_as_with_any_other_refusal(nobodys):
    before = nobodys.everything()
    nobodys.history.chmod(0)
    told = f"{nobodys.history}: {NOT_READ}Permission denied"
    check_refused(run_all(AFTER_A_WORD), told, told)
    nobodys.history.chmod(0o500)
    nobodys.log.chmod(0o400)
    told = f"{nobodys.log}: Permission denied"
    check_refused(run_all({name: AFTER_A_WORD[name] for name in AFTER_A_WORD if name != "merge"}), told, "")
    nobodys.history.chmod(0o700)
    assert nobodys.everything() == before


def test_a_folder_that_is_missing_is_made_again_and_nothing_is_said(home):
    shutil.rmtree(home.history)
    reading = {name: AFTER_A_WORD[name] for name in ("contents", *READING)}
    assert {(result.status, result.stderr) for result in run_all(reading).values()} == {(0, "")}
    nothing = process("history", "undo")
    assert (nothing.status, nothing.stderr) == (1, "synergy: There is no answer to undo on this device.\n")
    assert process("quiz", "-n", "3", stdin="1\n1\n1\n").status == 0
    assert answers(home.log) == 3


def test_what_a_newer_version_wrote_is_told_in_one_line_and_stays(home, tmp_path):
    home.log.write_bytes(home.log.read_bytes() + NEWER)
    before = home.log.read_bytes()
    told = "synergy: 1 event was written by a newer version of synergy; it is kept but not used.\n"
    for name, result in run_all({name: AFTER_A_WORD[name] for name in ("contents", *READING, "quiz")}).items():
        assert result.status == 0
        assert result.stderr == ("" if name == "export" else told)
    checked = process("history", "check")
    assert "1 event written by a newer version, kept but not used" in " ".join(checked.stdout.split())
    assert home.log.read_bytes().startswith(before)
    assert answers(home.log) == 5
    assert process("history", "undo").status == 0
    elsewhere = {"HOME": str(tmp_path / "elsewhere"), "XDG_CACHE_HOME": str(tmp_path / "elsewhere" / ".cache")}
    merged = process("history", "merge", home.log, env=elsewhere)
    assert (merged.status, "9 events imported" in merged.stdout) == (0, True)
    (copy,) = (tmp_path / "elsewhere").rglob("*-merged.jsonl")
    assert copy.read_bytes() == home.log.read_bytes()


# a disk that fills up


@pytest.fixture
def tight(home):
    """Give the home with its history on a disk of its own, with little room."""
    kept = home.log.read_bytes()
    with mounted("-t", "tmpfs", "-o", "size=64k", "none", home.history):
        home.log.write_bytes(kept)
        yield home


def fill(home, *, to_the_brim=True):
    """Leave no room on the disk; what the log's last block still holds is taken too, or left."""
    for path in [home.history / "full", *([home.log] if to_the_brim else [])]:
        with path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\n" * 64)


def test_a_disk_that_fills_up_in_a_pipe_costs_one_answer_that_is_not_marked(tight):
    fill(tight, to_the_brim=False)
    before = tight.log.read_bytes()
    result = process("quiz", "--practice", "-n", str(QUESTIONS), stdin="1\n" * QUESTIONS)
    saved = answers(tight.log) - 2
    assert saved > 2
    assert tight.log.read_bytes().startswith(before)
    assert len(VERDICT.findall(result.stdout)) == len(re.findall("^Question ", result.stdout, re.MULTILINE)) - 1
    assert result.status == 1
    assert result.stdout.endswith("> 1\n\n") or result.stdout.endswith("> 1\n")
    assert result.stderr.splitlines() == [
        f"synergy: {tight.log}: No space left on device",
        f"{len(VERDICT.findall(result.stdout))} answers saved.",
        NOWHERE_TO_GO,
    ]
    report = json.loads(process("history", "check", "--json").stdout)
    assert report["sound"]
    assert report["logs"][0]["events"] == 4 + len(VERDICT.findall(result.stdout))
    (tight.history / "full").unlink()
    assert process("quiz", "-n", "1", stdin="1\n").status == 0
    again = json.loads(process("history", "check", "--json").stdout)
    assert again["sound"], "what was cut off is taken for damage"
    assert again["logs"][0]["events"] == report["logs"][0]["events"] + 2


@pytest.mark.parametrize("sends", ["", "\r"], ids=["one key", "a line"])
@pytest.mark.parametrize("word", ["y", "n", "\x04"], ids=["yes", "no", "Ctrl-D"])
def test_a_disk_that_fills_up_is_told_before_any_feedback(tight, word, sends):
    with Screen("quiz", "-n", "3", *(["--enter"] if sends else []), lines=70) as screen:
        for key in (f"1{sends}", "\r"):
            asked(screen)
            screen.press(key)
        asked(screen)
        fill(tight)
        screen.press(f"1{sends}")
        screen.wait("y continue without saving")
        asked(screen)
        assert screen.text.count("Right.") == 1
        screen.press(word if word == "\x04" else f"{word}{sends}")
        for key in ("\r", f"1{sends}", "\r", "\r") if word == "y" else ():
            asked(screen)
            screen.press(key)
        assert screen.end() == (0 if word == "y" else 1)
        assert screen.restored
        assert screen.text.count("Right.") == (3 if word == "y" else 1)
        assert ("1 of 3 answers saved." if word == "y" else f"1 answer saved.\n{NOWHERE_TO_GO}") in screen.text
        assert "Traceback" not in screen.text
    (tight.history / "full").unlink()
    assert json.loads(process("history", "check", "--json").stdout)["logs"][0]["events"] == 5


def test_a_disk_that_fills_up_in_an_exam_does_not_take_the_exam_away(tight):
    with Screen("quiz", "--exam", "-n", "3", lines=70) as screen, Screen("quiz", "--exam", "-n", "2") as stopped:
        for taken in (screen, stopped):
            asked(taken)
            taken.press("1")
            asked(taken)
        fill(tight)
        for key in ("1", "y", "1", "\r"):
            asked(screen)
            screen.press(key)
        assert screen.end() == 0
        assert "Result: 3 of 3 right" in screen.text
        assert "1 of 3 answers saved." in screen.text
        for key in ("1", "n"):
            asked(stopped)
            stopped.press(key)
        assert stopped.end() == 1
        assert "1 answer saved." in stopped.text
        assert "Result" not in stopped.text
    (tight.history / "full").unlink()
    assert json.loads(process("history", "check", "--json").stdout)["logs"][0]["events"] == 7


def test_an_answer_on_record_is_taken_back_there_when_there_is_room_again(tight):
    with Screen("quiz", "-n", "2", lines=70) as screen:
        for key in ("1", "\r"):
            asked(screen)
            screen.press(key)
        asked(screen)
        fill(tight)
        for key in ("1", "y"):
            screen.press(key)
            asked(screen)
        (tight.history / "full").unlink()
        for key in ("u", "u", "1", "\r", "1", "\r", "\r"):
            screen.press(key)
            if key != "\r" or screen.text.count("Enter done") == 0:
                asked(screen)
        assert screen.end() == 0
        assert "2 answers saved." in screen.text
    kinds = re.findall(rb'"act":"(\w+)"', tight.log.read_bytes())
    assert b" ".join(kinds) == b"start answer answer start answer undo answer answer"


def test_a_history_that_is_spoilt_in_mid_session_does_not_take_the_summary_away(home):
    with Screen("quiz", "-n", "2", lines=60, columns=200) as screen:
        for key in ("1", "\r"):
            asked(screen)
            screen.press(key)
        asked(screen)
        home.history.rename(home.folder / "elsewhere")
        home.history.write_text("mine", "utf-8")
        for key in ("1", "y", "\r", "\r"):
            screen.press(key)
            if key != "\r" or "Enter done" not in screen.text:
                asked(screen)
        assert screen.end() == 0
        assert f"{home.log}: Not a directory" in " ".join(screen.text.replace("/\n", "/").split())
        assert "1 of 2 answers saved." in screen.text
    assert answers(home.folder / "elsewhere" / home.log.name) == 3


# an index that is of no use


def not_kept(home):
    shutil.rmtree(home.folder / ".cache")
    (home.folder / ".cache").write_text("mine", "utf-8")
    return contextlib.nullcontext()


def not_writable(home):
    stack = contextlib.ExitStack()
    folder = home.folder / ".cache"
    stack.enter_context(mounted("--bind", folder, folder))
    subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
    return stack


def index_of(home):
    (index,) = (home.folder / ".cache" / "synergy").glob("history-*.sqlite")
    return index


def folder_for_the_index(home):
    index = index_of(home)
    index.unlink()
    (index / "folder").mkdir(parents=True)
    return contextlib.nullcontext()


def rubbish(home):
    index_of(home).write_bytes(b"SQLite format 3\x00" + b"rubbish" * 5000)
    return contextlib.nullcontext()


def empty(home):
    index_of(home).write_bytes(b"")
    return contextlib.nullcontext()


def locked(home):
    db = sqlite3.connect(index_of(home), isolation_level=None)
    db.execute("begin exclusive")
    return contextlib.closing(db)


@pytest.mark.parametrize("spoilt", [not_kept, not_writable, folder_for_the_index, rubbish, empty, locked], ids=named)
def test_an_index_that_is_of_no_use_changes_nothing_that_is_said(home, tmp_path, spoilt):
    with spoilt(home):
        result = process("quiz", "-n", "2", stdin="1\n1\n")
        assert (result.status, result.stderr) == (0, "")
        assert "2 answers saved." in result.stdout
        reading = {"check": ["history", "check"], "progress": ["progress"], "contents": ["explain"]}
        here = run_all(reading)
    there = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "other cache")}
    for name, result in here.items():
        assert (result.status, result.stderr) == (0, "")
        assert result.stdout == process(*reading[name], env=there).stdout
    assert answers(home.log) == 4
