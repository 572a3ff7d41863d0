"""Merges imported questions into a course, keeping an author's edits."""

from __future__ import annotations

import os
import re
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synergy_cli.course.compiler import topic_of
from synergy_cli.course.course import topic_title
from synergy_cli.course.files import BANK, display_path
from synergy_cli.formats import imported
from synergy_cli.formats.course_folder import with_changes
from synergy_cli.formats.imported import Imported, digest, digests
from synergy_cli.formats.yaml_text import header_text, question_text
from synergy_cli.records import NamedTuple
from synergy_cli.text import clean, identifier, shorten, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synergy_cli.formats.course_folder import Block, CourseFolder
    from synergy_cli.formats.format import Item

MOST_IN_A_FILE = 2_000
"""The maximum number of questions per file, below the limits of a course."""
MOST_CHARACTERS = 4 * 1024 * 1024
_LONGEST_NAME = 60
_LONGEST_TITLE = 500
_OURS = ("id", "revision")
_WORDING = (
    "stem",
    "distractors",
    "shuffle",
    "place",
    "places",
    "rationale",
    "hint",
    "level",
    "tags",
    "passage",
    "sources",
)
"""Fields that do not affect which answer is right."""
_NUMBER = re.compile(r"(\d+)-")


class Change(NamedTuple):
    """A question already in the course: its line in the input, its id, and the fields that differ."""

    line: int
    id: str
    fields: tuple[str, ...]


class Merged(NamedTuple):
    """The effect of an import on a course.

    Attributes:
        added: the ids of new questions.
        updated: those changed to match the input.
        kept: those that differ from the input and stay, because they were edited in the course or have another origin.
        deleted: the ids of those deleted from the course, which stay deleted.
        missing: the ids of those from an earlier import that the input no longer has; they stay.
        unchanged: the number of all others.
    """

    added: tuple[str, ...]
    updated: tuple[Change, ...]
    kept: tuple[Change, ...]
    deleted: tuple[str, ...]
    missing: tuple[str, ...]
    unchanged: int

    def document(self) -> dict[str, Any]:
        """Return it as data for `--json`."""
        changes = {name: [change._asdict() for change in getattr(self, name)] for name in ("updated", "kept")}
        return {**self._asdict(), **changes}


def merge(
    course: CourseFolder, found: Mapping[str, Item], source: str, *, replaces: bool = False
) -> tuple[Merged, dict[str, str]]:
    """Return what happens to the questions of an input, and the texts of the files to write, by path.

    A new course is named after the input file, `source`. Questions edited in the course stay unless the import
    `replaces` them.

    Raises SynergyError if a file of the course cannot be added to.
    """
    fates = {name: _fate(name, arrival, course, replaces=replaces) for name, arrival in found.items()}
    by_sort = {sort: [name for name, fate in fates.items() if fate.sort is sort] for sort in _Sort}
    title, topics = _topics(found)
    added = {name: (topics[name], fates[name].text) for name in by_sort[_Sort.ADDED]}
    replaced: dict[str, dict[int, str]] = {}
    for name in by_sort[_Sort.UPDATED]:
        block = course.blocks[name]
        replaced.setdefault(block.file, {})[block.start] = fates[name].text
    texts = _texts(course, added, replaced, title or Path(source).stem)
    written = [*added, *by_sort[_Sort.UPDATED], *by_sort[_Sort.SAME]]
    new = {name: Imported(digest(fates[name].text), *digests(found[name].data), source) for name in written}
    if new.items() - course.records.items():
        texts[imported.FILE] = imported.encode({**course.records, **new})
    missing = (name for name, record in course.records.items() if record.source == source and name not in found)
    changes = {
        sort: tuple(Change(found[name].line, name, fates[name].fields) for name in by_sort[sort]) for sort in _Sort
    }
    return Merged(
        tuple(added),
        changes[_Sort.UPDATED],
        changes[_Sort.KEPT],
        tuple(by_sort[_Sort.DELETED]),
        tuple(name for name in missing if name in course.blocks),
        len(by_sort[_Sort.SAME]) + len(by_sort[_Sort.SETTLED]),
    ), texts


class _Sort(Enum):
    """What happens to a question of the input."""

    ADDED = 1
    UPDATED = 2
    SAME = 3
    """The course has exactly the text that the import would write."""
    SETTLED = 4
    """The course has it in a different style, or edited since its last import."""
    KEPT = 5
    DELETED = 6


class _Fate(NamedTuple):
    """The fate of a question, its text if it is written, and the fields that differ from the course."""

    sort: _Sort
    text: str
    fields: tuple[str, ...] = ()


def _fate(identity: str, arrival: Item, course: CourseFolder, *, replaces: bool) -> _Fate:
    """Decide about a question: a deleted one stays deleted, an edited one stays unless the import `replaces` it."""
    block, record = course.blocks.get(identity), course.records.get(identity)
    text = question_text({"id": identity, **_revised(arrival.data, block)})
    if block is None:
        return _Fate(_Sort.ADDED if record is None else _Sort.DELETED, text)
    fields = _differences(arrival.data, block)
    if text == block.text:
        return _Fate(_Sort.SAME, text)
    if not fields:
        return _Fate(_Sort.SETTLED, text)
    if replaces or (record is not None and record.text == digest(block.text)):
        return _Fate(_Sort.UPDATED, text, fields)
    known = record is not None and (record.stem, record.rest) == digests(arrival.data)
    return _Fate(_Sort.SETTLED if known else _Sort.KEPT, text, fields)


