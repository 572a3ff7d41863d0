"""The command `quiz`."""

import contextlib
import io
import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synergy_cli.cli.completion import complete_tags, complete_topics
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import complete_paths, path_from, shared
from synergy_cli.errors import NextCommand, StoppedError, SynergyError, UsageError
from synergy_cli.records import NamedTuple
from synergy_cli.text import fold, plural
from synergy_cli.ui.terminal import Terminal

if TYPE_CHECKING:
    from synergy_cli.course.course import Course
    from synergy_cli.history.sessions import PastSession
    from synergy_cli.study.attempts import Outcome, Rules
    from synergy_cli.study.exam import Exam, ExamPrompts, ExamResult
    from synergy_cli.study.prompts import Prompts
    from synergy_cli.study.quiz import QuizPlan
    from synergy_cli.study.recording import LearnerState, Recorder

_SECTIONS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SECTION]...",
        help="Only questions about these sections.",
        autocompletion=complete_topics,
        show_default=False,
    ),
]
_TAGS = Annotated[
    list[str] | None,
    typer.Option(
        "--tag", metavar="TAG", autocompletion=complete_tags, help="Only questions with this tag; repeatable."
    ),
]
_NEW = Annotated[
    int | None,
    typer.Option(
        "--new",
        metavar="N",
        min=0,
        help="New questions per day (default: 15; any number if you name sections or tags).",
    ),
]

_TAGS_LISTED = 20


def _time_limit(minutes: float | None) -> float | None:
    """Return the value of --minutes, or raise UsageError for `nan`, which no range excludes."""
    if minutes is not None and math.isnan(minutes):
        raise UsageError("--minutes nan: expected a number of minutes.")
    return minutes


_MINUTES = Annotated[
    float | None,
    typer.Option("--minutes", metavar="N", min=0.1, max=1440, callback=_time_limit, help="Time limit in minutes."),
]
_PASS = Annotated[
    int | None,
    typer.Option("--pass", metavar="PERCENT", min=1, max=100, help="Exit with 1 below this score."),
]
_SEED = Annotated[
    int | None, typer.Option("--seed", metavar="N", min=0, help="Repeat a session: same questions, same order.")
]
_ANSWERS = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        parser=path_from,
        autocompletion=complete_paths,
        help="Read answers, one per line; `-` is stdin.",
    ),
]


@shared
def quiz(
    context: Context,
    sections: _SECTIONS = None,
    tags: _TAGS = None,
    count: Annotated[int, typer.Option("--count", "-n", metavar="N", min=1, help="Ask at most N questions.")] = 10,
    new: _NEW = None,
    practice: Annotated[bool, typer.Option("--practice", help="Ask anything; leave the schedule unchanged.")] = False,
    confidence: Annotated[bool, typer.Option("--confidence", help="Say how sure you are of each answer.")] = False,
    exam: Annotated[bool, typer.Option("--exam", help="Give no feedback until the end; schedule nothing.")] = False,
    minutes: _MINUTES = None,
    passing: _PASS = None,
    seed: _SEED = None,
    answers: _ANSWERS = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue the last session or exam that ended early.")
    ] = False,
    unsaved: Annotated[bool, typer.Option("--unsaved", help="Do not save answers to the history.")] = False,
    enter: Annotated[bool, typer.Option("--enter", help="Confirm every answer with Enter.")] = False,
) -> None:
    """Answer what is due, then new questions.

    \b
    Examples:
      synergy quiz               what is due, then new questions
      synergy quiz 1 2 -n 5      five about the first two sections
      synergy quiz --confidence  say how sure you are
      synergy quiz --exam --minutes 10 --pass 80
    """
    context.enter = enter
    if not (exam or resume) and (minutes is not None or passing is not None):
        raise UsageError("--minutes and --pass need --exam.", NextCommand("An exam", "quiz --exam"))
    if exam and practice:
        raise UsageError("--exam and --practice cannot be combined; choose one.")
    if context.display.no_input and answers is None:
        raise UsageError("--no-input needs --answers FILE.")
    mode = "exam" if exam else "practice" if practice else "review"
    allowed = _new(new, named=bool(sections or tags))
    file = _read_answers(answers) if answers is not None else None
    options = QuizOptions(
        sections or [], tags or [], count, allowed, mode, seed, file, unsaved, confidence, minutes, passing
    )
    if resume:
        _resume(context, options)
    elif exam:
        _exam(context, _plan(context, options), options)
    else:
        _quiz(context, _plan(context, options), options)


def _new(wanted: int | None, *, named: bool) -> int:
    """Return how many new questions are allowed today: any number if sections or tags are named."""
    from synergy_cli.study.queue import ANY_NEW, NEW_A_DAY

    if wanted is not None:
        return wanted
    return ANY_NEW if named else NEW_A_DAY


