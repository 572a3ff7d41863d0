"""A course as one web page that needs no network: its pages, questions, sources and glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.formats.format import Bank
    from synergy_cli.formats.transfer import Transfer


def write(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Return the parts of a web page with a course, or with some of its sections."""
    from synergy_cli.formats.html_course import Content  # noqa: PLC0415  few exports are web pages

    del transfer  # nothing is lost
    return Content(bank).document()


def write_exam(bank: Bank, transfer: Transfer) -> Iterator[str]:
    """Return the parts of a test to print."""
    from synergy_cli.formats.html_exam import document  # noqa: PLC0415  as above

    del transfer  # what a test does not show is not lost
    return document(bank)


HTML = Format("html", "one web page, to read and answer without a network", write=write, write_exam=write_exam)
