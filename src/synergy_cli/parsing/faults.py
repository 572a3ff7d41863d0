"""What can be wrong with a course: each sort has a code, under which docs/faults.md tells more."""

from __future__ import annotations

from typing import NamedTuple


class FaultType(NamedTuple):
    """One sort of fault.

    Attributes:
        family: `form`, `reference`, `quality`, or `history` for what learners' answers show.
        severity: `error` when the course cannot be used so, `warning` when it should not, `note` for the author.
        meaning: one sentence.
    """

    family: str
    severity: str
    meaning: str


CODES = {
    "unreadable": FaultType("form", "error", "The system does not let the file be read."),
    "not-a-file": FaultType("form", "error", "A folder, a device or a pipe stands where a text file is expected."),
    "outside": FaultType("form", "error", "A link leads out of the course's folder."),
    "too-large": FaultType("form", "error", "A file is beyond the limits of size, of values or of nesting."),
    "not-utf8": FaultType("form", "error", "A byte is no UTF-8."),
    "character": FaultType("form", "error", "A character could steer a terminal or hide text."),
    "empty-file": FaultType("form", "error", "A file holds nothing."),
    "too-many-faults": FaultType("form", "error", "A file has more faults than are listed."),
    "yaml-syntax": FaultType("form", "error", "The text is no YAML."),
    "yaml-feature": FaultType("form", "error", "A tag, an anchor, an alias, a merge key or a second document."),
    "yaml-trap": FaultType("form", "warning", "A value without quotes is no text to other readers of YAML."),
    "cut-text": FaultType("form", "warning", "A `#` after a space cut the rest of a line off."),
    "duplicate-key": FaultType("form", "error", "A key stands twice in one mapping."),
    "unknown-key": FaultType("form", "error", "A key that the format does not have."),
    "missing-key": FaultType("form", "error", "A key that the format requires is not there."),
    "wrong-type": FaultType("form", "error", "A list stands where text is expected, or the like."),
    "wrong-value": FaultType("form", "error", "A value has not the form that its key requires."),
    "wrong-length": FaultType("form", "error", "A text or a list is too long or too short."),
    "empty-value": FaultType("form", "error", "A key has no value."),
    "duplicate-id": FaultType("form", "error", "Two questions, sources or pages have one id."),
    "duplicate-answer": FaultType("form", "error", "One answer stands twice in a question."),
    "digit-option": FaultType("form", "warning", "An option is a digit, like the number that stands before it."),
    "contradiction": FaultType("form", "error", "Two values of a question exclude each other."),
    "page-name": FaultType("form", "error", "A page's file name is not NN-id.md."),
    "front-matter": FaultType("form", "error", "A page does not begin with its front matter."),
    "bad-heading": FaultType("form", "warning", "A heading has no space after its `#`."),
    "unsupported-markdown": FaultType("form", "warning", "Markdown that pages do not have, shown as it is written."),
    "unknown-callout": FaultType("form", "error", "A callout of an unknown kind."),
    "bad-fence": FaultType("form", "error", "A diagram without its title, or a fence that is never closed."),
    "bad-link": FaultType("form", "error", "A link that is not https, http, doi or a page of the course."),
    "bad-citation": FaultType("form", "error", "A citation that is not [@key] or [@key; @key]."),
    "missing-source": FaultType("reference", "error", "A source is cited that references.yaml does not have."),
    "missing-page": FaultType("reference", "error", "A page is named that does not exist."),
    "missing-passage": FaultType("reference", "error", "A heading is named that the page does not have."),
    "missing-term": FaultType("reference", "error", "A term is named that the glossary does not have."),
    "missing-image": FaultType("reference", "error", "A picture is named that the course does not have."),
    "claim-without-source": FaultType("reference", "error", "A claim names no source."),
    "unused-source": FaultType("reference", "warning", "A source that no page, question or term cites."),
    "stray-file": FaultType("reference", "warning", "A file that is named so that nothing reads it."),
    "page-without-questions": FaultType("reference", "warning", "A page about which nothing is asked."),
    "figure-without-citation": FaultType("reference", "warning", "A sentence of a page has a figure and no citation."),
    "longest-key": FaultType("quality", "warning", "The right option is much longer than all others."),
    "guessable-bank": FaultType("quality", "warning", "A rule that knows nothing of the topic beats chance."),
    "stem-word-in-key": FaultType("quality", "warning", "A word of the stem stands in the right option alone."),
    "absolute-distractor": FaultType("quality", "warning", "Words like `always` stand in wrong options alone."),
    "negative-stem": FaultType("quality", "warning", "The stem asks for what is not so."),
    "catch-all-option": FaultType("quality", "warning", "`All of the above`, `none of these` or the like."),
    "similar-stems": FaultType("quality", "warning", "Two questions ask nearly the same."),
    "similar-options": FaultType("quality", "warning", "Two options of a question are nearly the same."),
    "no-feedback": FaultType("quality", "warning", "A wrong option without the reason why it is wrong."),
    "contradicting-key": FaultType("quality", "warning", "One question takes for wrong what another takes for right."),
    "answer-in-stem": FaultType("quality", "warning", "A stem gives the number that another question asks for."),
    "often-missed": FaultType("history", "note", "Fewer answers were right than chance gives."),
    "sure-and-wrong": FaultType("history", "note", "Learners who were sure missed it: its key may be wrong."),
    "unchosen-option": FaultType("history", "note", "A wrong option that nobody ever chose."),
}
"""All sorts of fault, by code."""


class Fault(NamedTuple):
    """One thing wrong in a course file.

    Attributes:
        path: the file, as the author would type it.
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
        """Give `error`, `warning` or `note`."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        """Give the form that compilers use and editors jump to."""
        return f"{self.path}:{self.line}:{self.column}: {self.severity}[{self.code}]: {self.message}"
