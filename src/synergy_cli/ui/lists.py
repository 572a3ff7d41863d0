"""Views of the contents, the welcome screen, the glossary, sources and search results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.history.scheduler import STEP_WORDS
from synergy_cli.records import NamedTuple
from synergy_cli.text import plural
from synergy_cli.ui.bars import legend, share, stack
from synergy_cli.ui.elements import (
    Lines,
    brief_source,
    commands,
    fields,
    joined,
    own_line,
    paragraph,
    source_text,
    title_lines,
)
from synergy_cli.ui.layout import cells, flow, styled
from synergy_cli.ui.theme import FOLLOW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from synergy_cli.course.course import Manifest
    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import ContentsEntry, Marks
    from synergy_cli.course.search import Hit
    from synergy_cli.course.sources import Source
    from synergy_cli.ui.theme import Look


class Advice(NamedTuple):
    """The next step.

    Attributes:
        progress: the learner's progress, in a sentence or two; may be empty.
        step: what to do, such as `questions on duet (6), about 2 min`; empty if there is nothing to do.
        command: the arguments of the command for it; empty if there is no command.
    """

    progress: str
    step: str
    command: str


def welcome(manifest: Manifest, entries: Sequence[ContentsEntry], version: str, advice: Advice, look: Look) -> Lines:
    """Render what `synergy` shows without a command: the learner's progress and the next step."""
    call = f"{look.program} {advice.command}"
    following = [*paragraph(f"Next: {advice.step}", look), *own_line(call, look, "  ")]
    others = [("Contents:", f"{look.program} explain"), ("Commands:", "synergy help")]
    return joined(
        [
            flow(styled(f"synergy {version}", "muted"), look.width),
            _course_title(manifest, entries, look),
            paragraph(advice.progress, look) if advice.progress else [],
            following if advice.command else [],
            commands(others, look),
        ]
    )


def _course_title(manifest: Manifest, entries: Sequence[ContentsEntry], look: Look) -> Lines:
    pages = [entry for entry in entries if entry.number]
    minutes, others = sum(entry.minutes for entry in pages), len(entries) - len(pages)
    facts = [plural(len(pages), "section"), plural(minutes, "minute")] if pages else []
    facts += [plural(others, "topic")] if others and not pages else []
    facts.append(plural(manifest.questions, "question"))
    authors = [f"by {', '.join(manifest.authors)}"] if manifest.authors else []
    version = [f"version {manifest.version}"] if manifest.version else []
    title = title_lines(manifest.title, *facts, *authors, *version, look=look)
    return joined([title, paragraph(manifest.description, look) if manifest.description else []])


def contents(manifest: Manifest, entries: Sequence[ContentsEntry], marks: Mapping[str, Marks], look: Look) -> Lines:
    """Render the contents with the learner's marks by page id: one line per topic, or stacked if narrow.

    With `plain`, one line per topic: number (0 without a page), id, title, minutes, questions, grades, read mark and
    steps, separated by tabs.
    """
    if look.plain:
        return [fields(*_facts(entry, manifest), *_mark_facts(marks[entry.id])) for entry in entries]
    unread = any(entry.number and not marks[entry.id].read for entry in entries)
    study = [("Next:", f"{look.program} study")] if unread else []
    return joined(
        [
            _course_title(manifest, entries, look),
            _topics(manifest, entries, marks, look),
            _steps(entries, marks, look),
            commands([*study, ("Quiz:", f"{look.program} quiz")], look),
        ]
    )


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
    """Return how much of a page was read, and the non-zero counts of its questions by step."""
    counts = [f"{count} {STEP_WORDS[name]}" for name, count in marks.steps.items() if count]
    read = "read" if marks.read else f"{marks.share}% read" if marks.share else "unread"
    return [read, ", ".join(counts)]


