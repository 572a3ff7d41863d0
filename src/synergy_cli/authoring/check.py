"""A whole course looked over for its author: form, references, and the quality of its questions."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli.authoring import flaws, item_analysis
from synergy_cli.course.compiler import Compiler
from synergy_cli.course.files import display_path, read_text
from synergy_cli.course.question_types import build
from synergy_cli.parsing.faults import Fault
from synergy_cli.parsing.report import ContentError, Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.text import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from synergy_cli.authoring.item import Finding
    from synergy_cli.authoring.item_analysis import ItemStats
    from synergy_cli.course.compiler import Draft
    from synergy_cli.course.files import Files
    from synergy_cli.course.question import Question
    from synergy_cli.history.events import Event
    from synergy_cli.parsing.report import SourcePos
    from synergy_cli.parsing.yaml import KeyValue, Node


PARTS = ("sources", "checked_pages", "bank", "terms")


class Inspection(NamedTuple):
    """What was found.

    Attributes:
        faults: in the order of files and lines.
        facts: the course's title, and how many pages, questions and sources there are.
        questions: those that are sound by themselves.
        tallies: of the answers to them, by id; None when no events were given.
    """

    faults: tuple[Fault, ...]
    facts: tuple[str, ...]
    questions: tuple[Question, ...]
    tallies: dict[str, ItemStats] | None


def inspect(files: Files, events: Iterable[Event] | None = None) -> Inspection:
    """Look a course over.

    Args:
        files: of the course.
        events: of a learner's history, when its answers are to be looked at too.

    Returns:
        All that was found.
    """
    compiler = Compiler(files)
    parts: dict[str, Any] = {}
    for part in PARTS:
        with suppress(ContentError):
            parts[part] = getattr(compiler, part)
    found = [*compiler.found, *_stray(files), *_unused(files, compiler, parts)]
    asked = tuple(build(draft.data) for draft in compiler.drafts)
    counted_up = None if events is None else item_analysis.item_stats(events, compiler.header["id"], asked)
    findings = [*flaws.findings(asked, compiler.header["language"]), *item_analysis.findings(asked, counted_up or {})]
    found += _placed(findings, compiler.drafts, files)
    amounts = (("checked_pages", "section"), ("questions", "question"), ("sources", "source"))
    parts["questions"] = compiler.drafts
    facts = [plural(len(parts.get(part, ())), word) for part, word in amounts]
    return Inspection(tuple(sorted(set(found))), (compiler.header["title"], *facts), asked, counted_up)


def quoted(files: Files) -> Callable[[Fault], str]:
    """Return what looks up the line of a fault; a file is read once, and only when it can be.

    Args:
        files: of the course.

    Returns:
        A function from a fault to its line, which is empty when there is none to show.
    """
    paths = {display_path(path): path for path in files.all}

    @cache
    def lines(name: str) -> list[str]:
        with suppress(ContentError, KeyError):
            return read_text(files.folder, paths[name]).split("\n")
        return []

    def line_of(fault: Fault) -> str:
        listed = lines(fault.path)
        return listed[fault.line - 1] if fault.line <= len(listed) else ""

    return line_of


def _stray(files: Files) -> list[Fault]:
    """Find files that their author takes for a part of the course, and nothing reads."""
    faults = []
    for path, expected in files.unrecognised:
        message = f"nothing reads a file of this name; expected {expected}"
        faults.append(Fault(display_path(path), 1, 1, "stray-file", message))
    return faults


def _unused(files: Files, compiler: Compiler, parts: dict[str, Any]) -> list[Fault]:
    """Find what nothing refers to, as far as all that might was read."""
    faults = []
    if len(parts) == len(PARTS):
        cited = compiler.cited
        unused = {key for key in parts["sources"] if key not in cited}
        for path in files.references if unused else ():
            for key, place in compiler.source_places(path).items():
                if key in unused:
                    message = "nothing cites this source; cite it, or take it out"
                    faults.append(Fault(display_path(path), place.line, place.column, "unused-source", message))
    if "checked_pages" in parts and "bank" in parts:
        asked = {draft.data["passage"].partition("#")[0] for draft in compiler.drafts}
        for path, page in zip(files.pages, parts["checked_pages"], strict=True):
            if page not in asked:
                message = f"no question asks about this page; write one with `passage: {page}`"
                faults.append(Fault(display_path(path), 1, 1, "page-without-questions", message))
    return faults


def _placed(findings: Sequence[Finding], drafts: Sequence[Draft], files: Files) -> list[Fault]:
    """Find the places of findings: each file that has one is read once more, for its lines and columns."""
    where = {draft.data["id"]: draft for draft in drafts}
    by_file: dict[Path, list[tuple[Finding, int]]] = {}
    for finding in findings:
        draft = where.get(finding.question)
        path, number = (draft.file, draft.place) if draft else (files.bank[0], -1)
        by_file.setdefault(path, []).append((finding, number))
    faults = []
    for path, listed in by_file.items():
        name = display_path(path)
        bank = parse(read_text(files.folder, path), Report(name)).value["questions"]
        for finding, number in listed:
            place = bank if number < 0 else _walk(bank.node.value[number], finding.where)
            faults.append(Fault(name, place.line, place.column, finding.code, finding.message))
    return faults


def _walk(node: Node, where: Sequence[str | int]) -> Node | KeyValue | SourcePos:
    """Follow keys and places into a node, as far as they lead."""
    for step in where:
        if isinstance(node.value, dict) and step in node.value:
            node = node.value[step].node
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
    return node
