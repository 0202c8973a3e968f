"""Graphs as Mermaid flowcharts, which GitHub and GitLab draw in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from edgelint.picture.graph import Node
from edgelint.picture.overlaps import Overlap, Relation
from edgelint.report._safe import visible
from edgelint.showing import Drawn, Look

_ARROWS: dict[Relation, str] = {
    "earlier-takes-all": "==>|all|",
    "earlier-takes-part": "-->|part|",
    "earlier-takes-at-times": "-.->|at times|",
    "both-apply": "---|both|",
}
_PLAIN = re.compile(r"[^A-Za-z0-9 .,_-]")
_MOST = 500
"""How many edges Mermaid draws unless it is told otherwise."""


def render(graphs: Sequence[Drawn], _look: Look) -> str:
    """All graphs as one flowchart, a subgraph for each phase of each policy."""
    edges = sum(len(drawn.graph.edges) for drawn in graphs)
    head = [f'%%{{init: {{"maxEdges": {edges}}}}}%%'] if edges > _MOST else []
    return "\n".join([*head, "flowchart LR", *(f"  {line}" for line in _lines(graphs))]) + "\n"


def _lines(graphs: Sequence[Drawn]) -> Iterator[str]:
    for number, drawn in enumerate(graphs):
        names = {node.rule: f"r{number}x{at}" for at, node in enumerate(drawn.graph.nodes)}
        for at, (phase, nodes) in enumerate(groupby(drawn.graph.nodes, key=lambda node: node.rule.phase)):
            yield f"subgraph p{number}x{at} [{_quoted(f'{phase} of {drawn.name}')}]"
            yield from (f"  {names[node.rule]}[{_label(node)}]{':::dead' if node.dead else ''}" for node in nodes)
            yield "end"
        yield from (_edge(edge, names[edge.earlier], names[edge.later]) for edge in drawn.graph.edges)
    yield "classDef dead stroke:#c00,color:#c00"


def _edge(edge: Overlap, earlier: str, later: str) -> str:
    arrow = _ARROWS[edge.relation]
    return f"{earlier} {arrow if edge.certain else arrow.replace('|', '|perhaps ', 1)} {later}"


def _label(node: Node) -> str:
    """A number first and no dot behind it: what looks like a list is not drawn."""
    return _quoted(f"{node.place} {node.rule.name} ({node.rule.outcome.kind})")


def _quoted(text: str) -> str:
    """A text as a quoted label. All but letters, digits and blanks are entity codes, which nothing takes for syntax."""
    return f'"{_PLAIN.sub(lambda found: f"#{ord(found[0])};", visible(text))}"'
