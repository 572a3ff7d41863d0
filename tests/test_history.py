"""A history comes to the same on every machine, says what is wrong with it, and takes back what was taken back."""

from __future__ import annotations

import itertools
import json
import shutil
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import ROOT, in_process
from records import (
    COURSE,
    DAY,
    SECOND,
    START,
    TODAY,
    Clock,
    afresh,
    answer,
    asked,
    bytes_below,
    event,
    history_at,
    journal_at,
    missed,
    past,
    seal,
    write_log,
)
from synergy_cli.days import study_day
from synergy_cli.errors import SynergyError
from synergy_cli.history.events import (
    MODES,
    Answer,
    Bookmark,
    Fit,
    Forget,
    Overrule,
    Read,
    Suspend,
    Undo,
    encode,
)
from synergy_cli.history.index import Counts, PageProgress
from synergy_cli.history.log import NotSavedError
from synergy_cli.history.memory import WEIGHTS
from synergy_cli.history.scheduler import Review, card_after, recall

DEVICES = ("a0000000", "b0000000", "c0000000")
NEWER = [seal(b'{"v":2,"id":"x","act":"answer","mood":"fine"'), seal(b'{"v":1,"act":"dance"')]

HOUR = 3600 * SECOND
OTHERS = (*WEIGHTS[:2], 9.0, *WEIGHTS[3:])

few = settings(max_examples=12)
seeds = st.integers(0, 2**32)


@pytest.fixture
def root(tmp_path):
    """Give a function that gives a folder of its own for each example."""
    count = itertools.count()
    return lambda: tmp_path / str(next(count))


def shared_out(events, rng):
    """Give each event to a device; its log holds it where its clock put it."""
    logs = {device: [] for device in DEVICES}
    for happened in events:
        logs[rng.choice(DEVICES)].append(happened)
    return logs


@given(seeds, st.integers(1, 30))
@few
def test_all_orders_of_arrival_come_to_the_same(root, seed, count):
    rng, here, there = Random(seed), root(), root()
    events = past(count, seed, questions=4)
    write_log(there / "history" / "d0000000.jsonl", events)
    truth = afresh(there)
    rng.shuffle(events)
    history = history_at(here)
    arriving = [(rng.choice(DEVICES), happened) for happened in events]
    while arriving:
        batch = [arriving.pop() for _ in range(rng.randint(1, len(arriving)))]
        for device, happened in batch:
            journal_at(here, device).append([encode(happened)])
        if rng.random() < 0.7:
            asked(history)
            history.refresh()
    history.refresh()
    assert asked(history) == asked(history_at(here)) == truth
    assert history.check().mended == 0


def replayed(events):
    """Compute the cards from a list of events, without an index."""
    undone = {happened.act.event for happened in events if isinstance(happened.act, Undo)}
    overruled = {
        happened.act.event: happened.act.rating
        for happened in sorted(events, key=lambda happened: (happened.at, happened.id))
        if isinstance(happened.act, Overrule) and happened.id not in undone
    }
    reviews, back = {}, {}
    for happened in sorted(events, key=lambda happened: (happened.at, happened.id)):
        act = happened.act
        if isinstance(act, Suspend) and not act.suspended:
            key, day = (act.question, act.revision), study_day(happened.at, happened.offset)
            back[key] = max(day, back.get(key, day))
        if isinstance(act, Answer) and act.mode == "review" and happened.id not in undone:
            review = Review(study_day(happened.at, happened.offset), overruled.get(happened.id, act.rating))
            reviews.setdefault((act.question, act.revision), []).append(review)
    return {key: card_after(*key, of_one, back=back.get(key, -1)) for key, of_one in reviews.items()}


