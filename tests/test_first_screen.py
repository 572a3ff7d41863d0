"""A page that is opened again is on the screen before the program is loaded, and it is the page as it is now."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import time
from contextlib import contextmanager, suppress
from random import Random

import pytest

from harness import PATIENCE, SYNERGY, Screen
from learner import first_or_deep
from records import DAY, START, event, write_log
from synergy_cli.history.events import Bookmark

ENTERED, LEFT, DRAWN = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[H"
STOP_OUTPUT, GO_ON = "\x13", "\x11"
PAGE = ("explain", "sky")
LINK = re.compile(rb"\x1b\]8;[^\x1b]*\x1b\\")
WAIT = """
import select, sys
class Wait:
    def find_spec(self, name, *_):
        if name == "synergy_cli.cli.app":
            with open({fifo!r}, "rb") as gate:
                while not select.select([gate], [], [], 0.02)[0]:
                    pass  # a signal is handled between two calls, never missed in one that waits
sys.meta_path.insert(0, Wait())
"""
"""Makes the program wait before it is loaded until somebody closes a pipe."""


class Window(Screen):
    """The program in a terminal, each screen that it draws, and the gate at which it waits before it is loaded."""

    gate = None

    @property
    def drawn(self):
        """Give each screen that was drawn, but for the numbers of its links, which are random."""
        return [LINK.sub(b"", part.partition(b"\x1b[?")[0]) for part in self.raw.split(DRAWN)[1:]]

    def take_in(self):
        """Read what has come until now."""
        while select.select([self._master], [], [], 0)[0] and self._read(0.01):
            pass

    def until_drawn(self, count):
        """Wait until so many screens were drawn whole; give them."""
        end = time.monotonic() + PATIENCE
        while len(self.drawn) < count or self.drawn[-1].count(b"\n") < self._screen.lines - 1 or self.state == "R":
            assert self._read(0.05), self.text
            assert time.monotonic() < end, self.text
        self.take_in()
        return self.drawn

    def go(self):
        """Let the program be loaded."""
        os.close(self.gate)

    def leave(self):
        """Press `q`; the terminal is as it was."""
        self.press("q")
        assert (self.end(), self.restored) == (0, True)
        assert self.raw.count(ENTERED) == self.raw.count(LEFT) == 1


class Desk:
    """A course, a home, and the program called in both."""

    def __init__(self, folder, course):
        self.course = course
        self.home = folder / "own home"
        self.home.mkdir()
        self._fifo = folder / "pipe"
        os.mkfifo(self._fifo)
        (folder / "waiting").mkdir()
        (folder / "waiting" / "sitecustomize.py").write_text(WAIT.format(fifo=str(self._fifo)), "utf-8")
        self._waiting = {"PYTHONPATH": str(folder / "waiting")}
        self._env = {
            **{name: str(self.home / name) for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")},
            "HOME": str(self.home),
            "PATH": f"{SYNERGY.parent}:{os.environ['PATH']}",
            "SYNERGY_COURSE": str(course),
            "SYNERGY_NOW": "2026-03-02T12:00:00+00:00",
        }

    def window(self, *arguments, size=(40, 8), env=None, **settings):
        columns, lines = size
        return Window(*(arguments or PAGE), columns=columns, lines=lines, env={**self._env, **(env or {})}, **settings)

    @contextmanager
    def held(self, *arguments, env=None, typed="", **settings):
        """Call the program, or type the call, and let it wait before it is loaded."""
        with self.window(*arguments, env={**self._waiting, **(env or {})}, **settings) as window:
            window.press(typed)
            end = time.monotonic() + PATIENCE
            while window.gate is None and time.monotonic() < end:
                with suppress(OSError):  # it has not come so far
                    window.gate = os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK)
                window.take_in()
            window.take_in()
            yield window

    def read(self, *arguments, keys="", **settings):
        """Open a page, press keys, leave; give the screens drawn before the program was loaded, and the next one."""
        with self.held(*arguments, **settings) as window:
            before = window.drawn
            window.go()
            after = window.until_drawn(len(before) + 1)
            for number, key in enumerate(keys, start=len(after) + 1):
                window.press(key)
                window.until_drawn(number)
            window.leave()
        return before, after[-1]

    @property
    def log(self):
        """Give what is on record, line by line."""
        (path,) = (self.home / "XDG_DATA_HOME" / "synergy" / "history").glob("*.jsonl")
        return path.read_text("utf-8").splitlines()


@pytest.fixture
def desk(tmp_path, small, monkeypatch):
    """Return a page of some screens; nobody has chosen a pager."""
    monkeypatch.delenv("SYNERGY_PAGER")
    page = small / "pages" / "01-sky.md"
    page.write_text(page.read_text("utf-8") + "".join(f"\nIt is word{n} here.\n" for n in range(30)), "utf-8")
    return Desk(tmp_path, small)


@pytest.mark.sampled
@pytest.mark.parametrize("keys", ["jj", "", "j", " ", "G", " jjk", "]"])
def test_a_page_opens_where_it_was_left_before_the_program_is_loaded(desk, keys):
    assert desk.read(keys=keys)[0] == []
    for _ in range(2):
        (shown,), drawn = desk.read()
        assert shown == drawn


def test_what_is_pressed_meanwhile_is_not_lost(desk):
    desk.read()
    with desk.held() as window:
        window.press(" j")
        window.go()
        window.until_drawn(4)
        held = window.drawn
        window.leave()
    with desk.window(env={"SYNERGY_NO_CACHE": "1", "XDG_DATA_HOME": str(desk.home / "other")}) as window:
        window.until_drawn(1)
        for number, key in enumerate(" j", start=2):
            window.press(key)
            window.until_drawn(number)
        assert held[1:] == window.drawn
        assert b"j" not in held[0]


ENDS = {
    "Ctrl-C": ("\x03", 130),
    "SIGINT": (signal.SIGINT, 130),
    "SIGTERM": (signal.SIGTERM, 143),
    "SIGHUP": (signal.SIGHUP, 129),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("how", "status"), ENDS.values(), ids=ENDS)
def test_what_ends_it_meanwhile_gives_the_screen_back(desk, how, status):
    desk.read()
    with desk.held() as window:
        if isinstance(how, str):
            window.press(how)
        else:
            window.signal(how)
        assert window.end() == status
        assert window.restored
        assert window.raw.count(ENTERED) == window.raw.count(LEFT) == 1
        assert "Traceback" not in window.text


def test_a_signal_while_the_terminal_is_stopped_gives_it_back(desk):
    with desk.held() as window:
        window.press(STOP_OUTPUT)
        window.go()
        end = time.monotonic() + PATIENCE
        while window.restored and time.monotonic() < end:
            time.sleep(0.01)
        window.signal(signal.SIGTERM)
        while not window.restored and time.monotonic() < end:
            time.sleep(0.01)
        window.press(GO_ON)
        assert (window.end(), window.restored) == (143, True)
        assert window.raw.count(ENTERED) <= window.raw.count(LEFT)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no shell here that looks after the modes of its jobs")
def test_it_can_be_suspended_meanwhile(desk):
    desk.read()
    with desk.held(
        "--norc", "--noprofile", "-i", program="bash", env={"PS1": "shell:"}, typed="synergy explain sky\r"
    ) as window:
        (shown,) = window.drawn
        window.press("\x1a")
        window.wait_raw(LEFT)
        window.wait("Stopped")
        window.press("fg\r")
        window.wait_raw(ENTERED)
        window.go()
        window.wait_raw(b"? keys")
        window.until_drawn(3)
        assert window.drawn[1:] == [shown, shown]
        window.press("q")
        window.wait_raw(LEFT)
        window.press("echo $?; exit\r")
        assert window.end() == 0


def test_a_window_that_is_resized_meanwhile_is_drawn_anew(desk):
    desk.read()
    with desk.held() as window:
        window.resize(60, 12)
        window.go()
        drawn = window.until_drawn(2)[-1]
        window.leave()
    assert drawn == desk.read(size=(60, 12))[1]


def test_a_window_that_was_resized_while_it_was_read_is_not_taken_for_the_one_it_was(desk):
    with desk.window() as window:
        window.until_drawn(1)
        window.resize(60, 12)
        window.until_drawn(2)
        window.leave()
    assert desk.read()[0] == []


def test_what_is_gone_meanwhile_is_told_on_the_screen_as_it_was(desk):
    desk.read()
    with desk.held() as window:
        shutil.rmtree(desk.course)
        window.go()
        assert window.end() == 1
        assert window.restored
        assert window.raw.count(ENTERED) == window.raw.count(LEFT) == 1
        assert str(desk.course) in window.text.replace("\n", "")
        assert "word" not in window.text


def test_what_is_noted_before_the_page_is_noted_once(desk):
    for times in range(3):
        with desk.held(env={"SYNERGY_COURSE": ""}, cwd=desk.course) as window:
            assert len(window.drawn) == (times > 0)
            window.go()
            window.until_drawn(1 + (times > 0))
            window.leave()
            assert window.raw.count(b"using the course in") == 1
            assert window.raw.index(b"using the course in") < window.raw.index(ENTERED)


def test_nothing_is_recorded_but_what_was_read(desk):
    acts = []
    for variables in ({}, {}, {"SYNERGY_NO_CACHE": "1"}):
        before = desk.log if acts else []
        desk.read(keys=" ", env=variables)
        acts.append([re.search('"act":"[a-z]*"', line)[0] for line in desk.log[len(before) :]])
    assert acts == [['"act":"bookmark"']] * 3


@pytest.mark.parametrize(
    "call", first_or_deep((*PAGE, "--no-cache"), ("explain",), ("explain", "1", "1"), ("study",)), ids=" ".join
)
def test_what_is_long_or_asks_or_is_not_to_be_kept_is_never_shown_so(desk, call):
    desk.read()
    for _ in range(2):
        with desk.held(*call, size=(40, 3)) as window:
            assert window.raw == b""
            window.go()
            window.until_drawn(1)
            window.press("q")
            window.take_in() if call[0] == "study" else window.end()


def rewritten(path, old, new):
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


CHANGES = {
    "the page": lambda desk: rewritten(desk.course / "pages" / "01-sky.md", "above", "below"),
    "a page before it": lambda desk: (desk.course / "pages" / "00-sea.md").write_text("---\ntitle: Sea\n---\n\nWet.\n"),
    "a source": lambda desk: rewritten(desk.course / "references.yaml", "Strutt", "Rayleigh"),
    "a bookmark of another device": lambda desk: write_log(
        desk.home / "XDG_DATA_HOME" / "synergy" / "history" / "d0000000.jsonl",
        [event(Bookmark("sky", 0, 20, 50), START - DAY, course="small")],
    ),
    "no history": lambda desk: shutil.rmtree(desk.home / "XDG_DATA_HOME", ignore_errors=True),
}


@pytest.mark.sampled
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_change_nothing_is_shown_before_it_is_known(desk, change):
    desk.read(keys=" ")
    assert desk.read()[0] != []
    change(desk)
    assert desk.read()[0] == []
    (shown,), drawn = desk.read()
    assert shown == drawn


SETTINGS = ({}, {"NO_COLOR": "1"}, {"COLUMNS": "30"}, {"TERM": "screen"}, {"SYNERGY_COURSE": ""})


def situation(desk, rng):
    """Choose a call, a window, and what is different in the environment."""
    call = rng.choice((PAGE, ("explain", "sky#by-day"), ("explain", "The sky")))
    return call, {"size": rng.choice(((40, 8), (60, 5))), "env": rng.choice(SETTINGS), "cwd": desk.course}


def follow(desk, rng, steps):
    """Open, read, leave, edit, in any order; return how often a screen was there at once."""
    situations = [situation(desk, rng) for _ in range(2)]
    at_once = 0
    for _ in range(steps):
        if rng.random() < 0.3:
            rng.choice(list(CHANGES.values()))(desk)
        call, settings = rng.choice(situations)
        with desk.held(*call, **settings) as window:
            shown = window.drawn
            window.go()
            drawn = window.until_drawn(len(shown) + 1)
            assert shown in ([], drawn[-1:]), (call, settings)
            at_once += len(shown)
            for number, key in enumerate(rng.choices(" bjkGg][", k=rng.randrange(4)), start=len(drawn) + 1):
                window.press(key)
                window.until_drawn(number)
            window.leave()
    return at_once


def test_whatever_is_done_the_first_screen_is_what_the_program_draws(desk):
    assert follow(desk, Random(3), 9) > 2


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10))
def test_it_is_so_in_any_order(desk, seed):
    follow(desk, Random(seed), 25)
