"""Courses made from real material: what their authors write, and what learners see of it."""

from __future__ import annotations

import json

import pytest

from harness import in_process, process, widest
from learner import scripted_call
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files

HEAD = "format: 1\nid: made\ntitle: Made\n"
BARE = """\
- id: sea
  type: true-false
  stem: The sea is salt.
  key: true
"""


@pytest.fixture
def made(tmp_path):
    """Return a function that writes a course from its questions, and more of its header and more files if given."""

    def write(questions=BARE, head="", **files):
        for name, text in {"questions.yaml": f"{HEAD}{head}questions:\n{questions}", **files}.items():
            path = tmp_path / "made" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path / "made"

    return write


def faults(course, *options):
    """Return what `check` reports: line, column, code and message."""
    found = json.loads(in_process("check", course, "--json", *options).stdout)["faults"]
    return [(fault["line"], fault["column"], fault["code"], fault["message"]) for fault in found]


def codes(course):
    return [code for _, _, code, _ in faults(course)]


def test_a_question_without_a_rationale_shows_none(made, learn):
    shown = learn(made(), 1, ["1"])
    assert "Right." in shown
    assert "None" not in shown


# what a course says about itself

ABOUT = 'description: Bread, for beginners.\nauthors: [Ada Baker, Ben Miller]\nversion: "1.10"\n'


def test_a_course_says_who_wrote_it_and_what_it_teaches(made):
    course = made(head=ABOUT)
    for command in ([], ["explain"]):
        shown = in_process("--course", course, *command).stdout
        if command:
            assert "by Ada Baker, Ben Miller · version 1.10\n\nBread, for beginners.\n" in shown
    about = json.loads(in_process("--course", course, "explain", "--json").stdout)["course"]
    assert (about["description"], about["authors"], about["version"]) == (
        "Bread, for beginners.",
        ["Ada Baker", "Ben Miller"],
        "1.10",
    )


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("authors: Ada Baker", 10, "wrong-type"),
        ("authors: [[Ada]]", 11, "wrong-type"),
        (f"authors: [{'A' * 101}]", 11, "wrong-length"),
        ("author: Ada Baker", 1, "unknown-key"),
        ("version: 1.10", 10, "yaml-trap"),
        ("version: [1]", 10, "wrong-type"),
        ("description: ''", 14, "empty-value"),
        ("summary: Bread", 1, "unknown-key"),
    ],
)
def test_what_a_course_says_about_itself_is_checked(made, line, column, code):
    assert (4, column, code) in [fault[:3] for fault in faults(made(head=f"{line}\n"))]


def test_a_document_names_the_authors_of_the_course(small):
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("questions:", f"{ABOUT}questions:"), "utf-8")
    assert (
        'author: ["Ada Baker", "Ben Miller"]\n'
        in in_process("--course", small, "explain", "sky", "--format", "md").stdout
    )


# options that have an order

ORDERED = """\
- id: often
  type: choice
  stem: How often?
  key: Often
  distractors:
  - Never
  - {text: None of these, last: true}
  - Rarely
  shuffle: false
  place: 3
"""


def test_options_in_an_order_are_listed_so_in_a_session_and_an_exam(made, learn):
    course = made(ORDERED)
    listed = "  1  Never\n  2  Rarely\n  3  Often\n  4  None of these\n"
    shown = learn(course, 5, ["1", "3"])
    assert shown.count(listed) == 2
    assert in_process("--course", course, "quiz", "--exam", stdin="3\n").stdout.count(listed) == 1
    assert [code for code in codes(course) if code not in ("no-feedback", "no-rationale")] == []


# all right, none right

NONE_RIGHT = """\
- id: planets
  type: multiple
  stem: Which of these are planets?
  keys: []
  distractors: [{text: The moon, feedback: It circles one.}, The sun]
"""


