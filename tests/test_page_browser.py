"""The web page in a real browser: it asks every type of question, by mouse and by keyboard, and answers come home."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

from harness import DATA, EXAMPLE, in_process
from records import DAY, START, answer, event, missed, write_log
from synergy_cli.history.scheduler import ASIDE_AFTER, STUCK_AFTER
from test_formats_html import hostile_course

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(
        CHROMIUM is None or importlib.util.find_spec("playwright") is None,
        reason="chromium or playwright is not installed",
    ),
]
BANK = """\
format: 1
id: types
title: All types
questions:
- {id: one, type: choice, passage: page#part, stem: Which is blue?, key: The sky, hint: Look up.,
   distractors: [{text: Grass, feedback: Grass is green.}], rationale: Air scatters it., sources: [rayleigh1871]}
- {id: some, type: multiple, passage: page, stem: Which are round?, keys: [A ball, A coin],
   distractors: [{text: A box, feedback: A box has corners.}], rationale: r.}
- {id: truth, type: true-false, passage: page, stem: Water is wet., key: true, rationale: r.}
- {id: word, type: short, passage: page, stem: What shines at night?, key: moonlight, rationale: r.,
   distractors: [{text: the sun, feedback: By day.}]}
- {id: amount, type: number, passage: page, stem: How much?, key: "1.5", unit: g, rationale: r.}
- {id: steps, type: order, passage: page, stem: In what order?, order: [First, Second, Third], rationale: r.}
- {id: pairs, type: match, passage: page, stem: What belongs to what?, pairs: {Sun: Day, Moon: Night}, rationale: r.}
- {id: gaps, type: cloze, passage: page, stem: The ___ and the ___., gaps: [sun, moon], rationale: r.}
"""
PAGE = """\
---
title: A page
summary: In short.
claims: [{claim: It is so., grade: early, sources: [rayleigh1871]}]
---

Opening [@rayleigh1871].

> [!CAUTION]
> Mind the step.

| a | b |
|---|---|
| 1 | 2 |

``` {.diagram title="A line"}
---->
```

## Part

