"""The JSON Schemas for editors are current and valid, and agree with `check` about the form of course files."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harness import DATA, PATIENCE, ROOT
from synergy_cli.authoring.check import inspect
from synergy_cli.authoring.json_schema import schemas
from synergy_cli.course.compiler import BANK, MORE_BANK
from synergy_cli.course.files import Files
from synergy_cli.course.glossary import GLOSSARY
from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.course.sources import items, read_source
from synergy_cli.parsing.faults import CODES
from synergy_cli.parsing.report import ContentError, Report
from synergy_cli.parsing.yaml import parse

PACKAGE = ROOT / "src" / "synergy_cli"
PUBLISHED = {name: PACKAGE / "schemas" / f"{name}.schema.json" for name in schemas()}
CHECKER = Path(sysconfig.get_path("scripts"), "check-jsonschema")

CHOICE, MULTIPLE, TRUE_FALSE, SHORT, NUMBER, ORDER, MATCH, CLOZE = range(8)
QUESTIONS = [
    {
        "id": "colour",
        "type": "choice",
        "passage": "sky#by-day",
        "context": "noon",
        "stem": "Which colour has the sky by day?",
        "key": "Blue",
        "distractors": [{"text": "Green", "feedback": "Green is the grass."}, {"text": "Red", "last": True}],
        "shuffle": False,
        "place": 2,
        "rationale": "Air scatters blue light most.",
        "hint": "Think of the sea.",
        "level": "recall",
        "sources": ["rayleigh1871"],
        "tags": ["colours", "by day"],
        "revision": 1,
    },
    {
        "id": "bodies",
        "type": "multiple",
        "stem": "Which of these shine by themselves?",
        "keys": ["The sun", "Sirius"],
        "distractors": [{"text": "The moon"}, "Venus"],
        "shuffle": False,
        "places": [1, 4],
        "rationale": "Stars shine by themselves.",
    },
    {
        "id": "stars-by-day",
        "type": "true-false",
        "stem": "Stars shine by day too.",
        "key": True,
        "rationale": "They are outshone.",
    },
    {
        "id": "stars",
        "type": "short",
        "stem": "What shines at night?",
        "key": "Stars",
        "accept": ["The stars"],
        "distractors": [{"text": "The sun", "feedback": "It is below the horizon."}],
        "rationale": "They shine by day too.",
    },
    {
        "id": "moon-distance",
        "type": "number",
        "stem": "How far is the moon?",
        "key": 384,
        "accept": ["380..382", 390],
        "tolerance": 1.5,
        "unit": "Mm",
        "units": {"km": 0.001},
        "distractors": [{"text": "400", "feedback": "That is its largest distance, nearly."}],
        "rationale": "It is the mean.",
    },
    {
        "id": "planets",
        "type": "order",
        "stem": "From the sun outwards?",
        "order": ["Mercury", "Venus", "Earth"],
        "rationale": "Mercury goes round fastest.",
    },
    {
        "id": "who-is-who",
        "type": "match",
        "stem": "What is what?",
        "pairs": {"sun": "a star", "moon": "a satellite"},
        "distractors": ["a comet", {"text": "a planet", "feedback": "Planets circle a star."}],
        "rationale": "A satellite goes round a planet.",
    },
    {
        "id": "round-what",
        "type": "cloze",
        "stem": "The moon goes round the ___, and this round the ___.",
        "gaps": ["earth", ["sun", "the sun"]],
        "exact": False,
        "rationale": "So they do.",
    },
]
SOURCE = {
    "id": "rayleigh1871",
    "type": "article-journal",
    "author": [{"family": "Strutt", "given": "JW"}, {"literal": "others"}],
    "issued": {"date-parts": [[1871, 2]]},
    "title": "On the light from the sky",
    "container-title": "Philosophical Magazine",
    "volume": 41,
    "page": "107-120",
    "DOI": "10.1080/14786447108640452",
    "URL": "https://example.org/sky",
    "PMID": "1",
}
SOUND = {
    "questions": {
        "format": 1,
        "id": "sky",
        "title": "The sky",
        "language": "en",
        "contexts": {"noon": "It is noon."},
        "questions": QUESTIONS,
    },
    "more-questions": {"contexts": {"noon": "It is noon."}, "questions": [{**QUESTIONS[CHOICE], "id": "colour-again"}]},
    "references": {"references": [SOURCE, {"id": "b:2", "title": "Another"}]},
    "glossary": {
        "sky": {"definition": "What is above.", "also": ["heaven"], "see": ["sea"], "sources": ["rayleigh1871"]},
        "sea": {"definition": "What is below."},
    },
}
"""A valid file of each schema, as plain data."""
PLACES = {
    "questions": "questions.yaml",
    "more-questions": "questions/more.yaml",
    "references": "references.yaml",
    "glossary": "glossary.yaml",
}
PAGE = "---\ntitle: The sky\n---\n\nText.\n\n## By day\n\nText.\n"


class Raw(str):
    """YAML as an author writes it."""

    __slots__ = ()


def dumped(value):
    """Write data as YAML on one line: JSON, except for `Raw` values."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dumped(key)}: {dumped(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(dumped, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


