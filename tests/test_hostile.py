"""Courses and answers that are wrong, or meant to do harm: each fault with its place, and nothing gets through."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import time
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SMALL_BANK, SMALL_PAGE, SMALL_SOURCES
from harness import PATIENCE, Screen, in_process, process, widest
from synergy_cli.course.files import MAX_BYTES
from synergy_cli.parsing.faults import CODES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harness import Result

pytestmark = pytest.mark.sampled


BANK, PAGE, SOURCES, GLOSSARY = "questions.yaml", "pages/01-sky.md", "references.yaml", "glossary.yaml"
SMALL_GLOSSARY = "sky:\n  definition: What is above.\n  see: [sea]\nsea:\n  definition: What is below.\n"
FILES = {BANK: SMALL_BANK, PAGE: SMALL_PAGE, SOURCES: SMALL_SOURCES, GLOSSARY: SMALL_GLOSSARY}
READING = {
    "contents": ["explain"],
    "page": ["explain", "sky"],
    "markdown": ["explain", "sky", "--format", "md"],
    "quiz": ["quiz"],
    "search": ["search", "sky"],
    "glossary": ["glossary"],
    "sources": ["sources"],
}
every_command = pytest.mark.parametrize("arguments", READING.values(), ids=READING)


def spoil(course: Path, file: str, old: str, new: str) -> None:
    """Replace a text that stands in a file once."""
    path = course / file
    text = path.read_text("utf-8") if path.exists() else FILES[file]
    assert text.count(old) == 1, f"{old!r} stands in {file} {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8", newline="")


def lines_of(course: Path, *faults: str) -> list[str]:
    """Give faults as they are shown: with the path as the person would type it."""
    return [f"{course}/{fault}" for fault in faults]


class Told(NamedTuple):
    """A fault as `check` tells it."""

    place: str
    severity: str
    code: str
    message: str


HEADLINE = re.compile(r"(.*?:\d+:\d+): (error|warning|note)\[([a-z0-9-]+)\]: (.*)")


def diagnosed(course: Path, run: Callable[..., Result] = in_process, status: int = 1) -> list[Told]:
    """Give what `check` tells about a course at fault."""
    result = run("check", course, "--plain")
    assert (result.status, result.stderr) == (status, "")
    *lines, total = result.stdout.splitlines()
    assert re.fullmatch(r"(\d+ (error|warning|note)s?(, )?)+ in \d+ files?\.", total)
    faults = [Told(*HEADLINE.fullmatch(line).groups()) for line in lines]
    assert all(CODES[fault.code].severity == fault.severity for fault in faults)
    return faults


def checked(course: Path, run: Callable[..., Result] = in_process) -> list[str]:
    """Give the errors of a course: place and message."""
    return [f"{fault.place}: {fault.message}" for fault in diagnosed(course, run) if fault.severity == "error"]


def squeezed(text: str) -> str:
    return "".join(text.split())


def uncoloured(text: str) -> str:
    """Take the program's own colours away, and nothing else."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def unprintable(text: str) -> set[str]:
    """Give what a terminal might act on."""
    harmful = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {sign for sign in text if unicodedata.category(sign) in harmful and sign not in "\n\t\u200c\u200d"}


# one fault: its place and what was expected

