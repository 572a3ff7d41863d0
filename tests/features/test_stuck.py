"""A question that is missed again and again gets help, and is set aside in the end; a faulty one is reported."""

from __future__ import annotations

import json
import signal
from os import environ
from pathlib import Path

import pytest

from harness import Screen, in_process
from learner import NEXT, at, first_or_deep, logged, piped_call, press_key, progress, scripted_call, typed_call
from records import DAY, SECOND, answer, event, missed, write_log

NOVEMBER_22 = 1_795_334_400 * SECOND
"""2026-11-22, 8 a.m. UTC."""
NOON = """\
- id: noon
  type: true-false
  passage: sky#by-day
  stem: The sky is blue at noon.
  key: true
  rationale: It is.
"""
PASSAGE = "It is blue."
KEYS = "1 bring back · Enter done"
STEMS = {"colour": "Which colour has the sky by day?", "noon": "The sky is blue at noon.", "stars": "What shines"}


@pytest.fixture(params=first_or_deep(scripted_call, typed_call), ids=lambda call: call.__name__)
def person(request):
    """Call the program at a terminal, scripted and real."""
    return request.param


@pytest.fixture
def course(small, monkeypatch):
    """Give the small course with a second question on one of its passages, on 22 November."""
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8") + NOON, encoding="utf-8")
    return small


def before(*days):
    """Write down what was answered on the days before 22 November: a question and whether it was right."""
    acts = [
        event(answer(name) if right else missed(name), NOVEMBER_22 - (len(days) - place) * DAY, course="small")
        for place, day in enumerate(days)
        for name, right in day.items()
    ]
    write_log(Path(environ["HOME"], ".local/share/synergy/history/d0000000.jsonl"), acts)


def order(shown):
    """Tell in which order the questions were asked, each when it came first."""
    return sorted((name for name in STEMS if STEMS[name] in shown), key=lambda name: shown.index(STEMS[name]))


def quiz(call, course, *acts, most="9"):
    return call(["--course", course, "quiz", "-n", most], acts)


def moved():
    return [(act["question"], act["suspended"]) for act in logged() if act["act"] == "suspend"]


# Help


@pytest.mark.parametrize("call", [scripted_call, piped_call])
def test_after_three_misses_a_question_is_asked_as_ever(course, call):
    before(*[{"colour": False}] * 3)
    shown = quiz(call, course, "Blue", "Stars", "true")
    assert PASSAGE not in shown.partition("Right.")[0]
    assert "missed on" not in shown


@pytest.mark.parametrize("call", [scripted_call, *first_or_deep(piped_call, typed_call)])
def test_after_four_misses_the_passage_comes_first_and_counts_as_a_hint(course, call):
    before(*[{"colour": False}] * 4)
    shown = quiz(call, course, *([NEXT] if call is not piped_call else []), "Blue", "Stars", "true")
    assert shown.index(PASSAGE) < shown.index(STEMS["colour"])
    assert "missed on 4 days" in shown
    (act,) = [act for act in logged() if act["question"] == "colour" and act["at"] > "2026-11-22T08"]
    assert (act["verdict"], act["hinted"], act["rating"]) == ("right", True, 2)


def test_after_five_another_question_on_the_passage_comes_first(course):
    before(*[{"colour": False, "noon": True}] * 5)
    shown = quiz(scripted_call, course, "true", "Blue", "Stars")
    assert order(shown) == ["noon", "colour", "stars"]
    assert PASSAGE not in shown
    assert "missed on 5 days" in shown


def test_another_question_takes_the_place_of_one_that_needs_no_help(course):
    before(*[{"colour": False, "noon": True}] * 5)
    assert order(quiz(scripted_call, course, "true", "Blue", most="2")) == ["noon", "colour"]
    assert order(quiz(scripted_call, course, "Stars", most="1")) == ["stars"]


def test_without_another_question_the_passage_comes_first_again(small, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))
    before(*[{"colour": False}] * 5)
    shown = quiz(scripted_call, small, NEXT, "Blue", "Stars")
    assert shown.index(PASSAGE) < shown.index(STEMS["colour"])


def test_practice_gives_no_such_help(course):
    before(*[{"colour": False}] * 5)
    shown = scripted_call(["--course", course, "quiz", "--practice"], ["Blue"] * 9)
    assert "missed on" not in shown
    assert PASSAGE not in shown


def test_two_right_days_in_a_row_end_it(course):
    before(*[{"colour": False}] * 5, {"colour": True}, {"colour": True})
    assert json.loads(in_process("--course", course, "progress", "--stuck", "--json").stdout)["questions"] == []


# Set aside


def test_the_sixth_miss_sets_a_question_aside_and_says_so(course, person):
    before(*[{"colour": False}] * 5)
    shown = quiz(person, course, "true", "Green", "Stars")
    told = "Missed on 6 days, so it is set aside: it is not asked again. To bring it back: synergy"
    assert told.replace(" ", "") in "".join(shown.split())
    assert "Second try" not in shown
    assert "1 question is set aside." in shown
    listed = in_process("--course", course, "progress", "--stuck", "--plain").stdout
    assert listed.startswith("aside\tcolour\tmissed on 6 days\tWhich colour has the sky by day?\t")
    assert [day["questions"] for day in progress(course)["due"] if day["questions"]] == [2]


