"""Gives each question of an import an id that it keeps when the same input is read again."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.formats.imported import digest, digests
from synergy_cli.parsing.schema import IDENTIFIER
from synergy_cli.text import LONGEST_NAME, identifier

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from synergy_cli.formats.format import Item
    from synergy_cli.formats.imported import Imported
    from synergy_cli.formats.transfer import Transfer

_LONGEST = 40
_RECOGNISED_BY = (slice(0, 2), slice(0, 1), slice(1, 2))
"""Parts of the digests of a question, most reliable first: stem and rest, the stem, the rest."""


def assign(
    found: Sequence[Item], records: Mapping[str, Imported], taken: Collection[str], transfer: Transfer
) -> dict[str, Item]:
    """Return questions by id.

    An id in the input takes precedence. Otherwise, a question is recognised by the records of earlier imports: by its
    stem and the rest, then by its stem, then by the rest if that is unique. A new one is named after its first words.
    `records` has the records of earlier imports, `taken` the ids in the course.
    """
    named: dict[str, Item] = {}
    nameless: list[Item] = []
    distinct = _without_repeats(found, transfer)
    for arrival in distinct:
        identity = _own(arrival.id)
        if identity and identity not in named:
            named[identity] = arrival
            if identity != arrival.id:
                transfer.change(arrival.name, f"its id is `{identity}` now", arrival.line)
        else:
            nameless.append(arrival)
            if identity:
                transfer.change(
                    arrival.name,
                    f"its id is already used in line {named[identity].line}; it gets a new one",
                    arrival.line,
                )
    known = {name: record for name, record in records.items() if name not in named}
    recognised = _recognised(nameless, known)
    used = {*named, *recognised.values(), *records, *taken}
    for index, arrival in enumerate(nameless):
        identity = recognised.get(index) or _new(arrival, used)
        used.add(identity)
        named[identity] = arrival
    order = {id(arrival): index for index, arrival in enumerate(found)}
    return dict(sorted(named.items(), key=lambda pair: order[id(pair[1])]))


def _own(given: str) -> str:
    """Convert an id of the input to the form of ids here; empty if there is none."""
    return given if IDENTIFIER.fullmatch(given) and len(given) <= LONGEST_NAME else identifier(given)


def _without_repeats(found: Sequence[Item], transfer: Transfer) -> list[Item]:
    """Return the questions without duplicates of earlier ones."""
    seen: dict[tuple[str, str], Item] = {}
    kept = []
    for arrival in found:
        first = seen.setdefault(digests(arrival.data), arrival)
        if first is not arrival and arrival.id in ("", first.id):
            transfer.skip(arrival.name, f"the same question as in line {first.line}", arrival.line)
        else:
            kept.append(arrival)
    return kept


def _recognised(found: Sequence[Item], records: Mapping[str, Imported]) -> dict[int, str]:
    """Return the ids of questions that an earlier import wrote, by their index."""
    digested: list[tuple[str, ...]] = [digests(arrival.data) for arrival in found]
    result: dict[int, str] = {}
    for part in _RECOGNISED_BY:
        known = set(result.values())
        waiting: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, record in records.items():
            key: tuple[str, ...] = (record.stem, record.rest)
            if name not in known:
                waiting[key[part]].append(name)
        asked = Counter(key[part] for index, key in enumerate(digested) if index not in result)
        for index, key in enumerate(digested):
            names = waiting.get(key[part], [])
            if index in result or len(names) != 1 or asked[key[part]] != 1:
                continue
            if part is not _RECOGNISED_BY[-1] or not QUESTION_TYPES[found[index].data["type"]].judged:
                result[index] = names[0]
    return result


def _new(arrival: Item, used: Collection[str]) -> str:
    """Return a free id: the first words of the stem, and if needed part of a digest of the question."""
    start = identifier(arrival.data["stem"])
    name = start[: _LONGEST + 1].rpartition("-")[0] if len(start) > _LONGEST else start
    whole = digest(" ".join(digests(arrival.data)))
    candidates = [
        name or start[:_LONGEST].rstrip("-"),
        *(f"{name or 'question'}-{whole[:size]}" for size in range(6, len(whole) + 1)),
    ]
    return next(each for each in candidates if each and each not in used)
