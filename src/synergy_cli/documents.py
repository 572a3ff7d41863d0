"""YAML text read into nodes that know their place.

The text is read through libyaml's events and never through a constructor: every value keeps its line and column, text
stays the text its author wrote (`no`, `1.10` and `2024-01-15` included), and what a course does not need does not
exist: tags, anchors, aliases, merge keys, several documents in one file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from synergy_cli.errors import ContentError
from synergy_cli.text import dangerous, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from synergy_cli.schema import Report

MAX_VALUES = 500_000
MAX_DEPTH = 32

_QUOTE_IT = "put the text in quotes, or after `|` on lines of its own"
_VISIBLE_ASCII = bytes(range(0x20, 0x7F)) + b"\n\t"
_CUT = r"#(?<=[ \t]#)[^\s#]"
_CUT_OFF = r"([ \t]+)(#[^\s#].*)"
_BRIEF = 40
_NO_START = "found character that cannot start any token"
_COLON = "mapping values are not allowed"
_NO_VALUE = (
    _NO_START,
    "did not find expected node content",
    "block sequence entries are not allowed",
    "mapping keys are not allowed",
)
_AFTER_SIGN = (
    "while scanning an alias",
    "while scanning an anchor",
    "while scanning a tag",
    "while parsing a tag",
    "while scanning a block scalar",
    "while scanning a directive",
)
_BARE_KEY = "found no colon after a key; expected `key: value`, or for more of the text above, more spaces before it"
_INNER_QUOTES = {"'": "''", '"': '\\"'}
_CLOSING = {"[": "]", "{": "}"}
_FEATURES = {"*": "an alias", "&": "an anchor", "!": "a tag"}
_new: Any = tuple.__new__
"""Makes a named tuple in half the time that its own constructor takes; a large bank has hundreds of thousands."""


class Place(NamedTuple):
    """A place in a file, both counted from 1."""

    line: int
    column: int


class Node(NamedTuple):
    """One value of a document.

    Attributes:
        value: text, a list of nodes, or a mapping from key text to `Entry`.
        mark: where it begins, as PyYAML has it: hardly any place is ever asked for.
        plain: whether the text was written without quotes.
    """

    value: Any
    mark: Any
    plain: bool

    @property
    def line(self) -> int:
        """Give the line in which it begins, counted from 1."""
        return int(self.mark.line) + 1

    @property
    def column(self) -> int:
        """Give the column in which it begins, counted from 1, in characters."""
        return int(self.mark.column) + 1

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
    """One key of a mapping.

    Attributes:
        mark: where the key begins, as PyYAML has it.
        node: its value.
        plain: whether the key was written without quotes.
    """

    mark: Any
    node: Node
    plain: bool

    @property
    def line(self) -> int:
        """Give the line in which the key begins, counted from 1."""
        return int(self.mark.line) + 1

    @property
    def column(self) -> int:
        """Give the column in which the key begins, counted from 1, in characters."""
        return int(self.mark.column) + 1


Finding = tuple[Place, str] | None


def parse(source: str, report: Report, first_line: int = 1) -> Node:
    """Read one YAML document.

    A `#` that cuts a text off is reported too. In a text without quotes, YAML takes everything from a `#` after a space
    for a comment. Whoever means a comment writes a space, or another `#`, after it; whoever does not, as in `What is
    #1?`, loses the end of a text. So a `#` is reported when neither white space nor another `#` follows it.

    Args:
        source: the text.
        report: takes the faults.
        first_line: the line of the file on which the text begins.

    Returns:
        The document's outermost value.

    Raises:
        ContentError: the text is empty, is not YAML, uses what a course may not use, or is beyond the limits.
    """
    import yaml  # noqa: PLC0415  16 ms that a page from the cache does not pay

    source = "\n" * (first_line - 1) + source  # so that PyYAML counts the lines of the file
    refuse_dangerous(source, report)
    report.stop_on_faults()
    reader, root = _Reader(source, report), None
    try:
        root = reader.document()
    except yaml.MarkedYAMLError as error:
        place, message = _explain(_Snag(source, error, reader))
        report.at(place, "yaml-syntax", message)
    except yaml.YAMLError as error:
        report.at(Place(first_line, 1), "yaml-syntax", " ".join(str(error).split()))
    if root is None and not report.errors:
        report.at(Place(first_line, 1), "empty-file", "the file is empty; expected a mapping of keys and values")
    report.stop_on_faults()
    if root is None:
        raise ContentError(report.faults)
    return root


def refuse_dangerous(source: str, report: Report) -> None:
    """Report every character of a text that could steer a terminal or hide something.

    Args:
        source: the text.
        report: takes the faults.
    """
    # most of a text is ASCII, which is struck out as bytes in a quarter of the time that a look at characters takes
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
        report.at(Place(line, offset - begin + 1), "character", message)


class _Reader:
    """Turns events into nodes, and refuses what a course may not use.

    What holds other values is read by methods that call each other, `MAX_DEPTH` deep at most. The attributes say what
    was read last, for the case that it cannot go on.

    Attributes:
        last: the event of the last text.
        opened: the events that begin what is not yet ended, the outermost first.
        closed: those of what was ended after the last text, the outermost last.
        ended: the event that ended a list or a mapping in brackets last.
    """

    def __init__(self, source: str, report: Report) -> None:
        import yaml  # noqa: PLC0415  loaded by the caller already

        self._source = source
        self._report = report
        self._next: Callable[[], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(source).get_event
        self._scalar, self._mapping_start = yaml.ScalarEvent, yaml.MappingStartEvent
        self._mapping_end, self._sequence_end = yaml.MappingEndEvent, yaml.SequenceEndEvent
        self._stream_end = yaml.StreamEndEvent
        self._cut = re.compile(_CUT_OFF) if re.search(_CUT, source) else None
        self._values = 0
        self.last: Any = None
        self.opened: list[Any] = []
        self.closed: list[Any] = []
        self.ended: Any = None

    def document(self) -> Node | None:
        """Read the one document that there may be."""
        self._next()
        if type(self._next()) is self._stream_end:
            return None
        root = self._node(self._next())
        self._next()
        event = self._next()
        if type(event) is not self._stream_end:
            self._stop(event, "a second document begins here; expected one document in a file")
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
        self.closed = []  # or a file of empty lists would keep them all

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

    def _mapping(self) -> dict[str, Entry]:
        take, scalar, read = self._next, self._scalar, self._node
        entries: dict[str, Entry] = {}
        while type(event := take()) is scalar:
            key = self._text(event)
            if key in entries or key == "<<":
                self._check_key(event, entries)
            entries[key] = _new(Entry, (event.start_mark, read(take()), not event.style))
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
        return text

    def _check_key(self, event: Any, entries: dict[str, Entry]) -> None:  # noqa: ANN401
        if event.value in entries:
            message = f"the key `{_brief(event.value)}` stands here twice; expected it once"
            self._report.at(_place(event.start_mark), "duplicate-key", message)
        elif not event.style:
            self._stop(event, "`<<` is a merge key, which a course may not use; write the keys out")

    def _check_escapes(self, event: Any) -> None:  # noqa: ANN401
        offset = next(dangerous(event.value), None)
        if offset is not None:
            name = describe(event.value[offset])
            message = f"{name} is not allowed in a course, not even by escape; expected visible text"
            self._report.at(_place(event.start_mark), "character", message)

    def _check_end(self, end: Any, cut: re.Pattern[str]) -> None:  # noqa: ANN401
        rest = cut.match(self._source, end.index)
        if rest is not None:
            message = (
                f"`{_brief(rest[2])}` is no part of the text: a `#` after a space begins a comment; "
                "put the text in quotes, or a space after the `#`"
            )
            self._report.at(_place(end, len(rest[1])), "cut-text", message)

    def _refuse(self, event: Any) -> None:  # noqa: ANN401
        """Stop at a value that may not stand where it stands, and say why."""
        if self._values > MAX_VALUES:
            self._stop(event, f"more than {MAX_VALUES:,} values in one file; split it", "too-large")
        if event.anchor is None and event.tag is None:
            self._stop(event, f"a key may not be a list or a mapping; {_QUOTE_IT}")
        word = _match(r"[^\s,\[\]{}]+", self._source, event.start_mark)
        feature = _FEATURES.get(word[:1], "a tag")
        self._stop(event, f"`{_brief(word)}` is {feature}, which a course may not use; {_QUOTE_IT}")

    def _stop(self, event: Any, message: str, code: str = "yaml-feature") -> NoReturn:  # noqa: ANN401
        self._report.at(_place(event.start_mark), code, message)
        raise ContentError(self._report.faults)


class _Snag:
    """The spot at which a text is no longer YAML, and what stands before it.

    Attributes:
        source: the whole text.
        problem: YAML's own words, which are for programmers.
        context: what it was reading, in its own words.
        since: where that begins.
        at: the spot, often far from where the author went wrong: the end of the file for a quote that is never closed.
        last: the event of the last text before the spot, if any.
        opened: the events that begin what has not ended before the spot, the outermost first.
        closed: those of what ended just before the spot, the outermost last.
        shut: the last of those in brackets, if any.
        end: where that, or else the last text, ends; None when nothing stands before the spot.
    """

    def __init__(self, source: str, error: Any, reader: _Reader) -> None:  # noqa: ANN401  nor for its errors
        self.source = source
        self.problem, self.context = str(error.problem), str(error.context)
        self.at = error.problem_mark or error.context_mark
        self.since = error.context_mark or error.problem_mark
        self.last, self.opened, self.closed = reader.last, reader.opened, reader.closed
        self.shut = next((start for start in reversed(self.closed) if start.flow_style), None)
        ended = reader.ended if self.shut else self.last
        self.end = ended and ended.end_mark

    @property
    def before(self) -> str:
        """Give the line up to the spot."""
        return self.source[self.at.index - self.at.column : self.at.index]

    @property
    def rest(self) -> str:
        """Give the line from the spot on; empty at the end of the text."""
        return _match(r".*", self.source, self.at)

    @property
    def goes_on(self) -> bool:
        """Tell whether the spot follows what ended last, in the same line."""
        return self.end is not None and not self.source[self.end.index : self.at.index].strip(" \t")

    @property
    def in_brackets(self) -> bool:
        """Tell whether the spot stands in brackets that are not closed before it."""
        return bool(self.opened) and bool(self.opened[-1].flow_style)

    def columns(self, *, items: bool) -> list[int]:
        """Give the columns of the lists, or the mappings, to which the spot's line could belong."""
        around = [start for start in (*self.opened, *self.closed) if not start.flow_style]
        return sorted({start.start_mark.column + 1 for start in around if _is_list(start) is items})


