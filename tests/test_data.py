"""The built-in course keeps its own promises."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from harness import DATA, in_process
from synergy_cli.authoring.guessing import guesses
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.page import Callout, Cite, Diagram, Span, TableBlock, inlines_of, plain
from synergy_cli.course.question import Sheet, Verdict
from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.text import fold
from synergy_cli.ui.layout import cells
from synergy_cli.ui.theme import BOX_TO_ASCII

COURSE = Course(Files(DATA), Cache(None))
PAGES = [COURSE.page(entry.id)[0] for entry in COURSE.entries]
QUESTIONS = COURSE.questions
SINGLE = [question for question in QUESTIONS if question.offers and len(question.right) == 1]
PLACES = {"first": 0, "last": -1}
MARGIN = 0.06
ORDER = ["duet", "d3", "k2", "routing", "bones", "heart", "timing", "forms", "synergy", "practical"]
ORDER += ["anticoagulants", "systems"]
CAUTION = (
    "If you take any blood thinner, do not start, stop or change a vitamin K supplement, including a D3+K2 product, "
    "until your prescriber or anticoagulation clinic agrees; on warfarin they will arrange INR checks. If you already "
    "take both, do not stop either suddenly, because stopping vitamin K can raise the INR, and then you can "
    "bleed: phone them. Bleeding that will not stop, blood in urine, stool or vomit, a sudden severe headache, a blow "
    "to the head, or signs of a stroke or clot: call your emergency number."
)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def callouts(page):
    return [
        (block.kind, " ".join(plain(i) for i in inlines_of(block.blocks))) for block in page.blocks if is_callout(block)
    ]


def is_callout(block):
    return isinstance(block, Callout)


def test_the_course_has_no_fault_and_no_poor_question():
    result = in_process("--course", DATA, "check", "--strict")
    assert (result.status, result.stderr) == (0, ""), result.stdout


def test_the_pages_follow_the_article():
    assert [page.id for page in PAGES] == ORDER


@each_page
def test_a_page_is_neither_thin_nor_long(page):
    """Its text, without tables, is read in two to four minutes."""
    text = page._replace(blocks=tuple(block for block in page.blocks if not isinstance(block, TableBlock)))
    assert 350 <= text.words <= 1050


@each_page
def test_a_page_grades_three_to_eight_claims(page):
    assert 3 <= len(page.claims) <= 8


def test_the_caution_stands_whole_and_first_on_its_page():
    page = PAGES[ORDER.index("anticoagulants")]
    assert is_callout(page.blocks[0])
    kind, text = callouts(page)[0]
    assert kind == "caution"
    assert text.startswith(CAUTION)


@pytest.mark.parametrize("page", [page for page in PAGES if page.id != "anticoagulants"], ids=lambda page: page.id)
def test_every_other_page_cautions_before_its_first_heading(page):
    opening = [block for block in page.sections[0][2] if is_callout(block)]
    (caution,) = [" ".join(plain(i) for i in inlines_of(block.blocks)) for block in opening if block.kind == "caution"]
    assert caution.startswith((CAUTION.partition(";")[0], "On a blood thinner? Read the caution first."))
    links = [span.link for block in opening for i in inlines_of(block.blocks) for span in i if isinstance(span, Span)]
    assert "anticoagulants" in links


@each_page
def test_a_sentence_with_a_figure_has_its_source(page):
    """A sentence is known by its full stop; a citation stands before it."""
    names = re.compile(r"MK-\d+|K\d|D\d|VKORC1|UBIAD1|FGF23|CYP\w+|1,25\(OH\)2D|25\(OH\)D|7-dehydrocholesterol|CO2")
    texts = [
        "".join("\N{SECTION SIGN}" if isinstance(inline, Cite) else inline.text for inline in inlines)
        for inlines in inlines_of([block for block in page.blocks if not isinstance(block, TableBlock)])
    ]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z(])", text)]
    figures = [sentence for sentence in sentences if re.search(r"\d", names.sub("", sentence))]
    assert [sentence for sentence in figures if "\N{SECTION SIGN}" not in sentence] == []


def diagrams():
    return [(page.id, block) for page in PAGES for block in page.blocks if isinstance(block, Diagram)]


def test_the_five_pictures_are_there():
    assert {page for page, _ in diagrams()} >= {"duet", "heart", "timing", "synergy", "anticoagulants"}


@pytest.mark.parametrize("diagram", [diagram for _, diagram in diagrams()], ids=[page for page, _ in diagrams()])
class TestDiagram:
    def test_fits_a_narrow_screen(self, diagram):
        assert max(cells(line) for line in diagram.lines) <= 40

    def test_has_an_ascii_twin(self, diagram):
        assert all(line.translate(BOX_TO_ASCII).isascii() for line in diagram.lines)

    def test_closes_its_boxes(self, diagram):
        """Where a line leaves a character downwards, one arrives in the line below, and the other way round.

        A line may come from a word, as on the way from hour to hour.
        """
        down, up = set("│┌┐├┤┬┼"), set("│└┘├┤┴┼")
        rows = [line.ljust(60) for line in diagram.lines]
        for above, below in pairwise(rows):
            for upper, lower in zip(above, below, strict=True):
                assert (upper not in down) or lower in up | set("▼▲─┴"), (above, below)
                assert (lower not in up) or upper in down | set("▲▼─┬") or upper.isalnum(), (above, below)


def test_there_are_questions_enough():
    counts = Counter(question.page for question in QUESTIONS)
    assert len(QUESTIONS) >= 110
    assert min(counts[page] for page in ORDER) >= 9
    assert min(counts[page] for page in ("d3", "k2", "forms", "anticoagulants")) >= 12


def test_all_kinds_are_in_use_but_the_toss_of_a_coin():
    assert {question.type for question in QUESTIONS} >= set(QUESTION_TYPES) - {"true-false"}


def test_a_third_or_more_asks_for_more_than_recall():
    assert 3 * sum(question.level != "recall" for question in QUESTIONS) >= len(QUESTIONS)


CONCEPTS = {"bones-three-kinds"}
"""Questions about the meaning of words that the course itself defines."""


@each_question
def test_a_question_has_all_that_teaches(question):
    assert question.passage
    assert question.rationale
    assert question.hint
    assert question.sources or question.id in CONCEPTS


def test_every_source_is_used():
    cited = {key for page in PAGES for key in page.citations} | {key for q in QUESTIONS for key in q.sources}
    assert set(COURSE.sources) == cited | {key for term in COURSE.terms for key in term.sources}


def test_the_glossary_has_terms_enough():
    assert len(COURSE.terms) >= 35


def test_no_term_goes_by_the_same_name_as_another():
    names = Counter(fold(name) for term in COURSE.terms for name in (term.name, *term.also))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("guess", guesses(QUESTIONS, "en"), ids=lambda guess: guess.rule)
def test_rules_without_knowledge_score_no_better_than_chance(guess):
    """Over the questions with one key, a rule that knows nothing about the topic scores within 6 points of chance."""
    assert guess.items == len(SINGLE) >= 40
    assert abs(guess.score - guess.chance) <= MARGIN


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_no_position_on_a_sheet_is_better_than_another(place):
    """Over a hundred sheets of each question; a single sheet may favour a position by chance."""
    chance = sum(question.chance for question in SINGLE) / len(SINGLE)
    won = [
        sum(question.sheet(rng).options[place] == question.right[0].text for question in SINGLE) / len(SINGLE)
        for rng in map(Random, range(100))
    ]
    assert abs(sum(won) / len(won) - chance) <= MARGIN / 4


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_no_position_is_better_in_one_session(place):
    chance = sum(question.chance for question in SINGLE) / len(SINGLE)
    rng = Random(7)
    won = sum(question.sheet(rng).options[place] == question.right[0].text for question in SINGLE) / len(SINGLE)
    assert abs(won - chance) <= MARGIN


FAIR = {
    "d3-two-organs": (["liver; kidney", "hepatocytes; the kidneys"], ["kidney; liver", "skin; liver"]),
    "k2-next-step": (["K2", "vitamin K"], ["vitamin C", "vitamin E", "vitamin A", "vitamin D"]),
    "routing-which-artery": (["shin", "leg arteries", "artery in the calf"], ["coronary", "aorta"]),
    "routing-top-dose": (["2.5 ×", "2.5x", "two and a half times"], ["25", "10"]),
    "heart-two-paths": (["D; K", "D3; MK-7"], ["K; D", "D; C"]),
    "heart-valve-difference": (["17", "17 AU", "292 - 275 = 17", "17 units apart"], ["51", "275"]),
    "timing-primes": (["gene; protein", "gene; osteocalcin"], ["protein; gene", "gene; calcium"]),
    "timing-daily": (
        ["daily", "every morning", "each evening", "every night", "qd", "o.d.", "1x/day", "once a day", "nightly"],
        ["every other day", "every second day", "every two days", "twice a day", "2x/day", "weekly", "not daily"],
    ),
    "timing-steady-k": (["warfarin", "Coumadin", "Marevan"], ["heparin", "rivaroxaban"]),
    "forms-japan-status": (["osteoporosis", "low bone density"], ["rickets", "osteomalacia"]),
    "forms-cheese": (["cheese", "hard cheeses", "aged cheeses", "dairy"], ["natto", "eggs"]),
    "anticoagulants-exception-food": (["natto", "nattō", "fermented soy"], ["tofu", "soy sauce", "kale"]),
}


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        (question, answer, verdict)
        for question, answers in FAIR.items()
        for verdict, listed in zip((Verdict.RIGHT, Verdict.WRONG), answers, strict=True)
        for answer in listed
    ],
)
def test_a_right_answer_is_right_in_other_words_and_a_wrong_one_wrong_at_once(question, answer, verdict):
    (asked,) = (each for each in QUESTIONS if each.id == question)
    assert asked.mark(Sheet(asked), answer).verdict is verdict


def test_no_question_is_marked_more_strictly_because_of_its_wrong_answers():
    assert [question.id for question in QUESTIONS if question.type == "short" and not question.comparison.loose] == []
