"""Which files make up a course, and reading one of them safely: regular, inside the folder, bounded, UTF-8."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from pathlib import Path

from synergy_cli import pages
from synergy_cli.errors import ContentError, Fault, SynergyError

MAX_BYTES = 8 * 1024 * 1024
BANK = "questions.yaml"


def built_in() -> Path:
    """Find the course that comes with the program: beside its code, or in the checkout it runs from."""
    here = Path(__file__).resolve().parent
    packaged = here / "data"
    return packaged if packaged.is_dir() else here.parents[1] / "data"


class Files:
    """Which files make up a course."""

    def __init__(self, folder: Path) -> None:
        """Look into a folder.

        Args:
            folder: the course's.

        Raises:
            SynergyError: there is no course in it.
        """
        self.folder = folder
        if not (folder / BANK).exists():
            text = f"{shown(folder)}: no course here; expected a folder with a file {BANK}"
            raise SynergyError(text)

    @cached_property
    def pages(self) -> list[Path]:
        """Give the pages' files in order; those with a name that no page has come last."""
        folder = self.folder / "pages"
        if not folder.is_dir():
            return []
        named = [(pages.file_identity(path.name), path) for path in folder.iterdir() if path.suffix == ".md"]
        misnamed = sorted(path for identity, path in named if identity is None)
        return [path for _, path in sorted((identity, path) for identity, path in named if identity)] + misnamed

    @cached_property
    def bank(self) -> list[Path]:
        """Give the files with questions."""
        more = self.folder / "questions"
        return [self.folder / BANK, *(sorted(more.glob("*.yaml")) if more.is_dir() else [])]

    def named(self, name: str) -> list[Path]:
        """Give one file that a course may have: a list of one, or of none."""
        path = self.folder / name
        return [path] if path.exists() or path.is_symlink() else []

    @property
    def references(self) -> list[Path]:
        """Give the file with sources, if any."""
        return self.named("references.yaml")

    @property
    def glossary(self) -> list[Path]:
        """Give the file with terms, if any."""
        return self.named("glossary.yaml")


def read_text(folder: Path, path: Path) -> str:
    """Read a file of a course.

    Args:
        folder: the course's folder, out of which no file may lead.
        path: the file.

    Returns:
        Its text, each line ended by a newline alone, without a byte-order mark.

    Raises:
        ContentError: it is no regular file, leads out of the folder, is larger than `MAX_BYTES`, or is not UTF-8.
            The system does not let it be read.
    """
    name = shown(path)
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ContentError([Fault(name, 1, 1, "leads out of the course's folder; expected a file inside it")])
        if not stat.S_ISREG(path.stat().st_mode):
            raise ContentError([Fault(name, 1, 1, "is no regular file; expected a text file")])
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:  # resolve() raises RuntimeError for a loop of links before Python 3.13
        reason = error.strerror if isinstance(error, OSError) else "the link leads to itself"
        raise ContentError([Fault(name, 1, 1, f"cannot be read: {reason}; expected a text file")]) from error
    if len(data) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 1024 // 1024} MiB; expected a smaller file: split it"
        raise ContentError([Fault(name, 1, 1, message)])
    return _decoded(data, name)


def _decoded(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8 here; expected the file to be saved as UTF-8"
        raise ContentError([Fault(name, line, column, message)]) from error
    return text.replace("\r\n", "\n")


def shown(path: Path) -> str:
    """Write a path as the person at the terminal would: from here when it lies below, else in full."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100  Path.absolute keeps `..`
    here = Path.cwd()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)
