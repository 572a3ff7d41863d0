"""Moodle XML: everything that Moodle can mark goes there and comes back; hostile XML is refused."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html import escape

import pytest
from hypothesis import assume, given

import exchange
import hostile_files
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
    seen,
    with_more,
)
from harness import EXAMPLE, header, in_process
from synergy_cli.errors import SynergyError


def read(text):
    return exchange.read("moodle", text)


@given(
    banks(
        *(
            with_more(questions, marked, hint=True)
            for questions in (
                of_choice(marked),
                of_multiple(marked, least=1),
                of_truth(marked),
                of_short(marked),
                of_number(marked),
                of_pairs(marked),
                of_order(marked),
                of_gaps(most=3),
            )
        )
    )
)
def test_a_bank_comes_back_as_it_went(bank):
    questions = [built(name, data) for name, data in bank.items()]
    assume(all(questions))
    text, out = exchange.write("moodle", questions)
    assert out.remarks == []
    found, back = read(text)
    assert back.remarks == []
    assert {each.id: seen(each.data) for each in found} == {name: seen(data) for name, data in bank.items()}


def question(sort, *parts, text="Who?"):
    """Give a file with one question."""
    inside = f'<questiontext format="html"><text>{text}</text></questiontext>{"".join(parts)}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n<question type="{sort}">{inside}</question>\n</quiz>\n'


def answer(worth, text, feedback="", more=""):
    return f'<answer fraction="{worth}"><text>{text}</text><feedback><text>{feedback}</text></feedback>{more}</answer>'


CHOICE, MANY, TRUTH, SHORT, NUMBER = "choice", "multiple", "true-false", "short", "number"
ONE, OTHER = answer(100, "a"), answer(0, "b", "not b")
NO_ORDER = "<shuffleanswers>false</shuffleanswers>"
READ = {
    "one right option": (
        question("multichoice", ONE, OTHER, "<single>true</single>"),
        {"type": CHOICE, "stem": "Who?", "key": "a", "distractors": [{"text": "b", "feedback": "not b"}]},
    ),
    "several": (
        question("multichoice", answer(50, "a"), answer(50, "c"), OTHER, "<single>0</single>"),
        {"type": MANY, "keys": ["a", "c"]},
    ),
    "a fixed order": (question("multichoice", OTHER, ONE, NO_ORDER), {"shuffle": False, "place": 2}),
    "a statement": (
        question("truefalse", answer(0, "true", "no"), answer(100, "false")),
        {"type": TRUTH, "key": False},
    ),
    "typed": (
        question("shortanswer", ONE, answer(100, "c"), answer(0, "d", "no"), "<usecase>1</usecase>"),
        {
            "type": SHORT,
            "key": "a",
            "accept": ["c"],
            "exact": True,
            "distractors": [{"text": "d", "feedback": "no"}],
        },
    ),
    "a gap in a typed one": (question("shortanswer", ONE, text="So ___ it is."), {"type": "cloze", "gaps": ["a"]}),
    "a number": (
        question(
            "numerical",
            answer(100, "20", more="<tolerance>2</tolerance>"),
            "<units><unit><multiplier>1</multiplier><unit_name>g</unit_name></unit>"
            "<unit><multiplier>0.00833333333333333</multiplier><unit_name>cup</unit_name></unit></units>",
        ),
        {"type": NUMBER, "key": "20", "tolerance": "2", "unit": "g", "units": {"cup": "120"}},
    ),
    "pairs": (
        question(
            "matching",
            "<subquestion><text>a</text><answer><text>1x</text></answer></subquestion>"
            "<subquestion><text>b</text><answer><text>2x</text></answer></subquestion>"
            "<subquestion><text></text><answer><text>3x</text></answer></subquestion>",
        ),
        {"type": "match", "pairs": {"a": "1x", "b": "2x"}, "distractors": ["3x"]},
    ),
    "an order": (
        question("ordering", answer("2.0000000", "b"), answer("1.0000000", "a"), answer(3, "c")),
        {"type": "order", "order": ["a", "b", "c"]},
    ),
    "a text with gaps": (
        question("cloze", text="A {1:SHORTANSWER:=b~=c#good} d {2:MW:%100%e \\} f}."),
        {"type": "cloze", "stem": "A ___ d ___.", "gaps": [["b", "c"], "e } f"]},
    ),
    "a text in which case counts": (question("cloze", text="A {1:SAC:=b}"), {"exact": True}),
    "hint, general feedback, id, tags": (
        question(
            "multichoice",
            ONE,
            OTHER,
            "<hint><text>h</text></hint><generalfeedback><text>r</text></generalfeedback>",
            "<tags><tag><text>x</text></tag><tag><text>level:apply</text></tag></tags>",
        ),
        {"hint": "h", "rationale": "r", "tags": ["x"], "level": "apply"},
    ),
    "CDATA": (question("multichoice", ONE, OTHER, text="<![CDATA[<p>One <b>two</b></p>]]>"), {"stem": "One **two**"}),
    "entities": (question("multichoice", ONE, OTHER, text="&lt;b&gt;One&lt;/b&gt; &amp;lt;"), {"stem": "**One** <"}),
    "what Moodle says by itself": (
        question("multichoice", ONE, OTHER, "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"),
        {"key": "a"},
    ),
    "comments and instructions": ("<!-- x -->" + question("multichoice", "<!-- y -->", ONE, OTHER)[39:], {"key": "a"}),
}


@pytest.mark.parametrize(("text", "data"), READ.values(), ids=READ)
def test_a_question_is_read(text, data):
    (found,), transfer = read(text)
    assert {name: found.data.get(name) for name in data} == data
    assert (transfer.found, transfer.count("skipped")) == (1, 0)


@pytest.mark.parametrize(
    ("form", "text", "stem"),
    [
        ("html", "&lt;b&gt;a&lt;/b&gt;\nb", "**a** b"),
        ("moodle_auto_format", "&lt;b&gt;a&lt;/b&gt;\nb", "**a**\nb"),
        ("plain_text", "&lt;b&gt;a\nb", "<b>a\nb"),
        ("markdown", "**a**\nb", "**a**\nb"),
    ],
)
def test_each_text_has_its_own_format(form, text, stem):
    whole = question("truefalse", answer(100, "true"), answer(0, "false"), text=text)
    (found,), _ = read(whole.replace('format="html"', f'format="{form}"'))
    assert found.data["stem"] == stem


REPORTED = {
    "an essay": (question("essay"), "skipped", "there is no question type like `essay` here"),
    "a description": (question("description"), "skipped", "there is no question type like `description` here"),
    "a calculation": (question("calculated", ONE), "skipped", "there is no question type like `calculated` here"),
    "no text": (question("multichoice", ONE, OTHER, text=""), "skipped", "it has no text"),
    "no right option": (question("multichoice", OTHER, answer(0, "c")), "skipped", "no option is right"),
    "one option": (question("multichoice", ONE), "skipped", "it has fewer than two options"),
    "no truth": (question("truefalse", answer(100, "maybe")), "skipped", "neither true nor false is right"),
    "no number": (question("numerical", answer(100, "1,5")), "skipped", "`1,5` is not a number"),
    "patterns": (question("shortanswer", answer(100, "a*")), "skipped", "its answers are patterns with `*`"),
    "no gap": (question("cloze", text="A"), "skipped", "it has no gaps"),
    "an open gap": (question("cloze", text="A {1:SA:=b"), "skipped", "a gap is not closed"),
    "a gap to choose for": (
        question("cloze", text="A {1:MULTICHOICE:=b~c}"),
        "skipped",
        "a gap of the type `MULTICHOICE`, expected typed answers",
    ),
    "partial credit": (question("multichoice", ONE, answer(50, "c"), OTHER), "reduced", "without partial credit"),
    "feedback on the whole question": (
        question("multichoice", ONE, OTHER, "<incorrectfeedback><text>Read p. 3.</text></incorrectfeedback>"),
        "reduced",
        "without feedback on the whole question",
    ),
    "two hints": (
        question("multichoice", ONE, OTHER, "<hint><text>h</text></hint><hint><text>i</text></hint>"),
        "reduced",
        "without further hints",
    ),
    "a picture": (
        question("multichoice", ONE, OTHER, text=escape('Who? <img src="@@PLUGINFILE@@/a.png" alt="A">')),
        "reduced",
        "without a picture",
    ),
}


@pytest.mark.parametrize(("text", "kind", "reason"), REPORTED.values(), ids=REPORTED)
def test_what_does_not_come_through_is_reported(text, kind, reason):
    found, transfer = read(text)
    assert [(each.line, each.kind, each.reason) for each in transfer.remarks] == [(3, kind, reason)]
    assert len(found) == (kind != "skipped")


SORTS = (
    "calculatedsimple calculatedmulti coderunner ddimageortext ddmarker ddwtos gapselect multichoiceset random stack"
)


def test_types_that_are_not_here_are_listed_each_with_its_line():
    text = "<quiz>\n" + "\n".join(f'<question type="{sort}"/>' for sort in SORTS.split()) + "\n</quiz>"
    found, transfer = read(text)
    assert (found, transfer.found) == ([], 10)
    assert [(each.line, each.reason) for each in transfer.remarks] == [
        (line, f"there is no question type like `{sort}` here") for line, sort in enumerate(SORTS.split(), start=2)
    ]


MIXED = """\
<quiz>
<!-- a bank --><?xml-stylesheet href="x"?><p>stray</p>
<question type="category"><category><text>$course$/top/A/B//C</text></category></question>
<question type="truefalse"><idnumber>a&lt;b</idnumber>
<questiontext format="markdown"><text><![CDATA[So **it** is.]]></text></questiontext>
<answer fraction="100"><text>true</text><feedback format="plain_text"><text>a &lt; b</text></feedback></answer>
<answer fraction="0"><text>false</text><feedback format="html"><text>&lt;i&gt;no&lt;/i&gt;</text></feedback></answer>
</question>
<question type="category"><category><text>$course$/top/D</text></category></question>
<question type="ordering"><name><text>o</text></name>
<questiontext><text>Sort.</text></questiontext><layouttype>HORIZONTAL</layouttype><selecttype>ALL</selecttype>
<answer fraction="2"><text>b</text></answer><answer fraction="1"><text>a</text></answer>
</question>
</quiz>
"""


def test_formats_categories_comments_and_stray_elements_mix_in_one_file():
    found, transfer = read(MIXED)
    assert [(each.line, each.id, each.topic) for each in found] == [(4, "a<b", ("A", "B/C")), (10, "", ("D",))]
    assert (found[0].data["stem"], found[0].data["rationale"]) == ("So **it** is.", "*no*")
    assert found[1].data == {"type": "order", "stem": "Sort.", "order": ["a", "b"]}
    assert [(each.line, each.reason) for each in transfer.remarks if each.kind == "reduced"] == [
        (4, "without feedback on the right answer")
    ]


def test_a_category_holds_until_the_next():
    category = '<question type="category"><category><text>$course$/top/{}</text></category></question>'
    one = question("truefalse", answer(100, "true"), answer(0, "false"))
    body = one[one.index("<question") : one.index("</quiz>")]
    text = (
        "<quiz>"
        + category.format("A/B//C")
        + body
        + category.format("A/B//C")
        + body.replace("Who", "What")
        + "</quiz>"
    )
    found, _ = read(text)
    assert [each.topic for each in found] == [("A", "B/C"), ("A", "B/C")]


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        ({"type": MANY, "stem": "s", "keys": [], "distractors": ["a", "b"]}, "skipped", "Moodle needs a right option"),
        ({"type": NUMBER, "stem": "s", "key": "1..3"}, "changed", "a range became a number with a tolerance"),
        (
            {"type": "match", "stem": "s", "pairs": {"a": "b", "c": "*d*"}},
            "reduced",
            "without markup of partners",
        ),
        (
            {"type": CHOICE, "stem": "s", "key": "a", "distractors": [{"text": "b", "last": True}]},
            "reduced",
            "without fixed order",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_written_is_reported(data, kind, reason):
    _, transfer = exchange.write("moodle", [built("q", data)])
    assert [(remark.kind, remark.reason) for remark in transfer.remarks] == [(kind, reason)]


@pytest.mark.parametrize(
    "data",
    [
        {"type": CHOICE, "stem": "s", "key": "a", "distractors": ["b", "c"], "shuffle": False, "place": 2},
        {"type": SHORT, "stem": "s", "key": "a * b", "exact": True},
        {
            "type": NUMBER,
            "stem": "s",
            "key": "20",
            "tolerance": "0.5",
            "unit": "g",
            "units": {"cup": "120", "pinch": "0.3"},
        },
        {"type": "cloze", "stem": "{1:SA:=x} ___ and ___", "gaps": ['a } ~ # = \\ " /', "%50%b * c"], "exact": True},
    ],
    ids=lambda data: data["type"],
)
def test_what_only_some_questions_have_comes_back(data):
    text, out = exchange.write("moodle", [built("q", data)])
    (found,), back = read(text)
    assert (out.remarks, back.remarks) == ([], [])
    assert found.data == data


def test_the_example_course_is_well_formed_and_comes_back(tmp_path):
    file = tmp_path / "quiz.xml"
    assert in_process("--course", EXAMPLE, "export", "moodle", "-o", file).status == 0
    root = ET.parse(file).getroot()
    assert root.tag == "quiz"
    assert {child.tag for child in root} == {"question"}
    assert in_process("import", file, "-o", tmp_path / "course").status == 0
    assert header(tmp_path / "course" / "questions.yaml")["title"] == header(EXAMPLE / "questions.yaml")["title"]
    assert in_process("check", tmp_path / "course").status == 0


@pytest.mark.parametrize("text", hostile_files.MOODLE_REFUSED.values(), ids=hostile_files.MOODLE_REFUSED)
def test_hostile_xml_is_refused_with_its_place(tmp_path, text):
    file = tmp_path / "quiz.xml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    done = in_process("import", file, "-o", tmp_path / "course")
    assert (done.status, done.stdout) == (1, "")
    assert "passwd" not in done.stderr
    assert "bug" not in done.stderr
    assert "quiz.xml:" in done.stderr
    assert not (tmp_path / "course").exists()


LONG = {
    "attributes": "<quiz " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/>",
    "answers": question("multichoice", *(answer(100, f"{n}x") for n in range(2_000))),
    "another encoding": '<?xml version="1.0" encoding="UTF-7"?><quiz>+ADw-</quiz>',
    "a fraction without end": question("multichoice", answer("9" * 100_000, "a"), OTHER),
    "an exponent": question("numerical", answer(100, "1", more="<tolerance>1e999999999</tolerance>")),
    "a multiplier": question(
        "numerical",
        answer(100, "1"),
        "<units><unit><multiplier>1e-999999</multiplier><unit_name>g</unit_name></unit></units>",
    ),
    "gaps": question("cloze", text="{1:SA:=a}" * 10_000),
    "open gaps": question("cloze", text="{1:SA:=a" * 10_000),
    "alternatives": question("cloze", text="{1:SA:" + "=a~" * 50_000 + "}"),
    "html": question("multichoice", ONE, OTHER, text=escape("<b>" * 50_000)),
    "texts": question("multichoice", ONE, OTHER, "<text>a</text>" * 9_000),
    "a picture in the file": question(
        "multichoice", ONE, OTHER, '<file name="../../a.png" encoding="base64">' + "A" * 1_000_000 + "</file>"
    ),
}


@pytest.mark.sampled
@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_file_is_read_to_its_end(text):
    """Were it not in time linear in its length, this would take minutes."""
    found, transfer = read(text)
    assert len(found) == transfer.written <= 1


def test_what_is_nested_deeply_is_refused():
    with pytest.raises(SynergyError, match="input:1: elements are nested more than 40 deep"):
        read(f"<quiz>{'<a>' * 100}{'</a>' * 100}</quiz>")


def test_no_xml_is_an_error_of_the_file():
    with pytest.raises(SynergyError, match="input:1:1: this is not valid XML"):
        read("quiz")
