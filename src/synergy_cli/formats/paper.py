"""A question on paper, as blocks: the question, the space for its answer, and the key."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from synergy_cli.course.page import ListBlock, Paragraph, Span, TableBlock
from synergy_cli.course.question import LETTERS, InputMode
from synergy_cli.course.typed import Number
from synergy_cli.languages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synergy_cli.course.page import Block, Inline
    from synergy_cli.course.question import Question, Sheet

_LINE, _SHORT_LINE = "_" * 30, "_" * 4
_BOX = "\N{BALLOT BOX}"


def sheet_of(question: Question) -> Sheet:
    """Return a question for paper or a web page, always in the same order."""
    return question.sheet(Random(question.id))  # noqa: S311  repeatable, not a secret


def asked(number: int, sheet: Sheet) -> list[Block]:
    """Return a question as asked: its number, context and stem, how to answer, and its options."""
    question = sheet.question
    tells_how = isinstance(question, Number) or (sheet.options and question.entry is InputMode.LINE)
    how = [Paragraph((Span(f"({question.expects(sheet)})", "emphasis"),))] if tells_how else []
    blocks = [*(question.blocks(question.context) if question.context else ()), *question.blocks(question.stem)]
    listed = [ListBlock(1, tuple(question.blocks(text) for text in sheet.options))] if sheet.options else []
    partners = tuple(
        tuple(after(Span(letter, "strong"), question.blocks(text)))
        for letter, text in zip(LETTERS, sheet.partners, strict=False)
    )
    return [
        *after(Span(f"{number}.", "strong"), blocks),
        *how,
        *listed,
        *([ListBlock(None, partners)] if partners else []),
    ]


def after(label: Span, blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with a label in front."""
    if blocks and isinstance(blocks[0], Paragraph):
        return [Paragraph((label, Span(" "), *blocks[0].inlines)), *blocks[1:]]
    return [Paragraph((label,)), *blocks]


def inline(question: Question, text: str) -> tuple[Inline, ...]:
    """Return an answer on one line; typed text is literal."""
    blocks = question.blocks(text)
    if not question.typed and len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return blocks[0].inlines
    return (Span(text if question.typed else question.displayed(text)),)


def answer_sheet(sheets: Sequence[Sheet], language: str) -> list[Block]:
    """Return the answer sheet, with space for the learner's name."""
    name, date = say("Name:", language), say("Date:", language)
    return [Paragraph((Span(f"{name} {_LINE} {date} {_LINE}"),)), _table([*map(_boxes, sheets)], language)]


def key(sheets: Sequence[Sheet], language: str) -> list[Block]:
    """Return the key, question by question."""
    return [_table([*map(_right, sheets)], language)]


def _table(cells: Sequence[tuple[Inline, ...]], language: str) -> Block:
    header = tuple((Span(word),) for word in (say("Question", language), say("Answer", language)))
    rows = tuple(((Span(str(number)),), cell) for number, cell in enumerate(cells, start=1))
    return TableBlock(header, rows, ("right", "left"))


def _is_chosen(sheet: Sheet) -> bool:
    """Whether the options are ticked, rather than put in order."""
    return sheet.question.offers or sheet.question.judged


def _boxes(sheet: Sheet) -> tuple[Inline, ...]:
    """Return the space to write or tick the answer to a question."""
    places = range(1, len(sheet.options) + 1)
    if sheet.partners:
        return (Span("  ".join(f"{place}: {_SHORT_LINE}" for place in places)),)
    if sheet.options and _is_chosen(sheet):
        return (Span("  ".join(f"{_BOX} {place}" for place in places)),)
    if sheet.options:
        return (Span("  ".join(_SHORT_LINE for _ in places)),)
    gaps = range(1, len(sheet.question.solution) + 1)
    return (Span("  ".join(f"{gap}. {_LINE}" for gap in gaps) if len(gaps) > 1 else _LINE),)


def _right(sheet: Sheet) -> tuple[Inline, ...]:
    """Return the right answer, by number or letter, and in words."""
    question, solution = sheet.question, sheet.question.solution
    labels = {text: label for label, text in sheet.listed}
    if sheet.partners:
        lefts = zip(sheet.options, solution, strict=True)
        letters = dict(zip(sheet.partners, LETTERS, strict=False))
        return (Span(" ".join(f"{labels[left]}{letters[part.text]}" for left, part in lefts)),)
    if not sheet.options:
        accepted = [named.text for named in question.right] if not isinstance(question, Number) else []
        return (Span("; ".join(accepted or map(str, solution))),)
    known = [labels[part.text] for part in solution if part.text in labels]
    if not _is_chosen(sheet):
        return (Span(" ".join(known)),)
    words = [(Span(f"{label}: "), *inline(question, text)) for label, text in sheet.listed if label in known]
    return tuple(
        inline
        for number, word in enumerate(words or [(Span("0"),)])
        for inline in (*((Span("; "),) if number else ()), *word)
    )
