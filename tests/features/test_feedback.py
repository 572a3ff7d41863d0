"""Feedback as a person sees it: its question stays on the screen, and the passage and the sources are a key away."""

from __future__ import annotations

import re
import signal
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from harness import DATA, EXAMPLE, PATIENCE, ROOT, Screen, in_process
from learner import logged, press_key, scripted
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.question import Verdict
from synergy_cli.ui import quiz
from synergy_cli.ui.theme import Look

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 24
BRIEF = [EXAMPLE, *sorted((ROOT / "tests" / "courses").iterdir())]
OF_SOURCES = [("o", "sources")]
ENDS = [("u", "undo"), ("q", "stop")]
BANK = """\
format: 1
id: tall
title: A tall course
questions:
- id: clouds
  type: choice
  passage: sky#by-day
  stem: Which of these tells most surely that rain is near, when you stand in the hills and look up?
  key: A dark shelf of cloud that comes nearer
  distractors:
  - {text: A thin veil of cloud that stays high, feedback: The veil may be there for days.}
  - {text: A single white cloud at noon, feedback: It dissolves by evening.}
  - {text: A red sky at the end of the day, feedback: It is said to bring a fine day.}
  rationale: The shelf is the front of the rain.
  hint: It is dark.
  sources: [rayleigh1871, tyndall1869, mie1908]
"""
LIGHTS = """\
- id: lights
  type: order
  stem: From the weakest to the brightest?
  order: [A star, The moon, The sun]
"""
NUMBERS = ("first", "second", "third", "fourth")
CROWD = """\
- id: crowd
  type: match
  stem: What goes with what? There are four things in a row, and each of them has one partner.
  pairs:
{pairs}  rationale: >-
    Each goes with its own. The first goes with the first, the second with the second, the third with the third and the
    fourth with the fourth, however long the row of things may be.
  sources: [rayleigh1871]
"""
SOURCES = """\
- {id: rayleigh1871, type: article-journal, author: [{family: Strutt, given: JW}], issued: 1871,
   title: On the light from the sky, URL: "https://example.org/sky"}
- {id: tyndall1869, type: article-journal, author: [{literal: Royal Institution of Great Britain in Albemarle Street}],
   issued: 1869, title: On the blue colour of the sky}
- {id: mie1908, type: article-journal, author: [{family: Mie, given: G}], issued: 1908, title: On turbid media}
"""
LONG = "\n\n".join(f"The sky has {number} colours [@mie1908]." for number in range(30))


@pytest.fixture
def tall(tmp_path: Path) -> Path:
    """Give a course whose feedback is longer than what a window of 24 rows leaves below the question."""
    folder = tmp_path / "tall"
    (folder / "pages").mkdir(parents=True)
    (folder / "questions.yaml").write_text(BANK, "utf-8")
    page = "---\ntitle: The sky\n---\n\nThe sky is above.\n\n## By day\n\nIt is blue [@rayleigh1871].\n"
    (folder / "pages" / "01-sky.md").write_text(page, "utf-8")
    (folder / "references.yaml").write_text(SOURCES, "utf-8")
    return folder


def ask_about_clouds(
    tall: Path, columns: int = 40, lines: int = ROWS, *options: str, env: dict[str, str] | None = None
):
    return Screen(
        "--course", tall, "quiz", "sky#by-day", "--seed", "1", *options, columns=columns, lines=lines, env=env
    )


def number_of(screen: Screen, option: str) -> str:
    return next(line.split()[0] for line in screen.prompt().splitlines() if f"  {option}" in line)


def wrong_answers(question, sheet):
    """Yield a wrong answer of each kind: every option, all at once, all the other way round, and one in words."""
    listed = "".join(label for label, _ in sheet.listed if label.isdecimal())
    letters = "".join(label for label, _ in sheet.listed if label.isalpha())[: len(listed)]
    typed = [
        *listed,
        listed,
        listed[::-1],
        letters,
        letters[::-1],
        "0",
        "no",
        "99999",
        *("no; no; no"[: 4 * n] for n in (1, 2)),
    ]
    for answer in [*typed, *(named.text for named in question.wrong)]:
        marking = sheet.mark(answer)
        if marking.verdict is Verdict.WRONG:
            yield marking


