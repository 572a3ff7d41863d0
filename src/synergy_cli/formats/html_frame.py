"""The frame of a web page that loads nothing: head, content security policy, style, pictures."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type
from typing import TYPE_CHECKING

from synergy_cli.course.files import PICTURES
from synergy_cli.formats.html_blocks import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def head(title: str, language: str, scripts: Iterable[str] = ()) -> str:
    """Write the part before the content.

    The policy lets the browser load nothing, and only use the style and scripts that it names by their hashes.
    """
    style, hashes = part("page.css"), " ".join(map(_hash, scripts))
    runs = f"script-src {hashes}; " if hashes else ""
    policy = f"default-src 'none'; {runs}style-src {_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="{escaped(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n"
    )


def part(name: str) -> str:
    """Return the style or a script of the page, possibly from a zip."""
    return files(__package__).joinpath("page", name).read_text("utf-8")


def _hash(text: str) -> str:
    """Return the hash of a script or style for the policy."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def pictures(folder: Path) -> Callable[[str], str]:
    """Return a function that gives a picture of the course as a `data:` address; empty for any other picture."""

    def content(path: str) -> str:
        file = folder / path
        try:
            inside = file.resolve().is_relative_to(folder.resolve()) and file.suffix.lower() in PICTURES
            data = file.read_bytes() if inside and "://" not in path else b""
        except (OSError, RuntimeError):  # it is gone, or a loop of links
            data = b""
        return f"data:{guess_type(file.name)[0]};base64,{b64encode(data).decode()}" if data else ""

    return content
