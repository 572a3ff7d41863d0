"""Every kind of question: which answers it takes, how it is shuffled, and what is wrong with a faulty one."""

from __future__ import annotations

import json
import re
from collections import Counter
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import DATA
from synergy_cli.course import wording
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.numbers import readings
from synergy_cli.course.question import LETTERS, InputMode, Marking, Part, Sheet, Verdict
from synergy_cli.course.question_format import read_question, with_wording
from synergy_cli.course.question_types import QUESTION_TYPES, build
from synergy_cli.course.vocabulary import Vocabulary
from synergy_cli.course.wording import Comparison, nearly
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.text import fold, slips

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


ACCEPTED = {
    "choice": ["2", " 2 ", "２", "2.", "2)", "(2)", "#2", "option 2", "Blue", "blue", "BLUE.", " blue "],
    "multiple": [
        *("24", "42", "2 4", "2,4", "2, 4", "4;2", " 2  4 ", "２４", "24.", "2-4", "2 and 4", "2+4", "4 > 2", "2/4"),
        *("liver, kidney", "Kidney and liver", "kidney; Liver"),
    ],
    "true-false": ["1", "t", "T", "true", "TRUE", "True.", "yes", "Y", "correct"],
    "short": [
        *("Osteocalcin", "osteocalcin", "  OSTEOCALCIN. ", "Bone  Gla\N{NO-BREAK SPACE}protein", "bgp"),
        *("ｏsteocalcin", "the osteocalcin", "It is osteocalcin.", "“osteocalcin”", "osteocalcin (a protein)"),
        *("osteocalcin!", "I think it's osteocalcin", "osteocalcins", "bone-gla-protein", "BGP?", "a bone Gla protein"),
    ],
    "number": [
        *("4000", "4,000", "4 000", "4'000", "4’000", "4\N{NARROW NO-BREAK SPACE}000", "+4000", "4000.0", "4,000.00"),
        *("4000 IU", "4000IU", "4,000 iu", "4000 IU.", " 4000  I U ", "４０００"),
        *("100 µg", "100 \N{MICRO SIGN}g", "100 \N{GREEK SMALL LETTER MU}g", "100 mcg", "100mcg", "100 ug", "100 UG"),
        *("0.1 mg", "0,1 mg", ".1 mg", "0,10 mg"),
        *("4e3", "4E3 IU", "4.0e+3", "400000e-2", "1e2 µg"),
        *(
            "3900",
            "4100",
            "3,900",
            "97.5 µg",
            "4,100.0",
            "4×10³",
            "8000/2",
            "four thousand",
            "4.000,5",
            "4000 units",
            "4000?",
            "4000 or so",
            "it was 4000 IU, not 400",
            "4000 IU = 100 µg",
        ),
    ],
    "order": ["312", "3 1 2", "3,1,2", "3; 1; 2", "３１２", "3>1>2", "3-1-2", "3 → 1 → 2", "one, two, three"],
    "match": [
        *("bca", "BCA", "b c a", "b, c, a", "b-c-a", "1b 2c 3a", "1b2c3a", "1-b, 2-c, 3-a", "1: b 2: c 3: a"),
        *("1=b, 2=c, 3=a", "1) b 2) c 3) a", "D3 K1 K2", "d3, k1, k2"),
    ],
    "cloze": [
        *("liver; kidney", "LIVER;Kidneys.", " liver ; renal  tissue ; ", "the liver; a kidney", "liver； kidney"),
        *("liver, kidney", "1. liver; 2. kidney", "1) liver, 2) kidney", "liver、kidney"),
    ],
}

REFUSED = {
    "choice": {
        "1": (("Green",), ("Green is the grass.",)),
        "red.": (("Red",), ("Red it is at dusk.",)),
    },
    "multiple": {
        "2": (("Liver",), ("You chose 1 of the 2 right options.",)),
        "liver": (("Liver",), ("You chose 1 of the 2 right options.",)),
        "13": (("Heart", "Lung"), ("You chose 0 of the 2 right options. 2 others are wrong.",)),
        "421": (("Heart", "Liver", "Kidney"), ("You chose 2 of the 2 right options. 1 other is wrong.",)),
    },
    "true-false": {"2": (("False",), ()), "f": (("False",), ()), "FALSE": (("False",), ()), "no": (("False",), ())},
    "short": {
        "osteopontin": (("osteopontin",), ("That one is made by other cells too.",)),
        " matrix Gla protein ": (("matrix Gla protein",), ()),
        "not osteocalcin": (("not osteocalcin",), ()),
        "o": (("o",), ()),
    },
    "number": {
        "400": (("400",), ("A zero is missing.",)),
        " 10 µg ": (("10 µg",), ("A zero is missing.",)),
        "401": (("401",), ()),
        "-4000": (("-4000",), ()),
        "\N{MINUS SIGN}4,000": (("\N{MINUS SIGN}4,000",), ()),
        "4101": (("4101",), ()),
        "3899.999": (("3899.999",), ()),
        "½": (("½",), ()),
        "minus 4000": (("minus 4000",), ()),
        "10³": (("10³",), ()),
        "4,00": (("4,00",), ()),
        "4000 mg": (("4000 mg",), ()),
        "1e999": (("1e999",), ()),
        "0": (("0",), ()),
    },
    "order": {
        "123": (("two", "three", "one"), ("0 of 3 are in the right place.",)),
        "3 2 1": (("one", "three", "two"), ("1 of 3 is in the right place.",)),
    },
    "match": {
        "abc": (("Skin: K2", "Leaves: D3", "Natto: K1"), ("0 of 3 pairs are right.",)),
        "1b 2a 3c": (("Skin: D3", "Leaves: K2", "Natto: K1"), ("1 of 3 pairs is right.",)),
    },
    "cloze": {
        "kidney; liver": (("kidney", "liver"), ("0 of 2 gaps are right.",)),
        "liver; heart": (("liver", "heart"), ("1 of 2 gaps is right.",)),
        "liver;": (("liver", ""), ("1 of 2 gaps is right.",)),
        "; the kidney": (("", "the kidney"), ("1 of 2 gaps is right.",)),
        "livr; heart": (("livr", "heart"), ("0 of 2 gaps are right.",)),
    },
}

UNREADABLE_ANSWERS = {
    "choice": (
        ["", " ", "0", "4", "02", "12", "1" * 5000, "1,2", "-1", "+2", "2.0", "a", "Blu", "Blue Green", "?"],
        "Expected a number from 1 to 3, for example 2.",
    ),
    "multiple": (
        ["", " ", "22", "5", "00", "250", "Live", "2 but 4", "a", ",", "liver kidneys", "liver, liver"],
        "Expected different numbers from 1 to 4, for example 1 2.",
    ),
    "true-false": (
        ["", "0", "3", "12", "ja", "tr", "tf", "1.0"],
        "Expected 1 for true or 2 for false, for example 1.",
    ),
    "short": (["", "  ", ".", "\t", "?!"], "Expected a word or two, for example `blue sky`."),
    "number": (
        [
            *("", " ", "IU", "> 4000", "4000 more", "1/0", "many thousand", "10^", "x 10^3"),
            *("4000 mmol", "4000 %", "4000 I", "4000 g", "4000 IU IU", "4000 µ", "4000 mcgg"),
            *("4000-5000", "3900 to 4100", "4000 ± 100", "2×2000", "4 k", "4000 + 0"),
            *("4,00,0", "1,000,00", "4..0", "4.0.0", ",", ".", "--4000", "+-4000", "4000-", "(4000)"),
            *("0x10", "4_000", "4e", "e3", "4e3.5", "4e9999", "1e3e3", "nan", "inf", "\N{INFINITY}", "9" * 41),
        ],
        "Expected a number in IU, for example 12 IU.",
    ),
    "order": (
        ["", "31", "3122", "311", "412", "abc", "one two", "one two three four", "3 1 x"],
        "Expected each number from 1 to 3 once, in order, for example 2 1 3.",
    ),
    "match": (
        ["", "bc", "bcaa", "bbb", "bcd", "xyz", "123", "D3 K1", "?"],
        "Expected each letter from a to c once, for example b a c.",
    ),
    "cloze": (
        ["", " ", ";", "; ;", "liver", "kidney liver", "liver; kidney; heart", "liver, kidney, heart", "?"],
        "Expected 2 answers separated by ;, for example `a; b`.",
    ),
}

NEAR_ANSWERS = {
    "short": [
        *("Ostocalcn", "Ostoecalsin", "osteokalcin", "Osteocalsim", "bona Gla protien"),
    ],
    "cloze": ["liver; kydnei", "livr; kidney", "Livr; kitney"],
}
MISSPELT = {
    "short": {
        **dict.fromkeys(("Osteocalcn", "It is osteocallcin.", "ostoecalcin", "ostiocalcin"), "Osteocalcin"),
        "bone Gla protien": "bone Gla protein",
    },
    "cloze": {"the liver; kidny": "2. kidney", "lliver; kidneey": "1. liver 2. kidney"},
}
NEVER_NEAR = set(QUESTION_TYPES) - {"short", "cloze"}


def rows(table):
    return [pytest.param(kind, answer, id=f"{kind}-{answer}") for kind, answers in table.items() for answer in answers]


@pytest.mark.parametrize("word", QUESTION_TYPES)
def test_every_kind_of_question_has_its_tables(word):
    assert SAMPLES[word]
    assert ACCEPTED[word]
    assert REFUSED[word]
    assert UNREADABLE_ANSWERS[word][0]
    assert FAULTY[word]
    assert (word in NEVER_NEAR) != bool(NEAR_ANSWERS.get(word))


@pytest.mark.parametrize(("kind", "answer"), rows(ACCEPTED))
def test_a_right_answer_is_taken(kind, answer):
    marking = mark(kind, answer)
    assert (marking.verdict, marking.remarks) == (RIGHT, ())


@pytest.mark.parametrize(("kind", "answer"), rows(REFUSED))
def test_a_wrong_answer_is_refused_with_what_was_given_and_why(kind, answer):
    assert mark(kind, answer)[:3] == (WRONG, *REFUSED[kind][answer])


@pytest.mark.parametrize(("kind", "answer"), rows({kind: answers for kind, (answers, _) in UNREADABLE_ANSWERS.items()}))
def test_what_is_no_answer_is_told_apart_with_what_was_expected(kind, answer):
    assert mark(kind, answer) == Marking(UNREADABLE, (answer,), (UNREADABLE_ANSWERS[kind][1],))