FAULTS = {
    "an unclosed bracket": (
        BANK,
        "key: Blue",
        "key: [Blue",
        "9:8: yaml-syntax: this bracket is never closed; expected `]`,",
    ),
    "an unclosed quote": (
        BANK,
        "key: Blue",
        'key: "Blue',
        "9:8: yaml-syntax: this quote is never closed; expected",
    ),
    "a tab before a key": (
        BANK,
        "  key: Blue",
        "\tkey: Blue",
        "9:1: yaml-syntax: found a tab where only spaces are allowed",
    ),
    "a text that begins with a sign": (
        BANK,
        "key: Blue",
        "key: `Blue`",
        "9:8: yaml-syntax: a value cannot start with a backtick; put the text in",
    ),
    "a text with a colon": (
        BANK,
        "key: Blue",
        "key: Blue: dark",
        "9:12: yaml-syntax: the text contains a colon and a space; put the text in",
    ),
    "a missing key": (
        BANK,
        "  key: Stars\n",
        "",
        "18:3: missing-key: `key` is missing; expected the right answer",
    ),
    "no questions": (
        BANK,
        SMALL_BANK.partition("questions:")[2],
        " []\n",
        "4:12: wrong-length: this list has 0 items, expected at least 1",
    ),
    "no list of questions": (
        BANK,
        SMALL_BANK[SMALL_BANK.index("questions:") :],
        "",
        "1:1: missing-key: `questions` is missing; expected the questions",
    ),
    "no type": (BANK, "  type: short\n", "", "18:3: missing-key: `type` is missing; expected one of: choice, multiple"),
    "an unknown type": (
        BANK,
        "type: short",
        "type: shrot",
        "19:9: wrong-value: found `shrot`, expected one of: choice, mult",
    ),
    "an unknown key": (
        BANK,
        "hint: Think",
        "hnit: Think",
        "16:3: unknown-key: unknown key `hnit`; did you mean `hint`?",
    ),
    "a key that others use": (
        BANK,
        "stem: Which colour",
        "question: Which colour",
        "8:3: unknown-key: unknown key `question`; use `stem`",
    ),
    "a type that others use": (
        BANK,
        "type: short",
        "type: short-answer",
        "19:9: wrong-value: found `short-answer`, expected one of: choice, multiple, true-false, short",
    ),
    "an option without its text": (
        BANK,
        "text: Green",
        "option: Green",
        "11:5: unknown-key: unknown key `option`; use `text`",
    ),
    "a key of another kind": (
        BANK,
        "accept: [The stars]",
        "pairs: {a: b}",
        "23:3: unknown-key: unknown key `pairs`",
    ),
    "an unknown page": (BANK, "passage: sky\n", "passage: sea\n", "20:12: missing-page: there is no page `sea`"),
    "an unknown heading": (
        BANK,
        "sky#by-day",
        "sky#by-dya",
        "7:12: missing-passage: no page has the passage `sky#by-dya`; did you mean `sky#by-day`?",
    ),
    "an unknown source": (
        BANK,
        "[rayleigh1871]",
        "[rayleigh1817]",
        "17:13: missing-source: references.yaml has no source `rayleigh1817`; expected one that exists",
    ),
    "a second question of one id": (
        BANK,
        "id: stars",
        "id: colour",
        "18:7: duplicate-id: another question already has the id `colour`; give each its own id",
    ),
    "a key that stands twice": (
        BANK,
        "type: short",
        "type: short\n  type: short",
        "20:3: duplicate-key: duplicate key `type`",
    ),
    "an empty value": (BANK, "key: Blue", 'key: ""', "9:8: empty-value: the value is empty"),
    "a list for a text": (BANK, "key: Blue", "key: [Blue]", "9:8: wrong-type: found a list, expected text"),
    "a text for a list": (BANK, "[The stars]", "The stars", "23:11: wrong-type: found text, expected a list"),
    "an unknown level": (
        BANK,
        "hint: Think of the sea.",
        "level: recal",
        "16:10: wrong-value: found `recal`, expected one of: re",
    ),
    "an option that stands twice": (
        BANK,
        "text: Green",
        "text: Blue",
        "11:11: duplicate-answer: `Blue` is listed twice among the answers",
    ),
    "another format": (BANK, "format: 1", "format: 2", "1:9: wrong-value: found `2`, expected one of: 1"),
    "an id with spaces": (BANK, "id: stars", "id: the stars", "18:7: wrong-value: found `the stars`"),
    "an alias": (BANK, "key: Blue", "key: *Blue", "9:8: yaml-feature: `*Blue` is an alias"),
    "an anchor": (BANK, "key: Blue", "key: &b Blue", "9:8: yaml-feature: `&b` is an anchor"),
    "a tag": (
        BANK,
        "key: Blue",
        "key: !!python/object/apply:os.system [id]",
        "9:8: yaml-feature: `!!python/object/apply:os.system` is a tag, which a course",
    ),
    "a merge key": (BANK, "  hint: Think of the sea.", "  <<: {hint: x}", "16:3: yaml-feature: `<<` is a merge key"),
    "a second document": (BANK, "- id: stars", "---\n- id: stars", "18:1: yaml-feature: a second document starts here"),
    "a lone surrogate": (
        BANK,
        "key: Blue",
        'key: "\\ud800"',
        "9:9: yaml-syntax: `\\ud800` is not a valid escape; in double quotes, write",
    ),
    "no front matter": (PAGE, SMALL_PAGE, "Text.\n", "1:1: front-matter: the front matter is missing"),
    "a front matter without end": (
        PAGE,
        "---\n\nThe sky",
        "\nThe sky",
        "1:1: front-matter: the front matter has no end",
    ),
    "no title": (PAGE, "title: The sky\n", "", "2:1: missing-key: `title` is missing; expected the page's title"),
    "an unknown grade": (
        PAGE,
        "grade: established",
        "grade: sure",
        "6:10: wrong-value: found `sure`, expected one of: established",
    ),
    "a claim without sources": (
        PAGE,
        "  sources: [rayleigh1871]",
        "  sources: []",
        "7:12: claim-without-source: this claim names no source; expected `sources: [key]`",
    ),
    "a claim on an unknown source": (
        PAGE,
        "[rayleigh1871]",
        "[x]",
        "7:13: missing-source: references.yaml has no source `x`",
    ),
    "a citation of an unknown source": (
        PAGE,
        "[@rayleigh1871]",
        "[@nobody]",
        "10:19: missing-source: references.yaml has no source `nobody`",
    ),
    "a citation that is none": (
        PAGE,
        "[@rayleigh1871]",
        "[@rayleigh1871, p. 3]",
        "10:18: bad-citation: `[@rayleigh1871, p. 3]` is not a valid citation",
    ),
    "a link to an unknown page": (PAGE, "**blue**", "[blue](02-sea.md)", "14:14: missing-page: there is no page `sea`"),
    "a link to an unknown heading": (
        PAGE,
        "**blue**",
        "[blue](#by-night)",
        "14:14: missing-passage: no page has the passage `sky#by-night`",
    ),
    "a link that runs something": (
        PAGE,
        "**blue**",
        "[blue](file:///etc/passwd)",
        "14:14: bad-link: `file:///etc/passwd` is not a valid link",
    ),
    "a callout that is none": (
        PAGE,
        "It is **blue**.",
        "> [!DANGER]\n> Look.",
        "14:3: unknown-callout: `DANGER` is not a callout",
    ),
    "a source without id": (SOURCES, "- id: rayleigh1871\n  type", "- type", "2:3: missing-key: `id` is missing"),
    "a source without title": (
        SOURCES,
        "  title: On the light from the sky\n",
        "",
        "2:3: missing-key: `title` is missing",
    ),
    "a source with a script for a link": (
        SOURCES,
        "https://example.org/sky",
        "javascript:alert(1)",
        "9:8: wrong-value: found `javascript:alert(1)`, expected a link that begins",
    ),
    "a source that stands twice": (
        SOURCES,
        "references:\n",
        "references:\n- {id: rayleigh1871, title: x}\n",
        "3:7: duplicate-id: the source `rayleigh1871` is defined twice",
    ),
    "an unknown term": (
        GLOSSARY,
        "see: [sea]",
        "see: [seaa]",
        "3:9: missing-term: the glossary has no term `seaa`; did you mean `sea`?",
    ),
    "a term without meaning": (
        GLOSSARY,
        "  definition: What is below.\n",
        "  also: [ocean]\n",
        "5:3: missing-key: `definition` is missing",
    ),
}
"""File, the text in it that is replaced, by what, and the fault: its place, its code, and how its message begins."""


@pytest.mark.parametrize(("file", "old", "new", "told"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_place_and_what_was_expected(small, file, old, new, told):
    spoil(small, file, old, new)
    faults = diagnosed(small)
    assert len(faults) == 1
    assert f"{faults[0].place}: {faults[0].code}: {faults[0].message}".startswith(f"{small}/{file}:{told}")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (BANK, "key: Blue", "key: [Blue"),
        (BANK, "format: 1", "format: 2"),
    ],
    ids=["syntax", "another format"],
)
def test_a_reading_command_says_on_stderr_what_check_says_on_stdout(small, file, old, new):
    spoil(small, file, old, new)
    *lines, _ = in_process("check", small, "--plain").stdout.splitlines(keepends=True)
    told = "".join(lines)
    assert in_process("--course", small, "quiz") == in_process("--course", small, "quiz", "--json") == ("", told, 1)


def test_a_reading_command_keeps_warnings_for_the_author_when_there_are_errors_too(small):
    spoil(small, BANK, "key: Stars", "key: No")
    spoil(small, BANK, "hint: Think", "hnit: Think")
    assert [fault.severity for fault in diagnosed(small)] == ["error", "warning"]
    for command in (["quiz"], ["quiz", "--json"]):
        result = in_process("--course", small, *command)
        assert result.status == 0
        assert result.stderr == left_out(small, f"1 question of {small / BANK}")


@pytest.mark.parametrize(
    ("arguments", "file", "old", "new"),
    [
        (["explain"], PAGE, "title: The sky", "titel: The sky"),
        (["explain", "sky"], PAGE, "[@rayleigh1871]", "[@nobody]"),
        (["explain", "sky", "--format", "md"], PAGE, "[@rayleigh1871]", "[@nobody]"),
    ],
    ids=str,
)
def test_a_course_whose_only_page_has_an_error_names_it(small, arguments, file, old, new):
    spoil(small, file, old, new)
    result = in_process("--course", small, *arguments)
    assert (result.status, result.stdout) == (1, "")
    assert result.stderr.splitlines() == in_process("check", small, "--plain").stdout.splitlines()[:-1]


