"""`edgelint check`: lint rule sets."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from edgelint.cli.arguments import (
    CLEAN,
    EXIT_CODES,
    FOUND,
    NOTHING,
    WRONG,
    WrongCallError,
    add_configuration,
    configured,
    known,
    names,
)
from edgelint.cli.progress import Progress, add_telling
from edgelint.cli.terminal import colourful, say, say_failures, write, write_file
from edgelint.record import replace

if TYPE_CHECKING:
    from edgelint.config import Settings
    from edgelint.model.policy import Policy
    from edgelint.report import Report
    from edgelint.run import Wishes

DESCRIPTION = """\
Reads exported rule sets and reports what is wrong with them, each finding with a request that shows it. A folder is
searched for rule sets; `-` reads standard input. Without paths, what the configuration includes is read, else this folder.
"""
EXAMPLES = """\
examples:
  edgelint check
      what edgelint.yaml includes, else all rule sets below this folder
  edgelint check --pedantic edge.json
      one file, and also what is minor or not proven
  edgelint check --diff-base origin/main
      only what is new since that commit
  edgelint check --format text --format sarif --output edge.sarif
      for people on the terminal, for code scanning in a file
"""

_PASSES = 10
"""How often fixes are made and looked for again: one may make another possible."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    from edgelint.report import formats

    parser.description, parser.epilog = DESCRIPTION, f"{EXAMPLES}\n{EXIT_CODES}"
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder, or `-` for standard input")
    parser.add_argument(
        "--input-format", metavar="INPUT", help="read every input as this format (default: told by its content)"
    )
    parser.add_argument("--git-tracked", action="store_true", help="read only files that git knows (for hooks)")
    fixing = parser.add_argument_group("fixes").add_mutually_exclusive_group()
    fixing.add_argument(
        "--fix", action="store_true", help="make the safe fixes in the JSON and YAML files that were read"
    )
    fixing.add_argument("--diff", action="store_true", help="print what --fix would change, and change nothing")
    output = parser.add_argument_group("output")
    output.add_argument(
        "--format",
        dest="outputs",
        action=_Output,
        default=[],
        metavar="FORMAT",
        help=f"{', '.join(formats())}; may be repeated, each with an --output of its own (default: text)",
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
        "--sarif-suppressed",
        action="store_true",
        help="SARIF also carries accepted findings, marked as suppressed (code scanning at GitHub shows them as open)",
    )
    output.add_argument(
        "--no-color", action="store_true", help="no colours; NO_COLOR and FORCE_COLOR are obeyed as well"
    )
    add_telling(output)
    choice = parser.add_argument_group("what is reported")
    choice.add_argument("--pedantic", action="store_true", help="also what is minor or not proven")
    choice.add_argument("--select", action="append", default=[], metavar="CHECK,...", help="only these checks")
    choice.add_argument("--ignore", action="append", default=[], metavar="CHECK,...", help="all but these checks")
    choice.add_argument("--baseline", metavar="FILE", help="only what is not in this file of `edgelint baseline write`")
    choice.add_argument("--diff-base", metavar="COMMIT", help="only what is new since a commit, told by check and rule")
    choice.add_argument("--fail-on", metavar="LEVEL", help="info, low, medium, high or critical (default: medium)")
    add_configuration(parser)


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


def run(options: argparse.Namespace) -> int:
    """Read, lint, report; the fixes in between where they are wanted."""
    from edgelint.repository import tracked
    from edgelint.run import lint

    pairs = outputs(options.outputs)
    only = tracked(Path.cwd()) if options.git_tracked else None
    config = configured(options, only)
    wishes = _wishes(options, config, only)
    paths = config.reads(options.paths)
    if options.diff_base:
        if "-" in paths:
            raise WrongCallError("what comes through standard input has no earlier version, --diff-base needs files")
        paths = [os.path.relpath(path) for path in paths]
    before = _before(options.diff_base, paths, wishes) if options.diff_base else None
    with Progress(options) as tell:
        report = lint(paths, wishes, sys.stdin.buffer.read, before, tell)
    for _ in range(_PASSES):
        if not options.fix or not _fixed(report):
            break
        report = lint(paths, wishes, sys.stdin.buffer.read, before)
    if options.diff_base:
        report = _anchored(report, options.diff_base)
    if options.diff:
        write(_difference(report))
        return _verdict(report, wishes)
    for name, file in pairs:
        if name != "text" or report.findings or not options.quiet:
            _deliver(replace(report, suppressed=options.sarif_suppressed), name, file, no_color=options.no_color)
    return _verdict(report, wishes)


