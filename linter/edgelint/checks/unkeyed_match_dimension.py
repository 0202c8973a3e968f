"""Cache rules that tell requests apart by something their key leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from edgelint.evidence import witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache, storing
from edgelint.knowledge.same_key import Pair, rivals, sharing_one_answer
from edgelint.model.expression import Equals, Field, Predicate, Present
from edgelint.model.policy import Rule
from edgelint.model.walk import atoms, literal_atoms

_ASSUMPTION = "assumes that the origin does not name it in `Vary`, which would keep the answers apart"
_NAMED = 6
"""How many other rules one finding names; those it does not name have findings of their own."""

_EXCEPTION = "where all visitors get the same, say `topology.upstreams: [{host: ..., static: true}]`"


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that let several values share one answer, else rules that write objects of others; each pair once."""
    reported: dict[Rule, set[Rule]] = {}
    for rule in facts.subjects("cache"):
        shared = next((found for field in _listed(rule) if (found := _shared(facts, rule, field))), None)
        fresh = dict(islice(rivals(facts, rule, reported.get(rule, ())), _NAMED))
        for other in fresh:
            reported.setdefault(other, set()).add(rule)
        if shared:
            yield shared
        elif fresh:
            yield _overwritten(facts, rule, fresh)


def _listed(rule: Rule) -> Iterator[Field]:
    """The headers and parameters outside the key for which a rule lists several values, or asks no more than presence."""
    tests: dict[Field, set[Predicate]] = {
        found.field: set()
        for found, positive in atoms(rule.match.expression)
        if positive and isinstance(found, Present)
    }
    for atom, predicate, positive in literal_atoms(rule.match.expression):
        if positive:
            tests.setdefault(atom.field, set()).add(predicate)
    for field, asked in tests.items():
        several = len(asked) != 1 and all(isinstance(test, Equals) for test in asked)
        if field.kind in ("header", "query") and several and not storing(rule).keys(field):
            yield field


def _shared(facts: Facts, rule: Rule, field: Field) -> Finding | None:
    pair = sharing_one_answer(facts, rule, facts.once(Cache).pages(rule), field)
    if pair is None:
        return None
    sure = field.kind == "query"
    return Finding(
        check="unkeyed-match-dimension",
        severity=Severity.MEDIUM,
        confidence=Confidence.PROVEN if sure else Confidence.LIKELY,
        message=f"{rule} lets several values of {field} in, which its key leaves out: all of them get one answer",
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, pair[0]),
        detail=(
            f"what is kept for this request also answers {pair[1].curl()}",
            *(() if sure else (f"{_ASSUMPTION}; {_EXCEPTION}",)),
        ),
        advice=_advice(facts, rule, "query_params" if sure else "vary"),
    )


def _overwritten(facts: Facts, rule: Rule, pairs: Mapping[Rule, Pair]) -> Finding:
    names = ", ".join(f"`{other.name}`" for other in pairs)
    alone = facts.policy.platform.caching.by_rule
    effect = "each throws out what the other has kept" if alone else "each answers with what the other has kept"
    mine, theirs = next(iter(pairs.values()))
    return Finding(
        check="unkeyed-match-dimension",
        severity=Severity.MEDIUM if alone else Severity.HIGH,
        confidence=Confidence.LIKELY,
        message=f"{rule} and {names} keep answers under the same key: {effect}",
        subject=subject(rule),
        place=rule.match.place,
        related=related(pairs, "has the same key"),
        witness=witness(facts, mine),
        detail=(f"under this key, `{next(iter(pairs)).name}` keeps the answer to {theirs.curl()}", _ASSUMPTION),
        advice=_advice(facts, rule, "vary"),
    )


def _advice(facts: Facts, rule: Rule, setting: str) -> str:
    return f"put what the condition tests into the key, with `{facts.policy.platform.term(rule.phase, setting)}`"
