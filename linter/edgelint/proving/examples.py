"""Examples tried on a policy by the plain interpreter, and which rules no example reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgelint.model.example import Example
from edgelint.model.policy import Policy, Rule
from edgelint.record import record
from edgelint.replay import route_name
from edgelint.requests.curl import is_command, read_command
from edgelint.requests.sent import RequestError, Sent, header_line, one_line, sent
from edgelint.tracing.account import Account, account, in_force
from edgelint.tracing.arrival import ListenerError
from edgelint.tracing.stages import Wishes

_PHASES = {"rate_limit": "limits", "shaper": "shaper", "cache": "cache"}


@record
class Trial:
    """An example that was tried: what is not as it should be, a line each, and the rules that took effect."""

    example: Example
    faults: tuple[str, ...]
    reached: frozenset[Rule] = frozenset()


def tried(policy: Policy, example: Example) -> Trial:
    """What becomes of an example, beside what is expected."""
    try:
        found = account(policy, _sent(example), _wishes(policy, example))
    except (RequestError, ListenerError) as error:
        return Trial(example, (f"it cannot be tried: {error}",))
    return Trial(example, tuple(_faults(example, found)), frozenset(_reached(found)))


def unreached(policy: Policy, trials: Iterable[Trial]) -> tuple[Rule, ...]:
    """The enabled rules that took effect on no example, in order."""
    reached = {rule for trial in trials for rule in trial.reached}
    return tuple(rule for phase in policy.phases for rule in phase.active if rule not in reached)


def _sent(example: Example) -> Sent:
    if is_command(example.request):
        return read_command(example.request, example.address, example.listener)
    method, url, _ = one_line(example.request)
    headers = [header_line(line) for line in example.headers]
    return sent(method, url, headers, example.address, listener=example.listener)


def _wishes(policy: Policy, example: Example) -> Wishes:
    automatic = {rule.name: rule for rule in in_force(policy)}
    for name in example.active:
        if name != "*" and name not in automatic:
            raise RequestError(f"`{name}` is no automatic rule")
    everyone = "*" in example.active
    active = frozenset(rule for name, rule in automatic.items() if everyone or name in example.active)
    return Wishes(active, passes=example.passes, detail="none")


def _reached(found: Account) -> Iterator[Rule]:
    return (
        look.rule for stage in found.stages for look in stage.looks if look.standing in ("applies", "passed", "partly")
    )


def _faults(example: Example, found: Account) -> Iterator[str]:
    decision = found.decision
    if decision.unless:
        yield f"it is not known whether `{decision.unless[0].name}` takes it"
    if (decision.kind, example.status or decision.status) != (example.comes_to, decision.status):
        expected = example.comes_to + (f" {example.status}" if example.status else "")
        yield f"expected {expected}, is {decision.kind}{f' {decision.status}' if decision.status else ''} {decision.words}"
    actual = _actual(found)
    for what in ("rule", "limits", "shaper", "cache", "route", "location"):
        expected = getattr(example, what)
        if expected is not None and expected != actual[what]:
            yield f"expected {what} {_say(expected)}, is {_say(actual[what])}"


def _actual(found: Account) -> dict[str, object]:
    rule, route = found.decision.rule, found.landing.route if found.landing else None
    actual: dict[str, object] = {
        "rule": f"{rule.phase}/{rule.name}" if rule else "",
        "location": found.decision.location,
        "route": route_name(route).strip("`") if route else "",
        "limits": (),
        "shaper": "",
        "cache": "",
    }
    for stage in found.stages:
        names = sorted(look.rule.name for look in stage.effective)
        if stage.phase.name in _PHASES and names:
            actual[_PHASES[stage.phase.name]] = tuple(names) if stage.phase.name == "rate_limit" else names[0]
    return actual


def _say(value: object) -> str:
    names = value if isinstance(value, tuple) else (value,)
    return ", ".join(f"`{name}`" for name in names if name) or "none"
