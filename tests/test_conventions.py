"""Twenty-five conventions of a good command-line program, each under its number."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import harness
from harness import DATA, EXAMPLE, PATIENCE, SYNERGY, Screen, header, in_process, process, python, widest
from synergy_cli import __version__
from synergy_cli.ui.theme import BOX_TO_ASCII

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness import Result

COMMANDS = (
    *(
        "explain",
        "quiz",
        "due",
        "progress",
        "search",
        "glossary",
        "sources",
        "history",
        "check",
        "new",
        "export",
        "import",
    ),
    *("completion", "paths"),
    "help",
)
RUNS = {
    "bare": [],
    "help": ["help"],
    "contents": ["explain"],
    "page": ["explain", "places"],
    "passage": ["explain", "places#even-or-odd"],
    "markdown": ["explain", "places", "--format", "md"],
    "quiz": ["quiz", "--seed", "1", "-n", "2"],
    "search": ["search", "carry"],
    "glossary": ["glossary"],
    "sources": ["sources"],
    "csl": ["sources", "--format", "csl"],
    "check": ["check", str(EXAMPLE)],
    "completion": ["completion", "bash"],
    "paths": ["paths"],
}
DOCUMENTS = {
    "contents": ["explain"],
    "page": ["explain", "places"],
    "passage": ["explain", "places#even-or-odd"],
    "quiz": ["quiz", "--seed", "1", "-n", "2"],
    "search": ["search", "carry"],
    "glossary": ["glossary", "nibble"],
    "sources": ["sources", "worked"],
    "check": ["check", str(EXAMPLE)],
    "export": ["export", "aiken", "-o", os.devnull],
    "paths": ["paths"],
}
TOPIC = str(header(DATA / "questions.yaml")["title"]).split()[0]
"""A word that the built-in course has in many places."""
ANSWERS = "1\n" * 60
"""Enough lines for two questions, however often they come again."""
COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:3\d|4\d|9\d|10\d)(?:;[\d;]*)?m")
LINK = "\x1b]8;"
BOXES = {chr(code) for code in BOX_TO_ASCII} - {"×"}
"""What only drawings have: a text may have a sign of multiplication."""

pytestmark = pytest.mark.usefixtures("example")
every_run = pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
every_document = pytest.mark.parametrize("arguments", DOCUMENTS.values(), ids=DOCUMENTS)
every_command = pytest.mark.parametrize("command", COMMANDS)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let `Screen("-c", script)` run a shell script in the terminal; give the program's path, quoted."""
    monkeypatch.setattr(harness, "SYNERGY", "/bin/sh")
    return shlex.quote(str(SYNERGY))


def with_pages(folder: Path, **pages: str) -> Path:
    """Write a course that is only pages: each id with its title, in this order."""
    (folder / "pages").mkdir(parents=True)
    question = "{id: q, type: true-false, stem: s, key: true, rationale: r}"
    (folder / "questions.yaml").write_text(f"format: 1\nid: c\ntitle: C\nquestions: [{question}]\n", "utf-8")
    for number, (name, title) in enumerate(pages.items(), start=1):
        (folder / "pages" / f"{number:02}-{name}.md").write_text(f'---\ntitle: "{title}"\n---\n\nText.\n', "utf-8")
    return folder


def squeezed(text: str) -> str:
    return "".join(text.split())


def asked(screen: Screen) -> None:
    """Wait until the program sleeps over a key: what is pressed a moment before that is lost."""
    screen.prompt()
    end = time.monotonic() + PATIENCE
    while (screen.restored or not sleeps(screen.pid)) and time.monotonic() < end:
        screen._read(0.01)
    assert not screen.restored


def sleeps(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text("utf-8").rpartition(")")[2].split()[0] == "S"


def own_help(command: str) -> str:
    result = in_process(command, "--help")
    assert result.status == 0
    return result.stdout


# 1


def test_01_a_bare_call_fits_a_screen_and_names_the_next_step_and_the_help():
    result = in_process()
    lines = result.stdout.splitlines()
    assert (result.status, result.stderr) == (0, "")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("Next: ") for line in lines)
    assert lines[-1] == "Commands: synergy help"


def test_01_the_examples_of_the_help_run_as_they_stand(built_in):
    examples = re.findall(r"^    synergy ?(.*?)  ", in_process("--help").stdout, re.MULTILINE)
    assert len(examples) >= 3
    assert [in_process(*shlex.split(example)).status for example in examples] == [0] * len(examples)


def test_01_a_terminal_gets_the_same_as_a_pipe(built_in):
    with Screen() as screen:
        assert screen.end() == 0
        text = " ".join(screen.text.split())
    assert header(DATA / "questions.yaml")["title"] in text
    assert text == " ".join(in_process().stdout.split())


# 2


@every_command
def test_02_both_help_flags_and_the_help_command_say_the_same(command):
    long, short, word = in_process(command, "--help"), in_process(command, "-h"), in_process("help", command)
    assert long.stdout.startswith(f"Usage: synergy {command} ")
    assert (long.status, long.stderr) == (0, "")
    assert long == short == word


