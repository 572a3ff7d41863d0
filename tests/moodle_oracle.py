"""Tell what another reader of Moodle XML finds in a file; runs in an environment of its own.

Standard input: the file. Standard output, a list: {id: [text, single, shuffled, [[option, percent, feedback], ...]]}
for questions with options, then {id: [text, [[type, [[answer, percent], ...]], ...]]} for texts with gaps.
"""

from __future__ import annotations

import json
import sys

from moodle_xml_parser.parser import parse_bytes


def main():
    found = parse_bytes(sys.stdin.buffer.read())
    choices = {
        each.name: [
            each.text_pre_parse,
            each.single,
            each.shuffle_answers,
            [[option.answer, option.score_fraction, option.feedback or ""] for option in each.options],
        ]
        for each in found["multichoice"]
    }
    gaps = {
        each.name: [
            each.text_pre_parse,
            [[gap.sub_type, [[option.answer, option.score] for option in gap.options]] for gap in each.gaps],
        ]
        for each in found["cloze"]
    }
    json.dump([choices, gaps], sys.stdout)


main()