def _topics(manifest: Manifest, entries: Sequence[ContentsEntry], marks: Mapping[str, Marks], look: Look) -> Lines:
    room = max(map(cells, [_SECTION, *(entry.id for entry in entries)]))
    longest = max(map(cells, [_TITLE, *(entry.title for entry in entries)]))
    spare = look.width - len("12 ") - room - 2
    brief = longest + len(_COLUMNS) > spare
    heads = _BRIEF_COLUMNS if brief else _COLUMNS
    title = min(longest, spare - len(heads))
    if spare - len(heads) < _SHORTEST_TITLE:
        return [line for entry in entries for line in _stacked(entry, manifest, marks[entry.id], look)]
    lines = [styled(f"   {_SECTION.ljust(room)}  {_TITLE.ljust(title)}{heads}", "muted")]
    for entry in entries:
        facts = (_brief_columns if brief else _columns)(entry, manifest.counts.get(entry.id, 0), marks[entry.id], look)
        lines += _row(entry, (room, title), facts, look)
    return lines


_SECTION, _TITLE = "Section", "Title"
_COLUMNS = "   Time  Read  Questions"
_BRIEF_COLUMNS = "Min Read Quiz"
_SHORTEST_TITLE = 24
_READ_BAR, _QUESTION_BAR, _BRIEF_BAR = 5, 6, 4


def _row(entry: ContentsEntry, room: tuple[int, int], facts: Text, look: Look) -> Lines:
    """Render a topic on one line, given the widths of its id and title; a long title continues below itself."""
    lead = Text(f"{entry.number or '':>2} ")
    lead.append_text(_name(entry, look)).append(" " * (room[0] - cells(entry.id) + 2))
    first, *rest = flow(Text(entry.title), room[1])
    line = lead.append_text(first).append(" " * (room[1] - cells(first.plain))).append_text(facts)
    line.rstrip()
    margin = " " * (len("12 ") + room[0] + 2)
    return [line, *(Text(margin).append_text(more) for more in rest)]


def _name(entry: ContentsEntry, look: Look) -> Text:
    return _leading(styled(entry.id, "key"), f"page:{entry.id}" if entry.number else "", look)


def _leading(text: Text, place: str, look: Look) -> Text:
    """Make a text a link to a place, or to none, if the look can follow links."""
    if look.follows and place:
        text.stylize(f"{FOLLOW}{place}")
    return text


def _columns(entry: ContentsEntry, count: int, marks: Marks, look: Look) -> Text:
    """Render the minutes, the share read, the number of questions, and their steps."""
    text = styled(f" {entry.minutes:>2} min " if entry.number else " " * 8, "muted")
    text.append_text(_read_bar(marks, _READ_BAR, look)).append(f" {count:>3} ")
    return text.append_text(stack(list(marks.steps.values()), _QUESTION_BAR, look)) if marks.answered else text


def _brief_columns(entry: ContentsEntry, count: int, marks: Marks, look: Look) -> Text:
    """Render the same in less room: the number of questions until one is answered, then their steps."""
    text = styled(f" {entry.minutes:>2} " if entry.number else " " * 4, "muted")
    text.append_text(_read_bar(marks, _BRIEF_BAR, look)).append(" ")
    if not marks.answered:
        return text.append(f"{count:>{_BRIEF_BAR}}")
    return text.append_text(stack(list(marks.steps.values()), _BRIEF_BAR, look))


def _read_bar(marks: Marks, length: int, look: Look) -> Text:
    return share(marks.share / 100, length, look) if marks.share else Text(" " * length)


def _stacked(entry: ContentsEntry, manifest: Manifest, marks: Marks, look: Look) -> Lines:
    """Render a topic on several lines."""
    number, _, title, minutes, count, _ = _facts(entry, manifest)
    read, steps = _mark_facts(marks)
    facts = [f"{minutes} min"] if entry.number else []
    facts += [plural(int(count), "question"), *([read] if marks.share else [])]
    head = Text.assemble(_name(entry, look), "  ", title)
    lines = flow(head, look.width, f"{number if entry.number else '':>2}  ")
    below = [styled(f" {look.glyphs.separator} ".join(facts), "muted")]
    below += [styled(steps, "steps")] if marks.answered else []
    return lines + [line for text in below for line in flow(text, look.width, " " * 4)]


