"""Views of questions, feedback and summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.course.page import Code, Paragraph
from synergy_cli.course.question import Verdict
from synergy_cli.ui.elements import Lines, brief_source, command, heading, joined
from synergy_cli.ui.layout import GLUE, cells, flow, records, styled, table, written
from synergy_cli.ui.pages import PageView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from synergy_cli.course.question import MarkedPart, Marking, Part, Question, Sheet
    from synergy_cli.course.sources import Source
    from synergy_cli.ui.theme import Look


LAST_SECONDS = 90
_DEEPER = " " * 4
"""The margin of what goes on from the line above, below feedback that has a margin of two."""


def question(sheet: Sheet, where: Sequence[str], look: Look) -> Lines:
    """Render a question: a line of facts, context and stem, the options with numbers, their partners with letters."""
    listed = [_listed(sheet.question, label, text, look) for label, text in sheet.listed]
    parts = (listed[: len(sheet.options)], listed[len(sheet.options) :])
    apart = any("\n" in text for _, text in sheet.listed)
    return joined(
        [
            flow(styled(f" {look.glyphs.separator} ".join(where), "muted"), look.width),
            stem("", sheet.question, look),
            *(joined(part) if apart else [line for lines in part for line in lines] for part in parts),
        ]
    )


def stem(mark: str, question: Question, look: Look) -> Lines:
    """Render a question's context, if it has one, and its stem, after a mark such as its number."""
    rest = " " * cells(mark)
    if not question.context:
        return text_lines(question, question.stem, look, (mark, rest), "strong")
    context = text_lines(question, question.context, look, (mark, rest))
    return joined([context, text_lines(question, question.stem, look, (rest, rest), "strong")])


def text_lines(
    question: Question, text: str, look: Look, margins: tuple[str, str] = ("", ""), style: str = ""
) -> Lines:
    """Render one of a question's texts: Markdown of a small kind, its lines and their indentation as written.

    `margins` are those of the first line and of all others.
    """
    first, rest = margins
    view = PageView(question.page, (), {}, look)
    lines: Lines = []
    for block in question.blocks(text):
        margin = rest if lines else first
        if isinstance(block, Code):
            code = [part for line in block.lines for part in view.blocks([Code((line,))], look.width - cells(rest))]
            drawn = [Text(rest if place else margin).append_text(line) for place, line in enumerate(code)]
        elif isinstance(block, Paragraph):
            inline = view.text(block.inlines)
            inline.stylize(style or "none")
            drawn = written(inline, look.width, margin, rest, look.glyphs.continued)
        lines += [Text(), *drawn] if lines else drawn
    return lines or [Text(first)]  # a fence with nothing in it


def _answer(question: Question, text: str, look: Look) -> Text:
    """Render an answer that fits into a sentence; what is typed is literal."""
    if question.typed:
        return Text(text)
    return PageView(question.page, (), {}, look).text(
        inline for block in question.blocks(text) if isinstance(block, Paragraph) for inline in block.inlines
    )


def _answers(question: Question, label: Text, answers: Sequence[str], look: Look, margin: str = "") -> Lines:
    """Render a label and answers: in one sentence, or below it if one has several lines."""
    if not any("\n" in text for text in answers):
        texts = [_answer(question, text, look) for text in answers]
        return flow(label.append(" ").append_text(Text("; ").join(texts)), look.width, margin, _DEEPER)
    parts = [text_lines(question, text, look, (_DEEPER, _DEEPER)) for text in answers]
    return flow(label, look.width, margin) + joined(parts)


def time_left(seconds: float, look: Look) -> str:
    """Return the time left, in minutes, or in seconds near the end."""
    if seconds >= LAST_SECONDS:
        return look.say("{minutes} min left", minutes=f"{seconds / 60:.0f}")
    return look.say("{seconds} s left", seconds=f"{seconds:.0f}")


def exam_places(places: Sequence[tuple[int, Question, tuple[str, ...], bool]], look: Look) -> Lines:
    """Render the questions of an exam: number, whether unanswered or flagged, stem, and answer."""
    lines = heading(look.say("Your answers"), look.width, look)
    for number, question, given, flagged in places:
        mark = ", ".join(
            [*([look.say("unanswered")] if not given else []), *([look.say("flagged")] if flagged else [])]
        )
        body = Text.assemble((f"{mark}: " if mark else "", "near"), _first_line(question, question.stem, look))
        if given:
            answer = Text(f" {look.glyphs.arrow} ").append_text(brief_answer(question, given, look))
            answer.stylize_before("muted")
            body.append_text(answer)
        lines += flow(body, look.width, f"{number:>3}  ")
    return lines


