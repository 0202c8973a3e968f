"""Challenges that stand before blocks: whoever holds a pass is never looked at by the blocks behind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from edgelint.evidence import meeting, witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.policy import Rule
from edgelint.remedies import ahead
from edgelint.space.theory import Axis

_NAMED = 6
"""How many blocks behind one challenge are proved and named."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report captchas and waiting rooms that let pass holders by later blocks, each with all blocks it disarms."""
    for rule in facts.subjects():
        if not rule.outcome.passable:
            continue
        met = ((block, request) for block in _blocks_behind(facts, rule) if (request := meeting(facts, rule, block)))
        skipped = list(islice(met, _NAMED + 1))
        if not skipped:
            continue
        blocks = [block for block, _ in skipped[:_NAMED]]
        names = ", ".join(f"`{block.name}`" for block in blocks) + (" and more" if len(skipped) > _NAMED else "")
        yield Finding(
            check="pass-skips-later-rules",
            severity=_severity(facts, rule, blocks),
            confidence=Confidence.PROVEN,
            message=f"{rule} ends the phase for everyone who holds its pass, so {names} {_verb(blocks)} them through",
            subject=subject(rule),
            place=rule.at("priority"),
            related=related(blocks, "is skipped with a pass"),
            witness=witness(facts, skipped[0][1], [rule]),
            detail=("this happens while the rule is active",) if rule.conditional else (),
            advice=f"give blocks lower priority numbers than `{rule.name}`, so that they are looked at first",
            fixes=ahead(facts, blocks[0], [rule]) if len(blocks) == 1 else (),
        )


def _blocks_behind(facts: Facts, rule: Rule) -> Iterator[Rule]:
    for other in facts.neighbours(rule):
        shadowed = facts.shadows(other)
        if other.order > rule.order and other.outcome.kind == "block" and shadowed != (rule,):
            yield other


def _severity(facts: Facts, rule: Rule, blocks: list[Rule]) -> Severity:
    if rule.conditional:
        return Severity.MEDIUM
    by_address = any(Axis("address") in facts.region(block).axes() for block in blocks)
    return Severity.CRITICAL if by_address else Severity.HIGH


def _verb(blocks: list[Rule]) -> str:
    return "lets" if len(blocks) == 1 else "let"