def _steps(entries: Sequence[ContentsEntry], marks: Mapping[str, Marks], look: Look) -> Lines:
    """Render the steps of all questions, which explains the bars; nothing before the first answer."""
    if not any(marks[entry.id].answered for entry in entries):
        return []
    totals = [sum(counts) for counts in zip(*(marks[entry.id].steps.values() for entry in entries), strict=True)]
    return flow(Text("Questions: ").append_text(legend(totals, look)), look.width)


def search_results(hits: Sequence[Hit], words: Sequence[str], look: Look) -> Lines:
    """Render search results below their number: type, title, text around the match, and the command that shows it.

    The words searched for are highlighted. With `plain`, one line per hit: command, title and text, separated by tabs.
    """
    if look.plain:
        return [fields(f"{look.program} {hit.arguments}", hit.title, hit.around) for hit in hits]
    cautions = sum(hit.caution for hit in hits)
    number = plural(len(hits), "hit") + (f", {plural(cautions, 'caution')} among them" if cautions else "")
    return joined([flow(styled(number, "muted"), look.width), *(_hit(hit, words, look) for hit in hits)])


def _hit(hit: Hit, words: Sequence[str], look: Look) -> Lines:
    kind = Text.assemble("  ", ("caution", "caution") if hit.caution else (hit.kind, "muted"))
    title = _leading(styled(hit.title, "title"), _place(hit) if look.follows else "", look)
    return [
        *flow(title.append_text(kind), look.width, _mark(hit.kind, look), "  "),
        *flow(_marked(hit.around, words), look.width, "  "),
        *own_line(f"{look.program} {hit.arguments}", look, "  "),
    ]


def _place(hit: Hit) -> str:
    """Return the reader's place for a hit; empty for a question, which is asked, not read."""
    from shlex import split  # noqa: PLC0415  only the reader needs it

    sorts = {"passage": "page", "glossary": "term", "source": "source"}
    return f"{sorts[hit.kind]}:{split(hit.arguments)[1]}" if hit.kind in sorts else ""


def _mark(kind: str, look: Look) -> str:
    return f"{look.glyphs.section} " if kind == "passage" else ""


def _marked(around: str, words: Sequence[str]) -> Text:
    text = Text(around)
    text.highlight_words(words, "match", case_sensitive=False)
    return text


def term(term: Term, sources: Mapping[str, Source], look: Look) -> Lines:
    """Render one entry of the glossary."""
    name = Text.assemble((term.name, "title"), f" ({', '.join(term.also)})" if term.also else "")
    lines = flow(name, look.width, "", "  ")
    lines += flow(Text(term.definition), look.width, "  ")
    if term.see:
        names = Text(", ").join(_leading(Text(name), f"term:{name}", look) for name in term.see)
        see = Text("See also: ").append_text(names)
        see.stylize("muted")
        lines += flow(see, look.width, "  ", "    ")
    for key in term.sources:
        if key in sources:
            label = _leading(brief_source(sources[key], look), f"source:{key}", look)
            lines += flow(label, look.width, "  Source: ", "    ")
    return lines


def glossary(terms: Sequence[Term], sources: Mapping[str, Source], look: Look) -> Lines:
    """Render the glossary; with `plain`, one line per term, with a tab before its definition."""
    if look.plain:
        return [fields(item.name, item.definition) for item in terms]
    return joined(term(item, sources, look) for item in terms)


def source(source: Source, look: Look) -> Lines:
    """Render one source with its key, its type, and which part of it was read."""
    facts = styled(f" {look.glyphs.separator} ".join(fact for fact in (source.kind, source.note) if fact), "muted")
    lines = flow(styled(source.key, "key"), look.width) + flow(source_text(source, look), look.width, "  ")
    return lines + (flow(facts, look.width, "  ") if facts.plain else [])


def sources(listed: Sequence[Source], look: Look) -> Lines:
    """Render sources; with `plain`, one line per source: key, reference and URL, separated by tabs."""
    if look.plain:
        return [fields(item.key, item.reference, item.url) for item in listed]
    return joined(source(item, look) for item in listed)
