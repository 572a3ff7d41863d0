"""What is wrong with a faulty question, and where."""

from __future__ import annotations

import pytest

from question_samples import GOOD, HEAD, faults_of, head

DISTRACTORS = "distractors:\n- {text: B, feedback: No.}\n"
MANY = "distractors:\n" + "".join(f"- {{text: T{number}, feedback: No.}}\n" for number in range(8))
FAULTY = {
    "choice": [
        (
            f"key: A\n{DISTRACTORS}place: 1\n",
            *(8, 1, "contradiction", "`place` needs `shuffle: false`; these options are shuffled"),
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: false\nplace: 3\n",
            *(9, 8, "contradiction", "found position 3, but there are 2 options"),
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: false\nplace: first\n",
            *(9, 8, "wrong-value", "found `first`, expected a whole number from 1 to 9"),
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: no\n",
            *(8, 10, "wrong-value"),
            "found `no` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
        (
            f"key: A\n{DISTRACTORS}shuffle: false\n",
            *(8, 10, "key-first"),
            "options in a fixed order start with the key; give its position under `place`",
        ),
        (
            "key: A\ndistractors:\n- {text: B, last: 'true'}\n",
            *(7, 19, "wrong-value", "found `true`, expected true or false, without quotes"),
        ),
        (DISTRACTORS, 1, 1, "missing-key", "`key` is missing; expected the right option"),
        ("key: A\n", 1, 1, "missing-key", "`distractors` is missing; expected the wrong options"),
        ("key: A\ndistractors: []\n", 6, 14, "wrong-length", "this list has 0 items, expected 1 to 8"),
        (
            f"key: A\n{MANY}- {{text: X, feedback: No.}}\n",
            7,
            1,
            "wrong-length",
            "this list has 9 items, expected 1 to 8",
        ),
        ("key: A\ndistractors: B\n", 6, 14, "wrong-type", "found text, expected a list"),
        (
            "key: A\ndistractors: [[B]]\n",
            6,
            15,
            "wrong-type",
            "found a list, expected text, or the keys: text, feedback, last",
        ),
        (
            "key: A\ndistractors: [a]\n",
            6,
            15,
            "alike-answers",
            "`a` differs from `A` only in case, punctuation or spaces; is that intended?",
        ),
        ("key: A\ndistractors: [A]\n", 6, 15, "duplicate-answer", "`A` is listed twice among the answers"),
        ("key: A\ndistractors: [No]\n", 6, 15, "yaml-trap", 'many YAML parsers read `No` as a boolean; write "No"'),
        (
            "key: A\ndistractors:\n- feedback: No.\n",
            7,
            3,
            "missing-key",
            "`text` is missing; expected the wrong answer",
        ),
        ("answer: A\n" + DISTRACTORS, 5, 1, "unknown-key", "unknown key `answer`; use `key`"),
        (
            *("key: A\noptions: [B]\n", 6, 1, "unknown-key"),
            "unknown key `options`; use `key` and `distractors`",
        ),
        ("key: [A]\n" + DISTRACTORS, 5, 6, "wrong-type", "found a list, expected text"),
        ("key: ''\n" + DISTRACTORS, 5, 6, "empty-value", "the value is empty, expected text"),
        (
            "key: B\n" + DISTRACTORS,
            7,
            10,
            "duplicate-answer",
            "`B` is listed twice among the answers",
        ),
        (
            "key: A\nkeys: [A]\n" + DISTRACTORS,
            6,
            1,
            "unknown-key",
            "unknown key `keys`; did you mean `key`?",
        ),
    ],
    "multiple": [
        *(
            (f"keys: [A, C]\n{DISTRACTORS}shuffle: false\nplaces: {places}\n", 9, column, "contradiction", message)
            for places, column, message in (
                ("[1, 4]", 9, "found position 4, but there are 3 options"),
                ("[1]", 9, "expected 2 positions, one for each key"),
                ("[1, 1]", 9, "expected 2 positions, one for each key"),
            )
        ),
        (f"keys: [A]\n{DISTRACTORS}place: 1\n", 8, 1, "unknown-key", "unknown key `place`; use `places`"),
        (
            f"keys: [A, C]\n{DISTRACTORS}shuffle: false\n",
            *(8, 10, "key-first"),
            "options in a fixed order start with the key; give its position under `places`",
        ),
        (DISTRACTORS, 1, 1, "missing-key", "`keys` is missing; expected the right options, if any"),
        ("keys: []\n" + DISTRACTORS, 1, 1, "wrong-length", "1 option under `keys` and `distractors`, expected 2 to 9"),
        (
            "keys: [A]\ndistractors: []\n",
            1,
            1,
            "wrong-length",
            "1 option under `keys` and `distractors`, expected 2 to 9",
        ),
        (f"keys: {list('ABCDEFGHIJ')}\n{DISTRACTORS}", 5, 7, "wrong-length", "this list has 10 items, expected 0 to 9"),
        ("keys: [A]\n", 1, 1, "missing-key", "`distractors` is missing; expected the wrong options, if any"),
        ("keys: A\n" + DISTRACTORS, 5, 7, "wrong-type", "found text, expected a list"),
        (
            "keys: [A, A]\n" + DISTRACTORS,
            5,
            11,
            "duplicate-answer",
            "`A` is listed twice among the answers",
        ),
        (
            "keys: [A, B]\n" + DISTRACTORS,
            7,
            10,
            "duplicate-answer",
            "`B` is listed twice among the answers",
        ),
        ("keys: [A, C]\n" + MANY, 1, 1, "wrong-length", "10 options under `keys` and `distractors`, expected 2 to 9"),
    ],
    "true-false": [
        ("", 1, 1, "missing-key", "`key` is missing; expected whether the statement is true"),
        (
            "key: yes\n",
            5,
            6,
            "wrong-value",
            "found `yes` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
        ("key: 'true'\n", 5, 6, "wrong-value", "found `true`, expected true or false, without quotes"),
        (
            "key: True\n",
            5,
            6,
            "wrong-value",
            "found `True` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
        ("key: [true]\n", 5, 6, "wrong-type", "found a list, expected true or false, without quotes"),
    ],
    "short": [
        ("", 1, 1, "missing-key", "`key` is missing; expected the right answer"),
        ("key: A\naccept: B\n", 6, 9, "wrong-type", "found text, expected a list"),
        ("key: No\n", 5, 6, "yaml-trap", 'many YAML parsers read `No` as a boolean; write "No"'),
        ("key: 1.10\n", 5, 6, "yaml-trap", 'many YAML parsers read `1.10` as a number; write "1.10"'),
        (
            "key: A\naccept: [010]\n",
            6,
            10,
            "yaml-trap",
            'many YAML parsers read `010` as an octal number; write "010"',
        ),
        ("key: A\naccept: [B, '']\n", 6, 13, "empty-value", "the value is empty, expected text"),
        ("key: A\naccept: [a]\n", 6, 10, "redundant-answer", "`a` is accepted already, because `A` is; remove it"),
        (
            "key: A\naccept: [B]\n" + DISTRACTORS,
            8,
            10,
            "duplicate-answer",
            "`B` is listed twice among the answers",
        ),
        (
            "key: A\ndistractors:\n- {text: B, last: true}\n",
            *(7, 13, "unknown-key", "unknown key `last`; expected one of: text, feedback"),
        ),
        ("key: A\naccepts: [B]\n", 6, 1, "unknown-key", "unknown key `accepts`; did you mean `accept`?"),
    ],
    "number": [
        ("", 1, 1, "missing-key", "`key` is missing; expected the right number or range"),
        (
            "key: many\n",
            5,
            6,
            "wrong-value",
            "found `many`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 4,000\n",
            5,
            6,
            "wrong-value",
            "found `4,000`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 4 IU\n",
            5,
            6,
            "wrong-value",
            "found `4 IU`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: [4]\n",
            5,
            6,
            "wrong-type",
            "found a list, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 0x10\n",
            5,
            6,
            "wrong-value",
            "found `0x10`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        (
            "key: 1:30\n",
            5,
            6,
            "wrong-value",
            (
                "found `1:30` (many YAML parsers read it as a base-60 number), expected a number, "
                "such as 48 or 0.5, or a range, such as 20..25"
            ),
        ),
        (
            "key: 2014-05-06\n",
            5,
            6,
            "wrong-value",
            (
                "found `2014-05-06` (many YAML parsers read it as a date), expected a number, "
                "such as 48 or 0.5, or a range, such as 20..25"
            ),
        ),
        (
            "key: 010\n",
            5,
            6,
            "yaml-trap",
            "many YAML parsers read `010` as an octal number; write 10",
        ),
        ("key: 4\ntolerance: some\n", 6, 12, "wrong-value", "found `some`, expected a number, such as 48 or 0.5"),
        ("key: 5..4\n", 5, 6, "wrong-value", "found `5..4`, expected the smaller number first: 4..5"),
        (
            "key: 4..\n",
            5,
            6,
            "wrong-value",
            "found `4..`, expected a number, such as 48 or 0.5, or a range, such as 20..25",
        ),
        ("key: 4\naccept: 5\n", 6, 9, "wrong-type", "found text, expected a list"),
        ("key: 4\naccept: [4]\n", 6, 10, "duplicate-answer", "`4` is listed twice among the answers"),
        ("key: 4\ntolerance: 1..2\n", 6, 12, "wrong-value", "found `1..2`, expected a number, such as 48 or 0.5"),
        (
            "key: 4..6\ndistractors: ['5']\n",
            *(6, 15, "contradiction", "the distractor `5` would be marked right; expected a wrong number"),
        ),
        ("key: 4\nunits: {mg: 0}\n", 6, 13, "wrong-value", "found `0`, expected a number above 0"),
        ("key: 4\nunits: {mg: -1}\n", 6, 13, "wrong-value", "found `-1`, expected a number above 0"),
        ("key: 4\nunits: [mg]\n", 6, 8, "wrong-type", "found a list, expected a mapping"),
        ("key: 4\nunit: aaaaaaaaaaaaaaaaaaaaa\n", 6, 7, "wrong-length", "21 characters, expected at most 20"),
        (
            "key: 4\n" + DISTRACTORS,
            7,
            10,
            "contradiction",
            "the distractor `B` cannot be read; expected a wrong number",
        ),
        (
            "key: 4\ntolerance: 1\ndistractors:\n- {text: '5', feedback: No.}\n",
            8,
            10,
            "contradiction",
            "the distractor `5` would be marked right; expected a wrong number",
        ),
    ],
    "cloze": [
        ("", 1, 1, "missing-key", "`gaps` is missing; expected the right answers for each gap of the stem"),
        ("answers: [A, B]\n", 5, 1, "unknown-key", "unknown key `answers`; use `gaps`"),
        ("gaps: A\n", 5, 7, "wrong-type", "found text, expected a list"),
        ("gaps: [A, {key: B}]\n", 5, 11, "wrong-type", "found a mapping, expected a list"),
        ("gaps: [A, [B, [C]]]\n", 5, 15, "wrong-type", "found a list, expected text"),
        ("gaps: [A, []]\n", 5, 11, "wrong-length", "this list has 0 items, expected at least 1"),
        ("gaps: [A, '']\n", 5, 11, "empty-value", "the value is empty, expected text"),
        ("gaps: [A, No]\n", 5, 11, "yaml-trap", 'many YAML parsers read `No` as a boolean; write "No"'),
        (f"gaps: {list('ABCDEFGHIJ')}\n", 5, 7, "wrong-length", "this list has 10 items, expected 1 to 9"),
        ("gaps: [A]\n", 5, 7, "contradiction", "the stem has 2 gaps, but `gaps` lists 1; expected the same number"),
        (
            "gaps: [A, B, C]\n",
            5,
            7,
            "contradiction",
            "the stem has 2 gaps, but `gaps` lists 3; expected the same number",
        ),
        ("gaps: [A, [B, b]]\n", 5, 15, "redundant-answer", "`b` is accepted already, because `B` is; remove it"),
        (
            "gaps: [A, 'B; C']\n",
            *(5, 11, "wrong-value"),
            "`;` separates the answers to several gaps; ask this in a question with one gap",
        ),
        (
            "gaps: [A, B]\nexact: yes\n",
            6,
            8,
            "wrong-value",
            "found `yes` (many YAML parsers read it as a boolean), expected true or false, without quotes",
        ),
    ],
    "order": [
        ("", 1, 1, "missing-key", "`order` is missing; expected the items in the right order"),
        ("order: [A]\n", 5, 8, "wrong-length", "this list has 1 item, expected 2 to 9"),
        (f"order: {list('ABCDEFGHIJ')}\n", 5, 8, "wrong-length", "this list has 10 items, expected 2 to 9"),
        ("order: A\n", 5, 8, "wrong-type", "found text, expected a list"),
        ("order: [A, B, A]\n", 5, 15, "duplicate-answer", "`A` is listed twice among the answers"),
        ("order: [A, [B]]\n", 5, 12, "wrong-type", "found a list, expected text"),
    ],
    "match": [
        (
            "pairs: {A: x, B: y}\ndistractors: [z, X]\n",
            *(6, 18, "alike-answers", "`X` differs from `x` only in case, punctuation or spaces; is that intended?"),
        ),
        ("pairs: {A: x, B: y}\ndistractors: [x]\n", 6, 15, "duplicate-answer", "`x` is listed twice among the answers"),
        (
            f"pairs: {{A: x, B: y, C: w}}\n{MANY.replace('- {text: T7, feedback: No.}', '')}",
            *(1, 1, "wrong-length", "10 partners under `pairs` and `distractors`, expected at most 9"),
        ),
        ("", 1, 1, "missing-key", "`pairs` is missing; expected pairs of left-hand and right-hand sides"),
        ("pairs: {A: x}\n", 5, 8, "wrong-length", "this mapping has 1 key, expected 2 to 9"),
        ("pairs: [A, x]\n", 5, 8, "wrong-type", "found a list, expected a mapping"),
        (
            "pairs: {A: x, B: x}\n",
            5,
            18,
            "duplicate-answer",
            "`x` is listed twice among the answers",
        ),
        (
            "pairs: {No: x, B: y}\n",
            5,
            9,
            "yaml-trap",
            'many YAML parsers read `No` as a boolean; write "No"',
        ),
        (
            "pairs: {'No': x, B: 1:30}\n",
            5,
            21,
            "yaml-trap",
            'many YAML parsers read `1:30` as a base-60 number; write "1:30"',
        ),
        ("pairs: {A: x, B: }\n", 5, 18, "empty-value", "the value is empty, expected text"),
    ],
}


@pytest.mark.parametrize(
    ("kind", "body", "line", "column", "code", "message"),
    [
        pytest.param(kind, *row, id=f"{kind}-{number}")
        for kind, faulty in FAULTY.items()
        for number, row in enumerate(faulty, start=1)
    ],
)
def test_a_faulty_question_is_refused_with_its_fault_at_its_place(kind, body, line, column, code, message):
    assert faults_of(head(kind) + body) == [(line, column, code, message)]


ONE_OF = "expected one of: choice, multiple, true-false, short, number, order, match, cloze"


@pytest.mark.parametrize(
    ("before", "after", "line", "column", "code", "message"),
    [
        ("id: a\n", "", 1, 1, "missing-key", "`id` is missing; expected a permanent id"),
        ("stem: What is asked?\n", "", 1, 1, "missing-key", "`stem` is missing; expected the question text"),
        ("rationale: Because.", "rationale: ''", 4, 12, "empty-value", "the value is empty, expected text"),
        ("true-false", "boolean", 2, 7, "wrong-value", f"found `boolean`, {ONE_OF}; use `true-false`"),
        ("true-false", "[short]", 2, 7, "wrong-type", f"found a list, {ONE_OF}"),
        (
            "id: a",
            "id: Ä b",
            1,
            5,
            "wrong-value",
            (
                "found `Ä b`, expected an id of lower-case letters and digits, "
                "joined by single hyphens, dots or underscores"
            ),
        ),
        ("id: a", f"id: {'a' * 101}", 1, 5, "wrong-length", "101 characters, expected at most 100"),
        ("key:", "passage: D3#x\nkey:", 5, 10, "wrong-value", "found `D3#x`, expected page or page#heading"),
        (
            "key:",
            "level: hard\nkey:",
            5,
            8,
            "wrong-value",
            "found `hard`, expected one of: recall, understand, apply; use `apply`",
        ),
        (
            "key:",
            "level: easy peasy\nkey:",
            5,
            8,
            "wrong-value",
            "found `easy peasy`, expected one of: recall, understand, apply",
        ),
        ("stem:", "question:", 3, 1, "unknown-key", "unknown key `question`; use `stem`"),
        (
            "rationale:",
            "explanation:",
            4,
            1,
            "unknown-key",
            "unknown key `explanation`; use `rationale`",
        ),
        ("type:", "typ:", 2, 1, "unknown-key", "unknown key `typ`; did you mean `type`?"),
        ("type:", "Type:", 2, 1, "unknown-key", "unknown key `Type`; did you mean `type`?"),
        ("type:", "kind:", 2, 1, "unknown-key", "unknown key `kind`; use `type`"),
        ("key:", "revision: 0\nkey:", 5, 11, "wrong-value", "found `0`, expected a whole number from 1 to 1000000"),
        ("key:", "revision: 1.0\nkey:", 5, 11, "wrong-value", "found `1.0`, expected a whole number from 1 to 1000000"),
        ("key:", "sources: [a b]\nkey:", 5, 11, "wrong-value", "found `a b`, expected a source key"),
        ("key:", "context: [a]\nkey:", 5, 10, "wrong-type", "found a list, expected text"),
        ("key:", "scenario: a\nkey:", 5, 1, "unknown-key", "unknown key `scenario`; use `context`"),
        ("key:", "tags: numbers\nkey:", 5, 7, "wrong-type", "found text, expected a list"),
        ("key:", "tags: [['a']]\nkey:", 5, 8, "wrong-type", "found a list, expected one line of text"),
        ("key:", f"tags: [{'a' * 51}]\nkey:", 5, 8, "wrong-length", "51 characters, expected at most 50"),
        ("key:", 'tags: ["a\\nb"]\nkey:', 5, 8, "wrong-value", "found `a b`, expected one line of text"),
        ("key:", "keywords: [a]\nkey:", 5, 1, "unknown-key", "unknown key `keywords`; use `tags`"),
        ("key:", "hint: ''\nkey:", 5, 7, "empty-value", "the value is empty, expected text"),
        ("key:", "hnt: x\nkey:", 5, 1, "unknown-key", "unknown key `hnt`; did you mean `hint`?"),
        ("stem: What is asked?", "stem: [a]", 3, 7, "wrong-type", "found a list, expected text"),
        (
            "stem: What is asked?",
            f"stem: {'a' * 20_001}",
            3,
            7,
            "wrong-length",
            "20,001 characters, expected at most 20,000",
        ),
    ],
)
def test_what_all_kinds_have_is_checked(before, after, line, column, code, message):
    assert faults_of(GOOD.replace(before, after)) == [(line, column, code, message)]


@pytest.mark.parametrize(("source", "found"), [("just text", "text"), ("[a]", "a list")])
def test_what_is_no_question_is_refused(source, found):
    assert faults_of(source) == [
        (1, 1, "wrong-type", f"found {found}, expected a question with `id`, `type` and `stem`")
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("key: true\n", [], id="a judgement"),
        pytest.param("key: A\n", [], id="an answer"),
        pytest.param("key: 48\nunit: mg\n", [], id="a number"),
        pytest.param(
            "order: [A]\n", [(4, 8, "wrong-length", "this list has 1 item, expected 2 to 9")], id="an order at fault"
        ),
    ],
)
def test_a_question_without_its_type_is_read_as_what_it_looks_like(body, expected):
    faults = faults_of(HEAD.format("x").replace("type: x\n", "") + body)
    assert faults == [(1, 1, "missing-key", f"`type` is missing; {ONE_OF}"), *expected]


def test_all_faults_of_a_question_come_out_together():
    source = "id: A\ntype: choice\nkey: ''\ndistractors: []\n"
    assert [place[:2] for place in faults_of(source)] == [(1, 5), (1, 1), (3, 6), (4, 14)]


def test_two_things_that_differ_in_spaces_only_are_not_one_pair():
    assert faults_of(HEAD.format("match") + "pairs: {A: x, ' A': y, B: z}\n")


def test_a_pair_needs_something_on_its_left():
    assert faults_of(HEAD.format("match") + "pairs: {'': x, B: z}\n")


@pytest.mark.parametrize("units", ["{iu: 2}", "{IU: 40}", "{'': 40}"])
def test_a_unit_cannot_be_given_two_values(units):
    assert faults_of(HEAD.format("number") + f"key: 40\nunit: IU\nunits: {units}\n")


def test_two_spellings_of_one_unit_cannot_differ():
    assert faults_of(HEAD.format("number") + "key: 40\nunit: IU\nunits: {µg: 40, mcg: 4}\n")
