"""Pages in Pandoc's Markdown: what `explain` writes is read without a warning and holds no raw HTML or TeX."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness import DATA, in_process
from synergy_cli.course.markdown import parse_markdown
from synergy_cli.course.page import (
    CALLOUTS,
    Callout,
    Cite,
    Code,
    Diagram,
    Divider,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Span,
    TableBlock,
)
from synergy_cli.course.pandoc_blocks import PandocWriter
from synergy_cli.parsing.report import Report

PANDOC = shutil.which("pandoc")
needs_pandoc = pytest.mark.skipif(PANDOC is None, reason="pandoc is not installed")
PAGES = sorted((DATA / "pages").glob("*.md"))


def pandoc(*arguments, stdin=None):
    return run("--citeproc", "-t", "html", *arguments, stdin=stdin)


def run(*arguments, stdin=None):
    done = subprocess.run(
        [PANDOC, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.mark.sampled
@needs_pandoc
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_pandoc_renders_a_page(page):
    html = pandoc("--bibliography", DATA / "references.yaml", page)
    assert "[@" not in html
    assert "<h2" in html
    assert 'class="diagram"' in html or ".diagram" not in page.read_text("utf-8")


LINKED = """\
---
title: Down
---

[Up by day](01-sky.md#by-day), [up](01-sky.md), [here](#by-day--a).

## By day & a

Grass
=====

Grass is green.
"""


@needs_pandoc
@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([], ["#sky:by-day", "#sky", "#down:by-day--a"]),
        (["down"], ["#by-day--a"]),
        (["down#grass"], []),
    ],
    ids=["all pages", "one page", "a passage"],
)
def test_a_link_leads_to_a_place_in_the_document_or_is_none(small, sections, expected):
    (small / "pages" / "02-down.md").write_text(LINKED, "utf-8")
    written = in_process("--course", small, "explain", *(sections or ["--all"]), "--format", "md")
    html = pandoc("-s", "--metadata", "title=x", stdin=written.stdout)
    assert re.findall(r'href="(#[^"]+)"', html) == expected
    ids = re.findall(r'id="([^"]+)"', html)
    assert {link[1:] for link in expected} <= set(ids)
    assert len(ids) == len(set(ids))
    if sections != ["down#grass"]:
        assert "Up by day" in html


@needs_pandoc
def test_pandoc_renders_what_explain_writes():
    html = pandoc("-s", stdin=in_process("explain", "--all", "--format", "md").stdout)
    assert html.count("<h1") >= len(PAGES)
    cited = {key for page in PAGES for key in re.findall(r"@([\w-]+)", page.read_text("utf-8"))}
    assert {key for key in cited if f'id="ref-{key}"' not in html} == set()
    assert "[@" not in html


LITERAL = (
    *(
        "<script>alert(1)</script>",
        "<!-- a -->",
        "$x$",
        "$$x$$",
        "\\alpha",
        "\\begin{x} y \\end{x}",
        "{=html}",
        "\\(a\\)",
    ),
    *(
        "~~a~~",
        "a^b^",
        "H~2~O",
        "@key",
        "[@key]",
        "[x]{.y}",
        "[a](b)",
        "![a](b)",
        "[^1]",
        "^[a]",
        "[a]: b",
        "`a`{=html}",
    ),
    *(
        "::: note",
        ":::",
        ": a",
        "Table: a",
        "| a | b |",
        "| a",
        "|---|",
        "+---+",
        "----",
        "---",
        "===",
        "* * *",
        "...",
        "--",
    ),
    *("1) a", "(1) a", "1. a", "i. a", "A) a", "(@) a", "#. a", "# a", "#", "+ a", "- a", "* a", "> a", "%", "a  b"),
    *(
        "*a*",
        "**a**",
        "_a_",
        "a_b_c",
        "&lt;",
        "&#60;",
        "&",
        '"a"',
        "it's",
        "a!",
        "(a",
        "\\",
        "``` a",
        "~~~",
        "{#a}",
        "<a@b.c>",
    ),
    *("<https://e.org>", "https://e.org", "[!NOTES]", "a\\", "a:", "==a==", "- [ ] a", "!", "-1"),
)
"""Texts that are markup somewhere."""


def picture_address(path):
    return quote(f"../{path}")


def written(*blocks):
    return PandocWriter({"#a": "#a", "d3": "#d3"}, "", picture_address).blocks(blocks)


def read(text):
    return parse_markdown(text, Report(""))


def nodes(value):
    """Yield the nodes of a Pandoc document, those in its metadata too, but not inside of citations."""
    if isinstance(value, dict) and "t" in value:
        yield value
        value = [] if value["t"] == "Cite" else value.get("c", [])
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(part)


ALLOWED = {
    *("BlockQuote", "BulletList", "CodeBlock", "Header", "HorizontalRule", "OrderedList", "Para", "Plain", "Table"),
    *("Cite", "Code", "Emph", "Image", "LineBreak", "Link", "Space", "Str", "Strong"),
    *("AlignCenter", "AlignDefault", "AlignLeft", "AlignRight", "ColWidth", "ColWidthDefault"),
    *("Decimal", "OneParen", "Period", "MetaInlines", "MetaList", "MetaMap", "MetaString"),
}
"""What Pandoc may find: no raw block, raw inline, formula, definition list, and so on."""


def parsed(text):
    """Return a text as Pandoc reads it; nothing in it is raw, a formula, or any other markup that pages lack."""
    document = json.loads(run("-f", "markdown", "-t", "json", stdin=text))
    assert {node["t"] for node in nodes(document)} <= ALLOWED
    return document


def shown(value):
    """Return the text that Pandoc shows, without blanks."""
    texts = {"Str": lambda c: c, "Code": lambda c: c[1], "CodeBlock": lambda c: c[1]}
    found = (texts[node["t"]](node["c"]) for node in nodes(value) if node["t"] in texts)
    return "".join("".join(found).split())


@needs_pandoc
def test_pandoc_shows_literally_what_a_page_shows_literally():
    for text in LITERAL:
        inlines = (Span(text),)
        blocks = [
            *(Paragraph(inlines), Heading(2, "", text), ListBlock(None, ((Paragraph(inlines),),))),
            *(ListBlock(2, ((Paragraph(inlines), Paragraph(inlines)),)), Callout("", (Paragraph(inlines),))),
            *(TableBlock((inlines,), ((inlines,),), ("left",)), Paragraph(inlines), Callout("tip", ())),
            Paragraph((Span("a\n"), Span(text, "strong"), Span(f"\n{text}"))),
            Paragraph(
                (Cite(("a",)), Span(text), Cite(("a",)), Picture(text, "a b.svg"), Span(text, "code"), Span(text))
            ),
        ]
        assert shown(parsed(written(*blocks))) == squeezed(*blocks)


def text_of(block):
    """Return all that a block shows, without citations and the places of pictures."""
    text = ""
    match block:
        case Paragraph(inlines):
            text = "".join(getattr(inline, "alt", getattr(inline, "text", "")) for inline in inlines)
        case Heading(_, _, text):
            pass
        case Code(lines) | Diagram(_, lines):
            text = "".join(lines)
        case ListBlock(_, items):
            text = "".join(text_of(block) for item in items for block in item)
        case TableBlock(header, rows):
            text = "".join(text_of(Paragraph(cell)) for row in (header, *rows) for cell in row)
        case Callout(kind, inner):
            text = kind.capitalize() + "".join(map(text_of, inner))
    return text


def squeezed(*blocks):
    return "".join("".join(map(text_of, blocks)).split())


def composed(parts):
    """Put plain text between the others, so that marks have blanks around them."""
    inlines = []
    for number, (plain, other) in enumerate(parts):
        inlines += [Span(f" {plain} " if number else f"{plain} "), other]
    return tuple(inlines)


def inlines(words):
    text = st.lists(words, min_size=1, max_size=3).map(" ".join)
    code = st.sampled_from(["a", "`", "a``b", " a ", "<b>", "$x$", "\\", "*a*", "{=html}"])
    style = st.sampled_from(["", "strong", "emphasis", "strong emphasis"])
    link = st.sampled_from(["", "https://e.org/a_b(c)?d=e&f=$g$", "#a"])
    marked = st.builds(Span, text, st.sampled_from(["strong", "emphasis", "emphasis strong"]), link)
    linked = st.builds(Span, text, st.just(""), link.filter(bool))
    coded = st.builds(lambda text, style, link: Span(text, f"{style} code".strip(), link), code, style, link)
    pictured = st.builds(
        Picture,
        text.map(lambda text: text.replace("\n", " ")),
        st.sampled_from(["img/x y.svg", "a(b).png"]),
        style,
        link,
    )
    cited = st.lists(st.sampled_from(["a", "b_c", "d:e/f"]), min_size=1, max_size=2).map(lambda keys: Cite(tuple(keys)))
    others = st.one_of(marked, linked, coded, pictured, cited)
    plain = text.map(lambda text: (Span(text),))
    return st.one_of(plain, st.lists(st.tuples(text, others), min_size=1, max_size=3).map(composed))


WORDS = st.sampled_from([*(text for text in LITERAL if "  " not in text), "a", "word", "ä"])
BROKEN = st.one_of(WORDS, st.tuples(WORDS, WORDS).map("\n".join))
LINES = st.lists(
    st.sampled_from(["", "a", "  b", "```", "````", "~~~", "<b>", "\\end{x}", "| a |", "- a"]), min_size=1, max_size=4
).map(lambda lines: tuple("\n".join([*lines, "z"]).split("\n")))
TITLES = st.sampled_from(["a", "<b> $x$ }"])


def tables(columns):
    row = st.lists(st.one_of(st.just(()), inlines(WORDS)), min_size=columns, max_size=columns).map(tuple)
    sides = st.lists(st.sampled_from(["left", "right", "center"]), min_size=columns, max_size=columns).map(tuple)
    header = st.lists(inlines(WORDS), min_size=columns, max_size=columns).map(tuple)
    return st.builds(TableBlock, header, st.lists(row, max_size=3).map(tuple), sides)


LEAVES = st.one_of(
    inlines(BROKEN).map(Paragraph),
    st.builds(Heading, st.integers(1, 6), st.just(""), st.lists(WORDS, min_size=1, max_size=3).map(" ".join)),
    st.integers(1, 3).flatmap(tables),
    LINES.map(Code),
    st.builds(Diagram, TITLES, LINES),
    st.just(Divider()),
)


LIST_OF_TABLES = re.compile(r"^[\s>]*(?:\d+\.|[-*])\s+\|", re.MULTILINE)
"""A table at the beginning of an item, which Pandoc takes for one around the whole list."""


def holders(inner, most):
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    items = st.lists(st.one_of(some, st.just(())), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(ListBlock, st.one_of(st.none(), st.integers(0, most)), items),
        st.builds(Callout, st.sampled_from(["", *CALLOUTS]), some),
    )


def pages(most):
    blocks = st.recursive(LEAVES, lambda inner: holders(inner, most), max_leaves=6)
    return st.lists(blocks, min_size=1, max_size=4).map(tuple)


def as_read(block):
    """Return a block as a page has it once it is written: a callout's name is text, and styles have no order."""
    match block:
        case Paragraph(inlines):
            return Paragraph(tuple(map(in_order, inlines)))
        case Heading(level, _, text):
            return Heading(level, "", text)
        case TableBlock(header, rows, sides):
            rows = tuple(tuple(tuple(map(in_order, cell)) for cell in row) for row in (header, *rows))
            return TableBlock(rows[0], rows[1:], sides)
        case ListBlock(first, items):
            return ListBlock(first, tuple(tuple(map(as_read, item)) for item in items))
        case Callout(kind, inner):
            name = (Paragraph((Span(kind.capitalize(), "strong"),)),) if kind else ()
            return Callout("", (*name, *map(as_read, inner)))
    return block


def in_order(inline):
    return inline if isinstance(inline, Cite) else inline._replace(style=" ".join(sorted(inline.style.split())))


def again(blocks):
    return tuple(as_read(block) for block in read(written(*blocks)))


@given(pages(999_999_999))
def test_what_is_written_is_read_as_the_same_blocks(blocks):
    assert again(blocks) == tuple(map(as_read, blocks))


@pytest.mark.deep
@needs_pandoc
@given(pages(6))
def test_pandoc_shows_the_text_of_any_blocks_and_nothing_else(blocks):
    text = written(*blocks)
    assume(not LIST_OF_TABLES.search(text))
    assert shown(parsed(text)) == squeezed(*blocks)


@needs_pandoc
def test_the_title_of_a_diagram_is_literal():
    (diagram,) = parsed(written(Diagram("\\alpha &amp; `a` }", ("a",))))["blocks"]
    assert diagram["c"][0] == ["", ["diagram"], [["title", "\\alpha &amp; `a` }"]]]


def test_a_picture_of_the_course_is_found_from_the_current_folder(small, monkeypatch):
    page = small / "pages" / "01-sky.md"
    page.write_text("---\ntitle: <b>\n---\n\nSee ![a *b* $c$](../img/x%20y.svg).\n\n<script>\n\n## By day\n", "utf-8")
    (small / "img").mkdir()
    (small / "img" / "x y.svg").write_text("<svg/>", "utf-8")
    arguments = ["--course", small, "explain", "sky", "--format", "md"]
    assert f"See ![a b \\$c\\$]({quote(str(small))}/img/x%20y.svg).\n\n\\<script\\>" in in_process(*arguments).stdout
    assert 'title: "\\\\<b\\\\>"' in in_process(*arguments).stdout
    monkeypatch.chdir(small)
    assert "See ![a b \\$c\\$](img/x%20y.svg)." in in_process(*arguments).stdout
