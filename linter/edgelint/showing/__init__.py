"""One file for each way to show the rules of a policy, or the graph of their overlaps: `graph_*`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from edgelint.picture.graph import Graph
from edgelint.picture.overview import Overview
from edgelint.record import record
from edgelint.resources import modules

_GRAPH = "graph_"


@record
class Look:
    """How a text is to look: in colours or not, and how many cells wide."""

    colour: bool = False
    width: int = 100


@record
class Drawn:
    """The graph of a policy, by the policy's name."""

    name: str
    graph: Graph


def formats() -> tuple[str, ...]:
    """The names of the formats of overviews, sorted."""
    return tuple(name for name in modules("showing") if not name.startswith(_GRAPH))


def graph_formats() -> tuple[str, ...]:
    """The names of the formats of graphs, sorted."""
    return tuple(name.removeprefix(_GRAPH) for name in modules("showing") if name.startswith(_GRAPH))


def renderer(name: str) -> Callable[[Sequence[Overview], Look], str]:
    """What turns overviews into the text of a format."""
    render: Callable[[Sequence[Overview], Look], str] = import_module(f"edgelint.showing.{name}").render
    return render


def graph_renderer(name: str) -> Callable[[Sequence[Drawn], Look], str]:
    """What turns graphs into the text of a format."""
    render: Callable[[Sequence[Drawn], Look], str] = import_module(f"edgelint.showing.{_GRAPH}{name}").render
    return render
