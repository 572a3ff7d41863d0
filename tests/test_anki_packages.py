"""Anki itself takes our packages as meant, and we take its own: it is asked in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS

from harness import DATA, in_process
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.history.events import Answer, Event, Fit, encode
from synergy_cli.history.memory import WEIGHTS, Model
from synergy_cli.history.memory import recall as predicted
from synergy_cli.history.scheduler import Review, card_after

pytestmark = pytest.mark.deep

NOW, LATER = "2026-11-22T09:00:00+00:00", "2090-01-01T09:00:00+00:00"
"""Anki has the real clock: what is edited there is edited in between."""
CLOSE = 1e-4
MOON = "\x89PNG\r\n\x1a\n"
SOUND = ["Database rebuilt and optimized.", True]
DAY = 86_400_000_000
START = 1_700_000_000_000_000


def unpacks():
    """Tell whether this Python can unpack the newest packages."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            return import_module(name) is not None
    return False


@pytest.fixture
def anki(anki_python, tmp_path):
    """Give what does steps in a new collection of Anki's, and returns what each gave."""
    folder = tmp_path / "collection"
    folder.mkdir()

    def steps(*wanted):
        script = Path(__file__).with_name("anki_packages.py")
        command = [str(anki_python), str(script), str(folder), json.dumps(wanted, default=str)]
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "TZ": "UTC0"}
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return steps


def exported(course, target, now, monkeypatch, *options):
    monkeypatch.setenv("SYNERGY_NOW", now)
    done = in_process("--course", course, "export", "anki", "-o", target, *options)
    assert done.status == 0, done.stderr
    return target


def test_anki_takes_the_course_finds_no_fault_and_shows_the_options(anki, tmp_path, monkeypatch):
    package = exported(DATA, tmp_path / "a.apkg", NOW, monkeypatch)
    questions = Course(Files(DATA), Cache(None)).questions
    first, second, found, shown = anki(["take", package], ["take", package], ["check"], ["shown"])
    assert (first, second, found) == ({"new": len(questions)}, {"duplicate": len(questions)}, SOUND)
    assert shown.keys() == {question.id for question in questions}
    for question in questions:
        front, back = shown[question.id]
        asked = front.partition('<div class="hint">')[0]
        for option in (*question.right, *question.wrong) if question.offers else ():
            assert f"<li>{option.text}</li>" in asked.replace("&#91;", "[")
        assert ("[[type:" in front) == ("[[type:" in back) == question.typed
        assert len(back) > len(asked)
        assert "Read:" in back


def test_a_second_import_keeps_edits_and_schedules_and_brings_a_new_wording(anki, small, tmp_path, monkeypatch):
    package = exported(small, tmp_path / "a.apkg", NOW, monkeypatch)
    edited = ["edit", "colour", "Rationale", "My own reason."]
    *_, before = anki(["take", package], edited, ["answer", "stars", 3])
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("What shines at night?", "What shines by night?"), "utf-8")
    exported(small, package, LATER, monkeypatch)
    counts, after, stars, colour, found = anki(
        ["take", package], ["schedule", "stars"], ["fields", "stars"], ["fields", "colour"], ["check"]
    )
    assert counts == {"updated": 1, "duplicate": 1}
    assert stars["Stem"] == "What shines by night?"
    assert after == before
    assert colour["Rationale"] == "My own reason."
    assert found == SOUND


def test_anki_goes_on_from_our_reviews(anki, tmp_path, monkeypatch):
    """What is on the card has the digits that Anki keeps: four of the stability, three of the difficulty."""
    course = Course(Files(DATA), Cache(None))
    log = tmp_path / "home" / ".local" / "share" / "synergy" / "history" / "0000abcd.jsonl"
    log.parent.mkdir(parents=True)
    lines, expected = [], {}
    for number, item in enumerate(course.outline[:60]):
        rated = [(number * 7 + place * place) % 4 + 1 for place in range(number % 8 + 1)]
        days = [1 + number % 5 + place * (place + number % 3 + 1) for place in range(len(rated))]
        for day, rating in zip(days, rated, strict=True):
            answer = Answer(item.id, item.revision, "review", "", (), "right", "", False, 1, 1.0, rating, "1", "FSRS-6")
            lines.append(encode(Event(f"{len(lines):016x}", START + day * DAY, 0, course.manifest.id, answer)))
        expected[item.id] = card_after(
            item.id, 1, [Review(day, rating) for day, rating in zip(days, rated, strict=True)]
        )
    log.write_bytes(b"".join(lines))
    package = exported(DATA, tmp_path / "a.apkg", NOW, monkeypatch, "--with-history")
    _, _, found, states = anki(["fsrs", DEFAULT_PARAMETERS], ["take", package, True], ["check"], ["memory"])
    assert found == SOUND
    assert states.keys() == expected.keys()
    for name, (stability, difficulty, kept, kept_difficulty) in states.items():
        ours = expected[name].stability, expected[name].difficulty
        assert (stability, difficulty) == pytest.approx(ours, rel=CLOSE)
        assert (kept, kept_difficulty) == pytest.approx(ours, abs=6e-4)


