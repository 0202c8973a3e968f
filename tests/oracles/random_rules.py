"""Random policies as an operator might write them, over so few hosts, paths and values that their rules often meet.

The mix is that of `benchmarks/generate.py`, with more conditions that are mixed. One rule in four is made from an earlier one:
a copy, a narrower or a wider one, or one half of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from edgelint.model.policy import Policy
from edgelint.model.request import Request
from edgelint.readers import read

Document = Mapping[str, Sequence[Mapping[str, object]]]

HOSTS = ("app.example.com", "api.example.com", "example.com")
PATHS = ("/api", "/api/v1", "/admin", "/admin/", "/login", "/assets", "/assets/js")
NETWORKS = (
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.128.0.0/9",
    "203.0.113.0/25",
    "203.0.113.128/25",
    "203.0.113.0/24",
    "2001:db8::/32",
)
PATTERNS = (
    r"^/api/[^/]+\\.(js|css)$",
    r"(?i)/admin",
    r"^/(admin|login)/?$",
    r"\\.(js|css)$",
    r"^/api/v[0-9]+/",
    r"\\badmin\\b",
    r"^/assets/.*$",
)
AGENTS = ("(?i)(bot|curl)", "^Mozilla/", "curl")

_hosts = st.one_of(
    st.sampled_from((*HOSTS, "*.example.com")).map('host_match(host, "{}")'.format),
    st.sampled_from(HOSTS).map('host == "{}"'.format),
    st.just('host.endsWith(".example.com")'),
    st.just('host.startsWith("a")'),
)
_paths = st.one_of(
    *[st.sampled_from(PATHS).map('path_prefix(path, "{}")'.format)] * 4,
    st.sampled_from(PATHS).map('path == "{}"'.format),
    st.sampled_from(PATHS).map('path.startsWith("{}")'.format),
)
_methods = st.one_of(
    st.sampled_from(("GET", "POST")).map('method == "{}"'.format),
    st.lists(st.sampled_from(("GET", "POST", "PUT", "HEAD")), min_size=1, max_size=3, unique=True).map(
        lambda many: f"method in {json.dumps(many)}"
    ),
    st.just('protocol == "https"'),
)
_patterns = st.one_of(
    st.sampled_from(PATTERNS).map('path.matches("{}")'.format),
    st.sampled_from((".js", ".css", "/")).map('path.endsWith("{}")'.format),
    st.sampled_from(("admin", "/v1", ".")).map('path.contains("{}")'.format),
    st.sampled_from(('path < "/b"', 'path >= "/api/v2"', "path.size() > 9", "size(path) <= 4")),
)
_networks = st.lists(
    st.sampled_from(NETWORKS).map('cidr(remote_ip, "{}")'.format), min_size=1, max_size=3, unique=True
).map(lambda many: f"({' || '.join(many)})")
_sent = st.one_of(
    st.sampled_from(AGENTS).map('"user-agent" in headers && headers["user-agent"].exists(v, v.matches("{}"))'.format),
    st.sampled_from(AGENTS).map('headers["user-agent"].exists(v, v.matches("{}"))'.format),
    st.sampled_from(
        (
            '"x-plan" in headers && headers["x-plan"].exists(v, v in ["free", "pro"])',
            '"x-plan" in headers && headers["x-plan"].all(v, v == "pro")',
            'headers["x-plan"][0] == "free"',
            'headers["x-plan"].size() > 1',
            '!headers["x-key"].exists(v, v == "s3cr3t")',
            '"x-key" in headers',
            '!("sid" in cookies)',
            '"sid" in cookies && cookies["sid"].startsWith("a")',
            'cookies["sid"] == ""',
            '"cookie" in headers',
            '"q" in query && query["q"].exists(v, v == "1")',
            '"q" in query && query["q"].exists(v, v.contains("\'"))',
            '!("q" in query)',
        )
    ),
)
atoms = st.one_of(_hosts, _paths, _methods, _patterns, _networks, _sent)


def _all(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" && ".join)


_scopes = st.one_of(_all(_hosts, _paths), _all(_hosts, _paths, _methods), _all(_paths, _methods))
_mixed = st.one_of(
    st.tuples(_hosts, _paths).map(lambda pair: f"{pair[0]} && !({pair[1]})"),
    st.tuples(_hosts, _paths, _paths).map(lambda found: f"{found[0]} && ({found[1]} || {found[2]})"),
    st.tuples(_scopes, _scopes).map(lambda pair: f"({pair[0]}) || ({pair[1]})"),
    st.tuples(atoms, atoms).map(lambda pair: f"!({pair[0]}) || {pair[1]}"),
    st.tuples(atoms, atoms, atoms).map(lambda found: f"({found[0]}) ? ({found[1]}) : ({found[2]})"),
    st.just(""),
)
fresh = st.one_of(
    *[_scopes] * 6,
    *[_all(_hosts, _patterns)] * 2,
    *[_all(_paths, _networks)] * 2,
    *[_all(_hosts, _sent)] * 2,
    _sent,
    *[_mixed] * 3,
)

HARD = (
    'remote_ip.startsWith("10.")',
    'remote_ip.endsWith(".1")',
    'remote_ip.contains(":")',
    'host.matches("^[a-c]*a[a-c]{7}$")',
    'path.matches("^/[ab]*a[ab]{7}$") && path_prefix(path, "/a")',
    " || ".join(f'host == "h{number}.example.com" && "x{number}" in headers' for number in range(6)),
    " || ".join(f'path_prefix(path, "/p{number}") && "q{number}" in query' for number in range(6)),
    " && ".join(f'headers["x-plan"].exists(v, v.contains("{letter}"))' for letter in "ftr")
    + ' && headers["x-plan"].size() < 3',
    'headers["cookie"].exists(v, v.contains("sid=a")) && cookies["sid"] != "a"',
    '"cookie" in headers && !("sid" in cookies)',
)
"""Conditions that come near what the engine cannot decide, or lie beyond it."""

ACTIONS: tuple[Mapping[str, object], ...] = (
    {"action": "block"},
    {"action": "block"},
    {"action": "captcha", "captcha_provider_id": 1},
    {"action": "waiting_room"},
    {"action": "block", "activation_mode": "automatic"},
)


@st.composite
def _texts(draw: st.DrawFn, least: int, most: int, hard: bool) -> list[str]:
    found: list[str] = []
    new = st.one_of(fresh, fresh, fresh, st.sampled_from(HARD)) if hard else fresh
    for _ in range(draw(st.integers(least, most))):
        earlier = [text for text in found if text]
        found.append(draw(_derived(draw(st.sampled_from(earlier)))) if earlier and draw(_seldom) else draw(new))
    return found


_seldom = st.sampled_from((False, False, False, True))


def _derived(text: str) -> st.SearchStrategy[str]:
    return st.one_of(
        st.just(text),
        atoms.map(lambda atom: f"({text}) && {atom}"),
        atoms.map(lambda atom: f"({text}) || {atom}"),
        st.sampled_from((f'({text}) && method == "GET"', f'({text}) && method != "GET"', f"!({text})")),
    )


@st.composite
def documents(draw: st.DrawFn, least: int = 5, most: int = 40, *, hard: bool = False) -> Document:
    """A policy kept by hand: WAF rules and rate limits; where there are routes, also cache rules for some of them."""
    texts = draw(_texts(least, most, hard))
    limits = draw(st.integers(0, len(texts) // 4))
    rules = [waf_rule(number, text, draw(st.sampled_from(ACTIONS))) for number, text in enumerate(texts[limits:], 1)]
    found = {
        "waf_captcha_providers": [{"id": 1, "name": "turnstile", "enabled": True}],
        "waf_rules": rules,
        "rate_limit_rules": [limit_rule(number, text) for number, text in enumerate(texts[:limits], 1)],
    }
    if draw(st.booleans()):
        return found
    few = draw(st.lists(st.tuples(fresh, _numbers, _numbers), max_size=3))
    cached = [cache_rule(number, *rule) for number, rule in enumerate(few, 1)]
    return {**found, "listeners": LISTENERS, "routes": draw(_routes()), "cache_rules": cached}


def waf_rule(number: int, text: str, action: Mapping[str, object]) -> dict[str, object]:
    """A WAF rule, after those with smaller numbers."""
    return {**_rule(f"waf-{number}", number, text), **action}


def limit_rule(number: int, text: str) -> dict[str, object]:
    """A rate limit for each client."""
    key = {"algorithm": "sliding_window", "limit": 10, "window_millis": 60000, "key_parts": [{"source": "remote_ip"}]}
    return {**_rule(f"limit-{number}", number, text), **key}


def cache_rule(number: int, text: str, routes: list[int], targets: list[int]) -> dict[str, object]:
    """A cache rule for some routes and targets, for all where none is named."""
    return {**_rule(f"cache-{number}", number, text), "scope": "route", "route_ids": routes, "target_ids": targets}


def _rule(name: str, number: int, text: str) -> dict[str, object]:
    match = {"match_rule": {"cel_expression": text}} if text else {}
    return {"id": number, "name": name, "priority": 10 * number, "enabled": True, **match}


_values = st.sampled_from(("free", "pro", "s3cr3t", "curl/8", "Mozilla/5.0", "Googlebot", ""))
_headers = st.one_of(
    st.tuples(st.sampled_from(("x-plan", "x-key", "user-agent")), _values),
    st.sampled_from(("sid=a", "sid=", "other=1; sid=ab", "other=1", "")).map(lambda text: ("cookie", text)),
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A request to a policy with routes or without."""
    protocol = draw(st.sampled_from(("https", "http")))
    below = draw(st.sampled_from(("", "", "/", "/v1/x.js", "/x.css", "x", "\n", "//x", "/a\\b")))
    return Request(
        draw(st.sampled_from(("GET", "POST", "PUT", "HEAD", "PURGE"))),
        protocol,
        draw(st.sampled_from((*HOSTS, "a.b.example.com", "other.test", ""))),
        draw(st.sampled_from((*PATHS, "/ADMIN", "/xadmin", ""))) + below or "/",
        draw(st.sampled_from(("10.1.2.3", "10.200.0.1", "203.0.113.7", "203.0.113.200", "2001:db8::1", "192.0.2.1"))),
        tuple(draw(st.lists(_headers, max_size=3))),
        tuple(draw(st.lists(st.tuples(st.just("q"), st.sampled_from(("1", "it's", ""))), max_size=2))),
    )


