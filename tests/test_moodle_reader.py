"""Another reader of Moodle XML, in an environment of its own, finds in our files what the courses say."""

from __future__ import annotations

import json
import re
import subprocess
import venv
from html import unescape
from pathlib import Path

import pytest

from harness import EXAMPLE, ROOT, in_process
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files

pytestmark = pytest.mark.deep

READER = "moodle-xml-parser==0.3.1"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Give a Python that has the reader; nothing else here ever does."""
    folder = tmp_path_factory.mktemp("moodle")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        READER,
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the reader cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return python


def words(html):
    """Give what HTML says."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def said(question, text):
    return " ".join(re.sub(r"[^\w\s]", " ", words(question.displayed(text))).split())


def plain(html):
    return " ".join(re.sub(r"[^\w\s]", " ", words(html)).split())


@pytest.mark.parametrize("course", [EXAMPLE, ROOT / "data"], ids=["example", "built-in"])
def test_another_reader_finds_the_same_options_credit_and_feedback(reader, course, tmp_path):
    file = tmp_path / "quiz.xml"
    assert in_process("--course", course, "export", "moodle", "-o", file).status == 0
    script = Path(__file__).with_name("moodle_oracle.py")
    done = subprocess.run([str(reader), str(script)], input=file.read_bytes(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    choices, gaps = json.loads(done.stdout)
    loaded = Course(Files(course), Cache(None))
    questions = {each.id: each for each in loaded.pick(loaded.outline)}
    assert set(choices) == {
        name for name, each in questions.items() if each.type in ("choice", "multiple") and each.right
    }
    assert set(gaps) == {name for name, each in questions.items() if each.type == "cloze"}
    for name, (text, single, shuffled, options) in choices.items():
        question = questions[name]
        assert said(question, question.stem) in plain(text)
        assert (single, shuffled) == (question.type == "choice", question.shuffle)
        credit = 100 if single else float(f"{100 / len(question.right):.5f}")
        expected = [(said(question, each.text), credit, "") for each in question.right]
        expected += [
            (said(question, each.text), 0 if single else -100, said(question, each.feedback)) for each in question.wrong
        ]
        assert sorted((plain(option), worth, plain(feedback)) for option, worth, feedback in options) == sorted(
            expected
        )
    for name, (_, found) in gaps.items():
        assert [[unescape(answer) for answer, worth in answers if worth == 100] for _, answers in found] == [
            list(gap) for gap in questions[name].gaps
        ]
