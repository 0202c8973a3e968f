"""Graphs for people: for each rule, whom it meets behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from edgelint.budgets import counted
from edgelint.picture.graph import Node
from edgelint.picture.overlaps import Overlap
from edgelint.picture.words import RELATIONS, rule_name
from edgelint.report._safe import visible
from edgelint.showing import Drawn, Look
from edgelint.showing._layout import ALARM, STRONG, Painter, shown, wrapped
from edgelint.wording.said import joined


def render(graphs: Sequence[Drawn], look: Look) -> str:
    """Every graph, one behind the other."""
    return "\n".join("\n".join(_Page(drawn, look).lines()) + "\n" for drawn in graphs)


class _Page:
    """Lays out one graph."""

    def __init__(self, drawn: Drawn, look: Look) -> None:
        self._name, self._graph = drawn.name, drawn.graph
        self._width = look.width
        self._paint = Painter(look.colour).paint
        self._behind: dict[object, list[Overlap]] = {}
        for edge in self._graph.edges:
            self._behind.setdefault(edge.earlier, []).append(edge)

    def lines(self) -> Iterator[str]:
        """The lines of the page."""
        graph = self._graph
        size = f"{counted(len(graph.nodes), 'rule')}, {counted(len(graph.edges), 'overlap')}"
        yield f"{self._paint(STRONG, visible(self._name))}: {size}"
        for phase, nodes in groupby(graph.nodes, key=lambda node: node.rule.phase):
            alone: list[Node] = []
            for _, group in groupby(nodes, key=lambda node: node.cluster):
                members = list(group)
                if len(members) == 1:
                    alone += members
                    continue
                yield from ("", self._paint(STRONG, phase.replace("_", " ")) + f": {len(members)} rules that meet")
                for node in sorted(members, key=lambda node: node.place):
                    yield from self._node(node)
            yield from self._alone(phase, alone)

    def _node(self, node: Node) -> Iterator[str]:
        dead = self._paint(ALARM, "  no request is left for it") if node.dead else ""
        if not dead and node.rule not in self._behind:
            return
        yield f"{node.place:4}. {visible(node.rule.name)}{dead}"
        for relation, words in RELATIONS.items():
            for certain in (True, False):
                met = [
                    edge
                    for edge in self._behind.get(node.rule, ())
                    if edge.relation == relation and edge.certain is certain
                ]
                if met:
                    text = f"{words}{'' if certain else ', perhaps,'} {shown(joined([rule_name(edge.later) for edge in met], 'and'))}"
                    yield from (f"      {line}" for line in wrapped(text, self._width - 6))

    def _alone(self, phase: str, nodes: Sequence[Node]) -> Iterator[str]:
        if nodes:
            names = shown(joined([rule_name(node.rule) for node in nodes], "and"))
            yield from ("", *wrapped(f"{phase.replace('_', ' ')}, without an overlap: {names}", self._width))
