"""Text in lines, columns and records: nothing too wide, nothing lost, nothing torn apart."""

from __future__ import annotations

import textwrap
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from synergy_cli.ui.layout import GAP, GLUE, break_lines, cells, flow, indent, records, styled, table

NBSP = "\N{NO-BREAK SPACE}"
ACUTE = "\N{COMBINING ACUTE ACCENT}"
JOINER = "\N{ZERO WIDTH JOINER}"
FAMILY = f"\N{MAN}{JOINER}\N{WOMAN}{JOINER}\N{GIRL}"
THUMB = "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}"
HEART = "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}"

WIDTHS = st.integers(2, 200)
PIECES = st.sampled_from(
    [
        *("a", "to", "bone", "osteocalcin", "x" * 90, "(see", "it),", "25(OH)D", "1-2", "3/4", "-", "/", "."),
        *("vitamin-K-dependent", "and/or", "D3/K2-MK-7", "https://example.org/some-path/to-it", "http://a/b-c"),
        *("é", "Ünïcödé", f"e{ACUTE}", f"cafe{ACUTE}s", f"o{ACUTE * 9}", ACUTE, "Привет-мир", "µg/IU"),
        *("漢字", "漢", "。", "日本語、", "한국어", "か\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}", "ｆｕｌｌ"),
        *("\N{GRINNING FACE}", FAMILY, THUMB, HEART, "\N{HEAVY BLACK HEART}", "\N{REGIONAL INDICATOR SYMBOL LETTER D}"),
        *(
            f"5{NBSP}mg",
            f"100{NBSP}µg",
            f"漢{NBSP}字",
            NBSP,
            f"synergy{GLUE}explain{GLUE}d3#how-it-works",
            f"漢{GLUE}字",
        ),
    ]
)
TEXTS = st.lists(
    st.tuples(PIECES, st.sampled_from(["", " ", " ", " ", "  ", "\n", " \n "])).map("".join), max_size=16
).map("".join)
LINE_TEXTS = TEXTS.map(lambda text: text.replace("\n", " "))


def plain(lines: list[Text]) -> list[str]:
    return [line.plain for line in lines]


def letters(text: str) -> str:
    return "".join(text.replace(GLUE, " ").split())


def joins(text: str, place: int) -> bool:
    """Tell whether the characters around a place make one sign on the screen."""
    here, before = text[place], text[place - 1]
    return here in (JOINER, "\N{VARIATION SELECTOR-16}") or before == JOINER or cell_len(here) == 0


@given(TEXTS, WIDTHS)
@example("漢字漢字" + ACUTE * 4, 4)
@example(f"{HEART}{HEART} a", 3)
@example(f"a{THUMB}{THUMB}", 3)
def test_no_line_is_wider_than_the_width(text, width):
    lines = plain(flow(Text(text), width))
    assert [line for line in lines if cell_len(line) > width and "://" not in line] == []


@given(TEXTS, WIDTHS)
def test_no_letter_is_lost_and_none_changes_its_place(text, width):
    assert letters("".join(plain(flow(Text(text), width)))) == letters(text)


@given(TEXTS, WIDTHS)
def test_between_two_lines_stands_only_white_space(text, width):
    ends = [0]
    for start, end in break_lines(text, width):
        assert text[ends[-1] : start].strip(" \n") == ""
        assert text[start:end] == text[start:end].strip(" ")
        ends.append(end)
    assert text[ends[-1] :].strip(" \n") == ""


@given(TEXTS, WIDTHS)
def test_a_word_that_fits_a_line_is_broken_only_where_it_may_be(text, width):
    for start, _ in break_lines(text, width):
        if start == 0 or text[start - 1] in " \n" or start == len(text) or text[start] in " \n":
            continue
        begin = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
        word = text[begin:].split(" ")[0].split("\n")[0]
        hyphen = text[start - 1] in "-/" and text[start - 2].isalpha() and text[start].isalpha() and "://" not in word
        wide = any(unicodedata.east_asian_width(sign) in "WF" for sign in text[start - 1 : start + 1])
        assert hyphen or wide or cells(word) > width


