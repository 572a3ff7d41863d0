"""The reader without a terminal: whatever keys are pressed, each screen has its rows and its width."""

from __future__ import annotations

import io
import os
import pty
import select

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import ROOT
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.study.bookmarks import PAGE, WHOLE, Bookmarks
from synergy_cli.study.shelf import Shelf
from synergy_cli.ui.elements import fitted
from synergy_cli.ui.keyboard import Keyboard
from synergy_cli.ui.layout import cells
from synergy_cli.ui.reader import KEYS, Reader
from synergy_cli.ui.terminal import DisplayOptions, Terminal
from synergy_cli.ui.theme import ASCII, UNICODE, Look

COURSE = Course(Files(ROOT / "examples" / "binary-numbers"), Cache(None))
SHELF = Shelf(COURSE)
PLACES = [f"{PAGE}{entry.id}" for entry in COURSE.entries]
WIDE = Course(Files(ROOT / "tests" / "courses" / "japanese"), Cache(None))
"""A page whose title, headings and text have characters of two cells."""
WIDEST_CHARACTER = 2
"""Cells; a window that is narrower cannot show it."""
NAMES = [name for key in KEYS if key.act not in ("leave", "answer") for name in key.names]
ENOUGH = ["esc", "esc", "q", "q", "q"]
"""Whatever is open, these keys leave it and the reader."""


class Scripted:
    """A screen whose keys are written down beforehand; it keeps what is drawn."""

    def __init__(self, keys, size=(40, 12)):
        self.keys = list(keys)
        self.size = size
        self.drawn = []

    def key(self, when_idle=None):
        key = self.keys.pop(0)
        if isinstance(key, tuple):
            self.size = key
            return ""
        return key

    def draw(self, rows):
        assert len(rows) == self.size[1]
        assert max(map(cells, rows)) <= max(self.size[0], WIDEST_CHARACTER)
        self.drawn.append(rows)


def read(keys, place=PLACES[0], size=(40, 12), spot=None, course=COURSE, shelf=None):
    """Press keys in the reader, with or without an own shelf; return how it was left, and the screen."""
    screen = Scripted([*keys, *ENOUGH], size)
    reader = Reader(
        shelf or Shelf(course),
        screen,
        lambda: Look(min(80, screen.size[0]), follows=True),
        lambda lines: [line.plain for line in lines],
    )
    return reader.run(place, spot), screen


sizes = st.tuples(st.integers(1, 100), st.integers(1, 40))
presses = st.one_of(st.sampled_from([*NAMES, *"axz1 éか", "esc"]), sizes)


@given(st.lists(presses, max_size=25), st.sampled_from(PLACES), sizes)
def test_whatever_is_pressed_every_screen_is_whole(keys, place, size):
    left, screen = read(keys, place, size)
    assert screen.drawn
    assert left.place.partition("#")[0] in [*PLACES, *(f"source:{key}" for key in COURSE.sources)]


@given(st.lists(presses, max_size=25), sizes)
def test_every_screen_is_whole_where_characters_are_wide(keys, size):
    assert read(keys, f"{PAGE}kana", size, course=WIDE)[1].drawn


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@given(st.text(st.sampled_from("ab .,\u304b"), max_size=12), st.integers(-3, 14))
def test_what_is_cut_to_fit_never_exceeds_its_room(glyphs, text, room):
    kept = fitted(text, room, Look(80, glyphs=glyphs))
    assert cells(kept) <= max(0, room)
    assert (kept == text) == (cells(text) <= max(0, room))


@pytest.mark.parametrize(
    ("size", "last"),
    [
        ((80, 24), f"かな and 漢字 · 1 of 1 · 74%{' ' * 26}Space on  q leave  ? keys"),
        ((40, 24), "かな an… 65%  Space on  q leave  ? keys"),
        ((34, 24), "65%     Space on  q leave  ? keys"),
    ],
)
def test_a_wide_title_stands_in_the_last_row(size, last):
    assert read([], f"{PAGE}kana", size, course=WIDE)[1].drawn[0][-1] == last


