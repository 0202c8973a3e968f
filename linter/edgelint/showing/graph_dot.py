"""Graphs in the DOT language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from edgelint.picture.graph import Node
from edgelint.picture.overlaps import Overlap, Relation
from edgelint.report._safe import visible
from edgelint.showing import Drawn, Look

_STYLES: dict[Relation, str] = {
    "earlier-takes-all": 'label="all", color="red3", penwidth=2',
    "earlier-takes-part": 'label="part"',
    "earlier-takes-at-times": 'label="at times", style="dashed"',
    "both-apply": 'label="both", dir="none", color="gray50"',
}


def render(graphs: Sequence[Drawn], _look: Look) -> str:
    """All graphs as one, a cluster for each phase of each policy."""
    return "\n".join(["digraph overlaps {", *(f"  {line}" for line in _lines(graphs)), "}"]) + "\n"


def _lines(graphs: Sequence[Drawn]) -> Iterator[str]:
    yield "rankdir=LR;"
    yield 'node [shape="box"];'
    for number, drawn in enumerate(graphs):
        names = {node.rule: f"r{number}_{at}" for at, node in enumerate(drawn.graph.nodes)}
        for phase, nodes in groupby(drawn.graph.nodes, key=lambda node: node.rule.phase):
            yield f'subgraph "cluster_{number}_{phase}" {{'
            yield f"  label={_quoted(f'{drawn.name}: {phase}')};"
            yield from (f"  {names[node.rule]} [{_look_of(node)}];" for node in nodes)
            yield "}"
        yield from (f"{names[edge.earlier]} -> {names[edge.later]} [{_style(edge)}];" for edge in drawn.graph.edges)


def _look_of(node: Node) -> str:
    label = f"label={_quoted(f'{node.place}. {node.rule.name} ({node.rule.outcome.kind})')}"
    return f'{label}, color="red3", fontcolor="red3"' if node.dead else label


def _style(edge: Overlap) -> str:
    return _STYLES[edge.relation] + ("" if edge.certain else ', arrowhead="empty"')


def _quoted(text: str) -> str:
    """A text as a quoted label: nothing in it is an escape, an entity or the end of it."""
    escaped = visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'
