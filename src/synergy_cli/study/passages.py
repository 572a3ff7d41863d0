"""The passages of a page, one after another, each with the questions that it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.course.page import Heading, plain_texts
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from synergy_cli.course.course import QuestionOutline
    from synergy_cli.course.page import Block, Page
    from synergy_cli.history.scheduler import Card


MOST_QUESTIONS = 2
"""The most questions that are asked about a passage."""


class Passage(NamedTuple):
    """A part of a page that is read at once: the text below a heading, or above the first.

    Attributes:
        number: counted from 1.
        total: how many the page has.
        headings: how many headings the page has up to the end of the passage.
        share: how much of the page's text has been read at its end, in per cent.
        items: the questions that it answers.
    """

    number: int
    total: int
    headings: int
    share: int
    blocks: tuple[Block, ...]
    items: tuple[QuestionOutline, ...]


def passages(page: Page, items: Iterable[QuestionOutline]) -> list[Passage]:
    """Split a page into passages, at least one; a heading without text of its own belongs to the next passage.

    Each of `items`, questions about the page, is in the passage that has its heading.
    """
    parts = _parts(page.blocks) or [[]]
    places = {heading: number for number, part in enumerate(parts) for heading in _headings(part)}
    by_part: list[list[QuestionOutline]] = [[] for _ in parts]
    for item in items:
        by_part[places.get(item.passage.partition("#")[2], 0)].append(item)
    words = [sum(len(text.split()) for text in plain_texts(part)) for part in parts]
    words = words if any(words) else [1] * len(parts)
    return [
        Passage(
            number=number,
            total=len(parts),
            headings=sum(len(_headings(part)) for part in parts[:number]),
            share=100 * sum(words[:number]) // sum(words),
            blocks=tuple(part),
            items=tuple(by_part[number - 1]),
        )
        for number, part in enumerate(parts, start=1)
    ]


def first_unread(parts: Sequence[Passage], heading: int) -> int:
    """Return the index of the passage with the heading of this number, which is -1 above the first heading."""
    return next((index for index, part in enumerate(parts) if heading < part.headings), 0)


def to_ask(
    passage: Passage, cards: Mapping[tuple[str, int], Card], today: int, done: Collection[str]
) -> list[QuestionOutline]:
    """Choose what to ask about a passage: at most two questions that are new or due, new ones first.

    `done` has the ids of those that were asked before; `today` is the study day.
    """
    left = [item for item in passage.items if item.id not in done]
    new = [item for item in left if item.key not in cards]
    due = [item for item in left if item.key in cards and cards[item.key].due <= today]
    return [*new, *due][:MOST_QUESTIONS]


def _parts(blocks: Iterable[Block]) -> list[list[Block]]:
    parts: list[list[Block]] = []
    for block in blocks:
        if not parts or (isinstance(block, Heading) and not all(isinstance(last, Heading) for last in parts[-1])):
            parts.append([])
        parts[-1].append(block)
    return parts


def _headings(part: Iterable[Block]) -> list[str]:
    return [block.id for block in part if isinstance(block, Heading)]
