"""The pages are Pandoc's Markdown: it renders each of them, and what `explain` writes, without a warning."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from harness import DATA, in_process

PANDOC = shutil.which("pandoc")
pytestmark = pytest.mark.skipif(PANDOC is None, reason="pandoc is not installed")
PAGES = sorted((DATA / "pages").glob("*.md"))


def pandoc(*arguments, stdin=None):
    done = subprocess.run(
        [PANDOC, "--citeproc", "-t", "html", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_pandoc_renders_a_page(page):
    html = pandoc("--bibliography", DATA / "references.yaml", page)
    assert "[@" not in html
    assert "<h2" in html
    assert 'class="diagram"' in html or ".diagram" not in page.read_text("utf-8")


LINKED = """\
---
title: Down
---

[Up by day](01-sky.md#by-day), [up](01-sky.md), [here](#by-day--a).

## By day & a

Grass
=====

Grass is green.
"""


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([], ["#sky:by-day", "#sky", "#down:by-day--a"]),
        (["down"], ["#by-day--a"]),
        (["down#grass"], []),
    ],
    ids=["all pages", "one page", "a passage"],
)
def test_a_link_leads_to_a_place_in_the_document_or_is_none(small, sections, expected):
    (small / "pages" / "02-down.md").write_text(LINKED, "utf-8")
    written = in_process("--course", small, "explain", *(sections or ["--all"]), "--format", "md")
    html = pandoc("-s", "--metadata", "title=x", stdin=written.stdout)
    assert re.findall(r'href="(#[^"]+)"', html) == expected
    ids = re.findall(r'id="([^"]+)"', html)
    assert {link[1:] for link in expected} <= set(ids)
    assert len(ids) == len(set(ids))
    if sections != ["down#grass"]:
        assert "Up by day" in html


def test_pandoc_renders_what_explain_writes():
    html = pandoc("-s", stdin=in_process("explain", "--all", "--format", "md").stdout)
    assert html.count("<h1") >= 12
    assert "Theuwissen" in html
    assert "[@" not in html
