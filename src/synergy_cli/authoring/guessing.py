"""Measures how often rules that know nothing about the topic guess the key."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from synergy_cli.authoring.english import ABSOLUTES, HEDGES, QUANTIFIERS
from synergy_cli.authoring.findings import Finding, PreparedQuestion, prepare
from synergy_cli.languages import base_language
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from synergy_cli.course.question import Question


FEWEST_ITEMS = 20
MARGIN = 0.08
ERRORS = 3.0


class Guess(NamedTuple):
    """The score of a rule over the questions with one right option.

    Attributes:
        rule: which option it picks.
        advice: how to make it fail.
        score: expected share of right answers; tied options share evenly.
        chance: the expected share for a random option.
        error: standard error of the score of random options.
        items: number of questions.
    """

    rule: str
    advice: str
    score: float
    chance: float
    error: float
    items: int

    @property
    def tells(self) -> bool:
        """Whether the score differs from chance by more than a margin and by more than luck can explain."""
        off = abs(self.score - self.chance)
        return self.items >= FEWEST_ITEMS and off > MARGIN and off > ERRORS * self.error


def guesses(questions: Sequence[Question], language: str) -> list[Guess]:
    """Score each rule on a bank; rules that need a word list score only English banks."""
    english = base_language(language) == "en"
    scores = GuessScores(english=english)
    for question in questions:
        scores.add(prepare(question, frozenset(), english=english))
    return scores.guesses


class _Rule(NamedTuple):
    """A way to choose an option without knowing the answer.

    Attributes:
        name: which option it picks.
        advice: how to make it fail.
        weigh: returns a weight for each option of an item, right ones first.
        sign: 1 to pick the heaviest option, -1 to pick the lightest.
        english: whether it needs English word lists.
    """

    name: str
    advice: str
    weigh: Callable[[PreparedQuestion], list[int]]
    sign: int
    english: bool


def _length(item: PreparedQuestion) -> list[int]:
    return [len(option.text) for option in item.options]


def _echo(item: PreparedQuestion) -> list[int]:
    return [len(echo) for echo in item.echoes]


def _shade(item: PreparedQuestion) -> list[int]:
    """Return how hedged each option is: hedges count up, absolute words down."""
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
    """Adds up the score of each rule, question by question."""

    def __init__(self, *, english: bool) -> None:
        """Start without questions; rules that need word lists are left out if the bank is not English."""
        self._rules = [rule for rule in _RULES if english or not rule.english]
        self._score = [0.0 for _ in self._rules]
        self._variance = [0.0 for _ in self._rules]
        self._chance = 0.0
        self._items = 0

    def add(self, item: PreparedQuestion) -> None:
        """Add a question if it has wrong options and exactly one right one."""
        if len(item.right) != 1 or not item.wrong:
            return
        chance = 1 / len(item.options)
        self._items += 1
        self._chance += chance
        weighed = {weigh: weigh(item) for weigh in {rule.weigh for rule in self._rules}}
        for index, rule in enumerate(self._rules):
            weights = weighed[rule.weigh]
            picked = max(weights) if rule.sign > 0 else min(weights)
            tied = weights.count(picked)
            self._score[index] += (weights[0] == picked) / tied
            self._variance[index] += chance / tied - chance * chance

    @property
    def guesses(self) -> list[Guess]:
        """The scores so far."""
        count = self._items or 1
        chance = self._chance / count
        return [
            Guess(rule.name, rule.advice, score / count, chance, sqrt(max(variance, 0.0)) / count, self._items)
            for rule, score, variance in zip(self._rules, self._score, self._variance, strict=True)
        ]


def guessable_bank(scores: Iterable[Guess]) -> Iterator[Finding]:
    """Report each rule whose score differs from chance."""
    for guess in scores:
        if guess.tells:
            use = "picked" if guess.score > guess.chance else "ruled out"
            message = (
                f"{guess.rule} is right in {guess.score:.0%} of {guess.items:,} questions, "
                f"against {guess.chance:.0%} by chance, so it can be {use} without knowing the topic; {guess.advice}"
            )
            yield Finding("guessable-bank", "", (), message)
