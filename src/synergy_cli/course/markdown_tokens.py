"""Markdown parsed into tokens with their places, within limits on size and effort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block import table

from synergy_cli.course.uncited import LISTS

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


MAX_LEVELS = 12
"""Quotations and lists within each other."""
MAX_LINES = 5_000
MAX_PARAGRAPH = 20_000
MAX_HEADING = 500
MAX_COLUMNS = 50
MAX_CELLS = 5_000
MAX_HEADERS = 500_000
"""Characters of a table's header times its rows: on a narrow screen the header is shown again with every row."""
DEEP = 3
MAX_DEEP = 20_000
"""Characters within more than `DEEP` quotations and lists: on a narrow screen little stands in a line there."""
STEPS_OF_A_TOKEN, STEPS_OF_A_LINK = 2, 20
MAX_STEPS = 50_000
"""Signs of running text that may begin something on a page, and what else takes as long as they to be read.

A page of prose has one or two in a line of text, so that a page as large as may be has less than half as many.
"""
MAX_STEPS_OF_ALL = 250_000
_RULE_OF_A_TABLE = frozenset("|-: \t")
_NESTS = frozenset(f"{kind}_{end}" for kind in (*LISTS, "blockquote") for end in ("open", "close"))


class Effort:
    """How much reading the pages of a course may take, so that no page takes for ever.

    Attributes:
        left: steps that are left; a step is a sign of running text that is looked at for what it may begin.
    """

    def __init__(self, steps: int = MAX_STEPS_OF_ALL) -> None:
        """Begin with so many steps."""
        self.left = steps


class TooMuchError(Exception):
    """A page is beyond a limit."""

    def __init__(self, line: int, message: str) -> None:
        """Say on which line, counted from 0, and which limit it is."""
        super().__init__(message)
        self.line = line


class Work:
    """What was done for a page so far.

    Attributes:
        line: which is being read, counted from 0.
        steps: that were taken.
    """

    def __init__(self, most: int) -> None:
        """Start with no step taken, of `most` allowed."""
        self._most = most
        self.line = 0
        self.steps = 0

    def add(self, steps: int) -> None:
        """Count steps; TooMuchError beyond the limit of a page or of all pages."""
        self.steps += steps
        if self.steps > self._most:
            message = f"too much markup: to read it takes more than {MAX_STEPS:,} steps on a page, or"
            raise TooMuchError(self.line, f"{message} {MAX_STEPS_OF_ALL:,} on all")


def tokenize(source: str, work: Work) -> list[Token]:
    """Let markdown-it read a page; the signs of running text are put into the `meta` of its token, not in the tree."""
    lines = source.count("\n")
    if lines > MAX_LINES:
        raise TooMuchError(MAX_LINES, f"more than {MAX_LINES:,} lines")
    parser = _parser()
    normalize = parser.normalizeLink

    def counted(url: str) -> str:
        work.add(STEPS_OF_A_LINK)
        return normalize(url)

    parser.normalizeLink = counted  # type: ignore[method-assign]
    return parser.parse(source, {"work": work, "starts": {}})


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.disable(["html_block", "html_inline", "reference", "text_join", "fragments_join"])
    parser.validateLink = _leave_links_to_us  # type: ignore[method-assign]
    parser.options["maxNesting"] = 2 * MAX_LEVELS + 2  # beyond it, text is dropped; a list takes two
    parser.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.at("inline", _read_chars)
    parser.inline.ruler.before("text", "step", _step)
    parser.inline.ruler2.before("balance_pairs", "places", _keep_places)
    return parser


def _leave_links_to_us(url: str) -> bool:
    """Let markdown-it make a link of every link, so that a bad one is a fault and not text."""
    del url
    return True


def _bounded_table(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Read a table unless it is too large: rows with too few cells are filled up, and cost as much as whole ones."""
    rule = state.src[state.bMarks[line + 1] : state.eMarks[line + 1]] if line + 1 < end else ""
    if "|" not in rule or not _RULE_OF_A_TABLE.issuperset(rule.lstrip("> \t")):
        return table(state, line, end, silent) if rule else False
    columns = rule.strip("|> \t").count("|") + 1
    last = line + 2
    while last < end and not state.isEmpty(last):
        last += 1
    rows = last - line - 2
    header = state.eMarks[line] - state.bMarks[line]
    if columns > MAX_COLUMNS:
        raise TooMuchError(line, f"a table of more than {MAX_COLUMNS} columns")
    if columns * rows > MAX_CELLS:
        raise TooMuchError(line, f"a table of more than {MAX_CELLS:,} cells")
    if header * rows > MAX_HEADERS:
        raise TooMuchError(line, f"a table's header of {header:,} characters above {rows:,} rows")
    return table(state, line, end, silent)


def _read_chars(state: StateCore) -> None:
    """Read all running text, when the page is within the limits."""
    work, above = state.env["work"], ""
    depth = deep = 0
    work.add(len(state.tokens) * STEPS_OF_A_TOKEN)
    for token in state.tokens:
        work.line = token.map[0] if token.map else work.line
        depth += token.nesting if token.type in _NESTS else 0
        if depth > MAX_LEVELS:
            raise TooMuchError(work.line, f"nested more than {MAX_LEVELS} levels deep")
        if token.type == "inline":
            what, most = ("heading", MAX_HEADING) if above == "heading_open" else ("paragraph", MAX_PARAGRAPH)
            if len(token.content) > most:
                raise TooMuchError(work.line, f"a {what} of more than {most:,} characters")
            deep += len(token.content) if depth > DEEP else 0
            if deep > MAX_DEEP:
                raise TooMuchError(work.line, f"more than {MAX_DEEP:,} characters nested more than {DEEP} levels deep")
            token.meta["signs"] = state.md.inline.parse(token.content, state.md, state.env, [])
        above = token.type


def _step(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Count a step, and note where the token begins that comes next; this rule never applies."""
    state.env["work"].add(1)
    if not silent:
        starts = state.env["starts"].setdefault(id(state), {})
        starts[len(state.tokens) + bool(state.pending)] = state.pos
    return False


def _keep_places(state: StateInline) -> None:
    """Return each token the offset in its running text at which it begins, and a link or an image the one behind it."""
    starts = state.env["starts"].pop(id(state), {})
    at, opened = 0, []
    for number, token in enumerate(state.tokens):
        at = starts.get(number, at)
        token.meta["at"] = at
        at += len(token.content) if token.type == "text" else 0
        opened += [token] if token.type in ("link_open", "image") else []
        if token.type in ("link_close", "image"):
            opened.pop().meta["end"] = starts.get(number + 1, len(state.src))
