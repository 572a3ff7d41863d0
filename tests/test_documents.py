"""YAML as a course may write it: text stays text, every value knows its place, everything else is refused."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from synergy_cli import documents
from synergy_cli.documents import MAX_DEPTH, dangerous_characters, parse
from synergy_cli.errors import ContentError

QUOTE_IT = "put the text in quotes, or after `|` on lines of its own"


def faults(source: str, *first_line: int) -> list[tuple[int, int, str]]:
    with pytest.raises(ContentError) as caught:
        parse(source, "bank.yaml", *first_line)
    assert {fault.path for fault in caught.value.faults} == {"bank.yaml"}
    return [(fault.line, fault.column, fault.message) for fault in caught.value.faults]


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
            f"`tag:yaml.org,2002:str` is a tag, which a course may not use; {QUOTE_IT}",
            id="tag of YAML's own",
        ),
        pytest.param(
            "a: !!map {b: c}\n",
            1,
            4,
            f"`tag:yaml.org,2002:map` is a tag, which a course may not use; {QUOTE_IT}",
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
        pytest.param("a: 1\nb: 2\na: 3\n", 3, 1, "the key `a` stands here twice; expected it once", id="duplicate key"),
        pytest.param(
            "- é: 1\n  b: {c: 2, 'c': 3}\n",
            2,
            13,
            "the key `c` stands here twice; expected it once",
            id="quoted duplicate",
        ),
        pytest.param(
            "a: 1\n---\nb: 2\n",
            2,
            1,
            "a second document begins here; expected one document in a file",
            id="two documents",
        ),
        pytest.param("", 1, 1, "the file is empty; expected a mapping of keys and values", id="empty"),
        pytest.param(
            "# only a remark\n\n", 1, 1, "the file is empty; expected a mapping of keys and values", id="remark"
        ),
        pytest.param(
            "a:\n\tb: c\n", 2, 1, f"found character that cannot start any token; {QUOTE_IT}", id="tab indentation"
        ),
        pytest.param(
            "a: b: c\n", 1, 5, f"mapping values are not allowed in this context; {QUOTE_IT}", id="colon in text"
        ),
        pytest.param("a: [b\nc: d\n", 2, 2, f"did not find expected ',' or ']'; {QUOTE_IT}", id="open bracket"),
        pytest.param('a: "b\n', 2, 1, f"found unexpected end of stream; {QUOTE_IT}", id="open quote"),
        pytest.param('é: "\\q"\n', 1, 5, f"found unknown escape character; {QUOTE_IT}", id="unknown escape"),
        pytest.param("a:\n  b: 1\n c: 2\n", 3, 2, f"did not find expected key; {QUOTE_IT}", id="wrong indentation"),
        pytest.param("a: @b\n", 1, 4, f"found character that cannot start any token; {QUOTE_IT}", id="reserved sign"),
        pytest.param(
            "\N{GRINNING FACE}: %b\n", 1, 4, f"found character that cannot start any token; {QUOTE_IT}", id="emoji"
        ),
        pytest.param("? [a, b]\n: c\n", 1, 3, f"a key may not be a list or a mapping; {QUOTE_IT}", id="list as a key"),
        pytest.param("{a: b}: c\n", 1, 1, f"a key may not be a list or a mapping; {QUOTE_IT}", id="mapping as a key"),
    ],
)
def test_what_a_course_may_not_write_is_refused_at_its_place(source, line, column, message):
    assert faults(source) == [(line, column, message)]


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
        pytest.param("a: 1 # so", ".\n", 1, 10, id="in a remark"),
    ],
)
def test_a_raw_control_character_is_refused_at_its_place(character, name, before, after, line, column):
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
def test_an_escaped_control_character_is_refused_where_its_text_begins(escape, name):
    message = f"{name} is not allowed in a course, not even by escape; expected visible text"
    assert faults(f'a: 1\nb:   "x{escape}y{escape}"\n') == [(2, 6, message)]


def test_several_escaped_control_characters_in_one_text_are_one_fault():
    assert len(faults('a: "\\0 \\e \\u202E"\n')) == 1


def test_a_control_character_below_a_blank_first_line_has_its_place():
    assert [place[:2] for place in faults("\n\a")] == [(2, 1)]
    assert [fault[1:3] for fault in dangerous_characters("\n\a", "page.md")] == [(2, 1)]


def test_an_escaped_control_character_in_a_key_is_refused():
    message = "a key holds a character that may not be printed; expected visible text"
    assert faults('a: 1\n"b\\e": 2\n') == [(2, 1, message)]


@pytest.mark.parametrize("escape", ["\\uD800", "\\uDFFF", "\\U00110000"])
def test_an_escape_for_what_is_no_character_is_refused(escape):
    assert faults(f'a: "{escape}"\n') == [(1, 7, f"found invalid Unicode character escape code; {QUOTE_IT}")]


def test_a_character_that_yaml_does_not_know_is_refused_at_its_place():
    ((line, column, _),) = faults("a: 1\nbé: x\ufffe\n")
    assert (line, column) == (2, 6)


def test_every_dangerous_character_is_named_with_its_place():
    found = dangerous_characters("a\x1b\r\n\x07é\u202e\n", "page.md", 5)
    assert [(fault.line, fault.column, fault.message.split()[0]) for fault in found] == [
        *((5, 2, "U+001B"), (6, 1, "U+0007"), (6, 3, "U+202E")),
    ]


def test_all_repeated_keys_come_out_together():
    assert [place[:2] for place in faults("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")] == [(2, 1), (3, 11), (4, 1)]


def test_places_are_counted_from_the_first_line_of_the_file():
    assert faults("a: b\nc: *x\n", 10)[0][:2] == (11, 4)
    assert faults("a: \x07\n", 10)[0][:2] == (10, 4)
    assert faults("a: b: c\n", 10)[0][:2] == (10, 5)
    assert faults("", 10)[0][:2] == (10, 1)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")], ids=["lists", "mappings"])
def test_a_document_may_be_as_deep_as_the_limit_and_no_deeper(opening, closing):
    parse(opening * MAX_DEPTH + closing * MAX_DEPTH, "bank.yaml")
    column = MAX_DEPTH * len(opening) + 1
    deep = opening * (MAX_DEPTH + 1) + closing * (MAX_DEPTH + 1)
    assert faults(deep) == [(1, column, f"nested more than {MAX_DEPTH} levels deep")]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "], ids=["lists", "mappings", "dashes", "keys"])
def test_a_hundred_thousand_levels_are_refused_and_harm_nothing(opening):
    assert len(faults(opening * 100_000)) == 1


def test_too_many_values_are_refused_where_the_first_one_too_many_stands(monkeypatch):
    monkeypatch.setattr(documents, "MAX_VALUES", 6)
    assert parse("[a, b,\nc: d]", "bank.yaml").data() == ["a", "b", {"c": "d"}]
    assert faults("[a, b,\nc: d,\n e]") == [(3, 2, "more than 6 values in one file; split it")]


@pytest.mark.parametrize(
    "written",
    [
        *("no", "No", "NO", "yes", "on", "off", "y", "n", "true", "False", "null", "~", "Null"),
        *("1.10", "012", "0o17", "0x1F", "1_000", "1e3", "+1", "-0", ".5", "1.", "190:20:30", ".inf", ".NaN"),
        *("2024-01-15", "2024-01-15T10:00:00Z", "12:30:45", "=", "1,25(OH)2D", "<<", "-a", "a #b", "a:b", "50%"),
    ],
)
def test_text_stays_the_text_its_author_wrote(written):
    wanted = written.split(" #")[0]
    assert parse(f"a:\n- {written}\n", "bank.yaml").data() == {"a": [wanted]}


@pytest.mark.parametrize("written", ["no", "1.10", "2024-01-15", "~", "012"])
def test_a_key_stays_the_text_its_author_wrote(written):
    assert parse(f"{written}: a\n", "bank.yaml").data() == {written: "a"}


@pytest.mark.parametrize(
    ("source", "data"),
    [
        pytest.param("a:\n", {"a": ""}, id="a key without a value"),
        pytest.param("- a\n-\n", ["a", ""], id="an item without a value"),
        pytest.param("a: ''\n", {"a": ""}, id="empty text"),
        pytest.param("{}", {}, id="empty mapping"),
        pytest.param("[]", [], id="empty list"),
        pytest.param("just text", "just text", id="text alone"),
        pytest.param("a: b\n  c\n", {"a": "b c"}, id="folded"),
        pytest.param("a: |\n  b\n   c\n", {"a": "b\n c\n"}, id="literal block"),
        pytest.param("a: >-\n  b\n  c\n", {"a": "b c"}, id="folded block"),
        pytest.param("'<<': a\n", {"<<": "a"}, id="a merge sign in quotes"),
        pytest.param("a: '&x *y !z'\n", {"a": "&x *y !z"}, id="signs in quotes"),
        pytest.param('a: "\\t\\u2019é"\n', {"a": "\t’é"}, id="escapes for visible text"),
        pytest.param("---\na: b\n...\n", {"a": "b"}, id="marked ends"),
        pytest.param("%YAML 1.1\n---\na: b\n", {"a": "b"}, id="version"),
        pytest.param("a: می\u200cخواهم\n", {"a": "می\u200cخواهم"}, id="zero width non-joiner"),
    ],
)
def test_a_document_is_read(source, data):
    assert parse(source, "bank.yaml").data() == data


def test_line_ends_of_windows_change_nothing():
    source = 'a: b\nc:\n- d\n- "e\n  f"\ng: |\n  h\n  i\n'
    windows = parse(source.replace("\n", "\r\n"), "bank.yaml")
    assert windows == parse(source, "bank.yaml")


def test_places_are_right_with_line_ends_of_windows():
    assert faults("a: b\r\nc: *x\r\n")[0][:2] == (2, 4)
    assert faults("a: b\r\nc: \a\r\n")[0][:2] == (2, 4)


def test_every_value_and_every_key_knows_its_place():
    node = parse("# x\né:\n  - b\n  -  {c: 'd', \N{GRINNING FACE}: e}\n", "bank.yaml", first_line=3)
    entry = node.value["é"]
    first, second = entry.node.value
    emoji = second.value["\N{GRINNING FACE}"]
    places = [(part.line, part.column) for part in (node, entry, entry.node, first, second, emoji, emoji.node)]
    assert places == [(4, 1), (4, 1), (5, 3), (5, 5), (6, 6), (6, 15), (6, 18)]


@pytest.mark.parametrize(
    ("source", "plain"), [("true", True), ("'true'", False), ('"true"', False), ("|\n  true", False)]
)
def test_a_value_knows_whether_it_was_written_without_quotes(source, plain):
    assert parse(source, "bank.yaml").plain is plain


@pytest.mark.parametrize(("source", "kind"), [("a", "text"), ("[]", "a list"), ("{}", "a mapping")])
def test_a_value_says_what_it_is(source, kind):
    assert parse(source, "bank.yaml").kind == kind


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
def test_what_another_program_wrote_is_read_as_it_was_meant(data, flow, letters):
    source = yaml.dump(data, Dumper=Dumper, default_flow_style=flow, allow_unicode=letters, sort_keys=False)
    assert parse(source, "bank.yaml").data() == data


@given(DATA)
def test_the_order_of_keys_is_kept(data):
    source = yaml.dump(data, Dumper=Dumper, sort_keys=False)
    assert str(parse(source, "bank.yaml").data()) == str(data)


def outcome(source: str):
    try:
        parse(source, "bank.yaml")
    except ContentError as error:
        return error.faults
    return None


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_place_inside_it(source):
    found = outcome(source)
    assert found is None or found
    places = [(fault.line, fault.column) for fault in found or () if fault.message]
    assert all(1 <= line <= source.count("\n") + 2 and column >= 1 for line, column in places)
