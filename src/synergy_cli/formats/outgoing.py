"""Gathers the output of an export, and writes it completely or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from synergy_cli.course.files import display_path
from synergy_cli.errors import SynergyError
from synergy_cli.formats.course_folder import read_folder
from synergy_cli.formats.format import Bank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.formats.transfer import Transfer


def bank_of(course: Course, chosen: Iterable[QuestionOutline], pages: Iterable[str] = ()) -> Bank:
    """Return questions of a course for an export, with the ids of their pages."""
    about, asked = course.manifest, tuple(course.pick(chosen))
    return Bank(course.folder, about.id, about.title, about.language, course.titles, asked, course, tuple(pages))


def place_remarks(folder: Path, transfer: Transfer) -> None:
    """Add the location of its question to each remark: a path from the current folder, or else from the course's."""
    blocks = read_folder(folder).blocks if transfer.remarks else {}
    for number, remark in enumerate(transfer.remarks):
        block = blocks.get(remark.name)
        if block is not None:
            whole = display_path(folder / block.file)
            path = block.file if whole.startswith(os.sep) else whole
            transfer.remarks[number] = remark._replace(path=path, line=block.start + 1)


def save(path: Path, parts: Sequence[bytes]) -> None:
    """Replace a file completely or not at all; write directly to a device or pipe.

    Raises SynergyError if writing fails.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                file.writelines(parts)
            return
        target = path.resolve()
        new = target.with_name(f".{target.name}.{os.getpid()}.new")
        try:
            with new.open("wb") as file:
                file.writelines(parts)
            new.replace(target)
        except BaseException:
            with suppress(OSError):
                new.unlink()
            raise
    except OSError as error:
        raise SynergyError(f"{display_path(path)}: cannot be written: {error.strerror or error}.") from error
