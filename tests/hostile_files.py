"""Files that want to break an import: for each format, what is hostile in any text, and what is in its own way."""

from __future__ import annotations

from html import escape

BOMB = "<!DOCTYPE quiz [" + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9)) + "]>"

COMMON = {
    "empty": "",
    "zeros": "\0" * 100_000,
    "no UTF-8": b"What?\nA. \xff\xfe\n",
    "UTF-16": "What is it? {T}\n".encode("utf-16"),
    "half a pair": "\ud800",
    "a mark and no more": "\ufeff",
    "one long line": "a" * (16 * 1024 * 1024 + 1),
    "very many lines": "x\n" * 500_002,
    "texts that turn round": "\u202e\u2066What?\u2069 \x1b[2J\x9b31m\u200b\n",
    "carriage returns": "\r" * 400_000,
    "what looks like another format": "PK\x03\x04SQLite format 3\0<?xml?>---\n[[questions]]\n",
}
"""What is tried in every format."""
GIFT = {
    "one open brace each": "a{\n\n" * 5_000,
    "braces": "{" * 200_000,
    "closing braces": "}" * 200_000,
    "colons": "::" * 100_000,
    "tildes": "a{" + "~" * 200_000 + "}",
    "equals": "a{" + "=" * 200_000 + "}",
    "hashes": "a{=b" + "#" * 200_000 + "}",
    "backslashes": "\\" * 200_001,
    "arrows": "a{=" + "->" * 100_000 + "}",
    "percent": "a{~%" + "9" * 200_000 + "%b}",
    "a weight without end": "a{~%" + "9" * 5000 + "%b =c}",
    "a number without end": "a{#" + "9" * 200_000 + "}",
    "an exponent": "a{#1e999:1e999}",
    "comments": "// [tag:" * 50_000,
    "comment lines": "//\n" * 100_000,
    "slashes": "$CATEGORY: " + "/" * 200_000,
    "an html bomb": "[html]" + "<b>" * 60_000 + "{T}",
    "brackets": "[" * 19_000 + "{T}",
    "many options": "a{=b" + "".join(f" ~{n}x" for n in range(20_000)) + "}",
    "controls": "a\x01\x02{T}",
    "blank lines": "\n" * 500_000,
}
MOODLE_REFUSED = {
    "entities in entities": f"{BOMB}<quiz>&a9;</quiz>",
    "a file as an entity": '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
    "a document type elsewhere": '<!DOCTYPE quiz SYSTEM "https://example.org/quiz.dtd"><quiz/>',
    "a parameter entity": '<!DOCTYPE quiz [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><quiz/>',
    "an entity that is not there": "<quiz>&nbsp;</quiz>",
    "no end": "<quiz><question>",
    "crossed elements": "<quiz><question></quiz></question>",
    "two roots": "<quiz></quiz><quiz></quiz>",
    "no end of depth": "<quiz>" + "<a>" * 100_000,
    "an attribute twice": '<quiz a="1" a="2"/>',
    "a control character": "<quiz>\x01</quiz>",
    "half a pair": "<quiz>\ud800</quiz>",
    "a name of a million characters": "<" + "a" * 1_000_000,
}


def _question(inside, sort="shortanswer"):
    head = f'<quiz><question type="{sort}"><questiontext><text>Who?</text></questiontext>'
    return f'{head}<answer fraction="100"><text>x</text></answer>{inside}</question></quiz>'


