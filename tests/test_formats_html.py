"""The web page of a course: all of it is there, links lead somewhere, and nothing in a course becomes code."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import banks, built, marked, of_choice, of_gaps, of_order, of_pairs, of_short, with_more, write
from harness import DATA, EXAMPLE, in_process
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.page import plain_texts

COURSES = Path(__file__).parent / "courses"
ANY = st.one_of(
    *(
        with_more(questions, marked, hint=True)
        for questions in (of_choice(marked), of_short(marked), of_order(marked), of_pairs(marked, marked), of_gaps())
    )
)
HOSTILE = """\
format: 1
id: hostile
title: "</title><script>alert(1)</script>"
description: "<img src=x onerror=alert(1)>"
authors: ['"><svg onload=alert(1)>']
questions:
- id: one
  type: choice
  passage: start#one
  stem: "</script><script>alert(1)</script> [link](https://example.org/\\"onclick=\\"alert`1`) ![\\"onload=\\"x](a.svg)"
  key: "<b onclick=alert(1)>Blue</b>"
  distractors: ["javascript:alert(1)", {text: "--><!--", feedback: "</details><style>*{display:none}</style>"}]
  hint: "<iframe src=//example.org>"
  rationale: "![x](https://example.org/track.png)"
- {id: two, type: short, stem: "&lt;script&gt; as typed?", key: "</script><script>alert(1)</script>", rationale: "<"}
"""
HOSTILE_PAGE = """\
---
title: '"><script>alert(1)</script>'
summary: "' onmouseover='alert(1)"
---

## One

