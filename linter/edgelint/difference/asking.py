"""Questions about two versions of a policy, with answers that were replayed in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from edgelint.difference import Change
from edgelint.difference.pairing import Pairing, in_force
from edgelint.difference.titles import warning
from edgelint.evidence import DisagreementError
from edgelint.knowledge.arrivals import first, ways
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.replay import applies
from edgelint.routing import origins_of
from edgelint.space.limits import Unbounded
from edgelint.space.questions import Answer, Parts, Several, outside
from edgelint.space.region import Region
from edgelint.wording import lines

Confirm = Callable[[Request], bool]
"""Whether the plain interpreter of both versions does with a request what is claimed."""


_MOST_PIECES = 60
"""Of how many pieces a region may consist that is put into words."""


class Asking:
    """Asks for requests that show a change, and remembers what could not be decided, and why."""

    def __init__(self, pairing: Pairing) -> None:
        self.pairing = pairing
        self.old, self.new = pairing.old, pairing.new
        self.undecided: dict[str, None] = {}

    def change(
        self,
        name: str,
        before: Rule | None,
        after: Rule | None,
        parts: Parts,
        confirm: Confirm,
        *,
        loaded: bool = False,
        inside: Region | None = None,
    ) -> Iterator[Change]:
        """The change of requests outside some parts, and within a region if one is given, that both rules match; if there are such."""
        here = self.new.live(after) if after else self.new.possible
        region = self.new.both(here, self.old.live(before) if before else self.old.possible)
        if inside is not None:
            region = self.new.both(region, inside)
        rules = [rule for rule in (before, after) if rule is not None]
        what = f"{name} ({', '.join(dict.fromkeys(f'`{rule.name}`' for rule in rules))})"
        request = self.request(what, self.arriving(region, parts, rules[-1].phase), confirm)
        if request is not None:
            services = tuple(self._services(region, parts))
            within = lines(self.new, self._apart(region, before, after))
            note = warning(before, after)
            yield Change(name, rules[-1].phase, before, after, within, request, services, note, loaded)

    def _apart(self, region: Region, before: Rule | None, after: Rule | None) -> Region:
        """A region without what other versions of its rules certainly keep from changing hands, where that is easily said."""
        found = region
        for facts, mine, other in ((self.new, after, self._now(before)), (self.old, before, self._then(after))):
            if other is not None and (mine is None or other in facts.blockers(mine)):
                try:
                    found = found - facts.live(other)
                except Unbounded:
                    return region
        return found if len(found.boxes) <= _MOST_PIECES else region

    def _now(self, before: Rule | None) -> Rule | None:
        return in_force(self.new, self.pairing.version(before).after) if before else None

    def _then(self, after: Rule | None) -> Rule | None:
        return in_force(self.old, self.pairing.version(after).before) if after else None

    def arriving(self, region: Region, parts: Parts, phase: str = "") -> Answer:
        """A request of a region, outside some parts, that gets to a phase in both versions, or to its route; perhaps by a pass."""
        answers = []
        for restriction, stopped in self._ways(region, phase):
            here = region if restriction is None else self.new.both(region, restriction)
            answers.append(outside(here, Several(parts, *stopped)).answer)
            if answers[-1].yes:
                break
        return first(answers)

    def _ways(self, region: Region, phase: str) -> Iterator[tuple[Region | None, tuple[Parts, Parts]]]:
        """How requests get to a phase in both versions."""
        for (then, old), (now, new) in product(ways(self.old, region, phase), ways(self.new, region, phase)):
            both = self.new.both(then, now) if then is not None and now is not None else then if now is None else now
            yield both, (old, new)

    def request(self, what: str, answer: Answer, confirm: Confirm) -> Request | None:
        """The request of an answer. Raises DisagreementError when the algebra was sure and a replay says otherwise."""
        if answer.reason:
            self.undecided[f"{what}: {answer.reason}"] = None
        if answer.point is None:
            return None
        request = self.new.request(answer)
        try:
            agreed = confirm(request)
        except Unbounded as limit:
            self.undecided[f"{what}: {limit.reason}"] = None
            return None
        if not agreed and answer.yes:
            raise DisagreementError(f"the replay of {request.curl()} does not confirm that it is {what}")
        return request if agreed else None

    def matching(
        self, before: Rule | None, after: Rule | None, then: Sequence[Rule] = (), now: Sequence[Rule] = ()
    ) -> Confirm:
        """That a rule of then and one of now match a request, and none of some others then and now."""
        old, new = self.old.policy, self.new.policy

        def confirm(request: Request) -> bool:
            both = (before is None or applies(old, before, request)) and (after is None or applies(new, after, request))
            other = any(applies(old, rule, request) for rule in then) or any(
                applies(new, rule, request) for rule in now
            )
            return both and not other

        return confirm

    def _services(self, region: Region, parts: Parts) -> Iterator[str]:
        """The services that some of the requests are sent to."""
        routing = self.new.routing
        met = frozenset(routing.meeting(region))
        for service in routing.services:
            routes = (one for one in service.routes if one in met and origins_of(one))
            if any(routing.landing(region, route, parts).yes for route in routes):
                yield service.name
