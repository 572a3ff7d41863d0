"""Bookmarks: where reading stopped, and how much of each page was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.errors import SynergyError
from synergy_cli.history.events import Bookmark, Read
from synergy_cli.ui.leaf import Spot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synergy_cli.history.index import PageProgress
    from synergy_cli.history.log import LogWriter
    from synergy_cli.ui.reader import Visit

PAGE = "page:"
"""The prefix of places that are pages; the page's id follows."""
WHOLE = 100


class Bookmarks:
    """Records how far pages are read, in the history if there is one."""

    def __init__(self, log: LogWriter | None, course: str, known: Mapping[str, PageProgress]) -> None:
        """Record for a course, given by id, from the known state of its pages; without a log, only in memory."""
        self._log = log
        self._course = course
        self._shares = {page: reading.share for page, reading in known.items()}
        self._spots = {page: Spot(reading.heading, reading.words, 0) for page, reading in known.items()}
        self._finished: set[str] = set()
        self.trouble = ""
        """Why something could not be recorded; empty if everything was."""

    def spot(self, page: str) -> Spot | None:
        """Return where the learner stopped reading a page, given by id; None for its beginning."""
        spot = self._spots.get(page)
        return None if spot is None or spot.heading < 0 >= spot.words else spot

    def keep(self, visit: Visit) -> None:
        """Record a visit to a page, unless nothing has changed; `trouble` says why one could not be recorded."""
        page = visit.place.removeprefix(PAGE)
        if page == visit.place:
            return
        share = max(visit.share, self._shares.get(page, 0))
        if visit.share == WHOLE and page not in self._finished:
            self._finished.add(page)
            self._save(Read(page))
        elif page not in self._finished and (share, visit.spot) != (self._shares.get(page), self._spots.get(page)):
            self._save(Bookmark(page, visit.spot.heading, visit.spot.words, share))
        self._shares[page], self._spots[page] = share, visit.spot

    def _save(self, act: Read | Bookmark) -> None:
        if self._log is None or not self._course:
            return
        try:
            self._log.save(self._course, act)
        except SynergyError as error:
            self.trouble = str(error)
