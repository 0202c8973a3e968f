"""`edgelint init`: a first configuration."""

from __future__ import annotations

import argparse
from pathlib import Path

from edgelint.cli.arguments import CLEAN, WrongCallError
from edgelint.cli.terminal import say, write

DESCRIPTION = """\
Looks for rule sets below this folder, in a git repository for those that git does not ignore, and writes an edgelint.yaml
that includes them, with what remains to be said about them as comments. A configuration that is there is never changed.
"""

_NAME = "edgelint.yaml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.description = DESCRIPTION
    parser.add_argument("--stdout", action="store_true", help="print the configuration, and write no file")


def run(options: argparse.Namespace) -> int:
    """Write the configuration, or print it."""
    from edgelint.config import find

    here = Path.cwd()
    if not options.stdout and (there := find(here)):
        raise WrongCallError(f"{there} holds for this folder already; with --stdout a new configuration is printed")
    from edgelint.repository import top
    from edgelint.scaffold import scaffold

    made = scaffold(here)
    if options.stdout:
        write(made.text)
        return CLEAN
    _create(here / _NAME, made.text)
    found = f"{len(made.files)} file{'' if len(made.files) == 1 else 's'} of rules" if made.files else "no rules so far"
    say(f"wrote {_NAME}, which includes {found}; next, say in it what stands before the edge, and run `edgelint check`")
    if top(here) not in (None, here):
        say("it holds below this folder only, and a hook runs at the top of the repository")
    return CLEAN


def _create(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise WrongCallError(f"{path.name}: {(error.strerror or 'cannot be written').lower()}") from error
