"""The gaps in the stem of a question, and the answers typed for them."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from synergy_cli.course.page import Code, Paragraph, Span
from synergy_cli.course.question import LETTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from synergy_cli.course.page import Block


BETWEEN = ";"
"""Separates the answers to several gaps."""
_GAP = re.compile(r"([^\w\s`]{0,8})_{3,}")
_BETWEEN = re.compile(r"\s*[;\N{FULLWIDTH SEMICOLON}\N{ARABIC SEMICOLON}]\s*")
_COMMAS = re.compile(r"\s*(?:,(?!\d)|(?<!\d),|\N{IDEOGRAPHIC COMMA}|\N{FULLWIDTH COMMA})\s*(?:(?:and|und)\s+)?")
_LATER = "then|next|finally|lastly?"
_ORDER = {1: "first(?:ly)?", 2: "then|next|second(?:ly)?"}
_FREELY = tuple(
    map(
        re.compile,
        (
            r"\s+(?:and|then|und|dann|et|puis|y|luego)\s+",
            r",\s+|\s+(?:and|und|et|y)\s+",
            r"\s*(?:[/:&+=\N{KATAKANA MIDDLE DOT}]|->|→|\s-)\s*",
            r"\s+(?=\(?[\da-z][.):]\s)",
            r"\s+",
        ),
    )
)


def _without_order(parts: list[str]) -> list[str]:
    """Return answers without words or numbers for their order, if each has one: `first A`, `then B`."""
    found = [
        re.fullmatch(rf"(?:(?:{number}|{words})\s+(.*\S)|(.*\S)\s+(?:{words}))", part, re.IGNORECASE)
        for number, part in enumerate(parts, 1)
        for words in (_ORDER.get(number, _LATER),)
    ]
    return [match[1] or match[2] for match in found if match] if all(found) else parts


def count_gaps(stem: str) -> int:
    """Count the gaps of a stem: three underscores or more."""
    return len(_GAP.findall(stem))


def chars_before(stem: str) -> list[str]:
    """Return the characters directly before each gap, such as the `$` of `$___`, which people may type too."""
    return _GAP.findall(stem)


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks of a stem with a number in each gap, as `__1__`."""
    numbers = count(1)
    return tuple(
        _rewritten(block, lambda text: _GAP.sub(lambda gap: f"{gap[1]}__{next(numbers)}__", text)) for block in blocks
    )


def _rewritten(block: Block, change: Callable[[str], str]) -> Block:
    if isinstance(block, Code):
        return Code(tuple(map(change, block.lines)))
    if isinstance(block, Paragraph):
        return Paragraph(
            tuple(part._replace(text=change(part.text)) if isinstance(part, Span) else part for part in block.inlines)
        )
    return block


def split_answers(answer: str, gaps: int, *, freely: bool = False) -> list[str] | None:
    """Return the answer to each of several gaps, empty for an open one; None if they cannot be separated.

    `BETWEEN` separates them, or commas if that gives as many answers as gaps; each answer may start with its number or
    letter. With `freely`, a word, a space or another character may separate them, although each of these may also be
    part of an answer.
    """
    for pattern in _FREELY if freely else (_BETWEEN, _COMMAS):
        parts = pattern.split(answer.strip())
        parts = parts[:-1] if len(parts) == gaps + 1 and not parts[-1] else parts
        if len(parts) == gaps and any(parts):
            labelled = zip(range(1, gaps + 1), LETTERS, _without_order(parts), strict=False)
            return [re.sub(rf"^\(?[{number}{letter}][.):]\s+", "", part) for number, letter, part in labelled]
    return None
