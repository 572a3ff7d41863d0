"""What progress counts: small cases computed by hand, the borders of each number, and that the numbers add up."""

from __future__ import annotations

import json
from datetime import date
from itertools import accumulate
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synergy_cli.course.course import QuestionOutline
from synergy_cli.course.page import ContentsEntry
from synergy_cli.history import events, pace, progress, scheduler
from synergy_cli.history.index import Counts
from synergy_cli.history.progress import LearnerData
from synergy_cli.history.scheduler import Card, Review, card_after

TODAY = 20779
"""Sunday, 22 November 2026."""
NOTHING = LearnerData({}, {}, {}, {}, {})


def entry(number, name):
    return ContentsEntry(number, name, f"All about {name}", "", 3, (), ())


ENTRIES = (entry(1, "sky"), entry(2, "sea"))


def card(question, due=TODAY, *, revision=1, last=TODAY, stability=10.0, lapses=0, passes=1, streak=1):
    return Card(question, revision, last, last, due, stability, 5.0, passes + lapses, lapses, passes, streak)


def keyed(*cards):
    return {one.key: one for one in cards}


def outline(*names, page="sky"):
    return tuple(QuestionOutline(name, 1, f"{page}#part") for name in names)


def compute(items, *cards, today=TODAY, entries=ENTRIES, **record):
    counts = {one.key: Counts(one.reviews, one.lapses) for one in cards}
    return progress.compute(
        entries, items, LearnerData(**{**NOTHING._asdict(), "counts": counts, "cards": keyed(*cards), **record}), today
    )


def tally_of(*cards, today=TODAY):
    made = compute(outline(*(one.question for one in cards)), *cards, today=today)
    return made.tally._asdict()


def reviewed(*ratings, every=1):
    """Answer a question on so many days, the last of them today."""
    first = TODAY - every * (len(ratings) - 1)
    return card_after("q", 1, [Review(first + every * place, rating) for place, rating in enumerate(ratings)])


@pytest.mark.parametrize(
    ("ratings", "step"),
    [
        ([], "new"),
        ([1], "seen"),
        ([3], "right_once"),
        ([1, 3, 3], "right_twice"),
        ([3, 3, 3], "held"),
        ([3, 3, 3, 1], "seen"),
        ([2, 2, 2], "held"),
    ],
)
def test_questions_are_counted_by_step(ratings, step):
    made = compute(outline("q"), *([reviewed(*ratings)] if ratings else []))
    assert made.tally._asdict() == {**dict.fromkeys(scheduler.STEPS, 0), step: 1}


def test_a_held_question_is_among_the_weakest_once_its_recall_falls_below_80_percent():
    cards = [card("q", last=TODAY - days, stability=1.0, passes=3, streak=3) for days in range(1, 60)]
    weak = [bool(compute(outline("q"), one).weakest) for one in cards]
    assert weak == [scheduler.recall(one, TODAY) < 0.8 for one in cards]
    assert (weak[0], weak[-1]) == (False, True)


def test_a_raised_revision_is_new_and_its_older_card_neither_due_nor_gone():
    old = card("q", due=TODAY - 5)
    made = compute([QuestionOutline("q", 2, "sky")], old)
    assert made.tally == (0, 0, 0, 0, 1)
    assert (made.due[0], made.overdue, made.later, made.gone, made.weakest) == (0, 0, 0, (), ())
    assert made.answers == 1


def test_today_holds_all_that_is_overdue():
    days = [-100, -1, 0, 0, 1, 13, 14, 15, 3000]
    cards = [card(f"q{place}", TODAY + ahead) for place, ahead in enumerate(days)]
    made = compute(outline(*(one.question for one in cards)), *cards)
    assert made.due == (4, 1, *[0] * 11, 1)
    assert (made.overdue, made.later) == (2, 3)


@pytest.mark.parametrize("ahead", range(7))
def test_the_calendar_is_twelve_whole_weeks_the_last_of_them_this_one(ahead):
    monday = date(2026, 11, 16).toordinal() - date(1970, 1, 1).toordinal()
    made = compute((), today=monday + ahead)
    assert [day.day for day in made.calendar] == list(range(monday - 77, monday + 7))
    shown = progress.document(made)["calendar"]
    assert (shown[0]["day"], shown[-1]["day"]) == ("2026-08-31", "2026-11-22")


