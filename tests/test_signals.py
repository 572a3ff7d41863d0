"""How a run ends: by a key, by a signal, by a window or a pipe that closes, by a pager that leaves."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import harness
from harness import DATA, PATIENCE, SYNERGY, Result, Screen, in_process
from synergy_cli.cli.app import call
from synergy_cli.ui.layout import cells
from synergy_cli.ui.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sampled, pytest.mark.usefixtures("example")]


PLACES = {
    "one key": ([], ""),
    "a line": (["--enter"], ""),
    "the rest, one key": ([], "1"),
    "the rest, a line": (["--enter"], "1\r"),
}
"""Where a quiz waits: options, and what is typed to come there."""
ENDS = {
    "Ctrl-C": ("\x03", 130),
    "Ctrl-D": ("\x04", 0),
    "SIGTERM": (signal.SIGTERM, 143),
    "SIGHUP": (signal.SIGHUP, 129),
}
SUMMARY = "Result: "
BRACKETED_PASTE_ON, BRACKETED_PASTE_OFF = b"\x1b[?2004h", b"\x1b[?2004l"
COMMANDS = {
    "bare": "",
    "version": "--version",
    "help": "--help",
    "page": "explain sky",
    "json": "explain sky --json",
    "quiz": "quiz",
    "check": "check",
    "progress": "progress",
    "history check": "history check",
    "history export": "history export",
}
WAITS = {
    "how sure": ("quiz up --confidence", ["1"], 1),
    "the rest": ("quiz up", ["1"], 1),
    "below the summary": ("quiz up", ["1", "\r"], 1),
    "an exam's question": ("quiz up --exam", [], 0),
    "an exam's question, with a clock": ("quiz up --exam --minutes 9", [], 0),
    "how sure, with a clock": ("quiz up --exam --minutes 9 --confidence", ["1"], 1),
    "an exam's overview": ("quiz up --exam", ["1"], 1),
    "an exam's overview, with a clock": ("quiz up --exam --minutes 9", ["1"], 1),
    "at a passage": ("study up", [], 0),
    "after a passage": ("study up", ["\r"], 0),
    "before a passage": ("study up --ask-first", [], 0),
    "whether to go on": ("quiz up", [], 0),
}
"""Where a person is waited for: the command, what is typed to come there, and how many answers are on record then."""
places = pytest.mark.parametrize(("options", "keys"), PLACES.values(), ids=PLACES)
every_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


@pytest.fixture(autouse=True)
def _signals_count() -> Iterator[None]:
    """Let signals reach the program even where the tests run in the background, or under nohup, with some ignored."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def at_a_question(small: Path) -> list[str]:
    """Give the command that asks one question with options."""
    return ["--course", str(small), "quiz", "sky#by-day"]


def asked(screen: Screen) -> None:
    """Wait until the program asks for a key and sleeps over it."""
    screen.prompt()
    at_rest(screen)


def at_rest(screen: Screen) -> None:
    """Wait until the program sleeps over a key: what is pressed a moment before that is lost."""
    end = time.monotonic() + PATIENCE
    while (screen.restored or not sleeps(screen.pid)) and time.monotonic() < end:
        screen._read(0.01)
    assert not screen.restored


