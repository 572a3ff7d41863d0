"""Which characters may be shown, how headings are named, and when two spellings are the same."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synergy_cli.text import (
    clean,
    dangerous,
    describe,
    fold,
    identifier,
    is_dangerous,
    nearest,
    normalised,
    slug,
    strict,
    without_accents,
)

EVERY = "".join(map(chr, range(sys.maxunicode + 1)))
NEEDED = "\n\t\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


@pytest.fixture(scope="module")
def by_category():
    found = {}
    for character, category in zip(EVERY, map(unicodedata.category, EVERY), strict=True):
        found.setdefault(category, []).append(character)
    return found


@pytest.mark.parametrize("category", ["Cc", "Cf", "Cs", "Zl", "Zp"])
def test_every_character_of_a_steering_category_is_refused_but_what_text_needs(by_category, category):
    members = by_category[category]
    assert [character for character in members if not is_dangerous(character)] == [
        character for character in members if character in NEEDED
    ]


@pytest.mark.parametrize("group", ["L", "M", "N", "P", "S", "Zs", "Cn", "Co"])
def test_no_character_of_another_category_is_refused(by_category, group):
    members = "".join("".join(found) for category, found in by_category.items() if category.startswith(group))
    assert members
    assert set(filter(is_dangerous, members)) <= {"\ufffe", "\uffff"}


@pytest.mark.deep
def test_every_refused_character_is_found_at_its_place_in_a_text_of_all():
    assert list(dangerous(EVERY)) == [place for place, refused in enumerate(map(is_dangerous, EVERY)) if refused]


@pytest.mark.parametrize(
    "character",
    [
        pytest.param("\0", id="NUL"),
        pytest.param("\a", id="bell"),
        pytest.param("\b", id="backspace"),
        pytest.param("\r", id="carriage return"),
        pytest.param("\x1b", id="escape"),
        pytest.param("\x7f", id="delete"),
        pytest.param("\x85", id="next line"),
        pytest.param("\x9b", id="control sequence introducer"),
        pytest.param("\N{SOFT HYPHEN}", id="soft hyphen"),
        pytest.param("\N{ZERO WIDTH SPACE}", id="zero width space"),
        pytest.param("\N{LEFT-TO-RIGHT MARK}", id="left-to-right mark"),
        pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}", id="right-to-left override"),
        pytest.param("\N{LEFT-TO-RIGHT ISOLATE}", id="left-to-right isolate"),
        pytest.param("\N{LINE SEPARATOR}", id="line separator"),
        pytest.param("\N{PARAGRAPH SEPARATOR}", id="paragraph separator"),
        pytest.param("\N{ZERO WIDTH NO-BREAK SPACE}", id="byte-order mark"),
        pytest.param("\N{TAG LATIN SMALL LETTER A}", id="tag letter"),
        pytest.param("\ud800", id="surrogate"),
        pytest.param("\ufffe", id="no character"),
    ],
)
def test_a_character_that_steers_or_hides_is_found_and_replaced(character):
    text = f"a{character}b{character}"
    assert (list(dangerous(text)), clean(text)) == ([1, 3], "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("two\nlines", id="newline"),
        pytest.param("\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}", id="joiner in an emoji"),
        pytest.param("می\N{ZERO WIDTH NON-JOINER}خواهم", id="non-joiner in Persian"),
        pytest.param("no\N{NO-BREAK SPACE}break", id="no-break space"),
        pytest.param("e\N{COMBINING ACUTE ACCENT}", id="combining mark"),
        pytest.param("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", id="variation selector"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_text_needs_stays(text):
    assert (list(dangerous(text)), clean(text)) == ([], text)


@pytest.mark.deep
def test_cleaning_replaces_exactly_the_dangerous_and_widens_exactly_the_tab():
    refused = {character: "\N{REPLACEMENT CHARACTER}" for character in EVERY if is_dangerous(character)}
    assert clean(EVERY) == "".join(refused.get(character, character) for character in EVERY).replace("\t", "    ")
    assert len(clean(EVERY)) == len(EVERY) + 3


@given(st.text())
def test_cleaned_text_is_safe_and_cleaning_it_again_changes_nothing(text):
    once = clean(text)
    assert not list(dangerous(once))
    assert clean(once) == once


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_cleaning_keeps_harmless_text_as_it_is(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\N{RIGHT-TO-LEFT OVERRIDE}", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\x1b", "U+001B control character"),
        ("\N{TAG LATIN SMALL LETTER A}", "U+E0061 TAG LATIN SMALL LETTER A"),
    ],
)
def test_a_character_is_described_without_showing_it(character, name):
    assert describe(character) == name


@pytest.mark.parametrize(
    ("heading", "identity"),
    [
        ("alpha", "alpha"),
        ("bravoCharlieDelta", "bravocharliedelta"),
        ("__proto__", "__proto__"),
        ("heading with a - dash", "heading-with-a---dash"),
        ("heading with an _ underscore", "heading-with-an-_-underscore"),
        ("heading with a period.txt", "heading-with-a-periodtxt"),
        ("exchange.bind_headers(exchange, routing [, cb])", "exchangebind_headersexchange-routing--cb"),
        ("apostrophe’s should be trimmed", "apostrophes-should-be-trimmed"),
        ("I ♥ unicode", "i--unicode"),
        ("en–dash and em—dash", "endash-and-emdash"),
        ("\N{GRINNING FACE} emoji", "-emoji"),
        ("Привет non-latin 你好", "привет-non-latin-你好"),
        ("25(OH)D: what it is", "25ohd-what-it-is"),
        ("1,25(OH)2D & µg/IU — why?", "125oh2d--µgiu--why"),
        ("Ünïcödé ÉCOLE", "ünïcödé-école"),
        ("-a-", "-a-"),
        ("a  b", "a--b"),
        ("Fünf Ⅻ ٣", "fünf-ⅻ-٣"),
        ("!?", ""),
    ],
    ids=lambda value: value if value.isascii() else None,
)
def test_the_id_of_a_heading_is_githubs(heading, identity):
    assert slug(heading) == identity


@pytest.mark.parametrize(
    ("heading", "identity"),
    [
        pytest.param("Vitamin D₃ and K₂", "vitamin-d-and-k", id="subscript digits go"),
        pytest.param("10² is ½ of it", "10-is--of-it", id="superscripts and fractions go"),
        pytest.param("हिन्दी", "हिन्दी", id="Hindi vowel signs stay"),
        pytest.param("น้ำ", "น้ำ", id="Thai tone marks stay"),
        pytest.param("e\N{COMBINING ACUTE ACCENT}t", "e\N{COMBINING ACUTE ACCENT}t", id="combining accents stay"),
        pytest.param("a\N{COMBINING ENCLOSING CIRCLE}", "a\N{COMBINING ENCLOSING CIRCLE}", id="enclosing marks stay"),
        pytest.param("データ kʰ", "データ-kʰ", id="modifier letters stay"),
        pytest.param(
            "\N{MATHEMATICAL BOLD CAPITAL A}", "\N{MATHEMATICAL BOLD CAPITAL A}", id="capitals without a small letter"
        ),
        pytest.param("a‿b", "a‿b", id="connectors stay"),
    ],
)
def test_the_id_of_a_heading_keeps_marks_and_drops_digits_that_are_no_decimals_as_github_does(heading, identity):
    assert slug(heading) == identity


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("CALCIUM", "calcium", id="case"),
        pytest.param("STRASSE", "straße", id="sharp s"),
        pytest.param("ΣΊΣΥΦΟΣ", "σίσυφος", id="final sigma"),
        pytest.param("  vitamin \t K2\n", "vitamin K2", id="spaces"),
        pytest.param("vitamin\N{NO-BREAK SPACE}K2", "vitamin K2", id="no-break space"),
        pytest.param("cafe\N{COMBINING ACUTE ACCENT}", "café", id="decomposed accent"),
        pytest.param("ﬁbrin", "fibrin", id="ligature"),
        pytest.param("Ｋ２", "k2", id="full width"),
        pytest.param("CaCO₃", "CaCO3", id="subscript"),
        pytest.param("\N{MICRO SIGN}g", "\N{GREEK SMALL LETTER MU}g", id="micro sign"),
        pytest.param("MK\N{HYPHEN}7", "MK-7", id="hyphen"),
        pytest.param("MK\N{NON-BREAKING HYPHEN}7", "MK-7", id="non-breaking hyphen"),
        pytest.param("1\N{EN DASH}2", "1-2", id="en dash"),
        pytest.param("1\N{EM DASH}2", "1-2", id="em dash"),
        pytest.param("\N{MINUS SIGN}3", "-3", id="minus sign"),
        pytest.param("Crohn’s", "Crohn's", id="apostrophe"),
        pytest.param("‘gla’ “Gla”", "'gla' \"Gla\"", id="quotes"),
        pytest.param("The liver.", "the liver", id="closing full stop"),
    ],
)
def test_two_spellings_of_the_same_are_the_same(typed, meant):
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("cafe", "café", id="accents"),
        pytest.param("vitamin K1", "vitamin K2", id="digits"),
        pytest.param("blood clot", "bloodclot", id="a space"),
        pytest.param("3.5", "35", id="a full stop inside"),
        pytest.param("-3", "3", id="a minus"),
        pytest.param("no calcium", "calcium", id="a negation"),
    ],
)
def test_two_different_answers_stay_different(one, other):
    assert fold(one) != fold(other)


ROW = "\N{COMBINING ACUTE ACCENT}\N{COMBINING GRAVE ACCENT BELOW}"
"""Two marks that normalising swaps."""


@pytest.mark.parametrize("change", [fold, strict, without_accents, identifier])
def test_a_row_of_marks_without_end_is_read(change):
    """Were it not in time linear in its length, this would take minutes."""
    assert change("a" + ROW * 300_000)[:1] in ("a", "\N{LATIN SMALL LETTER A WITH ACUTE}")


@given(st.text(st.sampled_from(["a", "e", "\N{VULGAR FRACTION ONE HALF}", *ROW]), min_size=200, max_size=400))
def test_a_long_text_whose_rows_of_marks_are_short_is_normalised_as_unicode_says(text):
    short = "e".join(text[start : start + 29] for start in range(0, len(text), 29))
    for form in ("NFC", "NFKC", "NFD", "NFKD"):
        assert normalised(form, short) == unicodedata.normalize(form, short)


def test_folded_text_is_lower_case_plain_and_squeezed():
    assert fold("  The “MK–7”  of\tÉCOLE. ") == 'the "mk-7" of école'


NAMES = (
    *("natto", "anticoagulants", "progress", "kidney", "heart", "warfarin", "calcitriol", "menadione", "INR", "BMD"),
    *("protein S", "vitamin K", "MK-7", "CYP27B1", "rayleigh1871", "--color", "apply", "carrying", "k2", "RXR"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("natot", "natto"),
        ("nato", "natto"),
        ("anticoagulant", "anticoagulants"),
        ("antic", "anticoagulants"),
        ("progess", "progress"),
        ("kidny", "kidney"),
        ("WARFARNI", "warfarin"),
        ("raleigh1871", "rayleigh1871"),
        ("IRN", "INR"),
        ("vitamni K", "vitamin K"),
        ("--colour", "--color"),
        ("carrys", "carrying"),
    ],
)
def test_a_slip_and_a_common_beginning_are_near(typed, meant):
    assert nearest(typed, list(NAMES)) == [meant]


@pytest.mark.parametrize(
    "typed",
    [
        *("Falithrom", "fluindione", "Sintrom", "Acitrom", "clopidogrel", "Roteas", "Arixtra", "Eliquis", "--foo"),
        *(
            "hard",
            "MK-4",
            "BMC",
            "vitamind",
            "vitamin E",
            "protein C",
            "CYP27A1",
            "rayleigh1817",
            "na",
            "k3",
            "xyzzy",
            "menaquinone",
        ),
    ],
)
def test_what_is_not_alike_is_not_near(typed):
    assert nearest(typed, list(NAMES)) == []


def test_only_the_nearest_are_named():
    assert nearest("hart", ["forms", "hearty", "heart", "k2"]) == ["heart"]


def test_at_most_as_many_are_named_as_asked_for():
    assert nearest("heatr", ["heart", "heath", "heat"], most=1) == ["heart"]


def test_three_are_named_unless_said_otherwise():
    assert len(nearest("heart", ["hearts", "hearty", "heard", "hear"])) == 3


def test_nothing_is_near_to_nonsense():
    assert nearest("xyzzy", ["heart", "bones"]) == []


def test_what_no_name_can_be_resembles_nothing():
    assert nearest("a" * 101, ["a" * 101]) == []


def test_the_nearest_of_very_many_is_found_among_those_of_its_length():
    names = [f"the-one-{'x' * (number % 90)}-{number}" for number in range(20_000)]
    assert nearest("hearrt-and-bones", [*names, "heart-and-bones"]) == ["heart-and-bones"]
