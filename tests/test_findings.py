"""The quality checks of `check`: what they find, where, and above all what they leave alone."""

from __future__ import annotations

import json
from functools import reduce
from itertools import count

import pytest

from harness import in_process
from synergy_cli.authoring.flaws import findings
from synergy_cli.authoring.guessing import guesses
from synergy_cli.course.question_types import build
from synergy_cli.parsing.faults import CODES

NUMBERS = count(1)


def asked(kind, stem, **fields):
    """Return the mapping of a question, as its author writes it."""
    return {"id": f"q{next(NUMBERS)}", "type": kind, "stem": stem, "rationale": "Because.", **fields}


def wrong(*texts):
    return [{"text": text, "feedback": "It is not."} for text in texts]


def choice(stem, key, *others, **fields):
    return asked("choice", stem, key=key, distractors=wrong(*others), **fields)


def multiple(stem, keys, *others):
    return asked("multiple", stem, keys=keys, distractors=wrong(*others))


def short(stem, key, *others, accept=(), **fields):
    return asked("short", stem, key=key, accept=list(accept), distractors=wrong(*others), **fields)


def number(stem, key, unit="", *others, **fields):
    return asked("number", stem, key=key, unit=unit, distractors=wrong(*others), **fields)


def judged(stem, key=True):
    return asked("true-false", stem, key=key)


def looked_over(bank, language="en"):
    return findings([build(data) for data in bank], language)


def codes(bank, language="en"):
    return [finding.code for finding in looked_over(bank, language)]


def spot(bank, finding):
    """Return what the path of a finding leads to in the mapping of its question."""
    data = next(data for data in bank if data["id"] == finding.question)
    return reduce(lambda node, step: node[step], finding.where, data)


PLAIN = ("What holds blood calcium steady?", "Several organs", "The skin", "The lungs", "The ears")
LONG_KEY = "A hormone that the kidney makes out of what the liver has made before, and that the gut obeys"

