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
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
        if hasattr(signal, "SIGCONT"):  # a window that is closed sends it too, and nothing is to be shown again
            signal.signal(signal.SIGCONT, lambda *_: None)
        leave(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:  # as under nohup
            signal.signal(getattr(signal, name), handler)