@given(seeds, st.integers(1, 40), st.lists(st.integers(-50, 50), min_size=2, max_size=4))
@few
def test_at_any_time_that_counts_which_is_not_dated_in_the_future(root, seed, count, clocks):
    rng, folder = Random(seed), root()
    waiting = [
        happened._replace(at=START + rng.randrange(-40 * DAY, 40 * DAY)) for happened in past(count, seed, questions=4)
    ]
    rng.shuffle(waiting)
    arrived = []
    clock = Clock(step=0)
    open_all_along = history_at(folder, clock=clock)
    asked(open_all_along)
    for now in clocks:
        clock.at = START + now * DAY
        while waiting and rng.random() < 0.9:
            arrived.append(waiting.pop())
            journal_at(folder, rng.choice(DEVICES)).append([encode(arrived[-1])])
        counted = [
            happened
            for happened in arrived
            if happened.at <= clock.at + DAY or isinstance(happened.act, Undo | Overrule)
        ]
        alone = root()
        write_log(alone / "history" / "d0000000.jsonl", counted)
        truth = asked(history_at(alone, index=None, clock=Clock(START + 100 * DAY)))
        if rng.random() < 0.5:
            open_all_along.refresh()
            assert asked(open_all_along) == truth
        assert asked(history_at(folder, clock=clock)) == asked(history_at(folder, index=None, clock=clock)) == truth
        assert history_at(folder, clock=clock).check().mended == 0
        assert truth[0] == replayed(counted)


def test_answers_dated_in_the_future_are_told_once_and_count_when_their_day_comes(tmp_path):
    clock = Clock(START + 500 * DAY)
    early = history_at(tmp_path, clock=clock)
    taken_back = [early.save(COURSE, missed(number)) for number in ("q0", "q1", "q2")][2]
    clock.at += 30 * DAY
    early.save(COURSE, answer("q0"))
    early.save(COURSE, Read("sky"))
    truth, lines = asked(early), bytes_below(tmp_path / "history")
    for _ in range(2):
        told = []
        history = history_at(tmp_path, told=told)
        assert asked(history)[:4] == ({}, {}, {}, {})
        history.refresh()
        (note,) = told
        assert note.startswith(
            "4 answers are dated in the future (2027-07-15 to 2027-08-14); they are kept but not used"
        )
        assert note.endswith(" until then. See: synergy history check")
        assert bytes_below(tmp_path / "history") == lines
    assert history.check().logs[0].ahead == 5
    told = []
    history = history_at(tmp_path, clock=Clock(START + 502 * DAY), told=told)
    assert set(history.cards(COURSE)) == {("q0", 1), ("q1", 1), ("q2", 1)}
    assert history.cards(COURSE)["q0", 1].reviews == 1
    assert told[0].startswith("1 answer is dated in the future (2027-08-14); it is kept")
    told = []
    history = history_at(tmp_path, clock=clock, told=told)
    assert (asked(history), told) == (truth, [])
    history_at(tmp_path).undo(taken_back)
    assert ("q2", 1) not in history_at(tmp_path, clock=clock).cards(COURSE)
    asked(history_at(tmp_path, told=told))
    assert told[0].startswith("3 answers are dated")


def test_what_is_up_to_a_day_ahead_counts(tmp_path):
    late = [event(act, START + DAY + 1) for act in (answer("late"), Read("sky"), Read("sea"))]
    events = [*late, event(at=START + DAY), event(Read("sky"), START + DAY)]
    write_log(tmp_path / "history" / "b0000000.jsonl", events)
    history = history_at(tmp_path, clock=Clock(step=0))
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0)}
    assert history.days(COURSE, 0) == {TODAY + 1: (1, 1)}
    assert history.pages(COURSE) == {"sky": TODAY + 1}


def page(history):
    return history.reading(COURSE).get("sky")


SUPERSEDING = {
    "forget": (page, [Read("sky"), Bookmark("sky", 1, 5, 40)], Forget("sky"), None),
    "read": (page, [Read("sky"), Forget("sky")], Read("sky"), PageProgress(TODAY, -1, 0, 100)),
    "bookmark": (page, [Bookmark("sky", 1, 5, 40)], Bookmark("sky", 2, 7, 60), PageProgress(None, 2, 7, 60)),
    "suspend": (
        lambda history: history.aside(COURSE),
        [answer(), Suspend("colour", 1, suspended=False)],
        Suspend("colour", 1, suspended=True),
        {("colour", 1)},
    ),
    "resume": (
        lambda history: history.aside(COURSE),
        [answer(), Suspend("colour", 1, suspended=True)],
        Suspend("colour", 1, suspended=False),
        set(),
    ),
    "default weights": (lambda history: history.model(COURSE).weights, [Fit(OTHERS, 400)], Fit((), 0), WEIGHTS),
}


