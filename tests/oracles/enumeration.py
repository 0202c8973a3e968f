"""Regions and every question about them, on a universe all of whose requests are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial, reduce
from itertools import product
from operator import or_
from typing import NamedTuple

from hypothesis import strategies as st

from edgelint.meaning import Meaning
from edgelint.model import expression as ex
from edgelint.model.walk import atoms
from edgelint.space.index import Index, bits
from edgelint.space.locator import Locator
from edgelint.space.questions import (
    Answer,
    Cover,
    covers,
    differing,
    largest,
    member,
    minimal,
    missing,
    outside,
    overlap,
    projection,
    touched,
)
from edgelint.space.region import OPAQUE, Region
from edgelint.space.theory import Axis
from oracles.asking import AGREED, Kind, Result, claimed, compared, unknown
from oracles.limits import NO_SHORT_CUTS, Settings, limited
from oracles.random_conditions import comparisons, formulas, policies
from oracles.universe import (
    ADDRESSES,
    AXES,
    COOKIE,
    COOKIES,
    HEADER,
    METHODS,
    NETWORKS,
    OPEN,
    PARAMETER,
    WRITTEN,
    Table,
    axes_of,
    tiny,
)

COUPLED = "conditions on the cookie header and on the cookies in it are tested together"
LARGEST = 400_000
"""How many requests a table may have."""


def _predicates(
    texts: Sequence[str], patterns: Sequence[str], *more: st.SearchStrategy[ex.Predicate]
) -> st.SearchStrategy[ex.Predicate]:
    """What a text may be asked, in words of which some texts have some."""
    words = st.sampled_from(texts)
    kinds = [words.map(kind) for kind in (ex.Equals, ex.StartsWith, ex.EndsWith, ex.Contains)]
    lengths = st.builds(ex.Length, comparisons, st.integers(-1, 5))
    orders = st.builds(ex.Ordered, st.sampled_from(["<", "<=", ">", ">="]), words)
    return formulas(st.one_of(*kinds, st.sampled_from(patterns).map(ex.Matches), lengths, orders, *more))


_letters = ("a", ".", "/", "aa", "a.", "/a", "a/", "/.", "a/a", "")
_shapes = ("^/a", "a$", "[^a]", r"^\.", "^[a./]*$", "a/?a", r"\ba\b", "(?i)A", "^..$", r"[./]{2}")
_hosts = _predicates(_letters, _shapes, st.sampled_from(["", "a", "*.a", "*.", "a.a", "*.a/"]).map(ex.HostPattern))
_paths = _predicates(_letters, _shapes, st.sampled_from(["/", "/a", "/a/", "/.", "/a/a"]).map(ex.PathPrefix))
_methods = _predicates((*METHODS, "PURGE", "G", "T"), ("^G", "E", "T$"))
_values = _predicates((*WRITTEN, "s=", "a", ";"), ("=a", "^s", "^$", "^.?$", r"\bt\b"))
_addresses = formulas(st.sampled_from([ex.Equals(ADDRESSES[0]), *map(ex.InNetwork, NETWORKS)]))


def _lists(axis: Axis) -> st.SearchStrategy[ex.Expression]:
    field = st.just(ex.Field(axis.kind, axis.name))  # type: ignore[arg-type]
    return st.one_of(
        st.builds(ex.Present, field),
        st.builds(ex.AnyValue, field, _values),
        st.builds(ex.ValueAt, field, st.integers(0, 2), _values),
        st.builds(ex.Count, field, comparisons, st.integers(-1, 3)),
    )


_cookies = st.sampled_from([ex.Field("cookie", name) for name in COOKIES])
ATOMS: dict[Axis, st.SearchStrategy[ex.Expression]] = {
    Axis("entry"): st.sampled_from(["http", "https"]).map(lambda text: ex.Test(ex.PROTOCOL, ex.Equals(text))),
    Axis("method"): _methods.map(lambda found: ex.Test(ex.METHOD, found)),
    Axis("host"): _hosts.map(lambda found: ex.Test(ex.HOST, found)),
    Axis("path"): _paths.map(lambda found: ex.Test(ex.PATH, found)),
    Axis("address"): _addresses.map(lambda found: ex.Test(ex.ADDRESS, found)),
    HEADER: _lists(HEADER),
    COOKIE: st.one_of(
        st.builds(ex.Present, _cookies), st.builds(ex.ValueAt, _cookies, st.just(0), _values), _lists(COOKIE)
    ),
    PARAMETER: _lists(PARAMETER),
    **{Axis(OPAQUE, name): st.just(ex.Opaque(name)) for name in OPEN},
}


@st.composite
def questions(draw: st.DrawFn) -> list[ex.Expression]:
    """Some conditions that together look at few enough axes."""
    chosen: list[Axis] = []
    for axis in draw(st.permutations(sorted(AXES)))[: draw(st.integers(2, 5))]:
        if Table([*chosen, axis]).size <= LARGEST:
            chosen.append(axis)
    return draw(policies(st.one_of([ATOMS[axis] for axis in chosen])))


class Asked(NamedTuple):
    """A question's conditions, their regions, the requests these hold, and the space and table of all requests."""

    meaning: Meaning
    table: Table
    expressions: Sequence[ex.Expression]
    regions: Sequence[Region]
    holding: Sequence[int]

    @property
    def coupled(self) -> bool:
        """Whether the header of cookies and a cookie are both looked at: what each axis says alone is not all."""
        fields = self.fields()
        return ex.Field(*COOKIE) in fields.values() and any(field.kind == "cookie" for field in fields.values())

    @property
    def hard(self) -> bool:
        """Whether these are coupled by more than whether the header is there, so that we may not know."""
        texts = (atom for atom, field in self.fields().items() if field == ex.Field(*COOKIE))
        return self.coupled and any(not isinstance(atom, ex.Present) for atom in texts)

    def fields(self) -> dict[ex.Atom, ex.Field]:
        """The atoms that have a model, and what each of them looks at."""
        found = (atom for expression in self.expressions for atom, _ in atoms(expression))
        return {atom: atom.field for atom in found if not isinstance(atom, ex.Opaque)}

    @property
    def open(self) -> bool:
        """Whether conditions without a model are looked at, so that we may not know."""
        return any(axis.kind == OPAQUE for axis in self.table.axes)

    def answered(self, about: str, answer: Answer, expected: int) -> Result:
        """Whether an answer about the members of a set is right. Only two things excuse that we do not know."""
        if answer.reason:
            excused = self.open if "depends" in answer.reason else self.hard and "cookie" in answer.reason
            return unknown(answer.reason) if excused else claimed(False, f"{about} is open: {answer.reason}")
        if answer.point is None:
            return claimed(not expected, f"{about} has no member")
        found = self.table.request(answer.point) & self.table.certain(expected)
        return claimed(bool(found), f"{about} has the member {dict(answer.point)}")


