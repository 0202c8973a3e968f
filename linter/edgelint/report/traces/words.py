"""What rules do with a request, in words."""

from __future__ import annotations

from edgelint.budgets import granted, span
from edgelint.model.policy import Policy, Rule
from edgelint.replay import provider_trouble
from edgelint.tracing.stages import Look


def outcome(policy: Policy, look: Look) -> str:
    """What becomes of the request by a rule that was looked at."""
    match look.standing:
        case "applies":
            return effect(policy, look.rule)
        case "partly":
            names = " or ".join(f"`{target.name or target.id}`" for target in look.targets)
            return f"{effect(policy, look.rule)}, when target {names} serves"
        case "passed":
            return "lets the visitor through, who holds its pass: the phase ends here"
        case "inactive":
            return f"would {_would(look.rule)}, but {look.why}"
        case "elsewhere":
            return f"does not match: {look.why}"
        case "fails":
            return "does not match: " + (look.why or "evaluating its condition ends in an error")
        case "unknown":
            return f"is not known to match: {look.why}"
        case "differs":
            return "does not match"


def effect(policy: Policy, rule: Rule) -> str:
    """What a rule does with a request that it takes."""
    settings = rule.settings
    match rule.outcome.kind:
        case "block":
            return f"blocks it with {settings.get('status')}"
        case "challenge":
            trouble = provider_trouble(policy, rule)
            return f"{trouble}: it is answered 503" if trouble else "asks for a captcha, answered 403"
        case "queue":
            return "holds it in a waiting room until it is admitted"
        case "limit":
            return f"charges it to {granted(rule)}, {settings.get('status')} once that is used up"
        case "shape":
            whose = granted(rule) if rule.key is not None else granted(rule).replace("one", "its own", 1)
            return f"shapes it by {whose}"
        case _:
            return f"caches the answer for {_lasting(settings.get('ttl'))}"


def _would(rule: Rule) -> str:
    verbs = {"block": "block it", "challenge": "ask for a captcha", "queue": "hold it in a waiting room"}
    return verbs.get(rule.outcome.kind, "take effect")


def _lasting(seconds: object) -> str:
    return span(seconds) if isinstance(seconds, int | float) else "some time"
