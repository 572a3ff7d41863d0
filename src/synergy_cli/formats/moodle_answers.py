"""Answers as Moodle has them, each worth some percent, and the questions that they make here."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from synergy_cli.course.arrangements import Match
from synergy_cli.course.choices import TrueFalse
from synergy_cli.course.gaps import count_gaps
from synergy_cli.course.question import LEVELS
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.formats.markup import is_plain
from synergy_cli.formats.notes import Notes, UnreadableError
from synergy_cli.formats.options import Option, choice_data, misses, present
from synergy_cli.records import NamedTuple
from synergy_cli.text import DECIMAL, LONGEST_NUMBER, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.question import Question
    from synergy_cli.formats.format import Bank

FULL = Decimal(100)
_LEVEL = "level:"
_WILDCARD = re.compile(r"(?<!\\)\*")
_GOOD = r"right|correct|good|great|perfect|excellent|awesome|well done|bravo|true|exactly|yes"
_ABOUT = r"very|that'?s|that is|you are|you're|you gave|the|answer|job|work"
_PRAISE = re.compile(rf"\W*(?:(?:{_GOOD}|{_ABOUT})\W+)*(?:{_GOOD}|answer|job|work)\W*", re.IGNORECASE)
LONGEST_TAG = 50
"""Characters of a tag in Moodle."""


class Answer(NamedTuple):
    """An answer.

    Attributes:
        text: what it says; a number or range if it is one.
        worth: in percent.
        feedback: on it.
        tolerance: how far off a number is still right; may be empty.
    """

    text: str
    worth: Decimal
    feedback: str = ""
    tolerance: str = ""


def category_name(bank: Bank, question: Question) -> str:
    """Return the category of a question: the course, and in it the topic."""
    parts = ("$course$", "top", bank.title, bank.topic(question))
    return "/".join(part.replace("/", "//") for part in parts if part)


def category_path(name: str) -> tuple[str, ...]:
    """Return the parts of a category's name, in which `//` is a slash, without those that every category has."""
    parts = [part.replace("\0", "/").strip() for part in name.replace("//", "\0").split("/")]
    return tuple(part for part in parts if part and not re.fullmatch(r"\$\w+\$|top", part))


def weight(keys: int) -> str:
    """Return what each of several right options is worth, as Moodle writes it."""
    return f"{FULL / keys:.5f}".rstrip("0").rstrip(".")


def tags_of(question: Question) -> list[str]:
    """Return the tags of a question, and its level as one if it is not the usual."""
    own = [] if question.level == type(question).level else [_LEVEL + question.level]
    return [*question.tags, *own]


def from_tags(tags: Iterable[str]) -> dict[str, Any]:
    """Return the tags and the level that tags stand for."""
    found: dict[str, Any] = {}
    for tag in tags:
        level = tag.removeprefix(_LEVEL)
        if level != tag and level in LEVELS:
            found["level"] = level
        elif tag not in found.setdefault("tags", []):
            found["tags"].append(tag)
    return found


