"""The terminal: what it supports, output, reading keys and lines, and the pager."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import re
import signal
import sys
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

from synergy_cli.errors import PREFIX, SynergyError, with_commands
from synergy_cli.records import NamedTuple
from synergy_cli.replay import reads
from synergy_cli.text import clean, dangerous
from synergy_cli.ui import theme
from synergy_cli.ui.theme import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.text import Text

    from synergy_cli.errors import NextCommand
    from synergy_cli.ui.leaf import Leaf, Spot
    from synergy_cli.ui.reader import Library, Result


DEFAULT_WIDTH = 80
WIDEST_TEXT = 80
NARROWEST = 20
WIDEST = 1000
CTRL_C, CTRL_D, CTRL_Z = "\x03", "\x04", "\x1a"
_SHELL_SYNTAX = re.compile(r"[|&;<>()$`*?~\n]|^\s*\w+=")
"""Characters that make a pager a shell command; other pagers run without a shell."""
_ARROWS = {"A": "previous-history", "B": "next-history", "C": "forward-char", "D": "backward-char"}
"""The effect of arrow keys in a line, by the end of their sequences; after Esc, readline would insert `[A`."""
_SEARCHES = ("Control-r", "Control-s")
"""Keys that would search earlier lines: readline 8.2 crashes on the next signal if an escape sequence ends a search."""
_FIRST = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM", "SIGINT", "SIGALRM") if hasattr(signal, name)]
"""The signals that end something, the more urgent first."""
SPELLED_OUT = "spelled-out"
"""The name of the codec error handler that replaces characters an encoding lacks."""
WORTH_A_BAR = 1_000
"""The number of questions or lines that take long enough for a progress bar."""
SCHEMA = 1
"""The schema version of all JSON documents; raised when a member is removed or changes its meaning."""


class TimeUpError(Exception):
    """Time is up."""


class ResumedError(Exception):
    """The program was suspended while it waited for input, and is running again: prompt again."""


class DisplayOptions(NamedTuple):
    """The display options of the command line; None for an option not given."""

    color: str | None = None
    plain: bool = False
    width: int | None = None
    pager: bool | None = None
    enter: bool = False
    quiet: bool = False
    no_input: bool = False
    program: str = "synergy"


class Terminal:
    """Input and output streams, and what they support."""

    def __init__(
        self,
        stdin: TextIO | None,
        stdout: TextIO | None,
        stderr: TextIO | None,
        env: Mapping[str, str],
        display: DisplayOptions,
    ) -> None:
        """Use streams, which are None when closed; `display` overrides the environment."""
        self._in = stdin
        self._out = stdout
        self._err = stderr
        self._env = env
        self._display = display
        self._begun = ""
        self.language = "en"
        """The language tag of the course that is shown."""
        if stdout is not None and hasattr(stdout, "reconfigure"):
            codecs.register_error(SPELLED_OUT, _spell_out)
            stdout.reconfigure(errors=SPELLED_OUT)

    @cached_property
    def is_screen(self) -> bool:
        """Whether the output is a terminal."""
        return self._out is not None and self._out.isatty()

    @cached_property
    def interactive(self) -> bool:
        """Whether input and output are both a terminal, and prompts are allowed."""
        return not self._display.no_input and self.is_screen and self._in is not None and self._in.isatty()

    @cached_property
    def single_keys(self) -> bool:
        """Whether one key press can be an answer, without Enter."""
        return self.interactive and not self._is_dumb and not self._display.enter and not self._is_heard

    @property
    def rows(self) -> int | None:
        """The rows of the window; None if a screen reader or a program reads the output."""
        seen = self.interactive and not self._is_dumb and not self._display.plain and not self._is_heard
        return self._size()[1] if seen else None

    @property
    def _is_heard(self) -> bool:
        return self._env.get("ACCESSIBLE", "") not in ("", "0")

    @property
    def look(self) -> Look:
        """What the output supports now; a window can be resized."""
        unicode = _can_encode(self._out, "§✓│█")
        return Look(
            width=self._width,
            glyphs=theme.UNICODE if unicode and not self._display.plain else theme.ASCII,
            boxes=unicode and not self._display.plain,
            plain=self._display.plain,
            links=self.is_screen and self._styled and not self._display.plain,
            program=self._display.program,
            language=self.language,
        )

    @property
    def _is_dumb(self) -> bool:
        return self._env.get("TERM", "dumb") in ("dumb", "unknown", "")

    @property
    def _width(self) -> int:
        if self._display.width is not None:
            return self._display.width
        columns = self._env.get("COLUMNS", "")
        if re.fullmatch(r"\d{1,4}", columns) and int(columns) > 0:
            width = int(columns)
        elif self.is_screen:
            width = self._size()[0]
        else:
            width = DEFAULT_WIDTH
        return max(NARROWEST, min(width, WIDEST_TEXT))

    def _size(self) -> tuple[int, int]:
        if self._out is not None:
            with contextlib.suppress(OSError, ValueError):
                columns, lines = os.get_terminal_size(self._out.fileno())
                reads.window(columns, lines)
                return columns or DEFAULT_WIDTH, lines or 24
        return DEFAULT_WIDTH, 24

    @cached_property
    def _forced(self) -> bool:
        forced = any(self._env.get(name, "") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
        return self._display.color == "always" or (self._display.color is None and forced)

    @cached_property
    def _styled(self) -> bool:
        """Whether escape sequences may be written."""
        if self._display.plain:
            return False
        return self._forced or (self.is_screen and not self._is_dumb)

    @cached_property
    def _colourless(self) -> bool:
        unwanted = self._env.get("NO_COLOR", "") != "" or (self._env.get("CLICOLOR") == "0" and not self._forced)
        return self._display.color == "never" or (self._display.color is None and unwanted)

    def show(self, lines: Sequence[Text]) -> None:
        """Write lines that fit the width."""
        self._write(self._rendered(lines))

    def write(self, text: str) -> None:
        """Write text for other programs, or a part of a line; only dangerous characters are replaced."""
        self._write("\n".join("\t".join(map(clean, row.split("\t"))) for row in text.split("\n")))

    def write_bytes(self, data: bytes) -> None:
        """Write part of a binary file; the output must not be a terminal."""
        if self._out is None:
            raise SynergyError("Standard output is closed.")
        self._out.flush()
        self._out.buffer.write(data)
        self._out.buffer.flush()

    def write_json(self, document: dict[str, Any] | list[Any]) -> None:
        """Write one JSON document, with dangerous characters escaped; an object starts with the schema's number."""
        document = {"schema": SCHEMA, **document} if isinstance(document, dict) else document
        utf8 = codecs.lookup(getattr(self._out, "encoding", None) or "ascii").name == "utf-8"
        text = json.dumps(document, ensure_ascii=not utf8, indent=2)
        for character in {text[offset] for offset in dangerous(text)} - {"\n"}:
            text = text.replace(character, json.dumps(character)[1:-1])
        self._write(f"{text}\n")

    def note(self, text: str, *next_commands: NextCommand) -> None:
        """Write a note to stderr, with the program's name before it and the next commands below."""
        self.say(with_commands(f"{PREFIX}{text}", self._display.program, next_commands))

    def say(self, text: str) -> None:
        """Write a text to stderr, unless `--quiet` was given."""
        if self._err is not None and not self._display.quiet:
            with contextlib.suppress(OSError, ValueError):
                self._err.write("".join(f"{clean(line)}\n" for line in text.split("\n")))
                self._err.flush()

    @contextlib.contextmanager
    def bar(self, title: str, total: int) -> Iterator[Callable[[int], object]]:
        """Show a progress bar on stderr; nothing without a terminal, or with `--quiet` or `--plain`.

        It yields a function to call with the amount of work done.

        Args:
            title: the work, in a word.
            total: the amount of work, in questions or lines; less than `WORTH_A_BAR` needs no bar.
        """
        looked_at = self._err is not None and self._err.isatty() and not self._is_dumb and not self._is_heard
        if total < WORTH_A_BAR or not looked_at or self._display.quiet or self._display.plain:
            yield lambda _: None
            return
        from rich.console import Console  # noqa: PLC0415  only long work needs it
        from rich.progress import Progress  # noqa: PLC0415

        console = Console(file=self._err, no_color=self._colourless, legacy_windows=False)
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(title, total=total)
            yield lambda done: progress.update(task, completed=done)

    def page(
        self,
        view: Callable[[Look], Sequence[Text]],
        title: str,
        shelved: Callable[[Callable[[Look], Leaf]], Library] | None = None,
    ) -> bool:
        """Write what a view draws; if it exceeds the window, in the reader, or in a pager if chosen.

        `shelved` makes a library of it for the reader, with its link targets; without it, links cannot be followed.
        Return whether all of it was written: otherwise it is unknown how much was seen.
        """
        lines = view(self.look)
        if self.reads_pages and len(lines) >= self._size()[1]:
            self._read_one(view, title, shelved)
            return False
        pager = self._pager(len(lines))
        if pager and self._run_pager(pager, self._rendered(lines), title):
            return False
        self.show(lines)
        return True

    def _read_one(
        self,
        view: Callable[[Look], Sequence[Text]],
        title: str,
        shelved: Callable[[Callable[[Look], Leaf]], Library] | None,
    ) -> None:
        """Show what a view draws in the reader."""
        from synergy_cli.ui.leaf import Leaf  # noqa: PLC0415  only a reader needs it
        from synergy_cli.ui.reader import TEXT, OneText  # noqa: PLC0415

        def leaf(look: Look) -> Leaf:
            follows = shelved is not None
            return Leaf(title, view(look._replace(follows=follows, width=max(NARROWEST, look.width))), look)

        reads.repeated(None)  # it is laid out whole, which may take long
        with contextlib.suppress(EOFError):  # the terminal was closed
            self.read((shelved or OneText)(leaf), TEXT)

    @property
    def reads_pages(self) -> bool:
        """Whether pages open in the reader: on a screen with single keys, unless a pager or none is chosen."""
        nothing = self._env.get("PAGER", "less") in ("", "cat")
        wanted = self._display.pager is None and "SYNERGY_PAGER" not in self._env and not nothing
        return wanted and self.single_keys and not self._display.plain and _has_modes()

    def read(self, library: Library, place: str, spot: Spot | None = None) -> Result:
        """Show a place of a library in the reader, until the learner leaves.

        Raises:
            EOFError: the terminal is closed.
            KeyboardInterrupt: Ctrl-C.
        """
        from synergy_cli.ui.fullscreen import FullScreen, Rehearsal  # noqa: PLC0415  only a reader needs it
        from synergy_cli.ui.reader import Reader  # noqa: PLC0415

        if self._in is None or self._out is None:
            raise EOFError
        self._out.flush()
        sort = Rehearsal if reads.reader() else FullScreen
        with sort(self._in.fileno(), self._out.fileno(), self._encoded) as screen:

            def look() -> Look:
                look = self.look
                return look._replace(follows=True, width=min(look.width, screen.size[0]))

            return Reader(library, screen, look, self._painted).run(place, spot)

    def _painted(self, lines: Sequence[Text]) -> list[str]:
        return self._rendered(lines).split("\n")[: len(lines)]

    def _encoded(self, text: str) -> bytes:
        return text.encode(getattr(self._out, "encoding", None) or "ascii", SPELLED_OUT)

    @contextlib.contextmanager
    def limit(self, seconds: float | None) -> Iterator[None]:
        """Limit the time for reading, unless `seconds` is None or the system has no alarms.

        Raises:
            TimeUpError: time is up.
        """
        if seconds is None or not hasattr(signal, "setitimer"):
            yield
            return

        def time_up(_number: int, _frame: object) -> None:
            raise TimeUpError

        before = signal.signal(signal.SIGALRM, time_up)
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def key(self, prompt: str) -> str:
        """Read one key press: a character, a newline for Enter, or an escape sequence; or pasted text.

        The prompt is shown when the terminal is ready, so no key that answers it is lost. Typeahead is dropped: it was
        not meant for a question that was not on the screen yet. Ctrl-Z suspends the program.

        Raises:
            KeyboardInterrupt: Ctrl-C.
            EOFError: Ctrl-D, or the terminal is closed.
            ResumedError: the program was suspended.
        """
        reads.once()
        typed = _read_keys(self._in, lambda: self.write(prompt)) if self._in is not None else ""
        is_text = typed[:1].isprintable() or typed.startswith("\x1b")
        key = (typed.rstrip("\r\n") if is_text else typed[:1]) or CTRL_D
        if key == CTRL_Z and hasattr(signal, "SIGTSTP"):
            with _noticing_resumption():
                os.kill(os.getpid(), signal.SIGTSTP)
            return self.key("")  # it cannot be suspended
        if key == CTRL_C:
            raise KeyboardInterrupt
        if key == CTRL_D:
            raise EOFError
        return "\n" if key == "\r" else key

    def line(self, prompt: str) -> str:
        """Read a line after a prompt, without its newline; input from a pipe is echoed.

        Raises:
            KeyboardInterrupt: Ctrl-C.
            EOFError: Ctrl-D, or end of input.
            ResumedError: the program was suspended; typed text is kept for when the line is read again.
        """
        reads.once()
        if self._in is None or (self._display.no_input and self._in.isatty()):
            raise EOFError
        if self.interactive and self._out is sys.stdout:
            try:
                return " ".join(_printable(self._edited(prompt)).split("\n"))
            except (KeyboardInterrupt, SystemExit, TimeUpError, ResumedError):  # Ctrl-D ends the line itself
                with contextlib.suppress(OSError, ValueError):
                    self._write("\n")
                raise
        self._write(prompt)
        with _noticing_resumption() if self.interactive else contextlib.nullcontext():
            typed = self._in.readline()
        if not typed:
            self._write("\n")
            raise EOFError
        text = _printable(typed.rstrip("\n"))
        if not self._in.isatty():
            self._write(f"{clean(text)}\n")
        return text

    def _edited(self, prompt: str) -> str:
        """Read a line, edited with readline if the system has it."""
        try:
            import readline  # noqa: PLC0415  input() edits lines with it
        except ImportError:
            return input(prompt)
        if not self._is_dumb:  # else several pasted lines are several answers
            readline.parse_and_bind("set enable-bracketed-paste on")
        for arrow, act in _ARROWS.items():
            readline.parse_and_bind(f'"\\e\\e[{arrow}": {act}')
        for key in _SEARCHES:
            readline.parse_and_bind(f"{key}: redraw-current-line")
        begun, self._begun = self._begun, ""
        readline.set_startup_hook(lambda: readline.insert_text(begun))
        try:
            with _noticing_resumption():
                return input(prompt)
        except ResumedError:
            self._begun = readline.get_line_buffer()
            raise
        finally:
            readline.set_startup_hook()

    def _rendered(self, lines: Sequence[Text]) -> str:
        safe = [_safe(line) for line in lines]
        if not self._styled:
            return "".join(f"{line.plain.rstrip()}\n" for line in safe)
        from synergy_cli.ui.ansi import rendered  # noqa: PLC0415  a pipe without colour does not need it

        return "".join(f"{rendered(line, colour=not self._colourless)}\n" for line in safe)

    def _write(self, text: str) -> None:
        if self._out is None:
            raise SynergyError("Standard output is closed.")
        self._out.write(text)
        self._out.flush()

    def _pager(self, height: int) -> list[str]:
        """Return the pager's command; empty if no pager is wanted or needed."""
        unwanted = self._display.pager is False or (self._display.plain and not self._display.pager)
        if unwanted or not self.interactive or self._is_dumb:
            return []
        if height < self._size()[1] and not self._display.pager:
            return []
        import shlex  # noqa: PLC0415  only when there is something to page

        chosen = self._env.get("SYNERGY_PAGER", self._env.get("PAGER", "less"))
        if _SHELL_SYNTAX.search(chosen):
            return ["/bin/sh", "-c", chosen]
        with contextlib.suppress(ValueError):
            words = shlex.split(chosen)
            return [] if words[:1] in ([], ["cat"]) else words
        return []

    def _run_pager(self, pager: list[str], text: str, title: str) -> bool:
        """Show text in a pager; return whether that worked."""
        import subprocess  # noqa: PLC0415  only when there is something to page

        env = {"LESSCHARSET": "utf-8", **self._env, "LESS": f"-R {self._env['LESS']}" if "LESS" in self._env else "FR"}
        if os.path.basename(pager[0]) == "less":  # noqa: PTH119
            pager = [*pager, f"-Ps{_less_prompt(title, self._size()[0])}", "+Gg"]
        # Ctrl-C is the pager's from its first moment on. It would inherit SIG_IGN, but no handler.
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            process = subprocess.Popen(pager, stdin=subprocess.PIPE, env=env)  # noqa: S603  the person's own pager
            try:
                with contextlib.suppress(BrokenPipeError):
                    process.communicate(text.encode("utf-8", "replace"))
                status = process.wait()
            except BaseException:
                process.terminate()
                process.wait()
                raise
        except OSError as error:
            self.note(f"the pager `{pager[0]}` cannot be started ({error.strerror}); set SYNERGY_PAGER to another.")
            return False
        finally:
            signal.signal(signal.SIGINT, before)
        if status in (126, 127):
            self.note(f"the pager `{pager[0]}` failed; set SYNERGY_PAGER to another.")
        return status not in (126, 127)