GONE = Raw("")


def spoilt(sound, way, new):
    """Return data with one value changed or one key added; `GONE` removes the key."""
    data = copy.deepcopy(sound)
    if not way:
        return new
    *steps, last = way
    place = data
    for step in steps:
        place = place[step]
    if new is GONE:
        del place[last]
    else:
        place[last] = new
    return data


class Case(NamedTuple):
    """An invalid file: its schema, the path to the changed value, the new value, and the code that `check` reports."""

    shape: str
    way: tuple
    new: object
    code: str


def every_missing_key():
    """Remove each required key of each record."""
    shapes = {word: schemas()["questions"]["$defs"][word]["required"] for word in QUESTION_TYPES}
    for place, question in enumerate(QUESTIONS):
        for key in shapes[question["type"]]:
            yield f"{question['type']} without {key}", Case("questions", ("questions", place, key), GONE, "missing-key")
    rows = {
        "header without format": ("questions", ("format",)),
        "header without id": ("questions", ("id",)),
        "header without title": ("questions", ("title",)),
        "distractor without text": ("questions", ("questions", CHOICE, "distractors", 0, "text")),
        "more questions without questions": ("more-questions", ("questions",)),
        "source without id": ("references", ("references", 1, "id")),
        "source without title": ("references", ("references", 1, "title")),
        "term without definition": ("glossary", ("sea", "definition")),
    }
    for name, (shape, way) in rows.items():
        yield name, Case(shape, way, GONE, "missing-key")


def every_unknown_key():
    """Give each record a key that it does not have."""
    for place, question in enumerate(QUESTIONS):
        way = ("questions", place, "explanation")
        yield f"{question['type']} with an explanation", Case("questions", way, "Because.", "unknown-key")
    rows = {
        "options beside a key": ("questions", ("questions", CHOICE, "options"), ["Blue", "Green"]),
        "pairs of a choice": ("questions", ("questions", CHOICE, "pairs"), {"a": "b", "c": "d"}),
        "header with a name": ("questions", ("name",), "Sky"),
        "header in more questions": ("more-questions", ("format",), 1),
        "distractor with correct": ("questions", ("questions", SHORT, "distractors", 0, "correct"), False),
        "term with a meaning": ("glossary", ("sea", "meaning"), "Water."),
    }
    for name, (shape, way, new) in rows.items():
        yield name, Case(shape, way, new, "unknown-key")


def question(place, *way):
    return "questions", ("questions", place, *way)


