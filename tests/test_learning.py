"""The benchmark of policies: its learners forget, its table repeats itself, and it asks what the program would ask."""

from __future__ import annotations

import importlib.util
import sys
from contextlib import suppress

import pytest

from harness import EXAMPLE, ROOT
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files

MODELS = ("ACT-R", "multiscale", "DASH")
SOME_MINUTES = 300.0


@pytest.fixture(scope="module")
def learning():
    """Give the benchmark."""
    spec = importlib.util.spec_from_file_location("learning", ROOT / "benchmarks" / "learning.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def short(learning, monkeypatch):
    """Give the benchmark with a regime of three days and a small course."""
    course = Course(Files(EXAMPLE), Cache(None))
    kept = (learning.bank, learning.chances, learning.page_order, learning.reading_seconds, learning.on_page)
    monkeypatch.setattr(learning, "course", lambda: course)
    monkeypatch.setitem(learning.REGIMES, "A", learning.Regime((0, 1, 2), 8, (30, 90)))
    for function in kept:
        function.cache_clear()
    yield learning
    for function in kept:
        function.cache_clear()


def recalls(learning, model, days, *acts):
    """Give what is recalled on some days after acts, each as (how, day, second)."""
    memory = learning.MODELS[model](0.0)
    for act in acts:
        memory.learn(*act)
    return [memory.recall(day, SOME_MINUTES) for day in days]


@pytest.mark.parametrize("model", MODELS)
def test_what_was_read_is_forgotten_and_an_answer_helps_more_if_it_was_right(learning, model):
    read = recalls(learning, model, (0, 1, 7, 30, 90), ("read", 0, 0.0))
    assert read == sorted(read, reverse=True)
    assert 0.7 < read[0] < 0.75
    wrong, right = (
        recalls(learning, model, (30,), ("read", 0, 0.0), (how, 0, SOME_MINUTES)) for how in ("wrong", "right")
    )
    assert [read[3]] < wrong < right


@pytest.mark.parametrize("model", MODELS)
def test_another_day_helps_more_than_the_same_one(learning, model):
    begun = (("read", 0, 0.0), ("right", 0, SOME_MINUTES))
    massed = recalls(learning, model, (60,), *begun, ("right", 0, 2 * SOME_MINUTES))
    spaced = recalls(learning, model, (60,), *begun, ("right", 6, 0.0))
    assert massed < spaced


def test_a_table_repeats_itself_and_has_a_row_for_each_policy(short, capsys):
    tables = []
    for _ in range(2):
        short.main(["2", "--regime", "A", "--only", "synergy", "--only", "Leitner"])
        tables.append(capsys.readouterr().out)
    assert tables[0] == tables[1]
    assert tables[0].startswith("\nA, day 30, 2 learners: recall in % (against synergy)\n")
    assert [line.split(" | ")[0] for line in tables[0].splitlines() if " ± " in line] == ["| Leitner"] * 2


def test_a_learner_is_asked_what_the_program_chooses_and_no_longer_than_there_is_time(short, monkeypatch):
    chosen = []
    choose = short.choose
    monkeypatch.setattr(short, "choose", lambda queue: chosen.append(choose(queue)) or chosen[-1])
    learner = short.Learner(0, "DASH")
    policy = short.Synergy()
    for day in range(3):
        learner.begin_day(day, SOME_MINUTES)
        with suppress(short.DayOverError):
            while True:
                policy.step(learner)
    assert learner.read
    assert {item.key for items in chosen[:-1] for item in items} <= set(learner.cards)
    assert learner.spent <= 3 * SOME_MINUTES


@pytest.mark.deep
def test_the_policy_is_ahead_of_the_one_before_under_each_model(learning):
    found = learning.measure(6, 1, ["synergy", "0.1.0"], ["A", "B"])
    means = {cell: sum(shares) / len(shares) for cell, shares in found.items()}
    ours = {cell: mean for cell, mean in means.items() if cell.policy == "synergy" and cell.place == 0}
    assert len(ours) == 2 * len(MODELS)
    assert all(mean > means[cell._replace(policy="0.1.0")] for cell, mean in ours.items())
