"""An exam: no feedback until it is handed in, questions to come back to, a clock, a fair score, and no schedule."""

from __future__ import annotations

import json
import signal
from itertools import count
from random import Random

import pytest

import learner
from harness import DATA, EXAMPLE, Screen, in_process
from learner import (
    CALLS,
    GONE,
    NEXT,
    ScriptedTerminal,
    at,
    first_or_deep,
    logged,
    piped_call,
    press_key,
    progress,
    scripted_call,
)
from learner import typed_call as in_a_terminal
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.page import plain_texts
from synergy_cli.study.attempts import AT_A_SCREEN, Attempt, Outcome
from synergy_cli.study.exam import Exam, ExamPrompts, ExamResult
from synergy_cli.study.queue import sample
from synergy_cli.study.recording import Recorder
from synergy_cli.ui.layout import cells
from synergy_cli.ui.theme import Look

SEED = ("--seed", "1")
"""Asks the small course's typed question first."""
VERDICTS = ("Right", "Wrong", "✓", "✗", "They shine by day too", "Air scatters", "Green is the grass")
MIXED_BANK = """\
format: 1
id: mixed
title: Two pages
questions:
- {id: of-three, type: choice, passage: sky, stem: Which of three?, key: This, rationale: So it is.,
   distractors: [{text: That, feedback: No.}, {text: Those, feedback: No.}]}
- {id: holds, type: true-false, passage: sky, stem: Does it hold?, key: true, rationale: It does.}
- {id: fails, type: true-false, passage: sea, stem: Does it fail?, key: false, rationale: It does not.}
- {id: several, type: multiple, passage: sea, stem: Which ones?, keys: [Apple, Pear], rationale: They grow.,
   distractors: [{text: Stone, feedback: A stone is none.}]}
- {id: typed, type: short, passage: sky, stem: What is water?, key: Wet, rationale: It is.}
- {id: number, type: number, passage: sky, stem: How many?, key: 12, rationale: Count them.}
- {id: sorted, type: order, passage: sea, stem: In which order?, order: [First, Second, Third], rationale: So.}
- {id: paired, type: match, passage: sea, stem: What goes together?, pairs: {Hand: Glove, Foot: Shoe}, rationale: So.}
"""
RIGHT = {
    "of-three": "This",
    "holds": "True",
    "fails": "False",
    "several": ("Apple", "Pear"),
    "typed": "Wet",
    "number": "12",
    "sorted": ("First", "Second", "Third"),
    "paired": ("Glove", "Shoe"),
}
WRONG = {
    "of-three": "That",
    "holds": "False",
    "fails": "True",
    "several": ("Apple",),
    "typed": "Salt",
    "number": "13",
    "sorted": ("Second", "First", "Third"),
    "paired": ("Shoe", "Glove"),
}


@pytest.fixture(autouse=True)
def _a_day_in_november(monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))


@pytest.fixture(params=CALLS, ids=lambda call: call.__name__)
def exam(request, small):
    """Take an exam on the small course, one of three ways; give everything that was shown."""
    return lambda acts, *options: request.param(["--course", small, "quiz", "--exam", *SEED, *options], acts)


@pytest.fixture(params=first_or_deep(scripted_call, in_a_terminal), ids=lambda call: call.__name__)
def exam_at_a_screen(request, small):
    """Take an exam on the small course at a terminal, scripted or real."""
    return lambda acts, *options: request.param(["--course", small, "quiz", "--exam", *SEED, *options], acts)


@pytest.fixture
def mixed(tmp_path):
    """Give a course of two pages with one question of each kind, and two that are true or false."""
    folder = tmp_path / "mixed"
    (folder / "pages").mkdir(parents=True)
    (folder / "questions.yaml").write_text(MIXED_BANK, encoding="utf-8")
    for number, page in enumerate(("sky", "sea"), start=1):
        text = f"---\ntitle: The {page}\nsummary: About it.\n---\n\nIt is.\n"
        (folder / "pages" / f"{number:02}-{page}.md").write_text(text, encoding="utf-8")
    return folder