FAULTS = {
    "a file of a list": Case("questions", (), [1], "wrong-type"),
    "a file of text": Case("questions", (), "Hello", "wrong-type"),
    "more questions of a list": Case("more-questions", (), QUESTIONS, "wrong-type"),
    "a glossary of a list": Case("glossary", (), ["sky"], "wrong-type"),
    "a term of text": Case("glossary", ("sky",), "What is above.", "wrong-type"),
    "sources of text": Case("references", (), "Rayleigh", "wrong-type"),
    "sources under another name": Case("references", (), {"sources": [SOURCE]}, "wrong-type"),
    "sources under the name, of text": Case("references", ("references",), "Rayleigh", "wrong-type"),
    "a source of text": Case("references", ("references", 0), "rayleigh1871", "wrong-type"),
    "no source in the list": Case("references", ("references",), [], "wrong-type"),
    "no sources at all": Case("references", (), [], "wrong-type"),
    "questions of a mapping": Case("questions", ("questions",), {"colour": QUESTIONS[CHOICE]}, "wrong-type"),
    "a question of text": Case(*question(CHOICE), "Which colour?", "wrong-type"),
    "a stem of two": Case(*question(CHOICE, "stem"), ["Which?", "What?"], "wrong-type"),
    "a key of two": Case(*question(CHOICE, "key"), ["Blue", "Red"], "wrong-type"),
    "keys of one text": Case(*question(MULTIPLE, "keys"), "The sun", "wrong-type"),
    "distractors of text": Case(*question(CHOICE, "distractors"), "Green", "wrong-type"),
    "a distractor of a list": Case(*question(CHOICE, "distractors", 1), ["Red"], "wrong-type"),
    "a distractor of nothing": Case(*question(MULTIPLE, "distractors", 1), "", "empty-value"),
    "a feedback of a list": Case(*question(CHOICE, "distractors", 1, "feedback"), ["No."], "wrong-type"),
    "accept of text": Case(*question(SHORT, "accept"), "The stars", "wrong-type"),
    "sources of a question as text": Case(*question(CHOICE, "sources"), "rayleigh1871", "wrong-type"),
    "a level of a list": Case(*question(CHOICE, "level"), ["recall"], "wrong-type"),
    "a type of a mapping": Case(*question(CHOICE, "type"), {"is": "choice"}, "wrong-type"),
    "a key of truth in a list": Case(*question(TRUE_FALSE, "key"), [True], "wrong-type"),
    "a number in a list": Case(*question(NUMBER, "key"), [384], "wrong-type"),
    "units of a list": Case(*question(NUMBER, "units"), ["km"], "wrong-type"),
    "pairs of a list": Case(*question(MATCH, "pairs"), [["sun", "a star"]], "wrong-type"),
    "order of a mapping": Case(*question(ORDER, "order"), {"1": "Mercury", "2": "Venus"}, "wrong-type"),
    "a title of a mapping": Case("references", ("references", 0, "title"), {"text": "Sky"}, "wrong-type"),
    "also of text": Case("glossary", ("sky", "also"), "heaven", "wrong-type"),
    "see of text": Case("glossary", ("sky", "see"), "sea", "wrong-type"),
    "another format": Case("questions", ("format",), Raw("2"), "wrong-value"),
    "a format of text": Case("questions", ("format",), Raw("one"), "wrong-value"),
    "an unknown type": Case(*question(CHOICE, "type"), "shrot", "wrong-value"),
    "a type as others call it": Case(*question(CHOICE, "type"), "mcq", "wrong-value"),
    "an unknown level": Case(*question(CHOICE, "level"), "hard", "wrong-value"),
    "an id with spaces": Case(*question(CHOICE, "id"), "the colour", "wrong-value"),
    "an id with capitals": Case(*question(CHOICE, "id"), "Colour", "wrong-value"),
    "an id with two hyphens": Case(*question(CHOICE, "id"), "the--colour", "wrong-value"),
    "a course's id with a slash": Case("questions", ("id",), "a/b", "wrong-value"),
    "a passage that is a link": Case(*question(CHOICE, "passage"), "pages/01-sky.md", "wrong-value"),
    "a passage with a heading's words": Case(*question(CHOICE, "passage"), "sky#By day", "wrong-value"),
    "a source key with spaces": Case(*question(CHOICE, "sources"), ["Rayleigh 1871"], "wrong-value"),
    "a source key with an at sign": Case(*question(CHOICE, "sources"), ["@rayleigh1871"], "wrong-value"),
    "a source's id with spaces": Case("references", ("references", 0, "id"), "Rayleigh 1871", "wrong-value"),
    "a revision of 0": Case(*question(CHOICE, "revision"), 0, "wrong-value"),
    "a revision below 0": Case(*question(CHOICE, "revision"), -1, "wrong-value"),
    "a revision with a point": Case(*question(CHOICE, "revision"), 1.5, "wrong-value"),
    "a revision in words": Case(*question(CHOICE, "revision"), Raw("two"), "wrong-value"),
    "a revision in quotes": Case(*question(CHOICE, "revision"), "two", "wrong-value"),
    "a revision beyond all": Case(*question(CHOICE, "revision"), 1_000_001, "wrong-value"),
    "a truth in quotes": Case(*question(TRUE_FALSE, "key"), "true", "wrong-value"),
    "a truth as YAML had it": Case(*question(TRUE_FALSE, "key"), Raw("yes"), "wrong-value"),
    "a truth of a number": Case(*question(TRUE_FALSE, "key"), 1, "wrong-value"),
    "a range without its end": Case(*question(NUMBER, "key"), "384..", "wrong-value"),
    "a range in words": Case(*question(NUMBER, "accept", 0), "380 to 382", "wrong-value"),
    "a range of tolerance": Case(*question(NUMBER, "tolerance"), "1..2", "wrong-value"),
    "a number with its unit": Case(*question(NUMBER, "key"), "384 Mm", "wrong-value"),
    "a number with a comma": Case(*question(NUMBER, "key"), "384,4", "wrong-value"),
    "a number in words": Case(*question(NUMBER, "key"), "many", "wrong-value"),
    "a number of 41 digits": Case(*question(NUMBER, "key"), "1" * 41, "wrong-value"),
    "a tolerance in per cent": Case(*question(NUMBER, "tolerance"), "5 %", "wrong-value"),
    "contexts of a list": Case("questions", ("contexts",), ["It is noon."], "wrong-type"),
    "a context of a list": Case("questions", ("contexts", "noon"), ["It is noon."], "wrong-type"),
    "an empty context": Case("more-questions", ("contexts", "noon"), "", "empty-value"),
    "a context's name of 101 letters": Case(*question(CHOICE, "context"), "a" * 101, "wrong-length"),
    "tags of one text": Case(*question(CHOICE, "tags"), "colours", "wrong-type"),
    "a tag of two lines": Case(*question(CHOICE, "tags", 0), "by\nday", "wrong-value"),
    "a tag of 51 letters": Case(*question(CHOICE, "tags", 0), "a" * 51, "wrong-length"),
    "gaps of one text": Case(*question(CLOZE, "gaps"), "earth", "wrong-type"),
    "a gap of nothing": Case(*question(CLOZE, "gaps", 1), [], "wrong-length"),
    "a gap of a mapping": Case(*question(CLOZE, "gaps", 1), {"key": "sun"}, "wrong-type"),
    "an empty gap": Case(*question(CLOZE, "gaps", 0), "", "empty-value"),
    "a shuffle in words": Case(*question(CHOICE, "shuffle"), "no", "wrong-value"),
    "a place of 0": Case(*question(CHOICE, "place"), 0, "wrong-value"),
    "a place beyond all": Case(*question(MULTIPLE, "places", 1), 10, "wrong-value"),
    "places of one number": Case(*question(MULTIPLE, "places"), 1, "wrong-type"),
    "an option that is last in words": Case(*question(CHOICE, "distractors", 1, "last"), "yes", "wrong-value"),
    "a unit of nothing": Case(*question(NUMBER, "units", "km"), 0, "wrong-value"),
    "a unit below nothing": Case(*question(NUMBER, "units", "km"), -1, "wrong-value"),
    "a DOI with its site": Case(
        "references", ("references", 0, "DOI"), "https://doi.org/10.1080/147864471086", "wrong-value"
    ),
    "a link that runs something": Case("references", ("references", 0, "URL"), "javascript:alert(1)", "wrong-value"),
    "an empty stem": Case(*question(CHOICE, "stem"), "", "empty-value"),
    "a stem of spaces": Case(*question(CHOICE, "stem"), "  ", "empty-value"),
    "a key without a value": Case(*question(CHOICE, "key"), Raw(""), "empty-value"),
    "a truth without a value": Case(*question(TRUE_FALSE, "key"), Raw(""), "empty-value"),
    "a number without a value": Case(*question(NUMBER, "key"), Raw(""), "empty-value"),
    "an empty title": Case("questions", ("title",), "", "empty-value"),
    "an empty definition": Case("glossary", ("sky", "definition"), "", "empty-value"),
    "a term without a name": Case("glossary", ("",), {"definition": "Nothing."}, "empty-value"),
    "an empty other name": Case("glossary", ("sky", "also"), [""], "empty-value"),
    "no questions in the list": Case("questions", ("questions",), [], "wrong-length"),
    "no more questions in the list": Case("more-questions", ("questions",), [], "wrong-length"),
    "no distractors": Case(*question(CHOICE, "distractors"), [], "wrong-length"),
    "nine distractors": Case(
        *question(CHOICE, "distractors"), [{"text": f"Colour {place}"} for place in range(9)], "wrong-length"
    ),
    "ten keys": Case(*question(MULTIPLE, "keys"), [f"Star {place}" for place in range(10)], "wrong-length"),
    "one thing in order": Case(*question(ORDER, "order"), ["Mercury"], "wrong-length"),
    "ten things in order": Case(*question(ORDER, "order"), [f"Planet {place}" for place in range(10)], "wrong-length"),
    "eight partners of nothing": Case(
        *question(MATCH, "distractors"), [f"b{place}" for place in range(8)], "wrong-length"
    ),
    "one pair": Case(*question(MATCH, "pairs"), {"sun": "a star"}, "wrong-length"),
    "ten pairs": Case(*question(MATCH, "pairs"), {f"a{n}": f"b{n}" for n in range(10)}, "wrong-length"),
    "a stem beyond all": Case(*question(CHOICE, "stem"), "long " * 5000, "wrong-length"),
    "an id of 101 letters": Case(*question(CHOICE, "id"), "a" * 101, "wrong-length"),
    "a unit of 21 letters": Case(*question(NUMBER, "unit"), "a" * 21, "wrong-length"),
    **dict(every_missing_key()),
    **dict(every_unknown_key()),
}
"""Faults of form that a schema can express too."""