def _explain(snag: _Snag) -> tuple[Place, str]:
    """Say in an author's words what is wrong, and give the place at which the author must look."""
    found = next(filter(None, (rule(snag) for rule in _RULES)), None)
    return found or (_place(snag.at), f"{snag.problem}; {_QUOTE_IT}")


def _tab(snag: _Snag) -> Finding:
    if "tab character" in snag.problem or (snag.problem.startswith(_NO_START) and snag.rest.startswith("\t")):
        return _place(snag.at), "found a tab where only spaces may stand; expected spaces"
    return None


def _sign(snag: _Snag) -> Finding:
    """Explain a text that begins with a sign which means something in YAML."""
    begins = snag.problem.startswith(_COLON) and re.search(r"(?:^|:|-)\s+$|^$", snag.before)
    if not (begins or snag.problem.startswith(_NO_VALUE) or snag.context.startswith(_AFTER_SIGN)):
        return None
    mark = snag.since if snag.context.startswith(_AFTER_SIGN) else snag.at
    sign = snag.source[mark.index : mark.index + 1]
    if not sign.strip():
        return None
    if sign == "-":
        return _place(mark), "a list item begins in a line of its own; put a text that begins with `- ` in quotes"
    if sign in "|>":
        return _place(mark), f"after `{sign}` a text begins in the next line; put one that begins with it in quotes"
    shown = "a backtick" if sign == "`" else f"`{sign}`"
    return _place(mark), f"a value may not begin with {shown}; {_QUOTE_IT}"


