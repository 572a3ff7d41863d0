"""Our memory states equal Anki's on the same history: Anki itself is asked, in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path
from random import Random

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS

from harness import ROOT
from records import DAY, SECOND, START
from synergy_cli.days import study_day
from synergy_cli.history.scheduler import Review, card_after

pytestmark = pytest.mark.deep

HISTORIES = 200
CLOSE = 1e-5
ZONES = {"UTC0": 0, "JST-9": 9 * 3600, "EST5": -5 * 3600}
"""As POSIX writes them, west is positive: no zone files are needed."""
HOUR = 3600 * SECOND


def told_by(python, histories, zone):
    """Ask Anki, as if it ran in a time zone."""
    given = json.dumps(
        {
            "weights": DEFAULT_PARAMETERS,
            "histories": [[[at // 1000, rated] for at, rated in history] for history in histories],
        }
    )
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "LC_ALL": "C.UTF-8", "TZ": zone}
    script = Path(__file__).with_name("anki_oracle.py")
    done = subprocess.run([str(python), str(script)], input=given, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def made_up(rng, offset):
    """Make up the answers to a question, at all hours; keep the first of each study day, as the schedule does."""
    at = START - 700 * DAY - offset * SECOND + rng.randrange(DAY)
    kept = {}
    for _ in range(rng.randint(1, 9)):
        kept.setdefault(study_day(at, offset), (at, rng.choice((1, 2, 3, 3, 3, 4))))
        at += rng.choice((rng.randrange(1, 14 * HOUR), rng.randrange(DAY, 5 * DAY), rng.randrange(70 * DAY)))
        at -= at % 1000
    return list(kept.values())


def came_to(history, offset):
    made = card_after("q", 1, [Review(study_day(at, offset), rated) for at, rated in history])
    return [made.stability, made.difficulty]


@pytest.mark.parametrize(("zone", "offset"), ZONES.items(), ids=ZONES)
def test_two_hundred_histories_come_to_what_anki_says(anki_python, zone, offset):
    rng = Random(zone)
    histories = [made_up(rng, offset) for _ in range(HISTORIES)]
    assert sum(map(len, histories)) > 3 * HISTORIES
    for history, told in zip(histories, told_by(anki_python, histories, zone), strict=True):
        assert came_to(history, offset) == pytest.approx(told, rel=CLOSE), history


def evening(hours, rated):
    """Give an answer so many hours after midnight of a certain day, UTC."""
    return START - 8 * HOUR + round(hours * HOUR), rated


NIGHTS = {
    "evening and morning": [evening(22, 3), evening(30, 3)],
    "twenty hours over a night": [evening(20, 3), evening(40, 3)],
    "two nights": [evening(22, 3), evening(22 + 47, 3)],
    "before and after four": [evening(27.99, 3), evening(28.01, 3)],
    "from after midnight to the next evening": [evening(25, 3), evening(44, 3)],
    "a week of nights": [evening(23.5 + 24 * night - night * 2.5, 3) for night in range(7)],
}


@pytest.mark.parametrize("history", NIGHTS.values(), ids=NIGHTS)
def test_a_night_between_two_answers_is_a_night_for_anki_too(anki_python, history):
    assert len({study_day(at, 0) for at, _ in history}) == len(history)
    (told,) = told_by(anki_python, [history], "UTC0")
    assert came_to(history, 0) == pytest.approx(told, rel=CLOSE)


def test_anki_is_no_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for names in project["optional-dependencies"].values() for name in names),
    ]
    assert [name for name in wanted if "anki" in name] == []