def left_out(course: Path, *what: str) -> str:
    """What errors cost a reader, and where they are listed."""
    return f"synergy: left out because of errors: {', '.join(what)}.\nSee: synergy --course {course} check\n"


@pytest.mark.parametrize(
    ("command", "file", "status"), [("glossary", GLOSSARY, 1), ("sources", SOURCES, 1), ("search sky", GLOSSARY, 0)]
)
def test_a_lookup_fails_when_errors_leave_nothing_to_look_up(small, command, file, status):
    (small / file).write_text("a: [", "utf-8")
    result = in_process("--course", small, *command.split())
    assert result.status == status
    assert result.stderr.startswith("synergy: left out because of errors: ")
    assert str(small / file) in result.stderr


@pytest.mark.parametrize("command", ["explain sky --format md", "sources --format csl"])
def test_a_source_that_is_no_mapping_is_left_out_of_every_format(small, command):
    path = small / SOURCES
    path.write_text(path.read_text("utf-8").replace("- id:", "- just a text\n- id:", 1), "utf-8")
    result = in_process("--course", small, *command.split())
    assert result.status == 0
    assert result.stderr == left_out(small, f"sources of {path}")


def test_the_welcome_says_that_questions_of_another_format_are_left_out(small):
    spoil(small, BANK, "format: 1", "format: 2")
    with Screen("--course", small, columns=200) as screen:
        assert screen.end() == 0
        assert "left out because of errors: " in screen.text
    assert "found `2`, expected one of: 1" in in_process("--course", small, "quiz").stderr


@pytest.fixture
def two_pages(small: Path) -> Path:
    """Give the course a page more, about which it asks nothing."""
    (small / "pages" / "02-sea.md").write_text("---\ntitle: The sea\n---\n\nThe sea is salty.\n", "utf-8")
    return small


@pytest.mark.parametrize(
    ("file", "old", "new", "lost"),
    [
        (PAGE, "[@rayleigh1871]", "[@nobody]", PAGE),
        (PAGE, "title: The sky", "titel: The sky", PAGE),
        (BANK, "hint: Think", "hnit: Think", f"1 question of {BANK}"),
        (BANK, "sky#by-day\n", "sky#by-dya\n", f"1 question of {BANK}"),
        (SOURCES, "On the light from the sky", "[]", f"sources of {SOURCES}"),
        (BANK, "questions:", "questions: [", BANK),
        (BANK, "id: stars", "id: colour", f"1 question of {BANK}"),
    ],
)
def test_an_error_costs_a_reader_one_page_or_question_and_is_said_in_a_line(two_pages, file, old, new, lost):
    spoil(two_pages, file, old, new)
    result = in_process("--course", two_pages, "explain", "sea")
    assert (result.status, result.stdout.splitlines()[0]) == (0, "The sea")
    name = lost.rpartition(" ")[2]
    assert result.stderr == left_out(two_pages, lost.replace(name, str(two_pages / name)))
    shown = in_process("--course", two_pages, "explain", "sky")
    assert shown.status == (2 if lost == PAGE else 0)
    assert in_process("check", two_pages).status == 1


def test_a_question_about_a_page_that_is_left_out_is_asked_without_its_passage(two_pages):
    spoil(two_pages, PAGE, "[@rayleigh1871]", "[@nobody]")
    result = in_process("--course", two_pages, "quiz", "--practice", "--json", stdin="Stars\nBlue\n")
    assert result.status == 0
    assert {attempt["passage"] for attempt in json.loads(result.stdout)["attempts"]} == {""}
    assert left_out(two_pages, str(two_pages / PAGE)) in result.stderr


def test_a_fault_is_given_to_programs_with_its_place(small):
    spoil(small, BANK, "hint: Think", "hnit: Think")
    result = process("check", small, "--json")
    message = "unknown key `hnit`; did you mean `hint`?"
    assert (result.status, result.stderr) == (1, "")
    place = {"path": str(small / BANK), "line": 16, "column": 3}
    assert json.loads(result.stdout)["faults"] == [
        {
            **place,
            "code": "unknown-key",
            "message": message,
            "severity": "error",
            "family": "form",
            "docs": "docs/faults.md#unknown-key",
        }
    ]


def test_a_path_is_shown_as_it_would_be_typed_from_here(small):
    spoil(small, BANK, "format: 1", "format: 2")
    assert process("check", "small", cwd=small.parent).stdout.startswith("small/questions.yaml:1:9: ")
    assert process("check", ".", cwd=small).stdout.startswith("questions.yaml:1:9: ")


# several faults


def test_faults_of_all_files_come_out_together_in_order(small):
    spoil(small, BANK, "type: short", "type: shrot")
    spoil(small, BANK, "hint: Think", "hnit: Think")
    spoil(small, BANK, "sky#by-day", "sky#by-night")
    spoil(small, PAGE, "[@rayleigh1871]", "[@nobody]")
    spoil(small, SOURCES, "https://example.org/sky", "ftp://example.org")
    spoil(small, GLOSSARY, "see: [sea]", "see: [see]")
    (small / "pages" / "02-sea.md").write_text("---\ntitle: []\n---\n", "utf-8")
    (small / "questions").mkdir()
    (small / "questions" / "more.yaml").write_text("questions: []\n", "utf-8")
    places = [re.match(r"(.*?\.(?:md|yaml):\d+:\d+): ", line)[1] for line in checked(small)]
    assert places == lines_of(
        small,
        "glossary.yaml:3:9",
        "pages/02-sea.md:2:8",
        "questions.yaml:7:12",
        "questions.yaml:16:3",
        "questions.yaml:19:9",
        "questions/more.yaml:1:12",
        "references.yaml:9:8",
    )
    (small / "pages" / "02-sea.md").unlink()
    spoil(small, SOURCES, "ftp://", "https://")
    (small / "questions" / "more.yaml").unlink()
    places = [re.match(r"(.*?\.(?:md|yaml):\d+:\d+): ", line)[1] for line in checked(small)]
    assert places == lines_of(
        small,
        "glossary.yaml:3:9",
        "pages/01-sky.md:10:19",
        "questions.yaml:7:12",
        "questions.yaml:16:3",
        "questions.yaml:19:9",
    )


def test_a_page_at_fault_makes_no_reference_to_pages_a_fault(small):
    spoil(small, PAGE, "title: The sky", "titel: The sky")
    assert [line.partition(": ")[0] for line in checked(small)] == lines_of(small, "pages/01-sky.md:2:1")


