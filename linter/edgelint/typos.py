"""Names that were probably meant to be other names: a slip or two of the fingers apart."""

from __future__ import annotations

from collections.abc import Sequence

_SHORT, _TINY = 6, 4
"""Below how many characters a part may differ by one slip only, and by none: `api` and `app` are two names."""


def mistyped(name: str, other: str) -> bool:
    """Whether one host name looks like another one with a slip or two in it."""
    mine, theirs = _different_labels(name.split("."), other.split("."))
    size = min(len(mine), len(theirs))
    return 0 < slips(mine, theirs) <= (0 if size < _TINY else 1 if size < _SHORT else 2)


def _different_labels(mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, str]:
    """What is left of two names without the labels they begin and end with alike."""
    most = min(len(mine), len(theirs))
    start = next((at for at in range(most) if mine[at] != theirs[at]), most)
    end = next((at for at in range(most - start) if mine[-1 - at] != theirs[-1 - at]), most - start)
    return ".".join(mine[start : len(mine) - end]), ".".join(theirs[start : len(theirs) - end])


def slips(one: str, other: str) -> int:
    """The least number of characters left out, put in, exchanged, or swapped with their neighbour that turns one text into another.

    No character takes part in two slips: the distance called optimal string alignment.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for line, mine in enumerate(one, 1):
        last, before, row = before, row, [line]
        for column, theirs in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (mine != theirs))
            if line > 1 and column > 1 and mine == other[column - 2] and one[line - 2] == theirs:
                cost = min(cost, last[column - 2] + 1)
            row.append(cost)
    return row[-1]
