"""What is wrong with a question though its form is right: it can be guessed, misread, or taught wrongly.

A false alarm costs more than a miss, because it teaches an author to look away: where wording alone cannot decide,
nothing is said. What needs a list of words is looked for in English texts alone.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import islice
from math import sqrt
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from synergy_cli.answers import split_number
from synergy_cli.questions import Verdict
from synergy_cli.text import counted, fold
from synergy_cli.wording import (
    ABSOLUTES,
    HARMLESS,
    HEDGES,
    NEGATIONS,
    POINTERS,
    QUANTIFIERS,
    STOP,
    TURNING,
    asks_for_what_is_not,
    content,
    points_at_options,
    root,
    sentences,
    tokens,
    without,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from synergy_cli.questions import Named, Question

LONGEST_ANSWER = 200
MOST_ANSWERS = 30
COMMON = 0.1
COMMON_AT_LEAST = 3
SAMPLE = 2000
MUCH_LONGER = 1.5
LONGER_BY = 15
FEWEST_ITEMS = 20
MARGIN = 0.08
ERRORS = 3.0
MOST = 0.5
"""Above this share, a feature of wrong options is a feature of most of them."""

ENOUGH_WORDS = 3
USUAL = 2
"""So many words of a stem tell nothing, as `what is` does not, when there is no list of such words."""

ENOUGH_LETTERS = 3
NUMBER_OF_ITSELF = 3
SHARED_WORDS = 2
ALIKE = 0.75
NEARLY_WITHIN = 2 / 3
IN_A_BUCKET = 8
"""So many of those that have something rare in common are compared: what all have in common tells nothing."""

IN_A_STEM = 200
"""So many tokens, words or numbers of a stem are compared."""


class Finding(NamedTuple):
    """Something found about a question.

    Attributes:
        code: one of `faults.CODES`.
        question: its id; empty when it is about the bank as a whole.
        where: the way from the question to the spot: keys, and places in lists counted from 0.
        message: what is wrong, and what to do.
    """

    code: str
    question: str
    where: tuple[str | int, ...]
    message: str


class Guess(NamedTuple):
    """What a rule that knows nothing of the topic scores over the questions with one right option.

    Attributes:
        rule: which option it takes.
        advice: what to do about it.
        score: expected share of right answers; options that tie share evenly.
        chance: the same for an option taken blindly.
        error: standard error of the score when only chance is at work.
        items: how many questions.
    """

    rule: str
    advice: str
    score: float
    chance: float
    error: float
    items: int

    @property
    def tells(self) -> bool:
        """Tell whether the score is off chance by more than a margin, and by more than luck gives."""
        off = abs(self.score - self.chance)
        return self.items >= FEWEST_ITEMS and off > MARGIN and off > ERRORS * self.error


class _Item(NamedTuple):
    """A question with what is looked at more than once.

    Attributes:
        question: the question.
        right: its right options, when it has options to choose from.
        wrong: its wrong options, the same.
        words: the words of each option, right ones first.
        asked: the words of the stem; empty when the text is not English.
        topic: the roots of words that stand in so many stems that they tell nothing in any of them.
        stem: the words of the stem that tell what it is about, by their roots; empty likewise.
        echoes: for each option, the roots of its words that the stem has too; empty likewise.
    """

    question: Question
    right: tuple[Named, ...]
    wrong: tuple[Named, ...]
    words: list[list[str]]
    asked: list[str]
    topic: frozenset[str]
    stem: dict[str, str]
    echoes: list[set[str]]

    @property
    def options(self) -> tuple[Named, ...]:
        """Give all options, right ones first."""
        return self.right + self.wrong


def findings(questions: Sequence[Question], language: str) -> list[Finding]:
    """Look questions over.

    Args:
        questions: each sound in its form.
        language: of their texts, as `en` or `de-AT`. In other languages than English only what needs no list of words
            is looked for: lengths, missing feedback, options and stems that are the same but for punctuation, answers
            that contradict each other.

    Returns:
        What was found: about the bank, then question by question.
    """
    english = is_english(language)
    found: list[Finding] = []
    tally = _Tally(english=english)
    checks = _CHECKS + _ENGLISH_CHECKS if english else _CHECKS
    topic = _topic(questions) if english else frozenset()
    for question in questions:
        item = _item(question, topic, english=english)
        tally.add(item)
        for check in checks:
            found += check(item)
    found += _about_bank(tally.guesses)
    found += _pairs(questions, topic, english=english)
    order = {question.id: place for place, question in enumerate(questions)}
    return sorted(found, key=lambda finding: order.get(finding.question, -1))


def guesses(questions: Sequence[Question], language: str) -> list[Guess]:
    """Play a bank by rules that know nothing of its topic.

    Args:
        questions: those with options and one right option among them are played.
        language: of their texts; rules that need a list of words play English ones alone.

    Returns:
        What each rule scores.
    """
    english = is_english(language)
    tally = _Tally(english=english)
    for question in questions:
        tally.add(_item(question, frozenset(), english=english))
    return tally.guesses


def is_english(language: str) -> bool:
    """Tell whether a language, as `en` or `en-GB`, is English."""
    return re.split("[-_]", language, maxsplit=1)[0].casefold() == "en"


class _Rule(NamedTuple):
    """A way to choose an option without knowing.

    Attributes:
        name: which option it takes.
        advice: what an author does about it.
        weigh: from an item to a weight for each option.
        sign: 1 when the heaviest is taken, -1 when the lightest.
        english: whether it needs lists of English words.
    """

    name: str
    advice: str
    weigh: Callable[[_Item], list[int]]
    sign: int
    english: bool


def _length(item: _Item) -> list[int]:
    return [len(option.text) for option in item.options]


def _echo(item: _Item) -> list[int]:
    return [len(echo) for echo in item.echoes]


def _shade(item: _Item) -> list[int]:
    """Give how hedged each option is: careful words count up, absolute ones down."""
    return [
        0 if _SHADING.isdisjoint(listed) else sum((word in HEDGES) - (word in _COUNTED) for word in listed)
        for listed in item.words
    ]


_COUNTED = ABSOLUTES | QUANTIFIERS
_SHADING = HEDGES | _COUNTED
_LENGTHS = "make right and wrong options equally long"
_ECHOES = "use words of the stem in right and wrong options alike"
_SHADES = "spread words like `may` and `always` over right and wrong options alike"
_RULES = (
    _Rule("the longest option", _LENGTHS, _length, sign=1, english=False),
    _Rule("the shortest option", _LENGTHS, _length, sign=-1, english=False),
    _Rule("the option with most words of the stem", _ECHOES, _echo, sign=1, english=True),
    _Rule("the most hedged option", _SHADES, _shade, sign=1, english=True),
    _Rule("the least hedged option", _SHADES, _shade, sign=-1, english=True),
)


class _Tally:
    """Adds up, question by question, what each rule scores."""

    def __init__(self, *, english: bool) -> None:
        self._rules = [rule for rule in _RULES if english or not rule.english]
        self._score = [0.0 for _ in self._rules]
        self._variance = [0.0 for _ in self._rules]
        self._chance = 0.0
        self._items = 0

    def add(self, item: _Item) -> None:
        """Play one question, unless it has not exactly one right option."""
        if len(item.right) != 1 or not item.wrong:
            return
        chance = 1 / len(item.options)
        self._items += 1
        self._chance += chance
        weighed = {weigh: weigh(item) for weigh in {rule.weigh for rule in self._rules}}
        for place, rule in enumerate(self._rules):
            weights = weighed[rule.weigh]
            taken = max(weights) if rule.sign > 0 else min(weights)
            tied = weights.count(taken)
            self._score[place] += (weights[0] == taken) / tied
            self._variance[place] += chance / tied - chance * chance

    @property
    def guesses(self) -> list[Guess]:
        """Give the scores so far."""
        count = self._items or 1
        chance = self._chance / count
        return [
            Guess(rule.name, rule.advice, score / count, chance, sqrt(max(variance, 0.0)) / count, self._items)
            for rule, score, variance in zip(self._rules, self._score, self._variance, strict=True)
        ]


def _about_bank(played: Iterable[Guess]) -> Iterator[Finding]:
    for guess in played:
        if guess.tells:
            beats = guess.score > guess.chance
            taken = f"{guess.rule} is right in {guess.score:.0%} of {guess.items:,} questions"
            told = (
                f"{taken}, where chance gives {guess.chance:.0%}, so that it can be {'taken' if beats else 'ruled out'}"
            )
            yield Finding("guessable-bank", "", (), f"{told} without knowing; {guess.advice}")


def _topic(questions: Sequence[Question]) -> frozenset[str]:
    """Give the roots of words that stand in so many stems of a bank that they tell nothing in any of them."""
    sample = questions[:: 1 + len(questions) // SAMPLE]
    amount = Counter(word for question in sample for word in content(words(question.stem)))
    enough = max(COMMON_AT_LEAST, COMMON * len(sample))
    return frozenset(word for word, count in amount.items() if count > enough)


def _item(question: Question, topic: frozenset[str], *, english: bool) -> _Item:
    right, wrong = (question.right, question.wrong) if question.offers else ((), ())
    listed = [words(option.text) for option in right + wrong]
    if not english:
        return _Item(question, right, wrong, listed, [], topic, {}, [])
    asked = words(question.stem)
    stem = content(asked) if listed else {}
    echoes = [content(each).keys() & stem.keys() for each in listed]
    return _Item(question, right, wrong, listed, asked, topic, stem, echoes)


def _longest_key(item: _Item) -> Iterator[Finding]:
    if not item.right or not item.wrong:
        return
    key = min(item.right, key=lambda option: len(option.text))
    length, other = len(key.text), max(len(option.text) for option in item.wrong)
    if length >= MUCH_LONGER * other and length - other >= LONGER_BY:
        name = "this key" if len(item.right) == 1 else "the shortest key"
        told = f"{name} has {length} letters, the longest wrong option {other}"
        message = f"{told}; shorten it, or give the others as much detail"
        yield Finding("longest-key", item.question.id, key.where, message)


def _no_feedback(item: _Item) -> Iterator[Finding]:
    for option in item.wrong:
        if not option.feedback:
            message = f"nothing says why `{_shorten(option.text)}` is wrong; add `feedback`"
            yield Finding("no-feedback", item.question.id, option.where, message)


def _similar_options(item: _Item) -> Iterator[Finding]:
    """Find options that say the same; where all options do, how it is said is what is asked."""
    if len({frozenset(listed) - _ARTICLES for listed in item.words}) == len(item.words):
        return
    groups: dict[tuple[str, ...], list[Named]] = {}
    for option in item.options:
        groups.setdefault(_option_form(option.text, english=bool(item.echoes)), []).append(option)
    if len(groups) in {1, len(item.options)}:
        return
    for form, (first, *repeats) in groups.items():
        if repeats and not any(_overlap(set(form), set(other)) >= MOST for other in groups if other != form):
            message = f"this says the same as `{_shorten(first.text)}`; put another option here, or leave it out"
            for option in repeats:
                yield Finding("similar-options", item.question.id, option.where, message)


_ARTICLES = frozenset({"a", "an", "the"})
_CODE = re.compile(r"[^\w\s.,;:!?'-]")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_JOINTS = re.compile(r"\b(and|or)\b")


def _option_form(text: str, *, english: bool) -> tuple[str, ...]:
    """Bring spellings of one option together; a text with signs in it, as code has, stays as it is."""
    plain = fold(text)
    trimmed = _HYPHEN.sub(" ", plain.rstrip(".,;:!? "))
    if _CODE.search(plain) or not trimmed:
        return (plain,)
    if not english or len(trimmed.split()) < ENOUGH_WORDS:
        return tuple(trimmed.split())
    parts = [" ".join(without(part.split(), _ARTICLES)) for part in _JOINTS.split(trimmed)]
    return tuple(" ".join(sorted(parts) if len(parts) > 1 else parts).split())


def _overlap(first: AbstractSet[str], second: AbstractSet[str]) -> float:
    """Give the share of what either has that both have, 0 to 1."""
    return len(first & second) / len(first | second) if first or second else 0.0


def _stem_word_in_key(item: _Item) -> Iterator[Finding]:
    """Find a right option that alone echoes the stem; another that echoes it as much makes the echo no clue."""
    if len(item.right) != 1 or not item.wrong:
        return
    key, *others = item.echoes
    telling = key.difference(item.topic, *others)
    if telling and len(key) > max(map(len, others)):
        word = min(item.stem[each] for each in telling)
        told = f"`{word}` of the stem stands in this key and in no wrong option, which points at it"
        message = f"{told}; say it otherwise, or let a wrong option have the word too"
        yield Finding("stem-word-in-key", item.question.id, item.right[0].where, message)


def _absolute_distractor(item: _Item) -> Iterator[Finding]:
    """Find wrong options that can be ruled out by a word.

    One of several is chance: only most of them tell. `All` and `none` may be part of the matter, so they tell only
    beside stronger words, and when no wrong option is without.
    """
    if not item.wrong or all(map(_COUNTED.isdisjoint, item.words)):
        return
    found = [_absolutes(option, item.asked) for option in item.options]
    right, wrong = found[: len(item.right)], found[len(item.right) :]
    strong = sum(not ABSOLUTES.isdisjoint(each) for each in wrong)
    if any(right) or not (strong > MOST * len(wrong) or (strong and all(wrong))):
        return
    having = [place for place, each in enumerate(wrong) if each]
    listed = ", ".join(f"`{word}`" for word in sorted({word for each in wrong for word in each}))
    told = f"{listed} in {len(having)} of {counted(len(wrong), 'wrong option')}, and in no right one"
    message = f"{told}, rules them out; say them without"
    yield Finding("absolute-distractor", item.question.id, item.wrong[having[0]].where, message)


def _absolutes(option: Named, asked: Sequence[str]) -> list[str]:
    """Give the absolute words of an option that are its own: not the stem's, not one alone, no `all of the above`."""
    listed = words(option.text)
    own = [word for word in listed if word in _COUNTED and word not in asked]
    return own if len(listed) > 1 and not (own and points_at_options(option.text, ())) else []


