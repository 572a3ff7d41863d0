"""YAML in a course: text stays text, every value knows its position, and refused features are reported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from synergy_cli.parsing import yaml as course_yaml
from synergy_cli.parsing.report import ContentError, Report
from synergy_cli.parsing.yaml import MAX_DEPTH, Node, refuse_dangerous

if TYPE_CHECKING:
    from synergy_cli.parsing.faults import Fault

QUOTE_IT = "put the text in quotes, or on its own lines after `|`"


def parse(source: str, *first_line: int) -> Node:
    """Read a document in which nothing is wrong."""
    report = Report("bank.yaml")
    node = course_yaml.parse(source, report, *first_line)
    assert report.faults == []
    return node


def refused(source: str, *first_line: int) -> tuple[Fault, ...]:
    report = Report("bank.yaml")
    with pytest.raises(ContentError) as caught:
        course_yaml.parse(source, report, *first_line)
    assert set(caught.value.faults) == set(report.faults)
    assert {fault.path for fault in report.faults} == {"bank.yaml"}
    return caught.value.faults


def faults(source: str, *first_line: int) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.message) for fault in refused(source, *first_line)]


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        pytest.param(
            "a:\n- !python/object x\n",
            2,
            3,
            f"`!python/object` is a tag, which a course may not use; {QUOTE_IT}",
            id="tag",
        ),
        pytest.param(
            "a: !!str b\n",
            1,
            4,
            f"`!!str` is a tag, which a course may not use; {QUOTE_IT}",
            id="tag of YAML's own",
        ),
        pytest.param(
            "a: !!map {b: c}\n",
            1,
            4,
            f"`!!map` is a tag, which a course may not use; {QUOTE_IT}",
            id="tag on a mapping",
        ),
        pytest.param("a: &x b\n", 1, 4, f"`&x` is an anchor, which a course may not use; {QUOTE_IT}", id="anchor"),
        pytest.param(
            "- a\n-  &x\n  b: c\n",
            2,
            4,
            f"`&x` is an anchor, which a course may not use; {QUOTE_IT}",
            id="anchor on a mapping",
        ),
        pytest.param("a: b\nc: *x\n", 2, 4, f"`*x` is an alias, which a course may not use; {QUOTE_IT}", id="alias"),
        pytest.param(
            "*x : b\n", 1, 1, f"`*x` is an alias, which a course may not use; {QUOTE_IT}", id="alias as a key"
        ),
        pytest.param(
            "a:\n  <<: {b: c}\n",
            2,
            3,
            "`<<` is a merge key, which a course may not use; write the keys out",
            id="merge key",
        ),
        pytest.param("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key `a`", id="duplicate key"),
        pytest.param(
            "- é: 1\n  b: {c: 2, 'c': 3}\n",
            2,
            13,
            "duplicate key `c`",
            id="quoted duplicate",
        ),
        pytest.param(
            "a: 1\n---\nb: 2\n",
            2,
            1,
            "a second document starts here; expected one document per file",
            id="two documents",
        ),
        pytest.param("", 1, 1, "the file is empty; expected a mapping of keys and values", id="empty"),
        pytest.param(
            "# only a comment\n\n", 1, 1, "the file is empty; expected a mapping of keys and values", id="comment only"
        ),
        pytest.param("? [a, b]\n: c\n", 1, 3, f"a key may not be a list or a mapping; {QUOTE_IT}", id="list as a key"),
        pytest.param("{a: b}: c\n", 1, 1, f"a key may not be a list or a mapping; {QUOTE_IT}", id="mapping as a key"),
    ],
)
def test_a_refused_feature_is_reported_at_its_position(source, line, column, message):
    assert faults(source) == [(line, column, message)]


NO_COLON = "no colon after a key; expected `key: value`, or more indentation to continue the text above"
TAB = "found a tab where only spaces are allowed"
COLON = f"the text contains a colon and a space; {QUOTE_IT}"
IN_SINGLE = "write `''` for a quote inside the text"
IN_DOUBLE = 'write `\\"` for a quote inside the text'
BACKSLASH = "in double quotes, write a backslash as `\\\\`, or use single quotes"
SQUARE = "this bracket is never closed; expected `]`, or quotes around a text"
SLIPS = {
    "an unclosed double quote": (
        '  key: "Blue\n  hint: Look\n',
        "4:8",
        'this quote is never closed; expected `"` at the end of the text',
    ),
    "an unclosed single quote": (
        "  key: 'Blue\n  hint: Look\n",
        "4:8",
        "this quote is never closed; expected `'` at the end of the text",
    ),
    "a quote that the next one closes": (
        '  key: "Blue\n  hint: "Look"\n',
        "4:8",
        f"this quote is closed only on line 5; close it earlier, or {IN_DOUBLE}",
    ),
    "an item's quote that an apostrophe closes": (
        "  accept:\n  - 'Blue\n  hint: It's so\n",
        "5:5",
        f"this quote is closed only on line 6; close it earlier, or {IN_SINGLE}",
    ),
    "an apostrophe in single quotes": (
        "  key: 'It's blue'\n",
        "4:12",
        f"the quotes end before this; put them around the whole text, and {IN_SINGLE}",
    ),
    "a text of which the first word is quoted": (
        '  accept:\n  - "Blue" sky\n  - b\n',
        "5:12",
        f"the quotes end before this; put them around the whole text, and {IN_DOUBLE}",
    ),
    "a quoted text with a colon behind it": (
        '  key: "Blue": dark\n',
        "4:14",
        f"the quotes end before this; put them around the whole text, and {IN_DOUBLE}",
    ),
    "a quoted text that goes on below": (
        '  key: "Blue"\n    sky\n',
        "5:5",
        "the quotes end above this line; put them around the whole text",
    ),
    "a quoted text that goes on below a comment": (
        '  key: "Blue" # dark\n    sky\n',
        "5:5",
        "the quotes end above this line; put them around the whole text",
    ),
    "an unclosed bracket": ("  key: [Blue\n  hint: Look\n", "4:8", SQUARE),
    "an unclosed bracket after a comma": ("  key: [Blue,\n  hint: Look\n- id: b\n", "4:8", SQUARE),
    "an unclosed bracket around another": ("  key: [a, [b]\n  hint: Look\n", "4:8", SQUARE),
    "an unclosed bracket at the end": ("  key: [Blue", "4:8", SQUARE),
    "an unclosed brace": ("  key: {a: Blue\n  hint: Look\n", "4:8", SQUARE.replace("]", "}")),
    "a missing comma": (
        '  key: ["a" "b"]\n',
        "4:13",
        "expected a comma or `]` before this",
    ),
    "a text that begins with a bracket": (
        "  key: [Blue] sky\n",
        "4:8",
        f"a list starts here, but something follows its end; {QUOTE_IT}",
    ),
    "a text that begins with two brackets": (
        "  key: [[Blue]] sky\n",
        "4:8",
        f"a list starts here, but something follows its end; {QUOTE_IT}",
    ),
    "a text that begins with a brace": (
        "  key: {Blue} sky\n",
        "4:8",
        f"a mapping starts here, but something follows its end; {QUOTE_IT}",
    ),
    "a tab before a key": ("\tkey: Blue\n", "4:1", TAB),
    "a tab after spaces": ("  \tkey: Blue\n", "4:3", TAB),
    "a tab before a text": ("  key:\n\tBlue\n", "5:1", TAB),
    "a tab in a text on its own lines": ("  key: |\n\tBlue\n", "5:1", TAB),
    "a tab after a dash": ("  key:\n  -\tBlue\n", "5:4", TAB),
    "a colon in a text": ("  key: Blue: dark\n", "4:12", COLON),
    "a colon in the second line of a text": ("  key: The sky\n    at noon is so: blue\n", "5:18", COLON),
    "a colon at the end of a text": ("  key: Blue:\n", "4:12", COLON),
    "a value that begins with a colon": ("  key: : Blue\n", "4:8", f"a value cannot start with `:`; {QUOTE_IT}"),
    **{
        f"a text that begins with {sign}": (
            f"  key: {text}\n",
            "4:8",
            f"a value cannot start with {shown}; {QUOTE_IT}",
        )
        for sign, text, shown in (
            ("@", "@Blue", "`@`"),
            ("a backtick", "`Blue`", "a backtick"),
            ("%", "%Blue", "`%`"),
            ("two stars", "**Blue**", "`*`"),
            ("a star and a space", "* Blue", "`*`"),
            ("&", "& Blue", "`&`"),
            ("!<", "!<Blue", "`!`"),
            ("]", "] Blue", "`]`"),
            ("}", "}Blue", "`}`"),
            (",", ",Blue", "`,`"),
            ("?", "? Blue", "`?`"),
        )
    },
    "a line that begins with %": ("%Blue\n", "1:1", f"a value cannot start with `%`; {QUOTE_IT}"),
    "a text that begins with a dash": (
        "  key: - Blue\n",
        "4:8",
        "a list item starts on its own line; put a text that starts with `- ` in quotes",
    ),
    "a text after a bar": (
        "  key: |Blue|\n",
        "4:8",
        "after `|` the text starts on the next line; put a text that starts with `|` in quotes",
    ),
    "a text that begins with >": (
        "  key: > 5 mg\n",
        "4:8",
        "after `>` the text starts on the next line; put a text that starts with `>` in quotes",
    ),
    "an unknown escape": ('  é: "C:\\data"\n', "4:9", f"`\\d` is not a valid escape; {BACKSLASH}"),
    "half an escape": ('  key: "\\x1"\n', "4:9", f"`\\x1` is not a valid escape; {BACKSLASH}"),
    "a key too far left": (
        " key: Blue\n",
        "4:2",
        "a key starts in column 2; expected column 1 or 3, like the keys above it",
    ),
    "a key too far right": (
        "   key: Blue\n",
        "4:4",
        "a key starts in column 4; expected column 1 or 3, like the keys above it",
    ),
    "a key between two columns": (
        "  distractors:\n    - text: Green\n     feedback: Grass\n",
        "6:6",
        "a key starts in column 6; expected column 1, 3 or 7, like the keys above it",
    ),
    "a key among list items": (
        "  accept:\n  - a\n - b\n",
        "6:2",
        "a list item starts in column 2; expected column 1 or 3, like the items above it",
    ),
    "an item too far right": (
        "   - id: b\n",
        "4:4",
        "a list item starts in column 4; expected column 1, like the items above it",
    ),
    "an item too far left": (
        "  distractors:\n    - text: Green\n   - text: Red\n",
        "6:4",
        "a list item starts in column 4; expected column 1 or 5, like the items above it",
    ),
    "an item below another's text": (
        "  distractors:\n  - text: Green\n    - text: Red\n",
        "6:5",
        "a list item starts in column 5; expected column 1 or 3, like the items above it",
    ),
    "a key below others that have ended": (
        "  distractors:\n    - text: Green\n  hint: Look\n key: Blue\n",
        "7:2",
        "a key starts in column 2; expected column 1 or 3, like the keys above it",
    ),
    "a key below the middle of a text": (
        "  key: Blue\n        hint: Look\n",
        "5:9",
        "a key starts in column 9; expected column 1 or 3, like the keys above it",
    ),
    "an item below a list in brackets": (
        "  accept:\n  - [a]\n - b\n",
        "6:2",
        "a list item starts in column 2; expected column 1 or 3, like the items above it",
    ),
    "a dash without a space": (
        "  distractors:\n  -text: Green\n   feedback: Grass\n",
        "6:4",
        "a key starts in column 4; expected column 1 or 3, like the keys above it",
    ),
    "a missing colon": ("  key Blue\n  hint: Look\n", "4:3", NO_COLON),
    "a missing colon in the first key of an item": (
        "  distractors:\n  - text Green\n    feedback: Grass\n",
        "5:5",
        NO_COLON,
    ),
    "a missing space after a colon": (
        "  key:Blue\n  hint: Look\n",
        "4:3",
        "missing space after the colon of `key:`; expected `key: value`",
    ),
    "a text that goes on in the column of its key": ("  key: Blue\n  sky\n  hint: Look\n", "5:3", NO_COLON),
    "a line of a text indented less than the first": (
        "  key: |\n      Blue\n    sky\n",
        "6:5",
        "this is not part of the text above; indent all lines of a text equally, and deeper than its key",
    ),
    "a text that goes on after a comment": (
        "  key: C # and\n    F\n",
        "4:10",
        f"the text ends at this `#`, which starts a comment; {QUOTE_IT}",
    ),
}
"""Mistakes of authors: the lines in a bank, the reported position and the message."""


@pytest.mark.parametrize(("lines", "place", "message"), SLIPS.values(), ids=SLIPS)
def test_a_mistake_is_explained_in_an_authors_words_where_it_was_made(lines, place, message):
    source = lines if lines.startswith("%") else f"questions:\n- id: a\n  type: choice\n{lines}"
    (fault,) = refused(source)
    assert (f"{fault.line}:{fault.column}", fault.code, fault.message) == (place, "yaml-syntax", message)


NOT_A_SPACE = "{} is not a space in YAML; use plain spaces on this line"
ODD_SPACES = {
    "\N{NO-BREAK SPACE}": "U+00A0 NO-BREAK SPACE",
    "\N{NARROW NO-BREAK SPACE}": "U+202F NARROW NO-BREAK SPACE",
    "\N{FIGURE SPACE}": "U+2007 FIGURE SPACE",
    "\N{IDEOGRAPHIC SPACE}": "U+3000 IDEOGRAPHIC SPACE",
}
AT_ODD_SPACES = {
    "in front of a key": ("  stem: What?\n@@key: Blue\n  hint: Look\n", "5:1"),
    "in front of the last key": ("  stem: What?\n  key: Blue\n@ hint: Look\n", "6:1"),
    "after a space in front of a key": ("  stem: What?\n @key: Blue\n", "5:2"),
    "in front of an item": ("  accept:\n  - a\n@@- b\n", "6:1"),
    "in front of an item too far right": ("  accept:\n  - a\n   @- b\n", "6:4"),
    "in front of an item after a text": ("  accept:\n  - a\n  @- b\n  hint: Look\n", "6:3"),
    "after a dash": ("  distractors:\n  -@text: Green\n    feedback: Grass\n", "5:4"),
    "after a colon": ("  key:@Blue\n  hint: Look\n", "4:7"),
    "after a colon in braces": ("  distractors: [{text:@Green}]\n", "4:23"),
}


@pytest.mark.parametrize(("sign", "name"), ODD_SPACES.items(), ids=ODD_SPACES.values())
@pytest.mark.parametrize(("lines", "place"), AT_ODD_SPACES.values(), ids=AT_ODD_SPACES)
def test_what_only_looks_like_a_space_is_named_where_yaml_needs_one(lines, place, sign, name):
    (fault,) = refused("questions:\n- id: a\n  type: choice\n" + lines.replace("@", sign))
    assert (f"{fault.line}:{fault.column}", fault.code) == (place, "yaml-syntax")
    assert fault.message == NOT_A_SPACE.format(name)


@pytest.mark.parametrize("sign", ODD_SPACES)
@pytest.mark.parametrize(
    "text",
    [
        "stem: Combien@?",
        "stem: 'Combien@: deux'",
        "stem: '@a'",
        "stem: |\n  @@a: b\n  @- c",
        "stem: a\n  @b",
        "? '@a'\n: b",
    ],
)
def test_a_wide_space_inside_a_text_is_left_alone(text, sign):
    assert parse(text.replace("@", sign) + "\n")


def test_a_colon_in_a_text_in_typographic_quotes_is_explained_by_its_quotes():
    (fault,) = refused("- stem: a\n  key: “Blue: dark”\n")
    assert (fault.line, fault.column, fault.code) == (2, 8, "yaml-syntax")
    assert fault.message == '`“` is not a quote in YAML; write " at both ends of the text'


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("format: 1\n- id: x\n", "2:1", "found a list item where a key is expected"),
        ("- x\nformat: 1\n", "2:1", "found a key where a list item is expected, such as `- text`"),
        (" format: 1\nid: x\n", "2:1", "a key starts in column 1; expected column 2, like the keys above it"),
        ("a: b\n...\nc: d\n", "3:1", f"did not find expected <document start>; {QUOTE_IT}"),
    ],
    ids=["an item among keys", "a key among items", "a file that begins with a space", "what nobody foresaw"],
)
def test_a_mistake_at_the_left_margin_is_explained_too(source, place, message):
    (fault,) = refused(source)
    assert (f"{fault.line}:{fault.column}", fault.message) == (place, message)


def cuts(source: str, *first_line: int) -> list[tuple[str, str]]:
    """Return the positions at which a text is cut off, and what was cut."""
    report = Report("bank.yaml")
    course_yaml.parse(source, report, *first_line)
    assert {fault.code for fault in report.faults} <= {"cut-text"}
    return [(f"{fault.line}:{fault.column}", fault.message.split("`")[1]) for fault in report.faults]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("stem: C# and F# #1 in what?\n", [("1:17", "#1 in what?")], id="number"),
        pytest.param("- é   #b\n- c\t#d\n", [("1:7", "#b"), ("2:5", "#d")], id="items"),
        pytest.param("a: {b: c #d\n }\n", [("1:10", "#d")], id="in brackets"),
        pytest.param("stem: What is\n  the #1\nkey: a\n", [("2:7", "#1")], id="second line"),
        pytest.param("stem: #1\n", [("1:7", "#1")], id="nothing before it"),
        pytest.param("- #1\n", [("1:3", "#1")], id="item with nothing before it"),
        pytest.param(f"a: b #{'c' * 50}\n", [("1:6", f"#{'c' * 38}…")], id="long"),
        pytest.param("a: b # c\n", [], id="comment"),
        pytest.param("a: b ## c\n", [], id="comment with two hashes"),
        pytest.param("a: b #\n#c\n  #d\n", [], id="no text after it"),
        pytest.param("a: b#c\n", [], id="no space before it"),
        pytest.param("a: 'b' #c\nd: \"e\" #f\n", [], id="after quotes"),
        pytest.param("a: 'b #c'\nd: \"e #f\"\ng: |\n  h #i\n", [], id="in quotes and in a block"),
        pytest.param("a: [b] #c\nd: #e\n  f: g\n", [], id="after brackets and keys"),
        pytest.param("a: | #b\n  c\n", [], id="after a bar"),
    ],
)
def test_a_text_that_a_comment_cuts_off_is_reported_and_a_comment_is_not(source, found):
    assert cuts(source) == found


def test_the_message_for_a_cut_text_shows_what_is_lost_and_how_to_keep_it():
    report = Report("bank.yaml")
    assert course_yaml.parse("stem: What is #1?\n", report, 5).data() == {"stem": "What is"}
    ((*_, line, column, code, message),) = report.faults
    said = (
        "`#1?` is not part of the text: a `#` after a space starts a comment; "
        "put the text in quotes, or add a space after the `#`"
    )
    assert (line, column, code, message) == (5, 15, "cut-text", said)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        pytest.param("\0", "U+0000 control character", id="NUL"),
        pytest.param("\a", "U+0007 control character", id="bell"),
        pytest.param("\x1b", "U+001B control character", id="escape"),
        pytest.param("\r", "U+000D control character", id="lone carriage return"),
        pytest.param("\x85", "U+0085 control character", id="next line"),
        pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}", "U+202E RIGHT-TO-LEFT OVERRIDE", id="right-to-left override"),
        pytest.param("\N{RIGHT-TO-LEFT ISOLATE}", "U+2067 RIGHT-TO-LEFT ISOLATE", id="right-to-left isolate"),
        pytest.param("\N{LINE SEPARATOR}", "U+2028 LINE SEPARATOR", id="line separator"),
        pytest.param("\N{ZERO WIDTH SPACE}", "U+200B ZERO WIDTH SPACE", id="zero width space"),
        pytest.param("\N{ZERO WIDTH NO-BREAK SPACE}", "U+FEFF ZERO WIDTH NO-BREAK SPACE", id="byte-order mark"),
    ],
)
@pytest.mark.parametrize(
    ("before", "after", "line", "column"),
    [
        pytest.param("a: é\nb: xy", "z\n", 2, 6, id="in text"),
        pytest.param("a: 1\nk", "y: 2\n", 2, 2, id="in a key"),
        pytest.param("a: 1 # so", ".\n", 1, 10, id="in a comment"),
    ],
)
def test_a_raw_control_character_is_refused_at_its_position(character, name, before, after, line, column):
    expected = (line, column, f"{name} is not allowed in a course; expected visible text")
    assert faults(before + character + after) == [expected]


@pytest.mark.parametrize(
    ("escape", "name"),
    [
        ("\\0", "U+0000 control character"),
        ("\\e", "U+001B control character"),
        ("\\x07", "U+0007 control character"),
        ("\\u202E", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\\L", "U+2028 LINE SEPARATOR"),
        ("\\U000E0061", "U+E0061 TAG LATIN SMALL LETTER A"),
    ],
)
def test_an_escaped_control_character_is_refused_where_its_text_starts(escape, name):
    message = f"{name} is not allowed in a course, not even as an escape; expected visible text"
    assert faults(f'a: 1\nb:   "x{escape}y{escape}"\n') == [(2, 6, message)]


def test_several_escaped_control_characters_in_one_text_are_one_fault():
    assert len(faults('a: "\\0 \\e \\u202E"\n')) == 1


def test_a_control_character_below_a_blank_first_line_has_its_position():
    assert [place[:2] for place in faults("\n\a")] == [(2, 1)]


def test_an_escaped_control_character_in_a_key_is_refused():
    message = "U+001B control character is not allowed in a course, not even as an escape; expected visible text"
    assert faults('a: 1\n"b\\e": 2\n') == [(2, 1, message)]


@pytest.mark.parametrize("escape", ["\\uD800", "\\uDFFF", "\\U00110000"])
def test_an_escape_for_an_invalid_character_is_refused(escape):
    assert faults(f'a: "{escape}"\n') == [(1, 5, f"`{escape}` is not a valid escape; {BACKSLASH}")]


def test_a_character_that_yaml_does_not_allow_is_refused_at_its_position():
    ((line, column, _),) = faults("a: 1\nbé: x\ufffe\n")
    assert (line, column) == (2, 6)


def test_every_dangerous_character_is_reported_at_its_position():
    report = Report("page.md")
    refuse_dangerous("a\x1b\r\n\x07é\u202e\n", report)
    assert [(fault.line, fault.column, fault.message.split()[0]) for fault in report.faults] == [
        *((1, 2, "U+001B"), (2, 1, "U+0007"), (2, 3, "U+202E")),
    ]


def test_all_duplicate_keys_are_reported_together():
    assert [place[:2] for place in faults("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")] == [(2, 1), (3, 11), (4, 1)]


def test_positions_count_from_the_first_line_of_the_file():
    assert faults("a: b\nc: *x\n", 10)[0][:2] == (11, 4)
    assert faults("a: \x07\n", 10)[0][:2] == (10, 4)
    assert faults("a: b: c\n", 10)[0][:2] == (10, 5)
    assert faults("", 10)[0][:2] == (10, 1)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")], ids=["lists", "mappings"])
def test_a_document_may_be_as_deep_as_the_limit_and_no_deeper(opening, closing):
    parse(opening * MAX_DEPTH + closing * MAX_DEPTH)
    column = MAX_DEPTH * len(opening) + 1
    deep = opening * (MAX_DEPTH + 1) + closing * (MAX_DEPTH + 1)
    assert faults(deep) == [(1, column, f"nested more than {MAX_DEPTH} levels deep")]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "], ids=["lists", "mappings", "dashes", "keys"])
def test_a_hundred_thousand_levels_are_refused_safely(opening):
    assert len(faults(opening * 100_000)) == 1


@pytest.mark.parametrize("loader", ["C", "Python"])
@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 999, 1000, 1001, 5000])
@pytest.mark.parametrize(("opening", "width"), [("[", 1), ("{é: ", 4), ("- ", 2)], ids=["lists", "mappings", "dashes"])
def test_depth_is_refused_at_our_limit_whatever_the_limit_of_the_parser(monkeypatch, opening, width, levels, loader):
    if loader == "Python":
        monkeypatch.delattr("yaml.CSafeLoader", raising=False)
    closing = {"[": "]" * levels, "{é: ": "}" * levels, "- ": ""}[opening]
    deep = (1, MAX_DEPTH * width + 1, f"nested more than {MAX_DEPTH} levels deep")
    assert faults(opening * levels + closing) == [deep]


@pytest.mark.parametrize("levels", [40, 5000])
def test_faults_before_excessive_nesting_are_reported_once(levels):
    report = Report("bank.yaml")
    with pytest.raises(ContentError):
        course_yaml.parse("a: 1\na: 2\nb: " + "[" * levels, report)
    assert [fault.code for fault in report.faults] == ["duplicate-key", "too-large"]


def test_too_many_values_are_refused_at_the_first_one_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(course_yaml, "MAX_VALUES", 6)
    assert parse("[a, b,\nc: d]").data() == ["a", "b", {"c": "d"}]
    assert parse("[[], [], {}, [], []]").data() == [[], [], {}, [], []]
    assert faults("[a, b,\nc: d,\n e]") == [(3, 2, "more than 6 values in one file; split it")]


@pytest.mark.parametrize(
    "written",
    [
        *("no", "No", "NO", "yes", "on", "off", "y", "n", "true", "False", "null", "~", "Null"),
        *("1.10", "012", "0o17", "0x1F", "1_000", "1e3", "+1", "-0", ".5", "1.", "190:20:30", ".inf", ".NaN"),
        *("2024-01-15", "2024-01-15T10:00:00Z", "12:30:45", "=", "1,25(OH)2D", "<<", "-a", "a # b", "a:b", "50%"),
    ],
)
def test_text_stays_the_text_its_author_wrote(written):
    wanted = written.split(" #")[0]
    assert parse(f"a:\n- {written}\n").data() == {"a": [wanted]}


@pytest.mark.parametrize("written", ["no", "1.10", "2024-01-15", "~", "012"])
def test_a_key_stays_the_text_its_author_wrote(written):
    assert parse(f"{written}: a\n").data() == {written: "a"}


@pytest.mark.parametrize(
    ("source", "data"),
    [
        pytest.param("a:\n", {"a": ""}, id="a key without a value"),
        pytest.param("- a\n-\n", ["a", ""], id="an item without a value"),
        pytest.param("a: ''\n", {"a": ""}, id="empty text"),
        pytest.param("{}", {}, id="empty mapping"),
        pytest.param("[]", [], id="empty list"),
        pytest.param("just text", "just text", id="only text"),
        pytest.param("a: b\n  c\n", {"a": "b c"}, id="folded"),
        pytest.param("a: |\n  b\n   c\n", {"a": "b\n c\n"}, id="literal block"),
        pytest.param("a: >-\n  b\n  c\n", {"a": "b c"}, id="folded block"),
        pytest.param("'<<': a\n", {"<<": "a"}, id="a quoted merge key"),
        pytest.param("a: '&x *y !z'\n", {"a": "&x *y !z"}, id="quoted indicators"),
        pytest.param('a: "\\t\\u2019é"\n', {"a": "\t’é"}, id="escapes for visible text"),
        pytest.param("---\na: b\n...\n", {"a": "b"}, id="document markers"),
        pytest.param("%YAML 1.1\n---\na: b\n", {"a": "b"}, id="version"),
        pytest.param("a: می\u200cخواهم\n", {"a": "می\u200cخواهم"}, id="zero width non-joiner"),
    ],
)
def test_a_document_is_parsed(source, data):
    assert parse(source).data() == data


def parts(node: Node):
    """Yield a value and all values and keys in it, each with its position."""
    yield node.value, node.plain, node.line, node.column
    if isinstance(node.value, list):
        for item in node.value:
            yield from parts(item)
    elif isinstance(node.value, dict):
        for key, entry in node.value.items():
            yield key, entry.plain, entry.line, entry.column
            yield from parts(entry.node)


def test_windows_line_endings_change_nothing():
    source = 'a: b\nc:\n- d\n- "e\n  f"\ng: |\n  h\n  i\n'
    windows = parse(source.replace("\n", "\r\n"))
    assert windows.data() == parse(source).data()
    assert [place for _, *place in parts(windows)] == [place for _, *place in parts(parse(source))]


def test_positions_are_right_with_windows_line_endings():
    assert faults("a: b\r\nc: *x\r\n")[0][:2] == (2, 4)
    assert faults("a: b\r\nc: \a\r\n")[0][:2] == (2, 4)


def test_every_value_and_every_key_knows_its_position():
    node = parse("# x\né:\n  - b\n  -  {c: 'd', \N{GRINNING FACE}: e}\n", 3)
    entry = node.value["é"]
    first, second = entry.node.value
    emoji = second.value["\N{GRINNING FACE}"]
    places = [(part.line, part.column) for part in (node, entry, entry.node, first, second, emoji, emoji.node)]
    assert places == [(4, 1), (4, 1), (5, 3), (5, 5), (6, 6), (6, 15), (6, 18)]


@pytest.mark.parametrize(
    ("source", "plain"), [("true", True), ("'true'", False), ('"true"', False), ("|\n  true", False)]
)
def test_a_value_knows_whether_it_was_written_without_quotes(source, plain):
    assert parse(source).plain is plain


@pytest.mark.parametrize(("source", "kind"), [("a", "text"), ("[]", "a list"), ("{}", "a mapping")])
def test_a_value_names_its_type(source, kind):
    assert parse(source).kind == kind


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


VISIBLE = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")),
        st.sampled_from("\n\t :#-?[]{},&*!|>'\"%@`~<=\N{ZERO WIDTH JOINER}"),
    ),
    max_size=30,
)
WORDS = st.one_of(VISIBLE, st.sampled_from(["no", "null", "~", "1.10", "012", "2024-01-15", "<<", "", "---", "- a"]))
DATA = st.recursive(
    WORDS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=20,
)


@given(DATA, st.sampled_from([None, True, False]), st.booleans())
def test_output_of_another_yaml_writer_is_read_correctly(data, flow, letters):
    source = yaml.dump(data, Dumper=Dumper, default_flow_style=flow, allow_unicode=letters, sort_keys=False)
    assert parse(source).data() == data


@given(DATA)
def test_the_order_of_keys_is_kept(data):
    source = yaml.dump(data, Dumper=Dumper, sort_keys=False)
    assert str(parse(source).data()) == str(data)


def begins(written: str, value: object, *, plain: bool) -> bool:
    """Whether the value matches the text that starts here."""
    if isinstance(value, dict):
        key = next(iter(value.items()), None)
        return written[0] == "{" or written.startswith("? ") or begins(written, key[0], plain=key[1].plain)
    if isinstance(value, list):
        return written[0] == "[" or written.startswith("-")
    return written.startswith(re.split("[ \\t\\n]", value)[0]) if plain else written[0] in "|>'\""


@given(DATA, st.sampled_from([None, True, False]), st.sampled_from([20, 80, 10_000]))
def test_every_text_keeps_its_value_and_knows_where_it_starts(data, flow, width):
    source = yaml.dump(data, Dumper=Dumper, default_flow_style=flow, allow_unicode=True, width=width, sort_keys=False)
    beside_a_key = re.search(r"(?:^|[\s{,?-])\N{NO-BREAK SPACE}|\N{NO-BREAK SPACE}:", source)
    assume(not beside_a_key)  # it is refused there, where nobody sees it
    node = parse(source)
    assert node.data() == data
    lines = source.split("\n")
    found = [(value, plain, lines[line - 1][column - 1 :]) for value, plain, line, column in parts(node)]
    assert [part for part in found if not begins(part[2], part[0], plain=part[1])] == []


def outcome(source: str):
    report = Report("bank.yaml")
    try:
        course_yaml.parse(source, report)
    except ContentError:
        return report.faults
    return None


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_at_a_position_inside_it(source):
    found = outcome(source)
    assert found is None or found
    places = [(fault.line, fault.column) for fault in found or () if fault.message]
    assert all(1 <= line <= source.count("\n") + 2 and column >= 1 for line, column in places)


PIECES = [
    "- ",
    ": ",
    "\n",
    "  ",
    "   ",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    ", ",
    "| ",
    "> ",
    " #",
    " #a",
    "\t",
    "&a ",
    "*a",
    "!",
    "%",
    "@",
]


@given(st.lists(st.one_of(st.sampled_from([*PIECES, "\\", "? ", "a", "b c", "é:"])), max_size=40))
def test_any_mix_of_indicators_is_parsed_or_refused_at_a_position_inside_it(pieces):
    source = "".join(pieces)
    lines = [*source.split("\n"), ""]
    found = outcome(source) or ()
    outside = [fault for fault in found if not 1 <= fault.column <= len(lines[fault.line - 1]) + 1]
    assert outside == []
