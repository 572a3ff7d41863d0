"""What a session shows: answers that wrap, answers of several lines, code, markup, and commands on a narrow screen."""

from __future__ import annotations

import pytest

from harness import Screen, in_process
from learner import NEXT, press_key, scripted_call
from synergy_cli.ui.elements import commands, labelled_command
from synergy_cli.ui.theme import Look

BANK = """\
format: 1
id: screens
title: Screens
questions:
"""
LINES = """\
- id: lines
  type: choice
  passage: one
  stem: |
    What has changed in this difference?

    ```
    -    print(x)
    +    print(2 * x)
    ```
  key: |
    the second
    line
  distractors:
  - {text: both of the lines and all that stands between them, feedback: One is the same.}
  - {text: "the first\\nline", feedback: It has no sign.}
  rationale: Look at the signs.
"""
FRUIT = """\
- id: fruit
  type: multiple
  passage: one
  stem: Which are `fruit`?
  keys: [Apple, "Pear\\nand plum"]
  distractors: [{text: "`Stone`", feedback: A stone is none.}]
  rationale: They grow on trees.
"""
STEPS = """\
- id: steps
  type: order
  passage: one
  stem: |
    Put the lines of the loop in order.
    Begin with `for`.
  order: ["`for n in x:`", "`    print(n)`"]
  rationale: The body comes last.
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Write a course of these questions, which commands use from then on."""

    def written(bank):
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / "01-one.md").write_text("---\ntitle: One\n---\n\nThere is one.\n", encoding="utf-8")
        (tmp_path / "questions.yaml").write_text(BANK + bank, encoding="utf-8")
        monkeypatch.setenv("SYNERGY_COURSE", str(tmp_path))

    return written


@pytest.fixture
def ask(course):
    """Ask questions in a pipe; give everything that was shown."""

    def asked(bank, answers, *options, width=40):
        course(bank)
        common = ["--width", str(width), "quiz", "--seed", "1", "--unsaved", *options]
        done = in_process(*common, stdin="".join(f"{answer}\n" for answer in answers))
        assert done.status == 0
        return done.stdout

    return asked


def test_the_rest_of_a_wrapped_answer_stands_deeper_than_the_feedback(ask):
    shown = ask(LINES, ["both of the lines and all that stands between them"])
    assert (
        "✗ Wrong. Your answer: 1. both of the\n    lines and all that stands between\n    them\n  One is the same."
        in shown
    )


def test_a_command_that_fits_on_a_line_is_not_broken_behind_the_label(ask):
    bank = """- id: staged
  type: choice
  stem: How is a file taken out of the index?
  key: git restore --staged FILE
  distractors: [git restore --worktree FILE]
"""
    shown = ask(bank, ["git restore --worktree FILE", "git restore --staged FILE"])
    assert "✗ Wrong. Your answer:\n    2  git restore --worktree FILE\n  Right answer:\n    1  git restore" in shown
    assert "✓ Right. Your answer:\n    2  git restore --staged FILE\n" in shown
    assert "  Right answer:\n    git restore --staged FILE\n" in shown.partition("Missed")[2]


def test_several_options_are_named_in_the_order_in_which_they_are_listed(ask):
    bank = """- id: digits
  type: multiple
  stem: Which are even?
  keys: [six, four, two]
  distractors: [one]
  shuffle: false
  places: [4, 3, 1]
"""
    assert "✓ Right. Your answer: 1 3 4\n" in ask(bank, ["4 1 3"])
    missing = ask(bank, ["3 2", "s"])
    assert "  Right, but not chosen:\n    1  two\n    4  six\n" in missing
    assert "→ Skipped.\n  Right answer:\n    1  two\n    3  four\n    4  six\n" in missing


def test_an_answer_of_several_lines_stands_deeper_than_the_feedback(ask):
    shown = ask(LINES, ["the first line"])
    assert "Your answer:\n    2  the first\n       line\n  It has no sign.\n" in shown
    assert "  Right answer:\n    3  the second\n       line\n" in shown


def test_why_an_option_is_wrong_stands_deeper_than_its_lines(ask):
    shown = ask(FRUIT, ["Stone"])
    assert "  ✗ 2  Stone\n         A stone is none.\n" in shown
    assert "  Right, but not chosen:\n    1  Apple\n\n    3  Pear\n       and plum\n" in shown


def test_a_stem_that_ends_in_code_is_set_off_from_its_answer_in_the_summary(ask):
    summary = ask(LINES, ["the first line"]).partition("§ Missed")[2]
    assert "  +    print(2 * x)\n\n  Right answer:\n" in summary


def test_a_question_without_a_hint_says_so_and_no_more(ask):
    assert "\nThis question has no hint.\n" in ask(FRUIT, ["?"])