def test_sources_at_fault_make_no_citation_a_fault(small):
    spoil(small, SOURCES, "id: rayleigh1871", "id: '-'")
    assert [line.partition(": ")[0] for line in checked(small)] == lines_of(small, "references.yaml:2:7")


@pytest.mark.parametrize("fault", ["badly named", "dangling", "loop", "folder", "out of the folder"])
def test_a_file_that_is_no_page_hides_no_other_fault(small, fault):
    spoil(small, PAGE, "grade: established", "grade: sure")
    spoil(small, GLOSSARY, "see: [sea]", "see: [see]")
    page = small / "pages" / ("Read me.md" if fault == "badly named" else "02-sea.md")
    if fault == "badly named":
        page.write_text("Text.\n", "utf-8")
    elif fault == "folder":
        page.mkdir()
    else:
        page.symlink_to({"dangling": "nowhere", "loop": "02-sea.md", "out of the folder": "/etc/passwd"}[fault])
    places = {line.partition(": ")[0] for line in checked(small)}
    page_place = f"pages/{page.name}:1:1"
    assert places == {*lines_of(small, "glossary.yaml:3:9", "pages/01-sky.md:6:10", page_place)}


# files that are no text files of the course


def test_a_course_that_is_not_there_is_named(tmp_path):
    for folder in (tmp_path / "nowhere", tmp_path):
        told = f"synergy: {folder}: not a course; expected a folder that contains questions.yaml\n"
        assert process("check", folder) == ("", told, 1)
        assert in_process("--course", folder, "quiz") == ("", told, 1)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("content", "place", "code", "message"),
    [
        (b"", "1:1", "empty-file", ""),
        (b"\xef\xbb\xbf", "1:1", "empty-file", ""),
        ("---\ntitle: x".encode("utf-16"), "1:1", "not-utf8", "the byte 0xFF is not UTF-8 here"),
        ("a: é\nb: é ".encode() + b"\xe9\n", "2:6", "not-utf8", "the byte 0xE9 is not UTF-8 here"),
        (b"a: b\nc: \0\n", "2:4", "character", "U+0000 "),
    ],
    ids=["empty", "only a mark", "UTF-16", "Latin-1", "NUL"],
)
def test_a_file_that_is_no_utf_8_text_is_refused_with_its_place(small, file, content, place, code, message):
    (small / file).write_bytes(content)
    code = "front-matter" if (file, code) == (PAGE, "empty-file") else code
    faults = [fault for fault in diagnosed(small) if (fault.place, fault.code) == (f"{small}/{file}:{place}", code)]
    assert len(faults) == 1
    assert faults[0].message.startswith(message)


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(small):
    for file in (BANK, PAGE, SOURCES):
        path = small / file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert process("check", small).status == 0
    spoil(small, BANK, "hint: Think", "hnit: Think")
    assert checked(small)[0].startswith(f"{small}/{BANK}:16:3: ")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("sort", ["folder", "FIFO", "device", "way out", "dangling"])
def test_what_is_no_regular_file_inside_the_course_is_refused_at_once(small, file, sort):
    path = small / file
    path.unlink(missing_ok=True)
    if sort == "folder":
        path.mkdir()
    elif sort == "FIFO":
        os.mkfifo(path)
    elif sort == "device":
        path.symlink_to("/dev/zero")
    elif sort == "way out":
        (small.parent / "outside").write_text(FILES[file], "utf-8")
        path.symlink_to("../outside" if file != PAGE else "../../outside")
    else:
        path.symlink_to("nowhere")
    if sort == "dangling" and file == BANK:
        assert "not a course" in process("check", small).stderr
        return
    run = process if sort in {"FIFO", "device"} else in_process
    faults = [fault for fault in diagnosed(small, run) if fault.place.startswith(f"{small}/{file}")]
    code, message = {
        "folder": ("not-a-file", "is not a regular file"),
        "FIFO": ("not-a-file", "is not a regular file"),
        "device": ("outside", "points outside the course's folder"),
        "way out": ("outside", "points outside the course's folder"),
        "dangling": ("unreadable", "cannot be read: No such file or directory"),
    }[sort]
    assert [(fault.place, fault.code) for fault in faults] == [(f"{small}/{file}:1:1", code)]
    assert faults[0].message.startswith(message)


@pytest.mark.parametrize("arguments", [["explain"], ["explain", "sky"], ["quiz"]], ids=" ".join)
def test_a_page_that_leads_nowhere_is_a_fault_of_the_course_for_every_command(small, arguments):
    (small / "pages" / "02-sea.md").symlink_to("nowhere.md")
    result = in_process("--course", small, *arguments)
    assert result.status == 0
    assert result.stderr == left_out(small, str(small / "pages" / "02-sea.md"))
    result = in_process("check", small)
    assert result.stdout.startswith(
        f"{small}/pages/02-sea.md:1:1: error[unreadable]: cannot be read: No such file or directory"
    )


def test_a_link_inside_the_course_is_fine(small):
    (small / PAGE).rename(small / "sky.md")
    (small / PAGE).symlink_to("../sky.md")
    assert process("check", small).status == 0


def test_a_file_that_may_not_be_read_is_named(small):
    (small / SOURCES).chmod(0)
    if os.access(small / SOURCES, os.R_OK):
        pytest.skip("who runs this may read everything")
    assert checked(small)[0].startswith(f"{small}/{SOURCES}:1:1: cannot be read: Permission denied")


@pytest.mark.parametrize("name", ["sky.md", "01_sky.md", "1-.md", "02-SEA.md", "02-the sea.md", "02-\x1b[31m.md"])
def test_a_page_with_another_name_is_refused(small, name):
    (small / "pages" / name).write_text(SMALL_PAGE, "utf-8")
    shown = name.replace("\x1b", "�")
    place = f"{small}/pages/{shown}:1:1"
    assert diagnosed(small) == [(place, "error", "page-name", "not a page name; expected NN-id.md")]


def test_a_page_whose_name_is_no_utf_8_is_refused(small):
    (small / "pages" / os.fsdecode(b"02-\xff.md")).touch()
    assert checked(small) == [f"{small}/pages/02-�.md:1:1: not a page name; expected NN-id.md"]
    assert json.loads(process("check", small, "--json").stdout)["faults"]


@pytest.mark.parametrize("wanted", ["../01-sky", "/etc/passwd", "..", "pages/01-sky.md", "sky/../sky", "%2e%2e", "~"])
def test_a_section_is_looked_up_and_never_opened(small, wanted):
    (small / "pages" / "secret.txt").write_text("secret", "utf-8")
    result = in_process("--course", small, "explain", wanted)
    assert (result.status, result.stdout) == (2, "")
    assert "There is no section" in result.stderr