OWN = tuple(weight * (1.2 if place % 2 else 0.9) for place, weight in enumerate(WEIGHTS[:17])) + WEIGHTS[17:20] + (0.3,)


def test_anki_goes_on_with_the_weights_that_were_fitted_to_the_learner(anki, small, tmp_path, monkeypatch):
    log = tmp_path / "home" / ".local" / "share" / "synergy" / "history" / "0000abcd.jsonl"
    log.parent.mkdir(parents=True)
    reviews = [Review(day, rating) for day, rating in ((0, 3), (3, 3), (12, 1), (14, 3))]

    def kept(number, day, act):
        with log.open("ab") as file:
            file.write(encode(Event(f"{number:016x}", START + day * DAY, 0, "small", act)))

    for day, rating in reviews:
        act = Answer("stars", 1, "review", "", (), "right", "", False, 1, 1.0, rating, "1", "FSRS-6")
        kept(day, day, act)
    kept(100, 20, Fit(OWN, 400))
    monkeypatch.setenv("SYNERGY_RETENTION", "0.85")
    package = exported(small, tmp_path / "a.apkg", NOW, monkeypatch, "--with-history")
    kept(101, 21, Fit((), 0))
    later = exported(small, tmp_path / "b.apkg", NOW, monkeypatch, "--with-history")
    taken = ["take", package, True], ["check"], ["options", "stars"], ["memory"], ["good", "stars"]
    _, found, own, states, answered, *_, default = anki(*taken, ["take", later, True], ["options", "stars"])
    assert found == SOUND
    assert own == [pytest.approx(OWN), pytest.approx(0.85)]
    assert default == [pytest.approx(WEIGHTS), pytest.approx(0.85)]
    *_, last = Model(OWN).trace(reviews)
    assert states["stars"][:2] == pytest.approx([last.stability, last.difficulty], rel=CLOSE)
    _, recall, stability, difficulty, *after = answered
    assert after == pytest.approx(Model(OWN).after(stability, difficulty, recall, 3), rel=1e-3)


def test_anki_predicts_the_recall_that_we_predict(anki, small, tmp_path, monkeypatch):
    log = tmp_path / "home" / ".local" / "share" / "synergy" / "history" / "0000abcd.jsonl"
    log.parent.mkdir(parents=True)
    act = Answer("stars", 1, "review", "", (), "right", "", False, 1, 1.0, 3, "1", "FSRS-6")
    log.write_bytes(encode(Event(f"{1:016x}", START, 0, "small", act)))
    package = exported(small, tmp_path / "a.apkg", NOW, monkeypatch, "--with-history")
    *_, (days, recall, stability, *_) = anki(["fsrs", DEFAULT_PARAMETERS], ["take", package, True], ["good", "stars"])
    assert recall == pytest.approx(predicted(stability, days, WEIGHTS[20]), abs=2e-3)


NOTES = (
    ("Basic", "Which is the <b>largest</b>?", "Jupiter"),
    ("Basic (and reversed card)", "Hund", "dog"),
    ("Basic (type in the answer)", "How many?", "8"),
    ("Basic", '<img src="a moon.png" alt="A moon"> What is it?', "the moon"),
    ("Cloze", "{{c1::Mars}} is red, and {{c2::Earth::home}} is blue.", "It rusts."),
)


@pytest.mark.parametrize("legacy", [True, False], ids=["for older versions", "newest"])
def test_as_many_notes_come_in_as_anki_counts(anki, small, tmp_path, monkeypatch, legacy):
    package, back = exported(small, tmp_path / "a.apkg", NOW, monkeypatch), tmp_path / "b.apkg"
    *_, count = anki(
        ["take", package],
        ["picture", "a moon.png", MOON],
        *(["add", *note] for note in NOTES),
        ["answer", "stars", 3],
        ["give", back, legacy],
    )
    monkeypatch.setenv("SYNERGY_NOW", LATER)
    done = in_process("import", back, "-o", tmp_path / "course", "--json")
    if not legacy and not unpacks():
        assert done.status == 1
        assert "“Support older Anki versions” ticked" in done.stderr
        return
    report = json.loads(done.stdout)
    assert (report["found"], report["written"], report["reviews"]["added"]) == (count, count, 1)
    assert {"colour", "stars"} <= set(report["added"])
    (picture,) = (tmp_path / "course" / "pictures").iterdir()
    assert picture.read_bytes() == MOON.encode("latin-1")
    assert in_process("import", back, "-o", tmp_path / "course", "--json").status == 0


def test_what_comes_back_from_anki_is_the_course(anki, small, tmp_path, monkeypatch):
    package, back = exported(small, tmp_path / "a.apkg", NOW, monkeypatch), tmp_path / "b.apkg"
    anki(["take", package], ["give", back, True])
    again = tmp_path / "again"
    shutil.copytree(small, again)
    report = json.loads(in_process("import", back, "-o", again, "--json").stdout)
    assert (report["unchanged"], report["remarks"], report["kept"]) == (2, [], [])