@given(TEXTS, WIDTHS)
@example(f"a{THUMB}{THUMB}", 4)
@example(f"{FAMILY}{FAMILY}", 3)
@example(f"{HEART}{HEART}", 3)
@example("か\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}" * 3, 4)
def test_no_sign_is_torn_from_what_belongs_to_it(text, width):
    starts = [start for start, end in break_lines(text, width) if 0 < start < end]
    assert [
        text[start - 1 : start + 1] for start in starts if text[start - 1] not in " \n" and joins(text, start)
    ] == []


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=30), min_size=1, max_size=40), st.integers(2, 80))
def test_each_line_takes_as_many_words_as_it_can(words, width):
    text = " ".join(words)
    expected = textwrap.wrap(text, width, break_on_hyphens=False)
    assume(all(len(word) <= width for word in words))
    assert plain(flow(Text(text), width)) == expected


@given(
    st.lists(
        st.sampled_from(
            ["a", "bone", "osteocalcin", "vitamin-K-dependent", "and/or", "x" * 30, f"synergy{GLUE}explain{GLUE}d3"]
        ),
        min_size=1,
        max_size=20,
    ),
    WIDTHS,
)
def test_an_accent_elsewhere_in_the_text_moves_no_break(words, width):
    text = " ".join(words)
    *lines, (start, end) = break_lines(text, width)
    assert break_lines(text + ACUTE, width) == [*lines, (start, end + 1)]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("", 10, [""], id="nothing is one line"),
        pytest.param("   ", 10, [""], id="spaces are one line"),
        pytest.param("a\n\nb", 10, ["a", "", "b"], id="newlines break"),
        pytest.param("  one  two  ", 20, ["one  two"], id="spaces at the ends go, inside they stay"),
        pytest.param("one two", 3, ["one", "two"], id="at spaces"),
        pytest.param("川き; く", 4, ["川", "き;", "く"], id="a mark goes with the wide character before it"),
        pytest.param("川「水」", 4, ["川", "「水", "」"], id="no opening bracket at the end"),
        pytest.param("川２３４", 6, ["川", "２３４"], id="no number in two"),
        pytest.param("きょう", 4, ["きょ", "う"], id="no small kana at the start"),
        pytest.param("du « s ».", 6, ["du", "« s »."], id="not inside French quotation marks"),
        pytest.param("« é », « è »", 10, ["« é »,", "« è »"], id="between French quotations"),
        pytest.param("le mot « être », か", 12, ["le mot", "« être », か"], id="nor beside wide characters"),
        pytest.param("Où vas-tu ?", 9, ["Où", "vas-tu ?"], id="not before a mark that stands alone"),
        pytest.param("sagt »ja« nun", 9, ["sagt »ja«", "nun"], id="German quotation marks hold nothing"),
        pytest.param("er sagt »ja«", 8, ["er sagt", "»ja«"], id="nor on their other side"),
        pytest.param("a ?b", 2, ["a", "?b"], id="before a mark of a word"),
        pytest.param("calcium-binding", 10, ["calcium-", "binding"], id="after hyphens"),
        pytest.param("proteins/enzymes", 11, ["proteins/", "enzymes"], id="after slashes"),
        pytest.param("the vitamin-K one", 12, ["the", "vitamin-K", "one"], id="not before a letter or two"),
        pytest.param("some pro-thrombin", 9, ["some pro-", "thrombin"], id="after three letters"),
        pytest.param("take 10-20 now", 8, ["take", "10-20", "now"], id="not between digits"),
        pytest.param("a MK-7 b", 6, ["a MK-7", "b"], id="not before a digit"),
        pytest.param("MK-7", 3, ["MK-", "7"], id="anywhere when too long"),
        pytest.param("at https://a-b.org/c-d now", 20, ["at", "https://a-b.org/c-d", "now"], id="not in an address"),
        pytest.param("abcdefgh", 3, ["abc", "def", "gh"], id="a long word is folded"),
        pytest.param(f"a 5{NBSP}mg b", 6, ["a 5\xa0mg", "b"], id="not at a no-break space"),
        pytest.param(f"aa 5{NBSP}mg b", 6, ["aa", "5\xa0mg b"], id="before a pair held by a no-break space"),
        pytest.param("漢字漢字", 5, ["漢字", "漢字"], id="between wide characters"),
        pytest.param("漢字漢字。", 8, ["漢字漢", "字。"], id="not before a wide full stop"),
        pytest.param("a漢字b", 3, ["a漢", "字b"], id="between wide and narrow"),
        pytest.param(f"cafe{ACUTE} cafe{ACUTE}", 4, [f"cafe{ACUTE}", f"cafe{ACUTE}"], id="an accent takes no room"),
        pytest.param(f"run synergy{GLUE}quiz", 12, ["run", "synergy quiz"], id="not at glue"),
        pytest.param(f"run synergy{GLUE}quiz", 10, ["run", "synergy", "quiz"], id="at glue when too long"),
        pytest.param(
            f"run synergy{GLUE}explain{GLUE}d3#how-it-works",
            20,
            ["run synergy explain", "d3#how-it-works"],
            id="at glue, not at the hyphens beside it",
        ),
        pytest.param("a\tb", 10, ["a b"], id="a tab is a space"),
    ],
)
def test_lines_break(text, width, lines):
    assert plain(flow(Text(text), width)) == lines


