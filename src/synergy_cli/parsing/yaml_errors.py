"""Explains YAML syntax errors in an author's words."""

from __future__ import annotations

import re
from typing import Any

from synergy_cli.parsing.report import SourcePos
from synergy_cli.records import NamedTuple
from synergy_cli.text import describe, shorten

QUOTE_IT = "put the text in quotes, or on its own lines after `|`"
_NO_START = "found character that cannot start any token"
_COLON = "mapping values are not allowed"
_NO_VALUE = (
    _NO_START,
    "did not find expected node content",
    "block sequence entries are not allowed",
    "mapping keys are not allowed",
)
_AFTER_INDICATOR = (
    "while scanning an alias",
    "while scanning an anchor",
    "while scanning a tag",
    "while parsing a tag",
    "while scanning a block scalar",
    "while scanning a directive",
)
_BARE_KEY = "no colon after a key; expected `key: value`, or more indentation to continue the text above"
_INNER_QUOTES = {"'": "''", '"': '\\"'}
_CLOSING = {"[": "]", "{": "}"}
_NO_COLON = "could not find expected ':'"
ODD_SPACE = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
"""A character that looks like a space and that YAML reads as text."""
_OPENED_BY = {
    "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{DOUBLE LOW-9 QUOTATION MARK}": "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{LEFT SINGLE QUOTATION MARK}": "\N{RIGHT SINGLE QUOTATION MARK}",
    "\N{RIGHT SINGLE QUOTATION MARK}": "\N{RIGHT SINGLE QUOTATION MARK}",
    "\N{SINGLE LOW-9 QUOTATION MARK}": "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}",
}
"""The marks that may close a quotation, by opening mark.

« and » are left out: authors who type them with their spaces mean them.
"""
TYPOGRAPHIC = frozenset(_OPENED_BY)
_OPENING_QUOTE = re.compile(rf"(?:^|: |- |[\[{{,] *)([{''.join(_OPENED_BY)}])")
_ONLY_OPENING = frozenset("\N{LEFT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}")
Explanation = tuple[SourcePos, str] | None


class ReadSoFar(NamedTuple):
    """The PyYAML events before a syntax error.

    Attributes:
        last: the last text, if any.
        opened: the starts of open lists and mappings, outermost first.
        closed: the starts of those closed since the last text, outermost last.
        ended: the end of the last list or mapping in brackets, if any.
    """

    last: Any
    opened: list[Any]
    closed: list[Any]
    ended: Any


class SyntaxProblem:
    """A syntax error, and what comes before it.

    Attributes:
        source: the whole text.
        problem: PyYAML's message, written for programmers.
        context: what PyYAML was reading, in its words.
        since: the mark where that starts.
        at: the mark of the error, often far from the mistake: for an unclosed quote, the end of the file.
        last: the event of the last text before the error, if any.
        opened: the start events of open lists and mappings, outermost first.
        closed: the start events of those closed since the last text, outermost last.
        shut: the last of `closed` that is in brackets, if any.
        end: the mark where `shut`, or else the last text, ends; None if nothing precedes the error.
    """

    def __init__(self, source: str, error: Any, read: ReadSoFar) -> None:  # noqa: ANN401  PyYAML has no types
        """Combine the text, PyYAML's error and the events before it."""
        self.source = source
        self.problem, self.context = str(error.problem), str(error.context)
        self.at = error.problem_mark or error.context_mark
        self.since = error.context_mark or error.problem_mark
        self.last, self.opened, self.closed = read.last, read.opened, read.closed
        self.shut = next((start for start in reversed(self.closed) if start.flow_style), None)
        ended = read.ended if self.shut else self.last
        self.end = ended and ended.end_mark

    @property
    def before(self) -> str:
        """The line up to the error."""
        return self.source[self.at.index - self.at.column : self.at.index]

    @property
    def rest(self) -> str:
        """The rest of the line from the error; empty at the end of the text."""
        return match_at(r".*", self.source, self.at)

    @property
    def goes_on(self) -> bool:
        """Whether the error directly follows `end`, on the same line."""
        return self.end is not None and not self.source[self.end.index : self.at.index].strip(" \t")

    @property
    def in_brackets(self) -> bool:
        """Whether the error is inside open brackets."""
        return bool(self.opened) and bool(self.opened[-1].flow_style)

    def columns(self, *, items: bool) -> list[int]:
        """Return the columns of the lists or mappings that the line of the error could belong to."""
        around = [start for start in (*self.opened, *self.closed) if not start.flow_style]
        return sorted({start.start_mark.column + 1 for start in around if _is_list(start) is items})


