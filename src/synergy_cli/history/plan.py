"""A plan for a date: how many questions a day until then, and the expected recall on that day.

First, all new questions are started; in the last week, each question is asked once more. Due questions are asked along
the way. The plan does not raise the retention: in a simulation of learners, this lowers recall while new questions are
left.
"""

from __future__ import annotations

from math import ceil, sqrt
from random import Random
from statistics import fmean, pvariance
from typing import TYPE_CHECKING, Any

from synergy_cli.errors import SynergyError
from synergy_cli.history import pace
from synergy_cli.history.memory import AGAIN, GOOD
from synergy_cli.history.progress import ENOUGH_REVIEWED
from synergy_cli.history.scheduler import LONGEST, MILLION, date_of, recall
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.course import Course
    from synergy_cli.history.history import History
    from synergy_cli.history.memory import Model
    from synergy_cli.history.scheduler import Card, Measured


LAST_PASS = 7
"""The number of days before the date in which each question is asked once more."""
LEAST_NEW = 5
"""The minimum number of new questions a day while there are that many: started early, they are reviewed more often."""
FARTHEST = 3650
"""The maximum number of days to plan ahead."""
LONG = 120
"""The number of minutes a day that counts as too much."""
FIRST_RIGHT, FIRST_WEIGHT = 0.6, 10
"""The prior share of right first answers, and its weight as a number of answers."""
ANSWERS = 20_000
"""The number of questions times days to simulate, over all runs."""
FEWEST_RUNS, MOST_RUNS = 5, 100
NINE_IN_TEN = 1.645
"""The number of standard deviations on each side of the mean that cover nine in ten cases."""


class Bank(NamedTuple):
    """The questions to plan for.

    Attributes:
        cards: of the questions already asked.
        new: the number of new questions.
        today: the study day.
        retention: the predicted recall at which a review is due.
        model: the memory model.
        pace: seconds per question; None if too little is known.
        measured: measured and predicted recall so far.
    """

    cards: Sequence[Card]
    new: int
    today: int
    retention: float
    model: Model
    pace: float | None = None
    measured: Sequence[Measured] = ()

    @property
    def questions(self) -> int:
        """The number of all questions."""
        return len(self.cards) + self.new

    @property
    def recalled(self) -> float:
        """The predicted share of all questions recalled today; new questions count as not recalled."""
        return sum(recall(card, self.today) for card in self.cards) / self.questions

    @property
    def first_right(self) -> float:
        """The share of right first answers; while there are few, it is pulled towards a typical value."""
        right = sum(card.reviews == card.passes + card.lapses for card in self.cards)
        return (right + FIRST_RIGHT * FIRST_WEIGHT) / (len(self.cards) + FIRST_WEIGHT)


class Phases(NamedTuple):
    """The phases of a plan: study days, and how many questions a day.

    Attributes:
        today: the first day.
        begun: the day by which all new questions have been started.
        last_pass: the day on which the last pass begins.
        day: the date; nothing is asked on it.
        new_a_day: how many questions to start a day.
        pass_a_day: how many questions to ask a day in the last pass.
    """

    today: int
    begun: int
    last_pass: int
    day: int
    new_a_day: int
    pass_a_day: int


class SoFar(NamedTuple):
    """The recalled share of reviews, and the predicted one."""

    recalled: float
    predicted: float


