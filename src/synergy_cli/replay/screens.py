"""The alternate screen of a terminal: taken and given back, whatever signal comes."""

from __future__ import annotations

import os
import signal
import termios
import tty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_ENTER = b"\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = b"\x1b[?25h\x1b[?1049l"
TerminalError = termios.error


class Screen:
    """The alternate screen, with keys that come one by one and are not echoed; Ctrl-Z gives it back for a while.

    Attributes:
        modes: those of the terminal before it was taken, or nothing.
        before: the handlers of signals before it was taken.
    """

    def __init__(self, keyboard: int, screen: int) -> None:
        """Use the file descriptors of a terminal."""
        self._in = keyboard
        self._out = screen
        self.modes: list[Any] = []
        self.before: dict[int, Any] = {}
        self._drawn = b""

    def take(self, other: Screen | None = None) -> None:
        """Take the screen, or take it over from another one; what that shows stays."""
        self.modes = other.modes if other else termios.tcgetattr(self._in)
        self.before[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._suspend)
        if other:
            self.before |= other.before
        else:
            self._enter()

    def give_back(self) -> None:
        """Give it back as it was, if it was taken."""
        if self.modes:
            self._leave()
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def show(self, data: bytes) -> None:
        """Write what is to be seen."""
        self._drawn = data
        self._write(data)

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._out, data) :]

    def _enter(self) -> None:
        tty.setcbreak(self._in, termios.TCSADRAIN)
        self._write(_ENTER)

    def _leave(self) -> None:
        try:
            termios.tcsetattr(self._in, termios.TCSANOW, self.modes)  # at once: what is written may be held up
            self._write(_LEAVE)
        except (OSError, termios.error):
            return  # the terminal is gone

    def _suspend(self, _number: int, _frame: FrameType | None) -> None:
        self._leave()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        self._enter()
        self._write(self._drawn)
