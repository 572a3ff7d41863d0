"""Fit text into a width, as lines, columns or records. Nothing is ever truncated."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


GAP = 2
NARROWEST_COLUMN = 14
CODE_INDENT = 4
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)]) +")
_CHUNK = re.compile(r"[^ \n]+")
GLUE = "\ue000"
"""A placeholder for a space that should not break; shown as a plain space, so that a command can be copied."""
_ONE_CELL_EACH = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u257f\ue000]*"
)
_HELD = frozenset({"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{WORD JOINER}", GLUE})
_JOINER = "\N{ZERO WIDTH JOINER}"
_MAY_BREAK_AFTER = re.compile(r"(?<=[^\W\d_]{3})[-/](?=[^\W\d_]{3})")
_FRENCH = re.compile(r"(?<![^\s(\[])([«‹]) (?=\S)|(?<=\S) (?=(?:[»›]|[?!;:]+)(?:[\s.,)\]]|$))")
"""A space inside French quotation marks or before a lone punctuation mark, which people type as a plain space."""
_NOT_FIRST_IN_LINE = frozenset(
    "。、，．」』）］｝〕〉》】！？：；・ー々％.,;:!?)]}%»›”’…ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NOT_LAST_IN_LINE = frozenset("「『（［｛〔〈《【([{«‹“‘")


def cells(text: str) -> int:
    """Return the width of a text in terminal cells."""
    return len(text) if text.isascii() else cell_len(text)


def styled(text: str, style: str) -> Text:
    """Return a text whose style survives division and does not extend to appended text."""
    result = Text(text)
    result.stylize(style)
    return result


def break_lines(text: str, width: int) -> list[tuple[int, int]]:
    """Return the start and end offsets of each line, without surrounding spaces; an empty text is one empty line.

    Lines break at newlines, at spaces (not at no-break spaces, nor inside French quotation marks), after a hyphen or
    slash between letters, and between wide characters; a piece that is too long for a line is folded, unless it holds
    an address, which must stay whole to be copied. The text has no control characters other than newlines. The width is
    in cells, at least 2.
    """
    lines: list[tuple[int, int]] = []
    offset = 0
    for row in text.split("\n"):
        lines.extend((start + offset, end + offset) for start, end in _fill(row, width))
        offset += len(row) + 1
    return lines


def _fill(row: str, width: int) -> list[tuple[int, int]]:
    row = _FRENCH.sub("\\1\N{NO-BREAK SPACE}", row)
    if _ONE_CELL_EACH.fullmatch(row):
        return list(_fill_by_length(row, width)) or [(0, 0)]
    ends = _ends(row)
    lines: list[tuple[int, int]] = []
    begin, end = 0, 0
    for start, stop in _pieces(row, width, ends):
        if lines and ends[stop] - ends[begin] <= width:
            end = stop
            lines[-1] = (begin, end)
        else:
            begin, end = start, stop
            lines.append((begin, end))
    return lines or [(0, 0)]


def _ends(row: str) -> list[int]:
    """Return the width in cells before each offset, so that no part of a row is measured twice.

    A character and its combining marks are measured together; an offset between them has the width of the whole.
    """
    ends = [0]
    start = 0
    for index in range(1, len(row) + 1):
        if index == len(row) or not _belongs(row[index - 1], row[index]):
            ends += [ends[start] + cells(row[start:index])] * (index - start)
            start = index
    return ends


def _fill_by_length(row: str, width: int) -> Iterator[tuple[int, int]]:
    """Fill lines of one-cell characters by jumping from break to break; same result as the general algorithm."""
    begin, stop = len(row) - len(row.lstrip(" ")), len(row.rstrip(" "))
    while stop - begin > width:
        space = row.rfind(" ", begin, begin + width + 1)
        start = max(begin, space + 1)
        seen = min(stop, start + width + 4)  # no break beyond this can be used, however long the word
        word = row.find(" ", start, seen)
        cuts = _cuts(row, start, seen if word < 0 else word, width)
        cut = max((cut for cut in cuts if cut <= begin + width), default=0)
        end = cut or (space if space > begin else begin + width)
        if end == begin + width and space <= begin:
            end = _address_end(row, begin, stop, width) or end
        yield begin, begin + len(row[begin:end].rstrip(" "))
        begin = end
        while begin < stop and row[begin] == " ":
            begin += 1
    if stop > begin:
        yield begin, stop


def _address_end(row: str, start: int, stop: int, width: int) -> int:
    """Return the end of the word that starts here if its first line has an address, which is never broken; else 0."""
    if row.find("://", start, min(stop, start + width)) < 0:
        return 0
    end = row.find(" ", start, stop)
    return stop if end < 0 else end


def _cuts(row: str, start: int, stop: int, width: int) -> list[int]:
    """Return where a word may break: after hyphens and slashes, and at glue only if it does not fit on a line."""
    cuts = []
    if row.find("://", start, stop) < 0 and row.find(GLUE, start, stop) < 0:
        cuts = [hyphen.end() for hyphen in _MAY_BREAK_AFTER.finditer(row, start, stop)]
    if row.find(GLUE, start, stop) >= 0 and cells(row[start:stop]) > width:
        cuts += [index + 1 for index in range(start, stop) if row[index] == GLUE]
    return cuts


def _pieces(row: str, width: int, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Split a row into unbreakable pieces, none wider than the width."""
    for match in _CHUNK.finditer(row):
        start = match.start()
        if "://" in match[0]:
            yield start, match.end()
            continue
        cuts = {*_cuts(row, start, match.end(), width), *_wide_breaks(row, start, match.end())}
        for cut in [*sorted(cuts), match.end()]:
            yield from _fold(row, start, cut, width, ends)
            start = cut