def odd_space(source: str, start: int) -> tuple[SourcePos, str]:
    """Explain the first odd space from an offset: where it is, and what to write."""
    match = re.compile(ODD_SPACE).search(source, start)
    at = match.start() if match else start
    place = SourcePos(source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))
    return place, f"{describe(source[at])} is not a space in YAML; use plain spaces on this line"


def typographic_quotes(text: str) -> str:
    """Return the typographic quotes around a whole text, or an unclosed opening one; empty if there are none."""
    closing = _OPENED_BY.get(text[:1], "")
    if not closing or any(mark in text[1:-1] for mark in closing):
        return ""
    last = text[-1] if len(text) > 1 else ""
    if last and last in closing:
        return text[0] + last
    return text[0] if text[0] in _ONLY_OPENING else ""


def explain(error: SyntaxProblem) -> tuple[SourcePos, str]:
    """Return where the author made the mistake, and what it is."""
    explanation = next(filter(None, (rule(error) for rule in _RULES)), None)
    return explanation or (source_pos(error.at), f"{error.problem}; {QUOTE_IT}")


def _space(error: SyntaxProblem) -> Explanation:
    """Explain a line indented with, or a colon followed by, a character that only looks like a space."""
    for mark in (error.since, error.at):
        start = error.source.rfind("\n", 0, mark.index) + 1
        match = re.compile(rf"[ \t]*(?:- *)?{ODD_SPACE}|[ \t]*[\w-]+:{ODD_SPACE}").match(error.source, start)
        if match:
            return odd_space(error.source, match.end() - 1)
    return None


def _tab(error: SyntaxProblem) -> Explanation:
    if "tab character" in error.problem or (error.problem.startswith(_NO_START) and error.rest.startswith("\t")):
        return source_pos(error.at), "found a tab where only spaces are allowed"
    return None


def _indicator(error: SyntaxProblem) -> Explanation:
    """Explain a text that starts with a character with a special meaning in YAML."""
    begins = error.problem.startswith(_COLON) and re.search(r"(?:^|:|-)\s+$|^$", error.before)
    if not (begins or error.problem.startswith(_NO_VALUE) or error.context.startswith(_AFTER_INDICATOR)):
        return None
    mark = error.since if error.context.startswith(_AFTER_INDICATOR) else error.at
    char = error.source[mark.index : mark.index + 1]
    if not char.strip():
        return None
    if char == "-":
        return source_pos(mark), "a list item starts on its own line; put a text that starts with `- ` in quotes"
    if char in "|>":
        return source_pos(
            mark
        ), f"after `{char}` the text starts on the next line; put a text that starts with `{char}` in quotes"
    shown = "a backtick" if char == "`" else f"`{char}`"
    return source_pos(mark), f"a value cannot start with {shown}; {QUOTE_IT}"


def _escape(error: SyntaxProblem) -> Explanation:
    if error.context != "while parsing a quoted scalar":
        return None
    shift = error.source.rfind("\\", error.since.index, error.at.index + 1) - error.at.index
    escape = match_at(r"\\(?:[xuU][0-9A-Fa-f]+|.)", error.source, error.at, shift)
    message = f"`{escape}` is not a valid escape; in double quotes, write a backslash as `\\\\`, or use single quotes"
    return source_pos(error.at, shift), message


def _quote(error: SyntaxProblem) -> Explanation:
    """Explain a quote that is not closed, or closed too early."""
    if error.context == "while scanning a quoted scalar":
        quote = error.source[error.since.index]
        return source_pos(error.since), f"this quote is never closed; expected `{quote}` at the end of the text"
    if not error.goes_on or error.shut or error.last.style not in _INNER_QUOTES:
        return None
    inner = f"write `{_INNER_QUOTES[error.last.style]}` for a quote inside the text"
    if error.last.start_mark.line < error.at.line:
        message = f"this quote is closed only on line {error.at.line + 1}; close it earlier, or {inner}"
        return source_pos(error.last.start_mark), message
    if error.in_brackets:
        return None
    return source_pos(error.at), f"the quotes end before this; put them around the whole text, and {inner}"


def _bracket(error: SyntaxProblem) -> Explanation:
    """Explain an unclosed bracket, and text after a closed one."""
    marks = [start.start_mark for start in error.opened if error.source[start.start_mark.index] in _CLOSING]
    if marks:
        closing = _CLOSING[error.source[marks[-1].index]]
        if marks[-1].line == error.at.line:
            return source_pos(error.at), f"expected a comma or `{closing}` before this"
        message = f"this bracket is never closed; expected `{closing}`, or quotes around a text"
        return source_pos(marks[-1]), message
    if error.goes_on and error.shut:
        kind = "list" if _is_list(error.shut) else "mapping"
        message = f"a {kind} starts here, but something follows its end; {QUOTE_IT}"
        return source_pos(error.shut.start_mark), message
    return None