def test_none_of_several_options_may_be_right(made, learn):
    shown = learn(made(NONE_RIGHT), 1, ["1", "0"])
    assert "No option is right." in shown
    assert "Second try" in shown
    assert "Right." in shown


def test_a_skipped_question_without_a_right_option_says_so(made, learn):
    assert "Right answer: none of them" in learn(made(NONE_RIGHT), 1, ["s"])


def test_an_answer_of_none_is_an_answer_in_an_exam(made):
    done = in_process("--course", made(NONE_RIGHT), "quiz", "--exam", "--answers", "-", "--json", stdin="0\n")
    (attempt,) = json.loads(done.stdout)["attempts"]
    assert (attempt["right"], attempt["answer"], attempt["key"]) == (True, ["none of them"], ["none of them"])


# more partners than pairs

PARTNERS = """\
- id: birds
  type: match
  stem: What does each eat?
  pairs: {Owl: Mice, Heron: Fish}
  distractors: [{text: Grass, feedback: No bird here does.}]
"""


def test_a_partner_of_nothing_is_listed_and_explained(made, learn):
    shown = learn(made(PARTNERS), 1, ["Mice Grass", "Mice Fish"])
    assert shown.count("  c  ") == 2
    assert "Heron: Grass" in shown
    assert "Fish\n" in shown.partition("Heron: Grass")[2]
    assert "No bird here does." in shown
    assert "Right." in shown


# several right numbers

RANGE = """\
- id: rest
  type: number
  stem: How warm is the oven for bread?
  key: 220..240
  accept: [250]
  unit: °C
"""


def test_any_number_of_a_range_is_right_and_all_are_named_after_a_wrong_one(made, learn):
    shown = learn(made(RANGE), 1, ["300", "225 °C"])
    assert "Right answer: 220 to 240 or 250 °C" in shown
    assert "Right. Your answer: 225 °C\n" in shown


# topics and tags

GRAINS = {
    "questions/02-rye-bread.yaml": """\
questions:
- {id: rye, type: true-false, stem: Rye is a grain., key: true, tags: [Grains, easy]}
- {id: loaf, type: true-false, stem: Rye makes a loaf., key: true, tags: [loaves]}
""",
    "questions/10-wheat.yaml": """\
questions:
- {id: wheat, type: true-false, stem: Wheat is a grain., key: true, tags: [grains]}
""",
}


@pytest.fixture
def grains(made):
    return made(**GRAINS)


def asked(course, *arguments, stdin=""):
    done = in_process("--course", course, "quiz", *arguments, "--seed", "1", "--json", stdin=stdin or "1\n" * 9)
    assert done.stderr == ""
    return {attempt["id"]: (attempt["topic"], attempt["tags"]) for attempt in json.loads(done.stdout)["attempts"]}


def test_a_file_of_questions_is_a_topic_of_its_name(grains, learn):
    assert asked(grains, "rye") == {"rye": ("rye-bread", ["Grains", "easy"]), "loaf": ("rye-bread", ["loaves"])}
    assert asked(grains, "Wheat", "rye-bread").keys() == {"rye", "loaf", "wheat"}
    assert asked(grains)["sea"] == ("", [])
    shown = learn(grains, 1, ["1"] * 4)
    assert "· Rye bread · recall" in shown
    assert "· Wheat · recall" in shown


def test_a_course_may_have_all_its_questions_in_files_of_topics(grains):
    (grains / "questions.yaml").write_text(HEAD, "utf-8")
    assert set(codes(grains)) == {"no-rationale"}
    assert asked(grains).keys() == {"rye", "loaf", "wheat"}
    for path in (grains / "questions").iterdir():
        path.unlink()
    assert [fault[2:] for fault in faults(grains)] == [
        ("missing-key", "`questions` is missing; expected the questions")
    ]


