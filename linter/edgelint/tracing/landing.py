"""Where a request goes once no rule has ended it: its route, what a redirect answers, the targets, and the shared cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from edgelint.model.policy import Policy, Redirect, Route, Rule, Target
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.tracing.arrival import Arrival, has_body
from edgelint.tracing.go_urls import encoded, written


@record
class Landing:
    """Where a request lands: a route, None where none takes it, and what that one does.

    `location` is the URL that a redirect sends the client to, empty where it cannot be told. `groups` are the enabled targets by
    priority, the first ones serve as long as one of them is healthy.
    """

    route: Route | None
    location: str = ""
    groups: tuple[tuple[Target, ...], ...] = ()

    @property
    def targets(self) -> tuple[Target, ...]:
        """All enabled targets."""
        return tuple(target for group in self.groups for target in group)


@record
class Storing:
    """What the shared cache does with a request that a rule lets it keep the answer of.

    `bypass` says why the cache is passed by all the same. `key` are the parts of the key that an answer is kept under, and
    `kept` says whether an answer to this request is kept, rather than only looked for.
    """

    rule: Rule
    bypass: str
    key: tuple[tuple[str, str], ...]
    kept: bool


def landing(arrival: Arrival, route: Route | None) -> Landing:
    """Where a request lands on a route."""
    if route is None:
        return Landing(None)
    if route.action == "redirect":
        return Landing(route, _location(route, arrival))
    enabled = [target for target in route.targets if target.enabled]
    groups = sorted({target.group for target in enabled})
    return Landing(route, groups=tuple(tuple(one for one in enabled if one.group == group) for group in groups))


def _location(route: Route, arrival: Arrival) -> str:
    """The URL a redirect sends the client to; empty where its target is no URL."""
    redirect, request, target = route.redirect, arrival.request, arrival.target
    if redirect is None or request is None or target is None:
        return ""
    try:
        parts = urlsplit(redirect.target)
    except ValueError:
        return ""
    if redirect.mode == "external_origin_keep_path":
        parts = parts._replace(path=target.escaped, query="")
    elif redirect.keeps_suffix:
        parts = parts._replace(path=encoded(_joined(parts.path, _suffix(request.path, route.path))))
    here = f"{request.protocol}://{arrival.sent.hosts[0]}{arrival.sent.target}"
    return urljoin(here, urlunsplit(_with_query(parts, redirect, target.query)))


def _with_query(parts: SplitResult, redirect: Redirect, query: str) -> SplitResult:
    both = [text for text in (parts.query, query if redirect.keeps_query else "") if text]
    return parts._replace(query="&".join(both))


def _suffix(path: str, prefix: str) -> str:
    """What of a path lies below the path of its route."""
    prefix = prefix.strip()
    rest = path if prefix in ("", "/") else path.removeprefix(prefix)
    return f"/{rest}" if rest and not rest.startswith("/") else rest


def _joined(base: str, suffix: str) -> str:
    if not suffix:
        return base or "/"
    return suffix if base in ("", "/") else f"{base.rstrip('/')}/{suffix.lstrip('/')}"


# The shared cache


def storing(policy: Policy, arrival: Arrival, rule: Rule, found: Landing) -> Storing:
    """What the cache does with a request that a cache rule takes."""
    request = arrival.request
    assert request is not None  # noqa: S101
    key = tuple(_key(arrival, request, rule, found))
    kept = request.method in policy.platform.caching.methods
    return Storing(rule, next(_bypasses(policy, arrival, request, rule), ""), key, kept)


def _bypasses(policy: Policy, arrival: Arrival, request: Request, rule: Rule) -> Iterator[str]:
    """Why the cache is passed by."""
    caching = policy.platform.caching
    if reason := caching.passed_by(request):
        yield reason
    if not caching.bodies and has_body(arrival.sent):
        yield "the request has content"
    if arrival.query and arrival.query.dropped and rule.settings.get("query_mode") == "full":
        yield "the query cannot be read as a whole"
    raw = arrival.sent.target.partition("?")[0].lower()
    if not caching.separators and ("%2f" in raw or "%5c" in raw):
        yield "the path has an encoded separator"


def _key(arrival: Arrival, request: Request, rule: Rule, found: Landing) -> Iterator[tuple[str, str]]:
    """The parts of the key under which an answer is kept."""
    settings = rule.settings
    yield "protocol", request.protocol
    yield "host", request.host
    yield "path", arrival.target.escaped if arrival.target else request.path
    if settings.get("query_mode") != "ignore":
        yield "query", written(tuple(_counted(request, rule)))
    if found.route:
        yield "route", found.route.id
    if settings.get("scope") != "route" and found.targets:
        yield "target", " or ".join(dict.fromkeys(target.id for target in found.targets))
    for name in sorted({name.strip().lower() for name in cast("tuple[str, ...]", settings.get("vary", ()))}):
        yield f"header {name}", next(iter(request.values(name)), "")


def _counted(request: Request, rule: Rule) -> Iterator[tuple[str, str]]:
    """The parameters that a key tells apart."""
    mode = rule.settings.get("query_mode")
    listed = cast("tuple[str, ...]", rule.settings.get("query_params", ()))
    for name, value in request.query:
        if mode == "full" or (name in listed) is (mode == "allowlist"):
            yield name, value
