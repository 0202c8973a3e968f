"""The comparison of two versions of a policy, phase by phase and rule by rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from edgelint.difference import Change, Difference
from edgelint.difference.asking import Asking
from edgelint.difference.counting import counted
from edgelint.difference.deciding import decided, under_load
from edgelint.difference.destinations import rerouted
from edgelint.difference.edits import edits
from edgelint.difference.pairing import Pairing
from edgelint.difference.versions import aligned
from edgelint.facts import together
from edgelint.model.policy import Policy
from edgelint.model.topology import Topology
from edgelint.space.limits import WORK

_STEPS, _STEPS_PER_RULE = 6_000_000, 6_000
"""How many steps of searching a comparison may take, some seconds; what is left then stays undecided."""


def compare(before: Policy, after: Policy, topology: Topology | None = None) -> Difference:
    """What changes in behaviour from one version of a policy to another, of one platform."""
    with WORK.allowance(_STEPS + _STEPS_PER_RULE * (len(before.rules) + len(after.rules))):
        asking = Asking(Pairing(*together([aligned(before, after), after], topology)))
        changes = tuple(chain(_changes(asking), rerouted(asking)))
        return Difference(tuple(edits(asking)), changes, tuple(asking.undecided))


def _changes(asking: Asking) -> Iterator[Change]:
    for old, new in asking.pairing.phases:
        if new.algorithm == "first_match":
            yield from decided(asking, old, new)
            yield from under_load(asking, new)
        else:
            yield from counted(asking, old, new)
