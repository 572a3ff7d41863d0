"""What a person types, read: one option or several, a number with its unit, a word that is nearly right."""

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
    """Read one option.

    Args:
        answer: its number, or its text.
        options: as they are listed.

    Returns:
        Its place, counted from 0; None when none of them is meant.
    """
    typed = fold(answer)
    if typed.isdecimal() and len(typed) == 1 and 1 <= int(typed) <= len(options):
        return int(typed) - 1
    return next((place for place, option in enumerate(options) if fold(option) == typed), None)


def digits(answer: str, count: int) -> list[int] | None:
    """Read several option numbers.

    Args:
        answer: such as `13`, `1 3` or `1,3`.
        count: how many options there are.

    Returns:
        Their places, counted from 0, as typed; None when that is not what it is.
    """
    typed = re.sub(r"[\s,;]+", "", fold(answer))
    numbers = [int(digit) - 1 for digit in typed if digit.isascii() and digit.isdecimal()]
    sound = typed and len(numbers) == len(typed) and all(0 <= number < count for number in numbers)
    return numbers if sound and len(set(numbers)) == len(numbers) else None


def split_number(answer: str) -> tuple[Decimal | None, str]:
    """Part a number from its unit.

    Args:
        answer: such as `4,000 IU`, `0,5 mg`, `-3`, `1e3`.

    Returns:
        The number, or None when there is none, and the unit as typed. Thousands are parted by commas, spaces or
        apostrophes, in threes; any other comma is a decimal one.
    """
    if any(unicodedata.decomposition(char).startswith("<su") for char in answer):
        return None, ""  # a power is no digit: 10\N{SUPERSCRIPT TWO} is not 102
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
    """Bring spellings of a unit together: NFKC has made µ and μ one; mc and u are how µ is typed."""
    name = fold(unit).replace(" ", "")
    return re.sub(r"^(?:mc|u)(?=(?:g|l|m|mol)\b)", "\N{GREEK SMALL LETTER MU}", name)


def nearly(typed: str, right: str) -> bool:
    """Tell a slip of the fingers from another answer.

    Args:
        typed: a folded answer.
        right: a folded right answer.

    Returns:
        True when they differ by one slip (by two from eight letters on), and neither in a digit, nor in a negation, nor
        in a prefix that turns the meaning (hyper-, hypo-, anti-, un- …).
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
    """Count the slips between two words: letters missing, added, changed, or two neighbours swapped.

    Args:
        first: a word.
        second: another.
        most: stop counting here.

    Returns:
        The optimal string alignment distance (Damerau 1964), or `most` when it is at least that.
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
