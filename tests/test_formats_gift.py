"""GIFT: read as Moodle reads it, written so that Moodle reads what was meant."""

from __future__ import annotations

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
    of_pairs,
    of_short,
    of_truth,
    seen,
    with_more,
)
from harness import EXAMPLE, header, in_process
from synergy_cli.text import identifier


def read(text):
    return exchange.read("gift", text)


@given(
    banks(
        *(
            with_more(questions, marked)
            for questions in (
                of_choice(marked),
                of_multiple(marked, least=1),
                of_truth(marked),
                of_short(marked),
                of_number(marked),
                of_pairs(marked),
                of_gaps(),
            )
        )
    )
)
def test_a_bank_comes_back_as_it_went(bank):
    questions = [built(name, data) for name, data in bank.items()]
    assume(all(questions))
    text, out = exchange.write("gift", questions)
    assert {remark.reason for remark in out.remarks} <= {"GIFT reads `->` in an answer as a pair"}
    found, back = read(text)
    assert back.remarks == []
    kept = {name: data for name, data in bank.items() if name not in {remark.name for remark in out.remarks}}
    assert {each.id: seen(each.data) for each in found} == {name: seen(data) for name, data in kept.items()}


CHOICE, MANY, TRUTH, SHORT, NUMBER = "choice", "multiple", "true-false", "short", "number"
READ = {
    "7 an equals sign begins a right option": ("Who?{~a=b}", {"type": CHOICE, "key": "b", "distractors": ["a"]}),
    "8 a weight that Moodle rounds": ("Which?{~%33%a ~%33%b ~%33%c ~%-100%d}", {"keys": ["a", "b", "c"]}),
    "8 a negative weight": ("Which?{~%100%a ~%-33.33333%b}", {"keys": ["a"], "distractors": ["b"]}),
    "10 without feedback on the wrong answer": ("It is.{FALSE##Well seen, it is not.}", {"key": False}),
    "10 feedback on both answers": (
        "It is.{TRUE#Look again: it is.#It is, since 1609.}",
        {"key": True, "rationale": "Look again: it is."},
    ),
    "12 an arrow in the right side": ("Match.{=a -> b -> c =d -> e}", {"pairs": {"a": "b -> c", "d": "e"}}),
    "14 in the question": ("$CATEGORY: a\n\n::b::It is.{T}", {"stem": "It is."}),
    "17 what an exporter notes": ("// question: 123  name: Moons\n::Moons::It is.{T}", {"stem": "It is."}),
    "19 a number in braces is no Cloze text": ("Which {1} is it?", {"type": "cloze", "gaps": ["1"]}),
    "20 a sign behind the brace is no plugin": ("Which?{~> 7 =< 7}", {"key": "< 7", "distractors": ["> 7"]}),
    "6 one right option": ("Who?{~a =b ~c}", {"type": CHOICE, "stem": "Who?", "key": "b", "distractors": ["a", "c"]}),
    "9 feedback": (
        "Who?{~a#no =b ~c # not c\n}",
        {"key": "b", "distractors": [{"text": "a", "feedback": "no"}, {"text": "c", "feedback": "not c"}]},
    ),
    "9 feedback over lines": ("Who?{~a#no\nnot a\n=b}", {"distractors": [{"text": "a", "feedback": "no\nnot a"}]}),
    "9 general feedback": ("Who?{~a =b####Because b.}", {"rationale": "Because b."}),
    "9 the last of it": ("Who?{~a#x =b ####Because b.}", {"rationale": "Because b."}),
    "15 a title": ("::Title::Who?{~a =b}", {"stem": "Who?"}),
    "15 a title that ends with a colon": ("::Title\\:::Who?{~a =b}", {"stem": "Who?"}),
    "15 a title on a line of its own": ("// a comment\n::Title::\nWho?{\n~a\n=b\n}", {"stem": "Who?", "key": "b"}),
    "2 a comment inside": ("Who?{~a\n// not this\n=b}", {"key": "b", "distractors": ["a"]}),
    "2 an address is no comment": ("See https\\://example.org//a?{~a =b}", {"stem": "See https://example.org//a?"}),
    "18 windows": ("Who?{\r\n~a\r\n=b\r\n}\r\n", {"stem": "Who?", "key": "b", "distractors": ["a"]}),
    "18 tabs": ("\tWho?{\n\t\t~a\n\t\t=b\n\t}", {"stem": "Who?", "key": "b", "distractors": ["a"]}),
    "18 a byte-order mark": ("\ufeffWho?{~a =b}", {"stem": "Who?"}),
    "3 escapes": (
        r"a\\b \: \# \= \{ \} \~{~\=a =\~b}",
        {"stem": "a\\b : # = { } ~", "key": "~b", "distractors": ["=a"]},
    ),
    "3 no escapes": (r"a \[x\] \"y\"{~a =b}", {"stem": r"a \[x\] \"y\""}),
    "3 a line break": (r"One\nTwo{~a =b}", {"stem": "One\nTwo"}),
    "3 TeX that is no line break": (r"$1 \\neq 2${~a =b}", {"stem": r"$1 \neq 2$"}),
    "3 TeX that is one": (r"$1 \neq 2${~a =b}", {"stem": "$1\neq 2$"}),
    "7 signs in the stem": ("What is 2+2=4: a?{~a =b}", {"stem": "What is 2+2=4: a?"}),
    "5 an arrow in an option": ("Who?{~a -> x =b}", {"type": CHOICE, "distractors": ["a -> x"]}),
    "4 later braces": ("Who?{~a =b} and {this}", {"stem": "Who?___ and {this}", "key": "b"}),
    "8 percent is text after =": ("Who?{~a =%50%b}", {"key": "%50%b"}),
    "8 several keys": ("Which?{~%50%a ~%50%b ~%-100%c}", {"type": MANY, "keys": ["a", "b"], "distractors": ["c"]}),
    "8 three keys": ("Which?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~d}", {"keys": ["a", "b", "c"]}),
    "6 one key of many": ("Which?{~%100%a ~%-50%b}", {"type": MANY, "keys": ["a"], "distractors": ["b"]}),
    "none of these stays last": (
        "Who?{=a ~b ~None of these}",
        {"distractors": ["b", {"text": "None of these", "last": True}]},
    ),
    "5 true": ("It is.{T}", {"type": TRUTH, "stem": "It is.", "key": True}),
    "5 false": ("It is.{FALSE}", {"key": False}),
    "10 true with feedback on the wrong answer": ("It is.{TRUE#It is so.}", {"key": True}),
    "5 lower case is no truth": ("It is.{true}", {"type": SHORT, "key": "true"}),
    "5 typed": ("Who?{=a =b}", {"type": SHORT, "key": "a", "accept": ["b"]}),
    "5 typed without a sign": ("Who?{One}", {"type": SHORT, "key": "One"}),
    "8 typed, and known to be wrong": (
        "Who?{=a =%0%b#no}",
        {"key": "a", "distractors": [{"text": "b", "feedback": "no"}]},
    ),
    "a star that stands for itself": (r"Which?{=a \* b}", {"key": "a * b"}),
    "13 a gap": (
        "Roses are {=red =pink} here.",
        {"type": "cloze", "stem": "Roses are ___ here.", "gaps": [["red", "pink"]]},
    ),
    "13 a gap at the start": ("{=Asia} is large.", {"stem": "___ is large.", "gaps": ["Asia"]}),
    "13 a gap before a full stop": ("Roses are {=red}.", {"stem": "Roses are ___.", "gaps": ["red"]}),
    "13 a gap to choose for": ("Roses are {~blue =red}.", {"type": CHOICE, "stem": "Roses are ___."}),
    "11 a number": ("How many?{#3}", {"type": NUMBER, "key": "3"}),
    "11 a number with a tolerance": ("How many?{#3:0.5}", {"key": "3", "tolerance": "0.5"}),
    "11 a range": ("How many?{#-5..5}", {"key": "-5..5"}),
    "11 several numbers": ("How many?{#=3 =5..6}", {"key": "3", "accept": ["5..6"]}),
    "11 several tolerances": ("How many?{#=10:1 =20:2}", {"key": "9..11", "accept": ["18..22"]}),
    "11 a number known to be wrong": (
        "How many?{#=3:0 =%0%4#no}",
        {"key": "3", "distractors": [{"text": "4", "feedback": "no"}]},
    ),
    "12 pairs": (
        "Match.{=a -> 1 =b->2 = -> 3}",
        {"type": "match", "pairs": {"a": "1", "b": "2"}, "distractors": ["3"]},
    ),
    "16 html": ("[html]<p>One <b>two</b></p>{~<i>a</i> =b}", {"stem": "One **two**", "distractors": ["*a*"]}),
    "16 html in text": ("One <b>two</b>{~a =b}", {"stem": "One **two**"}),
    "16 plain": ("[plain]One <b>{~a =b}", {"stem": "One <b>"}),
    "16 markdown": ("[markdown]One **two**\n- x{~a =b}", {"stem": "One **two**\n- x"}),
    "16 a format of an option": ("[plain]One{~[html]<i>a</i> =<b>}", {"key": "<b>", "distractors": ["*a*"]}),
    "16 a bracket that is no format": ("[HTML]One{~a =b}", {"stem": "[HTML]One"}),
    "17 tags and a level": (
        "// [id:x] [tag:one\\]] [tag:level:apply]\nIt is.{T}",
        {"tags": ["one]"], "level": "apply"},
    ),
}