def test_what_is_set_aside_is_not_asked_the_next_day_but_in_practice_it_is(course, monkeypatch):
    before(*[{"colour": False}] * 6)
    assert order(quiz(piped_call, course, "Stars", "true")) == ["stars", "noon"]
    monkeypatch.setenv("SYNERGY_NOW", at(23))
    shown = piped_call(["--course", course, "study"], ["Stars", "true", "s"])
    assert STEMS["colour"] not in shown
    assert "colour" in order(piped_call(["--course", course, "quiz", "--practice"], ["s"] * 9))


def test_the_last_strike_may_be_overruled_or_taken_back(course):
    bank = course / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("  passage: sky\n", "  passage: sky#by-day\n"), encoding="utf-8")
    before(*[{"stars": False}] * 5)
    shown = quiz(scripted_call, course, "Blue", "Moon", "r", "true")
    assert "a set aside" in shown[shown.index("Counted as right.") :].partition("Question 3")[0]
    assert json.loads(in_process("--course", course, "progress", "--stuck", "--json").stdout)["questions"] == [
        {
            "id": "stars",
            "revision": 1,
            "passage": "sky#by-day",
            "stem": "What shines at night?",
            "days_missed": 5,
            "set_aside": False,
        }
    ]


def test_a_key_sets_aside_and_brings_back(course, person):
    shown = quiz(person, course, "Green", "a", "a", "a", "Stars", "true")
    assert moved() == [("colour", True), ("colour", False), ("colour", True)]
    assert shown.count("Brought back.") == 1
    assert "Second try" not in shown
    assert "set aside by you" in in_process("--course", course, "progress", "--stuck").stdout


def test_a_session_that_is_resumed_leaves_out_what_was_set_aside(course):
    quiz(scripted_call, course, "Green", "a", "Stars", "q")
    shown = scripted_call(["--course", course, "quiz", "--resume"], ["true"])
    assert order(shown) == ["noon", "colour"]  # the latter in the summary
    assert "Second try" not in shown


def test_the_list_brings_back_what_has_a_number(course, person):
    before(*[{"colour": False}] * 6)
    in_process("--course", course, "history", "suspend", "stars")
    shown = person(["--course", course, "progress", "--stuck"], ["3", "1", ""])
    assert "3 does nothing here." in shown
    assert "Brought back. colour" in shown
    rest = shown.split("Brought back. colour")[1].replace("1 Enter", "1").split("\n")
    assert rest[2:5] == [f"1. {STEMS['stars']} at night?", "", KEYS]
    listed = json.loads(in_process("--course", course, "progress", "--stuck", "--json").stdout)["questions"]
    assert [(one["id"], one["set_aside"]) for one in listed] == [("stars", True)]


