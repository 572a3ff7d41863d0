"""Renders progress: bars, columns and a calendar, each with its numbers in words."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from synergy_cli.history.scheduler import HELD_AFTER, SLIPPING_BELOW, STANDINGS, date_of
from synergy_cli.text import plural
from synergy_cli.ui.elements import MONTHS, WEEKDAYS, command, commands, fields, heading, joined, title_lines
from synergy_cli.ui.layout import GLUE, cells, flow, styled, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.history.progress import Calibration, Day, Progress, Rated, Section, StandingCounts, Weak
    from synergy_cli.ui.elements import Lines
    from synergy_cli.ui.terminal import Terminal
    from synergy_cli.ui.theme import Look


NAMED = 5
"""The most removed questions that are named; the others are only counted."""
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
"""Lines of the highest column."""
VERDICTS = {
    "few": "too few to tell",
    "fits": "about as claimed",
    "below": "less than claimed",
    "above": "more than claimed",
}
VERDICT_STYLES = {"few": "muted", "fits": "right", "below": "near", "above": "near"}


def percent(chance: float) -> str:
    """Return a probability in percent; `0%` and `100%` only for exact values."""
    rounded = round(100 * chance)
    return f"{rounded if chance in {0, 1} else max(1, min(99, rounded))}%"


def progress(made: Progress, look: Look) -> Lines:
    """Render a learner's progress.

    In plain layout, a line holds one number or group of numbers in fields separated by tabs. The first field is its
    label: `total`, `page`, `recall`, `due`, `overdue`, `later`, `day`, `confidence`, `weak`, `gone`; or only `start`,
    if there is no answer yet.
    """
    if look.plain:
        return _in_words(made, look)
    if not made.answers:
        return _start(made, look)
    return joined(
        [
            title_lines(made.title or "Progress", *_facts(made), look=look),
            _overall(made, look),
            _sections(made.sections, look),
            [*heading("Reviews due", look.width, look), *_due(made, look)],
            [*heading("Last 12 weeks", look.width, look), *_calendar(made.calendar, made.today, look)],
            [*heading("Confidence", look.width, look), *_confidence(made.calibration, look)],
            _weakest(made.weakest, look),
            _gone(made.gone, look),
            commands(_ways(made, look), look),
        ]
    )


def _facts(made: Progress) -> list[str]:
    chance = made.recall
    return [
        plural(made.answers, "answer"),
        f"{percent(made.right / made.answers)} right" if made.answers else "none right",
        *([f"predicted recall today {percent(chance)}"] if chance is not None else []),
    ]


def _start(made: Progress, look: Look) -> Lines:
    return joined(
        [
            title_lines(made.title or "Progress", look=look),
            flow(Text(_welcome(made)), look.width),
            commands([("Begin:", f"{look.program} quiz")], look),
        ]
    )


def _welcome(made: Progress) -> str:
    pages = [section for section in made.sections if section.number]
    read = sum(section.read is not None for section in pages)
    before = f"You have read {read} of {plural(len(pages), 'section')}. " if read else ""
    waiting = made.tally.questions
    asked, verb = plural(waiting, "question"), "waits" if waiting == 1 else "wait"
    return (
        f"{before}No question is answered yet: {asked} {verb} for you. Answer a few, and you see here what holds, what "
        "slips, and what is due when."
    )


def _ways(made: Progress, look: Look) -> list[tuple[str, str]]:
    unread = next((section.id for section in made.sections if section.number and section.read is None), "")
    quiz = "Review:" if made.due[0] else "Quiz:" if made.tally.untested else ""
    ways = [(quiz, f"{look.program} quiz")] if quiz else [("Practise:", f"{look.program} quiz --practice")]
    return [*ways, ("Read on:", f"{look.program} explain {unread}")] if unread else ways


def _overall(made: Progress, look: Look) -> Lines:
    """Render all questions as one bar with its legend."""
    tally = made.tally
    if not tally.questions:
        return []
    legend = Text()
    for sign, name, count in zip(look.glyphs.standings, STANDINGS, tally, strict=True):
        legend.append("  " if legend else "").append(sign, name).append(f"{GLUE}{count}{GLUE}{name}")
    meaning = (
        f"The first answer of a day counts. Held: right on {HELD_AFTER} separate days, with no miss since. Slipping: "
        f"was right once, but missed since, or predicted recall below {percent(SLIPPING_BELOW)}. Learning: the rest."
    )
    if made.reviewed_today:
        meaning += f" {_reviewed_today(made.reviewed_today)}"
    bar = _stack(tally, min(look.width, WIDEST_WHOLE), look)
    return [bar, *flow(legend, look.width), *flow(styled(meaning, "muted"), look.width)]


def _reviewed_today(count: int) -> str:
    """Explain why a question that was missed an hour ago is not predicted to be missed."""
    asked = "1 question that was" if count == 1 else f"{count} questions that were"
    return f"Recall of the {asked} reviewed today counts as 100%, because the answer was just seen."


def _stack(tally: Sequence[int], length: int, look: Look) -> Text:
    bar = Text()
    for sign, name, size in zip(look.glyphs.standings, STANDINGS, apportion(tally, length), strict=True):
        bar.append(sign * size, name)
    return bar


def apportion(counts: Sequence[int], length: int) -> list[int]:
    """Divide a length in cells in proportion to counts, not all zero; each nonzero one gets a cell if possible."""
    total = sum(counts)
    ends = [round(length * end / total) for end in accumulate(counts)]
    sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    for place, count in enumerate(counts):
        largest = sizes.index(max(sizes))
        if count and not sizes[place] and sizes[largest] > 1:
            sizes[place], sizes[largest] = 1, sizes[largest] - 1
    return sizes


def _line(chance: float, length: int, look: Look, style: str = "chart") -> Text:
    """Render a probability as a bar on its track; only certainty fills it."""
    full = int(chance * length)
    return Text.assemble((look.glyphs.line * full, style), (look.glyphs.track * (length - full), "muted"))


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
    bar = min(WIDEST_BAR, width - MARGIN - name - 2 - 2 - len(STANDINGS) * (digits + 1) - 2 - recall - len(" 100%"))
    largest = max(1, *(section.tally.questions for section in sections), 1)
    return _Columns(name, bar if bar < largest else bar // largest * largest, digits, recall, largest)


def _sections(sections: Sequence[Section], look: Look) -> Lines:
    """Render the standing and recall of each page, in columns if they fit, else below its name."""
    if not sections:
        return []
    columns = _columns(sections, look.width)
    title = heading("Sections", look.width, look)
    if columns.bar < NARROWEST_BAR:
        meaning = f"{look.glyphs.right} read. Bar and numbers: {', '.join(STANDINGS)}. Line: predicted recall today."
        said = flow(styled(meaning, "muted"), look.width)
        return [*title, *said, *(line for section in sections for line in _below(section, columns, look))]
    head = styled(f"   {look.glyphs.right} read".ljust(MARGIN + columns.name + 2 + columns.bar + 2), "muted")
    for sign, standing in zip(look.glyphs.standings, STANDINGS, strict=True):
        head.append(sign.rjust(columns.digits + 1), standing)
    head.append("  recall today", "muted")
    return [*title, head, *_trimmed([_beside(section, columns, look) for section in sections])]


def _mark(section: Section, look: Look) -> str:
    """Return the number of a page, and whether it was read."""
    return f"{section.number or '':>2} {look.glyphs.right if section.read is not None else ' '} "


def _bar(section: Section, length: int, columns: _Columns, look: Look) -> Text:
    """Render the questions of a page by standing; more questions make a longer bar."""
    count = section.tally.questions
    if not count:
        return Text()
    return _stack(section.tally, max(sum(map(bool, section.tally)), round(length * count / columns.largest)), look)


def _numbers(tally: StandingCounts, columns: _Columns) -> Text:
    numbers = Text()
    for count, standing in zip(tally, STANDINGS, strict=True):
        numbers.append(f"{count:>{columns.digits + 1}}", standing if count else "muted")
    return numbers


def _recall(section: Section, length: int, look: Look) -> Text:
    if section.recall is None:
        return Text()
    line = _line(section.recall, length, look, "slipping" if section.recall < SLIPPING_BELOW else "chart")
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


def _due(made: Progress, look: Look) -> Lines:
    most = max(made.due)
    if not most:
        later = f", {made.later} later" if made.later else ""
        return flow(Text(f"No reviews are due in the next {len(made.due)} days{later}."), look.width)
    some = "all" if made.overdue == made.due[0] else str(made.overdue)
    old = f", {some} of them overdue" if made.overdue else ""
    rest = f"{sum(made.due[1:]) or 'none'} in the {len(made.due) - 1} days after"
    later = f", {made.later} later" if made.later else ""
    said = flow(Text(f"{made.due[0] or 'None'} due today{old}; {rest}{later}."), look.width)
    pitch = min(WIDEST_COLUMN, look.width // len(made.due))
    if look.width >= NARROWEST_WITH_COLUMNS and len(str(most)) < pitch:
        return [*said, Text(), *_due_columns(made, pitch, look)]
    return [*said, *_due_bars(made, look)]


def _due_columns(made: Progress, pitch: int, look: Look) -> Lines:
    """Render a column for each day, with its count above, and weekday, day and month below."""
    days = [date_of(made.today + ahead) for ahead in range(len(made.due))]
    wide = pitch - 2
    columns = [_column(count, max(made.due), wide, look) for count in made.due]
    lines = []
    for row in reversed(range(max(map(len, columns)))):
        line = Text()
        for ahead, column in enumerate(columns):
            said = column[row] if row < len(column) else ""
            line.append(said.ljust(pitch), "chart" if ahead else "now")
        lines.append(line)
    names = ["now", *(WEEKDAYS[day.weekday()] for day in days[1:])]
    months = [MONTHS[day.month - 1] if day.day == 1 or not ahead else "" for ahead, day in enumerate(days)]
    labels = [names, [str(day.day) for day in days], months]
    lines += [styled("".join(label.center(wide).ljust(pitch) for label in row), "muted") for row in labels]
    return _trimmed(lines)


def _column(count: int, most: int, wide: int, look: Look) -> list[str]:
    """Return the cells of a column from the bottom up, with its count at the top; empty for zero."""
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


def _due_bars(made: Progress, look: Look) -> Lines:
    """Render a bar for each day, with its name and count."""
    digits = len(str(max(made.due)))
    room = min(WIDEST_BAR, look.width - len("Mon 31 ") - digits - 1)
    lines = []
    for ahead, count in enumerate(made.due):
        day = date_of(made.today + ahead)
        line = Text(f"{WEEKDAYS[day.weekday()] if ahead else 'now'} {day.day:>2} {count:>{digits}} ")
        lines.append(line.append(look.glyphs.full * -(-count * room // max(made.due)), "chart" if ahead else "now"))
    return _trimmed(lines)


def _calendar(days: Sequence[Day], today: int, look: Look) -> Lines:
    """Render a calendar of weeks, darker for days with more answers."""
    answers, right = sum(day.answers for day in days), sum(day.right for day in days)
    if not answers:
        return flow(Text("No questions were answered in these weeks."), look.width)
    weeks = [days[start : start + len(WEEKDAYS)] for start in range(0, len(days), len(WEEKDAYS))]
    edges = heat_levels([day.answers for day in days], len(look.glyphs.heat) - 1)
    shown = sum(day.answers > 0 for day in days)
    said = f"{plural(answers, 'answer')} on {plural(shown, 'day')}, {percent(right / answers)} of them right."
    wide = look.width >= NARROWEST_WITH_COLUMNS
    margin = 8 if wide else 4
    pitch = min(4, (look.width - margin + 1) // len(weeks))
    lines = [*flow(Text(said), look.width), Text(), _months(weeks, margin, pitch)]
    for weekday, name in enumerate(WEEKDAYS):
        line = styled(name.ljust(margin), "muted")
        for week in weeks:
            day = week[weekday]
            line.append_text(_cell(day, max(1, pitch - 1), edges, look) if day.day <= today or day.answers else Text())
            line.append(" " * (pitch > 1))
        lines.append(line)
    if wide:
        lines.append(_right(weeks, margin, pitch))
    return [*_trimmed(lines), Text(), *flow(_heat_legend(edges, max(1, pitch - 1), look), look.width)]


def heat_levels(counts: Iterable[int], most: int) -> list[int]:
    """Return the upper bounds of at most `most` levels of answers per day, ascending, without empty levels.

    The levels are of equal size, up to what all but the busiest tenth of days with answers reach. The last bound is the
    highest count, so that one long day does not make the others pale.
    """
    found = sorted(count for count in counts if count)
    usual = found[(len(found) - 1) * 9 // 10]
    edges = sorted({*(-(-usual * level // most) for level in range(1, most)), found[-1]})
    return sorted({edges[bisect_left(edges, count)] for count in found})


def _glyph(answers: int, edges: Sequence[int], look: Look) -> str:
    """Return the glyph of a level; if there are few levels, they are the darkest."""
    heat = look.glyphs.heat
    return heat[len(heat) - len(edges) + bisect_left(edges, answers)] if answers else heat[0]


def _cell(day: Day, wide: int, edges: Sequence[int], look: Look) -> Text:
    sign = _glyph(day.answers, edges, look)
    return styled(sign * wide, "heat") if day.answers else styled(sign.center(wide), "muted")


def _months(weeks: Sequence[Sequence[Day]], margin: int, pitch: int) -> Text:
    """Render the name of a month above the week in which it starts, and of the first one if it fits."""
    begun = [next((date_of(day.day) for day in week if date_of(day.day).day == 1), None) for week in weeks]
    line = ""
    for place, first in enumerate(begun):
        at = margin + place * pitch
        named = first or (date_of(weeks[0][0].day) if not place else None)
        crowded = not place and any(begun[1 : 1 + -(-len("Sep") // pitch)])
        if named and not crowded and len(line) <= at:
            line = line.ljust(at) + MONTHS[named.month - 1]
    return styled(line, "muted")


def _right(weeks: Sequence[Sequence[Day]], margin: int, pitch: int) -> Text:
    line = styled("right %".ljust(margin), "muted")
    for week in weeks:
        answers, right = sum(day.answers for day in week), sum(day.right for day in week)
        line.append((percent(right / answers)[:-1] if answers else "").rjust(pitch - 1).ljust(pitch))
    return line


def _heat_legend(edges: Sequence[int], wide: int, look: Look) -> Text:
    legend = Text("Answers a day: ").append(look.glyphs.heat[0], "muted").append(f"{GLUE}none")
    for low, high in zip([0, *edges], edges, strict=False):
        legend.append("  ").append(_glyph(high, edges, look) * wide, "heat")
        legend.append(f"{GLUE}{high}" if high == low + 1 else f"{GLUE}{low + 1}-{high}")
    return legend


def _confidence(calibration: Calibration, look: Look) -> Lines:
    """Render claims against results, once there are enough answers."""
    if calibration.missing:
        way = Text.assemble(_missing(calibration), " ", command(f"{look.program} quiz --confidence"))
        return flow(way, look.width)
    room = min(WIDEST_BAR, look.width - len(WORD))
    lines = [styled(" " * len(WORD) + "0%" + "100%".rjust(room - 2), "muted")]
    for word in calibration.words:
        lines += _rated(word, room, look)
    claims = ", ".join(f"{word.word} for {percent(word.claimed)}" for word in calibration.words)
    explained = (
        f"The line is how often you were right, {look.glyphs.bar} what the word claims: we take {claims}. "
        f"Brier score {calibration.brier:.3f}: 0 is perfect; to say 50% every time would give 0.250."
    )
    return [*lines, *flow(styled(explained, "muted"), look.width)]


def _missing(calibration: Calibration) -> str:
    more = f"{calibration.missing} more" if calibration.rated else str(calibration.missing)
    answers = "answer" if calibration.missing == 1 else "answers"
    return f"After {more} {answers} with your confidence, you see here whether you know what you know:"


def _rated(word: Rated, room: int, look: Look) -> Lines:
    line = Text.assemble((word.word.ljust(len(WORD)), "strong")).append_text(_claimed(word, room, look))
    said = Text("never used" if word.share is None else f"{percent(word.share)} of {word.answers} right, ")
    if word.share is not None:
        said.append(VERDICTS[word.verdict], VERDICT_STYLES[word.verdict])
    return [line, *flow(said, look.width, " " * (len(WORD) if look.width >= NARROWEST_WITH_COLUMNS else 2))]


def _claimed(word: Rated, room: int, look: Look) -> Text:
    """Render the share of right answers as a bar, with a mark at the claim."""
    bar = _line(word.share or 0.0, room, look)
    mark = min(room - 1, round(word.claimed * room))
    before, after = bar[:mark], bar[mark + 1 :]
    return before.append(look.glyphs.bar, "strong").append_text(after)


def _weakest(weakest: Sequence[Weak], look: Look) -> Lines:
    if not weakest:
        return []
    lines = heading("Weakest questions", look.width, look)
    for place, weak in enumerate(weakest, start=1):
        facts = styled(f" {look.glyphs.separator} ".join(_weakness(weak)), "muted")
        lines += written(Text(weak.stem), look.width, f"{place}. ", "   ", look.glyphs.continued)
        lines += flow(facts, look.width, "   ")
        for label, way in _help(weak, look):
            lines += flow(Text.assemble(f"{label} ", command(way)), look.width, "   ", "     ")
    return lines


def _weakness(weak: Weak) -> list[str]:
    recall = f"recall {percent(weak.recall)}" if weak.recall < 1 else "reviewed today"
    return [weak.standing, recall, f"missed {weak.missed} of {weak.answers}"]


def _help(weak: Weak, look: Look) -> list[tuple[str, str]]:
    read = [("Read:", f"{look.program} explain {weak.item.passage}")] if weak.item.passage else []
    return [*read, ("Practise:", " ".join(f"{look.program} quiz {weak.item.passage} --practice".split()))]


def _gone(gone: Sequence[str], look: Look) -> Lines:
    if not gone:
        return []
    are = "question is" if len(gone) == 1 else "questions are"
    more = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
    said = f"{len(gone)} {are} in your history and no longer in the course: {', '.join(gone[:NAMED])}{more}."
    return [*heading("Gone", look.width, look), *flow(Text(said), look.width)]


def _in_words(made: Progress, look: Look) -> Lines:
    """Return every number as a line of fields, the first one a label."""
    if not made.answers:
        return [fields("start", _welcome(made), f"{look.program} quiz")]
    lines = [
        fields("total", *_facts(made), f"{made.days_studied} of the last {len(made.calendar)} days studied"),
        fields("total", *_stands(made.tally)),
        *([fields("total", _reviewed_today(made.reviewed_today))] if made.reviewed_today else []),
        *(line for section in made.sections for line in _section_words(section)),
        *(fields("due", *_date(made.today + ahead), plural(count, "question")) for ahead, count in enumerate(made.due)),
        fields("overdue", plural(made.overdue, "question")),
        fields("later", plural(made.later, "question")),
        *(
            fields("day", *_date(day.day), plural(day.answers, "answer"), f"{day.right} right")
            for day in made.calendar
            if day.answers
        ),
        *_confidence_words(made.calibration, look),
    ]
    lines += [
        fields("weak", weak.item.id, *_weakness(weak), weak.stem, *(way for _, way in _help(weak, look)))
        for weak in made.weakest
    ]
    if made.gone:
        lines.append(fields("gone", plural(len(made.gone), "question"), *made.gone[:NAMED]))
    return lines


def _date(day: int) -> tuple[str, str]:
    return date_of(day).isoformat(), WEEKDAYS[date_of(day).weekday()]


def _stands(tally: StandingCounts) -> list[str]:
    return [f"{count} {name}" for name, count in zip(STANDINGS, tally, strict=True)]


def _section_words(section: Section) -> Lines:
    name = (section.number or "-", section.id or "-")
    read = "read" if section.read is not None else "unread"
    recall = percent(section.recall) if section.recall is not None else "not reviewed"
    return [fields("page", *name, section.title, *_stands(section.tally), read), fields("recall", *name, recall)]


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


def show(made: Progress, terminal: Terminal) -> None:
    """Show a learner's progress, in the pager if it is long."""
    terminal.page(progress(made, terminal.look), f"Progress: {made.title}")
