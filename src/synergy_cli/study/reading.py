"""Pages and contents, on the terminal and as JSON, with the learner's progress on each page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.course.page import Marks, Page, plain_texts
from synergy_cli.course.sources import source_document
from synergy_cli.history.scheduler import STEPS, step
from synergy_cli.ui import pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.lookup import SectionRef
    from synergy_cli.course.page import ContentsEntry
    from synergy_cli.course.sources import Source
    from synergy_cli.history.history import History
    from synergy_cli.history.index import PageProgress
    from synergy_cli.ui import elements
    from synergy_cli.ui.terminal import Terminal
    from synergy_cli.ui.theme import Look


def marks(course: Course, history: History | None) -> dict[str, Marks]:
    """Return the learner's marks by topic; without a history, no page is read and every question is new."""
    identity = course.manifest.id
    read, cards = (history.reading(identity), history.cards(identity)) if history is not None else ({}, {})
    by_page = {entry.id: _marks(read.get(entry.id)) for entry in course.topics}
    if not cards:
        for entry in course.topics:
            by_page[entry.id].steps["new"] = course.manifest.counts.get(entry.id, 0)
        return by_page
    for item in course.outline:
        if item.topic in by_page:
            by_page[item.topic].steps[step(cards.get(item.key))] += 1
    return by_page


def _marks(reading: PageProgress | None) -> Marks:
    read, share = (reading.day is not None, reading.share) if reading is not None else (False, 0)
    return Marks(read, dict.fromkeys(STEPS, 0), share)


def next_unread(course: Course, history: History) -> ContentsEntry | None:
    """Return the first unread page, or None."""
    read = history.pages(course.manifest.id)
    return next((entry for entry in course.entries if entry.id not in read), None)


def show(course: Course, chosen: Sequence[SectionRef], terminal: Terminal) -> bool:
    """Write pages and passages one below the other, or show them in a pager; return whether all of it was written."""
    title = chosen[0].entry.title if len(chosen) == 1 else course.manifest.title
    place = f" ({chosen[0].entry.number}/{len(course.entries)})" if len(chosen) == 1 else ""

    def view(look: Look) -> elements.Lines:
        return pages.chapters([_part(course, target, look) for target in chosen], look)

    return terminal.page(view, f"{title}{place}")


def _part(course: Course, target: SectionRef, look: Look) -> elements.Lines:
    """Render a page or a passage."""
    page, sources = course.page(target.entry.id)
    if target.heading:
        return pages.passage(page.passage(target.heading), page, sources, look)
    has_questions = course.manifest.counts.get(page.id, 0) > 0
    return pages.page(page, sources, course.entries, look, asked=has_questions)


def contents_document(course: Course, marks: Mapping[str, Marks]) -> dict[str, Any]:
    """Return the contents with the learner's progress as a JSON document."""
    manifest = course.manifest
    return {
        "course": {
            "id": manifest.id,
            "title": manifest.title,
            "language": manifest.language,
            "licence": manifest.licence,
            "description": manifest.description,
            "authors": manifest.authors,
            "version": manifest.version,
        },
        "sections": [
            {
                "number": entry.number,
                "id": entry.id,
                "title": entry.title,
                "summary": entry.summary,
                "minutes": entry.minutes,
                "questions": manifest.counts.get(entry.id, 0),
                "grades": list(entry.grades),
                "passages": [f"{entry.id}#{identity}" for identity, _ in entry.headings],
                "read": marks[entry.id].read,
                "read_share": marks[entry.id].share,
                "steps": marks[entry.id].steps,
            }
            for entry in course.entries
        ],
        "topics": [
            {
                "id": entry.id,
                "title": entry.title,
                "questions": manifest.counts.get(entry.id, 0),
                "steps": marks[entry.id].steps,
            }
            for entry in course.topics
            if not entry.number
        ],
    }


def pages_document(course: Course, chosen: Sequence[SectionRef]) -> dict[str, Any]:
    """Return pages as a JSON document."""
    return {"sections": [_page_document(*course.page(t.entry.id), t.heading) for t in chosen]}


def _page_document(page: Page, sources: dict[str, Source], heading: str) -> dict[str, Any]:
    return {
        "number": page.number,
        "id": page.id,
        "title": page.title,
        "summary": page.summary,
        "minutes": page.minutes,
        "passages": [
            {
                "id": f"{page.id}#{identity}" if identity else page.id,
                "title": title,
                "text": "\n\n".join(plain_texts(part)),
            }
            for identity, title, part in page.sections
            if heading in ("", identity)
        ],
        "claims": [
            {"claim": claim.claim, "grade": claim.grade, "sources": list(claim.sources)} for claim in page.claims
        ],
        "references": [source_document(sources[key]) for key in page.citations if key in sources],
    }
