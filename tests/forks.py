"""Runs of the program by the thousand: one process loads it once, and each run is a fork of it.

forks.py    reads a run as a line of JSON, and writes what came of it as another
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


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

    def run(self, arguments: Sequence[str], env: Mapping[str, str], cwd: Path) -> Printed:
        """Run the program with a whole environment, and with pipes for streams."""
        self._process.stdin.write(json.dumps([list(map(str, arguments)), dict(env), str(cwd)]) + "\n")
        self._process.stdin.flush()
        return Printed(*json.loads(self._process.stdout.readline()))


def serve() -> None:
    """Answer each line of stdin."""
    import synergy_cli.cli.due
    import synergy_cli.cli.explain
    import synergy_cli.cli.lookup
    import synergy_cli.history.history
    import synergy_cli.study.reading
    import synergy_cli.ui.pages  # noqa: F401  loaded once, for all forks

    for line in sys.stdin:
        arguments, env, cwd = json.loads(line)
        with TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as ran:
            child = os.fork()
            if child == 0:
                _become(arguments, env, cwd, (out.fileno(), err.fileno(), ran.fileno()))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            for file in (out, err, ran):
                file.seek(0)
            told = out.read().decode(), err.read().decode(), status, not ran.read()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def _become(arguments: list[str], env: dict[str, str], cwd: str, files: tuple[int, int, int]) -> None:
    """Run the program in this process, which ends with it."""
    from synergy_cli import __main__
    from synergy_cli.cli import app

    out, err, ran = files
    try:
        whole = app.run
        app.run = lambda *entry: (os.write(ran, b"x"), whole(*entry))
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
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
