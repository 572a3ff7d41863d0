"""A question that sticks gets help, then it is set aside; a learner may set one aside too, and bring it back."""

from __future__ import annotations

import pytest

import records
from records import COURSE, DAY, START, Clock, afresh, answer, asked, event, history_at, journal_at, missed
from synergy_cli.history.events import Suspend, encode
from synergy_cli.history.scheduler import ASIDE_AFTER

HERE = ("colour", 1)


def misses(count, start=0):
    return [event(missed(), START + (start + day) * DAY) for day in range(count)]


def moved(day, *, suspended, question="colour"):
    return records.moved(question, START + day * DAY, suspended=suspended)


@pytest.mark.parametrize(
    ("events", "aside"),
    [
        (misses(ASIDE_AFTER - 1), set()),
        (misses(ASIDE_AFTER), {HERE}),
        ([*misses(ASIDE_AFTER), moved(ASIDE_AFTER, suspended=False)], set()),
        ([*misses(ASIDE_AFTER), moved(ASIDE_AFTER - 1, suspended=False)], set()),
        ([*misses(ASIDE_AFTER), moved(0, suspended=False)], set()),
        ([*misses(2 * ASIDE_AFTER), moved(ASIDE_AFTER - 1, suspended=False)], {HERE}),
        ([event(answer()), moved(0, suspended=True)], {HERE}),
        ([event(answer()), moved(1, suspended=True), moved(2, suspended=False)], set()),
        ([event(answer()), moved(2, suspended=True), moved(1, suspended=False)], {HERE}),
        ([moved(0, suspended=True, question="never-asked")], {("never-asked", 1)}),
        ([event(answer()), moved(40, suspended=True)], set()),
    ],
    ids=range(11),
)
def test_a_question_is_set_aside_by_its_learner_or_after_its_misses(tmp_path, events, aside):
    now = START + 30 * DAY
    history = history_at(tmp_path, clock=Clock(now))
    for happened in events:
        journal_at(tmp_path).append([encode(happened)])
        history.aside(COURSE)
        history.refresh()
    assert history.aside(COURSE) == aside
    assert asked(history) == asked(history_at(tmp_path, index=None, clock=Clock(now)))
    assert history.check().mended == 0


def test_what_is_set_aside_tomorrow_is_set_aside_when_that_day_comes(tmp_path):
    clock = Clock(START)
    journal_at(tmp_path).append([encode(moved(10, suspended=True))])
    history = history_at(tmp_path, clock=clock)
    assert history.aside(COURSE) == set()
    clock.at += 11 * DAY
    history.refresh()
    assert history.aside(COURSE) == history_at(tmp_path, clock=clock).aside(COURSE) == {HERE}


def test_another_course_and_another_revision_are_not_meant(tmp_path):
    history = history_at(tmp_path)
    history.save(COURSE, Suspend("colour", 2, suspended=True))
    history.save("sea", Suspend("wave", 1, suspended=True))
    assert history.aside(COURSE) == afresh(tmp_path)[5] == {("colour", 2)}
