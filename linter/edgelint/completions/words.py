"""What can be said on a command line, as its parser knows it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from edgelint.record import record


@record
class Value:
    """What an option or a command takes: one of some `words`, a file where these are None; `several` with commas between."""

    name: str
    words: tuple[str, ...] | None
    several: bool = False


@record
class Option:
    """An option by its flags, the short one first, and what it takes, if anything."""

    flags: tuple[str, ...]
    help: str
    value: Value | None


@record
class Command:
    """A command with its options, what it takes in order, whether the last of that may be repeated, and the commands below."""

    name: str
    help: str
    options: tuple[Option, ...]
    values: tuple[Value, ...]
    repeats: bool
    commands: tuple[Command, ...] = ()


def described(parser: argparse.ArgumentParser, words: Mapping[str, Sequence[str]], title: str = "") -> Command:
    """What a parser takes. `words` are those that a metavar stands for; a metavar that is not among them stands for a file."""
    actions = [one for one in parser._actions if one.help != argparse.SUPPRESS]  # noqa: SLF001 - no other way to list them
    takers = [one for one in actions if not one.option_strings and not isinstance(one, argparse._SubParsersAction)]  # noqa: SLF001
    return Command(
        name=parser.prog.rpartition(" ")[2],
        help=title,
        options=tuple(_option(parser, one, words) for one in actions if one.option_strings),
        values=tuple(_value(one, words) for one in takers),
        repeats=bool(takers) and takers[-1].nargs in ("*", "+"),
        commands=tuple(_below(actions, words)),
    )


def _below(actions: Sequence[argparse.Action], words: Mapping[str, Sequence[str]]) -> list[Command]:
    found = []
    for action in actions:
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            titles = {one.dest: _said(one, "") for one in action._choices_actions}  # noqa: SLF001
            found += [described(one, words, titles.get(name, "")) for name, one in action.choices.items()]
    return found


def _option(parser: argparse.ArgumentParser, action: argparse.Action, words: Mapping[str, Sequence[str]]) -> Option:
    value = None if action.nargs == 0 else _value(action, words)
    return Option(tuple(action.option_strings), _said(action, parser.prog), value)


def _said(action: argparse.Action, program: str) -> str:
    """The help of an action with what it quotes filled in, as argparse shows it."""
    return (action.help or "") % {**vars(action), "prog": program}


def _value(action: argparse.Action, words: Mapping[str, Sequence[str]]) -> Value:
    name = str(action.metavar or action.dest).upper()
    one = name.removesuffix(",...")
    found = action.choices if action.choices is not None else words.get(one)
    return Value(one.lower(), None if found is None else tuple(map(str, found)), one != name)
