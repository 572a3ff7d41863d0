"""Read what a person types as a choice: one option, or several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from synergy_cli.text import fold, unify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NUMBERED = re.compile(r"(?:(?:option|number|answer|no|nr)\b\.?|#|\()?\s*(\d)\s*[.):]?", re.IGNORECASE)
_AND = r"\b(?:and|then|und|dann|et|puis|y|luego)\b"
_BETWEEN = re.compile(rf"(?:[\s,;+&/|>.\N{{RIGHTWARDS ARROW}}-]|{_AND})+", re.IGNORECASE)


def pick(answer: str, options: Sequence[str]) -> int | None:
    """Return the index of the option that is meant, by its number or its text; None if there is none.

    An option's text is compared exactly first, so that options may differ in case alone.
    """
    number = _NUMBERED.fullmatch(unify(answer))
    if number and 1 <= int(number[1]) <= len(options):
        return int(number[1]) - 1
    for form in _FORMS:
        found = [place for place, option in enumerate(options) if form(option) == form(answer)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def pick_all(answer: str, options: Sequence[str], labels: str = "123456789") -> list[int] | None:
    """Return the indexes of several options, in the order typed; None for anything else.

    They are given by number, as `13`, `1 3`, `1,3`, `1 and 3` or `3>1`, or by their text.
    """
    known = labels[: len(options)]
    typed = _BETWEEN.sub("", unify(answer).casefold())
    places = [known.find(char) for char in typed]
    if not typed or -1 in places:
        places = _by_text(answer, options)
    return places if places and len(set(places)) == len(places) else None


def _by_text(answer: str, options: Sequence[str]) -> list[int]:
    """Read options by their texts, one after the other; empty if anything else is between them."""
    for form in _FORMS:
        rest = form(answer)
        found: list[int] = []
        texts = sorted(((form(option), place) for place, option in enumerate(options)), key=lambda pair: -len(pair[0]))
        while rest and len(found) <= len(options):
            text, place = next((pair for pair in texts if rest.startswith(pair[0])), ("", -1))
            after = rest[len(text) :]
            between = _BETWEEN.match(after)
            if place < 0 or (after and not between):
                break
            found.append(place)
            rest = after[between.end() :] if between else ""
        if found and not rest:
            return found
    return []


def _exactly(text: str) -> str:
    return text.strip()


_FORMS: tuple[Callable[[str], str], ...] = (_exactly, unify, fold)
