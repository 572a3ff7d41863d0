"""What earlier imports wrote into a course: by it an import tells its own text from what an author edited.

What is on record is a line of JSON for each question; an export of Anki keeps its own in the same form.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FILE = ".imported.json"
"""The file in the course's folder that holds it."""
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
    """Return a short name for a text that no other text has."""
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def digests(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the digests of a question's stem and of everything else."""
    rest = {name: value for name, value in data.items() if name != "stem"}
    return digest(data["stem"]), digest(json.dumps(rest, sort_keys=True))


def decode(text: str, entry: Callable[..., _Entry]) -> dict[str, _Entry]:
    """Return what is on record by name, each made of its values; nothing if the text is not of this form."""
    try:
        document = json.loads(text)
        listed = document["questions"] if document["schema"] == _SCHEMA else {}
        return {name: entry(*values) for name, values in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def encode(records: Mapping[str, Sequence[Any]]) -> str:
    """Return records as text, a line for each."""
    lines = [f"{json.dumps(name)}: {json.dumps(list(record))}" for name, record in sorted(records.items())]
    return f'{{"schema": {_SCHEMA}, "questions": {{\n' + ",\n".join(lines) + "\n}}\n"
