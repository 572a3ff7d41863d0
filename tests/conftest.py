"""What every test relies on: no real home, clock, network or randomness, and a terminal of known abilities."""

from __future__ import annotations

import gc
import os
import subprocess
import venv
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import harness
from forks import Forks
from harness import EXAMPLE
from learner import WAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EXAMPLES = {"few": 10, "repeatable": 20, "new": 200, "many": 2_000}
"""Examples per property: the same ones in each run, or new ones if HYPOTHESIS_PROFILE is `new` or `many`."""
for profile, examples in EXAMPLES.items():
    settings.register_profile(
        profile,
        max_examples=examples,
        derandomize=profile in {"few", "repeatable"},
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )

ANKI = "anki>=25.9,<27"
FOREIGN = (
    "ACCESSIBLE CI CLICOLOR CLICOLOR_FORCE COLUMNS FORCE_COLOR GITHUB_ACTIONS LESS LINES MANPAGER NO_COLOR PAGER "
    "PYTHONDONTWRITEBYTECODE PYTHONUNBUFFERED SYNERGY_COURSE SYNERGY_DEBUG SYNERGY_HISTORY SYNERGY_NOW "
    "SYNERGY_NO_CACHE SYNERGY_PAGER SYNERGY_RETENTION XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME "
    "XDG_STATE_HOME _SYNERGY_COMPLETE"
)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the number of examples: few, or more when all tests run."""
    usual = "few" if config.option.markexpr else "repeatable"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", usual))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make all cases of a `sampled` test deep but the first."""
    seen = set()
    for item in items:
        if item.get_closest_marker("sampled") is not None and isinstance(item, pytest.Function):
            test = (item.path, item.originalname)
            if test in seen:
                item.add_marker(pytest.mark.deep)
            seen.add(test)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Search for garbage only when the tests are collected, and never in what is loaded: a seventh of the time."""
    gc.disable()
    collected = yield
    gc.collect()
    gc.freeze()
    gc.enable()
    return collected


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one cache folder to all tests, so that the built-in course is compiled once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Give the process that has loaded the program."""
    with Forks() as forks:
        yield forks


@pytest.fixture(autouse=True)
def _started_or_forked(request: pytest.FixtureRequest, forks: Forks) -> None:
    """Have the harness use forks, but when all tests run: then those that are not deep start the program."""
    everything = not request.config.option.markexpr
    deep = request.node.get_closest_marker("deep") is not None
    harness.forks = None if everything and not deep else forks


@pytest.fixture(scope="session")
def anki_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a Python that has Anki; nothing else here ever does."""
    folder = tmp_path_factory.mktemp("anki")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:", ANKI]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"anki cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return python


@pytest.fixture(scope="session", autouse=True)
def _surroundings(warm_cache: Path) -> Iterator[None]:
    """Set once what the environment says to every test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in FOREIGN.split():
            patch.delenv(name, raising=False)
        patch.setenv("XDG_CACHE_HOME", str(warm_cache))
        patch.setenv("TERM", "xterm-256color")
        patch.setenv("LANG", "C.UTF-8")
        patch.setenv("SYNERGY_PAGER", "")
        yield


class Homes:
    """Homes, each used until something is written there: most tests write nothing, and making a folder is slow."""

    def __init__(self, make: Callable[[], Path]) -> None:
        self._make = make
        self._current: Path | None = None

    def empty(self) -> Path:
        """Give a home in which nothing is."""
        if self._current is None or next(self._current.iterdir(), None) is not None:
            self._current = self._make()
        return self._current


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    return Homes(lambda: tmp_path_factory.mktemp("home"))


@pytest.fixture(autouse=True)
def _own_home(request: pytest.FixtureRequest, _homes: Homes, monkeypatch: pytest.MonkeyPatch) -> None:
    if "tmp_path" in request.fixturenames:
        home = request.getfixturevalue("tmp_path") / "home"
        home.mkdir()
    else:
        home = _homes.empty()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the course on binary numbers the one in use: what it says can be quoted."""
    monkeypatch.setenv("SYNERGY_COURSE", str(EXAMPLE))


@pytest.fixture
def built_in(example: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the built-in course the one in use, where the example is else."""
    monkeypatch.delenv("SYNERGY_COURSE")


SMALL_BANK = """\
format: 1
id: small
title: A small course
questions:
- id: colour
  type: choice
  passage: sky#by-day
  stem: Which colour has the sky by day?
  key: Blue
  distractors:
  - text: Green
    feedback: Green is the grass.
  - text: Red
    feedback: Red it is at dusk.
  rationale: Air scatters blue light most.
  hint: Think of the sea.
  sources: [rayleigh1871]
- id: stars
  type: short
  passage: sky
  stem: What shines at night?
  key: Stars
  accept: [The stars]
  rationale: They shine by day too.
"""
SMALL_PAGE = """\
---
title: The sky
summary: What is above.
claims:
- claim: Air scatters blue light most.
  grade: established
  sources: [rayleigh1871]
---

The sky is above [@rayleigh1871].

## By day

It is **blue**.
"""
SMALL_SOURCES = """\
references:
- id: rayleigh1871
  type: article-journal
  author:
  - family: Strutt
    given: JW
  issued: 1871
  title: On the light from the sky
  URL: https://example.org/sky
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a small course of one page and two questions."""
    folder = tmp_path / "small"
    (folder / "pages").mkdir(parents=True)
    (folder / "questions.yaml").write_text(SMALL_BANK, encoding="utf-8")
    (folder / "pages" / "01-sky.md").write_text(SMALL_PAGE, encoding="utf-8")
    (folder / "references.yaml").write_text(SMALL_SOURCES, encoding="utf-8")
    return folder


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def learn(request: pytest.FixtureRequest):
    """Go through a session of a course with a seed, doing this and that; give everything that was shown."""
    return request.param
