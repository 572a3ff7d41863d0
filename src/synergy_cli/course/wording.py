"""Compares typed words with right answers by what they say, not by how they are typed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from synergy_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class _Phrases(NamedTuple):
    """What a language puts around an answer without changing it, as regular expressions of folded text."""

    openings: str
    articles: str


_LANGUAGES = {
    "en": _Phrases(
        r"(?:well|so|i (?:think|guess|believe|suppose)(?: that)?|it(?: i|')s|its|that(?: i|')s|this is|they(?: a|')re"
        r"|these are|those are|probably|maybe|perhaps|(?:the |my )?answer(?: is|:)|called|namely)",
        r"(?:the|an?)",
    ),
    "de": _Phrases(
        r"(?:also|ich (?:glaube|denke)|(?:das|es|dies) (?:ist|sind)|wohl|vielleicht|wahrscheinlich"
        r"|(?:die )?antwort(?: ist|:))",
        r"(?:der|die|das|den|dem|des|eine[mnrs]?|ein)",
    ),
    "fr": _Phrases(
        r"(?:je (?:crois|pense)(?: que)?|c'est|ce sont|il s'agit d[e']|peut-être|(?:la )?réponse(?: est)?\s*:?)",
        r"(?:les?|la|une?|des|du)(?= )|l'",
    ),
    "es": _Phrases(
        r"(?:creo que|es|son|se trata de|quizás?|tal vez|(?:la )?respuesta(?: es|:))",
        r"(?:el|la|los|las|una?|unos|unas)",
    ),
}
_CODE = re.compile(r"[^\w\s'().,/&+%-]|\w\(|[^\W\d]\.\w|^[-./]|--|\.\.|\s[./]")
"""What words don't have: in a key with any of it, every character counts."""
_BRACKETS = re.compile(r"\s+\((?!(?:or|and|not|oder|und|nicht|ou|et|pas|o|y|no)\b)[^()?]*\)$")
_QUOTED = re.compile(r"([\"'`])(.+)\1")
_FINAL = re.compile(r"(?<=[\w)\"'])(?:\.{3}|[!?]+|[.,;:\N{HORIZONTAL ELLIPSIS}\N{IDEOGRAPHIC FULL STOP}])$")
_JOINT = re.compile(r"(?<!\d)[\s-]+|[\s-]+(?!\d)")
_ENDINGS = re.compile(r"\b([a-z]{3,}?)(?:(?<=[sxz])es|(?<=[cs]h)es|(?<![siu])s)\b")
_AFTER = re.compile(r"\s*,?\s*\bi (?:think|guess|believe)$")


class Comparison(NamedTuple):
    """How the answers to one question are compared.

    Attributes:
        language: the tag of the course's language.
        equal: groups of words, or of several words, that mean the same, folded.
        exact: whether every character counts.
        loose: whether words that don't matter, and equal words, may differ.
    """

    language: str = "en"
    equal: tuple[tuple[str, ...], ...] = ()
    exact: bool = False
    loose: bool = True

    def same_spelling(self, typed: str, key: str) -> bool:
        """Whether two answers differ in case and spacing at most, or, if the comparison is exact, not at all."""
        return strict(typed) == strict(key) if self.exact else fold(typed) == fold(key)

    def same(self, typed: str, key: str) -> bool:
        """Whether a typed answer says the same as a key.

        Case, spacing, hyphens, a final mark, words such as `it is` in front, an article, a trailing bracket, equal
        words and, in English, singular and plural make no difference. In a key that looks like code, all but case and
        spacing does.
        """
        if self.same_spelling(typed, key):
            return True
        if not self.loose or self.exact:
            return False
        return any(
            _JOINT.sub("", mine) == _JOINT.sub("", own)
            for mine in self.forms(typed)
            for own in self.forms(key, is_key=True)
        )

    def forms(self, text: str, *, is_key: bool = False) -> set[str]:
        """Return a text folded and without what makes no difference, with and without an article.

        English articles never matter; in other languages, an article of the key does, since it may be what is asked.
        Code stays whole.
        """
        if is_key and _CODE.search(fold(text)):
            return {fold(text)}
        return _forms(text, self.language.partition("-")[0].lower(), self.equal, is_key)