@pytest.mark.parametrize(("ask", "before", "act", "expected"), SUPERSEDING.values(), ids=SUPERSEDING)
def test_what_is_done_last_holds_though_the_clock_is_behind(tmp_path, ask, before, act, expected):
    """The log of another device is six hours ahead, and later this device is asked again, and a third one."""
    ahead = history_at(tmp_path, "b0000000", clock=Clock(START + 6 * HOUR))
    for earlier in before:
        ahead.save(COURSE, earlier)
    history = history_at(tmp_path)
    assert ask(history) != expected
    saved = history.save(COURSE, act)
    assert saved.at < START + 7 * HOUR
    history.refresh()
    ahead.refresh()
    assert ask(history) == ask(ahead) == ask(history_at(tmp_path, index=None)) == expected


@pytest.mark.parametrize("device", ["a0000000", "b0000000"])
def test_what_is_done_again_holds_in_one_run_though_the_clock_is_behind(tmp_path, device):
    history_at(tmp_path, device, clock=Clock(START + 6 * HOUR)).save(COURSE, Read("sky"))
    history = history_at(tmp_path)
    for act, expected in [(Forget("sky"), None), (Read("sky"), PageProgress(TODAY, -1, 0, 100))] * 2:
        history.save(COURSE, act)
        assert page(history_at(tmp_path)) == expected


def test_an_answer_keeps_the_time_of_the_clock_whatever_was_done_before(tmp_path):
    history_at(tmp_path, "b0000000", clock=Clock(START + 20 * HOUR)).save(COURSE, Read("sky"))
    history = history_at(tmp_path)
    history.save(COURSE, Forget("sky"))
    assert history.save(COURSE, answer()).at < START + HOUR


def test_what_is_dated_in_the_future_does_not_draw_others_there(tmp_path):
    history_at(tmp_path, "b0000000", clock=Clock(START + 500 * DAY)).save(COURSE, Read("sky"))
    history = history_at(tmp_path)
    assert history.save(COURSE, Forget("sky")).at < START + HOUR
    assert page(history_at(tmp_path)) is None
    assert page(history_at(tmp_path, clock=Clock(START + 501 * DAY))) is not None


def test_an_undo_holds_though_the_clock_is_behind(tmp_path):
    given_ = history_at(tmp_path, clock=Clock(START + 6 * HOUR)).save(COURSE, answer())
    history = history_at(tmp_path)
    history.undo(given_)
    assert history_at(tmp_path).counts(COURSE) == {}


def exports(folder, logs):
    return [write_log(folder / f"{device}.jsonl", events) for device, events in logs.items()]


@given(seeds, st.integers(1, 30))
@few
def test_machines_that_exchange_logs_in_any_way_agree(root, seed, count):
    rng, folder = Random(seed), root()
    slow, fast = (rng.randrange(-DAY, DAY) for _ in "12")
    logs = shared_out(past(count, seed, questions=4), rng)
    logs["b0000000"] = [happened._replace(at=happened.at + slow) for happened in logs["b0000000"]]
    logs["c0000000"] = [happened._replace(at=happened.at + fast) for happened in logs["c0000000"]]
    files = exports(folder / "exports", logs)
    shutil.copytree(folder / "exports", folder / "synced" / "history")
    truth = afresh(folder / "synced")
    for number, order in enumerate(itertools.permutations(files)):
        merged = history_at(folder / f"merged-{number}")
        merged.merge(order)
        merged.refresh()
        assert asked(merged) == truth

    in_twos = history_at(folder / "in twos")
    pair = history_at(folder / "pair")
    pair.merge(files[1:])
    in_twos.merge([files[0]])
    in_twos.merge(pair.log.files())
    assert asked(in_twos) == truth

    before = bytes_below(in_twos.log.folder) if any(logs.values()) else {}
    again = in_twos.merge([*files, *files, *in_twos.log.files()])
    assert sum(merged.taken for merged in again) == 0
    assert all(in_twos.log.folder.joinpath(path.name).read_bytes() == data for path, data in before.items())
    assert asked(in_twos) == truth


def test_logs_that_share_events_are_joined_without_counting_twice(tmp_path):
    events = past(60)
    for number, (start, end) in enumerate([(0, 40), (20, 60), (0, 60)]):
        write_log(tmp_path / "history" / f"a000000{number}.jsonl", events[start:end])
    write_log(tmp_path / "one" / "history" / "a0000000.jsonl", events)
    assert afresh(tmp_path) == afresh(tmp_path / "one")
    assert history_at(tmp_path).check().repeated == 80