def test_the_calendar_counts_days_within_it_only():
    first = progress.first_day(TODAY)
    made = compute((), days={first - 1: (9, 9), first: (4, 3), TODAY: (2, 0)})
    assert [day for day in made.calendar if day.answers] == [(first, 4, 3), (TODAY, 2, 0)]
    assert made.days_studied == 2


def test_recall_is_the_mean_of_reviewed_questions():
    fresh, faded = card("a", last=TODAY), card("b", last=TODAY - 10, stability=10.0)
    made = compute((*outline("a", "b", "c"), *outline("d", page="sea")), fresh, faded)
    sky, sea = made.sections
    assert sky.recall == pytest.approx((1 + 0.9) / 2)
    assert sea.recall is None
    assert made.recall == pytest.approx(0.95)
    assert compute(outline("a")).recall is None


def test_before_its_first_interval_has_passed_a_question_has_no_predicted_recall():
    first = card("a", due=TODAY + 1, last=TODAY - 3)._replace(reviews=1)
    for one, shown in ((first, False), (first._replace(due=TODAY), True), (first._replace(reviews=2), True)):
        made = compute(outline("a", "b"), one)
        figures = [made.recall, made.sections[0].recall, made.weakest[0].recall]
        assert [figure is not None for figure in figures] == [shown] * 3
    mixed = compute(outline("a", "b"), first, card("b", last=TODAY - 10, stability=10.0))
    assert mixed.recall == pytest.approx(0.9)


@pytest.mark.parametrize(("ago", "days"), [((0,), 1), ((1, 3), 2), ((6, 7), 1), ((7,), 0), (range(9), 7)])
def test_days_with_an_answer_are_counted_among_the_last_seven(ago, days):
    made = compute((), days={TODAY - back: (3, 1) for back in ago})
    assert made.days_of_week == progress.document(made)["totals"]["days_of_last_7"] == days


def test_the_pace_is_the_median_time_from_an_answer_to_the_next():
    seconds = [0, *accumulate([30, 10, 50, 20, 40] * 4)]
    pauses = [10_000, 20_000, 20_301]
    moments = [second * 1_000_000 for second in (*seconds, *pauses)]
    assert pace.pace(moments) == pace.pace(reversed(moments)) == 30
    assert pace.pace(moments[1:]) is None
    assert pace.pace([1_000_000] * 50) is None
    assert pace.pace([number * 5_000 for number in range(50)]) is None  # answers that come from a file
    assert [pace.minutes(count, 90.0) for count in (0, 1, 40)] == [1, 2, 60]
    assert pace.minutes(30, None) == 10


def test_what_is_due_takes_as_long_as_questions_take_the_learner():
    made = compute(outline("a", "b"), card("a"), card("b", TODAY - 1))._replace(pace=90.0)
    shown = progress.document(made)
    assert (shown["minutes_due"], shown["seconds_a_question"]) == (3, 90.0)
    assert progress.document(compute(()))["minutes_due"] == 0


def test_what_was_reviewed_today_is_counted_because_its_recall_says_nothing():
    made = compute(outline("a", "b", "c"), card("a", streak=0), card("b", last=TODAY - 1), card("gone"))
    assert made.reviewed_today == 1
    assert progress.document(made)["totals"]["reviewed_today"] == 1


def test_recall_of_all_weighs_each_question_alike():
    cards = [card("a"), card("b"), card("c", last=TODAY - 10, stability=10.0)]
    made = compute((*outline("a", "b"), *outline("c", page="sea")), *cards)
    assert made.recall == pytest.approx((1 + 1 + 0.9) / 3)


def test_sections_stand_in_order_with_their_read_marks():
    made = compute((*outline("a", page="sea"), *outline("b", "c")), card("c"), read={"sea": TODAY - 1, "lost": 1})
    assert [section[:5] for section in made.sections] == [
        (1, "sky", "All about sky", None, (0, 0, 1, 0, 1)),
        (2, "sea", "All about sea", TODAY - 1, (0, 0, 0, 0, 1)),
    ]


