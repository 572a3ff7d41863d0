"""The numbers behind `progress`: what holds, what slips, what is due when."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING, Any, NamedTuple

from synergy_cli.history import scheduler
from synergy_cli.history.scheduler import STANDINGS, recall, standing_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.course.page import ContentsEntry
    from synergy_cli.history.history import History
    from synergy_cli.history.index import Counts
    from synergy_cli.history.scheduler import Card


SCHEMA = 1
DAYS_AHEAD = 14
WEEKS = 12
DAYS_A_WEEK = 7
ENOUGH_RATED = 10
"""Answers with a confidence that are needed before the calibration is shown."""
WEAKEST = 5
CLAIMED = {"guess": 1 / 3, "unsure": 2 / 3, "sure": 0.95}
"""The chance of being right that we assign to each word. They are our assumption, so every view shows them.

A guess is luck among three or four options; unsure is more likely right than wrong; sure allows for one slip in twenty,
because nobody could live up to a claim of certainty.
"""
_FOUR_DAYS_ON = 3
"""The first of January 1970 was a Thursday: three days after a Monday."""


class StandingCounts(NamedTuple):
    """How many questions have each standing; the names are those of `scheduler.STANDINGS`."""

    held: int = 0
    learning: int = 0
    slipping: int = 0
    untested: int = 0

    @property
    def questions(self) -> int:
        """The number of questions."""
        return sum(self)


class Section(NamedTuple):
    """The state of one page.

    Attributes:
        number: of the page; 0 for questions without one.
        id: of the page; empty for questions without one.
        read: the study day on which it was last read, or None.
        tally: its questions by standing.
        recall: the mean predicted recall of its reviewed questions today; None if there are none.
    """

    number: int
    id: str
    title: str
    read: int | None
    tally: StandingCounts
    recall: float | None


class Day(NamedTuple):
    """A study day: its number of answers, and of right ones."""

    day: int
    answers: int
    right: int


class Rated(NamedTuple):
    """The answers given with one word of confidence.

    Attributes:
        claimed: the chance of being right that we assign to the word.
        answers: how many were given with it.
        right: how many of them were right.
    """

    word: str
    claimed: float
    answers: int
    right: int

    @property
    def share(self) -> float | None:
        """The share of right answers; None if there are none."""
        return self.right / self.answers if self.answers else None

    @property
    def verdict(self) -> str:
        """Compare the share of right answers with the claim.

        `few` below ten answers; `below` or `above` if they differ by more than two standard errors, which happens by
        chance once in twenty times; otherwise `fits`.
        """
        if self.share is None or self.answers < ENOUGH_RATED:
            return "few"
        chance = 2 * (self.claimed * (1 - self.claimed) / self.answers) ** 0.5
        if abs(self.share - self.claimed) <= chance:
            return "fits"
        return "below" if self.share < self.claimed else "above"


class Calibration(NamedTuple):
    """How confidence compares with right answers: a row for each word, from guess to sure."""

    words: tuple[Rated, ...]

    @property
    def rated(self) -> int:
        """Count the answers with a confidence."""
        return sum(word.answers for word in self.words)

    @property
    def missing(self) -> int:
        """The number of answers still needed before the calibration is shown."""
        return max(0, ENOUGH_RATED - self.rated)

    @property
    def brier(self) -> float | None:
        """The Brier score: the mean squared distance of claims from outcomes, 0 (perfect) to 1; None if too few."""
        if self.missing:
            return None
        missed = sum(
            word.right * (1 - word.claimed) ** 2 + (word.answers - word.right) * word.claimed**2 for word in self.words
        )
        return missed / self.rated


class Weak(NamedTuple):
    """A question that needs help.

    Attributes:
        stem: its text; empty until it is looked up.
        standing: `slipping` or `learning`.
        recall: its predicted recall today.
        lapses: on how many days it was missed after it had been right.
        answers: how often it was answered, in any mode.
        missed: how many of these were not right.
    """

    item: QuestionOutline
    stem: str
    standing: str
    recall: float
    lapses: int
    answers: int
    missed: int


class LearnerData(NamedTuple):
    """The history of one course, as `History` returns it.

    Attributes:
        cards: by question and revision.
        counts: answers and misses, by question and revision.
        read: the study day on which each page was last read, by id.
        days: answers and right ones, by study day; days outside the calendar are ignored.
        confidences: answers by confidence and whether they were right.
    """

    cards: Mapping[tuple[str, int], Card]
    counts: Mapping[tuple[str, int], Counts]
    read: Mapping[str, int]
    days: Mapping[int, tuple[int, int]]
    confidences: Mapping[tuple[str, bool], int]


class Progress(NamedTuple):
    """A learner's progress in a course.

    Attributes:
        today: the study day.
        answers: all answers, in any mode, those to removed questions included.
        right: how many of them were right.
        reviewed_today: how many questions had a review today. Their predicted recall is 1 for the rest of the day, even
            if they were missed: FSRS counts from the answer that was shown.
        sections: the pages in order; the questions without a page come last.
        due: how many reviews are due today (overdue ones included), tomorrow, and so on for two weeks.
        overdue: how many of today's were due earlier.
        later: how many are due after these two weeks.
        calendar: twelve whole weeks, Monday to Sunday; the last one is the current one.
        weakest: at most five questions, the weakest first.
        gone: the ids of questions that have a history and are no longer in the bank, sorted.
        course: its id.
        title: of the course.
    """

    today: int
    answers: int
    right: int
    reviewed_today: int
    sections: tuple[Section, ...]
    due: tuple[int, ...]
    overdue: int
    later: int
    calendar: tuple[Day, ...]
    calibration: Calibration
    weakest: tuple[Weak, ...]
    gone: tuple[str, ...]
    course: str = ""
    title: str = ""

    @property
    def tally(self) -> StandingCounts:
        """Count all questions by standing."""
        return StandingCounts(
            *(sum(column) for column in zip(*(section.tally for section in self.sections), strict=True))
        )

    @property
    def recall(self) -> float | None:
        """The mean predicted recall of all reviewed questions today; None if there are none."""
        weighed = [
            (section.recall, section.tally.questions - section.tally.untested)
            for section in self.sections
            if section.recall is not None
        ]
        count = sum(number for _, number in weighed)
        return sum(chance * number for chance, number in weighed) / count if count else None

    @property
    def days_studied(self) -> int:
        """Count the days of the calendar with an answer."""
        return sum(day.answers > 0 for day in self.calendar)


class _Row(NamedTuple):
    """A question with its card, its predicted recall today and its standing."""

    item: QuestionOutline
    card: Card | None
    recall: float
    standing: str


def gather(course: Course, history: History) -> Progress:
    """Compute a learner's progress, with the stems of the weakest questions.

    Raises SynergyError if the history cannot be read, ContentError if the course has a fault.
    """
    manifest, today = course.manifest, history.today
    record = LearnerData(
        history.cards(manifest.id),
        history.counts(manifest.id),
        history.pages(manifest.id),
        history.days(manifest.id, first_day(today)),
        history.confidences(manifest.id),
    )
    made = compute(course.entries, course.outline, record, today)
    questions = course.pick([weak.item for weak in made.weakest]) if made.weakest else []
    weakest = (weak._replace(stem=asked.stem) for weak, asked in zip(made.weakest, questions, strict=True))
    return made._replace(course=manifest.id, title=manifest.title, weakest=tuple(weakest))


def compute(
    entries: Sequence[ContentsEntry], outline: Iterable[QuestionOutline], record: LearnerData, today: int
) -> Progress:
    """Compute progress on a study day from plain records, without the stems of questions.

    A question whose revision was raised counts as untested; its older card is neither due nor gone.
    """
    asked = [_ask(item, record.cards.get(item.key), today) for item in outline]
    waits = [one.card.due - today for one in asked if one.card is not None]
    due = [0] * DAYS_AHEAD
    for wait in waits:
        if wait < DAYS_AHEAD:
            due[max(0, wait)] += 1
    known = {key[0] for key in (*record.counts, *record.cards)}
    answers = sum(counts.answers for counts in record.counts.values())
    return Progress(
        today=today,
        answers=answers,
        right=answers - sum(counts.missed for counts in record.counts.values()),
        reviewed_today=sum(one.card is not None and one.card.last >= today for one in asked),
        sections=_sections(entries, asked, record.read),
        due=tuple(due),
        overdue=sum(wait < 0 for wait in waits),
        later=sum(wait >= DAYS_AHEAD for wait in waits),
        calendar=tuple(
            Day(day, *record.days.get(day, (0, 0)))
            for day in range(first_day(today), first_day(today) + WEEKS * DAYS_A_WEEK)
        ),
        calibration=_calibration(record.confidences),
        weakest=_weakest(asked, record.counts, today),
        gone=tuple(sorted(known - {one.item.id for one in asked})),
    )


def first_day(today: int) -> int:
    """Return the first study day of the calendar: the Monday eleven weeks before this week's."""
    return today - (today + _FOUR_DAYS_ON) % DAYS_A_WEEK - (WEEKS - 1) * DAYS_A_WEEK


