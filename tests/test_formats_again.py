"""A file of any format, imported again, changes nothing that an author edited; every loss has its line and reason."""

from __future__ import annotations

import json

import pytest

from harness import in_process
from synergy_cli.formats.formats import IMPORTS

FORMS = {
    "aiken": ("{0}", "{stem}\nA. {key}\nB. {wrong}\nANSWER: A\n\n", "Who is it?\n"),
    "gift": ("{0}", "{stem}{{={key} ~{wrong}}}\n\n", "Write an essay.{{}}\n"),
    "moodle": (
        "<quiz>\n{0}</quiz>\n",
        (
            '<question type="multichoice"><questiontext><text>{stem}</text></questiontext>'
            '<answer fraction="100"><text>{key}</text></answer>'
            '<answer fraction="0"><text>{wrong}</text></answer></question>\n'
        ),
        '<question type="essay"><name><text>E</text></name></question>\n',
    ),
    "csv": ("question,answer,wrong 1\n{0}", '"{stem}","{key}","{wrong}"\n', "Who is it?,,\n"),
    "tsv": ("{0}", "{key}\t{stem}\n", "\tWho is it?\n"),
    "json": (
        "[\n{0}null]\n",
        '{{"question": "{stem}", "answer": "{key}", "wrong": ["{wrong}"]}},\n',
        '{{"question": "Who?"}},\n',
    ),
    "yaml": ("{0}", '- question: "{stem}"\n  answer: "{key}"\n  wrong: ["{wrong}"]\n', "- question: Who?\n"),
    "toml": (
        "{0}",
        "[[questions]]\nquestion = '{stem}'\nanswer = '{key}'\nwrong = ['{wrong}']\n",
        "[[questions]]\nquestion = 'Who?'\n",
    ),
    "mkdocs-quiz": ("{0}", "<quiz>\n{stem}\n- [x] {key}\n- [ ] {wrong}\n</quiz>\n\n", "<quiz>\nWho is it?\n</quiz>\n"),
}
"""A file around questions, a question, and a question that cannot be read."""
PLANETS = (
    {"stem": "Which planet is the largest of all?", "key": "Jupiter", "wrong": "Mars"},
    {"stem": "Which planet is nearest to the sun?", "key": "Mercury", "wrong": "Venus"},
    {"stem": "Which planet has the widest rings?", "key": "Saturn", "wrong": "Uranus"},
)


@pytest.fixture(params=FORMS)
def form(request):
    return request.param


def write(tmp_path, form, planets=PLANETS, *, bad=False):
    around, question, broken = FORMS[form]
    listed = "".join(question.format(**planet) for planet in planets) + (broken.format() if bad else "")
    (tmp_path / "planets").write_text(around.format(listed), "utf-8")


def bring(tmp_path, form, *options):
    done = in_process("import", tmp_path / "planets", "-o", tmp_path / "c", "--format", form, "--json", *options)
    return done.status, json.loads(done.stdout)


def edit(tmp_path, old, new):
    bank = tmp_path / "c" / "questions.yaml"
    text = bank.read_text("utf-8")
    assert text.count(old) == 1
    bank.write_text(text.replace(old, new), "utf-8")
    return bank


def test_every_format_is_here():
    assert set(FORMS) | {"anki"} == set(IMPORTS)


def test_the_same_file_changes_nothing_that_was_edited(tmp_path, form):
    write(tmp_path, form)
    assert bring(tmp_path, form)[1]["found"] == 3
    bank = edit(tmp_path, "Which planet is nearest to the sun?", "Which planet is the first?  # mine")
    before = {path: path.read_bytes() for path in (tmp_path / "c").rglob("*") if path.is_file()}
    status, report = bring(tmp_path, form)
    assert (status, report["unchanged"]) == (0, 3)
    assert [report[name] for name in ("added", "updated", "kept", "deleted", "missing")] == [[]] * 5
    assert {path: path.read_bytes() for path in (tmp_path / "c").rglob("*") if path.is_file()} == before
    assert "# mine" in bank.read_text("utf-8")


def test_what_changed_in_the_file_is_merged_and_told(tmp_path, form):
    write(tmp_path, form)
    bring(tmp_path, form)
    ids = [
        line for line in (tmp_path / "c" / "questions.yaml").read_text("utf-8").split("\n") if line.startswith("- id")
    ]
    bank = edit(tmp_path, "Which planet is nearest to the sun?", "Which planet is the first?")
    changed = [{**planet, "key": f"{planet['key']} it is"} for planet in PLANETS[:2]]
    write(tmp_path, form, changed)
    status, report = bring(tmp_path, form)
    assert status == 0
    assert [(len(report["updated"]), report["updated"][0]["fields"])] == [(1, ["key"])]
    assert [len(report[name]) for name in ("added", "kept", "missing")] == [0, 1, 1]
    assert report["kept"][0]["line"] > 0
    text = bank.read_text("utf-8")
    assert [line for line in text.split("\n") if line.startswith("- id")] == ids
    assert "Jupiter it is" in text
    assert "Mercury it is" not in text
    assert "Which planet is the first?" in text


def test_a_loss_has_its_line_and_is_an_error_if_that_is_wanted(tmp_path, form):
    write(tmp_path, form, bad=True)
    status, report = bring(tmp_path, form, "--strict")
    assert (status, report["saved"], report["found"], report["written"], report["skipped"]) == (1, False, 4, 3, 1)
    (remark,) = (each for each in report["remarks"] if each["kind"] == "skipped")
    lines = (tmp_path / "planets").read_text("utf-8").split("\n")
    assert any(word in lines[remark["line"] - 1] for word in ("Who", "essay", "[[questions]]", "<quiz>"))
    assert remark["reason"]
    assert not (tmp_path / "c").exists()
    assert bring(tmp_path, form)[0] == 0
