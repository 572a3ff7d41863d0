"""What the reader can show from a course: sections, terms and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.languages import say
from synergy_cli.parsing.report import ContentError
from synergy_cli.study.bookmarks import PAGE, Bookmarks
from synergy_cli.ui import lists, pages
from synergy_cli.ui.leaf import Leaf
from synergy_cli.ui.reader import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.lookup import SectionRef
    from synergy_cli.ui.leaf import Spot
    from synergy_cli.ui.reader import Visit
    from synergy_cli.ui.theme import Look


class Shelf:
    """The sections, terms and sources of a course, as a library for the reader."""

    def __init__(self, course: Course, bookmarks: Bookmarks | None = None, *, asks: bool = True) -> None:
        """Show a course, each page from its bookmark; `asks` says whether questions can be asked from the reader."""
        self._course = course
        self._bookmarks = bookmarks if bookmarks is not None else Bookmarks(None, "", {})
        self._asks = asks
        self._ids = [entry.id for entry in course.entries]

    def open(self, place: str, look: Look) -> Leaf | None:
        """Lay out a section, a term, or sources by key; None if it no longer exists or has errors."""
        sort, _, name = place.partition(":")
        page = name.partition("#")[0]
        try:
            if sort == "source":
                return self._sources(name.split(","), look)
            if sort == "term":
                return self._term(name, look)
            return self._page(page, look) if page in self._ids else None
        except ContentError:
            return None

    def neighbour(self, place: str, step: int) -> str:
        """Return the section `step` further on; empty before the first and after the last, and from a source."""
        at = self._place_of(place)
        if at is None or not 0 <= at + step < len(self._ids):
            return ""
        return f"{PAGE}{self._ids[at + step]}"

    def position(self, place: str) -> str:
        """Return a section's number and the total."""
        at = self._place_of(place)
        language = self._course.manifest.language
        return "" if at is None else say("{number} of {total}", language, number=at + 1, total=len(self._ids))

    def asked(self, place: str) -> bool:
        """Whether there are questions about a section."""
        return self._asks and self._course.manifest.counts.get(place.removeprefix(PAGE), 0) > 0

    def leads_on(self, place: str) -> bool:
        """Whether moving on at its end leaves the reader; not from a section."""
        del place
        return False

    def spot(self, place: str) -> Spot | None:
        """Return where the learner stopped reading a section; None for its beginning."""
        return self._bookmarks.spot(place.removeprefix(PAGE))

    def keep(self, visit: Visit) -> None:
        """Record how far a section was read."""
        self._bookmarks.keep(visit)

    def _place_of(self, place: str) -> int | None:
        name = place.removeprefix(PAGE)
        return self._ids.index(name) if name in self._ids else None

    def _page(self, name: str, look: Look) -> Leaf:
        page, sources = self._course.page(name)
        asked = self.asked(name)
        lines = pages.page(page, sources, self._course.entries, look, asked=asked)
        return Leaf(page.title, lines, look, len(page.headings))

    def _term(self, name: str, look: Look) -> Leaf | None:
        found = next((term for term in self._course.terms if term.name == name), None)
        return Leaf(name, lists.term(found, self._course.sources, look), look) if found else None

    def _sources(self, keys: Sequence[str], look: Look) -> Leaf | None:
        found = [self._course.sources[key] for key in keys if key in self._course.sources]
        title = found[0].label if len(found) == 1 else look.say("Sources")
        return Leaf(title, lists.sources(found, look), look) if found else None

    def several(self, chosen: Sequence[SectionRef], look: Look) -> Leaf:
        """Lay out pages and passages one below the other.

        Raises:
            ContentError: one has errors.
        """
        return Leaf.joined(self._course.manifest.title, [self._part(target, look) for target in chosen], look)

    def _part(self, target: SectionRef, look: Look) -> tuple[str, Leaf]:
        """Lay out a page, with its place, or a passage without one: its end is not the end of the page."""
        if not target.heading:
            return f"{PAGE}{target.entry.id}", self._page(target.entry.id, look)
        page, sources = self._course.page(target.entry.id)
        return "", Leaf(page.title, pages.passage(page.passage(target.heading), page, sources, look), look)


class LinkedText(Shelf):
    """A text that is not a place in the course, and what its links lead to."""

    def __init__(
        self, course: Course, leaf: Callable[[Look], Leaf], bookmarks: Bookmarks | None = None, *, asks: bool = True
    ) -> None:
        """Show the text that `leaf` lays out; `bookmarks` and `asks` are as for a shelf."""
        super().__init__(course, bookmarks, asks=asks)
        self._leaf = leaf

    def open(self, place: str, look: Look) -> Leaf | None:
        """Lay out the text, or the target of a link."""
        return self._leaf(look) if place == TEXT else super().open(place, look)


class OnePassage(LinkedText):
    """One passage by itself, and what its links lead to; nothing is recorded."""

    def asked(self, place: str) -> bool:
        """Whether there are questions about the passage."""
        return self._asks and place == TEXT

    def leads_on(self, place: str) -> bool:
        """Whether moving on at its end leaves the reader, for its questions or the next passage."""
        return place == TEXT
