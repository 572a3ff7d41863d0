"""The files of a course, read safely: regular, inside the folder, limited in size, UTF-8."""

from __future__ import annotations

import os
import stat
from collections import deque
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from synergy_cli.course.page import file_identity
from synergy_cli.errors import NextCommand, SynergyError
from synergy_cli.parsing.faults import Fault
from synergy_cli.parsing.report import ContentError
from synergy_cli.replay import reads
from synergy_cli.text import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


MAX_BYTES = 8 * 1024 * 1024
MAX_PAGE_BYTES = 256 * 1024
MOST_FILES = 1000
"""The most files in a folder of pages or questions."""
MOST_ENTRIES = 10_000
"""The most names examined in a folder, or in all folders for pictures."""
BANK, REFERENCES = "questions.yaml", "references.yaml"
PAGE = ".md"
PARTS = ("questions", "references", "glossary")
OUTSIDE = "points outside the course's folder; expected a file inside it"
NO_FILE = "is not a regular file; expected a text file"
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp"})


_Value = TypeVar("_Value")


class Known(dict[str, _Value]):
    """Parts of a course by id. The id existed when the course was checked; if it is missing, the course has changed."""

    def __init__(self, path: Path, what: str, parts: Iterable[tuple[str, _Value]] | Mapping[str, _Value]) -> None:
        """Take the parts of a file or folder; `what` names such a part in a message."""
        super().__init__(parts)
        self._path = path
        self._what = what

    def __missing__(self, key: str) -> _Value:
        """Raise ContentError."""
        raise gone(self._path, f"the {self._what} `{key}`")


def gone(path: Path, what: str) -> ContentError:
    """Return the fault for a part that existed a moment ago."""
    return _refused(path, "unreadable", f"{what} is gone: the course changed while it was read; run the command again")


def built_in() -> Path:
    """Find the built-in course: next to the code, or in the checkout the program runs from.

    Raises SynergyError if the program runs from a zip file, which is not a folder.
    """
    package = Path(__file__).resolve().parents[1]
    if not package.is_dir():
        message = "The built-in course cannot be read from a zip file."
        raise SynergyError(message, NextCommand("Name a course", "--course DIR"))
    packaged = package / "data"
    return packaged if packaged.is_dir() else package.parents[1] / "data"


class Files:
    """The files of a course."""

    def __init__(self, folder: Path) -> None:
        """List a course's folder.

        Raises:
            SynergyError: it is not a course.
            ContentError: it has too many files, or one of its folders is a link that points outside.
        """
        self.folder = folder
        reads.file(folder)
        reads.file(folder / BANK)
        if not (folder / BANK).exists():
            raise SynergyError(f"{folder}: not a course; expected a folder that contains {BANK}")
        self._pages = self._listed("pages", PAGE)
        self._more = self._listed("questions", ".yaml")

    @cached_property
    def pages(self) -> list[Path]:
        """The files of pages in order; misnamed ones come last."""
        named = [(file_identity(path.name), path) for path in self._pages]
        misnamed = sorted(path for identity, path in named if identity is None)
        return [path for _, path in sorted((identity, path) for identity, path in named if identity)] + misnamed

    @cached_property
    def bank(self) -> list[Path]:
        """The files with questions."""
        return [self.folder / BANK, *sorted(self._more)]

    @cached_property
    def images(self) -> frozenset[str]:
        """The paths of all pictures, relative to the course's folder, with slashes.

        Hidden folders and linked folders are skipped. If there are more than `MOST_ENTRIES` entries, those nearest to
        the top of the folder are examined.
        """
        found = set()
        for path in map(Path, _near(self.folder)):
            if path.suffix.lower() in PICTURES and self._is_inside(path) and path.is_file():
                found.add(path.relative_to(self.folder).as_posix())
        return frozenset(found)

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError):  # a loop of links is RuntimeError before Python 3.13
            return False

    def _listed(self, name: str, suffix: str) -> list[Path]:
        """List a folder's files of one type, within the limits."""
        folder = self.folder / name
        reads.file(folder)
        if not folder.is_dir():
            return []
        if not self._is_inside(folder):
            raise _refused(folder, "outside", OUTSIDE)
        found: list[Path] = []
        try:
            names = os.scandir(folder)
        except OSError as error:
            raise _refused(folder, "unreadable", f"cannot be read: {error.strerror}") from error
        with names as entries:
            for number, entry in enumerate(entries):
                found += [folder / entry.name] if Path(entry.name).suffix == suffix else []
                if len(found) > MOST_FILES or number >= MOST_ENTRIES:
                    most = f"{MOST_FILES:,} files" if len(found) > MOST_FILES else f"{MOST_ENTRIES:,} names"
                    raise _refused(folder, "too-large", f"more than {most} in one folder; expected fewer, larger files")
        return found

    def named(self, name: str) -> list[Path]:
        """Return an optional file of a course, as a list with at most one entry."""
        path = self.folder / name
        return [path] if path.exists() or path.is_symlink() else []

    @property
    def references(self) -> list[Path]:
        """The file with sources, if any."""
        return self.named(REFERENCES)

    @property
    def glossary(self) -> list[Path]:
        """The file with terms, if any."""
        return self.named("glossary.yaml")

    @property
    def unrecognised(self) -> list[tuple[Path, str]]:
        """Misnamed files, which are never read, each with the expected name."""
        found = []
        for path in sorted(map(Path, _near(self.folder))):
            *folders, name = path.relative_to(self.folder).parts
            expected = _meant("/".join(folders), name)
            if expected:
                found.append((path, expected))
        return found

    @property
    def all(self) -> list[Path]:
        """All files."""
        return [*self.bank, *self.pages, *self.references, *self.glossary]


