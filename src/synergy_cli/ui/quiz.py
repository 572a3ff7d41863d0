"""Views of questions, feedback and summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.ui.elements import Lines, brief_source, command, heading, joined
from synergy_cli.ui.layout import GLUE, flow, records, styled, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from synergy_cli.course.question import Marking, Question, Sheet
    from synergy_cli.course.sources import Source
    from synergy_cli.ui.theme import Look


LAST_SECONDS = 90


def question(sheet: Sheet, where: Sequence[str], look: Look) -> Lines:
    """Render a question: a line of facts, the stem, the options with numbers, their partners with letters."""
    listed = [_listed(label, text, look) for label, text in sheet.listed]
    parts = (listed[: len(sheet.options)], listed[len(sheet.options) :])
    return joined(
        [
            flow(styled(f" {look.glyphs.separator} ".join(where), "muted"), look.width),
            flow(styled(sheet.question.stem, "strong"), look.width),
            *([line for lines in part for line in lines] for part in parts),
        ]
    )


def stem(mark: str, text: str, look: Look) -> Lines:
    """Render a question's stem after a mark such as its number."""
    return flow(styled(text, "strong"), look.width, mark)


def time_left(seconds: float) -> str:
    """Return the time left, in minutes, or in seconds near the end."""
    return f"{seconds / 60:.0f} min left" if seconds >= LAST_SECONDS else f"{seconds:.0f} s left"


def exam_places(places: Sequence[tuple[int, str, str, bool]], look: Look) -> Lines:
    """Render the questions of an exam: number, whether unanswered or flagged, stem, and answer."""
    lines = heading("Your answers", look.width, look)
    for number, text, answer, flagged in places:
        mark = ", ".join([*(["unanswered"] if not answer else []), *(["flagged"] if flagged else [])])
        body = Text.assemble(
            (f"{mark}: " if mark else "", "near"), text, (f" {look.glyphs.arrow} {answer}", "muted") if answer else ""
        )
        lines += flow(body, look.width, f"{number:>3}  ")
    return lines


def _listed(label: str, text: str, look: Look) -> Lines:
    lines = flow(Text(text), look.width, f"  {label}  ")
    lines[0].stylize("key", 2, 2 + len(label))
    return lines


def keys(pairs: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Render the keys that work now, such as `1-4 answer · ? hint`."""
    text = Text()
    for place, (key, meaning) in enumerate(pairs):
        text.append(f" {look.glyphs.separator} " if place else "", "muted")
        text.append(key.replace(" ", GLUE), "key")
        text.append(f"{GLUE}{meaning.replace(' ', GLUE)}" if meaning else "", "muted")
    return flow(text, look.width)


def hint(text: str, look: Look) -> Lines:
    """Render a hint."""
    return flow(styled(text, "hint"), look.width, "Hint: ", "  ")


def remarks(texts: Iterable[str], look: Look) -> Lines:
    """Render remarks on an answer that is not marked yet."""
    return [line for text in texts for line in flow(styled(text, "near"), look.width, f"{look.glyphs.near} ")]


def feedback(
    question: Question, marking: Marking | None, sources: Mapping[str, Source], look: Look, *, right: bool
) -> Lines:
    """Render the verdict, why the given answer is wrong, the right answer with its rationale, and the sources.

    `marking` is None for a skipped question.
    """
    glyph, word, style = (look.glyphs.right, "Right.", "right") if right else (look.glyphs.wrong, "Wrong.", "wrong")
    if marking is None:
        glyph, word, style = look.glyphs.arrow, "Skipped.", "near"
    verdict = Text.assemble((f"{glyph} {word}", style))
    if marking is not None and not right:
        verdict.append(" Your answer: " + "; ".join(marking.given))
    lines = flow(verdict, look.width, "", "  ")
    for remark in marking.remarks if marking is not None else ():
        lines += flow(Text(remark), look.width, "  ")
    if not right:
        lines += _solution(question, look)
    lines += [Text(), *flow(Text(question.rationale), look.width, "  ")]
    for key in question.sources:
        if key in sources:
            lines += flow(brief_source(sources[key], look), look.width, "  Source: ", "    ")
    return lines


def _solution(question: Question, look: Look) -> Lines:
    if len(question.solution) == 1:
        return flow(Text.assemble(("Right answer: ", "right"), question.solution[0]), look.width, "  ", "    ")
    lines = flow(styled("Right answer:", "right"), look.width, "  ")
    return lines + [line for part in question.solution for line in flow(Text(part), look.width, "    ", "      ")]


def summary(
    score: str,
    by_page: Sequence[tuple[str, str, int, int]],
    sure: Sequence[Question],
    missed: Sequence[Question],
    look: Look,
) -> Lines:
    """Render the end of a session.

    `by_page` has page id, title, right and asked. `sure` has the questions answered wrong although the learner was
    sure; `missed`, the others that were not right on the first try.
    """
    parts = [flow(Text.assemble(("Result: ", "title"), score), look.width)]
    if by_page:
        rows = [[styled(identity, "key"), Text(title), Text(f"{r} of {a}")] for identity, title, r, a in by_page]
        header = [Text("Section"), Text("Title"), Text("Right")]
        drawn = None if look.plain else table(header, rows, look.width, look.glyphs.rule)
        parts.append(drawn or records(header, rows, look.width))
    for title, questions in (("Sure but wrong", sure), ("Missed", missed)):
        if questions:
            parts.append(heading(title, look.width, look))
            parts += [_miss(question, look) for question in questions]
    return joined(parts)


def _miss(question: Question, look: Look) -> Lines:
    lines = flow(Text(question.stem), look.width, f"{look.glyphs.bullet} ")
    lines += _solution(question, look)
    if question.passage:
        call = command(f"{look.program} explain {question.passage}")
        lines += flow(Text.assemble("Read: ", call), look.width, "  ", "    ")
    return lines
