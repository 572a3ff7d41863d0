"""Reads keys from the file descriptor of a terminal."""

from __future__ import annotations

import codecs
import os
import re
import select
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_PASTE = 4096
"""The most bytes that a terminal delivers at once."""
IDLE = 3.0
"""Seconds without a key before the position is saved."""
_REST = 0.015
"""Seconds to wait for the rest of an escape sequence that arrives in pieces, as over a network; after that, it is Esc.
Every key gets a response within 20 ms, including Esc."""
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?]*|O)?\Z")
_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z~]|O[A-Za-z])|[\s\S]")
_NAMES = {
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x1b": "esc",
    " ": "space",
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOC": "right",
    "\x1bOD": "left",
    "\x1b[H": "home",
    "\x1b[F": "end",
    "\x1bOH": "home",
    "\x1bOF": "end",
    "\x1b[1~": "home",
    "\x1b[4~": "end",
    "\x1b[5~": "page-up",
    "\x1b[6~": "page-down",
    "\x1b[Z": "back-tab",
    "\x04": "ctrl-d",
    "\x0c": "ctrl-l",
    "\x15": "ctrl-u",
    "\x06": "page-down",
    "\x02": "page-up",
}
"""The sequences that keys send in current terminals, and their names here; Ctrl-F and Ctrl-B as in less."""


class Keyboard:
    """Reads keys one by one; input that arrives with a key waits for the next call."""

    def __init__(self, terminal: int, wakeup: int) -> None:
        """Read from a terminal in cbreak mode; a byte on `wakeup` ends the wait without a key."""
        self._terminal = terminal
        self._wakeup = wakeup
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._waiting: deque[str] = deque()

    def read(self, when_idle: Callable[[], None] | None = None) -> str:
        """Return the name or character of the next key, or an empty text if the wait was ended.

        If no key comes for a while, `when_idle` is called once.

        Raises:
            EOFError: the terminal is closed.
        """
        if not self._waiting:
            watched = [self._terminal, self._wakeup]
            ready, _, _ = select.select(watched, [], [], IDLE if when_idle is not None else None)
            if not ready and when_idle is not None:
                when_idle()
                ready, _, _ = select.select(watched, [], [])
            if self._wakeup in ready:
                os.read(self._wakeup, 512)
            if self._terminal not in ready:
                return ""
            self._waiting.extend(_SEQUENCE.findall(self._decode(self._bytes())))
        key = self._waiting.popleft() if self._waiting else ""
        return _NAMES.get(key, key)

    def _bytes(self) -> bytes:
        try:
            found = read_whole(self._terminal)
        except OSError as error:
            raise EOFError from error
        if not found:
            raise EOFError
        return found


def read_whole(terminal: int) -> bytes:
    """Wait for bytes from a terminal, and briefly for the rest of an escape sequence; empty if the terminal is closed.

    Raises OSError if the terminal is gone.
    """
    data = os.read(terminal, LONGEST_PASTE)
    while _UNFINISHED.search(data) and select.select([terminal], [], [], _REST)[0]:
        rest = os.read(terminal, LONGEST_PASTE)
        if not rest:
            break
        data += rest
    return data