@pytest.mark.parametrize(("kind", "answer"), rows(MISSPELT))
def test_a_slip_that_makes_no_other_word_passes_with_the_right_spelling(kind, answer):
    marking = mark(kind, answer)
    assert (marking.verdict, marking.share) == (RIGHT, 1)
    assert " ".join(marking.remarks).replace("Spelling: ", "") == MISSPELT[kind][answer]


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("stem: Which artery?\nkey: Osteoblast\n", "osteoclast"),
        ("stem: Which word?\nkey: nitrate\n", "nitrite"),
        ("stem: Which word?\nkey: fluoride\n", "fluorite"),
        ("stem: Which word?\nkey: increase\n", "inrcease more"),
        ("stem: Which word?\nkey: marker\ndistractors: [maker]\n", "maker"),
        ("stem: Which word?\nkey: marker\ndistractors: [maker]\n", "mraker"),
        ("stem: Which word?\nkey: marker\nexact: true\n", "markerr"),
        ("stem: What follows `git`?\nkey: commit\n", "comit"),
    ],
)
def test_a_slip_does_not_pass_if_it_may_be_another_word_or_code(body, typed):
    data = data_of(f"id: a\ntype: short\n{body}")
    assert Sheet(build(data)).mark(typed).verdict is not RIGHT


def test_another_word_of_the_course_is_no_slip(small):
    bank = small / "questions.yaml"
    asked = "- {id: c1, type: short, stem: What stands in?, key: marker, rationale: r.}\n"
    asked += "- {id: c2, type: short, stem: Who pays?, key: the maker, rationale: r.}\n"
    bank.write_text(bank.read_text("utf-8").replace("questions:\n", f"questions:\n{asked}", 1), "utf-8")
    questions = {question.id: question for question in Course(Files(small), Cache(None)).questions}
    verdicts = [Sheet(questions["c1"]).mark(typed).verdict for typed in ("markr", "maker", "makers")]
    assert verdicts == [RIGHT, NEAR, NEAR]


@pytest.mark.parametrize(("kind", "answer"), rows(NEAR_ANSWERS))
def test_a_near_miss_is_told_apart_and_never_passed(kind, answer):
    marking = mark(kind, answer)
    assert (marking.verdict, marking.given) == (NEAR, tuple(answer.split("; ")))
    assert {remark.lstrip("12. ") for remark in marking.remarks} == {"Almost: check the spelling."}


@pytest.mark.parametrize("kind", sorted(NEVER_NEAR))
def test_only_a_typed_word_can_be_nearly_right(kind):
    answers = [*ACCEPTED[kind], *REFUSED[kind], *UNREADABLE_ANSWERS[kind][0], "Bleu", "Flase", "4000 IUU", "kidny"]
    assert NEAR not in {mark(kind, answer).verdict for answer in answers}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("choice", ("Blue",)),
        ("multiple", ("Liver", "Kidney")),
        ("true-false", ("True",)),
        ("order", ("one", "two", "three")),
        ("match", ("Skin: D3", "Leaves: K1", "Natto: K2")),
    ],
)
def test_a_right_answer_is_given_back_in_the_words_of_the_bank(kind, given):
    assert {mark(kind, answer).given for answer in ACCEPTED[kind]} == {given}


@pytest.mark.parametrize("kind", ["short", "number"])
def test_a_typed_answer_is_given_back_as_it_was_typed(kind):
    assert [mark(kind, answer).given for answer in ACCEPTED[kind]] == [(answer.strip(),) for answer in ACCEPTED[kind]]


@pytest.mark.parametrize(
    ("kind", "solution", "expects"),
    [
        ("choice", ("Blue",), "1-3"),
        ("multiple", ("Liver", "Kidney"), "all right numbers, 0 for none"),
        ("true-false", ("True",), "1-2"),
        ("short", ("Osteocalcin",), "your answer"),
        ("number", ("4000 IU (within 100)",), "a number in IU"),
        ("order", ("1. one", "2. two", "3. three"), "the numbers 1-3 in order"),
        ("match", ("Skin: D3", "Leaves: K1", "Natto: K2"), "a letter for each of 1-3 in turn"),
        ("cloze", ("1. liver", "2. kidney"), "2 answers separated by ;"),
    ],
)
def test_a_question_says_how_to_answer_and_what_was_right(kind, solution, expects):
    sheet = sheet_of(kind)
    assert (tuple(map(str, sheet.question.solution)), sheet.question.expects(sheet)) == (solution, expects)


def test_options_are_listed_under_numbers_and_partners_under_letters():
    assert sheet_of("match").listed == [
        *(("1", "Skin"), ("2", "Leaves"), ("3", "Natto")),
        *(("a", "K2"), ("b", "D3"), ("c", "K1")),
    ]


def test_only_kinds_with_single_signs_for_answers_are_answered_by_one_key():
    assert {word for word, kind in QUESTION_TYPES.items() if kind.entry is InputMode.KEY} == {"choice", "true-false"}


@pytest.mark.parametrize(("answer", "verdict"), [("2", RIGHT), ("f", RIGHT), ("false", RIGHT), ("1", WRONG)])
def test_a_false_statement_is_answered_with_false(answer, verdict):
    question = question_of("true-false", "key: false\n")
    assert question.solution == (Part("False"),)
    assert question.sheet(Random(1)).mark(answer).verdict is verdict


NUMBERS = {
    "4,000": "4000",
    "1,234,567": "1234567",
    "1,234.5": "1234.5",
    "12,5": "12.5",
    "0,5": "0.5",
    "1,25": "1.25",
    "1,2345": "1.2345",
    "1.000": "1.000",
    "1 000 000": "1000000",
    "1'000": "1000",
    "-3": "-3",
    "\N{MINUS SIGN}3": "-3",
    "\N{EN DASH}3": "-3",
    "+3": "3",
    ".5": "0.5",
    "5.": "5",
    "1e3": "1000",
    "1,5e3": "1500",
    "1.5E-3": "0.0015",
    "2e+2": "200",
    "９": "9",
}


@pytest.mark.parametrize(("typed", "number"), NUMBERS.items())
def test_a_number_is_read(typed, number):
    first = readings(typed)[0]
    assert (first.value, first.unit) == (Fraction(number), "")


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("4,000 IU", "4000", "IU"),
        ("4000IU", "4000", "IU"),
        ("0,5 mg", "0.5", "mg"),
        ("37 °C", "37", "°C"),
        ("5 mg/dL", "5", "mg/dL"),
        ("5 IU per day", "5", "IU per day"),
        ("5%", "5", "%"),
    ],
)
def test_a_number_is_parted_from_its_unit(typed, number, unit):
    first = readings(typed)[0]
    assert (first.value, first.unit) == (Fraction(number), unit)


@pytest.mark.parametrize(("typed", "number"), [("0,500", "0.5"), ("0,125 mg", "0.125"), ("-0,250", "-0.25")])
def test_a_comma_after_a_leading_zero_is_a_decimal_one(typed, number):
    assert [reading.value for reading in readings(typed)] == [Fraction(number)]


@pytest.mark.parametrize("typed", ["40 00", "4 0 0 0", "4000 4000", "4, 000", "4''000", "40'00", "4 000 00"])
def test_digits_that_are_not_grouped_by_threes_are_no_number(typed):
    assert mark("number", typed).verdict is UNREADABLE


@pytest.mark.parametrize(
    ("typed", "number"),
    [("10³", "1000"), ("4·10³", "4000"), ("10²IU", "100"), ("4 x 10^3", "4000"), ("2*10^-1", "0.2"), ("1,5e3", "1500")],
)
def test_a_power_is_read_as_one(typed, number):
    assert readings(typed)[0].value == Fraction(number)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1/2", "1/2"), ("½", "1/2"), ("1½", "3/2"), ("1 1/2", "3/2"), ("-3/4", "-3/4"), ("half", "1/2")],
)
def test_a_fraction_is_read(typed, number):
    assert [reading.value for reading in readings(typed)] == [Fraction(number)]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *(
            ("seven", 7),
            ("one hundred", 100),
            ("a hundred", 100),
            ("two hundred and five", 205),
            ("seventy-two hours", 72),
        ),
        *(("two and a half", 2.5), ("two-and-a-half times", 2.5), ("2 and a half", 2.5), ("two point two five", 2.25)),
    ],
)
def test_a_number_in_words_is_read(typed, number):
    assert [reading.value for reading in readings(typed)] == [number]


@pytest.mark.parametrize(
    "typed", ["about 4000", "~4000", "approx. 4000 IU", "It's 4000.", "4000 IU (of D3)", "around 4,000", "4000!"]
)
def test_what_stands_around_a_number_does_not_matter(typed):
    assert mark("number", typed).verdict is RIGHT


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=3), st.sampled_from(["", " ", "  "]))
def test_any_decimal_number_is_read_as_python_writes_it(number, space):
    for typed in (f"{number}{space}mg", f"{number:,}{space}mg"):
        first = readings(typed)[0]
        assert (first.value, first.unit) == (Fraction(number), "mg")


@given(st.text(max_size=40))
def test_marking_a_number_never_fails(answer):
    assert mark("number", answer).verdict in Verdict


def test_a_number_without_a_unit_takes_none():
    question = question_of("number", "key: 7\n")
    sheet = Sheet(question)
    assert (question.solution, question.expects(sheet)) == ((Part("7"),), "a number")
    assert sheet.mark("7") == Marking(RIGHT, ("7",), share=1.0)
    remark = "Expected a number without a unit, for example 12."
    assert sheet.mark("7 IU") == Marking(UNREADABLE, ("7 IU",), (remark,))


def test_without_a_tolerance_a_number_must_be_met():
    sheet = Sheet(question_of("number", "key: 0.1\nunit: mg\nunits: {µg: 0.001}\n"))
    assert [sheet.mark(answer).verdict for answer in ("0.1", "0,10 mg", "100 mcg", "0.1000001", "0.09999999")] == [
        *(RIGHT, RIGHT, RIGHT, WRONG, WRONG),
    ]


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        (
            "µg",
            [
                "\N{MICRO SIGN}g",
                "\N{GREEK SMALL LETTER MU}g",
                "mcg",
                "ug",
                "MCG",
                "µ g",
                "micro-grams",
                "micorgrams",
                "mikrogramm",
            ],
        ),
        ("mcg", ["µg", "ug", "mcg"]),
        ("µmol/L", ["umol/l", "mcmol/L", "µmol / l"]),
        ("µL", ["ul", "mcl"]),
        ("%", ["%", "％"]),
        ("°C", ["°c", "℃"]),
    ],
)
def test_a_unit_may_be_spelt_in_several_ways(unit, typed):
    sheet = Sheet(question_of("number", f"key: 5\nunit: '{unit}'\n"))
    assert {sheet.mark(f"5 {spelling}").verdict for spelling in typed} == {RIGHT}


