"""The words of a course, to distinguish a typo from another word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from synergy_cli.text import fold, slips

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[a-z]{4,}")
_LONG = re.compile(r"[a-z]{5,}")


class Vocabulary:
    """The words of some texts, indexed by similar spelling."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the words of four letters or more."""
        self._words: dict[str, set[str]] = {}
        for word in {word for text in texts for word in _WORD.findall(fold(text))}:
            for part in _parts(word):
                self._words.setdefault(part, set()).add(word)

    def alike(self, texts: Iterable[str]) -> list[str]:
        """Return the words that are one typo away from a word of five letters or more in these texts."""
        own = {word for text in texts for word in _LONG.findall(fold(text))}
        found = {(word, other) for word in own for part in _parts(word) for other in self._words.get(part, ())}
        return sorted({other for word, other in found if other not in own and slips(word, other, 2) == 1})


def _parts(word: str) -> set[str]:
    """Return a word, and the word without each of its letters: words one typo apart share one of these."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
