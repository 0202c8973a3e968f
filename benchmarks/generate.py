"""A seeded generator of realistic p2pstream policies with planted truth.

    python benchmarks/generate.py --rules 1000 --seed 1 > policy.json
    python benchmarks/generate.py --rules 1000 --seed 1 --truth      # what is known of the planted rules, one JSON object

One rule in ten is planted: the later of two equal rules, a rule that a union of two earlier ones shadows, one that such a
union misses by little, or one that can match nothing. Of the others 60 % are host and path and method, 15 % regular
expressions or lists of suffixes, 10 % lists of networks, 10 % conditions on headers, cookies or parameters, 5 % negations and
disjunctions; seven in ten are WAF rules. The same size and seed give the same policy.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, cycle, pairwise

from answer import PHASES, Draft, Policy, answer

WORDS = (
    "account admin api assets auth billing blog cart checkout docs download export feed files graph health help".split()
)
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD")
ENDINGS = ("css", "js", "png", "webp", "svg", "woff2", "json", "php", "asp", "bak")
AGENTS = ("bot", "crawler", "spider", "scrapy", "curl", "wget", "python-requests", "nikto", "sqlmap")

Truth = dict[str, dict[str, list[str]]]
"""By kind (`duplicate`, `shadowed`, `near-miss`, `empty`), the planted rule's name, and those of the rules planted before it."""


@dataclass(frozen=True)
class Split:
    """Conditions, one that they cover together, and one that they miss a little of."""

    parts: tuple[str, ...]
    covered: str
    missed: str


SPLITS = (
    Split(
        ('cidr(remote_ip, "203.0.113.0/25")', 'cidr(remote_ip, "203.0.113.128/25")'),
        'cidr(remote_ip, "203.0.113.0/24")',
        'cidr(remote_ip, "203.0.112.0/23")',
    ),
    Split(
        ('method in ["GET", "HEAD"]', 'method == "POST"'),
        'method in ["POST", "GET"]',
        'method in ["POST", "GET", "PUT"]',
    ),
    Split(
        ('path.endsWith(".js")', 'path.endsWith(".css")'),
        'path.matches("\\\\.(css|js)$")',
        'path.matches("\\\\.(css|jsx?)$")',
    ),
    Split(
        tuple(f'"x-plan" in headers && headers["x-plan"].exists(v, v == "{plan}")' for plan in ("free", "team")),
        '"x-plan" in headers && headers["x-plan"].exists(v, v in ["free", "team"])',
        '"x-plan" in headers && headers["x-plan"].exists(v, v in ["free", "team", "pro"])',
    ),
)
TWINS = (
    ('method in ["GET", "POST"]', 'method in ["POST", "GET"]'),
    ('method == "GET"', 'method == "GET"'),
    ('path.endsWith(".js")', 'path.matches("\\\\.js$")'),
    ('(cidr(remote_ip, "203.0.113.0/24"))', '!(!cidr(remote_ip, "203.0.113.0/24"))'),
)
CONTRADICTIONS = (
    'method == "GET" && method == "POST"',
    'path.endsWith(".php") && path.endsWith(".asp")',
    'cidr(remote_ip, "203.0.113.0/24") && cidr(remote_ip, "198.51.100.0/24")',
    'host.endsWith(".test")',
)


