"""What a valid record looks like, said once: fields are declared, and this room reads and checks them.

A `Field` has a name, a kind and a sentence; a kind reads one `Node`. Faults are collected, not raised, so that an
author sees all of them at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from synergy_cli.errors import ContentError, Fault
from synergy_cli.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from synergy_cli.documents import Entry, Node

IDENTIFIER = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*")
SOURCE_KEY = re.compile(r"[A-Za-z0-9_](?:[\w:.+/-]*\w)?")
DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
MAX_TEXT = 20_000


class Mention(NamedTuple):
    """A place that names something which must exist elsewhere: a source, a page, a passage, a term."""

    what: str
    name: str
    line: int
    column: int


class Place(NamedTuple):
    """A place in a file, both counted from 1."""

    line: int
    column: int


class Report:
    """Collects what reading one file brings to light: its faults, and what it names elsewhere."""

    def __init__(self, path: str) -> None:
        """Begin with nothing found.

        Args:
            path: the file, as the author would type it.
        """
        self.path = path
        self.faults: list[Fault] = []
        self.mentions: list[Mention] = []

    def at(self, place: Node | Entry | Place, message: str) -> None:
        """Add a fault.

        Args:
            place: where it is.
            message: what is wrong, and what was expected.
        """
        self.faults.append(Fault(self.path, place.line, place.column, message))

    def mention(self, what: str, name: str, place: Node | Entry | Place) -> None:
        """Note that something which must exist elsewhere is named here.

        Args:
            what: `source`, `page`, `passage` or `term`.
            name: its key or id.
            place: where it is named.
        """
        self.mentions.append(Mention(what, name, place.line, place.column))

    def stop_on_faults(self) -> None:
        """End here when anything was found.

        Raises:
            ContentError: with all faults so far.
        """
        if self.faults:
            raise ContentError(self.faults)


class Kind(Protocol):
    """The kind of a value: what it is called, and how it is read."""

    def read(self, node: Node, report: Report) -> Any:  # noqa: ANN401  each kind gives its own type
        """Give the value as plain data, or report why it is none."""


class Field(NamedTuple):
    """One key of a record.

    Attributes:
        name: the key.
        kind: what its value is.
        doc: one sentence for authors and editors.
        required: whether a record without it is at fault.
        default: the plain data that stands for its absence.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = True
    default: Any = None


class Text(NamedTuple):
    """Visible text, not empty.

    Attributes:
        pattern: what the whole text must match, if anything.
        expected: that pattern in words.
    """

    pattern: re.Pattern[str] | None = None
    expected: str = "text"
    most: int = MAX_TEXT

    def read(self, node: Node, report: Report) -> str:
        """Give the text without white space around it."""
        if not isinstance(node.value, str):
            report.at(node, f"found {node.kind}, expected {self.expected}")
            return ""
        text = node.value.strip()
        if not text:
            report.at(node, f"the value is empty, expected {self.expected}")
        elif self.pattern is not None and not self.pattern.fullmatch(text):
            report.at(node, f"found `{_shorten(text)}`, expected {self.expected}")
        elif len(text) > self.most:
            report.at(node, f"{len(text):,} characters, expected at most {self.most:,}")
        return text


class Reference(NamedTuple):
    """The name of something that must exist elsewhere in the course.

    Attributes:
        what: `source`, `passage` or `term`.
        text: the form of the name.
    """

    what: str
    text: Text

    def read(self, node: Node, report: Report) -> str:
        """Give the name, and note that it is named."""
        before = len(report.faults)
        name = self.text.read(node, report)
        if len(report.faults) == before:
            report.mention(self.what, name, node)
        return name


SOURCE = Reference("source", Text(SOURCE_KEY, "a source key"))
IDENT = Text(IDENTIFIER, "an id of lower-case letters, digits and single hyphens", 100)


class Word(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, report: Report) -> str:
        """Give the word."""
        if node.value not in self.words:
            found = f"`{_shorten(node.value)}`" if isinstance(node.value, str) else node.kind
            report.at(node, f"found {found}, expected one of: {', '.join(self.words)}")
            return self.words[0]
        return str(node.value)


class Flag(NamedTuple):
    """`true` or `false`, written without quotes."""

    def read(self, node: Node, report: Report) -> bool:
        """Give the truth value."""
        if not node.plain or node.value not in ("true", "false"):
            found = f"`{_shorten(node.value)}`" if isinstance(node.value, str) else node.kind
            report.at(node, f"found {found}, expected true or false")
        return bool(node.value == "true")


