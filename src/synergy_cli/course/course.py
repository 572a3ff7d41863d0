"""A course as the rest of the program sees it: its contents, pages, questions, sources and terms.

Each part comes from the cache when its files are unchanged, and is compiled from them when not.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli.course.files import BANK, REFERENCES, Known, gone, read_text
from synergy_cli.course.page import file_identity, from_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from synergy_cli.course.cache import Cache
    from synergy_cli.course.compiler import Compiler
    from synergy_cli.course.files import Files
    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import ContentsEntry, Page
    from synergy_cli.course.question import Question
    from synergy_cli.course.sources import Source


PART = 128
"""Questions that are kept together: a session reads the parts from which it asks, not a whole bank."""


class Manifest(NamedTuple):
    """What a course says of itself: id, title, language, licence, and how many questions ask about each page."""

    id: str
    title: str
    language: str
    licence: str
    counts: dict[str, int]

    @property
    def questions(self) -> int:
        """Count all questions."""
        return sum(self.counts.values())


class QuestionOutline(NamedTuple):
    """A question as the outline of the bank lists it: all that is needed to choose it.

    Attributes:
        id: of the question.
        revision: of the question.
        passage: page and heading that answer it.
    """

    id: str
    revision: int
    passage: str

    @property
    def key(self) -> tuple[str, int]:
        """Return id and revision, under which its card is kept."""
        return self.id, self.revision

    @property
    def page(self) -> str:
        """The id of its page."""
        return self.passage.partition("#")[0]


class Course:
    """A course's folder. Each part is read when it is asked for, and then kept."""

    def __init__(self, files: Files, cache: Cache) -> None:
        """Open a course.

        Args:
            files: of which it is made.
            cache: keeps what was compiled.
        """
        self.folder = files.folder
        self._files = files
        self._cache = cache
        self._parts: dict[int, Any] = {}

    @cached_property
    def manifest(self) -> Manifest:
        """Return what the course says of itself."""
        return Manifest(*self._cache.fetch("manifest", self._everything, lambda: self._compiler.bank[0]))

    @cached_property
    def entries(self) -> tuple[ContentsEntry, ...]:
        """The contents, in order."""
        files = self._files.pages
        return tuple(from_plain(self._cache.fetch("contents", files, self._build_entries)))

    @property
    def titles(self) -> dict[str, str]:
        """The titles of all pages by id, in course order."""
        return {entry.id: entry.title for entry in self.entries}

    def page(self, identity: str) -> tuple[Page, dict[str, Source]]:
        """Return a page.

        Args:
            identity: its id.

        Returns:
            The page, and the sources that it cites, by key.

        Raises:
            ContentError: the page, or what it refers to, is at fault.
        """
        inputs = [*self._files.pages, *self._files.references]
        page, sources = self._cache.fetch(f"page {identity}", inputs, lambda: self._compiler.page(identity))
        return from_plain(page), self._by_key(sources)

    def markdown(self, identity: str) -> str:
        """Return the Markdown of a page as its author wrote it, without the front matter.

        Args:
            identity: the page's id.
        """
        from synergy_cli.course.markdown import split_front_matter  # noqa: PLC0415  a page from the cache needs neither

        paths = (path for path in self._files.pages if (file_identity(path.name) or (0, ""))[1] == identity)
        path = next(paths, None)
        if path is None:
            raise gone(self.folder / "pages", f"the page `{identity}`")
        return split_front_matter(read_text(self.folder, path))[1]

    @cached_property
    def outline(self) -> tuple[QuestionOutline, ...]:
        """List all questions, in page order, then in the bank's, without their texts."""
        return tuple(
            QuestionOutline(*item) for item in self._cache.fetch("outline", self._everything, self._plain_outline)
        )

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order of the outline."""
        return tuple(self.pick(self.outline))

    def pick(self, items: Iterable[QuestionOutline]) -> list[Question]:
        """Return some questions.

        Args:
            items: of the outline.

        Returns:
            A question for each, in their order. Only the parts of the bank in which they stand are read.
        """
        from synergy_cli.course.question_types import build  # noqa: PLC0415  a page does not need it

        places = Known(self.folder / BANK, "question", {item.id: place for place, item in enumerate(self.outline)})
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
            with suppress(IndexError):  # the bank has fewer parts than its outline
                self._parts[number] = self._cache.fetch_part("questions", self._everything, number, self._plain_parts)
        return self._parts.get(number, [])

    def _plain_parts(self) -> list[Any]:
        bank = self._compiler.bank[1]
        return [bank[start : start + PART] for start in range(0, len(bank), PART)]

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources, by key."""
        return self._by_key(self._cache.fetch("sources", self._files.references, self._plain_sources))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The glossary, in alphabetical order."""
        from synergy_cli.course.glossary import terms_of  # noqa: PLC0415  a page does not need it

        inputs = [*self._files.glossary, *self._files.references]
        return terms_of(self._cache.fetch("glossary", inputs, lambda: self._compiler.terms))

    def references(self) -> list[Any]:
        """Return the sources as CSL data, as they stand in the file."""
        return self._compiler.csl()

    @property
    def _everything(self) -> list[Path]:
        return [*self._files.bank, *self._files.pages, *self._files.references]

    @cached_property
    def _compiler(self) -> Compiler:
        from synergy_cli.course.compiler import Compiler  # noqa: PLC0415  what comes from the cache does not need it

        return Compiler(self._files)

    def _build_entries(self) -> Any:  # noqa: ANN401  plain data
        return self._compiler.entries()

    def _plain_outline(self) -> list[Any]:
        return [[item[name] for name in QuestionOutline._fields] for item in self._compiler.bank[1]]

    def _plain_sources(self) -> list[Any]:
        return [list(source) for source in self._compiler.sources.values()]

    def _by_key(self, plain: list[Any]) -> dict[str, Source]:
        from synergy_cli.course.sources import Source  # noqa: PLC0415  1.4 ms that contents and completion do not pay

        sources = ((key, Source(key, tuple(authors), *rest)) for key, authors, *rest in plain)
        return Known(self.folder / REFERENCES, "source", sources)
