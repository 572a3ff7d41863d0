"""A session or an exam that is cut anywhere, by anything, is resumed to the same end as one that was not."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import EXAMPLE, Screen, in_process
from learner import GONE, HUNG_UP, ScriptedTerminal, at, first_or_deep, scripted_call
from learner import NEXT as ENTER
from records import DAY, SECOND, Clock, answer, asked, history_at, journal_at
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.question import Verdict
from synergy_cli.course.question_types import build
from synergy_cli.errors import StoppedError
from synergy_cli.history.events import Start
from synergy_cli.history.log import Log
from synergy_cli.study.attempts import (
    ASIDE,
    AT_A_SCREEN,
    HINT,
    NEXT,
    OVERRULE,
    SKIP,
    STOP,
    UNDO,
    past_attempts,
    sheet_of,
)
from synergy_cli.study.exam import BACK, FLAG, Exam, past_result
from synergy_cli.study.queue import sample
from synergy_cli.study.quiz import Quiz, QuizPlan
from synergy_cli.study.recording import HistoryRecorder, LearnerState
from synergy_cli.study.resuming import in_course, is_open, items, last_session, with_aside

SEED = ("--seed", "1")
"""Asks the small course's typed question first."""
seeds = st.integers(0, 2**32)
MANY = max(100, settings().max_examples)
"""Sessions that are cut in a deep run, and as many exams, beside those of the default run: 200 in all, and more."""


class Killed(BaseException):
    """The process is gone: nothing that follows is done."""


ENDS = (KeyboardInterrupt, EOFError, SystemExit, Killed)
"""Ctrl-C, Ctrl-D, a hang-up and a kill, as they come where the program waits."""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Give a function that gives a folder of its own for each example; nothing here is about the disk."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)
    count = itertools.count()
    return lambda: tmp_path / str(next(count))


@cache
def example_course():
    return Course(Files(EXAMPLE), Cache(None))


def typed_right(sheet):
    """Find an answer to a sheet that is right, by trying."""
    signs = [sign for sign, _ in sheet.listed]
    letters = [sign for sign in signs if sign.isalpha()]
    texts = ["".join(part.text for part in sheet.question.solution)]
    chosen = ("".join(picked) for size in range(len(signs) + 1) for picked in itertools.permutations(signs, size))
    paired = ("".join(picked) for picked in itertools.permutations(letters))
    return next(text for text in itertools.chain(texts, paired, chosen) if sheet.mark(text).verdict is Verdict.RIGHT)


def printed(sheet):
    return sheet.question.id, sheet.options, sheet.partners


def afresh(folder):
    """Give what the logs in a folder come to."""
    return asked(history_at(folder, index=None), "binary-numbers")


def compared(attempt):
    return attempt._replace(question=attempt.question.id, seconds=round(attempt.seconds, 1), aside=False)


