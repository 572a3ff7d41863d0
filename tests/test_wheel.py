"""The wheel and the sdist hold the course, and the wheel works away from the checkout."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tarfile
import venv
import zipfile

import pytest

from harness import DATA, ROOT, header

PACKAGE = ROOT / "src" / "synergy_cli"
COURSE = {path.relative_to(ROOT).as_posix() for path in DATA.rglob("*") if path.is_file()}
pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """Build from a copy, so that nothing is written into the checkout: the sdist, and the wheel from it."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("build")
    kept = shutil.ignore_patterns(".*", "dist", "build", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, folder / "source", ignore=kept)
    shutil.copy(ROOT / ".gitignore", folder / "source")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(folder / "source")],
        check=True,
        capture_output=True,
    )
    return folder / "dist"


@pytest.fixture(scope="module")
def installed(dist, tmp_path_factory):
    """Install the wheel into a fresh environment; its dependencies are lent from this one: no network is needed."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    (wheel,) = dist.glob("*.whl")
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return folder


def run(installed, *arguments, stdin=""):
    away = installed / "away"
    away.mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(away), "LC_ALL": "C.UTF-8"}
    command = [str(installed / "bin" / "synergy"), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=away, env=env, check=False)


def test_the_sdist_holds_course_code_and_tests(dist):
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {*COURSE, "src/synergy_cli/cli/app.py", "tests/test_wheel.py"} <= names
    assert {"man/synergy.1", "docs/commands.md"} <= names


def test_the_wheel_holds_the_course_and_no_tests(dist):
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {*(f"synergy_cli/{path}" for path in COURSE), "synergy_cli/py.typed"} <= set(names)
    assert [name for name in names if name.endswith(".data/data/share/man/man1/synergy.1")]
    assert not [name for name in names if "tests" in name]


def test_the_wheel_holds_what_a_new_course_is_made_of(dist):
    (wheel,) = dist.glob("*.whl")
    names = {name.partition("/")[2] for name in zipfile.ZipFile(wheel).namelist()}
    for folder in ("schemas", "template"):
        files = {str(path.relative_to(PACKAGE)) for path in (PACKAGE / folder).rglob("*") if path.is_file()}
        assert files
        assert files <= names


def test_the_installed_man_page_is_where_man_looks(installed):
    assert (installed / "share" / "man" / "man1" / "synergy.1").read_bytes() == (
        ROOT / "man" / "synergy.1"
    ).read_bytes()


def own_course(installed):
    return run(installed, "paths").stdout.split("\n")[0].partition("\t")[2]


def test_the_installed_program_uses_its_own_course(installed):
    assert own_course(installed).startswith(str(installed))


def test_the_installed_program_explains(installed):
    done = run(installed, "explain", "1")
    assert done.stdout.startswith(header(min((DATA / "pages").iterdir()))["title"])
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_installed_program_quizzes(installed):
    done = run(installed, "quiz", "1", "-n", "2", "--seed", "1", stdin="s\n" * 9)
    assert "Result: 0 of 2 right" in done.stdout
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_installed_program_makes_a_course_that_it_finds_no_fault_in(installed):
    done = run(installed, "new", "my-course")
    assert (done.stderr, done.returncode) == ("", 0)
    done = run(installed, "check", "my-course", "--strict")
    assert (done.stderr, done.returncode) == ("", 0), done.stdout


def test_the_installed_program_checks_its_own_course(installed):
    done = run(installed, "check", own_course(installed))
    assert "error[" not in done.stdout
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_installed_program_runs_as_a_module(installed):
    command = [str(installed / "bin" / "python"), "-P", "-m", "synergy_cli", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("synergy ")
