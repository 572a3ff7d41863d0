"""An export goes to a file or to stdout, whole or not at all, and says what the format could not hold."""

from __future__ import annotations

import json
import subprocess

import pytest

from harness import SYNERGY, Screen, in_process
from synergy_cli.formats.formats import EXPORTS, FORMATS, PACKAGES


def export(small, *arguments):
    return in_process("--course", small, "export", *arguments)


@pytest.mark.parametrize("name", [name for name in EXPORTS if name not in PACKAGES])
def test_every_format_writes_the_same_to_stdout_and_to_a_file(small, tmp_path, name):
    to_file, printed = export(small, name, "-o", tmp_path / "out"), export(small, name)
    assert (to_file.status, to_file.stderr, printed.status) == (0, "", 0)
    assert (tmp_path / "out").read_text("utf-8") == printed.stdout
    assert "Blue" in printed.stdout


def test_only_the_sections_that_are_named_are_written(small):
    (small / "questions").mkdir()
    more = "questions:\n- {id: other, type: true-false, stem: It rains., key: true}\n"
    (small / "questions" / "rain.yaml").write_text(more, "utf-8")
    assert "It rains." not in export(small, "gift", "sky").stdout
    assert "It rains." in export(small, "gift", "rain").stdout
    assert export(small, "gift", "snow").status == 2


def test_the_report_names_each_question_with_its_line(small, tmp_path):
    done = export(small, "aiken", "-o", tmp_path / "out", "--width", "300")
    assert done.stdout.replace(str(tmp_path), "").split("\n") == [
        "Skipped: Aiken has no questions of the type `short`",
        "questions.yaml:18: stars",
        "",
        "Reduced: without feedback, rationale, hint",
        "questions.yaml:5: colour",
        "",
        "2 questions: 1 written to /out, 1 skipped, 1 reduced.",
        "",
    ]


def test_below_the_current_folder_the_report_names_files_from_there(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "\nsmall/questions.yaml:18: stars\n" in export(small, "aiken", "-o", tmp_path / "out").stdout


def test_a_hyphen_stands_for_stdout_and_the_report_goes_to_stderr(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = export(small, "csv", "-o", "-")
    assert done.stdout == export(small, "csv").stdout
    assert done.stderr.endswith("2 questions: 2 written.\n")
    assert not (tmp_path / "-").exists()


def test_a_package_goes_into_a_pipe_but_not_to_a_terminal(small, tmp_path):
    export(small, "anki", "-o", tmp_path / "cards.apkg")
    command = [SYNERGY, "--course", small, "export", "anki", "-o", "-"]
    piped = subprocess.run(command, capture_output=True, check=True)
    assert piped.stdout == (tmp_path / "cards.apkg").read_bytes()
    with Screen("--course", small, "export", "anki", "-o", "-", lines=60) as screen:
        screen.wait("anki needs -o FILE, or -o - into a pipe.")


def test_the_report_is_data_too(small, tmp_path):
    document = json.loads(export(small, "aiken", "-o", tmp_path / "out", "--json").stdout)
    assert {name: document[name] for name in ("found", "written", "skipped", "reduced", "changed")} == {
        "found": 2,
        "written": 1,
        "skipped": 1,
        "reduced": 1,
        "changed": 0,
    }
    assert [(remark["kind"], remark["line"], remark["name"]) for remark in document["remarks"]] == [
        ("reduced", 5, "colour"),
        ("skipped", 18, "stars"),
    ]


def test_on_stdout_the_report_goes_to_stderr_and_quiet_drops_it(small):
    assert "1 skipped" in export(small, "aiken").stderr
    assert export(small, "aiken", "-q").stderr == ""
    assert export(small, "csv").stderr == ""


def test_strict_writes_nothing_if_something_is_lost(small, tmp_path):
    (tmp_path / "out").write_text("old", "utf-8")
    done = export(small, "aiken", "-o", tmp_path / "out", "--strict")
    assert (done.status, done.stderr) == (
        1,
        "synergy: Nothing was written: questions or parts of them would be lost.\n",
    )
    assert (tmp_path / "out").read_text("utf-8") == "old"
    assert export(small, "csv", "-o", tmp_path / "out", "--strict").status == 0


def test_a_file_of_the_course_is_not_written_over(small):
    before = (small / "questions.yaml").read_bytes()
    done = export(small, "gift", "-o", small / "pages" / ".." / "questions.yaml")
    assert done.status == 2
    assert "belongs to the course; choose another file" in done.stderr
    assert (small / "questions.yaml").read_bytes() == before


@pytest.mark.parametrize("target", ["nowhere/out", "."], ids=["no folder", "a folder"])
def test_what_cannot_be_written_is_an_error(small, tmp_path, target):
    done = export(small, "gift", "-o", tmp_path / target)
    assert done.status == 1
    assert "cannot be written" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "small"]


def test_a_full_disk_leaves_the_old_file(small, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "out").write_text("old", "utf-8")
    monkeypatch.setattr("pathlib.Path.replace", full)
    done = export(small, "gift", "-o", tmp_path / "out")
    assert (done.status, done.stderr) == (1, f"synergy: {tmp_path}/out: cannot be written: No space left on device.\n")
    assert (tmp_path / "out").read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out", "small"]


def test_a_link_stays_one(small, tmp_path):
    (tmp_path / "real").write_text("old", "utf-8")
    (tmp_path / "link").symlink_to("real")
    assert export(small, "gift", "-o", tmp_path / "link").status == 0
    assert (tmp_path / "link").is_symlink()
    assert "::colour::" in (tmp_path / "real").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], f"expected one of: {', '.join(EXPORTS)}"),
        (["gift", "--json"], "--json needs -o FILE"),
        (["anki"], "anki needs -o FILE"),
        (["gift", "--json", "-o", "-"], "--json needs -o FILE"),
        (["gift", "-o", ""], "expected a path, found nothing"),
        (["gift", "--seed", "3"], "--seed needs -n N"),
        (["gift", "--with-history"], "--with-history needs a format that holds reviews: anki"),
        (["json"], "expected one of"),
        ([], "Missing argument 'FORMAT'"),
    ],
    ids=str,
)
def test_wrong_usage_is_explained(small, arguments, message):
    done = export(small, *arguments)
    assert (done.status, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_course_whose_questions_do_not_fit_gives_an_error(small, tmp_path):
    text = (small / "questions.yaml").read_text("utf-8")
    (small / "questions.yaml").write_text(
        text.replace("type: choice", "type: multiple").replace("key: Blue", "keys: [Blue]")
    )
    done = export(small, "aiken", "-o", tmp_path / "out")
    assert done.status == 1
    assert done.stderr == "synergy: Nothing was written: the format can hold none of the questions.\n"
    assert not (tmp_path / "out").exists()


def test_a_format_is_known_by_one_name_and_by_the_ends_of_its_files():
    ends = [end for found in FORMATS.values() for end in found.suffixes]
    assert len(ends) == len(set(ends))
    assert all(name == found.name for name, found in FORMATS.items())