def test_questions_without_a_page_stand_last():
    items = (QuestionOutline("a", 1, "lost#part"), QuestionOutline("b", 1, ""), *outline("c"))
    assert [(s.number, s.id, s.title, s.tally.questions) for s in compute(items).sections] == [
        (1, "sky", "All about sky", 1),
        (2, "sea", "All about sea", 0),
        (0, "", "Other questions", 2),
    ]
    assert [section.title for section in compute(items, entries=()).sections] == ["All questions"]


def test_the_weakest_have_the_lowest_recall_tomorrow_if_seen_today_then_most_lapses():
    cards = [
        card("held", last=TODAY - 20, stability=10.0, passes=4, streak=4),
        card("fresh"),
        card("lapsed", lapses=2),
        card("lapsed-more", lapses=3),
        card("short-lived", stability=2.0),
        card("faded", last=TODAY - 10),
        card("missed", last=TODAY - 5, streak=0, lapses=1),
    ]
    made = compute(outline(*(one.question for one in cards)), *cards)
    assert [weak.item.id for weak in made.weakest] == ["faded", "missed", "short-lived", "lapsed-more", "lapsed"]
    assert made.weakest[0].step == "right_once"
    assert made.weakest[0].recall == pytest.approx(0.9)
    assert [(weak.step, weak.lapses, weak.answers, weak.missed) for weak in made.weakest[1:4:2]] == [
        ("seen", 1, 2, 1),
        ("right_once", 3, 4, 3),
    ]


def test_a_question_that_is_gone_is_kept_and_named():
    counts = {("old", 1): Counts(3, 1), ("old", 2): Counts(1, 1), ("a", 1): Counts(2, 0), ("zoo", 1): Counts(1, 0)}
    made = compute(outline("a"), card("old", TODAY - 1), card("ancient"), counts=counts)
    assert made.gone == ("ancient", "old", "zoo")
    assert (made.answers, made.right) == (7, 5)
    assert made.due[0] == 0


def test_confidence_says_nothing_below_ten_answers():
    nine = progress.document(compute((), confidences={("sure", True): 8, ("guess", False): 1}))["confidence"]
    assert (nine["rated"], nine["missing"], nine["brier"]) == (9, 1, None)
    assert [(row["answers"], row["right"], row["share"]) for row in nine["words"]] == [
        (1, 0, None),
        (0, 0, None),
        (8, 8, None),
    ]


def test_confidence_speaks_from_ten_answers_on():
    ten = progress.document(compute((), confidences={("sure", True): 8, ("sure", False): 1, ("guess", True): 1}))[
        "confidence"
    ]
    assert (ten["rated"], ten["missing"]) == (10, 0)
    assert ten["brier"] == round((8 * 0.05**2 + 0.95**2 + (2 / 3) ** 2) / 10, 4)
    assert [row["share"] for row in ten["words"]] == [1.0, None, 0.8889]
    assert [row["claimed"] for row in ten["words"]] == [0.3333, 0.6667, 0.95]


@pytest.mark.parametrize(
    ("answers", "right", "verdict"),
    [
        (0, 0, "few"),
        (9, 0, "few"),
        (10, 9, "fits"),
        (10, 8, "below"),
        (100, 90, "below"),
        (100, 91, "fits"),
        (100, 100, "above"),
    ],
)
def test_a_verdict_on_confidence_needs_more_than_chance(answers, right, verdict):
    """At 100 answers, two standard errors of a claim of 95 % are 4.36 points; at 10 they are 13.8."""
    assert progress.Rated("sure", 0.95, answers, right).verdict == verdict


def test_measured_recall_is_a_share_from_ten_reviews_on():
    found = (scheduler.Measured(10, 8, 8_800_000), scheduler.Measured(9, 9, 8_100_000), scheduler.Measured())
    shown = progress.document(compute((), measured=found))["measured_recall"]
    facts = [(row["least"], row["most"], row["missing"], row["share"], row["predicted"]) for row in shown]
    assert facts == [(4, 14, 0, 0.8, 0.88), (15, 59, 1, None, 0.9), (60, None, 10, None, None)]
    assert [(row["reviews"], row["right"]) for row in shown] == [(10, 8), (9, 9), (0, 0)]


def test_every_word_of_confidence_has_a_claim():
    assert tuple(progress.CLAIMED) == events.CONFIDENCES