def test_02_the_whole_programs_help_is_the_same_three_ways():
    assert in_process("--help") == in_process("-h") == in_process("help")
    assert in_process("help").stdout.startswith("Usage: synergy [OPTIONS] COMMAND")


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "nope", "-h"),
        ("explain", "-h", "nope"),
        ("--course", "nowhere", "explain", "--help"),
        ("explain", "--width", "5", "-h"),
        ("--plain", "--json", "explain", "places", "-h"),
    ],
    ids=" ".join,
)
def test_02_help_wins_wherever_it_stands(arguments):
    result = in_process(*arguments)
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout == own_help("explain")


# 3


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {"paths", "help"}])
def test_03_help_shows_examples_before_the_options(command):
    text = own_help(command)
    assert 0 < text.index("Example") < text.index(f"    synergy {command} ") < text.index("Options:")


@pytest.mark.parametrize(
    ("command", "metavar"),
    [
        ("explain", "[SECTION]..."),
        ("quiz", "[SECTION]..."),
        ("search", "WORDS"),
        ("glossary", "[TERM]"),
        ("sources", "[KEY]"),
        ("check", "[COURSE]..."),
        ("new", "DIRECTORY"),
        ("completion", "SHELL"),
        ("help", "[COMMAND]..."),
    ],
)
def test_03_help_keeps_brackets_and_capitals_of_what_is_to_be_typed(command, metavar):
    assert re.fullmatch(
        rf"Usage: synergy {command} \[OPTIONS\] {{?{re.escape(metavar)}}}?", own_help(command).splitlines()[0]
    )


@every_command
def test_03_placeholders_are_in_capitals_and_flags_have_none(command):
    flags = re.findall(r"^  (-.*?)(?:  |$)", own_help(command).partition("Options:")[2], re.MULTILINE)
    assert "-h, --help" in flags
    assert [flag for flag in flags if not re.fullmatch(r"(-\w, )?--[a-z-]+( / --[a-z-]+| [A-Z]+)?(, -\w)?", flag)] == []


@pytest.mark.parametrize(("command", "own"), [("explain", "--all"), ("quiz", "--count"), ("sources", "--format")])
def test_03_a_commands_own_options_stand_before_the_common_ones(command, own):
    options = own_help(command).partition("Options:")[2]
    assert options.index(own) < options.index("--course")


# 4


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_04_version_is_one_line(flag):
    assert process(flag) == (f"synergy {__version__}\n", "", 0)


def test_04_version_may_stand_among_other_options():
    assert in_process("--plain", "--version") == (f"synergy {__version__}\n", "", 0)


def test_04_version_loads_nothing_that_it_does_not_need_when_asked_again():
    command = [sys.executable, "-X", "importtime", str(SYNERGY), "--version"]
    _, loaded = (subprocess.run(command, capture_output=True, text=True, check=True).stderr for _ in "12")
    assert "synergy_cli" in loaded
    assert not re.search(r"\| +(typer|rich|yaml|markdown_it|json|inspect|synergy_cli\.cli)\b", loaded)


def test_04_small_v_is_not_taken():
    result = in_process("-v")
    assert (result.status, result.stdout) == (2, "")


# 5


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (["exlpain"], "explain"),
        (["quizz", "places"], "quiz"),
        (["--plian"], "--plain"),
        (["explain", "--formt", "md"], "--format"),
        (["quiz", "--sed", "1"], "--seed"),
    ],
    ids=str,
)
def test_05_an_unknown_command_or_flag_names_the_nearest_and_runs_nothing(arguments, nearest):
    result = in_process(*arguments)
    assert (result.status, result.stdout) == (2, "")
    error, help_line = result.stderr.splitlines()
    assert re.fullmatch(rf"synergy: .* Did you mean .*(?<![\w-]){nearest}(?![\w-]).*\?", error)
    assert re.fullmatch(r"Help: synergy( \w+)? --help", help_line)


@pytest.mark.parametrize(
    ("arguments", "error", "help_line"),
    [
        (["explain", "-1"], "No such option: -1. Section numbers start at 1.", "synergy explain --help"),
        (["quiz", "-n", "x"], "Invalid value for '--count' / '-n': 'x' is not a whole number.", "synergy quiz --help"),
        (["history", "nope"], "No such command 'nope'.", "synergy history --help"),
        (["help", "nope"], "No such command 'nope'.", "synergy --help"),
        (["search"], "Missing argument 'WORDS'.", "synergy search --help"),
    ],
    ids=str,
)
def test_05_wrong_usage_is_reported_like_any_other_error(arguments, error, help_line):
    result = in_process(*arguments)
    assert result == ("", f"synergy: {error}\nHelp: {help_line}\n", 2)


def test_23_folders_that_the_program_makes_are_private(small, tmp_path, monkeypatch):
    home = tmp_path / "new" / "home"
    for name, folder in (("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")):
        monkeypatch.setenv(name, str(home / folder))
    assert in_process("--course", small, "quiz", "-n", "1", stdin="1\n").status == 0
    made = [path for path in (tmp_path / "new").rglob("*") if path.is_dir()]
    assert {path.name for path in made} >= {"home", "data", "state", "cache", "synergy", "history"}
    assert {oct(path.stat().st_mode & 0o777) for path in [tmp_path / "new", *made]} == {"0o700"}


