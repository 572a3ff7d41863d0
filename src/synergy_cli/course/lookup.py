"""Looks up sections, passages and sources as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.errors import NextCommand, UsageError
from synergy_cli.records import NamedTuple
from synergy_cli.text import did_you_mean, fold, nearest, slug, without_accents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from synergy_cli.course.course import QuestionOutline
    from synergy_cli.course.page import ContentsEntry
    from synergy_cli.course.sources import Source

_ALL_SECTIONS = NextCommand("All sections", "explain")


def find(entries: Sequence[ContentsEntry], wanted: str) -> ContentsEntry:
    """Return a section by exact id, number, exact title, or unique prefix of an id or a title.

    Raises UsageError, with the nearest sections, if none or several match.
    """
    key = fold(wanted)
    if key.isdecimal() and all(entry.id != key for entry in entries):
        return _by_number(entries, key)
    rules = (
        [entry for entry in entries if entry.id == key],
        [entry for entry in entries if fold(entry.title) == key],
        [entry for entry in entries if key and entry.id.startswith(key)],
        [entry for entry in entries if key and fold(entry.title).startswith(key)],
    )
    for matches in rules:
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = "\n".join(f"  {entry.id:<16} {entry.title}" for entry in matches)
            raise UsageError(f"`{wanted}` could be any of these sections:\n{listed}", _ALL_SECTIONS)
    raise UsageError(_unknown(entries, wanted), _ALL_SECTIONS)


def _by_number(entries: Sequence[ContentsEntry], key: str) -> ContentsEntry:
    for entry in entries:
        if len(key) < 10 and entry.number == int(key) > 0:  # noqa: PLR2004  no page has a number of ten digits
            return entry
    numbers = [entry.number for entry in entries if entry.number]
    known = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
    raise UsageError(f"There is no section {key}; the numbers are {known}.", _ALL_SECTIONS)


def _unknown(entries: Sequence[ContentsEntry], wanted: str) -> str:
    names = {entry.id: entry for entry in entries} | {fold(entry.title): entry for entry in entries}
    words = {word: entry for name, entry in names.items() for part in name.split() if (word := part.strip(".,:;?!"))}
    near = nearest(fold(wanted), [*names, *words])
    meant = list(dict.fromkeys((names | words)[name].id for name in near))[:3]
    titles = {entry.id: entry.title for entry in entries}
    suggestion = "".join(f"\n  {found:<16} {titles[found]}" for found in meant)
    asked = "\nDid you mean:" + suggestion if meant else ""
    return f"There is no section `{wanted}`.{asked}"


class SectionRef(NamedTuple):
    """A page, or one passage of it."""

    entry: ContentsEntry
    heading: str

    def holds(self, item: QuestionOutline) -> bool:
        """Whether a question is about it."""
        return item.topic == self.entry.id and self.heading in ("", item.passage.partition("#")[2])


def targets(entries: Sequence[ContentsEntry], wanted: Iterable[str]) -> list[SectionRef]:
    """Return sections and passages by name; after `#` comes the id of a heading or its start.

    Raises UsageError if one is unknown or ambiguous.
    """
    return [_target(entries, *part.partition("#")[::2]) for part in wanted]


def _target(entries: Sequence[ContentsEntry], section: str, heading: str) -> SectionRef:
    if heading and not section.strip():
        example = entries[0].id if entries else "SECTION"
        raise UsageError(f"`#{heading}` has no section before it; write it as {example}#{heading}", _ALL_SECTIONS)
    entry = find(entries, section)
    ids = [identity for identity, _ in entry.headings]
    heading = slug(heading)
    if not heading or heading in ids:
        return SectionRef(entry, heading)
    starting = [identity for identity in ids if identity.startswith(heading)]
    if len(starting) == 1:
        return SectionRef(entry, starting[0])
    meant = starting or nearest(heading, ids) or ids
    listed = "\n".join(f"  {entry.id}#{identity}" for identity in meant)
    fits = "several passages that begin with" if starting else "no passage"
    whole = NextCommand("The whole section", f"explain {entry.id}")
    raise UsageError(f"`{entry.id}` has {fits} `{heading}`:\n{listed}", whole)


def find_questions(outline: Iterable[QuestionOutline], wanted: Sequence[str]) -> list[QuestionOutline]:
    """Return the questions with these ids, each once.

    Raises UsageError for an unknown id, with the nearest or matching ids and the command that lists all.
    """
    known = {item.id: item for item in outline}
    for name in wanted:
        if name not in known:
            meant = nearest(name, list(known)) or [identity for identity in known if name and identity.startswith(name)]
            section = f" {name}" if any(item.topic == name for item in known.values()) else ""
            every = NextCommand("Questions by id", f"export csv{section}")
            raise UsageError(f"There is no question `{name}`.{did_you_mean(meant[:3])}", every)
    return [known[name] for name in dict.fromkeys(wanted)]


def find_sources(sources: Mapping[str, Source], key: str | None) -> list[Source]:
    """Return the source with this key, or those with a key or author that starts with it, or all for None.

    Raises UsageError, with the nearest keys, if there is no match.
    """
    if key is None:
        return list(sources.values())
    if key in sources:
        return [sources[key]]
    wanted = _plain(key)
    found = [
        source
        for name, source in sources.items()
        if any(_plain(each).startswith(wanted) for each in (name, *source.authors) if each != "et al.")
    ]
    if wanted and found:
        return found
    meant = nearest(key, list(sources))
    raise UsageError(f"There is no source `{key}`.{did_you_mean(meant)}", NextCommand("All sources", "sources"))


def _plain(name: str) -> str:
    return without_accents(fold(name))