@pytest.mark.parametrize(("text", "data"), READ.values(), ids=READ)
def test_a_question_is_read_as_moodle_reads_it(text, data):
    (found,), transfer = read(text)
    assert {name: found.data.get(name) for name in data} == data
    assert (transfer.found, transfer.count("skipped")) == (1, 0)


REPORTED = {
    "1 a closing brace alone": (
        "=b}",
        "skipped",
        "a brace is not closed; a blank line inside braces ends the question",
    ),
    "19 Cloze text with choices": (
        "Roses {:MULTICHOICE_V:~blue~=red} bloom.",
        "skipped",
        "it is Moodle's Cloze text, not GIFT",
    ),
    "20 another plugin": ("Order.{<3 a b c}", "skipped", "it is an ordering question of a Moodle plugin"),
    "4 no answers": ("Just text.", "skipped", "it has no answers in braces, so it is a description"),
    "4 an essay": ("Write.{}", "skipped", "it is an essay: it has no answers"),
    "4 an essay with feedback": ("Write.{####Well.}", "skipped", "it is an essay: it has no answers"),
    "1 an open brace": ("Who?{~a =b", "skipped", "a brace is not closed; a blank line inside braces ends the question"),
    "no stem": ("{~a =b}", "skipped", "it has no text"),
    "one option": ("Who?{~a}", "skipped", "it has fewer than two options"),
    "6 no right option": ("Who?{~a ~b}", "skipped", "no option is right"),
    "options alike": ("Who?{~a =a}", "skipped", "`a` is listed twice among the answers"),
    "19 Cloze text": ("Roses {1:SHORTANSWER:=red} bloom.", "skipped", "it is Moodle's Cloze text, not GIFT"),
    "20 a plugin": ("Order.{>7 ALL VERTICAL a}", "skipped", "it is an ordering question of a Moodle plugin"),
    "patterns": ("Who?{=*a*}", "skipped", "its answers are patterns with `*`"),
    "11 no number": ("How many?{#1,5}", "skipped", "`1,5` is not a number"),
    "12 no arrow": ("Match.{=a -> 1 =b}", "skipped", "`b` has no `->`"),
    "left sides alike": ("Match.{=a -> 1 =a -> 2}", "skipped", "two pairs have the same left side"),
    "right sides alike": ("Match.{=a -> 1 =b -> 1}", "skipped", "`1` is listed twice among the answers"),
    "partial credit": ("Who?{=a ~%50%b ~c}", "reduced", "without partial credit"),
    "8 unequal credit": ("Which?{~%70%a ~%30%b ~c}", "reduced", "without partial credit"),
    "a pattern among others": ("Who?{=a =*b*}", "reduced", "without answers with a wildcard"),
    "feedback on the rest": ("Who?{=a =%0%*#no}", "reduced", "without feedback on any other answer"),
    "11 feedback on wrong numbers": ("How many?{#=3:2~#no}", "reduced", "without feedback on any other answer"),
    "9 praise": ("Who?{~a =b#Very good!}", "reduced", "without praise"),
    "a picture": ('[html]Who? <img src\\="@@PLUGINFILE@@/a.png">{~a \\= =b}', "reduced", "without a picture"),
    "9 feedback on the key": (
        "Who?{~a =b#It is b.}",
        "changed",
        "the feedback on a right answer became part of the rationale",
    ),
    "6 several right": ("Who?{=a =b ~c}", "changed", "several options are right, so all must be chosen"),
    "16 a sign of markup": ("[plain]the *args*{T}", "changed", "characters that would be markup are written as code"),
}