LARGE = {
    "one byte too many": (b"# " + b"x" * (MAX_BYTES - 1), "1:1", "too-large", "larger than 8 MiB"),
    "33 levels": (b"a: " + b"[" * 33, "1:35", "too-large", "nested more than 32 levels deep"),
    "100,000 levels": (b"[" * 100_000, "1:33", "too-large", "nested more than 32 levels deep"),
    "500,001 values": (b"a:\n" + b"- b\n" * 500_000, "499999:3", "too-large", "more than 500,000 values"),
    "a number of 6,000 digits": (
        b"format: " + b"9" * 6000 + b"\nid: x\ntitle: x\nquestions: []\n",
        "1:9",
        "wrong-value",
        "found `999",
    ),
}


@pytest.mark.parametrize(("content", "place", "code", "message"), LARGE.values(), ids=LARGE)
def test_what_is_too_large_is_refused_with_its_place(small, content, place, code, message):
    (small / BANK).write_bytes(content)
    faults = {(fault.place, fault.code): fault.message for fault in diagnosed(small, process)}
    assert faults[f"{small}/{BANK}:{place}", code].startswith(message)


# characters that steer a terminal or hide text

CHARACTERS = {
    "NUL": "\0",
    "BEL": "\a",
    "backspace": "\b",
    "vertical tab": "\v",
    "carriage return": "\r",
    "ESC": "\x1b",
    "DEL": "\x7f",
    "next line": "\x85",
    "C1 control sequence": "\x9b",
    "soft hyphen": "\xad",
    "Arabic letter mark": "\u061c",
    "zero width space": "\u200b",
    "left-to-right mark": "\u200e",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "byte-order mark": "\ufeff",
    "tag": "\U000e0041",
}
MARK = "¤"
RICH = {
    BANK: f"""\
format: 1
id: rich
title: "T{MARK}"
language: en
licence: "L{MARK}"
questions:
- id: choice
  type: choice
  passage: sky
  stem: "S{MARK}"
  key: "K{MARK}"
  distractors:
  - text: "D{MARK}"
    feedback: "F{MARK}"
  rationale: "R{MARK}"
  hint: "H{MARK}"
- id: short
  type: short
  passage: sky
  stem: s
  key: k
  accept:
  - "A{MARK}"
  rationale: r
- id: multiple
  type: multiple
  passage: sky
  stem: s
  keys:
  - "K{MARK}"
  distractors:
  - {{text: t, feedback: f}}
  rationale: r
- id: number
  type: number
  passage: sky
  stem: s
  key: 1
  unit: "u{MARK}"
  units:
    "v{MARK}": 2
  rationale: r
- id: order
  type: order
  passage: sky
  stem: s
  order:
  - "O{MARK}"
  - two
  rationale: r
- id: match
  type: match
  passage: sky
  stem: s
  pairs:
    "P{MARK}": a
    b:
      "Q{MARK}"
  rationale: r
""",
    PAGE: f"""\
---
title: "T{MARK}"
summary: "S{MARK}"
claims:
- claim: "C{MARK}"
  grade: early
  sources: [rayleigh1871]
---
""",
    SOURCES: f"""\
- id: rayleigh1871
  author:
  - family: "F{MARK}"
    given: "G{MARK}"
  - literal: "L{MARK}"
  issued: "1871{MARK}"
  title: "T{MARK}"
  container-title: "C{MARK}"
  volume: "V{MARK}"
  genre: "K{MARK}"
  note: "N{MARK}"
""",
    GLOSSARY: f"""\
"T{MARK}":
  definition: "D{MARK}"
  also:
  - "A{MARK}"
""",
}
"""A course with a mark in each of its texts."""
BODY = f"""\

Text{MARK}.

## Heading{MARK}.

- item{MARK}.

| a{MARK} |
|---|
| b{MARK} |

> [!NOTE]
> note{MARK}.

```
code{MARK}.
```

``` {{.diagram title="diagram{MARK}"}}
drawn{MARK}.
```

[link{MARK}](https://example.org) ![picture{MARK}](https://example.org) `code{MARK}` **strong{MARK}**
"""


def write_rich(course: Path, mark: str, body: str) -> dict[str, str]:
    """Write the rich course with something in place of each mark; give what was written with the marks still in it."""
    texts = {**RICH, PAGE: RICH[PAGE] + body}
    for file, text in texts.items():
        (course / file).write_text(text.replace(MARK, mark), "utf-8", newline="")
    return texts


def places_of(texts: dict[str, str], *, quoted: bool) -> set[str]:
    """Give the place of each mark; for a quoted text, the place where it begins."""
    found = set()
    for file, text in texts.items():
        for number, line in enumerate(text.split("\n"), start=1):
            for match in re.finditer(rf'"[^"{MARK}]*{MARK}' if quoted else MARK, line):
                found.add(f"{file}:{number}:{match.start() + 1}")
    return found


def test_the_rich_course_has_no_other_fault(small):
    write_rich(small, "", BODY)
    result = in_process("check", small)
    assert (result.status, result.stderr) == (0, "")


@pytest.mark.parametrize("character", CHARACTERS.values(), ids=CHARACTERS)
def test_a_dangerous_character_is_refused_wherever_it_stands(small, character):
    texts = write_rich(small, character, BODY)
    faults = diagnosed(small)
    assert {fault.place[len(f"{small}/") :] for fault in faults} == places_of(texts, quoted=False)
    assert {fault.code for fault in faults} == {"character"}
    assert all(fault.message.startswith(f"U+{ord(character):04X} ") for fault in faults)
    for form in ([], ["--plain"], ["--json"]):
        assert unprintable(in_process("check", small, *form).stdout) == set()


@pytest.mark.parametrize("character", CHARACTERS.values(), ids=CHARACTERS)
def test_a_dangerous_character_is_refused_in_yaml_by_escape_too(small, character):
    escape = f"\\U{ord(character):08x}"
    texts = write_rich(small, escape, "")
    faults = diagnosed(small)
    assert {fault.place[len(f"{small}/") :] for fault in faults} == places_of(texts, quoted=True)
    assert {fault.code for fault in faults} == {"character"}
    for form in ([], ["--plain"], ["--json"]):
        assert unprintable(in_process("check", small, *form).stdout) == set()


@pytest.mark.parametrize("escape", [r"\e", r"\0", r"\a", r"\x9b", r"\N", r"\L", r"\P"])
def test_short_escapes_are_no_way_around(small, escape):
    spoil(small, BANK, "key: Blue", f'key: "Bl{escape}ue"')
    assert [line.partition(" U+")[0] for line in checked(small)] == lines_of(small, f"{BANK}:9:8:")