def _read_keys(file: TextIO, ask: Callable[[], None]) -> str:
    """Prompt, then read one key press, or a whole paste: `typer.getchar` cuts input at 32 bytes."""
    try:
        import termios  # noqa: PLC0415  as readline
        import tty  # noqa: PLC0415
    except ImportError:
        import typer  # noqa: PLC0415  the command line has loaded it

        ask()
        return typer.getchar()
    from synergy_cli.ui.keyboard import read_whole  # noqa: PLC0415  only a key needs it

    try:
        number = file.fileno()
        before = termios.tcgetattr(number)
        try:
            tty.setraw(number)  # drops what was typed before
            ask()
            with _noticing_resumption():
                data = read_whole(number)
        finally:
            with contextlib.suppress(termios.error):  # a terminal that is gone must not hide the signal that says so
                termios.tcsetattr(number, termios.TCSADRAIN, before)
    except (OSError, termios.error) as error:
        raise EOFError from error
    return data.decode(file.encoding, "replace")


class _SignalledError(BaseException):
    """A signal came while a person was waited for."""


@contextlib.contextmanager
def _noticing_resumption() -> Iterator[None]:
    """Raise ResumedError when the program continues after a suspension.

    Whatever else happened meanwhile goes first, such as the end of an exam's time. Of several signals, each handler
    would raise an exception; the last would win, and `input` would turn two into a SystemError.
    """
    if not hasattr(signal, "SIGCONT"):
        yield
        return
    came: list[int] = []

    def note(number: int, _frame: object) -> None:
        nonlocal came
        came = [*came, number]
        if came == [number]:
            raise _SignalledError

    handlers: dict[int, Any] = {number: signal.getsignal(number) for number in (*_FIRST, signal.SIGCONT)}
    before = {number: handler for number, handler in handlers.items() if callable(handler) or number == signal.SIGCONT}
    try:
        for number in before:
            signal.signal(number, note)
        yield
    except _SignalledError:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in _FIRST:
        if number in came:
            before[number](number, None)
    if came:
        raise ResumedError


