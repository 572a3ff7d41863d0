"""Item analysis: what the answers of learners show about questions."""

from __future__ import annotations

import json

import pytest

from harness import in_process
from synergy_cli.authoring.item_analysis import ItemStats, findings, item_stats
from synergy_cli.course.question_types import build
from synergy_cli.history.events import Answer, Event, Undo

CHOICE = build(
    {
        "id": "colour",
        "type": "choice",
        "stem": "What colour is it?",
        "rationale": "So.",
        "key": "Blue",
        "distractors": [{"text": "Green", "feedback": "f"}, {"text": "Red", "feedback": "f"}],
    }
)
SHORT = build({"id": "word", "type": "short", "stem": "What?", "rationale": "So.", "key": "sky", "accept": ["the sky"]})


def answers(text, verdict="wrong", count=1, *, question="colour", confidence="", revision=1, course="c", mode="review"):
    act = Answer(question, revision, mode, "1", (text,), verdict, confidence, False, 1, 1.0, 1, "1", "FSRS-6")
    return [Event("", 0, 0, course, act) for _ in range(count)]


def numbered(*groups):
    events = [event for group in groups for event in group]
    return [event._replace(id=f"{place:016x}") for place, event in enumerate(events)]


def found(*groups, questions=(CHOICE, SHORT)):
    counts = item_stats(numbered(*groups), "c", questions)
    return [(finding.code, finding.question, finding.where) for finding in findings(questions, counts)]


def test_answers_are_counted_by_verdict_confidence_and_option():
    events = numbered(
        answers("Blue", "right", 3, confidence="sure"),
        answers("Green", count=2, confidence="sure"),
        answers("Red", mode="exam"),
    )
    assert item_stats(events, "c", [CHOICE, SHORT]) == {
        "colour": ItemStats(6, 3, 5, 2, {"blue": 3, "green": 2, "red": 1}, {})
    }


@pytest.mark.parametrize(
    "others",
    [
        answers("Green", "skipped", 20),
        answers("Green", revision=2, count=20),
        answers("Green", course="another", count=20),
        answers("Green", question="gone", count=20),
    ],
    ids=["skipped", "another revision", "another course", "no question of it"],
)
def test_answers_to_something_else_do_not_count(others):
    assert item_stats(numbered(others), "c", [CHOICE, SHORT]) == {}


def test_an_undone_answer_does_not_count_in_any_order_of_lines():
    given = numbered(answers("Green"), answers("Blue", "right"))
    undo = Event("f" * 16, 0, 0, "c", Undo("colour", 1, given[0].id))
    for events in ([*given, undo], [undo, *given]):
        assert item_stats(events, "c", [CHOICE])["colour"].answers == 1


def test_a_question_that_sure_learners_miss_may_have_a_wrong_key():
    sure = answers("Green", count=2, confidence="sure")
    assert found(sure, answers("Blue", "right", 2, confidence="sure")) == [("sure-and-wrong", "colour", ("key",))]
    assert found(sure, answers("Blue", "right", 3, confidence="sure")) == []
    assert found(sure) == []
    assert found(answers("Green", count=9)) == []


def test_a_question_answered_worse_than_by_chance_is_reported_after_ten_answers():
    assert found(answers("Blue", "right", 3), answers("Green", count=4), answers("Red", count=3)) == [
        ("often-missed", "colour", ("stem",))
    ]
    assert found(answers("Blue", "right", 4), answers("Green", count=4), answers("Red", count=2)) == []
    assert found(answers("Blue", "right", 2), answers("Green", count=4), answers("Red", count=3)) == []


def test_an_option_that_nobody_chooses_is_reported_after_enough_wrong_answers():
    assert found(answers("Blue", "right", 6), answers("Green", count=6)) == [
        ("unchosen-option", "colour", ("distractors", 1, "text"))
    ]
    assert found(answers("Blue", "right", 7), answers("Green", count=5)) == []


def test_a_typed_question_has_no_unchosen_options():
    assert found(answers("sea", question="word", count=20)) == []


@pytest.fixture
def answered(small):
    """Answer one question of the small course four times, sure and wrong."""
    for _ in range(4):
        session = ["quiz", "sky#by-day", "--practice", "--confidence", "--answers", "-"]
        assert in_process("--course", small, *session, stdin="Green\tsure\n").status == 0
    return small


def test_check_shows_answer_statistics_and_notes_never_fail(answered):
    result = checked(answered)
    assert result.status == 0
    assert "note[sure-and-wrong]: 4 of 4 sure answers were wrong; check the key" in result.stdout
    assert "questions.yaml:9:8: " in result.stdout
    assert [line.split() for line in result.stdout.splitlines()][-1] == ["colour", "4", "0%", "33%", "4", "4"]


def test_json_has_the_statistics_and_how_often_each_option_was_chosen(answered):
    (counts,) = json.loads(checked(answered, "--json").stdout)["questions"]
    options = counts.pop("options")
    facts = {"question": "colour", "answers": 4, "right": 0, "chance": 0.3333, "sure": 4, "sure_and_wrong": 4}
    assert counts == {**facts, "claimed": {}}
    assert (options["Blue"], sum(options.values())) == (0, 4)


def checked(small, *options):
    return in_process("check", small, "--with-history", *options)


def test_check_says_that_there_are_no_answers(small):
    result = checked(small)
    assert result.status == 0
    assert "No answers to this course's questions are recorded yet." in result.stdout
    assert json.loads(checked(small, "--json").stdout)["questions"] == []
