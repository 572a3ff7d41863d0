"""Courses nobody vouches for: every command ends soon and within its memory, says what is wrong, and does nothing else.

Each course is read by the whole program, in a process that may use 300 MiB and a limited time of the processor; a test
fails when it hangs. Beside the course lies a file that nothing may read, and a place where nothing may be written.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import SMALL_BANK, SMALL_PAGE, SMALL_SOURCES
from harness import DATA, ROOT, python
from synergy_cli.course import course as content
from synergy_cli.course import files as files_room
from synergy_cli.course.cache import Cache
from synergy_cli.course.files import Files, read_text
from synergy_cli.parsing.report import ContentError

if TYPE_CHECKING:
    from forks import Forks, Printed

pytestmark = pytest.mark.sampled

LIMITS = {resource.RLIMIT_AS: 300 << 20, resource.RLIMIT_CPU: 20}
"""Bytes of memory, and seconds of the processor: two are promised; here a hang is told from a slow machine."""
SECRET = "the-text-of-the-canary"
BANK, PAGE, SOURCES, GLOSSARY = "questions.yaml", "pages/01-sky.md", "references.yaml", "glossary.yaml"
TEXTS = {BANK: SMALL_BANK, PAGE: SMALL_PAGE, SOURCES: SMALL_SOURCES, GLOSSARY: "sky:\n  definition: What is above.\n"}
COMMANDS = {
    "check": ["check"],
    "contents": ["explain"],
    "page": ["explain", "sky", "--no-pager"],
    "quiz": ["quiz"],
    "search": ["search", "sky"],
}
NEED = {
    BANK: {"check", "quiz"},
    PAGE: {"check", "contents", "page", "quiz", "search"},
    SOURCES: {"check"},
    GLOSSARY: {"check"},
}
"""The commands that cannot do their work without a file."""


class Course:
    """A small course in a folder of its own, beside which lies what it must not reach."""

    def __init__(self, folder: Path, forks: Forks) -> None:
        self._forks = forks
        self.folder = folder / "course"
        (self.folder / "pages").mkdir(parents=True)
        for name, text in TEXTS.items():
            (self.folder / name).write_text(text, "utf-8")
        self.canary = folder / "canary.md"
        self.canary.write_text(f"---\ntitle: {SECRET}\n---\n\n{SECRET}\n", "utf-8")
        self.done = folder / "done"

    def write(self, name: str, content: str | bytes) -> None:
        """Put a file into the course."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands in a file once."""
        assert TEXTS[name].count(old) == 1
        self.write(name, TEXTS[name].replace(old, new))

    def page(self, text: str) -> None:
        """Put a text on the page."""
        self.write(PAGE, SMALL_PAGE + "\n" + text + "\n")

    def run(self, *names: str, options: tuple[str, ...] = ()) -> dict[str, Printed]:
        """Run commands, all of them unless some are named; see that none did harm."""
        found = {name: self._run(name, options) for name in names or COMMANDS}
        for result in found.values():
            harmless(result)
            assert SECRET not in result.stdout + result.stderr
        assert not self.done.exists()
        return found

    def _run(self, name: str, options: tuple[str, ...]) -> Printed:
        first, *rest = COMMANDS[name]
        env = {"XDG_CACHE_HOME": str(self.folder.parent / f"cache-{name}"), "CANARY": str(self.done)}
        arguments = [first, "--course", str(self.folder), *rest, *options]
        return self._forks.run(arguments, {**os.environ, **env}, Path.cwd(), "\n", LIMITS)


def harmless(result: Printed) -> None:
    """See that a run ended by itself, said nothing of its inside, and wrote nothing that steers a terminal."""
    assert result.status in {0, 1, 2}, result
    shown = result.stdout + result.stderr
    assert "Traceback" not in shown
    assert "fault of the program" not in shown
    assert "MemoryError" not in shown
    harmful = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert {sign for sign in shown if unicodedata.category(sign) in harmful and sign not in "\n\t\u200c\u200d"} == set()


