"""`python -m synergy_cli`, and where the command `synergy` begins."""

import gc
import os
import sys

from synergy_cli import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from synergy_cli.replay.entries import Place

INTERRUPTED = 130
"""The exit status after Ctrl-C."""


def main() -> None:
    """Run the program, or replay what the same command printed before, which loads nothing else.

    For the reader, the first screen is replayed, and the program loads while it is read.
    """
    if sys.argv[1:] in (["--version"], ["-V"]) and sys.stdout is not None:
        _print_version()
    from synergy_cli.replay.entries import place  # noqa: PLC0415

    entry = place(sys.argv[1:])
    try:
        if entry is not None:
            _replay(entry)
        gc.disable()  # a run is short and leaves little garbage; collecting it costs 5 % of a page
        from synergy_cli.cli.app import run  # noqa: PLC0415

        run(entry)
    except KeyboardInterrupt:  # while it is loaded
        sys.exit(INTERRUPTED)
    finally:
        from synergy_cli.replay import first_screen  # noqa: PLC0415

        first_screen.give_back()


def _print_version() -> None:
    """Print the version and exit; if that fails, the full program tries again and reports why."""
    try:
        os.write(1, f"synergy {__version__}\n".encode())
    except OSError:
        return
    os._exit(0)


def _replay(entry: "Place") -> None:
    """Replay what the same command printed before and exit, or show the first screen, or do nothing."""
    from synergy_cli.replay.entries import SCREEN, printed_before, written  # noqa: PLC0415

    found = printed_before(entry)
    if found is not None:
        status, chunks = found
        if status != SCREEN:
            os._exit(written(chunks, status))
        from synergy_cli.replay import first_screen  # noqa: PLC0415

        first_screen.show(chunks)
    from synergy_cli.replay.reads import Environ  # noqa: PLC0415

    os.environ = Environ()  # noqa: B003  before anything is loaded that looks at a variable


if __name__ == "__main__":
    main()
