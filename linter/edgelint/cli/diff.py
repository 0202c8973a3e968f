"""`edgelint diff`: what changes in behaviour between two versions of a policy."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from edgelint.cli.arguments import CLEAN, FOUND, add_configuration, configured
from edgelint.cli.progress import Progress, add_telling
from edgelint.cli.terminal import say, write_file
from edgelint.record import replace

if TYPE_CHECKING:
    from edgelint.difference import Difference
    from edgelint.difference.sources import Pair
    from edgelint.model.topology import Topology

DESCRIPTION = """\
Says which requests are treated differently: newly blocked, no longer blocked, challenged, limited with another key or budget,
shaped, cached or sent elsewhere, each with a request that shows it. Reordering and rewriting without effect are no change.
OLD and NEW are files or folders, or COMMIT:PATH for what they were at a commit.
"""
EXIT_CODES = """\
exit codes:
  0  compared; with --fail-on, nothing of that kind changed
  1  something of the kind of --fail-on changed, or could not be decided
  2  wrong call or configuration, unreadable input, or a bug of edgelint

example:
  edgelint diff main:edge.json edge.json --fail-on widened
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.description, parser.epilog = DESCRIPTION, EXIT_CODES
    parser.add_argument("old", metavar="OLD", help="the earlier version")
    parser.add_argument("new", metavar="NEW", help="the later version")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="default: text")
    parser.add_argument("--output", default="-", metavar="FILE", help="where it goes (default: standard output)")
    parser.add_argument(
        "--fail-on",
        choices=("widened", "any"),
        help="exit with 1 when a rule has effect on requests it had not, or on any change in behaviour",
    )
    parser.add_argument("--input-format", metavar="NAME", help="read every input as this format")
    add_telling(parser)
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """Read both, compare, tell."""
    from edgelint.difference.sources import paired, policies

    config = configured(options)
    old, new = (policies(name, sys.stdin.buffer.read, options.input_format) for name in (options.old, options.new))
    with Progress(options) as tell:
        found = []
        for pair in paired(old, new, (options.old, options.new)):
            tell(f"{pair.name}: comparing")
            found.append((pair, _compared(pair, config.topology)))
    if not options.quiet or any(difference.changes for _, difference in found):
        write_file(options.output, _rendered(found, options.format))
    failing = [_fails(difference, options.fail_on) for _, difference in found]
    return FOUND if any(failing) else CLEAN


def _compared(pair: Pair, topology: Topology) -> Difference:
    """The difference of a pair; a policy that is on one side only is compared with one of no rules."""
    from edgelint.difference.comparison import compare

    one = pair.after or pair.before
    assert one is not None  # noqa: S101
    if pair.before is None or pair.after is None:
        say(f"{pair.name}: only in {'the later' if pair.after else 'the earlier'} version")
    empty = replace(one, phases=tuple(replace(phase, rules=()) for phase in one.phases))
    return compare(pair.before or empty, pair.after or empty, topology)


def _rendered(found: list[tuple[Pair, Difference]], form: str) -> str:
    from edgelint.difference import document, text
    from edgelint.report._markdown import markdown
    from edgelint.report._safe import dump, visible

    if form == "json":
        policies = [document.document(pair.name, difference) for pair, difference in found]
        return dump({"version": document.VERSION, "policies": policies})
    if form == "markdown":
        heads = [f"### {markdown(pair.name)}\n\n" if len(found) > 1 else "" for pair, _ in found]
        return "\n".join(head + text.review(difference) for head, (_, difference) in zip(heads, found, strict=True))
    heads = [f"{visible(pair.name)}\n\n" if len(found) > 1 else "" for pair, _ in found]
    return "\n".join(head + text.text(difference) for head, (_, difference) in zip(heads, found, strict=True))


def _fails(difference: Difference, fail_on: str | None) -> bool:
    if fail_on is None:
        return False
    changed = difference.widens if fail_on == "widened" else bool(difference.changes)
    return changed or bool(difference.undecided)
