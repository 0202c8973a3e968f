"""Regions as few and simple boxes: what goes without saying among some requests is left out.

After "ESPRESSO", the minimiser of two-level logic (Brayton et al., "Logic Minimization Algorithms for VLSI Synthesis",
1984): each box is widened as far as the region allows, then boxes that the others cover are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import cast

from edgelint.space.language import Complement, Junction, Language, Words, intersection, union, words
from edgelint.space.limits import Unbounded
from edgelint.space.questions import covers, meets
from edgelint.space.region import Box, Region
from edgelint.space.theory import Axis, Constraint, TextTheory, Theory, ValuesTheory
from edgelint.space.values import Values

BOXES = 64
"""Of how many boxes each is compared with the others; of more, none."""

_PARTS = 24
"""Of how many parts of a formula each is compared with the others."""


def simplest(region: Region, within: Region, hosts: Region) -> tuple[Box, ...]:
    """Boxes that hold, among some requests, exactly those of a region: few, and each saying little.

    A host is left out only where it goes without saying among the requests `hosts`, too.
    """
    boxes = tuple(box for box in region.boxes if not _apart(box, within))
    if len(boxes) > BOXES:
        return boxes
    try:
        wide = tuple(dict.fromkeys(_widened(box, region, within, hosts) for box in boxes))
        kept = _needed(wide, within)
        return tuple(map(_trimmed, reduce(Region.__or__, map(_alone, kept), region.space.nothing).boxes))
    except Unbounded:
        return boxes


def hull(boxes: Sequence[Box], within: Region, hosts: Region) -> Box | None:
    """The smallest box that holds some boxes, said as simply as some requests allow; None where that is too hard to tell."""
    space = boxes[0].space
    shared = [axis for axis in boxes[0].constraints if all(axis in box.constraints for box in boxes)]
    try:
        joined = {axis: _joined(space.theory(axis), [box.constraints[axis] for box in boxes]) for axis in shared}
        (found,) = simplest(_alone(Box(space, joined)), within, hosts) or (None,)
    except Unbounded:
        return None
    return found


def _joined(theory: Theory, constraints: list[Constraint]) -> Constraint:
    """Any of some constraints, put together two by two: one after the other takes the square of their number."""
    while len(constraints) > 1:
        pairs = zip(constraints[::2], constraints[1::2], strict=False)
        odd = constraints[-1:] if len(constraints) % 2 else []
        constraints = [*(theory.join(one, other) for one, other in pairs), *odd]
    return constraints[0]


def _alone(box: Box) -> Region:
    return Region(box.space, (box,))


def _apart(box: Box, within: Region) -> bool:
    return meets(_alone(box), within) is False


def _needed(boxes: Sequence[Box], within: Region) -> list[Box]:
    """As few of some boxes as cover the same, the last left out first."""
    kept = list(boxes)
    for box in reversed(boxes):
        rest = [other for other in kept if other is not box]
        if rest and covers([_alone(other) for other in rest], _alone(box) & within):
            kept = rest
    return kept


def _widened(box: Box, region: Region, within: Region, hosts: Region) -> Box:
    """A box without the tests that nothing depends on: without them it still has no other requests among those looked at."""

    def allowed(axis: Axis, constraints: dict[Axis, Constraint]) -> Box | None:
        wide = Box(box.space, constraints)
        among = (within, hosts) if axis.kind == "host" and hosts is not within else (within,)
        return wide if all(_adds_nothing(wide, box, axis, region, one) for one in among) else None

    for axis, whole in box.constraints.items():
        rest = {other: found for other, found in box.constraints.items() if other != axis}
        box = allowed(axis, rest) or box
        for test in _tests(whole) if axis in box.constraints else ():
            left = [other for other in _tests(box.constraints[axis]) if other is not test]
            box = allowed(axis, {**rest, axis: intersection(left)}) or box
    return box


def _adds_nothing(wide: Box, box: Box, axis: Axis, region: Region, within: Region) -> bool:
    """Whether a box that asks less of one axis than another box of a region has no request among some that is not of the region."""
    theory = box.space.theory(axis)
    gained = theory.meet(wide.constraints.get(axis, theory.everything), ~box.constraints[axis])
    if all(_lacks(one, axis, gained) or one.meet(wide) is None for one in within.boxes):
        return True
    return len(region.boxes) > 1 and covers((region,), _alone(wide) & within)


def _lacks(box: Box, axis: Axis, constraint: Constraint) -> bool:
    """Whether no request of a box satisfies a constraint."""
    theory = box.space.theory(axis)
    return theory.vacant(theory.meet(constraint, box.constraints.get(axis, theory.everything)))


def _tests(constraint: Constraint) -> tuple[Language, ...]:
    """What a text has to be all of, where that is several things that are worth looking at."""
    if isinstance(constraint, Junction) and constraint.every and len(constraint.parts) <= _PARTS:
        return constraint.parts
    return ()


def _trimmed(box: Box) -> Box:
    """A box whose texts and lists are said without what its axes never hold."""

    def plain(axis: Axis, found: Constraint) -> Constraint:
        theory = box.space.theory(axis)
        if isinstance(found, Language):
            return _plain(cast(TextTheory, theory), found)
        return found.possible(cast(ValuesTheory, theory).domain) if isinstance(found, Values) else found

    return Box(box.space, {axis: plain(axis, found) for axis, found in box.constraints.items()})


def _plain(theory: TextTheory, language: Language) -> Language:
    """The same texts of a domain, in fewer words."""
    if isinstance(language, Words):
        return words(filter(theory.admits, language.words)) if len(language.words) > 1 else language
    if not isinstance(language, Junction) or len(language.parts) > _PARTS:
        return language
    if language.every:
        return intersection(_excepting(theory, part, language) for part in language.parts)
    parts = [_plain(theory, part) for part in language.parts]
    for part in tuple(parts):
        rest = [other for other in parts if other is not part]
        if rest and theory.vacant(part & ~union(rest)):
            parts = rest
    return union(parts)


def _excepting(theory: TextTheory, part: Language, whole: Junction) -> Language:
    """A part of a conjunction; where it rules out words, only those that the other parts let in."""
    if not isinstance(part, Complement) or not isinstance(part.leaf, Words):
        return _plain(theory, part)
    others = [other for other in whole.parts if other is not part]
    return ~words(word for word in part.leaf.words if theory.admits(word) and all(word in other for other in others))
