"""Six courses as people write them: nothing in them is a fault, and every question is shown whole and can be answered.

What must be shown is worked out here from the YAML alone, without the program: marks of code and emphasis aside, each
character that is not blank, in order, and each line of code with its indentation.
"""

from __future__ import annotations

import re
from itertools import count
from typing import NamedTuple

import pytest
import yaml

from harness import ROOT, in_process
from synergy_cli.ui.layout import cells

FOLDER = ROOT / "tests" / "courses"
NAMES = ("japanese", "python", "french", "git", "mathematics", "shell")
TYPES = {"choice", "multiple", "true-false", "short", "number", "order", "match", "cloze"}
FENCE = re.compile(r" {0,3}(?:```|~~~)\w*")
OPTION = re.compile(r"^  ([1-9a-i])  (?=\S| {4})", re.MULTILINE)
CONTINUED = re.compile(r"\n *↳ ")
MARGINS = {"stem": 0, "option": 5, "rationale": 2}
each_course = pytest.mark.parametrize("name", NAMES)
each_course_and_width = pytest.mark.parametrize(
    ("name", "width"),
    [
        pytest.param(name, width, marks=[pytest.mark.deep] if place > 1 else [])
        for place, name in enumerate(NAMES)
        for width in (40, 80)
    ],
)


class Words(NamedTuple):
    """What is said around a course: the facts above a question, and what follows."""

    head: str
    again: str
    skipped: str
    truth: tuple[str, str]
    result: str


ENGLISH = Words(
    r"^Question \d+ of 20 (?:.+\n)+\n", "\nSecond try", "→ Skipped.", ("True", "False"), "Result: 20 of 20 right"
)
FRENCH = Words(
    r"^Question \d+ sur 20 (?:.+\n)+\n",
    "\nDeuxième essai",
    "→ Passée.",
    ("Vrai", "Faux"),
    "Résultat\N{NO-BREAK SPACE}: 20 sur 20",
)


def words(name):
    return FRENCH if name == "french" else ENGLISH


class Shown(NamedTuple):
    """What is shown of one question, before its answer and after, with lines that continue put together."""

    before: str
    after: str

    @property
    def options(self):
        """Each option without its blanks, and its number or letter."""
        parts = OPTION.split(self.before.rpartition("\n> ")[0])
        return {dense(text): mark for mark, text in zip(parts[1::2], parts[2::2], strict=True)}


def questions(name):
    text = (FOLDER / name / "questions.yaml").read_text("utf-8")
    return yaml.load(text, yaml.CSafeLoader)["questions"]  # noqa: TID251  a course of ours


def quiz(name, width, *arguments, answers):
    """Ask all questions of a course; the order depends on nothing but the seed."""
    common = ("--course", FOLDER / name, "--width", str(width), "quiz", "--seed", "5", "--unsaved")
    lines = "".join(f"{answer}\n" for answer in answers)
    return in_process(*common, "-n", "20", "--new", "20", *arguments, stdin=lines).stdout


def skipped(name, width):
    """Skip all questions of a course; return those and what is shown of each, in the order in which they came."""
    said = words(name)
    parts = re.split(said.head, quiz(name, width, answers=["s"] * 20).partition(said.again)[0], flags=re.MULTILINE)[1:]
    assert len(parts) == 20
    left, found = questions(name), []
    for part in parts:
        shown = Shown(*CONTINUED.sub("", part).split(said.skipped))
        (question,) = [each for each in left if dense(shown.before).startswith(plain(stem_of(each)))]
        left.remove(question)
        found.append((question, shown))
    return found


def dense(text):
    return "".join(text.split())


def lines_of(text):
    """Return the lines that a learner sees of a text: without fences, and without the marks of code in a line."""
    inside = False
    for line in str(text).rstrip().split("\n"):
        if FENCE.fullmatch(line):
            inside = not inside
        else:
            literal = inside or line.startswith("    ")
            yield (line if literal else re.sub("`([^`]+)`", r"\1", line)).expandtabs(4)


def stem_of(question):
    """Return a stem with the numbers that its gaps have on the screen."""
    numbers = count(1)
    return (
        re.sub("_{3,}", lambda _: f"__{next(numbers)}__", question["stem"]) if "gaps" in question else question["stem"]
    )


def plain(text):
    return dense("".join(lines_of(text)))


