"""Gaps as Anki writes them, `{{c1::answer::hint}}`, in a package or in its text export."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from synergy_cli.course.typed import Cloze
from synergy_cli.formats.notes import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from synergy_cli.formats.notes import Notes

_GAP = re.compile(r"\{\{c\d+::((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_OPEN = re.compile(r"\{\{c\d+::")
_MASK = "image-occlusion:"


def has_gaps(field: str) -> bool:
    """Whether a field has gaps."""
    return _OPEN.search(field) is not None


def gaps_of(field: str, text: Callable[[str], str], words: Callable[[str], str], notes: Notes) -> dict[str, Any]:
    """Return the type, the stem and the gaps of a field.

    Args:
        field: as Anki has it.
        text: converts a text that may have markup.
        words: converts an answer.
        notes: takes what has another form.

    Raises UnreadableError if a gap is in another, or is a part of a picture.
    """
    gaps: list[list[str]] = []

    def gap(match: re.Match[str]) -> str:
        answer, _, hint = match[1].partition("::")
        if answer.startswith(_MASK):
            raise UnreadableError("it asks about the parts of a picture")
        gaps.append([words(answer)])
        return f"___ ({hint})" if hint else "___"

    stem = _GAP.sub(gap, field)
    if has_gaps(stem):
        raise UnreadableError("a gap is inside another, or is not closed")
    if len(set(_OPEN.findall(field))) > 1:
        notes.change("its cards are one question with several gaps")
    return {"type": Cloze.type, "stem": text(stem), "gaps": gaps}