def _negative_stem(item: _Item) -> Iterator[Finding]:
    question = item.question
    if NEGATIONS.isdisjoint(item.asked) or not (question.offers or question.judged):
        return
    if not asks_for_what_is_not(question.stem, judged=question.judged):
        return
    told = "the statement is a negated one" if question.judged else "the stem asks for what is not so"
    message = f"{told}, which is easily misread; ask for what is so"
    yield Finding("negative-stem", question.id, ("stem",), message)


def _catch_all_option(item: _Item) -> Iterator[Finding]:
    for place, option in enumerate(item.options):
        if item.words[place][:1] and item.words[place][0] in POINTERS:
            others = [item.question.stem, *(other.text for other in item.options if other is not option)]
            if points_at_options(option.text, others):
                told = f"`{_shorten(option.text)}` points at other options, which are shuffled"
                message = f"{told}; put an option here that stands for itself"
                yield Finding("catch-all-option", item.question.id, option.where, message)


_CHECKS: tuple[Callable[[_Item], Iterator[Finding]], ...] = (_longest_key, _no_feedback, _similar_options)
_ENGLISH_CHECKS: tuple[Callable[[_Item], Iterator[Finding]], ...] = (
    _stem_word_in_key,
    _absolute_distractor,
    _negative_stem,
    _catch_all_option,
)