@pytest.mark.parametrize(
    ("text", "width"),
    [
        pytest.param(f"漢字 漢{NBSP}字", 7, id="no-break space between wide characters"),
        pytest.param(f"漢字 5{NBSP}漢", 6, id="no-break space before a wide character"),
        pytest.param(f"漢字 漢{GLUE}字", 7, id="glue between wide characters"),
    ],
)
def test_what_is_held_together_stays_together_beside_wide_characters(text, width):
    assert plain(flow(Text(text), width)) == text.replace(GLUE, " ").split(" ", 1)


@given(LINE_TEXTS.filter(lambda text: text.strip(" ")), st.integers(24, 120), st.text("ab ", max_size=9))
def test_margins_count_as_part_of_the_width(text, width, first):
    lines = plain(flow(Text(text), width, first, "  > "))
    assert lines[0].startswith(first)
    assert all(line.startswith("  > ") for line in lines[1:])
    assert [line for line in lines if cell_len(line) > width and "://" not in line] == []


def test_the_margin_of_the_following_lines_is_as_wide_as_the_first():
    assert plain(flow(Text("one two three"), 9, "12. ")) == ["12. one", "    two", "    three"]


def test_a_line_after_a_wide_margin_is_aligned_by_cells():
    assert plain(flow(Text("one two"), 8, "漢: ")) == ["漢: one", "    two"]


def test_an_empty_text_leaves_no_trailing_space_after_its_margin():
    assert plain(flow(Text(""), 20, "Hint: ")) == ["Hint:"]


def styles(text: Text) -> list[set[str]]:
    return [
        {str(span.style) for span in text.spans if span.start <= place < span.end} for place in range(len(text.plain))
    ]


@given(TEXTS, WIDTHS, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=4), st.booleans())
def test_styles_survive_cutting(source, width, spans, whole):
    text = styled(source, "base") if whole else Text(source)
    for number, (start, length) in enumerate(spans):
        text.stylize(f"style{number}", start, start + length)
    before = styles(text)
    for (start, end), line in zip(break_lines(source, width), flow(text, width), strict=True):
        assert styles(line)[: end - start] == before[start:end][: len(line.plain)]


def test_styles_survive_a_margin_and_glue():
    text = Text.assemble("run ", (f"synergy{GLUE}quiz", "command"), " now")
    (line,) = flow(text, 40, "> ")
    styled = [sign for sign, names in zip(line.plain, styles(line), strict=True) if names == {"command"}]
    assert (line.plain, "".join(styled)) == ("> run synergy quiz now", "synergy quiz")


def test_a_style_does_not_run_over_into_what_is_appended():
    text = styled("ab", "muted").append("cd")
    assert (text.plain, styles(text)) == ("abcd", [{"muted"}, {"muted"}, set(), set()])


