"""Renders the report of an export or import: what did not transfer unchanged, then what was written."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.formats.transfer import CHANGED, REDUCED, SKIPPED
from synergy_cli.records import NamedTuple
from synergy_cli.text import plural
from synergy_cli.ui import elements
from synergy_cli.ui.layout import flow, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.formats.intake import Intake
    from synergy_cli.formats.merge import Change, Merged
    from synergy_cli.formats.transfer import Transfer
    from synergy_cli.ui.theme import Look

MOST_PLACES = 5
"""The number of places listed per reason."""
_KINDS = ((SKIPPED, "Skipped", "wrong"), (REDUCED, "Reduced", "near"), (CHANGED, "Changed", "note"))


class _Remark(NamedTuple):
    """A remark on a question: its title and style, the reason, and where the question is."""

    title: str
    style: str
    reason: str
    place: str
    name: str


def export_lines(transfer: Transfer, target: str, look: Look) -> elements.Lines:
    """Render the result of an export; `target` is empty for the standard output."""
    lines = _listing(_remarks(transfer, ""), look)
    where = f" to {target}" if target else ""
    return lines + elements.paragraph(
        f"{plural(transfer.found, 'question')}: {_counts(transfer, f'written{where}')}.", look
    )


def import_lines(taken: Intake, reviews: tuple[int, int], source: str, folder: str, look: Look) -> elements.Lines:
    """Render the result of an import into a folder, which is empty if nothing was written.

    `reviews` has how many are new in the history, and how many were already there.
    """
    transfer, merged = taken.transfer, taken.merged
    remarks = [*_remarks(transfer, source), *_changes(merged, source)]
    lines = _listing(remarks, look)
    lines += elements.paragraph(f"{source}: {plural(transfer.found, 'question')}, {_counts(transfer, 'read')}.", look)
    if not folder:
        return lines
    counts = {
        "added": len(merged.added),
        "updated": len(merged.updated),
        "unchanged": merged.unchanged,
        "kept as edited": len(merged.kept),
        "left deleted": len(merged.deleted),
        "no longer in the file": len(merged.missing),
    }
    listed = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    lines += elements.paragraph(f"{folder}: {listed}.", look)
    if any(reviews):
        added, known = reviews
        lines += elements.paragraph(f"Your history: {plural(added, 'review')} added, {known} already there.", look)
    return lines + elements.commands([("Next:", f"synergy check {shlex.quote(folder)}")], look)


def _counts(transfer: Transfer, done: str) -> str:
    parts = [
        (transfer.count(SKIPPED), "skipped"),
        (transfer.count(REDUCED), "reduced"),
        (transfer.count(CHANGED), "changed"),
    ]
    return ", ".join([f"{transfer.written} {done}", *(f"{count} {what}" for count, what in parts if count)])


def _remarks(transfer: Transfer, source: str) -> list[_Remark]:
    return [
        _Remark(
            title, style, remark.reason, f"{remark.path or source}:{remark.line}" if remark.line else "", remark.name
        )
        for kind, title, style in _KINDS
        for remark in transfer.remarks
        if remark.kind == kind
    ]


def _changes(merged: Merged, source: str) -> list[_Remark]:
    """Return remarks on what happened to questions already in the course."""

    def remark(title: str, change: Change, reason: str) -> _Remark:
        return _Remark(title, "note", f"{', '.join(change.fields)}{reason}", f"{source}:{change.line}", change.id)

    found = [remark("Updated", change, "") for change in merged.updated]
    found += [remark("Kept", change, " edited in the course, and different in the file") for change in merged.kept]
    found += [_Remark("Left out", "note", "it was deleted from the course", "", name) for name in merged.deleted]
    return found + [_Remark("Kept", "note", "it is no longer in the file", "", name) for name in merged.missing]


def _listing(remarks: Sequence[_Remark], look: Look) -> elements.Lines:
    """Render remarks by reason, each with the first places it applies to; in a plain look, one line per remark."""
    if look.plain:
        return [elements.fields(remark.title.lower(), remark.place, remark.name, remark.reason) for remark in remarks]
    groups: dict[tuple[str, str, str], list[_Remark]] = {}
    for remark in remarks:
        groups.setdefault((remark.title, remark.style, remark.reason), []).append(remark)
    lines: elements.Lines = []
    for (title, style, reason), listed in groups.items():
        head = styled(f"{title}: ", style).append_text(Text(reason))
        lines += [*flow(head, look.width), *_places(listed, look), Text()]
    return lines


def _places(listed: Sequence[_Remark], look: Look) -> Iterable[Text]:
    for remark in listed[:MOST_PLACES]:
        yield elements.unbroken(f"{remark.place}: {remark.name}" if remark.place else remark.name)
    if len(listed) > MOST_PLACES:
        yield Text(f"{look.glyphs.ellipsis} and {len(listed) - MOST_PLACES} more; --plain and --json list all")
