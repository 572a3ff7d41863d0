"""What simulated learners recall a month or three later, by the rule that chooses what they do next.

    python benchmarks/learning.py [LEARNERS] [--jobs N] [--regime A|B|C] [--only POLICY]

Every learner studies the built-in course for the same minutes under each policy. What `synergy` does is done by its own
code: `study/advice` says the next step, `study/queue` chooses the questions, and `history/scheduler` schedules them.
Three models of memory, none of which is FSRS, say what is recalled. Learners are paired: number 7 has the same ability,
the same difficult questions and the same luck under every policy, and the intervals are those of paired differences.
`docs/learning.md` has the table for 200 learners, and what it cannot show. With two jobs, that takes some minutes.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from math import exp, inf, log, sqrt
from pathlib import Path
from random import Random
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.history.index import PageProgress
from synergy_cli.history.scheduler import Review, card_after, rating
from synergy_cli.study.advice import advise, next_sections
from synergy_cli.study.attempts import AT_A_SCREEN
from synergy_cli.study.passages import Passage, to_ask
from synergy_cli.study.queue import ANY_NEW, COUNT, NEW_A_DAY, Turn, build_queue, choose, sample, settle, spread, waits
from synergy_cli.study.recording import LearnerState
from synergy_cli.study.study import PORTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from synergy_cli.course.course import QuestionOutline
    from synergy_cli.history.scheduler import Card

DATA = Path(__file__).parent.parent / "data"
LEARNERS = 10
RIGHT, WRONG, AGAIN_RIGHT, AGAIN_WRONG = 16.0, 26.0, 10.0, 18.0
"""Seconds of an answer with its feedback, the first in a session and a repeat. `history/pace` reckons with 20; feedback
on a miss is read for longer, and a question of some minutes ago is read faster. Judgements."""
MINUTE, DAY = 60.0, 86400.0
ABILITY, DIFFICULTY = 0.5, 0.7
"""The standard deviations of learners and questions, in logits: some learners, and more so some questions, differ by a
factor of 3 to 4 in the odds of recall. A judgement."""


# Memory


class ActR:
    """Traces that decay as powers of time, the slower the less was known when they were made.

    Activation is ln of the sum of b t^-d, d = c e^m + a with the activation m just before the trace was made; recall is
    logistic in activation. The model is that of Pavlik & Anderson 2005, Cognitive Science 29:559
    (10.1207/s15516709cog0000_14), with a weight b for each trace, as in Lindsey's thesis. The values of a, c and s, and
    of h, which shortens the time between sessions, are those of srs-benchmark (open-spaced-repetition/srs-benchmark,
    `models/act_r.py`). There, tau is -0.704; here it is lower, because a fact of a text is easier than a foreign word:
    72 % of a page are recalled five minutes after reading it. An answer with its feedback leaves more than reading, and
    most if it was right (Roediger & Karpicke 2006, Psychological Science 17:249): how much is a judgement.
    """

    A, C, S, TAU, H = 0.177, 0.217, 0.255, -1.25, 0.025
    WEIGHTS: ClassVar = {"read": 1.0, "wrong": 1.4, "right": 1.8}

    def __init__(self, ease: float) -> None:
        """Begin without a trace; `ease` is in logits."""
        self._ease = ease * self.S
        self._traces: list[tuple[float, float, float]] = []

    def _activation(self, time: float) -> float:
        total = sum(weight * max(1.0, time - made) ** -decay for made, decay, weight in self._traces)
        return self._ease + log(total) if total else -inf

    @classmethod
    def _time(cls, day: int, second: float) -> float:
        return day * DAY * cls.H + second

    def recall(self, day: int, second: float) -> float:
        """Return the probability of recall."""
        return 1 / (1 + exp(min(700.0, (self.TAU - self._activation(self._time(day, second))) / self.S)))

    def learn(self, how: str, day: int, second: float) -> None:
        """Read about it, or answer wrong or right and see the feedback."""
        time = self._time(day, second)
        decay = self.C * exp(min(5.0, self._activation(time))) + self.A
        self._traces.append((time, decay, self.WEIGHTS[how]))


class Multiscale:
    """Leaky integrators of many time scales, where a slower one learns what the faster ones do not hold.

    After the Multiscale Context Model: Mozer, Pashler, Cepeda, Lindsey & Vul 2009, NIPS 22:1321. An integrator gains in
    proportion to what it and the faster ones lack together; recall is what all hold together. They fit the time scales
    and weights to the forgetting of a material. Here the scales lie a factor of 4 apart and weigh alike, by which 72 %
    of a page are recalled five minutes after reading it, 40 % a day after and 28 % a week after; and a right answer
    gains twice as much as feedback on a wrong one. All that are judgements. Ability and difficulty change the gain and
    the speed of forgetting.
    """

    SCALES = tuple(0.01 * 4.0**index for index in range(9))  # days: 14 minutes to 655 days
    GAINS: ClassVar = {"read": 0.75, "wrong": 1.0, "right": 2.0}

    def __init__(self, ease: float) -> None:
        """Begin with nothing; `ease` is in logits."""
        self._gain, self._speed = exp(0.25 * ease), exp(-0.5 * ease)
        self._held = [0.0] * len(self.SCALES)
        self._last = 0.0

    def _decayed(self, time: float) -> list[float]:
        passed = (time - self._last) * self._speed
        return [held * exp(-passed / scale) for held, scale in zip(self._held, self.SCALES, strict=True)]

    def recall(self, day: int, second: float) -> float:
        """Return the probability of recall."""
        return min(1.0, fmean(self._decayed(day + second / DAY)))

    def learn(self, how: str, day: int, second: float) -> None:
        """Read about it, or answer wrong or right and see the feedback."""
        time = day + second / DAY
        held = self._decayed(time)
        gain = self.GAINS[how] * self._gain
        together = 0.0
        for index, own in enumerate(held):
            together += own
            held[index] += gain * max(0.0, 1 - together / (index + 1))
        self._held, self._last = held, time


class Dash:
    """A logistic regression on ability, difficulty and the numbers of trials and successes in windows of time.

    After DASH: Lindsey, Shroyer, Pashler & Mozer 2014, Psychological Science 25:639 (10.1177/0956797613504302). The
    windows fade out exponentially, as in its variant with the time constants of the Multiscale Context Model; these and
    the weights are those of srs-benchmark (open-spaced-repetition/srs-benchmark, `models/dash.py` and
    `features/dash_engineer.py`) without reviews of the same day. So another answer on a day counts only a third. A page
    that was read, and feedback on a miss, count as parts of a success. These parts are judgements, as is the intercept,
    by which 72 % of a page are recalled five minutes after reading it.
    """

    SCALES = (0.2434, 1.9739, 16.0090, 129.8426)
    TRIALS = (0.2783, 0.4252, -0.1527, 0.1409)
    SUCCESSES = (0.8131, 1.0056, 0.6455, 0.6690)
    INTERCEPT = -1.0
    PARTS: ClassVar = {"read": 0.6, "wrong": 0.8, "right": 1.2}
    SAME_DAY = 1 / 3

    def __init__(self, ease: float) -> None:
        """Begin without a trial; `ease` is in logits."""
        self._ease = ease + self.INTERCEPT
        self._counts = [(0.0, 0.0)] * len(self.SCALES)
        self._last, self._answered = 0.0, -1

    def _faded(self, time: float) -> list[tuple[float, float]]:
        fades = [exp((self._last - time) / scale) for scale in self.SCALES]
        return [(trials * fade, won * fade) for (trials, won), fade in zip(self._counts, fades, strict=True)]

    def recall(self, day: int, second: float) -> float:
        """Return the probability of recall."""
        counts = zip(self._faded(day + second / DAY), self.TRIALS, self.SUCCESSES, strict=True)
        return 1 / (1 + exp(-self._ease - sum(a * log(1 + n) + b * log(1 + won) for (n, won), a, b in counts)))

    def learn(self, how: str, day: int, second: float) -> None:
        """Read about it, or answer wrong or right and see the feedback."""
        time = day + second / DAY
        counts = self.SAME_DAY if day == self._answered else 1.0
        self._counts = [(trials + counts, won + counts * self.PARTS[how]) for trials, won in self._faded(time)]
        self._last, self._answered = time, self._answered if how == "read" else day


MODELS = {"ACT-R": ActR, "multiscale": Multiscale, "DASH": Dash}


# Learners


class DayOverError(Exception):
    """The minutes of a day are used up."""


@cache
def course() -> Course:
    """Return the built-in course."""
    return Course(Files(DATA), Cache(None))


@cache
def bank() -> list[QuestionOutline]:
    """Return its questions, in page order."""
    return course().outline


@cache
def chances() -> dict[str, float]:
    """Return the chance of a blind guess at each question, by id: most have options."""
    return {question.id: question.chance for question in course().pick(bank())}


@cache
def page_order() -> list[str]:
    """Return the ids of its pages."""
    return [entry.id for entry in course().entries]


@cache
def reading_seconds(page: str) -> float:
    """Return how long a page takes to read, as the contents say."""
    return next(entry.minutes for entry in course().entries if entry.id == page) * MINUTE


@cache
def on_page(page: str) -> list[QuestionOutline]:
    """Return the questions about a page."""
    return [item for item in bank() if item.topic == page]


@cache
def card_of(history: tuple[tuple[int, int], ...]) -> Card:
    """Return the card after reviews, as (days since the first, rating)."""
    card = card_after("-", 1, [Review(*review) for review in history])
    assert card is not None  # noqa: S101  there is a review
    return card


class Learner:
    """A simulated learner of the built-in course.

    Attributes:
        seed: what is drawn for the learner.
        today: the day, from 0 on.
        spent: the seconds that were spent on all days.
        cards: by question and revision, as the program has them.
        read: how far each page was read, as the program has it.
        left: the seconds that are left of each page that was begun, but not read to its end.
        asked: the questions that were answered today, by id.
    """

    def __init__(self, seed: int, model: str) -> None:
        """Make up a learner."""
        rng = Random(f"{seed}")
        able = rng.gauss(0, ABILITY)
        self._memory = {item.id: MODELS[model](able + rng.gauss(0, DIFFICULTY)) for item in bank()}
        self._luck = {item.id: Random(f"{seed}/{item.id}") for item in bank()}
        self._reviews: dict[str, tuple[tuple[int, int], ...]] = {}
        self._second = self._seconds = 0.0
        self.seed = seed
        self.today = 0
        self.spent = 0.0
        self.cards: dict[tuple[str, int], Card] = {}
        self.read: dict[str, PageProgress] = {}
        self.left: dict[str, float] = {}
        self.asked: set[str] = set()

    def begin_day(self, day: int, seconds: float) -> None:
        """Sit down for some seconds."""
        self.today, self._second, self._seconds = day, 0.0, seconds
        self.asked = set()

    def _spend(self, seconds: float) -> None:
        self._second += seconds
        self.spent += seconds

    def read_page(self, page: str) -> None:
        """Read a page, or the rest of it; what does not fit into a day is left for the next.

        Raises DayOverError then.
        """
        left, free = self.left.pop(page, reading_seconds(page)), self._seconds - self._second
        if left > free:
            self.left[page] = left - free
            raise DayOverError
        self._spend(left)
        for item in on_page(page):
            self._memory[item.id].learn("read", self.today, self._second)
        self.read[page] = PageProgress(self.today, 0, 0, 100)

    def answer(self, item: QuestionOutline, again: int = 0) -> bool:
        """Answer a question, `again` if it is a repeat, and see the feedback; return whether it was right.

        Raises DayOverError if there is no time left for it.
        """
        memory, luck = self._memory[item.id], self._luck[item.id]
        recalled, guessed = luck.random() < memory.recall(self.today, self._second), luck.random() < chances()[item.id]
        right = recalled or guessed
        seconds = (AGAIN_RIGHT if right else AGAIN_WRONG) if again else (RIGHT if right else WRONG)
        if self._second + seconds > self._seconds:
            raise DayOverError
        self._spend(seconds)
        memory.learn("right" if recalled else "wrong", self.today, self._second)
        if item.id not in self.asked:
            self.asked.add(item.id)
            self._schedule(item, right=right)
        return right

    def _schedule(self, item: QuestionOutline, *, right: bool) -> None:
        """Keep the card of a question as the program does."""
        begun = self.cards[item.key].first if item.key in self.cards else self.today
        grade = rating("right" if right else "wrong", "", helped=False)
        reviews = (*self._reviews.get(item.id, ()), (self.today - begun, grade))
        self._reviews[item.id] = reviews
        card = card_of(reviews)
        self.cards[item.key] = card._replace(
            question=item.id, revision=item.revision, first=begun, last=card.last + begun, due=card.due + begun
        )

    def session(self, items: Sequence[QuestionOutline], repeats: int = AT_A_SCREEN.repeats) -> None:
        """Answer questions; those that are missed come again as in the program."""
        known = {item.id: item for item in items}
        turns = [Turn(item.id) for item in items]
        while turns:
            right = self.answer(known[turns[0].question], turns[0].round)
            turns = settle(turns, turns[0], repeats, right=right)

    def practise(self, items: Sequence[QuestionOutline]) -> None:
        """Answer questions as with `--practice`, which leaves the schedule as it is."""
        asked, self.asked = self.asked, {item.id for item in items}
        try:
            self.session(items, 0)
        finally:
            self.asked = asked

    def recalled(self, day: int) -> float:
        """Return the share of the bank that is recalled on a day."""
        return fmean(memory.recall(day, 0.0) for memory in self._memory.values())

    @property
    def state(self) -> LearnerState:
        """What the program knows of the learner."""
        return LearnerState(None, self.cards, self.today, "")

    @property
    def unread(self) -> list[str]:
        """The pages that were not read, in order."""
        return [page for page in page_order() if page not in self.read]

    def new(self) -> list[QuestionOutline]:
        """Return the questions on pages that were read that were never answered."""
        return [item for item in bank() if item.topic in self.read and item.key not in self.cards]


# Policies: each makes the next step, again and again, until the day is over


class Synergy:
    """What a bare `synergy` says is next, done as its commands do it."""

    def __init__(self, repeats: int = AT_A_SCREEN.repeats) -> None:
        """Ask what is missed again as often as said."""
        self._repeats = repeats

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        command = advise(course(), learner.state, learner.read).command
        if command == "study":
            self._study(learner)
            return
        page = command.partition("quiz ")[2]
        chosen = self._chosen(learner, page) or self._chosen(learner, page, ANY_NEW)  # `--new`, as the screen says
        if not chosen:
            raise DayOverError
        others = waits(bank(), learner.cards, learner.today, chosen)
        learner.session(chosen, 0 if others else self._repeats)

    def _chosen(self, learner: Learner, page: str, new: int = NEW_A_DAY) -> list[QuestionOutline]:
        """Choose the questions of a session about a page, or about all."""
        items = on_page(page) if page else bank()
        return choose(build_queue(items, learner.cards, learner.today, ANY_NEW if page else new, learner.read))

    def _study(self, learner: Learner) -> None:
        """Go through the next section: a portion of what is due if it is not begun, each passage with its questions."""
        page = next_sections(course(), learner.read)[0].id
        due = build_queue(bank(), learner.cards, learner.today).due[: 0 if page in learner.left else PORTION]
        missed = [item for item in spread(due, pages=True) if not learner.answer(item)]
        learner.read_page(page)
        for passage in dict.fromkeys(item.passage for item in on_page(page)):
            items = tuple(item for item in on_page(page) if item.passage == passage)
            part = to_ask(Passage(1, 1, 1, 100, (), items), learner.cards, learner.today, learner.asked)
            missed += [item for item in part if not learner.answer(item)]
        for item in missed * self._repeats:
            learner.answer(item, 1)


class Before:
    """Version 0.1.0: what is due fills a session; new questions, then the next page, when nothing is due."""

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        cards, today = learner.cards, learner.today
        queue = build_queue(bank(), cards, today, NEW_A_DAY, learner.read)
        due = sorted(queue.due, key=lambda item: (cards[item.key].due - today) / cards[item.key].stability)[:COUNT]
        new = [item for item in queue.new if item.topic in learner.read]
        if due or new:
            learner.session([*spread(due, pages=True), *new[: COUNT - len(due)]], repeats=2)
        elif learner.unread:
            learner.read_page(learner.unread[0])
        elif learner.new():
            learner.session(learner.new()[:COUNT], repeats=2)
        else:
            learner.practise(sample(bank(), COUNT, int(learner.spent)))


class Leitner:
    """Boxes of 1, 2, 4, 8 and 16 days: right goes a box on, wrong back to the first; what is due comes first."""

    BOXES = (1, 2, 4, 8, 16)

    def __init__(self) -> None:
        """Begin with empty boxes."""
        self._places: dict[str, tuple[int, int]] = {}
        """The box and the day on which a question is due, by its id."""

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        item = in_turn(learner, {name: due for name, (_, due) in self._places.items()})
        if item is None:
            return
        box, _ = self._places.get(item.id, (-1, 0))
        box = min(box + 1, len(self.BOXES) - 1) if learner.answer(item) else 0
        self._places[item.id] = box, learner.today + self.BOXES[box]


class Sm2:
    """SM-2 as Anki has it by default.

    20 new questions a day, each between two reviews; a new one is right twice, a lapse once, before it leaves the
    session, after at most four repeats here; then 1 day, and each time 2.5 times as long. A lapse starts at 1 day and
    takes 0.2 off the factor, down to 1.3 (the Anki manual, "Deck options").
    """

    NEW, EASE, LEAST_EASE, LAPSE, REPEATS = 20, 2.5, 1.3, 0.2, 4

    def __init__(self) -> None:
        """Begin without cards."""
        self._new = False
        self._cards: dict[str, tuple[float, float, int]] = {}
        """Days of the interval, ease, and the day on which a question is due, by its id."""

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        begun = sum(card.first == learner.today for card in learner.cards.values())
        places = {name: due for name, (_, _, due) in self._cards.items()}
        item = in_turn(learner, places, self.NEW - begun, new_first=self._new)
        if item is None:
            return
        days, ease, due = self._cards.get(item.id, (0.0, self.EASE, 0))
        self._new = days > 0
        right = learner.answer(item)
        if right and days:  # what is late counts half of its delay, what is early none of the rest
            days = max(1.0, (days + min(0.0, learner.today - due) + max(0.0, learner.today - due) / 2) * ease)
            self._cards[item.id] = days, ease, learner.today + round(days)
        else:
            self._cards[item.id] = 1.0, max(self.LEAST_EASE, ease - self.LAPSE) if days else ease, learner.today + 1
            self._repeat(learner, item, 1 if days or right else 2)

    def _repeat(self, learner: Learner, item: QuestionOutline, needed: int) -> None:
        """Ask a question until it was right as often as needed."""
        for again in range(1, self.REPEATS + 1):
            needed -= learner.answer(item, again)
            if needed <= 0:
                return


class RoundAndRound:
    """A page and its questions, then the next; after the last, all questions in page order, on and on."""

    def __init__(self, repeats: int = 0) -> None:
        """Begin at the first question; ask what is missed again, after ten questions, as often as said."""
        self._repeats = repeats
        self._turn = 0

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        items = learner.new()[:COUNT]
        if not items and learner.unread:
            learner.read_page(learner.unread[0])
            return
        if not items:
            items = [bank()[(self._turn + place) % len(bank())] for place in range(COUNT)]
            self._turn += COUNT
        learner.session(items, self._repeats)


class RandomQuiz:
    """A page, then ten random questions about what was read; after the last page, random questions."""

    def __init__(self) -> None:
        """Begin with the first page."""
        self._quizzes = 0

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        if learner.unread and self._quizzes >= len(learner.read):
            learner.read_page(learner.unread[0])
        items = [item for item in bank() if item.topic in learner.read]
        self._quizzes += 1
        learner.session(sample(items, COUNT, 1000 * learner.seed + self._quizzes), repeats=0)


class Reread:
    """The pages in order, again and again, without a question."""

    def __init__(self) -> None:
        """Begin with the first page."""
        self._turn = 0

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        learner.read_page(page_order()[self._turn % len(page_order())])
        self._turn += 1


class Cram:
    """One page after another, each for its share of all the time: it is read, then its questions go round and round."""

    def __init__(self, seconds: float) -> None:
        """Divide the seconds of all days among the pages."""
        self._share = seconds / len(page_order())
        self._turn = 0

    def step(self, learner: Learner) -> None:
        """Make the next step."""
        page = page_order()[min(int(learner.spent / self._share), len(page_order()) - 1)]
        if page not in learner.read:
            learner.read_page(page)
            self._turn = 0
        learner.answer(on_page(page)[self._turn % len(on_page(page))])
        self._turn += 1


def in_turn(
    learner: Learner, due: dict[str, int], new: int = ANY_NEW, *, new_first: bool = False
) -> QuestionOutline | None:
    """Return what is most overdue, else a new question, else what is due soonest; None after reading a page instead.

    With `new_first`, a new question, or the page before it, comes before what is due. At most `new` are new. Nothing is
    asked twice a day.
    """
    waits = [item for item in bank() if item.id in due and item.id not in learner.asked]
    first = min(waits, key=lambda item: due[item.id], default=None)
    if first is not None and due[first.id] <= learner.today and not new_first:
        return first
    if new > 0 and learner.new():
        return learner.new()[0]
    if new > 0 and learner.unread:
        learner.read_page(learner.unread[0])
        return None
    if first is None:
        raise DayOverError
    return first


class Regime(NamedTuple):
    """When is studied, and when recall is measured.

    Attributes:
        days: the days of study, from 0 on.
        minutes: of each.
        tests: the days on which recall is measured.
    """

    days: tuple[int, ...]
    minutes: float
    tests: tuple[int, int]


LAST = 7 * 5 + 4
"""The last day of regime B."""
REGIMES = {
    "A": Regime(tuple(range(14)), 20, (30, 90)),
    "B": Regime(tuple(7 * week + day for week in range(6) for day in (0, 2, 4)), 10, (LAST + 30, LAST + 90)),
    "C": Regime(tuple(range(60)), 10, (59 + 30, 59 + 90)),
}
POLICIES: dict[str, Callable[[Regime], Any]] = {
    "synergy": lambda _: Synergy(),
    "0.1.0": lambda _: Before(),
    "Leitner": lambda _: Leitner(),
    "SM-2": lambda _: Sm2(),
    "round and round": lambda _: RoundAndRound(),
    "synergy, no repeat": lambda _: Synergy(repeats=0),
    "round and round, one repeat": lambda _: RoundAndRound(repeats=1),
    "random quiz": lambda _: RandomQuiz(),
    "reread": lambda _: Reread(),
    "cram": lambda regime: Cram(len(regime.days) * regime.minutes * MINUTE),
}


def live(seed: int, model: str, policy: str, regime: Regime) -> tuple[float, ...]:
    """Let a learner study by a policy; return the share that is recalled on each day of measurement."""
    learner, rule = Learner(seed, model), POLICIES[policy](regime)
    for day in regime.days:
        learner.begin_day(day, regime.minutes * MINUTE)
        with suppress(DayOverError):
            while True:
                rule.step(learner)
    return tuple(learner.recalled(day) for day in regime.tests)


def lives(task: tuple[int, Sequence[str], Sequence[str]]) -> Iterable[tuple[Cell, int, float]]:
    """Let one learner live under each policy, model and regime; return each share that is recalled."""
    seed, policies, regimes = task
    return [
        (Cell(name, model, policy, place), seed, share)
        for name in regimes
        for model in MODELS
        for policy in policies
        for place, share in enumerate(live(seed, model, policy, REGIMES[name]))
    ]


class Cell(NamedTuple):
    """A column of the table and a policy; `place` is 0 for the earlier measurement, 1 for the later."""

    regime: str
    model: str
    policy: str
    place: int


def measure(learners: int, jobs: int, policies: Sequence[str], regimes: Sequence[str]) -> dict[Cell, list[float]]:
    """Return the shares that the learners recall, in their order, by cell."""
    tasks = [(seed, policies, regimes) for seed in range(learners)]
    found: dict[Cell, list[float]] = {}
    if jobs == 1:
        done: Iterable[Iterable[tuple[Cell, int, float]]] = map(lives, tasks)
        collect(found, done)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            collect(found, pool.map(lives, tasks))
    return found


def collect(found: dict[Cell, list[float]], done: Iterable[Iterable[tuple[Cell, int, float]]]) -> None:
    """Sort what learners recall by cell."""
    for shares in done:
        for cell, _, share in shares:
            found.setdefault(cell, []).append(100 * share)


def interval(values: Sequence[float]) -> float:
    """Return half of the 95 % confidence interval of a mean (normal, which 200 learners allow); 0 for one value."""
    return 1.96 * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0


def rows(found: dict[Cell, list[float]], regime: str, place: int, policies: Sequence[str]) -> Iterator[list[str]]:
    """Yield a table of the recall in percent, with the difference to the first policy and its interval."""
    for policy in policies:
        row = [policy]
        for model in MODELS:
            own, ours = (found[Cell(regime, model, name, place)] for name in (policy, policies[0]))
            gaps = [one - other for one, other in zip(own, ours, strict=True)]
            gap = "" if policy == policies[0] else f" ({fmean(gaps):+.1f} ± {interval(gaps):.1f})"
            row.append(f"{fmean(own):.1f}{gap}")
        yield row


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("learners", nargs="?", type=int, default=LEARNERS)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--regime", choices=[*REGIMES], action="append")
    parser.add_argument("--only", metavar="POLICY", choices=[*POLICIES], action="append")
    asked = parser.parse_args(arguments)
    policies, regimes = asked.only or [*POLICIES], asked.regime or ["A", "B"]
    found = measure(asked.learners, asked.jobs, policies, regimes)
    for name in regimes:
        for place, day in enumerate(REGIMES[name].tests):
            print(f"\n{name}, day {day}, {asked.learners} learners: recall in % (against {policies[0]})\n")
            print(f"| policy | {' | '.join(MODELS)} |\n|---|{'---|' * len(MODELS)}")
            for row in rows(found, name, place, policies):
                print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main(sys.argv[1:])
