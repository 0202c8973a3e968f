"""What the program says of itself: its help, and the README, which says the same."""

import argparse
import re
import shlex

import pytest

from edgelint.cli import main
from edgelint.cli.arguments import COMMANDS, parser
from support import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
LAUNCHERS = ("edgelint", ".venv/bin/edgelint")
PROMPTED = r"^ *\$ ((?:.*\\\n)*.*)$"
OPTION = r"(?<![\w-])--?[a-zA-Z][\w-]*"


def parsers():
    """The parser of each command, by name; that of the program itself under an empty name."""
    top = parser(tuple(COMMANDS))
    (below,) = (one for one in top._actions if isinstance(one, argparse._SubParsersAction))
    return {"": top, **below.choices}


def options(command):
    """The options that a command knows."""
    return {flag for action in parsers()[command]._actions for flag in action.option_strings}


def helped(capsys, monkeypatch, *arguments, columns=80):
    """The help that is printed for a call."""
    monkeypatch.setenv("COLUMNS", str(columns))
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_readme_has_the_commands_and_texts_of_the_help(capsys, monkeypatch):
    shown = helped(capsys, monkeypatch, columns=300).split("commands:\n")[1].split("\n\n")[0]
    listed = dict(re.findall(r"^    (\S+) +(\S.*)$", shown, re.MULTILINE))
    table = README.split("## Commands\n")[1].split("\n## ")[0]
    assert dict(re.findall(r"^\| `edgelint (\S+)` \| (.*) \|$", table, re.MULTILINE)) == listed == COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_the_terminal_and_leaves_nothing_unsaid(capsys, monkeypatch, command):
    text = helped(capsys, monkeypatch, *filter(None, [command]))
    assert max(map(len, text.splitlines())) <= 80
    for action in parsers()[command]._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), action
        for flag in action.option_strings:
            assert flag in text


@pytest.mark.parametrize("command", COMMANDS)
def test_texts_of_options_are_written_alike(command):
    for action in parsers()[command]._actions:
        text = action.help or ""
        assert text[:1].islower() or not text[:1].isalpha() or text.split()[0].isupper(), text
        assert not text.endswith("."), text


def test_examples_in_the_help_are_calls_that_can_be_made(capsys, monkeypatch):
    for command in COMMANDS:
        for line in re.findall(r"^  (edgelint [^:\n]*)$", helped(capsys, monkeypatch, command), re.MULTILINE):
            words = shlex.split(line.split(" > ")[0])[1:]
            assert parser(words).parse_args(words).command in COMMANDS


# The README


def calls():
    """Every call of a program in the README, as words: lines after a prompt, and code in a line that begins with a program."""
    for text in [*re.findall(PROMPTED, README, re.MULTILINE), *code()]:
        for part in re.split(r"&&|\||;", text.replace("\\\n", " ")):
            words = re.findall(r"\"[^\"]*\"|'[^']*'|\S+", part)
            while words and re.match(r"\w+=|sudo$", words[0]):
                words = words[1:]
            if words and not words[0].startswith("-"):
                yield words


def code():
    """Every piece of code in a line of the README's prose."""
    prose = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


def test_the_readme_calls_the_program_as_it_can_be_called():
    found = [words[1:] for words in calls() if words[0] in LAUNCHERS]
    assert len(found) > 5
    for words in found:
        command = next((word for word in words if not word.startswith("-")), "")
        assert command in parsers(), words
        assert {re.split("=", word)[0] for word in words if re.fullmatch(OPTION + ".*", word)} <= options(command), (
            words
        )


def test_every_option_that_the_readme_mentions_exists():
    every = {flag for command in parsers() for flag in options(command)}
    alone = [text for text in code() if text.startswith("-")]
    entries = re.findall(r"^ *entry: edgelint (.*)$", README, re.MULTILINE)
    answers = re.sub(PROMPTED, "", "".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL)), flags=re.MULTILINE)
    mentioned = {flag for text in [*alone, *entries, answers] for flag in re.findall(OPTION, text) if flag[:2] == "--"}
    assert len(mentioned) > 3
    assert mentioned <= every