@pytest.mark.parametrize(("text", "kind", "reason"), REPORTED.values(), ids=REPORTED)
def test_what_does_not_come_through_is_reported(text, kind, reason):
    found, transfer = read(f"\n\n{text}\n")
    assert [(each.line, each.kind, each.reason) for each in transfer.remarks] == [(3, kind, reason)]
    assert len(found) == (kind != "skipped")


SEVERAL = {
    "1 blanks on a line": ("One.{T}\n \t\nTwo.{F}", [(1, "One."), (3, "Two.")]),
    "1 a blank line in braces": ("One?{~a\n\n=b}\n\nTwo.{T}", [(1, "skipped"), (3, "skipped"), (5, "Two.")]),
    "2 a comment between": ("// a {T}\n\nOne.{T}\n\n  // b\nTwo.{F}", [(3, "One."), (6, "Two.")]),
    "2 slashes elsewhere": ("One // two.{T}", [(1, "One // two.")]),
    "14 a category": ("$CATEGORY: $course$/a // b/c\n\nOne.{T}", [(3, "One.")]),
    "15 a title that is repeated": ("::t::One.{T}\n\n::t::Two.{T}", [(1, "One."), (3, "Two.")]),
    "17 ids": ("// [id:x]\nOne.{T}\n\n// [id:y] [tag:z]\nTwo.{T}", [(2, "One."), (5, "Two.")]),
}


