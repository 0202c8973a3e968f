"""`edgelint test`: assertions proved or refuted, and example requests tried."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from edgelint.cli.arguments import CLEAN, FOUND, NOTHING, WrongCallError, add_configuration, configured
from edgelint.cli.progress import Progress, add_telling
from edgelint.cli.terminal import say, write_file

if TYPE_CHECKING:
    from edgelint.config import Settings
    from edgelint.model.example import Example
    from edgelint.model.policy import Policy
    from edgelint.proving.outcome import Outcome

DESCRIPTION = """\
Proves the `assertions` of the configuration for every request they are about, or refutes them with one, and tries the example
requests of the files under `tests`. It also says which rules no example reaches.
"""
EXIT_CODES = """\
exit codes:
  0  all assertions are proved, all examples come to what is expected
  1  something is refuted, undecided, or comes to something else
  2  wrong call or configuration, unreadable input, or a bug of edgelint
  3  nothing to test
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.description, parser.epilog = DESCRIPTION, EXIT_CODES
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a file or folder with rules (default: what the configuration includes)",
    )
    parser.add_argument(
        "--examples",
        action="append",
        default=[],
        metavar="FILE",
        help="these example requests, not those of the configuration; may be repeated",
    )
    parser.add_argument("--format", choices=("text", "json", "junit"), default="text", help="default: text")
    parser.add_argument("--output", default="-", metavar="FILE", help="where it goes (default: standard output)")
    add_telling(parser)
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """Read, prove, try, tell."""
    from edgelint.config.examples import load
    from edgelint.proving import outcome

    config = configured(options)
    policies = _policies(config.reads(options.paths))
    files = options.examples or config.tested()
    examples = [example for file in files for example in load(Path(file))]
    if not policies or not (config.assertions or examples):
        say(
            "nothing to test: "
            + ("no rule set was found" if not policies else "there are no assertions and no examples")
        )
        return NOTHING
    with Progress(options) as tell:
        found = [_tested(policy, config, own, tell) for policy, own in _assigned(policies, examples)]
    render = {"text": outcome.text, "json": outcome.document, "junit": outcome.junit}[options.format]
    code = CLEAN if all(one.holds for one in found) else FOUND
    if code or not options.quiet:
        write_file(options.output, render(found))
    return code


def _policies(paths: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of some paths. One that was not read whole is refused: a proof would be about something else."""
    from edgelint.readers import read

    reading = read(list(paths), stdin=sys.stdin.buffer.read)
    for problem in (*reading.problems, *(one for policy in reading.policies for one in policy.problems)):
        if problem.kind != "unknown-field":
            where = problem.place.location().spot()
            raise WrongCallError(f"{where}: {problem.message}; correct that first, nothing can be proved before")
    return reading.policies


def _assigned(policies: Sequence[Policy], examples: Sequence[Example]) -> list[tuple[Policy, list[Example]]]:
    """The examples of each policy: of the one that their file names, or of the only one there is."""
    owners = {name: policy for policy in policies for name in (policy.name, *policy.files)}
    own: dict[str, list[Example]] = {policy.name: [] for policy in policies}
    for example in examples:
        policy = owners.get(example.policy) if example.policy else policies[0] if len(policies) == 1 else None
        if policy is None:
            path = example.place.source.name
            what = (
                f"names no rule set that was read: `{example.policy}`" if example.policy else "should name its `policy`"
            )
            raise WrongCallError(f"{path}: {what}, there is {', '.join(own)}")
        own[policy.name].append(example)
    return [(policy, own[policy.name]) for policy in policies]


def _tested(policy: Policy, config: Settings, examples: Sequence[Example], tell: Progress) -> Outcome:
    from edgelint.facts import Facts
    from edgelint.proving.examples import tried, unreached
    from edgelint.proving.outcome import Outcome
    from edgelint.proving.proofs import prove

    facts = Facts(policy, config.topology)
    proofs = []
    for assertion in config.assertions:
        tell(f"{policy.name}: {assertion.name}")
        proofs.append(prove(facts, assertion))
    tell(f"{policy.name}: {len(examples)} examples")
    trials = tuple(tried(policy, example) for example in examples)
    return Outcome(policy, tuple(proofs), trials, unreached(policy, trials) if trials else ())
