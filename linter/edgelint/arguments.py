"""What can be said on the command line, and what it means."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import NoReturn

from edgelint import __version__

DESCRIPTION = "Tells you what the rules of your HTTP edge really catch: WAF, rate limits, traffic shapers and caches."
EXIT_CODES = """\
exit codes:
  0  nothing found at the level of --fail-on or above
  1  something found
  2  wrong call or configuration, or a bug of edgelint
  3  nothing to lint
"""
CHECK_HELP = """\
Reads exported rule sets and reports what is wrong with them, each finding with a request that shows it. A folder is
searched for rule sets; `-` reads standard input. Without paths, what the configuration includes is read, else this folder.
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


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = _Parser(
        prog="edgelint",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=_help,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"edgelint {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _add_check(commands)
    explain = commands.add_parser(
        "explain", help="say what a check looks for, why, and what to do", formatter_class=_help, allow_abbrev=False
    )
    explain.add_argument("name", metavar="NAME", help="the name of a check, as in `edgelint rules`")
    commands.add_parser(
        "rules",
        help="list all checks: family, usual severity, what it needs to know, title",
        formatter_class=_help,
        allow_abbrev=False,
    )
    return top


def _add_check(commands: argparse._SubParsersAction[_Parser]) -> None:
    check = commands.add_parser(
        "check",
        help="lint rule sets",
        description=CHECK_HELP,
        epilog=EXIT_CODES,
        formatter_class=_help,
        allow_abbrev=False,
    )
    check.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder, or `-` for standard input")
    check.add_argument("--input-format", metavar="NAME", help="read every input as this format")
    check.add_argument("--git-tracked", action="store_true", help="read only files that git knows (for hooks)")
    fixing = check.add_argument_group("fixes").add_mutually_exclusive_group()
    fixing.add_argument(
        "--fix", action="store_true", help="make the safe fixes in the JSON and YAML files that were read"
    )
    fixing.add_argument("--diff", action="store_true", help="print what --fix would change, and change nothing")
    output = check.add_argument_group("output")
    output.add_argument(
        "--format",
        dest="outputs",
        action=_Output,
        default=[],
        metavar="FORMAT",
        help="text, json or sarif; may be repeated, each with an --output of its own (default: text)",
    )
    output.add_argument(
        "--output",
        dest="outputs",
        action=_Output,
        default=[],
        metavar="FILE",
        help="where the format named before goes (default: standard output)",
    )
    output.add_argument(
        "--no-color", action="store_true", help="no colours; NO_COLOR and FORCE_COLOR are obeyed as well"
    )
    choice = check.add_argument_group("what is reported")
    choice.add_argument("--pedantic", action="store_true", help="also what is minor or not proven")
    choice.add_argument("--select", action="append", default=[], metavar="NAME,...", help="only these checks")
    choice.add_argument("--ignore", action="append", default=[], metavar="NAME,...", help="all but these checks")
    choice.add_argument("--diff-base", metavar="COMMIT", help="only what is new since a commit, told by check and rule")
    choice.add_argument("--fail-on", metavar="LEVEL", help="info, low, medium, high or critical (default: medium)")
    files = check.add_argument_group("configuration").add_mutually_exclusive_group()
    files.add_argument("--config", metavar="FILE", help="this file, not the nearest edgelint.yaml or pyproject.toml")
    files.add_argument("--isolated", action="store_true", help="no configuration file at all")


class _Output(argparse.Action):
    """Collects `--format` and `--output` in one list of (option, value), in the order in which they were given."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - the signature is argparse's
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        collected = [*getattr(namespace, self.dest), (option_string, values)]
        setattr(namespace, self.dest, collected)


def outputs(given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of format and file, `-` for standard output. An `--output` belongs to the `--format` before it, else after it."""
    from edgelint.report import formats

    pairs: list[tuple[str, str]] = []
    waiting = ""
    for option, value in given:
        if option == "--format":
            pairs.append((known(value, formats(), "format"), waiting or "-"))
            waiting = ""
        elif pairs and pairs[-1][1] == "-":
            pairs[-1] = (pairs[-1][0], value)
        elif waiting or pairs:
            raise WrongCallError(f"--output {value} has no --format of its own")
        else:
            waiting = value
    if not pairs:
        pairs = [("text", waiting or "-")]
    if [file for _, file in pairs].count("-") > 1:
        raise WrongCallError("only one --format can go to standard output, give the others an --output")
    return pairs


def known(word: str, words: Sequence[str], what: str) -> str:
    """The word, when it is one of those that exist."""
    if word in words:
        return word
    from difflib import get_close_matches

    close = get_close_matches(word, words, n=1)
    hint = f"did you mean `{close[0]}`" if close else f"there is {', '.join(words)}"
    raise WrongCallError(f"unknown {what} `{word}`, {hint}")


def names(given: Sequence[str]) -> frozenset[str]:
    """The checks named in values such as `a,b`."""
    from edgelint import catalog

    words = [word.strip() for value in given for word in value.split(",") if word.strip()]
    return frozenset(known(word, catalog.names(), "check") for word in words)
