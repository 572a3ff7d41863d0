"""Finds figures that a page states without a citation.

A figure is a number that says how much. A course with sources should say where each figure comes from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from synergy_cli.parsing.report import SourcePos


LISTS = ("bullet_list", "ordered_list")
"""Kinds of block, as markdown-it names them."""

CITED, LINKED, HIDDEN = "\x01", "\x02", "X"
"""Placeholders for each character of a citation, the first one of an external link, and each one of code and
pictures."""
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=[\s\x01])|[。！？]++")
_GAP = re.compile(r"[\s\x01]*")
_OPENING = re.compile(r"[\"'“‘«(\[¿¡]*")
_LAST_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*$")
_ABBREVIATIONS = re.compile(
    r"(?i:"
    r"al|approx|bzw|ca|cf|ch|dr|ed|eds|eq|etc|fig|i\.e|e\.g|jr|mr|mrs|ms|no|nr|p|pp|prof|sec|st|u\.a|usw|vgl|"
    r"vol|vs|z\.b"
    r")"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:[-–—/:]\d+(?:[.,]\d+)*)*")
_SMALL = 12
_DAYS = 31
_YEARS = range(1000, 2100)
_CURRENCIES, _SIGNS = frozenset("$€£¥"), frozenset("=×÷+*§№#")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\.?\s*$")
_WORD_AFTER = re.compile(r"\.?\s*([^\W\d_]+)")
NEAR = 40
LONGEST = 9
_UNIT = re.compile(
    r"[ \xa0\u202f]?[%‰°$€£¥]"
    r"|[ \xa0\u202f-]?(?:per ?cent|[mk]?cal|k?IU|I\.?E\.|UI|mmHg|k?Pa|[kMGT]?Hz|[kKMGT]i?B|[kmnpµμ]g|mcg"
    r"|[cdmµμ][lLm]|[kn]m|[mnpµμ]?mol|ms|min|k?J|kW|kWh|hours?|hrs?|minutes?|seconds?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)"
    r"|metres?|meters?|kilomet(?:re|er)s?|miles?|feet|inch(?:es)?|tons?|tonnes?|pounds?|ounces?|grams?|degrees?"
    r"|dollars?|euros?|thousand|million|billion|trillion|fold"
    r"|Prozent|Stunden?|Minuten?|Sekunden?|Tagen?|Wochen?|Monaten?|Jahren?|Millionen|Milliarden"
    r"|pour cent|heures?|jours?|semaines?|mois|ans?|por ciento|horas?|días?|semanas?|meses|años?)(?!\w)"
    r"|[ \xa0\u202f][ghlLmsKVWNJ](?![\w'’])"
)
_LABELS = re.compile(
    r"(?i:"
    r"p|pp|op|appendix|article|chapter|class|day|equation|example|exercise|fig|figure|grade|group|id|item|layer|"
    r"lesson|level|line|lines|module|no|note|nr|number|page|pages|part|phase|point|port|question|room|rule|"
    r"section|stage|step|table|type|unit|version|vol|volume|week|kapitel|abschnitt|seite|schritt|tabelle|"
    r"abbildung|teil|nummer|frage|chapitre|partie|étape|tableau|capítulo|sección|página|paso|tabla|figura|"
    r"parte"
    r")"
)
_MONTHS = re.compile(
    r"(?i:"
    r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|"
    r"jun|jul|aug|sep|sept|oct|nov|dec|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|"
    r"mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|octubre|noviembre|diciembre"
    r")"
)
_STARTERS = re.compile(
    r"(?i:"
    r"a|about|above|after|all|almost|among|an|and|another|around|as|at|because|below|between|both|but|by|"
    r"during|each|every|for|from|has|have|if|in|into|its|just|less|more|most|nearly|no|not|of|on|only|or|our|"
    r"over|per|roughly|since|some|than|that|the|their|these|they|this|those|to|under|until|up|we|when|while|"
    r"with|within"
    r")"
)


class Figures:
    """The figures in a part of a page.

    Attributes:
        bare: figures without a citation: position, words, and whether they are in the last sentence.
        cited: whether the part has a citation.
        first: whether the first sentence has one.
        last: whether the last sentence has one.
        leads: whether it ends with a colon.
    """

    def __init__(self) -> None:
        """Start with none."""
        self.bare: list[tuple[SourcePos, str, bool]] = []
        self.cited = self.first = self.last = self.leads = False

    def note(self, text: str, place: Callable[[int], SourcePos]) -> None:
        """Record the figures in the sentences of a text; `place` maps an offset in it to its position in the file.

        Characters of citations, links and hidden text are replaced by `CITED`, `LINKED` and `HIDDEN`.
        """
        for start, stop in _sentences(text):
            cited = CITED in text[start:stop] or LINKED in text[start:stop]
            self.cited |= cited
            self.first = cited if start == 0 else self.first
            self.last = cited
            figure = None if cited else _figure(text, start, stop)
            if figure is not None:
                self.bare.append((place(figure[0]), text[slice(*figure)], stop == len(text)))
        self.leads = text.rstrip(f" {CITED}").endswith(":")

    def take(self, parts: Sequence[tuple[str, Figures]], *, in_item: bool) -> None:
        """Combine the figures of consecutive blocks, each given with markdown-it's name for its type.

        A citation in the sentence that introduces a list, quotation or table covers it, and one inside covers the
        sentence. For a table, one directly above or below is enough; for a nested list, one in the item above it.
        """
        for number, (kind, part) in enumerate(parts):
            above = parts[number - 1][1] if number and parts[number - 1][0] == "paragraph" else Figures()
            under, below = parts[number + 1] if number + 1 < len(parts) else ("", Figures())
            led = kind in (*LISTS, "table", "blockquote") and above.last
            led = led and (above.leads or kind == "table" or (in_item and kind in LISTS))
            leads = part.leads and below.cited and under in (*LISTS, "table", "blockquote")
            if not led and not (kind == "table" and under == "paragraph" and below.first):
                self.bare += [figure for figure in part.bare if not (leads and figure[2])]
            self.cited |= part.cited


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Split running text into sentences; a citation after a full stop belongs to the sentence before it.

    In doubtful cases, such as after `vitamin D.`, two sentences count as one, so a citation covers both.
    """
    start = 0
    for match in _END.finditer(text):
        gap = _GAP.match(text, match.end())
        stop = gap.end() if gap else match.end()
        opening = _OPENING.match(text, stop)
        first = text[opening.end() : opening.end() + 1] if opening else ""
        word = _LAST_WORD.search(text[max(start, match.start() - 20) : match.start()])
        short = word is not None and (len(word[0]) == 1 or _ABBREVIATIONS.fullmatch(word[0]) is not None)
        if first and (match[0][0] in "。！？" or ((first.isupper() or first == LINKED) and not short)):
            yield start, stop
            start = stop
    yield start, len(text)