@pytest.mark.parametrize(("unit", "typed"), [("mg", "ug"), ("g", "mg"), ("µg", "mg"), ("mW", "MW"), ("days", "weeks")])
def test_another_unit_is_converted(unit, typed):
    assert Sheet(question_of("number", f"key: 5\nunit: {unit}\n")).mark(f"5 {typed}").verdict is WRONG


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        ("mg", "0.005 g"),
        ("days", "120 hours"),
        ("days", "5 d"),
        ("h", "5 hrs"),
        ("µg", "5 mcgs"),
        ("hour", "5 hours"),
        ("mW", "5 mw"),
        ("mW", "0.005 W"),
        ("ng/ml", "5 µg/l"),
        ("ng/ml", "5 micrograms per litre"),
        ("IU", "5 international units"),
        ("'%'", "5 per cent"),
        ("km/h", "5 km per hour"),
        ("h", "5 heures"),
        ("h", "5 Stunden"),
        ("days", "5 jours"),
        ("m", "0,005 kilomètres"),
        ("min", "0 h 5"),
        ("min", "0h05 min"),
        ("h", "5 hours and 0 minutes"),
    ],
)
def test_an_amount_counts_in_any_unit_that_converts(unit, typed):
    assert Sheet(question_of("number", f"key: 5\nunit: {unit}\n")).mark(typed).verdict is RIGHT


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        *(("U", "u g"), ("IU", "U"), ("mg", "ml"), ("ng/ml", "nmol/l"), ("m", "months"), ("mA", "mAs")),
        *(("min", "h 75"), ("min", "km 15"), ("mg", "h 15"), ("min", "h 15 km")),
    ],
)
def test_a_unit_of_something_else_is_asked_back(unit, typed):
    assert Sheet(question_of("number", f"key: 5\nunit: {unit}\n")).mark(f"5 {typed}").verdict is UNREADABLE


@pytest.mark.parametrize("typed", ["100 µg a day", "100 µg/day", "100 mcg per day", "0.1 mg daily", "100", "100 µg/d"])
def test_a_rate_that_the_question_names_may_be_typed(typed):
    asked = question_of("number", "key: 100\nunit: µg\n")
    stem = replace(asked, stem="How many µg a day did they take?")
    assert Sheet(stem).mark(typed).verdict is RIGHT
    assert Sheet(replace(asked, stem="How much did they take?", unit="µg per day")).mark(typed).verdict is RIGHT


@pytest.mark.parametrize("typed", ["100 µg a week", "100 µg/h"])
def test_another_rate_is_asked_back(typed):
    asked = replace(question_of("number", "key: 100\nunit: µg\n"), stem="How many µg a day?")
    assert Sheet(asked).mark(typed).verdict is UNREADABLE


@pytest.mark.parametrize(
    ("stem", "typed", "number"),
    [
        ("On which line of a message does the subject stand?", "line 1", 1),
        ("On which line of a message does the subject stand?", "1st", 1),
        ("On which line of a message does the subject stand?", "Line 1.", 1),
        ("On which line of a message does the subject stand?", "the 1st line", 1),
        ("How many parents has the first commit?", "none", 0),
        ("How many parents has the first commit?", "nought", 0),
        ("How many parents has the first commit?", "No parents.", 0),
        ("How many parents has the first commit?", "it has no parents", 0),
        ("On which line of a message does the subject stand?", "the first", 1),
        ("On which line of a message does the subject stand?", "on the second line", 2),
        ("How many strokes has 川?", "3。", 3),
        ("Combien de lettres a le mot ?", "c'est 4", 4),
        ("Combien de lettres a le mot ?", "il a 4 lettres", 4),
        ("Wie viele Buchstaben hat das Wort?", "Es sind 4.", 4),
        ("Auf welchen Zeilen steht es? Zähle die Zeilen.", "Zeilen 3", 3),
    ],
)
def test_words_of_the_stem_may_stand_before_a_number_and_it_may_be_a_place(stem, typed, number):
    question = replace(question_of("number", f"key: {number}\n"), stem=stem)
    assert question.mark(Sheet(question), typed).verdict is RIGHT


@pytest.mark.parametrize("typed", ["less 3", "page 3", "not 3", "than 3", "line", "no", "no page", "no more"])
def test_other_words_before_a_number_are_asked_back(typed):
    question = replace(question_of("number", "key: 3\n"), stem="Which line has less than or not more than five words?")
    assert question.mark(Sheet(question), typed).verdict is UNREADABLE


HALF_LIFE = "In 36 men, MK-7 was measured: how many hours was its half-life, and did it peak in blood?"


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("The half-life was 6 hours", RIGHT),
        ("half-life of 6 h", RIGHT),
        ("MK-7: 6 h", RIGHT),
        ("in blood 6", RIGHT),
        ("6 h of MK-7", RIGHT),
        ("on average 6", RIGHT),
        ("6 hrs", RIGHT),
        ("6 (days)", WRONG),
        ("6 (days) in blood", UNREADABLE),
        ("days 6", UNREADABLE),
        ("hours 6", UNREADABLE),
        ("36 6", UNREADABLE),
        ("half 6", UNREADABLE),
        ("half of 12", UNREADABLE),
        ("6 h and 36 men", UNREADABLE),
        ("not 6", UNREADABLE),
        ("6 blood", UNREADABLE),
        ("MK-7 is 6 h", RIGHT),
        ("12 divided by 2 makes 6 h", RIGHT),
        ("3 and 3 is 6", RIGHT),
        ("the sum: 6", RIGHT),
        ("it took 6 hours", RIGHT),
        ("6ish", RIGHT),
        ("6 half-life hours", RIGHT),
        ("6 h when measured", RIGHT),
        ("6 in all", RIGHT),
        ("360 minuets", RIGHT),
        ("6 howls", UNREADABLE),
        ("6 h MK-7", RIGHT),
        ("6 IU", UNREADABLE),
        ("the answer is not 6", UNREADABLE),
        ("7 is not 6", UNREADABLE),
    ],
)
def test_a_number_may_stand_in_a_sentence_of_words_of_the_stem(typed, verdict):
    question = replace(question_of("number", "key: 6\nunit: h\n"), stem=HALF_LIFE)
    assert question.mark(Sheet(question), typed).verdict is verdict


@pytest.mark.parametrize(
    ("stem", "typed", "verdict"),
    [
        ("In at least how many per cent did it fall?", "at least 60%", RIGHT),
        ("In at least how many per cent did it fall?", "in at least 60 % of the participants", RIGHT),
        ("In at least how many per cent did it fall?", "≥ 60", RIGHT),
        ("In at least how many per cent did it fall?", ">=60%", RIGHT),
        ("In at least how many per cent did it fall?", "a minimum of 60", RIGHT),
        ("In at least how many per cent did it fall?", "60% or more", RIGHT),
        ("In at least how many per cent did it fall?", "at most 60%", UNREADABLE),
        ("In at least how many per cent did it fall?", "<= 60%", UNREADABLE),
        ("In at least how many per cent did it fall?", "> 60%", UNREADABLE),
        ("In at least how many per cent did it fall?", "more than 60%", UNREADABLE),
        ("In at least how many per cent did it fall?", "not at least 60%", UNREADABLE),
        ("In at least how many per cent did it fall?", "at least 20%", WRONG),
        ("What is the upper limit?", "max. 60 %", RIGHT),
        ("What is the upper limit?", "up to 60%", RIGHT),
        ("What is the upper limit?", "60% or less", RIGHT),
        ("What is the upper limit?", "at least 60%", UNREADABLE),
        ("In how many per cent did it fall?", "at least 60%", UNREADABLE),
        ("In how many per cent did it fall?", ">= 60%", UNREADABLE),
    ],
)
def test_a_bound_may_be_named_with_a_number_if_the_stem_asks_for_it(stem, typed, verdict):
    question = replace(question_of("number", "key: 60\nunit: '%'\n"), stem=stem)
    assert question.mark(Sheet(question), typed).verdict is verdict


@pytest.mark.parametrize(
    ("stem", "typed", "verdict"),
    [
        ("By how many per cent was the risk lower?", "16% less", RIGHT),
        ("By how many per cent was the risk lower?", "reduced by 16%", RIGHT),
        ("By how many per cent was the risk lower?", "a reduction of 16 %", RIGHT),
        ("By how many per cent was the risk lower?", "16% more", UNREADABLE),
        ("By how many per cent was the risk lower?", "raised by 16%", UNREADABLE),
        ("By how many per cent was the risk lower?", "less than 16%", UNREADABLE),
        ("By how many per cent did it rise?", "16% higher", RIGHT),
        ("By how many per cent did it rise?", "16% lower", UNREADABLE),
        ("How many per cent had a higher or a lower risk?", "16% less", UNREADABLE),
    ],
)
def test_other_words_for_the_direction_that_the_stem_names_do_not_matter(stem, typed, verdict):
    question = replace(question_of("number", "key: 16\nunit: '%'\n"), stem=stem)
    assert question.mark(Sheet(question), typed).verdict is verdict


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("1000 IU = 25 µg", RIGHT),
        ("1,000 ÷ 40 = 25", RIGHT),
        ("t = 25 µg", RIGHT),
        ("25 -> 24", RIGHT),
        ("25 mcg (1000 IU) per day", RIGHT),
        ("25 µg of vitamin D per day", RIGHT),
        ("25 mcgs", RIGHT),
        ("25 (mg)", WRONG),
        ("25 (µg)", RIGHT),
        ("1000 IU = 40 µg", WRONG),
        ("25 mg = 25 µg", WRONG),
        ("24 = 25", WRONG),
        ("calcium = 25", UNREADABLE),
        ("1000 IU", UNREADABLE),
        ("1000 IU = ", UNREADABLE),
        ("25 µg of vitamin D per week", UNREADABLE),
    ],
)
def test_an_amount_may_stand_in_an_equation_or_before_a_bracket(typed, verdict):
    asked = replace(question_of("number", "key: 25\nunit: µg\n"), stem="How much vitamin D per day is 1,000 IU?")
    assert asked.mark(Sheet(asked), typed).verdict is verdict


def test_words_of_the_stem_may_follow_a_number():
    asked = replace(question_of("number", "key: 26\n"), stem="How many letters has the alphabet?")
    assert Sheet(asked).mark("26 letters").verdict is RIGHT
    assert Sheet(asked).mark("26 vowels").verdict is UNREADABLE


@pytest.mark.parametrize(
    ("language", "typed", "verdict"),
    [
        ("en", "4,000", RIGHT),
        ("en", "4.000", UNREADABLE),
        ("de", "4.000 g", UNREADABLE),
        ("de", "4,000", UNREADABLE),
        ("de-AT", "4 000", RIGHT),
        ("de", "4000", RIGHT),
        ("fr", "5.000", WRONG),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_asked_back_if_one_is_right(language, typed, verdict):
    marking = Sheet(replace(question_of("number", "key: 4000\nunit: g\n"), language=language)).mark(typed)
    assert marking.verdict is verdict
    if verdict is UNREADABLE:
        assert ("4,000" if language == "en" else "4.000") in marking.remarks[0]
        assert "? " in marking.remarks[0]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        pytest.param("calcum", "calcium", id="a letter missing"),
        pytest.param("callcium", "calcium", id="a letter too many"),
        pytest.param("kalcium", "calcium", id="a letter changed"),
        pytest.param("clacium", "calcium", id="neighbours swapped"),
        pytest.param("livr", "liver", id="four letters"),
        pytest.param("osteoclacn", "osteocalcin", id="two slips in a long word"),
        pytest.param("vitamin k-depedent", "vitamin k-dependent", id="in a phrase"),
        pytest.param("lwo", "low", id="neighbours swapped in three letters"),
        pytest.param("epixode", "epoxide", id="two letters swapped"),
    ],
)
def test_a_slip_of_the_fingers_is_near(typed, right):
    assert nearly(typed, right, Comparison())


