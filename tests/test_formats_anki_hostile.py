"""Packages that are not what they say: each is refused in a sentence or read to its end; nothing lands elsewhere."""

from __future__ import annotations

import io
import json
import random
import sqlite3
import struct
import subprocess
import sys
import zipfile
from contextlib import closing

import pytest

from harness import PATIENCE, SYNERGY, in_process
from test_formats_anki import BASIC, TABLES, foreign, models, zipped

MEBIBYTE = 1024 * 1024
MOST_MEMORY = 300 * MEBIBYTE
PLAIN = foreign((1, "x", "y"))
NOTE = "insert into notes values (1, 'g', 1, 0, '', 'x' || char(31) || 'y');"
MODELS = json.dumps(models(BASIC))


def database(script, *, described=MODELS, tables=TABLES, media=b""):
    """Give a package with a database that a script makes."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(tables)
        if "create table col" in tables:
            db.execute("insert into col values (?, '{}')", (described,))
        db.executescript(script)
        db.commit()
        return zipped({"collection.anki2": db.serialize(), "media": b"{}", "0": media})


def plain_database():
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        return archive.read("collection.anki2")


def spoiled(change):
    """Give a package whose database was changed byte by byte."""
    data = bytearray(plain_database())
    change(data)
    return zipped({"collection.anki2": bytes(data), "media": b"{}"})


def with_noise(data):
    for place in range(4096, len(data), 7):
        data[place] ^= 0x5A


def with_name(name, *, mode=0):
    """Give a sound package with one more file, of a name and a mode."""
    file = io.BytesIO(PLAIN)
    with zipfile.ZipFile(file, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, b"/etc/passwd")
    return file.getvalue()


def bomb(size):
    """Give a package whose database would be zeros without end."""
    return zipped({"collection.anki2": bytes(size), "media": b"{}"})


def liar():
    """Give a package that says its database is small, and unpacks to much more."""
    data = bytearray(bomb(64 * MEBIBYTE))
    for sign, offset in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        struct.pack_into("<I", data, data.index(sign) + offset, 1000)
    return bytes(data)


def with_twins():
    return zipped({"collection.anki2": plain_database(), "collection.ankiX": b"another"}).replace(b"ankiX", b"anki2")


def locked():
    data = bytearray(PLAIN)
    for sign, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        data[data.index(sign) + offset] |= 1
    return bytes(data)


def many_files(count):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(count):
            archive.writestr(str(number), b"")
    return file.getvalue()


def names_of(count):
    """Give so many note types about which nothing is said."""
    return "{" + ",".join(f'"{number}":{{}}' for number in range(count)) + "}"


def pictured(media, count=0):
    """Give a package whose notes show pictures, with a list of them, and so many that are zeros."""
    notes = [(1, f'x{number} <img src="{number}.png">', "y") for number in range(2_000)]
    return foreign(*notes, media=media, **{str(number): bytes(8 * MEBIBYTE) for number in range(count)})


COUNTING = "with recursive n(i) as (select 1 union all select i + 1 from n) select"
WITHOUT_NOTES = TABLES.replace("create table notes", "create table other")
SMALL = {
    "no zip": (lambda: b"PK nothing of the kind", "is not an Anki package, or is damaged"),
    "half a zip": (lambda: PLAIN[: len(PLAIN) // 2], "is not an Anki package, or is damaged"),
    "no database in it": (lambda: zipped({"a.txt": b"a"}), "it has no collection.anki2"),
    "text for a database": (lambda: zipped({"collection.anki2": b"hello " * 1000}), "file is not a database"),
    "an empty database": (lambda: zipped({"collection.anki2": b""}), "file is not a database"),
    "a header alone": (lambda: zipped({"collection.anki2": plain_database()[:100]}), "is damaged"),
    "noise in the pages": (lambda: spoiled(with_noise), "is damaged"),
    "a missing table": (lambda: database("drop table notes"), "it has no table `notes`"),
    "a missing column": (lambda: database("alter table notes drop column flds"), "no such column: flds"),
    "a view for a table": (
        lambda: database("create view notes as select 1 as id", tables=WITHOUT_NOTES),
        "it has no table `notes`",
    ),
    "a view that never ends": (
        lambda: database(
            f"create view notes as {COUNTING} i as id, i as guid, 1 as mid, 0 as mod, '' as tags, 'x' as flds from n",
            tables=WITHOUT_NOTES,
        ),
        "it has no table `notes`",
    ),
    "a virtual table": (
        lambda: database("create virtual table notes using fts5(guid, mid, mod, tags, flds)", tables=WITHOUT_NOTES),
        "it has no table `notes`",
    ),
    "an index with a function": (
        lambda: database(f"{NOTE} create index i on notes(abs(mid)); create index j on notes(upper(flds))"),
        "",
    ),
    "triggers": (lambda: database(f"{NOTE} create trigger t after insert on notes begin delete from col; end"), ""),
    "a generated column": (
        lambda: database(
            "insert into notes (id, mid) values (1, 1)",
            tables=TABLES.replace("mod, tags, flds)", "mod, tags, flds text as (hex(zeroblob(30000000))) virtual)"),
        ),
        "is damaged",
    ),
    "a log beside it": (lambda: spoiled(lambda data: data.__setitem__(slice(18, 20), b"\2\2")), ""),
    "numbers for texts": (lambda: database("insert into notes values (1, 2, 'a', x'00', 3.5, 4)"), "no question"),
    "no JSON": (lambda: database(NOTE, described="{"), "is damaged"),
    "deep JSON": (lambda: database(NOTE, described="[" * 200_000), "is damaged"),
    "a list of note types": (lambda: database(NOTE, described="[]"), "its `models` cannot be read"),
    "note types that are none": (lambda: database(NOTE, described='{"1": 2}'), "is damaged"),
    "fields that are none": (lambda: database(NOTE, described='{"1": {"name": [], "flds": [3]}}'), "is damaged"),
    "a number of many digits": (lambda: database(NOTE, described=f'{{"{"9" * 9000}": {{}}}}'), "is damaged"),
    "a path out of the archive": (lambda: with_name("../../out.txt"), ""),
    "an absolute path": (lambda: with_name("/tmp/out-of-anki.txt"), ""),
    "a link": (lambda: with_name("link", mode=0o120777), ""),
    "two databases of one name": (with_twins, "it has two files collection.anki2"),
    "a password": (locked, "is compressed in a way that Anki does not use"),
    "an unusual method": (
        lambda: zipped({"collection.anki2": plain_database()}, zipfile.ZIP_LZMA),
        "is compressed in a way that Anki does not use",
    ),
    "scripts": (lambda: foreign((1, "<script>alert(1)</script><img src=x onerror=alert(1)> x", "y\x1b[2J")), ""),
    "no Zstandard": (lambda: zipped({"collection.anki21b": b"\x28\xb5\x2f\xfd" + bytes(20)}), "deck.apkg"),
}
LARGE = {
    "zeros without end": (lambda: bomb(600 * MEBIBYTE), "is larger than 48 MiB"),
    "a size that is a lie": (liar, "is damaged"),
    "very many files": (lambda: many_files(60_000), "it has more than 20,000 files"),
    "a huge field": (
        lambda: database("insert into notes values (1, 'g', 1, 0, '', hex(zeroblob(20000000)))"),
        "have more than 16 MiB",
    ),
    "a huge value": (
        lambda: database("insert into notes values (1, 'g', 1, 0, '', zeroblob(46000000))"),
        "no question",
    ),
    "very many fields": (
        lambda: database("insert into notes values (1, 'g', 1, 0, '', replace(hex(zeroblob(4000000)), '0', char(31)))"),
        "no question",
    ),
    "very many field names": (
        lambda: database(NOTE, described=json.dumps(models(("Basic", [f"f{number}" for number in range(200_000)])))),
        "",
    ),
    "very many note types": (
        lambda: database(NOTE, described=names_of(300_000)),
        "is damaged",
    ),
    "too many note types": (
        lambda: database(NOTE, described=names_of(600_000)),
        "its `models` cannot be read",
    ),
    "very many cards": (
        lambda: database(f"{NOTE} insert into cards {COUNTING} i, 1, 0, 1, 0 from n limit 1200000"),
        "it has more than 100,000 cards",
    ),
    "very many reviews": (
        lambda: database(f"{NOTE} insert into revlog {COUNTING} i, 1, 3, 0, 1, 0 from n limit 1500000"),
        "it has more than 300,000 revlog",
    ),
    "very many notes": (
        lambda: database(f"insert into notes {COUNTING} i, i, 1, 0, '', i || char(31) || i from n limit 300000"),
        "it has more than 20,000 notes",
    ),
    "open gaps": (
        lambda: foreign((1, "{{c1::" * 100_000, "x")),
        "no question",
    ),
    "open tags": (lambda: foreign((1, "<b a='" * 100_000, "x")), "no question"),
    "columns without end": (
        lambda: database(
            NOTE,
            tables=TABLES + "create table wide (" + ", ".join(f"c{number}" for number in range(1_900)) + ");",
        ),
        "",
    ),
    "a page that leads to itself": (lambda: spoiled(with_loop), "is damaged"),
    "more than may be": (lambda: PLAIN + bytes(70 * MEBIBYTE), "is larger than 64 MiB"),
    "pictures without end": (
        lambda: pictured(json.dumps({str(number): f"{number}.png" for number in range(40)}).encode(), 40),
        "",
    ),
    "a list of pictures that is none": (lambda: pictured(b"[" + b"1," * 2_000_000 + b"1]"), ""),
    "all that may be": (
        lambda: database(
            f"insert into notes {COUNTING} i, i, 1, 0, '', i || replace(hex(zeroblob(270)), '00', '\U0001f600') "
            "|| char(31) || i from n limit 19000",
            media=random.Random(0).randbytes(55 * MEBIBYTE),
        ),
        "",
    ),
}


def with_loop(data):
    """Make an inner page of every page, which leads to itself."""
    size = int.from_bytes(data[16:18], "big")
    for number in range(2, len(data) // size + 1):
        start = (number - 1) * size
        data[start : start + 14] = (
            b"\5\0\0\0\1" + (size - 6).to_bytes(2, "big") + b"\0" + number.to_bytes(4, "big") + b"\0\0"
        )


def imported(tmp_path, make, run):
    """Import a package; give what was said, once it is certain that nothing is anywhere but in the new course."""
    file, course = tmp_path / "in" / "deck.apkg", tmp_path / "in" / "course"
    file.parent.mkdir()
    file.write_bytes(make())
    status, said = run("import", file, "-o", course)
    assert status in (0, 1)
    assert not {"Traceback", "bug"} & set(said.split())
    assert "passwd" not in said
    assert course.exists() == (status == 0)
    written = [path for path in tmp_path.rglob("*") if path.is_file() and "home" not in path.parts]
    assert [path for path in written if not path.is_relative_to(course)] == [file]
    assert {path.suffix for path in written} <= {".apkg", ".yaml", ".json"}
    return status, said


def in_this_process(*arguments):
    done = in_process(*arguments)
    return done.status, done.stdout + done.stderr


MEASURE = """\
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stderr=subprocess.STDOUT)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def in_little_memory(*arguments):
    """Run the program as a process whose parent is small: a process begins with the memory of its parent."""
    command = [sys.executable, "-c", MEASURE, str(SYNERGY), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE * 3)
    said, _, figures = done.stdout.rstrip().rpartition("\n")
    status, used = figures.split()
    assert int(used) * 1024 < MOST_MEMORY
    return int(status), said


@pytest.mark.parametrize(("make", "message"), SMALL.values(), ids=SMALL)
def test_a_hostile_package_is_refused_or_read(tmp_path, make, message):
    status, said = imported(tmp_path, make, in_this_process)
    assert message in " ".join(said.split())
    assert status == (1 if message else 0)


@pytest.mark.deep
@pytest.mark.parametrize(("make", "message"), LARGE.values(), ids=LARGE)
def test_a_large_hostile_package_takes_little_memory(tmp_path, make, message):
    """Were it not in time linear in its length, this would take minutes."""
    status, said = imported(tmp_path, make, in_little_memory)
    assert message in " ".join(said.split())
    assert status == (1 if message else 0)