Text with `</code><script>alert(1)</script>` and ![a "picture"](https://example.org/a.png).

``` {.diagram title="</figcaption><script>alert(1)</script>"}
</pre><script>alert(1)</script>
```
"""
HOSTILE_TERMS = """\
'x" onfocus="alert(1)': {definition: "<script>alert(1)</script>", see: ['y"><img src=x onerror=alert(1)>']}
'y"><img src=x onerror=alert(1)>': {definition: "Y."}
"""


class Reader(HTMLParser):
    """Reads a page: its elements with their attributes, its visible words, and its ids."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self._inside = [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data):
        self.words += f"{data} " if self._inside not in ("style", "script", "title") else ""

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def values(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def page_of(course, *arguments):
    done = in_process("--course", course, "export", "html", *arguments)
    assert (done.status, done.stderr) == (0, "")
    return done.stdout


def unpacked(text):
    """Give the data and the scripts that a page holds packed."""
    (data,) = re.findall(r"<script type=text/plain id=_data>(.*?)</script>", text)
    return zlib.decompress(base64.b64decode(data)).decode().split("\n", 1)


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_every_word_of_pages_questions_and_glossary_is_there():
    course, words = Course(Files(EXAMPLE), Cache(None)), squeezed(Reader(page_of(EXAMPLE)).words)
    for entry in course.entries:
        page, sources = course.page(entry.id)
        texts = [page.title, page.summary, *(source.reference for source in sources.values())]
        texts += [part for text in plain_texts(page.blocks) for part in text.split("  ")]
        assert [
            text for text in texts if squeezed(re.sub(r"\[\d.*?\]", "", text)) not in re.sub(r"\[[\d,]*\]", "", words)
        ] == []
    for question in course.questions:
        texts = [question.stem, question.rationale, question.hint, *(part.text for part in question.solution)]
        assert [text for text in texts if squeezed(question.displayed(text)) not in words] == []
    assert [term.name for term in course.terms if squeezed(term.definition) not in words] == []


@pytest.mark.parametrize(
    "course",
    [EXAMPLE, *(pytest.param(folder, marks=pytest.mark.deep) for folder in (DATA, *sorted(COURSES.iterdir())))],
    ids=lambda path: path.name,
)
def test_each_link_leads_to_a_place_of_its_own_or_to_the_web(course):
    read = Reader(page_of(course))
    assert len(read.ids) == len(set(read.ids))
    for address in read.values("href"):
        assert address.removeprefix("#") in read.ids or address.startswith(("https://", "http://"))
    assert [source for source in read.values("src") if not source.startswith("data:")] == []
    assert {name for name in read.values("aria-labelledby") if name not in read.ids} == set()


def test_a_term_that_is_left_out_is_named_where_others_refer_to_it(tmp_path):
    course = shutil.copytree(EXAMPLE, tmp_path / "course")
    terms = (course / "glossary.yaml").read_text("utf-8")
    (course / "glossary.yaml").write_text(terms.replace("\nplace value:\n  definition:", "\nplace value:\n  nothing:"))
    read = Reader(in_process("--course", course, "export", "html").stdout)
    assert "place value" in read.words
    assert {address[1:] for address in read.values("href") if address.startswith("#")} <= set(read.ids)


def test_the_page_of_the_built_in_course_is_small_enough_to_mail():
    assert len(page_of(DATA).encode()) < 400 * 1024


def test_the_policy_allows_the_style_and_the_scripts_and_nothing_else():
    text = page_of(EXAMPLE)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)', text)
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    style, loader = re.findall(r"<style>(.*?)</style>|<script type=module>(.*?)</script>", text, re.DOTALL)
    for name, contents in (("style", style[:1]), ("script", (loader[1], unpacked(text)[1]))):
        digests = (base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in contents)
        assert allowed.pop(f"{name}-src") == " ".join(f"'sha256-{digest}'" for digest in digests)
    nothing = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
    assert allowed == {**nothing, "img-src": "data:"}


def test_a_course_is_data_and_no_part_of_the_scripts(tmp_path):
    data, code = unpacked(page_of(hostile_course(tmp_path)))
    assert [question["id"] for question in json.loads(data)["questions"]] == ["one", "two"]
    assert code == unpacked(page_of(EXAMPLE))[1]


def hostile_course(tmp_path):
    """Make a course that tries to become code wherever it has a text."""
    course = tmp_path / "hostile"
    (course / "pages").mkdir(parents=True)
    (course / "questions.yaml").write_text(HOSTILE, "utf-8")
    (course / "pages" / "01-start.md").write_text(HOSTILE_PAGE, "utf-8")
    (course / "glossary.yaml").write_text(HOSTILE_TERMS, "utf-8")
    (course / "a.svg").write_text("<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    return course


def test_nothing_in_a_course_becomes_code(tmp_path):
    read = Reader(page_of(hostile_course(tmp_path)))
    assert {tag for tag, _ in read.elements} & {"iframe", "svg"} == set()
    assert [source.partition(",")[0] for source in read.values("src")] == ["data:image/svg+xml;base64"]
    assert [tag for tag, _ in read.elements if tag in ("style", "script")] == ["style", "script", "script"]
    assert [name for _, attributes in read.elements for name in attributes if name.startswith("on")] == []
    assert all(address.startswith(("#", "https://")) for address in read.values("href"))
    for words in ("</title><script>alert(1)</script>", "</code><script>", "</figcaption><script>", "' onmouseover='"):
        assert words in read.words


@pytest.mark.deep
@given(banks(ANY))
def test_whatever_a_question_says_is_shown_and_is_no_markup(bank):
    questions = [question for name, data in bank.items() if (question := built(name, data))]
    text, transfer = write("html", questions)
    read = Reader(text)
    words = squeezed(read.words)
    assert transfer.remarks == []
    assert [tag for tag, _ in read.elements].count("script") == 2 * bool(questions)
    for question in questions:
        said = [question.displayed(text) for text in (question.stem, question.rationale, question.hint)]
        said += [part.text if question.typed else question.displayed(part.text) for part in question.solution]
        assert [text for text in said if squeezed(text.partition("Picture:")[0]) not in words] == []


def test_a_picture_of_the_course_is_in_the_page_and_one_from_elsewhere_is_a_link(small):
    (small / "star.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    text = (small / "questions.yaml").read_text("utf-8")
    more = "![one](star.svg) ![two](https://example.org/two.png)"
    stem = f"stem: '{more} What shines"
    (small / "questions.yaml").write_text(text.replace("stem: What shines at night?", f"{stem} at night?'"), "utf-8")
    read = Reader(page_of(small))
    assert [source.partition(",")[0] for source in read.values("src")] == ["data:image/svg+xml;base64"]
    assert "https://example.org/two.png" in read.values("href")


def test_the_page_is_in_the_language_of_the_course():
    read = Reader(page_of(COURSES / "french"))
    assert ("html", {"lang": "fr"}) in read.elements
    assert "Sommaire" in read.words
    assert "Bonne réponse" in read.words


def test_sections_that_are_named_come_alone(small):
    (small / "pages" / "02-rain.md").write_text("---\ntitle: Rain\nsummary: It rains.\n---\n\nWater falls.\n", "utf-8")
    assert "Water falls." in page_of(small)
    assert "Water falls." not in page_of(small, "sky")


def test_a_test_has_the_questions_a_sheet_for_answers_and_the_key_each_on_a_page_of_its_own():
    text = page_of(EXAMPLE, "--exam", "-n", "5")
    asked, sheet, key = re.findall(r"<article>(.*?)</article>", text, re.DOTALL)
    course = Course(Files(EXAMPLE), Cache(None))
    chosen = [
        q for q in course.questions if squeezed(q.displayed(q.stem).split("___")[0]) in squeezed(Reader(asked).words)
    ]
    assert len(chosen) >= asked.count("class=question") == 5
    assert "<h2>Answer sheet</h2>" in sheet
    assert "<h2>Key</h2>" in key
    assert [table.count("<tr>") for table in (sheet, key)] == [6, 6]
    assert "<script" not in text
    assert "Right answer" not in text


def test_a_test_asks_the_same_in_each_format_that_is_printed():
    printed = Reader(page_of(EXAMPLE, "--exam", "-n", "4", "--seed", "7")).words
    text = in_process("--course", EXAMPLE, "export", "md", "--exam", "-n", "4", "--seed", "7").stdout
    lines = [line for line in text.splitlines() if re.match(r"\*\*\d\.\*\* [\w ,'.?_:-]+$", line)]
    assert lines
    assert [line for line in lines if squeezed(line.replace("*", "")) not in squeezed(printed)] == []
