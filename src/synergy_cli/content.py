"""A course on disk: found, read within limits, checked, and given out as pages, questions, sources and terms.

Files are untrusted. Only regular files inside the course's folder are read, once and up to a limit, as UTF-8; ids are
looked up among what was found there and never joined to a path.
"""

from __future__ import annotations

import os
import stat
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synergy_cli import documents, glossary, pages, questions, references
from synergy_cli.errors import ContentError, Fault, SynergyError
from synergy_cli.schema import IDENT, Field, ListOf, Place, Record, Report, Text, Word
from synergy_cli.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from synergy_cli.cache import Cache
    from synergy_cli.documents import Node
    from synergy_cli.glossary import Term
    from synergy_cli.pages import Entry, Page
    from synergy_cli.questions import Question
    from synergy_cli.references import Source

MAX_BYTES = 8 * 1024 * 1024
BANK = "questions.yaml"

MISSING = {
    "source": "references.yaml has no source `{}`",
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


@dataclass(frozen=True, slots=True)
class Manifest:
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


def built_in() -> Path:
    """Find the course that comes with the program: beside its code, or in the checkout it runs from."""
    here = Path(__file__).resolve().parent
    packaged = here / "data"
    return packaged if packaged.is_dir() else here.parents[1] / "data"


class Course:
    """A course's folder. Each part is read when it is asked for, and then kept."""

    def __init__(self, folder: Path, cache: Cache) -> None:
        """Open a course.

        Args:
            folder: where it lies.
            cache: keeps what was parsed.

        Raises:
            SynergyError: there is no such folder, or no course in it.
        """
        self.folder = folder
        self._cache = cache
        if not (folder / BANK).exists():
            text = f"{_shown(folder)}: no course here; expected a folder with a file {BANK}"
            raise SynergyError(text)

    @cached_property
    def manifest(self) -> Manifest:
        """Give what the course says of itself."""
        return Manifest(*self._cache.fetch("manifest", self._everything, lambda: list(astuple(self._bank[0]))))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Give the contents, in order."""
        plain = self._cache.fetch("contents", self._page_files, self._build_entries) if self._page_files else []
        return tuple(pages.from_plain(plain))

    def page(self, identity: str) -> tuple[Page, dict[str, Source]]:
        """Give a page.

        Args:
            identity: its id.

        Returns:
            The page, and the sources that it cites, by key.

        Raises:
            ContentError: the page, or what it refers to, is at fault.
            KeyError: there is no such page.
        """
        inputs = [*self._page_files, *self._files("references.yaml")]
        page, sources = self._cache.fetch(f"page {identity}", inputs, lambda: self._build_page(identity))
        return pages.from_plain(page), _sources(sources)

    def markdown(self, identity: str) -> str:
        """Give the Markdown of a page as its author wrote it, without the front matter."""
        for path in self._page_files:
            found = pages.file_identity(path.name)
            if found is not None and found[1] == identity:
                return pages.split_front_matter(read_text(self.folder, path))[1]
        raise KeyError(identity)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Give all questions, in page order, then in the bank's."""
        data = self._cache.fetch("questions", self._everything, lambda: self._bank[1])
        return tuple(questions.build(item) for item in data)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Give all sources, by key."""
        inputs = self._files("references.yaml")
        if not inputs:
            return {}
        return _sources(self._cache.fetch("sources", inputs, lambda: _plain_sources(self._sources.values())))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Give the glossary, in alphabetical order."""
        inputs = [*self._files("glossary.yaml"), *self._files("references.yaml")]
        if not self._files("glossary.yaml"):
            return ()
        return glossary.terms_of(self._cache.fetch("glossary", inputs, lambda: self._terms))

    def references(self) -> list[Any]:
        """Give the sources as CSL data, as they stand in the file."""
        files = self._files("references.yaml")
        return [item.data() for item in _items(_document(self.folder, files[0])[0])] if files else []

    def faults(self) -> tuple[Fault, ...]:
        """Check the whole course.

        Returns:
            All faults, in the order of files and lines; empty when there is none.
        """
        found: list[Fault] = []
        for part in ("_sources", "_pages_checked", "_bank", "_terms"):
            try:
                getattr(self, part)
            except ContentError as error:
                found.extend(error.faults)
        return ContentError(found).faults

    @cached_property
    def _page_files(self) -> list[Path]:
        folder = self.folder / "pages"
        if not folder.is_dir():
            return []
        named = [(pages.file_identity(path.name), path) for path in folder.iterdir() if path.suffix == ".md"]
        wrong = [path for identity, path in named if identity is None]
        if wrong:
            raise ContentError(Fault(_shown(p), 1, 1, "no page's name; expected NN-id.md") for p in wrong)
        return [path for _, path in sorted((identity, path) for identity, path in named if identity)]

    @cached_property
    def _bank_files(self) -> list[Path]:
        more = self.folder / "questions"
        return [self.folder / BANK, *(sorted(more.glob("*.yaml")) if more.is_dir() else [])]

    def _files(self, name: str) -> list[Path]:
        path = self.folder / name
        return [path] if path.exists() else []

    @property
    def _everything(self) -> list[Path]:
        return [*self._bank_files, *self._page_files, *self._files("references.yaml")]

    @cached_property
    def _sources(self) -> dict[str, Source]:
        """Read the sources from their file."""
        found: dict[str, Source] = {}
        for path in self._files("references.yaml"):
            node, report = _document(self.folder, path)
            for item in _items(node):
                source = references.read_source(item, report)
                if source is not None and source.key in found:
                    report.at(item, f"the source `{source.key}` stands here twice; expected it once")
                if source is not None:
                    found[source.key] = source
            if not found:
                report.at(node, "no sources; expected a list, or `references:` with a list")
            report.stop_on_faults()
        return found

    @cached_property
    def _pages(self) -> dict[str, tuple[Page, Report]]:
        """Read all pages from their files."""
        found: dict[str, tuple[Page, Report]] = {}
        faults: list[Fault] = []
        for number, path in enumerate(self._page_files, start=1):
            try:
                page, report = _read_page(self.folder, path, number)
            except ContentError as error:
                faults.extend(error.faults)
                continue
            if page.id in found:
                report.at(Place(1, 1), f"the page id `{page.id}` belongs to another file too; expected it once")
            faults.extend(report.faults)
            found[page.id] = (page, report)
        if faults:
            raise ContentError(faults)
        return found

    @cached_property
    def _pages_checked(self) -> dict[str, Page]:
        """Check what the pages refer to."""
        faults = [fault for page, report in self._pages.values() for fault in self._missing(report, page.id)]
        if faults:
            raise ContentError(faults)
        return {identity: page for identity, (page, _) in self._pages.items()}

    @cached_property
    def _bank(self) -> tuple[Manifest, list[dict[str, Any]]]:
        """Read and check the bank."""
        faults: list[Fault] = []
        items: list[dict[str, Any]] = []
        header: dict[str, Any] = {}
        seen: set[str] = set()
        for path in self._bank_files:
            try:
                node, report = _document(self.folder, path)
            except ContentError as error:
                faults.extend(error.faults)
                continue
            data = (_MORE if header else _HEADER).read(node, report)
            header = header or data
            _refuse_known_ids(node, seen, report)
            faults.extend([*report.faults, *self._missing(report)])
            items.extend(data.get("questions", ()))
        if faults:
            raise ContentError(faults)
        return self._ordered(header, items)

    def _ordered(
        self, header: dict[str, Any], items: list[dict[str, Any]]
    ) -> tuple[Manifest, list[dict[str, Any]]]:
        order = {identity: place for place, identity in enumerate(self._pages)}
        counts = dict.fromkeys(order, 0)
        for item in items:
            page = item["passage"].partition("#")[0]
            counts[page] = counts.get(page, 0) + 1
        manifest = Manifest(header["id"], header["title"], header["language"], header["licence"], counts)
        return manifest, sorted(items, key=lambda item: order.get(item["passage"].partition("#")[0], len(order)))

    @cached_property
    def _terms(self) -> dict[str, Any]:
        """Read and check the glossary."""
        data: dict[str, Any] = {}
        for path in self._files("glossary.yaml"):
            node, report = _document(self.folder, path)
            data = glossary.GLOSSARY.read(node, report)
            report.faults.extend(self._missing(report, terms=data))
            report.stop_on_faults()
        return data

    def _missing(self, report: Report, here: str = "", terms: Iterable[str] = ()) -> list[Fault]:
        """Find what a file names and the course does not have."""
        known = {"source": self._sources, "term": terms, "passage": self._passages if report.mentions else ()}
        faults = []
        for what, name, line, column in report.mentions:
            full = f"{here}{name}" if what == "passage" and name.startswith("#") else name
            if full not in known[what]:
                near = nearest(full, list(known[what]), most=1)
                hint = f"did you mean `{near[0]}`?" if near else "expected one that exists"
                faults.append(Fault(report.path, line, column, f"{MISSING[what].format(full)}; {hint}"))
        return faults

    @cached_property
    def _passages(self) -> set[str]:
        found = set()
        for page, _ in self._pages.values():
            found |= {page.id, *(f"{page.id}#{heading.id}" for heading in page.headings)}
        return found

    def _build_entries(self) -> Any:  # noqa: ANN401  plain data
        return pages.to_plain(tuple(pages.entry_of(page) for page, _ in self._pages.values()))

    def _build_page(self, identity: str) -> Any:  # noqa: ANN401  plain data
        page = self._pages_checked[identity]
        return [pages.to_plain(page), _plain_sources(self._sources[key] for key in page.citations)]


def read_text(folder: Path, path: Path) -> str:
    """Read a file of a course.

    Args:
        folder: the course's folder, out of which no file may lead.
        path: the file.

    Returns:
        Its text, line ends as `\\n`, without a byte-order mark.

    Raises:
        ContentError: it is no regular file, leads out of the folder, is larger than `MAX_BYTES`, or is not UTF-8.
        SynergyError: the system does not let it be read.
    """
    shown = _shown(path)
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ContentError([Fault(shown, 1, 1, "leads out of the course's folder; expected a file inside it")])
        if not stat.S_ISREG(path.stat().st_mode):
            raise ContentError([Fault(shown, 1, 1, "is no regular file; expected a text file")])
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        text = f"{shown}: cannot be read: {error.strerror}"
        raise SynergyError(text) from error
    if len(data) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 1024 // 1024} MiB; expected a smaller file: split it"
        raise ContentError([Fault(shown, 1, 1, message)])
    return _decoded(data, shown)


def _decoded(data: bytes, shown: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8 here; expected the file to be saved as UTF-8"
        raise ContentError([Fault(shown, line, column, message)]) from error
    return text.replace("\r\n", "\n")


def _document(folder: Path, path: Path) -> tuple[Node, Report]:
    shown = _shown(path)
    return documents.parse(read_text(folder, path), shown), Report(shown)


def _read_page(folder: Path, path: Path, number: int) -> tuple[Page, Report]:
    source = read_text(folder, path)
    report = Report(_shown(path))
    report.faults.extend(documents.dangerous_characters(source, report.path))
    matter, markdown, first_line = pages.split_front_matter(source)
    if not matter.strip():
        report.at(Place(1, 1), "the front matter is missing; expected `---`, `title: …` and `---` above the text")
    report.stop_on_faults()
    head = pages.FRONT_MATTER.read(documents.parse(matter, report.path, first_line=2), report)
    report.stop_on_faults()
    blocks = pages.parse_markdown(markdown, report, first_line)
    claims = tuple(pages.Claim(item["claim"], item["grade"], tuple(item["sources"])) for item in head["claims"])
    identity = pages.file_identity(path.name)
    name = identity[1] if identity else path.stem
    return pages.Page(name, number, head["title"], head["summary"], claims, blocks), report


def _refuse_known_ids(node: Node, seen: set[str], report: Report) -> None:
    entry = node.value.get("questions") if isinstance(node.value, dict) else None
    for item in entry.node.value if entry is not None and isinstance(entry.node.value, list) else ():
        if isinstance(item.value, dict) and "id" in item.value:
            identity = item.value["id"].node
            if isinstance(identity.value, str) and identity.value in seen:
                report.at(identity, f"the id `{identity.value}` belongs to another question too; expected it once")
            seen.add(str(identity.value))


def _items(node: Node) -> list[Node]:
    """Find the list in a CSL file: the document itself, or under `references`."""
    value = node.value
    if isinstance(value, dict) and "references" in value:
        value = value["references"].node.value
    return value if isinstance(value, list) else []


def _plain_sources(sources: Iterable[Source]) -> list[Any]:
    return [list(astuple(source)) for source in sources]


def _sources(plain: list[Any]) -> dict[str, Source]:
    return {key: references.Source(key, tuple(authors), *rest) for key, authors, *rest in plain}


def _shown(path: Path) -> str:
    """Write a path as the person at the terminal would: from here when it lies below, else in full."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100  Path.absolute keeps `..`
    here = Path.cwd()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)
