"""Read what a person types: one option or several, a number with its unit, a word with a slip."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from synergy_cli.text import DECIMAL, LONGEST_NUMBER, fold

if TYPE_CHECKING:
    from collections.abc import Sequence


_OPPOSITES = ("anti", "hyper", "hypo", "under", "over", "non", "dis", "de", "un", "in", "im", "a")
_NEGATIONS = {"no", "not", "never", "without", "cannot", "none"}


def pick(answer: str, options: Sequence[str]) -> int | None:
    """Return the index of the option that is meant, by its number or its text; None if there is none."""
    typed = fold(answer)
    if typed.isdecimal() and len(typed) == 1 and 1 <= int(typed) <= len(options):
        return int(typed) - 1
    return next((place for place, option in enumerate(options) if fold(option) == typed), None)


def digits(answer: str, count: int) -> list[int] | None:
    """Return the indexes of several options, in the order typed (`13`, `1 3` or `1,3`); None for anything else."""
    typed = re.sub(r"[\s,;]+", "", fold(answer))
    numbers = [int(digit) - 1 for digit in typed if digit.isascii() and digit.isdecimal()]
    sound = typed and len(numbers) == len(typed) and all(0 <= number < count for number in numbers)
    return numbers if sound and len(set(numbers)) == len(numbers) else None


def split_number(answer: str) -> tuple[Decimal | None, str]:
    """Split `4,000 IU`, `0,5 mg`, `-3` or `1e3` into number and unit as typed; the number is None if there is none.

    Commas, spaces or apostrophes between groups of three digits separate thousands; any other comma is a decimal comma.
    """
    if any(unicodedata.decomposition(char).startswith("<su") for char in answer):
        return None, ""  # a superscript is not a digit: 10\N{SUPERSCRIPT TWO} is not 102
    match = re.fullmatch(r"([+-]?\s*(?:\d[\d.,' ]*\d|\d|[.,]\d+)(?:e[+-]?\d{1,3})?)\s*(.*)", fold(answer))
    if match is None:
        return None, ""
    number = re.sub(r"^([+-])\s+", r"\1", match[1])
    grouped = re.fullmatch(r"[+-]?[1-9]\d{0,2}(?:([,' ])\d{3})(?:\1\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?", number)
    number = number.replace(grouped[1], "") if grouped else number.replace(",", ".")
    if not DECIMAL.fullmatch(number) or len(number) > LONGEST_NUMBER:
        return None, ""
    return Decimal(number), match[2]


def unit_name(unit: str) -> str:
    """Normalise spellings of a unit: NFKC has already unified µ and μ; `mc` and `u` are how µ is typed."""
    name = fold(unit).replace(" ", "")
    return re.sub(r"^(?:mc|u)(?=(?:g|l|m|mol)\b)", "\N{GREEK SMALL LETTER MU}", name)


def nearly(typed: str, right: str) -> bool:
    """Whether a folded answer is a slip of the fingers away from a folded right answer, and means the same.

    One slip is allowed, two from eight letters on, but none in a digit, in a negation, or in a prefix that reverses the
    meaning (hyper-, hypo-, anti-, un- …).
    """
    if re.findall(r"\d", typed) != re.findall(r"\d", right):
        return False
    if _NEGATIONS & (set(typed.split()) ^ set(right.split())):
        return False
    if _turned(typed, right):
        return False
    shorter = min(len(typed), len(right))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2  # noqa: PLR2004  short words have near neighbours
    return 0 < slips(typed, right, allowed + 1) <= allowed


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