class Plan(NamedTuple):
    """A plan for a date.

    Attributes:
        bank: the questions it is for.
        phases: what to do when.
        due_a_day: the mean number of due reviews a day before the last pass.
        most_a_day: the number of questions on the busiest day before it, on average.
        last_a_day: the number of questions a day in the last pass, on average.
        recalled: the expected share of all questions recalled on the day.
        low: the share is below this in one case in twenty, if predictions hold.
        high: the share is above this in one case in twenty.
    """

    bank: Bank
    phases: Phases
    due_a_day: float
    most_a_day: int
    last_a_day: int
    recalled: float
    low: float
    high: float

    @property
    def a_day(self) -> int:
        """The number of questions a day while new ones are left."""
        return self.phases.new_a_day + round(self.due_a_day)

    @property
    def session(self) -> int:
        """The size of a session that covers a whole day: half of it is new questions.

        After a long time without reviews, more is due than that, and takes several days.
        """
        count = max(1, 2 * self.phases.new_a_day, min(self.most_a_day, 2 * self.a_day))
        return min(count, self.bank.questions)

    @property
    def is_long(self) -> bool:
        """Whether it takes too many minutes a day."""
        return max(self.minutes(self.a_day), self.minutes(self.last_a_day)) > LONG

    def minutes(self, count: float) -> int:
        """Return the approximate minutes for a number of questions."""
        return pace.minutes(round(count), self.bank.pace)

    @property
    def so_far(self) -> SoFar | None:
        """Recall so far; None with too few reviews."""
        reviews = sum(one.reviews for one in self.bank.measured)
        if reviews < ENOUGH_REVIEWED:
            return None
        right = sum(one.right for one in self.bank.measured)
        return SoFar(right / reviews, sum(one.predicted for one in self.bank.measured) / MILLION / reviews)


def gather(course: Course, history: History) -> Bank:
    """Return the questions of a course to plan for; raises SynergyError if the history or the course cannot be read."""
    identity = course.manifest.id
    cards, aside = history.cards(identity), history.aside(identity)
    items = [item for item in course.outline if item.key not in aside]
    if not items:
        raise SynergyError("There is no question to plan for: the course has none, or all are set aside.")
    known = [cards[item.key] for item in items if item.key in cards]
    own, measured = history.pace(identity), history.measured(identity)
    return Bank(
        known, len(items) - len(known), history.today, history.retention, history.model(identity), own, measured
    )


