"""Three ways to run the program: in this process, as a process with pipes, and in a real terminal of a given size."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import sysconfig
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import pyte
import yaml

from forks import ended
from synergy_cli.ui.layout import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forks import Forks

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
EXAMPLE = ROOT / "examples" / "binary-numbers"
"""A course whose wording is stable, for tests that quote it; what is said of `DATA` is read from its files."""
SYNERGY = INSTALLED = Path(sysconfig.get_path("scripts"), "synergy")
forks: Forks | None = None
"""What has loaded the program that tests run; where it is none, the program is started."""
PATIENCE = 20.0
"""Seconds until a test gives up on something that never comes; nothing is asserted about time."""


class Result(NamedTuple):
    """What a run printed, and its exit status."""

    stdout: str
    stderr: str
    status: int


def in_process(*arguments: str | Path, stdin: str = "") -> Result:
    """Run a command in this process, with pipes for streams."""
    from synergy_cli.cli import app as cli

    before = sys.stdin, sys.stdout, sys.stderr
    out, err = _Pipe(), _Pipe()
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(stdin), out, err
    try:
        status = cli.call([str(argument) for argument in arguments])
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return Result(out.getvalue(), err.getvalue(), status)


class _Pipe(io.StringIO):
    """A text stream that says how it is encoded, as a pipe does."""

    encoding = "utf-8"


def process(
    *arguments: str | Path, stdin: str | bytes = "", env: dict[str, str] | None = None, cwd: Path | None = None
) -> Result:
    """Run the program as a process, with no terminal for a stream; bytes that are not UTF-8 become surrogates."""
    environment = {**os.environ, **(env or {})}
    if forks is not None and as_when_loaded(environment):
        typed = stdin if isinstance(stdin, str) else stdin.decode(errors="surrogateescape")
        return Result(*forks.run(arguments, environment, cwd or Path.cwd(), typed)[:3])
    done = subprocess.run(
        [str(SYNERGY), *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env=environment,
        cwd=cwd,
        check=False,
        timeout=PATIENCE * 3,
    )
    return Result(
        done.stdout.decode(errors="surrogateescape"), done.stderr.decode(errors="surrogateescape"), done.returncode
    )


class Screen:
    """The program, or another one, in a terminal of its own; pyte says what the person sees."""

    def __init__(
        self,
        *arguments: str | Path,
        program: str | Path | None = None,
        columns: int = 80,
        lines: int = 24,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Start it."""
        self.raw = b""
        self._seen = 0
        self._read_so_far = -1
        self._text = ""
        self._screen = pyte.HistoryScreen(columns, lines, history=5000, ratio=0.5)
        self._stream = pyte.ByteStream(self._screen)
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})}
        self._master, line = pty.openpty()
        self.resize(columns, lines, tell=False)
        self.modes = termios.tcgetattr(self._master)[:4]
        self._forks = forks if program is None and as_when_loaded(environment) else None
        if self._forks is None:
            self.pid = _started([str(program or SYNERGY), *map(str, arguments)], environment, cwd or Path(), line)
        else:
            self.pid = self._forks.start(arguments, environment, (cwd or Path()).absolute(), os.ttyname(line))
        os.close(line)
        self._status: int | None = None

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            if self._status is None:
                os.kill(self.pid, signal.SIGKILL)
                self._ended(0)
        os.close(self._master)

    def resize(self, columns: int, lines: int, *, tell: bool = True) -> None:
        """Change the window's size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        if tell:
            self._screen.resize(lines, columns)
            self._read_so_far = -1
            os.kill(self.pid, signal.SIGWINCH)

    def press(self, keys: str) -> None:
        """Type."""
        self._seen = len(self.raw)
        os.write(self._master, keys.encode())

    def signal(self, number: int) -> None:
        """Send a signal to the program, once it waits: a line that is just being begun notices none before a key."""
        end = time.monotonic() + PATIENCE
        while self.state == "R" and time.monotonic() < end:
            self._read(0.01)
        os.kill(self.pid, number)

    @property
    def state(self) -> str:
        """Give the letter with which the system says what the program does: `S` where it waits, `T` stopped."""
        return Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]

    @property
    def text(self) -> str:
        """Everything that was shown, the lines that scrolled away first."""
        if self._read_so_far != len(self.raw):  # rendering costs far more than reading
            above = [self._line(line) for line in self._screen.history.top]
            self._text = "\n".join([*above, *self.visible])
            self._read_so_far = len(self.raw)
        return self._text

    def _line(self, line: Mapping[int, pyte.screens.Char]) -> str:
        return "".join(line[column].data for column in range(self._screen.columns)).rstrip()

    @property
    def visible(self) -> list[str]:
        """Give the lines of the window."""
        return [line.rstrip() for line in self._screen.display]

    def wait(self, wanted: str, count: int = 1) -> str:
        """Wait until a text was shown so often; give everything that was shown."""
        end = time.monotonic() + PATIENCE
        while self.text.count(wanted) < count:
            if not self._read(0.1) or time.monotonic() > end:
                message = f"{wanted!r} was not shown {count} times:\n{self.text}"
                raise AssertionError(message)
        return self.text

    def prompt(self) -> str:
        """Wait until the program asks for something or has ended; give everything that was shown."""
        end = time.monotonic() + PATIENCE
        while b"> " not in self.raw[self._seen :] or not self._asks():  # what is typed is echoed at an old prompt
            if not self._read(0.1):
                break
            if time.monotonic() > end:
                message = f"no prompt:\n{self.text}"
                raise AssertionError(message)
        return self.text

    def wait_raw(self, wanted: bytes) -> None:
        """Wait until these bytes came after the last key; far quicker than rendering."""
        end = time.monotonic() + PATIENCE
        while wanted not in self.raw[self._seen :]:
            if not self._read(0.1) or time.monotonic() > end:
                message = f"{wanted!r} did not come:\n{self.raw[self._seen :]!r}"
                raise AssertionError(message)

    def last_line_above(self) -> str:
        """Give the line above the prompt: the keys that work now."""
        return [line for line in self.visible if line][-2]

    def _asks(self) -> bool:
        cursor = self._screen.cursor
        return cursor.x > 1 and self._line(self._screen.buffer[cursor.y]) == ">"

    def end(self, again: str = "") -> int:
        """Wait until the program ends; give its exit status, negative for a signal that killed it.

        `again` is pressed every few seconds: a key can be lost while the terminal changes its modes.
        """
        end = time.monotonic() + PATIENCE
        next_press = time.monotonic() + PATIENCE / 4
        while self._status is None:
            self._read(0.05)
            if again and time.monotonic() > next_press:
                self.press(again)
                next_press += PATIENCE / 4
            self._status = self._ended(os.WNOHANG)
            if self._status is None and time.monotonic() > end:
                message = f"it does not end:\n{self.text}"
                raise AssertionError(message)
        while self._read(0):
            pass
        return self._status

    def _ended(self, flags: int) -> int | None:
        return ended(self.pid, flags) if self._forks is None else self._forks.ended(self.pid, flags)

    @property
    def restored(self) -> bool:
        """Tell whether the terminal's modes are as they were at the start."""
        return termios.tcgetattr(self._master)[:4] == self.modes

    def _read(self, seconds: float) -> bool:
        """Take in what comes within some time; False when the program has closed its end."""
        if not select.select([self._master], [], [], seconds)[0]:
            return seconds > 0
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)


