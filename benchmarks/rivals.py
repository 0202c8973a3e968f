"""The same questions about the same rules, asked of edgelint and of its nearest peers, side by side.

    python benchmarks/rivals.py
    python benchmarks/rivals.py --nca-python ../nca/bin/python --limit 300

The rules are those of a generated policy that look at nothing but host, path, method and address, planted ones included. The
questions: does a rule share a request with another (each pair), and do the rules before it leave it nothing (each rule). The
peers: NP-Guard's NCA (sets of hypercubes over minimal automata) on 5 to 40 rules, the solver cvc5 (theory of strings) on 5 to
80. Times are seconds of processor time from the rules in memory to the last answer, imports and parsing aside; ours are the
median of five processes. What takes longer than the limit is ended, what was answered until then is compared all the same,
and more rules are not tried. `open` are our undecided answers, `open there` the peer's and those it did not reach. The exit
code is 1 if answers differ.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import DEVNULL

from answer import listed
from generate import generate
from stopwatch import fresh, median, ratio, seconds, table
from subset import Condition, Inexpressible, condition

from edgelint.languages.p2pstream import compile_match

HERE = Path(__file__).resolve().parent
QUESTIONS = ("overlap", "shadowing")
CEL, CONDITION = 0, 1
HEAD = ["question", "rules", "peer", "seconds", "edgelint", "times", "asked", "yes", "open", "open there", "differ"]


@dataclass(frozen=True)
class Contender:
    """Somebody to ask: what imports it, the script that asks it, the form of rule it takes, and numbers of rules to try."""

    name: str
    script: str
    form: int
    needs: str
    sizes: tuple[int, ...] = ()
    python: str = sys.executable

    @property
    def present(self) -> bool:
        """Whether it is installed."""
        return not subprocess.run([self.python, "-c", f"import {self.needs}"], check=False, stderr=DEVNULL).returncode


OURS = Contender("edgelint", "ask_edgelint.py", CEL, "edgelint")
PEERS = (
    Contender("NCA", "ask_nca.py", CONDITION, "nca", (5, 10, 20, 40)),
    Contender("cvc5", "ask_cvc5.py", CEL, "cvc5.pythonic", (5, 10, 20, 40, 80)),
)


@dataclass(frozen=True)
class Outcome:
    """The answers of a contender in the order of the rules, None where open; seconds; whether it was ended before the end."""

    answers: list[bool | None]
    seconds: float
    stopped: bool


def rules(most: int, seed: int) -> list[tuple[str, Condition]]:
    """Rules of a policy that every contender can express, as CEL and as conditions, in the order of their priority."""
    policy, _ = generate(2 * most, seed)
    found = []
    for rule in sorted(listed(policy), key=lambda rule: int(rule["priority"])):
        text = rule["matchRule"]["celExpression"]
        with contextlib.suppress(Inexpressible):
            found.append((text, condition(compile_match(text).expression)))
    return found[:most]


def ask(who: Contender, question: str, rules: Sequence[tuple[str, Condition]], limit: float) -> Outcome:
    """What a contender answers."""
    task = json.dumps({"question": question, "rules": [rule[who.form] for rule in rules]})
    run = fresh([who.python, str(HERE / who.script)], limit=limit, text=task)
    if run.code and not run.stopped:
        raise SystemExit(f"{who.script} ended with {run.code}")
    lines = [json.loads(line) for line in run.lines]
    answers = [answer for line in lines for answer in line["answers"]]
    asked = len(rules) if question == "shadowing" else len(rules) * (len(rules) - 1) // 2
    spent = limit if run.stopped else lines[-1]["seconds"]
    return Outcome(answers + [None] * (asked - len(answers)), spent, run.stopped)


def duel(peer: Contender, question: str, rules: Sequence[tuple[str, Condition]], limit: float) -> Iterator[list[str]]:
    """The rows of a question asked of a peer and of us, on more and more rules until it takes too long."""
    for size in peer.sizes:
        print(f"{question} of {size} rules: edgelint and {peer.name}", file=sys.stderr)
        outcomes = [ask(OURS, question, rules[:size], limit) for _ in range(5)]
        mine = replace(outcomes[0], seconds=median([outcome.seconds for outcome in outcomes]))
        theirs = ask(peer, question, rules[:size], limit)
        yield [question, str(size), peer.name, *row(mine, theirs)]
        if theirs.stopped:
            return


def row(mine: Outcome, theirs: Outcome) -> list[str]:
    """What two contenders took, and how their answers compare."""
    beyond = "> " if theirs.stopped else ""
    both = zip(mine.answers, theirs.answers, strict=True)
    differ = sum(None not in pair and pair[0] != pair[1] for pair in both)
    counts = len(mine.answers), mine.answers.count(True), mine.answers.count(None), theirs.answers.count(None), differ
    times = beyond + seconds(theirs.seconds), seconds(mine.seconds), beyond + ratio(theirs.seconds, mine.seconds)
    return [*times, *map(str, counts)]


def main() -> int:
    """Ask, print the table, and tell by the exit code whether all agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nca-python", default=sys.executable, help="a Python that has NCA (default: this one)")
    parser.add_argument("--limit", type=float, default=120, help="seconds for a contender's answers (default: 120)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the policy (default: 1)")
    options = parser.parse_args()
    peers = [replace(peer, python=options.nca_python) if peer.name == "NCA" else peer for peer in PEERS]
    for peer in peers:
        if not peer.present:
            print(f"{peer.name} is left out: {peer.python} cannot import it (dependency group `benchmarks`)")
    given = rules(max(max(peer.sizes) for peer in peers), options.seed)
    rows = [
        found
        for peer in peers
        if peer.present
        for question in QUESTIONS
        for found in duel(peer, question, given, options.limit)
    ]
    print(table([HEAD, *rows]))
    return int(any(found[-1] != "0" for found in rows))


if __name__ == "__main__":
    sys.exit(main())
