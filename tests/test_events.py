"""An event is one line with a sum: it comes back as it was, or not at all."""

from __future__ import annotations

import ast
import inspect
import json
import re
from binascii import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from records import START, answer, event, past, seal
from synergy_cli.history.events import (
    _ACTS,
    CONFIDENCES,
    LONGEST_ANSWER,
    LONGEST_LINE,
    MODES,
    MOST_REVISION,
    RATINGS,
    VERDICTS,
    Answer,
    Bookmark,
    DamagedError,
    Event,
    Finish,
    Fit,
    Flag,
    Forget,
    NewerError,
    Overrule,
    Pause,
    QuestionReport,
    Read,
    Start,
    Suspend,
    Undo,
    decode,
    encode,
    format_time,
    is_sealed,
    parts,
)
from synergy_cli.history.memory import LEAST, MOST

names = st.from_regex(r"[a-z0-9]+([-._][a-z0-9]+)*", fullmatch=True)
identities = st.binary(min_size=8, max_size=8).map(bytes.hex)
revisions = st.integers(1, MOST_REVISION)
answers = st.builds(
    Answer,
    question=names,
    revision=revisions,
    mode=st.sampled_from(MODES),
    typed=st.text(max_size=LONGEST_ANSWER),
    given=st.lists(st.text(), max_size=8).map(tuple),
    verdict=st.sampled_from(VERDICTS),
    confidence=st.sampled_from(("", *CONFIDENCES)),
    hinted=st.booleans(),
    tries=st.integers(0, 2**40),
    seconds=st.floats(allow_nan=False, allow_infinity=False),
    rating=st.sampled_from(RATINGS),
    policy=st.text(max_size=20),
    algorithm=st.text(max_size=20),
    session=st.just("") | identities,
)
starts = st.builds(
    Start,
    mode=st.sampled_from(MODES),
    seed=st.integers(0, 2**64),
    questions=st.lists(names, min_size=1, max_size=8).map(tuple),
    sections=st.lists(st.text(), max_size=3).map(tuple),
    tags=st.lists(st.text(), max_size=3).map(tuple),
    repeats=st.integers(0, 5),
    minutes=st.floats(0, 1e9),
    mark=st.integers(0, 100),
)
acts = st.one_of(
    answers,
    st.builds(Overrule, names, revisions, identities, st.sampled_from(RATINGS)),
    st.builds(Undo, names, revisions, identities),
    st.builds(Read, names),
    st.builds(Bookmark, names, st.integers(-1, 99), st.integers(0, 9999), st.integers(0, 100)),
    st.builds(Forget, names),
    starts,
    st.builds(Flag, names, st.booleans(), identities),
    st.builds(Finish, st.booleans(), identities),
    st.builds(Pause, st.floats(0, 1e9), identities),
    st.builds(Suspend, names, revisions, st.booleans()),
    st.builds(
        Fit, st.just(()) | st.tuples(*map(st.floats, map(float, LEAST), map(float, MOST))), st.integers(0, 10**9)
    ),
    st.builds(QuestionReport, names, revisions, st.text(min_size=1, max_size=LONGEST_ANSWER)),
)
FIRST, LAST = 946_684_800_000_000, 4_102_444_799_999_999
events = st.builds(Event, identities, st.integers(FIRST, LAST), st.integers(-86400, 86400), names, acts)

LINE = encode(event(answer(typed="Blau, wie \x1b[31m é 😀\n"), number=7))[:-1]
MEMBERS = {name: value for name, value in json.loads(LINE).items() if name != "crc"}


def spoilt(**changes):
    return seal(json.dumps({**MEMBERS, **changes}).encode())


def spoilt_start(**changes):
    return spoilt(act="start", **{**Start("exam", 7, ("colour",))._asdict(), **changes})


@given(events)
@example(Event("0" * 16, FIRST, 86400, "a", Read("b")))
@example(Event("f" * 16, LAST, -86400, "a", Read("b")))
def test_what_is_written_is_read_again(happened):
    line = encode(happened)
    assert decode(line[:-1]) == happened


@pytest.mark.parametrize("word", _ACTS)
def test_a_line_is_checked_for_the_types_that_its_record_names(word):
    record, types, _ = _ACTS[word]
    (source,) = ast.parse(inspect.getsource(record)).body
    named = [ast.unparse(member.annotation) for member in source.body if isinstance(member, ast.AnnAssign)]
    assert [re.sub(r"^tuple\[.*", "list", name) for name in named] == [kind.__name__ for kind in types]


@given(events)
def test_an_event_is_one_line_of_plain_ascii_whatever_was_typed(happened):
    line = encode(happened)
    assert line.endswith(b"\n")
    assert all(0x20 <= byte < 0x7F for byte in line[:-1])


def test_a_line_says_openly_what_happened():
    members = json.loads(LINE)
    assert list(members)[:6] == ["v", "id", "at", "offset", "course", "act"]
    assert (members["at"], members["act"], members["question"]) == ("2026-03-02T08:00:00.000000Z", "answer", "colour")
    body, seal_ = LINE.rsplit(b',"crc":', 1)
    assert seal_ == b'"%08x"}' % crc32(body)


