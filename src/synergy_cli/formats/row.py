"""A question given as cells with names: of a table, or of a record of another program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from synergy_cli.course.arrangements import Match, Order
from synergy_cli.course.choices import Choice, Multiple, TrueFalse
from synergy_cli.course.gaps import count_gaps
from synergy_cli.course.question import LEVELS
from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.course.wording import truth
from synergy_cli.formats.anki_notes import gaps_of, has_gaps
from synergy_cli.formats.imported import digest
from synergy_cli.formats.markup import converted, words_in
from synergy_cli.formats.moodle_answers import from_tags, rationale_of
from synergy_cli.formats.notes import UnreadableError
from synergy_cli.formats.options import Option, choice_data, misses, present, truth_word
from synergy_cli.history.export import FORMULA_SIGNS
from synergy_cli.parsing.schema import IDENTIFIER
from synergy_cli.text import fold, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.formats.notes import Notes

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBERED = ("option_", "match_", "feedback_")
"""The beginnings of the columns of which there are several, each with its number from 1."""
_NUMBER = re.compile(r"[+-]?\s*\d[\d.,]*(?:[eE][+-]?\d+)?")
_ALIASES = {
    "id": "id idnumber uuid guid itemid",
    "type": "type questiontype qtype kind",
    "topic": "topic category subject chapter unittitle deck domain",
    "passage": "passage",
    "context": "context scenario stimulus",
    "stem": "stem question prompt text content questiontext front questiontitle",
    "key": "key answer correct correctanswer correctanswers answerkey correctoption rightanswer back answerindex",
    "term": "term word",
    "definition": "definition meaning translation",
    "options": "options choices possibilities answers",
    "accept": "accept acceptedanswers accepted alternatives",
    "tolerance": "tolerance margin error precision",
    "unit": "unit",
    "units": "units",
    "exact": "exact casesensitive usecase",
    "shuffle": "shuffle shuffleanswers",
    "last": "last",
    "rationale": "rationale explanation explanations justification generalfeedback reason why feedback comment",
    "hint": "hint hints",
    "level": "level difficulty",
    "tags": "tags tag keywords keyword labels tagsanki",
    "sources": "sources source reference references",
    "revision": "revision",
}
"""The names of columns, without what is no letter and in small ones."""
COLUMNS = {name: column for column, names in _ALIASES.items() for name in names.split()}
_SERIES = {
    "option": "option choice answer possibility alternative item opt",
    "wrong": "wrong distractor incorrect wronganswer incorrectanswer falseanswer",
    "match": "match partner pair right",
    "feedback": "feedback optionfeedback answerfeedback explanation",
}
_SERIES_NAMES = {name: series for series, names in _SERIES.items() for name in names.split()}
_NTH = re.compile(r"([a-z]+?)([1-9]\d?|[a-i])")
_LEVELS = {"easy": "recall", "medium": "understand", "hard": "apply", "difficult": "apply"}
_LETTERED = re.compile(r"[A-Ia-i](?:[\s,;&]*[A-Ia-i])*")
_NO, _YES = ("no", "false", "0", "n"), ("yes", "true", "1", "y")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula, or would after it lost an apostrophe."""
    return text.lstrip("'").startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(text)