@given(seeds, st.integers(0, 12), st.booleans())
@few
def test_an_answer_that_is_taken_back_leaves_no_trace(root, seed, count, early):
    folder, rng = root(), Random(seed)
    write_log(folder / "history" / "b0000000.jsonl", past(count, seed, questions=3))
    truth = afresh(folder)
    history = history_at(folder, clock=Clock(START + rng.randrange(30) * DAY))
    asked(history)
    act = rng.choice((answer, missed))(
        f"q{rng.randrange(4)}", mode=rng.choice(MODES), confidence=rng.choice(("", "sure", "guess"))
    )
    if early:
        taken_back = event(act, START + DAY)
        history.save(COURSE, Undo(act.question, act.revision, taken_back.id))
        history.refresh()
        assert asked(history) == truth
        journal_at(folder, "c0000000").append([encode(taken_back)])
    else:
        history.undo(history.save(COURSE, act))
    history.refresh()
    assert asked(history) == asked(history_at(folder)) == truth


def test_an_undo_takes_back_one_answer_and_no_other(tmp_path):
    history = history_at(tmp_path)
    first, second = history.save(COURSE, missed(confidence="sure")), history.save(COURSE, answer(confidence="guess"))
    history.save(COURSE, answer(revision=2))
    assert history.counts(COURSE) == {("colour", 1): Counts(2, 1), ("colour", 2): Counts(1, 0)}
    history.undo(first)
    history.refresh()
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0), ("colour", 2): Counts(1, 0)}
    assert history.days(COURSE, 0) == {TODAY: (2, 2)}
    assert {rated: n for rated, n in history.confidences(COURSE).items() if n} == {("guess", True): 1}
    history.undo(second)
    history.undo(second)
    history.refresh()
    assert history.counts(COURSE) == {("colour", 2): Counts(1, 0)}


def test_an_overruled_answer_counts_as_right_until_the_overrule_is_undone(tmp_path):
    history = history_at(tmp_path)
    wrong = history.save(COURSE, missed(confidence="sure"))
    before = asked(history)
    overrule = history.save(COURSE, Overrule("colour", 1, wrong.id, 3))
    history.refresh()
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0)}
    assert history.days(COURSE, 0) == {TODAY: (1, 1)}
    assert {rated: n for rated, n in history.confidences(COURSE).items() if n} == {("sure", True): 1}
    right = history_at(tmp_path / "right")
    right.save(COURSE, answer(confidence="sure"))
    assert history.cards(COURSE) == right.cards(COURSE)
    later = history_at(tmp_path, clock=Clock(START + 8 * DAY))
    later.save(COURSE, answer())
    chance = recall(right.cards(COURSE)["colour", 1], TODAY + 8)
    assert later.measured(COURSE) == ((1, 1, round(chance * 1_000_000)), (0, 0, 0), (0, 0, 0))
    later.undo(later.last_answer())
    history.refresh()
    assert history.last_answer() == overrule
    history.undo(overrule)
    history.refresh()
    assert asked(history) == before
    assert history.last_answer() == wrong
    history.save(COURSE, Overrule("colour", 1, wrong.id, 3))
    history.undo(wrong)
    history.refresh()
    assert history.counts(COURSE) == {}
    assert history.last_answer() is None


def test_the_last_answer_is_the_last_that_still_counts(tmp_path):
    history = history_at(tmp_path)
    assert history.last_answer() is None
    saved = [
        history.save(COURSE, answer("q0")),
        history.save("sea", answer("tide")),
        history.save(COURSE, answer("q1")),
    ]
    history.save(COURSE, Read("sky"))
    journal_at(tmp_path, "b0000000").append([encode(event(answer("elsewhere"), START + DAY))])
    for expected in saved[::-1]:
        assert history.last_answer() == expected
        history.undo(expected)
    assert history.last_answer() is None


def test_the_last_answer_is_found_beside_damage(tmp_path):
    history = history_at(tmp_path)
    kept = history.save(COURSE, answer("kept"))
    history.save(COURSE, answer("spoilt"))
    log = history.log.own
    log.write_bytes(log.read_bytes().replace(b"spoilt", b"sp0ilt") + NEWER[0] + b'\n{"v":1,"id":"torn')
    assert history.last_answer() == kept