def quiz_section(context: Context, section: str) -> None:
    """Run a quiz about one section, from its page in the reader."""
    from synergy_cli.study.queue import ANY_NEW, COUNT

    options = QuizOptions([section], [], COUNT, ANY_NEW, "review")
    _quiz(context, _plan(context, options)._replace(from_page=True), options)


def quiz_everything(context: Context, *, unsaved: bool, confidence: bool) -> None:
    """Run a quiz about all sections."""
    from synergy_cli.study.queue import COUNT, NEW_A_DAY

    options = QuizOptions([], [], COUNT, NEW_A_DAY, "review", unsaved=unsaved, confidence=confidence)
    _quiz(context, _plan(context, options), options)


class AnswerFile(NamedTuple):
    """A file of answers, one per line; its path is `-` for stdin."""

    path: Path
    text: str

    def check_confidence(self) -> None:
        """Reject an unknown confidence; each follows its answer after a tab."""
        from synergy_cli.study.attempts import CONFIDENCE_KEYS, confidence_of

        for number, line in enumerate(self.text.splitlines(), start=1):
            word = line.partition("\t")[2].strip()
            if word and not confidence_of(word):
                words = ", ".join(CONFIDENCE_KEYS.values())
                place = f"--answers {self.path}:{number}"
                raise UsageError(f"{place}: found the confidence `{word}`, expected one of: {words}.")

    def count(self, planned: int) -> int:
        """Return the number of answers for a number of questions; blank lines after the last question do not count."""
        return max(len(self.text.rstrip().splitlines()), min(planned, len(self.text.splitlines())))


class QuizOptions(NamedTuple):
    """The options of `quiz`."""

    sections: list[str]
    tags: list[str]
    most: int
    new: int
    mode: str
    seed: int | None = None
    answers: AnswerFile | None = None
    unsaved: bool = False
    confidence: bool = False
    minutes: float | None = None
    pass_mark: int | None = None

    @property
    def saved_mode(self) -> str:
        """The mode in which answers are saved; empty if they are not."""
        return "" if self.unsaved else self.mode


def _resume(context: Context, options: QuizOptions) -> None:
    """Resume the last session, or the last exam or practice if the options say so."""
    from synergy_cli.study.resuming import in_course, resumable

    _check_resumed(options)
    course = context.course
    mode = "" if options.mode == "review" else options.mode
    past = resumable(context.log, course, mode, context.history.aside(course.manifest.id), context.history.today)
    if past is None:
        following = NextCommand("A new session", "quiz"), NextCommand("Read on", "study")
        raise SynergyError("There is nothing to resume.", *following)
    gone = len(past.start.questions) - len(in_course(past, course).start.questions)
    if gone:
        context.terminal.note(f"{plural(gone, 'question')} left out: no longer in the course.")
    past = in_course(past, course)
    confidence = options.confidence or past.start.confidence
    options = _options_of(past)._replace(answers=options.answers, confidence=confidence)
    plan = past_plan(context, past)._replace(confidence=confidence)
    if options.mode == "exam":
        _exam(context, plan, options)
    else:
        _quiz(context, plan, options)


def _check_resumed(options: QuizOptions) -> None:
    """Refuse options that were fixed when the session started."""
    from synergy_cli.study.queue import COUNT

    settled = {
        "a section": options.sections,
        "--tag": options.tags,
        "-n": options.most != COUNT,
        "--new": options.new != _new(None, named=False),
        "--seed": options.seed is not None,
        "--minutes": options.minutes,
        "--pass": options.pass_mark,
        "--unsaved": options.unsaved,
    }
    for name, given in settled.items():
        if given:
            raise UsageError(f"--resume continues a session as it started: {name} cannot be given.")


def _options_of(past: "PastSession") -> QuizOptions:
    """Return the options a past session was started with."""
    from synergy_cli.study.queue import NEW_A_DAY

    start = past.start
    return QuizOptions(
        sections=list(start.sections),
        tags=list(start.tags),
        most=len(start.questions),
        new=NEW_A_DAY,
        mode=start.mode,
        seed=start.seed,
        confidence=start.confidence,
        minutes=start.minutes or None,
        pass_mark=start.mark or None,
    )


def past_plan(context: Context, past: "PastSession") -> "QuizPlan":
    """Return the plan of a past session; the course must still have all of its questions."""
    options = _options_of(past)
    try:
        plan = _plan(context, options)
    except SynergyError:  # the course no longer has one of the sections or tags
        plan = _plan(context, options._replace(sections=[], tags=[]))
    return plan._replace(drawn=past.start.drawn, past=past)


