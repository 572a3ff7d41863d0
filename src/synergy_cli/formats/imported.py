"""What earlier imports wrote into a course: by it an import tells its own text from what an author edited."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = ".imported.json"
"""The file in the course's folder that holds it."""
_SCHEMA = 1
_DIGITS = 16


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
    """Return a short name for a text that no other text has."""
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def digests(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the digests of a question's stem and of everything else."""
    rest = {name: value for name, value in data.items() if name != "stem"}
    return digest(data["stem"]), digest(json.dumps(rest, sort_keys=True))


def decode(text: str) -> dict[str, Imported]:
    """Return what is on record by question id; nothing if the text is not of this form."""
    try:
        document = json.loads(text)
        listed = document["questions"] if document["schema"] == _SCHEMA else {}
        return {str(name): Imported(*map(str, values)) for name, values in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def encode(records: Mapping[str, Imported]) -> str:
    """Return records as text, a line for each question."""
    lines = [f"{json.dumps(name)}: {json.dumps(list(record))}" for name, record in sorted(records.items())]
    return f'{{"schema": {_SCHEMA}, "questions": {{\n' + ",\n".join(lines) + "\n}}\n"