def test_cutting_leaves_the_text_as_it_was():
    text = Text("a\tb c")
    text.stylize("strong", 0, 3)
    flow(text, 2)
    assert (text.plain, len(text.spans)) == ("a\tb c", 1)


def test_an_indented_blank_line_has_no_trailing_space():
    lines = indent([Text("a"), Text(), styled("b", "strong")], styled("| ", "muted"))
    assert plain(lines) == ["| a", "|", "| b"]
    assert [styles(line)[0] for line in lines] == [{"muted"}] * 3


CELLS = st.lists(PIECES.filter(lambda piece: len(piece) < 50), max_size=8).map(" ".join)
GRIDS = st.integers(1, 3).flatmap(
    lambda columns: st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=1, max_size=3)
)


def texts(rows: list[list[str]]) -> list[list[Text]]:
    return [[Text(cell) for cell in row] for row in rows]


def column_words(lines: list[str], starts: list[int]) -> list[str]:
    """Read each column of drawn lines from top to bottom."""
    found = [""] * len(starts)
    for line in lines:
        at, column = 0, 0
        for sign in line:
            while column + 1 < len(starts) and at >= starts[column + 1]:
                column += 1
            found[column] += sign
            at += cell_len(sign)
    return [letters(text) for text in found]


@given(GRIDS, WIDTHS)
def test_no_line_of_a_table_is_wider_than_the_width(grid, width):
    header, *rows = texts(grid)
    sides = [("left", "right", "center")[place % 3] for place in range(len(header))]
    lines = table(header, rows, width, "-", sides)
    assume(lines is not None)
    assert [line for line in plain(lines) if cell_len(line) > width] == []


@given(GRIDS, WIDTHS)
def test_a_table_keeps_every_letter(grid, width):
    header, *rows = texts(grid)
    lines = table(header, rows, width, "\N{BOX DRAWINGS LIGHT HORIZONTAL}")
    assume(lines is not None)
    drawn = letters("".join(plain(lines))).replace("\N{BOX DRAWINGS LIGHT HORIZONTAL}", "")
    assert sorted(drawn) == sorted(letters("".join("".join(row) for row in grid)))


@given(st.integers(30, 90), st.lists(st.lists(st.text("abc ", max_size=40), min_size=3, max_size=3), max_size=5))
def test_a_cell_of_a_table_stands_in_its_column(width, rows):
    lines = table(texts([["One", "Two", "Three"]])[0], texts(rows), width, "-")
    assume(lines is not None)
    head = lines[0].plain
    starts = [head.index("One"), head.index("Two"), head.index("Three")]
    expected = [letters("".join(row[column] for row in rows)) for column in range(3)]
    assert column_words(plain(lines[2:]), starts) == expected


@given(GRIDS, WIDTHS)
def test_no_line_of_records_is_wider_than_the_width(grid, width):
    assume(width > 3)
    header, *rows = texts(grid)
    lines = plain(records(header, rows, width))
    assert [line for line in lines if cell_len(line) > width and "://" not in line] == []


@given(GRIDS, WIDTHS)
def test_records_keep_every_word_in_order(grid, width):
    header, *rows = grid
    wanted = [(f"{label}: " if label else "") + cell for row in rows for label, cell in zip(header, row, strict=True)]
    drawn = plain(records(texts([header])[0], texts(rows), width))
    assert letters("".join(drawn)) == letters("".join(wanted))


def test_a_table_is_drawn_in_columns_with_a_rule_below_its_header():
    drawn = table(texts([["Name", "Dose"]])[0], texts([["Adults", "15 µg"], ["Over 70", "20 µg"]]), 40, "-")
    assert plain(drawn) == ["Name     Dose", "-" * 14, "Adults   15 µg", "Over 70  20 µg"]


def test_a_column_stands_on_the_side_that_is_asked_for():
    rows = texts([["Rye bread", "9", "no"], ["Rolls", "120", "yes"]])
    sides = ["left", "right", "center"]
    assert plain(table(texts([["Bread", "Minutes", "Seeds"]])[0], rows, 40, "-", sides)) == [
        "Bread      Minutes  Seeds",
        "-" * 25,
        "Rye bread        9   no",
        "Rolls          120   yes",
    ]
    narrow = plain(
        table(texts([["Bread", "Minutes"]])[0], texts([["Rolls", "a hundred and twelve"]]), 22, "-", sides[:2])
    )
    assert narrow[2:] == ["Rolls    a hundred and", "                twelve"]


