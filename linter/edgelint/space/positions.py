r"""Position automata (Glushkov): the characters a regular expression reads, and which of them can follow one another.

A position is one place in the tree, counted repetition written out, where a character is read; it is a bit of an integer.
Assertions read nothing but hold in a gap: before the first character of the text, after the last, or between two. What they
say of a gap depends on the kinds of its two neighbours only. Gaps that no assertion of the pattern tells apart form a group,
and every relation between positions exists once for each group: so `^`, `$`, `\b` and `\B` may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from edgelint.space.characters import EVERYTHING, Characters
from edgelint.space.limits import Unbounded
from edgelint.space.syntax import (
    Alternation,
    Assertion,
    Concatenation,
    Regex,
    Repetition,
    Symbol,
    Where,
    bottom_up,
    children,
)

EDGE, NEWLINE, WORD, OTHER = KINDS = range(4)
"""The kinds of a neighbour: an end of the text, a line feed, an ASCII word character, any other character."""

_Extent = tuple[int, frozenset[Where]]
"""How many parts a node has once its repetitions are written out, and the assertions in it."""

_ONE: _Extent = (1, frozenset())

_MOST_PARTS = 10_000
_MOST_STEPS = 300_000


class Gaps(NamedTuple):
    """The groups of gaps.

    `groups` is how many there are, `group[before][after]` the one between neighbours of these kinds, `holds` for each assertion
    the bit mask of the groups in which it holds.
    """

    groups: int
    group: tuple[tuple[int, ...], ...]
    holds: dict[Where, int]


class Positions(NamedTuple):
    """A position automaton that looks for its pattern anywhere in a text.

    `symbols` are the characters each position reads. Position 0 reads what comes before a match: it begins, and it follows
    itself. The rest is indexed by the group of a gap: `follow` and `precede` give the positions on the other side of the
    gap for each position, `final` the positions behind which the pattern is found. Sets of positions are bit masks.
    """

    symbols: tuple[Characters, ...]
    gaps: Gaps
    follow: tuple[tuple[int, ...], ...]
    precede: tuple[tuple[int, ...], ...]
    final: tuple[int, ...]


def positions(regex: Regex) -> Positions:
    """The position automaton of a tree. Raises Unbounded if it has too many parts or too many pairs of neighbours."""
    size, wheres = bottom_up(regex, _extent)
    if size > _MOST_PARTS:
        raise Unbounded(f"the pattern has more than {_MOST_PARTS} parts once its repetitions are written out")
    return _Builder(gaps(wheres)).build(regex)


def distances(automaton: Positions) -> tuple[int, ...]:
    """Sets of positions by how many characters follow them at least until the pattern is found, if assertions are left aside."""
    groups = range(automaton.gaps.groups)
    found = [reduce(or_, automaton.final)]
    seen = found[0]
    while found[-1]:
        before = (automaton.precede[group][position] for position in bits(found[-1]) for group in groups)
        found.append(reduce(or_, before, 0) & ~seen)
        seen |= found[-1]
    return tuple(found[:-1])


def bits(mask: int) -> Iterator[int]:
    """The indexes of the bits that are set, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


@lru_cache
def gaps(wheres: frozenset[Where]) -> Gaps:
    """The groups of gaps that these assertions tell apart."""
    used = [where for where in Where if where in wheres]
    numbers: dict[tuple[bool, ...], int] = {}
    group = tuple(
        tuple(
            numbers.setdefault(tuple(_holds(where, before, after) for where in used), len(numbers)) for after in KINDS
        )
        for before in KINDS
    )
    holds = {
        where: sum(1 << number for answers, number in numbers.items() if answers[index])
        for index, where in enumerate(used)
    }
    return Gaps(len(numbers), group, holds)


def _holds(where: Where, before: int, after: int) -> bool:
    match where:
        case Where.TEXT_START:
            return before == EDGE
        case Where.TEXT_END:
            return after == EDGE
        case Where.LINE_START:
            return before in {EDGE, NEWLINE}
        case Where.LINE_END:
            return after in {EDGE, NEWLINE}
        case Where.WORD_BOUNDARY:
            return (before == WORD) != (after == WORD)
        case _:
            return (before == WORD) == (after == WORD)


def _extent(node: Regex, below: list[_Extent]) -> _Extent:
    match node:
        case Symbol():
            return _ONE
        case Assertion(where=where):
            return 1, frozenset((where,))
        case _:
            size = max(1, sum(size for size, _ in below))
            copies = _copies(node) if isinstance(node, Repetition) else 1
            return copies * size, frozenset().union(*(wheres for _, wheres in below))