def _safe(line: Text) -> Text:
    """Clean a line just before output; most need no change. Tabs stay, because they separate fields for programs."""
    if line.plain.isprintable():
        return line
    copy = line.copy()
    copy.plain = "\t".join(clean(field) for field in line.plain.split("\t"))
    return copy


def _printable(text: str) -> str:
    """Replace what cannot be encoded in typed text."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _has_modes() -> bool:
    """Whether the system supports setting terminal modes."""
    try:
        import termios  # noqa: F401, PLC0415  Windows has none
    except ImportError:
        return False
    return True


def _less_prompt(title: str, width: int) -> str:
    """Return the prompt of less: title, position, and as many keys as fit; special characters are escaped.

    The position is known from the start because `+Gg` makes less go to the end and back. It is ASCII only, because less
    590 garbles everything else in a prompt.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().replace("$", "")
    first = "  q quit  / search"
    room = max(0, width - len("  100%") - 2)
    if len(plain) + len(first) > room:
        plain = f"{plain[: max(0, room - len(first) - 3)]}..."
    keys = first if len(plain) + len(first) <= room else ""
    for key in ("  space next page", "  b back", "  h help"):
        if len(plain) + len(keys) + len(key) > room:
            break
        keys += key
    safe = re.sub(r"([.?:%\\])", r"\\\1", plain)
    return rf"{safe}  %pB\%{keys}$"


def _spell_out(error: UnicodeError) -> tuple[str, int]:
    """Replace characters that an encoding lacks: µ by u, an accented letter by the plain one, anything else by `?`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_spelled(char) for char in lacking), error.end


def _spelled(char: str) -> str:
    plain = theme.GLYPHS_TO_ASCII.get(char) or char.translate(theme.BOX_TO_ASCII)
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode() or "?"


def _can_encode(stream: TextIO | None, sample: str) -> bool:
    try:
        sample.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
