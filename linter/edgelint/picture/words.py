"""What is said of the rules of an overview, a line each, with the user's texts kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from edgelint.budgets import counted
from edgelint.model.expression import Field
from edgelint.model.policy import Policy, Route, Rule
from edgelint.picture.buckets import Bucket, Part
from edgelint.picture.deaths import Death
from edgelint.picture.overlaps import Relation
from edgelint.picture.overview import Overview, Share, Stop, View
from edgelint.replay import route_name
from edgelint.wording import listener_names, sentences, told
from edgelint.wording.said import Quoted, Said, joined, said

_ALTERNATIVES = 3
"""How many alternatives of what an earlier rule takes are said."""


class Teller:
    """Says what is known of the rules of one overview. `routes` are its routes as people call them."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview
        self._listeners = listener_names(overview.policy)
        self._own = {view.rule: view.own for section in overview.sections for view in section.views}
        self.routes = route_names(overview.policy)

    def notes(self, view: View) -> Iterator[tuple[str, tuple[Said, ...]]]:
        """What is said of a rule beside its outcome and its request: labels, each with some lines."""
        yield "catches", tuple(self.caught(view))
        if view.death and view.death.cause != "disabled":
            yield "dead", (dead(view.death),)
        elif view.doubt:
            yield "unsure", (said("it is not decided whether any request is left: ", Quoted(view.doubt)),)
        if not view.death:
            yield from self._circumstances(view)
        if view.bucket:
            yield "buckets", (counted_by(view.bucket),)

    def _circumstances(self, view: View) -> Iterator[tuple[str, tuple[Said, ...]]]:
        """What is said of a rule that takes effect: what others do to its requests, and where they go."""
        if view.earlier:
            yield "less", tuple(self._taken_before(view))
        if view.stops:
            yield "before", (stopped(view.stops),)
        if view.beside:
            yield "also", (beside(view),)
        if self._overview.routes:
            yield "touches", (self._touched(view),)

    def caught(self, view: View) -> Iterator[Said]:
        """What a rule catches: exactly that, unless something else stands before it."""
        found = told(view.own, self._listeners)
        if found.bound == "among others":
            yield said("among others:")
        listed = len(found.lines) > 1 or found.bound != "exactly"
        for line in sentences(found):
            yield said("- ", line) if listed and line in found.lines else line
        if view.bound_to:
            yield said("only on the way to ", joined([self.routes[route] for route in view.bound_to]))

    def _taken_before(self, view: View) -> Iterator[Said]:
        """The earlier rules that take requests of a rule, each with what it takes where that is not simply all it catches."""
        whole: list[Said] = []
        for share in view.earlier:
            rule = share.overlap.earlier
            if share.overlap.relation == "earlier-takes-all":
                yield said(rule_name(rule), " takes all of it")
            elif share.what is None or share.what == self._own.get(rule):
                whole.append(said(rule_name(rule), _reserve(share)))
            else:
                found = told(share.what, self._listeners, _ALTERNATIVES, among=True)
                yield said(rule_name(rule), _reserve(share), ": ", joined_lines(sentences(found)))
        if whole:
            yield said("what ", joined(whole, "and"), " takes" if len(whole) == 1 else " take")

    def _touched(self, view: View) -> Said:
        """Which routes and services a rule touches, and which of them wholly."""
        overview, extents = self._overview, list(dict.fromkeys(one.extent for one in view.routes))
        if not view.routes:
            return said("no route")
        if len(extents) == 1 and 1 < len(view.routes) == len(overview.routes):
            return said(f"every route {extents[0]}")
        parts = [
            said(f"{word} ", joined([self.routes[one.route] for one in view.routes if one.extent == word], "and"))
            for word in _EXTENTS
            if word in extents
        ]
        return said(joined(parts, "and"), f" ({_share(overview, view)})")


_EXTENTS = ("wholly", "partly", "perhaps")


def rule_name(rule: Rule) -> Said:
    """A rule by its name."""
    return said(Quoted(rule.name or rule.id))


def route_names(policy: Policy) -> Mapping[Route, Said]:
    """The routes of a policy as people call them; those that are called the same also by the name of their listener."""
    listeners = {listener.id: listener.name for listener in policy.listeners}
    crowd = Counter(map(route_name, policy.routes))
    return {
        route: said(
            "the default route" if route.default else Quoted(route_name(route)[1:-1]),
            said(" on ", Quoted(listeners.get(route.listener, route.listener))) if crowd[route_name(route)] > 1 else (),
        )
        for route in policy.routes
    }


def _reserve(share: Share) -> str:
    """When, or whether at all, an earlier rule takes something."""
    when = " while it is active" if share.overlap.relation == "earlier-takes-at-times" else ""
    return when if share.overlap.certain else f", perhaps{when}"