ENTITIES = {
    "override": "&#x202e;",
    "soft hyphen": "&shy;",
    "zero width space": "&ZeroWidthSpace;",
    "line separator": "&#x2028;",
    "tag": "&#xe0041;",
}


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_a_dangerous_character_is_refused_on_a_page_by_entity_too(small, entity):
    spoil(small, PAGE, "The sky is", f"The {entity}sky is")
    spoil(small, PAGE, "## By day", f"## By {entity}day\n\n## By day")
    assert [line.split(": ")[0].rpartition(":")[0] for line in checked(small)] == lines_of(
        small, f"{PAGE}:10", f"{PAGE}:12"
    )


@pytest.mark.parametrize("form", [[], ["--json"], ["--color", "always"], ["--plain"]], ids=str)
@pytest.mark.parametrize("character", ["\x1b", "\x9b", "\u202e"], ids=["ESC", "C1", "override"])
def test_no_command_lets_a_dangerous_character_out(small, character, form):
    write_rich(small, character, BODY)
    reading = [arguments for arguments in READING.values() if form != ["--json"] or "md" not in arguments]
    for arguments in [*reading, ["check"], ["paths"]]:
        result = in_process("--course", small, *arguments, *form)
        assert unprintable(uncoloured(result.stdout) + result.stderr) == set()
        assert result.status in (0, 1)


@pytest.mark.parametrize("entity", ["&#27;]0;owned&#7;", "&#155;31m&#127;&#0;", "&#x202e;"])
@every_command
def test_no_entity_lets_a_dangerous_character_out(small, arguments, entity):
    spoil(small, PAGE, "The sky is", f"The {entity}sky is")
    for form in ([], ["--json"], ["--plain"]):
        result = in_process("--course", small, *arguments, *form)
        assert unprintable(result.stdout + result.stderr) == set()


def test_joiners_that_scripts_and_emoji_need_come_through(small):
    farsi, family = "می\u200cخواهم", "👩\u200d🔬"
    spoil(small, BANK, "stem: What shines at night?", f"stem: {farsi} {family}?")
    spoil(small, PAGE, "It is **blue**.", f"{farsi} {family}.")
    assert in_process("check", small).status == 0
    assert f"{farsi} {family}." in in_process("--course", small, "explain", "sky").stdout
    assert f"{farsi} {family}?" in in_process("--course", small, "quiz", stdin="Blue\n" * 4).stdout


@pytest.mark.parametrize("name", ["ESC", "DEL", "C1 control sequence", "soft hyphen", "right-to-left override", "tag"])
def test_what_is_asked_for_comes_back_harmless(name):
    character = CHARACTERS[name]
    word = f"x{character}y"
    for arguments in (
        [word],
        ["explain", word],
        ["explain", f"d3#{word}"],
        ["explain", "--format", word],
        ["--color", word],
        ["search", word],
        ["search", word, "--json"],
        ["glossary", word],
        ["sources", word],
        ["quiz", word],
        ["quiz", "--answers", word],
        ["completion", word],
        ["check", word],
        ["help", word],
        ["--course", word, "paths"],
        ["--course", word, "paths", "--json"],
    ):
        result = in_process(*arguments)
        assert unprintable(result.stdout + result.stderr) == set()
        assert "Traceback" not in result.stderr


def test_a_course_in_a_folder_with_a_dangerous_name_is_read_and_shown_harmlessly(small, tmp_path):
    folder = small.rename(tmp_path / "co\x1b[31m\u202eurse")
    result = process("--course", folder, "explain", "sky")
    assert result.status == 0
    assert "co�[31m�urse" in squeezed(result.stdout)
    assert unprintable(result.stdout) == set()
    assert json.loads(process("--course", folder, "paths", "--json").stdout)["course"] == str(folder)


# answers


@pytest.mark.parametrize("character", [*CHARACTERS.values(), "\U000e0001"], ids=[*CHARACTERS, "language tag"])
def test_an_answer_with_a_dangerous_character_is_echoed_harmlessly(small, character):
    answers = f"st{character}one\n" * 20
    result = in_process("--course", small, "quiz", "--seed", "1", stdin=answers)
    assert (result.status, result.stderr) == (0, "")
    assert "Result: " in result.stdout
    assert unprintable(result.stdout) == set()


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x9b", "\u202e", "\U000e0041"])
def test_an_answer_is_given_to_programs_exactly_as_it_was_typed(small, character):
    spoil(small, BANK, SMALL_BANK[SMALL_BANK.index("- id: colour") : SMALL_BANK.index("- id: stars")], "")
    result = in_process("--course", small, "quiz", "--json", stdin=f"st{character}one\n")
    assert unprintable(result.stdout) == set()
    assert json.loads(result.stdout)["attempts"][0]["answer"] == [f"st{character}one"]


@pytest.mark.parametrize("environment", [{}, {"PYTHONIOENCODING": "utf-8:strict"}], ids=["C locale", "other locales"])
@pytest.mark.parametrize("options", [[], ["--json"], ["--answers", "-"]], ids=str)
def test_an_answer_that_is_no_utf_8_is_an_answer_like_any_other(small, environment, options):
    answers = b"\xff\xfe\xe9\n" * 20
    result = process("--course", small, "quiz", "--seed", "1", *options, stdin=answers, env=environment)
    assert result.status == 0
    assert result.stderr == "" or options == ["--answers", "-"]
    assert "Result: 0 of 2" in result.stdout or '"right": 0' in result.stdout


def test_a_file_of_answers_may_hold_anything(small, tmp_path):
    (tmp_path / "answers").write_bytes(bytes(range(256)) * 40)
    result = process("--course", small, "quiz", "--answers", tmp_path / "answers")
    assert result.status == 0
    assert unprintable(result.stderr) == set()
    assert "Result: 0 of 2" in result.stdout


@pytest.mark.parametrize("answer", ["x" * 100_000, "9" * 5000, "1e999", "-0", "٣", "½", "  ", "\t", "'", '"', "\\"])
def test_an_odd_answer_is_marked_and_no_more(small, answer):
    spoil(small, BANK, "type: short", "type: number")
    spoil(small, BANK, "key: Stars\n  accept: [The stars]", "key: 5\n  unit: mg")
    result = in_process("--course", small, "quiz", "--seed", "1", stdin=f"{answer}\n" * 10)
    assert (result.status, result.stderr) == (0, "")
    assert "Traceback" not in result.stdout


@pytest.mark.parametrize("keys", ["\x1b[A", "\x1b", "é", "\x00"], ids=ascii)
def test_a_key_that_means_nothing_is_told_what_was_expected(small, keys):
    with Screen("--course", small, "quiz", "sky#by-day") as screen:
        screen.prompt()
        end = time.monotonic() + PATIENCE
        while screen.restored and time.monotonic() < end:
            screen._read(0.01)
        screen.press(keys)
        screen.wait("Expected a number from 1 to 3, for example 2.")
        screen.prompt()
        shown = [line for line in screen.text.splitlines() if line.startswith(">")]
        assert shown == [f"> {keys}".rstrip() if keys.isprintable() else ">", ">"]


# text that looks like markup

