"""Checks a whole course for its author: format, references, and the quality of its questions."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from synergy_cli.authoring import flaws, ignoring, item_analysis
from synergy_cli.course.compiler import Compiler
from synergy_cli.course.files import display_path, read_text
from synergy_cli.course.question_types import build
from synergy_cli.parsing.faults import Fault
from synergy_cli.parsing.report import ContentError, Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.records import NamedTuple
from synergy_cli.text import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from synergy_cli.authoring.findings import Finding
    from synergy_cli.authoring.item_analysis import ItemStats
    from synergy_cli.course.compiler import Draft
    from synergy_cli.course.files import Files
    from synergy_cli.course.question import Question
    from synergy_cli.history.events import Event
    from synergy_cli.parsing.report import SourcePos
    from synergy_cli.parsing.yaml import KeyValue, Node


PARTS = ("sources", "checked_pages", "bank", "terms")


class Inspection(NamedTuple):
    """The result of a check.

    Attributes:
        faults: sorted by file and line.
        facts: the title of the course, then the numbers of sections, questions and sources, as text.
        questions: the valid questions.
        tallies: answer statistics by question id; None if no events were given.
        ignored: the number of faults that were ignored.
        course: its id; empty if it has faults.
    """

    faults: tuple[Fault, ...]
    facts: tuple[str, ...]
    questions: tuple[Question, ...]
    tallies: dict[str, ItemStats] | None
    ignored: int = 0
    course: str = ""


def inspect(files: Files, events: Iterable[Event] | None = None, ignored: Collection[str] = ()) -> Inspection:
    """Check a course, and the answers in a learner's history if its events are given.

    Faults with codes in `ignored` or in the course's own list are ignored.
    """
    compiler = Compiler(files)
    parts: dict[str, Any] = {}
    for part in PARTS:
        with suppress(ContentError):
            parts[part] = getattr(compiler, part)
    faults = [*compiler.found, *_stray(files), *_unused(files, compiler, parts)]
    questions = tuple(build(draft.data) for draft in compiler.drafts)
    tallies = None if events is None else item_analysis.item_stats(events, compiler.header["id"], questions)
    findings = flaws.findings(questions, compiler.header["language"])
    findings += item_analysis.findings(questions, tallies or {})
    faults += _placed(findings, compiler.drafts, files)
    amounts = (("checked_pages", "section"), ("questions", "question"), ("sources", "source"))
    listed = compiler.ignored
    faults += ignoring.idle(display_path(files.bank[0]), listed, faults, with_history=events is not None)
    out = {*ignored, *(code for code, _ in listed if not ignoring.why_not(code))}
    kept = tuple(sorted({fault for fault in faults if fault.code not in out}))
    parts["questions"] = compiler.drafts
    facts = [plural(len(parts.get(part, ())), noun) for part, noun in amounts]
    facts = [compiler.header["title"], *facts]
    return Inspection(kept, tuple(facts), questions, tallies, len(set(faults)) - len(kept), compiler.header["id"])


def quoted(files: Files) -> Callable[[Fault], str]:
    """Return a function that maps a fault to the text of its line; empty if the line cannot be read."""
    paths = {display_path(path): path for path in files.all}

    @cache
    def lines(name: str) -> list[str]:
        with suppress(ContentError, KeyError):
            return read_text(files.folder, paths[name]).split("\n")
        return []

    def line_of(fault: Fault) -> str:
        text = lines(fault.path)
        return text[fault.line - 1] if fault.line <= len(text) else ""

    return line_of


def _stray(files: Files) -> list[Fault]:
    """Report files that look like part of the course but are never read."""
    faults = []
    for path, expected in files.unrecognised:
        message = f"this file is never read; expected {expected}"
        faults.append(Fault(display_path(path), 1, 1, "stray-file", message))
    return faults


def _unused(files: Files, compiler: Compiler, parts: dict[str, Any]) -> list[Fault]:
    """Report uncited sources and pages without questions, if every part that could refer to them is valid."""
    faults = []
    if len(parts) == len(PARTS):
        cited = compiler.cited
        unused = {key for key in parts["sources"] if key not in cited}
        for path in files.references if unused else ():
            for key, place in compiler.source_places(path).items():
                if key in unused:
                    message = "this source is never cited; cite it or remove it"
                    faults.append(Fault(display_path(path), place.line, place.column, "unused-source", message))
    if "checked_pages" in parts and "bank" in parts:
        with_questions = {draft.data["passage"].partition("#")[0] for draft in compiler.drafts}
        for path, page in zip(files.pages, parts["checked_pages"], strict=True):
            if page not in with_questions:
                message = f"no question asks about this page; write one with `passage: {page}`"
                faults.append(Fault(display_path(path), 1, 1, "page-without-questions", message))
    return faults


def _placed(findings: Sequence[Finding], drafts: Sequence[Draft], files: Files) -> list[Fault]:
    """Turn findings into faults; each file with a finding is parsed again for lines and columns."""
    where = {draft.data["id"]: draft for draft in drafts}
    by_file: dict[Path, list[tuple[Finding, int]]] = {}
    for finding in findings:
        draft = where.get(finding.question)
        path, number = (draft.file, draft.place) if draft else (drafts[0].file, -1)
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
    """Follow a path of keys and list indexes into a node, as far as it exists."""
    for step in where:
        if isinstance(node.value, dict) and step in node.value:
            node = node.value[step].node
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
    return node
