"""Runs the page's scripts in Node, so that their results can be compared with those of the program."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from synergy_cli.formats.html_data import MARKING, question_data, rules, script
from synergy_cli.formats.html_questions import sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterable

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


def run(code: str, data: Any, names: Iterable[str] = MARKING) -> Any:
    """Run code after the scripts; it finds the data as `data`, and what it returns is given."""
    program = f"{script(names)}const main = (data) => {{ {code} }};\n"
    program += "let input = ''; process.stdin.on('data', (part) => (input += part));"
    program += "process.stdin.on('end', () => process.stdout.write(JSON.stringify(main(JSON.parse(input)))));"
    done = subprocess.run([NODE, "-e", program], input=json.dumps(data), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def with_options(question):
    """Give the data of a question as the page's script completes it from the page's text."""
    sheet = sheet_of(question)
    return {"options": sheet.options, "partners": sheet.partners} | question_data(question)


def marked(language, pairs):
    """Mark questions, each with its answers, as the page does; give a marking for each answer."""
    data = {
        "rules": rules(language),
        "pairs": [[with_options(question), answers] for question, answers in pairs],
    }
    code = """
        rules_js.install(data.rules);
        return data.pairs.map(([question, answers]) => answers.map((answer) => marking_js.mark(question, answer)));
    """
    return run(code, data)


def as_in_the_page(question, marking):
    """Give what the program made of an answer in the form of the page's script."""
    wrong = getattr(question, "distractors", ())
    verdict = marking.verdict.value
    said = {one.feedback for one in wrong if one.feedback}
    return {
        "verdict": verdict,
        "given": [str(text) for text in marking.given] if verdict != "unreadable" else None,
        "share": round(marking.share, 9),
        "remarks": [remark for remark in marking.remarks if remark not in said],
        "feedback": [remark for remark in marking.remarks if remark in said],
        "parts": [(str(part.part), part.right, part.left_out, part.remark) for part in marking.parts],
    }


def as_here(question, marking):
    """Give what the page made of an answer in the same form."""
    wrong = getattr(question, "distractors", ())
    sheet = sheet_of(question)
    listed = sheet.partners or sheet.options
    by_place = (
        {listed.index(one.text): one.feedback for one in wrong}
        if listed
        else {place: one.feedback for place, one in enumerate(wrong)}
    )

    def why(part):
        told = [part["correction"]] if "correction" in part and not part["right"] else []
        told += [by_place.get(part["feedback"], "")] if not part["right"] and "feedback" in part else []
        return "\n".join(filter(None, told))

    return {
        "verdict": marking["verdict"],
        "given": marking["given"] if marking["verdict"] != "unreadable" else None,
        "share": round(marking["share"], 9),
        "remarks": marking["remarks"],
        "feedback": [by_place[place] for place in marking["feedback"] if by_place.get(place)],
        "parts": [
            (part.get("label", "") + part["text"], part["right"], part.get("leftOut", False), why(part))
            for part in marking["parts"]
        ],
    }
