"""What the cache keeps, against a plain account of one request after the other."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.config import settings
from edgelint.facts import Facts
from edgelint.knowledge.caching import Cache, Storing, same_url, storing
from edgelint.knowledge.same_key import rivals
from edgelint.model.expression import Field
from edgelint.model.request import Request
from edgelint.model.topology import Topology, Upstream
from edgelint.path_classes import computed, fingerprinted, personal, programs
from edgelint.readers import read
from edgelint.replay import applies, route_of, steps
from edgelint.run import check_of
from edgelint.space.questions import member
from support import FIXTURES, ROOT

CASES = sorted(
    path
    for path in FIXTURES.glob("*/*.yaml")
    if not path.name.endswith((".config.yaml", ".before.yaml")) and "cache_rules" in path.read_text(encoding="utf-8")
)


def facts_of(path):
    (policy,) = read([str(path)], stdin=bytes).policies
    config = path.with_suffix(".config.yaml")
    return Facts(policy, settings(ROOT, config if config.exists() else None, isolated=not config.exists()).topology)


def facts_from(text, tmp_path, topology=None):
    (tmp_path / "edge.yaml").write_text(text, encoding="utf-8")
    (policy,) = read([str(tmp_path / "edge.yaml")], stdin=bytes).policies
    assert not policy.problems
    return Facts(policy, topology)


def kept(policy, rule, request):
    """Whether a rule lets the answer to a request be kept, told step by step."""
    if request.method != "GET" or any(request.values(name) for name in ("cookie", "authorization", "range", "upgrade")):
        return False
    taken = list(steps(policy, request))
    if any(step.rules[0].outcome.denies for step in taken if step.phase.name == "waf"):
        return False
    route = route_of(policy, request)
    if policy.routes and (route is None or route.action != "forward"):
        return False
    if policy.routes and not any(target.enabled and target.origin for target in route.targets):
        return False
    return any(step.rules[0] is rule for step in taken if step.phase.name == "cache")


def key(rule, request):
    """The key of a request as p2pstream makes it, without the target: pairs of the query sorted, vary headers with values."""
    found = storing(rule)
    listed = {
        "full": lambda _: True,
        "ignore": lambda _: False,
        "allowlist": lambda name: name in found.query_params,
        "denylist": lambda name: name not in found.query_params,
    }[found.query_mode]
    query = sorted(pair for pair in request.query if listed(pair[0]))
    vary = sorted((name, request.values(name)[:1]) for name in found.vary)
    return (request.protocol, request.host, request.path, tuple(query), found.shared, request.listener, tuple(vary))


@pytest.mark.parametrize("path", CASES, ids=[f"{path.parent.name}/{path.stem}" for path in CASES])
def test_what_is_said_to_be_kept_is_kept(path):
    facts = facts_of(path)
    cache = facts.once(Cache)
    for rule in facts.active("cache"):
        for region in (cache.storable(rule), cache.pages(rule)):
            request = cache.stored(rule, region)
            assert request is None or kept(facts.policy, rule, request)


@pytest.mark.parametrize("path", CASES, ids=[f"{path.parent.name}/{path.stem}" for path in CASES])
def test_what_is_said_never_to_be_kept_is_not_among_plain_requests(path):
    facts = facts_of(path)
    cache = facts.once(Cache)
    hosts = {route.host for route in facts.policy.routes} | {"app.example.com"}
    paths = ("/", "/assets/a.css", "/search", "/blog", "/account", "/img", "/media/a.mp4", "/docs", "/pricing")
    listeners = list(facts.listeners.values())
    ways = [(one.id, one.protocol) for one in listeners] or [("", "https")]
    for rule in facts.active("cache"):
        if cache.stored(rule, cache.storable(rule)) is None:
            for host, found, method, (listener, protocol) in product(
                sorted(hosts), paths, ("GET", "HEAD", "POST"), ways
            ):
                request = Request(method, protocol, host, found, "203.0.113.7", listener=listener)
                assert not kept(facts.policy, rule, request)


PAIRS = [path for path in CASES if path.parent.name == "unkeyed-match-dimension"]


@pytest.mark.parametrize("path", PAIRS, ids=[path.stem for path in PAIRS])
def test_rivals_have_one_key_and_take_their_own_requests(path):
    facts = facts_of(path)
    for rule in facts.active("cache"):
        for other, (mine, theirs) in rivals(facts, rule):
            assert key(rule, mine) == key(other, theirs)
            assert applies(facts.policy, rule, mine)
            assert not applies(facts.policy, rule, theirs)


def test_there_are_rivals_to_look_at():
    found = (rivals(facts, rule) for path in PAIRS for facts in [facts_of(path)] for rule in facts.active())
    assert sum(bool(list(each)) for each in found) > 2


def test_of_many_rivals_each_finding_names_a_few_and_every_pair_is_named_by_one(tmp_path):
    names = [f"plan-{number}" for number in range(9)]
    rules = "".join(
        f"  - name: {name}\n    priority: {priority}\n    match_rule:\n      cel_expression: "
        f"""'path_prefix(path, "/a") && "x-plan" in headers && headers["x-plan"].exists(v, v == "{name}")'\n"""
        for priority, name in enumerate(names)
    )
    facts = facts_from(
        "listeners: [{id: 1, name: public, protocol: https, port: 443}]\n"
        'routes: [{id: 1, listener_id: 1, priority: 1, targets: [{id: 1, name: app, url: "http://10.0.0.1:80"}]}]\n'
        f"cache_rules:\n{rules}",
        tmp_path,
    )
    named = [
        (finding.subject.name, [one.subject.name for one in finding.related])
        for finding in check_of("unkeyed-match-dimension")(facts)
    ]
    assert max(len(others) for _, others in named) == 6
    together = {frozenset((name, other)) for name, others in named for other in others}
    assert together == set(map(frozenset, combinations(names, 2)))


NAMES = ("a", "b", "utm_source")
SETTINGS = st.builds(
    Storing,
    ttl=st.just(60.0),
    fixed=st.booleans(),
    shared=st.booleans(),
    query_mode=st.sampled_from(("full", "ignore", "allowlist", "denylist")),
    query_params=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    vary=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    statuses=st.just((200,)),
    max_object=st.just(1),
)


@given(SETTINGS, st.sampled_from(NAMES), st.sampled_from(("header", "query")))
def test_a_field_is_in_the_key_when_its_values_make_different_keys(found, name, kind):
    rule = type("Rule", (), {"settings": vars_of(found)})()
    pairs = [((name, "1"),), ((name, "2"),)]
    requests = [
        Request("GET", "https", "a.example", "/", "192.0.2.1", **{("headers" if kind == "header" else "query"): pair})
        for pair in pairs
    ]
    assert storing(rule).keys(Field(kind, name)) == (key(rule, requests[0]) != key(rule, requests[1]))


def vars_of(found):
    """The settings of a rule from what they were read to."""
    return {
        "ttl": found.ttl,
        "ttl_mode": "fixed" if found.fixed else "origin",
        "scope": "route" if found.shared else "selected_backend",
        "query_mode": found.query_mode,
        "query_params": found.query_params,
        "vary": tuple(name.title() for name in found.vary),
        "statuses": tuple(map(str, found.statuses)),
        "max_object": found.max_object,
    }


@given(SETTINGS)
def test_settings_are_read_as_they_are_written(found):
    assert storing(type("Rule", (), {"settings": vars_of(found)})()) == found


ROUTES = """
listeners: [{id: 1, name: tls, protocol: https, port: 443}]
routes:
  - {id: 1, listener_id: 1, priority: 10, host_pattern: app.example.com, targets: [{id: 1, name: a, url: "http://a"}]}
  - {id: 2, listener_id: 1, priority: 20, host_pattern: docs.example.com, targets: [{id: 2, name: b, url: "http://b"}]}
