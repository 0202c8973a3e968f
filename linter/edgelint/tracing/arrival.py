"""How a request arrives: which listener takes it, what the server makes of it, and whether it ever gets to the rules.

The steps are those of p2pstream v0.1.41 in their order: Go's server reads the request, its multiplexer cleans the path, paths
with dot segments or a raw backslash are refused, reserved paths answered, encoded separators allowed or not by the route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from edgelint.model.policy import Listener, Policy
from edgelint.model.request import TOKEN, Request
from edgelint.record import record
from edgelint.replay import route_of
from edgelint.requests.sent import Sent, request_has
from edgelint.requests.urls import PORTS
from edgelint.tracing.go_urls import Query, Target, moved, read_query, read_target

CHALLENGES = "/.well-known/acme-challenge/"
"""Below this path the edge answers the validations of certificates it has asked for itself (RFC 8555, section 8.3)."""

_HOST = re.compile(r"[!$%&'()*+,\-.:;=\[\]_~0-9A-Za-z]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SEPARATORS = re.compile(r"%(?:2f|5c)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


class ListenerError(Exception):
    """It is not clear where a request comes in; the text says what to do, in one line."""


@record
class Early:
    """What becomes of a request before any rule is looked at.

    It is `refused`, `redirected` to the URL `location`, `answered` by the edge itself, or `unheard` where no listener takes
    it; `unknown` where there is no model. `status` is 0 where none is known.
    """

    kind: Literal["refused", "redirected", "answered", "unheard", "unknown"]
    why: str
    status: int = 0
    location: str = ""


@record
class Arrival:
    """A request at the edge.

    `request` is what the rules see, None where they see none: then `early` is the answer. `target` and `query` are what the
    server read. `unreadable` are the variables of conditions whose values are no UTF-8, which has no model. `assumed` and
    `notes` are what was taken for granted and what is worth knowing, a line each.
    """

    sent: Sent
    listener: Listener | None
    request: Request | None = None
    early: Early | None = None
    target: Target | None = None
    query: Query | None = None
    unreadable: frozenset[str] = frozenset()
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def arrive(policy: Policy, sent: Sent) -> Arrival:
    """What arrives of a request. Raises ListenerError."""
    found = _Listening(policy, sent)
    listener, id_ = found.listener()
    assumed = (*sent.assumed, *found.assumed)
    if id_ is None:
        unheard = Early("unheard", f"no enabled listener speaks {sent.protocol}: nobody answers")
        return Arrival(sent, None, early=unheard, assumed=assumed, notes=sent.notes)
    target, refused = read_target(sent.target), _refused(sent)
    if refused or target is None:
        early = refused or _bad("the server takes the request target for no URL")
        return Arrival(sent, listener, early=early, assumed=assumed, notes=sent.notes)
    request = _seen(policy, sent, target, id_)
    query = read_query(target.query)
    return Arrival(
        sent=sent,
        listener=listener,
        request=request,
        early=_answered(policy, sent, target, request),
        target=target,
        query=query,
        unreadable=_unreadable(request),
        assumed=assumed,
        notes=(*sent.notes, *_notes(policy, sent, target, query)),
    )


class _Listening:
    """The listeners of a policy, and which of them a request reaches."""

    def __init__(self, policy: Policy, sent: Sent) -> None:
        self.sent = sent
        self.enabled = [listener for listener in policy.listeners if listener.enabled]
        self.declared = bool(policy.listeners)
        self.ids = sorted({route.listener for route in policy.routes if route.enabled and route.listener})
        self.assumed: tuple[str, ...] = ()

    def listener(self) -> tuple[Listener | None, str | None]:
        """The listener, None where none is declared, and its id, None where nobody listens. Raises ListenerError."""
        if not self.declared:
            return None, self._only_id()
        if self.sent.listener:
            chosen = self._named(self.sent.listener)
            return chosen, chosen.id
        speaking = [listener for listener in self.enabled if listener.protocol == self.sent.protocol]
        exact = [listener for listener in speaking if listener.port == self.sent.port]
        fitting = exact or speaking
        if not fitting:
            return None, None
        if len(fitting) > 1:
            names = ", ".join(f"`{listener.name}`" for listener in fitting)
            raise ListenerError(
                f"several listeners may take {self.sent.protocol} at port {self.sent.port}: name one of {names}"
            )
        if not exact:
            listener = fitting[0]
            what = f"listener `{listener.name}`, the only one for {listener.protocol}, although its port is {listener.port}"
            self.assumed = (what,)
        return fitting[0], fitting[0].id

    def _named(self, name: str) -> Listener:
        found = [listener for listener in self.enabled if name in (listener.name, listener.id)]
        if not found:
            names = ", ".join(f"`{listener.name}`" for listener in self.enabled)
            raise ListenerError(f"there is no enabled listener `{name}`" + (f", there is {names}" if names else ""))
        if found[0].protocol != self.sent.protocol:
            raise ListenerError(f"listener `{name}` speaks {found[0].protocol}, the URL says {self.sent.protocol}")
        return found[0]

    def _only_id(self) -> str:
        """The id of the listener that routes speak of where none is declared."""
        if self.sent.listener and self.sent.listener not in self.ids:
            raise ListenerError(f"no route speaks of a listener `{self.sent.listener}`, and none is declared")
        if len(self.ids) > 1 and not self.sent.listener:
            raise ListenerError(f"routes speak of several listeners: name one of {', '.join(self.ids)}")
        return self.sent.listener or next(iter(self.ids), "")


def _refused(sent: Sent) -> Early | None:
    """The answer to what is no HTTP request for Go's server."""
    if not TOKEN.fullmatch(sent.method):
        return _bad(f"`{sent.method}` is no method")
    if sent.method == "CONNECT":
        return Early("unknown", "a `CONNECT` request names no path, what becomes of it is not modelled")
    if len(sent.hosts) != 1:
        return _bad("there is no header `host`" if not sent.hosts else "there are several headers `host`")
    if not _HOST.fullmatch(sent.hosts[0]):
        return _bad(f"`{sent.hosts[0]}` in header `host` is no host")
    for name, value in sent.headers:
        if not TOKEN.fullmatch(name):
            return _bad(f"`{name}` is no name of a header")
        if _CONTROLS.search(value):
            return _bad(f"header `{name}` has a control character")
    return None


