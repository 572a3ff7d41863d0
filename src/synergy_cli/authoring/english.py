"""English word lists, and what they detect in a text: its topic, a negation, a reference to other options."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from synergy_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


LONGEST_WORD = 40
SHORTEST_CONTENT = 4
SHORTEST_ROOT = 3

_WORD = re.compile(r"[^\W_]+")
_ASCII_SYMBOLS = [chr(code) for code in range(128) if not chr(code).isalnum()]
_APART = str.maketrans(dict.fromkeys(_ASCII_SYMBOLS, " "))
_SENTENCE_END = re.compile(r"(?<=[.?!\N{HORIZONTAL ELLIPSIS}])\s+")
_ENDINGS = ("ating", "ation", "ated", "ate", "ing", "ion", "ed", "er", "ly", "e")
_PUNCTUATION = frozenset("?!.,;:\"'`()")
_SPACED = str.maketrans({char: " " if char in _PUNCTUATION else f" {char} " for char in _ASCII_SYMBOLS})


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ARTICLES = _set("a an the")
HARMLESS = _set(
    "a an the this that these those which what of is are was were be do does did please following statement "
    "statements true right correct option options answer answers"
)
"""Words that can be added, removed or moved without changing what a question asks."""

_FUNCTION = _set(
    "no not never none nor neither without cannot if unless except but only before after above below over under "
    "up down more most less least fewer fewest than first last next with from to into out in on by for at through "
    "between and or who whom whose when where why how his her their its my your he she it they we you i one two "
    "three four five six seven eight nine ten once twice"
)
_POLAR = _set(
    "high higher highest low lower lowest large larger largest small smaller smallest long longer longest short "
    "shorter shortest early earlier late later old older new newer big bigger biggest increase increases "
    "increased decrease decreases decreased rise rises rose fall falls fell gain gains lose loses loss raise "
    "raises raised lowers lowered start starts stop stops begin begins end ends minimum maximum positive negative "
    "left right true false"
)
TURNING = _FUNCTION | _POLAR
"""Words that change what a question asks when they are added, removed or replaced."""

STOP = (
    HARMLESS
    | _FUNCTION
    | _set(
        "about according across again against ago all almost along already also although always am among amount and "
        "any anyone anything around as asked away became because become becomes been being belong belongs both bring "
        "brings brought call called came can case cases caused causes come comes compared could describes described "
        "during each either else enough even ever every everyone example expect expected fact facts find finds fit "
        "fits found gave get gets give given gives goes got had happen happened happens has have having help helps "
        "here itself just keep keeps kept kind know known like made main make makes making many may means meant might "
        "mostly much must name named need needed needs often once one order other others our ours part people person "
        "point points put puts question quite rather really said same say says see seen several shall should show "
        "shown shows since so some someone something still such take taken takes tell tells them themselves then "
        "there thing things think though thus together too took toward towards turn two three four five type types "
        "until upon use used uses using usual usually very want wants way ways well went were while will within word "
        "words would yes yet"
    )
)
"""Words unrelated to the topic."""

HEDGES = _set(
    "may might can could would perhaps possibly possible probably probable likely unlikely often sometimes "
    "usually generally typically commonly rarely seldom mostly mainly partly largely nearly almost about around "
    "approximately roughly some somewhat many tend tends suggest suggests appear appears appeared seem seems "
    "seemed"
)
"""Hedges, by which careful authors give the right option away."""

QUANTIFIERS = _set("all none each")
"""Words that are seldom true, but often just mean a number."""

ABSOLUTES = _set(
    "always never only every everyone everybody everything nobody nothing must completely entirely totally absolutely "
    "invariably exclusively solely impossible"
)
"""Words that are seldom true, as test takers know."""


def sentences(text: str) -> list[str]:
    """Split a text into sentences, each with its final punctuation."""
    return _SENTENCE_END.split(text.strip())


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded, without punctuation: `isn't` is two words, a number is one."""
    return text.lower().translate(_APART).split() if text.isascii() else _WORD.findall(fold(text))


@lru_cache(maxsize=1 << 15)
def root(word: str) -> str:
    """Remove common endings from a folded word, so that a plural or an -ing form is the same word.

    At least three letters remain, unless the word has fewer.
    """
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > SHORTEST_ROOT:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT:
            word = word.removesuffix(ending)
            break
    return f"{word[:-1]}i" if word.endswith("y") else word


def content(listed: Sequence[str]) -> dict[str, str]:
    """Return the words that describe a topic, by root: 4 to 40 letters, no digits, not in `STOP`."""
    return {
        root(word): word
        for word in listed
        if word not in STOP and SHORTEST_CONTENT <= len(word) <= LONGEST_WORD and word.isalpha()
    }


def tokens(text: str) -> list[str]:
    """Split a text into folded words, numbers and symbols, without punctuation."""
    plain = text.lower() if text.isascii() else fold(text)
    return plain.translate(_SPACED).split()


