"""How a signal ends the program."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def end_on_signals(leave: Callable[[int], None]) -> None:
    """Make SIGTERM and SIGHUP end the program as Ctrl-C does: every `finally` runs, and the terminal is restored.

    `leave` is called with the exit status, 128 + the signal's number, after further signals are ignored.
    """

    def handler(number: int, _frame: object) -> None:
        for name in ("SIGTERM", "SIGHUP", "SIGCONT"):  # a window that is closed sends the last, and all is over
            if hasattr(signal, name):  # of a signal that came with this one, SIG_IGN would print a traceback
                signal.signal(getattr(signal, name), lambda *_: None)
        leave(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:  # as under nohup
            signal.signal(getattr(signal, name), handler)