def listed(question, name):
    """Return the texts that are listed as options."""
    wrong = [wrong["text"] for wrong in question.get("distractors", ())]
    if question["type"] == "choice":
        return [question["key"], *wrong]
    if question["type"] == "multiple":
        return [*question["keys"], *wrong]
    if question["type"] == "true-false":
        return words(name).truth
    return question.get("order") or [text for pair in question.get("pairs", {}).items() for text in pair]


def typed(question, shown):
    """Return what learners type who know the answer and see the options."""
    key = question.get("key")
    if question["type"] in ("short", "number"):
        return str(key)
    if question["type"] == "true-false":
        return "1" if key else "2"
    if question["type"] == "choice":
        return shown.options[plain(key)]
    if question["type"] == "cloze":
        return "; ".join(gap if isinstance(gap, str) else gap[0] for gap in question["gaps"])
    keys = question.get("keys") or question.get("order") or question["pairs"].values()
    return "".join(shown.options[plain(text)] for text in keys)


def indented(text):
    """Return the lines of a text that are indented, each up to the end of its first word."""
    return [re.match(r" *\S+", line)[0] for line in lines_of(text) if line.startswith(" ") and line.strip()]


def starts(shown, margin):
    """Return the lines that are shown below a margin, each up to the end of its first word."""
    rows = OPTION.sub(" " * 5, shown).split("\n")
    return [re.match(r" *\S+", row[margin:])[0] for row in rows if row[margin:].strip() and not row[:margin].strip()]


@each_course
def test_a_course_has_no_fault(name):
    done = in_process("check", FOLDER / name, "--strict")
    assert (done.status, done.stderr) == (0, "")
    assert ": no faults (" in done.stdout
    assert len(questions(name)) == 20
    assert {question["type"] for question in questions(name)} == TYPES


@each_course_and_width
def test_a_question_is_shown_whole_with_the_indentation_of_its_lines(name, width):
    for question, shown in skipped(name, width):
        assert sorted(shown.options) == sorted(map(plain, listed(question, name)))
        assert plain(question["rationale"]) in dense(shown.after)
        stem, options = starts(shown.before, MARGINS["stem"]), starts(shown.before, MARGINS["option"])
        assert [start for start in indented(stem_of(question)) if start not in stem] == []
        assert [start for text in listed(question, name) for start in indented(text) if start not in options] == []
        rationale = starts(shown.after, MARGINS["rationale"])
        assert [start for start in indented(question["rationale"]) if start not in rationale] == []


@each_course_and_width
def test_the_key_typed_as_displayed_is_right(name, width):
    answers = [typed(question, shown) for question, shown in skipped(name, width)]
    assert words(name).result in quiz(name, width, "--answers", "-", answers=answers)


def test_a_colon_in_french_has_a_no_break_space_before_it():
    shown = quiz("french", 40, answers=["s"] * 20)
    assert "grand\N{NO-BREAK SPACE}: petit\n" in shown
    assert "é\N{NO-BREAK SPACE}: accent aigu\n" in shown
    page = in_process("--course", FOLDER / "french", "--width", "30", "explain", "accents").stdout
    assert "\nsans accent\N{NO-BREAK SPACE}: ou\n" in page


@pytest.fixture
def in_japanese():
    """Skip all questions of a course; give a function that calls a command on it."""
    common = ("--course", FOLDER / "japanese")
    in_process(*common, "quiz", "-n", "20", "--new", "20", stdin="s\n" * 40)
    return lambda *arguments: in_process(*common, *arguments).stdout


def test_the_contents_stand_below_their_heads(in_japanese):
    head, row = in_japanese("explain", "--width", "80").split("\n")[3:5]
    assert head.index("Title") == row.index("かな")
    assert head.index("Time") + len("Time") == cells(row[: row.index(" min") + len(" min")])


def test_the_weakest_questions_are_shown_as_they_are_asked(in_japanese):
    shown = in_japanese("progress", "--width", "40")
    assert "Which particle is missing?\n\n   私___学生です\n   I     am a student\n" in shown
    assert "か becomes __1__\n   and き becomes __2__." in shown
    assert "`" not in shown


def test_the_thread_ends_in_the_language_of_the_course():
    shown = in_process("--course", FOLDER / "french", "study", stdin="s\n" * 40).stdout
    assert "\n12 réponses enregistrées.\n\nContinuer\N{NO-BREAK SPACE}: " in shown
    assert "saved" not in shown
