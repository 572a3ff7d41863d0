"""The types of fault a course can have, by code; docs/faults.md explains each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class FaultType(NamedTuple):
    """One type of fault.

    Attributes:
        family: `form`, `reference`, `quality`, or `history` for faults that learners' answers show.
        severity: `error` if the course cannot be used, `warning` if it should be fixed first, `note` for the author.
        meaning: one sentence.
    """

    family: str
    severity: str
    meaning: str


CODES = {
    "unreadable": FaultType("form", "error", "The file cannot be read."),
    "not-a-file": FaultType("form", "error", "A folder, a device or a pipe instead of a text file."),
    "outside": FaultType("form", "error", "A link leads out of the course's folder."),
    "too-large": FaultType("form", "error", "A file exceeds the limit of size, values or nesting."),
    "not-utf8": FaultType("form", "error", "A byte is not valid UTF-8."),
    "character": FaultType("form", "error", "A character could control the terminal or hide text."),
    "empty-file": FaultType("form", "error", "A file is empty."),
    "too-many-faults": FaultType("form", "error", "A file has too many faults to list."),
    "yaml-syntax": FaultType("form", "error", "The text is not valid YAML."),
    "yaml-feature": FaultType("form", "error", "A tag, an anchor, an alias, a merge key or a second document."),
    "yaml-trap": FaultType("form", "warning", "An unquoted value that other YAML parsers do not read as text."),
    "typographic-quotes": FaultType("form", "warning", "Quotation marks that YAML treats as part of the text."),
    "cut-text": FaultType("form", "warning", "A `#` after a space cuts off the rest of the line."),
    "duplicate-key": FaultType("form", "error", "A mapping has the same key twice."),
    "unknown-key": FaultType("form", "error", "A key that the format does not have."),
    "missing-key": FaultType("form", "error", "A required key is missing."),
    "wrong-type": FaultType("form", "error", "A value has the wrong type, such as a list instead of text."),
    "wrong-value": FaultType("form", "error", "A value does not have the required form."),
    "wrong-length": FaultType("form", "error", "A text or a list is too long or too short."),
    "empty-value": FaultType("form", "error", "A key has no value."),
    "duplicate-id": FaultType("form", "error", "Two questions, sources or pages have the same id."),
    "duplicate-answer": FaultType("form", "error", "A question lists the same answer twice."),
    "alike-answers": FaultType("form", "warning", "Two answers differ only in case, punctuation or spaces."),
    "redundant-answer": FaultType("form", "warning", "An answer would be accepted without being listed."),
    "digit-option": FaultType("form", "warning", "An option is a single digit, like the number shown before it."),
    "contradiction": FaultType("form", "error", "Two values of a question contradict each other."),
    "page-name": FaultType("form", "error", "The file name of a page is not NN-id.md."),
    "duplicate-number": FaultType("form", "warning", "Two pages have the same number."),
    "front-matter": FaultType("form", "error", "A page does not start with its front matter."),
    "title-heading": FaultType("form", "warning", "A page has a level-1 heading, which is reserved for its title."),
    "bad-heading": FaultType("form", "warning", "A heading has no space after its `#`."),
    "unsupported-markdown": FaultType("form", "warning", "Markdown that pages do not support, shown literally."),
    "table-row": FaultType("form", "warning", "A table row has more cells than the header."),
    "unknown-callout": FaultType("form", "error", "A callout of an unknown type."),
    "bad-fence": FaultType("form", "error", "A diagram without a title, or a fence that is never closed."),
    "bad-link": FaultType("form", "error", "A link that is not https, http, doi or a page of the course."),
    "bad-citation": FaultType("form", "error", "A citation that is not [@key] or [@key; @key]."),
    "unused-ignore": FaultType("form", "warning", "An entry of `ignore` has no effect."),
    "missing-source": FaultType("reference", "error", "A cited source is not in references.yaml."),
    "missing-page": FaultType("reference", "error", "A page that is referenced does not exist."),
    "missing-passage": FaultType("reference", "error", "A heading that is referenced is not on the page."),
    "missing-term": FaultType("reference", "error", "A term that is referenced is not in the glossary."),
    "missing-context": FaultType("reference", "error", "A context that is referenced is not in the file."),
    "missing-image": FaultType("reference", "error", "An image that is referenced is not in the course."),
    "claim-without-source": FaultType("reference", "error", "A claim has no source."),
    "unused-source": FaultType("reference", "warning", "A source that no page, question or term cites."),
    "stray-file": FaultType("reference", "warning", "A misnamed or misplaced file that is never read."),
    "page-without-questions": FaultType("reference", "warning", "A page without questions."),
    "figure-without-citation": FaultType("reference", "warning", "A sentence on a page has a figure but no citation."),
    "longest-key": FaultType("quality", "warning", "The right option is much longer than all others."),
    "guessable-bank": FaultType("quality", "warning", "A rule that knows nothing about the topic beats chance."),
    "key-first": FaultType("quality", "warning", "Options in a fixed order have the key first."),
    "stem-word-in-key": FaultType("quality", "warning", "A word of the stem occurs only in the right option."),
    "absolute-distractor": FaultType("quality", "warning", "Words like `always` occur only in wrong options."),
    "negative-stem": FaultType("quality", "warning", "The stem is negative."),
    "catch-all-option": FaultType("quality", "warning", "An option such as `all of the above` or `none of these`."),
    "key-in-option": FaultType("quality", "warning", "A wrong option says what the key says, and more."),
    "similar-stems": FaultType("quality", "warning", "Two questions ask nearly the same."),
    "similar-options": FaultType("quality", "warning", "Two options of a question are nearly the same."),
    "position-word": FaultType("quality", "warning", "A hint or feedback names a shuffled option by its position."),
    "key-in-hint": FaultType("quality", "warning", "A hint gives the answer away."),
    "no-feedback": FaultType("quality", "warning", "A wrong option without feedback."),
    "no-rationale": FaultType("quality", "warning", "A question without a rationale."),
    "contradicting-key": FaultType("quality", "warning", "Two questions disagree about the same answer."),
    "answer-in-stem": FaultType("quality", "warning", "A stem gives the number that another question asks for."),
    "often-missed": FaultType("history", "note", "Learners were right less often than by guessing."),
    "sure-and-wrong": FaultType("history", "note", "Learners who were sure got it wrong: the key may be wrong."),
    "claimed-answer": FaultType("history", "warning", "Learners say that an answer marked wrong was right."),
    "unchosen-option": FaultType("history", "note", "A wrong option that nobody has chosen."),
}
"""All types of fault by code."""


class Fault(NamedTuple):
    """A fault in a course file.

    Attributes:
        path: the file as the author would type it.
        line: counted from 1.
        column: counted from 1, in characters.
        code: one of `CODES`.
        message: what is wrong, and what was expected.
    """

    path: str
    line: int
    column: int
    code: str
    message: str

    @property
    def severity(self) -> str:
        """One of `error`, `warning` and `note`."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        """Format the fault as compilers do, so that editors can jump to it."""
        return f"{self.path}:{self.line}:{self.column}: {self.severity}[{self.code}]: {self.message}"


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults that are errors."""
    return [fault for fault in faults if fault.severity == "error"]
