"""YAML errors explained in an author's words."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from synergy_cli.parsing.report import SourcePos

QUOTE_IT = "put the text in quotes, or after `|` on lines of its own"
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
Explanation = tuple[SourcePos, str] | None


class ReadSoFar(NamedTuple):
    """What a reader has read when YAML refuses the rest; all of it are PyYAML's events.

    Attributes:
        last: of the last text, if any.
        opened: those that begin what has not ended yet, the outermost first.
        closed: those that begin what ended just now, the outermost last.
        ended: the end of the last list or mapping in brackets, if any.
    """

    last: Any
    opened: list[Any]
    closed: list[Any]
    ended: Any


class SyntaxProblem:
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

    def __init__(self, source: str, error: Any, read: ReadSoFar) -> None:  # noqa: ANN401  PyYAML has no types
        """Gather what is known of a refusal.

        Args:
            source: the whole text.
            error: as PyYAML raised it.
            read: everything before it.
        """
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
        """The line up to the spot."""
        return self.source[self.at.index - self.at.column : self.at.index]

    @property
    def rest(self) -> str:
        """The line from the spot on; empty at the end of the text."""
        return match_at(r".*", self.source, self.at)

    @property
    def goes_on(self) -> bool:
        """Whether the spot follows what ended last, in the same line."""
        return self.end is not None and not self.source[self.end.index : self.at.index].strip(" \t")

    @property
    def in_brackets(self) -> bool:
        """Whether the spot stands in brackets that are not closed before it."""
        return bool(self.opened) and bool(self.opened[-1].flow_style)

    def columns(self, *, items: bool) -> list[int]:
        """Return the columns of the lists, or the mappings, to which the spot's line could belong."""
        around = [start for start in (*self.opened, *self.closed) if not start.flow_style]
        return sorted({start.start_mark.column + 1 for start in around if _is_list(start) is items})


def explain(snag: SyntaxProblem) -> tuple[SourcePos, str]:
    """Say in an author's words what is wrong, and give the place at which the author must look."""
    found = next(filter(None, (rule(snag) for rule in _RULES)), None)
    return found or (source_pos(snag.at), f"{snag.problem}; {QUOTE_IT}")


def _tab(snag: SyntaxProblem) -> Explanation:
    if "tab character" in snag.problem or (snag.problem.startswith(_NO_START) and snag.rest.startswith("\t")):
        return source_pos(snag.at), "found a tab where only spaces may stand; expected spaces"
    return None


def _indicator(snag: SyntaxProblem) -> Explanation:
    """Explain a text that begins with a sign which means something in YAML."""
    begins = snag.problem.startswith(_COLON) and re.search(r"(?:^|:|-)\s+$|^$", snag.before)
    if not (begins or snag.problem.startswith(_NO_VALUE) or snag.context.startswith(_AFTER_SIGN)):
        return None
    mark = snag.since if snag.context.startswith(_AFTER_SIGN) else snag.at
    char = snag.source[mark.index : mark.index + 1]
    if not char.strip():
        return None
    if char == "-":
        return source_pos(mark), "a list item begins in a line of its own; put a text that begins with `- ` in quotes"
    if char in "|>":
        return source_pos(mark), f"after `{char}` a text begins in the next line; put one that begins with it in quotes"
    shown = "a backtick" if char == "`" else f"`{char}`"
    return source_pos(mark), f"a value may not begin with {shown}; {QUOTE_IT}"


def _escape(snag: SyntaxProblem) -> Explanation:
    if snag.context != "while parsing a quoted scalar":
        return None
    shift = snag.source.rfind("\\", snag.since.index, snag.at.index + 1) - snag.at.index
    escape = match_at(r"\\(?:[xuU][0-9A-Fa-f]+|.)", snag.source, snag.at, shift)
    message = f"`{escape}` stands for no character; write a backslash in double quotes as `\\\\`, or use single quotes"
    return source_pos(snag.at, shift), message


def _quote(snag: SyntaxProblem) -> Explanation:
    """Explain a quote that is not closed, or closed too early."""
    if snag.context == "while scanning a quoted scalar":
        quote = snag.source[snag.since.index]
        return source_pos(
            snag.since
        ), f"the quote that opens here is never closed; expected another `{quote}` at its end"
    if not snag.goes_on or snag.shut or snag.last.style not in _INNER_QUOTES:
        return None
    inner = f"write `{_INNER_QUOTES[snag.last.style]}` for a quote inside the text"
    if snag.last.start_mark.line < snag.at.line:
        message = f"the quote that opens here is closed only in line {snag.at.line + 1}; close it earlier, or {inner}"
        return source_pos(snag.last.start_mark), message
    if snag.in_brackets:
        return None
    return source_pos(snag.at), f"the quotes were closed before this; put them around the whole text, and {inner}"