def test_a_list_longer_than_the_window_opens_in_the_reader_and_is_short_above_its_prompt(course, monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    monkeypatch.delenv("PAGER", raising=False)
    in_process("--course", course, "history", "suspend", "stars", "noon")
    with Screen("--course", course, "progress", "--stuck", lines=8) as screen:
        screen.wait("stuck and set aside")
        screen.press("q")
        screen.wait("bring back")
        screen.prompt()
        assert f". {STEMS['stars']} at night?\n2. {STEMS['noon']}\n\n1-2 bring back" in screen.text
        screen.press("\r")
        assert screen.end() == 0


def test_the_plain_list_asks_for_no_number_because_it_has_none(course):
    in_process("--course", course, "history", "suspend", "stars")
    shown = typed_call(["--course", course, "progress", "--stuck", "--plain"], [])
    assert "history resume stars" in shown.replace("\n", "")
    assert "bring back" not in shown


def test_commands_set_aside_and_bring_back_and_know_the_questions(course):
    done = in_process("--course", course, "history", "suspend", "stars", "noon", "stars")
    assert done.stdout == "Set aside: stars, noon.\n"
    assert order(quiz(piped_call, course, "Blue")) == ["colour"]
    assert in_process("--course", course, "history", "resume", "noon").stdout == "Brought back: noon.\n"
    assert in_process("--course", course, "history", "resume", "noon").stdout == "Not set aside: noon.\n"
    again = in_process("--course", course, "history", "suspend", "stars", "noon")
    assert again.stdout == "Set aside: noon.\nAlready set aside: stars.\n"
    assert in_process("--course", course, "history", "resume", "noon", "--json").stdout.count("noon") == 1
    assert moved() == [("stars", True), *[("noon", True), ("noon", False)] * 2]
    wrong = in_process("--course", course, "history", "resume", "nooon")
    assert (wrong.status, wrong.stderr.splitlines()) == (
        2,
        [
            "synergy: There is no question `nooon`. Did you mean noon?",
            f"Questions by id: synergy --course {course} export csv",
        ],
    )
    assert len(moved()) == 5


def test_where_a_section_or_a_beginning_is_given_its_questions_are_named(course):
    wrong = in_process("--course", course, "history", "suspend", "sky")
    assert wrong.stderr.splitlines() == [
        "synergy: There is no question `sky`.",
        f"Questions by id: synergy --course {course} export csv sky",
    ]
    listed = in_process("--course", course, "export", "csv", "sky").stdout
    assert '"colour"' in listed
    assert "Did you mean stars?" in in_process("--course", course, "history", "suspend", "s").stderr


def test_a_question_that_is_brought_back_is_back_though_the_clock_was_set_back(course, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", "2026-11-22T09:10:00+01:00")
    in_process("--course", course, "history", "suspend", "noon")
    monkeypatch.setenv("SYNERGY_NOW", "2026-11-22T09:00:00+01:00")
    assert in_process("--course", course, "history", "resume", "noon").stdout == "Brought back: noon.\n"
    assert json.loads(in_process("--course", course, "progress", "--stuck", "--json").stdout)["questions"] == []


def test_the_first_screen_and_the_next_step_know_what_is_set_aside(course):
    before({"colour": True}, {}, {}, {}, {}, {})
    in_process("--course", course, "history", "suspend", "colour", "stars")
    shown = in_process("--course", course).stdout
    assert "2 set aside." in shown
    assert "Nothing is due now." in " ".join(shown.split())


# Faults


def test_a_fault_is_told_before_the_answer_or_after_it_and_reported(course, person):
    quiz(person, course, "!", "Is it blue?", "Blue", "!", "Red is right at dusk.", "Stars", "true", most="9")
    done = in_process("--course", course, "history", "flags")
    told = [line for line in done.stdout.split("\n") if line.startswith("- ")]
    assert told == ["- 2026-11-22: Is it blue?", "- 2026-11-22: Red is right at dusk."]
    assert "## colour\n\nRevision 1. Passage `sky#by-day`.\n\n> Which colour has the sky by day?\n" in done.stdout
    assert [act["verdict"] for act in logged() if act["act"] == "answer"] == ["right"] * 3


def test_an_empty_line_reports_nothing(course):
    shown = quiz(scripted_call, course, "!", "", "Blue", "Stars", "true")
    assert "Saved." not in shown
    done = in_process("--course", course, "history", "flags")
    assert (done.stdout.partition(".")[0], done.status) == ("No question is marked as faulty", 0)


def test_a_pipe_reports_a_fault_with_the_next_line_and_a_file_of_answers_none(course):
    done = piped_call(["--course", course, "quiz"], ["!", "Is it blue?", "Blue", "Stars", "true"])
    assert "Saved. All reports:" in done
    assert "Type what is wrong" not in done
    assert "- 2026-11-22: Is it blue?" in in_process("--course", course, "history", "flags").stdout
    assert [act["verdict"] for act in logged() if act["act"] == "answer"] == ["right"] * 3
    in_process("--course", course, "quiz", "--practice", "--answers", "-", stdin="!\n!\n!\n")
    assert len([act for act in logged() if act["act"] == "answer"]) == 6
    assert in_process("--course", course, "history", "flags").stdout.count("- 2026-11-22: ") == 1


def test_an_exclamation_mark_can_be_an_answer(course):
    bank = course / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("key: Stars", 'key: "!"\n  exact: true'), encoding="utf-8")
    assert "Right." in quiz(scripted_call, course, "Blue", NEXT, "!", "true").partition("What shines")[2]
    assert in_process("--course", course, "history", "flags").stdout.startswith("No question is marked as faulty.")


def test_nothing_is_offered_where_nothing_is_saved(course):
    shown = scripted_call(["--course", course, "quiz", "--unsaved"], ["Blue", "Stars", "true"])
    assert "faulty" not in shown
    assert "set aside" not in shown


def test_a_report_says_what_has_become_of_a_question(course):
    quiz(scripted_call, course, "Blue", "!", "Unclear.", "Stars", "!", "Too easy.", "q")
    bank = course / "questions.yaml"
    kept = (
        bank.read_text("utf-8")
        .replace("- id: stars", "- id: planets")
        .replace("id: colour", "id: colour\n  revision: 2")
    )
    bank.write_text(kept, encoding="utf-8")
    report = in_process("--course", course, "history", "flags").stdout
    assert "## colour\n\nRevision 1. The course has revision 2. Passage `sky#by-day`.\n" in report
    assert "## stars\n\nRevision 1. The course no longer has it.\n\n- 2026-11-22: Too easy.\n" in report
    found = json.loads(in_process("--course", course, "history", "flags", "--json").stdout)["questions"]
    assert [(one["id"], one["revision"], one["current_revision"]) for one in found] == [
        ("colour", 1, 2),
        ("stars", 1, None),
    ]


def test_a_fault_is_on_disk_once_it_is_confirmed(course):
    with Screen("--course", course, "quiz", lines=40) as screen:
        screen.prompt()
        press_key(screen, "!")
        screen.wait("what is wrong with it")
        screen.press("Out of date.\r")
        screen.wait("Saved.")
        screen.signal(signal.SIGKILL)
        assert screen.end() == -signal.SIGKILL
    assert "Out of date." in in_process("--course", course, "history", "flags").stdout
