"""Texts of questions: a small Markdown, in which code, indentation and all that is not markup stay as written."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness import in_process
from synergy_cli.course import markdown, question_text
from synergy_cli.course.page import Callout, Code, ListBlock, Paragraph, Picture, Span
from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_text import blocks_of
from synergy_cli.course.question_types import build
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.ui import quiz
from synergy_cli.ui.layout import cells
from synergy_cli.ui.pages import PageView
from synergy_cli.ui.theme import ASCII, UNICODE, Look

QUESTION = """\
id: a
type: choice
stem: {stem}
key: {key}
distractors: [{{text: other, feedback: never}}]
rationale: because
"""


def inlines(text):
    (paragraph,) = blocks_of(text)
    return paragraph.inlines


def question(stem="Which?", key="this"):
    report = Report("questions.yaml")
    data = read_question(parse(QUESTION.format(stem=stem, key=key), report), report)
    return build(data), report.faults


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a `b *c*` d", (Span("a "), Span("b *c*", "code"), Span(" d"))),
        ("a *b* **c**", (Span("a "), Span("b", "emphasis"), Span(" "), Span("c", "strong"))),
        ("_a_ b", (Span("a", "emphasis"), Span(" b"))),
        ("[a `b`](https://e.org)", (Span("a ", "", "https://e.org"), Span("b", "code", "https://e.org"))),
        ("<https://e.org>", (Span("https://e.org", "", "https://e.org"),)),
        ("a ![b c](d/e.png) f", (Span("a "), Picture("b c", "d/e.png"), Span(" f"))),
        ("![](a%20b.JPG)", (Picture("", "a b.JPG"),)),
        ("**![b](./c/../d.svg)**", (Picture("b", "d.svg", "strong"),)),
        ("![b](https://e.org/c?d)", (Picture("b", "https://e.org/c?d"),)),
        ("`![b](c.png)`", (Span("![b](c.png)", "code"),)),
        ("[a](doi:10.1/x)", (Span("a", "", "https://doi.org/10.1/x"),)),
    ],
)
def test_code_emphasis_and_links_are_markup(text, spans):
    assert inlines(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        *("2*3*4", "a * b * c", "__init__", "__a__ b", "snake_case_name", "**kwargs", "*args"),
        *(
            r"\$\{?HOME\}?",
            r"\*a",
            "&amp;",
            "# a",
            "> a",
            "![a](b.txt)",
            "![a]",
            "![a](b c.png)",
            "[a](javascript:b)",
            "[@a]",
            "a [b] c",
        ),
        *("<b>a</b>", "$x$", "~~a~~", "| a | b |", "a  b", "a\nb", "a\n  b", "- a\n- b", "<!-- a -->"),
    ],
)
def test_everything_else_is_literal(text):
    assert "".join(span.text for span in inlines(text)) == text
    assert {(span.style, span.link) for span in inlines(text)} == {("", "")}


def test_a_fence_is_a_code_block_with_its_blank_lines_and_tabs_to_four():
    text = "Look:\n\n```python\nif x:\n\ty = [1]\n\n\n    z\n```\nWhich?"
    code = Code(("if x:", "    y = [1]", "", "", "    z"))
    assert blocks_of(text) == (Paragraph((Span("Look:"),)), code, Paragraph((Span("Which?"),)))


def test_an_open_fence_ends_with_the_text():
    assert blocks_of("~~~\na\n``` b") == (Code(("a", "``` b")),)


def test_an_indented_line_is_code():
    assert inlines("a *b*\n    c *d*\ne") == (
        *(Span("a "), Span("b", "emphasis"), Span("\n")),
        *(Span("    c *d*", "code"), Span("\n"), Span("e")),
    )


@pytest.mark.parametrize(
    ("stem", "message"),
    [
        ('"# a"', "`# ` is a heading, which a question shows literally; remove it, or write it as code"),
        (
            "a ![b](c.txt)",
            ("`![` is a picture, which a question shows literally; name its file, such as `![a loaf](loaf.svg)`"),
        ),
        (
            "a&nbsp;b",
            "`&nbsp;` is an entity, which a question shows literally; write the character, or write it as code",
        ),
        (
            '"&#8594;"',
            "`&#8594;` is an entity, which a question shows literally; write the character, or write it as code",
        ),
        ("a <b>", "`<b>` is HTML, which a question shows literally; use Markdown"),
        ("a [@b]", "`[@` is a citation, which a question shows literally; list the source under `sources`"),
    ],
)
def test_unsupported_markdown_is_named(stem, message):
    asked, faults = question(stem)
    assert asked.stem == stem.strip('"')
    assert [(fault.code, fault.message) for fault in faults] == [("unsupported-markdown", message)]
    assert (faults[0].line, faults[0].column) == (3, 9 if stem.startswith("a ") else 8 if stem.startswith("a&") else 7)


def test_code_is_not_taken_for_unsupported_markdown():
    assert question("'What is `<b>`, `&amp;` or `# a`?'")[1] == []


def test_options_of_several_lines_are_set_apart_and_keep_their_indentation():
    asked, _ = question(key='"def f():\\n    return 1"')
    sheet = asked.sheet(type("Rng", (), {"shuffle": lambda self, items: None})())
    lines = [line.plain.rstrip() for line in quiz.question(sheet, ["Question 1"], Look(40))]
    assert lines[4:] == ["  1  def f():", "         return 1", "", "  2  other"]


CODE = st.lists(
    st.tuples(st.integers(0, 3), st.text("abc (){}[]=+-*_`<>#|&$\\\"'.,:;é漢", min_size=1, max_size=60)),
    min_size=1,
    max_size=8,
)


def rows_of(shown, mark):
    """Join what continues after a mark to the line above it."""
    rows = []
    for line in shown:
        if line.startswith(mark):
            rows[-1] += line.removeprefix(mark)
        else:
            rows.append(line)
    return [row.rstrip() for row in rows]


@given(CODE, st.integers(20, 200), st.sampled_from(["text", "ascii"]))
def test_code_on_a_page_is_shown_with_every_character_and_its_indentation_at_every_width(lines, width, form):
    source = tuple("  " * depth + text.strip() for depth, text in lines if text.strip()) or ("a",)
    look = Look(width, glyphs=ASCII if form == "ascii" else UNICODE)
    view = PageView("p", (), {}, look)
    for block, margin in [
        (Code(source), 0),
        (ListBlock(None, ((Code(source),),)), 2),
        (Callout("", (Code(source),)), 2),
    ]:
        shown = [line.plain for line in view.blocks([block], width)]
        assert all(cells(line) <= width for line in shown)
        assert rows_of([line[margin:] for line in shown], look.glyphs.continued) == [row.rstrip() for row in source]


@given(CODE, st.integers(20, 200))
def test_code_is_shown_with_every_character_and_its_indentation_at_every_width(lines, width):
    source = [" " * 2 * depth + text.strip() for depth, text in lines if text.strip()]
    fence = "~" * 4
    text = "\n".join(["Look:", fence, *source, fence])
    asked, _ = question()
    look = Look(width)
    shown = [line.plain for line in quiz.text_lines(asked, text, look)]
    code = shown[2:] if source else []
    assert rows_of(code, look.glyphs.continued) == [row.rstrip() for row in source]
    assert all(cells(line) <= width for line in shown)


def test_an_option_that_is_an_empty_fence_is_shown_with_its_number(small):
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("text: Green", 'text: "```"'), "utf-8")
    shown = in_process("--course", small, "quiz", "--unsaved", stdin="1\n2\n3\n").stdout
    assert re.search(r"^  [123]$", shown, re.MULTILINE)


SIGNS = st.lists(st.sampled_from([*"<>{}[]()$\\%~=^|#&!?:.@;-`/ \n\0aB1", "begin", "http:"]), max_size=30).map("".join)


@given(text=SIGNS)
@example(text=": x")
@example(text="a\n: x")
@example(text="??? x")
def test_a_text_that_needs_no_closer_look_has_nothing_unsupported(text):
    before = markdown._SIGN
    shortly = markdown.unsupported(text, question_text._LITERAL_HERE)
    markdown._SIGN = re.compile("")
    try:
        assert shortly == markdown.unsupported(text, question_text._LITERAL_HERE)
    finally:
        markdown._SIGN = before
