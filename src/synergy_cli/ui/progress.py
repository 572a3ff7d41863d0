"""Views of progress: bars, columns and a calendar, each with its numbers in text."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.history.pace import minutes
from synergy_cli.history.progress import LOW_RECALL
from synergy_cli.history.scheduler import STEP_WORDS, STEPS, date_of
from synergy_cli.records import NamedTuple
from synergy_cli.text import plural
from synergy_cli.ui.bars import legend, share, stack
from synergy_cli.ui.elements import (
    MONTHS,
    WEEKDAYS,
    command,
    commands,
    fields,
    heading,
    joined,
    labelled_command,
    paragraph,
    percent,
    title_lines,
    whole_percent,
)
from synergy_cli.ui.layout import GLUE, cells, flow, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.history.progress import Calibration, Day, Progress, Rated, Recalled, Section, StepCounts, Weak
    from synergy_cli.ui.elements import Lines
    from synergy_cli.ui.terminal import Terminal
    from synergy_cli.ui.theme import Look


NAMED = 5
"""The number of questions no longer in the course that are listed by id; the others are only counted."""
WIDEST_BAR = 48
NARROWEST_BAR = 10
NARROWEST_WITH_COLUMNS = 56
WIDEST_WHOLE = 80
WIDEST_COLUMN = 6
WIDE = 100
WIDE_LINE = 18
MARGIN = len("12 + ")
WORD = "unsure  "
TALLEST = 5
"""The height of the tallest column, in lines."""
VERDICTS = {
    "few": "too few to tell",
    "fits": "about as claimed",
    "below": "less than claimed",
    "above": "more than claimed",
}
VERDICT_STYLES = {"few": "muted", "fits": "right", "below": "near", "above": "near"}


def progress(progress: Progress, look: Look) -> Lines:
    """Draw a learner's progress.

    With `plain`, one line per number or group of numbers, its fields separated by tabs. The first field is a label:
    `total`, `page`, `recall`, `due`, `overdue`, `later`, `day`, `measured`, `confidence`, `weak` or `gone`; or, without
    answers, a single line with `start`.
    """
    if look.plain:
        return _in_words(progress, look)
    title = progress.title or "Progress"
    if not progress.answers:
        begin = commands([("Begin:", f"{look.program} quiz")], look)
        return joined([title_lines(title, look=look), paragraph(_welcome(progress), look), begin])
    return joined(
        [
            title_lines(title, *_facts(progress), look=look),
            _overall(progress, look),
            _sections(progress.sections, look),
            [*heading("Reviews due", look.width, look), *_due(progress, look)],
            [*heading("Last 12 weeks", look.width, look), *_calendar(progress, look)],
            [*heading("Recall, measured", look.width, look), *_measured(progress, look)],
            [*heading("Confidence", look.width, look), *_confidence(progress.calibration, look)],
            _weakest(progress.weakest, look),
            _gone(progress.gone, look),
            commands(_suggestions(progress, look), look),
        ]
    )


def _facts(progress: Progress) -> list[str]:
    facts = [plural(progress.answers, "answer")]
    facts.append(f"{percent(progress.right / progress.answers)} right" if progress.answers else "none right")
    if progress.recall is not None:
        facts.append(f"predicted recall today {percent(progress.recall)}")
    return facts


def _welcome(progress: Progress) -> str:
    pages = [section for section in progress.sections if section.number]
    read = sum(section.read is not None for section in pages)
    before = f"You have read {read} of {plural(len(pages), 'section')}. " if read else ""
    count = progress.tally.questions
    waiting = f"{plural(count, 'question')} {'is' if count == 1 else 'are'} waiting"
    return f"{before}No answers yet: {waiting}. Answer a few to see here how far you are, and what is due when."


def _suggestions(progress: Progress, look: Look) -> list[tuple[str, str]]:
    unread = any(section.number and section.read is None for section in progress.sections)
    quiz = "Review:" if progress.due[0] else "Quiz:" if progress.tally.new else ""
    first = (quiz, f"{look.program} quiz") if quiz else ("Practise:", f"{look.program} quiz --practice")
    return [first, *([("Read on:", f"{look.program} study")] if unread else [])]


def _overall(progress: Progress, look: Look) -> Lines:
    """Draw all questions as one bar with a legend."""
    tally = progress.tally
    if not tally.questions:
        return []
    meaning = (
        "Only the first answer to a question each day counts. Held: right on three days, and not missed since. A miss "
        "moves a question back to seen."
    )
    if progress.reviewed_today:
        meaning += f" {_reviewed_today(progress.reviewed_today)}"
    bar = stack(tally, min(look.width, WIDEST_WHOLE), look)
    return [bar, *flow(legend(tally, look), look.width), *flow(styled(meaning, "muted"), look.width)]


def _reviewed_today(count: int) -> str:
    """Explain why a question missed an hour ago has a predicted recall of 100%."""
    questions = "1 question that was" if count == 1 else f"{count} questions that were"
    return f"Recall of the {questions} reviewed today counts as 100%, because the answer was just seen."


class _Columns(NamedTuple):
    """The widths of the columns of sections, in cells, and the number of questions in the largest section."""

    name: int
    bar: int
    digits: int
    recall: int
    largest: int


def _columns(sections: Sequence[Section], width: int) -> _Columns:
    name = max(cells(section.id or section.title) for section in sections)
    digits = max(2, *(len(str(count)) for section in sections for count in section.tally))
    recall = WIDE_LINE if width >= WIDE else NARROWEST_BAR
    bar = min(WIDEST_BAR, width - MARGIN - name - 2 - 2 - len(STEPS) * (digits + 1) - 2 - recall - len(" 100%"))
    largest = max(1, *(section.tally.questions for section in sections), 1)
    return _Columns(name, bar if bar < largest else bar // largest * largest, digits, recall, largest)


def _sections(sections: Sequence[Section], look: Look) -> Lines:
    """Draw the steps and recall of each page, in columns if the width allows, otherwise below its name."""
    if not sections:
        return []
    columns = _columns(sections, look.width)
    title = heading("Sections", look.width, look)
    if columns.bar < NARROWEST_BAR:
        steps = ", ".join(STEP_WORDS.values())
        meaning = f"{look.glyphs.right} read. Bar and numbers: {steps}. Line: predicted recall today."
        legend = flow(styled(meaning, "muted"), look.width)
        return [*title, *legend, *(line for section in sections for line in _below(section, columns, look))]
    head = styled(f"   {look.glyphs.right} read".ljust(MARGIN + columns.name + 2 + columns.bar + 2), "muted")
    for glyph, step in zip(look.glyphs.steps, STEPS, strict=True):
        head.append(glyph.rjust(columns.digits + 1), step)
    head.append("  recall today", "muted")
    return [*title, head, *_trimmed([_beside(section, columns, look) for section in sections])]


def _mark(section: Section, look: Look) -> str:
    """Return the number of a page and its read mark."""
    return f"{section.number or '':>2} {look.glyphs.right if section.read is not None else ' '} "


def _bar(section: Section, length: int, columns: _Columns, look: Look) -> Text:
    """Draw the questions of a page by step, in a bar whose length depends on their number."""
    count = section.tally.questions
    if not count:
        return Text()
    return stack(section.tally, max(sum(map(bool, section.tally)), round(length * count / columns.largest)), look)


def _numbers(tally: StepCounts, columns: _Columns) -> Text:
    numbers = Text()
    for count, step in zip(tally, STEPS, strict=True):
        numbers.append(f"{count:>{columns.digits + 1}}", step if count else "muted")
    return numbers


def _recall(section: Section, length: int, look: Look) -> Text:
    if section.recall is None:
        return Text()
    line = share(section.recall, length, look, "low" if section.recall < LOW_RECALL else "chart")
    return line.append(f"{percent(section.recall):>5}")


def _beside(section: Section, columns: _Columns, look: Look) -> Text:
    line = Text(_mark(section, look))
    line.append(section.id or section.title, "key" if section.id else "")
    _fill_up(line, MARGIN + columns.name + 2).append_text(_bar(section, columns.bar, columns, look))
    _fill_up(line, MARGIN + columns.name + 2 + columns.bar + 2).append_text(_numbers(section.tally, columns))
    return line.append("  ").append_text(_recall(section, columns.recall, look))


def _below(section: Section, columns: _Columns, look: Look) -> Lines:
    name = styled(section.id or section.title, "key" if section.id else "")
    lines = flow(name, look.width, _mark(section, look))
    if not section.tally.questions:
        return lines
    margin, numbers = " " * MARGIN, _numbers(section.tally, columns)
    length = min(WIDEST_BAR, look.width - MARGIN - cells(numbers.plain))
    if length >= NARROWEST_BAR:
        bar = _fill_up(_bar(section, length, columns, look), length).append_text(numbers)
        lines.append(Text(margin).append_text(bar))
    else:
        length = look.width - MARGIN - len(" 100%")
        lines.append(Text(margin).append_text(_bar(section, length, columns, look)))
        lines += flow(numbers, look.width, margin)
    recall = _recall(section, length, look)
    return [*lines, Text(margin).append_text(recall)] if recall else lines


def _fill_up(line: Text, length: int) -> Text:
    return line.append(" " * (length - cells(line.plain)))


def _due(progress: Progress, look: Look) -> Lines:
    most, today = max(progress.due), progress.due[0]
    later = f", {progress.later} later" if progress.later else ""
    if not most:
        return paragraph(f"No reviews are due in the next {len(progress.due)} days{later}.", look)
    some = "all" if progress.overdue == today else str(progress.overdue)
    overdue = f", {some} of them overdue" if progress.overdue else ""
    rest = f"{sum(progress.due[1:]) or 'none'} in the {len(progress.due) - 1} days after"
    takes = f", about {minutes(today, progress.pace)} min" if today else ""
    lines = paragraph(f"{today or 'None'} due today{takes}{overdue}; {rest}{later}.", look)
    pitch = min(WIDEST_COLUMN, look.width // len(progress.due))
    if look.width >= NARROWEST_WITH_COLUMNS and len(str(most)) < pitch:
        return [*lines, Text(), *_due_columns(progress, pitch, look)]
    return [*lines, *_due_bars(progress, look)]


def _due_columns(progress: Progress, pitch: int, look: Look) -> Lines:
    """Draw a column per day, with its count above and its date below."""
    days = [date_of(progress.today + ahead) for ahead in range(len(progress.due))]
    wide = pitch - 2
    columns = [_column(count, max(progress.due), wide, look) for count in progress.due]
    lines = []
    for row in reversed(range(max(map(len, columns)))):
        line = Text()
        for ahead, column in enumerate(columns):
            line.append((column[row] if row < len(column) else "").ljust(pitch), "chart" if ahead else "now")
        lines.append(line)
    names = ["now", *(WEEKDAYS[day.weekday()] for day in days[1:])]
    months = [MONTHS[day.month - 1] if day.day == 1 or not ahead else "" for ahead, day in enumerate(days)]
    labels = [names, [str(day.day) for day in days], months]
    lines += [styled("".join(label.center(wide).ljust(pitch) for label in row), "muted") for row in labels]
    return _trimmed(lines)


def _column(count: int, most: int, wide: int, look: Look) -> list[str]:
    """Return the rows of a column from the bottom up, with its count at the top; none for a count of 0."""
    if not count:
        return []
    steps = len(look.glyphs.levels)
    full, rest = divmod(-(-count * TALLEST * steps // most), steps)
    top = [look.glyphs.levels[rest - 1] * wide] if rest else []
    return [*[look.glyphs.levels[-1] * wide] * full, *top, str(count).center(wide)]


def _trimmed(lines: Lines) -> Lines:
    for line in lines:
        line.rstrip()
    return lines


def _due_bars(progress: Progress, look: Look) -> Lines:
    """Draw a bar per day, with its date and count."""
    digits = len(str(max(progress.due)))
    room = min(WIDEST_BAR, look.width - len("Mon 31 ") - digits - 1)
    lines = []
    for ahead, count in enumerate(progress.due):
        day = date_of(progress.today + ahead)
        line = Text(f"{WEEKDAYS[day.weekday()] if ahead else 'now'} {day.day:>2} {count:>{digits}} ")
        lines.append(line.append(look.glyphs.full * -(-count * room // max(progress.due)), "chart" if ahead else "now"))
    return _trimmed(lines)


def _calendar(progress: Progress, look: Look) -> Lines:
    """Draw a calendar of weeks, darker on days with more answers."""
    days = progress.calendar
    answers, right = _answers_and_right(days)
    if not answers:
        return paragraph("No questions were answered in these weeks.", look)
    weeks = [days[start : start + len(WEEKDAYS)] for start in range(0, len(days), len(WEEKDAYS))]
    edges = heat_levels([day.answers for day in days], len(look.glyphs.heat) - 1)
    studied = plural(sum(day.answers > 0 for day in days), "day")
    text = f"{plural(answers, 'answer')} on {studied}, {percent(right / answers)} of them right. {_week(progress)}."
    is_wide = look.width >= NARROWEST_WITH_COLUMNS
    margin = 8 if is_wide else 4
    pitch = min(4, (look.width - margin + 1) // len(weeks))
    wide = max(1, pitch - 1)
    lines = [*paragraph(text, look), Text(), _months(weeks, margin, pitch)]
    for weekday, name in enumerate(WEEKDAYS):
        line = styled(name.ljust(margin), "muted")
        for week in weeks:
            day = week[weekday]
            line.append_text(_cell(day, wide, edges, look) if day.day <= progress.today or day.answers else Text())
            line.append(" " * (pitch > 1))
        lines.append(line)
    if is_wide:
        lines.append(_right(weeks, margin, pitch))
    return [*_trimmed(lines), Text(), *flow(_heat_legend(edges, wide, look), look.width)]


def _week(progress: Progress) -> str:
    """Return on how many of the last seven days questions were answered; no streak depends on it."""
    return f"Answered on {progress.days_of_week} of the last 7 days"


def _answers_and_right(days: Sequence[Day]) -> tuple[int, int]:
    return sum(day.answers for day in days), sum(day.right for day in days)


def heat_levels(counts: Iterable[int], most: int) -> list[int]:
    """Divide the answers per day, at least one above 0, into at most `most` levels; return the highest count of each.

    The levels have equal steps up to the 90th percentile of days with answers. The last level ends at the highest
    count, so that one long day does not make all others pale. Levels without days are left out.
    """
    ascending = sorted(count for count in counts if count)
    usual = ascending[(len(ascending) - 1) * 9 // 10]
    edges = sorted({*(-(-usual * level // most) for level in range(1, most)), ascending[-1]})
    return sorted({edges[bisect_left(edges, count)] for count in ascending})


def _glyph(answers: int, edges: Sequence[int], look: Look) -> str:
    """Return the glyph of a level; if there are few levels, they are the darkest ones."""
    heat = look.glyphs.heat
    return heat[len(heat) - len(edges) + bisect_left(edges, answers)] if answers else heat[0]


def _cell(day: Day, wide: int, edges: Sequence[int], look: Look) -> Text:
    glyph = _glyph(day.answers, edges, look)
    return styled(glyph * wide, "heat") if day.answers else styled(glyph.center(wide), "muted")


def _months(weeks: Sequence[Sequence[Day]], margin: int, pitch: int) -> Text:
    """Return the names of months above the weeks in which they begin, and the first month's name if it fits."""
    firsts = [next((date_of(day.day) for day in week if date_of(day.day).day == 1), None) for week in weeks]
    line = ""
    for index, first in enumerate(firsts):
        at = margin + index * pitch
        date = first or (date_of(weeks[0][0].day) if not index else None)
        crowded = not index and any(firsts[1 : 1 + -(-len("Sep") // pitch)])
        if date and not crowded and len(line) <= at:
            line = line.ljust(at) + MONTHS[date.month - 1]
    return styled(line, "muted")


def _right(weeks: Sequence[Sequence[Day]], margin: int, pitch: int) -> Text:
    line = styled("right %".ljust(margin), "muted")
    for week in weeks:
        answers, right = _answers_and_right(week)
        line.append((str(whole_percent(right / answers)) if answers else "").rjust(pitch - 1).ljust(pitch))
    return line


def _heat_legend(edges: Sequence[int], wide: int, look: Look) -> Text:
    legend = Text("Answers a day: ").append(look.glyphs.heat[0], "muted").append(f"{GLUE}none")
    for low, high in zip([0, *edges], edges, strict=False):
        legend.append("  ").append(_glyph(high, edges, look) * wide, "heat")
        legend.append(f"{GLUE}{high}" if high == low + 1 else f"{GLUE}{low + 1}-{high}")
    return legend


def _measured(progress: Progress, look: Look) -> Lines:
    """Render measured next to predicted recall, for each interval length."""
    measured = progress.measured
    if not any(row.reviews for row in measured):
        text = f"Questions that come back after {measured[0].least} days or more show here how much you recall."
        return paragraph(text, look)
    rows = [line for row in measured for line in flow(Text(f"{_after(row)}: {_recalled(row)}"), look.width, "", "  ")]
    meaning = "First answers of a day, by days since the last review of the question. Predicted by FSRS on that day"
    meaning += ", with weights that were fitted to some of these answers." if progress.fitted else "."
    return [*rows, *flow(styled(meaning, "muted"), look.width)]


def _recalled(row: Recalled) -> str:
    if row.share is None:
        return f"{plural(row.reviews, 'review')}; shown from {row.reviews + row.missing} on"
    return f"{percent(row.share)} of {row.reviews} recalled, {percent(row.predicted or 0)} predicted"


def _after(row: Recalled) -> str:
    days = f"{row.least} days or more" if row.most is None else f"{row.least} to {row.most} days"
    return f"After {days}"


def _confidence(calibration: Calibration, look: Look) -> Lines:
    """Draw confidence ratings against the shares of right answers, once there are enough answers."""
    if calibration.missing:
        advice = Text.assemble(_missing(calibration), " ", command(f"{look.program} quiz --confidence"))
        return flow(advice, look.width)
    room = min(WIDEST_BAR, look.width - len(WORD))
    lines = [styled(" " * len(WORD) + "0%" + "100%".rjust(room - 2), "muted")]
    for word in calibration.words:
        lines += _rated(word, room, look)
    claims = ", ".join(f"{word.word} {percent(word.claimed)}" for word in calibration.words)
    legend = (
        f"The line shows how often you were right, {look.glyphs.bar} what that rating claims: {claims}. "
        f"Brier score {calibration.brier:.3f}: 0 is perfect; claiming 50% every time would give 0.250."
    )
    return [*lines, *flow(styled(legend, "muted"), look.width)]


def _missing(calibration: Calibration) -> str:
    more = f"{calibration.missing} more" if calibration.rated else str(calibration.missing)
    answers = "answer" if calibration.missing == 1 else "answers"
    return f"After {more} {answers} rated for confidence, you will see here how well you judge what you know:"


def _rated(word: Rated, room: int, look: Look) -> Lines:
    line = Text.assemble((word.word.ljust(len(WORD)), "strong")).append_text(_claimed(word, room, look))
    text = Text("never used")
    if word.share is not None:
        text = Text(f"{percent(word.share)} of {word.answers} right, ")
        text.append(VERDICTS[word.verdict], VERDICT_STYLES[word.verdict])
    return [line, *flow(text, look.width, " " * (len(WORD) if look.width >= NARROWEST_WITH_COLUMNS else 2))]


def _claimed(word: Rated, room: int, look: Look) -> Text:
    """Draw the share of right answers as a bar, with a mark at the claimed share."""
    bar = share(word.share or 0.0, room, look)
    mark = min(room - 1, round(word.claimed * room))
    before, after = bar[:mark], bar[mark + 1 :]
    return before.append(look.glyphs.bar, "strong").append_text(after)


def _weakest(weakest: Sequence[Weak], look: Look) -> Lines:
    if not weakest:
        return []
    from synergy_cli.ui.quiz import text_lines  # noqa: PLC0415  before the first answer there is no stem to draw

    lines = heading("Weakest questions", look.width, look)
    for number, weak in enumerate(weakest, start=1):
        facts = styled(f" {look.glyphs.separator} ".join(_weakness(weak)), "muted")
        if weak.question is not None:
            lines += text_lines(weak.question, weak.stem, look, (f"{number}. ", "   "))
        lines += flow(facts, look.width, "   ")
        for label, call in _help(weak, look):
            lines += labelled_command(label, call, look, "   ", "     ")
    return lines


def _weakness(weak: Weak) -> list[str]:
    when = "not due yet" if weak.recall is None else "reviewed today" if weak.recall == 1 else ""
    recall = when or f"recall {percent(weak.recall or 0)}"
    return [STEP_WORDS[weak.step], recall, f"missed {weak.missed} of {weak.answers}"]


def _help(weak: Weak, look: Look) -> list[tuple[str, str]]:
    read = [("Read:", f"{look.program} explain {weak.item.passage}")] if weak.item.passage else []
    about = weak.item.passage or weak.item.topic
    return [*read, ("Practise:", " ".join(f"{look.program} quiz {about} --practice".split()))]


def _gone(gone: Sequence[str], look: Look) -> Lines:
    if not gone:
        return []
    are = "is" if len(gone) == 1 else "are"
    more = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
    questions = plural(len(gone), "question")
    text = f"{questions} in your history {are} no longer in the course: {', '.join(gone[:NAMED])}{more}."
    return [*heading("Gone", look.width, look), *paragraph(text, look)]


def _in_words(progress: Progress, look: Look) -> Lines:
    """Return the lines of the plain view."""
    if not progress.answers:
        return [fields("start", _welcome(progress), f"{look.program} quiz")]
    days = f"{progress.days_studied} of the last {len(progress.calendar)} days studied"
    lines = [fields("total", *_facts(progress), days, _week(progress)), fields("total", *_steps(progress.tally))]
    if progress.reviewed_today:
        lines.append(fields("total", _reviewed_today(progress.reviewed_today)))
    for section in progress.sections:
        lines += _section_words(section)
    for ahead, count in enumerate(progress.due):
        takes = [f"about {minutes(count, progress.pace)} min"] if count and not ahead else []
        lines.append(fields("due", *_date(progress.today + ahead), plural(count, "question"), *takes))
    lines.append(fields("overdue", plural(progress.overdue, "question")))
    lines.append(fields("later", plural(progress.later, "question")))
    for day in progress.calendar:
        if day.answers:
            lines.append(fields("day", *_date(day.day), plural(day.answers, "answer"), f"{day.right} right"))
    lines += [fields("measured", _after(row), _recalled(row)) for row in progress.measured]
    lines += _confidence_words(progress.calibration, look)
    for weak in progress.weakest:
        calls = [call for _, call in _help(weak, look)]
        lines.append(fields("weak", weak.item.id, *_weakness(weak), weak.stem, *calls))
    if progress.gone:
        lines.append(fields("gone", plural(len(progress.gone), "question"), *progress.gone[:NAMED]))
    return lines


def _date(day: int) -> tuple[str, str]:
    return date_of(day).isoformat(), WEEKDAYS[date_of(day).weekday()]


def _steps(tally: StepCounts) -> list[str]:
    return [f"{count} {STEP_WORDS[name]}" for name, count in tally._asdict().items()]


def _section_words(section: Section) -> Lines:
    name = (section.number or "-", section.id or "-")
    read = "read" if section.read is not None else "unread"
    recall = percent(section.recall) if section.recall is not None else "never due"
    return [fields("page", *name, section.title, *_steps(section.tally), read), fields("recall", *name, recall)]


def _confidence_words(calibration: Calibration, look: Look) -> Lines:
    if calibration.missing:
        return [fields("confidence", _missing(calibration), f"{look.program} quiz --confidence")]
    lines = [
        fields(
            "confidence",
            word.word,
            f"claims {percent(word.claimed)}",
            f"{word.right} of {plural(word.answers, 'answer')} right",
            VERDICTS[word.verdict],
        )
        for word in calibration.words
    ]
    return [*lines, fields("confidence", "Brier score", f"{calibration.brier:.3f}")]


def show(data: Progress, terminal: Terminal) -> None:
    """Show a learner's progress, in the reader if it is long."""
    terminal.page(lambda look: progress(data, look), f"Progress: {data.title}")