def brief_answer(question: Question, given: Iterable[str], look: Look) -> Text:
    """Render an answer on one line: the first line of each of its parts; what is typed is literal."""
    return Text("; ").join(Text(text) if question.typed else _first_line(question, text, look) for text in given)


def _first_line(question: Question, text: str, look: Look) -> Text:
    """Render the first line of a text without its indentation, and an ellipsis if there are more."""
    unbroken = look._replace(width=4 * len(text) + 80)
    first, *more = [line for line in text_lines(question, text, unbroken) if line.plain.strip()] or [Text()]
    start = first[len(first.plain) - len(first.plain.lstrip()) :]
    return start.append(f" {look.glyphs.ellipsis}") if more else start


def _listed(question: Question, label: str, text: str, look: Look) -> Lines:
    lines = text_lines(question, text, look, (f"  {label}  ", " " * (len(label) + 4)))
    lines[0].stylize("key", 2, 2 + len(label))
    return lines


def keys(pairs: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Render the keys that work now, such as `1-4 answer · ? hint`; a pair without a key is said as it is."""
    text = Text()
    for place, (key, meaning) in enumerate(pairs):
        text.append(f" {look.glyphs.separator} " if place else "", "muted")
        text.append(key.replace(" ", GLUE), "key")
        text.append(f"{GLUE if key else ''}{meaning.replace(' ', GLUE)}", "muted")
    return flow(text, look.width)


def hint(question: Question, look: Look) -> Lines:
    """Render a question's hint."""
    if not question.hint:
        return flow(styled(look.say("This question has no hint."), "hint"), look.width)
    return text_lines(question, question.hint, look, (f"{look.say('Hint:')} ", "  "), "hint")


def remarks(texts: Iterable[str], look: Look) -> Lines:
    """Render remarks on an answer that is not marked yet."""
    return [line for text in texts for line in flow(styled(text, "near"), look.width, f"{look.glyphs.near} ")]


def feedback(
    question: Question, marking: Marking | None, sources: Mapping[str, Source], look: Look, *, right: bool
) -> Lines:
    """Render the verdict, why the given answer is wrong, the right answer, its rationale and the sources.

    `marking` is None for a skipped question.
    """
    lines = _praise(marking, look) if right else _correction(question, marking, look)
    return lines + _reasons(question, sources, look)


def _praise(marking: Marking | None, look: Look) -> Lines:
    """Render that an answer is right, and what there is to say about its spelling."""
    notes = marking.remarks if marking is not None and marking.verdict is Verdict.RIGHT else ()
    return flow(Text(" ").join([_verdict("right", look), *map(Text, notes)]), look.width, "", _DEEPER)


def review(question: Question, marking: Marking | None, sources: Mapping[str, Source], look: Look) -> Lines:
    """Render feedback as after an exam: a right answer is shown too, because it was given long before."""
    if marking is None or marking.verdict is not Verdict.RIGHT:
        return feedback(question, marking, sources, look, right=False)
    label = _verdict("right", look).append(f" {look.say('Your answer:')}")
    if len(question.solution) == 1:
        lines = _answers(question, label, marking.given, look)
    else:
        lines = flow(label, look.width) + _parts(question, look)
    return lines + _reasons(question, sources, look)


def _verdict(verdict: str, look: Look) -> Text:
    glyph, word, style = {
        "right": (look.glyphs.right, look.say("Right."), "right"),
        "wrong": (look.glyphs.wrong, look.say("Wrong."), "wrong"),
        "skipped": (look.glyphs.arrow, look.say("Skipped."), "near"),
    }[verdict]
    return Text.assemble((f"{glyph} {word}", style))


def _correction(question: Question, marking: Marking | None, look: Look) -> Lines:
    """Render what is wrong with an answer, and what is right."""
    if marking is None:
        return flow(_verdict("skipped", look), look.width) + _solution(question, look)
    wrong = _verdict("wrong", look)
    if marking.parts:
        lines = flow(Text(" ").join([wrong, *map(Text, marking.remarks)]), look.width, "", _DEEPER)
        lines += [line for part in marking.parts for line in _marked_part(question, part, look)]
    else:
        lines = _answers(question, wrong.append(f" {look.say('Your answer:')}"), marking.given, look)
        lines += [line for remark in marking.remarks for line in text_lines(question, remark, look, ("  ", "  "))]
    return lines if _tells_all(marking) else lines + _solution(question, look)


def _reasons(question: Question, sources: Mapping[str, Source], look: Look) -> Lines:
    """Render a question's rationale and its sources."""
    lines = [Text(), *text_lines(question, question.rationale, look, ("  ", "  "))] if question.rationale else []
    for key in question.sources:
        if key in sources:
            lines += flow(brief_source(sources[key], look), look.width, f"  {look.say('Source:')} ", "    ")
    return lines


def _tells_all(marking: Marking) -> bool:
    """Whether the marked parts tell the whole right answer: a wrong one has the right one beside it, or none."""
    return bool(marking.parts) and all(
        part.right or part.remark or not part.part.label or part.left_out for part in marking.parts
    )


def _marked_part(question: Question, marked: MarkedPart, look: Look) -> Lines:
    """Render a part of an answer: whether it is right, what was given, and why it is wrong or what is right."""
    glyph, style = (look.glyphs.right, "right") if marked.right else (look.glyphs.wrong, "wrong")
    lines = _part(question, marked.part, look, (f"  {glyph} ", "    "))
    lines[0].stylize(style, 2, 2 + len(glyph))
    if marked.left_out:
        lines += flow(styled(look.say("right, but not chosen"), "muted"), look.width, " " * 6)
    elif marked.remark:
        first = f"    {look.glyphs.arrow} " if marked.part.label else " " * 6
        lines += text_lines(question, marked.remark, look, (first, " " * cells(first)))
    return lines


def _part(question: Question, part: Part, look: Look, margins: tuple[str, str]) -> Lines:
    """Render a part of an answer on one line, or its label and text on lines of their own where they have several."""
    first, rest = margins
    lead = f"{part.label}{part.joint}"
    if not part.label or part.label.isdecimal():
        return text_lines(question, part.text, look, (f"{first}{lead}", rest + " " * cells(lead)))
    if "\n" not in f"{part.label}{part.text}":
        pair = Text.assemble(_answer(question, part.label, look), part.joint, _answer(question, part.text, look))
        return flow(pair, look.width, first, f"{rest}  ")
    return text_lines(question, part.label, look, margins) + text_lines(question, part.text, look, (f"{rest}  ",) * 2)


def _solution(question: Question, look: Look) -> Lines:
    if len(question.solution) == 1:
        return _answers(question, styled(look.say("Right answer:"), "right"), [question.solution[0].text], look, "  ")
    return flow(styled(look.say("Right answer:"), "right"), look.width, "  ") + _parts(question, look)


def _parts(question: Question, look: Look) -> Lines:
    """Render the parts of the right answer below each other, set apart if one has several lines."""
    parts = [_part(question, part, look, (_DEEPER, _DEEPER)) for part in question.solution]
    apart = any("\n" in part.text for part in question.solution)
    return joined(parts) if apart else [line for part in parts for line in part]


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
    parts = [flow(Text.assemble((f"{look.say('Result:')} ", "title"), score), look.width)]
    if by_page:
        rows = [
            [styled(identity, "key"), Text(title), Text(look.say("{right} of {asked}", right=r, asked=a))]
            for identity, title, r, a in by_page
        ]
        header = [Text(look.say("Section")), Text(look.say("Title")), Text(look.say("Right"))]
        drawn = None if look.plain else table(header, rows, look.width, look.glyphs.rule)
        parts.append(drawn or records(header, rows, look.width))
    for title, questions in ((look.say("Sure but wrong"), sure), (look.say("Missed"), missed)):
        if questions:
            parts.append(heading(title, look.width, look))
            parts += [_miss(question, look) for question in questions]
    return joined(parts)


def _miss(question: Question, look: Look) -> Lines:
    asked = text_lines(question, question.stem, look, (f"{look.glyphs.bullet} ", "  "))
    apart = [Text()] if "\n" in question.stem.strip() else []
    lines = [*asked, *apart, *_solution(question, look)]
    if question.passage:
        call = command(f"{look.program} explain {question.passage}")
        lines += flow(Text.assemble(f"{look.say('Read:')} ", call), look.width, "  ", "    ")
    return lines
