"""Days go by: what is asked again and when, what is taken back, and what a learner is told about it all."""

from __future__ import annotations

import json

import pytest

from harness import EXAMPLE, Screen, in_process
from learner import CALLS, NEXT, at, first_or_deep, logged, piped_call, press_key, progress, scripted_call, typed_call
from records import DAY, SECOND, answer, event, missed, write_log

AT_A_SCREEN = first_or_deep(scripted_call, typed_call)
NOVEMBER_22 = 1_795_334_400 * SECOND
"""2026-11-22, 8 a.m. UTC."""
SEA = """\
---
title: The sea
summary: What is below.
---

The sea is below.
"""


@pytest.fixture(params=CALLS, ids=lambda call: call.__name__)
def call(request):
    """Call the program one of three ways, with what is typed; give everything that was shown."""
    return request.param


@pytest.fixture(params=AT_A_SCREEN, ids=lambda call: call.__name__)
def person(request):
    """Call the program at a terminal, scripted and real."""
    return request.param


@pytest.fixture
def on(monkeypatch):
    """Set the clock to a day of November."""

    def set_clock(day, time="09:00:00"):
        monkeypatch.setenv("SYNERGY_NOW", at(day, time))

    return set_clock


@pytest.fixture
def quiz(small, call):
    """Hold a session of the small course, one of three ways."""
    return lambda acts, *options: call(["--course", small, "quiz", *options], acts)


@pytest.fixture(params=first_or_deep(scripted_call, piped_call), ids=lambda call: call.__name__)
def study(request, small):
    """Hold a session of the small course, scripted or piped: enough where it is not about keys and screens."""
    return lambda acts, *options: request.param(["--course", small, "quiz", *options], acts)


def in_a_pipe(small, *acts):
    return piped_call(["--course", small, "quiz"], acts)


def reworded(small, old, new):
    bank = small / "questions.yaml"
    text = bank.read_text("utf-8")
    assert old in text
    bank.write_text(text.replace(old, new), encoding="utf-8")


def due(course):
    """Give the days on which something is due, with how much."""
    return {day["day"][-2:]: day["questions"] for day in progress(course)["due"] if day["questions"]}


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# Days


def test_what_was_right_has_the_next_day_off_and_comes_again_the_day_after(quiz, on):
    on(22)
    assert "2 answers saved." in quiz(["Blue", "Stars"])
    on(23)
    assert "Nothing is due; the questions asked longest ago come early." in quiz([])
    on(24)
    assert "Question 1 of 2" in quiz(["Blue", "Stars"])


def test_what_was_missed_comes_again_the_next_day(quiz, on):
    on(22)
    quiz(["Green", "Stars", "Blue"])
    on(23)
    shown = quiz(["Blue"])
    assert "Question 1 of 1" in shown
    assert "Which colour has the sky by day?" in shown


def test_a_second_try_on_the_same_day_does_not_make_up_for_a_miss(study, small, on):
    on(22)
    study(["Green", "Stars", "Blue"])
    assert due(small) == {"23": 1, "24": 1}


def test_with_nothing_to_ask_it_says_when_the_next_comes_and_what_to_do_meanwhile(quiz, on):
    on(22)
    assert "The next review is on Tue 24 Nov: 2 questions." in " ".join(quiz(["Blue", "Stars"]).split())
    on(23)
    quiz(["Blue", "Stars"])
    shown = quiz([])
    assert "Nothing is due now." in shown
    assert "The next review is on Mon 30 Nov: 2 questions." in shown
    assert "quiz--practice" in "".join(shown.split())  # it is wrapped where the temporary path is long
    assert "Result" not in shown