_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^`\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`)|^(?: {4}|\t)[^\n]*\S",
    re.DOTALL | re.MULTILINE,
)
_MAY_BE_CODE = re.compile(r"`|~~~|^(?: {4}|\t)", re.MULTILINE)
_SIGNED = re.compile(r"""[\\^~<>=|&$#@*_/+{}\[\]\u00ac-\u00b1\u2190-\u22ff]|^--?[^\W\d]|\w\(""")
_AROUND = "?!.,;:\"'*_"


def without_code(text: str, put: str = " ") -> str:
    """Return a text with a placeholder for each piece of code, because its words do not belong to the sentence."""
    return _CODE.sub(put, text) if _MAY_BE_CODE.search(text) else text


def exact_tokens(text: str) -> list[str]:
    """Split a text into folded words and numbers; a piece of code, or a word with symbols, stays one token."""
    found: list[str] = []
    end = 0
    for match in _CODE.finditer(text):
        found += [*_split(text[end : match.start()]), "`" + "\0".join(match[0].split()) + "`"]
        end = match.end()
    return found + _split(text[end:])


def _split(prose: str) -> list[str]:
    if not _SIGNED.search(prose) and "-" not in prose:
        return tokens(prose)
    found: list[str] = []
    for word in prose.split():
        bare = word.strip(_AROUND)
        found += [f"`{bare}`"] if _SIGNED.search(bare) else tokens(word)
    return found


def without(listed: Sequence[str], dropped: Collection[str]) -> tuple[str, ...]:
    """Return the words that are not in `dropped`; all words if none would be left."""
    return tuple(word for word in listed if word not in dropped) or tuple(listed)


_CLAUSE_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[,;:()-]")
_HELPERS = _set("is are was were be been does do did has have had can could will would")
_CONTRACTED = frozenset(f"{word}n't" for word in _HELPERS) | {"cannot", "can't", "won't"}
_OPENS_ANOTHER = _set(
    "that who whom whose which where when if whether because although though while since unless as so than until "
    "after before why how ; : ( , -"
)
_ASKERS = _set("which what who")
_PREPOSITIONS = _set("in of for to at on by with from under")
_BEFORE_A_CONTRAST = _set("the a an and or but if though yet to should must may might shall why")
_AFTER_A_CONTRAST = _set("only just merely simply yet to known")
_PARTICIPLES = _set("given taken known seen shown born made told taught found held kept left lost built bought set put")
_BEFORE_NO = _set("is are was were has have had there")
_AFTER_NO = _set("more less fewer longer later earlier better worse doubt")
_NOT_SO = _set("false incorrect untrue wrong")
_JUDGING = re.compile(r"(?:true or false|is it (?:true|so|right|correct|the case))\W*(?:that\b)?\W*")
NEGATIONS = _set("no not cannot except false incorrect untrue wrong t")
"""A negative stem has at least one of these words; `t` is what is left of `isn't`."""

_SAYING = re.compile(r"""(?<!\w)(["'`])[^"'`\s]{1,40}(?: [^"'`\s]{1,40}){1,20}\1""")
INSTRUCTION = re.compile(
    r"(?:give|answer|name|state|write|type|enter|round|choose|select|pick|use|tick)\b", re.IGNORECASE
)
"""The start of an instruction on how to answer."""
_ENDS_IN_EXCEPT = re.compile(r"\bexcept(?: for)?\W*$")
_EXCEPT = re.compile(r"\bexcept (?:which|one)\b|\b(?:is it|is) (?:false|untrue|not true) that\b")


def asks_for_what_is_not(stem: str, *, judged: bool) -> bool:
    """Whether an English stem asks for what is not true; if `judged`, it is a true-false statement.

    Only the main clause counts: `why does it not rise?` asks for something true.
    """
    listed = sentences(_SAYING.sub(" ", fold(without_code(stem, " it "))))
    questions = [sentence for sentence in listed if sentence.endswith("?")] or listed[-1:]
    if any(
        _ENDS_IN_EXCEPT.search(sentence) or (_EXCEPT.search(sentence) and not INSTRUCTION.match(sentence))
        for sentence in questions
    ):
        return True
    if judged:
        statements = [_JUDGING.sub("", sentence, count=1) for sentence in questions]
        return any(_negated_statement(_CLAUSE_TOKEN.findall(statement)) for statement in statements)
    return any(_negated_question(_CLAUSE_TOKEN.findall(sentence)) for sentence in questions)


def _negated_statement(listed: Sequence[str]) -> bool:
    for index, word in enumerate(listed):
        if word in _OPENS_ANOTHER - {","}:
            return False
        after = listed[index + 1] if index + 1 < len(listed) else ""
        if word == "no" and index and listed[index - 1] in _BEFORE_NO and after not in _AFTER_NO:
            return True
        if _negates(listed, index):
            return True
    return False


def _negated_question(listed: Sequence[str]) -> bool:
    start = next((index for index in range(len(listed)) if _begins_question(listed, index)), None)
    if start is None:
        return False
    if listed[start] == "which" and listed[-1] in _NOT_SO and listed[-2] in _HELPERS:
        return True
    for index in range(start + 1, len(listed)):
        if listed[index] in _OPENS_ANOTHER:
            return False
        if _negates(listed, index):
            return True
    return False


