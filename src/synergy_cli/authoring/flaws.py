"""Flaws of items that make a question easy to guess or to misread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from synergy_cli.authoring.english import (
    ABSOLUTES,
    NEGATIONS,
    POINTERS,
    asks_for_what_is_not,
    points_at_options,
    without,
    words,
)
from synergy_cli.authoring.guessing import COUNTED, GuessScores, guessable_bank
from synergy_cli.authoring.item import Finding, Item, is_english, prepare, shorten, topic_roots
from synergy_cli.authoring.similar import ENOUGH_WORDS, compare_questions
from synergy_cli.text import fold, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from synergy_cli.course.question import Named, Question


MUCH_LONGER = 1.5
LONGER_BY = 15

MOST = 0.5
"""Above this share, a feature of wrong options is a feature of most of them."""


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
    tally = GuessScores(english=english)
    checks = _CHECKS + _ENGLISH_CHECKS if english else _CHECKS
    topic = topic_roots(questions) if english else frozenset()
    for question in questions:
        item = prepare(question, topic, english=english)
        tally.add(item)
        for check in checks:
            found += check(item)
    found += guessable_bank(tally.guesses)
    found += compare_questions(questions, topic, english=english)
    order = {question.id: place for place, question in enumerate(questions)}
    return sorted(found, key=lambda finding: order.get(finding.question, -1))


def _longest_key(item: Item) -> Iterator[Finding]:
    if not item.right or not item.wrong:
        return
    key = min(item.right, key=lambda option: len(option.text))
    length, other = len(key.text), max(len(option.text) for option in item.wrong)
    if length >= MUCH_LONGER * other and length - other >= LONGER_BY:
        name = "this key" if len(item.right) == 1 else "the shortest key"
        told = f"{name} has {length} letters, the longest wrong option {other}"
        message = f"{told}; shorten it, or give the others as much detail"
        yield Finding("longest-key", item.question.id, key.where, message)


def _no_feedback(item: Item) -> Iterator[Finding]:
    for option in item.wrong:
        if not option.feedback:
            message = f"nothing says why `{shorten(option.text)}` is wrong; add `feedback`"
            yield Finding("no-feedback", item.question.id, option.where, message)


def _similar_options(item: Item) -> Iterator[Finding]:
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
            message = f"this says the same as `{shorten(first.text)}`; put another option here, or leave it out"
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
    """Return the share of what either has that both have, 0 to 1."""
    return len(first & second) / len(first | second) if first or second else 0.0


def _stem_word_in_key(item: Item) -> Iterator[Finding]:
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


def _absolute_distractor(item: Item) -> Iterator[Finding]:
    """Find wrong options that can be ruled out by a word.

    One of several is chance: only most of them tell. `All` and `none` may be part of the matter, so they tell only
    beside stronger words, and when no wrong option is without.
    """
    if not item.wrong or all(map(COUNTED.isdisjoint, item.words)):
        return
    found = [_absolutes(option, item.asked) for option in item.options]
    right, wrong = found[: len(item.right)], found[len(item.right) :]
    strong = sum(not ABSOLUTES.isdisjoint(each) for each in wrong)
    if any(right) or not (strong > MOST * len(wrong) or (strong and all(wrong))):
        return
    having = [place for place, each in enumerate(wrong) if each]
    listed = ", ".join(f"`{word}`" for word in sorted({word for each in wrong for word in each}))
    told = f"{listed} in {len(having)} of {plural(len(wrong), 'wrong option')}, and in no right one"
    message = f"{told}, rules them out; say them without"
    yield Finding("absolute-distractor", item.question.id, item.wrong[having[0]].where, message)


def _absolutes(option: Named, asked: Sequence[str]) -> list[str]:
    """Return the absolute words of an option that are its own: not the stem's, not one alone, no `all of the above`."""
    listed = words(option.text)
    own = [word for word in listed if word in COUNTED and word not in asked]
    return own if len(listed) > 1 and not (own and points_at_options(option.text, ())) else []


def _negative_stem(item: Item) -> Iterator[Finding]:
    question = item.question
    if NEGATIONS.isdisjoint(item.asked) or not (question.offers or question.judged):
        return
    if not asks_for_what_is_not(question.stem, judged=question.judged):
        return
    told = "the statement is a negated one" if question.judged else "the stem asks for what is not so"
    message = f"{told}, which is easily misread; ask for what is so"
    yield Finding("negative-stem", question.id, ("stem",), message)


def _catch_all_option(item: Item) -> Iterator[Finding]:
    for place, option in enumerate(item.options):
        if item.words[place][:1] and item.words[place][0] in POINTERS:
            others = [item.question.stem, *(other.text for other in item.options if other is not option)]
            if points_at_options(option.text, others):
                told = f"`{shorten(option.text)}` points at other options, which are shuffled"
                message = f"{told}; put an option here that stands for itself"
                yield Finding("catch-all-option", item.question.id, option.where, message)


_CHECKS: tuple[Callable[[Item], Iterator[Finding]], ...] = (_longest_key, _no_feedback, _similar_options)
_ENGLISH_CHECKS: tuple[Callable[[Item], Iterator[Finding]], ...] = (
    _stem_word_in_key,
    _absolute_distractor,
    _negative_stem,
    _catch_all_option,
)
