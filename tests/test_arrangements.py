"""Things to put in order or into pairs: how they are shuffled, and partners that fit nothing."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given

from question_samples import RIGHT, SEEDS, SHUFFLED, UNREADABLE, WRONG, mark, question_of
from synergy_cli.course.question import Marking, Sheet


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("kind", ["order", "match"])
def test_no_order_of_things_can_be_ruled_out(kind, count):
    right = [f"thing {number}" for number in range(count)]
    body = {"order": right} if kind == "order" else {"pairs": dict(zip("abc", right, strict=False))}
    question = question_of(kind, json.dumps(body)[1:-1] + "\n")
    counts = Counter(getattr(question.sheet(Random(seed)), SHUFFLED[kind]) for seed in range(1200))
    assert counts.keys() == set(permutations(right))
    assert counts[tuple(right)] / 1200 == pytest.approx(question.chance, abs=0.05)


def test_letters_with_the_numbers_of_their_things_may_come_in_any_order():
    turned = mark("match", "2c 1b 3a")
    assert turned in (mark("match", "1b 2c 3a"), Marking(UNREADABLE, ("2c 1b 3a",), turned.remarks))


def test_pairs_may_be_called_text_and_feedback():
    question = question_of("match", "pairs:\n  text: is read\n  feedback: is given\n")
    assert tuple(map(str, question.solution)) == ("text: is read", "feedback: is given")


def test_things_are_ordered_by_size_with_signs_between_their_numbers():
    question = question_of("order", "order: [one, two, three]\n")
    assert question.mark(Sheet(question, ("three", "one", "two")), "2<3<1").verdict is RIGHT


MORE_PARTNERS = """\
pairs:
  Skin: D3
  Leaves: K1
distractors:
- text: K2
  feedback: Bacteria make it.
- A
"""


@given(seed=SEEDS)
def test_extra_partners_are_listed_among_the_others(seed):
    sheet = question_of("match", MORE_PARTNERS).sheet(Random(seed))
    assert sheet.options == ("Skin", "Leaves")
    assert sorted(sheet.partners) == ["A", "D3", "K1", "K2"]


@pytest.mark.parametrize("answer", ["bd", "b d", "1b 2d", "2d, 1b", "D3, K1"])
def test_partners_are_found_among_more(answer):
    question = question_of("match", MORE_PARTNERS)
    sheet = Sheet(question, ("Skin", "Leaves"), ("K2", "D3", "A", "K1"))
    assert sheet.mark(answer) == Marking(RIGHT, ("Skin: D3", "Leaves: K1"), share=1.0)
    assert question.chance == 1 / 12


def test_an_extra_partner_is_wrong_with_its_reason():
    sheet = Sheet(question_of("match", MORE_PARTNERS), ("Skin", "Leaves"), ("K2", "D3", "A", "K1"))
    marking = sheet.mark("ba")
    assert (marking.verdict, marking.share, marking.remarks) == (WRONG, 0.5, ("1 of 2 pairs is right.",))
    assert [row.remark for row in marking.parts] == ["", "K1\nBacteria make it."]
    assert sheet.mark("b").remarks == sheet.mark("bb").remarks == sheet.mark("bda").remarks
    assert sheet.mark("b").remarks == ("Expected 2 different letters from a to d, for example b a.",)
