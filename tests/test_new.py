"""`synergy new` creates a small course that teaches its own format, all of it or nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import PATIENCE, ROOT, SYNERGY, in_process, process
from synergy_cli.authoring import new as starter
from synergy_cli.course.cache import Cache
from synergy_cli.course.compiler import Compiler
from synergy_cli.course.course import Course
from synergy_cli.course.files import BANK, Files
from synergy_cli.course.question_format import _COMMON
from synergy_cli.course.question_types import QUESTION_TYPES
from synergy_cli.parsing.schema import IDENTIFIER

PACKAGE = ROOT / "src" / "synergy_cli"
TEMPLATE = PACKAGE / "template"
PANDOC = shutil.which("pandoc")
NAMES = {
    "plain": ("roman-numerals", "roman-numerals", "Roman numerals"),
    "with spaces": ("Tea for two", "tea-for-two", "Tea for two"),
    "with accents": ("Böhmische Küche", "bohmische-kuche", "Böhmische Küche"),
    "with an apostrophe": ("Sam's boat", "sams-boat", "Sam's boat"),
    "with quotes": ('a "b" \\c', "a-b-c", 'A "b" \\c'),
    "underscores": ("first_steps", "first-steps", "First steps"),
    "digits": ("2024", "2024", "2024"),
    "a word that YAML takes for no": ("no", "no", "No"),
    "like an option": ("-x", "x", "X"),
    "no letter of ours": ("数学", "my-course", "数学"),
    "nothing but signs": ("+++", "my-course", "My course"),
    "no UTF-8": (os.fsdecode(b"caf\xe9 noir"), "caf-noir", "Caf noir"),
    "a bell": ("ding\a dong", "ding-dong", "Ding dong"),
    "long": ("abcdefghi " * 20, "-".join(["abcdefghi"] * 10), "Abcdefghi" + " abcdefghi" * 19),
    "two lines": ("one\ntwo", "one-two", "One two"),
}
ANSWERS = {
    "file-number": ["It sets the reading order"],
    "front-matter-parts": ["Its claims", "Its title", "Its summary"],
    "heading-id": "High-and-low-tide",
    "grades-in-order": ["established", "guideline", "trials", "observational", "early", "contested"],
    "what-each-field-is-for": [
        "A nudge before the answer",
        "Why one option is wrong",
        "Why the key is right",
        "Where the answer can be read",
    ],
    "largest-right-number": "430 mm",
    "wording-may-change": "true",
}
TRICKY = ("with spaces", "with an apostrophe", "with quotes", "like an option", "no UTF-8", "a bell", "two lines")
tricky = pytest.mark.parametrize("name", [NAMES[row][0] for row in TRICKY], ids=TRICKY)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Change to an empty folder and return it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def made(here):
    """Return a new course."""
    assert in_process("new", "my-course").status == 0
    return here / "my-course"


def tree(folder):
    return {path.relative_to(folder): path.is_file() and path.read_bytes() for path in folder.rglob("*")}


def bank_of(folder):
    """Give the manifest of a course and its questions, of which none has a fault."""
    course = Course(Files(folder), Cache(None))
    return course.manifest, Compiler(Files(folder)).bank


# what is created


def test_a_new_course_has_no_fault(made):
    done = in_process("check", made, "--strict")
    assert (done.stdout, done.stderr, done.status) == (
        "My course: no faults (2 sections, 8 questions, 1 source).\n",
        "",
        0,
    )


def test_it_has_a_question_of_each_kind_about_both_pages(made):
    manifest, items = bank_of(made)
    assert sorted(item["type"] for item in items) == sorted(QUESTION_TYPES)
    assert min(manifest.counts.values()) >= 3


def test_every_field_of_a_question_is_shown(made):
    text = (made / BANK).read_text("utf-8")
    fields = {field.name for field in _COMMON}.union(
        *({field.name for field in kind.fields} for kind in QUESTION_TYPES.values())
    )
    assert {name for name in fields if not re.search(rf"(?m)^[ -]+{name}:|^ *# .*`{name}: ", text)} == set()


def test_every_question_names_a_passage_and_a_source(made):
    _, items = bank_of(made)
    assert [item["id"] for item in items if "#" not in item["passage"] or not item["sources"]] == []


def test_each_data_file_starts_with_comments_that_teach(made):
    for path in made.glob("*.yaml"):
        assert path.read_text("utf-8").count("\n#") + path.read_text("utf-8").count("  #") >= 3, path.name


@pytest.mark.parametrize("name", ["questions", "references", "glossary"])
def test_the_editor_finds_the_schema_offline(made, name):
    first = (made / f"{name}.yaml").read_text("utf-8").split("\n")[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)[1]
    assert found == f".schemas/{name}.schema.json"
    assert json.loads((made / found).read_text("utf-8"))


def test_the_schemas_are_those_of_the_program(made):
    published = {path.name: path.read_bytes() for path in (PACKAGE / "schemas").glob("*.schema.json")}
    assert {path.name: path.read_bytes() for path in (made / ".schemas").iterdir()} == published
    assert published


def test_answers_that_follow_the_pages_are_all_right(made):
    options = ["--course", made, "--seed", "1", "--unsaved"]
    shown = in_process("quiz", *options, "-w", "300", stdin="s\n" * 7).stdout
    skipped = json.loads(in_process("quiz", *options, "--json", "--answers", "-", stdin="s\n" * 7).stdout)
    typed = [_typed(ANSWERS[attempt["id"]], shown.split(attempt["stem"])[1]) for attempt in skipped["attempts"]]
    done = json.loads(in_process("quiz", *options, "--json", "--answers", "-", stdin="\n".join(typed)).stdout)
    assert (done["asked"], done["right"]) == (7, 7), done


def _typed(answer, shown):
    """Write an answer as it is typed for the displayed order of options."""
    signs = {text: sign for sign, text in re.findall(r"^  ([1-9a-i])  (.+)$", shown.split("→")[0], re.MULTILINE)}
    return answer if isinstance(answer, str) else "".join(signs[text] for text in answer)


@pytest.mark.skipif(PANDOC is None, reason="pandoc is not installed")
@pytest.mark.parametrize("page", sorted((TEMPLATE / "pages").iterdir()), ids=lambda path: path.stem)
def test_pandoc_renders_its_pages_without_a_warning(page):
    command = [PANDOC, "--citeproc", "--bibliography", TEMPLATE / "references.yaml", "-t", "html", page]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "[@" not in re.sub(r"<code>.*?</code>", "", done.stdout, flags=re.DOTALL)


# its name


@pytest.mark.parametrize(("name", "identity", "title"), NAMES.values(), ids=NAMES)
def test_the_folder_name_determines_id_and_title(here, name, identity, title):
    assert in_process("new", "--", name).status == 0
    manifest, _ = bank_of(here / name)
    assert (manifest.id, manifest.title) == (identity, title)
    assert in_process("check", here / name, "--strict").status == 0


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=120))
def test_any_name_gives_an_id(name):
    identity = starter.identity_of(name)
    assert IDENTIFIER.fullmatch(identity)
    assert len(identity) <= 100


@settings(max_examples=25)
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_name_gives_a_course_without_a_fault(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("any")
    for path, text in starter.files_for(name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="\n")
    done = in_process("check", folder, "--strict")
    assert (done.stderr, done.status) == ("", 0), done.stdout


# messages


def test_it_reports_what_was_created(here):
    done = in_process("new", "my-course")
    listed = [line.strip() for line in done.stdout.split("\n\n")[0].split("\n")[1:]]
    assert sorted(listed) == sorted(str(path) for path, data in tree(here / "my-course").items() if data)
    assert done.stderr == ""


@pytest.mark.sampled
@tricky
def test_the_suggested_commands_work_in_a_shell(here, name):
    told = process("new", "--", name).stdout
    commands = [line.strip() for line in told.split("\n") if line.startswith("  synergy ")]
    assert [command.split()[1] for command in commands] == ["check", "explain", "quiz"]
    env = {**os.environ, "PATH": f"{SYNERGY.parent}:{os.environ['PATH']}"}
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command], env=env, input="", capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        assert (done.stderr, done.returncode) == ("", 0), command


@tricky
def test_json_names_the_folder_and_its_files(here, name):
    done = json.loads(in_process("new", "--json", "--", name).stdout)
    assert (done["schema"], done["folder"]) == (1, name)
    assert all((here / name / path).is_file() for path in done["files"])
    assert len(done["files"]) == sum(data is not False for data in tree(here / name).values())


# where it is created


def test_parents_are_created(here):
    assert in_process("new", "far/away/tides").status == 0
    assert in_process("check", "far/away/tides", "--strict").status == 0


def test_an_empty_folder_is_used(here):
    (here / "tides").mkdir()
    assert in_process("new", "tides").status == 0
    assert in_process("check", "tides", "--strict").status == 0


def test_the_current_folder_is_used_and_what_is_in_it_stays(tmp_path, monkeypatch):
    (tmp_path / "tides" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "tides")
    for name in ("README.md", "LICENSE", ".gitignore"):
        (tmp_path / "tides" / name).write_text(f"my {name}", "utf-8")
    before = tree(tmp_path)
    done = in_process("new", ".")
    assert done.status == 0
    commands = done.stdout.splitlines()[-3:]
    assert commands == ["  synergy check --strict", "  synergy explain", "  synergy quiz"]
    assert tree(tmp_path).items() >= before.items()
    assert in_process("check", "--strict").stdout.startswith("Tides: no faults")


def test_a_link_to_an_empty_folder_is_used(here):
    (here / "real").mkdir()
    (here / "tides").symlink_to("real")
    assert in_process("new", "tides").status == 0
    assert (here / "real" / BANK).exists()


def in_a_folder_with_pages(here):
    (here / "tides" / "pages").mkdir(parents=True)
    return "tides", "tides already has pages; nothing was created."


def in_a_course(here):
    in_process("new", "tides")
    return "tides", "tides already has .schemas; nothing was created."


def at_a_file(here):
    (here / "tides").write_text("mine", "utf-8")
    return "tides", "tides: cannot create a course here: Not a directory."


def below_a_file(here):
    (here / "tides").write_text("mine", "utf-8")
    return "tides/low", "tides/low: cannot create a course here: Not a directory."


def at_a_link_to_nothing(here):
    (here / "tides").symlink_to("gone")
    return "tides", "tides: cannot create a course here: No such file or directory."


def where_nothing_can_be_made(here):
    return "/proc/tides", "/proc/tides: cannot create a course here: No such file or directory."


@pytest.mark.parametrize(
    "refusal",
    [in_a_folder_with_pages, in_a_course, at_a_file, below_a_file, at_a_link_to_nothing, where_nothing_can_be_made],
)
def test_a_refusal_is_one_line_and_changes_nothing(here, refusal):
    folder, message = refusal(here)
    before = tree(here)
    done = in_process("new", folder)
    assert (done.stdout, done.stderr, done.status) == ("", f"synergy: {message}\n", 1)
    assert tree(here) == before


def test_a_directory_must_be_named(here):
    done = process("new")
    assert done.status == 2
    assert "DIRECTORY" in done.stderr
    assert tree(here) == {}


# all or nothing


@pytest.mark.parametrize("there", [True, False], ids=["in an empty folder", "in a folder to be made"])
def test_a_full_disk_leaves_nothing(here, there):
    """Files are limited to 1,024 bytes, so the first one fails while it is written."""
    (here / "far").mkdir()
    if there:
        (here / "far" / "tides").mkdir()
    before = tree(here)
    command = ["sh", "-c", 'ulimit -f 2; exec "$@"', "sh", str(SYNERGY), "new", "far/tides"]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # what the import system writes would be cut off too
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE, env=env)
    message = "far/tides: cannot create a course here: File too large. What was written has been removed."
    assert (done.stdout, done.stderr, done.returncode) == ("", f"synergy: {message}\n", 1)
    assert tree(here) == before


@pytest.mark.parametrize("fails_at", range(9))
@pytest.mark.parametrize("reason", [KeyboardInterrupt, SystemExit, OSError], ids=lambda kind: kind.__name__)
def test_an_interruption_between_two_files_leaves_nothing(here, monkeypatch, fails_at, reason):
    write, written = starter._write, []

    def write_some(path, text, made):
        if len(written) == fails_at:
            raise reason(28, "No space left on device") if reason is OSError else reason
        written.append(path)
        write(path, text, made)

    monkeypatch.setattr(starter, "_write", write_some)
    with pytest.raises((reason, starter.SynergyError)):
        starter.make(here / "far" / "tides")
    assert len(written) == fails_at
    assert BANK not in [path.name for path in written]
    assert tree(here) == {}


def test_a_file_added_by_someone_else_meanwhile_stays(here, monkeypatch):
    write = starter._write

    def write_late(path, text, made):
        if path.name == BANK:
            path.write_text("mine", "utf-8")
        write(path, text, made)

    monkeypatch.setattr(starter, "_write", write_late)
    with pytest.raises(starter.SynergyError, match="File exists"):
        starter.make(here / "tides")
    assert tree(here) == {(here / "tides").relative_to(here): False, (here / "tides" / BANK).relative_to(here): b"mine"}


def test_of_two_at_once_only_one_creates_the_course(here):
    for number in range(2):
        folder = here / f"tides-{number}"
        folder.mkdir()
        running = [
            subprocess.Popen([SYNERGY, "new", folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
        ]
        for one in running:
            one.communicate(timeout=PATIENCE)
        assert sorted(one.returncode for one in running) == [0, 1]
        assert in_process("check", folder, "--strict").status == 0