FLAGGED = {
    "a key much longer than the rest": (
        [choice("What is calcitriol?", LONG_KEY, "A salt", "A bone", "A gene")],
        LONG_KEY,
    ),
    "all keys much longer than the rest": (
        [multiple("What is so?", [LONG_KEY, f"{LONG_KEY} too"], "A salt", "A bone")],
        LONG_KEY,
    ),
    "a word of the stem in the key alone": (
        [choice("Which gland guards blood calcium?", "One that calcium acts on", "One in the brain", "The thymus")],
        "One that calcium acts on",
    ),
    "a plural of the stem in the key alone": (
        [choice("Which tissue holds mineral?", "The minerals' own", "That of fat", "That of skin")],
        "The minerals' own",
    ),
    "most wrong options absolute": (
        [choice("When does it rise?", "After a meal", "It always rises", "At dusk", "It never rises")],
        "It always rises",
    ),
    "every wrong option counts all": (
        [choice("Who has it?", "Some mammals", "All mammals", "Every animal")],
        "All mammals",
    ),
    "which is not": ([choice("Which of these is not a vitamin?", "Salt", "Biotin", "Folate")], "stem"),
    "which is NOT": ([multiple("Which are NOT vitamins?", ["Salt"], "Biotin", "Folate")], "stem"),
    "what does it not do": ([choice("What does vitamin K not do?", "Fly", "Bind", "Help")], "stem"),
    "which does n't": ([choice("Which of these doesn’t need it?", "Salt", "Biotin", "Folate")], "stem"),
    "all except": ([choice("All of these are vitamins EXCEPT:", "Salt", "Biotin", "Folate")], "stem"),
    "which is false": ([choice("Which statement about it is false?", "It flies", "It binds", "It helps")], "stem"),
    "a negated statement": ([judged("True or false: vitamin K does not carry calcium?")], "stem"),
    "a statement with no": ([judged("Is it true that K1 has no part in clotting?", key=False)], "stem"),
    "all of the above": ([choice(*PLAIN[:3], "All of the above")], "All of the above"),
    "none of these as the key": ([choice(PLAIN[0], "None of these", *PLAIN[2:])], "None of these"),
    "all answers are correct": ([choice(*PLAIN[:4], "All answers are correct.")], "All answers are correct."),
    "both a and b": ([choice(*PLAIN[:3], "Both A and B")], "Both A and B"),
    "a and c": ([choice(*PLAIN[:3], "a and c")], "a and c"),
    "options 1 and 3": ([choice(*PLAIN[:3], "Options 1 and 3 only")], "Options 1 and 3 only"),
    "all of the above, and why": (
        [choice(*PLAIN[:3], "All of the above; they act together")],
        "All of the above; they act together",
    ),
    "none of these, because": (
        [choice(*PLAIN[:3], "None of these, because it is steady by itself")],
        "None of these, because it is steady by itself",
    ),
    "none of the above is": (
        [choice(*PLAIN[:3], "None of the above does so in mice")],
        "None of the above does so in mice",
    ),
    "both a and b, for a reason that is told at length": (
        [choice(*PLAIN[:3], f"Both A and B, since {LONG_KEY.lower()}")],
        f"Both A and B, since {LONG_KEY.lower()}",
    ),
    "all the answers, in brackets": ([choice(*PLAIN[:3], "All answers (but late)")], "All answers (but late)"),
    "the key and more": (
        [choice("What steers it?", "The kidney", "The skin", "The kidney and sun")],
        "The kidney and sun",
    ),
    "more and the key": ([choice("When?", "In winter", "In May", "At dusk, in winter")], "At dusk, in winter"),
    "the key with a reason": (
        [choice("What happens?", "It dissolves", "It burns", "It dissolves because of heat")],
        "It dissolves because of heat",
    ),
    "stems that are the same": ([choice(*PLAIN), choice(*PLAIN[:4], "The hair")], "stem"),
    "stems that differ in articles": (
        [short("What reverses heparin?", "protamine"), short("What is that which reverses the heparin?", "Protamine")],
        "stem",
    ),
    "stems one of which says more": (
        [
            short("What reverses heparin? Give one word.", "protamine"),
            short("Which substance reverses heparin?", "protamine"),
        ],
        "stem",
    ),
    "long stems that differ in a word": (
        [
            choice(
                f"A {who} on warfarin buys a new product and asks the clinic about it. What next?",
                *PLAIN[1:],
                passage="p",
            )
            for who in ("man", "woman")
        ],
        "stem",
    ),
    "options that differ in their end": ([choice("When?", "At dusk", "At noon", "It rises", "It rises!")], "It rises!"),
    "options that differ in an article": (
        [choice("How?", "By heat", "The gut absorbs calcium", "The gut absorbs the calcium")],
        "The gut absorbs the calcium",
    ),
    "options that change places": (
        [choice("Who?", "The liver", "Kidney and gut", "Gut and kidney")],
        "Gut and kidney",
    ),
    "a letter in a rationale": (
        [choice(*PLAIN[:4], rationale="Only option B does so.")],
        "Only option B does so.",
    ),
    "a letter in brackets in a hint": ([choice(*PLAIN[:4], hint="Look at answer (c).")], "Look at answer (c)."),
    "a number in a feedback": (
        [asked("choice", "When?", key="At dusk", distractors=[{"text": "At noon", "feedback": "See option 2."}])],
        "See option 2.",
    ),
    "the first of the answers": (
        [choice(*PLAIN[:4], rationale="It is the first answer.")],
        "It is the first answer.",
    ),
    "answers above": (
        [choice(*PLAIN[:4], rationale="None of the above answers does.")],
        "None of the above answers does.",
    ),
    "answers that are named above": ([choice(*PLAIN[:4], hint="Read the options above.")], "Read the options above."),
    "a place in German": ([choice(*PLAIN[:4], rationale="Die zweite Antwort ist es.")], "Die zweite Antwort ist es."),
    "a hint that says the key": ([choice(*PLAIN[:4], hint="It is several organs.")], "It is several organs."),
    "a hint that says a key of several": (
        [{**multiple("Which are salts?", ["Borax", "Alum"], "Biotin"), "hint": "The alum is one."}],
        "The alum is one.",
    ),
    "a hint that says a typed answer": (
        [short("What reverses heparin?", "protamine", hint="Think of Protamine!")],
        "Think of Protamine!",
    ),
    "a hint that says another right answer": (
        [short("What reverses heparin?", "protamine", accept=["salmine"], hint="Or salmine.")],
        "Or salmine.",
    ),
    "a hint that says a number": (
        [number("How many legs has a spider?", "8", hint="It has 8 legs.")],
        "It has 8 legs.",
    ),
    "a hint that says an amount": (
        [number("How long is it at its peak?", "6", "h", hint="More than 5 h, up to 6 h.")],
        "More than 5 h, up to 6 h.",
    ),
    "a hint that says a year": ([number("When did it begin?", "1993", hint="It was in 1993.")], "It was in 1993."),
    "a hint that says what is in a gap": (
        [asked("cloze", "A ___ burns.", gaps=[["candle", "torch"]], hint="A candle does.")],
        "A candle does.",
    ),
    "a wrong option without a reason": (
        [asked("choice", "When?", key="At dusk", distractors=[*wrong("At noon"), {"text": "At dawn", "feedback": ""}])],
        "At dawn",
    ),
    "a key without a reason": ([asked("true-false", "The sky is blue.", key=True, rationale="")], "stem"),
    "two words for one thing": (
        [short("What reverses heparin?", "protamine"), short("What reverses heparin?", "vitamin K")],
        "vitamin K",
    ),
    "two words for one thing in common words": (
        [short("Where does moonlight come from at first?", f"the {star}") for star in ("sun", "moon")],
        "the moon",
    ),
    "two numbers for one thing": (
        [number("How much was the risk lowered?", "16", "%"), number("How much was the risk lowered?", "26", "%")],
        "26",
    ),
    "two truths of one statement": (
        [judged("Vitamin K carries calcium."), judged("Vitamin K carries calcium.", key=False)],
        False,
    ),
    "a wrong answer that another takes": (
        [
            short("What reverses heparin?", "protamine", accept=["salmine"]),
            short("What reverses heparin?", "protamine", "Salmine"),
        ],
        "Salmine",
    ),
    "a right option that another refuses": (
        [
            choice("What reverses heparin?", "Salt", "Protamine", "Tea"),
            choice("What reverses heparin?", "Protamine", "Tea", "Milk"),
        ],
        "Protamine",
    ),
    "an option that a typed answer contradicts": (
        [choice("What reverses heparin?", "Salt", "Protamine", "Tea"), short("What reverses heparin?", "protamine")],
        "protamine",
    ),
    "a number that another asks for": (
        [
            number("By how many per cent was the risk of a hip fracture lower?", "16", "%"),
            choice("A risk of fracture that is 16 % lower is what?", *PLAIN[1:]),
        ],
        "stem",
    ),
    "a number in another name of its unit": (
        [
            number("After how long was MK-7 at its peak in serum?", "6", "h", units={"hours": "1"}),
            choice("In serum the peak came after 6 hours. Which form was it?", *PLAIN[1:]),
        ],
        "stem",
    ),
    "a year that another asks for": (
        [
            number("In which year did the Danish cohort begin?", "1993"),
            choice("Who led the Danish cohort of 1993?", *PLAIN[1:]),
        ],
        "stem",
    ),
}
"""Banks with one flaw, and what the last question has there: a text, or `stem` for its stem."""