LISTENERS = (
    {"id": 1, "name": "tls", "protocol": "https", "port": 443},
    {"id": 2, "name": "plain", "protocol": "http", "port": 80},
)
_numbers = st.lists(st.integers(1, 6), max_size=2, unique=True)


@st.composite
def _routes(draw: st.DrawFn) -> list[dict[str, object]]:
    """Routes of two listeners, in any order, the last one perhaps for what is left; some take encoded separators."""
    hosts = st.sampled_from((*HOSTS, "*.example.com", ""))
    found: list[dict[str, object]] = []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        route: dict[str, object] = {
            "id": number,
            "listener_id": draw(st.sampled_from((1, 1, 2))),
            "priority": draw(st.integers(1, 9)),
            "host_pattern": draw(hosts),
            "path_prefix": draw(st.sampled_from(("", "/", "/api", "/admin"))),
            "path_security_mode": draw(st.sampled_from(("strict", "strict", "allow_encoded_separators"))),
            "targets": [{"id": number, "name": f"origin-{number}", "url": f"http://10.0.0.{number}:8080"}],
        }
        found.append(route)
    if draw(st.booleans()):
        found[-1] |= {"is_default": True, "host_pattern": "", "path_prefix": ""}
    return found


def policy_of(document: Document) -> Policy:
    """The policy of a document that can be read whole."""
    (policy,) = read(["-"], stdin=json.dumps(document).encode).policies
    assert not policy.problems, policy.problems
    return policy
