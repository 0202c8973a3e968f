"""Whole policies written to make an engine explode: every rule is legal, and hundreds of hard ones stand together."""

import json
import random
from string import ascii_lowercase as letters

MOST_BYTES = 4090


def policies():
    """Expressions by what is hard about them; the same at every call."""
    pick = random.Random(1)

    def letter():
        return pick.choice(letters)

    def joined(word, parts):
        """As many parts as fit into one expression."""
        text = next(parts)
        for part in parts:
            if len(text) + len(word) + len(part) > MOST_BYTES:
                break
            text += word + part
        return text

    def endless(make):
        return (make(number) for number in range(500))

    def nested(depth):
        if not depth:
            return f'path.startsWith("/{pick.randrange(9)}")'
        sign = pick.choice(["", "!"])
        return f"({nested(depth - 1)} {'&&' if depth % 2 else '||'} {sign}({nested(depth - 1)}))"

    def one_of(field, word, count):
        return f"{field} in [{', '.join(json.dumps(f'{word}{pick.randrange(99)}') for _ in range(count))}]"

    def fields_of_lists():
        names = joined(" && ", iter([one_of("host", "h", 64), one_of("path", "/p", 64), one_of("method", "M", 64)]))
        nets = (f'cidr(remote_ip, "10.{pick.randrange(99)}.{pick.randrange(99)}.0/24")' for _ in range(64))
        values = f'headers["x"].exists(v, {one_of("v", "v", 64)}) && query["q"].all(v, !({one_of("v", "v", 64)}))'
        return [names, joined(" || ", nets), values]

    return {
        "nested counts": [
            f'path.matches("^(({letters[i % 26]}{{1,{20 + i % 10}}}|b){{1,20}}){{1,2}}$")' for i in range(60)
        ],
        "counts behind choices": [
            f'path.matches("({letters[i % 26]}|b)*{letters[i % 26]}({letters[i % 26]}|b){{{12 + i % 8}}}/")'
            for i in range(60)
        ],
        "repeated repetitions": [
            f'path.matches("(({letters[i % 26]}+x+)+y)+{i}") || path.matches("(.*{letters[i % 26]}.{{{8 + i % 9}}}b|.*c.{{12}}d)$")'
            for i in range(60)
        ],
        "hundreds of unanchored patterns": [
            joined(" || ", endless(lambda i: f'path.matches("{letter()}{letter()}.*{letter()}{i}")')) for _ in range(12)
        ],
        "hundreds of substrings, any": [
            joined(" || ", endless(lambda i: f'path.contains("{letter()}{letter()}{i}")')) for _ in range(12)
        ],
        "hundreds of substrings, all": [
            joined(" && ", endless(lambda i: f'path.contains("{letter()}{letter()}{letter()}")')) for _ in range(12)
        ],
        "hundreds of substrings, none": [
            joined(" && ", endless(lambda i: f'!path.contains("{letter()}{letter()}{i}")')) for _ in range(12)
        ],
        "conditions as deep as they may be": [
            "(" * 240 + 'path == "/a"' + ")" * 240,
            "!" * 3000 + '(path == "/a")',
            "true ? " * 140 + 'path == "/a"' + " : false" * 140,
            *(nested(6) for _ in range(30)),
        ],
        "choices across fields, all": [
            joined(
                " && ",
                endless(
                    lambda i: (
                        f'(host == "h{pick.randrange(90)}.example.com" || path_prefix(path, "/p{pick.randrange(90)}")'
                        f' || "x{pick.randrange(9)}" in headers)'
                    )
                ),
            )
            for _ in range(20)
        ],
        "hundreds of wildcards": [
            joined(" || ", endless(lambda i: f'host_match(host, "*.h{pick.randrange(999)}.example.com")'))
            for _ in range(30)
        ]
        + [f'!host_match(host, "*.h{i}.example.com")' for i in range(200)],
        "wildcards as patterns": [f'host.matches("^([a-z]+[.])*h{i}[.]([a-z]+[.])*com$")' for i in range(200)],
        "lists in every field": [expression for _ in range(40) for expression in fields_of_lists()],
        "demands on one list": [
            joined(" && ", endless(lambda i: f'headers["x"].exists(v, v.contains("{letter()}{i}"))'))
            + f' && headers["x"].size() < {count % 7 + 2}'
            for count in range(20)
        ],
        "hundreds of headers": [f'"x{i}" in headers && "y{i * 7 % 400}" in headers' for i in range(400)]
        + ['method == "GET"'] * 10,
        "hundreds of headers, absent": [f'!("x{i}" in headers) || !("y{i * 7 % 400}" in headers)' for i in range(200)],
        "order and size": [
            f'path < "/{letters[i % 26]}{i}" && path > "/{letters[i * 5 % 26]}" && path.size() > {i % 50}'
            for i in range(300)
        ],
        "long texts": [f'path.size() > {1000 + i} && path.contains("a{i}")' for i in range(40)]
        + ["path.size() > 100000", 'path.matches("^/.{1000}$")'],
        "texts of addresses": [f'remote_ip.endsWith(".{i}") || remote_ip.contains("{i}:")' for i in range(100)],
        "the cookie header and cookies": [
            f'headers["cookie"].exists(v, v.contains("s{i}=")) && cookies["s{i % 9}"] == "a" || !("t{i}" in cookies)'
            for i in range(60)
        ],
        "all of Unicode": [f'path.matches("(?i)\\\\p{{L}}+{i}\\\\pN*[^\\\\p{{Greek}}]")' for i in range(60)],
    }


def export(expressions):
    """The answer of an API whose rules have these expressions, in front of thirty services."""
    rules = [
        {
            "id": str(number),
            "name": f"rule-{number}",
            "priority": str(number * 10),
            "enabled": True,
            "action": f"PUBLIC_WAF_RULE_ACTION_{'BLOCK' if number % 3 else 'CAPTCHA'}",
            "captchaProviderId": "1",
            "matchRule": {"celExpression": expression},
        }
        for number, expression in enumerate(expressions, 1)
    ]
    targets = [
        {
            "id": str(n),
            "routeId": str(n),
            "enabled": True,
            "targetType": "PUBLIC_ROUTE_TARGET_TYPE_PROXY",
            "url": f"http://10.0.0.{n}",
        }
        for n in range(1, 31)
    ]
    routes = [
        {"id": target["id"], "listenerId": "1", "priority": target["id"], "hostPattern": f"h{target['id']}.example.com",
         "enabled": True, "action": "PUBLIC_ROUTE_ACTION_FORWARD", "targets": [target]}
        for target in targets
    ]  # fmt: skip
    listener = {"id": "1", "name": "tls", "port": "443", "protocol": "PUBLIC_LISTENER_PROTOCOL_HTTPS", "enabled": True}
    provider = {"id": "1", "name": "turnstile", "enabled": True}
    return {"listeners": [listener], "routes": routes, "wafCaptchaProviders": [provider], "wafRules": rules}
