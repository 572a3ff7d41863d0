"""Pictures go out with the questions that show them and come back, and nothing else comes in their name."""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape

import pytest

import exchange
from harness import in_process
from synergy_cli.formats import pictures

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'
BANK = """\
format: 1
id: bread
title: Bread
questions:
- id: which-loaf
  type: choice
  stem: "Which is it? ![A loaf, cut open](pictures/rye loaf.png)"
  key: "![Rye](pictures/rye%20loaf.png)"
  distractors:
  - text: "![Wheat](wheat.svg)"
    feedback: "No: ![Wheat](wheat.svg)"
  rationale: "Look: ![far off](https://example.org/a.png)"
"""


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "bread"
    (folder / "pictures").mkdir(parents=True)
    (folder / "questions.yaml").write_text(BANK.replace("rye loaf.png", "rye%20loaf.png"), "utf-8")
    (folder / "pictures" / "rye loaf.png").write_bytes(PNG)
    (folder / "wheat.svg").write_bytes(SVG)
    return folder


def export(course, name, *options):
    file = course.parent / f"quiz.{name}"
    done = in_process("--course", course, "export", name, "-o", file, "--json", *options)
    assert (done.status, done.stderr) == (0, "")
    return file, json.loads(done.stdout)["remarks"]


def bring(file, folder, *options):
    done = in_process("import", file, "-o", folder, "--json", "--format", "moodle", *options)
    assert (done.status, done.stderr) == (0, "")
    return json.loads(done.stdout)


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pictures_go_to_moodle_and_come_back(course, tmp_path):
    file, remarks = export(course, "moodle", "--strict")
    assert remarks == []
    xml = file.read_text("utf-8")
    assert '<img src="@@PLUGINFILE@@/pictures/rye%20loaf.png" alt="A loaf, cut open">' in xml
    assert f'<file name="rye loaf.png" path="/pictures/" encoding="base64">{b64encode(PNG).decode()}</file>' in xml
    assert "https://example.org/a.png" in xml
    report = bring(file, tmp_path / "new", "--strict")
    assert (report["remarks"], report["added"]) == ([], ["which-loaf"])
    found = files_of(tmp_path / "new" / "pictures")
    assert sorted((name.partition("-")[0], data) for name, data in found.items()) == [("rye", PNG), ("wheat", SVG)]
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "new").rglob("*.yaml"))
    assert text.count("(pictures/") == 4
    assert "![A loaf, cut open](pictures/rye-loaf-" in text
    assert " error" not in in_process("check", tmp_path / "new").stdout


def test_a_course_that_has_the_pictures_gets_no_second_copy(course):
    before = files_of(course)
    report = bring(export(course, "moodle")[0], course)
    assert (report["unchanged"], report["updated"], report["kept"]) == (1, [], [])
    assert files_of(course).keys() - before.keys() <= {".imported.json"}


def test_a_second_import_changes_nothing_and_an_edited_picture_stays(course, tmp_path):
    file, new = export(course, "moodle")[0], tmp_path / "new"
    bring(file, new)
    before = files_of(new)
    assert bring(file, new)["unchanged"] == 1
    assert files_of(new) == before
    edited = next((new / "pictures").glob("rye*"))
    edited.write_bytes(PNG + b"more")
    assert bring(file, new, "--replace")["unchanged"] == 1
    assert files_of(new) == {**before, edited.relative_to(new).as_posix(): PNG + b"more"}


def test_gift_has_the_path_of_a_picture_and_says_so(course):
    file, remarks = export(course, "gift")
    assert 'src\\="pictures/rye loaf.png"' in file.read_text("utf-8")
    assert [remark["reason"] for remark in remarks] == [
        "without the file `pictures/rye loaf.png`; only its path is written"
    ]


def test_a_picture_that_is_gone_is_named(course):
    (course / "wheat.svg").unlink()
    _, transfer = exchange.write("moodle", [exchange.built("q", {"type": "short", "stem": "![a](b.png)", "key": "x"})])
    assert [each.reason for each in transfer.remarks] == ["without `b.png`, which cannot be read"]


def question(*files, source="@@PLUGINFILE@@/a.png"):
    text = escape(f'Who? <img src="{source}" alt="A">')
    return (
        f'<quiz><question type="shortanswer"><questiontext format="html"><text>{text}</text>{"".join(files)}'
        '</questiontext><answer fraction="100"><text>x</text></answer></question></quiz>'
    )


def file(name="a.png", data=PNG, path="/"):
    return f'<file name="{escape(name)}" path="{path}" encoding="base64">{b64encode(data).decode()}</file>'


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("../../a.png", "@@PLUGINFILE@@/../../a.png"),
        ("/etc/a.png", "@@PLUGINFILE@@//etc/a.png"),
        ("a b.PNG", "@@PLUGINFILE@@/a%20b.PNG?time=17"),
        ("CON.png", "@@PLUGINFILE@@/CON.png"),
        ("x" * 300 + ".png", f"@@PLUGINFILE@@/{'x' * 300}.png"),
        ("a)(b.png", "@@PLUGINFILE@@/a)(b.png"),
    ],
    ids=lambda value: value[:12],
)
def test_whatever_a_picture_is_called_its_name_here_is_safe(tmp_path, name, source):
    (tmp_path / "quiz.xml").write_text(question(file(name), source=source), "utf-8")
    report = bring(tmp_path / "quiz.xml", tmp_path / "new")
    (path,) = (tmp_path / "new" / "pictures").iterdir()
    assert path.read_bytes() == PNG
    assert set(path.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(path.name) < 60
    assert report["remarks"] == []
    assert sorted(each.name for each in tmp_path.iterdir() if each.name != "home") == ["new", "quiz.xml"]


@pytest.mark.parametrize(
    "sent",
    [
        file(data=b"MZ\x90"),
        file(data=b""),
        file().replace("iVBOR", "!!!!"),
        file("a.exe"),
        file("a.png.html"),
        file("a.svg", b"<svg><script>alert(1)</script></svg>"),
        file("a.svg", b"<svg onload='x()'/>"),
        file("a.svg", b"<!DOCTYPE svg><svg/>"),
        file("other.png"),
        '<file name="a.png"/>',
    ],
    ids=range(10),
)
def test_what_is_no_picture_does_not_come_in(sent):
    name = "a.svg" if "a.svg" in sent else "a.exe" if "a.exe" in sent else "a.png"
    (found,), transfer = exchange.read("moodle", question(sent, source=f"@@PLUGINFILE@@/{name}"))
    assert found.data["stem"] == "Who? (picture: A)"
    assert found.pictures == {}
    assert [each.reason for each in transfer.remarks] == [
        "without a picture, files that are not pictures or that no text shows"
    ]


def test_a_picture_that_is_too_large_does_not_come_in(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", len(PNG) - 1)
    (found,), _ = exchange.read("moodle", question(file()))
    assert found.pictures == {}


def test_a_folder_that_leads_out_of_the_course_is_not_written_to(course, tmp_path):
    (tmp_path / "quiz.xml").write_text(question(file()), "utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "pictures").symlink_to(tmp_path / "outside")
    done = in_process("import", tmp_path / "quiz.xml", "-o", tmp_path / "new")
    assert done.status == 1
    assert "pictures points outside the course's folder" in " ".join(done.stderr.split())
    assert list((tmp_path / "outside").iterdir()) == []
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["pictures"]
