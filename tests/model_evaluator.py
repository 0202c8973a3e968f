"""A naive three-valued evaluator of match expressions: strings and loops, nothing of the engine."""

import ipaddress
import operator

from edgelint.model import expression as ex
from edgelint.space.automaton import search

COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(predicate, value):  # noqa: C901 - one case for each node
    match predicate:
        case ex.Equals(text):
            return value == text
        case ex.StartsWith(text):
            return value.startswith(text)
        case ex.EndsWith(text):
            return value.endswith(text)
        case ex.Contains(text):
            return text in value
        case ex.Matches(pattern):
            return search(pattern, value)
        case ex.PathPrefix(text):
            return text in ("", "/") or value == text or value.startswith(text if text.endswith("/") else text + "/")
        case ex.HostPattern(text):
            return not text or (value.endswith(text[1:]) if text.startswith("*.") else value == text)
        case ex.Length(comparison, number):
            return COMPARE[comparison](len(value), number)
        case ex.Ordered(comparison, text):
            return COMPARE[comparison](value, text)
        case ex.InNetwork(network):
            net, address = ipaddress.ip_network(network, strict=False), ipaddress.ip_address(value)
            return net.version == address.version and address in net
        case ex.Every(predicates):
            return all(holds(one, value) for one in predicates)
        case ex.Some(predicates):
            return any(holds(one, value) for one in predicates)
        case ex.Never(one):
            return not holds(one, value)
    raise TypeError(predicate)


def values(field, request):
    match field.kind:
        case "header":
            return request.values(field.name)
        case "query":
            return request.parameters(field.name)
        case "cookie":
            cookies = request.cookies()
            return (cookies[field.name],) if field.name in cookies else ()
    return (getattr(request, field.kind),)


def evaluate(expression, request):  # noqa: C901 - one case for each node
    """True, false, or None for an error."""
    match expression:
        case ex.Constant(value):
            return value
        case ex.Fails():
            return None
        case ex.Not(operand):
            found = evaluate(operand, request)
            return None if found is None else not found
        case ex.And(operands):
            found = [evaluate(operand, request) for operand in operands]
            return False if False in found else None if None in found else True
        case ex.Or(operands):
            found = [evaluate(operand, request) for operand in operands]
            return True if True in found else None if None in found else False
        case ex.If(condition, then, otherwise):
            found = evaluate(condition, request)
            return None if found is None else evaluate(then if found else otherwise, request)
        case ex.Test(field, predicate):
            return holds(predicate, values(field, request)[0])
        case ex.Present(field):
            return bool(values(field, request))
        case ex.AnyValue(field, predicate):
            return any(holds(predicate, value) for value in values(field, request))
        case ex.ValueAt(field, index, predicate):
            found = values(field, request)
            return len(found) > index and holds(predicate, found[index])
        case ex.Count(field, comparison, number):
            return COMPARE[comparison](len(values(field, request)), number)
    raise TypeError(expression)