def shown_on(rows: int, question, sheet, marking, look: Look) -> str:
    """Return what is below each other on a screen of some rows when an answer is wrong, as a session shows it."""
    keys = [("Enter", "next"), ("e", "passage"), *OF_SOURCES[: len(question.cited)]]
    keys += [*[("r", "I was right")] * question.typed, ("!", "faulty"), ("a", "set aside"), *ENDS]
    pieces = quiz.feedback(sheet, marking, look, right=False, folded=True)
    for listed in (keys, [*keys, ("m", "more")]):
        below = quiz.keys(listed, look)
        room = rows - len(below) - 1
        lines, whole = quiz.fitted(question, pieces, look, room, above=room)
        if whole:
            break
    return "\n".join(line.plain for line in [*lines, *below])


def squeezed(question, text: str) -> str:
    return "".join("".join(line.plain for line in quiz.text_lines(question, text, Look(80))).split())


def check_feedback(folder: Path, width: int, step: int = 1) -> None:
    look = Look(width)
    for question in Course(Files(folder), Cache(None)).questions[::step]:
        sheet = question.sheet(Random(question.id))
        for marking in [None, *wrong_answers(question, sheet)]:
            shown = shown_on(ROWS, question, sheet, marking, look)
            assert len(shown.strip("\n").split("\n")) < ROWS, question.id
            for text in (question.stem, question.rationale):
                assert squeezed(question, text) in "".join(shown.split()), question.id
            given = [part.part for part in marking.parts] if marking else []
            numbers = {sheet.code(part) for part in [*given, *question.solution]} - {""}
            assert numbers <= set(re.findall(r"\w+", shown)), question.id


@pytest.mark.parametrize(
    ("folder", "width", "step"),
    [
        pytest.param(DATA, 40, 16, id="some-40"),
        *(pytest.param(DATA, width, 1, id=f"data-{width}", marks=pytest.mark.deep) for width in (40, 80)),
        *(pytest.param(folder, 40, 1, id=f"{folder.name}-40") for folder in BRIEF),
        *(pytest.param(folder, 80, 1, id=f"{folder.name}-80", marks=pytest.mark.deep) for folder in BRIEF),
    ],
)
def test_on_24_rows_every_question_is_seen_with_its_feedback_and_the_keys(folder, width, step):
    check_feedback(folder, width, step)


@pytest.fixture
def crowded(tall: Path) -> Path:
    """Give a course whose feedback is longer than a narrow window of 24 rows."""
    pairs = "".join(f"    The {word} of a long row of things: {word} partner of them all\n" for word in NUMBERS)
    (tall / "questions.yaml").write_text(BANK.partition("- id")[0] + CROWD.format(pairs=pairs), "utf-8")
    return tall


