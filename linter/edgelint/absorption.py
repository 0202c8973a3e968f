"""One root cause, one finding: which findings about a rule say nothing beyond what another one about it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from edgelint.finding import Confidence, Finding

ABSORBS: Mapping[str, Sequence[str]] = {
    "alternate-entry-bypass": ("wildcard-misses-apex",),
    "always-matches": ("broad-scope", "machine-endpoint-collateral", "unbounded-deny"),
    "broad-scope": ("machine-endpoint-collateral",),
    "cache-unbounded": ("broad-scope",),
    "captcha-provider-unavailable": ("challenge-capacity", "pass-too-generous"),
    "no-client-identity": ("shared-bucket-behind-proxy",),
    "rotatable-key": ("bucket-collapse",),
    "shadowed-rule": ("cross-stage-unreachable",),
    "shared-bucket-behind-proxy": ("bucket-collapse",),
    "unbounded-deny": ("broad-scope", "machine-endpoint-collateral"),
    "window-exceeds-state-ttl": ("implausible-budget",),
}
"""By a check, those that are silent about a rule of which it speaks at least as surely: the cause stands for what it leads to."""

_SURE = (Confidence.SUSPICION, Confidence.LIKELY, Confidence.PROVEN)


def without_absorbed(findings: Iterable[Finding]) -> list[Finding]:
    """The findings less those that another finding about the same rule absorbs, in the same order."""
    found = list(findings)
    surest: dict[tuple[object, str], int] = {}
    for finding in found:
        for check in ABSORBS.get(finding.check, ()):
            key = (finding.subject, check)
            surest[key] = max(surest.get(key, -1), _SURE.index(finding.confidence))
    return [
        finding
        for finding in found
        if surest.get((finding.subject, finding.check), -1) < _SURE.index(finding.confidence)
    ]
