"""How pages look: snapshots of a page that has one of each block, and what holds for every page at every width."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import DATA, ROOT, in_process, process, widest
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.ui import pages, theme
from synergy_cli.ui.theme import Look

SPECIMEN = ROOT / "tests" / "specimen"
SNAPSHOTS = ROOT / "tests" / "snapshots"
WAYS = {
    "plain": ["--plain"],
    "mono": ["--color", "never"],
    "colour": ["--color", "always"],
}
COURSE = Course(Files(DATA), Cache(None))
IDS = [entry.id for entry in COURSE.entries]


@pytest.fixture
def specimen(monkeypatch):
    """Ask for the specimen course by the environment, so that no path of this machine is drawn."""
    monkeypatch.setenv("SYNERGY_COURSE", str(SPECIMEN))


def same(name, text):
    """Compare with the snapshot; SYNERGY_SNAPSHOTS=write takes new ones, to be looked at before they are kept."""
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("SYNERGY_SNAPSHOTS") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("way", WAYS)
def test_a_page_looks_as_it_did(specimen, way, width):
    done = in_process("--width", str(width), *WAYS[way], "explain", "blocks")
    assert done.status == 0
    same(f"page-{way}-{width}", done.stdout)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_page_looks_as_it_did_where_only_ascii_can_be_shown(specimen, width):
    done = process("--width", str(width), "explain", "blocks", env={"PYTHONIOENCODING": "ascii"})
    assert done.status == 0
    assert done.stdout.isascii()
    same(f"page-ascii-{width}", done.stdout)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_quiz_looks_as_it_did(specimen, width):
    stdin = "1\nDry\nx\n13\n?\n2\n1 m\n231\nbca\ns\nq\n"
    done = in_process("--width", str(width), "quiz", "--seed", "2", stdin=stdin)
    assert done.status == 0
    same(f"quiz-{width}", done.stdout)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_contents_look_as_they_did(specimen, width):
    done = in_process("--width", str(width), "explain")
    same(f"contents-{width}", done.stdout)


def drawn(identity, look):
    page, sources = COURSE.page(identity)
    return [line.plain for line in pages.page(page, sources, COURSE.entries, look)]


@pytest.mark.sampled
@pytest.mark.parametrize("identity", IDS)
@settings(max_examples=20)
@given(width=st.integers(20, 200))
def test_no_line_is_wider_than_the_screen(identity, width):
    assert widest(drawn(identity, Look(width))) <= width


@pytest.mark.sampled
@pytest.mark.parametrize("identity", IDS)
@pytest.mark.parametrize("width", [20, 27, 40, 61, 79, 80, 120, 200])
def test_no_word_is_lost_at_any_width(identity, width):
    """Tables change their form with the width, so that every word of the page is looked for, one by one."""
    shown = re.sub(r"\W", "", "".join(drawn(identity, Look(width))))
    wanted = {word for line in drawn(identity, Look(400)) for word in re.findall(r"[^\W_]+", line)}
    assert {word for word in wanted if word not in shown} == set()


@pytest.mark.parametrize("identity", IDS)
def test_a_page_without_boxes_has_no_box(identity):
    look = Look(80, glyphs=theme.ASCII, boxes=False)
    assert not set("".join(drawn(identity, look))) & set(theme.UNICODE.rule + "│┌┐└┘├┤┬┴┼▲▼◄►§•✓✗")


@pytest.mark.parametrize("identity", IDS)
def test_no_line_ends_in_blanks(identity):
    done = in_process("explain", identity)
    assert [line for line in done.stdout.split("\n") if line != line.rstrip()] == []


def test_a_link_shows_its_address_where_it_cannot_be_clicked(specimen):
    done = in_process("explain", "blocks")
    assert "link (https://example.org/x)" in " ".join(done.stdout.split())
    assert "https://doi.org/10.1000/things.1" in done.stdout


def test_headings_stand_at_the_edge_behind_their_sign(specimen):
    lines = in_process("explain", "blocks").stdout.split("\n")
    assert [line for line in lines if line.startswith("§")] == [
        "§ A table",
        "§ A list",
        "§ Code",
        "§ Evidence",
        "§ References",
    ]
