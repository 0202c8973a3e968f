"""The long run: questions of all kinds in turn, until the time is up.

    python tests/oracles/run.py --minutes 60
    python tests/oracles/run.py --kinds solver-policies enumeration --minutes 10 --seed 7
    python tests/oracles/run.py --kinds enumeration --seed 1234 --rounds 1      # the round of a disagreement again

A table of what was asked goes to standard error every minute and to standard output at the end, each disagreement to standard
output as soon as it is met. The exit code is 1 when there was any.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:1] = [str(HERE.parents[1] / "linter"), str(HERE.parent)]  # what pytest is told by the project's settings

from oracles import enumeration, evaluation, laws, order, patterns, sampling, solver  # noqa: E402 - the path comes first
from oracles.asking import Disagreement, Kind, Tally, ask_round  # noqa: E402 - the path comes first

KINDS: dict[str, Kind] = {
    kind.name: kind
    for module in (evaluation, patterns, solver, enumeration, sampling, laws, order)
    for kind in module.KINDS
}
EVERY = 60
"""After how many seconds the table is shown again."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _arguments(arguments)
    tallies = {name: Tally(name) for name in options.kinds}
    shown = time.monotonic()
    for kind, number in _turns([KINDS[name] for name in options.kinds], options):
        ask_round(kind, number, tallies[kind.name], _tell)
        if time.monotonic() - shown > EVERY:
            shown = time.monotonic()
            sys.stderr.write(table(tallies.values()))
            sys.stderr.flush()
    sys.stdout.write(table(tallies.values()))
    return int(any(tally.disagreements for tally in tallies.values()))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = list(KINDS)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60, help="how long to ask (default: 60)")
    parser.add_argument("--rounds", type=int, help="how many rounds of each kind to ask instead")
    parser.add_argument("--kinds", nargs="+", choices=names, default=names, metavar="KIND", help=", ".join(names))
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first round (default: 0)")
    return parser.parse_args(arguments)


def _turns(kinds: Sequence[Kind], options: argparse.Namespace) -> Iterator[tuple[Kind, int]]:
    """The kinds that can be asked here, over and over, with the seed of each round."""
    for kind in kinds:
        if kind.missing:
            sys.stderr.write(f"{kind.name} is left out: {kind.missing}\n")
    able = [kind for kind in kinds if not kind.missing]
    end = time.monotonic() + 60 * options.minutes
    rounds = itertools.count() if options.rounds is None else range(options.rounds)
    for number in rounds if able else ():
        for kind in able:
            if options.rounds is None and time.monotonic() > end:
                return
            yield kind, options.seed + number


def _tell(disagreement: Disagreement) -> None:
    """Say where two answers differ, and how to ask again."""
    again = f"--kinds {disagreement.kind} --seed {disagreement.seed} --rounds 1"
    sys.stdout.write(f"DISAGREEMENT {again}\n{disagreement.text}\n\n")
    sys.stdout.flush()


def table(tallies: Iterable[Tally]) -> str:
    """What was asked and what came of it, a line for each kind, and why sides did not know."""
    lines = [_line("kind", "questions", "agreed", "undecided", "unknown", "disagreed", "seconds")]
    reasons: list[str] = []
    for one in tallies:
        open_ones = one.undecided.total(), one.unknown.total()
        lines.append(_line(one.kind, one.asked, one.agreed, *open_ones, len(one.disagreements), round(one.seconds)))
        for side, found in (("undecided", one.undecided), ("unknown", one.unknown)):
            reasons += [f"  {one.kind} {side} {count}: {reason}" for reason, count in found.most_common(5)]
    return "\n".join([*lines, *reasons, ""])


def _line(name: str, *cells: object) -> str:
    return f"{name:20}" + "".join(f"{cell:>11}" for cell in cells)


if __name__ == "__main__":
    sys.exit(main())
