"""A question as a note of Anki: its type, its fields, its gaps, and the question itself, which comes back as it was."""

from __future__ import annotations

import json
import re
from binascii import crc32
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from synergy_cli.course.question import Distractor
from synergy_cli.course.question_text import blocks_of
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.formats.html_blocks import Citations, Writer, escaped, link
from synergy_cli.formats.markup import to_html, with_pictures
from synergy_cli.formats.notes import UnreadableError
from synergy_cli.formats.options import listed
from synergy_cli.formats.paper import sheet_of
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from synergy_cli.course.page import Block, Page
    from synergy_cli.course.question import Part, Question
    from synergy_cli.formats.format import Bank
    from synergy_cli.formats.notes import Notes

FIELDS = ("Stem", "Options", "Key", "Rationale", "Feedback", "Source", "Hint", "Type", "ItemID", "Extra")
"""The fields of every note type. They never change: Anki would take another list for another note type."""
SEALED = ("Stem", "Options", "Key", "Rationale", "Feedback", "Hint")
"""The fields whose checksums are in `Extra`, so that an import knows which were edited in Anki."""
_SHOWN = 4
"""Answers that are shown of all that are right."""
_GAP = re.compile(r"_{3,}")
_FORMULA = re.compile(r"\\(?=[()\[\]])")
_COMMON = ("stem", "rationale", "hint", "level", "tags", "passage", "sources", "revision")
_MAPPINGS = ("pairs", "units")
_ASKED = '<div class="stem">{{%s}}</div>{{#Options}}<div class="options">{{Options}}</div>{{/Options}}'
_HINT = '{{#Hint}}<div class="hint">{{hint:Hint}}</div>{{/Hint}}'
_WHY = (
    '{{#Rationale}}<div class="rationale">{{Rationale}}</div>{{/Rationale}}'
    '{{#Feedback}}<div class="feedback">{{Feedback}}</div>{{/Feedback}}'
    '{{#Source}}<div class="source">{{Source}}</div>{{/Source}}'
)
_LINE = '<hr id="answer">'
_CITATION = "\0"
_CLOZE = re.compile(r"\{\{c\d+::((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_OPEN = re.compile(r"\{\{c\d+::")
_MASK = "image-occlusion:"


class NoteType(NamedTuple):
    """A note type of Anki: its permanent id, its name, the templates of both sides, and whether gaps make its card."""

    id: int
    name: str
    front: str
    back: str
    has_gaps: bool = False


OPTIONS = NoteType(
    1_767_225_600_001,
    "Synergy: options",
    f"{_ASKED % 'Stem'}{_HINT}",
    f'{{{{FrontSide}}}}{_LINE}<div class="key">{{{{Key}}}}</div>{_WHY}',
)
TYPED = NoteType(
    1_767_225_600_002,
    "Synergy: typed answer",
    f"{_ASKED % 'Stem'}{_HINT}{{{{type:Key}}}}",
    f"{_ASKED % 'Stem'}{_LINE}{{{{type:Key}}}}{_WHY}",
)
GAPS = NoteType(
    1_767_225_600_003,
    "Synergy: gaps",
    f"{_ASKED % 'cloze:Stem'}{_HINT}{{{{type:cloze:Stem}}}}",
    f'{_ASKED % "cloze:Stem"}{_LINE}{{{{type:cloze:Stem}}}}<div class="key">{{{{Key}}}}</div>{_WHY}',
    has_gaps=True,
)
NOTE_TYPES = (OPTIONS, TYPED, GAPS)


class Note(NamedTuple):
    """A note: its type and its fields in the order of `FIELDS`, as HTML."""

    type: NoteType
    fields: tuple[str, ...]


def note_of(question: Question, source: str, media: Callable[[str], str]) -> Note:
    """Return a question as a note, with where its answer comes from as HTML.

    `media` returns the name that a picture, given by its path, has among Anki's media.

    Raises UnreadableError if a note cannot hold it.
    """
    used: dict[str, str] = {}

    def named(path: str) -> str:
        used[path] = media(path)
        return used[path]

    def written(blocks: Sequence[Block]) -> str:
        return _safe(to_html(with_pictures(blocks, named)))

    def html(text: str) -> str:
        return written(question.blocks(text)) if text else ""

    kind, options, key = _answer(question, html)
    stem = written(blocks_of(_stem(question)))  # as it was written: several gaps would have numbers
    cells = {
        "Stem": _with_gaps(stem, question) if isinstance(question, Cloze) else stem,
        "Options": options,
        "Key": key,
        "Rationale": html(question.rationale),
        "Feedback": "".join([*_accepted(question), *_remarks(question, html)]),
        "Source": _safe(source),
        "Hint": html(question.hint),
        "Type": question.type,
        "ItemID": question.id,
    }
    own = {"question": _data(question), "media": used, "seals": [seal(cells[name]) for name in SEALED]}
    cells["Extra"] = escape(json.dumps(own, sort_keys=True), quote=False)
    return Note(kind, tuple(cells[name] for name in FIELDS))


def seal(html: str) -> int:
    """Return the checksum of a field."""
    return crc32(html.encode())


def _stem(question: Question) -> str:
    return f"{question.context}\n\n{question.stem}" if question.context else question.stem


def _data(question: Question) -> dict[str, Any]:
    """Return the fields of a question as an author writes them, without those that have their usual value."""
    names = (*_COMMON, *(field.name for field in question.fields))
    values = {name: getattr(question, name) for name in names}
    usual = {name: getattr(type(question), name, None) for name in names}
    found = {name: _thawed(value) for name, value in values.items() if value != usual[name]}
    mappings = {name: {left: right for left, right in found[name]} for name in _MAPPINGS if name in found}  # noqa: C416
    return {"type": question.type, **found, **mappings, "stem": _stem(question)}


def _thawed(value: Any) -> Any:  # noqa: ANN401  a field of a question
    if isinstance(value, Distractor):
        return {name: part for name, part in value._asdict().items() if part}
    return list(map(_thawed, value)) if isinstance(value, tuple) else value


def _answer(question: Question, html: Callable[[str], str]) -> tuple[NoteType, str, str]:
    """Return the note type of a question, what is listed below its stem, and what is right."""
    if isinstance(question, Cloze):
        accepted = [question.say(" or ").join(gap[:_SHOWN]) for gap in question.gaps]
        return GAPS, "", _list("ol", map(_plain, accepted)) if len(accepted) > 1 else _plain(accepted[0])
    if isinstance(question, Number | Short):
        unit = question.unit if isinstance(question, Number) else ""
        return TYPED, _plain(question.say("a number in {unit}", unit=unit)) if unit else "", _plain(question.key)
    sheet = sheet_of(question)
    shown = [option.text for option in listed(question)] if question.offers or question.judged else sheet.options
    partners = _list('ol type="a"', map(html, sheet.partners)) if sheet.partners else ""
    parts = [_part(part, html) for part in question.solution]
    key = parts[0] if len(parts) == 1 else _list("ul", parts)
    return OPTIONS, _list("ol", map(html, shown)) + partners, key


def _part(part: Part, html: Callable[[str], str]) -> str:
    return f"{html(part.label)}{_plain(part.joint)}{html(part.text)}"


def _accepted(question: Question) -> list[str]:
    """Return all that is right if more than the key is."""
    if not isinstance(question, Number | Short):
        return []
    (part,) = question.solution
    right = [right.text for right in question.right[:_SHOWN]]
    words = part.text if isinstance(question, Number) else question.say(" or ").join(right)
    return [f"<p>{_plain(question.say('Right answer:'))} {_plain(words)}</p>"] if words != question.key else []


def _remarks(question: Question, html: Callable[[str], str]) -> list[str]:
    """Return the feedback on wrong answers."""
    said = [wrong for wrong in getattr(question, "distractors", ()) if wrong.feedback]
    texts = ((_plain(one.text) if question.typed else html(one.text), html(one.feedback)) for one in said)
    return [_list("ul", (f"<b>{text}</b>: {feedback}" for text, feedback in texts))] if said else []


def _list(element: str, items: Iterable[str]) -> str:
    return f"<{element}>{''.join(f'<li>{item}</li>' for item in items)}</{element.partition(' ')[0]}>"


def _plain(text: str) -> str:
    return _safe(escape(text, quote=False))


def _safe(html: str) -> str:
    """Return HTML in which Anki finds no sound, no formula and no separator of fields."""
    return _FORMULA.sub(r"\\<span></span>", html.replace("\x1f", " ").replace("[", "&#91;"))


def _with_gaps(html: str, question: Cloze) -> str:
    """Return a stem with what is right in its gaps; one card asks for all of them.

    Raises UnreadableError if the stem has a gap where no answer can stand.
    """
    parts = _GAP.split(html.replace("{", "&#123;"))
    if len(parts) != len(question.gaps) + 1 or any(part.count("<") != part.count(">") for part in parts):
        raise UnreadableError("a gap is inside an address")
    gaps = [f"{{{{c1::{_in_gap(accepted[0])}}}}}" for accepted in question.gaps]
    return "".join(f"{part}{gap}" for part, gap in zip(parts, [*gaps, ""], strict=True))


def _in_gap(text: str) -> str:
    """Return an answer in which nothing ends the gap."""
    return _plain(text).replace("{", "&#123;").replace("}", "&#125;").replace(":", "&#58;")


def own_of(cells: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what is in the last field of one of our notes; None if it is not from here."""
    try:
        found = json.loads(unescape(cells["Extra"]))
        sound = isinstance(found["question"], dict) and isinstance(found["question"]["stem"], str)
        return found if sound and isinstance(found["seals"], list) and isinstance(found["media"], dict) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


class _Places(Citations):
    """The places of citations in a passage, which go: the list that they point to stays on the page."""

    def cite(self, keys: Sequence[str]) -> str:
        """Mark where it was, so that the blank before it goes too."""
        del keys
        return _CITATION


def sources(bank: Bank, media: Callable[[str], str]) -> Callable[[Question], str]:
    """Return what gives the passage and the sources of a question as HTML.

    `media` returns the name that a picture, given by its path, has among Anki's media; empty for one that is elsewhere.
    """
    writer = Writer(bank.language, media, citations=_Places())

    @cache
    def page(name: str) -> Page | None:
        return bank.course.page(name)[0] if bank.course is not None else None

    def html(question: Question) -> str:
        read = page(question.page) if question.passage else None
        below = read.passage(question.heading)[bool(question.heading) :] if read is not None else ()
        passage = writer.blocks(below).replace(f" {_CITATION}", "").replace(_CITATION, "")
        title = f"{escaped(question.say('Read:'))} {escaped(bank.topic(question))}"
        parts = [f"<details><summary>{title}</summary>{passage}</details>"] if passage else []
        parts += [f"<div>{link(address, escaped(label))}</div>" for label, address in question.cited]
        return "".join(parts)

    return html


def has_gaps(field: str) -> bool:
    """Whether a field has gaps."""
    return _OPEN.search(field) is not None


def gaps_of(field: str, text: Callable[[str], str], words: Callable[[str], str], notes: Notes) -> dict[str, Any]:
    """Return the type, the stem and the gaps of a field.

    `text` converts a text that may have markup, `words` an answer.

    Raises UnreadableError if a gap is in another, or is a part of a picture.
    """
    gaps: list[list[str]] = []

    def gap(match: re.Match[str]) -> str:
        answer, _, hint = match[1].partition("::")
        if answer.startswith(_MASK):
            raise UnreadableError("it asks about the parts of a picture")
        gaps.append([words(answer)])
        return f"___ ({hint})" if hint else "___"

    stem = _CLOZE.sub(gap, field)
    if has_gaps(stem):
        raise UnreadableError("a gap is inside another, or is not closed")
    if len(set(_OPEN.findall(field))) > 1:
        notes.change("its cards became one question with several gaps")
    return {"type": Cloze.type, "stem": text(stem), "gaps": gaps}
