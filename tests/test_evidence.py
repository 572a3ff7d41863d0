"""Every figure of a page is one that the notes on its sources hold, with the same unit; each trial is told once."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from harness import DATA, in_process
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.page import Callout, Cite, ListBlock, Paragraph, TableBlock

COURSE = Course(Files(DATA), Cache(None))
PAGES = [COURSE.page(entry.id)[0] for entry in COURSE.entries]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)

NAMES = re.compile(r"\b(?:MK|CYP|D|K)-?\d+[A-Z]?\d*\b|25\(OH\)D|[\d,.]+ \w+ \(\d+ g\)")
RANGE = r"(?:(?:[–-]| to )\d[\d.,]*)?"
FIGURE = re.compile(rf"(?<![\w.])(\d+(?:,\d{{3}})*(?:\.\d+)?)(?!\w)(?={RANGE}\s*([^\s,;:()|]+)?)")
UNITS = {
    "people": "people women men adults volunteers participants patients australians babies mice rats",
    "days": "day days",
    "weeks": "week weeks",
    "months": "month months",
    "years": "year years",
    "hours": "hour hours h",
    "points": "point points",
    **{unit: unit.lower() for unit in ("%", "µg", "mg", "IU", "AU", "ng/mL", "nmol/L", "pmol/L", "trials", "times")},
}
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words.split()}
SAME = {("IU", "µg"): 40, ("µg", "mg"): 1000, ("nmol/L", "ng/mL"): 2.5}
"""How many of the first unit are one of the second: for vitamin D where that matters."""
SMALLEST = 3
"""Whole numbers up to it also count things, and are not looked for."""
OURS = {
    "d3": {22: "an example to convert", 55: "the same"},
    "routing": {30: "a dose that a table above has"},
    "bones": {4378: "the sum of both groups"},
    "heart": {13: "arithmetic, and called so"},
    "anticoagulants": {85: "three ounces in grams"},
}
"""Figures that are not a source's, by page, each with its reason."""
EXAMPLES = {"practical": ("multivitamin", '"bone formula"', "D3 drops", "together")}
"""Rows of a table that adds up an invented cupboard."""
SETTLED = {"authority", "review", "handbook", "mechanism study"}
"""What may be quoted on several pages."""
TOLD = 5
"""So many figures of a source make a paragraph or row that tells it."""


def figures(text):
    """Yield the figures of a text as value and unit, which is empty if there is none that is known."""
    text = re.sub(r"(\d)(%|µg|mg)", r"\1 \2", NAMES.sub(" ", text.replace("\N{MINUS SIGN}", "")))
    for number, word in FIGURE.findall(text):
        yield float(number.replace(",", "")), UNIT_OF.get(word.rstrip(".").lower(), "")


def known():
    """Return the figures of each source."""
    notes = json.loads((Path(__file__).parent / "evidence.json").read_text("utf-8"))
    return {
        key: {(float(value), unit) for value, _, unit in (item.partition(" ") for item in items)}
        for key, items in notes.items()
    }


KNOWN = known()


def passages(blocks):
    """Yield each paragraph and row with the keys of the sources that it cites; a row has those above the table too."""
    before = []
    for block in blocks:
        if isinstance(block, Paragraph):
            text, before = said(block.inlines)
            yield text, before
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from passages(item)
        elif isinstance(block, Callout):
            yield from passages(block.blocks)
        elif isinstance(block, TableBlock):
            above = [*before, *said([inline for cell in block.header for inline in cell])[1]]
            for row in block.rows:
                text = " | ".join(said(cell)[0] for cell in row)
                yield text, [*above, *(key for cell in row for key in said(cell)[1])]


def said(inlines):
    keys = [key for inline in inlines if isinstance(inline, Cite) for key in inline.keys]
    return "".join(" " if isinstance(inline, Cite) else inline.text for inline in inlines), keys


def holds(notes, value, unit):
    """Whether notes hold a figure, perhaps in another unit of the same kind."""
    same = [(value, unit)]
    for (more, less), factor in SAME.items():
        if unit in (more, ""):
            same.append((value / factor, less))
        if unit in (less, ""):
            same.append((value * factor, more))
    return any(
        abs(value - other) < 0.01 * max(1, value) and (unit == theirs or not unit or not theirs)
        for value, unit in same
        for other, theirs in notes
    )


def strangers(page):
    claims = [(claim.claim, list(claim.sources)) for claim in page.claims]
    for text, keys in [*passages(page.blocks), *claims]:
        if text.startswith(EXAMPLES.get(page.id, "\0")):
            continue
        years = [year for key in keys for year in re.findall(r"\b(?:19|20)\d\d\b", COURSE.sources[key].label)]
        notes = {(float(year), "") for year in years}.union(*(KNOWN.get(key, set()) for key in keys))
        for value, unit in figures(text):
            trivial = value <= SMALLEST and value.is_integer()
            if not trivial and value not in OURS.get(page.id, {}) and not holds(notes, value, unit):
                yield f"{value:g} {unit}: {text}"


@each_page
def test_each_figure_is_one_that_its_sources_have(page):
    assert list(strangers(page)) == []


def test_each_exception_is_needed():
    """A figure that is no longer there would excuse another."""
    for page in PAGES:
        texts = [text for text, _ in passages(page.blocks)] + [claim.claim for claim in page.claims]
        there = {value for text in texts for value, _ in figures(text)}
        assert set(OURS.get(page.id, {})) <= there


def test_no_trial_is_told_on_two_pages():
    told = defaultdict(set)
    for page in PAGES:
        for text, keys in passages(page.blocks):
            for key in keys:
                if COURSE.sources[key].kind not in SETTLED:
                    own = {
                        value
                        for value, unit in figures(text)
                        if value > SMALLEST and holds(KNOWN.get(key, set()), value, unit)
                    }
                    if len(own) >= TOLD:
                        told[key].add(page.id)
    assert {key: pages for key, pages in told.items() if len(pages) > 1} == {}


@pytest.mark.parametrize(
    "name", ["Coumadin", "Marevan", "Marcumar", "Marcoumar", "warfarin", "phenprocoumon", "blood thinner"]
)
def test_who_searches_for_a_blood_thinner_finds_the_caution_first(name):
    first = in_process("--course", DATA, "search", name, "--plain").stdout.splitlines()[0]
    assert "explain anticoagulants" in first