def test_what_a_wrong_clock_dated_in_the_future_neither_counts_nor_keeps_a_question_back(small, on, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", "2031-05-01T09:00:00+02:00")
    in_a_pipe(small, "Blue", "Green")
    on(22)
    done = in_process("--course", small, "progress", "--json")
    note = "synergy: 2 answers are dated in the future (2031-05-01); they are kept but not used until then."
    assert done.stderr.count(note) == 1
    totals = json.loads(done.stdout)["totals"]
    assert (totals["answers"], totals["new"]) == (0, 2)
    assert "Question 1 of 2" in in_a_pipe(small, "Blue", "Stars")
    assert due(small) == {"24": 2}
    assert [row.get("verdict") for row in logged()] == ["right", "wrong", "right", "right"]


def test_a_day_ends_at_four_in_the_morning(study, small, on):
    on(23, "03:59:00")
    study(["Blue", "Stars"])
    on(23, "04:00:00")
    assert due(small) == {"24": 2}
    on(24, "03:59:00")
    assert "Nothing is due;" in study([])
    on(24, "04:00:00")
    assert study([]).startswith("Question 1 of 2")


def test_what_was_left_in_the_middle_is_there_the_next_time(study, small, on):
    on(22)
    assert "1 new question left for today." in study(["Blue", "q"])
    shown = study(["Stars"])
    assert "Question 1 of 1" in shown
    assert "What shines at night?" in shown


def test_what_is_due_in_another_section_is_not_asked_here(call, small, on):
    (small / "pages" / "02-sea.md").write_text(SEA, encoding="utf-8")
    reworded(small, "passage: sky\n", "passage: sea\n")
    on(22)
    call(["--course", small, "quiz"], ["Blue", "Stars"])
    on(24)
    shown = call(["--course", small, "quiz", "sea"], ["Stars"])
    assert "Question 1 of 1" in shown
    assert "What shines at night?" in shown


def test_a_week_of_learning_forgetting_and_learning_again(small, on):
    """Wrong answers are typed, right ones too; each day's steps are read off before the session."""
    days = {
        22: ([0, 0, 0, 2], 0, ["Blue", "Stars"]),
        23: ([0, 2, 0, 0], 0, []),
        24: ([0, 2, 0, 0], 2, ["Blue", "Moon", "Stars"]),
        25: ([1, 0, 1, 0], 1, ["Stars"]),
        26: ([1, 1, 0, 0], 0, []),
        27: ([1, 1, 0, 0], 1, ["Stars"]),
    }
    seen = {}
    for day, (_, _, acts) in days.items():
        on(day)
        made = progress(small)
        totals = made["totals"]
        steps = [totals[name] for name in ("right_twice", "right_once", "seen", "new")]
        seen[day] = (steps, made["due"][0]["questions"], acts)
        in_a_pipe(small, *acts)
    assert seen == days
    on(28)
    made = progress(small)
    assert [day["answers"] for day in made["calendar"]][-7:-1] == [0, 3, 1, 0, 1, 0]


def test_what_was_right_on_three_days_holds(small, on):
    held = []
    for day in (1, 3, 15):
        on(day)
        in_a_pipe(small, "Blue", "Stars")
        held.append(progress(small)["totals"]["held"])
    assert held == [0, 0, 2]


# The course changes


def test_a_question_whose_meaning_changed_is_new_and_its_old_answers_stay(study, small, on):
    on(22)
    study(["Green", "Stars", "Blue"])
    reworded(small, "  stem: Which colour has the sky by day?", "  revision: 2\n  stem: Which colour has it at noon?")
    totals = progress(small)["totals"]
    assert (totals["new"], totals["right_once"]) == (1, 1)
    assert "Which colour has it at noon?" in study(["Blue"])
    assert [(one["question"], one["revision"]) for one in logged()] == [
        ("colour", 1),
        ("stars", 1),
        ("colour", 1),
        ("colour", 2),
    ]
    assert progress(small)["gone"]["questions"] == 0


def test_a_question_that_is_gone_is_named_and_asks_nothing(study, small, on):
    on(22)
    study(["Blue", "Stars"])
    bank = small / "questions.yaml"
    text = bank.read_text("utf-8")
    bank.write_text(text[: text.index("- id: stars")], encoding="utf-8")
    assert progress(small)["gone"] == {"questions": 1, "ids": ["stars"]}
    assert "stars" in in_process("--course", small, "progress").stdout
    assert len(logged()) == 2
    on(24)
    assert "Question 1 of 1" in study(["Blue"])


# What does not steer the schedule


def test_practice_changes_no_due_date(study, small, on):
    on(22)
    study(["Blue", "Stars"])
    before = due(small)
    on(23)
    shown = study(["s", "s", "q"], "--practice", "--seed", "1")
    assert "Result: 0 of 2" in shown
    assert due(small) == before
    assert [one["mode"] for one in logged()] == ["review", "review", "practice", "practice"]


def test_unsaved_leaves_no_file_behind(quiz, small, on, tmp_path):
    on(22)
    shown = quiz(["Blue", "Stars"], "--unsaved")
    assert "Result: 2 of 2" in shown
    assert "No answers were saved." in shown
    assert files_below(tmp_path / "home") == []
    assert not (tmp_path / "home" / ".local").exists()
    assert progress(small)["totals"]["new"] == 2


def test_unsaved_changes_nothing_of_a_history_that_is_there(study, small, on, tmp_path):
    on(22)
    study(["Blue", "Stars"])
    before = {path: path.read_bytes() for path in files_below(tmp_path / "home")}
    on(24)
    assert "Question 1 of 2" in study(["Green", "u", "Blue", "Stars"], "--unsaved")
    assert {path: path.read_bytes() for path in files_below(tmp_path / "home")} == before


def test_a_seed_repeats_a_session_whatever_was_learnt(study, on):
    on(22)
    first = study(["stars", "Blue"], "--seed", "1")
    on(23)
    again = study(["stars", "Blue"], "--seed", "1")
    assert again.partition("saved")[0] == first.partition("saved")[0]
    assert "Repeat this session:" in again
    assert "--seed 1 -n 10" in " ".join(again.split())


def test_an_unsaved_session_is_repeated_unsaved(study, on):
    on(22)
    again = " ".join(study(["stars", "Blue"], "--seed", "1", "--unsaved").split())
    assert "quiz up --unsaved --seed 1" in again or "quiz --unsaved --seed 1" in again


# Undo


def undone():
    """Give what is on record: verdicts, and for an undo the place of what it takes back."""
    events = logged()
    places = {one["id"]: place for place, one in enumerate(events)}
    return [places[one["event"]] if one["act"] == "undo" else one["verdict"] for one in events]


def test_an_answer_is_taken_back_while_its_feedback_is_read(quiz, small, on):
    on(22)
    shown = quiz(["Green", "u", "Blue", "Stars"])
    assert "Answer taken back. Here is the question again." in " ".join(shown.split())
    assert "Result: 2 of 2 right" in shown
    assert "Missed" not in shown
    assert undone() == ["wrong", 0, "right", "right"]
    assert due(small) == {"24": 2}


def test_an_answer_is_taken_back_at_the_next_question(quiz, small, on):
    on(22)
    shown = quiz(["Green", NEXT, "u", "Blue", "Stars"])
    assert "Result: 2 of 2 right" in shown
    assert undone() == ["wrong", 0, "right", "right"]
    assert due(small) == {"24": 2}


def test_what_is_taken_back_does_not_come_again(study, on):
    on(22)
    assert "Second try" not in study(["Green", "u", "Blue", "Stars"])


def test_the_answer_to_a_repetition_is_taken_back_and_it_comes_again(quiz, on):
    on(22)
    assert "Result: 0 of 2 right" in quiz(["Green", "Moon", NEXT, "Green", "u", "Blue", "Stars"])
    assert undone() == ["wrong", "wrong", "wrong", 2, "right", "right"]


def test_answers_are_taken_back_one_after_the_other(quiz, small, on):
    on(22)
    shown = quiz(["Green", "Moon", "u", "u", "Blue", "Stars"])
    assert "Result: 2 of 2 right" in shown
    assert "Second try" not in shown.rpartition("Answer taken back")[2]
    assert undone() == ["wrong", "wrong", 1, 0, "right", "right"]
    assert due(small) == {"24": 2}


def test_the_last_answer_is_taken_back_below_the_summary(person, small, on):
    on(22)
    shown = person(["--course", small, "quiz"], ["Blue", "Stars", NEXT, "u", "Moon", NEXT, "Stars"])
    results = [part[:6] for part in shown.split("Result: ")[1:]]
    assert results == ["2 of 2", "1 of 2"]
    assert undone() == ["right", "right", 1, "wrong", "right"]
    assert due(small) == {"23": 1, "24": 1}


def test_below_the_summary_one_can_go_back_as_far_as_one_likes(person, small, on):
    on(22)
    shown = person(["--course", small, "quiz"], ["Green", "Stars", "s", NEXT, "u", "u", "u", "Blue", "Stars"])
    results = [part[:6] for part in shown.split("Result: ")[1:]]
    assert results == ["1 of 2", "2 of 2"]
    assert undone() == ["wrong", "right", "skipped", 2, 1, 0, "right", "right"]
    assert due(small) == {"24": 2}


def test_with_nothing_to_take_back_u_is_no_command(study, on):
    on(22)
    shown = study(["u", "Blue", "Stars"])
    assert "Expected a number from 1 to 3, for example 2." in shown
    assert undone() == ["right", "right"]


def test_u_as_the_right_answer_is_an_answer(quiz, small, on):
    reworded(small, "key: Stars\n", "key: U\n")
    on(22)
    shown = quiz(["Blue", NEXT, "u"])
    assert "Undone" not in shown
    assert "Result: 2 of 2 right" in shown
    assert undone() == ["right", "right"]


def test_a_typed_answer_that_was_marked_wrong_counts_as_right_if_the_learner_says_so(person, small, on):
    on(22)
    shown = person(["--course", small, "quiz"], ["Blue", "Planets", "r", NEXT])
    assert "r I was right" in shown
    assert "Counted as right." in shown
    assert "Result: 2 of 2 right" in shown
    assert "Second try" not in shown
    assert [one["act"] for one in logged()] == ["answer", "answer", "overrule"]
    assert due(small) == {"24": 2}
    assert progress(small)["totals"]["new"] == 0


def test_an_overrule_is_taken_back_with_its_answer(person, small, on):
    on(22)
    shown = person(["--course", small, "quiz"], ["Blue", "Planets", "r", "u", "Stars"])
    assert "Answer taken back" in shown
    assert [one["act"] for one in logged()] == ["answer", "answer", "overrule", "undo", "answer"]


def test_an_overrule_is_taken_back_alone_later(person, small, on):
    on(22)
    person(["--course", small, "quiz"], ["Blue", "Planets", "r", NEXT])
    done = in_process("--course", small, "history", "undo")
    told = "Taken back: the answer to stars (course small, overruled, 09:00 today). What shines at night?"
    assert told in " ".join(done.stdout.split())
    assert json.loads(in_process("--course", small, "history", "undo", "--json").stdout)["verdict"] == "wrong"


def test_only_a_typed_answer_can_be_overruled(person, small, on):
    on(22)
    assert "I was right" not in person(["--course", small, "quiz"], ["Green", "r", NEXT, "Stars", NEXT, "Blue"])
    assert [one["act"] for one in logged()] == ["answer"] * 3


def test_authors_see_which_answers_learners_call_right(person, small, on):
    on(22)
    person(["--course", small, "quiz"], ["Blue", "Planets", "r", NEXT])
    done = in_process("check", small, "--with-history")
    assert "[claimed-answer]: `Planets` was marked wrong once, and the learner disagreed" in " ".join(
        done.stdout.split()
    )


def test_u_as_a_wrong_answer_is_undo(quiz, on):
    on(22)
    quiz(["Blue", NEXT, "u", "Blue", "Stars"])
    assert undone() == ["right", 0, "right", "right"]


def test_days_later_answers_are_taken_back_one_by_one_until_there_is_none(small, on):
    on(22)
    in_a_pipe(small, "Blue", "Stars")
    on(25)
    told = [in_process("--course", small, "history", "undo") for _ in range(3)]
    assert [done.status for done in told] == [0, 0, 1]
    assert [" ".join(done.stdout.split()) for done in told[:2]] == [
        "Taken back: the answer to stars (course small, right, 2026-11-22 09:00). What shines at night?",
        "Taken back: the answer to colour (course small, right, 2026-11-22 09:00). Which colour has the sky by day?",
    ]
    assert "There is no answer to undo" in told[2].stderr
    assert undone() == ["right", "right", 1, 0]
    assert progress(small)["totals"]["new"] == 2
    assert "Question 1 of 2" in in_a_pipe(small)


def test_what_was_taken_back_in_the_session_is_not_taken_back_again_later(small, on):
    on(22)
    in_a_pipe(small, "Green", "u", "Blue")
    done = in_process("--course", small, "history", "undo")
    told = "Taken back: the answer to colour (course small, right, 09:00 today). Which colour has the sky by day?"
    assert " ".join(done.stdout.split()) == told
    assert in_process("--course", small, "history", "undo").status == 1


def test_the_last_answer_is_taken_back_whatever_its_course(small, on, tmp_path):
    on(22)
    in_a_pipe(small, "Blue", "Stars")
    done = in_process("--course", EXAMPLE, "history", "undo")
    assert done.stdout == "Taken back: the answer to stars (course small, right, 09:00 today).\n"
    done = in_process("--course", tmp_path / "nowhere", "history", "undo")
    assert done.stdout == "Taken back: the answer to colour (course small, right, 09:00 today).\n"
    assert undone() == ["right", "right", 1, 0]


@pytest.mark.parametrize("change", [("- id: colour", "- id: hue"), ("  stem: Which", "  revision: 2\n  stem: Which")])
def test_a_question_that_has_changed_since_is_taken_back_by_its_id(small, on, change):
    on(22)
    in_a_pipe(small, "Green")
    reworded(small, *change)
    done = in_process("--course", small, "history", "undo")
    assert done.stdout == "Taken back: the answer to colour (course small, wrong, 09:00 today).\n"


def test_of_a_long_question_that_is_taken_back_the_first_line_is_told(small, on):
    reworded(small, "  stem: Which colour", "  stem: |-\n    Look up.\n    Which colour")
    on(22)
    in_a_pipe(small, "Green")
    done = in_process("--course", small, "history", "undo")
    assert done.stdout == "Taken back: the answer to colour (course small, wrong, 09:00 today).\nLook up. …\n"


def test_what_is_taken_back_is_told_to_programs_too(small, on):
    on(22)
    in_a_pipe(small, "Blue", "Stars")
    usual = {"schema": 1, "at": "2026-11-22 09:00", "verdict": "right", "course": "small"}
    for folder, asked in ((EXAMPLE, ("stars", None)), (small, ("colour", "Which colour has the sky by day?"))):
        done = in_process("--course", folder, "history", "undo", "--json")
        assert json.loads(done.stdout) == {**usual, "undone": asked[0], "stem": asked[1]}


# Confidence


RATINGS = {
    "right": (["Blue"], "right", 3),
    "right and sure": (["Blue\t3"], "right", 3),
    "right and unsure": (["Blue\t2"], "right", 2),
    "right and guessed": (["Blue\t1"], "right", 1),
    "right after a hint": (["?", "Blue"], "right", 2),
    "right and sure after a hint": (["?", "Blue\tsure"], "right", 2),
    "wrong and sure": (["Green\t3"], "wrong", 1),
    "wrong": (["Red"], "wrong", 1),
    "skipped": (["s"], "skipped", 1),
}


@pytest.mark.parametrize(("acts", "verdict", "rating"), RATINGS.values(), ids=RATINGS)
def test_an_answer_is_rated_by_what_it_shows_of_memory(small, on, acts, verdict, rating):
    on(22)
    piped_call(["--course", small, "quiz", "--confidence"], acts)
    (event,) = logged()
    assert (event["verdict"], event["rating"]) == (verdict, rating)


def test_right_after_a_near_miss_is_hard(study, on):
    on(22)
    study(["Blue", "Starz", "Stars"])
    assert [(one["verdict"], one["rating"], one["tries"]) for one in logged()] == [("right", 3, 1), ("right", 2, 2)]


def test_how_sure_one_was_is_put_on_record(quiz, on):
    on(22)
    quiz(["Blue\t1", "Stars\t2"], "--confidence")
    assert [(one["typed"], one["confidence"], one["rating"]) for one in logged()] == [
        ("Blue", "guess", 1),
        ("Stars", "unsure", 2),
    ]


def test_how_sure_one_was_need_not_be_said(person, small, on):
    on(22)
    person(["--course", small, "quiz", "--confidence"], ["Blue", "", "Stars", "3"])
    assert [one["confidence"] for one in logged()] == ["", "sure"]


def test_a_right_guess_is_asked_again_tomorrow(study, small, on):
    on(22)
    study(["Blue\t1", "Stars\t3"], "--confidence")
    assert due(small) == {"23": 1, "24": 1}


def test_sure_and_wrong_stands_first_among_what_was_missed(quiz, on):
    on(22)
    shown = quiz(["Green\t2", "Moon\t3", "q"], "--confidence")
    end = shown[shown.index("Result:") :]
    assert end.index("Sure but wrong") < end.index("What shines at night?") < end.index("Missed")
    assert end.index("Missed") < end.index("Which colour has the sky by day?")


def test_sure_and_right_is_nothing_to_look_at_again(study, on):
    on(22)
    shown = study(["Blue\t3", "Moon\t2", "q"], "--confidence")
    assert "Sure but wrong" not in shown
    assert "Missed" in shown


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("key", "said"), [("1", "guess"), ("2", "unsure"), ("3", "sure"), ("\r", "")], ids=["1", "2", "3", "enter"]
)
def test_how_sure_one_is_is_asked_before_any_sign_of_the_verdict(small, on, key, said):
    on(22)
    with Screen("--course", small, "quiz", "--confidence") as screen:
        shown = screen.prompt()
        place = next(line.split()[0] for line in shown.splitlines() if line.endswith("Green"))
        press_key(screen, place)
        shown = screen.prompt()
        assert "How sure?" in screen.last_line_above()
        assert not any(sign in shown for sign in ("Right", "Wrong", "✓", "✗", "Green is the grass"))
        assert logged() == []
        press_key(screen, key)
        assert "Wrong." in screen.prompt()
        press_key(screen, "q")
        assert screen.end() == 0
    assert [one["confidence"] for one in logged()] == [said]