def ask(expressions: list[ex.Expression]) -> Iterator[Result]:
    """Every question about the regions of some conditions."""
    meaning = tiny()
    regions = [meaning.true(expression) for expression in expressions]
    mentioned = {axis for region in regions for axis in region.axes()}
    table = Table(axes_of(expressions) | mentioned)
    asked = Asked(meaning, table, expressions, regions, [table.true(expression) for expression in expressions])
    yield from _sets(asked)
    yield from _algebra(asked)
    yield from _members(asked)
    yield from _unions(asked)
    yield from _values_of_axes(asked)
    yield from _largest(asked)
    yield from _lookups(asked)


def _sets(asked: Asked) -> Iterator[Result]:
    for expression in asked.expressions:
        true, false = asked.table.values(expression)
        expected = {"true": true, "false": false, "fails": asked.table.all & ~(true | false)}
        for name, requests in expected.items():
            region = getattr(asked.meaning, name)(expression)
            yield compared(f"{name}: {expression}", asked.table.region(region), requests)
            yield asked.answered(f"{name}: {expression}", member(region), requests)


def _algebra(asked: Asked) -> Iterator[Result]:
    (one, other), (first, second) = asked.regions[:2], asked.holding[:2]
    table = asked.table
    yield compared("and", table.region(one & other), first & second)
    yield compared("or", table.region(one | other), first | second)
    yield compared("without", table.region(one - other), first & ~second)
    yield compared("not", table.region(~one), table.all & ~first)
    yield compared("solid", table.region(one.solid()), table.hoped(first))
    for box, hole in product(one.boxes[:3], other.boxes[:3]):
        whole, left = (table.region(Region(one.space, tuple(found))) for found in ([box], box.minus(hole)))
        yield compared("box without another", left, whole & ~table.region(Region(one.space, (hole,))))
        sizes = [table.region(Region(one.space, (piece,))).bit_count() for piece in box.minus(hole)]
        yield compared("pieces of a box are disjoint", sum(sizes), left.bit_count())


