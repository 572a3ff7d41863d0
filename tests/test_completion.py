"""Completion in real shells: any text of a course is shown and inserted as it is meant, and none of it is run."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING, NamedTuple, Self

import pytest

from harness import SYNERGY, Screen, in_process
from synergy_cli.text import slug

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from forks import Forks

SHELLS = ("bash", "zsh", "fish")
FEW, MANY = 8, 334
"""Items per shell: by default, and in the deep test, 1,000 in all."""
SYNTAX = (
    *(
        "$(touch canary)",
        "`touch canary`",
        "<(touch canary)",
        "(touch canary)",
        "touch canary",
        "$HOME",
        "${HOME}",
        "$$",
    ),
    *(
        "\\",
        "\\\\",
        "'",
        '"',
        "!",
        "!!",
        "!touch",
        ";",
        "|",
        "&",
        "&&",
        ">",
        "<",
        "*",
        "?",
        "[a-z]",
        "~",
        "~/",
        "#",
        "%",
    ),
    *(
        "{a,b}",
        "^",
        "=",
        "=ls",
        ":",
        ":b:",
        "-",
        "--",
        "--x=y",
        "@",
        ",",
        "(",
        ")",
        " ",
        "  ",
        "\t",
        "\n",
        "a",
        "K",
        "É",
    ),
    *("a=~", "a:~", "[b]", "[/b]", "%B", "%n", "&amp;", "\N{ZERO WIDTH JOINER}", "日本"),
)
TITLES = ("$(touch canary)", "`touch canary`", "A 'title' of \"\\", ":b: [b]%B", "a;b|c&d>e", "{a,b} * ? ~ # !x")
STAYS_OPEN = "/=@:.,-"
"""After these, if it has inserted them, fish expects more and closes no quote."""
QUESTION = {
    "id": "q",
    "type": "short",
    "passage": "sky",
    "stem": "What shines?",
    "key": "Stars",
    "rationale": "They do.",
    "tags": ["one $(touch canary) 'x", "two"],
}
START = {
    "bash": """\
HISTFILE= PS1='' PS2='(more)' turn=0
PROMPT_COMMAND='PS1="<<$((turn++))>>"'
. ../script
""",
    "zsh": """\
HISTFILE= turn=-1 PS2='(more)'
setopt prompt_subst
precmd() { ((turn++)) }
PROMPT='<<${turn}>>'
bindkey '^I' complete-word  # not expand-or-complete, with which zsh itself runs what a person typed
autoload -U compinit
compinit -u -D
. ../script
""",
    "fish": """\
set fish_greeting
set -g turn -1
function fish_title; end
function fish_prompt; echo -n "<<$turn>>"; end
function next --on-event fish_postexec; set -g turn (math $turn + 1); end
. ../script
""",
}
STUB = """\
#!/bin/sh
if [ -n "${{_SYNERGY_COMPLETE-}}" ]; then
  {complete}
  exit
