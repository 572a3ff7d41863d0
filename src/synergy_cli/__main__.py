"""`python -m synergy_cli`, and where the command `synergy` begins."""

import gc
import os
import sys


def main() -> None:
    """Run the program; `--version`, and `due` if its answer is kept, load nothing else."""
    if sys.argv[1:] in (["--version"], ["-V"]) and sys.stdout is not None:
        from synergy_cli import __version__  # noqa: PLC0415

        os._exit(_print(f"synergy {__version__}"))
    if sys.argv[1:] == ["due"] and sys.stdout is not None:
        from synergy_cli.cli.kept import answer  # noqa: PLC0415

        count = answer()
        if count is not None:
            os._exit(_print(str(count)) or int(count == 0))
    gc.disable()  # a run is short and leaves little garbage; collecting it costs 5 % of a page
    from synergy_cli.cli.app import run  # noqa: PLC0415

    run()


def _print(line: str) -> int:
    try:
        sys.stdout.write(f"{line}\n")
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
