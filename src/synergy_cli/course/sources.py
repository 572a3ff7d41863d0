"""A source, read from CSL, the format of Pandoc and Zotero."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.schema import Field, JsonSchema, Object, ValueType
    from synergy_cli.parsing.yaml import Node


def source_document(source: Source) -> dict[str, Any]:
    """Return a source for programs."""
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


_LINK = re.compile(r"https?://[!-~]+")
_DOI = re.compile(r"10\.\d{4,9}/[!-~]+")
_NAME_PARTS = ("non-dropping-particle", "dropping-particle", "family", "given", "suffix")
_YEAR = re.compile(r"-?\d{1,4}(?!\d)")


class Source(NamedTuple):
    """One source.

    Attributes:
        key: pages and questions cite it by this.
        authors: as in a reference list, `Bikle DD`; `et al.` comes last if there are more.
        year: of publication; may be empty.
        where: journal or publisher, with volume, issue and pages.
        url: the address given, or else that of the DOI.
        kind: the type of study or text, in words.
        note: which part of it was read.
    """

    key: str
    authors: tuple[str, ...]
    year: str
    title: str
    where: str
    url: str
    kind: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """The authors, only the first if there are three or more, and the year; the title if there are no authors."""
        name = self.authors[0] if self.authors else self.title
        if len(self.authors) == 2 and self.authors[1] != "et al.":  # noqa: PLR2004  two are both named
            name += f" and {self.authors[1]}"
        elif len(self.authors) > 1:
            name += " et al."
        return f"{name} ({self.year})" if self.year else name

    @property
    def reference(self) -> str:
        """Return its line for a reference list, without the link."""
        year = f" ({self.year})" if self.year else ""
        if not self.authors:
            return " ".join(part for part in (_closed(f"{self.title}{year}"), _closed(self.where)) if part)
        return " ".join(
            part for part in (f"{', '.join(self.authors)}{year}.", _closed(self.title), _closed(self.where)) if part
        )


def _closed(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."


def read_source(node: Node, report: Report) -> Source | None:
    """Read one item of a CSL list, ignoring fields that are not shown; None if it has no usable id."""
    data = source_record().read(node, report)
    if not data.get("id"):
        return None
    place = data["volume"] + (f"({data['issue']})" if data["issue"] else "")
    numbers = f"{place}:{data['page']}" if place and data["page"] else place or data["page"]
    where = (data["container-title"] or data["publisher"], numbers)
    return Source(
        key=data["id"],
        authors=tuple(data["author"]),
        year=data["issued"],
        title=" ".join((data["title"] or "").split()),
        where=" ".join(part for part in where if part),
        url=data["URL"] or (f"https://doi.org/{data['DOI']}" if data["DOI"] else ""),
        kind=data["genre"],
        note=data["note"],
    )


class _Shown(NamedTuple):
    """Text that is shown if present; anything else that CSL allows is ignored."""

    def read(self, node: Node, report: Report) -> str:
        """Return the text on one line; an empty one when it is no text."""
        del report
        return " ".join(node.value.split()) if isinstance(node.value, str) else ""

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {}


class _Names(NamedTuple):
    """The authors of a work, each as parts of a name or as a literal."""

    def read(self, node: Node, report: Report) -> list[str]:
        """Return the names as a reference list has them."""
        del report
        authors = node.data()
        names = [_name(author) for author in authors if isinstance(author, dict)] if isinstance(authors, list) else []
        named = [name for name in names if name]
        return [*named[:-1], "et al."] if named[-1:] == ["others"] else named  # as Pandoc writes BibTeX's `and others`

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {"type": "array", "items": {"type": "object"}}


class _Issued(NamedTuple):
    """A date in one of CSL's forms: 2014, {year: 2014}, [{year: 2014}], {date-parts: [[2014, 5]]}, in press."""

    def read(self, node: Node, report: Report) -> str:
        """Return the year; empty if there is none."""
        del report
        value = node.data()
        while isinstance(value, (list, dict)):
            if isinstance(value, dict):
                value = next((value[form] for form in ("year", "date-parts", "raw", "literal") if form in value), "")
            else:
                value = value[0] if value else ""
        match = _YEAR.match(value)
        return match[0] if match else ""

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {}


@cache
def source_record() -> Object:
    """Return the fields of a source, as CSL names them; other fields of CSL are ignored."""
    from synergy_cli.parsing.schema import SOURCE_KEY, Field, Object, Text  # noqa: PLC0415  a cached source needs none

    def optional(name: str, doc: str, kind: ValueType) -> Field:
        return Field(name, kind, doc, required=False, default="")

    key = Text(SOURCE_KEY, "a source key of letters, digits and - _ . : / +")
    return Object(
        (
            Field("id", key, "The key used to cite it"),
            Field("title", Text(), "The title of the work"),
            optional("type", "Its CSL type, such as `book` or `article-journal`", _Shown()),
            optional("author", "The authors: a list of `family` and `given`, or `literal`", _Names()),
            optional("issued", "The year of publication", _Issued()),
            optional("container-title", "The journal or book that contains it", _Shown()),
            optional("publisher", "The publisher", _Shown()),
            optional("volume", "The volume", _Shown()),
            optional("issue", "The issue", _Shown()),
            optional("page", "The pages", _Shown()),
            optional("DOI", "Its DOI", Text(_DOI, "a DOI such as 10.1000/182")),
            optional("URL", "Where to read it", Text(_LINK, "a link that begins with http:// or https://")),
            optional("genre", "The kind of study or text, in words", _Shown()),
            optional("note", "How much of it was read", _Shown()),
        ),
        open=True,
    )


def _name(author: dict[str, Any]) -> str:
    parts = [author[part] for part in _NAME_PARTS if isinstance(author.get(part), str)]
    literal = author.get("literal")
    return " ".join((literal if isinstance(literal, str) and literal.strip() else " ".join(parts)).split())


def items(node: Node, report: Report) -> list[Node]:
    """Return the items of a CSL file: a list, or one under `references`; report a fault if there is none."""
    value = node.value
    if isinstance(value, dict) and "references" in value:
        value = value["references"].node.value
    if isinstance(value, list) and value:
        return value
    report.at(node, "wrong-type", "no sources; expected a list, or `references:` with a list")
    return []
