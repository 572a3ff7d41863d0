"""The commands `search`, `glossary` and `sources`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from synergy_cli.cli.completion import complete_keys, complete_terms
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import completing, one_of, replayed
from synergy_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.course.course import Course
    from synergy_cli.course.page import Page

SOURCE_FORMS = ("text", "csl")


@replayed
def search(
    context: Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Words to search for; all must occur.")],
) -> None:
    """Search passages, the glossary, sources and question stems.

    Exits with 1 if nothing matches.

    \b
    Example:
      synergy search WORD
    """
    from synergy_cli.course.search import meant
    from synergy_cli.course.search import search as find
    from synergy_cli.ui import lists

    course, terminal = context.course, context.terminal
    split = [word for part in words for word in part.split()]
    if not split:
        raise UsageError("Nothing to search for. Give one or more words.")
    titles = course.titles
    questions = [(titles.get(question.topic, course.manifest.title), question) for question in _askable(course)]
    spelled = meant(split, course.terms)
    hits = find(spelled, _pages(course), course.terms, course.sources.values(), questions)
    if context.as_json:
        terminal.write_json({"words": split, "hits": [hit._asdict() for hit in hits]})
    elif hits:
        context.page(
            lambda look: lists.search_results(hits, [name for names in spelled for name in names], look),
            f"search: {' '.join(split)}",
        )
    else:
        _say_no_match(context, split)
    if not hits:
        raise typer.Exit(1)


def _pages(course: "Course") -> "Iterator[Page]":
    return (course.page(entry.id)[0] for entry in course.entries)


def _say_no_match(context: Context, words: list[str]) -> None:
    """Report that nothing matches, with suggestions and the caution that the course repeats."""
    from synergy_cli.course.search import mended
    from synergy_cli.text import did_you_mean, nearest

    course, sought = context.course, " ".join(words)[:60]
    near = nearest(sought, [name for term in course.terms for name in (term.name, *term.also)], most=1)
    near = near or list(filter(None, [mended(words, _pages(course))]))
    advice = "Try fewer or shorter words." if len(words) > 1 else "Try a shorter word."
    context.terminal.say(f"Nothing matches `{sought}`.{did_you_mean(near)} {advice}")
    _say_caution(context)


def _say_caution(context: Context) -> None:
    """Report the caution that the course repeats: an unknown name may be one that the caution is about."""
    from synergy_cli.course.search import common_caution

    found = common_caution(_pages(context.course))
    if found is not None:
        text, section = found
        context.terminal.say(f"{text}\n  {context.display.program} explain {section}")


def _askable(course: Any) -> Any:
    """Return the valid questions; empty if the bank has errors, which `report_left_out` reports."""
    from synergy_cli.parsing.report import ContentError

    try:
        return course.questions
    except ContentError:
        return ()


@replayed
def glossary(
    context: Context,
    term: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TERM]", autocompletion=complete_terms, help="A term, or the start of one."),
    ] = None,
) -> None:
    """Look up a term, or list all terms.

    \b
    Example:
      synergy glossary TERM
    """
    from synergy_cli.course.glossary import look_up
    from synergy_cli.ui import lists

    course, terminal = context.course, context.terminal
    try:
        found = look_up(course.terms, " ".join(term)) if term else course.terms
    except UsageError:
        _say_caution(context)
        raise
    if context.as_json:
        terminal.write_json({"terms": [item._asdict() for item in found]})
    else:
        context.page(lambda look: lists.glossary(found, course.sources, look), "glossary")
    if not found:
        _say_nothing_found(context, "glossary")


def _say_nothing_found(context: Context, what: str) -> None:
    """Report that the course has no entries; exit with 1 if faults, which `report_left_out` reports, are the reason."""
    if context.course.left_out:
        raise typer.Exit(1)
    if not context.as_json:
        context.terminal.say(f"This course has no {what}.")


@replayed
def sources(
    context: Context,
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="[KEY]",
            autocompletion=complete_keys,
            help="The key of a source, or an author; the start is enough.",
        ),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            autocompletion=completing(SOURCE_FORMS),
            help="text, or csl for CSL-JSON.",
            show_default=False,
        ),
    ] = "text",
) -> None:
    """Look up a source, or list all sources.

    \b
    Examples:
      synergy sources KEY
      synergy sources --format csl > sources.json
    """
    from synergy_cli.course.lookup import find_sources
    from synergy_cli.course.sources import source_document
    from synergy_cli.ui import lists

    course, terminal = context.course, context.terminal
    one_of("--format", form, SOURCE_FORMS)
    found = find_sources(course.sources, key)
    if form == "csl":
        keys = {source.key for source in found}
        terminal.write_json([item for item in course.references() if isinstance(item, dict) and item.get("id") in keys])
    elif context.as_json:
        terminal.write_json({"sources": [source_document(source) for source in found]})
    else:
        context.page(lambda look: lists.sources(found, look), "sources")
    if not found:
        _say_nothing_found(context, "sources")