def _bad(why: str) -> Early:
    return Early("refused", why, 400)


def _seen(policy: Policy, sent: Sent, target: Target, listener: str) -> Request:
    """The request as rules see it."""
    headers = ((name.lower(), value.strip(" \t")) for name, value in sent.headers)
    return Request(
        method=sent.method.upper(),
        protocol=sent.protocol,
        host=host_of(sent.hosts[0]),
        path=target.path,
        address=sent.address,
        headers=tuple(pair for pair in headers if pair[0] not in policy.platform.invisible_headers),
        query=read_query(target.query).pairs,
        listener=listener,
        port=0 if sent.port == PORTS[sent.protocol] else sent.port,
    )


def host_of(authority: str) -> str:
    """The host of a `Host` header: in lower case, without port, brackets, zone and one dot at its end."""
    text = authority.strip().lower()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return text.partition("%")[0] if ":" in text else text.removesuffix(".")


def _answered(policy: Policy, sent: Sent, target: Target, request: Request) -> Early | None:
    """The answer to a request whose path the server or the edge deals with before any rule."""
    location = moved(target)
    if location is not None:
        url = f"{sent.protocol}://{sent.hosts[0]}{location}"
        return Early("redirected", "the server cleans the path before anything else", 307, url)
    for segment in target.path.split("/"):
        if segment in (".", ".."):
            return _bad(f"the decoded path has a segment `{segment}`")
    raw = sent.target.partition("?")[0]
    if "\\" in raw:
        return _bad("the path has a backslash that is not encoded")
    if target.path in policy.platform.reserved:
        return Early("answered", "the edge keeps this path for its challenges and answers it itself")
    separator = _SEPARATORS.search(raw)
    if separator is None or not policy.routes:
        return None
    route = route_of(policy, request)
    if route is None or not route.separators:
        why = "and no route takes it" if route is None else "which its route does not allow"
        return _bad(f"the path has an encoded separator, `{separator[0]}`, {why}")
    return None


def _unreadable(request: Request) -> frozenset[str]:
    texts = {
        "path": [request.path],
        "query": [part for pair in request.query for part in pair],
        "headers": [value for _, value in request.headers],
        "cookies": [value for name, value in request.headers if name == "cookie"],
    }
    return frozenset(name for name, values in texts.items() if any(map(_SURROGATE.search, values)))


def _notes(policy: Policy, sent: Sent, target: Target, query: Query) -> Iterator[str]:
    if sent.method != sent.method.upper():
        yield f"the rules see the method as {sent.method.upper()}"
    for part in query.dropped[:3]:
        yield f"parameter `{part}` has a semicolon or a broken percent-encoding, the rules do not see it"
    if target.path.startswith(CHALLENGES):
        yield "if the edge itself awaits this token for a certificate, it answers before any rule"
    if _SEPARATORS.search(sent.target.partition("?")[0]):
        unknown = "" if policy.routes else "; whether its route allows it is not known, the policy has no routes"
        yield f"the path has an encoded separator, which the rules see decoded{unknown}"


def has_body(sent: Sent) -> bool:
    """Whether content follows the headers of a request."""
    sized = any(name.lower() == "content-length" and value.strip().lstrip("0") for name, value in sent.headers)
    return sent.body or sized or request_has(sent.headers, "transfer-encoding")