def _before(commit: str, paths: Sequence[str], wishes: Wishes) -> tuple[Policy, ...]:
    """The policies that were in some files and folders below this one at a commit, under the names they have now."""
    from edgelint.readers import read
    from edgelint.repository import snapshot

    with snapshot(Path.cwd(), commit, paths) as copy, contextlib.chdir(copy):
        there = [path for path in paths if Path(path).exists()]
        return read(there, stdin=bytes, input_format=wishes.input_format).policies if there else ()


def _anchored(report: Report, commit: str) -> Report:
    """The report with its findings at lines that were changed since a commit, where there are any."""
    from edgelint.anchoring import anchored
    from edgelint.repository import changed_lines

    places = (
        place for one in report.findings for place in (one.place, *(other.subject.place for other in one.related))
    )
    files = {place.source.name for place in places if place.source.text}
    changed = changed_lines(Path.cwd(), commit, sorted(files))
    return replace(report, findings=anchored(report.findings, report.policies, changed))


def _fixed(report: Report) -> int:
    """Make the safe fixes of a report in the files they are for, and say so; how many files that were."""
    from edgelint.fixing import planned

    changes = [change for change in planned(report.findings) if change.source.name != "-"]
    for change in changes:
        path = Path(change.source.name)
        mark = codecs.BOM_UTF8 if path.read_bytes().startswith(codecs.BOM_UTF8) else b""
        try:
            path.write_bytes(mark + change.text.encode())
        except OSError as error:
            raise WrongCallError(f"{path}: {(error.strerror or 'cannot be written').lower()}") from error
        for fix in change.fixes:
            say(f"{path}: fixed: {fix.title}")
    return len(changes)


def _difference(report: Report) -> str:
    """What making the safe fixes of a report would change, as a unified diff."""
    from difflib import unified_diff

    from edgelint.fixing import planned
    from edgelint.report._safe import visible

    lines: list[str] = []
    for change in planned(report.findings):
        old, new = change.source.text.splitlines(), change.text.splitlines()
        lines += unified_diff(old, new, f"a/{change.source.name}", f"b/{change.source.name}", lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)


def _wishes(options: argparse.Namespace, config: Settings, tracked: frozenset[str] | None) -> Wishes:
    from edgelint.baseline import read as read_baseline
    from edgelint.finding import Severity
    from edgelint.run import Wishes

    levels = [severity.value for severity in Severity]
    return Wishes(
        select=names(options.select),
        ignore=names(options.ignore),
        pedantic=options.pedantic,
        fail_on=Severity(known(options.fail_on, levels, "level")) if options.fail_on else config.fail_on,
        topology=config.topology,
        ignores=config.ignores,
        baseline=read_baseline(Path(options.baseline)) if options.baseline else None,
        partial=bool(options.paths and config.include),
        tracked=tracked,
        input_format=options.input_format,
    )


def _deliver(report: Report, name: str, file: str, *, no_color: bool) -> None:
    """Render a report and write it where it belongs."""
    from edgelint.report import renderer

    report = _placed(report, name)
    if file == "-":
        report = replace(report, colour=colourful(sys.stdout, no_color=no_color))
    if report.policies or report.findings or name != "text" or file != "-":
        write_file(file, renderer(name)(report))


def _placed(report: Report, name: str) -> Report:
    """The report with what is known of the repository: its top, and for code scanning where it came from."""
    from edgelint import repository

    here = Path.cwd()
    report = replace(report, root=repository.top(here) or here)
    origin = repository.provenance(here) if name == "sarif" else None
    return replace(report, url=origin.url, commit=origin.commit) if origin else report


def _verdict(report: Report, wishes: Wishes) -> int:
    say_failures(report.failures)
    if report.failures:
        return WRONG
    if any(finding.severity >= wishes.fail_on for finding in report.findings):
        return FOUND
    if not report.policies and not report.findings:
        say("nothing to lint: no rule set was found")
        return NOTHING
    return CLEAN
