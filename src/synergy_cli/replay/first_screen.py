"""The first screen of the reader, shown before the program is loaded.

The program then runs as usual up to the reader, which continues on the same screen; output before that has already been
printed.
"""

from __future__ import annotations

import sys

from synergy_cli.replay.entries import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from synergy_cli.replay.entries import Chunk
    from synergy_cli.replay.screens import Screen

_shown: Screen | None = None
_printed: list[Chunk] = []


def show(chunks: list[Chunk]) -> None:
    """Print the output before the reader, then show the last chunk on its screen; stop if the terminal is gone."""
    global _shown  # noqa: PLW0603  there is one terminal
    from synergy_cli.replay.screens import Screen, TerminalError  # noqa: PLC0415  only a reader needs it
    from synergy_cli.signals import end_on_signals  # noqa: PLC0415

    _printed[:] = chunks[:-1]
    if written(_printed, 0) != 0:
        return
    end_on_signals(sys.exit)
    _shown = Screen(0, 1)
    try:
        _shown.take()
        _shown.show(chunks[-1][1])
    except (OSError, TerminalError):
        give_back()


def is_printed(chunk: Chunk) -> bool:
    """Whether the program writes what has already been printed; any other output ends the first screen."""
    if _printed and _printed[0] == chunk:
        del _printed[0]
        return True
    give_back()
    return False


def shown() -> Screen | None:
    """Return the screen shown while the program loads, if it is still shown."""
    return _shown


def give_back() -> None:
    """Restore the terminal if the first screen is still shown because no reader has taken it over."""
    screen = _shown
    taken_over()
    if screen is not None:
        screen.give_back()


def taken_over() -> None:
    """Forget the first screen: its new owner restores the terminal."""
    global _shown  # noqa: PLW0603  there is one terminal
    _shown = None
    _printed.clear()