def _begins_question(listed: Sequence[str], index: int) -> bool:
    """Whether a word starts the question: it comes first, or after a comma without opening a relative clause."""
    if listed[index] not in _ASKERS:
        return False
    if index == 0 or (index == 1 and listed[0] in _PREPOSITIONS):
        return True
    following = listed[index + 1] if index + 1 < len(listed) else ""
    return listed[index - 1] in {",", ":"} and following == "of"


def _negates(listed: Sequence[str], index: int) -> bool:
    """Whether a word negates the verb of its clause: `is not`, `did they not find`, but not `those not given any`."""
    word = listed[index]
    if word in _CONTRACTED:
        return True
    if word != "not" or not index:
        return False
    before, after = listed[index - 1], listed[index + 1] if index + 1 < len(listed) else ""
    if before in _BEFORE_A_CONTRAST or after in _AFTER_A_CONTRAST:
        return False
    participle = after.endswith(("ing", "ed")) or after in _PARTICIPLES
    return before in _HELPERS or (
        not participle and any(word in _HELPERS for word in listed[max(index - 4, 0) : index])
    )


_LONGEST_POINTER = 80
_OF_THEM = tuple(f"{word} of them" for word in ("all", "none", "any", "both", "neither", "either"))
_QUANTITY = r"(?:all|none|any|both|neither|either|each|most|some|two|three)"
_WHOLE = r"(?:all|none|any|both|neither|either)"
_LISTED = r"(?:answers?|options?|statements?|choices?|alternatives?)"
_VERDICT = r"(?: is| are)(?: all| both)? (?:correct|true|right|wrong|false|possible)| apply| applies"
_ALL_ABOVE = re.compile(
    rf"{_QUANTITY}(?: of)?(?: the| these| those)?(?: \w+)? (?:above|below)(?: \w+)?(?:{_VERDICT})?"
    rf"|{_WHOLE}(?: of)? (?:these|those)(?: {_LISTED})?(?:{_VERDICT})?"
    rf"|{_WHOLE} of (?:the|them)(?: other)?(?: {_LISTED}| others| rest)?(?:{_VERDICT})?"
    rf"|{_WHOLE}(?: {_LISTED})?(?:{_VERDICT})"
)
_CALLED = re.compile(
    rf"(?:all|none|any|both|neither|either|each|most)(?: of)?(?: the| these| those)?"
    rf"(?: {_LISTED}(?: above| below)?| above| below)(?:{_VERDICT})?|{_WHOLE}(?: of)? (?:these|those)(?:{_VERDICT})?"
)
"""Matches a reference to other options even if more text follows: unlike `both are true`, it names or lists them."""
_OF_THE_ABOVE = re.compile(r"(?:all|none|any|both|neither|either|each|most) of the (?:above|below)(?![\w-])")
_GOES_ON = re.compile(r"\s*[;:,.!?(]|\s-\s|\s(?=(?:because|since|as|but|although|though|except|if|when)\b)")
_MOST_PARTS = 4
_LETTER = r"\(?[a-i1-9]\)?"
POINTERS = _set("all none any both neither either each most some two three only a b c d e f g h i 1 2 3 4 5 6 7 8 9")
POINTERS |= _set("answer answers option options statement statements choice choices alternative alternatives")
"""An option that refers to other options starts with one of these words."""
_LETTERS = re.compile(
    rf"((?:both|either|neither|only|options?|answers?|statements?)\W+)*{_LETTER}(?:, {_LETTER})*,? (?:and|or|nor|&) "
    rf"{_LETTER}(?: only| together)?(?:{_VERDICT})?"
)


def points_at_options(text: str, others: Sequence[str]) -> bool:
    """Whether an English option refers to other options, such as `all of the above` or `both a and b, because …`.

    `others` are the stem and the other options: letters that occur there too, as in blood groups, are not labels.
    """
    plain = fold(text[: 2 * _LONGEST_POINTER]).replace("*", "")
    if _OF_THE_ABOVE.match(plain):
        return True
    ends = [match.start() for match in islice(_GOES_ON.finditer(plain), _MOST_PARTS)]
    starts = [plain[:end] for end in ends if 0 < end <= _LONGEST_POINTER]
    if any(_CALLED.fullmatch(start) or _labels(start, others) for start in starts):
        return True
    if len(plain) > _LONGEST_POINTER:
        return False
    if _ALL_ABOVE.fullmatch(plain):
        return not plain.startswith(_OF_THEM) or not any("of them" in fold(other) for other in others)
    return _labels(plain, others)


def _labels(plain: str, others: Sequence[str]) -> bool:
    """Whether an option only consists of labels of other options, such as `both a and b`."""
    match = _LETTERS.fullmatch(plain)
    if match is None:
        return False
    labels = set(re.findall(r"\b[b-i1-9]\b", plain))
    named = {word for other in others for word in re.findall(r"\b\w\b", fold(other))}
    return not labels & named and (bool(match[1]) or not any(label.isdigit() for label in labels))
