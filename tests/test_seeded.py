"""Faults seeded into a course one at a time: each is reported at its position, and nothing else."""

from __future__ import annotations

import re
import shutil
from typing import NamedTuple

import pytest

from harness import EXAMPLE
from synergy_cli.authoring.check import inspect
from synergy_cli.course.files import Files, display_path

BANK, MORE = "questions.yaml", "questions/beyond.yaml"
SOURCES, TERMS = "references.yaml", "glossary.yaml"
PLACES, CONVERTING = "pages/01-places.md", "pages/02-converting.md"
ADDING, NEGATIVE = "pages/04-adding.md", "pages/05-negative.md"
NOTHING = ""


class Seed(NamedTuple):
    """A typical mistake of authors.

    Attributes:
        code: of the fault.
        file: in which it is seeded.
        old: what stands there once; `NOTHING` when there is no such file.
        new: what is put in its place. `¦` marks the spot at which the fault is to be named, and is not written.
        there: when the spots are elsewhere, their files, and the text that stands there, with the mark; there are as
            many faults as places where it stands.
    """

    code: str
    file: str
    old: str
    new: str
    there: tuple[tuple[str, str], ...] = ()


FORM = {
    "a misspelt key": Seed("unknown-key", BANK, "hint: Compare 1", "¦hnit: Compare 1"),
    "a key as others call it": Seed("unknown-key", BANK, "rationale: A digit in", "¦explanation: A digit in"),
    "a key of another type of question": Seed(
        "unknown-key", BANK, '  key: "255"\n', '  key: "255"\n  ¦accept: [two hundred and fifty-five]\n'
    ),
    "a key that stands twice": Seed(
        "duplicate-key",
        BANK,
        "  hint: The word has three letters.\n",
        "  hint: The word has three letters.\n  ¦hint: It begins with b.\n",
    ),
    "a question without its stem": Seed(
        "missing-key",
        BANK,
        "  stem: What is a single binary digit called?\n",
        "",
        ((BANK, "- ¦id: bit-name"),),
    ),
    "a truth as YAML once had it": Seed(
        "wrong-value", BANK, *[f"  key: {w}\n  rationale: Six bits" for w in ("false", "¦No")]
    ),
    "a type as others call it": Seed(
        "wrong-value", BANK, "- id: weights-match\n  type: match", "- id: weights-match\n  type: ¦matching"
    ),
    "an id with a capital": Seed("wrong-value", BANK, "- id: bit-name", "- id: ¦Bit-name"),
    "a number with its unit": Seed("wrong-value", BANK, "key: 32\n", "key: ¦32 patterns\n"),
    "a list that lost its brackets": Seed(
        "wrong-type", BANK, "accept: [a bit, binary digit]", "accept: ¦a bit, binary digit"
    ),
    "a list that lost all but one": Seed(
        "wrong-length",
        BANK,
        "  - Halve the number and note the remainder\n  - Halve what is left until it is 0\n"
        "  - Turn the row of remainders round\n",
        "",
        ((BANK, "  order:\n  ¦- Check by adding up"),),
    ),
    "a hint that was never written": Seed(
        "empty-value", BANK, "  hint: The word has three letters.\n", "  hint:\n", ((BANK, "  hint:¦\n"),)
    ),
    "an id that was copied": Seed(
        "duplicate-id",
        BANK,
        "- id: convert-37\n  type",
        "- id: ¦halving-steps\n  type",
        ((BANK, "- id: ¦halving-steps\n  type: short"),),
    ),
    "an id that was copied from another file": Seed("duplicate-id", MORE, "- id: nibble-name", "- id: ¦bit-name"),
    "a missing quote": Seed("yaml-syntax", BANK, 'key: "255"', 'key: ¦"255'),
    "a quote within quotes": Seed("yaml-syntax", MORE, '"14 is E: the letters', '"14 is "¦E": the letters'),
    "a text with a colon": Seed("yaml-syntax", BANK, "hint: The word has three", "hint: The word¦: it has three"),
    "a bracket that stays open": Seed("yaml-syntax", TERMS, "also: [base two, dual]", "also: ¦[base two, dual"),
    "a word that YAML once took for no": Seed("yaml-trap", BANK, "  key: bit\n", "  key: ¦no\n"),
    "a text cut off by a sign": Seed(
        "cut-text", BANK, "hint: The word has three letters.", "hint: It is answer ¦#3 of four."
    ),
    "a link of a source without its beginning": Seed(
        "wrong-value", SOURCES, "  genre: program\n", '  genre: program\n  URL: ¦"example.org/worked-tables"\n'
    ),
    "a source that was pasted twice": Seed(
        "duplicate-id", SOURCES, 'Read: in full"\n', 'Read: in full"\n- id: ¦worked\n  title: Again\n'
    ),
    "a term without its meaning": Seed(
        "missing-key",
        TERMS,
        "  definition: Four bits; they are written as one hexadecimal digit.\n",
        "",
        ((TERMS, "nibble:\n  ¦also"),),
    ),
    "a language by its name": Seed("wrong-value", BANK, "language: en\n", "language: ¦English\n"),
    "an unknown grade": Seed("wrong-value", NEGATIVE, "grade: established", "grade: ¦certain"),
    "a front matter that never ends": Seed(
        "front-matter", NEGATIVE, "---\n\nBits have", "\nBits have", ((NEGATIVE, '¦---\ntitle: "Negative'),)
    ),
    "a callout of another site": Seed("unknown-callout", ADDING, "> [!CAUTION]", "> ¦[!DANGER]"),
    "a citation with its page": Seed("bad-citation", CONVERTING, "makes 53 [@worked]", "makes 53 ¦[@worked, p. 3]"),
    "a link to a page without its number": Seed("bad-link", PLACES, "(02-converting.md)", "(¦converting.md)"),
    "a diagram without its title": Seed(
        "bad-fence",
        PLACES,
        '``` {.diagram title="The bits 1, 0, 1, 1 stand in places worth 8, 4, 2 and 1; the places with a 1 add up to '
        '11."}',
        "``` {.¦diagram}",
    ),
    "a sign that nobody sees": Seed("character", PLACES, "## Even or", "## Even¦\N{ZERO WIDTH SPACE} or"),
    "a title with a slip": Seed("unknown-key", NEGATIVE, 'title: "Negative', '¦titel: "Negative'),
    "a diagram that is never closed": Seed(
        "bad-fence", PLACES, "=  11\n```\n", "=  11\n", ((PLACES, "¦``` {.diagram title"),)
    ),
    "an option that stands twice": Seed("duplicate-answer", BANK, '- text: "256"', '- text: ¦"255"'),
    "an answer that is right and wrong": Seed("duplicate-answer", BANK, '- text: "11110"', '- text: ¦"10001"'),
    "an option that looks like an option's number": Seed(
        "digit-option", MORE, "- text: Write 3, carry 0", '- text: ¦"3"'
    ),
    "a wrong number within the tolerance": Seed(
        "contradiction",
        BANK,
        'key: 32\n  distractors:\n  - text: "31"',
        'key: 32\n  tolerance: 1\n  distractors:\n  - text: ¦"31"',
    ),
    "a wrong number in another unit": Seed("contradiction", BANK, '- text: "26"', '- text: ¦"26 mg"'),
    "HTML on a page": Seed("unsupported-markdown", ADDING, "## A worked sum", "See ¦<sup>1</sup>.\n\n## A worked sum"),
    "a letter saved in another encoding": Seed("not-utf8", TERMS, "nibble:\n", "nib¦\udcb2ble:\n"),
    "a source file that is no YAML": Seed(
        "yaml-syntax",
        SOURCES,
        'title: "Worked tables: every number of this course, computed"',
        "title: Worked tables¦: every number of this course, computed",
    ),
    "a front matter that is no YAML": Seed(
        "yaml-syntax", NEGATIVE, "summary: How a row of bits", "summary: A row¦: how bits"
    ),
    "a second page of one name": Seed(
        "duplicate-id", "pages/06-places.md", NOTHING, "¦---\ntitle: Once more\n---\n\nText.\n"
    ),
    "a page whose name has no number": Seed("page-name", "pages/notes.md", NOTHING, "¦Notes.\n"),
}
REFERENCE = {
    "a passage with a slip": Seed(
        "missing-passage", MORE, "passage: negative#the-range", "passage: ¦negative#the-rang"
    ),
    "a page with a slip": Seed("missing-page", MORE, "passage: negative#the-range", "passage: ¦negatives\n"),
    "a heading that was renamed": Seed(
        "missing-passage", NEGATIVE, "## The range", "## From where to where", ((MORE, "passage: ¦negative#the-range"),)
    ),
    "a link to a heading that is not there": Seed(
        "missing-passage", ADDING, "(02-converting.md#from-decimal-to-binary)", "(¦02-converting.md#to-binary)"
    ),
    "a link to a page that is not there": Seed("missing-page", PLACES, "(02-converting.md)", "(¦02-halving.md)"),
    "a source with a slip in a question": Seed(
        "missing-source", BANK, "  hint: The word has three", "  sources: [worked, ¦wroked]\n  hint: The word has three"
    ),
    "a source with a slip on a page": Seed("missing-source", CONVERTING, "63 [@worked]", "63 [¦@wroked]"),
    "a source with a slip in a table": Seed("missing-source", ADDING, "binary [@worked] |", "binary [¦@wroked] |"),
    "a source with a slip in a claim": Seed("missing-source", NEGATIVE, "sources: [worked]", "sources: [¦tables]"),
    "a source with a slip in the glossary": Seed(
        "missing-source", TERMS, "  also: [half-byte]\n", "  also: [half-byte]\n  sources: [worked, ¦tables]\n"
    ),
    "a source that was renamed": Seed(
        "missing-source",
        SOURCES,
        "- id: worked",
        "- id: tables",
        (("pages/*.md", "[¦@worked]"), (NEGATIVE, "sources: [¦worked]")),
    ),
    "a term with a slip": Seed("missing-term", TERMS, "[bit, nibble]", "[bit, ¦nybble]"),
    "a picture that is not there": Seed(
        "missing-image", PLACES, "## Even or odd", "![The places](¦places.png)\n\n## Even or odd"
    ),
    "a source that is cited no more": Seed(
        "unused-source", SOURCES, 'Read: in full"\n', 'Read: in full"\n- id: ¦leibniz1703\n  title: Binary arithmetic\n'
    ),
    "a page of another suffix": Seed("stray-file", "pages/06-history.markdown", NOTHING, "¦By chance.\n"),
    "a page about which nothing is asked": Seed(
        "page-without-questions", "pages/06-history.md", NOTHING, "¦---\ntitle: How it was found\n---\n\nBy chance.\n"
    ),
    "a claim without its source": Seed("claim-without-source", NEGATIVE, "sources: [worked]", "sources: ¦[]"),
    "a claim whose sources were left out": Seed(
        "claim-without-source",
        NEGATIVE,
        "  grade: established\n  sources: [worked]\n",
        "  grade: established\n",
        ((NEGATIVE, "- ¦claim: "),),
    ),
    "a figure whose citation was lost": Seed(
        "figure-without-citation",
        CONVERTING,
        "The sum is 32 + 16 + 4 + 1, which makes 53 [@worked].",
        "The sum is 32 + 16 + 4 + 1, which makes ¦53.",
    ),
    "a figure in a callout whose citation was lost": Seed(
        "figure-without-citation",
        NEGATIVE,
        "There are still only 16 patterns of four bits, and 256 of eight [@worked].",
        "There are still only ¦16 patterns of four bits, and 256 of eight.",
    ),
}
DIGIT_AGAIN = """\
- id: bit-name-again
  type: short
  passage: places#places-in-base-two
  stem: ¦What is a single binary digit called again?
  key: bit
  rationale: A digit in base two is a bit.
"""
NIBBLE_AGAIN = """\
- id: nibble-name-again
  type: short
  passage: hexadecimal#four-bits-one-digit
  stem: What are four bits called?
  key: ¦byte
  rationale: It was mixed up.
"""
PERCENTAGE_GIVEN = """\
- id: patterns-gained
  type: number
  passage: places#how-many-numbers-fit
  stem: By how many percent does one more bit raise the number of patterns?
  key: 100
  unit: "%"
  rationale: Each further bit doubles the number.
- id: patterns-raised
  type: true-false
  passage: places#how-many-numbers-fit
  stem: ¦One more bit raises the number of patterns by 100%, however many bits there are.
  key: true
  rationale: Each further bit doubles the number.
"""
AMOUNT_GIVEN = """\
- id: byte-time
  type: number
  passage: places#how-many-numbers-fit
  stem: A line sends a bit each second. How long does it take to send a byte over the line?
  key: 8
  unit: s
  rationale: A byte has eight bits.
- id: byte-sent
  type: true-false
  passage: places#how-many-numbers-fit
  stem: ¦A line takes 8 s to send a byte, when it sends a bit each second.
  key: true
  rationale: A byte has eight bits.
"""
QUALITY = {
    "a key that grew long": Seed(
        "longest-key",
        MORE,
        "key: Four bits have sixteen patterns",
        "key: ¦Four bits have sixteen patterns, and there is a digit for each one",
    ),
    "keys that grew long": Seed(
        "longest-key",
        BANK,
        'keys: ["10001", "01011"]',
        'keys: [¦"10001, since seventeen is odd", "01011, which is odd as it ends in 1"]',
    ),
    "a key that says the stem's rarest word": Seed(
        "stem-word-in-key",
        BANK,
        "key: The first one belongs to the place worth 1",
        "key: ¦The first of the remainders is worth 1",
    ),
    "wrong options that say always and never": Seed(
        "absolute-distractor",
        MORE,
        "- text: Sixteen is four more than twelve\n"
        "    feedback: That is so, but has nothing to do with bits.\n"
        "  - text: Four digits make up every byte",
        "- text: ¦Sixteen is always more than twelve\n"
        "    feedback: That is so, but has nothing to do with bits.\n"
        "  - text: Four digits never make up a byte",
    ),
    "a stem turned into its opposite": Seed(
        "negative-stem", BANK, "stem: What does the base of", "stem: ¦What does the base not tell of"
    ),
    "a stem with an exception": Seed(
        "negative-stem",
        BANK,
        "stem: Why are the remainders read from the last to the first?",
        'stem: ¦"All of these are said of the remainders, EXCEPT:"',
    ),
    "all of the above": Seed(
        "catch-all-option", BANK, "- text: The result looks tidier in that order", "- text: ¦All of the above"
    ),
    "none of these": Seed("catch-all-option", MORE, "- text: −127 to 128", "- text: ¦None of these"),
    "letters of other options": Seed("catch-all-option", MORE, "- text: Write 3, carry 0", "- text: ¦Both A and B"),
    "a wrong option without its reason": Seed(
        "no-feedback",
        MORE,
        "    feedback: There is no digit 3 in binary.\n",
        "",
        ((MORE, "- text: ¦Write 3, carry 0"),),
    ),
    "a question without its rationale": Seed(
        "no-rationale",
        BANK,
        "  rationale: A digit in base two is a bit.\n",
        "",
        ((BANK, "stem: ¦What is a single"),),
    ),
    "an option said twice": Seed(
        "similar-options",
        BANK,
        "- text: The halves become smaller at each step",
        "- text: ¦The last one is the largest of them all!",
    ),
    "a question that was asked before": Seed("similar-stems", BANK, "- id: odd-ones", DIGIT_AGAIN + "- id: odd-ones"),
    "a question that was answered otherwise before": Seed(
        "contradicting-key", MORE, "- id: nibbles-match", NIBBLE_AGAIN + "- id: nibbles-match"
    ),
    "a stem that gives a percentage away": Seed(
        "answer-in-stem", BANK, "- id: odd-ones", PERCENTAGE_GIVEN + "- id: odd-ones"
    ),
    "a stem that gives an amount away": Seed("answer-in-stem", BANK, "- id: odd-ones", AMOUNT_GIVEN + "- id: odd-ones"),
}
KINDS = FORM, REFERENCE, QUALITY
SEEDS = FORM | REFERENCE | QUALITY


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of a course without faults, which each test restores after its change."""
    return shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("seeded") / "course")


def places(text, marked):
    """Return the line and column of a marked text within another, counted from 1."""
    before, _, after = marked.partition("¦")
    for match in re.finditer(re.escape(before) + "(?=" + re.escape(after) + ")", text):
        line = text.count("\n", 0, match.end()) + 1
        yield line, match.end() - text.rfind("\n", 0, match.end())


def seeded(path, seed):
    """Put a seed into the text of a file."""
    text = path.read_text("utf-8", "surrogateescape") if path.exists() else NOTHING
    new = seed.new.replace("¦", "")
    if seed.old == NOTHING:
        assert text == NOTHING
        return new
    assert text.count(seed.old) == 1, f"{seed.old!r} stands in {seed.file} {text.count(seed.old)} times"
    return text.replace(seed.old, new)


def spots(folder, seed):
    """Return where the faults of a seed must be reported."""
    found = sorted(
        (path, *place)
        for files, marked in seed.there or ((seed.file, seed.new),)
        for path in folder.glob(files)
        for place in places(path.read_text("utf-8", "surrogateescape"), marked)
    )
    assert found
    assert seed.there or len(found) == 1, "the mark is not unique"
    return [(display_path(path), line, column, seed.code) for path, line, column in found]


FIRST = {(seed.file, kind): name for kind, seeds in enumerate(KINDS) for name, seed in reversed(seeds.items())}
"""One seed of each kind in each file; the others are deep, as each code has an example in the documentation."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in FIRST.values() else pytest.mark.deep) for name in SEEDS]
)
def test_a_seeded_fault_is_reported_at_its_position_and_nothing_else(copy, name):
    seed = SEEDS[name]
    path = copy / seed.file
    before = path.read_bytes() if path.exists() else None
    try:
        path.write_text(seeded(path, seed), "utf-8", "surrogateescape", newline="")
        expected = spots(copy, seed)
        faults = inspect(Files(copy)).faults
    finally:
        path.unlink() if before is None else path.write_bytes(before)
    assert [fault[:4] for fault in faults] == expected, "\n".join(map(str, faults))


SHORTEST_IS_RIGHT = """\
- id: even-{number}
  type: choice
  passage: places#even-or-odd
  stem: Which of these rows of bits means {number}?
  key: Row {number:b}
  distractors:
  - text: Row {odd:b}, if anything
    feedback: It is odd.
  - text: Row {number:b}0, if anything
    feedback: A zero behind doubles the number.
  rationale: The places with a 1 add up.
"""


def test_a_rule_beats_chance_after_many_questions_were_added(copy):
    path = copy / "questions" / "reading.yaml"
    blocks = [SHORTEST_IS_RIGHT.format(number=number, odd=number + 1) for number in range(10, 60, 2)]
    try:
        path.write_text("".join(["questions:\n", *blocks]), "utf-8")
        faults = inspect(Files(copy)).faults
    finally:
        path.unlink()
    (place,) = places((copy / BANK).read_text("utf-8"), "\n¦questions:\n")
    assert {fault[:4] for fault in faults} == {(display_path(copy / BANK), *place, "guessable-bank")}
    assert any("the shortest option" in fault.message for fault in faults)
