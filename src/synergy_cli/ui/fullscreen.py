"""The alternate screen of a terminal, with its keys and its size, whatever signal comes."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Self

from synergy_cli.replay import first_screen, reads
from synergy_cli.replay.screens import Screen
from synergy_cli.ui.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_HOME, _CLEAR_LINE, _RESET = "\x1b[H", "\x1b[K", "\x1b[0m"


class FullScreen(Screen):
    """A context in which the whole screen belongs to the program, and keys come one by one.

    A change of the window's size and a return from a suspension end the wait for a key, so that all can be drawn again.
    """

    def __init__(self, keyboard: int, screen: int, encode: Callable[[str], bytes]) -> None:
        """Use the file descriptors of a terminal, and what encodes a text for it."""
        super().__init__(keyboard, screen)
        self._encode = encode

    def __enter__(self) -> Self:
        """Take the screen."""
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._keyboard = Keyboard(self._in, self._wake_read)
        self._wakeup_before = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        self.before[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, lambda *_: None)
        try:
            self.take(first_screen.shown())
        except BaseException:  # a signal, while the terminal does not take what is written
            self.__exit__()
            raise
        first_screen.taken_over()
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back as it was."""
        self.give_back()
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
        reads.window(columns, rows)
        return columns or 80, rows or 24

    def key(self, when_idle: Callable[[], None] | None = None) -> str:
        """Wait for a key; an empty one means that all is to be drawn again. EOFError if the terminal is closed.

        For `when_idle`, see `Keyboard.read`.
        """
        return self._keyboard.read(when_idle)

    def draw(self, rows: Sequence[str]) -> None:
        """Draw one string a row, each with its own styles and no wider than the screen, from the top."""
        text = "\r\n".join(f"{row}{_RESET}{_CLEAR_LINE}" for row in rows)
        self.show(self._encode(f"{_HOME}{text}"))


class Rehearsal(FullScreen):
    """A full screen that nobody sees: what would be drawn first ends the rehearsal."""

    def __enter__(self) -> Self:
        """Leave the terminal as it is."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it is."""

    def show(self, data: bytes) -> None:
        """End the rehearsal."""
        raise reads.RehearsedError(data)