def _copies(node: Repetition) -> int:
    return max(node.least, 1) if node.most is None else node.most


def _unfolded(node: Regex) -> tuple[Regex, ...]:
    return (node.body,) * _copies(node) if isinstance(node, Repetition) else children(node)


class _Part(NamedTuple):
    """What a part of the tree shows to its neighbours.

    `empty` is the mask of the groups of gaps in which it matches the empty text. For each group, `first` and `last` are the
    positions that can begin and end it when the gap on that side is of the group.
    """

    empty: int
    first: tuple[int, ...]
    last: tuple[int, ...]


class _Builder:
    """Numbers positions and collects which follow which, as (group, some positions, all those that follow each of them)."""

    def __init__(self, gaps: Gaps) -> None:
        self.gaps = gaps
        self.groups = range(gaps.groups)
        self.nowhere = (0,) * gaps.groups
        self.blank = _Part((1 << gaps.groups) - 1, self.nowhere, self.nowhere)
        self.symbols: list[Characters] = []
        self.steps: list[tuple[int, int, int]] = []
        self.left = _MOST_STEPS

    def build(self, regex: Regex) -> Positions:
        """The automaton, from the steps of the whole tree."""
        start = self.loop(self.symbol(EVERYTHING))
        whole = self.join(start, bottom_up(regex, self.part, _unfolded))
        forth = ((group, sources, targets) for group, sources, targets in self.steps)
        back = ((group, targets, sources) for group, sources, targets in self.steps)
        return Positions(tuple(self.symbols), self.gaps, self.relation(forth), self.relation(back), whole.last)

    def relation(self, steps: Iterable[tuple[int, int, int]]) -> tuple[tuple[int, ...], ...]:
        """The steps by group and position."""
        found = [[0] * len(self.symbols) for _ in self.groups]
        for group, sources, targets in steps:
            row = found[group]
            for source in bits(sources):
                row[source] = row[source] | targets if row[source] else targets  # most share one long integer
        return tuple(map(tuple, found))

    def part(self, node: Regex, below: list[_Part]) -> _Part:
        """A node out of the parts below it; a repetition has one for each copy of its body."""
        match node:
            case Symbol(characters=characters):
                return self.symbol(characters) if characters else _Part(0, self.nowhere, self.nowhere)
            case Assertion(where=where):
                return _Part(self.gaps.holds[where], self.nowhere, self.nowhere)
            case Concatenation():
                return reduce(self.join, below, self.blank)
            case Alternation():
                return reduce(_either, below)
            case _:
                return self.repetition(below, node.least, node.most)

    def repetition(self, copies: list[_Part], least: int, most: int | None) -> _Part:
        """A part at least so many times, out of its copies; the last of them is for ever if there is no `most`."""
        if most is None:
            whole = reduce(self.join, [*copies[:-1], self.loop(copies[-1])])
            return whole if least else _either(whole, self.blank)
        # The copies that may be left out come first: at the beginning of a pattern they can then be ignored.
        optional = self.blank
        for copy in reversed(copies[least:]):
            optional = _either(self.join(copy, optional), self.blank)
        return reduce(self.join, copies[:least], optional)

    def symbol(self, characters: Characters) -> _Part:
        """A new position."""
        here = (1 << len(self.symbols),) * len(self.groups)
        self.symbols.append(characters)
        return _Part(0, here, here)

    def loop(self, part: _Part) -> _Part:
        """One or more of a part."""
        self.connect(part.last, part.first)
        return part

    def join(self, left: _Part, right: _Part) -> _Part:
        """One part, then the other."""
        self.connect(left.last, right.first)
        first = [mask | (right.first[group] if left.empty >> group & 1 else 0) for group, mask in enumerate(left.first)]
        last = [mask | (left.last[group] if right.empty >> group & 1 else 0) for group, mask in enumerate(right.last)]
        return _Part(left.empty & right.empty, tuple(first), tuple(last))

    def connect(self, last: tuple[int, ...], first: tuple[int, ...]) -> None:
        """Let positions follow positions."""
        for group in self.groups:
            sources, targets = last[group], first[group]
            if sources and targets:
                self.left -= sources.bit_count() + targets.bit_count()
                self.steps.append((group, sources, targets))
        if self.left < 0:
            raise Unbounded(f"the pattern has more than {_MOST_STEPS} pairs of characters that follow one another")


def _either(one: _Part, other: _Part) -> _Part:
    first = tuple(left | right for left, right in zip(one.first, other.first, strict=True))
    last = tuple(left | right for left, right in zip(one.last, other.last, strict=True))
    return _Part(one.empty | other.empty, first, last)
