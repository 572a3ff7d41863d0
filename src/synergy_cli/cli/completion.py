"""Shell completion: the scripts, and the candidates for a command line.

A script runs synergy with `VARIABLE` set and the words up to the cursor as arguments, without their quotes. It quotes
what it inserts. Scripts contain no course text, and no shell evaluates the output.
"""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from synergy_cli.cli.context import Context
from synergy_cli.cli.options import DEFAULTS
from synergy_cli.errors import SynergyError
from synergy_cli.replay import reads

if TYPE_CHECKING:
    from synergy_cli.course.course import Course

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_SYNERGY_COMPLETE"
_SCRIPTS = Path(__file__).parents[1] / "completion"
_BROKEN = (SynergyError, OSError, RuntimeError)
"""Errors of a faulty course; the last is raised for the `~` of an unknown user."""
_ONE_LINE = str.maketrans("\t\n", "  ")


def script(shell: str) -> str:
    """Return the completion script for a shell."""
    path = _SCRIPTS / f"synergy.{shell}"
    reads.file(path)
    return path.read_text("utf-8")


def candidates(root: Any, words: list[str]) -> str:
    """Return a line for each candidate: its value, a tab, its description.

    Args:
        root: the root command.
        words: up to the cursor, without the program's name; the last one is being completed.

    Returns:
        The lines. A line with an empty value makes the shell complete file names itself.
    """
    from typer._completion_classes import FishComplete

    *before, word = words
    is_option = word.startswith("-") and "--" not in before
    option = word[: word.find("=") + 1] if is_option else ""
    typed = option or word if is_option else ""  # Typer would match values with regard to case
    found: dict[str, str] = {}
    for item in FishComplete(root, {"obj": word}, "synergy", VARIABLE).get_completions(before[:], typed):
        value = f"{option}{item.value.translate(_ONE_LINE)}" if item.value else ""
        begins_so = value[: len(word)].lower() == word.lower()
        is_misread = value.startswith("-") and not is_option and "--" not in before
        if not value or (begins_so and not is_misread):
            found[value] = (item.help or "").translate(_ONE_LINE)
    return "".join(f"{value}\t{description}\n" for value, description in found.items())


def complete_sections(ctx: typer.Context) -> list[tuple[str, str]]:
    """List the sections' ids, with their titles, or after `#` their passages. A broken course yields nothing."""
    with contextlib.suppress(*_BROKEN):
        entries = _course_on_the_line(ctx).entries
        if "#" in ctx.obj:
            return [(f"{entry.id}#{name}", title) for entry in entries for name, title in entry.headings]
        return [(entry.id, entry.title) for entry in entries]
    return []


def complete_topics(ctx: typer.Context) -> list[tuple[str, str]]:
    """List the ids of question topics, with their titles, or after `#` the passages of the sections."""
    if "#" in ctx.obj:
        return complete_sections(ctx)
    with contextlib.suppress(*_BROKEN):
        return list(_course_on_the_line(ctx).titles.items())
    return []


def complete_questions(ctx: typer.Context) -> list[str]:
    """List the ids of all questions."""
    with contextlib.suppress(*_BROKEN):
        return [item.id for item in _course_on_the_line(ctx).outline]
    return []


def complete_tags(ctx: typer.Context) -> list[str]:
    """List the tags of all questions."""
    with contextlib.suppress(*_BROKEN):
        return list(dict.fromkeys(tag for item in _course_on_the_line(ctx).outline for tag in item.tags))
    return []


def complete_terms(ctx: typer.Context) -> list[str]:
    """List the glossary's terms and their other names."""
    with contextlib.suppress(*_BROKEN):
        return [name for term in _course_on_the_line(ctx).terms for name in (term.name, *term.also)]
    return []


def complete_keys(ctx: typer.Context) -> list[tuple[str, str]]:
    """List the sources' keys, with their labels."""
    with contextlib.suppress(*_BROKEN):
        return [(source.key, source.label) for source in _course_on_the_line(ctx).sources.values()]
    return []


def _course_on_the_line(ctx: typer.Context) -> "Course":
    """Return the course that the command line names; no shell has expanded its `~`."""
    given = [ctx.params.get("course") for ctx in (ctx, ctx.parent) if ctx is not None]
    folder = next((folder for folder in given if folder), None)
    if folder and not Path(folder).exists():
        folder = Path(folder).expanduser()
    return Context({**DEFAULTS, "course": folder, "quiet": True}).course
