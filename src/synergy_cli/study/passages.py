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
"""The maximum number of questions about a passage."""


class Passage(NamedTuple):
    """A part of a page that is read in one go: the text below a heading, or above the first heading.

    Attributes:
        number: counted from 1.
        total: the number of passages on the page.
        headings: the number of headings on the page up to the end of the passage.
        share: the share of the page's text up to its end, in percent.
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
    """Return the index of the passage with this heading number; -1 stands for the text above the first heading."""
    return next((index for index, part in enumerate(parts) if heading < part.headings), 0)


def to_ask(
    passage: Passage, cards: Mapping[tuple[str, int], Card], today: int, done: Collection[str]
) -> list[QuestionOutline]:
    """Choose what to ask about a passage: at most two questions that are new or due, new ones first.

    `done` has the ids of questions already asked; `today` is the study day.
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
