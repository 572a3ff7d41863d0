"""The locked and the lowest requirements go with what pyproject.toml declares."""

from __future__ import annotations

import re
import tomllib

from harness import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    return {package.lower(): version for package, _, version in (line.partition("==") for line in lines)}


def numbers(version: str) -> tuple[int, ...]:
    """14.3 and 14.3.0 are the same version, 14.30 is not."""
    return tuple(int(part) for part in f"{version}.0.0".split(".")[:3])


def declared(*groups: str) -> list[str]:
    extras = PROJECT["optional-dependencies"]
    return PROJECT["dependencies"] + [text for group in groups for text in extras[group] if "[" not in text]


def test_everything_declared_is_locked():
    names = {re.match(r"[\w.-]+", text)[0].lower() for text in declared("test", "dev")}
    assert names - set(pins("locked.txt")) == set()


def test_the_lowest_requirements_are_the_lower_bounds():
    bounds = {found[1].lower(): found[2] for found in map(re.compile(r"([\w-]+)>=([\d.]+)").match, declared()) if found}
    pinned = pins("lowest.txt")
    assert {name: pinned[name] for name in pinned if numbers(pinned[name]) != numbers(bounds[name])} == {}
    assert pinned.keys() == bounds.keys()
