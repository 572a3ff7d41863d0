"""The data for the scripts of a course's page: marking rules, questions, and the bundled scripts."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from base64 import b64encode
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from synergy_cli import languages
from synergy_cli import text as texts
from synergy_cli.course import numbers, wording
from synergy_cli.course.choices import Multiple, TrueFalse
from synergy_cli.course.typed import Cloze, Number, Short
from synergy_cli.formats.html_frame import part
from synergy_cli.formats.paper import sheet_of
from synergy_cli.history.memory import LEAST, MOST, WEIGHTS
from synergy_cli.history.scheduler import ALGORITHM, ASIDE_AFTER, FREE_AFTER, POLICY, RETENTION, STUCK_AFTER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from synergy_cli.course.question import Question

MARKING = ("pattern.js", "rules.js", "text.js", "say.js", "wording.js", "rational.js", "numbers.js", "marking.js")
"""The scripts that mark answers, each after its imports."""
ALL = (*MARKING, *("schedule.js", "log.js", "stuck.js", "session.js", "dom.js", "forms.js", "view.js", "page.js"))
"""All scripts of the page, in the same order."""
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|const|let|class) (\w+))", re.MULTILINE)
_COMMENT = re.compile(r"^\s*(?://.*|/\*\*.*\*/)\n|^\s+|\n(?=\n)|(?<=[;{,(\[])\n", re.MULTILINE)
"""Comments on lines of their own, indentation, and line breaks that separate nothing."""
_USED = re.compile(r"\b(?:R|rules)\.([A-Z_]+)")
_NAMED = re.compile(r"\\N\{([^}]+)\}")


def script(names: Iterable[str]) -> str:
    """Bundle scripts, each as a function that returns its exports, so that local names do not clash."""
    return "".join(map(_bundled, names))


def loader() -> str:
    """Return the script that unpacks the others."""
    return _COMMENT.sub("", part("loader.js"))


def packed(data: str, code: str) -> str:
    """Return the payload that `loader` unpacks: data on one line, and the scripts."""
    return b64encode(zlib.compress(f"{data}\n{code}".encode(), 9)).decode()


def _bundled(name: str) -> str:
    code = part(name)
    exported = ", ".join(match[2] for match in _EXPORT.finditer(code))
    code = _IMPORT.sub(lambda match: f"const {{{match[1].replace(' as ', ': ')}}} = {match[2]}_js;\n", code)
    code = _COMMENT.sub("", _EXPORT.sub(r"\1", code))
    return f"const {name.removesuffix('.js')}_js = (() => {{\n{code}return {{ {exported} }};\n}})();\n"


def rules(language: str, names: Iterable[str] = MARKING) -> dict[str, Any]:
    """Return the rules for the scripts: from the modules that mark answers here, and their messages."""
    code, base = "".join(map(part, names)), languages.base_language(language)
    used = set(_USED.findall(code))
    inner = re.compile(rf"{vars(wording)['_BRACKETS'].pattern}(?=\s)")
    return {
        "wording": {**_constants(wording, used, base), "INNER_BRACKETS": _plain(inner)},
        "numbers": _constants(numbers, used, base),
        "text": {
            **_constants(texts, used, base),
            "LOOKALIKES": {chr(a): b for a, b in vars(texts)["_LOOKALIKES"].items()},
        },
        "language": {"base": base, "texts": _said(code, base), "fromTwo": base in languages.FROM_TWO},
        "schedule": {
            "weights": WEIGHTS,
            "least": LEAST,
            "most": MOST,
            "retention": RETENTION,
            "policy": POLICY,
            "algorithm": ALGORITHM,
            "stuckAfter": STUCK_AFTER,
            "asideAfter": ASIDE_AFTER,
            "freeAfter": FREE_AFTER,
        },
    }


def _constants(module: object, used: set[str], language: str) -> dict[str, Any]:
    """Return the constants of a module that are used; what is listed by language, in this one and English only."""
    named = ((name.lstrip("_"), value) for name, value in vars(module).items())
    return {name: _plain(_spoken(value, language)) for name, value in named if name in used}


def _spoken(value: Any, language: str) -> Any:  # noqa: ANN401  as below
    if not isinstance(value, dict) or "en" not in value:
        return value
    return {name: item for name, item in value.items() if name in ("en", language)}


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a rule is
    """Return a rule as JSON data; the script `rules.js` reads it."""
    if isinstance(value, re.Pattern):
        source = _NAMED.sub(lambda match: re.escape(unicodedata.lookup(match[1])), value.pattern)
        return {"re": source, "flags": "i" if value.flags & re.IGNORECASE else ""}
    if isinstance(value, set | frozenset):
        return {"set": sorted(value)}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Fraction) else value


def _said(code: str, language: str) -> dict[str, str]:
    """Return the scripts' messages in a language; empty for English, which the scripts contain."""
    return {text: told for text, told in languages.texts_in(language).items() if f'"{text}"' in code}


def page_data(course: str, language: str, questions: Iterable[Question]) -> str:
    """Return all data for the scripts, as JSON on one line; questions are in page order."""
    data = {"course": course, "rules": rules(language, ALL), "questions": list(map(question_data, questions))}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def question_data(question: Question) -> dict[str, Any]:
    """Return the data that marks a question; its options and their feedback are in the page's text."""
    data: dict[str, Any] = {"id": question.id, "type": question.type, "revision": question.revision}
    if isinstance(question, Short):
        return data | _short(question)
    if isinstance(question, Number):
        return data | _number(question)
    if isinstance(question, Cloze):
        return data | {"gaps": [_short(question.gap(place)) for place in range(len(question.gaps))]}
    return data | _listed(question)


def _listed(question: Question) -> dict[str, Any]:
    """Return the positions of the right options in the page, and how many options may be shuffled."""
    sheet = sheet_of(question)
    places = (sheet.partners or sheet.options).index
    right = [] if isinstance(question, Multiple) and not question.keys else question.solution
    last = sum(wrong.last for wrong in getattr(question, "distractors", ()))
    fixed = isinstance(question, TrueFalse) or not getattr(question, "shuffle", True)
    loose = 0 if fixed else len(sheet.partners or sheet.options) - last
    marked = {
        name: listed
        for name, listed in (("options", sheet.options), ("partners", sheet.partners))
        if any(question.displayed(text) != text for text in listed)
    }
    return {"key": [places(one.text) for one in right], "loose": loose, **marked}


def _short(question: Short) -> dict[str, Any]:
    """Return the right and wrong answers, and how to compare them.

    Words that may be added are given as differences from the words that every question has.
    """
    comparison = question.comparison
    common: frozenset[str] = vars(wording)["_FUNCTION"]
    return {
        "key": question.key,
        "accept": question.accept,
        "wrong": [one.text for one in question.distractors],
        "equal": comparison.equal,
        "exact": comparison.exact,
        "loose": comparison.loose,
        "forgiving": comparison.forgiving,
        "others": sorted(comparison.others),
        "plus": sorted(comparison.idle - common),
        "minus": sorted(common - comparison.idle),
        "light": sorted(comparison.light - comparison.idle),
    }


def _number(question: Number) -> dict[str, Any]:
    return {
        "key": question.key,
        "accept": question.accept,
        "tolerance": question.tolerance,
        "unit": question.unit,
        "units": question.units,
        "stem": question.stem,
        "wrong": [one.text for one in question.distractors],
    }
