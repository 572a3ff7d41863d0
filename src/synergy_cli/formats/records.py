"""Lists of questions in JSON, YAML and TOML, by the names that other programs give to what they hold."""

from __future__ import annotations

import json
import re
import tomllib
from functools import partial
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from synergy_cli.course.choices import Choice, Multiple
from synergy_cli.errors import SynergyError
from synergy_cli.formats.format import MAX_QUESTIONS, Format
from synergy_cli.formats.notes import Draft, Notes, UnreadableError, reader
from synergy_cli.formats.row import COLUMNS, LETTERS, Row, question_of, squeezed, type_of
from synergy_cli.parsing.report import ContentError, Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.text import fold, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from synergy_cli.formats.format import Source
    from synergy_cli.parsing.yaml import Node

_KEYS = {name for name, column in COLUMNS.items() if column == "key"} | {"answerindex", "correctindex"}
_OPTIONS = {"options", "choices", "possibilities"}
_WRONG = {"distractors", "wronganswers", "incorrectanswers", "alternatives", "wrong", "incorrect", "falsestatements"}
_ACCEPTED = {name for name, column in COLUMNS.items() if column == "accept"}
_ANSWERS = {*_KEYS, *_OPTIONS, *_WRONG, "answers"}
_STEMS = ("stem", "question", "prompt", "front", "questiontext")
_WEAK_STEMS = ("text", "content", "title")
"""Names of what is asked only if answers stand beside it."""
_TEXTS = ("text", "answer", "option", "content", "value", "label", Choice.type, "answertext")
_FLAGS = ("correct", "iscorrect", "right", "isright", "isanswer", "answer")
_REASONS = ("feedback", "explanation", "rationale", "reason", "comment")
_GROUPS = ("label", "title", "name", "category", "topic")
_NO_TOPICS = {"questions", "results", "items", "quiz", "data", "quizzes", "cards", "list"}
_DEEPEST = 8
_MOST_VALUES = 1_000_000
_MOST_TOML = 1024 * 1024
"""Bytes: Python's parser takes its time."""
_MOST_DOTS = 2_000
"""In a line of TOML, where a key of many parts takes time that grows with their square."""
_ENTITY = re.compile(r"&(?:quot|amp|lt|gt|apos|nbsp|#0?39|[a-z]{1,8}(?:acute|grave|uml|circ|tilde|cedil));")
_WHOLE = re.compile(r"-?\d{1,3}")


class Index(str):
    """A whole number."""

    __slots__ = ()


class Record(dict[str, Any]):
    """A mapping, and the line that it begins in; 0 if that is unknown."""

    line = 0


_Found = tuple[Record, tuple[str, ...]]
"""A record of a question, and the names of the groups that it is in."""


def _drafts(load: Callable[[Source], Any], source: Source) -> Iterator[Draft]:
    """Yield the questions in the data that a function loads."""
    found = list(islice(_questions(load(source), (), 0), MAX_QUESTIONS + 1))
    base = source.key_base if source.key_base is not None else _base([record for record, _ in found])
    return (_draft(record, topic, base) for record, topic in found)


def _draft(record: Record, topic: tuple[str, ...], base: int | None) -> Draft:
    about = _plain_cells(record, Notes())
    name = str(record.get("id") or shorten(_stem(record)))

    def data(notes: Notes) -> dict[str, Any]:
        return question_of(_row(record, base, notes), "markdown", notes)

    return Draft(record.line, name, data, about.topic or topic, about.cells.get("id", "").strip())


def _load_yaml(source: Source) -> Any:  # noqa: ANN401  plain data
    return _plain(parse(source.text, Report(source.path)))


