"""How faults are displayed: headline, quoted line, mark and total."""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SMALL_BANK
from harness import ROOT, in_process, process
from synergy_cli.parsing.faults import CODES, Fault
from synergy_cli.ui import faults as display
from synergy_cli.ui.layout import cells
from synergy_cli.ui.theme import ASCII, Look

WIDTHS = (20, 40, 80, 200)
GUTTER = 8
"""Cells of the line's number and the bar, up to a hundred thousand lines."""
FACTS = ("The sky", "2 sections", "1 question", "0 sources")
ASCII_LOOK = Look(80, ASCII, boxes=False)


def fault(code="wrong-value", message="found `x`, expected y", path="questions.yaml", line=3, column=5):
    return Fault(path, line, column, code, message)


def quotation(line, column, look=80, number=7, severity="error"):
    look = look if isinstance(look, Look) else Look(look)
    return [text.plain for text in display.quotation(number, column, line, severity, look)]


# the line quoted


def test_a_line_is_quoted_with_its_number_and_a_mark():
    assert quotation("  type: shrot", 9) == [
        "    7 │   type: shrot",
        "      │         ^^^^^",
    ]


@pytest.mark.parametrize(
    ("line", "column", "spot"),
    [
        ("  hnit: Think of the sea.", 3, "hnit"),
        ("key: Blue", 6, "Blue"),
        ('key: "Blue \\" sky" # yes', 6, '"Blue \\" sky"'),
        ('key: "Blue sky', 6, '"Blue sky'),
        ("key: 'Blue sky' # yes", 6, "'Blue sky'"),
        ("sources: [a, rayleigh1871]", 14, "rayleigh1871"),
        ("see: {sea: x}", 7, "sea"),
        ("The sky is above [@a; @b] us.", 18, "[@a; @b]"),
        ("- a", 1, "-"),
        ("a: , b", 4, ","),
        ("a:  b", 3, " "),
    ],
)
def test_the_mark_is_as_long_as_the_faulty_text(line, column, spot):
    quoted, below = quotation(line, column)
    assert quoted == f"    7 │ {line}"
    assert below == f"      │ {' ' * (column - 1)}{'^' * len(spot)}"
    assert line[column - 1 :].startswith(spot)


BEFORE = {
    "nothing": "",
    "a space": " ",
    "letters": "key: ",
    "a line of letters": "letters " * 40,
    "wide letters": "维生素 ",
    "a line of wide letters": "维生素如何协同作用" * 30,
    "wide letters, one cell off": "x" + "维" * 300,
    "combining letters": "e\u0301a\u0308o\u0302 ",
    "a line of combining letters": "e\u0301" * 300,
    "a flood of accents": "e" + "\u0301" * 5000,
    "tabs": "\t\t",
    "a line of tabs": "\t" * 100,
    "control bytes": "\x1b[31m\x07\x9b",
    "what turns text round": "\u202e" * 100,
    "emoji": "👩\u200d🔬 🇳🇱 ❤️ " * 3,
}


@pytest.mark.parametrize("after", ["", " and more", " and more" * 60, "维" * 300], ids=["end", "some", "more", "wide"])
@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_the_mark_is_below_the_fault_at_every_width(before, after):
    for width in WIDTHS:
        quoted, below = quotation(f"{before}Spot{after}", len(before) + 1, width)
        assert max(cells(quoted), cells(below)) <= max(width, GUTTER + 8)
        place = quoted.index("Spot")
        assert cells(quoted[:place]) == cells(below.partition("^")[0]) >= GUTTER
        assert set(below[GUTTER:]) <= {" ", "^"}
        if after[:1] in ("", " "):
            assert below.count("^") == 4


