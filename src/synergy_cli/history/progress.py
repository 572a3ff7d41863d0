"""A learner's progress in a course: steps, due reviews, calendar, calibration and weak questions."""

from __future__ import annotations

from collections import Counter
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from synergy_cli.history.memory import WEIGHTS
from synergy_cli.history.pace import minutes
from synergy_cli.history.scheduler import GAPS, MILLION, STEPS, Measured, date_of, has_come_due, recall, step
from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from synergy_cli.course.course import Course, QuestionOutline
    from synergy_cli.course.page import ContentsEntry
    from synergy_cli.course.question import Question
    from synergy_cli.history.history import History
    from synergy_cli.history.index import Counts
    from synergy_cli.history.scheduler import Card


DAYS_AHEAD = 14
WEEKS = 12
DAYS_A_WEEK = 7
ENOUGH_RATED = 10
"""Answers needed before confidence is compared with being right."""
ENOUGH_REVIEWED = 10
"""Reviews needed before measured recall is shown."""
WEAKEST = 5
LOW_RECALL = 0.80
"""Predicted recall below which a question may be among the weakest even if held, and is drawn as low."""
CLAIMED = {"guess": 1 / 3, "unsure": 2 / 3, "sure": 0.95}
"""The probability of being right that each word stands for. Learners give no numbers, so every view shows these.

A guess equals luck among three or four options; unsure means more likely right than not; sure allows one error in
twenty, because a claim of certainty could only ever fall short.
"""
_EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday; Monday is 0."""


class StepCounts(NamedTuple):
    """The number of questions at each of `scheduler.STEPS`."""

    held: int = 0
    right_twice: int = 0
    right_once: int = 0
    seen: int = 0
    new: int = 0

    @property
    def questions(self) -> int:
        """The number of all questions."""
        return sum(self)


class Section(NamedTuple):
    """The progress on one page; `number` is 0 and `id` is empty for questions without a page.

    Attributes:
        read: the study day on which it was last read.
        tally: its questions by step.
        recall: mean predicted recall today of its questions that have ever been due.
        predicted: the number of such questions.
    """

    number: int
    id: str
    title: str
    read: int | None
    tally: StepCounts
    recall: float | None
    predicted: int


class Day(NamedTuple):
    """The number of answers and of right answers on a study day."""

    day: int
    answers: int
    right: int


class Rated(NamedTuple):
    """The answers given with one confidence word, and the probability of being right that the word stands for."""

    word: str
    claimed: float
    answers: int
    right: int

    @property
    def share(self) -> float | None:
        """The share of right answers; None without answers."""
        return self.right / self.answers if self.answers else None

    @property
    def verdict(self) -> str:
        """How the share of right answers compares with the claim: `few`, `fits`, `below` or `above`.

        `few` with fewer than ten answers; `fits` within two standard errors, which chance exceeds one time in twenty.
        """
        if self.share is None or self.answers < ENOUGH_RATED:
            return "few"
        margin = 2 * (self.claimed * (1 - self.claimed) / self.answers) ** 0.5
        if abs(self.share - self.claimed) <= margin:
            return "fits"
        return "below" if self.share < self.claimed else "above"


class Calibration(NamedTuple):
    """How confidence relates to right answers, for each word from guess to sure."""

    words: tuple[Rated, ...]

    @property
    def rated(self) -> int:
        """The number of answers with a confidence."""
        return sum(word.answers for word in self.words)

    @property
    def missing(self) -> int:
        """The number of such answers still needed for a comparison."""
        return max(0, ENOUGH_RATED - self.rated)

    @property
    def brier(self) -> float | None:
        """The Brier score, the mean squared error of the claims: 0 is perfect, 1 worst; None with too few answers."""
        if self.missing:
            return None
        errors = (
            word.right * (1 - word.claimed) ** 2 + (word.answers - word.right) * word.claimed**2 for word in self.words
        )
        return sum(errors) / self.rated


class Recalled(NamedTuple):
    """Recall at reviews a certain number of days after the previous review of the same question.

    Attributes:
        least: the minimum number of days.
        most: the maximum number of days; None without a limit.
        reviews: the number of reviews.
        right: the number that were right and not guessed.
        predicted: mean recall predicted for each on its day; None without reviews.
    """

    least: int
    most: int | None
    reviews: int
    right: int
    predicted: float | None

    @property
    def missing(self) -> int:
        """The number of reviews still needed for a share."""
        return max(0, ENOUGH_REVIEWED - self.reviews)

    @property
    def share(self) -> float | None:
        """The recalled share; None with too few reviews."""
        return None if self.missing else self.right / self.reviews


class Weak(NamedTuple):
    """A question that needs help.

    Attributes:
        question: the question itself; None until it is looked up.
        step: one of `STEPS`.
        recall: predicted recall today; None if it was never due.
        lapses: the number of days on which it was missed after having been right.
        answers: how often it was answered, in any mode.
        missed: how often it was missed.
    """

    item: QuestionOutline
    question: Question | None
    step: str
    recall: float | None
    lapses: int
    answers: int
    missed: int

    @property
    def stem(self) -> str:
        """Its text."""
        return self.question.stem if self.question is not None else ""


class LearnerData(NamedTuple):
    """What the history knows about one course.

    Attributes:
        cards: by question and revision.
        counts: answers and misses, by question and revision.
        read: the study day on which each page was last read, by id.
        days: answers and right answers, by study day.
        confidences: answers by confidence and whether they were right.
        aside: the questions set aside, by question and revision; they are never due.
        measured: recall after each of `scheduler.GAPS`.
    """

    cards: Mapping[tuple[str, int], Card]
    counts: Mapping[tuple[str, int], Counts]
    read: Mapping[str, int]
    days: Mapping[int, tuple[int, int]]
    confidences: Mapping[tuple[str, bool], int]
    aside: Collection[tuple[str, int]] = ()
    measured: Sequence[Measured] = (Measured(),) * len(GAPS)


class Progress(NamedTuple):
    """A learner's progress in a course.

    Attributes:
        today: the study day.
        answers: all answers in any mode, including those to questions that no longer exist.
        right: how many of these were right.
        reviewed_today: the number of questions with a predicted recall that were reviewed today. The recall is 1 for
            the rest of the day, even after a miss: FSRS counts from the answer that was shown.
        sections: the pages in order, then the questions without a page.
        due: the number of reviews due today (with overdue ones), tomorrow, and so on for two weeks.
        overdue: how many of today's were due before.
        later: the number of reviews due after these two weeks.
        calendar: twelve weeks from Monday to Sunday; the last one is the current one.
        measured: recall after about a week, a month and a quarter.
        weakest: up to five questions, the weakest first.
        gone: sorted ids of questions that have a history but are no longer in the course.
        course: the id of the course.
        pace: seconds per question; None if too little is known.
        fitted: whether recall is predicted with the learner's own weights.
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
    measured: tuple[Recalled, ...]
    weakest: tuple[Weak, ...]
    gone: tuple[str, ...]
    course: str = ""
    title: str = ""
    pace: float | None = None
    fitted: bool = False

    @property
    def tally(self) -> StepCounts:
        """All questions by step."""
        return StepCounts(*map(sum, zip(*(section.tally for section in self.sections), strict=True)))

    @property
    def recall(self) -> float | None:
        """Mean predicted recall today of all questions that have ever been due; None without any."""
        count = sum(section.predicted for section in self.sections)
        total = sum((section.recall or 0) * section.predicted for section in self.sections)
        return total / count if count else None

    @property
    def days_studied(self) -> int:
        """The number of days in the calendar with an answer."""
        return sum(day.answers > 0 for day in self.calendar)

    @property
    def days_of_week(self) -> int:
        """The number of days with an answer among the last seven, including today."""
        return sum(day.answers > 0 for day in self.calendar if 0 <= self.today - day.day < DAYS_A_WEEK)


