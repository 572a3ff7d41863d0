"""Completion of sections, terms and source keys in a shell."""

import contextlib
from typing import TYPE_CHECKING

import typer

from synergy_cli.cli.context import Context
from synergy_cli.cli.options import DEFAULTS
from synergy_cli.errors import SynergyError

if TYPE_CHECKING:
    from synergy_cli.course.course import Course


def _course_on_the_line(ctx: typer.Context) -> "Course":
    """Return the course of the command line that is being completed."""
    given = [ctx.params.get("course") for ctx in (ctx, ctx.parent) if ctx is not None]
    folder = next((folder for folder in given if folder), None)
    return Context({**DEFAULTS, "course": folder}).course


def complete_sections(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a section's id, with its title, and after `#` its passages. A broken course completes nothing."""
    with contextlib.suppress(SynergyError, OSError):
        entries = _course_on_the_line(ctx).entries
        if "#" in incomplete:
            found = [(f"{entry.id}#{name}", title) for entry in entries for name, title in entry.headings]
        else:
            found = [(entry.id, entry.title) for entry in entries]
        return [(name, title) for name, title in found if name.startswith(incomplete)]
    return []


def complete_terms(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a term of the glossary."""
    with contextlib.suppress(SynergyError, OSError):
        names = [name for term in _course_on_the_line(ctx).terms for name in (term.name, *term.also)]
        return [name for name in names if name.lower().startswith(incomplete.lower())]
    return []


def complete_keys(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a source's key, with its label."""
    with contextlib.suppress(SynergyError, OSError):
        sources = _course_on_the_line(ctx).sources.values()
        return [(source.key, source.label) for source in sources if source.key.startswith(incomplete)]
    return []
