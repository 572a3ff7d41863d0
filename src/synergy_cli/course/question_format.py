"""The YAML fields of a question, and how one is read."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from synergy_cli.course.page import to_plain
from synergy_cli.course.question import LEVELS, Question
from synergy_cli.course.question_parts import LISTS
from synergy_cli.course.question_text import read_texts
from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.course.wording import groups
from synergy_cli.parsing.report import ContentError, Report
from synergy_cli.parsing.schema import (
    IDENT,
    SOURCE,
    Field,
    JsonSchema,
    ListOf,
    Object,
    Reference,
    Text,
    WholeNumber,
    Word,
)
from synergy_cli.parsing.yaml import KeyValue, Node
from synergy_cli.records import NamedTuple
from synergy_cli.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from synergy_cli.course.sources import Source
    from synergy_cli.course.vocabulary import Vocabulary


_PASSAGE = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*(?:#[\w-]+)?")
_TYPE_NAMES = ("question_type", "qtype", "kind")
_LEVEL_NAMES = (("easy", "recall"), ("medium", "understand"), ("hard", "apply"), ("difficult", "apply"))
_COMMON = (
    Field("id", IDENT, "A permanent id", aliases=("idnumber", "uuid", "guid")),
    Field("type", Text(), "The question type", required=False, aliases=_TYPE_NAMES),
    Field(
        "stem", Text(), "The question text", aliases=("question", "prompt", "text", "content", "questiontext", "front")
    ),
    Field(
        "rationale",
        Text(),
        "Why the key is right",
        required=False,
        default="",
        aliases=("explanation", "explanations", "justification", "generalfeedback", "solution", "why"),
    ),
    Field(
        "passage",
        Reference("passage", Text(_PASSAGE, "page or page#heading")),
        "The text that answers it",
        required=False,
        default="",
        aliases=("page", "section", "topic", "category", "anchor"),
    ),
    Field(
        "context",
        Reference("context", Text(most=100)),
        "The name of a text under `contexts` to show with it",
        required=False,
        default="",
        aliases=("scenario", "stimulus"),
    ),
    Field("hint", Text(), "A nudge that does not give the key away", required=False, default="", aliases=("hints",)),
    Field(
        "level",
        Word(LEVELS, _LEVEL_NAMES),
        "How demanding it is",
        required=False,
        default="recall",
        aliases=("difficulty",),
    ),
    Field(
        "sources",
        ListOf(SOURCE),
        "Its sources",
        required=False,
        default=(),
        aliases=("source", "references", "reference", "refs", "citations"),
    ),
    Field(
        "tags",
        ListOf(Text(re.compile(r"[^\n]+"), "one line of text", 50)),
        "Words to select it by",
        required=False,
        default=(),
        aliases=("tag", "keywords", "keyword", "labels", "subject", "skillTags"),
    ),
    Field("revision", WholeNumber(1), "Raise it when the meaning changes", required=False, default=1),
)


def _elsewhere(question_type: type[Question]) -> tuple[tuple[str, str], ...]:
    """Return which fields to use instead of one list of all options."""
    own = [field.name for field in question_type.fields if field.required]
    return tuple((name, " and ".join(f"`{part}`" for part in own)) for name in LISTS if len(own) > 1)


_RECORDS = {
    word: Object((*_COMMON, *found.fields), found.check, elsewhere=_elsewhere(found))
    for word, found in QUESTION_TYPES.items()
}
_TYPE = Word(
    tuple(QUESTION_TYPES), tuple((name, found.type) for found in QUESTION_TYPES.values() for name in found.names)
)


def read_question(node: Node, report: Report) -> dict[str, Any]:
    """Read one question; return plain data for `build`, or an empty mapping if it has faults."""
    if not isinstance(node.value, dict):
        report.at(node, "wrong-type", f"found {node.kind}, expected a question with `id`, `type` and `stem`")
        return {}
    entry = node.value.get("type") or next((node.value[name] for name in _type_names(node.value)), None)
    if entry is None:
        report.at(node, "missing-key", f"`type` is missing; expected one of: {', '.join(QUESTION_TYPES)}")
        _RECORDS[_likely(node, report)].read(node, report)
        return {}
    before = report.errors
    word = _TYPE.read(entry.node, report)
    data = _RECORDS[word].read(node, report) if report.errors == before else {}
    if report.errors != before:
        return {}
    markup = read_texts(_texts(node, QUESTION_TYPES[word]), report)
    return {**data, "markup": to_plain(markup)} if markup else data


def _type_names(keys: Iterable[str]) -> list[str]:
    """Return the keys used in place of `type`: its names in other formats, then misspellings."""
    known = {field.name for record in _RECORDS.values() for field in record.fields}
    return [key for key in keys if key in _TYPE_NAMES] + [
        key for key in keys if key not in known and nearest(key.lower(), ["type", "stem", "hint"], most=1) == ["type"]
    ]


def with_wording(
    data: dict[str, Any], language: str, pools: Sequence[Sequence[str]], vocabulary: Vocabulary
) -> dict[str, Any]:
    """Return a question's data with the course's language and, for typed answers, the words to compare them by.

    `pools` has groups of words that mean the same; `vocabulary`, the words of the course.
    """
    found = {**data, "language": language} if language != Question.language else data
    typed = QUESTION_TYPES[data["type"]].typed
    answers = [[data.get("key", "")], data.get("accept", ()), *data.get("gaps", ())] if typed else []
    texts = [text for part in answers for text in part if text]
    equal = groups(pools, texts, data["stem"]) if pools and texts else []
    alike = vocabulary.alike(texts) if texts else []
    return {**found, **({"equal": equal} if equal else {}), **({"alike": alike} if alike else {})}


def words_of(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of a question: its stem, answers and feedback."""
    parts = [value for name, value in data.items() if name not in ("id", "type", "markup", "sources", "passage")]
    while parts:
        part = parts.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            parts += part.values()
        elif isinstance(part, list | tuple):
            parts += part


