"""What was made once is kept, bound to its files, and never in the way."""

from __future__ import annotations

import json
import os
import shutil
import time
from types import SimpleNamespace

import pytest

from synergy_cli.course import cache
from synergy_cli.course.cache import Cache
from synergy_cli.replay import entries, reads

OLD = 1_000_000_000 * 10**9
FRESH = reads.TOO_FRESH
DATA = {"text": ["é", "\N{GRINNING FACE}", "\ud800", "", None, True, 1.5], "number": 7}


@pytest.fixture(autouse=True)
def _old(monkeypatch):
    """Take what was just written for old: nobody can set the time of a file's last change."""
    monkeypatch.setattr(reads, "TOO_FRESH", -(10**18))


class Counting:
    """A builder that counts how often it was called."""

    def __init__(self, data=DATA):
        self.data = data
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return self.data


def age(path, time=OLD):
    os.utime(path, ns=(time, time))
    return path


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "inputs"
    folder.mkdir()
    paths = [folder / name for name in ("one", "two", "new")]
    for path in paths:
        path.write_text(path.name)
        age(path)
    return paths[:2]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache" / "below"


def calls_after(folder, inputs, change=lambda: None):
    """Fetch, change something, fetch again; tell how often it was built."""
    build = Counting()
    assert Cache(folder).fetch("name", inputs, build) == DATA
    assert build.calls == 1
    change()
    assert Cache(folder).fetch("name", inputs, build) == DATA
    return build.calls


def test_what_was_built_once_is_not_built_again(folder, inputs):
    assert calls_after(folder, inputs) == 1


def test_what_was_built_is_given_back_as_it_was_to_another_builder(folder, inputs):
    Cache(folder).fetch("name", inputs, Counting())
    assert Cache(folder).fetch("name", inputs, Counting("other")) == DATA


@pytest.mark.parametrize("data", [None, False, 0, "", [], {}], ids=repr)
def test_what_is_empty_is_kept_too(folder, inputs, data):
    build = Counting(data)
    assert [Cache(folder).fetch("name", inputs, build) for _ in range(2)] == [data, data]
    assert build.calls == 1


def test_each_name_has_its_own(folder, inputs):
    store = Cache(folder)
    assert [store.fetch(name, inputs, Counting(name)) for name in ("a", "b", "page a/../b\0\n")] == [
        *("a", "b", "page a/../b\0\n"),
    ]
    assert [store.fetch(name, inputs, Counting("other")) for name in ("a", "b")] == ["a", "b"]


def test_two_names_with_the_same_checksum_have_their_own(folder, inputs):
    store = Cache(folder)
    assert [store.fetch(name, inputs, Counting(name)) for name in ("page plumless", "page buckeroo")] == [
        *("page plumless", "page buckeroo"),
    ]


def test_two_courses_have_their_own(folder, inputs, tmp_path):
    copies = [shutil.copy2(path, tmp_path / f"copy {path.name}") for path in inputs]
    store = Cache(folder)
    assert [store.fetch("name", paths, Counting(data)) for paths, data in ((inputs, "a"), (copies, "b"))] == ["a", "b"]
    assert [store.fetch("name", paths, Counting("c")) for paths in (inputs, copies)] == ["a", "b"]


@pytest.mark.parametrize("which", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path: (path.write_text("longer text"), age(path)), id="another size"),
        pytest.param(lambda path: (path.write_text(path.name[::-1]), age(path, OLD + 1)), id="another text"),
        pytest.param(lambda path: (path.write_text(path.name[::-1]), age(path)), id="another text, with its old time"),
        pytest.param(lambda path: age(path, OLD - 10**9), id="an older time"),
        pytest.param(lambda path: age(path, OLD + 1), id="a nanosecond later"),
        pytest.param(lambda path: age(path.with_name("new")).replace(path), id="another file"),
    ],
)
def test_an_input_that_changed_is_read_again(folder, inputs, which, change):
    assert calls_after(folder, inputs, lambda: change(inputs[which])) == 2


def test_an_input_under_another_name_is_read_again(folder, inputs):
    build = Counting()
    Cache(folder).fetch("name", inputs, build)
    renamed = inputs[1].rename(inputs[1].with_name("three"))
    Cache(folder).fetch("name", [inputs[0], renamed], build)
    assert build.calls == 2


