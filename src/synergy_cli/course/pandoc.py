"""Pages as one document of Pandoc Markdown, with their sources."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from markdown_it.tree import SyntaxTreeNode

from synergy_cli.course.markdown import PageParser
from synergy_cli.course.markdown_tokens import MAX_STEPS, Definitions, Work, tokenize
from synergy_cli.course.page import (
    Heading,
    Page,
)
from synergy_cli.parsing.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.course.lookup import Target


class _Start(NamedTuple):
    """A heading's first line and the last line of its text, counted from 0; its level and id."""

    line: int
    end: int
    level: int
    id: str


def cut(source: str, heading: str, name: Callable[[str], str]) -> str:
    """Return one passage of a page's Markdown, or all for an empty `heading`, with ids in Pandoc's form.

    The passage ends at the next heading of its level or above. `name` returns the id to write for an id of the page.
    The page must have no fault.
    """
    starts = list(_heading_starts(source))
    lines = source.split("\n")
    for start in starts:
        lines[start.end] = f"{lines[start.end].rstrip()} {{#{name(start.id)}}}"
    if not heading:
        return "\n".join(lines)
    place = next(number for number, start in enumerate(starts) if start.id == heading)
    first = starts[place]
    last = next((start.line for start in starts[place + 1 :] if start.level <= first.level), None)
    return "\n".join(lines[first.line : last])


def _heading_starts(source: str) -> Iterator[_Start]:
    reader = PageParser(source, Report(""), 1)
    for node in SyntaxTreeNode(tokenize(source, Work(MAX_STEPS), Definitions())).children:
        (block,) = reader.blocks([node])  # headings inside of others count for the ids of those that follow
        if isinstance(block, Heading) and node.map is not None:
            first, end = node.map
            underlined = not node.markup.startswith("#")
            yield _Start(first, end - 2 if underlined else first, block.level, block.id)


_ALERT = re.compile(r"^([> ]*> ?)\[!(\w+)\][ \t]*$", re.MULTILINE)
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|$^~@]")
_PAGE_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]{0,99}\]){0,200}+)\]\((?=[\d#])(?:\d+-([a-z0-9._-]+)\.md)?(?:#([\w-]+))?\)"
)


def markdown(course: Course, chosen: Sequence[Target]) -> str:
    """Return pages as one document with its sources as metadata, ready for `pandoc --citeproc`."""
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
    """Return the page with only the passage that is wanted, or all of it."""
    return page._replace(summary="", claims=(), blocks=page.passage(heading)) if heading else page


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _escaped(text: str) -> str:
    """Write plain text so that Pandoc reads it as plain text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _anchor(page: Page, heading: str, several: bool) -> str:  # noqa: FBT001  of the document
    """Return a heading's id, unique in a document of several pages."""
    return f"{page.id}:{heading}" if several else heading


def _markdown_text(course: Course, page: Page, heading: str, anchors: Mapping[tuple[str, str], str]) -> str:
    """Return the text of a page; a link to what this document lacks leaves its words."""

    def leading(match: re.Match[str]) -> str:
        anchor = anchors.get((match[2] or page.id, match[3] or ""))
        return f"[{match[1]}](#{anchor})" if anchor else match[1]

    body = cut(course.markdown(page.id), heading, lambda identity: anchors.get((page.id, identity), identity))
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
