"""Sessions as a person goes through them: at a scripted terminal, in a pipe and in a real terminal."""

from __future__ import annotations

import json

import pytest

from harness import in_process

SEED = 1


def test_a_right_answer_is_confirmed_with_its_reason_and_source(learn, small):
    shown = learn(small, SEED, ["stars", "2"])
    assert "Right." in shown
    assert "They shine by day too." in shown
    assert "Strutt JW (1871)" in shown
    assert "Result: 2 of 2 right" in shown


def test_a_wrong_answer_is_explained_and_asked_again(learn, small):
    shown = learn(small, SEED, ["stars", "1", "3", "1"])
    assert "Wrong. Your answer: 1. " in shown
    assert "Right answer: 2. Blue" in shown
    assert "Second try" in shown
    assert "Result: 1 of 2 right" in shown


def test_a_near_miss_gets_one_more_try(learn, small):
    shown = learn(small, SEED, ["starz", "stars", "2"])
    assert "Almost: check the spelling." in shown
    assert "Result: 2 of 2 right" in shown


def test_a_hint_is_given_on_demand(learn, small):
    shown = learn(small, SEED, ["stars", "?", "2"])
    assert "Hint: Think of the sea." in shown
    assert "Result: 2 of 2 right" in shown


def test_a_skipped_question_is_answered_for_the_learner_and_comes_again(learn, small):
    shown = learn(small, SEED, ["s", "2", "stars"])
    assert "Skipped." in shown
    assert "Right answer: Stars" in shown
    assert shown.count("What shines at night?") >= 2
    assert "Result: 1 of 2 right" in shown


def test_stopping_ends_with_the_summary(learn, small):
    shown = learn(small, SEED, ["stars", "q"])
    assert "Result: 1 of 1 right" in shown


def test_what_is_no_answer_is_asked_again(learn, small):
    shown = learn(small, SEED, ["stars", "7", "2"])
    assert "Expected a number from 1 to 3, for example 2." in shown
    assert "Result: 2 of 2 right" in shown


def test_ctrl_d_ends_with_the_summary(learn, small):
    assert "Result: 1 of 1 right" in learn(small, SEED, ["stars"])


def test_help_and_a_near_miss_in_a_pipe_leave_room_for_the_answer(small):
    stdin = "?\n?\n?\n?\nstarz\n?\nstars\n2\n"
    shown = in_process("--course", small, "quiz", "--seed", str(SEED), stdin=stdin).stdout
    assert "This question has no hint." in shown
    assert "Result: 2 of 2 right" in shown


def test_a_pipe_that_only_asks_for_help_ends(small):
    shown = in_process("--course", small, "quiz", "--seed", str(SEED), stdin="?\n" * 1000)
    assert "Result: 0 of 2 right" in shown.stdout


def test_an_answer_file_has_one_line_for_each_question(small, tmp_path):
    answers = tmp_path / "answers"
    answers.write_text("?\n2\n", encoding="utf-8")
    shown = in_process("--course", small, "quiz", "--seed", str(SEED), "--answers", answers, "--json")
    assert [answer in shown.stdout for answer in ('"right": 1', '"skipped": true')] == [True, True]


@pytest.mark.parametrize("way", ["a file", "stdin", "a pipe"])
def test_a_byte_order_mark_before_the_answers_is_skipped(small, tmp_path, way):
    text = "\ufeffstars\n2\n"
    (tmp_path / "answers").write_text(text, "utf-8")
    options = {"a file": ["--answers", tmp_path / "answers"], "stdin": ["--answers", "-"], "a pipe": []}[way]
    done = in_process("--course", small, "quiz", "--seed", str(SEED), *options, stdin="" if way == "a file" else text)
    assert (done.status, done.stderr) == (0, "")
    assert "Result: 2 of 2 right" in done.stdout


@pytest.mark.parametrize("exam", [[], ["--exam"]], ids=["session", "exam"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stars\n2\nmoon\n3\n", "synergy: 4 answers for 2 questions.\n"),
        ("stars\n", "synergy: 1 answer for 2 questions.\n"),
        ("stars\n2\n\n\n", ""),
        ("stars\ns\n", ""),
    ],
)
def test_surplus_and_missing_answers_are_reported(small, exam, text, told):
    done = in_process("--course", small, "quiz", *exam, "--seed", str(SEED), "--answers", "-", stdin=text)
    assert (done.status, done.stderr) == (0, told)


def test_an_answer_in_a_file_that_would_get_one_more_try_is_reported(small):
    command = ["--course", small, "quiz", "--seed", str(SEED), "--answers", "-"]
    done = in_process(*command, "--json", stdin="starz\n1\n")
    told = "synergy: answer 1 (stars): Nearly right, counted as wrong: Almost: check the spelling.\n"
    assert done.stderr == told
    assert [(one["right"], one["near"]) for one in json.loads(done.stdout)["attempts"]] == [
        (False, True),
        (False, False),
    ]
