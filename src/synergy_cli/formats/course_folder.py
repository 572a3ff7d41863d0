"""The files with questions of a course that an import adds to or creates: as text, so that all else in them stays."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import BANK, OUTSIDE, Files, display_path, read_text
from synergy_cli.errors import SynergyError
from synergy_cli.formats import imported
from synergy_cli.formats.imported import Imported
from synergy_cli.parsing.report import ContentError, Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.parsing.yaml import Node

_END_OF_LIST = re.compile(r"[^\s#-]")


class Block(NamedTuple):
    """A question in a file.

    Attributes:
        file: the file's path from the course's folder.
        start: the index of its first line.
        text: its lines, without blank ones at the end.
        data: its fields as plain data.
    """

    file: str
    start: int
    text: str
    data: dict[str, Any]


class BankFile(NamedTuple):
    """A file with questions.

    Attributes:
        lines: its text.
        starts: the index of the first line of each question.
        end: the index of the line after the last question.
        indent: how many blanks stand before each question.
        listed: whether it has the key `questions`.
    """

    lines: list[str]
    starts: list[int]
    end: int
    indent: int
    listed: bool


class CourseFolder(NamedTuple):
    """A course's folder before an import; empty if it is to be created.

    Attributes:
        files: the files with questions, by their paths from the folder.
        blocks: the questions by id.
        records: what earlier imports wrote.
    """

    folder: Path
    files: dict[str, BankFile]
    blocks: dict[str, Block]
    records: dict[str, Imported]


def read_folder(folder: Path) -> CourseFolder:
    """Read the questions of a course.

    Raises:
        ContentError: a file cannot be read or is not YAML.
        SynergyError: the folder has no bank, but more questions.
    """
    found = CourseFolder(folder, {}, {}, {})
    if not (folder / BANK).exists():
        if (folder / "questions").exists():
            raise SynergyError(f"{display_path(folder)} has a folder `questions`, but no {BANK}. Nothing was imported.")
        return found
    for path in Files(folder).bank:
        name = path.relative_to(folder).as_posix()
        text = read_text(folder, path)
        file, blocks = _read(name, text, display_path(path))
        found.files[name] = file
        for block in blocks:
            found.blocks.setdefault(str(block.data.get("id", "")).strip(), block)
    record = folder / imported.FILE
    known = imported.decode(read_text(folder, record), _imported) if record.exists() else {}
    return found._replace(records=known)


def _imported(*values: object) -> Imported:
    return Imported(*map(str, values))


def references(folder: Path) -> tuple[set[str], set[str]]:
    """Return the passages and the sources that questions of a course may name; none for a folder without a course.

    Raises ContentError if the pages or sources cannot be used.
    """
    if not (folder / BANK).exists():
        return set(), set()
    course = Course(Files(folder), Cache(None))
    passages = {entry.id for entry in course.entries}
    passages |= {f"{entry.id}#{heading}" for entry in course.entries for heading, _ in entry.headings}
    return passages, set(course.sources)


def _read(name: str, text: str, shown: str) -> tuple[BankFile, list[Block]]:
    """Split a file into its questions."""
    root = parse(text, Report(shown))
    entry = root.value.get("questions") if isinstance(root.value, dict) else None
    items: list[Node] = entry.node.value if entry is not None and isinstance(entry.node.value, list) else []
    lines = text.split("\n")
    starts = [item.line - 1 for item in items]
    end = len(lines)
    if starts:
        end = next((at for at in range(starts[-1] + 1, end) if _END_OF_LIST.match(lines[at])), end)
    texts = ["\n".join(lines[start:stop]).rstrip() for start, stop in zip(starts, [*starts[1:], end], strict=False)]
    blocks = [
        Block(name, start, block, item.data())
        for start, block, item in zip(starts, texts, items, strict=True)
        if isinstance(item.value, dict)
    ]
    indent = max(0, items[0].column - 3) if items else 0
    return BankFile(lines, starts, end, indent, entry is not None), blocks


def with_changes(name: str, file: BankFile, replaced: Mapping[int, str], added: Sequence[str]) -> str:
    """Return the text of a file in which some questions are replaced and others follow the last one.

    `replaced` has the new texts by the index of the question's first line, `added` those of new questions.

    Raises SynergyError if its questions are not listed one below the other.
    """
    stops = [*file.starts[1:], file.end]
    parts = [file.lines[: file.starts[0]] if file.starts else file.lines]
    for start, stop in zip(file.starts, stops, strict=False):
        old = file.lines[start:stop]
        blank = len(old) - len("\n".join(old).rstrip().split("\n"))
        parts.append([*replaced[start].split("\n"), *old[len(old) - blank :]] if start in replaced else old)
    rest = file.lines[file.end :] if file.starts else []
    before = "\n".join(line for part in parts for line in part).rstrip("\n")
    new = "\n\n".join(_indented(text, file.indent) for text in added)
    between = "" if not added else "\n\n" if file.listed else "\nquestions:\n"
    text = "\n".join([f"{before}{between}{new}", *rest]).rstrip("\n") + "\n"
    _verify(name, file, text, len(file.starts) + len(added))
    return text


def _indented(text: str, by: int) -> str:
    return "\n".join(f"{' ' * by}{line}" if line else "" for line in text.split("\n")) if by else text


def _verify(name: str, file: BankFile, text: str, count: int) -> None:
    """Check that a changed file has all its questions."""
    try:
        starts = _read(name, text, name)[0].starts
    except ContentError:
        starts = []
    if len(starts) != count or len(set(file.starts)) != len(file.starts):
        raise SynergyError(
            f"{name}: cannot add to this file; expected each question on lines of its own. Nothing was imported."
        )


def save(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files, given by their paths from the folder, all or none; the bank comes last.

    Raises SynergyError if the system refuses, or if a folder in it leads outside.
    """
    made: list[Path] = []
    whole = Path(os.path.abspath(folder))  # noqa: PTH100  Path.absolute keeps `..`
    for parent in ((whole / name).parent for name in files):
        if not parent.resolve().is_relative_to(whole.resolve()):
            raise SynergyError(f"{display_path(parent)} {OUTSIDE}. Nothing was imported.")
    try:
        for name, content in files.items():
            path = whole / name
            _make_folders(path.parent, made)
            new = path.with_name(f".{path.name}.new")
            made.append(new)
            new.write_bytes(content if isinstance(content, bytes) else content.encode())
        for name in sorted(files, key=lambda each: each == BANK):
            path = whole / name
            path.with_name(f".{path.name}.new").replace(path)
    except OSError as error:
        _remove(made)
        raise SynergyError(f"{display_path(whole)}: cannot write a course here: {error.strerror or error}.") from error
    except BaseException:
        _remove(made)
        raise


def _remove(made: Sequence[Path]) -> None:
    """Remove what was created, the last first; what has its place already stays."""
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def _make_folders(folder: Path, made: list[Path]) -> None:
    for path in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        path.mkdir()
        made.append(path)
