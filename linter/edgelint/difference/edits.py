"""Rules that were changed, and whether they take effect on more requests, on fewer, on others or on the same."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.difference import Edit, Verdict, Version
from edgelint.difference.asking import Asking
from edgelint.difference.pairing import in_force
from edgelint.difference.versions import written
from edgelint.evidence import taking
from edgelint.facts import Facts
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.replay import applies
from edgelint.space.questions import Several, listed, outside


def edits(asking: Asking) -> Iterator[Edit]:
    """Every rule that is written differently, added, removed or moved."""
    for version in asking.pairing.versions:
        if phrases := tuple(_phrases(asking, version)):
            yield _edit(asking, version, phrases)


def _phrases(asking: Asking, version: Version) -> Iterator[str]:
    before, after = version.before, version.after
    if before is None or after is None:
        yield "removed" if after is None else "added"
        return
    yield from written(before, after, asking.old.policy, asking.new.policy)
    if after in asking.pairing.moved:
        yield "moved past other rules"


def _edit(asking: Asking, version: Version, phrases: tuple[str, ...]) -> Edit:
    doubts = len(asking.undecided)
    gained = _surplus(asking, asking.new, version.after, version.before)
    lost = _surplus(asking, asking.old, version.before, version.after)
    verdict: Verdict
    match gained, lost:
        case None, None:
            verdict = "equivalent" if len(asking.undecided) == doubts else "undecided"
        case _, None:
            verdict = "wider"
        case None, _:
            verdict = "narrower"
        case _:
            verdict = "incomparable"
    return Edit(version, phrases, verdict, gained, lost)


def _surplus(asking: Asking, here: Facts, mine: Rule | None, other: Rule | None) -> Request | None:
    """A request that a rule takes effect on in one version of the policy, and its other version does not in the other."""
    there = asking.old if here is asking.new else asking.new
    mine, other = in_force(here, mine), in_force(there, other)
    if mine is None:
        return None
    live, what = here.both(here.live(mine), there.possible), f"what `{mine.name}` takes effect on"

    def confirm(request: Request) -> bool:
        return _affects(here, mine, request) and not (other and _affects(there, other, request))

    away = [there.live(other)] if other else []
    found = asking.request(what, outside(live, Several(here.before(mine), listed(away))).answer, confirm)
    for earlier in _newly_before(asking, here, mine, other) if other else ():
        if found is None and other:
            common = here.both(live, here.both(there.live(other), there.live(earlier)))
            found = asking.request(what, outside(common, here.before(mine)).answer, confirm)
    return found


def _newly_before(asking: Asking, here: Facts, mine: Rule, other: Rule) -> Iterator[Rule]:
    """The rules that come before the other version of a rule and did not as they are come before it here."""
    there = asking.old if here is asking.new else asking.new
    mates = set(here.blockers(mine))
    for earlier in there.blockers(other):
        version = asking.pairing.version(earlier)
        mate = version.after if here is asking.new else version.before
        if earlier in asking.pairing.touched or mate not in mates:
            yield earlier


def _affects(facts: Facts, rule: Rule, request: Request) -> bool:
    """Whether a rule takes effect on a request, automatic ones before it being inactive."""
    if not applies(facts.policy, rule, request):
        return False
    phase = facts.phase(rule)
    first = phase.algorithm == "first_match"
    return not first or all(other.order >= rule.order for other in taking(facts, phase, request))