_TRUTH = {
    "en": ({"true", "t", "yes", "y", "correct"}, {"false", "f", "no", "n", "incorrect"}),
    "de": ({"wahr", "w", "richtig", "r", "ja", "j", "stimmt"}, {"falsch", "f", "nein", "n"}),
    "fr": ({"vrai", "v", "oui", "o"}, {"faux", "f", "non", "n"}),
    "es": ({"verdadero", "v", "cierto", "sí", "si"}, {"falso", "f", "no", "n"}),
}
"""What people type for true and for false, folded."""


def truth(answer: str, language: str) -> int | None:
    """Return 0 for a word that means true, 1 for one that means false, in the course's language or in English."""
    typed = fold(answer)
    own = _TRUTH.get(language.partition("-")[0].lower(), _TRUTH["en"])
    return next((place for words in (own, _TRUTH["en"]) for place in (0, 1) if typed in words[place]), None)


def strict(text: str) -> str:
    """Normalise only what nobody can see: composed characters, kinds of spaces, and spaces at the ends."""
    if text.isascii():
        return text.strip()
    return re.sub(r"[^\S\n]", " ", unicodedata.normalize("NFC", text)).strip()


def groups(pools: Iterable[Sequence[str]], answers: Sequence[str], stem: str) -> list[list[str]]:
    """Return the groups of equal words, folded, that matter to a question with these answers.

    A group is left out if the stem holds a member, since the question then asks for another name.
    """
    folded, asked = [fold(text) for text in answers], fold(stem)
    squeezed = _squeezed(" ".join(folded))
    found = []
    for pool in pools:
        if not any(_squeezed(name) in squeezed for name in pool):
            continue
        members = sorted({fold(name) for name in pool} - {""}, key=lambda name: (-len(name), name))
        patterns = [_phrase(name) for name in members]
        if any(p.search(text) for p in patterns for text in folded) and not any(p.search(asked) for p in patterns):
            found.append(members)
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[\s-]", "", fold(text))


@lru_cache(maxsize=4096)
def _phrase(name: str) -> re.Pattern[str]:
    words = r"[\s-]?".join(re.escape(part) for part in re.split(r"[\s-]+", name))
    return re.compile(rf"(?<!\w){words}(?!\w)")


@lru_cache(maxsize=1024)
def _forms(text: str, language: str, equal: tuple[tuple[str, ...], ...], is_key: bool) -> set[str]:  # noqa: FBT001
    phrases = _LANGUAGES.get(language, _LANGUAGES["en"])
    bare = _unwrapped(fold(text), phrases.openings)
    without = re.sub(rf"^(?:{phrases.articles})\s*\b(?=.)", "", bare)
    kept = {bare} if is_key else {bare, without}
    return {_unified(part, language, equal) for part in ({without} if language == "en" else kept)}


def _unwrapped(text: str, openings: str) -> str:
    """Return a folded text without quotes around it, a trailing bracket, final marks and opening phrases."""
    before = None
    while text != before:
        before = text
        quoted = _QUOTED.fullmatch(text)
        text = quoted[2] if quoted else text
        text = _AFTER.sub("", _BRACKETS.sub("", _FINAL.sub("", text))) or text
        text = re.sub(rf"^{openings}[\s,:]+(?=\S)", "", text)
    return text


def _unified(text: str, language: str, equal: tuple[tuple[str, ...], ...]) -> str:
    """Put one word for all that are equal, and the singular for the plural."""
    for number, members in enumerate(equal):
        for name in members:
            text = _phrase(name).sub(f"\0{number}\0", text)
    return _ENDINGS.sub(r"\1", text) if language == "en" else text
