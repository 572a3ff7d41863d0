"""A question as HTML that can be read without scripts: the question, then the answer and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.course.page import Paragraph
from synergy_cli.formats.html_blocks import escaped, link
from synergy_cli.formats.paper import sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from synergy_cli.course.page import Block
    from synergy_cli.course.question import Part, Question, Sheet
    from synergy_cli.formats.html_blocks import Writer


def article(question: Question, writer: Writer, links: Mapping[str, str]) -> str:
    """Write a question as an item; `dom.js` finds it by position, and its parts by position or class.

    `links` has the anchors of pages and passages in the document.
    """
    sheet = sheet_of(question)
    parts = [
        _text("context", question, question.context, writer),
        _text("stem", question, question.stem, writer),
        _listed("ol", question, sheet.options, writer),
        _listed("ol type=a", question, sheet.partners, writer),
        f"<details><summary>{escaped(question.say('Answer'))}</summary>",
        *_answer(sheet, writer),
        _text("hint", question, question.hint, writer),
        _from(question, writer, links),
        "</details>",
    ]
    return f"<li>{''.join(parts)}"


def _text(name: str, question: Question, text: str, writer: Writer) -> str:
    return _block(name, question.blocks(text), writer) if text else ""


def _block(name: str, blocks: Sequence[Block], writer: Writer) -> str:
    """Write blocks as an element of a class; a paragraph, the usual case, needs no end tag."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return f"<p class={name}>{writer.line(blocks)}"
    return f"<div class={name}>{writer.blocks(blocks)}</div>"


def _listed(element: str, question: Question, texts: tuple[str, ...], writer: Writer) -> str:
    items = "".join(f"<li>{writer.line(question.blocks(text))}" for text in texts)
    return f"<{element}>{items}</ol>" if items else ""


def _answer(sheet: Sheet, writer: Writer) -> Iterator[str]:
    """Yield the right answer, the rationale, and any feedback on wrong answers."""
    question = sheet.question
    parts = [_part(question, part, writer) for part in question.solution]
    several = f"<ul>{''.join(f'<li>{part}' for part in parts)}</ul>"
    label = f"<b>{escaped(question.say('Right answer:'))}</b>"
    yield f"<div class=right>{label} {parts[0] if len(parts) == 1 else several}</div>"
    yield _text("rationale", question, question.rationale, writer)
    listed = sheet.partners or sheet.options
    remarks = [(one.text, one.feedback) for one in getattr(question, "distractors", ()) if one.feedback]
    items = "".join(
        f"<li value={listed.index(text) + 1}>{writer.line(question.blocks(feedback))}"
        if listed
        else f"<li><q>{escaped(text)}</q> {writer.line(question.blocks(feedback))}"
        for text, feedback in remarks
    )
    kind = " type=a" if sheet.partners else ""
    yield f"<ol{kind}>{items}</ol>" if items else ""


def _part(question: Question, part: Part, writer: Writer) -> str:
    """Write a part of the right answer; typed text is literal."""
    label = writer.line(question.blocks(part.label)) if part.label else ""
    text = escaped(part.text) if question.typed else writer.line(question.blocks(part.text))
    return f"{label}{escaped(part.joint)}{text}"


def _from(question: Question, writer: Writer, links: Mapping[str, str]) -> str:
    """Write where the answer comes from: the passage and the sources, by number if a page cites them."""
    place = links.get(question.passage) or links.get(question.page, "")
    words = question.say("passage").capitalize()
    parts = [link(place, escaped(words))] if place else []
    cited = zip(question.sources, question.cited, strict=True)
    numbers = [writer.citations.number(key) for key in question.sources if key in writer.citations]
    parts += [f"[{', '.join(numbers)}]"] if numbers else []
    parts += [link(address, escaped(label)) for key, (label, address) in cited if key not in writer.citations]
    return f"<p class=sources>{' '.join(parts)}" if parts else ""