def as_when_loaded(environment: Mapping[str, str]) -> bool:
    """Tell whether Python would start with this environment as the process did that has loaded the program."""
    says = {name for name in environment if name.startswith(("PYTHON", "LC_"))} - {"PYTHONPATH"}
    return not says and environment["LANG"] == "C.UTF-8" and SYNERGY == INSTALLED


def _started(command: list[str], environment: Mapping[str, str], cwd: Path, line: int) -> int:
    """Start a program in a terminal; return the number of its process."""
    child = os.fork()
    if child == 0:
        try:
            os.login_tty(line)
            for number in (signal.SIGINT, signal.SIGHUP):  # whoever runs the tests may ignore them, as nohup does
                signal.signal(number, signal.SIG_DFL)
            os.chdir(cwd)
            os.execvpe(command[0], command, environment)
        finally:
            os._exit(127)
    return child


def python(code: str) -> Result:
    """Run Python code in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=PATIENCE * 3
    )
    return Result(done.stdout, done.stderr, done.returncode)


def header(path: Path) -> dict[str, object]:
    """Read what stands above the text of a page, or a file of YAML."""
    return next(yaml.safe_load_all(path.read_text("utf-8")))


def widest(lines: Iterable[str]) -> int:
    """Return the width of the widest line in cells, but for lines with an address: it is never broken, to be copied."""
    return max((cells(line) for line in lines if "://" not in line), default=0)
