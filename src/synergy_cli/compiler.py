"""A course's files read and checked: regular files inside its folder, bounded, UTF-8, every fault with its place.

Files are untrusted. Ids are looked up among what was found and never joined to a path. What comes out is plain data
that a cache can keep; `content` gives it out.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli import documents, glossary, markdown, pages, questions, references
from synergy_cli.errors import ContentError, Fault
from synergy_cli.files import read_text, shown
from synergy_cli.schema import IDENT, Field, ListOf, Place, Record, Report, Text, Word
from synergy_cli.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from synergy_cli.documents import Node
    from synergy_cli.files import Files
    from synergy_cli.pages import Page
    from synergy_cli.references import Source

MISSING = {
    "source": "references.yaml has no source `{}`",
    "page": "there is no page `{}`",
    "passage": "no page has the passage `{}`",
    "term": "the glossary has no term `{}`",
}


class _Question:
    """The kind of a bank's items, for a declared field."""

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        return questions.read_question(node, report)


_QUESTIONS = Field("questions", ListOf(_Question(), least=1), "The questions")
_HEADER = Record(
    (
        Field("format", Word(("1",)), "The format's version, 1"),
        Field("id", IDENT, "The course's permanent id"),
        Field("title", Text(), "The course's title"),
        Field("language", Text(), "The language of its texts, as `en`", required=False, default="en"),
        Field("licence", Text(), "The licence of its texts", required=False, default=""),
        _QUESTIONS,
    )
)
_MORE = Record((_QUESTIONS,))


class _Pages(NamedTuple):
    """The pages as they were read: page and report by id, the ids of those that could not be read, all faults."""

    read: dict[str, tuple[Page, Report]]
    unread: set[str]
    faults: list[Fault]