class Whole(NamedTuple):
    """A whole number."""

    least: int = 0
    most: int = 1_000_000

    def read(self, node: Node, report: Report) -> int:
        """Give the number."""
        if isinstance(node.value, str) and re.fullmatch(r"\d{1,9}", node.value):
            number = int(node.value)
            if self.least <= number <= self.most:
                return number
        found = f"`{_shorten(node.value)}`" if isinstance(node.value, str) else node.kind
        report.at(node, f"found {found}, expected a whole number from {self.least} to {self.most}")
        return self.least


class Amount(NamedTuple):
    """A decimal number, kept as the text its author wrote, so that 1.10 stays 1.10."""

    positive: bool = False

    def read(self, node: Node, report: Report) -> str:
        """Give the number's text."""
        expected = "a number above 0" if self.positive else "a number, such as 48 or 0.5"
        if not isinstance(node.value, str) or not DECIMAL.fullmatch(node.value) or len(node.value) > 40:  # noqa: PLR2004
            found = f"`{_shorten(node.value)}`" if isinstance(node.value, str) else node.kind
            report.at(node, f"found {found}, expected {expected}")
            return "0"
        if self.positive and not float(node.value) > 0:
            report.at(node, f"found `{node.value}`, expected {expected}")
        return node.value


class ListOf(NamedTuple):
    """A list of values of one kind."""

    kind: Kind
    least: int = 0
    most: int = 1_000_000

    def read(self, node: Node, report: Report) -> list[Any]:
        """Give the values in order."""
        if not isinstance(node.value, list):
            report.at(node, f"found {node.kind}, expected a list")
            return []
        if not self.least <= len(node.value) <= self.most:
            report.at(node, f"{len(node.value)} in this list, expected {_between(self.least, self.most)}")
        return [self.kind.read(item, report) for item in node.value]


class Table(NamedTuple):
    """A mapping from free text to values of one kind; its order is kept."""

    kind: Kind
    least: int = 0
    most: int = 1_000_000

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        """Give the values by key."""
        if not isinstance(node.value, dict):
            report.at(node, f"found {node.kind}, expected a mapping")
            return {}
        if not self.least <= len(node.value) <= self.most:
            report.at(node, f"{len(node.value)} in this mapping, expected {_between(self.least, self.most)}")
        for place, (key, entry) in enumerate(node.value.items()):
            if not key.strip():
                report.at(entry, "the key is empty, expected text")
            elif key.strip() in [other.strip() for other in list(node.value)[:place]]:
                report.at(entry, f"the key `{_shorten(key)}` stands here twice; expected it once")
        return {key.strip(): self.kind.read(entry.node, report) for key, entry in node.value.items()}


class Record(NamedTuple):
    """A mapping with declared keys.

    Attributes:
        fields: the keys.
        check: a last look at the whole record, when its parts are sound: gets the node, the data and the report.
        open: whether keys that nobody declared are passed over instead of refused.
    """

    fields: tuple[Field, ...]
    check: Callable[[Node, dict[str, Any], Report], None] | None = None
    open: bool = False

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        """Give the record as plain data with every declared key in it."""
        if not isinstance(node.value, dict):
            report.at(node, f"found {node.kind}, expected the keys: {', '.join(self._names())}")
            return {}
        before = len(report.faults)
        if not self.open:
            self._refuse_unknown(node, report)
        data = {field.name: self._read_field(field, node, report) for field in self.fields}
        if self.check is not None and len(report.faults) == before:
            self.check(node, data, report)
        return data

    def _names(self) -> list[str]:
        return [field.name for field in self.fields]

    def _read_field(self, field: Field, node: Node, report: Report) -> Any:  # noqa: ANN401
        entry = node.value.get(field.name)
        if entry is not None:
            return field.kind.read(entry.node, report)
        if field.required:
            report.at(node, f"`{field.name}` is missing; expected {field.doc[0].lower()}{field.doc[1:].rstrip('.')}")
        return field.default

    def _refuse_unknown(self, node: Node, report: Report) -> None:
        names = self._names()
        for key, entry in node.value.items():
            if key not in names:
                meant = nearest(key, names, most=1)
                expected = f"did you mean `{meant[0]}`?" if meant else f"expected one of: {', '.join(names)}"
                report.at(entry, f"the key `{_shorten(key)}` is unknown here; {expected}")


def _between(least: int, most: int) -> str:
    return f"at least {least}" if most >= 1_000_000 else f"{least} to {most}"  # noqa: PLR2004


def _shorten(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