def choice_of(
    answers: Sequence[Answer], notes: Notes, *, single: bool, fixed: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """Return a question with options, in a `fixed` order or not, and the feedback on the right ones.

    Raises UnreadableError if there is no question in them.
    """
    least = FULL if single else Decimal(1) / FULL
    right = [answer for answer in answers if answer.worth >= least]
    if len(answers) < 2:  # noqa: PLR2004  a choice
        raise UnreadableError("it has fewer than two options")
    if not right:
        raise UnreadableError("no option is right")
    if single and len(right) > 1:
        notes.change("several options are right, so all must be chosen")
    if (single and any(0 < answer.worth < FULL for answer in answers)) or (len({answer.worth for answer in right}) > 1):
        notes.lose("partial credit")
    options = [
        Option(answer.text, right=True)
        if answer.worth >= least
        else Option(answer.text, right=False, feedback=answer.feedback)
        for answer in answers
    ]
    data = choice_data(options, several=not single, fixed=fixed)
    return data, [answer.feedback for answer in right]


def typed_of(answers: Sequence[Answer], stem: str, notes: Notes) -> tuple[dict[str, Any], list[str]]:
    """Return a question whose answer is typed, and the feedback on the right ones.

    Raises UnreadableError if no answer is right.
    """
    patterns = [answer for answer in answers if _WILDCARD.search(answer.text)]
    if any(answer.text != "*" or answer.worth > 0 for answer in patterns):
        notes.lose("answers with a wildcard")
    if any(answer.text == "*" and answer.feedback for answer in patterns):
        notes.lose("feedback on any other answer")
    known = [
        answer._replace(text=answer.text.replace("\\*", "*")) for answer in answers if not _WILDCARD.search(answer.text)
    ]
    right, wrong = _right_and_wrong(known, notes)
    if not right:
        raise UnreadableError("no answer is right" if not patterns else "its answers are patterns with `*`")
    texts = list(dict.fromkeys(answer.text for answer in right))
    if count_gaps(stem) == 1 and not wrong:
        return {"type": Cloze.type, "gaps": [texts]}, [answer.feedback for answer in right]
    more = present(accept=texts[1:]) | misses((answer.text, answer.feedback) for answer in wrong)
    return {"type": Short.type, "key": texts[0], **more}, [answer.feedback for answer in right]


def _right_and_wrong(answers: Sequence[Answer], notes: Notes) -> tuple[list[Answer], list[Answer]]:
    """Split answers; one that is worth something, but not all, is wrong here."""
    if any(0 < answer.worth < FULL for answer in answers):
        notes.lose("partial credit")
    return [each for each in answers if each.worth >= FULL], [each for each in answers if each.worth < FULL]


def number_of(answers: Sequence[Answer], notes: Notes) -> tuple[dict[str, Any], list[str]]:
    """Return a question whose answer is a number, and the feedback on the right ones.

    Raises UnreadableError if one is no number, or none is right.
    """
    for answer in answers:
        for part in (*answer.text.split(".."), answer.tolerance or "0"):
            if not DECIMAL.fullmatch(part) or len(part) > LONGEST_NUMBER:
                raise UnreadableError(f"`{shorten(part)}` is not a number")
    right, wrong = _right_and_wrong(answers, notes)
    if not right:
        raise UnreadableError("no number is right")
    wrong = [answer for answer in wrong if answer.worth <= 0]
    single = [answer for answer in wrong if ".." not in answer.text and not _spread(answer)]
    if len(single) < len(wrong):
        notes.lose("feedback on a range of wrong numbers")
    more = misses((answer.text, answer.feedback) for answer in single)
    return {"type": Number.type, **_numbers(right), **more}, [answer.feedback for answer in right]


def _numbers(right: Sequence[Answer]) -> dict[str, Any]:
    """Return the numbers that are right: with one tolerance, or else as ranges."""
    spreads = set(map(_spread, right))
    numbers = [_range(answer) if len(spreads) > 1 else answer.text for answer in right]
    tolerance = right[0].tolerance if len(spreads) == 1 and max(spreads) else ""
    return {"key": numbers[0], **present(accept=numbers[1:], tolerance=tolerance)}


def _spread(answer: Answer) -> Decimal:
    return Decimal(answer.tolerance or 0)


def _range(answer: Answer) -> str:
    spread = abs(_spread(answer))
    if not spread:
        return answer.text
    first, *last = answer.text.split("..")
    return f"{Decimal(first) - spread:f}..{Decimal(last[0] if last else first) + spread:f}"


def match_of(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a question of pairs; one without a left side is a partner of nothing.

    Raises UnreadableError if a left side is repeated.
    """
    lefts = [left for left, _ in pairs if left]
    if len(set(lefts)) < len(lefts):
        raise UnreadableError("two pairs have the same left side")
    partners = [right for left, right in pairs if left]
    extra = list(dict.fromkeys(right for left, right in pairs if not left and right not in partners))
    return {"type": Match.type, "pairs": dict(zip(lefts, partners, strict=True)), **present(distractors=extra)}


def partner_losses(question: Question) -> list[str]:
    """Return what Moodle leaves out of the right sides of pairs, which are plain text there."""
    if not isinstance(question, Match):
        return []
    rights = [*(right for _, right in question.pairs), *(wrong.text for wrong in question.distractors)]
    lost = ["feedback"] if any(wrong.feedback for wrong in question.distractors) else []
    return lost + ([] if all(is_plain(question.blocks(right)) for right in rights) else ["markup of partners"])


def truth_of(key: bool, said: Iterable[str], notes: Notes) -> tuple[dict[str, Any], list[str]]:  # noqa: FBT001  the key
    """Return a statement, and of the feedback on it the first: what is said to the wrong answer says why."""
    reasons = list(filter(None, said))
    if len(set(reasons)) > 1:
        notes.lose("feedback on the right answer")
    return {"type": TrueFalse.type, "key": key}, reasons[:1]


def rationale_of(general: str, feedback: Iterable[str], notes: Notes) -> dict[str, str]:
    """Return why the key is right: the feedback on right answers unless it only praises, then the feedback on any."""
    said = list(filter(None, feedback))
    reasons = [text for text in said if not _PRAISE.fullmatch(text)]
    if len(reasons) < len(said):
        notes.lose("praise")
    if set(reasons) - {general}:
        notes.change("the feedback on a right answer became part of the rationale")
    return present(rationale="\n\n".join(dict.fromkeys([*reasons, *filter(None, [general])])))


def amounts_of(question: Number) -> list[Answer]:
    """Return the right numbers of a question and the wrong ones that it names, in its unit."""
    spread = question.tolerance if Decimal(question.tolerance) else "0"
    right = [Answer(number, FULL, "", spread) for number in (question.key, *question.accept)]
    right = [Answer(_range(one), FULL, "", "0") if ".." in one.text else one for one in right]
    wrong = ((_finite(question.amounts(known.text)[0][1]), known.feedback) for known in question.distractors)
    return right + [Answer(number, Decimal(0), feedback, "0") for number, feedback in wrong if number]


def _finite(number: Fraction) -> str:
    """Return a number with decimals; empty if they never end."""
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text if Fraction(text) == number else ""