def typed(sheet, meant):
    """Write an answer as one would type it to this sheet."""
    if isinstance(meant, str):
        return meant
    listed = {text: sign for sign, text in sheet.listed}
    return "".join(listed[text] for text in meant)


def sheets(folder, seed):
    course = Course(Files(folder), Cache(None))
    questions = course.pick(sample(course.outline, 20, seed))
    return [question.sheet(Random(f"{seed}/{question.id}/0")) for question in questions]


def handed_in(mixed, tmp_path, right=(), wrong=(), seed=3):
    """Hand in a file with some right answers and some wrong ones, the others left out; give the document."""
    meant = {**{name: RIGHT[name] for name in right}, **{name: WRONG[name] for name in wrong}}
    lines = [
        typed(sheet, meant[sheet.question.id]) if sheet.question.id in meant else "s" for sheet in sheets(mixed, seed)
    ]
    file = tmp_path / "answers.txt"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    arguments = ["--course", mixed, "quiz", "--exam", "--seed", str(seed), "-n", "20", "--answers", file]
    done = in_process(*arguments, "--json")
    assert done.status == 0
    return json.loads(done.stdout)


def before_the_result(shown):
    return shown.partition("Result:")[0]


# What is shown, and when


@pytest.mark.parametrize("acts", [["stars", "Blue"], ["moon", "Green"], ["starz", "starz", "Red"]])
def test_nothing_tells_right_from_wrong_until_it_is_handed_in(exam, acts):
    shown = exam(acts)
    assert "Result:" in shown
    assert not [sign for sign in VERDICTS if sign in before_the_result(shown)]


def test_afterwards_every_question_is_explained(exam):
    after = exam(["moon", "Blue"]).partition("Result:")[2]
    assert "Every question" in after
    assert after.index("1. What shines at night?") < after.index("2. Which colour has the sky by day?")
    assert "Wrong. Your answer: moon" in after
    assert "Right answer: Stars" in after
    assert "They shine by day too." in after
    assert "Air scatters blue light most." in after
    assert "Strutt JW (1871)" in after


def test_a_question_that_time_did_not_allow_to_be_seen_was_not_skipped(small):
    arguments = ["--course", small, "quiz", "--exam", *SEED, "--minutes", "5"]
    shown = scripted_call(arguments, ["stars", GONE]).partition("Every question")[2]
    again = in_process("--course", small, "history", "exam").stdout
    assert [text.count("→ Not answered.") for text in (shown, again)] == [1, 1]
    assert "Skipped" not in shown + again


def test_a_near_miss_gets_one_more_try_and_no_hint_is_offered(exam):
    shown = exam(["starz", "stars", "Blue"])
    assert before_the_result(shown).count("Almost: check the spelling.") == 1
    assert "Result: 2 of 2 right" in shown
    assert "hint" not in before_the_result(shown)
    assert [(one.get("typed"), one.get("tries")) for one in logged() if one["act"] == "answer"] == [
        ("starz", 1),
        ("stars", 2),
        ("Blue", 1),
    ]


def test_a_second_near_miss_is_wrong(exam):
    shown = exam(["starz", "starzz", "Blue"])
    assert before_the_result(shown).count("Almost: check the spelling.") == 1
    assert "Result: 1 of 2 right" in shown
    assert "Your answer: starzz" in shown


def test_a_near_miss_that_is_not_typed_again_counts_as_the_answer(small):
    arguments = ["--course", small, "quiz", "--exam", *SEED, "--minutes", "5"]
    shown = scripted_call(arguments, ["starz", GONE])
    assert "Your answer: starz" in shown
    assert [one["typed"] for one in logged()] == ["starz"]


def test_a_file_of_answers_has_no_second_try(small, tmp_path):
    file = tmp_path / "answers"
    file.write_text("starz\nBlue\n", encoding="utf-8")
    done = in_process("--course", small, "quiz", "--exam", *SEED, "--answers", file)
    assert "Result: 1 of 2 right" in done.stdout


