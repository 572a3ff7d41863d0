"""The form of a course's files as JSON Schema, for editors: made from the definitions that read the files."""

from __future__ import annotations

from synergy_cli import kinds
from synergy_cli.compiler import BANK, MORE_BANK
from synergy_cli.glossary import GLOSSARY
from synergy_cli.references import source_record
from synergy_cli.schema import ListOf, Shape

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Shape]:
    """Give the JSON Schema of each file of a course, by the name under which it is published.

    What a schema cannot say is said by `check` alone: that an id is unique, that a name exists elsewhere, that two
    values fit together.
    """
    each = kinds.definitions()
    listed = ListOf(source_record(), least=1).shape()
    under_key = {"type": "object", "properties": {"references": listed}, "required": ["references"]}
    return {
        "questions": _schema("The bank of a course: questions.yaml", {**BANK.shape(), "$defs": each}),
        "more-questions": _schema("More questions: questions/*.yaml", {**MORE_BANK.shape(), "$defs": each}),
        "references": _schema("The sources of a course, in CSL: references.yaml", {"anyOf": [listed, under_key]}),
        "glossary": _schema("The glossary of a course: glossary.yaml", GLOSSARY.shape()),
    }


def _schema(title: str, shape: Shape) -> Shape:
    return {"$schema": DRAFT, "title": title, **shape}
