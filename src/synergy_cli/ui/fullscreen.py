"""The alternate screen of a terminal: entered, drawn on and left, whatever signal comes."""

from __future__ import annotations

import os
import signal
import termios
import tty
from typing import TYPE_CHECKING, Any, Self

from synergy_cli.ui.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME, _CLEAR_LINE, _RESET = "\x1b[H", "\x1b[K", "\x1b[0m"


class FullScreen:
    """A context in which the whole screen belongs to the program, and keys come one by one.

    A change of the window's size and a return from a suspension end the wait for a key, so that all can be drawn again.
    """

    def __init__(self, keyboard: int, screen: int, encode: Callable[[str], bytes]) -> None:
        """Use the file descriptors of a terminal, and what encodes a text for it."""
        self._in = keyboard
        self._out = screen
        self._encode = encode
        self._modes: list[Any] = []
        self._before: dict[int, Any] = {}
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._keyboard = Keyboard(keyboard, self._wake_read)
        self._wakeup_before = -1

    def __enter__(self) -> Self:
        """Take the screen."""
        self._modes = termios.tcgetattr(self._in)
        self._wakeup_before = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        self._before = {
            signal.SIGWINCH: signal.signal(signal.SIGWINCH, lambda *_: None),
            signal.SIGTSTP: signal.signal(signal.SIGTSTP, self._suspend),
        }
        self._take()
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back as it was."""
        self._give_back()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._wake_read)
        os.close(self._wake_write)

    @property
    def size(self) -> tuple[int, int]:
        """The columns and rows at this moment."""
        try:
            columns, rows = os.get_terminal_size(self._out)
        except OSError:
            columns, rows = 0, 0
        return columns or 80, rows or 24

    def key(self, when_idle: Callable[[], None] | None = None) -> str:
        """Wait for a key; an empty one means that all is to be drawn again. EOFError if the terminal is closed.

        For `when_idle`, see `Keyboard.read`.
        """
        return self._keyboard.read(when_idle)

    def draw(self, rows: Sequence[str]) -> None:
        """Draw one string a row, each with its own styles and no wider than the screen, from the top."""
        text = "\r\n".join(f"{row}{_RESET}{_CLEAR_LINE}" for row in rows)
        self._write(f"{_HOME}{text}")

    def _take(self) -> None:
        tty.setcbreak(self._in, termios.TCSADRAIN)
        self._write(_ENTER)

    def _give_back(self) -> None:
        try:
            self._write(_LEAVE)
            termios.tcsetattr(self._in, termios.TCSADRAIN, self._modes)
        except (OSError, termios.error):
            return  # the terminal is gone

    def _suspend(self, _number: int, _frame: FrameType | None) -> None:
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        self._take()

    def _write(self, text: str) -> None:
        data = self._encode(text)
        while data:
            data = data[os.write(self._out, data) :]
