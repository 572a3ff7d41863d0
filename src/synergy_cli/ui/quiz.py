"""Views of questions, feedback and summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from synergy_cli.course.page import Code, Paragraph
from synergy_cli.course.question import Part, Sheet, Verdict
from synergy_cli.records import NamedTuple
from synergy_cli.ui.elements import Lines, blank, cited, commands, heading, joined, labelled_command, paragraph
from synergy_cli.ui.folding import Piece, shortened, unfolded
from synergy_cli.ui.layout import GLUE, cells, flow, records, styled, table, written
from synergy_cli.ui.pages import PageView

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.question import MarkedPart, Marking, Question
    from synergy_cli.ui.theme import Look


LAST_SECONDS = 90
_DEEPER = " " * 4
"""The margin of a continued line below feedback with a margin of two."""


def resumed(fresh: int, missed: int, look: Look) -> Lines:
    """Render that a session is resumed: how many questions are left, and how many missed ones will be repeated."""
    sentences = [look.say("Resumed.")]
    if fresh:
        sentences.append(look.say_count("{number} question left.", "{number} questions left.", fresh))
    if missed:
        sentences.append(
            look.say_count(
                "{number} missed question will be repeated.", "{number} missed questions will be repeated.", missed
            )
        )
    return [*paragraph(" ".join(sentences), look), *blank()]


def early(look: Look) -> Lines:
    """Render that questions are asked early."""
    return [*paragraph(look.say("Nothing is due; the questions asked longest ago come early."), look), *blank()]


def unread_first(number: int, page: str, look: Look) -> Lines:
    """Render how many new questions are about unread sections, and the command to read the first one, given by id."""
    text = look.say_count("{number} question on unread sections.", "{number} questions on unread sections.", number)
    call = commands([(look.say("Read first:"), f"{look.program} explain {page}")], look)
    return [*paragraph(text, look), *call, *blank()]


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


def stem(lead: str, question: Question, look: Look) -> Lines:
    """Render a question's context, if it has one, and its stem, after a lead such as its number."""
    rest = " " * cells(lead)
    if not question.context:
        return text_lines(question, question.stem, look, (lead, rest), "strong")
    context = text_lines(question, question.context, look, (lead, rest))
    return joined([context, text_lines(question, question.stem, look, (rest, rest), "strong")])


def text_lines(
    question: Question, text: str, look: Look, margins: tuple[str, str] = ("", ""), style: str = ""
) -> Lines:
    """Render one of a question's texts: a small subset of Markdown that keeps lines and indentation.

    `margins` are for the first line and for all others.
    """
    first, rest = margins
    view = PageView(question.page, (), {}, look)
    lines: Lines = []
    for block in question.blocks(text):
        margin = rest if lines else first
        if isinstance(block, Code):
            code = [part for line in block.lines for part in view.blocks([Code((line,))], look.width - cells(rest))]
            drawn = [Text(rest if index else margin).append_text(line) for index, line in enumerate(code)]
        elif isinstance(block, Paragraph):
            inline = view.text(block.inlines)
            inline.stylize(style or "none")
            drawn = written(inline, look.width, margin, rest, look.glyphs.continued)
        lines += [Text(), *drawn] if lines else drawn
    return lines or [Text(first)]  # a fence with nothing in it


def _answer(question: Question, text: str, look: Look) -> Text:
    """Render an answer that fits into a sentence; typed text is literal."""
    if question.typed:
        return Text(text)
    return PageView(question.page, (), {}, look).text(
        inline for block in question.blocks(text) if isinstance(block, Paragraph) for inline in block.inlines
    )


def _answers(sheet: Sheet, label: Text, answers: Sequence[str], look: Look, margin: str = "") -> list[Piece]:
    """Render a label and answers with their numbers, in one sentence, or below the label if one has several lines.

    An answer that fits on a separate line, such as a command, is not broken after the label either.
    """
    question, codes = sheet.question, [sheet.code(Part(text)) for text in answers]
    parts = [_part(sheet, Part(text), look, (_DEEPER, _DEEPER)) for text in answers]
    below = [Piece("verdict", flow(label, look.width, margin)), *_apart(parts)]
    if any("\n" in text for text in answers):
        return below
    numbered = [f"{code}. " if code else "" for code in codes]
    texts = [
        Text(number).append_text(_answer(question, text, look)) for number, text in zip(numbered, answers, strict=True)
    ]
    sentence = flow(label.copy().append(" ").append_text(Text("; ").join(texts)), look.width, margin, _DEEPER)
    is_short = sum(len(piece.lines) for piece in below) == len(parts) + 1
    return below if len(sentence) == len(parts) + 1 and is_short else [Piece("answer", sentence)]