ACCEPTED = {
    "the sound file": Case("questions", ("title",), "The sky", ""),
    "a format in quotes": Case("questions", ("format",), "1", ""),
    "a title of digits in quotes": Case("questions", ("title",), "1984", ""),
    "a language with its country": Case("questions", ("language",), Raw("en-GB"), ""),
    "a licence": Case("questions", ("licence",), Raw("CC-BY-4.0"), ""),
    "an id of parts": Case(*question(CHOICE, "id"), "sky.colour_by-day", ""),
    "a passage of a heading with accents": Case(*question(CHOICE, "passage"), "sky#über-tag", ""),
    "eight distractors": Case(
        *question(CHOICE, "distractors"), [{"text": f"Colour {place}"} for place in "abcdefgh"], ""
    ),
    "nine things in order": Case(*question(ORDER, "order"), [f"Planet {place}" for place in range(9)], ""),
    "seven pairs beside two partners": Case(*question(MATCH, "pairs"), {f"a{n}": f"b{n}" for n in range(7)}, ""),
    "a truth without quotes": Case(*question(TRUE_FALSE, "key"), Raw("false"), ""),
    "a number with a last nought": Case(*question(NUMBER, "key"), Raw("384.10"), ""),
    "a number in quotes": Case(*question(NUMBER, "key"), "+3.84e2", ""),
    "a range": Case(*question(NUMBER, "key"), Raw("-4..384.5"), ""),
    "a number below nothing": Case(*question(NUMBER, "key"), Raw("-384"), ""),
    "no tolerance": Case(*question(NUMBER, "tolerance"), 0, ""),
    "a unit of Greek letters": Case(*question(NUMBER, "unit"), "µm", ""),
    "nothing else accepted": Case(*question(SHORT, "accept"), [], ""),
    "sources as a list": Case("references", (), SOUND["references"]["references"], ""),
    "a source key with accents": Case("references", ("references", 1, "id"), "müller2001", ""),
    "a source key as Zotero makes it": Case("references", ("references", 1, "id"), "zotero/A:b.c+d-1", ""),
    "a source by an institution": Case("references", ("references", 0, "author"), [{"literal": "NASA"}], ""),
    "a year": Case("references", ("references", 0, "issued"), 1871, ""),
    "a year in quotes": Case("references", ("references", 0, "issued"), "1871", ""),
    "a year in a list": Case("references", ("references", 0, "issued"), [{"year": 1871}], ""),
    "a source in press": Case("references", ("references", 0, "issued"), {"raw": "in press"}, ""),
    "a field of CSL that is not shown": Case("references", ("references", 0, "accessed"), {"year": 2026}, ""),
    "a term with a colon": Case("glossary", ("25(OH)D: status",), {"definition": "A marker."}, ""),
    "no terms": Case("glossary", (), {}, ""),
}
"""Unusual but valid: neither reports anything."""

