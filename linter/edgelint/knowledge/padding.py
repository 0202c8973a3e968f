"""How much longer a client must make a part of its request until a rule costs too much to be evaluated, and does not match.

Each answer is a concrete request: its cost is counted, not estimated, and one character or value less would not do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.knowledge.variants import alike
from edgelint.model.costs import Costs
from edgelint.model.expression import (
    PATH,
    And,
    AnyValue,
    Contains,
    EndsWith,
    Expression,
    Fails,
    Field,
    If,
    Matches,
    Not,
    Opaque,
    Or,
    StartsWith,
    Test,
    ValueAt,
)
from edgelint.model.parts import values_of, with_values
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.model.walk import atoms, literals
from edgelint.record import record, replace
from edgelint.replay import applies, route_of
from edgelint.space.limits import Unbounded
from edgelint.space.questions import outside
from edgelint.space.region import Region

_FILL = "a"
_STEP = 100
"""The first padding that is tried. From then on costs grow evenly, by tens of characters."""

_BASES = 6
"""From how many requests padding starts."""

LINES = 100
"""Header lines that servers accept in a request: `LimitRequestFields` of Apache, `maxHeaderCount` of Tomcat, Kestrel."""

_Longer = Callable[[int], Request]


@record
class Way:
    """A way to pad a part of a request: by so many characters, or with `repeated`, by so many values."""

    field: Field
    repeated: bool
    longer: _Longer

    def size(self, count: int) -> int:
        """How many bytes the padded part takes: a path or a value as it is, repeated values with their names and marks."""
        least = self.longer(1)
        if self.field == PATH:
            return len(least.target()) + count - 1
        sizes = [len(value.encode()) for value in values_of(least, self.field)]
        if not self.repeated:
            return sizes[0] + count - 1
        around = len(self.field.name) + (4 if self.field.kind == "header" else 2)
        return sum(size + around for size in sizes) + (count - 1) * (len(_FILL) + around)

    def times(self, count: int) -> int:
        """How many values the padded part then has."""
        return len(values_of(self.longer(1), self.field)) + (count - 1 if self.repeated else 0)


@record
class Evasion:
    """A request that a rule takes, and a way to pad it by `count` characters or values until it does not.

    `times` is how many values the padded part then has, `size` how many bytes it takes in the request.
    """

    request: Request
    way: Way
    count: int
    times: int
    size: int

    @property
    def padded(self) -> Request:
        """The request with its padding."""
        return self.way.longer(self.count)

    @property
    def crowded(self) -> bool:
        """Whether it takes more header lines than servers behind an edge usually accept."""
        return self.way.repeated and self.way.field.kind == "header" and self.times > LINES


def evasion(facts: Facts, rule: Rule) -> Evasion | None:
    """The evasion of a rule that arrives most easily, by header lines, then by bytes.

    None where there is none, or another rule catches all that are known.
    """
    costs = facts.policy.platform.costs
    if costs is None or not any(_costly(rule)):
        return None
    near = alike(facts, rule, facts.live(rule))
    bases = islice(_bases(facts, rule, near), _BASES)
    found = [one for base in bases for one in _expected(facts, rule, base, costs)]
    found.sort(key=lambda one: (one.crowded, one.size))
    exact = (one for guess in found if (one := _exact(rule, guess, costs)))
    return next((one for one in exact if _holds(facts, rule, one, near, costs)), None)


def _holds(facts: Facts, rule: Rule, found: Evasion, near: Sequence[Rule], costs: Costs) -> bool:
    """Whether the padded request still is what the rule is for, on the same way, and no other rule catches it.

    None of them takes the request as it was, so that only those matter that read what is padded.
    """
    policy, padded = facts.policy, found.padded
    others = [other for other in facts.near(near, padded) if _looks_at(other, found.way.field)]
    try:
        return (
            route_of(policy, padded) is route_of(policy, found.request)
            and applies(policy, rule, padded)
            and not any(
                applies(policy, other, padded) and other.match.cost(padded, costs.limit) <= costs.limit
                for other in others
            )
        )
    except Unbounded:
        return False


def _looks_at(rule: Rule, field: Field) -> bool:
    """Whether the truth of a rule's condition may depend on a field."""
    read = (None if isinstance(atom, Opaque) else atom.field for atom, _ in atoms(rule.match.expression))
    return any(one is None or _sent_in(one) == _sent_in(field) for one in read)


def _sent_in(field: Field) -> Field:
    return Field("header", "cookie") if field.kind == "cookie" else field


def _bases(facts: Facts, rule: Rule, near: Sequence[Rule]) -> Iterator[Request]:
    """Requests that a rule takes: one as such, and one for each of its tests that costs more on longer values.

    A rule without alternatives asks for all of its tests at once, so that one request is enough.
    """
    costly = list(_costly(rule))
    found = _alone(facts, rule, facts.live(rule), near)
    if found is not None:
        yield found
        for atom in costly if _has_alternatives(rule.match.expression) else ():
            found = _alone(facts, rule, facts.both(facts.live(rule), facts.matching(atom)), near)
            if found is not None:
                yield found


