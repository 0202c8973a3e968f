"""Protective rules that a request escapes by giving a header or parameter a second time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.pairs import Pair, escape, guards
from edgelint.knowledge.trust import repeatable
from edgelint.model.expression import Field, Spanned
from edgelint.model.parts import values_of
from edgelint.model.policy import Rule
from edgelint.model.topology import Stack
from edgelint.space.language import words
from edgelint.space.region import Point, Region
from edgelint.space.theory import Axis
from edgelint.space.values import Shape, Values, sized

_READS: Mapping[Stack, int] = {"django": 1, "go": 0, "laravel": 1, "php": 1, "rails": 1, "spring": 0}
"""Which of two values of a query parameter the usual way of asking for one gives, where it is one of them."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that take a request with one value and leave it when a second value stands beside that one."""
    for rule in facts.subjects("block", "challenge", "queue", "limit", "shape"):
        for field, span in repeatable(facts, rule).items():
            pair = _doubled(facts, rule, field)
            if pair is not None:
                yield _finding(facts, rule, field, span, pair)
                break


def _doubled(facts: Facts, rule: Rule, field: Field) -> Pair | None:
    """A request with one value that the rule takes, and the same with two, of which the application may read the first one."""
    space, axis = facts.meaning.space, Axis(field.kind, field.name)
    others = guards(facts, rule, [field])

    def beside(point: Point) -> Region:
        value = point[axis][0]
        stack = facts.topology.upstream(str(point[Axis("host")])).stack
        read = _READS.get(stack) if stack and field.kind == "query" else None
        places = (1, 0) if read is None else (read,)
        shapes = (Shape(at=((place, words((value,))),), least=2, most=2) for place in places)
        return space.region(axis, Values(absent=False, shapes=tuple(shapes)))

    one, two = space.region(axis, sized(1, 1)), space.region(axis, sized(2, 2))
    return escape(facts, rule, [field], others, within=one, to=two, alike=beside)


def _finding(facts: Facts, rule: Rule, field: Field, span: Spanned, pair: Pair) -> Finding:
    written = " and ".join(f"`{value}`" for value in values_of(pair.spared, field))
    return Finding(
        check="any-vs-first-value",
        severity=Severity.INFO if rule.outcome.kind == "shape" else Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=f"{rule} leaves a request alone whose {field} is given twice, as {written}",
        subject=subject(rule),
        place=rule.match.at(span),
        witness=witness(facts, pair.spared, [rule]),
        detail=(
            f"the rule takes the same request with one value: {pair.caught.curl()}",
            "assumes that the application behind reads that value; `topology.upstreams: [{host: ..., stack: ...}]` says which it reads",
        ),
        advice="catch with `.exists(...)`, spare only with `.size() == 1` beside `[0]`, or block requests that repeat it",
    )
