"""Do with packages in Anki what a learner does; runs in an environment of its own, where `anki` is installed.

Arguments: the folder of a collection, and as JSON a list of steps, each the name of a function below and its arguments.
Standard output: the list of what the steps returned.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)


def note(col, item):
    """Give the note of a question."""
    (found,) = col.find_notes(f'"ItemID:{item}"')
    return col.get_note(found)


def take(col, path, scheduling=False):
    """Import a package, with schedule and deck options or without; count the notes by what became of them."""
    options = ImportAnkiPackageOptions(with_scheduling=scheduling, with_deck_configs=scheduling)
    log = col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options)).log
    kinds = ("new", "updated", "duplicate", "conflicting", "missing_notetype", "missing_deck", "empty_first_field")
    return {kind: len(getattr(log, kind)) for kind in kinds if len(getattr(log, kind))}


def check(col):
    """Check the database; tell what was found, and whether it is sound."""
    return list(col.fix_integrity())


def shown(col):
    """Give both sides of the cards by question."""
    sides = {}
    for card in map(col.get_card, col.find_cards("")):
        output = card.render_output()
        sides[card.note()["ItemID"]] = [output.question_text, output.answer_text]
    return sides


def edit(col, item, field, text):
    """Edit a field."""
    found = note(col, item)
    found[field] = text
    col.update_note(found)


def answer(col, item, button):
    """Answer a card, and set it to be due in a week; give its schedule."""
    card = note(col, item).cards()[0]
    card.start_timer()
    col.sched.answerCard(card, button)
    col.sched.set_due_date([card.id], "7")
    return schedule(col, item)


def schedule(col, item):
    """Give the schedule of a card."""
    card = note(col, item).cards()[0]
    return [card.type, card.queue, card.due, card.ivl, card.reps]


def fields(col, item):
    """Give the fields of a note."""
    return dict(note(col, item).items())


def fsrs(col, weights):
    """Turn FSRS on, with these weights."""
    col.set_config("fsrs", True)
    preset = col.decks.config_dict_for_deck_id(1)
    preset["fsrsParams6"] = weights
    col.decks.update_config(preset)


def options(col, item):
    """Turn FSRS on; give weights and wanted recall of the options by which the card of a question is scheduled."""
    col.set_config("fsrs", True)
    preset = col.decks.config_dict_for_deck_id(note(col, item).cards()[0].did)
    return [preset["fsrsParams6"], preset["desiredRetention"]]


def good(col, item):
    """Answer a card with Good; give days and predicted recall before, stability and difficulty before and after."""
    card = note(col, item).cards()[0]
    before, last, recall = card.memory_state, card.last_review_time, col.card_stats_data(card.id).fsrs_retrievability
    card.start_timer()
    col.sched.answerCard(card, 3)
    card = col.get_card(card.id)
    after, days = card.memory_state, (card.last_review_time - last) / 86_400
    return [days, recall, before.stability, before.difficulty, after.stability, after.difficulty]


def memory(col):
    """Give what Anki sees in the log, and what it has on the card: stability and difficulty, by question."""
    states = {}
    for card in map(col.get_card, col.find_cards("is:review")):
        seen, kept = col._backend.compute_memory_state(card.id).state, card.memory_state
        states[card.note()["ItemID"]] = [seen.stability, seen.difficulty, kept.stability, kept.difficulty]
    return states


def add(col, kind, *values):
    """Add a note of one of Anki's own types."""
    new = col.new_note(col.models.by_name(kind))
    new.fields[: len(values)] = values
    col.add_note(new, col.decks.id("Planets::Big"))


def picture(col, name, content):
    """Add a picture."""
    return col.media.write_data(name, content.encode("latin-1"))


def give(col, path, legacy):
    """Export everything with the schedule; give the number of notes."""
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, with_deck_configs=True, legacy=legacy)
    return col.export_anki_package(out_path=path, options=options, limit=None)


def main():
    folder, steps = sys.argv[1:]
    col = Collection(str(Path(folder) / "collection.anki2"))
    results = [globals()[name](col, *arguments) for name, *arguments in json.loads(steps)]
    col.close()
    json.dump(results, sys.stdout)


main()
