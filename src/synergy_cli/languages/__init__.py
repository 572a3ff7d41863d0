"""The program's words around a course's text, on pages, in the reader and in sessions, in the course's language.

The English text is the key. Each other language is a module with one dict, `TEXTS`, loaded on demand. Help, errors and
everything else stay English.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("de", "es", "fr")
"""The languages, besides English, with translated texts."""
FROM_TWO = {"fr": 2}
"""The smallest number with a plural, in languages where 0 is singular; in all others, every number except 1 is
plural."""


def say(text: str, language: str, **values: object) -> str:
    """Return a text in a language, with values for its `{placeholders}`; in English if the language is unknown.

    Args:
        text: in English.
        language: a tag, such as `de-AT`.
        values: by the name of their placeholder.
    """
    found = texts_in(language).get(text, text)
    return found.format(**values) if values else found


def say_count(one: str, many: str, language: str, number: int, **values: object) -> str:
    """Return the singular or the plural text, with the number for its `{number}`."""
    least = FROM_TWO.get(base_language(language))
    single = number < least if least else number == 1
    return say(one if single else many, language, number=number, **values)


@cache
def base_language(tag: str) -> str:
    """Return the language of a tag without its region or script: `en` for `EN`, `en-US` and `en_US`."""
    return tag.replace("_", "-").partition("-")[0].lower()


def texts_in(language: str) -> Mapping[str, str]:
    """Return the texts in a language by their English text; empty for English and for an unknown language."""
    return _texts(base_language(language))


@cache
def _texts(base: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = import_module(f"{__name__}.{base}").TEXTS if base in LANGUAGES else {}
    return texts