def test_what_is_no_answer_is_refused_and_asked_again(exam):
    shown = exam(["stars", "7", "Blue"])
    assert "Expected a number from 1 to 3, for example 2." in shown
    assert "Result: 2 of 2 right" in shown


def test_it_says_how_many_questions_there_are_and_which_one_this_is(exam):
    shown = exam(["stars", "Blue"])
    assert "Question 1 of 2" in shown
    assert "Question 2 of 2" in shown


def test_the_score_of_each_section_is_shown(mixed, tmp_path):
    answers = tmp_path / "answers"
    lines = [typed(s, (RIGHT if s.question.page == "sky" else WRONG)[s.question.id]) for s in sheets(mixed, 3)]
    answers.write_text("\n".join(lines), encoding="utf-8")
    done = in_process("--course", mixed, "quiz", "--exam", "--seed", "3", "--answers", answers)
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["sky", "The", "sky", "4", "of", "4"] in rows
    assert ["sea", "The", "sea", "0", "of", "4"] in rows


# Going to and fro


def test_what_is_left_for_later_is_open_and_can_be_returned_to_by_its_number(exam_at_a_screen):
    shown = exam_at_a_screen(["s", "Blue", "1", "stars", NEXT])
    assert "unanswered: What shines at night?" in shown
    assert shown.count("Question 1 of 2") == 2
    assert "Result: 2 of 2 right" in shown


def test_a_flag_marks_a_question_until_it_is_taken_off(exam_at_a_screen):
    shown = exam_at_a_screen(["f", "stars", "Blue", "1", "f", "stars", NEXT])
    first, second = shown.split("Your answers")[1:]
    assert "flagged: What shines at night?" in first
    assert "unflag" in first
    assert "flagged:" not in second.partition("Result:")[0]


def test_back_goes_to_the_question_before_and_shows_what_was_answered(exam):
    shown = exam(["moon", "b", "stars", "Blue"])
    assert "your answer: moon" in shown
    assert "Result: 2 of 2 right" in shown


def test_at_the_first_question_there_is_no_way_back(exam):
    shown = exam(["b", "Blue"])
    assert "Your answer: b" in shown.partition("Result:")[2]


def test_an_answer_can_be_changed_and_the_last_one_counts(exam_at_a_screen):
    shown = exam_at_a_screen(["stars", "Blue", "2", "Green", NEXT])
    assert "Result: 1 of 2 right" in shown
    assert [one.get("verdict") for one in logged()] == ["right", "right", "wrong", None]
    assert "saved" not in shown
    assert [logged()[3]["event"], logged()[3]["question"]] == [logged()[1]["id"], "colour"]


def test_one_may_go_to_the_end_and_hand_in_at_once(exam_at_a_screen):
    shown = exam_at_a_screen(["q", NEXT, "y"])
    assert shown.count("unanswered: ") == 2
    assert "Result: 0 of 2 right (0%); corrected for guessing 0%" in " ".join(shown.split())


def test_an_exam_with_unanswered_questions_is_finished_only_when_one_says_so_twice(exam_at_a_screen):
    shown = exam_at_a_screen(["stars", "q", NEXT, "n", "2", "s", NEXT, "y"])
    assert shown.count("Finish with 1 unanswered?") == 2
    assert shown.count("Question 2 of 2") == 2
    assert "Result: 1 of 2 right" in shown


@pytest.mark.parametrize("leave", [["q"], [NEXT, "n", "q"], []], ids=["q", "after a doubt", "Ctrl-D"])
def test_an_exam_can_be_left_at_the_list_of_answers_and_resumed(exam_at_a_screen, small, leave):
    shown = " ".join(exam_at_a_screen(["stars", "q", *leave]).split())
    assert "q resume later" in shown
    assert "The exam ended early; there is no result yet. 1 answer saved." in shown
    assert "quiz --resume" in shown
    assert "Result:" not in shown
    assert "Result: 2 of 2 right" in in_process("--course", small, "quiz", "--resume", stdin="Blue\n").stdout