EXPECTED = {
    "longest-key": 2,
    "stem-word-in-key": 2,
    "absolute-distractor": 2,
    "negative-stem": 8,
    "catch-all-option": 11,
    "key-in-option": 3,
    "similar-stems": 4,
    "similar-options": 3,
    "position-word": 7,
    "key-in-hint": 8,
    "no-feedback": 1,
    "no-rationale": 1,
    "contradicting-key": 7,
    "answer-in-stem": 3,
}
CODE_OF = dict(zip(FLAGGED, (code for code, times in EXPECTED.items() for _ in range(times)), strict=True))

FAIR = {
    "a place in an order that is fixed": [
        choice(*PLAIN[:4], shuffle=False, place=1, rationale="The first answer is right, option A.")
    ],
    "words that only look like a place": [
        choice(*PLAIN[:4], rationale="The answer I gave is the first answer of the day; answers above 5 are rare.")
    ],
    "a letter that is a name": [
        choice("Which is cheaper, option A or option B?", "The latter", rationale="Option B costs 3.")
    ],
    "a letter in code": [choice(*PLAIN[:4], rationale="It prints `option A`.")],
    "a place of what is not shuffled": [
        {**judged("The first answer counts."), "rationale": "The first answer does."},
    ],
    "a hint with a word of the key": [choice(*PLAIN[:4], hint="There are several.")],
    "a hint that compares the options": [choice(*PLAIN[:4], hint="Is it the skin, or are there several organs?")],
    "a hint that says what the stem says": [short("Is K1 or K2 made by bacteria?", "K2", hint="K2 is the other.")],
    "a hint with a common word that is the key": [choice("Is it so?", "Yes", "No", hint="Yes and no are both words.")],
    "a hint with a number of something else": [number("How many legs has a spider?", "8", hint="Count to 8 and back.")],
    "a hint with a number of the stem": [number("How many of the 300 women came back?", "300", hint="All 300 women.")],
    "a hint to a statement": [{**judged("The sky is blue."), "hint": "It is true by day."}],
    "a hint with a longer word": [short("What falls?", "rain", hint="Think of a train.")],
    "none of these, listed last": [
        asked(
            "choice",
            "What is K1?",
            key="Gla",
            distractors=[*wrong("Biotin"), {**wrong("None of these")[0], "last": True}],
        )
    ],
    "all of the above, in a fixed order": [
        choice("What is K1?", "All of the above", "Biotin", "Gla", shuffle=False, place=3)
    ],
    "a key that is merely the longest": [choice(PLAIN[0], "Several organs at once", "The pancreas", "The lungs")],
    "short options of which one is twice as long": [choice("What is K1?", "Phylloquinone", "Gla", "Heparin")],
    "long options of which one is somewhat longer": [choice("What?", LONG_KEY, LONG_KEY[:70], "A salt", "A bone")],
    "one key of several that is long": [multiple("What is so?", [LONG_KEY, "It binds"], "It flies", "It melts")],
    "a word of the stem in a wrong option too": [
        choice("Which gland guards calcium?", "One that calcium acts on", "One that calcium harms", "The thymus")
    ],
    "wrong options that echo other words of the stem": [
        choice("Which gland guards calcium in blood?", "One that calcium acts on", "The blood itself", "The thymus")
    ],
    "a word of the topic in the key alone": [
        *(choice(f"Vitamin number {n}: {word}?", "Yes", "No", "Perhaps") for n, word in enumerate("abcd")),
        choice("Which vitamin is it?", "The vitamin of greens", "That of eggs", "That of milk"),
    ],
    "one wrong option of several that is absolute": [choice(*PLAIN[:4], "It always does")],
    "an absolute key as well": [choice("When?", "It always rises", "It never rises", "It only falls")],
    "absolute words of the stem": [choice("What is always so?", "It rises", "It always falls", "It is always dark")],
    "quantities": [choice("What prints it?", "LIST", "PRINT ALL", "NONE", "SHOW")],
    "why not": [choice("Why does it not rise?", "It is held", "It is cold", "It is old")],
    "how not": [choice("How can it not rise?", "It is held", "It is cold", "It is old")],
    "a fact that is not so": [choice("It did not differ from placebo. Which reply is fair?", "None", "Half", "Full")],
    "a clause that is not so": [choice("Which drug is for those who do not eat greens?", "Salt", "Biotin", "Folate")],
    "a condition that is not so": [choice("What follows if the enzyme does not work?", "Rest", "Growth", "Death")],
    "people not chosen": [choice("What did it find in adults not selected for it?", "Rest", "Growth", "Death")],
    "women not given any": [choice("What did the women not given D3 show?", "Rest", "Growth", "Death")],
    "women not treated": [choice("What did women not treated show?", "Rest", "Growth", "Death")],
    "the word not": [choice("What is the `not` keyword for?", "Rest", "Growth", "Death")],
    "a saying with not": [choice("What is meant by 'it does not rise'?", "Rest", "Growth", "Death")],
    "and not": [choice("Which are outcomes, and not markers?", "Fractures", "Levels", "Ratios")],
    "not only": [choice("Which is not only a vitamin but a hormone?", "Calcitriol", "Biotin", "Folate")],
    "except within": [choice("What happens everywhere except in the liver?", "Rest", "Growth", "Death")],
    "a typed answer by what it is not": [short("Which mammal does not bear live young?", "platypus")],
    "a statement with a clause that is not so": [judged("Is it true that people who do not eat greens lack K1?")],
    "no more than": [judged("True or false: there is no more than one form of it?")],
    "what is wrong with it": [choice("What is wrong with this reply?", "It is late", "It is old", "It is cold")],
    "both, of two that are named": [choice("Is it K1 or K2?", "K1", "K2", "Both", "Neither")],
    "all of something": [choice("Who rose?", "Half of the women", "All of the women", "None of the men")],
    "all of them as an amount": [choice("In how many was it seen?", "In few", "Half of them", "All of them")],
    "all of something with more words": [
        choice("Who rose?", "Half of the women, in May", "All of the women, in June", "None of the men, as ever")
    ],
    "both, with a reason": [choice("Is it K1 or K2?", "K1", "K2", "Both, at another dose", "Neither, as it is D3")],
    "amounts below a limit": [choice("What is safe?", "Any below 5 mg", "None above 5 mg", "Some below 2 mg; no more")],
    "all combinations": [choice("Who holds it?", "The kidney", "The liver", "The kidney and the liver")],
    "the key with another meaning": [
        choice("Where is it?", "York", "New York", "York Minster", "Brand and York's end")
    ],
    "the key turned round": [choice("Is it so?", "In winter", "In winter, but never at night", "In no winter")],
    "code that begins as the key does": [choice("What lists it?", "`ls`", "`ls -l`", "ls, or ls -l", "ls && cd")],
    "letters that are names": [choice("Which has blood group AB?", "A and B", "A", "B")],
    "numbers that are amounts": [choice("Which are they?", "1 and 2", "2 and 3", "3 and 4")],
    "stems of one pattern": [
        short("What is the capital of France?", "Paris"),
        short("What is the capital of Spain?", "Madrid"),
    ],
    "stems of one pattern with one answer": [
        choice("Which vitamin do the greens on a plate give to clotting?", "Menaquinone", "A", "B"),
        choice("Which vitamin do the greens on a plate give to bones?", "Menaquinone", "A", "B"),
    ],
    "stems of one passage that turn": [
        short("Which hormone of the kidney is made before the gut absorbs calcium of milk?", "calcitriol", passage="p"),
        short("Which hormone of the kidney is made after the gut absorbs calcium of milk?", "calcitriol", passage="p"),
    ],
    "stems of one passage with one answer": [
        short("Which hormone makes kidneys keep calcium?", "calcitriol", passage="p"),
        short("Which hormone makes kidneys keep phosphate?", "calcitriol", passage="p"),
    ],
    "a stem that says much more": [
        short("What reverses heparin?", "protamine"),
        short("Which fish protein reverses heparin, binding acid chains tightly?", "protamine"),
    ],
    "stems that need a picture": [short("What is it?", "iron"), short("What is it?", "gold")],
    "stems that differ in a number": [
        number("What is 3 + 4 in this ring of numbers?", "2"),
        number("What is 3 + 5 in this ring of numbers?", "3"),
    ],
    "stems that turn": [
        short("What turns A into B in the liver of a mouse?", "enzyme"),
        short("What turns B into A in the liver of a mouse?", "hormone"),
    ],
    "stems that ask when and where": [
        short("When was the treaty signed?", "1648"),
        short("Where was the treaty signed?", "Münster"),
    ],
    "statements that differ in a number": [
        judged("Is it true that 4,000 IU a day lowered density in the radius?"),
        judged("Is it true that 10,000 IU a day lowered density in the radius?", key=False),
    ],
    "which of these, with other options": [
        choice("Which of these foods is rich in vitamin K?", "Natto", "Rice", "Salt"),
        choice("Which of these foods is rich in vitamin K?", "Kale", "Bread", "Sugar"),
    ],
    "the largest of these, and of others": [
        choice("Which of these is the largest planet or star?", "Jupiter", "Mars", "Venus"),
        choice("Which of these is the largest planet or star?", "The sun", "Jupiter", "Venus"),
    ],
    "one fact chosen and typed": [
        choice("What reverses heparin?", "Protamine", "Tea", "Milk"),
        short("What reverses heparin?", "protamine"),
    ],
    "this, of two passages": [
        short("Who speaks in this scene of the play?", "Hamlet", passage="play#one"),
        short("Who speaks in this scene of the play?", "Ophelia", passage="play#two"),
    ],
    "two spellings": [short("What reverses heparin?", "protamine"), short("What reverses heparin?", "protamin")],
    "stems that differ in the last sentence": [
        number("How much is 101? Use base 2.", "5"),
        number("How much is 101? Use base 10.", "101"),
    ],
    "stems that differ in a flag": [
        short("What does ls -l print?", "a long list"),
        short("What does ls -L print?", "what links point at"),
    ],
    "stems that differ in a flag that is asked for alike": [
        short("Which option of `ls` prints what `ls -l` prints?", "long list"),
        short("Which option of `ls` prints what `ls -L` prints?", "long list"),
    ],
    "stems that differ in the marks of code": [
        short("What is the value of `a[1:]` in the end?", "the tail"),
        short("What is the value of `a[:1]` in the end?", "the head"),
    ],
    "stems that differ in code without marks": [
        short("Which commit does HEAD^2 name?", "the second parent"),
        short("Which commit does HEAD~2 name?", "the grandparent"),
    ],
    "stems that differ in a block of code": [
        number(f"What does this print?\n\n```\nx = 6\nprint(x {sign} 1)\n```\n", key)
        for sign, key in (("<<", "12"), (">>", "3"))
    ],
    "stems that differ in indented code": [
        short(f"What does this print?\n\n    if a:\n        {word}\n", word) for word in ("b", "B")
    ],
    "a negation in code": [choice("Which clause follows `try` besides `except`?", "finally", "else", "with")],
    "a negation in an instruction": [
        choice("All of these are vitamins. Choose any except one that is a hormone", "Biotin", "D3", "K4")
    ],
    "absolute words in code": [choice("What prints it?", "`list x`", "`print all x`", "`always x`", "`never x`")],
    "words of code in the key alone": [choice("What does `parse_words` call?", "`split words`", "`join`", "`strip`")],
    "options that are opposites": [choice("What does it do?", "It rises", "It falls", "It does not rise")],
    "options that differ in a number": [choice("How much?", "About 7 points", "About 16 points", "About 26 points")],
    "options that differ in a sign": [choice("How much?", "0", "1", "-1")],
    "options of code": [choice("What compares?", "x == 1", "x = 1", "x := 1")],
    "options of which how they are said is asked": [
        choice("Which is good English?", "She has a dog", "She has dog", "She has an dog")
    ],
    "options of which some are said alike": [
        choice("Which is good English?", "I have a dog now", "I have dog now", "I has a dog now")
    ],
    "options in which a comma is asked for": [
        choice("Which is well written?", "Let us eat, mother", "Let us eat mother", "Let, us eat mother")
    ],
    "a typed wrong answer without a reason": [
        asked("short", "When?", key="dusk", distractors=[{"text": "noon", "feedback": ""}])
    ],
    "a number in another unit": [
        number("By how many per cent was the risk of a hip fracture lower?", "16", "%"),
        choice("The risk of fracture was lower in 16 women. Who were they?", *PLAIN[1:]),
    ],
    "a small number without a unit": [
        number("How many women in the hip fracture trial were lost?", "16"),
        choice("In which trial did 16 women break a hip or have a fracture?", *PLAIN[1:]),
    ],
    "a number about something else": [
        number("By how many per cent was the risk of a hip fracture lower?", "16", "%"),
        choice("Which soil holds 16 % water?", *PLAIN[1:]),
    ],
    "a number in which one word is shared": [
        number("By how many per cent was the risk of a hip fracture lower?", "16", "%"),
        choice("Which risk is 16 % in adults?", *PLAIN[1:]),
    ],
    "a number of its own": [number("Of 300 women in the hip trial, how many came back?", "300")],
    "a number that is to be worked out": [
        number("A train travels for 3 hours at 100 km an hour. How far does the train travel?", "300", "km"),
        number("A train travels 300 km in 2 hours. How far does the train travel in an hour?", "150", "km"),
    ],
}
"""Banks that an author may keep as they are."""


