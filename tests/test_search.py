"""Finding what a course says: which places match, in which order, and what is shown of them."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from harness import in_process
from synergy_cli.course.glossary import Term
from synergy_cli.course.lookup import find_sources
from synergy_cli.course.markdown import parse_markdown
from synergy_cli.course.page import Page
from synergy_cli.course.search import AROUND, Hit, common_caution, meant, mended
from synergy_cli.course.search import search as search_for
from synergy_cli.course.sources import Source
from synergy_cli.errors import UsageError
from synergy_cli.parsing.report import Report


def page(number, identity, title, source):
    return Page(identity, number, title, "", (), parse_markdown(source, Report("page.md")))


SKY = page(
    1,
    "sky",
    "The sky",
    "The sky is above [@rayleigh1871].\n\n"
    "## By day\n\nAir scatters **blue** light.\n\n"
    "## By night\n\n- Stars shine.\n- Air cools.\n",
)
SEA = page(2, "sea", "The sea", "The sea is blue, blue, blue.\n\n| Where | Colour |\n|---|---|\n| Strasse | Grün |\n")
TERMS = (
    Term("azure", "A blue of the sky.", ("sky blue",), (), ()),
    Term("ozone", "A gas of the air.", (), (), ()),
)
SOURCES = (
    Source("rayleigh1871", ("Strutt JW",), "1871", "On the light from the sky", "Philos Mag", "", "theory"),
    Source("tyndall1869", ("Tyndall J",), "1869", "On the blue colour", "Proc R Soc", "", "experiment"),
)


def search(words, pages, terms, sources):
    return search_for(meant(words, terms), pages, terms, sources)


def hits(*words):
    return search(words, (SKY, SEA), TERMS, SOURCES)


def ways(*words):
    return [" ".join(shlex.split(hit.arguments)) for hit in hits(*words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["scatters"], ["explain sky#by-day"], id="a paragraph below a heading"),
        pytest.param(["above"], ["explain sky"], id="an opening"),
        pytest.param(["cools"], ["explain sky#by-night"], id="a list"),
        pytest.param(["grün"], ["explain sea"], id="a table"),
        pytest.param(["night"], ["explain sky#by-night"], id="a heading"),
        pytest.param(["ozone"], ["glossary ozone"], id="a term"),
        pytest.param(["gas"], ["glossary ozone"], id="a definition"),
        pytest.param(["tyndall"], ["sources tyndall1869"], id="an author"),
        pytest.param(["1871"], ["sources rayleigh1871"], id="a year"),
        pytest.param(["experiment"], ["sources tyndall1869"], id="a kind of study"),
        pytest.param(["proc r soc"], ["sources tyndall1869"], id="several words as one"),
    ],
)
def test_what_matches_is_found_with_the_way_to_it(words, expected):
    assert ways(*words) == expected


@pytest.mark.parametrize(
    "words",
    [
        *(["SCATTERS"], ["scatt"], [" scatters "], ["scatters."], ["air", "light"], ["light", "air"]),
        ["scatters  \N{NO-BREAK SPACE}blue"],
    ],
    ids=["capitals", "beginning", "spaces", "full stop", "two", "two turned", "a phrase with other spaces"],
)
def test_case_and_spaces_do_not_matter_and_beginnings_of_words_match(words):
    assert ways(*words)[0] == "explain sky#by-day"


@pytest.mark.parametrize("word", ["catters", "ight", "trasse", "lue"])
def test_the_inside_of_a_word_does_not_match(word):
    assert hits(word) == []


@pytest.mark.parametrize(
    "text", ["D3+needle", "(needle)", "pre-needle", "a/needle", "“needle”", "needle-fish", "needle’s"]
)
def test_a_word_begins_after_any_sign_that_is_no_letter(text):
    assert len(search(["needle"], [page(1, "p", "P", f"{text}\n")], (), ())) == 1


@pytest.mark.parametrize("word", ["gru\N{COMBINING DIAERESIS}n", "GRÜN", "straße"])
def test_the_form_of_accents_does_not_matter(word):
    assert ways(word) == ["explain sea"]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        *(("Nattō", "natto"), ("natto", "nattō"), ("grun", "Grün"), ("ug", "µg"), ("µg", "ug")),
        *(("MK7", "MK-7"), ("MK-7", "MK7"), ("25OHD", "25(OH)D"), ("25(OH)D", "25OHD")),
        *(("4000", "4,000"), ("4,000", "4000"), ("1,000,000", "1000000"), ("1000000", "1,000,000")),
        *(("dpucMGP", "dp-ucMGP"), ("dp-ucMGP", "dpucMGP"), ("menaquinone4", "menaquinone-4"), ("ΜΕΓΑ", "μεγα")),
    ],
)
def test_accents_and_signs_inside_a_name_or_a_number_do_not_matter(word, text):
    found = search([word], [page(1, "p", "P", f"Some {text} here.\n")], (), ())
    assert [hit.arguments for hit in found] == ["explain p"]
    assert all(text in hit.around for hit in found)


@pytest.mark.parametrize(
    ("word", "text"),
    [("1020", "10-20"), ("10-20", "1020"), ("1020", "10,20"), ("40000", "4,0000"), ("か", "が"), ("MK4", "MK-7")],
)
def test_signs_and_letters_that_matter_are_kept(word, text):
    assert search([word], [page(1, "p", "P", f"Some {text} here.\n")], (), ()) == []


@pytest.mark.parametrize("word", ["MK7", "Mk-7", "menaquinone7"])
def test_a_term_is_known_by_its_names_without_signs(word):
    named = Term("MK-7", "A form.", ("menaquinone-7",), (), ())
    assert [hit.arguments for hit in search([word], [page(1, "p", "P", "MK-7 is long.\n")], [named], ())] == [
        "glossary MK-7",
        "explain p",
    ]


def test_the_key_of_a_source_finds_it():
    assert ways("tyndall1869") == ["sources tyndall1869"]


def test_all_words_must_match_in_one_place():
    assert ways("blue", "scatters") == ["explain sky#by-day"]
    assert ways("scatters", "night") == []


def test_words_may_match_in_the_title_and_in_the_text():
    assert ways("sea", "grün") == ["explain sea"]
    assert ways("azure", "blue") == ["glossary azure"]


@pytest.mark.parametrize(
    "words", [["xyzzy"], ["blue", "xyzzy"], [], [""], [" ", "."], ["b.ue"], ["blue|sky"], ["(sky"]]
)
def test_where_nothing_matches_nothing_is_found(words):
    assert hits(*words) == []


@pytest.mark.parametrize(
    ("words", "meant_words"),
    [(["sttars"], "Stars"), (["bleu", "light"], "blue light"), (["scaters", "blue"], "scatters blue")],
)
def test_words_with_slips_are_mended_from_the_pages(words, meant_words):
    assert mended(words, (SKY, SEA)) == meant_words


@pytest.mark.parametrize("words", [["xyzzy"], ["xyzzy", "blue"], ["bluish"], ["plue"]])
def test_words_that_no_page_has_anything_like_are_left_alone(words):
    assert mended(words, (SKY, SEA)) == ""


CAUTION = "> [!CAUTION]\n> Wet? Read [what to do](03-rain.md#then) first.\n"


def test_a_caution_that_several_pages_have_is_that_of_the_course():
    pages = [page(number, f"p{number}", "P", CAUTION) for number in (1, 2)]
    own = page(3, "rain", "Rain", "> [!CAUTION]\n> Take [cover](01-p.md).\n")
    assert common_caution([own, *pages]) == ("Wet? Read what to do first.", "rain#then")
    assert common_caution([own, pages[0]]) is None
    assert common_caution([page(number, "p", "P", "> [!CAUTION]\n> Wet.\n") for number in (1, 2)]) is None


@pytest.mark.parametrize("key", ["endo2011", "endo", "ENDO", "holick", "Hólick", "Endocrine Soc"])
def test_a_source_is_found_by_its_key_and_by_each_of_its_authors(key):
    endo = Source("endo2011", ("Holick MF", "Endocrine Society", "et al."), "2011", "A guideline", "", "")
    other = Source("bikle2014", ("Bikle DD", "et al."), "2014", "A review", "", "")
    assert find_sources({one.key: one for one in (other, endo)}, key) == [endo]


@pytest.mark.parametrize("key", ["et", "", "review", "lick"])
def test_what_is_neither_a_key_nor_an_author_finds_no_source(key):
    one = Source("holick2007", ("Holick MF", "et al."), "2007", "A review", "", "")
    with pytest.raises(UsageError):
        find_sources({one.key: one}, key)


@pytest.mark.parametrize("command", ["search", "glossary"])
@pytest.mark.parametrize("name", ["Sintrom", "Falithrom", "fluindione", "Roteas"])
def test_an_unknown_drug_leads_to_the_caution_and_to_no_other_substance(command, name):
    shown = in_process(command, name)
    assert "On a blood thinner? Read the caution first.\n  synergy explain anticoagulants\n" in shown.stderr
    assert "Did you mean" not in shown.stderr
    assert shown.status == (1 if command == "search" else 2)


def test_an_empty_word_beside_another_does_not_count():
    assert ways("ozone", "", " ") == ways("ozone")


def test_an_empty_course_has_nothing():
    assert search(["sky"], (), (), ()) == []


def test_passages_come_first_then_terms_then_sources():
    assert [hit.kind for hit in hits("blue")] == ["passage", "passage", "glossary", "source"]


def test_the_most_matches_come_first():
    assert ways("blue")[:2] == ["explain sea", "explain sky#by-day"]


def test_a_match_in_the_title_comes_before_matches_in_the_text():
    many = page(1, "many", "Much", "wind wind wind\n")
    titled = page(2, "titled", "The wind", "It blows.\n")
    assert [hit.title for hit in search(["wind"], (many, titled), (), ())] == ["The wind", "Much"]


def test_a_whole_word_comes_before_beginnings_of_words():
    begun = page(1, "begun", "Begun", "rainy rainbow\n")
    whole = page(2, "whole", "Whole", "rain\n")
    assert [hit.title for hit in search(["rain"], (begun, whole), (), ())] == ["Whole", "Begun"]


def test_equal_matches_stay_in_the_order_of_the_course():
    pages = [page(number, f"p{number}", f"P{number}", "rain\n") for number in (1, 2, 3)]
    assert [hit.title for hit in search(["rain"], pages, (), ())] == ["P1", "P2", "P3"]


def test_a_caution_comes_before_what_matches_more():
    much = page(1, "much", "Rain", "rain rain\n")
    warned = page(2, "warned", "Storms", "> [!CAUTION]\n> Shelter from rain.\n\nOther words.\n")
    found = search(["rain"], (much, warned), (), ())
    assert [(hit.title, hit.around) for hit in found] == [("Storms", "Shelter from rain."), ("Rain", "rain rain")]


@pytest.mark.parametrize("words", [["heaven"], ["HEAVEN"], ["the", "vault"], ["above", "heaven"]])
def test_another_name_of_a_term_finds_what_is_said_of_the_term(words):
    named = Term("sky", "What is up.", ("heaven", "the vault"), (), ())
    assert "explain sky" in [hit.arguments for hit in search(words, (SKY, SEA), [named], ())]


RAIN = (
    page(1, "much", "Rain and more rain", "rain rain rain\n"),
    page(2, "wet-days", "What falls?", "Rainy days.\n"),
    page(3, "weak", "Weak", "> [!CAUTION]\n> Rainwater is hard.\n"),
    page(4, "warned", "Warned", "> [!CAUTION]\n> Shelter from rain.\n"),
)
RAINS = [Term("rain", "Water.", ("drizzle", "rain drops"), (), ())]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rain"], ["explain warned", "glossary rain", "explain weak", "explain much", "explain wet-days"]),
        (["drizzle"], ["explain warned", "glossary rain", "explain weak", "explain much", "explain wet-days"]),
        (["RAIN", "drops"], ["explain warned", "glossary rain", "explain weak", "explain much", "explain wet-days"]),
        (["wet-days"], ["explain wet-days"]),
        (["what", "falls"], ["explain wet-days"]),
        (["days"], ["explain wet-days"]),
    ],
    ids=["term", "another name", "two words", "id", "title", "no name"],
)
def test_what_has_exactly_the_name_comes_after_cautions_with_the_word_and_before_all_others(words, expected):
    assert [hit.arguments for hit in search(words, RAIN, RAINS, ())] == expected


def test_a_hit_says_whether_it_is_a_caution():
    assert [hit.caution for hit in search(["rain"], RAIN, RAINS, ())] == [True, False, True, False, False]


@pytest.mark.usefixtures("example")
def test_results_begin_with_their_number():
    shown = in_process("search", "carry").stdout
    number = shown.count("\n  synergy ")
    assert number > 1
    assert shown.startswith(f"{number} hits\n\n")
    assert not in_process("search", "carry", "--plain").stdout[0].isdecimal()


def test_a_hit_has_its_title_its_words_and_its_way():
    assert hits("stars") == [Hit("passage", "By night — The sky", "Stars shine. Air cools.", "explain sky#by-night")]


def test_a_source_is_shown_with_its_reference_and_its_kind():
    assert hits("1871") == [
        Hit(
            "source",
            "Strutt JW (1871)",
            "Strutt JW (1871). On the light from the sky. Philos Mag. theory",
            "sources rayleigh1871",
        )
    ]


def test_citations_are_no_part_of_what_is_shown():
    assert hits("above")[0].around == "The sky is above."


def test_a_term_is_shown_with_its_other_names():
    assert [hit[:3] for hit in hits("azure")] == [("glossary", "azure, sky blue", "A blue of the sky.")]


def long_page(word, before=40, after=40):
    return page(1, "long", "Long", f"{'before ' * before}{word} {'after ' * after}\n")


def excerpt(word, text=None, **around):
    (hit,) = search([word], [long_page(text or word, **around)], (), ())
    return hit.around


def test_a_long_text_is_cut_at_words_around_the_match():
    shown = excerpt("NEEDLE")
    words = shown.split()
    assert (words[0], words[-1]) == ("…", "…")
    assert set(words[1:-1]) == {"before", "NEEDLE", "after"}
    assert abs(shown.index("NEEDLE") - AROUND) < 12
    assert AROUND < len(shown) < 2 * AROUND + 24


def test_what_is_not_cut_has_no_dots():
    assert excerpt("NEEDLE", before=2, after=2) == "before before NEEDLE after after"
    assert excerpt("NEEDLE", before=0).startswith("NEEDLE after")
    assert excerpt("NEEDLE", before=0).endswith("after …")
    assert excerpt("NEEDLE", after=0).startswith("… before")
    assert excerpt("NEEDLE", after=0).endswith("before NEEDLE")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        pytest.param("needle", "NEEDLE", id="case"),
        pytest.param("d3", "D₃", id="subscript"),
        pytest.param("strasse", "Straße", id="sharp s"),
        pytest.param("crohn's", "Crohn’s", id="apostrophe"),
        pytest.param("5 mg", "5\N{NO-BREAK SPACE}mg", id="no-break space"),
        pytest.param("0.5", "0.5", id="full stop"),
        pytest.param("mk-7", "MK\N{NON-BREAKING HYPHEN}7", id="hyphen"),
        pytest.param("e\N{COMBINING ACUTE ACCENT}t", "ét", id="accent"),
        pytest.param("ét", "e\N{COMBINING ACUTE ACCENT}t", id="decomposed accent"),
    ],
)
def test_the_words_around_the_match_hold_the_match_however_it_is_spelt(word, text):
    assert text in excerpt(word, text)


def test_the_place_where_most_of_the_words_stand_together_is_shown():
    text = f"straw alone {'hay ' * 60}straw with a needle {'hay ' * 60}needle"
    (hit,) = search(["needle", "straw"], [page(1, "p", "P", text)], (), ())
    assert "straw with a needle" in hit.around


def test_a_whole_word_is_shown_rather_than_a_beginning():
    text = f"needlework {'hay ' * 60}needle {'hay ' * 60}needles"
    (hit,) = search(["needle"], [page(1, "p", "P", text)], (), ())
    assert "needle" in hit.around.split()


def test_when_only_the_title_matches_the_text_is_shown_from_its_beginning():
    (hit,) = search(["needle"], [page(1, "p", "Needle", f"one {'hay ' * 60}")], (), ())
    assert hit.around.startswith("one hay")


def test_the_first_of_several_words_that_occurs_is_shown():
    text = f"NEEDLE {'straw ' * 60}THREAD"
    (hit,) = search(["thread", "needle"], [page(1, "p", "P", text)], (), ())
    assert hit.around.startswith("NEEDLE")


@pytest.mark.parametrize("name", ["25(OH)D", "active vitamin D", 'so-called "active" D', "a $HOME `b`", "back\\slash"])
def test_the_way_to_a_term_can_be_typed_as_it_stands(name):
    (hit,) = search(["marker"], (), [Term(name, "The marker.", (), (), ())], ())
    printed = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {hit.arguments}"], capture_output=True, text=True, check=True
    )
    assert printed.stdout == f"glossary\n{name}\n"
