"""What the web page records and when it asks again: the program reads its log, and reckons the same days."""

from __future__ import annotations

import json
import random
from binascii import crc32

import pytest

from harness import in_process
from marking_oracle import needs_node, run
from records import COURSE, DAY, Clock, answer, event, history_at, journal_at, missed, moved, past
from synergy_cli.course.course import QuestionOutline
from synergy_cli.days import study_day
from synergy_cli.formats.html_data import ALL, rules
from synergy_cli.history.events import Fit, decode, encode
from synergy_cli.history.memory import LEAST, MOST, WEIGHTS, recall
from synergy_cli.history.scheduler import POLICY, Review, card_after
from synergy_cli.study.queue import build_queue, waits
from synergy_cli.study.stuck import stuck, with_siblings

pytestmark = needs_node
SCRIPTS = ALL[: ALL.index("stuck.js") + 1]
START = 1_772_438_400_000
OWN = (*(0.9 * weight + 0.05 for weight in WEIGHTS[:7]), *WEIGHTS[7:20], 0.4)
LOGGED = """
    rules_js.install(data.rules);
    const kept = new Map();
    const storage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
    let now = data.start;
    const open = () => new log_js.Log("small", storage, () => now);
    const log = open();
    const act = (id, verdict, rating, more = {}) => log.append("answer", {
      question: id, revision: 1, mode: "review", typed: "Ünï ☃ \\ud83d\\ude00", given: ["a \\"b\\""], verdict,
      confidence: "sure", hinted: false, tries: 1, seconds: 2, rating, ...more,
    });
"""


def logged(code, **data):
    """Run code with a log of the page, which it finds as `log`."""
    return run(LOGGED + code, {"rules": rules("en", SCRIPTS), "start": START, **data}, SCRIPTS)