def told(course: Course, name: str, result: Printed) -> list[str]:
    """Give the faults that a command names, without the course's folder."""
    lines = (result.stdout if name == "check" else result.stderr).splitlines()
    return [line.removeprefix(f"{course.folder}/") for line in lines if line.startswith(f"{course.folder}/")]


def refused(course: Course, file: str, fault: str, *names: str) -> None:
    """See that every command that needs a file names its fault, and that the others do their work."""
    for name, result in course.run(*names).items():
        if name in NEED[file]:
            assert result.status == 1
            assert [line for line in told(course, name, result) if line.startswith(f"{file}:{fault}")] != []
        else:
            assert result.status == 0


@pytest.fixture
def hostile(tmp_path: Path, forks: Forks) -> Course:
    return Course(tmp_path / "outer", forks)


# YAML

LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 30))
COMMAND = "touch $CANARY"
DOCUMENTS = {
    "a tag that runs a command": (
        f'format: !!python/object/apply:os.system ["{COMMAND}"]\n',
        "1:9: error[yaml-feature]: ",
    ),
    "a tag that makes an object": (
        f'!!python/object/new:subprocess.Popen [["sh", "-c", "{COMMAND}"]]\n',
        "1:1: error[yaml-feature]: ",
    ),
    "a tag for a name": ("a: !!python/name:os.system\n", "1:4: error[yaml-feature]: "),
    "a tag for a module": ("a: !!python/module:os\n", "1:4: error[yaml-feature]: "),
    "a tag for bytes": ("a: !!binary R0lG\n", "1:4: error[yaml-feature]: "),
    "a tag of its own": ("%TAG ! tag:e.org,2026:\n---\na: !b c\n", "3:4: error[yaml-feature]: "),
    "aliases of nine levels": (LAUGHS, "1:5: error[yaml-feature]: `&a0` is an anchor"),
    "aliases of one long text": (f"a: &a {'x' * 20_000}\nb:\n" + "- *a\n" * 20_000, "1:4: error[yaml-feature]: "),
    "an alias to itself": ("&a [*a]\n", "1:1: error[yaml-feature]: `&a` is an anchor"),
    "merge keys of thirty levels": (MERGES, "1:5: error[yaml-feature]: "),
    "100,000 brackets": ("[" * 100_000, "1:33: error[too-large]: nested more than 32 levels deep"),
    "100,000 braces": ("{a: " * 100_000, "1:129: error[too-large]: nested more than 32 levels deep"),
    "100,000 dashes": ("- " * 100_000, "1:65: error[too-large]: nested more than 32 levels deep"),
    "100,000 questions marks": ("? " * 100_000, "1:"),
    "1,000,000 quotes": ('"' * 1_000_000, "1:"),
    "a scalar of 64 MiB": (b"a: " + b"x" * (64 << 20), "1:1: error[too-large]: larger than 8 MiB"),
    "a scalar of almost 8 MiB": (b"format: " + b"x" * ((8 << 20) - 9), "1:9: error[wrong-value]: "),
    "a key of almost 8 MiB": (b'"' + b"x" * ((8 << 20) - 9) + b'": y', "1:"),
    "4 MiB of line ends": (b"\n" * (4 << 20), "1:1: error[empty-file]: "),
    "8 MiB of zeros": (b"\0" * (8 << 20), "1:1: error[character]: U+0000 "),
    "NUL": ("format: 1\nid: \0\n", "2:5: error[character]: U+0000 "),
    "an escape sequence": ("format: 1\nid: \x1b]0;owned\a\n", "2:5: error[character]: U+001B "),
    "an escape sequence by escape": ('format: 1\nid: "\\e]0;owned\\a"\n', "2:5: error[character]: U+001B "),
    "no UTF-8": (b"format: 1\nid: caf\xe9\n", "2:8: error[not-utf8]: the byte 0xE9 is not UTF-8 here"),
    "UTF-16": ("format: 1\n".encode("utf-16"), "1:1: error[not-utf8]: the byte 0xFF is not UTF-8 here"),
    "a surrogate": ("format: 1\nid: \ud800\n", "2:5: error[not-utf8]: the byte 0xED is not UTF-8 here"),
    "a tab": ("format: 1\n\tid: x\n", "2:1: error[yaml-syntax]: found a tab"),
    "a key that stands twice": (
        "format: 1\nformat: 1\n",
        "2:1: error[duplicate-key]: duplicate key `format`",
    ),
    "a key that stands 200,000 times": ("a: b\n" * 200_000, "2:1: error[duplicate-key]: "),
    "a merge key": ("<<: {format: 1}\n", "1:1: error[yaml-feature]: `<<` is a merge key"),
    "two documents": ("format: 1\n---\nformat: 1\n", "2:1: error[yaml-feature]: a second document starts here"),
    "a version of its own": ("%YAML 2.0\n---\na: b\n", "1:1: error[yaml-syntax]: "),
    "a number of a million digits": ("format: " + "9" * 1_000_000, "1:9: error[wrong-value]: "),
    "a comment of 8 MiB": (b"#" + b"x" * ((8 << 20) - 1), "1:1: error[empty-file]: "),
    "nothing": ("", "1:1: error[empty-file]: the file is empty"),
    "Markdown": (SMALL_PAGE, "8:1: error[yaml-feature]: "),
}
"""The whole of questions.yaml, and how its first fault begins."""