def joined_lines(lines: Sequence[Said]) -> Said:
    """Several lines as one."""
    return said(*(said("; " if at else "", line) for at, line in enumerate(lines)))


def stopped(stops: Sequence[Stop]) -> Said:
    """The rules of earlier phases, and what they do with the requests of a rule."""
    groups: dict[str, list[Said]] = {}
    for stop in sorted(stops, key=lambda one: one.extent == "wholly"):
        rest = "all else" if groups else "everything"
        share = rest if stop.extent == "wholly" else "a part"
        groups.setdefault(f"{share} is {_STOPS[stop.rule.outcome.kind]} by ", []).append(rule_name(stop.rule))
    return joined_lines([said(words, joined(rules, "and")) for words, rules in groups.items()])


def beside(view: View) -> Said:
    """The other rules that apply to requests of a rule."""
    others = (one.later if one.earlier is view.rule else one.earlier for one in view.beside)
    return said("counted by ", joined([rule_name(rule) for rule in others], "and"))


_STOPS = {"block": "blocked", "challenge": "challenged", "queue": "held"}


def _share(overview: Overview, view: View) -> str:
    share = f"{len(view.routes)} of {counted(len(overview.routes), 'route')}"
    if len(overview.services) == len(overview.routes):
        return share
    return f"{share}, {len(view.services)} of {counted(len(overview.services), 'service')}"


# Buckets


def counted_by(bucket: Bucket) -> Said:
    """What a limiter or shaper counts by, and whom that tells apart."""
    if bucket.parts is None:
        return said("one for every request")
    parts = [
        said(_PARTS.get(part.field.kind, ""), Quoted(part.field.name) if part.field.name else "")
        for part in bucket.parts
    ]
    return said("by ", joined(parts, "and"), ": ", joined_lines(list(_remarks(bucket, bucket.parts))))


_PARTS = {
    "address": "the client's address",
    "host": "host",
    "path": "path",
    "method": "method",
    "protocol": "protocol",
    "header": "header ",
    "cookie": "cookie ",
    "query": "parameter ",
}

_IDENTITIES = {
    "client": "every client has its own",
    "proxy": "all clients of a proxy share one",
    "credential": "whoever sends the same shares it",
    "few": "whoever sends the same shares it",
    "chosen": "forgeable, a client has as many as it makes up",
    "everybody": "all clients share it",
    "one-client": "the only client it is for",
}


def _remarks(bucket: Bucket, parts: Sequence[Part]) -> Iterator[Said]:
    """Whose a bucket is, and what is not to be expected of a key like that."""
    yield said(_IDENTITIES[bucket.identity])
    for listener in bucket.proxies if any(part.role == "proxy" for part in parts) else ():
        yield said("listener ", Quoted(listener.name), " sees the addresses of proxies only")
    free = [part for part in parts if part.free and bucket.identity != "chosen"]
    if free:
        yield said("a client gets further ones by changing ", joined([_field(part.field) for part in free]))
    constant = [_field(part.field) for part in parts if part.role == "constant"]
    if constant and len(parts) > 1:
        yield said(joined(constant, "and"), f" {'is' if len(constant) == 1 else 'are'} always the same here")
    for part in parts:
        if part.missing:
            yield said("all without ", _field(part.field), " share one")


def _field(field: Field) -> Said:
    return said(_PARTS[field.kind].replace("the client's ", "the "), Quoted(field.name) if field.name else "")


# Death


def dead(death: Death) -> Said:
    """Why a rule never takes effect."""
    by = joined([rule_name(rule) for rule in death.by], "and")
    verb = "takes" if len(death.by) == 1 else "together take"
    match death.cause:
        case "shadowed":
            return said(by, f" {verb} every request first") if by else said("earlier rules take every request first")
        case "blocked-before":
            return said(by, f" {verb.replace('take', 'refuse')} every request in an earlier phase")
    return said(_CAUSES[death.cause])


_CAUSES = {
    "disabled": "it is disabled",
    "contradiction": "no request can match its condition",
    "not-routed": "no request goes the way it is bound to",
    "not-arriving": "no request that it matches can arrive at a listener",
    "never-active": "nothing switches it on",
    "cache-off": "the cache is switched off",
    "never-stored": "no answer to what it matches is ever kept",
    "not-served": "no route serves what it matches",
}

ALGORITHMS = {
    "first_match": "the first rule that matches takes the request",
    "all_match": "every rule that matches applies to the request",
}
"""What becomes of a request that several rules of a phase match."""

RELATIONS: Mapping[Relation, str] = {
    "earlier-takes-all": "takes all of",
    "earlier-takes-part": "takes a part of",
    "earlier-takes-at-times": "takes a part, while it is active, of",
    "both-apply": "applies together with",
}
"""What the earlier of two rules does to the later one."""
