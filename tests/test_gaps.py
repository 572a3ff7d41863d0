"""Gaps to fill: how answers are told apart, marked one by one, and shown."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_samples import NEAR, RIGHT, UNREADABLE, WRONG, data_of, mark
from synergy_cli.course.question import Marking, Part, Verdict
from synergy_cli.course.question_format import with_wording
from synergy_cli.course.question_types import build
from synergy_cli.course.vocabulary import Vocabulary


def gapped(stem, gaps, more=""):
    return build(data_of(f"id: a\ntype: cloze\nstem: {json.dumps(stem)}\ngaps: {json.dumps(gaps)}\n{more}"))


def test_each_gap_is_marked_and_the_right_answer_stands_beside_a_wrong_one():
    marking = mark("cloze", "liver; heart")
    assert (marking.share, [(str(row.part), row.right, row.remark) for row in marking.parts]) == (
        *(0.5, [("1. liver", True, ""), ("2. heart", False, "kidney")]),
    )
    assert [str(row.part) for row in mark("cloze", "; kidney").parts] == ["1. -", "2. kidney"]


def test_a_near_miss_says_in_which_gap_it_is_unless_another_is_wrong():
    assert mark("cloze", "livr; kidney").remarks == ("1. Almost: check the spelling.",)
    assert mark("cloze", "livr; kidney").share == 0.5
    assert mark("cloze", "livr; heart").verdict is WRONG


def test_one_gap_is_marked_as_a_short_answer_whatever_is_in_it():
    question = gapped("Two steps: ___!", [["a; b", "a, then b"]])
    sheet = question.sheet(Random(1))
    assert (question.solution, question.expects(sheet)) == ((Part("a; b"),), "your answer")
    assert [sheet.mark(answer) for answer in ("a; b", "a, then b.")] == [
        Marking(RIGHT, (answer,), share=1.0) for answer in ("a; b", "a, then b.")
    ]
    assert sheet.mark("a").verdict is WRONG
    assert sheet.mark(" ").verdict is UNREADABLE
    assert [named.where for named in question.right] == [("gaps", 0, 0), ("gaps", 0, 1)]


@pytest.mark.parametrize("typed", ["cold, small and slow", "cold, small, and slow", "cold and small and slow"])
def test_a_list_of_answers_to_gaps_may_end_with_and(typed):
    assert gapped("___, ___, ___", ["cold", "small", "slow"]).sheet(Random(1)).mark(typed).verdict is RIGHT


def test_numbers_with_commas_are_not_taken_apart():
    sheet = gapped("From ___ to ___.", ["1,000", "2,5"]).sheet(Random(1))
    assert sheet.mark("1,000, 2,5").verdict is RIGHT
    assert sheet.mark("1,000; 2,5").verdict is RIGHT
    assert sheet.mark("1,000").verdict is UNREADABLE


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("liver and kidney", RIGHT),
        ("the liver, the kidney", RIGHT),
        ("liver/kidney", RIGHT),
        ("liver -> kidney", RIGHT),
        ("liver: kidney", RIGHT),
        ("liver & kidney", RIGHT),
        ("a) liver; b) kidney", RIGHT),
        ("first the liver; then the kidney", RIGHT),
        ("1 liver; 2 kidney", RIGHT),
        ("2 liver; 1 kidney", NEAR),
        ("then liver; first kidney", NEAR),
        ("liver kidney", RIGHT),
        ("liver\N{IDEOGRAPHIC SPACE}kidney", RIGHT),
        ("liver・kidney", RIGHT),
        ("1. liver 2. renal tissue", RIGHT),
        ("liver heart", UNREADABLE),
        ("1. kidney 2. liver", UNREADABLE),
        ("kidney and liver", UNREADABLE),
        ("livr and kidney", UNREADABLE),
        ("b) liver; a) kidney", NEAR),
    ],
)
def test_other_signs_between_the_answers_to_gaps_count_if_all_are_right(typed, verdict):
    assert mark("cloze", typed).verdict is verdict


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [("$1; $0", RIGHT), ("$1 and $0", RIGHT), ("1; $0", RIGHT), ("$0; $1", WRONG), ("$2; $0", WRONG)],
)
def test_the_sign_before_a_gap_may_be_typed_again(typed, verdict):
    gaps = gapped("`$___` is the first argument and `$___` the script.", ["1", "0"])
    assert gaps.sheet(Random(1)).mark(typed).verdict is verdict


def test_gaps_may_be_exact():
    sheet = gapped("`ls ___ | ___`", ["-A", "wc"], "exact: true\n").sheet(Random(1))
    assert [sheet.mark(answer).verdict for answer in ("-A; wc", "-a; wc", "-A; WC")] == [RIGHT, WRONG, WRONG]


def test_several_gaps_have_numbers_in_text_and_code():
    question = gapped("Fill in ___ and *___*:\n\n```\nfor ____ in x:\n```\nor `_____`.", list("abcd"))
    shown = [
        "".join(span.text for span in block.inlines) if hasattr(block, "inlines") else "|".join(block.lines)
        for block in question.blocks(question.stem)
    ]
    assert shown == ["Fill in __1__ and __2__:", "for __3__ in x:", "or __4__."]
    assert gapped("One ___.", ["a"]).blocks("One ___.")[0].inlines[0].text == "One ___."


def test_an_answer_to_a_gap_is_literal_and_a_rationale_is_not():
    question = gapped("One *___*.", ["*a*"], "rationale: It is *so*.\n")
    assert [span.text for span in question.blocks("*a*")[0].inlines] == ["*a*"]
    assert len(question.blocks("It is *so*.")[0].inlines) == 3
    assert question.sheet(Random(1)).mark("*a*").verdict is RIGHT


def test_what_the_course_calls_equal_is_equal_in_a_gap():
    data = data_of('id: a\ntype: cloze\nstem: "From ___ to ___."\ngaps: [vitamin K1, sun]\n')
    question = build(with_wording(data, "en", [["vitamin", "vit"], ["moon", "luna"]], Vocabulary(())))
    assert question.equal == (("vitamin", "vit"),)
    assert question.sheet(Random(1)).mark("vit K1; the sun").verdict is RIGHT


WORDS = st.text("abcxyz", min_size=1, max_size=8)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3, unique=True), min_size=2, max_size=9), st.data())
def test_any_accepted_answers_fill_the_gaps_and_any_wrong_one_is_named(gaps, data):
    question = gapped(" ___ ".join("x" * (len(gaps) + 1)), gaps)
    chosen = [data.draw(st.sampled_from(gap)) for gap in gaps]
    assert question.sheet(Random(1)).mark("; ".join(chosen)).verdict is RIGHT
    place = data.draw(st.integers(0, len(gaps) - 1))
    chosen[place] = "entirely wrong"
    marking = question.sheet(Random(1)).mark("; ".join(chosen))
    assert [row.right for row in marking.parts] == [at != place for at in range(len(gaps))]
    assert marking.verdict is WRONG


@given(st.text(max_size=40))
def test_marking_gaps_never_fails(answer):
    assert mark("cloze", answer).verdict in Verdict
