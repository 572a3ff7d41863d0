"""What was acknowledged is in the log, whatever happens to the program, the disk or the file."""

from __future__ import annotations

import errno
import itertools
import os
import select
import signal
import stat
import struct
import time
import tracemalloc
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import PATIENCE
from learner import first_or_deep
from records import (
    COURSE,
    DAMAGES,
    DICE,
    SECOND,
    START,
    TRIALS,
    Clock,
    answer,
    asked,
    event,
    history_at,
    in_children,
    journal_at,
    lines_of,
    past,
    write_log,
)
from synergy_cli.errors import SynergyError
from synergy_cli.history.events import Answer, Overrule, Undo, decode, encode, is_sealed
from synergy_cli.history.history import History
from synergy_cli.history.index import Counts
from synergy_cli.history.log import Log, NotSavedError, lines_from_the_end, read_lines

KILLS = first_or_deep(20, 60)
WRITERS, EACH = 8, 200
LINE = encode(event(number=1))
OTHER = encode(event(number=2))


def sound(path):
    return [line for line in lines_of(path) if is_sealed(line)]


def test_a_line_is_kept_in_a_file_for_the_learner_alone(tmp_path):
    journal = journal_at(tmp_path)
    journal.append([LINE])
    assert journal.own == tmp_path / "history" / "a0000000.jsonl"
    assert journal.own.read_bytes() == LINE
    assert stat.S_IMODE(journal.own.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.folder.stat().st_mode) == 0o700


def test_lines_are_only_ever_added(tmp_path):
    journal = journal_at(tmp_path)
    journal.append([LINE])
    journal.append([OTHER, LINE])
    assert journal.own.read_bytes() == LINE + OTHER + LINE
    assert journal.files() == [journal.own]


def test_nothing_is_said_to_be_saved_before_it_is_on_disk(tmp_path, monkeypatch):
    journal = journal_at(tmp_path)
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (synced.append(os.fstat(file)), real(file)))
    journal.append([LINE])
    assert [(state.st_ino, stat.S_ISDIR(state.st_mode)) for state in synced] == [
        (journal.own.stat().st_ino, False),
        (journal.folder.stat().st_ino, True),
    ]
    assert synced[0].st_size == len(LINE)


def test_what_cannot_be_brought_to_disk_is_not_said_to_be_saved(tmp_path, monkeypatch):
    journal = journal_at(tmp_path)

    def broken(_file):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(NotSavedError, match=r"a0000000\.jsonl: Input/output error"):
        journal.append([LINE])


@pytest.mark.sampled
@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_costs_only_what_it_hits(tmp_path, kind):
    events = past(120)
    lines = [encode(happened) for happened in events]
    ends = list(itertools.accumulate(map(len, lines)))
    whole = b"".join(lines)
    log = tmp_path / "history" / "b0000000.jsonl"
    log.parent.mkdir()
    rng = Random(kind)
    lost = 0
    for _ in range(TRIALS):
        spoilt = DAMAGES[kind](whole, rng)
        log.write_bytes(spoilt)
        used = {happened for happened, _ in history_at(tmp_path, index=None).events()}
        untouched = {
            happened
            for happened, line, end in zip(events, lines, ends, strict=True)
            if spoilt[end - len(line) : end - 1] == line[:-1] and end <= len(spoilt)
        }
        assert used >= untouched
        assert used <= set(events)
        assert log.read_bytes() == spoilt
        lost += len(events) - len(used)
    assert lost >= TRIALS // 2


