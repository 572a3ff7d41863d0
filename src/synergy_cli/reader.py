"""What `explain` does: sections are looked up, and given as pages, as passages, as Markdown or as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli import views
from synergy_cli.errors import UsageError
from synergy_cli.pages import Marks, Page, find, plain_texts
from synergy_cli.scheduler import STANDINGS, standing
from synergy_cli.text import nearest, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from synergy_cli.content import Course
    from synergy_cli.history import History
    from synergy_cli.pages import Entry
    from synergy_cli.references import Source
    from synergy_cli.terminal import Terminal

SCHEMA = 1
_ALERT = re.compile(r"^([> ]*> ?)\[!(\w+)\][ \t]*$", re.MULTILINE)
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|$^~@]")
_PAGE_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]{0,99}\]){0,200}+)\]\((?=[\d#])(?:\d+-([a-z0-9._-]+)\.md)?(?:#([\w-]+))?\)"
)


class Target(NamedTuple):
    """What is to be read: a page, or one passage of it."""

    entry: Entry
    heading: str

    def holds(self, passage: str) -> bool:
        """Tell whether a passage (page id, or `page#heading`) is part of it."""
        page, _, heading = passage.partition("#")
        return page == self.entry.id and self.heading in ("", heading)


def targets(entries: Sequence[Entry], wanted: Iterable[str]) -> list[Target]:
    """Look sections and passages up.

    Args:
        entries: the contents.
        wanted: sections as typed, each perhaps with `#` and the id of a heading, or a beginning of it.

    Returns:
        A target for each.

    Raises:
        UsageError: one is unknown or could be several.
    """
    return [_target(entries, *part.partition("#")[::2]) for part in wanted]


def _target(entries: Sequence[Entry], section: str, heading: str) -> Target:
    entry = find(entries, section)
    ids = [identity for identity, _ in entry.headings]
    heading = slug(heading)
    if not heading or heading in ids:
        return Target(entry, heading)
    begun = [identity for identity in ids if identity.startswith(heading)]
    if len(begun) == 1:
        return Target(entry, begun[0])
    meant = begun or nearest(heading, ids) or ids
    listed = "\n".join(f"  {entry.id}#{identity}" for identity in meant)
    fits = "several passages that begin with" if begun else "no passage"
    text = f"`{entry.id}` has {fits} `{heading}`:\n{listed}\nThe whole section: synergy explain {entry.id}"
    raise UsageError(text)


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


def next_unread(course: Course, history: History) -> Entry | None:
    """Find the first page that was not read; None when all were."""
    read = history.pages(course.manifest.id)
    return next((entry for entry in course.entries if entry.id not in read), None)


def show_contents(course: Course, marks: Mapping[str, Marks], terminal: Terminal) -> None:
    """Show the contents of a course, with how the learner stands with each page."""
    terminal.page(views.contents(course.manifest, course.entries, marks, terminal.look), course.manifest.title)


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
            parts.append(views.passage(page.passage(target.heading), page, sources, terminal.look))
        else:
            asked = course.manifest.counts.get(page.id, 0) > 0
            parts.append(views.page(page, sources, course.entries, terminal.look, asked=asked))
    title = chosen[0].entry.title if len(chosen) == 1 else course.manifest.title
    place = f" ({chosen[0].entry.number}/{len(course.entries)})" if len(chosen) == 1 else ""
    terminal.page(views.chapters(parts, terminal.look), f"{title}{place}")


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


def find_sources(sources: Mapping[str, Source], key: str | None) -> list[Source]:
    """Look a source up.

    Args:
        sources: by key.
        key: as typed, or a beginning of it; None for all.

    Returns:
        The sources that are meant.

    Raises:
        UsageError: there is none; the text names the nearest.
    """
    if key is None:
        return list(sources.values())
    if key in sources:
        return [sources[key]]
    found = [source for name, source in sources.items() if key and name.startswith(key)]
    if found:
        return found
    meant = nearest(key, list(sources))
    asked = f" Did you mean {' or '.join(meant)}?" if meant else ""
    text = f"There is no source `{key}`.{asked}\nAll sources: synergy sources"
    raise UsageError(text)


def source_document(source: Source) -> dict[str, Any]:
    """Give a source for programs."""
    return {
        "key": source.key,
        "authors": list(source.authors),
        "year": source.year,
        "title": source.title,
        "where": source.where,
        "url": source.url,
        "kind": source.kind,
        "note": source.note,
    }


def markdown(course: Course, chosen: Sequence[Target]) -> str:
    """Give pages as one document of Pandoc Markdown, with their sources in its metadata.

    Args:
        course: whose they are.
        chosen: what to give.

    Returns:
        Markdown that `pandoc --citeproc` renders as it stands.
    """
    shown = [_cut_out(course.page(target.entry.id)[0], target.heading) for target in chosen]
    cited = {key for page in shown for key in page.citations}
    csl = [item for item in course.references() if item.get("id") in cited]
    title = shown[0].title if len(shown) == 1 else course.manifest.title
    head = ["---", f"title: {_quoted(title)}", f"lang: {_quoted(course.manifest.language)}", "references:"]
    head += [f"- {json.dumps(item, ensure_ascii=False)}" for item in csl]
    several = len(shown) > 1
    anchors = {(page.id, heading.id): _anchor(page, heading.id, several) for page in shown for heading in page.headings}
    anchors |= {(page.id, ""): page.id for page in shown if several}
    bodies = [
        _markdown_page(page, _markdown_text(course, page, target.heading, anchors), several=several)
        for page, target in zip(shown, chosen, strict=True)
    ]
    return "\n".join([*(head if csl else head[:3]), "---", "", *bodies])


def _cut_out(page: Page, heading: str) -> Page:
    """Leave of a page the passage that is wanted; all of it when none is."""
    return page._replace(summary="", claims=(), blocks=page.passage(heading)) if heading else page


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _escaped(text: str) -> str:
    """Write plain text so that Pandoc reads it as plain text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _anchor(page: Page, heading: str, several: bool) -> str:  # noqa: FBT001  of the document
    """Name a heading; in a document of several pages, more than one may have the same words."""
    return f"{page.id}:{heading}" if several else heading


def _markdown_text(course: Course, page: Page, heading: str, anchors: Mapping[tuple[str, str], str]) -> str:
    """Give the text of a page; of a link to what this document does not have, the words stay."""

    def leading(match: re.Match[str]) -> str:
        anchor = anchors.get((match[2] or page.id, match[3] or ""))
        return f"[{match[1]}](#{anchor})" if anchor else match[1]

    body = course.markdown(page.id, heading, lambda identity: anchors.get((page.id, identity), identity))
    text = _PAGE_LINK.sub(leading, body.strip())
    return _ALERT.sub(lambda match: f"{match[1]}**{match[2].capitalize()}**\n{match[1].rstrip()}", text)


def _markdown_page(page: Page, text: str, *, several: bool) -> str:
    lines = [f"# {_escaped(page.title)} {{#{page.id}}}", ""] if several else []
    lines += [f"*{_escaped(page.summary)}*", ""] if page.summary else []
    lines += [text, ""]
    if page.claims:
        lines += ["## Evidence", ""]
        lines += [
            f"- {_escaped(claim.claim)} *{claim.grade.capitalize()}* [{'; '.join(f'@{key}' for key in claim.sources)}]."
            for claim in page.claims
        ]
        lines.append("")
    return "\n".join(lines)
