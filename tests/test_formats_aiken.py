"""Aiken: what a file says is what a course says, and what it cannot say is reported."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

import exchange
from exchange import banks, built, of_choice, of_multiple, of_truth
from harness import EXAMPLE, in_process

FILE = """\
Which planet is the largest?
A. Mars
B) Jupiter
C. Venus
ANSWER: B

Water boils at 100 °C at sea level.
A) True
B) False
ANSWER: A
"""


def read(text):
    return exchange.read("aiken", text)


def only(text):
    (found,), transfer = read(text)
    assert transfer.remarks == []
    return found.data


def refused(text):
    found, transfer = read(text)
    assert found == []
    (remark,) = transfer.remarks
    assert remark.kind == "skipped"
    return remark


def test_each_question_has_the_line_it_begins_in():
    found, transfer = read(FILE)
    assert [(each.line, each.data) for each in found] == [
        (
            1,
            {
                "type": "choice",
                "stem": "Which planet is the largest?",
                "key": "Jupiter",
                "distractors": ["Mars", "Venus"],
            },
        ),
        (7, {"type": "true-false", "stem": "Water boils at 100 °C at sea level.", "key": True}),
    ]
    assert (transfer.found, transfer.written, transfer.remarks) == (2, 2, [])


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("What?\nA. x\nB. y\nANSWER: A", ("What?", "x", ["y"])),
        ("What?\r\nA. x\r\nB. y\r\nANSWER: A\r\n", ("What?", "x", ["y"])),
        ("\ufeffWhat?\nA. x\nB. y\nANSWER: A", ("What?", "x", ["y"])),
        ("What?\nA.x\nB.y\nANSWER: A", ("What?", "x", ["y"])),
        ("  What?  \n\n A) x\n\tB) y\n\nanswer:a)", ("What?", "x", ["y"])),
        ("What?\nA. x\nB. y\nANSWER: B. y", ("What?", "y", ["x"])),
        ("First.\nWhat?\nA. x\nB. y\nANSWER: A", ("First.\nWhat?", "x", ["y"])),
        ("What?\nA. x\nand more\nB. y\nANSWER: A", ("What?", "x\nand more", ["y"])),
        ("A. Lincoln was born in\nA. 1809.\nB. 1909.\nANSWER: A", ("A. Lincoln was born in", "1809.", ["1909."])),
        ("C. elegans is a\nA. worm\nB. fly\nANSWER: A", ("C. elegans is a", "worm", ["fly"])),
    ],
)
def test_more_is_read_than_the_strict_form(text, data):
    found = only(text)
    assert (found["stem"], found["key"], found["distractors"]) == data


def test_several_letters_make_several_keys():
    assert only("What?\nA. x\nB. y\nC. z\nANSWER: A, C")["keys"] == ["x", "z"]


def test_an_explanation_is_the_rationale():
    found, _ = read("What?\nA. x\nB. y\nANSWER: A\nANSWER_EXPLANATION: Because.\n\nAnd?\nA. v\nB. w\nANSWER: B")
    assert [each.data.get("rationale") for each in found] == ["Because.", None]


@pytest.mark.parametrize(
    ("options", "order"),
    [
        (["x", "y", "*All of the above"], {"shuffle": False, "place": 3}),
        (["*x", "y", "None of these."], {}),
        (["*x", "y", "Both A and B"], {"shuffle": False}),
        (["*x", "All of the above", "y"], {"shuffle": False}),
        (["*x", "All of us"], {}),
    ],
    ids=str,
)
def test_options_that_refer_to_others_keep_their_place(options, order):
    lines = [f"{label}. {option.removeprefix('*')}" for label, option in zip("ABC", options, strict=False)]
    key = next(label for label, option in zip("ABC", options, strict=False) if option.startswith("*"))
    found = only("\n".join(["What?", *lines, f"ANSWER: {key}"]))
    assert {name: found[name] for name in ("shuffle", "place") if name in found} == order
    last = [each["text"] for each in found["distractors"] if isinstance(each, dict) and each["last"]]
    assert last == ([options[-1]] if "None" in options[-1] else [])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("What?\nA. x\nANSWER: A", 1, "1 option, expected at least 2"),
        ("\n\nWhat?\nANSWER: A", 3, "0 options, expected at least 2"),
        ("What?\nA. x\nB. y\nANSWER: D", 1, "`ANSWER: D` does not name an option; expected a letter from A to B"),
        ("What?\nA. x\nB. y\nANSWER:", 1, "`ANSWER:` does not name an option; expected a letter from A to B"),
        ("What?\nA. x\nB. y", 1, "there is no line `ANSWER:` after the options"),
        ("A. x\nB. y\nANSWER: A", 1, "there is no text before the options"),
        ("Just a line.", 1, "0 options, expected at least 2"),
        ("What?\nA. x\nB. x\nANSWER: A", 1, "`x` is listed twice among the answers"),
        (
            "What?\n" + "".join(f"{c}. {c}x\n" for c in "ABCDEFGHIJKL") + "ANSWER: A",
            1,
            "this list has 11 items, expected 1 to 8",
        ),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_question_is_reported_with_line_and_reason(text, line, reason):
    remark = refused(text)
    assert (remark.line, remark.reason) == (line, reason)


def test_a_question_without_an_answer_costs_no_other():
    found, transfer = read("One?\nA. x\nB. y\nTwo?\nA. v\nB. w\nANSWER: A")
    assert [each.data["stem"] for each in found] == ["Two?"]
    assert [(remark.line, remark.name) for remark in transfer.remarks] == [(1, "One?")]
    assert (transfer.found, transfer.written) == (2, 1)


@given(banks(of_choice(feedback=False), of_truth()))
def test_a_bank_comes_back_as_it_went(bank):
    questions = [built(name, data) for name, data in bank.items()]
    assume(all(questions))
    text, out = exchange.write("aiken", questions)
    skipped = {remark.name for remark in out.remarks if remark.kind == "skipped"}
    assert {remark.reason.partition("`")[0] for remark in out.remarks if remark.kind != "changed"} <= {
        "Aiken would read "
    }
    found, back = read(text)
    assert back.remarks == []
    assert [each.data for each in found] == [data for name, data in bank.items() if name not in skipped]


@given(banks(of_multiple(), of_choice(exchange.marked)))
def test_what_is_lost_is_reported(bank):
    questions = [question for question in (built(name, data) for name, data in bank.items()) if question]
    _, transfer = exchange.write("aiken", questions)
    reasons = {name: [r.reason for r in transfer.remarks if r.name == name] for name in bank}
    for question in questions:
        told = " ".join(reasons[question.id])
        if question.type == "multiple":
            assert told == "Aiken has no questions of the type `multiple`"
        elif any(wrong.feedback for wrong in question.distractors):
            assert "feedback" in told or "as a different line" in told
        if question.type == "choice" and "\n" in question.stem:
            assert "without line breaks" in told


def test_right_options_are_not_all_in_the_first_place():
    text, _ = exchange.write(
        "aiken",
        [built(f"q{n}", {"type": "choice", "stem": "What?", "key": "x", "distractors": ["y", "z"]}) for n in range(30)],
    )
    letters = [line[-1] for line in text.split("\n") if line.startswith("ANSWER")]
    assert min(letters.count(letter) for letter in "ABC") >= 4


def test_the_example_course_is_written_and_read_again(tmp_path):
    done = in_process("--course", EXAMPLE, "export", "aiken", "-o", tmp_path / "quiz.aiken")
    assert (done.status, done.stderr) == (0, "")
    assert in_process("import", tmp_path / "quiz.aiken", "-o", tmp_path / "course").status == 0
    check = in_process("check", tmp_path / "course", "--ignore", "no-feedback", "--ignore", "no-rationale")
    assert check.status == 0
    assert " error" not in check.stdout
