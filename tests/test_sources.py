"""Sources read from CSL: every way to write a date and a name, and what is wrong with a faulty item."""

from __future__ import annotations

import pytest

from synergy_cli.course.sources import Source, read_source
from synergy_cli.parsing.faults import Fault
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse

FULL = """\
id: rayleigh1871
type: article-journal
author:
- family: Strutt
  given: JW
- literal: et al.
issued: 1871
title: On the light from the sky
container-title: Philos Mag
volume: 41
issue: 271
page: 107-120
DOI: 10.1080/14786447108640452
URL: https://example.org/sky
genre: theory
note: "Read: all of it"
"""


def read(source):
    report = Report("references.yaml")
    return read_source(parse(source, report), report), report.faults


def source_of(more):
    source, faults = read(f"id: a\ntitle: T\n{more}\n")
    assert faults == []
    return source


def test_a_whole_source_is_read():
    assert read(FULL) == (
        Source(
            key="rayleigh1871",
            authors=("Strutt JW", "et al."),
            year="1871",
            title="On the light from the sky",
            where="Philos Mag 41(271):107-120",
            url="https://example.org/sky",
            kind="theory",
            note="Read: all of it",
        ),
        [],
    )


def test_a_source_may_be_as_little_as_id_and_title():
    assert source_of("type: book") == Source("a", (), "", "T", "", "")


@pytest.mark.parametrize(
    ("issued", "year"),
    [
        ("2014", "2014"),
        ("'2014'", "2014"),
        ("2014-05", "2014"),
        ("2014-05-06", "2014"),
        ("2014/2015", "2014"),
        ("2014~", "2014"),
        ("-44", "-44"),
        ("-0044-03-15", "-0044"),
        ("987", "987"),
        ("{year: 2014}", "2014"),
        ("{year: 2014, month: 5, day: 6}", "2014"),
        ("[{year: 2014, month: 5}]", "2014"),
        ("[{year: 2014}, {year: 2015}]", "2014"),
        ("{date-parts: [[2014]]}", "2014"),
        ("{date-parts: [['2014', '5', '6']]}", "2014"),
        ("{date-parts: [[2014, 5], [2015, 1]]}", "2014"),
        ("{date-parts: [2014, 5]}", "2014"),
        ("{raw: 2014-05-06}", "2014"),
        ("{literal: '2014'}", "2014"),
        ("in press", ""),
        ("''", ""),
        ("[]", ""),
        ("{}", ""),
        ("{date-parts: []}", ""),
        ("{date-parts: [[]]}", ""),
        ("{season: 2}", ""),
    ],
)
def test_the_year_is_found_in_every_form_of_a_date(issued, year):
    assert source_of(f"issued: {issued}").year == year


