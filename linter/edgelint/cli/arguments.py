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
    "init": "write a first configuration for the rule sets below this folder",
    "baseline": "write down what is found now, so that only new findings are reported",
    "export": "write the rules of a p2pstream, live or from its database, as one canonical JSON file",
    "show": "show what each rule really catches, and where rules overlap",
    "trace": "say what happens to a request: which rules match and why, what it is counted by, where it goes",
    "diff": "say what changes in behaviour between two versions of a policy",
    "test": "prove what must always be true of the rules, and try example requests",
    "explain": "say what a check looks for, why, and what to do",
    "rules": "list all checks: family, usual severity, what it needs to know, title",
    "schema": "print the JSON Schema of the configuration, for editors",
    "completions": "print the completions of this command line for bash, zsh or fish",
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
EPILOG = f"""\
edgelint COMMAND --help says what can follow a command.

{EXIT_CODES}"""


class WrongCallError(Exception):
    """The call is wrong; the text says how, in one line."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """The form of the help: prose as wide as the terminal, indented lines as they are."""

    def add_argument(self, action: argparse.Action) -> None:
        """Take an argument in, and for the column of the texts that commands are indented, which argparse forgets."""
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no other name
            self._action_max_length += self._indent_increment

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002 - the signature is argparse's
        from textwrap import fill  # late: it is for the help only

        parts: list[str] = []
        for line in text.splitlines():
            if parts and _is_prose(line) and _is_prose(parts[-1]):
                parts[-1] += f" {line}"
            else:
                parts.append(line)
        return "\n".join(fill(part, width) if _is_prose(part) else part for part in parts)


def _is_prose(line: str) -> bool:
    return line[:1] not in ("", " ")


def _help(prog: str) -> argparse.HelpFormatter:
    """The help as wide as the terminal. One is made for each argument; without a width each asks `shutil`, which is slow to import."""
    try:
        width = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(1).columns
    except (OSError, ValueError):
        width = 80
    return _Formatter(prog, width=width - 2)


class _Parser(argparse.ArgumentParser):
    """A parser that answers a wrong call with one line."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call."""
        raise WrongCallError(f"{message} (see {self.prog} --help)")


class _Command(_Parser):
    """The parser of what follows a command: paths and other words may stand between the options, not in one place only."""

    _mixing = False

    def parse_known_args(  # type: ignore[override]  # the overloads of argparse differ in how a namespace is made
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """What was said, and what is left over."""
        found, left = super().parse_known_args(args, namespace)
        if self._mixing or all(word.startswith("-") and word != "-" for word in left):
            return found, left
        self._mixing = True  # what mixes them asks this method again
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False


def parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the whole command line. Only the command that is called says what can follow it: the others stay unread."""
    top = _Parser(
        prog="edgelint",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=_help,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"edgelint {__version__}", help="show the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=_Command)
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


def configured(options: argparse.Namespace, tracked: frozenset[str] | None = None) -> Settings:
    """The settings that hold for a call, from a tracked file where only those count. Raises ConfigError."""
    from edgelint.config import settings

    chosen = Path(options.config) if options.config else None
    return settings(Path.cwd(), chosen, isolated=options.isolated, tracked=tracked)


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