class _Row(NamedTuple):
    """A question with its card, predicted recall today, whether it was ever due, and its step."""

    item: QuestionOutline
    card: Card | None
    recall: float
    ever_due: bool
    step: str


def gather(course: Course, history: History) -> Progress:
    """Return a learner's progress; raises SynergyError if the history or the course cannot be read."""
    manifest, today = course.manifest, history.today
    record = LearnerData(
        history.cards(manifest.id),
        history.counts(manifest.id),
        history.pages(manifest.id),
        history.days(manifest.id, first_day(today)),
        history.confidences(manifest.id),
        history.aside(manifest.id),
        history.measured(manifest.id),
    )
    progress = compute(course.topics, course.outline, record, today)
    questions = course.pick([weak.item for weak in progress.weakest]) if progress.weakest else []
    weakest = (weak._replace(question=question) for weak, question in zip(progress.weakest, questions, strict=True))
    return progress._replace(
        course=manifest.id,
        title=manifest.title,
        weakest=tuple(weakest),
        pace=history.pace(manifest.id),
        fitted=history.model(manifest.id).weights != WEIGHTS,
    )


def compute(
    entries: Sequence[ContentsEntry], outline: Iterable[QuestionOutline], record: LearnerData, today: int
) -> Progress:
    """Return a learner's progress on a study day, without the course and the stems of questions.

    A question whose revision was raised counts as never asked; its older card is neither due nor gone.
    """
    rows = [_row(item, record.cards.get(item.key), today) for item in outline]
    waits = [row.card.due - today for row in rows if row.card is not None and row.item.key not in record.aside]
    due = Counter(max(0, wait) for wait in waits)
    known = {question for question, _ in (*record.counts, *record.cards)}
    answers = sum(counts.answers for counts in record.counts.values())
    first = first_day(today)
    return Progress(
        today=today,
        answers=answers,
        right=answers - sum(counts.missed for counts in record.counts.values()),
        reviewed_today=sum(row.ever_due and row.recall == 1 for row in rows),
        sections=_sections(entries, rows, record.read),
        due=tuple(due[ahead] for ahead in range(DAYS_AHEAD)),
        overdue=sum(wait < 0 for wait in waits),
        later=sum(wait >= DAYS_AHEAD for wait in waits),
        calendar=tuple(Day(day, *record.days.get(day, (0, 0))) for day in range(first, first + WEEKS * DAYS_A_WEEK)),
        calibration=_calibration(record.confidences),
        measured=tuple(map(_recalled, GAPS, (*GAPS[1:], None), record.measured)),
        weakest=_weakest(rows, record.counts, today),
        gone=tuple(sorted(known - {row.item.id for row in rows})),
    )


