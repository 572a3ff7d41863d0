"""Pages as one document of Pandoc Markdown, with their sources."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from synergy_cli.course.files import display_path
from synergy_cli.course.page import Cite, ListBlock, Paragraph, Span
from synergy_cli.course.pandoc_blocks import PandocWriter, attribute, escaped, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.lookup import SectionRef
    from synergy_cli.course.page import Block, Claim, Page

_CSL_TAG = re.compile(r"(</?(?:i|b|sup|sub|sc|span)>|<span (?:class|style)=\"[\w: ;-]*\">)")


def markdown(course: Course, chosen: Sequence[SectionRef]) -> str:
    """Return pages as one document with sources as metadata, ready for `pandoc --citeproc`."""
    shown = [_cut_out(course.page(target.entry.id)[0], target.heading) for target in chosen]
    cited = {key for page in shown for key in page.citations}
    csl = [item for item in course.references() if isinstance(item, dict) and item.get("id") in cited]
    title = shown[0].title if len(shown) == 1 else course.manifest.title
    head = ["---", f"title: {quoted(literal(title))}", f"lang: {quoted(course.manifest.language)}"]
    head += (
        [f"author: {quoted([literal(name) for name in course.manifest.authors])}"] if course.manifest.authors else []
    )
    head += ["references:", *(f"- {quoted(_escaped_csl(item))}" for item in csl)] if csl else []
    several = len(shown) > 1
    links = {page.id: f"#{page.id}" for page in shown if several}
    for page in shown:
        start = f"{page.id}:" if several else ""
        links |= {f"{page.id}#{heading.id}": f"#{start}{heading.id}" for heading in page.headings}
    bodies = [_body(page, links, lambda path: address(course.folder, path), several=several) for page in shown]
    return "\n".join([*head, "---", "", "\n\n".join(bodies), ""])


def _cut_out(page: Page, heading: str) -> Page:
    """Return the page with only the requested passage, or all of it."""
    return page._replace(summary="", claims=(), blocks=page.passage(heading)) if heading else page


def quoted(value: Any) -> str:  # noqa: ANN401  plain data
    """Return data as a value for the YAML metadata of a document."""
    return json.dumps(value, ensure_ascii=False)


def _escaped_csl(value: Any) -> Any:  # noqa: ANN401  plain data
    """Escape the texts of a source, which Pandoc reads as Markdown, except for CSL's own tags."""
    if isinstance(value, dict):
        return {name: _escaped_csl(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_escaped_csl(item) for item in value]
    if not isinstance(value, str):
        return value
    first, *rest = _CSL_TAG.split(" ".join(value.split()))
    return literal(first) + "".join(escaped(part) if number % 2 else part for number, part in enumerate(rest))


def address(folder: Path, path: str) -> str:
    """Return the address of a picture relative to the current folder, where Pandoc looks for it."""
    if path.startswith(("https://", "http://")):
        return path
    return quote(os.fsencode(Path(display_path(folder / path)).as_posix()))


def _body(page: Page, links: dict[str, str], address_of: Callable[[str], str], *, several: bool) -> str:
    own = {link.removeprefix(page.id): target for link, target in links.items() if link.startswith(f"{page.id}#")}
    writer = PandocWriter(links | own, f"{page.id}:" if several else "", address_of)
    parts = [f"# {literal(page.title)}{attribute(page.id)}"] if several else []
    if page.summary:
        parts.append(writer.blocks([Paragraph((Span(page.summary, "emphasis"),))]))
    parts.append(writer.blocks(page.blocks))
    if page.claims:
        parts += ["## Evidence", writer.blocks([_evidence(page.claims)])]
    return "\n\n".join(part for part in parts if part)


def _evidence(claims: Sequence[Claim]) -> Block:
    items = []
    for claim in claims:
        grade = Span(claim.grade.capitalize(), "emphasis")
        words = Span(f"{' '.join(claim.claim.split())} ")
        items.append((Paragraph((words, grade, Span(" "), Cite(claim.sources), Span("."))),))
    return ListBlock(None, tuple(items))