def test_an_exam_of_which_nothing_is_saved_is_stopped_with_its_result(exam_at_a_screen):
    shown = exam_at_a_screen(["stars", "q", "q"], "--unsaved")
    assert "q stop" in shown
    assert "resume" not in shown
    assert "Result: 1 of 2 right" in shown


def test_a_question_mark_tells_how_to_leave_an_exam_for_later(exam_at_a_screen):
    shown = exam_at_a_screen(["?", "stars", "q", "?", "q"])
    assert " ".join(shown.split()).count("To continue later: q at a question, then q at your answers.") == 2
    assert [one["typed"] for one in logged() if one["act"] == "answer"] == ["stars"]


def test_one_key_goes_back_to_a_question_where_one_key_answers(small):
    with Screen("--course", small, "quiz", "--exam", *SEED) as screen:
        screen.prompt()
        screen.press("stars\r")
        screen.wait("Question 2 of 2")
        screen.prompt()
        press_key(screen, "1")
        screen.wait("1-2 go back to a question")
        screen.prompt()
        press_key(screen, "2")
        screen.wait("Question 2 of 2", 2)


def test_where_a_number_needs_enter_the_keys_say_so(small):
    shown = scripted_call(["--course", small, "quiz", "--exam", *SEED, "-n", "1"], ["stars", "2", NEXT])
    assert "1 Enter go back to a question" in shown
    assert "2 does nothing here." in shown
    assert "for example 2" not in shown


@pytest.mark.parametrize("number", ["0", "3", "x", "-1", "1.5"])
def test_a_number_that_is_none_leaves_one_at_the_overview(small, number):
    shown = scripted_call(["--course", small, "quiz", "--exam", *SEED], ["stars", "Blue", number, NEXT])
    assert shown.count("Question 1 of 2") == shown.count("Question 2 of 2") == 1
    assert "Result: 2 of 2 right" in shown


def test_a_flag_is_a_flag_whichever_answer_is_right(mixed):
    """On a statement, `f` would be a short way to say False; that it is not must not depend on what is right."""
    for sheet in sheets(mixed, 3):
        if sheet.question.type == "true-false":
            asked = [typed(s, RIGHT[s.question.id]) for s in sheets(mixed, 3)]
            place = [s.question.id for s in sheets(mixed, 3)].index(sheet.question.id)
            arguments = ["--course", mixed, "quiz", "--exam", "--seed", "3"]
            shown = scripted_call(arguments, [*asked[:place], "f", *asked[place:], NEXT])
            assert f"flagged: {sheet.question.stem}" in shown
            assert "Result: 8 of 8 right" in shown


def test_in_a_file_f_says_false_whichever_answer_is_right(mixed, tmp_path, monkeypatch):
    monkeypatch.setitem(RIGHT, "fails", "f")
    monkeypatch.setitem(WRONG, "holds", "f")
    made = handed_in(mixed, tmp_path, right=["fails"], wrong=["holds"])
    answers = {one["id"]: one["answer"] for one in made["attempts"]}
    assert (answers["fails"], answers["holds"]) == (["False"], ["False"])


# The score


def test_the_correction_for_guessing_takes_back_what_luck_gives(mixed, tmp_path):
    """One of two right, of three options each: (1 - 1/2) / 2 = 25 %; here of eight asked, so 0.5 / 8."""
    made = handed_in(mixed, tmp_path, right=["typed"], wrong=["of-three"])
    assert (made["asked"], made["right"], made["percent"]) == (8, 1, 12.5)
    assert made["corrected_percent"] == 6.25


def test_of_two_questions_one_right_and_one_wrong_choice_of_three_come_to_a_quarter(small):
    done = in_process("--course", small, "quiz", "--exam", *SEED, stdin="stars\nGreen\n")
    assert "Result: 1 of 2 right (50%); corrected for guessing 25%" in done.stdout
    made = json.loads(in_process("--course", small, "quiz", "--exam", *SEED, "--json", stdin="stars\nGreen\n").stdout)
    assert (made["percent"], made["corrected_percent"]) == (50.0, 25.0)


