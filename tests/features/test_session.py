"""Sessions as a person goes through them: at a scripted terminal, in a pipe and in a real terminal."""

from __future__ import annotations

import json

import pytest

from harness import Screen, in_process
from learner import CALLS, NEXT, press_key, scripted_call

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


def test_the_summary_says_the_id_that_commands_take_of_what_was_missed(small):
    command = ["--course", small, "quiz", "--seed", str(SEED), "--answers", "-"]
    shown = in_process(*command, stdin="moon\nBlue\n").stdout
    assert "Read: synergy --course" in shown
    assert "(id stars)" in shown
    assert "(id colour)" not in shown
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("  passage: sky\n", ""), "utf-8")
    assert "\n  (id stars)\n" in in_process(*command, stdin="moon\nBlue\n").stdout


LETTERS = """\
format: 1
id: letters
title: Letters
questions:
"""
COMMANDS = {"--practice": ("s", "u", "?", "!"), "--exam": ("q", "f", "b")}
"""What is typed at a question to do something else than answer it."""


def letters(folder, kind, *signs):
    """Write a course of one question of a kind for each sign, which is its right answer."""
    texts = {
        "choice": "key: '{}', distractors: [{{text: other, feedback: No.}}]",
        "multiple": "keys: ['{}'], distractors: [{{text: other, feedback: No.}}]",
        "short": "key: '{}', exact: true",
        "cloze": "gaps: ['{}'], exact: true",
    }
    stem = "It is ___." if kind == "cloze" else "Which one?"
    rows = [f"- {{id: q{n}, type: {kind}, stem: {stem}, {texts[kind].format(s)}}}\n" for n, s in enumerate(signs)]
    folder.mkdir()
    (folder / "questions.yaml").write_text(LETTERS + "".join(rows), "utf-8")
    return folder


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
@pytest.mark.parametrize("kind", ["choice", "multiple", "short", "cloze"])
@pytest.mark.parametrize("mode", COMMANDS)
def test_an_answer_that_is_right_is_never_taken_for_a_command(tmp_path, call, kind, mode):
    for place, sign in enumerate(COMMANDS[mode]):
        course = letters(tmp_path / f"course{place}", kind, sign, sign)
        shown = call(["--course", course, "quiz", mode], [sign, NEXT, sign])
        assert "Result: 2 of 2 right" in shown


def test_a_letter_chooses_an_option_whether_or_not_that_is_right(tmp_path):
    course = letters(tmp_path / "course", "choice", "z")
    bank = course / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("text: other", "text: q"), "utf-8")
    shown = scripted_call(["--course", course, "quiz", "--practice"], ["q"])
    assert "q stop" not in shown.partition("Wrong.")[0]
    assert "Your answer: " in shown


def test_where_one_key_answers_a_letter_is_the_command_that_is_listed(tmp_path):
    with Screen("--course", letters(tmp_path / "course", "choice", "q"), "quiz", "--practice") as screen:
        assert "q stop" in screen.prompt()
        press_key(screen, "q")
        screen.wait("Result: no questions answered")
