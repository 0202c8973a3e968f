"""Names of findings that outlive edits of the source around them, and of what the rules they are about mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from edgelint.finding import Finding
from edgelint.model.expression import And, Expression, Or
from edgelint.model.policy import Policy, Rule
from edgelint.source import Place

NUMBERS = frozenset({"provider", "routes", "targets"})
"""Settings that hold numbers of other objects: what these stand for is told by the references of a rule."""


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The fingerprint of each finding, in order: 16 hexadecimal digits of its identity, `:`, and its number among equals."""
    seen: Counter[str] = Counter()
    names = []
    for finding in findings:
        digest = _digest(finding.identity())
        seen[digest] += 1
        names.append(f"{digest}:{seen[digest]}")
    return tuple(names)


class Meanings:
    """What the rules of some policies mean, as 16 hexadecimal digits that change when a rule does something else.

    They depend on the condition, up to the order and repetition of the operands of `&&` and `||`, on the outcome, the key and
    the settings; not on the place, order, name, number or spelling of a rule, nor on the numbers of what it refers to.
    """

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._rules: dict[Place, tuple[Policy, Rule]] = {
            rule.place: (policy, rule) for policy in policies for rule in policy.rules
        }

    def of(self, finding: Finding) -> str:
        """The meaning of the rule a finding is about, empty where it is about something else."""
        found = self._rules.get(finding.subject.place)
        return meaning(found[1], found[0]) if found else ""


def meaning(rule: Rule, policy: Policy) -> str:
    """What a rule of a policy means (see `Meanings`)."""
    settings = sorted((name, value) for name, value in rule.settings.items() if name not in NUMBERS)
    parts = (rule.enabled, rule.conditional, _normal(rule.match.expression), *treatment(rule, policy), settings)
    return _digest(map(repr, parts))


def treatment(rule: Rule, policy: Policy) -> tuple[object, ...]:
    """What a rule does with the requests it matches; equal for two rules that do the same, but for separate counters."""
    return (
        rule.outcome.kind,
        tuple(pair for pair in rule.outcome.effect if pair[0] not in NUMBERS),
        None if rule.key is None else tuple(sorted({str(part.field) for part in rule.key})),
        referred(rule, policy),
    )


def referred(rule: Rule, policy: Policy) -> tuple[str, ...]:
    """What a rule refers to by kind and by what people call it, sorted."""
    names = _names(policy)
    return tuple(sorted(f"{one.kind} {names.get((one.kind, one.id), '?')}" for one in rule.references))


def _names(policy: Policy) -> Mapping[tuple[str, str], str]:
    """What people call the objects that rules refer to, by kind and number."""
    found: dict[tuple[str, str], str] = {}
    for provider in policy.providers:
        found["captcha provider", provider.id] = provider.name
    for route in policy.routes:
        found["route", route.id] = f"{route.host}{route.path}"
        found |= {("target", target.id): target.name or target.origin for target in route.targets}
    return found


def _normal(node: Expression) -> object:
    """An expression as nested tuples that are equal for conditions that differ only in the order of operands."""
    if isinstance(node, And | Or):
        operands = {repr(_normal(operand)) for operand in node.operands}
        return (type(node).__name__, sorted(operands)) if len(operands) > 1 else operands.pop()
    return _plain(node)


def _plain(value: object) -> object:
    names = getattr(type(value), "__match_args__", None)
    if names is None:
        return [_plain(one) for one in value] if isinstance(value, tuple) else value
    parts = ((name, getattr(value, name)) for name in names if name != "span")
    return (type(value).__name__, [(name, _normal(one) if _nested(one) else _plain(one)) for name, one in parts])


def _nested(value: object) -> bool:
    return isinstance(value, And | Or)


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprints_by_file(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The fingerprint of each finding among those in its file, in order: what is found in one file says nothing of another."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.place.source.name, []).append(finding)
    own = {file: iter(fingerprints(group)) for file, group in groups.items()}
    return tuple(next(own[finding.place.source.name]) for finding in findings)
