"""What a learner did, one line an event: written once, never changed, checked by a sum on every reading."""

from __future__ import annotations

import json
import re
from binascii import crc32
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


VERSION = 1
MODES = ("review", "practice", "exam", "pretest")
VERDICTS = ("right", "wrong", "skipped")
CONFIDENCES = ("guess", "unsure", "sure")
RATINGS = (1, 2, 3, 4)
LONGEST_LINE = 64 * 1024
"""Bytes of a line, with its newline; what is longer is no event."""
MOST_REVISION = 1_000_000
LONGEST_ANSWER = 2000
"""Characters of an answer that are kept; who types more has said it by then."""

_SEAL = re.compile(rb',"crc":"([0-9a-f]{8})"\}')
_SEAL_LENGTH = len(b',"crc":"00000000"}')
_OPENING = b'{"v":'
_NAME = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*")
_IDENTITY = re.compile(r"[0-9a-f]{16}")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86400


class Answer(NamedTuple):
    """A question was answered or skipped.

    Attributes:
        question: its id.
        revision: of the question, as it was asked.
        mode: one of `MODES`; only `review` steers the schedule.
        typed: what was typed.
        given: what that meant, in the bank's words.
        verdict: one of `VERDICTS`.
        confidence: one of `CONFIDENCES`, or empty when it was not said.
        hinted: whether the hint was shown before.
        tries: how often it was typed; more than one after a near miss.
        seconds: from the question's showing to its answer.
        rating: that was applied, 1 Again to 4 Easy.
        policy: the version of the rule by which an answer became a rating.
        algorithm: that the rating was meant for.
    """

    question: str
    revision: int
    mode: str
    typed: str
    given: tuple[str, ...]
    verdict: str
    confidence: str
    hinted: bool
    tries: int
    seconds: float
    rating: int
    policy: str
    algorithm: str


class Undo(NamedTuple):
    """An answer was taken back: the question and its revision, and the id of the event that no longer counts."""

    question: str
    revision: int
    event: str


class Read(NamedTuple):
    """A page was read: its id."""

    page: str


class Event(NamedTuple):
    """One thing that happened.

    Attributes:
        id: random, 16 hexadecimal digits.
        at: the moment, in microseconds since 1970 UTC.
        offset: of local time then, in seconds east of UTC.
        course: its id.
        act: what happened.
    """

    id: str
    at: int
    offset: int
    course: str
    act: Answer | Undo | Read


class NewerError(ValueError):
    """A sound line that a later version of the program wrote; it is kept, and not understood."""


class DamagedError(ValueError):
    """A line that is not what was written; the text says what is wrong with it."""


def _sound_answer(act: Answer) -> bool:
    return (
        _NAME.fullmatch(act.question) is not None
        and 1 <= act.revision <= MOST_REVISION
        and act.mode in MODES
        and len(act.typed) <= LONGEST_ANSWER
        and all(type(text) is str for text in act.given)
        and act.verdict in VERDICTS
        and (not act.confidence or act.confidence in CONFIDENCES)
        and act.tries >= 0
        and isfinite(act.seconds)
        and act.rating in RATINGS
    )


def _sound_undo(act: Undo) -> bool:
    revised = 1 <= act.revision <= MOST_REVISION
    return bool(_NAME.fullmatch(act.question) and revised and _IDENTITY.fullmatch(act.event))


def _sound_read(act: Read) -> bool:
    return _NAME.fullmatch(act.page) is not None


class _Act(NamedTuple):
    """A kind of act: its record, the types of its members in JSON, and what must hold of them."""

    record: Any
    types: tuple[type, ...]
    sound: Callable[[Any], bool]


_ACTS = {
    "answer": _Act(Answer, (str, int, str, str, list, str, str, bool, int, float, int, str, str), _sound_answer),
    "undo": _Act(Undo, (str, int, str), _sound_undo),
    "read": _Act(Read, (str,), _sound_read),
}
_WORDS = {act.record: word for word, act in _ACTS.items()}


