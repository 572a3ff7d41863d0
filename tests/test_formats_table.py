"""Tables: CSV holds everything, TSV is cards; whatever the columns of a foreign table are called, it is read."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import exchange
from exchange import (
    banks,
    built,
    marked,
    of_choice,
    of_gaps,
    of_multiple,
    of_number,
    of_order,
    of_pairs,
    of_short,
    of_truth,
    with_more,
)
from harness import EXAMPLE, in_process
from synergy_cli.formats.row import is_formula
from synergy_cli.formats.table import _guarded

ANY = st.one_of(
    *(
        with_more(questions, marked, hint=True)
        for questions in (
            of_choice(marked),
            of_multiple(marked),
            of_truth(marked),
            of_short(marked),
            of_number(marked),
            of_pairs(marked, marked),
            of_order(marked),
            of_gaps(most=3),
        )
    )
)


def read(text, name="csv"):
    return exchange.read(name, text)


def only(text, name="csv"):
    (found,), transfer = read(text, name)
    assert transfer.remarks == []
    return found.data


@given(banks(ANY))
def test_a_bank_comes_back_from_csv_as_it_went(bank):
    questions = [built(name, data) for name, data in bank.items()]
    assume(all(questions))
    text, out = exchange.write("csv", questions)
    found, back = read(text)
    assert (out.remarks, back.remarks) == ([], [])
    assert {each.id: each.data for each in found} == {name: trimmed(data) for name, data in bank.items()}


def trimmed(value):
    """Give data as a course has it: texts without blanks around them."""
    if isinstance(value, dict):
        return {key.strip(): trimmed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [trimmed(part) for part in value]
    return value.strip() if isinstance(value, str) else value


@given(st.text("=+-@'1aä\t\uff1d", max_size=5))
def test_no_cell_is_a_formula_and_each_comes_back(text):
    cell = _guarded(text)
    assert not is_formula(cell) or cell.startswith("'")
    back = cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell
    assert back == text


QUESTION = {"type": "choice", "stem": "Largest planet?", "key": "Jupiter", "distractors": ["Mars", "Venus"]}
TABLES = {
    "letters": "question,option_a,option_b,option_c,answer\nLargest planet?,Mars,Jupiter,Venus,B\n",
    "the text of the key": "Question;Option 1;Option 2;Option 3;Correct\nLargest planet?;Mars;jupiter;Venus;Jupiter\n",
    "the number of the key": "Question\tAnswer1\tAnswer2\tAnswer3\tCorrect\nLargest planet?\tMars\tJupiter\tVenus\t2\n",
    "wrong answers": "question,correct_answer,wrong1,wrong2\nLargest planet?,Jupiter,Mars,Venus\n",
    "distractors": "stem|key|distractor 1|distractor 2\nLargest planet?|Jupiter|Mars|Venus\n",
    "options in a cell": "prompt,choices,key\nLargest planet?,Mars|Jupiter|Venus,Jupiter\n",
    "windows": "\ufeffquestion,option 1,option 2,option 3,answer\r\nLargest planet?,Mars,Jupiter,Venus,b\r\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_table_is_read_whatever_its_columns_are_called(text):
    found = only(text)
    assert found | {"key": found["key"].capitalize()} == QUESTION


READ = {
    "two keys": ('question,option 1,option 2,option 3,answer\nWhich?,a,b,c,"1, 3"\n', {"keys": ["a", "c"]}),
    "two letters": ("question,option 1,option 2,option 3,answer\nWhich?,a1,b1,c1,A C\n", {"keys": ["a1", "c1"]}),
    "two texts": ("question,option 1,option 2,option 3,answer\nWhich?,a1,b1,c1,a1; c1\n", {"keys": ["a1", "c1"]}),
    "a statement": ("question,answer\nIt is.,TRUE\n", {"type": "true-false", "key": True}),
    "a statement in German": ("question,answer\nEs ist so.,falsch\n", {"type": "true-false", "key": False}),
    "typed": (
        'question,answer,accepted\nWho?,Ann,"Anna\nAnne"\n',
        {"type": "short", "key": "Ann", "accept": ["Anna", "Anne"]},
    ),
    "a number": ("question,answer,tolerance\nHow many?,20,2\n", {"type": "number", "key": "20", "tolerance": "2"}),
    "a gap": ("question,answer\nRoses are ___.,red\n", {"type": "cloze", "gaps": ["red"]}),
    "pairs": (
        "question,option 1,match 1,option 2,match 2\nMatch.,a,1x,b,2x\n",
        {"type": "match", "pairs": {"a": "1x", "b": "2x"}},
    ),
    "a type by another name": ("question,answer,type\nIt is.,yes,True/False\n", {"type": "true-false", "key": True}),
    "an order": (
        "question,type,option 1,option 2\nPut in order.,ordering,a,b\n",
        {"type": "order", "order": ["a", "b"]},
    ),
    "explanation, hint, difficulty, tags": (
        'question,answer,explanation,hint,difficulty,tags\nWho?,Ann,She is.,A woman.,hard,"a, b"\n',
        {"rationale": "She is.", "hint": "A woman.", "level": "apply", "tags": ["a", "b"]},
    ),
    "term and definition": ("term,definition\nHund,dog\n", {"type": "short", "stem": "dog", "key": "Hund"}),
    "two columns": ("Hund\ta dog, which barks\nKatze\ta cat, which does not\n", None),
    "a stem over lines": ('question,answer\n"One\n\n  two",Ann\n', {"stem": "One\n\n  two"}),
    "a formula that was guarded": ("question,answer\n'=1+1,Ann\n", {"stem": "=1+1"}),
    "a semicolon in a text": ('question;answer\n"a; b";Ann\n', {"stem": "a; b"}),
}


@pytest.mark.parametrize(("text", "data"), READ.values(), ids=READ)
def test_a_row_is_read(text, data):
    if data is None:
        found, _ = read(text, "tsv")
        assert [(each.data["stem"], each.data["key"], each.line) for each in found] == [
            ("a dog, which barks", "Hund", 1),
            ("a cat, which does not", "Katze", 2),
        ]
    else:
        found = only(text)
        assert {name: found.get(name) for name in data} == data


ANKI = """\
#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:6
Q>/2x#\tBasic\tPlanets::Big\tWhich is the <b>largest</b>?\tJupiter\ta b::c
q>/2x#\tBasic\tPlanets\t"Which is &lt;
small?"\t<div>Mercury</div>\t
x\tCloze\tPlanets\t{{c1::Mars}} is red\tIt <i>rusts</i>.\t
y\tCloze\tPlanets\t{{c1::a {{c2::b}}}}\t\t
"""


def test_the_text_export_of_anki_is_read():
    found, transfer = read(ANKI, "tsv")
    assert [(each.line, each.topic, each.data) for each in found] == [
        (
            7,
            ("Planets", "Big"),
            {"type": "short", "stem": "Which is the **largest**?", "key": "Jupiter", "tags": ["a", "b::c"]},
        ),
        (8, ("Planets",), {"type": "short", "stem": "Which is < small?", "key": "Mercury"}),
        (10, ("Planets",), {"type": "cloze", "stem": "___ is red", "gaps": ["Mars"], "rationale": "It *rusts*."}),
    ]
    assert len({each.id for each in found}) == 3
    assert [(each.line, each.reason) for each in transfer.remarks] == [
        (11, "a gap is inside another, or is not closed")
    ]


SKIPPED = {
    "nothing asked": ("question,answer\n,Ann\n", "the question text is missing"),
    "no answer": ("question,answer\nWho?,\n", "no answer is right"),
    "no key": ("question,option 1,option 2,answer\nWho?,a,b,\n", "no option is right"),
    "a key that is none": ("question,option 1,option 2,answer\nWho?,a,b,c\n", "`c` is not one of the options"),
    "an ambiguous number": (
        "question,option a,option b,answer\nWho?,x,y,1\n",
        "`1` may count from 0 or from 1; give the letter of the right option",
    ),
    "an unknown type": ("question,answer,type\nWho?,Ann,essay\n", "the type `essay` is unknown"),
    "neither true nor false": ("question,answer,type\nSo?,x,tf\n", "`x` is neither true nor false"),
    "no number": (
        "question,answer,type\nSo?,x,number\n",
        "found `x`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
    ),
    "a lonely side": (
        "question,option 1,option 2,match 1\nMatch.,a,b,c\n",
        "a left side has no partner, or two are the same",
    ),
}
OTHERS = {
    "a column of no use": ("question,answer,points\nWho?,Ann,3\n", 1, "a column that is not read"),
    "a level unheard of": ("question,answer,level\nWho?,Ann,7\n", 2, "without level"),
    "a passage": ("question,answer,passage\nWho?,Ann,x\n", 2, "without a passage that the course does not have"),
    "a context": ("question,answer,context\nWho?,Ann,Here.\n", 2, "its context became part of the stem"),
}


@pytest.mark.parametrize(("text", "reason"), SKIPPED.values(), ids=SKIPPED)
def test_what_is_no_question_is_skipped(text, reason):
    found, transfer = read(text)
    assert found == []
    assert [(each.line, each.kind, each.reason) for each in transfer.remarks] == [(2, "skipped", reason)]


@pytest.mark.parametrize(("text", "line", "reason"), OTHERS.values(), ids=OTHERS)
def test_what_does_not_come_through_is_reported(text, line, reason):
    found, transfer = read(text)
    assert [(each.line, each.reason) for each in transfer.remarks] == [(line, reason)]
    assert len(found) == 1


def test_a_card_has_a_name_that_does_not_depend_on_its_text():
    text, _ = exchange.write("tsv", [built("q", {"type": "short", "stem": "s", "key": "k"})])
    again, _ = exchange.write("tsv", [built("q", {"type": "short", "stem": "other", "key": "k"})])
    other, _ = exchange.write("tsv", [built("r", {"type": "short", "stem": "s", "key": "k"})])
    (name,), (same,), (different,) = (
        [line[1:17] for line in each.splitlines() if line.startswith('"')] for each in (text, again, other)
    )
    assert name == same != different
    assert name.isalnum()


@given(banks(ANY))
def test_cards_are_rows_that_a_reader_of_csv_splits(bank):
    questions = [question for question in (built(name, data) for name, data in bank.items()) if question]
    text, transfer = exchange.write("tsv", questions)
    rows = [line for line in csv.reader(io.StringIO(text), delimiter="\t") if not line[0].startswith("#")]
    assert [len(row) for row in rows] == [5] * len(questions)
    assert all(row[1] and row[2] for row in rows)
    assert transfer.count("changed") == len(questions)


def test_the_example_course_comes_back_whole(tmp_path):
    assert in_process("--course", EXAMPLE, "export", "csv", "-o", tmp_path / "quiz.csv").status == 0
    done = in_process("import", tmp_path / "quiz.csv", "-o", tmp_path / "course")
    assert done.status == 0
    assert in_process("check", tmp_path / "course").status == 0