def phases(bank: Bank, day: int) -> Phases:
    """Divide the days until a date later than today: new questions take half of the days before the last pass."""
    days = day - bank.today
    last = min(LAST_PASS, days // 2)
    beginning = max(1, ceil((days - last) / 2))
    new_a_day = min(bank.new, max(LEAST_NEW, ceil(bank.new / beginning)))
    begun = bank.today + (ceil(bank.new / new_a_day) if new_a_day else 0)
    return Phases(bank.today, begun, day - last, day, new_a_day, ceil(bank.questions / last) if last else 0)


def plan(bank: Bank, day: int) -> Plan:
    """Plan for a study day later than today, given at least one question, by simulating a learner who follows it."""
    steps = phases(bank, day)
    runs = [
        _run(bank, steps, Random(seed))  # noqa: S311  a simulation that is the same each time, not a secret
        for seed in range(max(FEWEST_RUNS, min(MOST_RUNS, ANSWERS // (bank.questions + day - bank.today))))
    ]
    before = steps.last_pass - steps.today
    asked = [fmean(counts) for counts in zip(*(run.asked for run in runs), strict=True)]
    share = fmean(run.recalled for run in runs)
    luck = fmean(run.luck for run in runs) + pvariance(run.recalled for run in runs)
    margin = NINE_IN_TEN * sqrt(luck)
    return Plan(
        bank=bank,
        phases=steps,
        due_a_day=(sum(asked[:before]) - bank.new) / before,
        most_a_day=ceil(max(asked[:before])),
        last_a_day=max(1, round(fmean(asked[before:]))) if asked[before:] else 0,
        recalled=share,
        low=max(0.0, share - margin),
        high=min(1.0, share + margin),
    )


class _Run(NamedTuple):
    """One simulated learner: questions asked on each day, mean recall on the date, and its variance due to luck."""

    asked: list[int]
    recalled: float
    luck: float


class _Learner:
    """A learner whose memory follows the model."""

    def __init__(self, bank: Bank, rng: Random) -> None:
        self._bank, self._rng = bank, rng
        self._states = [(card.stability, card.difficulty, card.last, card.due) for card in bank.cards]
        self._due: dict[int, list[int]] = {}
        for number, (*_, due) in enumerate(self._states):
            self._due.setdefault(max(due, bank.today), []).append(number)

    def due(self, day: int) -> list[int]:
        """Return the questions due on a day, assuming earlier due questions were asked."""
        return [n for n in self._due.pop(day, ()) if self._states[n][3] <= day and self._states[n][2] < day]

    def early(self, day: int, count: int) -> list[int]:
        """Return a number of questions asked before a day, those asked longest ago first."""
        before = (number for number, state in enumerate(self._states) if state[2] < day)
        return sorted(before, key=lambda number: self._states[number][2])[: max(0, count)]

    def begin(self, count: int, day: int) -> int:
        """Answer new questions for the first time; return how many."""
        count = min(count, self._bank.questions - len(self._states))
        for _ in range(count):
            right = self._rng.random() < self._bank.first_right
            self._states.append((*self._bank.model.first(GOOD if right else AGAIN), day, day))
            self._schedule(len(self._states) - 1, day)
        return count

    def review(self, numbers: Iterable[int], day: int) -> int:
        """Answer questions again; return how many."""
        asked, model = list(numbers), self._bank.model
        for number in asked:
            stability, difficulty, last, _ = self._states[number]
            chance = model.recall(stability, day - last)
            rating = GOOD if self._rng.random() < chance else AGAIN
            self._states[number] = (*model.after(stability, difficulty, chance, rating), day, day)
            self._schedule(number, day)
        return len(asked)

    def _schedule(self, number: int, day: int) -> None:
        stability, difficulty, *_ = self._states[number]
        due = day + self._bank.model.interval(stability, self._bank.retention, LONGEST)
        self._states[number] = (stability, difficulty, day, due)
        self._due.setdefault(due, []).append(number)

    def chances(self, day: int) -> list[float]:
        """Return the recall on a day of each question asked."""
        return [self._bank.model.recall(stability, day - last) for stability, _, last, _ in self._states]


def _run(bank: Bank, steps: Phases, rng: Random) -> _Run:
    """Simulate a learner who follows a plan."""
    learner, asked = _Learner(bank, rng), []
    for day in range(steps.today, steps.day):
        count = learner.review(learner.due(day), day)
        if day < steps.last_pass:
            count += learner.begin(steps.new_a_day, day)
        else:
            count += learner.review(learner.early(day, steps.pass_a_day - count), day)
        asked.append(count)
    chances = learner.chances(steps.day)
    luck = sum(chance * (1 - chance) for chance in chances) / bank.questions**2
    return _Run(asked, sum(chances) / bank.questions, luck)


def document(bank: Bank, plan: Plan | None) -> dict[str, Any]:
    """Return a plan as a JSON document: study days as ISO dates, probabilities from 0 to 1 with four digits.

    Without a plan, the date is today.
    """
    facts = {
        "today": _date(bank.today),
        "questions": bank.questions,
        "new": bank.new,
        "recalled_today": round(bank.recalled, 4),
    }
    return {**facts, "by": facts["today"], "days": 0} if plan is None else {**facts, **_members(plan)}


def _members(plan: Plan) -> dict[str, Any]:
    steps = plan.phases
    return {
        "by": _date(steps.day),
        "days": steps.day - steps.today,
        "new_a_day": steps.new_a_day,
        "last_new_on": _date(steps.begun - 1) if steps.new_a_day else None,
        "due_a_day": round(plan.due_a_day, 1),
        "questions_a_day": plan.a_day,
        "minutes_a_day": plan.minutes(plan.a_day),
        "most_a_day": plan.most_a_day,
        "last_pass_from": _date(steps.last_pass),
        "last_pass_a_day": plan.last_a_day,
        "last_pass_minutes_a_day": plan.minutes(plan.last_a_day),
        "recalled": round(plan.recalled, 4),
        "recalled_low": round(plan.low, 4),
        "recalled_high": round(plan.high, 4),
        "measured": plan.so_far and {name: round(share, 4) for name, share in plan.so_far._asdict().items()},
    }


def _date(day: int) -> str:
    return date_of(day).isoformat()
