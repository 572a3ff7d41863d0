"""The page's script marks each answer as the program does: the same verdict, remarks, parts and feedback."""

from __future__ import annotations

import random
import sys
import unicodedata
from pathlib import Path

import pytest

from harness import DATA, EXAMPLE
from marking_oracle import as_here, as_in_the_page, marked, needs_node, run, sheet_of, with_options
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.gaps import split_answers
from synergy_cli.course.question import LETTERS
from synergy_cli.course.question_types import QUESTION_TYPES, build
from synergy_cli.formats.html_data import MARKING, rules
from synergy_cli.text import fold, strict, unify

pytestmark = needs_node
COURSES = [EXAMPLE, DATA, *sorted((Path(__file__).parent / "courses").iterdir())]
FRAMES = (
    *(
        "it is {}",
        "The {}.",
        "{}!",
        " {} ",
        "“{}”",
        "{} (I think)",
        "well, {}",
        "not {}",
        "{}, not that",
        "{} or x",
        "an {}",
    ),
    *(
        "das ist {}",
        "c'est {}",
        "la respuesta es {}",
        "{} - the one from plants",
        "I think {}",
        "{}です",
        "{} because so",
    ),
    *(
        "{}s",
        "anti{}",
        "{} {}",
        "{}/{}",
        "the answer is: {}",
        "`{}`",
        "{}…",
        "no {}",
        "{} in the body",
        "either {} or {}",
    ),
    *("{} II", "{} and K1", "4x daily {}", "July 20th, {}", "nicht {}", "{}, pas x", "not x, {}"),
)
AMOUNTS = (
    *(
        "{}",
        "about {}",
        "{} mg",
        "{} µg",
        "{}%",
        "{} percent",
        "{}.0",
        "{},000",
        "{}e3",
        "{} × 10^2",
        "1/{}",
        "{} 1/2",
        "½",
    ),
    *(
        "minus {}",
        "-{}",
        "{} per day",
        "{} a day",
        "{} µg/day",
        "at least {}",
        "{} or more",
        "<= {}",
        "{} fractures",
        "~{}",
    ),
    *(
        "x = {}",
        "{} IU",
        "{} iu daily",
        "{}th",
        "two point five",
        "twenty-one",
        "a hundred",
        "{} hundred",
        "none",
        "2 h {}",
    ),
    *(
        "{}.000",
        "{},5",
        "{} ng/ml",
        "{} microgrms",
        "{} points",
        "the {} of them",
        "٣",
        "{}.{}",
        "{} bits",
        "{} months",
    ),
    *(
        "{} million",
        "${} million",
        "{}k",
        "{}x a day",
        "two and one half",
        "a quarter of it",
        "{} °C",
        "0.{}",
        "{}+",
        "{} AD",
    ),
)
STRAY = (
    "",
    " ",
    "?",
    "K2",
    "abc def",
    "ß ẞ ς İ",
    "e\u0301t\u00e9",
    "①②",
    "\U0001f600",
    "a" * 501,
    "1 2 3",
    "x; y",
    "\u00a0",
)


def questions_of(folder):
    return Course(Files(folder), Cache(None)).questions


def slipped(text, rng):
    """Give a text with a slip of the fingers."""
    place = rng.randrange(len(text) + 1)
    letter = rng.choice("aeioustnrlK1 -'.é")
    kind = rng.randrange(5)
    if kind == 0:
        return text[:place] + letter + text[place:]
    if kind == 1:
        return text[:place] + letter + text[place + 1 :]
    if kind == 2:
        return text[:place] + text[place + 1 :]
    if kind == 3:
        return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
    return text.swapcase() if rng.random() < 0.5 else text.title()


def typed(texts, rng, others):
    """Make up what a person may type for one of some texts."""
    text = rng.choice(others if rng.random() < 0.15 else texts)
    if rng.random() < 0.1:
        first, _, rest = text.rpartition(" ")
        text = rng.choice(
            (
                f"{rest}, {first}",
                f"{rest} {first}",
                f"{rest} of {first}",
                text.replace("six", "6"),
                f"{text} daily",
                f"4x/{text}",
            )
        )
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        text = slipped(text, rng)
    if rng.random() < 0.5:
        text = rng.choice(FRAMES).replace("{}", text)
    return rng.choice(STRAY) if rng.random() < 0.05 else text


