"""Positions that make no difference, so that states in which only they differ are one state."""

from __future__ import annotations

from functools import reduce
from operator import or_

from edgelint.space.alphabet import Alphabet
from edgelint.space.positions import EDGE, NEWLINE, OTHER, WORD, Positions, bits

_CHARACTER_KINDS = (NEWLINE, WORD, OTHER)


def kept(automaton: Positions, alphabet: Alphabet) -> tuple[int, ...]:
    """For each kind of the character just read, and EDGE before the first, the positions that make a difference."""
    needless = _covered(automaton)
    return tuple(mask & ~needless for mask in _live(automaton, alphabet))


def _live(automaton: Positions, alphabet: Alphabet) -> tuple[int, ...]:
    """The positions that can still find the pattern."""
    group, precede = automaton.gaps.group, automaton.precede
    found = [reduce(or_, (automaton.final[number] for number in row)) for row in group]
    fresh = [(kind, found[kind]) for kind in _CHARACTER_KINDS]
    while fresh:
        kind, targets = fresh.pop()
        for target in bits(targets & alphabet.reading[kind]):
            for before, row in enumerate(group):
                more = precede[row[kind]][target] & ~found[before]
                found[before] |= more
                if more and before != EDGE:
                    fresh.append((before, more))
    return tuple(found)


def _covered(automaton: Positions) -> int:
    """The positions that find the pattern only where position 0 finds it too, which is there as long as it can find anything.

    They read what may be left out at the beginning of a pattern, as `.*` in `.*foo`, or two of the letters of `a{2,4}b`.
    """
    groups = sorted({number for kind in _CHARACTER_KINDS for number in automaton.gaps.group[kind]})
    found = (1 << len(automaton.symbols)) - 2
    for group in groups:
        if not automaton.final[group] & 1:
            found &= ~automaton.final[group]
    fresh = [~found & ((1 << len(automaton.symbols)) - 2)]
    while fresh:
        for target in bits(fresh.pop()):
            for group in groups:
                if not automaton.follow[group][0] >> target & 1:
                    more = automaton.precede[group][target] & found
                    found &= ~more
                    if more:
                        fresh.append(more)
    return found
