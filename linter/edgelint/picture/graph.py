"""The overlap graph of rules: who meets whom, in which group, and how deep in the order."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from edgelint.facts import Facts
from edgelint.model.policy import Rule
from edgelint.picture.overlaps import Overlap, Overlaps
from edgelint.record import record
from edgelint.space.limits import Unbounded


@record(eq=False)
class Node:
    """A rule of the graph, the `place`-th of the enabled rules of its phase; `dead` where earlier rules leave it no request.

    `cluster` numbers the groups of its phase that have no overlap with one another, from 0. `level` is how many overlaps lead
    to it at most, one behind the other: where a drawing may put it.
    """

    rule: Rule
    place: int
    cluster: int
    level: int
    dead: bool


@record(eq=False)
class Graph:
    """Rules and their overlaps. Nodes stand by phase, cluster, level and order; edges by their rules.

    `unfinished` says why there may be more edges, empty where these are all.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Overlap, ...]
    unfinished: str = ""


def graph(facts: Facts, chosen: Collection[Rule] | None = None) -> Graph:
    """The graph of all enabled rules, or of some and those they meet."""
    asked = [rule for rule in facts.active() if chosen is None or rule in chosen]
    edges: dict[Overlap, None] = {}
    unfinished = ""
    try:
        for rule in asked:
            edges.update(dict.fromkeys(facts.once(Overlaps).of(rule)))
    except Unbounded as limit:
        unfinished = limit.reason
    met = {*asked, *(rule for one in edges for rule in (one.earlier, one.later))}
    rules = tuple(rule for rule in facts.active() if rule in met)
    place = {rule: at for at, rule in enumerate(rules)}
    ordered = tuple(sorted(edges, key=lambda one: (place[one.earlier], place[one.later])))
    return Graph(_arranged(facts, rules, ordered), ordered, unfinished)


def _dead(facts: Facts, rule: Rule) -> bool:
    try:
        return facts.effective(rule).answer.no
    except Unbounded:
        return False


def _arranged(facts: Facts, rules: tuple[Rule, ...], edges: Iterable[Overlap]) -> tuple[Node, ...]:
    import networkx as nx  # type: ignore[import-untyped]  # late: it takes longer to import than most policies to read

    found = nx.DiGraph()
    found.add_nodes_from(rules)
    found.add_edges_from((one.earlier, one.later) for one in edges)
    level = {rule: depth for depth, layer in enumerate(nx.topological_generations(found)) for rule in layer}
    groups = [frozenset(group) for group in nx.weakly_connected_components(found)]
    nodes: list[Node] = []
    for phase in facts.policy.phases:
        place = {rule: number for number, rule in enumerate(phase.active, 1)}
        own = sorted(
            (group for group in groups if not place.keys().isdisjoint(group)),
            key=lambda group: min(place[rule] for rule in group),
        )
        nodes += (
            Node(rule, place[rule], number, level[rule], _dead(facts, rule))
            for number, group in enumerate(own)
            for rule in sorted(group, key=lambda rule: (level[rule], place[rule]))
        )
    return tuple(nodes)
