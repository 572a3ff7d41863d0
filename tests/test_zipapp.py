"""As one zip file the program works on a course in a folder, and says so where it has none."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

from harness import EXAMPLE, ROOT

NEEDED = ("typer", "rich", "yaml", "markdown_it", "mdurl")
NEEDED_BY_SOME_VERSIONS = ("annotated_doc", "shellingham", "typing_extensions")
pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Build it from the checkout and from the dependencies of this environment: no network is needed."""
    folder = tmp_path_factory.mktemp("zipapp")
    app = folder / "app"
    no_bytecode = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "synergy_cli", app / "synergy_cli", ignore=no_bytecode)
    shutil.copytree(ROOT / "data", app / "synergy_cli" / "data")
    for name in (*NEEDED, *NEEDED_BY_SOME_VERSIONS):
        spec = importlib.util.find_spec(name)
        assert spec or name in NEEDED_BY_SOME_VERSIONS
        if spec and spec.submodule_search_locations:
            shutil.copytree(spec.submodule_search_locations[0], app / name, ignore=no_bytecode)
        elif spec:
            shutil.copy(spec.origin, app)
    target = folder / "alone" / "synergy.pyz"
    target.parent.mkdir()
    zipapp.create_archive(app, target, main="synergy_cli.__main__:main")
    return target


@pytest.fixture
def run(archive, tmp_path):
    """Run it without any installed package."""

    def run_archive(*arguments, stdin=""):
        command = [sys.executable, "-I", "-S", str(archive), *map(str, arguments)]
        env = {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, cwd=tmp_path, env=env, check=False, timeout=60
        )

    return run_archive


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["explain", "places"], "Places: how a row of digits means a number"),
        (["quiz", "places", "-n", "2", "--seed", "1"], "Result: 0 of 2 right"),
        (["check"], "no faults"),
        (["progress"], "No answers yet"),
        (["export", "html"], "Places: how a row of digits means a number</h2>"),
        (["history", "check"], "0 logs, 0 events. No damage."),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_zip_works_on_a_course_in_a_folder(run, arguments, expected):
    done = run("--course", EXAMPLE, *arguments, stdin="s\n" * 9)
    assert expected in done.stdout
    assert (done.stderr, done.returncode) == ("", 0)


def test_answers_given_in_a_zip_are_kept(run, small):
    assert "2 answers saved." in run("--course", small, "quiz", stdin="Blue\nStars\n").stdout
    assert run("--course", small, "history", "undo").stdout.startswith("Taken back: the answer to stars (course small")


@pytest.mark.parametrize("arguments", [["explain", "1"], ["quiz"], ["new", "mine"]], ids=lambda arguments: arguments[0])
def test_the_course_inside_a_zip_is_not_found_and_the_error_says_so(run, archive, tmp_path, arguments):
    done = run(*arguments)
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr.startswith("synergy: ")
    assert "zip file" in done.stderr
    assert [path.name for path in Path(archive).parent.iterdir()] == [archive.name]
    assert not list(tmp_path.rglob("*.md")), "nothing is unpacked"
