"""`edgelint completions`: the command line, completed by the shell."""

from __future__ import annotations

import argparse

from edgelint.cli.arguments import CLEAN, COMMANDS, known
from edgelint.cli.arguments import parser as whole
from edgelint.cli.terminal import write

EPILOG = """\
to have them from now on:
  bash  add to ~/.bashrc: source <(edgelint completions bash)
  zsh   add to ~/.zshrc, after compinit: source <(edgelint completions zsh)
  fish  edgelint completions fish > ~/.config/fish/completions/edgelint.fish
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.epilog = EPILOG
    parser.add_argument("shell", metavar="SHELL", help="bash, zsh or fish")


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    from edgelint import catalog
    from edgelint.completions import SHELLS, script
    from edgelint.completions.words import described
    from edgelint.finding import Severity
    from edgelint.readers import formats as inputs
    from edgelint.report import formats

    shell = known(options.shell, SHELLS, "shell")
    words = {
        "CHECK": catalog.names(),
        "FORMAT": formats(),
        "INPUT": inputs(),
        "LEVEL": [severity.value for severity in Severity],
        "SHELL": SHELLS,
        "COMMIT": (),
    }
    write(script(shell, described(whole(tuple(COMMANDS)), words)))
    return CLEAN
