"""Finds the course that contains a folder, without loading anything."""

from __future__ import annotations

import os
import stat

from synergy_cli.replay import reads

HEADER = 16 * 1024
"""The number of bytes at the start of a bank to search for its header."""


def nearest_course(start: str, home: str) -> str | None:
    """Find the course that contains a folder, given by its absolute path: the folder itself or the nearest above it.

    A folder is a course if its bank says `format:`, so another program's `questions.yaml` does not count.
    The search ends at the home folder, and at a folder on another file system or with another owner.
    """
    belongs = None
    folder, last = start, os.path.normpath(home)
    while True:
        try:
            found = os.stat(folder)
            if belongs not in (None, (found.st_dev, found.st_uid)):
                return None
            belongs = (found.st_dev, found.st_uid)
            if _is_course(folder):
                return folder
        except OSError:
            return None
        above = os.path.dirname(folder)
        if folder in (above, last):
            return None
        folder = above


def _is_course(folder: str) -> bool:
    bank = os.path.join(folder, "questions.yaml")
    reads.file(bank)
    try:
        if not stat.S_ISREG(os.stat(bank).st_mode):
            return False
    except FileNotFoundError:
        return False
    with open(bank, "rb") as file:
        return b"\nformat:" in b"\n" + file.read(HEADER)
