"""One file for each output format: findings in, text out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from edgelint.catalog import Page
from edgelint.finding import Accepted, Finding
from edgelint.model.policy import Policy, Problem
from edgelint.model.topology import Topology
from edgelint.record import field, record
from edgelint.resources import modules


@record
class Failure:
    """A check, or another part of ours, that broke on a policy: a bug of ours, in one line."""

    part: str
    policy: str
    error: str


@record
class Report:
    """All there is to say after a run.

    `findings` are sorted, and only those to be shown: `hidden` counts the ones that a stricter view would add,
    `accepted` are those that the user accepted, which
    SARIF carries with `suppressed` only. `topology` is what surrounds the policies, as far as it is declared. `problems` are what was not understood and is not among the findings. `root` is the
    folder that paths are relative to in machine-readable formats, `url` and `commit` where it came from, empty when unknown.
    """

    version: str
    policies: tuple[Policy, ...]
    findings: tuple[Finding, ...]
    pages: Mapping[str, Page]
    topology: Topology = field(default_factory=Topology)
    hidden: int = 0
    accepted: tuple[Accepted, ...] = ()
    suppressed: bool = False
    problems: tuple[Problem, ...] = ()
    failures: tuple[Failure, ...] = ()
    colour: bool = False
    root: Path = Path()
    url: str = ""
    commit: str = ""


def formats() -> tuple[str, ...]:
    """The names of the output formats, sorted: the modules of this folder."""
    return modules("report")


def renderer(name: str) -> Callable[[Report], str]:
    """What turns a report into the text of a format."""
    render: Callable[[Report], str] = import_module(f"edgelint.report.{name}").render
    return render