def test_topics_are_listed_in_the_order_of_their_files(grains):
    listed = in_process("--course", grains, "explain").stdout
    assert listed.index("2 topics · 4 questions") < listed.index("rye-bread") < listed.index("wheat")
    assert " 0 " not in listed
    assert "unread" not in listed
    rows = in_process("--course", grains, "explain", "--plain").stdout.splitlines()
    assert [row.split("\t")[:5] for row in rows] == [
        ["0", "rye-bread", "Rye bread", "0", "2"],
        ["0", "wheat", "Wheat", "0", "1"],
    ]
    topics = json.loads(in_process("--course", grains, "explain", "--json").stdout)["topics"]
    assert [(topic["id"], topic["title"], topic["questions"]) for topic in topics] == [
        *(("rye-bread", "Rye bread", 2), ("wheat", "Wheat", 1)),
    ]


def test_progress_goes_by_topic(grains):
    assert asked(grains, "wheat")
    sections = json.loads(in_process("--course", grains, "progress", "--json").stdout)["sections"]
    assert [(section["id"], section["questions"], section["new"]) for section in sections] == [
        *(("rye-bread", 2, 2), ("wheat", 1, 0), (None, 1, 1)),
    ]
    assert "quiz wheat --practice" in in_process("--course", grains, "progress", "--width", "300").stdout


def test_a_topic_without_a_page_has_nothing_to_read(grains):
    done = in_process("--course", grains, "explain", "rye-bread")
    assert (done.stdout, done.status) == ("", 1)
    assert "has questions, but nothing to read" in done.stderr
    assert "quiz rye-bread" in done.stderr


def test_no_number_leads_to_a_topic(grains):
    assert in_process("--course", grains, "quiz", "0").status == 2
    assert in_process("--course", grains, "quiz", "1").status == 2


def test_a_question_about_a_page_is_on_the_topic_of_the_page(small):
    (small / "questions").mkdir()
    line = "questions:\n- {id: rye, type: true-false, stem: Rye is a grain., key: true, passage: sky}\n"
    (small / "questions" / "rye.yaml").write_text(line + line[11:].replace("rye", "rye2").replace(", passage: sky", ""))
    assert asked(small, "sky", stdin="s\n" * 99).keys() == {"colour", "stars", "rye"}
    assert asked(small, "rye").keys() == {"rye2"}


def test_questions_are_chosen_by_a_tag(grains):
    assert asked(grains, "--tag", "grains").keys() == {"rye", "wheat"}
    assert asked(grains, "--tag", "EASY", "--tag", "loaves").keys() == {"rye", "loaf"}
    assert asked(grains, "rye", "--tag", "grains").keys() == {"rye"}


def completed(course, *words):
    done = process("--", *words, env={"_SYNERGY_COMPLETE": "1", "SYNERGY_COURSE": str(course)})
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def test_topics_and_tags_are_completed_where_questions_are_chosen(grains):
    assert completed(grains, "quiz", "") == ["rye-bread", "wheat"]
    assert completed(grains, "quiz", "--tag", "e") == ["easy"]
    assert completed(grains, "explain", "") == []


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--tag", "graines"], 2, "No question has the tag `graines`. Did you mean grains?"),
        (["--tag", "zzz"], 2, "No question has the tag `zzz`. All tags: "),
        (["wheat", "--tag", "loaves"], 1, "No question in these sections has the tag `loaves`.\n"),
    ],
    ids=str,
)
def test_a_tag_that_no_question_has_is_wrong_usage_with_a_hint(grains, arguments, status, told):
    done = in_process("--course", grains, "quiz", *arguments)
    assert done.status == status
    assert done.stderr.startswith(f"synergy: {told}")
    assert status == 1 or "grains" in done.stderr


def test_where_there_are_no_tags_it_says_so(small):
    done = in_process("--course", small, "quiz", "--tag", "grains")
    assert (done.status, done.stderr) == (2, "synergy: No question of this course has a tag.\n")