def test_05_a_heading_without_its_section_is_shown_how_to_be_written():
    result = in_process("explain", "#two")
    assert result == (
        "",
        "synergy: `#two` has no section before it; write it as places#two\nAll sections: synergy explain\n",
        2,
    )


@pytest.mark.parametrize("path", [["history", "check"], ["quiz"], []], ids=str)
@pytest.mark.parametrize("option", [[], ["--plain"], ["--width", "60"]], ids=str)
def test_03_help_takes_any_command_path_and_the_common_options(path, option):
    assert in_process("help", *path, *option).stdout == in_process(*path, "--help").stdout


def test_03_the_help_lists_what_a_learner_uses_before_what_an_author_uses():
    listed = re.findall(r"^  ([a-z]+)  ", in_process("--help").stdout.partition("Commands:")[2], re.MULTILINE)
    assert listed[:9] == ["study", "explain", "quiz", "due", "progress", "search", "glossary", "sources", "history"]
    assert listed[9:] == ["check", "new", "export", "import", "completion", "paths", "help"]


def test_03_no_description_in_the_help_is_cut_off():
    assert "..." not in in_process("--help").stdout.partition("Commands:")[2]


def test_22_no_input_never_waits_for_an_answer():
    with Screen("quiz", "--no-input") as screen:
        assert screen.end() == 2
        assert "--answers FILE" in screen.text


def test_22_no_input_asks_nothing_in_a_pipe_either(small):
    result = in_process("--course", small, "quiz", "--no-input", stdin="Blue\nStars\n")
    assert (result.status, result.stdout) == (2, "")
    assert "--answers FILE" in result.stderr


def test_22_quiet_drops_the_notes_and_keeps_the_errors():
    note = in_process("search", "zzzzqqq")
    assert note.stderr
    assert in_process("search", "zzzzqqq", "-q") == ("", "", note.status)
    assert in_process("explain", "nowhere", "-q").stderr.startswith("synergy: ")


@pytest.mark.parametrize("arguments", [["expl"], ["glos"], ["explain", "--pla"], ["quiz", "--see", "1"]], ids=str)
def test_05_commands_and_flags_are_never_abbreviated(arguments):
    result = in_process(*arguments)
    assert (result.status, result.stdout) == (2, "")


# 6


@pytest.mark.parametrize("command", ["explain", "quiz"])
def test_06_an_unknown_section_names_the_near_ones_with_their_titles(command):
    result = in_process(command, "addign")
    lines = result.stderr.splitlines()
    assert (result.status, result.stdout) == (2, "")
    assert "`addign`" in lines[0]
    assert 1 <= sum(line.startswith("  ") for line in lines) <= 3
    assert re.search(r"^  adding +\S", result.stderr, re.MULTILINE)
    assert lines[-1] == "All sections: synergy explain"


def test_06_a_word_of_a_title_is_near_enough():
    assert "  adding " in in_process("explain", "caries").stderr


@pytest.mark.parametrize("wanted", ["", " ", "#", "xyzzy", "places#", "places#nope", "nope#even-or-odd"])
def test_06_what_names_no_section_is_wrong_usage_or_a_whole_page(wanted):
    result = in_process("explain", wanted)
    if wanted == "places#":
        assert result == in_process("explain", "places")
        return
    assert (result.status, result.stdout) == (2, "")
    assert "synergy explain" in result.stderr.splitlines()[-1]


# 7


@pytest.mark.parametrize(
    ("pages", "wanted", "found"),
    [
        ({"sky": "sea", "sea": "sky"}, "sky", "sky"),
        ({"b": "First", "1": "Second"}, "1", "1"),
        ({"b": "2", "c": "Third"}, "2", "c"),
        ({"sealife": "A", "b": "Sea"}, "sea", "b"),
        ({"b": "Moonlight", "mood": "A"}, "moo", "mood"),
        ({"b": "Moonlight", "c": "Sun"}, "moon", "b"),
    ],
    ids=["id before title", "id before number", "number before title", "title before prefix", "id's prefix", "prefix"],
)
def test_07_a_section_is_looked_up_in_a_fixed_order(tmp_path, pages, wanted, found):
    result = in_process("--course", with_pages(tmp_path / "course", **pages), "explain", wanted, "--json")
    assert [section["id"] for section in json.loads(result.stdout)["sections"]] == [found]


def test_07_two_candidates_are_listed_and_none_is_chosen(tmp_path):
    course = with_pages(tmp_path / "course", dunes="Sand", desert="More sand")
    result = in_process("--course", course, "explain", "d")
    assert (result.status, result.stdout) == (2, "")
    assert re.search(r"^  dunes +Sand", result.stderr, re.MULTILINE)
    assert re.search(r"^  desert +More sand", result.stderr, re.MULTILINE)


@pytest.mark.parametrize("number", ["0", "6", "99999999999999999999"])
def test_07_a_number_out_of_range_is_told_the_range(number):
    result = in_process("explain", number)
    assert (result.status, result.stdout) == (2, "")
    assert "1 to 5" in result.stderr