The answer is here.
"""
SOURCES = "- {id: rayleigh1871, title: On the light, author: [{family: Rayleigh}], issued: 1871, DOI: 10.1000/1}\n"
ANSWERS = {
    "one": ("choice", ["The sky"]),
    "some": ("multiple", ["A ball", "A coin"]),
    "truth": ("true-false", ["True"]),
    "word": ("short", ["moonlight"]),
    "amount": ("number", ["1.5 g"]),
    "steps": ("order", ["First", "Second", "Third"]),
    "pairs": ("match", ["Day", "Night"]),
    "gaps": ("cloze", ["sun", "moon"]),
}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "types"
    (folder / "pages").mkdir(parents=True)
    (folder / "questions.yaml").write_text(BANK, "utf-8")
    (folder / "pages" / "01-page.md").write_text(PAGE, "utf-8")
    (folder / "references.yaml").write_text(SOURCES, "utf-8")
    return folder


@pytest.fixture
def show(browser, tmp_path, monkeypatch):
    """Open the page of a course at a fixed moment; nothing may be requested, and nothing said to the console."""
    monkeypatch.setenv("SYNERGY_NOW", "2026-03-02T08:00:00+00:00")
    contexts, noise = [], []

    def open_page(folder, *, old=False, **options):
        file = tmp_path / "course.html"
        assert in_process("--course", folder, "export", "html", "-o", file).status == 0
        context = browser.new_context(reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.clock.set_fixed_time(START / 1_000_000)
        if old:
            page.add_init_script("delete globalThis.DecompressionStream")
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: noise.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        if options.get("java_script_enabled", True) and not old:
            page.locator("html.js").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert noise == []


def asked(page):
    """Give the id of the question that is asked, by its stem."""
    stem = re.sub(r"__\d__", "___", page.locator("#_stem").inner_text())
    return next(line.split("id: ")[1].split(",")[0] for line in BANK.splitlines() if f"stem: {stem}" in line)


def by_mouse(page, answer):
    quiz = page.locator("#_quiz")
    for text in answer if quiz.locator(".option").count() else ():
        quiz.locator(".option", has_text=text).click()
    for field, text in zip(quiz.locator("input[type=text]").all(), answer, strict=False):
        field.click()
        field.fill(text)
    for select, text in zip(quiz.locator("select").all(), answer, strict=False):
        select.select_option(label=next(label for label in select.locator("option").all_inner_texts() if text in label))
    for place, text in enumerate(answer if quiz.locator(".ordering").count() else ()):
        while quiz.locator(".ordering li").nth(place).locator("span").inner_text() != text:
            quiz.locator(".ordering li", has_text=text).locator(".up").click()
    quiz.get_by_role("button", name="Answer").click()


def focused(page, script="(node) => node.getAttribute('aria-label') || node.innerText || node.tagName"):
    return page.evaluate(f"({script})(document.activeElement)")


def tab_to(page, wanted, most=60):
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted(page):
            return
    raise AssertionError("not reached by the Tab key")


def by_keyboard(page, answer):
    quiz = page.locator("#_quiz")
    options = [label.strip() for label in quiz.locator(".option").all_inner_texts()]
    for text in answer if options else ():
        page.keyboard.press(str(1 + next(at for at, label in enumerate(options) if text in label)))
    for text in answer if quiz.locator("input[type=text]").count() else ():
        tab_to(page, lambda page: page.evaluate("document.activeElement.matches('input[type=text]')"))
        page.keyboard.type(text)
    for text in answer if quiz.locator("select").count() else ():
        tab_to(page, lambda page: page.evaluate("document.activeElement.matches('select')"))
        labels = page.evaluate("[...document.activeElement.options].map((option) => option.text)")
        for _ in range(next(at for at, label in enumerate(labels) if text in label)):
            page.keyboard.press("ArrowDown")
    for place, text in enumerate(answer if quiz.locator(".ordering").count() else ()):
        while quiz.locator(".ordering li").nth(place).locator("span").inner_text() != text:
            page.evaluate("document.querySelector('#_quiz h2').focus()")
            tab_to(page, lambda page, text=text: focused(page) == f"Move up: {text}")
            page.keyboard.press("Enter")
    if quiz.locator("input[type=text]").count():
        page.keyboard.press("Enter")
        return
    tab_to(page, lambda page: focused(page) == "Answer")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("give", [by_mouse, by_keyboard], ids=["mouse", "keyboard"])
def test_every_type_is_answered_and_the_next_quiz_knows_it(show, course, tmp_path, give):
    page = show(course)
    if give is by_mouse:
        page.get_by_role("button", name="Start the quiz").click()
    else:
        tab_to(page, lambda page: focused(page) == "Start the quiz")
        page.keyboard.press("Enter")
    types = []
    for _ in ANSWERS:
        identity = asked(page)
        types.append(ANSWERS[identity][0])
        give(page, ANSWERS[identity][1])
        assert page.locator("#_quiz [role=status].told").inner_text().startswith("Right."), identity
        assert focused(page) == "Next"
        page.keyboard.press("Enter")
    assert sorted(types) == sorted(kind for kind, _ in ANSWERS.values())
    assert "8 of 8 right on the first try (100%)" in page.locator("#_quiz").inner_text()
    page.get_by_role("button", name="Done").click()
    assert "Nothing is due now." in page.locator(".tools").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers").click()
    home = tmp_path / download.value.suggested_filename
    download.value.save_as(home)
    assert in_process("--course", course, "history", "merge", home).status == 0
    totals = json.loads(in_process("--course", course, "progress", "--json").stdout)["totals"]
    assert (totals["answers"], totals["right"], totals["new"]) == (8, 8, 0)
    assert "Nothing is due now" in in_process("--course", course, "quiz").stdout


def test_a_share_in_percent_is_rounded_down(show, course):
    page = show(course)
    page.get_by_role("button", name="Start the quiz").click()
    for known in (True, False, True):
        if known:
            by_mouse(page, ANSWERS[asked(page)][1])
        else:
            page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Stop").click()
    assert "2 of 3 right on the first try (66%)" in page.locator("#_quiz").inner_text()


def test_a_miss_says_why_shows_the_passage_and_comes_again_once(show, course):
    page = show(course)
    page.get_by_role("button", name="Start the quiz").click()
    page.locator(".option", has_text="Grass").click()
    page.get_by_role("button", name="Answer").click()
    told = page.locator("#_quiz")
    assert page.locator(".told").inner_text().split("\n\n") == ["Wrong.", "Grass is green."]
    assert "Air scatters it." in told.inner_text()
    told.get_by_text("Passage").click()
    assert "The answer is here." in told.inner_text()
    told.get_by_text("Sources").click()
    assert told.locator("a[href='https://doi.org/10.1000/1']").is_visible()
    page.get_by_role("button", name="Next").click()
    while page.locator("#_quiz h2").inner_text() != "Second try":
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Next").click()
    assert asked(page) == "one"


def test_a_near_miss_has_a_second_try_and_a_learner_may_say_that_it_was_right(show, course):
    page = show(course)
    page.get_by_role("button", name="Start the quiz").click()
    while asked(page) != "word":
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Next").click()
    field = page.locator("#_quiz input[type=text]")
    field.fill("noonlihgt")
    page.get_by_role("button", name="Answer").click()
    assert "Almost" in page.locator(".told").inner_text()
    field.fill("the lamps")
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="I was right").click()
    assert page.locator(".told").inner_text() == "Counted as right."


def test_answers_survive_a_reload_and_a_log_is_loaded(show, course, tmp_path):
    page = show(course)
    page.get_by_role("button", name="Start the quiz").click()
    by_mouse(page, ["The sky"])
    page.reload()
    assert "New questions today: 7." in page.locator(".tools").inner_text()
    home = tmp_path / "home.jsonl"
    assert in_process("--course", course, "quiz", "-n", "3", stdin="s\n" * 9).status == 0
    home.write_text(in_process("--course", course, "history", "export", "--format", "jsonl").stdout, "utf-8")
    page.locator("input[type=file]").set_input_files(home)
    page.get_by_text("loaded.").wait_for()
    assert "New questions today: 5." in page.locator(".tools").inner_text()


def test_without_scripts_the_page_is_read_and_answers_are_opened(show, course):
    page = show(course, java_script_enabled=False)
    assert not page.get_by_text("Air scatters it.").is_visible()
    page.get_by_text("Answer", exact=True).first.click()
    assert page.get_by_text("Air scatters it.").is_visible()
    assert not page.get_by_text("This browser is too old").is_visible()


def test_a_browser_that_is_too_old_says_so_and_answers_are_opened(show, course):
    page = show(course, old=True)
    page.get_by_text("This browser is too old for the quiz.").wait_for()
    page.get_by_text("Answer", exact=True).first.click()
    assert page.get_by_text("Air scatters it.").is_visible()


def test_a_question_that_sticks_gets_help_is_set_aside_and_comes_back(show, course, tmp_path):
    stuck = [event(missed("word"), START - day * DAY, course="types") for day in range(1, ASIDE_AFTER)]
    known = event(answer("gaps"), START - DAY, course="types")
    write_log(tmp_path / "log.jsonl", [*reversed(stuck), known])
    page = show(course)
    page.locator("input[type=file]").set_input_files(tmp_path / "log.jsonl")
    page.get_by_text("loaded.").wait_for()
    page.get_by_role("button", name="Start the quiz").click()
    assert asked(page) == "gaps"
    by_mouse(page, ANSWERS["gaps"][1])
    page.get_by_role("button", name="Next").click()
    assert "missed on 5 days" in page.locator("#_quiz h2").inner_text()
    by_mouse(page, ["the sun"])
    assert "Set aside: it is not asked again." in page.locator("#_quiz").inner_text()
    page.get_by_role("button", name="Next").click()
    while page.locator("#_quiz h2").inner_text() != "Second try":
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Next").click()
    assert asked(page) != "word"
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Done").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers").click()
    download.value.save_as(tmp_path / "home.jsonl")
    assert in_process("--course", course, "history", "merge", tmp_path / "home.jsonl").status == 0
    listed = json.loads(in_process("--course", course, "progress", "--stuck", "--json").stdout)["questions"]
    assert [(one["id"], one["days_missed"], one["set_aside"]) for one in listed] == [("word", ASIDE_AFTER, True)]
    page.get_by_text("1 question is set aside.").click()
    page.get_by_role("button", name="Bring back").click()
    assert "Brought back." in page.locator(".tools").inner_text()
    assert not page.get_by_text("set aside").is_visible()


def test_the_passage_comes_first_where_no_other_question_prepares(show, course, tmp_path):
    write_log(
        tmp_path / "log.jsonl",
        [event(missed("word"), START - (5 - day) * DAY, course="types") for day in range(STUCK_AFTER)],
    )
    page = show(course)
    page.locator("input[type=file]").set_input_files(tmp_path / "log.jsonl")
    page.get_by_text("loaded.").wait_for()
    page.get_by_role("button", name="Start the quiz").click()
    assert "First, its passage" in page.locator("#_quiz").inner_text()
    assert "Mind the step." in page.locator("#_quiz").inner_text()
    page.keyboard.press("1")
    page.get_by_role("button", name="Question").click()
    by_mouse(page, ANSWERS["word"][1])
    page.get_by_role("button", name="Set aside").click()
    assert "Set aside: it is not asked again." in page.locator("#_quiz").inner_text()
    page.get_by_role("button", name="Bring back").click()
    assert "Brought back." in page.locator("#_quiz").inner_text()
    with page.expect_download() as download:
        page.evaluate("document.querySelector('.tools .actions button:nth-child(2)').click()")
    download.value.save_as(tmp_path / "home.jsonl")
    acts = [json.loads(line) for line in (tmp_path / "home.jsonl").read_text("utf-8").splitlines()[STUCK_AFTER:]]
    assert [(act["act"], act.get("rating"), act.get("suspended")) for act in acts] == [
        ("answer", 2, None),
        ("suspend", None, True),
        ("suspend", None, False),
    ]


def test_citations_lead_to_their_source_and_back(show, course):
    page = show(course)
    page.locator(".text sup a").click()
    assert page.evaluate("location.hash") == "#:1"
    page.get_by_role("link", name="Back to the text").click()
    assert page.locator(":target").inner_text() == "1"


def test_a_hostile_course_is_asked_and_does_nothing_else(show, tmp_path):
    page = show(hostile_course(tmp_path))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    page.get_by_role("button", name="Start the quiz").click()
    for _ in range(2):
        page.get_by_role("button", name="Hint").click() if page.get_by_role("button", name="Hint").count() else None
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Next").click()
    assert page.locator("#_quiz h2").inner_text() == "Second try"
    assert "<script>alert(1)</script>" in page.locator("#_stem").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_violation(show, course, scheme, width):
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
    page = show(course, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    found = violations(page, axe)
    page.get_by_role("button", name="Start the quiz").click()
    for _ in ANSWERS:
        found += violations(page, axe)
        page.get_by_role("button", name="Skip").click()
        found += violations(page, axe)
        page.get_by_role("button", name="Next").click()
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def violations(page, axe):
    page.evaluate(axe.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = page.evaluate("(tags) => axe.run({ runOnly: tags })", tags)
    return [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in result["violations"]]


@pytest.mark.parametrize("folder", [EXAMPLE, DATA], ids=lambda path: path.name)
def test_the_page_of_a_course_loads_in_silence_and_without_a_violation(show, folder):
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
    page = show(folder, bypass_csp=True, viewport={"width": 360, "height": 800})
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