def test_the_session_is_repeated_with_its_tags(grains):
    options = ("quiz", "--tag", "grains", "--seed", "3", "--unsaved", "--width", "300")
    shown = in_process("--course", grains, *options, stdin="1\n1\n").stdout
    assert "quiz --tag grains --unsaved --seed 3" in shown


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("oven", "oven"),
        ("01-oven", "oven"),
        ("1. The oven", "the-oven"),
        ("Über Öfen", "über-öfen"),
        ("2024", "2024"),
        ("3-2-1", "2-1"),
        ("a_b", "a_b"),
    ],
)
def test_a_topic_is_named_as_a_person_would_type_it(made, name, topic):
    (text,) = (GRAINS["questions/10-wheat.yaml"],)
    course = made(**{f"questions/{name}.yaml": text})
    assert asked(course, topic)["wheat"][0] == topic


# gaps

GAPS = """\
- id: organs
  type: cloze
  stem: From the ___ to the ___.
  gaps: [liver, [kidney, kidneys]]
  rationale: In this order.
- id: one
  type: cloze
  stem: Water runs ___.
  gaps: [down]
"""


def test_gaps_are_numbered_and_marked_one_by_one(made, learn):
    shown = learn(made(GAPS.partition("- id: one")[0]), 1, ["liver", "liver; heart", "the liver; kidneys"])
    assert "From the __1__ to the __2__." in shown
    assert "Expected 2 answers separated by ;, for example `a; b`." in shown
    assert "Wrong. 1 of 2 gaps is right.\n  ✓ 1. liver\n  ✗ 2. heart\n    → kidney\n" in shown
    assert "Right. Your answer: the liver; kidneys\n\n  In this order.\n" in shown


def test_a_slip_in_a_gap_gets_one_more_try(made, learn):
    shown = learn(made(GAPS.partition("- id: one")[0]), 1, ["livr; kidney", "liver; kidney"])
    assert "1. Almost: check the spelling." in shown
    assert "Result: 1 of 1 right" in shown


def test_a_slip_that_makes_no_other_word_is_right_and_the_spelling_is_shown(made, learn):
    shown = learn(made(GAPS.partition("- id: one")[0]), 1, ["liver; the kidny"])
    assert "Right. Your answer: liver; the kidny\n  2. Spelling: kidney\n" in shown
    assert "Result: 1 of 1 right" in shown


def test_a_skipped_text_is_filled_in(made, learn):
    assert "Right answer:\n    1. liver\n    2. kidney\n" in learn(made(GAPS.partition("- id: one")[0]), 1, ["s"])


def test_an_exam_gives_part_marks_for_gaps(made):
    course = made(GAPS)
    done = in_process("--course", course, "quiz", "--exam", "--seed", "1", "--json", stdin="up\nliver; heart\n")
    exam = json.loads(done.stdout)
    assert (exam["right"], exam["percent"], exam["part_marks_percent"]) == (0, 0, 25)
    assert {attempt["id"]: attempt["answer"] for attempt in exam["attempts"]} == {
        "organs": ["liver", "heart"],
        "one": ["up"],
    }


def test_a_claimed_wording_of_gaps_is_named_whole_with_where_it_belongs(made):
    course = made(GAPS.partition("- id: one")[0])
    scripted_call(["--course", course, "quiz"], ["hepar; kidney", "r"])
    found = [message for *_, code, message in faults(course, "--with-history") if code == "claimed-answer"]
    said = "`hepar; kidney` was marked wrong once, and the learner disagreed; add it under `gaps`"
    assert found == [said]


# pictures

PICTURES = """\
- id: loaf
  type: choice
  stem: |
    Which one is it?
    ![A round loaf](pictures/loaf.svg)
  key: "![Rye](rye.png)"
  distractors: ["![Wheat](https://example.org/wheat.png)"]
  rationale: Rye is dark. ![](pictures/loaf.svg)
"""


