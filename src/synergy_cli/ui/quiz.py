"""Questions, feedback and summaries, drawn."""

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
    """Draw a question.

    Args:
        sheet: with its options in this order.
        where: facts for the line above it: how far, which page.
        look: what can be drawn.

    Returns:
        The lines: where we are, the stem, the options under numbers, the partners under letters.
    """
    listed = [_listed(sign, text, look) for sign, text in sheet.listed]
    parts = (listed[: len(sheet.options)], listed[len(sheet.options) :])
    return joined(
        [
            flow(styled(f" {look.glyphs.separator} ".join(where), "muted"), look.width),
            flow(styled(sheet.question.stem, "strong"), look.width),
            *([line for lines in part for line in lines] for part in parts),
        ]
    )


def stem(mark: str, text: str, look: Look) -> Lines:
    """Draw a question's stem again, after a mark such as its number."""
    return flow(styled(text, "strong"), look.width, mark)


def time_left(seconds: float) -> str:
    """Say how long is left, in minutes, and in seconds at the end."""
    return f"{seconds / 60:.0f} min left" if seconds >= LAST_SECONDS else f"{seconds:.0f} s left"


def exam_places(places: Sequence[tuple[int, str, str, bool]], look: Look) -> Lines:
    """Draw how the questions of an exam stand.

    Args:
        places: number, stem, what was answered or empty, and whether it is flagged.
        look: what can be drawn.

    Returns:
        The lines: those that are open or flagged say so first.
    """
    lines = heading("Your answers", look.width, look)
    for number, text, answer, flagged in places:
        mark = ", ".join([*(["unanswered"] if not answer else []), *(["flagged"] if flagged else [])])
        body = Text.assemble(
            (f"{mark}: " if mark else "", "near"), text, (f" {look.glyphs.arrow} {answer}", "muted") if answer else ""
        )
        lines += flow(body, look.width, f"{number:>3}  ")
    return lines


def _listed(sign: str, text: str, look: Look) -> Lines:
    lines = flow(Text(text), look.width, f"  {sign}  ")
    lines[0].stylize("key", 2, 2 + len(sign))
    return lines


def keys(pairs: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Draw the keys that work now, `1-4 answer · ? hint`."""
    text = Text()
    for place, (key, meaning) in enumerate(pairs):
        text.append(f" {look.glyphs.separator} " if place else "", "muted")
        text.append(key.replace(" ", GLUE), "key")
        text.append(f"{GLUE}{meaning.replace(' ', GLUE)}" if meaning else "", "muted")
    return flow(text, look.width)


def hint(text: str, look: Look) -> Lines:
    """Draw a hint."""
    return flow(styled(text, "hint"), look.width, "Hint: ", "  ")


def remarks(texts: Iterable[str], look: Look) -> Lines:
    """Draw remarks on an answer that is not marked yet."""
    return [line for text in texts for line in flow(styled(text, "near"), look.width, f"{look.glyphs.near} ")]


def feedback(
    question: Question, marking: Marking | None, sources: Mapping[str, Source], look: Look, *, right: bool
) -> Lines:
    """Draw what follows an answer.

    Args:
        question: that was asked.
        marking: of the answer; None when it was skipped.
        sources: by key.
        look: what can be drawn.
        right: whether it was right.

    Returns:
        The lines: the verdict as a sign and a word, why the given answer is wrong, what is right and why, the sources.
    """
    sign, word, style = (look.glyphs.right, "Right.", "right") if right else (look.glyphs.wrong, "Wrong.", "wrong")
    if marking is None:
        sign, word, style = look.glyphs.arrow, "Skipped.", "near"
    verdict = Text.assemble((f"{sign} {word}", style))
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
    said: str,
    by_page: Sequence[tuple[str, str, int, int]],
    sure: Sequence[Question],
    missed: Sequence[Question],
    look: Look,
) -> Lines:
    """Draw the end of a session.

    Args:
        said: the result in a few words.
        by_page: page id, its title, right, answered.
        sure: the questions that were wrong although the learner was sure; they come first.
        missed: the others that were not right at the first try.
        look: what can be drawn.

    Returns:
        The lines.
    """
    parts = [flow(Text.assemble(("Result: ", "title"), said), look.width)]
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
        way = command(f"{look.program} explain {question.passage}")
        lines += flow(Text.assemble("Read: ", way), look.width, "  ", "    ")
    return lines
