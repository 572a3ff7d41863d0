"""`python -m synergy_cli`, and where the command `synergy` begins."""

import gc
import os
import sys


def main() -> None:
    """Run the program; `--version` is answered before anything else is loaded."""
    if sys.argv[1:] in (["--version"], ["-V"]) and sys.stdout is not None:
        os._exit(_print_version())
    gc.disable()  # a run is short and leaves little garbage; collecting it costs 5 % of a page
    from synergy_cli.cli.app import run  # noqa: PLC0415

    run()


def _print_version() -> int:
    from synergy_cli import __version__  # noqa: PLC0415

    try:
        sys.stdout.write(f"synergy {__version__}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return 141
    except OSError as error:
        sys.stderr.write(f"synergy: cannot write: {error.strerror}\n")
        sys.stderr.flush()
        return 1
    return 0


if __name__ == "__main__":
    main()
