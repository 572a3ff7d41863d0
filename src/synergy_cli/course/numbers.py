"""Reads typed numbers and their units."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from synergy_cli.records import NamedTuple
from synergy_cli.text import LONGEST_NUMBER, slips, unify

if TYPE_CHECKING:
    from collections.abc import Iterator

_MICRO = "\N{GREEK SMALL LETTER MU}"
_PREFIXES = {
    "": "1",
    "p": "1e-12",
    "n": "1e-9",
    _MICRO: "1e-6",
    "m": "1e-3",
    "c": "1e-2",
    "d": "1e-1",
    "h": "1e2",
    "k": "1e3",
    "M": "1e6",
    "G": "1e9",
    "T": "1e12",
}
_PREFIX_WORDS = {"nano": "n", "micro": _MICRO, "milli": "m", "centi": "c", "kilo": "k", "mega": "M", "giga": "G"}
_PREFIX_WORDS |= {"mikro": _MICRO, _MICRO: _MICRO}
_SMALL, _LARGE = f"pn{_MICRO}mcdk", f"pn{_MICRO}mkMGT"
_BASES = {
    "g": (_SMALL, ("gram", "gramme", "gramm", "gramo")),
    "l": (_SMALL, ("litre", "liter", "litro")),
    "m": (_SMALL, ("metre", "meter", "mètre", "metro")),
    "mol": (_SMALL, ("mole",)),
    "s": (f"n{_MICRO}m", ("sec", "second", "seconde", "sekunde", "segundo")),
    "J": (_LARGE, ("joule",)),
    "W": (_LARGE, ("watt",)),
    "V": (_LARGE, ("volt",)),
    "A": (_LARGE, ("ampere", "amp")),
    "Hz": (_LARGE, ("hertz",)),
    "Pa": (f"{_LARGE}h", ("pascal",)),
    "N": (_LARGE, ("newton",)),
    "B": (_LARGE, ("byte",)),
    "bit": (_LARGE, ("bit",)),
    "cal": (_LARGE, ("calorie",)),
}
"""Units that take prefixes: the prefixes, and the unit's names. There is no megagram: `Mg` is a typo for `mg`."""
_OTHERS: dict[str, dict[str, str | int]] = {
    "s": {
        "min": 60,
        "minute": 60,
        "minuto": 60,
        "h": 3600,
        "hr": 3600,
        "hrs": 3600,
        "hour": 3600,
        "heure": 3600,
        "stunde": 3600,
        "hora": 3600,
        "d": 86400,
        "day": 86400,
        "jour": 86400,
        "tag": 86400,
        "tage": 86400,
        "día": 86400,
        "week": 604800,
        "semaine": 604800,
        "woche": 604800,
        "semana": 604800,
        "wk": 604800,
        "wks": 604800,
        "sekunden": 1,
        "minuten": 60,
        "stunden": 3600,
        "std": 3600,
        "tagen": 86400,
        "wochen": 604800,
    },
    "month": {
        **dict.fromkeys(("month", "monat", "monate", "monaten", "mois", "mes", "meses"), 1),
        **dict.fromkeys(("year", "yr", "yrs", "y", "yo", "jahr", "jahre", "jahren", "année", "año"), 12),
    },
    "l": {"cc": "0.001", "cm3": "0.001", "cm^3": "0.001", "dm3": 1, "dm^3": 1},
    "g": {
        "gm": 1,
        "kilo": 1000,
        "t": 1000000,
        "tonne": 1000000,
        "lb": "453.59237",
        "pound": "453.59237",
        "oz": "28.349523125",
    },
    "m": {
        "mi": "1609.344",
        "micron": "1e-6",
        "in": "0.0254",
        "inch": "0.0254",
        "ft": "0.3048",
        "foot": "0.3048",
        "feet": "0.3048",
        "mile": "1609.344",
    },
    "%": dict.fromkeys(
        ("%", "percent", "per cent", "per-cent", "pct", "prozent", "pour cent", "pourcent", "por ciento"), 1
    ),
    "\N{DEGREE SIGN}": dict.fromkeys(("\N{DEGREE SIGN}", "degree", "deg", "grad", "degré", "grado"), 1),
    "\N{DEGREE SIGN}C": dict.fromkeys(("C", "celsius", "centigrade"), 1),
    "\N{DEGREE SIGN}F": dict.fromkeys(("F", "fahrenheit"), 1),
    "$": dict.fromkeys(("$", "US$", "USD", "dollar", "US dollar"), 1),
    "\N{EURO SIGN}": dict.fromkeys(("\N{EURO SIGN}", "EUR", "euro"), 1),
    "IU": {"IU": 1, "I.U": 1, "international unit": 1, "unit": 1},
}
"""Other units by the unit they are defined in. Sizes are exact by definition."""
_DEGREES = re.compile(
    r"^(?:degrees?|deg|grad|degrés?|grados?|\N{DEGREE SIGN})\s*(?=(?:c|f|celsius|centigrade|fahrenheit)$)",
    re.IGNORECASE,
)
"""What may stand before the name of a scale of temperatures."""
_ANGLE = ("\N{DEGREE SIGN}",)
_TEMPERATURES = (("\N{DEGREE SIGN}C",), ("\N{DEGREE SIGN}F",))
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6}
"""Words that multiply the number before them."""
_MULTIPLES = {
    **_SCALES,
    **dict.fromkeys(("dutzend", "douzaine", "docena"), 12),
    **dict.fromkeys(("k", "tausend", "mille", "mil"), 1000),
    **dict.fromkeys(("M", "mn", "mio", "millions", "millionen", "millones", "millón"), 10**6),
}
"""The same, and what else may stand after digits."""
_PARTS = ("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_VALUES: dict[str, Fraction] = {
    **{word: Fraction(value) for value, word in enumerate(_WORDS)},
    **{word: Fraction(10 * value) for value, word in enumerate(_TENS, start=3)},
    "unity": Fraction(1),
    "none": Fraction(0),
    "nought": Fraction(0),
    "nil": Fraction(0),
    "once": Fraction(1),
    "twice": Fraction(2),
    "thrice": Fraction(3),
    **{word: Fraction(value) for word, value in _SCALES.items()},
    **{f"{word}{end}": Fraction(1, value) for value, word in enumerate(_PARTS, start=2) for end in ("", "s")},
    "halves": Fraction(1, 2),
    "fourth": Fraction(1, 4),
    "fourths": Fraction(1, 4),
}
_RESULTS = ("answer", "sum", "total", "difference", "result")
_WHO = "it|that|this|you|we|one|i|they|he|she"
_ABOUT_WORDS = (
    *("(?:it|that)(?: is|'s)", "it was", "they(?: a|')re", "i (?:think|guess)"),
    rf"(?:{_WHO})(?:'d|'ll| would| will| should| must)? (?:be|needs?|takes?|took|gets?|have|has|makes?|lasts?|lasted)",
    *(
        "would be",
        "makes",
        "equals",
        "equal to",
        "more or less",
        "nearly",
        "almost",
        "close to",
        "(?:the )?(?:number|year)",
    ),
    *("probably", "maybe", r"after(?! \d{4}\b)", "by", "at", "exactly", "precisely", "only", "just", "some", "already"),
    *("even", "as little as", "an? (?:average|factor|total) of", "in (?:all|total)", "altogether"),
    rf"(?:the |a )?(?:{'|'.join(_RESULTS)})(?: of| is)?",
    *("um", "de", "(?:en )?un", "on average", "etwa", "ungefähr", "rund", "environ", "aproximadamente"),
    *("c'est", "(?:il|elle|on|ça) (?:a|fait)", "il (?:y )?(?:en )?a", "(?:das|es) (?:sind|ist)", "son", "hay"),
    *("about", "around", "approximately", "approx", "roughly", "circa", "ca", r"(?:at )?(?:the )?aged?(?: of)?"),
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?(?= \d{4}\b)",
)
_ABOUT_SIGNS = "[~=\N{ALMOST EQUAL TO}]"
_ABOUT = re.compile(rf"(?:(?:(?:{'|'.join(_ABOUT_WORDS)})\b\.?|{_ABOUT_SIGNS}|:(?=\s))\s*)+", re.IGNORECASE)
_TRAILER = re.compile(
    r"(?<=[\w%])(?:,\s+(?!or\b|maybe\b|perhaps\b)(?=[a-z])"
    r"|\s+(?:=|->|→|(?:i (?:think|guess)|on average|or so|if|when|because|since)\b)).*",
    re.IGNORECASE,
)
"""What may follow a number with its unit: an explanation, or the amount in other words."""
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|-?ish)\b", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_PLACE = re.compile(rf"(?:the\s+)?({'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_SIGN = re.compile(r"^(?:-|(?:minus|negative|moins|menos)\s)\s*(?=[\w.,])", re.IGNORECASE)
_CURRENCY = re.compile(r"^([+-]?)\s*(US\$|\$|\N{EURO SIGN}|USD|EUR)\s*(?=[\d.,])(.*)$")
_CROSS = re.compile(r"(?<=\d)\s?\N{MULTIPLICATION SIGN}(?!\s*\d)")
_PERCENT = re.compile(r"%|per[\s-]?cent|pct|prozent|pour ?cent|por ciento", re.IGNORECASE)
_ERAS = (re.compile(r"\b(?:B\.?C\.?(?:E\.?)?)(?!\w)"), re.compile(r"\b(?:A\.?D\.?|C\.?E\.?)(?!\w)"))
"""The years before the first, and those from it on."""
_HOW_MUCH = re.compile(
    r"\b(?:how (?:much|many)|um wie ?viele?|de combien|de quel\w*|en (?:cuánt\w+|qué))\b", re.IGNORECASE
)
_NO = re.compile(r"^no\s+(?!more\b|less\b)(?=[a-z]{3})", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,9})\s*([^\W\d_]+)\s*(?:(?:and|et|und|y)\s+)?([0-5]?\d)\s*([^\W\d_]*)")
_TURNING = frozenset(
    (
        *("about", "above", "after", "before", "below", "least", "less", "minus", "more", "most", "never", "only"),
        *("over", "plus", "than", "under", "without", "kein", "mehr", "nicht", "oder", "ohne", "unter", "weniger"),
        *("moins", "menos"),
    )
)
"""Words before a number that may change its meaning."""
_GLUE = frozenset(
    (
        *("the", "a", "an", "of", "in", "on", "it", "they", "is", "be", "was", "were", "are", "has", "have", "had"),
        *("there", "we", "you", "he", "she", "er", "sie", "es", "der", "die", "das", "il", "elle", "le", "la", "el"),
    )
)
"""Words that may precede a number without changing it."""
_AFTER = frozenset(("of", "the", "a", "an", "in", "for", "them", "each", "later", "people", "subject", "participant"))
"""Words, in the singular, that may follow a number and its unit without changing them."""
_JOINING = frozenset(
    ("and", "but", "minus", "no", "not", "or", "plus", "than", "et", "ni", "o", "oder", "ou", "und", "y")
)
"""Words after a number that add another number or reverse the meaning."""
_LOOSE = frozenset(("of", "them", "those", "total", "in", "all", "altogether", "overall", "together"))
"""Words that may follow a number without its unit."""
_OVER = frozenset(("above", "beyond", "exceed", "excess"))
_DOWN = frozenset(
    (
        *("under", "below"),
        *("decline", "decrease", "decreased", "drop", "dropped", "fall", "fell", "fewer", "less", "lower", "lowered"),
        *(
            "reduced",
            "reduction",
            "smaller",
            "sank",
            "sinkt",
            "gesunken",
            "fiel",
            "fällt",
            "gefallen",
            "weniger",
            "niedriger",
        ),
        *("rückgang", "abnahme", "baissé", "diminué", "chuté", "tombé", "moins", "baisse", "diminution"),
        *("bajó", "cayó", "disminuyó", "menos", "bajada", "descenso", "reducción"),
    )
)
_UP = frozenset(
    (
        "over",
        "above",
        "gain",
        "gained",
        "greater",
        "higher",
        "increase",
        "increased",
        "larger",
        "more",
        "raised",
        "rise",
        "rose",
        *("stieg", "steigt", "gestiegen", "mehr", "höher", "anstieg", "zunahme", "augmenté", "monté", "plus", "hausse"),
        *("augmentation", "subió", "aumentó", "más", "subida", "aumento"),
    )
)
_LEAST = r"at least|minimum|mindestens|au moins|al menos"
_MOST = r"at most|no(?:t)? more than|up to|maximum|höchstens|au plus|como máximo"
_BOUNDS = tuple(
    (
        re.compile(rf"\b(?:{asked})\b", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{typed})\s*(?=[\w.,])|{plus}\s+or {end}\b|\s+(?:{after})$", re.IGNORECASE),
    )
    for asked, typed, end, after, plus in (
        (
            f"{_LEAST}|smallest|lowest|fewest",
            rf"(?:a )?(?:{_LEAST}|no less than|min\b\.?|>=|≥)(?: of)?",
            "more",
            _LEAST,
            r"(?<=\d)\s?\+(?=\s|$)|",
        ),
        (f"{_MOST}|upper|highest|largest", rf"(?:a )?(?:{_MOST}|max\b\.?|<=|≤)(?: of)?", "less", _MOST, ""),
    )
)
"""The lower and the upper bound: how stems ask for it, and what people type around it."""
_EQUATION = re.compile(
    r"(.*)(?:(?<![<>!=~])=|(?<=\w)\s(?:is|are|makes?|gives?|equals?|so|thus|hence)\s)\s*([^=\s].*)", re.IGNORECASE
)
_OPERATIONS = frozenset(("plus", "minus", "times", "divided", "multiplied", "and", "versus"))
_LABEL = re.compile(r"[^\W\d_]{3,}")
_BRACKETS = re.compile(r"(?<=\S)\s*\([^()]*\)(?=\s|$)")
_UNIT_IN_BRACKETS = re.compile(r"(?<=\d)\s*\(([^()\d]+)\)$")
_DIGITS = r"(?:\d[\d.,' ]*\d|\d|[.,]\d+)"
_FRACTION = re.compile(r"([+-]?)\s*(?:(\d{1,9})\s+)?(\d{1,9})\s*(?:/|\bout of\b)\s*(\d{1,9})(?!\d)\s*(.*)")
_POWER = re.compile(
    rf"([+-]?)\s*(?:({_DIGITS})\s*(?:e|[x*\N{{MULTIPLICATION SIGN}}\N{{MIDDLE DOT}}\N{{DOT OPERATOR}}]"
    r"\s*10\s*(?:\^|\*\*)\s*)|10\s*(?:\^|\*\*)\s*)([+-]?\d{1,3})(?!\d)\s*(.*)",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"([+-]?)\s*({_DIGITS})\s*(.*)")
_WORD = re.compile(
    rf"([+-]?)\s*(?:an?\s+)?((?:(?:{'|'.join(_VALUES)})\b[\s-]*"
    rf"(?:and[\s-]+(?:an?[\s-]+)?|an?[\s-]+(?=(?:{'|'.join(_SCALES)})\b))?)+)(?:an?\b)?\s*(.*)",
    re.IGNORECASE,
)
_POINT = re.compile(
    rf"(?<!\w)(?:({'|'.join(_WORDS)}|nought) )?point ((?:(?:{'|'.join(_WORDS[:10])})\b ?)+)", re.IGNORECASE
)
_AND_A_HALF = re.compile(r"^(\d{1,9})[\s-]+and[\s-]+a[\s-]+half\b", re.IGNORECASE)
_GROUPS = re.compile(r"([1-9]\d{0,2}(?:([,' .])\d{3})(?:\2\d{3})*)([.,]\d+)?")
_PROSE = re.compile(r"(?:[^\W\d_][^\W_]*)?(?:[\s-]+[^\W_]+)*")
_RATES = {
    "day": "day",
    "d": "day",
    "tag": "day",
    "jour": "day",
    "día": "day",
    "daily": "day",
    "täglich": "day",
    "week": "week",
    "wk": "week",
    "woche": "week",
    "semaine": "week",
    "semana": "week",
    "weekly": "week",
    "hour": "hour",
    "h": "hour",
    "hr": "hour",
    "stunde": "hour",
    "heure": "hour",
    "hora": "hour",
    "hourly": "hour",
    "month": "month",
    "monthly": "month",
    "year": "year",
    "yr": "year",
    "yearly": "year",
    "min": "minute",
    "minute": "minute",
}
_PER = re.compile(r"\bper (?=[a-z]{3}(?!.*\b(?:day|week|month|year|hour|minute|second)\b))")
_DIGIT = re.compile(r"\d")
_RATE = re.compile(
    r"\s*(?:/\s*|\b(?:per|an?|each|every|pro|par|al|por)\s+|(?=\b\w+ly$|\btäglich$))(\w+)$", re.IGNORECASE
)


class NumberReading(NamedTuple):
    """One way to read a typed number.

    Attributes:
        value: the number.
        unit: the unit as typed; may be empty.
        written: the plain way to write the value.
        is_ratio: whether it is a bare fraction, such as `3/5`, which means 60 if the unit is percent.
    """

    value: Fraction
    unit: str
    written: str
    is_ratio: bool = False


def readings(answer: str, language: str = "en") -> list[NumberReading]:
    """Read a typed number with its unit; empty if there is no number, two readings if `4.000` may be 4 or 4,000.

    The first reading follows the base language: in English, a comma separates thousands and a point decimals. `4e3`,
    `4 × 10^3`, `1/2`, `1 1/2`, English number words, and leading words such as `about` are understood.
    """
    text = _bare(answer)
    for pattern, read in ((_FRACTION, _fraction), (_POWER, _power), (_PLAIN, _plain), (_WORD, _word)):
        match = pattern.fullmatch(text)
        found = read(match, language) if match else []
        if found:
            return found
    return []


def spellings(answer: str, stem: str) -> Iterator[str]:
    """Yield an answer as typed, then without the words around its number, then what follows the last `=`.

    Words of the stem may surround a number, as in `line 3`, and so may words such as `at least` if the stem asks for a
    bound. The other sides of an equation may have words of the stem and symbols, as in `t = 3`. Hours with minutes, as
    in `2 h 15`, are read as minutes. `AD` may stand with a year, and `BC` if the stem has it.
    """
    yield answer
    yield _without_words(answer, stem)
    yield _without_words(_without_bound(answer, stem), stem)
    equation = _EQUATION.fullmatch(answer[: 4 * LONGEST_NUMBER])
    if equation and {_singular(word) for word in {*_LABEL.findall(equation[1])} - _OPERATIONS - {*_VALUES}} <= _words(
        stem
    ):
        yield equation[2]
    yield _without_words(_ERAS[not _ERAS[0].search(stem)].sub("", answer), stem)
    yield from _minutes(_bare(answer))


def without_minus(answer: str, stem: str) -> str:
    """Return an answer without its minus if the stem asks by how much something fell."""
    is_fall = _HOW_MUCH.search(stem) and _same_direction(_words(stem)) is _DOWN
    return _SIGN.sub("", unify(answer)) if is_fall else answer


def _minutes(text: str) -> Iterator[str]:
    """Yield hours and minutes as minutes."""
    match = _HOURS.fullmatch(text)
    if match and _measure(match[2]) == _measure("h") and _measure(match[4] or "min") == _measure("min"):
        yield f"{60 * int(match[1]) + int(match[3])} min"


def _without_bound(answer: str, stem: str) -> str:
    """Return an answer without `at least` and its synonyms, if the stem asks for such a bound."""
    for asked, typed in _BOUNDS:
        if asked.search(stem):
            answer = typed.sub("", unify(answer), count=1)
    return answer


def _without_words(answer: str, stem: str) -> str:
    """Return an answer without leading words of the stem, except units and words that may change its meaning."""
    known = _words(stem)
    past = {f"{word.removesuffix('e')}ed" for word in known}
    plain = {word for word in known | past | _same_direction(known) if len(word) > 3 and not word[0].isdecimal()}  # noqa: PLR2004
    words = answer.split()
    while words:
        word = words[0].casefold().strip(",:")
        if word not in _GLUE and (
            _singular(word) not in plain or word in _TURNING or word in _VALUES or _measure(word) is not None
        ):
            break
        words.pop(0)
    return " ".join(words)


def _words(stem: str) -> set[str]:
    """Return the words of a stem in the singular, hyphenated words both whole and in parts."""
    return {_singular(word) for word in re.findall(r"(?=(\b\w+(?:-\w+)+))", stem) + re.findall(r"\w+", stem)}


def _same_direction(known: set[str]) -> frozenset[str]:
    """Return the words for the direction, down or up, that the stem names; empty if it names both or neither."""
    if not known.isdisjoint(_OVER) and known.isdisjoint(("under", "below")):
        return _OVER | {"over", "more", "too", "much"}
    down, up = not known.isdisjoint(_DOWN), not known.isdisjoint(_UP | {"better"})
    return frozenset() if down == up else _DOWN if down else _UP


def _bare(answer: str) -> str:
    """Return an answer without leading words, a trailing bracket and final punctuation."""
    spaced = "".join(f" {char}" if _is_fraction(char) else char for char in answer[: 4 * LONGEST_NUMBER])
    text = unify(spaced.replace("\N{MASCULINE ORDINAL INDICATOR}", "\N{DEGREE SIGN}")).replace(
        "\N{FRACTION SLASH}", "/"
    )
    text = re.sub(
        r"^[x\N{MULTIPLICATION SIGN}]\s*(?=\d)(?!10\s*\^)", "", _AND_A_HALF.sub(r"\1 1/2", _POINT.sub(_pointed, text))
    )
    about = _ABOUT.match(text)
    text = _CURRENCY.sub(r"\1\3 \2", _SIGN.sub("-", text[about.end() :] if about else text))
    text = _ORDINAL.sub("", _CROSS.sub(" x", text))
    place = _PLACE.match(text)
    text = f"{_ORDINALS.index(place[1].lower()) + 1}{text[place.end() :]}" if place else text
    text = _NO.sub("0 ", text)
    text = _UNIT_IN_BRACKETS.sub(lambda match: f" {match[1]}" if _measure(match[1]) else match[0], text)
    return _BRACKETS.sub("", _TRAILER.sub("", text)).rstrip(" .,;!?\N{IDEOGRAPHIC FULL STOP}")


def _pointed(match: re.Match[str]) -> str:
    """Return `2.3 ` for `two point three`."""
    whole, digits = (match[1] or "nought").lower(), match[2].lower().split()
    return f"{int(_VALUES[whole])}.{''.join(str(_WORDS.index(digit)) for digit in digits)} "


def _is_fraction(char: str) -> bool:
    return unicodedata.decomposition(char).startswith("<fraction>")


def _fraction(match: re.Match[str], _language: str) -> list[NumberReading]:
    sign, whole, above, below, unit = match.groups()
    if not int(below):
        return []
    value = int(whole or 0) + Fraction(int(above), int(below))
    return [_reading(-value if sign == "-" else value, unit)._replace(is_ratio=not whole and not _PERCENT.search(unit))]


def _power(match: re.Match[str], language: str) -> list[NumberReading]:
    sign, digits, power, unit = match.groups()
    values = _values(digits, language) if digits else [Fraction(1)]
    return [_reading((-value if sign == "-" else value) * Fraction(10) ** int(power), unit) for value in values]


def _plain(match: re.Match[str], language: str) -> list[NumberReading]:
    sign, digits, unit = match.groups()
    return [_reading(-value if sign == "-" else value, unit) for value in _values(digits, language)]


def _word(match: re.Match[str], _language: str) -> list[NumberReading]:
    sign, words, unit = match.groups()
    total, value, count = Fraction(0), Fraction(0), Fraction(0)
    for word in re.findall(r"[a-z]+", words.lower()):
        size = _VALUES.get(word, Fraction(0))
        if word in _SCALES:
            value = (value or 1) * size
            total, value = (total + value, Fraction(0)) if size >= _SCALES["thousand"] else (total, value)
        elif 0 < size < 1:  # `three quarters` has a count, `a quarter` has none
            if count > _VALUES["twelve"]:
                return []
            value += (count or 1) * size - count
        else:
            value += size
        count = size if size >= 1 and word not in _SCALES else Fraction(0)
    amount = total + value
    is_ratio = 0 < amount < 1 and not _PERCENT.search(unit)
    return [_reading(-amount if sign == "-" else amount, unit)._replace(is_ratio=is_ratio)]


def _reading(value: Fraction, unit: str) -> NumberReading:
    return NumberReading(value, unit.strip(), f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.12g}")


def _values(digits: str, language: str) -> list[Fraction]:
    """Return the possible values of digits with separators, the language's own reading first; empty if invalid."""
    if len(digits) > LONGEST_NUMBER:
        return []
    found = []
    groups = _GROUPS.fullmatch(digits)
    if groups and not (groups[3] or "").startswith(groups[2]):
        found.append(Fraction(groups[1].replace(groups[2], "") + (groups[3] or "").replace(",", ".")))
    decimal = digits.replace(",", ".")
    if re.fullmatch(r"\d+|\d*\.\d+", decimal):
        found.append(Fraction(decimal))
    if len(found) > 1 and digits.count("." if language == "en" else ","):
        found.reverse()
    return found


def is_percent(unit: str) -> bool:
    """Whether a unit is percent."""
    return (_measure(unify(unit)) or ((), 0))[0] == ("%",)


def factor(typed: str, unit: str, others: dict[str, str], stem: str) -> Fraction | None:
    """Return the size of the typed unit in a question's `unit`; None if unknown.

    `others` has the size in `unit` of each of the author's other units. Names in singular and plural, prefixes
    and exact conversions are known. A rate such as `a day` may be left out, and added if the stem names it; words of
    the stem may follow.
    """
    typed, unit = unify(typed), unify(unit)
    found = _ratio(typed, unit, others)
    if found is not None:
        return found
    known = _words(stem)
    directions = _same_direction(known)
    tails = (known | (_AFTER if unit else {"of", "x", "time", "fold", "-fold"}) | directions | _LOOSE) - _JOINING
    amount, rate = _split_rate(typed)
    for text in (typed, amount) if _is_asked(rate, unit, known) else (typed,):
        words = text.split(" ")
        while words[1:] and words[0] in tails | {"such"} and _ratio(words[0], unit, others) is None:
            words = words[1:]
        loose = not unit or {_singular(word) for word in words} <= directions | _LOOSE
        for count in range(len(words), -loose, -1):  # `16 fractures` are not 16 %
            rest = " ".join(words[count:])
            if _PROSE.fullmatch(rest) and {_singular(word) for word in _PER.sub("", rest).split()} <= tails:
                found = _per(" ".join(words[:count]), unit, others, known)
                if found is not None:
                    return found
    scale, _, rest = typed.partition(" ")
    size = _MULTIPLES.get(scale) or _MULTIPLES.get(scale.casefold().rstrip("."), 0)
    if size and (rest or not unit or len(scale) > 2):  # noqa: PLR2004  a bare `k` may be the start of a unit
        found = factor(rest, unit, others, stem)
    return None if found is None else found * size


def _per(typed: str, unit: str, others: dict[str, str], known: set[str]) -> Fraction | None:
    """Compare units without their rates; `known` has the words of the stem."""
    amount, rate = _split_rate(typed)
    return _ratio(amount, _split_rate(unit)[0], others) if not rate or _is_asked(rate, unit, known) else None


def _is_asked(rate: str, unit: str, known: set[str]) -> bool:
    """Whether a rate is the unit's rate, or, if the unit has none, one that the stem names."""
    own = _split_rate(unit)[1]
    return bool(rate) and (rate == own or (not own and any(_RATES.get(word) == rate for word in known)))


def _split_rate(unit: str) -> tuple[str, str]:
    """Split `µg a day` into amount and rate; the rate is empty if there is none."""
    match = _RATE.search(unit)
    rate = _RATES.get(match[1].lower(), "") if match else ""
    return (unit[: match.start()].strip(), rate) if match and rate else (unit, "")


def _ratio(typed: str, unit: str, others: dict[str, str]) -> Fraction | None:
    """Return the size of the typed unit in `unit`, by name or by conversion."""
    names = {"": "1", unit: "1", **{unify(name): size for name, size in others.items()}}
    if typed in names:
        return Fraction(names[typed])
    mine, own = _measure(typed), _measure(unit)
    if mine is not None and own is not None and (mine[0] == own[0] or (mine[0] == _ANGLE and own[0] in _TEMPERATURES)):
        return mine[1] / own[1]
    alike = [size for name, size in names.items() if name and same_unit(typed, name)]
    if not alike and mine is not None:
        measures = ((_measure(name), size) for name, size in names.items() if _singular(name) not in ("", "unit"))
        alike = [size for measure, size in measures if measure == mine]
    if not alike and mine is None:
        alike = [size for name, size in names.items() if _misspelt(typed, name)]
    if alike or mine or own is None:
        return Fraction(alike[0]) if alike else None
    sizes = {size for name, (dimension, size) in _units().items() if (dimension,) == own[0] and _misspelt(typed, name)}
    return sizes.pop() / own[1] if len(sizes) == 1 else None


def _misspelt(typed: str, name: str) -> bool:
    """Whether a typed unit is the full name of a unit with a typo, such as `micrgrams`, and no other unit."""
    shortest = 5
    typed, name = typed.casefold(), name.casefold()
    if len(typed) < shortest or len(name) < shortest - 1 or typed[0] != name[0] or _DIGIT.search(typed):
        return False
    return any(slips(typed, other, 2) == 1 for other in (name, f"{name}s"))


def same_unit(typed: str, name: str) -> bool:
    """Whether two names are the same unit; case counts where both are units."""
    typed, name = unify(typed), unify(name)
    apart = typed != name and typed in _units() and name in _units()
    return not apart and _squeezed(typed) == _squeezed(name)


def _measure(unit: str) -> tuple[tuple[str, ...], Fraction] | None:
    """Return the dimension and the size of a unit, such as `ng/ml`; None if it is unknown."""
    above, slash, below = re.sub(r"\s+per\s+(?!cent\b)", "/", unit).partition("/")
    if slash:
        first, second = _measure(above.strip()), _measure(below.strip())
        return ((*first[0], "/", *second[0]), first[1] / second[1]) if first and second else None
    name = _DEGREES.sub("", _micro(unit))
    exact = _units().get(name)
    folded = [] if exact else [_units()[found] for found in _units_by_name().get(_singular(name), ())]
    if exact or len(set(folded)) == 1:
        dimension, size = exact or folded[0]
        return (dimension,), size
    return None


def _micro(unit: str) -> str:
    """Return a unit with the symbol for micro, which people type as `mc` or `u`."""
    return re.sub(rf"^(?:[mM][cC]|[uU]|{_MICRO}\s)(?=(?:g|G|l|L|m|mol|s)\b)", _MICRO, unit)


def _squeezed(name: str) -> str:
    return re.sub(r"[\s-]", "", _micro(_singular(name)))


def _singular(name: str) -> str:
    name = name.casefold()
    return name[:-1] if len(name) > 3 and name.endswith("s") and not name.endswith("ss") else name  # noqa: PLR2004


@cache
def _units() -> dict[str, tuple[str, Fraction]]:
    """Return the dimension and the size of each known unit."""
    found: dict[str, tuple[str, Fraction]] = {}
    for base, (prefixes, names) in _BASES.items():
        for prefix in ("", *prefixes):
            size = (base, Fraction(_PREFIXES[prefix]))
            words = [word for word, sign in _PREFIX_WORDS.items() if sign == prefix] or [""] * (not prefix)
            found |= {f"{prefix}{base}": size} | {f"{word}{name}": size for word in words for name in names}
    for base, others in _OTHERS.items():
        found |= {name: (base, Fraction(size)) for name, size in others.items()}
    return {"L": found["l"], "mL": found["ml"], "dL": found["dl"], f"{_MICRO}L": found[f"{_MICRO}l"], **found}


@cache
def _units_by_name() -> dict[str, list[str]]:
    """Return the known units by their folded names."""
    found: dict[str, list[str]] = {}
    for name in _units():
        found.setdefault(_singular(name), []).append(name)
    return found