def test_nothing_at_all_is_counted_too():
    made = compute((), entries=())
    assert made.tally == (0, 0, 0, 0, 0)
    assert made.sections == ()
    assert progress.document(made)["totals"]["recall"] is None


CARDS = st.builds(
    card,
    st.sampled_from([f"q{number}" for number in range(12)]),
    st.integers(TODAY - 30, TODAY + 40),
    revision=st.integers(1, 2),
    last=st.integers(TODAY - 60, TODAY + 1),
    stability=st.floats(0.1, 400),
    lapses=st.integers(0, 3),
    passes=st.integers(0, 5),
    streak=st.integers(0, 4),
)


@given(
    cards=st.lists(CARDS),
    known=st.integers(0, 12),
    pages=st.lists(st.sampled_from(["sky", "sea", ""]), min_size=12, max_size=12),
)
def test_the_numbers_add_up(cards, known, pages):
    items = [QuestionOutline(f"q{number}", 1, pages[number]) for number in range(known)]
    made = compute(items, *cards)
    shown = progress.document(made)
    assert json.loads(json.dumps(shown)) == shown
    totals = shown["totals"]
    assert totals["questions"] == known == sum(totals[name] for name in scheduler.STEPS)
    for name in ("questions", *scheduler.STEPS):
        assert totals[name] == sum(section[name] for section in shown["sections"])
    due = [day["questions"] for day in shown["due"]]
    assert sum(due) + shown["due_later"] == known - totals["new"]
    assert shown["overdue"] <= due[0]
    assert all(0 <= section["recall"] <= 1 for section in shown["sections"] if section["recall"] is not None)
    assert {one.question for one in cards} == {*shown["gone"]["ids"]} | {item.id for item in items} & {
        one.question for one in cards
    }
    strong = [row["id"] for row in shown["weakest"] if row["step"] == "held" and (row["recall"] or 0) >= 0.8]
    assert not strong
    assert len(shown["weakest"]) >= min(5, totals["right_twice"] + totals["right_once"] + totals["seen"])


def test_stems_are_read_of_the_weakest_only():
    items = outline(*(f"q{number}" for number in range(9)))
    picked = []

    def pick(wanted):
        picked.extend(wanted)
        return [SimpleNamespace(stem=f"What is {item.id}?") for item in wanted]

    manifest = SimpleNamespace(id="small", title="A small course")
    course = SimpleNamespace(manifest=manifest, topics=ENTRIES, outline=items, pick=pick)
    asked = []
    history = SimpleNamespace(
        today=TODAY,
        cards=lambda course: (
            asked.append(course) or keyed(*(card(item.id, lapses=place) for place, item in enumerate(items)))
        ),
        counts=lambda course: asked.append(course) or {item.key: Counts(2, 1) for item in items},
        pages=lambda course: asked.append(course) or {"sea": TODAY},
        days=lambda course, since: asked.append((course, since)) or {TODAY: (18, 9)},
        confidences=lambda course: asked.append(course) or {},
        measured=lambda course: asked.append(course) or [scheduler.Measured()] * 3,
        model=lambda course: asked.append(course) or scheduler.DEFAULT,
        pace=lambda course: asked.append(course) or 30.0,
        aside=lambda course: asked.append(course) or set(),
    )
    made = progress.gather(course, history)
    assert asked == ["small", "small", "small", ("small", TODAY - 83), *["small"] * 5]
    assert [weak.stem for weak in made.weakest] == [f"What is q{number}?" for number in (8, 7, 6, 5, 4)]
    assert len(picked) == 5
    shown = progress.document(made)
    assert shown["course"] == {"id": "small", "title": "A small course"}
    assert shown["weakest"][0] == {
        "id": "q8",
        "revision": 1,
        "passage": "sky#part",
        "section": "sky",
        "stem": "What is q8?",
        "step": "right_once",
        "recall": 1.0,
        "lapses": 8,
        "answers": 2,
        "missed": 1,
    }
    assert shown["sections"][1] == {
        "number": 2,
        "id": "sea",
        "title": "All about sea",
        "read": True,
        "read_on": "2026-11-22",
        "questions": 0,
        **dict.fromkeys(scheduler.STEPS, 0),
        "recall": None,
    }
