"""Words typed for an answer: which wordings count, which slip is near, and what is never right."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_samples import HEAD, NEAR, RIGHT, WRONG, data_of, question_of, replace
from synergy_cli.course import wording
from synergy_cli.course.cache import Cache
from synergy_cli.course.course import Course
from synergy_cli.course.files import Files
from synergy_cli.course.question import Marking, Sheet
from synergy_cli.course.question_format import read_question
from synergy_cli.course.question_types import build
from synergy_cli.course.wording import Comparison, nearly
from synergy_cli.parsing.report import Report
from synergy_cli.parsing.yaml import parse
from synergy_cli.text import slips


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("stem: Which artery?\nkey: Osteoblast\n", "osteoclast"),
        ("stem: Which word?\nkey: nitrate\n", "nitrite"),
        ("stem: Which word?\nkey: fluoride\n", "fluorite"),
        ("stem: Which word?\nkey: increase\n", "inrcease more"),
        ("stem: Which word?\nkey: marker\ndistractors: [maker]\n", "maker"),
        ("stem: Which word?\nkey: marker\ndistractors: [maker]\n", "mraker"),
        ("stem: Which word?\nkey: marker\nexact: true\n", "markerr"),
        ("stem: What follows `git`?\nkey: commit\n", "comit"),
    ],
)
def test_a_slip_does_not_pass_if_it_may_be_another_word_or_code(body, typed):
    data = data_of(f"id: a\ntype: short\n{body}")
    assert Sheet(build(data)).mark(typed).verdict is not RIGHT


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("Treaty of Versailles", "Versailles Treaty"),
        ("the Treaty of Versailles", "the Versailles treaty"),
        ("isoprene units", "units of isoprene"),
        ("Marie Curie", "Curie, Marie"),
        ("left ventricle", "Ventricle, left"),
        ("four", "4"),
        ("4", "four"),
        ("every 6 hours", "every six hours"),
        ("Zürich", "Zuerich"),
        ("four times a day", "4x/day"),
        ("4 times a day", "four times daily"),
        ("twice a day", "2 × per day"),
        ("daily", "once every day"),
        ("every day", "1x a day"),
        ("weekly", "once a week"),
        ("every 6 hours", "every six hrs"),
        ("World War II", "world war two"),
        ("Second World War", "2nd World War"),
        ("VAT", "V.A.T."),
        ("Ångström", "Aangstroem"),
        ("Møller", "moeller"),
    ],
)
def test_the_same_said_in_another_way_is_right(key, typed):
    data = data_of(f'id: a\ntype: short\nstem: Which one?\nkey: "{key}"\n')
    assert Sheet(build(data)).mark(typed).verdict is RIGHT


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("F sharp", "G sharp"),
        ("daily", "four times a day"),
        ("daily", "every other day"),
        ("twice a day", "twice a week"),
        ("vitamin K", "vitamin D"),
        ("four", "5"),
        ("six", "sixty"),
        ("Marie Curie", "Curie, Pierre"),
        ("Treaty of Versailles", "Versailles Palace"),
        ("dog", "god, the"),
    ],
)
def test_what_only_looks_like_it_is_wrong(key, typed):
    data = data_of(f'id: a\ntype: short\nstem: Which one?\nkey: "{key}"\n')
    assert Sheet(build(data)).mark(typed).verdict is WRONG


def test_the_spelling_that_is_shown_is_that_of_the_equal_word():
    data = data_of("id: a\ntype: short\nstem: Which one?\nkey: Marker\n") | {"equal": [["marker", "biomarker"]]}
    assert Sheet(build(data)).mark("biomarkr").remarks == ("Spelling: biomarker",)
    assert Sheet(build(data)).mark("markr").remarks == ("Spelling: Marker",)


def test_another_word_of_the_course_is_no_slip(small):
    bank = small / "questions.yaml"
    asked = "- {id: c1, type: short, stem: What stands in?, key: marker, rationale: r.}\n"
    asked += "- {id: c2, type: short, stem: Who pays?, key: the maker, rationale: r.}\n"
    asked += "- {id: c3, type: short, stem: Which hormone?, key: insulin, rationale: r.}\n"
    bank.write_text(bank.read_text("utf-8").replace("questions:\n", f"questions:\n{asked}", 1), "utf-8")
    page = small / "pages" / "01-sky.md"
    page.write_text(f"{page.read_text('utf-8')}\nChicory has inulin.\n", "utf-8")
    questions = {question.id: question for question in Course(Files(small), Cache(None)).questions}
    verdicts = [Sheet(questions["c1"]).mark(typed).verdict for typed in ("markr", "maker", "makers")]
    assert verdicts == [RIGHT, NEAR, NEAR]
    assert [Sheet(questions["c3"]).mark(typed).verdict for typed in ("insuln", "inulin")] == [RIGHT, NEAR]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        pytest.param("calcum", "calcium", id="a letter missing"),
        pytest.param("callcium", "calcium", id="a letter too many"),
        pytest.param("kalcium", "calcium", id="a letter changed"),
        pytest.param("clacium", "calcium", id="neighbours swapped"),
        pytest.param("livr", "liver", id="four letters"),
        pytest.param("osteoclacn", "osteocalcin", id="two slips in a long word"),
        pytest.param("vitamin k-depedent", "vitamin k-dependent", id="in a phrase"),
        pytest.param("lwo", "low", id="neighbours swapped in three letters"),
        pytest.param("epixode", "epoxide", id="two letters swapped"),
    ],
)
def test_a_slip_of_the_fingers_is_near(typed, right):
    assert nearly(typed, right, Comparison())


@pytest.mark.parametrize(
    ("typed", "right"),
    [("vitamin k 2", "vitamin k2"), ("carboxy lation", "carboxylation"), ("bonemarrow", "bone marrow")],
)
def test_a_space_too_many_or_missing_is_a_slip(typed, right):
    assert nearly(typed, right, Comparison())


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        pytest.param("liver", "liver", id="the answer itself"),
        pytest.param("bne", "bone", id="a short word"),
        pytest.param("calum", "calcium", id="two slips in a word of seven"),
        pytest.param("owl", "low", id="the same three letters, with another first"),
        pytest.param("now", "low", id="another word of three letters"),
        pytest.param("osteclacn", "osteocalcin", id="three slips"),
        pytest.param("heart", "liver", id="another word"),
        pytest.param("vitamin k1", "vitamin k2", id="another digit"),
        pytest.param("vitamin k", "vitamin k2", id="a digit missing"),
        pytest.param("mk-77 chain", "mk-7 chain", id="a digit too many"),
        pytest.param("10 minutes", "1 minutes", id="ten for one"),
        pytest.param("not bone", "bone", id="a negation before it"),
        pytest.param("no calcium", "calcium", id="no before it"),
        pytest.param("it is safe", "it is not safe", id="a negation missing"),
        pytest.param("an effect", "no effect", id="an for no"),
        pytest.param("ever harmful", "never harmful", id="ever for never"),
        pytest.param("one of them", "none of them", id="one for none"),
        pytest.param("calcium now", "calcium not", id="a negation mistyped"),
        pytest.param("hypocalcaemia", "hypercalcaemia", id="hypo for hyper"),
        pytest.param("hypercalcaemia", "hypocalcaemia", id="hyper for hypo"),
        pytest.param("antagonist", "antiagonist", id="anti"),
        pytest.param("uncarboxylated", "carboxylated", id="un"),
        pytest.param("decrease", "increase", id="in for de"),
        pytest.param("inactive", "active", id="in"),
        pytest.param("infertility", "fertility", id="in before another letter"),
        pytest.param("immeasurable", "measurable", id="im"),
        pytest.param("decalcified", "calcified", id="de"),
        pytest.param("atypical", "typical", id="a"),
        pytest.param("the hypotensive ones", "the hypertensive ones", id="within a phrase"),
    ],
)
def test_another_meaning_is_never_near(typed, right):
    assert not nearly(typed, right, Comparison())


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("vitamin k-independent", "vitamin k-dependent"),
        ("mono-saturated", "mono-unsaturated"),
        ("gamma/inactive form", "gamma/active form"),
    ],
)
def test_a_prefix_that_turns_the_meaning_counts_after_a_hyphen_too(typed, right):
    assert not nearly(typed, right, Comparison())


def test_a_known_wrong_answer_is_never_near():
    body = "key: Osteoblast\ndistractors:\n- {text: Osteoclast, feedback: It breaks bone down.}\n"
    sheet = Sheet(question_of("short", body))
    assert sheet.mark("osteoclast.") == Marking(WRONG, ("osteoclast.",), ("It breaks bone down.",))


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("", "", 0),
        ("same", "same", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "axc", 1),
        ("abc", "ac", 1),
        ("abc", "abbc", 1),
        ("abcd", "acbd", 1),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_slips_are_counted(first, second, count):
    assert slips(first, second, 9) == count


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(1, 8))
def test_slips_are_the_same_both_ways_and_never_more_than_asked_for(first, second, most):
    count = slips(first, second, most)
    assert count == slips(second, first, most) == min(slips(first, second, 99), most)
    assert (count == 0) == (first == second)


TABLE = [re.split(r"(?<=\S)\s{3,}", line.strip()) for line in wording.__doc__.split("\n")]
TABLE = [row for row in TABLE if len(row) == 4 and row[0] != "typed"]


@pytest.mark.parametrize(("typed", "keys", "rule", "verdict"), TABLE)
def test_the_table_of_rules_is_true(typed, keys, rule, verdict):
    key, *accept = keys.split("; ")
    data = {"id": "q", "type": "short", "stem": "What is it?", "rationale": "", "key": key, "accept": accept}
    question = build(data)
    comparison = question.comparison
    rules = {
        "same_spelling": comparison.same_spelling,
        "same": comparison.same,
        "same_all": lambda typed, key: bool(accept) and comparison.same_all(typed, [key, *accept]),
        "misspelt": comparison.misspelt,
        "nearly": lambda typed, key: nearly(typed, key, comparison),
        "holds": comparison.holds,
    }
    applying = (name for name, applies in rules.items() if any(applies(typed, one) for one in (key, *accept)))
    assert next(applying, "none") == rule
    assert Sheet(question).mark(typed).verdict.value == verdict


def test_the_table_of_rules_has_each_rule():
    assert len({rule for _, _, rule, _ in TABLE}) == 7


@pytest.mark.parametrize(
    ("key", "typed", "verdict"),
    [
        ("cd ..", "cd ..", RIGHT),
        ("$HOME", "$HOMES", NEAR),
        ("$HOME", "it is `$HOME`", RIGHT),
        ("cd ..", "cd", WRONG),
        ("cd", "cd ..", WRONG),
        ("git add .", "git add .", RIGHT),
        ("git add .", "git add", WRONG),
        (".", ".", RIGHT),
        ("..", ".", WRONG),
        ("a != b", "a != b", RIGHT),
        (":wq!", ":wq!", RIGHT),
        (":wq!", ":wq", WRONG),
        ("quit", "quit!", RIGHT),
        ("2⁵", "2⁵", RIGHT),
        ("2⁵", "2^5", RIGHT),
        ("2⁵", "25", WRONG),
        ("H₂O", "H2O", RIGHT),
        ("-D", "-D", RIGHT),
        ("/dev/null", "dev/null", NEAR),
        ("?", "?", RIGHT),
        ("MK-7", "mk 7", RIGHT),
        ("MK-7", "MK7", RIGHT),
        ("MK-7", "MK-4", WRONG),
        ("bones", "the bone", RIGHT),
        ("not bone", "bone", WRONG),
        ("osteocalcin", "osteocalcin (or MGP)", WRONG),
        ("vitamin K1 (phylloquinone)", "vitamin K1", RIGHT),
        ("print()", "print", WRONG),
        ("K1", "K1, not K2", RIGHT),
        ("K1", "K1 - the one from plants", RIGHT),
        ("K1", "K1 or K2", WRONG),
        ("K1", "not K1", WRONG),
        ("K1", "K1 (not K2)", RIGHT),
        ("K1", "K1 and not K2", RIGHT),
        ("K1", "K1 not", WRONG),
        ("K1", "K1 (not)", WRONG),
        ("effective", "effective (not really)", WRONG),
        ("effective", "effective, not at all", WRONG),
        ("K1", "It was K1.", RIGHT),
        ("isoprene units", "isoprene (C5) units", RIGHT),
        ("25 (OH) D", "25 D", WRONG),
        ("safe", "safe but not effective", WRONG),
        ("osteocalcin", "the hormone osteocalcin", NEAR),
        ("low", "not low", WRONG),
        ("isoprene units", "units of isoprene", RIGHT),
        ("FGF23", "FGF no. 23", RIGHT),
        ("natto", "only natto, of course", RIGHT),
        ("natto", "not cheese but natto", RIGHT),
        ("natto", "not only natto but cheese", WRONG),
        ("cheese", "not cheese but natto", WRONG),
        ("natto", "natto rather than cheese", RIGHT),
        ("cheese", "natto rather than cheese", NEAR),
        ("cheese", "all except cheese", WRONG),
        ("clots", "clots cannot form", WRONG),
        ("clots", "clots that block a vessel", RIGHT),
        ("clots", "clots that never form", WRONG),
        ("clots", "clots do not form", WRONG),
        ("clots", "clots can not form", WRONG),
        ("clots", "clots don't form", WRONG),
        ("every day", "every day at the same time", RIGHT),
        ("every day", "the same every day", NEAR),
        ("K1 or K2", "either K1 or K2", RIGHT),
        ("cheese", "cheese such as Gouda", RIGHT),
        ("clots", "clots, e.g. in a leg", RIGHT),
        ("not finished", "it isn't finished", RIGHT),
        ("finished", "it isn't finished", WRONG),
        ("kidneys", "kidney(s)", RIGHT),
        ("marker", 'a "marker"', RIGHT),
        ("cheese and curd", "cheese & curd", RIGHT),
        ("haemorrhage", "hemorrhage", RIGHT),
        ("carboxylation of the tumour", "carboxylation of the tumor", RIGHT),
        ("mineralised", "mineralized", RIGHT),
        ("colours", "colors", RIGHT),
        ("labelled fibres", "labeled fibers", RIGHT),
    ],
)
def test_a_typed_answer_counts_for_what_it_says(key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key)
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize(
    ("language", "key", "typed", "verdict"),
    [
        ("de", "Hund", "der Hund", RIGHT),
        ("de", "der Hund", "die Hund", WRONG),
        ("de-AT", "Leber", "Das ist die Leber.", RIGHT),
        ("fr", "foie", "le foie", RIGHT),
        ("fr", "eau", "l'eau", RIGHT),
        ("fr", "la table", "le table", NEAR),
        ("fr", "pris", "prise", NEAR),
        ("fr", "l'été", "l'ete", NEAR),
        ("ja", "が", "か", WRONG),
        ("es", "hígado", "el hígado", RIGHT),
        ("fr", "l'été", "« l'été »", RIGHT),
        ("fr", "l'été", "l'été !", RIGHT),
        ("fr", "l'été", "« l'hiver »", WRONG),
        ("de", "Hund", "„der Hund“", RIGHT),
        ("ja", "肝臓", "肝臓。", RIGHT),
        ("ja", "肝臓", "「肝臓」", RIGHT),
        ("ja", "肝臓", "肝臓です。", RIGHT),
        ("ja", "肝臓です", "肝臓", WRONG),
        ("ja", "肝臓", "腎臓です", WRONG),
        ("en", "やま", "yama、やま", NEAR),
    ],
)
def test_words_around_an_answer_are_those_of_the_course_language(language, key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, language=language)
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize(
    ("typed", "verdict"), [("-D", RIGHT), (" -D ", RIGHT), ("-d", WRONG), ("-D.", WRONG), ("d", WRONG)]
)
def test_in_an_exact_answer_every_character_counts(typed, verdict):
    question = question_of("short", "key: -D\nexact: true\ndistractors:\n- {text: -d, feedback: Only merged ones.}\n")
    marking = Sheet(question).mark(typed)
    assert marking.verdict is verdict
    assert marking.remarks == (("Only merged ones.",) if typed == "-d" else ())


SEVERAL = ("surrogate marker", "surrogate endpoint", "proxy")


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("proxy or surrogate marker", RIGHT),
        ("surrogate marker / surrogate endpoint", RIGHT),
        ("proxy/surrogate endpoint/surrogate marker", RIGHT),
        ("surrogate marker, proxy", RIGHT),
        ("proxy - surrogate marker", RIGHT),
        ("proxy, outcome", NEAR),
        ("surrogate marker or endpoint", RIGHT),
        ("proxy or outcome", WRONG),
        ("surrogate marker or outcome", WRONG),
        ("surrogate or endpoint", WRONG),
        ("proxy or", WRONG),
        ("surrogate marker/not marker", WRONG),
    ],
)
def test_several_answers_are_right_if_each_is(typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=SEVERAL[0], accept=SEVERAL[1:])
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize("body", ["exact: true\n", "distractors:\n- {text: cats, feedback: Several.}\n"])
def test_several_answers_are_not_taken_apart_where_leniency_is_off(body):
    sheet = Sheet(question_of("short", f"key: cat\naccept: [dog]\n{body}"))
    assert sheet.mark("cat or dog").verdict is WRONG


@pytest.mark.parametrize(
    ("stem", "key", "typed", "verdict"),
    [
        ("What do the numbers in MK-4 or MK-9 count? Give one or two words.", "isoprene", "isoprene numbers", RIGHT),
        ("What do the numbers in MK-4 or MK-9 count? Give one or two words.", "isoprene", "they count isoprene", RIGHT),
        ("What do the numbers in MK-4 or MK-9 count? Give one or two words.", "isoprene", "two isoprene", NEAR),
        ("Does a high level point to a high or a low status?", "low", "low level", NEAR),
        ("Does it go up or stay?", "up", "up stay", NEAR),
        ("Is it calcium or MK-4?", "MK-4", "calcium MK-4", NEAR),
        ("Is it one or two or calcium?", "two", "two calcium", NEAR),
        ("What reverses heparin?", "protamine", "heparin is reversed by protamine", RIGHT),
        ("Which organ makes it?", "kidney", "organ: kidney", RIGHT),
    ],
)
def test_words_of_the_stem_may_be_added_unless_it_offers_a_choice(stem, key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, stem=stem)
    assert Sheet(question).mark(typed).verdict is verdict


EQUAL = (("vitamin", "vit.", "vit"), ("coumadin", "jantoven", "warfarin"))


@pytest.mark.parametrize(
    ("key", "typed", "verdict"),
    [
        ("warfarin", "Coumadin", RIGHT),
        ("warfarin", "Jantoven (a blood thinner)", RIGHT),
        ("vitamin K1", "vit K1", RIGHT),
        ("vitamin K1", "vit. k 1", RIGHT),
        ("vit K1", "Vitamin K1", RIGHT),
        ("vitamin K1", "vitality K1", WRONG),
        ("warfarin", "coumadine", NEAR),
    ],
)
def test_equal_words_count_as_the_same(key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, equal=EQUAL)
    assert Sheet(question).mark(typed).verdict is verdict


def test_equal_words_come_from_the_course_and_its_glossary(small):
    (small / "glossary.yaml").write_text("blue: {definition: A colour., also: [azure]}\n", "utf-8")
    bank = small / "questions.yaml"
    asked = "- {id: c1, type: short, stem: Which colour?, key: blue sky, rationale: r.}\n"
    asked += "- {id: c2, type: short, stem: What is another word for azure?, key: blue, rationale: r.}\n"
    asked += "- {id: c3, type: short, stem: Which colour of the sky?, key: sky blue, rationale: r.}\n"
    text = bank.read_text("utf-8").replace("questions:\n", f"equivalent: [[sky, heaven]]\nquestions:\n{asked}", 1)
    bank.write_text(text, "utf-8")
    questions = {question.id: question for question in Course(Files(small), Cache(None)).questions}
    assert Sheet(questions["c1"]).mark("azure heaven").verdict is RIGHT
    assert Sheet(questions["c2"]).mark("azure").verdict is WRONG
    assert Sheet(questions["c3"]).mark("heaven blue").verdict is RIGHT


def test_leniency_never_makes_a_wrong_answer_right():
    question = question_of("short", "key: bones\ndistractors:\n- {text: bone, feedback: One.}\n")
    assert [Sheet(question).mark(typed).verdict for typed in ("bones", "bone", "the bone")] == [RIGHT, WRONG, WRONG]


@pytest.mark.parametrize(
    ("key", "typed", "verdict"),
    [
        ("World War II", "World War 2", RIGHT),
        ("World War II", "world war two", RIGHT),
        ("World War II", "World War III", WRONG),
        ("World War II", "World War", WRONG),
        ("Second World War", "the 2nd World War", RIGHT),
        ("Louis XIV", "Louis 14", RIGHT),
        ("Louis XIV", "Louis XVI", WRONG),
        ("20 July 1969", "the 20th of July, 1969", RIGHT),
        ("20 July 1969", "on July 20th 1969", RIGHT),
        ("20 July 1969", "20 Jul 1969", RIGHT),
        ("20 July 1969", "20 June 1969", WRONG),
        ("20 July 1969", "21 July 1969", WRONG),
        ("December", "Dec.", RIGHT),
        ("December", "in December", RIGHT),
        ("March", "mare", WRONG),
        ("four times a day", "4x daily", RIGHT),
        ("four times a day", "4 times per day", RIGHT),
        ("four times a day", "four times a week", WRONG),
        ("every six hours", "every 6 h", RIGHT),
        ("daily", "once a day", RIGHT),
        ("daily", "every single day", RIGHT),
        ("daily", "four times a day", WRONG),
        ("daily", "twice daily", WRONG),
        ("NYC", "N.Y.C.", RIGHT),
        ("q.i.d.", "QID", RIGHT),
        ("a.b", "ab", WRONG),
        ("random access memory", "random access memories", RIGHT),
        ("G major", "G minor", WRONG),
        ("Canberra", "not Sydney, Canberra", RIGHT),
        ("Canberra", "not Canberra, Sydney", WRONG),
        ("halite", "halite aka rock salt", RIGHT),
    ],
)
def test_numbers_dates_frequencies_and_initials_may_be_written_in_several_ways(key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key)
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize(
    ("language", "key", "typed", "verdict"),
    [
        ("de", "Wien", "nicht Wien", WRONG),
        ("de", "Wien", "Wien oder Salzburg", WRONG),
        ("de", "Wien", "Wien, nicht Salzburg", RIGHT),
        ("de", "wirksam", "wirksam, nicht immer", WRONG),
        ("de", "eine Wirkung", "keine Wirkung", WRONG),
        ("de", "Wien", "Das war Wien", RIGHT),
        ("fr", "Paris", "ce n'est pas Paris", WRONG),
        ("fr", "Paris", "Paris ou Lyon", WRONG),
        ("fr", "Paris", "Paris, pas Lyon", RIGHT),
        ("fr", "cœur", "coeur", RIGHT),
        ("fr", "l'or", "de l'or", NEAR),
        ("fr", "petit-déjeuner", "petit dejeuner", NEAR),
        ("es", "Madrid", "no es Madrid", WRONG),
        ("es", "Madrid", "Madrid o Barcelona", WRONG),
        ("es", "Madrid", "Madrid, no Barcelona", RIGHT),
        ("es", "Madrid", "¡Madrid!", RIGHT),
    ],
)
def test_other_languages_have_their_own_words_that_reverse_an_answer(language, key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, language=language)
    assert Sheet(question).mark(typed).verdict is verdict


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("Jupiter and Saturn", WRONG),
        ("Saturn/Jupiter", WRONG),
        ("Jupiter; Saturn", WRONG),
        ("Jupiter and Mars", NEAR),
        ("Jupiter, not Saturn", RIGHT),
    ],
)
def test_a_right_answer_together_with_a_distractor_is_wrong_and_says_why(typed, verdict):
    question = question_of("short", "key: Jupiter\ndistractors:\n- {text: Saturn, feedback: It has rings.}\n")
    marking = Sheet(question).mark(typed)
    assert (marking.verdict, "It has rings." in marking.remarks) == (verdict, verdict is WRONG)


@pytest.mark.parametrize(
    ("stem", "key", "typed", "verdict"),
    [
        ("Which colour comes from both?", "green", "a green colour", RIGHT),
        ("Which organ pumps blood?", "heart", "the heart does", RIGHT),
        ("What does RAM stand for?", "random access memory", "RAM = random access memory", RIGHT),
        ("Which key has one sharp?", "G", "G sharp", NEAR),
    ],
)
def test_words_of_the_stem_are_compared_like_those_of_an_answer(stem, key, typed, verdict):
    question = replace(question_of("short", "key: x\n"), key=key, stem=stem)
    assert Sheet(question).mark(typed).verdict is verdict


WORDLIKE = st.text(st.sampled_from("abcdeKZ 0179.-!?()/'\"é²₂ß,:;$~"), min_size=1, max_size=12)


@given(WORDLIKE, st.lists(WORDLIKE, max_size=3), st.sampled_from(["en", "de", "fr", "es", "ja"]), st.booleans())
def test_a_key_that_check_accepts_is_right_and_a_distractor_never(key, wrong, language, exact):
    listed = "".join(f"- {{text: {json.dumps(text)}, feedback: No.}}\n" for text in wrong)
    body = f"key: {json.dumps(key)}\nexact: {str(exact).lower()}\n" + (f"distractors:\n{listed}" if wrong else "")
    report = Report("bank.yaml")
    data = read_question(parse(HEAD.format("short") + body, report), report)
    if not data:
        return
    sheet = Sheet(build({**data, "language": language}))
    assert sheet.mark(key).verdict is RIGHT
    assert {sheet.mark(text).verdict for text in wrong} <= {WRONG}


@given(WORDLIKE, WORDLIKE, WORDLIKE)
def test_no_answer_is_right_for_a_key_and_for_a_wrong_answer(key, wrong, typed):
    def verdict(right, other):
        body = f"key: {json.dumps(right)}\ndistractors:\n- {{text: {json.dumps(other)}, feedback: No.}}\n"
        report = Report("bank.yaml")
        data = read_question(parse(HEAD.format("short") + body, report), report)
        return Sheet(build(data)).mark(typed).verdict if data else None

    assert [verdict(key, wrong), verdict(wrong, key)] != [RIGHT, RIGHT]
