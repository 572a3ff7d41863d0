"""JSON Schemas of a course's files for editors, generated from the definitions that read the files."""

from __future__ import annotations

from synergy_cli.course.compiler import BANK, MORE_BANK
from synergy_cli.course.glossary import GLOSSARY
from synergy_cli.course.question_format import definitions
from synergy_cli.course.sources import source_record
from synergy_cli.parsing.schema import JsonSchema, ListOf

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, JsonSchema]:
    """Return the JSON Schema of each course file by its published name.

    Some rules are left to `check`, because a schema cannot express them: that an id is unique, that a reference
    exists, that two values are consistent.
    """
    each = definitions()
    listed = ListOf(source_record(), least=1).shape()
    under_key = {"type": "object", "properties": {"references": listed}, "required": ["references"]}
    return {
        "questions": _schema("The bank of a course: questions.yaml", {**BANK.shape(), "$defs": each}),
        "more-questions": _schema("More questions: questions/*.yaml", {**MORE_BANK.shape(), "$defs": each}),
        "references": _schema("The sources of a course, in CSL: references.yaml", {"anyOf": [listed, under_key]}),
        "glossary": _schema("The glossary of a course: glossary.yaml", GLOSSARY.shape()),
    }


def _schema(title: str, shape: JsonSchema) -> JsonSchema:
    return {"$schema": DRAFT, "title": title, **shape}
