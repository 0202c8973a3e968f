"""`edgelint export`: a deployment as one canonical JSON file for a repository."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from edgelint.cli.arguments import CLEAN, WRONG, WrongCallError
from edgelint.cli.terminal import replace_file, say

if TYPE_CHECKING:
    from edgelint.readers import Reading

DESCRIPTION = """\
Writes the rules, routes and listeners of a p2pstream as canonical JSON without secrets: the same deployment always gives the
same bytes. SOURCE is the https address of its management API, its database, or a file or folder that `edgelint check` reads.
The token for an address comes from --token-file or from the variable P2PSTREAM_TOKEN.
"""
EXIT_CODES = """\
exit codes:
  0  exported
  2  wrong call, or the source could not be read whole: nothing is written
"""


_LONGEST = 86_400
"""Seconds of the longest exchange: a day."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.description, parser.epilog = DESCRIPTION, EXIT_CODES
    parser.add_argument("source", metavar="SOURCE", help="an address like https://host:8081, a file, a folder, or `-`")
    parser.add_argument("--output", metavar="FILE", default="-", help="where to write it (default: standard output)")
    live = parser.add_argument_group("for an address")
    live.add_argument("--token-file", metavar="FILE", help="a file that holds an API token (default: $P2PSTREAM_TOKEN)")
    live.add_argument("--ca", metavar="FILE", help="trust this CA certificate (PEM), and not those of the system")
    live.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=30.0, help="for the whole exchange (default: 30)"
    )


def run(options: argparse.Namespace) -> int:
    """Read, export, write; what was left out is said last."""
    from edgelint.export import RefusedError, exported

    try:
        export = exported(_read(options), options.source)
    except RefusedError as error:
        for reason in error.reasons:
            say(f"cannot export {reason}")
        return WRONG
    replace_file(options.output, export.text)
    for line in export.left_out:
        say(line)
    return CLEAN


def _read(options: argparse.Namespace) -> Reading:
    from edgelint.export.address import address_of
    from edgelint.readers import p2pstream_json, read
    from edgelint.readers.contract import File

    address = address_of(options.source)
    if address is None:
        if options.token_file or options.ca:
            raise WrongCallError(f"--token-file and --ca are for an https address, `{options.source}` is none")
        return read([options.source], stdin=sys.stdin.buffer.read)
    if not 0 < options.timeout <= _LONGEST:
        raise WrongCallError(f"--timeout should be above 0 and at most {_LONGEST} seconds")
    from edgelint.export.connect import fetch  # late: files need nothing that speaks to a network

    answer = fetch(address, _token(options.token_file), options.ca, options.timeout)
    return p2pstream_json.read([File(address.text, None, named=True, content=answer)])


def _token(file: str | None) -> str:
    """The token from a file, else from the environment; empty when there is none."""
    from edgelint.export.connect import LONGEST_TOKEN

    if file is None:
        return os.environ.get("P2PSTREAM_TOKEN", "").strip()
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 - also a descriptor of the shell
            return stream.read(LONGEST_TOKEN + 1).strip()
    except OSError as error:
        raise WrongCallError(f"cannot read `{file}`: {(error.strerror or 'it fails').lower()}") from None
