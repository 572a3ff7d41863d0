"""The question types by name, and the building of a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.course.arrangements import Match, Order
from synergy_cli.course.choices import Choice, Multiple, TrueFalse
from synergy_cli.course.typed import Cloze, Number, Short

if TYPE_CHECKING:
    from synergy_cli.course.question import Question

QUESTION_TYPES: dict[str, type[Question]] = {
    found.type: found for found in (Choice, Multiple, TrueFalse, Short, Number, Order, Match, Cloze)
}


def build(data: dict[str, Any]) -> Question:
    """Build a question from the plain data that `read_question` returns."""
    return QUESTION_TYPES[data["type"]].build(data)