@pytest.mark.parametrize("bit", range(8))
def test_one_bit_anywhere_spoils_a_line(bit):
    for place in range(len(LINE)):
        changed = bytearray(LINE)
        changed[place] ^= 1 << bit
        with pytest.raises(DamagedError):
            decode(bytes(changed))


def test_a_line_that_lacks_an_end_or_a_beginning_is_none():
    for place in range(1, len(LINE)):
        for piece in (LINE[:place], LINE[place:]):
            with pytest.raises(DamagedError):
                decode(piece)


def test_the_text_says_whether_a_line_was_an_event_once():
    with pytest.raises(DamagedError, match="the checksum does not match"):
        decode(LINE.replace(b"colour", b"colours"))
    with pytest.raises(DamagedError, match="not an event"):
        decode(b"\x89PNG")


HOSTILE = {
    "no object": b'"v":1',
    "nothing in it": b"{",
    "no JSON": b'{"v":1,',
    "no text": b'{"v":1,"id":"\xff"',
    "a raw control character": b'{"v":1,"id":"\x1b[2J"',
    "a number of a million digits": b'{"v":' + b"9" * 10**6,
    "a number of five thousand digits": b'{"v":' + b"9" * 5000,
    "an endless number": b'{"v":1e999',
    "no number": b'{"v":NaN',
    "a list without end": b'{"v":1,"x":' + b"[" * 60000,
    "an object without end": b'{"v":1,"x":' + b'{"x":' * 10000,
    "version zero": spoilt(v=0),
    "version true": spoilt(v=True),
    "version one and a half": spoilt(v=1.5),
    "version as text": spoilt(v="1"),
    "no version": spoilt(v=None),
    "act as a list": spoilt(act=["answer"]),
    "act as a dictionary": spoilt(act={}),
    "no act": spoilt(act=None),
    "id too short": spoilt(id="7"),
    "id in capitals": spoilt(id="A" * 16),
    "id of other digits": spoilt(id="٣" * 16),
    "id as a number": spoilt(id=7),
    "a path as course": spoilt(course="../../etc"),
    "course as a number": spoilt(course=1),
    "control characters as course": spoilt(course="a\x1b[2J"),
    "a newline after the course": spoilt(course="sky\n"),
    "a path as question": spoilt(question="/etc/passwd"),
    "a moment in words": spoilt(at="yesterday"),
    "a moment as a number": spoilt(at=START),
    "a thirteenth month": spoilt(at="2026-13-02T08:00:00.000000Z"),
    "second 61": spoilt(at="2026-12-02T08:00:61.000000Z"),
    "a moment long ago": spoilt(at="0001-01-01T00:00:00.000000Z"),
    "a moment far ahead": spoilt(at="9999-12-31T23:59:59.999999Z"),
    "a moment in other digits": spoilt(at="20٣٣-12-02T08:00:00.000000Z"),
    "an offset of two days": spoilt(offset=2 * 86400),
    "an offset of half a second": spoilt(offset=0.5),
    "an offset of true": spoilt(offset=True),
    "revision zero": spoilt(revision=0),
    "revision true": spoilt(revision=True),
    "a huge revision": spoilt(revision=10**30),
    "a revision beyond any course": spoilt(revision=MOST_REVISION + 1),
    "an unknown mode": spoilt(mode="cheat"),
    "an unknown verdict": spoilt(verdict="almost"),
    "an unknown confidence": spoilt(confidence="very"),
    "rating zero": spoilt(rating=0),
    "rating five": spoilt(rating=5),
    "rating three point nought": spoilt(rating=3.0),
    "no hint": spoilt(hinted=None),
    "a hint of one": spoilt(hinted=1),
    "tries below none": spoilt(tries=-1),
    "seconds as whole number": spoilt(seconds=2),
    "no seconds": spoilt(seconds=float("nan")),
    "endless seconds": spoilt(seconds=float("inf")),
    "given as text": spoilt(given="Blue"),
    "given numbers": spoilt(given=["Blue", 1]),
    "given lists": spoilt(given=[["Blue"]]),
    "typed as a number": spoilt(typed=1),
    "typed too long": spoilt(typed="x" * (LONGEST_ANSWER + 1)),
    "longer than a line": spoilt(policy="x" * LONGEST_LINE),
    "an undo of nothing": spoilt(act="undo"),
    "an undo of what is no event": spoilt(act="undo", event="x"),
    "an overrule of nothing": spoilt(act="overrule"),
    "an overrule with a rating beyond all": spoilt(act="overrule", event="0" * 16, rating=5),
    "an undo of a huge revision": spoilt(act="undo", event="0" * 16, revision=10**30),
    "a page that is none": spoilt(act="read", page="../secret"),
    "a session of no name": spoilt(session="latest"),
    "a start without questions": spoilt_start(questions=[]),
    "a start with a path as question": spoilt_start(questions=["../etc"]),
    "a start with numbers as sections": spoilt_start(sections=[1]),
    "a start with endless minutes": spoilt_start(minutes=float("inf")),
    "a start with a mark beyond all": spoilt_start(mark=101),
    "a start in an unknown mode": spoilt_start(mode="cheat"),
    "a flag without a session": spoilt(act="flag", flagged=True, session=""),
    "a question suspended by a word": spoilt(act="suspend", suspended="yes"),
    "a revision suspended that is none": spoilt(act="suspend", suspended=True, revision=0),
    "a fault of nothing": spoilt(act="fault", text=""),
    "a fault told too long": spoilt(act="fault", text="x" * (LONGEST_ANSWER + 1)),
    "a finish of nothing": spoilt(act="finish", late=False),
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_line_is_refused_though_its_sum_fits(line):
    line = line if line.endswith(b'"}') else seal(line)
    assert is_sealed(line) is (len(line) < LONGEST_LINE)
    with pytest.raises(DamagedError) as refused:
        decode(line)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("where", ['"v":1,"x":{0}', '"v":2,"act":{0}', '"v":{0}', '"v":1,"act":{0}'])
def test_no_depth_of_nesting_ends_the_program(where):
    for depth in (*range(1, 1200, 7), *range(900, 1010), 20000):
        line = seal(b"{" + where.replace("{0}", "[" * depth + "]" * depth).encode())
        with pytest.raises((DamagedError, NewerError)):
            decode(line)


@given(st.binary(max_size=200) | st.text(max_size=50).map(str.encode))
def test_whatever_bears_a_sum_is_an_event_or_refused(body):
    with pytest.raises((DamagedError, NewerError)):
        decode(seal(b'{"v":1,' + body))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(MEMBERS)), json_values, min_size=1, max_size=3))
