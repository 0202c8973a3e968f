"""Phrases: what is said of common conditions, and that two of them that read alike mean the same."""

from collections import defaultdict
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.meaning import text_language
from edgelint.model import expression as ex
from edgelint.space.language import Words
from edgelint.space.questions import differing
from edgelint.space.search import is_empty
from edgelint.wording import lines
from edgelint.wording.phrases import being, things
from edgelint.wording.said import MOST, Quoted, joined, plain, said
from edgelint.wording.texts import predicate_of
from oracles import random_conditions as rnd
from support import facts_of

SAID = {
    "true": "every request",
    "false": "nothing",
    'method == "POST"': "every POST",
    'method != "GET" && method != "HEAD"': "any method but GET or HEAD",
    'method == "M-SEARCH" || method == "GET"': "every GET or `M-SEARCH`",
    'path_prefix(path, "/login")': "every request to `/login` and below",
    'path.startsWith("/login")': "every request to paths beginning with `/login`",
    'path == "/a" || path == "/b"': "every request to `/a` or `/b`",
    'path.matches("\\\\.(css|js)$")': "every request to paths ending with `.css` or `.js`",
    'path.matches("^/a[0-9]+$")': "every request to paths matching `^/a[0-9]+$`",
    'path.contains("/wp-") && !path.endsWith(".css")': (
        "every request to paths containing `/wp-` but not paths ending with `.css`"
    ),
    'path_prefix(path, "/a") && !path_prefix(path, "/a/b")': "every request to `/a` and below (except `/a/b` and below)",
    'path_prefix(path, "/a") && path.endsWith(".js")': "every request to `/a` and below (ending with `.js`)",
    'path.size() > 100 && path.contains("a")': "every request to paths containing `a` and of more than 100 characters",
    'host == "a.example.com"': "every request at `a.example.com`",
    'host_match(host, "*.example.com")': "every request at any subdomain of `example.com`",
    'host_match(host, "*.example.com") || host == "example.com"': (
        "every request at `example.com` and any subdomain of it"
    ),
    'host != "a.example.com"': "every request at any host but `a.example.com`",
    'host == ""': "every request without a host",
    'host in ["a.x.test", "b.x.test", "c.x.test", "d.x.test", "e.x.test", "f.x.test", "g.x.test"]': (
        "every request at `a.x.test`, `b.x.test`, `c.x.test`, `d.x.test`, `e.x.test` or 2 more below `x.test`"
    ),
    'cidr(remote_ip, "10.0.0.0/8") || remote_ip == "192.0.2.7"': "every request from 10.0.0.0/8 or 192.0.2.7",
    '!cidr(remote_ip, "10.0.0.0/8")': "every request from anywhere but 10.0.0.0/8",
    'cidr(remote_ip, "0.0.0.0/0")': "every request from any IPv4 address",
    '!cidr(remote_ip, "0.0.0.0/0")': "every request from any IPv6 address",
    '"x-a" in headers': "every request with header `x-a`",
    '!("x-a" in headers)': "every request without header `x-a`",
    'headers["x-a"].exists(v, v == "free" || v == "team")': "every request with header `x-a` being `free` or `team`",
    'headers["x-a"].exists(v, v != "free")': "every request with header `x-a` other than `free`",
    '!("x-a" in headers && headers["x-a"].exists(v, v.contains("bot")))': (
        "every request without header `x-a` containing `bot`"
    ),
    '!headers["x-a"].exists(v, v == "s")': "every request with header `x-a`, none of them being `s`",
    'headers["x-a"].exists(v, v == "a") && headers["x-a"].exists(v, v == "b")': (
        "every request with header `x-a` being `a`, one of them being `b`"
    ),
    'headers["x-a"][0] == "a" && headers["x-a"].size() > 2': (
        "every request with first header `x-a` being `a`, at least 3 of them"
    ),
    'headers["x-a"].exists(v, v == "")': "every request with header `x-a` being the empty text",
    'cookies["sid"].startsWith("t-")': "every request with cookie `sid` beginning with `t-`",
    '!("sid" in cookies && cookies["sid"] == "a")': "every request without cookie `sid` being `a`",
    '"debug" in query': "every request with query parameter `debug`",
    'method == "GET" && host == "a.test" && path == "/x" && cidr(remote_ip, "10.0.0.0/8") && "x-a" in headers': (
        "GET to `/x` at `a.test`, from 10.0.0.0/8, with header `x-a`"
    ),
}


