"""Creates a starter course, completely or not at all."""

from __future__ import annotations

import os
import re
import shlex
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from synergy_cli.course.files import BANK, display_path
from synergy_cli.errors import SynergyError
from synergy_cli.parsing.schema import yaml_type
from synergy_cli.records import NamedTuple
from synergy_cli.text import dangerous, identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMELESS = "my-course"
"""The id in the template, and of a course whose folder name has no usable characters."""
SCHEMAS = ".schemas"
"""The folder in a course where editors find the JSON Schemas of its files."""

_PACKAGE = Path(__file__).resolve().parents[1]


class Made(NamedTuple):
    """A new course: its folder as a person would type it, and its files as paths in that folder."""

    folder: str
    files: tuple[str, ...]


def make(folder: Path) -> Made:
    """Create a course in a folder; the folder and its parents are created if needed.

    Raises:
        SynergyError: the folder already has such files, or a file cannot be created; no part of the course is left.
    """
    whole = Path(os.path.abspath(folder))  # noqa: PTH100  Path.absolute keeps `..`, which is not a name
    files = files_for(whole.name)
    created: list[Path] = []
    try:
        _make_folders(whole, created)
        _refuse_used(whole, files)
        for name, text in files.items():
            _make_folders(whole.joinpath(name).parent, created)
            _write(whole / name, text, created)
    except OSError as error:
        _remove(created)
        end = " What was written has been removed." if created else ""
        reason = error.strerror or error
        raise SynergyError(f"{display_path(whole)}: cannot create a course here: {reason}.{end}") from error
    except BaseException:
        _remove(created)
        raise
    return Made(display_path(whole), tuple(sorted(files)))


def files_for(name: str) -> dict[str, str]:
    """Return the texts of a new course by path, with the id and title made from the name of its folder.

    They are in writing order: the bank is last, because a folder without it is not a course.
    """
    template, schemas = _PACKAGE / "template", _PACKAGE / "schemas"
    if not template.is_dir():
        raise SynergyError("A program in a zip file has no starter course; install synergy to create one.")
    files = {path.relative_to(template).as_posix(): path for path in sorted(template.rglob("*")) if path.is_file()}
    files |= {f"{SCHEMAS}/{path.name}": path for path in sorted(schemas.glob("*.schema.json"))}
    texts = {place: path.read_text("utf-8") for place, path in files.items()}
    identity = identity_of(name)
    bank = _with(texts.pop(BANK), "id", _quoted(identity) if yaml_type(identity) else identity)
    return {**texts, BANK: _with(bank, "title", _title(name))}


def identity_of(name: str) -> str:
    """Return a course id for a folder name."""
    return identifier(name) or NAMELESS


def next_steps(made: Made) -> str:
    """Return the message for a new course; its commands can be pasted into a shell."""
    course = _typed(made.folder)
    here = made.folder == "."
    commands = (
        ("check --strict", "explain", "quiz")
        if here
        else (f"check {course} --strict", f"explain --course {course}", f"quiz --course {course}")
    )
    lines = [f"Created a starter course in {made.folder}:", *(f"  {name}" for name in made.files)]
    lines += ["", "Read it, test yourself, then replace it with your own text:"]
    return "\n".join([*lines, *(f"  synergy {command}" for command in commands), ""])


def _title(name: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", name).replace("_", " ").replace("-", " ").split())
    if not any(char.isalnum() for char in words) or next(dangerous(words), None) is not None:
        words = identity_of(name).replace("-", " ")
    return _quoted(words[0].upper() + words[1:])


def _with(bank: str, field: str, value: str) -> str:
    """Replace the value of a field in the header of the bank."""
    line = f"{field}: {value}".replace("\\", r"\\")
    return re.sub(rf"(?m)^{field}: .*$", line, bank, count=1)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _typed(folder: str) -> str:
    """Quote a folder for a shell, never as an option, and with unprintable bytes as escapes."""
    word = f"./{folder}" if folder.startswith("-") else folder
    if next(dangerous(word), None) is None and "\n" not in word and "\t" not in word:
        return shlex.quote(word)
    chars = (chr(byte) for byte in os.fsencode(word))
    plain = (f"\\{char}" if char in "\\'" else char if " " <= char <= "~" else f"\\x{ord(char):02x}" for char in chars)
    return f"$'{''.join(plain)}'"


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _refuse_used(folder: Path, files: Iterable[str]) -> None:
    """Check that a folder has none of a course's files and folders; it may have other files, such as a README.

    Raises:
        SynergyError: it has one.
        OSError: it is not a folder, or cannot be read.
    """
    used = sorted(set(os.listdir(folder)) & {name.partition("/")[0] for name in files})  # noqa: PTH208  only the names
    if used:
        raise SynergyError(f"{display_path(folder)} already has {used[0]}; nothing was created.")


def _write(path: Path, text: str, made: list[Path]) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        made.append(path)
        file.write(text)


def _remove(made: list[Path]) -> None:
    """Remove what was created, in reverse order; folders with other files stay."""
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