AGREEING = {
    "one number in two units": [
        number("What is the upper level a day? Give it in mg.", "0.1", "mg", units={"µg": "0.001"}),
        number("What is the upper level a day? Give it in µg.", "100", "µg", "0.1", units={"mg": "1000"}),
    ],
    "numbers within each other's tolerance": [
        number("How long is the half-life in blood?", "15", "d", tolerance="1"),
        number("How long is the half-life in blood?", "16", "d", tolerance="1"),
    ],
}
"""Banks that ask the same twice, and accept the same answers."""


@pytest.mark.parametrize("case", FLAGGED)
def test_a_flaw_is_reported_at_its_position(case):
    bank, at = FLAGGED[case]
    (finding,) = looked_over(bank)
    assert finding.code == CODE_OF[case]
    assert finding.question == bank[-1]["id"]
    assert spot(bank, finding) == (bank[-1]["stem"] if at == "stem" else at)


@pytest.mark.parametrize("case", FLAGGED)
def test_a_message_is_one_line_and_says_what_to_do(case):
    (finding,) = looked_over(FLAGGED[case][0])
    assert "\n" not in finding.message
    assert len(finding.message) <= 180
    assert "; " in finding.message


@pytest.mark.parametrize("case", FAIR)
def test_a_fair_question_is_left_alone(case):
    assert looked_over(FAIR[case]) == []


