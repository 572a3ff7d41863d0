"""JSON, YAML and TOML of other programs: read by the names that they give, unless a number could mean two things."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange
from harness import in_process

CHOICE, MANY, TRUTH, SHORT = "choice", "multiple", "true-false", "short"
ABC = ["a1", "b1", "c1"]
KEY = {"type": CHOICE, "stem": "Which?", "key": "b1", "distractors": ["a1", "c1"]}

TUTORIAL = """\
[python]
label = "Python"
[[python.questions]]
question = "When?"
answers = ["1991"]
alternatives = ["1995"]
"""
MDBOOK = """\
[[questions]]
type = "MultipleChoice"
prompt.prompt = "What?"
prompt.distractors = ["a", "b"]
answer.answer = "c"
context = "Because."
"""
MDBOOK_TYPED = """\
[[questions]]
type = "ShortAnswer"
prompt.prompt = "Word?"
answer.answer = "let"
answer.alternatives = ["LET us"]
"""
GROUPS = """\
title: All
sections:
- title: One
  items:
  - question: a
    answer: x
- title: Two
  items:
  - {question: b, answer: y, category: Own}
"""


def read(name, text):
    return exchange.read(name, text)


def of(**record):
    return json.dumps([{"question": "Which?", **record}])


CHOICES = {
    "by text": of(options=ABC, answer="b1"),
    "by letter": of(choices=ABC, correct="B"),
    "by number from 0": json.dumps(
        [{"question": "Which?", "options": ABC, "answer": 1}, {"question": "Q", "options": ABC, "answer": 0}]
    ),
    "by number from 1": json.dumps(
        [{"question": "Which?", "options": ABC, "answer": 2}, {"question": "Q", "options": ABC, "answer": 3}]
    ),
    "by label": of(options={"x": "a1", "y": "b1", "z": "c1"}, correct_answer="y"),
    "by flag": of(options=[{"text": "a1"}, {"text": "b1", "correct": True}, {"text": "c1", "correct": False}]),
    "answers with flags": of(
        answers=[{"answer": "a1", "isCorrect": False}, {"answer": "b1", "isCorrect": True}, {"answer": "c1"}]
    ),
    "answers and a key": of(answers=ABC, correctAnswer="b1"),
    "key and wrong ones": of(correct_answer="b1", incorrect_answers=["a1", "c1"]),
    "key and distractors": of(key="b1", distractors=["a1", "c1"]),
    "called multiple": of(type="multiple", correct_answer="b1", incorrect_answers=["a1", "c1"]),
    "in a group": json.dumps({"results": [{"question": "Which?", "options": ABC, "answer": "b1"}]}),
}


@pytest.mark.parametrize("text", CHOICES.values(), ids=CHOICES)
def test_the_right_option_is_found(text):
    found, transfer = read("json", text)
    assert found[0].data == KEY
    assert transfer.remarks == []


READ = {
    "several keys": ("json", of(options=ABC, answer=["a1", "C"]), {"type": MANY, "keys": ["a1", "c1"]}),
    "one of several": ("json", of(type="multiple", options=ABC, answer=["b1"]), {"type": MANY, "keys": ["b1"]}),
    "a truth value": ("json", of(answer=True), {"type": TRUTH, "key": True}),
    "a boolean of Open Trivia": (
        "json",
        of(type="boolean", correct_answer="False", incorrect_answers=["True"]),
        {"type": TRUTH, "key": False},
    ),
    "typed": ("json", of(answer="x", accepted_answers=["y"]), {"type": SHORT, "key": "x", "accept": ["y"]}),
    "several typed": ("json", of(answer=["x", "y"]), {"type": SHORT, "key": "x", "accept": ["y"]}),
    "a number": ("json", of(answer=5, type="numeric", tolerance=1), {"type": "number", "key": "5", "tolerance": "1"}),
    "an order": ("json", of(type="ordering", options=ABC), {"type": "order", "order": ABC}),
    "more": (
        "json",
        of(answer="x", explanation="r", hint="h", difficulty="hard", tags=["t", "u"]),
        {"rationale": "r", "hint": "h", "level": "apply", "tags": ["t", "u"]},
    ),
    "feedback": (
        "json",
        of(options=[{"text": "a1", "feedback": "no"}, {"text": "b1", "correct": True}]),
        {"distractors": [{"text": "a1", "feedback": "no"}]},
    ),
    "yaml keeps texts": ("yaml", "- question: Which?\n  options: [no, on, 1.10, 010]\n  answer: on\n", {"key": "on"}),
    "yaml in a group": ("yaml", "quiz:\n- {prompt: Which?, answer: x}\n", {"key": "x"}),
    "characters beyond the plane": (
        "json",
        '[{"question": "\\ud83d\\ude00", "answer": "x"}]',
        {"stem": "\N{GRINNING FACE}"},
    ),
    "tabs": ("json", '[\n\t{\n\t\t"question": "Q",\n\t\t"answer": "x"\n\t}\n]', {"stem": "Q"}),
    "toml of a tutorial": ("toml", TUTORIAL, {"type": CHOICE, "key": "1991", "distractors": ["1995"]}),
    "toml of mdbook-quiz": (
        "toml",
        MDBOOK,
        {"type": CHOICE, "stem": "What?", "key": "c", "distractors": ["a", "b"], "rationale": "Because."},
    ),
    "a typed one of mdbook-quiz": ("toml", MDBOOK_TYPED, {"type": SHORT, "key": "let", "accept": ["LET us"]}),
}


@pytest.mark.parametrize(("name", "text", "data"), READ.values(), ids=READ)
def test_a_record_is_read(name, text, data):
    found, transfer = read(name, text)
    assert [{key: each.data.get(key) for key in data} for each in found] == [data]
    assert transfer.count("skipped") == 0


def test_groups_are_topics_and_lines_are_known():
    found, _ = read("yaml", GROUPS)
    assert [(each.line, each.topic) for each in found] == [(5, ("One",)), (9, ("Own",))]


REPORTED = {
    "a number that means two things": (
        of(options=ABC, answer=1),
        "`1` may count from 0 or from 1; say which with --key-base",
    ),
    "a number of none": (of(options=ABC, answer=7), "`7` may count from 0 or from 1; say which with --key-base"),
    "a key that is none": (of(options=ABC, answer="d1"), "`d1` is not one of the options"),
    "no key": (of(options=ABC), "no option is right"),
    "no answer": (of(), "no answer is right"),
    "an unknown type": (of(answer="x", type="essay"), "the type `essay` is unknown"),
}


MDBOOK_MORE = """\
[multipart]
code = "Given `let x = 1;`."

