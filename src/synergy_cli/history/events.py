"""Events: what a learner did, one JSON line each, written once, never changed, and verified by a checksum."""

from __future__ import annotations

import json
import re
from binascii import crc32
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from synergy_cli.history.memory import LEAST, MOST, WEIGHTS
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


VERSION = 1
MODES = ("review", "practice", "exam", "pretest")
VERDICTS = ("right", "wrong", "skipped")
CONFIDENCES = ("guess", "unsure", "sure")
RATINGS = (1, 2, 3, 4)
LONGEST_LINE = 64 * 1024
"""The maximum length of a line in bytes, with its newline; a longer line is not an event."""
MOST_REVISION = 1_000_000
MOST_WORDS = 10_000_000
FULL_MARKS = 100
"""Percent."""
LONGEST_ANSWER = 2000
"""The number of characters kept of an answer or a question report."""

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
        question: the id of the question.
        mode: one of `MODES`; only `review` affects the schedule.
        typed: the raw input.
        given: the answer as understood, in the words of the course.
        verdict: one of `VERDICTS`.
        confidence: one of `CONFIDENCES`, or empty.
        hinted: whether the hint or the passage was shown first.
        tries: how many answers were typed; more than one after a near miss.
        seconds: from showing the question to the answer.
        rating: from 1, Again, to 4, Easy.
        policy: the version of the rules that chose the question and rated the answer.
        algorithm: the scheduler that the rating is for.
        session: the id of the event that started the session; empty if it cannot be resumed.
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
    session: str = ""


class Overrule(NamedTuple):
    """The learner says that an answer marked wrong was right.

    Attributes:
        event: the id of the answer's event.
        rating: the rating that replaces the answer's, from 1, Again, to 4, Easy.
    """

    question: str
    revision: int
    event: str
    rating: int

    @property
    def verdict(self) -> str:
        """What the learner made of the answer."""
        return "overruled"


class Undo(NamedTuple):
    """An answer or an overrule was undone; `event` is the id of the event that no longer counts."""

    question: str
    revision: int
    event: str


class Read(NamedTuple):
    """A page, given by id, was read to the end of its text."""

    page: str


class Bookmark(NamedTuple):
    """The place where the learner stopped reading a page.

    Attributes:
        page: its id.
        heading: the number of the heading above, counted from 0; -1 before the first.
        words: the number of words after that heading.
        share: how much of the text has been on the screen so far, in percent.
    """

    page: str
    heading: int
    words: int
    share: int


class Forget(NamedTuple):
    """A page, given by id, counts as unread, and its bookmark is forgotten."""

    page: str


class Start(NamedTuple):
    """A session or an exam started; its id is the id of this event.

    Together with the answers, this is enough to resume it.

    Attributes:
        mode: one of `MODES`.
        seed: shuffles the options.
        questions: their ids, in the order they are asked.
        sections: the requested sections, as typed.
        tags: the requested tags, as typed.
        drawn: whether the seed chose the questions too.
        repeats: how often a missed question is asked again.
        confidence: whether the learner is asked how sure they are.
        minutes: the time limit of an exam; 0 for no limit.
        mark: the pass mark of an exam in percent; 0 for no pass mark.
    """

    mode: str
    seed: int
    questions: tuple[str, ...]
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    drawn: bool = False
    repeats: int = 0
    confidence: bool = False
    minutes: float = 0.0
    mark: int = 0


class Flag(NamedTuple):
    """A question of an exam was flagged, or its flag was removed; `session` is the id of the exam's start."""

    question: str
    flagged: bool
    session: str


class Finish(NamedTuple):
    """An exam was finished, or its time was up, and its result was shown; `session` is the id of its start."""

    late: bool
    session: str


class Pause(NamedTuple):
    """An exam with a time limit was left before its end; `session` is the id of its start.

    Attributes:
        seconds: used since it was started or resumed, except for those of its answers.
    """

    seconds: float
    session: str


class Suspend(NamedTuple):
    """The learner set a question aside, so that it is not asked, or brought it back."""

    question: str
    revision: int
    suspended: bool


class QuestionReport(NamedTuple):
    """The learner reports what is wrong with a question."""

    question: str
    revision: int
    text: str


class Fit(NamedTuple):
    """A course is scheduled with other FSRS weights from now on; earlier answers are recomputed with them too.

    Attributes:
        weights: the 21 weights; empty for the defaults.
        reviews: how many reviews they were fitted to.
    """

    weights: tuple[float, ...]
    reviews: int


