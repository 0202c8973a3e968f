"""`edgelint baseline`: what is known at the start, so that only what comes later is reported."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from edgelint.cli.arguments import CLEAN, FOUND, NOTHING, WRONG, add_configuration, configured
from edgelint.cli.terminal import say, say_failures, write, write_file

if TYPE_CHECKING:
    from edgelint.report import Report

FILE = "edgelint-baseline.json"
DESCRIPTION = f"""\
`write` writes down all findings there are now; `edgelint check --baseline {FILE}` then reports only new ones.
`check` says which entries have no finding any more, and which findings are not in the file.
"""
EXIT_CODES = """\
exit codes:
  0  written, or up to date
  1  not up to date
  2  wrong call or configuration, or a bug of edgelint
  3  nothing to lint
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.description, parser.epilog = DESCRIPTION, EXIT_CODES
    parser.add_argument(
        "action", choices=("write", "check"), help="write the file anew, or compare it with what is found"
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder, or `-` for standard input")
    parser.add_argument("--file", default=FILE, metavar="FILE", help=f"the baseline (default: {FILE})")
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything, whatever the view, and write it down or compare it."""
    from edgelint import baseline
    from edgelint.fingerprint import Meanings
    from edgelint.run import Wishes, lint

    config = configured(options)
    paths = config.reads(options.paths)
    wishes = Wishes(pedantic=True, topology=config.topology, ignores=config.ignores, partial=bool(options.paths))
    report = lint(paths, wishes, sys.stdin.buffer.read)
    if code := _unusable(report):
        return code
    found = baseline.entries(report.findings, Meanings(report.policies))
    if options.action == "write":
        write_file(options.file, baseline.write(found))
        say(f"{options.file}: {len(found)} findings written down")
        return CLEAN
    beside = baseline.compared(report.findings, Meanings(report.policies), baseline.read(Path(options.file)))
    for finding in beside.new:
        write(f"not in the baseline: {finding.check} {'/'.join(finding.identity()[1:])}\n")
    for entry in beside.gone:
        write(f"no longer found: {entry.check} {entry.rule}\n")
    return FOUND if beside.new or beside.gone else CLEAN


def _unusable(report: Report) -> int:
    """The exit code where a baseline would leave things out, else 0."""
    say_failures(report.failures)
    if report.failures:
        return WRONG
    if not report.policies:
        say("nothing to lint: no rule set was found")
        return NOTHING
    return 0