def test_without_being_asked_for_nobody_asks_how_sure_one_is(study, on):
    on(22)
    assert "How sure?" not in study(["Blue", "Stars"])


# Reading


def contents(small, *options):
    return in_process("--course", small, "explain", *options).stdout


def test_a_page_is_read_when_a_person_has_seen_it(person, small, on):
    on(22)
    person(["--course", small, "explain", "sky"], [])
    assert [(one["act"], one["page"]) for one in logged()] == [("read", "sky")]
    assert "unread" not in contents(small)
    assert "read" in contents(small)


@pytest.mark.parametrize("arguments", [["explain", "sky"], ["explain", "--all"], ["explain", "sky", "--json"]])
def test_a_page_in_a_pipe_is_not_read(small, tmp_path, arguments):
    assert in_process("--course", small, *arguments).status == 0
    assert files_below(tmp_path / "home") == []


@pytest.mark.parametrize("arguments", [["sky#by-day"], [], ["sky", "--json"], ["sky", "--format", "md"]])
def test_a_passage_or_another_form_is_no_page_read(small, tmp_path, arguments):
    scripted_call(["--course", small, "explain", *arguments], [])
    assert files_below(tmp_path / "home") == []


STANDING = """\
- {{id: {0}, type: true-false, passage: sky, stem: Is it {0}?, key: true, rationale: It is.}}
"""


