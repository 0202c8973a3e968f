"""Readers, facts and checks made by hand, so that the pipeline and the command line are tested without the real ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType

import pytest

from edgelint import readers, run
from edgelint.finding import Finding
from edgelint.model.policy import Policy, Problem
from edgelint.model.topology import Topology
from edgelint.report import formats, renderer

for name in formats():
    renderer(name)  # whatever they are made of is loaded before a part of it is replaced


@dataclass(frozen=True)
class Reading:
    """What the stub of the readers answers."""

    policies: tuple[Policy, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What the stubs of checks are given."""

    policy: Policy
    topology: Topology
    before: Policy | None = None


class InputError(Exception):
    """What the readers raise when the user named something that cannot be read."""


@dataclass
class Pipeline:
    """What is read and what the checks say; `asked` holds what the readers were asked for."""

    reading: Reading = field(default_factory=Reading)
    checks: dict[str, Callable[[Facts], Iterable[Finding]]] = field(default_factory=dict)
    asked: list[tuple[tuple[str, ...], str | None]] = field(default_factory=list)
    stdin: bytes = b""
    tracked: frozenset[str] | None = None
    error: str = ""

    def read(
        self,
        paths: Iterable[str],
        *,
        stdin: Callable[[], bytes],
        input_format: str | None = None,
        tracked: frozenset[str] | None = None,
    ) -> Reading:
        """Stand in for `edgelint.readers.read`."""
        self.asked.append((tuple(paths), input_format))
        self.tracked = tracked
        if self.error:
            raise InputError(self.error)
        if "-" in self.asked[-1][0]:
            self.stdin = stdin()
        return self.reading

    def says(self, check: str, *findings: Finding, error: Exception | None = None) -> None:
        """Let a check report findings, and then break if an error is given."""

        def found(_facts: Facts) -> Iterator[Finding]:
            yield from findings
            if error:
                raise error

        self.checks[check] = found


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A pipeline whose ends are stubs."""
    stubs = Pipeline()
    facts = ModuleType("edgelint.facts")
    monkeypatch.setattr(facts, "Facts", Facts, raising=False)
    monkeypatch.setattr(facts, "steps_for", lambda policy: 1000, raising=False)
    monkeypatch.setitem(sys.modules, "edgelint.facts", facts)
    monkeypatch.setattr(readers, "read", stubs.read, raising=False)
    monkeypatch.setattr(readers, "InputError", InputError, raising=False)
    monkeypatch.setattr(run, "check_names", lambda: tuple(sorted(stubs.checks)))
    monkeypatch.setattr(run, "check_of", stubs.checks.__getitem__)
    return stubs
