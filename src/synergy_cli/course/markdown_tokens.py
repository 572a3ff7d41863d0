"""Parses Markdown into tokens with their positions, within limits on size and effort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import reference, table

from synergy_cli.course.uncited import LISTS

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


MAX_LEVELS = 12
"""Nested quotations and lists."""
MAX_LINES = 5_000
MAX_PARAGRAPH = 20_000
MAX_HEADING = 500
MAX_COLUMNS = 50
MAX_CELLS = 5_000
MAX_HEADERS = 500_000
"""Characters of a table's header times its rows: on a narrow screen the header is shown again with every row."""
DEEP = 3
MAX_DEEP = 20_000
"""Characters nested in more than `DEEP` quotations and lists: on a narrow screen little fits into a line there."""
STEPS_OF_A_TOKEN, STEPS_OF_A_LINK = 2, 20
MAX_STEPS = 50_000
"""Characters of inline text on a page that may start markup, and anything else that takes as long to parse.

Prose has one or two of them in a line, so the largest page of prose needs less than half of this.
"""
MAX_STEPS_OF_ALL = 250_000
_RULE_OF_A_TABLE = frozenset("|-: \t")
_NESTS = frozenset(f"{kind}_{end}" for kind in (*LISTS, "blockquote") for end in ("open", "close"))


class Effort:
    """The budget for reading all pages of a course, so that no page takes forever.

    Attributes:
        left: remaining steps; a step is a character of inline text that is tested for markup.
    """

    def __init__(self, steps: int = MAX_STEPS_OF_ALL) -> None:
        """Start with a number of steps."""
        self.left = steps


class TooMuchError(Exception):
    """A page exceeds a limit."""

    def __init__(self, line: int, message: str) -> None:
        """Name the line, counted from 0, and the limit."""
        super().__init__(message)
        self.line = line


class Work:
    """The effort spent on a page.

    Attributes:
        line: the current line, counted from 0.
        steps: the steps taken.
    """

    def __init__(self, most: int) -> None:
        """Start with no steps, of at most `most`."""
        self._most = most
        self.line = 0
        self.steps = 0

    def add(self, steps: int) -> None:
        """Count steps; TooMuchError beyond the limit of a page or of all pages."""
        self.steps += steps
        if self.steps > self._most:
            message = f"too much markup: parsing it takes more than {MAX_STEPS:,} steps on a page, or"
            raise TooMuchError(self.line, f"{message} {MAX_STEPS_OF_ALL:,} on all pages")


class Definitions(dict[str, Any]):
    """The link definitions of a page, as markdown-it stores them, with a record of which are used."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__()
        self.used: set[str] = set()
        self.repeated: list[int] = []
        """The first line, counted from 0, of each definition whose label is already defined."""

    def __getitem__(self, label: str) -> Any:  # noqa: ANN401  markdown-it's own record
        """Return a definition and record its use; markdown-it-py 3 looks definitions up this way."""
        self.used.add(label)
        return super().__getitem__(label)

    def get(self, label: str, default: Any = None) -> Any:  # noqa: ANN401  markdown-it's own record
        """Return a definition and record its use."""
        self.used.add(label)
        return super().get(label, default)

    @property
    def unused_lines(self) -> list[int]:
        """The first line, counted from 0, of each definition that no link uses."""
        return [definition["map"][0] for label, definition in self.items() if label not in self.used]


def tokenize(source: str, work: Work, definitions: Definitions) -> list[Token]:
    """Parse a page with markdown-it; inline tokens are put into the `meta` of their block token, not into the tree."""
    lines = source.count("\n")
    if lines > MAX_LINES:
        raise TooMuchError(MAX_LINES, f"more than {MAX_LINES:,} lines")
    parser = _parser()
    normalize = parser.normalizeLink

    def counted(url: str) -> str:
        work.add(STEPS_OF_A_LINK)
        return normalize(url)

    parser.normalizeLink = counted  # type: ignore[method-assign]
    env: dict[str, Any] = {"work": work, "starts": {}, "references": definitions}
    tokens = parser.parse(source, env)
    definitions.repeated = [repeated["map"][0] for repeated in env.get("duplicate_refs", ())]
    return tokens


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.disable(["html_block", "html_inline", "text_join", "fragments_join"])
    parser.validateLink = _leave_links_to_us  # type: ignore[method-assign]
    parser.options["maxNesting"] = 2 * MAX_LEVELS + 2  # beyond it, text is dropped; a list takes two
    parser.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.at("reference", _reference)
    parser.block.ruler.before("heading", "comment", _comment, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.core.ruler.at("inline", _read_chars)
    parser.inline.ruler.before("text", "step", _step)
    parser.inline.ruler.before("autolink", "comment", _inline_comment)
    parser.inline.ruler2.before("balance_pairs", "places", _keep_places)
    return parser


def _leave_links_to_us(url: str) -> bool:
    """Accept every link, so that a bad one is a fault and not text."""
    del url
    return True


def _reference(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Read a link definition, but not a footnote or a citation, whose text would vanish."""
    start = state.bMarks[line] + state.tShift[line]
    return not state.src.startswith(("[^", "[@"), start) and reference(state, line, end, silent)


def _comment(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Skip a comment that has its lines to itself."""
    start = state.bMarks[line] + state.tShift[line]
    if state.is_code_block(line) or not state.src.startswith("<!--", start):
        return False
    close = state.src.find("-->", start + 4) + 3
    last = next((number for number in range(line, end) if close <= state.eMarks[number]), end)
    if close < start or last == end or state.src[close : state.eMarks[last]].strip():
        return False
    if not silent:
        state.line = last + 1
    return True


def _inline_comment(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Skip a comment, and one of the spaces around it."""
    close = state.src.find("-->", state.pos + 4) if state.src.startswith("<!--", state.pos) else -1
    if close < 0:
        return False
    if not silent and state.pending:
        state.pushPending()  # so that the positions of the text behind it are right
    before, after = state.src[state.pos - 1 : state.pos], state.src[close + 3 : close + 4]
    state.pos = close + 3 + (before in ("", " ", "\n") and after == " ")
    return True


def _bounded_table(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Read a table unless it is too large: rows with too few cells are padded, and cost as much as full ones."""
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
    """Parse all inline text if the page is within the limits."""
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
            token.meta["inline"] = state.md.inline.parse(token.content, state.md, state.env, [])
        above = token.type


def _step(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's own form
    """Count a step, and record where the next token starts; this rule never matches."""
    state.env["work"].add(1)
    if not silent:
        starts = state.env["starts"].setdefault(id(state), {})
        starts[len(state.tokens) + bool(state.pending)] = state.pos
    return False


def _keep_places(state: StateInline) -> None:
    """Store the offset at which each token starts, and for a link or image also where it ends."""
    starts = state.env["starts"].pop(id(state), {})
    at, opened = 0, []
    for number, token in enumerate(state.tokens):
        at = starts.get(number, at)
        token.meta["at"] = at
        at += len(token.content) if token.type == "text" else 0
        opened += [token] if token.type in ("link_open", "image") else []
        if token.type in ("link_close", "image"):
            opened.pop().meta["end"] = starts.get(number + 1, len(state.src))