def _shorten(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _pairs(questions: Sequence[Question], topic: frozenset[str], *, english: bool) -> list[Finding]:
    """Compare questions with earlier ones that might be like them."""
    asked = [_asked(question.stem, english=english) for question in questions]
    found = _same_stems(questions, asked, english=english)
    if english:
        paired = {finding.question for finding in found}
        rest = [place for place, question in enumerate(questions) if question.id not in paired]
        found += _near_stems([questions[place] for place in rest], [asked[place] for place in rest])
        found += _answers_in_stems(questions, topic)
    return found


_INSTRUCTION = re.compile(
    r"(?:give|answer|name|state|write|type|enter|round|choose|select|pick|use|tick)\b", re.IGNORECASE
)


def _asked(stem: str, *, english: bool) -> str:
    """Give what a stem asks for, without what makes no difference: case, articles, how the answer is to be given."""
    if not english:
        return " ".join(tokens(stem))
    listed = sentences(stem)
    last = max((place for place, sentence in enumerate(listed) if sentence.endswith("?")), default=len(listed))
    kept = [sentence for place, sentence in enumerate(listed) if place <= last or not _INSTRUCTION.match(sentence)]
    return " ".join(without(tokens(" ".join(kept)), HARMLESS))


def _same_stems(questions: Sequence[Question], asked: Sequence[str], *, english: bool) -> list[Finding]:
    """Compare questions whose stems ask the same, each with a few earlier ones, until something is found."""
    found: list[Finding] = []
    seen: dict[str, list[Question]] = {}
    for question, stem in zip(questions, asked, strict=True):
        earlier = seen.setdefault(stem, [])
        weight = _weight(stem, english=english) if earlier else 0
        for other in earlier:
            finding = _compared(question, other, weight, english=english)
            if finding is not None:
                found.append(finding)
                break
        if len(earlier) < IN_A_BUCKET:
            earlier.append(question)
    return found


def _weight(asked: str, *, english: bool) -> int:
    """Count the words of a stem that tell what it asks for."""
    listed = asked.split()
    return sum(token not in STOP for token in listed) if english else max(len(listed) - USUAL, 0)


def _compared(question: Question, other: Question, weight: int, *, english: bool) -> Finding | None:
    """Compare a question with an earlier one of the same stem, in which so many words carry weight."""
    if question.passage != other.passage and (not english or _ELSEWHERE.search(fold(question.stem))):
        return None
    clash = _contradiction(question, other, english=english) if weight else None
    if clash is not None:
        return clash
    return _similar(question, other) if _asked_twice(question, other, weight, english=english) else None


_LISTED_ONLY = re.compile(r"\b(?:these|those|following|statements?|options?|sentences?|answers?|here|below|above)\b")
_ELSEWHERE = re.compile(r"\b(?:this|that|these|those|following|here|above|below|passage|text|figure|table|example)\b")
_COMPARING = re.compile(
    r"\b(?:most|least|best|worst|better|worse|more|less|fewer|first|last|earlier|later|older|newer|higher|lower|larger|"
    r"smaller|bigger|longer|shorter|greater|[^\W\d_]{2,20}est)\b"
)


def _asked_twice(question: Question, other: Question, weight: int, *, english: bool) -> bool:
    """Tell whether two questions of one stem are one; `which of these is so?` is another with other options."""
    if question.kind != other.kind:
        return False
    if set(_right(question)) & set(_right(other)):
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


def _right(question: Question) -> list[str]:
    """Give the right answers, folded; one when it has several parts."""
    return [fold(answer.text) for answer in question.right] or [fold(" ".join(question.solution))]


def _similar(question: Question, other: Question) -> Finding:
    message = f"this asks nearly the same as `{other.id}`; keep one of the two, or make plain how they differ"
    return Finding("similar-stems", question.id, ("stem",), message)


def _contradiction(question: Question, other: Question, *, english: bool) -> Finding | None:
    """Find an answer that two questions of one stem mark differently; the largest of some options need not be so."""
    if question.offers and other.offers and (not english or _COMPARING.search(fold(question.stem))):
        return None
    right, taken = ({fold(answer.text): answer for answer in each.right} for each in (question, other))
    wrong, refused = ({fold(answer.text): answer for answer in each.wrong} for each in (question, other))
    for text, answer in (wrong | right).items():
        here, there = ("wrong", "right") if text in wrong else ("right", "wrong")
        if text in (taken if here == "wrong" else refused):
            told = f"`{_shorten(answer.text)}` is {here} here, and {there} in `{other.id}`, which asks the same"
            return Finding("contradicting-key", question.id, answer.where, f"{told}; mend one of the two")
    if not (right and taken) or question.offers or other.offers or set(right) & set(taken):
        return None
    mine, theirs = question.right[0], other.right[0]
    if _refuses(other, mine.text) and _refuses(question, theirs.text):
        told = (
            f"`{_shorten(mine.text)}` is right here, but `{_shorten(theirs.text)}` in `{other.id}`, which asks the same"
        )
        return Finding("contradicting-key", question.id, mine.where, f"{told}; mend one of the two")
    return None


def _refuses(question: Question, answer: str) -> bool:
    """Tell whether a question marks an answer wrong; one that it nearly takes, or cannot read, it does not refuse."""
    small = len(answer) <= LONGEST_ANSWER and len(question.right) <= MOST_ANSWERS
    return small and _marked(question, answer) is Verdict.WRONG


def _marked(question: Question, answer: str) -> Verdict:
    sheet = question.sheet(Random(0))  # noqa: S311  what is typed has no order
    return question.mark(sheet, answer).verdict


def _near_stems(questions: Sequence[Question], asked: Sequence[str]) -> Iterator[Finding]:
    """Find questions that share a right answer and nearly all words of their stems.

    Without the answer the words prove little: `the capital of France` is nearly `the capital of Spain`.
    """
    groups: dict[str, list[int]] = {}
    for place, question in enumerate(questions):
        if not question.judged:
            for answer in _right(question)[:IN_A_BUCKET]:
                groups.setdefault(answer, []).append(place)
    found: dict[str, Finding] = {}
    for answer, group in groups.items():
        if len(group) > 1:
            near = [_bag(questions[place], asked[place]) for place in group]
            for question, other in _near_pairs(near, weak=_says_little(answer)):
                found.setdefault(question.id, _similar(question, other))
    yield from found.values()


def _says_little(answer: str) -> bool:
    """Tell whether many questions have such an answer: a number, a letter or two, `all of the above`."""
    letters = sum(map(str.isalpha, answer[:LONGEST_ANSWER]))
    return letters < ENOUGH_LETTERS or split_number(answer)[0] is not None or points_at_options(answer, ())


class _Bag(NamedTuple):
    """A question with the words of its stem, in whatever order."""

    question: Question
    words: frozenset[str]


def _bag(question: Question, asked: str) -> _Bag:
    """Give a question with its words; of a long stem its end, where the question stands."""
    listed = asked.split()[-IN_A_STEM:]
    return _Bag(question, frozenset(token if token in STOP or token in TURNING else root(token) for token in listed))


def _near_pairs(bags: Sequence[_Bag], *, weak: bool) -> Iterator[tuple[Question, Question]]:
    """Pair each question with an earlier one that has nearly the same words: with a weak answer, just the same.

    Two that share two thirds of their words share one of the rarest third (Chaudhuri, Ganti and Kaushik 2006): only
    questions that do are compared.
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
    """Tell whether two stems with one answer ask nearly the same: one says more, or a word of many is another."""
    question, other = bag.question, earlier.question
    differing = bag.words ^ earlier.words
    both = len(bag.words) + len(earlier.words)
    shared = (both - len(differing)) / (both + len(differing)) if both else 1.0
    if shared < (1 if weak else NEARLY_WITHIN) or question.kind != other.kind:
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
    """Give the roots of words in quotes, of code and of names: one of them for another makes another question."""
    mixed = (word for word in stem.split() if word[1:] != word[1:].lower())
    return {root(token) for token in tokens(" ".join([*_QUOTED.findall(stem), *_CAPITAL.findall(stem), *mixed]))}


_NUMBER = re.compile(
    r"(?<![\w.,/^-])(\d{1,15}(?:[.,']\d{1,15}){0,5})(?![\d(-])[ \N{NO-BREAK SPACE}]?([^\W\d_]{1,20}|%|)"
)
_DIGIT = re.compile(r"\d")
_PER_CENT = re.compile(r"\bper ?cent\b")


class _Asked(NamedTuple):
    """A question whose answer is a number: its place, the number and its unit."""

    place: int
    number: Decimal
    unit: str


def _answers_in_stems(questions: Sequence[Question], topic: frozenset[str]) -> Iterator[Finding]:
    """Find stems that give a number for which another question about the same asks.

    One whose own stem has several numbers asks for a calculation: its result may stand anywhere.
    """
    given = {place: listed for place, question in enumerate(questions) if (listed := _numbers_given(question.stem))}
    looked_up = (place for place in range(len(questions)) if len(given.get(place, ())) <= 1)
    asking = [asked for place in looked_up if (asked := _number_asked(place, questions[place]))]
    figures = {_figures(f"{asked.number:f}") for asked in asking}
    telling = {
        place: kept
        for place, listed in given.items()
        if (kept := [each for each in listed if _figures(each[0]) in figures])
    }
    places = telling.keys() | {asked.place for asked in asking} if telling else ()
    stems = {place: content(words(questions[place].stem)).keys() for place in places}
    index: dict[tuple[Decimal, str], list[_Asked]] = {}
    for asked in asking if telling else ():
        for word in sorted(stems[asked.place] - topic)[:IN_A_STEM]:
            bucket = index.setdefault((asked.number, word), [])
            if len(bucket) < IN_A_BUCKET:
                bucket.append(asked)
    for place, listed in telling.items():
        about = sorted(stems[place] - topic)[:IN_A_STEM]
        for written, unit in listed:
            number = split_number(written)[0] or Decimal(0)
            near = {asked for word in about for asked in index.get((number, word), ()) if asked.place != place}
            for asked in sorted(near):
                other = questions[asked.place]
                if len(stems[place] & stems[asked.place]) >= SHARED_WORDS and _gives(written, unit, asked, other):
                    yield _given(questions[place], other)


def _given(question: Question, asking: Question) -> Finding:
    told = f"this stem gives {asking.right[0].text}, for which `{asking.id}` asks"
    return Finding("answer-in-stem", question.id, ("stem",), f"{told}; leave the number out, or ask for another")


def _number_asked(place: int, question: Question) -> _Asked | None:
    if question.offers or question.judged or not question.right or len(question.right[0].text) > LONGEST_ANSWER:
        return None
    number, unit = split_number(question.right[0].text)
    return None if number is None else _Asked(place, number, unit)


def _numbers_given(stem: str) -> list[tuple[str, str]]:
    """Give the numbers of a stem, each with the word after it, which may be its unit."""
    if not _DIGIT.search(stem):
        return []
    plain = stem.lower() if stem.isascii() else fold(stem)
    plain = _PER_CENT.sub("%", plain) if "cent" in plain else plain
    return list(dict.fromkeys((match[1], match[2]) for match in islice(_NUMBER.finditer(plain), IN_A_STEM)))


def _figures(number: str) -> str:
    """Give the digits of a number that two spellings of it share: `1,000`, `1000` and `1000.0` have `1`."""
    return "".join(filter(str.isdecimal, number)).strip("0")


def _gives(number: str, unit: str, asked: _Asked, other: Question) -> bool:
    """Tell whether a number with the word after it is what is asked for; a small number without a unit is chance."""
    if not asked.unit:
        return len(asked.number.as_tuple().digits) >= NUMBER_OF_ITSELF
    return unit == asked.unit or (bool(unit) and _marked(other, f"{number} {unit}") is Verdict.RIGHT)
