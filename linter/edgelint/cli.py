"""The command line: arguments in, exit code out; the only place that prints or exits."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from edgelint.arguments import WrongCallError, known, names, outputs, parser
from edgelint.record import replace

if TYPE_CHECKING:
    from edgelint.config import Settings
    from edgelint.model.policy import Policy
    from edgelint.report import Report
    from edgelint.run import Wishes

# Modules are imported where they are used: `edgelint --version` and a hook with nothing to do should feel instant.

_PASSES = 10
"""How often fixes are made and looked for again: one may make another possible."""

CLEAN, FOUND, WRONG, NOTHING, INTERRUPTED = 0, 1, 2, 3, 130


def command() -> NoReturn:
    """Run the command line and end the process: what a run has built goes with it, taking it apart takes a tenth of the time."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    gc.set_threshold(
        50_000
    )  # a run is short and leaves little garbage: looking for it less often saves a tenth of the time
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a person is never shown a traceback
        _say(_last_words(error))
        return WRONG


def _run(arguments: Sequence[str] | None) -> int:
    options = parser().parse_args(arguments)
    if options.command == "check":
        return _check(options)
    if options.command == "explain":
        return _explain(options.name)
    if options.command == "rules":
        return _rules()
    _write(f"{parser().format_help()}\n")
    return WRONG


def _last_words(error: Exception) -> str:
    """One line on what went wrong: the user's mistake in its own words, anything else as a bug of ours."""
    from edgelint.config import ConfigError
    from edgelint.repository import RepositoryError

    if isinstance(error, WrongCallError | ConfigError | RepositoryError):
        return str(error)
    return f"internal error, please report it: {type(error).__name__}: {error}"


# check


def _check(options: argparse.Namespace) -> int:
    from edgelint.config import settings
    from edgelint.readers import InputError
    from edgelint.run import lint

    pairs = outputs(options.outputs)
    config = settings(Path.cwd(), Path(options.config) if options.config else None, isolated=options.isolated)
    wishes = _wishes(options, config)
    paths = options.paths or (config.included() if config.include else ["."])
    if options.diff_base:
        if "-" in paths:
            raise WrongCallError("what comes through standard input has no earlier version, --diff-base needs files")
        paths = [os.path.relpath(path) for path in paths]
    try:
        before = _before(options.diff_base, paths, wishes) if options.diff_base else None
        report = lint(paths, wishes, sys.stdin.buffer.read, before)
        for _ in range(_PASSES):
            if not options.fix or not _fixed(report):
                break
            report = lint(paths, wishes, sys.stdin.buffer.read, before)
    except InputError as error:
        raise WrongCallError(str(error)) from error
    if options.diff:
        _write(_difference(report))
        return _verdict(report, wishes)
    for name, file in pairs:
        _deliver(report, name, file, no_color=options.no_color)
    return _verdict(report, wishes)


def _before(commit: str, paths: Sequence[str], wishes: Wishes) -> tuple[Policy, ...]:
    """The policies that were in some files and folders below this one at a commit, under the names they have now."""
    from edgelint.readers import read
    from edgelint.repository import snapshot

    with snapshot(Path.cwd(), commit, paths) as copy, contextlib.chdir(copy):
        there = [path for path in paths if Path(path).exists()]
        return read(there, stdin=bytes, input_format=wishes.input_format).policies if there else ()


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
            _say(f"{path}: fixed: {fix.title}")
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


def _wishes(options: argparse.Namespace, config: Settings) -> Wishes:
    from edgelint.finding import Severity
    from edgelint.repository import tracked
    from edgelint.run import Wishes

    levels = [severity.value for severity in Severity]
    return Wishes(
        select=names(options.select),
        ignore=names(options.ignore),
        pedantic=options.pedantic,
        fail_on=Severity(known(options.fail_on, levels, "level")) if options.fail_on else config.fail_on,
        topology=config.topology,
        ignores=config.ignores,
        partial=bool(options.paths and config.include),
        tracked=tracked(Path.cwd()) if options.git_tracked else None,
        input_format=options.input_format,
    )


def _deliver(report: Report, name: str, file: str, *, no_color: bool) -> None:
    """Render a report and write it where it belongs."""
    from edgelint.report import renderer

    if name == "sarif":
        report = _placed(report)
    empty = not report.policies and not report.findings
    if file == "-":
        if name != "text" or not empty:
            _write(renderer(name)(replace(report, colour=_colourful(sys.stdout, no_color=no_color))))
        return
    try:
        Path(file).write_text(renderer(name)(report), encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise WrongCallError(f"{file}: {(error.strerror or 'cannot be written').lower()}") from error


def _placed(report: Report) -> Report:
    """The report with what code scanning wants to know of the repository."""
    from edgelint import repository

    here = Path.cwd()
    origin = repository.provenance(here)
    root = repository.top(here) or here
    return replace(report, root=root, url=origin.url, commit=origin.commit) if origin else replace(report, root=root)


def _verdict(report: Report, wishes: Wishes) -> int:
    for failure in report.failures:
        _say(f"internal error in `{failure.part}` on {failure.policy}, please report it: {failure.error}")
    if report.failures:
        return WRONG
    if any(finding.severity >= wishes.fail_on for finding in report.findings):
        return FOUND
    if not report.policies and not report.findings:
        _say("nothing to lint: no rule set was found")
        return NOTHING
    return CLEAN


# explain, rules


def _explain(name: str) -> int:
    from edgelint import catalog
    from edgelint.explain import explained

    page = catalog.page(known(name, catalog.names(), "check"))
    _write(explained(page, _colourful(sys.stdout, no_color=False)))
    return CLEAN


def _rules() -> int:
    from edgelint import catalog

    rows = [
        (page.name, page.family, page.severity.value, " ".join(page.needs), page.title)
        for page in catalog.pages().values()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [text.ljust(size) for text, size in zip(row, widths, strict=False)]
        _write("  ".join([*cells, row[4]]) + "\n")
    return CLEAN


# Writing


def _colourful(stream: TextIO, *, no_color: bool) -> bool:
    """Whether to use colours: NO_COLOR wins over FORCE_COLOR, and both over what the stream is."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _write(text: str) -> None:
    """Print text, whatever the terminal's encoding, and whether or not somebody still reads it."""
    try:
        sys.stdout.write(_encodable(text, sys.stdout))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away, as `head` does; what is left, and the flush at exit, goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    """Tell the user something that is not a result, on one line."""
    from edgelint.report._safe import visible

    try:
        sys.stderr.write(_encodable(f"edgelint: {visible(text)}\n", sys.stderr))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _encodable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