def _escape(snag: _Snag) -> Finding:
    if snag.context != "while parsing a quoted scalar":
        return None
    shift = snag.source.rfind("\\", snag.since.index, snag.at.index + 1) - snag.at.index
    escape = _match(r"\\(?:[xuU][0-9A-Fa-f]+|.)", snag.source, snag.at, shift)
    message = f"`{escape}` stands for no character; write a backslash in double quotes as `\\\\`, or use single quotes"
    return _place(snag.at, shift), message


def _quote(snag: _Snag) -> Finding:
    """Explain a quote that is not closed, or closed too early."""
    if snag.context == "while scanning a quoted scalar":
        quote = snag.source[snag.since.index]
        return _place(snag.since), f"the quote that opens here is never closed; expected another `{quote}` at its end"
    if not snag.goes_on or snag.shut or snag.last.style not in _INNER_QUOTES:
        return None
    inner = f"write `{_INNER_QUOTES[snag.last.style]}` for a quote inside the text"
    if snag.last.start_mark.line < snag.at.line:
        message = f"the quote that opens here is closed only in line {snag.at.line + 1}; close it earlier, or {inner}"
        return _place(snag.last.start_mark), message
    if snag.in_brackets:
        return None
    return _place(snag.at), f"the quotes were closed before this; put them around the whole text, and {inner}"