@pytest.mark.parametrize(
    ("author", "names"),
    [
        pytest.param("[{family: Bikle, given: DD}]", ("Bikle DD",), id="family and given name"),
        pytest.param("[{family: Bikle}]", ("Bikle",), id="family name alone"),
        pytest.param("[{given: Plato}]", ("Plato",), id="given name alone"),
        pytest.param("[{literal: World Health Organization}]", ("World Health Organization",), id="an organisation"),
        pytest.param("[{family: A, given: B}, {family: C, given: D}]", ("A B", "C D"), id="two"),
        pytest.param("[{family: ' A  B ', given: '  C '}]", ("A B C",), id="spaces"),
        pytest.param("[{}, {family: A}, {literal: ''}]", ("A",), id="empty names"),
        pytest.param("[{family: A}, {literal: et al.}]", ("A", "et al."), id="and others"),
        pytest.param("[{family: A}, {literal: others}]", ("A", "et al."), id="and others as BibTeX says"),
        pytest.param("[{literal: others}, {family: A}]", ("others", "A"), id="others who are not the last"),
        pytest.param("[]", (), id="nobody"),
        pytest.param("[Bikle DD]", (), id="a form that CSL does not know"),
        pytest.param("{family: Bikle}", (), id="a form that CSL does not know either"),
    ],
)
def test_the_authors_are_found_in_every_form_of_a_name(author, names):
    assert source_of(f"author: {author}").authors == names


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("{family: Beethoven, given: L, non-dropping-particle: van}", "van Beethoven L"),
        ("{family: Smith, given: J, suffix: Jr}", "Smith J Jr"),
    ],
    ids=["particle", "suffix"],
)
def test_no_part_of_a_name_is_lost(author, name):
    assert source_of(f"author: [{author}]").authors == (name,)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("container-title: J", "J"),
        ("publisher: P", "P"),
        ("container-title: J\npublisher: P", "J"),
        ("container-title: J\nvolume: 1", "J 1"),
        ("container-title: J\nvolume: 1\nissue: 2", "J 1(2)"),
        ("container-title: J\nvolume: 1\nissue: 2\npage: 3-4", "J 1(2):3-4"),
        ("container-title: J\nvolume: 1\npage: e5", "J 1:e5"),
        ("container-title: J\nissue: 2\npage: 3", "J (2):3"),
        ("container-title: J\npage: 3-4", "J 3-4"),
        ("volume: 1\npage: 3", "1:3"),
        ("type: book", ""),
    ],
)
def test_where_a_source_stands_is_put_together(more, where):
    assert source_of(more).where == where


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ("URL: https://e.org/a?b#c", "https://e.org/a?b#c"),
        ("URL: http://e.org", "http://e.org"),
        ("DOI: 10.1000/182", "https://doi.org/10.1000/182"),
        ("DOI: 10.1000/182\nURL: https://e.org", "https://e.org"),
        ("type: book", ""),
    ],
)
def test_a_source_leads_to_its_address_or_else_to_its_doi(more, url):
    assert source_of(more).url == url


SOURCE = Source("a", ("Bikle DD", "Adams JS"), "2014", "Vitamin D", "Chem Biol 21:319", "")


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({}, "Bikle DD and Adams JS (2014)"),
        ({"authors": ("Bikle DD", "Adams JS", "Pike JW")}, "Bikle DD et al. (2014)"),
        ({"authors": ("Bikle DD",)}, "Bikle DD (2014)"),
        ({"authors": ("Bikle DD", "et al.")}, "Bikle DD et al. (2014)"),
        ({"authors": ()}, "Vitamin D (2014)"),
        ({"year": ""}, "Bikle DD and Adams JS"),
        ({"authors": (), "year": ""}, "Vitamin D"),
    ],
)
def test_a_source_is_named_briefly(changes, label):
    assert SOURCE._replace(**changes).label == label


@pytest.mark.parametrize(
    ("changes", "reference"),
    [
        ({}, "Bikle DD, Adams JS (2014). Vitamin D. Chem Biol 21:319."),
        ({"year": ""}, "Bikle DD, Adams JS. Vitamin D. Chem Biol 21:319."),
        ({"authors": ()}, "Vitamin D (2014). Chem Biol 21:319."),
        ({"authors": (), "year": ""}, "Vitamin D. Chem Biol 21:319."),
        ({"where": ""}, "Bikle DD, Adams JS (2014). Vitamin D."),
        ({"title": "Vitamin D?", "where": ""}, "Bikle DD, Adams JS (2014). Vitamin D?"),
        ({"title": "Vitamin D!", "where": "J Med."}, "Bikle DD, Adams JS (2014). Vitamin D! J Med."),
    ],
)
def test_a_source_has_its_line_for_a_reference_list(changes, reference):
    assert SOURCE._replace(**changes).reference == reference


