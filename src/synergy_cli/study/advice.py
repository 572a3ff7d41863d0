"""The next step: what to read or answer now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from synergy_cli.history.pace import minutes
from synergy_cli.study.queue import COUNT, build_queue
from synergy_cli.text import plural
from synergy_cli.ui import elements
from synergy_cli.ui.lists import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synergy_cli.course.course import Course
    from synergy_cli.course.page import ContentsEntry
    from synergy_cli.history.index import PageProgress
    from synergy_cli.study.queue import Queue
    from synergy_cli.study.recording import LearnerState


def advise(
    course: Course, state: LearnerState, reading: Mapping[str, PageProgress], pace: float | None = None
) -> Advice:
    """Return the next step of a learner.

    `reading` has how far each page was read, by id; `pace` is the seconds per question, if known.

    The order: a section in progress, new questions on sections already read, the next section, due questions. Each
    section starts with a few due questions anyway. In a simulation of learners, asking more of them before all sections
    are read lowers recall a month later.
    """
    unread = next_sections(course, reading)
    if not reading and not state.cards:
        return Advice("", *(_read(unread[0], reading) if unread else _all_new(course, pace)))
    left = {entry.id for entry in unread}
    read = [entry.id for entry in course.entries if entry.id not in left]
    queue = build_queue(state.without_aside(course.outline), state.cards, state.today, read=read)
    reads = _read(unread[0], reading) if unread else None
    started = reads if unread and unread[0].id in reading else None
    step = started or _questions(queue, read, pace) or reads or _rest(queue, pace)
    return Advice(_progress(course, state, len(read), queue), *step)


def next_sections(course: Course, reading: Mapping[str, PageProgress]) -> list[ContentsEntry]:
    """Return the unread sections; those in progress come first."""
    unread = [entry for entry in course.entries if entry.id not in reading or reading[entry.id].day is None]
    return sorted(unread, key=lambda entry: entry.id not in reading)


def _read(entry: ContentsEntry, reading: Mapping[str, PageProgress]) -> tuple[str, str]:
    """Return the step of reading a section."""
    if entry.id in reading:
        return f"continue {entry.id} ({reading[entry.id].share}% read)", "study"
    return f"read {entry.id} and answer ({entry.minutes} min)", "study"


def _all_new(course: Course, pace: float | None) -> tuple[str, str]:
    count = len(course.outline)
    return (_portion(plural(count, "question"), count, pace), "quiz") if count else ("", "")


def _questions(queue: Queue, read: list[str], pace: float | None) -> tuple[str, str] | None:
    """Return the step of answering new questions on the first page that was read and has some."""
    new = Counter(item.topic for item in queue.new if item.topic in read)
    if not new:
        return None
    page, count = next(iter(new.items()))
    return _portion(f"questions on {page} ({count})", count, pace), f"quiz {page}"


def _rest(queue: Queue, pace: float | None) -> tuple[str, str]:
    """Return the step when every page has been read and no page has new questions."""
    if queue.due:
        return _portion(f"{len(queue.due)} due", len(queue.due), pace), "quiz"
    if queue.new:
        return _portion(f"{len(queue.new)} new", len(queue.new), pace), "quiz"
    return "see your progress", "progress"


def _portion(text: str, count: int, pace: float | None) -> str:
    """Return the number of questions, how long they take, and the session's portion if that is smaller."""
    start = f"; start with {COUNT}" if count > COUNT else ""
    return f"{text}, about {minutes(count, pace)} min{start}"


def _progress(course: Course, state: LearnerState, read: int, queue: Queue) -> str:
    """Return the learner's progress."""
    answered = sum(item.key in state.cards for item in course.outline)
    pages = f"{read} of {plural(len(course.entries), 'section')} read, " if course.entries else ""
    sentence = f"{pages}{answered} of {plural(len(course.outline), 'question')} seen."
    aside = len(course.outline) - len(state.without_aside(course.outline))
    sentence += f" {aside} set aside." if aside else ""
    if queue.due:
        return f"{sentence} {len(queue.due)} due now."
    when = f" The next review is {elements.day_name(queue.next_due, state.today)}." if queue.next_due else ""
    return f"{sentence} Nothing is due now.{when}"
