"""An import makes a course, and adds to one without touching what its author edited."""

from __future__ import annotations

import json
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange
from exchange import banks, built, of_choice, of_multiple
from harness import ROOT, in_process
from synergy_cli.formats import course_folder, ids, incoming, merge, records, table
from synergy_cli.formats.format import Item
from synergy_cli.formats.formats import EXPORTS, FORMATS, IMPORTS
from synergy_cli.formats.transfer import Transfer
from synergy_cli.formats.yaml_text import question_text
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse

FIRST = """\
Which planet is the largest?
A. Mars
B. Jupiter
ANSWER: B

Which is the smallest?
A. Mercury
B. Mars
ANSWER: A
"""
ONLY_MISSING = ("--ignore", "no-feedback", "--ignore", "no-rationale")


@pytest.fixture
def quiz(tmp_path):
    """Give a file with two questions and the folder of the course that was made of it."""
    return imported(tmp_path, FIRST)


def imported(tmp_path, text, *options):
    file, course = tmp_path / "planets.aiken", tmp_path / "my-course"
    file.write_text(text, "utf-8")
    assert run(file, course, *options).status == 0
    return file, course


def run(file, course, *options):
    return in_process("import", file, "-o", course, *options)


def again(quiz, text, *options):
    """Import the file with another text; give the report."""
    quiz[0].write_text(text, "utf-8")
    done = run(*quiz, "--json", *options)
    assert (done.status, done.stderr) == (0, "")
    return json.loads(done.stdout)