def with_context(data: dict[str, Any], contexts: dict[str, str], markup: dict[str, Any]) -> dict[str, Any]:
    """Return a question's data with the text of its context in place of the name, and the markup of that text."""
    text = contexts.get(data["context"], "")
    own = {text: markup[text]} if text in markup else {}
    return {**data, "context": text, **({"markup": {**data.get("markup", {}), **own}} if own else {})}


def with_cited(data: dict[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    """Return a question's data with the labels of its sources, so that feedback does not need the list of sources."""
    found = [sources[key] for key in data["sources"] if key in sources]
    return {**data, "cited": [[source.label, source.url] for source in found]} if found else data


def _texts(node: Node, question_type: type[Question]) -> Iterator[Node]:
    """Yield the texts of a question that are Markdown: all but the answers that are typed."""
    answers = {field.name for field in question_type.fields} - {"distractors"}
    for name, entry in node.value.items():
        if name in ("stem", "rationale", "hint") or (name in answers and not question_type.typed):
            yield from _scalars(entry.node)
        elif name == "distractors":
            for item in entry.node.value:
                parts = item.value if isinstance(item.value, dict) else {"text": KeyValue(item.mark, item, item.plain)}
                yield from (part.node for key, part in parts.items() if key == "feedback" or not question_type.typed)


def _scalars(node: Node) -> Iterator[Node]:
    if isinstance(node.value, list):
        yield from node.value
    elif isinstance(node.value, dict):
        for key, entry in node.value.items():
            yield Node(key, entry.mark, entry.plain)
            yield entry.node
    else:
        yield node


def _likely(node: Node, report: Report) -> str:
    """Guess a question's type: the one with the most keys present, under our names or others, and the fewest faults."""
    present = set(node.value)

    def unlike(word: str) -> tuple[int, int]:
        fields, trial = QUESTION_TYPES[word].fields, Report(report.path)
        with suppress(ContentError):
            _RECORDS[word].read(node, trial)
        return -sum(not present.isdisjoint((field.name, *field.aliases)) for field in fields), len(trial.faults)

    return min(QUESTION_TYPES, key=unlike)


class _AnyType(NamedTuple):
    """A question of any type, for a declared field."""

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        """Return plain data for `build`, or an empty mapping if the question has faults."""
        return read_question(node, report)

    def shape(self) -> JsonSchema:
        """Return the JSON Schema: the fields of a question depend on its type."""
        conditions = [
            {"if": {"properties": {"type": {"const": word}}}, "then": {"$ref": f"#/$defs/{word}"}}
            for word in QUESTION_TYPES
        ]
        return {
            "type": "object",
            "properties": {"type": {"description": "The question type", **_TYPE.shape()}},
            "required": ["type"],
            "allOf": conditions,
        }


QUESTION = _AnyType()


def definitions() -> dict[str, JsonSchema]:
    """Return the JSON Schema of each question type."""
    return {word: record.shape() for word, record in _RECORDS.items()}