def _meant(folder: str, name: str) -> str:
    """Return the name that a file should have; empty if its name is correct or it is not part of a course."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122  a name, no path
    looks_like_yaml = suffix.lower() in (".yml", ".yaml", ".json")
    if not folder and stem.lower() in PARTS and looks_like_yaml and name != f"{stem.lower()}.yaml":
        return f"{stem.lower()}.yaml"
    if not folder and suffix.lower() == ".bib":
        return REFERENCES
    if folder == "questions" and looks_like_yaml and suffix != ".yaml":
        return f"{stem}.yaml"
    if (folder == "question" or folder.startswith("questions/")) and looks_like_yaml:
        return f"questions/{stem}.yaml"
    looks_like_page = suffix.lower() in (".md", ".markdown", ".mdown", ".mkd", ".txt") and stem.lower() != "readme"
    page = f"{stem}{PAGE}" if file_identity(f"{stem}{PAGE}") else f"NN-{identifier(stem) or 'id'}{PAGE}"
    if folder == "pages" and looks_like_page and suffix != PAGE:
        return page
    below = folder == "page" or folder.startswith("pages/")
    return f"pages/{page}" if below and looks_like_page else ""


def _near(folder: Path) -> Iterator[str]:
    """Yield the files in a folder and its subfolders, the nearest first, within the limits; links are not followed."""
    left = MOST_ENTRIES
    waiting = deque([folder])
    while waiting:
        try:
            reads.file(waiting[0])
            with os.scandir(waiting.popleft()) as entries:
                for entry in entries:
                    left -= 1
                    if left < 0:
                        return
                    yield entry.path
                    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                        waiting.append(Path(entry.path))
        except OSError:
            continue  # an unreadable folder holds no picture


def read_text(folder: Path, path: Path) -> str:
    r"""Return the text of a file, with `\n` as the only line ending and without a byte-order mark.

    Raises ContentError if it cannot be read, as `read_bytes` says, or is not UTF-8.
    """
    return decoded(read_bytes(folder, path), display_path(path))


def read_bytes(folder: Path, path: Path) -> bytes:
    """Return the content of a file of a course.

    Raises:
        ContentError: it is not a regular file, points outside the folder, exceeds `MAX_BYTES` (a page:
            `MAX_PAGE_BYTES`), cannot be read, or changed while it was read.
    """
    reads.file(path)
    most = MAX_PAGE_BYTES if path.suffix == PAGE else MAX_BYTES
    try:
        data = _read(folder, path, most)
    except (OSError, RuntimeError) as error:  # resolve() raises RuntimeError for a loop of links before Python 3.13
        reason = error.strerror if isinstance(error, OSError) else "the link leads to itself"
        raise _refused(path, "unreadable", f"cannot be read: {reason}; expected a text file") from error
    if len(data) > most:
        allowed = f"{most // 1024} KiB" if path.suffix == PAGE else f"{most // 1024 // 1024} MiB"
        raise _refused(path, "too-large", f"larger than {allowed}; expected a smaller file: split it")
    return data


def _read(folder: Path, path: Path, most: int) -> bytes:
    """Read a file that may be replaced at any moment: the opened file is the checked one."""
    root, whole = folder.resolve(), path.resolve()
    if not whole.is_relative_to(root):
        raise _refused(path, "outside", OUTSIDE)
    if not stat.S_ISREG(whole.stat(follow_symlinks=False).st_mode):
        raise _refused(path, "not-a-file", NO_FILE)  # opening a device may do something
    with os.fdopen(_opened(root, whole.relative_to(root).parts), "rb", buffering=0) as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise _refused(path, "not-a-file", NO_FILE)
        data = b""
        while len(data) <= most and (part := file.read(most + 1 - len(data))):
            data += part
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _refused(path, "unreadable", "changed while it was read; run the command again once it is saved")
    return data


def _opened(root: Path, parts: tuple[str, ...]) -> int:
    """Open a file folder by folder, so that a link that replaces a folder in the meantime is not followed."""
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            os.close(at)
            at = inner
        return os.open(parts[-1], os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
    finally:
        os.close(at)


def _refused(path: Path, code: str, message: str) -> ContentError:
    return ContentError([Fault(display_path(path), 1, 1, code, message)])


def decoded(data: bytes, name: str) -> str:
    r"""Return the text of a file, with `\n` as the only line ending and without a byte-order mark.

    Raises ContentError, with the position of the invalid byte, if it is not UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8 here; expected the file to be saved as UTF-8"
        raise ContentError([Fault(name, line, column, "not-utf8", message)]) from error
    return text.replace("\r\n", "\n")


def display_path(path: Path) -> str:
    """Return a path as a person would type it: relative if it is below the current folder, else absolute."""
    try:
        whole, here = Path(os.path.abspath(path)), Path.cwd()  # noqa: PTH100  Path.absolute keeps `..`
    except OSError:  # the current folder has been removed
        return str(path)
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)