def test_a_command_that_does_not_fit_beside_its_label_has_a_line_of_its_own(ask):
    assert "Repeat this session:\n  synergy quiz --unsaved --seed 1 -n 10\n" in ask(FRUIT, ["q"])


@pytest.mark.parametrize("width", [39, 40])
def test_a_command_that_fits_on_a_line_only_without_its_margin_is_not_broken(width):
    call = "synergy explain d3#how-much-is-too-much"
    shown = [line.plain for line in labelled_command("Read:", call, Look(width), "  ", "    ")]
    assert shown == ["  Read:", f"{' ' * (width - 39)}{call}"]
    assert call in [line.plain.strip() for line in commands([("Next:", call)], Look(width))]


def test_right_answers_of_several_lines_are_set_apart(ask):
    assert "  Right answer:\n    1  Apple\n\n    3  Pear\n       and plum\n\n" in ask(FRUIT, ["s"])


def test_an_exam_shows_what_was_answered_without_its_marks(ask):
    shown = ask(STEPS + FRUIT, ["2", "b", "1", "12"], "--exam", width=80)
    assert "your answer: Stone\n" in shown
    assert "`" not in shown


def test_the_overview_of_an_exam_shows_the_first_line_of_stems_and_answers_without_their_marks(ask):
    ask(STEPS + FRUIT, [])
    shown = scripted_call(["quiz", "--exam", "--seed", "1", "--unsaved"], ["3", "21", NEXT])
    overview = shown.partition("§ Your answers\n")[2].partition("\n\n")[0]
    assert overview.split("\n") == [
        "  1  Which are fruit? → Pear …",
        "  2  Put the lines of the loop in order. … → print(n); for n in x:",
    ]


@pytest.mark.parametrize("pasted", ["the second\nline", "both of the lines and all that stands between them\n"])
def test_an_option_of_any_length_can_be_pasted_where_one_key_answers(course, pasted):
    course(LINES)
    with Screen("quiz", "--seed", "1", "--unsaved") as screen:
        screen.wait("1-3 answer")
        press_key(screen, pasted)
        shown = screen.wait("Enter next")
    assert f"> {' '.join(pasted.split())}\n" in shown
    assert "Expected" not in shown


def test_several_lines_that_are_pasted_are_one_answer(course):
    course(FRUIT)
    with Screen("quiz", "--seed", "1", "--unsaved") as screen:
        screen.wait("Enter submit")
        screen.wait_raw(b"> ")
        screen.press("\x1b[200~Apple\nPear\nand plum\x1b[201~\r")
        shown = screen.wait("Enter next")
    assert "✓ Right." in shown
    assert "Expected" not in shown


@pytest.mark.parametrize("answers", [["1"] * 3, ["q"], []], ids=["to the end", "stopped", "end of input"])
def test_one_blank_line_stands_before_the_result(ask, answers):
    above = ask(FRUIT, answers).partition("Result:")[0]
    assert above.endswith("\n\n")
    assert not above.endswith("\n\n\n")


def test_after_an_exam_right_answers_are_shown_too(ask):
    after = ask(LINES + STEPS, ["12", "the second line"], "--exam").partition("§ Every question")[2]
    assert "✓ Right. Your answer:\n    the second\n    line\n\n  Look" in after
    assert "✓ Right. Your answer:\n    1. for n in x:\n    2.     print(n)\n\n  The body" in after


def test_commands_may_be_typed_in_wide_characters(ask):
    shown = ask(FRUIT, ["？", "ｓ"])
    assert "This question has no hint." in shown
    assert "Skipped." in shown


@pytest.mark.parametrize("command", ["glossary", "sources"])
def test_a_list_that_a_course_does_not_have_is_said_to_be_missing(course, command):
    course(FRUIT)
    done = in_process(command)
    assert (done.status, done.stdout, done.stderr) == (0, "", f"This course has no {command}.\n")
    assert in_process(command, "--json").stderr == ""


def test_what_cannot_be_read_is_explained_once_when_the_last_chance_is_gone(ask):
    shown = ask(LINES, ["x"] * 5).partition("Second try")[0]
    assert shown.count("Expected") == 5
    assert "\n\n\n" not in shown


def test_only_keys_are_highlighted_in_the_line_of_keys(course):
    course(FRUIT)
    with Screen("quiz", "--seed", "1", "--unsaved") as screen:
        screen.wait("Enter submit")
        row = next(place for place, line in enumerate(screen.visible) if "Enter submit" in line)
        cells = screen._screen.buffer[row]
        bold = "".join(cells[column].data if cells[column].bold else " " for column in range(80))
    assert bold.split() == ["s", "q", "Enter"]