@pytest.mark.parametrize(("text", "outcome"), SEVERAL.values(), ids=SEVERAL)
def test_questions_are_told_apart_as_moodle_tells_them(text, outcome):
    found, transfer = read(text)
    lines = [(each.line, each.data["stem"]) for each in found] + [(each.line, each.kind) for each in transfer.remarks]
    assert sorted(lines) == outcome


def test_each_rule_of_moodles_importer_has_its_questions():
    """The number in front of a case is that of the rule in `interop.md` §3.1."""
    numbers = [int(name.split()[0]) for name in (*READ, *REPORTED, *SEVERAL) if name[0].isdigit()]
    assert [rule for rule in range(1, 21) if numbers.count(rule) < 2] == []
    assert len(numbers) >= 50


def test_every_sign_of_the_format_is_escaped():
    text, _ = exchange.write("gift", [built("q", {"type": TRUTH, "stem": "a:b=c~d{e}f#g\\h", "key": True})])
    assert r"[plain]a\:b\=c\~d\{e\}f\#g\\h {" in text


def test_a_category_is_the_topic_of_what_follows_even_without_a_blank_line():
    found, transfer = read(
        "$CATEGORY: $course$/top/Bread/Rye // corn\n\nIt is.{T}\n\n$CATEGORY: tom/dick\nIs it?{F}\n\nSo.{T}"
    )
    assert [(each.topic, each.data["stem"], each.line) for each in found] == [
        (("Bread", "Rye / corn"), "It is.", 3),
        (("tom", "dick"), "Is it?", 6),
        (("tom", "dick"), "So.", 8),
    ]
    assert transfer.remarks == []