cache_rules:
"""


def test_the_first_upstream_that_fits_says_whether_a_host_is_static(tmp_path):
    rule = "  - {name: all, priority: 10}\n"
    declared = (
        Upstream("docs.example.com", static=True),
        Upstream("app.example.com", static=False),
        Upstream(static=True),
    )
    facts = facts_from(ROUTES + rule, tmp_path, Topology(upstreams=declared))
    cache = facts.once(Cache)
    request = cache.stored(*facts.active("cache"), cache.pages(*facts.active("cache")))
    assert request.host == "app.example.com"
    facts = facts_from(ROUTES + rule, tmp_path, Topology(upstreams=(Upstream(static=True), *declared)))
    assert member(facts.once(Cache).pages(*facts.active("cache"))).no


@pytest.mark.parametrize(
    ("condition", "open_"),
    [
        ("true", True),
        ('path.startsWith("/")', True),
        ('path.matches("^/.+$")', True),
        ("path.size() < 30", True),
        ('path != "/login"', True),
        ('path.matches("^/[a-z]+$") || method == "GET"', True),
        ('path == "/" || path_prefix(path, "/blog")', False),
        ('path.contains("blog")', False),
        ('path_prefix(path, "/blog") && !path_prefix(path, "/blog/drafts")', False),
        ('path.matches("[.]html$")', False),
    ],
)
def test_a_rule_is_open_when_it_takes_paths_it_does_not_speak_of(condition, open_, tmp_path):
    facts = facts_from(f"{ROUTES}  - {{name: one, match_rule: {{cel_expression: '{condition}'}}}}\n", tmp_path)
    assert (facts.once(Cache).open(*facts.active("cache")) is not None) is open_


def test_paths_with_encoded_separators_are_not_kept(tmp_path):
    text = ROUTES.replace("targets: [{id: 1", "path_security_mode: allow_encoded_separators, targets: [{id: 1")
    facts = facts_from(f"{text}  - {{name: one, match_rule: {{cel_expression: 'path.contains(\"//\")'}}}}\n", tmp_path)
    (rule,) = facts.active("cache")
    assert member(facts.live(rule)).yes
    assert member(facts.once(Cache).storable(rule)).no


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(("", "1", "x y"))), max_size=3),
    st.lists(st.tuples(st.sampled_from(("x-a", "x-b")), st.sampled_from(("1", "2"))), max_size=2),
    st.sampled_from(("/", "/a", "/a b")),
)
def test_a_request_has_its_own_url(query, headers, path):
    (policy,) = read([str(FIXTURES / "cache-unbounded" / "fires-everything.yaml")], stdin=bytes).policies
    facts = Facts(policy)
    request = Request("GET", "https", "app.example.com", path, "192.0.2.1", tuple(headers), tuple(query), "1", 443)
    found = facts.meaning.request(member(facts.matching(same_url(request, "x-a"))).point, 443)
    assert (found.url(), found.values("x-a")) == (regrouped(request).url(), request.values("x-a"))


def regrouped(request):
    """The request with the pairs of its query sorted by name, as a witness has them."""
    query = tuple(sorted(request.query, key=lambda pair: pair[0]))
    return Request(*(getattr(request, name) if name != "query" else query for name in type(request).__match_args__))


@pytest.mark.parametrize(
    ("paths", "inside", "outside"),
    [
        (personal(), ("/account", "/cart/1", "/wp-login.php"), ("/accounting", "/blog/cart", "/")),
        (programs(), ("/api", "/api/x", "/graphql", "/v2/x"), ("/apis", "/blog/api", "/v22/x")),
        (computed(), ("/search", "/api/x", "/find/me"), ("/research", "/searches")),
        (
            fingerprinted(),
            (
                "/_next/static/x",
                "/a/app.3f2a9c1d.js",
                "/a/index-BkQ3xYz1.css",
                "/a/app-3f2a9c1d.js.map",
                "/i/0123456789abcdef.png",
            ),
            ("/a/app.js", "/a/app.min.js", "/a/background.png", "/i/01234567.png", "/a-long-folder-name/app"),
        ),
    ],
)
def test_classes_of_paths(paths, inside, outside):
    assert [path for path in inside if path not in paths] == []
    assert [path for path in outside if path in paths] == []
