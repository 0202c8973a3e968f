"""Random match expressions and requests over a small world in which they often meet."""

from hypothesis import strategies as st

from edgelint.model import expression as ex
from edgelint.model.request import Request

HOSTS = ["app.example.com", "api.example.com", "example.com", "a.b.example.com", "other.test", ""]
PATHS = ["/", "/admin", "/admin/", "/admin/x", "/adminx", "/login", "/assets/a.js", "/assets/a.css", "/\n", "/Admin"]
ADDRESSES = ["203.0.113.7", "198.51.100.9", "10.1.2.3", "10.2.0.1", "2001:db8::1", "fd00::1"]
METHODS = ["GET", "POST", "HEAD", "PURGE"]
VALUES = ["", "a", "b", "ab", "free", "pro", "1"]
NAMES = {"header": ["x-plan", "cookie"], "cookie": ["sid"], "query": ["q"]}
TEXTS = ["", "/", "/admin", "/admin/", ".js", "example", "app.example.com", ".example.com", "a", "fr", "e"]
PATTERNS = ["^/admin", "x$", "(?i)admin", r"\.(js|css)$", "^[a-f]+$", r"\badmin\b", "", "^/admin.*$", "[^a]"]

texts = st.sampled_from(TEXTS)
comparisons = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def leaves(values):
    """What a text can be asked, where these are some of the texts it can be."""
    return st.one_of(
        st.sampled_from(values).map(ex.Equals),
        st.sampled_from(values).map(ex.Equals),
        texts.map(ex.StartsWith),
        texts.map(ex.EndsWith),
        texts.map(ex.Contains),
        st.sampled_from(PATTERNS).map(ex.Matches),
        st.builds(ex.Length, comparisons, st.integers(-1, 8)),
        st.builds(ex.Ordered, st.sampled_from(["<", "<=", ">", ">="]), texts),
    )


def formulas(basic):
    return st.recursive(
        basic,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda many: ex.Every(tuple(many))),
            st.lists(inner, max_size=3).map(lambda many: ex.Some(tuple(many))),
            inner.map(ex.Never),
        ),
        max_leaves=3,
    )


predicates = formulas(leaves(VALUES))
host_predicates = formulas(leaves(HOSTS) | st.sampled_from(["", *HOSTS, "*.example.com", "*.test"]).map(ex.HostPattern))
path_predicates = formulas(leaves(PATHS) | texts.map(ex.PathPrefix))
address_predicates = formulas(
    st.one_of(
        st.sampled_from(ADDRESSES).map(ex.Equals),
        st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0", "2001:db8::/32"]).map(ex.InNetwork),
    )
)
fields = st.sampled_from([ex.Field(kind, name) for kind, names in NAMES.items() for name in names if name != "cookie"])
lists = st.sampled_from([ex.Field("header", "x-plan"), ex.Field("query", "q")])

atoms = st.one_of(
    st.builds(ex.Test, st.just(ex.METHOD), formulas(leaves(METHODS))),
    st.builds(ex.Test, st.just(ex.PROTOCOL), formulas(leaves(["http", "https"]))),
    st.builds(ex.Test, st.just(ex.HOST), host_predicates),
    st.builds(ex.Test, st.just(ex.PATH), path_predicates),
    st.builds(ex.Test, st.just(ex.ADDRESS), address_predicates),
    st.builds(ex.Present, fields | st.just(ex.Field("header", "cookie"))),
    st.builds(ex.AnyValue, lists, predicates),
    st.builds(ex.ValueAt, lists, st.integers(0, 2), predicates),
    st.builds(ex.ValueAt, st.just(ex.Field("cookie", "sid")), st.just(0), predicates),
    st.builds(ex.Count, lists, comparisons, st.integers(-1, 3)),
)


def conditions(basic, max_leaves=6):
    return st.recursive(
        basic | st.sampled_from([ex.TRUE, ex.FALSE, ex.FAILS]),
        lambda inner: st.one_of(
            inner.map(ex.Not),
            st.lists(inner, max_size=3).map(lambda many: ex.And(tuple(many))),
            st.lists(inner, max_size=3).map(lambda many: ex.Or(tuple(many))),
            st.builds(ex.If, inner, inner, inner),
        ),
        max_leaves=max_leaves,
    )


def alternatives(basic):
    """Conditions that are a few boxes: alternatives, each of a few atoms or their negations."""
    literal = st.one_of(basic, basic, basic.map(ex.Not))
    box = st.lists(literal, min_size=1, max_size=3).map(lambda many: ex.And(tuple(many)))
    return st.lists(box, min_size=1, max_size=3).map(lambda many: ex.Or(tuple(many)))


@st.composite
def policies(draw, basic, most=5):
    """Conditions of which the others have much to do with the first: parts of it, what is wider, and both halves of it."""
    rich = st.one_of(alternatives(basic), alternatives(basic), alternatives(basic).map(ex.Not), conditions(basic))
    first = draw(rich)
    others = []
    for _ in range(draw(st.integers(2, most - 1))):
        kind = draw(st.sampled_from(("other", "part", "other", "part", "other", "part", "wider", "halves")))
        if kind == "other":
            others.append(draw(rich))
        elif kind == "wider":
            others.append(ex.Or((first, draw(basic))))
        else:
            cut = draw(basic)
            others.append(ex.And((first, cut)))
            others += [ex.And((first, ex.Not(cut)))] if kind == "halves" else []
    return [first, *draw(st.permutations(others))]


some_values = st.lists(st.sampled_from(VALUES), max_size=3)


@st.composite
def requests(draw, listener=""):
    headers = tuple(("x-plan", value) for value in draw(some_values))
    cookie = draw(st.sampled_from([None, "sid=a", "sid=free; sid=b", "other=1", 'sid="ab"']))
    return Request(
        draw(st.sampled_from(METHODS)),
        draw(st.sampled_from(["http", "https"])),
        draw(st.sampled_from(HOSTS)),
        draw(st.sampled_from(PATHS)),
        draw(st.sampled_from(ADDRESSES)),
        (("cookie", cookie), *headers) if cookie is not None else headers,
        tuple(("q", value) for value in draw(some_values)),
        listener,
    )
