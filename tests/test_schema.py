"""Values of each type are read, refused with the right code, and described alike by JSON Schema."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from synergy_cli.parsing.report import MOST_FAULTS, ContentError, Report
from synergy_cli.parsing.schema import (
    IDENT,
    Boolean,
    DecimalNumber,
    Field,
    ListOf,
    MapOf,
    Object,
    Reference,
    Text,
    WholeNumber,
    Word,
    yaml_type,
)
from synergy_cli.parsing.yaml import parse

# what other YAML parsers read an unquoted text as

TRAPS = {
    "a boolean": ["yes", "No", "ON", "off", "true", "False"],
    "null": ["~", "null", "NULL"],
    "an octal number": ["010", "0o17", "-07", "00"],
    "a base-60 number": ["1:30", "12:30", "190:20:30", "1:30.5", "-1:59"],
    "a date": ["2014-05-06", "2014-5-6 9:30:00", "2014-05-06T09:30:00Z", "2014-05-06t09:30:00.1+01:00"],
    "a number": ["0", "1.10", "48", "+1", "-2.5e3", "1e5", "1_000", ".5", "08", "0x1F", "0b11", ".inf", "-.INF"],
    "NaN": [".nan", ".NaN"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in TRAPS.items() for text in texts])
def test_what_other_parsers_read_a_text_as_is_named(name, text):
    assert yaml_type(text) == name


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Blue",
            "y",
            "n",
            "Nothing",
            "North",
            "True enough",
            "no one",
            "nullable",
            "on the bone",
            "-",
            "+",
            ".",
            "-x",
        ),
        *("4 IU", "4,000", "1.2.3", "1-2", "10 to 20", "50%", "1:75", "12:30 pm", "2014-05", "2014/05/06", "1e", "0x"),
        *("2014-05-06 was a Tuesday", "2014-05-06 to 2014-06-07"),
        *("2014-05-06-07", "3rd", "25(OH)D", "1α,25", "½", "-.5 to .5", "٣", "1" * 41, "~x", ".info", "naN"),
    ],
)
def test_text_for_all_parsers_is_not_a_trap(text):
    assert yaml_type(text) == ""


CORE = re.compile(
    r"null|Null|NULL|~|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
"""What the core schema of YAML 1.2 does not read as text (YAML 1.2.2, section 10.3.2)."""
SCALAR = "tag:yaml.org,2002:str"
RESOLVER = yaml.SafeLoader("")
PIECES = [
    *"0123456789+-.:_eExobTZ~",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "FALSE",
    "null",
    "inf",
    "NaN",
    "60",
    "2014",
    " ",
]


@given(text=st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join).filter(lambda text: text.strip()))
def test_everything_that_yaml_does_not_read_as_text_is_reported(text):
    text = text.strip()
    by_pyyaml = RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) != SCALAR
    if by_pyyaml or CORE.fullmatch(text):
        assert yaml_type(text) or len(text) > 40


# the types: what each returns, and how it reports what it refuses

NAME = re.compile("[a-z]+")
PAIR = Object((Field("a", Text(), "The first."), Field("b", WholeNumber(), "The second", required=False, default=7)))
KINDS = {
    "text": Text(),
    "short text": Text(most=3),
    "name": Text(NAME, "a name of small letters"),
    "reference": Reference("source", Text(NAME, "a source key")),
    "id": IDENT,
    "word": Word(("one", "two", "3"), (("uno", "one"),)),
    "flag": Boolean(),
    "whole": WholeNumber(1, 9),
    "amount": DecimalNumber(),
    "positive": DecimalNumber(positive=True),
    "list": ListOf(Text(), 1, 2),
    "table": MapOf(Text(), 1, 2),
    "record": PAIR,
    "open record": PAIR._replace(open=True),
}


def read(kind, source):
    report = Report("a.yaml")
    value = kind.read(parse(f"{source}\n", report), report)
    return value, [(fault.line, fault.column, fault.code, fault.message) for fault in report.faults]


READ = [
    ("text", "' x '", "x"),
    ("text", "No way", "No way"),
    ("text", "'No'", "No"),
    ("name", "abc", "abc"),
    ("word", "two", "two"),
    ("word", "3", "3"),
    ("flag", "true", True),
    ("flag", "false", False),
    ("whole", "9", 9),
    ("whole", "'9'", 9),
    ("amount", "1.10", "1.10"),
    ("amount", "'010'", "010"),
    ("amount", "-.5e3", "-.5e3"),
    ("list", "[a, b]", ["a", "b"]),
    ("table", "{' a ': x, b: y}", {"a": "x", "b": "y"}),
    ("record", "{a: x}", {"a": "x", "b": 7}),
    ("record", "{a: x, b: 1}", {"a": "x", "b": 1}),
    ("open record", "{a: x, c: 1}", {"a": "x", "b": 7}),
]


@pytest.mark.parametrize(("kind", "source", "value"), READ)
def test_a_valid_value_is_read(kind, source, value):
    assert read(KINDS[kind], source) == (value, [])


TRAP = 'many YAML parsers read `{0}` as {1}; write "{0}"'
REFUSED = [
    ("text", "[x]", 1, 1, "wrong-type", "found a list, expected text"),
    ("text", "{x: y}", 1, 1, "wrong-type", "found a mapping, expected text"),
    ("text", "''", 1, 1, "empty-value", "the value is empty, expected text"),
    ("text", "'  '", 1, 1, "empty-value", "the value is empty, expected text"),
    ("text", "No", 1, 1, "yaml-trap", TRAP.format("No", "a boolean")),
    ("text", "1.10", 1, 1, "yaml-trap", TRAP.format("1.10", "a number")),
    ("short text", "abcd", 1, 1, "wrong-length", "4 characters, expected at most 3"),
    ("name", "A b", 1, 1, "wrong-value", "found `A b`, expected a name of small letters"),
    ("name", "no", 1, 1, "yaml-trap", TRAP.format("no", "a boolean")),
    ("reference", "A", 1, 1, "wrong-value", "found `A`, expected a source key"),
    ("word", "four", 1, 1, "wrong-value", "found `four`, expected one of: one, two, 3"),
    ("word", "UNO", 1, 1, "wrong-value", "found `UNO`, expected one of: one, two, 3; use `one`"),
    ("word", "[one]", 1, 1, "wrong-type", "found a list, expected one of: one, two, 3"),
    ("flag", "'true'", 1, 1, "wrong-value", "found `true`, expected true or false, without quotes"),
    (
        *("flag", "No", 1, 1, "wrong-value"),
        "found `No` (many YAML parsers read it as a boolean), expected true or false, without quotes",
    ),
    ("flag", "[true]", 1, 1, "wrong-type", "found a list, expected true or false, without quotes"),
    ("flag", "''", 1, 1, "empty-value", "the value is empty, expected true or false, without quotes"),
    ("whole", "0", 1, 1, "wrong-value", "found `0`, expected a whole number from 1 to 9"),
    ("whole", "1.0", 1, 1, "wrong-value", "found `1.0`, expected a whole number from 1 to 9"),
    (
        *("whole", "01", 1, 1, "wrong-value"),
        "found `01` (many YAML parsers read it as an octal number), expected a whole number from 1 to 9",
    ),
    ("whole", "{a: b}", 1, 1, "wrong-type", "found a mapping, expected a whole number from 1 to 9"),
    ("amount", "many", 1, 1, "wrong-value", "found `many`, expected a number, such as 48 or 0.5"),
    ("amount", "010", 1, 1, "yaml-trap", "many YAML parsers read `010` as an octal number; write 10"),
    ("positive", "0.0", 1, 1, "wrong-value", "found `0.0`, expected a number above 0"),
    ("list", "a", 1, 1, "wrong-type", "found text, expected a list"),
    ("list", "[]", 1, 1, "wrong-length", "this list has 0 items, expected 1 to 2"),
    ("list", "[a, b, c]", 1, 1, "wrong-length", "this list has 3 items, expected 1 to 2"),
    ("list", "[a, [b]]", 1, 5, "wrong-type", "found a list, expected text"),
    ("table", "[a]", 1, 1, "wrong-type", "found a list, expected a mapping"),
    ("table", "{'': a}", 1, 2, "empty-value", "the key is empty, expected text"),
    ("table", "{a: x, ' a': y}", 1, 8, "duplicate-key", "duplicate key `a`"),
    ("table", "{1.10: x}", 1, 2, "yaml-trap", TRAP.format("1.10", "a number")),
    ("record", "x", 1, 1, "wrong-type", "found text, expected the keys: a, b"),
    ("record", "{b: 1}", 1, 1, "missing-key", "`a` is missing; expected the first"),
    ("record", "{a: x, zzz: 1}", 1, 8, "unknown-key", "unknown key `zzz`; expected one of: a, b"),
]


@pytest.mark.parametrize(("kind", "source", "line", "column", "code", "message"), REFUSED)
def test_an_invalid_value_is_refused_with_its_position_and_code(kind, source, line, column, code, message):
    assert read(KINDS[kind], source)[1] == [(line, column, code, message)]


def test_a_trap_keeps_the_text_its_author_wrote():
    assert read(KINDS["text"], "1.10")[0] == "1.10"
    assert read(KINDS["table"], "{No: yes}")[0] == {"No": "yes"}


IN_QUOTES = {
    "“leaven”": "“”",
    "„leaven“": "„“",
    "”leaven”": "””",
    "‘leaven’": "‘’",
    "“leaven": "“",
    "“": "“",
}
QUOTED_WITHIN = [
    "“To be” is a verb",
    "“a” and “b”",
    "Who said “rest”",
    "’tis so",
    "leaven”",
    "« le levain »",
    "「パン」",
    "'“leaven”'",
    '"„leaven“"',
]


@pytest.mark.parametrize("source", IN_QUOTES)
def test_typographic_quotes_around_a_text_are_reported_and_kept(source):
    value, ((line, column, code, message),) = read(KINDS["text"], source)
    assert (value, line, column, code) == (source, 1, 1, "typographic-quotes")
    assert message.startswith(f"YAML treats `{IN_QUOTES[source]}` as part of the text, ")
    assert message.endswith(' write " instead, or put " around it all')


@pytest.mark.parametrize("source", QUOTED_WITHIN)
def test_typographic_quotes_within_a_text_or_within_others_are_left_alone(source):
    assert read(KINDS["text"], source)[1] == []


def test_a_name_from_another_format_is_translated_and_ours_is_not_reported_missing():
    record = Object(
        (Field("stem", Text(), "The question text", aliases=("question", "prompt")),), elsewhere=(("options", "`key`"),)
    )
    assert read(record, "{question: x}")[1] == [(1, 2, "unknown-key", "unknown key `question`; use `stem`")]
    assert read(record, "{stem: x, options: y}")[1] == [(1, 11, "unknown-key", "unknown key `options`; use `key`")]
    assert [fault[2] for fault in read(record, "{options: y}")[1]] == ["missing-key", "unknown-key"]


@pytest.mark.parametrize("key", ["titel", "Title", "TITLE", "tilte"])
@pytest.mark.parametrize("wide", [False, True], ids=["closed", "open"])
def test_a_misspelt_key_is_reported_once_with_its_suggestion(key, wide):
    record = Object((Field("title", Text(), "The title"), Field("id", Text(), "The id")), open=wide)
    assert read(record, f"{{id: a, {key}: x}}")[1] == [
        (1, 9, "unknown-key", f"unknown key `{key}`; did you mean `title`?")
    ]


@pytest.mark.parametrize("source", ["{title: a, titel: b}", "{title: a, title-short: b}", "{title: a, ISBN: b}"])
def test_an_open_record_may_have_keys_that_look_like_its_own(source):
    assert read(Object((Field("title", Text(), "The title"),), open=True), source)[1] == []


def test_a_key_that_merely_contains_the_missing_one_does_not_stand_for_it():
    record = Object((Field("title", Text(), "The title"),), open=True)
    assert [fault[2] for fault in read(record, "{title-short: b}")[1]] == ["missing-key"]


def test_only_valid_records_are_checked_as_a_whole_and_warnings_keep_them_valid():
    looked = []
    record = PAIR._replace(check=lambda _, data, __: looked.append(data))
    read(record, "{a: '', b: 1}")
    read(record, "{b: 1}")
    assert looked == []
    read(record, "{a: No}")
    assert looked == [{"a": "No", "b": 7}]


def test_a_file_with_too_many_faults_says_so_once_and_is_read_no_further():
    report = Report("a.yaml")
    node = parse(f"[{'[], ' * (MOST_FAULTS + 500)}]\n", report)
    with pytest.raises(ContentError) as caught:
        ListOf(Text()).read(node, report)
    faults = caught.value.faults
    assert [fault.code for fault in faults] == ["wrong-type"] * MOST_FAULTS + ["too-many-faults"]
    assert faults[-1].message == "more than 1,000 faults in this file; fix those above first"
    assert (faults[-1].line, faults[-1].column) == (1, 4 * MOST_FAULTS + 2)


def test_exactly_as_many_faults_as_the_limit_are_accepted():
    report = Report("a.yaml")
    ListOf(Text()).read(parse(f"[{'[], ' * MOST_FAULTS}]\n", report), report)
    assert len(report.faults) == MOST_FAULTS


# JSON Schema says the same

WORDS = [
    "",
    " ",
    "a",
    " a",
    "abc",
    "abcd",
    "A",
    "one",
    "two",
    "3",
    "uno",
    "a-b",
    "9",
    "10",
    "010",
    "0",
    "0.0",
    "1.5",
    "true",
]
NUMBERS = [0, 1, 3, 9, 10, -1, 0.5, -0.5, 1e30, 1e-7]
LEAVES = st.sampled_from([*WORDS, *NUMBERS, True, False])
NAMES = st.sampled_from(["a", "b", "c", "", " "])
DATA = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=4
)


def told_apart_by_check_alone(name, data):
    """Whether a number is quoted: `check` reads it as a number, but a schema cannot limit its size."""
    number = data.get("b") if name in ("record", "open record") and isinstance(data, dict) else data
    return name in ("whole", "positive", "record", "open record") and isinstance(number, str)


def agrees(name, data):
    kind = KINDS[name]
    faults = read(kind, json.dumps(data))[1]
    valid = Draft202012Validator(kind.shape()).is_valid(data)
    assert valid == (not faults) or told_apart_by_check_alone(name, data), (data, faults)


@pytest.mark.parametrize("name", KINDS)
@given(data=DATA)
def test_the_json_schema_accepts_exactly_what_is_read_without_a_fault(name, data):
    agrees(name, data)


@pytest.mark.parametrize("name", KINDS)
def test_the_json_schema_agrees_about_every_plain_value(name):
    for data in [*WORDS, *NUMBERS, True, False, [], {}, ["a"], ["a"] * 3, {"a": "x"}, {"a": "x", "b": 1, "c": 1}]:
        agrees(name, data)


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_gives_a_valid_json_schema(kind):
    Draft202012Validator.check_schema(KINDS[kind].shape())
    json.dumps(KINDS[kind].shape())
