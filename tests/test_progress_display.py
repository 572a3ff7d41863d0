"""How progress looks: snapshots of a fixed history, and what holds for every picture at every width."""

from __future__ import annotations

import io
import os
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import ROOT
from synergy_cli.course.course import QuestionOutline
from synergy_cli.course.page import ContentsEntry
from synergy_cli.course.typed import Short
from synergy_cli.history import progress, scheduler
from synergy_cli.history.index import Counts
from synergy_cli.history.progress import LearnerData
from synergy_cli.history.scheduler import STEP_WORDS, STEPS, Card, Measured
from synergy_cli.ui import elements, theme
from synergy_cli.ui import progress as view
from synergy_cli.ui.bars import apportion
from synergy_cli.ui.layout import cells
from synergy_cli.ui.terminal import DisplayOptions, Terminal
from synergy_cli.ui.theme import Look

SNAPSHOTS = ROOT / "tests" / "snapshots"
TODAY = 20777
"""Friday, 20 November 2026: two days of the last week are still to come."""
WIDTHS = [20, 40, 80, 120]
LOOKS = {
    "unicode": Look(80),
    "ascii": Look(80, glyphs=theme.ASCII, boxes=False),
    "plain": Look(80, glyphs=theme.ASCII, boxes=False, plain=True),
}
PAGES = (
    ("sky", "What is above", 9),
    ("sea", "What is below", 6),
    ("mountains", "What is between", 12),
    ("fire", "", 3),
)
NOTHING = LearnerData({}, {}, {}, {}, {})


def entries(pages=PAGES):
    return tuple(ContentsEntry(number, *page[:2], "", 3, (), ()) for number, page in enumerate(pages, start=1))


def outline(pages=PAGES):
    return tuple(
        QuestionOutline(f"{page}-{place}", 1, f"{page}#part-{place}")
        for page, _, size in pages
        for place in range(size)
    )


def card(item, place):
    """Make one of many cards: at each step in turn, due before, on and after today."""
    streak, passes, lapses = [(3, 4, 0), (1, 1, 0), (0, 2, 2), (5, 5, 1), (2, 2, 0)][place % 5]
    last = TODAY - place % 9
    return Card(item.id, 1, last, last, TODAY + place * 7 % 23 - 3, 4.0 + place, 5.0, 5, lapses, passes, streak)


def some(**changes):
    """Give the progress of a fixed history: each number of the picture is above zero somewhere, and zero elsewhere."""
    items = outline()
    counts = {item.key: Counts(5 + place % 3, place % 4) for place, item in enumerate(items[:20])}
    counts |= {(f"lost-{number}", 1): Counts(2, 1) for number in range(7)}
    days = {TODAY - back: (3 + back * 5 % 11, 2 + back * 3 % 5) for back in range(70) if back % 5 % 3}
    rated = {("guess", True): 7, ("guess", False): 9, ("unsure", True): 14, ("unsure", False): 7, ("sure", True): 30}
    cards = {item.key: card(item, place) for place, item in enumerate(items[:20])}
    record = LearnerData(cards, counts, {"sky": TODAY - 9, "sea": TODAY}, days, {**rated, ("sure", False): 9})
    changes = {
        "measured": (Measured(41, 33, 36_500_000), Measured(10, 9, 8_700_000), Measured(1, 1, 900_000)),
        **changes,
    }
    made = progress.compute(entries(), items, record._replace(**changes), TODAY)
    asked = "What is to be said of {}, if anything?"
    weakest = tuple(
        weak._replace(question=Short(id=weak.item.id, stem=asked.format(weak.item.id), key="all"))
        for weak in made.weakest
    )
    return made._replace(course="nature", title="Nature, as it is", weakest=weakest)


def with_counts(size):
    """Give the progress in a bank of so many questions a page, each reviewed and due today."""
    pages = (("a-page-with-a-name-that-is-rather-too-long-for-most-screens", "", size), ("b", "", 1))
    items = outline(pages)
    cards = {
        item.key: card(item, 0)._replace(question=item.id, due=TODAY + place % 2) for place, item in enumerate(items)
    }
    record = NOTHING._replace(
        cards=cards, counts={item.key: Counts(100, 50) for item in items}, days={TODAY: (size * 100, size * 50)}
    )
    return progress.compute(entries(pages), items, record, TODAY)