def amount(question, rng):
    """Make up what a person may type for a number."""
    number = rng.choice(
        [question.key, *question.accept, str(rng.randrange(2000)), *(w.text for w in question.distractors)]
    )
    text = rng.choice(AMOUNTS).replace("{}", rng.choice(number.split("..")))
    text = f"{text} {question.unit}" if rng.random() < 0.5 else text
    text = f"{text} {rng.choice(question.stem.split())}" if rng.random() < 0.2 else text
    return slipped(text, rng) if rng.random() < 0.15 else text


def answers_to(question, rng):
    """Make up an answer: as the page gives it, and as a person types it in a terminal."""
    sheet, stem = sheet_of(question), question.stem.split()
    if question.type == "number":
        return (amount(question, rng),) * 2
    if question.type == "short":
        return (typed([*(one.text for one in (*question.right, *question.wrong))], rng, stem),) * 2
    if question.type == "cloze":
        gaps = [typed(gap, rng, stem) for gap in question.gaps]
        if len(gaps) > 1:  # what is typed on one line is split by these, which a page with a field for each gap is not
            gaps = ["".join(sign for sign in gap if sign.isalnum() or sign in " '-(") for gap in gaps]
            gaps = [" ".join(gap.split()) if len(gap.split()) < 4 else gap[:9].strip() for gap in gaps]
        return gaps, "; ".join(gaps)
    places = list(range(len(sheet.partners or sheet.options)))
    rng.shuffle(places)
    count = {"multiple": rng.randrange(len(places) + 1), "order": len(places), "match": len(sheet.options)}
    chosen = places[: count.get(question.type, 1)]
    if question.type in ("order", "match") and rng.random() < 0.3:
        chosen = [(sheet.partners or sheet.options).index(part.text) for part in question.solution]
    labels = LETTERS if sheet.partners else "123456789"
    return chosen, " ".join(labels[place] for place in chosen) or "0"


def is_split_alike(question, answer):
    """Whether a line that is typed for several gaps has the same parts as the page's fields."""
    return question.type != "cloze" or len(answer[0]) == 1 or split_answers(answer[1], len(answer[0])) == answer[0]


def disagreements(language, questions, count, seed=1):
    rng = random.Random(seed)
    pairs = [(question, [answers_to(question, rng) for _ in range(count)]) for question in questions]
    pairs = [
        (question, [answer for answer in answers if is_split_alike(question, answer)]) for question, answers in pairs
    ]
    results = marked(language, [(question, [mine for mine, _ in answers]) for question, answers in pairs])
    return [
        (question.id, answer, there, here)
        for (question, answers), markings in zip(pairs, results, strict=True)
        for answer, marking in zip(answers, markings, strict=True)
        for there in [
            as_in_the_page(
                question,
                sheet_of(question).mark(answer[1] if question.type != "cloze" or len(answer[0]) > 1 else answer[0][0]),
            )
        ]
        for here in [as_here(question, marking)]
        if here != there
    ]


def test_the_script_marks_the_questions_of_a_course_as_the_program_does():
    assert disagreements("en", questions_of(EXAMPLE), 10) == []


@pytest.mark.deep
@pytest.mark.parametrize("folder", COURSES, ids=lambda path: path.name)
def test_the_script_marks_a_hundred_answers_to_each_question_as_the_program_does(folder):
    questions = questions_of(folder)
    assert disagreements(questions[0].language, questions, 100, seed=2) == []