def sleeps(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text("utf-8").rpartition(")")[2].split()[0] == "S"


@pytest.fixture
def up(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the small course with a page of one question more, whose answer is the first; it is used unless named."""
    bank = small / "questions.yaml"
    question = "- {id: up, type: true-false, passage: up, stem: Is the sky above?, key: true, rationale: Look up.}\n"
    bank.write_text(f"{bank.read_text('utf-8')}{question}", "utf-8")
    (small / "pages" / "02-up.md").write_text("---\ntitle: Up\n---\n\nIt is above.\n", "utf-8")
    monkeypatch.setenv("SYNERGY_COURSE", str(small))
    return small


def answers_below(folder: Path) -> int:
    """Count the answers on record."""
    return sum(log.read_text("utf-8").count('"act":"answer"') for log in folder.rglob("*.jsonl"))


def come_to(screen: Screen, keys: str) -> None:
    asked(screen)
    if keys:
        screen.press(keys)
        screen.wait("Enter next")
        asked(screen)


def strike(screen: Screen, blow: str | int) -> None:
    if isinstance(blow, str):
        screen.press(blow)
    else:
        screen.signal(blow)


def squeezed(text: str) -> str:
    return "".join(text.split())


def in_shell(script: str, course: Path | None = None) -> Result:
    """Run a shell script in which `$S` is the program."""
    environment = {**os.environ, "S": str(SYNERGY), **({"SYNERGY_COURSE": str(course)} if course else {})}
    done = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, env=environment, check=False, timeout=PATIENCE * 3
    )
    return Result(done.stdout, done.stderr, done.returncode)


# a quiz that waits


@places
@pytest.mark.parametrize(("blow", "status"), ENDS.values(), ids=ENDS)
def test_a_quiz_ends_tidily_wherever_it_waits(at_a_question, options, keys, blow, status):
    with Screen(*at_a_question, *options) as screen:
        come_to(screen, keys)
        strike(screen, blow)
        assert screen.end() == status
        assert screen.restored
        assert screen.raw.count(BRACKETED_PASTE_ON) == screen.raw.count(BRACKETED_PASTE_OFF)
        assert not re.search("Traceback|Abort", screen.text)
        assert (SUMMARY in screen.text) is (status == 0)
        assert [line for line in screen.text.splitlines() if line.startswith(">")][-1] == ">"
        assert screen._screen.cursor.x == 0, "the shell's prompt does not stand on a line of its own"


@pytest.mark.parametrize("lines", [False, True], ids=["one key", "a line"])
@pytest.mark.parametrize("place", WAITS)
def test_every_prompt_can_be_left_in_every_way_and_what_was_answered_stays(up, tmp_path, monkeypatch, place, lines):
    command, keys, answers = WAITS[place]
    monkeypatch.setenv("ACCESSIBLE", "1" if lines else "")
    stuck = place == "whether to go on"
    if stuck:
        monkeypatch.setenv("SYNERGY_HISTORY", "/dev/null")
    with ExitStack() as opened:
        screens = {}
        for end in ENDS:
            homes = {f"XDG_{name}_HOME": str(tmp_path / end / name) for name in ("DATA", "STATE")}
            screens[end] = opened.enter_context(Screen(*command.split(), lines=60, env=homes))
        for end, (blow, status) in ENDS.items():
            screen = screens[end]
            for key in keys:
                asked(screen)
                screen.press(key if not lines or key == "\r" else f"{key}\r")
            asked(screen)
            strike(screen, blow)
            assert screen.end() == (1 if stuck and status == 0 else status), screen.text
            assert screen.restored
            assert screen.raw.count(BRACKETED_PASTE_ON) == screen.raw.count(BRACKETED_PASTE_OFF)
            assert not re.search("Traceback|Abort|fault of the program", screen.text)
            assert answers_below(tmp_path / end) == answers


def test_ctrl_d_after_an_answer_counts_that_answer(at_a_question):
    with Screen(*at_a_question) as screen:
        come_to(screen, "1")
        screen.press("\x04")
        assert screen.end() == 0
        assert "of 1 right on the first try" in screen.text


def test_ctrl_c_on_a_half_typed_line_ends_too(at_a_question):
    with Screen(*at_a_question, "--enter") as screen:
        asked(screen)
        screen.press("Bl")
        screen.wait("> Bl")
        at_rest(screen)
        screen.press("\x03")
        assert screen.end() == 130
        assert screen.restored


@pytest.mark.parametrize("search", ["\x12", "\x13"], ids=["Ctrl-R", "Ctrl-S"])
@pytest.mark.parametrize(("blow", "status"), [("\x03", 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"])
def test_ctrl_c_after_a_terminal_answered_into_a_search_ends_too(at_a_question, search, blow, status):
    with Screen(*at_a_question, "--enter") as screen:
        asked(screen)
        modes = termios.tcgetattr(screen._master)
        modes[0] &= ~termios.IXON  # Ctrl-S reaches the program
        termios.tcsetattr(screen._master, termios.TCSANOW, modes)
        screen.press(f"{search}\x1b]11;rgb:0000/0000")
        screen.wait("0000/0000")
        strike(screen, blow)
        assert screen.end() == status


def test_a_second_ctrl_c_changes_nothing(at_a_question):
    with Screen(*at_a_question) as screen:
        asked(screen)
        screen.press("\x03\x03")
        assert screen.end() == 130
        assert screen.restored
        assert "Traceback" not in screen.text


AT_ONCE = {
    "a shutdown": ([signal.SIGTERM, signal.SIGHUP], 129),
    "killed while suspended": ([signal.SIGINT, signal.SIGTERM], 143),
    "Ctrl-C while suspended": ([signal.SIGINT], 130),
    "closed after the time": ([signal.SIGALRM, signal.SIGHUP], 129),
}
"""What ends a session that is suspended, as soon as it goes on."""


@pytest.mark.parametrize("options", [[], ["--enter"]], ids=["one key", "a line"])
@pytest.mark.parametrize(("numbers", "status"), AT_ONCE.values(), ids=AT_ONCE)
def test_of_signals_at_once_the_most_urgent_counts(at_a_question, options, numbers, status):
    with Screen(*at_a_question, "--exam", "--minutes", "9", *options) as screen:
        asked(screen)
        for number in (signal.SIGSTOP, *numbers, signal.SIGCONT):
            os.kill(screen.pid, number)
        assert screen.end() == status
        assert screen.restored
        assert "bug" not in screen.text
        assert "Traceback" not in screen.text


@pytest.mark.parametrize("options", [[], ["--enter"]], ids=["one key", "a line"])
def test_an_exam_that_is_suspended_until_its_time_is_up_ends(at_a_question, options):
    with Screen(*at_a_question, "--exam", "--minutes", "9", *options) as screen:
        asked(screen)
        for number in (signal.SIGSTOP, signal.SIGALRM, signal.SIGCONT):
            os.kill(screen.pid, number)
        assert "bug" not in screen.wait("Time ran out.")


@pytest.mark.parametrize("options", [[], ["--enter"]], ids=["one key", "a line"])
def test_a_window_that_is_closed_ends_the_quiz_as_a_hang_up(at_a_question, options):
    with Screen(*at_a_question, *options) as screen:
        asked(screen)
        os.close(screen._master)
        screen._master = os.open(os.devnull, os.O_RDWR)
        ended = os.pidfd_open(screen.pid)
        assert select.select([ended], [], [], PATIENCE)[0], "it does not end"
        os.close(ended)
        assert screen.end() == 129


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["TERM", "HUP"])
def test_a_quiz_in_a_pipe_ends_on_a_signal_without_a_word(at_a_question, number, status):
    with subprocess.Popen(
        [SYNERGY, *at_a_question], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        read_until(process, b"> ")
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (status, b"")


def test_nohup_is_respected(at_a_question):
    with subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", str(SYNERGY), *at_a_question],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        read_until(process, b"> ")
        process.send_signal(signal.SIGHUP)
        out, _ = process.communicate(b"Blue\n", timeout=PATIENCE)
    assert process.returncode == 0
    assert b"1 of 1 right" in out


def read_until(process: subprocess.Popen[bytes], wanted: bytes) -> None:
    """Read what a process says until it says this."""
    seen = b""
    while wanted not in seen:
        assert process.stdout is not None
        piece = os.read(process.stdout.fileno(), 65536)
        assert piece, seen
        seen += piece


# streams that are closed, full or empty


@every_command
def test_a_closed_stdout_is_one_line_and_status_1(small, command):
    result = in_shell(f"$S {command} </dev/null >&-", small)
    assert result.status == 1
    assert result.stderr == "synergy: standard output is closed; there is nowhere to write to.\n"


@every_command
def test_a_full_disk_is_one_line_and_status_1(small, command):
    result = in_shell(f"$S {command} </dev/null >/dev/full", small)
    assert (result.status, result.stderr) == (1, "synergy: cannot write: No space left on device\n")


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        ("new fresh", 1, "synergy: the current folder has been removed; change to another one.\n"),
        ("check .", 1, "synergy: .: not a course; expected a folder that contains questions.yaml\n"),
        ("search vitamin --no-cache", 0, ""),
        ("explain d3 --no-cache", 0, ""),
    ],
)
def test_in_a_folder_that_was_removed_a_command_works_or_says_so(small, tmp_path, command, status, told):
    gone = tmp_path / "gone"
    result = in_shell(f"mkdir {gone} && cd {gone} && rmdir {gone} && SYNERGY_COURSE= $S {command} </dev/null", small)
    assert (result.status, result.stderr) == (status, told)


@pytest.mark.parametrize("debug", ["", "1"])
def test_what_cannot_be_read_is_not_reported_as_a_write(small, monkeypatch, debug):
    def broken(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Terminal, "line", broken)
    monkeypatch.setenv("SYNERGY_DEBUG", debug)
    if debug:
        with pytest.raises(OSError, match="Input/output error"):
            in_process("--course", small, "quiz")
    else:
        done = in_process("--course", small, "quiz")
        assert done.stderr == "synergy: Input/output error. SYNERGY_DEBUG=1 shows the traceback.\n"
        assert done.status == 1


@every_command
def test_a_reader_that_has_gone_is_met_with_silence(small, command):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [SYNERGY, *command.split()],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**os.environ, "SYNERGY_COURSE": str(small)},
        check=False,
        timeout=PATIENCE,
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode in {0, 141, -signal.SIGPIPE}


@pytest.mark.parametrize("reader", ["head -1", "true", "head -c 1"])
def test_a_reader_that_leaves_early_ends_all_commands_without_a_word(up, tmp_path, reader):
    ends = [
        f"{{ {feed} $S {command}; echo $? > {tmp_path}/status-{number}; }} | {reader} > {tmp_path}/out-{number} &\n"
        for number, (feed, command) in enumerate(
            [
                ("yes 1 |", "quiz --practice"),
                ("yes 1 |", "quiz --exam"),
                ("", "progress"),
                ("", "history check"),
                ("", "history export"),
                ("", "history export --format jsonl"),
            ]
        )
    ]
    in_shell("yes 1 | $S quiz")
    assert in_shell(f"{''.join(ends)} wait").stderr == ""
    statuses = [int((tmp_path / f"status-{number}").read_text("utf-8")) for number in range(len(ends))]
    assert set(statuses) <= {0, 141}


@pytest.mark.parametrize("command", ["progress", "history check", "history export", "quiz --answers /dev/null"])
def test_what_has_to_do_with_the_history_needs_neither_stdin_nor_stderr(up, command):
    in_shell("yes 1 | $S quiz")
    whole = in_shell(f"$S {command} </dev/null")
    assert whole.status == 0
    assert whole.stdout
    for streams in ("<&-", "<&- 2>&-", "</dev/null 2>&-", "</dev/null 2>/dev/full"):
        result = in_shell(f"$S {command} {streams}")
        assert (result.status, result.stdout) == (0, whole.stdout)
    for streams in (">&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full"):
        result = in_shell(f"$S {command} {streams}")
        assert result.status == 1
        assert len(result.stderr.splitlines()) == ("2>" not in streams)


def test_an_answer_is_on_record_before_its_feedback_finds_no_reader(up, tmp_path):
    result = in_shell(f"yes 1 | $S quiz up | sed -n '/> 1/q;p' > {tmp_path}/out")
    assert result.stderr == ""
    assert answers_below(Path(os.environ["HOME"])) == 1


def test_a_reader_that_has_gone_is_met_with_silence_where_no_signal_tells(monkeypatch, capsys):
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Gone())
    assert call(["explain", "places"]) == 141
    assert capsys.readouterr().err == ""


def test_a_reader_that_takes_one_line_gets_it():
    result = in_shell("{ $S explain --all; echo $? >&2; } | head -1")
    assert result.stdout == in_process("explain", "places").stdout.splitlines(keepends=True)[0]
    assert result.stderr in {"0\n", "141\n"}


def test_a_reader_that_is_slow_gets_everything_though_the_pipe_is_left_so_that_nobody_waits(monkeypatch):
    monkeypatch.delenv("SYNERGY_NO_CACHE", raising=False)
    command = [SYNERGY, "--course", str(DATA), "explain", "--all", "--width", "80"]
    said = in_process(*command[1:]).stdout.encode()
    for _ in range(3):  # the last is replayed
        ours, theirs = os.pipe()
        os.set_blocking(theirs, False)
        with os.fdopen(ours, "rb") as pipe, subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE) as process:
            os.close(theirs)
            end = time.monotonic() + PATIENCE
            while process.poll() is None and not is_full(ours) and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(0.05)  # it is told that there is no room, or waits for it
            assert pipe.read() == said
            assert process.communicate()[1] == b""
            assert process.returncode == 0


def is_full(pipe: int) -> bool:
    """Tell whether no more fits into a pipe."""
    waiting = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]
    return bool(waiting >= fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ) - 4096)


@pytest.mark.parametrize("stream", ["</dev/null", "<&-"], ids=["empty", "closed"])
@pytest.mark.parametrize("command", ["explain sky", "check"])
def test_a_reading_command_needs_no_stdin(small, command, stream):
    result = in_shell(f"$S {command} {stream}", small)
    assert (result.status, result.stderr) == (0, "")
    assert "The sky\n" in result.stdout or "no faults" in result.stdout


@pytest.mark.parametrize("stream", ["</dev/null", "<&-"], ids=["empty", "closed"])
@pytest.mark.parametrize("options", ["", "--json", "--answers -"])
def test_a_quiz_without_stdin_ends_with_its_result(small, stream, options):
    result = in_shell(f"$S quiz {options} {stream}", small)
    assert result.status == 0
    assert result.stderr == ("synergy: 0 answers for 2 questions.\n" if "answers" in options else "")
    assert "Result: no questions answered" in result.stdout or '"right": 0' in result.stdout


@pytest.mark.parametrize(("command", "status"), [("explain sky", 0), ("explain nope", 2)])
def test_a_closed_stderr_changes_neither_the_page_nor_the_status(small, command, status):
    result = in_shell(f"$S {command} 2>&-", small)
    assert (result.status, result.stderr) == (status, "")
    assert result.stdout == in_shell(f"$S {command}", small).stdout


def test_a_note_that_cannot_be_written_does_not_spoil_the_status(small):
    assert in_shell("$S search nothing-like-it 2>/dev/full", small).status == 1
    assert in_shell("$S explain nope 2>/dev/full", small).status == 2


def test_all_streams_closed_is_no_crash(small):
    assert in_shell("$S explain sky <&- >&- 2>&-", small) == ("", "", 1)


# the pager


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let `Screen("-c", script)` run a shell script in the terminal; give the program's path, quoted."""
    monkeypatch.setattr(harness, "SYNERGY", "/bin/sh")
    return shlex.quote(str(SYNERGY))


class Pager:
    """A pager that writes down what it was given, and says that it ran."""

    def __init__(self, folder: Path) -> None:
        """Write the script into a folder."""
        folder.mkdir()
        self.folder = folder
        self.record = folder / "record"
        self.path = self.script(
            "pager", f'{{ echo "$LESS/$LESSCHARSET"; echo "$@"; cat; }} > "{self.record}"; echo PAGED'
        )

    def script(self, name: str, body: str) -> Path:
        """Write a program."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        path.chmod(0o755)
        return path

    @property
    def ran(self) -> bool:
        """Tell whether it was called."""
        return self.record.exists()

    @property
    def lines(self) -> list[str]:
        """Give its LESS and LESSCHARSET, its arguments, and the lines that it was given, without styles."""
        text = re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", self.record.read_text("utf-8"))
        return text.splitlines()


@pytest.fixture
def pager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pager:
    """Make the recording pager the person's own."""
    fake = Pager(tmp_path / "a pager's folder")
    monkeypatch.setenv("SYNERGY_PAGER", shlex.quote(str(fake.path)))
    return fake


def read_page(*arguments: str | Path, lines: int = 12) -> Screen:
    """Read something at a terminal, to its end."""
    with Screen(*arguments, lines=lines) as screen:
        assert screen.end() == 0
        assert "Traceback" not in screen.text
        assert screen.restored
    return screen


def test_a_long_page_goes_through_the_pager_whole(pager, small):
    screen = read_page("--course", small, "explain", "sky")
    assert screen.text.split() == ["PAGED"]
    assert squeezed("".join(pager.lines[2:])) == squeezed(in_process("--course", small, "explain", "sky").stdout)


@pytest.mark.parametrize("arguments", [["explain"], ["glossary"], ["search", "number"]], ids=" ".join)
def test_everything_long_that_is_read_goes_through_the_pager(pager, arguments):
    assert read_page(*arguments).text.split() == ["PAGED"]


def test_the_pager_is_used_exactly_when_the_page_and_the_prompt_do_not_fit(pager, small):
    height = len(in_process("--course", small, "explain", "sky").stdout.splitlines())
    read_page("--course", small, "explain", "sky", lines=height + 1)
    assert not pager.ran
    read_page("--course", small, "explain", "sky", lines=height)
    assert pager.ran


@pytest.mark.parametrize("stream", ["| cat", "</dev/null", "> page; cat page"])
def test_the_pager_is_used_only_when_both_ends_are_a_terminal(pager, shell, tmp_path, stream):
    screen = read_page("-c", f"cd {tmp_path}; {shell} explain places {stream}")
    assert not pager.ran
    assert "Next: synergy quiz places" in screen.text


@pytest.mark.parametrize(
    "arguments", [["explain", "places", "--json"], ["explain", "places", "--format", "md"], ["paths"]]
)
def test_what_is_meant_for_programs_is_not_paged(pager, arguments):
    read_page(*arguments, lines=4)
    assert not pager.ran


def test_our_own_pager_variable_beats_the_common_one(pager, monkeypatch):
    monkeypatch.setenv("PAGER", "false")
    assert read_page("explain", "places").text.split() == ["PAGED"]


def test_the_common_pager_variable_is_used_where_ours_is_not_set(pager, monkeypatch):
    monkeypatch.setenv("PAGER", os.environ["SYNERGY_PAGER"])
    monkeypatch.delenv("SYNERGY_PAGER")
    assert read_page("explain", "places", "--pager").text.split() == ["PAGED"]


@pytest.mark.parametrize("value", ["", "cat"])
@pytest.mark.parametrize("variable", ["SYNERGY_PAGER", "PAGER"])
def test_an_empty_pager_or_cat_means_none(pager, monkeypatch, variable, value):
    if variable == "SYNERGY_PAGER":
        monkeypatch.setenv("PAGER", os.environ["SYNERGY_PAGER"])
    else:
        monkeypatch.delenv("SYNERGY_PAGER")
    monkeypatch.setenv(variable, value)
    shutil.copy(pager.path, pager.folder / "cat")
    monkeypatch.setenv("PATH", f"{pager.folder}:{os.environ['PATH']}")
    screen = read_page("explain", "places")
    assert not pager.ran
    assert "Next: synergy quiz places" in screen.text
    assert b"pager" not in screen.raw


def test_no_pager_is_no_pager(pager):
    read_page("explain", "places", "--no-pager")
    assert not pager.ran


def test_a_pager_that_is_asked_for_is_used_for_a_short_page(pager, small):
    assert read_page("--course", small, "explain", "sky", "--pager", lines=60).text.split() == ["PAGED"]


def test_a_pager_may_have_arguments(pager, monkeypatch):
    monkeypatch.setenv("SYNERGY_PAGER", f"{shlex.quote(str(pager.path))} -x 'two words'")
    read_page("explain", "places")
    assert pager.lines[1] == "-x two words"


@pytest.fixture
def default_pager(pager: Pager, monkeypatch: pytest.MonkeyPatch) -> Pager:
    """Let the recording pager be the `less` on the path, and nobody have chosen one."""
    shutil.copy(pager.path, pager.folder / "less")
    monkeypatch.delenv("SYNERGY_PAGER")
    monkeypatch.setenv("PATH", f"{pager.folder}:{os.environ['PATH']}")
    return pager


def test_less_is_the_pager_that_nobody_chose(default_pager):
    read_page("explain", "places", "--pager")
    assert default_pager.lines[0] == "FR/utf-8"
    assert "Places" in default_pager.lines[1]
    assert "(1/5)" in default_pager.lines[1]


def test_a_pager_may_be_a_shell_command(pager, monkeypatch):
    monkeypatch.setenv("SYNERGY_PAGER", f"LESS=-X cat | {shlex.quote(str(pager.path))}")
    assert read_page("explain", "places").text.split() == ["PAGED"]
    assert pager.lines[2] == "Places: how a row of digits means a number"


def test_settings_for_less_stay_as_they_are(default_pager, monkeypatch):
    monkeypatch.setenv("LESS", "-X -i")
    monkeypatch.setenv("LESSCHARSET", "latin1")
    read_page("explain", "places", "--pager")
    assert default_pager.lines[0] == "-R -X -i/latin1"


@pytest.mark.parametrize("title", [r"50% of x? a:b. c\d", "50 $ of -f x"], ids=["prompt's signs", "string's end"])
def test_a_title_with_signs_that_mean_something_to_less_does_no_harm(small, monkeypatch, title):
    if shutil.which("less") is None:
        pytest.skip("no less here")
    page = small / "pages" / "01-sky.md"
    page.write_text(page.read_text("utf-8").replace("The sky", f"'{title}'", 1), "utf-8")
    monkeypatch.setenv("SYNERGY_PAGER", "less")
    with Screen("--course", small, "explain", "sky", lines=10) as screen:
        screen.wait(" (1/1)  ")
        assert squeezed(screen.visible[-1]).startswith(squeezed(title.replace("$", "")))
        screen.press("q")
        assert screen.end() == 0


@pytest.mark.parametrize("pager_command", ["no-such-pager", "/", "sh -c 'exit 127'"], ids=["missing", "folder", "127"])
def test_a_pager_that_does_not_start_costs_a_note_and_no_text(monkeypatch, small, pager_command):
    monkeypatch.setenv("SYNERGY_PAGER", pager_command)
    screen = read_page("--course", small, "explain", "sky", "--width", "80", lines=20)
    notes, page = screen.text.split("The sky\n", 1)
    name = shlex.split(pager_command)[0]
    assert f"synergy: the pager `{name}` " in notes.splitlines()[-2 if len(notes.splitlines()) > 1 else -1]
    assert "SYNERGY_PAGER" in "".join(notes.splitlines())
    assert f"The sky\n{page}".split() == in_process("--course", small, "explain", "sky").stdout.split()


def test_a_pager_that_is_no_command_line_is_passed_over(monkeypatch):
    monkeypatch.setenv("SYNERGY_PAGER", "less 'unclosed")
    assert "Next: synergy quiz places" in read_page("explain", "places").text


@pytest.mark.parametrize("body", ["head -c 1 >/dev/null", "kill -9 $$"])
def test_a_pager_that_leaves_early_is_no_error(pager, monkeypatch, body):
    monkeypatch.setenv("SYNERGY_PAGER", shlex.quote(str(pager.script("hasty", body))))
    assert read_page("explain", "--all").text.split() == []


def test_ctrl_c_is_the_pagers_while_it_runs(pager, monkeypatch):
    wait = "until [ $stopped ]; do sleep 0.1; done"  # a trap just before `read` would only run after it
    body = f"trap 'stopped=1; echo INTERRUPTED' INT; cat >/dev/null; echo READY; {wait}; read key </dev/tty; echo LEFT"
    monkeypatch.setenv("SYNERGY_PAGER", shlex.quote(str(pager.script("patient", body))))
    with Screen("explain", "places", lines=12) as screen:
        screen.wait("READY")
        screen.press("\x03")
        screen.wait("INTERRUPTED")
        screen.press("\r")
        assert screen.end() == 0
        assert "LEFT" in screen.text


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["TERM", "HUP"])
def test_a_signal_ends_the_pager_too_and_restores_the_terminal(monkeypatch, number, status):
    if shutil.which("less") is None:
        pytest.skip("no less here")
    monkeypatch.setenv("SYNERGY_PAGER", "less")
    with Screen("explain", "places", lines=12) as screen:
        screen.wait("q quit")
        assert not screen.restored
        screen.signal(number)
        assert screen.end() == status
        assert screen.restored


@pytest.mark.parametrize("end", ENDS)
def test_progress_in_the_pager_is_left_tidily(up, monkeypatch, end):
    if shutil.which("less") is None:
        pytest.skip("no less here")
    in_shell("yes 1 | $S quiz")
    monkeypatch.setenv("SYNERGY_PAGER", "less")
    blow, status = ENDS[end]
    with Screen("progress", lines=10) as screen:
        screen.wait("q quit")
        strike(screen, blow)
        while isinstance(blow, str) and screen._read(0.2):  # both are keys of the pager, which goes on
            screen.press("q")  # until it is heard: less loses a key that comes together with an interrupt
        assert screen.end() == (0 if isinstance(blow, str) else status)
        assert screen.restored
        assert "Traceback" not in screen.text


# a program that is suspended


@pytest.mark.parametrize(("options", "sends"), [("", ""), ("--enter", "\r")], ids=["one key", "a line"])
def test_a_suspended_quiz_goes_on_and_what_is_answered_elsewhere_meanwhile_is_kept(up, monkeypatch, options, sends):
    if shutil.which("bash") is None:
        pytest.skip("no shell here that looks after the modes of its jobs")
    monkeypatch.setattr(harness, "SYNERGY", "bash")
    with Screen("--norc", "--noprofile", "-i", lines=60, env={"PS1": "shell:"}) as screen:
        screen.wait("shell:")
        screen.press(f"{shlex.quote(str(SYNERGY))} quiz {options} up\r")
        screen.wait("stop")
        asked(screen)
        modes = termios.tcgetattr(screen._master)
        screen.press("\x1a")
        screen.wait("Stopped")
        screen.wait("shell:", 2)
        assert in_shell("echo 1 | $S quiz up").status == 0
        assert answers_below(Path(os.environ["HOME"])) == 1
        screen.press("fg\r")
        screen.wait("fg")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not (
            (sends or termios.tcgetattr(screen._master) == modes)
            and os.tcgetpgrp(screen._master) != screen.pid
            and sleeps(os.tcgetpgrp(screen._master))
        ):
            screen._read(0.01)
        screen.press(f"1{sends}")
        screen.wait("Enter next")
        assert answers_below(Path(os.environ["HOME"])) == 2
        asked(screen)
        screen.press(f"q{sends}")
        screen.wait("1 answer saved.")
        screen.wait("shell:", 3)
        screen.press("exit\r")
        assert screen.end() == 0
        assert "Traceback" not in screen.text


# an exam whose time is up


@pytest.mark.deep
def test_an_exam_asks_no_more_when_its_time_is_up_wherever_it_waits(up, tmp_path):
    command = ["quiz", "up", "--exam", "--minutes", "0.1"]
    cases = {
        "a key": (command, []),
        "a line": ([*command, "--enter"], []),
        "half a line": ([*command, "--enter"], ["fals"]),
        "how sure": ([*command, "--confidence"], ["1"]),
        "how sure, a line": ([*command, "--confidence", "--enter"], ["1\r"]),
        "the overview": (command, ["1"]),
    }
    with ExitStack() as opened:
        screens = {}
        for case, (arguments, keys) in cases.items():
            homes = {f"XDG_{name}_HOME": str(tmp_path / case / name) for name in ("DATA", "STATE")}
            screens[case] = screen = opened.enter_context(Screen(*arguments, lines=60, env=homes))
            asked(screen)
            for key in keys:
                screen.press(key)
        for case, screen in screens.items():
            screen.wait("see the result")
            assert screen.end(again="\r") == 0, case
            assert screen.restored
            assert "Time ran out." in screen.text
            answered = case not in ("a key", "a line", "half a line")
            assert f"Result: {int(answered)} of 1 right" in screen.text
            assert answers_below(tmp_path / case) == answered
            assert not re.search("Traceback|Abort", screen.text)


# a window that changes its size

LONG = "Air scatters the short waves of the light that comes from the sun more than it scatters the long ones."


@pytest.mark.parametrize(("before", "after"), [(80, 40), (40, 80)], ids=["narrower", "wider"])
def test_a_question_follows_the_window_when_its_width_changes(small, before, after):
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("Air scatters blue light most.", LONG), "utf-8")
    shown = in_process("--course", small, "quiz", "sky#by-day", "--width", str(after), stdin="Blue\n").stdout
    expected = [line for line in shown.splitlines() if line.strip() and line.strip() in f"  {LONG}"]
    assert max(map(cells, expected)) > after - 12
    with Screen("--course", small, "quiz", "sky#by-day", "--practice", columns=before, lines=40) as screen:
        asked(screen)
        screen.resize(after, 40)
        screen.press("1")
        screen.wait("Enter next")
        text = screen.text
    assert "\n".join(expected) in text
