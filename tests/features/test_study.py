"""The thread: passages are read, their questions are answered, and one goes on where one stopped."""

from __future__ import annotations

import json
import re
import signal
from itertools import count

import pytest

from harness import Screen, in_process
from learner import at, first_or_deep, logged, piped_call, scripted_call, typed_call

SKY = """\
---
title: The sky
summary: What is above.
---

The sky is above.

## By day

It is blue.

## By night

### Far away

Stars shine.
"""
SEA = """\
---
title: The sea
summary: What is below.
---

## Deep

The sea is below.
"""
BANK = """\
format: 1
id: world
title: The world
questions:
- {id: above, type: short, passage: sky, stem: Where is the sky?, key: above, rationale: It is.}
- {id: colour, type: short, passage: "sky#by-day", stem: Which colour?, key: blue, rationale: It is.}
- {id: colour-again, type: short, passage: "sky#by-day", stem: "Which colour, again?", key: blue, rationale: It is.}
- {id: colour-more, type: short, passage: "sky#by-day", stem: "Which colour, once more?", key: blue, rationale: It is.}
- {id: shine, type: short, passage: "sky#far-away", stem: What shines?, key: stars, rationale: They do.}
- {id: below, type: short, passage: "sea#deep", stem: Where is the sea?, key: below, rationale: It is.}
"""
PERSON = first_or_deep(scripted_call, typed_call)
ON = "\r"
ALTERNATE = re.compile(rb"\x1b\[\?1049h.*?\x1b\[\?1049l", re.DOTALL)
"""What is on the alternate screen, which is gone when it is left."""


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Return a course of two pages with six questions, on a day in November."""
    folder = tmp_path / "world"
    (folder / "pages").mkdir(parents=True)
    for name, text in {"questions.yaml": BANK, "pages/01-sky.md": SKY, "pages/02-sea.md": SEA}.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setenv("SYNERGY_NOW", at(22, "09:00:00"))
    return folder


@pytest.fixture
def study(world):
    """Study in a pipe: give what was shown."""
    return lambda acts, *options: piped_call(["--course", world, "study", *options], acts)


@pytest.fixture(params=PERSON, ids=lambda call: call.__name__)
def person(request, world, monkeypatch):
    """Study at a terminal, scripted and real, an hour later each time."""
    hours = count(9)

    def studies(acts):
        monkeypatch.setenv("SYNERGY_NOW", at(22, f"{next(hours):02}:00:00"))
        return request.param(["--course", world, "study"], acts)

    return studies


def in_order(text, *parts):
    """Whether all parts occur in a text, one after another."""
    for part in parts:
        if part not in text:
            return False
        text = text.partition(part)[2]
    return True


def asked():
    return [event["question"] for event in logged() if event["act"] == "answer"]


def test_each_passage_is_followed_by_its_questions_and_each_section_by_the_next(study):
    shown = study(["above", "blue", "blue", "stars", "below"])
    assert in_order(
        shown,
        "The sky\n1 of 2 · sky · passage 1 of 3\n\nThe sky is above.",
        "Where is the sky?",
        "§ By day\n\nIt is blue.",
        "Question 1 of 2 · The sky",
        "Which colour?",
        "Question 2 of 2 · The sky",
        "passage 3 of 3\n\n§ By night\n\n§ Far away\n\nStars shine.",
        "What shines?",
        "Finished: The sky",
        "The sea\n2 of 2 · sea · passage 1 of 1\n\n§ Deep",
        "Where is the sea?",
        "Finished: The sea",
        "Result: 5 of 5 right on the first try",
        "5 answers saved.",
    )
    assert asked() == ["above", "colour", "colour-again", "shine", "below"]


def test_what_was_missed_is_asked_once_more_at_the_end_of_the_section(study):
    shown = study(["green", "blue", "red", "stars", "above", "white", "below"])
    assert in_order(
        shown, "Stars shine.", "Second try · 2 questions left", "Second try · 1 question left", "Finished: The sky"
    )
    assert "Result: 3 of 5 right on the first try" in shown
    assert [event["verdict"] for event in logged() if event["act"] == "answer"].count("wrong") == 3


def test_what_was_missed_before_one_stopped_comes_again_at_the_end_of_the_section(person):
    person([ON, "s", ON, "s", "q"])
    shown = person([ON, "blue", "blue", ON, "stars", "above", "blue", "q"])
    assert in_order(shown, "passage 2 of 3", "What shines?", "Second try · 2 questions left", "Where is the sky?")
    assert in_order(shown, "Second try · 1 question left", "Which colour?", "Finished: The sky")


def test_a_section_is_read_at_its_end_even_if_one_stops_while_questions_come_again(person, world):
    assert "Second try · 1 question left" in person([ON, "s", ON, "blue", "blue", ON, "stars", "q"])
    assert "1 of 2 sections read" in in_process("--course", world).stdout
    assert in_order(person(["q"]), "The sea")


@pytest.mark.parametrize(("last", "comes_again"), [("above", False), ("no", True), ("q", True)])
def test_what_was_missed_before_comes_again_until_it_is_right(study, last, comes_again):
    assert in_order(study(["s", "blue", "blue", "stars", last, "q"]), "Second try · 1 question left", f"> {last}")
    shown = study(["blue", "above", "q"], "sky")
    assert "Stars shine." in shown
    assert ("Second try" in shown.partition("Finished: The sky")[0]) == comes_again


def test_what_is_due_again_comes_first_and_not_once_more(study, world, monkeypatch):
    piped_call(["--course", world, "quiz", "-n", "1", "sky"], ["s"])
    monkeypatch.setenv("SYNERGY_NOW", at(23, "09:00:00"))
    shown = study(["above", "blue", "blue", "stars", "q"])
    assert in_order(shown, "First, 1 question that is due.", "Where is the sky?", "Stars shine.", "Finished: The sky")
    assert "Second try" not in shown


def test_one_goes_on_where_one_stopped(person, world):
    assert "By night" not in person([ON, "above", ON, "q"])
    shown = person([ON, "blue", "blue", "q"])
    assert in_order(shown, "passage 2 of 3", "It is blue.", "Which colour?", "Which colour, again?", "passage 3 of 3")
    assert "The sky is above" not in shown
    assert "What shines?" not in shown
    shown = person([ON, "stars", ON, "q"])
    assert in_order(shown, "passage 3 of 3", "What shines?", "Finished: The sky", "The sea")
    contents = in_process("--course", world, "explain", "--plain").stdout.splitlines()
    assert ["read" in line.split("\t") for line in contents] == [True, False]


def test_a_pipe_goes_on_where_it_stopped_too(study, world):
    assert "By night" not in study(["above", "q"])
    shown = study(["blue", "blue"])
    assert in_order(shown, "passage 2 of 3", "It is blue.", "passage 3 of 3", "What shines?", "2 answers saved.")
    assert "The sky is above" not in shown
    assert "continue sky" in in_process("--course", world).stdout
    shown = study(["stars", "below"])
    assert in_order(shown, "passage 3 of 3", "What shines?", "Finished: The sky", "Finished: The sea")
    assert "2 of 2 sections read" in in_process("--course", world).stdout


def test_what_a_program_asks_for_counts_as_read_only_if_somebody_sees_it(world):
    stdin = "above\nblue\nblue\nstars\n"
    assert in_process("--course", world, "study", "sky", "--json", stdin=stdin).status == 0
    assert "0 of 2 sections read" in in_process("--course", world).stdout


def test_bare_synergy_names_the_section_that_was_begun(person, world):
    person([ON, "above", "q"])
    piped_call(["--course", world, "quiz", "sea"], ["below"])
    with Screen("--course", world, "explain", "sea", "--no-pager") as screen:
        assert screen.end() == 0
    assert re.search(r"^Next: continue sky \([1-9]\d% read\)$", in_process("--course", world).stdout, re.MULTILINE)


def test_what_is_due_comes_first_and_in_portions(study, world, monkeypatch):
    piped_call(["--course", world, "quiz"], ["no"] * 6)
    monkeypatch.setenv("SYNERGY_NOW", at(23, "09:00:00"))
    assert in_order(study(["q"]), "Question 1 of 3", "> q\n\nContinue: ")
    shown = study(["no"] * 3)
    assert shown.index("Question 3 of 3") < shown.index("passage 1 of 3")


def test_what_is_due_waits_until_a_section_that_was_begun_is_read(person, world, monkeypatch):
    person([ON, "above", "q"])
    monkeypatch.setenv("SYNERGY_NOW", at(21, "09:00:00"))
    piped_call(["--course", world, "quiz", "sea"], ["no"])
    shown = person([ON, "blue", "blue", ON, "stars", ON, "q"])
    assert in_order(shown, "passage 2 of 3", "Finished: The sky", "First, 1 question that is due.", "Where is the sea?")
    assert shown.count("question that is due") == 1


def test_a_named_section_is_studied_even_if_another_comes_first(study):
    shown = study(["below"], "sea")
    assert "The sky" not in shown
    assert in_order(shown, "Where is the sea?", "Finished: The sea")
    assert asked() == ["below"]


def test_a_passage_by_itself_is_no_section(world):
    done = in_process("--course", world, "study", "sky#by-day")
    assert done.status == 2
    assert "`study` goes through whole sections." in done.stderr
    assert "study sky" in done.stderr


def test_when_the_answers_end_a_pipe_gets_the_rest_of_the_section(study, world):
    shown = study(["above"])
    assert in_order(shown, "It is blue.", "Which colour?", "Stars shine.", "1 answer saved.")
    assert "What shines?" not in shown
    assert "Finished: The sky" not in shown
    assert "The sea" not in shown
    assert asked() == ["above"]
    document = json.loads(in_process("--course", world, "study", "sea", "--json").stdout)
    assert (document["read"], document["attempts"]) == ([], [])
    assert "unread" in in_process("--course", world, "explain", "--plain").stdout


def test_who_has_read_everything_gets_questions(person, world):
    for page in ("sky", "sea"):
        with Screen("--course", world, "explain", page, "--no-pager") as screen:
            assert screen.end() == 0
    shown = person(["q"])
    assert "you have read every section" in shown
    assert "Question 1 of 6" in shown


def test_the_questions_of_a_passage_are_asked_before_it_too_if_that_is_wanted(study):
    shown = study(["below", "above", "q"], "--ask-first")
    assert in_order(shown, "Where is the sky?", "Noted. The passage has the answer.", "The sky is above.", "Right.")
    answers = [event for event in logged() if event["act"] == "answer"]
    assert [(event["mode"], event["verdict"]) for event in answers] == [("pretest", "wrong"), ("review", "right")]


def test_who_stops_before_the_passage_is_told_that_the_answers_are_saved(study):
    shown = study(["below", "q"], "--ask-first")
    assert "Result:" not in shown
    assert "1 answer saved." in shown


def test_for_programs_there_is_a_document(world):
    stdin = "above\nblue\nblue\nstars\nbelow\n"
    done = in_process("--course", world, "study", "sky", "--json", stdin=stdin)
    document = json.loads(done.stdout)
    assert (document["mode"], document["read"], document["saved"]) == ("study", ["sky"], 4)
    assert [attempt["id"] for attempt in document["attempts"]] == ["above", "colour", "colour-again", "shine"]


def test_unsaved_leaves_nothing(study, world):
    study(["above", "q"], "--unsaved")
    assert logged() == []


def test_a_passage_opens_in_the_reader_and_is_gone_when_it_is_asked_about(world, monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    monkeypatch.delenv("PAGER", raising=False)
    page = world / "pages" / "01-sky.md"
    page.write_text(SKY.replace("It is blue.", "It is blue. " * 90), "utf-8")
    with Screen("--course", world, "study", columns=40, lines=16) as screen:
        screen.wait("Space continue")
        screen.press(" ")
        screen.prompt()
        screen.press("above\r")
        screen.prompt()
        screen.press(ON)
        screen.wait("Space on")
        screen.press("G")
        screen.wait("Space continue")
        screen.press(" ")
        screen.wait("Which colour?")
        screen.prompt()
        screen.press("q\r")
        assert screen.end() == 0
        assert "1 answer saved." in screen.text
        below = ALTERNATE.sub(b"", screen.raw)
    assert b"Which colour?" in below
    assert not [text for text in (b"The sky is above.", b"It is blue.") if text in below]


def test_a_passage_that_was_left_can_be_seen_again(world, monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    monkeypatch.delenv("PAGER", raising=False)
    (world / "pages" / "01-sky.md").write_text(SKY.replace("The sky is above.", "The sky is above. " * 90), "utf-8")
    with Screen("--course", world, "study", columns=40, lines=16) as screen:
        screen.wait("Space on")
        screen.press("q")
        assert in_order(screen.prompt(), "The sky\n", "You left the passage.\n\nEnter answer 1 question", "e passage")
        screen.press("e")
        screen.wait_raw(b"The sky is above.")
        screen.press("q")
        screen.prompt()
        assert screen.raw.count(b"You left the passage.") == 2
        screen.press("q")
        assert screen.end() == 0


def test_escape_and_an_arrow_insert_nothing_into_a_line(world):
    with Screen("--course", world, "study") as screen:
        screen.prompt()
        screen.press(ON)
        screen.prompt()
        screen.press("abve")
        screen.wait("> abve")
        screen.press("\x1b\x1b[A\x1b\x1b[B\x1b\x1b[D\x1b[Do\r")
        assert "> above" in screen.wait("Right.")


def test_tab_does_not_go_on(world):
    with Screen("--course", world, "study") as screen:
        screen.prompt()
        screen.press("\t")
        assert "That does nothing here." in screen.prompt()
        screen.press(" ")
        screen.wait("Where is the sky?")


ENDS = (("\x03", 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129))
PLACES = {"passage": [], "question": [ON], "feedback": [ON, "above\r"]}


@pytest.mark.parametrize(
    ("keys", "how", "status"),
    [
        pytest.param(keys, *end, id=f"{place}-{end[0]}", marks=() if at_end == at_place else pytest.mark.deep)
        for at_place, (place, keys) in enumerate(PLACES.items())
        for at_end, end in enumerate(ENDS)
    ],
)
def test_however_it_ends_the_answers_are_kept_and_it_goes_on_there(world, keys, how, status):
    with Screen("--course", world, "study") as screen:
        for key in keys:
            screen.prompt()
            screen.press(key)
        screen.prompt()
        if isinstance(how, str):
            screen.press(how)
        else:
            screen.signal(how)
        assert screen.end(again=how if isinstance(how, str) else "") == status
        assert screen.restored
    assert asked() == ["above"][: len(keys) - 1 if keys else 0]
    shown = piped_call(["--course", world, "study"], ["q"])
    assert "passage 1 of 3" in shown
    assert ("Where is the sky?" in shown) == (len(keys) < 2)


def test_what_could_not_be_saved_is_not_saved_later_and_taking_it_back_leaves_earlier_answers(world, tmp_path):
    with Screen("--course", world, "study", lines=60) as screen:

        def press(*keys):
            for key in keys:
                screen.prompt()
                screen.press(key)

        press(ON, "above\r", ON, ON)
        screen.prompt()
        (log,) = [path for path in tmp_path.rglob("*.jsonl") if path.is_file()]
        kept = log.rename(log.with_suffix(".kept"))
        log.mkdir()
        press("blue\r", "y")
        screen.wait("Right.", 2)
        log.rmdir()
        kept.rename(log)
        press("u", "blue\r", ON, "blue\r", ON, ON, "stars\r", ON, "q")
        assert screen.end() == 0
        assert screen.text.count("y continue without saving") == 1
        assert "1 of 4 answers saved." in screen.text
    assert [event["act"] for event in logged() if event["act"] in ("answer", "undo")] == ["answer"]


@pytest.mark.parametrize("text", ["", '\n```{.diagram title="Waves"}\n~~~\n```\n'], ids=["nothing", "a diagram"])
def test_a_page_without_words_is_read_and_asked_about_too(study, world, text):
    (world / "pages" / "02-sea.md").write_text(f"---\ntitle: The sea\n---\n{text}", "utf-8")
    (world / "questions.yaml").write_text(BANK.replace("sea#deep", "sea"), "utf-8")
    shown = study(["above", "blue", "blue", "stars", "below"])
    assert in_order(shown, "The sea\n2 of 2 · sea · passage 1 of 1", "Where is the sea?", "Finished: The sea")
    assert "you have read every section" in in_process("--course", world, "study").stderr
