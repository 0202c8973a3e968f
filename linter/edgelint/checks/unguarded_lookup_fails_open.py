"""Rules that a client escapes by leaving out a header, cookie or parameter, because the lookup then fails."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.expression import Count, Expression, Fails, Field, If, Present
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.model.walk import rewrite
from edgelint.space.limits import Unbounded
from edgelint.space.questions import outside

_SEVERITIES = {
    "block": Severity.CRITICAL,
    "challenge": Severity.CRITICAL,
    "queue": Severity.CRITICAL,
    "limit": Severity.HIGH,
}


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that would match a request if an absent value counted as empty, but fail on it instead."""
    for rule in facts.active():
        guards = list(_guards(rule.match.expression))
        escape = _escape(facts, rule) if guards else None
        if escape is None:
            continue
        missing = next((field for field, _ in guards if _absent(escape, field)), guards[0][0])
        span = next((span for field, span in guards if field == missing), None)
        yield Finding(
            check="unguarded-lookup-fails-open",
            severity=_SEVERITIES.get(rule.outcome.kind, Severity.LOW),
            confidence=Confidence.PROVEN,
            message=f"{rule} does not apply when {missing} is absent: the lookup fails, and a failing rule does not match",
            subject=subject(rule),
            place=rule.match.at(span),
            witness=facts.witness(escape),
            detail=("leaving it out is all it takes to pass this rule",),
            advice="test for presence first, as in `!(name in map) || ...` or `!(name in map && ...)`",
        )


def _escape(facts: Facts, rule: Rule) -> Request | None:
    """A request that only the failing lookup saves, and that no other rule of the same kind catches either."""
    lenient = rewrite(rule.match.expression, _drop_guard)
    if lenient == rule.match.expression:
        return None
    try:
        failing = facts.meaning.fails(rule.match.expression)
    except Unbounded:
        return None
    meant = facts.both(facts.both(facts.matching(lenient), failing), facts.possible)
    rules = facts.sharing(facts.phase(rule), meant)
    others = [other for other in rules if other is not rule and other.outcome.kind in (rule.outcome.kind, "block")]
    answer = outside(meant, [facts.region(other) for other in (rule, *others)]).answer
    request = facts.prove(answer, spared=(rule, *others))
    return request if request is not None and facts.fails_on(rule, request) else None


def _drop_guard(node: Expression) -> Expression:
    match node:
        case If(Present() | Count(), then, Fails()):
            return then
        case _:
            return node


def _guards(expression: Expression) -> Iterator[tuple[Field, tuple[int, int] | None]]:
    found: list[tuple[Field, tuple[int, int] | None]] = []

    def note(node: Expression) -> Expression:
        match node:
            case If(Present(field), _, Fails()) | If(Count(field), _, Fails()):
                found.append((field, node.span))
            case _:
                pass
        return node

    rewrite(expression, note)
    yield from found


def _absent(request: Request, field: Field) -> bool:
    match field.kind:
        case "header":
            return not request.values(field.name)
        case "query":
            return not request.parameters(field.name)
        case _:
            return field.name not in request.cookies()