def test_07_the_page_shows_its_full_id_when_a_prefix_was_typed():
    assert " · hexadecimal · " in in_process("explain", "hexa").stdout.splitlines()[1]


# 8


@every_run
def test_08_nothing_but_content_is_said_on_success(arguments):
    result = in_process(*arguments, stdin=ANSWERS)
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.endswith("\n")


# 9


@every_run
def test_09_a_pipe_gets_no_escape_sequence_and_no_trailing_space(arguments):
    text = in_process(*arguments, stdin=ANSWERS).stdout
    assert "\x1b" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


def test_09_a_pipe_gets_every_address_in_full(built_in):
    text = squeezed(in_process("explain", "1").stdout)
    references = json.loads(in_process("explain", "1", "--json").stdout)["sections"][0]["references"]
    assert any(reference["url"] for reference in references)
    assert all(reference["url"] in text for reference in references)


def test_09_a_pipe_is_80_columns_wide_whatever_the_terminal_is(built_in, shell, tmp_path):
    with Screen("-c", f"{shell} explain --all > {tmp_path}/out", columns=200) as screen:
        assert screen.end() == 0
    text = (tmp_path / "out").read_text("utf-8")
    assert text == in_process("explain", "--all").stdout
    assert 70 < widest(text.splitlines()) <= 80


# 10


