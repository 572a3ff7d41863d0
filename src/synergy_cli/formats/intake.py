"""An import, from the file to the course's new texts and the events of its reviews; nothing is written yet."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from synergy_cli.course.files import BANK
from synergy_cli.formats.course_folder import read_folder, references
from synergy_cli.formats.formats import IMPORTS
from synergy_cli.formats.ids import assign
from synergy_cli.formats.incoming import arrivals, with_paths
from synergy_cli.formats.merge import merge
from synergy_cli.formats.pictures import already_there
from synergy_cli.formats.transfer import Transfer
from synergy_cli.history.events import Answer, Event
from synergy_cli.history.memory import AGAIN
from synergy_cli.history.scheduler import ALGORITHM
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from synergy_cli.formats.format import Item, Past, Source
    from synergy_cli.formats.merge import Merged

_POLICY = "button"
"""The policy of answers whose rating the learner chose."""
_ID = 16
"""The number of hexadecimal digits."""


class Intake(NamedTuple):
    """The result of an import.

    Attributes:
        transfer: the report on reading.
        merged: what happens to each question in the course.
        files: the files to write, by path from the course's folder.
        reviews: the logged reviews, by question id.
    """

    transfer: Transfer
    merged: Merged
    files: dict[str, str | bytes]
    reviews: dict[str, tuple[Past, ...]]


def take_in(
    source: Source, form: str, folder: Path, *, replaces: bool = False, seen: Callable[[int], object] = int
) -> Intake:
    """Read the questions of a file and merge them into a course, which need not exist.

    Questions edited in the course stay, unless the import `replaces` them. `seen` is called with the line of each
    question.

    Raises:
        ContentError: the file is not text, or a file of the course cannot be used.
        SynergyError: the file has too many questions, or a file of the course cannot be added to.
    """
    transfer = Transfer()
    course = read_folder(folder)
    items = IMPORTS[form](source, transfer)
    found = arrivals(_watched(items, seen), *references(folder), transfer)
    found = _with_known_pictures(found, folder)
    named = assign(found, course.records, course.blocks, transfer)
    reviews = {name: arrival.reviews for name, arrival in named.items() if arrival.reviews}
    merged, texts = merge(course, named, source.name, replaces=replaces)
    written = [*merged.added, *(change.id for change in merged.updated)]
    pictures = {path: data for name in written for path, data in named[name].pictures.items()}
    fresh = {path: data for path, data in pictures.items() if not (folder / path).exists()}
    return Intake(transfer, merged, fresh | texts, reviews)


def _watched(items: Iterable[Item], seen: Callable[[int], object]) -> Iterator[Item]:
    for item in items:
        seen(item.line)
        yield item


def _with_known_pictures(found: list[Item], folder: Path) -> list[Item]:
    """Replace imported pictures in questions by identical ones in the course."""
    came = {path: data for arrival in found for path, data in arrival.pictures.items()}
    known = already_there(folder, came) if (folder / BANK).exists() else {}
    if not known:
        return found
    return [
        arrival._replace(
            data=with_paths(arrival.data, lambda path: known.get(path, path)),
            pictures={path: data for path, data in arrival.pictures.items() if path not in known},
        )
        for arrival in found
    ]


def events_of(
    course: str, revisions: Mapping[str, int], reviews: Mapping[str, Sequence[Past]], offset: int
) -> Iterator[Event]:
    """Yield the reviews of questions as events; their ids are the same each time they are read.

    Questions without a revision in the course are skipped. `offset` is the offset of local time, in seconds east of
    UTC.
    """
    for question, revision in revisions.items():
        for past in reviews.get(question, ()):
            identity = sha256(f"{course}:{question}:{past.at}".encode()).hexdigest()[:_ID]
            verdict = "right" if past.rating > AGAIN else "wrong"
            answer = Answer(
                question,
                revision,
                mode="review",
                typed="",
                given=(),
                verdict=verdict,
                confidence="",
                hinted=False,
                tries=1,
                seconds=past.seconds,
                rating=past.rating,
                policy=_POLICY,
                algorithm=ALGORITHM,
            )
            yield Event(identity, past.at, offset, course, answer)
