"""The formats by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.formats.aiken import AIKEN
from synergy_cli.formats.anki import ANKI
from synergy_cli.formats.gift import GIFT
from synergy_cli.formats.html import HTML
from synergy_cli.formats.markdown import MARKDOWN
from synergy_cli.formats.mkdocs_quiz import MKDOCS_QUIZ
from synergy_cli.formats.moodle_xml import MOODLE
from synergy_cli.formats.records import JSON, TOML, YAML
from synergy_cli.formats.table import CSV, TSV

if TYPE_CHECKING:
    from synergy_cli.formats.format import Format

FORMATS: dict[str, Format] = {
    found.name: found for found in (ANKI, AIKEN, GIFT, MOODLE, CSV, TSV, MARKDOWN, HTML, JSON, YAML, TOML, MKDOCS_QUIZ)
}
"""The formats by name; those that a file may be in come in the order in which it is tried whether it is in them."""
EXPORTS = {name: found.write for name, found in FORMATS.items() if found.write is not None}
"""What writes each format that can be written."""
EXAMS = {name: found.write_exam for name, found in FORMATS.items() if found.write_exam is not None}
"""What writes a test to print in each format that can be printed."""
PACKAGES = [name for name, found in FORMATS.items() if found.packed]
"""The formats that are no text, and that may hold a learner's reviews."""
IMPORTS = {name: found.read for name, found in FORMATS.items() if found.read is not None}
"""What reads each format that can be read."""
_START = 64 * 1024
"""Bytes by which a file's format is told."""


def recognised(name: str, data: bytes) -> str:
    """Return the format of a file, by the end of its name or the beginning of its content; empty if it is none."""
    readable = [FORMATS[each] for each in IMPORTS]
    by_name = [found.name for found in readable if name.lower().endswith(found.suffixes)]
    by_content = [found.name for found in readable if found.holds(data[:_START])]
    return next(iter([*by_name, *by_content]), "")
