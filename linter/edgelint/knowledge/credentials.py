"""What shows clients apart where no platform sees a login: headers and parameters that other rules count or judge clients by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgelint.facts import Facts
from edgelint.model.expression import AnyValue, Count, Field, Present, ValueAt
from edgelint.model.policy import Rule
from edgelint.model.walk import atoms
from edgelint.record import record
from edgelint.space.region import Box, Region
from edgelint.space.theory import Axis

_NAME = re.compile(r"key|token|auth|secret|session|jwt|assertion|tenant|account|\bsig(?:nature)?\b|\buser\b(?!-agent)")


@record(eq=False)
class Credential:
    """A header or parameter by which clients are known, the requests that are judged by it, and the rule that says so.

    `rule` is None for headers that are declared as set by a trusted proxy.
    """

    field: Field
    region: Region
    rule: Rule | None


def is_name_of_one(name: str) -> bool:
    """Whether a header or parameter of this name holds who a client is, or what it may do."""
    return _NAME.search(name.lower()) is not None


class Credentials:
    """The credentials of a policy other than cookies and logins of HTTP, one for each rule and field."""

    def __init__(self, facts: Facts) -> None:
        self.known = tuple(one for one in _found(facts) if is_name_of_one(one.field.name))


def _found(facts: Facts) -> Iterator[Credential]:
    for rule in facts.active("limit"):
        for part in rule.key or ():
            if part.field.kind in ("header", "query"):
                yield Credential(part.field, facts.live(rule), rule)
    for rule in facts.active("block"):
        for field in _demanded(rule):
            yield Credential(field, _whatever(facts.live(rule), field), rule)
    for name in facts.topology.trusted_headers:
        yield Credential(Field("header", name), facts.possible, None)


def _demanded(rule: Rule) -> Iterator[Field]:
    """The headers and parameters for whose absence or value a rule refuses requests."""
    fields = (
        atom.field
        for atom, positive in atoms(rule.match.expression)
        if isinstance(atom, AnyValue | Count | Present | ValueAt) and not positive
    )
    yield from dict.fromkeys(field for field in fields if field.kind in ("header", "query"))


def _whatever(region: Region, field: Field) -> Region:
    """A region without what it asks of a field."""
    gone = Axis(field.kind, field.name)
    boxes = tuple(
        Box(region.space, {axis: found for axis, found in box.constraints.items() if axis != gone})
        for box in region.boxes
    )
    return Region(region.space, boxes)
