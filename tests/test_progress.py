"""Progress is seen on a terminal when something takes long, never in a pipe, and leaves nothing behind."""

import argparse
import io
from pathlib import Path

import pytest

from edgelint.cli import main
from edgelint.cli.progress import Progress
from support import FIXTURES

SHOP = str(FIXTURES / "examples" / "shop.json")
CLEAN = str(FIXTURES / "examples" / "clean" / "edge.yaml")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told(stream, monkeypatch, *, quiet=False, verbose=False, seconds=0.5):
    """What is written when four steps take so many seconds each."""
    now = iter(range(1000))
    monkeypatch.setattr("edgelint.cli.progress.time.monotonic", lambda: next(now) * seconds)
    with Progress(argparse.Namespace(quiet=quiet, verbose=verbose), stream) as tell:
        for step in ("one", "two", "three \x1b[31m", "four" * 50):
            tell(step)
    return stream.getvalue()


def test_on_a_terminal_the_step_is_shown_after_a_while_and_wiped_away(monkeypatch):
    shown = told(Terminal(), monkeypatch)
    assert "one" not in shown
    assert shown.startswith("\r\x1b[Ktwo\r\x1b[Kthree <U+001B>[31m\r")
    assert shown.endswith("\r\x1b[K")
    assert max(map(len, shown.split("\r\x1b[K"))) <= 79


@pytest.mark.parametrize(
    ("stream", "quiet", "seconds"), [(io.StringIO(), False, 1), (Terminal(), True, 1), (Terminal(), False, 0.01)]
)
def test_in_a_pipe_in_silence_or_when_it_is_quick_nothing_is_shown(monkeypatch, stream, quiet, seconds):
    assert told(stream, monkeypatch, quiet=quiet, seconds=seconds) == ""


def test_everything_is_told_line_by_line_when_that_is_wanted(capsys):
    assert main(["check", "--isolated", "--verbose", "--select", "broad-scope", SHOP]) in (0, 1)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith(" s  reading")
    assert any(line.endswith("shop.json: 4 rules, 3 routes") for line in lines)
    assert any(line.endswith("shop.json: broad-scope") for line in lines)


def test_quiet_says_nothing_where_nothing_was_found(capsys):
    assert main(["check", "--config", str(Path(CLEAN).with_name("edgelint.yaml")), "--quiet", CLEAN]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["check", "--isolated", "--quiet", SHOP]) == 1
    assert "critical[" in capsys.readouterr().out
    assert main(["diff", SHOP, SHOP, "--quiet", "--isolated"]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_two_exclude_each_other(capsys):
    assert main(["check", "--quiet", "--verbose", SHOP]) == 2
    assert "not allowed with" in capsys.readouterr().err
