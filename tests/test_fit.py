"""The learner's own weights: found in reviews of a known memory, adopted with care, kept as an event, taken back."""

from __future__ import annotations

import json
from math import exp
from random import Random

import pytest

from harness import in_process
from records import COURSE, DAY, START, TODAY, Clock, answer, asked, event, history_at, missed, write_log
from synergy_cli.history import fit as fitting
from synergy_cli.history.events import DamagedError, Fit, decode, encode
from synergy_cli.history.fit import fit
from synergy_cli.history.memory import LEAST, MOST, WEIGHTS, Model
from synergy_cli.history.scheduler import DEFAULT, LONGEST, Review, card_of

FRESH = 1500
"""Reviews after those that weights are fitted to."""
OTHERS = (*WEIGHTS[:2], 9.0, *WEIGHTS[3:])
"""Weights with which what was right once is due much later."""


class Learner:
    """A learner whose memory has weights near the default ones, and who is asked what is due by these."""

    def __init__(self, seed, spread=0.3):
        self.rng = Random(seed)
        pairs = zip(WEIGHTS, LEAST, MOST, strict=True)
        self.weights = tuple(min(max(w * exp(self.rng.gauss(0, spread)), least), most) for w, least, most in pairs)
        self.memory = Model(self.weights)
        self.reviews, self.states, self.due = {}, {}, {}

    def rated(self, question, day):
        if question not in self.reviews:
            rating = 3 if self.rng.random() < 0.6 else 1
            self.states[question] = self.memory.first(rating)
            return rating
        stability, difficulty = self.states[question]
        chance = self.memory.recall(stability, day - self.reviews[question][-1].day)
        rating = (3 if self.rng.random() < 0.9 else 2) if self.rng.random() < chance else 1
        self.states[question] = self.memory.after(stability, difficulty, chance, rating)
        return rating

    def study(self, reviews, most):
        """Answer so many reviews, 28 at most a day, 8 of them new while there are fewer than `most` questions."""
        day = 20_000
        while sum(map(len, self.reviews.values())) < reviews:
            due = [question for question, then in self.due.items() if then <= day][:20]
            new = list(range(len(self.reviews), min(len(self.reviews) + 8, most)))
            for question in due + new:
                rating = self.rated(question, day)
                self.reviews.setdefault(question, []).append(Review(day, rating))
                last = list(DEFAULT.trace(self.reviews[question]))[-1]
                self.due[question] = day + DEFAULT.interval(last.stability, 0.9, LONGEST)
            day += 1
        return list(self.reviews.values())


def loss(histories, weights, first):
    """Give the log loss of the reviews from a day on."""
    traces = [trace for history in histories for trace in Model(weights).trace(history)]
    found = [fitting._loss(trace.chance, trace.rating > 1) for trace in traces if trace.gap and trace.day >= first]
    return sum(found) / len(found)


