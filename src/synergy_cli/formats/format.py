"""The interface of a format: it writes the questions of a bank, or reads them from a file, and reports losses."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from synergy_cli.course.files import decoded
from synergy_cli.errors import SynergyError
from synergy_cli.records import NamedTuple
from synergy_cli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from synergy_cli.course.course import Course
    from synergy_cli.course.question import Question
    from synergy_cli.formats.transfer import Transfer
    from synergy_cli.history.scheduler import Fitted, Learnt


MAX_QUESTIONS = 20_000
MAX_LINES = 500_000
_GUID = 16
"""Characters."""


class Bank(NamedTuple):
    """The input of an export: questions of a course, and the course's description of itself.

    Attributes:
        folder: the course's folder.
        topics: the titles of all topics by id, in course order.
        questions: in course order.
        course: the course, for a format with more than questions; None if only the questions are known.
        pages: the ids of the pages that belong to them.
        learnt: the learner's cards, by question id and revision; empty unless the export includes them.
        fitted: the learner's own scheduling parameters, if any and if the export includes them.
        changed: returns when the content of a question, given by its GUID and a digest of the content, last changed, in
            seconds since 1970 UTC.
    """

    folder: Path
    id: str
    title: str
    language: str
    topics: Mapping[str, str]
    questions: tuple[Question, ...]
    course: Course | None = None
    pages: tuple[str, ...] = ()
    learnt: Mapping[tuple[str, int], Learnt] = MappingProxyType({})
    fitted: Fitted | None = None
    changed: Callable[[str, str], int] = lambda _guid, _content: 0

    def topic(self, question: Question) -> str:
        """Return the title of a question's topic; empty if it has none."""
        return self.topics.get(question.topic, "")

    def guid(self, question: Question) -> str:
        """Return a globally unique name for a question: letters and digits, independent of its text."""
        return sha256(f"synergy:{self.id}:{question.id}".encode()).hexdigest()[:_GUID]


class Past(NamedTuple):
    """A review in another program: its time in microseconds since 1970 UTC, its rating from 1 to 4, its length."""

    at: int
    rating: int
    seconds: float


class Item(NamedTuple):
    """A question that was read.

    Attributes:
        line: where it begins in the input, counted from 1.
        data: its fields, without `id`, and finally without default values.
        topic: the titles of its topic and the topics around it, outermost first; may be empty.
        id: its permanent id in the input; may be empty.
        reviews: the logged reviews, in order of time.
        pictures: those in its texts that came with it, by their new paths in a course.
    """

    line: int
    data: dict[str, Any]
    topic: tuple[str, ...] = ()
    id: str = ""
    reviews: tuple[Past, ...] = ()
    pictures: Mapping[str, bytes] = {}

    @property
    def name(self) -> str:
        """Its name in remarks."""
        return self.id or shorten(str(self.data.get("stem", "")))


class Source:
    """The input of an import.

    Attributes:
        path: as a person would type it.
        data: the content of the file.
        key_base: the number of the first option, 0 or 1; None if unknown.
    """

    def __init__(self, path: str, data: bytes, key_base: int | None = None) -> None:
        """Take the content of a file."""
        self.key_base = key_base
        self.path = path
        self.data = data

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]

    @cached_property
    def text(self) -> str:
        r"""The content as text, with `\n` as the only line ending.

        Raises:
            ContentError: it is not UTF-8.
            SynergyError: it has more than `MAX_LINES` lines.
        """
        text = decoded(self.data, self.path).replace("\r", "\n")
        if text.count("\n") > MAX_LINES:
            raise SynergyError(f"{self.path} has more than {MAX_LINES:,} lines. Split it.")
        return text


if TYPE_CHECKING:
    Write = Callable[[Bank, Transfer], Iterator[str] | Iterator[bytes]]
    Read = Callable[[Source, Transfer], Iterator[Item]]


class Format(NamedTuple):
    """A format that other programs read or write.

    Attributes:
        name: as typed on the command line.
        title: its name in a sentence.
        suffixes: the file name extensions.
        write: returns the parts of a file; None if the format is only read.
        read: returns the questions of a file; None if the format is only written.
        holds: whether the start of a file looks like it; for files with unknown extensions.
        write_exam: as `write`, for a printable test with an answer sheet and a key; None if not supported.
        packed: whether a file is a binary package, which may contain a learner's reviews.
    """

    name: str
    title: str
    suffixes: tuple[str, ...] = ()
    write: Write | None = None
    read: Read | None = None
    holds: Callable[[bytes], object] = lambda _: False
    write_exam: Write | None = None
    packed: bool = False