@pytest.mark.parametrize(
    ("typed", "right"),
    [("vitamin k 2", "vitamin k2"), ("carboxy lation", "carboxylation"), ("bonemarrow", "bone marrow")],
)
def test_a_space_too_many_or_missing_is_a_slip(typed, right):
    assert nearly(typed, right, Comparison())


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        pytest.param("liver", "liver", id="the answer itself"),
        pytest.param("bne", "bone", id="a short word"),
        pytest.param("calum", "calcium", id="two slips in a word of seven"),
        pytest.param("owl", "low", id="the same three letters, with another first"),
        pytest.param("now", "low", id="another word of three letters"),
        pytest.param("osteclacn", "osteocalcin", id="three slips"),
        pytest.param("heart", "liver", id="another word"),
        pytest.param("vitamin k1", "vitamin k2", id="another digit"),
        pytest.param("vitamin k", "vitamin k2", id="a digit missing"),
        pytest.param("mk-77 chain", "mk-7 chain", id="a digit too many"),
        pytest.param("10 minutes", "1 minutes", id="ten for one"),
        pytest.param("not bone", "bone", id="a negation before it"),
        pytest.param("no calcium", "calcium", id="no before it"),
        pytest.param("it is safe", "it is not safe", id="a negation missing"),
        pytest.param("an effect", "no effect", id="an for no"),
        pytest.param("ever harmful", "never harmful", id="ever for never"),
        pytest.param("one of them", "none of them", id="one for none"),
        pytest.param("calcium now", "calcium not", id="a negation mistyped"),
        pytest.param("hypocalcaemia", "hypercalcaemia", id="hypo for hyper"),
        pytest.param("hypercalcaemia", "hypocalcaemia", id="hyper for hypo"),
        pytest.param("antagonist", "antiagonist", id="anti"),
        pytest.param("uncarboxylated", "carboxylated", id="un"),
        pytest.param("decrease", "increase", id="in for de"),
        pytest.param("inactive", "active", id="in"),
        pytest.param("infertility", "fertility", id="in before another letter"),
        pytest.param("immeasurable", "measurable", id="im"),
        pytest.param("decalcified", "calcified", id="de"),
        pytest.param("atypical", "typical", id="a"),
        pytest.param("the hypotensive ones", "the hypertensive ones", id="within a phrase"),
    ],
)
def test_another_meaning_is_never_near(typed, right):
    assert not nearly(typed, right, Comparison())


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("vitamin k-independent", "vitamin k-dependent"),
        ("mono-saturated", "mono-unsaturated"),
        ("gamma/inactive form", "gamma/active form"),
    ],
)
def test_a_prefix_that_turns_the_meaning_counts_after_a_hyphen_too(typed, right):
    assert not nearly(typed, right, Comparison())


def test_a_known_wrong_answer_is_never_near():
    body = "key: Osteoblast\ndistractors:\n- {text: Osteoclast, feedback: It breaks bone down.}\n"
    sheet = Sheet(question_of("short", body))
    assert sheet.mark("osteoclast.") == Marking(WRONG, ("osteoclast.",), ("It breaks bone down.",))


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("", "", 0),
        ("same", "same", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "axc", 1),
        ("abc", "ac", 1),
        ("abc", "abbc", 1),
        ("abcd", "acbd", 1),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_slips_are_counted(first, second, count):
    assert slips(first, second, 9) == count


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(1, 8))
def test_slips_are_the_same_both_ways_and_never_more_than_asked_for(first, second, most):
    count = slips(first, second, most)
    assert count == slips(second, first, most) == min(slips(first, second, 99), most)
    assert (count == 0) == (first == second)


TABLE = [re.split(r"(?<=\S)\s{3,}", line.strip()) for line in wording.__doc__.split("\n")]
TABLE = [row for row in TABLE if len(row) == 4 and row[0] != "typed"]


@pytest.mark.parametrize(("typed", "keys", "rule", "verdict"), TABLE)
def test_the_table_of_rules_is_true(typed, keys, rule, verdict):
    key, *accept = keys.split("; ")
    data = {"id": "q", "type": "short", "stem": "What is it?", "rationale": "", "key": key, "accept": accept}
    question = build(data)
    comparison = question.comparison
    rules = {
        "same_spelling": comparison.same_spelling,
        "same": comparison.same,
        "same_all": lambda typed, key: bool(accept) and comparison.same_all(typed, [key, *accept]),
        "misspelt": comparison.misspelt,
        "nearly": lambda typed, key: nearly(typed, key, comparison),
        "holds": comparison.holds,
    }
    applying = (name for name, applies in rules.items() if any(applies(typed, one) for one in (key, *accept)))
    assert next(applying, "none") == rule
    assert Sheet(question).mark(typed).verdict.value == verdict


def test_the_table_of_rules_has_each_rule():
    assert len({rule for _, _, rule, _ in TABLE}) == 7


SEEDS = st.integers(0, 2**32)
SHUFFLED = {"choice": "options", "multiple": "options", "order": "options", "match": "partners"}


@pytest.mark.parametrize("kind", QUESTION_TYPES)
@given(seed=SEEDS)
def test_a_sheet_lists_exactly_what_the_question_has(kind, seed):
    sample = SAMPLES[kind]
    sheet = question_of_sample(kind).sheet(Random(seed))
    assert sorted(sheet.options) == sorted(sample.options)
    assert sorted(sheet.partners) == sorted(sample.partners)


@pytest.mark.parametrize("kind", QUESTION_TYPES)
@given(seed=SEEDS)
def test_the_same_seed_gives_the_same_sheet(kind, seed):
    question = question_of_sample(kind)
    assert question.sheet(Random(seed)) == question.sheet(Random(seed))


QUESTIONS = {}


def question_of_sample(kind):
    if kind not in QUESTIONS:
        QUESTIONS[kind] = question_of(kind, SAMPLES[kind].body)
    return QUESTIONS[kind]


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


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("kind", ["order", "match"])
def test_no_order_of_things_can_be_ruled_out(kind, count):
    right = [f"thing {number}" for number in range(count)]
    body = {"order": right} if kind == "order" else {"pairs": dict(zip("abc", right, strict=False))}
    question = question_of(kind, json.dumps(body)[1:-1] + "\n")
    counts = Counter(getattr(question.sheet(Random(seed)), SHUFFLED[kind]) for seed in range(1200))
    assert counts.keys() == set(permutations(right))
    assert counts[tuple(right)] / 1200 == pytest.approx(question.chance, abs=0.05)


def test_true_stands_always_before_false():
    assert {question_of_sample("true-false").sheet(Random(seed)).options for seed in range(50)} == {("True", "False")}


def typed_from(sheet, kind, wanted):
    """Type what means the same on this sheet."""
    if kind == "match":
        return "".join(LETTERS[sheet.partners.index(text)] for text in wanted)
    return "".join(str(sheet.options.index(text) + 1) for text in wanted)


def alike(marking):
    return marking.verdict, sorted(marking.given), sorted(marking.remarks)


@pytest.mark.parametrize("kind", SHUFFLED)
@given(data=st.data(), one=SEEDS, other=SEEDS)
def test_the_marking_does_not_depend_on_the_order_of_the_options(kind, data, one, other):
    question = question_of_sample(kind)
    first, second = question.sheet(Random(one)), question.sheet(Random(other))
    listed = sorted(getattr(first, SHUFFLED[kind]))
    if kind in ("order", "match"):
        wanted = data.draw(st.permutations(listed))
    else:
        wanted = data.draw(
            st.lists(st.sampled_from(listed), unique=True, min_size=1, max_size=1 + 9 * (kind == "multiple"))
        )
    markings = [alike(sheet.mark(typed_from(sheet, kind, wanted))) for sheet in (first, second)]
    assert markings[0] == markings[1]
    assert markings[0][0] in (RIGHT, WRONG)


def test_letters_with_the_numbers_of_their_things_may_come_in_any_order():
    turned = mark("match", "2c 1b 3a")
    assert turned in (mark("match", "1b 2c 3a"), Marking(UNREADABLE, ("2c 1b 3a",), turned.remarks))


def test_pairs_may_be_called_text_and_feedback():
    question = question_of("match", "pairs:\n  text: is read\n  feedback: is given\n")
    assert tuple(map(str, question.solution)) == ("text: is read", "feedback: is given")


