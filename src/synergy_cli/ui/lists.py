"""The contents, the welcome screen, the glossary, sources and search results, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.text import plural
from synergy_cli.ui.elements import (
    NARROW,
    Lines,
    brief_source,
    command,
    commands,
    fields,
    joined,
    paragraph,
    source_text,
    title_lines,
)
from synergy_cli.ui.layout import cells, flow, styled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.course import Manifest
    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import ContentsEntry, Marks
    from synergy_cli.course.sources import Source
    from synergy_cli.ui.theme import Look


STANDING_WORDS = {"held": "holding", "learning": "learning", "slipping": "slipping", "untested": "untested"}


def welcome(
    manifest: Manifest, entries: Sequence[ContentsEntry], version: str, advice: tuple[str, str, str], look: Look
) -> Lines:
    """Draw what a bare `synergy` shows on a terminal: where the learner stands, and the one thing to do next.

    Args:
        manifest: of the course.
        entries: its pages.
        version: of the program.
        advice: where the learner stands, a label, and the arguments of the command to call next; empty at the start.
        look: what can be drawn.
    """
    minutes = sum(entry.minutes for entry in entries)
    facts = (plural(len(entries), "section"), plural(minutes, "minute"), plural(manifest.questions, "question"))
    call = look.program
    stands, label, words = advice
    ways = [(label, f"{call} {words}")] if words else []
    ways += [("Contents:", f"{call} explain"), ("Quiz yourself:", f"{call} quiz"), ("Commands:", "synergy help")]
    return joined(
        [
            flow(styled(f"synergy {version}", "muted"), look.width),
            title_lines(manifest.title, *facts, look=look),
            paragraph(stands, look) if stands else [],
            commands([way for place, way in enumerate(ways) if way[1] not in [seen for _, seen in ways[:place]]], look),
        ]
    )


def contents(manifest: Manifest, entries: Sequence[ContentsEntry], marks: Mapping[str, Marks], look: Look) -> Lines:
    """Draw the contents.

    Args:
        manifest: of the course.
        entries: its pages.
        marks: how the learner stands with each page, by its id.
        look: what can be drawn.

    Returns:
        The lines; under `plain`, one line a page with tabs between number, id, title, minutes, questions, grades, read
        mark and standings.
    """
    if look.plain:
        return [fields(*_facts(entry, manifest), *_mark_facts(marks[entry.id])) for entry in entries]
    minutes = sum(entry.minutes for entry in entries)
    room = max((cells(entry.id) for entry in entries), default=0)
    facts = (plural(len(entries), "section"), plural(minutes, "minute"), plural(manifest.questions, "question"))
    return joined(
        [
            title_lines(manifest.title, *facts, look=look),
            [line for entry in entries for line in _contents_item(entry, manifest, marks[entry.id], room, look)],
            commands([*_first_unread(entries, marks, look), ("Quiz:", f"{look.program} quiz")], look),
        ]
    )


def _first_unread(entries: Sequence[ContentsEntry], marks: Mapping[str, Marks], look: Look) -> list[tuple[str, str]]:
    unread = [entry.id for entry in entries if not marks[entry.id].read]
    return [("Read:", f"{look.program} explain {identity}") for identity in unread[:1]]


def _facts(entry: ContentsEntry, manifest: Manifest) -> list[str]:
    count = manifest.counts.get(entry.id, 0)
    return [
        str(entry.number),
        entry.id,
        entry.title,
        str(entry.minutes),
        str(count),
        ", ".join(entry.grades),
    ]


def _mark_facts(marks: Marks) -> list[str]:
    """Say how a page stands: whether it was read, and its questions' standings, none that is nought."""
    counts = [f"{count} {STANDING_WORDS[name]}" for name, count in marks.standings.items() if count]
    return ["read" if marks.read else "unread", ", ".join(counts)]


def _contents_item(entry: ContentsEntry, manifest: Manifest, marks: Marks, room: int, look: Look) -> Lines:
    number, name, title, minutes, count, grades = _facts(entry, manifest)
    facts = [f"{minutes} min", plural(int(count), "question"), *([grades] if grades else [])]
    below = [styled(f" {look.glyphs.separator} ".join(facts), "muted")]
    if marks.touched:
        below.append(styled(f" {look.glyphs.separator} ".join(filter(None, _mark_facts(marks))), "standing"))
    if look.width < NARROW:
        head = Text.assemble((name, "key"), "  ", title)
        lines = flow(head, look.width, f"{number:>2}  ")
        margin = " " * 4
    else:
        lines = flow(Text(title), look.width, f"{number:>2}  {name:<{room}}  ")
        lines[0].stylize("key", 4, 4 + len(name))
        margin = " " * (room + 6)
    return lines + [line for text in below for line in flow(text, look.width, margin)]


def search_results(hits: Sequence[tuple[str, str, str, str]], words: Sequence[str], look: Look) -> Lines:
    """Draw what a search found.

    Args:
        hits: for each its kind, its title, the words around the match, and the arguments of the command that shows it.
        words: what was searched for, marked in the text.
        look: what can be drawn.

    Returns:
        The lines; under `plain`, one line a hit with tabs between command, title and text.
    """
    if look.plain:
        return [fields(f"{look.program} {way}", title, around) for _, title, around, way in hits]
    return joined(
        [
            *flow(Text.assemble((title, "title"), (f"  {kind}", "muted")), look.width, "", "  "),
            *flow(_marked(around, words), look.width, "  "),
            *flow(command(f"{look.program} {way}"), look.width, "  "),
        ]
        for kind, title, around, way in hits
    )


def _marked(around: str, words: Sequence[str]) -> Text:
    text = Text(around)
    text.highlight_words(words, "match", case_sensitive=False)
    return text


def term(term: Term, sources: Mapping[str, Source], look: Look) -> Lines:
    """Draw one entry of the glossary."""
    name = Text.assemble((term.name, "title"), f" ({', '.join(term.also)})" if term.also else "")
    lines = flow(name, look.width, "", "  ")
    lines += flow(Text(term.definition), look.width, "  ")
    if term.see:
        lines += flow(styled(f"See also: {', '.join(term.see)}", "muted"), look.width, "  ", "    ")
    for key in term.sources:
        if key in sources:
            lines += flow(brief_source(sources[key], look), look.width, "  Source: ", "    ")
    return lines


def glossary(terms: Sequence[Term], sources: Mapping[str, Source], look: Look) -> Lines:
    """Draw the glossary; under `plain`, one line a term with a tab before its meaning."""
    if look.plain:
        return [fields(item.name, item.definition) for item in terms]
    return joined(term(item, sources, look) for item in terms)


def source(source: Source, look: Look) -> Lines:
    """Draw one source with its key, what kind of text it is, and what of it was read."""
    facts = styled(f" {look.glyphs.separator} ".join(fact for fact in (source.kind, source.note) if fact), "muted")
    lines = flow(styled(source.key, "key"), look.width) + flow(source_text(source, look), look.width, "  ")
    return lines + (flow(facts, look.width, "  ") if facts.plain else [])


def sources(found: Sequence[Source], look: Look) -> Lines:
    """Draw sources; under `plain`, one line each with tabs between key, reference and address."""
    if look.plain:
        return [fields(item.key, item.reference, item.url) for item in found]
    return joined(source(item, look) for item in found)
