"""Read what a person types as a choice: one option, or several."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from synergy_cli.course.wording import LONGEST
from synergy_cli.text import fold, unify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synergy_cli.course.wording import Comparison

_OPPOSITES = ("anti", "hyper", "hypo", "under", "over", "non", "dis", "de", "un", "in", "im", "a")
_NEGATIONS = {"no", "not", "never", "without", "cannot", "none"}
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


def nearly(typed: str, key: str, comparison: Comparison) -> bool:
    """Whether an answer is a slip of the fingers away from a key, and means the same.

    Accents may be missing from Latin letters. Else one slip is allowed, two from eight letters on, but none in a digit,
    in a negation, or in a prefix that reverses the meaning (hyper-, hypo-, anti-, un- …).
    """
    if comparison.exact or len(typed) > LONGEST:
        return False
    pairs = [(fold(typed), fold(key))]
    pairs += [(a, b) for a in comparison.forms(typed) for b in comparison.forms(key, is_key=True)]
    return any(_slipped(mine, right) for mine, right in pairs)


def _slipped(typed: str, right: str) -> bool:
    if typed != right and _without_accents(typed) == _without_accents(right):
        return True
    if re.findall(r"\d", typed) != re.findall(r"\d", right):
        return False
    if _NEGATIONS & (set(typed.split()) ^ set(right.split())):
        return False
    if _turned(typed, right):
        return False
    shorter = min(len(typed), len(right))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2  # noqa: PLR2004  short words have near neighbours
    return 0 < slips(typed, right, allowed + 1) <= allowed


def _without_accents(text: str) -> str:
    return re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", unicodedata.normalize("NFD", text))


def _turned(typed: str, right: str) -> bool:
    def prefixes(text: str) -> list[str]:
        words = re.split(r"[\s/-]+", text)
        return sorted(filter(None, (next((p for p in _OPPOSITES if word.startswith(p)), "") for word in words)))

    return prefixes(typed) != prefixes(right)


def slips(first: str, second: str, most: int) -> int:
    """Count missing, added and changed letters and swapped neighbours between two words, up to `most`.

    This is the optimal string alignment distance (Damerau 1964).
    """
    if abs(len(first) - len(second)) >= most:
        return most
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most)