@pytest.mark.parametrize("width", [40, 80])
def test_a_picture_is_shown_by_what_it_shows_and_its_file(made, width):
    course = made(PICTURES, **{"pictures/loaf.svg": "<svg/>", "rye.png": "x"})
    assert "missing-image" not in codes(course)
    shown = in_process("--course", course, "quiz", "--seed", "2", "--width", width, stdin="![Rye](rye.png)\n").stdout
    dense = "".join(shown.split())
    for text in (
        "Which one is it? Picture: A round loaf (pictures/loaf.svg)",
        "Picture: Rye (rye.png)",
        "Picture: Wheat (https://example.org/wheat.png)",
        "Rye is dark. Picture (pictures/loaf.svg)",
    ):
        assert text.replace(" ", "") in dense
    assert widest(shown.partition("Result")[0].splitlines()) <= width


@pytest.mark.parametrize("path", ["../secret.png", "/etc/secret.png", "a/../../secret.png"])
def test_a_picture_outside_the_course_is_not_there(made, path):
    course = made(BARE.replace("salt.", f"salt. ![a]({path})"))
    (course.parent / "secret.png").write_text("x")
    assert "missing-image" in codes(course)


# a text that several questions share

CASE = """\
contexts:
  case: |
    A loaf is *cold* at noon.

    ```
    print("loaf")
    ```
  other: It is warm. ![An oven](oven.png)
"""
OF_CASE = """\
- id: cold
  type: true-false
  context: case
  stem: It is cold.
  key: true
- id: warm
  type: true-false
  context: other
  stem: It is cold.
  key: false
- id: neither
  type: cloze
  context: case
  stem: At ___ it is ___.
  gaps: [noon, cold]
"""
SHOWN = 'A loaf is cold at noon.\n\nprint("loaf")\n\nIt is cold.\n'


@pytest.fixture
def case(made):
    return made(OF_CASE, CASE, **{"oven.png": "x"})


def test_a_context_is_shown_above_the_stem_of_each_of_its_questions(case, learn):
    shown = learn(case, 1, ["s"] * 3)
    assert SHOWN in shown
    assert "It is warm. Picture: An oven (oven.png)\n\nIt is cold.\n" in shown
    assert 'print("loaf")\n\nAt __1__ it is __2__.\n' in shown


def test_an_exam_shows_contexts_with_its_questions_and_its_feedback(case):
    shown = in_process("--course", case, "quiz", "--exam", stdin="s\n" * 3).stdout
    assert shown.count("A loaf is cold at noon.") == 4
    assert ". A loaf is cold at noon.\n\n   print" in shown


def test_a_context_is_given_to_programs(case):
    done = in_process("--course", case, "quiz", "--json", "--answers", "-", stdin="s\ns\ns\n")
    contexts = {attempt["id"]: attempt["context"] for attempt in json.loads(done.stdout)["attempts"]}
    assert contexts["warm"] == "It is warm. ![An oven](oven.png)"
    assert contexts["cold"] == contexts["neither"]


def test_stems_that_are_alike_in_two_contexts_ask_two_things(case):
    assert set(codes(case)) == {"no-rationale"}


def test_a_course_whose_contexts_come_from_the_cache_is_the_same(case, tmp_path, monkeypatch):
    monkeypatch.setattr("synergy_cli.replay.reads.TOO_FRESH", -(10**18))
    files, cache = Files(case), Cache(tmp_path / "kept")
    fresh = Course(files, cache).questions
    assert list((tmp_path / "kept").iterdir())
    again = Course(files, Cache(tmp_path / "kept")).questions
    assert [vars(question) for question in again] == [vars(question) for question in fresh]