def generate(rules: int, seed: int) -> tuple[Policy, Truth]:
    """A GetPublicProxyConfig answer with so many rules, and what is known of the planted ones."""
    pick = random.Random(seed)
    hosts = [f"{word}{number}.example.com" for number in range(max(2, rules // 60)) for word in ("app", "api", "shop")]
    groups = list(planted(rules // 10, pick))
    singles = kinds(rules - sum(len(drafts) for _, drafts in groups), pick)
    groups += [("", [ordinary(kind, pick, hosts)]) for kind in singles]
    # The rules of a group stand in order, with others between them.
    places = sorted(
        (place, number) for number, (_, drafts) in enumerate(groups) for place in sorted(pick.random() for _ in drafts)
    )
    named: dict[str, Draft] = {}
    names: list[list[str]] = [[] for _ in groups]
    for position, (_, number) in enumerate(places, 1):
        name = f"rule-{position}"
        named[name] = groups[number][1][len(names[number])]
        names[number].append(name)
    return answer(named, [*hosts, *planted_hosts(rules)], pick), truth(groups, names)


def truth(groups: list[tuple[str, list[Draft]]], names: list[list[str]]) -> Truth:
    """What is known of the last rule of every planted group."""
    found: Truth = {}
    for (kind, _), (*before, last) in zip(groups, names, strict=True):
        if kind:
            found.setdefault(kind, {})[last] = before
    return found


def planted(rules: int, pick: random.Random) -> Iterator[tuple[str, list[Draft]]]:
    """Groups of so many rules altogether, each on a path of its own on a host that no other rule names."""
    left = rules
    for number, (kind, size) in enumerate(cycle((("empty", 1), ("shadowed", 3), ("near-miss", 3), ("duplicate", 2)))):
        if not left:
            return
        if size > left:
            kind, size = "empty", 1
        left -= size
        host = planted_host(rules - left)
        scope = f'host_match(host, "{host}") && path_prefix(path, "/planted-{number}")'
        yield kind, [Draft("wafRules", f"{scope} && {test}", action) for test, action in conditions(kind, pick)]


def conditions(kind: str, pick: random.Random) -> list[tuple[str, str]]:
    """The conditions and actions of a planted group."""
    if kind == "empty":
        return [(pick.choice(CONTRADICTIONS), "block")]
    if kind == "duplicate":
        return [(test, "block") for test in pick.choice(TWINS)]
    split = pick.choice(SPLITS)
    last = split.covered if kind == "shadowed" else split.missed
    return [*((part, "captcha") for part in split.parts), (last, "block")]


def planted_host(number: int) -> str:
    """The host of the planted rule with a number."""
    return f"planted{number // 20}.example.com"


def planted_hosts(rules: int) -> list[str]:
    """The hosts of the planted rules of a policy."""
    return list(dict.fromkeys(planted_host(number) for number in range(rules // 10 + 1)))


# Ordinary rules


def kinds(rules: int, pick: random.Random) -> list[str]:
    """The kinds of so many ordinary rules, in random order; as many of each as its share says."""
    names, shares = list(KINDS), [share for share, _ in KINDS.values()]
    edges = [round(rules * share / 100) for share in accumulate(shares, initial=0)]
    found = [name for name, (start, end) in zip(names, pairwise(edges), strict=True) for _ in range(end - start)]
    pick.shuffle(found)
    return found


def ordinary(kind: str, pick: random.Random, hosts: list[str]) -> Draft:
    """A rule of one of the kinds."""
    phase = "wafRules" if pick.random() < 0.7 else pick.choice(PHASES[1:])
    host = f'host_match(host, "{pick.choice(hosts)}")'
    return Draft(phase, KINDS[kind][1](pick, host))


def plain(pick: random.Random, host: str) -> str:
    """Host and path and method."""
    methods = json.dumps(pick.sample(METHODS, pick.randint(1, 2)))
    return f"{host} && {below(pick)} && method in {methods}"


def below(pick: random.Random) -> str:
    """A path and what lies below it, one to three segments deep."""
    segments = (
        f"/{pick.choice(WORDS)}{pick.choice(('', '', '', pick.randint(1, 40)))}" for _ in range(pick.randint(1, 3))
    )
    return f'path_prefix(path, "{"".join(segments)}")'


def pattern(pick: random.Random, host: str) -> str:
    """A regular expression, a list of suffixes or a piece of text."""
    endings, word = pick.sample(ENDINGS, pick.randint(2, 5)), pick.choice(WORDS)
    test = pick.choice(
        (
            f'path.matches("^/{word}/[^/]+\\\\.({"|".join(endings)})$")',
            f'path.matches("(?i)/{word}[0-9]*/")',
            "(" + " || ".join(f'path.endsWith(".{ending}")' for ending in endings) + ")",
            f'path.contains("/{word}")',
        )
    )
    return f"{host} && {test}"


def network(pick: random.Random, _host: str) -> str:
    """A path for up to six networks, on every host."""
    nets = [f'cidr(remote_ip, "{one_network(pick)}")' for _ in range(pick.randint(1, 6))]
    return f"{below(pick)} && ({' || '.join(nets)})"


def one_network(pick: random.Random) -> str:
    """A network, one in five of IPv6."""
    if pick.random() < 0.2:
        return f"2001:db8:{pick.randint(0, 0xFFFF):x}::/48"
    return f"{pick.randint(1, 223)}.{pick.randint(0, 255)}.{pick.randint(0, 255)}.0/24"


def sent(pick: random.Random, host: str) -> str:
    """Something about headers, cookies or parameters."""
    word, agents = pick.choice(WORDS), "|".join(pick.sample(AGENTS, pick.randint(2, 5)))
    test = pick.choice(
        (
            f'"user-agent" in headers && headers["user-agent"].exists(v, v.matches("(?i)({agents})"))',
            f'"x-plan" in headers && headers["x-plan"].exists(v, v in ["free", "{pick.choice(WORDS)}"])',
            f'!("session{pick.randint(1, 9)}" in cookies)',
            f'"{word}" in query && query["{word}"].exists(v, v == "{pick.randint(1, 99)}")',
        )
    )
    return f"{host} && {test}"


def mixed(pick: random.Random, host: str) -> str:
    """A negation or a disjunction."""
    path, other = below(pick), below(pick)
    return pick.choice(
        (
            f'{host} && method == "{pick.choice(METHODS)}" && !({path})',
            f'({host} && {path}) || {other} && method == "POST"',
            f"{host} && ({path} || {other})",
        )
    )


KINDS: dict[str, tuple[int, Callable[[random.Random, str], str]]] = {
    "plain": (60, plain),
    "pattern": (15, pattern),
    "network": (10, network),
    "sent": (10, sent),
    "mixed": (5, mixed),
}
"""The kinds of ordinary rules: how many of a hundred, and the condition of one for a test of its host."""


def main() -> None:
    """Print a policy, or the truth about it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=1000, help="how many rules (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random choices (default: 1)")
    parser.add_argument("--truth", action="store_true", help="print what is known of the planted rules instead")
    options = parser.parse_args()
    policy, known = generate(options.rules, options.seed)
    json.dump(known if options.truth else policy, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