BEYOND = {
    "an id that stands twice": Case(*question(SHORT, "id"), "colour", "duplicate-id"),
    "an answer that stands twice": Case(*question(CHOICE, "distractors", 0, "text"), "Blue", "duplicate-answer"),
    "two spellings of one key": Case("glossary", ("sea ",), {"definition": "Water."}, "duplicate-key"),
    "ten options in two lists": Case(
        *question(MULTIPLE, "distractors"), [{"text": f"Planet {place}"} for place in range(8)], "wrong-length"
    ),
    "a distractor within the tolerance": Case(*question(NUMBER, "distractors", 0, "text"), "385", "contradiction"),
    "a distractor in an unknown unit": Case(*question(NUMBER, "distractors", 0, "text"), "9 ly", "contradiction"),
    "a control character by escape": Case(*question(CHOICE, "stem"), Raw('"a\\u202eb"'), "character"),
    "an anchor": Case(*question(CHOICE, "stem"), Raw("&a Which?"), "yaml-feature"),
    "a merge key": Case(
        *question(CHOICE), Raw(dumped(QUESTIONS[CHOICE])[:-1] + ", <<: {level: apply}}"), "yaml-feature"
    ),
    "one gap too few": Case(*question(CLOZE, "gaps"), ["earth"], "contradiction"),
    "a stem without gaps": Case(*question(CLOZE, "stem"), "What goes round what?", "contradiction"),
    "a range from its end": Case(*question(NUMBER, "key"), "385..384", "wrong-value"),
    "a whole number with a point": Case(*question(CHOICE, "revision"), Raw("1.0"), "wrong-value"),
    "a number to base 16": Case(*question(NUMBER, "key"), Raw("0x180"), "wrong-value"),
    "digits parted by hyphens below": Case(*question(NUMBER, "key"), Raw("384_000"), "wrong-value"),
}


