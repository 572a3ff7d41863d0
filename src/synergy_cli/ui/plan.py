"""Views of a plan for a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.text import plural
from synergy_cli.ui.elements import commands, day_name, fields, joined, paragraph, percent, title_lines

if TYPE_CHECKING:
    from synergy_cli.history.plan import Bank, Plan
    from synergy_cli.ui.elements import Lines
    from synergy_cli.ui.theme import Look


def today(bank: Bank, title: str, look: Look) -> Lines:
    """Say what is recalled on a date that is today."""
    recalled = f"about {percent(bank.recalled)} of {plural(bank.questions, 'question')}"
    text = f"That is today, so there is nothing left to plan. You would recall {recalled}."
    return [fields("today", text)] if look.plain else [*title_lines(title, look=look), *paragraph(text, look)]


def plan(plan: Plan, title: str, look: Look) -> Lines:
    """Render a plan. With `plain`, one line per part of it, with a tab after its name."""
    date = day_name(plan.phases.day, plan.phases.today)
    parts = [
        ("begin", _beginning(plan)),
        ("last", _last_pass(plan)),
        ("recall", _recall(plan, date)),
        ("measured", _so_far(plan)),
        ("long", _long(plan)),
    ]
    said = [(name, text) for name, text in parts if text]
    new = f" --new {plan.phases.new_a_day}" if plan.bank.new else ""
    calls = [("Each day:", f"{look.program} quiz -n {plan.session}{new}")]
    if plan.last_a_day:
        calls.append(("Last pass:", f"{look.program} quiz -n {plan.last_a_day}"))
    if look.plain:
        rows = [fields(name, text) for name, text in said]
        return [*rows, *(fields("command", *labelled) for labelled in calls)]
    days = plural(plan.phases.day - plan.phases.today, "day")
    heading = title_lines(title, f"A plan for recall {date}, in {days}", look=look)
    return joined([heading, *(paragraph(text, look) for _, text in said), commands(calls, look)])


def _beginning(plan: Plan) -> str:
    """Say what to do before the last pass."""
    steps = plan.phases
    takes = f"about {plan.a_day} a day, {plan.minutes(plan.a_day)} min{_busiest(plan)}"
    if not plan.bank.new:
        return f"You have seen every question. Answer what is due: {takes}."
    left, them = (f"{plan.bank.new} new questions are", "them") if plan.bank.new > 1 else ("1 new question is", "it")
    last = day_name(steps.begun - 1, steps.today)
    start = f"{steps.new_a_day} a day, the last {last}" if steps.begun - steps.today > 1 else f"{them} today"
    return f"{left} left. Start {start}, and answer what is due: {takes}."


def _busiest(plan: Plan) -> str:
    """Say how many questions the busiest day has before the last pass, unless all days are alike."""
    if plan.most_a_day <= plan.a_day:
        return ""
    before = f" before the {_last_days(plan)}" if plan.last_a_day else ""
    sessions = ", in several sessions" if plan.most_a_day > plan.session else ""
    return f"; at most {plan.most_a_day} on one day{before}{sessions}"


def _last_days(plan: Plan) -> str:
    days = plan.phases.day - plan.phases.last_pass
    return "last day" if days == 1 else f"last {days} days"


def _last_pass(plan: Plan) -> str:
    """Say what to do in the last days."""
    if not plan.last_a_day:
        return ""
    steps = plan.phases
    when, count = f"{'On' if steps.day - steps.last_pass == 1 else 'In'} the {_last_days(plan)}", plan.last_a_day
    again = " Repeat the session until you have answered that many."
    return f"{when}, answer each question once more: about {count} a day, {plan.minutes(count)} min.{again}"


def _recall(plan: Plan, date: str) -> str:
    share, low, high = map(percent, (plan.recalled, plan.low, plan.high))
    questions = plural(plan.bank.questions, "question")
    promise = f"If you do, and FSRS predicts your memory well, you will recall about {share} of {questions} {date}"
    return f"{promise}: nine times in ten {low} to {high}. Today it is {percent(plan.bank.recalled)}."


def _so_far(plan: Plan) -> str:
    """Say how true predictions were until now."""
    if plan.so_far is None:
        return "How well FSRS predicts your memory is not known yet: see Recall, measured, in your progress."
    recalled, predicted = map(percent, plan.so_far)
    return f"So far you have recalled {recalled} of what you reviewed; {predicted} was predicted."


def _long(plan: Plan) -> str:
    if not plan.is_long:
        return ""
    return "That is more than two hours a day: hard to keep up. A later date needs less a day."
