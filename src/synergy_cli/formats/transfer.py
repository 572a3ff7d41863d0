"""The report of an export or import: how much it found and wrote, and what it left out or changed, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from synergy_cli.course.question import Question

SKIPPED, REDUCED, CHANGED = "skipped", "reduced", "changed"


class Remark(NamedTuple):
    """A remark on a question that was not transferred unchanged.

    Attributes:
        kind: `SKIPPED` if it was not written, `REDUCED` if a part was left out, `CHANGED` if something was converted.
        line: its line in the input, counted from 1; 0 if unknown.
        name: its id, or the start of its text.
        reason: why, or what was left out or changed.
        path: the file of the input, as a person would type it.
    """

    kind: str
    line: int
    name: str
    reason: str
    path: str = ""


class Transfer:
    """Collects the results of a run.

    Attributes:
        found: the number of questions in the input, readable or not.
        remarks: on questions not transferred unchanged, in input order.
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
        """Record the parts that a question loses, each in a few words, if any."""
        if lost:
            self.reduce(name, f"without {', '.join(lost)}", line)

    def change(self, name: str, reason: str, line: int = 0) -> None:
        """Record a question that is converted and loses nothing."""
        self.remarks.append(Remark(CHANGED, line, name, reason))

    def count(self, kind: str) -> int:
        """Count the questions with a remark of a kind; a skipped question has exactly one."""
        found = [(remark.line, remark.name) for remark in self.remarks if remark.kind == kind]
        return len(found if kind == SKIPPED else set(found))

    @property
    def written(self) -> int:
        """Count the transferred questions, whole or not."""
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
    """Record what a format leaves out of a question, and what it converts.

    Passage, sources and revision only have a meaning in the course, so they are not a loss. `held` names what the
    format supports, as used below.
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