@pytest.mark.parametrize("bank", AGREEING.values(), ids=AGREEING)
def test_answers_that_agree_are_not_a_contradiction(bank):
    assert codes(bank) == ["similar-stems"]


def test_each_code_of_the_family_has_a_case():
    family = {code for code, sort in CODES.items() if sort.family == "quality"}
    of_one_question_as_it_is_read = "key-first"
    assert {*EXPECTED, "guessable-bank", of_one_question_as_it_is_read} == family


def test_all_flaws_of_a_question_are_reported():
    bank = [choice("Which of these is not a salt?", LONG_KEY, "All of the above", "Borax")]
    assert set(codes(bank)) == {"negative-stem", "longest-key", "catch-all-option"}


def test_findings_come_question_by_question_and_name_the_other():
    one, two, three = (choice(*PLAIN), short("Who?", "Hamlet"), choice(*PLAIN))
    found = looked_over([one, two, three])
    assert [finding.question for finding in found] == [three["id"]]
    assert one["id"] in found[0].message


# other languages


WITHOUT_WORDS = {
    "longest-key": "a key much longer than the rest",
    "similar-stems": "stems that are the same",
    "no-feedback": "a wrong option without a reason",
    "no-rationale": "a key without a reason",
    "contradicting-key": "two words for one thing",
    "similar-options": "options that differ in their end",
    "position-word": "a letter in a rationale",
    "key-in-hint": "a hint that says a typed answer",
}


