"""The commands, examples and links of the documents work, and the generated files are up to date."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from harness import ROOT

README = (ROOT / "README.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "commands.md").read_text("utf-8")
MAN = (ROOT / "man" / "synergy.1").read_text("utf-8")
PLACEHOLDERS = {"DATE", "DIR", "FILE", "KEY"}
COMMANDS = [
    "explain",
    "quiz",
    "due",
    "progress",
    "search",
    "glossary",
    "sources",
    "history check",
    "history merge",
    "history export",
    "history undo",
    "history fit",
    "history suspend",
    "history resume",
    "history flags",
    "history exam",
    "check",
    "new",
    "export",
    "import",
    "completion",
    "paths",
]


def written_commands():
    inline = [match for match in re.findall(r"`(synergy[^`]*)`", README) if not PLACEHOLDERS & set(match.split())]
    blocks = [
        line.partition("#")[0] if " #" in line else line
        for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
        for line in block.split("\n")
        if line.startswith("synergy")
    ]
    return sorted({command.partition("|")[0].strip() for command in [*inline, *blocks]})


@pytest.mark.parametrize("command", written_commands())
def test_a_command_of_the_readme_runs(command, tmp_path, forks):
    def run(*words, stdin=""):
        return forks.run(words, os.environ, tmp_path, stdin)

    words = shlex.split(command)[1:]
    if "my-course" in words and words[0] != "new":
        assert run("new", "my-course").status == 0
    if "undo" in words:
        assert run("quiz", "1", stdin="1\n").status == 0
    if words[:2] == ["history", "exam"]:
        assert run("quiz", "--exam", "--seed", "1", stdin="1\n" * 60).status == 0
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    result = run(*words)
    assert (result.status, result.stderr) == (int(words == ["due"]), "")  # nothing is due before the first answer


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_in_the_reference_and_the_man_page(command):
    assert f"\n## synergy {command}\n" in REFERENCE
    assert f"\n.SS {command}\n" in MAN


def common_options():
    (rows,) = re.findall(r"^## Common options\n.*?(?=^## )", REFERENCE, re.DOTALL | re.MULTILINE)
    return re.findall(r"^\| `(.+?)` ", rows, re.MULTILINE)


@pytest.mark.parametrize("option", common_options())
def test_a_common_option_is_printed_once_in_each_document(option):
    flags = re.findall(r"--[\w-]+", option)
    (table,) = re.findall(r"^## Common options\n.*?(?=^## )", README, re.DOTALL | re.MULTILINE)
    names = [line.split("|")[1] for line in table.split("\n") if line.startswith("| `-")]
    assert len([name for name in names if all(re.search(rf"`{flag}[ `]", name) for flag in flags)]) == 1
    assert REFERENCE.count(f"| `{option}` |") == 1
    assert len(re.findall(rf"^{re.escape(tagged(option))}$", MAN, re.MULTILINE)) == 1


def tagged(option):
    return f"\\fB{option}\\fR".replace("-", "\\-")


def test_the_generated_files_are_up_to_date():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "docs.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_man_page_renders_without_a_warning():
    command = ["groff", "-man", "-ww", "-Tutf8", str(ROOT / "man" / "synergy.1")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    assert "synergy quiz [OPTIONS] [SECTION]..." in re.sub(r"\x1b\[\d*m|.\x08", "", done.stdout)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:|#)([^)#]+)", README))))
def test_what_the_readme_links_to_exists(link):
    assert (ROOT / link).exists()


@pytest.mark.parametrize("name", ["README.md", "docs/commands.md"])
def test_the_medical_caution_is_prominent(name):
    text = (ROOT / name).read_text("utf-8")
    (caution,) = re.findall(r"^> \[!CAUTION\]\n((?:> .*\n)+)", text, re.MULTILINE)
    words = " ".join(caution.replace("> ", "").split())
    assert "is teaching material, not medical advice. If you take any blood thinner, read" in words
    assert "read `synergy explain anticoagulants` before anything else." in words
    assert text.index(caution) < text.index("\n## ")


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
