"""Keep generated files current: the command reference, the man page, the pictures, and the JSON Schemas for editors.

python tools/docs.py            write them
python tools/docs.py --check    end with status 1 when one is stale
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
from html import escape
from pathlib import Path

from commands import as_man, as_markdown
from rich.console import Console
from rich.segment import Segment
from rich.theme import Theme

from synergy_cli.authoring.json_schema import schemas
from synergy_cli.cli.app import app
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files, built_in
from synergy_cli.history import progress
from synergy_cli.history.index import Counts
from synergy_cli.history.scheduler import Review, card_after
from synergy_cli.ui import elements, pages, quiz, theme
from synergy_cli.ui import progress as plots
from synergy_cli.ui.folding import unfolded
from synergy_cli.ui.theme import Look

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "src" / "synergy_cli" / "schemas"
COLUMNS, ROWS = 80, 34
PROGRESS_ROWS = 51
TODAY = 20779
KEEN, GOOD_AT_IT = 0.97, 0.85
CELL, LINE = 8.4, 18
PALETTE = {"default": "#d8dee9", "red": "#ff7b72", "green": "#7ee787", "yellow": "#e3b341", "blue": "#79c0ff"}
PALETTE |= {"magenta": "#d2a8ff", "cyan": "#56d4dd", "bright_magenta": "#d2a8ff", "bright_red": "#ff7b72"}


def pictures() -> dict[str, str]:
    """Draw what the program shows, as SVG that needs nothing from elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        course = Course(Files(built_in()), Cache(Path(folder)))
        look = Look(COLUMNS)
        page, sources = course.page("forms")
        explain = pages.page(page, sources, course.entries, look)
        question = next(question for question in course.questions if question.id == "k2-courier-idea")
        sheet = question.sheet(random.Random("7"))
        wrong = next(place for place, option in enumerate(sheet.options, 1) if option != question.key)
        marking = sheet.mark(str(wrong))
        asked = [
            *quiz.question(sheet, ["Question 3 of 10", course.page("k2")[0].title, question.level], look),
            *elements.blank(),
            *quiz.keys([(question.expects(sheet), "answer"), ("?", "hint"), ("s", "skip"), ("q", "stop")], look),
            *quiz.keys([(">", str(wrong))], look),
            *elements.blank(),
            *unfolded(quiz.feedback(sheet, marking, look, right=False, folded=True)),
            *elements.blank(),
            *quiz.keys([("Enter", "next"), ("e", "passage"), ("o", "sources"), ("u", "undo"), ("q", "stop")], look),
        ]
        drawn = plots.progress(learner(course), look)
    return {
        "explain.svg": svg(explain[:ROWS], "synergy explain forms"),
        "quiz.svg": svg(asked, "synergy quiz k2"),
        "progress.svg": svg(drawn[:PROGRESS_ROWS], "synergy progress"),
    }


def learner(course: Course) -> progress.Progress:
    """Make up a learner who has studied the first seven sections for some weeks."""
    rng = random.Random(3)
    begun = [item for item in course.outline if item.page in [entry.id for entry in course.entries[:7]]]
    cards, days = {}, dict.fromkeys(range(TODAY - 40, TODAY + 1), (0, 0))
    for place, item in enumerate(begun):
        reviews = [Review(TODAY - 38 + place * 30 // len(begun), 3)]
        while (card := card_after(*item.key, reviews)) and card.due <= TODAY and rng.random() < KEEN:
            reviews.append(Review(card.due, 3 if rng.random() < GOOD_AT_IT else 1))
        cards[item.key] = card_after(*item.key, reviews)
        for review in reviews:
            answers, right = days[review.day]
            days[review.day] = (answers + 1, right + (review.rating > 1))
    counts = {key: Counts(card.reviews, card.reviews - card.passes) for key, card in cards.items()}
    read = dict.fromkeys([entry.id for entry in course.entries[:8]], TODAY)
    confidences = {("guess", True): 4, ("guess", False): 7, ("unsure", True): 17, ("unsure", False): 6}
    confidences |= {("sure", True): 41, ("sure", False): 3}
    record = progress.LearnerData(cards, counts, read, days, confidences)
    return progress.compute(course.entries, course.outline, record, TODAY)


def svg(lines: elements.Lines, title: str) -> str:
    """Draw lines of a terminal."""
    console = Console(
        width=COLUMNS * 2, color_system="standard", force_terminal=True, theme=Theme(theme.STYLES), file=io.StringIO()
    )
    height = LINE * (len(lines) + 3)
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CELL * (COLUMNS + 4):.0f} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
        '<g font-family="ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="14" xml:space="preserve">',
    ]
    rows += [_row(Segment.simplify(line.render(console)), LINE * (number + 2)) for number, line in enumerate(lines)]
    return "\n".join([*rows, "</g>", "</svg>", ""])


def _row(segments: list[Segment], y: int) -> str:
    x, spans = CELL * 2, []
    for text, style, _ in segments:
        content = text.rstrip("\n")
        if content.strip():
            colour = PALETTE[style.color.name if style and style.color else "default"]
            weight = ' font-weight="bold"' if style and style.bold else ""
            slant = ' font-style="italic"' if style and style.italic else ""
            slant += ' opacity="0.6"' if style and style.dim else ""
            slant += ' text-decoration="underline"' if style and style.underline else ""
            length = f' textLength="{CELL * len(content):.1f}" lengthAdjust="spacingAndGlyphs"'
            spans.append(f'<tspan x="{x:.1f}"{length} fill="{colour}"{weight}{slant}>{escape(content)}</tspan>')
        x += CELL * len(content)
    return f'<text y="{y}">{"".join(spans)}</text>'


def fresh() -> dict[Path, str]:
    """Return the text of each generated file."""
    reference = {ROOT / "docs" / "commands.md": as_markdown(app), ROOT / "man" / "synergy.1": as_man(app)}
    drawn = {ROOT / "docs" / name: picture for name, picture in pictures().items()}
    for_editors = {
        SCHEMAS / f"{name}.schema.json": f"{json.dumps(shape, indent=2)}\n" for name, shape in schemas().items()
    }
    return reference | drawn | for_editors


def main() -> int:
    """Write or check."""
    stale = {path: text for path, text in fresh().items() if not path.exists() or path.read_text("utf-8") != text}
    if "--check" not in sys.argv:
        for path, text in stale.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    for path in stale:
        print(f"{path.relative_to(ROOT)} is out of date; run python tools/docs.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
