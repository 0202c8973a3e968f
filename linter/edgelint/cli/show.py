"""`edgelint show`: what each rule really catches."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from edgelint.cli.arguments import CLEAN, NOTHING, add_configuration, configured, known
from edgelint.cli.terminal import colourful, say, write

if TYPE_CHECKING:
    from edgelint.config import Settings
    from edgelint.facts import Facts
    from edgelint.model.policy import Policy, Problem, Rule
    from edgelint.showing import Look

DESCRIPTION = """\
Shows what each rule of a rule set really catches: in words, less what earlier rules take, which routes that touches, what is
counted by what, and a request for each. Or how the rules overlap, as a graph.
"""

_NARROWEST, _USUAL = 60, 100

_Made = TypeVar("_Made")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.description = DESCRIPTION
    parser.add_argument("paths", nargs="+", metavar="POLICY", help="a file, a folder, or `-` for standard input")
    parser.add_argument("--input-format", metavar="NAME", help="read every input as this format")
    choice = parser.add_argument_group("what is shown")
    choice.add_argument("--phase", metavar="NAME", help="only the rules of one phase")
    choice.add_argument("--rule", metavar="PHASE/NAME", help="only this rule, and in a graph those it meets")
    output = parser.add_argument_group("output")
    what = output.add_mutually_exclusive_group()
    what.add_argument("--format", default="text", metavar="FORMAT", help="text, json or markdown (default: text)")
    what.add_argument("--graph", metavar="FORMAT", help="the overlaps of rules instead: text, dot, mermaid or json")
    output.add_argument(
        "--no-color", action="store_true", help="no colours; NO_COLOR and FORCE_COLOR are obeyed as well"
    )
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """Read the policies and show them."""
    from edgelint import showing
    from edgelint.readers import read

    kinds = showing.graph_formats() if options.graph else showing.formats()
    form = known(options.graph or options.format, kinds, "format")
    settings = configured(options)
    reading = read(options.paths, stdin=sys.stdin.buffer.read, input_format=options.input_format)
    _complain([*reading.problems, *(problem for policy in reading.policies for problem in policy.problems)])
    if not reading.policies:
        say("nothing to show: no rule set was found")
        return NOTHING
    look = showing.Look(colourful(sys.stdout, no_color=options.no_color), _width())
    chosen = _chosen(reading.policies, options)
    facts = list(_known(reading.policies, settings))
    write(_graphs(facts, chosen, form, look) if options.graph else _overviews(facts, chosen, form, look))
    return CLEAN


def _width() -> int:
    """The width of the terminal, or what is usual where there is none."""
    from shutil import get_terminal_size

    return max(_NARROWEST, get_terminal_size((_USUAL, 0)).columns)


def _known(policies: Iterable[Policy], settings: Settings) -> Iterator[Facts]:
    """The facts of each policy."""
    from edgelint.facts import Facts
    from edgelint.space.limits import Unbounded

    for policy in policies:
        try:
            yield Facts(policy, settings.topology)
        except Unbounded as limit:
            say(f"{policy.name}: {limit.reason}")


def _overviews(facts: Iterable[Facts], chosen: Collection[Rule] | None, form: str, look: Look) -> str:
    from edgelint.picture.overview import overview
    from edgelint.showing import renderer

    return renderer(form)([_allowed(one, lambda one: overview(one, chosen)) for one in facts], look)


def _graphs(facts: Iterable[Facts], chosen: Collection[Rule] | None, form: str, look: Look) -> str:
    from edgelint.picture.graph import graph
    from edgelint.showing import Drawn, graph_renderer

    drawn = [Drawn(one.policy.name, _allowed(one, lambda one: graph(one, chosen))) for one in facts]
    for one in drawn:
        if one.graph.unfinished:
            say(f"{one.name}: there may be more overlaps: {one.graph.unfinished}")
    return graph_renderer(form)(drawn, look)


def _allowed(facts: Facts, make: Callable[[Facts], _Made]) -> _Made:
    """What is made of facts with as much searching as a policy of their size may have."""
    from edgelint.facts import steps_for
    from edgelint.space.limits import WORK

    with WORK.allowance(steps_for(facts.policy)):
        return make(facts)


def _complain(problems: Iterable[Problem]) -> None:
    """Say what could not be read."""
    from edgelint.report._places import Places
    from edgelint.report._words import where

    places = Places()
    for problem in problems:
        if problem.kind != "unknown-field":
            say(f"{where(places.location(problem.place))}: {problem.message}")


def _chosen(policies: Iterable[Policy], options: argparse.Namespace) -> frozenset[Rule] | None:
    """The rules that are asked for, None for all."""
    if not options.phase and not options.rule:
        return None
    phases = list(dict.fromkeys(phase.name for policy in policies for phase in policy.phases))
    if options.phase:
        known(options.phase, phases, "phase")
    rules = [rule for policy in policies for rule in policy.rules if options.phase in (None, rule.phase)]
    if options.rule:
        known(options.rule, [word for rule in rules for word in _words(rule)], "rule")
        rules = [rule for rule in rules if options.rule in _words(rule)]
    return frozenset(rules)


def _words(rule: Rule) -> tuple[str, ...]:
    return f"{rule.phase}/{rule.name}", f"{rule.phase}/{rule.id}"