def _ask(item: QuestionOutline, card: Card | None, today: int) -> _Row:
    chance = recall(card, today) if card is not None else 0.0
    return _Row(item, card, chance, standing_at(card, chance) if card is not None else "untested")


def _sections(entries: Sequence[ContentsEntry], asked: Iterable[_Row], read: Mapping[str, int]) -> tuple[Section, ...]:
    by_page: dict[str, list[_Row]] = {entry.id: [] for entry in entries}
    homeless: list[_Row] = []
    for one in asked:
        by_page.get(one.item.page, homeless).append(one)
    sections = [
        Section(entry.number, entry.id, entry.title, read.get(entry.id), *_stand(by_page[entry.id]))
        for entry in entries
    ]
    if homeless:
        sections.append(Section(0, "", "Other questions" if entries else "All questions", None, *_stand(homeless)))
    return tuple(sections)


def _stand(asked: Sequence[_Row]) -> tuple[StandingCounts, float | None]:
    standings = [one.standing for one in asked]
    chances = [one.recall for one in asked if one.card is not None]
    tally = StandingCounts(**{name: standings.count(name) for name in STANDINGS})
    return tally, sum(chances) / len(chances) if chances else None


def _calibration(confidences: Mapping[tuple[str, bool], int]) -> Calibration:
    rows = []
    for word, claimed in CLAIMED.items():
        right, wrong = (confidences.get((word, verdict), 0) for verdict in (True, False))
        rows.append(Rated(word, claimed, right + wrong, right))
    return Calibration(tuple(rows))


