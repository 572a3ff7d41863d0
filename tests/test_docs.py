"""What the documents say is so: commands, examples and generated parts."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from harness import ROOT, in_process, process

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = ["explain", "quiz", "progress", "search", "glossary", "sources", "history", "check", "completion", "paths"]


def example(name):
    return re.search(rf"<!-- example: {name} -->\n(`+)\w+\n(.*?)\n\1\n", README, re.DOTALL)[2]


def written_commands():
    text = re.sub(r"<!-- begin help -->.*<!-- end help -->", "", README, flags=re.DOTALL)
    inline = [match for match in re.findall(r"`(synergy[^`]*)`", text) if "KEY" not in match and "DIR" not in match]
    blocks = [
        line.partition("#")[0] if " #" in line else line
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        for line in block.split("\n")
        if line.startswith("synergy")
    ]
    return sorted({command.partition("|")[0].strip() for command in [*inline, *blocks]})


@pytest.mark.parametrize("command", written_commands())
def test_a_command_of_the_readme_runs(command):
    assert process(*shlex.split(command)[1:]).status == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert f"$ synergy {command} --help" in README


def test_the_generated_parts_are_current():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "readme.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)


def test_the_examples_make_a_course(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "01-sky.md").write_text(example("page"), encoding="utf-8")
    (tmp_path / "questions.yaml").write_text(example("question"), encoding="utf-8")
    (tmp_path / "references.yaml").write_text(example("sources"), encoding="utf-8")
    (tmp_path / "glossary.yaml").write_text(example("glossary"), encoding="utf-8")
    done = in_process("check", tmp_path)
    assert (done.stderr, done.status) == ("", 0), done.stdout


def test_the_readme_gives_one_line_to_run_and_one_to_test():
    for name in ("run", "test"):
        (lines,) = re.findall(rf"<!-- {name} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
        assert "\n" not in lines


def test_the_changelog_knows_the_version():
    from synergy_cli import __version__

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_contributing_draws_the_floors_as_they_are():
    from test_floors import FLOORS

    rows = re.findall(r"^\| \d+ \| (.*?) \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    assert [set(re.findall(r"`(\w+)`", row)) for row in reversed(rows)] == [rooms - {"__init__"} for rooms in FLOORS]
