"""Numbers typed for an answer: how they are read, with their units, bounds and ranges."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_samples import NEAR, RIGHT, UNREADABLE, WRONG, mark, question_of, replace
from synergy_cli.course.numbers import readings
from synergy_cli.course.question import Marking, Part, Sheet, Verdict

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
    ("typed", "number"),
    [
        *(("one half", 0.5), ("a half", 0.5), ("a quarter", 0.25), ("three quarters", 0.75), ("one fourth", 0.25)),
        *(("two and one half hours", 2.5), ("a third", Fraction(1, 3)), ("the third", 3), ("minus seventeen", -17)),
        *(("about minus 17", -17), ("point five", 0.5), ("nought point five", 0.5), ("half a million", 500_000)),
        *(("a dozen", 12), ("one million five hundred thousand", 1_500_000), ("two and a half million", 2_500_000)),
        *(("twice", 2), ("once a day", 1), ("6 x 10**3", 6000)),
    ],
)
def test_parts_signs_and_large_numbers_in_words_are_read(typed, number):
    assert [reading.value for reading in readings(typed)] == [number]


@pytest.mark.parametrize("typed", ["twenty fifth", "a dozenth"])
def test_a_word_that_is_no_number_is_not_read_as_one(typed):
    assert readings(typed) == []


@pytest.mark.parametrize(
    ("stem", "key", "unit", "typed", "verdict"),
    [
        ("By how many degrees did it fall?", "17", "°C", "-17", RIGHT),
        ("By how many degrees did it fall?", "17", "°C", "minus 17 degrees", RIGHT),
        ("By how many degrees did it fall?", "-17", "°C", "17", WRONG),
        ("By how many degrees did it rise?", "17", "°C", "-17", NEAR),
        ("By how much did it change?", "17", "°C", "-17", NEAR),
        ("What is the lower limit?", "17", "°C", "-17", NEAR),
        ("Um wie viel Prozent sank der Preis?", "17", "%", "-17 %", RIGHT),
        ("Um wie viel Prozent stieg der Preis?", "17", "%", "-17 %", NEAR),
        ("De combien le prix a-t-il baissé ?", "17", "%", "moins 17 %", RIGHT),
        ("¿En qué porcentaje bajó el precio?", "17", "%", "-17 %", RIGHT),
        ("What share is it?", "21", "%", "a fifth", WRONG),
        ("What share is it?", "20", "%", "a fifth", RIGHT),
        ("What share is it?", "50", "%", "half", RIGHT),
        ("What share is it?", "20", "%", "half a percent", WRONG),
        ("What share is it?", "21", "%", "0.21", UNREADABLE),
        ("What share is it?", "21", "%", "0.21 %", WRONG),
        ("What share is it?", "0.21", "%", "0.21", RIGHT),
        ("What is the chance?", "0.5", "", "50 %", RIGHT),
        ("What is the chance?", "0.5", "", "fifty percent", RIGHT),
        ("What is the chance?", "0.5", "", "5 %", WRONG),
        ("What is it?", "100", "°C", "100 C", RIGHT),
        ("What is it?", "100", "°C", "100 degrees Celsius", RIGHT),
        ("What is it?", "100", "°C", "100º", RIGHT),
        ("What is it?", "100", "°C", "100 °F", UNREADABLE),
        ("What did it earn?", "1500000", "dollars", "$1.5 million", RIGHT),
        ("What did it earn?", "1500000", "dollars", "1,500,000 USD", RIGHT),
        ("What did it earn?", "1500000", "dollars", "€1.5 million", UNREADABLE),
        ("What did it earn?", "1500000", "dollars", "1.5", WRONG),
        ("How fast is light?", "300000", "km/s", "300k km/s", RIGHT),
        ("How heavy is it?", "0.25", "kg", "0.25 k", UNREADABLE),
        ("How heavy is it?", "250", "g", "a quarter of a kilo", RIGHT),
        ("How many are there?", "380000", "", "380 thousand", RIGHT),
        ("How often a day?", "4", "", "4x a day", RIGHT),
        ("How often a day?", "2", "", "twice a day", RIGHT),
        ("What does it magnify?", "40", "", "40×", RIGHT),
        ("When did it end?", "1945", "", "1945 AD", RIGHT),
        ("When did it end?", "1945", "", "in May 1945", RIGHT),
        ("When did it end?", "1945", "", "it ended in 1945", RIGHT),
        ("When did it end?", "1945", "", "after 1945", UNREADABLE),
        ("When did it end?", "1945", "", "1945 BC", UNREADABLE),
        ("When BC did he die?", "44", "", "44 B.C.", RIGHT),
        ("When BC did he die?", "44", "", "44 AD", UNREADABLE),
        ("How old was he?", "35", "years", "he was aged 35", RIGHT),
        ("How long at least?", "7", "h", "7+ hours", RIGHT),
        ("How long at most?", "7", "h", "7+ hours", UNREADABLE),
        ("How many millimetres has an inch?", "25.4", "mm", "one inch is 25.4 mm", RIGHT),
        ("Wie lange dauert es?", "150", "Minuten", "2,5 Std.", RIGHT),
    ],
)
def test_a_number_counts_for_what_it_says(stem, key, unit, typed, verdict):
    question = replace(question_of("number", "key: 1\n"), stem=stem, key=key, unit=unit)
    assert Sheet(question).mark(typed).verdict is verdict


def test_a_minus_counts_if_a_distractor_has_one():
    body = "key: 17\ndistractors:\n- {text: '-17', feedback: A fall is no negative fall.}\n"
    question = replace(question_of("number", body), stem="By how many degrees did it fall?")
    assert Sheet(question).mark("-17").remarks == ("A fall is no negative fall.",)


def test_a_decimal_where_percent_are_asked_for_is_asked_back():
    remarks = Sheet(question_of("number", "key: 21\nunit: '%'\n")).mark("0.21").remarks
    assert remarks == ("0.21 or 21? Type 0.21 or 21.",)


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