@pytest.fixture
def varied(small, tmp_path, on):
    """Give the small course with four questions that stand differently, and a second page never touched."""
    with (small / "questions.yaml").open("a", encoding="utf-8") as bank:
        bank.write("".join(map(STANDING.format, ("held", "once", "missed", "new"))))
        bank.write(STANDING.format("wet").replace("sky", "sea"))
    (small / "pages" / "02-sea.md").write_text(SEA, encoding="utf-8")

    def on_day(day, act):
        return event(act, NOVEMBER_22 + (day - 22) * DAY, 3600, course="small")

    events = [on_day(day, answer("held")) for day in (10, 12, 20)]
    events += [on_day(20, answer("once")), on_day(18, answer("missed")), on_day(20, missed("missed"))]
    log = write_log(tmp_path / "stick" / "a0000000.jsonl", events)
    on(21)
    assert in_process("history", "merge", log).status == 0
    return small


def test_the_contents_say_how_each_page_stands(varied):
    scripted_call(["--course", varied, "explain", "sky"], [])
    lines = contents(varied).splitlines()
    assert " 1 sky      The sky  1 min ━━━━━   6 █▒░···" in lines
    assert " 2 sea      The sea  1 min         1" in lines
    assert "Questions: █ 1 held  ▓ 0 right on two days  ▒ 1 right once  ░ 1 seen  · 4 new" in lines


