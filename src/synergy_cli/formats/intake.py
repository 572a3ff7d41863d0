"""An import from the file to the texts of the course; nothing is written yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from synergy_cli.formats.course_folder import read_folder, references
from synergy_cli.formats.formats import IMPORTS
from synergy_cli.formats.ids import assign
from synergy_cli.formats.incoming import arrivals
from synergy_cli.formats.merge import merge
from synergy_cli.formats.transfer import Transfer

if TYPE_CHECKING:
    from pathlib import Path

    from synergy_cli.formats.format import Past, Source
    from synergy_cli.formats.merge import Merged


class Intake(NamedTuple):
    """What an import does.

    Attributes:
        transfer: what it read.
        merged: what becomes of the questions in the course.
        texts: the files to write, by their paths from the course's folder.
        reviews: those that the file logs, by question id.
    """

    transfer: Transfer
    merged: Merged
    texts: dict[str, str]
    reviews: dict[str, tuple[Past, ...]]


def take_in(source: Source, form: str, folder: Path, *, replaces: bool = False) -> Intake:
    """Read the questions of a file and merge them into a course, which need not exist.

    What was edited in the course stays, unless the import `replaces` it.

    Raises:
        ContentError: the file is not text, or a file of the course cannot be used.
        SynergyError: the file has too many questions, or a file of the course cannot be added to.
    """
    transfer = Transfer()
    course = read_folder(folder)
    found = arrivals(IMPORTS[form](source, transfer), *references(folder), transfer)
    named = assign(found, course.records, course.blocks, transfer)
    reviews = {name: arrival.reviews for name, arrival in named.items() if arrival.reviews}
    return Intake(transfer, *merge(course, named, source.name, replaces=replaces), reviews)
