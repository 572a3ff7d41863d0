"""A small course to start from: written whole into an empty folder, or not at all."""

from __future__ import annotations

import os
import re
import shlex
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from synergy_cli.course.files import BANK, display_path
from synergy_cli.errors import SynergyError
from synergy_cli.parsing.schema import yaml_type
from synergy_cli.text import dangerous

NAMELESS = "my-course"
"""The id in the template, and of a course whose folder's name has no letter to make one from."""
SCHEMAS = ".schemas"
"""The folder in a course where editors find what its files may hold."""

_PACKAGE = Path(__file__).resolve().parents[1]
_LONGEST_ID = 100


class Made(NamedTuple):
    """A course that was made: its folder as a person would type it, and its files, as paths in that folder."""

    folder: str
    files: tuple[str, ...]


def make(folder: Path) -> Made:
    """Make a course.

    Args:
        folder: where; it and its parents are made when they are not there.

    Returns:
        What was made.

    Raises:
        SynergyError: something is there already, or the system refuses; then nothing of the course is left.
    """
    whole = Path(os.path.abspath(folder))  # noqa: PTH100  Path.absolute keeps `..`, which is no name
    files = files_for(whole.name)
    made: list[Path] = []
    try:
        _make_folders(whole, made)
        _refuse_used(whole)
        for name, text in files.items():
            _make_folders(whole.joinpath(name).parent, made)
            _write(whole / name, text, made)
    except OSError as error:
        _remove(made)
        end = " What was written is removed." if made else ""
        message = f"{display_path(whole)}: no course can be made here: {error.strerror or error}.{end}"
        raise SynergyError(message) from error
    except BaseException:
        _remove(made)
        raise
    return Made(display_path(whole), tuple(sorted(files)))


def files_for(name: str) -> dict[str, str]:
    """Return the files of a new course.

    Args:
        name: of its folder, from which it has its id and its title.

    Returns:
        Texts by path in the folder, in the order in which they are written: the bank last, for without it a folder is
        no course.
    """
    template, schemas = _PACKAGE / "template", _PACKAGE / "schemas"
    files = {path.relative_to(template).as_posix(): path for path in sorted(template.rglob("*")) if path.is_file()}
    files |= {f"{SCHEMAS}/{path.name}": path for path in sorted(schemas.glob("*.schema.json"))}
    texts = {place: path.read_text("utf-8") for place, path in files.items()}
    identity = identity_of(name)
    bank = _with(texts.pop(BANK), "id", _quoted(identity) if yaml_type(identity) else identity)
    return {**texts, BANK: _with(bank, "title", _title(name))}


def identity_of(name: str) -> str:
    """Make a course's id.

    Args:
        name: of its folder.

    Returns:
        The letters a to z and digits of the name, accents taken off, with hyphens for all that is between them.
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])'(?=[a-z])", "", letters))
    return "-".join(words)[:_LONGEST_ID].rstrip("-") or NAMELESS


def next_steps(made: Made) -> str:
    """Say what was made, and how to go on.

    Args:
        made: the course.

    Returns:
        Lines; the commands can be given to a shell as they stand.
    """
    course = _typed(made.folder)
    commands = (f"check {course} --strict", f"explain --course {course}", f"quiz --course {course}")
    lines = [f"A small course to start from is in {made.folder}:", *(f"  {name}" for name in made.files)]
    lines += ["", "Read it, test yourself, then replace it with your own text:"]
    return "\n".join([*lines, *(f"  synergy {command}" for command in commands), ""])


def _title(name: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", name).replace("_", " ").replace("-", " ").split())
    if not any(char.isalnum() for char in words) or next(dangerous(words), None) is not None:
        words = identity_of(name).replace("-", " ")
    return _quoted(words[0].upper() + words[1:])


def _with(bank: str, field: str, value: str) -> str:
    """Return a field of the bank's header another value."""
    line = f"{field}: {value}".replace("\\", r"\\")
    return re.sub(rf"(?m)^{field}: .*$", line, bank, count=1)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _typed(folder: str) -> str:
    """Write a folder as a shell's word: never an option, and each byte that cannot be shown by its number."""
    word = f"./{folder}" if folder.startswith("-") else folder
    if next(dangerous(word), None) is None and "\n" not in word and "\t" not in word:
        return shlex.quote(word)
    signs = (chr(byte) for byte in os.fsencode(word))
    plain = (f"\\{char}" if char in "\\'" else char if " " <= char <= "~" else f"\\x{ord(char):02x}" for char in signs)
    return f"$'{''.join(plain)}'"


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _refuse_used(folder: Path) -> None:
    """Refuse a folder in which something is.

    Raises:
        SynergyError: it is not empty.
        OSError: it is no folder, or cannot be looked into.
    """
    found = sorted(os.listdir(folder))  # noqa: PTH208  the names alone
    if found:
        message = (
            f"{display_path(folder)} is not empty ({found[0]}); expected a folder that is empty, or not there yet."
        )
        raise SynergyError(message)


def _write(path: Path, text: str, made: list[Path]) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        made.append(path)
        file.write(text)


def _remove(made: list[Path]) -> None:
    """Take away what was made, the last first; where others have put something, it stays."""
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