def written(folder, case):
    """Write a course that is valid except for one case; return the file of the case."""
    (folder / "pages").mkdir(parents=True)
    (folder / "questions").mkdir()
    (folder / "pages" / "01-sky.md").write_text(PAGE, "utf-8")
    for shape, place in PLACES.items():
        data = spoilt(SOUND[shape], case.way, case.new) if shape == case.shape else SOUND[shape]
        (folder / place).write_text(f"{dumped(data)}\n", "utf-8")
    return folder / PLACES[case.shape]


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """Write the current schemas to files; another test compares them with those published."""
    folder = tmp_path_factory.mktemp("schemas")
    files = {name: folder / f"{name}.schema.json" for name in PUBLISHED}
    for name, shape in schemas().items():
        files[name].write_text(json.dumps(shape), "utf-8")
    return files


def refused(schema, files):
    """Run check-jsonschema on files of one schema; return those it refuses, with its messages."""
    done = subprocess.run(
        [CHECKER, "--output-format", "json", "--schemafile", schema, *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 3,
    )
    assert done.stderr == ""
    report = json.loads(done.stdout)
    told = {}
    for error in [*report.get("errors", ()), *report.get("parse_errors", ())]:
        told.setdefault(Path(error["filename"]), []).append(error["message"])
    assert (done.returncode, report["status"]) == ((1, "fail") if told else (0, "ok"))
    return told


class Seen(NamedTuple):
    """The results for all cases: the faults of form that `check` finds, and whether the schema refuses the file."""

    faults: dict
    refused: dict


@pytest.fixture(scope="module")
def seen(tmp_path_factory, shapes):
    cases = {**FAULTS, **BEYOND, **ACCEPTED}
    root = tmp_path_factory.mktemp("cases")
    files = {name: written(root / str(number), case) for number, (name, case) in enumerate(cases.items())}
    folders = {name: root / str(number) for number, name in enumerate(cases)}
    faults = {name: form_faults(folders[name]) for name in cases}
    told = {}
    for shape in PUBLISHED:
        told |= refused(shapes[shape], [file for name, file in files.items() if cases[name].shape == shape])
    return Seen(faults, {name: told.get(file, []) for name, file in files.items()})


def form_faults(folder):
    """Return the codes of all faults of form in a course."""
    return {fault.code for fault in inspect(Files(folder)).faults if CODES[fault.code].family == "form"}


# what is published


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_schema_is_current(name):
    stale = f"{PUBLISHED[name].name} is out of date; run python tools/docs.py"
    assert json.loads(PUBLISHED[name].read_text("utf-8")) == schemas()[name], stale


def test_no_other_schema_is_published():
    assert set((PACKAGE / "schemas").iterdir()) == set(PUBLISHED.values())


@pytest.mark.deep
def test_the_schemas_are_valid_schemas(shapes):
    done = subprocess.run(
        [CHECKER, "--check-metaschema", *shapes.values()], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_key_is_described_for_the_editor(name):
    def bare(shape, way=()):
        if isinstance(shape, dict):
            for key, part in shape.get("properties", {}).items():
                if way[-1:] != ("if",) and "description" not in part:
                    yield (*way, key)
            for key, part in shape.items():
                yield from bare(part, (*way, key))
        elif isinstance(shape, list):
            for place, part in enumerate(shape):
                yield from bare(part, (*way, place))

    assert [way for way in bare(schemas()[name]) if way[-1] != "references"] == []


# what they accept


@pytest.mark.sampled
@pytest.mark.parametrize("name", ["questions", "references", "glossary"])
def test_shipped_courses_are_accepted(shapes, name):
    assert refused(shapes[name], [folder / f"{name}.yaml" for folder in (DATA, PACKAGE / "template")]) == {}


@pytest.mark.deep
@pytest.mark.parametrize("name", ACCEPTED)
def test_the_schema_accepts_what_check_accepts(seen, name):
    assert seen.faults[name] == set()
    assert seen.refused[name] == []


# what they refuse


@pytest.mark.deep
@pytest.mark.parametrize("name", FAULTS)
def test_the_schema_refuses_what_check_refuses_in_form(seen, name):
    assert seen.faults[name] == {FAULTS[name].code}
    assert seen.refused[name]


@pytest.mark.deep
@pytest.mark.parametrize("name", BEYOND)
def test_only_check_reports_what_a_schema_cannot_express(seen, name):
    assert seen.faults[name] == {BEYOND[name].code}
    assert seen.refused[name] == []


# agreement on any file


def ways(data, way=()):
    """Yield the path to each value of a file."""
    yield way
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, part in pairs:
        yield from ways(part, (*way, key))


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 1_000_002),
    st.floats(-5, 5).map(lambda number: round(number, 3)),
    st.sampled_from(["", " ", "x", "-", "No", "1", "0.5", "recall", "choice", "short", "sky#by-day", "10.1000/182"]),
    st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), max_size=12),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=11) | st.dictionaries(st.text("abkey", max_size=4), inner, max_size=11),
    max_leaves=12,
)
WAYS = {
    shape: [way for way in ways(data) if "author" not in way]  # `check` ignores authors that are not names
    for shape, data in SOUND.items()
}
KEYS = [
    "key",
    "keys",
    "hint",
    "order",
    "pairs",
    "accept",
    "unit",
    "level",
    "text",
    "feedback",
    "see",
    "DOI",
    "nonsense",
]


