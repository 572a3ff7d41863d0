"""The index may be lost, damaged or old at any time: it costs a moment, and never a wrong answer for good."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import time
from random import Random

import pytest

from learner import first_or_deep
from records import (
    COURSE,
    DAMAGES,
    DAY,
    DICE,
    SECOND,
    START,
    TODAY,
    TRIALS,
    Clock,
    afresh,
    answer,
    asked,
    bytes_below,
    event,
    history_at,
    in_children,
    missed,
    past,
    seal,
    write_log,
)
from synergy_cli.errors import SynergyError
from synergy_cli.history import index as index_room
from synergy_cli.history.events import MOST_REVISION, Undo
from synergy_cli.history.history import History
from synergy_cli.history.index import APPLICATION, VERSION, Counts
from synergy_cli.history.log import read_lines
from synergy_cli.replay import reads

LEARNERS, ANSWERS = 8, 12
KILLS = first_or_deep(10, 25)
NEWER = seal(b'{"v":2,"act":"dance"')


@pytest.fixture
def studied(tmp_path):
    """Give a folder with the logs of three devices, and an index that knows them."""
    events = past(48, questions=6)
    for device in range(3):
        write_log(tmp_path / "history" / f"{device}0000000.jsonl", events[device::3])
    asked(history_at(tmp_path))
    return tmp_path


def index_of(root):
    return history_at(root).index_path


def sql(path, *statements):
    db = sqlite3.connect(path, isolation_level=None)
    try:
        return [db.execute(statement).fetchall() for statement in statements]
    finally:
        db.close()


def agrees(root, truth):
    """Hold an index to what the logs come to: at once, when it was made anew, or when `check` has found it wrong."""
    history = history_at(root)
    if asked(history) == truth:
        return True
    if asked(history) != truth:
        assert history_at(root).check().mended > 0
    return asked(history_at(root)) == truth


def test_a_second_start_reads_nothing_again(studied, monkeypatch):
    truth = afresh(studied)
    monkeypatch.setattr(index_room, "read_lines", lambda *_: pytest.fail("it was all read before"))
    assert asked(history_at(studied)) == truth


def test_a_later_start_reads_only_what_is_new(studied, monkeypatch):
    history_at(studied).save(COURSE, answer("new"))
    starts = []
    monkeypatch.setattr(index_room, "read_lines", lambda path, start: starts.append(start) or read_lines(path, start))
    assert history_at(studied).counts(COURSE)["new", 1] == Counts(1, 0)
    assert starts == [0]
    history_at(studied, device="00000000").save(COURSE, answer("new"))
    size = (studied / "history" / "00000000.jsonl").stat().st_size
    assert history_at(studied).counts(COURSE)["new", 1] == Counts(2, 0)
    assert 0 < starts[1] < size


@pytest.mark.sampled
@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_index_is_found_out_or_answers_right(studied, kind):
    truth, path, logs = afresh(studied), index_of(studied), bytes_below(studied / "history")
    whole = path.read_bytes()
    rng = Random(kind)
    for _ in range(TRIALS):
        path.write_bytes(DAMAGES[kind](whole, rng))
        assert agrees(studied, truth)
    assert bytes_below(studied / "history") == logs
    assert [kept.name for kept in path.parent.iterdir()] == [path.name]


@pytest.mark.sampled
@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_index_takes_in_what_is_new_or_is_made_anew(studied, kind):
    path = index_of(studied)
    whole = path.read_bytes()
    write_log(studied / "history" / "30000000.jsonl", past(40, seed=4))
    truth = afresh(studied)
    rng = Random(kind)
    for _ in range(TRIALS // 8):
        path.write_bytes(DAMAGES[kind](whole, rng))
        assert agrees(studied, truth)


@pytest.mark.parametrize("kind", DAMAGES)
def test_an_index_that_is_damaged_while_it_is_open_never_ends_the_session(studied, kind):
    rng = Random(kind)
    for number in range(6):
        history = history_at(studied)
        asked(history)
        path = history.index_path
        path.write_bytes(DAMAGES[kind](path.read_bytes(), rng))
        history.save(COURSE, answer(f"q{number}"))
        history.refresh()
        asked(history)
        assert agrees(studied, afresh(studied))


def older(path):
    sql(path, f"pragma user_version = {VERSION - 1}")


def newer(path):
    sql(path, f"pragma user_version = {VERSION + 1}", "alter table cards add column mood text")


def another_programs(path):
    path.unlink()
    sql(path, "create table notes (id integer primary key, text)", "insert into notes values (1, 'mine')")


def pretending(path):
    path.unlink()
    sql(path, f"pragma application_id = {APPLICATION}", f"pragma user_version = {VERSION}", "create table files (x)")


def directory(path):
    path.unlink()
    path.mkdir()


def fifo(path):
    path.unlink()
    os.mkfifo(path)


def loop(path):
    path.unlink()
    path.symlink_to(path.name)


def no_database(path):
    path.write_bytes(b"\x89PNG" * 4000)


def empty(path):
    path.write_bytes(b"")


CHANGES = [os.unlink, older, newer, another_programs, pretending, directory, fifo, loop, no_database, empty]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_an_index_that_is_missing_or_not_ours_is_made_anew(studied, change):
    truth, path = afresh(studied), index_of(studied)
    change(path)
    assert asked(history_at(studied)) == truth
    if change is not directory:
        assert sql(path, "pragma user_version", "pragma application_id") == [[(VERSION,)], [(APPLICATION,)]]
        assert asked(history_at(studied)) == truth


@pytest.mark.parametrize("where", ["a file", "too long a name", "nowhere"])
def test_without_room_for_an_index_all_is_known_all_the_same(studied, where):
    truth = afresh(studied)
    folder = {"a file": "device-a0000000", "too long a name": "x" * 300, "nowhere": None}[where]
    history = history_at(studied, index=folder)
    assert asked(history) == truth
    history.save(COURSE, answer("new"))
    history.refresh()
    assert history.counts(COURSE)["new", 1] == Counts(1, 0)
    assert history.check().mended == 0


def test_an_index_that_cannot_be_written_is_told_where_it_costs_time(studied, monkeypatch):
    (studied / "cache").rename(studied / "before")
    (studied / "cache").write_text("in the way", encoding="utf-8")
    told = []
    asked(history_at(studied, told=told))
    assert told == []
    monkeypatch.setattr(index_room, "MANY", 100)
    asked(history_at(studied, told=told))
    (note,) = told
    assert note.startswith("Reading 0 MiB of history again at each start, because the index cannot be written: ")
    assert note.endswith(f"{index_of(studied)}: File exists")


def test_an_index_that_is_damaged_again_at_once_is_told_as_an_error_of_the_disk(studied, monkeypatch):
    def broken(*_):
        raise index_room.IndexDamagedError("disk I/O error")

    monkeypatch.setattr(index_room.Index, "counts", broken)
    with pytest.raises(SynergyError, match="the index of the history cannot be used: disk I/O error"):
        history_at(studied).counts(COURSE)


def test_the_cards_of_more_questions_than_fit_in_a_query_are_found(tmp_path, monkeypatch):
    connect = sqlite3.connect

    def limited(*arguments, **options):
        db = connect(*arguments, **options)
        db.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)  # the usual one; some builds have another
        return db

    monkeypatch.setattr(index_room.sqlite3, "connect", limited)
    history = history_at(tmp_path)
    history.save(COURSE, answer("q1"))
    history.save(COURSE, answer("other"))
    questions = [f"q{number}" for number in range(40_000)]
    assert set(history.cards(COURSE, questions)) == {("q1", 1)}


class ReadOnly:
    """A folder that may be read, for anybody but root: SQLite opens its files accordingly."""

    def __init__(self, monkeypatch):
        real = sqlite3.connect

        def connect(path, **options):
            return real(path if path == ":memory:" else f"file:{path}?mode=ro", uri=True, **options)

        monkeypatch.setattr(index_room.sqlite3, "connect", connect)


def test_an_index_that_may_only_be_read_is_not_believed_when_it_is_old(studied, monkeypatch):
    ReadOnly(monkeypatch)
    assert asked(history_at(studied)) == afresh(studied)
    history = history_at(studied)
    asked(history)
    history.save(COURSE, answer("new"))
    history.refresh()
    assert history.counts(COURSE)["new", 1] == Counts(1, 0)
    assert history_at(studied).counts(COURSE)["new", 1] == Counts(1, 0)


def test_a_wrong_index_that_may_only_be_read_is_not_believed_after_a_check(studied, monkeypatch):
    truth = afresh(studied)
    sql(index_of(studied), "update cards set answers = answers + 1")
    ReadOnly(monkeypatch)
    history = history_at(studied)
    assert asked(history) != truth
    assert history.check().mended > 0
    assert asked(history) == truth


WRONG = {
    "a due day": "update cards set due = due + 1 where id = (select max(id) from cards where due is not null)",
    "a count": "update cards set missed = missed + 1 where id = 1",
    "a confidence": "update cards set sure_wrong = sure_wrong + 1 where id = 1",
    "a page": "update reading set day = day + 100",
    "an answer that is set aside": "update cards set latest = latest - 1 where id = 1",
    "a question that is set aside": "update cards set suspended = 1 - coalesce(suspended, 0) where id = 1",
    "a lost page": "delete from reading",
    "a lost answer": "delete from events where at = (select max(at) from events)",
    "an answer that was taken back": "update events set void = 1 - void",
}


@pytest.mark.parametrize("statement", WRONG.values(), ids=WRONG)
def test_a_check_finds_and_mends_a_row_that_is_wrong(studied, statement):
    truth = afresh(studied)
    sql(index_of(studied), statement)
    history = history_at(studied)
    assert history.check().mended > 0
    assert asked(history) == truth
    assert asked(history_at(studied)) == truth
    assert history_at(studied).check().mended == 0


def test_a_check_finds_out_that_days_are_listed_wrong(studied):
    """SQLite keeps a list of its own for `days`; here it lacks what the table has."""
    truth, path = afresh(studied), index_of(studied)
    sql(
        path,
        "pragma writable_schema = on",
        "update sqlite_schema set sql = replace(sql, 'void = 0', 'void = 0 and day % 2') where name = 'by_day'",
        "pragma user_version",
    )
    sql(path, "reindex by_day", "pragma writable_schema = on")
    sql(
        path,
        "pragma writable_schema = on",
        "update sqlite_schema set sql = replace(sql, 'void = 0 and day % 2', 'void = 0') where name = 'by_day'",
    )
    assert asked(history_at(studied)) != truth
    assert agrees(studied, truth)


@pytest.mark.parametrize(
    "change",
    [
        "stability = null",
        "stability = 0",
        "stability = -1",
        "stability = 1e300",
        "stability = 'much'",
        "difficulty = null",
        "difficulty = 0.5",
        "difficulty = 9e999",
        "due = null",
        "due = 10000000",
        "due = 1.5",
        "streak = x'00'",
        "passes = 'none'",
        "question = x'ff'",
        "revision = 'one'",
    ],
)
def test_a_card_that_can_be_none_is_not_handed_out(studied, change):
    truth = afresh(studied)
    sql(index_of(studied), f"update cards set {change} where id = (select min(id) from cards where first is not null)")
    assert history_at(studied).cards(COURSE) == truth[0]


def test_a_log_that_shrank_is_read_anew(studied):
    log = studied / "history" / "10000000.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:10]))
    before = afresh(studied)
    assert asked(history_at(studied)) == before


def test_a_log_that_was_replaced_is_read_anew(studied):
    log = studied / "history" / "10000000.jsonl"
    write_log(log, past(120, seed=77))
    assert asked(history_at(studied)) == afresh(studied)


def test_a_log_that_is_gone_no_longer_counts(studied):
    (studied / "history" / "10000000.jsonl").unlink()
    assert asked(history_at(studied)) == afresh(studied)


def test_a_log_that_a_sync_tool_put_in_place_again_is_not_read_again(studied, monkeypatch):
    truth, log = afresh(studied), studied / "history" / "10000000.jsonl"
    shutil.copy(log, studied / "copy")
    (studied / "copy").replace(log)
    monkeypatch.setattr(History, "_rebuilt", lambda _: pytest.fail("it was all read before"))
    assert asked(history_at(studied)) == truth


def test_a_log_with_a_time_that_no_clock_has_is_read(studied):
    for time_ in (10**19, -(10**18)):
        os.utime(studied / "history" / "10000000.jsonl", ns=(time_, time_))
        assert asked(history_at(studied)) == afresh(studied)


def test_what_is_left_of_a_killed_program_is_not_mixed_into_a_new_index(studied):
    path = index_of(studied)
    journal = path.with_name(f"{path.name}-journal")
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma synchronous = off")  # so that the journal is whole at once
    db.execute("begin immediate")
    db.execute("update cards set answers = answers + 1")
    left = journal.read_bytes()
    db.rollback()
    db.close()
    known = next(iter(history_at(studied).cards(COURSE)))
    journal.write_bytes(left)
    path.unlink()
    history_at(studied, device="20000000").save(COURSE, missed(known[0], revision=known[1]))
    assert asked(history_at(studied)) == afresh(studied)
    assert asked(history_at(studied)) == afresh(studied)


def test_two_sessions_go_on_when_one_of_them_makes_the_index_anew(studied):
    one, two = history_at(studied), history_at(studied, device="b0000000")
    asked(one), asked(two)
    sql(one.index_path, "update cards set answers = 99")
    assert two.check().mended > 0
    for history in (one, two, one):
        history.save(COURSE, answer("new"))
        for other in (one, two):
            other.refresh()
            assert asked(other) == afresh(studied)
    assert asked(history_at(studied)) == afresh(studied)


def test_what_a_session_reads_goes_into_the_index_that_another_made_anew(studied, monkeypatch):
    one, two = history_at(studied), history_at(studied, device="b0000000")
    asked(one), asked(two)
    sql(one.index_path, "update cards set answers = 99")
    assert two.check().mended > 0
    one.save(COURSE, answer("new"))
    one.refresh()
    truth = afresh(studied)
    monkeypatch.setattr(index_room, "read_lines", lambda *_: pytest.fail("it was all read before"))
    assert asked(history_at(studied)) == truth


def test_an_index_that_is_deleted_in_a_session_is_not_missed(studied):
    history = history_at(studied)
    asked(history)
    shutil.rmtree(history.index_path.parent)
    history.save(COURSE, answer("new"))
    history.refresh()
    assert asked(history) == afresh(studied)
    assert asked(history_at(studied)) == afresh(studied)


def test_an_interrupted_reading_leaves_nothing_half_known(studied, monkeypatch):
    history = history_at(studied)
    asked(history)
    history.save(COURSE, answer("new"))
    with monkeypatch.context() as patch:
        patch.setattr(index_room, "card_of", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
        with pytest.raises(SynergyError, match="cannot be read: Input/output error"):
            history.refresh()
    history.refresh()
    assert history.counts(COURSE)["new", 1] == Counts(1, 0)
    assert asked(history) == asked(history_at(studied)) == afresh(studied)


class Failing:
    """A database that cannot begin to write."""

    def __init__(self, db):
        self._db = db

    def __getattr__(self, name):
        return getattr(self._db, name)

    def execute(self, statement, *values):
        if statement.startswith("begin"):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        return self._db.execute(statement, *values)


def test_an_index_that_can_no_longer_be_written_is_made_anew(studied):
    history = history_at(studied)
    asked(history)
    history._index._db = Failing(history._index._db)
    history.save(COURSE, answer("new"))
    history.refresh()
    assert history.counts(COURSE)["new", 1] == Counts(1, 0)


def test_while_another_program_writes_the_index_one_waits_and_then_goes_on_without(studied, monkeypatch):
    monkeypatch.setattr(index_room, "PATIENCE", 0.01)
    truth, told = afresh(studied), []
    history = history_at(studied, told=told)
    asked(history)
    other = sqlite3.connect(history.index_path, isolation_level=None)
    other.execute("begin immediate")
    history.save(COURSE, answer("new"))
    notes = reads.begin()
    history.refresh()
    assert not notes.repeatable
    assert asked(history) == truth
    assert told == ["Another program is writing the index; newer events do not count yet."]
    other.close()
    notes = reads.begin()
    history.refresh()
    assert notes.repeatable
    assert asked(history) == afresh(studied) != truth


@pytest.mark.deep
def test_eight_sessions_share_one_index(tmp_path):
    def study(number):
        DICE.seed(number)
        history = history_at(tmp_path, device=f"{number}0000000", clock=Clock(START + number))
        for turn in range(ANSWERS):
            asked(history)
            history.save(COURSE, (answer, missed)[turn % 2](f"q{turn % 5}"))
            history.refresh()

    assert in_children(LEARNERS, study) == [0] * LEARNERS
    history = history_at(tmp_path)
    counts = history.counts(COURSE)
    assert sum(count.answers for count in counts.values()) == LEARNERS * ANSWERS
    assert history.check().mended == 0
    assert asked(history) == afresh(tmp_path)


def test_lines_of_a_newer_version_are_counted_once_by_two_programs_at_a_time(studied, monkeypatch):
    told = []
    one, two = history_at(studied, told=told), history_at(studied)
    asked(one), asked(two)
    log = studied / "history" / "10000000.jsonl"
    log.write_bytes(log.read_bytes() + NEWER + b"\n")
    real, once = index_room.Index._take_in, []

    def late(index, *arguments):
        if not once:
            once.append(True)
            two.refresh()
        return real(index, *arguments)

    monkeypatch.setattr(index_room.Index, "_take_in", late)
    one.refresh()
    assert [line.partition(" ")[0] for line in told] == ["1"]
    assert one.check().mended == 0


@pytest.mark.parametrize("kills", KILLS)
def test_a_kill_while_the_index_is_written_leaves_it_right(studied, kills):
    rng = Random(3)
    truth = afresh(studied)
    for trial in range(kills):
        child = os.fork()
        if child == 0:
            try:
                DICE.seed(trial)
                history = history_at(studied)
                for number in itertools.count():
                    asked(history)
                    history.save(COURSE, answer(f"q{number % 9}"))
                    history.refresh()
                    if number > 5000:
                        break
            finally:
                os._exit(1)
        time.sleep(rng.uniform(0.005, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert asked(history_at(studied)) == afresh(studied)
    assert afresh(studied) != truth
    assert history_at(studied).check().mended == 0


def test_an_index_is_closed_when_its_history_is_let_go(studied):
    history = history_at(studied)
    asked(history)
    db = history._index._db
    del history
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("select 1")


def test_a_century_of_easy_answers_is_no_damage(tmp_path):
    first = 946_684_800 * SECOND
    days = [0, 1, 10, *range(100, 36_000, 90)]
    events = [event(answer("old", rating=4, revision=MOST_REVISION), first + day * DAY) for day in days]
    write_log(tmp_path / "history" / "a0000000.jsonl", events)
    card = history_at(tmp_path, clock=Clock(events[-1].at)).cards(COURSE)["old", MOST_REVISION]
    assert card.reviews == len(days)
    assert card.due > TODAY + 36_500


def test_other_courses_do_not_mix(tmp_path):
    history = history_at(tmp_path)
    history.save(COURSE, answer())
    history.save("sea", missed())
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0)}
    assert history.counts("sea") == {("colour", 1): Counts(1, 1)}
    assert history.days("sea", 0) == {TODAY: (1, 0)}
    assert asked(history, "land")[:4] == ({}, {}, {}, {})


def test_an_undo_that_comes_before_its_answer_counts_all_the_same(tmp_path):
    taken_back = event(missed(confidence="sure"), number=5)
    kept = event(answer(confidence="sure"), START + DAY, number=6)
    folder = tmp_path / "history"
    write_log(folder / "b0000000.jsonl", [event(Undo("colour", 1, taken_back.id), START + 9), kept])
    history = history_at(tmp_path)
    alone = asked(history)
    assert alone[1] == {("colour", 1): Counts(1, 0)}
    write_log(folder / "c0000000.jsonl", [taken_back])
    history.refresh()
    assert asked(history) == alone == afresh(tmp_path)


def test_the_last_moments_are_taken_by_whole_days(tmp_path):
    history = history_at(tmp_path, clock=Clock(START + 3 * DAY))
    moments = [START + day * DAY + hour * 3600 * SECOND for day in range(3) for hour in range(4)]
    events = [event(answer(f"q{place % 3}", mode="practice"), at) for place, at in enumerate(moments)]
    write_log(tmp_path / "history" / "b0000000.jsonl", [*events, event(answer(), moments[0], course="sea")])
    index = history._index
    taken = [
        sorted(index.moments(COURSE, TODAY + since, enough)) for since, enough in ((0, 1), (0, 5), (0, 99), (1, 99))
    ]
    assert taken == [moments[8:], moments[4:], moments, moments[4:]]
