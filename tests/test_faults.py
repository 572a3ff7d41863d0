"""docs/faults.md is correct: every code has its section, and every example gives exactly the faults shown."""

from __future__ import annotations

import os
import re
import subprocess
from itertools import groupby
from typing import NamedTuple

import pytest

from harness import PATIENCE, ROOT, in_process
from records import answer, event, write_log
from synergy_cli.history.events import Overrule
from synergy_cli.parsing.faults import CODES

DOCUMENT = ROOT / "docs" / "faults.md"
TEXT = DOCUMENT.read_text("utf-8")
BLOCK = re.compile(r"^(`{3,})(\w+)(?: title=\"([^\"\n]+)\")?\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
HEADLINE = re.compile(r"\S+:\d+:\d+: (?:error|warning|note)\[([a-z0-9-]+)\]: \S.*")
ANSWER = re.compile(r"(\d+) × (.+?)(, sure)?(, overruled)?")
MORE, MANY = "…", 5
"""The mark for more faults like the one above it, and how many are shown one by one."""


class Block(NamedTuple):
    """A fenced block: its language, its title, and its text."""

    language: str
    title: str
    text: str


class Example(NamedTuple):
    """A change to the course, and the lines that `check` then prints."""

    code: str
    changes: tuple[Block, ...]
    told: tuple[str, ...]


def blocks(text):
    return [Block(match[2], match[3] or "", match[4]) for match in BLOCK.finditer(text)]


def sections():
    """Return the text of each section by its code, in the order of the document."""
    parts = re.split(r"^### (.+)\n", re.sub(r"^## .*", "", TEXT, flags=re.MULTILINE), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


SECTIONS = sections()
COURSE = {block.title: f"{block.text}\n" for block in blocks(TEXT.partition("\n## Form\n")[0]) if block.title}
"""The course that all examples change: its files."""


def examples():
    """Return the examples of all sections, each by its code, with a number from the second on."""
    for code, text in SECTIONS.items():
        changes, number = [], 0
        for block in blocks(text):
            if block.language == "text" and not block.title:
                number += 1
                name = f"{code}-{number}" if number > 1 else code
                yield name, Example(code, tuple(changes), tuple(block.text.split("\n")))
                changes = []
            else:
                changes.append(block)
        assert not changes, f"what does the last change of {code} come to?"


EXAMPLES = dict(examples())
each_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Change to the folder of the course that all examples change."""
    folder = tmp_path / "sky"
    (folder / "pages").mkdir(parents=True)
    for name, text in COURSE.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SYNERGY_HISTORY", str(tmp_path / "history"))
    return folder


def side(block, signs):
    """Return one side of a diff: the lines with these prefixes, without the prefixes."""
    lines = (line or " " for line in block.text.split("\n"))
    return "".join(f"{line[1:]}\n" for line in lines if line[0] in signs)


def change(folder, block):
    """Apply the change that a block shows to the course."""
    if block.language == "sh":
        subprocess.run(["sh", "-c", block.text], cwd=folder, check=True, timeout=PATIENCE)
    elif block.title.startswith("answers to "):
        question, events = block.title.removeprefix("answers to "), []
        for number, given, sure, overruled in (ANSWER.fullmatch(line).groups() for line in block.text.split("\n")):
            key = re.search(rf"- id: {question}\n.*?\n  key: (.+?)\n", COURSE["questions.yaml"], re.DOTALL)[1]
            changes = {"given": (given,), "verdict": "right" if given == key else "wrong"}
            act = answer(question, **changes, confidence="sure" if sure else "")
            answers = [event(act, course="sky") for _ in range(int(number))]
            events += [
                *answers,
                *(event(Overrule(question, 1, one.id, 3), course="sky") for one in answers if overruled),
            ]
        write_log(folder.parent / "history" / "a0000000.jsonl", events)
    elif block.language == "diff":
        mended, text = "\n" + side(block, " +"), "\n" + (folder / block.title).read_text("utf-8")
        assert text.count(mended) == 1, f"{block.title} has to have this, once:{mended}"
        (folder / block.title).write_text(text.replace(mended, "\n" + side(block, " -"))[1:], "utf-8")
    else:
        assert block.title not in COURSE
        (folder / block.title).parent.mkdir(exist_ok=True)
        (folder / block.title).write_text(f"{block.text}\n", "utf-8")


def checked(*options):
    """Check the course here; return the lines that name faults, and the exit status."""
    done = in_process("check", ".", "--plain", *options)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if HEADLINE.fullmatch(line)], done.status


def shortened(lines):
    """Replace many similar lines, one fault on line after line, with the mark for more."""
    kept = []
    for _, group in groupby(lines, key=lambda line: HEADLINE.fullmatch(line)[1]):
        alike = list(group)
        kept += alike if len(alike) <= MANY else [alike[0], MORE]
    return kept


def codes_of(lines):
    return {HEADLINE.fullmatch(line)[1] for line in lines if line != MORE}


def take_down(example, lines):
    """Write the current output of an example into the document, and at its top if the example is quoted there."""
    text = DOCUMENT.read_text("utf-8")
    told, found = ("```text\n{}\n```\n".format("\n".join(each)) for each in (example.told, lines))
    head, mark, body = text.partition("\n## How to read")
    start = body.index(example.changes[-1].text, body.index(f"\n### {example.code}\n"))
    body = body[:start] + body[start:].replace(told, found, 1)
    DOCUMENT.write_text(head.replace(told, found) + mark + body, "utf-8")


# every code has its section


def test_every_code_has_its_section_in_the_order_of_the_table():
    assert list(SECTIONS) == list(CODES)


def test_sections_are_under_their_family():
    found, family = {}, ""
    for level, name in re.findall(r"^(##|###) (.+)", TEXT, re.MULTILINE):
        if level == "##":
            family = name.lower()
        else:
            found[name] = family
    assert found == {code: sort.family for code, sort in CODES.items()}


def test_the_list_at_the_top_links_every_section_once():
    listed = re.findall(r"\[`([\w-]+)`\]\(#([\w-]+)\)", TEXT.partition("\n## ")[0])
    assert listed == [(code, code) for code in CODES]


@pytest.mark.parametrize("code", CODES)
def test_a_section_starts_with_the_severity_and_explains_the_fault(code):
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
def test_an_example_gives_exactly_the_faults_shown_and_the_status_of_their_severity(course, example):
    for block in example.changes:
        change(course, block)
    found, status = checked("--with-history")
    lines = shortened(found)
    if os.environ.get("SYNERGY_SNAPSHOTS") == "write":  # look at them before you keep them
        take_down(example, lines)
        return
    assert lines == list(example.told)
    assert example.code in codes_of(lines)
    severities = {CODES[code].severity for code in codes_of(lines)}
    assert status == ("error" in severities)
    assert checked("--with-history", "--strict")[1] == bool(severities & {"error", "warning"})