def _load_json(source: Source) -> Any:  # noqa: ANN401
    """Load JSON as YAML, which it nearly always is, because that tells the lines."""
    if sum(map(source.text.count, "{[,")) > _MOST_VALUES:
        raise SynergyError(f"{source.path} has more than {_MOST_VALUES:,} values. Split it.")
    try:
        return _load_yaml(source)
    except ContentError:
        pass
    try:
        return json.loads(
            source.text, object_pairs_hook=_distinct, parse_int=Index, parse_float=str, parse_constant=str
        )
    except json.JSONDecodeError as error:
        raise SynergyError(
            f"{source.path}:{error.lineno}:{error.colno}: this is not valid JSON: {error.msg}."
        ) from error
    except (ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else error
        raise SynergyError(f"{source.path}: this cannot be read: {what}.") from error


def _distinct(pairs: list[tuple[str, Any]]) -> Record:
    """Return pairs as a mapping. Raises ValueError if a key is repeated."""
    found = Record(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _load_toml(source: Source) -> Any:  # noqa: ANN401
    if len(source.data) > _MOST_TOML:
        raise SynergyError(f"{source.path} is larger than {_MOST_TOML // 1024} KiB. Split it.")
    if any(line.count(".") > _MOST_DOTS for line in source.text.split("\n")):
        raise SynergyError(f"{source.path}: a line has more than {_MOST_DOTS:,} dots.")
    try:
        found = _tidied(tomllib.loads(source.text, parse_float=str))
    except (ValueError, RecursionError) as error:  # a number of very many digits is a ValueError of its own
        what = "nested too deeply" if isinstance(error, RecursionError) else error
        raise SynergyError(f"{source.path}: this is not valid TOML: {what}.") from error
    for name, value in found.items():
        heads = _lines_of_tables(source.text, name)
        if isinstance(value, list) and len(value) == len(heads):
            for record, line in zip(value, heads, strict=True):
                record.line = line
    return found


def _lines_of_tables(text: str, name: str) -> list[int]:
    """Return the lines in which the tables of a list begin."""
    head = re.compile(rf"\s*\[\[\s*{re.escape(name)}\s*\]\].*")
    return [number for number, line in enumerate(text.split("\n"), start=1) if head.fullmatch(line)]


def _tidied(value: Any) -> Any:  # noqa: ANN401
    """Return what TOML holds in the form that the other languages are loaded in."""
    if isinstance(value, dict):
        return Record({name: _tidied(part) for name, part in value.items()})
    if isinstance(value, list):
        return [_tidied(part) for part in value]
    return value if isinstance(value, bool) else Index(value) if isinstance(value, int) else str(value)


def _plain(node: Node) -> Any:  # noqa: ANN401
    """Return the data of a node: text stays text, and only what is plainly a truth value or a number is one."""
    if isinstance(node.value, dict):
        record = Record({name: _plain(entry.node) for name, entry in node.value.items()})
        record.line = node.line
        return record
    if isinstance(node.value, list):
        return [_plain(part) for part in node.value]
    if not node.plain:
        return node.value
    if node.value in ("", "~", "null"):
        return None
    words = {"true": True, "false": False}
    return words.get(node.value, Index(node.value) if _WHOLE.fullmatch(node.value) else node.value)


def _questions(value: Any, topic: tuple[str, ...], depth: int) -> Iterator[_Found]:  # noqa: ANN401
    """Yield the records of questions, however they are grouped; a group is called by its title, or else by its key."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            if isinstance(part, Record) and _is_question(part):
                yield part, topic
            else:
                yield from _questions(part, topic, depth + 1)
    elif isinstance(value, Record):
        title = next((value[name] for name in _GROUPS if isinstance(value.get(name), str)), "") if depth else ""
        topic = (*topic[:-1], title) if title else topic
        _share(value)
        for name, part in value.items():
            inner = topic if title or squeezed(name) in _NO_TOPICS else (*topic, name)
            yield from _questions(part, inner, depth + 1)


def _share(group: Record) -> None:
    """Give each question of a group of mdbook-quiz the text that it shares with others."""
    shared, questions = group.get("multipart"), group.get("questions")
    if isinstance(shared, dict) and isinstance(questions, list):
        for question in questions:
            name = question.get("multipart") if isinstance(question, Record) else None
            if isinstance(name, str) and name in shared:
                question["scenario"] = shared[name]


def _is_question(record: Record) -> bool:
    names = set(map(squeezed, record))
    return not names.isdisjoint(_STEMS) or (not names.isdisjoint(_WEAK_STEMS) and not names.isdisjoint(_ANSWERS))


def _stem(record: Record) -> str:
    found = {squeezed(name): value for name, value in record.items()}
    value = next((found[name] for name in (*_STEMS, *_WEAK_STEMS) if found.get(name)), "")
    return str(value.get("prompt", "")) if isinstance(value, dict) else str(value)


def _base(records: Sequence[Record]) -> int | None:
    """Return what numbers of right options count from, if they show it: one is 0, or that of the last option."""
    counts = [(int(number), len(_options(record))) for record in records for number in _indexes(record)]
    if any(number == 0 for number, _ in counts):
        return 0
    return 1 if any(number == many for number, many in counts) else None


def _indexes(record: Record) -> list[str]:
    """Return the numbers under the key of a record that has options."""
    keys = _listed(_first(record, _KEYS)) if _options(record) else []
    return [key for key in keys if isinstance(key, Index)]


def _first(record: Record, names: Collection[str]) -> Any:  # noqa: ANN401
    """Return the first value of a record under one of a few names that is not empty."""
    return next((value for name, value in record.items() if squeezed(name) in names and value not in (None, "")), None)


def _options(record: Record) -> list[Any]:
    """Return the options of a record: a list of them, or a mapping from labels to them."""
    value = _first(record, _OPTIONS)
    answers = _first(record, {"answers"})
    flagged = isinstance(answers, list) and any(isinstance(each, Record) for each in answers)
    if value is None and (flagged or _first(record, _KEYS) is not None):
        value = answers
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _plain_cells(record: Record, notes: Notes) -> Row:
    """Return what a record says beside its answers."""
    row = Row((), ())
    for name, value in record.items():
        column = COLUMNS.get(squeezed(name), "")
        if column and column not in ("key", "options", "accept") and value not in (None, "", []):
            row.cells.setdefault(column, _cell(value, notes))
    return row


def _row(record: Record, base: int | None, notes: Notes) -> Row:
    """Return a record as cells. Raises UnreadableError if it cannot be told which option is right."""
    record = _unnested(record)
    row, given = _plain_cells(record, notes), _first(record, _KEYS)
    options, wrong = _options(record), _first(record, _WRONG)
    keys = _listed(given)
    if options:
        row.right = _right(record, options, keys, base)
    elif isinstance(wrong, list):
        keys = keys or _listed(_first(record, {"answers"}))
        options, row.right = [*keys, *wrong], list(range(1, len(keys) + 1))
    else:
        others = [*keys[1:], *_listed(_first(record, _ACCEPTED))]
        row.cells |= {"accept": "\n".join(_cell(each, notes) for each in others)} if others else {}
    row.cells |= {"key": _cell(keys[0], notes)} if keys else {}
    for number, option in enumerate(options, start=1):
        text, feedback = _option(option, notes)
        row.series["option"][number] = text
        row.series["feedback"] |= {number: feedback} if feedback else {}
    type_name = row.cells.get("type", "")
    if row.right and not isinstance(given, list) and type_of(type_name) in (Choice.type, Multiple.type):
        del row.cells["type"]  # many call it multiple if one of several is right
    return row


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else [] if value is None else [value]


def _unnested(record: Record) -> Record:
    """Return a record in which what mdbook-quiz nests under `prompt` and `answer` stands beside the rest.

    Raises UnreadableError if the program in it is what the question is about.
    """
    prompt, answer = record.get("prompt"), record.get("answer")
    if not isinstance(prompt, dict) or not isinstance(answer, dict):
        return record
    if "program" in prompt:
        raise UnreadableError(f"there is no question type like `{shorten(str(record.get('type')))}` here")
    flat = {name: value for name, value in record.items() if name not in ("prompt", "answer", "context")}
    flat |= {"question": prompt.get("prompt"), "answer": answer.get("answer"), "accepted": answer.get("alternatives")}
    flat |= {"rationale": record["context"]} if "context" in record else {}
    found = Record(flat | _in_order(prompt, answer.get("answer")))
    found.line = record.line
    return found


def _in_order(prompt: dict[str, Any], key: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the options of a question of mdbook-quiz: in its order if it fixes one."""
    wrong, at = prompt.get("distractors"), prompt.get("answerIndex")
    if not isinstance(wrong, list) or not (isinstance(at, Index) or prompt.get("sortAnswers") is True):
        return {"distractors": wrong} if wrong else {}
    place = int(at) if isinstance(at, Index) else len(wrong)
    options = [*wrong[:place], *_listed(key), *wrong[place:]]
    return {"options": options if isinstance(at, Index) else sorted(options, key=str), "shuffle": False}


def _right(record: Record, options: list[Any], keys: list[Any], base: int | None) -> list[int]:
    """Return the numbers of the right options, from 1. Raises UnreadableError if they cannot be told."""
    flagged = [number for number, option in enumerate(options, start=1) if _is_flagged(option)]
    if flagged or not keys:
        return flagged
    labels = _first(record, _OPTIONS)
    names = [fold(str(label)) for label in labels] if isinstance(labels, dict) else []
    texts = [fold(_option(option, Notes())[0]) for option in options]
    return [_place(key, texts, names, base) for key in keys]


def _place(key: Any, texts: list[str], names: list[str], base: int | None) -> int:  # noqa: ANN401
    """Return the number of the option that a key names by its text, its label, its number or its letter."""
    word = fold(str(key))
    for known in (texts, names):
        if word in known:
            return known.index(word) + 1
    if isinstance(key, Index):
        if base is None:
            raise UnreadableError(f"`{key}` may count from 0 or from 1; say which with --key-base")
        place = int(key) - base + 1
    else:
        place = LETTERS.lower().find(word) + 1 if len(word) == 1 else 0
    if not 0 < place <= len(texts):
        raise UnreadableError(f"`{shorten(str(key))}` is not one of the options")
    return place


def _is_flagged(option: Any) -> bool:  # noqa: ANN401
    return isinstance(option, Record) and any(
        value is True for name, value in option.items() if squeezed(name) in _FLAGS
    )


def _option(option: Any, notes: Notes) -> tuple[str, str]:  # noqa: ANN401
    """Return the text of an option and the feedback on it."""
    if not isinstance(option, Record):
        return _cell(option, notes), ""
    found = {squeezed(name): value for name, value in option.items() if isinstance(value, str)}
    texts = (found[name] for name in _TEXTS if name in found)
    feedback = (found[name] for name in _REASONS if name in found)
    return _cell(next(texts, ""), notes), _cell(next(feedback, ""), notes)


def _cell(value: Any, notes: Notes) -> str:  # noqa: ANN401
    """Return a value as the text of a cell; entities of HTML become the characters that they stand for."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "\n".join(_cell(part, notes) for part in value)
    text = "" if value is None or isinstance(value, dict) else str(value)
    if _ENTITY.search(text):
        notes.change("HTML entities became characters")
        return unescape(text)
    return text


JSON = Format("json", "JSON", (".json",), read=reader(partial(_drafts, _load_json)))
YAML = Format("yaml", "YAML", (".yaml", ".yml"), read=reader(partial(_drafts, _load_yaml)))
TOML = Format("toml", "TOML", (".toml",), read=reader(partial(_drafts, _load_toml)))
