"""The options of a question: listed for a program that shows them in a fixed order, and read from one."""

from __future__ import annotations

import re
from binascii import crc32
from random import Random
from typing import TYPE_CHECKING, Any

from synergy_cli.course.choices import Choice, Multiple, TrueFalse
from synergy_cli.languages import LANGUAGES, say
from synergy_cli.records import NamedTuple
from synergy_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.question import Question

_CATCH_ALL = re.compile(r"(?:all|none|neither|both|any) of (?:the )?(?:above|these|them|those|options)(?: .*)?")
_LABELS = re.compile(r"(?:both |only |neither )?[a-i](?:, ?[a-i])*,? (?:and|or|nor|&) [a-i](?: .*)?")
"""Matches options that refer to others by letter: `Both A and C`."""

_TRUTH = [{fold(say(word, language)) for word in ("True", "False")} for language in ("en", *LANGUAGES)]
_TRUE = {fold(say("True", language)) for language in ("en", *LANGUAGES)}


class Option(NamedTuple):
    """A listed option; `feedback` says why it is right or wrong, if given."""

    text: str
    right: bool
    feedback: str = ""


def listed(question: Question) -> list[Option]:
    """Return the options of a question, always in the same order.

    An order fixed by the author is kept. Otherwise, right options are placed among the others depending on the id;
    right and wrong options each keep their order.
    """
    right = [Option(named.text, right=True) for named in question.right]
    wrong = [Option(named.text, right=False, feedback=named.feedback) for named in question.wrong]
    if question.judged or not getattr(question, "shuffle", True):
        known = {option.text: option for option in [*right, *wrong]}
        in_order = question.sheet(Random(0)).options  # noqa: S311  nothing is shuffled
        return [known.get(text) or Option(text, right=False) for text in in_order]
    last = [named.fixed for named in question.wrong]
    options = [option for option, at_end in zip(wrong, last, strict=True) if not at_end]
    behind = [option for option, at_end in zip(wrong, last, strict=True) if at_end]
    for number, option in enumerate(right):
        least = options.index(right[number - 1]) + 1 if number else 0
        options.insert(least + crc32(f"{question.id} {number}".encode()) % (len(options) - least + 1), option)
    return options + behind


def truth_word(text: str) -> bool | None:
    """Return whether a word means true or false in any supported language; None if neither."""
    word = fold(text)
    return word in _TRUE if any(word in words for words in _TRUTH) else None


def choice_data(options: Sequence[Option], *, several: bool = False, fixed: bool = False) -> dict[str, Any]:
    """Return the fields of a question with these options; with `several`, any number may be right, even just one.

    If their order is not `fixed`, an option that refers to others still keeps its position: it comes last, or the order
    is fixed if the option is right or names letters.
    """
    right = [option for option in options if option.right]
    several = several or len(right) != 1
    words = [fold(option.text).rstrip(".!") for option in options]
    explained = any(option.feedback for option in options)
    if not several and not fixed and not explained and set(words) in _TRUTH:
        return {"type": TrueFalse.type, "key": fold(right[0].text) in _TRUE}
    bound = [bool(_CATCH_ALL.fullmatch(text)) for text in words]
    fixed = (
        fixed
        or any(map(_LABELS.fullmatch, words))
        or any(bound[:-1])
        or any(at and option.right for at, option in zip(bound, options, strict=True))
    )
    distractors = [
        miss(option.text, option.feedback, last=at and not fixed)
        for option, at in zip(options, bound, strict=True)
        if not option.right
    ]
    places = [number for number, option in enumerate(options, start=1) if option.right]
    order: dict[str, Any] = {"shuffle": False, **({"places": places} if several else {"place": places[0]})}
    keys = {"keys": [option.text for option in right]} if several else {"key": right[0].text}
    kind = Multiple if several else Choice
    return {"type": kind.type, **keys, "distractors": distractors, **(order if fixed else {})}


def present(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  plain data
    """Return the fields of a question that are not empty."""
    return {name: value for name, value in fields.items() if value}


def miss(text: str, feedback: str, *, last: bool = False) -> str | dict[str, Any]:
    """Return a wrong answer as an author writes it: only the text if there is no feedback."""
    more = present(feedback=feedback, last=last)
    return {"text": text, **more} if more else text


def misses(found: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the field for wrong answers, given with their feedback; empty if there are none."""
    return present(distractors=[miss(text, feedback) for text, feedback in found])
