"""`edgelint rules`: the list of all checks."""

from __future__ import annotations

import argparse

from edgelint.cli.arguments import CLEAN
from edgelint.cli.terminal import write


def arguments(_parser: argparse.ArgumentParser) -> None:
    """What can be said after the command: nothing."""


def run(_options: argparse.Namespace) -> int:
    """Print a line for each check."""
    from edgelint import catalog

    rows = [
        (page.name, page.family, page.severity.value, " ".join(page.needs), page.title)
        for page in catalog.pages().values()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [text.ljust(size) for text, size in zip(row, widths, strict=False)]
        write("  ".join([*cells, row[4]]) + "\n")
    return CLEAN