def _apart(parts: Iterable[Lines]) -> list[Piece]:
    """Return parts of an answer with a blank line between them."""
    return [Piece("answer", lines, apart=number > 0) for number, lines in enumerate(parts)]


def time_left(seconds: float, look: Look) -> str:
    """Return the time left, in minutes, or in seconds near the end."""
    if seconds >= LAST_SECONDS:
        return look.say("{minutes} min left", minutes=f"{seconds / 60:.0f}")
    return look.say("{seconds} s left", seconds=f"{seconds:.0f}")


class ExamSlot(NamedTuple):
    """One question of an exam: its number, the answer so far, part by part, and whether it is flagged."""

    number: int
    question: Question
    answer: tuple[str, ...]
    flagged: bool


def exam_slots(slots: Sequence[ExamSlot], look: Look) -> Lines:
    """Render the questions of an exam: number, whether unanswered or flagged, stem, and answer."""
    lines = heading(look.say("Your answers"), look.width, look)
    for number, question, given, flagged in slots:
        state = ", ".join(
            [*([look.say("unanswered")] if not given else []), *([look.say("flagged")] if flagged else [])]
        )
        body = Text.assemble((f"{state}: " if state else "", "near"), _first_line(question, question.stem, look))
        if given:
            answer = Text(f" {look.glyphs.arrow} ").append_text(brief_answer(question, given, look))
            answer.stylize_before("muted")
            body.append_text(answer)
        lines += flow(body, look.width, f"{number:>3}  ")
    return lines


def brief_answer(question: Question, given: Iterable[str], look: Look) -> Text:
    """Render an answer on one line: the first line of each of its parts; typed text is literal."""
    return Text("; ").join(Text(text) if question.typed else _first_line(question, text, look) for text in given)


def _first_line(question: Question, text: str, look: Look) -> Text:
    """Render the first line of a text without indentation, with an ellipsis if more lines follow."""
    unbroken = look._replace(width=4 * len(text) + 80)
    first, *more = [line for line in text_lines(question, text, unbroken) if line.plain.strip()] or [Text()]
    start = first[len(first.plain) - len(first.plain.lstrip()) :]
    return start.append(f" {look.glyphs.ellipsis}") if more else start


def _listed(question: Question, label: str, text: str, look: Look) -> Lines:
    lines = text_lines(question, text, look, (f"  {label}  ", " " * (len(label) + 4)))
    lines[0].stylize("key", 2, 2 + len(label))
    return lines


def keys(pairs: Sequence[tuple[str, str]], look: Look) -> Lines:
    """Render the keys that work now, such as `1-4 answer · ? hint`; a pair without a key is just a text."""
    text = Text()
    for index, (key, meaning) in enumerate(pairs):
        text.append(f" {look.glyphs.separator} " if index else "", "muted")
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


def feedback(sheet: Sheet, marking: Marking | None, look: Look, *, right: bool, folded: bool = False) -> list[Piece]:
    """Render the verdict, the given answer, why it is wrong, the right answer, the rationale and the sources.

    `marking` is None for a skipped question; `folded` keeps the sources on one line.
    """
    if marking is None:
        pieces = _without_answer("skipped", sheet, look)
    elif right:
        pieces = _confirmation(sheet, marking, look)
    else:
        pieces = _correction(sheet, marking, look)
    return [*pieces, *_reasons(sheet.question, look, folded=folded)]


def unanswered(sheet: Sheet, look: Look) -> list[Piece]:
    """Render feedback on a question without an answer: in an exam, it may not even have been seen."""
    return [*_without_answer("unanswered", sheet, look), *_reasons(sheet.question, look, folded=False)]


def _without_answer(verdict: str, sheet: Sheet, look: Look) -> list[Piece]:
    return [Piece("verdict", flow(_verdict(verdict, look), look.width)), *_solution(sheet, look)]


def _reasons(question: Question, look: Look, *, folded: bool) -> list[Piece]:
    """Render the rationale and the sources of a question."""
    reason = text_lines(question, question.rationale, look, ("  ", "  ")) if question.rationale else []
    cited = _sources(question, look, folded=folded)
    pieces = [Piece("reason", reason, apart=True)] if reason else []
    return [*pieces, Piece("sources", cited, apart=not reason)] if cited else pieces


def fitted(question: Question, pieces: Sequence[Piece], look: Look, room: int, above: int) -> tuple[Lines, bool]:
    """Return feedback that fits on the screen together with its question, and whether it is complete.

    The question begins `above` rows further up. If it would scroll away, its stem is repeated; then parts that do not
    fit are cut.

    Args:
        question: what was asked.
        pieces: as `feedback` returns them.
        look: what the output supports.
        room: rows for the question and the feedback.
        above: rows since the beginning of the question.
    """
    lines = [Text(), *unfolded(pieces), Text()]
    if above + len(lines) <= room:
        return lines, True
    context = [Piece("context", text_lines(question, question.context, look))] if question.context else []
    asked = Piece("stem", text_lines(question, question.stem, look, style="strong"), apart=True)
    lines, whole = shortened([*context, asked, pieces[0]._replace(apart=True), *pieces[1:]], room, look)
    return [Text(), *lines], whole


