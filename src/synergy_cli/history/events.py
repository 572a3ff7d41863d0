"""What a learner did, one event per line: written once, never changed, verified by a checksum on every read."""

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
"""The most characters of an answer that are stored."""

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
        revision: of the question, when it was asked.
        mode: one of `MODES`; only `review` affects the schedule.
        typed: the raw input.
        given: its meaning, in the bank's words.
        verdict: one of `VERDICTS`.
        confidence: one of `CONFIDENCES`, or empty.
        hinted: whether the hint was shown first.
        tries: how many answers were typed; more than one after a near miss.
        seconds: from showing the question to the answer.
        rating: 1 Again to 4 Easy.
        policy: the version of the rule that turned the answer into a rating.
        algorithm: the scheduler that the rating is for.
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
        offset: of local time, in seconds east of UTC.
        course: its id.
    """

    id: str
    at: int
    offset: int
    course: str
    act: Answer | Undo | Read


class NewerError(ValueError):
    """An intact line of a newer version; it is kept but not understood."""


class DamagedError(ValueError):
    """A line that is not what was written; the text says what is wrong."""


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
    """A type of act: its record, the JSON types of its members, and its invariant."""

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
    """Return an event as one line of ASCII JSON with a newline; its last member is the CRC-32 of all before it."""
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
    """Whether a line, without its newline, is exactly what was written."""
    seal = _SEAL.fullmatch(line, len(line) - _SEAL_LENGTH) if _SEAL_LENGTH < len(line) < LONGEST_LINE else None
    return seal is not None and crc32(line[:-_SEAL_LENGTH]) == int(seal[1], 16)


def parts(line: bytes) -> list[bytes]:
    """Split a damaged line, without its newline, into lines that are still whole and what lies between them.

    If a newline was lost, both its neighbours are recovered. The result is one piece if nothing can be.
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
    """Read a line, without its newline.

    Raises:
        NewerError: it is intact but of a newer version or an unknown type.
        DamagedError: it is not what was written, or not an event.
    """
    if not is_sealed(line):
        raise DamagedError("the checksum does not match" if _SEAL.search(line) else "not an event")
    try:
        members = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError):
        raise DamagedError("not JSON") from None
    version = members.get("v")
    if type(version) is not int or version < VERSION:
        raise DamagedError("missing version")
    act = members.get("act")
    if version > VERSION or (isinstance(act, str) and act not in _ACTS):
        raise NewerError("written by a newer version of the program")
    return _event(members)


def _event(members: dict[str, Any]) -> Event:
    identity, at, offset, course = (members.get(name) for name in ("id", "at", "offset", "course"))
    moment = _moment(at)
    if moment is None or type(offset) is not int or abs(offset) > _DAY or not _is_identity(identity):
        raise DamagedError("missing or invalid id, time or UTC offset")
    word = members.get("act")
    kind = _ACTS.get(word) if isinstance(word, str) else None
    if kind is None or not isinstance(course, str) or not _NAME.fullmatch(course):
        raise DamagedError("missing or invalid course or event type")
    values = [members.get(name) for name in kind.record._fields]
    if tuple(map(type, values)) != kind.types:
        raise DamagedError(f"a value is of the wrong type; expected {', '.join(kind.record._fields)}")
    act = kind.record(*(tuple(value) if type(value) is list else value for value in values))
    if not kind.sound(act):
        raise DamagedError("a value is out of range")
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
    """Return a moment, in microseconds since 1970, in ISO 8601.

    Without an offset it is in UTC to the microsecond, `2026-11-22T14:19:34.123456Z`; with one, in local time to the
    minute.
    """
    moment = _EPOCH + timedelta(microseconds=at)
    if offset is None:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return (moment + timedelta(seconds=offset)).strftime("%Y-%m-%d %H:%M")