def test_a_line_with_other_values_is_an_event_or_refused(changes):
    try:
        happened = decode(spoilt(**changes))
    except (DamagedError, NewerError):
        return
    assert decode(encode(happened)[:-1]) == happened


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": 2, "act": "explain"},
        {"act": "explain"},
        {"v": 10**9, "id": 5},
        {"v": 2, "act": "\x1b[2J"},
        {"v": 2, "act": [1]},
    ],
    ids=str,
)
def test_a_line_of_a_later_version_is_told_from_a_damaged_one(changes):
    with pytest.raises(NewerError) as newer:
        decode(spoilt(**changes))
    assert str(newer.value).isprintable()


def test_a_line_of_a_later_version_must_be_whole_too():
    with pytest.raises(DamagedError):
        decode(spoilt(v=2).replace(b"colour", b"c0lour"))


def test_members_that_a_later_version_adds_do_not_disturb():
    assert decode(spoilt(mood="fine", v=1)) == decode(LINE)


def test_an_answer_of_a_version_that_knew_no_sessions_belongs_to_none():
    members = {name: value for name, value in MEMBERS.items() if name != "session"}
    assert decode(seal(json.dumps(members).encode())) == decode(LINE)
    assert decode(LINE).act.session == ""


A, B, C = (encode(happened)[:-1] for happened in past(3, seed=3))


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        (b"", []),
        (A, [A]),
        (A + b"\x0b" + B, [A, b"\x0b", B]),
        (A + B + C, [A, B, C]),
        (A[:50] + B, [A[:50], B]),
        (A + B[:50], [A, B[:50]]),
        (A[50:] + B + C[:90], [A[50:], B, C[:90]]),
        (b"\x00" * 4096 + A, [b"\x00" * 4096, A]),
        (A.replace(b"1", b"2", 1) + B, [A.replace(b"1", b"2", 1), B]),
        (A.replace(b"1", b"2", 1), [A.replace(b"1", b"2", 1)]),
        (b"\x89PNG", [b"\x89PNG"]),
    ],
    ids=str,
)
def test_whole_lines_are_found_within_a_damaged_one(line, pieces):
    assert parts(line) == pieces


@given(st.lists(st.sampled_from([A, B, C, A[:40], C[-40:], b"x", b'{"v":', b',"crc":"00000000"}'])))
def test_parts_of_a_line_are_all_of_it(pieces):
    line = b"".join(pieces)
    found = parts(line)
    assert b"".join(found) == line
    assert [piece for piece in found if is_sealed(piece)] == [piece for piece in pieces if piece in {A, B, C}]


def test_a_line_may_be_as_long_as_the_longest_and_no_longer():
    room = LONGEST_LINE - len(encode(event(answer(policy=""))))
    line = encode(event(answer(policy="x" * room)))
    assert len(line) == LONGEST_LINE
    assert decode(line[:-1]).act.policy == "x" * room
    with pytest.raises(DamagedError):
        decode(encode(event(answer(policy="x" * (room + 1))))[:-1])


@pytest.mark.parametrize(
    ("at", "offset", "text"),
    [
        (START, None, "2026-03-02T08:00:00.000000Z"),
        (START + 1, None, "2026-03-02T08:00:00.000001Z"),
        (START, 0, "2026-03-02 08:00"),
        (START, -9 * 3600, "2026-03-01 23:00"),
        (START, 20700, "2026-03-02 13:45"),
    ],
)
def test_a_moment_is_written_in_utc_or_as_the_clock_on_the_wall(at, offset, text):
    assert format_time(at, offset) == text
