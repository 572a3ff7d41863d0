"""Reads Moodle XML as it comes, question by question; a document type is refused before anything of it is used."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import TYPE_CHECKING, Any, NoReturn
from xml.parsers import expat

from synergy_cli.course.arrangements import Order
from synergy_cli.course.typed import Cloze
from synergy_cli.errors import SynergyError
from synergy_cli.formats import moodle_answers as moodle
from synergy_cli.formats import pictures
from synergy_cli.formats.markup import converted, from_html, from_plain
from synergy_cli.formats.notes import Draft, Notes, UnreadableError
from synergy_cli.formats.options import present
from synergy_cli.records import NamedTuple
from synergy_cli.text import LONGEST_NUMBER, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from synergy_cli.formats.format import Source

_PART = 64 * 1024
"""Characters that are parsed before the questions in them are read."""
_DEEPEST = 40
_MOST_ELEMENTS = 10_000
"""Elements in a question."""
_GAP = re.compile(r"\{(\d*):([A-Z_]+):")
_SHORT_GAPS = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
"""Gaps with typed answers, and whether every character counts in them."""
_WEIGHT = re.compile(r"=|%(-?\d{1,3}(?:\.\d{0,9})?)%")
_ORDINARY = re.compile(r"\W*your answer is (?:partially )?(?:in)?correct\W*", re.IGNORECASE)
"""What Moodle says of an answer if nobody wrote anything else."""
_DIGITS = 10


class Element(NamedTuple):
    """An element: its name, its attributes, the parts of its text, its children, and the line it begins in."""

    name: str
    attributes: dict[str, str]
    texts: list[str]
    children: list[Element]
    line: int

    def all(self, name: str) -> list[Element]:
        """Return the children of a name."""
        return [child for child in self.children if child.name == name]

    def child(self, name: str) -> Element:
        """Return the first child of a name, or an empty one."""
        return next((child for child in self.children if child.name == name), Element(name, {}, [], [], self.line))

    def every(self, name: str) -> Iterator[Element]:
        """Yield the elements of a name at any depth."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.every(name)

    @property
    def value(self) -> str:
        """Its text, or that of the element `text` in it."""
        inner = self.all("text")
        return "".join(inner[0].texts if inner else self.texts)


def drafts(source: Source) -> Iterator[Draft]:
    """Yield the questions of a file. Raises SynergyError if it is no XML, or has a document type."""
    topic: tuple[str, ...] = ()
    for element in _questions(source):
        sort = element.attributes.get("type", "")
        if sort == "category":
            topic = moodle.category_path(element.child("category").value.strip())
            continue
        identity = element.child("idnumber").value.strip()
        name = identity or shorten(element.child("name").value.strip())
        yield Draft(element.line, name, _Question(element).data, topic, identity)


def _questions(source: Source) -> Iterator[Element]:
    """Yield the elements `question` as they are complete."""
    builder = _Builder(source.path)
    text = source.text
    for start in range(0, max(len(text), 1), _PART):
        builder.feed(text[start : start + _PART], last=start + _PART >= len(text))
        yield from builder.taken()


