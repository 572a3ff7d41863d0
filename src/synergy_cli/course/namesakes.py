"""Other courses with the same id: the history keeps answers by id, so it cannot tell them apart."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path

from synergy_cli.course.files import BANK
from synergy_cli.course.nearest import HEADER
from synergy_cli.folders import make_private
from synergy_cli.replay import reads


def remember(state: Path | None, identity: str, folder: Path) -> list[Path]:
    """Record in the state folder that a course is used; on its first use, return its namesakes."""
    folders = _known(state, identity)
    whole = os.path.abspath(folder)  # noqa: PTH100  Path.absolute keeps `..`
    if state is None or not identity or whole in folders:
        return []
    found = namesakes(state, identity, folder)
    with contextlib.suppress(OSError):
        make_private(state)
        _list(state, identity).write_text(json.dumps([*map(str, found), whole]), encoding="utf-8")
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
        found = json.loads(_list(state, identity).read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def _has(folder: Path, identity: str) -> bool:
    """Whether a folder is a course with this id."""
    reads.file(folder / BANK)
    try:
        with (folder / BANK).open("rb") as file:
            head = file.read(HEADER).decode(errors="replace")
    except (OSError, ValueError):
        return False
    return re.search(rf"(?m)^id:\s*[\"']?{re.escape(identity)}[\"']?\s*(?:#.*)?$", head) is not None