def encode(event: Event) -> bytes:
    """Write an event as one line.

    Args:
        event: what happened.

    Returns:
        JSON in ASCII on one line, its last member the CRC-32 of all before it, with a newline.
    """
    members = {
        "v": VERSION,
        "id": event.id,
        "at": format_time(event.at),
        "offset": event.offset,
        "course": event.course,
        "act": _WORDS[type(event.act)],
        **event.act._asdict(),
    }
    body = json.dumps(members, separators=(",", ":")).encode()[:-1]
    return body + b',"crc":"%08x"}\n' % crc32(body)


def is_sealed(line: bytes) -> bool:
    """Whether a line is, bit for bit, what was written.

    Args:
        line: without its newline.
    """
    seal = _SEAL.fullmatch(line, len(line) - _SEAL_LENGTH) if _SEAL_LENGTH < len(line) < LONGEST_LINE else None
    return seal is not None and crc32(line[:-_SEAL_LENGTH]) == int(seal[1], 16)


def parts(line: bytes) -> list[bytes]:
    """Take a damaged line apart: where little more than a newline was lost, the lines beside it are still whole.

    Args:
        line: without its newline.

    Returns:
        The pieces in their order: those that are, bit for bit, lines that were written, and what lies between. One
        piece when there is nothing to be won.
    """
    if line.find(_OPENING, 1) < 0 and line.find(b',"crc":"') == len(line) - _SEAL_LENGTH:
        return [line]
    found: list[bytes] = []
    done = above = 0
    for seal in _SEAL.finditer(line):
        start = line.rfind(_OPENING, above, seal.start())
        above = seal.end()
        if start >= 0 and is_sealed(line[start:above]):
            found += [line[done:start], line[start:above]]
            done = above
    return [piece for piece in (*found, line[done:]) if piece]


def decode(line: bytes) -> Event:
    """Read a line.

    Args:
        line: without its newline.

    Returns:
        The event.

    Raises:
        NewerError: the line is sound, and of a version or an act that is not known here.
        DamagedError: it is not what was written, or not an event at all.
    """
    if not is_sealed(line):
        message = "the checksum does not fit" if _SEAL.search(line) else "no event"
        raise DamagedError(message)
    try:
        members = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError):
        message = "no JSON"
        raise DamagedError(message) from None
    version = members.get("v")
    if type(version) is not int or version < VERSION:
        message = "no version"
        raise DamagedError(message)
    act = members.get("act")
    if version > VERSION or (isinstance(act, str) and act not in _ACTS):
        message = "written by a newer version of the program"
        raise NewerError(message)
    return _event(members)


def _event(members: dict[str, Any]) -> Event:
    identity, at, offset, course = (members.get(name) for name in ("id", "at", "offset", "course"))
    moment = _moment(at)
    if moment is None or type(offset) is not int or abs(offset) > _DAY or not _is_identity(identity):
        message = "missing or invalid id, time or UTC offset"
        raise DamagedError(message)
    word = members.get("act")
    kind = _ACTS.get(word) if isinstance(word, str) else None
    if kind is None or not isinstance(course, str) or not _NAME.fullmatch(course):
        message = "missing or invalid course or event type"
        raise DamagedError(message)
    values = [members.get(name) for name in kind.record._fields]
    if tuple(map(type, values)) != kind.types:
        message = f"a value is of the wrong type; expected {', '.join(kind.record._fields)}"
        raise DamagedError(message)
    act = kind.record(*(tuple(value) if type(value) is list else value for value in values))
    if not kind.sound(act):
        message = "a value is out of its range"
        raise DamagedError(message)
    return Event(str(identity), moment, offset, course, act)


def _is_identity(value: Any) -> bool:  # noqa: ANN401  whatever JSON held
    return isinstance(value, str) and _IDENTITY.fullmatch(value) is not None


def _moment(text: Any) -> int | None:  # noqa: ANN401
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    except ValueError:
        return None


def format_time(at: int, offset: int | None = None) -> str:
    """Write a moment.

    Args:
        at: in microseconds since 1970 UTC.
        offset: of local time, in seconds; None for UTC.

    Returns:
        ISO 8601: in UTC to the microsecond, `2026-11-22T14:19:34.123456Z`; in local time to the minute.
    """
    moment = _EPOCH + timedelta(microseconds=at)
    if offset is None:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return (moment + timedelta(seconds=offset)).strftime("%Y-%m-%d %H:%M")
