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
"""The formats by name; detection tries them in this order."""
EXPORTS = {name: found.write for name, found in FORMATS.items() if found.write is not None}
"""The write function of each export format."""
EXAMS = {name: found.write_exam for name, found in FORMATS.items() if found.write_exam is not None}
"""The function that writes a printable test, for each format that supports it."""
PACKAGES = [name for name, found in FORMATS.items() if found.packed]
"""The binary formats, which may contain a learner's reviews."""
IMPORTS = {name: found.read for name, found in FORMATS.items() if found.read is not None}
"""The read function of each import format."""
_START = 64 * 1024
"""The number of bytes used to detect a file's format."""


def recognised(name: str, data: bytes) -> str:
    """Return the format of a file, by its extension or the start of its content; empty if unknown."""
    readable = [FORMATS[each] for each in IMPORTS]
    by_name = [found.name for found in readable if name.lower().endswith(found.suffixes)]
    by_content = [found.name for found in readable if found.holds(data[:_START])]
    return next(iter([*by_name, *by_content]), "")
