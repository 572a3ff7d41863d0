"""Finds flaws that make a question easy to guess or to misread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from synergy_cli.authoring.english import (
    ABSOLUTES,
    ARTICLES,
    NEGATIONS,
    POINTERS,
    STOP,
    asks_for_what_is_not,
    points_at_options,
    without,
    words,
)
from synergy_cli.authoring.findings import Finding, PreparedQuestion, prepare, topic_roots
from synergy_cli.authoring.guessing import COUNTED, GuessScores, guessable_bank
from synergy_cli.authoring.remarks import key_in_hint, pointing_remarks
from synergy_cli.authoring.similar import ENOUGH_WORDS, compare_questions
from synergy_cli.languages import base_language
from synergy_cli.text import fold, plural, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from synergy_cli.course.question import Named, Question


MUCH_LONGER = 1.5
LONGER_BY = 15

LONGEST_SMALL_WORD = 2
MOST = 0.5
"""A feature of more than this share of the wrong options counts as a feature of most of them."""


def findings(questions: Sequence[Question], language: str) -> list[Finding]:
    """Review valid questions; return findings about the bank, then by question.

    The language is a tag such as `en` or `de-AT`. Other languages than English only get the checks that need no word
    list: lengths, missing feedback and rationales, options and stems that differ only in punctuation, contradicting
    answers, keys in hints, and texts that name options by position.
    """
    english = base_language(language) == "en"
    results: list[Finding] = []
    scores = GuessScores(english=english)
    checks = _CHECKS + _ENGLISH_CHECKS if english else _CHECKS
    topic = topic_roots(questions) if english else frozenset()
    for question in questions:
        item = prepare(question, topic, english=english)
        scores.add(item)
        for check in checks:
            results += check(item)
    results += guessable_bank(scores.guesses)
    results += compare_questions(questions, topic, english=english)
    order = {question.id: index for index, question in enumerate(questions)}
    return sorted(results, key=lambda finding: order.get(finding.question, -1))


def _longest_key(item: PreparedQuestion) -> Iterator[Finding]:
    if not item.right or not item.wrong:
        return
    key = min(item.right, key=lambda option: len(option.text))
    length, other = len(key.text), max(len(option.text) for option in item.wrong)
    if length >= MUCH_LONGER * other and length - other >= LONGER_BY:
        name = "this key" if len(item.right) == 1 else "the shortest key"
        message = (
            f"{name} has {length} characters, the longest wrong option has {other}; "
            "shorten it, or give the others as much detail"
        )
        yield Finding("longest-key", item.question.id, key.where, message)


def _no_feedback(item: PreparedQuestion) -> Iterator[Finding]:
    for option in item.wrong:
        if not option.feedback:
            message = f"no feedback says why `{shorten(option.text)}` is wrong; add it under `feedback`"
            yield Finding("no-feedback", item.question.id, option.where, message)


def _no_rationale(item: PreparedQuestion) -> Iterator[Finding]:
    if not item.question.rationale:
        message = "nothing says why the key is right; add it under `rationale`"
        yield Finding("no-rationale", item.question.id, ("stem",), message)


def _similar_options(item: PreparedQuestion) -> Iterator[Finding]:
    """Find options that say the same, unless all options do: then the question is about the wording."""
    if len({frozenset(listed) - ARTICLES for listed in item.words}) == len(item.words):
        return
    groups: dict[tuple[str, ...], list[Named]] = {}
    for option in item.options:
        groups.setdefault(_option_form(option.text, english=bool(item.echoes)), []).append(option)
    if len(groups) in {1, len(item.options)}:
        return
    for form, (first, *repeats) in groups.items():
        if repeats and not any(_overlap(set(form), set(other)) >= MOST for other in groups if other != form):
            message = f"this says the same as `{shorten(first.text)}`; replace or remove it"
            for option in (other for other in repeats if fold(other.text) != fold(first.text)):  # `alike-answers` else
                yield Finding("similar-options", item.question.id, option.where, message)


_CODE = re.compile(r"[^\w\s.,;:!?'-]")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_JOINTS = re.compile(r"\b(and|or)\b")


def _option_form(text: str, *, english: bool) -> tuple[str, ...]:
    """Return a form that all spellings of an option share; text with symbols, such as code, does not change."""
    plain = fold(text)
    trimmed = _HYPHEN.sub(" ", plain.rstrip(".,;:!? "))
    if _CODE.search(plain) or not trimmed:
        return (plain,)
    if not english or len(trimmed.split()) < ENOUGH_WORDS:
        return tuple(trimmed.split())
    parts = [" ".join(without(part.split(), ARTICLES)) for part in _JOINTS.split(trimmed)]
    return tuple(" ".join(sorted(parts) if len(parts) > 1 else parts).split())


def _overlap(first: AbstractSet[str], second: AbstractSet[str]) -> float:
    """Return the size of the intersection divided by the size of the union, from 0 to 1."""
    return len(first & second) / len(first | second) if first or second else 0.0


def _stem_word_in_key(item: PreparedQuestion) -> Iterator[Finding]:
    """Find a right option that echoes the stem more than any wrong option."""
    if len(item.right) != 1 or not item.wrong:
        return
    key, *others = item.echoes
    telling = key.difference(item.topic, *others)
    if telling and len(key) > max(map(len, others)):
        word = min(item.stem[each] for each in telling)
        message = (
            f"`{word}` from the stem occurs in this key but in no wrong option, which gives the key away; "
            "reword the key, or use the word in a wrong option too"
        )
        yield Finding("stem-word-in-key", item.question.id, item.right[0].where, message)


def _absolute_distractor(item: PreparedQuestion) -> Iterator[Finding]:
    """Find wrong options that a single word rules out.

    A single one may be chance, so most wrong options must have such a word. `All` and `none` may belong to the topic,
    so they count only together with stronger words, and only if every wrong option has one.
    """
    if not item.right or not item.wrong or all(map(COUNTED.isdisjoint, item.words)):
        return
    absolutes = [_absolutes(*each, item.asked) for each in zip(item.options, item.words, strict=True)]
    right, wrong = absolutes[: len(item.right)], absolutes[len(item.right) :]
    strong = sum(not ABSOLUTES.isdisjoint(each) for each in wrong)
    if any(right) or not (strong > MOST * len(wrong) or (strong and all(wrong))):
        return
    having = [index for index, each in enumerate(wrong) if each]
    listed = ", ".join(f"`{word}`" for word in sorted({word for each in wrong for word in each}))
    message = (
        f"{listed} in {len(having)} of {plural(len(wrong), 'wrong option')} but in no right one, "
        "which rules them out; reword them"
    )
    yield Finding("absolute-distractor", item.question.id, item.wrong[having[0]].where, message)


def _absolutes(option: Named, listed: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Return the absolute words of an option, unless they are in the stem, its only word, or in `all of the above`."""
    own = [word for word in listed if word in COUNTED and word not in asked]
    return own if len(listed) > 1 and not (own and points_at_options(option.text, ())) else []