def test_the_categories_of_an_export_are_the_course_and_its_topics(tmp_path):
    done = in_process("--course", EXAMPLE, "export", "gift", "-o", tmp_path / "quiz.gift")
    assert (done.status, done.stderr) == (0, "")
    assert in_process("import", tmp_path / "quiz.gift", "-o", tmp_path / "course").status == 0
    exported, course = header(EXAMPLE / "questions.yaml"), header(tmp_path / "course" / "questions.yaml")
    assert course["title"] == exported["title"]
    topics = {path.stem.partition("-")[2] for path in (tmp_path / "course" / "questions").iterdir()}
    titles = {header(path)["title"] for path in (EXAMPLE / "pages").iterdir()}
    assert topics <= {identifier(title) for title in titles}
    assert in_process("check", tmp_path / "course").status == 0


@pytest.mark.parametrize(
    "data",
    [
        {"type": SHORT, "stem": "s", "key": "%50%a", "distractors": [{"text": "%50%b", "feedback": "%50%c"}]},
        {"type": CHOICE, "stem": "s", "key": "%50%a", "distractors": ["%50%b", "[html]c", "[plain]d"]},
        {"type": MANY, "stem": "s", "keys": ["%50%a", "[moodle]b"], "distractors": ["%50%c"]},
        {"type": SHORT, "stem": "[html]s", "key": "[html]a", "accept": ["T", "a * b", "#", "####"]},
        {"type": "match", "stem": "s", "pairs": {"a -> b": "c -> d", "[html]e": "f"}},
    ],
    ids=lambda data: data["key"] if "key" in data else data["type"],
)
def test_a_text_that_looks_like_a_sign_of_the_format_comes_back(data):
    text, out = exchange.write("gift", [built("q", data)])
    (found,), back = read(text)
    assert (out.remarks, back.remarks) == ([], [])
    assert found.data == data


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        ({"type": "order", "stem": "s", "order": ["a", "b"]}, "skipped", "GIFT has no questions of the type `order`"),
        ({"type": MANY, "stem": "s", "keys": [], "distractors": ["a", "b"]}, "skipped", "GIFT needs a right option"),
        ({"type": "cloze", "stem": "___ ___", "gaps": ["a", "b"]}, "skipped", "GIFT allows only one gap in a text"),
        ({"type": SHORT, "stem": "s", "key": "a -> b"}, "skipped", "GIFT reads `->` in an answer as a pair"),
        ({"type": SHORT, "stem": "s", "key": "a", "exact": True}, "reduced", "without exactness"),
        ({"type": SHORT, "stem": "s", "key": "a", "hint": "h"}, "reduced", "without hint"),
        ({"type": NUMBER, "stem": "s", "key": "1", "unit": "g"}, "changed", "its unit became part of the stem"),
        (
            {"type": CHOICE, "stem": "s", "key": "a", "distractors": ["b"], "shuffle": False, "place": 2},
            "reduced",
            "without fixed order",
        ),
        ({"type": TRUTH, "stem": "s", "key": True, "tags": ["a<b"]}, "reduced", "without some tags"),
    ],
    ids=str,
)
def test_what_cannot_be_written_is_reported(data, kind, reason):
    _, transfer = exchange.write("gift", [built("q", data)])
    assert [(remark.kind, remark.reason) for remark in transfer.remarks] == [(kind, reason)]


@pytest.mark.parametrize("text", hostile_files.GIFT.values(), ids=hostile_files.GIFT)
def test_a_hostile_file_is_read_to_its_end(text):
    """Were it not in time linear in its length, this would take minutes."""
    found, transfer = read(text)
    assert len(found) == transfer.written <= 1
