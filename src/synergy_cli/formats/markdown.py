"""Markdown to read or to print: questions with their answers, or a test with an answer sheet and a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.course.page import Callout, ListBlock, Paragraph, Span
from synergy_cli.course.pandoc import address, quoted
from synergy_cli.course.pandoc_blocks import PandocWriter, literal
from synergy_cli.formats.format import Format
from synergy_cli.formats.paper import after, answer_sheet, asked, inline, key, sheet_of
from synergy_cli.formats.transfer import report_losses
from synergy_cli.languages import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.course.page import Block, Inline
    from synergy_cli.course.question import Part, Question
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
"""Starts a new page in browsers, LaTeX and Word."""


def write(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the questions by topic, each with its right answer and explanations."""
    writer, topic = _writer(bank), None
    yield _head(bank)
    for number, question in enumerate(bank.questions, start=1):
        report_losses(question, _HELD, transfer)
        if bank.topic(question) != topic:
            topic = bank.topic(question)
            yield f"\n## {literal(topic)}\n" if topic else ""
        sheet = sheet_of(question)
        answer = Callout("", tuple(_answer(question)))
        yield f"\n{writer.blocks([*asked(number, sheet), answer])}\n"


def write_exam(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Yield the questions, an answer sheet and the key, each starting on a new page."""
    del transfer  # what a test does not show is not lost
    writer, sheets = _writer(bank), [sheet_of(question) for question in bank.questions]
    yield _head(bank)
    for number, sheet in enumerate(sheets, start=1):
        yield f"\n{writer.blocks(asked(number, sheet))}\n"
    parts = (say("Answer sheet", bank.language), answer_sheet), (say("Key", bank.language), key)
    for title, blocks in parts:
        yield f"\n{_NEW_PAGE}\n## {literal(title)}\n\n{writer.blocks(blocks(sheets, bank.language))}\n"


def _writer(bank: Bank) -> PandocWriter:
    return PandocWriter({}, "", lambda path: address(bank.folder, path))


def _head(bank: Bank) -> str:
    return f"---\ntitle: {quoted(literal(bank.title))}\nlang: {quoted(bank.language)}\n---\n"


def _answer(question: Question) -> Iterator[Block]:
    """Yield the right answer, the rationale, and the feedback on wrong answers."""
    label = Span(question.say("Right answer:"), "strong")
    parts = [_part(question, part) for part in question.solution]
    if len(parts) == 1:
        yield from after(label, [Paragraph(parts[0])])
    else:
        yield Paragraph((label,))
        yield ListBlock(None, tuple((Paragraph(part),) for part in parts))
    if question.rationale:
        yield from question.blocks(question.rationale)
    remarks = [(wrong.text, wrong.feedback) for wrong in getattr(question, "distractors", ()) if wrong.feedback]
    items = [tuple(after(Span(f"{question.displayed(text)}:"), question.blocks(said))) for text, said in remarks]
    if items:
        yield ListBlock(None, tuple(items))


def _part(question: Question, part: Part) -> tuple[Inline, ...]:
    """Return a part of an answer on one line; typed text is literal."""
    return (Span(f"{question.displayed(part.label)}{part.joint}"), *inline(question, part.text))


MARKDOWN = Format("md", "Markdown, to read or print", write=write, write_exam=write_exam)