@pytest.mark.parametrize("text", SAID)
def test_common_conditions_are_said_as_people_say_them(text):
    facts = facts_of(text)
    (rule,) = facts.policy.rules
    assert lines(facts, facts.region(rule)) == (SAID[text],)


def test_alternatives_are_said_with_what_they_share_before_them():
    facts = facts_of('host == "a.test" && (path == "/x" && method == "POST" || path_prefix(path, "/y"))')
    (rule,) = facts.policy.rules
    head, *rest = lines(facts, facts.region(rule))
    assert head == "every request at `a.test`, namely:"
    assert sorted(rest) == ["POST to `/x`", "to `/y` and below"]


def test_what_is_left_of_much_is_said_as_an_exception():
    facts = facts_of('!(host == "a.test" && path_prefix(path, "/health") && method == "GET")')
    (rule,) = facts.policy.rules
    assert lines(facts, facts.region(rule)) == ("every request, except GET to `/health` and below at `a.test`",)


def test_among_requests_that_are_named_only_the_difference_is_said():
    facts = facts_of(
        'host == "a.test" && path_prefix(path, "/x")',
        'host == "a.test" && path_prefix(path, "/x/y") && method == "GET"',
    )
    whole, part = map(facts.region, facts.policy.rules)
    assert lines(facts, part, within=whole) == ("GET to `/x/y` and below",)
    assert lines(facts, whole, within=part) == ("every request",)


def test_a_condition_without_a_model_is_named():
    facts = facts_of('path.matches("\\\\p{Greek}") && remote_ip.endsWith(":1")')
    (rule,) = facts.policy.rules
    (line,) = lines(facts, facts.region(rule))
    assert "where `address ends with `:1`` holds, which has no model" in line


def test_an_invalid_condition_is_no_secret_either():
    facts = facts_of('path == "/a')
    (rule,) = facts.policy.rules
    (line,) = lines(facts, facts.region(rule))
    assert 'invalid: path == "/a' in line


# Two that read alike

SMALL = [
    ex.Equals("/a"),
    ex.Equals("/b"),
    ex.StartsWith("/a"),
    ex.EndsWith("b"),
    ex.PathPrefix("/a"),
    ex.Contains("c"),
    ex.Matches("x+y"),
]


def paired(predicates):
    for one, other in combinations(predicates, 2):
        yield ex.Every((one, other))
        yield ex.Some((one, other))


SHALLOW = [*SMALL, *map(ex.Never, SMALL), *paired(SMALL)]
DEEP = [*SHALLOW, *[one for at, one in enumerate(paired(SHALLOW)) if at % 4 == 0]]


@pytest.mark.parametrize("words", [lambda one: things(one, "path"), being], ids=["things", "properties"])
def test_predicates_that_read_alike_have_the_same_texts(words):
    alike = defaultdict(set)
    for predicate in DEEP:
        language = text_language(predicate)
        alike[plain(words(predicate_of(language)))].add(language)
    assert len(alike) > 300
    for group in alike.values():
        assert all(is_empty((one & ~other) | (other & ~one)) for one, other in pairwise(group))


@settings(max_examples=20)
@given(st.lists(rnd.alternatives(rnd.atoms), min_size=2, max_size=10))
def test_regions_that_read_alike_are_equal(conditions):
    facts = facts_of("true")
    alike = defaultdict(list)
    for condition in conditions:
        region = facts.meaning.true(condition)
        alike[lines(facts, region)].append(region)
    for group in alike.values():
        assert not any(differing(one & facts.possible, other & facts.possible).yes for one, other in pairwise(group))


@given(rnd.host_predicates | rnd.path_predicates | rnd.predicates)
def test_a_predicate_of_a_language_has_that_language(predicate):
    language = text_language(predicate)
    back = text_language(predicate_of(language))
    assert is_empty((language & ~back) | (back & ~language))
    assert isinstance(language, Words) or plain(being(predicate_of(language)))


# Lists


@given(st.lists(st.text(alphabet="abc ,`", min_size=1, max_size=5), unique=True, max_size=15))
def test_a_list_says_how_many_it_leaves_out(texts):
    words = plain(joined([said(Quoted(text)) for text in texts]), "<{}>".format)
    if len(texts) <= MOST:
        assert all(f"<{text}>" in words for text in texts)
    else:
        assert words.endswith(f" or {len(texts) - MOST + 1} more")
    assert bool(words) == bool(texts)