@pytest.mark.parametrize("width", WIDTHS)
def test_cuts_in_a_long_line_are_shown_by_dots(width):
    for look, dots in ((Look(width), "…"), (Look(width, ASCII, boxes=False), "...")):
        begun, _ = quotation("x" * 300, 1, look)
        middle, _ = quotation("x" * 300, 150, look)
        ended, _ = quotation("x" * 300, 300, look)
        assert re.fullmatch(rf"x+{re.escape(dots)}", begun[GUTTER:])
        assert re.fullmatch(rf"{re.escape(dots)}x+{re.escape(dots)}", middle[GUTTER:])
        assert re.fullmatch(rf"{re.escape(dots)}x+", ended[GUTTER:])
        assert max(cells(begun), cells(middle)) == width


@pytest.mark.parametrize("width", WIDTHS)
def test_countless_accents_are_replaced_by_dots(width):
    quoted, below = quotation("e" + "\u0301" * 5000 + "Spot" + "\u0301" * 5000 + "e", 5002, width)
    assert quoted[GUTTER:].startswith("…Spot")
    assert quoted.endswith("…")
    assert below[GUTTER:] == " ^^^^"


def test_a_line_that_just_fits_is_quoted_whole():
    for length in (71, 72):
        for column in (1, 36, length):
            assert quotation("x" * length, column)[0] == f"    7 │ {'x' * length}"
    assert quotation("x" * 73, 1)[0] == f"    7 │ {'x' * 71}…"


def test_the_mark_of_a_long_text_ends_with_the_line_shown():
    quoted, below = quotation(f'key: "{"x" * 500}"', 6, 40)
    assert cells(quoted) == cells(below) == 40


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("line", ["key: Blue", "x" * 12, "x" * 72, "x" * 192, "维" * 6, "x" * 1000])
@pytest.mark.parametrize("beyond", [1, 2, 100])
def test_a_column_after_the_end_of_its_line_is_marked_there(line, beyond, width):
    quoted, below = quotation(line, len(line) + beyond, width)
    assert below.count("^") == 1
    assert cells(below) == cells(quoted) + 1 <= width


@pytest.mark.parametrize("line", ["", "   ", "\t", "\u3000"])
def test_a_blank_line_is_not_quoted(line):
    assert quotation(line, 1) == []


@pytest.mark.parametrize("number", [1, 99_999, 100_000, 499_999])
def test_a_long_number_moves_the_quotation_and_its_mark_together(number):
    quoted, below = quotation("key: Blue", 6, 40, number)
    assert quoted.endswith("│ key: Blue")
    assert cells(quoted.partition("│")[0]) == cells(below.partition("│")[0])
    assert quoted.index("Blue") == below.index("^")


def test_an_accent_whose_letter_was_left_out_is_not_drawn_into_the_dots():
    for length in range(60, 80):
        for width in WIDTHS:
            quoted, _ = quotation("e\u0301" * length + "Spot" + "x" * 99, 2 * length + 1, width)
            assert "…\u0301" not in quoted


def test_glyphs_are_replaced_by_ascii_before_the_mark_is_aligned():
    assert quotation("≤ 5 … 9 µg: dose", 9, ASCII_LOOK) == ["    7 | <= 5 ... 9 ug: dose", "      |            ^^"]


def test_the_mark_is_below_the_fault_on_an_ascii_terminal(small):
    path = small / "questions.yaml"
    path.write_text(SMALL_BANK.replace("accept: [The stars]", 'accept: ["≥ 5 … 9", [x]]'), "utf-8")
    lines = process("check", small, env={"PYTHONIOENCODING": "ascii"}).stdout.splitlines()
    assert lines[1:3] == ['   23 |   accept: [">= 5 ... 9", [x]]', "      |                          ^^"]


HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(
    line=st.text(st.characters(exclude_characters="\n"), max_size=300),
    column=st.integers(1, 320),
    width=st.sampled_from(WIDTHS),
)
def test_any_line_is_quoted_harmlessly_and_within_its_width(line, column, width):
    for look in (Look(width), Look(width, ASCII, boxes=False)):
        shown = display.quotation(1, column, line, "error", look)
        assert len(shown) in (0, 2)
        for text in shown:
            assert cells(text.plain) <= width
            glyphs = {sign for sign in text.plain if unicodedata.category(sign) in HARMFUL}
            assert glyphs <= {"\u200c", "\u200d"}


