"""Packages of Anki: what goes there comes back, a second export changes only what changed, nothing hostile gets in."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import zipfile
from contextlib import closing

import pytest
from hypothesis import assume, given

from exchange import (
    banks,
    built,
    marked,
    of_choice,
    of_gaps,
    of_multiple,
    of_number,
    of_order,
    of_pairs,
    of_short,
    of_truth,
    with_more,
)
from harness import EXAMPLE, header, in_process
from synergy_cli.formats.anki_notes import FIELDS
from synergy_cli.formats.format import Bank, Source
from synergy_cli.formats.formats import FORMATS
from synergy_cli.formats.incoming import arrivals
from synergy_cli.formats.transfer import Transfer
from synergy_cli.history.events import Answer, Event, encode

PNG, SVG = b"\x89PNG\r\n", b"<svg></svg>"
NOW, LATER = "2026-11-22T09:00:00+00:00", "2026-11-29T09:00:00+00:00"
WEEK = 7 * 86_400


def packed(questions, tmp_path=None):
    """Give questions as a package."""
    transfer = Transfer()
    transfer.found = len(questions)
    return b"".join(
        FORMATS["anki"].write(Bank(tmp_path, "bank", "A bank", "en", {}, tuple(questions)), transfer)
    ), transfer


def read(data):
    transfer = Transfer()
    return arrivals(FORMATS["anki"].read(Source("input", data), transfer), set(), set(), transfer), transfer


def rows(data, columns, table):
    """Give columns of a table of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(archive.read("collection.anki2"))
        return db.execute(f"select {columns} from {table}").fetchall()


def noted(data):
    """Give the fields of the notes of a package by the ids of the questions."""
    cells = [dict(zip(FIELDS, fields.split("\x1f"), strict=True)) for (fields,) in rows(data, "flds", "notes")]
    return {each["ItemID"]: each for each in cells}


@given(
    banks(
        *(
            with_more(questions, marked, hint=True)
            for questions in (
                of_choice(marked),
                of_multiple(marked),
                of_truth(marked),
                of_short(marked),
                of_number(marked),
                of_pairs(marked, marked),
                of_order(marked),
                of_gaps(most=3),
            )
        )
    )
)
def test_a_bank_comes_back_as_it_went(bank):
    questions = [built(name, data) for name, data in bank.items()]
    assume(all(questions))
    data, out = packed(questions)
    found, back = read(data)
    assert (out.remarks, back.remarks) == ([], [])
    assert {each.id: each.data for each in found} == {name: trimmed(data) for name, data in bank.items()}