@pytest.mark.parametrize("case", FLAGGED)
def test_other_languages_get_only_checks_without_word_lists(case):
    assert set(codes(FLAGGED[case][0], "de-AT")) <= set(WITHOUT_WORDS)


@pytest.mark.parametrize("code", WITHOUT_WORDS)
@pytest.mark.parametrize("language", ["de", "de-AT", "fr", ""])
def test_checks_without_word_lists_run_in_every_language(code, language):
    assert codes(FLAGGED[WITHOUT_WORDS[code]][0], language) == [code]


@pytest.mark.parametrize("language", ["en", "en-GB", "EN", "en_US"])
def test_every_english_is_english(language):
    assert codes(FLAGGED["which is not"][0], language) == ["negative-stem"]


# the bank as a whole

NAMES = "lake hill moor fell beck dale crag tarn glen loch ford weir mere holm scar pike knoll ridge cairn ghyll"
WORDS = NAMES.split()


def themed(stem, key, *others):
    """Return twenty questions on different topics, made from one pattern."""
    return [choice(*(part.format(word) for part in (stem, key, *others))) for word in WORDS]


BANKS = {
    "the longest option": themed("Where is the {}?", "North of the old {}", "By {}", "On {}", "At {}"),
    "the shortest option": themed("Where is the {}?", "{}", "At old {}", "On old {}", "By old {}"),
    "the most hedged option": themed("Where is it?", "{} may be", "{} or I", "{} in it", "{} is it"),
    "the least hedged option": themed("Where is it?", "{} is it", "{} may be", "{} can be", "{} may do"),
}


