"""A course as the rest of the program uses it: contents, pages, questions, sources and terms.

Each part comes from the cache if its files are unchanged; otherwise it is compiled.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from synergy_cli.course.files import BANK, REFERENCES, Known, gone
from synergy_cli.course.page import from_plain
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from synergy_cli.course.cache import Cache
    from synergy_cli.course.compiler import Compiler
    from synergy_cli.course.files import Files
    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import ContentsEntry, Page
    from synergy_cli.course.question import Question
    from synergy_cli.course.sources import Source


PART = 32
"""The number of questions cached together: a session reads only the parts it needs, not the whole bank."""


class Manifest(NamedTuple):
    """A course's description of itself and its topics, the number of questions per topic, and what errors left out."""

    id: str
    title: str
    language: str
    licence: str
    description: str
    authors: list[str]
    version: str
    counts: dict[str, int]
    topic_titles: dict[str, str]
    left_out: list[str]

    @property
    def questions(self) -> int:
        """Count all questions."""
        return sum(self.counts.values())


class QuestionOutline(NamedTuple):
    """A question as listed in the outline of the bank: enough to choose it, without its text.

    Attributes:
        passage: the page and heading that answer it.
        file_topic: the topic from the name of its file.
        tags: the author's labels.
    """

    id: str
    revision: int
    passage: str
    file_topic: str = ""
    tags: Sequence[str] = ()

    @property
    def key(self) -> tuple[str, int]:
        """The key of its card: id and revision."""
        return self.id, self.revision

    @property
    def page(self) -> str:
        """The id of its page."""
        return self.passage.partition("#")[0]

    @property
    def topic(self) -> str:
        """The id of its page, or else of its file's topic; empty without either."""
        return self.page or self.file_topic


key_of = attrgetter("id", "revision")
"""Returns the key of an outline; for a large bank, twice as fast as `QuestionOutline.key`."""


def topic_title(name: str) -> str:
    """Return the title of a file's topic that has only an id."""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


