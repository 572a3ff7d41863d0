"""What was printed before, printed again: all that a run wrote, or the first screen of the reader.

The first screen is there before the program is loaded. Then the program does what it always does, up to the reader,
which goes on drawing on the same screen; what the program writes on its way there has been printed already.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from synergy_cli.replay.screens import Screen

    Chunk = tuple[int, bytes]
    """The number of a stream, 1 or 2, and bytes that were written to it."""

_CLOSED_PIPE = 141
_first: Screen | None = None
_printed: list[Chunk] = []


def written(chunks: Iterable[Chunk], status: int) -> int:
    """Write what was written before, in the same order; return the exit status."""
    try:
        for stream, data in chunks:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(stream, rest) :]
    except BrokenPipeError:
        return _CLOSED_PIPE
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"synergy: cannot write: {error.strerror}\n")
            sys.stderr.flush()
        return 1
    return status


def show(before: Iterable[Chunk], screen: bytes) -> None:
    """Print what precedes the reader, then show the first screen; do nothing more where the terminal is gone."""
    global _first  # noqa: PLW0603  there is one terminal
    from synergy_cli.replay.screens import Screen, TerminalError  # noqa: PLC0415  only a reader needs it
    from synergy_cli.signals import end_on_signals  # noqa: PLC0415

    _printed[:] = before
    if written(_printed, 0) != 0:
        return
    end_on_signals(sys.exit)
    _first = Screen(0, 1)
    try:
        _first.take()
        _first.show(screen)
    except (OSError, TerminalError):
        give_back()


def is_printed(chunk: Chunk) -> bool:
    """Whether the program writes what was printed before it was loaded; anything else ends the first screen."""
    if _printed and _printed[0] == chunk:
        del _printed[0]
        return True
    give_back()
    return False


def first_screen() -> Screen | None:
    """Return the screen that is shown while the program is loaded, if it still is."""
    return _first


def give_back() -> None:
    """Give back the first screen, if it is still shown, because no reader has taken it over."""
    screen = _first
    taken_over()
    if screen is not None:
        screen.give_back()


def taken_over() -> None:
    """Forget the first screen: whoever draws on it now gives it back."""
    global _first  # noqa: PLW0603  there is one terminal
    _first = None
    _printed.clear()
