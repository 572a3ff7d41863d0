"""What holds for every type of question: which answers it takes, how it is shuffled, and how it is read."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import DATA
from question_samples import (
    GOOD,
    HEAD,
    NEAR,
    RIGHT,
    SAMPLES,
    SEEDS,
    SHUFFLED,
    UNREADABLE,
    WRONG,
    data_of,
    mark,
    question_of,
    question_of_sample,
    sheet_of,
    solve,
    typed_from,
)
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.question import InputMode, Marking
from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_types import QUESTION_TYPES, build
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.text import fold
from test_question_faults import FAULTY

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
        "4101": (("4101",), ()),
        "3899.999": (("3899.999",), ()),
        "½": (("½",), ()),
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
    "number": ["-4000", "\N{MINUS SIGN}4,000", "minus 4000", "-100 µg"],
}
CHECK = {"number": "Almost: give the number without its sign."}
"""What to check in a near miss, unless it is the spelling."""
MISSPELT = {
    "short": {
        **dict.fromkeys(("Osteocalcn", "It is osteocallcin.", "ostoecalcin", "ostiocalcin"), "Osteocalcin"),
        "bone Gla protien": "bone Gla protein",
    },
    "cloze": {"the liver; kidny": "2. kidney", "lliver; kidneey": "1. liver 2. kidney"},
}
NEVER_NEAR = set(QUESTION_TYPES) - {"short", "cloze", "number"}


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


@pytest.mark.parametrize(("kind", "answer"), rows(NEAR_ANSWERS))
def test_a_near_miss_is_told_apart_and_never_passed(kind, answer):
    marking = mark(kind, answer)
    assert (marking.verdict, marking.given) == (NEAR, tuple(answer.split("; ")))
    assert {remark.lstrip("12. ") for remark in marking.remarks} == {CHECK.get(kind, "Almost: check the spelling.")}


@pytest.mark.parametrize("kind", sorted(NEVER_NEAR))
def test_only_what_is_typed_can_be_nearly_right(kind):
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


@pytest.fixture(scope="module")
def bank():
    return Course(Files(DATA), Cache(None)).questions


def test_every_solution_of_the_course_is_right_in_every_order(bank):
    for question in bank:
        for seed in range(5):
            sheet = question.sheet(Random(seed))
            assert (question.id, sheet.mark(solve(sheet)).verdict) == (question.id, RIGHT)


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
