"""`python -m synergy_cli`, and where the command `synergy` begins."""

import gc
import sys


def main() -> None:
    """Run the program; `--version` is answered before anything else is loaded."""
    if sys.argv[1:] in (["--version"], ["-V"]) and sys.stdout is not None:
        from synergy_cli import __version__  # noqa: PLC0415

        sys.stdout.write(f"synergy {__version__}\n")
        return
    gc.disable()  # a run is short, and reading a large bank makes no garbage worth the search: 5 % of a page
    from synergy_cli.cli import run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
