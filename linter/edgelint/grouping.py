"""How a condition's alternatives are put together: what stands without parentheses, and what would then be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.model.expression import And, Expression, FieldKind, If, Not, Opaque, Or, Spanned
from edgelint.model.policy import Match
from edgelint.model.walk import atoms, rewrite
from edgelint.record import record, replace

_LONGEST = 60

Dimension = tuple[FieldKind, str]
"""A field by kind and name: what one condition says something about."""


@record
class Reading:
    """An alternative `A || B && C` whose conjunction has no parentheses of its own, and the other reading `(A || B) && C`.

    `scope` is C, which binds `bound`, that is B, only; `free` are the alternatives like B that it leaves alone.
    """

    node: Or
    arm: Expression
    scope: tuple[Expression, ...]
    bound: tuple[Expression, ...]
    free: tuple[Expression, ...]

    def other(self, whole: Expression) -> Expression:
        """The whole condition in the other reading."""
        together = And((Or((*self.free, conjunction(self.bound))), *self.scope))
        rest = tuple(one for one in self.node.operands if one is not self.arm and one not in self.free)
        found = Or((together, *rest)) if rest else together
        return rewrite(whole, lambda node: found if node == self.node else node)


def readings(match: Match) -> Iterator[Reading]:
    """The conjunctions without parentheses in a condition that bind an alternative and leave one of the same kind alone."""
    for node in alternatives(match.expression):
        for arm in node.operands:
            if isinstance(arm, And) and bare(match.text, arm.span):
                found = _reading(node, arm)
                if found is not None:
                    yield found


def _reading(node: Or, arm: And) -> Reading | None:
    """The reading in which what an alternative says nothing about binds it, too."""
    found: Reading | None = None
    for other in node.operands:
        here = dimensions(other)
        scope = tuple(one for one in arm.operands if not dimensions(one) & here)
        bound = tuple(one for one in arm.operands if dimensions(one) & here)
        if isinstance(other, And) or not scope or not bound or not all(map(dimensions, arm.operands)):
            continue  # several complete conjunctions side by side read as they are meant
        if ("host", "") in here:
            continue  # and so do one host as a whole and a part of another
        if found is None:
            found = Reading(node, arm, scope, bound, (other,))
        elif scope == found.scope:
            found = replace(found, free=(*found.free, other))
    return found


def crossing(expression: Expression) -> tuple[tuple[Expression, ...], tuple[Expression, ...]] | None:
    """Alternatives that each name a host or a page alone: those of hosts, and those of pages by path or method."""
    arms = expression.operands if isinstance(expression, Or) else ()
    kinds = {arm: {kind for kind, _ in dimensions(arm)} for arm in arms}
    hosts = tuple(arm for arm in arms if kinds[arm] == {"host"})
    pages = tuple(arm for arm in arms if kinds[arm] and kinds[arm] <= {"path", "method"})
    return (hosts, pages) if hosts and pages and len(hosts) + len(pages) == len(arms) else None


def alternatives(expression: Expression) -> Iterator[Or]:
    """The disjunctions of a condition that speak for it, outermost first."""
    match expression:
        case Or(operands):
            yield expression
            for operand in operands:
                yield from alternatives(operand)
        case And(operands):
            for operand in operands:
                yield from alternatives(operand)
        case Not() | If():
            return


def dimensions(expression: Expression) -> frozenset[Dimension]:
    """What an expression says something about; nothing when a part of it has no model."""
    found = [atom for atom, _ in atoms(expression)]
    if any(isinstance(atom, Opaque) for atom in found):
        return frozenset()
    return frozenset((atom.field.kind, atom.field.name) for atom in found if not isinstance(atom, Opaque))


def bare(text: str, span: Spanned) -> bool:
    """Whether a part of a text stands there without parentheses of its own."""
    if span is None:
        return False
    before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
    return not (before.endswith("(") and after.startswith(")"))


def conjunction(parts: Sequence[Expression]) -> Expression:
    """All of some conditions."""
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def excerpt(match: Match, part: Expression) -> str:
    """A part of a condition as it is written, on one line and cut where it is long."""
    text = " ".join(match.text[slice(*part.span)].split()) if part.span else "a part"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
