"""The reader: pages on a full screen, with the keys to move, search, follow links and go on.

What it says is in the course's language, but for the names of keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rich.text import Text

from synergy_cli.records import NamedTuple
from synergy_cli.text import slug
from synergy_cli.ui.elements import fitted
from synergy_cli.ui.layout import cells, flow, styled
from synergy_cli.ui.leaf import BEGINNING, Leaf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Paint = Callable[[Sequence[Text]], list[str]]
    from synergy_cli.ui.fullscreen import FullScreen
    from synergy_cli.ui.leaf import Match, Spot, Target
    from synergy_cli.ui.theme import Look


TEXT = "text:"
"""The place of a text that is no place of a course, such as a list."""


class Library(Protocol):
    """What the reader shows."""

    def open(self, place: str, look: Look) -> Leaf | None:
        """Return the text at a place, such as `page:d3#how`, `term:MGP` or `source:bikle2014`; None if it has none."""

    def neighbour(self, place: str, step: int) -> str:
        """Return the place of the next (1) or previous (-1) section; empty at the ends of the course."""

    def position(self, place: str) -> str:
        """Return in a word or two where in the course a place is, such as `3 of 12`."""

    def asked(self, place: str) -> bool:
        """Whether there are questions about it."""

    def leads_on(self, place: str) -> bool:
        """Whether going on at its end leaves the reader, as `a` does."""

    def spot(self, place: str) -> Spot | None:
        """Return where reading of a place stopped; None for its beginning."""

    def keep(self, visit: Visit) -> None:
        """Take note of how far a place was read."""


class OneText:
    """A library of one text, which nothing precedes or follows."""

    def __init__(self, leaf: Callable[[Look], Leaf]) -> None:
        """Show what `leaf` lays out, whatever the place."""
        self._leaf = leaf

    def open(self, place: str, look: Look) -> Leaf | None:
        """Lay the text out."""
        del place
        return self._leaf(look)

    def neighbour(self, place: str, step: int) -> str:
        """Return that nothing follows."""
        del place, step
        return ""

    def position(self, place: str) -> str:
        """Return that it is nowhere in the course."""
        del place
        return ""

    def asked(self, place: str) -> bool:
        """Whether there are questions about it: there are none."""
        del place
        return False

    def leads_on(self, place: str) -> bool:
        """Whether going on at its end leaves the reader: it does not."""
        del place
        return False

    def spot(self, place: str) -> Spot | None:
        """Return that it is read from its beginning."""
        del place
        return None

    def keep(self, visit: Visit) -> None:
        """Take no note of it."""


class Key(NamedTuple):
    """A key: the names of the keys that do the same, what they do in a word or two, and the method that does it."""

    names: tuple[str, ...]
    does: str
    act: str


KEYS = (
    Key(("space", "f", "page-down"), "next screen", "forward"),
    Key(("b", "page-up"), "previous screen", "back"),
    Key(("d", "ctrl-d"), "half a screen down", "half_forward"),
    Key(("u", "ctrl-u"), "half a screen up", "half_back"),
    Key(("down", "j", "enter"), "one line down, or follow the chosen link", "down"),
    Key(("up", "k"), "one line up", "up"),
    Key(("g", "<", "home"), "beginning", "top"),
    Key(("G", ">", "end"), "end", "bottom"),
    Key(("]",), "next heading", "next_heading"),
    Key(("[",), "previous heading", "previous_heading"),
    Key(("o",), "outline, to jump to a heading", "outline"),
    Key(("/",), "search", "search"),
    Key(("n",), "next match", "next_match"),
    Key(("N",), "previous match", "previous_match"),
    Key(("tab",), "choose the next link or source", "next_link"),
    Key(("back-tab",), "choose the previous one", "previous_link"),
    Key(("backspace",), "return from a link", "go_back"),
    Key(("right",), "next section", "next_section"),
    Key(("left",), "previous section", "previous_section"),
    Key(("a",), "answer this section's questions", "answer"),
    Key(("ctrl-l",), "redraw the screen", "redraw"),
    Key(("?", "h"), "all keys", "help"),
    Key(("q",), "leave", "leave"),
)
"""All keys of the reader: this table is both the help and what is done."""
SHOWN = {"back-tab": "Shift-Tab", "page-up": "PgUp", "page-down": "PgDn"}
"""The names of keys as people know them; others are shown with a capital, characters as they are."""
_ACTS = {name: key.act for key in KEYS for name in key.names}
_CONTEXT = 2
"""Lines of a screen that stay when it is turned, and that are shown above what was jumped to."""


class Visit(NamedTuple):
    """How far a place was read.

    Attributes:
        spot: what the top of the screen showed last.
        share: how much of the text was on the screen until now, in per cent.
    """

    place: str
    spot: Spot
    share: int


class Result(NamedTuple):
    """How the reader was left: what was shown last, where in it, and whether its questions are to be asked."""

    place: str
    spot: Spot
    wants_questions: bool


class Reader:
    """Shows places of a library, one at a time."""

    def __init__(self, library: Library, screen: FullScreen, look: Callable[[], Look], paint: Paint) -> None:
        """Show on a screen; `look` says what it supports at this moment, and `paint` turns lines into what it takes."""
        self._library = library
        self._screen = screen
        self._look = look
        self._paint = paint
        self._leaf: Leaf
        self._place = ""
        self._top = 0
        self._trail: list[tuple[str, Spot, Target]] = []
        self._chosen: Target | None = None
        self._wanted = ""
        self._matches: list[Match] = []
        self._match = 0
        self._anchor: Spot | None = None
        self._note = ""
        self._share = 0
        self._ended: set[str] = set()
        self._leaving = False
        self._answering = False

    def run(self, place: str, spot: Spot | None = None) -> Result:
        """Show a place, at a spot of it if given, until the reader is left.

        Raises:
            EOFError: the terminal is closed.
            KeyboardInterrupt: Ctrl-C.
            LookupError: there is no such place.
        """
        if not self._go(place, spot):
            raise LookupError(place)
        self._draw()
        try:
            while not self._leaving:
                self._press(self._screen.key(self._keep))
                if not self._leaving:
                    self._draw()
        finally:
            self._keep()
        return Result(self._place, self._leaf.spot(self._top), self._answering)

    def _press(self, key: str) -> None:
        self._note = ""
        if not key:
            self._lay_out_again()
        elif key in _ACTS:
            getattr(self, _ACTS[key])()
        else:
            shown = _shown(key)
            useless = self.say("{key} does nothing here.", key=shown) if shown else self.say("That does nothing here.")
            self._note = f"{useless} {self._hint('?', self.say('all keys'))}"

    def _keep(self) -> None:
        """Tell the library how far the place was read, and which places were read to their end as parts of another."""
        for place in sorted(self._ended):
            self._library.keep(Visit(place, BEGINNING, 100))
        self._library.keep(Visit(self._place, self._leaf.spot(self._top), self._share))

    def say(self, text: str, **values: object) -> str:
        """Return a text in the course's language, as `languages.say` does."""
        return self._look().say(text, **values)

    def _hint(self, key: str, does: str) -> str:
        return f"{key}{self.say(': ')}{does}"

    # what the keys do

    def forward(self) -> None:
        """Turn to the next screen; at the end, go on where that is possible."""
        if self._top >= self._last and self._library.leads_on(self._place):
            self._answering = self._leaving = True
        self._move(self._top + max(1, self._rows - _CONTEXT))

    def back(self) -> None:
        """Turn to the previous screen."""
        self._move(self._top - max(1, self._rows - _CONTEXT))

    def half_forward(self) -> None:
        """Move half a screen down."""
        self._move(self._top + max(1, self._rows // 2))

    def half_back(self) -> None:
        """Move half a screen up."""
        self._move(self._top - max(1, self._rows // 2))

    def down(self) -> None:
        """Follow the chosen link, or move one line down."""
        if self._chosen is not None:
            self._follow(self._chosen)
        else:
            self._move(self._top + 1)

    def up(self) -> None:
        """Move one line up."""
        self._move(self._top - 1)

    def top(self) -> None:
        """Move to the beginning."""
        self._move(0)

    def bottom(self) -> None:
        """Move to the end."""
        self._move(self._last)

    def next_heading(self) -> None:
        """Move to the next heading."""
        below = [line for line, _ in self._leaf.outline if line > self._top]
        self._move(below[0] if below else self._last)

    def previous_heading(self) -> None:
        """Move to the heading above, or to the beginning."""
        above = [line for line, _ in self._leaf.outline if line < self._top]
        self._move(above[-1] if above else 0)

    def outline(self) -> None:
        """List the headings, and jump to the one that is chosen."""
        headings = self._leaf.outline
        if not headings:
            self._note = self.say("This has no headings.")
            return
        above = sum(line <= self._top for line, _ in headings) - 1
        chosen = self._choose([title for _, title in headings], max(0, above))
        if chosen is not None:
            self._move(headings[chosen][0])

    def search(self) -> None:
        """Ask for words, and move to their first match from here on."""
        wanted = self._ask("/")
        if wanted:
            self._wanted = wanted
            self._matches = self._leaf.matches(wanted)
            self._to_match(sum(match.line < self._top for match in self._matches))

    def next_match(self) -> None:
        """Move to the next match, from the last to the first."""
        self._to_match(self._match_here(0) + 1)

    def previous_match(self) -> None:
        """Move to the previous match, from the first to the last."""
        self._to_match(self._match_here(1) - 1)

    def next_link(self) -> None:
        """Choose the next link, from what is on the screen on."""
        self._choose_link(1)

    def previous_link(self) -> None:
        """Choose the previous link."""
        self._choose_link(-1)

    def go_back(self) -> None:
        """Return to where the last link was followed."""
        if self._trail:
            place, spot, target = self._trail.pop()
            self._go(place, spot)
            self._chosen = target if target in self._leaf.targets else None
        else:
            self._note = self.say("No link was followed.")

    def next_section(self) -> None:
        """Show the next section."""
        self._turn(1)

    def previous_section(self) -> None:
        """Show the previous section."""
        self._turn(-1)

    def answer(self) -> None:
        """Leave for the questions."""
        if self._library.asked(self._place):
            self._answering = self._leaving = True
        else:
            self._note = self.say("There are no questions to answer here.")

    def help(self) -> None:
        """List all keys."""
        self._browse(self._keys)

    def _keys(self) -> list[Text]:
        """Return the keys that do something here, with what they do, for the window as it is."""
        look = self._look()
        room = min(max(cells(_names(key)) for key in KEYS) + 2, look.width // 2)
        lines: list[Text] = []
        for key in KEYS:
            if key.act in self._missing:
                continue
            names, does = _names(key), Text(look.say(key.does))
            if cells(names) < room:
                lines += flow(does, look.width, names.ljust(room))
            else:
                lines += [*flow(Text(names), look.width), *flow(does, look.width, "  ")]
        return Leaf("", lines, look).lines

    @property
    def _missing(self) -> set[str]:
        """What no key does here: a list or a source has no questions, and none comes before or after it."""
        place, library = self._place, self._library
        missing = set() if library.asked(place) else {"answer"}
        if not library.neighbour(place, 1) and not library.neighbour(place, -1):
            missing |= {"next_section", "previous_section"}
        return missing

    def redraw(self) -> None:
        """Do nothing: after each key, the screen is drawn."""

    def leave(self) -> None:
        """Leave the reader."""
        self._leaving = True

    # moving

    @property
    def _rows(self) -> int:
        """The number of rows for text, above the line that says where one is."""
        return max(1, self._screen.size[1] - 1)

    @property
    def _last(self) -> int:
        """The line on top when the end is on the screen."""
        return max(0, len(self._leaf.lines) - self._rows)

    def _is_shown(self, line: int) -> bool:
        return self._top <= line < self._top + self._rows

    def _match_here(self, beside: int) -> int:
        """Return the number of the match that was moved to last, or, if it is not shown, of one beside the top."""
        if self._match < len(self._matches) and self._is_shown(self._matches[self._match].line):
            return self._match
        return sum(match.line < self._top for match in self._matches) - 1 + beside

    def _move(self, line: int) -> None:
        self._top = max(0, min(line, self._last))
        self._chosen = self._anchor = None

    def _go(self, place: str, spot: Spot | None = None) -> bool:
        """Show a place; return whether there is one."""
        whole, _, heading = place.partition("#") if place.startswith("page:") else (place, "", "")
        leaf = self._library.open(place, self._look())
        if leaf is None:
            return False
        if whole != self._place:
            if self._place:
                self._keep()
            self._share = 0
        if spot is None and not heading:
            spot = self._library.spot(whole)
            stopped = f"{self.say('You stopped here.')} {self._hint('g', self.say('beginning'))}"
            self._note = stopped if spot is not None else ""
        self._leaf, self._place = leaf, whole
        self._matches = leaf.matches(self._wanted)
        self._move(leaf.line_of(spot) if spot is not None else self._heading_line(heading))
        return True

    def _heading_line(self, heading: str) -> int:
        """Return the line of a heading, given by its text as ids are made from it."""
        return next((line for line, title in self._leaf.headings if heading and slug(title) == heading), 0)

    def _turn(self, step: int) -> None:
        place = self._library.neighbour(self._place, step)
        if place:
            self._trail.clear()
            self._go(place)
        elif self._library.position(self._place):
            last, first = self.say("This is the last section."), self.say("This is the first section.")
            self._note = last if step > 0 else first
        else:
            none_after, none_before = (
                self.say("There is no next section here."),
                self.say("There is no previous section here."),
            )
            self._note = none_after if step > 0 else none_before

    def _follow(self, target: Target) -> None:
        before = (self._place, self._leaf.spot(self._top), target)
        if self._go(target.place):
            self._trail.append(before)
        else:
            self._note = self.say("This cannot be followed.")

    def _choose_link(self, step: int) -> None:
        """Choose a link after or before the chosen one, or the first or last on the screen, and show it."""
        targets = self._leaf.targets
        if not targets:
            self._note = self.say("There is no link here.")
            return
        bottom = self._top + self._rows
        if self._chosen in targets:
            place = (targets.index(self._chosen) + step) % len(targets)
        elif step > 0:
            place = next((place for place, target in enumerate(targets) if target.line >= self._top), 0)
        else:
            place = sum(target.line < bottom for target in targets) - 1
        chosen = targets[place]
        if not self._is_shown(chosen.line):
            self._move(chosen.line - _CONTEXT)
        self._chosen = chosen

    def _to_match(self, number: int) -> None:
        """Move to a match; before the first comes the last, and after the last the first."""
        if not self._matches:
            none = self.say("Nothing matches {words}.", words=self._wanted)
            self._note = none if self._wanted else self.say("Search first: /")
            return
        self._match = number % len(self._matches)
        line = self._matches[self._match].line
        if not self._is_shown(line):
            self._move(line - _CONTEXT)
        place = {"number": self._match + 1, "total": len(self._matches)}
        self._note = self.say("{number} of {total} for {words}", **place, words=self._wanted)

    def _lay_out_again(self) -> None:
        """Lay the text out for a new width; the same word stays on top, however often the width changes."""
        anchor = self._anchor or self._leaf.spot(self._top)
        self._go(self._place, anchor)
        self._anchor = anchor

    # drawing

    def _draw(self) -> None:
        self._share = max(self._share, self._share_above_the_bottom)
        self._ended |= {place for line, place in self._leaf.ends.items() if self._is_shown(line)}
        self._show([self._marked(line, self._top + number) for number, line in enumerate(self._shown_lines)])

    @property
    def _share_above_the_bottom(self) -> int:
        """How much of the text is on the screen or above it, in per cent; what follows the text does not count."""
        return 100 * min(self._top + self._rows, self._leaf.end) // max(1, self._leaf.end)

    @property
    def _shown_lines(self) -> Sequence[Text]:
        return self._leaf.lines[self._top : self._top + self._rows]

    def _show(self, lines: Sequence[Text], last: str | None = None, style: str = "status") -> None:
        """Draw lines, and below them the last row, by default where one is and the keys; what is too long is cut."""
        text = self._status() if last is None else fitted(last, self._screen.size[0] - 1, self._look())
        rest = [Text()] * (self._rows - len(lines))
        rows = [*lines, *rest, styled(text, style)]
        self._screen.draw(self._paint(rows[-self._screen.size[1] :]))  # a window of one row has room for the last

    def _marked(self, line: Text, number: int) -> Text:
        """Return a line with its matches and the chosen link marked."""
        parts = [(start, end) for match in self._matches for row, start, end in match.parts if row == number]
        chosen = self._chosen
        if not parts and (chosen is None or chosen.line != number):
            return line
        marked = line.copy()
        for start, end in parts:
            marked.stylize("match", start, end)
        if chosen is not None and chosen.line == number:
            marked.stylize("chosen", chosen.start, chosen.end)
        return marked

    def _status(self) -> str:
        """Return the last line: where one is, or a note, and as many keys as fit."""
        columns = self._screen.size[0]
        if self._note:
            return fitted(self._note, columns - 1, self._look())
        end = self._top >= self._last
        share = self.say("end") if end else f"{self._share_above_the_bottom}%"
        facts = [self._leaf.title, self._library.position(self._place), share]
        look = self._look()
        text = f" {look.glyphs.separator} ".join(fact for fact in facts if fact)
        keys = _fitting([f"{_shown(key)} {does}" for key, does in self._useful(end=end)], columns - 1)
        room = columns - 1 - sum(cells(key) + 2 for key in keys)
        if cells(text) > room:
            text = (
                f"{fitted(self._leaf.title, room - cells(share) - 1, look)} {share}"
                if room > cells(share) + 4
                else share
            )
        return "  ".join([*([text + " " * (room - cells(text))] if room >= cells(text) else []), *keys])

    def _useful(self, *, end: bool) -> list[tuple[str, str]]:
        """Return the three keys that matter now."""
        keys, leave = ("?", self.say("keys")), ("q", self.say("leave"))
        if self._chosen is not None:
            return [("enter", self.say("follow")), ("tab", self.say("next")), keys]
        if self._trail:
            return [("backspace", self.say("return")), leave, keys]
        if end and self._library.leads_on(self._place):
            return [("space", self.say("continue")), leave, keys]
        if end:
            answer = [("a", self.say("answer"))] if self._library.asked(self._place) else []
            following = [("right", self.say("next"))] if self._library.neighbour(self._place, 1) else []
            return [*[*answer, *following, leave][:2], keys]
        return [("space", self.say("on")), leave, keys]

    # over the text

    def _ask(self, prompt: str) -> str:
        """Read a line of text on the last row; empty if it is given up."""
        typed = ""
        while True:
            room = max(0, self._screen.size[0] - cells(prompt) - 2)
            seen = next(typed[start:] for start in range(len(typed) + 1) if cells(typed[start:]) <= room)
            self._show(self._shown_lines, f"{prompt}{seen}_", "none")
            key = self._screen.key()
            if key == "enter":
                return typed.strip()
            if key == "esc" or (key == "backspace" and not typed):
                return ""
            if key == "backspace":
                typed = typed[:-1]
            elif key == "space":
                typed += " "
            elif len(key) == 1 and key.isprintable():
                typed += key
            elif not key:
                self._lay_out_again()

    def _choose(self, titles: Sequence[str], chosen: int) -> int | None:
        """Let one of some titles be chosen; return its index, or None if none was."""
        while True:
            rows = self._rows
            first = max(0, min(chosen - rows // 2, len(titles) - rows))
            listed = [
                styled(
                    fitted(f" {title}", self._screen.size[0] - 1, self._look()),
                    "chosen" if number == chosen else "none",
                )
                for number, title in enumerate(titles[first : first + rows], start=first)
            ]
            keys = [f"Enter {self.say('jump')}", f"Esc {self.say('return')}"]
            self._show(listed, "  ".join(_fitting(keys, self._screen.size[0] - 1)))
            key = self._screen.key()
            if key in ("down", "j", "tab"):
                chosen = min(chosen + 1, len(titles) - 1)
            elif key in ("up", "k", "back-tab"):
                chosen = max(chosen - 1, 0)
            elif key == "enter":
                return chosen
            elif key in ("esc", "q", "o", "backspace"):
                return None
            elif not key:
                self._lay_out_again()

    def _browse(self, laid_out: Callable[[], Sequence[Text]]) -> None:
        """Show lines over the text until a key ends it; Space goes on while there is more."""
        top = 0
        while True:
            rows, lines = self._rows, laid_out()
            shown = lines[top : top + rows]
            more = top + rows < len(lines)
            keys = [*([f"Space {self.say('continue')}"] if more else []), f"q {self.say('return')}"]
            self._show(shown, "  ".join(_fitting(keys, self._screen.size[0] - 1)))
            key = self._screen.key()
            if key == "space" and more:
                top += rows
            elif not key:
                self._lay_out_again()
            elif key != "ctrl-l":
                return


def _fitting(keys: Sequence[str], width: int) -> Sequence[str]:
    """Return as many keys as fit into a width: the last one tells the others, the first one comes next."""
    kinds = (keys, [keys[0], keys[-1]], [keys[-1]])
    return next((kind for kind in kinds if sum(map(cells, kind)) + 2 * len(kind) <= width + 2), ())


def _shown(key: str) -> str:
    """Return the name of a key as people know it; empty if it has none."""
    if len(key) == 1:
        return key if key.isprintable() else ""
    return SHOWN.get(key, key.title() if key.isalpha() or "-" in key else "")


def _names(key: Key) -> str:
    return ", ".join(map(_shown, key.names))
