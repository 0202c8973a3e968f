"""Random expressions of CEL over p2pstream's variables, random requests, and random trees of any shape."""

from __future__ import annotations

from hypothesis import strategies as st

from edgelint.languages.cel.syntax import (
    AllOf,
    AnyOf,
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Message,
    Name,
    Node,
    Select,
    Unary,
)
from edgelint.model.request import Request

TEXTS = (
    "",
    "a",
    "b",
    "ab",
    "/",
    "/a",
    "/a/b",
    "GET",
    "POST",
    "https",
    "a.example",
    "b.a.example",
    "10.1.2.3",
    "2001:db8::1",
)
PATTERNS = ("a", "^/a", "b$", "(?i)A", "^$", "[0-9]+", ".")
NETWORKS = ("10.0.0.0/8", "10.1.2.3/32", "2001:db8::/32", "0.0.0.0/0", "::/0")
HOSTS = ("a.example", "*.a.example", "*.example", "A.Example.", "*")
PREFIXES = ("/", "/a", "/a/", "/a/b")
NAMES = ("x", "y", "cookie", "X-A")
SCALARS = ("method", "protocol", "host", "path", "remote_ip")


def text(value: str) -> Node:
    return Literal("string", value)


def number(value: int) -> Node:
    return Literal("int", value)


def call(name: str, *arguments: Node) -> Node:
    return Call(None, name, arguments)


def member(target: Node, name: str, *arguments: Node) -> Node:
    return Call(target, name, arguments)


constants = st.sampled_from(TEXTS).map(text)
scalars = st.sampled_from(SCALARS).map(Name)
header_lists = st.builds(
    lambda collection, key, style: (
        Select(Name(collection), key) if style and key.isalnum() else Index(Name(collection), text(key))
    ),
    st.sampled_from(("headers", "query")),
    st.sampled_from(NAMES),
    st.booleans(),
)
cookies = st.sampled_from(NAMES).map(lambda name: Index(Name("cookies"), text(name)))
small = st.integers(-1, 4)


@st.composite
def texts(draw: st.DrawFn, depth: int, scope: tuple[str, ...] = ()) -> Node:
    """An expression of type string."""
    kinds = [scalars, constants, cookies, st.builds(Index, header_lists, small.map(number))]
    if scope:
        kinds += [st.sampled_from(scope).map(Name)] * 3
    if depth > 0:
        kinds.append(
            st.builds(Conditional, booleans(depth - 1, scope), texts(depth - 1, scope), texts(depth - 1, scope))
        )
        kinds.append(texts(depth - 1, scope).map(lambda node: call("string", node)))
        kinds.append(st.builds(lambda one, two: Binary("+", one, two), constants, constants))
    return draw(st.one_of(kinds))


@st.composite
def lists(draw: st.DrawFn, depth: int, scope: tuple[str, ...] = ()) -> Node:
    """An expression of type list(string)."""
    kinds = [header_lists, header_lists, st.lists(constants, max_size=3).map(lambda nodes: ListOf(tuple(nodes)))]
    if depth > 0:
        kinds.append(st.lists(texts(depth - 1, scope), max_size=3).map(lambda nodes: ListOf(tuple(nodes))))
        kinds.append(
            st.builds(Conditional, booleans(depth - 1, scope), lists(depth - 1, scope), lists(depth - 1, scope))
        )
        kinds.append(st.deferred(lambda: filtered(depth - 1, scope)))
    return draw(st.one_of(kinds))


@st.composite
def filtered(draw: st.DrawFn, depth: int, scope: tuple[str, ...]) -> Node:
    variable = draw(st.sampled_from(("v", "w")))
    inner = tuple(dict.fromkeys((*scope, variable)))
    kind = draw(st.sampled_from(("filter", "map", "map3")))
    source = draw(lists(max(depth - 1, 0), scope))
    if kind == "filter":
        return Macro("filter", source, variable, draw(booleans(depth, inner)), None)
    predicate = draw(booleans(depth, inner)) if kind == "map3" else None
    return Macro("map", source, variable, predicate, draw(texts(depth, inner)))