class _Builder:
    """Builds elements from what expat reads; nothing is expanded, and nothing is fetched."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open: list[Element] = []
        self._found: list[Element] = []
        self._count = 0
        self._parser = expat.ParserCreate(encoding="utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, text: str, *, last: bool) -> None:
        """Parse a part of the file."""
        try:
            self._parser.Parse(text.encode("utf-8", "surrogatepass"), last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise SynergyError(
                f"{self._path}:{error.lineno}:{error.offset + 1}: this is not valid XML: {what}."
            ) from error

    def taken(self) -> list[Element]:
        """Return the questions that are complete, each once."""
        found, self._found = self._found, []
        return found

    def _refuse(self, *_: object) -> NoReturn:
        line = self._parser.CurrentLineNumber
        raise SynergyError(
            f"{self._path}:{line}: a document type declaration is refused, because it can define entities."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if len(self._open) >= _DEEPEST:
            raise SynergyError(f"{self._path}:{line}: elements are nested more than {_DEEPEST} deep.")
        self._count = self._count + 1 if len(self._open) > 1 else 0
        if self._count > _MOST_ELEMENTS:
            raise SynergyError(f"{self._path}:{line}: a question has more than {_MOST_ELEMENTS:,} elements.")
        self._open.append(Element(name, attributes, [], [], line))

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].texts.append(text)

    def _end(self, name: str) -> None:
        element = self._open.pop()
        if name == "question" and len(self._open) <= 1:
            self._found.append(element)
        elif len(self._open) > 1:
            self._open[-1].children.append(element)


class _Question:
    """One question."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self._notes = Notes()
        self._files: dict[str, pictures.Received | None] = {}
        """Those that came with the question, by folder and name; nothing for one that is no picture."""
        self._stem = ""

    def data(self, notes: Notes) -> dict[str, Any]:
        """Return its fields. Raises UnreadableError if a course cannot hold it."""
        sort = self._element.attributes.get("type", "")
        readers: dict[str, Callable[[], tuple[dict[str, Any], list[str]]]] = {
            "multichoice": self._choice,
            "truefalse": self._truth,
            "shortanswer": self._short,
            "numerical": self._number,
            "matching": self._pairs,
            "ordering": self._order,
            Cloze.type: self._gaps,  # Moodle has the same word
            "multianswer": self._gaps,
        }
        if sort not in readers:
            raise UnreadableError(f"there is no question type like `{shorten(sort)}` here")
        for file in self._element.every("file"):
            name = file.attributes.get("name", "")
            self._files[f"{file.attributes.get('path', '/')}{name}"] = pictures.decoded(name, "".join(file.texts))
        self._notes, notes.place = notes, self._picture
        if readers[sort] != self._gaps:
            self._stem = self._converted(self._element.child("questiontext"))
            if not self._stem:
                raise UnreadableError("it has no text")
        data, reasons = readers[sort]()
        general = self._converted(self._element.child("generalfeedback"))
        whole = {"stem": self._stem, **data, **moodle.rationale_of(general, reasons, self._notes), **self._more()}
        if any(file is None or file.path not in self._notes.pictures for file in self._files.values()):
            self._notes.lose("files that are not pictures or that no text shows")
        return whole

    def _more(self) -> dict[str, Any]:
        hints = [hint for element in self._element.all("hint") if (hint := self._converted(element))]
        if len(hints) > 1:
            self._notes.lose("further hints")
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            said = self._element.child(name).value
            if said.strip() and not _ORDINARY.fullmatch(from_html(said, Notes())):
                self._notes.lose("feedback on the whole question")
        tags = moodle.from_tags(filter(None, (tag.value.strip() for tag in self._element.child("tags").all("tag"))))
        return present(hint="".join(hints[:1])) | tags

    def _converted(self, element: Element) -> str:
        return converted(element.value.strip(), element.attributes.get("format", "html"), self._notes)

    def _picture(self, source: str) -> str:
        """Return where a picture will be in the course, or its address on the web; empty if it is neither."""
        file = self._files.get(pictures.wanted(source))
        if file is None:
            return pictures.at_address(source)
        self._notes.pictures[file.path] = file.data
        return file.path

    def _answers(self, *, literal: bool = False) -> list[moodle.Answer]:
        return [
            moodle.Answer(
                answer.value.strip() if literal else self._converted(answer),
                _worth(answer),
                self._converted(answer.child("feedback")),
            )
            for answer in self._element.all("answer")
        ]

    def _flag(self, name: str, usual: str) -> bool:
        return (self._element.child(name).value.strip().lower() or usual) in ("true", "1")

    def _choice(self) -> tuple[dict[str, Any], list[str]]:
        fixed = not self._flag("shuffleanswers", "true")
        return moodle.choice_of(self._answers(), self._notes, single=self._flag("single", "true"), fixed=fixed)

    def _truth(self) -> tuple[dict[str, Any], list[str]]:
        answers = self._answers()
        right = next((answer for answer in answers if answer.worth > 0), None)
        if right is None or right.text.lower() not in ("true", "false"):
            raise UnreadableError("neither true nor false is right")
        wrong = [answer.feedback for answer in answers if answer is not right]
        return moodle.truth_of(right.text.lower() == "true", [*wrong, right.feedback], self._notes)

    def _short(self) -> tuple[dict[str, Any], list[str]]:
        data, reasons = moodle.typed_of(self._answers(literal=True), self._stem, self._notes)
        return data | present(exact=self._flag("usecase", "0")), reasons

    def _number(self) -> tuple[dict[str, Any], list[str]]:
        amounts = []
        for answer in self._element.all("answer"):
            number, feedback = answer.value.strip(), self._converted(answer.child("feedback"))
            if number == "*":
                self._notes.lose("feedback on any other answer")
            else:
                tolerance = answer.child("tolerance").value.strip()
                amounts.append(moodle.Answer(number, _worth(answer), feedback, tolerance))
        data, reasons = moodle.number_of(amounts, self._notes)
        return data | self._units(), reasons

    def _units(self) -> dict[str, Any]:
        """Return the unit that is worth one, and what one of each other unit is in it."""
        units = {}
        for unit in self._element.child("units").all("unit"):
            multiplier = _decimal(unit.child("multiplier").value)
            if multiplier > 0:
                size = (1 / multiplier).quantize(Decimal(1).scaleb((1 / multiplier).adjusted() - _DIGITS))
                units[unit.child("unit_name").value.strip()] = f"{size.normalize():f}"
        own = next((name for name, size in units.items() if size == "1"), "")
        others = {name: size for name, size in units.items() if name != own}
        return present(unit=own, units=others if own else {})

    def _pairs(self) -> tuple[dict[str, Any], list[str]]:
        pairs = []
        for part in self._element.all("subquestion"):
            right = from_plain(unescape(part.child("answer").value.strip()), self._notes)
            pairs.append((self._converted(part), right))
        return moodle.match_of(pairs), []

    def _order(self) -> tuple[dict[str, Any], list[str]]:
        answers = sorted(self._answers(), key=lambda answer: answer.worth)
        return {"type": Order.type, "order": [answer.text for answer in answers]}, []

    def _gaps(self) -> tuple[dict[str, Any], list[str]]:
        """Return a text with gaps; its stem has what is right in them."""
        text = self._element.child("questiontext")
        source, stem, gaps, exact = text.value, "", [], False
        at = 0
        while match := _GAP.search(source, at):
            if match[2] not in _SHORT_GAPS:
                raise UnreadableError(f"a gap of the type `{match[2]}`, expected typed answers")
            parts, end = _alternatives(source, match.end())
            accepted = [part for part in parts if part.worth >= moodle.FULL]
            if len(accepted) < len(parts):
                self._notes.lose("wrong answers and partial credit in a gap")
            answer, reasons = moodle.typed_of(accepted, "", self._notes)
            gaps.append([answer["key"], *answer.get("accept", ())])
            if any(reasons):
                self._notes.lose("feedback on a gap")
            exact |= _SHORT_GAPS[match[2]]
            stem += source[at : match.start()] + "___"
            at = end
        if not gaps:
            raise UnreadableError("it has no gaps")
        shown = self._converted(text._replace(texts=[stem + source[at:]], children=[]))
        return {"stem": shown, "type": Cloze.type, "gaps": gaps, **present(exact=exact)}, []


