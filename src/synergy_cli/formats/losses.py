"""What a format cannot hold of a question that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.formats.markup import is_plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from synergy_cli.course.question import Question
    from synergy_cli.formats.transfer import Transfer


def report_losses(question: Question, held: Collection[str], transfer: Transfer) -> None:
    """Record what is left out of a question that a format writes, and what gets another form.

    Passage, sources and revision mean something only in the course, so they are no loss.

    Args:
        question: the question.
        held: what the format holds, of the names below.
        transfer: takes the remarks.
    """
    parts = {
        "feedback": any(wrong.feedback for wrong in question.wrong),
        "rationale": question.rationale,
        "hint": question.hint,
        "level": question.level != type(question).level,
        "tags": question.tags,
        "fixed order": any(option.fixed for option in (*question.right, *question.wrong)),
        "exactness": getattr(question, "exact", False),
        "other units": getattr(question, "units", ()),
    }
    transfer.lose(question.id, [name for name, present in parts.items() if present and name not in held])
    if question.context and "context" not in held:
        transfer.change(question.id, "its context is a part of the stem")


def on_one_line(question: Question, texts: Sequence[str], transfer: Transfer) -> list[str]:
    """Return texts of a question without markup and each on one line; what that loses is recorded."""
    blocks = [question.blocks(text) for text in texts]
    lost = ["line breaks"] if any("\n" in text.strip() for text in texts) else []
    lost += [] if all(map(is_plain, blocks)) else ["markup"]
    if lost:
        transfer.reduce(question.id, f"without {' and '.join(lost)}")
    return [question.displayed(text) for text in texts]