@pytest.mark.parametrize("rule", BANKS)
def test_a_bank_that_a_rule_can_guess_is_reported(rule):
    found = [finding for finding in looked_over(BANKS[rule]) if finding.code == "guessable-bank"]
    assert {(finding.question, finding.where) for finding in found} == {("", ())}
    told = [finding.message for finding in found if finding.message.startswith(rule)]
    assert len(told) == 1
    assert "right in 100% of 20 questions, against 25% by chance" in told[0]


def test_words_of_the_stem_in_every_key_are_reported():
    bank = [
        choice(f"What lies by the {word} of the {next_word}?", f"{word} stone", f"{next_word} {word} sand", "Moss")
        for word, next_word in zip(WORDS, WORDS[1:] + WORDS[:1], strict=True)
    ]
    told = [finding.message for finding in looked_over(bank) if finding.code == "guessable-bank"]
    assert [
        message for message in told if "most words of the stem is right in 0%" in message and "ruled out" in message
    ]


def test_a_small_bank_is_not_reported():
    assert "guessable-bank" not in codes(BANKS["the longest option"][:19])


def test_a_score_that_luck_can_explain_is_not_reported():
    """The key is the longest in nine of twenty: 45%, which happens by chance in one bank of thirty."""
    fair = themed("Where is the {}?", "At {}", "On old {}", "By {}", "In {}")
    bank = BANKS["the longest option"][:9] + fair[9:]
    (longest, *_) = guesses([build(data) for data in bank], "en")
    assert longest.score == pytest.approx(0.45)
    assert "guessable-bank" not in codes(bank)