@pytest.mark.parametrize("change", [lambda files: files[:1], lambda files: files[::-1]], ids=["fewer", "another order"])
def test_other_inputs_are_read_again(folder, inputs, change):
    build = Counting()
    Cache(folder).fetch("name", inputs, build)
    Cache(folder).fetch("name", change(inputs), build)
    assert build.calls == 2


def test_after_a_change_the_new_is_kept(folder, inputs):
    Cache(folder).fetch("name", inputs, Counting("old"))
    age(inputs[0], OLD + 5)
    build = Counting("new")
    assert [Cache(folder).fetch("name", inputs, build) for _ in range(2)] == ["new", "new"]
    assert build.calls == 1


def kept(folder):
    (path,) = folder.iterdir()
    return path


def test_a_file_with_any_byte_damaged_is_built_anew(folder, inputs):
    store, build = Cache(folder), Counting()
    store.fetch("name", inputs, build)
    sound = kept(folder).read_bytes()
    for place in range(len(sound)):
        kept(folder).write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        assert store.fetch("name", inputs, build) == DATA
    assert build.calls == len(sound) + 1


def test_a_file_cut_short_anywhere_is_built_anew(folder, inputs):
    store, build = Cache(folder), Counting()
    store.fetch("name", inputs, build)
    sound = kept(folder).read_bytes()
    for place in range(len(sound)):
        kept(folder).write_bytes(sound[:place])
        assert store.fetch("name", inputs, build) == DATA
    assert build.calls == len(sound) + 1


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\n", b"{}", b"[]\n[]", b"\xff\xfe\n\xff", b"null\nnull", b"[" * 200_000, b"[\n" + b"[" * 200_000),
        json.dumps(DATA).encode(),
    ],
    ids=["empty", "a line", "a mapping", "lists", "no UTF-8", "nothing", "deep", "deep below", "data alone"],
)
def test_a_foreign_file_is_replaced(folder, inputs, content):
    assert calls_after(folder, inputs, lambda: kept(folder).write_bytes(content)) == 2
    assert Cache(folder).fetch("name", inputs, Counting("not built")) == DATA


def test_what_another_version_kept_is_built_anew(folder, inputs, monkeypatch):
    assert calls_after(folder, inputs, lambda: monkeypatch.setattr(cache, "FORM", "0.0.0/1")) == 2


def test_a_folder_in_place_of_the_file_changes_nothing_but_the_time_it_takes(folder, inputs):
    def put_a_folder_there():
        path = kept(folder)
        path.unlink()
        (path / "x").mkdir(parents=True)

    assert calls_after(folder, inputs, put_a_folder_there) == 2


@pytest.mark.parametrize("where", ["a file", "below a file", "a device"])
def test_a_folder_that_cannot_be_written_to_still_answers(tmp_path, inputs, where):
    file = tmp_path / "file"
    file.write_text("mine")
    folder = {"a file": file, "below a file": file / "below", "a device": type(file)("/dev/null/x")}[where]
    assert calls_after(folder, inputs) == 2
    assert file.read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_still_answers(folder, inputs):
    folder.mkdir(parents=True, mode=0o500)
    assert calls_after(folder, inputs) == 2


def test_without_a_folder_nothing_is_kept(inputs, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    assert calls_after(None, inputs) == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_what_has_no_inputs_is_built_each_time(folder):
    assert calls_after(folder, []) == 2


def test_what_the_builder_raises_comes_through_and_nothing_is_kept(folder, inputs):
    def fail():
        message = "no such page"
        raise KeyError(message)

    with pytest.raises(KeyError, match="no such page"):
        Cache(folder).fetch("name", inputs, fail)
    assert not folder.exists()
    assert calls_after(folder, inputs) == 1


def test_nothing_is_kept_when_an_input_changes_while_it_is_read(folder, inputs):
    def build():
        inputs[1].write_text("changed meanwhile")
        return "made of the changed"

    assert Cache(folder).fetch("name", inputs, build) == "made of the changed"
    inputs[1].write_text("two")
    age(inputs[1])
    assert Cache(folder).fetch("name", inputs, Counting("made of the old")) == "made of the old"


def test_an_input_that_goes_while_it_is_read_does_not_spoil_the_answer(folder, inputs):
    def build():
        inputs[1].unlink()
        return "read before"

    assert Cache(folder).fetch("name", inputs, build) == "read before"


def test_an_input_so_young_that_it_may_change_unseen_is_not_bound(folder, inputs, monkeypatch):
    monkeypatch.setattr(reads, "TOO_FRESH", 10**18)
    assert calls_after(folder, inputs) == 2
    assert not folder.exists()


def test_what_changes_within_one_tick_of_the_clock_while_it_is_read_is_not_bound(folder, inputs, monkeypatch):
    monkeypatch.setattr(reads, "TOO_FRESH", FRESH)
    changed = inputs[0]

    def build():
        text = changed.read_text()
        changed.write_text(text.upper())
        age(changed)
        time.sleep(3 * FRESH / 1e9)
        return text

    for _ in range(5):
        changed.write_text("one")
        age(changed)
        Cache(folder).fetch("name", inputs, build)
        assert Cache(folder).fetch("name", inputs, changed.read_text) == "ONE"


@pytest.mark.parametrize("tick", [1, 2])
def test_where_times_are_whole_seconds_no_change_is_missed(folder, inputs, monkeypatch, tick):
    """Old Unix file systems and sshfs have such times; FAT has every second one, and none of an inode's change."""
    monkeypatch.setattr(reads, "TOO_FRESH", FRESH)
    exact = os.stat

    def stat(path):
        found = exact(path)
        times = {name: getattr(found, name) // (tick * 10**9) * tick * 10**9 for name in ("st_mtime_ns", "st_ctime_ns")}
        if tick > 1:
            times["st_ctime_ns"] = OLD
        return SimpleNamespace(st_size=found.st_size, st_ino=found.st_ino, **times)

    monkeypatch.setattr(entries, "os", SimpleNamespace(stat=stat))
    changed = inputs[0]
    for text in ("uno", "due", "tre"):
        changed.write_text(text)
        time.sleep(3 * FRESH / 1e9)
        assert Cache(folder).fetch("name", inputs, changed.read_text) == text


def exchanged(path):
    """Exchange a cached file with another one of the same course."""
    other = next(other for other in path.parent.iterdir() if other != path)
    path.rename(path.with_name("aside"))
    other.rename(path)
    path.with_name("aside").rename(other)


SPARSE = 16 << 30
PLANTED = {
    "two exchanged": exchanged,
    "a link to it": lambda path: (path.rename(path.with_name("aside")), path.symlink_to("aside")),
    "a link to a device": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "one far too large": lambda path: os.truncate(path, SPARSE),
    "writable by others": lambda path: path.chmod(0o666),
    "in a folder writable by others": lambda path: path.parent.chmod(0o777),
}
if os.getuid() == 0:
    PLANTED["of another user"] = lambda path: os.chown(path, 65534, 65534)
    PLANTED["in a folder of another user"] = lambda path: os.chown(path.parent, 65534, 65534)


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_what_others_may_have_put_there_is_not_used(folder, inputs, plant):
    Cache(folder).fetch("other", inputs, Counting("other"))
    (before,) = folder.iterdir()
    Cache(folder).fetch("name", inputs, Counting())
    plant(next(path for path in folder.iterdir() if path != before))
    build = Counting()
    assert Cache(folder).fetch("name", inputs, build) == DATA
    assert build.calls == 1


def test_nothing_is_left_beside_what_is_kept(folder, inputs):
    store = Cache(folder)
    for number in range(3):
        age(inputs[0], OLD + number)
        store.fetch("name", inputs, Counting(str(number)))
    assert len(list(folder.iterdir())) == 1


def test_the_folder_is_for_its_owner_alone(folder, inputs):
    Cache(folder).fetch("name", inputs, Counting())
    assert folder.stat().st_mode & 0o077 == 0


def test_the_file_can_be_removed_at_any_time(folder, inputs):
    assert calls_after(folder, inputs, lambda: shutil.rmtree(folder)) == 2