@pytest.mark.parametrize(("content", "fault"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_hostile_bank_is_refused_with_its_place(hostile, content, fault):
    hostile.write(BANK, content)
    refused(hostile, BANK, fault, "check", "quiz")


@pytest.mark.parametrize(
    "case",
    [
        "a tag that runs a command",
        "aliases of nine levels",
        "100,000 brackets",
        "a scalar of 64 MiB",
        "NUL",
        "no UTF-8",
    ],
)
def test_a_hostile_bank_is_refused_by_every_command_that_needs_it(hostile, case):
    content, fault = DOCUMENTS[case]
    hostile.write(BANK, content)
    refused(hostile, BANK, fault)


@pytest.mark.parametrize("file", [SOURCES, GLOSSARY])
@pytest.mark.parametrize("case", ["a tag that runs a command", "aliases of nine levels", "100,000 brackets"])
def test_a_hostile_file_of_sources_or_terms_is_refused_with_its_place(hostile, file, case):
    content, fault = DOCUMENTS[case]
    hostile.write(file, content)
    refused(hostile, file, fault, "check", "search")


@pytest.mark.parametrize(
    ("matter", "fault"),
    [
        (f'title: !!python/object/apply:os.system ["{COMMAND}"]', "2:8: error[yaml-feature]: "),
        (LAUGHS, "2:5: error[yaml-feature]: "),
        ("title: " + "[" * 100_000, "2:39: error[too-large]: nested more than 32 levels deep"),
        ("title: " + "x" * 200_000, "2:8: error[wrong-length]: 200,000 characters, expected at most 20,000"),
        ("title: \x1b[2J", "2:8: error[character]: U+001B "),
        ("title: a\ntitle: b", "3:1: error[duplicate-key]: "),
    ],
    ids=["tag", "aliases", "brackets", "long", "escape", "twice"],
)
def test_a_hostile_front_matter_is_refused_with_its_place(hostile, matter, fault):
    hostile.write(PAGE, f"---\n{matter}\n---\n\nText.\n")
    refused(hostile, PAGE, fault, "check", "page")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["with a byte-order mark", "without"])
def test_windows_line_ends_and_a_byte_order_mark_are_read(hostile, mark):
    for name, text in TEXTS.items():
        hostile.write(name, mark + text.replace("\n", "\r\n").encode())
    assert {name: result.status for name, result in hostile.run().items()} == dict.fromkeys(COMMANDS, 0)


# pages

DOORS = ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://e.org/\x1b]8;;x", "vbscript:x"]
PAGES = {
    **{f"a link to {door[:14]!r}": (f"[a]({door})", "16:") for door in DOORS},
    "an entity that turns the text": ("a &#x202e; b", "16:3: error[character]: U+202E RIGHT-TO-LEFT OVERRIDE"),
    "a picture outside": (f"![a](../../{Path('canary.md')})", "16:6: error[bad-link]: "),
    "a picture in the root": ("![a](/etc/passwd)", "16:6: error[bad-link]: "),
    "a picture that does not exist": ("![a](b.png)", "16:6: error[missing-image]: "),
    "a page outside": ("[a](../../canary.md)", "16:5: error[bad-link]: "),
    "a fence without end": ("``` {.diagram title='x'}\n" + "│" * 10_000, "16:1: error[bad-fence]: "),
    "1,000 quotations": ("> " * 1000 + "x", "16:1: error[too-large]: nested more than 12 levels deep"),
    "1,000 lists": ("- " * 1000 + "x", "16:1: error[too-large]: nested more than 12 levels deep"),
    "100,000 brackets": ("[" * 100_000, "16:1: error[too-large]: a paragraph of more than 20,000 characters"),
    "200,000 brackets in paragraphs": (("[" * 19_000 + "\n\n") * 11, ":1: error[too-large]: too much markup"),
    "200,000 beginnings of pictures": (("![[" * 6_000 + "\n\n") * 11, ":1: error[too-large]: too much markup"),
    "200,000 stars": (("*a_ " * 4_500 + "\n\n") * 11, ":1: error[too-large]: too much markup"),
    "200,000 ticks": (("`a" * 9_500 + "\n\n") * 13, ":1: error[too-large]: too much markup"),
    "50,000 list items": ("- a\n" * 50_000, ":1: error[too-large]: more than 5,000 lines"),
    "a table of 1,000 columns": (
        "|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|b\n" * 1000,
        "16:1: error[too-large]: a table of more than 50 columns",
    ),
    "a table of 60,000 cells": (
        "|a" * 40 + "|\n" + "|-" * 40 + "|\n" + "|b\n" * 1500,
        "16:1: error[too-large]: a table of more than 5,000 cells",
    ),
    "1,000 KiB": ("Some words.\n\n" * 90_000, "1:1: error[too-large]: larger than 256 KiB"),
    "no UTF-8": (b"caf\xe9".decode("utf-8", "surrogateescape"), "16:"),
    "NUL": ("a\0b", "16:2: error[character]: U+0000 "),
    "an escape sequence": ("a\x1b[31mb", "16:2: error[character]: U+001B "),
    "many of them": ("\x1b[31m" * 40_000, "16:1: error[character]: U+001B "),
}
"""Text on a page, and how its first fault goes on after the file, or after the line when it begins with a colon."""
BY_ALL = ("a link to 'javascript:ale'", "200,000 beginnings of pictures", "a table of 60,000 cells", "1,000 KiB", "NUL")
"""Those that every command meets."""


@pytest.mark.parametrize(("text", "fault"), PAGES.values(), ids=PAGES)
def test_a_hostile_page_is_refused_with_its_place(hostile, text, fault):
    hostile.page(text)
    every = COMMANDS if text in {PAGES[case][0] for case in BY_ALL} else ("check", "page")
    for name, result in hostile.run(*every).items():
        assert result.status == 1
        assert re.match(rf"{PAGE}(:\d+)?:{re.escape(fault.removeprefix(':'))}", told(hostile, name, result)[0])


FLOODS = {
    "a word of 10,000 letters": "x" * 10_000,
    "20 words of 10,000 letters": ("x" * 10_000 + "\n\n") * 20,
    "10,000 accents on one letter": "a" + "\u0301" * 10_000,
    "5,000 letters of ten accents": ("e" + "\u0301" * 10) * 1800,
    "60,000 wide letters": ("维" * 15_000 + "\n\n") * 4,
    "10,000 joined emoji": ("👩\u200d" * 9_000 + "\n\n") * 3,
    "10,000 joiners": "a" + "\u200d" * 10_000 + "\n\n" + "b" * 500 + "\u200c" * 10_000,
    "10,000 letters without width": "\u3164" * 10_000 + "\n\n" + "x" * 400 + "\u3164" * 10_000,
    "10,000 flags": "🇳🇱" * 9_000,
    "10,000 signs with a variant": "❤\ufe0f" * 9_000,
    "wide letters held together": "维\u00a0" * 9_000,
    "a table of floods": "| a | b |\n|---|---|\n" + ("| " + "e\u0301" * 300 + " | " + "维" * 300 + " |\n") * 60,
    "a long header above many rows": "|" + "label " * 80 + "| b |\n|---|---|\n" + "| c | d |\n" * 900,
    "narrow columns of long words": "| a | b |\n|---|---|\n" + ("| " + "x" * 500 + " | " + "y" * 500 + " |\n") * 90,
    "quotations of quotations": ("> " * 12 + "word " * 200 + "\n\n") * 19,
    "lists of lists": ("- " * 12 + "word " * 200 + "\n\n") * 19,
    "items with long numbers": ("99999999. " * 3 + "word " * 400 + "\n\n") * 60,
    "code without an end of line": "```\n" + "x y " * 60_000 + "\n```",
    "1,500 headings": "## a\n\n" * 1500,
    "1,000 links": "[a](#by-day) " * 1000,
    "700 citations": "[@rayleigh1871] " * 700,
    "as much text as may be": ("Some words of a page that has many of them, and no end. " * 250 + "\n\n") * 17,
    "the same word again and again": ("sky " * 4900 + "\n\n") * 12,
}
"""Pages that are allowed, and hard to draw."""


@pytest.mark.parametrize("text", FLOODS.values(), ids=FLOODS)
def test_a_page_that_is_hard_to_draw_is_drawn(hostile, text):
    hostile.page(f"{text}\n\nSo it ends.")
    narrow = hostile.run("page", "search", options=("-w", "20"))
    widest = hostile.run("page", options=("-w", "300"))
    assert [narrow["search"].status, narrow["page"].status, widest["page"].status] == [0, 0, 0]
    assert "So it ends." in narrow["page"].stdout
    assert "So it ends." in widest["page"].stdout


@pytest.mark.parametrize("flood", ["x" * 10_000, "e\u0301" * 9_000, "维" * 19_000, "👩\u200d" * 9_000], ids=len)
def test_a_question_that_is_hard_to_draw_is_asked(hostile, flood):
    hostile.change(BANK, "stem: Which colour has the sky by day?", f"stem: {flood}")
    found = hostile.run("check", "quiz", options=("-w", "20"))
    assert {name: result.status for name, result in found.items()} == {"check": 0, "quiz": 0}


# files that are none, and ways out


@pytest.mark.parametrize("file", TEXTS)
def test_a_pipe_in_a_files_place_is_not_waited_for(hostile, file):
    (hostile.folder / file).unlink()
    os.mkfifo(hostile.folder / file)
    refused(hostile, file, "1:1: error[not-a-file]: is not a regular file")


@pytest.mark.parametrize("file", TEXTS)
def test_a_folder_in_a_files_place_is_refused(hostile, file):
    (hostile.folder / file).unlink()
    (hostile.folder / file).mkdir()
    refused(hostile, file, "1:1: error[not-a-file]: is not a regular file", "check", "search")


@pytest.mark.parametrize("file", TEXTS)
def test_a_link_out_of_the_course_is_not_followed(hostile, file):
    path = hostile.folder / file
    path.unlink()
    path.symlink_to(os.path.relpath(hostile.canary, path.parent))
    refused(hostile, file, "1:1: error[outside]: points outside the course's folder")


@pytest.mark.parametrize("way", ["absolute", "through a folder", "/dev/zero", "/proc/self/environ", "/proc/self/fd/0"])
def test_no_way_out_of_the_course_is_taken(hostile, way):
    (hostile.folder / "inner").symlink_to("..")
    targets = {"absolute": hostile.canary, "through a folder": hostile.folder / "inner" / "canary.md"}
    (hostile.folder / PAGE).unlink()
    (hostile.folder / PAGE).symlink_to(targets.get(way, way))
    refused(hostile, PAGE, "1:1: error[outside]: points outside the course's folder", "check", "page")


@pytest.mark.parametrize("file", [PAGE, SOURCES, GLOSSARY])
def test_a_link_that_leads_to_itself_is_refused(hostile, file):
    path = hostile.folder / file
    path.unlink()
    path.symlink_to(path.name)
    refused(hostile, file, "1:1: error[", "check", "search")


@pytest.mark.parametrize("name", ["pages", "questions"])
def test_a_folder_that_leads_out_of_the_course_is_not_looked_into(hostile, name):
    outside = hostile.folder.parent / f"folder-{SECRET}"
    outside.mkdir()
    shutil.copy(hostile.canary, outside / f"{SECRET}.md")
    shutil.copy(hostile.canary, outside / f"{SECRET}.yaml")
    if name == "pages":
        shutil.rmtree(hostile.folder / name)
    (hostile.folder / name).symlink_to(outside)
    for result in hostile.run().values():
        assert (result.status, result.stdout) == (1, "")
        assert result.stderr.startswith(
            f"{hostile.folder}/{name}:1:1: error[outside]: points outside the course's folder"
        )


@pytest.mark.parametrize("name", ["pages", "questions"])
def test_a_folder_of_very_many_files_is_refused(hostile, name):
    folder = hostile.folder / name
    folder.mkdir(exist_ok=True)
    for number in range(5000):
        (folder / f"{number:05}-page{number}.{'md' if name == 'pages' else 'yaml'}").touch()
    for result in hostile.run().values():
        assert (result.status, result.stdout) == (1, "")
        assert f"{name}:1:1: error[too-large]: more than 1,000 files in one folder" in result.stderr


def test_a_folder_of_very_many_other_files_is_refused(hostile):
    for number in range(10_100):
        (hostile.folder / "pages" / f"{number}.txt").touch()
    result = hostile.run("check")["check"]
    assert "pages:1:1: error[too-large]: more than 10,000 names in one folder" in result.stderr


@pytest.mark.deep
def test_pages_that_are_each_allowed_are_together_too_much(hostile):
    text = "---\ntitle: Much\n---\n" + ("*a* " * 4900 + "\n\n") * 2
    for number in range(2, 202):
        hostile.write(f"pages/{number}-much{number}.md", text)
    assert "error[too-large]: too much markup" in hostile.run("check")["check"].stdout


@pytest.mark.parametrize("section", ["../../canary", "/etc/passwd", "..", "pages/01-sky.md", "~root"])
def test_a_section_is_a_name_and_no_path(hostile, section):
    COMMANDS["other"] = ["explain", section]
    try:
        result = hostile.run("other")["other"]
    finally:
        del COMMANDS["other"]
    assert (result.status, result.stdout) == (2, "")


# files that change


@pytest.mark.deep
def test_a_course_that_is_written_to_all_the_time_is_read_or_refused(hostile):
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            for name, text in TEXTS.items():
                path = hostile.folder / name
                with contextlib.suppress(OSError), path.open("r+b") as file:
                    file.truncate(len(text) * (turn % 3) // 2)
                    file.write(text.encode() * (1 + turn % 2 * 30))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            hostile.run()
    finally:
        stop.set()
        writer.join()


def test_a_source_that_goes_after_its_questions_were_read_is_missed_by_name(hostile):
    course = content.Course(Files(hostile.folder), Cache(None))
    key = next(source for question in course.questions for source in question.sources)
    (hostile.folder / SOURCES).unlink()
    later = content.Course(Files(hostile.folder), Cache(None))
    with pytest.raises(ContentError) as caught:
        later.sources[key]
    (fault,) = caught.value.faults
    assert str(fault).endswith(f"references.yaml:1:1: error[unreadable]: {fault.message}")
    message = f"the source `{key}` is gone: the course changed while it was read; run the command again"
    assert fault.message == message


@pytest.mark.deep
def test_a_course_whose_files_come_and_go_is_read_or_refused(hostile):
    stop = threading.Event()

    def swap() -> None:
        away = hostile.folder / "away"
        while not stop.is_set():
            for name in (PAGE, SOURCES, GLOSSARY):
                path = hostile.folder / name
                path.replace(away)
                path.symlink_to(hostile.canary)
                path.unlink()
                os.mkfifo(path)
                away.replace(path)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for _ in range(3):
            hostile.run()
    finally:
        stop.set()
        swapper.join()


def test_a_file_that_grows_while_it_is_read_is_not_taken_for_whole(hostile, monkeypatch):
    path, fstat, looks = hostile.folder / BANK, os.fstat, []

    def look_and_grow(descriptor: int) -> os.stat_result:
        looks.append(descriptor)
        if len(looks) == 2:
            with path.open("a") as file:
                file.write("more: text\n")
        return fstat(descriptor)

    monkeypatch.setattr(files_room.os, "fstat", look_and_grow)
    with pytest.raises(ContentError, match=r"error\[unreadable\]: changed while it was read; run the command again"):
        read_text(hostile.folder, path)


def test_a_file_is_read_no_further_than_its_limit(hostile, monkeypatch):
    path = hostile.folder / PAGE
    path.write_bytes(b"x" * 1000)
    monkeypatch.setattr(files_room, "MAX_PAGE_BYTES", 1000)
    assert len(read_text(hostile.folder, path)) == 1000
    path.write_bytes(b"x" * 100_000_000)
    with pytest.raises(ContentError, match="larger than"):
        read_text(hostile.folder, path)


SWAPS = {
    "a link": lambda path, canary: path.symlink_to(canary),
    "a pipe": lambda path, canary: os.mkfifo(path),
    "a folder": lambda path, canary: path.mkdir(),
    "nothing": lambda path, canary: None,
}


@pytest.mark.parametrize("put", SWAPS.values(), ids=SWAPS)
@pytest.mark.parametrize("moment", ["_opened", "_read"])
def test_what_is_put_in_a_files_place_at_the_last_moment_is_not_read(hostile, monkeypatch, moment, put):
    path, inner = hostile.folder / PAGE, getattr(files_room, moment)

    def swap(*arguments):
        path.unlink()
        put(path, hostile.canary)
        return inner(*arguments)

    monkeypatch.setattr(files_room, moment, swap)
    with pytest.raises(ContentError) as caught:
        read_text(hostile.folder, path)
    assert {fault.code for fault in caught.value.faults} <= {"unreadable", "not-a-file", "outside"}


def test_a_folder_that_becomes_a_link_at_the_last_moment_is_not_gone_through(hostile, monkeypatch):
    outside = hostile.folder.parent / "outside"
    outside.mkdir()
    shutil.copy(hostile.canary, outside / "01-sky.md")
    inner = files_room._opened

    def swap(*arguments):
        shutil.rmtree(hostile.folder / "pages")
        (hostile.folder / "pages").symlink_to(outside)
        return inner(*arguments)

    monkeypatch.setattr(files_room, "_opened", swap)
    with pytest.raises(ContentError, match=r"error\[unreadable\]"):
        read_text(hostile.folder, hostile.folder / PAGE)


# pictures


def test_pictures_are_found_where_they_are(hostile):
    hostile.write("images/a.png", b"x")
    hostile.write("pages/b.SVG", b"x")
    hostile.write("c.txt", b"x")
    (hostile.folder / "images" / "folder.png").mkdir()
    (hostile.folder / "images" / "inside.jpg").symlink_to("a.png")
    (hostile.folder / "images" / "outside.png").symlink_to(hostile.canary)
    (hostile.folder / "images" / "loop.png").symlink_to("loop.png")
    (hostile.folder / "out").symlink_to(hostile.folder.parent)
    hostile.write(".git/d.png", b"x")
    (hostile.folder.parent / "e.png").touch()
    os.mkfifo(hostile.folder / "f.png")
    assert Files(hostile.folder).images == {"images/a.png", "images/inside.jpg", "pages/b.SVG"}


def test_a_page_with_pictures_of_the_course_is_read(hostile):
    hostile.write("images/a b.png", b"x")
    hostile.page("![one](../images/a%20b.png) ![two](<../images/a b.png>)")
    assert {result.status for result in hostile.run().values()} == {0}


def test_among_very_many_files_the_nearest_pictures_are_found(hostile, monkeypatch):
    monkeypatch.setattr(files_room, "MOST_ENTRIES", 300)
    for number in range(20):
        for inner in range(20):
            hostile_folder = hostile.folder / "deep" / f"{number}"
            hostile_folder.mkdir(parents=True, exist_ok=True)
            (hostile_folder / f"{inner}.txt").touch()
    hostile.write("images/a.png", b"x")
    assert Files(hostile.folder).images == {"images/a.png"}


# the built-in course


def test_the_built_in_course_is_within_all_limits(tmp_path, forks):
    course = Course(tmp_path / "outer", forks)
    shutil.rmtree(course.folder)
    shutil.copytree(DATA, course.folder)
    result = course.run("check", options=("--json",))["check"]
    codes = {fault["code"] for fault in json.loads(result.stdout)["faults"]}
    assert codes.isdisjoint({"too-large", "too-many-faults"})


@pytest.mark.deep
@pytest.mark.parametrize(
    ("code", "told"), [("bytearray(400 << 20)", "MemoryError"), ("while True: pass", "")], ids=["memory", "time"]
)
def test_a_run_that_takes_too_much_is_ended(code, told):
    """Without this, no other test here would say anything."""
    short = [*{**LIMITS, resource.RLIMIT_CPU: 1}.items()]
    path = str(ROOT / "tests")
    done = python(f"import sys\nsys.path.insert(0, {path!r})\nfrom forks import confine\nconfine({short})\n{code}")
    assert done.status not in {0, 1} if not told else done.status == 1
    assert told in done.stderr


def without_page(folder: Path) -> None:
    (folder / "pages" / "01-sky.md").unlink()


def without_question(folder: Path) -> None:
    text = (folder / BANK).read_text("utf-8")
    (folder / BANK).write_text(text[: text.index("- id: stars")], encoding="utf-8")


def with_other_ids(folder: Path) -> None:
    text = (folder / BANK).read_text("utf-8")
    (folder / BANK).write_text(text.replace("id: stars", "id: moons"), encoding="utf-8")


def with_the_outline_of(before: content.Course, now: content.Course) -> content.Course:
    """Give a course whose outline was read before its bank changed."""
    now.__dict__["outline"] = before.outline
    return now


GONE = {
    "a page": (without_page, lambda _, now: now.page("sky"), "pages:1:1", "the page `sky`"),
    "a question": (
        without_question,
        lambda before, now: now.pick(before.outline),
        "questions.yaml:1:1",
        "the question `stars`",
    ),
    "the data of a question": (
        without_question,
        lambda before, now: with_the_outline_of(before, now).questions,
        "questions.yaml:1:1",
        "the question `stars`",
    ),
    "a question in whose place is another": (
        with_other_ids,
        lambda before, now: with_the_outline_of(before, now).questions,
        "questions.yaml:1:1",
        "the question `stars`",
    ),
    "a source": (lambda _: None, lambda _, now: now.sources["nobody"], "references.yaml:1:1", "the source `nobody`"),
}


@pytest.mark.parametrize(("change", "read", "place", "what"), GONE.values(), ids=GONE)
def test_what_is_gone_since_the_outline_was_read_is_a_named_fault(small, change, read, place, what):
    before = content.Course(Files(small), Cache(None))
    assert before.outline
    change(small)
    if change is without_page:
        text = (small / BANK).read_text("utf-8")
        (small / BANK).write_text(re.sub(r"  passage: .*\n", "", text), encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        read(before, content.Course(Files(small), Cache(None)))
    assert f"{place}: error[unreadable]: {what} is gone: the course changed while it was read" in str(refused.value)