@st.composite
def sizes(draw: st.DrawFn, depth: int, scope: tuple[str, ...]) -> Node:
    subject = draw(st.one_of(texts(depth, scope), lists(depth, scope)))
    return member(subject, "size") if draw(st.booleans()) else call("size", subject)


@st.composite
def booleans(draw: st.DrawFn, depth: int, scope: tuple[str, ...] = ()) -> Node:  # noqa: C901  one case for each kind
    """An expression of type bool."""
    kind = draw(st.sampled_from(SIMPLE if depth <= 0 else (*SIMPLE, *COMPOUND)))
    below = max(depth - 1, 0)
    match kind:
        case "constant":
            return draw(st.one_of(st.booleans().map(lambda value: Literal("bool", value)), st.just(FAILING)))
        case "equality":
            operands = [draw(texts(below, scope)), draw(constants)]
            return Binary(draw(st.sampled_from(("==", "!="))), *draw(st.permutations(operands)))
        case "order":
            operands = [draw(texts(below, scope)), draw(constants)]
            return Binary(draw(st.sampled_from(("<", "<=", ">", ">="))), *draw(st.permutations(operands)))
        case "question":
            name = draw(st.sampled_from(("startsWith", "endsWith", "contains")))
            operands = draw(st.permutations([draw(texts(below, scope)), draw(constants)]))
            return member(operands[0], name, operands[1])
        case "matches":
            subject, pattern = draw(texts(below, scope)), text(draw(st.sampled_from(PATTERNS)))
            return member(subject, "matches", pattern) if draw(st.booleans()) else call("matches", subject, pattern)
        case "platform":
            return draw(platform_calls())
        case "presence":
            name = draw(st.sampled_from(NAMES))
            collection = Name(draw(st.sampled_from(("headers", "cookies", "query"))))
            return Has(collection, "x") if draw(st.booleans()) else Binary("in", text(name), collection)
        case "membership":
            return Binary(
                "in", draw(texts(below, scope)), draw(st.lists(constants, max_size=3).map(lambda n: ListOf(tuple(n))))
            )
        case "value":
            return Binary("in", draw(constants), draw(lists(below, scope)))
        case "size":
            operands = [draw(sizes(below, scope)), number(draw(small))]
            operator = draw(st.sampled_from(("==", "!=", "<", "<=", ">", ">=")))
            return Binary(operator, *draw(st.permutations(operands)))
        case "list":
            return Binary(
                draw(st.sampled_from(("==", "!="))),
                draw(lists(below, scope)),
                draw(st.lists(constants, max_size=2).map(lambda n: ListOf(tuple(n)))),
            )
        case "not":
            return Unary("!", draw(booleans(below, scope)))
        case "and" | "or":
            joined = AllOf if kind == "and" else AnyOf
            operands = draw(st.lists(booleans(below, scope), min_size=2, max_size=3))
            flat = [part for node in operands for part in (node.operands if isinstance(node, joined) else (node,))]
            return joined(tuple(flat))
        case "conditional":
            return Conditional(*(draw(booleans(below, scope)) for _ in range(3)))
        case "same":
            return Binary(
                draw(st.sampled_from(("==", "!="))), draw(booleans(below, scope)), draw(booleans(below, scope))
            )
        case "macro":
            variable = draw(st.sampled_from(("v", "w")))
            inner = tuple(dict.fromkeys((*scope, variable)))
            return Macro(
                draw(st.sampled_from(("all", "exists"))),
                draw(lists(below, scope)),
                variable,
                draw(booleans(below, inner)),
                None,
            )
    raise ValueError(kind)


FAILING = Binary(">", Binary("/", number(1), number(0)), number(0))
SIMPLE = (
    "constant",
    "equality",
    "equality",
    "order",
    "question",
    "matches",
    "platform",
    "presence",
    "membership",
    "value",
    "size",
    "list",
)
COMPOUND = ("not", "and", "or", "and", "or", "conditional", "same", "macro", "macro", "macro")