def test_the_end_of_what_is_searched_for_stays_in_the_last_row():
    _, screen = read(["/", *"かきくけこさしすせそ", "esc"], f"{PAGE}kana", (20, 12), course=WIDE)
    assert [rows[-1] for rows in screen.drawn if rows[-1].startswith("/")][-1] == "/くけこさしすせそ_"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [20, 40, 80])
def test_each_line_is_found_again_by_its_spot(place, width):
    leaf = SHELF.open(place, Look(width))
    for number, line in enumerate(leaf.lines):
        if line.plain.split():
            assert leaf.line_of(leaf.spot(number)) == number


@pytest.mark.parametrize("place", PLACES)
def test_a_spot_keeps_its_word_at_another_width(place):
    narrow, wide = SHELF.open(place, Look(30)), SHELF.open(place, Look(80))
    for number, line in enumerate(narrow.lines):
        if not narrow.headings or number < narrow.headings[0][0]:  # tables become records
            words = line.plain.split()
            assert not words or words[0] in wide.lines[wide.line_of(narrow.spot(number))].plain


def test_where_it_was_left_it_can_be_opened_again():
    left, _ = read(["]", "]"], shelf=Shelf(COURSE))
    _, screen = read([], left.place, spot=left.spot, shelf=Shelf(COURSE))
    assert screen.drawn[0][0].startswith("§ ")


class Shelved(Shelf):
    """A shelf that notes how far each section was read."""

    def __init__(self, known=()):
        super().__init__(COURSE, Bookmarks(None, "", dict(known)))
        self.visits = []

    def keep(self, visit):
        self.visits.append(visit)
        super().keep(visit)


def last_shares(keys):
    shelf = Shelved()
    read(keys, shelf=shelf)
    return {visit.place: visit.share for visit in shelf.visits}


def test_a_section_is_read_when_the_end_of_its_text_was_on_the_screen():
    assert 0 < last_shares([])[PLACES[0]] < WHOLE
    assert last_shares(["G"]) == {PLACES[0]: WHOLE}
    assert last_shares(["G", "g"]) == {PLACES[0]: WHOLE}
    shares = last_shares(["right", "G", "left"])
    assert shares[PLACES[0]] < WHOLE == shares[PLACES[1]]


def test_the_references_need_not_be_read():
    end, lines = SHELF.open(PLACES[0], Look(40)).end, SHELF.open(PLACES[0], Look(40)).lines
    assert lines[end].plain.startswith(("§ Evidence", "§ References"))
    assert last_shares(["down"] * (end - 11))[PLACES[0]] == WHOLE
    assert last_shares(["down"] * (end - 12))[PLACES[0]] < WHOLE


@given(st.lists(presses, max_size=12), st.sampled_from(PLACES))
def test_a_section_opens_where_it_was_left(keys, place):
    shelf = Shelved()
    left, screen = read(keys, place, shelf=shelf)
    if left.place in PLACES:
        again, _ = read([], left.place, screen.size, shelf=shelf)
        assert again.spot == left.spot


def test_an_unknown_place_is_no_page():
    with pytest.raises(LookupError):
        read([], "page:nowhere")
    assert SHELF.open("source:nobody", Look(40)) is None
    assert SHELF.neighbour("source:nobody", 1) == SHELF.position("source:nobody") == ""


def test_questions_are_asked_for_by_the_page_that_has_them():
    left, _ = read(["right", "a"])
    assert (left.place, left.wants_questions) == (PLACES[1], True)


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        (b"j", ["j"]),
        (b"\x1b[A\x1b[6~", ["up", "page-down"]),
        (b"\x1bOB\t\x1b[Z", ["down", "tab", "back-tab"]),
        (b"\r\n\x7f ", ["enter", "enter", "backspace", "space"]),
        (b"\x1b", ["esc"]),
        (b"\x04\x15\x0c", ["ctrl-d", "ctrl-u", "ctrl-l"]),
        ("é世".encode(), ["é", "世"]),
        (b"\x1b[1;5C", ["\x1b[1;5C"]),
    ],
)
def test_what_a_terminal_sends_has_a_name(sent, names):
    reading, writing = os.pipe()
    waking, _ = os.pipe()
    os.write(writing, sent)
    keyboard = Keyboard(reading, waking)
    assert [keyboard.read() for _ in names] == names
    os.close(writing)
    with pytest.raises(EOFError):
        keyboard.read()


