"""What an export or import did: how much it found and wrote, and what it left out or changed, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from synergy_cli.course.question import Question

SKIPPED, REDUCED, CHANGED = "skipped", "reduced", "changed"


class Remark(NamedTuple):
    """What became of a question that did not come through as it was.

    Attributes:
        kind: `SKIPPED` if it was not written, `REDUCED` if a part of it was left out, `CHANGED` if it has another form.
        line: its line in the input, counted from 1; 0 if unknown.
        name: its id, or the beginning of its text.
        reason: why, or what was left out or changed.
        path: the file of the input, as a person would type it.
    """

    kind: str
    line: int
    name: str
    reason: str
    path: str = ""


class Transfer:
    """Collects what a run does.

    Attributes:
        found: the number of questions in the input, readable or not.
        remarks: what did not come through as it was, in the order of the input.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.found = 0
        self.remarks: list[Remark] = []

    def skip(self, name: str, reason: str, line: int = 0) -> None:
        """Record a question that is not written."""
        self.remarks.append(Remark(SKIPPED, line, name, reason))

    def reduce(self, name: str, reason: str, line: int = 0) -> None:
        """Record a question that loses a part."""
        self.remarks.append(Remark(REDUCED, line, name, reason))

    def lose(self, name: str, lost: Collection[str], line: int = 0) -> None:
        """Record what a question loses, each part in a few words, if it loses any."""
        if lost:
            self.reduce(name, f"without {', '.join(lost)}", line)

    def change(self, name: str, reason: str, line: int = 0) -> None:
        """Record a question that gets another form and loses nothing."""
        self.remarks.append(Remark(CHANGED, line, name, reason))

    def count(self, kind: str) -> int:
        """Count the questions with a remark of a kind; one that is skipped has one."""
        found = [(remark.line, remark.name) for remark in self.remarks if remark.kind == kind]
        return len(found if kind == SKIPPED else set(found))

    @property
    def written(self) -> int:
        """Count the questions that came through, whole or not."""
        return self.found - self.count(SKIPPED)

    @property
    def lossy(self) -> bool:
        """Whether a question, or a part of one, was left out."""
        return any(remark.kind != CHANGED for remark in self.remarks)

    def document(self) -> dict[str, Any]:
        """Return it as data for `--json`."""
        kinds = {kind: self.count(kind) for kind in (SKIPPED, REDUCED, CHANGED)}
        return {"found": self.found, "written": self.written, **kinds, "remarks": [r._asdict() for r in self.remarks]}


def report_losses(question: Question, held: Collection[str], transfer: Transfer) -> None:
    """Record what is left out of a question that a format writes, and what gets another form.

    Passage, sources and revision mean something only in the course, so they are no loss. `held` is what the format
    holds, of the names below.
    """
    parts = {
        "feedback": any(wrong.feedback for wrong in question.wrong),
        "rationale": question.rationale,
        "hint": question.hint,
        "level": question.level != type(question).level,
        "tags": question.tags,
        "fixed order": any(option.fixed for option in (*question.right, *question.wrong)),
        "exactness": getattr(question, "exact", False),
        "other units": getattr(question, "units", ()),
    }
    transfer.lose(question.id, [name for name, present in parts.items() if present and name not in held])
    if question.context and "context" not in held:
        transfer.change(question.id, "its context became part of the stem")
