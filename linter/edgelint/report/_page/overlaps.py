"""The overlaps of the rules of a policy, drawn group by group, with the same as a table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from edgelint.finding import Severity
from edgelint.model.policy import Phase, Rule
from edgelint.picture import words
from edgelint.picture.graph import Graph, Node
from edgelint.picture.overlaps import Overlap
from edgelint.record import record
from edgelint.report._page.anchors import Anchors
from edgelint.report._page.layering import HEIGHT, WIDTH, Point, drawn
from edgelint.report._page.markup import Html, code, joined, link, listed, tag
from edgelint.report._safe import visible

MOST_NODES, MOST_EDGES = 24, 60
"""How many rules and overlaps a drawing has at most; of a larger group only what findings speak of is drawn."""

MOST_DRAWINGS = 40
"""How many groups of a phase are drawn."""

_MOST_NAMED = 30
_LONGEST = 22
_MARGIN = 6

Pair = tuple[Rule, Rule]

_LINES = {
    "earlier-takes-all": "the earlier rule leaves it nothing",
    "earlier-takes-part": "the earlier rule takes a part",
    "earlier-takes-at-times": "takes a part while it is active",
    "both-apply": "both apply",
}


@record(eq=False)
class _Group:
    """Rules that are drawn together, in their order, and their overlaps."""

    nodes: tuple[Node, ...]
    edges: tuple[Overlap, ...]

    @property
    def drawable(self) -> bool:
        """Whether a person could still see something."""
        return len(self.nodes) <= MOST_NODES and len(self.edges) <= MOST_EDGES


class OverlapSection:
    """Lays out the overlaps of a policy; `contested` are the pairs of rules that a finding names together."""

    def __init__(
        self, graph: Graph, contested: Collection[Pair], gravest: Mapping[Rule, Severity], anchors: Anchors
    ) -> None:
        self._graph = graph
        self._contested = contested
        self._gravest = gravest
        self._anchors = anchors

    def phase(self, phase: Phase) -> Html:
        """What is to be shown of a phase, nothing where fewer than two of its rules are in the graph."""
        nodes = [node for node in self._graph.nodes if node.rule.phase == phase.name]
        edges = [edge for edge in self._graph.edges if edge.earlier.phase == phase.name]
        if len(nodes) < 2:
            return Html()
        if not edges:
            return tag("p", f"{phase.title}: no two of {len(nodes):,} rules overlap.", class_="aside")
        groups = _grouped(nodes, edges)
        pictures = [group for group in groups if group.edges and group.drawable]
        said = []
        for group in groups:
            if not group.drawable:
                parts = self._parts(group)
                pictures += parts
                said.append(_too_large(group, parts))
        if len(pictures) > MOST_DRAWINGS:
            said.append(tag("p", f"{len(pictures) - MOST_DRAWINGS} further groups are not drawn."))
        shown = sorted(pictures, key=self._weight)[:MOST_DRAWINGS]
        alone = [group.nodes[0].rule for group in groups if not group.edges]
        return joined(
            [
                tag("h4", f"{phase.title}: {_counted(len(edges), 'overlap')} of {_counted(len(nodes), 'rule')}"),
                *said,
                tag("div", *map(self._picture, shown), class_="drawings") if shown else "",
                self._alone(alone),
                self._table([edge for group in shown for edge in group.edges]),
            ]
        )

    def _weight(self, group: _Group) -> tuple[int, bool]:
        """What puts the drawings in order: the gravest finding about one of the rules, then whether one is never reached."""
        grave = [self._gravest[node.rule] for node in group.nodes if node.rule in self._gravest]
        worst = list(Severity).index(max(grave)) if grave else -1
        return -worst, not any(node.dead for node in group.nodes)

    def _parts(self, group: _Group) -> list[_Group]:
        """The groups that are left of a large one when only pairs that a finding names together count."""
        edges = [edge for edge in group.edges if (edge.earlier, edge.later) in self._contested]
        return [part for part in _grouped(group.nodes, edges) if part.edges and part.drawable]

    def _alone(self, rules: Sequence[Rule]) -> Html:
        if not rules:
            return Html()
        named = [link(self._anchors.at(rule.place), code(rule.name or rule.id)) for rule in rules[:_MOST_NAMED]]
        more = f" and {len(rules) - len(named)} more" if len(rules) > len(named) else ""
        return tag("p", "With no other rule of the phase in common: ", joined(named, ", "), more, class_="aside")

    # The picture

    def _picture(self, group: _Group) -> Html:
        number = {node.rule: at for at, node in enumerate(group.nodes)}
        found = drawn(len(group.nodes), [(number[edge.earlier], number[edge.later]) for edge in group.edges])
        name = self._anchors.give("drawing")
        width, height = (f"{side + 2 * _MARGIN:g}" for side in (found.width, found.height))
        head = f"{_counted(len(group.nodes), 'rule')} with {_counted(len(group.edges), 'overlap')}"
        parts = [
            tag("title", f"How {head} meet", id=f"{name}-title"),
            tag(
                "desc",
                "Rules that are looked at first stand on the left. The table below says the same.",
                id=f"{name}-desc",
            ),
            *(_line(edge, points) for edge, points in zip(group.edges, found.lines, strict=True)),
            *(self._box(node, corner) for node, corner in zip(group.nodes, found.boxes, strict=True)),
        ]
        picture = tag(
            "svg",
            *parts,
            viewBox=f"{-_MARGIN} {-_MARGIN} {width} {height}",
            width=width,
            height=height,
            role="group",
            aria_labelledby=f"{name}-title",
            aria_describedby=f"{name}-desc",
        )
        return tag("div", picture, class_="scroll drawing", tabindex=0, role="group", aria_label=f"drawing of {head}")

    def _box(self, node: Node, corner: Point) -> Html:
        x, y = corner
        rule, gravest = node.rule, self._gravest.get(node.rule)
        kind = f"{rule.outcome.kind}{', never reached' if node.dead else ''}"
        remark = f"{kind}, {gravest.value}" if gravest else kind
        shape = tag("rect", x=f"{x:g}", y=f"{y:g}", width=WIDTH, height=HEIGHT, rx=6)
        title = tag("title", f"{rule.name or rule.id}: {remark}")
        name = tag(
            "text", f"{node.place}. {_short(rule.name or rule.id)}", x=f"{x + 10:g}", y=f"{y + 17:g}", class_="name"
        )
        below = tag("text", remark, x=f"{x + 10:g}", y=f"{y + 32:g}", class_="kind")
        classes = f"box {gravest.value if gravest else 'quiet'}{' dead' if node.dead else ''}"
        return tag("a", title, shape, name, below, href=f"#{self._anchors.at(rule.place)}", class_=classes)

    # The same in words

    def _table(self, edges: Iterable[Overlap]) -> Html:
        rows = [tag("tr", *self._cells(edge)) for edge in edges]
        if not rows:
            return Html()
        head = tag("tr", *(tag("th", word, scope="col") for word in ("earlier rule", "what it does", "later rule")))
        table = tag("table", tag("thead", head), tag("tbody", *rows))
        box = tag("div", table, class_="scroll", tabindex=0, role="group", aria_label="overlaps as a table")
        return tag("details", tag("summary", "The same as a table"), box)

    def _cells(self, edge: Overlap) -> Iterator[Html]:
        earlier, later = (
            link(self._anchors.at(rule.place), code(rule.name or rule.id)) for rule in (edge.earlier, edge.later)
        )
        yield tag("th", earlier, scope="row")
        yield tag("td", "" if edge.certain else "perhaps ", words.RELATIONS[edge.relation])
        yield tag("td", later)


def legend() -> Html:
    """What the lines of the drawings mean."""
    kinds = ((_sample(relation), " ", meaning) for relation, meaning in _LINES.items())
    return listed([joined(kind) for kind in kinds], class_="legend")


def _sample(relation: str) -> Html:
    shape = _stroke(relation, ((0, 6), (30, 6)))
    return tag("svg", *shape, width=34, height=12, viewBox="0 0 34 12", aria_hidden="true")


def _too_large(group: _Group, parts: Sequence[_Group]) -> Html:
    rules = _counted(len(group.nodes), "rule")
    drawn = (
        f"Drawn are only those {sum(len(part.nodes) for part in parts)} rules that a finding names together."
        if parts
        else "Their cards below say what takes what."
    )
    return tag("p", f"{rules} overlap in {len(group.edges):,} places, too many to draw. {drawn}", class_="aside")


def _grouped(nodes: Sequence[Node], edges: Sequence[Overlap]) -> list[_Group]:
    """Nodes by what they are connected to, each group in the order of its rules; the groups in the order of their first."""
    parent = {node.rule: node.rule for node in nodes}

    def top(rule: Rule) -> Rule:
        while parent[rule] is not rule:
            parent[rule] = rule = parent[parent[rule]]
        return rule

    for edge in edges:
        parent[top(edge.later)] = top(edge.earlier)
    members: dict[Rule, list[Node]] = {}
    for node in sorted(nodes, key=lambda node: node.place):
        members.setdefault(top(node.rule), []).append(node)
    held: dict[Rule, list[Overlap]] = {}
    for edge in edges:
        held.setdefault(top(edge.earlier), []).append(edge)
    return [_Group(tuple(found), tuple(held.get(first, ()))) for first, found in members.items()]


def _line(edge: Overlap, points: Sequence[Point]) -> Html:
    return joined(_stroke(edge.relation, points, "" if edge.certain else " perhaps"))


def _stroke(relation: str, points: Sequence[Point], more: str = "") -> list[Html]:
    """A line, curved between columns, with an arrow at its end where one of two rules takes something from the other."""
    *_, (x, y) = points
    arrow = relation != "both-apply"
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        end = x2 - 7 if arrow and (x2, y2) == (x, y) else x2
        middle = (x1 + x2) / 2
        path.append(f"L{end:g} {y2:g}" if y1 == y2 else f"C{middle:g} {y1:g} {middle:g} {y2:g} {end:g} {y2:g}")
    shapes = [tag("path", d="".join(path), class_=f"line {relation}{more}")]
    if arrow:
        head = f"M{x:g} {y:g}l-9 -4.5v9z"
        shapes.append(tag("path", d=head, class_=f"tip {relation}"))
    return shapes


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _short(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