def _negative_stem(item: PreparedQuestion) -> Iterator[Finding]:
    question = item.question
    if NEGATIONS.isdisjoint(item.asked) or not (question.offers or question.judged):
        return
    if not asks_for_what_is_not(question.stem, judged=question.judged):
        return
    name = "statement" if question.judged else "stem"
    message = f"the {name} is negative, which is easily misread; rephrase it positively"
    yield Finding("negative-stem", question.id, ("stem",), message)


def _catch_all_option(item: PreparedQuestion) -> Iterator[Finding]:
    for index, option in enumerate(item.options):
        if not option.fixed and item.words[index][:1] and item.words[index][0] in POINTERS:
            others = [item.question.stem, *(other.text for other in item.options if other is not option)]
            if points_at_options(option.text, others):
                message = (
                    f"`{shorten(option.text)}` refers to other options, which are shuffled; "
                    "replace it with an option that makes sense on its own"
                )
                yield Finding("catch-all-option", item.question.id, option.where, message)


_ADDED_AFTER = re.compile(
    r"\s*[,;:(]|\s+(?:and|or|plus|with|but|because|as|in|at|on|by|for|from|if|when|which|while)\b"
)
_TURNED = NEGATIONS | ABSOLUTES | {"without", "less", "more", "than", "instead", "rather"}
_ADDED_BEFORE = re.compile(r"(?:[,;:]|\b(?:and|or|plus))\s*(?:(?:a|an|the)\s+)?$")


def _key_in_option(item: PreparedQuestion) -> Iterator[Finding]:
    """Find a wrong option that contains a right one, unless the rest is an option too, with its own meaning."""
    listed = [_sentence(option.text) for option in item.options]
    for index, option in enumerate(item.wrong, start=len(item.right)):
        for right, key in zip(item.right, listed, strict=False):
            rest = _rest(listed[index], key)
            if rest and not any(other and f" {other} " in f" {rest} " for other in listed):
                message = f"this option includes the key, `{shorten(right.text)}`; make the two exclude each other"
                yield Finding("key-in-option", item.question.id, option.where, message)
                break


def _sentence(text: str) -> str:
    """Return an option folded and without its first article; empty if it has symbols, such as code."""
    plain = fold(text)
    return "" if _CODE.search(plain) else re.sub(r"^(?:a|an|the)\s+", "", plain)


def _rest(option: str, key: str) -> str:
    """Return what an option says besides the key; empty if it does not contain the key or changes its meaning."""
    if key not in option or all(word in STOP or len(word) <= LONGEST_SMALL_WORD for word in key.split()):
        return ""
    before, _, after = option.partition(key)
    if before and not after and _ADDED_BEFORE.search(before):
        rest = before
    elif after and not before and _ADDED_AFTER.match(after):
        rest = after
    else:
        return ""
    return "" if _TURNED & set(words(rest)) else " ".join(words(rest))


_CHECKS: tuple[Callable[[PreparedQuestion], Iterator[Finding]], ...] = (
    _longest_key,
    _no_feedback,
    _no_rationale,
    _similar_options,
    key_in_hint,
    pointing_remarks,
)
_ENGLISH_CHECKS: tuple[Callable[[PreparedQuestion], Iterator[Finding]], ...] = (
    _stem_word_in_key,
    _absolute_distractor,
    _negative_stem,
    _catch_all_option,
    _key_in_option,
)