COSTS = {
    "of-three": 1 / 2,  # one of three
    "holds": 1.0,  # one of two
    "several": 1 / 7,  # one of eight selections of three options
    "typed": 0.0,
    "number": 0.0,
    "sorted": 1 / 5,  # one of six orders
    "paired": 1.0,  # one of two pairings
}


@pytest.mark.parametrize(("name", "cost"), COSTS.items(), ids=COSTS)
def test_a_wrong_answer_costs_as_much_as_guessing_wins_and_no_more(mixed, tmp_path, name, cost):
    """Of k equally likely answers, a wrong one costs 1/(k-1); what is typed freely costs nothing."""
    right = [other for other in ("fails", "typed", "number", "paired") if other != name]
    made = handed_in(mixed, tmp_path, right=right, wrong=[name])
    assert made["percent"] == round(100 * len(right) / 8, 2)
    assert made["corrected_percent"] == round(100 * (len(right) - cost) / 8, 2)


def test_guessing_all_wrong_never_comes_to_less_than_nothing(mixed, tmp_path):
    made = handed_in(mixed, tmp_path, wrong=RIGHT)
    assert (made["right"], made["corrected_percent"]) == (0, 0)


def test_all_right_is_all_points(mixed, tmp_path):
    made = handed_in(mixed, tmp_path, right=RIGHT)
    assert (made["right"], made["percent"], made["corrected_percent"]) == (8, 100, 100)


def test_what_is_left_out_is_not_right_and_costs_nothing(mixed, tmp_path):
    made = handed_in(mixed, tmp_path, right=["typed", "of-three"])
    assert (made["asked"], made["right"]) == (8, 2)
    assert made["percent"] == made["corrected_percent"] == 25.0
    assert sum(one["skipped"] for one in made["attempts"]) == 6


def test_a_file_with_too_few_answers_leaves_the_others_out(small, tmp_path):
    file = tmp_path / "answers"
    file.write_text("stars\n", encoding="utf-8")
    done = in_process("--course", small, "quiz", "--exam", *SEED, "--answers", file, "--json")
    made = json.loads(done.stdout)
    assert (made["asked"], made["right"], made["percent"]) == (2, 1, 50.0)


@pytest.mark.parametrize(
    ("right", "asked", "mark", "shown"),
    [
        (2, 3, 67, "2 of 3 right (66%)"),
        (29, 100, 29, "29 of 100 right (29%)"),
        (299, 300, None, "299 of 300 right (99%)"),
        (1, 300, None, "1 of 300 right (1%)"),
        (0, 300, None, "0 of 300 right (0%)"),
        (300, 300, 100, "300 of 300 right (100%)"),
    ],
)
def test_a_score_is_never_shown_better_than_it_is(mixed, right, asked, mark, shown):
    course = Course(Files(mixed), Cache(None))
    question = next(question for question in course.questions if question.id == "holds")
    sheet = question.sheet(Random(0))
    attempts = [Attempt(question, sheet.mark("1" if number < right else "2")) for number in range(asked)]
    result = ExamResult(Outcome(tuple(attempts), asked, 0), late=False)
    lines = "\n".join(line.plain for line in result.scores(course, mark, Look(80)))
    assert shown in lines
    assert ("was not reached" in lines) == (mark == 67)


def test_the_document_says_it_all(mixed, tmp_path):
    made = handed_in(mixed, tmp_path, right=["typed"], wrong=["holds"])
    assert (made["schema"], made["mode"], made["seed"], made["planned"]) == (1, "exam", 3, 8)
    assert (made["time_up"], made["pass_mark"], made["passed"]) == (False, None, True)
    assert [one["id"] for one in made["attempts"]] == [sheet.question.id for sheet in sheets(mixed, 3)]
    by_id = {one["id"]: one for one in made["attempts"]}
    assert (by_id["typed"]["right"], by_id["typed"]["answer"], by_id["typed"]["key"]) == (True, ["Wet"], ["Wet"])
    assert (by_id["holds"]["right"], by_id["holds"]["skipped"]) == (False, False)
    assert (by_id["paired"]["right"], by_id["paired"]["skipped"], by_id["paired"]["answer"]) == (False, True, [])


