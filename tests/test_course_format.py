"""docs/course-format.md is so: every example in it is run, and its tables are those of the code."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import NamedTuple

import pytest

from conftest import FOREIGN
from harness import PATIENCE, ROOT, SYNERGY, in_process
from synergy_cli.course import compiler, files, markdown, markdown_tokens
from synergy_cli.course import question as questions
from synergy_cli.course import question_format as kinds
from synergy_cli.course.files import BANK, Files
from synergy_cli.course.glossary import GLOSSARY
from synergy_cli.course.page import CALLOUTS, GRADES, Heading
from synergy_cli.course.question import Sheet, Verdict
from synergy_cli.course.question_types import QUESTION_TYPES, build
from synergy_cli.course.sources import source_record
from synergy_cli.parsing import report, schema
from synergy_cli.parsing import yaml as documents
from synergy_cli.parsing.faults import CODES

DOCS = ROOT / "docs"
TEXT = (DOCS / "course-format.md").read_text("utf-8")
COURSE = "bread"
BLOCK = re.compile(r"^(`{3,})(\w*)(?: title=\"([^\"\n]*)\")?([^\n]*)\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
TABLE = re.compile(r"^(?:<!-- (.+) -->\n)?(\|.*\n)\|[-:|]+\n((?:\|.*\n)+)", re.MULTILINE)
MARKED = {
    "right": Verdict.RIGHT,
    "wrong": Verdict.WRONG,
    "one more try": Verdict.NEAR,
    "asked again": Verdict.UNREADABLE,
}
MORE_PAGE = "---\ntitle: More\n---\n\n{}\n"
MORE_QUESTION = """\
questions:
- id: about-more
  type: true-false
  passage: more
  stem: There is more.
  key: true
  rationale: There is.