def _bracket(snag: SyntaxProblem) -> Explanation:
    """Explain a bracket that is not closed, and what stands behind one that is."""
    marks = [start.start_mark for start in snag.opened if snag.source[start.start_mark.index] in _CLOSING]
    if marks:
        closing = _CLOSING[snag.source[marks[-1].index]]
        if marks[-1].line == snag.at.line:
            return source_pos(snag.at), f"something is missing before this; expected a comma or `{closing}`"
        message = f"the bracket that opens here is never closed; expected `{closing}`, or quotes around a text"
        return source_pos(marks[-1]), message
    if snag.goes_on and snag.shut:
        kind = "list" if _is_list(snag.shut) else "mapping"
        message = f"a {kind} begins here, and something stands behind its end; {QUOTE_IT}"
        return source_pos(snag.shut.start_mark), message
    return None


def _colon(snag: SyntaxProblem) -> Explanation:
    """Explain a colon inside a text, and a key or a list item that stands too far to the right."""
    if not snag.problem.startswith(_COLON):
        return None
    column = len(snag.before) - len(snag.before.lstrip())
    item = snag.before[column:].startswith("- ")
    if item or not re.search(r"\s", snag.before.strip()):
        return _bare_key(snag, column) or _misplaced(snag, column, items=item) or _inner_colon(snag)
    return _inner_colon(snag)


def _inner_colon(snag: SyntaxProblem) -> Explanation:
    return source_pos(snag.at), f"a colon and a space stand inside the text; {QUOTE_IT}"


def _bare_key(snag: SyntaxProblem, column: int) -> Explanation:
    """Explain a line without colon, right above a key in the same column."""
    end = snag.at.index - snag.at.column
    above = snag.source[snag.source.rfind("\n", 0, max(end - 1, 0)) + 1 : end]
    text = above[column:]
    if above[:column].strip(" -") or text[:1] in "- \n#" or re.search(r":\s", text):
        return None
    return SourcePos(snag.at.line, column + 1), _BARE_KEY


def _no_colon(snag: SyntaxProblem) -> Explanation:
    """Explain a line that is neither a key with its value nor a part of the text above it."""
    if not snag.problem.startswith("could not find expected ':'"):
        return None
    joined = match_at(r"[\w-]+:(?=[\w'\"\[{])", snag.source, snag.since)
    if joined:
        return source_pos(snag.since), f"a space is missing after the colon of `{brief(joined)}`; expected `key: value`"
    return source_pos(snag.since), _BARE_KEY


def _misplaced(snag: SyntaxProblem, column: int, *, items: bool) -> Explanation:
    """Explain a key or a list item that stands in no column in which others stand above it."""
    columns = [str(known) for known in snag.columns(items=items)]
    if not columns or str(column + 1) in columns:
        return None
    what, others = ("a list item", "items") if items else ("a key", "keys")
    expected = " or ".join(filter(None, (", ".join(columns[:-1]), columns[-1])))
    message = f"{what} stands in column {column + 1}; expected column {expected}, like the {others} above it"
    return SourcePos(snag.at.line + 1, column + 1), message


def _indentation(snag: SyntaxProblem) -> Explanation:
    """Explain what stands on a line of its own and belongs to nothing above it."""
    if snag.last is None or not snag.problem.startswith("did not find expected") or snag.before.strip():
        return None
    items = re.match(r"-(?:\s|$)", snag.rest) is not None
    if items or re.match(r".*?:(?:\s|$)", snag.rest):
        other = "a list item where a key is expected" if items else "a key where a list item is expected, as `- text`"
        fits = snag.at.column + 1 in snag.columns(items=not items)
        return _misplaced(snag, snag.at.column, items=items) or (
            (source_pos(snag.at), f"found {other}") if fits else None
        )
    comment = match_at(r"[ \t]+#", snag.source, snag.last.end_mark)
    if comment and not snag.last.style:
        place = source_pos(snag.last.end_mark, len(comment) - 1)
        return place, f"the text ends at this `#`, which begins a comment; {QUOTE_IT}"
    if snag.last.style in _INNER_QUOTES:
        return source_pos(snag.at), "the quotes were closed above this line; put them around the whole text"
    message = "this is no part of the text above; indent all lines of a text alike, and more than their key"
    return source_pos(snag.at), message


_RULES = (_tab, _indicator, _escape, _quote, _bracket, _colon, _no_colon, _indentation)


def _is_list(start: Any) -> bool:  # noqa: ANN401
    return type(start).__name__ == "SequenceStartEvent"


def match_at(pattern: str, source: str, mark: Any, shift: int = 0) -> str:  # noqa: ANN401
    """Return what a pattern matches at a mark, or some characters behind it; empty when it does not match."""
    found = re.compile(pattern).match(source, mark.index + shift)
    return found[0] if found else ""


def source_pos(mark: Any, shift: int = 0) -> SourcePos:  # noqa: ANN401
    """Return a PyYAML mark as a position, `shift` characters to the right."""
    return SourcePos(mark.line + 1, mark.column + 1 + shift)


def brief(text: str) -> str:
    """Return the beginning of a text in one line, short enough for a message."""
    line = " ".join(text[: 4 * _BRIEF].split())
    return line if len(line) <= _BRIEF else f"{line[: _BRIEF - 1]}…"