KEYS = "id, title, type, author, issued, container-title, publisher, volume, issue, page, DOI, URL, genre, note"
A_KEY = "expected a source key of letters, digits and - _ . : / +"
A_LINK = "expected a link that begins with http:// or https://"
A_DOI = "expected a DOI such as 10.1000/182"
LONG = "https://example.org/a page with spaces in its name"
FAULTY = {
    "text": ("text", 1, 1, "wrong-type", f"found text, expected the keys: {KEYS}"),
    "a list": ("[a]", 1, 1, "wrong-type", f"found a list, expected the keys: {KEYS}"),
    "no id": ("title: T\n", 1, 1, "missing-key", "`id` is missing; expected the key used to cite it"),
    "no title": ("id: a\n", 1, 1, "missing-key", "`title` is missing; expected the title of the work"),
    "a title without text": ("id: a\ntitle: ''\n", 2, 8, "empty-value", "the value is empty, expected text"),
    "a title that is no text": ("id: a\ntitle: [T]\n", 2, 8, "wrong-type", "found a list, expected text"),
    "spaces in an id": ("title: T\nid: a b\n", 2, 5, "wrong-value", f"found `a b`, {A_KEY}"),
    "a sign in an id": ("title: T\nid: '@a'\n", 2, 5, "wrong-value", f"found `@a`, {A_KEY}"),
    "a list for an id": ("title: T\nid: [a]\n", 2, 5, "wrong-type", f"found a list, {A_KEY}"),
    "a script": ("id: a\ntitle: T\nURL: javascript:x\n", 3, 6, "wrong-value", f"found `javascript:x`, {A_LINK}"),
    "ftp": ("id: a\ntitle: T\nURL: ftp://e.org\n", 3, 6, "wrong-value", f"found `ftp://e.org`, {A_LINK}"),
    "spaces in a link": (
        *(f"id: a\ntitle: T\nURL: {LONG}\n", 3, 6, "wrong-value"),
        f"found `https://example.org/a page with spaces …`, {A_LINK}",
    ),
    "a list of links": ("id: a\ntitle: T\nURL: [https://e.org]\n", 3, 6, "wrong-type", f"found a list, {A_LINK}"),
    "an empty link": ("id: a\ntitle: T\nURL: ''\n", 3, 6, "empty-value", f"the value is empty, {A_LINK}"),
    "a DOI with its link": (
        *("id: a\ntitle: T\nDOI: https://doi.org/10.1000/182\n", 3, 6, "wrong-value"),
        f"found `https://doi.org/10.1000/182`, {A_DOI}",
    ),
    "half a DOI": ("id: a\ntitle: T\nDOI: 10.1/\n", 3, 6, "wrong-value", f"found `10.1/`, {A_DOI}"),
}
"""Source, line, column, code, message."""


@pytest.mark.parametrize(("source", "line", "column", "code", "message"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_source_is_refused_with_its_fault_at_its_place(source, line, column, code, message):
    assert read(source)[1] == [Fault("references.yaml", line, column, code, message)]


def test_all_faults_of_a_source_come_out_together():
    places = sorted((fault.line, fault.column) for fault in read("id: a b\nURL: x\nDOI: y\n")[1])
    assert places == [(1, 1), (1, 5), (2, 6), (3, 6)]


@pytest.mark.parametrize("source", ["text", "title: T\n"])
def test_what_has_no_id_is_no_source(source):
    assert read(source)[0] is None


@pytest.mark.parametrize("key", ["a", "bikle2014", "ods-d", "Smith_2014", "doi:10.1000/182", "a.b+c"])
def test_a_key_may_have_the_signs_that_pandoc_allows(key):
    source, faults = read(f"id: {key}\ntitle: T\n")
    assert (source.key, faults) == (key, [])


def test_a_key_of_digits_is_used_and_its_author_told_to_quote_it():
    source, faults = read("id: 10\ntitle: T\n")
    assert source.key == "10"
    assert [(fault.severity, fault.code, fault.line, fault.column) for fault in faults] == [
        ("warning", "yaml-trap", 1, 5)
    ]
    assert read("id: '10'\ntitle: T\n")[1] == []


@pytest.mark.parametrize("field", ["abstract: x", "language: en", "accessed: {date-parts: [[2024]]}", "custom: [1]"])
def test_fields_that_are_not_shown_are_passed_over(field):
    assert source_of(field) == Source("a", (), "", "T", "", "")
