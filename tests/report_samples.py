"""Sources, findings and reports made by hand, for the tests of the output formats."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as some

from edgelint import catalog
from edgelint.finding import Accepted, Confidence, Edit, Finding, Fix, Related, Replacement, Severity, Subject, Witness
from edgelint.model.expression import TRUE
from edgelint.model.policy import Match, Outcome, Phase, Platform, Policy, Problem, Rule
from edgelint.model.request import Request
from edgelint.record import replace
from edgelint.report import Failure, Report
from edgelint.source import Cell, Inner, Place, Route, Source, Span

HOSTILE = 'x\x1b[31m\u202e"]}<img src=x>`**[a](1)** {0}\n\\|\u2028\x9b2J\ud800'
"""What a stranger may call a rule: escapes, reversed text, markup of every kind, and half a character."""

GOLDEN = Path(__file__).parents[1] / "fixtures" / "report"

TROUBLE = (
    "::error::x",
    "::stop-commands::x",
    "##[error]",
    "##[add-mask]x",
    "%0A::error::",
    "@team",
    "[a](//b.example)",
    "![a](b)",
    "<img src=x>",
    "<!--",
    "</details>",
    "https://a.example/",
    "www.a.example",
    "a@b.example",
    "a/b#1",
    "GH-1",
    "!1",
    "```",
    "~~~",
    "`",
    "``",
    "|",
    "---",
    "&lt;",
    "\\",
    "]]>",
    "1.",
    "2)",
    "#",
    "\n",
    "\r",
    "\t",
    " ",
    ",",
    ":",
    "%",
    "=",
    "word",
    "deadbeef",
    "\ufffe",
    "\uffff",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\u2028",
    "\x85",
    "\ud800",
    "\xa0",
    "漢",
    "𝒳",
)
"""What means something to whoever reads a report, and what is hard to write."""

hostile_texts = some.lists(some.sampled_from(TROUBLE) | some.characters(), max_size=8).map("".join)


def golden(name: str, text: str) -> str:
    """The stored text; with EDGELINT_WRITE_GOLDEN set, what is said now is stored first."""
    path = GOLDEN / name
    if os.environ.get("EDGELINT_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def source(name: str, text: str, spans: Mapping[Route, Span]) -> Source:
    """A source whose places are known by their spans; insides are taken as they stand, without escapes."""

    def find(route: Route, inner: Inner | None) -> Span:
        if route in spans:
            start = spans[route].start
            return Span(start + inner[0], start + inner[1]) if inner else spans[route]
        return find(route[:-1], None) if route else Span(0, len(text))

    return Source(name, text, find)


def json_source(name: str, rules: list[dict[str, object]], indent: int | None = 2) -> Source:
    """A JSON export with some WAF rules; the scalars of the rules have places, and the rules as a whole."""
    text = json.dumps({"wafRules": rules}, indent=indent)
    spans: dict[Route, Span] = {}
    cursor = 0
    for number, rule in enumerate(rules):
        start = text.index("{", cursor if number else 1)
        cursor = start
        for key, value in rule.items():
            literal = json.dumps(value)
            cursor = text.index(literal, text.index(json.dumps(key), cursor))
            spans["wafRules", number, key] = Span(cursor, cursor + len(literal))
            cursor += len(literal)
        cursor = text.index("}", cursor) + 1
        spans["wafRules", number] = Span(start, cursor)
    return source(name, text, spans)


def database(name: str) -> Source:
    """A database: every place is a cell."""

    def find(route: Route, _inner: Inner | None) -> Cell:
        table, row, column = (*map(str, route), "", "", "")[:3]
        return Cell(table, row, column)

    return Source(name, "", find)


RULES: list[dict[str, object]] = [
    {"id": "10", "name": "captcha-all", "expression": 'host_match(host, "app.example.com")'},
    {"id": "20", "name": "block-admin", "expression": 'path_prefix(path, "/admin")'},
]

PLATFORM = Platform("p2pstream", ".*", ".*", ".*", ".*", ".*", ".*", ".*", (), frozenset(), None)

WITNESS = Witness(
    Request(
        method="POST",
        protocol="https",
        host="app.example.com",
        path="/admin/users",
        address="203.0.113.5",
        headers=(("cookie", "a=1"), ("cookie", "b=2"), ("x-plan", "free"), ("x-plan", "pro")),
        query=(("q", "1"), ("q", "2")),
    ),
    trace=("waf rule `captcha-all` matches and the visitor has a pass", "waf ends: rule `block-admin` is not asked"),
)


def subject(source: Source, number: int, rules: list[dict[str, object]] = RULES) -> Subject:
    """The WAF rule with a number."""
    rule = rules[number]
    return Subject("waf", str(rule["id"]), str(rule["name"]), Place(source, ("wafRules", number, "name")))


def shadowed(source: Source, rules: list[dict[str, object]] = RULES) -> Finding:
    """The second rule is shadowed by the first, with everything a finding can have."""
    first, second = subject(source, 0, rules), subject(source, 1, rules)
    return Finding(
        check="shadowed-rule",
        severity=Severity.HIGH,
        confidence=Confidence.PROVEN,
        message=f"waf rule `{second.name}` is never reached: `{first.name}` takes every request it matches",
        subject=second,
        place=Place(source, ("wafRules", 1, "expression")),
        related=(Related(first, "looked at first"),),
        witness=WITNESS,
        detail=("1 of 1 earlier rules takes part",),
        advice=f"give `{second.name}` a lower priority number than `{first.name}`",
    )


def plain(source: Source, check: str = "never-matches", number: int = 0, **other: object) -> Finding:
    """A finding with no more than it must have."""
    page = catalog.page(check)
    one = subject(source, number)
    values: dict[str, object] = {
        "check": check,
        "severity": page.severity,
        "confidence": page.confidence,
        "message": f"waf rule `{one.name}` matches no request",
        "subject": one,
        "place": one.place,
    }
    return Finding(**{**values, **other})  # type: ignore[arg-type]  # the values have the types of the fields


def in_database(name: str = "edge.db") -> Finding:
    """A finding about a cell of a database."""
    held = database(name)
    place = Place(held, ("public_waf_rules", "20", "match_json"))
    return Finding(
        check="unguarded-lookup-fails-open",
        severity=Severity.CRITICAL,
        confidence=Confidence.PROVEN,
        message="waf rule `secret` is evaded by leaving header `x-key` out",
        subject=Subject("waf", "20", "secret", Place(held, ("public_waf_rules", "20"))),
        place=place,
    )


def policy(source: Source, rules: list[dict[str, object]] = RULES) -> Policy:
    """The policy that the rules of a source make."""
    phase = Phase("waf", "WAF", "first_match", tuple(_rule(source, number, rule) for number, rule in enumerate(rules)))
    return Policy(source.name, PLATFORM, (phase,))


def _rule(source: Source, number: int, rule: dict[str, object]) -> Rule:
    place = Place(source, ("wafRules", number, "name"))
    match = Match(
        TRUE, lambda _request: True, Place(source, ("wafRules", number, "expression")), str(rule["expression"])
    )
    identity = int(str(rule["id"]))
    return Rule("waf", str(rule["id"]), str(rule["name"]), 10, (10, identity), True, match, Outcome("block"), place)


def accepted(source: Source, reason: str = "reviewed") -> Accepted:
    """A finding that the configuration accepts."""
    return Accepted(plain(source), "configuration", reason)


def report(*findings: Finding, policies: tuple[Policy, ...] = (), **other: object) -> Report:
    """A report of some findings."""
    values = {"version": "1.2.3", "policies": policies, "findings": findings, "pages": catalog.pages()}
    return Report(**{**values, **other})  # type: ignore[arg-type]  # the values have the types of the fields


def varied() -> Report:
    """A report with findings of every kind of source and shape."""
    pretty, minified = json_source("edge/policy.json", RULES), json_source("edge/min.json", RULES, indent=None)
    hostile_rules = [{**RULES[0], "name": HOSTILE}, {**RULES[1], "name": HOSTILE + "2"}]
    hostile = json_source("edge/a b:ü\udce9.json", hostile_rules)
    wide = "waf_rules:\n\t# 漢字\n  - name: 漢字𝒳\n    expression: 'path.contains(\"ü\") && x'\n"
    start = wide.index("漢字𝒳")
    yaml = source("edge/wide.yaml", wide, {("waf_rules", 0, "name"): Span(start, start + 3)})
    place = Place(yaml, ("waf_rules", 0, "name"))
    one = Subject("waf", "1", "漢字𝒳", place)
    many = tuple(Related(subject(pretty, number % 2), f"part {number}") for number in range(30))
    return report(
        shadowed(pretty),
        plain(pretty),
        plain(pretty, "impossible-literal"),
        plain(pretty, "impossible-literal", severity=Severity.LOW, message="a second one on the same line"),
        plain(pretty, "redundant-rule", 1, related=many),
        shadowed(minified),
        plain(minified),
        shadowed(hostile, hostile_rules),
        plain(yaml, subject=one, place=place, severity=Severity.INFO, confidence=Confidence.LIKELY),
        in_database(),
        plain(source("-", "", {}), "unreadable-input", subject=Subject("input", "", "-", Place(source("-", "", {})))),
        policies=(policy(pretty), policy(minified)),
        hidden=2,
        accepted=(accepted(pretty, "reviewed [x](1) {0}"),),
        problems=(Problem("unknown-field", "the field `new` is not modelled", Place(pretty, ("wafRules", 1, "id"))),),
        failures=(Failure("shadowed-rule", "edge/policy.json", "ValueError: oh {no} [x]"),),
        url="https://github.com/example/edge",
        commit="0123456789abcdef0123456789abcdef01234567",
    )


def fixed(source: Source, *texts: str, safe: bool = True) -> Fix:
    """A fix that puts the texts for the expressions of the first rules."""
    edits = tuple(Edit(_rule(source, number, RULES[number]), "match", text) for number, text in enumerate(texts))
    replacements = []
    for number, text in enumerate(texts):
        span = source.find(("wafRules", number, "expression"), None)
        assert isinstance(span, Span)
        replacements.append(Replacement(source, span, json.dumps(text)))
    return Fix("make it right", edits, safe, replacements=tuple(replacements))


def hostile(text: str) -> Report:
    """A report in which everything that can come from a stranger is a text."""
    rules = [{**rule, "name": f"{text}{number}", "expression": text} for number, rule in enumerate(RULES)]
    file = re.sub("[\\0\ud800-\udfff]", "", text)[:40] or "x"
    held = json_source(f"edge/{file}.json", rules)
    first, second = subject(held, 0, rules), subject(held, 1, rules)
    path = re.sub("[\ud800-\udfff]", "", text)  # no request has half a character in it
    request = Request(text, "https", text, f"/{path}", text, headers=((text, text),))
    one = Finding(
        check="shadowed-rule",
        severity=Severity.HIGH,
        confidence=Confidence.PROVEN,
        message=text,
        subject=second,
        place=Place(held, ("wafRules", 1, "expression")),
        related=(Related(first, text),),
        witness=Witness(request, (text, f"step {text}")),
        detail=(text, f"for {text}"),
        advice=text,
        fixes=(Fix(text, (Edit(_rule(held, 1, rules[1]), "match", text),)),),
    )
    low = replace(one, severity=Severity.LOW, witness=None, check="redundant-rule")
    return report(
        one,
        low,
        replace(low, place=Place(database(f"edge/{file}.db"), (text, text, text))),
        policies=(policy(held, rules),),
        failures=(Failure("never-matches", held.name, text),),
    )
