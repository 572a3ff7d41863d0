"""What a session asks: what is due first, then what is new; siblings apart, pages mixed, and no more than is wanted."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import in_process
from learner import at, logged, progress
from synergy_cli.course.course import QuestionOutline
from synergy_cli.history.scheduler import Card
from synergy_cli.study.queue import APART, Queue, build_queue, choose, sample, spread

TODAY = 20_000


def item(name, passage=""):
    return QuestionOutline(name, 1, passage or f"{name}#{name}")


def card(name, due, stability=10.0, first=TODAY - 50, revision=1, last=TODAY - 40):
    return Card(name, revision, first, last, due, stability, 5.0, 3, 0, 3, 3)


def memory(*cards):
    return {one.key: one for one in cards}


def ids(items):
    return [one.id for one in items]


def close(items):
    """Find neighbours on one passage with fewer than three questions between them."""
    return [
        (one.id, other.id)
        for place, one in enumerate(items)
        for other in items[place + 1 : place + 1 + APART]
        if one.passage == other.passage
    ]


def can_lie_apart(items):
    """Tell by the book: always taking the passage with most left keeps them apart whenever anything does."""
    left = Counter(one.passage for one in items)
    placed = []
    while left:
        free = [passage for passage in left if passage not in placed[-APART:]]
        if not free:
            return False
        placed.append(max(free, key=lambda passage: left[passage]))
        left -= Counter(placed[-1:])
    return True


passages = st.lists(st.sampled_from(["a#1", "a#2", "a#3", "b#1", "b#2", "c", "c#1", "d#1", ""]), max_size=20)
outlines = st.builds(
    lambda named: [QuestionOutline(f"q{number}", 1, name) for number, name in enumerate(named)], passages
)


@st.composite
def learners(draw_):
    """Make up a bank, what a learner knows of it, and how many new questions a day may have."""
    items = draw_(outlines)
    cards = [
        card(
            one.id,
            TODAY + draw_(st.integers(-9, 9)),
            draw_(st.floats(0.1, 99)),
            TODAY - draw_(st.integers(0, 2)),
            last=TODAY - draw_(st.integers(0, 2)),
        )
        for one in items
        if draw_(st.booleans())
    ]
    return items, memory(*cards), draw_(st.integers(0, 12))


def test_what_is_due_comes_before_what_is_new():
    queue = build_queue([item("new"), item("due")], memory(card("due", TODAY)), TODAY)
    assert ids(choose(queue)) == ["due", "new"]


@pytest.mark.parametrize("other", [card("due", TODAY), None])
def test_what_is_due_tomorrow_is_not_asked_while_there_is_anything_else(other):
    cards = memory(card("later", TODAY + 1), *([other] if other else []))
    queue = build_queue([item("later"), item("due")], cards, TODAY)
    assert ids(choose(queue)) == ["due"]
    assert queue.next_due == TODAY + 1


def test_new_questions_that_wait_for_tomorrow_are_not_forestalled_by_what_is_known():
    queue = build_queue([item("later"), item("new")], memory(card("later", TODAY + 1)), TODAY, new_a_day=0)
    assert choose(queue) == []


def test_when_nothing_is_due_or_new_the_longest_unasked_come_early_but_nothing_of_today():
    cards = memory(
        card("recent", TODAY + 1, last=TODAY - 1),
        card("oldest", TODAY + 9, last=TODAY - 9),
        card("older", TODAY + 2, last=TODAY - 4),
        card("today", TODAY + 1, last=TODAY),
    )
    queue = build_queue([item(name) for name in ("recent", "oldest", "today", "older")], cards, TODAY)
    assert ids(choose(queue)) == ["oldest", "older", "recent"]
    assert ids(choose(queue, 1)) == ["oldest"]


def test_when_not_all_that_is_due_fits_what_was_asked_longest_ago_is_asked():
    cards = memory(*(card(name, TODAY, last=TODAY - 1 - ago) for ago, name in enumerate("abcdef")))
    queue = build_queue([item(name) for name in "abcdef"], cards, TODAY)
    assert set(ids(choose(queue, 3))) == {"d", "e", "f"}


def test_new_questions_come_in_page_order():
    queue = build_queue([item(name) for name in "abcdef"], {}, TODAY)
    assert ids(choose(queue)) == list("abcdef")


def test_new_questions_on_pages_that_were_read_come_first():
    queue = build_queue([item(name) for name in "abcdef"], {}, TODAY, 4, read={"c", "e"})
    assert ids(queue.new) == ["c", "e", "a", "b"]


def test_half_of_the_places_are_for_new_questions_however_much_is_due():
    cards = memory(*(card(f"due{number}", TODAY) for number in range(30)))
    new = [item(name) for name in "abcdefgh"]
    queue = build_queue([*map(item, (f"due{number}" for number in range(30))), *new], cards, TODAY)
    assert ids(choose(queue))[5:] == list("abcde")
    assert [len(choose(queue._replace(new=queue.new[:left]))) for left in (0, 2)] == [10, 10]
    assert ids(choose(queue, 1)) == ["a"]


def test_a_question_whose_meaning_changed_is_new():
    queue = build_queue([QuestionOutline("q", 2, "q")], memory(card("q", TODAY + 9)), TODAY)
    assert ids(queue.new) == ["q"]
    assert (queue.due, queue.next_due) == ((), None)


def test_the_next_review_is_the_earliest_with_all_that_come_that_day():
    cards = memory(card("a", TODAY + 5), card("b", TODAY + 3), card("c", TODAY + 3), card("d", TODAY))
    queue = build_queue([item(name) for name in "abcd"], cards, TODAY)
    assert (queue.next_due, queue.next_count) == (TODAY + 3, 2)


def test_what_was_begun_today_counts_against_the_day_wherever_it_belongs():
    cards = memory(card("elsewhere", TODAY + 2, first=TODAY), card("before", TODAY + 2, first=TODAY - 1))
    queue = build_queue([item(name) for name in "abcd"], cards, TODAY, new_a_day=3)
    assert ids(queue.new) == ["a", "b"]
    assert queue.held_back == 2


def test_a_review_that_waits_does_not_count_as_new():
    queue = build_queue([item("a"), item("b")], memory(card("b", TODAY - 3, first=TODAY - 9)), TODAY, new_a_day=0)
    assert (ids(queue.due), ids(queue.new), queue.held_back) == (["b"], [], 1)


def test_neighbours_in_a_review_are_of_different_pages():
    items = [QuestionOutline(f"{page}{number}", 1, f"{page}#{number}") for page in "abc" for number in range(3)]
    cards = memory(*(card(one.id, TODAY) for one in items))
    asked = choose(build_queue(items, cards, TODAY))
    assert all(one.page != other.page for one, other in pairwise(asked))


def test_siblings_wait_for_their_turn_even_when_they_come_last():
    items = [
        *(item(name) for name in "uvwxyz"),
        *(QuestionOutline(f"s{number}", 1, "one#passage") for number in range(3)),
    ]
    asked = spread(items)
    assert close(asked) == []
    assert ids(one for one in asked if one.id in "uvwxyz") == list("uvwxyz")


def test_the_first_new_question_is_no_sibling_of_the_last_review():
    items = [QuestionOutline("due", 1, "a#1"), QuestionOutline("sibling", 1, "a#1"), *(item(name) for name in "xyz")]
    asked = choose(build_queue(items, memory(card("due", TODAY)), TODAY))
    assert ids(asked) == ["due", "x", "y", "z", "sibling"]


@given(outlines)
def test_siblings_lie_three_apart_whenever_that_is_possible(items):
    asked = spread(items)
    assert sorted(asked) == sorted(items)
    assert not can_lie_apart(items) or close(asked) == []


@given(outlines)
def test_what_lies_apart_already_stays_as_it_is(items):
    assert close(items) or spread(items) == items


@given(outlines)
def test_pages_alternate_whenever_that_is_possible(items):
    own = [one._replace(passage=f"{one.page}#{one.id}") for one in items]
    asked = spread(own, pages=True)
    most = max(Counter(one.page for one in own).values(), default=0)
    assert 2 * most > len(own) + 1 or all(one.page != other.page for one, other in pairwise(asked))


@given(outlines, outlines)
def test_no_question_is_lost_or_doubled_by_mixing(items, before):
    asked = spread(items, pages=True, after=before)
    assert sorted(asked) == sorted(items)


@given(learners(), st.integers(1, 25))
def test_a_session_is_due_and_new_questions_each_once_and_no_more_than_wanted(learner, count):
    items, cards, new_a_day = learner
    queue = build_queue(items, cards, TODAY, new_a_day)
    asked = choose(queue, count)
    if not (queue.due or queue.new):
        asked = []
    due = [one for one in asked if one.key in cards]
    assert len(asked) == len(set(asked)) == min(count, len(queue.due) + len(queue.new))
    assert asked[: len(due)] == due
    assert all(cards[one.key].due <= TODAY for one in due)
    assert len(due) == min(len(queue.due), count - min(len(queue.new), (count + 1) // 2))
    begun = sum(one.first == TODAY for one in cards.values())
    assert len(asked) - len(due) <= max(0, new_a_day - begun)


@given(learners(), st.integers(1, 25))
def test_early_comes_what_was_not_asked_today_and_only_when_there_is_nothing_else(learner, count):
    items, cards, new_a_day = learner
    queue = build_queue(items, cards, TODAY, new_a_day)
    asked = choose(queue, count)
    if queue.due or queue.new or queue.held_back:
        assert queue.early == ()
    else:
        assert set(queue.early) == {one for one in items if cards[one.key].last < TODAY}
        assert set(asked) == set(queue.early[:count])


@given(learners())
def test_every_question_is_due_or_later_or_new_or_held_back(learner):
    items, cards, new_a_day = learner
    queue = build_queue(items, cards, TODAY, new_a_day)
    later = [one.due for one in cards.values() if one.due > TODAY]
    assert len(queue.due) + len(later) + len(queue.new) + queue.held_back == len(items)
    assert queue.next_due == min(later, default=None)
    assert queue.next_count == later.count(min(later, default=0))


@given(outlines, st.integers(0, 9), st.integers(1, 25))
def test_a_seed_draws_the_same_questions_each_once(items, seed, count):
    drawn = sample(items, count, seed)
    assert drawn == sample(items, count, seed)
    assert len(drawn) == len(set(drawn)) == min(count, len(items))
    assert set(drawn) <= set(items)


@given(outlines, st.integers(0, 99), st.integers(1, 25))
def test_a_draw_takes_as_much_from_every_page_as_it_has(items, seed, count):
    has = Counter(one.page for one in items)
    taken = Counter(one.page for one in sample(items, count, seed))
    most = max(taken.values(), default=0)
    assert all(taken[page] >= min(has[page], most - 1) for page in has)


def test_seeds_draw_differently():
    items = [item(f"q{number}") for number in range(20)]
    assert len({tuple(sample(items, 10, seed)) for seed in range(20)}) == 20


def test_an_empty_bank_gives_an_empty_session():
    assert build_queue([], {}, TODAY) == Queue((), (), 0, None, 0)
    assert choose(build_queue([], {}, TODAY)) == sample([], 5, 1) == []


PAGES = ("sky", "sea", "soil")


@pytest.fixture
def wide(tmp_path):
    """Give a course of three pages with two passages each, and four true statements on each passage."""
    folder = tmp_path / "wide"
    (folder / "pages").mkdir(parents=True)
    rows = []
    for number, page in enumerate(PAGES, start=1):
        text = f"---\ntitle: The {page}\nsummary: About it.\n---\n\n## One\n\nIt is.\n\n## Two\n\nIt was.\n"
        (folder / "pages" / f"{number:02}-{page}.md").write_text(text, encoding="utf-8")
        rows += [
            {
                "id": f"{page}-{heading}-{count}",
                "type": "true-false",
                "passage": f"{page}#{heading}",
                "stem": f"Is it true of the {page}, {heading} and {count}?",
                "key": True,
                "rationale": "It is.",
            }
            for heading in ("one", "two")
            for count in range(4)
        ]
    bank = {"format": 1, "id": "wide", "title": "A wide course", "questions": rows}
    (folder / "questions.yaml").write_text(json.dumps(bank), encoding="utf-8")
    return folder


def session(course, *options, answers="1"):
    """Hold a session in a pipe; give the ids of what was asked, in order."""
    done = in_process("--course", course, "quiz", "--json", *options, stdin=f"{answers}\n" * 100)
    assert done.status == 0
    return [attempt["id"] for attempt in json.loads(done.stdout)["attempts"] if attempt["round"] == 0]


def test_a_session_asks_ten_questions_unless_told_otherwise(wide):
    assert len(session(wide, "--unsaved")) == 10
    assert len(session(wide, "--unsaved", "-n", "3")) == 3
    assert len(session(wide, "--unsaved", "--count", "12")) == 12


def test_no_more_than_fifteen_questions_are_begun_in_a_day_however_often_one_sits_down(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    assert [len(session(wide)) for _ in range(3)] == [10, 5, 0]
    monkeypatch.setenv("SYNERGY_NOW", at(23))
    assert len(session(wide, "-n", "40")) == 9


def advised(course, label, *options, stdin=""):
    """Hold a session; give the options of the call that it advises under a label."""
    shown = " ".join(in_process("--course", course, "quiz", *options, stdin=stdin).stdout.split())
    return shown.partition(f"{label} ")[2].partition(" quiz")[2].partition(" Meanwhile")[0].split()


def test_who_wants_more_today_gets_more_by_the_call_that_is_advised(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    session(wide, "--new", "0")
    assert advised(wide, "More today:", "--new", "0") == ["--new", "10"]
    session(wide, "--new", "18", "-n", "18")
    more = advised(wide, "More today:")
    assert more == ["--new", "28"]
    assert len(session(wide, *more)) == 6


def test_going_on_keeps_the_number_of_new_questions_that_was_wanted(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    session(wide, "-n", "15")
    more = advised(wide, "Next session:", "--new", "20", "-n", "2", stdin="1\n1\n")
    assert len(session(wide, *more)) == 3


def test_what_is_begun_in_one_section_counts_in_all(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    assert len(session(wide, "sky", "--new", "6")) == 6
    assert session(wide, "sea", "--new", "6") == []
    assert len(session(wide, "sea", "--new", "8")) == 2


def test_an_answer_that_is_taken_back_does_not_use_the_day_up(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    assert len(session(wide, "--new", "2")) == 2
    assert in_process("--course", wide, "history", "undo").status == 0
    assert len(session(wide, "--new", "2")) == 1


def test_no_new_question_is_begun_when_none_is_wanted_but_what_is_due_is_asked(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    begun = session(wide, "-n", "4")
    monkeypatch.setenv("SYNERGY_NOW", at(24))
    assert sorted(session(wide, "--new", "0")) == sorted(begun)


def test_a_session_about_one_section_asks_about_no_other(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    session(wide, "-n", "15")
    monkeypatch.setenv("SYNERGY_NOW", at(24))
    asked = session(wide, "sea", "-n", "40")
    assert asked
    assert {name.split("-")[0] for name in asked} == {"sea"}


def test_a_review_mixes_its_pages_and_keeps_siblings_apart(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    for page in PAGES:
        session(wide, page, "-n", "6", "--new", "18")
    monkeypatch.setenv("SYNERGY_NOW", at(25))
    asked = session(wide, "--new", "0", "-n", "18")
    assert len(asked) == 18
    assert all(one.split("-")[0] != other.split("-")[0] for one, other in pairwise(asked))
    assert close([QuestionOutline(name, 1, name.rsplit("-", 1)[0]) for name in asked]) == []


def test_what_waited_longest_is_asked_first(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    first = session(wide, "soil", "-n", "3")
    monkeypatch.setenv("SYNERGY_NOW", at(23))
    missed = session(wide, "sky", "-n", "3", answers="2")
    monkeypatch.setenv("SYNERGY_NOW", at(26))
    assert len(missed) == 3
    assert set(session(wide, "--new", "0", "-n", "3")) == set(first)


def asked_again(course, *options, answers="2"):
    """Hold a session of misses in a pipe; give how many of its questions came again."""
    done = in_process("--course", course, "quiz", "--json", *options, stdin=f"{answers}\n" * 100)
    return sum(attempt["round"] for attempt in json.loads(done.stdout)["attempts"])


def test_a_miss_comes_again_only_if_no_other_question_is_due_or_new(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    assert asked_again(wide, "sky", "sea") == 0
    assert asked_again(wide, "--new", "99") == 0
    assert asked_again(wide, "--new", "99") == 4
    monkeypatch.setenv("SYNERGY_NOW", at(23))
    assert [asked_again(wide), asked_again(wide), asked_again(wide)] == [0, 0, 4]


def test_a_miss_comes_again_when_what_is_asked_was_chosen_by_the_seed(wide):
    assert asked_again(wide, "--practice", "-n", "3") == 3
    assert asked_again(wide, "--seed", "7", "-n", "3") == 3


def test_what_is_set_aside_does_not_wait(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    session(wide, "sky", "sea", "-n", "16")
    for number in range(2):
        for heading in ("one", "two"):
            for place in (2 * number, 2 * number + 1):
                in_process("--course", wide, "history", "suspend", f"soil-{heading}-{place}")
    monkeypatch.setenv("SYNERGY_NOW", at(23))
    assert asked_again(wide, "sky", "-n", "1") == 1


def test_a_seed_repeats_a_session_whatever_was_answered_in_between(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    first = session(wide, "--seed", "7")
    session(wide)
    monkeypatch.setenv("SYNERGY_NOW", at(29))
    assert session(wide, "--seed", "7") == first
    assert session(wide, "--seed", "8") != first


def test_what_comes_early_is_announced_and_counts(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    session(wide, "sky", "-n", "8")
    monkeypatch.setenv("SYNERGY_NOW", at(23))
    before = progress(wide)["due"]
    shown = in_process("--course", wide, "quiz", "sky", "-n", "3", stdin="1\n" * 3).stdout
    assert shown.startswith("Nothing is due; the questions asked longest ago come early.\n\nQuestion 1 of 3")
    assert "Meanwhile:" in shown
    assert "--practice" not in shown
    assert progress(wide)["due"] != before
    assert [event["policy"] for event in logged()] == ["3"] * 11


def test_practice_asks_what_is_not_due_and_changes_no_day(wide, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    session(wide, "-n", "5")
    before = progress(wide)["due"]
    assert len(session(wide, "--practice", "-n", "24", answers="2")) == 24
    assert progress(wide)["due"] == before
    assert Counter(event["mode"] for event in logged()) == {"review": 5, "practice": 24 * 2}
