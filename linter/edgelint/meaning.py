"""The one bridge between what a policy says and sets of requests: expression in, regions out.

A condition is three-valued: the requests for which it is true, false, and those for which its evaluation fails. True and
false are computed side by side, each from the true and false sets of the parts, so that no failing request ever slips into
either; what is in neither fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import reduce
from ipaddress import ip_network
from itertools import count
from typing import NamedTuple

from edgelint.model.expression import (
    And,
    AnyValue,
    Constant,
    Contains,
    Count,
    EndsWith,
    Equals,
    Every,
    Expression,
    Fails,
    Field,
    HostPattern,
    If,
    InNetwork,
    Length,
    Matches,
    Never,
    Not,
    Opaque,
    Or,
    Ordered,
    PathPrefix,
    Predicate,
    Present,
    Some,
    StartsWith,
    Test,
    ValueAt,
)
from edgelint.model.policy import Platform
from edgelint.model.request import TOKEN, Request, read_cookies, write_cookies
from edgelint.model.words import say
from edgelint.space import addresses, language, leaves
from edgelint.space.dotted import matching
from edgelint.space.limits import Unbounded
from edgelint.space.region import OPAQUE, Coupling, Point, Region, Space, intersection
from edgelint.space.theory import AddressTheory, Axis, Constraint, Rare, TextTheory, ValuesTheory
from edgelint.space.values import PRESENT, Values, sized, some_value, value_at

_BLANK = r"[\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]*"
"""White space as Unicode knows it (its property White_Space)."""

_HOSTS = ("www.example.com", "other.example")
_METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
_PROTOCOLS = ("https", "http")


class Entry(NamedTuple):
    """A way in: a listener by its id, empty where there is none for the protocol, and the protocol spoken there."""

    listener: str
    protocol: str

    @property
    def name(self) -> str:
        """The entry as a value of its axis."""
        return f"{self.listener}/{self.protocol}"


class Meaning:
    """The space of the requests a platform can receive, and the regions of conditions in it."""

    def __init__(
        self, platform: Platform, *, entries: Sequence[Entry] = (), hosts: Sequence[str] = (), separators: bool = False
    ) -> None:
        """Take where requests can come in, hosts worth showing in a witness, and whether encoded separators may pass."""
        self.platform = platform
        unheard = [
            Entry("", protocol) for protocol in _PROTOCOLS if protocol not in {entry.protocol for entry in entries}
        ]
        self.entries = (*sorted(entries, key=lambda entry: entry.protocol, reverse=True), *unheard)
        path = separated_paths(platform) if separators else strict_paths(platform)
        names = [entry.name for entry in self.entries]
        self.space = Space(
            {
                "entry": TextTheory(language.words(names), names),
                "method": TextTheory(leaves.pattern("^[!#$%&'*+\\-.^_`|~0-9A-Z]+$"), _METHODS),
                "host": TextTheory(
                    _whole(platform.host), (*hosts, *_HOSTS), Rare(":", lambda: _whole(platform.address_host))
                ),
                "path": TextTheory(path, ("/",)),
                "address": AddressTheory(),
                "header": ValuesTheory(_whole(platform.header)),
                "cookie": ValuesTheory(_whole(platform.cookie), most=1),
                "query": ValuesTheory(_whole(platform.query)),
                OPAQUE: ValuesTheory(language.words(("true",)), most=1),
            },
            Coupling(Axis("header", "cookie"), "cookie", write_cookies, read_cookies),
        )
        self.numbers = count(1)
        """Numbers for what is opaque and has no name, each once."""
        self._true: dict[Expression, Region | Unbounded] = {}
        self._false: dict[Expression, Region | Unbounded] = {}

    def true(self, expression: Expression) -> Region:
        """The requests for which a condition is true. Raises Unbounded."""
        return _remembered(self._true, expression, self._holds)

    def false(self, expression: Expression) -> Region:
        """The requests for which a condition is false. Raises Unbounded."""
        return _remembered(self._false, expression, self._fails_to_hold)

    def fails(self, expression: Expression) -> Region:
        """The requests for which the evaluation of a condition ends in an error. Raises Unbounded."""
        return self.space.everything - self.true(expression) - self.false(expression)

    def entered(self, listeners: Collection[str]) -> Region:
        """The requests that come in by some listeners."""
        return self._entries(lambda entry: entry.listener in listeners)

    def _entries(self, chosen: Callable[[Entry], bool]) -> Region:
        return self.space.region(Axis("entry"), language.words(entry.name for entry in self.entries if chosen(entry)))

    def entry(self, point: Point) -> Entry:
        """Where the request of a point comes in."""
        return next(entry for entry in self.entries if entry.name == point[Axis("entry")])

    def place(self, request: Request) -> Point | None:
        """Where a request lies on the axes that every request has a value of; None where its way in is unknown."""
        entry = Entry(request.listener, request.protocol)
        if entry not in self.entries:
            return None
        texts = {"method": request.method, "host": request.host, "path": request.path, "address": request.address}
        return Point(self.space, {Axis("entry"): entry.name, **{Axis(kind): text for kind, text in texts.items()}})

    def request(self, point: Point, port: int = 0) -> Request:
        """The concrete request of a point."""
        entry = self.entry(point)

        def text(kind: str) -> str:
            value = point[Axis(kind)]
            assert isinstance(value, str)  # noqa: S101
            return value

        pairs = [(axis, value) for axis, values in sorted(point.items()) if axis.name for value in values]
        return Request(
            text("method"),
            entry.protocol,
            text("host"),
            text("path"),
            text("address"),
            tuple((axis.name, value) for axis, value in pairs if axis.kind == "header"),
            tuple((axis.name, value) for axis, value in pairs if axis.kind == "query"),
            entry.listener,
            port,
        )

    def _holds(self, expression: Expression) -> Region:
        space = self.space
        match expression:
            case Constant(value):
                return space.everything if value else space.nothing
            case Fails():
                return space.nothing
            case Not(operand):
                return self.false(operand)
            case And(operands):
                return intersection([space.everything, *map(self.true, operands)])
            case Or(operands):
                return reduce(Region.__or__, map(self.true, operands), space.nothing)
            case If(condition, then, otherwise):
                return self._choose(condition, self.true(then), self.true(otherwise))
            case _:
                return self._atom(expression)

    def _fails_to_hold(self, expression: Expression) -> Region:
        space = self.space
        match expression:
            case Constant(value):
                return space.nothing if value else space.everything
            case Fails():
                return space.nothing
            case Not(operand):
                return self.true(operand)
            case And(operands):
                return reduce(Region.__or__, map(self.false, operands), space.nothing)
            case Or(operands):
                return intersection([space.everything, *map(self.false, operands)])
            case If(condition, then, otherwise):
                return self._choose(condition, self.false(then), self.false(otherwise))
            case _:
                return ~self.true(expression)

    def _choose(self, condition: Expression, then: Region, otherwise: Region) -> Region:
        return (self.true(condition) & then) | (self.false(condition) & otherwise)

    def _atom(self, atom: Expression) -> Region:
        match atom:
            case Test(Field("address"), predicate):
                return self._text(atom, Axis("address"), lambda: address_set(predicate))
            case Test(Field("protocol"), predicate):
                return self._entries(lambda entry: entry.protocol in text_language(predicate))
            case Test(Field("listener"), predicate):
                return self._entries(lambda entry: entry.listener in text_language(predicate))
            case Test(field, predicate):
                return self._text(atom, Axis(field.kind), lambda: text_language(predicate))
            case Present(field):
                return self._values(atom, field, lambda: PRESENT)
            case AnyValue(field, predicate):
                return self._values(atom, field, lambda: some_value(text_language(predicate)))
            case ValueAt(field, index, predicate):
                return self._values(atom, field, lambda: value_at(index, text_language(predicate)))
            case Count(field, comparison, number):
                return self._values(atom, field, lambda: _sizes(comparison, number))
            case Opaque(name):
                return self._opaque(name)
        raise TypeError(atom)

    def _text(self, atom: Expression, axis: Axis, constraint: Callable[[], Constraint]) -> Region:
        try:
            return self.space.region(axis, constraint())
        except Unbounded:
            return self._opaque(say(atom))

    def _values(self, atom: Expression, field: Field, values: Callable[[], Values]) -> Region:
        if self.never_present(field):
            return self.space.everything if () in values() else self.space.nothing
        return self._text(atom, Axis(field.kind, field.name), values)

    def never_present(self, field: Field) -> bool:
        """Whether no request a rule sees can have this header or cookie."""
        if field.kind == "header":
            lowered = field.name == field.name.lower()
            return not lowered or field.name in self.platform.invisible_headers or not TOKEN.fullmatch(field.name)
        return field.kind == "cookie" and not TOKEN.fullmatch(field.name)

    def _opaque(self, name: str) -> Region:
        return self.space.region(Axis(OPAQUE, name), PRESENT)


def _remembered(
    known: dict[Expression, Region | Unbounded], expression: Expression, find: Callable[[Expression], Region]
) -> Region:
    """A region that is found once; that it cannot be found is found once, too."""
    found = known.get(expression)
    if found is None:
        try:
            found = known[expression] = find(expression)
        except Unbounded as limit:
            found = known[expression] = limit
    if isinstance(found, Unbounded):
        raise Unbounded(found.reason)
    return found


def strict_paths(platform: Platform) -> language.Language:
    """The paths that reach the rules of routes that refuse encoded separators."""
    return _whole(platform.path) & ~language.words(platform.reserved)


def separated_paths(platform: Platform) -> language.Language:
    """The paths that reach the rules where a route allows encoded separators."""
    return _whole(platform.separated_path) & ~language.words(platform.reserved)


def _whole(pattern: str) -> language.Language:
    return leaves.pattern(rf"\A(?:{pattern})\z")


def text_language(predicate: Predicate) -> language.Language:  # noqa: C901 - one case for each predicate
    """The strings that satisfy a predicate. Raises Unbounded."""
    match predicate:
        case Equals(text):
            return language.words((text,))
        case StartsWith(text):
            return leaves.prefix(text)
        case EndsWith(text):
            return leaves.suffix(text)
        case Contains(text):
            return leaves.substring(text)
        case PathPrefix(text):
            return language.ANYTHING if text in ("", "/") else leaves.below_path(text)
        case HostPattern(text):
            return _host_language(text)
        case Matches(pattern):
            return leaves.pattern(pattern)
        case Length(comparison, number):
            return _lengths(comparison, number)
        case Ordered(comparison, text):
            return _ordered(comparison, text)
        case Every(predicates):
            return language.intersection(map(text_language, predicates))
        case Some(predicates):
            endings = {predicate.text for predicate in predicates if isinstance(predicate, EndsWith)}
            rest = [text_language(predicate) for predicate in predicates if not isinstance(predicate, EndsWith)]
            return language.union((*rest, leaves.any_suffix(sorted(endings))))
        case Never(operand):
            return ~text_language(operand)
        case InNetwork(network):
            return _spelled_within(network)


def address_set(predicate: Predicate) -> addresses.Addresses:
    """The addresses that satisfy a predicate. Raises Unbounded."""
    match predicate:
        case InNetwork(network):
            return addresses.network(network)
        case Equals(text):
            return addresses.address(text)
        case Every(predicates):
            return reduce(addresses.Addresses.__and__, map(address_set, predicates), addresses.EVERY_ADDRESS)
        case Some(predicates):
            return addresses.every(map(address_set, predicates))
        case Never(operand):
            return ~address_set(operand)
        case _:
            return matching(text_language(predicate))


def _spelled_within(network: str) -> language.Language:
    """The texts that spell an address of an IPv4 network, with white space around it."""
    block = ip_network(network)
    if block.version != 4:
        raise Unbounded("the network of an address that is not the client's")
    first, last = (str(end).split(".") for end in (block[0], block[-1]))
    octets = ("|".join(map(str, range(int(low), int(high) + 1))) for low, high in zip(first, last, strict=True))
    return leaves.pattern(r"\A" + _BLANK + r"\.".join(f"(?:{octet})" for octet in octets) + _BLANK + r"\z")


def _host_language(text: str) -> language.Language:
    if not text:
        return language.ANYTHING
    return leaves.suffix(text[1:]) if text.startswith("*.") else language.words((text,))


def _lengths(comparison: str, number: int) -> language.Language:
    match comparison:
        case "==":
            return leaves.length(number, number) if number >= 0 else language.NOTHING
        case "!=":
            return ~_lengths("==", number)
        case "<":
            return leaves.length(0, number - 1)
        case "<=":
            return leaves.length(0, number)
        case ">":
            return ~_lengths("<=", number)
        case _:
            return ~_lengths("<", number)


def _ordered(comparison: str, text: str) -> language.Language:
    match comparison:
        case "<":
            return leaves.below(text, inclusive=False)
        case "<=":
            return leaves.below(text, inclusive=True)
        case ">":
            return ~leaves.below(text, inclusive=True)
        case _:
            return ~leaves.below(text, inclusive=False)


def _sizes(comparison: str, number: int) -> Values:
    match comparison:
        case "==":
            return sized(number, number) if number >= 0 else sized(1, 0)
        case "!=":
            return ~_sizes("==", number)
        case "<":
            return sized(0, number - 1) if number > 0 else sized(1, 0)
        case "<=":
            return sized(0, number) if number >= 0 else sized(1, 0)
        case ">":
            return sized(number + 1, None)
        case _:
            return sized(number, None)
