"""Look-ups in conditions that fail where a header, cookie or parameter is absent."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.finding import Edit
from edgelint.model.expression import Count, Expression, Fails, Field, If, Not, Present
from edgelint.model.policy import Rule
from edgelint.model.walk import rewrite
from edgelint.record import record

Span = tuple[int, int]


@record
class Lookup:
    """A look-up of a field: `span` is that of itself, `question` that of the test it is part of, each None where unknown.

    `negative` says that the test is true of an empty value.
    """

    field: Field
    span: Span | None
    question: Span | None
    negative: bool


def lookups(expression: Expression) -> Iterator[Lookup]:
    """Every look-up that nothing guards, in reading order."""
    found: list[Lookup] = []
    negated: set[Span] = set()

    def note(node: Expression) -> Expression:
        match node:
            case If(Present(field) | Count(field), _, Fails(question)):
                found.append(Lookup(field, node.span, question, negative=False))
            case Not(span=span) if span:
                negated.add(span)
            case _:
                pass
        return node

    rewrite(expression, note)
    for one in found:
        yield Lookup(one.field, one.span, one.question, negative=one.question in negated)


def lenient(expression: Expression) -> Expression:
    """The condition as it would be if an absent value counted as empty."""
    return rewrite(expression, _without_guard)


def _without_guard(node: Expression) -> Expression:
    match node:
        case If(Present() | Count(), then, Fails()):
            return then
        case _:
            return node


def guarding(rule: Rule) -> tuple[Edit, ...]:
    """The edits that test for presence around every unguarded look-up of a rule; none where one cannot be guarded so."""
    language, edits = rule.match.language, {}
    if language is None:
        return ()
    for lookup in lookups(rule.match.expression):
        if lookup.question is None:
            return ()
        text, present = rule.match.text[slice(*lookup.question)], language.write(Present(lookup.field))
        guarded = f"(!({present}) || {text})" if lookup.negative else f"({present} && {text})"
        edits[lookup.question] = Edit(rule, "match", guarded, lookup.question)
    return tuple(edits.values())
