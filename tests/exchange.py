"""Courses for tests of import and export: made up by Hypothesis, sent through a format, and compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_types import QUESTION_TYPES, build
from synergy_cli.formats.format import Bank, Source
from synergy_cli.formats.formats import FORMATS
from synergy_cli.formats.incoming import _node, arrivals
from synergy_cli.formats.transfer import Transfer
from synergy_cli.parsing.report import Report, SourcePos

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNS = "abcXYZ09 .,:;!?#=~{}%>-()[]<&\"'/\\|äß漢π$^+@"
"""What may stand in a text without being markup; each of these means something in some format."""
plain = (
    st.text(SIGNS, min_size=1, max_size=24)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: re.search(r"\w", text) and not text.isdecimal() and "](" not in text and "[@" not in text)
)
marked = st.one_of(
    plain,
    st.tuples(plain, plain).map("\n".join),
    st.tuples(plain, plain).map("\n\n".join),
    plain.map(lambda text: f"so *{text.strip('*')}* it is"),
    st.sampled_from(
        [
            "the `a  <b>` of **it**",
            "see [the *site*](https://example.org/a?b=c&d=e#f) and <https://example.org/x>",
            "```\nif x:\n    y = '{~=#}'\n\n  # done\n```",
            "Before.\n```\ncode\n```\nAfter it.",
            "  two blanks  and\n    four of code",
            "1. one\n2. two\n- three",
        ]
    ),
)


def unique(texts, least=1, most=4):
    """Give texts that stay different whatever is folded."""
    return st.lists(texts, min_size=least, max_size=most, unique_by=lambda text: re.sub(r"[\W_]", "", text.casefold()))


@st.composite
def option_lists(draw, texts, feedback):
    options = draw(unique(texts, 2, 5))
    reasons = [draw(st.one_of(st.just(""), texts)) if feedback else "" for _ in options]
    wrong = [{"text": o, "feedback": r} if r else o for o, r in zip(options, reasons, strict=True)]
    return options, wrong


@st.composite
def of_choice(draw, texts=plain, *, feedback=True):
    options, wrong = draw(option_lists(texts, feedback))
    return {"type": "choice", "stem": draw(texts), "key": options[0], "distractors": wrong[1:]}


@st.composite
def of_multiple(draw, texts=plain, *, feedback=True, least=0):
    options, wrong = draw(option_lists(texts, feedback))
    count = draw(st.integers(least, len(options)))
    return {"type": "multiple", "stem": draw(texts), "keys": options[:count], "distractors": wrong[count:]}


@st.composite
def of_truth(draw, texts=plain):
    return {"type": "true-false", "stem": draw(texts), "key": draw(st.booleans())}


@st.composite
def banks(draw, *types):
    """Make a bank: questions by id, each of one of the types that are given as strategies."""
    found = draw(st.lists(st.one_of(*types), min_size=1, max_size=4))
    return {f"q{number}": data for number, data in enumerate(found, start=1)}


def built(identity, data):
    """Give a question as a course has it, or nothing if it has a fault."""
    report = Report("")
    read = read_question(_node({"id": identity, **data}, SourcePos(0, 0)), report)
    return None if report.errors else build(read)


def write(name, questions, topics=None):
    """Write questions in a format; give the text and the report."""
    transfer = Transfer()
    transfer.found = len(questions)
    bank = Bank("bank", "A bank", "en", topics or {}, tuple(questions))
    return "".join(FORMATS[name].write(bank, transfer)), transfer


def read(name, text):
    """Read questions in a format; give those that a course can hold, and the report."""
    transfer = Transfer()
    data = text.encode() if isinstance(text, str) else text
    return arrivals(FORMATS[name].read(Source("input", data), transfer), set(), set(), transfer), transfer


def shown(question, text):
    """Give a text as it is shown, whatever its markup was typed as."""
    return question.blocks(text)


def seen(data, texts: Callable[[str], object]):
    """Give a question's fields with every text replaced by what is shown of it."""
    literal = (
        ("type", "level", "tags")
        if not QUESTION_TYPES[data["type"]].typed
        else ("type", "level", "tags", "key", "accept", "gaps")
    )

    def walk(value):
        if isinstance(value, dict):
            return {texts(key): walk(part) for key, part in value.items()}
        if isinstance(value, list):
            return [walk(part) for part in value]
        return texts(value) if isinstance(value, str) else value

    return {name: value if name in literal else walk(value) for name, value in data.items()}
