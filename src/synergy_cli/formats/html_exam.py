"""A test to print: the questions, a sheet to answer them on, and the key, each from a new sheet of paper on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.formats.html_blocks import Writer, escaped
from synergy_cli.formats.html_frame import head, pictures
from synergy_cli.formats.paper import answer_sheet, asked, key, sheet_of
from synergy_cli.languages import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synergy_cli.formats.format import Bank


def document(bank: Bank) -> Iterator[str]:
    """Yield the page, part by part."""
    writer, sheets = Writer(bank.language, pictures(bank.folder)), [sheet_of(question) for question in bank.questions]
    yield f"{head(bank.title, bank.language)}<body>\n<main class=exam>\n<article><h1>{escaped(bank.title)}</h1>\n"
    for number, sheet in enumerate(sheets, start=1):
        yield f"<div class=question>{writer.blocks(asked(number, sheet))}</div>\n"
    yield "</article>\n"
    for title, blocks in ((say("Answer sheet", bank.language), answer_sheet), (say("Key", bank.language), key)):
        yield f"<article><h2>{escaped(title)}</h2>{writer.blocks(blocks(sheets, bank.language))}</article>\n"
    yield "</main>\n</body>\n</html>\n"
