"""HTML and plain text become texts of questions, and back: nothing that is said is lost in silence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange
from synergy_cli.course.question_text import blocks_of
from synergy_cli.formats.html_text import read_html
from synergy_cli.formats.markup import _joined, _words, from_html, from_plain, to_html
from synergy_cli.formats.notes import Notes


def read(convert, text, **options):
    """Give a text that was converted, what it lost and what has another form."""
    notes = Notes()
    return convert(text, notes, **options), tuple(notes.lost), tuple(notes.changed)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a <b>b</b> <em>c</em>", "a **b** *c*"),
        ("<p>One</p>\n<p>Two &amp; <i>three </i>four</p>", "One\n\nTwo & *three* four"),
        ("<p>One<br>two<br />\nthree</p>", "One\ntwo\nthree"),
        ("<ul><li>a<li>b<ol><li>x</ol></ul>z", "- a\n- b\n  1. x\n\nz"),
        ("<ol>\n <li>a</li>\n <li>b</li>\n</ol>", "1. a\n2. b"),
        ("<pre>if x:\n  y &lt; 3\n</pre> after", "```\nif x:\n  y < 3\n```\nafter"),
        ("<pre><code>a ``` b</code></pre>", "````\na ``` b\n````"),
        ("run <code>ls -l</code> or <kbd>a`b</kbd>", "run `ls -l` or ``a`b``"),
        ('<a href="https://example.org/a?b=1&amp;c">it</a>', "[it](https://example.org/a?b=1&c)"),
        ('<a href="https://example.org/">https://example.org/</a>', "<https://example.org/>"),
        ('<img src="https://example.org/a.png" alt="A loaf">', "![A loaf](https://example.org/a.png)"),
        ("H<sub>2</sub>O, 10<sup>-3</sup>", "H₂O, 10⁻³"),
        ("a &lt; b &#38; c &eacute;", "a < b & c é"),
        ("a < b > c <3", "a < b > c <3"),
        ("10&nbsp;g.&nbsp; Then", "10\N{NO-BREAK SPACE}g.  Then"),
        ("x <!-- no <b>--> y<?php no ?>", "x y"),
        ("<div>a<div>b</div></div>", "a\nb"),
        ("<P STYLE='color: red' onclick='x()'>a</P>", "a"),
        ("2 * 3 * 4 and __init__ and a_b_c", "2 * 3 * 4 and __init__ and a_b_c"),
    ],
)
def test_html_becomes_small_markdown(html, text):
    assert read(from_html, html) == (text, (), ())


@pytest.mark.parametrize(
    ("html", "text", "lost", "changed"),
    [
        ("<script>alert('<b>')</script>hi", "hi", ("script",), ()),
        ("<style>p {}</style>hi<iframe src=x></iframe>", "hi", ("iframe",), ()),
        ("<a href='javascript:alert(1)'>x</a>", "x", ("a link",), ()),
        ("<img src='@@PLUGINFILE@@/a.png' alt='A loaf'>", "(picture: A loaf)", ("a picture",), ()),
        ("<img src='data:image/png;base64,AAAA'>", "(picture: png;base64,AAAA)", ("a picture",), ()),
        ("x<sup>a</sup>", "xa", ("superscript",), ()),
        ("a<b>b</b>c", "abc", ("markup",), ()),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a | b\n1 | 2", (), ("a table became lines of text",)),
        ("the *args*", "the `*args*`", (), ("characters that would be markup are written as code",)),
        ("<input value=3> x", "x", ("form",), ()),
    ],
)
def test_what_is_no_small_markdown_is_named(html, text, lost, changed):
    assert read(from_html, html) == (text, lost, changed)


@pytest.mark.parametrize(
    "text", ["*a*", "**a** b", "`x`", "~~~", "``` x", "[a](https://example.org/)", "_a_ b", "<https://example.org/>"]
)
def test_plain_text_with_signs_of_markup_keeps_them(text):
    converted, _, changed = read(from_plain, text)
    assert "".join(map(_words, blocks_of(converted))) == text
    assert changed


@pytest.mark.parametrize("text", ["a * b", "a\n    b", "  a", "# a", "a_b_c", "1. a", "x < y"])
def test_plain_text_without_signs_of_markup_stays_as_it_is(text):
    assert read(from_plain, text) == (text, (), ())


@given(exchange.marked)
def test_a_text_comes_back_from_html_as_it_is_shown(text):
    html = to_html(blocks_of(text))
    assert not re.search(r"<(?!/?(?:strong|em|code|pre|a|br|img)\b)|[^\x20-\U0010ffff\n]", html)
    back, *notes = read(from_html, html)
    assert notes == [(), ()]
    assert _joined(blocks_of(back)) == _joined(blocks_of(text))


TAGS = """
    <b> </b> <i> </i> <code> </code> <pre> </pre> <p> </p> <br> <ul> <ol> <li> </ul> <td> <a%href='https://e.org/'> </a>
    <script> </script> <!-- --> <x < > &amp; &#x41; &lt; * ** ` ``` _ ~~~ [x](https://e.org/) \\ a b1 % %%%%
"""
soup = st.lists(
    st.sampled_from([part.replace("%", " ") for part in [*TAGS.split(), "\n"]]),
    max_size=14,
).map("".join)


@given(soup, st.booleans())
def test_any_html_becomes_a_text_that_says_the_same_words(html, keeps_lines):
    parsed = read_html(html, Notes(), keeps_lines=keeps_lines)
    converted, lost, _ = read(from_html, html, keeps_lines=keeps_lines)
    said = "".join("".join(map(_words, parsed)).split())
    shown = "".join("".join(map(_words, blocks_of(converted))).split())
    assert shown == said or "markup" in lost


@given(soup)
def test_any_plain_text_keeps_its_words(text):
    converted, lost, _ = read(from_plain, text)
    shown = "".join(map(_words, blocks_of(converted)))
    assert "".join(shown.split()) == "".join(text.split()) or "markup" in lost


HOSTILE = {
    "tags that never close": "<a " * 50_000,
    "comments that never close": "<!--" * 50_000,
    "quotes that never close": "<a b='" * 30_000 + ">",
    "deep": "<div><b>" * 30_000,
    "deep lists": "<ul><li>" * 30_000,
    "less than": "<" * 200_000,
    "ampersands": "&" * 200_000,
    "a number of many digits": "&#" + "9" * 200_000 + ";",
    "scripts": "<script>" * 30_000,
    "code": "<code>`" * 30_000,
    "hard blanks": "&nbsp; " * 50_000,
    "emphasis": "*a_`" * 30_000,
}


@pytest.mark.sampled
@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_hostile_html_is_read_to_its_end(html):
    """Were it not in time linear in its length, this would take minutes."""
    assert isinstance(from_html(html, Notes()), str)