def test_what_is_no_answer_cannot_be_taken_back(tmp_path):
    history = history_at(tmp_path)
    history.undo(history.save(COURSE, Read("sky")))
    assert history.pages(COURSE) == {"sky": TODAY}
    assert [happened.act for happened, _ in history.events()] == [Read("sky")]


@pytest.mark.parametrize("mode", MODES)
def test_only_reviews_schedule_and_all_answers_count(tmp_path, mode):
    clock = Clock()
    history = history_at(tmp_path, clock=clock)
    history.save(COURSE, answer())
    before = history.cards(COURSE)
    clock.at += 5 * DAY
    history.save(COURSE, missed(mode=mode))
    history.refresh()
    assert (history.cards(COURSE) != before) == (mode == "review")
    assert history.counts(COURSE) == {("colour", 1): Counts(2, 1)}
    assert history.days(COURSE, 0) == {TODAY: (1, 1), TODAY + 5: (1, 0)}
    assert history.days(COURSE, TODAY + 1) == {TODAY + 5: (1, 0)}


def test_practice_first_leaves_the_days_review_to_schedule(tmp_path):
    history = history_at(tmp_path)
    history.save(COURSE, missed(mode="practice"))
    assert history.cards(COURSE) == {}
    history.save(COURSE, answer())
    history.refresh()
    assert history.cards(COURSE)["colour", 1].passes == 1


@given(seeds)
@settings(max_examples=15)
def test_the_first_answer_of_a_study_day_schedules_and_no_later_one(root, seed):
    folder, rng = root(), Random(seed)
    clock = Clock(START, offset=rng.randrange(-43200, 43200, 900))
    history = history_at(folder, clock=clock)
    history.save(COURSE, answer())
    cards = history.cards(COURSE)
    day = history.today
    midnight_passed = 0
    while True:
        clock.at += rng.randrange(3600) * SECOND
        if history.today != day:
            break
        history.save(COURSE, rng.choice((answer, missed))())
        midnight_passed += (clock.at + clock.offset * SECOND) // DAY != (START + clock.offset * SECOND) // DAY
        history.refresh()
        assert history.cards(COURSE) == cards
    assert midnight_passed or (START // SECOND + clock.offset) % 86400 < 4 * 3600 + 3600
    history.save(COURSE, answer())
    history.refresh()
    assert history.cards(COURSE)["colour", 1].reviews == 2


def test_every_revision_has_a_card_of_its_own(tmp_path):
    clock = Clock()
    history = history_at(tmp_path, clock=clock)
    history.save(COURSE, answer())
    first = history.cards(COURSE)["colour", 1]
    clock.at += 10 * DAY
    history.save(COURSE, missed(revision=2))
    history.refresh()
    cards = history.cards(COURSE)
    assert cards["colour", 1] == first
    assert (cards["colour", 2].first, cards["colour", 2].reviews) == (TODAY + 10, 1)


def test_a_page_was_read_on_the_last_day_it_was_read(tmp_path):
    clock = Clock()
    history = history_at(tmp_path, clock=clock)
    history.save(COURSE, Read("sky"))
    clock.at += 3 * DAY
    history.save(COURSE, Read("sky"))
    clock.at -= 2 * DAY
    history_at(tmp_path, clock=clock).save(COURSE, Read("sky"))
    clock.at += 2 * DAY
    assert history.pages(COURSE) == {"sky": TODAY + 3}


def test_answers_keep_their_order_though_the_clock_stands_still_or_goes_back(tmp_path):
    clock = Clock(step=-SECOND)
    history = history_at(tmp_path, clock=clock)
    moments = [history.save(COURSE, answer()).at for _ in range(5)]
    assert moments == sorted(set(moments))


def test_another_retention_has_an_index_of_its_own(tmp_path):
    history = history_at(tmp_path)
    history.save(COURSE, answer())
    eager = history_at(tmp_path, retention=0.97)
    assert eager.cards(COURSE)["colour", 1].due < history.cards(COURSE)["colour", 1].due
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_histories_in_two_folders_share_a_cache_and_nothing_else(tmp_path):
    one, two = (history_at(tmp_path / name, index=tmp_path / "cache") for name in ("one", "two"))
    one.save(COURSE, answer())
    assert (len(one.cards(COURSE)), len(two.cards(COURSE))) == (1, 0)


def test_a_check_names_all_that_is_wrong(tmp_path):
    folder = tmp_path / "history"
    events = past(20)
    lines = [encode(happened) for happened in events]
    lines[3] = lines[3].replace(b"sky", b"sea")
    lines[7] = b"what is this?\n"
    lines[9] = NEWER[0] + b"\n"
    lines[12], lines[13] = lines[13], lines[12]
    (write_log(folder / "a0000000.jsonl", []), folder.joinpath("a0000000.jsonl").write_bytes(b"".join(lines)[:-9]))
    twin = encode(events[5]._replace(at=events[5].at + 1))
    ahead = encode(event(at=START + 400 * DAY))
    (folder / "b0000000.jsonl").write_bytes(lines[0] + twin + NEWER[1] + b"\n" + ahead)
    report = history_at(tmp_path, clock=Clock(START + 300 * DAY)).check()
    first, second = report.logs
    assert first.path.name == "a0000000.jsonl"
    assert first.damaged == ((4, "the checksum does not match"), (8, "not an event"))
    assert (first.events, first.torn, first.newer, first.backwards, first.ahead) == (16, 20, 1, 1, 0)
    assert (second.events, second.torn, second.newer, second.damaged, second.ahead) == (3, None, 1, (), 1)
    assert (report.repeated, report.clashing, report.mended) == (1, (events[5].id,), 0)
    assert report.sound is False


def test_a_check_of_a_sound_history_finds_nothing(tmp_path):
    for number, device in enumerate(DEVICES):
        write_log(tmp_path / "history" / f"{device}.jsonl", past(30, seed=number))
    before = bytes_below(tmp_path / "history")
    report = history_at(tmp_path, clock=Clock(START + 300 * DAY)).check()
    assert [(log.events, log.damaged, log.torn, log.backwards, log.ahead) for log in report.logs] == [
        (30, (), None, 0, 0)
    ] * 3
    assert (report.sound, report.repeated, report.clashing, report.mended) == (True, 0, (), 0)
    assert bytes_below(tmp_path / "history") == before
    assert history_at(tmp_path / "nothing").check().logs == ()


def test_a_check_within_a_session_sees_what_was_just_saved(tmp_path):
    history = history_at(tmp_path)
    asked(history)
    history.save(COURSE, answer())
    assert history.check().mended == 0
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0)}