NASTY = r"[/bold] [et al.] :smile: [link=https://x.org]x[/link] **stars** `ticks` <b>b</b> &amp; a\b \[c] $(id) %s {x}"


def nasty(letter: str) -> str:
    return f"{letter} {NASTY}"


def drawn(letter: str) -> str:
    """Write it as the text of a question shows it: code and emphasis are its only markup."""
    return nasty(letter).replace("**stars** `ticks`", "stars ticks")


def written(letter: str) -> str:
    return json.dumps(nasty(letter), ensure_ascii=False)


@pytest.fixture
def marked(small: Path) -> Path:
    """Give a course in which each text is full of what other programs take for markup."""
    bank = f"""\
format: 1
id: marked
title: {written("T")}
questions:
- id: choice
  type: choice
  passage: sky#one
  stem: {written("S")}
  key: {written("K")}
  distractors:
  - text: {written("D")}
    feedback: {written("F")}
  - text: {written("E")}
    feedback: {written("G")}
  rationale: {written("R")}
  hint: {written("H")}
  sources: [rayleigh1871]
- id: match
  type: match
  passage: sky#two
  stem: {written("M")}
  pairs:
    {written("A")}: {written("B")}
    {written("C")}: {written("P")}
  rationale: {written("Q")}
- id: number
  type: number
  passage: sky#three
  stem: {written("N")}
  key: 3
  unit: "[/b] :x:"
  rationale: {written("U")}
"""
    page = f"""\
---
title: {written("T")}
summary: {written("S")}
claims:
- claim: {written("C")}
  grade: early
  sources: [rayleigh1871]
---

Text [@rayleigh1871].

## H [/bold] [et al.] :smile: <b>b</b>

P [/bold] [et al.] :smile: [link=x]x[/link] <b>b</b> `[/x] **s** <i>` \\*\\*stars\\*\\* \\`ticks\\` &amp;amp; %s {{x}}

| [a] | <b> |
|---|---|
| [/x] | :y: |

```
[/code] **x** <b> &amp; :z:
```

## One

## Two

## Three
"""
    sources = f"""\
- id: rayleigh1871
  author: [{{family: {written("F")}, given: "[G]"}}]
  issued: 1871
  title: {written("T")}
  container-title: {written("C")}
  genre: {written("K")}
  note: {written("N")}
"""
    glossary = f"""\
{written("T")}:
  definition: {written("D")}
  also: [{written("A")}]
  see: [other]
other:
  definition: {written("O")}
"""
    for file, text in ((BANK, bank), (PAGE, page), (SOURCES, sources), (GLOSSARY, glossary)):
        (small / file).write_text(text, "utf-8")
    return small


def shows(result: Result, *letters: str, written: Callable[[str], str] = nasty) -> bool:
    assert (result.status, result.stderr) == (0, "")
    text = squeezed(uncoloured(result.stdout))
    missing = [letter for letter in letters if squeezed(written(letter)) not in text]
    assert missing == []
    return True


STYLES = pytest.mark.parametrize("style", [[], ["--color", "always"], ["--plain"]], ids=["text", "colour", "plain"])


def test_text_that_looks_like_markup_is_no_fault(marked):
    assert {fault.code for fault in diagnosed(marked, status=0)} == {"unsupported-markdown"}


@STYLES
@pytest.mark.parametrize(
    ("passage", "answers", "letters"),
    [
        ("one", ["?", "nothing", nasty("D")], "SKDEHFR"),
        ("two", ["nothing", "ba"], "MABCPQ"),
        ("three", ["nothing", "4 [/b] :x:"], "NU"),
    ],
    ids=["choice", "match", "number"],
)
def test_a_quiz_shows_markup_as_it_was_written(marked, style, passage, answers, letters):
    result = in_process("--course", marked, "quiz", f"sky#{passage}", *style, stdin="\n".join(answers) + "\n")
    assert shows(result, *letters, written=drawn)
    text = squeezed(uncoloured(result.stdout))
    assert squeezed(f"> {answers[-1]}") in text
    assert passage != "one" or squeezed(nasty("T")) in text
    assert passage != "one" or squeezed(f"Source: {nasty('F')} [G] (1871)") in text
    assert passage != "three" or squeezed("Expected a number in [/b] :x:, for example 12 [/b] :x:.") in text
    assert passage != "three" or squeezed("Right answer: 3 [/b] :x:") in text


def test_the_summary_of_a_quiz_shows_markup_as_it_was_written(marked):
    result = in_process("--course", marked, "quiz", "--practice", "--answers", "-", stdin="s\n" * 3)
    assert shows(result, *"SKMN", written=drawn)
    assert squeezed(f"{drawn('A')}: {drawn('B')}") in squeezed(result.stdout)
    result = in_process("--course", marked, "quiz", "--practice", "--answers", "-", "--plain", stdin="s\n" * 3)
    assert shows(result, "T")
    assert shows(result, *"SKMN", written=drawn)


@STYLES
def test_pages_show_markup_as_it_was_written(marked, style):
    assert shows(in_process("--course", marked, "explain", "--no-pager", *style), "T")
    result = in_process("--course", marked, "explain", "sky", *style)
    assert shows(result, *"TSCF")
    text = squeezed(uncoloured(result.stdout))
    for part in (
        "H [/bold] [et al.] :smile: <b>b</b>",
        "P [/bold] [et al.] :smile: [link=x]x[/link] <b>b</b> [/x] **s** <i> **stars** `ticks` &amp; %s {x}",
        "[/x]",
        ":y:",
        "[/code] **x** <b> &amp; :z:",
    ):
        assert squeezed(part) in text


@STYLES
def test_search_glossary_and_sources_show_markup_as_it_was_written(marked, style):
    assert shows(in_process("--course", marked, "search", "stars", *style), *"TDA")
    assert shows(in_process("--course", marked, "glossary", *style), *("TDO" if "--plain" in style else "TDAO"))
    assert shows(in_process("--course", marked, "sources", *style), *("FTC" if "--plain" in style else "FTCKN"))


@pytest.mark.parametrize(
    "words",
    ["H [/bold] [et al.] :smile: <b>b</b>", "a dose of .5 mg ; one : two , three", "12 : 30"],
    ids=["markup", "signs", "a ratio"],
)
def test_a_space_before_a_sign_survives_in_headings_and_for_programs(small, words):
    spoil(small, PAGE, "It is **blue**.", f"{words}\n\n## {words}\n\nThe end.")
    assert words in in_process("--course", small, "explain", "sky", "--width", "200").stdout.split("§ By day")[1]
    assert f"§ {words}" in in_process("--course", small, "explain", "sky", "--width", "200").stdout
    assert words in in_process("--course", small, "search", words, "--width", "200").stdout
    passages = json.loads(in_process("--course", small, "explain", "sky", "--json").stdout)["sections"][0]["passages"]
    assert passages[1]["text"] == words
    assert passages[2]["title"] == words


