"""Compares typed words with right answers by meaning, not by how they are typed.

`Short.mark` tries these rules in order, and the first that applies decides. `misspelt` accepts typos that are unlikely
to be another word; `nearly` and `holds` ask the learner to try again. Two keys are separated by a semicolon.

    typed                               key                         rule            verdict

    Vitamin  K2.                        vitamin K2                  same_spelling   right
    it is vitamin-K2                    vitamin K2                  same            right
    color                               colour                      same            right
    liver cell                          the liver cells             same            right
    the liver, because it stores fat    liver                       same            right
    K1, not K2                          K1                          same            right
    moonlight or moonshine              moonlight; moonshine        same_all        right
    telescpoe                           telescope                   misspelt        right
    hart                                heart                       nearly          near
    cafe                                café                        nearly          near
    blue sky above us                   blue sky                    holds           near
    hypercalcaemia                      hypocalcaemia               none            wrong
    vitamin K1                          vitamin K2                  none            wrong
    not the liver                       liver                       none            wrong
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from synergy_cli.records import NamedTuple
from synergy_cli.text import fold, slips, strict, without_accents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence


LONGEST = 500
"""The maximum length of a typed answer in characters; a longer one is compared unchanged."""


class _Phrases(NamedTuple):
    """Phrases around an answer that do not change it, per language, as regular expressions for folded text."""

    openings: str
    articles: str
    turning: frozenset[str]
    denials: re.Pattern[str]


_TURNING = frozenset(
    (
        *("not", "no", "never", "without", "none", "neither", "nor", "or", "but", "cannot", "except", "anti"),
        *("opposite", "false", "non", "instead"),
    )
)
"""English words that reverse an answer."""
_LANGUAGES = {
    "en": _Phrases(
        r"(?:well|so|i(?:'d| would)? (?:think|guess|believe|suppose|say)(?: that)?|it(?: i|')s|its|that(?: i|')s"
        r"|this is|they(?: a|')re|(?:it|that) (?:was|(?:would|must|could|has to) be)|they call it|these are|those are"
        r"|probably|maybe|perhaps|possibly|surely|(?:the |my )?answer(?: is|:)|called|namely|either"
        r"|the ones?(?= in| of| from)|um+|not (?!only|just|merely|simply)(?:[^,;]*?,? but(?: rather)?|[^,;]+(?=[,;])))",
        r"(?:the|an?)",
        _TURNING,
        re.compile(r"(?!)"),
    ),
    "de": _Phrases(
        r"(?:also|ich (?:glaube|denke)|(?:das|es|dies) (?:ist|sind|war|waren)|(?:er|sie|es) heisst"
        r"|wohl|vielleicht|wahrscheinlich"
        r"|(?:die )?antwort(?: ist|:))",
        r"(?:der|die|das|den|dem|des|eine[mnrs]?|ein)",
        frozenset(
            (
                *("nicht", "kein", "keine", "keinen", "keinem", "keiner", "nie", "niemals", "ohne", "oder", "weder"),
                *("noch", "aber", "sondern", "ausser", "gegenteil"),
            )
        ),
        re.compile(
            r"\s*[,;-]\s*(?:und )?(?:nicht|statt) (?!(?:immer|so|sehr|ganz|nur|wirklich|mehr|gut|oft|viel)\b)(?=\w)"
        ),
    ),
    "fr": _Phrases(
        r"(?:je (?:crois|pense)(?: que)?|c'est|ce sont|(?:il|elle|ça|on) [sl]'appelle"
        r"|il s'agit d[e']|peut-être|(?:la )?réponse(?: est)?\s*:?)",
        r"(?:les?|la|une?|des|du)(?= )|l'",
        frozenset(("pas", "non", "ni", "ou", "sans", "jamais", "sauf", "mais", "aucun", "aucune", "contraire")),
        re.compile(
            r"\s*[,;-]\s*(?:et )?(?:non )?(?:pas|non) (?!(?:toujours|si|très|du|tout|vraiment|trop|seulement)\b)(?=\w)"
        ),
    ),
    "es": _Phrases(
        r"(?:creo que|es|son|se llama|se trata de|quizás?|tal vez|(?:la )?respuesta(?: es|:))",
        r"(?:el|la|los|las|una?|unos|unas)",
        frozenset("no ni nunca jamás sin o u pero excepto salvo tampoco contrario".split()),  # noqa: SIM905  a list of words
        re.compile(r"\s*[,;-]\s*(?:y )?no (?!(?:siempre|tan|muy|del|solo|sólo|realmente|es)\b)(?=\w)"),
    ),
}
_OPPOSITES = ("anti", "hyper", "hypo", "under", "over", "non", "dis", "de", "un", "in", "im", "a")
_NEGATIONS = frozenset(
    (
        *("no", "not", "never", "without", "cannot", "none", "nicht", "kein", "keine", "nie", "ohne"),
        *("pas", "non", "jamais", "sans", "nunca", "sin"),
    )
)
_CODE = re.compile(r"[^\w\s'().,/&+%-]|\w\(|[^\W\d]\.\w|^[-./]|--|\.\.|\s[./]")
"""Identifies a key as code, in which every character counts."""
_DOTS = re.compile(r"\.\.|\s[./]")
_DENIED = (
    r"(?:not|rather than|instead of|as opposed to)\s+"
    r"(?!(?:really|quite|at|so|yet|always|only|true)\b)(?=[^\W_])"
)
"""Denies something else: `not K2` in an answer that says `K1` before it."""
_BRACKETS = re.compile(rf"\s+\((?!(?!{_DENIED})(?:or|and|not|oder|und|nicht|ou|et|pas|o|y|no)\b)[^()?]*\)")
_LAST_BRACKETS = re.compile(rf"{_BRACKETS.pattern}$")
_QUOTED = re.compile(r"([\"'`])(.+)\1|[«‹„‚「『¡¿]\s*(.+?)\s*[»›\"'」』!?]")
_FINAL = re.compile(r"(?<=[\w)\"'»›」』])\s?(?:\.{3}|[!?]+|[.,;:\N{HORIZONTAL ELLIPSIS}\N{IDEOGRAPHIC FULL STOP}])$")
_COPULA = re.compile(r"(?<=[\u3041-\u30ff\u4e00-\u9fff])\s?です$")
"""What Japanese puts after an answer, like the English `it is` before it."""
_JOINT = re.compile(r"(?<!\d)[\s-]+|[\s-]+(?!\d)")
_ENDINGS = re.compile(r"\b([a-z]{3,}?)(?:(?<=[sxz])es|(?<=[cs]h)es|(?<![siu])s)\b")
_NUMERO = re.compile(r"(?:\bno\.?|\bnumber|#)\s*(?=\d)")
_BECAUSE = "because|which|since"
_SUCH = r"aka|such as|e\.g|for example|for instance|i\.e"
_EXPLAINED = re.compile(
    r"\s*(?:[,;:]|\.{3}|\s-+\s|\s=|\N{HORIZONTAL ELLIPSIS})\s*(?=(?:i\.?e|that|who|whose|as|also|like|known|called"
    rf"|made|given|found|it|the|an?|from|in|for|with|any|works?|meaning|mostly|mainly|usually|{_BECAUSE}|{_SUCH})\b)"
    rf"|\s+(?:{_BECAUSE}|{_SUCH})\b|\s+(?:that|who|in|from|at|during)\b(?!.*(?:\b(?:no|not|never|cannot|without)\b|n't\b))"
    rf"|(?:\s*[,;:-]\s*|\s+)(?:and\s+)?{_DENIED}"
)
"""What starts an explanation after the answer."""
_VERB_LAST = re.compile(
    r"\b(?:do|does|did|is|are|was|were|be|been|has|have|had|can|could|will|would|shall|should|may|might|must|need|to"
    r"|that|who|it|they)$"
)
"""Endings that cannot be an answer before `not`, as in `clots do not form`."""
_POLAR = _TURNING | frozenset(
    (
        *("other", "another", "only", "high", "higher", "low", "lower", "more", "less", "most", "least", "increase"),
        *("decrease", "raise", "rise", "fall", "drop", "up", "down", "before", "after", "above", "below", "over"),
        *("under", "inside", "outside", "first", "last", "early", "late", "fast", "slow", "off", "good", "bad", "yes"),
        *("true", "both", "all", "same", "sharp", "flat", "major", "minor", "positive", "negative", "left", "right"),
    )
)
"""Words that may be the answer, or reverse it."""
_FUNCTION = frozenset(
    _ENDINGS.sub(
        r"\1",
        "is are was were be being been has have had can could will would should must do does did get gets take takes "
        "taking by of in to for with on at as from into through the an this that these those it its they them their "
        "your our we you he she use uses used call say says ones mean form people just "
        "simply simple plain really very quite rather only mainly mostly also "
        "again still already yet please any some various different ordinary regular merely clearly obviously "
        "definitely certainly exactly basically essentially actually typically generally usually commonly certain "
        "particular specific given corresponding respective actual individual single mere kind type sort name word "
        "term called named known what which",
    ).split()
)
"""Words that add nothing to an answer, or only stress it, in the singular."""
_DIGIT = re.compile(r"\d")
_DOUBLED = re.compile(r"([a-z])\1")
_COUNTS = frozenset(("one", "two", "three", "four", "five", "few", "several", "many"))
_CHOICE = re.compile(r"(?<!\S)(?=(\S+) or (?:(?:an?|the) )?(\S+))")
_ALTERNATIVES = re.compile(r"\s*[/,=、]\s*|\s+-\s+|\s*[;&]\s*|\s+(?:or|oder|ou|o|and|und|et|y)\s+")
_AFTER = re.compile(
    r"\s*,?\s*\b(?:i (?:think|guess|believe|suppose|would say)|i'd say|of course|obviously|please|probably|perhaps"
    r"|maybe|glaube ich|denke ich|je crois|je pense|creo"
    r"|if i remember(?: right(?:ly)?| correctly| well)?|(?:but )?(?:i'm |i am )?not (?:quite |so |really )?sure)$"
)
_SHORTENED = re.compile(r"\b(is|are|was|were|has|have|had|do|does|did|could|would|should)n'?t\b")
_QUOTED_WORD = re.compile(r'(?<!\S)"([^"\s]+)"(?!\S)')
_VARIANTS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(?<=[a-z]{3})is(?=(?:e[drs]?|ing|ations?|ers?)\b)", "iz"),
        (r"\b(?=[a-z]{6})([a-z]*?)[ao]e(?=[dmst])", r"\1e"),
        (r"(?<=[a-z]{3})our(?=(?:s|ed|ing|al)?\b)", "or"),
        (r"(?<=[a-z]{2}[bt])re(?=s?\b)", "er"),
        (r"\bsulph", "sulf"),
        (r"(?<=[a-z]{4}l)l(?=(?:ed|ing|ers?)\b)", ""),
        (r"(?<=[a-z]{2})ies?\b", "y"),
    )
)
"""British spellings, each with its American form, and `memories` as `memory`."""
_OF = re.compile(r"^([^\W\d_]+) of (?:the )?(.+)$")
_COMMA = re.compile(r"^([^,]+), ([^,]+)$")
_CARDINALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ENDS = ("st", "nd", "rd")
_FIGURES = {
    **{word: str(value) for value, word in enumerate(_CARDINALS)},
    **{word: f"{value}{(*_ENDS, *('th',) * 7)[value - 1]}" for value, word in enumerate(_ORDINALS, start=1)},
    "twice": "2x",
    "thrice": "3x",
    "daily": "dayly",
}
_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_FIGURES)})\b")
_ROMAN = re.compile(r"(?<=[^\W\d_] )(?=[ivx]+\b)(x{0,3})(ix|iv|v?i{0,3})\b")
_ROMAN_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?:\b{_DAY}\.? (?:of )?({_MONTH})\b\.?|\b({_MONTH})\b\.? {_DAY}\b)(?:,? (\d{{4}})\b)?"
    rf"|^(?:in )?({_MONTH})$|\b(january|february|april|june|july|august|september|october|november|december)\b"
)
_FREQUENCIES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(?:\s?/\s?|\b(?:an?|per|each|every)(?: single)? )(hour|day|night|week|month|year)\b", r" \1ly"),
        (r"\b(\d+) ?(?:x|\N{MULTIPLICATION SIGN}|times?)(?=\s|$)", r"\1x"),
        (r"\b(?:once|1x)\s+(?=(?:hour|day|night|week|month|year)ly\b)", ""),
        (r"(?<=\d) ?(?:h|hrs?)\b", " hour"),
        (r"\s+", " "),
    )
)
"""How often: `4 times a day` as `4x dayly`, `once a day` as `dayly`."""
_COUNTED = re.compile(r"\dx\b")
_INITIALS = re.compile(r"(?<![\w.])(?![EeIi]\.[GgEe]\.)(?:[^\W\d_]\.){2,}(?![\w.])")
"""Initials, such as `U.S.`, but not `e.g.`."""
_DIGRAPHS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe"}
"""Letters that many keyboards lack, each as it is written with others."""


class Comparison(NamedTuple):
    """How the answers to one question are compared.

    Attributes:
        language: the course's base language, such as `en`.
        equal: groups of words, or of several words, that mean the same, folded.
        exact: whether every character counts.
        loose: whether unimportant words and equal words may differ.
        idle: words, folded, that may be added: words of the stem that are in no answer of the question.
        light: these, and words that are only in right answers.
        forgiving: whether a typo may pass.
        others: words of the course, folded, that are one typo away from a word in an answer of the question.
    """

    language: str = "en"
    equal: tuple[tuple[str, ...], ...] = ()
    exact: bool = False
    loose: bool = True
    idle: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()
    forgiving: bool = True
    others: frozenset[str] = frozenset()

    def same_spelling(self, typed: str, key: str) -> bool:
        """Whether two answers differ at most in case and spacing, or, in an exact comparison, not at all."""
        return _spelled(typed, self.exact) == _spelled(key, self.exact)

    def same(self, typed: str, *keys: str) -> bool:
        """Whether a typed answer says the same as one of some keys.

        Case, spacing, hyphens, final punctuation, leading words such as `it is`, an article, a trailing bracket, equal
        words and, in English, singular and plural make no difference. In a key that looks like code, every letter
        counts.
        """
        right = _keys(keys, self.language, self.equal, self.exact)
        if _spelled(typed, self.exact) in right.spelled:
            return True
        if not self.loose or self.exact or len(typed) > LONGEST:
            return False
        said = (
            {form for part in (typed, *_heads(typed, self.language)) for form in self.forms(part)}
            if right.worded
            else set()
        )
        coded = {_bare(typed, self.language, is_key=False)} if right.coded else set()
        return self._is_among(said, right.worded) or self._is_among(coded, right.coded)

    def _is_among(self, said: Iterable[str], keys: Collection[str]) -> bool:
        """Whether one of the forms of an answer is a key, both without what joins words."""
        return any(
            _JOINT.sub("", form) in keys
            for mine in said
            for form in (mine, _inverted(mine), _COMMA.sub(r"\2 \1", mine), *map(self._unified, self._shorter(mine)))
        )

    def same_all(self, typed: str, keys: Sequence[str]) -> bool:
        """Whether a typed answer gives several names, as in `A or B`, `A/B` or `A, B`, and each is one of the keys.

        The second may leave out words that it shares with the first: `surrogate marker or endpoint`.
        """
        if self.exact or not self.loose or len(typed) > LONGEST:
            return False
        keys = [key for key in keys if not _CODE.search(_folded(key))]
        first, *others = _ALTERNATIVES.split(_folded(typed))
        start = first.rpartition(" ")[0]
        named = [(first,), *((other, f"{start} {other}")[: 1 + _POLAR.isdisjoint(other.split())] for other in others)]
        return bool(others) and all(any(self.same(name, *keys) for name in pair) for pair in named)

    def names(self, key: str) -> list[str]:
        """Return a key, folded, and its variants with equal words."""
        text = _folded(key)
        swaps = ((_phrase(one), other) for group in self.equal for one in group for other in group if one != other)
        return list(dict.fromkeys([text, *(other.join(one.split(text)) for one, other in swaps)]))

    def holds(self, typed: str, key: str) -> bool:
        """Whether a typed answer contains a key among other words that do not reverse it."""
        if not self.loose or self.exact or len(typed) > LONGEST or _CODE.search(_folded(key)) or _DOTS.search(typed):
            return False
        rest = next(
            (
                f"{mine[: match.start()]} {mine[match.end() :]}"
                for mine in self.forms(typed)
                for own in self.forms(key, is_key=True)
                if (match := _phrase(own).search(mine))
            ),
            None,
        )
        if rest is None:
            return False
        turning = _around(self.language).turning
        return turning.isdisjoint(re.findall(r"[^\W\d_]+", rest)) and not _COUNTED.search(rest)

    def misspelt(self, typed: str, key: str) -> str:
        """Return the right spelling of a typed answer that has typos, none of which spells another word; empty if not.

        That is the key, or the key with an equal word in it. A typo is allowed in English words of five letters or
        more: swapped neighbours, a letter doubled or not doubled, missing or added, or, in a long word, a different
        vowel. The first letter and the ending must be right.
        """
        careful = not self.forgiving or not self.loose or self.exact or self.language != "en"
        if careful or len(typed) > LONGEST or _CODE.search(_folded(key)):
            return ""
        bare = _bare(typed, "en", is_key=False)
        said = [re.split(r"[\s-]+", text) for text in {bare, *self._shorter(bare)}]
        meant = (
            name
            for name in self.names(key)
            for own in (re.split(r"[\s-]+", _bare(name, "en", is_key=True)),)
            for mine in said
            if len(mine) == len(own) and mine != own and all(map(self._passes, mine, own))
        )
        name = next(meant, "")
        return key if name == _folded(key) else name

    def _passes(self, typed: str, right: str) -> bool:
        return typed == right or (_is_slip(typed, right) and self.others.isdisjoint((typed, typed.removesuffix("s"))))

    def _unified(self, text: str) -> str:
        return _unified(text, self.language, self.equal)

    def _shorter(self, text: str) -> Iterator[str]:
        """Yield a text without the words that may be added."""
        words = text.split()
        for extra in (self.idle, self.light):
            kept = [word for word in words if word.strip(",:=") not in extra | {""}]
            if 0 < len(kept) < len(words):
                yield _without_article(" ".join(kept), self.language)

    def forms(self, text: str, *, is_key: bool = False) -> set[str]:
        """Return a text folded and without irrelevant parts, with and without an article.

        English articles never matter; in other languages, an article in the key matters, because it may be what is
        asked. Code is not changed.
        """
        if is_key and _CODE.search(_folded(text)):
            return {_folded(text)}
        return _forms(text, self.language, self.equal, is_key)


def _heads(text: str, language: str) -> list[str]:
    """Return the text before an explanation: `K1` of `K1, not K2` and of `K1 - the one from plants`."""
    folded = _folded(text)
    heads = [folded[: end.start()] for ends in (_EXPLAINED, _around(language).denials) for end in ends.finditer(folded)]
    return [head for head in heads if head and not _VERB_LAST.search(head)]


def _inverted(text: str) -> str:
    """Return `isoprene units` for `units of isoprene`."""
    return _OF.sub(r"\2 \1", text)


def idle_words(stem: str, answers: Iterable[str], language: str) -> frozenset[str]:
    """Return the words of a stem that may be added to an answer, in their form for comparison.

    These are the English words with no bearing on the answer: not in any answer, without digits, and not reversing a
    meaning. The result is empty if the stem offers a choice with `or`.
    """
    if language != "en":
        return frozenset()
    asked = set(_in_english(fold(stem)).replace("-", " ").split())
    taken = {word for text in answers for word in re.split(r"[\s-]+", _in_english(fold(text)))}
    words = {word.strip(".,;:?!()\"'`") for word in asked} if not _offers_choice(fold(stem)) else set()
    plain = {word for word in words if word.isalpha() and len(word) > 2 and word not in _POLAR | _COUNTS}  # noqa: PLR2004
    past = {f"{word.removesuffix('e')}ed" for word in plain - _FUNCTION if not word.endswith("ed")}
    return frozenset((plain | past | _FUNCTION) - taken)


def _offers_choice(stem: str) -> bool:
    """Whether a folded stem offers alternatives to choose from; not counting numbers, as in `one or two words`."""
    sides = _CHOICE.findall(stem)
    return any(
        right.strip(".,;:?!()") not in _COUNTS and not all(map(_DIGIT.search, (left, right))) for left, right in sides
    )


_TRUTH = {
    "en": ({"true", "t", "yes", "y", "correct", "right"}, {"false", "f", "no", "n", "incorrect", "wrong", "untrue"}),
    "de": ({"wahr", "w", "richtig", "r", "ja", "j", "stimmt"}, {"falsch", "f", "nein", "n"}),
    "fr": ({"vrai", "v", "oui", "o"}, {"faux", "f", "non", "n"}),
    "es": ({"verdadero", "v", "cierto", "sí", "si"}, {"falso", "f", "no", "n"}),
}
"""What people type for true and for false, folded."""
_UNTRUE = re.compile(r"(?:not|nicht|pas|no es) (\w{3,})|(stimmt) nicht")


def truth(answer: str, language: str) -> int | None:
    """Return 0 for words that mean true, 1 for those that mean false, in a base language or in English."""
    typed = _without_frame(answer, language, is_key=False)
    denied = _UNTRUE.fullmatch(typed)
    typed = denied[1] or denied[2] if denied else typed
    own = _TRUTH.get(language, _TRUTH["en"])
    found = next((place for words in (own, _TRUTH["en"]) for place in (0, 1) if typed in words[place]), None)
    return found if found is None or not denied else 1 - found


def groups(pools: Iterable[Sequence[str]], answers: Sequence[str], stem: str) -> list[list[str]]:
    """Return the groups of equal words, folded, that matter to a question with these answers.

    A group is left out if the stem has a member that no answer has, because the question then asks for another name.
    """
    folded, asked = [fold(text) for text in answers], fold(stem)
    squeezed = _squeezed(" ".join(folded))
    found = []
    for pool in pools:
        if not any(_squeezed(name) in squeezed for name in pool):
            continue
        members = sorted({fold(name) for name in pool} - {""}, key=lambda name: (-len(name), name))
        patterns = [_phrase(name) for name in members]
        used = [any(p.search(text) for text in folded) for p in patterns]
        if any(used) and all(is_used or not p.search(asked) for is_used, p in zip(used, patterns, strict=True)):
            found.append(members)
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[\s-]", "", fold(text))


@lru_cache(maxsize=4096)
def _phrase(name: str) -> re.Pattern[str]:
    words = r"[\s-]?".join(re.escape(part) for part in re.split(r"[\s-]+", name))
    return re.compile(rf"(?<!\w){words}(?!\w)")


class _Keys(NamedTuple):
    """Keys as they are spelled, and in words or in code without what joins words."""

    spelled: frozenset[str]
    worded: frozenset[str]
    coded: frozenset[str]


@lru_cache(maxsize=64)
def _keys(keys: tuple[str, ...], language: str, equal: tuple[tuple[str, ...], ...], exact: bool) -> _Keys:  # noqa: FBT001
    """Return keys in the forms in which answers are compared with them."""
    coded = {text for text in map(_folded, keys) if _CODE.search(text)}
    spelled = [text for key in map(_folded, keys) if key not in coded for text in (key, _without_umlauts(key))]
    forms = [form for text in spelled for form in _forms(text, language, equal, is_key=True)]
    worded = {*forms, *map(_inverted, forms)}
    without_joints = (frozenset(_JOINT.sub("", form) for form in forms) for forms in (worded, coded))
    return _Keys(frozenset(_spelled(key, exact) for key in keys), *without_joints)


def _without_umlauts(text: str) -> str:
    return "".join(_DIGRAPHS.get(letter, letter) for letter in text)


def _spelled(text: str, exact: bool) -> str:  # noqa: FBT001
    """Return a text without what makes no difference in spelling: nothing but what nobody sees if it is `exact`."""
    return strict(text) if exact else fold(text)


@lru_cache(maxsize=1024)
def _forms(text: str, language: str, equal: tuple[tuple[str, ...], ...], is_key: bool) -> set[str]:  # noqa: FBT001
    without = _bare(text, language, is_key=is_key)
    if language == "en":
        return {_unified(without, language, equal)}
    bare = _without_frame(text, language, is_key=is_key)
    return {_unified(part, language, equal) for part in ({bare} if is_key else {bare, without})}


def _bare(text: str, language: str, *, is_key: bool) -> str:
    """Return a text, folded, without its article and surrounding phrases."""
    return _without_article(_without_frame(text, language, is_key=is_key), language)


def _without_article(text: str, language: str) -> str:
    articles = _around(language).articles
    return re.sub(rf"^(?:{articles})\s*\b(?=.)", "", text)


def _without_frame(text: str, language: str, *, is_key: bool) -> str:
    """Return a text, folded, without surrounding phrases; in a typed text, without inner brackets too."""
    folded = _folded(text)
    said = folded if is_key else _COPULA.sub("", re.sub(rf"{_BRACKETS.pattern}(?=\s)", "", folded))
    return _unwrapped(said, _around(language).openings)


def _around(language: str) -> _Phrases:
    return _LANGUAGES.get(language, _LANGUAGES["en"])


def _folded(text: str) -> str:
    """Return a text folded, initials without their stops."""
    return fold(_INITIALS.sub(lambda initials: initials[0].replace(".", ""), text))


def _unwrapped(text: str, openings: str) -> str:
    """Return a folded text without quotes around it, a trailing bracket, final marks and opening phrases."""
    text = re.sub(r"\s&\s", " and ", _QUOTED_WORD.sub(r"\1", _SHORTENED.sub(r"\1 not", text)))
    text = re.sub(r"(?<=[^\W\d_]{2})\(e?s\)", "s", text)
    before = None
    while text != before:
        before = text
        quoted = _QUOTED.fullmatch(text)
        text = quoted[2] or quoted[3] if quoted else text
        text = _AFTER.sub("", _LAST_BRACKETS.sub("", _FINAL.sub("", text))) or text
        text = re.sub(rf"^{openings}[\s,:]+(?=\S)", "", text)
    return text


def _unified(text: str, language: str, equal: tuple[tuple[str, ...], ...]) -> str:
    """Replace equal words by one of them and, in English, plurals by the singular and small numbers by figures."""
    for number, members in enumerate(equal):
        for name in members:
            text = _phrase(name).sub(f"\0{number}\0", text)
    text = re.sub(r"(?<=\0)\.(?=\s)", "", text)  # the stop of an abbreviation
    return _in_english(text) if language == "en" else text


def _in_english(text: str) -> str:
    """Return a folded English text with one form for variants of spelling, numbers, dates and frequencies."""
    for pattern, plain in _VARIANTS:
        text = pattern.sub(plain, text)
    text = _DATE.sub(_dated, _roman_in_figures(_IN_WORDS.sub(lambda word: _FIGURES[word[0]], text)))
    for pattern, plain in _FREQUENCIES:
        text = pattern.sub(plain, text)
    return _ENDINGS.sub(r"\1", _NUMERO.sub("", text)).strip()


def _roman_in_figures(text: str) -> str:
    """Return a folded text with figures for Roman numbers that follow a word: `louis 14` for `louis xiv`."""
    return _ROMAN.sub(lambda number: str(10 * len(number[1]) + _ROMAN_ONES.index(number[2])), text)


def _dated(match: re.Match[str]) -> str:
    """Return `20 /7 /1969` for `20th of July 1969` and for `July 20, 1969`."""
    day, month = match[1] or match[4] or "", match[2] or match[3] or match[6] or match[7]
    return f"{day} /{_MONTHS.index(month[:3]) + 1}" + (f" /{match[5]}" if match[5] else "")


def nearly(typed: str, key: str, comparison: Comparison) -> bool:
    """Whether an answer is a typo away from a key, and means the same.

    Accents may be missing from Latin letters. Otherwise one typo is allowed, or two from eight letters on, but not in a
    digit, in a negation, in a prefix that reverses the meaning (hyper-, hypo-, anti-, un- …), or in a letter
    that stands alone: `F sharp` is not `G sharp`. Two typos must not be in one short word: `June` is not `July`.
    """
    if comparison.exact or len(typed) > LONGEST:
        return False
    pairs = [(_folded(typed), name) for name in comparison.names(key)]
    pairs += [(a, b) for a in comparison.forms(typed) for b in comparison.forms(key, is_key=True)]
    return any(_is_near(mine, right) for mine, right in pairs)


def _is_near(typed: str, right: str) -> bool:
    plain = without_accents(right)
    if typed != right and _JOINT.sub("", without_accents(typed)) == _JOINT.sub("", plain):
        return True
    typed = without_accents(typed) if right == plain else typed
    if re.findall(r"\d", _roman_in_figures(typed)) != re.findall(r"\d", _roman_in_figures(right)):
        return False
    if _NEGATIONS & (set(typed.split()) ^ set(right.split())):
        return False
    if _turned(typed, right) or _has_another_word(typed, right):
        return False
    if typed != right and _skeleton(typed) == _skeleton(right):
        return True
    allowed = _allowed(typed, right)
    return 0 < slips(typed, right, allowed + 1) <= allowed


def _has_another_word(typed: str, right: str) -> bool:
    """Whether one word of several is another one: a letter that stands alone, or one with too many typos for it."""
    mine, own = re.split(r"[\s-]+", typed), re.split(r"[\s-]+", right)
    return len(mine) == len(own) and any(
        a != b and (len(a) == len(b) == 1 or slips(a, b, most + 1) > most)
        for a, b in zip(mine, own, strict=True)
        for most in (max(1, _allowed(a, b)),)
    )


def _allowed(typed: str, right: str) -> int:
    """Return how many typos are allowed.

    In a word of three letters, which has many similar words, only swapped letters.
    """
    shorter = min(len(typed), len(right))
    swapped = shorter > 2 and typed[0] == right[0] and sorted(typed) == sorted(right)  # noqa: PLR2004
    return (0 if shorter < 4 else 1 if shorter < 8 else 2) + (swapped and shorter < 8)  # noqa: PLR2004


def _is_slip(typed: str, right: str) -> bool:
    """Whether a word is another with one common typo, of a kind that rarely spells another word."""
    shortest, long = 5, 8
    if not (typed.isalpha() and right.isascii() and right.isalpha() and len(right) >= shortest):
        return False
    if typed[0] != right[0] or typed in _POLAR or _turned(typed, right) or slips(typed, right, 2) != 1:
        return False
    if len(typed) != len(right):
        return _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", right) or (
            len(right) > shortest and typed[-1] == right[-1]
        )
    place = next(place for place, (mine, own) in enumerate(zip(typed, right, strict=True)) if mine != own)
    vowels = {typed[place], right[place]} <= set("aeiouy")
    return sorted(typed) == sorted(right) or (vowels and len(right) >= long and place < len(right) - 4)


def _skeleton(text: str) -> str:
    """Return a text without doubled letters and, in words of six letters or more, with one character for all vowels."""
    return re.sub(
        r"\w{6,}", lambda word: word[0][0] + re.sub(r"[aeiouy]+", "_", word[0][1:]), _DOUBLED.sub(r"\1", text)
    )


def _turned(typed: str, right: str) -> bool:
    def prefixes(text: str) -> list[str]:
        words = re.split(r"[\s/-]+", text)
        return sorted(filter(None, (next((p for p in _OPPOSITES if word.startswith(p)), "") for word in words)))

    return prefixes(typed) != prefixes(right)