def _wide_breaks(row: str, start: int, stop: int) -> list[int]:
    wide = [unicodedata.east_asian_width(character) in "WF" for character in row[start:stop]]
    return [
        start + index
        for index in range(1, len(wide))
        if (wide[index] or wide[index - 1]) and _may_break(row[start + index - 1], row[start + index])
    ]


def _may_break(before: str, after: str) -> bool:
    """Whether a line may break between two characters without a space."""
    if after in _NOT_FIRST_IN_LINE or before in _NOT_LAST_IN_LINE or (before.isdigit() and after.isdigit()):
        return False
    return not (_belongs(before, after) or {before, after} & _HELD)


def _belongs(before: str, after: str) -> bool:
    """Whether the second character combines with the first: accents, variants, joined emoji, flags."""
    modifier = "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= after <= "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}"
    return _JOINER in (before, after) or modifier or unicodedata.category(after).startswith("M")


def _fold(row: str, start: int, stop: int, width: int, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    if ends[stop] - ends[start] <= width:
        yield start, stop
        return
    begin = start
    whole = begin
    for index in range(start + 1, stop + 1):
        if index < stop and _belongs(row[index - 1], row[index]):
            continue
        if ends[index] - ends[begin] > width and whole > begin:
            yield begin, whole
            begin = whole
        whole = index
    yield begin, stop


def flow(text: Text, width: int, first: str = "", rest: str | None = None) -> list[Text]:
    """Break a text into lines, none wider than `width` cells including the margin.

    The margin is `first` on the first line and `rest` on the others, by default spaces as wide as `first`.
    """
    rest = " " * cells(first) if rest is None else rest
    room = max(2, width - max(cells(first), cells(rest)))
    plain = text.plain
    if "\t" in plain:
        text = text.copy()
        text.plain = plain = plain.replace("\t", " ")
    lines: list[Text] = []
    for part in _cut(text, break_lines(plain, room)):
        margin = rest if lines else first
        lines.append(Text(margin).append_text(part) if margin and part else Text(margin.rstrip()) if margin else part)
    for line in lines if GLUE in plain else ():
        line.plain = line.plain.replace(GLUE, " ")
        line.rstrip()
    return lines


def written(text: Text, width: int, first: str, rest: str, mark: str) -> list[Text]:
    """Lay out a text line by line, keeping indentation; a line indented by four blanks or more is code.

    A long line continues below its first word, so list items keep their indentation. Margins are as in `flow`.
    """
    lines: list[Text] = []
    for row in text.split("\n", allow_blank=True):
        margin, plain = rest if lines else first, row.plain
        blanks = len(plain) - len(plain.lstrip(" "))
        if not plain.strip():
            lines.append(Text(margin.rstrip()))
        elif blanks >= CODE_INDENT:
            code = code_lines(plain, max(2, width - cells(rest)), mark)
            lines += [Text(rest if index else margin).append_text(line) for index, line in enumerate(code)]
        else:
            item = _ITEM.match(plain, blanks)
            hang = blanks + (item.end() - item.start() if item else 0)
            lines += flow(row[blanks:], width, margin + " " * blanks, rest + " " * hang)
    return lines


def code_lines(line: str, width: int, mark: str) -> list[Text]:
    """Return a line of code with all its blanks; beyond `width` cells, it continues after a mark."""
    ends = _ends(line)
    if ends[-1] <= width:
        return [styled(line, "code")]
    _, first = next(_fold(line, 0, len(line), width, ends))
    rest = _fold(line, first, len(line), max(2, width - cells(mark)), ends)
    lines = [styled(line[:first], "code")]
    return lines + [Text.assemble((mark, "muted"), (line[start:end], "code")) for start, end in rest]


def _cut(text: Text, places: Sequence[tuple[int, int]]) -> list[Text]:
    """Cut parts out of a text, with their styles, in one pass."""
    if not text.spans:
        return [Text(text.plain[start:end]) for start, end in places]
    parts = text.divide([offset for span in places for offset in span])
    return list(parts[1::2])


def indent(lines: Sequence[Text], margin: Text | str) -> list[Text]:
    """Prefix each line with a margin."""
    text = margin if isinstance(margin, Text) else Text(margin)
    bare = text.copy()
    bare.rstrip()
    return [text.copy().append_text(line) if line.plain else bare.copy() for line in lines]


def table(
    header: Sequence[Text], rows: Sequence[Sequence[Text]], width: int, rule: str, sides: Sequence[str] = ()
) -> list[Text] | None:
    """Lay out a table in columns, without frames; return None if they would be too narrow: then use `records`.

    `width` is in cells; `rule` is the character of the line below the header; `sides` aligns each column `left` (the
    default), `right` or `center`.
    """
    sides = sides or ["left"] * len(header)
    widths = _column_widths([header, *rows], width)
    if widths is None:
        return None
    lines = _row_lines([_styled(cell, "strong") for cell in header], widths, sides)
    lines.append(styled(rule * (sum(widths) + GAP * (len(widths) - 1)), "muted"))
    tall = any(cells(cell.plain) > room for row in rows for cell, room in zip(row, widths, strict=True))
    for number, row in enumerate(rows):
        if number and tall:
            lines.append(Text())
        lines.extend(_row_lines(row, widths, sides))
    return lines


def _styled(text: Text, style: str) -> Text:
    copy = text.copy()
    copy.stylize(style)
    return copy


def _column_widths(rows: Sequence[Sequence[Text]], width: int) -> list[int] | None:
    columns = list(zip(*rows, strict=True))
    natural = [max(cells(cell.plain) for cell in column) for column in columns]
    room = width - GAP * (len(columns) - 1)
    if sum(natural) <= room:
        return natural
    longest = [max((cells(word) for cell in column for word in cell.plain.split(" ")), default=1) for column in columns]
    least = [min(wanted, max(word, NARROWEST_COLUMN)) for wanted, word in zip(natural, longest, strict=True)]
    spare = room - sum(least)
    if spare < 0:
        return None
    missing = [wanted - have for wanted, have in zip(natural, least, strict=True)]
    return [have + spare * more // sum(missing) for have, more in zip(least, missing, strict=True)]


def _row_lines(row: Sequence[Text], widths: Sequence[int], sides: Sequence[str]) -> list[Text]:
    columns = [flow(cell, room) for cell, room in zip(row, widths, strict=True)]
    lines = []
    for number in range(max(len(column) for column in columns)):
        line = Text()
        at = 0
        for column, room, side in zip(columns, widths, sides, strict=True):
            if number < len(column) and column[number].plain:
                spare = room - cells(column[number].plain)
                shift = spare if side == "right" else spare // 2 if side == "center" else 0
                line.append(" " * (at + shift - cells(line.plain)))
                line.append_text(column[number])
            at += room + GAP
        lines.append(line)
    return lines


def records(header: Sequence[Text], rows: Sequence[Sequence[Text]], width: int, colon: str = ": ") -> list[Text]:
    """Lay out a table as records, one `label: value` per line, for narrow screens and for programs.

    A column with an empty header has no label; other labels end with `colon`. A blank line separates records.
    """
    lines: list[Text] = []
    for number, row in enumerate(rows):
        if number:
            lines.append(Text())
        for label, cell in zip(header, row, strict=True):
            name = Text.assemble((label.plain, "strong"), colon) if label.plain else Text()
            lines.extend(flow(name.append_text(cell), width, "", "  "))
    return lines