def test_no_space_is_left_where_a_citation_was(small):
    passages = json.loads(in_process("--course", small, "explain", "sky", "--json").stdout)["sections"][0]["passages"]
    assert passages[0]["text"] == "The sky is above."


def test_programs_get_markup_as_it_was_written(marked):
    contents = json.loads(in_process("--course", marked, "explain", "--json").stdout)
    assert contents["course"]["title"] == nasty("T")
    assert contents["sections"][0]["summary"] == nasty("S")
    page = json.loads(in_process("--course", marked, "explain", "sky", "--json").stdout)["sections"][0]
    assert page["claims"][0]["claim"] == nasty("C")
    assert page["references"][0]["authors"] == [f"{nasty('F')} [G]"]
    terms = json.loads(in_process("--course", marked, "glossary", "--json").stdout)["terms"]
    assert {term["name"]: term["definition"] for term in terms} == {nasty("T"): nasty("D"), "other": nasty("O")}
    answers = "".join(f"{nasty('K')}\nab\n3\n" for _ in range(9))
    attempts = json.loads(in_process("--course", marked, "quiz", "--json", stdin=answers).stdout)["attempts"]
    assert {tuple(attempt["key"]) for attempt in attempts if attempt["id"] == "choice"} == {(nasty("K"),)}


@pytest.mark.parametrize("name", ["$(id)", "`id`", 'a "b" c', "it's", "a\\b", "a; b", "*"])
def test_a_command_that_is_shown_for_a_term_can_be_pasted_into_a_shell(small, name):
    (small / GLOSSARY).write_text(f"{json.dumps(name)}:\n  definition: needle\n", "utf-8")
    hits = json.loads(in_process("--course", small, "search", "needle", "--json").stdout)["hits"]
    script = f"printf '%s\\n' {hits[0]['arguments']}"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"glossary\n{name}\n", "")
    line = in_process("--course", small, "search", "needle", "--width", "1000").stdout.splitlines()[-1]
    assert line.strip() == f"synergy --course {small} {hits[0]['arguments']}"


def test_a_course_in_a_folder_with_spaces_is_shown_in_commands_that_can_be_pasted(small, tmp_path):
    folder = small.rename(tmp_path / "a $(course) of 'mine'")
    line = in_process("--course", folder, "explain", "sky", "--width", "1000").stdout.splitlines()[-1]
    assert shlex.split(line.removeprefix("Next: ")) == ["synergy", "--course", str(folder), "quiz", "sky"]


# scripts and lengths

TEXTS = {
    "right to left": "שלום עולם, مرحبا بالعالم و٣ أرقام. " * 12,
    "CJK": "维生素D3与维生素K2如何协同作用。「骨头」、血管。" * 12,
    "accents": "e\u0301a\u0308o\u0302 " * 120,
    "emoji": "👩\u200d🔬 🇳🇱 ❤️ 1️⃣ " * 60,
    "a word of 10,000 letters": "x" * 10_000,
    "hyphens": "a-" * 1000,
    "10,000 wide letters": "维" * 10_000,
    "an address": "https://example.org/" + "a/b-c" * 400,
    "no-break spaces": "one\u00a0two\u202fthree " * 60,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_script_and_any_length_wraps_without_loss(small, text):
    text, quoted = text.strip(), json.dumps(text.strip(), ensure_ascii=False)
    spoil(small, PAGE, "It is **blue**.", f"{text}\n\n- {text}\n\n> [!NOTE]\n> {text}")
    (small / GLOSSARY).write_text(f"term:\n  definition: {quoted}\n", "utf-8")
    spoil(small, BANK, "rationale: Air scatters blue light most.", f"rationale: {quoted}")
    spoil(small, BANK, "stem: Which colour has the sky by day?", f"stem: {quoted}")
    spoil(small, BANK, "text: Green", f"text: {quoted}")
    for width in (20, 79):
        for arguments, count in ((["explain", "sky"], 3), (["glossary"], 1), (["quiz", "sky#by-day", "--practice"], 3)):
            answers = "Blue\n" if arguments[0] == "quiz" else ""
            result = in_process("--course", small, *arguments, "-w", str(width), stdin=answers)
            assert (result.status, result.stderr) == (0, "")
            assert widest(result.stdout.splitlines()) <= width
            assert squeezed(result.stdout.replace("│", "")).count(squeezed(text)) == count


def test_a_text_of_20_000_characters_is_read_and_one_more_is_refused(small):
    spoil(small, BANK, "key: Blue", f"key: {'x' * 20_000}")
    assert in_process("check", small).status == 0
    spoil(small, BANK, f"key: {'x' * 20_000}", f"key: {'x' * 20_001}")
    assert checked(small) == lines_of(small, f"{BANK}:9:8: 20,001 characters, expected at most 20,000")


SHAPES = {
    "quotations": "> " * 1000 + "x",
    "lists": "- " * 500 + "x",
    "brackets": "[" * 5000 + "x",
    "links": "[a](" * 2000,
    "stars": "*a " * 5000,
    "ticks": "`" * 5000 + "x",
    "columns": "| a " * 500 + "|\n" + "|-" * 500 + "|\n" + "| b " * 500 + "|",
    "citations": "[@rayleigh1871]" * 500,
    "entities": "&amp;" * 5000,
    "angles": "<" * 5000,
    "backslashes": "\\" * 5000,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_page_of_an_unlikely_shape_is_drawn_or_refused(small, shape):
    spoil(small, PAGE, "It is **blue**.", shape)
    result = in_process("--course", small, "explain", "sky")
    assert result.status == 0 or re.match(rf"{re.escape(str(small))}/{PAGE}:\d+:\d+: ", result.stderr)
    assert "Traceback" not in result.stderr
    assert "fault of the program" not in result.stderr


# damage by chance


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=30)
@given(data=st.data())
def test_a_file_that_was_damaged_is_read_or_refused_with_a_place(tmp_path_factory, file, data):
    folder = tmp_path_factory.getbasetemp() / f"damaged-{os.getpid()}"
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    content = bytearray(FILES[file].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(max_size=3) | st.sampled_from([b"\n", b": ", b"- ", b"[", b"{", b"&", b"*", b"\t"]))
        content[place : place + data.draw(st.integers(0, 3))] = piece
    (folder / file).write_bytes(content)
    for form in ([], ["--json"]):
        result = in_process("check", folder, *form)
        assert result.stderr == ""
        assert unprintable(result.stdout) == set()
    if result.status == 1:
        names = {f"{folder}/{name}" for name in FILES}
        assert {fault.place.rsplit(":", 2)[0] for fault in diagnosed(folder)} <= names
    else:
        assert (result.status, json.loads(result.stdout)["errors"]) == (0, 0)
