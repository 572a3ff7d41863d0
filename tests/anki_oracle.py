"""Ask Anki what memory it sees in histories; runs in an environment of its own, where `anki` is installed.

Standard input: {"weights": [...], "histories": [[[milliseconds since 1970, rating], ...], ...]}.
Standard output: [[stability, difficulty], ...].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from anki.collection import Collection

LEARNED, REVIEWED = 0, 1


def write(col, card, history):
    """Put a history into Anki's own log of reviews."""
    for number, (moment, rating) in enumerate(history):
        kind = REVIEWED if number else LEARNED
        row = (moment, card, -1, rating, 1, 1, 2500, 3000, kind)
        col.db.execute("insert into revlog values (?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)


def main():
    asked = json.load(sys.stdin)
    with TemporaryDirectory() as folder:
        col = Collection(str(Path(folder) / "collection.anki2"))
        col.set_config("fsrs", True)
        preset = col.decks.config_dict_for_deck_id(1)
        preset["fsrsParams6"] = asked["weights"]
        col.decks.update_config(preset)
        found = []
        for number, history in enumerate(asked["histories"]):
            note = col.new_note(col.models.by_name("Basic"))
            note["Front"], note["Back"] = str(number), "x"
            col.add_note(note, 1)
            (card,) = note.card_ids()
            write(col, card, history)
            state = col._backend.compute_memory_state(card).state
            found.append([state.stability, state.difficulty])
        col.close()
    json.dump(found, sys.stdout)


main()
