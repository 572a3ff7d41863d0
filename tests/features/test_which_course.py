"""Which course a command uses: the one that is named, else the one around the current folder, else the built-in one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from harness import DATA, EXAMPLE, in_process, process

NAMED_NOTHING = "synergy: There is no course in this folder or above it.\nName its folder: synergy check DIR\n"


@pytest.fixture
def inside(small, monkeypatch):
    """Return a course; the current folder is inside it."""
    (small / "notes" / "old").mkdir(parents=True)
    monkeypatch.chdir(small / "notes" / "old")
    return small


@pytest.mark.parametrize("command", ["explain", "quiz", "search blue", "progress", "paths", "check"])
def test_a_course_around_the_current_folder_is_used_and_named(inside, command):
    done = in_process(*command.split(), stdin="1\n1\n")
    assert done.status == 0
    assert f"synergy: using the course in {inside}\n" in done.stderr
    assert done.stdout != in_process(*command.split(), "--course", EXAMPLE, stdin="1\n1\n").stdout


def test_its_own_folder_counts_too(small, monkeypatch):
    monkeypatch.chdir(small)
    done = in_process("explain")
    assert done.stdout.startswith("A small course")
    assert done.stderr == f"synergy: using the course in {small}\n"


def test_quiet_leaves_the_note_out(inside):
    assert in_process("explain", "--quiet").stderr == ""


def test_completion_uses_it_and_says_nothing(inside):
    done = process("synergy", "explain", "", env={"_SYNERGY_COMPLETE": "1"}, cwd=inside)
    assert done.stdout.startswith("sky\t")
    assert done.stderr == ""


def test_a_named_course_comes_first(inside, tmp_path, monkeypatch):
    shutil.copytree(EXAMPLE, tmp_path / "numbers")
    runs = [in_process("--course", tmp_path / "numbers", "explain")]
    monkeypatch.setenv("SYNERGY_COURSE", str(tmp_path / "numbers"))
    runs.append(in_process("explain"))
    for done in runs:
        assert done.stdout.startswith("Binary and hexadecimal numbers")
        assert done.stderr == ""


@pytest.mark.parametrize("text", ["questions: []\n", "a: 1\n  format: 1\n", "", "\0"])
def test_another_programs_file_is_not_a_course(tmp_path, monkeypatch, text):
    (tmp_path / "questions.yaml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert in_process("paths").stdout.startswith(f"course\t{DATA}\n")
    assert in_process("check") == ("", NAMED_NOTHING, 1)


def test_a_pipe_in_the_place_of_a_bank_does_not_block(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "questions.yaml")
    monkeypatch.chdir(tmp_path)
    assert in_process("paths").stdout.startswith(f"course\t{DATA}\n")


def test_the_search_ends_at_the_home_folder(inside, monkeypatch):
    monkeypatch.setenv("HOME", str(inside / "notes"))
    assert in_process("paths").stdout.startswith(f"course\t{DATA}\n")


def test_check_never_checks_another_course_instead(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert in_process("check") == ("", NAMED_NOTHING, 1)


# two courses with one id


@pytest.fixture
def copy(small, tmp_path):
    return shutil.copytree(small, tmp_path / "copy")


def test_a_second_course_with_the_id_of_another_is_named_once(small, copy):
    assert in_process("--course", small, "quiz", stdin="1\n1\n").stderr == ""
    told = in_process("--course", copy, "quiz", stdin="1\n1\n").stderr
    assert told == (
        f"synergy: the course in {small} has the id `small` too, so both share one history. "
        "Give one of them a different id.\n"
    )
    assert in_process("--course", copy, "quiz", stdin="1\n1\n").stderr == ""


@pytest.mark.parametrize("spoil", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"])
@pytest.mark.parametrize("where", ["the list", "the other course"])
def test_what_is_no_file_is_not_waited_for(small, copy, where, spoil):
    assert in_process("--course", small, "quiz", stdin="1\n1\n").stderr == ""
    (known,) = (Path.home() / ".local" / "state").rglob("id-small.json")
    spoilt = known if where == "the list" else small / "questions.yaml"
    spoilt.unlink()
    spoil(spoilt)
    for _ in range(2):
        assert in_process("--course", copy, "quiz", stdin="1\n1\n").stderr == ""


def test_check_names_it_every_time(small, copy):
    assert in_process("check", small).stderr == in_process("check", copy).stderr == ""
    in_process("--course", small, "quiz", stdin="1\n1\n")
    for _ in range(2):
        assert f"the course in {small} has the id `small` too" in in_process("check", copy).stderr


def test_a_course_that_was_moved_or_got_another_id_is_not_named(small, copy, tmp_path):
    in_process("--course", small, "quiz", stdin="1\n1\n")
    shutil.move(small, tmp_path / "moved")
    assert in_process("--course", copy, "quiz", stdin="1\n1\n").stderr == ""
    bank = copy / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("id: small\n", "id: heaven\n", 1), "utf-8")
    assert in_process("--course", tmp_path / "moved", "quiz", stdin="1\n1\n").stderr == ""


@pytest.mark.parametrize(
    "arguments", ["--course= explain", "explain --course=", "new", "check", "import -o x", "history merge"]
)
def test_an_empty_path_is_wrong_usage_and_not_the_current_folder(arguments, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    words = arguments.split()
    done = in_process(*words, *([] if "--course=" in words else [""]))
    assert (done.stdout, done.status) == ("", 2)
    assert "expected a path, found nothing." in done.stderr
    assert list((tmp_path / "here").iterdir()) == []


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("SYNERGY_COURSE", "")
    assert in_process("paths").stdout == in_process("paths", "--course", DATA).stdout


def test_what_is_no_course_is_named_as_it_was_given_and_by_what(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = f"{tmp_path}: not a course; expected a folder that contains questions.yaml\n"
    assert in_process("explain", "--course", tmp_path).stderr == f"synergy: {told}"
    monkeypatch.setenv("SYNERGY_COURSE", str(tmp_path))
    assert in_process("explain").stderr == f"synergy: SYNERGY_COURSE: {told}"