@st.composite
def mutated(draw):
    """Draw a file with one to three values removed, replaced or added."""
    shape = draw(st.sampled_from(list(SOUND)))
    data = SOUND[shape]
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(WAYS[shape]))
        act = draw(st.sampled_from(["take away", "exchange", "add"]))
        more = (draw(st.sampled_from(KEYS)),) if act == "add" else ()
        try:
            data = spoilt(data, (*way, *more), GONE if way and act == "take away" else draw(values))
        except (KeyError, IndexError, TypeError):
            assume(False)  # the value to change has been removed already
    return shape, data


VALIDATORS = {name: Draft202012Validator(shape) for name, shape in schemas().items()}
ALONE = {"duplicate-answer", "contradiction", "duplicate-id", "duplicate-key"}
"""Codes that a schema cannot express."""


def reported(shape, text):
    """Read a file as the compiler does; return all faults of its form."""
    report = Report(PLACES[shape])
    try:
        node = parse(text, report)
        if shape == "references":
            for item in items(node, report):
                read_source(item, report)
        else:
            {"questions": BANK, "more-questions": MORE_BANK, "glossary": GLOSSARY}[shape].read(node, report)
    except ContentError:
        pass
    return report.faults


def beyond_a_schema(fault):
    if fault.code in ALONE:
        return True
    if fault.code == "wrong-length":
        return "options, expected at most" in fault.message
    return bool(re.search(r"found `-?\d+\.0`", fault.message))


