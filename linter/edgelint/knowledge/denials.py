"""What a refusal says, and whether a cache before the edge can give it to clients that would not be refused."""

from __future__ import annotations

from collections.abc import Collection

from edgelint.evidence import prove, reached
from edgelint.facts import Facts
from edgelint.knowledge.caching import same_url
from edgelint.model.expression import LISTENER, METHOD, And, Equals, Expression, Some, Test
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.space.questions import outside

_GET = Test(METHOD, Equals("GET"))


def status_of(rule: Rule) -> int:
    """The status of a refusal, 0 when the rule has none."""
    found = rule.settings.get("status", 0)
    return found if isinstance(found, int) else 0


def said(rule: Rule, header: str) -> str:
    """The values of a header of a refusal in lower case, empty when it has none."""
    lines = rule.settings.get("headers", ())
    pairs = [line.partition(":") for line in lines] if isinstance(lines, tuple) else []
    return ", ".join(value.strip().lower() for name, _, value in pairs if name.strip().lower() == header)


def caching_fronts(facts: Facts) -> tuple[tuple[str, ...], bool]:
    """The listeners with a declared cache before them, and True; else those of which nothing is said, and False."""
    named = {one.id: one.name for one in facts.listeners.values()} or {"": "*"}
    fronts = {listener: facts.topology.front(name) for listener, name in named.items()}
    declared = tuple(listener for listener, front in fronts.items() if front.caches)
    unknown = tuple(listener for listener, name in named.items() if not facts.topology.declared(name))
    return (declared, True) if declared else (unknown, False)


def kept_for_others(facts: Facts, rule: Rule, listeners: Collection[str]) -> Request | None:
    """A GET that a rule refuses on one of some listeners, while another GET of the same URL need not be refused by it."""
    here: tuple[Expression, ...] = (_GET,)
    if facts.listeners:
        here += (Test(LISTENER, Some(tuple(map(Equals, listeners)))),)
    request = reached(facts, rule, facts.both(facts.live(rule), facts.matching(And(here))))
    if request is None or rule.outcome.kind == "limit" or rule.conditional:
        return request
    alike = facts.both(facts.matching(And((_GET, same_url(request)))), facts.possible)
    spared = prove(facts, outside(alike, (facts.region(rule),)).answer, spared=(rule,))
    return request if spared else None