def test_the_program_reads_each_line_that_the_page_writes():
    text = logged("""
        const id = act("stars", "wrong", 1);
        log.append("overrule", { question: "stars", revision: 1, event: id, rating: 3 });
        act("colour", "skipped", 1, { typed: "", given: [], seconds: 0.04 });
        return log.text;
    """)
    events = [decode(line.encode()) for line in text.splitlines()]
    assert [type(event.act).__name__ for event in events] == ["Answer", "Overrule", "Answer"]
    assert events[0].act.typed == "Ünï ☃ 😀"
    assert events[0].act.given == ('a "b"',)
    assert [event.at // 1000 for event in events] == [START] * 3
    assert sorted({event.at for event in events}) == [event.at for event in events]
    assert events[1].act.event == events[0].id
    assert events[0].act.policy == POLICY


def test_a_log_is_kept_another_is_taken_in_once_and_what_another_tab_wrote_stays():
    acts = (answer("stars"), answer("stars", mode="practice"))
    theirs = "".join(encode(event(act, number=at, course="small")).decode() for at, act in enumerate(acts))
    found = logged(
        """
        act("colour", "right", 3);
        const again = open();
        const lines = data.theirs.trim().split("\\n");
        const damaged = lines[0].replace("right", "wrong");
        return [
          again.text === log.text,
          again.take(`${data.theirs}${damaged}\\n`),
          again.take(data.theirs),
          [...again.cards().cards.keys()].sort(),
          open().text === again.text,
          (act("stars", "right", 3), log.text.startsWith(again.text)),
        ];
        """,
        theirs=theirs,
    )
    taken = {"taken": 2, "known": 0, "damaged": 1, "other": 0}
    assert found == [True, taken, {**taken, "taken": 0, "known": 2, "damaged": 0}, ["colour/1", "stars/1"], True, True]


def sealed(**spoilt):
    """Give a line whose checksum is right, though a member is not."""
    members = json.loads(encode(event(answer("stars"), course="small")))
    del members["crc"]
    body = json.dumps(members | spoilt, separators=(",", ":"))[:-1]
    return f'{body},"crc":"{crc32(body.encode()):08x}"}}'


def test_a_sealed_line_that_is_no_event_is_not_taken_in():
    spoilt = [
        *({"rating": 9}, {"rating": "3"}, {"revision": None}, {"question": 7}, {"offset": "0"}, {"at": "yesterday"}),
        *({"id": "x"}, {"v": 2}),
    ]
    text = "\n".join([*(sealed(**members) for members in spoilt), "{}", "", "\0", '{"v":1,"crc":"00000000"}'])
    found = logged("return [log.take(data.text), log.text, log.take(data.good).taken];", text=text, good=sealed())
    assert found == [{"taken": 0, "known": 0, "damaged": len(spoilt) + 3, "other": 0}, "", 1]


def test_what_was_overruled_undone_or_set_aside_counts_as_it_does_in_the_program():
    cards, aside = logged("""
        const wrong = act("stars", "wrong", 1);
        log.append("overrule", { question: "stars", revision: 1, event: wrong, rating: 3 });
        log.append("undo", { question: "colour", revision: 1, event: act("colour", "right", 3) });
        log.append("suspend", { question: "colour", revision: 1, suspended: true });
        const { cards, aside } = log.cards();
        return [[...cards], [...aside]];
    """)
    (card,) = [card for key, card in cards if key == "stars/1"]
    assert [key for key, _ in cards] == ["stars/1"]
    assert card["stability"] == pytest.approx(card_after("", 1, [Review(0, 3)]).stability)
    assert aside == ["colour/1"]


def test_days_intervals_and_recall_are_those_of_the_program():
    rng = random.Random(5)
    histories = []
    for _ in range(300):
        day, reviews = 20_000, []
        for _ in range(rng.randrange(1, 9)):
            day += rng.choice((0, 1, 1, 2, 5, 30, 400, -1))
            reviews.append([day, rng.choice((1, 1, 2, 3, 3, 4))])
        histories.append(reviews)
    moments = [[rng.randrange(START, START + 10**10), rng.choice((-36000, 0, 3600, 20700))] for _ in range(100)]
    found, days = run(
        """
        rules_js.install(data.rules);
        const histories = data.histories.map((reviews) => reviews.map(([day, rating]) => ({ day, rating })));
        const cards = histories.map((reviews) => schedule_js.replay(reviews));
        return [
          cards.map((card) => ({ ...card, recall: schedule_js.recall(card, card.last + 17) })),
          data.moments.map(([at, offset]) => schedule_js.studyDay(at, offset)),
        ];
        """,
        {"rules": rules("en", SCRIPTS), "histories": histories, "moments": moments},
        SCRIPTS,
    )
    assert days == [study_day(at * 1000, offset) for at, offset in moments]
    for reviews, card in zip(histories, found, strict=True):
        expected = card_after("", 1, [Review(*review) for review in reviews])
        assert (card["first"], card["last"], card["due"]) == (expected.first, expected.last, expected.due)
        assert card["stability"] == pytest.approx(expected.stability, rel=1e-9)
        assert card["difficulty"] == pytest.approx(expected.difficulty, rel=1e-9)
        assert card["recall"] == pytest.approx(recall(expected.stability, 17, expected.decay), rel=1e-9)


def test_what_is_due_new_or_early_is_the_same_as_in_the_program():
    rng, cases = random.Random(6), []
    for _ in range(60):
        answered = [] if rng.random() < 0.1 else range(rng.choice((10, 30, 40)))
        first = [(f"q{n}", rng.randrange(19_990, 20_001), rng.choice((1, 3, 4))) for n in answered]
        cases.append([[f"q{n}" for n in range(rng.choice((30, 40)))], first])
    code = """
        rules_js.install(data.rules);
        return data.cases.map(([ids, first]) => {
          const cards = new Map(first.map(([id, day, rating]) => [`${id}/1`, schedule_js.replay([{ day, rating }])]));
          const found = schedule_js.queue(ids.map((id) => ({ id, revision: 1 })), cards, 20000);
          const parts = [found.due, found.fresh, found.early].map((asked) => asked.map(({ id }) => id));
          const items = ids.map((id) => ({ id, revision: 1 }));
          return [...parts, schedule_js.waits(items, cards, 20000, items.slice(10))];
        });
    """
    found = run(code, {"rules": rules("en", SCRIPTS), "cases": cases}, SCRIPTS)
    for (ids, first), mine in zip(cases, found, strict=True):
        cards = {(name, 1): card_after(name, 1, [Review(day, rating)]) for name, day, rating in first}
        items = [QuestionOutline(name, 1, "") for name in ids]
        queue = build_queue(items, cards, 20_000)
        parts = [[item.id for item in part] for part in (queue.due, queue.new, queue.early)]
        assert mine == [*parts, waits(items, cards, 20_000, items[10:])]


@pytest.mark.sampled
@pytest.mark.parametrize("seed", range(3, 11))
def test_the_same_log_leads_to_the_same_cards_and_sets_the_same_questions_aside(tmp_path, seed):
    rng = random.Random(seed)
    events = past(400, seed, questions=6)
    days = sorted(rng.sample(range(40), 12))
    events += [event(missed("sticks"), START * 1000 - (40 - day) * DAY) for day in days]
    events += [moved("sticks", START * 1000 - rng.randrange(60) * DAY, suspended=rng.random() < 0.5) for _ in range(2)]
    for weights in (tuple(rng.uniform(*each) for each in zip(LEAST, MOST, strict=True)), (), OWN)[: seed % 4]:
        events.append(event(Fit(weights, 400), START * 1000 - rng.randrange(30) * DAY))
    now = START * 1000 - rng.randrange(5, 20) * DAY
    journal_at(tmp_path).append(list(map(encode, events)))
    history = history_at(tmp_path, clock=Clock(now))
    found = run(
        """
        rules_js.install(data.rules);
        const log = new log_js.Log(data.course, null, () => data.now);
        log.take(data.text);
        const { cards, aside } = log.cards();
        return [[...cards], [...aside]];
        """,
        {
            "rules": rules("en", SCRIPTS),
            "course": COURSE,
            "now": now // 1000,
            "text": b"".join(map(encode, events)).decode(),
        },
        SCRIPTS,
    )
    names = ("first", "last", "due", "streak", "strikes")
    assert {card.decay for card in history.cards(COURSE).values()} == {history.model(COURSE).decay}
    here = {f"{card.question}/{card.revision}": card for card in history.cards(COURSE).values()}
    assert {key: [card[name] for name in names] for key, card in found[0]} == {
        key: [getattr(card, name) for name in names] for key, card in here.items()
    }
    assert set(found[1]) == {f"{name}/{revision}" for name, revision in history.aside(COURSE)}


def test_weights_out_of_bounds_are_not_taken_in():
    fits = [event(Fit(weights, 400), course="small") for weights in (OWN, (), (*OWN[:20], 9.0), OWN[:20])]
    text = b"".join(map(encode, fits)).decode()
    assert logged("return log.take(data.text);", text=text) == {"taken": 2, "known": 0, "damaged": 2, "other": 0}


def stuck_cases(rng):
    """Make up what was chosen of which questions: each a course, its reviews by question, and the chosen ids."""
    for _ in range(200):
        items = [QuestionOutline(f"q{n}", 1, rng.choice(("", "a", "b#c"))) for n in range(12)]
        reviews = {
            item.id: [[19_900 + 10 * n, rng.choice((1, 1, 1, 3))] for n in range(rng.choice((1, 4, 5, 6, 11)))]
            for item in items
            if rng.random() < 0.8
        }
        yield items, reviews, rng.sample(items, rng.randrange(1, 11))


def test_help_comes_first_as_in_the_program():
    cases = list(stuck_cases(random.Random(7)))
    code = """
        rules_js.install(data.rules);
        return data.cases.map(([items, reviews, chosen]) => {
          const replayed = ([day, rating]) => ({ day, rating });
          const cards = new Map(
            Object.entries(reviews).map(([id, each]) => [`${id}/1`, schedule_js.replay(each.map(replayed))]),
          );
          const questions = items.map(([id, passage]) => ({ id, passage, revision: 1 }));
          const asked = chosen.map((id) => questions.find((question) => question.id === id));
          const found = stuck_js.withSiblings(asked, questions, cards, 10);
          const stuck = stuck_js.stuckOf(found, cards, 20000);
          return [found.map(({ id }) => id), [...stuck].map(([id, one]) => [id, one.strikes, one.passage, one.isLast])];
        });
    """
    data = [
        [[[item.id, item.passage] for item in items], reviews, [item.id for item in chosen]]
        for items, reviews, chosen in cases
    ]
    found = run(code, {"rules": rules("en", SCRIPTS), "cases": data}, SCRIPTS)
    helped = 0
    for (items, reviews, chosen), mine in zip(cases, found, strict=True):
        cards = {(name, 1): card_after(name, 1, [Review(*one) for one in each]) for name, each in reviews.items()}
        asked = with_siblings(chosen, items, cards, 10)
        helped += asked != chosen
        sticks = [[name, one.strikes, one.passage, one.is_last] for name, one in stuck(asked, cards, 20_000).items()]
        assert mine == [[item.id for item in asked], sticks]
    assert helped > 20


def test_answers_come_home(small, tmp_path):
    text = logged("""act("stars", "right", 3, { typed: "Stars", given: ["Stars"] }); return log.text;""")
    (tmp_path / "home.jsonl").write_text(text, "utf-8")
    merged = in_process("--course", small, "history", "merge", tmp_path / "home.jsonl")
    assert (merged.status, "0 already known" in " ".join(merged.stdout.split())) == (0, True)
    totals = json.loads(in_process("--course", small, "progress", "--json").stdout)["totals"]
    assert (totals["answers"], totals["right"], totals["new"]) == (1, 1, 1)