def first_day(today: int) -> int:
    """Return the study day on which the calendar begins: the Monday eleven weeks before the current week's."""
    return today - (today + _EPOCH_WEEKDAY) % DAYS_A_WEEK - (WEEKS - 1) * DAYS_A_WEEK


def _row(item: QuestionOutline, card: Card | None, today: int) -> _Row:
    if card is None:
        return _Row(item, None, 0.0, ever_due=False, step=step(None))
    return _Row(item, card, recall(card, today), has_come_due(card, today), step(card))


def _sections(entries: Sequence[ContentsEntry], rows: Iterable[_Row], read: Mapping[str, int]) -> tuple[Section, ...]:
    by_page: dict[str, list[_Row]] = {entry.id: [] for entry in entries}
    others: list[_Row] = []
    for row in rows:
        by_page.get(row.item.topic, others).append(row)
    sections = [
        Section(entry.number, entry.id, entry.title, read.get(entry.id), *_summary(by_page[entry.id]))
        for entry in entries
    ]
    if others:
        sections.append(Section(0, "", "Other questions" if entries else "All questions", None, *_summary(others)))
    return tuple(sections)


def _summary(rows: Sequence[_Row]) -> tuple[StepCounts, float | None, int]:
    steps = Counter(row.step for row in rows)
    chances = [row.recall for row in rows if row.ever_due]
    tally = StepCounts(**{name: steps[name] for name in STEPS})
    return tally, sum(chances) / len(chances) if chances else None, len(chances)