def test_what_0_1_0_wrote_comes_to_the_same_as_it_did_there(tmp_path):
    """Both files were written by it: the log of nine sessions, and the cards, counts and pages that it made of them."""
    earlier = ROOT / "tests" / "earlier"
    log = tmp_path / "history" / "a0000000.jsonl"
    log.parent.mkdir()
    shutil.copy(earlier / "0.1.0.jsonl", log)
    then = json.loads((earlier / "0.1.0.json").read_text("utf-8"))
    history = history_at(tmp_path)
    cards = [list(card[: len(then["cards"][0])]) for _, card in sorted(history.cards("binary-numbers").items())]
    assert cards == [[*card[:5], *map(pytest.approx, card[5:7]), *card[7:]] for card in then["cards"]]
    assert [[*key, *count] for key, count in sorted(history.counts("binary-numbers").items())] == then["counts"]
    assert history.pages("binary-numbers") == then["pages"]
    assert history.check().sound


def test_what_a_newer_version_wrote_is_kept_counted_and_told_and_not_used(tmp_path):
    history = history_at(tmp_path)
    history.save(COURSE, answer())
    truth = asked(history)
    log = history.log.own
    log.write_bytes(log.read_bytes() + b"\n".join([*NEWER, b""]))
    for _ in range(2):
        told = []
        again = history_at(tmp_path, told=told)
        assert asked(again)[:2] == truth[:2]
        assert told == ["2 events were written by a newer version of synergy; they are kept but not used."]
        again.save(COURSE, Read("sky"))
        again.refresh()
        asked(again)
        assert len(told) == 1
    assert again.check().logs[0].newer == 2
    assert again.check().sound
    other = history_at(tmp_path / "other")
    assert [(merged.taken, merged.damaged) for merged in other.merge([log])] == [(5, ())]
    assert other.log.taken_in.read_bytes() == log.read_bytes()
    assert [(merged.taken, merged.known) for merged in other.merge([log])] == [(0, 5)]


