"""The schedule is that of py-fsrs over study days, bit by bit, and promises what a learner may rely on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from random import Random

import fsrs
import pytest
from fsrs import scheduler as reference
from hypothesis import given
from hypothesis import strategies as st

from records import DAY, SECOND, START, TODAY
from synergy_cli.days import study_day
from synergy_cli.history.memory import LEAST, MOST, WEIGHTS, Model
from synergy_cli.history.scheduler import (
    ALGORITHM,
    DEFAULT,
    LEAST_RETENTION,
    LONGEST,
    MOST_RETENTION,
    STEPS,
    Review,
    card_after,
    card_of,
    measure,
    rating,
    recall,
    step,
)

HOUR = 3600

ratings = st.integers(1, 4)
retentions = st.floats(LEAST_RETENTION, MOST_RETENTION)
histories = st.lists(st.tuples(st.integers(-3, 400), ratings), min_size=1, max_size=25).map(
    lambda steps: [Review(TODAY + sum(gap for gap, _ in steps[:end]), rated) for end, (_, rated) in enumerate(steps, 1)]
)


def reviews(*steps):
    """Give reviews from pairs: days after the first one, and rating."""
    return [Review(TODAY + day, rated) for day, rated in steps]


def card(*steps, retention=0.9):
    return card_after("q", 1, reviews(*steps), retention)


def at(text):
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def test_weights_and_bounds_are_those_of_fsrs_6():
    assert ALGORITHM == "FSRS-6"
    assert version("fsrs").startswith("6.")
    assert reference.DEFAULT_PARAMETERS == WEIGHTS
    assert (reference.LOWER_BOUNDS_PARAMETERS, reference.UPPER_BOUNDS_PARAMETERS) == (LEAST, MOST)


def driven(steps, retention, weights):
    """Drive py-fsrs by hand: a moment of each study day, its first answer only."""
    by_hand = fsrs.Scheduler(
        parameters=weights,
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=36500,
        enable_fuzzing=False,
    )
    memory = fsrs.Card(card_id=1)
    chances = []
    for day, rated in sorted(dict(reversed(steps)).items()):
        noon = datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(days=day)
        chances.append(by_hand.get_card_retrievability(memory, noon))
        memory, _ = by_hand.review_card(memory, fsrs.Rating(rated), noon)
    due = (memory.due - datetime(2026, 3, 2, tzinfo=UTC)).days
    return TODAY + due, memory.stability, memory.difficulty, chances


@pytest.mark.parametrize("histories", [200, pytest.param(10_000, marks=pytest.mark.deep)])
def test_histories_come_to_what_the_reference_says(histories):
    rng = Random(6)
    for number in range(histories):
        retention = rng.choice((0.7, 0.8, 0.9, 0.97))
        weights = tuple(map(rng.uniform, LEAST, MOST)) if number % 2 else WEIGHTS
        day, steps = 0, []
        for _ in range(rng.randint(1, 12)):
            day += rng.choice((0, 0, 1, 1, 2, 3, 7, 20, 90, 400))
            steps.append((day, rng.randint(1, 4)))
        model = Model(weights)
        traces = list(model.trace(reviews(*steps)))
        made = card_of(("q", 1), traces, retention, -1, model)
        chances = [trace.chance for trace in traces]
        assert (made.due, made.stability, made.difficulty, chances) == driven(steps, retention, weights), steps
        if number % 2 == 0:
            assert card_after("q", 1, reviews(*steps), retention) == made


@given(st.integers(START - 5000 * DAY, START + 5000 * DAY), st.integers(-86400, 86400))
def test_a_study_day_begins_at_four_in_the_morning_local_time(moment, offset):
    day = study_day(moment, offset)
    begins = datetime(1970, 1, 1, 4, tzinfo=UTC) + timedelta(days=day, seconds=-offset)
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)
    assert begins <= now < begins + timedelta(days=1)


@pytest.mark.parametrize("hours", [-12, -9.5, -3, 0, 1, 5.75, 14])
def test_a_night_parts_two_study_days_wherever_one_lives(hours):
    offset = int(hours * HOUR)

    def day(clock):
        return study_day(at(f"{clock}Z") - offset * SECOND, offset)

    assert day("2026-03-02T22:00:00") + 1 == day("2026-03-03T06:00:00")
    assert day("2026-03-02T22:00:00") == day("2026-03-03T03:59:59.999999")
    assert day("2026-03-03T03:59:59.999999") + 1 == day("2026-03-03T04:00:00")
    assert day("2026-03-03T04:00:00") == day("2026-03-03T23:59:59")


@pytest.mark.parametrize(
    ("verdict", "confidence", "helped", "expected"),
    [
        ("wrong", "sure", False, 1),
        ("skipped", "", False, 1),
        ("right", "guess", False, 1),
        ("right", "guess", True, 1),
        ("right", "unsure", False, 2),
        ("right", "", True, 2),
        ("right", "sure", True, 2),
        ("right", "", False, 3),
        ("right", "sure", False, 3),
    ],
)
def test_an_answer_becomes_a_rating(verdict, confidence, helped, expected):
    assert rating(verdict, confidence, helped=helped) == expected


@given(histories, retentions)
def test_a_question_comes_again_after_its_last_day_and_within_the_longest_time(history, retention):
    made = card_after("q", 1, history, retention)
    assert made.last + 1 <= made.due <= made.last + LONGEST
    assert TODAY - 3 <= made.first <= made.last == max(made.first, *(review.day for review in history))


@given(histories, retentions, st.integers(1, 400))
def test_a_better_rating_never_brings_a_question_sooner(history, retention, gap):
    last = max(review.day for review in history)
    dues = [card_after("q", 1, [*history, Review(last + gap, rated)], retention).due for rated in (1, 2, 3, 4)]
    assert dues == sorted(dues)


@given(histories)
def test_who_wants_to_remember_more_is_asked_no_later(history):
    dues = [card_after("q", 1, history, retention).due for retention in (0.70, 0.80, 0.90, 0.97)]
    assert dues == sorted(dues, reverse=True)


@given(histories, ratings)
def test_later_answers_of_a_study_day_do_not_schedule(history, again):
    made = card_after("q", 1, history)
    assert card_after("q", 1, [*history, Review(made.last, again), Review(made.last, 1)]) == made


@given(histories, ratings, st.integers(1, 1000))
def test_a_clock_that_was_set_back_does_not_schedule_into_the_past(history, rated, back):
    made = card_after("q", 1, history)
    assert card_after("q", 1, [*history, Review(made.last - back, rated)]) == made


@given(histories)
def test_counts_are_of_days_and_their_first_answers(history):
    firsts = []
    for review in history:
        if not firsts or review.day > firsts[-1].day:
            firsts.append(review)
    passed = [review.rating > 1 for review in firsts]
    made = card_after("q", 1, history)
    assert (made.reviews, made.passes) == (len(firsts), sum(passed))
    assert made.lapses == sum(not right and any(passed[:place]) for place, right in enumerate(passed))
    assert made.streak == (passed[::-1].index(False) if False in passed else len(passed))


def test_without_an_answer_there_is_no_card():
    assert card_after("q", 1, []) is None


def test_the_longest_time_is_reached_and_not_passed():
    steps = [(0, 4), *((30 * 4**power, 4) for power in range(6))]
    assert card(*steps, retention=0.7).due == TODAY + steps[-1][0] + LONGEST


@given(histories, st.integers(0, 4000), st.integers(0, 4000))
def test_recall_is_a_chance_that_only_falls(history, sooner, more):
    made = card_after("q", 1, history)
    assert recall(made, made.last) == recall(made, made.last - 5) == 1
    assert 0 < recall(made, made.last + sooner + more) <= recall(made, made.last + sooner) <= 1


def test_recall_has_fallen_to_ninety_per_cent_when_a_question_is_due():
    made = card((0, 3), (3, 3), (14, 3), (60, 3))
    assert recall(made, made.due) == pytest.approx(0.9, abs=0.001)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], "new"),
        ([(0, 1)], "seen"),
        ([(0, 3)], "right_once"),
        ([(0, 2)], "right_once"),
        ([(0, 3), (0, 3), (0, 3)], "right_once"),
        ([(0, 3), (3, 3)], "right_twice"),
        ([(0, 3), (3, 3), (12, 3)], "held"),
        ([(0, 3), (3, 3), (12, 2)], "held"),
        ([(0, 3), (3, 3), (12, 3), (40, 3)], "held"),
        ([(0, 3), (3, 1)], "seen"),
        ([(0, 3), (3, 3), (12, 3), (40, 1)], "seen"),
        ([(0, 3), (3, 3), (12, 1), (13, 3)], "right_once"),
    ],
    ids=str,
)
def test_a_question_is_at_the_step_where_its_days_put_it(steps, expected):
    assert step(card(*steps)) == expected
    assert expected in STEPS


@pytest.mark.parametrize(
    ("rated", "strikes"),
    [
        ([1], 1),
        ([1, 1, 1, 1], 4),
        ([3, 1, 1], 2),
        ([1, 3, 1, 3, 1, 3, 1], 4),
        ([1, 1, 1, 3], 3),
        ([1, 1, 1, 3, 2], 0),
        ([1, 1, 3, 3, 1], 1),
    ],
    ids=str,
)
def test_misses_are_forgotten_after_two_right_days_in_a_row(rated, strikes):
    days = [(5 * place, rating) for place, rating in enumerate(rated)]
    again = [(day, rating) for day, rating in days for _ in range(3)]
    assert card(*days).strikes == card(*again).strikes == strikes


def test_what_is_brought_back_begins_anew_on_the_next_day():
    missed = [Review(TODAY + day, 1) for day in range(6)]
    assert [card_after("q", 1, missed, back=TODAY + day).strikes for day in (-1, 0, 4, 5)] == [6, 5, 1, 0]


def test_recall_is_measured_by_the_days_since_the_last_review():
    days = [(0, 3), (3, 3), (7, 1), (7, 3), (21, 2), (36, 1), (96, 3)]
    found = measure(DEFAULT.trace(reviews(*days)))
    assert [one[:2] for one in found] == [(2, 1), (1, 0), (1, 1)]
    chance = recall(card(*days[:2]), TODAY + 7) + recall(card(*days[:4]), TODAY + 21)
    assert found[0].predicted == pytest.approx(chance * 1_000_000, abs=1)
    assert measure(DEFAULT.trace(reviews((0, 3)))) == ((0, 0, 0),) * 3


def test_two_machines_agree():
    assert len({card((0, 3), (9, 3), (40, 4)) for _ in range(20)}) == 1
