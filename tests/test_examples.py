"""A course on quite another topic, written by someone who had only docs/course-format.md to go by, works throughout."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from harness import DATA, EXAMPLE, in_process
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files

SESSION = "1\n2\n13\n1234\nabcd\n1010\n-5\ns\n" * 20
COMMANDS = {
    "check": ["check", EXAMPLE, "--strict"],
    "contents": ["explain"],
    "pages": ["explain", "--all", "--width", "40"],
    "passage": ["explain", "places#places-in-base-two"],
    "markdown": ["explain", "--all", "--format", "md"],
    "quiz": ["quiz", "-n", "30", "--new", "30"],
    "exam": ["quiz", "adding", "--exam", "--confidence"],
    "progress": ["progress"],
    "search": ["search", "carry"],
    "glossary": ["glossary", "byte"],
    "sources": ["sources"],
    "answers": ["check", EXAMPLE, "--with-history"],
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_works_on_it(arguments):
    result = in_process("--course", EXAMPLE, *arguments, stdin=SESSION)
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout


def test_its_numbers_are_right():
    subprocess.run([sys.executable, str(EXAMPLE / "tables.py")], check=True)


def test_its_history_is_apart_from_that_of_another_course():
    assert in_process("--course", EXAMPLE, "quiz", "places", "-n", "3", stdin=SESSION).status == 0
    here, there = (
        json.loads(in_process(*course, "progress", "--json").stdout)["totals"] for course in (("--course", EXAMPLE), ())
    )
    assert (here["new"], there["new"]) == (27, len(Course(Files(DATA), Cache(None)).outline))


def test_a_link_within_a_page_leads_back_to_that_page(small):
    page = small / "pages" / "01-sky.md"
    page.write_text(page.read_text("utf-8").replace("It is **blue**.", "[Here](#by-day) it is blue."), "utf-8")
    shown = " ".join(in_process("--course", small, "explain", "sky").stdout.split())
    assert "explain sky#by-day)" in shown