@pytest.mark.parametrize(
    ("mark", "status", "told"), [("50", 0, "reached"), ("51", 1, "not reached"), ("100", 1, "not reached")]
)
def test_the_pass_mark_decides_the_exit_status(small, mark, status, told):
    arguments = ["--course", small, "quiz", "--exam", *SEED, "--pass", mark]
    done = in_process(*arguments, stdin="stars\nGreen\n")
    assert done.status == status
    assert f"The pass mark of {mark}% was {told}." in done.stdout
    made = in_process(*arguments, "--json", stdin="stars\nGreen\n")
    assert made.status == status
    assert json.loads(made.stdout)["pass_mark"] == int(mark)
    assert json.loads(made.stdout)["passed"] is (status == 0)


def test_without_a_pass_mark_no_result_is_a_failure(small):
    assert in_process("--course", small, "quiz", "--exam", *SEED, stdin="moon\nGreen\n").status == 0


@pytest.mark.parametrize("option", ["--pass", "--minutes"])
def test_a_pass_mark_and_a_time_belong_to_an_exam(small, option):
    done = in_process("--course", small, "quiz", option, "10")
    assert done.status == 2
    assert "--exam" in done.stderr


@pytest.mark.parametrize("minutes", ["nan", "inf", "-inf", "1e300", "0", "1441"])
def test_a_time_that_is_no_number_of_minutes_is_wrong_usage(small, minutes):
    done = in_process("--course", small, "quiz", "--exam", "--minutes", minutes)
    assert done.status == 2
    assert "--minutes" in done.stderr


def test_an_exam_is_no_practice(small):
    assert in_process("--course", small, "quiz", "--exam", "--practice").status == 2


def test_a_seed_repeats_an_exam():
    arguments = ["--course", EXAMPLE, "quiz", "--exam", "--seed", "5", "-n", "12", "--unsaved", "--json"]
    first, second = (json.loads(in_process(*arguments, stdin="s\n" * 20).stdout)["attempts"] for _ in "12")
    assert [one["id"] for one in first] == [one["id"] for one in second]
    assert len(first) == 12


# The clock


@pytest.mark.parametrize(("minutes", "left"), [("30", "30 min left"), ("2", "2 min left"), ("1", "60 s left")])
def test_it_says_how_long_is_left(small, minutes, left):
    shown = scripted_call(["--course", small, "quiz", "--exam", *SEED, "--minutes", minutes], ["stars", "Blue"])
    assert shown.count(left) == 2
    assert "Time was up" not in shown


def test_when_time_is_up_what_was_answered_counts(small):
    shown = scripted_call(["--course", small, "quiz", "--exam", *SEED, "--minutes", "5"], ["stars", GONE])
    assert shown.index("Time ran out.") < shown.index("Enter see the result") < shown.index("Result: 1 of 2 right")
    assert len(logged()) == 1


def test_when_time_is_up_at_the_overview_it_is_handed_in(small):
    acts = ["stars", "Blue", GONE]
    shown = scripted_call(["--course", small, "quiz", "--exam", *SEED, "--minutes", "5", "--pass", "100"], acts)
    assert shown.count("Time ran out.") == 1
    assert "The pass mark of 100% was reached." in shown
    assert "Result: 2 of 2 right" in shown


@pytest.mark.parametrize("options", [[], ["--enter"]], ids=["keys", "lines"])
def test_in_a_real_terminal_the_alarm_ends_it_wherever_one_is(small, options):
    with Screen("--course", small, "quiz", "--exam", *SEED, "--minutes", "5", *options, lines=60) as screen:
        screen.prompt()
        screen.press("stars\r")
        screen.prompt()
        screen.signal(signal.SIGALRM)
        screen.wait("Enter see the result")
        assert "Result" not in screen.text
        screen.press("\r")
        assert screen.end(again="\r") == 0
        assert screen.restored
        assert "Time ran out." in screen.text
        assert "Result: 1 of 2 right" in screen.text