CASES = {
    "some": some(),
    "empty": progress.compute(entries(), outline(), NOTHING, TODAY),
    "only-read": progress.compute(entries(), outline(), NOTHING._replace(read={"sky": TODAY}), TODAY),
    "no-course": progress.compute((), (), NOTHING._replace(counts={("lost", 1): Counts(1, 0)}), TODAY),
    "no-pages": progress.compute(
        (), (QuestionOutline("q", 1, ""),), NOTHING._replace(counts={("q", 1): Counts(1, 0)}), TODAY
    ),
    "nothing-due": some(cards={}),
    "long-ago": some(days={}),
    "unrated": some(confidences={}),
    "nine-rated": some(confidences={("sure", True): 9}),
    "many": with_counts(2500),
}


def words(lines):
    return [line.plain for line in lines]


def drawn(made, way, width=80):
    return words(view.progress(made, LOOKS[way]._replace(width=width)))


def same(name, text):
    """Compare with the snapshot; SYNERGY_SNAPSHOTS=write takes new ones, to be looked at before they are kept."""
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("SYNERGY_SNAPSHOTS") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8")


class Stream(io.StringIO):
    encoding = "utf-8"


class AsciiStream(io.StringIO):
    encoding = "ascii"


SHOWN = {
    "mono": (Stream, DisplayOptions(color="never")),
    "colour": (Stream, DisplayOptions(color="always")),
    "ascii": (AsciiStream, DisplayOptions(color="never")),
    "plain": (Stream, DisplayOptions(plain=True)),
}


def shown(made, way, width):
    stream, wishes = SHOWN[way]
    out = stream()
    view.show(made, Terminal(None, out, None, {}, wishes._replace(width=width)))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("way", SHOWN)
def test_progress_looks_as_it_did(way, width):
    same(f"progress-{way}-{width}", shown(CASES["some"], way, width))


@pytest.mark.parametrize("width", [40, 80])
def test_the_first_progress_looks_as_it_did(width):
    same(f"progress-empty-{width}", shown(CASES["empty"], "mono", width))


def test_a_plain_picture_is_the_same_at_every_width():
    assert {shown(CASES["some"], "plain", width) for width in WIDTHS} == {shown(CASES["some"], "plain", 80)}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("way", ["unicode", "ascii"])
@pytest.mark.parametrize("case", CASES)
def test_no_line_is_wider_than_the_screen_or_ends_in_blanks(case, way, width):
    lines = drawn(CASES[case], way, width)
    assert [line for line in lines if cells(line) > width or line != line.rstrip()] == []


@given(width=st.integers(20, 200), case=st.sampled_from(sorted(CASES)))
def test_no_line_is_too_wide_at_any_width(width, case):
    assert max(cells(line) for line in drawn(CASES[case], "unicode", width)) <= width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("way", ["ascii", "plain"])
def test_a_picture_in_ascii_is_ascii(case, way, width):
    assert all(line.isascii() for line in drawn(CASES[case], way, width))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", CASES)
def test_every_word_is_there_at_every_width(case, width):
    """A picture may change its form; the words and numbers that every form has are looked for one by one."""
    text = re.sub(r"\s", "", "".join(drawn(CASES[case], "unicode", width)))
    made = CASES[case]
    wanted = [weak.stem for weak in made.weakest] + [weak.item.passage for weak in made.weakest]
    wanted += [section.id or section.title for section in made.sections] if made.answers else []
    wanted += [*made.gone[:5], *([f"{made.due[0]} due today"] if any(made.due) else [])]
    wanted += [f"{made.calibration.brier:.3f}"] if not made.calibration.missing else []
    assert [word for word in wanted if re.sub(r"\s", "", word) not in text] == []


def test_the_signs_of_the_steps_differ():
    for glyphs in (theme.UNICODE, theme.ASCII):
        assert len(set(glyphs.steps)) == len(STEPS) == len(glyphs.steps)
        assert len(set(glyphs.heat)) == len(glyphs.heat) == 5
        assert all(cells(sign) == 1 for sign in glyphs.steps + glyphs.heat + glyphs.levels + glyphs.line + glyphs.track)