def test_damaged_lines_are_told_once_with_the_log_they_stand_in(tmp_path):
    history = history_at(tmp_path)
    for _ in range(3):
        history.save(COURSE, answer())
    log = history.log.own
    log.write_bytes(log.read_bytes().replace(b"colour", b"colors", 1))
    told = []
    assert history_at(tmp_path, told=told).counts(COURSE) == {("colour", 1): Counts(2, 0)}
    assert told == [
        "a0000000.jsonl: 1 damaged line ignored. See: synergy history check",
    ]
    told.clear()
    history_at(tmp_path, told=told).counts(COURSE)
    assert told == []


def test_much_to_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("synergy_cli.history.index.MANY", 1000)
    write_log(tmp_path / "history" / "b0000000.jsonl", past(20))
    told = []
    asked(history_at(tmp_path, told=told))
    assert told == ["Reading 0 MiB of history once; later starts are quick."]


def test_a_bar_shows_how_much_of_a_lot_is_read_and_reaches_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr("synergy_cli.history.index.MANY", 1000)
    monkeypatch.setattr("synergy_cli.history.index.BATCH", 5)
    size = write_log(tmp_path / "history" / "b0000000.jsonl", past(20)).stat().st_size
    shown, done = [], []

    @contextmanager
    def bar(title, total):
        shown.append((title, total))
        yield done.append

    asked(history_at(tmp_path, bar=bar))
    assert shown == [("Reading", size)]
    assert len(done) > 20 // 5
    assert done == sorted(done)
    assert done[-1] == size


def test_a_bar_shows_how_much_is_checked_and_merged(tmp_path, monkeypatch):
    monkeypatch.setattr("synergy_cli.history.history.MANY", 1000)
    monkeypatch.setattr("synergy_cli.history.history.MANY_LINES", 5)
    shown, done = [], []

    @contextmanager
    def bar(title, total):
        shown.append((title, total))
        yield done.append

    export = write_log(tmp_path / "export", past(23))
    history = history_at(tmp_path, bar=bar)
    history.merge([export])
    history.check()
    sizes = [path.stat().st_size for path in (export, history.log.taken_in)]
    assert shown == list(zip(("Merging", "Checking"), sizes, strict=True))
    merging, checking = done[: done.index(sizes[0]) + 1], done[done.index(sizes[0]) + 1 :]
    for bar_done, size in ((merging, sizes[0]), (checking, sizes[1])):
        assert len(bar_done) > 2
        assert bar_done == sorted(bar_done)
        assert bar_done[-1] == size


def test_a_merge_takes_lines_as_they_stand_and_names_those_it_leaves(tmp_path):
    events = past(6)
    lines = [encode(happened) for happened in events]
    odd = seal(lines[1][: -len(b',"crc":"00000000"}\n')] + b',"mood":"fine"') + b"\n"
    export = tmp_path / "export"
    export.write_bytes(lines[0] + odd + b"\n\nwhat?\n" + lines[2] + NEWER[0] + b"\n" + lines[3][:-30])
    history = history_at(tmp_path)
    history.log.append([lines[2]])
    (merged,) = history.merge([export])
    assert (merged.path, merged.taken, merged.known) == (export, 3, 1)
    assert merged.damaged == ((5, "not an event"), (8, "not an event"))
    assert history.log.taken_in.read_bytes() == lines[0] + odd + NEWER[0] + b"\n"
    assert history.log.own.read_bytes() == lines[2]


def test_a_merge_brings_back_what_stands_torn_in_the_own_log(tmp_path):
    history = history_at(tmp_path)
    history.save(COURSE, answer())
    line = history.log.own.read_bytes()
    (tmp_path / "export").write_bytes(line)
    history.log.own.write_bytes(line[:-1])
    assert [merged.taken for merged in history.merge([tmp_path / "export"])] == [1]
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0)}
    history.save(COURSE, answer())
    history.refresh()
    assert history.counts(COURSE) == {("colour", 1): Counts(2, 0)}