LONG = 8 * 1024 * 1024
FLOODS = {
    "letters": "x" * LONG,
    "a tab and letters": "\t" + "x" * LONG,
    "wide letters": "维" * (LONG // 3),
    "accents": "e" + "\u0301" * (LONG // 2) + "e",
    "tabs": "x" + "\t" * LONG + "x",
    "control bytes": "\x1b" * LONG,
    "a text in quotes": '"' + '\\"' * (LONG // 2),
    "brackets": "[@" * (LONG // 2),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_only_the_visible_part_of_a_line_of_8_mib_is_processed(flood, monkeypatch):
    looked = []

    def count(text):
        looked.append(len(text))
        return clean(text)

    clean = display.clean
    monkeypatch.setattr(display, "clean", count)
    for column in (1, 2, len(flood) // 2, len(flood), len(flood) + 1):
        shown = quotation(flood, column)
        assert max(map(cells, shown), default=0) <= 80
    assert sum(looked) < 20_000


def test_a_thousand_faults_of_one_line_of_8_mib_are_shown(small):
    (small / "questions.yaml").write_text("a: [" + '"\\e", ' * 1200 + '"' + "x" * (LONG - 20_000) + '"]\n', "utf-8")
    result = process("check", small)
    assert (result.status, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert sum(line.startswith("    1 │ ") for line in lines) >= 1000
    assert max(len(line) for line in lines if line.startswith("    1 │ ")) <= 80


# the list of faults


def test_faults_are_listed_with_their_lines_and_a_total(small):
    path = small / "questions.yaml"
    path.write_text(SMALL_BANK.replace("type: short", "type: shrot").replace("hint: Think", "hnit: Think"), "utf-8")
    result = in_process("check", small, "--width", "80")
    assert (result.status, result.stderr) == (1, "")
    hint = f"{path}:16:3: error[unknown-key]: unknown key `hnit`; did you mean `hint`?"
    assert result.stdout.splitlines()[0] == hint
    assert result.stdout.splitlines()[1:3] == ["   16 │   hnit: Think of the sea.", "      │   ^^^^"]
    assert result.stdout.splitlines()[3].startswith(f"{path}:19:9: error[wrong-value]: found `shrot`")
    assert result.stdout.splitlines()[4:6] == ["   19 │   type: shrot", "      │         ^^^^^"]
    assert result.stdout.splitlines()[6:] == ["", "2 errors in 1 file."]


@pytest.mark.parametrize("width", [20, 40])
def test_a_headline_is_never_broken(small, width):
    path = small / "questions.yaml"
    path.write_text(SMALL_BANK.replace("hint: Think", "hnit: Think"), "utf-8")
    first = in_process("check", small, "--width", str(width)).stdout.splitlines()[0]
    assert first == f"{path}:16:3: error[unknown-key]: unknown key `hnit`; did you mean `hint`?"


def test_plain_output_has_one_line_for_each_fault_and_each_total(small):
    path = small / "questions.yaml"
    path.write_text(SMALL_BANK.replace("key: Stars", "key: No").replace("hint: Think", "hnit: Think"), "utf-8")
    for width in ("20", "200"):
        lines = in_process("check", small, "--plain", "--width", width).stdout.splitlines()
        assert [line.split(": ")[0] for line in lines[:2]] == [f"{path}:16:3", f"{path}:22:8"]
        assert lines[2:] == ["1 error, 1 warning in 1 file."]


def test_a_fault_in_a_file_that_cannot_be_read_has_no_quotation(small):
    (small / "references.yaml").unlink()
    (small / "references.yaml").mkdir()
    lines = in_process("check", small).stdout.splitlines()
    assert lines[0].startswith(f"{small}/references.yaml:1:1: error[not-a-file]: ")
    assert lines[1:] == ["", "1 error in 1 file."]


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_line_is_quoted_without_its_end_and_without_a_byte_order_mark(small, ends):
    text = SMALL_BANK.replace("format: 1", "format: 2").replace("\n", ends)
    (small / "questions.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    lines = in_process("check", small).stdout.splitlines()
    assert lines[0].startswith(f"{small}/questions.yaml:1:9: error[wrong-value]")
    assert lines[1:3] == ["    1 │ format: 2", "      │         ^"]


@pytest.mark.parametrize("character", ["\x1b", "\x9b", "\u202e", "\x07"], ids=["ESC", "C1", "override", "BEL"])
def test_a_control_byte_in_the_line_is_never_printed(small, character):
    path = small / "questions.yaml"
    path.write_text(SMALL_BANK.replace("key: Blue", f"key: Bl{character}[31mue"), "utf-8")
    result = in_process("check", small)
    assert character not in result.stdout
    assert result.stdout.splitlines()[1:3] == ["    9 │   key: Bl�[31mue", "      │          ^^^^^^^"]


def test_a_line_break_in_a_path_breaks_no_headline():
    (line,) = display.listing([fault(path="a\nb/questions.yaml")], lambda _: "", Look(80))
    assert line.plain == "a b/questions.yaml:3:5: error[wrong-value]: found `x`, expected y"


def test_spaces_of_a_path_are_kept():
    (line,) = display.listing([fault(path="my  course/questions.yaml")], lambda _: "", Look(80, plain=True))
    assert line.plain == str(fault(path="my  course/questions.yaml"))


# colours

SEVERITIES = {"wrong-value": ("error", "wrong"), "yaml-trap": ("warning", "warning"), "often-missed": ("note", "note")}


@pytest.mark.parametrize(("code", "severity", "style"), [(code, *pair) for code, pair in SEVERITIES.items()])
def test_the_severity_gives_the_colour_of_the_word_and_of_the_mark(code, severity, style):
    path = f"error[{code}]/{severity}[{code}]: a.yaml"
    head, quoted, below = display.listing([fault(code, path=path, column=6)], lambda _: "key: Blue", Look(80))
    (span,) = head.spans
    assert (head.plain[span.start : span.end], span.style) == (f"{severity}[{code}]", style)
    assert head.plain[: span.start] == f"{path}:3:6: "
    assert [(below.plain[span.start : span.end], span.style) for span in below.spans] == [
        ("      │ ", "muted"),
        ("^^^^", style),
    ]
    assert [(quoted.plain[span.start : span.end], span.style) for span in quoted.spans] == [("    3 │ ", "muted")]


def test_every_severity_has_its_colour():
    assert {sort.severity for sort in CODES.values()} == {severity for severity, _ in SEVERITIES.values()}


def test_colours_are_written_only_on_request(small):
    (small / "questions.yaml").write_text(SMALL_BANK.replace("hint: Think", "hnit: Think"), "utf-8")
    coloured = in_process("check", small, "--color", "always").stdout
    assert "\x1b[1;91merror[unknown-key]\x1b[0m" in coloured
    assert "\x1b[1;91m^^^^\x1b[0m" in coloured
    assert "\x1b" not in in_process("check", small, "--color", "always", "--plain").stdout
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == in_process("check", small).stdout


# the total


@pytest.mark.parametrize(
    ("codes", "paths", "total"),
    [
        (["wrong-value"], "a", "1 error in 1 file."),
        (["wrong-value"] * 2, "ab", "2 errors in 2 files."),
        (["yaml-trap"], "a", "1 warning in 1 file."),
        (["yaml-trap"] * 3, "aab", "3 warnings in 2 files."),
        (["often-missed"], "a", "1 note in 1 file."),
        (["often-missed"] * 2, "aa", "2 notes in 1 file."),
        (["yaml-trap", "wrong-value", "wrong-value"], "abc", "2 errors, 1 warning in 3 files."),
        (
            ["often-missed", "often-missed", "yaml-trap", "wrong-value"],
            "aaab",
            "1 error, 1 warning, 2 notes in 2 files.",
        ),
    ],
)
def test_the_total_counts_by_severity_and_says_in_how_many_files(codes, paths, total):
    faults = [fault(code, path=path) for code, path in zip(codes, paths, strict=True)]
    first, *_, last = display.conclusion(faults, FACTS, Look(80))
    assert (first.plain, last.plain) == ("", total)
    assert [line.plain for line in display.conclusion(faults, FACTS, Look(80, plain=True))] == [total]


def test_the_result_for_a_course_without_faults_names_its_parts(small):
    told = "A small course: no faults (1 section, 2 questions, 1 source).\n"
    assert in_process("check", small) == in_process("check", small, "--strict") == (told, "", 0)
    (line,) = display.conclusion([], FACTS, Look(80))
    assert line.plain == "The sky: no faults (2 sections, 1 question, 0 sources)."
    assert max(cells(line.plain) for line in display.conclusion([], FACTS, Look(20))) <= 20


# status and data


@pytest.fixture
def doubtful(small):
    """Return a course with a warning and no error."""
    (small / "questions.yaml").write_text(SMALL_BANK.replace("key: Stars", "key: No"), "utf-8")
    return small


def test_a_warning_fails_only_with_strict(doubtful):
    told = f"{doubtful}/questions.yaml:22:8: warning[yaml-trap]: many YAML parsers read `No` as a boolean"
    loose, strict = in_process("check", doubtful), in_process("check", doubtful, "--strict")
    assert (loose.status, strict.status) == (0, 1)
    assert loose.stdout == strict.stdout
    assert loose.stdout.startswith(told)
    assert loose.stdout.endswith("\n\n1 warning in 1 file.\n")


@pytest.mark.parametrize("arguments", [["explain"], ["explain", "sky"], ["quiz"], ["search", "sky"]], ids=" ".join)
def test_a_course_with_a_warning_can_be_used_and_only_check_shows_the_warning(doubtful, arguments):
    result = in_process("--course", doubtful, *arguments)
    assert (result.status, result.stderr) == (0, "")


def test_json_has_everything_about_a_fault(doubtful):
    result = in_process("check", doubtful, "--json")
    assert (result.status, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "schema": 1,
        "passed": True,
        "errors": 0,
        "warnings": 1,
        "notes": 0,
        "codes": {"yaml-trap": 1},
        "faults": [
            {
                "path": f"{doubtful}/questions.yaml",
                "line": 22,
                "column": 8,
                "code": "yaml-trap",
                "message": 'many YAML parsers read `No` as a boolean; write "No"',
                "severity": "warning",
                "family": "form",
                "docs": "docs/faults.md#yaml-trap",
            }
        ],
        "courses": [
            {
                "path": str(doubtful),
                "title": "A small course",
                "passed": True,
                "errors": 0,
                "warnings": 1,
                "notes": 0,
                "ignored": 0,
            }
        ],
    }
    strict = json.loads(in_process("check", doubtful, "--json", "--strict").stdout)
    loose = json.loads(result.stdout)
    assert strict == {**loose, "passed": False, "courses": [{**loose["courses"][0], "passed": False}]}


def test_json_reports_that_nothing_was_found(small):
    result = in_process("check", small, "--json", "--strict")
    assert result.status == 0
    nothing = {"passed": True, "errors": 0, "warnings": 0, "notes": 0}
    assert json.loads(result.stdout) == {
        "schema": 1,
        **nothing,
        "codes": {},
        "faults": [],
        "courses": [{"path": str(small), "title": "A small course", **nothing, "ignored": 0}],
    }


def test_json_names_a_section_of_the_documents_that_exists():
    headings = re.findall(r"^### (.+)$", (ROOT / "docs" / "faults.md").read_text("utf-8"), re.MULTILINE)
    named = {display.document([fault(code)])["faults"][0]["docs"] for code in CODES}
    assert named == {f"docs/faults.md#{heading}" for heading in headings}


# counts by code


@pytest.mark.parametrize(
    ("codes", "width", "expected"),
    [
        (
            ["wrong-value", "figure-without-citation", "yaml-trap", "wrong-value"],
            80,
            ["By code: 2 wrong-value, 1 figure-without-citation, 1 yaml-trap."],
        ),
        (
            ["wrong-value", "figure-without-citation", "yaml-trap", "wrong-value"],
            30,
            ["By code: 2 wrong-value,", "1 figure-without-citation,", "1 yaml-trap."],
        ),
        (["wrong-value", "wrong-value"], 80, []),
        (["wrong-value", "yaml-trap"], 80, []),
    ],
)
def test_codes_are_counted_if_one_of_several_occurs_again(codes, width, expected):
    lines = display.conclusion([fault(code) for code in codes], [""], Look(width))
    shown = [line.plain for line in lines if line.plain]
    assert shown[: len(expected)] == expected
    assert re.match(r"\d+ (error|warning)s?", shown[len(expected)])


# several courses


@pytest.fixture
def two(doubtful, tmp_path, monkeypatch):
    """Return the names of a course with a warning and of one without, and change to their folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sound").mkdir()
    (tmp_path / "sound" / "questions.yaml").write_text(SMALLEST, "utf-8")
    return doubtful.name, "sound"


SMALLEST = """\
format: 1
id: sound
title: Sound
questions:
- {id: blue, type: true-false, stem: The sky is blue., key: true, rationale: So it is.}
"""


def test_each_course_is_named_with_its_result_and_then_their_total(two):
    result = in_process("check", *two, "--plain")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1:] == [
        "small: 1 warning in 1 file.",
        "Sound: no faults (0 sections, 1 question, 0 sources).",
        "2 courses: 1 warning in 1 file.",
    ]
    assert in_process("check", *two, "--strict").status == 1
    assert in_process("check", "sound", "sound").stdout == in_process("check", "sound").stdout


def test_json_has_the_faults_of_all_courses_and_the_result_of_each(two):
    data = json.loads(in_process("check", *two, "--json", "--strict").stdout)
    assert (data["passed"], data["warnings"], [fault["code"] for fault in data["faults"]]) == (False, 1, ["yaml-trap"])
    assert [(course["path"], course["passed"]) for course in data["courses"]] == [("small", False), ("sound", True)]


def test_each_folder_is_checked_though_others_are_no_courses(two):
    result = in_process("check", "none", two[1], "nor/this")
    assert result.stdout == "Sound: no faults (0 sections, 1 question, 0 sources).\n"
    told = "{}: not a course; expected a folder that contains questions.yaml\n"
    assert (result.stderr, result.status) == (f"synergy: {told.format('none')}{told.format('nor/this')}", 1)
    assert '"passed": false' in in_process("check", two[1], "none", "--json").stdout


# forms


def test_github_gets_one_command_for_each_fault(two):
    message = 'many YAML parsers read `No` as a boolean; write "No"'
    command = f"::warning file=small/questions.yaml,line=22,col=8,title=yaml-trap::{message}\n"
    assert in_process("check", *two, "--format", "github") == (command, "", 0)
    assert in_process("check", *two, "--format", "github", "--strict") == (command, "", 1)
    assert in_process("check", "sound", "--format", "github").stdout == ""


@pytest.mark.parametrize("code", ["wrong-value", "yaml-trap", "often-missed"])
def test_nothing_in_a_fault_can_end_its_command_or_begin_another(code):
    path, message = "a:b,c%\n::error::d", "e: f, g%0A\r\n::error::h"
    (line,) = display.workflow_commands([fault(code, message, path)]).splitlines()
    level, properties, data = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
    assert level == {"error": "error", "warning": "warning", "note": "notice"}[CODES[code].severity]
    unescaped = {name: unquote(value) for name, value in (part.split("=") for part in properties.split(","))}
    assert unescaped == {"file": path, "line": "3", "col": "5", "title": code}
    assert data == "e: f, g%250A%0D%0A::error::h"


def test_json_is_a_form_too(two):
    assert in_process("check", *two, "--format", "json") == in_process("check", *two, "--json")
    assert in_process("check", *two, "--format", "text") == in_process("check", *two)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--format", "xml"], "--format xml: expected one of: text, json, github."),
        (["--json", "--format", "github"], "--json and --format github cannot be combined; choose one."),
        (["--ignore", "tabel-row"], "--ignore: `tabel-row` is not a fault code; did you mean `table-row`?"),
        (
            ["--ignore", "qqqqqqqq"],
            "--ignore: `qqqqqqqq` is not a fault code; expected one that `check` reports.",
        ),
        (
            ["--ignore", "wrong-type"],
            "--ignore: `wrong-type` is an error, and errors cannot be ignored.",
        ),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_refused(small, options, told):
    assert in_process("check", small, *options) == ("", f"synergy: {told}\n", 2)


# ignored codes


@pytest.mark.parametrize("code", ["yaml-trap", "often-missed"])
def test_a_warning_can_be_ignored_and_the_total_says_how_many_were(doubtful, code):
    left = code != "yaml-trap"
    result = in_process("check", doubtful, "--strict", "--plain", "--ignore", "no-hint", "--ignore", code)
    assert result.status == 2
    result = in_process("check", doubtful, "--strict", "--plain", "--ignore", "no-feedback", "--ignore", code)
    told = (
        "1 warning in 1 file." if left else "A small course: no faults (1 section, 2 questions, 1 source); 1 ignored."
    )
    assert (result.status, result.stdout.splitlines()[-1]) == (left, told)


def listed(folder, entries):
    """Let a course ignore some codes."""
    bank = folder / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("title:", f"ignore: [{entries}]\ntitle:"), "utf-8")
    data = json.loads(in_process("check", folder, "--json").stdout)
    return [(fault["line"], fault["column"], fault["code"], fault["message"]) for fault in data["faults"]]


def test_a_course_may_list_what_it_ignores(doubtful):
    assert listed(doubtful, "yaml-trap") == []
    assert in_process("--course", doubtful, "quiz", "--unsaved", stdin="1\n").status == 0


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ("yaml-trap, yaml-tarp", "`yaml-tarp` is not a fault code; did you mean `yaml-trap`?"),
        ("yaml-trap, table-row", "the course has no `table-row`; remove this entry"),
        ("yaml-trap, yaml-trap", "`yaml-trap` is listed twice; remove one"),
        (
            "yaml-trap, wrong-type",
            "`wrong-type` is an error, and errors cannot be ignored",
        ),
    ],
)
def test_an_entry_that_leaves_nothing_out_is_named(doubtful, entries, message):
    assert listed(doubtful, entries) == [(3, 21, "unused-ignore", message)]


@pytest.mark.parametrize("entries", ["yaml-trap, often-missed", "yaml-trap, table-row, unused-ignore"])
def test_an_entry_for_what_may_be_hidden_and_one_for_itself_are_left_alone(doubtful, entries):
    assert listed(doubtful, entries) == []


def test_an_error_is_never_left_out_and_no_entry_is_idle_beside_it(doubtful):
    bank = doubtful / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("hint: Think", "hnit: Think"), "utf-8")
    assert [fault[2] for fault in listed(doubtful, "yaml-trap, unknown-key, table-row")] == [
        "unused-ignore",
        "unknown-key",
    ]


@pytest.mark.parametrize("code", CODES)
def test_every_code_can_be_displayed_and_written_as_json(code):
    found = fault(code)
    (line,) = display.listing([found], lambda _: "", Look(80))
    assert line.plain == f"questions.yaml:3:5: {CODES[code].severity}[{code}]: found `x`, expected y"
    (data,) = display.document([found])["faults"]
    assert (data["code"], data["severity"], data["family"]) == (code, CODES[code].severity, CODES[code].family)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("zz.txt", "NN-zz.md"), ("02-moon.markdown", "02-moon.md"), ("More Text.txt", "NN-more-text.md")],
)
def test_the_name_that_is_suggested_for_a_page_is_one_that_a_page_can_have(small, name, expected):
    (small / "pages").mkdir(exist_ok=True)
    (small / "pages" / name).write_text("---\ntitle: A\n---\n\nText.\n", "utf-8")
    assert f"pages/{name}:1:1: warning[stray-file]: this file is never read; expected {expected}\n" in (
        in_process("check", small).stdout
    )