def trimmed(value):
    """Give data as a course has it: texts without blanks around them."""
    if isinstance(value, dict):
        return {key.strip(): trimmed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [trimmed(part) for part in value]
    return value.strip() if isinstance(value, str) else value


def export(course, target, now=NOW, *options, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", now)
    done = in_process("--course", course, "export", "anki", "-o", target, *options)
    assert (done.status, done.stderr) == (0, "")
    return target.read_bytes()


def test_the_front_shows_the_options_and_the_back_the_reasons_and_the_sources(small, tmp_path, monkeypatch):
    cells = noted(export(small, tmp_path / "a.apkg", monkeypatch=monkeypatch))["colour"]
    assert cells["Stem"] == "Which colour has the sky by day?"
    assert all(f"<li>{colour}</li>" in cells["Options"] for colour in ("Blue", "Green", "Red"))
    assert (cells["Key"], cells["Rationale"], cells["Hint"]) == (
        "Blue",
        "Air scatters blue light most.",
        "Think of the sea.",
    )
    assert "<b>Green</b>: Green is the grass." in cells["Feedback"]
    assert "The sky</summary><p>It is <strong>blue</strong>.</details>" in cells["Source"]
    assert "<a href=https://example.org/sky>" in cells["Source"]


def test_a_second_export_is_the_same_and_a_change_of_wording_is_newer(small, tmp_path, monkeypatch):
    target = tmp_path / "a.apkg"
    first = export(small, target, monkeypatch=monkeypatch)
    assert export(small, target, LATER, monkeypatch=monkeypatch) == first
    (small / "questions.yaml").write_text(
        (small / "questions.yaml").read_text("utf-8").replace("most.", "best."), "utf-8"
    )
    before, after = (
        dict(rows(data, "guid, mod", "notes"))
        for data in (first, export(small, target, LATER, monkeypatch=monkeypatch))
    )
    assert sorted(after[guid] - moment for guid, moment in before.items()) == [0, WEEK]


@pytest.mark.parametrize("kept", ["the state folder", "the package", "neither"])
def test_the_moment_of_a_change_is_kept_in_the_state_folder_or_taken_from_the_package(
    small, tmp_path, monkeypatch, kept
):
    target = tmp_path / "a.apkg"
    first = export(small, target, monkeypatch=monkeypatch)
    if kept != "the package":
        target.unlink()
    if kept != "the state folder":
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    second = export(small, target, LATER, monkeypatch=monkeypatch)
    assert (second == first) == (kept != "neither")


def test_a_pipe_where_moments_are_kept_is_not_waited_for(small, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    first = export(small, tmp_path / "a.apkg", monkeypatch=monkeypatch)
    (kept,) = (tmp_path / "state" / "synergy" / "exported").iterdir()
    kept.unlink()
    os.mkfifo(kept)
    assert export(small, tmp_path / "a.apkg", LATER, monkeypatch=monkeypatch) == first


def test_what_was_changed_back_is_newer_still(small, tmp_path, monkeypatch):
    bank, target = small / "questions.yaml", tmp_path / "a.apkg"
    old = bank.read_text("utf-8")
    moments = []
    for text in (old, old.replace("most.", "best."), old):
        bank.write_text(text, "utf-8")
        moments.append(
            max(moment for (moment,) in rows(export(small, target, monkeypatch=monkeypatch), "mod", "notes"))
        )
    assert moments == [moments[0], moments[0] + 1, moments[0] + 2]


def test_a_picture_goes_along_under_a_name_that_depends_on_its_content(small, tmp_path, monkeypatch):
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("by day?", "by day? ![A sky](pictures/sky.png)"), "utf-8")
    (small / "pictures").mkdir()
    names = []
    for content in (PNG, PNG + b"two"):
        (small / "pictures" / "sky.png").write_bytes(content)
        data = export(small, tmp_path / "a.apkg", monkeypatch=monkeypatch)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = json.loads(archive.read("media")).values()
            assert archive.read("0") == content
        assert f'<img src="{name}" alt="A sky">' in noted(data)["colour"]["Stem"]
        names.append(name)
    assert names[0] != names[1]


def test_a_package_is_no_text_and_needs_a_file(small):
    done = in_process("--course", small, "export", "anki")
    assert (done.status, done.stdout) == (2, "")
    assert "anki needs -o FILE" in done.stderr


def test_the_example_course_comes_back(tmp_path):
    assert in_process("--course", EXAMPLE, "export", "anki", "-o", tmp_path / "a.apkg", "--strict").status == 0
    done = in_process("import", tmp_path / "a.apkg", "-o", tmp_path / "course")
    assert done.status == 0
    assert header(tmp_path / "course" / "questions.yaml")["title"] == header(EXAMPLE / "questions.yaml")["title"]
    assert in_process("check", tmp_path / "course").status == 0


def models(*kinds):
    """Give note types as Anki's older databases describe them."""
    return {
        str(number): {"name": name, "flds": [{"name": field} for field in fields]}
        for number, (name, fields) in enumerate(kinds, start=1)
    }


BASIC = ("Basic", ("Front", "Back"))
CLOZE = ("Cloze", ("Text", "Back Extra"))
VOCABULARY = ("Vocabulary", ("Word", "Sound", "Meaning", "Hint"))
TABLES = """
create table col (models, decks);
create table notes (id integer primary key, guid, mid, mod, tags, flds);
create table cards (id integer primary key, nid, ord, did, odid);
create table revlog (id integer primary key, cid, ease, time, type, factor);
"""


def foreign(*notes, script="", kinds=(BASIC, CLOZE, VOCABULARY), name="collection.anki2", **files):
    """Give a package as another program may write it: notes, each as the number of its type and its fields."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(TABLES)
        decks = {"1": {"name": "Default"}, "2": {"name": "Planets::Big"}}
        db.execute("insert into col values (?, ?)", (json.dumps(models(*kinds)), json.dumps(decks)))
        for number, (kind, *fields) in enumerate(notes, start=1):
            row = (number, f"g{number}>", kind, 0, " a b::c ", "\x1f".join(fields))
            db.execute("insert into notes values (?, ?, ?, ?, ?, ?)", row)
            db.execute("insert into cards values (?, ?, 0, 2, 0)", (number, number))
        db.executescript(script)
        db.commit()
        return zipped({name: db.serialize(), "media": b"{}", **files})


def zipped(files, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


NOTES = {
    "two sides": (
        (1, "Which is the <b>largest</b>?", "<div>Jupiter</div>"),
        {"stem": "Which is the **largest**?", "key": "Jupiter"},
    ),
    "a gap": (
        (2, "{{c1::Mars}} is red.", "It <i>rusts</i>."),
        {"stem": "___ is red.", "gaps": ["Mars"], "rationale": "It *rusts*."},
    ),
    "a gap with a hint": ((2, "{{c1::Mars::a god}} is red.", ""), {"stem": "___ (a god) is red.", "gaps": ["Mars"]}),
    "several gaps": ((2, "{{c1::Mars}} {{c2::is &lt; red}}.", ""), {"stem": "___ ___.", "gaps": ["Mars", "is < red"]}),
    "fields with names": (
        (3, "Hund", "[sound:hund.mp3]", "a dog", "barks"),
        {"stem": "a dog", "key": "Hund", "hint": "barks"},
    ),
    "a field too many": ((1, "Who?", "He", "{{c1::she}}"), {"stem": "Who?", "key": "He"}),
    "a statement": ((1, "Mars is red.", "True"), {"type": "true-false", "key": True}),
}


@pytest.mark.parametrize(("note", "data"), NOTES.values(), ids=NOTES)
def test_a_note_of_anki_is_read(note, data):
    (found,), transfer = read(foreign(note))
    assert {name: found.data.get(name) for name in data} == data
    assert (found.topic, found.data["tags"], transfer.count("skipped")) == (("Planets", "Big"), ["a", "b::c"], 0)


REPORTED = {
    "an empty note": ((1, "", "x"), "skipped", "the question text is missing"),
    "no back": ((1, "x", ""), "skipped", "no answer is right"),
    "a gap in a gap": ((2, "{{c1::a {{c2::b}} c}}", ""), "skipped", "a gap is inside another, or is not closed"),
    "an open gap": ((2, "{{c1::a", ""), "skipped", "a gap is inside another, or is not closed"),
    "a mask": ((2, "{{c1::image-occlusion:rect:left=1}}", ""), "skipped", "it asks about the parts of a picture"),
    "no note type": ((9, "x", "y"), "skipped", "its note type is missing"),
    "very many fields": ((1, *["x"] * 5000), "skipped", "it has more than 100 fields"),
    "sound": ((1, "x [sound:a.mp3]", "y"), "reduced", "without sound"),
    "a picture": ((1, 'x <img src="a.png">', "y"), "reduced", "without a picture"),
    "a script": ((1, "x <script>alert(1)</script>", "y"), "reduced", "without script"),
    "a field of no use": ((3, "Hund", "m. 3", "a dog", ""), "reduced", "without the field `Sound`"),
    "a field too many": ((1, "x", "y", "z"), "reduced", "without fields that its note type does not have"),
    "several gaps": ((2, "{{c1::a}} {{c2::b}}", ""), "changed", "its cards became one question with several gaps"),
    "a formula": ((1, r"x \(y^2\)", "y"), "changed", "a formula is shown literally"),
}


@pytest.mark.parametrize(("note", "kind", "reason"), REPORTED.values(), ids=REPORTED)
def test_what_does_not_come_through_is_reported(note, kind, reason):
    found, transfer = read(foreign(note))
    assert [(each.line, each.kind, each.reason) for each in transfer.remarks] == [(1, kind, reason)]
    assert len(found) == (kind != "skipped")


def test_what_was_edited_in_anki_comes_along():
    data, _ = packed([built("q", {"type": "short", "stem": "s", "key": "k", "hint": "h", "rationale": "r"})])
    edited = changed(
        data, "update notes set flds = replace(replace(flds, 's\x1f', '<b>s</b>\x1f'), 'h\x1fshort', '\x1fshort')"
    )
    (found,), transfer = read(edited)
    assert found.data == {"type": "short", "stem": "**s**", "key": "k", "rationale": "r"}
    assert transfer.remarks == []
    (found,), transfer = read(changed(data, "update notes set flds = replace(flds, '\x1fk\x1f', '\x1fother\x1f')"))
    assert found.data["key"] == "k"
    assert [remark.reason for remark in transfer.remarks] == ["without your edits in Anki to Key"]


def changed(data, script):
    """Give a package whose database was changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(archive.read("collection.anki2"))
        db.executescript(script)
        db.commit()
        return zipped({"collection.anki2": db.serialize(), "media": b"{}"})


def test_the_newest_database_of_a_package_is_read_and_not_the_note_that_says_to_update_anki():
    real = foreign((1, "x", "y"), name="collection.anki21")
    with zipfile.ZipFile(io.BytesIO(real)) as archive:
        data = archive.read("collection.anki21")
    with zipfile.ZipFile(io.BytesIO(foreign((1, "Please update", "")))) as archive:
        stub = archive.read("collection.anki2")
    (found,), _ = read(zipped({"collection.anki2": stub, "collection.anki21": data, "media": b"{}"}))
    assert found.data["stem"] == "x"


def reviewed(small, monkeypatch):
    """Answer the questions of a course on two days; give the memory of one of them."""
    for now in (NOW, LATER):
        monkeypatch.setenv("SYNERGY_NOW", now)
        assert in_process("--course", small, "quiz", "--seed", "1", "--answers", "-", stdin="Stars\n1\n").status == 0


def test_reviews_go_along_with_the_state_of_memory(small, tmp_path, monkeypatch):
    reviewed(small, monkeypatch)
    data = export(small, tmp_path / "a.apkg", LATER, "--with-history", monkeypatch=monkeypatch)
    assert export(small, tmp_path / "b.apkg", LATER, monkeypatch=monkeypatch) != data
    log = rows(data, "cid, ease, type, id", "revlog order by cid, id")
    assert [line[1:3] for line in log[-2:]] == [(3, 0), (3, 1)]
    assert (log[-1][3] - log[-2][3]) // 1000 == pytest.approx(WEEK, abs=60)
    kind, queue, days, state = rows(data, "type, queue, ivl, data", "cards order by id desc limit 1")[0]
    assert (kind, queue) == (2, 2)
    assert days == pytest.approx(json.loads(state)["s"], abs=1)


def progress(course, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", LATER.replace("T09", "T10"))
    return json.loads(in_process("--course", course, "progress", "--json").stdout)


def imported(package, course, *options):
    """Import a package; give how many reviews came along and how many were there."""
    done = in_process("import", package, "-o", course, "--json", *options)
    assert (done.status, done.stderr) == (0, "")
    return tuple(json.loads(done.stdout)["reviews"].values())


def test_reviews_come_back_with_the_same_state_of_memory_and_only_once(small, tmp_path, monkeypatch):
    reviewed(small, monkeypatch)
    export(small, tmp_path / "a.apkg", LATER, "--with-history", monkeypatch=monkeypatch)
    assert imported(tmp_path / "a.apkg", small) == (0, 4)
    monkeypatch.setenv("SYNERGY_HISTORY", str(tmp_path / "elsewhere"))
    assert imported(tmp_path / "a.apkg", small, "--unsaved") == (0, 0)
    assert imported(tmp_path / "a.apkg", small) == (4, 0)
    assert imported(tmp_path / "a.apkg", small) == (0, 4)
    came = progress(small, monkeypatch)
    monkeypatch.delenv("SYNERGY_HISTORY")
    went = progress(small, monkeypatch)
    assert [came[name] for name in ("due", "calendar", "sections")] == [
        went[name] for name in ("due", "calendar", "sections")
    ]
    assert any(day["questions"] for day in came["due"])
    assert in_process("history", "check").status == 0


def test_two_answers_of_one_moment_come_back_once(small, tmp_path, monkeypatch):
    log = tmp_path / "home" / ".local" / "share" / "synergy" / "history" / "0000abcd.jsonl"
    log.parent.mkdir(parents=True)
    act = Answer("colour", 1, "review", "", (), "right", "", False, 1, 1.0, 3, "1", "FSRS-6")
    acts = [act, act._replace(question="stars")]
    log.write_bytes(
        b"".join(encode(Event(f"{n:016x}", MOMENT * 1000, 0, "small", each)) for n, each in enumerate(acts))
    )
    export(small, tmp_path / "a.apkg", LATER, "--with-history", monkeypatch=monkeypatch)
    assert imported(tmp_path / "a.apkg", small) == (0, 2)


MOMENT = 1_763_800_000_000
LOGS = {
    "two answers": ([(0, 1, 3, 0, 0), (1000, 3, 3, 0, 1)], [(0, 1), (1000, 3)]),
    "a reset": ([(0, 3, 3, 0, 0), (1, 0, 0, 0, 4), (1000, 2, 3, 0, 0)], [(1000, 2)]),
    "another date": ([(0, 3, 3, 2500, 0), (1, 0, 0, 2500, 4)], [(0, 3)]),
    "cramming": ([(0, 3, 3, 2500, 0), (1, 1, 3, 0, 3), (2, 3, 3, 2500, 3)], [(0, 3), (2, 3)]),
    "no button": ([(0, 9, 3, 0, 0), (1, 0, 3, 0, 1), (2, -1, 3, 0, 1)], []),
    "no moment": ([(-MOMENT * 2, 3, 3, 0, 0), (2**62, 3, 3, 0, 0)], []),
}


@pytest.mark.parametrize(("lines", "counted"), LOGS.values(), ids=LOGS)
def test_of_a_log_of_anki_what_counts_for_its_scheduler_comes_along(lines, counted):
    script = "".join(
        f"insert into revlog values ({MOMENT + at}, 1, {button}, {taken}, {kind}, {ease});"
        for at, button, taken, ease, kind in lines
    )
    (found,), _ = read(foreign((1, "x", "y"), script=script))
    assert [(past.at // 1000 - MOMENT, past.rating) for past in found.reviews] == counted


def test_a_review_that_is_dated_in_the_future_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNERGY_NOW", NOW)
    script = "insert into revlog values (1900000000000, 1, 3, 0, 0, 0)"
    (tmp_path / "a.apkg").write_bytes(foreign((1, "x", "y"), script=script))
    assert imported(tmp_path / "a.apkg", tmp_path / "course") == (0, 0)


def test_pictures_come_along_under_names_of_our_own(tmp_path):
    names = {"0": "../../sky one.PNG", "1": "moon.svg", "2": "run.sh", "3": "unused.png", "4": "gone.png"}
    contents = {"0": PNG, "1": SVG, "2": b"rm", "3": PNG + b"unused"}
    fields = 'x <img src="../../sky%20one.PNG"> <img src="moon.svg">', '<img src="run.sh"> <img src="gone.png"> y'
    (tmp_path / "a.apkg").write_bytes(foreign((1, *fields), **{"media": json.dumps(names), **contents}))
    done = in_process("import", tmp_path / "a.apkg", "-o", tmp_path / "course")
    assert "without a picture" in done.stdout
    found = {path.name: path.read_bytes() for path in (tmp_path / "course" / "pictures").iterdir()}
    assert sorted((name.rpartition("-")[0], data) for name, data in found.items()) == [
        ("moon", SVG),
        ("sky-one", PNG),
    ]
    assert in_process("check", tmp_path / "course", "--strict", "--ignore", "no-rationale").status == 0
    before = sorted(tmp_path.rglob("*"))
    assert in_process("import", tmp_path / "a.apkg", "-o", tmp_path / "course", "--json").status == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_picture_of_a_course_comes_back_and_is_known_there(small, tmp_path, monkeypatch):
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("by day?", "by day? ![A sky](art/sky.png)"), "utf-8")
    (small / "art").mkdir()
    (small / "art" / "sky.png").write_bytes(PNG)
    export(small, tmp_path / "a.apkg", monkeypatch=monkeypatch)
    report = json.loads(in_process("import", tmp_path / "a.apkg", "-o", small, "--json").stdout)
    assert (report["unchanged"], report["remarks"]) == (2, [])
    assert in_process("import", tmp_path / "a.apkg", "-o", tmp_path / "course").status == 0
    (picture,) = (tmp_path / "course" / "pictures").iterdir()
    assert picture.read_bytes() == PNG
    assert f"![A sky](pictures/{picture.name})" in (tmp_path / "course" / "questions" / "01-the-sky.yaml").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    "path", ["../out.png", "/tmp/out.png", ".git/out.png", "a/../../out.png", "a.sh", "link/out.png"]
)
def test_a_picture_goes_nowhere_else(small, tmp_path, monkeypatch, path):
    bank = small / "questions.yaml"
    bank.write_text(bank.read_text("utf-8").replace("by day?", "by day? ![A sky](art/sky.png)"), "utf-8")
    (small / "art").mkdir()
    (small / "art" / "sky.png").write_bytes(PNG)
    data = export(small, tmp_path / "a.apkg", monkeypatch=monkeypatch)
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "link").symlink_to(tmp_path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    hostile = changed(data, f"update notes set flds = replace(flds, 'art/sky.png', '{path}')")
    with zipfile.ZipFile(io.BytesIO(hostile)) as archive:
        files["collection.anki2"] = archive.read("collection.anki2")
    (tmp_path / "b.apkg").write_bytes(zipped(files))
    in_process("import", tmp_path / "b.apkg", "-o", tmp_path / "course")
    assert [*tmp_path.rglob("*out.png"), *tmp_path.rglob("a.sh")] == []