def _calibration(confidences: Mapping[tuple[str, bool], int]) -> Calibration:
    rows = []
    for word, claimed in CLAIMED.items():
        right, wrong = (confidences.get((word, verdict), 0) for verdict in (True, False))
        rows.append(Rated(word, claimed, right + wrong, right))
    return Calibration(tuple(rows))


def _recalled(least: int, above: int | None, found: Measured) -> Recalled:
    mean = found.predicted / MILLION / found.reviews if found.reviews else None
    return Recalled(least, above and above - 1, found.reviews, found.right, mean)


def _weakest(rows: Iterable[_Row], counts: Mapping[tuple[str, int], Counts], today: int) -> tuple[Weak, ...]:
    """Return the weakest questions: lowest recall first, then most lapses, lowest stability, first in the course.

    A question reviewed today is ranked by its recall tomorrow: the answer has just been seen, and may have been wrong.
    """
    ranked = [
        (
            row.recall if row.recall < 1 else recall(row.card, today + 1),
            -row.card.lapses,
            row.card.stability,
            index,
            row,
        )
        for index, row in enumerate(rows)
        if row.card is not None and (row.step != "held" or row.recall < LOW_RECALL)
    ]
    weakest = []
    for _, lapses, _, _, row in nsmallest(WEAKEST, ranked):
        answers, missed = counts.get(row.item.key, (0, 0))
        chance = row.recall if row.ever_due else None
        weakest.append(Weak(row.item, None, row.step, chance, -lapses, answers, missed))
    return tuple(weakest)


def document(progress: Progress) -> dict[str, Any]:
    """Return the progress as a JSON document: study days as ISO dates, probabilities from 0 to 1 with four digits."""
    return {
        "course": {"id": progress.course, "title": progress.title},
        "today": _date(progress.today),
        "totals": {
            "answers": progress.answers,
            "right": progress.right,
            "days_studied": progress.days_studied,
            "days_counted": len(progress.calendar),
            "days_of_last_7": progress.days_of_week,
            "questions": progress.tally.questions,
            **progress.tally._asdict(),
            "recall": _rounded(progress.recall),
            "reviewed_today": progress.reviewed_today,
        },
        "sections": [_section_document(section) for section in progress.sections],
        "due": [{"day": _date(progress.today + ahead), "questions": count} for ahead, count in enumerate(progress.due)],
        "minutes_due": minutes(progress.due[0], progress.pace) if progress.due[0] else 0,
        "seconds_a_question": progress.pace and round(progress.pace, 1),
        "overdue": progress.overdue,
        "due_later": progress.later,
        "calendar": [{**day._asdict(), "day": _date(day.day)} for day in progress.calendar],
        "confidence": _confidence_document(progress.calibration),
        "own_weights": progress.fitted,
        "measured_recall": [
            {
                **row._asdict(),
                "missing": row.missing,
                "share": _rounded(row.share),
                "predicted": _rounded(row.predicted),
            }
            for row in progress.measured
        ],
        "weakest": [_weak_document(weak) for weak in progress.weakest],
        "gone": {"questions": len(progress.gone), "ids": list(progress.gone)},
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
    words = [
        {
            **word._asdict(),
            "claimed": _rounded(word.claimed),
            "share": None if calibration.missing else _rounded(word.share),
            "verdict": word.verdict,
        }
        for word in calibration.words
    ]
    brier = _rounded(calibration.brier)
    return {"rated": calibration.rated, "missing": calibration.missing, "brier": brier, "words": words}


def _weak_document(weak: Weak) -> dict[str, Any]:
    item = weak.item
    own = {"id": item.id, "revision": item.revision, "passage": item.passage or None, "section": item.topic or None}
    numbers = {name: value for name, value in weak._asdict().items() if name not in ("item", "question")}
    return {**own, "stem": weak.stem, **numbers, "recall": _rounded(weak.recall)}


def _date(day: int) -> str:
    return date_of(day).isoformat()


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 4)
