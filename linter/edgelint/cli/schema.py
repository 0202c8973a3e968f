"""`edgelint schema`: the JSON Schema of the configuration."""

from __future__ import annotations

import argparse

from edgelint.cli.arguments import CLEAN
from edgelint.cli.terminal import write

EPILOG = """\
An editor with a YAML language server completes and checks the configuration with it:
  edgelint schema > edgelint.schema.json
and as the first line of edgelint.yaml:
  # yaml-language-server: $schema=edgelint.schema.json
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command: nothing."""
    parser.epilog = EPILOG


def run(_options: argparse.Namespace) -> int:
    """Print the schema."""
    from edgelint.config import published_schema

    write(published_schema())
    return CLEAN
