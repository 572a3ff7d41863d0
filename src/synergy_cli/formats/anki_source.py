"""Where an answer comes from, on the back of a card: the passage, folded up below its title, and the sources."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from synergy_cli.course.page import Heading
from synergy_cli.formats.html_blocks import Citations, Writer, escaped, link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.page import Block
    from synergy_cli.course.question import Question
    from synergy_cli.formats.format import Bank


_CITATION = "\0"


class _Places(Citations):
    """The places of citations in a passage, which go: the list that they point to stays on the page."""

    def cite(self, keys: Sequence[str]) -> str:
        """Mark where it was, so that the blank before it goes too."""
        del keys
        return _CITATION


def sources(bank: Bank, media: Callable[[str], str]) -> Callable[[Question], str]:
    """Return what gives the passage and the sources of a question as HTML.

    `media` returns the name that a picture, given by its path, has among Anki's media; empty for one that is elsewhere.
    """
    writer = Writer(bank.language, media, citations=_Places())

    @cache
    def blocks(page: str) -> Sequence[Block]:
        return bank.course.page(page)[0].blocks if bank.course is not None else ()

    def html(question: Question) -> str:
        passage = writer.blocks(_below(question.heading, blocks(question.page))) if question.passage else ""
        passage = passage.replace(f" {_CITATION}", "").replace(_CITATION, "")
        title = f"{escaped(question.say('Read:'))} {escaped(bank.topic(question))}"
        parts = [f"<details><summary>{title}</summary>{passage}</details>"] if passage else []
        parts += [f"<div>{link(address, escaped(label))}</div>" for label, address in question.cited]
        return "".join(parts)

    return html


def _below(heading: str, blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks from a heading to the next; those before the first if it is empty or gone."""
    places = [(place, block.id) for place, block in enumerate(blocks) if isinstance(block, Heading)]
    start = next((place + 1 for place, name in places if name == heading), 0)
    return blocks[start : next((place for place, _ in places if place >= start), len(blocks))]
