"""The trace against the region engine and against the replay, on random requests: two ways to the same answer."""

import os
import random
import re
import time
from functools import cache
from itertools import product

import pytest

from edgelint.facts import Facts
from edgelint.model.walk import literal_atoms
from edgelint.readers import read
from edgelint.replay import steps, trace
from edgelint.requests.sent import sent
from edgelint.tracing.account import account
from edgelint.tracing.stages import Wishes
from oracles.points import point_of, possible
from support import FIXTURES

POLICIES = ("web-shop/edge.yaml", "software-forge", "ticket-sale")
PLAIN = Wishes(detail="none")
TAKEN = ("applies", "passed", "partly", "inactive")
RAW = ("the query cannot be read as a whole", "the path has an encoded separator")
"""What keeps the cache out of it that only the text of a request tells."""

SEED = int(os.environ.get("EDGELINT_SEED") or time.time_ns() % 2**32)

each_policy = pytest.mark.parametrize("name", POLICIES)


@cache
def facts(name):
    (policy,) = read([str(FIXTURES / "deployments" / name)], stdin=bytes).policies
    return Facts(policy)


class Draw:
    """Random requests made of what the conditions and routes of a policy speak of, and of what is next to it."""

    def __init__(self, known, seed):
        self.random = random.Random(seed)
        policy = known.policy
        texts = {"host": set(), "path": set(), "method": set(), "address": set()}
        self.named = {"header": {}, "cookie": {}, "query": {}}
        for rule in policy.rules:
            for atom, predicate, _ in literal_atoms(rule.match.expression):
                text = next(
                    (getattr(predicate, word) for word in ("text", "network", "pattern") if hasattr(predicate, word)),
                    "",
                )
                if atom.field.kind in texts:
                    texts[atom.field.kind].add(str(text))
                elif atom.field.kind in self.named:
                    self.named[atom.field.kind].setdefault(atom.field.name, []).append(text)
            for word in re.findall(r'"([a-z][a-z-]+)" in (headers|cookies|query)', rule.match.text):
                self.named[{"headers": "header", "cookies": "cookie", "query": "query"}[word[1]]].setdefault(
                    word[0], []
                )
        hosts = {route.host for route in policy.routes} | texts["host"]
        self.hosts = sorted(
            {host.replace("*", "a.b") for host in hosts if re.fullmatch(r"[a-z*.-]+", host)} | {"other.example"}
        )
        plain = sorted(text for text in texts["path"] if text.startswith("/") and re.fullmatch(r"[\w/.-]+", text))
        below = (
            "",
            "/",
            "/a",
            "x",
            "/a.css",
            "/1.png",
            "%2Fa",
            "%2F%2Fa",
            "/..",
            "//",
            ";a",
            "%0a",
            "/sha256:" + "0" * 64,
        )
        self.paths = [f"{path}{rest}" for path, rest in product([*plain, "", "/zq"], below)] + [
            f"/a{text}" for text in texts["path"] if re.fullmatch(r"\.\w+", text)
        ]
        self.methods = sorted(
            {"GET", "POST", "HEAD", "PUT", *(text for text in texts["method"] if text.isupper())} - {"CONNECT"}
        )
        networks = [re.sub(r"/\d+$", "", text) for text in texts["address"]]
        self.addresses = sorted({"198.51.100.7", "192.0.2.1", "2001:db8::1", "10.0.0.1", *filter(None, networks)})
        self.ports = sorted({(one.protocol, one.port) for one in known.listeners.values()})

    def request(self):
        pick, chance = self.random.choice, self.random.random
        protocol, port = pick(self.ports)
        query = (
            "?" + "&".join(f"{pick(('q', 'v', 'a;b'))}={pick(('1', '%41', ''))}" for _ in range(2))
            if chance() < 0.2
            else ""
        )
        headers = [("Accept", pick(("text/html", "application/json", "*/*")))] if chance() < 0.3 else []
        for name, values in self.named["header"].items():
            if chance() < 0.4:
                headers += [(name, pick([*values, "x", ""]).strip()) for _ in range(pick((1, 1, 2)))]
        cookies = [f"{name}={pick([*values, 'x'])}" for name, values in self.named["cookie"].items() if chance() < 0.3]
        headers += [("Cookie", "; ".join(cookies))] if cookies else []
        path = pick(self.paths)
        url = f"{protocol}://{pick(self.hosts)}:{port}{path if path.startswith('/') else '/' + path}{query}"
        return sent(pick(self.methods), url, headers, pick(self.addresses))


def expected_of(known, point):
    """What the regions say of a request: its rules, those that come first where the first counts, and the route."""
    matched = {rule for rule in known.active() if point in known.live(rule)}
    effective = {
        rule for rule in matched if not rule.conditional and not any(other in matched for other in known.blockers(rule))
    }
    return matched, effective


@cache
def landing_regions(name):
    routing = facts(name).routing
    return {route: routing.lands_on(route) for route in routing.routes}


@cache
def failing_regions(name):
    known = facts(name)
    return {rule: known.meaning.fails(rule.match.expression) for rule in known.active()}


def compare(name, request, *, replayed=False):
    """Whether all the trace says of a request is what the regions say; False where it never gets to the rules."""
    known = facts(name)
    one = account(known.policy, request, PLAIN)
    seen = one.arrival.request
    if one.arrival.early:
        return False
    point = point_of(known.meaning, seen)
    assert possible(known.meaning, seen), request
    assert point in known.possible, request
    matched, effective = expected_of(known, point)
    for stage in one.stages:
        if stage.idle:
            continue
        for look in stage.looks:
            assert (look.standing in TAKEN) is (look.rule in matched), (request, look)
            if look.standing in ("fails", "differs"):
                assert (point in failing_regions(name)[look.rule]) is (look.standing == "fails"), (request, look)
        taking = {look.rule for look in stage.effective}
        assert taking == effective & set(stage.phase.rules), (request, taking)
    if one.landing:
        for route, region in landing_regions(name).items():
            assert (point in region) is (one.landing.route is route), (request, route)
    if replayed:
        again = {rule for step in steps(known.policy, seen) for rule in step.rules if rule.outcome.kind != "cache"}
        own = {look.rule for stage in one.stages for look in stage.effective if stage.phase.name != "cache"}
        # The replay follows a visitor who holds every pass, the trace stops where one is asked for.
        assert own <= again if one.decision.rule else own == again, request
        if not one.decision.rule and not any(storing.bypass in RAW for storing in one.storing):
            kept = any(not storing.bypass for storing in one.storing)
            assert any("cached by" in line for line in trace(known.policy, seen)) is kept, request
    return True


def run(name, count, *, replayed=False):
    draw = Draw(facts(name), SEED)
    reached = 0
    for number in range(count):
        request = draw.request()
        try:
            reached += compare(name, request, replayed=replayed)
        except AssertionError as error:
            raise AssertionError(f"EDGELINT_SEED={SEED}, request {number} of {name}: {error}") from error
    return reached


@each_policy
def test_trace_and_regions_agree_on_some_requests(name):
    assert run(name, 200, replayed=True) > 50


@pytest.mark.slow
@each_policy
def test_trace_and_regions_agree_on_a_hundred_thousand_requests(name):
    print(f"EDGELINT_SEED={SEED}")  # noqa: T201 - repeats the run
    assert run(name, 100_000) > 50_000