def _members(asked: Asked) -> Iterator[Result]:
    (one, other), (first, second) = asked.regions[:2], asked.holding[:2]
    yield asked.answered("overlap", overlap(one, other), first & second)
    yield asked.answered("differing", differing(one, other), first ^ second)
    yield asked.answered("missing", missing(one), asked.table.all & ~first)
    for answer, share in zip(touched(one, asked.regions), asked.holding, strict=True):
        yield asked.answered("touched", answer, first & share)


def _unions(asked: Asked) -> Iterator[Result]:
    region, *parts = asked.regions
    yield from _covered(asked, outside(region, parts), parts, asked.holding[1:])
    boxes = [(owner, box) for owner, part in enumerate(parts) for box in part.boxes]
    located = Locator([box for _, box in boxes], [owner for owner, _ in boxes])
    for limit in range(len(parts) + 1):
        cover = outside(region, located.before(limit))
        yield from _covered(asked, cover, parts[:limit], asked.holding[1 : limit + 1])


def _covered(asked: Asked, cover: Cover, parts: Sequence[Region], holding: Sequence[int]) -> Iterator[Result]:
    region, whole = asked.regions[0], asked.holding[0]
    yield asked.answered("outside", cover.answer, whole & ~_together(holding))
    if not cover.answer.no:
        return
    used = [holding[position] for position in cover.used]
    yield claimed(not whole & ~_together(used), "the parts that were used cover the region")
    met = [parts[position] for position in cover.used]
    few = minimal(region, met)
    yield claimed(not whole & ~_together([used[at] for at in few]), "the fewest parts cover the region")
    for at in few:
        rest = [other for other in few if other != at]
        if rest and not whole & ~_together([used[other] for other in rest]):
            left = outside(region, [met[other] for other in rest]).answer
            yield unknown(left.reason) if left.reason else claimed(False, f"part {at} of {few} is needed")


def _together(sets: Sequence[int]) -> int:
    return reduce(or_, sets, 0)


def _values_of_axes(asked: Asked) -> Iterator[Result]:
    region, whole = asked.regions[0], asked.holding[0]
    for axis in asked.table.axes:
        if axis in (COOKIE, Axis("entry")):
            continue
        found = projection(region, axis)
        ours = [asked.meaning.space.theory(axis).holds(found, value) for value in AXES[axis]]
        expected = asked.table.along(whole, axis)
        if asked.hard:
            yield claimed(all(mine or not theirs for mine, theirs in zip(ours, expected, strict=True)), f"{axis}")
        else:
            yield compared(f"values of {axis}", ours, expected)


def _largest(asked: Asked) -> Iterator[Result]:
    (region, *parts), (whole, *sets) = asked.regions, asked.holding
    shares = {position: whole & held for position, held in enumerate(sets) if whole & held}
    held = {one: sum(not other & ~share for other in shares.values()) for one, share in shares.items()}
    most = largest(region, parts)
    expected = max(held, key=lambda position: (held[position], -position), default=None)
    if asked.hard and most != expected:
        yield unknown(COUPLED)
    else:
        yield compared("largest", most, expected)
    for one, share in shares.items():
        ours = covers([region & parts[one]], region)
        yield compared("covers", ours, not whole & ~share) if not asked.hard or ours else AGREED


def _lookups(asked: Asked) -> Iterator[Result]:
    owned = [(owner, box) for owner, region in enumerate(asked.regions) for box in region.boxes]
    boxes = [box for _, box in owned]
    located = Locator(boxes, [owner for owner, _ in owned])
    near_by = Index(boxes) if boxes else None
    held = [asked.table.region(Region(asked.meaning.space, (box,))) for box in boxes]
    for position, box in enumerate(boxes):
        near = set(bits(near_by.overlapping(box))) if near_by else set()
        sharing = {other for other, requests in enumerate(held) if requests & held[position]}
        yield claimed(sharing <= near, f"the index leaves out none of {sharing - near}")
        if not asked.coupled:
            yield compared("index", near, sharing)
        point = box.member()
        if point is not None:
            first = next(owner for owner, other in owned if point in other)
            found = located.before(len(asked.regions)).holder(point)
            yield compared("first holder", found and found[0], first)


def ask_limited(settings: Settings, expressions: list[ex.Expression]) -> Iterator[Result]:
    """The same where bounds and short cuts are others."""
    with limited(settings):
        yield from ask(expressions)


KINDS = (
    Kind("enumeration", questions(), ask, 25),
    Kind("enumeration-plain", questions(), partial(ask_limited, NO_SHORT_CUTS), 25),
)
