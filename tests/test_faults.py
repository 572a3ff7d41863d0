"""docs/faults.md is so: every code has its section, and every example gives the faults that are shown, and no others."""

from __future__ import annotations

import re
import subprocess
from itertools import count
from typing import NamedTuple

import pytest

from harness import PATIENCE, ROOT, in_process
from records import answer, event, write_log
from synergy_cli.faults import CODES

TEXT = (ROOT / "docs" / "faults.md").read_text("utf-8")
BLOCK = re.compile(r"^(`{3,})(\w+)(?: title=\"([^\"\n]+)\")?\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
HEADLINE = re.compile(r"\S+:\d+:\d+: (?:error|warning|note)\[([a-z0-9-]+)\]: \S.*")
ANSWER = re.compile(r"(\d+) × (.+?)(, sure)?")
MORE = "…"
"""Stands for more faults like the one above it."""


class Block(NamedTuple):
    """A fenced block: its language, its title, its text, and its place in the document."""

    language: str
    title: str
    text: str
    start: int


class Example(NamedTuple):
    """What is done to the course, and the lines that `check` then prints."""

    code: str
    changes: tuple[Block, ...]
    told: tuple[str, ...]


def blocks(text):
    return [Block(match[2], match[3] or "", match[4], match.start()) for match in BLOCK.finditer(text)]


def sections():
    """Give the text of each section by its code, in the order of the document."""
    parts = re.split(r"^### (.+)\n", re.sub(r"^## .*", "", TEXT, flags=re.MULTILINE), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


SECTIONS = sections()
COURSE = {block.title: f"{block.text}\n" for block in blocks(TEXT.partition("\n## Form\n")[0]) if block.title}
"""The course that all examples change: its files."""


def examples():
    """Give the examples of all sections, each by its code, and a number from the second on."""
    for code, text in SECTIONS.items():
        changes, numbers = [], count(1)
        for block in blocks(text):
            if block.language != "text" or block.title:
                changes.append(block)
            else:
                number = next(numbers)
                yield f"{code}-{number}" if number > 1 else code, Example(code, (*changes,), (*block.text.split("\n"),))
                changes = []
        assert not changes, f"what does {code} come to?"


EXAMPLES = dict(examples())
each_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Stand in the folder of the course that all examples change."""
    folder = tmp_path / "sky"
    (folder / "pages").mkdir(parents=True)
    for name, text in COURSE.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SYNERGY_HISTORY", str(tmp_path / "history"))
    return folder


def side(block, signs):
    """Give one side of a block of changes: the lines with these signs, each with its line's end."""
    lines = (line or " " for line in block.text.split("\n"))
    return "".join(f"{line[1:]}\n" for line in lines if line[0] in signs)


def change(folder, block):
    """Do to the course what a block shows."""
    if block.language == "sh":
        subprocess.run(["sh", "-c", block.text], cwd=folder, check=True, timeout=PATIENCE)
    elif block.title.startswith("answers to "):
        question, events = block.title.removeprefix("answers to "), []
        for number, given, sure in (ANSWER.fullmatch(line).groups() for line in block.text.split("\n")):
            key = re.search(rf"- id: {question}\n.*?\n  key: (.+?)\n", COURSE["questions.yaml"], re.DOTALL)[1]
            changes = {"given": (given,), "verdict": "right" if given == key else "wrong"}
            act = answer(question, **changes, confidence="sure" if sure else "")
            events += [event(act, course="sky") for _ in range(int(number))]
        write_log(folder.parent / "history" / "a0000000.jsonl", events)
    elif block.language == "diff":
        mended, text = side(block, " +"), (folder / block.title).read_text("utf-8")
        assert f"\n{text}".count(f"\n{mended}") == 1, f"{block.title} has to have this, once:\n{mended}"
        (folder / block.title).write_text(text.replace(mended, side(block, " -")), "utf-8")
    else:
        assert block.title not in COURSE
        (folder / block.title).write_text(f"{block.text}\n", "utf-8")


def checked(*options):
    """Check the course here; give the lines that name faults, and the exit status."""
    done = in_process("check", ".", "--plain", *options)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if HEADLINE.fullmatch(line)], done.status


def without_more(lines, told):
    """Leave out of the lines those for which the document has a sign that there are more."""
    kept, wanted = [], list(told)
    for line in lines:
        place = len(kept)
        more = wanted[place : place + 1] == [MORE]
        if more and HEADLINE.fullmatch(line)[1] == HEADLINE.fullmatch(kept[-1])[1]:
            continue
        if more:
            kept.append(MORE)
        kept.append(line)
    return kept


# every code has its section


def test_every_code_has_its_section_in_the_order_of_the_table():
    assert list(SECTIONS) == list(CODES)


def test_sections_stand_under_their_family():
    families = re.split(r"^## (.+)\n", TEXT, flags=re.MULTILINE)[1:]
    found = {name.lower(): re.findall(r"^### (.+)", text, re.MULTILINE) for name, text in zip(*[iter(families)] * 2)}
    for family in dict.fromkeys(sort.family for sort in CODES.values()):
        assert found[family] == [code for code, sort in CODES.items() if sort.family == family]


def test_the_list_at_the_top_links_every_section_once():
    listed = re.findall(r"\[`([\w-]+)`\]\(#([\w-]+)\)", TEXT.partition("\n## ")[0])
    assert listed == [(code, code) for code in CODES]


@pytest.mark.parametrize("code", CODES)
def test_a_section_begins_with_the_severity_and_tells_in_words(code):
    first, _, rest = SECTIONS[code].strip().partition(" ")
    assert first == f"*{CODES[code].severity.capitalize()}.*"
    assert len(rest.partition("\n\n")[0].split()) > 8


# every example is run


def test_every_section_has_an_example():
    assert {example.code for example in EXAMPLES.values()} == set(CODES)
    assert all(example.changes for example in EXAMPLES.values())


def test_no_block_of_the_document_is_left_out():
    run = [block.text for example in EXAMPLES.values() for block in example.changes]
    shown = ["\n".join(example.told) for example in EXAMPLES.values()]
    files = [text.removesuffix("\n") for text in COURSE.values()]
    (line,) = [block.text for block in blocks(TEXT.partition("\n## ")[0])]
    assert line in "\n".join(shown).split("\n")
    assert sorted([*run, *shown, *files, line]) == sorted(block.text for block in blocks(TEXT))
    assert len(re.findall(r"^ *`{3}", TEXT, re.MULTILINE)) == 2 * len(blocks(TEXT)) + inner_fences()


def inner_fences():
    """Count the lines that look like fences within pages, which have longer ones around them."""
    return sum(len(re.findall(r"^`{3}(?!`)", block.text, re.MULTILINE)) for block in blocks(TEXT))


def test_the_course_of_the_examples_has_no_fault(course):
    assert checked("--strict", "--with-history") == ([], 0)


@each_example
def test_an_example_gives_the_faults_that_are_shown_and_no_others(course, example):
    for block in example.changes:
        change(course, block)
    history = [block for block in example.changes if block.title.startswith("answers")]
    lines, _ = checked(*(["--with-history"] if history else []))
    assert without_more(lines, example.told) == list(example.told)
    codes = {HEADLINE.fullmatch(line)[1] for line in example.told if line != MORE}
    assert example.code in codes


@each_example
def test_the_severity_of_an_example_decides_the_exit_status(course, example):
    for block in example.changes:
        change(course, block)
    severities = {CODES[HEADLINE.fullmatch(line)[1]].severity for line in example.told if line != MORE}
    assert checked("--with-history")[1] == ("error" in severities)
    assert checked("--with-history", "--strict")[1] == bool(severities & {"error", "warning"})
