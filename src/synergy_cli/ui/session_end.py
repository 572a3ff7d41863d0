"""Views of the end of a session or an exam: what was right, what comes next, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.course.question import Sheet
from synergy_cli.languages import say, say_count
from synergy_cli.records import NamedTuple
from synergy_cli.ui import elements, quiz
from synergy_cli.ui.folding import unfolded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synergy_cli.course.question import Marking, Question
    from synergy_cli.ui.theme import Look


class Score(NamedTuple):
    """What was right.

    Attributes:
        right: the number of questions right on the first try.
        asked: the number of questions asked.
        by_page: id, title, right and asked of each page.
        sure: the questions that were answered wrong although the learner was sure.
        missed: the other questions that were not right on the first try.
    """

    right: int
    asked: int
    by_page: Sequence[tuple[str, str, int, int]]
    sure: Sequence[Question] = ()
    missed: Sequence[Question] = ()


class ExamScore(NamedTuple):
    """The score of an exam.

    Attributes:
        shares: from 0 to 1: right, right with partial credit, and right corrected for guessing.
        pass_mark: the pass mark in percent, if there is one.
        passed: whether it is reached.
        unsaved: a sentence on answers that are not saved, or empty.
    """

    score: Score
    shares: tuple[float, float, float]
    pass_mark: int | None
    passed: bool
    unsaved: str


class Outlook(NamedTuple):
    """What can be asked next of the sections and tags of a quiz.

    Attributes:
        call: the arguments that quiz on the same sections and tags.
        chosen: these sections and these tags, as typed; empty ones are left out.
        today: the study day.
        due: the number of questions that are due.
        new: the number of new questions that are left for today.
        limit: how many new questions are asked per day.
        usual_limit: whether that is so without an option.
        started: the number of new questions started today.
        held_back: the number of new questions beyond the limit.
        more: the limit that allows another session of new questions today.
        next_due: the study day of the next review, if there is one.
        next_count: the number of reviews on that day.
        early: whether questions that are not due can be asked early.
        aside: the number of questions that are set aside.
    """

    call: str
    chosen: Sequence[str]
    today: int
    due: int
    new: int
    limit: int
    usual_limit: bool
    started: int
    held_back: int
    more: int
    next_due: int | None
    next_count: int
    early: bool
    aside: int


def saved(kept: int, given: int, language: str = "en") -> str:
    """Return a sentence: how many of the given answers are saved."""
    if not kept:
        return say("No answers were saved.", language)
    if kept < given:
        return say_count(
            "{kept} of {number} answer saved.", "{kept} of {number} answers saved.", language, given, kept=kept
        )
    return say_count("{number} answer saved.", "{number} answers saved.", language, kept)


def summary(score: Score, look: Look) -> elements.Lines:
    """Render the score of a session, with what was missed."""
    text = look.say("no questions answered")
    if score.asked:
        share = elements.whole_percent(score.right / score.asked)
        sentence = "{right} of {asked} right on the first try ({share}%)"
        text = look.say(sentence, right=score.right, asked=score.asked, share=share)
    return quiz.summary(text, score.by_page, score.sure, score.missed, look)


def next_steps(outlook: Outlook, look: Look) -> elements.Lines:
    """Render what comes next, and when, and the commands for it."""
    here = "".join(f" ({part})" for part in outlook.chosen if part)
    sentences = " ".join(_prospects(outlook, here, look))
    return elements.joined(
        [elements.paragraph(sentences, look) if sentences else [], _calls(_ways_on(outlook, look), look)]
    )


def _prospects(outlook: Outlook, here: str, look: Look) -> list[str]:
    """Return sentences on what is due, new, held back and set aside; `here` names the sections and tags."""
    sentences = []
    if outlook.due:
        one, many = "{number} more is due now{here}.", "{number} more are due now{here}."
        sentences.append(look.say_count(one, many, outlook.due, here=here))
    elif outlook.new:
        one, many = "{number} new question left for today{here}.", "{number} new questions left for today{here}."
        sentences.append(look.say_count(one, many, outlook.new, here=here))
    if outlook.next_due is not None:
        when = elements.day_name(outlook.next_due, outlook.today, look.language)
        one = "The next review{here} is {when}: {number} question."
        many = "The next review{here} is {when}: {number} questions."
        sentences.append(look.say_count(one, many, outlook.next_count, here=here, when=when))
    if outlook.held_back and not outlook.new and outlook.limit:
        sentences.append(look.say("New questions today: {number}.", number=outlook.started))
        one, many = "{number} more is waiting{here}.", "{number} more are waiting{here}."
        sentences.append(look.say_count(one, many, outlook.held_back, here=here))
    if outlook.aside:
        one, many = "{number} question is set aside{here}.", "{number} questions are set aside{here}."
        sentences.append(look.say_count(one, many, outlook.aside, here=here))
    return sentences


def _ways_on(outlook: Outlook, look: Look) -> list[tuple[str, str]]:
    """Return the commands that go on."""
    call = outlook.call
    found = []
    if outlook.due or outlook.new:
        new = "" if outlook.due or outlook.usual_limit else f" --new {outlook.limit}"
        found.append((look.say("Next session:"), f"{call}{new}"))
    if outlook.held_back and not outlook.new:
        found.append((look.say("More today:"), f"{call} --new {outlook.more}"))
    if outlook.aside:
        found.append((look.say("Set aside:"), "progress --stuck"))
    if not outlook.due and not outlook.new:
        found.append((look.say("Meanwhile:"), call if outlook.early else f"{call} --practice"))
    return found


def nothing_due(outlook: Outlook, look: Look) -> elements.Lines:
    """Render that nothing is due, and what comes next."""
    return elements.joined([elements.paragraph(look.say("Nothing is due now."), look), next_steps(outlook, look)])


def resume(look: Look) -> elements.Lines:
    """Render how to resume a session."""
    return _calls([(look.say("Resume:"), "quiz --resume")], look)


def repeat(call: str, look: Look, *, resumable: bool) -> elements.Lines:
    """Render how to repeat a session, by the arguments that do, and how to resume it if that is possible."""
    first = [(look.say("Resume:"), "quiz --resume")] if resumable else []
    return _calls([*first, (look.say("Repeat this session:"), call)], look)


def go_on_studying(look: Look) -> elements.Lines:
    """Render how to go on with `study`."""
    return _calls([(look.say("Continue:"), "study")], look)


def exam_scores(exam: ExamScore, look: Look) -> elements.Lines:
    """Render the scores of an exam, in total and by section."""
    share, with_parts, corrected = map(elements.whole_percent, exam.shares)
    facts = [
        look.say("{right} of {asked} right ({share}%)", right=exam.score.right, asked=exam.score.asked, share=share)
    ]
    if exam.shares[1] > exam.shares[0]:
        facts.append(look.say("with partial credit {share}%", share=with_parts))
    facts.append(look.say("corrected for guessing {share}%", share=corrected))
    verdict = ""
    if exam.pass_mark is not None:
        verdict = look.say("The pass mark of {mark}% was not reached.", mark=exam.pass_mark)
        if exam.passed:
            verdict = look.say("The pass mark of {mark}% was reached.", mark=exam.pass_mark)
    sentences = " ".join(filter(None, (verdict, exam.unsaved)))
    parts = [quiz.summary("; ".join(facts), exam.score.by_page, (), (), look)]
    parts += [elements.paragraph(sentences, look)] if sentences else []
    return elements.blank() + elements.joined(parts)


def exam_left(saved: str, look: Look) -> elements.Lines:
    """Render that an exam ended early, how many answers are saved, and how to resume it."""
    ended = look.say("The exam ended early; there is no result yet.")
    return elements.blank() + elements.joined([elements.paragraph(f"{ended} {saved}", look), resume(look)])


def after_exam(call: str, look: Look, *, reopens: bool) -> elements.Lines:
    """Render how to repeat an exam, by the arguments that do, and how to see its result again if that is possible."""
    reopen = [(look.say("See this result again:"), "history exam")] if reopens else []
    return elements.blank() + _calls([*reopen, (look.say("Repeat this exam:"), call)], look)


def exam_feedback(answers: Iterable[tuple[Question, Marking | None, bool]], look: Look) -> elements.Lines:
    """Render full feedback on every question; each has its marking, if it was answered, and whether it was right."""
    parts = [elements.heading(look.say("Every question"), look.width, look)]
    for number, (question, marking, right) in enumerate(answers, start=1):
        sheet = Sheet(question)
        told = quiz.unanswered(sheet, look) if marking is None else quiz.feedback(sheet, marking, look, right=right)
        parts.append(quiz.stem(f"{number}. ", question, look) + unfolded(told))
    return elements.blank() + elements.joined(parts)


def _calls(labelled: Iterable[tuple[str, str]], look: Look) -> elements.Lines:
    """Render commands of this program, each by its label and its arguments."""
    return elements.commands([(label, f"{look.program} {arguments}") for label, arguments in labelled], look)