fi
printf '%s\\0' "$@" >argv
"""
STARTED = f'exec {SYNERGY} "$@"'
FORKED = "{{ env -0; printf '\\0'; printf '%s\\0' \"$@\"; }} >'{0}/asked' && exec cat '{0}/told'"
"""What the recording `synergy` does to complete: start the program, or have a fork of it answer."""


class Item(NamedTuple):
    """What is completed: the command and the argument that is meant."""

    command: str
    argument: str


def texts(count: int) -> list[str]:
    """Make texts of shell syntax and all printable ASCII; none is the beginning of another."""
    source = random.Random(7)
    signs = [chr(number) for number in range(32, 127)]
    found: dict[str, str] = {}
    firsts = [text + source.choice(signs) + source.choice(SYNTAX) for text in (*SYNTAX, *signs)]
    source.shuffle(firsts)
    while len(found) < count:
        some = (source.choice(source.choice((SYNTAX, signs))) for _ in range(source.randint(1, 8)))
        text = (firsts.pop() if firsts else "".join(some)).strip()
        key = as_argument(text).lower()
        if key and not any(other.startswith(key) or key.startswith(other) for other in found):
            found[key] = text
    return list(found.values())


def as_argument(text: str) -> str:
    """Return a text as a command line gives it: on one line."""
    return text.replace("\t", " ").replace("\n", " ")


def write_course(folder: Path, count: int) -> list[Item]:
    """Write a course of such texts, and give what can be completed of it."""
    found = texts(count)
    part = count // 8
    headings = [f"h{number} {as_argument(text)}" for number, text in enumerate(found[:part])]
    keys = [f"k{number}{re.sub('[^a-z:.+/-]', '', text)}_" for number, text in enumerate(found[:part])]
    terms = found[2 * part :]
    sources = [
        {"id": key, "type": "book", "title": text, "author": [{"literal": text}], "issued": 2000}
        for key, text in zip(keys, found, strict=False)
    ]
    glossary = {
        name: {"definition": "What it is.", "also": terms[1::2][at : at + 1]} for at, name in enumerate(terms[::2])
    }
    (folder / "pages").mkdir(parents=True)
    for name, text in (
        ("pages/01-sky.md", page(found[0], headings)),
        *((f"pages/{number:02}-title-{number}.md", page(text, [])) for number, text in enumerate(TITLES, 2)),
        ("questions.yaml", json.dumps({"format": 1, "id": "shells", "title": found[0], "questions": [QUESTION]})),
        ("references.yaml", json.dumps({"references": sources})),
        ("glossary.yaml", json.dumps(glossary)),
    ):
        (folder / name).write_text(text, "utf-8")
    return [
        *(Item("glossary", as_argument(name)) for name in terms),
        *(Item("sources", key) for key in keys),
        *(Item("explain", f"sky#{slug(heading)}") for heading in headings),
    ]


def page(title: str, headings: list[str]) -> str:
    """Write a page with these headings."""
    front = json.dumps({"title": title, "summary": "What is above.", "claims": []})
    escaped = ("## " + re.sub(r"([!-/:-@[-`{-~])", r"\\\1", text) for text in headings)
    return "\n\n".join([f"---\n{front}\n---", "Text.", *(f"{line}\n\nText." for line in escaped), ""])


def answer(forks: Forks, asked: Path, told: Path, cwd: Path) -> None:
    """Complete what is asked, until nothing is."""
    while said := asked.read_bytes():
        environment, _, arguments = said.decode().partition("\0\0")
        env = dict(line.split("=", 1) for line in environment.split("\0"))
        told.write_text(forks.run(arguments.split("\0")[:-1], env, cwd).stdout, "utf-8")


class Shell:
    """A shell with the completion script and a `synergy` that records its arguments."""

    def __init__(self, name: str, folder: Path, course: Path, forks: Forks | None) -> None:
        """Start it in an empty folder below the one given; it completes with forks, or starts the program."""
        old = 'test "$BASH_VERSION" \\< 4.4'  # as on macOS
        if shutil.which(name) is None or (
            name == "bash" and not subprocess.run([name, "-c", old], check=False).returncode
        ):
            pytest.skip(f"no {name} here")
        self.name, self.here, self.turn = name, folder / "here", 0
        self.here.mkdir()
        (folder / "script").write_text(in_process("completion", name).stdout, "utf-8")
        (folder / "start").write_text(START[name], "utf-8")
        complete = FORKED.format(folder) if forks else STARTED
        (folder / "synergy").write_text(STUB.format(complete=complete), "utf-8")
        (folder / "synergy").chmod(0o755)
        self.asked = folder / "asked"
        if forks:
            os.mkfifo(self.asked)
            os.mkfifo(folder / "told")
            threading.Thread(target=answer, args=(forks, self.asked, folder / "told", self.here), daemon=True).start()
        quiet = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--private"]}[name]
        env = {"PATH": f"{folder}:{os.environ['PATH']}", "SYNERGY_COURSE": str(course), "INPUTRC": "/dev/null"}
        self.screen = Screen(*quiet, "-i", program=name, columns=100, lines=60, env=env, cwd=self.here)
        self.press(". ../start\r")

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.screen.__exit__()
        with contextlib.suppress(OSError):  # nobody reads
            os.close(os.open(self.asked, os.O_WRONLY | os.O_NONBLOCK))

    def press(self, keys: str) -> None:
        """Type, and wait for the next prompt."""
        self.screen.press(keys)
        self.screen.wait_raw(f"<<{self.turn}>>".encode())
        self.turn += 1

    def arguments(self, keys: str) -> list[str] | None:
        """Type a command, and give the arguments that it received."""
        received = self.here / "argv"
        received.unlink(missing_ok=True)
        self.press(f"{keys}\r")
        return received.read_text("utf-8").split("\0")[:-1] if received.exists() else None

    def quoted(self, text: str, quote: str) -> str:
        """Return a beginning as a person may type it, the quote still open."""
        if quote == "'":
            return quote + (re.sub(r"(['\\])", r"\\\1", text) if self.name == "fish" else text.replace("'", r"'\''"))
        if quote == '"' and "!" not in text:
            return quote + re.sub(r'(["\\$])' if self.name == "fish" else r'(["\\$`])', r"\\\1", text)
        return re.sub(r"([^\w\N{ZERO WIDTH JOINER}])", r"\\\1", text)


@pytest.fixture(params=SHELLS)
def shell(request, tmp_path, forks):
    """Give a shell with a small course."""
    write_course(tmp_path / "course", FEW)
    with Shell(request.param, tmp_path, tmp_path / "course", forks) as at:
        yield at
        assert not list(tmp_path.rglob("canary"))


def beginnings(items: list[Item]) -> Iterator[tuple[Item, str]]:
    """Give each item with its shortest beginning that no other has."""
    names = sorted(item.argument.lower() for item in items)
    for item in items:
        name = item.argument.lower()
        at = names.index(name)
        length = 5 if item.command == "explain" else 1  # before the # there are only sections
        while any(other[:length] == name[:length] for other in names[max(at - 1, 0) : at + 2] if other != name):
            length += 1
        yield item, item.argument[:length]


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("count", "part"),
    [(FEW, slice(None)), *(pytest.param(MANY, slice(half, None, 2), marks=pytest.mark.deep) for half in (0, 1))],
    ids=["few", "even", "odd"],
)
@pytest.mark.parametrize("name", SHELLS)
def test_each_shell_inserts_what_is_meant_and_runs_none_of_it(name, count, part, tmp_path, forks):
    wanted = list(beginnings(write_course(tmp_path / "course", count)))
    wrong = []
    with Shell(name, tmp_path, tmp_path / "course", forks if count > FEW else None) as at:
        for number, (item, beginning) in enumerate(wanted[part]):
            if name == "fish" and set("*?") & set(beginning):  # fish takes even a quoted one for a wildcard
                continue
            quote = ("", "'", '"')[number % 3]
            typed = at.quoted(beginning, quote)
            stays_open = name == "fish" and beginning != item.argument and item.argument[-1] in STAYS_OPEN
            close = quote if stays_open and typed[:1] == quote else ""
            received = at.arguments(f"synergy {item.command} -- {typed}\t{close}")
            if received != [item.command, "--", item.argument]:
                wrong.append((item, typed, received))
    assert wrong == []
    assert [path.name for path in at.here.iterdir()] == ["argv"]


@pytest.mark.deep
def test_a_term_is_inserted_where_nothing_was_typed(shell, tmp_path):
    for term in dict.fromkeys(text.strip() + after for text in SYNTAX if text.strip() for after in ("", " a")):
        glossary = {term: {"definition": "What it is."}}
        (tmp_path / "course" / "glossary.yaml").write_text(json.dumps(glossary), "utf-8")
        wanted = [] if shell.name == "fish" and term.startswith("~") else [term]  # fish would insert it bare
        assert shell.arguments("synergy glossary -- \t") == ["glossary", "--", *wanted]


@pytest.mark.sampled
def test_titles_and_terms_are_shown_as_they_are_written(shell):
    if shell.name == "bash":  # it has no descriptions
        shell.screen.press("synergy glossary \t\t")
        shown = [item.argument for item in write_course(shell.here / "again", FEW) if item.command == "glossary"]
    else:
        shell.screen.press("synergy explain title\t\t")
        shown = [f"({title})" if shell.name == "fish" else f"-- {title}" for title in TITLES]
    for text in shown:
        shell.screen.wait(text)


@pytest.mark.sampled
def test_names_of_files_are_inserted_as_they_are(shell):
    for name in ("one $(touch canary) 'x", "~two"):
        (shell.here / name).mkdir()
    for typed, received in (
        ("paths --course on", ["paths", "--course", "one $(touch canary) 'x"]),
        ("paths --course \\~t", ["paths", "--course", "~two"]),
        ("check --course=on", ["check", "--course=one $(touch canary) 'x"]),
    ):
        assert [word.rstrip("/") for word in shell.arguments(f"synergy {typed}\t") or []] == received
    assert shell.arguments("synergy search >on\t") is None  # a folder


@pytest.mark.sampled
def test_the_course_may_be_in_a_folder_of_any_name(shell):
    for name in ("$(touch canary) a", "~", "~b"):
        write_course(shell.here / name, FEW)
        for option in ("--course ", "--course="):
            typed = f"synergy {option}{shell.quoted(name, '')} explain title-2"
            assert shell.arguments(f"{typed[:-3]}\t2")[-1] == "title-2"


@pytest.mark.deep
def test_nothing_that_was_typed_is_run(shell):
    for typed in ("$(touch canary)", "`touch canary`", "'$(touch canary)", '"$(touch canary)', "<(touch canary) "):
        for before in ("explain ", "--course ", "--course=", "explain --course x#"):
            shell.press(f"synergy {before}{typed}\t\x15true\r")


@pytest.mark.sampled
def test_options_and_their_values_are_completed(shell):
    assert shell.arguments("synergy quiz --see\t3") == ["quiz", "--seed", "3"]
    assert shell.arguments("synergy quiz --color=al\t") == ["quiz", "--color=always"]
    assert shell.arguments("synergy --color al\tquiz") == ["--color", "always", "quiz"]
    for option in ("--tag ", "--tag="):
        assert shell.arguments(f"synergy quiz {option}on\t")[-1].endswith("one $(touch canary) 'x")


def test_a_broken_course_completes_nothing_not_even_the_names_of_files(shell, tmp_path):
    shell.press("touch title-file\r")
    (tmp_path / "course" / "questions.yaml").unlink()
    assert shell.arguments("synergy explain titl\t") == ["explain", "titl"]


@pytest.mark.sampled
def test_what_was_typed_is_kept_where_terms_differ_in_their_letters(shell, tmp_path):
    terms = {name: {"definition": "A vitamin."} for name in ("Vitamin K1", "VITAMIN K2", "vitamin D")}
    (tmp_path / "course" / "glossary.yaml").write_text(json.dumps(terms), "utf-8")
    assert shell.arguments("synergy glossary viTamin\t") in (["glossary", "viTamin "], ["glossary", "viTamin"])
    assert shell.arguments("synergy glossary 'vitamin k2\t") == ["glossary", "VITAMIN K2"]
