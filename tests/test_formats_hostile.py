"""A hostile file of any format is read or refused, quickly and in little memory, and nothing else is written."""

from __future__ import annotations

import os
import resource

import pytest

from harness import in_process
from hostile_files import COMMON, FILES, content

KINDS = [(name, kind) for name, files in FILES.items() for kind in files]
QUICK = [
    (name, kind)
    for name, kind in KINDS
    if name in ("csv", "json", "yaml", "toml", "mkdocs-quiz") and kind not in COMMON
]
LIMITS = {resource.RLIMIT_AS: 300 << 20, resource.RLIMIT_CPU: 5}
"""Bytes of memory and seconds of the processor, with which every import has to do."""


def test_every_format_has_twenty_kinds():
    assert {name: len(files) for name, files in FILES.items() if len(files) < 20} == {}


def judge(tmp_path, status, stderr):
    assert status in (0, 1)
    assert "bug" not in stderr
    assert "Traceback" not in stderr
    assert bool(stderr) == (status == 1)
    assert (tmp_path / "course").exists() == (status == 0)
    assert {path.name for path in tmp_path.iterdir()} <= {"quiz", "course", "home"}


@pytest.mark.sampled
@pytest.mark.parametrize(("name", "kind"), QUICK)
def test_a_hostile_file_is_read_or_refused(tmp_path, name, kind):
    """Were it not in time linear in its length, this would take minutes."""
    (tmp_path / "quiz").write_bytes(content(FILES[name][kind]))
    done = in_process("import", tmp_path / "quiz", "-o", tmp_path / "course", "--format", name)
    judge(tmp_path, done.status, done.stderr)


@pytest.mark.deep
@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_a_hostile_file_takes_little_time_and_memory(tmp_path, forks, name, kind):
    (tmp_path / "quiz").write_bytes(content(FILES[name][kind]))
    command = ["import", "quiz", "-o", "course", "--format", name]
    done = forks.run(command, os.environ, tmp_path, limits=LIMITS)
    judge(tmp_path, done.status, done.stderr)
