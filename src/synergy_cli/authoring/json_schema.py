"""JSON Schemas of a course's files for editors, generated from the definitions that read the files."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from synergy_cli.course.compiler import BANK, MORE_BANK
from synergy_cli.course.glossary import GLOSSARY
from synergy_cli.course.question_format import definitions
from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.course.sources import source_record
from synergy_cli.parsing.schema import JsonSchema, ListOf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.course.question import Question

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
        "questions": _schema("The bank of a course: questions.yaml", _with_snippets(BANK.shape(), each)),
        "more-questions": _schema("More questions: questions/*.yaml", _with_snippets(MORE_BANK.shape(), each)),
        "references": _schema("The sources of a course, in CSL: references.yaml", {"anyOf": [listed, under_key]}),
        "glossary": _schema("The glossary of a course: glossary.yaml", GLOSSARY.shape()),
    }


def _schema(title: str, shape: JsonSchema) -> JsonSchema:
    return {"$schema": DRAFT, "title": title, **shape}


def _with_snippets(bank: JsonSchema, each: dict[str, JsonSchema]) -> JsonSchema:
    """Add the schema of each question type, and a snippet that lets an editor complete a whole question."""
    snippets = [_snippet(QUESTION_TYPES[word], shape) for word, shape in each.items()]
    bank["properties"]["questions"]["items"]["defaultSnippets"] = snippets
    return {**bank, "$defs": each}


def _snippet(question_type: type[Question], shape: JsonSchema) -> dict[str, Any]:
    """Return the snippet of a question type: its required fields and the rationale, with a tab stop for each value."""
    stops = count(1)
    required = [field.name for field in question_type.fields if field.required]
    body: dict[str, Any] = {"id": f"${{{next(stops)}:question-id}}", "type": question_type.type}
    for name in ("stem", *required, "rationale"):
        field = shape["properties"][name]
        body[name] = _to_fill(field, question_type.asks if name == "stem" else field["description"], stops)
    about = (question_type.__doc__ or "").partition("\n")[0]
    return {"label": f"question: {question_type.type}", "description": about, "body": body}


def _to_fill(shape: JsonSchema, doc: str, stops: Iterator[int]) -> Any:  # noqa: ANN401  data of any shape
    """Return a value for a schema in which each part is a tab stop; `doc` describes it."""
    either = shape.get("anyOf", [shape])
    shape = next((form for form in either if form["type"] == "object"), either[0])
    if shape["type"] == "array":
        amount = max(shape["minItems"], 1)
        return [_to_fill(shape["items"], _numbered(doc, place, amount), stops) for place in range(amount)]
    if shape["type"] == "object" and "properties" in shape:
        texts = {name: part for name, part in shape["properties"].items() if part["type"] == "string"}
        return {name: _to_fill(part, part["description"], stops) for name, part in texts.items()}
    if shape["type"] == "object":
        places = range(shape["minProperties"])
        return {f"${{{next(stops)}:left {place + 1}}}": f"${{{next(stops)}:right {place + 1}}}" for place in places}
    if shape["type"] == "boolean":
        return f"${{{next(stops)}|true,false|}}"
    return f"${{{next(stops)}:{doc if shape['type'] == 'string' else 0}}}"


def _numbered(doc: str, place: int, amount: int) -> str:
    return doc if amount == 1 else f"{doc} {place + 1}"
