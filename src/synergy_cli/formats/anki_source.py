"""Where an answer comes from, on the back of a card: the passage, folded up below its title, and the sources."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from synergy_cli.formats.html_blocks import Citations, Writer, escaped, link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.page import Page
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
    def page(name: str) -> Page | None:
        return bank.course.page(name)[0] if bank.course is not None else None

    def html(question: Question) -> str:
        read = page(question.page) if question.passage else None
        below = read.passage(question.heading)[bool(question.heading) :] if read is not None else ()
        passage = writer.blocks(below).replace(f" {_CITATION}", "").replace(_CITATION, "")
        title = f"{escaped(question.say('Read:'))} {escaped(bank.topic(question))}"
        parts = [f"<details><summary>{title}</summary>{passage}</details>"] if passage else []
        parts += [f"<div>{link(address, escaped(label))}</div>" for label, address in question.cited]
        return "".join(parts)

    return html
