"""What was printed before is printed again while nothing it was made from has changed, and never otherwise."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import threading
from itertools import count
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import SYNERGY, process, python
from records import DAY, START, answer, event, missed, write_log
from synergy_cli.history.events import Read, Start
from synergy_cli.replay import entries, reads, recording

CALLS = {
    "a page": ["explain", "sky"],
    "two pages": ["explain", "1", "1", "--plain"],
    "a page as a document": ["explain", "sky", "--json"],
    "the contents": ["explain"],
    "help": ["--help"],
    "help of a command": ["quiz", "--help"],
    "help asked of a command": ["help", "history", "check"],
    "a search": ["search", "blue"],
    "a search for nothing": ["search", "xyz"],
    "sources": ["sources"],
    "terms": ["glossary"],
    "due": ["due"],
    "progress": ["progress"],
    "what is stuck": ["progress", "--stuck"],
    "the next step": [],
    "paths": ["paths"],
    "a completion script": ["completion", "zsh"],
}
AGAIN = ["history", "check"], ["quiz", "--unsaved", "--seed", "1"], ["explain", "nowhere"], ["check"]
"""Commands that run each time they are called."""


class World:
    """A course, a home, and the program called in both."""

    def __init__(self, forks, folder, course):
        self._forks = forks
        self._count = count()
        self.course = course
        self.home = folder / "own home"
        device = self.home / ".local" / "state" / "synergy" / "device"
        device.parent.mkdir(parents=True)
        device.write_text("d0000000\n", "ascii")
        self.env = {"HOME": str(self.home), "PATH": os.environ["PATH"], "TERM": "xterm", "SYNERGY_COURSE": str(course)}

    def run(self, *arguments, cwd=None, **env):
        return self._forks.run(arguments, {**self.env, **env}, cwd or self.course)

    def fresh(self, *arguments, cwd=None, **env):
        return self.run(*arguments, cwd=cwd, SYNERGY_NO_CACHE="1", **env)

    def again(self, *arguments, cwd=None, **env):
        """Run a command until it is replayed, if it ever is."""
        for _ in range(3):
            done = self.run(*arguments, cwd=cwd, **env)
            if done.replayed:
                break
            age(self.course, self.home)
        return done

    @property
    def entries(self):
        return sorted((self.home / ".cache" / "synergy" / "replay").glob("*"))

    @property
    def log(self):
        return self.home / ".local" / "share" / "synergy" / "history" / "d0000000.jsonl"


def age(*folders):
    """Wait for the time of files that have just been written to be past."""
    newest = max(path.lstat().st_ctime_ns for folder in folders for path in folder.rglob("*"))
    probe = folders[0].parent / "probe"
    while True:
        probe.write_bytes(b"")
        if probe.stat().st_mtime_ns > newest + reads.TOO_FRESH:
            return


@pytest.fixture
def world(forks, tmp_path, small):
    return World(forks, tmp_path, small)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_printed_again_as_it_was(world, call):
    fresh = world.fresh(*call)
    assert not fresh.replayed
    assert world.again(*call) == (*fresh[:3], True)


@pytest.mark.parametrize("call", AGAIN, ids=" ".join)
def test_what_depends_on_more_runs_each_time(world, call):
    assert not world.again(*call).replayed


def test_nothing_else_is_loaded_for_it(small):
    for _ in range(3):
        loaded = python(
            "import atexit, os, sys\n"
            "sys.argv = ['synergy', 'explain', 'sky']\n"
            f"os.environ['SYNERGY_COURSE'] = {str(small)!r}\n"
            "end = os._exit\n"
            "os._exit = lambda status: (print(*sorted(sys.modules), file=sys.stderr), end(status))\n"
            "from synergy_cli.__main__ import main\n"
            "main()\n"
        ).stderr.split()
        age(small)
    ours = {name for name in loaded if name.startswith("synergy_cli")}
    assert ours <= {f"synergy_cli{name}" for name in ("", ".__main__", ".folders", ".replay", *REPLAYING)}
    assert not {"typing", "pathlib", "re", "json", "typer", "rich", "sqlite3"} & set(loaded)


REPLAYING = (".replay.entries",)


def rewritten(path, old, new):
    """Change a file without changing its size, and give it its old times."""
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


CHANGES = {
    "a page": (["explain", "sky"], lambda world: rewritten(world.course / "pages/01-sky.md", "above", "below")),
    "a replaced page": (
        ["explain", "sky"],
        lambda world: (
            shutil.copy2(world.course / "pages/01-sky.md", world.course / "new"),
            rewritten(world.course / "new", "above", "below"),
            (world.course / "new").replace(world.course / "pages/01-sky.md"),
        ),
    ),
    "a new page": (
        ["explain"],
        lambda world: (world.course / "pages/02-sea.md").write_text("---\ntitle: Sea\n---\n\nWet.\n", "utf-8"),
    ),
    "a source": (["explain", "sky"], lambda world: rewritten(world.course / "references.yaml", "On the", "In the")),
    "a first term": (
        ["search", "sky"],
        lambda world: (world.course / "glossary.yaml").write_text("Sky: {definition: It is above.}\n", "utf-8"),
    ),
    "a question": (["search", "Which"], lambda world: rewritten(world.course / "questions.yaml", "Which", "which")),
    "what was read": (["explain"], lambda world: write_log(world.log, [event(Read("sky"), START, course="small")])),
    "an answer": (
        ["due"],
        lambda world: write_log(world.log, [event(missed(), START - 9 * DAY, course="small")]),
    ),
}


@pytest.mark.parametrize(("call", "change"), CHANGES.values(), ids=CHANGES)
def test_after_a_change_it_is_made_anew(world, call, change):
    assert world.again(*call).replayed
    before = world.fresh(*call)
    change(world)
    after = world.run(*call)
    assert after == world.fresh(*call) != before


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COLUMNS", "30"),
        ("FORCE_COLOR", "1"),
        ("SYNERGY_COURSE", ""),
        ("SYNERGY_HISTORY", "/nowhere/at/all"),
        ("XDG_DATA_HOME", "/nowhere/at/all"),
        ("SYNERGY_RETENTION", "0.99"),
    ],
)
def test_another_setting_has_another_output(world, tmp_path, name, value):
    write_log(world.log, [event(missed(), START - 9 * DAY, course="small"), event(Read("sky"), START, course="small")])
    assert world.again("explain", cwd=tmp_path).replayed
    changed = world.run("explain", cwd=tmp_path, **{name: value})
    assert changed[:3] == world.fresh("explain", cwd=tmp_path, **{name: value})[:3]
    assert changed[:3] != world.again("explain", cwd=tmp_path)[:3]


def test_what_is_due_changes_with_the_day(world):
    write_log(world.log, [event(missed(), START - 9 * DAY, course="small")])
    for at in ("2020-01-01T12:00:00+00:00", "2090-01-01T12:00:00+00:00"):
        assert world.again("due", SYNERGY_NOW=at)[:3] == world.fresh("due", SYNERGY_NOW=at)[:3]


def test_what_is_dated_in_the_future_is_waited_for(world):
    write_log(world.log, [event(Read("sky"), START + 9000 * DAY, course="small")])
    assert not world.again("explain").replayed


def test_what_changed_a_moment_ago_is_not_kept(world):
    world.run("explain", "sky")
    rewritten(world.course / "pages/01-sky.md", "above", "below")
    world.run("explain", "sky")
    rewritten(world.course / "pages/01-sky.md", "below", "above")
    assert world.run("explain", "sky")[:3] == world.fresh("explain", "sky")[:3]


def test_on_a_screen_it_is_printed_again_and_nothing_is_recorded_twice(world, tmp_path):
    folder = world.home / ".local" / "share"
    assert process("explain", "sky", env=world.env).status == 0
    assert not folder.exists()


def test_without_a_cache_nothing_is_read_or_written(world):
    assert world.again("explain", "sky").replayed
    assert not world.run("explain", "sky", "--no-cache").replayed
    shutil.rmtree(world.home / ".cache")
    for arguments, env in ((["--no-cache"], {}), ([], {"SYNERGY_NO_CACHE": "1"})):
        world.run("explain", "sky", *arguments, **env)
        world.run("progress", *arguments, **env)
        assert [path.name for path in world.home.iterdir()] == [".local"]


# what someone puts in its place


def swapped(path, world):
    world.again("explain", "--plain")
    other = next(entry for entry in world.entries if entry != path)
    shutil.copy(other, path)


def exchanged(path, world):
    world.again("explain", "--plain")
    other = next(entry for entry in world.entries if entry != path)
    path.rename(world.home / "aside")
    other.rename(path)
    (world.home / "aside").rename(other)


def rejoined(change):
    """Take an entry apart, change its parts, and put it together, so that its checksum is right."""

    def attack(path, _):
        parts = entries._parts(path.read_bytes())
        change(parts)
        path.write_bytes(entries.joined(parts))

    return attack


ATTACKS = {
    "two exchanged": exchanged,
    "escape codes": lambda path, _: path.write_bytes(path.read_bytes().replace(b"above", b"\x1b]0;x")),
    "a size of sixteen GiB": lambda path, _: os.truncate(path, 16 << 30),
    "names of other files": rejoined(lambda parts: parts.__setitem__(2, b"/dev/zero\0" + b"1 1 1 1\0" + parts[2])),
    "a name that is none": rejoined(lambda parts: parts.__setitem__(2, b"x" * 9000 + b"\0" + b"1 1 1 1")),
    "a name without a state": rejoined(lambda parts: parts.__setitem__(2, parts[2] + b"\0/etc/passwd")),
    "a variable": rejoined(lambda parts: parts.__setitem__(1, b"HOME=/\0" + parts[1])),
    "no day": rejoined(lambda parts: parts.__setitem__(3, b"today")),
    "no status": rejoined(lambda parts: parts.__setitem__(4, b"9" * 9000)),
    "another stream": rejoined(lambda parts: parts.__setitem__(5, b"\7" * len(parts[5]))),
    "too few texts": rejoined(lambda parts: parts.pop()),
    "no first screen": rejoined(lambda parts: parts.__setitem__(slice(4, None), [b"%d" % entries.SCREEN, b""])),
    "nothing": lambda path, _: path.write_bytes(b""),
    "another text": lambda path, _: path.write_bytes(path.read_bytes().replace(b"above", b"below")),
    "truncated": lambda path, _: path.write_bytes(path.read_bytes()[:-9]),
    "code": lambda path, _: path.write_bytes(b"import os; os._exit(7)\n"),
    "numbers": lambda path, _: path.write_bytes(entries.joined([b"1"] * 3)),
    "no numbers": lambda path, _: path.write_bytes(entries.joined([path.read_bytes(), *[b"x"] * 9])),
    "the entry of another call": swapped,
    "too large": lambda path, _: path.write_bytes(path.read_bytes() + b"x" * 3 * entries.LARGEST),
    "a link": lambda path, world: (path.rename(world.home / "a"), path.symlink_to(world.home / "a")),
    "a folder": lambda path, _: (path.unlink(), path.mkdir()),
    "a pipe": lambda path, _: (path.unlink(), os.mkfifo(path)),
    "a link to a device": lambda path, _: (path.unlink(), path.symlink_to("/dev/zero")),
    "writable by others": lambda path, _: path.chmod(0o666),
    "a folder writable by others": lambda path, _: path.parent.chmod(0o777),
    "no folder": lambda path, _: (shutil.rmtree(path.parent), path.parent.write_bytes(b"")),
}


OFTEN = {"escape codes", "another text", "truncated", "the entry of another call", "a pipe", "writable by others"}
"""Attacks that every run tries; the others are deep."""


@pytest.mark.parametrize(
    "attack",
    [pytest.param(ATTACKS[name], id=name, marks=() if name in OFTEN else pytest.mark.deep) for name in ATTACKS],
)
def test_an_entry_that_is_not_ours_changes_nothing(world, attack):
    fresh = world.again("explain", "sky")
    assert fresh.replayed
    (path,) = [entry for entry in world.entries if b"above" in entry.read_bytes()]
    attack(path, world)
    done = world.run("explain", "sky")
    assert done[:3] == fresh[:3]
    assert not done.replayed


def test_a_folder_that_is_linked_and_an_entry_with_two_names_change_nothing(world):
    fresh = world.again("explain", "sky")
    (path,) = world.entries
    os.link(path, world.home / "another name")
    path.parent.rename(world.home / "entries")
    path.parent.symlink_to(world.home / "entries")
    assert world.run("explain", "sky")[:3] == fresh[:3]


@pytest.mark.skipif(os.getuid() != 0, reason="only root makes devices")
def test_a_device_is_not_read(world):
    fresh = world.again("explain", "sky")
    (path,) = world.entries
    path.unlink()
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))
    assert world.run("explain", "sky") == (*fresh[:3], False)


def test_a_folder_among_the_entries_does_not_prevent_others(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "ROOM", 1000)
    folder = tmp_path / "replay"
    (folder / "a folder").mkdir(parents=True)
    for number in range(9):
        recording._store(folder / str(number), b"x" * 300, {}, 10**18)
    assert len(list(folder.iterdir())) == 4


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("folder", [False, True])
def test_an_entry_of_another_user_is_not_used(world, folder):
    assert world.again("explain", "sky").replayed
    for path in world.entries:
        os.chown(path.parent if folder else path, 65534, 65534)
    assert not world.run("explain", "sky").replayed


def test_every_damage_to_an_entry_is_noticed(world):
    fresh = world.again("explain", "sky")
    (path,) = world.entries
    whole = path.read_bytes()
    rng = Random(1)
    for place in rng.sample(range(len(whole)), 15):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << rng.randrange(8))]) + whole[place + 1 :])
        assert world.run("explain", "sky") == (*fresh[:3], False)


def test_the_oldest_make_room(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "ROOM", 1000)
    folder = tmp_path / "replay"
    for number in range(9):
        recording._store(folder / str(number), b"x" * 300, {}, 10**18)
        os.utime(folder / str(number), (number, number))
    assert sorted(path.name for path in folder.iterdir()) == ["6", "7", "8"]


def test_a_cache_that_cannot_be_written_costs_only_time(world):
    for place in ("/dev/null", "/proc/nowhere"):
        assert world.again("explain", "sky", XDG_CACHE_HOME=place)[:3] == world.fresh("explain", "sky")[:3]


def test_an_entry_is_for_its_owner_alone(world):
    world.again("explain", "sky")
    assert {stat.S_IMODE(path.stat().st_mode) for path in world.entries} == {0o600}
    assert stat.S_IMODE(world.entries[0].parent.stat().st_mode) == 0o700


def test_a_full_disk_is_told(world):
    world.again("explain", "sky")
    done = process_to("/dev/full", "explain", "sky", env=world.env, cwd=world.course)
    assert done == ("synergy: cannot write: No space left on device\n", 1)


def process_to(path, *arguments, env, cwd):
    """Run the program with its output in a file."""
    with Path(path).open("w") as file:
        for _ in range(2):
            done = subprocess.run(
                [SYNERGY, *arguments], stdout=file, stderr=subprocess.PIPE, text=True, env=env, cwd=cwd, check=False
            )
    return done.stderr, done.returncode


# whatever is done


WORDS = ("above", "below", "under")
OPTIONS = ([], ["--plain"], ["--width", "33"], ["--json"], ["--color", "always"], ["--quiet"], ["--no-cache"])
ENVIRONMENTS = ({}, {"NO_COLOR": "1"}, {"COLUMNS": "50"}, {"FORCE_COLOR": "1"}, {"TERM": "dumb"}, {"LANG": "C"})
INTERRUPTED = [Start("exam", 1, ("colour", "stars")), answer(mode="exam", session=f"{0:016x}")]
CLOCKS = ("", "2026-03-01T12:00:00+01:00", "2027-03-01T03:59:59+01:00", "2020-01-01T12:00:00+00:00")


def edited(world, rng):
    """Change something, in a way that another program might."""
    page = world.course / "pages" / "01-sky.md"
    old, new = rng.sample(WORDS, 2)
    kind = rng.randrange(8)
    if kind < 3:
        rewritten(page, old, new)
    elif kind == 3:
        other = world.course / "pages" / "02-sea.md"
        other.unlink() if other.exists() else other.write_text("---\ntitle: Sea\n---\n\nWet.\n", "utf-8")
    elif kind == 4:
        glossary = world.course / "glossary.yaml"
        glossary.unlink() if glossary.exists() else glossary.write_text("Sky: {definition: Above.}\n", "utf-8")
    elif kind == 5:
        acts = rng.choice(([], [missed()], [Read("sky")], [missed(), answer("stars")], INTERRUPTED))
        at = START - rng.randrange(20) * DAY
        write_log(world.log, [event(act, at, number=place, course="small") for place, act in enumerate(acts)])
    elif kind == 6:
        shutil.copy2(page, world.course / "kept")
        rewritten(page, old, new)
        (world.course / "kept").replace(page)
    else:
        page.with_suffix(".tmp").write_text(page.read_text("utf-8").replace(old, new), "utf-8")
        page.with_suffix(".tmp").replace(page)


def called(rng):
    """Choose a call: arguments, and what is different in the environment."""
    arguments = [*rng.choice(list(CALLS.values())), *rng.choice(OPTIONS)]
    env = dict(rng.choice(ENVIRONMENTS))
    clock = rng.choice(CLOCKS)
    return arguments, {**env, "SYNERGY_NOW": clock} if clock else env


def follow(world, rng, steps):
    """Do this and that; return how many outputs were replayed."""
    calls = [called(rng) for _ in range(4)]
    replayed = 0
    for _ in range(steps):
        if rng.random() < 0.3:
            edited(world, rng)
        if rng.random() < 0.5:
            age(world.course, world.home)
        arguments, env = rng.choice(calls)
        done = world.run(*arguments, **env)
        assert done[:3] == world.fresh(*arguments, **env)[:3], (arguments, env)
        replayed += done.replayed
    return replayed


def test_whatever_is_done_what_is_replayed_is_what_a_run_would_print(world):
    assert follow(world, Random(5), 25) > 2


@pytest.mark.deep
@given(seed=st.integers(0, 2**32))
@settings(max_examples=12)
def test_it_is_so_in_any_order(forks, tmp_path_factory, small, seed):
    folder = tmp_path_factory.mktemp("world")
    shutil.copytree(small, folder / "course")
    follow(World(forks, folder, folder / "course"), Random(seed), 40)


@pytest.mark.deep
def test_while_a_page_is_edited_each_text_that_is_shown_was_there(world):
    """A page is replaced all the time; what is shown is one of its texts, and at last the last one."""
    page = world.course / "pages" / "01-sky.md"
    text = page.read_text("utf-8")
    ended = threading.Event()

    def edit():
        for number in count():
            fresh = page.with_suffix(".tmp")
            fresh.write_text(text.replace("above", f"at {number:05}"), "utf-8")
            fresh.replace(page)
            if ended.wait(0.003 if number % 5 else 0.05):
                return

    editor = threading.Thread(target=edit)
    editor.start()
    try:
        shown = [world.run("explain", "sky").stdout for _ in range(200)]
    finally:
        ended.set()
        editor.join()
    numbers = [int(told.split("The sky is at ")[1][:5]) for told in shown if "The sky is at " in told]
    assert numbers == sorted(numbers)
    assert world.run("explain", "sky")[:3] == world.fresh("explain", "sky")[:3]


# what it depends on


def test_a_variable_that_is_read_while_the_program_is_loaded_counts():
    told = python(
        "import os\n"
        "from synergy_cli.replay import entries, reads\n"
        "place = entries.place([])\n"
        "os.environ = reads.Environ()\n"
        "os.environ.get('EARLY')\n"
        "from synergy_cli.replay.recording import Recording\n"
        "Recording(place).keep(0)\n"
        "print(place[0])\n"
    ).stdout
    assert b"EARLY" in Path(told.strip()).read_bytes()


@pytest.mark.sampled
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_file_that_a_run_opens_is_noted(small, tmp_path, call):
    """What the interpreter itself says was opened or listed, but for its own modules and the cache."""
    found = python(
        "import os, sys\n"
        f"os.environ['SYNERGY_COURSE'] = {str(small)!r}\n"
        "opened = []\n"
        "watched = {'open', 'os.scandir', 'os.listdir'}\n"
        "sys.addaudithook(lambda name, given: name in watched and opened.append(given[0]))\n"
        "from synergy_cli.cli import app\n"
        "from synergy_cli.replay import reads\n"
        "run = reads.begin()\n"
        f"app.call({call!r})\n"
        "noted = {os.fsdecode(name) for name in run.files}\n"
        "names = {os.path.abspath(os.fsdecode(name)) for name in opened if not isinstance(name, int)}\n"
        "print(*sorted(names - noted), sep='\\n', file=sys.stderr)\n"
    ).stderr
    cache = os.environ["XDG_CACHE_HOME"]
    mine = [name for name in found.split("\n") if name.startswith(str(tmp_path)) and not name.startswith(cache)]
    assert mine == []