def _revised(data: Mapping[str, Any], block: Block | None) -> dict[str, Any]:
    """Return a question with its revision in the course, raised if a different answer is now right."""
    if block is None:
        return dict(data)
    known = str(block.data.get("revision", "1"))
    raised = any(name not in _WORDING for name in _differences(data, block))
    number = max((int(known) if known.isdecimal() else 1) + raised, int(data.get("revision", 1)))
    return {**data, "revision": number} if number > 1 else dict(data)


def _differences(data: Mapping[str, Any], block: Block) -> tuple[str, ...]:
    """Return the names of the fields that differ between a question and the one in the course."""
    own, known = _texts_of(dict(data)), _texts_of(block.data)
    return tuple(name for name in {**own, **known} if name not in _OURS and own.get(name) != known.get(name))


def _texts_of(value: Any) -> Any:  # noqa: ANN401  plain data
    """Return data as YAML represents it here, with numbers and booleans as text."""
    if isinstance(value, dict):
        return {name.strip(): _texts_of(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_texts_of(part) for part in value]
    return str(value).lower() if isinstance(value, bool) else str(value).rstrip()


def _topics(found: Mapping[str, Item]) -> tuple[str, dict[str, str]]:
    """Return the outermost part shared by all topics, if any topic has more parts, and the titles without it."""
    paths = {name: arrival.topic for name, arrival in found.items()}
    first = {path[:1] for path in paths.values()}
    shared = len(first) == 1 and max(map(len, paths.values())) > 1
    title = "".join(*first) if shared else ""
    return title, {name: " ".join(path[shared:]) for name, path in paths.items()}


def _texts(
    course: CourseFolder, added: Mapping[str, tuple[str, str]], replaced: Mapping[str, Mapping[int, str]], title: str
) -> dict[str, str]:
    """Return the texts of the files that change, by path; `title` is that of a new course.

    `added` has topic and text of each new question, `replaced` the new texts of existing ones by file and first line.
    """
    shelves = _Shelves(course)
    for topic, text in added.values():
        shelves.add(topic, text)
    if shelves.new and BANK not in course.files:
        shelves.new.setdefault(BANK, [])
    texts = {}
    for name in {**replaced, **shelves.new}:
        added_here = shelves.new.get(name, [])
        if name in course.files:
            shown = display_path(course.folder / name)
            texts[name] = with_changes(shown, course.files[name], replaced.get(name, {}), added_here)
        else:
            head = header_text(_header(course.folder, title) if name == BANK else shelves.heads.get(name, {}))
            listed = "\n\n".join(added_here)
            texts[name] = f"{head}questions:\n{listed}\n" if listed else head
    return texts


class _Shelves:
    """Finds a file for each new question: one per topic, or several for very many questions.

    Attributes:
        new: the texts of the new questions, by file.
        heads: the fields above the questions, by file, if the file's name does not give the topic's title.
    """

    def __init__(self, course: CourseFolder) -> None:
        self.new: dict[str, list[str]] = {}
        self.heads: dict[str, dict[str, str]] = {}
        self._sizes = {name: (len(file.starts), sum(map(len, file.lines))) for name, file in course.files.items()}
        self._topics = {topic_of(Path(name).stem): name for name in course.files if name != BANK} | {"": BANK}
        self._last = max([0, *(int(found[1]) for name in course.files if (found := _NUMBER.match(Path(name).name)))])

    def add(self, title: str, text: str) -> None:
        """Add a question to the file of its topic."""
        base, number = (identifier(title) or slug(title))[:_LONGEST_NAME].strip("-"), 1
        while True:
            name = self._file(f"{base or 'part'}-{number}" if number > 1 else base)
            count, size = self._sizes.get(name, (0, 0))
            if count < MOST_IN_A_FILE and size + len(text) < MOST_CHARACTERS:
                break
            number += 1
        self._sizes[name] = (count + 1, size + len(text))
        self.new.setdefault(name, []).append(text)
        named = shorten(clean(title), _LONGEST_TITLE)
        if named and named != topic_title(topic_of(Path(name).stem)):
            self.heads[name] = {"title": named}

    def _file(self, topic: str) -> str:
        if topic not in self._topics:
            self._last += 1
            self._topics[topic] = f"questions/{self._last:02}-{topic}.yaml"
        return self._topics[topic]


def _header(folder: Path, given: str) -> dict[str, Any]:
    """Return the header of a new course."""
    title = " ".join(clean(given).replace("_", " ").replace("-", " ").split())
    whole = Path(os.path.abspath(folder))  # noqa: PTH100  Path.absolute keeps `..`
    identity = identifier(whole.name) or identifier(title) or "imported"
    return {"format": 1, "id": identity, "title": title[:1].upper() + title[1:] or identity}
