"""Graphs for scripts: a stable, versioned JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from edgelint import __version__
from edgelint.picture.graph import Node
from edgelint.report._safe import Object, dump
from edgelint.showing import Drawn, Look

VERSION = 1
"""Grows when a key changes its meaning or goes away; keys may be added at any time."""


def render(graphs: Sequence[Drawn], _look: Look) -> str:
    """All graphs as one JSON document, in ASCII."""
    found = [_graph(drawn) for drawn in graphs]
    return dump({"version": VERSION, "tool": {"name": "edgelint", "version": __version__}, "policies": found})


def _graph(drawn: Drawn) -> Object:
    """A graph; its edges speak of nodes by their numbers, from 0."""
    numbers = {node.rule: number for number, node in enumerate(drawn.graph.nodes)}
    edges = [
        {
            "from": numbers[edge.earlier],
            "to": numbers[edge.later],
            "relation": edge.relation,
            "certain": edge.certain,
        }
        for edge in drawn.graph.edges
    ]
    nodes = [_node(node) for node in drawn.graph.nodes]
    return {"name": drawn.name, "nodes": nodes, "edges": edges, "unfinished": drawn.graph.unfinished or None}


def _node(node: Node) -> Object:
    return {
        "phase": node.rule.phase,
        "id": node.rule.id,
        "name": node.rule.name,
        "place": node.place,
        "outcome": node.rule.outcome.kind,
        "at_times": node.rule.conditional,
        "cluster": node.cluster,
        "level": node.level,
        "dead": node.dead,
    }
