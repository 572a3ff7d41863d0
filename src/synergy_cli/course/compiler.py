"""Reads and checks the files of a course; each fault has a position.

Files are untrusted. An id is looked up among the files found, and never joined to a path. The result is plain data for
the cache; `course` turns it into records.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from synergy_cli.course import glossary, markdown, markdown_tokens
from synergy_cli.course.files import REFERENCES, Known, display_path, read_text
from synergy_cli.course.page import Claim, Page, contents_entry, file_identity, plain_texts, to_plain
from synergy_cli.course.question_format import QUESTION, with_cited, with_context, with_wording, words_of
from synergy_cli.course.question_text import read_texts
from synergy_cli.course.sources import items, read_source
from synergy_cli.course.vocabulary import Vocabulary
from synergy_cli.parsing.faults import CODES, Fault, errors
from synergy_cli.parsing.report import ContentError, Report, SourcePos
from synergy_cli.parsing.schema import IDENT, Field, JsonSchema, ListOf, MapOf, Object, Text, Word
from synergy_cli.parsing.yaml import parse, refuse_dangerous
from synergy_cli.records import NamedTuple
from synergy_cli.text import nearest, slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from synergy_cli.course.files import Files
    from synergy_cli.course.sources import Source
    from synergy_cli.parsing.yaml import Node


MISSING = {
    "source": "references.yaml has no source `{}`",
    "page": "there is no page `{}`",
    "passage": "no page has the passage `{}`",
    "term": "the glossary has no term `{}`",
    "context": "this file has no `{}` under `contexts`",
    "image": "the course has no picture `{}`",
}


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_QUESTIONS = Field("questions", ListOf(QUESTION, least=1), "The questions")
_CONTEXTS = Field(
    "contexts", MapOf(Text()), "Texts that several questions of this file share, by name", required=False, default={}
)
MOST_HINTS = 10
"""The number of unknown names per file that get a suggestion: each is compared with all names."""

NO_HEADINGS = {"bad-fence", "bad-heading"}
"""Faults after which the headings of a page are uncertain."""


class _IgnoredCode(NamedTuple):
    """A fault code to ignore. `check` reports a code that cannot be ignored; it never prevents use of a course."""

    def read(self, node: Node, report: Report) -> str:
        """Return the code."""
        return Text(most=50).read(node, report)

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {"enum": [code for code, sort in CODES.items() if sort.severity != "error"]}


BANK = Object(
    (
        Field("format", Word(("1",)), "The format's version, 1"),
        Field("id", IDENT, "The course's permanent id"),
        Field("title", Text(), "The course's title", aliases=("name",)),
        Field(
            "language",
            Text(_LANGUAGE, "a language tag, such as en or de-AT"),
            "The language of its texts, such as `en`",
            required=False,
            default="en",
            aliases=("lang",),
        ),
        Field(
            "description",
            Text(),
            "What the course teaches, and for whom",
            required=False,
            default="",
            aliases=("summary", "abstract", "about"),
        ),
        Field(
            "authors",
            ListOf(Text(most=100)),
            "The authors",
            required=False,
            default=(),
            aliases=("author", "creator", "creators"),
        ),
        Field("version", Text(most=50), "The version of its texts", required=False, default=""),
        Field("licence", Text(), "The licence of its texts", required=False, default="", aliases=("license",)),
        Field(
            "equivalent",
            ListOf(ListOf(Text(), 2)),
            "Groups of words that mean the same in typed answers",
            required=False,
            default=(),
        ),
        Field(
            "ignore",
            ListOf(_IgnoredCode()),
            "Codes of warnings that `check` ignores",
            required=False,
            default=(),
            aliases=("ignored", "disable", "suppress"),
        ),
        _CONTEXTS,
        _QUESTIONS._replace(required=False, default=()),
    )
)
"""The schema of `questions.yaml` if there are other files with questions."""
ONLY_BANK = Object((*BANK.fields[:-1], _QUESTIONS))
"""The schema of `questions.yaml` if it is the only file with questions."""
MORE_BANK = Object(
    (Field("title", Text(), "The topic's title", required=False, default="", aliases=("name",)), _CONTEXTS, _QUESTIONS)
)
"""The schema of a file in `questions/`."""


class Draft(NamedTuple):
    """A question without faults of its own, and its position in the bank.

    Attributes:
        data: the input of `question_types.build`.
        file: the file that holds it.
        place: its index in that file.
        usable: whether its references exist too.
    """

    data: dict[str, Any]
    file: Path
    place: int
    usable: bool


class BankFile(NamedTuple):
    """The content of a file with questions.

    Attributes:
        data: all of it, as its schema says.
        questions: its questions; one with faults of its own is empty.
        starts: the first line of each question.
        ids: the id of each, and its node.
        contexts: the texts that questions share, by name.
        markup: the parsed blocks of those texts.
    """

    data: dict[str, Any]
    questions: Sequence[dict[str, Any]]
    starts: list[int]
    ids: list[tuple[str | None, Node | None]]
    contexts: dict[str, str]
    markup: dict[str, Any]


class _Pages(NamedTuple):
    """The pages that were read.

    Attributes:
        read: page and report by id.
        unread: the ids of pages whose headings are uncertain.
        faults: the faults of all pages.
    """

    read: dict[str, tuple[Page, Report]]
    unread: set[str]
    faults: list[Fault]


class _Sources(NamedTuple):
    """The sources without faults by key, and all faults of their file."""

    usable: dict[str, Source]
    faults: list[Fault]


class _Bank(NamedTuple):
    """The combined content of the files with questions.

    Attributes:
        header: the course fields of the first file without errors above its questions; may be empty.
        drafts: the questions without faults of their own, in the order of the files.
        faults: the faults of all files.
    """

    header: dict[str, Any]
    drafts: list[Draft]
    faults: list[Fault]


class _Terms(NamedTuple):
    """All terms of the glossary by name, those without errors, and all faults of its file."""

    read: dict[str, Any]
    usable: dict[str, Any]
    faults: list[Fault]


class Compiler:
    """Reads the files of one course, each part once and on demand.

    Attributes:
        found: the faults so far, warnings included.
    """

    def __init__(self, files: Files) -> None:
        """Prepare to read; no file is opened yet."""
        self.files = files
        self.found: list[Fault] = []
        self._effort = markdown_tokens.Effort()
        self._parts: dict[Path, tuple[Report, BankFile | None]] = {}

    def entries(self) -> Any:  # noqa: ANN401  plain data
        """Return the contents as plain data, and the names of files whose page cannot be shown."""
        pages = self.usable_pages
        used = {path for path in self.files.pages if (file_identity(path.name) or (0, ""))[1] in pages}
        left_out = [display_path(path) for path in self.files.pages if path not in used]
        return [to_plain(tuple(contents_entry(page) for page in pages.values())), [*left_out, *self.lost_sources]]

    def page(self, identity: str) -> Any:  # noqa: ANN401  plain data
        """Return a page, and the sources that it cites, as plain data."""
        page = self.usable_pages[identity]
        sources = self.usable_sources
        return [to_plain(page), [list(sources[key]) for key in page.citations if key in sources]]

    def _judge(self, faults: list[Fault]) -> None:
        """Record the faults of a part, and raise ContentError if any of them is an error."""
        self.found.extend(faults)
        if errors(faults):
            raise ContentError(errors(faults))

    @cached_property
    def _sources(self) -> _Sources:
        """Read the sources from their file."""
        found: dict[str, Source] = {}
        faults: list[Fault] = []
        for path in self.files.references:
            report = Report(display_path(path))
            with suppress(ContentError):
                for item in items(self._document(path, report), report):
                    before = report.errors
                    source = read_source(item, report)
                    if source is not None and source.key in found:
                        report.at(item.value["id"].node, "duplicate-id", f"the source `{source.key}` is defined twice")
                    if source is not None and report.errors == before:
                        found[source.key] = source
            faults += report.faults
        return _Sources(found, faults)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The sources by key; ContentError if one has a fault."""
        self._judge(self._sources.faults)
        return Known(self.files.folder / REFERENCES, "source", self._sources.usable)

    @property
    def lost_sources(self) -> list[str]:
        """What readers miss from the sources because of faults."""
        return [f"sources of {name}" for name in dict.fromkeys(fault.path for fault in errors(self._sources.faults))]

    @property
    def usable_sources(self) -> dict[str, Source]:
        """The sources without faults, by key."""
        return self._sources.usable

    @cached_property
    def _pages(self) -> _Pages:
        """Read all pages from their files."""
        found = _Pages({}, set(), _same_numbers(self.files.pages))
        for number, path in enumerate(self.files.pages, start=1):
            identity = file_identity(path.name)
            if identity is None:
                found.faults.append(Fault(display_path(path), 1, 1, "page-name", "not a page name; expected NN-id.md"))
                continue
            report = Report(display_path(path))
            try:
                page = self._read_page(path, number, identity[1], report)
            except ContentError:
                found.unread.add(identity[1])
                found.faults.extend(report.faults)
                continue
            if page.id in found.read:
                message = f"another file also has the page id `{page.id}`; rename one of them"
                report.at(SourcePos(1, 1), "duplicate-id", message)
                found.faults.extend(report.faults)
                continue
            if any(fault.code in NO_HEADINGS for fault in report.faults):
                found.unread.add(page.id)  # its headings are uncertain
            found.faults.extend(report.faults)
            found.read[page.id] = (page, report)
        return found

    @property
    def page_ids(self) -> Collection[str]:
        """The ids of the pages that could be read, in order."""
        return self._pages.read.keys()

    @cached_property
    def checked_pages(self) -> dict[str, Page]:
        """The pages by id; ContentError if they or their references have faults."""
        self._judge(self._page_faults())
        pages = {identity: page for identity, (page, _) in self._pages.read.items()}
        return Known(self.files.folder / "pages", "page", pages)

    def _page_faults(self) -> list[Fault]:
        missing = [f for page, report in self._pages.read.values() for f in self.missing(report, page.id)]
        return [*self._pages.faults, *missing]

    @cached_property
    def usable_pages(self) -> dict[str, Page]:
        """The pages without errors, by id, renumbered; ContentError if there are pages and all have errors."""
        pages: dict[str, Page] = {}
        for page, report in self._pages.read.values():
            if not errors([*report.faults, *self.missing(report, page.id)]):
                pages[page.id] = page._replace(number=len(pages) + 1)
        if not pages and self.files.pages:
            raise ContentError(errors(self._pages.faults) or errors(self._page_faults()))
        return Known(self.files.folder / "pages", "page", pages)

    @cached_property
    def _bank(self) -> _Bank:
        """Read all files with questions."""
        faults: list[Fault] = []
        drafts: list[Draft] = []
        header: dict[str, Any] = {}
        seen: set[str] = set()
        for path in self.files.bank:
            report, part = self.part(path)
            if part is None or not _refuse_known_ids(part.ids, seen, report):
                faults.extend(report.faults)
                continue
            found = [*report.faults, *self.missing(report, own={"context": part.contexts})]
            faults.extend(found)
            bad = bad_parts(part.starts, found)
            header = header or ({} if -1 in bad else part.data)
            bad |= set(range(len(part.questions))) if -1 in bad else set()
            for index, item in enumerate(part.questions):
                if item:
                    full = {**with_context(item, part.contexts, part.markup), "file_topic": self.topic(path)}
                    drafts.append(Draft(full, path, index, index not in bad))
        return _Bank(header, drafts, faults)

    def part(self, path: Path) -> tuple[Report, BankFile | None]:
        """Read a file with questions, once; its content is None if it cannot be read."""
        if path not in self._parts:
            report = Report(display_path(path))
            try:
                node = self._document(path, report)
                data = self._form(path).read(node, report)
                contexts = data.get("contexts") or {}
                markup = _markup(node, report) if contexts else {}
            except ContentError:
                self._parts[path] = report, None
            else:
                listed = data.get("questions") or ()
                starts = [item.line for item in node.value["questions"].node.value] if listed else []
                self._parts[path] = report, BankFile(data, listed, starts, _ids(node), contexts, markup)
        return self._parts[path]

    def topic(self, path: Path) -> str:
        """Return the topic named by a file with questions; empty for the first file."""
        return "" if path is self.files.bank[0] else topic_of(path.stem)

    def _form(self, path: Path) -> Object:
        """Return the schema of a file with questions; the first file needs no questions if there are others."""
        first, *others = self.files.bank
        if path is not first:
            return MORE_BANK
        return BANK if others else ONLY_BANK

    @property
    def drafts(self) -> list[Draft]:
        """The questions without faults of their own, in the order of the files."""
        return self._bank.drafts

    @property
    def header(self) -> dict[str, str]:
        """The id, title and language of the course; empty if the header has errors."""
        return {name: self._bank.header.get(name) or "" for name in ("id", "title", "language")}

    @cached_property
    def bank(self) -> list[dict[str, Any]]:
        """The data of all questions, in the order of the files; ContentError if one has a fault."""
        self._judge(self._bank.faults)
        return [draft.data for draft in self._bank.drafts]

    def with_defaults(self, header: dict[str, Any]) -> dict[str, Any]:
        """Return the header of a bank with defaults for missing fields; the default title is the folder's name."""
        known = {field.name: field.default or "" for field in BANK.fields} | {"title": self.files.folder.name}
        return known | {name: value for name, value in header.items() if value}

    def _with_wording(self, items: list[dict[str, Any]], header: dict[str, Any]) -> list[dict[str, Any]]:
        """Return questions with the words needed to compare their answers: equal words and similar words."""
        terms = self._terms.usable
        pools = [*header["equivalent"], *([name, *term["also"]] for name, term in terms.items() if term.get("also"))]
        parts = [*items, *terms.values(), {"terms": list(terms)}]
        read = (
            text for page in (self.usable_pages if self.page_ids else {}).values() for text in plain_texts(page.blocks)
        )
        words = Vocabulary([*(text for part in parts for text in words_of(part)), *read])
        return [with_wording(item, header["language"], pools, words) for item in items]

    @cached_property
    def usable_questions(self) -> list[dict[str, Any]]:
        """The data of the questions without errors, in page order; ContentError if errors leave none.

        A question about a missing page loses its passage.
        """
        header = self.with_defaults(self._bank.header)
        pages = self.usable_pages if self.page_ids else {}
        usable = [draft.data for draft in self._bank.drafts if draft.usable]
        usable = [item if item["passage"].partition("#")[0] in pages else {**item, "passage": ""} for item in usable]
        faults = errors(self._bank.faults)
        if faults and not (usable and header["id"]):
            raise ContentError(faults)
        items = [with_cited(item, self.usable_sources) for item in self._with_wording(usable, header)]
        order = {identity: index for index, identity in enumerate(self.page_ids)}
        return sorted(items, key=lambda item: order.get(item["passage"].partition("#")[0], len(order)))

    @cached_property
    def _terms(self) -> _Terms:
        """Read the glossary."""
        data: dict[str, Any] = {}
        faults: list[Fault] = []
        usable: dict[str, Any] = {}
        for path in self.files.glossary:
            report = Report(display_path(path))
            with suppress(ContentError):
                node = self._document(path, report)
                data = glossary.GLOSSARY.read(node, report)
                faults = [*report.faults, *self.missing(report, own={"term": data})]
                bad = bad_parts([entry.line for entry in node.value.values()], faults) if data else set()
                usable = {name: term for index, (name, term) in enumerate(data.items()) if index not in bad}
            faults = faults or report.faults
        return _Terms(data, usable, faults)

    @cached_property
    def terms(self) -> dict[str, Any]:
        """The terms of the glossary; ContentError if one has a fault."""
        self._judge(self._terms.faults)
        return self._terms.read

    @property
    def usable_terms(self) -> tuple[dict[str, Any], list[str]]:
        """The terms without errors, and what is left out."""
        left_out = [f"terms of {name}" for name in dict.fromkeys(fault.path for fault in errors(self._terms.faults))]
        return self._terms.usable, left_out

    def missing(self, report: Report, here: str = "", own: Mapping[str, Collection[str]] | None = None) -> list[Fault]:
        """Return references to missing things; `own` has names that only this file defines, by sort."""
        own = own or {}
        faults: list[Fault] = []
        for what, name, line, column in report.mentions:
            known = own[what] if what in own else self._known[what]
            full = f"{here}{name}" if what == "passage" and name.startswith("#") else name
            unsure = what == "passage" and full.partition("#")[0] in self._pages.unread
            if known is not None and full not in known and not unsure:
                near = nearest(full, list(known), most=1) if len(faults) < MOST_HINTS else []
                hint = f"did you mean `{near[0]}`?" if near else "expected one that exists"
                sort = "page" if what == "passage" and "#" not in full else what
                said = MISSING[sort].format(full)
                faults.append(Fault(report.path, line, column, f"missing-{sort}", f"{said}; {hint}"))
        return faults

    @cached_property
    def _known(self) -> dict[str, Collection[str] | None]:
        """Return all names that can be referred to, by sort; None for a sort whose file has faults."""
        keys: Collection[str] | None = None if errors(self._sources.faults) else self._sources.usable
        read = [page for page, _ in self._pages.read.values()]
        headings = {f"{page.id}#{heading.id}" for page in read for heading in page.headings}
        return {"source": keys, "passage": headings | {page.id for page in read}, "image": self.files.images}

    @property
    def cited(self) -> set[str]:
        """Return all sources cited by a page, claim, question or term without faults."""
        on_pages = {key for page, _ in self._pages.read.values() for key in page.citations}
        in_bank = {key for draft in self.drafts for key in draft.data["sources"]}
        return on_pages | in_bank | {key for term in self.terms.values() for key in term["sources"]}

    @property
    def ignored(self) -> list[tuple[str, Node]]:
        """The codes that the course ignores, each with its place."""
        if not self._bank.header.get("ignore"):
            return []
        path = self.files.bank[0]
        bank = self._document(path, Report(display_path(path)))
        return [(node.value.strip(), node) for node in bank.value["ignore"].node.value]

    def source_places(self, path: Path) -> dict[str, SourcePos]:
        """Return the position of each source, by key."""
        report = Report(display_path(path))
        listed = items(self._document(path, report), report)
        ids = [item.value["id"].node for item in listed if isinstance(item.value, dict) and "id" in item.value]
        return {node.value.strip(): SourcePos(node.line, node.column) for node in ids}

    def csl(self) -> list[Any]:
        """Return the sources as CSL data, unchanged."""
        found = []
        for path in self.files.references:
            report = Report(display_path(path))
            with suppress(ContentError):
                found += [item.data() for item in items(self._document(path, report), report)]
        return found

    def _document(self, path: Path, report: Report) -> Node:
        return parse(self._text(path, report), report)

    def _text(self, path: Path, report: Report) -> str:
        try:
            return read_text(self.files.folder, path)
        except ContentError as error:
            report.faults.extend(error.faults)
            raise

    def _read_page(self, path: Path, number: int, name: str, report: Report) -> Page:
        source = self._text(path, report)
        refuse_dangerous(source, report)
        matter, text, first_line = markdown.split_front_matter(source)
        if not matter.strip():
            message = "the front matter is missing; expected `---`, `title: …` and `---` above the text"
            if first_line == 1 and source.startswith("---"):
                message = "the front matter has no end; expected a line `---` between it and the text"
            report.at(SourcePos(1, 1), "front-matter", message)
        report.stop_on_faults()
        head = markdown.FRONT_MATTER.read(parse(matter, report, first_line=2), report)
        report.stop_on_faults()
        blocks = markdown.parse_markdown(text, report, first_line, self._effort)
        if not self.files.references:
            report.faults = [fault for fault in report.faults if fault.code != "figure-without-citation"]
        claims = tuple(Claim(item["claim"], item["grade"], tuple(item["sources"])) for item in head["claims"])
        return Page(name, number, head["title"], head["summary"], claims, blocks)