"""


class Block(NamedTuple):
    """A fenced example: where it begins, its language, its title, its text."""

    start: int
    language: str
    title: str
    text: str

    @property
    def sort(self):
        """Say how it is run: by its title, by its language, or not at all."""
        if re.fullmatch(r"\w+/[\w/.-]+", self.title):
            return "file"
        return self.title.partition(" ")[0] or self.language


class Rows(NamedTuple):
    """A table: where it begins, what it claims to be, its rows."""

    start: int
    name: str
    header: list[str]
    rows: list[list[str]]


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


BLOCKS = [Block(match.start(), match[2] + match[4], match[3] or "", match[5] + "\n") for match in BLOCK.finditer(TEXT)]
PROSE = BLOCK.sub(lambda match: "\n" * match[0].count("\n"), TEXT)
TABLES = [
    Rows(match.start(), match[1] or "", cells(match[2]), [cells(row) for row in match[3].strip().split("\n")])
    for match in TABLE.finditer(BLOCK.sub(lambda match: " " * len(match[0]), TEXT))
]
SORTS = {"file", "folder", "page", "question", "screen", "console", "sh", "first"}


def of(sort):
    return [block for block in BLOCKS if block.sort == sort]


def named(name):
    return [table for table in TABLES if table.name == name]


def bare(cell):
    """Take the signs of code off a cell."""
    return cell.replace("`", "")


def lay_out(folder, *courses):
    """Write the files of courses as the document gives them."""
    for block in of("file"):
        if block.title.partition("/")[0] in courses:
            path = folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
    return folder / courses[0]


def passes(course):
    done = in_process("check", course, "--strict")
    assert (done.stderr, done.status) == ("", 0), done.stdout


@pytest.fixture
def bread(tmp_path):
    return lay_out(tmp_path, COURSE)


# no example is left out


def test_every_example_says_how_it_is_run():
    assert [(block.title, block.language) for block in BLOCKS if block.sort not in SORTS] == []
    assert "```" not in PROSE


def test_every_table_is_held_to_something():
    known = {*FIELDS, "kinds", "grades", "ids", "codes: quality", "traps", "limits"}
    free = {("passage", "what is shown"), ("if you", "the learner's history"), ("typed", "marked")}
    assert [table.header for table in TABLES if table.name not in known and tuple(table.header) not in free] == []
    assert {table.name for table in TABLES} - {""} == known


def test_every_link_leads_somewhere():
    headings = [block for block in markdown.parse_markdown(TEXT, report.Report("")) if isinstance(block, Heading)]
    anchors = {f"#{heading.id}" for heading in headings}
    links = set(re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]+`", "", PROSE)))
    assert {link for link in links if link.startswith("#")} <= anchors
    assert [link for link in links if link[0] != "#" and not (DOCS / link.partition("#")[0]).exists()] == []


# files, and parts of files


@pytest.mark.parametrize("course", ["smallest", COURSE, "cases"])
def test_a_course_that_is_shown_whole_has_no_fault(tmp_path, course):
    passes(lay_out(tmp_path, course))


def test_every_file_that_is_shown_belongs_to_a_course_that_is_run():
    assert {block.title.partition("/")[0] for block in of("file")} == {"smallest", COURSE, "cases", "broken"}


def test_the_folder_looks_as_it_is_drawn(bread):
    (block,) = of("folder")
    drawn, above = set(), []
    for line in block.text.strip().split("\n")[1:]:
        name = line.split()[0]
        above = [*above[: (len(line) - len(line.lstrip())) // 2 - 1], name.rstrip("/")]
        drawn.add("/".join(above))
    assert drawn == {path.relative_to(bread).as_posix() for path in bread.rglob("*")}


def test_what_else_lies_in_the_folder_is_left_alone(bread):
    (bread / "README.md").write_text("# Mine\n[gone](gone.md) [@nobody]\n", "utf-8")
    (bread / "notes").mkdir()
    (bread / "notes" / "later.yaml").write_text("[", "utf-8")
    passes(bread)


@pytest.mark.parametrize("block", of("question"), ids=lambda block: block.text.split()[2])
def test_a_question_that_is_shown_fits_into_the_course(bread, block):
    with (bread / BANK).open("a", encoding="utf-8") as bank:
        bank.write(block.text)
    passes(bread)


def test_all_questions_that_are_shown_fit_together(bread):
    with (bread / BANK).open("a", encoding="utf-8") as bank:
        bank.writelines(block.text for block in of("question"))
    passes(bread)
    assert in_process("quiz", "--course", bread, "--practice", "-n", "99", stdin="s\n" * 99).status == 0


@pytest.mark.parametrize("block", of("page"), ids=lambda block: block.text.split()[1])
def test_a_text_that_is_shown_can_stand_on_a_page(bread, block):
    (bread / "pages" / "03-more.md").write_text(MORE_PAGE.format(block.text), "utf-8")
    (bread / "questions" / "more.yaml").write_text(MORE_QUESTION, "utf-8")
    passes(bread)
    assert in_process("explain", "more", "--course", bread).status == 0


def test_the_first_line_is_the_one_that_new_writes(tmp_path):
    (block,) = of("first")
    assert in_process("new", tmp_path / "mine").status == 0
    assert (tmp_path / "mine" / BANK).read_text("utf-8").startswith(block.text)


def test_a_schema_that_a_file_names_is_one_that_new_makes(tmp_path, bread):
    assert in_process("new", tmp_path / "mine").status == 0
    (tmp_path / "mine" / ".schemas").rename(bread / ".schemas")
    for path in bread.rglob("*.yaml"):
        for schema_path in re.findall(r"\$schema=(\S+)", path.read_text("utf-8")):
            assert (path.parent / schema_path).is_file(), path


def test_what_a_reference_manager_exports_can_be_used_as_it_is(bread):
    items = [
        {"id": key, "type": "book", "title": "Bread", "author": [{"family": "Baker", "given": "Ada"}]}
        | {"issued": {"date-parts": [["1987", 5, 2]]}, "ISBN": "0-000", "citation-key": key, "language": "en"}
        for key in ("houserules", "oldrules")
    ]
    (bread / "references.yaml").write_text(json.dumps(items, indent="\t"), "utf-8")
    passes(bread)
    assert "Baker A" in in_process("sources", "oldrules", "--course", bread).stdout


# commands


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Run all commands, in their order, in a folder with the courses; give what each block printed."""
    folder = tmp_path_factory.mktemp("author")
    lay_out(folder, "smallest", COURSE, "broken")
    (folder / "home").mkdir()
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN.split()}
    own = {"HOME": str(folder / "home"), "PATH": f"{SYNERGY.parent}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    found = {}
    for block in (*of("console"), *of("sh")):
        lines = block.text.split("\n")
        commands = [line[2:] for line in lines if line.startswith("$ ")] if block.language == "console" else lines
        done = subprocess.run(
            ["bash", "-c" if block.language == "console" else "-ec", "\n".join(commands)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env={**clean, **own},
            check=False,
            timeout=PATIENCE * 3,
        )
        found[block] = done.stdout, done.returncode
    return found


@pytest.mark.parametrize("block", of("console"), ids=lambda block: block.text.split("\n")[0])
def test_a_command_prints_what_is_shown(outputs, block):
    shown = "\n".join(line for line in block.text.split("\n") if not line.startswith("$ "))
    assert outputs[block][0] == shown


@pytest.mark.parametrize("block", of("sh"), ids=lambda block: block.text.split("\n")[0])
def test_a_command_runs(outputs, block):
    assert outputs[block][1] == 0, outputs[block][0]


def test_the_course_with_faults_fails(tmp_path):
    assert in_process("check", lay_out(tmp_path, "broken")).status == 1


# answers


def asked(before):
    """Give the question that is shown last before a place, with its options as they are listed there."""
    block = [block for block in of("question") if block.start < before][-1]
    screens = [screen for screen in of("screen") if block.start < screen.start < before]
    listed = re.findall(r"^([1-9a-i])  (.+)$", screens[-1].text if screens else "", re.MULTILINE)
    collected = report.Report("")
    (node,) = documents.parse(block.text, collected).value
    question = build(kinds.read_question(node, collected))
    numbered = tuple(text for sign, text in listed if sign.isdigit())
    return Sheet(question, numbered, tuple(text for sign, text in listed if not sign.isdigit()))


def answers():
    for table in TABLES:
        if table.header == ["typed", "marked"]:
            for typed, marked in table.rows:
                sheet = asked(table.start)
                yield pytest.param(sheet, bare(typed), marked, id=f"{sheet.question.type} {bare(typed)}")


@pytest.mark.parametrize(("sheet", "typed", "marked"), list(answers()))
def test_an_answer_is_marked_as_the_document_says(sheet, typed, marked):
    options = sheet.options or sheet.question.sheet(_Unmoved()).options
    assert sheet._replace(options=options).mark(typed).verdict is MARKED[marked]


class _Unmoved:
    """Shuffles nothing: for options that always stand in one order."""

    def shuffle(self, _items):
        return None


def test_options_are_shown_as_they_could_stand_on_the_screen():
    for table in TABLES:
        if table.header == ["typed", "marked"]:
            sheet = asked(table.start)
            own = sheet.question.sheet(_Unmoved())
            listed = sheet.options or own.options
            assert (sorted(listed), sorted(sheet.partners)) == (sorted(own.options), sorted(own.partners))


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_each_kind_has_a_section_with_an_example_and_answers(kind):
    section = re.search(rf"^### {kind}\n(.*?)(?=^##)", TEXT, re.DOTALL | re.MULTILINE)[1]
    assert f"  type: {kind}\n" in section
    assert {"| right |", "| wrong |"} <= set(re.findall(r"\| right \||\| wrong \|", section))


# tables


def fields_of(kind):
    """Find the declared fields of what a field holds."""
    while not isinstance(kind, schema.Object):
        kind = kind.kind
    return kind.fields


def by_name(fields, name):
    return next(field for field in fields if field.name == name)


CLAIMS = by_name(markdown.FRONT_MATTER.fields, "claims")
DISTRACTORS = by_name(QUESTION_TYPES["choice"].fields, "distractors")


FIELDS = {
    "fields: bank": compiler.ONLY_BANK.fields,
    "fields: page": markdown.FRONT_MATTER.fields,
    "fields: claim": fields_of(CLAIMS.kind),
    "fields: source": source_record().fields,
    "fields: term": fields_of(GLOSSARY),
    "fields: question": kinds._COMMON,
    "fields: distractor": fields_of(DISTRACTORS.kind),
}


CLAIMED = by_name(fields_of(CLAIMS.kind), "sources")


def needed(field):
    """Say whether a field is needed; a question's type and a claim's sources are asked for by codes of their own."""
    typed = field in kinds._COMMON and field.name in kinds.QUESTION.shape()["required"]
    if field.required or typed or field is CLAIMED:
        return "yes"
    return f"no: `{field.default}`".replace("False", "false") if field.default not in ("", (), {}, None) else "no"


@pytest.mark.parametrize("name", FIELDS)
def test_a_table_of_fields_is_that_of_the_code(name):
    (table,) = named(name)
    shown = {row[0].strip("`"): row[1] for row in table.rows}
    assert shown == {field.name: needed(field) for field in FIELDS[name]}
    assert all(row[2] for row in table.rows)


def test_the_table_of_kinds_is_that_of_the_code():
    (table,) = named("kinds")
    shown = {
        re.search(r"`(.+?)`", kind)[1]: [re.findall(r"`(.+?)`", fields) for fields in (first, second)]
        for kind, first, second, _ in table.rows
    }
    assert shown == {
        word: [[field.name for field in kind.fields if field.required is needed] for needed in (True, False)]
        for word, kind in QUESTION_TYPES.items()
    }


def test_the_grades_are_those_of_the_code():
    (table,) = named("grades")
    assert {bare(grade): meaning for grade, meaning in table.rows} == GRADES


def test_the_callouts_are_those_of_the_code():
    (sentence,) = re.findall(r"^[^\n]*callouts highlight a paragraph.*?\.$", PROSE, re.DOTALL | re.MULTILINE)
    assert tuple(word.lower() for word in re.findall(r"`([A-Z]+)`", sentence)) == CALLOUTS


def test_ids_of_headings_are_made_so():
    (table,) = named("ids")
    source = "\n".join(re.match(r"`(.+?)`", heading)[1] for heading, _ in table.rows)
    headings = markdown.parse_markdown(source, report.Report(""))
    assert [heading.id for heading in headings] == [bare(identity) for _, identity in table.rows]


def test_every_warning_about_quality_is_explained():
    (table,) = named("codes: quality")
    assert [bare(code) for code, _ in table.rows] == [code for code, sort in CODES.items() if sort.family == "quality"]


def test_the_limits_are_those_of_the_code():
    (table,) = named("limits")
    unit = by_name(QUESTION_TYPES["number"].fields, "unit").kind
    assert {bare(what): most for what, most in table.rows} == {
        "a YAML file": f"{files.MAX_BYTES >> 20} MiB, {documents.MAX_VALUES:,} values, {documents.MAX_DEPTH} levels",
        "a text": f"{schema.MAX_TEXT:,} characters",
        "an id": f"{schema.IDENT.most} characters",
        "a unit": f"{unit.most} characters",
        "options, items in order, pairs, gaps": str(questions.MOST_OPTIONS),
        "a page": f"{files.MAX_PAGE_BYTES >> 10} KiB, {markdown_tokens.MAX_LINES:,} lines, "
        f"{markdown_tokens.MAX_LEVELS} levels of lists and quotations",
        "parsing steps of a page, and of all pages": f"{markdown_tokens.MAX_STEPS:,} and "
        f"{markdown_tokens.MAX_STEPS_OF_ALL:,}",
        "a heading, a paragraph": f"{markdown_tokens.MAX_HEADING} and {markdown_tokens.MAX_PARAGRAPH:,} characters",
        "a table": f"{markdown_tokens.MAX_COLUMNS} columns, {markdown_tokens.MAX_CELLS:,} cells",
        "files in pages/, in questions/": f"{files.MOST_FILES:,}",
    }


TRAP = """\
format: 1
id: traps
title: Traps
questions:
- id: trap
  type: short
  {stem}
  {key}
  rationale: So it is.
"""


def with_line(tmp_path, line):
    """Write a course in which a field is written so."""
    lines = {"stem": "stem: What is it?", "key": "key: it", line.partition(":")[0]: line}
    (tmp_path / BANK).write_text(TRAP.format(**lines), "utf-8")
    return tmp_path


@pytest.mark.parametrize(("written", "code", "mended"), [tuple(map(bare, row)) for row in named("traps")[0].rows])
def test_a_trap_of_yaml_is_found_and_mended_so(tmp_path, written, code, mended):
    found = json.loads(in_process("check", with_line(tmp_path, written), "--json").stdout)["faults"]
    assert [(fault["code"], fault["line"]) for fault in found] == [(code, 7 if written.startswith("stem") else 8)]
    passes(with_line(tmp_path, mended))
    text = mended.partition(": ")[2][1:-1]
    assert text in compiler.Compiler(Files(tmp_path)).bank[0].values()


# ids and revisions


@pytest.mark.parametrize(
    ("old", "new", "asked_again"),
    [
        ("The year 2000 was a leap year.", "In 2000 was a leap day.", 0),
        ("  key: true", "  key: true\n  revision: 2", 1),
        ("id: year-2000", "id: twenty-hundred", 1),
        ("id: leap-years", "id: leap-days", 1),
    ],
    ids=["wording", "revision", "id", "id of the course"],
)
def test_the_history_stays_or_begins_afresh_as_the_document_says(tmp_path, old, new, asked_again):
    course = lay_out(tmp_path, "smallest")
    assert in_process("quiz", "--course", course, stdin="1\n").stdout.count("Right.") == 1
    path = course / BANK
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    done = in_process("quiz", "--course", course, stdin="1\n")
    assert (done.stderr, done.stdout.count("Right.")) == ("", asked_again)