@pytest.mark.parametrize(
    ("key", "typed", "verdict"),
    [
        ("cd ..", "cd ..", RIGHT),
        ("$HOME", "$HOMES", NEAR),
        ("$HOME", "it is `$HOME`", RIGHT),
        ("cd ..", "cd", WRONG),
        ("cd", "cd ..", WRONG),
        ("git add .", "git add .", RIGHT),
        ("git add .", "git add", WRONG),
        (".", ".", RIGHT),
        ("..", ".", WRONG),
        ("a != b", "a != b", RIGHT),
        (":wq!", ":wq!", RIGHT),
        (":wq!", ":wq", WRONG),
        ("quit", "quit!", RIGHT),
        ("2⁵", "2⁵", RIGHT),
        ("2⁵", "2^5", RIGHT),
        ("2⁵", "25", WRONG),
        ("H₂O", "H2O", RIGHT),
        ("-D", "-D", RIGHT),
        ("/dev/null", "dev/null", NEAR),
        ("?", "?", RIGHT),
        ("MK-7", "mk 7", RIGHT),
        ("MK-7", "MK7", RIGHT),
        ("MK-7", "MK-4", WRONG),
        ("bones", "the bone", RIGHT),
        ("not bone", "bone", WRONG),
        ("osteocalcin", "osteocalcin (or MGP)", WRONG),
        ("vitamin K1 (phylloquinone)", "vitamin K1", RIGHT),
        ("print()", "print", WRONG),
        ("K1", "K1, not K2", RIGHT),
        ("K1", "K1 - the one from plants", RIGHT),
        ("K1", "K1 or K2", WRONG),
        ("K1", "not K1", WRONG),
        ("K1", "K1 (not K2)", RIGHT),
        ("K1", "K1 and not K2", RIGHT),
        ("K1", "K1 not", WRONG),
        ("K1", "K1 (not)", WRONG),
        ("effective", "effective (not really)", WRONG),
        ("effective", "effective, not at all", WRONG),
        ("K1", "It was K1.", RIGHT),
        ("isoprene units", "isoprene (C5) units", RIGHT),
        ("25 (OH) D", "25 D", WRONG),
        ("safe", "safe but not effective", WRONG),
        ("osteocalcin", "the hormone osteocalcin", NEAR),
        ("low", "not low", WRONG),
        ("isoprene units", "units of isoprene", RIGHT),
        ("FGF23", "FGF no. 23", RIGHT),
        ("natto", "only natto, of course", RIGHT),
        ("natto", "not cheese but natto", RIGHT),
        ("natto", "not only natto but cheese", WRONG),
        ("cheese", "not cheese but natto", WRONG),
        ("natto", "natto rather than cheese", RIGHT),
        ("cheese", "natto rather than cheese", NEAR),
        ("cheese", "all except cheese", WRONG),
        ("clots", "clots cannot form", WRONG),
        ("clots", "clots that block a vessel", RIGHT),
        ("clots", "clots that never form", WRONG),
        ("clots", "clots do not form", WRONG),
        ("clots", "clots can not form", WRONG),
        ("clots", "clots don't form", WRONG),
        ("every day", "every day at the same time", RIGHT),
        ("every day", "the same every day", NEAR),
        ("K1 or K2", "either K1 or K2", RIGHT),
        ("cheese", "cheese such as Gouda", RIGHT),
        ("clots", "clots, e.g. in a leg", RIGHT),
        ("not finished", "it isn't finished", RIGHT),
        ("finished", "it isn't finished", WRONG),
        ("kidneys", "kidney(s)", RIGHT),
        ("marker", 'a "marker"', RIGHT),
        ("cheese and curd", "cheese & curd", RIGHT),
        ("haemorrhage", "hemorrhage", RIGHT),
        ("carboxylation of the tumour", "carboxylation of the tumor", RIGHT),
        ("mineralised", "mineralized", RIGHT),
        ("colours", "colors", RIGHT),
        ("labelled fibres", "labeled fibers", RIGHT),
    ],
)
def test_a_typed_answer_counts_for_what_it_says(key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key)
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize(
    ("language", "key", "typed", "verdict"),
    [
        ("de", "Hund", "der Hund", RIGHT),
        ("de", "der Hund", "die Hund", WRONG),
        ("de-AT", "Leber", "Das ist die Leber.", RIGHT),
        ("fr", "foie", "le foie", RIGHT),
        ("fr", "eau", "l'eau", RIGHT),
        ("fr", "la table", "le table", NEAR),
        ("fr", "pris", "prise", NEAR),
        ("fr", "l'été", "l'ete", NEAR),
        ("ja", "が", "か", WRONG),
        ("es", "hígado", "el hígado", RIGHT),
        ("fr", "l'été", "« l'été »", RIGHT),
        ("fr", "l'été", "l'été !", RIGHT),
        ("fr", "l'été", "« l'hiver »", WRONG),
        ("de", "Hund", "„der Hund“", RIGHT),
        ("ja", "肝臓", "肝臓。", RIGHT),
        ("ja", "肝臓", "「肝臓」", RIGHT),
        ("ja", "肝臓", "肝臓です。", RIGHT),
        ("ja", "肝臓です", "肝臓", WRONG),
        ("ja", "肝臓", "腎臓です", WRONG),
        ("en", "やま", "yama、やま", NEAR),
    ],
)
def test_words_around_an_answer_are_those_of_the_course_language(language, key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, language=language)
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize(
    ("typed", "verdict"), [("-D", RIGHT), (" -D ", RIGHT), ("-d", WRONG), ("-D.", WRONG), ("d", WRONG)]
)
def test_in_an_exact_answer_every_character_counts(typed, verdict):
    question = question_of("short", "key: -D\nexact: true\ndistractors:\n- {text: -d, feedback: Only merged ones.}\n")
    marking = Sheet(question).mark(typed)
    assert marking.verdict is verdict
    assert marking.remarks == (("Only merged ones.",) if typed == "-d" else ())


SEVERAL = ("surrogate marker", "surrogate endpoint", "proxy")


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("proxy or surrogate marker", RIGHT),
        ("surrogate marker / surrogate endpoint", RIGHT),
        ("proxy/surrogate endpoint/surrogate marker", RIGHT),
        ("surrogate marker, proxy", RIGHT),
        ("proxy - surrogate marker", RIGHT),
        ("proxy, outcome", NEAR),
        ("surrogate marker or endpoint", RIGHT),
        ("proxy or outcome", WRONG),
        ("surrogate marker or outcome", WRONG),
        ("surrogate or endpoint", WRONG),
        ("proxy or", WRONG),
        ("surrogate marker/not marker", WRONG),
    ],
)
def test_several_answers_are_right_if_each_is(typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=SEVERAL[0], accept=SEVERAL[1:])
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize("body", ["exact: true\n", "distractors:\n- {text: cats, feedback: Several.}\n"])
def test_several_answers_are_not_taken_apart_where_leniency_is_off(body):
    sheet = Sheet(question_of("short", f"key: cat\naccept: [dog]\n{body}"))
    assert sheet.mark("cat or dog").verdict is WRONG


@pytest.mark.parametrize(
    ("stem", "key", "typed", "verdict"),
    [
        ("What do the numbers in MK-4 or MK-9 count? Give one or two words.", "isoprene", "isoprene numbers", RIGHT),
        ("What do the numbers in MK-4 or MK-9 count? Give one or two words.", "isoprene", "they count isoprene", RIGHT),
        ("What do the numbers in MK-4 or MK-9 count? Give one or two words.", "isoprene", "two isoprene", NEAR),
        ("Does a high level point to a high or a low status?", "low", "low level", NEAR),
        ("Does it go up or stay?", "up", "up stay", NEAR),
        ("Is it calcium or MK-4?", "MK-4", "calcium MK-4", NEAR),
        ("Is it one or two or calcium?", "two", "two calcium", NEAR),
        ("What reverses heparin?", "protamine", "heparin is reversed by protamine", RIGHT),
        ("Which organ makes it?", "kidney", "organ: kidney", RIGHT),
    ],
)
def test_words_of_the_stem_may_be_added_unless_it_offers_a_choice(stem, key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, stem=stem)
    assert Sheet(question).mark(typed).verdict is verdict


EQUAL = (("vitamin", "vit.", "vit"), ("coumadin", "jantoven", "warfarin"))


@pytest.mark.parametrize(
    ("key", "typed", "verdict"),
    [
        ("warfarin", "Coumadin", RIGHT),
        ("warfarin", "Jantoven (a blood thinner)", RIGHT),
        ("vitamin K1", "vit K1", RIGHT),
        ("vitamin K1", "vit. k 1", RIGHT),
        ("vit K1", "Vitamin K1", RIGHT),
        ("vitamin K1", "vitality K1", WRONG),
        ("warfarin", "coumadine", NEAR),
    ],
)
def test_equal_words_count_as_the_same(key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, equal=EQUAL)
    assert Sheet(question).mark(typed).verdict is verdict


def test_equal_words_come_from_the_course_and_its_glossary(small):
    (small / "glossary.yaml").write_text("blue: {definition: A colour., also: [azure]}\n", "utf-8")
    bank = small / "questions.yaml"
    asked = "- {id: c1, type: short, stem: Which colour?, key: blue sky, rationale: r.}\n"
    asked += "- {id: c2, type: short, stem: What is another word for azure?, key: blue, rationale: r.}\n"
    asked += "- {id: c3, type: short, stem: Which colour of the sky?, key: sky blue, rationale: r.}\n"
    text = bank.read_text("utf-8").replace("questions:\n", f"equivalent: [[sky, heaven]]\nquestions:\n{asked}", 1)
    bank.write_text(text, "utf-8")
    questions = {question.id: question for question in Course(Files(small), Cache(None)).questions}
    assert Sheet(questions["c1"]).mark("azure heaven").verdict is RIGHT
    assert Sheet(questions["c2"]).mark("azure").verdict is WRONG
    assert Sheet(questions["c3"]).mark("heaven blue").verdict is RIGHT


def test_leniency_never_makes_a_wrong_answer_right():
    question = question_of("short", "key: bones\ndistractors:\n- {text: bone, feedback: One.}\n")
    assert [Sheet(question).mark(typed).verdict for typed in ("bones", "bone", "the bone")] == [RIGHT, WRONG, WRONG]


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


DISPLAYED = {
    "choice": ("key: '`[1, 2]`'\ndistractors: ['`(1, 2)`']\n", ["[1, 2]", "`[1, 2]`", "[1,2]"]),
    "choice, a fence": (
        "key: |\n  ```\n  <a>\n  <b>\n  ```\ndistractors: ['*a*']\n",
        ["<a> <b>", "<A>  <B>", "<a>\n<b>"],
    ),
    "multiple": ("keys: ['`-f`', '*both* of `-e`']\ndistractors: ['`-d`']\n", ["-f, both of -e", "both of -e and -f"]),
    "order": ("order: ['`git add`', '`git commit`', '`git push`']\n", ["git add, git commit > git push"]),
    "match": ("pairs: {'`//`': '`3`, rounded', '`/`': '`3.5`'}\n", ["3, rounded; 3.5", "`3`, rounded, `3.5`"]),
}


@pytest.mark.parametrize(
    ("kind", "body", "typed"),
    [
        pytest.param(name, body, typed, id=f"{name}-{typed}")
        for name, (body, all_) in DISPLAYED.items()
        for typed in all_
    ],
)
def test_an_option_can_be_typed_as_it_is_displayed(kind, body, typed):
    sheet = question_of(kind.partition(",")[0], body).sheet(Random(1))
    assert sheet.mark(typed).verdict is RIGHT


@pytest.mark.parametrize(
    ("kind", "body", "typed"),
    [
        ("choice", 'key: « mot »\ndistractors: ["„mot“"]\n', "«mot»"),
        ("multiple", "keys: [2⁵ - 1, 2² + 1]\ndistractors: [2⁴ - 1]\n", "2^5-1, 2^2+1"),
        ("multiple", "keys: [海, 川]\ndistractors: [火]\n", "海、川"),
        ("multiple", "keys: [海, 川]\ndistractors: [火]\n", "川・海"),
        ("multiple", "keys: [海, 川]\ndistractors: [火]\n", "海川"),
        ("order", "order: [私は, 毎日, 本を, 読みます。]\n", "私は毎日本を読みます。"),
        ("order", "order: [私は, 毎日, 本を, 読みます。]\n", "私は毎日本を読みます"),
        ("order", "order: ['-4', '-1', √2]\n", "-4 < -1 < √2"),
    ],
)
def test_options_can_be_typed_with_other_spaces_and_separators(kind, body, typed):
    assert question_of(kind, body).sheet(Random(1)).mark(typed).verdict is RIGHT


def test_words_of_a_script_with_spaces_are_not_taken_apart():
    sheet = question_of("multiple", "keys: [sun, day]\ndistractors: [moon]\n").sheet(Random(1))
    assert sheet.mark("sunday").verdict is UNREADABLE


