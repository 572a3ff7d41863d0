"""What a course says of its questions is put together from its files, and only those that changed are read."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness import DATA, EXAMPLE, ROOT
from synergy_cli.course import cache
from synergy_cli.course.cache import Cache
from synergy_cli.course.compiler import Compiler, bad_parts
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files, display_path
from synergy_cli.course.manifest import from_plain, manifest, tally
from synergy_cli.parsing.report import ContentError
from synergy_cli.text import plural

PAGES = {
    "01-sky.md": "---\ntitle: Sky\n---\n\nAbove.\n\n## By day\n\nBlue.\n",
    "02-bad.md": "---\ntitle: Bad\n---\n\n[@x]\n",
}
IDS = st.sampled_from([f"q{number}" for number in range(12)] + ["Not an id"])
PASSAGES = st.sampled_from(["", "sky", "sky#by-day", "sky#gone", "gone", "bad", "Sky!"])
SOURCES = st.lists(st.sampled_from(["known", "unknown"]), max_size=2, unique=True)
STEMS = st.sampled_from(["Is it?", "", "Is ![it](known.svg)?", "Is ![it](gone.svg)?", "Is <b>it</b>?"])
QUESTIONS = st.fixed_dictionaries(
    {"id": IDS, "type": st.just("true-false"), "stem": STEMS, "key": st.just(True), "rationale": st.just("Yes.")},
    optional={"passage": PASSAGES, "sources": SOURCES, "context": st.sampled_from(["here", "nowhere"])},
)
PARTS = st.fixed_dictionaries(
    {"questions": st.lists(QUESTIONS, max_size=5)},
    optional={
        "contexts": st.dictionaries(st.just("here"), st.sampled_from(["So.", "![x](gone.svg)", ""])),
        "title": st.sampled_from(["A topic", "Another", ""]),
    },
)
HEADS = st.fixed_dictionaries(
    {"format": st.sampled_from(["1", "1", "2"]), "id": st.just("it"), "title": st.just("It")},
    optional={"version": st.just("3"), "language": st.sampled_from(["de", "?"])},
)


def write_course(folder, parts):
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "questions").mkdir(exist_ok=True)
    for name, text in PAGES.items():
        (folder / "pages" / name).write_text(text, "utf-8")
    (folder / "known.svg").write_text("<svg/>", "utf-8")
    (folder / "references.yaml").write_text("- {id: known, type: book, title: T, issued: 1900}\n", "utf-8")
    for number, part in enumerate(parts):
        path = folder / "questions" / f"{number}-topic.yaml" if number else folder / "questions.yaml"
        path.write_text(yaml.safe_dump(part), "utf-8")
    return folder


def assert_same(folder):
    """What the tallies come to is what the whole bank says."""
    files = Files(folder)
    tallies = [from_plain(json.loads(json.dumps(tally(Compiler(files), path)))) for path in files.bank]
    assert told(lambda: manifest(Compiler(files), tallies)) == told(lambda: whole_manifest(Compiler(files)))


def whole_manifest(compiler):
    """Give the manifest from all questions at once."""
    fields = ("id", "title", "language", "licence", "description", "authors", "version")
    header = compiler.with_defaults(compiler._bank.header)
    pages = compiler.usable_pages if compiler.page_ids else {}
    usable = [draft for draft in compiler.drafts if draft.usable]
    counts = dict.fromkeys(compiler.page_ids, 0)
    for draft in usable:
        page = draft.data["passage"].partition("#")[0]
        topic = page if page in pages else draft.data["file_topic"]
        counts[topic] = counts.get(topic, 0) + 1
    given_up = {fault.path for fault in compiler._bank.faults if fault.code == "too-many-faults"}
    left_out = []
    for path in compiler.files.bank:
        content = compiler.part(path)[1]
        asked = sum(draft.file == path for draft in usable)
        lost = 1 if content is None or display_path(path) in given_up else len(content.questions) - asked
        if lost:
            left_out.append(f"{plural(lost, 'question')} of " * bool(asked) + display_path(path))
    titles = {}
    for path in compiler.files.bank[1:]:
        report, content = compiler.part(path)
        faults = [*report.faults, *compiler.missing(report, own={"context": content.contexts if content else {}})]
        if content and content.data.get("title") and -1 not in bad_parts(content.starts, faults):
            titles.setdefault(compiler.topic(path), content.data["title"])
    return [*(header[name] for name in fields), counts, titles, left_out]


def told(make):
    """Give the manifest, with its counts in their order, or the faults that prevent it."""
    try:
        *about, counts, titles, left_out = make()
    except ContentError as error:
        return error.faults
    return about, list(counts.items()), titles, left_out


@given(head=HEADS, parts=st.lists(PARTS, min_size=1, max_size=3))
def test_what_files_tell_alone_adds_up_to_what_the_bank_tells(tmp_path_factory, head, parts):
    assert_same(write_course(tmp_path_factory.mktemp("course"), [{**head, **parts[0]}, *parts[1:]]))


@pytest.mark.parametrize(
    "folder", [DATA, EXAMPLE, *sorted((ROOT / "tests" / "courses").iterdir())], ids=lambda p: p.name
)
def test_it_does_so_in_every_course_there_is(folder):
    if (folder / "questions.yaml").exists():
        assert_same(folder)


def test_a_file_with_too_many_faults_is_left_out_whole(tmp_path):
    one = {"type": "true-false", "stem": "Is it?", "key": True, "rationale": "Yes."}
    parts = [
        {"format": "1", "id": "it", "title": "It", "questions": [{"id": "q", **one}]},
        {"questions": [{"id": "q", **one}] * 1001},
        {"questions": [{"id": "r", **one}, {"id": "q", **one}]},
    ]
    assert_same(write_course(tmp_path / "course", parts))


@pytest.fixture
def read(monkeypatch):
    """Give the names of the files with questions that are read."""
    names = []
    whole = Compiler.part
    monkeypatch.setattr(Compiler, "part", lambda self, path: names.append(path.name) or whole(self, path))
    monkeypatch.setattr(cache, "TOO_FRESH", -(10**18))
    return names


def test_after_a_change_only_what_changed_is_read(tmp_path, read):
    one = {
        "id": "q",
        "type": "true-false",
        "stem": "Is it?",
        "key": True,
        "rationale": "Yes.",
        "passage": "sky#by-day",
    }
    parts = [{"format": "1", "id": "it", "title": "It"}, {"questions": [one]}, {"questions": [{**one, "id": "r"}]}]
    folder = write_course(tmp_path / "course", parts)
    page, file = folder / "pages" / "01-sky.md", folder / "questions" / "1-topic.yaml"

    def counts():
        read.clear()
        course = Course(Files(folder), Cache(tmp_path / "cache"))
        course.page("sky")
        return course.manifest.counts.get("sky", 0), course.manifest.left_out, list(read)

    assert counts() == (2, [], ["questions.yaml", "1-topic.yaml", "2-topic.yaml"])
    assert counts() == (2, [], [])
    page.write_text(PAGES["01-sky.md"] + "More.\n", "utf-8")
    assert counts() == (2, [], [])
    page.write_text(PAGES["01-sky.md"].replace("By day", "By night"), "utf-8")
    assert counts()[::2] == (0, [])
    page.write_text(PAGES["01-sky.md"], "utf-8")
    file.write_text(yaml.safe_dump({"questions": [one, {**one, "id": "s"}]}), "utf-8")
    assert counts() == (3, [], ["1-topic.yaml"])
