"""One process of `measure.py`: takes a policy through a part of the pipeline and says, lap by lap, what that cost.

    python benchmarks/stages.py pairs policy.json 120

Each line it prints is JSON. A lap is named when it begins, and when it ends together with its `seconds` of processor time and
with what a question `found`, or with why it was `stopped`: it took more time than the limit, or more memory than half of the
machine's. A question that is stopped keeps no other from being asked; without what they all rest on, nothing more is.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from answer import listed
from generate import generate

if TYPE_CHECKING:
    from families import Found

    from edgelint.facts import Facts
    from edgelint.model.policy import Policy

# The package is imported where it is used: its import is a lap, too.

Result = TypeVar("Result")


class Stopped(BaseException):
    """The time of a lap is over. Not an Exception: nothing in between is to take it for a failure of its own."""


class Clock:
    """Times laps and ends those that take more than `limit` seconds of processor time."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        signal.signal(signal.SIGPROF, self._stop)

    def lap(self, name: str, work: Callable[[], Result], count: Callable[[Result], int] | None = None) -> Result:
        """The result of some work, whose cost is printed, and how much it is where that can be counted. Raises Stopped."""
        result, cost = self._timed(name, work)
        say(name, seconds=cost, **({"found": (count(result), None, 0)} if count else {}))
        return result

    def ask(self, name: str, work: Callable[[], Found]) -> None:
        """Print what some work finds, and its cost."""
        try:
            found, cost = self._timed(name, work)
        except Stopped:
            return
        say(name, seconds=cost, found=found)

    def _timed(self, name: str, work: Callable[[], Result]) -> tuple[Result, float]:
        say(name)
        start = time.thread_time()  # the clock of the process goes in milliseconds while a timer of it runs
        try:
            signal.setitimer(signal.ITIMER_PROF, self.limit, 0.5)  # repeated: what a destructor raises is lost
            try:
                result = work()
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
        except (Stopped, MemoryError) as end:
            say(name, stopped="memory" if isinstance(end, MemoryError) else "time")
            raise Stopped from None
        return result, time.thread_time() - start

    @staticmethod
    def _stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped


def say(name: str, **what: object) -> None:
    """Print what there is to say of a lap."""
    print(json.dumps({"name": name, **what}), flush=True)


def unreached(names: Iterable[str]) -> None:
    """Say that some laps were not begun, which holds until more is said of them."""
    for name in names:
        say(name, stopped="-")


def start_up() -> None:
    """Import all that a check of one rule needs, and let it build what is built once."""
    from edgelint import run
    from edgelint.report import renderer

    policy, _ = generate(1, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "policy.json")
        file.write_text(json.dumps(policy), encoding="utf-8")
        renderer("sarif")(run.lint([str(file)], run.Wishes(), bytes))


def read(file: str) -> Policy:
    """The policy in a file."""
    from edgelint import readers

    return readers.read([file], stdin=bytes).policies[0]


def understood(policy: Policy) -> Facts:
    """The facts of a policy with the region of every rule."""
    from edgelint.facts import Facts

    facts = Facts(policy)
    for rule in facts.active():
        facts.live(rule)
    return facts


def index(facts: Facts) -> None:
    """Build what finds the rules that overlap."""
    for phase in facts.policy.phases:
        facts.sharing(phase, facts.meaning.space.nothing)


def questions(file: str, clock: Clock, group: str) -> None:
    """From the file to the answers of a group of questions."""
    try:
        clock.lap("start-up", start_up)
    finally:
        from families import FAMILIES, Case

        families = FAMILIES[group]
        unreached(["read and parse", "meaning", "index", *families])
    policy = clock.lap("read and parse", lambda: read(file))
    facts = clock.lap("meaning", lambda: understood(policy), count=lambda facts: len(facts.active()))
    clock.lap("index", lambda: index(facts))
    case = Case(facts)
    for name, family in families.items():
        clock.ask(name, partial(family, case))


def parsing(file: str, clock: Clock) -> None:
    """The language alone: each rule's text to its model."""
    start_up()
    from edgelint.languages.p2pstream import compile_match

    texts = [rule["matchRule"]["celExpression"] for rule in listed(json.loads(Path(file).read_bytes()))]
    clock.lap("parse", lambda: [compile_match(text) for text in texts])


def checks(file: str, clock: Clock) -> None:
    """Each check in turn. What one has computed about the policy serves those after it."""
    start_up()
    from families import Found

    from edgelint import run

    facts = understood(read(file))
    index(facts)
    for name in run.check_names():
        check = run.check_of(name)
        clock.ask(name, lambda: Found(len(list(check(facts)))))  # noqa: B023 - called at once


def report(file: str, clock: Clock) -> None:
    """The findings of all checks as SARIF."""
    start_up()
    from edgelint import run
    from edgelint.report import renderer

    lint, render = "all checks, from file to findings", "report (SARIF)"
    unreached([lint, render])
    found = clock.lap(lint, lambda: run.lint([file], run.Wishes(), bytes))
    clock.lap(render, lambda: renderer("sarif")(found))


STAGES: dict[str, Callable[[str, Clock], None]] = {
    "rules": partial(questions, group="rules"),
    "pairs": partial(questions, group="pairs"),
    "unions": partial(questions, group="unions"),
    "sample": partial(questions, group="sample"),
    "parsing": parsing,
    "checks": checks,
    "report": report,
}


def main() -> None:
    """Run the stage that is named, on a file, with a limit."""
    stage, file, limit = sys.argv[1:]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        STAGES[stage](file, Clock(float(limit)))
    except Stopped:
        return


if __name__ == "__main__":
    main()