def platform_calls() -> st.SearchStrategy[Node]:
    def named(name: str, subjects: st.SearchStrategy[Node], arguments: tuple[str, ...]) -> st.SearchStrategy[Node]:
        return st.builds(
            lambda subject, argument: call(name, subject, text(argument)), subjects, st.sampled_from(arguments)
        )

    return st.one_of(
        named("host_match", st.just(Name("host")), HOSTS),
        named("path_prefix", st.one_of(scalars, cookies), PREFIXES),
        named("cidr", st.just(Name("remote_ip")), NETWORKS),
    )


quantified = st.builds(
    lambda kind, collection, body: Macro(kind, Index(Name(collection), text("x")), "v", body, None),
    st.sampled_from(("all", "exists")),
    st.sampled_from(("headers", "query")),
    booleans(2, ("v",)),
)
"""A quantifier over values that most requests have."""

values = st.sampled_from(("", "a", "b", "ab", "/a", "GET", "10.1.2.3"))
requests = st.builds(
    Request,
    method=st.sampled_from(("GET", "POST", "a")),
    protocol=st.sampled_from(("http", "https")),
    host=st.sampled_from(("", "a.example", "b.a.example", "c.b.a.example", "ab")),
    path=st.sampled_from(("/", "/a", "/ab", "/a/b", "/a/", "/b\n")),
    address=st.sampled_from(("10.1.2.3", "192.0.2.1", "2001:db8::1", "::1")),
    headers=st.lists(
        st.one_of(
            st.tuples(st.sampled_from(("x", "x", "y")), values),
            st.tuples(st.just("cookie"), st.sampled_from(("x=a", "y=b; x=/a", "cookie=ab"))),
        ),
        max_size=5,
    ).map(tuple),
    query=st.lists(st.tuples(st.sampled_from(("x", "x", "y", "X-A")), values), max_size=4).map(tuple),
)


names = st.sampled_from(("a", "b", "if_", "_x", ".a"))
fields = st.sampled_from(("f", "in", "for", "a-b", "x y", "size"))
literals = st.one_of(
    st.just(Literal("null_type", None)),
    st.booleans().map(lambda value: Literal("bool", value)),
    st.integers(-(2**63), 2**63 - 1).map(lambda value: Literal("int", value)),
    st.integers(0, 2**64 - 1).map(lambda value: Literal("uint", value)),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Literal("double", value)),
    st.text(st.characters(codec="utf-8"), max_size=8).map(text),
    st.binary(max_size=8).map(lambda value: Literal("bytes", value)),
)


def _joined(kind: type[AllOf | AnyOf], operands: list[Node]) -> Node:
    """A flat chain of one operator."""
    return kind(tuple(part for node in operands for part in (node.operands if isinstance(node, kind) else (node,))))


def _compound(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(below, max_size=3).map(tuple)
    chain = st.lists(below, min_size=2, max_size=3)
    operators = st.sampled_from(("==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"))
    functions = st.sampled_from(("f", "size", "matches"))
    return st.one_of(
        st.builds(Select, below, fields),
        st.builds(Has, below, fields),
        st.builds(Index, below, below),
        st.builds(Call, st.one_of(st.none(), below), functions, several),
        st.builds(Unary, st.sampled_from(("!", "-")), below),
        st.builds(Binary, operators, below, below),
        st.builds(_joined, st.sampled_from((AllOf, AnyOf)), chain),
        st.builds(Conditional, below, below, below),
        st.builds(ListOf, several),
        st.builds(MapOf, st.lists(st.tuples(below, below), max_size=2).map(tuple)),
        st.builds(
            Message, st.sampled_from(("M", "a.b.M", ".M")), st.lists(st.tuples(fields, below), max_size=2).map(tuple)
        ),
        st.builds(
            lambda kind, source, body: Macro(kind, source, "v", body, None),
            st.sampled_from(("all", "exists", "exists_one", "filter")),
            below,
            below,
        ),
        st.builds(
            lambda source, predicate, body: Macro("map", source, "v", predicate, body),
            below,
            st.one_of(st.none(), below),
            below,
        ),
    )


trees = st.recursive(st.one_of(names.map(Name), literals), _compound, max_leaves=12)
"""Trees of any shape, sensible or not."""