def test_the_numbers_beside_the_bars_are_those_of_the_document():
    made = CASES["some"]
    lines = drawn(made, "unicode")
    for section in progress.document(made)["sections"]:
        line = next(line for line in lines if re.match(rf" *{section['number']} [✓ ] {section['id']} ", line))
        bar, numbers, recall = re.fullmatch(r".{9,}?  ([█▓▒░·]+) +((?:\d+ +){4}\d+)(?:  [━─]+ +(\d+)%)?", line).groups()
        counts = [section[name] for name in STEPS]
        assert list(map(int, numbers.split())) == counts
        cell = len(bar) // sum(counts)
        assert [bar.count(sign) for sign in "█▓▒░·"] == [count * cell for count in counts]
        assert (int(recall) if recall else None) == (
            None if section["recall"] is None else int(section["recall"] * 100)
        )
    totals = progress.document(made)["totals"]
    assert (
        "  ".join(f"{sign} {totals[name]} {STEP_WORDS[name]}" for sign, name in zip("█▓▒░·", STEPS, strict=True))
        in lines
    )


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_reviews_drawn_are_those_of_the_document(width):
    made = CASES["some"]
    lines = drawn(made, "unicode", width)
    counts = [day["questions"] for day in progress.document(made)["due"]]
    block = lines[lines.index("§ Reviews due") : lines.index("§ Last 12 weeks")]
    if width == 40:
        rows = [re.match(r"(now|[A-Z]..) +(\d+) +(\d+)( █+)?$", line) for line in block]
        assert [int(row[3]) for row in rows if row] == counts
    else:
        start = next(number for number, line in enumerate(block) if line.startswith("now"))
        pitch = block[start].index("Sat")
        columns = [
            "".join(line[at : at + pitch] for line in block[3 : start - 1]) for at in range(0, pitch * 14, pitch)
        ]
        assert [int("".join(re.findall(r"\d", column)) or 0) for column in columns] == counts
        dates = [int(block[start + 1][at : at + pitch]) for at in range(0, pitch * 14, pitch)]
        assert dates == [(scheduler.date_of(TODAY) + timedelta(days=ahead)).day for ahead in range(14)]


@pytest.mark.parametrize(("width", "margin", "pitch"), [(20, 4, 1), (40, 4, 3), (80, 8, 4)])
def test_the_calendar_drawn_is_that_of_the_document(width, margin, pitch):
    made = CASES["some"]
    lines = drawn(made, "unicode", width)
    text = " ".join(lines)
    days = progress.document(made)["calendar"]
    legend = {
        sign: (int(low), int(high or low))
        for sign, low, high in re.findall(r"([░▒▓█])\1* (\d+)(?:-(\d+))?", text[text.index("Answers a day") :])
    }
    for weekday, name in enumerate(view.WEEKDAYS):
        line = next(
            line for line in lines if line.startswith(f"{name} ") and set(line[margin:]) <= set(" ·░▒▓█")
        ).ljust(120)
        for week in range(12):
            day, cell = days[week * 7 + weekday], line[margin + week * pitch :][:pitch].strip()
            if day["day"] > "2026-11-20":
                assert cell == ""
            elif not day["answers"]:
                assert cell == "·"
            else:
                low, high = legend[cell[0]]
                assert low <= day["answers"] <= high


def test_plain_lines_say_what_the_document_says():
    made = CASES["some"]
    document = progress.document(made)
    rows = [line.split("\t") for line in drawn(made, "plain")]
    labelled = {label: [row[1:] for row in rows if row[0] == label] for label, *_ in rows}
    assert list(labelled) == [
        "total",
        "page",
        "recall",
        "due",
        "overdue",
        "later",
        "day",
        "measured",
        "confidence",
        "weak",
        "gone",
    ]
    for row, section in zip(labelled["page"], document["sections"], strict=True):
        assert row[:2] == [str(section["number"]), section["id"]]
        assert row[3:8] == [f"{section[name]} {STEP_WORDS[name]}" for name in STEPS]
        assert row[8] == ("read" if section["read"] else "unread")
    assert [(row[0], int(row[2].split()[0])) for row in labelled["due"]] == [
        (day["day"], day["questions"]) for day in document["due"]
    ]
    assert [(row[0], int(row[2].split()[0]), int(row[3].split()[0])) for row in labelled["day"]] == [
        (day["day"], day["answers"], day["right"]) for day in document["calendar"] if day["answers"]
    ]
    assert labelled["overdue"] == [[f"{document['overdue']} questions"]]
    assert labelled["later"] == [[f"{document['due_later']} questions"]]
    assert [row[0] for row in labelled["weak"]] == [weak["id"] for weak in document["weakest"]]
    assert labelled["weak"][0][-2:] == [
        f"synergy explain {made.weakest[0].item.passage}",
        f"synergy quiz {made.weakest[0].item.passage} --practice",
    ]
    assert labelled["gone"] == [["7 questions", *document["gone"]["ids"][:5]]]