def _colon(error: SyntaxProblem) -> Explanation:
    """Explain a colon inside a text, and a key or list item that is indented too far."""
    if not error.problem.startswith(_COLON):
        return None
    column = len(error.before) - len(error.before.lstrip())
    item = error.before[column:].startswith("- ")
    if item or not re.search(r"\s", error.before.strip()):
        return _bare_key(error, column) or _misplaced(error, column, items=item) or _inner_colon(error)
    return _inner_colon(error)


def _inner_colon(error: SyntaxProblem) -> Explanation:
    quotes = _OPENING_QUOTE.search(error.before)
    if quotes and typographic_quotes(error.before[quotes.start(1) :]):
        place = SourcePos(error.at.line + 1, quotes.start(1) + 1)
        return place, f'`{quotes[1]}` is not a quote in YAML; write " at both ends of the text'
    return source_pos(error.at), f"the text contains a colon and a space; {QUOTE_IT}"


def _bare_key(error: SyntaxProblem, column: int) -> Explanation:
    """Explain a line without a colon, directly above a key in the same column."""
    end = error.at.index - error.at.column
    above = error.source[error.source.rfind("\n", 0, max(end - 1, 0)) + 1 : end]
    text = above[column:]
    if above[:column].strip(" -") or text[:1] in "- \n#" or re.search(r":\s", text):
        return None
    return SourcePos(error.at.line, column + 1), _BARE_KEY


def _no_colon(error: SyntaxProblem) -> Explanation:
    """Explain a line that is neither a key with a value nor part of the text above it."""
    if not error.problem.startswith(_NO_COLON):
        return None
    joined = match_at(r"[\w-]+:(?=[\w'\"\[{])", error.source, error.since)
    if joined:
        return source_pos(error.since), f"missing space after the colon of `{shorten(joined)}`; expected `key: value`"
    return source_pos(error.since), _BARE_KEY


def _misplaced(error: SyntaxProblem, column: int, *, items: bool) -> Explanation:
    """Explain a key or list item whose column differs from all those above it."""
    columns = [str(known) for known in error.columns(items=items)]
    if not columns or str(column + 1) in columns:
        return None
    what, others = ("a list item", "items") if items else ("a key", "keys")
    expected = " or ".join(filter(None, (", ".join(columns[:-1]), columns[-1])))
    message = f"{what} starts in column {column + 1}; expected column {expected}, like the {others} above it"
    return SourcePos(error.at.line + 1, column + 1), message


def _indentation(error: SyntaxProblem) -> Explanation:
    """Explain a line that does not belong to anything above it."""
    if error.last is None or not error.problem.startswith("did not find expected") or error.before.strip():
        return None
    items = re.match(r"-(?:\s|$)", error.rest) is not None
    if items or re.match(r".*?:(?:\s|$)", error.rest):
        other = (
            "a list item where a key is expected" if items else "a key where a list item is expected, such as `- text`"
        )
        fits = error.at.column + 1 in error.columns(items=not items)
        return _misplaced(error, error.at.column, items=items) or (
            (source_pos(error.at), f"found {other}") if fits else None
        )
    comment = match_at(r"[ \t]+#", error.source, error.last.end_mark)
    if comment and not error.last.style:
        place = source_pos(error.last.end_mark, len(comment) - 1)
        return place, f"the text ends at this `#`, which starts a comment; {QUOTE_IT}"
    if error.last.style in _INNER_QUOTES:
        return source_pos(error.at), "the quotes end above this line; put them around the whole text"
    message = "this is not part of the text above; indent all lines of a text equally, and deeper than its key"
    return source_pos(error.at), message


_RULES = (_space, _tab, _indicator, _escape, _quote, _bracket, _colon, _no_colon, _indentation)


def _is_list(start: Any) -> bool:  # noqa: ANN401
    return type(start).__name__ == "SequenceStartEvent"


def match_at(pattern: str, source: str, mark: Any, shift: int = 0) -> str:  # noqa: ANN401
    """Return what a pattern matches `shift` characters after a mark; empty if it does not match."""
    match = re.compile(pattern).match(source, mark.index + shift)
    return match[0] if match else ""


def source_pos(mark: Any, shift: int = 0) -> SourcePos:  # noqa: ANN401
    """Return a PyYAML mark as a position, `shift` characters to the right."""
    return SourcePos(mark.line + 1, mark.column + 1 + shift)
