"""What is said around a course's text in its language: complete, with the same placeholders, and short enough."""

from __future__ import annotations

import ast
import re
from importlib import import_module

import pytest

from harness import ROOT, Screen, in_process
from synergy_cli.course.page import CALLOUTS, GRADES
from synergy_cli.course.question import LEVELS, Sheet
from synergy_cli.course.question_types import build
from synergy_cli.history.events import CONFIDENCES
from synergy_cli.languages import LANGUAGES, say, say_count
from synergy_cli.ui.elements import MONTHS, WEEKDAYS
from synergy_cli.ui.layout import cells
from synergy_cli.ui.reader import KEYS

COMMANDS = {"hint", "skip", "faulty", "undo", "stop", "later", "flag", "unflag", "back", "go to the end"}
"""What keys do, said where they are listed."""
READER = {key.does for key in KEYS}
NAMED = {*COMMANDS, *READER, *LEVELS, *CONFIDENCES, *GRADES, *GRADES.values(), *CALLOUTS, *WEEKDAYS, *MONTHS}


def said():
    """Return the texts that the code says: arguments of `say` and `say_count`, and what variables in them hold."""
    found = set(NAMED)
    for path in (ROOT / "src" / "synergy_cli").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                held = dict(held_by_names(function))
                for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                    count = {"say": 1, "say_count": 2}.get(getattr(call.func, "attr", getattr(call.func, "id", "")), 0)
                    for argument in call.args[:count]:
                        texts = (
                            [argument] if isinstance(argument, ast.Constant) else held.get(ast.unparse(argument), [])
                        )
                        found |= {text.value for text in texts if text.value}
    return found | said_by_scripts()