@given(mutated())
def test_schema_and_check_agree(drawn):
    shape, data = drawn
    faults = reported(shape, json.dumps(data))
    errors = [fault for fault in faults if fault.severity == "error" and not beyond_a_schema(fault)]
    told = [error.message for error in VALIDATORS[shape].iter_errors(data)]
    if errors:
        assert told, f"only check says: {errors[0]}"
    if told:
        assert faults, f"only the schema says: {told[0]}"


# snippets

STOP = re.compile(r"\$\{(\d+)(?::([^{}$]*)|\|(\w+)[\w,]*\|)\}")


def filled(value):
    """Return the value of a snippet as an editor puts it in, and the numbers of its tab stops in order."""
    if isinstance(value, dict):
        parts = [(filled(name), filled(part)) for name, part in value.items()]
        stops = [stop for (_, names), (_, inner) in parts for stop in names + inner]
        return {name: part for (name, _), (part, _) in parts}, stops
    if isinstance(value, list):
        parts = [filled(part) for part in value]
        return [part for part, _ in parts], [stop for _, inner in parts for stop in inner]
    match = STOP.fullmatch(value)
    if match is None:
        assert "$" not in value
        return value, []
    return (match[3] == "true" if match[3] else match[2]), [int(match[1])]


def snippets(name):
    return schemas()[name]["properties"]["questions"]["items"]["defaultSnippets"]


def test_each_question_type_has_a_snippet_in_both_files_of_questions():
    assert [snippet["body"]["type"] for snippet in snippets("questions")] == list(QUESTION_TYPES)
    assert snippets("more-questions") == snippets("questions")
    assert all(snippet["label"].endswith(snippet["body"]["type"]) for snippet in snippets("questions"))


@pytest.mark.parametrize("word", QUESTION_TYPES)
def test_a_snippet_puts_in_a_whole_question_that_has_no_fault(word, tmp_path):
    (snippet,) = [snippet for snippet in snippets("questions") if snippet["body"]["type"] == word]
    question, stops = filled(snippet["body"])
    assert stops == list(range(1, len(stops) + 1))
    assert set(question) == {*schemas()["questions"]["$defs"][word]["required"], "type", "rationale"}
    bank = {"format": 1, "id": "new", "title": "New", "questions": [question]}
    (tmp_path / "questions.yaml").write_text(json.dumps(bank), "utf-8")
    assert inspect(Files(tmp_path)).faults == ()