def _verdict(verdict: str, look: Look) -> Text:
    glyph, word, style = {
        "right": (look.glyphs.right, look.say("Right."), "right"),
        "wrong": (look.glyphs.wrong, look.say("Wrong."), "wrong"),
        "skipped": (look.glyphs.arrow, look.say("Skipped."), "near"),
        "unanswered": (look.glyphs.arrow, look.say("Not answered."), "near"),
    }[verdict]
    return Text.assemble((f"{glyph} {word}", style))


def _confirmation(sheet: Sheet, marking: Marking, look: Look) -> list[Piece]:
    """Render that an answer is right, and which one; only by its numbers if it has several listed parts.

    A remark on the spelling of a typed answer comes below it.
    """
    label = _verdict("right", look).append(f" {look.say('Your answer:')}")
    solution = sheet.question.solution
    if len(solution) == 1 or sheet.question.typed:
        notes = marking.remarks if marking.verdict is Verdict.RIGHT else ()
        answers = _answers(sheet, label, marking.given, look)
        return [*answers, *(Piece("reason", flow(Text(note), look.width, "  ", _DEEPER)) for note in notes)]
    codes = [sheet.code(part) for part in _as_listed(sheet, solution)]
    if all(codes):
        return [Piece("verdict", flow(label.append(f" {' '.join(codes)}"), look.width, "", _DEEPER))]
    return [Piece("verdict", flow(label, look.width)), *_parts(sheet, solution, look)]


def _correction(sheet: Sheet, marking: Marking, look: Look) -> list[Piece]:
    """Render what is wrong with an answer, and what is right."""
    wrong = _verdict("wrong", look)
    if not marking.parts:
        answers = _answers(sheet, wrong.append(f" {look.say('Your answer:')}"), marking.given, look)
        whys = [text_lines(sheet.question, remark, look, ("  ", "  ")) for remark in marking.remarks]
        return [*answers, *(Piece("reason", why) for why in whys), *_solution(sheet, look)]
    verdict = Text(" ").join([wrong, *map(Text, marking.remarks)])
    codes = [sheet.code(marked.part) for marked in marking.parts]
    if all(codes) and marking.parts[0].part.label.isdecimal():  # steps, which the right order lists once more
        verdict.append(f" {look.say('Your answer:')} {' '.join(codes)}")
        return [Piece("verdict", flow(verdict, look.width, "", _DEEPER)), *_solution(sheet, look)]
    pieces = [Piece("verdict", flow(verdict, look.width, "", _DEEPER)), *_marked_parts(sheet, marking.parts, look)]
    return pieces if _tells_all(marking) else [*pieces, *_solution(sheet, look)]


def _sources(question: Question, look: Look, *, folded: bool) -> Lines:
    """Render the sources as labels; with `folded`, as many as fit on one line, and the number of the others."""
    labels = [cited(label, url, look) for label, url in question.cited]
    between = styled(f" {look.glyphs.separator} ", "muted")
    if not folded:
        name = look.say("Source:") if len(labels) == 1 else look.say("Sources:")
        return (
            flow(styled(f"{name} ", "muted").append_text(between.join(labels)), look.width, "  ", _DEEPER)
            if labels
            else []
        )
    lines: Lines = []
    for kept in range(len(labels), 0, -1):
        more = [styled(f"+{len(labels) - kept}", "muted")] if kept < len(labels) else []
        lines = flow(between.join([*labels[:kept], *more]), look.width, "  ", _DEEPER)
        if len(lines) == 1:
            break
    return lines


def _tells_all(marking: Marking) -> bool:
    """Whether the marked parts show the whole right answer: each wrong part comes with any right one."""
    return all(part.right or part.remark or not part.part.label or part.left_out for part in marking.parts)


def _marked_parts(sheet: Sheet, parts: Sequence[MarkedPart], look: Look) -> list[Piece]:
    """Render the parts of an answer: right pairs only by their numbers, and omissions last."""
    pairs = [sheet.code(marked.part) for marked in parts if marked.right and marked.part.label]
    brief = bool(pairs) and all(pairs)
    right = Text.assemble((look.glyphs.right, "right"), f" {' '.join(pairs)}")
    pieces = [Piece("verdict", flow(right, look.width, "  "))] if brief else []
    for marked in parts:
        if not marked.left_out and not (brief and marked.right):
            pieces += _marked_part(sheet, marked, look)
    left_out = [marked.part for marked in parts if marked.left_out]
    if left_out:
        pieces.append(Piece("verdict", flow(styled(look.say("Right, but not chosen:"), "right"), look.width, "  ")))
        pieces += _parts(sheet, _as_listed(sheet, left_out), look)
    return pieces


