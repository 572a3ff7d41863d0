"""Finds questions that repeat or contradict each other, or give each other away."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from synergy_cli.authoring.english import (
    HARMLESS,
    INSTRUCTION,
    STOP,
    TURNING,
    content,
    exact_tokens,
    points_at_options,
    root,
    sentences,
    tokens,
    without,
    words,
)
from synergy_cli.authoring.findings import Finding
from synergy_cli.course.numbers import readings
from synergy_cli.course.question import Verdict
from synergy_cli.records import NamedTuple
from synergy_cli.text import fold, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synergy_cli.course.numbers import NumberReading
    from synergy_cli.course.question import Question


LONGEST_ANSWER = 200
MOST_ANSWERS = 30
ENOUGH_WORDS = 3
USUAL = 2
"""Without a list of stop words, this many words of a stem are assumed to carry no meaning, as in `what is`."""

ENOUGH_LETTERS = 3
SURE_NUMBER = 3
"""A number with this many digits rarely recurs by chance."""

SHARED_WORDS = 2
ALIKE = 0.75
NEARLY_WITHIN = 2 / 3
IN_A_BUCKET = 8
"""At most this many questions that share a feature are compared: a common feature is not a clue."""

IN_A_STEM = 200
"""At most this many tokens, words or numbers of a stem are compared."""


def compare_questions(questions: Sequence[Question], topic: frozenset[str], *, english: bool) -> list[Finding]:
    """Compare each question with earlier ones that it may resemble."""
    asked = [_asked(question.stem, english=english) for question in questions]
    found = _same_stems(questions, asked, english=english)
    if english:
        paired = {finding.question for finding in found}
        rest = [index for index, question in enumerate(questions) if question.id not in paired]
        found += _near_stems([questions[index] for index in rest], [asked[index] for index in rest])
        found += _answers_in_stems(questions, topic)
    return found


def _asked(stem: str, *, english: bool) -> str:
    """Normalise what a stem asks for: drop case, articles and instructions on how to answer."""
    if not english:
        return _whole(stem)
    listed = sentences(stem)
    last = max((index for index, sentence in enumerate(listed) if sentence.endswith("?")), default=len(listed))
    kept = [sentence for index, sentence in enumerate(listed) if index <= last or not INSTRUCTION.match(sentence)]
    return " ".join(without(exact_tokens(" ".join(kept)), HARMLESS))


def _whole(stem: str) -> str:
    """Normalise a whole stem: drop case and punctuation, but not in code."""
    return " ".join(exact_tokens(stem))


def _same_stems(questions: Sequence[Question], asked: Sequence[str], *, english: bool) -> list[Finding]:
    """Compare each question with a few earlier ones that have the same stem, until one gives a finding."""
    findings: list[Finding] = []
    seen: dict[str, list[Question]] = {}
    for question, stem in zip(questions, asked, strict=True):
        earlier = seen.setdefault(stem, [])
        weight = _weight(stem, english=english) if earlier else 0
        for other in earlier:
            finding = _compared(question, other, weight, english=english)
            if finding is not None:
                findings.append(finding)
                break
        if len(earlier) < IN_A_BUCKET:
            earlier.append(question)
    return findings


def _weight(asked: str, *, english: bool) -> int:
    """Count the words that say what a stem asks for."""
    listed = asked.split()
    return sum(token not in STOP for token in listed) if english else max(len(listed) - USUAL, 0)


def _compared(question: Question, other: Question, weight: int, *, english: bool) -> Finding | None:
    """Compare a question with an earlier one with the same stem.

    `weight` counts the words that say what it asks for.
    """
    if question.context != other.context:
        return None
    if question.passage != other.passage and (not english or _ELSEWHERE.search(fold(question.stem))):
        return None
    same = _whole(question.stem) == _whole(other.stem)
    clash = _contradiction(question, other, english=english) if weight and same else None
    if clash is not None:
        return clash
    return _similar(question, other) if _asked_twice(question, other, weight * same, english=english) else None


_LISTED_ONLY = re.compile(r"\b(?:these|those|following|statements?|options?|sentences?|answers?|here|below|above)\b")
_ELSEWHERE = re.compile(r"\b(?:this|that|these|those|following|here|above|below|passage|text|figure|table|example)\b")
_COMPARING = re.compile(
    r"\b(?:most|least|best|worst|better|worse|more|less|fewer|first|last|earlier|later|older|newer|higher|lower|larger|"
    r"smaller|bigger|longer|shorter|greater|[^\W\d_]{2,20}est)\b"
)


def _asked_twice(question: Question, other: Question, weight: int, *, english: bool) -> bool:
    """Whether two questions with the same stem ask the same; `which of these is true?` depends on its options.

    The weight is 0 if the stems differ in articles or instructions; then only their answers decide.
    """
    if question.type != other.type:
        return False
    if _answered_alike(question, other):
        return True
    if not question.right or weight < ENOUGH_WORDS:
        return False
    if not question.offers:
        return True
    stem = fold(question.stem)
    if english and _COMPARING.search(stem):
        return False
    options = {fold(option.text) for option in question.right + question.wrong}
    shared = sum(fold(option.text) in options for option in other.right + other.wrong)
    return shared >= SHARED_WORDS or (english and not _LISTED_ONLY.search(stem))


def _answered_alike(question: Question, other: Question) -> bool:
    """Whether two questions of one type share a right answer, or one accepts the right answer of the other."""
    if set(_right(question)) & set(_right(other)):
        return True
    if question.offers or question.judged or not question.right:
        return False
    answer = question.right[0].text
    return len(answer) <= LONGEST_ANSWER and _marked(other, answer) is Verdict.RIGHT


def _right(question: Question) -> list[str]:
    """Return the right answers, folded; an answer with several parts is joined into one."""
    return [fold(answer.text) for answer in question.right] or [fold(" ".join(map(str, question.solution)))]


def _similar(question: Question, other: Question) -> Finding:
    message = f"this asks nearly the same as `{other.id}`; remove one, or make the difference clear"
    return Finding("similar-stems", question.id, ("stem",), message)


def _contradiction(question: Question, other: Question, *, english: bool) -> Finding | None:
    """Find an answer that two questions with the same stem mark differently; comparisons may depend on the options."""
    if question.offers and other.offers and (not english or _COMPARING.search(fold(question.stem))):
        return None
    right, taken = ({fold(answer.text): answer for answer in each.right} for each in (question, other))
    wrong, refused = ({fold(answer.text): answer for answer in each.wrong} for each in (question, other))
    for text, answer in (wrong | right).items():
        here, there = ("wrong", "right") if text in wrong else ("right", "wrong")
        if text in (taken if here == "wrong" else refused):
            clash = f"`{shorten(answer.text)}` is {here} here, but {there} in `{other.id}`, which asks the same"
            return Finding("contradicting-key", question.id, answer.where, f"{clash}; fix one of the two")
    if not (right and taken) or question.offers or other.offers or set(right) & set(taken):
        return None
    mine, theirs = question.right[0], other.right[0]
    if _refuses(other, mine.text) and _refuses(question, theirs.text):
        answers = f"`{shorten(mine.text)}` is right here, but `{shorten(theirs.text)}`"
        message = f"{answers} is right in `{other.id}`, which asks the same; fix one of the two"
        return Finding("contradicting-key", question.id, mine.where, message)
    return None


def _refuses(question: Question, answer: str) -> bool:
    """Whether a question marks an answer wrong, rather than almost right or unreadable."""
    small = len(answer) <= LONGEST_ANSWER and len(question.right) <= MOST_ANSWERS
    return small and _marked(question, answer) is Verdict.WRONG


def _marked(question: Question, answer: str) -> Verdict:
    sheet = question.sheet(Random(0))  # noqa: S311  what is typed has no order
    return question.mark(sheet, answer).verdict


def _near_stems(questions: Sequence[Question], asked: Sequence[str]) -> Iterator[Finding]:
    """Find questions that share a right answer and nearly all words of their stems.

    The words alone prove little: `the capital of France` is nearly `the capital of Spain`.
    """
    groups: dict[str, list[int]] = {}
    for index, question in enumerate(questions):
        if not question.judged:
            for answer in dict.fromkeys(_right(question)[:IN_A_BUCKET]):
                groups.setdefault(answer, []).append(index)
    findings: dict[str, Finding] = {}
    for answer, group in groups.items():
        if len(group) > 1:
            near = [_bag(questions[index], asked[index]) for index in group]
            for question, other in _near_pairs(near, weak=_says_little(answer)):
                findings.setdefault(question.id, _similar(question, other))
    yield from findings.values()


def _says_little(answer: str) -> bool:
    """Whether an answer is common to many questions: a number, one or two letters, `all of the above`."""
    letters = sum(map(str.isalpha, answer[:LONGEST_ANSWER]))
    return letters < ENOUGH_LETTERS or bool(readings(answer)) or points_at_options(answer, ())


class _Bag(NamedTuple):
    """A question with the set of words in its stem."""

    question: Question
    words: frozenset[str]


def _bag(question: Question, asked: str) -> _Bag:
    """Return a question with its words; for a long stem, only those at the end, where the question is."""
    listed = asked.split()[-IN_A_STEM:]
    return _Bag(question, frozenset(token if token in STOP or token in TURNING else root(token) for token in listed))


def _near_pairs(bags: Sequence[_Bag], *, weak: bool) -> Iterator[tuple[Question, Question]]:
    """Pair each question with an earlier one that has nearly the same words, or exactly the same if the answer is weak.

    Two questions that share two thirds of their words share one of the rarest third (Chaudhuri, Ganti and Kaushik
    2006), so only those are compared.
    """
    amount = Counter(token for bag in bags for token in bag.words)
    having: dict[str, list[_Bag]] = {}
    for bag in bags:
        rarest = sorted(bag.words, key=lambda token: (amount[token], token))
        del rarest[min(len(rarest) // 3 + 1, IN_A_BUCKET) :]
        for earlier in {id(near): near for token in rarest for near in having.get(token, ())}.values():
            if _alike(bag, earlier, weak=weak):
                yield bag.question, earlier.question
                break
        for token in rarest:
            listed = having.setdefault(token, [])
            if len(listed) < IN_A_BUCKET:
                listed.append(bag)


def _alike(bag: _Bag, earlier: _Bag, *, weak: bool) -> bool:
    """Whether two stems with the same answer ask nearly the same: one has more words, or one of many words differs."""
    question, other = bag.question, earlier.question
    differing = bag.words ^ earlier.words
    both = len(bag.words) + len(earlier.words)
    shared = (both - len(differing)) / (both + len(differing)) if both else 1.0
    if shared < (1 if weak else NEARLY_WITHIN) or question.type != other.type:
        return False
    if question.context != other.context:
        return False
    if any(token in TURNING or not token.isalpha() for token in differing):
        return False
    if bag.words <= earlier.words or earlier.words <= bag.words:
        enough = not differing or min(len(bag.words), len(earlier.words)) >= SHARED_WORDS
    else:
        enough = shared >= ALIKE and bool(question.passage) and question.passage == other.passage
    return enough and differing.isdisjoint(_names(question.stem) | _names(other.stem))


_QUOTED = re.compile(r"""(?<!\w)[`"'][^`"']{1,80}[`"']""")
_CAPITAL = re.compile(r"(?<=[^.?!\s]\s)[A-Z]\w*")


def _names(stem: str) -> set[str]:
    """Return the roots of quoted words, code and names; if these differ, so do the questions."""
    mixed = (word for word in stem.split() if word[1:] != word[1:].lower())
    return {root(token) for token in tokens(" ".join([*_QUOTED.findall(stem), *_CAPITAL.findall(stem), *mixed]))}


_NUMBER = re.compile(
    r"(?<![\w.,/^-])(\d{1,15}(?:[.,']\d{1,15}){0,5})(?![\d(-])[ \N{NO-BREAK SPACE}]?([^\W\d_]{1,20}|%|)"
)
_DIGIT = re.compile(r"\d")
_PER_CENT = re.compile(r"\bper ?cent\b")


class _NumericQuestion(NamedTuple):
    """A question whose answer is a number: its position, and the number with its unit."""

    position: int
    number: NumberReading


def _answers_in_stems(questions: Sequence[Question], topic: frozenset[str]) -> Iterator[Finding]:
    """Find stems that give the number that another question on the same topic asks for.

    A question whose own stem has several numbers asks for a calculation; its result may occur anywhere.
    """
    given = {index: listed for index, question in enumerate(questions) if (listed := numbers_given(question.stem))}
    looked_up = (index for index in range(len(questions)) if len(given.get(index, ())) <= 1)
    asking = [asked for index in looked_up if (asked := _number_asked(index, questions[index]))]
    figures = {_figures(asked.number.written) for asked in asking}
    telling = {
        index: kept
        for index, listed in given.items()
        if (kept := [each for each in listed if _figures(each[0]) in figures])
    }
    places = telling.keys() | {asked.position for asked in asking} if telling else ()
    stems = {index: content(words(questions[index].stem)).keys() for index in places}
    by_number: dict[tuple[Fraction, str], list[_NumericQuestion]] = {}
    for asked in asking if telling else ():
        for word in sorted(stems[asked.position] - topic)[:IN_A_STEM]:
            bucket = by_number.setdefault((asked.number.value, word), [])
            if len(bucket) < IN_A_BUCKET:
                bucket.append(asked)
    for index, listed in telling.items():
        about = sorted(stems[index] - topic)[:IN_A_STEM]
        for written, unit in listed:
            number = next((reading.value for reading in readings(written)), Fraction(0))
            near = {asked for word in about for asked in by_number.get((number, word), ()) if asked.position != index}
            for asked in sorted(near):
                other = questions[asked.position]
                if len(stems[index] & stems[asked.position]) >= SHARED_WORDS and _gives(written, unit, asked, other):
                    yield _given(questions[index], other)


def _given(question: Question, asking: Question) -> Finding:
    answer = f"this stem gives {asking.right[0].text}, the answer to `{asking.id}`"
    return Finding("answer-in-stem", question.id, ("stem",), f"{answer}; remove the number, or ask for another")


def _number_asked(index: int, question: Question) -> _NumericQuestion | None:
    if question.offers or question.judged or not question.right or len(question.right[0].text) > LONGEST_ANSWER:
        return None
    found = readings(question.right[0].text)
    return _NumericQuestion(index, found[0]) if found else None


def numbers_given(stem: str) -> list[tuple[str, str]]:
    """Return the numbers in a stem, each with the word after it, which may be its unit."""
    if not _DIGIT.search(stem):
        return []
    plain = stem.lower() if stem.isascii() else fold(stem)
    plain = _PER_CENT.sub("%", plain) if "cent" in plain else plain
    return list(dict.fromkeys((match[1], match[2]) for match in islice(_NUMBER.finditer(plain), IN_A_STEM)))


def _figures(number: str) -> str:
    """Return the digits that all spellings of a number share: `1` for `1,000`, `1000` and `1000.0`."""
    return "".join(filter(str.isdecimal, number)).strip("0")


def _gives(number: str, unit: str, asked: _NumericQuestion, other: Question) -> bool:
    """Whether a number with the word after it answers a question; a small number without a unit may be chance."""
    if not asked.number.unit:
        return sum(map(str.isdigit, number)) >= SURE_NUMBER
    return unit == asked.number.unit or (bool(unit) and _marked(other, f"{number} {unit}") is Verdict.RIGHT)