def _figure(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Find the first figure that a sentence states, with its unit; a question states no figure."""
    if text[start:stop].rstrip(f" {CITED}").endswith(("?", "？")):
        return None
    for match in _NUMBER.finditer(text, start, stop):
        before = text[max(start, match.start() - NEAR) : match.start()]
        after = text[match.end() : min(stop, match.end() + NEAR)]
        unit = _UNIT.match(after)
        if not _is_name(before, after, has_unit=unit is not None) and (unit or _is_stated(match[0], before, after)):
            return match.start(), match.end() + (unit.end() if unit else 0)
    return None


def _is_name(before: str, after: str, *, has_unit: bool) -> bool:
    """Whether a number is part of a name, as in `MK-7`, `25(OH)D`, `CYP2R1`, `1990s` and `3.x`."""
    last, following = before[-1:], after[:1]
    if last and (last.isalnum() or last in "_)^#§@=" or (last in "-‐‑.,/:" and _is_part_of_word(before[-2:-1]))):
        return True
    joined = following in "-‐‑.,/:" and _is_part_of_word(after[1:2])
    return not has_unit and bool(following) and (following.isalnum() or following in "_(^'’′" or joined)


def _is_part_of_word(char: str) -> bool:
    return char.isalnum() or char == ")"


def _is_stated(number: str, before: str, after: str) -> bool:
    """Whether a number without a unit says how much: not a count up to twelve, a year, a date, a label or a sum."""
    parts = re.split("[-–—/:]", number)
    word, following = _WORD_BEFORE.search(before), _WORD_AFTER.match(after)
    name = word[1] if word else ""
    if (following and _MONTHS.fullmatch(following[1])) or _LABELS.fullmatch(name) or _MONTHS.fullmatch(name):
        return False
    if name[:1].isupper() and not _STARTERS.fullmatch(name) and "," not in number:
        return False
    if before.rstrip()[-1:] in _CURRENCIES or not all(part.isdecimal() for part in parts):
        return ":" not in number and number.count(".") <= len(parts)
    values = [int(part[:LONGEST]) for part in parts]
    in_brackets = before[-1:] in ("(", "[") and after[:1] in (")", "]")
    is_ordinal = after[:1] == "." and after[1:2].isspace() and values[-1] <= _DAYS
    in_sum = before.rstrip()[-1:] in _SIGNS or after.lstrip()[:1] in _SIGNS
    is_date = ":" in number or len(parts) > 2 or values[0] in _YEARS  # noqa: PLR2004  day, month and year
    return not (is_date or all(value <= _SMALL for value in values) or in_brackets or is_ordinal or in_sum)
