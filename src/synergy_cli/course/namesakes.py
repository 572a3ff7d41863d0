"""Other courses with the same id: the history keeps answers by id, so it cannot tell them apart."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path

from synergy_cli.course.files import BANK
from synergy_cli.course.nearest import HEADER
from synergy_cli.folders import create_private, make_private, read_regular
from synergy_cli.replay import reads

_LONGEST = 1024 * 1024
"""Bytes of a list of courses; a longer one is not used."""


def remember(state: Path | None, identity: str, folder: Path) -> list[Path]:
    """Record in the state folder that a course is used; on its first use, return its namesakes."""
    folders = _known(state, identity)
    whole = os.path.abspath(folder)  # noqa: PTH100  Path.absolute keeps `..`
    if state is None or not identity or whole in folders:
        return []
    found = namesakes(state, identity, folder)
    with contextlib.suppress(OSError):
        make_private(state)
        listed = _list(state, identity)
        fresh = listed.with_name(f"{listed.name}.{os.getpid()}")
        with create_private(fresh) as file:
            file.write(json.dumps([*map(str, found), whole]).encode())
        fresh.replace(listed)
    return found


def namesakes(state: Path | None, identity: str, folder: Path) -> list[Path]:
    """Return the folders of other courses that were used with this id, and still have it."""
    own = folder.resolve()
    return [path for path in map(Path, _known(state, identity)) if path.resolve() != own and _has(path, identity)]


def _list(state: Path, identity: str) -> Path:
    return state / f"id-{identity}.json"


def _known(state: Path | None, identity: str) -> list[str]:
    if state is None:
        return []
    reads.file(_list(state, identity))
    try:
        found = json.loads(read_regular(_list(state, identity), _LONGEST))
    except (OSError, ValueError, RecursionError):
        return []
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def _has(folder: Path, identity: str) -> bool:
    """Whether a folder is a course with this id."""
    reads.file(folder / BANK)
    try:
        head = read_regular(folder / BANK, HEADER).decode(errors="replace")
    except (OSError, ValueError):
        return False
    return re.search(rf"(?m)^id:\s*[\"']?{re.escape(identity)}[\"']?\s*(?:#.*)?$", head) is not None