def test_no_question_is_asked_when_no_time_is_left(small):
    terminal = ScriptedTerminal(["stars", "Blue"])
    opened = Course(Files(small), Cache(None))
    questions = opened.pick(sample(opened.outline, 2, 1))
    recorder = Recorder(count(25.0, 25.0).__next__)  # 25 seconds later whenever it is looked at
    result = Exam(questions, ExamPrompts(terminal, opened), recorder, 1, AT_A_SCREEN).run(120)
    assert result.late
    assert result.outcome.score == (1, 2)
    assert "Question 2" not in terminal.shown


# What is kept


def test_an_exam_schedules_nothing(exam, small):
    exam(["stars", "Green"])
    assert [(one["mode"], one["question"], one["verdict"]) for one in logged()] == [
        ("exam", "stars", "right"),
        ("exam", "colour", "wrong"),
    ]
    made = progress(small)
    assert made["totals"]["new"] == 2
    assert made["totals"]["answers"] == 2
    assert not any(day["questions"] for day in made["due"])


def test_an_exam_moves_no_review(small, monkeypatch):
    piped_call(["--course", small, "quiz"], ["Blue", "Stars"])
    before = progress(small)["due"]
    monkeypatch.setenv("SYNERGY_NOW", at(22, "10:00:00"))
    piped_call(["--course", small, "quiz", "--exam"], ["s", "s"])
    in_process("--course", small, "quiz", "--exam", *SEED, stdin="moon\nGreen\n")
    assert progress(small)["due"] == before


def test_an_exam_can_be_kept_out_of_the_history(exam, tmp_path):
    assert "Result: 2 of 2 right" in exam(["stars", "Blue"], "--unsaved")
    assert list((tmp_path / "home").iterdir()) == []


def test_how_sure_one_is_is_put_on_record(exam):
    shown = exam(["stars\t1", "Blue\t3"], "--confidence")
    assert "Result: 2 of 2 right" in shown
    assert [one["confidence"] for one in logged()] == ["guess", "sure"]


def test_ctrl_c_ends_it_without_a_result(small):
    with Screen("--course", small, "quiz", "--exam", *SEED) as screen:
        screen.prompt()
        screen.press("stars\r")
        screen.prompt()
        screen.press("\x03")
        assert screen.end(again="\x03") == 130
        assert "Result" not in screen.text
        assert "no result" in " ".join(screen.text.split())
    assert len(logged()) == 1


# Widths


def too_wide(shown, width):
    return [line for line in shown.splitlines() if cells(line) > width and "://" not in line]


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_every_line_fits_its_width(width):
    """A pair of answers is taken of each kind; what is no answer is remarked upon, which must fit as well."""
    arguments = ["--course", DATA, "--width", str(width), "quiz", "--exam", "--seed", "4", "-n", "40", "--unsaved"]
    done = in_process(*arguments, "--minutes", "30", "--pass", "90", stdin="1\nx\n12\n" * 100)
    assert done.status == 1
    assert "Question 40 of 40" in " ".join(done.stdout.split())
    assert too_wide(done.stdout, width) == []


@pytest.mark.sampled
@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_the_overview_fits_its_width_and_names_every_question(monkeypatch, width):
    monkeypatch.setattr(learner.ScriptedTerminal, "look", Look(width))
    acts = ["f", "1", "s", "f", "s", "q", "2", "b", NEXT]
    shown = scripted_call(["--course", DATA, "quiz", "--exam", "--seed", "4", "--unsaved"], acts)
    assert too_wide(shown, width) == []
    flat = " ".join(shown.split())
    course = Course(Files(DATA), Cache(None))
    assert "Your answers" in flat
    asked = course.pick(sample(course.outline, 10, 4))
    stems = [next(plain_texts(question.blocks(question.stem))).split("\n")[0] for question in asked]
    unbroken = flat.replace(" ", "")  # a line may break at a hyphen
    assert [stem for stem in stems if stem.replace(" ", "") not in unbroken] == []