def test_beside_long_titles_the_contents_say_it_in_less_room(varied):
    page = (varied / "pages" / "02-sea.md").read_text("utf-8")
    title = "What is there to say of the sea in a title of many words?"
    (varied / "pages" / "02-sea.md").write_text(page.replace("The sea", title, 1), "utf-8")
    scripted_call(["--course", varied, "explain", "sky"], [])
    lines = contents(varied, "--width", "80").splitlines()
    assert [line.split()[-3:] for line in lines if "sky" in line] == [["1", "━━━━", "█▒░·"]]
    assert [line.split()[-2:] for line in lines if title[:40] in line] == [["1", "1"]]


def test_on_a_narrow_screen_the_contents_say_it_in_words(varied):
    scripted_call(["--course", varied, "explain", "sky"], [])
    lines = [line.strip() for line in contents(varied, "--width", "40").splitlines()]
    assert "1 min · 6 questions · read" in lines
    assert "1 held, 1 right once, 1 seen, 3 new" in lines
    assert "1 min · 1 question" in lines


def test_the_plain_contents_say_it_in_two_fields(varied):
    scripted_call(["--course", varied, "explain", "sky"], [])
    rows = [line.split("\t") for line in contents(varied, "--plain").splitlines()]
    assert [row[-2:] for row in rows] == [
        ["read", "1 held, 1 right once, 1 seen, 3 new"],
        ["unread", "1 new"],
    ]