def _quiz(context: Context, plan: "QuizPlan", options: QuizOptions) -> None:
    """Run a quiz."""
    from synergy_cli.study.prompts import Prompts
    from synergy_cli.study.quiz import Quiz

    terminal, rules = quiz_terminal(context, options)
    prompts = Prompts(terminal, context.course, options.saved_mode)
    state, recorder = state_and_recorder(context, options, prompts)
    outcome = Quiz(context.course, state, prompts, recorder, plan).run(
        rules, None if context.as_json else context.terminal
    )
    if options.answers is not None:
        _note_answers(outcome, options.answers, plan.past, terminal)
    if context.as_json:
        context.terminal.write_json({**outcome.document(), "mode": plan.mode, "saved": recorder.count})


def _exam(context: Context, plan: "QuizPlan", options: QuizOptions) -> None:
    """Run an exam."""
    from synergy_cli.study.exam import ExamPrompts
    from synergy_cli.study.resuming import left
    from synergy_cli.ui.quiz import resumed

    terminal, rules = quiz_terminal(context, options)
    prompts = ExamPrompts(terminal, context.course, options.saved_mode)
    _, recorder = state_and_recorder(context, options, prompts)
    exam = _prepared(context, plan, prompts, recorder, rules)
    if plan.past and not context.as_json:
        context.terminal.show(resumed(*left(plan.past), context.terminal.look))
    try:
        result = exam.run(plan.seconds)
    except KeyboardInterrupt:
        raise _stopped(recorder) from None
    if result.late:
        prompts.time_up()
    if options.answers is not None:
        _note_answers(result.outcome, options.answers, plan.past, terminal)
    result = result._replace(early=result.early and bool(recorder.session) and options.answers is None)
    if result.early:
        _leave_open(context, plan, result, recorder)
    else:
        _close(context, plan, exam, result, recorder)
    if not result.passed(plan.pass_mark):
        raise typer.Exit(1)


def _leave_open(context: Context, plan: "QuizPlan", result: "ExamResult", recorder: "Recorder") -> None:
    """Report that an exam ended early and can be resumed."""
    shown = result.so_far(context.terminal.look)
    if context.as_json:
        context.terminal.write_json({**result.document(plan.pass_mark), "saved": recorder.count})
        context.terminal.say("\n".join(line.plain for line in shown[1:] if line.plain))
    else:
        context.terminal.show(shown)


def _close(context: Context, plan: "QuizPlan", exam: "Exam", result: "ExamResult", recorder: "Recorder") -> None:
    """Show the result of an exam, and record that it is finished."""
    from synergy_cli.ui.session_end import after_exam

    if context.as_json:
        context.terminal.write_json({**result.document(plan.pass_mark), "saved": recorder.count})
    else:
        context.terminal.show(result.scores(context.course, plan.pass_mark, context.terminal.look))
        context.terminal.show(after_exam(plan.again, context.terminal.look, reopens=bool(recorder.session)))
    if not result.late:
        exam.finish()
    if not context.as_json:
        context.terminal.page(result.feedback, "Exam result")


def _prepared(
    context: Context, plan: "QuizPlan", prompts: "ExamPrompts", recorder: "Recorder", rules: "Rules"
) -> "Exam":
    """Return the exam of a plan, or what is left of it, and tell the recorder."""
    from synergy_cli.study.attempts import past_attempts
    from synergy_cli.study.exam import Exam
    from synergy_cli.study.queue import sample
    from synergy_cli.study.resuming import items

    past = plan.past
    chosen = items(past, context.course) if past else sample(plan.items, plan.most, plan.seed)
    questions = context.course.pick(chosen)
    exam = Exam(questions, prompts, recorder, plan.seed, rules)
    if past:
        recorder.resume(past)
        exam.resume(past_attempts(past, questions), past.flagged)
    else:
        recorder.begin(plan.start(chosen, rules))
    return exam


def _stopped(recorder: "Recorder") -> StoppedError:
    """Return the error for a stopped exam, with the command that resumes it if anything is saved."""
    resume = [NextCommand("Resume", "quiz --resume")] if recorder.session else []
    return StoppedError(
        f"The exam was stopped; there is no result yet. {plural(recorder.count, 'answer')} saved.",
        *resume,
    )


def state_and_recorder(context: Context, options: QuizOptions, prompts: "Prompts") -> "tuple[LearnerState, Recorder]":
    """Return the learner's state, and the recorder of the answers."""
    from synergy_cli.study.recording import load_state, make_recorder

    state = load_state(context.course, lambda: context.history, context.clock, saves=not options.unsaved)
    if not options.unsaved:
        context.report_namesakes(context.course.manifest.id, context.course.folder, used=True)
    return state, make_recorder(state, context.course, prompts, context.clock)


