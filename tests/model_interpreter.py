"""A second reading of match expressions: three-valued, on one request, as plainly as it can be written."""

from __future__ import annotations

import operator
from ipaddress import ip_address, ip_network

import re2

from edgelint.model.expression import (
    And,
    AnyValue,
    Constant,
    Contains,
    Count,
    EndsWith,
    Equals,
    Every,
    Expression,
    Fails,
    Field,
    HostPattern,
    If,
    InNetwork,
    Length,
    Matches,
    Never,
    Not,
    Opaque,
    Or,
    Ordered,
    PathPrefix,
    Predicate,
    Present,
    Some,
    StartsWith,
    Test,
    ValueAt,
)
from edgelint.model.request import Request

COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class OpaqueMetError(Exception):
    """The expression has a part that no interpreter can decide."""


def holds(expression: Expression, request: Request) -> bool | None:
    """True, false, or None for failing."""
    match expression:
        case Constant(value):
            return value
        case Fails():
            return None
        case Opaque():
            raise OpaqueMetError
        case Not(operand):
            value = holds(operand, request)
            return None if value is None else not value
        case And(operands):
            values = [holds(operand, request) for operand in operands]
            return False if False in values else None if None in values else True
        case Or(operands):
            values = [holds(operand, request) for operand in operands]
            return True if True in values else None if None in values else False
        case If(condition, then, otherwise):
            value = holds(condition, request)
            return None if value is None else holds(then if value else otherwise, request)
    return atom(expression, request)


def atom(expression: Expression, request: Request) -> bool:
    match expression:
        case Test(field, predicate):
            return asked(predicate, values(field, request)[0])
        case Present(field):
            return bool(values(field, request))
        case AnyValue(field, predicate):
            return any(asked(predicate, value) for value in values(field, request))
        case ValueAt(field, index, predicate):
            assert index >= 0, "the element of a quantifier must not leave it"
            found = values(field, request)[index : index + 1]
            return bool(found) and asked(predicate, found[0])
        case Count(field, comparison, number):
            return bool(COMPARE[comparison](len(values(field, request)), number))
    raise TypeError(expression)


def values(field: Field, request: Request) -> tuple[str, ...]:
    match field.kind:
        case "method":
            return (request.method,)
        case "protocol":
            return (request.protocol,)
        case "host":
            return (request.host,)
        case "path":
            return (request.path,)
        case "address":
            return (request.address,)
        case "header":
            return request.values(field.name)
        case "query":
            return request.parameters(field.name)
        case "cookie":
            jar = request.cookies()
            return (jar[field.name],) if field.name in jar else ()
    raise TypeError(field)


def asked(predicate: Predicate, value: str) -> bool:  # noqa: C901  one case for each predicate
    match predicate:
        case Equals(text):
            return value == text
        case StartsWith(text):
            return value.startswith(text)
        case EndsWith(text):
            return value.endswith(text)
        case Contains(text):
            return text in value
        case Matches(pattern):
            return re2.search(pattern, value) is not None
        case PathPrefix(text):
            below = text if text.endswith("/") else text + "/"
            return text in ("", "/") or value == text or value.startswith(below)
        case HostPattern(text):
            if text.startswith("*."):
                return value.endswith(text[1:])
            return not text or value == text
        case Length(comparison, number):
            return bool(COMPARE[comparison](len(value), number))
        case Ordered(comparison, text):
            return bool(COMPARE[comparison](value, text))
        case InNetwork(network):
            return lies_in(value, network)
        case Every(predicates):
            return all(asked(part, value) for part in predicates)
        case Some(predicates):
            return any(asked(part, value) for part in predicates)
        case Never(inner):
            return not asked(inner, value)
    raise TypeError(predicate)


def lies_in(text: str, network: str) -> bool:
    try:
        return ip_address(text.strip()) in ip_network(network)
    except ValueError:
        return False