def test_the_contents_for_programs_say_it_in_numbers(varied):
    scripted_call(["--course", varied, "explain", "sky"], [])
    sky, sea = json.loads(contents(varied, "--json"))["sections"]
    assert (sky["read"], sea["read"]) == (True, False)
    assert sky["steps"] == {"held": 1, "right_twice": 0, "right_once": 1, "seen": 1, "new": 3}
    assert sea["steps"] == {"held": 0, "right_twice": 0, "right_once": 0, "seen": 0, "new": 1}


def test_next_goes_from_page_to_page_and_says_when_all_are_read(person, small, on):
    (small / "pages" / "02-sea.md").write_text(SEA, encoding="utf-8")
    on(22)
    shown = [person(["--course", small, "explain", "--next"], []) for _ in range(3)]
    assert "The sky is above" in shown[0]
    assert "The sea is below" in shown[1]
    assert "You have read every section." in shown[2]


def test_next_for_programs_is_the_page_or_none_when_all_are_read(small):
    assert [one["id"] for one in json.loads(contents(small, "--next", "--json"))["sections"]] == ["sky"]
    scripted_call(["--course", small, "explain", "sky"], [])
    assert json.loads(contents(small, "--next", "--json"))["sections"] == []


def test_next_stays_where_it_is_as_long_as_nobody_has_seen_the_page(small):
    assert "The sky is above" in contents(small, "--next")
    assert "The sky is above" in contents(small, "--next")