def _plan(context: Context, options: QuizOptions) -> "QuizPlan":
    """Return the plan of a quiz or an exam with these options."""
    from synergy_cli.course.lookup import targets
    from synergy_cli.study.quiz import QuizPlan

    course = context.course
    outline = course.outline  # a bank that cannot be asked at all says so, rather than what is left out of it
    sections = targets(course.topics, options.sections)
    tags = {fold(tag) for tag in options.tags}
    items = [item for item in outline if not sections or any(target.holds(item) for target in sections)]
    if not items:
        raise SynergyError("These sections have no questions.", NextCommand("All sections", "explain"))
    items = [item for item in items if not tags or not tags.isdisjoint(map(fold, item.tags))]
    if not items:
        raise _no_tag(course, options)
    seed = context.new_seed() if options.seed is None else options.seed
    drawn = options.seed is not None or options.mode != "review"
    return QuizPlan(
        items,
        options.most,
        options.new,
        options.mode,
        seed,
        drawn,
        options.sections,
        options.tags,
        options.unsaved,
        options.confidence,
        minutes=options.minutes,
        pass_mark=options.pass_mark,
    )


def _no_tag(course: "Course", options: QuizOptions) -> SynergyError:
    """Return the error for tags without questions, with the nearest tags or all existing ones."""
    from synergy_cli.text import did_you_mean, nearest

    known = {fold(tag): tag for item in course.outline for tag in item.tags}
    unknown = [tag for tag in options.tags if fold(tag) not in known]
    if not known:
        return UsageError("No question of this course has a tag.")
    if not unknown:
        return SynergyError(f"No question in these sections has the tag {_either(options.tags)}.")
    near = [known[name] for tag in unknown for name in nearest(fold(tag), list(known), most=1)]
    listed = sorted(known.values())
    more = ", …" if len(listed) > _TAGS_LISTED else "."
    hint = did_you_mean(near) or f" All tags: {', '.join(listed[:_TAGS_LISTED])}{more}"
    return UsageError(f"No question has the tag {_either(unknown)}.{hint}")


def _either(tags: list[str]) -> str:
    return " or ".join(f"`{tag}`" for tag in tags)


def _note_answers(outcome: "Outcome", file: AnswerFile, past: "PastSession | None", terminal: Terminal) -> None:
    """Report answers in a file that a session would ask again, and missing and surplus answers.

    Those from before the session was resumed are not in the file.
    """
    from synergy_cli.study.resuming import left

    attempts = list(outcome.attempts)
    for answer in past.answers if past is not None else ():
        attempts.remove(next(each for each in attempts if each.question.id == answer.act.question))
    for number, attempt in enumerate(attempts, start=1):
        if attempt.marking is not None and (attempt.unreadable or attempt.near):
            near = "Nearly right, counted as wrong: " if attempt.near else ""
            terminal.note(f"answer {number} ({attempt.question.id}): {near}{attempt.marking.remarks[0]}")
    planned = sum(left(past)) if past is not None else outcome.planned
    given = file.count(planned)
    if given != planned:
        terminal.note(f"{plural(given, 'answer')} for {plural(planned, 'question')}.")


def quiz_terminal(context: Context, options: QuizOptions) -> "tuple[Terminal, Rules]":
    """Return the dialogue's terminal and rules: the screen, stderr with `--json`, or none with an answer file."""
    from synergy_cli.study.attempts import AT_A_SCREEN, FROM_A_FILE, FROM_A_PIPE

    terminal = context.course_terminal
    if options.answers is not None:
        if options.confidence:
            options.answers.check_confidence()
        answers = io.StringIO(options.answers.text)
        terminal = Terminal(answers, io.StringIO(), sys.stderr, os.environ, context.display)
        rules = FROM_A_FILE
    elif context.as_json:
        person = sys.stdin is not None and sys.stdin.isatty()
        out = sys.stderr if person else io.StringIO()
        terminal = Terminal(sys.stdin, out, sys.stderr, os.environ, context.display)
        rules = AT_A_SCREEN if terminal.interactive else FROM_A_PIPE
    else:
        rules = AT_A_SCREEN if terminal.interactive else FROM_A_PIPE
    terminal.language = context.course.manifest.language
    return terminal, rules._replace(confidence=options.confidence, by_key=terminal.single_keys)


def _read_answers(path: Path) -> AnswerFile:
    """Read the answers from a file or, for `-`, from stdin."""
    from synergy_cli.course.files import MAX_BYTES

    try:
        with (
            contextlib.nullcontext(sys.stdin or io.StringIO())
            if str(path) == "-"
            else path.open(encoding="utf-8", errors="replace") as file
        ):
            text = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--answers {path}: cannot be read: {error.strerror}") from error
    if len(text) > MAX_BYTES:
        raise UsageError(
            f"--answers {path}: larger than {MAX_BYTES // 1024 // 1024} MiB; expected one line per question."
        )
    return AnswerFile(path, text)