def test_things_are_ordered_by_size_with_signs_between_their_numbers():
    question = question_of("order", "order: [one, two, three]\n")
    assert question.mark(Sheet(question, ("three", "one", "two")), "2<3<1").verdict is RIGHT


def test_a_digit_in_code_is_taken_for_the_number_of_an_option():
    report = Report("bank.yaml")
    read_question(parse(HEAD.format("choice") + "key: '`2`'\ndistractors: [two pairs]\n", report), report)
    assert "digit-option" in {fault.code for fault in report.faults}


PARTS = {
    "multiple": ("421", [("Heart", False, "It pumps."), ("Liver", True, ""), ("Kidney", True, "")], 0.5),
    "order": ("321", [("1. one", True, ""), ("2. three", False, ""), ("3. two", False, "")], 1 / 3),
    "match": ("bac", [("Skin: D3", True, ""), ("Leaves: K2", False, "K1"), ("Natto: K1", False, "K2")], 1 / 3),
}


@pytest.mark.parametrize("kind", PARTS)
def test_each_part_of_an_answer_is_marked(kind):
    typed, parts, share = PARTS[kind]
    marking = mark(kind, typed)
    assert [(str(part.part), part.right, part.remark) for part in marking.parts] == parts
    assert marking.share == pytest.approx(share)


def test_a_right_option_that_was_not_chosen_is_named():
    parts = mark("multiple", "2").parts
    assert [(str(part.part), part.right, part.left_out) for part in parts] == [
        ("Liver", True, False),
        ("Kidney", False, True),
    ]
    assert mark("multiple", "2134").share == 0


WORDLIKE = st.text(st.sampled_from("abcdeKZ 0179.-!?()/'\"é²₂ß,:;$~"), min_size=1, max_size=12)


@given(WORDLIKE, st.lists(WORDLIKE, max_size=3), st.sampled_from(["en", "de", "fr", "es", "ja"]), st.booleans())
def test_a_key_that_check_accepts_is_right_and_a_distractor_never(key, wrong, language, exact):
    listed = "".join(f"- {{text: {json.dumps(text)}, feedback: No.}}\n" for text in wrong)
    body = f"key: {json.dumps(key)}\nexact: {str(exact).lower()}\n" + (f"distractors:\n{listed}" if wrong else "")
    report = Report("bank.yaml")
    data = read_question(parse(HEAD.format("short") + body, report), report)
    if not data:
        return
    sheet = Sheet(build({**data, "language": language}))
    assert sheet.mark(key).verdict is RIGHT
    assert {sheet.mark(text).verdict for text in wrong} <= {WRONG}


@given(WORDLIKE, WORDLIKE, WORDLIKE)
def test_no_answer_is_right_for_a_key_and_for_a_wrong_answer(key, wrong, typed):
    def verdict(right, other):
        body = f"key: {json.dumps(right)}\ndistractors:\n- {{text: {json.dumps(other)}, feedback: No.}}\n"
        report = Report("bank.yaml")
        data = read_question(parse(HEAD.format("short") + body, report), report)
        return Sheet(build(data)).mark(typed).verdict if data else None

    assert [verdict(key, wrong), verdict(wrong, key)] != [RIGHT, RIGHT]


@pytest.fixture(scope="module")
def bank():
    return Course(Files(DATA), Cache(None)).questions


def test_every_solution_of_the_course_is_right_in_every_order(bank):
    for question in bank:
        for seed in range(5):
            sheet = question.sheet(Random(seed))
            assert (question.id, sheet.mark(solve(sheet)).verdict) == (question.id, RIGHT)


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


def test_every_known_miss_of_the_course_is_wrong_with_its_reason(bank):
    missed = 0
    for question in bank:
        for wrong in getattr(question, "distractors", ()) if question.type != "match" else ():
            sheet = question.sheet(Random(3))
            typed = typed_from(sheet, "multiple", [wrong.text]) if question.type == "multiple" else wrong.text
            marking = sheet.mark(typed)
            assert (question.id, marking.verdict) == (question.id, WRONG)
            remarks = [*marking.remarks, *(part.remark for part in marking.parts)]
            assert any(wrong.feedback in remark for remark in remarks)
            missed += 1
    assert missed > len(bank)


