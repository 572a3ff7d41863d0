"""A course as one web page that needs no network, and a test to print: questions, answer sheet, key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.formats.format import Format
from synergy_cli.formats.html_blocks import Writer, escaped
from synergy_cli.formats.paper import answer_sheet, asked, key, sheet_of
from synergy_cli.languages import say

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
    """Yield the parts of a test to print, its sheet and its key each on a new sheet of paper."""
    from synergy_cli.formats.html_frame import head, pictures  # noqa: PLC0415  as above

    del transfer  # what a test does not show is not lost
    writer, sheets = Writer(bank.language, pictures(bank.folder)), [sheet_of(question) for question in bank.questions]
    yield f"{head(bank.title, bank.language)}<body>\n<main class=exam>\n<article><h1>{escaped(bank.title)}</h1>\n"
    for number, sheet in enumerate(sheets, start=1):
        yield f"<div class=question>{writer.blocks(asked(number, sheet))}</div>\n"
    yield "</article>\n"
    for title, blocks in ((say("Answer sheet", bank.language), answer_sheet), (say("Key", bank.language), key)):
        yield f"<article><h2>{escaped(title)}</h2>{writer.blocks(blocks(sheets, bank.language))}</article>\n"
    yield "</main>\n</body>\n</html>\n"


HTML = Format("html", "one web page, to read and answer offline", write=write, write_exam=write_exam)