def test_an_empty_history_reads_well():
    assert drawn(CASES["empty"], "unicode") == [
        "Progress",
        "",
        "No answers yet: 30 questions are waiting. Answer a few to see here how far you",
        "are, and what is due when.",
        "",
        "Begin: synergy quiz",
    ]
    assert drawn(CASES["only-read"], "unicode")[2].startswith("You have read 1 of 4 sections. No answers yet: ")
    (line,) = drawn(CASES["empty"], "plain")
    assert line.split("\t")[::2] == ["start", "synergy quiz"]


def test_the_way_on_names_how_the_program_was_called():
    look = Look(80, program="synergy --course nature")
    text = "\n".join(words(view.progress(CASES["some"], look)))
    assert "synergy --course nature explain mountains" in text
    assert not re.search(r"synergy (?!--course nature)(quiz|explain)", text)


def test_a_question_just_missed_is_not_said_to_be_known():
    item = QuestionOutline("q", 1, "sky#part")
    just = Card("q", 1, TODAY - 1, TODAY, TODAY + 1, 0.2, 7.0, 2, 1, 0, 0)

    def after(card):
        record = NOTHING._replace(cards={item.key: card}, counts={item.key: Counts(1, 1)})
        return progress.compute(entries(), (item,), record, TODAY)

    first = " ".join(drawn(after(just._replace(first=TODAY, reviews=1)), "unicode"))
    assert "seen · not due yet · missed 1 of 1" in first
    assert "predicted recall" not in first
    assert "recall\t1\tsky\tnever due" in drawn(after(just._replace(first=TODAY, reviews=1)), "plain")
    made = after(just)
    text = " ".join(drawn(made, "unicode"))
    assert "Recall of the 1 question that was reviewed today counts as 100%" in text
    assert "seen · reviewed today · missed 1 of 1" in text
    assert "None due today; 1 in the 13 days after." in text
    assert "1 question that was reviewed today" in " ".join(drawn(made, "plain"))


def test_recall_is_measured_once_there_are_ten_reviews():
    text = " ".join(drawn(CASES["some"], "unicode"))
    assert "After 4 to 14 days: 80% of 41 recalled, 89% predicted After 15 to 59 days: 90% of 10 recalled" in text
    assert "After 60 days or more: 1 review; shown from 10 on" in text
    assert "Questions that come back after 4 days or more" in " ".join(drawn(with_counts(3), "unicode"))
    rows = [line.split("\t") for line in drawn(CASES["some"], "plain") if line.startswith("measured")]
    assert rows[1:] == [
        ["measured", "After 15 to 59 days", "90% of 10 recalled, 87% predicted"],
        ["measured", "After 60 days or more", "1 review; shown from 10 on"],
    ]


def test_below_ten_rated_answers_the_missing_ones_are_counted():
    text = " ".join(drawn(CASES["nine-rated"], "unicode"))
    assert "After 1 more answer rated for confidence" in text
    assert "synergy quiz --confidence" in text
    assert "After 10 answers rated for confidence" in " ".join(drawn(CASES["unrated"], "unicode"))
    assert "Brier score" in " ".join(drawn(some(confidences={("sure", True): 10}), "unicode"))


@pytest.mark.parametrize(
    ("share", "written"),
    [(0, "0%"), (0.001, "1%"), (0.016, "1%"), (0.29, "29%"), (0.996, "99%"), (0.9999999, "99%"), (1, "100%")],
)
def test_a_share_is_rounded_down_and_only_nothing_is_zero(share, written):
    assert elements.percent(share) == written


@given(counts=st.lists(st.integers(0, 500), min_size=4, max_size=4).filter(any), length=st.integers(4, 200))
def test_a_bar_is_parted_without_rest_and_shows_all_that_is_there(counts, length):
    sizes = apportion(counts, length)
    assert sum(sizes) == length
    assert [size > 0 for size in sizes] == [count > 0 for count in counts]
    exact = [length * count / sum(counts) for count in counts]
    assert all(abs(size - share) <= 4 for size, share in zip(sizes, exact, strict=True))


@given(counts=st.lists(st.integers(0, 300), min_size=1).filter(any))
def test_levels_rise_and_hold_every_day(counts):
    edges = view.heat_levels(counts, 4)
    assert edges == sorted(set(edges))
    assert 1 <= len(edges) <= 4
    assert edges[0] >= 1
    assert edges[-1] == max(counts)


def test_one_long_day_does_not_make_the_others_pale():
    assert view.heat_levels([4, 8, 12, 16] * 5 + [400], 4) == [4, 8, 12, 400]
    assert view.heat_levels([1, 1, 1], 4) == [1]
    assert view.heat_levels([0, 250], 4) == [250]
