"""How often rules that know nothing of the topic guess the key."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from synergy_cli.authoring.english import (
    ABSOLUTES,
    HEDGES,
    QUANTIFIERS,
)
from synergy_cli.authoring.item import Finding, Item, is_english, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from synergy_cli.course.question import Question


FEWEST_ITEMS = 20
MARGIN = 0.08
ERRORS = 3.0


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
        """Whether the score is off chance by more than a margin, and by more than luck gives."""
        off = abs(self.score - self.chance)
        return self.items >= FEWEST_ITEMS and off > MARGIN and off > ERRORS * self.error


def guesses(questions: Sequence[Question], language: str) -> list[Guess]:
    """Play a bank by rules that know nothing of its topic.

    Args:
        questions: those with options and one right option among them are played.
        language: of their texts; rules that need a list of words play English ones alone.

    Returns:
        What each rule scores.
    """
    english = is_english(language)
    tally = GuessScores(english=english)
    for question in questions:
        tally.add(prepare(question, frozenset(), english=english))
    return tally.guesses


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
    weigh: Callable[[Item], list[int]]
    sign: int
    english: bool


def _length(item: Item) -> list[int]:
    return [len(option.text) for option in item.options]


def _echo(item: Item) -> list[int]:
    return [len(echo) for echo in item.echoes]


def _shade(item: Item) -> list[int]:
    """Return how hedged each option is: careful words count up, absolute ones down."""
    return [
        0 if _SHADING.isdisjoint(listed) else sum((word in HEDGES) - (word in COUNTED) for word in listed)
        for listed in item.words
    ]


COUNTED = ABSOLUTES | QUANTIFIERS
_SHADING = HEDGES | COUNTED
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


class GuessScores:
    """Adds up, question by question, what each rule scores."""

    def __init__(self, *, english: bool) -> None:
        """Start with no question played; rules that need English words only play English banks."""
        self._rules = [rule for rule in _RULES if english or not rule.english]
        self._score = [0.0 for _ in self._rules]
        self._variance = [0.0 for _ in self._rules]
        self._chance = 0.0
        self._items = 0

    def add(self, item: Item) -> None:
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
        """The scores so far."""
        count = self._items or 1
        chance = self._chance / count
        return [
            Guess(rule.name, rule.advice, score / count, chance, sqrt(max(variance, 0.0)) / count, self._items)
            for rule, score, variance in zip(self._rules, self._score, self._variance, strict=True)
        ]


def guessable_bank(played: Iterable[Guess]) -> Iterator[Finding]:
    """Report each rule whose score tells it from chance."""
    for guess in played:
        if guess.tells:
            beats = guess.score > guess.chance
            taken = f"{guess.rule} is right in {guess.score:.0%} of {guess.items:,} questions"
            told = (
                f"{taken}, where chance gives {guess.chance:.0%}, so that it can be {'taken' if beats else 'ruled out'}"
            )
            yield Finding("guessable-bank", "", (), f"{told} without knowing; {guess.advice}")
