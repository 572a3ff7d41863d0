"""Pages and contents shown, and as JSON documents; how a learner stands with each page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.course.page import Marks, Page, plain_texts
from synergy_cli.course.sources import source_document
from synergy_cli.history.scheduler import STANDINGS, standing
from synergy_cli.ui import lists, pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.lookup import Target
    from synergy_cli.course.page import ContentsEntry
    from synergy_cli.course.sources import Source
    from synergy_cli.history.history import History
    from synergy_cli.ui.terminal import Terminal


SCHEMA = 1


def marks(course: Course, history: History | None) -> dict[str, Marks]:
    """Look up how a learner stands with each page.

    Args:
        course: whose pages they are.
        history: of the learner; None when nothing was learnt yet.

    Returns:
        The marks by page id.
    """
    identity = course.manifest.id
    read, cards, today = (
        (history.pages(identity), history.cards(identity), history.today) if history is not None else ({}, {}, 0)
    )
    found = {entry.id: Marks(entry.id in read, dict.fromkeys(STANDINGS, 0)) for entry in course.entries}
    if not cards:
        for entry in course.entries:
            found[entry.id].standings["untested"] = course.manifest.counts.get(entry.id, 0)
        return found
    for item in course.outline:
        if item.page in found:
            found[item.page].standings[standing(cards.get(item.key), today)] += 1
    return found


def next_unread(course: Course, history: History) -> ContentsEntry | None:
    """Find the first page that was not read; None when all were."""
    read = history.pages(course.manifest.id)
    return next((entry for entry in course.entries if entry.id not in read), None)


def show_contents(course: Course, marks: Mapping[str, Marks], terminal: Terminal) -> None:
    """Show the contents of a course, with how the learner stands with each page."""
    terminal.page(lists.contents(course.manifest, course.entries, marks, terminal.look), course.manifest.title)


def show(course: Course, chosen: Sequence[Target], terminal: Terminal) -> None:
    """Show pages and passages, one below the other, through the pager when they are long.

    Args:
        course: whose they are.
        chosen: what to show.
        terminal: where.
    """
    parts = []
    for target in chosen:
        page, sources = course.page(target.entry.id)
        if target.heading:
            parts.append(pages.passage(page.passage(target.heading), page, sources, terminal.look))
        else:
            asked = course.manifest.counts.get(page.id, 0) > 0
            parts.append(pages.page(page, sources, course.entries, terminal.look, asked=asked))
    title = chosen[0].entry.title if len(chosen) == 1 else course.manifest.title
    place = f" ({chosen[0].entry.number}/{len(course.entries)})" if len(chosen) == 1 else ""
    terminal.page(pages.chapters(parts, terminal.look), f"{title}{place}")


def contents_document(course: Course, marks: Mapping[str, Marks]) -> dict[str, Any]:
    """Give the contents, with how the learner stands with each page, as a document for programs."""
    manifest = course.manifest
    return {
        "schema": SCHEMA,
        "course": {
            "id": manifest.id,
            "title": manifest.title,
            "language": manifest.language,
            "licence": manifest.licence,
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
                "standings": marks[entry.id].standings,
            }
            for entry in course.entries
        ],
    }


def pages_document(course: Course, chosen: Sequence[Target]) -> dict[str, Any]:
    """Give pages as a document for programs."""
    return {"schema": SCHEMA, "sections": [_page_document(*course.page(t.entry.id), t.heading) for t in chosen]}


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
