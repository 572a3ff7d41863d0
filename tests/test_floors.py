"""The house stands on its floors: a room imports only from the floors below it."""

from __future__ import annotations

import ast

import pytest

from harness import ROOT, python

FLOORS = (
    {"errors", "faults", "text", "theme", "__init__"},
    {"documents", "schema", "layout", "events", "wording", "answers"},
    {"pages", "figures", "questions", "references", "glossary", "scheduler", "choosing"},
    {"markdown", "search", "views", "quality", "diagnoses", "kinds"},
    {"cache", "files", "terminal", "journal", "plots", "tallies"},
    {"compiler", "index"},
    {"content", "history", "inspector", "shapes", "starter"},
    {"reader", "desk", "archive", "progress"},
    {"quiz"},
    {"study", "exam"},
    {"options"},
    {"reading", "studying"},
    {"cli"},
    {"__main__"},
)
ROOMS = sorted((ROOT / "src" / "synergy_cli").glob("*.py"))
LONGEST = 60


def imports(path):
    """Give the rooms that a file imports when it runs, inside functions too, but not for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in for_types and (node.module or "").startswith("synergy_cli"):
            room = node.module.partition(".")[2]
            yield from [room] if room else (alias.name if is_room(alias.name) else "__init__" for alias in node.names)


def is_room(name):
    return any(path.stem == name for path in ROOMS)


def floor(room):
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.stem)
def test_a_room_imports_only_from_floors_below(path):
    assert [room for room in imports(path) if floor(room) >= floor(path.stem)] == []


def test_every_room_has_its_floor():
    assert {path.stem for path in ROOMS} == set().union(*FLOORS)


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.stem)
def test_no_function_is_longer_than_a_screen(path):
    functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if f.end_lineno - f.lineno + 1 > LONGEST] == []


def test_only_theme_names_a_colour():
    colours = {"red", "green", "yellow", "blue", "magenta", "cyan", "bright_black", "bold", "italic", "dim"}
    found = [
        (path.stem, node.value)
        for path in ROOMS
        if path.stem != "theme"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if len(node.value.split()) < 4 and set(node.value.split()) & colours  # a sentence is no style
    ]
    assert found == []


def test_only_kinds_names_a_kind():
    from synergy_cli.kinds import KINDS

    words = set(KINDS) - {"order", "match", "number"}  # words of their own elsewhere
    found = [
        (path.stem, node.value)
        for path in ROOMS
        if path.stem != "kinds"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in words
    ]
    assert found == []


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["explain", "d3"], {"pydantic", "yaml", "markdown_it", "pygments", "importlib.metadata", "rich.markdown"}),
        (["quiz", "--seed", "1"], {"pydantic", "yaml", "markdown_it", "pygments", "importlib.metadata"}),
        (["--help"], {"pydantic", "yaml", "markdown_it", "rich.console", "synergy_cli.content"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_loads_only_what_it_needs(arguments, absent):
    """The course is in the cache: the first call puts it there."""
    code = (
        "import io, sys\n"
        "from synergy_cli import cli\n"
        "sys.stdin = io.StringIO('')\n"
        f"cli.call({arguments!r})\n"
        f"print(sorted(set(sys.modules) & {absent!r}), file=sys.stderr)\n"
    )
    python(code)
    assert python(code).stderr.strip().endswith("[]")


def test_the_version_is_answered_before_anything_is_loaded():
    code = (
        "import os, sys\n"
        "def leave(status):\n"
        "    print(sorted(set(sys.modules) & {'typer', 'rich', 'synergy_cli.cli'}))\n"
        "    raise SystemExit\n"
        "os._exit = leave\n"
        "sys.argv = ['synergy', '--version']\n"
        "from synergy_cli.__main__ import main\n"
        "main()\n"
    )
    assert python(code).stdout.split("\n")[1] == "[]"