MOODLE = {
    **MOODLE_REFUSED,
    "files out of the folder": _question('<file name="../../a.png" encoding="base64">AAAA</file>' * 3_000),
    "a file that is no end": _question('<file name="a.png" encoding="base64">' + "A" * 8_000_000 + "</file>"),
    "HTML with scripts": _question(f"<hint><text>{escape('<script>x</script>' * 20_000)}</text></hint>"),
    "HTML with open tags": _question(f"<hint><text>{escape('<a href=' * 50_000)}</text></hint>"),
    "a weight without end": _question(f'<answer fraction="{"9" * 500_000}"><text>y</text></answer>'),
    "tags without end": _question("<tags>" + "<tag><text>a</text></tag>" * 9_000 + "</tags>"),
    "questions in questions": "<quiz>" + "<question type='description'>" * 30 + "</question>" * 30 + "</quiz>",
}
AIKEN = {
    "options without an end": "What?\n" + "A. x\n" * 100_000,
    "answers alone": "ANSWER: A\n" * 100_000,
    "a question without an answer, often": "What?\nA. x\nB. y\n" * 50_000,
    "all letters": "What?\n"
    + "".join(f"{letter}. {letter}x\n" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    + "ANSWER: A",
    "more letters than there are": "What?\nA. x\nB. y\nANSWER: " + "A, " * 100_000 + "B",
    "explanations": "What?\nA. x\nB. y\nANSWER: A\n" + "ANSWER_EXPLANATION: x\n" * 100_000,
    "a stem of many lines": "What?\n" * 200_000 + "A. x\nB. y\nANSWER: A",
    "an option of many lines": "What?\nA. x\n" + "y\n" * 200_000 + "B. y\nANSWER: A",
    "markup characters": "*" * 200_000 + "\nA. x\nB. y\nANSWER: A",
    "brackets": "[" * 200_000 + "\nA. " + "](" * 100_000 + "\nB. y\nANSWER: A",
    "20,001 questions": "".join(f"What is {n}?\nA. x\nB. y\nANSWER: A\n\n" for n in range(20_001)),
}
CSV = {
    "an open quote": 'question,answer\n"' + "a,b\n" * 50_000,
    "quotes": '"' * 200_001,
    "commas": "," * 200_000,
    "separators on every line": "question,answer\n" + ",\n" * 100_000,
    "many columns": ",".join(f"option {n}" for n in range(20_000)) + ",question,answer\n" + "a," * 20_000 + "b,c\n",
    "directives": "#a:b\n" * 50_000,
    "a separator of many characters": "#separator:" + "x" * 100_000 + "\nquestion,answer\n",
    "a column far out": "#guid column:99999999999999999999\n#tags column:0\na\tb\n",
    "zeros": "question,answer\n\0,\0\n",
    "a long cell": "question,answer\n" + "a" * 100_000 + ",b\n",
    "hashes": "#" * 200_000,
    "apostrophes": "question,answer\n" + "'" * 100_000 + "=,b\n",
    "numbers": "question,option 1,option 2,answer\nx,a,b," + "1 " * 50_000 + "\n",
    "letters": "question,option 1,option 2,answer\nx,a,b," + "A " * 50_000 + "x\n",
    "html": "#html:true\n#columns:question\tanswer\n" + "<b>" * 40_000 + "\tx\n",
    "half a pair": "question,answer\n\ud800,b\n",
}
JSON = {
    "deep": "[" * 100_000,
    "deep and closed": "[" * 100_000 + "]" * 100_000,
    "objects deep": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "no end": '[{"question": "',
    "a key twice": '[{"question": "\\ud83d\\ude00", "question": "b", "answer": "c"}]',
    "digits": '[{"question": "\\ud83d\\ude00", "answer": ' + "9" * 100_000 + "}]",
    "not a number": '[{"question": "\\ud83d\\ude00", "answer": NaN}]',
    "half a pair": '[{"question": "\\ud800 a", "answer": "b"}]',
    "nothing": "null",
    "a million values": "[" + "1," * 1_000_001 + "1]",
    "a key of a megabyte": '[{"' + "k" * 1_000_000 + '": 1, "question": "a", "answer": "b"}]',
    "escapes": '[{"question": "' + "\\u0041" * 200_000 + '", "answer": "b"}]',
}
YAML = {
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "a tag": "- !!python/object/apply:os.system [ls]\n",
    "documents": "a: 1\n---\nb: 2\n",
    "a key twice": "- question: a\n  question: b\n",
    "deep": "[" * 10_000,
    "a form of Rancher": "questions:\n- variable: x\n  label: y\n  type: string\n",
    "anchors": "&a [" * 2_000,
    "merge keys": "- <<: {question: a}\n  answer: b\n",
    "a directive": "%YAML 9.9\n---\n- question: a\n",
    "tabs": "-\tquestion:\ta\n\t- b\n",
    "a block without end": "- question: |\n" + "    a\n" * 300_000,
    "quotes without end": '- question: "' + "a\\" * 200_000,
}
TOML = {
    "dots": "a" + ".a" * 100_000 + " = 1",
    "deep": "a = " + "[" * 100_000,
    "no end": '[[questions]]\nquestion = "',
    "digits": "a = " + "9" * 100_000,
    "a key twice": "a = 1\na = 2\n",
    "tables": "[a]\n" * 100_000,
    "tables in tables": "".join(f"[a{'.b' * n}]\n" for n in range(500)),
    "many questions": "[[questions]]\nquestion = 'a'\n" * 20_000,
    "quotes": "a = " + "'" * 500_000,
    "more than a megabyte": "a = 1\n" * 175_000,
}
MKDOCS_QUIZ = {
    "open tags": "<quiz>\n" * 100_000,
    "closing tags": "</quiz>\n" * 100_000,
    "old tags": "<?quiz?>\n" * 100_000,
    "open fences": "```\n~~~\n" * 100_000,
    "fences that differ": "".join(f"{'`' * n}\n" for n in range(3, 1_500)),
    "gaps": "<quiz>\n" + "[[a]] " * 100_000 + "\n</quiz>\n",
    "open gaps": "<quiz>\n" + "[[" * 200_000 + "\n</quiz>\n",
    "options": "<quiz>\nWhich?\n" + "- [x] a\n" * 100_000 + "</quiz>\n",
    "feedback": "<quiz>\nWhich?\n- [x] a\n" + "> a\n" * 200_000 + "</quiz>\n",
    "pictures": "<quiz>\nWhich?\n- [x] a\n- [ ] b\n\n" + "![" * 1_900 + "](" * 1_900 + "\n</quiz>\n",
    "links and code": "<quiz>\nWhich?\n- [x] a\n- [ ] b\n\n" + "[a](b) `" * 600 + "\n</quiz>\n",
    "a table": "<quiz>\nWhich?\n- [x] a\n- [ ] b\n\n" + "|-" * 10_000 + "x\n</quiz>\n",
    "headings": "# a { " * 50_000 + "\n",
    "comments": "<quiz>\nWhich?\n- [x] a\n- [ ] b\n" + "<!--" * 1_900 + "\n</quiz>\n",
    "a callout in a callout": "<quiz>\nWhich?\n- [x] a\n- [ ] b\n\n" + '!!! a "' * 1_000 + "\n</quiz>\n",
}
FILES = {
    name: {**COMMON, **own}
    for name, own in {
        "gift": GIFT,
        "moodle": MOODLE,
        "aiken": AIKEN,
        "csv": CSV,
        "tsv": CSV,
        "json": JSON,
        "yaml": YAML,
        "toml": TOML,
        "mkdocs-quiz": MKDOCS_QUIZ,
    }.items()
}
"""All files, by format and kind."""


def content(text):
    """Give what such a file holds."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
