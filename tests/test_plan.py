"""A plan for a date: what it asks of a learner, and that what it promises comes true for one who follows it."""

from __future__ import annotations

import json
from random import Random

import pytest

from harness import in_process
from records import DAY, answer, event, write_log
from synergy_cli.course.course import QuestionOutline
from synergy_cli.history.plan import Bank, document, phases, plan
from synergy_cli.history.scheduler import DEFAULT, Review, card_after, recall
from synergy_cli.study.queue import build_queue, choose
from synergy_cli.ui.plan import plan as view
from synergy_cli.ui.theme import Look

TODAY = 20779


def bank(new=98, cards=(), **changes):
    return Bank(cards, new, TODAY, 0.9, DEFAULT)._replace(**changes)


class Follower:
    """A learner who does what a plan says, with the program's own choice of questions, and remembers as FSRS says."""

    def __init__(self, questions, seed):
        self.rng = Random(seed)
        self.items = [QuestionOutline(f"q{n}", 1, f"p{n // 10}#part-{n % 5}") for n in range(questions)]
        self.reviews, self.cards = {}, {}

    def answer(self, item, day):
        card = self.cards.get(item.key)
        chance = 0.6 if card is None else recall(card, day)
        self.reviews.setdefault(item.key, []).append(Review(day, 3 if self.rng.random() < chance else 1))
        self.cards[item.key] = card_after(*item.key, self.reviews[item.key])

    def session(self, day, count, new):
        chosen = choose(build_queue(self.items, self.cards, day, new), count)
        for item in chosen:
            self.answer(item, day)
        return len(chosen)

    def follow(self, made):
        steps = made.phases
        for day in range(steps.today, steps.day):
            if day < steps.last_pass:
                self.session(day, made.session, steps.new_a_day)
                continue
            left = steps.pass_a_day
            while left > 0 and (done := self.session(day, left, 0)):
                left -= done

    def bank(self, day):
        cards = tuple(self.cards.values())
        return bank(len(self.items) - len(cards), cards, today=day)

    def chances(self, day):
        return [recall(self.cards[item.key], day) if item.key in self.cards else 0.0 for item in self.items]


@pytest.mark.parametrize(
    ("days", "before", "seed"),
    [
        (10, 0, 1),
        *(
            pytest.param(days, before, seed, marks=pytest.mark.deep)
            for days in (1, 2, 5, 7, 14, 30, 60, 120)
            for before in (0, 10)
            for seed in range(5)
        ),
    ],
)
def test_who_follows_the_plan_recalls_as_much_as_it_promises(days, before, seed):
    """With nothing learnt before, or after ten days of three sessions in four."""
    learner = Follower(98, seed)
    for day in range(TODAY - before, TODAY):
        if day % 4:
            learner.session(day, 10, 15)
    made = plan(learner.bank(TODAY), TODAY + days)
    learner.follow(made)
    chances = learner.chances(TODAY + days)
    assert sum(chances) / len(chances) == pytest.approx(made.recalled, abs=0.05)


@pytest.mark.deep
@pytest.mark.parametrize("days", [3, 14, 45])
def test_nine_in_ten_learners_recall_as_much_as_the_range_says(days):
    made = plan(bank(), TODAY + days)
    within = 0
    for seed in range(60):
        learner = Follower(98, seed)
        learner.follow(made)
        recalled = sum(learner.rng.random() < chance for chance in learner.chances(TODAY + days)) / 98
        within += made.low <= recalled <= made.high
    assert within >= 60 * 0.8


@pytest.mark.parametrize(
    ("new", "days"),
    [
        *((98, 1), (98, 30), (0, 20)),
        *(pytest.param(*each, marks=pytest.mark.deep) for each in ((98, 2), (98, 300), (3, 60), (1, 1), (1, 3650))),
    ],
)
def test_every_question_is_begun_before_the_last_pass_and_asked_in_it(new, days):
    cards = [card_after(f"q{n}", 1, [Review(TODAY - 9, 3)]) for n in range(20)]
    steps = phases(bank(new, cards), TODAY + days)
    assert steps.today <= steps.begun <= steps.last_pass <= steps.day
    assert steps.new_a_day * (steps.begun - steps.today) >= new
    assert steps.pass_a_day * (steps.day - steps.last_pass) >= (new + 20 if days > 1 else 0)
    made = plan(bank(new, cards), TODAY + days)
    assert made == plan(bank(new, cards), TODAY + days)
    assert 0 <= made.low <= made.recalled <= made.high <= 1


def test_more_time_promises_more_and_asks_less_a_day():
    made = [plan(bank(), TODAY + days) for days in (2, 14, 90)]
    assert sorted(made, key=lambda one: one.recalled) == made
    assert sorted(made, key=lambda one: -one.a_day) == made


def test_what_is_due_after_a_long_time_takes_some_days():
    cards = [card_after(f"q{n}", 1, [Review(TODAY - 300, 3)]) for n in range(90)]
    made = plan(bank(0, cards), TODAY + 60)
    assert made.most_a_day == 90
    assert made.a_day <= made.session <= 2 * made.a_day < 60


