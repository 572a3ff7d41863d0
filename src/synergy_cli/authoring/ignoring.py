"""Decides which fault codes can be ignored, and finds entries of `ignore` that have no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.parsing.faults import CODES, Fault
from synergy_cli.text import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from synergy_cli.parsing.report import Located


def why_not(code: str) -> str:
    """Return why a code cannot be ignored; empty if it can."""
    if code not in CODES:
        near = nearest(code, list(CODES), most=1)
        hint = f"did you mean `{near[0]}`?" if near else "expected one that `check` reports"
        return f"`{code}` is not a fault code; {hint}"
    if CODES[code].severity == "error":
        return f"`{code}` is an error, and errors cannot be ignored"
    return ""


def idle(
    path: str, listed: Iterable[tuple[str, Located]], faults: Collection[Fault], *, with_history: bool
) -> list[Fault]:
    """Report the entries of a course's `ignore` list that have no effect.

    Errors, or a check without the history, may hide the faults that an entry is for; such an entry is not reported.
    """
    found = {fault.code for fault in faults}
    errors = any(fault.severity == "error" for fault in faults)
    seen: set[str] = set()
    idle_entries = []
    for code, place in listed:
        message = why_not(code)
        hidden = errors or (CODES[code].family == "history" and not with_history) if not message else False
        if not message and code in seen:
            message = f"`{code}` is listed twice; remove one"
        elif not message and code not in found and not hidden and code != "unused-ignore":
            message = f"the course has no `{code}`; remove this entry"
        seen.add(code)
        if message:
            idle_entries.append(Fault(path, place.line, place.column, "unused-ignore", message))
    return idle_entries
