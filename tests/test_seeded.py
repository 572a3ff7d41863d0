"""Faults seeded into the built-in course one at a time: each is reported at its position, and nothing else."""

from __future__ import annotations

import re
import shutil
from typing import NamedTuple

import pytest

from harness import DATA
from synergy_cli.authoring.check import inspect
from synergy_cli.course.files import Files, display_path

BANK, SOURCES, TERMS = "questions.yaml", "references.yaml", "glossary.yaml"
DUET, D3, BONES, FORMS = "pages/01-duet.md", "pages/02-d3.md", "pages/05-bones.md", "pages/08-forms.md"
PRACTICAL = "pages/10-practical.md"
NOTHING = ""


class Seed(NamedTuple):
    """A typical mistake of authors.

    Attributes:
        code: of the fault.
        file: in which it is seeded.
        old: what stands there once; `NOTHING` when there is no such file.
        new: what is put in its place. `¦` marks the spot at which the fault is to be named, and is not written.
        there: when the spot is elsewhere, its file, and the text that stands there, with the mark; there are as many
            faults as places where it stands.
    """

    code: str
    file: str
    old: str
    new: str
    there: tuple[str, str] | None = None


FORM = {
    "a misspelt key": Seed("unknown-key", BANK, 'hint: "Start outside', '¦hnit: "Start outside'),
    "a key as others call it": Seed("unknown-key", BANK, 'rationale: "Gla units', '¦explanation: "Gla units'),
    "a key of another type of question": Seed(
        "unknown-key", BANK, '  key: "25(OH)D"\n', '  key: "25(OH)D"\n  ¦accept: [calcidiol]\n'
    ),
    "a key that stands twice": Seed(
        "duplicate-key",
        BANK,
        '  hint: "Its first letter is e."\n',
        '  hint: "Its first letter is e."\n  ¦hint: "It has three syllables."\n',
    ),
    "a question without its stem": Seed(
        "missing-key",
        BANK,
        '  stem: "What does a protein gain when chosen glutamate units are turned into Gla?"\n',
        "",
        (BANK, "- ¦id: duet-gla-sites"),
    ),
    "a truth as YAML once had it": Seed(
        "wrong-value", BANK, *[f'  key: {w}\n  rationale: "It was the' for w in ("false", "¦No")]
    ),
    "a type as others call it": Seed(
        "wrong-value", BANK, "- id: d3-iom-levels\n  type: match", "- id: d3-iom-levels\n  type: ¦matching"
    ),
    "an id with a capital": Seed("wrong-value", BANK, "- id: d3-status-test", "- id: ¦D3-status-test"),
    "a number with its unit": Seed("wrong-value", BANK, "key: 25\n", "key: ¦25 µg\n"),
    "a list that lost its brackets": Seed(
        "wrong-type",
        BANK,
        "sources: [nakagawa2010, torii2016]",
        "sources: ¦nakagawa2010, torii2016",
    ),
    "a list that lost all but one": Seed(
        "wrong-length",
        BANK,
        '  order:\n    - "Parathyroid hormone switches on a gene in the kidney"\n'
        '    - "The enzyme from that gene makes calcitriol"\n',
        "  order:\n",
        (BANK, '  order:\n    ¦- "Calcitriol restrains'),
    ),
    "a hint that was never written": Seed(
        "empty-value", BANK, '  hint: "Its first letter is e."\n', "  hint:\n", (BANK, "  hint:¦\n")
    ),
    "an id that was copied": Seed(
        "duplicate-id",
        BANK,
        "- id: d3-status-test\n  type",
        "- id: ¦duet-gla-sites\n  type",
        (BANK, "- id: ¦duet-gla-sites\n  type: choice\n  passage: d3"),
    ),
    "a missing quote": Seed(
        "yaml-syntax", BANK, 'key: "Sites where calcium can bind"', 'key: ¦"Sites where calcium can bind'
    ),
    "a quote within quotes": Seed("yaml-syntax", BANK, "Ask how sure one can be", 'Ask how "¦sure" one can be'),
    "a text with a colon": Seed("yaml-syntax", BANK, 'hint: "Its first letter is e."', "hint: Its first letter¦: e."),
    "a bracket that stays open": Seed(
        "yaml-syntax", TERMS, "also: [calcitriol, active vitamin D]", "also: ¦[calcitriol, active vitamin D"
    ),
    "a word that YAML once took for no": Seed("yaml-trap", BANK, '  key: "low"', "  key: ¦no"),
    "a text cut off by a sign": Seed(
        "cut-text", BANK, 'hint: "Its first letter is e."', "hint: It is answer ¦#3 of four."
    ),
    "a link of a source without its beginning": Seed(
        "wrong-value",
        SOURCES,
        'URL: "https://pmc.ncbi.nlm.nih.gov/articles/PMC3968073/"',
        'URL: ¦"pmc.ncbi.nlm.nih.gov/articles/PMC3968073/"',
    ),
    "a source that was pasted twice": Seed(
        "duplicate-id", SOURCES, "- id: berkner2022\n", "- id: ¦aloia2014\n  title: Again\n- id: berkner2022\n"
    ),
    "a term without its meaning": Seed(
        "missing-key",
        TERMS,
        '  definition: "The enzyme that does most, though not all, of the first change of vitamin D in the liver, '
        'the one that gives 25(OH)D."\n',
        "",
        (TERMS, "CYP2R1:\n  ¦see"),
    ),
    "a language by its name": Seed("wrong-value", BANK, "language: en\n", "language: ¦English\n"),
    "an unknown grade": Seed("wrong-value", FORMS, "grade: observational", "grade: ¦observed"),
    "a title that is said again": Seed(
        "title-heading", FORMS, "---\n\nVitamin K2", "---\n\n¦# MK-4 and MK-7\n\nVitamin K2"
    ),
    "a text in the quotes of a word processor": Seed(
        "typographic-quotes", BANK, 'hint: "Its first letter is e."', "hint: ¦“Its first letter is e.”"
    ),
    "a front matter that never ends": Seed(
        "front-matter", FORMS, "---\n\nVitamin K2", "\nVitamin K2", (FORMS, '¦---\ntitle: "MK-4')
    ),
    "a callout of another site": Seed("unknown-callout", FORMS, "> [!CAUTION]", "> ¦[!DANGER]"),
    "a citation with its page": Seed("bad-citation", FORMS, "48 h [@sato2012]", "48 h ¦[@sato2012, p. 3]"),
    "a link to a page without its number": Seed(
        "bad-link", PRACTICAL, "(11-anticoagulants.md#what-to-do)", "(¦anticoagulants.md)"
    ),
    "a diagram without its title": Seed(
        "bad-fence",
        DUET,
        '``` {.diagram title="Vitamin D3 becomes 25(OH)D in the liver and calcitriol in the kidney; cells then make '
        'more osteocalcin and MGP, which vitamin K completes."}',
        "``` {.¦diagram}",
    ),
    "a sign that nobody sees": Seed("character", DUET, "## Two vitamins", "## Two¦\N{ZERO WIDTH SPACE} vitamins"),
    "a title with a slip": Seed("unknown-key", FORMS, 'title: "MK-4 and', '¦titel: "MK-4 and'),
    "a diagram that is never closed": Seed(
        "bad-fence", DUET, "   └─────────────┘\n```\n", "   └─────────────┘\n", (DUET, "¦``` {.diagram title")
    ),
    "an option that stands twice": Seed(
        "duplicate-answer", BANK, '- text: "Power to switch genes on"', '- text: ¦"Sites where calcium can bind"'
    ),
    "an answer that is right and wrong": Seed("duplicate-answer", BANK, '- text: "PTH"', '- text: ¦"FGF 23"'),
    "an option that looks like an option's number": Seed(
        "digit-option", BANK, '- text: "Means to move calcium"', '- text: ¦"4"'
    ),
    "a wrong number within the tolerance": Seed(
        "contradiction",
        BANK,
        '- text: "48"\n      feedback: "At 48 hours',
        '- text: ¦"7"\n      feedback: "At 48 hours',
    ),
    "a wrong number in another unit": Seed(
        "contradiction",
        BANK,
        '- text: "48"\n      feedback: "At 48 hours',
        '- text: ¦"48 mg"\n      feedback: "At 48 hours',
    ),
    "HTML on a page": Seed("unsupported-markdown", FORMS, "## Side by side", "See ¦<sup>1</sup>.\n\n## Side by side"),
    "a letter saved in another encoding": Seed("not-utf8", TERMS, "CYP2R1:\n", "CYP¦\udcb2R1:\n"),
    "a source file that is no YAML": Seed(
        "yaml-syntax",
        SOURCES,
        'title: "Vitamin D metabolism, mechanism of action, and clinical applications"',
        "title: Vitamin D metabolism¦: mechanism of action, and clinical applications",
    ),
    "a front matter that is no YAML": Seed(
        "yaml-syntax", FORMS, 'summary: "Same chemical job, ', "summary: Same¦: chemical job, "
    ),
    "a second page of one name": Seed(
        "duplicate-id", "pages/13-duet.md", NOTHING, "¦---\ntitle: Once more\n---\n\nText.\n"
    ),
    "a page whose name has no number": Seed("page-name", "pages/notes.md", NOTHING, "¦Notes.\n"),
}
REFERENCE = {
    "a passage with a slip": Seed(
        "missing-passage", BANK, "passage: routing#the-misrouting-claim", "passage: ¦routing#the-misroutin-claim"
    ),
    "a page with a slip": Seed("missing-page", BANK, "passage: routing#the-misrouting-claim", "passage: ¦rooting\n"),
    "a heading that was renamed": Seed(
        "missing-passage", FORMS, "## A 250-fold gap", "## A wide gap", (BANK, "passage: ¦forms#a-250-fold-gap")
    ),
    "a link to a heading that is not there": Seed(
        "missing-passage",
        PRACTICAL,
        "(11-anticoagulants.md#what-to-do)",
        "(¦11-anticoagulants.md#what-to-do-now)",
    ),
    "a link to a page that is not there": Seed(
        "missing-page",
        PRACTICAL,
        "(11-anticoagulants.md#what-to-do)",
        "(¦14-anticoagulation.md)",
    ),
    "a source with a slip in a question": Seed(
        "missing-source", BANK, "[nakagawa2010, torii2016]", "[nakagawa2010, ¦tori2016]"
    ),
    "a source with a slip on a page": Seed(
        "missing-source", FORMS, "taken together [@glakay2014]", "taken together [¦@glackay2014]"
    ),
    "a source with a slip in a table": Seed("missing-source", FORMS, "h [@sato2012] |\n| 60", "h [¦@sato2021] |\n| 60"),
    "a source with a slip in a claim": Seed("missing-source", FORMS, "sources: [torii2016]", "sources: [¦torii]"),
    "a source with a slip in the glossary": Seed(
        "missing-source", TERMS, "[mladenka2022, xiao2021]", "[mladenka2022, ¦xiao2012]"
    ),
    "a source that was renamed": Seed(
        "missing-source", SOURCES, "- id: inoue2009", "- id: inoue2009a", (BONES, "[¦@inoue2009]")
    ),
    "a term with a slip": Seed("missing-term", TERMS, "[GGCX, Gla, vitamin K cycle]", "[GGCX, Gla, ¦vitamin K circle]"),
    "a picture that is not there": Seed(
        "missing-image", DUET, "## Two vitamins", "![The chain](¦chain.png)\n\n## Two vitamins"
    ),
    "a source that is cited no more": Seed(
        "unused-source", TERMS, "\n  sources: [mccann2009]", "", (SOURCES, "- id: ¦mccann2009")
    ),
    "a page of another suffix": Seed("stray-file", "pages/13-history.markdown", NOTHING, "¦By chance.\n"),
    "a page in a folder of its own": Seed("stray-file", "pages/more/13-history.md", NOTHING, "¦By chance.\n"),
    "questions in a folder of their own": Seed("stray-file", "questions/more/late.yaml", NOTHING, "¦questions: []\n"),
    "sources in BibTeX": Seed("stray-file", "library.bib", NOTHING, "¦@book{a}\n"),
    "a page about which nothing is asked": Seed(
        "page-without-questions", "pages/13-history.md", NOTHING, "¦---\ntitle: How it was found\n---\n\nBy chance.\n"
    ),
    "a claim without its source": Seed("claim-without-source", FORMS, "sources: [torii2016]", "sources: ¦[]"),
    "a claim whose sources were left out": Seed(
        "claim-without-source",
        FORMS,
        "    grade: observational\n    sources: [torii2016]\n",
        "    grade: observational\n",
        (FORMS, '  - ¦claim: "In 103'),
    ),
    "a figure whose citation was lost": Seed(
        "figure-without-citation",
        D3,
        "500,000 IU once a year brought 15% more falls and 26% more fractures than placebo [@sanders2010].",
        "¦500,000 IU once a year brought 15% more falls and 26% more fractures than placebo.",
    ),
    "a figure in a callout whose citation was lost": Seed(
        "figure-without-citation",
        D3,
        "a median of 5.3 years brought no fewer fractures [@leboff2022]. In pooled",
        "a median of 5.3 years brought no fewer fractures. In pooled",
        (D3, "in VITAL, ¦25,871 US adults"),
    ),
}
GLA_AGAIN = """\
- id: duet-gla-gain
  type: choice
  passage: duet#what-completing-a-protein-means
  stem: ¦"What does a protein gain when some chosen glutamate units are turned into Gla?"
  key: "Sites where calcium can bind"
  distractors:
    - text: "A longer stay in the blood"
      feedback: "How long it stays is not what carboxylation changes."
    - text: "A place inside of the bone"
      feedback: "Where it goes is not what carboxylation changes."
  rationale: "Gla units make calcium-binding sites."

"""
HORMONE_AGAIN = """\
- id: routing-hormone-again
  type: short
  passage: routing#how-calcium-is-handled
  stem: "Which hormone, made in bone, lowers the amount of the active hormone of vitamin D? Give its short name."
  key: ¦"PTH"
  rationale: "It was mixed up."

"""
GIVEN_AWAY = """\
- id: routing-share
  type: number
  passage: routing#how-calcium-is-handled
  stem: "By how many per cent was the risk of hip fracture lower with vitamin D and calcium?"
  key: 16
  unit: "%"
  rationale: "It was lower by that share."

- id: routing-share-told
  type: short
  passage: routing#how-calcium-is-handled
  stem: ¦"Vitamin D with calcium went with a risk of hip fracture that was 16% lower. Which mineral was it?"
  key: "calcium"
  rationale: "So it was."

"""
QUALITY = {
    "a key that grew long": Seed(
        "longest-key",
        BANK,
        'key: "Sites where calcium can bind"',
        'key: ¦"Sites where calcium can bind, so that it can do its work in bone and in other tissues"',
    ),
    "keys that grew long": Seed(
        "longest-key",
        BANK,
        '    - "Fewer fractures"\n    - "Fewer heart events"\n',
        '    - ¦"Fewer fractures at the hip or at the spine"\n    - "Fewer heart events, be they fatal or not so"\n',
    ),
    "a key that says the stem's rarest word": Seed(
        "stem-word-in-key",
        BANK,
        'key: "A prescription drug for osteoporosis"',
        'key: ¦"Menatetrenone is a drug for osteoporosis"',
    ),
    "wrong options that say always and never": Seed(
        "absolute-distractor",
        BANK,
        '"It prevents fractures when taken"\n'
        '      feedback: "The statement is about nutrition; it is not a finding that supplements prevent fractures."\n'
        '    - text: "It makes bone denser when taken as pills"',
        '¦"It always prevents fractures"\n'
        '      feedback: "The statement is about nutrition; it is not a finding that supplements prevent fractures."\n'
        '    - text: "It never fails to make bone denser"',
    ),
    "a stem turned into its opposite": Seed(
        "negative-stem", BANK, 'stem: "What does a protein gain', 'stem: ¦"What does a protein not gain'
    ),
    "a stem with an exception": Seed(
        "negative-stem",
        BANK,
        'stem: "Why can it be said that vitamin K serves both sides of clotting?"',
        'stem: ¦"All of these are said of vitamin K and clotting, EXCEPT:"',
    ),
    "all of the above": Seed(
        "catch-all-option", BANK, '- text: "Means to move calcium"', '- text: ¦"All of the above"'
    ),
    "none of these": Seed(
        "catch-all-option", BANK, '- text: "Denser bone and fewer fractures"', '- text: ¦"None of these"'
    ),
    "letters of other options": Seed("catch-all-option", BANK, '- text: "Osteomalacia"', '- text: ¦"Both A and B"'),
    "a wrong option without its reason": Seed(
        "no-feedback",
        BANK,
        '      feedback: "The change makes calcium-binding sites; it is not a transport of calcium to bone."\n',
        "",
        (BANK, '- text: ¦"Means to move calcium"'),
    ),
    "a question without its rationale": Seed(
        "no-rationale",
        BANK,
        '  rationale: "Gla units make calcium-binding sites, and this is what carboxylation adds."\n',
        "",
        (BANK, 'stem: ¦"What does a protein gain'),
    ),
    "an option said twice": Seed(
        "similar-options",
        BANK,
        '- text: "A conclusion that EFSA drew in 2012"',
        '- text: ¦"The settled fact about human arteries!"',
    ),
    "a question that was asked before": Seed(
        "similar-stems", BANK, "- id: duet-avadec-reading", GLA_AGAIN + "- id: duet-avadec-reading"
    ),
    "a question that was answered otherwise before": Seed(
        "contradicting-key",
        BANK,
        "- id: routing-supply-and-completion",
        HORMONE_AGAIN + "- id: routing-supply-and-completion",
    ),
    "a stem that gives a percentage away": Seed(
        "answer-in-stem",
        BANK,
        "- id: routing-supply-and-completion",
        GIVEN_AWAY + "- id: routing-supply-and-completion",
    ),
    "a stem that gives an amount away": Seed(
        "answer-in-stem",
        BANK,
        'stem: "A label says that 70 µg',
        'stem: ¦"The upper level of vitamin D per day that IOM and EFSA have set for adults is 100 µg. '
        "A label says that 70 µg",
    ),
}
SEEDS = {**FORM, **REFERENCE, **QUALITY}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the built-in course with its bank in one file, which each test restores after its change."""
    folder = shutil.copytree(DATA, tmp_path_factory.mktemp("seeded") / "data")
    parts = [path.read_text("utf-8").removeprefix("questions:\n") for path in sorted((folder / "questions").iterdir())]
    shutil.rmtree(folder / "questions")
    with (folder / BANK).open("a", encoding="utf-8") as bank:
        bank.write("questions:\n" + "\n".join(parts))
    return folder


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
    file, marked = seed.there or (seed.file, seed.new)
    found = [(file, *place) for place in places((folder / file).read_text("utf-8", "surrogateescape"), marked)]
    assert found
    assert seed.there or len(found) == 1, "the mark is not unique"
    return [(display_path(folder / file), line, column, seed.code) for file, line, column in found]


@pytest.mark.parametrize("name", SEEDS)
def test_a_seeded_fault_is_reported_at_its_position_and_nothing_else(copy, name):
    seed = SEEDS[name]
    path = copy / seed.file
    before = path.read_bytes() if path.exists() else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(seeded(path, seed), "utf-8", "surrogateescape", newline="")
        expected = spots(copy, seed)
        faults = inspect(Files(copy)).faults
    finally:
        path.unlink() if before is None else path.write_bytes(before)
    assert [fault[:4] for fault in faults] == expected, "\n".join(map(str, faults))


def test_a_rule_beats_chance_after_many_questions_are_changed(copy):
    path = copy / BANK
    before = path.read_bytes()
    blocks = re.split(r"(?m)^(?=- id: )", before.decode())
    longer = [
        re.sub(r'(- text: ".+?)"\n', r'\1, in fact"\n', block) if "type: choice" in block else block for block in blocks
    ]
    try:
        path.write_text("".join(longer), "utf-8")
        (place,) = places(path.read_text("utf-8"), "\n¦questions:\n")
        faults = inspect(Files(copy)).faults
    finally:
        path.write_bytes(before)
    assert {fault[:4] for fault in faults} == {(display_path(path), *place, "guessable-bank")}
    assert any("the shortest option" in fault.message for fault in faults)