def test_a_context_belongs_to_its_file(made):
    course = made(OF_CASE.partition("- id: warm")[0], CASE.replace("case:", "cases:"), **{"oven.png": "x"})
    more = OF_CASE.replace("id: ", "id: more-")
    (course / "questions").mkdir()
    (course / "questions" / "more.yaml").write_text(f"questions:\n{more}", "utf-8")
    found = [message for *_, code, message in faults(course) if code == "missing-context"]
    assert found == [
        "this file has no `case` under `contexts`; did you mean `cases`?",
        *["this file has no `case` under `contexts`; expected one that exists"],
        *["this file has no `other` under `contexts`; expected one that exists"],
        *["this file has no `case` under `contexts`; expected one that exists"],
    ]


@pytest.mark.parametrize(
    ("head", "place", "code"),
    [
        ("contexts: [a]\n", (4, 11), "wrong-type"),
        ("contexts: {case: ''}\n", (4, 18), "empty-value"),
        ("contexts: {case: 'See <br> here'}\n", (4, 18), "unsupported-markdown"),
        ("contexts: {case: '![a](b.png)'}\n", (4, 18), "missing-image"),
    ],
)
def test_contexts_are_checked(made, head, place, code):
    course = made(OF_CASE.partition("- id: warm")[0], head)
    assert (*place, code) in [fault[:3] for fault in faults(course)]


# questions are found


def found(course, *words):
    done = in_process("--course", course, "search", *words, "--json")
    assert done.stderr == ""
    return [tuple(hit.values())[:4] for hit in json.loads(done.stdout)["hits"] if hit["kind"] == "question"]


def test_questions_are_found_by_stem_and_context_with_the_way_to_them(case):
    assert found(case, "cold") == [
        ("question", "Made", 'A loaf is cold at noon. print("loaf") It is cold.', "quiz"),
        ("question", "Made", "It is warm. Picture: An oven (oven.png) It is cold.", "quiz"),
        ("question", "Made", 'A loaf is cold at noon. print("loaf") At __1__ it is __2__.', "quiz"),
    ]
    assert [hit[2][:5] for hit in found(case, "print")] == ["A loa", "A loa"]


def test_a_question_is_found_with_its_topic(made, small):
    assert found(made(**GRAINS), "wheat") == [("question", "Wheat", "Wheat is a grain.", "quiz wheat")]
    assert found(small, "colour") == [
        ("question", "The sky", "Which colour has the sky by day?", "quiz sky#by-day"),
    ]


@pytest.mark.parametrize("word", ["Often", "Never", "None", "sediment", "mud", "kidneys"])
def test_nothing_that_gives_a_key_away_is_searched(made, word):
    more = "  rationale: Sediment.\n  hint: Think of mud.\n"
    course = made(ORDERED.replace("How often?", "How?").replace("id: often", "id: a") + more + GAPS)
    done = in_process("--course", course, "search", word)
    assert (done.stdout, done.status) == ("", 1)


def test_a_bank_at_fault_costs_its_questions_only(small):
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("key: Blue", "key: [Blue"), "utf-8")
    done = in_process("--course", small, "search", "sky", "--width", "300")
    assert done.status == 0
    assert "explain sky" in " ".join(done.stdout.split())
    assert "left out" in done.stderr


def test_a_rule_that_beats_chance_is_reported_where_the_questions_are(grains):
    (grains / "questions.yaml").write_text(HEAD, "utf-8")
    rows = [
        f"- {{id: q{number}, type: choice, stem: Of what is number {number} of word{number}?, rationale: So., "
        f"key: the long and only answer to {number}, distractors: [no{number}, not{number}, nor{number}]}}\n"
        for number in range(40)
    ]
    (grains / "questions" / "10-wheat.yaml").unlink()
    (grains / "questions" / "02-rye-bread.yaml").write_text(f"# Rye\nquestions:\n{''.join(rows)}", "utf-8")
    found = json.loads(in_process("check", grains, "--json").stdout)["faults"]
    places = {(fault["path"], fault["line"]) for fault in found if fault["code"] == "guessable-bank"}
    assert places == {(str(grains / "questions" / "02-rye-bread.yaml"), 2)}
