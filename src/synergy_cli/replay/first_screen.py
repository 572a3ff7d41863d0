"""The first screen of the reader, shown before the program is loaded.

Then the program does what it always does, up to the reader, which goes on drawing on the same screen; what the program
writes on its way there has been printed already.
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
    """Print what precedes the reader, then show the last chunk on its screen; stop if the terminal is gone."""
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
    """Whether the program writes what was printed before it was loaded; anything else ends the first screen."""
    if _printed and _printed[0] == chunk:
        del _printed[0]
        return True
    give_back()
    return False


def shown() -> Screen | None:
    """Return the screen that is shown while the program is loaded, if it still is."""
    return _shown


def give_back() -> None:
    """Give back the first screen, if it is still shown, because no reader has taken it over."""
    screen = _shown
    taken_over()
    if screen is not None:
        screen.give_back()


def taken_over() -> None:
    """Forget the first screen: whoever draws on it now gives it back."""
    global _shown  # noqa: PLW0603  there is one terminal
    _shown = None
    _printed.clear()
