"""Writes questions as YAML, in the style in which authors write them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from synergy_cli.course.typed import Number
from synergy_cli.parsing.schema import yaml_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FIRST = ("id", "type", "passage", "context", "stem")
_LAST = ("rationale", "hint", "level", "sources", "tags", "revision")
_PLAIN = re.compile(r"[A-Za-z0-9][^:#\n\t\"'\[\]{},&*!|>%@`]*(?<! )")
_LONGEST_PLAIN = 60
_LONGEST_KEY = 1000
"""Characters of a key that stands on the line of its value: YAML allows 1024, and everything that it writes counts."""
_BRIEF = ("accept", "tags", "sources")
"""Lists that stand on the line of their key if they are short."""
_NUMBERS = ("key", "accept", "tolerance", "units")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")


def question_text(data: Mapping[str, Any]) -> str:
    """Return the fields of a question as an item of the list of questions, without a line break at its end."""
    own = [name for name in data if name not in _FIRST and name not in _LAST]
    values = {
        **data,
        **{name: _number(data[name]) for name in _NUMBERS if data["type"] == Number.type and name in data},
    }
    lines = [line for name in (*_FIRST, *own, *_LAST) if name in data for line in _entry(name, values[name])]
    return "\n".join([f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])])


def _number(value: Any) -> Any:  # noqa: ANN401  plain data
    """Return numbers that are texts as what is written without quotes."""
    if isinstance(value, list):
        return [_number(part) for part in value]
    if isinstance(value, dict):
        return {name: _number(part) for name, part in value.items()}
    return _Bare(value) if _DECIMAL.fullmatch(value) else value


class _Bare(str):
    """A text that is written without quotes."""

    __slots__ = ()


def header_text(data: Mapping[str, Any]) -> str:
    """Return the fields of a course, one below the other."""
    return "".join(f"{line}\n" for name, value in data.items() for line in _entry(name, value))


def _entry(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401  plain data
    """Yield the lines of a key with its value."""
    key = _word(name)
    if len(key) > _LONGEST_KEY:
        yield f"? {key}"
        key = ""
    if not isinstance(value, list | dict):
        first, *more = _scalar(value)
        yield f"{key}: {first}"
        yield from more
    elif not value:
        yield f"{key}: {'[]' if isinstance(value, list) else '{}'}"
    elif name in _BRIEF and _is_brief(value):
        yield f"{key}: {_in_brackets(list(value))}"
    else:
        yield f"{key}:"
        yield from (f"  {line}" if line else "" for line in _inside(value))


def _inside(value: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the lines of a list or a mapping."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _entry(name, part)
        return
    for item in value:
        if _is_brief(item):
            first, *more = [_in_brackets(list(item))]
        elif isinstance(item, list | dict):
            first, *more = _inside(item)
            more = [f"  {line}" if line else "" for line in more]
        else:
            first, *more = _scalar(item)
        yield f"- {first}"
        yield from more


def _is_brief(value: Any) -> bool:  # noqa: ANN401
    """Whether a value is a list of words that need no quotes and fit on a line."""
    if not isinstance(value, list) or not value or not all(isinstance(part, str) and _is_plain(part) for part in value):
        return False
    return sum(map(len, value)) <= _LONGEST_PLAIN


def _in_brackets(value: list[str]) -> str:
    return f"[{', '.join(value)}]"


def _scalar(value: Any) -> list[str]:  # noqa: ANN401
    """Return the lines of a value: a text of several lines is a block, in which each stays as it is."""
    if not isinstance(value, str):
        return [json.dumps(value)]
    if isinstance(value, _Bare):
        return [value]
    if "\n" not in value:
        return [_word(value)]
    indent = "2" if value.startswith((" ", "\n", "\t")) else ""
    keep = "" if value.endswith("\n") else "-"
    return [f"|{indent}{keep}", *(f"  {line}" if line else "" for line in value.removesuffix("\n").split("\n"))]


def _word(text: str) -> str:
    """Return a text of one line, in quotes unless it is a text to every YAML parser without them."""
    return text if _is_plain(text) else json.dumps(text, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    brief = len(text) <= _LONGEST_PLAIN and text.isprintable()
    return brief and _PLAIN.fullmatch(text) is not None and not yaml_type(text)