def test_10_no_color_takes_every_colour_away(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert COLOUR.search(in_process("explain", "places").stdout)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(in_process("explain", "places").stdout)


@pytest.mark.parametrize(("value", "forced", "coloured"), [("0", "", False), ("1", "", True), ("0", "1", True)])
def test_10_clicolor_0_takes_every_colour_away_unless_colour_is_forced(value, forced, coloured):
    with Screen("explain", "places", "--no-pager", env={"CLICOLOR": value, "CLICOLOR_FORCE": forced}) as screen:
        assert screen.end() == 0
        assert bool(COLOUR.search(screen.raw.decode())) is coloured


def test_10_an_empty_no_color_changes_nothing(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    before = in_process("explain", "places")
    monkeypatch.setenv("NO_COLOR", "")
    assert in_process("explain", "places") == before


@pytest.mark.parametrize(("value", "coloured"), [("", True), ("1", False)], ids=["empty", "set"])
def test_10_no_color_holds_on_a_terminal(value, coloured):
    with Screen("explain", "places", env={"NO_COLOR": value}) as screen:
        assert screen.end() == 0
        assert bool(COLOUR.search(screen.raw.decode())) is coloured


# 11


def test_11_color_may_stand_before_and_after_the_command():
    before = in_process("--color", "always", "explain", "places")
    assert COLOUR.search(before.stdout)
    assert before == in_process("explain", "places", "--color=always")
    assert before == in_process("explain", "--color", "always", "places")


@pytest.mark.parametrize(
    ("options", "environment", "coloured"),
    [
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "always"], {"TERM": "dumb"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--no-color"], {"CLICOLOR_FORCE": "1"}, False),
        (["--color", "auto"], {}, False),
        (["--color", "auto"], {"FORCE_COLOR": "1"}, True),
    ],
    ids=str,
)
def test_11_the_option_beats_the_environment(monkeypatch, options, environment, coloured):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert bool(COLOUR.search(in_process("explain", "places", *options).stdout)) is coloured


def test_11_color_never_holds_on_a_terminal():
    with Screen("explain", "places", "--color", "never") as screen:
        assert screen.end() == 0
        assert not COLOUR.search(screen.raw.decode())


def test_11_another_word_is_wrong_usage():
    result = in_process("explain", "--color", "sometimes")
    assert (result.status, result.stdout) == (2, "")
    assert "auto, always, never" in result.stderr


# 12


@pytest.mark.parametrize("setting", ["TERM=dumb; export TERM", "unset TERM"])
def test_12_a_dumb_terminal_gets_no_escape_sequence_and_no_pager(shell, monkeypatch, setting):
    monkeypatch.setenv("SYNERGY_PAGER", "false")
    with Screen("-c", f"{setting}; exec {shell} explain places", lines=10) as screen:
        assert screen.end() == 0
        assert b"\x1b" not in screen.raw
        assert "Next: synergy quiz places" in screen.text


def test_12_a_dumb_terminal_is_asked_for_lines(small):
    with Screen("--course", small, "quiz", "sky#by-day", env={"TERM": "dumb"}) as screen:
        screen.wait("Enter")
        screen.press("Blue\r")
        screen.wait("Right.")
        screen.press("q\r")
        assert screen.end() == 0
        assert b"\x1b" not in screen.raw


# 13


@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_13_force_color_colours_a_pipe_and_does_nothing_else(monkeypatch, name):
    plain = in_process("explain", "places").stdout
    monkeypatch.setenv("SYNERGY_PAGER", "false")
    monkeypatch.setenv(name, "1")
    coloured = in_process("explain", "places").stdout
    assert COLOUR.search(coloured)
    assert LINK not in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
@pytest.mark.parametrize("value", ["0", ""])
def test_13_zero_or_nothing_forces_no_colour(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert "\x1b" not in in_process("explain", "places").stdout


def test_13_force_color_asks_for_no_key_in_a_pipe(monkeypatch, small):
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = in_process("--course", small, "quiz", "sky#by-day", stdin="Blue\n")
    assert result.status == 0
    assert "1 of 1 right" in result.stdout
    assert "Enter next" not in result.stdout


# 14


def test_14_plain_gives_the_contents_as_one_record_a_line():
    rows = [line.split("\t") for line in in_process("explain", "--plain").stdout.splitlines()]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 6)]
    assert {len(row) for row in rows} == {8}
    assert rows[0][1:3] == ["places", "Places: how a row of digits means a number"]


def test_14_plain_gives_records_of_one_line_however_narrow():
    assert in_process("explain", "--plain") == in_process("explain", "--plain", "--width", "20")


@pytest.mark.parametrize(
    "arguments",
    [["explain", "--all"], ["glossary"], ["sources"], ["quiz", "--seed", "1"], ["search", "carry"]],
    ids=str,
)
def test_14_plain_has_no_colour_and_no_boxes_even_when_colour_is_forced(monkeypatch, arguments):
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = in_process(*arguments, "--plain", stdin=ANSWERS).stdout
    assert text
    assert "\x1b" not in text
    assert not BOXES & set(text)


@every_document
def test_14_json_is_one_document_with_a_schema_number(arguments):
    result = in_process(*arguments, "--json", stdin=ANSWERS)
    assert (result.status, result.stderr) == (0, "")
    assert json.loads(result.stdout)["schema"] == 1


def test_14_json_is_the_same_on_a_terminal():
    with Screen("explain", "places", "--json", columns=40, lines=10, env={"SYNERGY_PAGER": "false"}) as screen:
        assert screen.end() == 0
        shown = screen.raw.decode().replace("\r\n", "\n")
    assert shown == in_process("explain", "places", "--json").stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_14_json_loses_nothing_whatever_the_streams_encoding_is(encoding):
    result = process("explain", "places", "--json", env={"PYTHONIOENCODING": encoding})
    assert json.loads(result.stdout) == json.loads(in_process("explain", "places", "--json").stdout)


@pytest.mark.parametrize(
    "arguments", [["explain", "nope"], ["quiz", "nope"], ["glossary", "nope"], ["sources", "nope"]], ids=str
)
def test_14_json_leaves_errors_to_stderr(arguments):
    result = in_process(*arguments, "--json")
    assert (result.status, result.stdout) == (2, "")
    assert "`nope`" in result.stderr


def test_14_json_of_a_search_that_finds_nothing_is_a_document_and_a_status():
    result = in_process("search", "xyzzy", "--json")
    assert (result.status, result.stderr) == (1, "")
    assert json.loads(result.stdout)["hits"] == []


# 15


def test_15_the_contents_fit_and_name_every_section(built_in):
    names = [section["id"] for section in json.loads(in_process("explain", "--json").stdout)["sections"]]
    for width in (20, 33, 59, 60, 80, 120):
        lines = in_process("explain", "--width", str(width)).stdout.splitlines()
        assert widest(lines) <= width
        numbered = [line.split()[1] for line in lines if re.match(r" ?\d+ +\S", line)]
        assert [name for name in numbered if name in names] == names


def test_15_at_80_columns_the_contents_show_every_title_whole_on_one_line(built_in):
    sections = json.loads(in_process("explain", "--json").stdout)["sections"]
    lines = in_process("explain", "--width", "80").stdout.splitlines()[4:]
    for line, section in zip(lines, sections, strict=False):
        assert line.split()[:2] == [str(section["number"]), section["id"]]
        assert f"  {section['title']} " in line
        assert line.split()[-2:] == [str(section["minutes"]), str(section["questions"])]


def test_15_a_title_that_is_too_long_goes_on_below_itself(built_in):
    lines = in_process("explain", "--width", "60").stdout.splitlines()[3:]
    start = lines[0].index("Title")
    shown = " ".join(line[start : lines[0].index("Min")].strip() for line in lines[1:])
    assert "What does vitamin D3 do, and how much is enough? Does vitamin K2 decide where calcium goes?" in shown


@pytest.mark.sampled
@pytest.mark.parametrize("arguments", [["glossary"], ["sources"], ["search", TOPIC]], ids=lambda c: c[0])
def test_15_every_line_fits_and_no_letter_is_lost(built_in, arguments):
    whole = squeezed(in_process(*arguments, "--width", "200").stdout)
    for width in (20, 33, 59, 60, 80, 120):
        text = in_process(*arguments, "--width", str(width)).stdout
        assert widest(text.splitlines()) <= width
        assert squeezed(text) == whole


@pytest.mark.deep
def test_15_every_page_fits_and_no_word_is_lost(built_in):
    words = set(re.findall(r"[^\W_]+", in_process("explain", "--all", "--width", "200").stdout))
    assert len(words) > 1000
    for width in (20, 33, 60, 80):
        text = in_process("explain", "--all", "--width", str(width)).stdout
        whole = re.sub(r"\W", "", text)  # a long word goes on behind the edge of a callout
        assert widest(text.splitlines()) <= width
        assert [word for word in words if word not in whole] == []


@pytest.mark.parametrize("columns", ["0", "", "junk", "-5", "8e1", "99999"])
def test_15_a_senseless_columns_is_ignored(monkeypatch, columns):
    usual = in_process("explain", "places")
    monkeypatch.setenv("COLUMNS", columns)
    assert in_process("explain", "places") == usual


def test_15_columns_sets_the_width_and_the_option_beats_it(monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    assert in_process("explain", "places") == in_process("explain", "places", "--width", "50")
    assert in_process("explain", "places", "--width", "70") != in_process("explain", "places", "--width", "50")


def test_15_the_terminal_sets_the_width_up_to_80():
    with Screen("explain", "places", columns=44) as narrow, Screen("explain", "places", columns=200) as wide:
        assert (narrow.end(), wide.end()) == (0, 0)
        assert 36 < widest(narrow.text.splitlines()) <= 44
        assert 72 < widest(wide.text.splitlines()) <= 80


# 16


def test_16_a_page_that_is_longer_than_the_screen_goes_to_the_pager():
    with Screen("explain", "places", lines=20, env={"SYNERGY_PAGER": "sed -n 1s/^/PAGED:/p"}) as screen:
        assert screen.end() == 0
        assert squeezed(screen.text) == "PAGED:Places:howarowofdigitsmeansanumber"


def test_16_no_pager_is_no_pager():
    with Screen("explain", "places", "--no-pager", lines=20, env={"SYNERGY_PAGER": "false"}) as screen:
        assert screen.end() == 0
        assert "Next: synergy quiz places" in screen.text


# 17


def test_17_ctrl_c_ends_with_130_on_a_new_line_and_says_how_to_go_on(shell, small, tmp_path):
    with Screen("-c", f"exec {shell} --course {small} quiz sky#by-day 2> {tmp_path}/err") as screen:
        asked(screen)
        screen.press("\x03")
        assert screen.end() == 130
        assert screen.restored
        assert screen.text.rstrip().endswith("\n>")
        assert screen._screen.cursor.x == 0
    assert (tmp_path / "err").read_text("utf-8").splitlines() == [
        "synergy: stopped. No answers were saved.",
        f"Continue: synergy --course {small} quiz 'sky#by-day'",
    ]


# 18


def test_18_ctrl_d_is_the_quit_key(small):
    shown = []
    for key in ("\x04", "q"):
        with Screen("--course", small, "quiz", "--seed", "1", "sky#by-day") as screen:
            asked(screen)
            screen.press(key)
            assert screen.end() == 0
            shown.append(screen.text.replace("> q", ">"))
    assert "Result: no questions answered" in shown[0]
    assert "Abort" not in shown[0]
    assert shown[0] == shown[1]


# 19


def test_19_a_quiz_in_a_pipe_reads_a_line_an_answer_and_echoes_it(small):
    result = process("--course", small, "quiz", stdin="Green\nstars\nblue\n")
    assert (result.status, result.stderr) == (0, "")
    assert re.findall(r"^> (.+)$", result.stdout, re.MULTILINE) == ["Green", "stars", "blue"]
    assert "1 of 2 right" in result.stdout


def test_19_a_quiz_without_answers_ends(small):
    result = process("--course", small, "quiz")
    assert (result.status, result.stderr) == (0, "")
    assert "Result: no questions answered" in result.stdout


def test_19_a_quiz_in_a_pipe_leaves_the_keyboard_alone(shell, small, tmp_path):
    (tmp_path / "answers").write_text("Blue\n", "utf-8")
    script = (
        f"{shell} --course {small} quiz sky#by-day < {tmp_path}/answers; echo status $?; read typed; echo got $typed"
    )
    with Screen("-c", script) as screen:
        screen.press("mine\r")
        assert screen.end() == 0
        assert "status 0" in screen.text
        assert "got mine" in screen.text


def test_19_a_file_of_answers_needs_no_terminal(small, tmp_path):
    (tmp_path / "answers").write_text("Blue\n", "utf-8")
    result = in_process("--course", small, "quiz", "sky#by-day", "--answers", tmp_path / "answers")
    assert (result.status, result.stderr) == (0, "")
    assert "1 of 1 right" in result.stdout


# 20


@pytest.mark.parametrize("arguments", [["explain", "--all"], ["--version"]], ids=str)
def test_20_a_reader_that_has_gone_is_no_error(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([SYNERGY, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode in {0, 141, -13}, done.stderr) == (True, b"")


@pytest.mark.parametrize("arguments", [["explain", "--all"], ["--version"]], ids=str)
def test_20_a_full_disk_is_one_line_and_status_1(arguments):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([SYNERGY, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "synergy: cannot write: No space left on device\n"


# 21


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["explain", "--format", "pdf"], 2, "expected one of: text, md"),
        (["sources", "--format", "pdf"], 2, "expected one of: text, csl"),
        (["explain", "--width", "10"], 2, "20<=x<=1000"),
        (["explain", "--width", "wide"], 2, "--width"),
        (["quiz", "-n", "0"], 2, "x>=1"),
        (["quiz", "--seed", "-1"], 2, "x>=0"),
        (["quiz", "--answers", "nowhere"], 2, "nowhere: cannot be read: No such file or directory"),
        (["completion", "tcsh"], 2, "bash, zsh, fish"),
        (["completion"], 2, "SHELL"),
        (["search"], 2, "WORDS"),
        (["glossary", "nible"], 2, "Did you mean nibble"),
        (["sources", "wroked"], 2, "Did you mean worked"),
        (["search", "xyzzy"], 1, "Try a shorter word"),
        (["quiz", "--exam", "--minutes", "x"], 2, "'x' is not a number."),
        (["--course", "nowhere", "explain"], 1, "questions.yaml"),
        (["check", "nowhere"], 1, "questions.yaml"),
    ],
    ids=str,
)
def test_21_an_error_says_what_was_expected(arguments, status, told):
    result = in_process(*arguments)
    assert (result.status, result.stdout) == (status, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the program a fault."""

    def fail(*_: object) -> None:
        message = "\x1b[31mboom"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("synergy_cli.ui.lists.contents", fail)


def test_21_a_fault_of_the_program_is_told_without_a_trace(broken):
    result = in_process("explain")
    assert (result.status, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == "synergy: ZeroDivisionError: �[31mboom"
    assert "SYNERGY_DEBUG=1" in result.stderr.splitlines()[1]


def test_21_the_trace_is_there_for_the_asking(broken, monkeypatch):
    monkeypatch.setenv("SYNERGY_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        in_process("explain")


# 22


OPTIONS = (
    ["--course", "{course}"],
    ["--plain"],
    ["--json"],
    ["--color", "always"],
    ["--no-color"],
    ["--width", "40"],
    ["--no-pager"],
)
CALLS = (
    ["explain", "sky"],
    ["quiz", "--seed", "1"],
    ["search", "blue"],
    ["glossary"],
    ["sources"],
    ["check", str(EXAMPLE)],
    ["paths"],
)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        pytest.param(command, option, id=f"{command[0]}-{option[0]}", marks=() if one == other else pytest.mark.deep)
        for one, command in enumerate(CALLS)
        for other, option in enumerate(OPTIONS)
    ],
)
def test_22_a_common_option_means_the_same_before_and_after_the_command(monkeypatch, small, command, option):
    if option[0] == "--course":
        option = ["--course", str(small)]
    else:
        monkeypatch.setenv("SYNERGY_COURSE", str(small))
    after = in_process(*command, *option, stdin=ANSWERS)
    assert after.status == 0
    assert after == in_process(*option, *command, stdin=ANSWERS)


@pytest.mark.parametrize(
    ("before", "after"),
    [(["--width", "40"], ["--width", "60"]), (["--color", "never"], ["--color", "always"])],
    ids=["width", "color"],
)
def test_22_the_option_nearer_to_the_end_wins(before, after):
    assert in_process(*before, "explain", "places", *after) == in_process("explain", "places", *after)
    assert in_process(*before, "explain", "places") != in_process("explain", "places", *after)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "help"])
def test_22_every_command_lists_the_common_options(command):
    text = own_help(command)
    for option in ("--course DIR", "--plain", "--json", "--color WHEN", "--no-color", "-w, --width N", "--no-pager"):
        assert f" {option}" in text


def test_22_a_course_named_in_the_environment_yields_to_the_option(monkeypatch, small):
    monkeypatch.setenv("SYNERGY_COURSE", str(small))
    assert "A small course" in in_process("explain").stdout
    assert header(DATA / "questions.yaml")["title"] in in_process("explain", "--course", DATA).stdout


# 23

WATCHED = """
import io, json, os, sys
seen = []
def watch(event, arguments):
    if event.startswith("socket."):
        seen.append(event)
    if event == "open" and isinstance(arguments[0], str) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        seen.append(arguments[0])
    if event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink"):
        seen.append(str(arguments[0]))
sys.dont_write_bytecode = True
sys.addaudithook(watch)
from synergy_cli.cli import app as cli
shown = sys.stdout
statuses = []
for arguments in RUNS:
    sys.stdin, sys.stdout = io.StringIO(), io.StringIO()
    statuses.append(cli.call(arguments))
shown.write(json.dumps([statuses, seen]))
"""


def test_23_no_command_uses_the_network_or_writes_anything_but_cache_and_history(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    statuses, seen = json.loads(python(WATCHED.replace("RUNS", repr([*RUNS.values()]))).stdout)
    assert statuses == [0] * len(RUNS)
    assert any(what.startswith(str(tmp_path / "cache")) for what in seen)
    own = (str(tmp_path / "cache"), str(tmp_path / "home/.local"))
    assert [what for what in seen if not what.startswith(own)] == []


@pytest.mark.parametrize("place", ["/dev/null", "/proc/nowhere"], ids=["a file", "read-only"])
def test_23_a_cache_that_cannot_be_written_changes_nothing(monkeypatch, place):
    usual = in_process("explain", "places")
    monkeypatch.setenv("XDG_CACHE_HOME", place)
    assert in_process("explain", "places") == usual


# 24


def found_paths(*arguments: str) -> dict[str, str]:
    result = in_process("paths", *arguments)
    assert (result.status, result.stderr) == (0, "")
    return dict(line.split("\t") for line in result.stdout.splitlines())


def test_24_paths_follow_the_xdg_folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert found_paths()["cache"] == str(tmp_path / "elsewhere" / "synergy")


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_24_an_empty_or_relative_xdg_folder_is_ignored(monkeypatch, tmp_path, value):
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert found_paths()["cache"] == str(tmp_path / "home" / ".cache" / "synergy")


def test_24_paths_name_the_course_in_use(built_in, small):
    assert found_paths()["course"] == str(DATA)
    assert found_paths("--course", str(small))["course"] == str(small)


def test_24_folders_are_made_for_the_owner_alone_and_only_when_needed(monkeypatch, tmp_path, small):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("synergy_cli.replay.reads.TOO_FRESH", -(10**18))
    for arguments in (["--help"], ["paths"], ["completion", "bash"]):
        assert in_process(*arguments, "--course", small).status == 0
    assert not (tmp_path / "cache").exists()
    assert in_process("--course", small, "explain", "sky").status == 0
    folder = tmp_path / "cache" / "synergy"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir())


# 25


def completed(words: str, **environment: str) -> Result:
    """Ask for completions as the scripts do."""
    return process("--", *words.split(" ")[1:], env={"_SYNERGY_COMPLETE": "1", **environment})


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_25_completion_prints_a_script_and_touches_no_file(shell, tmp_path):
    result = process("completion", shell, cwd=tmp_path)
    assert (result.status, result.stderr) == (0, "")
    assert "_SYNERGY_COMPLETE=" in result.stdout
    assert list(files_below(tmp_path)) == []


@pytest.mark.parametrize("command", ["explain", "quiz"])
def test_25_sections_are_completed_with_their_titles(command):
    result = completed(f"synergy {command} hexa")
    assert (result.status, result.stderr) == (0, "")
    assert re.fullmatch(r"hexadecimal\t.*four bits.*\n", result.stdout)


def test_25_commands_and_options_are_completed():
    assert completed("synergy ex").stdout.split("\t")[0] == "explain"
    assert completed("synergy quiz --s").stdout.split("\t")[0] == "--seed"


@pytest.mark.parametrize("words", ["synergy --course {} explain s", "synergy explain --course {} s"])
def test_25_sections_are_those_of_the_course_on_the_line(small, words):
    assert completed(words.format(small)).stdout == "sky\tThe sky\n"


def test_25_codes_to_ignore_and_forms_are_completed():
    assert (
        completed("synergy check --ignore table").stdout == "table-row\tA table row has more cells than the header.\n"
    )
    assert completed("synergy check --ignore wrong-t").stdout == ""
    assert completed("synergy check --format g").stdout.split("\t")[0].strip() == "github"


def test_25_the_course_on_the_line_may_be_below_the_home_folder(small):
    assert completed("synergy --course ~/small explain s", HOME=str(small.parent)).stdout == "sky\tThe sky\n"


def test_25_sections_are_those_of_the_course_in_the_environment(small):
    assert completed("synergy explain s", SYNERGY_COURSE=str(small)).stdout == "sky\tThe sky\n"


def test_the_next_command_of_an_error_names_the_course_on_the_line(small):
    (small / "pages" / "02-sea.md").write_text("---\ntitle: Sea\n---\nWater.\n", "utf-8")
    result = in_process("--course", str(small), "quiz", "sea")
    assert result.stderr.splitlines()[-1] == f"All sections: synergy --course {small} explain"


def test_25_a_term_is_completed_whatever_the_case_and_on_one_line(small):
    (small / "glossary.yaml").write_text('"Big\\tbang\\n:b:": {definition: It began}\n-x: {definition: X}\n', "utf-8")
    course = {"SYNERGY_COURSE": str(small)}
    assert completed("synergy glossary bIG", **course).stdout == "Big bang :b:\t\n"
    assert "-x" not in completed("synergy glossary ", **course).stdout
    assert completed("synergy glossary -- -", **course).stdout == "-x\t\n"


@pytest.mark.parametrize("fault", ["no folder", "bad page", "nobody's home"])
def test_25_a_course_at_fault_completes_nothing_and_says_nothing(small, fault):
    if fault == "no folder":
        shutil.rmtree(small)
    elif fault == "bad page":
        (small / "pages" / "01-sky.md").write_text("", "utf-8")
    folder = "~nobody-at-all" if fault == "nobody's home" else small
    result = completed(f"synergy --course {folder} explain s")
    assert (result.stdout, result.stderr) == ("", "")


def test_25_a_page_with_errors_is_not_completed_and_the_others_are(small):
    (small / "pages" / "02-sea.md").symlink_to("nowhere.md")
    result = completed("synergy explain s", SYNERGY_COURSE=str(small))
    assert (result.stdout, result.stderr) == ("sky\tThe sky\n", "")


def test_25_help_offers_no_option_that_edits_files_of_the_shell():
    assert "completion" not in in_process("--help").stdout.partition("Commands:")[0]


def test_21_answers_without_end_are_refused():
    result = process("quiz", "--answers", "/dev/zero")
    assert (result.status, result.stdout) == (2, "")
    assert "larger than 8 MiB" in result.stderr
