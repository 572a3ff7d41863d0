"""Pictures in question files: exported from a course, or imported from a file."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html import escape
from posixpath import split, splitext
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from synergy_cli.course.files import MAX_BYTES, PICTURES, Files, read_bytes
from synergy_cli.records import NamedTuple
from synergy_cli.text import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "pictures"
"""The folder for imported pictures in a course."""
_ADDRESS = re.compile(r"https?://[^\s()<>]+")
_PLACE = "@@PLUGINFILE@@"
"""Moodle's placeholder for the folder of a question's files."""
_SIGNATURES = {
    ".png": rb"\x89PNG\r\n",
    ".jpg": rb"\xff\xd8\xff",
    ".jpeg": rb"\xff\xd8\xff",
    ".gif": rb"GIF8",
    ".webp": rb"RIFF....WEBP",
    ".svg": rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<svg[\s>]",
}
"""The first bytes of files with each suffix."""
_ACTIVE = re.compile(rb"<script|<foreignObject|<!ENTITY|<!DOCTYPE|javascript:|\bon\w+\s*=", re.IGNORECASE)
"""Active content in an SVG."""
_DIGITS = 8
_LONGEST = 40


class Received(NamedTuple):
    """A picture from a file: its new path in a course, and its content."""

    path: str
    data: bytes


def at_address(source: str) -> str:
    """Return the address of a picture, or of what is linked to; empty if it has none on the web."""
    return source if _ADDRESS.fullmatch(source) else ""


def address(path: str) -> str:
    """Return the address of a course's picture in a Moodle text."""
    return f"{_PLACE}/{quote(path)}".replace("__", "%5F%5F")  # three would be a gap


def element(folder: Path, path: str) -> str:
    """Return a picture of a course as a Moodle XML element.

    Raises ContentError if it cannot be read, or is larger than a file of a course may be.
    """
    data = b64encode(read_bytes(folder, folder / path)).decode()
    where, name = split(path)
    return f'<file name="{escape(name)}" path="/{f"{escape(where)}/" if where else ""}" encoding="base64">{data}</file>'


def wanted(source: str) -> str:
    """Return the file of its question that a Moodle address names, by folder and name; empty for another address."""
    path = unquote(source.partition("?")[0])
    return path.removeprefix(_PLACE) if path.startswith(f"{_PLACE}/") else ""


def decoded(name: str, encoded: str) -> Received | None:
    """Return a Base64-encoded picture, as `received` does."""
    try:
        return received(name, b64decode(encoded))
    except ValueError:
        return None


def received(name: str, data: bytes) -> Received | None:
    """Return a picture from a file; None if it is too large, is not a picture, or has active content.

    Its path only depends on its name and content, so it is the same each time the file is read.
    """
    stem, suffix = splitext(name.lower())
    if suffix not in PICTURES or not 0 < len(data) <= MAX_BYTES or not re.match(_SIGNATURES[suffix], data, re.DOTALL):
        return None
    if suffix == ".svg" and _ACTIVE.search(data):
        return None
    mark = sha256(data).hexdigest()[:_DIGITS]
    base = identifier(stem.removesuffix(f"-{mark}"))[:_LONGEST].strip("-") or "picture"
    return Received(f"{FOLDER}/{base}-{mark}{suffix}", data)


def already_there(folder: Path, pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Map imported pictures that a course already has, in any folder, to their paths there, as written in texts."""
    sizes = set(map(len, pictures.values()))
    found = {}
    for path in sorted(Files(folder).images) if pictures else ():
        if (folder / path).stat().st_size in sizes:
            found[read_bytes(folder, folder / path)] = quote(path)
    return {path: found[data] for path, data in pictures.items() if data in found and found[data] != path}
