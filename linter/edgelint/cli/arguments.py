"""What can be said on the command line: the commands, and what several of them have in common."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from edgelint import __version__

if TYPE_CHECKING:
    from edgelint.config import Settings

COMMANDS = {
    "check": "lint rule sets",
    "explain": "say what a check looks for, why, and what to do",
    "rules": "list all checks: family, usual severity, what it needs to know, title",
    "show": "show what each rule really catches, and where rules overlap",
}
"""The commands, in the order of the help: a module each, with `arguments` and `run`."""

_LISTED = 12
"""How many words are listed to somebody who used an unknown one."""

CLEAN, FOUND, WRONG, NOTHING, INTERRUPTED = 0, 1, 2, 3, 130

DESCRIPTION = "Tells you what the rules of your HTTP edge really catch: WAF, rate limits, traffic shapers and caches."
EXIT_CODES = """\
exit codes:
  0  nothing found at the level of --fail-on or above
  1  something found
  2  wrong call or configuration, or a bug of edgelint
  3  nothing to lint
"""


class WrongCallError(Exception):
    """The call is wrong; the text says how, in one line."""


def _help(prog: str) -> argparse.HelpFormatter:
    """The help as wide as the terminal. One is made for each argument; without a width each asks `shutil`, which is slow to import."""
    try:
        width = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(1).columns
    except (OSError, ValueError):
        width = 80
    return argparse.RawDescriptionHelpFormatter(prog, width=width - 2)


class _Parser(argparse.ArgumentParser):
    """A parser that answers a wrong call with one line."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call."""
        raise WrongCallError(f"{message} (see {self.prog} --help)")


def parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the whole command line. Only the command that is called says what can follow it: the others stay unread."""
    top = _Parser(
        prog="edgelint",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=_help,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"edgelint {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, title in COMMANDS.items():
        command = commands.add_parser(
            name, help=title, description=f"{title[:1].upper()}{title[1:]}.", formatter_class=_help, allow_abbrev=False
        )
        if name in arguments:
            import_module(f"edgelint.cli.{name}").arguments(command)
    return top


def add_configuration(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which configuration holds."""
    files = parser.add_argument_group("configuration").add_mutually_exclusive_group()
    files.add_argument("--config", metavar="FILE", help="this file, not the nearest edgelint.yaml or pyproject.toml")
    files.add_argument("--isolated", action="store_true", help="no configuration file at all")


def configured(options: argparse.Namespace) -> Settings:
    """The settings that hold for a call. Raises ConfigError."""
    from edgelint.config import settings

    return settings(Path.cwd(), Path(options.config) if options.config else None, isolated=options.isolated)


def known(word: str, words: Sequence[str], what: str) -> str:
    """The word, when it is one of those that exist."""
    if word in words:
        return word
    from difflib import get_close_matches

    close = get_close_matches(word, words, n=1)
    hint = (
        f", did you mean `{close[0]}`" if close else f", there is {', '.join(words)}" if len(words) <= _LISTED else ""
    )
    raise WrongCallError(f"unknown {what} `{word}`{hint}")


def names(given: Sequence[str]) -> frozenset[str]:
    """The checks named in values such as `a,b`."""
    from edgelint import catalog

    words = [word.strip() for value in given for word in value.split(",") if word.strip()]
    return frozenset(known(word, catalog.names(), "check") for word in words)