DISTRACTORS = "distractors:\n- {text: B, feedback: No.}\n"
MANY = "distractors:\n" + "".join(f"- {{text: T{number}, feedback: No.}}\n" for number in range(8))
FAULTY = {
    "choice": [
        (
            f"key: A\n{DISTRACTORS}place: 1\n",
            *(8, 1, "contradiction", "`place` needs `shuffle: false`; these options are shuffled"),
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: false\nplace: 3\n",
            *(9, 8, "contradiction", "found place 3, but there are 2 options"),
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: false\nplace: first\n",
            *(9, 8, "wrong-value", "found `first`, expected a whole number from 1 to 9"),
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: no\n",
            *(8, 10, "wrong-value"),
            "found `no` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: false\n",
            *(8, 10, "key-first"),
            "options in a fixed order start with the key; give its position under `place`",
        ),
        (
            "key: A\ndistractors:\n- {text: B, last: 'true'}\n",
            *(7, 19, "wrong-value", "found `true`, expected true or false, without quotes"),
        ),
        (DISTRACTORS, 1, 1, "missing-key", "`key` is missing; expected the right option"),
        ("key: A\n", 1, 1, "missing-key", "`distractors` is missing; expected the wrong options"),
        ("key: A\ndistractors: []\n", 6, 14, "wrong-length", "this list has 0 items, expected 1 to 8"),
        (
            f"key: A\n{MANY}- {{text: X, feedback: No.}}\n",
            7,
            1,
            "wrong-length",
            "this list has 9 items, expected 1 to 8",
        ),
        ("key: A\ndistractors: B\n", 6, 14, "wrong-type", "found text, expected a list"),
        (
            "key: A\ndistractors: [[B]]\n",
            6,
            15,
            "wrong-type",
            "found a list, expected text, or the keys: text, feedback, last",
        ),
        (
            "key: A\ndistractors: [a]\n",
            6,
            15,
            "alike-answers",
            "`a` differs from `A` only in case, punctuation or spaces; is that intended?",
        ),
        ("key: A\ndistractors: [A]\n", 6, 15, "duplicate-answer", "`A` is listed twice among the answers"),
        ("key: A\ndistractors: [No]\n", 6, 15, "yaml-trap", 'many YAML parsers read `No` as a boolean; write "No"'),
        (
            "key: A\ndistractors:\n- feedback: No.\n",
            7,
            3,
            "missing-key",
            "`text` is missing; expected the wrong answer",
        ),
        ("answer: A\n" + DISTRACTORS, 5, 1, "unknown-key", "unknown key `answer`; use `key`"),
        (
            *("key: A\noptions: [B]\n", 6, 1, "unknown-key"),
            "unknown key `options`; use `key` and `distractors`",
        ),
        ("key: [A]\n" + DISTRACTORS, 5, 6, "wrong-type", "found a list, expected text"),
        ("key: ''\n" + DISTRACTORS, 5, 6, "empty-value", "the value is empty, expected text"),
        (
            "key: B\n" + DISTRACTORS,
            7,
            10,
            "duplicate-answer",
            "`B` is listed twice among the answers",
        ),
        (
            "key: A\nkeys: [A]\n" + DISTRACTORS,
            6,
            1,
            "unknown-key",
            "unknown key `keys`; did you mean `key`?",
        ),
    ],
    "multiple": [
        *(
            (f"keys: [A, C]\n{DISTRACTORS}shuffle: false\nplaces: {places}\n", 9, column, "contradiction", message)
            for places, column, message in (
                ("[1, 4]", 9, "found place 4, but there are 3 options"),
                ("[1]", 9, "expected 2 places, one for each key"),
                ("[1, 1]", 9, "expected 2 places, one for each key"),
            )
        ),
        (f"keys: [A]\n{DISTRACTORS}place: 1\n", 8, 1, "unknown-key", "unknown key `place`; use `places`"),
        (
            f"keys: [A, C]\n{DISTRACTORS}shuffle: false\n",
            *(8, 10, "key-first"),
            "options in a fixed order start with the key; give its position under `places`",
        ),
        (DISTRACTORS, 1, 1, "missing-key", "`keys` is missing; expected the right options, if any"),
        ("keys: []\n" + DISTRACTORS, 1, 1, "wrong-length", "1 option under `keys` and `distractors`, expected 2 to 9"),
        (
            "keys: [A]\ndistractors: []\n",
            1,
            1,
            "wrong-length",
            "1 option under `keys` and `distractors`, expected 2 to 9",
        ),
        (f"keys: {list('ABCDEFGHIJ')}\n{DISTRACTORS}", 5, 7, "wrong-length", "this list has 10 items, expected 0 to 9"),
        ("keys: [A]\n", 1, 1, "missing-key", "`distractors` is missing; expected the wrong options, if any"),
        ("keys: A\n" + DISTRACTORS, 5, 7, "wrong-type", "found text, expected a list"),
        (
            "keys: [A, A]\n" + DISTRACTORS,
            5,
            11,
            "duplicate-answer",
            "`A` is listed twice among the answers",
        ),
        (
            "keys: [A, B]\n" + DISTRACTORS,
            7,
            10,
            "duplicate-answer",
            "`B` is listed twice among the answers",
        ),
        ("keys: [A, C]\n" + MANY, 1, 1, "wrong-length", "10 options under `keys` and `distractors`, expected 2 to 9"),
    ],
    "true-false": [
        ("", 1, 1, "missing-key", "`key` is missing; expected whether the statement is true"),
        (
            "key: yes\n",
            5,
            6,
            "wrong-value",
            "found `yes` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
        ("key: 'true'\n", 5, 6, "wrong-value", "found `true`, expected true or false, without quotes"),
        (
            "key: True\n",
            5,
            6,
            "wrong-value",
            "found `True` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
        ("key: [true]\n", 5, 6, "wrong-type", "found a list, expected true or false, without quotes"),
    ],
    "short": [
        ("", 1, 1, "missing-key", "`key` is missing; expected the right answer"),
        ("key: A\naccept: B\n", 6, 9, "wrong-type", "found text, expected a list"),
        ("key: No\n", 5, 6, "yaml-trap", 'many YAML parsers read `No` as a boolean; write "No"'),
        ("key: 1.10\n", 5, 6, "yaml-trap", 'many YAML parsers read `1.10` as a number; write "1.10"'),
        (
            "key: A\naccept: [010]\n",
            6,
            10,
            "yaml-trap",
            'many YAML parsers read `010` as an octal number; write "010"',
        ),
        ("key: A\naccept: [B, '']\n", 6, 13, "empty-value", "the value is empty, expected text"),
        ("key: A\naccept: [a]\n", 6, 10, "redundant-answer", "`a` is accepted already, because `A` is; remove it"),
        (
            "key: A\naccept: [B]\n" + DISTRACTORS,
            8,
            10,
            "duplicate-answer",
            "`B` is listed twice among the answers",
        ),
        (
            "key: A\ndistractors:\n- {text: B, last: true}\n",
            *(7, 13, "unknown-key", "unknown key `last`; expected one of: text, feedback"),
        ),
        ("key: A\naccepts: [B]\n", 6, 1, "unknown-key", "unknown key `accepts`; did you mean `accept`?"),
    ],
    "number": [
        ("", 1, 1, "missing-key", "`key` is missing; expected the right number or range"),
        (
            "key: many\n",
            5,
            6,
            "wrong-value",
            "found `many`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 4,000\n",
            5,
            6,
            "wrong-value",
            "found `4,000`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 4 IU\n",
            5,
            6,
            "wrong-value",
            "found `4 IU`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: [4]\n",
            5,
            6,
            "wrong-type",
            "found a list, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 0x10\n",
            5,
            6,
            "wrong-value",
            "found `0x10`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 1:30\n",
            5,
            6,
            "wrong-value",
            (
                "found `1:30` (many YAML parsers read it as a base-60 number), expected a number, "
                "such as 48 or 0.5, or a range, such as 20..25"
            ),
        ),
        (
            "key: 2014-05-06\n",
            5,
            6,
            "wrong-value",
            (
                "found `2014-05-06` (many YAML parsers read it as a date), expected a number, "
                "such as 48 or 0.5, or a range, such as 20..25"
            ),
        ),
        (
            "key: 010\n",
            5,
            6,
            "yaml-trap",
            "many YAML parsers read `010` as an octal number; write 10",
        ),
        ("key: 4\ntolerance: some\n", 6, 12, "wrong-value", "found `some`, expected a number, such as 48 or 0.5"),
        ("key: 5..4\n", 5, 6, "wrong-value", "found `5..4`, expected the smaller number first: 4..5"),
        (
            "key: 4..\n",
            5,
            6,
            "wrong-value",
            "found `4..`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        ("key: 4\naccept: 5\n", 6, 9, "wrong-type", "found text, expected a list"),
        ("key: 4\naccept: [4]\n", 6, 10, "duplicate-answer", "`4` is listed twice among the answers"),
        ("key: 4\ntolerance: 1..2\n", 6, 12, "wrong-value", "found `1..2`, expected a number, such as 48 or 0.5"),
        (
            "key: 4..6\ndistractors: ['5']\n",
            *(6, 15, "contradiction", "the distractor `5` would be marked right; expected a wrong number"),
        ),
        ("key: 4\nunits: {mg: 0}\n", 6, 13, "wrong-value", "found `0`, expected a number above 0"),
        ("key: 4\nunits: {mg: -1}\n", 6, 13, "wrong-value", "found `-1`, expected a number above 0"),
        ("key: 4\nunits: [mg]\n", 6, 8, "wrong-type", "found a list, expected a mapping"),
        ("key: 4\nunit: aaaaaaaaaaaaaaaaaaaaa\n", 6, 7, "wrong-length", "21 characters, expected at most 20"),
        (
            "key: 4\n" + DISTRACTORS,
            7,
            10,
            "contradiction",
            "the distractor `B` cannot be read; expected a wrong number",
        ),
        (
            "key: 4\ntolerance: 1\ndistractors:\n- {text: '5', feedback: No.}\n",
            8,
            10,
            "contradiction",
            "the distractor `5` would be marked right; expected a wrong number",
        ),
    ],
    "cloze": [
        ("", 1, 1, "missing-key", "`gaps` is missing; expected the right answers for each gap of the stem"),
        ("answers: [A, B]\n", 5, 1, "unknown-key", "unknown key `answers`; use `gaps`"),
        ("gaps: A\n", 5, 7, "wrong-type", "found text, expected a list"),
        ("gaps: [A, {key: B}]\n", 5, 11, "wrong-type", "found a mapping, expected a list"),
        ("gaps: [A, [B, [C]]]\n", 5, 15, "wrong-type", "found a list, expected text"),
        ("gaps: [A, []]\n", 5, 11, "wrong-length", "this list has 0 items, expected at least 1"),
        ("gaps: [A, '']\n", 5, 11, "empty-value", "the value is empty, expected text"),
        ("gaps: [A, No]\n", 5, 11, "yaml-trap", 'many YAML parsers read `No` as a boolean; write "No"'),
        (f"gaps: {list('ABCDEFGHIJ')}\n", 5, 7, "wrong-length", "this list has 10 items, expected 1 to 9"),
        ("gaps: [A]\n", 5, 7, "contradiction", "the stem has 2 gaps, but `gaps` lists 1; expected the same number"),
        (
            "gaps: [A, B, C]\n",
            5,
            7,
            "contradiction",
            "the stem has 2 gaps, but `gaps` lists 3; expected the same number",
        ),
        ("gaps: [A, [B, b]]\n", 5, 15, "redundant-answer", "`b` is accepted already, because `B` is; remove it"),
        (
            "gaps: [A, 'B; C']\n",
            *(5, 11, "wrong-value"),
            "`;` separates the answers to several gaps; ask this in a question with one gap",
        ),
        (
            "gaps: [A, B]\nexact: yes\n",
            6,
            8,
            "wrong-value",
            "found `yes` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
    ],
    "order": [
        ("", 1, 1, "missing-key", "`order` is missing; expected the things in the right order"),
        ("order: [A]\n", 5, 8, "wrong-length", "this list has 1 item, expected 2 to 9"),
        (f"order: {list('ABCDEFGHIJ')}\n", 5, 8, "wrong-length", "this list has 10 items, expected 2 to 9"),
        ("order: A\n", 5, 8, "wrong-type", "found text, expected a list"),
        ("order: [A, B, A]\n", 5, 15, "duplicate-answer", "`A` is listed twice among the answers"),
        ("order: [A, [B]]\n", 5, 12, "wrong-type", "found a list, expected text"),
    ],
    "match": [
        (
            "pairs: {A: x, B: y}\ndistractors: [z, X]\n",
            *(6, 18, "alike-answers", "`X` differs from `x` only in case, punctuation or spaces; is that intended?"),
        ),
        ("pairs: {A: x, B: y}\ndistractors: [x]\n", 6, 15, "duplicate-answer", "`x` is listed twice among the answers"),
        (
            f"pairs: {{A: x, B: y, C: w}}\n{MANY.replace('- {text: T7, feedback: No.}', '')}",
            *(1, 1, "wrong-length", "10 partners under `pairs` and `distractors`, expected at most 9"),
        ),
        ("", 1, 1, "missing-key", "`pairs` is missing; expected each thing and its partner"),
        ("pairs: {A: x}\n", 5, 8, "wrong-length", "this mapping has 1 key, expected 2 to 9"),
        ("pairs: [A, x]\n", 5, 8, "wrong-type", "found a list, expected a mapping"),
        (
            "pairs: {A: x, B: x}\n",
            5,
            18,
            "duplicate-answer",
            "`x` is listed twice among the answers",
        ),
        (
            "pairs: {No: x, B: y}\n",
            5,
            9,
            "yaml-trap",
            'many YAML parsers read `No` as a boolean; write "No"',
        ),
        (
            "pairs: {'No': x, B: 1:30}\n",
            5,
            21,
            "yaml-trap",
            'many YAML parsers read `1:30` as a base-60 number; write "1:30"',
        ),
        ("pairs: {A: x, B: }\n", 5, 18, "empty-value", "the value is empty, expected text"),
    ],
}


def faults_of(source):
    report = Report("bank.yaml")
    read_question(parse(source, report), report)
    assert {fault.path for fault in report.faults} == {"bank.yaml"}
    return [fault[1:] for fault in report.faults]


@pytest.mark.parametrize(
    ("kind", "body", "line", "column", "code", "message"),
    [
        pytest.param(kind, *row, id=f"{kind}-{number}")
        for kind, faulty in FAULTY.items()
        for number, row in enumerate(faulty, start=1)
    ],
)
def test_a_faulty_question_is_refused_with_its_fault_at_its_place(kind, body, line, column, code, message):
    assert faults_of(head(kind) + body) == [(line, column, code, message)]


ONE_OF = "expected one of: choice, multiple, true-false, short, number, order, match, cloze"
GOOD = HEAD.format("true-false") + "key: true\n"


@pytest.mark.parametrize(
    ("before", "after", "line", "column", "code", "message"),
    [
        ("id: a\n", "", 1, 1, "missing-key", "`id` is missing; expected a permanent id"),
        ("stem: What is asked?\n", "", 1, 1, "missing-key", "`stem` is missing; expected what is asked"),
        ("rationale: Because.", "rationale: ''", 4, 12, "empty-value", "the value is empty, expected text"),
        ("true-false", "boolean", 2, 7, "wrong-value", f"found `boolean`, {ONE_OF}; use `true-false`"),
        ("true-false", "[short]", 2, 7, "wrong-type", f"found a list, {ONE_OF}"),
        (
            "id: a",
            "id: Ä b",
            1,
            5,
            "wrong-value",
            (
                "found `Ä b`, expected an id of lower-case letters and digits, "
                "joined by single hyphens, dots or underscores"
            ),
        ),
        ("id: a", f"id: {'a' * 101}", 1, 5, "wrong-length", "101 characters, expected at most 100"),
        ("key:", "passage: D3#x\nkey:", 5, 10, "wrong-value", "found `D3#x`, expected page or page#heading"),
        (
            "key:",
            "level: hard\nkey:",
            5,
            8,
            "wrong-value",
            "found `hard`, expected one of: recall, understand, apply; use `apply`",
        ),
        (
            "key:",
            "level: easy peasy\nkey:",
            5,
            8,
            "wrong-value",
            "found `easy peasy`, expected one of: recall, understand, apply",
        ),
        ("stem:", "question:", 3, 1, "unknown-key", "unknown key `question`; use `stem`"),
        (
            "rationale:",
            "explanation:",
            4,
            1,
            "unknown-key",
            "unknown key `explanation`; use `rationale`",
        ),
        ("type:", "typ:", 2, 1, "unknown-key", "unknown key `typ`; did you mean `type`?"),
        ("type:", "Type:", 2, 1, "unknown-key", "unknown key `Type`; did you mean `type`?"),
        ("type:", "kind:", 2, 1, "unknown-key", "unknown key `kind`; use `type`"),
        ("key:", "revision: 0\nkey:", 5, 11, "wrong-value", "found `0`, expected a whole number from 1 to 1000000"),
        ("key:", "revision: 1.0\nkey:", 5, 11, "wrong-value", "found `1.0`, expected a whole number from 1 to 1000000"),
        ("key:", "sources: [a b]\nkey:", 5, 11, "wrong-value", "found `a b`, expected a source key"),
        ("key:", "context: [a]\nkey:", 5, 10, "wrong-type", "found a list, expected text"),
        ("key:", "scenario: a\nkey:", 5, 1, "unknown-key", "unknown key `scenario`; use `context`"),
        ("key:", "tags: numbers\nkey:", 5, 7, "wrong-type", "found text, expected a list"),
        ("key:", "tags: [['a']]\nkey:", 5, 8, "wrong-type", "found a list, expected one line of text"),
        ("key:", f"tags: [{'a' * 51}]\nkey:", 5, 8, "wrong-length", "51 characters, expected at most 50"),
        ("key:", 'tags: ["a\\nb"]\nkey:', 5, 8, "wrong-value", "found `a b`, expected one line of text"),
        ("key:", "keywords: [a]\nkey:", 5, 1, "unknown-key", "unknown key `keywords`; use `tags`"),
        ("key:", "hint: ''\nkey:", 5, 7, "empty-value", "the value is empty, expected text"),
        ("key:", "hnt: x\nkey:", 5, 1, "unknown-key", "unknown key `hnt`; did you mean `hint`?"),
        ("stem: What is asked?", "stem: [a]", 3, 7, "wrong-type", "found a list, expected text"),
        (
            "stem: What is asked?",
            f"stem: {'a' * 20_001}",
            3,
            7,
            "wrong-length",
            "20,001 characters, expected at most 20,000",
        ),
    ],
)
def test_what_all_kinds_have_is_checked(before, after, line, column, code, message):
    assert faults_of(GOOD.replace(before, after)) == [(line, column, code, message)]


@pytest.mark.parametrize(("source", "found"), [("just text", "text"), ("[a]", "a list")])
def test_what_is_no_question_is_refused(source, found):
    assert faults_of(source) == [
        (1, 1, "wrong-type", f"found {found}, expected a question with `id`, `type` and `stem`")
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("key: true\n", [], id="a judgement"),
        pytest.param("key: A\n", [], id="an answer"),
        pytest.param("key: 48\nunit: mg\n", [], id="a number"),
        pytest.param(
            "order: [A]\n", [(4, 8, "wrong-length", "this list has 1 item, expected 2 to 9")], id="an order at fault"
        ),
    ],
)
def test_a_question_without_its_type_is_read_as_what_it_looks_like(body, expected):
    faults = faults_of(HEAD.format("x").replace("type: x\n", "") + body)
    assert faults == [(1, 1, "missing-key", f"`type` is missing; {ONE_OF}"), *expected]


def test_all_faults_of_a_question_come_out_together():
    source = "id: A\ntype: choice\nkey: ''\ndistractors: []\n"
    assert [place[:2] for place in faults_of(source)] == [(1, 5), (1, 1), (3, 6), (4, 14)]


def test_two_things_that_differ_in_spaces_only_are_not_one_pair():
    assert faults_of(HEAD.format("match") + "pairs: {A: x, ' A': y, B: z}\n")


def test_a_pair_needs_something_on_its_left():
    assert faults_of(HEAD.format("match") + "pairs: {'': x, B: z}\n")


@pytest.mark.parametrize("units", ["{iu: 2}", "{IU: 40}", "{'': 40}"])
def test_a_unit_cannot_be_given_two_values(units):
    assert faults_of(HEAD.format("number") + f"key: 40\nunit: IU\nunits: {units}\n")


def test_two_spellings_of_one_unit_cannot_differ():
    assert faults_of(HEAD.format("number") + "key: 40\nunit: IU\nunits: {µg: 40, mcg: 4}\n")


def test_a_question_knows_its_page_and_heading():
    question = question_of(
        "true-false", "key: true\npassage: d3#two-steps\nlevel: apply\nsources: [a, b]\nrevision: 3\n"
    )
    assert (question.page, question.heading) == ("d3", "two-steps")
    assert (question.level, question.sources, question.revision) == ("apply", ("a", "b"), 3)


def test_a_distractor_may_come_without_its_reason():
    question = question_of("choice", "key: A\ndistractors:\n- B\n- {text: C, feedback: No.}\n- text: D\n")
    assert question.distractors == (("B", "", False), ("C", "No.", False), ("D", "", False))
    sheet = question.sheet(Random(1))
    assert (sheet.mark("B").verdict, sheet.mark("B").remarks) == (WRONG, ())
    assert sheet.mark("C").remarks == ("No.",)


@pytest.mark.parametrize("kind", ["choice", "multiple"])
def test_a_distractor_of_text_alone_may_hold_markup(kind):
    question = question_of(
        kind, "key{}: {}\ndistractors: ['`B` or *C*']\n".format(*("", "A") if kind == "choice" else ("s", "[A]"))
    )
    assert [span.style for block in question.blocks("`B` or *C*") for span in block.inlines] == ["code", "", "emphasis"]


@pytest.mark.parametrize("kind", ["short", "number"])
def test_a_known_miss_of_text_alone_is_literal(kind):
    question = question_of(
        kind, "key: 4\ndistractors: ['5']\n" if kind == "number" else "key: A\ndistractors: ['*B*']\n"
    )
    assert question.sheet(Random(1)).mark(question.distractors[0].text).verdict is WRONG


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


RANGES = "key: 20..25\naccept: [-3, 1e2..110.5]\nunit: g\n"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        *((answer, RIGHT) for answer in ("20", "25 g", "22.5", "0.02 kg", "-3", "100", "110.5 g", "0,1 kg")),
        *((answer, WRONG) for answer in ("19.99", "26", "3", "-2.9", "99", "111", "0")),
        *((answer, UNREADABLE) for answer in ("20..25", "many", "20 to 25")),
    ],
)
def test_any_number_of_a_range_is_right_and_so_are_others_that_are_accepted(answer, verdict):
    assert Sheet(question_of("number", RANGES)).mark(answer).verdict is verdict


def test_a_range_is_shown_in_words_and_names_both_its_ends():
    question = question_of("number", f"{RANGES}tolerance: 1\n")
    assert question.solution == (Part("20 to 25 or -3 or 1e2 to 110.5 g (within 1)"),)
    assert [(named.text, *named.where) for named in question.right] == [
        *(("20 g", "key"), ("25 g", "key"), ("-3 g", "accept", 0), ("1e2 g", "accept", 1), ("110.5 g", "accept", 1)),
    ]


def test_a_tolerance_widens_a_range_at_both_ends():
    sheet = Sheet(question_of("number", "key: -5..5\ntolerance: 0.5\n"))
    assert [sheet.mark(answer).verdict for answer in ("-5.5", "5.5", "-5.6", "5.6")] == [RIGHT, RIGHT, WRONG, WRONG]


@given(st.decimals(-1000, 1000, places=2), st.decimals(0, 1000, places=2), st.decimals(-3000, 3000, places=2))
def test_a_number_is_right_exactly_within_its_range(low, width, typed):
    sheet = Sheet(question_of("number", f"key: {low}..{low + width}\n"))
    assert (sheet.mark(str(typed)).verdict is RIGHT) == (low <= typed <= low + width)


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


TEXTS = st.text("abcdefgh ÄßжЖ`*_[]!:#;,.\\\n'\"", min_size=1, max_size=12).map(lambda text: f"t{text}t")
LISTS_OF_TEXTS = st.lists(TEXTS, min_size=1, max_size=4, unique_by=fold)
AMOUNTS = st.integers(-999, 999).flatmap(lambda low: st.sampled_from([str(low), f"{low}.50", f"{low}..{low + 3}"]))


@st.composite
def written(draw):
    """Return a question as its author may write it, with every field of its type."""
    kind = draw(st.sampled_from(sorted(QUESTION_TYPES)))
    texts = draw(st.lists(TEXTS, min_size=6, max_size=8, unique_by=fold))
    distractors = [{"text": text, "feedback": draw(TEXTS)} for text in texts[3:]]
    options = [{**wrong, "last": draw(st.booleans())} for wrong in distractors]
    own = {
        "choice": {"key": texts[0], "distractors": options, "shuffle": False, "place": draw(st.integers(1, 4))},
        "multiple": {"keys": texts[:2], "distractors": options, "shuffle": False, "places": [3, 1]},
        "true-false": {"key": draw(st.booleans())},
        "short": {"key": texts[0], "accept": texts[1:3], "exact": draw(st.booleans()), "distractors": distractors},
        "number": {
            "key": draw(AMOUNTS),
            "accept": ["2000"],
            "tolerance": "0.5",
            "unit": "g",
            "units": {"cup": "120"},
            "distractors": [{"text": "9999", "feedback": "Too many."}],
        },
        "order": {"order": texts},
        "match": {"pairs": {"left": texts[0], "right": texts[1]}, "distractors": distractors},
        "cloze": {
            "gaps": [draw(LISTS_OF_TEXTS.map(lambda gap: [text.replace(";", "") for text in gap])), [texts[0] * 3]],
            "exact": draw(st.booleans()),
        },
    }
    own["cloze"]["gaps"][1] = ["last"]
    stem = "From ___ to ___." if kind == "cloze" else draw(TEXTS)
    return {
        "id": "a",
        "type": kind,
        "stem": stem,
        "rationale": draw(TEXTS),
        "passage": "p#h",
        "context": "case",
        "hint": draw(TEXTS),
        "level": "apply",
        "sources": ["s"],
        "tags": ["one", "two words"],
        "revision": 2,
        **own[kind],
    }


@given(written())
def test_a_question_is_read_as_it_was_written(question):
    report = Report("bank.yaml")
    data = read_question(parse(json.dumps(question, ensure_ascii=False), report), report)
    assert [fault for fault in report.faults if fault.severity == "error"] == []
    markup = data.pop("markup", {})
    assert data == question
    kept = build(json.loads(json.dumps({**data, "markup": markup})))
    assert vars(kept) == vars(build({**data, "markup": markup}))


@given(written(), SEEDS)
def test_what_is_shown_as_the_right_answer_is_marked_right_and_no_distractor_is(question, seed):
    report = Report("bank.yaml")
    built = build(read_question(parse(json.dumps(question, ensure_ascii=False), report), report))
    sheet = built.sheet(Random(seed))
    assert sheet.mark(solve(sheet)).verdict is RIGHT
    for wrong in built.wrong:
        typed = str(sheet.options.index(wrong.text) + 1) if built.offers else wrong.text
        assert sheet.mark(typed).verdict is not RIGHT


def test_what_an_author_leaves_out_has_its_usual_value():
    question = question_of("true-false", "key: true\n")
    assert (question.passage, question.page, question.heading, question.hint) == ("", "", "", "")
    assert (question.level, question.sources, question.revision) == ("recall", (), 1)
    assert build(data_of(GOOD.replace("rationale: Because.\n", ""))).rationale == ""


def test_a_question_names_its_sources_and_its_passage_with_their_places():
    report = Report("bank.yaml")
    source = HEAD.format("true-false") + "key: true\npassage: d3#two-steps\nsources: [a, b]\n"
    read_question(parse(source, report), report)
    assert [tuple(mention) for mention in report.mentions] == [
        *(("passage", "d3#two-steps", 6, 10), ("source", "a", 7, 11), ("source", "b", 7, 14)),
    ]