def made_up(rng):
    """Make up the data of a typed question in a language."""
    words = rng.choice(
        (
            *("blue sky", "vitamin K2", "calcium", "the liver", "hypocalcaemia", "colour", "l'eau", "grep -v", "f(x)"),
            *("Zürich", "Treaty of Versailles", "every six hours", "F sharp", "Curie", "twice a day"),
        )
    )
    kind = rng.choice(("short", "number", "cloze"))
    data = {"id": "q", "type": kind, "rationale": "", "language": rng.choice(("en", "EN_gb", "de", "fr", "es", "ja"))}
    stem = rng.choice(
        (
            "What is it?",
            "Is it high or low?",
            "Which units a day, at least?",
            "How many %?",
            "Type `x`: what?",
            "By how much did it fall?",
        )
    )
    equal = rng.choice(([], [["vitamin K2", "menaquinone"]], [["calcium", "Ca"], ["blue sky", "azure"]]))
    if kind == "number":
        unit, units = rng.choice(
            (
                ("", {}),
                ("g", {}),
                ("°C", {}),
                ("dollars", {}),
                ("%", {}),
                ("µg", {"cup": "20"}),
                ("months", {}),
                ("ng/mL", {}),
                ("IU", {}),
            )
        )
        key = rng.choice(("12", "0.5", "-3", "1000", "2..4", "37.5"))
        data |= {
            "stem": stem,
            "key": key,
            "accept": ["7"],
            "tolerance": rng.choice(("0", "0.5")),
            "unit": unit,
            "units": units,
        }
        return data | {"distractors": [{"text": "9", "feedback": "Nine it is not."}]}
    data |= {"exact": rng.random() < 0.1, "equal": equal, "alike": ["cacium", "live", "blues"]}
    if kind == "cloze":
        return data | {"stem": f"{stem} It is ___ and €___.", "gaps": [[words], ["blue", "azure sky"]]}
    return data | {"stem": stem, "key": words, "accept": ["seven"], "distractors": [{"text": "K1", "feedback": "No."}]}


@pytest.mark.deep
def test_the_script_marks_twenty_thousand_made_up_cases_as_the_program_does():
    rng, cases = random.Random(3), 0
    by_language = {}
    for number in range(400):
        question = build(made_up(rng) | {"id": f"q{number}"})
        by_language.setdefault(question.language, []).append(question)
    for language, questions in by_language.items():
        assert disagreements(language, questions, 50, seed=4) == []
        cases += 50 * len(questions)
    assert cases == 20_000


@pytest.mark.deep
@pytest.mark.parametrize(("name", "form"), [("fold", fold), ("strict", strict), ("unify", unify)])
def test_the_script_knows_the_same_spellings_of_every_character(name, form):
    signs = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cs", "Cn")]
    code = f"rules_js.install(data.rules); return data.signs.map((sign) => text_js.{name}(`a${{sign}}b ${{sign}}`));"
    unknown = run("return data.filter((sign) => /\\p{Cn}/u.test(sign));", signs, ())
    found = run(code, {"rules": rules("en"), "signs": signs})
    differing = {sign for sign, mine in zip(signs, found, strict=True) if form(f"a{sign}b {sign}") != mine}
    cherokee = {sign for sign in signs if unicodedata.name(sign, "").startswith("CHEROKEE")}  # folded to capitals here
    assert differing - set(unknown) - cherokee == set()


def test_every_type_of_question_can_be_marked_by_the_script():
    known = run("return Object.keys(marking_js.MARKERS);", None)
    assert sorted(known) == sorted(QUESTION_TYPES)


@pytest.mark.parametrize("tag", ["EN", "en_US", "enm"])
def test_the_script_takes_the_same_tags_for_english(tag):
    common = {"id": "q", "stem": "s", "rationale": "", "language": tag}
    number = build(common | {"type": "number", "key": "4000"}), "4,000"
    word = build(common | {"type": "short", "key": "telescope"}), "telescpoe"
    markings = marked(tag, [(question, [answer]) for question, answer in (number, word)])
    for (question, answer), (marking,) in zip((number, word), markings, strict=True):
        assert as_here(question, marking) == as_in_the_page(question, sheet_of(question).mark(answer))


def test_the_page_shows_two_things_to_order_in_either_order():
    """A right order that never comes could be ruled out, and of two things the other one is then always right."""
    code = """
        const node = () => ({
          append() {}, setAttribute() {}, addEventListener() {}, querySelectorAll: () => [], querySelector: node,
        });
        globalThis.document = { createElement: node, createDocumentFragment: node };
        const texts = { querySelectorAll: () => [{ textContent: "a" }, { textContent: "b" }] };
        rules_js.install(data.rules);
        return data.draws.map((drawn) => {
          Math.random = () => drawn;
          return forms_js.formOf(data.question, texts).read();
        });
    """
    question = build({"id": "q", "type": "order", "stem": "s", "rationale": "", "order": ["a", "b"]})
    data = {"rules": rules("en"), "question": with_options(question), "draws": [0, 0.9]}
    forms = run(code, data, [*MARKING, "dom.js", "forms.js"])
    assert forms == [{"answer": [0, 1], "typed": "1 2"}, {"answer": [1, 0], "typed": "1 2"}]