@pytest.fixture
def arriving(monkeypatch):
    """Return a function that writes pieces to a file descriptor, one whenever the program waits for input."""
    waits = select.select

    def arrive(writing, pieces):
        def wait(*arguments):
            if pieces:
                os.write(writing, pieces.pop(0))
            return waits(*arguments)

        monkeypatch.setattr(select, "select", wait)

    return arrive


@pytest.mark.parametrize(
    ("pieces", "names"),
    [
        ([b"\x1b", b"[A"], ["up"]),
        ([b"j\x1b[", b"5", b"~k"], ["j", "page-up", "k"]),
        ([b"\x1bO", b"B"], ["down"]),
        ([b"\x1b", b"j"], ["esc", "j"]),
        ([b"\x1b"], ["esc"]),
    ],
)
def test_a_key_that_arrives_in_pieces_is_one_key(pieces, names, arriving):
    reading, writing = os.pipe()
    waking, _ = os.pipe()
    arriving(writing, pieces)
    keyboard = Keyboard(reading, waking)
    assert [keyboard.read() for _ in names] == names


@pytest.mark.parametrize(("pieces", "key"), [([b"\x1b", b"[", b"A"], "\x1b[A"), ([b"\x1b"], "\x1b"), ([b"a"], "a")])
def test_a_key_of_a_session_that_arrives_in_pieces_is_one_key(pieces, key, arriving):
    own, other = pty.openpty()
    prompt = io.StringIO()
    prompt.write = lambda _: os.write(own, pieces.pop(0))
    arriving(own, pieces)
    with os.fdopen(other, encoding="utf-8") as keys:
        assert Terminal(keys, prompt, None, {}, DisplayOptions()).key("> ") == key
    os.close(own)


def test_a_wait_can_be_ended_without_a_key():
    reading, _ = os.pipe()
    waking, wake = os.pipe()
    os.write(wake, b"\0")
    assert Keyboard(reading, waking).read() == ""


@pytest.mark.parametrize(
    ("keys", "last"),
    [
        (["/", *"digit", "enter"], " for digit"),
        (["/", *"digit", "enter", "n", "n", "N"], " for digit"),
        (["/", *"digit", "enter", "g", "N"], " for digit"),
        (["/", *"di", "backspace", "space", *"x", (50, 12), "enter"], "Nothing matches d x."),
        (["/", *"abc", "esc"], "keys"),
        (["/", "backspace"], "keys"),
        (["n"], "Search first: /"),
        (["backspace"], "No link was followed."),
        (["o", "down", "up", "tab", (50, 12), "enter"], "keys"),
        (["o", "q"], "keys"),
        (["?", (50, 12), "space", "space", "space", "x"], "keys"),
        (["tab"], "keys"),
        (["tab", "tab", "back-tab"], "keys"),
        (["back-tab"], "keys"),
        (["tab", "enter"], "keys"),
        (["tab", "enter", "backspace"], "keys"),
        (["left"], "This is the first section."),
        (["right"] * 9, "This is the last section."),
        (["z"], "z does nothing here. ?: all keys"),
        (["\x01"], "That does nothing here. ?: all keys"),
        (["]", "]", "[", "[", "[", "down", "up", "forward"], "keys"),
        (["space", "b", "G", "g", "page-down", "page-up", "end", "home"], "keys"),
    ],
    ids=str,
)
def test_the_last_row_says_what_came_of_a_key(keys, last):
    _, screen = read(keys)
    shown = [rows[-1] for rows in screen.drawn]
    assert any(row.strip().endswith(last) for row in shown[-len(ENOUGH) - 1 :])
