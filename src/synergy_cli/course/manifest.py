"""The manifest of a course, the sum of a tally for each file with questions.

A tally only depends on its file, so after a change, only changed files are read again.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from synergy_cli.course.compiler import bad_parts
from synergy_cli.course.files import display_path
from synergy_cli.parsing.faults import errors
from synergy_cli.parsing.report import MOST_FAULTS, Mention, Report
from synergy_cli.records import NamedTuple
from synergy_cli.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from synergy_cli.course.compiler import Compiler


_ABOUT = ("id", "title", "language", "licence", "description", "authors", "version")
"""The fields of a bank at the start of a manifest."""


class TalliedQuestion(NamedTuple):
    """What the manifest needs from a question.

    Attributes:
        passage: the page and heading that answer it; may be empty.
        sound: whether it has no errors that its file alone shows.
        mentions: its references outside its file, as pairs of sort and name.
    """

    passage: str
    sound: bool
    mentions: Sequence[Sequence[str]]


class Tally(NamedTuple):
    """The content of a file with questions, judged by the file alone.

    Attributes:
        about: the fields of its course, or of its topic; None if there are errors above its questions.
        faults: the number of its faults.
        mentions: its references above its questions, as pairs of sort and name.
        ids: the id of each question; None for one without.
        questions: its questions, in order.
    """

    about: dict[str, Any] | None
    faults: int
    mentions: Sequence[Sequence[str]]
    ids: Sequence[str | None]
    questions: Sequence[TalliedQuestion]


class _Counted(NamedTuple):
    """A tally, compared with the rest of the course.

    Attributes:
        about: the fields of the file's course, or of its topic; None if they cannot be used.
        lost: the number of questions with errors.
        passages: the passages of the other questions.
    """

    about: dict[str, Any] | None
    lost: int
    passages: Sequence[str]


_LOST = _Counted(None, 1, ())
"""A file that cannot be read loses at least one question."""


def tally(compiler: Compiler, path: Path) -> Tally | None:
    """Return the tally of a file with questions; None if it cannot be read."""
    report, part = compiler.part(path)
    if part is None:
        return None
    alone = Report(report.path)
    alone.mentions = [mention for mention in report.mentions if mention.what == "context"]
    bad = bad_parts(part.starts, [*report.faults, *compiler.missing(alone, own={"context": part.contexts})])
    mentions: list[list[tuple[str, str]]] = [[] for _ in range(len(part.starts) + 1)]  # the last is for what is above
    for what, name, line, _ in report.mentions:
        if what != "context":
            mentions[bisect_right(part.starts, line) - 1].append((what, name))
    about = {name: part.data[name] for name in _ABOUT if part.data.get(name)}
    questions = [
        TalliedQuestion(item.get("passage", ""), bool(item) and index not in bad, mentions[index])
        for index, item in enumerate(part.questions)
    ]
    ids = [identity for identity, _ in part.ids]
    return Tally(None if -1 in bad else about, len(report.faults), mentions[-1], ids, questions)


def from_plain(data: list[Any] | None) -> Tally | None:
    """Restore a tally from JSON data."""
    if data is None:
        return None
    about, faults, mentions, ids, questions = data
    return Tally(about, faults, mentions, ids, [TalliedQuestion(*question) for question in questions])


def manifest(compiler: Compiler, tallies: Iterable[Tally | None]) -> list[Any]:
    """Return the data of the manifest, including what is left out, from the tallies of the files with questions."""
    header: dict[str, Any] | None = None
    counts = dict.fromkeys(compiler.page_ids, 0)
    pages = compiler.usable_pages if counts else {}
    titles: dict[str, str] = {}
    left_out: list[str] = []
    seen: set[str] = set()
    for path, tallied in zip(compiler.files.bank, tallies, strict=True):
        about, lost, passages = _LOST if tallied is None else _counted(compiler, tallied, seen)
        header = about if header is None else header
        file_topic = compiler.topic(path)
        if file_topic and about and about.get("title"):
            titles.setdefault(file_topic, about["title"])
        for passage in passages:
            page = passage.partition("#")[0]
            topic = page if page in pages else file_topic
            counts[topic] = counts.get(topic, 0) + 1
        if lost:
            left_out.append(f"{plural(lost, 'question')} of " * bool(passages) + display_path(path))
    known = compiler.with_defaults(header or {})
    return [*(known[name] for name in _ABOUT), counts, titles, left_out]


def _counted(compiler: Compiler, tallied: Tally, seen: set[str]) -> _Counted:
    """Compare a tally with the rest of the course.

    `seen` has the ids of earlier files; the ids of this file are added to it.
    """
    repeated = set()
    for index, identity in enumerate(tallied.ids):
        if identity in seen:
            repeated.add(index)
            if tallied.faults + len(repeated) > MOST_FAULTS:
                return _LOST
        seen.update([identity] if identity is not None else [])
    groups = (tallied.mentions, *(question.mentions for question in tallied.questions))
    mentions = [*dict.fromkeys((what, name) for group in groups for what, name in group)]
    report = Report("")
    report.mentions = [Mention(what, name, line, 1) for line, (what, name) in enumerate(mentions)]
    missing = {mentions[fault.line] for fault in errors(compiler.missing(report))}
    if tallied.about is None or any((what, name) in missing for what, name in tallied.mentions):
        return _Counted(None, len(tallied.questions), ())
    passages = [
        question.passage
        for index, question in enumerate(tallied.questions)
        if question.sound
        and index not in repeated
        and not any((what, name) in missing for what, name in question.mentions)
    ]
    return _Counted(tallied.about, len(tallied.questions) - len(passages), passages)
