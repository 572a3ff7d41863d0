"""Reads the file of an import within limits, and makes of each question what a course would have in its place."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, Any

from synergy_cli.course.files import display_path
from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.errors import SynergyError
from synergy_cli.formats.format import MAX_QUESTIONS, Source
from synergy_cli.formats.markup import MAX_SIGNS, count_signs, overloaded
from synergy_cli.formats.options import present
from synergy_cli.parsing.report import ContentError, Report, SourcePos
from synergy_cli.parsing.schema import MAX_TEXT
from synergy_cli.parsing.yaml import KeyValue, Node
from synergy_cli.text import dangerous, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from synergy_cli.course.question import Question
    from synergy_cli.formats.format import Item
    from synergy_cli.formats.transfer import Transfer


MAX_BYTES = 16 * 1024 * 1024
MAX_PACKAGE = 64 * 1024 * 1024
"""Of a zip, in which pictures and sounds may be most."""
MAX_MARKUP = 300_000
"""Signs of markup in all texts together: parsing them is what takes time."""
_PLACEHOLDER = "x"
_SHOWN = re.compile(r"(?<=\]\()[^\s()<>]+(?=\))")
"""The path of a picture, or the address of a link."""
_BREAKS = str.maketrans({"\r": "\n", "\x85": "\n", "\N{LINE SEPARATOR}": "\n", "\N{PARAGRAPH SEPARATOR}": "\n"})


def source_of(path: Path, key_base: int | None = None) -> Source:
    """Read the file of an import; `key_base` is what numbers of right options are counted from, if somebody says.

    Raises:
        SynergyError: it is no regular file, or larger than `MAX_BYTES`.
        OSError: it cannot be read.
    """
    name = display_path(path)
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise SynergyError(f"{name} is not a regular file.")
        data = file.read(MAX_BYTES + 1)
        most = MAX_PACKAGE if data.startswith(b"PK") else MAX_BYTES
        data += file.read(most + 1 - len(data))
    if len(data) > most:
        raise SynergyError(f"{name} is larger than {most // 1024 // 1024} MiB. Split it.")
    return Source(name, data, key_base)


def arrivals(
    items: Iterable[Item], passages: Collection[str], sources: Collection[str], transfer: Transfer
) -> list[Item]:
    """Return the questions that a course can hold, and record why another is skipped.

    A passage or source is left out if the course does not have it.

    Raises SynergyError if there are more than `MAX_QUESTIONS`, or if they have more than `MAX_MARKUP`.
    """
    found, signs = [], 0
    for number, item in enumerate(items):
        signs += sum(map(count_signs, _texts(item.data)))
        if number >= MAX_QUESTIONS or signs > MAX_MARKUP:
            what = f"{MAX_QUESTIONS:,} questions" if number >= MAX_QUESTIONS else f"{MAX_MARKUP:,} markup characters"
            raise SynergyError(f"More than {what}. Split the file.")
        data = _visible(item, transfer)
        unknown = _without_unknown(data, passages, sources)
        if unknown:
            transfer.reduce(item.name, f"without {' and '.join(unknown)} that the course does not have", item.line)
        read, fault = _read(data, item.line)
        if fault:
            transfer.skip(item.name, fault, item.line)
        else:
            found.append(item._replace(data=read))
    return found


def _visible(item: Item, transfer: Transfer) -> dict[str, Any]:
    """Return the fields of a question without characters that could steer a terminal or hide text."""
    removed: set[str] = set()

    def cleaned(value: str) -> str:
        if value.isprintable():
            return value
        text = value.replace("\r\n", "\n").translate(_BREAKS)
        hidden = {text[offset] for offset in dangerous(text)}
        removed.update(hidden)
        return text.translate(dict.fromkeys(map(ord, hidden))) if hidden else text

    result: dict[str, Any] = with_texts(item.data, cleaned)
    if removed:
        what = ", ".join(sorted(map(describe, removed)))
        transfer.change(item.name, f"without invisible characters: {what}", item.line)
    return result


def _without_unknown(data: dict[str, Any], passages: Collection[str], sources: Collection[str]) -> list[str]:
    """Remove references to what the course does not have; return what was removed, in a word each."""
    passage, listed = data.pop("passage", ""), data.pop("sources", ())
    known = [source for source in listed if source in sources]
    data |= present(passage=passage if passage in passages else "", sources=known)
    lost = {"a passage": bool(passage) and passage not in passages, "sources": len(known) < len(listed)}
    return [what for what, is_lost in lost.items() if is_lost]


def _read(data: dict[str, Any], line: int) -> tuple[dict[str, Any], str]:
    """Read a question as the loader of a course does; return its fields, or why it cannot be one."""
    if any(map(overloaded, _texts(data))):
        return {}, f"a text has more than {MAX_TEXT:,} characters, or more than {MAX_SIGNS:,} markup characters"
    report = Report("")
    try:
        read = read_question(_node({"id": _PLACEHOLDER, **data}, SourcePos(line - 1, 0)), report)
    except ContentError:
        read = {}
    faults = [fault.message for fault in report.faults if fault.severity == "error"]
    if faults:
        return {}, faults[0]
    kind = QUESTION_TYPES[data["type"]]
    return {
        name: _brief(value) for name, value in read.items() if name in data and not _is_usual(kind, name, value)
    }, ""


def with_texts(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401  plain data
    """Return data in which each text is changed."""
    if isinstance(value, dict):
        return {change(key): with_texts(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [with_texts(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def with_paths(data: Any, path_of: Callable[[str], str]) -> Any:  # noqa: ANN401  plain data
    """Return data in whose texts each picture has another path."""
    return with_texts(data, lambda text: _SHOWN.sub(lambda match: path_of(match[0]), text))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401  plain data
    """Yield all texts in data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _is_usual(kind: type[Question], name: str, value: Any) -> bool:  # noqa: ANN401  plain data
    """Whether a field has the value that it has when it is left out."""
    frozen = tuple(value) if isinstance(value, list) else tuple(value.items()) if isinstance(value, dict) else value
    return name != "type" and bool(frozen == getattr(kind, name, None))


def _brief(value: Any) -> Any:  # noqa: ANN401
    """Return a value as an author writes it: a wrong answer without feedback, or the one answer of a gap, as a text."""
    if not isinstance(value, list):
        return value
    return [_alone(present(**item)) if isinstance(item, dict) else _alone(item) for item in value]


def _alone(item: Any) -> Any:  # noqa: ANN401
    values = list(item.values()) if isinstance(item, dict) else item
    return values[0] if isinstance(values, list) and len(values) == 1 else item


def _node(value: Any, mark: SourcePos) -> Node:  # noqa: ANN401  plain data
    """Return data as the nodes that YAML has for it."""
    if isinstance(value, dict):
        entries = {key: KeyValue(mark, _node(part, mark), plain=False) for key, part in value.items()}
        return Node(entries, mark, plain=False)
    if isinstance(value, list):
        return Node([_node(part, mark) for part in value], mark, plain=False)
    if isinstance(value, bool):
        return Node("true" if value else "false", mark, plain=True)
    return Node(str(value), mark, plain=False)
