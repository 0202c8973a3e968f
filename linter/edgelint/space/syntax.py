"""The tree of a regular expression: which texts match, without groups, names, greed and the spelling of classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple, TypeVar

from edgelint.space.characters import Characters


class Where(Enum):
    """A condition on the place between two characters, or at an end of the text. Words are ASCII."""

    TEXT_START = "text start"
    TEXT_END = "text end"
    LINE_START = "line start"
    LINE_END = "line end"
    WORD_BOUNDARY = "word boundary"
    NO_WORD_BOUNDARY = "no word boundary"


class Symbol(NamedTuple):
    """One character out of a set; out of the empty set, no text at all."""

    characters: Characters


class Assertion(NamedTuple):
    """The empty text, in a place of this kind."""

    where: Where


class Concatenation(NamedTuple):
    """One part after the other; without parts, the empty text."""

    parts: tuple[Regex, ...]


class Alternation(NamedTuple):
    """One of the branches."""

    branches: tuple[Regex, ...]


class Repetition(NamedTuple):
    """The body at least and at most so many times; without end if `most` is None."""

    body: Regex
    least: int
    most: int | None


Regex = Symbol | Assertion | Concatenation | Alternation | Repetition

EMPTY = Concatenation(())
"""The empty text, in any place."""

Value = TypeVar("Value")


def children(regex: Regex) -> tuple[Regex, ...]:
    """What lies right below a node."""
    match regex:
        case Concatenation(parts=nodes) | Alternation(branches=nodes):
            return nodes
        case Repetition(body=body):
            return (body,)
        case _:
            return ()


def bottom_up(
    regex: Regex,
    value: Callable[[Regex, list[Value]], Value],
    below: Callable[[Regex], Sequence[Regex]] = children,
) -> Value:
    """The value of a tree, from each node and the values of what lies `below` it. Trees may be deep: nothing here recurses."""
    done: list[Value] = []
    todo: list[tuple[Regex, int | None]] = [(regex, None)]
    while todo:
        node, count = todo.pop()
        if count is None:
            nodes = below(node)
            if nodes:
                todo.append((node, len(nodes)))
                todo.extend((child, None) for child in reversed(nodes))
            else:
                done.append(value(node, []))
        else:
            cut = len(done) - count
            done[cut:] = [value(node, done[cut:])]
    return done[0]