def _marked_part(sheet: Sheet, marked: MarkedPart, look: Look) -> list[Piece]:
    """Render a part of an answer: whether it is right, what was given, and the right part or why it is wrong."""
    glyph, style = (look.glyphs.right, "right") if marked.right else (look.glyphs.wrong, "wrong")
    lines = _part(sheet, marked.part, look, (f"  {glyph} ", "    "))
    lines[0].stylize(style, 2, 2 + len(glyph))
    pieces, why = [Piece("answer", lines)], marked.remark
    deeper = " " * (6 + cells(_before(sheet.code(marked.part))))
    fix = next((part for part in sheet.question.solution if why and part.label == marked.part.label != ""), None)
    if fix is not None:
        first = f"    {look.glyphs.arrow} {_before(sheet.code(fix))}"
        deeper, why = " " * cells(first), why.removeprefix(fix.text).lstrip("\n")
        pieces.append(Piece("answer", text_lines(sheet.question, fix.text, look, (first, deeper))))
    return [*pieces, Piece("note", text_lines(sheet.question, why, look, (deeper, deeper)))] if why else pieces


def _before(code: str) -> str:
    """Return the number of a part, as written before it."""
    return f"{code}  " if code else ""


def _part(sheet: Sheet, part: Part, look: Look, margins: tuple[str, str]) -> Lines:
    """Render a part of an answer on one line, or its label and text separately if they have several lines."""
    question, (first, rest) = sheet.question, margins
    code = _before(sheet.code(part))
    if not part.label or part.label.isdecimal():
        lead = code or f"{part.label}{part.joint}"
        return text_lines(question, part.text, look, (f"{first}{lead}", rest + " " * cells(lead)))
    first, rest = f"{first}{code}", rest + " " * cells(code)
    if "\n" not in f"{part.label}{part.text}":
        colon = look.say(": ")
        pair = Text.assemble(_answer(question, part.label, look), colon, _answer(question, part.text, look))
        return flow(pair, look.width, first, f"{rest}  ")
    return text_lines(question, part.label, look, (first, rest)) + text_lines(
        question, part.text, look, (f"{rest}  ",) * 2
    )


def _solution(sheet: Sheet, look: Look) -> list[Piece]:
    solution = sheet.question.solution
    if len(solution) == 1:
        return _answers(sheet, styled(look.say("Right answer:"), "right"), [solution[0].text], look, "  ")
    label = flow(styled(look.say("Right answer:"), "right"), look.width, "  ")
    return [Piece("verdict", label), *_parts(sheet, _as_listed(sheet, solution), look)]


def _as_listed(sheet: Sheet, parts: Sequence[Part]) -> list[Part]:
    """Return parts sorted by option number, unless their order matters."""
    return sorted(parts, key=lambda part: "" if part.label else sheet.code(part))


def _parts(sheet: Sheet, parts: Sequence[Part], look: Look) -> list[Piece]:
    """Render parts of the right answer one below the other, with blank lines if one has several lines."""
    drawn = [_part(sheet, part, look, (_DEEPER, _DEEPER)) for part in parts]
    return _apart(drawn) if any("\n" in part.text for part in parts) else [Piece("answer", lines) for lines in drawn]


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
        parts.append(drawn or records(header, rows, look.width, look.say(": ")))
    for title, questions in ((look.say("Sure but wrong"), sure), (look.say("Missed"), missed)):
        if questions:
            parts.append(heading(title, look.width, look))
            parts += [_miss(question, look) for question in questions]
    return joined(parts)


def _miss(question: Question, look: Look) -> Lines:
    """Render a question that was missed, its right answer, where to read about it, and the id that commands take."""
    stem = text_lines(question, question.stem, look, (f"{look.glyphs.bullet} ", "  "))
    apart = [Text()] if "\n" in question.stem.strip() else []
    where: Lines = []
    if question.passage:
        call = f"{look.program} explain {question.passage}"
        where = labelled_command(look.say("Read:"), call, look, "  ", "    ")
    name = styled(f"({look.say('id {id}', id=question.id)})", "muted")
    if where and cells(f"{where[-1].plain} {name.plain}") <= look.width:
        where[-1].append(" ").append_text(name)
    else:
        where += flow(name, look.width, "  ", "    ")
    return [*stem, *apart, *unfolded(_solution(Sheet(question), look)), *where]
