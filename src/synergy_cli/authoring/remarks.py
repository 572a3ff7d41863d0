"""Finds flaws in the texts around a question: hints that give the key away, texts that name options by position."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from synergy_cli.authoring.english import ARTICLES, STOP, content, root, words
from synergy_cli.authoring.findings import Finding
from synergy_cli.authoring.similar import LONGEST_ANSWER, MOST_ANSWERS, SURE_NUMBER, numbers_given
from synergy_cli.course.numbers import readings
from synergy_cli.text import fold, shorten, unify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.authoring.findings import PreparedQuestion
    from synergy_cli.course.numbers import NumberReading
    from synergy_cli.course.question import Question

    Where = tuple[str | int, ...]

ENOUGH_LETTERS = 3


def key_in_hint(item: PreparedQuestion) -> Iterator[Finding]:
    """Find a hint that contains a right answer, unless the stem has it too or the hint also has a wrong answer."""
    question = item.question
    if not question.hint or question.judged:
        return
    right = [answer.text for answer in question.right[:MOST_ANSWERS] if len(answer.text) <= LONGEST_ANSWER]
    if not right and question.typed:
        right = [part.text for part in question.solution]
    said = _words(question.hint)
    if any(_words(answer.text) in said for answer in question.wrong[:MOST_ANSWERS]):
        return
    asked = _words(f"{question.context} {question.stem}")
    told = next((text for text in right if _tells(question, text, said, asked, english=bool(item.asked))), None)
    if told is not None:
        message = f"the hint gives away the answer, `{shorten(told)}`; say where to find it instead"
        yield Finding("key-in-hint", question.id, ("hint",), message)


def _tells(question: Question, answer: str, said: str, asked: str, *, english: bool) -> bool:
    """Whether the words of a hint contain an answer that the stem does not contain."""
    found = [] if question.offers else readings(answer)
    if found:
        return _gives_number(question, found[0])
    listed = _words(answer)
    weighty = any(len(word) >= ENOUGH_LETTERS and not (english and word in STOP) for word in listed.split())
    return weighty and listed in said and listed not in asked


def _words(text: str) -> str:
    """Return the words of a text except articles, with spaces around each."""
    return f" {' '.join(word for word in words(text) if word not in ARTICLES)} "


def _gives_number(question: Question, number: NumberReading) -> bool:
    """Whether the hint has a number that the stem does not have.

    A small number without its unit or noun may be chance.
    """
    asked = f"{question.context} {question.stem}"
    nouns = content(words(asked))
    if any(_is_number(given, number) for given, _ in numbers_given(asked)):
        return False
    given = [each for each in numbers_given(question.hint) if _is_number(each[0], number)]
    return any(
        sum(map(str.isdigit, text)) >= SURE_NUMBER or after == number.unit != "" or root(after) in nouns
        for text, after in given
    )


def _is_number(given: str, number: NumberReading) -> bool:
    return any(reading.value == number.value for reading in readings(given))


_NOUN = (
    r"(?i:options?|answers?|choices?|alternatives?|distractors?|antwort(?:en)?|optionen|möglichkeit(?:en)?|"
    r"réponses?|propositions?|choix|respuestas?|opci(?:ón|ones)|alternativas?)"
)
_PLACE = (
    r"(?i:(?:the|this)\s+(?:first|second|third|fourth|fifth|sixth|last|next|previous)|"
    r"(?:erste|zweite|dritte|vierte|fünfte|letzte|nächste|vorige)[nrs]?|"
    r"première|deuxième|troisième|quatrième|dernière|primera|segunda|tercera|cuarta|última)"
)
_ENDS = r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:is|are|was|were|has|have|does|do|can|would)\b)"
_POINTING = re.compile(
    rf"\b{_NOUN}\s+(?:[A-H]\b(?![-+*#'])|\([A-Ha-h1-9]\))"
    rf"|\b(?!(?i:answer|antwort|réponse|respuesta)){_NOUN}\s+[1-9]\b(?![.,:]?\d)"
    rf"|\b{_PLACE}\s+{_NOUN}\b(?!\s+(?:of|to|that|given|you)\b)"
    rf"|\b{_NOUN}\s+(?:above|below)\b{_ENDS}|\b(?:above|below)\s+{_NOUN}\b"
    r"|\b(?i:all|none|both|any|neither|either|each|one|two|three|most)\s+of\s+the\s+(?:above|below)\b"
)
"""Words that name an option by its position: `option B`, `the first answer`, `the choices above`."""


def pointing_remarks(item: PreparedQuestion) -> Iterator[Finding]:
    """Find hints, rationales and feedback that name a shuffled option by its position."""
    question = item.question
    if all(option.fixed for option in item.options):
        return
    known = fold(" ".join([question.context, question.stem, *(option.text for option in item.options)]))
    for name, text, where in _remarks(question):
        match = _POINTING.search(unify(re.sub(r"`[^`]*`", "", text)))
        if match and fold(match[0]) not in known:
            message = (
                f"`{match[0]}` in the {name} is a different option each time, because options are shuffled; "
                "repeat its text instead"
            )
            yield Finding("position-word", question.id, where, message)


def _remarks(question: Question) -> Iterator[tuple[str, str, Where]]:
    """Yield each text shown with the options: its name, the text and its path."""
    texts: Sequence[tuple[str, str]] = (("hint", question.hint), ("rationale", question.rationale))
    yield from ((name, text, (name,)) for name, text in texts)
    for option in question.wrong:
        yield "feedback", option.feedback, (*option.where[:-1], "feedback")