[[questions]]
type = "MultipleChoice"
id = "b230bed3-d6ba-4048-8b06-aa655d837b04"
multipart = "code"
prompt.prompt = "Which?"
prompt.distractors = ["1", "2"]
prompt.answerIndex = 1
answer.answer = "3"

[[questions]]
type = "MultipleChoice"
prompt.prompt = "Which two?"
prompt.distractors = ["b"]
prompt.sortAnswers = true
answer.answer = ["c", "a"]

[[questions]]
type = "Tracing"
prompt.program = "fn main() {}"
answer.doesCompile = true
answer.stdout = ""
"""


def test_the_order_and_the_shared_texts_of_mdbook_quiz_are_kept_and_its_programs_named():
    found, transfer = read("toml", MDBOOK_MORE)
    assert [(each.line, each.id[:4], each.data) for each in found] == [
        (
            4,
            "b230",
            {
                "type": CHOICE,
                "stem": "Given `let x = 1;`.\n\nWhich?",
                "key": "3",
                "distractors": ["1", "2"],
                "shuffle": False,
                "place": 2,
            },
        ),
        (
            13,
            "",
            {
                "type": MANY,
                "stem": "Which two?",
                "keys": ["a", "c"],
                "distractors": ["b"],
                "shuffle": False,
                "places": [1, 3],
            },
        ),
    ]
    assert [(each.kind, each.line, each.reason) for each in transfer.remarks] == [
        ("changed", 4, "its context became part of the stem"),
        ("skipped", 20, "there is no question type like `Tracing` here"),
    ]


@pytest.mark.parametrize(("text", "reason"), REPORTED.values(), ids=REPORTED)
def test_what_cannot_be_read_is_reported(text, reason):
    found, transfer = read("json", text)
    assert found == []
    assert [(each.line, each.reason) for each in transfer.remarks] == [(1, reason)]


@pytest.mark.parametrize(("base", "key"), [("0", "b1"), ("1", "a1")])
def test_who_knows_what_a_number_means_says_so(tmp_path, base, key):
    file = tmp_path / "quiz.json"
    file.write_text(of(options=ABC, answer=1), "utf-8")
    assert in_process("import", file, "-o", tmp_path / "course", "--key-base", base).status == 0
    assert f"key: {key}" in (tmp_path / "course" / "questions.yaml").read_text("utf-8")


def test_entities_of_open_trivia_are_characters():
    (found,), transfer = read("json", of(answer="x").replace("Which?", "What&#039;s &quot;it&quot;?"))
    assert found.data["stem"] == 'What\'s "it"?'
    assert [each.reason for each in transfer.remarks] == ["HTML entities became characters"]


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 99), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["question", "options", "answer", "answers", "prompt", "text", "correct", "wrong", "type", "x"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


@given(values)
def test_any_data_is_read_or_reported(value):
    found, transfer = read("json", json.dumps(value))
    assert len(found) + transfer.count("skipped") == transfer.found
