"""Inputs at a question: answers and commands, read until the question is settled."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from synergy_cli.course.question import InputMode, Verdict
from synergy_cli.records import NamedTuple
from synergy_cli.study.attempts import confidence_of
from synergy_cli.text import unify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from synergy_cli.course.question import Marking, Question, Sheet
    from synergy_cli.study.attempts import Rules

    Commands = Sequence[tuple[str, str]]
    """Keys that do something else than answer, each with its meaning."""


class Input(NamedTuple):
    """One input at a question.

    Attributes:
        command: the key of a command, or empty for an answer.
        typed: the raw answer, without a confidence.
        confidence: one of `events.CONFIDENCES`, or empty.
        marking: of the answer.
        tries: how many readable answers were typed so far.
        again: whether the question is asked again, because the answer is unreadable or nearly right for the first time.
    """

    command: str
    typed: str
    confidence: str
    marking: Marking
    tries: int
    again: bool

    @property
    def readable(self) -> bool:
        """Whether it can be read as an answer."""
        return self.marking.verdict is not Verdict.UNREADABLE

    @property
    def answer(self) -> Marking | None:
        """The marking; None if nothing was typed, which skips the question."""
        return self.marking if self.typed.strip() else None


def inputs(
    sheet: Sheet,
    rules: Rules,
    read: Callable[[Sheet, Commands], str],
    commands: Callable[[], Commands],
    others: Collection[str] = (),
) -> Iterator[Input]:
    """Yield inputs; the caller stops when one settles the question, or at the limit in the rules.

    `commands` returns the keys to show and their meanings; `others` has keys that work without being shown. In a typed
    line, a key that equals the text of an option chooses that option, so it is not a command.

    Raises:
        EOFError: end of input.
    """
    tries, options = 0, _typed_options(sheet, rules)
    others = [key for key in others if key not in options]
    for number in count(1):
        shown = [pair for pair in commands() if pair[0] not in options]
        typed, confidence = split_confidence(read(sheet, shown), rules)
        marking = sheet.mark(typed)
        command = command_in(typed, sheet.question, marking, [*others, *(key for key, _ in shown)])
        tries += not command and marking.verdict is not Verdict.UNREADABLE
        is_last = number == rules.max_inputs
        again = not is_last and asks_again(marking, rules, tries)
        yield Input(command, typed, confidence, marking, tries, again)
        if is_last:
            return


def _typed_options(sheet: Sheet, rules: Rules) -> set[str]:
    """Return the option texts in lower case; empty where a single key answers, because that is always a number."""
    if rules.by_key and sheet.question.entry is InputMode.KEY:
        return set()
    return {unify(text).lower() for form in sheet.question.spellings(sheet.options) for text in form}


def asks_again(marking: Marking, rules: Rules, tries: int) -> bool:
    """Whether to ask again: the answer is unreadable, or it is the first of `tries` and nearly right."""
    nearly = marking.verdict is Verdict.NEAR and rules.second_try and tries == 1
    return nearly or marking.verdict is Verdict.UNREADABLE


def split_confidence(typed: str, rules: Rules) -> tuple[str, str]:
    """Split input into the answer and the confidence after a tab: one of `events.CONFIDENCES`, or empty.

    The rules say whether a confidence can be given.
    """
    answer, tab, word = typed.partition("\t")
    return (answer, confidence_of(word)) if tab and rules.confidence else (typed, "")


def command_in(typed: str, question: Question, marking: Marking, commands: Collection[str]) -> str:
    """Return the command typed, if any.

    In a typed line, a right answer is never a command. Where a single key answers, what a letter does must not depend
    on the right answer, and a capital letter is never a command.
    """
    if question.entry is InputMode.KEY:
        word = unify(typed)
        return word if word in commands else ""
    word = unify(typed).lower()
    return word if word in commands and marking.verdict is not Verdict.RIGHT else ""