# Where one stands


def told(small):
    """Give what a bare `synergy` says at a terminal, wide enough for a line a command."""
    with Screen("--course", small, "--width", "200", columns=200) as screen:
        assert screen.end() == 0
        return [" ".join(line.split()) for line in screen.text.split("\n") if line]


def call_of(small, words):
    return f"synergy --course {small} {words}"


def test_at_the_start_the_first_page_is_what_to_do(small, on):
    on(22)
    lines = told(small)
    assert [line for line in lines if line.startswith("Next: ")] == ["Next: read sky and answer (1 min)"]
    assert call_of(small, "study") in lines
    assert not any("begun" in line for line in lines)


def read_the_page(small):
    with Screen("--course", small, "explain", "sky", "--no-pager") as screen:
        assert screen.end() == 0


def test_with_something_due_that_is_what_to_do(small, on):
    on(22)
    read_the_page(small)
    in_a_pipe(small, "Blue", "Moon", "q")
    on(23)
    lines = told(small)
    assert "1 of 1 section read, 2 of 2 questions seen. 1 due now." in lines
    assert "Next: 1 due, about 1 min" in lines
    assert call_of(small, "quiz") in lines


def test_how_long_it_takes_follows_from_the_times_of_the_log(small, on, tmp_path):
    """One answer every three minutes, then nothing for hours: each question takes three minutes."""
    on(22)
    read_the_page(small)
    times = [NOVEMBER_22 - 3 * DAY + minutes * 60 * SECOND for minutes in (*range(0, 75, 3), 600)]
    events = [event(missed(mode="practice"), at, 3600, course="small") for at in times[1:]]
    log = write_log(tmp_path / "stick" / "a0000000.jsonl", [event(missed(), times[0], 3600, course="small"), *events])
    assert in_process("history", "merge", log).status == 0
    reworded(small, "id: stars", "id: suns")
    assert "questions on sky (1), about 3 min" in " ".join(told(small))
    made = progress(small)
    assert (made["seconds_a_question"], made["minutes_due"]) == (180.0, 3)
    assert "1 due today, about 3 min, all of them overdue" in in_process("--course", small, "progress").stdout


def test_the_next_page_comes_before_what_is_due(small, on):
    on(22)
    in_a_pipe(small, "Blue", "Moon", "q")
    on(23)
    lines = told(small)
    assert "0 of 1 section read, 2 of 2 questions seen. 1 due now." in lines
    assert "Next: read sky and answer (1 min)" in lines
    assert call_of(small, "study") in lines


def test_a_session_says_that_it_asks_about_a_page_that_was_not_read(small, on):
    def begins():
        return " ".join(in_a_pipe(small, "q").split()).partition("Question 1")[0]

    on(22)
    assert begins().startswith("2 questions on unread sections. Read first: synergy --course ")
    in_a_pipe(small, "Blue", "Moon")
    on(23)
    assert begins() == ""
    reworded(small, "id: colour", "id: hue")
    assert "1 question on" in begins()
    read_the_page(small)
    assert begins() == ""


def test_with_nothing_due_and_a_page_unread_that_is_what_to_do(small, on):
    on(21)
    in_a_pipe(small, "Blue")
    on(22)
    lines = told(small)
    assert any(line.startswith("0 of 1 section read, 1 of 2 questions seen. Nothing is due now.") for line in lines)
    assert "Next: read sky and answer (1 min)" in lines


def test_with_all_read_and_something_new_that_is_what_to_do(small, on):
    on(21)
    in_a_pipe(small, "Blue")
    on(22)
    scripted_call(["--course", small, "explain", "sky"], [])
    lines = told(small)
    assert any(line.startswith("1 of 1 section read, 1 of 2 questions seen. Nothing is due now.") for line in lines)
    assert "Next: questions on sky (1), about 1 min" in lines
    assert call_of(small, "quiz sky") in lines


def test_with_everything_done_it_says_when_to_come_back(small, on):
    on(22)
    in_a_pipe(small, "Blue", "Stars")
    scripted_call(["--course", small, "explain", "sky"], [])
    lines = told(small)
    stands = "1 of 1 section read, 2 of 2 questions seen."
    assert f"{stands} Nothing is due now. The next review is on Tue 24 Nov." in lines
    assert call_of(small, "progress") in lines


