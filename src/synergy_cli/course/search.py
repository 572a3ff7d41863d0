"""Searches a course: passages, glossary, sources and questions."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from typing import TYPE_CHECKING

from synergy_cli.course.page import Callout, Span, inlines_of, plain_texts
from synergy_cli.records import NamedTuple
from synergy_cli.text import fold, nearest, normalised, without_accents

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import Block, Page
    from synergy_cli.course.question import Question
    from synergy_cli.course.sources import Source


AROUND = 70
_LETTERS = re.compile(r"[^\W\d_]{4,}")
"""A word that can be suggested."""
_WORD_OR_SPACE = re.compile(r"\s+|\S+")
_SIGNS = re.compile(r"(?<=\w)[-()]+(?=[^\W\d])|(?<=[^\W\d])[-()]+(?=\w)")
"""Characters that may be left out inside a name, as in `25(OH)D`, except between two numbers."""
_JOINT = re.compile(r"(?<=\w)(?=[^\W\d])|(?<=[^\W\d])(?=\w)")
"""Where they may be added."""
_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_THOUSANDS = re.compile(r"(?<=\d)(?=(?:\d{3})+(?!\d))")
"""Where a number may have a comma."""
IN_TITLE = 10
WHOLE_WORD = 4


class Hit(NamedTuple):
    """One match: its type, title, surrounding words, the arguments that show it, and whether it is in a caution."""

    kind: str
    title: str
    around: str
    arguments: str
    caution: bool = False


class _Place(NamedTuple):
    """A searchable place: the fields of its hit, with all of its text, the text of its cautions, and its names."""

    kind: str
    title: str
    text: str
    arguments: str
    cautions: str = ""
    names: tuple[str, ...] = ()


def meant(words: Sequence[str], terms: Iterable[Term]) -> list[tuple[str, ...]]:
    """Return the spellings to search for, per word: the word, and, if it names a term, the term's other names.

    If all words together name a term, they count as one word.
    """
    names = {_name(name): (term.name, *term.also) for term in terms for name in (term.name, *term.also)}
    phrase = " ".join(" ".join(words).split())
    units = [phrase] if _name(phrase) in names else words
    return [tuple(dict.fromkeys((unit, *names.get(_name(unit), ())))) for unit in units]


def search(
    words: Sequence[tuple[str, ...]],
    pages: Iterable[Page],
    terms: Iterable[Term],
    sources: Iterable[Source],
    questions: Iterable[tuple[str, Question]] = (),
) -> list[Hit]:
    """Return everything that has all words: passages, terms, sources, then questions, the best matches first.

    Before these come passages with a caution that has all words, then the section or term with exactly this name, then
    passages with a caution where the words start longer words.

    Each word has one or several spellings. Each question comes with the title of its topic. Only its context and stem
    are searched, since its other texts contain the key or help to find it.

    Case, accents, white space, hyphens and brackets inside a name, and commas in a number do not matter; a word also
    matches the start of a longer one.
    """
    wanted = [
        re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, spellings))})(\w*)", re.IGNORECASE)
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
            () if number else (page.id, page.title),
        )
        for page in pages
        for number, (identity, title, blocks) in enumerate(page.sections)
    ]
    defined = [
        _Place("glossary", ", ".join(names), term.definition, f"glossary {shlex.quote(names[0])}", names=names)
        for term, names in ((term, (term.name, *term.also)) for term in terms)
    ]
    cited = [
        _Place(
            "source", source.label, f"{source.reference} {source.kind}", f"sources {source.key}", names=(source.key,)
        )
        for source in sources
    ]
    asked = [_Place("question", title, _asked(question), _quiz(question)) for title, question in questions]
    if not wanted:
        return []
    sought = _name(" ".join(spellings[0] for spellings in words))
    found = [match for group in (passages, defined, cited, asked) for match in _ranked(group, wanted, sought)]
    return [hit for _, hit in sorted(found, key=lambda match: match[0])]


def mended(words: Sequence[str], pages: Iterable[Page]) -> str:
    """Return the words, each unknown one replaced by the nearest word on a page; empty if no word is near."""
    texts = (text for page in pages for _, title, blocks in page.sections for text in (title, *plain_texts(blocks)))
    known = {word.lower(): word for text in texts for word in _LETTERS.findall(text)}
    near = [[word] if word.lower() in known else _nearest(word, list(known.values())) for word in words]
    return " ".join(word for found in near for word in found) if all(near) else ""


def _nearest(word: str, known: list[str]) -> list[str]:
    """Return the nearest word with the same first letter, which typos rarely change; empty if there is none."""
    return nearest(word, [other for other in known if other[:1].lower() == word[:1].lower()], most=1)


def common_caution(pages: Iterable[Page]) -> tuple[str, str] | None:
    """Return a caution that several pages repeat word for word, with the section it links to; None without a link."""
    found = Counter(block for page in pages for block in _cautions(page.blocks))
    caution, count = next(iter(found.most_common(1)), (None, 0))
    if caution is None or count == 1:
        return None
    links = [one.link for inlines in inlines_of([caution]) for one in inlines if isinstance(one, Span)]
    section = next((link for link in links if link and not link.startswith(("#", "http"))), "")
    return (" ".join(plain_texts([caution])), section) if section else None


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


def _name(text: str) -> str:
    """Return a name in its form for comparison: without a final question mark, which nobody types."""
    return _SIGNS.sub("", _plain(" ".join(text.split()))).strip(" ?!.:")


def _plain(text: str) -> str:
    """Return a text folded, without accents, and with `u` for the `µ` of units."""
    if text.isascii():
        return fold(text)
    return normalised("NFC", without_accents(fold(text))).replace("\N{GREEK SMALL LETTER MU}", "u")


def _pattern(word: str) -> str:
    """Return a pattern for a word in a plain text; see `search` for the characters that do not matter."""
    parts = _JOINT.split(_COMMA.sub("", _SIGNS.sub("", _plain(word))))
    return "[-()]*".join(",?".join(map(re.escape, _THOUSANDS.split(part))) for part in parts)


_WARNS, _IS_NAMED, _WARNS_WEAKLY, _MATCHES = range(4)
"""Kinds of match, the best first."""


def _ranked(places: Iterable[_Place], wanted: Sequence[re.Pattern[str]], sought: str) -> list[tuple[int, Hit]]:
    """Return the hits with how they match; the best of each kind come first."""
    found = []
    for place in places:
        in_title, in_text = _plain(place.title), _plain(place.text)
        named = sought in map(_name, place.names)
        if named or all(word.search(in_title) or word.search(in_text) for word in wanted):
            score = sum(IN_TITLE * _weight(word, in_title) + _weight(word, in_text) for word in wanted)
            rank = _rank(_plain(place.cautions), wanted, named=named)
            warns = rank in (_WARNS, _WARNS_WEAKLY)
            around = _excerpt(place.cautions if warns else place.text, wanted)
            found.append((-score, rank, Hit(place.kind, place.title, around, place.arguments, warns)))
    return [(rank, hit) for _, rank, hit in sorted(found, key=lambda match: match[0])]


def _rank(cautions: str, wanted: Sequence[re.Pattern[str]], *, named: bool) -> int:
    """Return how a place matches, given the text of its cautions and whether it has the name searched for."""
    if all(any(not match[1] for match in word.finditer(cautions)) for word in wanted):
        return _WARNS
    if named:
        return _IS_NAMED
    return _WARNS_WEAKLY if all(word.search(cautions) for word in wanted) else _MATCHES


def _weight(word: re.Pattern[str], text: str) -> int:
    """Weight the matches in a text: a whole word counts as much as several word beginnings."""
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
    """Fold a text word by word; return the approximate offset in the text of each character of the result.

    Offsets are only off inside a word that gets longer or shorter, by at most the difference.
    """
    folded, origin = [], []
    for match in _WORD_OR_SPACE.finditer(text):
        part = " " if match[0].isspace() else _plain(match[0]) or match[0]
        folded.append(part)
        last = match.end() - 1
        origin += [min(match.start() + number, last) for number in range(len(part))]
    return "".join(folded), origin