def _same_numbers(paths: Sequence[Path]) -> list[Fault]:
    """Report pages, in order, with the same number as the previous page."""
    faults = []
    for before, path in pairwise(paths):
        first, second = file_identity(before.name), file_identity(path.name)
        if first and second and first[0] == second[0]:
            message = (
                f"{before.name} also has the number {first[0]}, so their names decide the order; renumber one of them"
            )
            faults.append(Fault(display_path(path), 1, 1, "duplicate-number", message))
    return faults


def _markup(node: Node, report: Report) -> dict[str, Any]:
    """Return the parsed blocks of each context of a file that has markup, as plain data."""
    texts = (entry.node for entry in node.value["contexts"].node.value.values())
    found: dict[str, Any] = to_plain(read_texts(texts, report))
    return found


def topic_of(name: str) -> str:
    """Return the topic id of a file of questions: its name, without a leading number."""
    return slug(re.sub(r"^\d+[-_. ]+(?=.)", "", name))


def bad_parts(starts: list[int], faults: Iterable[Fault]) -> set[int]:
    """Return the indexes of the parts of a file that have errors; `starts` has their first lines, ascending."""
    return {bisect_right(starts, fault.line) - 1 for fault in errors(faults)}


def _ids(node: Node) -> list[tuple[str | None, Node | None]]:
    """Return the id of each question of a file, and its node; None for a question without one."""
    entry = node.value.get("questions") if isinstance(node.value, dict) else None
    found: list[tuple[str | None, Node | None]] = []
    for item in entry.node.value if entry is not None and isinstance(entry.node.value, list) else ():
        identity = item.value["id"].node if isinstance(item.value, dict) and "id" in item.value else None
        text = identity.value if identity is not None and isinstance(identity.value, str) else None
        found.append((text, identity))
    return found


def _refuse_known_ids(ids: Iterable[tuple[str | None, Node | None]], seen: set[str], report: Report) -> bool:
    """Report ids already seen, and add the others; return False if there are too many faults."""
    with suppress(ContentError):
        for text, node in ids:
            if text in seen and node is not None:
                report.at(node, "duplicate-id", f"another question already has the id `{text}`; give each its own id")
            seen.update([text] if text is not None else [])
        return True
    return False