def test_a_merge_that_cannot_be_written_is_told_and_can_be_done_again(tmp_path, monkeypatch):
    write_log(tmp_path / "export", past(9))
    history = history_at(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("os.write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        (failed,) = history.merge([tmp_path / "export"])
        assert (failed.taken, failed.known) == (0, 0)
        assert failed.trouble == f"{history.log.taken_in}: No space left on device"
    assert [merged.taken for merged in history.merge([tmp_path / "export"])] == [9]


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_what_cannot_be_merged_is_told_by_name(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (merged,) = history_at(tmp_path).merge([tmp_path / name])
    assert merged.trouble.startswith(f"{tmp_path / name}: cannot be read: ")


def test_one_file_that_cannot_be_merged_keeps_no_other_from_it(tmp_path):
    first, last = (write_log(tmp_path / name, past(9, seed)) for seed, name in enumerate("az"))
    (tmp_path / "noise").write_bytes(b"what is this?\n")
    merged = history_at(tmp_path).merge([first, tmp_path / "none", tmp_path / "noise", last])
    assert [(file.taken, bool(file.trouble)) for file in merged] == [(9, False), (0, True), (0, True), (9, False)]
    assert afresh(tmp_path) == asked(history_at(tmp_path))


def test_a_merge_tells_of_each_file_what_became_of_it(tmp_path):
    good = write_log(tmp_path / "good", past(9))
    done = in_process("history", "merge", good, tmp_path / "none")
    assert done.status == 1
    assert " ".join(done.stdout.split()) == f"{good}: 9 events imported, 0 already known."
    assert done.stderr == f"synergy: {tmp_path / 'none'}: cannot be read: No such file or directory\n"
    again = in_process("history", "merge", tmp_path / "none", good, "--json")
    assert [(file["taken"], file["known"]) for file in json.loads(again.stdout)["files"]] == [(0, 0), (0, 9)]
    assert json.loads(again.stdout)["files"][0]["trouble"] == done.stderr[len("synergy: ") : -1]
    assert again.status == 1


def test_many_lines_are_merged_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("synergy_cli.history.history.MANY_LINES", 7)
    events = past(50)
    history = history_at(tmp_path)
    assert history.merge([write_log(tmp_path / "export", events)])[0].taken == 50
    assert [happened for happened, _ in history.events()] == events


def test_events_are_given_each_once_with_the_line_they_stand_on(tmp_path):
    events = past(12)
    write_log(tmp_path / "history" / "a0000000.jsonl", events)
    write_log(tmp_path / "history" / "a0000000.sync-conflict.jsonl", events[:7])
    given_ = list(history_at(tmp_path).events())
    assert [happened for happened, _ in given_] == events
    assert [line + b"\n" for _, line in given_] == [encode(happened) for happened in events]


def test_a_log_that_cannot_be_read_is_told_with_its_path(tmp_path, monkeypatch):
    history = history_at(tmp_path)
    history.save(COURSE, answer())
    asked(history)

    def broken(path, *_):
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("synergy_cli.history.index.read_lines", broken)
    monkeypatch.setattr("synergy_cli.history.history.read_lines", broken)
    journal_at(tmp_path).append([encode(event())])
    told = r"history/a0000000\.jsonl: the history cannot be read: Input/output error"
    for fails in (
        history.refresh,
        history.check,
        lambda: list(history.events()),
        lambda: asked(history_at(tmp_path)),
        lambda: asked(history_at(tmp_path, index=None)),
    ):
        with pytest.raises(SynergyError, match=told):
            fails()
    history.index_path.write_bytes(b"no database")
    with pytest.raises(SynergyError, match=told):
        asked(history_at(tmp_path))


def test_a_log_in_the_way_of_undo_is_told(tmp_path):
    (tmp_path / "history" / "a0000000.jsonl").mkdir(parents=True)
    with pytest.raises(SynergyError, match=r"history/a0000000\.jsonl: the history cannot be read: "):
        history_at(tmp_path).last_answer()


def test_an_answer_too_long_to_be_read_again_is_told_and_not_written(tmp_path):
    history = history_at(tmp_path)
    with pytest.raises(NotSavedError):
        history.save(COURSE, answer(given=("x" * 70_000,)))
    assert not history.log.own.exists()
    history.save(COURSE, answer(given=("x" * 60_000,)))
    assert history.counts(COURSE) == {("colour", 1): Counts(1, 0)}


def test_the_clock_gives_the_study_day_and_the_seconds(tmp_path):
    history = history_at(tmp_path, clock=Clock(START, offset=-5 * 3600, step=0))
    assert history.today == TODAY - 1
    assert history.seconds() == START / SECOND
    assert isinstance(history.save(COURSE, answer()).act, Answer)
