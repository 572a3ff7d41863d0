"""A source, read from CSL (the form that Pandoc and Zotero share)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from synergy_cli.documents import Node
    from synergy_cli.schema import Report

_LINK = re.compile(r"https?://[!-~]+")
_DOI = re.compile(r"10\.\d{4,9}/[!-~]+")
_NAME_PARTS = ("non-dropping-particle", "dropping-particle", "family", "given", "suffix")
_YEAR = re.compile(r"-?\d{1,4}")


class Source(NamedTuple):
    """One source.

    Attributes:
        key: by which pages and questions cite it.
        authors: as in a reference list, `Bikle DD`, each of them; `et al.` last when there are more.
        year: of publication, or an empty text.
        title: of the work.
        where: journal or publisher, with volume, issue and pages.
        url: where it can be read; the DOI's when there is one and no other.
        kind: what sort of study or text it is, in words.
        note: what of it was read.
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
        """Name it briefly: authors, the first alone from three on, and year; the title when nobody is named."""
        name = self.authors[0] if self.authors else self.title
        if len(self.authors) == 2 and self.authors[1] != "et al.":  # noqa: PLR2004  two are both named
            name += f" and {self.authors[1]}"
        elif len(self.authors) > 1:
            name += " et al."
        return f"{name} ({self.year})" if self.year else name

    @property
    def reference(self) -> str:
        """Give its line for a reference list, without the link."""
        year = f" ({self.year})" if self.year else ""
        if not self.authors:
            return " ".join(part for part in (_closed(f"{self.title}{year}"), _closed(self.where)) if part)
        return " ".join(
            part for part in (f"{', '.join(self.authors)}{year}.", _closed(self.title), _closed(self.where)) if part
        )


def _closed(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."


def read_source(node: Node, report: Report) -> Source | None:
    """Read one item of a CSL list; fields that are not shown are passed over.

    Args:
        node: the item.
        report: takes the faults.

    Returns:
        The source, or None when it has no usable id.
    """
    from synergy_cli.schema import SOURCE_KEY, Text  # noqa: PLC0415  a source from the cache does not need it

    if not isinstance(node.value, dict):
        report.at(node, f"found {node.kind}, expected a source with `id` and `title`")
        return None
    data = node.data()
    for name in ("id", "title"):
        if name not in node.value:
            report.at(node, f"`{name}` is missing from this source; expected it beside `type`, `author` and `issued`")
    if "id" not in node.value:
        return None
    key = Text(SOURCE_KEY, "a source key of letters, digits and - _ . : / +").read(node.value["id"].node, report)
    _check_link(node, report)
    return Source(
        key=key,
        authors=tuple(_names(data.get("author"))),
        year=_year(data.get("issued")),
        title=_text(data, "title"),
        where=_where(data),
        url=_text(data, "URL") or (f"https://doi.org/{_text(data, 'DOI')}" if _text(data, "DOI") else ""),
        kind=_text(data, "genre"),
        note=_text(data, "note"),
    )


def _check_link(node: Node, report: Report) -> None:
    for name, pattern, expected in (("URL", _LINK, "http:// or https://"), ("DOI", _DOI, "a DOI such as 10.1000/182")):
        entry = node.value.get(name)
        if entry is not None and not (isinstance(entry.node.value, str) and pattern.fullmatch(entry.node.value)):
            report.at(entry.node, f"this {name} cannot be used; expected {expected}")


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(authors: Any) -> list[str]:  # noqa: ANN401  CSL allows several forms
    names = []
    for author in authors if isinstance(authors, list) else []:
        if isinstance(author, dict):
            whole = [_text(author, part) for part in _NAME_PARTS]
            names.append(_text(author, "literal") or " ".join(part for part in whole if part))
    named = [name for name in names if name]
    return [*named[:-1], "et al."] if named[-1:] == ["others"] else named  # as Pandoc writes BibTeX's `and others`


def _year(issued: Any) -> str:  # noqa: ANN401
    """Find the year in CSL's forms: 2014, {year: 2014}, [{year: 2014}], {date-parts: [[2014, 5]]}."""
    while isinstance(issued, (list, dict)):
        if isinstance(issued, dict):
            issued = next((issued[form] for form in ("year", "date-parts", "raw", "literal") if form in issued), "")
        else:
            issued = issued[0] if issued else ""
    match = _YEAR.match(issued) if isinstance(issued, str) else None
    return match[0] if match else ""


def _where(data: dict[str, Any]) -> str:
    container = _text(data, "container-title") or _text(data, "publisher")
    volume, issue, page = (_text(data, part) for part in ("volume", "issue", "page"))
    place = volume + (f"({issue})" if issue else "")
    numbers = f"{place}:{page}" if place and page else place or page
    return " ".join(part for part in (container, numbers) if part)