def _bracket(snag: _Snag) -> Finding:
    """Explain a bracket that is not closed, and what stands behind one that is."""
    marks = [start.start_mark for start in snag.opened if snag.source[start.start_mark.index] in _CLOSING]
    if marks:
        closing = _CLOSING[snag.source[marks[-1].index]]
        if marks[-1].line == snag.at.line:
            return _place(snag.at), f"something is missing before this; expected a comma or `{closing}`"
        message = f"the bracket that opens here is never closed; expected `{closing}`, or quotes around a text"
        return _place(marks[-1]), message
    if snag.goes_on and snag.shut:
        kind = "list" if _is_list(snag.shut) else "mapping"
        message = f"a {kind} begins here, and something stands behind its end; {_QUOTE_IT}"
        return _place(snag.shut.start_mark), message
    return None


def _colon(snag: _Snag) -> Finding:
    """Explain a colon inside a text, and a key or a list item that stands too far to the right."""
    if not snag.problem.startswith(_COLON):
        return None
    column = len(snag.before) - len(snag.before.lstrip())
    item = snag.before[column:].startswith("- ")
    if item or not re.search(r"\s", snag.before.strip()):
        return _bare_key(snag, column) or _misplaced(snag, column, items=item) or _inner_colon(snag)
    return _inner_colon(snag)


def _inner_colon(snag: _Snag) -> Finding:
    return _place(snag.at), f"a colon and a space stand inside the text; {_QUOTE_IT}"


def _bare_key(snag: _Snag, column: int) -> Finding:
    """Explain a line without colon, right above a key in the same column."""
    end = snag.at.index - snag.at.column
    above = snag.source[snag.source.rfind("\n", 0, max(end - 1, 0)) + 1 : end]
    text = above[column:]
    if above[:column].strip(" -") or text[:1] in "- \n#" or re.search(r":\s", text):
        return None
    return Place(snag.at.line, column + 1), _BARE_KEY


def _no_colon(snag: _Snag) -> Finding:
    """Explain a line that is neither a key with its value nor a part of the text above it."""
    if not snag.problem.startswith("could not find expected ':'"):
        return None
    joined = _match(r"[\w-]+:(?=[\w'\"\[{])", snag.source, snag.since)
    if joined:
        return _place(snag.since), f"a space is missing after the colon of `{_brief(joined)}`; expected `key: value`"
    return _place(snag.since), _BARE_KEY


def _misplaced(snag: _Snag, column: int, *, items: bool) -> Finding:
    """Explain a key or a list item that stands in no column in which others stand above it."""
    columns = [str(known) for known in snag.columns(items=items)]
    if not columns or str(column + 1) in columns:
        return None
    what, others = ("a list item", "items") if items else ("a key", "keys")
    expected = " or ".join(filter(None, (", ".join(columns[:-1]), columns[-1])))
    message = f"{what} stands in column {column + 1}; expected column {expected}, like the {others} above it"
    return Place(snag.at.line + 1, column + 1), message


def _indentation(snag: _Snag) -> Finding:
    """Explain what stands on a line of its own and belongs to nothing above it."""
    if snag.last is None or not snag.problem.startswith("did not find expected") or snag.before.strip():
        return None
    items = re.match(r"-(?:\s|$)", snag.rest) is not None
    if items or re.match(r".*?:(?:\s|$)", snag.rest):
        other = "a list item where a key is expected" if items else "a key where a list item is expected, as `- text`"
        fits = snag.at.column + 1 in snag.columns(items=not items)
        return _misplaced(snag, snag.at.column, items=items) or ((_place(snag.at), f"found {other}") if fits else None)
    comment = _match(r"[ \t]+#", snag.source, snag.last.end_mark)
    if comment and not snag.last.style:
        place = _place(snag.last.end_mark, len(comment) - 1)
        return place, f"the text ends at this `#`, which begins a comment; {_QUOTE_IT}"
    if snag.last.style in _INNER_QUOTES:
        return _place(snag.at), "the quotes were closed above this line; put them around the whole text"
    message = "this is no part of the text above; indent all lines of a text alike, and more than their key"
    return _place(snag.at), message


_RULES = (_tab, _sign, _escape, _quote, _bracket, _colon, _no_colon, _indentation)


def _is_list(start: Any) -> bool:  # noqa: ANN401
    return type(start).__name__ == "SequenceStartEvent"


def _match(pattern: str, source: str, mark: Any, shift: int = 0) -> str:  # noqa: ANN401
    """Give what a pattern matches at a mark, or some characters behind it; empty when it does not match."""
    found = re.compile(pattern).match(source, mark.index + shift)
    return found[0] if found else ""


def _place(mark: Any, shift: int = 0) -> Place:  # noqa: ANN401
    return Place(mark.line + 1, mark.column + 1 + shift)


def _brief(text: str) -> str:
    line = " ".join(text[: 4 * _BRIEF].split())
    return line if len(line) <= _BRIEF else f"{line[: _BRIEF - 1]}…"