def test_what_is_least_needed_gives_way_and_a_key_shows_it(crowded, monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    with Screen("--course", crowded, "quiz", "--seed", "1", columns=40, lines=ROWS) as screen:
        listed = dict(re.findall(r"  ([1-4a-d])  (?:The )?(\w+)", screen.prompt()))
        partners = [next(sign for sign, word in listed.items() if sign.isalpha() and word == one) for one in NUMBERS]
        screen.press(f"{''.join(partners[1:] + partners[:1])}\r")
        screen.wait("m more")
        seen = " ".join(screen.visible)
        for wanted in ("What goes with what?", "0 of 4", "1a", "Each goes with its own.", "Enter next"):
            assert wanted in seen
        assert "…" in seen
        assert "Strutt" not in seen
        press_key(screen, "m")
        screen.wait_raw(b"? keys")
        screen.press("G")
        screen.wait("Strutt JW (1871)")
        screen.press("q")
        screen.wait_raw(b"\x1b[?1049l> ")
        press_key(screen, "q")
        assert screen.end(again="\r") == 0


def test_of_a_stem_longer_than_the_screen_the_end_stays(tall):
    stem = " ".join(f"Word {number} of a story." for number in range(120))
    (tall / "questions.yaml").write_text(BANK.replace("Which of these tells", f"{stem} Which of these tells"), "utf-8")
    (question,) = Course(Files(tall), Cache(None)).questions
    sheet = question.sheet(Random(1))
    shown = shown_on(ROWS, question, sheet, sheet.mark("A red sky at the end of the day"), Look(40))
    assert len(shown.strip("\n").split("\n")) < ROWS
    told = " ".join(shown.split())
    assert told.startswith("… ")
    for wanted in ("when you stand in the hills and look up?", "It is said to bring", "front of the rain", "m more"):
        assert wanted in told


def test_a_question_that_scrolls_away_is_said_again_above_its_feedback(tall):
    with ask_about_clouds(tall) as screen:
        wrong, right = number_of(screen, "A thin veil"), number_of(screen, "A dark shelf")
        press_key(screen, wrong)
        screen.wait("Enter next")
        seen = " ".join(" ".join(screen.visible).split())
    for wanted in (
        "Which of these tells most surely",
        f"Your answer: {wrong}. A thin veil",
        "The veil may be there for days.",
        f"Right answer: {right}. A dark shelf",
        "The shelf is the front of the rain.",
        "Strutt JW (1871) · +2",
        "Enter next",
    ):
        assert wanted in seen


@pytest.mark.parametrize(
    ("lines", "options", "env"),
    [(60, (), {}), (ROWS, ("--plain",), {}), (ROWS, (), {"ACCESSIBLE": "1"})],
    ids=["a tall window", "plain", "a screen reader"],
)
def test_a_question_is_said_once_where_it_stays_or_is_heard(tall, lines, options, env):
    with ask_about_clouds(tall, 40, lines, *options, env=env) as screen:
        screen.prompt()
        screen.press("1\r" if env else "1")
        screen.wait("Enter next")
        assert screen.text.count("Which of these tells most surely") == 1


def test_a_context_that_leaves_no_room_is_not_said_again(tall):
    bank = BANK.replace("questions:", "contexts: {hills: You walk in the hills.}\nquestions:") + "  context: hills\n"
    (tall / "questions.yaml").write_text(bank, "utf-8")
    (question,) = Course(Files(tall), Cache(None)).questions
    parts = quiz.feedback(question.sheet(Random(1)), None, Look(80), right=False)
    whole, says_all = quiz.fitted(question, parts, Look(80), ROWS, above=ROWS)
    short, still = quiz.fitted(question, parts, Look(80), len(whole) - 2, above=ROWS)
    assert (says_all, still) == (True, False)
    assert [line.plain for line in whole[1:3]] == ["You walk in the hills.", ""]
    assert [line.plain for line in short[1:]] == [line.plain for line in whole[3:]]


def test_steps_are_named_by_their_numbers_and_the_right_order_in_words(tall):
    (tall / "questions.yaml").write_text(BANK.partition("- id")[0] + LIGHTS, "utf-8")
    shown = scripted(tall, 1, ["123", "q"])
    numbers = {line[5:]: line[2] for line in shown.split("Type")[0].splitlines() if line.startswith("  ")}
    order = "".join(f"    {numbers[step]}  {step}\n" for step in ("A star", "The moon", "The sun"))
    assert f"in the right place. Your answer: 1 2 3\n  Right answer:\n{order}" in shown


def test_each_source_is_named_on_one_line_and_told_in_full_on_demand(tall):
    shown = scripted(tall, 1, ["A red sky at the end of the day", "o", "s", "q"])
    brief, _, full = shown.partition("> o\n")
    assert "\n  Strutt JW (1871) · +2\n" in brief
    assert "https://" not in brief
    assert "https://example.org/sky" in full
    assert "Royal Institution of Great Britain in Albemarle Street (1869). On the" in full
    assert "On turbid media" in full


def test_feedback_does_not_read_the_list_of_sources(tall, monkeypatch):
    def refuse(_: Course):
        raise AssertionError

    monkeypatch.setattr(Course, "sources", property(refuse))
    assert "Strutt JW (1871)" in scripted(tall, 1, ["A red sky at the end of the day", "s", "q"])


def test_a_short_passage_is_shown_at_once_with_its_sources_on_a_line(tall):
    shown = scripted(tall, 1, ["A red sky at the end of the day", "e", "s", "q"])
    passage = shown.partition("> e\n")[2]
    assert passage.startswith("\n§ By day\n\nIt is blue [1].\n\n[1] Strutt JW (1871)\n\nWhole section:")


def test_a_passage_longer_than_the_window_opens_in_the_reader_and_leads_back(tall, monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    with (tall / "pages" / "01-sky.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{LONG}\n")
    with ask_about_clouds(tall) as screen:
        press_key(screen, number_of(screen, "A thin veil"))
        screen.wait("Enter next")
        press_key(screen, "e")
        screen.wait_raw(b"? keys")
        assert screen.text.count("§ By day") == 1
        screen.press("q")
        screen.wait_raw(b"\x1b[?1049l> ")
        press_key(screen, "q")
        assert screen.end(again="\r") == 0
        assert screen.restored


@pytest.mark.parametrize(
    ("options", "said", "questions"),
    [
        (("--practice",), "practice", 4),
        (("--unsaved",), "not saved", 4),
        (("--unsaved", "--practice"), "not saved", 4),
        (("--unsaved", "--exam"), "not saved", 2),
    ],
    ids=["practice", "unsaved", "both", "an unsaved exam"],
)
def test_what_does_not_count_is_said_on_every_question(small, options, said, questions):
    shown = in_process("--course", small, "quiz", *options, stdin="s\n" * 6).stdout
    heads = [line for line in shown.splitlines() if line.startswith(("Question", "Second try", "Third try"))]
    assert len(heads) == questions
    assert all(f"· {said} ·" in head for head in heads)


def test_a_usual_session_says_nothing_of_the_kind(small):
    shown = in_process("--course", small, "quiz", stdin="s\n").stdout
    assert "practice" not in shown
    assert "not saved" not in shown


def test_what_a_key_does_may_be_typed_in_words_where_lines_are_read(small):
    with Screen("--course", small, "quiz", "sky#by-day", "--enter") as screen:
        screen.prompt()
        screen.press("1\r")
        screen.prompt()
        screen.press("passage\r")
        screen.wait("Whole section:")
        screen.prompt()
        screen.press("quite sure\r")
        screen.wait("That does nothing here.")
        screen.prompt()
        screen.press("stop\r")
        assert screen.end() == 0


def test_a_plain_page_opens_no_pager(small, monkeypatch):
    monkeypatch.setenv("SYNERGY_PAGER", "false")
    with Screen("--course", small, "explain", "sky", "--plain", lines=6) as screen:
        assert screen.end() == 0
        assert "The sky is above" in screen.text


@pytest.mark.parametrize("key", ["X", "\x1b[A", "7"], ids=["a letter", "an arrow", "a number"])
def test_a_key_that_does_nothing_is_answered_in_one_line(small, key):
    with Screen("--course", small, "quiz", "sky#by-day") as screen:
        screen.prompt()
        press_key(screen, key)
        assert screen.prompt().rstrip().endswith("≈ Expected a number from 1 to 3, for example 2.\n>")
        press_key(screen, "1")
        screen.wait("Enter next")
        press_key(screen, key)
        told = f"{key} does nothing here." if key.isprintable() else "That does nothing here."
        screen.wait(told)
        above = screen.prompt().rstrip().split("\n")
        assert above[-1] == ">"
        assert above[-2] == f"≈ {told}"
        assert above[-4].startswith("Enter next")


@pytest.mark.sampled
@pytest.mark.parametrize("key", ["s", "u", "q", "?", "g"])
def test_no_command_says_how_sure_one_is(small, key):
    with Screen("--course", small, "quiz", "sky#by-day", "--confidence") as screen:
        screen.prompt()
        press_key(screen, "1")
        screen.wait("How sure?")
        press_key(screen, key)
        screen.wait(f"{key} does nothing here.")
        assert logged() == []
        press_key(screen, "3")
        screen.wait("Enter next")
    assert [one["confidence"] for one in logged()] == ["sure"]


@pytest.mark.parametrize("way", ["a file", "stdin"])
def test_an_unknown_confidence_is_refused_with_its_line_before_anything_is_saved(small, tmp_path, way):
    text = "Green\tsure\nStars\tmaybe\n"
    (tmp_path / "answers").write_text(text, "utf-8")
    file, stdin = ("-", text) if way == "stdin" else (tmp_path / "answers", "")
    done = in_process("--course", small, "quiz", "--confidence", "--answers", file, stdin=stdin)
    assert done.status == 2
    assert f"--answers {file}:2: found the confidence `maybe`, expected one of: guess, unsure, sure." in done.stderr
    assert logged() == []


@pytest.mark.parametrize("mode", ["--exam", "--practice", "--unsaved"])
def test_the_command_that_goes_on_asks_how_sure_one_is_again(small, mode):
    command = ["--course", small, "quiz", mode, "-n", "1"]
    assert "--confidence" not in in_process(*command, stdin="1\n").stdout
    assert "quiz --confidence" in " ".join(in_process(*command, "--confidence", stdin="1\n").stdout.split())
    if mode == "--exam":
        assert "quiz --confidence" in " ".join(in_process("--course", small, "history", "exam").stdout.split())


def test_a_confidence_may_be_a_word_its_beginning_a_number_or_nothing(small):
    command = ["--course", small, "quiz", "sky#by-day", "--practice", "--confidence", "--answers", "-"]
    for word in ("sure", "UNS", "1", ""):
        assert in_process(*command, stdin=f"Blue\t{word}\n").status == 0
    assert [one["confidence"] for one in logged()] == ["sure", "unsure", "guess", ""]


# after a suspension


def suspend(screen: Screen) -> None:
    """Stop the program while it waits, and let it go on."""
    screen._seen = len(screen.raw)
    screen.signal(signal.SIGSTOP)
    end = time.monotonic() + PATIENCE
    while screen.state != "T" and time.monotonic() < end:
        screen._read(0.01)
    screen.signal(signal.SIGCONT)


def test_a_question_is_shown_again_after_a_suspension(small):
    with Screen("--course", small, "quiz", "sky#by-day", lines=60) as screen:
        before = [line for line in screen.prompt().partition("Question")[2].split("\n") if line]
        suspend(screen)
        screen.prompt()
        again = [line for line in screen.text.rpartition("Question")[2].split("\n") if line]
        assert again == before
        press_key(screen, "1")
        screen.prompt()
        suspend(screen)
        screen.prompt()
        assert screen.text.count("Air scatters blue light most.") == 2
        assert screen.text.count("Which colour") == 3
        press_key(screen, "q")
        assert screen.end() == 0
        assert screen.restored
    assert len(logged()) == 1


@pytest.mark.parametrize("options", [(), ("--exam",)], ids=["session", "exam"])
def test_a_line_begun_before_a_suspension_is_there_after_it(small, options):
    with Screen("--course", small, "quiz", "sky", "-n", "2", "--seed", "1", *options, lines=60) as screen:
        screen.wait("submit")
        screen.prompt()
        screen.press("sta")
        screen.wait("> sta")
        suspend(screen)
        screen.wait("> sta", 2)
        assert screen.text.count("What shines at night?") == 2
        screen.press("rs\r")
        screen.prompt()
    assert [one["given"] for one in logged()] == [["stars"]]


def test_an_exams_overview_is_shown_again_after_a_suspension_and_says_what_it_takes(small):
    with Screen("--course", small, "quiz", "sky#by-day", "--exam", lines=60) as screen:
        screen.prompt()
        press_key(screen, "1")
        screen.wait("go back to a question")
        screen.prompt()
        press_key(screen, "x")
        assert "x does nothing here." in screen.prompt()
        suspend(screen)
        screen.wait("§ Your answers", 2)
        screen.press("\r")
        screen.wait("Result: ")
        assert screen.end() == 0