class Compiler:
    """Reads the files of one course. Each part is read once, when it is asked for; its faults come out together."""

    def __init__(self, files: Files) -> None:
        """Prepare to read.

        Args:
            files: of the course.
        """
        self._files = files

    def entries(self) -> Any:  # noqa: ANN401  plain data
        """Give the contents as plain data."""
        return pages.to_plain(tuple(pages.entry_of(page) for page in self.checked_pages.values()))

    def page(self, identity: str) -> Any:  # noqa: ANN401  plain data
        """Give a page, and the sources that it cites, as plain data.

        Raises:
            ContentError: it, or what it refers to, is at fault.
        """
        page = self.checked_pages[identity]
        return [pages.to_plain(page), [list(self.sources[key]) for key in page.citations]]

    def faults(self) -> tuple[Fault, ...]:
        """Check the whole course.

        Returns:
            All faults, in the order of files and lines; empty when there is none.
        """
        found: list[Fault] = []
        for part in ("sources", "checked_pages", "bank", "terms"):
            try:
                getattr(self, part)
            except ContentError as error:
                found.extend(error.faults)
        return ContentError(found).faults

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Read the sources from their file."""
        found: dict[str, Source] = {}
        for path in self._files.references:
            node, report = self._document(path)
            for item in items(node):
                source = references.read_source(item, report)
                if source is not None and source.key in found:
                    report.at(item, f"the source `{source.key}` stands here twice; expected it once")
                if source is not None:
                    found[source.key] = source
            if not items(node):
                report.at(node, "no sources; expected a list, or `references:` with a list")
            report.stop_on_faults()
        return found

    @cached_property
    def _pages(self) -> _Pages:
        """Read all pages from their files."""
        found = _Pages({}, set(), [])
        for number, path in enumerate(self._files.pages, start=1):
            identity = pages.file_identity(path.name)
            if identity is None:
                found.faults.append(Fault(shown(path), 1, 1, "no page's name; expected NN-id.md"))
                continue
            try:
                page, report = _read_page(self._files.folder, path, number, identity[1])
            except ContentError as error:
                found.unread.add(identity[1])
                found.faults.extend(error.faults)
                continue
            if page.id in found.read:
                report.at(Place(1, 1), f"the page id `{page.id}` belongs to another file too; expected it once")
            found.faults.extend(report.faults)
            found.read[page.id] = (page, report)
        return found

    @cached_property
    def checked_pages(self) -> dict[str, Page]:
        """Give the pages, by id, when neither they nor what they refer to is at fault."""
        read = self._pages.read
        missing = [fault for page, report in read.values() for fault in self._missing(report, page.id)]
        if self._pages.faults or missing:
            raise ContentError([*self._pages.faults, *missing])
        return {identity: page for identity, (page, _) in read.items()}

    @cached_property
    def bank(self) -> tuple[list[Any], list[dict[str, Any]]]:
        """Read and check the bank: what a `content.Manifest` is made of, and the questions, in page order."""
        faults: list[Fault] = []
        items: list[dict[str, Any]] = []
        header: dict[str, Any] = {}
        seen: set[str] = set()
        for path in self._files.bank:
            try:
                node, report = self._document(path)
            except ContentError as error:
                faults.extend(error.faults)
                continue
            data = (_MORE if header else _HEADER).read(node, report)
            header = header or data
            _refuse_known_ids(node, seen, report)
            faults.extend([*report.faults, *self._missing(report)])
            items.extend(data.get("questions") or ())
        if faults:
            raise ContentError(faults)
        return self._ordered(header, items)

    def _ordered(self, header: dict[str, Any], items: list[dict[str, Any]]) -> tuple[list[Any], list[dict[str, Any]]]:
        order = {identity: place for place, identity in enumerate(self._pages.read)}
        counts = dict.fromkeys(order, 0)
        for item in items:
            page = item["passage"].partition("#")[0]
            counts[page] = counts.get(page, 0) + 1
        manifest = [*(header[name] for name in ("id", "title", "language", "licence")), counts]
        return manifest, sorted(items, key=lambda item: order.get(item["passage"].partition("#")[0], len(order)))

    @cached_property
    def terms(self) -> dict[str, Any]:
        """Read and check the glossary."""
        data: dict[str, Any] = {}
        for path in self._files.glossary:
            node, report = self._document(path)
            data = glossary.GLOSSARY.read(node, report)
            report.faults.extend(self._missing(report, terms=data))
            report.stop_on_faults()
        return data

    def _missing(self, report: Report, here: str = "", terms: Iterable[str] = ()) -> list[Fault]:
        """Find what a file names and the course does not have."""
        faults = []
        for what, name, line, column in report.mentions:
            known = terms if what == "term" else self._passages if what == "passage" else self._source_keys
            full = f"{here}{name}" if what == "passage" and name.startswith("#") else name
            unsure = what == "passage" and full.partition("#")[0] in self._pages.unread
            if known is not None and full not in known and not unsure:
                near = nearest(full, list(known), most=1)
                hint = f"did you mean `{near[0]}`?" if near else "expected one that exists"
                said = MISSING["page" if what == "passage" and "#" not in full else what].format(full)
                faults.append(Fault(report.path, line, column, f"{said}; {hint}"))
        return faults

    @cached_property
    def _passages(self) -> set[str]:
        """Name all passages of the pages that could be read."""
        read = [page for page, _ in self._pages.read.values()]
        headings = {f"{page.id}#{heading.id}" for page in read for heading in page.headings}
        return headings | {page.id for page in read}

    @cached_property
    def _source_keys(self) -> set[str] | None:
        """Name all sources; None when their file is at fault."""
        try:
            return set(self.sources)
        except ContentError:
            return None

    def csl(self) -> list[Any]:
        """Give the sources as CSL data, as they stand in the file."""
        return [item.data() for path in self._files.references for item in items(self._document(path)[0])]

    def _document(self, path: Path) -> tuple[Node, Report]:
        name = shown(path)
        return documents.parse(read_text(self._files.folder, path), name), Report(name)


def _read_page(folder: Path, path: Path, number: int, name: str) -> tuple[Page, Report]:
    source = read_text(folder, path)
    report = Report(shown(path))
    report.faults.extend(documents.dangerous_characters(source, report.path))
    matter, text, first_line = markdown.split_front_matter(source)
    if not matter.strip():
        report.at(Place(1, 1), "the front matter is missing; expected `---`, `title: …` and `---` above the text")
    report.stop_on_faults()
    head = markdown.FRONT_MATTER.read(documents.parse(matter, report.path, first_line=2), report)
    report.stop_on_faults()
    blocks = markdown.parse_markdown(text, report, first_line)
    claims = tuple(pages.Claim(item["claim"], item["grade"], tuple(item["sources"])) for item in head["claims"])
    return pages.Page(name, number, head["title"], head["summary"], claims, blocks), report


def _refuse_known_ids(node: Node, seen: set[str], report: Report) -> None:
    entry = node.value.get("questions") if isinstance(node.value, dict) else None
    for item in entry.node.value if entry is not None and isinstance(entry.node.value, list) else ():
        if isinstance(item.value, dict) and "id" in item.value:
            identity = item.value["id"].node
            if isinstance(identity.value, str) and identity.value in seen:
                report.at(identity, f"the id `{identity.value}` belongs to another question too; expected it once")
            seen.add(str(identity.value))


def items(node: Node) -> list[Node]:
    """Find the list in a CSL file: the document itself, or under `references`."""
    value = node.value
    if isinstance(value, dict) and "references" in value:
        value = value["references"].node.value
    return value if isinstance(value, list) else []