def test_tied_options_share_the_score_evenly():
    bank = [build(choice("When?", "Noon", "Dusk", "Dawn", "At ten"))]
    longest, shortest, *_ = guesses(bank, "en")
    assert (longest.score, shortest.score) == (0, pytest.approx(1 / 3))
    assert longest.chance == shortest.chance == 0.25


def test_questions_with_several_keys_are_not_scored():
    assert all(guess.items == 0 for guess in guesses([build(multiple("What?", ["One", "Two"], "Three"))], "en"))


# hostile banks


@pytest.mark.sampled
@pytest.mark.parametrize(
    "stems",
    [
        ["What colour has the clear sky by day?"] * 2000,
        [f"What colour has the clear sky by day {n}?" for n in range(2000)],
        ["vitamin " * 2400] * 50,
        [f"{'a' * 10_000}{n} is not {'B' * 9000}?" for n in range(50)],
        ["'" * 19_000, "' " * 9000, ". " * 9000, "which is not, " * 1400, "except " * 2800, "aB" * 9000, "1.1," * 4900]
        * 9,
        ["100 mg " * 2800] * 50,
        ["`" * 19_000, "` `` " * 3800, "```\n" * 4700, "    a\n" * 3000, "option " * 2700, "all of the, " * 1600] * 9,
    ],
    ids=["one stem", "nearly one stem", "one word", "long words", "signs", "numbers", "code"],
)
def test_a_hostile_bank_is_read_in_linear_time(stems):
    """If all were compared with all, or a pattern backtracked, this would take hours and time out."""
    bank = [
        choice(stem, "Blue " * 20, "Green", stem, hint=stem, rationale=stem)
        if n % 2
        else number(stem, "100", "mg", hint=stem)
        for n, stem in enumerate(stems)
    ]
    found = looked_over(bank)
    assert len(found) <= 6 * len(bank)


def test_the_small_course_has_no_poor_question(small):
    assert json.loads(in_process("check", small, "--json").stdout)["faults"] == []
