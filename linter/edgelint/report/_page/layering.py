"""A drawing of a directed graph in columns, from left to right: where its boxes stand and which way its lines run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from edgelint.record import record

WIDTH, HEIGHT = 212, 40
"""The size of a box."""

_ACROSS, _BETWEEN, _LANE = 72, 12, 14
"""The space between columns, between what stands in a column, and for a line that passes through one."""

_SWEEPS = 6

Item = tuple[int, int]
"""What stands in a column: a box (its number, -1), or where a line passes (the number of its edge, the column)."""

Point = tuple[float, float]


@record
class Drawing:
    """The size of a drawing, the upper left corners of its boxes, and for each edge the points that its line goes through."""

    width: float
    height: float
    boxes: tuple[Point, ...]
    lines: tuple[tuple[Point, ...], ...]


def drawn(count: int, edges: Sequence[tuple[int, int]]) -> Drawing:
    """The drawing of so many boxes and the edges between them, each of which leads from a lower number to a higher one."""
    levels = _levels(count, edges)
    paths = [_path(number, edge, levels) for number, edge in enumerate(edges)]
    columns: list[list[Item]] = [[] for _ in range(max(levels) + 1)]
    for number, level in enumerate(levels):
        columns[level].append((number, -1))
    for path in paths:
        for item in path[1:-1]:
            columns[item[1]].append(item)
    _untangle(columns, paths)
    return _placed(columns, paths, count)


def _levels(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The column of each box: one behind the last of those that lead to it."""
    levels = [0] * count
    for start, end in sorted(edges, key=lambda edge: edge[1]):
        levels[end] = max(levels[end], levels[start] + 1)
    return levels


def _path(number: int, edge: tuple[int, int], levels: Sequence[int]) -> list[Item]:
    start, end = edge
    between = [(number, level) for level in range(levels[start] + 1, levels[end])]
    return [(start, -1), *between, (end, -1)]


def _untangle(columns: list[list[Item]], paths: Sequence[Sequence[Item]]) -> None:
    """Order each column by where its neighbours stand, to and fro, so that few lines cross."""
    before: dict[Item, list[Item]] = {}
    after: dict[Item, list[Item]] = {}
    for path in paths:
        for one, other in pairwise(path):
            after.setdefault(one, []).append(other)
            before.setdefault(other, []).append(one)
    for sweep in range(_SWEEPS):
        beside, order = (before, columns) if sweep % 2 == 0 else (after, columns[::-1])
        for fixed, moved in pairwise(order):
            place = {item: at / max(len(fixed) - 1, 1) for at, item in enumerate(fixed)}
            moved.sort(key=lambda item: _mean([place[other] for other in beside.get(item, ()) if other in place]))


def _mean(places: Sequence[float]) -> float:
    return sum(places) / len(places) if places else 0.5


def _placed(columns: Sequence[Sequence[Item]], paths: Sequence[Sequence[Item]], count: int) -> Drawing:
    heights = [sum(map(_room, column)) - _BETWEEN for column in columns]
    height = max(heights)
    middle: dict[Item, Point] = {}
    for level, column in enumerate(columns):
        x, y = level * (WIDTH + _ACROSS), (height - heights[level]) / 2
        for item in column:
            middle[item] = (x, y + (_room(item) - _BETWEEN) / 2)
            y += _room(item)
    boxes = tuple((middle[number, -1][0], middle[number, -1][1] - HEIGHT / 2) for number in range(count))
    width = len(columns) * (WIDTH + _ACROSS) - _ACROSS
    return Drawing(width, height, boxes, tuple(_line(path, middle) for path in paths))


def _room(item: Item) -> int:
    return (HEIGHT if item[1] < 0 else _LANE) + _BETWEEN


def _line(path: Sequence[Item], middle: dict[Item, Point]) -> tuple[Point, ...]:
    """From the right side of a box through both sides of the columns between to the left side of a box."""
    points: list[Point] = []
    for at, item in enumerate(path):
        x, y = middle[item]
        points += [(x, y)] if at else []
        points += [(x + WIDTH, y)] if at < len(path) - 1 else []
    return tuple(points)
