"""What the documents say is so: commands, examples and generated parts."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from harness import ROOT, process

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    "explain",
    "quiz",
    "progress",
    "search",
    "glossary",
    "sources",
    "history",
    "check",
    "new",
    "completion",
    "paths",
]


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
def test_a_command_of_the_readme_runs(command, tmp_path):
    words = shlex.split(command)[1:]
    if "my-course" in words and words[0] != "new":
        assert process("new", "my-course", cwd=tmp_path).status == 0
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    result = process(*words, cwd=tmp_path)
    assert (result.status, result.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert f"$ synergy {command} --help" in README


def test_the_generated_parts_are_current():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "readme.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:|#)([^)#]+)", README))))
def test_what_the_readme_links_to_is_there(link):
    assert (ROOT / link).exists()


def test_the_readme_gives_one_line_to_run_and_one_to_test():
    for name in ("run", "test"):
        (lines,) = re.findall(rf"<!-- {name} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
        assert "\n" not in lines


def test_the_changelog_knows_the_version():
    from synergy_cli import __version__

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_contributing_lists_the_packages_from_the_highest_layer_down():
    from test_layers import LAYERS, MODULES

    rows = re.findall(r"^\| `(\w+)/` \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    packages = {module.partition(".")[0] for module in MODULES if "." in module}
    assert rows == [layer for layer in LAYERS if layer in packages]


def test_contributing_names_only_modules_that_exist():
    from test_layers import MODULES

    named = re.findall(r"`(\w+/\w+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert [name for name in named if name.replace("/", ".") not in MODULES] == []
    assert named
