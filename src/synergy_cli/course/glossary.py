"""Glossary terms and their definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.errors import NextCommand, UsageError
from synergy_cli.parsing.schema import SOURCE, Field, ListOf, MapOf, Object, Reference, Text
from synergy_cli.records import NamedTuple
from synergy_cli.text import did_you_mean, fold, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence


GLOSSARY = MapOf(
    Object(
        (
            Field("definition", Text(), "What the term means"),
            Field("also", ListOf(Text()), "Other names for it", required=False, default=()),
            Field("see", ListOf(Reference("term", Text())), "Other terms worth reading", required=False, default=()),
            Field("sources", ListOf(SOURCE), "Its sources", required=False, default=()),
        )
    )
)


class Term(NamedTuple):
    """One entry of the glossary: the term, its meaning, its other names, related terms and its sources' keys."""

    name: str
    definition: str
    also: tuple[str, ...]
    see: tuple[str, ...]
    sources: tuple[str, ...]


def terms_of(data: dict[str, Any]) -> tuple[Term, ...]:
    """Build the terms, in alphabetical order, from the data that `GLOSSARY` read."""
    terms = (
        Term(name, item["definition"], tuple(item["also"]), tuple(item["see"]), tuple(item["sources"]))
        for name, item in data.items()
    )
    return tuple(sorted(terms, key=lambda term: fold(term.name)))


def look_up(terms: Sequence[Term], wanted: str) -> tuple[Term, ...]:
    """Return the term with exactly this name, or else all terms with a name that starts with it.

    Raises UsageError, with the nearest names, if there is no match.
    """
    key = fold(wanted)
    names = [(fold(name), term) for term in terms for name in (term.name, *term.also)]
    exact = tuple(dict.fromkeys(term for name, term in names if name == key))
    found = exact or tuple(dict.fromkeys(term for name, term in names if key and name.startswith(key)))
    if found:
        return found
    spelled = {fold(name): name for term in terms for name in (term.name, *term.also)}
    meant = [spelled[name] for name in nearest(key, list(spelled))]
    raise UsageError(f"The glossary has no `{wanted}`.{did_you_mean(meant)}", NextCommand("All terms", "glossary"))