def edited(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def bank(course):
    return (course / "questions.yaml").read_text("utf-8")


def everything(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_course_is_made_that_lacks_only_what_the_file_lacks(quiz):
    assert bank(quiz[1]).startswith(
        "format: 1\nid: my-course\ntitle: Planets\nquestions:\n- id: which-planet-is-the-largest\n"
    )
    assert in_process("check", quiz[1], "--strict", *ONLY_MISSING).status == 0


def test_the_report_counts_and_names_the_next_step(tmp_path):
    file = tmp_path / "planets.aiken"
    file.write_text(f"{FIRST}\nWhat?\nA. x\nANSWER: A\n", "utf-8")
    done = run(file, tmp_path / "my-course", "--width", "300")
    assert done.stdout.replace(f"{tmp_path}/", "").split("\n") == [
        "Skipped: 1 option, expected at least 2",
        "planets.aiken:11: What?",
        "",
        "planets.aiken: 3 questions, 2 read, 1 skipped.",
        "my-course: 2 added.",
        "Next: synergy check my-course",
        "",
    ]


def test_the_same_file_changes_nothing(quiz):
    before = everything(quiz[1])
    report = again(quiz, FIRST)
    assert (report["unchanged"], report["added"], report["updated"]) == (2, [], [])
    assert everything(quiz[1]) == before


def test_what_changed_in_the_file_changes_in_the_course(quiz):
    report = again(quiz, FIRST.replace("B. Mars", "B. Venus"))
    assert report["updated"] == [{"line": 6, "id": "which-is-the-smallest", "fields": ["distractors"]}]
    assert "- Venus" in bank(quiz[1])
    assert "revision" not in bank(quiz[1])


def test_another_right_answer_is_another_revision(quiz):
    again(quiz, FIRST.replace("ANSWER: A", "ANSWER: B"))
    assert "  key: Mars\n  distractors:\n    - Mercury\n  revision: 2\n" in bank(quiz[1])
    again(quiz, FIRST)
    assert "  key: Mercury\n  distractors:\n    - Mars\n  revision: 3\n" in bank(quiz[1])


def test_a_mended_stem_keeps_the_id(quiz):
    report = again(quiz, FIRST.replace("smallest?", "smallest planet of all?"))
    assert report["updated"] == [{"line": 6, "id": "which-is-the-smallest", "fields": ["stem"]}]


def test_what_the_author_edited_stays(quiz):
    edited(quiz[1] / "questions.yaml", "key: Jupiter", "key: Jupiter\n  hint: It has a red spot.")
    before = bank(quiz[1])
    assert again(quiz, FIRST)["kept"] == []
    report = again(quiz, FIRST.replace("A. Mars", "A. Saturn"))
    assert report["kept"] == [{"line": 1, "id": "which-planet-is-the-largest", "fields": ["distractors", "hint"]}]
    assert bank(quiz[1]) == before


def test_what_the_author_edited_is_replaced_on_request(quiz):
    edited(quiz[1] / "questions.yaml", "key: Jupiter", "key: Jupiter\n  hint: It has a red spot.")
    report = again(quiz, FIRST.replace("A. Mars", "A. Saturn"), "--replace")
    assert report["updated"] == [{"line": 1, "id": "which-planet-is-the-largest", "fields": ["distractors", "hint"]}]
    assert "hint" not in bank(quiz[1])


def test_questions_are_edited_in_a_spreadsheet_and_come_back(small, tmp_path):
    table = tmp_path / "quiz.csv"
    assert in_process("--course", small, "export", "csv", "-o", table).status == 0
    edited(table, "Green is the grass.", "Grass is green.")
    done = in_process("import", table, "-o", small, "--replace", "--json")
    assert json.loads(done.stdout)["updated"] == [{"line": 2, "id": "colour", "fields": ["distractors"]}]
    text = bank(small)
    assert "feedback: Grass is green." in text
    assert "passage: sky#by-day" in text.replace('"', "")
    assert in_process("check", small).status == 0


def test_a_question_may_move_to_another_file(quiz):
    text = bank(quiz[1])
    start = text.index("- id: which-is")
    (quiz[1] / "questions").mkdir()
    (quiz[1] / "questions" / "small.yaml").write_text(f"questions:\n{text[start:]}", "utf-8")
    (quiz[1] / "questions.yaml").write_text(text[:start], "utf-8")
    report = again(quiz, FIRST.replace("B. Mars", "B. Venus"))
    assert [change["id"] for change in report["updated"]] == ["which-is-the-smallest"]
    assert "- Venus" in (quiz[1] / "questions" / "small.yaml").read_text("utf-8")


def test_what_the_author_deleted_stays_deleted(quiz):
    text = bank(quiz[1])
    (quiz[1] / "questions.yaml").write_text(text[: text.index("- id: which-is")], "utf-8")
    before = bank(quiz[1])
    assert again(quiz, FIRST)["deleted"] == ["which-is-the-smallest"]
    assert bank(quiz[1]) == before


def test_what_left_the_file_stays_in_the_course(quiz):
    report = again(quiz, FIRST[: FIRST.index("Which is")])
    assert report["missing"] == ["which-is-the-smallest"]
    assert "which-is-the-smallest" in bank(quiz[1])


def test_a_new_question_follows_the_others_and_all_else_stays_as_written(quiz):
    edited(quiz[1] / "questions.yaml", "title: Planets\n", "title: Planets # mine\nlicence: CC0-1.0\n")
    edited(quiz[1] / "questions.yaml", "- id: which-is", "# about size\n- id: which-is")
    before = bank(quiz[1])
    report = again(quiz, FIRST + "\nWhich is hot?\nA. Venus\nB. Uranus\nANSWER: A\n")
    assert report["added"] == ["which-is-hot"]
    assert bank(quiz[1]).startswith(before)
    assert in_process("check", quiz[1], "--strict", *ONLY_MISSING).status == 0


@pytest.mark.parametrize(
    "questions",
    [
        "questions:\n  - id: old\n    type: true-false\n    stem: s\n    key: true\n",
        "questions:\n-\n  {id: old, type: true-false, stem: s, key: true}\n",
    ],
    ids=["indented", "in braces"],
)
def test_questions_are_added_in_the_style_of_the_file(tmp_path, questions):
    course = tmp_path / "my-course"
    course.mkdir()
    (course / "questions.yaml").write_text(f"format: 1\nid: c\ntitle: C\n{questions}# the end\n", "utf-8")
    imported(tmp_path, FIRST)
    assert bank(course).startswith(f"format: 1\nid: c\ntitle: C\n{questions}")
    assert (
        "3 questions"
        in in_process("check", course, *ONLY_MISSING, "--ignore", "no-rationale", "--ignore", "similar-stems").stdout
    )


def test_a_list_in_brackets_is_not_added_to(tmp_path):
    course, file = tmp_path / "my-course", tmp_path / "planets.aiken"
    course.mkdir()
    file.write_text(FIRST, "utf-8")
    (course / "questions.yaml").write_text(
        "format: 1\nid: c\ntitle: C\nquestions: [{id: old, type: true-false, stem: s, key: true}]\n", "utf-8"
    )
    before = everything(course)
    done = run(file, course)
    assert (done.status, done.stdout) == (1, "")
    assert "expected each question on lines of its own" in done.stderr
    assert everything(course) == before


def test_a_question_of_the_course_is_not_taken_for_one_of_the_file(quiz):
    text = "- id: which-is-hot\n  type: true-false\n  stem: Venus is hot.\n  key: true\n"
    (quiz[1] / "questions.yaml").write_text(bank(quiz[1]) + text, "utf-8")
    (added,) = again(quiz, FIRST + "\nWhich is hot?\nA. Venus\nB. Uranus\nANSWER: A\n")["added"]
    assert added.startswith("which-is-hot-")
    assert in_process("check", quiz[1], *ONLY_MISSING).status == 0


def test_two_questions_that_begin_alike_have_two_ids_and_one_that_is_repeated_has_one(tmp_path):
    one = FIRST[: FIRST.index("Which is")]
    file, course = imported(tmp_path, one + one.replace("ANSWER: B", "ANSWER: A") + one)
    report = json.loads(run(file, course, "--json").stdout)
    assert (report["found"], report["written"], report["unchanged"]) == (3, 2, 2)
    assert [remark["reason"] for remark in report["remarks"]] == ["the same question as in line 1"]


def test_strict_writes_nothing_if_a_question_is_lost(tmp_path):
    file, course = tmp_path / "planets.aiken", tmp_path / "my-course"
    file.write_text(FIRST + "What?\nA. x\nANSWER: A\n", "utf-8")
    done = run(file, course, "--strict")
    assert done.status == 1
    assert done.stderr == "synergy: Nothing was written: questions or parts of them would be lost.\n"
    assert not course.exists()
    assert run(file, course).status == 0


def test_invisible_characters_are_removed_and_named(tmp_path):
    file, course = imported(tmp_path, FIRST.replace("planet", "pla\u202enet\u00ad"))
    assert "Which planet is the largest?" in bank(course)
    (remark,) = json.loads(run(file, course, "--json").stdout)["remarks"]
    assert remark["reason"] == "without invisible characters: U+00AD SOFT HYPHEN, U+202E RIGHT-TO-LEFT OVERRIDE"


def test_the_file_of_an_unknown_format_is_named_with_all_formats(tmp_path):
    file = tmp_path / "notes"
    file.write_text("nothing of the kind", "utf-8")
    done = run(file, tmp_path / "my-course")
    assert done.status == 2
    assert f"Name it: --format {'|'.join(IMPORTS)}" in done.stderr
    file.write_text(FIRST, "utf-8")
    assert run(file, tmp_path / "my-course").status == 0


def test_the_help_and_the_manual_name_every_format():
    manual = (ROOT / "docs" / "formats.md").read_text("utf-8")
    help_text = in_process("export", "--help").stdout
    assert [name for name in EXPORTS if not re.search(rf"FORMAT +.*\b{name}\b", help_text)] == []
    assert [name for name in FORMATS if f"| `{name}` |" not in manual] == []


def fifo(path):
    os.mkfifo(path)


HOSTILE = {
    "nothing there": (lambda _: None, "No such file or directory"),
    "a folder": (lambda path: path.mkdir(), "directory"),
    "a pipe": (fifo, "is not a regular file"),
    "no text": (lambda path: path.write_bytes(b"What?\nA. \xff\xfe\n"), "planets.aiken:2:4: error[not-utf8]"),
    "empty": (lambda path: path.write_bytes(b""), "has no question that can be read"),
    "zeros": (lambda path: path.write_bytes(bytes(100_000)), "has no question that can be read"),
    "one long line": (lambda path: path.write_bytes(b"A" * (incoming.MAX_BYTES + 1)), "is larger than 16 MiB"),
}


@pytest.mark.parametrize(("make", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_is_written(tmp_path, make, message):
    file, course = tmp_path / "planets.aiken", tmp_path / "my-course"
    make(file)
    done = run(file, course, "--format", "aiken")
    assert done.status == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not course.exists()


def test_too_many_questions_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(incoming, "MAX_QUESTIONS", 1)
    file = tmp_path / "planets.aiken"
    file.write_text(FIRST, "utf-8")
    done = run(file, tmp_path / "my-course")
    assert (done.status, done.stderr) == (1, "synergy: More than 1 questions. Split the file.\n")


@pytest.mark.parametrize(
    "record", ["", "[]", "{", '{"schema": 1, "questions": {"a": 1}}', "[" * 90_000, '{"schema": 2}']
)
def test_a_damaged_record_of_imports_makes_every_question_the_authors_own(quiz, record):
    (quiz[1] / ".imported.json").write_text(record, "utf-8")
    before = bank(quiz[1])
    report = again(quiz, FIRST.replace("B. Mars", "B. Venus"))
    assert bank(quiz[1]).startswith(before)
    assert report["updated"] == []


def test_a_folder_in_which_questions_have_no_bank_is_left_alone(tmp_path):
    (tmp_path / "my-course" / "questions").mkdir(parents=True)
    (tmp_path / "planets.aiken").write_text(FIRST, "utf-8")
    done = run(tmp_path / "planets.aiken", tmp_path / "my-course")
    assert done.status == 1
    assert "has a folder `questions`, but no questions.yaml" in done.stderr
    assert list((tmp_path / "my-course").rglob("*")) == [tmp_path / "my-course" / "questions"]


def test_a_course_with_a_fault_is_left_alone(quiz):
    (quiz[1] / "questions.yaml").write_text("format: 1\n  id: [", "utf-8")
    before = everything(quiz[1])
    done = run(*quiz)
    assert done.status == 1
    assert "questions.yaml:2:" in done.stderr
    assert everything(quiz[1]) == before


def test_a_bank_that_leads_out_of_the_folder_is_not_followed(tmp_path, quiz):
    (quiz[1] / "questions.yaml").rename(tmp_path / "elsewhere.yaml")
    (quiz[1] / "questions.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    before = (tmp_path / "elsewhere.yaml").read_bytes()
    done = run(*quiz)
    assert done.status == 1
    assert "points outside the course's folder" in done.stderr
    assert (tmp_path / "elsewhere.yaml").read_bytes() == before


def test_when_a_file_cannot_be_written_nothing_is(tmp_path, monkeypatch):
    (tmp_path / "planets.aiken").write_text(FIRST, "utf-8")
    (tmp_path / "my-course").write_text("a file", "utf-8")
    done = run(tmp_path / "planets.aiken", tmp_path / "my-course" / "below")
    assert done.status == 1
    assert "cannot write a course here" in done.stderr
    assert (tmp_path / "my-course").read_text("utf-8") == "a file"


def test_when_writing_is_stopped_nothing_is_left(tmp_path, monkeypatch):
    (tmp_path / "planets.aiken").write_text(FIRST, "utf-8")

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", stop)
    assert run(tmp_path / "planets.aiken", tmp_path / "my-course").status == 130
    assert not (tmp_path / "my-course").exists()


def test_topics_have_files_of_their_own(tmp_path):
    items = [
        Item(1, {"type": "true-false", "stem": "a", "key": True}, ("Rye bread",)),
        Item(2, {"type": "true-false", "stem": "b", "key": True}),
        Item(3, {"type": "true-false", "stem": "c", "key": True}, ("Ähren: früh/spät",)),
        Item(4, {"type": "true-false", "stem": "d", "key": True}, ("Rye bread",)),
        Item(5, {"type": "true-false", "stem": "e", "key": True}, ("漢字",)),
    ]
    assert sorted(texts_for(tmp_path, items)) == [
        ".imported.json",
        "questions.yaml",
        "questions/01-rye-bread.yaml",
        "questions/02-ahren-fruh-spat.yaml",
        "questions/03-漢字.yaml",
    ]


def test_topics_keep_their_titles(tmp_path):
    titles = ("Rye bread", "AWS: what is S3?", "漢字")
    items = [Item(n, {"type": "true-false", "stem": t, "key": True}, (t,)) for n, t in enumerate(titles)]
    texts = texts_for(tmp_path, items)
    assert [text.partition("questions:")[0] for name, text in texts.items() if name.startswith("questions/")] == [
        "",
        'title: "AWS: what is S3?"\n',
        "",
    ]
    shown = in_process("--course", tmp_path / "c", "explain").stdout
    assert [title for title in titles if title in shown] == [*titles]
    assert in_process("check", tmp_path / "c", *ONLY_MISSING).status == 0


def texts_for(folder, items):
    """Give the files that an import writes for these questions, after it wrote them."""
    transfer = Transfer()
    found = incoming.arrivals(items, set(), set(), transfer)
    course = course_folder.read_folder(folder / "c")
    _, texts = merge.merge(course, ids.assign(found, course.records, course.blocks, transfer), "input")
    course_folder.save(folder / "c", texts)
    return texts


def test_a_topic_keeps_its_file_and_new_ones_follow(tmp_path):
    texts_for(tmp_path, [Item(1, {"type": "true-false", "stem": "a", "key": True}, ("Rye",))])
    more = [Item(1, {"type": "true-false", "stem": s, "key": True}, (t,)) for s, t in (("b", "Rye"), ("c", "Corn"))]
    texts = texts_for(tmp_path, more)
    assert set(texts) == {".imported.json", "questions/01-rye.yaml", "questions/02-corn.yaml"}
    assert in_process("check", tmp_path / "c", *ONLY_MISSING).status == 0


def test_very_many_questions_are_spread_over_files(tmp_path, monkeypatch):
    monkeypatch.setattr(merge, "MOST_IN_A_FILE", 2)
    items = [
        Item(n, {"type": "true-false", "stem": f"s{n}", "key": True}, (topic,) if topic else ())
        for n, topic in enumerate(["", "", "", "a", "a", "a"])
    ]
    texts = texts_for(tmp_path, items)
    assert {name: text.count("- id:") for name, text in texts.items() if name.endswith("yaml")} == {
        "questions.yaml": 2,
        "questions/01-part-2.yaml": 1,
        "questions/02-a.yaml": 2,
        "questions/03-a-2.yaml": 1,
    }


texts = st.one_of(
    exchange.marked,
    st.text(
        st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), min_size=1
    ),
    st.sampled_from(
        [
            "no",
            "~",
            "1.10",
            "- a",
            "# a",
            "a: b",
            "a #b",
            "'",
            '"',
            "|",
            ">",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a",
            "{",
            "[",
            "?",
            "a\n  b\n c",
            "  a\nb",
            "\tb\na",
            "a\n\n\nb",
            "2026-01-01",
            "0x1",
            "“a”",
            "---",
            "...",
            "a\n---\nb",
        ]
    ),
)


@given(
    st.recursive(
        texts,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3), st.dictionaries(texts, inner, min_size=1, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_what_is_written_as_yaml_is_read_as_it_was(value):
    report = Report("")
    text = "questions:\n" + question_text({"id": "x", "type": "short", "stem": value}) + "\n"
    (node,) = parse(text, report).value["questions"].node.value
    assert report.faults == []
    assert node.value["stem"].node.data() == value


@pytest.mark.parametrize("value", ["b", "b\nc", ["b"], {"b": "c"}])
@pytest.mark.parametrize("size", [900, 1022, 1100, 19_000])
def test_a_key_longer_than_yaml_takes_on_a_line_is_read_as_it_was(value, size):
    test_what_is_written_as_yaml_is_read_as_it_was.hypothesis.inner_test({"a": "b", "c" * size: value, "d": "e"})


def test_numbers_and_short_lists_are_written_as_authors_write_them():
    number = {
        "id": "x",
        "type": "number",
        "stem": "s",
        "key": "4",
        "accept": ["20..25", "-0.5", "010"],
        "tolerance": "0.50",
    }
    assert question_text(number).split("\n")[3:] == [
        "  key: 4",
        "  accept:",
        "    - 20..25",
        "    - -0.5",
        '    - "010"',
        "  tolerance: 0.50",
    ]
    gaps = {"id": "x", "type": "cloze", "stem": "___", "gaps": [["flour", "white flour"], "a, b"], "tags": ["a b", "c"]}
    assert question_text(gaps).split("\n")[3:] == [
        "  gaps:",
        "    - [flour, white flour]",
        '    - "a, b"',
        "  tags: [a b, c]",
    ]


@pytest.mark.deep
@given(banks(of_choice(exchange.marked), of_multiple(exchange.marked)))
def test_a_bank_is_written_and_loaded_without_loss(tmp_path_factory, bank):
    folder = tmp_path_factory.mktemp("bank")
    bank = {name: data for name, data in bank.items() if built(name, data)}
    items = [Item(1, data, (), name) for name, data in bank.items()]
    if not items:
        return
    texts_for(folder, items)
    blocks = course_folder.read_folder(folder / "c").blocks
    assert {name: block.data["stem"].rstrip("\n") for name, block in blocks.items()} == {
        name: data["stem"].rstrip() if "\n" in data["stem"] else data["stem"].strip() for name, data in bank.items()
    }
    assert "error" not in in_process("check", folder / "c", "--format", "github").stdout


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory):
    """Give a course of so many questions, which is compiled once."""
    items = [
        Item(
            n,
            {"type": "choice", "stem": f"What is {n}?", "key": f"it is {n}", "distractors": [f"a {n}", f"b {n}"]},
            ("T",),
        )
        for n in range(10_000)
    ]
    folder = tmp_path_factory.mktemp("ten thousand")
    texts_for(folder, items)
    return folder / "c"


@pytest.mark.deep
@pytest.mark.parametrize("name", [name for name in IMPORTS if name in EXPORTS and name != "tsv"])
def test_ten_thousand_questions_go_out_and_come_back(ten_thousand, tmp_path, name):
    file = tmp_path / f"quiz{FORMATS[name].suffixes[0]}"
    done = in_process("--course", ten_thousand, "export", name, "-o", file, "--strict")
    assert (done.status, done.stderr) == (0, "")
    report = json.loads(in_process("import", file, "-o", tmp_path / "course", "--strict", "--json").stdout)
    assert (report["found"], len(report["added"])) == (10_000, 10_000)


FLOODS = {
    "lines": ("aiken", "x\n" * 500_002, "has more than 500,000 lines"),
    "rows": ("csv", "question,answer\n" + "a,b\n" * 60, "More than 50 questions"),
    "markup": ("gift", ("*a " * 60 + "{T}\n\n") * 20, "More than 1,000 markup characters"),
    "elements": (
        "moodle",
        f"<quiz><question>{'<a/>' * 10_001}</question></quiz>",
        "a question has more than 10,000 elements",
    ),
    "values": ("json", "[" + "1," * 1_000_001 + "1]", "has more than 1,000,000 values"),
    "TOML": ("toml", "a = 1\n" * 175_000, "is larger than 1024 KiB"),
}


@pytest.mark.parametrize(("name", "text", "message"), FLOODS.values(), ids=FLOODS)
def test_a_file_of_very_much_of_anything_is_refused(tmp_path, monkeypatch, name, text, message):
    monkeypatch.setattr(incoming, "MAX_MARKUP", 1_000)
    for module in (incoming, table, records):
        monkeypatch.setattr(module, "MAX_QUESTIONS", 50)
    file = tmp_path / "quiz"
    file.write_text(text, "utf-8")
    done = run(file, tmp_path / "my-course", "--format", name)
    assert (done.status, done.stdout) == (1, "")
    assert message in done.stderr
    assert not (tmp_path / "my-course").exists()