def squeezed(name: str) -> str:
    """Return the name of a column without what is no letter or digit, in small ones."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


_TYPES = {squeezed(name): word for word, found in QUESTION_TYPES.items() for name in (word, *found.names)}


def type_of(name: str) -> str:
    """Return the type of this name; empty if nothing is named. Raises UnreadableError if there is none of the name."""
    if name.strip() and squeezed(name) not in _TYPES:
        raise UnreadableError(f"the type `{shorten(name)}` is unknown")
    return _TYPES.get(squeezed(name), "")


class Row:
    """The cells of a question by what they mean.

    Attributes:
        cells: those of which there is one.
        series: those that have a number or a letter, by what they are and the number.
        has_letters: whether letters tell them apart.
        right: the numbers of the right options, if they are known; else the cell of the key names them.
    """

    def __init__(self, columns: Sequence[str], cells: Sequence[str]) -> None:
        """Sort the cells; an empty one is none, and of two columns that mean the same the first counts."""
        self.cells: dict[str, str] = {}
        self.series: dict[str, dict[int, str]] = {name: {} for name in _SERIES}
        self.has_letters = False
        self.right: list[int] | None = None
        for name, cell in zip(columns, cells, strict=False):
            plain = squeezed(name)
            text = cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell
            series, number, letter = series_of(name)
            if not text.strip():
                continue
            if series:
                self.series[series][number] = text
                self.has_letters |= letter
            elif plain in COLUMNS:
                text = "\n".join(text.split()) if plain == "tagsanki" else text
                is_foreign = plain == "guid" and not IDENTIFIER.fullmatch(text)  # Anki's have signs and capitals
                self.cells.setdefault(COLUMNS[plain], f"card-{digest(text)}" if is_foreign else text)

    @property
    def topic(self) -> tuple[str, ...]:
        """The titles in the cell of the topic, the outermost first."""
        return tuple(filter(None, map(str.strip, self.cells.get("topic", "").split("::"))))


def series_of(name: str) -> tuple[str, int, bool]:
    """Return what a column with a number or a letter is one of, its number from 1, and whether it has a letter."""
    match = _NTH.fullmatch(squeezed(name))
    if match is None or match[1] not in _SERIES_NAMES:
        return "", 0, False
    number = int(match[2]) if match[2].isdecimal() else 1 + LETTERS.lower().index(match[2])
    return _SERIES_NAMES[match[1]], number, not match[2].isdecimal()


def question_of(row: Row, form: str, notes: Notes) -> dict[str, Any]:
    """Return the fields of a question. Raises UnreadableError if a course cannot hold it."""
    reader = _Reader(row, form, notes)
    if has_gaps(row.cells.get("stem", "")):
        return {**reader.filled(), **reader.more()}
    stem = reader.text("stem") or reader.text("definition")
    if not stem:
        raise UnreadableError("the question text is missing")
    if "context" in row.cells:
        notes.change("its context became part of the stem")
        stem = f"{reader.text('context')}\n\n{stem}"
    return {"stem": stem, **reader.answers(stem), **reader.more()}


class _Reader:
    """Reads one row."""

    def __init__(self, row: Row, form: str, notes: Notes) -> None:
        self._row, self._form, self._notes = row, form, notes
        self._reasons: list[str] = []

    def _converted(self, text: str) -> str:
        return converted(text, self._form, self._notes)

    def text(self, name: str) -> str:
        """Return a text that may have markup; empty if there is none."""
        return self._converted(self._row.cells.get(name, ""))

    def _literal(self, name: str) -> str:
        """Return a text that is compared with what is typed."""
        return self._words(self._row.cells.get(name, ""))

    def _words(self, text: str) -> str:
        return words_in(text, self._notes) if self._form == "html" else text.strip()

    def filled(self) -> dict[str, Any]:
        """Return the fields of a card of Anki with gaps, whose other side says more about it."""
        cells = self._row.cells
        cells.setdefault("rationale", cells.get("key", ""))
        return gaps_of(cells["stem"], self._converted, self._words, self._notes)

    def more(self) -> dict[str, Any]:
        """Return the fields that any question may have."""
        cells = self._row.cells
        level = _LEVELS.get(fold(cells.get("level", "")), fold(cells.get("level", "")))
        if level and level not in LEVELS:
            self._notes.lose("level")
        revision = cells.get("revision", "")
        found = present(
            hint=self.text("hint"),
            level=level if level in LEVELS else "",
            passage=cells.get("passage", ""),
            sources=re.split(r"[\s;,]+", cells["sources"].strip()) if "sources" in cells else [],
            revision=int(revision) if re.fullmatch(r"[1-9]\d{0,5}", revision) else 0,
        )
        found |= from_tags(_tags(cells.get("tags", "")))
        return found | rationale_of(self.text("rationale"), self._reasons, self._notes)

    def answers(self, stem: str) -> dict[str, Any]:
        """Return the fields of the type, which a column names or the cells suggest."""
        word = type_of(self._row.cells.get("type", ""))
        series = self._row.series
        has_options = bool(series["option"] or series["wrong"] or "options" in self._row.cells)
        if not word and has_options and series["match"]:
            return self._pairs()
        if word in (Choice.type, Multiple.type) or (not word and has_options):
            return self._choice(word)
        by_type = {
            TrueFalse.type: self._truth,
            Order.type: self._order,
            Match.type: self._pairs,
            Cloze.type: self._gaps,
        }
        if word in by_type:
            return by_type[word]()
        if not self._literal("key") and not self._literal("term"):
            raise UnreadableError("no answer is right")
        if not word and truth_word(self._literal("key")) is not None:
            return self._truth()
        if not word and count_gaps(stem) == 1:
            return self._gaps()
        number = word == Number.type or (not word and "tolerance" in self._row.cells)
        return self._typed(Number.type if number else Short.type)

    def _choice(self, word: str) -> dict[str, Any]:
        series, cells = self._row.series, self._row.cells
        labelled = {number: self._converted(text) for number, text in sorted(series["option"].items())}
        if "options" in cells:
            separator = next((sign for sign in ("\n", "|", ";") if sign in cells["options"]), ",")
            texts = filter(None, map(str.strip, cells["options"].split(separator)))
            labelled |= {number: self._converted(text) for number, text in enumerate(texts, start=len(labelled) + 1)}
        given = cells.get("key", "").strip()
        if series["wrong"]:
            wrong = [
                Option(self._converted(text), right=False, feedback=self._feedback(number))
                for number, text in series["wrong"].items()
            ]
            return choice_data([Option(self._converted(given), right=True), *wrong], several=word == Multiple.type)
        known = self._row.right
        right = known if known is not None else _named(given, labelled, self._row.has_letters) if given else []
        if not right and word != Multiple.type:
            raise UnreadableError("no option is right")
        options = [
            Option(text, number in right, "" if number in right else self._feedback(number))
            for number, text in labelled.items()
        ]
        self._reasons = [self._feedback(number) for number in right]
        fixed = fold(cells.get("shuffle", "")) in _NO
        return self._with_last(choice_data(options, several=word == Multiple.type, fixed=fixed), list(labelled), right)

    def _with_last(self, data: dict[str, Any], numbers: list[int], right: Sequence[int]) -> dict[str, Any]:
        """Mark the options that the table says stay behind the others."""
        last = {LETTERS.index(letter) + 1 for letter in re.findall("[A-Z]", self._row.cells.get("last", ""))}
        wrong = [number for number in numbers if number not in right]
        if not last or "distractors" not in data:
            return data
        distractors = [
            {**(each if isinstance(each, dict) else {"text": each}), "last": number in last}
            for number, each in zip(wrong, data["distractors"], strict=True)
        ]
        return {**data, "distractors": distractors}

    def _feedback(self, number: int) -> str:
        return self._converted(self._row.series["feedback"].get(number, ""))

    def _misses(self) -> dict[str, Any]:
        options = sorted(self._row.series["option"].items())
        return misses((text.strip(), self._feedback(number)) for number, text in options)

    def _truth(self) -> dict[str, Any]:
        given = self._literal("key")
        holds = truth_word(given)
        if holds is None and truth(given, "en") is None:
            raise UnreadableError(f"`{shorten(given)}` is neither true nor false")
        return {"type": TrueFalse.type, "key": holds if holds is not None else truth(given, "en") == 0}

    def _typed(self, word: str) -> dict[str, Any]:
        cells = self._row.cells
        found: dict[str, Any] = {"type": word, "key": self._literal("key") or self._literal("term")}
        found |= present(accept=_lines(cells.get("accept", "")))
        if word == Short.type:
            return found | self._exact() | self._misses()
        found |= {name: cells[name].strip() for name in ("tolerance", "unit") if name in cells}
        pairs = [line.partition("=") for line in _lines(cells.get("units", ""))]
        units = {name.strip(): size.strip() for name, _, size in pairs}
        return found | present(units=units) | self._misses()

    def _exact(self) -> dict[str, Any]:
        return present(exact=fold(self._row.cells.get("exact", "")) in _YES)

    def _order(self) -> dict[str, Any]:
        series = sorted(self._row.series["option"].items())
        return {"type": Order.type, "order": [self._converted(text) for _, text in series]}

    def _pairs(self) -> dict[str, Any]:
        lefts, rights = self._row.series["option"], self._row.series["match"]
        pairs = {
            self._converted(lefts[number]): self._converted(rights[number])
            for number in sorted(lefts)
            if number in rights
        }
        if len(pairs) < len(lefts):
            raise UnreadableError("a left side has no partner, or two are the same")
        extra = [number for number in sorted(rights) if number not in lefts]
        more = misses((self._converted(rights[number]), self._feedback(number)) for number in extra)
        return {"type": Match.type, "pairs": pairs, **more}

    def _gaps(self) -> dict[str, Any]:
        listed = [_lines(text) for _, text in sorted(self._row.series["option"].items())]
        gaps = listed or [[part.strip()] for part in self._literal("key").split(";")]
        return {"type": Cloze.type, "gaps": gaps, **self._exact()}


def _named(given: str, options: Mapping[int, str], has_letters: bool) -> list[int]:  # noqa: FBT001  what the table has
    """Return the numbers of the options that a cell names: by text, by letter, or by number if they have numbers."""
    texts = {fold(text): number for number, text in options.items()}
    if fold(given) in texts:
        return [texts[fold(given)]]
    parts = [fold(part) for part in re.split(r"[\n;|]", given) if part.strip()]
    if all(part in texts for part in parts):
        return [texts[part] for part in parts]
    letters = [LETTERS.index(letter) + 1 for letter in re.findall("[A-I]", given.upper())]
    if _LETTERED.fullmatch(given) and options.keys() >= set(letters):
        return letters
    numbers = [int(number) for number in re.findall(r"\d", given)]
    if re.fullmatch(r"\d(?:[\s,;&]+\d)*", given) and options.keys() >= set(numbers):
        if has_letters:
            raise UnreadableError(f"`{given}` may count from 0 or from 1; give the letter of the right option")
        return numbers
    raise UnreadableError(f"`{shorten(given)}` is not one of the options")


def _tags(cell: str) -> list[str]:
    """Return the tags in a cell: on lines, or with semicolons or commas between them."""
    separator = next((sign for sign in ("\n", ";", ",") if sign in cell), "\n")
    return list(dict.fromkeys(filter(None, map(str.strip, cell.split(separator)))))


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.split("\n") if line.strip()]