def _alternatives(source: str, at: int) -> tuple[list[moodle.Answer], int]:
    """Return the answers in a gap that begins at an offset, and the offset behind it."""
    end = next((match.end() for match in re.compile(r"\\.|[}]", re.DOTALL).finditer(source, at) if match[0] == "}"), 0)
    if not end:
        raise UnreadableError("a gap is not closed")
    found = []
    for part in re.split(r"(?<!\\)~", source[at : end - 1]):
        text, _, feedback = _split_feedback(part)
        weight = _WEIGHT.match(text)
        worth = Decimal(0) if weight is None else Decimal(weight[1]) if weight[1] else moodle.FULL
        answer = re.sub(r"\\([}#~/\"\\])", r"\1", unescape(text[weight.end() :] if weight else text))
        found.append(moodle.Answer(answer.strip(), worth, feedback))
    return found, end


def _split_feedback(part: str) -> tuple[str, str, str]:
    """Split an answer in a gap at the sign before its feedback, which is not part of a numbered character."""
    sign = re.search(r"(?<![\\&])#", part)
    return (part[: sign.start()], "#", part[sign.end() :]) if sign else (part, "", "")


def _worth(answer: Element) -> Decimal:
    return _decimal(answer.attributes.get("fraction", "0"))


def _decimal(text: str) -> Decimal:
    """Return a number; 0 for what is none."""
    try:
        number = Decimal(text.strip()[:LONGEST_NUMBER])
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() and abs(number.adjusted()) < LONGEST_NUMBER else Decimal(0)
