"""The files around the program agree with it: citation, workflows, issue forms, hooks, security policy."""

from __future__ import annotations

import re
import tomllib
from xml.etree import ElementTree as ET

import pytest
import yaml

from harness import ROOT
from synergy_cli import __version__

GITHUB = ROOT / ".github"
FORMS = sorted(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.name != "config.yml")
PICTURES = sorted((ROOT / "docs").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
FILES = [*sorted(GITHUB.rglob("*.yml")), *sorted(ROOT.glob(".pre-commit*.yaml")), ROOT / "CITATION.cff"]


def load(path):
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)  # noqa: TID251  a file of ours, not of a course


def name(path):
    return str(path.relative_to(ROOT))


def test_the_citation_is_of_this_version_and_its_licences():
    citation = load(ROOT / "CITATION.cff")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == __version__
    assert " AND ".join(citation["license"]) == project["license"]
    (author,) = citation["authors"]
    assert f"Copyright (c) 2026 {author['name']}\n" in (ROOT / "LICENSE").read_text("utf-8")


def test_ci_runs_every_python_that_the_package_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [found[1] for line in project["classifiers"] if (found := re.search(r":: Python :: (3\.\d+)$", line))]
    matrix = load(GITHUB / "workflows" / "ci.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python-version"] == named
    assert project["requires-python"] == f">={named[0]}"


def test_the_locked_and_lowest_versions_are_tried_on_the_oldest_python():
    steps = load(GITHUB / "workflows" / "ci.yml")["jobs"]["checks"]["steps"]
    (oldest,) = [step["with"]["python-version"] for step in steps if "python-version" in step.get("with", {})]
    assert f"oldest=$(python {oldest})" in (ROOT / ".ci" / "run").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={oldest}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_file_is_yaml(path):
    assert load(path)


@pytest.mark.parametrize("path", FORMS, ids=name)
def test_an_issue_form_has_what_github_asks_for(path):
    form = load(path)
    assert form["name"]
    assert form["description"]
    assert any(field["type"] != "markdown" for field in form["body"])


@pytest.mark.parametrize("path", ["pages/01-sky.md", "questions.yaml", "my-course/glossary.yaml", "references.yaml"])
def test_the_hook_runs_when_a_file_of_a_course_changes(path):
    (hook,) = load(ROOT / ".pre-commit-hooks.yaml")
    assert re.search(hook["files"], path)
    assert not re.search(hook["files"], "README.md")


def test_the_readme_links_to_the_security_policy():
    assert "](SECURITY.md)" in (ROOT / "README.md").read_text("utf-8")
    assert (ROOT / "SECURITY.md").is_file()


@pytest.mark.parametrize("path", PICTURES, ids=name)
def test_a_picture_is_shown_and_says_in_words_what_it_shows(path):
    assert f"](docs/{path.name})" in (ROOT / "README.md").read_text("utf-8")
    picture = ET.parse(path).getroot()
    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text


def test_the_curves_of_growth_say_their_figures():
    words = ET.parse(ROOT / "docs" / "growth.svg").getroot().find(f"{SVG}desc").text
    for what in ("session start", "one answer", "progress", "contents", "making the index"):
        assert f"{what}, " in words
