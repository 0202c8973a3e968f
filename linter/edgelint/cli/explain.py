"""`edgelint explain`: the page of a check."""

from __future__ import annotations

import argparse
import sys

from edgelint.cli.arguments import CLEAN, known
from edgelint.cli.terminal import colourful, write


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.add_argument("name", metavar="CHECK", help="the name of a check, as in `edgelint rules`")


def run(options: argparse.Namespace) -> int:
    """Print the page."""
    from edgelint import catalog
    from edgelint.explain import explained

    page = catalog.page(known(options.name, catalog.names(), "check"))
    write(explained(page, colourful(sys.stdout)))
    return CLEAN
