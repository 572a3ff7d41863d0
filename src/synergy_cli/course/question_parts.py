"""Parts that question types share: fields of their records, and checks of their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.course.question import Distractor, Named, Part
from synergy_cli.parsing.schema import Field, Object, Text
from synergy_cli.text import fold, strict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from random import Random

    from synergy_cli.parsing.report import Report
    from synergy_cli.parsing.yaml import Node

DISTRACTOR = Object(
    (
        Field("text", Text(), "The wrong answer", aliases=("option", "answer", "choice", "value")),
        Field(
            "feedback",
            Text(),
            "Why it is wrong",
            required=False,
            default="",
            aliases=("explanation", "reason", "rationale", "why", "comment"),
        ),
    ),
    brief="text",
)
KEY_NAMES = ("answer", "correct", "correct_answer", "correctanswer", "correctAnswer", "answer_key", "answerIndex")
WRONG_NAMES = ("wrong_answers", "incorrect_answers", "alternatives", "wrong", "false_statements")
LISTS = ("options", "choices", "possibilities", "answers")


def shuffled(items: Iterable[str], rng: Random) -> tuple[str, ...]:
    """Return the items in random order."""
    listed = list(items)
    rng.shuffle(listed)
    return tuple(listed)


def answer_nodes(node: Node, *names: str) -> list[Node]:
    """Return the nodes of all answers under the given keys of a question, in order."""
    found: list[Node] = []
    for entry in (node.value[name] for name in names if name in node.value):
        value = entry.node.value
        if isinstance(value, dict):
            found += [item.node for item in value.values()]
        elif isinstance(value, list):
            found += [item.value["text"].node if isinstance(item.value, dict) else item for item in value]
        else:
            found.append(entry.node)
    return found


def refuse_repeats(
    spots: Iterable[Node], report: Report, form: Callable[[str], str] = strict, near: Callable[[str], str] = fold
) -> None:
    """Report answers that `form` makes the same, and warn of those that `near` makes the same."""
    seen: dict[str, str] = {}
    alike: dict[str, str] = {}
    for spot in spots:
        text, folded = spot.value.strip(), near(spot.value)
        if form(text) in seen:
            report.at(spot, "duplicate-answer", f"`{text}` is listed twice among the answers")
        elif folded in alike:
            message = f"`{text}` differs from `{alike[folded]}` only in case, punctuation or spaces; is that intended?"
            report.at(spot, "alike-answers", message)
        seen[form(text)] = alike[folded] = text


def warn_of_digits(spots: Iterable[Node], report: Report) -> None:
    """Report an option that looks like an option's number, because typing it would be ambiguous."""
    for spot in spots:
        text = spot.value.strip(" \n`")
        if len(text) == 1 and text.isdecimal():
            message = f"`{text}` looks like an option's number; give descriptive text, such as `{text} bits` or `two`"
            report.at(spot, "digit-option", message)


def named_distractors(distractors: Sequence[Distractor], *, fixed: bool = False) -> tuple[Named, ...]:
    """Return wrong answers with their paths in the question; `fixed` ones are not shuffled."""
    return tuple(
        Named(wrong.text, ("distractors", index, "text"), wrong.feedback, fixed or wrong.last)
        for index, wrong in enumerate(distractors)
    )


def feedback_on(distractors: Sequence[Distractor], chosen: str) -> tuple[str, ...]:
    """Return the feedback on the chosen wrong answer, if it has any."""
    return tuple(wrong.feedback for wrong in distractors if wrong.text == chosen and wrong.feedback)


def numbered_parts(steps: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts of an answer with their numbers."""
    return tuple(Part(text, str(number), ". ") for number, text in enumerate(steps, start=1))
