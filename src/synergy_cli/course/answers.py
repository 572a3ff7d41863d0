"""Reads typed choices: one option or several."""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import TYPE_CHECKING

from synergy_cli.text import fold, unify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NUMBERED = re.compile(r"(?:(?:option|number|answer|no|nr)\b\.?|#|\()?\s*(\d)\s*[.):]?", re.IGNORECASE)
_RANGE = re.compile(r"(\d) ?- ?(\d)")
_AND = r"\b(?:and|then|und|dann|et|puis|y|luego)\b"
_BETWEEN = re.compile(
    rf"(?:[\s,;+&/|<>.\N{{RIGHTWARDS ARROW}}\N{{IDEOGRAPHIC COMMA}}\N{{KATAKANA MIDDLE DOT}}-]|{_AND})+", re.IGNORECASE
)


def pick(answer: str, spellings: Sequence[Sequence[str]]) -> int | None:
    """Return the index of the option chosen by number or text; None if no option matches.

    `spellings` has the texts of all options, in one spelling or several. An exact match comes first, so options may
    differ only in case.
    """
    number = _NUMBERED.fullmatch(unify(answer))
    if number and 1 <= int(number[1]) <= len(spellings[0]):
        return int(number[1]) - 1
    for form, options in product(_FORMS, spellings):
        found = [index for index, option in enumerate(options) if form(option) == form(answer)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def pick_all(answer: str, spellings: Sequence[Sequence[str]], labels: str = "123456789") -> list[int] | None:
    """Return the indexes of several options, in the order typed; None for anything else.

    They are chosen by number, as `13`, `1 3`, `1,3`, `1 and 3` or `3>1`, or by text, as in `pick`.
    """
    known = labels[: len(spellings[0])]
    typed = _BETWEEN.sub("", unify(answer).casefold())
    places = [known.find(char) for char in typed]
    if not typed or -1 in places:
        places = _by_text(answer, spellings)
    return places if places and len(set(places)) == len(places) else None


def is_range(answer: str) -> bool:
    """Whether an answer such as `1-3` may mean 1, 2 and 3 as well as 1 and 3."""
    ends = _RANGE.fullmatch(unify(answer))
    return ends is not None and int(ends[2]) - int(ends[1]) > 1


def _by_text(answer: str, spellings: Sequence[Sequence[str]]) -> list[int]:
    """Read consecutive options by text; empty if anything else is between them."""
    for form, options in product(_FORMS, spellings):
        places = {form(option): index for index, option in enumerate(options)}
        texts = sorted(filter(None, places), key=len, reverse=True)
        rest: str | None = form(answer)
        found: list[int] = []
        while rest and len(found) <= len(options) == len(places):
            text = next(filter(rest.startswith, texts), "")
            found.append(places.get(text, -1))
            rest = _after(text, rest, texts) if text else None
        if found and rest == "":
            return found
    return []


def _after(text: str, rest: str, texts: Sequence[str]) -> str | None:
    """Return what follows an option and the separator after it; None if something else follows.

    An ambiguous character, such as the hyphen of `-f`, belongs to the next option. In a script without spaces
    between words, such as Japanese, no separator is needed.
    """
    after = rest[len(text) :]
    between = _BETWEEN.match(after)
    if between is None:
        unspaced = after and {unicodedata.east_asian_width(char) for char in (text[-1], after[0])} <= {"W", "F"}
        return after if unspaced or not after else None
    ends = range(1, between.end() + 1)
    return next((after[end:] for end in ends if after[end:].startswith(tuple(texts))), after[between.end() :])


def _exactly(text: str) -> str:
    return text.strip()


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", fold(text))


_FORMS: tuple[Callable[[str], str], ...] = (_exactly, unify, fold, _squeezed)
