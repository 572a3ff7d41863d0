"""Schemas of records: fields are declared once, read and checked here, and exported as JSON Schema.

A `Field` has a name, a type and a description. A type reads one `Node` and describes itself as JSON Schema. Faults are
collected, not raised, so that authors see all of them at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from synergy_cli.parsing.yaml_errors import TYPOGRAPHIC, typographic_quotes
from synergy_cli.records import NamedTuple
from synergy_cli.text import DECIMAL, LONGEST_NUMBER, nearest, plural, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.yaml import KeyValue, Node


IDENTIFIER = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*")
SOURCE_KEY = re.compile(r"[A-Za-z0-9_](?:[\w:.+/-]*[\w])?")
_WHOLE = re.compile(r"0|[1-9]\d{0,8}")
MAX_TEXT = 20_000

JsonSchema = dict[str, Any]
"""A JSON Schema (draft 2020-12), or part of one."""

_TRAPS = (
    ("a boolean", re.compile(r"(?i:yes|no|on|off|true|false)")),
    ("null", re.compile(r"~|(?i:null)")),
    ("an octal number", re.compile(r"[+-]?0o?[0-7_]+")),
    ("a base-60 number", re.compile(r"[+-]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?")),
    ("a date", re.compile(r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d.*)?")),
    ("a number", re.compile(r"[+-]?(?:0[xb][\da-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)")),
    ("a number", re.compile(r"[+-]?\.(?i:inf)")),
    ("NaN", re.compile(r"\.(?i:nan)")),
)
_ANY_TRAP = re.compile("|".join(f"({pattern.pattern})" for _, pattern in _TRAPS))
_SUSPECT = frozenset("+-.~0123456789yYnNoOtTfF") | TYPOGRAPHIC
_LONGEST_TRAP = 40


def yaml_type(text: str) -> str:
    """Return the type as which YAML 1.1 or 1.2 reads an unquoted, non-empty text, such as `a date`; empty for text."""
    if text[0] not in _SUSPECT or len(text) > _LONGEST_TRAP:
        return ""
    match = _ANY_TRAP.fullmatch(text)
    return _TRAPS[match.lastindex - 1][0] if match and match.lastindex else ""


class ValueType(Protocol):
    """The type of a value: reads it, and describes it as JSON Schema."""

    def read(self, node: Node, report: Report) -> Any:  # noqa: ANN401  each type returns its own
        """Return the value as plain data, or report why it is invalid."""

    def shape(self) -> JsonSchema:
        """Return the JSON Schema of such a value."""


class Field(NamedTuple):
    """One key of a record.

    Attributes:
        name: the key.
        kind: the type of its value.
        doc: a description for authors and editors.
        required: whether it must be present.
        default: the value, as plain data, if it is absent.
        aliases: its names in other formats, for `unknown key` messages.
    """

    name: str
    kind: ValueType
    doc: str
    required: bool = True
    default: Any = None
    aliases: tuple[str, ...] = ()


_CODE_INDENT = "    "
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


class Text(NamedTuple):
    """Visible, non-empty text.

    Attributes:
        pattern: must match the whole text.
        expected: the pattern in words.
        most: maximum length in characters.
    """

    pattern: re.Pattern[str] | None = None
    expected: str = "text"
    most: int = MAX_TEXT

    def read(self, node: Node, report: Report) -> str:
        """Return the text without surrounding white space; several lines, or a line of code, keep their indentation."""
        value, _, plain = node
        if not isinstance(value, str):
            report.at(node, "wrong-type", f"found {node.kind}, expected {self.expected}")
            return ""
        pattern, expected, most = self
        text = value.strip()
        if "\n" in text or (pattern is None and text and value.startswith(_CODE_INDENT)):
            text = _BLANK_LINES.sub("", value.rstrip())
        if not text:
            report.at(node, "empty-value", f"the value is empty, expected {expected}")
        elif pattern is not None and not pattern.fullmatch(text):
            report.at(node, "wrong-value", f"found `{shorten(text)}`, expected {expected}")
        elif len(text) > most:
            report.at(node, "wrong-length", f"{len(text):,} characters, expected at most {most:,}")
        elif plain and text[0] in _SUSPECT:
            warn_of_trap(node, text, report)
        return text

    def shape(self) -> JsonSchema:
        r"""Return the JSON Schema; the pattern is widened, because editors match only ASCII with \w."""
        pattern = r"\S" if self.pattern is None else f"^\\s*(?:{self.pattern.pattern})\\s*$"
        pattern = pattern.replace(r"[\w", r"[\w\u0080-\uffff")
        return {"type": "string", "maxLength": self.most, "pattern": pattern}


def warn_of_trap(place: Node | KeyValue, text: str, report: Report) -> None:
    """Warn about an unquoted text that other YAML parsers do not read as text, or that has useless quotes."""
    other, quotes = yaml_type(text), typographic_quotes(text)
    if quotes:
        marks = "a quote" if len(quotes) == 1 else "quotes"
        message = f'YAML treats `{quotes}` as part of the text, not as {marks}; write " instead, or put " around it all'
        report.at(place, "typographic-quotes", message)
    if other:
        report.at(place, "yaml-trap", f'many YAML parsers read `{text}` as {other}; write "{text}"')


class Reference(NamedTuple):
    """The name of a `source`, `passage` or `term` that must exist elsewhere in the course."""

    what: str
    text: Text

    def read(self, node: Node, report: Report) -> str:
        """Return the name, and record the mention."""
        before = report.errors
        name = self.text.read(node, report)
        if report.errors == before:
            report.mention(self.what, name, node)
        return name

    def shape(self) -> JsonSchema:
        """Return the JSON Schema, which cannot require that the name exists."""
        return self.text.shape()


SOURCE = Reference("source", Text(SOURCE_KEY, "a source key"))
IDENT = Text(IDENTIFIER, "an id of lower-case letters and digits, joined by single hyphens, dots or underscores", 100)


class Word(NamedTuple):
    """One of a few words.

    Attributes:
        words: the allowed words.
        aliases: pairs of a word from another format and the word to suggest for it.
    """

    words: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()

    def read(self, node: Node, report: Report) -> str:
        """Return the word."""
        if node.value not in self.words:
            if not isinstance(node.value, str):
                report.at(node, "wrong-type", f"found {node.kind}, expected one of: {', '.join(self.words)}")
                return self.words[0]
            report.at(node, "wrong-value", f"found `{shorten(node.value)}`, {self._expected(node.value)}")
            return self.words[0]
        return str(node.value)

    def _expected(self, word: str) -> str:
        listed = f"expected one of: {', '.join(self.words)}"
        key = word.strip().lower()
        if key in dict(self.aliases):
            return f"{listed}; use `{dict(self.aliases)[key]}`"
        near = nearest(key, list(self.words), most=1)
        return f"{listed}; did you mean `{near[0]}`?" if near else listed

    def shape(self) -> JsonSchema:
        """Return the JSON Schema; a word of digits may be written as a number."""
        return {"enum": [*self.words, *(int(word) for word in self.words if word.isdecimal())]}


class Boolean(NamedTuple):
    """`true` or `false`, written without quotes."""

    def read(self, node: Node, report: Report) -> bool:
        """Return the boolean."""
        if not node.plain or node.value not in ("true", "false"):
            _refuse(node, "true or false, without quotes", report)
        return bool(node.value == "true")

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {"type": "boolean"}


class WholeNumber(NamedTuple):
    """A whole number."""

    least: int = 0
    most: int = 1_000_000

    def read(self, node: Node, report: Report) -> int:
        """Return the number."""
        if isinstance(node.value, str) and _WHOLE.fullmatch(node.value):
            number = int(node.value)
            if self.least <= number <= self.most:
                return number
        _refuse(node, f"a whole number from {self.least} to {self.most}", report)
        return self.least

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class DecimalNumber(NamedTuple):
    """A decimal number, kept as written, so that 1.10 stays 1.10.

    Attributes:
        positive: whether it must be above 0.
        ranged: whether it may be a range, such as `20..25`.
    """

    positive: bool = False
    ranged: bool = False

    def read(self, node: Node, report: Report) -> str:
        """Return the number as text."""
        expected = "a number above 0" if self.positive else "a number, such as 48 or 0.5"
        expected += ", or a range, such as 20..25" if self.ranged else ""
        ends = node.value.split("..", 1) if self.ranged and isinstance(node.value, str) else [node.value]
        if not all(isinstance(end, str) and DECIMAL.fullmatch(end) and len(end) <= LONGEST_NUMBER for end in ends):
            _refuse(node, expected, report)
            return "0"
        if len(ends) > 1 and _is_less(ends[1], ends[0]):
            message = f"found `{node.value}`, expected the smaller number first: {ends[1]}..{ends[0]}"
            report.at(node, "wrong-value", message)
        elif self.positive and not float(node.value) > 0:
            _refuse(node, expected, report)
        elif node.plain and yaml_type(node.value) == "an octal number":
            plain = node.value.lstrip("+-0") or "0"
            report.at(node, "yaml-trap", f"many YAML parsers read `{node.value}` as an octal number; write {plain}")
        return str(node.value)

    def shape(self) -> JsonSchema:
        """Return the JSON Schema: a number, quoted or not, or a range."""
        one = f"(?:{DECIMAL.pattern})"
        shape: JsonSchema = {"type": ["number", "string"], "pattern": f"^{one}$", "maxLength": LONGEST_NUMBER}
        if self.ranged:
            return {"anyOf": [shape, {"type": "string", "pattern": rf"^{one}\.\.{one}$"}]}
        return {**shape, "exclusiveMinimum": 0} if self.positive else shape


def _is_less(first: str, second: str) -> bool:
    from decimal import Decimal  # noqa: PLC0415  few courses have ranges

    return Decimal(first) < Decimal(second)


def _refuse(node: Node, expected: str, report: Report) -> None:
    """Report a value that is not the expected number or boolean, and how YAML would have read it."""
    if not isinstance(node.value, str):
        report.at(node, "wrong-type", f"found {node.kind}, expected {expected}")
        return
    if not node.value.strip():
        report.at(node, "empty-value", f"the value is empty, expected {expected}")
        return
    other = yaml_type(node.value) if node.plain else ""
    trap = f" (many YAML parsers read it as {other})" if other and other != "a number" else ""
    report.at(node, "wrong-value", f"found `{shorten(node.value)}`{trap}, expected {expected}")


class ListOf(NamedTuple):
    """A list of values of one type."""

    kind: ValueType
    least: int = 0
    most: int = 1_000_000

    def read(self, node: Node, report: Report) -> list[Any]:
        """Return the values in order."""
        if not isinstance(node.value, list):
            report.at(node, "wrong-type", f"found {node.kind}, expected a list")
            return []
        if not self.least <= len(node.value) <= self.most:
            found, expected = plural(len(node.value), "item"), _between(self.least, self.most)
            report.at(node, "wrong-length", f"this list has {found}, expected {expected}")
        read = self.kind.read
        return [read(item, report) for item in node.value]

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {"type": "array", "items": self.kind.shape(), "minItems": self.least, "maxItems": self.most}


class OneOrMore(NamedTuple):
    """A list of values of one type, or a single value."""

    kind: ValueType

    def read(self, node: Node, report: Report) -> list[Any]:
        """Return the values in order."""
        alone = isinstance(node.value, str)
        return [self.kind.read(node, report)] if alone else ListOf(self.kind, 1).read(node, report)

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {"anyOf": [self.kind.shape(), ListOf(self.kind, 1).shape()]}


class MapOf(NamedTuple):
    """A mapping from arbitrary text to values of one type, in order."""

    kind: ValueType
    least: int = 0
    most: int = 1_000_000

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        """Return the values by key."""
        if not isinstance(node.value, dict):
            report.at(node, "wrong-type", f"found {node.kind}, expected a mapping")
            return {}
        if not self.least <= len(node.value) <= self.most:
            found, expected = plural(len(node.value), "key"), _between(self.least, self.most)
            report.at(node, "wrong-length", f"this mapping has {found}, expected {expected}")
        data: dict[str, Any] = {}
        for raw_key, entry in node.value.items():
            key = raw_key.strip()
            if not key:
                report.at(entry, "empty-value", "the key is empty, expected text")
            elif key in data:
                report.at(entry, "duplicate-key", f"duplicate key `{shorten(key)}`")
            elif entry.plain and key[0] in _SUSPECT:
                warn_of_trap(entry, key, report)
            data[key] = self.kind.read(entry.node, report)
        return data

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        return {
            "type": "object",
            "additionalProperties": self.kind.shape(),
            "propertyNames": {"pattern": r"\S"},
            "minProperties": self.least,
            "maxProperties": self.most,
        }


class Object(NamedTuple):
    """A mapping with declared keys.

    Attributes:
        fields: the keys.
        check: validates the record as a whole, once its fields are valid.
        open: whether undeclared keys are ignored instead of reported.
        elsewhere: pairs of a key from another format and what to use instead.
        brief: the key whose value, as text, may replace the whole record; empty if there is no such key.
    """

    fields: tuple[Field, ...]
    check: Callable[[Node, dict[str, Any], Report], None] | None = None
    open: bool = False
    elsewhere: tuple[tuple[str, str], ...] = ()
    brief: str = ""

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        """Return the record as plain data, with every declared key."""
        if self.brief and isinstance(node.value, str):
            return {
                field.name: field.kind.read(node, report) if field.name == self.brief else field.default
                for field in self.fields
            }
        if not isinstance(node.value, dict):
            text = "text, or " if self.brief else ""
            report.at(node, "wrong-type", f"found {node.kind}, expected {text}the keys: {', '.join(self._names())}")
            return {}
        before = report.errors
        entries: dict[str, KeyValue] = node.value
        data: dict[str, Any] = {}
        known = 0
        for field in self.fields:
            name, kind, _, required, default, _ = field
            if name in entries:
                known += 1
                _, value, _ = entries[name]
                data[name] = kind.read(value, report)
            else:
                data[name] = default
                if required and not self._misnamed(field, entries):
                    expected = f"{field.doc[0].lower()}{field.doc[1:].rstrip('.')}"
                    report.at(node, "missing-key", f"`{name}` is missing; expected {expected}")
        if known < len(entries):
            self._refuse_unknown(node, report)
        if self.check is not None and report.errors == before:
            self.check(node, data, report)
        return data

    def shape(self) -> JsonSchema:
        """Return the JSON Schema."""
        shape: JsonSchema = {
            "type": "object",
            "properties": {field.name: {"description": field.doc, **field.kind.shape()} for field in self.fields},
            "required": [field.name for field in self.fields if field.required],
            "additionalProperties": self.open,
        }
        return {"anyOf": [shape["properties"][self.brief], shape]} if self.brief else shape

    def _misnamed(self, field: Field, keys: Collection[str]) -> bool:
        """Whether an unknown key is another name or a misspelling of a field, which its own fault then names."""
        by_list = any(key in keys and f"`{field.name}`" in ours for key, ours in self.elsewhere)
        near = (key for key in keys if self._nearest(key) == field.name)
        return by_list or any(alias in keys for alias in field.aliases) or any(near)

    def _nearest(self, key: str) -> str:
        """Return the field that an unknown key misspells; empty if the key is known or resembles no field.

        Where unknown keys are allowed, it may differ in length by one letter.
        """
        names = self._names()
        if key in names:
            return ""
        alike = [name for name in names if name.lower() == key.lower()] or nearest(key, names, most=1)
        return alike[0] if alike and not (self.open and abs(len(key) - len(alike[0])) > 1) else ""

    def _names(self) -> list[str]:
        return [field.name for field in self.fields]

    def _refuse_unknown(self, node: Node, report: Report) -> None:
        """Report unknown keys; if they are allowed, report only misnamed required keys."""
        names = self._names()
        missing = {field.name for field in self.fields if field.required} - node.value.keys()
        if self.open and not missing:
            return
        ours = {alias: f"`{field.name}`" for field in self.fields for alias in field.aliases} | dict(self.elsewhere)
        for key, entry in node.value.items():
            if key in names:
                continue
            near = self._nearest(key)
            if self.open and near not in missing:
                continue
            if key in ours:
                expected = f"use {ours[key]}"
            elif near:
                expected = f"did you mean `{near}`?"
            else:
                expected = f"expected one of: {', '.join(names)}"
            report.at(entry, "unknown-key", f"unknown key `{shorten(key)}`; {expected}")


def _between(least: int, most: int) -> str:
    return f"at least {least}" if most >= 1_000_000 else f"{least} to {most}"  # noqa: PLR2004
