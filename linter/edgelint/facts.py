"""What is computed once about a policy and asked by many checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import TypeVar, cast

from edgelint.deadness import without_dead_atoms
from edgelint.finding import Related, Subject
from edgelint.meaning import Meaning, strict_paths
from edgelint.model.expression import LISTENER, Equals, Expression, Opaque, Test
from edgelint.model.policy import Listener, Phase, Policy, Route, Rule
from edgelint.model.request import Request
from edgelint.model.topology import Topology
from edgelint.record import record, replace
from edgelint.replay import route_name
from edgelint.routing import Routing, Service, refers, served
from edgelint.rule_index import RuleIndex
from edgelint.space.addresses import Addresses
from edgelint.space.language import Language
from edgelint.space.limits import Unbounded
from edgelint.space.locator import Owned
from edgelint.space.questions import Answer, Cover, Several, covers, largest, member, minimal, outside, projection
from edgelint.space.region import Point, Region
from edgelint.space.theory import Axis
from edgelint.ways_in import meaning_of, routes_in_force

_MOST_NEIGHBOURS = 5_000_000
"""How many neighbours of rules are kept; with a hundred thousand rules they would fill the memory."""

_MOST_MET = 30
"""How many rules that meet a revised one are looked at again."""

_Made = TypeVar("_Made")


class Facts:
    """A policy, what is known of its surroundings, and answers about both, each computed once."""

    def __init__(
        self,
        policy: Policy,
        topology: Topology | None = None,
        known: _Known | None = None,
        before: Policy | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        """Take a policy, what surrounds it, what is known of one that differs in some of its rules only, and what it was before.

        Regions of policies with one `meaning` can be compared (see `together`).
        """
        self.policy = policy
        self.before_edit = before
        self.topology = topology or Topology()
        self.listeners = {listener.id: listener for listener in policy.listeners if listener.enabled}
        routes = routes_in_force(policy)
        self._separators = any(route.separators for route in routes)
        self.meaning: Meaning = known.meaning if known else meaning or meaning_of(policy.platform, [policy])
        self.routing: Routing = known.routing if known else Routing(routes, self.meaning)
        self._focus: tuple[Rule, ...] | None = None
        self._active: dict[tuple[str, ...], tuple[Rule, ...]] = {}
        self._regions: dict[Rule, Region] = dict(known.regions) if known else {}
        self._live: dict[Rule, Region] = dict(known.live) if known else {}
        self._indexes: dict[str, RuleIndex] = dict(known.indexes) if known else {}
        self._kept = 0
        self._neighbours: dict[Rule, tuple[Rule, ...]] = {}
        self._blockers: dict[Rule, tuple[Rule, ...]] = {}
        self._effective: dict[Rule, Cover] = {}
        self._shadows: dict[Rule, tuple[Rule, ...]] = {}
        self._made: dict[object, object] = {}

    def once(self, make: Callable[[Facts], _Made]) -> _Made:
        """What is made of these facts for several checks, made when it is first asked for."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(_Made, self._made[make])

    def revised(self, replaced: Mapping[Rule, Rule]) -> Facts:
        """The facts of the policy with some rules in the place of others; its subjects are those and who meets them."""
        rules = {phase: [replaced.get(rule, rule) for rule in phase.rules] for phase in self.policy.phases}
        phases = (
            replace(phase, rules=tuple(sorted(found, key=lambda rule: rule.order))) for phase, found in rules.items()
        )
        edited = {rule.phase for rule in replaced}
        indexes = {phase.name: self.index(phase) for phase in self.policy.phases if phase.name not in edited}
        known = _Known(self.meaning, self.routing, self._regions, self._live, indexes)
        found = Facts(replace(self.policy, phases=tuple(phases)), self.topology, known, self.before_edit)
        met = (other for rule in replaced for other in self.neighbours(rule)[:_MOST_MET])
        chosen = {*replaced.values(), *met}
        found._focus = tuple(rule for rule in found.active() if rule in chosen)
        return found

    @property
    def is_revision(self) -> bool:
        """Whether these are the facts of a policy that was revised to see what it would come to, not of one that is told of."""
        return self._focus is not None

    # Requests

    @cached_property
    def possible(self) -> Region:
        """The requests that can reach the rules of this policy: by listener and protocol, and by path where that differs."""
        space = self.meaning.space
        found = self.meaning.entered(self.listeners) if self.listeners else space.everything
        if self._separators:
            strict = space.region(Axis("path"), strict_paths(self.policy.platform))
            separated = (self.routing.region(route) for route in self.routing.routes if route.separators)
            found &= reduce(Region.__or__, separated, strict)
        return found

    def request(self, answer: Answer) -> Request:
        """The request of an answer that has one."""
        assert answer.point is not None  # noqa: S101
        listener = self.listeners.get(self.meaning.entry(answer.point).listener)
        return self.meaning.request(answer.point, listener.port if listener else 0)

    def region(self, rule: Rule) -> Region:
        """The requests a rule matches, its route and target filters included; an opaque one where that is not decided."""
        found = self._regions.get(rule)
        if found is None:
            found = self._regions[rule] = self._region(rule)
        return found

    def _region(self, rule: Rule) -> Region:
        try:
            return self.both(self.matching(rule.match.expression, rule.match.text), self._filter(rule))
        except Unbounded:
            return self.meaning.true(Opaque(f"the match of {rule}"))

    def matching(self, expression: Expression, name: str = "") -> Region:
        """The requests for which a condition is true, opaque under a name where the condition is too large to model."""
        try:
            return self.meaning.true(expression)
        except Unbounded:
            return self.meaning.true(Opaque(name or repr(expression)))

    def both(self, one: Region, other: Region) -> Region:
        """The requests of two regions, opaque where they are too many pieces to tell."""
        try:
            return one & other
        except Unbounded:
            return self.meaning.true(
                Opaque(f"what two large regions have in common, number {next(self.meaning.numbers)}")
            )

    def never(self, expression: Expression) -> bool:
        """Whether a condition is certainly true of no request."""
        return member(self.matching(expression)).no

    def always(self, expression: Expression) -> bool:
        """Whether a condition is certainly true of every request."""
        return covers((self.matching(expression),), self.meaning.space.everything)

    def fails(self, expression: Expression) -> bool:
        """Whether the evaluation of a condition certainly fails for some request."""
        try:
            return member(self.meaning.fails(expression)).yes
        except Unbounded:
            return False

    def doubtful(self, rule: Rule) -> Expression:
        """A rule's condition with the tests that are always false replaced by open ones."""
        return without_dead_atoms(self.meaning, rule.match.expression)

    def live(self, rule: Rule) -> Region:
        """The requests a rule matches among those that can arrive."""
        found = self._live.get(rule)
        if found is None:
            found = self._live[rule] = self.both(self.region(rule), self.possible)
        return found

    def _filter(self, rule: Rule) -> Region:
        space = self.meaning.space
        found = space.everything
        for kind in ("route", "target"):
            wanted = [reference for reference in rule.references if reference.kind == kind]
            if wanted:
                routing = self.routing
                landing = (routing.lands_on(one) for one in routing.routes if any(refers(each, one) for each in wanted))
                found &= reduce(Region.__or__, landing, space.nothing)
        return found

    # Order

    def phase(self, rule: Rule) -> Phase:
        """The phase of a rule."""
        return next(phase for phase in self.policy.phases if phase.name == rule.phase)

    def active(self, *kinds: str) -> tuple[Rule, ...]:
        """The enabled rules with one of these outcomes, all of them when none is named, in order."""
        found = self._active.get(kinds)
        if found is None:
            if kinds:
                found = tuple(rule for rule in self.active() if rule.outcome.kind in kinds)
            else:
                found = tuple(rule for phase in self.policy.phases for rule in phase.active)
            self._active[kinds] = found
        return found

    def subjects(self, *kinds: str) -> tuple[Rule, ...]:
        """The enabled rules with one of these outcomes that findings may be about: all, or those that a revision may concern."""
        if self._focus is None:
            return self.active(*kinds)
        return tuple(rule for rule in self._focus if not kinds or rule.outcome.kind in kinds)

    def sharing(self, phase: Phase, region: Region) -> tuple[Rule, ...]:
        """The enabled rules of a phase that may share a request with a region, in order."""
        return self.index(phase).sharing(region)

    def index(self, phase: Phase) -> RuleIndex:
        """The enabled rules of a phase, by the boxes of what they match."""
        found = self._indexes.get(phase.name)
        if found is None:
            found = self._indexes[phase.name] = RuleIndex(phase.active, self.live)
        return found

    def neighbours(self, rule: Rule) -> tuple[Rule, ...]:
        """The other enabled rules of the phase that may share a request with a rule, in order."""
        found = self._neighbours.get(rule)
        if found is None:
            sharing = self.sharing(self.phase(rule), self.live(rule))
            found = tuple(other for other in sharing if other is not rule)
            self._kept += len(found)
            if self._kept > _MOST_NEIGHBOURS:
                self._kept = 0
                self._neighbours.clear()
                self._blockers.clear()
            self._neighbours[rule] = found
        return found

    def candidates(self, phase: Phase, point: Point | None) -> tuple[Rule, ...]:
        """The enabled rules of a phase that may take a request, in order; all where its way in is unknown."""
        return phase.active if point is None else self.index(phase).candidates(point)

    def near(self, rules: Iterable[Rule], request: Request) -> tuple[Rule, ...]:
        """Those of some enabled rules that may take a request; all others certainly ask for another host, path, method or address."""
        rules, point = tuple(rules), self.meaning.place(request)
        names = {rule.phase for rule in rules}
        phases = (phase for phase in self.policy.phases if phase.name in names)
        near = {rule for phase in phases for rule in self.candidates(phase, point)}
        return tuple(rule for rule in rules if rule in near)

    def blockers(self, rule: Rule) -> tuple[Rule, ...]:
        """The rules that always come first where they match: earlier, unconditional, in a phase that the first match ends."""
        found = self._blockers.get(rule)
        if found is None:
            others = self.neighbours(rule) if self.phase(rule).algorithm == "first_match" else ()
            first = (other for other in others if other.order < rule.order and not other.conditional)
            found = self._blockers[rule] = tuple(first)
        return found

    def effective(self, rule: Rule) -> Cover:
        """A request that reaches a rule and matches it; when there is none, which of its blockers take them all."""
        found = self._effective.get(rule)
        if found is None:
            found = self._effective[rule] = outside(self.live(rule), self.before(rule))
        return found

    def before(self, rule: Rule) -> Owned:
        """What the blockers of a rule take, as parts of a union."""
        phase = self.phase(rule)
        index = self.index(phase)
        return index.before(rule) if phase.algorithm == "first_match" else index.among(())

    def matched(self, phase: Phase) -> Owned:
        """What the unconditional rules of a phase match, as parts of a union."""
        return self.index(phase).matched

    def among(self, rules: Iterable[Rule]) -> Several:
        """What some enabled rules match, as parts of a union."""
        chosen = set(rules)
        mine = ((phase, [rule for rule in chosen if rule.phase == phase.name]) for phase in self.policy.phases)
        return Several(*(self.index(phase).among(rules) for phase, rules in mine if rules))

    def shared_out(self, rule: Rule, others: Iterable[Rule]) -> tuple[Answer, tuple[Rule, ...]]:
        """A request of a rule that none of some others of its phase matches; where there is none, who of them is needed for that."""
        index = self.index(self.phase(rule))
        cover = outside(self.live(rule), index.among(others))
        return cover.answer, tuple(index.rules[place] for place in cover.used)

    def stopped(self, phase: Phase | None = None) -> Several:
        """What never gets to a phase, or through all: what unconditional rules before it refuse for good, as parts of a union."""
        phases = self.policy.phases
        return Several(*(self.index(one).refused for one in phases[: phases.index(phase) if phase else len(phases)]))

    def stops(self, rule: Rule, region: Region) -> tuple[Rule, ...]:
        """The unconditional rules of earlier phases that refuse, challenge or hold requests of a region."""
        earlier = self.policy.phases[: self.policy.phases.index(self.phase(rule))]
        return tuple(
            other
            for phase in earlier
            for other in self.sharing(phase, region)
            if other.outcome.denies and not other.conditional
        )

    def addresses(self, rule: Rule) -> Addresses:
        """The addresses of the clients a rule can match."""
        found = projection(self.live(rule), Axis("address"))
        assert isinstance(found, Addresses)  # noqa: S101
        return found

    def within_paths(self, rule: Rule, paths: Language) -> bool:
        """Whether every path a rule can match lies in a language."""
        theory, here = self.meaning.space.theory(Axis("path")), projection(self.live(rule), Axis("path"))
        try:
            return theory.vacant(theory.meet(here, ~paths))
        except Unbounded:
            return False

    def fronted(self, rule: Rule) -> tuple[Listener, ...]:
        """The listeners where a rule meets clients that hide behind what stands before them; one without a name where none is known."""
        if not self.listeners:
            unknown = Listener("", "*", "http", "", 0, enabled=True, place=rule.place)
            return (unknown,) if self.topology.hides_clients(unknown.name) else ()
        hiding = (one for one in self.listeners.values() if self.topology.hides_clients(one.name))
        return tuple(listener for listener in hiding if any(here.boxes for here in self.entrances(rule, listener)))

    def entrances(self, rule: Rule, listener: Listener) -> Iterator[Region]:
        """What of a rule's requests may come in at a listener, by the routes they are meant for where routes are known.

        Nobody is looked for at a default route that answers by itself: it takes what has come to the wrong place.
        """
        here = self.live(rule)
        if not listener.id or not self.routing.routes:
            yield self.both(here, self.matching(Test(LISTENER, Equals(listener.id)))) if listener.id else here
            return
        for route in self.routing.meeting(here):
            if route.listener == listener.id and (not route.default or served(route)):
                yield self.both(here, self.routing.region(route))

    def declared(self) -> bool:
        """Whether it is known for every listener what stands before it."""
        return all(self.topology.declared(name) for name in [one.name for one in self.listeners.values()] or ["*"])

    def shadows(self, rule: Rule) -> tuple[Rule, ...]:
        """The earlier rules that together take every request of a rule, as few as possible; empty when some get through.

        Where all of these have the outcome of the rule itself, the largest one with another outcome stands beside them, but
        for a block: that it refuses a part before all others is how it is meant.
        """
        found = self._shadows.get(rule)
        if found is None:
            found = self._shadows[rule] = self._find_shadows(rule)
        return found

    def _find_shadows(self, rule: Rule) -> tuple[Rule, ...]:
        cover = self.effective(rule)
        if not cover.answer.no or not cover.used:
            return ()
        rules, live = self.index(self.phase(rule)).rules, self.live(rule)
        met = [rules[position] for position in cover.used]
        few = [met[position] for position in minimal(live, [self.region(other) for other in met])]
        if all(other.outcome == rule.outcome for other in few):
            # What comes behind a twin takes nothing from the rule.
            others = [other for other in met if other.outcome != rule.outcome and other.outcome.kind != "block"]
            few += self._largest(live, others)
        return tuple(sorted(few, key=lambda other: other.order))

    def _largest(self, region: Region, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        """The rule that takes most of a region; none where no rule takes a part of it, the first where it is too hard to tell."""
        try:
            most = largest(region, [self.region(other) for other in rules])
        except Unbounded:
            return tuple(rules[:1])
        return () if most is None else (rules[most],)

    def within(self, inner: Rule, *outer: Rule) -> bool:
        """Whether some rules together certainly match every request that one rule matches."""
        return covers([self.region(other) for other in outer], self.live(inner))

    def covered(self, inner: Region, *outer: Region) -> bool:
        """Whether some regions certainly hold every request of another."""
        return covers(outer, inner)

    def refused(self, rule: Rule) -> bool:
        """Whether the reader could not make sense of a rule's condition, and has said so."""
        names = {f"{rule.phase}/{rule.id}", f"{rule.phase}/{rule.name}"}
        return any(problem.kind == "expression" and problem.subject in names for problem in self.policy.problems)


@record
class _Known:
    """What does not change with some rules of a policy: its meaning and routes, regions by rules, indexes of phases without these."""

    meaning: Meaning
    routing: Routing
    regions: Mapping[Rule, Region]
    live: Mapping[Rule, Region]
    indexes: Mapping[str, RuleIndex]


def steps_for(policy: Policy) -> int:
    """How many steps of searching the analysis of a policy may take, some seconds; what is left then stays open."""
    return 900_000 + 3_000 * len(policy.rules)


def together(policies: Sequence[Policy], topology: Topology | None = None) -> tuple[Facts, ...]:
    """The facts of several versions of a policy, of one platform, whose regions can be compared."""
    meaning = meaning_of(policies[0].platform, policies)
    return tuple(Facts(policy, topology, meaning=meaning) for policy in policies)


def subject(rule: Rule) -> Subject:
    """A rule as the subject of a finding."""
    return Subject(rule.phase, rule.id, rule.name, rule.place)


def route_subject(route: Route) -> Subject:
    """A route as the subject of a finding."""
    return Subject("route", route.id, route_name(route).strip("`"), route.place)


def related_routes(services: Iterable[Service], role: str = "is caught, too") -> tuple[Related, ...]:
    """The first route of each of some services that take part in a finding."""
    return tuple(Related(route_subject(service.routes[0]), role) for service in services)


def related(rules: Iterable[Rule], role: str) -> tuple[Related, ...]:
    """Rules that take part in a finding."""
    return tuple(Related(subject(rule), role) for rule in rules)
