"""Long work shows a bar on stderr, where somebody looks at it, and nowhere else."""

from __future__ import annotations

import io

import pytest

from synergy_cli.ui.terminal import WORTH_A_BAR, DisplayOptions, Terminal


class Screen(io.StringIO):
    def isatty(self):
        return True


def shown(stream, env=None, total=WORTH_A_BAR, **display):
    terminal = Terminal(None, io.StringIO(), stream, {"TERM": "xterm"} | (env or {}), DisplayOptions(**display))
    with terminal.bar("Reading", total) as done:
        done(total // 2)
        done(total)
    return stream.getvalue()


def test_long_work_shows_a_bar_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    assert "Reading" in shown(Screen())


@pytest.mark.parametrize(
    ("stream", "options"),
    [
        (io.StringIO(), {}),
        (Screen(), {"quiet": True}),
        (Screen(), {"plain": True}),
        (Screen(), {"env": {"TERM": "dumb"}}),
        (Screen(), {"env": {"ACCESSIBLE": "1"}}),
        (Screen(), {"total": WORTH_A_BAR - 1}),
    ],
    ids=["a pipe", "--quiet", "--plain", "a dumb terminal", "heard", "little work"],
)
def test_nothing_is_shown_to_nobody(stream, options):
    assert shown(stream, **options) == ""
