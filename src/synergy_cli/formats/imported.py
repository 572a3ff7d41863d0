"""Records of earlier imports into a course, which distinguish imported text from an author's edits.

There is one line of JSON per question; the Anki export keeps its records in the same format.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FILE = ".imported.json"
"""The file of records in the course's folder."""
_SCHEMA = 1
_DIGITS = 16
_Entry = TypeVar("_Entry")


class Imported(NamedTuple):
    """A question as an import wrote it.

    Attributes:
        text: the digest of its text in the course's file.
        stem: the digest of its stem in the input.
        rest: the digest of everything else in the input.
        source: the name of the input.
    """

    text: str
    stem: str
    rest: str
    source: str


def digest(text: str) -> str:
    """Return a digest of a text."""
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def digests(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the digests of a question's stem and of everything else."""
    rest = {name: value for name, value in data.items() if name != "stem"}
    return digest(data["stem"]), digest(json.dumps(rest, sort_keys=True))


def decode(text: str, entry: Callable[..., _Entry]) -> dict[str, _Entry]:
    """Return records by name, each built from its values; empty if the text does not have this format."""
    try:
        document = json.loads(text)
        listed = document["questions"] if document["schema"] == _SCHEMA else {}
        return {name: entry(*values) for name, values in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def encode(records: Mapping[str, Sequence[Any]]) -> str:
    """Return records as text, one per line."""
    lines = [f"{json.dumps(name)}: {json.dumps(list(record))}" for name, record in sorted(records.items())]
    return f'{{"schema": {_SCHEMA}, "questions": {{\n' + ",\n".join(lines) + "\n}}\n"