@pytest.mark.sampled
@pytest.mark.parametrize("kind", DAMAGES)
def test_counts_are_of_the_answers_that_damage_left(tmp_path, kind):
    whole = b"".join(map(encode, past(60)))
    log = tmp_path / "history" / "b0000000.jsonl"
    log.parent.mkdir()
    rng = Random(kind)
    for _ in range(TRIALS // 4):
        spoilt = DAMAGES[kind](whole, rng)
        log.write_bytes(spoilt)
        history = history_at(tmp_path, index=None)
        ended = spoilt.rpartition(b"\n")[0]
        used = [happened for happened, line in history.events() if line in ended]
        undone = {happened.act.event for happened in used if isinstance(happened.act, Undo)}
        overruled = {one.act.event for one in used if isinstance(one.act, Overrule) and one.id not in undone}
        expected = {}
        for one in used:
            if isinstance(one.act, Answer) and one.id not in undone:
                key, missed = one.act[:2], one.act.verdict != "right" and one.id not in overruled
                before = expected.get(key, Counts(0, 0))
                expected[key] = Counts(before[0] + 1, before[1] + missed)
        assert history.counts(COURSE) == expected
        assert log.read_bytes() == spoilt


def test_eight_programs_write_to_one_log_at_once(tmp_path):
    batches = [[event(answer(f"q{number % 9}"), START + SECOND * number) for number in range(EACH)] for _ in "12345678"]

    def write(number):
        journal = journal_at(tmp_path)
        for happened in batches[number]:
            journal.append([encode(happened)])

    journal_at(tmp_path)
    assert in_children(WRITERS, write) == [0] * WRITERS
    written = lines_of(tmp_path / "history" / "a0000000.jsonl")
    assert len(written) == WRITERS * EACH
    everything = [happened for batch in batches for happened in batch]
    assert sorted(written) == sorted(encode(happened)[:-1] for happened in everything)
    write_log(tmp_path / "one after the other" / "history" / "c0000000.jsonl", everything)
    assert asked(history_at(tmp_path)) == asked(history_at(tmp_path / "one after the other"))


def acknowledging(journal, pipe):
    """Append without end, and say so after each."""
    for number in itertools.count(1):
        happened = event()
        journal.append([encode(happened)])
        os.write(pipe, struct.pack("16s", happened.id.encode()))
        if number > 5000:
            break


def killed_while(work, kill):
    """Let a child work until it is killed; give the ids that it acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            DICE.seed(os.getpid())
            work(writing)
        finally:
            os._exit(1)
    os.close(writing)
    kill(child, reading)
    said = b""
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    return {said[place : place + 16].decode() for place in range(0, len(said), 16)}


@pytest.mark.parametrize("kills", KILLS)
def test_what_was_acknowledged_outlives_a_kill_at_any_moment(tmp_path, kills):
    rng = Random(9)
    journal = journal_at(tmp_path)
    start = total = 0

    def kill(child, reading):
        if rng.random() < 0.75:  # on a busy machine the first answer takes longer than the wait below
            select.select([reading], [], [], PATIENCE)
        time.sleep(rng.uniform(0.002, 0.03))
        os.kill(child, signal.SIGKILL)

    for _ in range(kills):
        said = killed_while(lambda pipe: acknowledging(journal_at(tmp_path), pipe), kill)
        lines = list(read_lines(journal.own, start)) if journal.own.exists() else []
        assert [line.number for line in lines if not is_sealed(line.data)] in ([], [lines[-1].number if lines else 0])
        found = {decode(line.data).id for line in lines if is_sealed(line.data)}
        assert said <= found
        assert len(found) <= len(said) + 1
        total += len(said)
        start = journal.own.stat().st_size if journal.own.exists() else 0
    assert total > kills // 2
    assert len(list(history_at(tmp_path).events())) >= total


def test_a_kill_within_a_write_costs_only_the_line_being_written(tmp_path):
    journal = journal_at(tmp_path)
    everything = set()
    for trial in range(1, 8):

        def torn(pipe, trial=trial):
            real, calls = os.write, itertools.count(1)

            def write(file, data):
                if file != pipe and next(calls) == trial:
                    real(file, data[: len(data) * trial // 8])
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(file, data)

            os.write = write
            acknowledging(journal_at(tmp_path), pipe)

        said = killed_while(torn, lambda *_: None)
        assert len(said) == trial - 1
        everything |= said
        assert [line.torn for line in read_lines(journal.own)][-1]
    assert {decode(line).id for line in sound(journal.own)} == everything
    report = history_at(tmp_path).check().logs[0]
    assert (report.events, report.torn) == (len(everything), len(journal.own.read_bytes().splitlines()))
    assert len(report.damaged) == 6


def shortened(monkeypatch, *lengths):
    """Let the next writes to files fall short: so many bytes, or an error."""
    real, left = os.write, list(lengths)

    def write(file, data):
        length = left.pop(0) if left else len(data)
        if isinstance(length, OSError):
            raise length
        return real(file, data[:length])

    monkeypatch.setattr(os, "write", write)


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("length", [0, 1, 100, len(LINE) - 1])
def test_a_write_that_fell_short_is_done_again_on_a_line_of_its_own(tmp_path, monkeypatch, length):
    journal = journal_at(tmp_path)
    journal.append([OTHER])
    shortened(monkeypatch, length)
    journal.append([LINE])
    assert journal.own.read_bytes().endswith(b"\n" + LINE)
    assert set(sound(journal.own)) == {OTHER[:-1], LINE[:-1]}
    assert history_at(tmp_path).counts(COURSE) == {("colour", 1): Counts(2, 0)}


@pytest.mark.parametrize("lengths", [(FULL,), (40, FULL), (40, 40), (0, 0)])
def test_a_full_disk_is_told_and_costs_nothing_that_was_there(tmp_path, monkeypatch, lengths):
    journal = journal_at(tmp_path)
    journal.append([OTHER])
    shortened(monkeypatch, *lengths)
    with pytest.raises(NotSavedError, match=r"a0000000\.jsonl: .*(No space left|is the disk full\?)"):
        journal.append([LINE])
    assert sound(journal.own) == [OTHER[:-1]]
    journal.append([LINE])
    assert sound(journal.own) == [OTHER[:-1], LINE[:-1]]


@pytest.mark.parametrize("left", [1, 60, len(LINE) - 2, len(LINE) - 1])
def test_after_a_torn_line_the_next_stands_on_its_own(tmp_path, left):
    journal = journal_at(tmp_path)
    journal.append([OTHER])
    with journal.own.open("ab") as file:
        file.write(encode(event(number=3))[:left])
    assert history_at(tmp_path).counts(COURSE) == {("colour", 1): Counts(1, 0)}
    journal.append([LINE])
    assert journal.own.read_bytes().endswith(b"\n" + LINE)
    assert sound(journal.own)[-1] == LINE[:-1]


@pytest.mark.parametrize("fragment", [b"{", LINE[:50], OTHER[:-1], b"\x00" * 300])
def test_a_line_that_another_program_tears_in_between_does_not_take_ours_with_it(tmp_path, monkeypatch, fragment):
    journal = journal_at(tmp_path)
    journal.append([LINE])
    real, raced = os.write, []

    def write(file, data):
        if not raced:
            raced.append(real(file, fragment))
        return real(file, data)

    monkeypatch.setattr(os, "write", write)
    happened = event(number=4)
    journal.append([encode(happened)])
    assert journal.own.read_bytes().endswith(b"\n" + encode(happened))
    assert happened in [found for found, _ in history_at(tmp_path).events()]


def directory(path):
    path.mkdir(parents=True)


def fifo(path):
    path.parent.mkdir()
    os.mkfifo(path)


def loop(path):
    path.parent.mkdir()
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [directory, fifo, loop], ids=lambda make: make.__name__)
def test_what_is_no_file_is_not_written_to(tmp_path, make):
    journal = journal_at(tmp_path)
    make(tmp_path / "history" / "a0000000.jsonl")
    with pytest.raises(NotSavedError, match=r"a0000000\.jsonl: "):
        journal.append([LINE])
    with pytest.raises(NotSavedError, match=r"a0000000\.jsonl: "):
        journal.check_writable()


def test_a_file_in_the_folders_place_is_told(tmp_path):
    (tmp_path / "history").write_text("mine")
    with pytest.raises(NotSavedError, match=r"history/a0000000\.jsonl: "):
        journal_at(tmp_path).append([LINE])
    for ask in (asked, History.check, lambda history: list(history.events()), lambda history: history.merge([])):
        with pytest.raises(SynergyError, match="history: the history cannot be read: Not a directory"):
            ask(history_at(tmp_path))
    assert (tmp_path / "history").read_text() == "mine"


def test_to_find_out_whether_one_can_write_writes_no_answer(tmp_path):
    journal = journal_at(tmp_path)
    journal.check_writable()
    assert list(history_at(tmp_path).events()) == []


def test_a_device_keeps_its_name(tmp_path):
    dice = Random(1)
    names = {Log(tmp_path / "h", tmp_path / "state" / "device", dice.randbytes).own.stem for _ in range(3)}
    assert names == {(tmp_path / "state" / "device").read_text().strip()}
    assert len(names.pop()) == 8
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["device"]


@pytest.mark.parametrize("name", ["..", "a/b", "../../x", "A0000000", "a000000", "\x1b[2J"])
def test_a_device_of_no_name_is_refused(tmp_path, name):
    (tmp_path / "device").write_text(f"{name}\n")
    with pytest.raises(NotSavedError, match="expected 8 hexadecimal digits"):
        Log(tmp_path / "h", tmp_path / "device", DICE.randbytes).append([LINE])
    assert {path.name for path in tmp_path.iterdir()} == {"device", "home"}


def test_an_empty_device_file_is_filled(tmp_path):
    (tmp_path / "device").touch()
    Log(tmp_path / "h", tmp_path / "device", DICE.randbytes).append([LINE])
    assert len((tmp_path / "device").read_text()) == 9


def test_without_a_place_for_the_device_there_is_nothing_to_write(tmp_path):
    journal = Log(tmp_path / "h", None, DICE.randbytes)
    with pytest.raises(NotSavedError, match="no home folder"):
        journal.append([LINE])
    assert journal.files() == []
    folder = Log(tmp_path / "h", tmp_path, DICE.randbytes)
    with pytest.raises(NotSavedError, match="Is a directory"):
        folder.append([LINE])


@given(st.lists(st.sampled_from([LINE, OTHER, b"\n", b"  \n", b"damaged\n", LINE[:-1], b"x"]), max_size=12))
def test_a_log_reads_backwards_as_it_reads_forwards(tmp_path, pieces):
    path = tmp_path / "log"
    path.write_bytes(b"".join(pieces))
    lines = list(read_lines(path))
    assert [line for line in lines_from_the_end(path) if line.strip()] == [line.data for line in lines[::-1]]
    data = path.read_bytes()
    assert [data[line.start : line.end].rstrip(b"\n") for line in lines] == [line.data for line in lines]
    assert [line.torn for line in lines[:-1]] == [False] * (len(lines) - 1)
    for line in lines:
        rest = [(later.start, later.data) for later in lines if later.start >= line.end]
        assert [(later.start, later.data) for later in read_lines(path, line.end)] == rest


def test_long_logs_read_backwards_over_all_borders(tmp_path):
    events = past(600)
    path = write_log(tmp_path / "log", events)
    assert path.stat().st_size > 2 * 65536
    assert list(lines_from_the_end(path)) == [encode(happened)[:-1] for happened in events[::-1]]


@pytest.mark.deep
def test_a_line_without_end_takes_neither_memory_nor_time(tmp_path):
    path = tmp_path / "history" / "zeros.jsonl"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    history = history_at(tmp_path)
    tracemalloc.start()
    try:
        assert asked(history) == ({}, {}, {}, {}, dict.fromkeys(asked(history)[4], 0), frozenset(), ((0, 0, 0),) * 3)
        (merged,) = history.merge([path])
        assert "contains no synergy events" in merged.trouble
        assert sum(map(len, lines_from_the_end(path))) > 0
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * 1024 * 1024
    history.save(COURSE, answer())
    history.refresh()
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0)}


FOREIGN = {
    "png": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + Random(5).randbytes(5000)),
    "empty": lambda path: path.touch(),
    "directory": lambda path: path.mkdir(),
    "fifo": os.mkfifo,
    "loop": lambda path: path.symlink_to(path.name),
    "dangling": lambda path: path.symlink_to("nowhere"),
    "null": lambda path: path.symlink_to("/dev/null"),
    "zero": lambda path: path.symlink_to("/dev/zero"),
    "newlines": lambda path: path.write_bytes(b"\n" * 7000),
    "other json": lambda path: path.write_text('{"deck": 1}\n[1, 2]\n'),
}


@pytest.mark.parametrize("name", ["x.jsonl", os.fsdecode(b"Kopie f\xfcr Ute.jsonl")], ids=ascii)
@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_files_in_the_folder_do_no_harm(tmp_path, kind, name):
    history = history_at(tmp_path)
    history.save(COURSE, answer())
    path = tmp_path / "history" / name
    FOREIGN[kind](path)
    for _ in range(2):
        told = []
        again = history_at(tmp_path, told=told)
        assert again.counts(COURSE) == {("colour", 1): Counts(1, 0)}
        assert all(line.isprintable() for line in told)
        again.check()
    history.save(COURSE, answer())
    again.refresh()
    assert again.counts(COURSE) == {("colour", 1): Counts(2, 0)}
    assert os.path.lexists(path)


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_is_merged_to_no_effect_or_told(tmp_path, kind):
    path = tmp_path / "x"
    FOREIGN[kind](path)
    history = history_at(tmp_path)
    if kind in {"empty", "newlines"}:
        assert [(merged.taken, merged.known) for merged in history.merge([path])] == [(0, 0)]
    else:
        reason = "contains no synergy events" if path.is_file() else "cannot be read: "
        (merged,) = history.merge([path])
        assert merged.trouble.startswith(f"{path}: {reason}")
    assert list(history.events()) == []


def test_a_clock_that_cannot_be_right_is_told_and_writes_nothing_unreadable(tmp_path):
    for at, year in ((0, "1970"), (4_200_000_000 * SECOND, "2103")):
        with pytest.raises(NotSavedError, match=f"the clock says {year}-"):
            history_at(tmp_path, clock=Clock(at)).save(COURSE, answer())
    assert not (tmp_path / "history").exists()
