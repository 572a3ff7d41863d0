"""The reader: pages on a full screen, in a real terminal."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
from itertools import pairwise
from time import monotonic

import pytest

import harness
from harness import SYNERGY, Screen, in_process
from learner import first_or_deep
from synergy_cli.ui.layout import cells
from synergy_cli.ui.reader import KEYS

WORDS = [f"w{number:03}" for number in range(240)]
CAVE = f"""\
---
title: The cave
summary: Dark and deep.
---

It begins here [@plato375]. More is in [the light](02-light.md#out-of-it).

## Shadows

{" ".join(WORDS[:120])}

## The fire

{" ".join(WORDS[120:])}

## The chains

At the end, x.
"""
LIGHT = """\
---
title: The light
summary: Bright.
---

It dazzles.

## Into it

Slowly.

## Out of it

Quickly, back to [the cave](01-cave.md).
"""
BANK = """\
format: 1
id: cave
title: Of caves
questions:
- {id: dark, type: true-false, passage: cave, stem: It is dark., key: true, rationale: It is.}
"""
SOURCES = """\
- {id: plato375, type: book, author: [{family: Plato}], issued: 1871, title: The Republic, URL: "https://example.org/r"}
"""
SPACE, ENTER, TAB, ESC, BACKSPACE = " ", "\r", "\t", "\x1b", "\x7f"
RIGHT, LEFT, DOWN, UP = "\x1b[C", "\x1b[D", "\x1b[B", "\x1b[A"
LEFT_SCREEN = b"\x1b[?25h\x1b[?1049l"


@pytest.fixture
def caves(tmp_path, monkeypatch):
    """Return a course of two pages; nobody has chosen a pager."""
    monkeypatch.delenv("SYNERGY_PAGER")
    monkeypatch.delenv("PAGER", raising=False)
    (tmp_path / "caves" / "pages").mkdir(parents=True)
    files = {"questions.yaml": BANK, "references.yaml": SOURCES, "pages/01-cave.md": CAVE, "pages/02-light.md": LIGHT}
    for name, text in files.items():
        (tmp_path / "caves" / name).write_text(text, "utf-8")
    return tmp_path / "caves"


class Reading(Screen):
    """A page in the reader; a key is pressed and what comes of it is seen."""

    def after(self, *keys):
        """Press keys; give the rows of the screen after each has been drawn."""
        for key in keys:
            self.press(key)
            self.wait_raw(b"\x1b[K")
        return self.settled()

    def resized(self, columns, lines):
        """Change the window; give the rows of the screen when it has been drawn again."""
        self._seen = len(self.raw)
        self.resize(columns, lines)
        self.wait_raw(b"\x1b[K")
        return self.settled()

    def settled(self):
        """Give the rows of the screen when the program waits and nothing more comes."""
        quiet = False
        while not quiet:
            before = len(self.raw)
            self._read(0.02)
            quiet = len(self.raw) == before and self.state == "S"
        return self.visible

    def scribble(self):
        """Let something else write on the screen."""
        self._stream.feed(b"\x1b[5;1Hspoilt")
        self._read_so_far = -1

    @property
    def status(self):
        return self.visible[-1]


@pytest.fixture
def reading(caves):
    """Return the page about the cave, in a window of 40 columns and 12 lines."""
    with Reading("--course", caves, "explain", "cave", columns=40, lines=12) as screen:
        screen.wait("keys")
        yield screen


def test_it_shows_the_page_from_the_top_with_where_one_is_and_the_keys(reading):
    assert reading.visible[0] == "The cave"
    assert re.fullmatch(r"The cave \S+ 1 of 2.*|The.*\d+% +Space on  q leave  \? keys", reading.status.strip())


def test_turning_screens_shows_every_word_of_the_page(reading, caves):
    seen = set(" ".join(reading.visible).split())
    while "end" not in reading.status:
        seen |= set(" ".join(reading.after(SPACE)[:-1]).split())
    told = in_process("--course", caves, "explain", "cave", "--width", "40").stdout
    assert set(told.split()) <= seen


def test_keys_move_as_in_less(reading):
    first = reading.visible[:-1]
    assert reading.after("j")[0] == first[1]
    assert reading.after(DOWN)[0] == first[2]
    assert reading.after("k", UP)[:-1] == first
    assert reading.after(SPACE)[0] == first[-2]
    assert reading.after("b")[:-1] == first
    for down, up in (("d", "u"), ("\x04", "\x15")):
        assert reading.after(down)[0] == first[5]
        assert reading.after(up)[:-1] == first
    assert "end" in reading.after("G")[-1]
    assert reading.after("g")[:-1] == first


@pytest.mark.parametrize("where", ["", "o", "?"], ids=["page", "outline", "keys"])
def test_the_screen_is_drawn_again(reading, where):
    before = reading.after(*where)
    reading.scribble()
    assert reading.visible != before
    assert reading.after("\x0c") == before


def test_headings_can_be_jumped_to(reading):
    assert reading.after("]")[0] == "§ Shadows"
    assert reading.after("]")[0] == "§ The fire"
    assert reading.after("[")[0] == "§ Shadows"


def test_the_outline_lists_the_headings_and_leads_to_one(reading):
    listed = reading.after("o")
    assert [row.strip() for row in listed[:3]] == ["Shadows", "The fire", "The chains"]
    assert reading.after(DOWN, ENTER)[0] == "§ The fire"
    assert reading.after("o", ESC)[0] == "§ The fire"


def test_a_search_goes_from_match_to_match(reading):
    rows = reading.after("/", *"W1", "0", "0", ENTER)
    assert any("w100" in row for row in rows)
    assert rows[-1] == "1 of 1 for W100"
    assert reading.after("/", *"w11", ENTER)[-1] == "1 of 10 for w11"
    assert reading.after("n")[-1] == "2 of 10 for w11"
    assert reading.after("N", "N")[-1] == "10 of 10 for w11"
    assert reading.after("/", *"nix", ENTER)[-1] == "Nothing matches nix."


def test_a_search_finds_words_that_a_line_break_parts(reading):
    rows = [row.split() for row in reading.after("]")[:-1]]
    before, after = next((one[-1], other[0]) for one, other in pairwise(rows) if one and other)
    assert reading.after("g", "/", *before, SPACE, *after, ENTER)[-1].startswith("1 of 1 for")


def test_a_citation_is_followed_to_its_source_and_back(reading):
    top = reading.after("j", "j")[0]
    assert "Enter follow" in reading.after(TAB)[-1]
    assert "The Republic" in " ".join(reading.after(ENTER))
    assert reading.after(BACKSPACE)[0] == top


def test_a_link_is_followed_to_its_passage_and_back(reading):
    reading.after(TAB, TAB, ENTER)
    assert "Out of it" in " ".join(reading.visible)
    assert reading.visible[0] == "§ Out of it"
    assert reading.after(BACKSPACE)[0] == "The cave"
    assert reading.after(BACKSPACE)[-1] == "No link was followed."


def test_right_and_left_turn_to_the_next_and_the_previous_section(reading):
    assert reading.after(RIGHT)[0] == "The light"
    assert reading.after(RIGHT)[-1] == "This is the last section."
    assert reading.after(LEFT)[0] == "The cave"
    assert reading.after(LEFT)[-1] == "This is the first section."


def test_questions_are_answered_in_between_and_the_page_is_as_it_was(reading):
    top = reading.after("]")[0]
    reading.press("a")
    reading.prompt()
    assert "It is dark." in reading.text
    for key, next_prompt in (("1", "Enter next"), (ENTER, "Enter done"), (ENTER, "Enter back to the page")):
        reading.press(key)
        reading.wait(next_prompt)
        reading.prompt()
    reading.press(ENTER)
    reading.wait_raw(b"\x1b[?1049h")
    reading.wait_raw(b"? keys")
    assert reading.settled()[0] == top
    assert reading.after(RIGHT, "a")[-1] == "There are no questions to answer here."


def listed_keys(reading):
    """Return the text behind `?`, which is then left."""
    listed = " ".join(reading.after("?")[:-1])
    while "Space continue" in reading.status:
        listed += " " + " ".join(reading.after(SPACE)[:-1])
    reading.after("q")
    return " ".join(listed.split())


def test_all_keys_are_listed_and_an_unknown_one_is_answered(reading):
    listed = listed_keys(reading)
    assert all(key.does in listed for key in KEYS)
    assert reading.settled()[0] == "The cave"
    assert reading.after("z")[-1] == "z does nothing here. ?: all keys"


@pytest.mark.parametrize(
    ("how", "status"), [("q", 0), ("\x03", 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=str
)
@pytest.mark.parametrize("where", first_or_deep("", "o", "/", "?"), ids=["page", "outline", "search", "keys"])
def test_however_it_is_left_the_terminal_is_as_it_was(reading, how, status, where):
    if where:
        reading.after(where)
    if isinstance(how, str):
        reading.press("\x1bq" if how == "q" and where == "/" else "qq" if how == "q" and where else how)
        if how == "q" and where == "/":
            reading.press("q")
    else:
        reading.signal(how)
    assert reading.end() == status
    assert reading.restored
    assert LEFT_SCREEN in reading.raw
    assert b"Traceback" not in reading.raw


def test_a_page_counts_as_read_when_its_end_was_seen(caves):
    for keys, count in (("q", 0), ("Gq", 1)):
        with Reading("--course", caves, "explain", "cave", columns=40, lines=12) as screen:
            screen.wait("keys")
            screen.press(keys)
            assert screen.end() == 0
        rows = [row.split("\t") for row in in_process("--course", caves, "explain", "--plain").stdout.splitlines()]
        assert sum("read" in row for row in rows) == count


def read_marks(caves):
    """Return how much of each section was read, as the contents say it."""
    rows = [row.split("\t") for row in in_process("--course", caves, "explain", "--plain").stdout.splitlines()]
    return {row[1]: next(fact for fact in row if fact.endswith("read")) for row in rows}


@pytest.mark.parametrize("sections", [["cave", "light"], ["--all"]], ids=" ".join)
def test_of_several_sections_each_counts_as_read_when_its_own_end_was_seen(caves, sections):
    with Reading("--course", caves, "explain", *sections, columns=40, lines=12) as screen:
        screen.wait("keys")
        screen.press("q")
        assert screen.end() == 0
    assert read_marks(caves) == {"cave": "unread", "light": "unread"}
    with Reading("--course", caves, "explain", *sections, columns=40, lines=12) as screen:
        screen.wait("keys")
        screen.after("G")
        screen.press("q")
        assert screen.end() == 0
    assert read_marks(caves) == {"cave": "unread", "light": "read"}
    with Reading("--course", caves, "explain", *sections, columns=40, lines=12) as screen:
        screen.wait("keys")
        while "At the end, x." not in " ".join(screen.after(SPACE)):
            pass
        screen.press("q")
        assert screen.end() == 0
    assert read_marks(caves) == {"cave": "read", "light": "read"}


def test_the_outline_of_several_sections_has_their_titles(caves):
    with Reading("--course", caves, "explain", "--all", columns=40, lines=24) as screen:
        screen.wait("keys")
        listed = [row for row in screen.after("o")[:-1] if row]
        assert listed[:4] == [" The cave", "   Shadows", "   The fire", "   The chains"]
        assert [row for row in listed if not row.startswith("  ")] == [" The cave", " The light"]
        assert screen.after("j", "j", "j", "j", "j", ENTER)[0] == "The light"
        assert "§ " in screen.after("[")[0]


def test_the_share_read_is_the_same_in_the_reader_and_wherever_it_is_said(caves):
    with Reading("--course", caves, "explain", "cave", columns=40, lines=12) as screen:
        screen.wait("keys")
        share = re.search(r"\d+%", screen.after(SPACE)[-1])[0]
        screen.press("q")
        assert screen.end() == 0
    assert read_marks(caves)["cave"] == f"{share} read"


def test_among_several_sections_links_lead_on_and_a_passage_counts_for_no_section(caves):
    with Reading("--course", caves, "explain", "cave#shadows", "light", columns=40, lines=12) as screen:
        screen.wait("keys")
        screen.after("G")
        assert screen.after(TAB, ENTER)[0] == "The cave"
        assert "Quickly, back" in " ".join(screen.after(BACKSPACE))
        screen.press("q")
        assert screen.end() == 0
    assert read_marks(caves)["light"] == "read"
    assert read_marks(caves)["cave"] != "read"


@pytest.mark.parametrize(("options", "mark"), [(["--pager"], "unread"), (["--no-pager"], "read")], ids=str)
def test_what_a_pager_shows_is_not_on_record_and_what_is_printed_is(caves, monkeypatch, options, mark):
    monkeypatch.setenv("SYNERGY_PAGER", "head -n 3")
    with Screen("--course", caves, "explain", "light", *options, columns=40, lines=12) as screen:
        assert screen.end() == 0
        assert "The light" in screen.text
    assert read_marks(caves) == {"cave": "unread", "light": mark}


@pytest.mark.sampled
@pytest.mark.parametrize("how", [signal.SIGHUP, "q", signal.SIGTERM, signal.SIGINT])
def test_however_it_is_left_the_section_opens_where_it_was_left(caves, how):
    with Reading("--course", caves, "explain", "cave", columns=40, lines=12) as screen:
        screen.wait("keys")
        top = screen.after("]", SPACE)[0]
        if how == "q":
            screen.press("q")
        else:
            screen.signal(how)
        screen.end()
    assert re.fullmatch(r"[1-9]\d?% read", read_marks(caves)["cave"])
    with Reading("--course", caves, "explain", "cave", columns=60, lines=12) as screen:
        screen.wait("You stopped here. g: beginning")
        assert top.split()[0] in screen.visible[0].split()
        assert screen.after("g")[0] == "The cave"


def test_what_was_read_can_be_forgotten(caves):
    with Reading("--course", caves, "explain", "cave", columns=40, lines=12) as screen:
        screen.wait("keys")
        screen.after("G")
        screen.press("q")
        assert screen.end() == 0
    assert read_marks(caves) == {"cave": "read", "light": "unread"}
    assert in_process("--course", caves, "history", "forget", "cave").stdout == "Unread again: cave.\n"
    assert in_process("--course", caves, "history", "forget", "cave").stdout == "Not read yet: cave.\n"
    assert read_marks(caves) == {"cave": "unread", "light": "unread"}


@pytest.mark.sampled
@pytest.mark.parametrize(("columns", "lines"), [(20, 6), (40, 24), (80, 24), (120, 40)])
def test_nothing_is_wider_than_the_screen_and_the_last_line_says_the_keys(caves, columns, lines):
    with Reading("--course", caves, "explain", "cave", columns=columns, lines=lines) as screen:
        screen.wait("? keys")
        assert screen.visible[0] == "The cave"
        for key in ("]", "]", TAB, "?", "q", "o"):
            screen.after(key)
            assert cells(screen.status) < columns
            assert screen.status.split()[-1] in ("keys", "return")


@pytest.mark.sampled
@pytest.mark.parametrize("columns", [1, 2, 3, 5, 10])
def test_in_a_window_that_is_far_too_narrow_every_key_is_answered(caves, columns):
    with Reading("--course", caves, "explain", "cave", columns=40) as screen:
        screen.wait("? keys")
        screen.resized(columns, 5)
        for key in ("z", "/", "a", ESC, "?", "q", "o", "q", TAB, "]", "G"):
            screen.after(key)
        screen.press("q")
        assert screen.end() == 0


@pytest.mark.usefixtures("example")
def test_progress_opens_in_a_window_that_is_far_too_narrow(monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    in_process("quiz", "-n", "3", "--answers", "-", stdin="1\n1\n1\n")
    with Reading("progress", columns=3, lines=5) as screen:
        screen.wait_raw(b"\x1b[K")
        assert max(map(len, screen.settled())) <= 3
        screen.press("q")
        assert screen.end() == 0


def test_after_a_change_of_the_window_the_same_word_is_on_top(reading):
    words = reading.after("]", "j", "j", "j", "j")[0].split()
    assert words
    for columns, lines in ((25, 10), (70, 15), (40, 12)):
        rows = reading.resized(columns, lines)
        assert words[0] in rows[0].split()


@pytest.mark.sampled
@pytest.mark.parametrize("where", ["o", "/", "?"], ids=["outline", "search", "keys"])
def test_a_change_of_the_window_is_drawn_whatever_is_open(reading, where):
    reading.after(where)
    for columns, lines in ((25, 10), (70, 15)):
        rows = reading.resized(columns, lines)
        assert len(rows) == lines
        assert rows[-1].strip()
        assert max(map(cells, rows)) <= columns
    reading.press("\x1bqq")
    assert reading.end() == 0
    assert reading.restored


@pytest.mark.deep
def test_who_reads_on_a_screen_for_a_while_finds_it_again_though_the_program_was_killed(caves, tmp_path):
    with Reading("--course", caves, "explain", "cave", columns=40, lines=12) as screen:
        screen.wait("keys")
        top = screen.after("]", SPACE)[0]
        end = monotonic() + harness.PATIENCE
        while not any(path.stat().st_size for path in tmp_path.rglob("*.jsonl")) and monotonic() < end:
            screen.settled()
        screen.signal(signal.SIGKILL)
        assert screen.end() == -signal.SIGKILL
    with Reading("--course", caves, "explain", "cave", columns=40, lines=12) as screen:
        screen.wait("You stopped here. g: beginning")
        assert screen.visible[0] == top


LISTS = (["explain"], ["glossary"], ["search", "number"], ["explain", "1", "2"])


@pytest.mark.parametrize("arguments", first_or_deep(*LISTS), ids=" ".join)
@pytest.mark.usefixtures("example")
def test_a_list_that_is_longer_than_the_window_opens_in_the_reader(monkeypatch, arguments):
    monkeypatch.delenv("SYNERGY_PAGER")
    monkeypatch.delenv("PAGER", raising=False)
    with Reading(*arguments, columns=60, lines=8) as screen:
        screen.wait("? keys")
        top = [line for line in screen.visible if line]
        bottom = screen.after("G")
        assert bottom[0] != top[0]
        assert "There are no questions to answer here." in screen.after("a")[-1]
        assert "There is no next section here." in screen.after(RIGHT)[-1]
        assert all(len(line) <= 40 for line in screen.resized(40, 10))
        screen.press("q")
        assert screen.end() == 0
        assert screen.restored
    whole = in_process(*arguments, "--width", "60").stdout
    assert set(map(str.strip, top[:-1])) <= set(map(str.strip, whole.splitlines()))


@pytest.fixture
def terms(caves):
    """Add a glossary to the course of two pages."""
    (caves / "glossary.yaml").write_text(
        "shadow C#: {definition: A shade., see: [light], sources: [plato375]}\nlight: {definition: It dazzles.}\n",
        "utf-8",
    )
    return caves


@pytest.mark.parametrize(
    ("arguments", "keys", "top"),
    [
        (["explain"], [TAB], "The cave"),
        (["explain"], [TAB, TAB], "The light"),
        (["glossary"], [TAB], "light"),
        (["glossary"], [TAB, TAB], "plato375"),
        (["search", "dazzles"], [TAB], "The light"),
        (["search", "dazzles"], [TAB, TAB], "light"),
        (["search", "shade"], [TAB], "shadow C#"),
        (["search", "republic"], [TAB], "plato375"),
    ],
    ids=str,
)
@pytest.mark.parametrize("columns", first_or_deep(40, 20))
def test_what_a_list_names_can_be_opened_from_it(terms, arguments, keys, top, columns):
    with Reading("--course", terms, *arguments, columns=columns, lines=6) as screen:
        screen.wait("keys")
        chosen = screen.after(*keys)[:-1]
        assert screen.after(ENTER)[0] == top
        assert screen.resized(columns, 7)[0] == top
        assert screen.resized(columns, 6)[0] == top
        assert screen.after(BACKSPACE)[:-1] == chosen
        screen.press("q")
        assert screen.end() == 0
        assert screen.restored


def test_only_keys_that_do_something_are_listed(terms):
    with Reading("--course", terms, "search", "dazzles", columns=60, lines=6) as screen:
        screen.wait("keys")
        listed = listed_keys(screen)
        assert "search" in listed
        assert not [each for each in ("next section", "previous section", "answer") if each in listed]
        screen.after(TAB, ENTER)
        listed = listed_keys(screen)
        assert "next section" in listed
        assert "answer" not in listed
        screen.press("q")
        assert screen.end() == 0


def test_a_section_that_is_opened_from_a_list_counts_as_read_when_its_end_was_seen(terms):
    with Reading("--course", terms, "search", "dazzles", columns=40, lines=6) as screen:
        screen.wait("keys")
        screen.after(TAB, ENTER, "G")
        screen.press("q")
        assert screen.end() == 0
    assert read_marks(terms) == {"cave": "unread", "light": "read"}


@pytest.mark.usefixtures("example")
def test_a_list_that_fits_the_window_is_printed(monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    with Screen("explain", lines=60) as screen:
        assert screen.end() == 0
        assert b"\x1b[?1049h" not in screen.raw


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (["--no-pager"], {}),
        ([], {"SYNERGY_PAGER": ""}),
        ([], {"TERM": "dumb"}),
        *(
            pytest.param(*each, marks=pytest.mark.deep)
            for each in ((["--plain"], {}), ([], {"PAGER": "cat"}), (["--no-pager"], {"ACCESSIBLE": "1"}))
        ),
    ],
)
def test_who_wants_no_reader_gets_the_text(caves, options, variables):
    with Screen("--course", caves, "explain", "cave", *options, lines=200, env=variables) as screen:
        assert screen.end() == 0
        assert b"\x1b[?1049h" not in screen.raw
        assert "At the end, x." in screen.text


def test_a_suspended_reader_gives_the_screen_back_and_takes_it_again(caves, monkeypatch):
    if shutil.which("bash") is None:
        pytest.skip("no shell here that looks after the modes of its jobs")
    monkeypatch.setattr(harness, "SYNERGY", "bash")
    with Reading("--norc", "--noprofile", "-i", lines=12, env={"PS1": "shell:"}) as screen:
        screen.wait("shell:")
        screen.press(f"{shlex.quote(str(SYNERGY))} --course {caves} explain cave\r")
        screen.wait("? keys")
        screen.press("\x1a")
        screen.wait_raw(LEFT_SCREEN)
        screen.wait("Stopped")
        screen.press("fg\r")
        screen.wait_raw(b"\x1b[?1049h")
        screen.wait_raw(b"? keys")
        assert screen.after("]")[0] == "§ Shadows"
        screen.press("q")
        screen.wait_raw(LEFT_SCREEN)
        screen.press("echo $?; exit\r")
        assert screen.end() == 0
