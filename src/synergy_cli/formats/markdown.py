"""Markdown to read or to print: questions with their answers, or a test with an answer sheet and a key."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from synergy_cli.course.page import Callout, ListBlock, Paragraph, Span, TableBlock
from synergy_cli.course.pandoc import address, quoted
from synergy_cli.course.pandoc_blocks import Writer, literal
from synergy_cli.course.question import LETTERS, InputMode
from synergy_cli.course.typed import Number
from synergy_cli.formats.format import Format
from synergy_cli.formats.losses import report_losses
from synergy_cli.languages import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.course.page import Block, Inline
    from synergy_cli.course.question import Part, Question, Sheet
    from synergy_cli.formats.format import Bank
    from synergy_cli.formats.transfer import Transfer

_HELD = ("feedback", "rationale", "level", "tags", "fixed order", "exactness", "other units")
_NEW_PAGE = """\
<div style="break-before: page"></div>

```{=latex}
\\newpage
```

```{=openxml}
<w:p><w:r><w:br w:type="page"/></w:r></w:p>
```
"""
"""Begins a page in what browsers, LaTeX and Word print."""
_LINE, _SHORT_LINE = "_" * 30, "_" * 4
_BOX = "\N{BALLOT BOX}"


def write(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the questions by topic, each with its right answer and what is said about it."""
    writer, topic = _writer(bank), None
    yield _head(bank)
    for number, question in enumerate(bank.questions, start=1):
        report_losses(question, _HELD, transfer)
        if bank.topic(question) != topic:
            topic = bank.topic(question)
            yield f"\n## {literal(topic)}\n" if topic else ""
        sheet = _sheet(question)
        answer = Callout("", tuple(_answer(question)))
        yield f"\n{writer.blocks([*_asked(number, sheet), answer])}\n"


def write_exam(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the questions, then a sheet to answer them on, then the key, each of these on a page of its own."""
    del transfer  # what a test does not show is not lost
    writer, sheets = _writer(bank), [_sheet(question) for question in bank.questions]
    yield _head(bank)
    for number, sheet in enumerate(sheets, start=1):
        yield f"\n{writer.blocks(_asked(number, sheet))}\n"
    for title, cells in ((say("Answer sheet", bank.language), _boxes), (say("Key", bank.language), _right)):
        yield f"\n{_NEW_PAGE}\n## {literal(title)}\n"
        if cells is _boxes:
            name, date = say("Name:", bank.language), say("Date:", bank.language)
            yield f"\n{writer.blocks([Paragraph((Span(f'{name} {_LINE} {date} {_LINE}'),))])}\n"
        header = tuple((Span(word),) for word in (say("Question", bank.language), say("Answer", bank.language)))
        rows = tuple(((Span(str(number)),), cells(sheet)) for number, sheet in enumerate(sheets, start=1))
        yield f"\n{writer.blocks([TableBlock(header, rows, ('right', 'left'))])}\n"


def _writer(bank: Bank) -> Writer:
    return Writer({}, "", lambda path: address(bank.folder, path))


def _head(bank: Bank) -> str:
    return f"---\ntitle: {quoted(literal(bank.title))}\nlang: {quoted(bank.language)}\n---\n"


def _sheet(question: Question) -> Sheet:
    return question.sheet(Random(question.id))  # noqa: S311  repeatable, not a secret


def _asked(number: int, sheet: Sheet) -> list[Block]:
    """Return a question as it is asked: its number, context and stem, how to answer, and what is listed."""
    question = sheet.question
    tells_how = isinstance(question, Number) or (sheet.options and question.entry is InputMode.LINE)
    how = [Paragraph((Span(f"({question.expects(sheet)})", "emphasis"),))] if tells_how else []
    blocks = [*(question.blocks(question.context) if question.context else ()), *question.blocks(question.stem)]
    listed = [ListBlock(1, tuple(question.blocks(text) for text in sheet.options))] if sheet.options else []
    partners = tuple(_labelled(question, letter, text) for letter, text in zip(LETTERS, sheet.partners, strict=False))
    return [
        *_after(Span(f"{number}.", "strong"), blocks),
        *how,
        *listed,
        *([ListBlock(None, partners)] if partners else []),
    ]


def _after(label: Span, blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with a label in front."""
    if blocks and isinstance(blocks[0], Paragraph):
        return [Paragraph((label, Span(" "), *blocks[0].inlines)), *blocks[1:]]
    return [Paragraph((label,)), *blocks]


def _labelled(question: Question, label: str, text: str) -> tuple[Block, ...]:
    return tuple(_after(Span(label, "strong"), question.blocks(text)))


def _answer(question: Question) -> Iterator[Block]:
    """Yield the right answer, the rationale, and the feedback on wrong answers."""
    label = Span(question.say("Right answer:"), "strong")
    parts = [_part(question, part) for part in question.solution]
    if len(parts) == 1:
        yield from _after(label, [Paragraph(parts[0])])
    else:
        yield Paragraph((label,))
        yield ListBlock(None, tuple((Paragraph(part),) for part in parts))
    if question.rationale:
        yield from question.blocks(question.rationale)
    remarks = [(wrong.text, wrong.feedback) for wrong in getattr(question, "distractors", ()) if wrong.feedback]
    items = [tuple(_after(Span(f"{question.displayed(text)}:"), question.blocks(said))) for text, said in remarks]
    if items:
        yield ListBlock(None, tuple(items))


def _part(question: Question, part: Part) -> tuple[Inline, ...]:
    """Return a part of an answer on one line; what is typed is literal."""
    return (Span(f"{question.displayed(part.label)}{part.joint}"), *_inline(question, part.text))


def _inline(question: Question, text: str) -> tuple[Inline, ...]:
    blocks = question.blocks(text)
    if not question.typed and len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return blocks[0].inlines
    return (Span(text if question.typed else question.displayed(text)),)


def _is_chosen(sheet: Sheet) -> bool:
    """Whether the options are to be ticked; else they are to be put in order."""
    return sheet.question.offers or sheet.question.judged


def _boxes(sheet: Sheet) -> tuple[Inline, ...]:
    """Return where the answer to a question is written or ticked."""
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
    """Return what is right, by number or letter, and in words."""
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
    words = [(Span(f"{label}: "), *_inline(question, text)) for label, text in sheet.listed if label in known]
    return tuple(
        inline
        for number, word in enumerate(words or [(Span("0"),)])
        for inline in (*((Span("; "),) if number else ()), *word)
    )


MARKDOWN = Format("md", "Markdown, to read or print", write=write, write_exam=write_exam)