def test_what_is_gone_from_the_course_is_not_counted_as_begun(small, on):
    (small / "pages" / "02-sea.md").write_text(SEA, encoding="utf-8")
    on(22)
    in_a_pipe(small, "Blue", "Stars")
    scripted_call(["--course", small, "explain", "--all"], [])
    bank = small / "questions.yaml"
    text = bank.read_text("utf-8")
    bank.write_text(text[: text.index("- id: stars")], encoding="utf-8")
    (small / "pages" / "02-sea.md").unlink()
    assert any(line.startswith("1 of 1 section read, 1 of 1 question seen.") for line in told(small))


def test_in_a_pipe_and_for_programs_a_bare_call_names_the_same_step(small, on):
    on(21)
    read_the_page(small)
    in_a_pipe(small, "Blue")
    on(22)
    assert "Next: questions on sky (1), about 1 min\n" in in_process("--course", small).stdout
    assert json.loads(in_process("--course", small, "--json").stdout)["next"] == {
        "progress": "1 of 1 section read, 1 of 2 questions seen. Nothing is due now. The next review is tomorrow.",
        "step": "questions on sky (1), about 1 min",
        "command": "quiz sky",
    }


# The environment


def test_retention_moves_the_days_on_which_something_is_due(small, on, monkeypatch):
    on(22)
    in_a_pipe(small, "Blue", "Stars")
    found = {}
    for share in ("0.70", "0.90", "0.97"):
        monkeypatch.setenv("SYNERGY_RETENTION", share)
        found[share] = due(small)
    assert found["0.90"] == {"24": 2}
    assert found["0.97"] == {"23": 2}
    assert found["0.70"] == {}
    monkeypatch.setenv("SYNERGY_RETENTION", "0.70")
    assert progress(small)["due_later"] == 2


@pytest.mark.parametrize("share", ["0.69", "0.98", "90", "nan", "much"])
@pytest.mark.parametrize("arguments", [["progress"], ["quiz"], ["quiz", "--exam"], ["study", "--ask-first"]])
def test_a_retention_out_of_range_is_wrong_usage(small, monkeypatch, share, arguments):
    monkeypatch.setenv("SYNERGY_RETENTION", share)
    done = in_process("--course", small, *arguments, stdin="Blue\n")
    assert done.status == 2
    assert f"SYNERGY_RETENTION={share}: expected a number from 0.70 to 0.97." in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("moment", ["tomorrow", "2026-11-22", "2026-11-22T09:00:00", "2026-13-01T09:00:00+01:00"])
@pytest.mark.parametrize("arguments", [["progress"], ["quiz"], ["history", "check"]])
def test_a_clock_that_is_no_moment_is_wrong_usage(small, monkeypatch, moment, arguments):
    monkeypatch.setenv("SYNERGY_NOW", moment)
    done = in_process("--course", small, *arguments)
    assert done.status == 2
    assert f"SYNERGY_NOW={moment}: expected a time with its UTC offset" in done.stderr


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59+00:00", "9999-12-31T23:59:59.999999+00:00"]
)
def test_a_clock_outside_the_years_of_a_history_is_wrong_usage(small, monkeypatch, moment):
    monkeypatch.setenv("SYNERGY_NOW", moment)
    done = in_process("--course", small, "progress")
    assert done.status == 2
    assert f"SYNERGY_NOW={moment}: expected a year from 2000 to 2099." in done.stderr


def test_two_devices_that_share_a_folder_see_each_others_answers(small, on, tmp_path, monkeypatch):
    folder = tmp_path / "shared"
    monkeypatch.setenv("SYNERGY_HISTORY", str(folder))
    on(22)
    for device, acts in (("laptop", ["Blue"]), ("desk", ["Stars"])):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / device))
        in_a_pipe(small, *acts)
    assert sorted(len(path.read_text().splitlines()) for path in folder.glob("*.jsonl")) == [2, 2]
    for device in ("laptop", "desk"):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / device))
        assert due(small) == {"24": 2}
        assert "Nothing is due now." in in_a_pipe(small)


def test_undo_takes_back_what_was_answered_on_this_device(small, on, tmp_path, monkeypatch):
    monkeypatch.setenv("SYNERGY_HISTORY", str(tmp_path / "shared"))
    on(22)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "laptop"))
    in_a_pipe(small, "Blue")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "desk"))
    in_a_pipe(small, "Stars")
    assert "What shines at night?" in in_process("--course", small, "history", "undo").stdout
    assert in_process("--course", small, "history", "undo").status == 1
    assert due(small) == {"24": 1}