def said_by_scripts():
    """Return the texts that the scripts of the web page say, directly or by way of a name."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src" / "synergy_cli").rglob("*.js"))
    direct = re.findall(r'\bsay(?:Count)?\(\s*"([^"]*)"(?:,\s*"([^"]*)")?', code)
    named = {text for text in texts("de") if f'"{text}"' in code}
    return named | {text for pair in direct for text in pair if text}


def held_by_names(function):
    """Yield each name of a function with the texts that are assigned to it."""
    held = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=True)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                for name, value in pairs:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        held.setdefault(ast.unparse(name), []).append(value)
    return held.items()


def texts(language):
    return import_module(f"synergy_cli.languages.{language}").TEXTS


@pytest.mark.sampled
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text_that_is_said_and_no_other(language):
    assert set(texts(language)) == said()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language):
    for text, translated in texts(language).items():
        assert sorted(re.findall(r"\{\w*\}", translated)) == sorted(re.findall(r"\{\w*\}", text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_and_what_it_does_fit_a_narrow_line(language):
    for text in COMMANDS:
        assert cells(texts(language)[text]) < 30


def test_a_tag_with_a_region_is_that_language_and_an_unknown_one_is_english():
    assert say("Right.", "de-AT") == say("Right.", "DE") == "Richtig."
    assert say("Right.", "ja") == say("Right.", "en-GB") == "Right."


@pytest.mark.parametrize(("tag", "verdict"), [("EN", "right"), ("EN_us", "right"), ("enm", "unreadable")])
def test_english_under_any_tag_is_marked_as_english_and_middle_english_is_not(tag, verdict):
    common = {"id": "q", "stem": "s", "rationale": "", "language": tag}
    number = build({**common, "type": "number", "key": "4000"})
    word = build({**common, "type": "short", "key": "telescope"})
    assert Sheet(number).mark("4,000").verdict.value == verdict
    assert (Sheet(word).mark("telescpoe").verdict.value == "right") is (tag != "enm")


@pytest.mark.parametrize("tag", ["fr", "FR", "fr_CA", "fr-Latn-CA"])
def test_french_under_any_tag_has_its_own_plural(tag):
    assert say_count("{number} question left.", "{number} questions left.", tag, 0) == "Il reste 0 question."


@pytest.mark.parametrize(
    ("language", "number", "expected"), [("en", 0, "0 gaps"), ("fr", 0, "0 trou"), ("de", 1, "1 L")]
)
def test_each_language_has_its_own_plural(language, number, expected):
    one, many = "{number} of {all} gaps is right.", "{number} of {all} gaps are right."
    told = say_count(one, many, language, number, all=3)
    assert told.startswith(expected.split()[0])
    assert ("are" in told or "sont" in told or "sind" in told) == (language == "en")


BANK = """\
format: 1
id: lire
title: Lire
language: {language}
questions:
- {{id: vrai, type: true-false, passage: un, stem: C'est vrai., key: true, rationale: Si.}}
- {{id: mot, type: short, passage: un, stem: Quel mot ?, key: mot, rationale: Si.}}
- {{id: nombre, type: number, passage: un, stem: Combien ?, key: 2.5, tolerance: 0.5, unit: g, rationale: Si.}}
- {{id: tous, type: multiple, passage: un, stem: Lesquels ?, keys: [a1, a2], distractors: [b1], rationale: Si.}}
"""
PAGE = """\
---
title: Un
summary: Deux.
claims: [{claim: Trois., grade: trials, sources: [un]}]
---

> [!CAUTION]
> Quatre.

## Cinq

Six.
"""


@pytest.fixture
def course(tmp_path):
    """Return a function that gives a course in a language."""

    def write(language):
        (tmp_path / "pages").mkdir()
        (tmp_path / "pages" / "01-un.md").write_text(PAGE, "utf-8")
        (tmp_path / "references.yaml").write_text("- {id: un, type: book, title: Un}\n", "utf-8")
        (tmp_path / "questions.yaml").write_text(BANK.format(language=language), "utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["1 sur 1", "Attention", "Preuves", "Essais", "Suite\N{NO-BREAK SPACE}:"]),
        ("de", ["1 von 1", "Vorsicht", "Belege", "Studien", "Weiter:"]),
        ("es", ["1 de 1", "Precaución", "Evidencia", "Ensayos", "Siguiente:"]),
        ("it", ["1 of 1", "Caution", "Evidence", "Trials", "Next:"]),
    ],
)
def test_the_furniture_of_a_page_follows_the_language(course, language, words):
    shown = in_process("--course", course(language), "explain", "un").stdout
    assert [word for word in words if word not in shown] == []


def test_the_reader_follows_the_language(course, monkeypatch):
    monkeypatch.delenv("SYNERGY_PAGER")
    with Screen("--course", course("fr"), "explain", "un") as screen:
        screen.wait("? touches")
        assert screen.visible[-1].startswith("Un · 1 sur 1 · ")
        screen.press("z")
        screen.wait("z ne fait rien ici. ?\N{NO-BREAK SPACE}: toutes les touches")
        screen.press("?")
        screen.wait("Space, f, PgDn  écran suivant")
        screen.press("q")
        screen.press("q")
        assert screen.end() == 0


@pytest.mark.parametrize(
    ("language", "true", "none", "words"),
    [
        ("fr", "vrai", "aucune", ["Question 1 sur 4", "Vrai", "Juste.", "2,5 g (à 0,5 près)", "Résultat"]),
        ("de", "ja", "keine davon", ["Frage 1 von 4", "Wahr", "Richtig.", "2,5 g (auf 0,5 genau)", "Ergebnis:"]),
        (
            "es",
            "sí",
            "ninguna",
            ["Pregunta 1 de 4", "Verdadero", "Correcto.", "2,5 g (con un margen de 0,5)", "Resultado:"],
        ),
        ("en", "yes", "none", ["Question 1 of 4", "True", "Right.", "2.5 g (within 0.5)", "Result:"]),
    ],
)
def test_a_session_follows_the_language_and_so_do_the_words_it_takes(course, language, true, none, words):
    typed = f"{true}\nxyz\n9\n{none}\n" + "s\n" * 20
    shown = in_process("--course", course(language), "quiz", "--unsaved", stdin=typed).stdout.replace("\n  ", " ")
    assert [word for word in words if word not in shown] == []
