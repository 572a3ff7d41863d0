"""Untrusted text: which characters are safe to show, how to name them, and when two texts count as equal."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
"""A number as people write it."""
LONGEST_NUMBER = 40
"""The most characters of a number."""

ALLOWED = frozenset("\n\t\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
DANGEROUS_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
FAR = 9
"""The number of typos between two texts that are not alike."""
MOST_OF_A_WORD = 0.6
"""The share of letters that two words must have in common at the start."""
FEW = 256
"""The number of characters up to which normalising is fast, whatever they are."""
MARKS = 30
LONGEST_NAME = 100
MOST_CANDIDATES = 2_000

NONCHARACTERS = "\ufffe\uffff"
IN_A_SLUG = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})

_LOOKALIKES = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
    }
)

_SUPERSCRIPTS = re.compile("[\u00b2\u00b3\u00b9\u2070-\u207e]+")
_BETWEEN_WORDS = re.compile(r"[\s#_-]+")
_DIGITS = re.compile(r"\d")
_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_JOINER = "\N{COMBINING GRAPHEME JOINER}"
_FINAL_STOP = re.compile(r"(?<=[^\W_]|[)\]\"'])[.\N{IDEOGRAPHIC FULL STOP}]$")


def is_dangerous(character: str) -> bool:
    """Whether a character could control a terminal or hide text.

    These are controls, format characters, surrogates, separators, and the noncharacters that YAML refuses. Newline,
    tab, ZWJ and ZWNJ are needed and allowed.
    """
    if character in NONCHARACTERS:
        return True
    return unicodedata.category(character) in DANGEROUS_CATEGORIES and character not in ALLOWED


def dangerous(text: str) -> Iterator[int]:
    """Yield the offsets of all dangerous characters, in ascending order."""
    if text.isprintable():
        return
    found = {character for character in set(text) if not character.isprintable() and is_dangerous(character)}
    if found:
        yield from (offset for offset, character in enumerate(text) if character in found)


def clean(text: str) -> str:
    """Make text safe for a terminal without losing a letter: U+FFFD for dangerous characters, four spaces for a tab."""
    if text.isprintable():
        return text
    return "".join(REPLACEMENT if is_dangerous(character) else character for character in text).replace("\t", "    ")


def describe(character: str) -> str:
    """Return the name of a character that must not be printed, as `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}"


def slug(heading: str) -> str:
    """Return the id of a heading as GitHub makes it: lower case, no punctuation, hyphens for spaces.

    The same as github-slugger's, without its counter for repeats.
    """
    kept = [char for char in heading.strip().lower() if char in "- " or unicodedata.category(char) in IN_A_SLUG]
    return "".join(kept).replace(" ", "-")


def identifier(text: str, longest: int = LONGEST_NAME) -> str:
    """Return an id for a name: a to z and digits without accents, a hyphen for anything else; it may be empty."""
    letters = normalised("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])'(?=[a-z])", "", letters))
    return "-".join(words)[:longest].rstrip("-")


def normalised(form: str, text: str) -> str:
    """Normalise by Unicode, but break up endless rows of marks, whose sorting takes time that grows with the square.

    Such a row is broken by a joiner after every 30 marks, as in the stream-safe format of Unicode (UAX #15).
    """
    if len(text) > FEW and not unicodedata.is_normalized(form, text):  # type: ignore[arg-type]
        parts, marks = [], 0
        for character in text:
            marks = marks + 1 if unicodedata.combining(character) else 0
            parts.append(character if marks == 0 or marks % MARKS else f"{character}{_JOINER}")
        text = "".join(parts)
    return unicodedata.normalize(form, text)  # type: ignore[arg-type]


def unify(text: str) -> str:
    """Unify variants of the same characters: NFKC, quotes, dashes and white space.

    A superscript is set off by `^`, because `2\N{SUPERSCRIPT FIVE}` is not 25.
    """
    if text.isascii():  # most is, and takes a tenth of the time
        return " ".join(text.split())
    plain = normalised("NFKC", _SUPERSCRIPTS.sub(r"^\g<0>", text).translate(_LOOKALIKES))
    return " ".join(plain.split())


def strict(text: str) -> str:
    """Normalise only invisible differences: composed characters, kinds of spaces, and spaces at the ends."""
    if text.isascii():
        return text.strip()
    return re.sub(r"[^\S\n]", " ", normalised("NFC", text)).strip()


def fold(text: str) -> str:
    """Fold variants of the same answer: what `unify` does, case, and a full stop at the end of a word."""
    return _FINAL_STOP.sub("", unify(text).casefold())


def without_accents(text: str) -> str:
    """Return a folded text in decomposed form, without the accents of its Latin letters."""
    return text if text.isascii() else _ACCENTS.sub("", normalised("NFD", text))


def nearest(word: str, candidates: list[str], most: int = 3) -> list[str]:
    """Return the candidates that a person may have meant by a word: those with the fewest typos, in the given order.

    A word may have one typo, or two in eight letters or more. A typo never affects a digit, or a letter of a word that
    has a digit or only three letters: `MK-7` is not `MK-4`, and `BMC` is not `BMD`. Texts with the same number of words
    are compared word by word, so `vitamin E` is not `vitamin K`; other texts must be equal but for spaces and hyphens.
    If no candidate is that close, those that begin like the word are returned, the closest in length first. Case is
    ignored.

    Nothing is suggested for a word of more than `LONGEST_NAME` characters; of many candidates, only the
    `MOST_CANDIDATES` closest in length are compared.
    """
    size, typed = len(word), word.lower()
    if size > LONGEST_NAME:
        return []
    closest = sorted(dict.fromkeys(candidates), key=lambda name: abs(len(name) - size))[:MOST_CANDIDATES]
    far = {name: _slips_between(typed, name.lower()) for name in closest}
    least = min(far.values(), default=FAR)
    if least == FAR:
        return [name for name in closest if _begin_alike(typed, name.lower())][:most]
    return [name for name in dict.fromkeys(candidates) if far.get(name) == least][:most]


def _slips_between(typed: str, name: str) -> int:
    """Return the number of typos between two texts in lower case; `FAR` if there are too many, or of the wrong kind."""
    mine, own = _BETWEEN_WORDS.split(typed), _BETWEEN_WORDS.split(name)
    if len(mine) != len(own):
        return 1 if "".join(mine) == "".join(own) else FAR
    return min(sum(map(_slips_in_word, mine, own)), FAR)


def _slips_in_word(typed: str, name: str) -> int:
    shorter = min(len(typed), len(name))
    allowed = 0 if shorter < 3 else 1 if shorter < 8 else 2  # noqa: PLR2004
    found = slips(typed, name, allowed + 1)
    digits = _DIGITS.findall(name)
    changed = len(typed) == len(name) and sorted(typed) != sorted(name)
    careful = shorter == 3 or digits  # noqa: PLR2004  where a letter makes another name
    return FAR if found > allowed or (careful and changed) or _DIGITS.findall(typed) != digits else found


def _begin_alike(typed: str, name: str) -> bool:
    """Whether a text of three letters begins a name, or two words begin with most of their letters, four or more."""
    if name.startswith(typed):
        return len(typed) > 2  # noqa: PLR2004
    shorter, longer = sorted((len(typed), len(name)))
    common = next((index for index in range(shorter) if typed[index] != name[index]), shorter)
    return typed.isalpha() and name.isalpha() and common > max(3, MOST_OF_A_WORD * longer)


def slips(first: str, second: str, most: int) -> int:
    """Count missing, added and changed letters and swapped neighbours between two words, up to `most`.

    This is the optimal string alignment distance (Damerau 1964).
    """
    too_far = abs(len(first) - len(second)) >= most or len(set(first) ^ set(second)) > 2 * (most - 1)
    if too_far:  # a slip puts at most one letter in the place of another
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


def did_you_mean(names: Iterable[str]) -> str:
    """Return ` Did you mean this or that?`, which follows a sentence; empty without names."""
    named = " or ".join(names)
    return f" Did you mean {named}?" if named else ""


def plural(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shorten(text: str, most: int = 40) -> str:
    """Return the start of a text on one line of at most `most` characters, with an ellipsis if it is cut."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