def _weakest(asked: Iterable[_Row], counts: Mapping[tuple[str, int], Counts], today: int) -> tuple[Weak, ...]:
    """Choose the weakest: least likely to be right, then missed most, then forgotten soonest, then first in order.

    What was reviewed today is judged by its chance tomorrow: it was just seen, and may have been missed.
    """
    ranked = [
        (
            one.recall if one.recall < 1 else recall(one.card, today + 1),
            -one.card.lapses,
            one.card.stability,
            place,
            one,
        )
        for place, one in enumerate(asked)
        if one.card is not None and one.standing != "held"
    ]
    found = []
    for _, lapses, _, _, one in nsmallest(WEAKEST, ranked):
        answers, missed = counts.get(one.item.key, (0, 0))
        found.append(Weak(one.item, "", one.standing, one.recall, -lapses, answers, missed))
    return tuple(found)


def document(made: Progress) -> dict[str, Any]:
    """Return all numbers as plain data: study days as ISO dates, probabilities from 0 to 1 with four digits."""
    return {
        "schema": SCHEMA,
        "course": {"id": made.course, "title": made.title},
        "today": _date(made.today),
        "totals": {
            "answers": made.answers,
            "right": made.right,
            "days_studied": made.days_studied,
            "days_counted": len(made.calendar),
            "questions": made.tally.questions,
            **made.tally._asdict(),
            "recall": _rounded(made.recall),
            "reviewed_today": made.reviewed_today,
        },
        "sections": [_section_document(section) for section in made.sections],
        "due": [{"day": _date(made.today + ahead), "questions": count} for ahead, count in enumerate(made.due)],
        "overdue": made.overdue,
        "due_later": made.later,
        "calendar": [{"day": _date(day.day), "answers": day.answers, "right": day.right} for day in made.calendar],
        "confidence": _confidence_document(made.calibration),
        "weakest": [_weak_document(weak) for weak in made.weakest],
        "gone": {"questions": len(made.gone), "ids": list(made.gone)},
    }


def _section_document(section: Section) -> dict[str, Any]:
    return {
        "number": section.number or None,
        "id": section.id or None,
        "title": section.title,
        "read": section.read is not None,
        "read_on": None if section.read is None else _date(section.read),
        "questions": section.tally.questions,
        **section.tally._asdict(),
        "recall": _rounded(section.recall),
    }


def _confidence_document(calibration: Calibration) -> dict[str, Any]:
    return {
        "rated": calibration.rated,
        "missing": calibration.missing,
        "brier": _rounded(calibration.brier),
        "words": [
            {
                "word": word.word,
                "claimed": _rounded(word.claimed),
                "answers": word.answers,
                "right": word.right,
                "share": None if calibration.missing else _rounded(word.share),
                "verdict": word.verdict,
            }
            for word in calibration.words
        ],
    }


def _weak_document(weak: Weak) -> dict[str, Any]:
    return {
        "id": weak.item.id,
        "revision": weak.item.revision,
        "passage": weak.item.passage or None,
        "section": weak.item.page or None,
        "stem": weak.stem,
        "standing": weak.standing,
        "recall": _rounded(weak.recall),
        "lapses": weak.lapses,
        "answers": weak.answers,
        "missed": weak.missed,
    }


def _date(day: int) -> str:
    return scheduler.date_of(day).isoformat()


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 4)
