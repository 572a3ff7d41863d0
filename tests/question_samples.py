"""A question of each type, and how tests write, build, answer and mark one."""

from __future__ import annotations

import json
from typing import NamedTuple

from hypothesis import strategies as st

from synergy_cli.course.question import LETTERS, Sheet, Verdict
from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_types import build
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse

HEAD = "id: a\ntype: {}\nstem: What is asked?\nrationale: Because.\n"
STEMS = {"cloze": "From the ___ to the _____, or nowhere."}
RIGHT, WRONG, NEAR, UNREADABLE = Verdict.RIGHT, Verdict.WRONG, Verdict.NEAR, Verdict.UNREADABLE


class Sample(NamedTuple):
    """A question of one kind, and what its sheet lists."""

    body: str
    options: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


SAMPLES = {
    "choice": Sample(
        "key: Blue\n"
        "distractors:\n"
        "- text: Green\n"
        "  feedback: Green is the grass.\n"
        "- text: Red\n"
        "  feedback: Red it is at dusk.\n",
        ("Green", "Blue", "Red"),
    ),
    "multiple": Sample(
        "keys: [Liver, Kidney]\n"
        "distractors:\n"
        "- text: Heart\n"
        "  feedback: It pumps.\n"
        "- text: Lung\n"
        "  feedback: It breathes.\n",
        ("Heart", "Liver", "Lung", "Kidney"),
    ),
    "true-false": Sample("key: true\n", ("True", "False")),
    "short": Sample(
        "key: Osteocalcin\n"
        "accept: [bone Gla protein, BGP]\n"
        "distractors:\n"
        "- text: Osteopontin\n"
        "  feedback: That one is made by other cells too.\n"
    ),
    "number": Sample(
        "key: 4000\n"
        "tolerance: 100\n"
        "unit: IU\n"
        "units:\n"
        "  µg: 40\n"
        "  mg: 40000\n"
        "distractors:\n"
        "- text: 400 IU\n"
        "  feedback: A zero is missing.\n"
    ),
    "order": Sample("order: [one, two, three]\n", ("two", "three", "one")),
    "match": Sample("pairs:\n  Skin: D3\n  Leaves: K1\n  Natto: K2\n", ("Skin", "Leaves", "Natto"), ("K2", "D3", "K1")),
    "cloze": Sample("gaps: [liver, [kidney, kidneys, renal tissue]]\n"),
}


def replace(question, **changes):
    """Return a question with other values of some fields."""
    return type(question)(**{**vars(question), **changes})


def head(kind):
    return HEAD.format(kind).replace("What is asked?", STEMS.get(kind, "What is asked?"))


def data_of(source):
    report = Report("bank.yaml")
    data = read_question(parse(source, report), report)
    assert report.faults == []
    return data


def question_of(kind, body):
    return build(json.loads(json.dumps(data_of(head(kind) + body))))


def sheet_of(kind):
    sample = SAMPLES[kind]
    return Sheet(question_of(kind, sample.body), sample.options, sample.partners)


def mark(kind, answer):
    return sheet_of(kind).mark(answer)


SEEDS = st.integers(0, 2**32)
SHUFFLED = {"choice": "options", "multiple": "options", "order": "options", "match": "partners"}


QUESTIONS = {}


def question_of_sample(kind):
    if kind not in QUESTIONS:
        QUESTIONS[kind] = question_of(kind, SAMPLES[kind].body)
    return QUESTIONS[kind]


def typed_from(sheet, kind, wanted):
    """Type what means the same on this sheet."""
    if kind == "match":
        return "".join(LETTERS[sheet.partners.index(text)] for text in wanted)
    return "".join(str(sheet.options.index(text) + 1) for text in wanted)


def solve(sheet):
    question = sheet.question
    if question.type == "order":
        return typed_from(sheet, "order", question.order)
    if question.type == "match":
        return typed_from(sheet, "match", [right for _, right in question.pairs])
    if question.type == "cloze":
        return "; ".join(accepted[0] for accepted in question.gaps)
    if question.type == "multiple":
        return typed_from(sheet, "multiple", question.keys)
    if question.type == "choice":
        return str(sheet.options.index(question.key) + 1)
    return question.right[0].text


def faults_of(source):
    report = Report("bank.yaml")
    read_question(parse(source, report), report)
    assert {fault.path for fault in report.faults} == {"bank.yaml"}
    return [fault[1:] for fault in report.faults]


GOOD = HEAD.format("true-false") + "key: true\n"