Act = (
    Answer | Overrule | Undo | Read | Bookmark | Forget | Start | Flag | Finish | Pause | Suspend | QuestionReport | Fit
)


SUPERSEDING = (Read, Bookmark, Forget, Suspend, Fit)
"""The acts of which only the latest counts: on one page, on one question, or in a course."""


class Event(NamedTuple):
    """Something that happened in a course.

    Attributes:
        id: 16 random hexadecimal digits.
        at: microseconds since 1970 UTC.
        offset: of local time, in seconds east of UTC.
        course: the id of the course.
        act: what happened.
    """

    id: str
    at: int
    offset: int
    course: str
    act: Act


class NewerError(ValueError):
    """A valid line that was written by a newer version of the program."""


class DamagedError(ValueError):
    """A damaged line; the message says what is wrong with it."""


def _is_valid_answer(act: Answer) -> bool:
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
        and (not act.session or _IDENTITY.fullmatch(act.session) is not None)
    )


def _is_valid_undo(act: Undo | Overrule) -> bool:
    return _is_valid_question(act) and _IDENTITY.fullmatch(act.event) is not None


def _is_valid_question(act: Undo | Overrule | Suspend | QuestionReport) -> bool:
    return _NAME.fullmatch(act.question) is not None and 1 <= act.revision <= MOST_REVISION


def _is_valid_bookmark(act: Bookmark) -> bool:
    whole = -1 <= act.heading <= MOST_WORDS and 0 <= act.words <= MOST_WORDS and 0 <= act.share <= FULL_MARKS
    return whole and _NAME.fullmatch(act.page) is not None


def _is_valid_page(act: Read | Forget) -> bool:
    return _NAME.fullmatch(act.page) is not None


def _is_valid_overrule(act: Overrule) -> bool:
    return _is_valid_undo(act) and act.rating in RATINGS


def _is_valid_start(act: Start) -> bool:
    texts = (*act.questions, *act.sections, *act.tags)
    return (
        act.mode in MODES
        and all(type(text) is str for text in texts)
        and bool(act.questions)
        and all(_NAME.fullmatch(question) for question in act.questions)
        and act.seed >= 0
        and act.repeats >= 0
        and isfinite(act.minutes)
        and act.minutes >= 0
        and 0 <= act.mark <= FULL_MARKS
    )


def _is_valid_flag(act: Flag) -> bool:
    return bool(_NAME.fullmatch(act.question) and _IDENTITY.fullmatch(act.session))


def _is_valid_pause(act: Pause) -> bool:
    return isfinite(act.seconds) and act.seconds >= 0 and _IDENTITY.fullmatch(act.session) is not None


def _is_valid_report(act: QuestionReport) -> bool:
    return _is_valid_question(act) and 0 < len(act.text) <= LONGEST_ANSWER


def _is_valid_fit(act: Fit) -> bool:
    within = len(act.weights) == len(WEIGHTS) and all(
        type(weight) is float and least <= weight <= most
        for least, weight, most in zip(LEAST, act.weights, MOST, strict=True)
    )
    return act.reviews >= 0 and (not act.weights or within)


class _Kind(NamedTuple):
    """A type of act: its record, the JSON types of its members, and a check of their values."""

    record: Any
    types: tuple[type, ...]
    is_valid: Callable[[Any], bool]


_ACTS = {
    "answer": _Kind(
        Answer, (str, int, str, str, list, str, str, bool, int, float, int, str, str, str), _is_valid_answer
    ),
    "overrule": _Kind(Overrule, (str, int, str, int), _is_valid_overrule),
    "undo": _Kind(Undo, (str, int, str), _is_valid_undo),
    "read": _Kind(Read, (str,), _is_valid_page),
    "bookmark": _Kind(Bookmark, (str, int, int, int), _is_valid_bookmark),
    "forget": _Kind(Forget, (str,), _is_valid_page),
    "start": _Kind(Start, (str, int, list, list, list, bool, int, bool, float, int), _is_valid_start),
    "flag": _Kind(Flag, (str, bool, str), _is_valid_flag),
    "finish": _Kind(Finish, (bool, str), lambda act: _IDENTITY.fullmatch(act.session) is not None),
    "pause": _Kind(Pause, (float, str), _is_valid_pause),
    "suspend": _Kind(Suspend, (str, int, bool), _is_valid_question),
    "fault": _Kind(QuestionReport, (str, int, str), _is_valid_report),
    "fit": _Kind(Fit, (list, int), _is_valid_fit),
}
_ABSENT = {"session": ""}
"""The values of members that version 0.1.0 did not write."""
WORDS = {act.record: word for word, act in _ACTS.items()}
"""The name of each act on disk."""


