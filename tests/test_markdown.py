"""A page's Markdown as blocks, its faults with their places, and pages looked up by what a reader types."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import DATA
from synergy_cli.authoring.check import inspect
from synergy_cli.course import markdown, markdown_tokens
from synergy_cli.course.compiler import Compiler
from synergy_cli.course.files import Files
from synergy_cli.course.lookup import find
from synergy_cli.course.markdown import parse_markdown, split_front_matter
from synergy_cli.course.page import (
    CALLOUTS,
    Callout,
    Cite,
    Claim,
    Code,
    ContentsEntry,
    Diagram,
    Divider,
    Heading,
    ListBlock,
    Page,
    Paragraph,
    Picture,
    Span,
    TableBlock,
    cites,
    contents_entry,
    file_identity,
    from_plain,
    plain,
    plain_texts,
    to_plain,
)
from synergy_cli.errors import UsageError
from synergy_cli.parsing.report import ContentError, Report


def read(source, *first_line):
    report = Report("page.md")
    return parse_markdown(source, report, *first_line), report


def blocks(source):
    found, report = read(source)
    assert report.faults == []
    return found


def inlines(source):
    (paragraph,) = blocks(source)
    assert isinstance(paragraph, Paragraph)
    return paragraph.inlines


def faults(source, *first_line):
    return [(fault.line, fault.column, fault.message) for fault in read(source, *first_line)[1].faults]


def kept(records):
    return from_plain(json.loads(json.dumps(to_plain(records))))


def text(*words):
    return Paragraph((Span(" ".join(words)),))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("one\ntwo\n\nthree\n", (text("one", "two"), text("three")), id="paragraphs"),
        pytest.param("## A\n\n### B c\n", (Heading(2, "a", "A"), Heading(3, "b-c", "B c")), id="headings"),
        pytest.param("A\n---\n\nB\n---\n", (Heading(2, "a", "A"), Heading(2, "b", "B")), id="underlined headings"),
        pytest.param("- a\n- b\n", (ListBlock(None, ((text("a"),), (text("b"),))),), id="bullets"),
        pytest.param("3. a\n4. b\n", (ListBlock(3, ((text("a"),), (text("b"),))),), id="numbers"),
        pytest.param("0. a\n", (ListBlock(0, ((text("a"),),)),), id="a number nought"),
        pytest.param("- a\n\n  b\n", (ListBlock(None, ((text("a"), text("b")),)),), id="two paragraphs in an item"),
        pytest.param(
            "- a\n  1. b\n", (ListBlock(None, ((text("a"), ListBlock(1, ((text("b"),),))),)),), id="a list in a list"
        ),
        pytest.param(
            "| a | b |\n|---|:-:|\n| c | **d** |\n| e |\n",
            (
                TableBlock(
                    ((Span("a"),), (Span("b"),)),
                    (((Span("c"),), (Span("d", "strong"),)), ((Span("e"),), ())),
                    ("left", "center"),
                ),
            ),
            id="table",
        ),
        pytest.param("| a |\n|---|\n", (TableBlock(((Span("a"),),), (), ("left",)),), id="table without rows"),
        pytest.param(
            "| a | b |\n|:---|---:|\n",
            (TableBlock(((Span("a"),), (Span("b"),)), (), ("left", "right")),),
            id="aligned table",
        ),
        pytest.param("> a\n> b\n", (Callout("", (text("a", "b"),)),), id="quotation"),
        pytest.param("> - a\n", (Callout("", (ListBlock(None, ((text("a"),),)),)),), id="quoted list"),
        pytest.param("```\na\n\n  b  \n```\n", (Code(("a", "", "  b")),), id="fence"),
        pytest.param("~~~ python\na\tb\n~~~\n", (Code(("a   b",)),), id="fence with a language and a tab"),
        pytest.param("    a\n      b\n", (Code(("a", "  b")),), id="indented code"),
        pytest.param(
            '``` {.diagram title="What it is"}\n┌─┐ \n└─┘\n```\n',
            (Diagram("What it is", ("┌─┐", "└─┘")),),
            id="diagram",
        ),
        pytest.param('```{ .diagram  title="A" }\nx\n```\n', (Diagram("A", ("x",)),), id="diagram with other spaces"),
        pytest.param("a\n\n---\n\nb\n", (text("a"), Divider(), text("b")), id="divider"),
        pytest.param("", (), id="nothing"),
        pytest.param("one\r\ntwo\r\n\r\n- a\r\n", (text("one", "two"), ListBlock(None, ((text("a"),),))), id="CRLF"),
    ],
)
def test_each_kind_of_block_is_read(source, expected):
    assert blocks(source) == expected


@pytest.mark.parametrize("kind", CALLOUTS)
@pytest.mark.parametrize("write", [str.upper, str.lower, str.capitalize], ids=["upper", "lower", "capital"])
def test_each_kind_of_callout_is_read(kind, write):
    source = f"> [!{write(kind)}]\n> Mind **this**.\n>\n> - a\n"
    body = Paragraph((Span("Mind "), Span("this", "strong"), Span(".")))
    assert blocks(source) == (Callout(kind, (body, ListBlock(None, ((text("a"),),)))),)


def test_the_text_of_a_callout_may_stand_on_its_first_line():
    assert blocks("> [!TIP] Do.\n") == (Callout("tip", (text("Do."),)),)


@pytest.mark.parametrize(
    ("source", "body"),
    [
        pytest.param("> [!NOTE]\n>\n> a\n", (text("a"),), id="a paragraph of its own"),
        pytest.param("> [!NOTE]\n> - a\n", (ListBlock(None, ((text("a"),),)),), id="a list"),
    ],
)
def test_a_callout_has_no_empty_text_above_its_first(source, body):
    assert blocks(source) == (Callout("note", body),)


def test_a_callout_may_hold_a_quotation():
    assert blocks("> [!NOTE]\n> a\n>\n> > b\n") == (Callout("note", (text("a"), Callout("", (text("b"),)))),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a **b** c", (Span("a "), Span("b", "strong"), Span(" c")), id="strong"),
        pytest.param("*a* _b_", (Span("a", "emphasis"), Span(" "), Span("b", "emphasis")), id="emphasis"),
        pytest.param("**a *b***", (Span("a ", "strong"), Span("b", "strong emphasis")), id="both"),
        pytest.param("`a *b*`", (Span("a *b*", "code"),), id="code"),
        pytest.param("**`a`**", (Span("a", "strong code"),), id="strong code"),
        pytest.param("a\nb  \nc\\\nd", (Span("a b\nc\nd"),), id="line breaks"),
        pytest.param("&amp; &mu; \\*", (Span("& μ *"),), id="entities and escapes"),
        pytest.param("![a *b*](x.png)", (Picture("a b", "pages/x.png"),), id="an image"),
        pytest.param("![](x.png)", (Picture("", "pages/x.png"),), id="an image without description"),
    ],
)
def test_each_kind_of_running_text_is_read(source, expected):
    assert inlines(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a](https://e.org/a_b?c=d#e)", Span("a", "", "https://e.org/a_b?c=d#e")),
        ("[a](http://e.org)", Span("a", "", "http://e.org")),
        ("<https://e.org>", Span("https://e.org", "", "https://e.org")),
        ("[a](doi:10.1000/182)", Span("a", "", "https://doi.org/10.1000/182")),
        ('[a](https://e.org "title")', Span("a", "", "https://e.org")),
        ("[a](https://e.org/é)", Span("a", "", "https://e.org/%C3%A9")),
        ("[**a**](https://e.org)", Span("a", "strong", "https://e.org")),
        ("**[`a`](https://e.org)**", Span("a", "strong code", "https://e.org")),
        ("[@a](https://e.org)", Span("@a", "", "https://e.org")),
    ],
)
def test_a_link_leads_where_it_says(source, expected):
    assert inlines(source) == (expected,)


@pytest.mark.parametrize(
    ("target", "passage"),
    [
        ("02-d3.md", "d3"),
        ("02-d3.md#two-steps", "d3#two-steps"),
        ("#two-steps", "#two-steps"),
        ("10-a.b_c-d.md", "a.b_c-d"),
        ("#überschrift_1", "#überschrift_1"),
    ],
)
def test_a_link_to_a_page_names_a_passage_at_its_place(target, passage):
    ((paragraph,), report) = read(f"a\nb [c]({target})\n", 5)
    assert [span.link for span in paragraph.inlines] == ["", passage]
    assert [tuple(mention) for mention in report.mentions] == [("passage", passage, 6, 7)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a [@b].", (Span("a "), Cite(("b",)), Span(".")), id="one"),
        pytest.param("[@a; @b;@c]", (Cite(("a", "b", "c")),), id="several"),
        pytest.param("[@a][@b]", (Cite(("a",)), Cite(("b",))), id="side by side"),
        pytest.param("[@ods-k] [@a_b_c]", (Cite(("ods-k",)), Span(" "), Cite(("a_b_c",))), id="signs in keys"),
        pytest.param("[@doi:10.1000/182.x+1]", (Cite(("doi:10.1000/182.x+1",)),), id="a DOI as a key"),
        pytest.param("**[@a] b**", (Cite(("a",)), Span(" b", "strong")), id="within strong text"),
        pytest.param("`[@a]`", (Span("[@a]", "code"),), id="code is no citation"),
        pytest.param("me@example.org @b [a] [-@c]", (Span("me@example.org @b [a] [-@c]"),), id="what is none"),
    ],
)
def test_a_citation_is_read(source, expected):
    assert inlines(source) == expected


def test_an_escaped_bracket_is_no_citation():
    assert inlines("\\[@a\\]") == (Span("[@a]"),)


def test_a_citation_broken_over_two_lines_is_read_or_refused():
    found, report = read("a [@b;\n@c]\n")
    assert report.faults or found[0].inlines == (Span("a "), Cite(("b", "c")))


def test_citations_are_found_in_every_kind_of_block_in_reading_order():
    source = "a [@a]\n\n- b [@b]\n\n> c [@c]\n\n| d [@d] |\n|---|\n| [@e] |\n\n> [!NOTE]\n> - [@f; @a]\n"
    assert [cite.keys for cite in cites(blocks(source))] == [("a",), ("b",), ("c",), ("d",), ("e",), ("f", "a")]


def test_each_cited_source_is_named_with_its_place():
    report = read("a [@k1]\n\n- b [@k2; @k3]\n\n| c |\n|---|\n| [@k4] |\n", 10)[1]
    assert [tuple(mention) for mention in report.mentions] == [
        *(("source", "k1", 10, 4), ("source", "k2", 12, 6), ("source", "k3", 12, 11), ("source", "k4", 16, 4)),
    ]


def test_a_key_within_another_key_has_its_own_place():
    assert [mention.column for mention in read("[@ab] [@a] [@a]")[1].mentions] == [2, 8, 13]


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        pytest.param(
            "a\n\n> [!DANGER]\n> b\n",
            *(3, 3, "`DANGER` is not a callout; expected one of: note, tip, important, warning, caution"),
            id="unknown callout",
        ),
        pytest.param(
            "a [@b, p. 3]\n",
            1,
            3,
            "`[@b, p. 3]` is not a valid citation; expected [@key] or [@key; @key]",
            id="page in citation",
        ),
        pytest.param(
            "a\nb [@b;]\n", 2, 3, "`[@b;]` is not a valid citation; expected [@key] or [@key; @key]", id="no key"
        ),
        pytest.param(
            "[@ b]\n", 1, 1, "`[@ b]` is not a valid citation; expected [@key] or [@key; @key]", id="space in a key"
        ),
        pytest.param(
            "[@b; c]\n", 1, 1, "`[@b; c]` is not a valid citation; expected [@key] or [@key; @key]", id="no sign"
        ),
        pytest.param(
            "- a\n- b [@c!]\n", 2, 5, "`[@c!]` is not a valid citation; expected [@key] or [@key; @key]", id="in a list"
        ),
        pytest.param(
            "> a\n> b [x](no)\n",
            *(2, 9, "`no` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="in a quotation",
        ),
        pytest.param(
            "| a |\n|---|\n| b |\n| [x](no) |\n",
            *(4, 7, "`no` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="in a table",
        ),
        pytest.param(
            "## a [x](no)\n",
            *(1, 10, "`no` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="in a heading",
        ),
        pytest.param(
            "a [b](ftp://e.org)\n",
            *(1, 7, "`ftp://e.org` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="another scheme",
        ),
        pytest.param(
            "[b](other.md)\n",
            *(1, 5, "`other.md` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="a page without a number",
        ),
        pytest.param(
            "[b](../02-d3.md)\n",
            *(1, 5, "`../02-d3.md` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="a path",
        ),
        pytest.param(
            "a [b]()\n",
            *(1, 7, "`` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="an empty link",
        ),
        pytest.param(
            "<a@e.org>\n",
            *(1, 1, "`mailto:a@e.org` is not a valid link; expected https://, doi:10. or NN-page.md"),
            id="an address for mail",
        ),
        pytest.param(
            "a\n\n``` {.diagram}\nb\n```\n",
            *(3, 7, 'invalid diagram; expected {.diagram title="what it shows"}'),
            id="diagram without a title",
        ),
        pytest.param(
            '```{.diagram title=""}\nb\n```\n',
            *(1, 6, 'invalid diagram; expected {.diagram title="what it shows"}'),
            id="diagram with an empty title",
        ),
        pytest.param(
            "- a\n\n  ```diagram\n  b\n  ```\n",
            *(3, 6, 'invalid diagram; expected {.diagram title="what it shows"}'),
            id="diagram without braces",
        ),
    ],
)
def test_a_fault_is_reported_at_its_place(source, line, column, message):
    assert faults(source) == [(line, column, message)]
    assert faults(source, 30) == [(line + 29, column, message)]


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]
)
def test_a_link_that_could_run_something_is_a_fault_at_its_place(target):
    message = f"`{target}` is not a valid link; expected https://, doi:10. or NN-page.md"
    assert faults(f"a\n\nb [c]({target}) d\n") == [(3, 7, message)]


@pytest.mark.parametrize("source", ["[a](javascript:alert(1))", "<javascript:alert(1)>", "![a](javascript:alert(1))"])
def test_a_link_that_could_run_something_leads_nowhere(source):
    found, _ = read(source)
    assert {inline.link for inline in found[0].inlines} == {""}


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        ("&#x202E;", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("&#8238;", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("&shy;", "U+00AD SOFT HYPHEN"),
        ("&ZeroWidthSpace;", "U+200B ZERO WIDTH SPACE"),
        ("&#xFEFF;", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ],
)
@pytest.mark.parametrize(
    ("before", "after", "line", "column"),
    [
        pytest.param("a\n\nb", "c\n", 3, 2, id="in text"),
        pytest.param("## a", "b\n", 1, 5, id="in a heading"),
        pytest.param("- [**a", "b**](https://e.org)\n", 1, 7, id="in a link"),
        pytest.param("| a |\n|---|\n| b", "c |\n", 3, 4, id="in a table"),
        pytest.param("a &amp; b & ", "\n", 1, 13, id="after others"),
    ],
)
def test_an_entity_for_what_may_not_be_shown_is_a_fault_at_its_place(before, entity, after, line, column, name):
    message = f"{name} is not allowed in a course, not even as an entity"
    assert faults(before + entity + after) == [(line, column, message)]


def test_an_entity_for_a_control_character_is_no_such_character():
    assert inlines("a&#27;&#0;&#x9B;b") == (
        Span("a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b"),
    )


def test_a_fault_in_a_long_callout_is_reported_at_its_first_line():
    assert [fault[:2] for fault in faults("> [!DANGER]\n> a\n>\n> b\n>\n> - c\n")] == [(1, 3)]


def test_each_of_two_equal_faults_has_its_own_place():
    assert [fault[:2] for fault in faults("[a](no) and [b](no)\n[c](no)\n")] == [(1, 5), (1, 17), (2, 5)]


def test_all_faults_of_a_page_come_out_together():
    assert [fault[:2] for fault in faults("[@a!]\n\n[b](no)\n\n> [!X]\n> c\n")] == [(1, 1), (3, 5), (5, 3)]


RAW = {
    "<b>a</b>": (1, "`<b>` is HTML", "use Markdown"),
    "<div>\na\n</div>": (1, "`<div>` is HTML", "use Markdown"),
    "a <br/> b": (3, "`<br/>` is HTML", "use Markdown"),
    'a <a href="https://e.org">b</a>': (3, '`<a href="https://e.org">` is HTML', "use Markdown"),
    "<!-- never closed": (1, "`<!--` is HTML", "use Markdown"),
    "a[^1]": (2, "`[^1]` is a footnote", "put it into the text"),
    "[^1]: word": (1, "`[^1]` is a footnote", "put it into the text"),
    "a^[b]": (2, "`^[` is a footnote", "put it into the text"),
    "a ~~b~~": (3, "`~~` is strikethrough", "remove the words"),
    "a ==b==": (3, "`==b==` is a highlight", "write **words**"),
    "a [[b c]]": (3, "`[[b c]]` is a wiki link", "write [text](NN-page.md)"),
    "a\n: b": (1, "`: ` is a definition list", "write a list, or a term of the glossary"),
    "::: note\na\n:::": (1, "`:::` is a container", "write `> [!NOTE]` above it"),
    "!!! note\na": (1, "`!!!` is a container", "write `> [!NOTE]` above it"),
    "10^3^ H~2~O": (3, "`^3^` is a superscript or subscript", "write ² or ₂"),
    "??? note\na": (1, "`???` is a container", "write `> [!NOTE]` above it"),
    "a ![[b.png]]": (3, "`![[b.png]]` is an embedded file", "write ![text](path)"),
    "a %%b c%% d": (3, "`%%b c%%` is a comment of another program", "write <!-- words -->"),
    "a {.b}": (3, "`{.b}` is an attribute list", "remove it"),
    "$$x$$": (1, "`$$` is a formula", "write it in plain characters, or as code"),
    "a $x_1$ b": (3, "`$x_1$` is a formula", "write it in plain characters, or as code"),
    "| a | b |\n|---|---|---|\n| c | d |": (
        1,
        "`|---|` is a table whose delimiter row does not match its header",
        "give both the same number of columns",
    ),
}


@pytest.mark.parametrize("source", RAW)
def test_unsupported_markdown_is_shown_as_it_is_written_and_named(source):
    found, report = read(f"{source}\n")
    column, what, cure = RAW[source]
    assert found == (text(*source.split("\n")),)
    assert [(fault.column, fault.code) for fault in report.faults] == [(column, "unsupported-markdown")]
    assert report.faults[0].message == f"{what}, which a page shows literally; {cure}"


def test_each_type_of_unsupported_markdown_is_named_once_in_a_block():
    report = read("<b> <i> ~~a~~ <u>\n\n<b>\n")[1]
    assert [(fault.line, fault.column) for fault in report.faults] == [(1, 1), (1, 9), (3, 1)]


@pytest.mark.parametrize("fence", ["{=html}", "{=latex}"])
def test_a_raw_block_is_shown_as_code_and_named(fence):
    found, report = read(f"```{fence}\n<b>\n```\n\n`<b>`{fence}\n")
    assert found[0] == Code(("<b>",))
    assert [(fault.line, fault.column, fault.code) for fault in report.faults] == [
        (1, 4, "unsupported-markdown"),
        (5, 6, "unsupported-markdown"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a <!-- b --> c\n", (text("a", "c"),), id="in a line"),
        pytest.param("a\n<!-- b\nc -->\nd\n", (text("a"), text("d")), id="between lines"),
        pytest.param("<!--\na\n\n- b\n-->\n\nc\n", (text("c"),), id="with blank lines and a list"),
        pytest.param("- a\n\n  <!-- b -->\n\n  c\n", (ListBlock(None, ((text("a"), text("c")),)),), id="in a list"),
        pytest.param("> a\n> <!-- b -->\n", (Callout("", (text("a"),)),), id="in a quotation"),
        pytest.param("`<!-- a -->`\n", (Paragraph((Span("<!-- a -->", "code"),)),), id="not in code"),
        pytest.param("    <!-- a -->\n", (Code(("<!-- a -->",)),), id="not in indented code"),
    ],
)
def test_a_comment_is_not_shown(source, expected):
    found, report = read(source)
    assert found == expected
    assert report.faults == []


def test_the_position_of_a_fault_behind_a_comment_is_right():
    assert [fault[:2] for fault in faults("a <!-- b --> [c](no) d\n")] == [(1, 18)]


LINKED = (Paragraph((Span("a", "", "https://e.org"), Span(" b"))),)


@pytest.mark.parametrize("link", ["[a][c]", "[a]"], ids=["full", "short"])
def test_a_reference_link_leads_where_its_definition_says(link):
    label = "c" if "c" in link else "A"
    found, report = read(f'{link} b\n\n[{label}]: https://e.org "Title"\n')
    assert found == LINKED
    assert report.faults == []


def test_a_definition_that_no_link_uses_is_named():
    found, report = read("a\n\n[warning]: dangerous\n")
    assert found == (text("a"),)
    message = "no link on this page uses this definition; remove it"
    assert [str(fault) for fault in report.faults] == [f"page.md:3:1: warning[unsupported-markdown]: {message}"]


def test_a_cell_beyond_the_header_is_shown_in_the_last_one_and_named():
    found, report = read("| a | b |\n|---|---|\n| `c | d` | e \\| f |\n")
    assert [[plain(cell) for cell in row] for row in found[0].rows] == [["`c", "d` | e \\| f"]]
    message = "this row has 3 cells, the header 2; write `|` inside a cell as \\|"
    assert [str(fault) for fault in report.faults] == [f"page.md:3:13: warning[table-row]: {message}"]


def test_the_boxes_of_a_task_list_are_named_once_where_they_begin():
    found, report = read("- a\n- [ ] b\n- [x] c\n\nd\n\n1. e\n\n   * [x] f\n")
    assert found[0] == ListBlock(None, ((text("a"),), (text("[ ] b"),), (text("[x] c"),)))
    message = "is a task list, which a page shows literally; remove the box"
    assert [str(fault) for fault in report.faults] == [
        f"page.md:2:3: warning[unsupported-markdown]: `[ ]` {message}",
        f"page.md:9:6: warning[unsupported-markdown]: `[x]` {message}",
    ]


@pytest.mark.parametrize("source", ["> [!TIP]- a\n", "a\n\n> [!TIP]+\n> a\n"])
def test_a_callout_that_another_program_folds_is_named(source):
    (fault,) = read(source)[1].faults
    assert (fault.line, fault.column) == (source.count("\n", 0, source.index(">")) + 1, 3)
    assert (fault.code, fault.message[:9]) == ("unsupported-markdown", "`[!TIP]` ")


@pytest.mark.parametrize("source", ["# A\n", "A\n===\n"])
def test_a_heading_of_the_first_level_is_named(source):
    found, report = read(f"a\n\n{source}")
    assert found == (text("a"), Heading(1, "a", "A"))
    message = "the title of a page is in its front matter; write `##` for a heading, or remove this one"
    assert [str(fault) for fault in report.faults] == [f"page.md:3:1: warning[title-heading]: {message}"]


def test_pages_with_one_number_are_named_and_stay_in_the_order_of_their_names(small):
    for name in ("01-moon", "1-stars", "02-sun"):
        (small / "pages" / f"{name}.md").write_text("---\ntitle: A\n---\n\nA.\n", "utf-8")
    found = [fault for fault in inspect(Files(small)).faults if fault.code == "duplicate-number"]
    assert [(Path(fault.path).name, fault.message.partition(";")[0]) for fault in found] == [
        ("01-sky.md", "01-moon.md also has the number 1, so their names decide the order"),
        ("1-stars.md", "01-sky.md also has the number 1, so their names decide the order"),
    ]


def test_a_heading_without_its_space_is_text_and_named():
    found, report = read("a\n\n###b\n")
    assert found == (text("a"), text("###b"))
    message = "`###` needs a space after it to start a heading; write `### ` and the heading"
    assert [str(fault) for fault in report.faults] == [f"page.md:3:1: warning[bad-heading]: {message}"]


@pytest.mark.parametrize(
    "source",
    [
        "a < b > c",
        "x<3",
        "`<b>`",
        "<https://e.org>",
        "2~~3",
        "#1 is first",
        "a##b",
        "[^]",
        "[x] a",
        "a%% b%%",
        "what???",
        "- [b]",
    ],
)
def test_what_only_looks_like_it_is_not_named(source):
    assert faults(f"{source}\n") == []


def test_a_block_of_an_unknown_kind_is_a_fault(monkeypatch):
    parser = markdown_tokens._parser
    monkeypatch.setattr(markdown_tokens, "_parser", lambda: parser().enable("html_block"))
    found, report = read("a\n\n<div>b</div>\n", 10)
    assert found == (text("a"), Divider())
    message = "`html_block` is not supported on a page; expected text, lists, tables, callouts or diagrams"
    assert [str(fault) for fault in report.faults] == [f"page.md:12:1: warning[unsupported-markdown]: {message}"]


# limits


def refused(source, *first_line):
    """Give the one fault of a page that is not read at all."""
    report = Report("page.md")
    with pytest.raises(ContentError):
        parse_markdown(source, report, *first_line)
    ((_, line, column, code, message),) = report.faults
    assert code == "too-large"
    assert message.endswith("; split the page")
    return line, column, message.removesuffix("; split the page")


@pytest.mark.parametrize("sign", ["> ", "- ", "1. "], ids=["quotations", "lists", "numbers"])
@pytest.mark.parametrize("levels", [13, 200])
def test_many_levels_are_refused_where_they_begin(sign, levels):
    assert refused("a\n\n" + sign * levels + "deep\n", 10) == (12, 1, "nested more than 12 levels deep")


@pytest.mark.parametrize("sign", ["> ", "- "], ids=["quotations", "lists"])
def test_twelve_levels_are_read_without_loss(sign):
    assert list(plain_texts(blocks(sign * 12 + "deep words\n"))) == ["deep words"]


LIMITS = {
    "lines": ("a\n" * 5000, "b\n", 5001, "more than 5,000 lines"),
    "a paragraph": ("x" * 20_000, "x", 1, "a paragraph of more than 20,000 characters"),
    "a paragraph below others": ("a\n\n- b\n\n> " + "x" * 20_000, "x", 5, "a paragraph of more than 20,000 characters"),
    "a cell": ("|a|\n|-|\n|b|\n|" + "x" * 20_000, "x", 4, "a paragraph of more than 20,000 characters"),
    "a heading": ("a\n\n# " + "x" * 500, "x", 3, "a heading of more than 500 characters"),
    "columns": ("a\n\n" + "|a" * 50 + "|\n" + "|-" * 50 + "|", None, 3, "a table of more than 50 columns"),
    "cells": ("a\n\n|a|b|\n|-|-|\n" + "|c|d|\n" * 2500, "|c|d|\n", 3, "a table of more than 5,000 cells"),
    "deep text": (
        ("- - - - " + "x" * 10_000 + "\n\n") * 2,
        "- - - - x",
        5,
        "more than 20,000 characters nested more than 3 levels deep",
    ),
}
"""A page that is read, what makes it too large when it is added, the line of the fault, and what it says."""


@pytest.mark.parametrize(("source", "more", "line", "message"), LIMITS.values(), ids=LIMITS)
def test_what_is_too_large_is_refused_with_its_limit(source, more, line, message):
    read(source)
    larger = source + more if more else source.replace("|\n", "|a|\n", 1) + "-|"
    assert refused(larger, 7) == (line + 6, 1, message)


def test_a_header_is_not_repeated_without_end():
    header = "|" + "x" * 1000 + "|b|\n|-|-|\n"
    read(header + "|c|d|\n" * 490)
    message = "a table's header of 1,004 characters above 600 rows"
    assert refused(header + "|c|d|\n" * 600) == (1, 1, message)


@pytest.mark.parametrize(
    "sign", ["[", "![", "*a_ ", "`a", "&amp;", "[a](#b) ", "<https://e.org> ", "- a\n", "# a\n"], ids=str.strip
)
def test_no_page_takes_for_ever(monkeypatch, sign):
    monkeypatch.setattr(markdown_tokens, "MAX_STEPS", 2000)
    monkeypatch.setattr(markdown, "MAX_STEPS", 2000)
    read(sign * (400 // len(sign)))
    assert refused(sign * (12_000 // len(sign)))[2].startswith("too much markup")


def test_the_pages_of_a_course_share_their_effort():
    effort = markdown_tokens.Effort(1000)
    page = "*a* " * 80
    for _ in range(3):
        parse_markdown(page, Report("page.md"), 1, effort)
    with pytest.raises(ContentError):
        parse_markdown(page, Report("page.md"), 1, effort)


def test_emphasis_within_emphasis_is_emphasis_however_deep():
    found = inlines("*a **b " * 1000 + "c** d*" * 1000)
    assert {span.style for span in found} == {"emphasis", "emphasis strong"}


def ids(source):
    return [block.id for block in blocks(source) if isinstance(block, Heading)]


def test_repeated_headings_are_told_apart_as_github_does():
    assert ids("## A\n\n## A\n\n## B\n\n### *A*\n") == ["a", "a-1", "b", "a-2"]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["echo", "echo", "echo 1", "echo-1", "echo"], ["echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2"]),
        (["foxtrot-1", "foxtrot", "foxtrot"], ["foxtrot-1", "foxtrot", "foxtrot-2"]),
    ],
    ids=["a repeat before its name", "a name before its repeat"],
)
def test_a_heading_named_like_a_repeat_has_an_id_of_its_own(headings, expected):
    assert ids("".join(f"## {heading}\n\n" for heading in headings)) == expected


def test_a_heading_is_named_by_its_words_without_marks_and_citations():
    (heading,) = blocks("## What *does* `it` do, really? [@a]\n")
    assert heading == Heading(2, "what-does-it-do-really", "What does it do, really?")


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("## A [link](https://e.org)\n", 1, 1, "a heading shows only the words of a link"),
        ("[a]\n\n[a]: https://e.org/1\n[a]: https://e.org/2\n", 4, 1, "an earlier definition has the same label"),
        ("See [a](b c).\n", 1, 8, "`(b c)` is an address with a space"),
        ("Do <?php 1 ?> it.\n", 1, 4, "`<?` is HTML"),
        ("Do <!DOCTYPE html> it.\n", 1, 4, "`<!D` is HTML"),
        ("It is $$x$$.\n", 1, 7, "`$$` is a formula"),
        ("The set $\\{1, 2\\}$ is.\n", 1, 9, "`$\\{1, 2\\}$` is a formula"),
    ],
)
def test_what_a_page_cannot_show_is_named(source, line, column, message):
    report = Report("page.md")
    parse_markdown(source, report)
    (fault,) = report.faults
    assert (fault.line, fault.column, fault.code) == (line, column, "unsupported-markdown")
    assert fault.message.startswith(message)


@pytest.mark.parametrize(
    "source",
    ["`echo $$` and $$ prints it.\n", "A \\(note\\) here.\n", "It costs $5 in `a` and 6$.\n", "See [a](<b>)c d.\n"],
)
def test_what_only_looks_like_other_markdown_is_left_alone(source):
    report = Report("page.md")
    parse_markdown(source, report)
    assert [fault for fault in report.faults if fault.code == "unsupported-markdown"] == []


def test_blank_lines_at_the_end_of_code_are_kept():
    assert blocks("```\na\n\n```\n") == (Code(("a", "")),)


# places

PIECES = [
    "words",
    "*emphasis*",
    "`code [@no]`",
    "&amp;",
    "\\*",
    "[link](https://e.org/a_b)",
    "**b** c",
    "é 漢字",
    "a [x]",
]
LINES = st.lists(st.lists(st.sampled_from([*PIECES, "¤", "¤", "¤."]), min_size=1, max_size=5), min_size=1, max_size=3)
FRAMES = {
    "text": ("", "", ""),
    "indented text": ("  ", "   ", ""),
    "item": ("- ", "  ", ""),
    "item further on": ("- a\n\n  ", "  ", ""),
    "number in a quotation": ("> 10. ", ">     ", ""),
    "quotation in a quotation": ("> > ", "> > ", ""),
    "lazy quotation": ("> ", "", ""),
    "list in a list": ("- a\n  - ", "    ", ""),
    "callout": ("> [!NOTE]\n> ", "> ", ""),
    "heading": ("## ", None, " ##"),
    "heading in an item": ("- # ", None, ""),
    "underlined heading": ("", "", "\n==="),
    "table": ("| a | b |\n|---|---|\n| \\| c | ", None, " |"),
    "table without its bars": ("a | b\n--- | ---\nc | ", None, ""),
    "table in a list": ("- | a | b |\n  |---|---|\n  | c | ", None, "|"),
    "table in a quotation": ("> | a |\n> |---|\n> | \\|\\| ", None, "|"),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(FRAMES)), LINES), min_size=1, max_size=4))
def test_every_citation_is_named_at_the_very_place_where_it_stands(parts):
    source = ""
    for frame, lines in parts:
        first, further, end = FRAMES[frame]
        joint = " " if further is None else f"\n{further}"
        source += first + joint.join(" ".join(line) for line in lines) + end + "\n\n"
    for number in range(source.count("¤")):
        source = source.replace("¤", f"[@k{number}; @k{number}]", 1)
    report = read(source, 5)[1]
    expected = []
    for number, line in enumerate(source.split("\n"), start=5):
        for match in re.finditer(r"\[@(k\d+); @\1\]", line):
            expected += [(match[1], number, match.start() + 2), (match[1], number, match.start(1) + len(match[1]) + 3)]
    assert [mention[1:] for mention in report.mentions if mention.what == "source"] == expected
    assert report.errors == 0


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("`[@a!]` and [@a!]", 1, 13),
        ("a\n`[x](no)` [x](no)", 2, 15),
        ("[no](no)", 1, 6),
        ("[x]( <no> )", 1, 7),
        ('[x](no "no")', 1, 5),
        ("[![y](https://e.org/y.png)](no)", 1, 29),
        ("> - a\n>   b [x](no)", 2, 11),
        ("| a |\n|---|\n| `\\|` [x](no) |", 3, 12),
        ("| a | b |\n|---|---|\n| no | [x](no) |", 3, 12),
        ("a\n\n> b\n>\n> > [!NO]\n> > c", 5, 5),
        ("> - > [!NO]", 1, 7),
        ("- a &amp; &#x202e;", 1, 11),
        ("`&#x202e;` &#x202e;", 1, 12),
        ("a ![b](javascript:x)", 1, 8),
    ],
)
def test_a_fault_stands_at_its_own_place_not_at_one_that_looks_like_it(source, line, column):
    assert [fault[:2] for fault in faults(source)] == [(line, column)]


# fences


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("a\n\n```\nb\n", 3, 1),
        ("```", 1, 1),
        ("```\n```\n\n```\na\n", 4, 1),
        ("~~~\n```\n", 1, 1),
        ("````\na\n```\n", 1, 1),
        ("```\na\n    ```\n", 1, 1),
        ("> ```\n> a\n\nb\n", 1, 3),
        ("- ```\n  a\n\nb\n", 1, 3),
        ('``` {.diagram title="b"}\nx\n', 1, 1),
    ],
)
def test_a_fence_that_is_never_closed_is_a_fault_where_it_opens(source, line, column):
    mark = re.search("[`~]{3,}", source.split("\n")[line - 1])[0]
    message = f"this fence is never closed; expected {mark} on a line of its own, where it ends"
    assert faults(source, 4) == [(line + 3, column, message)]


@pytest.mark.parametrize(
    "source",
    ["```\n```", "```\n\n```\n", "```\na\n`````  \n", "  ```\n  a\n ```", "> ```\n> a\n> ```", "- ```\n  a\n  ```\n"],
)
def test_a_fence_that_is_closed_is_none(source):
    assert faults(source) == []


# pictures


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("x.png", "pages/x.png"),
        ("./x.png", "pages/x.png"),
        ("../images/x.png", "images/x.png"),
        ("../images/../x%20y.png", "x y.png"),
        ("<../a b.png>", "a b.png"),
        ("é.png", "pages/é.png"),
        ("a//b.png", "pages/a/b.png"),
    ],
)
def test_a_picture_names_a_file_of_the_course_at_its_place(target, path):
    found, report = read(f"a\n\nb ![c *d*]({target}) e\n", 5)
    assert found[1].inlines == (Span("b "), Picture("c d", path), Span(" e"))
    assert list(plain_texts(found)) == ["a", f"b Picture: c d ({path}) e"]
    assert report.faults == []
    assert [tuple(mention) for mention in report.mentions] == [("image", path, 7, 12 + target.startswith("<"))]


@pytest.mark.parametrize("target", ["https://e.org/x.png", "http://e.org/x.png"])
def test_a_picture_elsewhere_is_not_looked_for(target):
    report = read(f"![a]({target})\n")[1]
    assert (report.faults, report.mentions) == ([], [])


@pytest.mark.parametrize(
    "target",
    [
        *("/etc/passwd", "../../x.png", "a/../../../x.png", "../..", "%2e%2e/%2e%2e/x.png", "//e.org/x.png", ""),
        *("file:///x.png", "data:image/png;base64,AA", "javascript:alert(1)", "ftp://e.org/x.png", "C:x.png"),
    ],
)
def test_a_picture_from_outside_of_the_course_is_a_fault(target):
    found = faults(f"a\n\n![b]({target})\n")
    assert [fault[:2] for fault in found] == [(3, 6)]
    assert "is not a valid picture; expected a file of the course, or https://" in found[0][2]


# figures


def figures(source, first_line=1):
    """Give the figures that have no citation: line, column, words."""
    report = read(source, first_line)[1]
    assert {fault.code for fault in report.faults} <= {"figure-without-citation"}
    return [(fault.line, fault.column, fault.message.split("`")[1]) for fault in report.faults]


STATED = {
    "It lasts ¤48 hours¤ in blood.",
    "It fell by ¤30 %¤ in a year.",
    "It fell by ¤30%¤.",
    "About ¤1,200¤ people took part.",
    "Each got ¤0.5 mg¤ a day.",
    "Give ¤5\u00a0µg¤ of it.",
    "After ¤2–3 days¤ it is gone.",
    "A ¤3-year¤ trial found none.",
    "They differ ¤250-fold¤.",
    "It costs $¤20¤ a month.",
    "It costs ¤20 €¤ a month.",
    "At ¤-5 °¤C it freezes.".replace("¤-", "-¤"),
    "The ratio was ¤0.43¤.",
    "(In ¤304¤ of them.)",
    "**¤40¤** of them fell.",
    "*In ¤16,057¤ women* it fell.",
    "[¤70¤ of them](02-x.md) fell.",
    "At ages ¤65–74¤ it fell.",
    "Am Ende waren es ¤1.200¤ Menschen.",
    "MK-7 and D3 were at ¤45 mg¤.",
    "One MiB is ¤1,048,576¤ bytes.",
    "- item of ¤48 hours¤",
    "1. First, ¤48 hours¤",
    "> [!NOTE]\n> It lasts ¤48 hours¤.",
    "> [!TIP] It lasts ¤48 hours¤.",
    "> It lasts ¤48 hours¤.",
    "| a | b |\n|---|---|\n| c | ¤48 hours¤ |",
    "It lasts long [@a]. Yet ¤48 hours¤ are short.",
    "It lasts ¤48 hours¤. So it was found [@a].",
    "It lasts 48 hours. [@a] Yet ¤30 %¤ fell.",
    "It is `[@a]` and ¤48 hours¤.",
    "Is it so? It lasts ¤48 hours¤.",
    "Look:\n\n- ¤48 hours¤",
    "See [@a].\n\n- ¤48 hours¤",
    "Cells die after ¤48 h¤",
}
NOT_STATED = [
    "MK-7, vitamin D3, B12, 25(OH)D, 1,25(OH)2D, 1α,25-dihydroxyvitamin D, CYP2R1, COVID-19 and omega-3.",
    "UTF-8, HTTP/2, ISO 8601, RFC 2119, Windows 10, Python 3.11 and Boeing 747.",
    "In 1991, between 1995 and 2001, in 2011/12 and in the 1990s.",
    "On 24 May 1844, on May 24, 1844, on 2024-05-12 and on 24.05.2024.",
    "Am 24. Mai und im 19. Jahrhundert.",
    "At 12:30, in the 19th century, for the 3rd time.",
    "In chapter 14, table 13, step 15, question 16, on p. 48 and in version 4.2.",
    "See section 2.1, Fig. 13 and no. 40.",
    "There are 3 forms, 2 of 12, and 10 more.",
    "`48 hours` and ![48 hours](https://e.org/48.png) and <https://e.org/48/>.",
    "12 × 12 = 144, and so on.",
    "The equation (15) and [16] say so.",
    "How long are 48 hours?",
    "#48 and § 48 and 3.x.",
    "It lasts 48 hours [@a].",
    "It lasts 48 hours. [@a]",
    "It lasts 48 hours.\n[@a]",
    "It lasts 48 hours. [@a; @b] [@c] More text.",
    "It lasts 48 hours, in 30 % of them [@a].",
    "In 30 % of people (e.g. 12 of 40 vs. 3 of 41) it lasts [@a].",
    "It lasts 48 hours, says [its maker](https://e.org/).",
    "“It lasts 48 hours.” [@a]",
    "## 48 hours",
    "## Of 30 %\n\nText.",
    "```\n48 hours\n```",
    '``` {.diagram title="48 hours"}\n48 hours\n```',
    "13. first\n14. second",
    "| 48 h | 96 h |\n|---|---|\n| a | b |",
    "| a | b |\n|---|---|\n| 48 hours | c [@a] |",
    "| a | b [@a] |\n|---|---|\n| c | 48 hours |",
    "Of one study [@a].\n\n| a |\n|---|\n| 48 hours |",
    "| a |\n|---|\n| 48 hours |\n\nFrom a study [@a]. More.",
    "Doses [@a]:\n\n- 48 mg\n- 96 mg",
    "In 48 hours:\n\n- some [@a]\n- others [@b]",
    "- Adults [@a]\n  - men 48 mg\n  - women 96 mg",
    "> It lasts 48 hours. Then it goes.\n>\n> So it was found [@a].",
    "As it says [@a]:\n\n> It lasts 48 hours.",
]


@pytest.mark.parametrize("marked", sorted(STATED))
def test_a_figure_without_a_citation_is_warned_of_at_the_figure(marked):
    before, words, _ = marked.split("¤")
    line, column = before.count("\n") + 8, len(before.rpartition("\n")[2]) + 1
    assert figures(marked.replace("¤", ""), 8) == [(line, column, words)]


@pytest.mark.parametrize("source", NOT_STATED)
def test_what_is_no_figure_or_has_a_citation_is_not_warned_of(source):
    assert figures(source) == []


def test_a_sentence_is_warned_of_once_and_each_by_itself():
    assert figures("It lasts 48 hours in 30 % of them. In 20 % it does not.\n") == [
        (1, 10, "48 hours"),
        (1, 39, "20 %"),
    ]


def test_a_page_full_of_figures_is_no_error():
    report = read("It lasts 48 hours.\n\n" * 1200)[1]
    assert (len(report.faults), report.errors) == (100, 0)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("---\ntitle: A\n---\ntext\n", ("title: A", "text\n", 4)),
        ("---\ntitle: A\nb: c\n...\n\ntext", ("title: A\nb: c", "\ntext", 5)),
        ("---  \ntitle: A\n---  \ntext", ("title: A", "text", 4)),
        ("---\n---\ntext", ("", "text", 3)),
        ("text\n---\na\n---\n", ("", "text\n---\na\n---\n", 1)),
        ("---\ntitle: A\n", ("", "---\ntitle: A\n", 1)),
        ("", ("", "", 1)),
    ],
    ids=["dashes", "dots", "spaces", "empty", "none", "not closed", "nothing"],
)
def test_the_front_matter_is_parted_from_the_text(source, parts):
    assert split_front_matter(source) == parts


@given(st.text(st.sampled_from("ab \n*_`[](){}<>!#-+|:>.1@;&\\~=\"'"), max_size=60))
def test_any_text_is_read_and_can_be_kept(source):
    found, _ = read(source)
    assert repr(kept(found)) == repr(found)


@given(
    st.lists(st.text("abcdefg", min_size=1, max_size=8), min_size=1, max_size=12), st.sampled_from(["\n", "\n\n", " "])
)
def test_no_word_of_a_page_is_lost(words, space):
    assert " ".join(plain_texts(blocks(space.join(words)))).split() == words


@pytest.mark.parametrize(
    ("inlines", "expected"),
    [
        ((Span("a "), Cite(("b",)), Span(", c")), "a, c"),
        ((Span("a"), Span("b", "strong"), Span(" c", "", "https://e.org")), "ab c"),
        ((Span("a "), Cite(("b",)), Span(".")), "a."),
        ((Cite(("b",)), Span(" c ")), "c"),
        ((Cite(("b",)),), ""),
    ],
)
def test_plain_text_has_no_marks_and_no_citations(inlines, expected):
    assert plain(inlines) == expected


SOURCE = "Opening [@c].\n\n## A\n\na\n\n### A1\n\na1\n\n## B\n\n## C\n\nc [@b]\n"
PAGE = Page(
    "p", 3, "Title", "Summary.", (Claim("x", "early", ("d", "b")), Claim("y", "trials", ("e",))), blocks(SOURCE)
)


@pytest.mark.parametrize(
    ("heading", "texts"),
    [
        pytest.param("", ["Opening."], id="the opening"),
        pytest.param("a", ["A", "a", "A1", "a1"], id="with the headings below it"),
        pytest.param("a1", ["A1", "a1"], id="a lower heading"),
        pytest.param("b", ["B"], id="a heading without text"),
        pytest.param("c", ["C", "c"], id="the last"),
        pytest.param("none", [], id="none"),
    ],
)
def test_a_passage_is_cut_out(heading, texts):
    assert list(plain_texts(PAGE.passage(heading))) == texts


def test_an_opening_without_text_is_empty():
    assert Page("p", 1, "T", "", (), blocks("## A\n\na\n")).passage("") == ()


def test_sections_part_a_page_at_all_its_headings():
    parts = [(identity, title, list(plain_texts(found))) for identity, title, found in PAGE.sections]
    assert parts == [
        *(("", "", ["Opening."]), ("a", "A", ["a"]), ("a1", "A1", ["a1"]), ("b", "B", []), ("c", "C", ["c"])),
    ]


def test_a_page_without_an_opening_has_no_section_for_it():
    assert [part[0] for part in Page("p", 1, "T", "", (), blocks("## A\n\na\n")).sections] == ["a"]


def test_sources_are_cited_in_the_order_of_reading_the_text_before_the_claims():
    assert PAGE.citations == ("c", "b", "d", "e")


def test_the_words_of_a_page_are_counted_without_diagrams():
    source = '## A b\n\nc d\n\n- e\n\n``` {.diagram title="x y"}\nz z z\n```\n'
    assert Page("p", 1, "T", "", (), blocks(source)).words == 5


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (1, 1), (344, 1), (346, 2), (1000, 4)])
def test_the_reading_time_is_in_whole_minutes_and_at_least_one(count, minutes):
    assert Page("p", 1, "T", "", (), (text(*["word"] * count),)).minutes == minutes


def test_a_page_is_listed_with_the_grades_of_its_claims_firmest_first():
    assert contents_entry(PAGE) == ContentsEntry(
        number=3,
        id="p",
        title="Title",
        summary="Summary.",
        minutes=1,
        grades=("trials", "early"),
        headings=(("a", "A"), ("a1", "A1"), ("b", "B"), ("c", "C")),
    )


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("02-d3.md", (2, "d3")),
        ("1-a.b_c-d.md", (1, "a.b_c-d")),
        ("100-2024.md", (100, "2024")),
        ("d3.md", None),
        ("02-D3.md", None),
        ("02-d3.txt", None),
        ("02-.md", None),
        ("02-d3-.md", None),
        ("02-a b.md", None),
        ("02-../x.md", None),
        ("02-d3.md\n", None),
    ],
)
def test_number_and_id_of_a_page_stand_in_its_files_name(name, identity):
    assert file_identity(name) == identity


def entry(number, identity, title):
    return ContentsEntry(number, identity, title, "", 1, (), ())


CONTENTS = (
    entry(1, "heart", "Vessels"),
    entry(2, "hearts", "Bones"),
    entry(3, "bones", "Heart"),
    entry(4, "forms", "MK-4 and MK-7: the forms"),
    entry(5, "2", "Two"),
    entry(6, "timing", "When to take it"),
    entry(7, "timetable", "What to take"),
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param("heart", "heart", id="an id, though it begins another and is a title"),
        pytest.param("bones", "bones", id="an id, though it is a title"),
        pytest.param("2", "2", id="an id, though it is a number"),
        pytest.param("6", "timing", id="a number"),
        pytest.param("06", "timing", id="a number with a nought"),
        pytest.param("Vessels", "heart", id="a title"),
        pytest.param("when  TO take it.", "timing", id="a title in another spelling"),
        pytest.param("mk–4 and mk–7: the forms", "forms", id="a title with dashes"),
        pytest.param("FORMS", "forms", id="an id in capitals"),
        pytest.param("f", "forms", id="the beginning of an id"),
        pytest.param("timi", "timing", id="the beginning of one id of two"),
        pytest.param("mk-4", "forms", id="the beginning of a title"),
        pytest.param("wh", None, id="the beginning of two titles"),
        pytest.param("tim", None, id="the beginning of two ids"),
        pytest.param("b", "bones", id="the beginning of an id before that of a title"),
    ],
)
def test_a_section_is_found(wanted, found):
    if found is None:
        with pytest.raises(UsageError, match="could be any of these"):
            find(CONTENTS, wanted)
    else:
        assert find(CONTENTS, wanted).id == found


def refusal(wanted, contents=CONTENTS):
    with pytest.raises(UsageError) as caught:
        find(contents, wanted)
    return str(caught.value).split("\n")


def test_what_could_be_several_sections_names_them_all():
    assert refusal("tim") == [
        "`tim` could be any of these sections:",
        "  timing           When to take it",
        "  timetable        What to take",
        "All sections: synergy explain",
    ]


def test_two_equal_titles_are_told_apart():
    twins = (entry(1, "a", "Same"), entry(2, "b", "Same"))
    assert refusal("same", twins) == [
        "`same` could be any of these sections:",
        "  a                Same",
        "  b                Same",
        "All sections: synergy explain",
    ]


@pytest.mark.parametrize(
    "wanted", ["0", "8", "99999999999999999999", "9" * 5000], ids=["nought", "eight", "long", "endless"]
)
def test_a_number_out_of_range_says_which_there_are(wanted):
    assert refusal(wanted) == [
        f"There is no section {wanted}; the numbers are 1 to 7.",
        "All sections: synergy explain",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tming", "  timing           When to take it"),
        ("fomrs", "  forms            MK-4 and MK-7: the forms"),
        ("vesels", "  heart            Vessels"),
    ],
    ids=["in an id", "swapped letters", "in a title"],
)
def test_a_typing_error_names_what_was_probably_meant(typed, meant):
    lines = refusal(typed)
    assert (lines[0], lines[1], lines[-1]) == (
        f"There is no section `{typed}`.",
        "Did you mean:",
        "All sections: synergy explain",
    )
    assert lines[2] == meant
    assert len(lines[2:-1]) <= 3


@pytest.mark.parametrize("wanted", ["xyzzy", "", " ", "-1", "1.5", "heart#a"])
def test_what_resembles_nothing_says_where_all_sections_are(wanted):
    lines = refusal(wanted)
    assert (lines[0], lines[-1]) == (f"There is no section `{wanted}`.", "All sections: synergy explain")
    assert wanted == "heart#a" or len(lines) == 2


def test_an_empty_course_has_no_section():
    assert refusal("1", ()) == ["There is no section 1; the numbers are none.", "All sections: synergy explain"]


@pytest.fixture(scope="module")
def pages():
    return list(Compiler(Files(DATA)).checked_pages.values())


def test_every_page_of_the_course_can_be_kept_and_given_back(pages):
    assert len(pages) == len(list((DATA / "pages").iterdir()))
    for page in pages:
        assert repr(kept(page)) == repr(page)


def test_the_contents_of_the_course_can_be_kept_and_given_back(pages):
    entries = tuple(map(contents_entry, pages))
    assert repr(kept(entries)) == repr(entries)


def test_every_heading_of_the_course_is_a_passage_that_begins_with_it(pages):
    for page in pages:
        for heading in page.headings:
            assert page.passage(heading.id)[0] == heading


def test_every_page_of_the_course_is_found_by_number_id_and_title(pages):
    entries = list(map(contents_entry, pages))
    for line in entries:
        assert {find(entries, wanted) for wanted in (line.id, str(line.number), line.title)} == {line}


def written(folder, text):
    (folder / "pages" / "01-sky.md").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        _ = Compiler(Files(folder)).checked_pages
    return [str(fault).partition("01-sky.md:")[2] for fault in caught.value.faults]


def test_a_fault_below_the_front_matter_has_its_line_in_the_file(small):
    assert written(small, "---\ntitle: A\n---\n\na [b](no)\n") == [
        "5:7: error[bad-link]: `no` is not a valid link; expected https://, doi:10. or NN-page.md"
    ]


def test_a_source_and_a_passage_that_do_not_exist_are_faults_at_their_place(small):
    assert written(small, "---\ntitle: A\n---\na [@nobody]\n\n# Here\n\n[b](#hree) [c](02-x.md)\n") == [
        "4:4: error[missing-source]: references.yaml has no source `nobody`; expected one that exists",
        "8:5: error[missing-passage]: no page has the passage `sky#hree`; did you mean `sky#here`?",
        "8:16: error[missing-page]: there is no page `x`; expected one that exists",
    ]


def test_a_page_without_front_matter_is_a_fault(small):
    assert written(small, "text\n") == [
        "1:1: error[front-matter]: the front matter is missing; expected `---`, `title: …` and `---` above the text"
    ]


def test_a_control_character_in_a_page_is_a_fault_at_its_place(small):
    assert written(small, "---\ntitle: A\n---\na\x1b[31m\n") == [
        "4:2: error[character]: U+001B control character is not allowed in a course; expected visible text"
    ]
