"""Options to choose from: how they are listed and shuffled, typed and named; none or all may be right."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_samples import (
    HEAD,
    RIGHT,
    SEEDS,
    UNREADABLE,
    WRONG,
    faults_of,
    mark,
    question_of,
    question_of_sample,
    replace,
)
from synergy_cli.course.question import Marking, Part, Sheet
from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_types import build
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse


@pytest.mark.parametrize(("answer", "verdict"), [("2", RIGHT), ("f", RIGHT), ("false", RIGHT), ("1", WRONG)])
def test_a_false_statement_is_answered_with_false(answer, verdict):
    question = question_of("true-false", "key: false\n")
    assert question.solution == (Part("False"),)
    assert question.sheet(Random(1)).mark(answer).verdict is verdict


def test_all_orders_of_three_options_come_about_equally():
    question = question_of_sample("choice")
    counts = Counter(question.sheet(Random(seed)).options for seed in range(6000))
    expected = 6000 / 6
    assert counts.keys() == set(permutations(("Blue", "Green", "Red")))
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 25


def test_the_right_option_of_several_comes_in_every_place_about_equally():
    question = question_of_sample("multiple")
    counts = Counter(question.sheet(Random(seed)).options.index("Liver") for seed in range(6000))
    expected = 6000 / 4
    assert counts.keys() == set(range(4))
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 25


def test_true_stands_always_before_false():
    assert {question_of_sample("true-false").sheet(Random(seed)).options for seed in range(50)} == {("True", "False")}


@pytest.mark.parametrize(
    ("language", "typed", "right"),
    [
        ("de", "ja", True),
        ("de", "Falsch", False),
        ("fr", "vrai", True),
        ("fr", "NON", False),
        ("es", "sí", True),
        ("de", "yes", True),
        ("en", "right", True),
        ("en", "Wrong", False),
        ("en", "It's true!", True),
        ("en", "not true", False),
        ("en", "untrue", False),
        ("en", "not false", True),
        ("de", "stimmt nicht", False),
    ],
)
def test_true_and_false_are_words_of_the_course_language(language, typed, right):
    question = replace(question_of("true-false", "key: true\n"), language=language)
    assert (question.sheet(Random(1)).mark(typed).verdict is RIGHT) == right


OPTIONS = {
    "flags": ("-D", "-d", "-M"),
    "blanks": ("a: 1", "a:1", "a : 1.", "a:  1"),
    "quotes": ("'$x'", '"$x"', "`$x`"),
    "dashes": ("1914–1918", "1914-1918", "1914—1918"),
    "accents": ("parlé", "parle", "Parlé"),
    "powers": ("x²", "x2", "2x"),
    "dots": ("..", ".", "~"),
    "truth": ("True", "true"),
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_options_may_differ_in_case_and_marks_and_can_be_typed(options):
    key, *wrong = (json.dumps(text) for text in options)
    listed = "".join(f"- {{text: {text}, feedback: No.}}\n" for text in wrong)
    report = Report("bank.yaml")
    read_question(parse(HEAD.format("choice") + f"key: {key}\ndistractors:\n{listed}", report), report)
    assert {fault.severity for fault in report.faults} <= {"warning"}
    question = question_of_options(key, listed)
    sheet = question.sheet(Random(1))
    assert [sheet.mark(text).given for text in options] == [(text,) for text in options]
    assert [sheet.mark(text).verdict for text in options] == [RIGHT, *[WRONG] * (len(options) - 1)]


def question_of_options(key, listed):
    report = Report("bank.yaml")
    return build(read_question(parse(HEAD.format("choice") + f"key: {key}\ndistractors:\n{listed}", report), report))


def test_words_of_a_script_with_spaces_are_not_taken_apart():
    sheet = question_of("multiple", "keys: [sun, day]\ndistractors: [moon]\n").sheet(Random(1))
    assert sheet.mark("sunday").verdict is UNREADABLE


def test_a_digit_in_code_is_taken_for_the_number_of_an_option():
    report = Report("bank.yaml")
    read_question(parse(HEAD.format("choice") + "key: '`2`'\ndistractors: [two pairs]\n", report), report)
    assert "digit-option" in {fault.code for fault in report.faults}


def test_a_right_option_that_was_not_chosen_is_named():
    parts = mark("multiple", "2").parts
    assert [(str(part.part), part.right, part.left_out) for part in parts] == [
        ("Liver", True, False),
        ("Kidney", False, True),
    ]
    assert mark("multiple", "2134").share == 0


NO_KEY = "keys: []\ndistractors: [{text: Heart, feedback: It pumps.}, Lung]\n"
ALL_KEYS = "keys: [Heart, Lung]\ndistractors: []\n"


@pytest.mark.parametrize("answer", ["0", "none", "None.", " none of them ", "none of these"])
def test_of_several_options_none_may_be_right(answer):
    question = question_of("multiple", NO_KEY)
    sheet = Sheet(question, ("Heart", "Lung"))
    assert sheet.mark(answer) == Marking(RIGHT, ("none of them",), share=1.0)
    assert (question.solution, question.chance) == ((Part("none of them"),), 1 / 4)


def test_an_option_chosen_where_none_is_right_is_wrong_with_its_reason():
    marking = Sheet(question_of("multiple", NO_KEY), ("Heart", "Lung")).mark("12")
    assert (marking.verdict, marking.remarks, marking.share) == (WRONG, ("No option is right.",), 0)
    assert [(str(row.part), row.right, row.remark) for row in marking.parts] == [
        ("Heart", False, "It pumps."),
        ("Lung", False, ""),
    ]


def test_of_several_options_all_may_be_right():
    sheet = Sheet(question_of("multiple", ALL_KEYS), ("Lung", "Heart"))
    assert sheet.mark("12") == Marking(RIGHT, ("Lung", "Heart"), share=1.0)
    assert sheet.mark("1").remarks == ("You chose 1 of the 2 right options.",)
    assert sheet.mark("0") == sheet.mark("none")
    assert (sheet.mark("0").verdict, sheet.mark("0").given) == (WRONG, ("none of them",))
    assert [row.left_out for row in sheet.mark("0").parts] == [True, True]


@pytest.mark.parametrize(
    ("answer", "verdict"), [("all", RIGHT), ("all of the above", RIGHT), ("1-3", UNREADABLE), ("1-2", WRONG)]
)
def test_all_options_may_be_chosen_by_a_word_but_a_range_may_mean_two(answer, verdict):
    assert (
        question_of("multiple", "keys: [a, b, c]\ndistractors: []\n").sheet(Random(1)).mark(answer).verdict is verdict
    )


def test_an_option_that_says_none_is_chosen_by_its_text():
    sheet = Sheet(question_of("multiple", "keys: [None of these]\ndistractors: [Heart]\n"), ("Heart", "None of these"))
    assert sheet.mark("none of these").given == ("None of these",)


ORDERED = """\
key: Often
distractors:
- Never
- Rarely
- {text: I do not know, last: true}
- Always
"""


def options_of(kind, body, seed=1):
    return question_of(kind, body).sheet(Random(seed)).options


@given(seed=SEEDS)
def test_an_option_marked_last_is_listed_after_all_others(seed):
    options = options_of("choice", ORDERED, seed)
    assert sorted(options[:-1]) == ["Always", "Never", "Often", "Rarely"]
    assert options[-1] == "I do not know"


def test_the_others_are_shuffled_all_the_same():
    assert len({options_of("choice", ORDERED, seed) for seed in range(300)}) == 24


@given(seed=SEEDS)
def test_several_options_marked_last_keep_their_order(seed):
    body = "keys: [A, B]\ndistractors:\n- {text: Y, last: true}\n- C\n- {text: X, last: true}\n"
    assert options_of("multiple", body, seed)[-2:] == ("Y", "X")


@pytest.mark.parametrize(
    ("kind", "body", "listed"),
    [
        ("choice", f"{ORDERED}shuffle: false\nplace: 3\n", "Never Rarely Often Always I"),
        ("choice", f"{ORDERED}shuffle: false\nplace: 1\n", "Often Never Rarely Always I"),
        ("choice", f"{ORDERED}shuffle: false\nplace: 5\n", "Never Rarely Always I Often"),
        ("multiple", "keys: [B, D]\ndistractors: [A, C]\nshuffle: false\nplaces: [2, 4]\n", "A B C D"),
        ("multiple", "keys: [D, A]\ndistractors: [B, C]\nshuffle: false\nplaces: [4, 1]\n", "A B C D"),
        ("multiple", "keys: [A, B]\ndistractors: [C]\nshuffle: false\nplaces: [1, 2]\n", "A B C"),
    ],
)
@given(seed=SEEDS)
def test_options_that_are_not_shuffled_are_listed_in_their_order(kind, body, listed, seed):
    assert [option.split()[0] for option in options_of(kind, body, seed)] == listed.split()


@given(st.data())
def test_every_key_stands_where_its_author_put_it(data):
    count = data.draw(st.integers(2, 9))
    places = data.draw(st.lists(st.integers(1, count), min_size=1, max_size=count - 1, unique=True))
    body = {
        "keys": [f"key {place}" for place in places],
        "distractors": [f"wrong {number}" for number in range(count - len(places))],
        "shuffle": False,
        "places": places,
    }
    lines = "".join(f"{name}: {json.dumps(value)}\n" for name, value in body.items())
    options = options_of("multiple", lines)
    assert [options[place - 1] for place in places] == body["keys"]
    assert [option for option in options if option not in body["keys"]] == body["distractors"]


def test_unshuffled_options_without_a_place_for_the_key_begin_with_it():
    body = "key: A\ndistractors: [C, B]\nshuffle: false\n"
    assert [fault[2] for fault in faults_of(HEAD.format("choice") + body)] == ["key-first"]
