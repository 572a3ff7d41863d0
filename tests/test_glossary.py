"""Looking a term up by any name of it, or the beginning of one."""

from __future__ import annotations

import pytest

from synergy_cli.course.glossary import GLOSSARY, Term, look_up, terms_of
from synergy_cli.errors import UsageError
from synergy_cli.parsing.faults import Fault
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse

SOURCE = """\
vitamin K2:
  definition: The menaquinones.
  also: [menaquinone, MK]
  see: [vitamin K]
  sources: [berkner2022]
vitamin K:
  definition: A family.
25(OH)D:
  definition: The marker.
  also: [calcidiol]
Éclair:
  definition: A cake.
calcitriol:
  definition: The hormone.
  also: [active vitamin D]
INR:
  definition: A ratio.
  also: [MK]
"""


@pytest.fixture(scope="module")
def terms():
    report = Report("glossary.yaml")
    data = GLOSSARY.read(parse(SOURCE, report), report)
    assert report.faults == []
    return terms_of(data)


def test_the_terms_are_in_alphabetical_order_whatever_their_case(terms):
    assert [term.name for term in terms] == [
        *("25(OH)D", "calcitriol", "INR", "vitamin K", "vitamin K2", "Éclair"),
    ]


def test_a_term_has_all_that_its_author_wrote(terms):
    assert look_up(terms, "vitamin K2") == (
        Term("vitamin K2", "The menaquinones.", ("menaquinone", "MK"), ("vitamin K",), ("berkner2022",)),
    )


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        pytest.param("INR", ["INR"], id="its name"),
        pytest.param("inr", ["INR"], id="its name in lower case"),
        pytest.param("  Vitamin \N{NO-BREAK SPACE}k2. ", ["vitamin K2"], id="its name with other spaces"),
        pytest.param("E\N{COMBINING ACUTE ACCENT}CLAIR", ["Éclair"], id="its name in decomposed letters"),
        pytest.param("25(oh)d", ["25(OH)D"], id="its name with brackets"),
        pytest.param("calcidiol", ["25(OH)D"], id="another name of it"),
        pytest.param("vitamin k", ["vitamin K"], id="its name, though it begins another"),
        pytest.param("MK", ["INR", "vitamin K2"], id="another name of two"),
        pytest.param("vitamin", ["vitamin K", "vitamin K2"], id="the beginning of two names"),
        pytest.param("calci", ["25(OH)D", "calcitriol"], id="the beginning of a name and of another name"),
        pytest.param("mena", ["vitamin K2"], id="the beginning of another name"),
        pytest.param("m", ["INR", "vitamin K2"], id="the beginning of several names of one term"),
    ],
)
def test_a_term_is_found(terms, wanted, names):
    assert [term.name for term in look_up(terms, wanted)] == names


def refusal(terms, wanted):
    with pytest.raises(UsageError) as caught:
        look_up(terms, wanted)
    return str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [("calcitrol", "calcitriol"), ("menaqinnone", "menaquinone"), ("IRN", "INR")],
    ids=["a letter missing", "two slips", "letters swapped"],
)
def test_an_unknown_term_names_those_that_were_probably_meant(terms, wanted, meant):
    assert refusal(terms, wanted) == (
        f"The glossary has no `{wanted}`. Did you mean {meant}?\nAll terms: synergy glossary"
    )


@pytest.mark.parametrize("wanted", ["xyzzy", "", " ", "."])
def test_what_resembles_nothing_says_where_all_terms_are(terms, wanted):
    assert refusal(terms, wanted) == f"The glossary has no `{wanted}`.\nAll terms: synergy glossary"


def test_an_empty_glossary_has_no_term():
    assert refusal((), "INR") == "The glossary has no `INR`.\nAll terms: synergy glossary"


FAULTY = {
    "text for a term": (
        "INR: A ratio.\n",
        1,
        6,
        "wrong-type",
        "found text, expected the keys: definition, also, see, sources",
    ),
    "no definition": (
        "INR:\n  also: [a]\n",
        2,
        3,
        "missing-key",
        "`definition` is missing; expected what the term means",
    ),
    "an empty definition": ("INR:\n  definition: ''\n", 2, 15, "empty-value", "the value is empty, expected text"),
    "text for a list": ("INR:\n  definition: A.\n  also: a\n", 3, 9, "wrong-type", "found text, expected a list"),
    "nothing for a list": ("INR:\n  definition: A.\n  also:\n", 3, 8, "wrong-type", "found nothing, expected a list"),
    "an unknown key": (
        *("INR:\n  definition: A.\n  sees: [a]\n", 3, 3, "unknown-key"),
        "unknown key `sees`; did you mean `see`?",
    ),
    "a term without a name": ("'':\n  definition: A.\n", 1, 1, "empty-value", "the key is empty, expected text"),
    "a term that differs in spaces": (
        *("INR:\n  definition: A.\n' INR':\n  definition: B.\n", 3, 1, "duplicate-key"),
        "duplicate key `INR`",
    ),
    "a list of terms": ("- INR\n", 1, 1, "wrong-type", "found a list, expected a mapping"),
}
"""Source, line, column, code, message."""


@pytest.mark.parametrize(("source", "line", "column", "code", "message"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_term_is_refused_with_its_fault_at_its_place(source, line, column, code, message):
    report = Report("glossary.yaml")
    GLOSSARY.read(parse(source, report), report)
    assert report.faults == [Fault("glossary.yaml", line, column, code, message)]


@pytest.mark.parametrize("name", ["No", "1.10", "2014-05-06"])
def test_a_term_that_other_readers_of_yaml_take_for_no_text_is_read_and_warned_of(name):
    report = Report("glossary.yaml")
    data = GLOSSARY.read(parse(f"{name}:\n  definition: A.\n", report), report)
    assert [(fault.line, fault.column, fault.code) for fault in report.faults] == [(1, 1, "yaml-trap")]
    assert [term.name for term in terms_of(data)] == [name]


def test_a_term_names_other_terms_and_its_sources_with_their_places():
    report = Report("glossary.yaml")
    GLOSSARY.read(parse("INR:\n  definition: A.\n  see: [PT]\n  sources: [a, b]\n", report), report)
    assert [tuple(mention) for mention in report.mentions] == [
        *(("term", "PT", 3, 9), ("source", "a", 4, 13), ("source", "b", 4, 16)),
    ]
