"""Runs of the program by the thousand: one process loads it once, and each run is a fork of it.

forks.py    reads a run as a line of JSON, and writes what came of it as another
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import traceback
from importlib import import_module
from pkgutil import walk_packages
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


LONGEST = 60
"""Seconds until a run that hangs is ended by a signal; nothing is asserted about time."""


class Printed(NamedTuple):
    """What a run wrote to both streams, with its exit status, and whether it was replayed."""

    stdout: str
    stderr: str
    status: int
    replayed: bool


class Forks:
    """The process that has loaded the program."""

    def __init__(self) -> None:
        self._process = Popen([sys.executable, __file__], stdin=PIPE, stdout=PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(
        self,
        arguments: Sequence[str | Path],
        env: Mapping[str, str],
        cwd: Path,
        stdin: str = "",
        limits: Mapping[int, int] | None = None,
    ) -> Printed:
        """Run the program with a whole environment, files for streams, and limits on what it may use (`RLIMIT_…`)."""
        told = [*map(str, arguments)], dict(env), str(cwd), stdin, [*(limits or {}).items()]
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return Printed(*json.loads(self._process.stdout.readline()))


def serve() -> None:
    """Answer each line of stdin."""
    import yaml  # noqa: F401  which the program loads when it has to

    import synergy_cli

    for module in walk_packages(synergy_cli.__path__, "synergy_cli."):  # loaded once, for all forks
        import_module(module.name)
    gc.freeze()  # so that no fork copies all this when it collects garbage
    for line in sys.stdin:
        arguments, env, cwd, typed, limits = json.loads(line)
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as ran:
            given.write(typed.encode())
            given.seek(0)
            child = os.fork()
            if child == 0:
                confine(limits)
                _become(arguments, env, cwd, (given.fileno(), out.fileno(), err.fileno(), ran.fileno()))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            for file in (out, err, ran):
                file.seek(0)
            told = *(file.read().decode(errors="surrogateescape") for file in (out, err)), status, not ran.read()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def confine(limits: list[tuple[int, int]]) -> None:
    """Limit what this process may use, and how long it may take."""
    signal.alarm(LONGEST)
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))


def _become(arguments: list[str], env: dict[str, str], cwd: str, files: tuple[int, int, int, int]) -> None:
    """Run the program in this process, which ends with it."""
    from synergy_cli import __main__
    from synergy_cli.cli import app

    given, out, err, ran = files
    try:
        whole = app.run
        app.run = lambda *entry: (os.write(ran, b"x"), whole(*entry))
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        os.dup2(given, 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.argv = ["synergy", *arguments]
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        __main__.main()
    except Exception:  # noqa: BLE001  whatever it is, the test shows it
        os.write(err, traceback.format_exc().encode())
    finally:
        os._exit(99)


if __name__ == "__main__":
    serve()