def fitted_and_fresh(seed, reviews, spread=0.3):
    """Fit to the first reviews of a learner; give the result, and the log loss of the fresh ones with three weights."""
    learner = Learner(seed, spread)
    histories = learner.study(reviews + FRESH, max(150, reviews // 8))
    first = sorted(review.day for history in histories for review in history)[reviews]
    known = [[review for review in history if review.day < first] for history in histories]
    found = fit(known)
    return found, [loss(histories, weights, first) for weights in (WEIGHTS, found.weights, learner.weights)]


@pytest.mark.deep
def test_twenty_learners_are_predicted_no_worse_than_with_the_default_weights():
    """Reviews that had no part in fitting or in adopting decide; what is not adopted changes nothing."""
    adopted = 0
    for seed in range(20):
        found, (default, fitted, known) = fitted_and_fresh(seed, 1500)
        adopted += found.adopted
        if found.adopted:
            assert found.loss <= found.loss_before
            assert known - 0.01 < fitted <= default, seed
    assert adopted >= 5


@pytest.mark.deep
def test_learners_with_the_default_weights_keep_them():
    assert sum(fitted_and_fresh(seed, 1500, 0)[0].adopted for seed in range(20)) <= 1


def test_a_memory_unlike_the_default_one_is_found():
    found, (default, fitted, _) = fitted_and_fresh(15, 600, 0.5)
    assert found.adopted
    assert found.loss < found.loss_before
    assert fitted < default
    assert all(least <= weight <= most for least, weight, most in zip(LEAST, found.weights, MOST, strict=True))
    assert found == fitted_and_fresh(15, 600, 0.5)[0]


def test_later_reviews_decide_and_have_no_part_in_the_weights():
    histories = Learner(15, 0.5).study(600, 75)
    found = fit(histories)
    turned = [
        [review._replace(rating=4 - review.rating) if review.day >= found.first else review for review in history]
        for history in histories
    ]
    other = fit(turned)
    assert (other.weights, other.first, other.later) == (found.weights, found.first, found.later)
    assert other.loss > found.loss
    assert not fit(histories, found.weights).adopted


def test_weights_are_fitted_from_400_reviews_on():
    history = [Review(20_000 + 9 * place, 1 if place % 5 == 0 else 3) for place in range(20)]
    again = [review._replace(rating=1) for review in history]
    doubled = [review for pair in zip(history, again, strict=True) for review in pair]
    assert fit([history] * 19 + [doubled[:38]]) is None
    assert fit([doubled] * 20).reviews == 400
    assert fit([[Review(20_000, 3)]] * 500) is None


def test_of_very_many_reviews_some_are_used(monkeypatch):
    monkeypatch.setattr(fitting, "MANY", 500)
    histories = [
        [Review(20_000 + 3 * place, 1 if place % 5 == n % 5 else 3) for place in range(10)] for n in range(120)
    ]
    assert fit(histories).reviews == 400


# The event


def fit_event(weights, day, course=COURSE):
    return event(Fit(weights, 400), START + day * DAY, course=course)


@pytest.mark.parametrize(
    "weights",
    [
        WEIGHTS[:-1],
        (*WEIGHTS, 1.0),
        (*WEIGHTS[:-1], 0.05),
        (*WEIGHTS[:-1], 1),
        (*WEIGHTS[:-1], float("nan")),
        ("x",) * 21,
    ],
    ids=["too few", "too many", "out of bounds", "no fraction", "no number", "texts"],
)
def test_weights_that_cannot_be_are_damage(weights):
    line = encode(fit_event(weights, 0))
    with pytest.raises(DamagedError):
        decode(line[:-1])


def test_all_cards_of_the_course_follow_the_weights_and_no_others(tmp_path):
    history = history_at(tmp_path)
    for course in (COURSE, "sea"):
        history.save(course, answer())
    before, sea = asked(history), asked(history, "sea")
    history.save(COURSE, Fit(OTHERS, 400))
    history.refresh()
    model = Model(OTHERS)
    (card,) = history.cards(COURSE).values()
    assert card == card_of(card.key, list(model.trace([Review(TODAY, 3)])), 0.9, -1, model)
    assert card.due > before[0][card.key].due + 3
    assert asked(history, "sea") == sea
    assert history.model(COURSE).weights == OTHERS
    assert history.model("sea").weights == WEIGHTS
    assert history.check().mended == 0
    behind = history_at(tmp_path, clock=Clock(START - DAY // 2))
    behind.save(COURSE, Fit((), 0))
    history.refresh()
    assert asked(history) == before == asked(history_at(tmp_path, index=None))


def test_two_machines_agree_on_the_latest_weights_in_any_order(tmp_path):
    acts = [event(answer(f"q{n}"), START + n, number=n) for n in range(3)]
    fits = [fit_event(weights, day) for day, weights in ((-3, OTHERS), (-2, ()), (-1, (*OTHERS[:2], 5.0, *OTHERS[3:])))]
    seen = []
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        root = tmp_path / "".join(map(str, order))
        history = history_at(root)
        for place, number in enumerate(order):
            write_log(root / "history" / f"{place}0000000.jsonl", [acts[number], fits[number]])
            history.refresh()
        seen.append(asked(history))
        assert asked(history_at(root, index=None)) == seen[-1]
    assert seen[0] == seen[1] == seen[2]
    assert {card.stability for card in seen[0][0].values()} == {5.0}


def test_weights_dated_in_the_future_wait_for_their_day(tmp_path):
    folder = tmp_path / "history"
    write_log(folder / "a0000000.jsonl", [event(answer(), START - DAY), fit_event(OTHERS, 9)])
    assert history_at(tmp_path).model(COURSE).weights == WEIGHTS
    later = history_at(tmp_path, clock=Clock(START + 9 * DAY))
    assert later.model(COURSE).weights == OTHERS
    assert {card.stability for card in later.cards(COURSE).values()} == {9.0}


# The command


@pytest.fixture
def fitted(small, tmp_path, monkeypatch):
    """Give `history fit` after so many reviews of a learner with weights of their own."""
    monkeypatch.setenv("SYNERGY_NOW", "2026-11-22T09:00:00+01:00")
    now = 1_795_334_400 * 1_000_000

    def call(*options, reviews=0, spread=0.5):
        if reviews:
            histories = Learner(15, spread).study(reviews, reviews // 8)
            last = max(history[-1].day for history in histories)
            acts = {1: missed, 2: answer, 3: answer}
            events = [
                event(acts[rating](f"q{n}", rating=rating), now + (day - last) * DAY, 3600, course="small")
                for n, history in enumerate(histories)
                for day, rating in history
            ]
            log = write_log(tmp_path / "stick" / "a0000000.jsonl", events)
            assert in_process("history", "merge", log).status == 0
        return in_process("--course", small, "history", "fit", *options)

    return call


def test_weights_are_adopted_said_and_taken_back(fitted, small):
    shown = " ".join(fitted(reviews=600).stdout.split())
    assert "Weights fitted to the earlier part of 6" in shown
    assert "They are in use from now on" in shown
    assert "history fit --default" in shown
    progress = json.loads(in_process("--course", small, "progress", "--json").stdout)
    assert progress["own_weights"]
    assert "with weights that were fitted" in " ".join(in_process("--course", small, "progress").stdout.split())
    back = json.loads(fitted("--default", "--json").stdout)
    assert back["changed"]
    assert fitted("--default").stdout == "The default weights are in use.\n"
    assert not json.loads(fitted("--default", "--json").stdout)["changed"]
    assert not json.loads(in_process("--course", small, "progress", "--json").stdout)["own_weights"]


def test_weights_that_predict_no_better_are_not_adopted(fitted):
    shown = fitted(reviews=450, spread=0)
    assert shown.status == 0
    assert "the weights in use stay" in " ".join(shown.stdout.split())
    made = json.loads(fitted("--json").stdout)
    assert not made["changed"]
    assert made["reviews"] >= 450
    assert made["log_loss"] > 0


def test_with_too_few_reviews_it_is_said_how_many_there_are(fitted):
    shown = fitted(reviews=60)
    assert shown.status == 1
    assert "Fitting needs at least 400 reviews; this course has 6" in shown.stderr
