"""Markdown to read or to print: what is asked and what is right is all there, and the key fits the test."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
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
from synergy_cli.course.question import Verdict
from synergy_cli.formats.format import Bank
from synergy_cli.formats.formats import EXAMS
from synergy_cli.formats.transfer import Transfer

PANDOC = shutil.which("pandoc")
needs_pandoc = pytest.mark.skipif(PANDOC is None, reason="pandoc is not installed")
ANY = st.one_of(
    *(
        with_more(questions, marked)
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


def words_of(document):
    """Give the words of a document that Pandoc has read, code included."""
    if isinstance(document, dict):
        if document.get("t") in ("Str", "Code", "CodeBlock"):
            content = document["c"]
            return [content if isinstance(content, str) else content[1]]
        return [] if document.get("t") in ("RawBlock", "RawInline") else words_of(list(document.values()))
    return [word for part in document for word in words_of(part)] if isinstance(document, list) else []


def by_pandoc(text, to="json"):
    command = [PANDOC, "-f", "markdown", "-t", to]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def exam(questions):
    bank = Bank(Path("bank"), "bank", "A bank", "en", {}, tuple(questions))
    return "".join(EXAMS["md"](bank, Transfer()))


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.mark.deep
@needs_pandoc
@given(st.lists(banks(ANY), min_size=1, max_size=2))
def test_what_is_asked_and_what_is_right_is_read_by_pandoc(found):
    questions = [
        question for bank in found for question in (built(name, data) for name, data in bank.items()) if question
    ]
    text, transfer = exchange.write("md", questions)
    assert transfer.count("skipped") == 0
    said = squeezed("".join(words_of(json.loads(by_pandoc(text))["blocks"])))
    for question in questions:
        texts = [question.stem, question.rationale, *(wrong.feedback for wrong in question.wrong)]
        texts += [part.text for part in question.solution if not question.typed]
        for each in filter(None, texts):
            shown = re.sub(r"Picture: (a picture) \(https://example.org/a.png\)", r"\1", question.displayed(each))
            assert squeezed(shown) in said


@needs_pandoc
def test_a_test_has_three_parts_each_on_a_page_of_its_own(example):
    text = in_process("export", "md", "--exam", "-n", "8").stdout
    html = by_pandoc(text, "html")
    test, sheet, key = html.split('<div style="break-before: page">')
    assert [re.findall(r"<h2[^>]*>(.*?)</h2>", part) for part in (test, sheet, key)] == [[], ["Answer sheet"], ["Key"]]
    assert by_pandoc(text, "latex").count("\\newpage") == 2
    assert test.count("<strong>") >= 8
    assert [sheet.count("<tr"), key.count("<tr")] == [9, 9]


def test_the_key_is_right_and_the_test_gives_it_away_nowhere(example):
    text = in_process("export", "md", "--exam").stdout
    (key,) = re.findall(r"\n## Key\n(.*)", text, re.DOTALL)
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", key, re.MULTILINE)
    questions = course_questions()
    assert [int(number) for number, _ in rows] == list(range(1, len(questions) + 1))
    for question, (_, answer) in zip(questions, rows, strict=True):
        sheet = question.sheet(Random(question.id))
        plain = re.sub(r"\\(?=[^\w\s])", "", answer)
        given = " ".join(re.findall(r"(?:^|; )(\d)(?=: )", plain)) or plain
        given = "; ".join(part.text for part in question.solution) if question.typed else given
        assert sheet.mark(given).verdict is Verdict.RIGHT
        assert question.rationale not in text


def course_questions():
    from synergy_cli.course.cache import Cache
    from synergy_cli.course.course import Course
    from synergy_cli.course.files import Files

    return Course(Files(EXAMPLE), Cache(None)).questions


@pytest.mark.parametrize(
    ("data", "sheet", "key"),
    [
        ({"type": "choice", "key": "a", "distractors": ["b", "c"]}, "☐ 1  ☐ 2  ☐ 3", r"[123]: a"),
        ({"type": "multiple", "keys": [], "distractors": ["b", "c"]}, "☐ 1  ☐ 2", "0"),
        ({"type": "multiple", "keys": ["b", "c"], "distractors": []}, "☐ 1  ☐ 2", "1: [bc]; 2: [bc]"),
        ({"type": "true-false", "key": False}, "☐ 1  ☐ 2", "2: False"),
        ({"type": "short", "key": "a", "accept": ["b"]}, "_" * 30, "a; b"),
        ({"type": "number", "key": "5", "tolerance": "1", "unit": "g"}, "_" * 30, r"5 g \(within 1\)"),
        ({"type": "order", "order": ["a", "b", "c"]}, "____  ____  ____", r"[123] [123] [123]"),
        ({"type": "match", "pairs": {"a": "b", "c": "d"}}, "1: ____  2: ____", r"1[ab] 2[ab]"),
        ({"type": "cloze", "stem": "___ ___", "gaps": ["a", "b"]}, f"1. {'_' * 30}  2. {'_' * 30}", "1. a; 2. b"),
    ],
    ids=str,
)
def test_each_type_has_its_place_on_the_sheet_and_in_the_key(data, sheet, key):
    text = exam([built("q", {"stem": "s", **data})]).replace("\\", "")
    in_sheet, in_key = re.findall(r"^\| 1 \| (.*) \|$", text, re.MULTILINE)
    assert in_sheet == sheet
    assert re.fullmatch(key, in_key)


def test_a_sample_can_be_repeated_and_changed(example):
    one, same, other = (
        in_process("export", "md", "--exam", "-n", "5", "--seed", seed).stdout for seed in ("1", "1", "2")
    )
    assert one == same != other


def test_only_what_is_printed_can_be_a_test(example):
    done = in_process("export", "gift", "--exam")
    assert (done.status, done.stdout) == (2, "")
    assert "--exam needs a printable format: md, html." in done.stderr


def test_the_words_around_a_test_are_those_of_the_courses_language():
    bank = Bank(
        Path("bank"), "bank", "Eine Bank", "de", {}, (built("q", {"type": "true-false", "stem": "s", "key": True}),)
    )
    text = "".join(EXAMS["md"](bank, Transfer()))
    assert "## Antwortblatt" in text
    assert "| Frage | Antwort |" in text
