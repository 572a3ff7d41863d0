"""Runs of the program by the thousand: one process loads it once, and each run is a fork of it.

forks.py    reads what is wanted as a line of JSON, and writes what came of it as another
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
from typing import TYPE_CHECKING, Any, NamedTuple, Self

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
    """The process that has loaded the program; it starts when it is needed."""

    def __init__(self) -> None:
        self._process: Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
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
        call = [*map(str, arguments)], dict(env), str(cwd)
        return Printed(*self._ask("run", *call, stdin, [*(limits or {}).items()]))

    def start(self, arguments: Sequence[str | Path], env: Mapping[str, str], cwd: Path, terminal: str) -> int:
        """Start the program in a terminal of its own; return the number of its process."""
        return self._ask("start", [*map(str, arguments)], dict(env), str(cwd), terminal)

    def ended(self, pid: int, flags: int) -> int | None:
        """Return how a process that was started has ended, as `os.waitpid` tells it with these flags."""
        return self._ask("ended", pid, flags)

    def _ask(self, *wanted: object) -> Any:
        if self._process is None:
            self._process = Popen([sys.executable, __file__], stdin=PIPE, stdout=PIPE, text=True)
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def serve() -> None:
    """Answer each line of stdin."""
    import yaml  # noqa: F401  which the program loads when it has to

    import synergy_cli

    for module in walk_packages(synergy_cli.__path__, "synergy_cli."):  # loaded once, for all forks
        import_module(module.name)
    gc.freeze()  # so that no fork copies all this when it collects garbage
    answers = {"run": run, "start": start, "ended": ended}
    for line in sys.stdin:
        wanted, *given = json.loads(line)
        sys.stdout.write(json.dumps(answers[wanted](*given)) + "\n")
        sys.stdout.flush()


def run(
    arguments: list[str], env: dict[str, str], cwd: str, typed: str, limits: list[tuple[int, int]]
) -> tuple[str, str, int, bool]:
    """Run the program to its end, with files for streams."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as ran:
        given.write(typed.encode(errors="surrogateescape"))
        given.seek(0)
        child = os.fork()
        if child == 0:
            for number, file in enumerate((given, out, err)):
                os.dup2(file.fileno(), number)
            confine(limits)
            become(arguments, env, cwd, ran.fileno())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        for file in (out, err, ran):
            file.seek(0)
        return *(file.read().decode(errors="surrogateescape") for file in (out, err)), status, not ran.read()


def start(arguments: list[str], env: dict[str, str], cwd: str, terminal: str) -> int:
    """Start the program in a terminal; return the number of its process."""
    line = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
    child = os.fork()
    if child == 0:
        os.login_tty(line)
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # whoever runs the tests may ignore them, as nohup does
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        become(arguments, env, cwd)
    os.close(line)
    return child


def ended(pid: int, flags: int) -> int | None:
    """Return the exit status of a process that was started, negative for a signal, if it has ended."""
    child, status = os.waitpid(pid, flags)
    return os.waitstatus_to_exitcode(status) if child else None


def confine(limits: list[tuple[int, int]]) -> None:
    """Limit what this process may use, and how long it may take."""
    signal.alarm(LONGEST)
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))


def become(arguments: list[str], env: dict[str, str], cwd: str, ran: int | None = None) -> None:
    """Run the program in this process, which ends with it; a byte is written to `ran` if it is not replayed."""
    from synergy_cli import __main__
    from synergy_cli.cli import app

    try:
        if ran is not None:
            whole = app.run
            app.run = lambda *entry: (os.write(ran, b"x"), whole(*entry))
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        if "PYTHONPATH" in env:  # what Python runs at its start, which may look out for the program that is loaded
            sys.path.insert(0, env["PYTHONPATH"])
            sys.modules.pop("sitecustomize", None)
            import_module("sitecustomize")
            del sys.modules[app.__name__]
        sys.argv = ["synergy", *arguments]
        sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape")  # as Python does in this locale
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape")
        sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace")
        __main__.main()
    except SystemExit as end:
        os._exit(end.code)
    except Exception:  # noqa: BLE001  whatever it is, the test shows it
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(99)


if __name__ == "__main__":
    serve()
