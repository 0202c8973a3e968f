"""What evaluations cost, against what cel-go v0.28.1 with its optimiser on was measured to charge for the same."""

import pytest

from edgelint.languages.p2pstream import compile_match
from edgelint.model.request import Request

LIMIT = 20_000
NOWHERE_NEAR = 10**9
USER_AGENTS = "(?i)(bot|crawler|spider|scrapy|curl|wget|python-requests|nikto)"
WORDS = " || ".join(
    f'v.contains("{word}")' for word in "sqlmap nikto nmap masscan zgrab dirbuster gobuster bot".split()
)


def request(path="/x", headers=(), query=()):
    return Request("GET", "https", "app.example.com", path, "192.0.2.1", tuple(headers), tuple(query))


def cost(text, limit=NOWHERE_NEAR, **fields):
    return compile_match(text).cost(request(**fields), limit)


Q = [("q", "y"), ("q", "x"), ("q", "y")]
COSTS = [
    ("true", 0, {}),
    ('method == "GET"', 2, {}),
    ('path == ""', 1, {}),
    ('"x" == "x"', 1, {}),
    ('host_match(host, "a")', 2, {}),
    ('"x" in headers', 2, {}),
    ('!("x" in headers)', 3, {}),
    ('method in ["GET", "POST"]', 1, {}),
    ('method in ["GET", host]', 14, {}),
    ('method in [string("GET")]', 1, {}),
    ("method in []", 0, {}),
    ('"a" in query["q"]', 5, {"query": Q}),
    ('headers["a"][0] == "x"', 4, {"headers": [("a", "v" * 30)]}),
    ('headers["a"].size() > 1', 4, {"headers": [("a", "v" * 30)]}),
    ('headers["a"][0].size() > 512', 5, {"headers": [("a", "v" * 30)]}),
    ('headers["a"][5] == "x"', 4, {"headers": [("a", "v")]}),
    ('headers["missing"][0] == "x"', 3, {}),
    ('headers["missing"][0].matches("abcde")', 2, {}),
    ('query["missing"].exists(v, v == "x") || path == "y"', 4, {}),
    ('has(headers.a) && headers.a[0] == "x"', 6, {"headers": [("a", "x")]}),
    ('path == "y" ? has(headers.a) : has(headers.b)', 3, {}),
    ('path.matches("abcde")', 3, {}),
    ('matches(path, "abcde")', 2, {}),
    ('path.contains("abc")', 2, {}),
    ('path.startsWith("abc")', 2, {}),
    ('path + host == "x"', 5, {}),
    ('path == "/x" || path == "x"', 2, {}),
    ('path == "y" || path == "x"', 4, {}),
    ('path == "y" && path == "x"', 2, {}),
    ('path == "y" ? path == "z" : path == "w"', 4, {}),
    ('(path == "y" ? path : host) == "z"', 3, {}),
    ('[path, host][0] == "x"', 15, {}),
    ('{"a": path}["a"] == "x"', 34, {}),
    ("int(path.size()) > 3", 4, {}),
    ("string(1) == path", 2, {}),
    ('string(bytes(path)) == "x"', 4, {}),
    ('query["q"].exists(v, v == "z")', 21, {"query": Q}),
    ('query["q"].exists(v, v == "x")', 18, {"query": Q}),
    ('query["q"].all(v, v == "y")', 15, {"query": Q}),
    ('query["q"].exists_one(v, v == "y")', 14, {"query": Q}),
    ('query["q"].map(v, v).size() > 0', 44, {"query": Q}),
    ('query["q"].map(v, "a").size() > 0', 11, {"query": Q}),
    ('query["q"].filter(v, v == "y").size() > 0', 37, {"query": Q}),
    ('query.exists(k, k == "x")', 8, {"query": Q}),
    ('query["q"][query["q"].size() - 1] == "x"', 8, {"query": Q}),
    ('headers[path].exists(v, v == "x")', 9, {"headers": [("/x", "x")]}),
    ('query["q"].exists(v, query["q"].exists(w, v == w && v == "z"))', 97, {"query": Q}),
]


@pytest.mark.parametrize(("text", "expected", "fields"), COSTS)
def test_a_small_evaluation_costs_what_it_was_measured_to(text, expected, fields):
    assert cost(text, **fields) == expected


# Padding, beside what is needed to match, with which a rule that matches was measured to be given up; one less, and it is not.
PADDINGS = [
    (
        f'headers["user-agent"].exists(v, v.matches("{USER_AGENTS}"))',
        12_487,
        lambda size: {"headers": [("user-agent", "a" * size + "bot")]},
    ),
    (
        f'headers["user-agent"].exists(v, {WORDS})',
        24_978,
        lambda size: {"headers": [("user-agent", "a" * size + "bot")]},
    ),
    ('query["q"].exists(v, v == "x")', 3_332, lambda size: {"query": [("q", "a")] * size + [("q", "x")]}),
    ('headers["x"].exists(v, v == "x")', 3_332, lambda size: {"headers": [("x", "a")] * size + [("x", "x")]}),
    (
        'host_match(host, "app.example.com") && path.matches("(?i)\\\\.(php|asp|aspx|jsp|cgi|env)$")',
        22_206,
        lambda size: {"path": "/" + "a" * (size - 1) + ".php"},
    ),
    (
        'path.matches("(?i)/wp-login\\\\.php")',
        39_977,
        lambda size: {"path": "a" * size + "/wp-login.php"},
    ),
    ('path.contains("/wp-login.php")', 99_977, lambda size: {"path": "/" + "a" * size + "/wp-login.php"}),
    ('path.endsWith("/wp-login.php")', 199_977, lambda size: {"path": "/" + "a" * size + "/wp-login.php"}),
]


@pytest.mark.parametrize(("text", "padding", "fields"), PADDINGS)
def test_a_rule_is_given_up_at_the_padding_it_was_measured_to(text, padding, fields):
    program = compile_match(text)
    assert program.cost(request(**fields(padding)), LIMIT) > LIMIT
    assert program.cost(request(**fields(padding - 1)), LIMIT) <= LIMIT


@pytest.mark.parametrize("text", ['path_prefix(path, "/a")', 'path == "/a"', 'path in ["/a", "/b"]', "path.size() > 9"])
def test_comparisons_of_constant_cost_do_not_grow(text):
    assert cost(text, path="/" + "a" * 500_000) == cost(text, path="/" + "a" * 50)


def test_what_stands_before_an_expensive_operand_is_not_lost_to_it():
    expensive = 'path.matches("(?i)\\\\.(php|aspx?|jsp|cgi)$")'
    long = "/a/" + "a" * 100_000
    assert cost(f'path_prefix(path, "/a") || {expensive}', LIMIT, path=long) == 2
    assert cost(f'{expensive} || path_prefix(path, "/a")', LIMIT, path=long) > LIMIT


def test_a_count_ends_when_the_limit_is_passed():
    assert (
        LIMIT < cost('query["q"].exists(v, v == "x")', LIMIT, query=[("q", str(n)) for n in range(9_000)]) < LIMIT + 10
    )
