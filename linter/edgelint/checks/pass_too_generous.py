"""Captcha passes that are good for long and whose holders no limit counts."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import identity
from edgelint.model.durations import lasting
from edgelint.model.expression import METHOD, Equals, Not, Some, Test
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.space.questions import Several, listed, outside

_LONG = 7200
"""From how many seconds on a pass is worth handing around."""

_ACTIONS = Not(Test(METHOD, Some(tuple(Equals(method) for method in ("GET", "HEAD", "OPTIONS")))))


def check(facts: Facts) -> Iterator[Finding]:
    """Report captchas with a long pass where no limit that tells clients apart counts what the pass lets through."""
    for rule in facts.subjects("challenge"):
        lasts = float(str(rule.settings["pass_ttl"]))
        request = _uncounted(facts, rule) if lasts > _LONG and facts.policy.platform.challenges.cookie else None
        if request is not None:
            yield Finding(
                check="pass-too-generous",
                severity=Severity.MEDIUM,
                confidence=Confidence.PROVEN,
                message=f"{rule} gives a pass for {lasting(lasts)}, and no rate limit counts what is done with it",
                subject=subject(rule),
                place=rule.at("pass_ttl"),
                witness=witness(facts, request, [rule]),
                detail=("the pass is a cookie: any number of clients can use a copy of it at once, from any address",),
                advice="limit the same requests by client address, or give the pass for a shorter time",
            )


def _uncounted(facts: Facts, rule: Rule) -> Request | None:
    """A request behind a captcha that no limit counts: one that does something, where the captcha catches such."""
    live = facts.live(rule)
    actions = facts.both(live, facts.matching(_ACTIONS))
    region = actions if actions.boxes else live
    limit_phases = dict.fromkeys(facts.phase(limit) for limit in facts.active("limit"))
    limits = [limit for phase in limit_phases for limit in facts.sharing(phase, region) if _counts(facts, limit, rule)]
    parts = Several(listed([facts.region(limit) for limit in limits]), facts.before(rule))
    answer = outside(region, parts).answer
    return prove(facts, answer, caught=(rule,), spared=(*limits, *facts.blockers(rule))) if answer.yes else None


def _counts(facts: Facts, limit: Rule, captcha: Rule) -> bool:
    """Whether a limit counts by client: by address, by the pass, or by a header that only a trusted proxy sets."""
    cookie = facts.policy.platform.challenges.cookie.format(id=captcha.id)
    trusted = {("header", name) for name in facts.topology.trusted_headers}
    return not identity(limit).isdisjoint({("address", ""), ("cookie", cookie)} | trusted)