class Course:
    """A course. Each part is read on demand, once."""

    def __init__(self, files: Files, cache: Cache) -> None:
        """Open a course; nothing is read yet."""
        self.folder = files.folder
        self._files = files
        self._cache = cache
        self._parts: dict[int, Any] = {}
        self.left_out: dict[str, None] = {}
        """The files and groups of questions left out so far because of errors."""

    @cached_property
    def manifest(self) -> Manifest:
        """The course's description of itself."""
        found = Manifest(*self._cache.fetch("manifest", self._everything, self._plain_manifest))
        self._note(found.left_out)
        return found

    def _plain_manifest(self) -> list[Any]:
        """Rebuild the manifest; only changed files with questions are read."""
        from synergy_cli.course.manifest import from_plain, manifest, tally  # noqa: PLC0415  a cached manifest needs none

        bank, compiler = self._files.bank, self._compiler
        name = "tally" if len(bank) == 1 else "tally of several"  # a file may only be empty if there are others
        plain = (self._cache.fetch(name, [path], partial(tally, compiler, path)) for path in bank)
        return manifest(compiler, map(from_plain, plain))

    @cached_property
    def entries(self) -> tuple[ContentsEntry, ...]:
        """The contents, in order."""
        inputs = [*self._files.pages, *self._files.references]
        entries, left_out = self._cache.fetch("contents", inputs, self._plain_entries)
        self._note(left_out)
        return tuple(from_plain(entries))

    def _note(self, left_out: Iterable[str]) -> None:
        self.left_out |= dict.fromkeys(left_out)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of all topics by id, in course order."""
        return {entry.id: entry.title for entry in self.topics}

    @cached_property
    def topics(self) -> tuple[ContentsEntry, ...]:
        """The pages, then the files whose questions have no page; these have the number 0 and nothing to read."""
        from synergy_cli.course.page import ContentsEntry  # noqa: PLC0415  the contents come from the cache

        pages = {entry.id for entry in self.entries}
        names = [name for name, count in self.manifest.counts.items() if count and name and name not in pages]
        titles = {name: self.manifest.topic_titles.get(name) or topic_title(name) for name in names}
        return (*self.entries, *(ContentsEntry(0, name, title, "", 0, (), ()) for name, title in titles.items()))

    def page(self, identity: str) -> tuple[Page, dict[str, Source]]:
        """Return a page, and the sources it cites by key; ContentError if the page no longer exists."""
        inputs = [*self._files.pages, *self._files.references]
        page, sources = self._cache.fetch(f"page {identity}", inputs, lambda: self._compiler.page(identity))
        return from_plain(page), self._by_key(sources)

    @cached_property
    def outline(self) -> tuple[QuestionOutline, ...]:
        """All questions without their texts, in page order, then in bank order."""
        items = self._cache.fetch("outline", self._everything, self._plain_outline)
        return tuple(map(QuestionOutline._make, items))

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order of the outline."""
        return tuple(self.pick(self.outline))

    def pick(self, items: Iterable[QuestionOutline]) -> list[Question]:
        """Return the questions for some outlines, in the same order; only the needed parts of the bank are read."""
        from synergy_cli.course.question_types import build  # noqa: PLC0415  a page does not need it

        places = Known(self.folder / BANK, "question", {item.id: index for index, item in enumerate(self.outline)})
        return [build(self._data(item.id, places[item.id])) for item in items]

    def _data(self, identity: str, place: int) -> dict[str, Any]:
        """Return the plain data of a question; the bank may have changed since the outline was read."""
        part = self._part(place // PART)
        data: dict[str, Any] = part[place % PART] if place % PART < len(part) else {}
        if data.get("id") != identity:
            raise gone(self.folder / BANK, f"the question `{identity}`")
        return data

    def _part(self, number: int) -> Any:  # noqa: ANN401  plain data
        """Read a part of the bank."""
        if number not in self._parts:
            with suppress(IndexError):  # the bank now has fewer parts than its outline
                self._parts[number] = self._cache.fetch_part("questions", self._everything, number, self._plain_parts)
        return self._parts.get(number, [])

    def _plain_parts(self) -> list[Any]:
        bank = self._compiler.usable_questions
        return [bank[start : start + PART] for start in range(0, len(bank), PART)]

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources, by key."""
        sources, left_out = self._cache.fetch("sources", self._files.references, self._plain_sources)
        self._note(left_out)
        return self._by_key(sources)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The glossary, in alphabetical order."""
        from synergy_cli.course.glossary import terms_of  # noqa: PLC0415  a page does not need it

        inputs = [*self._files.glossary, *self._files.references]
        terms, left_out = self._cache.fetch("glossary", inputs, lambda: self._compiler.usable_terms)
        self._note(left_out)
        return terms_of(terms)

    def references(self) -> list[Any]:
        """Return the sources as CSL data, unchanged."""
        return self._compiler.csl()

    @property
    def _everything(self) -> list[Path]:
        return [*self._files.bank, *self._files.pages, *self._files.references, *self._files.glossary]

    @cached_property
    def _compiler(self) -> Compiler:
        from synergy_cli.course.compiler import Compiler  # noqa: PLC0415  what comes from the cache does not need it

        return Compiler(self._files)

    def _plain_entries(self) -> Any:  # noqa: ANN401  plain data
        return self._compiler.entries()

    def _plain_outline(self) -> list[Any]:
        return [[item[name] for name in QuestionOutline._fields] for item in self._compiler.usable_questions]

    def _plain_sources(self) -> list[Any]:
        return [[list(source) for source in self._compiler.usable_sources.values()], self._compiler.lost_sources]

    def _by_key(self, plain: list[Any]) -> dict[str, Source]:
        from synergy_cli.course.sources import Source  # noqa: PLC0415  1.4 ms that contents and completion do not pay

        sources = ((key, Source(key, tuple(authors), *rest)) for key, authors, *rest in plain)
        return Known(self.folder / REFERENCES, "source", sources)
