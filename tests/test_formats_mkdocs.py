"""mkdocs-quiz: what stands between its tags becomes a question, and what a question cannot show is named."""

from __future__ import annotations

import pytest

import exchange
from harness import in_process

PAGE = """\
---
title: Bread
---
# Bread at the corner {#bread}

To ask something, write:

```markdown
<quiz>
Not a question.
- [x] a
- [ ] b
</quiz>
```

## Dough

<quiz>
When is the dough **ready**?
- [ ] After four hours
> Go by its size.
> Time says little.
- [x] When its size has doubled
* [] When its skin is dry

That takes as long as it takes.
</quiz>

## Oven ##

=== "Example"

    <quiz>
    Bread needs [[steam]] and [[heat]].

    ---
    Steam keeps the crust soft.
    </quiz>
"""


def read(text):
    return exchange.read("mkdocs-quiz", text)


def only(inside):
    (found,), transfer = read(f"<quiz>\n{inside}\n</quiz>\n")
    return found.data, [(each.kind, each.reason) for each in transfer.remarks]


def test_the_questions_of_a_page_are_found_under_its_headings():
    found, transfer = read(PAGE)
    assert [(each.line, each.topic, each.data) for each in found] == [
        (
            18,
            ("Bread at the corner", "Dough"),
            {
                "type": "choice",
                "stem": "When is the dough **ready**?",
                "key": "When its size has doubled",
                "distractors": [
                    {"text": "After four hours", "feedback": "Go by its size.\nTime says little."},
                    "When its skin is dry",
                ],
                "rationale": "That takes as long as it takes.",
            },
        ),
        (
            33,
            ("Bread at the corner", "Oven"),
            {
                "type": "cloze",
                "stem": "Bread needs ___ and ___.",
                "gaps": ["steam", "heat"],
                "rationale": "Steam keeps the crust soft.",
            },
        ),
    ]
    assert (transfer.found, transfer.remarks) == (2, [])


def test_several_marks_make_several_keys():
    data, remarks = only("Which?\n- [x] a\n\n- [X] b\n- [ ] c")
    assert (data["type"], data["keys"], data["distractors"], remarks) == ("multiple", ["a", "b"], ["c"], [])


@pytest.mark.parametrize(
    ("text", "shown", "remark"),
    [
        ("## More\n\nIt is.", "**More**\n\nIt is.", ("changed", "headings became bold text")),
        ('!!! tip "Note well"\n    It is.', "**Note well**\nIt is.", ("changed", "a callout became a paragraph")),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a | b\n1 | 2", ("changed", "a table became lines of text")),
        ("It is.\n\n> So it is.", "It is.\n\nSo it is.", ("changed", "a quotation became a paragraph")),
        ("See [this](page.md).", "See this.", ("reduced", "without a link")),
        ("![a loaf](loaf.png)", "(picture: a loaf)", ("reduced", "without a picture")),
        ("It <b>is</b>.", "It is.", ("reduced", "without HTML tags")),
        ("m<sup>2</sup> and `<b>` <!-- here -->", "m² and `<b>`", None),
        ("`#!py int`{ .x } &amp; more", "`int` & more", None),
        ('```py title="x"\n# <b> | x\n```', '```py title="x"\n# <b> | x\n```', None),
        ("See https://example.org and [it](https://example.org/x).", None, None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_pages_have_gets_another_form_or_is_named(text, shown, remark):
    data, remarks = only(f"Which?\n- [x] a\n- [ ] b\n\n{text}")
    assert (data["rationale"], remarks) == (shown or text, [remark] if remark else [])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("<quiz>\nWhich?\n</quiz>", 1, "it has neither options nor gaps"),
        ("\n<quiz>\nWhich?\n- [ ] a\n- [ ] b\n</quiz>", 2, "no option is right"),
        ("<quiz>\nWhich?\n- [x] a\n</quiz>", 1, "it has fewer than two options"),
        ("<quiz>\n- [x] a\n- [ ] b\n</quiz>", 1, "it has no text"),
        ("<quiz>\nWhich?\n- [ ] a\n\n> No.\n- [x] b\n</quiz>", 1, "`> No.` is in the middle of the options"),
        ("<quiz>\nWhich?\n- [x] a\n- [ ] b\n", 1, "`</quiz>` is missing"),
        (
            "<?quiz?>\nquestion: Which?\nanswer-correct: a\n<?/quiz?>",
            1,
            "the syntax of mkdocs-quiz before 1.0; run `mkdocs-quiz migrate` first",
        ),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_question_is_reported_with_line_and_reason(text, line, reason):
    found, transfer = read(text)
    assert found == []
    assert [(each.kind, each.line, each.reason) for each in transfer.remarks] == [("skipped", line, reason)]


def test_a_page_becomes_a_course_with_its_title(tmp_path):
    (tmp_path / "bread.md").write_text(PAGE, "utf-8")
    done = in_process("import", tmp_path / "bread.md", "-o", tmp_path / "course")
    assert (done.status, done.stderr) == (0, "")
    assert "2 read." in " ".join(done.stdout.split())
    assert "title: Bread at the corner" in (tmp_path / "course" / "questions.yaml").read_text("utf-8")
    assert sorted(path.name for path in (tmp_path / "course" / "questions").iterdir()) == [
        "01-dough.yaml",
        "02-oven.yaml",
    ]
