"""YAML text read into nodes that know their place.

The text is read through libyaml's events and never through a constructor: every value keeps its line and column, text
stays the text its author wrote (`no`, `1.10` and `2024-01-15` included), and what a course does not need does not
exist: tags, anchors, aliases, merge keys, several documents in one file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli.errors import ContentError, Fault
from synergy_cli.text import dangerous, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_VALUES = 500_000
MAX_DEPTH = 32

_QUOTE_IT = "put the text in quotes, or after `|` on lines of its own"


class Node(NamedTuple):
    """One value of a document.

    Attributes:
        value: text, a list of nodes, or a mapping from key text to `Entry`.
        line: counted from 1.
        column: counted from 1, in characters.
        plain: whether the text was written without quotes.
    """

    value: Any
    line: int
    column: int
    plain: bool = False

    @property
    def kind(self) -> str:
        """Say what this is in an author's words."""
        names: dict[type, str] = {str: "text", list: "a list", dict: "a mapping"}
        return names[type(self.value)]

    def data(self) -> Any:  # noqa: ANN401  plain data of any shape
        """Give the value as plain data, without places: text, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: entry.node.data() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value


class Entry(NamedTuple):
    """One key of a mapping: where the key stands, and its value."""

    line: int
    column: int
    node: Node


def parse(source: str, path: str, first_line: int = 1) -> Node:
    """Read one YAML document.

    Args:
        source: the text.
        path: the file, for messages.
        first_line: the line of the file on which the text begins.

    Returns:
        The document's outermost value.

    Raises:
        ContentError: the text is empty, is not YAML, uses what a course may not use, or is beyond the limits.
    """
    import yaml  # noqa: PLC0415  16 ms that a page from the cache does not pay

    faults = list(dangerous_characters(source, path, first_line))
    if faults:
        raise ContentError(faults)
    builder = _Builder(path, first_line)
    try:
        for event in yaml.parse(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.fault_at(error.problem_mark or error.context_mark, f"{error.problem}; {_QUOTE_IT}")
    except yaml.YAMLError as error:
        builder.fault_at(None, " ".join(str(error).split()))
    if builder.root is None and not builder.faults:
        builder.fault_at(None, "the file is empty; expected a mapping of keys and values")
    if builder.faults or builder.root is None:
        raise ContentError(builder.faults)
    return builder.root


def dangerous_characters(source: str, path: str, first_line: int = 1) -> Iterable[Fault]:
    """Name every character of a text that could steer a terminal or hide something.

    Args:
        source: the text.
        path: the file, for messages.
        first_line: the line of the file on which the text begins.

    Yields:
        A fault for each.
    """
    if source.replace("\n", "").isprintable():
        return
    for offset in dangerous(source):
        if source[offset] == "\r" and source[offset + 1 : offset + 2] == "\n":
            continue
        line = source.count("\n", 0, offset)
        column = offset - (source.rfind("\n", 0, offset) + 1)
        message = f"{describe(source[offset])} is not allowed in a course; expected visible text"
        yield Fault(path, first_line + line, column + 1, message)


class _Builder:
    """Turns events into nodes, without recursion, and refuses what a course may not use."""

    def __init__(self, path: str, first_line: int) -> None:
        import yaml  # noqa: PLC0415  loaded by the caller already

        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._path = path
        self._first_line = first_line
        self._open: list[Node] = []
        self._keys: list[tuple[str, Any] | None] = []
        self._values = 0
        self._documents = 0
        self._handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: lambda event: self._start(event, {}),
            yaml.SequenceStartEvent: lambda event: self._start(event, []),
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:  # noqa: ANN401  PyYAML has no type for it
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def fault_at(self, mark: Any, message: str) -> None:  # noqa: ANN401  PyYAML's mark or None
        line, column = (mark.line, mark.column) if mark is not None else (0, 0)
        self.faults.append(Fault(self._path, self._first_line + line, column + 1, message))

    def _stop(self, event: Any, message: str) -> None:  # noqa: ANN401
        self.fault_at(event.start_mark, message)
        raise ContentError(self.faults)

    def _document(self, event: Any) -> None:  # noqa: ANN401
        self._documents += 1
        if self._documents > 1:
            self._stop(event, "a second document begins here; expected one document in a file")

    def _alias(self, event: Any) -> None:  # noqa: ANN401
        self._stop(event, f"`*{event.anchor}` is an alias, which a course may not use; {_QUOTE_IT}")

    def _count(self, event: Any) -> None:  # noqa: ANN401
        self._values += 1
        if self._values > MAX_VALUES:
            self._stop(event, f"more than {MAX_VALUES:,} values in one file; split it")
        if event.anchor is not None:
            self._stop(event, f"`&{event.anchor}` is an anchor, which a course may not use; {_QUOTE_IT}")
        if event.tag is not None:
            self._stop(event, f"`{event.tag}` is a tag, which a course may not use; {_QUOTE_IT}")

    def _scalar(self, event: Any) -> None:  # noqa: ANN401
        self._count(event)
        mark = event.start_mark
        if self._open and self._keys[-1] is None and isinstance(self._open[-1].value, dict):
            self._key(event)
            return
        for offset in dangerous(event.value):
            name = describe(event.value[offset])
            self.fault_at(mark, f"{name} is not allowed in a course, not even by escape; expected visible text")
            break
        self._place(Node(event.value, self._first_line + mark.line, mark.column + 1, not event.style))

    def _key(self, event: Any) -> None:  # noqa: ANN401
        if event.value == "<<" and not event.style:
            self._stop(event, "`<<` is a merge key, which a course may not use; write the keys out")
        if event.value in self._open[-1].value:
            self.fault_at(event.start_mark, f"the key `{event.value}` stands here twice; expected it once")
        if next(dangerous(event.value), None) is not None:
            self.fault_at(event.start_mark, "a key holds a character that may not be printed; expected visible text")
        self._keys[-1] = (event.value, event.start_mark)

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1].value
        if isinstance(parent, list):
            parent.append(node)
            return
        key = self._keys[-1]
        if key is not None:
            name, mark = key
            parent.setdefault(name, Entry(self._first_line + mark.line, mark.column + 1, node))
            self._keys[-1] = None

    def _start(self, event: Any, container: dict[str, Entry] | list[Node]) -> None:  # noqa: ANN401
        self._count(event)
        if self._open and self._keys[-1] is None and isinstance(self._open[-1].value, dict):
            self._stop(event, f"a key may not be a list or a mapping; {_QUOTE_IT}")
        if len(self._open) >= MAX_DEPTH:
            self._stop(event, f"nested more than {MAX_DEPTH} levels deep")
        node = Node(container, self._first_line + event.start_mark.line, event.start_mark.column + 1)
        self._place(node)
        self._open.append(node)
        self._keys.append(None)

    def _end(self, _event: Any) -> None:  # noqa: ANN401
        self._open.pop()
        self._keys.pop()