def encode(event: Event) -> bytes:
    """Return an event as a line of ASCII JSON, with a newline.

    Its last member is the CRC-32 of everything before it.
    """
    members = {
        "v": VERSION,
        "id": event.id,
        "at": format_time(event.at),
        "offset": event.offset,
        "course": event.course,
        "act": WORDS[type(event.act)],
        **event.act._asdict(),
    }
    body = json.dumps(members, separators=(",", ":")).encode()[:-1]
    return body + b',"crc":"%08x"}\n' % crc32(body)


def is_sealed(line: bytes) -> bool:
    """Whether the checksum of a line, given without its newline, is correct."""
    seal = _SEAL.fullmatch(line, len(line) - _SEAL_LENGTH) if _SEAL_LENGTH < len(line) < LONGEST_LINE else None
    return seal is not None and crc32(line[:-_SEAL_LENGTH]) == int(seal[1], 16)


def parts(line: bytes) -> list[bytes]:
    """Split a damaged line, given without its newline, into the intact lines it contains and the bytes between them.

    A lost newline joins two intact lines. A line with nothing to recover is returned as one part.
    """
    if line.find(_OPENING, 1) < 0 and line.find(b',"crc":"') == len(line) - _SEAL_LENGTH:
        return [line]
    pieces: list[bytes] = []
    done = above = 0
    for seal in _SEAL.finditer(line):
        start = line.rfind(_OPENING, above, seal.start())
        above = seal.end()
        if start >= 0 and is_sealed(line[start:above]):
            pieces += [line[done:start], line[start:above]]
            done = above
    return [piece for piece in (*pieces, line[done:]) if piece]


def decode(line: bytes) -> Event:
    """Read an event from a line without its newline.

    Raises:
        NewerError: the line is valid, but its version or act is unknown.
        DamagedError: the line is damaged, or not an event.
    """
    if not is_sealed(line):
        raise DamagedError("the checksum does not match" if _SEAL.search(line) else "not an event")
    try:
        members = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError):
        raise DamagedError("invalid JSON") from None
    version = members.get("v")
    if type(version) is not int or version < VERSION:
        raise DamagedError("missing or invalid version")
    act = members.get("act")
    if version > VERSION or (isinstance(act, str) and act not in _ACTS):
        raise NewerError("written by a newer version of the program")
    return _event(members)


def _event(members: dict[str, Any]) -> Event:
    identity, at, offset, course, word = (members.get(name) for name in ("id", "at", "offset", "course", "act"))
    moment = _moment(at)
    if moment is None or type(offset) is not int or abs(offset) > _DAY or not _matches(_IDENTITY, identity):
        raise DamagedError("missing or invalid id, time or UTC offset")
    if not isinstance(word, str) or not _matches(_NAME, course):
        raise DamagedError("missing or invalid course or event type")
    spec = _ACTS[word]
    values = [members.get(name, _ABSENT.get(name)) for name in spec.record._fields]
    if tuple(map(type, values)) != spec.types:
        raise DamagedError(f"a value has the wrong type; expected {', '.join(spec.record._fields)}")
    act = spec.record(*(tuple(value) if type(value) is list else value for value in values))
    if not spec.is_valid(act):
        raise DamagedError("a value is out of range")
    return Event(str(identity), moment, offset, str(course), act)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _moment(text: object) -> int | None:
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    except ValueError:
        return None


def format_time(at: int, offset: int | None = None) -> str:
    """Format a time, in microseconds since 1970 UTC, as ISO 8601.

    Without an offset, the result is UTC to the microsecond: `2026-11-22T14:19:34.123456Z`. With an offset in seconds,
    it is local time to the minute: `2026-11-22 14:19`.
    """
    moment = _EPOCH + timedelta(microseconds=at)
    if offset is None:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return (moment + timedelta(seconds=offset)).strftime("%Y-%m-%d %H:%M")
