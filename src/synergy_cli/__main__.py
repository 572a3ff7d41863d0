"""`python -m synergy_cli`, and where the command `synergy` begins."""

import gc
import os
import sys

from synergy_cli.replay import output
from synergy_cli.replay.entries import place, replayed
from synergy_cli.replay.reads import Environ

INTERRUPTED = 130
"""The exit status after Ctrl-C."""


def main() -> None:
    """Run the program, or print again what the same run printed before, which loads nothing else.

    Of the reader, the first screen is shown again, and the program is loaded while it is read.
    """
    entry = place(sys.argv[1:])
    try:
        if entry is not None:
            status = replayed(entry)
            if status is not None:
                os._exit(status)
            os.environ = Environ()  # noqa: B003  before anything is loaded that looks at a variable
        gc.disable()  # a run is short and leaves little garbage; collecting it costs 5 % of a page
        from synergy_cli.cli.app import run  # noqa: PLC0415

        run(entry)
    except KeyboardInterrupt:  # while it is loaded
        sys.exit(INTERRUPTED)
    finally:
        output.give_back()


if __name__ == "__main__":
    main()
