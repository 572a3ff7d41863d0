"""Courses for tests of import and export: made up by Hypothesis, sent through a format, and compared."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import strategies as st

from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_text import blocks_of
from synergy_cli.course.question_types import QUESTION_TYPES, build
from synergy_cli.formats.format import Bank, Source
from synergy_cli.formats.formats import FORMATS
from synergy_cli.formats.incoming import _node, arrivals
from synergy_cli.formats.markup import _joined
from synergy_cli.formats.transfer import Transfer
from synergy_cli.parsing.report import Report, SourcePos

SIGNS = "abcXYZ09 .,:;!?#=~{}%>-()[]<&\"'/\\|äß漢π$^+@"
"""What may stand in a text without being markup; each of these means something in some format."""
words = st.text("abcxyz", min_size=3, max_size=6)
plain = st.tuples(st.text(SIGNS, max_size=8), words, st.text(SIGNS, max_size=8)).map(
    lambda parts: " ".join("".join(parts).replace("](", "] (").replace("[@", "[ @").split())
)
PIECES = (
    "the `a  <b>` of **it**",
    "so *this* it is, ***all*** of it",
    "see [the *site*](https://example.org/a?b=c&d=e#f) and <https://example.org/x>",
    "![a picture](https://example.org/a.png) of it",
    "```\nif x:\n    y = '{~=#}'\n\n  # done\n```",
    "```\ncode\n```\nAfter it.",
    "two blanks  and\n    four of code\n  two",
    "1. one\n2. two\n- three",
    "\na paragraph",
)
marked = st.one_of(plain, st.tuples(plain, st.sampled_from(PIECES)).map("\n".join))


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
def of_short(draw, texts=plain, typed=plain):
    answers = draw(unique(typed, 1, 4))
    right = draw(st.integers(1, len(answers)))
    data = {"type": "short", "stem": draw(texts), "key": answers[0]}
    data |= {"accept": answers[1:right]} if right > 1 else {}
    misses = [{"text": text, "feedback": draw(texts)} for text in answers[right:]]
    return data | ({"distractors": misses} if misses else {})


@st.composite
def of_number(draw, texts=plain):
    number = st.decimals(-999, 9999, places=2).map(lambda value: f"{value.normalize():f}")
    numbers = draw(st.lists(number, min_size=1, max_size=3, unique=True))
    data = {"type": "number", "stem": draw(texts), "key": numbers[0]}
    data |= {"accept": numbers[1:]} if numbers[1:] else {}
    if draw(st.booleans()):
        data["tolerance"] = draw(st.sampled_from(["0.5", "2", "0.05"]))
    elif draw(st.booleans()):
        data["distractors"] = [{"text": "123456", "feedback": draw(texts)}]
    return data


@st.composite
def of_pairs(draw, texts=plain, partners=plain):
    lefts, rights = draw(unique(texts, 2, 4)), draw(unique(partners, 5, 5))
    data = {"type": "match", "stem": draw(texts), "pairs": dict(zip(lefts, rights, strict=False))}
    extra = rights[len(lefts) :][: draw(st.integers(0, 2))]
    return data | ({"distractors": extra} if extra else {})


@st.composite
def of_order(draw, texts=plain):
    return {"type": "order", "stem": draw(texts), "order": draw(unique(texts, 2, 5))}


@st.composite
def of_gaps(draw, texts=plain, most=1):
    stem = draw(texts)
    gaps = [draw(unique(plain, 1, 3)) for _ in range(draw(st.integers(1, most)))]
    return {
        "type": "cloze",
        "stem": f"{stem}{' ___ and' * len(gaps)}",
        "gaps": [gap if len(gap) > 1 else gap[0] for gap in gaps],
    }


@st.composite
def with_more(draw, questions, texts=plain, *, hint=False):
    """Add what any question may have."""
    data = draw(questions)
    more = {
        "rationale": draw(st.one_of(st.none(), texts)),
        "hint": draw(st.one_of(st.none(), texts)) if hint else None,
        "level": draw(st.sampled_from([None, "understand", "apply"])),
        "tags": draw(st.sampled_from([None, ["a"], ["two words", "b-c"]])),
    }
    return data | {name: value for name, value in more.items() if value}


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
    bank = Bank(Path("bank"), "bank", "A bank", "en", topics or {}, tuple(questions))
    return "".join(FORMATS[name].write(bank, transfer)), transfer


def read(name, text):
    """Read questions in a format; give those that a course can hold, and the report."""
    transfer = Transfer()
    data = text.encode() if isinstance(text, str) else text
    return arrivals(FORMATS[name].read(Source("input", data), transfer), set(), set(), transfer), transfer


def shown(text):
    """Give a text as it is shown, whatever its markup was typed as."""
    return str(_joined(blocks_of(text)))


def seen(data):
    """Give a question's fields with every text that may have markup replaced by what is shown of it."""
    typed = ("key", "accept", "gaps") if QUESTION_TYPES[data["type"]].typed else ()

    def walk(value):
        if isinstance(value, dict):
            return [(shown(key), walk(part)) for key, part in value.items()]
        if isinstance(value, list):
            return [walk(part) for part in value]
        return shown(value) if isinstance(value, str) else value

    literal = ("type", "level", "tags", *typed)
    return {name: value if name in literal else walk(value) for name, value in data.items()}