def test_too_much_a_day_is_called_so():
    assert plan(bank(2000), TODAY + 2).is_long
    assert not plan(bank(98), TODAY + 30).is_long
    assert plan(bank(98, pace=280.0), TODAY + 7).is_long


def test_first_answers_are_as_often_right_as_they_were():
    right, wrong = (card_after("q", 1, [Review(TODAY - 9, rated), Review(TODAY - 2, 3)]) for rated in (3, 1))
    assert bank().first_right == 0.6
    assert bank(0, [right] * 90).first_right == pytest.approx(0.96)
    assert bank(0, [wrong] * 90).first_right == pytest.approx(0.06)


# The command


@pytest.fixture
def planned(small, tmp_path, monkeypatch):
    """Give the small course, with two questions, as the plans that are shown on 22 November 2026."""
    monkeypatch.setenv("SYNERGY_NOW", "2026-11-22T09:00:00+01:00")

    def shown(*arguments, answers=()):
        if answers:
            log = write_log(tmp_path / "stick" / "a0000000.jsonl", answers)
            assert in_process("history", "merge", log).status == 0
        return in_process("--course", small, "progress", "--by", *arguments)

    return shown


def test_a_plan_says_how_many_a_day_and_what_will_be_recalled(planned):
    shown = " ".join(planned("2026-12-22").stdout.split())
    assert "A plan for recall on Tue 22 Dec, in 30 days" in shown
    assert "2 new questions are left. Start them today, and answer what is due: about " in shown
    assert "In the last 7 days, answer each question once more: about 1 a day, 1 min." in shown
    assert "of 2 questions on Tue 22 Dec: nine times in ten" in shown
    assert "Today it is 0%." in shown
    assert "How well FSRS predicts your memory is not known yet" in shown


def test_a_plan_asks_for_no_more_questions_than_there_are(planned):
    shown = " ".join(planned("2026-11-23").stdout.split())
    assert "Start them today, and answer what is due: about 2 a day" in shown
    assert shown.endswith("quiz -n 2 --new 2")


def test_text_command_and_document_have_the_same_number_for_the_last_days():
    cards = [card_after(f"q{n}", 1, [Review(TODAY - 1 - n % 9, 1)]) for n in range(60)]
    made = plan(bank(0, cards), TODAY + 14)
    count = document(made.bank, made)["last_pass_a_day"]
    assert count > made.phases.pass_a_day
    text = "".join(line.plain for line in view(made, "", Look(200)))
    assert f"In the last 7 days, answer each question once more: about {count} a day" in text
    assert f"synergy quiz -n {count}" in text
    assert f"at most {made.most_a_day} on one day before the last 7 days, in several sessions" in text


def test_a_plan_for_programs_has_its_numbers(planned):
    made = json.loads(planned("2026-12-22", "--json").stdout)
    assert (made["today"], made["by"], made["days"]) == ("2026-11-22", "2026-12-22", 30)
    assert (made["questions"], made["new"], made["new_a_day"], made["recalled_today"]) == (2, 2, 2, 0.0)
    assert made["last_new_on"] == made["today"]
    assert made["recalled_low"] <= made["recalled"] <= made["recalled_high"]
    assert made["measured"] is None
    rows = [line.split("\t") for line in planned("2026-12-22", "--plain").stdout.splitlines()]
    assert [row[0] for row in rows] == ["begin", "last", "recall", "measured", "command", "command"]


def test_a_plan_for_today_says_what_is_recalled(planned):
    shown = planned("2026-11-22")
    assert shown.status == 0
    assert "That is today, so there is nothing left to plan. You would recall about 0% of 2 questions." in " ".join(
        shown.stdout.split()
    )
    assert json.loads(planned("2026-11-22", "--json").stdout)["days"] == 0


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-11-21", "2026-11-21 is in the past; today is 2026-11-22."),
        ("2026-02-30", "`2026-02-30` is not a date; write it as year-month-day, for example 2030-01-31."),
        ("tomorrow", "`tomorrow` is not a date"),
        ("", "`` is not a date; write it as year-month-day"),
        ("9999-01-01", "9999-01-01 is more than 10 years ahead."),
    ],
)
def test_a_date_that_cannot_be_planned_for_is_wrong_usage(planned, date, said):
    shown = planned(date)
    assert shown.status == 2
    assert said in shown.stderr


def test_a_plan_says_how_true_predictions_were_and_leaves_out_what_is_set_aside(planned, small):
    noon = 1_795_334_400 * 1_000_000
    answers = [event(answer(), noon - ago * DAY, 3600, course="small") for ago in range(200, 0, -10)]
    shown = " ".join(planned("2026-12-22", answers=answers).stdout.split())
    assert "So far you have recalled 100% of what you reviewed;" in shown
    assert "of 2 questions on" in shown
    assert in_process("--course", small, "history", "suspend", "colour").status == 0
    assert "of 1 question on" in " ".join(planned("2026-12-22").stdout.split())
    assert in_process("--course", small, "history", "suspend", "stars").status == 0
    nothing = planned("2026-12-22")
    assert nothing.status == 1
    assert "There is no question to plan for" in nothing.stderr
