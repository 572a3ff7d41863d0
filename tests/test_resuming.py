"""A session or an exam that is cut anywhere, by anything, is resumed to the same end as one that was not."""

from __future__ import annotations

import itertools
import json
import os
import signal
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import EXAMPLE, Screen, in_process
from learner import ScriptedTerminal, at, scripted_call
from records import TRIALS, Clock, asked, history_at, journal_at
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.question import Verdict
from synergy_cli.errors import StoppedError
from synergy_cli.history.log import Log
from synergy_cli.study.attempts import AT_A_SCREEN, HINT, NEXT, OVERRULE, SKIP, STOP, UNDO, Outcome
from synergy_cli.study.exam import BACK, FLAG, Exam, past_result
from synergy_cli.study.queue import sample
from synergy_cli.study.recording import HistoryRecorder, LearnerState
from synergy_cli.study.resuming import attempts, in_course, is_open, items, last_session
from synergy_cli.study.review import SessionPlan, StudySession

SEED = ("--seed", "1")
"""Asks the small course's typed question first."""
half = settings(max_examples=TRIALS // 2)
seeds = st.integers(0, 2**32)


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
    return attempt._replace(question=attempt.question.id, seconds=round(attempt.seconds, 1))


class Fate:
    """Decides what a learner does, and where the program is cut off; notes what came to be on record."""

    def __init__(self, rng):
        self.rng = rng
        self.steps = []
        self.pending = []
        self.left = None
        self.dead = False

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
                file.write(whole[: self.fate.rng.randrange(len(whole))])
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

    unsaved = False

    def __init__(self, fate):
        self.fate = fate
        self.reads = []

    def show_question(self, sheet, position):
        self.reads = []

    def read(self, sheet, commands):
        self.fate.moment(*ENDS)
        keys = [key for key, _ in commands]
        act = self.fate.rng.random()
        if UNDO in keys and act < 0.06:
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
        if act < 0.1:
            self.fate.pending.append(("undo",))
            return UNDO
        return NEXT

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
        if self.fate.steps[:1] in ([("overrule",)], [("undo",)]):
            return {"overrule": OVERRULE, "undo": UNDO}[self.fate.steps.pop(0)[0]]
        return NEXT


def plan_of(rng, past=None):
    mode = rng.choice(("review", "practice"))
    count, seed = rng.randint(1, 7), rng.randrange(1000)
    return SessionPlan(
        example_course().outline, count, 99, mode, seed, mode == "practice", (), (), "synergy", past=past
    )


def study(history, plan, prompts, rules):
    """Hold a session, and give its outcome and what was shown in the end; None if it was cut off."""
    course = example_course()
    recorder = HistoryRecorder(history, course.manifest.id, plan.mode)
    state = LearnerState(history, {}, history.today, "")
    terminal = ScriptedTerminal([])
    try:
        return StudySession(course, state, prompts, recorder, plan).run(rules, terminal), terminal.shown, recorder.count
    except (StoppedError, SystemExit, Killed):
        return None


def interrupted(folder, fate, plan, rules):
    """Hold a session that is cut off again and again, until it comes to its end."""
    clock = Clock(step=1)
    for cut in itertools.count():
        fate.live(fate.rng.randint(0, 25) if cut < 4 else None)
        past = last_session(journal_at(folder), "binary-numbers")
        resumed = plan._replace(past=past and in_course(past, example_course()))
        made = study(history_of(folder, fate, clock), resumed, Learner(fate), rules)
        past = last_session(journal_at(folder), "binary-numbers")
        if past is not None and not is_open(past):
            return made, past
    raise AssertionError


@given(seeds)
@half
def test_a_session_that_is_cut_anywhere_comes_to_the_same_end(root, seed):
    rng, here, there = Random(seed), root(), root()
    plan, rules = plan_of(rng), AT_A_SCREEN._replace(confidence=rng.random() < 0.3, repeats=rng.choice((0, 2, 2)))
    fate = Fate(rng)
    made, past = interrupted(here, fate, plan, rules)
    fate.live(None)
    whole = study(history_of(there, fate, Clock(step=1)), plan, Follower(fate), rules)
    outcome, shown, count = whole
    assert fate.steps == []
    again = attempts(past, example_course().pick(items(past, example_course())))
    assert list(map(compared, again)) == list(map(compared, outcome.attempts))
    assert afresh(here) == afresh(there)
    if made is not None:  # the end itself was not cut off
        assert made[0].document() == outcome.document()
        assert made[1].partition("Result:")[2].split("\n") == shown.partition("Result:")[2].split("\n")
        assert made[2] == count


# An exam


class Examinee:
    """Sits an exam as fate will have it."""

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

    def overview(self, places, seconds):
        self.fate.moment(*ENDS)
        self.places = places
        return self.fate.rng.choice([None, self.fate.rng.randrange(len(places))])

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

    def overview(self, places, seconds):
        self.places = places


def sit(history, start, past, prompts, rules):
    """Sit an exam, and give its result; None if it was cut off."""
    course = example_course()
    recorder = HistoryRecorder(history, course.manifest.id, "exam")
    questions = course.pick(sample(course.outline, start.most, start.seed))
    exam = Exam(questions, prompts, recorder, Outcome((), len(questions), start.seed), rules)
    try:
        if past is None:
            recorder.begin(start.start(questions, rules))
        else:
            recorder.resume(past)
            exam.resume(attempts(past, questions), past.flagged)
        result = exam.run(None)
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
@half
def test_an_exam_that_is_cut_anywhere_comes_to_the_same_end(root, seed):
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