def test_a_table_whose_cells_wrap_has_blank_lines_between_rows():
    rows = texts([["Adults", "fifteen micrograms a day"], ["Children", "ten"]])
    drawn = plain(table(texts([["Who", "How much"]])[0], rows, 26, "-"))
    assert drawn == [
        "Who       How much",
        "-" * 26,
        "Adults    fifteen",
        "          micrograms a day",
        "",
        "Children  ten",
    ]


def test_an_empty_cell_leaves_its_place_empty():
    drawn = table(texts([["A", "B", "C"]])[0], texts([["1", "", "3"]]), 40, "-")
    assert plain(drawn)[2] == "1     3"


def test_a_wide_character_takes_two_cells_of_a_column():
    drawn = table(texts([["漢字", "B"]])[0], texts([["x", "y"]]), 40, "-")
    assert [cell_len(line.plain.rstrip("By")) for line in (drawn[0], drawn[2])] == [4 + GAP, 4 + GAP]


@pytest.mark.parametrize(
    ("rows", "width"),
    [
        pytest.param([["one two three four five six", "one two three four five six"]], 29, id="columns under 14 cells"),
        pytest.param([["carboxylation of osteocalcin", "carboxylation-of-osteocalcin x"]], 40, id="a long word"),
    ],
)
def test_a_table_that_would_be_too_narrow_to_read_is_none(rows, width):
    assert table(texts([["A", "B"]])[0], texts(rows), width, "-") is None


def test_a_table_is_drawn_from_the_width_on_at_which_it_can_be_read():
    rows = [["one two three four five six", "one two three four five six"]]
    assert table(texts([["A", "B"]])[0], texts(rows), 30, "-") is not None


def test_a_column_never_breaks_what_a_no_break_space_holds():
    rows = [["one two three four five six", f"one two three 10,000{NBSP}international{NBSP}units"]]
    drawn = table(texts([["A", "B"]])[0], texts(rows), 44, "-") or []
    assert not drawn or any(f"10,000{NBSP}international{NBSP}units" in line for line in plain(drawn))


def test_a_header_is_strong_and_its_cells_keep_their_styles():
    drawn = table([Text("A"), styled("B", "muted")], texts([["1", "2"]]), 40, "-")
    assert [styles(drawn[0])[0], styles(drawn[0])[3]] == [{"strong"}, {"strong", "muted"}]


def test_records_name_each_value_and_part_the_rows():
    header, rows = texts([["Who", "", "Dose"]])[0], texts([["Adults", "daily", "15 µg"], ["Over 70", "", "20 µg"]])
    assert plain(records(header, rows, 40)) == [
        *("Who: Adults", "daily", "Dose: 15 µg", ""),
        *("Who: Over 70", "", "Dose: 20 µg"),
    ]


def test_the_further_lines_of_a_record_are_indented():
    assert plain(records(texts([["Who"]])[0], texts([["all the adults"]]), 12)) == ["Who: all", "  the adults"]


def test_a_label_of_a_record_is_strong():
    (line,) = records([Text("Who")], [[styled("all", "muted")]], 40)
    assert [styles(line)[0], styles(line)[-1]] == [{"strong"}, {"muted"}]


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("é", 1), (f"e{ACUTE}", 1), ("漢", 2), (FAMILY, 2), (HEART, 2)],
    ids=["nothing", "ASCII", "accent", "combining", "wide", "joined emoji", "emoji by selector"],
)
def test_a_text_is_measured_as_a_terminal_draws_it(text, width):
    assert cells(text) == width


def test_a_word_as_long_as_a_file_is_folded():
    """Folding takes time in proportion to the length: were it to its square, this would not come back."""
    assert len(break_lines("x" * 1_000_000, 80)) == 12_500