def _alone(facts: Facts, rule: Rule, region: Region, near: Sequence[Rule]) -> Request | None:
    """A confirmed request of a region that a rule takes, and none that comes first or is near and does the same."""
    spared = tuple(dict.fromkeys((*facts.blockers(rule), *near)))
    answer = outside(region, facts.among(spared)).answer
    return prove(facts, answer, caught=(rule,), spared=spared)


def _has_alternatives(expression: Expression) -> bool:
    match expression:
        case And(operands):
            return any(map(_has_alternatives, operands))
        case If(_, then, Fails()):
            return _has_alternatives(then)
        case Or() | Not() | If():
            return True
        case _:
            return False


def _costly(rule: Rule) -> Iterator[Test | AnyValue | ValueAt]:
    for atom, _ in atoms(rule.match.expression):
        if isinstance(atom, AnyValue) or (isinstance(atom, Test | ValueAt) and _reads(atom)):
            yield atom


def _reads(atom: Test | ValueAt) -> bool:
    texts = any(isinstance(leaf, StartsWith | EndsWith | Contains | Matches) for leaf, _ in literals(atom.predicate))
    return texts and (atom.field == PATH or atom.field.kind in ("header", "cookie", "query"))


def _expected(facts: Facts, rule: Rule, request: Request, costs: Costs) -> Iterator[Evasion]:
    """About how much padding of each kind it should take, from how the cost grows with the first of it."""
    fields = dict.fromkeys(atom.field for atom in _costly(rule))
    for way in (way for field in fields for way in _ways(request, field)):
        try:
            count = _guess(rule, way, costs) if applies(facts.policy, rule, way.longer(_STEP)) else None
        except Unbounded:
            continue
        if count is not None:
            yield _evasion(request, way, count)


def _guess(rule: Rule, way: Way, costs: Costs) -> int | None:
    """About the padding that should do; None where none that a request can hold does."""
    first, second = (rule.match.cost(way.longer(count), costs.limit) for count in (_STEP, 2 * _STEP))
    if first > costs.limit:
        return _STEP
    if second == first:
        return None
    count = _STEP + _STEP * (costs.limit - first) // (second - first)
    return count if count <= costs.header_bytes else None


def _exact(rule: Rule, guess: Evasion, costs: Costs) -> Evasion | None:
    """The least padding of a kind with which a rule costs too much; None where there is none that a request can hold."""

    def exceeds(count: int) -> bool:
        return rule.match.cost(guess.way.longer(count), costs.limit) > costs.limit

    try:
        high = _STEP if exceeds(_STEP) else _computed(rule, guess.way, costs)
        low = high - 1
        if not exceeds(high):
            return None
        if exceeds(low):  # it grows faster than evenly
            low, high = 0, low
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if exceeds(middle) else (middle, high)
    except Unbounded:
        return None
    found = _evasion(guess.request, guess.way, high)
    return found if found.size <= costs.header_bytes else None


def _computed(rule: Rule, way: Way, costs: Costs) -> int:
    """The least padding, from what it costs in each place of a ten and what another ten costs: short texts cost little time."""
    prices = [rule.match.cost(way.longer(_STEP + place), costs.limit) for place in range(11)]
    ten = max(1, prices[10] - prices[0])
    return min(_STEP + place + 10 * ((costs.limit - price) // ten + 1) for place, price in enumerate(prices))


def _evasion(request: Request, way: Way, count: int) -> Evasion:
    return Evasion(request, way, count, way.times(count), way.size(count))


def _ways(request: Request, field: Field) -> Iterator[Way]:
    if field == PATH:
        yield Way(field, False, lambda count: replace(request, path=f"/{_FILL * count}{request.path}"))
        for position in _positions(request.path):
            yield Way(field, False, partial(_longer_path, request, position))
        return
    values = values_of(request, field)
    first = values[0] if values else ""
    yield Way(field, False, lambda count: with_values(request, field, (first + _FILL * count, *values[1:])))
    yield Way(field, False, lambda count: with_values(request, field, (_FILL * count + first, *values[1:])))
    if field.kind != "cookie":
        yield Way(field, True, lambda count: with_values(request, field, ((_FILL,) * count + values)))


def _positions(path: str) -> tuple[int, ...]:
    """Where a path may grow: at its end, and inside of it behind every `/` and before every dot."""
    inside = (index + (character == "/") for index, character in enumerate(path) if character in "/.")
    return tuple(dict.fromkeys((len(path), *inside)))


def _longer_path(request: Request, position: int, count: int) -> Request:
    return replace(request, path=request.path[:position] + _FILL * count + request.path[position:])
