"""What a client can choose and forge: the fields it fills in itself, and who comes without a proxy that would."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from math import log2

from edgelint.facts import Facts
from edgelint.meaning import address_set
from edgelint.model.expression import ADDRESS, AnyValue, Count, Equals, Field, Opaque, Spanned, Test, ValueAt
from edgelint.model.policy import Listener, Rule
from edgelint.model.topology import Topology
from edgelint.model.walk import atoms, literal_atoms
from edgelint.space import addresses
from edgelint.space.addresses import Addresses
from edgelint.space.limits import Unbounded
from edgelint.space.region import Region
from edgelint.space.theory import Axis

FORWARDING: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "forwarded", "x-forwarded-for", "x-real-ip", "client-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip",
            "cf-connecting-ipv6", "fastly-client-ip", "fly-client-ip", "x-azure-clientip", "x-cluster-client-ip",
            "x-envoy-external-address", "x-original-forwarded-for", "cloudfront-viewer-address",
        ),
        "the client's address",
    ),
    **dict.fromkeys(("cf-ipcountry", "cloudfront-viewer-country", "x-vercel-ip-country"), "the client's country"),
    **dict.fromkeys(("x-forwarded-host", "x-original-host"), "the host the client asked for"),
    **dict.fromkeys(
        ("x-forwarded-proto", "x-forwarded-protocol", "x-forwarded-scheme", "x-forwarded-ssl", "front-end-https",
         "cloudfront-forwarded-proto"),
        "the protocol the client spoke",
    ),
    "x-forwarded-port": "the port the client spoke to",
}  # fmt: skip
"""The headers in which proxies hand on what they know of a client, in lower case, and what each of them claims."""

_COOKIES = Field("header", "cookie")

_SECRET_NAME = re.compile(r"secret|token|key|auth|passw|credential|signature|hmac|jwt|csrf|session|sess?id\b|\bsid\b")
_LEAST_SECRET, _LEAST_ENTROPY = 16, 3.0  # characters, and bits for each of them


def chosen(field: Field, topology: Topology) -> bool:
    """Whether the client alone decides about a field: a cookie, a query parameter, or a header that no proxy vouches for."""
    return field.kind in ("cookie", "query") or (field.kind == "header" and field.name not in topology.trusted_headers)


def forwarding(field: Field) -> bool:
    """Whether a field is a header in which proxies hand on what they know of the client."""
    return field.kind == "header" and field.name in FORWARDING


def mentions(rule: Rule) -> Iterator[tuple[Field, Spanned]]:
    """The headers, cookies and query parameters that a condition asks about, in reading order, with the place."""
    for atom, _ in atoms(rule.match.expression):
        if not isinstance(atom, Test | Opaque):
            yield atom.field, atom.span


def says_secret(name: str) -> bool:
    """Whether the name of a header or cookie says that its value is a secret."""
    return _SECRET_NAME.search(name.lower()) is not None


def hard_to_guess(text: str) -> bool:
    """Whether a text is long and mixed enough to be a secret."""
    shares = [count / len(text) for count in Counter(text).values()]
    return len(text) >= _LEAST_SECRET and -sum(share * log2(share) for share in shares) >= _LEAST_ENTROPY


# Addresses


def address_literals(rule: Rule, sign: bool) -> tuple[Addresses, ...]:
    """The sets of addresses that a condition asks for, or with a false sign asks against, one for each literal."""
    found = []
    for atom, predicate, positive in literal_atoms(rule.match.expression):
        if atom.field == ADDRESS and positive is sign:
            try:
                found.append(address_set(predicate))
            except Unbounded:
                continue
    return tuple(found)


def strangers(facts: Facts, rule: Rule, certain: bool) -> Region:
    """The requests that come from clients themselves: certainly so, or with a false `certain` where nothing rules it out.

    Whom the rule names by address, or any block lets in by address, counts as no stranger.
    """
    space, topology = facts.meaning.space, facts.topology
    known = [*address_literals(rule, True)]
    known += (one for block in facts.active("block") for one in address_literals(block, False))
    found = space.nothing
    for listener in facts.listeners.values() or [None]:
        name = listener.name if listener else "*"
        if certain is (topology.declared(name) and not topology.hides_clients(name)):
            others = [*known, *map(addresses.network, topology.networks(name))]
            here = arriving(facts, listener)
            found |= here & space.region(Axis("address"), ~addresses.every(others))
    return found


def arriving(facts: Facts, listener: Listener | None) -> Region:
    """The requests that come in by a listener, every request where none is known."""
    if listener is None or not listener.id:
        return facts.meaning.space.everything
    return facts.meaning.entered({listener.id})


# Exemptions

_DESCRIPTIVE = re.compile(
    r"accept(-.*)?|access-control-.*|content-.*|sec-.*|if-.*|origin|range|upgrade|connection|te|expect|transfer-encoding"
)
"""Headers that say what a request is rather than who sends it; applications act on them themselves."""


def exemptions(rule: Rule, topology: Topology) -> dict[Field, Spanned]:
    """The fields a client chooses for whose sake a protective rule spares a request, each with the place.

    Left out are fields the rule also accuses by, forwarding headers, headers that describe the request, secrets, and for
    blocks what only demands that a request be complete: parameters, and anything that must merely be there.
    """
    expression = rule.match.expression
    signs: dict[Field, set[bool]] = {}
    spans: dict[Field, Spanned] = {}
    for atom, positive in atoms(expression):
        if not isinstance(atom, Test | Opaque):
            signs.setdefault(atom.field, set()).add(positive)
            if not positive:
                spans.setdefault(atom.field, atom.span)
    asked: dict[Field, set[bool]] = {}
    for atom, _, positive in literal_atoms(expression):
        asked.setdefault(atom.field, set()).add(positive)
    return {
        field: span
        for field, span in spans.items()
        if chosen(field, topology)
        and not forwarding(field)
        and not (field.kind == "header" and _DESCRIPTIVE.fullmatch(field.name))
        and True not in asked.get(field, ())
        and not secret(rule, field)
        and not (rule.outcome.kind == "block" and _demanded(field, True in signs[field], field in asked))
    }


def secret(rule: Rule, field: Field) -> bool:
    """Whether a condition compares a field with a value that only those who were told know."""
    predicates = [leaf for atom, leaf, _ in literal_atoms(rule.match.expression) if atom.field == field]
    texts = [leaf.text for leaf in predicates if isinstance(leaf, Equals)]
    if any(map(hard_to_guess, texts)):
        return True
    return bool(texts) and len(texts) == len(predicates) and says_secret(field.name)


def _demanded(field: Field, present: bool, compared: bool) -> bool:
    """Whether a block only demands of a request what the application behind looks at itself."""
    return (
        field.kind == "query"
        or present
        or says_secret(field.name)
        or field.name == "referer"  # against hot-linking: a page cannot choose what its visitors' browsers say there
        or (field.name == "user-agent" and not compared)
    )


# Repetition


def repeatable(facts: Facts, rule: Rule) -> dict[Field, Spanned]:
    """The headers and parameters a client may give twice to change what a rule does, each with the place.

    Left out are those it could as well give any value, forwarding headers, and secrets.
    """
    free = exemptions(rule, facts.topology) if rule.outcome.protects else {}
    minding = set(_minding(rule)).difference(free)
    found: dict[Field, Spanned] = {}
    for field, span in mentions(rule):
        seen = field in minding and not facts.meaning.never_present(field)
        if seen and chosen(field, facts.topology) and not forwarding(field) and not secret(rule, field):
            found.setdefault(field, span)
    return found


def _minding(rule: Rule) -> Iterator[Field]:
    """The fields of which a second value can matter: where one has to be bad, it stays so beside another."""
    for atom, positive in atoms(rule.match.expression):
        match atom:
            case ValueAt(field) | Count(field) if field.kind != "cookie" and field != _COOKIES:
                yield field
            case AnyValue(field) if not positive and field != _COOKIES:
                yield field
            case _:
                continue
