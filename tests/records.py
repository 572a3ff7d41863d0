"""Events, logs and histories to test with: clock, randomness and the kinds of damage are known beforehand."""

from __future__ import annotations

import os
from binascii import crc32
from random import Random

from synergy_cli.history.events import Answer, Bookmark, Event, Forget, Overrule, Read, Suspend, Undo, encode
from synergy_cli.history.history import History
from synergy_cli.history.log import Log, Moment, no_bar, read_lines

COURSE = "sky"
SECOND = 1_000_000
DAY = 86_400 * SECOND
START = 1_772_438_400 * SECOND
"""2026-03-02, 8 a.m. UTC."""
TODAY = START // DAY
BLOCK = 4096
TRIALS = 200

DICE = Random(20260302)


def answer(question="colour", **changes):
    usual = Answer(question, 1, "review", "Blue", ("Blue",), "right", "", False, 1, 2.5, 3, "1", "FSRS-6")
    return usual._replace(**changes)


def missed(question="colour", **changes):
    return answer(question, **{"verdict": "wrong", "given": ("Green",), "rating": 1, **changes})


def moved(question="colour", at=START, *, suspended):
    return event(Suspend(question, 1, suspended), at + 60 * SECOND)


def event(act=None, at=START, offset=0, number=None, course=COURSE):
    identity = DICE.randbytes(8).hex() if number is None else f"{number:016x}"
    return Event(identity, at, offset, course, act or answer())


def past(count, seed=1, questions=12):
    """Make up what a learner did in the weeks before: answers in all modes, some taken back, pages read."""
    rng = Random(seed)
    at = START - count * DAY // 4
    events = []
    for _ in range(count):
        at += rng.randrange(1, DAY // 4)
        question = f"q{rng.randrange(questions)}"
        verdict = rng.choice(("right", "right", "wrong", "skipped"))
        act = answer(
            question,
            revision=rng.choice((1, 1, 1, 2)),
            mode=rng.choice(("review", "review", "review", "practice", "exam", "pretest")),
            verdict=verdict,
            confidence=rng.choice(("", "guess", "unsure", "sure")),
            rating=rng.choice((2, 3, 3)) if verdict == "right" else 1,
        )
        answers = [earlier for earlier in events if isinstance(earlier.act, Answer | Overrule)]
        if answers and rng.random() < 0.1:
            taken_back = rng.choice(answers)
            act = Undo(taken_back.act.question, taken_back.act.revision, taken_back.id)
        elif rng.random() < 0.15 and any(isinstance(earlier.act, Answer) for earlier in events):
            disputed = rng.choice([earlier for earlier in events if isinstance(earlier.act, Answer)])
            act = Overrule(disputed.act.question, disputed.act.revision, disputed.id, rng.choice((2, 3)))
        elif rng.random() < 0.1:
            page = f"page-{rng.randrange(5)}"
            act = rng.choice((Read(page), Read(page), Bookmark(page, 1, rng.randrange(90), 40), Forget(page)))
        elif rng.random() < 0.1:
            act = Suspend(question, act.revision, rng.random() < 0.5)
        events.append(Event(rng.randbytes(8).hex(), at, rng.choice((0, 3600, 7200)), COURSE, act))
    return events


def write_log(path, events):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(map(encode, events)))
    return path


def seal(body):
    """Give a line whose sum fits, whatever it says."""
    body = body.rstrip(b"}")
    return body + b',"crc":"%08x"}' % crc32(body)


class Clock:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self, at=START, offset=0, step=SECOND):
        self.at = at
        self.offset = offset
        self.step = step

    def __call__(self):
        self.at += self.step
        return Moment(self.at, self.offset)


def journal_at(root, device="a0000000"):
    """Give the logs in a folder, as one of several devices."""
    name = root / f"device-{device}"
    if not name.exists():
        root.mkdir(parents=True, exist_ok=True)
        name.write_text(f"{device}\n", encoding="ascii")
    return Log(root / "history", name, DICE.randbytes)


def history_at(root, device="a0000000", index="cache", clock=None, told=None, bar=no_bar, retention=0.9):
    """Open the history in a folder; without an index on disk when `index` is None."""
    tell = (lambda _line: None) if told is None else told.append
    folder = index and root / index
    now = clock or Clock()
    return History(journal_at(root, device), folder, retention, now=now, random=DICE.randbytes, tell=tell, bar=bar)


def asked(history, course=COURSE):
    """Ask a history all that can be asked."""
    return (
        history.cards(course),
        history.counts(course),
        history.reading(course),
        history.days(course, 0),
        history.confidences(course),
        history.aside(course),
        history.measured(course),
    )


def afresh(root):
    """Give what the logs come to when nothing was kept."""
    return asked(history_at(root, index=None))


def lines_of(path):
    return [line.data for line in read_lines(path)]


def bytes_below(folder):
    return {path: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _flip(data, rng, times):
    spoilt = bytearray(data)
    for bit in rng.sample(range(len(data) * 8), times):
        spoilt[bit // 8] ^= 1 << bit % 8
    return bytes(spoilt)


def _overwrite(data, rng, noise):
    start = rng.randrange(0, len(data), BLOCK)
    length = min(BLOCK, len(data) - start)
    return data[:start] + (rng.randbytes(length) if noise else bytes(length)) + data[start + length :]


DAMAGES = {
    "one bit": lambda data, rng: _flip(data, rng, 1),
    "sixteen bits": lambda data, rng: _flip(data, rng, 16),
    "a block of noise": lambda data, rng: _overwrite(data, rng, noise=True),
    "a block of zeros": lambda data, rng: _overwrite(data, rng, noise=False),
    "cut anywhere": lambda data, rng: data[: rng.randrange(len(data))],
    "cut at a page": lambda data, rng: data[: rng.randrange(0, len(data), BLOCK)],
}


def in_children(count, work):
    """Do work in so many processes at once, each with its number; give their exit statuses."""
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                work(number)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
