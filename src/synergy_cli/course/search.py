"""Searches a course: passages, glossary, sources and questions."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from synergy_cli.course.page import Callout, plain_texts
from synergy_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import Block, Page
    from synergy_cli.course.question import Question
    from synergy_cli.course.sources import Source


AROUND = 70
_SIGN = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
IN_TITLE = 10
WHOLE_WORD = 4


class Hit(NamedTuple):
    """One match: its type, its title, the words around it, and the arguments that show it."""

    kind: str
    title: str
    around: str
    arguments: str


class _Place(NamedTuple):
    """A place to look in: the fields of its hit, with all of its text, and the text of its cautions."""

    kind: str
    title: str
    text: str
    arguments: str
    cautions: str = ""


def meant(words: Sequence[str], terms: Iterable[Term]) -> list[tuple[str, ...]]:
    """Return the spellings to search for, for each word: the word, and, if it names a term, the term's other names.

    If all words together name a term, they count as one.
    """
    names = {fold(name): (term.name, *term.also) for term in terms for name in (term.name, *term.also)}
    phrase = " ".join(" ".join(words).split())
    units = [phrase] if fold(phrase) in names else words
    return [tuple(dict.fromkeys((unit, *names.get(fold(unit), ())))) for unit in units]


def search(
    words: Sequence[tuple[str, ...]],
    pages: Iterable[Page],
    terms: Iterable[Term],
    sources: Iterable[Source],
    questions: Iterable[tuple[str, Question]] = (),
) -> list[Hit]:
    """Return everything with all the words: passages, terms, sources, then questions, the best matches of each first.

    Each word has one or several spellings. A passage comes before the others if one of its cautions has all the words.
    Each question comes with the title of its topic. Only its context and stem are searched, since its other texts have
    the key or help to find it.

    Case, accents and white space do not matter; a word also matches the start of a longer one.
    """
    wanted = [
        re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(fold(word)) for word in spellings)})(\w*)", re.IGNORECASE)
        for spellings in words
        if any(map(str.isalnum, spellings[0]))
    ]
    passages = [
        _Place(
            "passage",
            f"{title} — {page.title}" if title else page.title,
            " ".join(plain_texts(blocks)),
            _way(page, identity),
            " ".join(plain_texts(_cautions(blocks))),
        )
        for page in pages
        for identity, title, blocks in page.sections
    ]
    defined = [
        _Place("glossary", ", ".join((term.name, *term.also)), term.definition, f"glossary {shlex.quote(term.name)}")
        for term in terms
    ]
    cited = [
        _Place("source", source.label, f"{source.reference} {source.kind}", f"sources {source.key}")
        for source in sources
    ]
    asked = [_Place("question", title, _asked(question), _quiz(question)) for title, question in questions]
    return [hit for group in (passages, defined, cited, asked) for hit in _ranked(group, wanted)]


def _cautions(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if isinstance(block, Callout) and block.kind == "caution"]


def _way(page: Page, identity: str) -> str:
    return f"explain {page.id}#{identity}" if identity else f"explain {page.id}"


def _asked(question: Question) -> str:
    """Return the context and the stem of a question, code included, on one line."""
    return " ".join(map(question.displayed, filter(None, (question.context, question.stem))))


def _quiz(question: Question) -> str:
    about = question.passage or question.topic
    return f"quiz {about}" if about else "quiz"


def _ranked(places: Iterable[_Place], wanted: Sequence[re.Pattern[str]]) -> list[Hit]:
    found = []
    for place in places:
        in_title, in_text = fold(place.title), fold(place.text)
        if wanted and all(word.search(in_title) or word.search(in_text) for word in wanted):
            score = sum(IN_TITLE * _weight(word, in_title) + _weight(word, in_text) for word in wanted)
            in_cautions = fold(place.cautions)
            warns = all(word.search(in_cautions) for word in wanted)
            shown = place.cautions if warns else place.text
            found.append(((not warns, -score), Hit(place.kind, place.title, _excerpt(shown, wanted), place.arguments)))
    return [hit for _, hit in sorted(found, key=lambda pair: pair[0])]


def _weight(word: re.Pattern[str], text: str) -> int:
    """Weigh the matches in a text: a whole word counts as much as several beginnings of words."""
    return sum(1 if match[1] else WHOLE_WORD for match in word.finditer(text))


def _excerpt(text: str, wanted: Sequence[re.Pattern[str]]) -> str:
    """Return the words around the densest cluster of matches."""
    folded, origin = _folded_with_places(text)
    places = sorted(
        (match.start(), bool(match[1]), number) for number, word in enumerate(wanted) for match in word.finditer(folded)
    )
    near, ahead, inside = [], 0, Counter[int]()
    for start, partly, number in places:
        while ahead < len(places) and places[ahead][0] < start + AROUND:
            inside[places[ahead][2]] += 1
            ahead += 1
        near.append((len(inside), not partly, -start))
        inside[number] -= 1
        if not inside[number]:
            del inside[number]
    start = origin[-max(near)[2]] if near else 0
    begin = text.rfind(" ", 0, max(0, start - AROUND)) + 1 if start > AROUND else 0
    stop = text.find(" ", start + AROUND)
    stop = len(text) if stop < 0 else stop
    return ("… " if begin else "") + text[begin:stop] + (" …" if stop < len(text) else "")


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Fold a text character by character; return for each character of the result its offset in the text."""
    folded, origin = "", []
    for match in _SIGN.finditer(text):
        part = " " if match[0].isspace() else fold(match[0]) or match[0]
        folded += part
        origin += [match.start()] * len(part)
    return folded, origin