class Fate:
    """Decides what a learner does, and where the program is cut off; notes what came to be on record."""

    def __init__(self, rng):
        self.rng = rng
        self.steps = []
        self.pending = []
        self.left = None
        self.dead = False

    @property
    def has_set_aside(self):
        """Whether a question was set aside: when it is answered anew, nobody knows where others come again."""
        return ("suspend",) in self.steps

    def live(self, moments):
        """Start again, for so many moments; for good if that is None."""
        self.pending, self.left, self.dead = [], moments, False

    def moment(self, *ends):
        """Go on, or be cut off in one of some ways."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                end = self.rng.choice(ends)
                self.dead = end is Killed
                raise end

    def saved(self, line):
        """Take note of what has been brought to disk."""
        self.steps += [step for step in self.pending if step[0] == json.loads(line)["act"]][-1:]
        self.pending = []

    def typed(self, sheet):
        """Answer a question somehow."""
        if self.rng.random() < 0.5:
            return typed_right(sheet)
        if self.rng.random() < 0.3:
            return self.rng.choice(["@", "1", "b"])
        if sheet.question.typed:
            right = typed_right(sheet)
            return self.rng.choice(["nonsense", "77", f"{right}{right[-1]}", f"{right} quatsch"])
        signs = [sign for sign, _ in sheet.listed]
        self.rng.shuffle(signs)
        return "".join(signs[: self.rng.choice((1, 1, len(signs)))])


class CutLog(Log):
    """A log that is cut off before, within or after a write."""

    fate = None

    def append(self, lines, path=None):
        lines = list(lines)
        if not lines:
            super().append(lines, path)
            return
        if self.fate.dead:
            raise Killed
        self.fate.moment(Killed)
        if self.fate.left == 0 and self.own.exists() and self.fate.rng.random() < 0.5:
            whole = b"".join(lines)
            with self.own.open("ab") as file:
                file.write(whole[: self.fate.rng.randrange(len(whole) - 1)])  # without its end alone, it would be read
            self.fate.dead = True
            raise Killed
        super().append(lines, path)
        self.fate.saved(lines[-1])
        self.fate.moment(Killed)


def history_of(folder, fate, clock):
    """Open a history with a log that is cut off by fate, as a program does that starts."""
    history = history_at(folder, index=None, clock=clock)
    history.log = CutLog(history.log.folder, folder / "device-a0000000", Random(1).randbytes)
    history.log.fate = fate
    return history


# A session


class Learner:
    """Goes through a session as fate will have it."""

    unsaved = reports = False

    def __init__(self, fate):
        self.fate = fate
        self.reads = []

    def show_question(self, sheet, position):
        self.reads = []

    def read(self, sheet, commands):
        self.fate.moment(*ENDS)
        keys = [key for key, _ in commands]
        act = self.fate.rng.random()
        if UNDO in keys and act < 0.06 and not self.fate.has_set_aside:
            self.fate.pending.append(("undo",))
            return UNDO
        typed = HINT if HINT in keys and act < 0.15 else SKIP if act < 0.22 else self.fate.typed(sheet)
        self.reads.append(typed)
        self.fate.pending.append(("answer", sheet, tuple(self.reads), ""))
        return typed

    def confidence(self):
        self.fate.moment(*ENDS)
        given = self.fate.rng.choice(("guess", "unsure", "sure", ""))
        self.fate.pending.append((*self.fate.pending[-1][:3], given))
        return given

    def pause(self, attempt):
        self.fate.moment(*ENDS)
        act = self.fate.rng.random()
        if attempt.disputable and act < 0.3:
            self.fate.pending.append(("overrule",))
            return OVERRULE
        if act < 0.1 and not self.fate.has_set_aside:
            self.fate.pending.append(("undo",))
            return UNDO
        if act < 0.2:
            self.fate.pending.append(("suspend",))
            return ASIDE
        return NEXT

    def show_aside(self, *, aside):
        del aside

    def quiet(self, *_):
        """Show something."""

    hint = explain_unreadable = verdict = show_overruled = show_undone = quiet

    def confirm_end(self):
        return NEXT


class Follower(Learner):
    """Goes through a session without a cut, as another came to be on record."""

    def read(self, sheet, commands):
        kind, *step = self.fate.steps[0]
        if kind == "undo":
            self.fate.steps.pop(0)
            return UNDO
        assert printed(step[0]) == printed(sheet)
        typed = step[1][len(self.reads)]
        self.reads.append(typed)
        self.sure = step[2]
        if len(self.reads) == len(step[1]):
            self.fate.steps.pop(0)
        return typed

    def confidence(self):
        return self.sure

    def pause(self, attempt):
        if self.fate.steps[:1] in ([("overrule",)], [("undo",)], [("suspend",)]):
            return {"overrule": OVERRULE, "undo": UNDO, "suspend": ASIDE}[self.fate.steps.pop(0)[0]]
        return NEXT


def plan_of(rng, past=None):
    mode = rng.choice(("review", "practice"))
    count, seed = rng.randint(1, 7), rng.randrange(1000)
    return QuizPlan(example_course().outline, count, 99, mode, seed, mode == "practice", (), (), past=past)


def study(history, plan, prompts, rules):
    """Hold a session, and give its outcome and what was shown in the end; None if it was cut off."""
    course = example_course()
    recorder = HistoryRecorder(history, course.manifest.id, plan.mode)
    state = LearnerState(history, {}, history.today, "", history.aside(course.manifest.id))
    terminal = ScriptedTerminal([])
    try:
        return Quiz(course, state, prompts, recorder, plan).run(rules, terminal), terminal.shown, recorder.count
    except (StoppedError, SystemExit, Killed):
        return None


def latest(folder):
    """Give the last session in a folder, if there is one."""
    past = last_session(journal_at(folder), "binary-numbers")
    aside = history_at(folder, index=None).aside("binary-numbers")
    return past and with_aside(past, example_course(), aside)


def interrupted(folder, fate, plan, rules):
    """Hold a session that is cut off again and again, until it comes to its end."""
    clock = Clock(step=1)
    for cut in itertools.count():
        fate.live(fate.rng.randint(0, 25) if cut < 4 else None)
        past = latest(folder)
        resumed = plan._replace(past=past and in_course(past, example_course()))
        made = study(history_of(folder, fate, clock), resumed, Learner(fate), rules)
        past = latest(folder)
        if past is not None and not is_open(past):
            return made, past
    raise AssertionError


@given(seeds)
def test_a_session_that_is_cut_anywhere_comes_to_the_same_end(root, seed):
    cut_session(root, seed)


@pytest.mark.deep
@settings(max_examples=MANY)
@given(seeds)
def test_many_sessions_that_are_cut_anywhere_do(root, seed):
    cut_session(root, seed)


def cut_session(root, seed):
    """Compare a session that is cut with one that is not."""
    rng, here, there = Random(seed), root(), root()
    plan, rules = plan_of(rng), AT_A_SCREEN._replace(confidence=rng.random() < 0.3, repeats=rng.choice((0, 2, 2)))
    fate = Fate(rng)
    made, past = interrupted(here, fate, plan, rules)
    fate.live(None)
    whole = study(history_of(there, fate, Clock(step=1)), plan, Follower(fate), rules)
    outcome, shown, count = whole
    assert fate.steps == []
    again = past_attempts(past, example_course().pick(items(past, example_course())))
    assert list(map(compared, again)) == list(map(compared, outcome.attempts))
    assert afresh(here) == afresh(there)
    if made is not None:  # the end itself was not cut off
        assert made[0].document() == outcome.document()
        assert made[1].partition("Result:")[2].split("\n") == shown.partition("Result:")[2].split("\n")
        assert made[2] == count


# An exam


class Examinee:
    """Sits an exam as fate will have it."""

    def show_flag(self, *, flagged):
        del flagged

    unsaved = False

    def __init__(self, fate):
        self.fate = fate
        self.reads = []
        self.flags = set()

    def show_exam_question(self, sheet, place, total, seconds):
        self.reads = []

    def read_in_time(self, sheet, commands, seconds):
        self.fate.moment(*ENDS)
        act = self.fate.rng.random()
        keys = [key for key, _ in commands]
        if act < 0.1:
            self.fate.pending.append(("flag", sheet.question.id))
            return FLAG
        if act < 0.25:
            return self.fate.rng.choice([SKIP, STOP, *({BACK} & set(keys))])
        typed = self.fate.typed(sheet)
        self.reads.append(typed)
        self.fate.pending.append(("answer", sheet.question.id, tuple(self.reads), ""))
        return typed

    def confidence_in_time(self, seconds):
        self.fate.moment(*ENDS)
        given = self.fate.rng.choice(("guess", "unsure", "sure", ""))
        self.fate.pending.append((*self.fate.pending[-1][:3], given))
        return given

    def overview(self, places, seconds, *, resumable):
        self.fate.moment(*ENDS)
        self.places = places
        later = [STOP] if resumable else []
        return self.fate.rng.choice(["", *later, str(1 + self.fate.rng.randrange(len(places)))])

    def explain_unreadable(self, marking):
        """Show something."""


class Copyist(Examinee):
    """Sits an exam without a cut, with the answers that another came to have on record, one question at a time."""

    def __init__(self, fate, flags, answers):
        super().__init__(fate)
        self.flagged, self.answers = flags, dict(answers)

    def read_in_time(self, sheet, commands, seconds):
        name = sheet.question.id
        if name in self.flagged:
            self.flagged.remove(name)
            return FLAG
        reads, self.sure = self.answers.get(name, ((), ""))
        self.answers[name] = reads[1:], self.sure
        return reads[0] if reads else SKIP

    def confidence_in_time(self, seconds):
        return self.sure

    def overview(self, places, seconds, *, resumable):
        self.places = places
        return ""


def sit(history, start, past, prompts, rules):
    """Sit an exam, and give its result; None if it was cut off."""
    course = example_course()
    recorder = HistoryRecorder(history, course.manifest.id, "exam")
    questions = course.pick(sample(course.outline, start.most, start.seed))
    exam = Exam(questions, prompts, recorder, start.seed, rules)
    try:
        if past is None:
            recorder.begin(start.start(questions, rules))
        else:
            recorder.resume(past)
            exam.resume(past_attempts(past, questions), past.flagged)
        result = exam.run(start.seconds)
        if result.early:
            return None
        exam.finish()
    except (KeyboardInterrupt, SystemExit, Killed):
        return None
    return result


def sat(folder, fate, plan, rules):
    """Sit an exam that is cut off again and again, until it is finished."""
    clock = Clock(step=1)
    for cut in itertools.count():
        fate.live(fate.rng.randint(0, 25) if cut < 4 else None)
        past = last_session(journal_at(folder), "binary-numbers")
        prompts = Examinee(fate)
        result = sit(history_of(folder, fate, clock), plan, past, prompts, rules)
        past = last_session(journal_at(folder), "binary-numbers")
        if past is not None and past.finished is not None:
            return result, past
    raise AssertionError


@given(seeds)
def test_an_exam_that_is_cut_anywhere_comes_to_the_same_end(root, seed):
    cut_exam(root, seed)


@pytest.mark.deep
@settings(max_examples=MANY)
@given(seeds)
def test_many_exams_that_are_cut_anywhere_do(root, seed):
    cut_exam(root, seed)


def cut_exam(root, seed):
    """Compare an exam that is cut with one that is not."""
    rng, here, there = Random(seed), root(), root()
    plan = plan_of(rng)._replace(mode="exam")
    rules = AT_A_SCREEN._replace(confidence=rng.random() < 0.3)
    fate = Fate(rng)
    result, past = sat(here, fate, plan, rules)
    answers = {step[1]: step[2:] for step in fate.steps if step[0] == "answer"}
    flags = [step[1] for step in fate.steps if step[0] == "flag"]
    fate.live(None)
    flagged = [name for name in plan_names(plan) if flags.count(name) % 2]
    copyist = Copyist(fate, [*flagged], answers)
    whole = sit(history_of(there, fate, Clock(step=1)), plan, None, copyist, rules)
    assert past.flagged == set(flagged)
    assert past_result(past, example_course()).document(None) == whole.document(None)
    assert afresh(here) == afresh(there)
    assert result is None or result.document(None) == whole.document(None)


def plan_names(plan):
    return [item.id for item in sample(example_course().outline, plan.most, plan.seed)]


# What a person sees


@pytest.fixture(autouse=True)
def _a_day_in_november(monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", at(22))


@pytest.fixture
def quiz(small):
    """Call `quiz` on the small course at a scripted terminal, and give all that was shown."""
    return lambda acts, *options: scripted_call(["--course", small, "quiz", *options], acts)


@pytest.fixture
def bare(small):
    """Call the program on the small course without a command, and give what it shows."""
    return lambda: scripted_call(["--course", small], [])


def test_what_was_set_aside_before_is_brought_back_by_the_same_key(quiz):
    cut_off(quiz, ["moon", "a"], *SEED)
    assert "Brought back" in quiz(["u", "moon", "a", ENTER, "q"], "--resume")


def test_what_is_left_is_asked_and_what_was_missed_comes_again(quiz):
    quiz(["moon", ENTER, "q"], *SEED)
    shown = quiz(["Blue", ENTER, "stars", ENTER], "--resume")
    assert shown.startswith("Resumed. 1 question left. 1 missed question will be repeated.")
    assert shown.index("Question 2 of 2") < shown.index("Second try")
    assert "Result: 1 of 2 right" in shown
    assert "3 answers saved." in shown


def test_the_last_answer_before_can_be_taken_back_and_is_asked_again(quiz):
    quiz(["moon", ENTER, "q"], *SEED)
    shown = quiz(["u", "stars", ENTER, "Blue", ENTER], "--resume")
    assert "Answer taken back." in shown
    assert "Result: 2 of 2 right" in shown


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["sky"], "a section"),
        (["--tag", "x"], "--tag"),
        (["--seed", "0"], "--seed"),
        (["--pass", "50"], "--pass"),
        (["--exam", "--pass", "50"], "--pass"),
        (["--minutes", "5"], "--minutes"),
        (["--new", "3"], "--new"),
        (["-n", "3"], "-n"),
        (["--unsaved"], "--unsaved"),
    ],
    ids=str,
)
def test_what_was_settled_at_the_start_is_refused_by_its_name(small, options, named):
    done = in_process("--course", small, "quiz", "--resume", *options)
    assert done.status == 2
    assert done.stderr == f"synergy: --resume continues a session as it started: {named} cannot be given.\n"


def test_an_exam_whose_input_ends_has_no_result_yet_and_can_be_resumed(small):
    arguments = ["--course", small, "quiz", "--exam", *SEED, "--pass", "50"]
    done = in_process(*arguments, stdin="stars\n")
    assert done.status == 1
    assert "\nThe exam ended early; there is no result yet. 1 answer saved.\n\nResume: synergy" in done.stdout
    assert "Right answer" not in done.stdout
    assert "Next: resume the last exam (1 question left)\n" in in_process("--course", small).stdout
    rest = in_process("--course", small, "quiz", "--resume", stdin="Blue\n")
    assert rest.status == 0
    assert "Result: 2 of 2 right" in rest.stdout


def test_a_program_is_told_that_an_exam_is_not_finished(small):
    done = in_process("--course", small, "quiz", "--exam", *SEED, "--json", stdin="stars\n")
    made = json.loads(done.stdout)
    assert (made["finished"], made["saved"]) == (False, 1)
    assert "Resume: synergy" in done.stderr
    rest = json.loads(in_process("--course", small, "quiz", "--resume", "--json", stdin="Blue\n").stdout)
    assert (rest["finished"], rest["right"]) == (True, 2)


def test_a_file_of_answers_is_the_whole_exam(small, tmp_path):
    (tmp_path / "answers").write_text("stars\n", "utf-8")
    done = in_process("--course", small, "quiz", "--exam", *SEED, "--answers", tmp_path / "answers")
    assert "Result: 1 of 2 right" in done.stdout
    assert "There is nothing to resume." in in_process("--course", small, "quiz", "--resume").stderr


@pytest.mark.parametrize("options", [["--exam"], ["--practice"], []], ids=["exam", "practice", "review"])
def test_a_file_of_answers_may_be_the_rest_of_a_session(small, tmp_path, options):
    (tmp_path / "answers").write_text("nonsense\n", "utf-8")
    in_process("--course", small, "quiz", *options, *SEED, stdin="stars\n")
    done = in_process("--course", small, "quiz", "--resume", "--answers", tmp_path / "answers")
    assert done.stderr == "synergy: answer 1 (colour): Expected a number from 1 to 3, for example 2.\n"


def test_an_answer_that_was_overruled_is_not_asked_again(quiz):
    quiz(["moon", "r", ENTER, "q"], *SEED)
    shown = quiz(["Blue", ENTER], "--resume")
    assert shown.startswith("Resumed. 1 question left.\n")
    assert "Result: 2 of 2 right" in shown


def test_what_history_undo_takes_back_is_asked_again(quiz, bare):
    quiz(["moon", "r", ENTER, "Blue", ENTER], *SEED)
    assert "resume" not in bare()
    assert "colour" in in_process("history", "undo").stdout
    assert "Next: resume the last session (1 question left)\n" in bare()
    assert "overruled" in in_process("history", "undo").stdout
    assert "Next: resume the last session (1 question left, 1 missed before)\n" in bare()
    assert quiz(["Blue", ENTER, "stars", ENTER], "--resume").count("Result: 1 of 2 right") == 1
    assert "resume" not in bare()


@pytest.mark.parametrize("end", [["q"], []], ids=["q", "Ctrl-D"])
def test_the_end_says_how_to_resume_unless_nothing_is_left(quiz, end):
    assert "Resume: " in quiz(["stars", ENTER, *end], *SEED)
    assert "Resume: " not in quiz(["Blue", *end], "--resume")


def test_the_end_tells_the_rest_of_a_session_from_the_next_one(quiz):
    shown = quiz(["Blue", ENTER, "q"])
    assert "Resume: synergy quiz --resume\n" in shown
    assert "Next session: synergy quiz\n" in shown


@pytest.mark.parametrize("exam", [False, True], ids=["session", "exam"])
@pytest.mark.parametrize("end", first_or_deep(signal.SIGKILL, signal.SIGHUP, signal.SIGTERM, "\x03"), ids=str)
def test_at_a_terminal_what_was_answered_is_there_whatever_ended_it(small, quiz, end, exam):
    with Screen("--course", small, "quiz", *SEED, *(["--exam"] if exam else [])) as screen:
        screen.prompt()
        screen.press("moon\r")
        screen.prompt()
        if isinstance(end, str):
            screen.press(end)
            assert screen.end(again=end) == 130
            assert "1 answer saved. Resume: synergy" in " ".join(screen.text.split())
        else:
            screen.signal(end)
            assert screen.end() == (-9 if end == signal.SIGKILL else 128 + end)
        assert end == signal.SIGKILL or screen.restored
    shown = quiz(["Blue", ENTER, "stars", ENTER], "--resume")
    assert shown.startswith("Resumed. 1 question left.")
    assert "Result: 1 of 2 right" in shown
    assert ("Second try" in shown) is not exam


@pytest.mark.parametrize("options", [SEED, ["--exam", *SEED]], ids=["session", "exam"])
def test_without_an_answer_there_is_nothing_to_resume(small, quiz, bare, options):
    quiz(["q", ENTER], *options)
    if "--exam" not in options:
        assert "resume" not in bare()
        done = in_process("--course", small, "quiz", "--resume")
        assert (done.status, done.stdout) == (1, "")
        assert done.stderr.startswith("synergy: There is nothing to resume.\nA new session: synergy ")


@pytest.mark.parametrize("options", [[], ["--exam"]], ids=["the last", "an exam"])
def test_an_exam_waits_while_other_sessions_are_finished(quiz, bare, options):
    cut_off(quiz, ["stars"], "--exam", *SEED)
    assert "Next: resume the last exam (1 question left)\n" in bare()
    quiz(["Blue", ENTER, "stars", ENTER])
    assert "resume" not in bare()
    assert "nothing to resume" in quiz([], "--practice", "--resume")
    assert "Result: 2 of 2 right" in quiz(["Blue", ENTER], "--resume", *options)
    assert "nothing to resume" in quiz([], "--resume")


def test_an_exam_that_has_waited_for_long_is_resumed_only_by_its_name(quiz, monkeypatch):
    cut_off(quiz, ["stars"], "--exam", *SEED)
    monkeypatch.setenv("SYNERGY_NOW", at(30, "10:00:00"))
    quiz(["Blue", ENTER, "stars", ENTER])
    assert "nothing to resume" in quiz([], "--resume")
    assert "Result: 2 of 2 right" in quiz(["Blue", ENTER], "--exam", "--resume")


def cut_off(quiz, acts, *options):
    """Hang up where the program waits after these acts."""
    quiz([*acts, HUNG_UP], *options)


@pytest.mark.parametrize(
    ("mode", "day", "offered"),
    [("review", 22, True), ("review", 23, False), ("practice", 22, False), ("exam", 28, True), ("exam", 30, False)],
)
def test_it_is_offered_while_nothing_better_can_be(quiz, bare, monkeypatch, mode, day, offered):
    """What a review leaves open is due or new on a later day, which is what is offered then; practice is no step."""
    cut_off(quiz, ["stars"], *SEED, *([f"--{mode}"] if mode != "review" else []))
    monkeypatch.setenv("SYNERGY_NOW", at(day, "10:00:00"))
    assert ("Next: resume the last" in bare()) is offered
    assert "1 of 2 questions seen" in bare() or (mode, day) != ("review", 22)
    assert "Result: 2 of 2 right" in quiz(["Blue", ENTER], "--resume")


@pytest.mark.parametrize("mode", [[], ["--exam"]], ids=["session", "exam"])
def test_it_is_not_offered_once_something_else_was_answered(small, quiz, bare, monkeypatch, mode):
    cut_off(quiz, ["stars"], *SEED, *mode)
    assert "Next: resume the last" in bare()
    monkeypatch.setenv("SYNERGY_NOW", at(22, "10:00:00"))
    assert "1 answer saved." in in_process("--course", small, "study", stdin="Blue\n").stdout
    assert "resume" not in bare()
    assert "Resumed. 1 question left." in quiz([], "--resume")


def test_a_session_of_another_course_is_not_offered(quiz):
    quiz(["stars", ENTER, "q"], *SEED)
    assert "resume" not in scripted_call(["--course", EXAMPLE], [])


@pytest.mark.parametrize(
    "options", [["sky"], ["--seed", "1"], ["-n", "3"], ["--tag", "x"], ["--unsaved"], ["--new", "1"]], ids=str
)
def test_a_resumed_session_is_what_it_was(small, options):
    done = in_process("--course", small, "quiz", "--resume", *options)
    assert done.status == 2
    assert "--resume" in done.stderr


def test_how_sure_one_is_is_asked_again_as_before(quiz):
    quiz(["stars", "3", ENTER, "q"], *SEED, "--confidence")
    assert "How sure?" in quiz(["Blue", "1", ENTER], "--resume")


def test_a_session_that_goes_on_in_two_terminals_at_once_counts_each_turn_once(small, quiz):
    quiz(["moon", ENTER, "q"], *SEED)
    with Screen("--course", small, "quiz", "--resume") as other:
        other.prompt()
        assert "Result: 1 of 2 right" in quiz(["Blue", ENTER, "q"], "--resume")
        other.press("1")
        other.wait("Enter next")
    shown = quiz(["stars", ENTER], "--resume")
    assert shown.startswith("Resumed. 1 missed question will be repeated.")
    assert "Second try" in shown
    assert "3 answers saved." in shown


def test_a_question_that_the_course_no_longer_has_is_left_out(small, quiz):
    quiz(["moon", ENTER, "q"], *SEED)
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").partition("- id: stars")[0], "utf-8")
    shown = quiz(["Blue", ENTER], "--resume")
    assert "1 question left out" in shown
    assert "Result: 1 of 1 right" in shown


def test_an_answer_counts_as_it_was_marked_though_the_question_has_changed_since(small, quiz):
    quiz(["stars", ENTER, "q"], *SEED)
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("key: Stars\n  accept: [The stars]", "key: Planets"), "utf-8")
    assert "Result: 2 of 2 right" in quiz(["Blue", ENTER], "--resume")


def test_an_order_that_was_never_listed_as_it_is_right_counts_as_it_was_marked(tmp_path):
    """Earlier versions listed two things to order in the wrong order, whatever the seed."""
    question = build({"id": "q", "type": "order", "stem": "s", "rationale": "", "order": ["a", "b"]})
    seed = next(seed for seed in itertools.count() if sheet_of(question, seed).options == question.order)
    history = history_at(tmp_path)
    given = answer("q", typed="2 1", given=("a", "b"), verdict="right", mode="exam")
    history.start("sky", Start("exam", seed, ("q",)), given)
    (attempt,) = past_attempts(last_session(journal_at(tmp_path), "sky"), [question])
    assert attempt.right
    assert attempt.marking.given == ("a", "b")


def test_a_session_of_more_questions_than_fit_on_a_line_is_kept_but_cannot_be_resumed(tmp_path):
    history = history_at(tmp_path)
    start = Start("practice", 1, tuple(f"question-{number}" for number in range(6000)))
    session, event = history.start("sky", start, answer())
    assert session == event.act.session == ""
    assert [kept.act for kept, _ in history.events()] == [answer()]


@pytest.mark.parametrize("options", [[], ["--practice"], ["--exam"]], ids=str)
def test_every_result_has_its_seed(small, options):
    arguments = ["--course", small, "quiz", *options]
    done = in_process(*arguments, stdin="s\n" * 9)
    made = json.loads(in_process(*arguments, "--json", stdin="s\n" * 9).stdout)
    assert re.search(r"Seed: \d+\.|--seed \d+ ", done.stdout)
    assert isinstance(made["seed"], int)


def test_the_seed_of_an_exam_repeats_it(small):
    shown = in_process("--course", small, "quiz", "--exam", "--pass", "50", "--minutes", "9", stdin="s\ns\n").stdout
    (again,) = re.findall(r"Repeat this exam: +synergy (.*)", " ".join(shown.split("\n")))
    words = again.split(" § ")[0].split()
    assert words[2:6] == ["quiz", "--exam", "--minutes", "9"]
    first, second = (in_process(*words, stdin="s\ns\n").stdout for _ in "12")
    assert first == second
    assert first.partition("Question 2")[0] == shown.partition("Question 2")[0]


def test_the_time_of_an_exam_stands_still_while_it_is_interrupted(quiz, monkeypatch):
    cut_off(quiz, ["stars"], "--exam", *SEED, "--minutes", "5")
    monkeypatch.setenv("SYNERGY_NOW", at(23))
    assert "5 min left" in quiz(["Blue", ENTER], "--resume")


class Thinker(Examinee):
    """Thinks for as long as is written down at each question, then answers `s` or goes away."""

    def __init__(self, clock, acts):
        super().__init__(None)
        self.clock, self.acts, self.left = clock, list(acts), []

    def read_in_time(self, sheet, commands, seconds):
        self.left.append(seconds)
        thinking, act = self.acts.pop(0)
        self.clock.at += thinking * SECOND
        if act in ENDS:
            raise act
        return typed_right(sheet) if act == "answer" else act

    def overview(self, places, seconds):
        return self.read_in_time(None, [], seconds)


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError, SystemExit])
def test_thinking_uses_the_time_of_an_exam_however_it_is_left_and_a_pause_does_not(tmp_path, end):
    clock = Clock(step=0)
    start = plan_of(Random(1))._replace(mode="exam", minutes=10, most=3)
    for acts, left in [
        ([(20, "answer"), (30, SKIP), (40, end)], 600),
        ([(5, SKIP), (7, end)], 510),
        ([(1, "answer"), (2, FLAG), (3, end)], 498),
        ([(0, end)], 492),
    ]:
        past = last_session(journal_at(tmp_path), "binary-numbers")
        plan = start._replace(past=past)
        prompts = Thinker(clock, acts)
        history = history_at(tmp_path, clock=clock)
        assert sit(history, plan, past, prompts, AT_A_SCREEN) is None
        assert prompts.left == [left, *prompts.left[1:]]
        clock.at += DAY


def test_an_exam_keeps_its_pass_mark_and_its_flags(quiz):
    cut_off(quiz, ["f", "moon"], "--exam", *SEED, "--pass", "60")
    shown = quiz(["Blue", ENTER], "--resume")
    assert "flagged: What shines at night?" in shown
    assert "The pass mark of 60% was not reached." in shown


# An exam's result again


def reopened(small, *arguments):
    return in_process("--course", small, "history", "exam", *arguments)


def test_a_result_is_shown_again_with_ones_own_answers(small, quiz):
    shown = quiz(["moon", "Blue", ENTER], "--exam", *SEED, "--pass", "40")
    quiz(["Blue", ENTER, "stars", ENTER])
    again = reopened(small).stdout
    assert again.startswith("Exam on 2026-11-22 09:00\n")
    assert "Wrong. Your answer: moon" in again
    assert "The pass mark of 40% was reached." in again
    for part in ("Result: 1 of 2 right", "Every question"):
        assert shown.partition(part)[2].split("\n")[0] == again.partition(part)[2].split("\n")[0]
    assert again.partition("Every question")[2] == shown.partition("Every question")[2]


def test_an_earlier_result_is_shown_by_its_number(small, quiz):
    quiz(["stars", "Blue", ENTER], "--exam", *SEED)
    quiz(["moon", "Green", ENTER], "--exam", *SEED)
    assert "Result: 0 of 2 right" in reopened(small).stdout
    assert "Result: 2 of 2 right" in reopened(small, "2").stdout
    assert reopened(small, "3").status == 1
    assert "only 2 were finished with an answer" in reopened(small, "3").stderr
    assert json.loads(reopened(small, "2", "--json").stdout)["right"] == 2


def test_a_result_is_not_shown_before_the_exam_is_finished(small, quiz):
    cut_off(quiz, ["stars"], "--exam", *SEED)
    done = reopened(small)
    assert (done.status, done.stdout) == (1, "")


def test_of_an_exam_without_an_answer_nothing_is_left(small, quiz):
    assert "Result: 0 of 2 right" in quiz(["q", ENTER, ENTER, "y"], "--exam", *SEED)
    assert "no such exam: none was finished with an answer" in reopened(small).stderr


def test_an_exam_whose_time_ran_out_is_over_and_its_result_can_be_seen(small, quiz):
    cut_off(quiz, ["stars", GONE], "--exam", *SEED, "--minutes", "5")
    assert "There is nothing to resume." in quiz([], "--resume")
    assert reopened(small).stdout.startswith("Exam on 2026-11-22 09:00\nTime ran out.\n")
