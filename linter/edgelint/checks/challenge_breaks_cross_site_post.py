"""Challenges on forms that other sites send: the pass does not come along, and what was sent is lost."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.machines import Machines, catches
from edgelint.knowledge.scope import accuses
from edgelint.model.expression import METHOD, PATH, And, Equals, Matches, Test

_PATHS = {
    "single sign-on": r"(?i)^/(?:saml2?|sso|adfs|acs)(?:/|$)",
    "sign-in callbacks": r"(?i)^/(?:(?:oidc|oauth2?|auth)/callback(?:/|$)|signin-[a-z0-9]+$)",
    "payment returns": r"(?i)^/(?:3ds2?|(?:payments?|checkout)/(?:return|callback|notify))(?:/|$)",
}
_FORMS = tuple(
    Machines(name, form, form)
    for name, form in (
        (name, And((Test(METHOD, Equals("POST")), Test(PATH, Matches(pattern))))) for name, pattern in _PATHS.items()
    )
)


def check(facts: Facts) -> Iterator[Finding]:
    """Report captchas and waiting rooms on the paths to which other sites send forms by habit."""
    if facts.policy.platform.challenges.cross_site:
        return
    for rule in facts.subjects("challenge", "queue"):
        found = [] if accuses(rule) else list(catches(facts, rule, _FORMS))
        if found:
            names = ", ".join(one.machines.name for one in found)
            yield Finding(
                check="challenge-breaks-cross-site-post",
                severity=Severity.MEDIUM,
                confidence=Confidence.LIKELY,
                message=f"{rule} stops forms that other sites send ({names}), also for visitors who have its pass",
                subject=subject(rule),
                place=rule.match.place,
                witness=witness(facts, found[0].request, [rule]),
                detail=(
                    "the cookie of a pass is `SameSite=Lax`: browsers leave it out of a POST from another site",
                    "assumes from their paths that such forms come; an `ignore` entry clears it where they do not",
                ),
                advice="leave these paths out of the condition; what arrives there is signed or bound to a state anyway",
            )
