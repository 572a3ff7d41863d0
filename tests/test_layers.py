"""The packages form layers: each imports only from those below it, and no package has a cycle inside."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

import pytest

from harness import ROOT, python

if TYPE_CHECKING:
    from collections.abc import Iterator

LAYERS = ("cli", "study", "ui", "authoring", "formats", "history", "course", "parsing", "languages", "replay")
"""Highest first."""
SHARED = {"errors", "text", "folders", "days", "records", "signals", "__init__"}
"""Modules that every package may import, and that import no package."""
SOURCE = ROOT / "src" / "synergy_cli"
MODULES = {".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in sorted(SOURCE.rglob("*.py"))}
LONGEST = 60


class Code(NamedTuple):
    """What is asked about a module: what it imports, inside functions and for types too, its functions, its strings."""

    imports: frozenset[str]
    functions: tuple[ast.FunctionDef, ...]
    strings: tuple[str, ...]


@cache
def code(module: str) -> Code:
    """Read a module."""
    nodes = list(ast.walk(ast.parse(MODULES[module].read_text("utf-8"))))
    imports = (found for node in nodes if isinstance(node, ast.ImportFrom) for found in imported(node))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef))
    strings = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return Code(frozenset(imports), tuple(functions), tuple(strings))


def imported(node: ast.ImportFrom) -> Iterator[str]:
    """Yield the modules of the program that a line imports."""
    if (node.module or "").partition(".")[0] == "synergy_cli":
        base = (node.module or "").partition(".")[2]
        for alias in node.names:
            inner = f"{base}.{alias.name}".lstrip(".")
            yield inner if inner in MODULES else base or "__init__"


def layer(module: str) -> int:
    """Return how high a module is: the shared modules lie below all packages, `__main__` above them."""
    package = module.partition(".")[0]
    return -1 if package == "__main__" else LAYERS.index(package) if package in LAYERS else len(LAYERS)


def test_a_module_imports_only_from_its_own_layer_and_those_below():
    found = [(module, other) for module in MODULES for other in code(module).imports]
    assert [(module, other) for module, other in found if layer(other) < layer(module)] == []


def test_every_module_belongs_to_a_layer():
    outside = {module for module in MODULES if layer(module) == len(LAYERS)}
    assert outside == SHARED


@pytest.mark.parametrize("package", [*LAYERS, ""])
def test_no_package_has_a_cycle_inside(package):
    inside = {module for module in MODULES if (module.partition(".")[0] if "." in module else "") == package}
    TopologicalSorter({module: code(module).imports & inside for module in inside}).prepare()


def test_no_function_is_longer_than_a_screen():
    functions = [(module, function) for module in MODULES for function in code(module).functions]
    assert [(module, f.name) for module, f in functions if f.end_lineno - f.lineno + 1 > LONGEST] == []


def strings(but: str):
    """Yield each string in the source, with its module, but for those of one module."""
    return ((module, text) for module in MODULES if module != but for text in code(module).strings)


def test_only_theme_names_a_colour():
    colours = {"red", "green", "yellow", "blue", "magenta", "cyan", "bright_black", "bold", "italic", "dim"}
    found = [
        (module, text)
        for module, text in strings("ui.theme")
        if len(text.split()) < 4 and set(text.split()) & colours  # a sentence is no style
    ]
    assert found == []


def test_only_the_module_of_a_type_names_it():
    from synergy_cli.course.question_types import QUESTION_TYPES

    words = set(QUESTION_TYPES) - {"order", "match", "number"}  # they mean other things elsewhere
    homes = {found.__module__.removeprefix("synergy_cli.") for found in QUESTION_TYPES.values()} | {
        "course.question_parts"
    }
    assert [(module, text) for module, text in strings("") if text in words and module not in homes] == []


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["explain", "1"], {"pydantic", "yaml", "markdown_it", "pygments", "importlib.metadata", "rich.markdown"}),
        (["quiz", "--seed", "1"], {"pydantic", "yaml", "markdown_it", "pygments", "importlib.metadata"}),
        (["--help"], {"pydantic", "yaml", "markdown_it", "rich.console", "synergy_cli.course.course"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_loads_only_what_it_needs(arguments, absent):
    """The course is in the cache: the first call puts it there."""
    program = (
        "import io, sys\n"
        "from synergy_cli.cli.app import call\n"
        "sys.stdin = io.StringIO('')\n"
        f"call({arguments!r})\n"
        f"print(sorted(set(sys.modules) & {absent!r}), file=sys.stderr)\n"
    )
    python(program)
    assert python(program).stderr.strip().endswith("[]")
