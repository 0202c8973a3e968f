"""A seeded generator of realistic p2pstream policies with planted truth.

    python benchmarks/generate.py --rules 1000 --seed 1 > policy.json
    python benchmarks/generate.py --rules 1000 --seed 1 --truth      # the planted faults, one JSON object

Of the rules 60 % are host and path and method, 15 % regular expressions or lists of suffixes, 10 % lists of networks, 10 %
conditions on headers, cookies or parameters, 5 % negations and disjunctions. One rule in ten is planted: a duplicate of an
earlier one, a rule shadowed by a union of two earlier ones, a near miss of such a union, or a rule that contradicts itself.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

PHASES = ("wafRules", "rateLimitRules", "trafficShaperRules", "cacheRules")
WORDS = (
    "account admin api assets auth billing blog cart checkout docs download export feed files graph health help".split()
)
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD")
ENDINGS = ("css", "js", "png", "webp", "svg", "woff2", "json", "php", "asp", "bak")
AGENTS = ("bot", "crawler", "spider", "scrapy", "curl", "wget", "python-requests", "nikto", "sqlmap")


@dataclass
class Plan:
    """A policy under construction, and what is known of its faults: names of rules by kind of fault."""

    random: random.Random
    rules: dict[str, list[dict[str, object]]] = field(default_factory=lambda: {phase: [] for phase in PHASES})
    truth: dict[str, list[str]] = field(default_factory=dict)
    made: int = 0

    def plant(self, fault: str, name: str) -> None:
        self.truth.setdefault(fault, []).append(name)


def generate(rules: int, seed: int) -> tuple[dict[str, object], dict[str, list[str]]]:
    """A GetPublicProxyConfig response with so many rules, and the names of its planted rules by fault."""
    plan = Plan(random.Random(seed))
    hosts = [f"{word}{number}.example.com" for number in range(max(2, rules // 60)) for word in ("app", "api", "shop")]
    while plan.made < rules:
        if plan.random.random() < 0.1 and rules - plan.made >= 3:
            plant(plan, hosts)
        else:
            add(
                plan,
                "wafRules" if plan.random.random() < 0.7 else plan.random.choice(PHASES[1:]),
                condition(plan, hosts),
            )
    return {**topology(hosts), **plan.rules}, plan.truth


def plant(plan: Plan, hosts: list[str]) -> None:
    host, path = plan.random.choice(hosts), f"/planted-{plan.made}"
    scope = f'host_match(host, "{host}") && path_prefix(path, "{path}")'
    kind = plan.random.choice(("duplicate", "union", "near-miss", "contradiction"))
    if kind == "duplicate":
        add(plan, "wafRules", scope, "block")
        plan.plant("redundant", add(plan, "wafRules", scope, "block"))
    elif kind == "contradiction":
        plan.plant("never", add(plan, "wafRules", f'{scope} && method == "GET" && method == "POST"', "block"))
    else:
        whole = "203.0.113.0/24" if kind == "union" else "203.0.112.0/23"
        add(plan, "wafRules", f'{scope} && cidr(remote_ip, "203.0.113.0/25")', "captcha")
        add(plan, "wafRules", f'{scope} && cidr(remote_ip, "203.0.113.128/25")', "captcha")
        name = add(plan, "wafRules", f'{scope} && cidr(remote_ip, "{whole}")', "block")
        plan.plant("shadowed" if kind == "union" else "near-miss", name)


def condition(plan: Plan, hosts: list[str]) -> str:
    pick = plan.random
    kind = pick.choices(("plain", "pattern", "network", "sent", "mixed"), (60, 15, 10, 10, 5))[0]
    host = f'host_match(host, "{pick.choice(hosts)}")'
    path = f'path_prefix(path, "{path_of(pick)}")'
    if kind == "plain":
        methods = pick.sample(METHODS, pick.randint(1, 2))
        return " && ".join([host, path, f"method in {json.dumps(methods)}"][: pick.choice((2, 3, 3))])
    if kind == "pattern":
        return f"{host} && {pattern(pick)}"
    if kind == "network":
        nets = [f'cidr(remote_ip, "{net}")' for net in networks(pick, pick.randint(1, 6))]
        return f"{path} && ({' || '.join(nets)})"
    if kind == "sent":
        return f"{host} && {sent(pick)}"
    other = f'path_prefix(path, "{path_of(pick)}")'
    return pick.choice(
        (f"{host} && !({path})", f'({host} && {path}) || {other} && method == "POST"', f"{host} && ({path} || {other})")
    )


def path_of(pick: random.Random) -> str:
    return "".join(
        f"/{pick.choice(WORDS)}{pick.choice(('', '', '', pick.randint(1, 40)))}" for _ in range(pick.randint(1, 3))
    )


def pattern(pick: random.Random) -> str:
    endings = pick.sample(ENDINGS, pick.randint(2, 5))
    word = pick.choice(WORDS)
    return pick.choice(
        (
            f'path.matches("^/{word}/[^/]+\\\\.({"|".join(endings)})$")',
            f'path.matches("(?i)/{word}[0-9]*/")',
            "(" + " || ".join(f'path.endsWith(".{ending}")' for ending in endings) + ")",
            f'path.contains("/{word}")',
        )
    )


def networks(pick: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        if pick.random() < 0.2:
            yield f"2001:db8:{pick.randint(0, 0xFFFF):x}::/48"
        else:
            yield f"{pick.randint(1, 223)}.{pick.randint(0, 255)}.{pick.randint(0, 255)}.0/24"


def sent(pick: random.Random) -> str:
    word = pick.choice(WORDS)
    agents = "|".join(pick.sample(AGENTS, pick.randint(2, 5)))
    return pick.choice(
        (
            f'"user-agent" in headers && headers["user-agent"].exists(v, v.matches("(?i)({agents})"))',
            f'"x-plan" in headers && headers["x-plan"].exists(v, v in ["free", "{pick.choice(WORDS)}"])',
            f'!("session{pick.randint(1, 9)}" in cookies)',
            f'"{word}" in query && query["{word}"].exists(v, v == "{pick.randint(1, 99)}")',
        )
    )


def add(plan: Plan, phase: str, expression: str, action: str = "") -> str:
    plan.made += 1
    name = f"rule-{plan.made}"
    rule = {
        "id": str(len(plan.rules[phase]) + 1),
        "name": name,
        "priority": str(plan.made * 10),
        "enabled": True,
        "matchRule": {"celExpression": expression},
    }
    plan.rules[phase].append({**rule, **settings(plan.random, phase, action)})
    return name


def settings(pick: random.Random, phase: str, action: str) -> dict[str, object]:
    if phase == "wafRules":
        chosen = action or pick.choices(("block", "captcha"), (9, 1))[0]
        found: dict[str, object] = {"action": f"PUBLIC_WAF_RULE_ACTION_{chosen.upper()}"}
        return found | ({"captchaProviderId": "1"} if chosen == "captcha" else {"blockResponseStatusCode": "403"})
    if phase == "rateLimitRules":
        key = [{"source": "PUBLIC_RATE_LIMIT_KEY_SOURCE_REMOTE_IP"}]
        limit = {"limit": str(pick.choice((10, 60, 300))), "windowMillis": "60000", "responseStatusCode": "429"}
        return {"algorithm": "PUBLIC_RATE_LIMIT_ALGORITHM_SLIDING_WINDOW", "keyParts": key, **limit}
    if phase == "trafficShaperRules":
        scope = {"budgetScope": "PUBLIC_TRAFFIC_SHAPER_BUDGET_SCOPE_PER_REQUEST"}
        return {**scope, "downloadBytesPerSecond": str(pick.choice((1, 2, 4)) << 20)}
    return {"scope": "PUBLIC_CACHE_SCOPE_ROUTE", "ttlMillis": str(pick.choice((60, 300, 3600)) * 1000)}


def topology(hosts: list[str]) -> dict[str, object]:
    routes = [
        {
            "id": str(number),
            "listenerId": "1",
            "priority": str(number),
            "hostPattern": host,
            "enabled": True,
            "action": "PUBLIC_ROUTE_ACTION_FORWARD",
            "targets": [
                {
                    "id": str(number),
                    "routeId": str(number),
                    "name": f"target-{number}",
                    "enabled": True,
                    "targetType": "PUBLIC_ROUTE_TARGET_TYPE_PROXY",
                    "url": f"http://10.0.{number // 250}.{number % 250}:8080",
                }
            ],
        }
        for number, host in enumerate(hosts, 1)
    ]
    listener = {
        "id": "1",
        "name": "public-https",
        "port": "443",
        "protocol": "PUBLIC_LISTENER_PROTOCOL_HTTPS",
        "enabled": True,
    }
    return {
        "listeners": [listener],
        "routes": routes,
        "wafCaptchaProviders": [{"id": "1", "name": "turnstile", "enabled": True}],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=1000, help="how many rules (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random choices (default: 1)")
    parser.add_argument("--truth", action="store_true", help="print the planted faults instead of the policy")
    options = parser.parse_args()
    policy, truth = generate(options.rules, options.seed)
    json.dump(truth if options.truth else policy, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
