"""Parses YAML into nodes with positions.

The parser uses libyaml's events and never a constructor: every value keeps its line and column, and text stays as
written, including `no`, `1.10` and `2024-01-15`. Features that a course does not need are refused: tags, anchors,
aliases, merge keys, several documents in one file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from synergy_cli.parsing.report import ContentError, SourcePos
from synergy_cli.parsing.yaml_errors import (
    ODD_SPACE,
    QUOTE_IT,
    ReadSoFar,
    SyntaxProblem,
    explain,
    match_at,
    odd_space,
    source_pos,
)
from synergy_cli.records import NamedTuple
from synergy_cli.text import dangerous, describe, shorten

if TYPE_CHECKING:
    from collections.abc import Callable

    from synergy_cli.parsing.report import Report


MAX_VALUES = 500_000
MAX_DEPTH = 32
_VISIBLE_ASCII = bytes(range(0x20, 0x7F)) + b"\n\t"
_CUT = r"#(?<=[ \t]#)[^\s#]"
_CUT_OFF = r"([ \t]+)(#[^\s#].*)"
_TOO_DEEP = "exceeded maximum nesting depth"
_ODD_KEY = re.compile(rf"(?:-[ \t]*)?{ODD_SPACE}|[^:]*:{ODD_SPACE}")
_ODD_ITEM = re.compile(rf"\n[ \t]*{ODD_SPACE}[^\S\n]*- ")
_FEATURES = {"*": "an alias", "&": "an anchor", "!": "a tag"}
_new: Any = tuple.__new__
"""Creates a named tuple in half the time of its own constructor; a large bank has hundreds of thousands of them."""


class Node(NamedTuple):
    """One value of a document.

    Attributes:
        value: text, a list of nodes, or a dict from key to `KeyValue`.
        mark: its start, as a PyYAML mark: most positions are never needed, so they are not computed.
        plain: whether it is text without quotes.
    """

    value: Any
    mark: Any
    plain: bool

    @property
    def line(self) -> int:
        """The line on which the value starts, counted from 1."""
        return int(self.mark.line) + 1

    @property
    def column(self) -> int:
        """The column in which the value starts, counted from 1, in characters."""
        return int(self.mark.column) + 1

    @property
    def kind(self) -> str:
        """The type of the value in an author's words."""
        names: dict[type, str] = {str: "text", list: "a list", dict: "a mapping"}
        return names[type(self.value)] if self.value != "" else "nothing"

    def data(self) -> Any:  # noqa: ANN401  plain data of any shape
        """Return the value as plain text, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: entry.node.data() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value


class KeyValue(NamedTuple):
    """One key of a mapping.

    Attributes:
        mark: the start of the key, as a PyYAML mark.
        node: the value.
        plain: whether the key is written without quotes.
    """

    mark: Any
    node: Node
    plain: bool

    @property
    def line(self) -> int:
        """The line on which the key starts, counted from 1."""
        return int(self.mark.line) + 1

    @property
    def column(self) -> int:
        """The column in which the key starts, counted from 1, in characters."""
        return int(self.mark.column) + 1


def parse(source: str, report: Report, first_line: int = 1) -> Node:
    """Parse one YAML document that starts on `first_line` of its file.

    In unquoted text, YAML treats everything from a `#` after a space as a comment. Authors who mean a comment write a
    space or another `#` after it; others, as in `What is #1?`, lose the end of their text. So a `#` is reported unless
    white space or another `#` follows it.

    Raises:
        ContentError: the text is empty, is not YAML, uses a refused feature, or exceeds a limit.
    """
    import yaml  # noqa: PLC0415  16 ms that a page from the cache does not pay

    source = "\n" * (first_line - 1) + source  # so that PyYAML counts the lines of the file
    refuse_dangerous(source, report)
    report.stop_on_faults()
    root = None
    try:
        root = _root(source, report)
    except yaml.YAMLError as error:
        report.at(SourcePos(first_line, 1), "yaml-syntax", " ".join(str(error).split()))
    if root is None and not report.errors:
        report.at(SourcePos(first_line, 1), "empty-file", "the file is empty; expected a mapping of keys and values")
    report.stop_on_faults()
    if root is None:
        raise ContentError(report.faults)
    return root


def _root(source: str, report: Report) -> Node | None:
    """Parse the outermost value; None if the text is empty or not YAML, which is reported.

    Since 6.0.4, PyYAML limits the depth too. Its limit is far above ours, but PyYAML reads ahead and can reach it
    first. The text up to that point is then parsed again: it exceeds our limit as well, and the fault gets our position
    and code.
    """
    import yaml  # noqa: PLC0415  loaded by the caller already

    known = len(report.faults)
    reader = EventReader(source, report)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None and _TOO_DEEP in str(error.problem):
            del report.faults[known:]
            return _root(source[: error.problem_mark.index], report)
        place, message = explain(SyntaxProblem(source, error, reader.read_so_far))
        report.at(place, "yaml-syntax", message)
        return None


def refuse_dangerous(source: str, report: Report) -> None:
    """Report every character that could control a terminal or hide text."""
    # most text is ASCII: removing that as bytes takes a quarter of the time of a check by character
    rest = source.encode("utf-8", "surrogatepass").translate(None, _VISIBLE_ASCII)
    if rest.decode("utf-8", "surrogatepass").isprintable():
        return
    line, begin, seen = 1, 0, 0
    for offset in dangerous(source):
        if source[offset] == "\r" and source[offset + 1 : offset + 2] == "\n":
            continue
        line += source.count("\n", seen, offset)
        begin = max(begin, source.rfind("\n", seen, offset) + 1)
        seen = offset
        message = f"{describe(source[offset])} is not allowed in a course; expected visible text"
        report.at(SourcePos(line, offset - begin + 1), "character", message)


class EventReader:
    """Turns events into nodes, and refuses YAML features that a course may not use.

    Nested values are read recursively, at most `MAX_DEPTH` deep. The attributes explain a syntax error.

    Attributes:
        last: the event of the last text.
        opened: the start events of open lists and mappings, outermost first.
        closed: the start events of lists and mappings closed since the last text, outermost last.
        ended: the end event of the last list or mapping in brackets.
    """

    def __init__(self, source: str, report: Report) -> None:
        """Start before the first event."""
        import yaml  # noqa: PLC0415  loaded by the caller already

        self._source = source
        self._report = report
        self._next: Callable[[], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(source).get_event
        self._scalar, self._mapping_start = yaml.ScalarEvent, yaml.MappingStartEvent
        self._mapping_end, self._sequence_end = yaml.MappingEndEvent, yaml.SequenceEndEvent
        self._stream_end = yaml.StreamEndEvent
        self._cut = re.compile(_CUT_OFF) if re.search(_CUT, source) else None
        self._odd = not source.isascii() and re.search(ODD_SPACE, source) is not None
        self._values = 0
        self.last: Any = None
        self.opened: list[Any] = []
        self.closed: list[Any] = []
        self.ended: Any = None

    @property
    def read_so_far(self) -> ReadSoFar:
        """What has been read, for the explanation of a syntax error."""
        return ReadSoFar(self.last, self.opened, self.closed, self.ended)

    def document(self) -> Node | None:
        """Read the document; None if the text is empty."""
        self._next()
        if type(self._next()) is self._stream_end:
            return None
        root = self._node(self._next())
        self._next()
        event = self._next()
        if type(event) is not self._stream_end:
            self._stop(event, "a second document starts here; expected one document per file")
        return root

    def _node(self, event: Any) -> Node:  # noqa: ANN401  PyYAML has no types for its events
        if type(event) is self._scalar:
            leaf: Node = _new(Node, (self._text(event), event.start_mark, not event.style))
            return leaf
        self._open(event)
        value = self._mapping() if type(event) is self._mapping_start else self._list()
        node: Node = _new(Node, (value, event.start_mark, False))
        return node

    def _open(self, event: Any) -> None:  # noqa: ANN401
        self._values += 1
        if self._values > MAX_VALUES or event.anchor is not None or event.tag is not None:
            self._refuse(event)
        if len(self.opened) >= MAX_DEPTH:
            self._stop(event, f"nested more than {MAX_DEPTH} levels deep", "too-large")
        self.opened.append(event)
        self.closed = []  # otherwise a file of empty lists would keep all of them

    def _close(self, event: Any) -> None:  # noqa: ANN401
        start = self.opened.pop()
        self.closed.append(start)
        if start.flow_style:
            self.ended = event

    def _list(self) -> list[Node]:
        take, end, read = self._next, self._sequence_end, self._node
        nodes = []
        while type(event := take()) is not end:
            nodes.append(read(event))
        self._close(event)
        return nodes

    def _mapping(self) -> dict[str, KeyValue]:
        take, scalar, read = self._next, self._scalar, self._node
        entries: dict[str, KeyValue] = {}
        while type(event := take()) is scalar:
            key = self._text(event)
            if self._odd and _ODD_KEY.match(key):
                self._refuse_space(event)
            if key in entries or key == "<<":
                self._check_key(event, entries)
            entries[key] = _new(KeyValue, (event.start_mark, read(take()), not event.style))
        if type(event) is not self._mapping_end:
            self._refuse(event)
        self._close(event)
        return entries

    def _text(self, event: Any) -> str:  # noqa: ANN401
        self._values += 1
        if self._values > MAX_VALUES or event.anchor is not None or event.tag is not None:
            self._refuse(event)
        self.last = event
        if self.closed:
            self.closed = []
        text: str = event.value
        if event.style == '"':
            if not text.isprintable():
                self._check_escapes(event)
        elif self._cut is not None and not event.style:
            self._check_end(event.end_mark, self._cut)
        if self._odd and event.start_mark.line < event.end_mark.line:
            swallowed = _ODD_ITEM.search(self._source, event.start_mark.index, event.end_mark.index)
            if swallowed:
                self._refuse_space(event, swallowed.start())
        return text

    def _refuse_space(self, event: Any, start: int = 0) -> None:  # noqa: ANN401
        """Stop at the first odd space from an offset, or otherwise in a key, unless it is quoted."""
        if event.style:
            return
        place, message = odd_space(self._source, start or event.start_mark.index)
        self._report.at(place, "yaml-syntax", message)
        raise ContentError(self._report.faults)

    def _check_key(self, event: Any, entries: dict[str, KeyValue]) -> None:  # noqa: ANN401
        if event.value in entries:
            self._report.at(source_pos(event.start_mark), "duplicate-key", f"duplicate key `{shorten(event.value)}`")
        elif not event.style:
            self._stop(event, "`<<` is a merge key, which a course may not use; write the keys out")

    def _check_escapes(self, event: Any) -> None:  # noqa: ANN401
        offset = next(dangerous(event.value), None)
        if offset is not None:
            name = describe(event.value[offset])
            message = f"{name} is not allowed in a course, not even as an escape; expected visible text"
            self._report.at(source_pos(event.start_mark), "character", message)

    def _check_end(self, end: Any, cut: re.Pattern[str]) -> None:  # noqa: ANN401
        rest = cut.match(self._source, end.index)
        if rest is not None:
            message = (
                f"`{shorten(rest[2])}` is not part of the text: a `#` after a space starts a comment; "
                "put the text in quotes, or add a space after the `#`"
            )
            self._report.at(source_pos(end, len(rest[1])), "cut-text", message)

    def _refuse(self, event: Any) -> None:  # noqa: ANN401
        """Stop at a value that is not allowed here, and report why."""
        if self._values > MAX_VALUES:
            self._stop(event, f"more than {MAX_VALUES:,} values in one file; split it", "too-large")
        if event.anchor is None and event.tag is None:
            self._stop(event, f"a key may not be a list or a mapping; {QUOTE_IT}")
        word = match_at(r"[^\s,\[\]{}]+", self._source, event.start_mark)
        feature = _FEATURES.get(word[:1], "a tag")
        self._stop(event, f"`{shorten(word)}` is {feature}, which a course may not use; {QUOTE_IT}")

    def _stop(self, event: Any, message: str, code: str = "yaml-feature") -> NoReturn:  # noqa: ANN401
        self._report.at(source_pos(event.start_mark), code, message)
        raise ContentError(self._report.faults)
